# SPDX-License-Identifier: GPL-3.0-or-later
"""The card where a second person confirms that a name on a carried page is somebody else's.

It asks for initials, passphrase and reason. The service decides what may be overridden, and
whether these two people may do it. The passphrase is dropped with every answer, the reason
with the page.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import (
    COPY_WAY,
    PAPER,
    SERVICES,
    ListFilter,
    PaperFormat,
    PaperName,
    PaperRequest,
)
from kfdesk.domain.disclosure import Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.check import LeakFinding, LeakOverride
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.services.papers.production import (
    PaperCopyLine,
    PaperPreview,
    PaperSubject,
    list_copies,
    set_copy_state,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.plan_sections import FixTarget, fix_target_of
from kfdesk.ui.record_views import WITHHELD_REASONS, run_with_undo
from kfdesk.ui.tokens import CONTROL_COMPACT, FIELD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField, PassphraseEntry, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, clear_layout, make_hairline
from kfdesk.ui.widgets.table import ColumnSpec, TableCard, TableCell
from kfdesk.ui.widgets.text import Icon, Label

_COPY_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("Paper"), stretches=True),
    ColumnSpec(N_("Number")),
    ColumnSpec(N_("Made on")),
    ColumnSpec(N_("Who")),
)
_COPY_ENDS = (
    ("returned", N_("Came back"), "undo-2", N_("The copy has come back.")),
    ("destroyed", N_("Destroyed"), "trash-2", N_("The copy is destroyed.")),
    ("lost", N_("Lost"), "circle-question-mark", N_("The copy is lost.")),
)


class CopyList(QWidget):
    """The list of copies."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._copies: tuple[PaperCopyLine, ...] = ()
        self.ends = {state: Button(kit, words, icon) for state, words, icon, _ in _COPY_ENDS}
        for state, _, _, told in _COPY_ENDS:
            self.ends[state].clicked.connect(partial(self._on_end_chosen, state, told))
        words = N_("No copy is out"), N_("What is printed or saved is counted and stands here.")
        empty, buttons = EmptyState(kit, "files", *words), (*self.ends.values(),)
        self._rows = TableCard(kit, N_("Copies that are out"), _COPY_COLUMNS, buttons, empty)
        self.table = self._rows.table
        self._lay_out()
        kit.words.changed.connect(self._show)
        kit.hub.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read again which copies are out."""
        self._kit.work.run(lambda: list_copies(self._desk), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:
        """Read which copies are out now."""
        super().showEvent(event)
        self.read()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        under = N_(
            "Ask for a copy back when nobody needs it any more. A lost one can put her at risk."
        )
        column.addWidget(Label(self._kit, under, tone=Tone.MUTED).wrapped())
        column.addWidget(self._rows, 1)

    def _on_read(self, copies: tuple[PaperCopyLine, ...]) -> None:
        self._copies = copies
        self._show()

    def _show(self) -> None:
        language = self._kit.words.language
        self._rows.show_rows([_copy_cells(each, language) for each in self._copies])

    def _on_end_chosen(self, state: str, told: str) -> None:
        place, desk = self._rows.place, self._desk
        if 0 <= place < len(self._copies):
            rid = self._copies[place].view.rid
            run_with_undo(self._kit, desk, lambda: set_copy_state(desk, rid, state), told)

    def _on_changed(self, types: frozenset[str]) -> None:
        if "paper_copy" in types:
            self.read()


def _copy_cells(copy: PaperCopyLine, language: Language) -> tuple[TableCell, ...]:
    record = copy.view.record
    way = COPY_WAY.get(str(record.way), "")
    under = " · ".join(
        part
        for part in (
            language.language(record.language) if isinstance(record.language, str) else "",
            language.gettext(way) if way else "",
        )
        if part
    )
    made = language.stamp(record.made.wall) if isinstance(record.made, ZonedTime) else "–"
    paper = PAPER.get(str(record.paper), str(record.paper))
    return (
        TableCell(copy.code or "–", is_strong=True),
        TableCell(language.gettext(paper), under),
        TableCell(str(record.number) if isinstance(record.number, int) else "–"),
        TableCell(made),
        TableCell(str(record.made_by or "–")),
    )


_MIN_LETTERS = 6
"""Letters of a choice that are always seen."""
_Naming = Callable[[str, Language], str]


class PrintFilters(QWidget):
    """Three choices side by side. `chosen` follows a user's choice."""

    chosen = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.country, self.service, self.spoken = ChoiceBox(kit), ChoiceBox(kit), ChoiceBox(kit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(FIELD_GAP)
        for choice, label in (
            (self.country, N_("Country")),
            (self.service, N_("Helps with")),
            (self.spoken, N_("Speaks")),
        ):
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            choice.setSizeAdjustPolicy(policy)
            choice.setMinimumContentsLength(_MIN_LETTERS)
            choice.chosen.connect(lambda _key: self.chosen.emit())
            row.addWidget(LabelledField(kit, label, choice), 1)
        self.set_options(())

    @property
    def directory_filter(self) -> ListFilter:
        """The chosen filter."""
        return ListFilter(self.country.key, self.service.key, self.spoken.key)

    def set_options(self, entries: Sequence[PaperSubject]) -> None:
        """Offer the values of these entries; a choice stays while some entry has it."""
        countries = ((one.country,) for one in entries)
        self._offer(self.country, N_("All countries"), countries, _country_text)
        self._offer(
            self.service, N_("Everything"), (one.services for one in entries), _service_text
        )
        self._offer(
            self.spoken, N_("All languages"), (one.spoken for one in entries), _language_text
        )

    def _offer(
        self, choice: ChoiceBox, every: Message, found: Iterable[Iterable[str]], named: _Naming
    ) -> None:
        language = self._kit.words.language
        codes = {code for each in found for code in each} - {""}
        ordered = sorted(codes, key=lambda code: named(code, language).casefold())
        choice.set_options(
            [("", every), *((code, partial(named, code)) for code in ordered)], choice.key
        )


def _country_text(code: str, language: Language) -> str:
    return language.country(code)


def _service_text(code: str, language: Language) -> str:
    return language.gettext(SERVICES.get(code, code))


def _language_text(code: str, language: Language) -> str:
    return language.language(code)


PRINT_FORM = N_("Print the form")
_IN, _LARGE = N_("In {language}"), N_("In {language}, large print")


class ConsentFormPrinting(QWidget):
    """The button with its languages.

    `about` returns the consent's id, after saving its draft.
    """

    def __init__(self, kit: UiContext, desk: Session, about: Callable[[], bytes | None]) -> None:
        super().__init__()
        self._kit, self._desk, self._about = kit, desk, about
        self.button = Button(kit, PRINT_FORM, "printer", ButtonLook.QUIET).with_end_icon(
            "chevron-down"
        )
        self.button.clicked.connect(self._on_clicked)
        self.menu = QMenu(self.button)
        self.menu.triggered.connect(self._on_chosen)
        self.set_options(())
        self.fault = Label(kit, style=TextStyle.SMALL, tone=Tone.DANGER).wrapped()
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button)
        column.addWidget(self.fault)

    def set_options(self, spoken: Sequence[str]) -> None:
        """Offer the program's languages, the client's first; each also in large print."""
        hers = [code for code in spoken if code in PROGRAM_LANGUAGES]
        self.menu.clear()
        for form, message in ((PaperFormat.A4, _IN), (PaperFormat.LARGE, _LARGE)):
            for code in dict.fromkeys([*hers, *PROGRAM_LANGUAGES]):
                action = QAction(self.menu)
                self._kit.words.bind(action.setText, message, language=_form_language_text(code))
                action.setData((code, form.value))
                self.menu.addAction(action)

    def print_on(self, printer: QPrinter, code: str, form: PaperFormat = PaperFormat.A4) -> None:
        """Make the form in a language, enter it in the ledger, and print it on `printer`."""
        desk, kit, rid, scale = (
            self._desk,
            self._kit,
            self._about(),
            print_dialog.print_scale(printer),
        )
        order = PaperRequest(PaperName.CONSENT_FORM, rid or b"", code, form)
        self.fault.hide()

        def is_printed() -> bool:
            paper = production.make_paper(desk, order)
            pages = desk.rooms.papers.pictures(paper.pdf, scale)
            return print_dialog.draw_pages(printer, pages, scale)

        def done(is_taken: bool) -> None:
            kit.hub.changed.emit(frozenset({"paper_copy"}))
            kit.notify(
                N_("The form has gone to the printer. Fetch it now.")
                if is_taken
                else print_dialog.PRINT_REFUSED
            )

        kit.work.run(is_printed, done, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.fault.set_message(lambda language: " ".join(faults(fault, language)))
        self.fault.show()

    def _on_clicked(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _on_chosen(self, action: QAction) -> None:
        code, form = action.data()
        print_dialog.ask_printer(
            self, lambda printer: self.print_on(printer, str(code), PaperFormat(form))
        )


def _form_language_text(code: str) -> Callable[[Language], str]:
    return lambda language: language.language(code)


_MIN_LINES_HEIGHT = 76
_BUTTON_ALIGNMENT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_WORDS_INDENT = MEDIUM + 10
_NARROW_PANEL = 360
"""A panel that has no room for a sentence and a button beside each other."""


class PrintObstacles(CardFrame):
    """The lines, under a head that counts them.

    `mend_asked` carries the FixTarget in the plan where one is fixed, or None for the plan
    alone.
    """

    mend_asked = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._count = Label(kit, style=TextStyle.HEADING).wrapped()
        self.open_plan = Button(kit, N_("Open the plan"), "clipboard-list", ButtonLook.QUIET)
        self.open_plan.clicked.connect(lambda: self.mend_asked.emit(self._first))
        self.mending: list[Button] = []
        self._sides: list[QBoxLayout] = []
        self._first: FixTarget | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.body.setSpacing(0)
        self.body.addLayout(self._make_head())
        self.body.addWidget(make_hairline())
        self.body.addWidget(self._make_scroll(), 1)

    def show_faults(
        self, faults: Sequence[KfdeskError], words: Sequence[str] = (), *, may_mend: bool = False
    ) -> None:
        """Show a line for each fault, with the words on the page that caused it, if any.

        With `may_mend`, for a plan's paper, buttons lead to where a line is fixed.
        """
        clear_layout(self._lines)
        self.mending, self._sides = [], []
        self._first = next(filter(None, map(fix_target_of, faults)), None)
        self.open_plan.setVisible(may_mend)
        self._count.set_message(lambda language: _obstacles_text(len(faults), language))
        for place, fault in enumerate(faults):
            self._lines.addLayout(
                self._make_line(fault, fix_target_of(fault) if may_mend else None)
            )
            if place < len(words):
                self._lines.addLayout(self._make_words(words[place]))
            after = faults[place + 1] if place + 1 < len(faults) else None
            if after is None or self._remedy_text(after) != self._remedy_text(fault):
                self._lines.addLayout(self._make_remedy(fault))
        self._lines.addStretch(1)
        self._arrange_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below their sentences in a narrow panel."""
        super().resizeEvent(event)
        self._arrange_buttons()

    def _arrange_buttons(self) -> None:
        is_narrow = self.width() < _NARROW_PANEL
        self.open_plan.set_bare(is_bare=is_narrow)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for side in self._sides:
            side.setDirection(below if is_narrow else beside)

    def _remedy_text(self, fault: KfdeskError) -> str:
        return self._kit.faults(fault, self._kit.words.language)[1]

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 6)
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING))
        head.addWidget(self._count, 1)
        head.addWidget(self.open_plan)
        return head

    def _make_scroll(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        page.setLayout(self._lines)
        self._lines.setContentsMargins(16, 12, 16, 12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_MIN_LINES_HEIGHT)
        self._kit.words.bind(scroll.setAccessibleName, N_("What keeps it from being printed"))
        return scroll

    def _make_line(self, fault: KfdeskError, goal: FixTarget | None) -> QHBoxLayout:
        faults = self._kit.faults
        sentence = Label(self._kit).wrapped()
        sentence.set_message(lambda language: faults(fault, language)[0])
        side = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        side.setSpacing(2)
        side.addWidget(sentence, 1)
        if goal is not None:
            side.addWidget(self._make_field_button(fault, goal), 0, _BUTTON_ALIGNMENT)
        self._sides.append(side)
        row = QHBoxLayout()
        row.setSpacing(10)
        sign = Icon(self._kit, "circle-alert", Tone.WARNING, MEDIUM)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side, 1)
        return row

    def _make_field_button(self, fault: KfdeskError, goal: FixTarget) -> Button:
        """Make the button that leads to the field; its accessible name says which."""
        way = Button(self._kit, N_("Mend"), look=ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        way.with_end_icon("chevron-right").clicked.connect(partial(self.mend_asked.emit, goal))
        faults, name = self._kit.faults, N_("Mend: {what}")
        self._kit.words.bind(
            way.setAccessibleName, name, what=lambda language: faults(fault, language)[0]
        )
        self.mending.append(way)
        return way

    def _make_words(self, words: str) -> QHBoxLayout:
        said = Label(self._kit, style=TextStyle.STRONG).wrapped()
        said.set_message(N_("The page says: {words}"), words=lambda _: words)
        row = QHBoxLayout()
        row.setContentsMargins(_WORDS_INDENT, 0, 0, 0)
        row.addWidget(said, 1)
        return row

    def _make_remedy(self, fault: KfdeskError) -> QHBoxLayout:
        faults = self._kit.faults
        remedy = Label(self._kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
        remedy.set_message(lambda language: faults(fault, language)[1])
        row = QHBoxLayout()
        row.setContentsMargins(_WORDS_INDENT, 0, 0, 8)
        row.addWidget(remedy, 1)
        return row


def _obstacles_text(count: int, language: Language) -> str:
    words = language.ngettext(
        "{count} thing keeps it from being printed",
        "{count} things keep it from being printed",
        count,
    )
    return words.format(count=count)


class ReadyBanner(Banner):
    """The banner above the buttons."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.SUCCESS, "shield-check")
        self.hide()

    def show_paper(self, look: PaperPreview, *, is_carried: bool) -> None:
        """Say that nothing prevents printing, and what is left out."""
        pages, withheld = len(look.pages), look.withheld

        def read(language: Language) -> str:
            return _read_back_text(pages, language) if is_carried else ""

        checked = N_("Carry check: no listed words found.")
        self.set_message(
            checked if is_carried else N_("Nothing keeps it from being printed."),
            lambda language: " ".join(
                part for part in (read(language), _left_out_text(withheld, language)) if part
            ),
        )
        self.show()


def _read_back_text(count: int, language: Language) -> str:
    words = language.ngettext(
        "{count} page was read back, nothing is missing on it. Read it yourself, too.",
        "{count} pages were read back, nothing is missing on them. Read them yourself, too.",
        count,
    )
    return words.format(count=count)


def _left_out_text(withheld: Sequence[Withheld], language: Language) -> str:
    """Return the fields that are left out, each once, with the reason."""
    said = {
        (RECORD_TYPES[one.type].fields[one.key].label, WITHHELD_REASONS.get(one.reason, "")): None
        for one in withheld
    }
    if not said:
        return ""
    named = [
        f"{language.gettext(label)} ({language.gettext(why)})" if why else language.gettext(label)
        for label, why in said
    ]
    return language.gettext(N_("Not on it: {fields}.")).format(fields=language.listing(named))


class LeakOverrideCard(CardFrame):
    """Three fields and a button; `excused` says that `excuse` now lets the names pass."""

    excused = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._order: PaperRequest | None = None
        self.excuse: LeakOverride | None = None
        self.initials, self.passphrase, self.reason = TextEntry(), PassphraseEntry(kit), TextEntry()
        self.who = LabelledField(kit, N_("Second person's initials"), self.initials)
        self.word = LabelledField(kit, N_("Second person's passphrase"), self.passphrase)
        self.why = LabelledField(kit, N_("Why it is somebody else"), self.reason)
        self.agree = Button(
            kit, N_("It is somebody else"), "user-round-check", ButtonLook.SECONDARY
        )
        self.agree.clicked.connect(self.submit)
        self.reason.returnPressed.connect(self.submit)
        self._lay_out(kit)
        self.hide()

    def ask_about(self, order: PaperRequest, found: Sequence[LeakFinding]) -> None:
        """Show the card if the leak check found nothing but names; else hide it."""
        self.revoke()
        self._order = order
        self.setVisible(bool(found) and all(one.may_be_somebody_else for one in found))

    def revoke(self) -> None:
        """Hide the card, and let no name pass any more."""
        self.excuse = None
        self.reset()

    def reset(self) -> None:
        """Hide the card, and drop what was typed."""
        self.passphrase.clear()
        self.reason.clear()
        self.hide()

    def submit(self) -> None:
        """Submit what is typed, or show beside its field what is missing."""
        asked = (
            (self.who, self.initials, N_("Who is the second person?")),
            (self.word, self.passphrase, N_("The second person types it, nobody else.")),
            (self.why, self.reason, N_("Write in a few words how you know.")),
        )
        for field, _, _ in asked:
            field.clear_note()
        for field, entry, sentence in asked:
            if not entry.text().strip():
                field.show_error(sentence)
                entry.setFocus()
                return
        second = Credentials(self.initials.text().strip(), self.passphrase.text())
        desk, order, reason = self._desk, self._order, self.reason.text()
        self.passphrase.clear()
        if order is not None:
            self._kit.work.run(
                lambda: production.override_names(desk, order, second, reason),
                self._on_excused,
                self._on_refused,
            )

    def _on_excused(self, excuse: LeakOverride) -> None:
        self.reset()
        self.excuse = excuse
        self._kit.hub.changed.emit(frozenset({"approval"}))
        self.excused.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.word.show_error(lambda language: " ".join(faults(fault, language)))
        self.passphrase.setFocus()

    def _lay_out(self, kit: UiContext) -> None:
        self.body.addWidget(Label(kit, N_("Is it somebody else's name?"), TextStyle.HEADING))
        sentence = N_("A second person who may approve can say so. It counts for this page alone.")
        self.body.addWidget(Label(kit, sentence, TextStyle.SMALL, Tone.MUTED).wrapped())
        for field in (self.who, self.word, self.why):
            self.body.addWidget(field)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.agree)
        self.body.addLayout(foot)
