# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: which paper, about whom, in which language, and a preview of the page.

The content is not chosen here; the paper and `disclose()` decide it. A preview leaves no
trace; saving and printing are counted and entered in the ledger before anything leaves. The
subject is never chosen beforehand, so that nobody prints the wrong one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.codes.core import (
    CONSENT_PURPOSE,
    PAPER,
    PAPER_FORM,
    ListFilter,
    PaperFormat,
    PaperName,
    PaperRequest,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.services.papers import production as subjects
from kfdesk.services.papers.kinds import PAPER_KINDS, PaperKind
from kfdesk.services.papers.production import PaperSubject, list_copies
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.preview import (
    CopyList,
    LeakOverrideCard,
    PrintFilters,
    PrintObstacles,
    ReadyBanner,
)
from kfdesk.ui.pages.printing.print_dialog import PagePreview
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.tokens import FIELD_GAP, GRID, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook, OptionButton, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import Banner, SideBySide
from kfdesk.ui.widgets.text import Icon, Label


class PrintFoot(QWidget):
    """Two buttons, and above them a warning until something was printed."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.warning = self._make_warning()
        self.saving = Button(kit, N_("Save PDF…"), "file-down")
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.PRIMARY).bind_key("Ctrl+P")
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.saving)
        buttons.addStretch(1)
        buttons.addWidget(self.printing)
        buttons.addSpacing(-RESERVE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.warning)
        column.addLayout(buttons)

    def set_allowed(self, *, is_allowed: bool, number: int = 0) -> None:
        """Enable or disable both buttons, and show the number of the copy."""
        self.saving.setEnabled(is_allowed)
        self.printing.setEnabled(is_allowed)
        words = N_("Print copy {number}…") if number else N_("Print…")
        self.printing.set_message(words, number=lambda _: number)

    def _make_warning(self) -> QWidget:
        warning = QWidget()
        words = N_("A shared printer may keep a copy of the page.")
        row = QHBoxLayout(warning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING, MEDIUM))
        row.addWidget(Label(self._kit, words, TextStyle.SMALL, Tone.WARNING).wrapped(), 1)
        return warning


class PrintHead(QWidget):
    """The heading and the button."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._count = 0
        self.copies = Button(kit, N_("Copies out"), "files", ButtonLook.QUIET)
        self.copies.setCheckable(True)
        self.copies.toggled.connect(self._on_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(kit, N_("Print"), TextStyle.DISPLAY))
        row.addStretch(1)
        row.addWidget(self.copies)

    def show_count(self, count: int) -> None:
        """Show how many copies are out."""
        self._count = count
        self._on_toggled()

    def _on_toggled(self) -> None:
        self.copies.set_message(
            N_("Back to printing") if self.copies.isChecked() else self._copies_text
        )

    def _copies_text(self, language: Language) -> str:
        words = language.ngettext("{count} copy out", "{count} copies out", self._count)
        return words.format(count=self._count)


PAPER_PURPOSES: Mapping[PaperName, str] = {
    PaperName.TRAVELLERS_SHEET: N_("for her, on the way"),
    PaperName.ESCORTS_SHEET: N_("for who travels along"),
    PaperName.DUTY_SHEET: N_("for the desk, on the day"),
    PaperName.FILE_COPY: N_("for the cabinet, not to travel"),
    PaperName.CONSENT_FORM: N_("to be signed"),
    PaperName.HANDOVER_RECEIPT: N_("to be signed on arrival"),
    PaperName.CONTACT_LIST: N_("for the desk or a partner"),
    PaperName.CONTACT_CARD: N_("one organisation, small"),
    PaperName.SUPPORT_PLAN: N_("for her signature and yours"),
    PaperName.DISCLOSURE_LOG: N_("for her, if she asks"),
}
_BOXES_PER_ROW = 2


class PaperChoice(QWidget):
    """The boxes in two columns, or folded to a list. `chosen` follows a user's choice."""

    chosen = Signal()

    def __init__(self, kit: UiContext, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[PaperName, OptionButton] = {}
        self.list = ChoiceBox(kit)
        self.list.set_options([(name.value, PAPER[name]) for name in papers])
        self.list.chosen.connect(self._on_list_chosen)
        self._folded = LabelledField(kit, N_("Paper"), self.list)
        self._folded.hide()
        self._boxes = QWidget()
        self._grid = grid = QGridLayout(self._boxes)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID - 2 * RESERVE)
        kit.words.bind(self.setAccessibleName, N_("Paper"))
        for place, name in enumerate(papers):
            option = OptionButton(kit, PAPER[name], PAPER_PURPOSES[name])
            option.clicked.connect(self._on_box_chosen)
            self._group.addButton(option)
            self.options[name] = option
            grid.addWidget(option, *divmod(place, _BOXES_PER_ROW))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._folded)
        column.addWidget(self._boxes)
        self.choose(papers[0])

    @property
    def focus_target(self) -> QWidget:
        """The widget that takes the focus: the list, or the chosen box."""
        return self.list if self._boxes.isHidden() else self.options[self.paper]

    def fold(self, *, is_folded: bool) -> None:
        """Switch between list and boxes, and keep the focus."""
        if is_folded == self._boxes.isHidden():
            return
        had_keyboard = self.focus_target.hasFocus()
        self._folded.setVisible(is_folded)
        self._boxes.setVisible(not is_folded)
        if had_keyboard:
            self.focus_target.setFocus()

    @property
    def boxes_width(self) -> int:
        """The width of the boxes, each as wide as the one with the longest words."""
        widest = max(option.sizeHint().width() for option in self.options.values())
        return _BOXES_PER_ROW * widest + self._grid.spacing()

    @property
    def paper(self) -> PaperName:
        """The chosen paper."""
        return next(name for name, option in self.options.items() if option.isChecked())

    def choose(self, paper: PaperName) -> None:
        """Choose a paper, without `chosen`."""
        self.options[paper].setChecked(True)
        self.list.setCurrentIndex([*self.options].index(paper))

    def _on_box_chosen(self) -> None:
        self.choose(self.paper)
        self.chosen.emit()

    def _on_list_chosen(self, key: str) -> None:
        self.choose(PaperName(key))
        self.chosen.emit()


_SHRINK_POLICY = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_SUBJECT_LABELS = {"plan": N_("Plan"), "consent": N_("Consent"), "organisation": N_("Organisation")}
_NO_SUBJECT = {
    "plan": N_("No plan chosen"),
    "consent": N_("No consent chosen"),
    "organisation": N_("No organisation chosen"),
}


class VerticalScrollArea(QScrollArea):
    """A scroll area that scrolls only vertically, and is never narrower than its content."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the content with its longest words, and the scroll bar."""
        hint, part = super().minimumSizeHint(), self.widget()
        bar = self.verticalScrollBar().sizeHint().width()
        wide = part.minimumSizeHint().width() + bar if part is not None else 0
        return QSize(max(hint.width(), wide), hint.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the geometry when the content's layout changes, as with other words."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class PaperChoices(QWidget):
    """The choices. `paper_chosen` and `changed` follow a user's choice."""

    paper_chosen = Signal()
    changed = Signal()

    def __init__(self, kit: UiContext, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._kit = kit
        self._subjects: Sequence[PaperSubject] = ()
        self._wanted = ""  # a plan may be chosen before the list of plans is there
        self.papers = PaperChoice(kit, papers)
        self.subject = ChoiceBox(kit)
        self.filters = PrintFilters(kit)
        self.language = ChoiceBox(kit)
        self.beside = ChoiceBox(kit)
        for choice in (self.subject, self.language, self.beside):
            choice.setSizeAdjustPolicy(_SHRINK_POLICY)
        self.form = SegmentedControl(kit, [(form, PAPER_FORM[form]) for form in PaperFormat])
        self._lay_out()
        self._connect()
        self._show_paper()

    @property
    def kind(self) -> PaperKind:
        """The kind of the chosen paper."""
        return PAPER_KINDS[self.papers.paper]

    @property
    def is_complete(self) -> bool:
        """Whether everything is chosen that the paper cannot do without."""
        return not self.kind.subject or bool(self.subject.key)

    @property
    def paper_order(self) -> PaperRequest:
        """The order for the paper; its language is empty while it is the client's first."""
        kind = self.kind
        return PaperRequest(
            self.papers.paper,
            bytes.fromhex(self.subject.key) if kind.subject else b"",
            self.language.key,
            PaperFormat(self.form.key or kind.forms[0]),
            self.beside.key if kind.is_bilingual else "",
            ListFilter() if kind.subject else self.filters.directory_filter,
        )

    def set_subjects(self, subjects: Sequence[PaperSubject]) -> None:
        """Offer these subjects; the chosen one stays so if it is among them."""
        self._subjects = subjects
        kind = self.kind.subject
        nothing: list[tuple[str, Message]] = [("", _NO_SUBJECT.get(kind, ""))]
        named = [(one.rid.hex(), _subject_text(one)) for one in subjects]
        self.subject.set_options(nothing + named, self._wanted)
        self.filters.set_options(subjects if not kind else ())

    def choose_subject(self, rid: bytes) -> None:
        """Choose the subject, now or when the list is there, without a signal."""
        self._wanted = rid.hex()
        self.set_subjects(self._subjects)
        self._reset_language()

    def choose_paper(self, paper: PaperName) -> None:
        """Choose a paper, without a signal."""
        self.papers.choose(paper)
        self._show_paper()

    def show_language(self, code: str) -> None:
        """Show the language in which the paper was made."""
        self.language.setCurrentIndex(self.kind.languages.index(code))

    def fold(self, *, is_folded: bool) -> None:
        """Use less room: the papers as a list, fewer fields side by side."""
        self.papers.fold(is_folded=is_folded)
        for part, row, share in self._narrow if is_folded else self._wide:
            self._rows[row].addWidget(part, share, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.papers.chosen.connect(self._on_paper_chosen)
        self.subject.chosen.connect(self._on_subject_chosen)
        self.filters.chosen.connect(self.changed)
        for choice in (self.language, self.beside, self.form):
            choice.chosen.connect(lambda _key: self.changed.emit())

    def _lay_out(self) -> None:
        kit = self._kit
        self._about = LabelledField(kit, N_("Plan"), self.subject)
        self._second = LabelledField(kit, N_("Second language"), self.beside)
        self._size = LabelledField(kit, N_("Size"), self.form)
        spoken = LabelledField(kit, N_("Language of the paper"), self.language)
        self._rows = [QHBoxLayout(), QHBoxLayout(), QHBoxLayout()]
        parts = (self._about, spoken, self._second, self._size)
        self._wide = tuple(zip(parts, (0, 0, 1, 1), (3, 2, 2, 3), strict=True))
        self._narrow = tuple(zip(parts, (0, 1, 1, 2), (1, 1, 1, 1), strict=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.papers)
        fields = QVBoxLayout()
        fields.setContentsMargins(RESERVE, 0, RESERVE, 0)  # as the boxes' rings
        fields.setSpacing(FIELD_GAP)
        fields.addWidget(self.filters)
        for row in self._rows:
            row.setSpacing(FIELD_GAP)
            fields.addLayout(row)
        column.addLayout(fields)
        self.fold(is_folded=False)

    def _show_paper(self) -> None:
        """Offer the choices of the chosen paper."""
        kind = self.kind
        self._about.setVisible(bool(kind.subject))
        self._about.set_label(_SUBJECT_LABELS.get(kind.subject, N_("Plan")))
        self.filters.setVisible(not kind.subject)
        self._size.setVisible(len(kind.forms) > 1)
        for form in PaperFormat:
            self.form.parts[form].setVisible(form in kind.forms)
        self.form.select(kind.forms[0])
        names = {code: _language_name(code) for code in kind.languages}
        self.language.set_options([*names.items()])
        self.language.setCurrentIndex(-1)
        self._second.setVisible(kind.is_bilingual)
        self.beside.set_options([("", N_("None")), *names.items()])
        self._kit.words.bind(self.language.setPlaceholderText, N_("The first she speaks"))
        self._reset_language()
        self.set_subjects(())

    def _reset_language(self) -> None:
        """Reset the language to the client's first; for other readers, to the window's."""
        if self.kind.is_for_client:
            self.language.setCurrentIndex(-1)
        elif not self.language.key:
            code, offered = self._kit.words.language.code, self.kind.languages
            self.language.setCurrentIndex(offered.index(code) if code in offered else 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.papers.focus_target.setFocus(event.reason())

    def _on_paper_chosen(self) -> None:
        self._show_paper()
        self.paper_chosen.emit()

    def _on_subject_chosen(self, key: str) -> None:
        self._wanted = key
        self._reset_language()
        self.changed.emit()


def _subject_text(one: PaperSubject) -> Message:
    """Return the text for a subject.

    A plan stands by code and alias, a consent by code, purpose and recipient, others by name.
    """
    purpose = CONSENT_PURPOSE.get(one.purpose, one.purpose)

    def words(language: Language) -> str:
        said = language.gettext(purpose) if purpose else ""
        return " · ".join(part for part in (one.code, said, one.name) if part) or "–"

    return words


def _language_name(code: str) -> Message:
    return lambda language: language.language(code)


_PRINTED_TYPES = frozenset(
    {"client", "plan", "leg", "help_number", "consent", "organisation", "contact", "phone"}
)
_PAPER_NAME = "sheet.pdf"
_PREVIEW_SCALE = 2.0
"""Pixels to a point of the preview: enough for a page as high as a large screen."""
_CHOICES_WIDTH = 600
_COLUMN_SHARES, _COLUMN_GAP = (3, 2), 20
"""Of choices and page, and points between them."""
_PREVIEW_BESIDE_WIDTH = 620  # narrower, the page stands below the choices
_UNFOLDED_MIN_HEIGHT = 600
_CHOOSE_SUBJECT = N_("Choose what it is about, and its page stands here before it is printed.")


@dataclass(frozen=True, slots=True)
class _PreviewedPaper:
    """A previewed paper: its order, the language it got, and the result."""

    asked: PaperRequest
    language: str
    look: production.PaperPreview


class PrintingPage(QWidget):
    """The page. `plan_chosen` carries the id of a plan to open.

    `goal_chosen` carries it with the place in the plan where something must be fixed.
    """

    plan_chosen = Signal(bytes)
    goal_chosen = Signal(bytes, object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.head = PrintHead(kit)
        self.choices = PaperChoices(kit, subjects.offered_papers(desk))
        self._copies: CopyList | None = None
        self.ready = ReadyBanner(kit)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.obstacles = PrintObstacles(kit)
        self.somebody_else = LeakOverrideCard(kit, desk)
        self.preview = PagePreview(kit)
        self.foot = PrintFoot(kit)
        self._connect()
        self._lay_out()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    def read(self) -> None:
        """Read again what there is to print, and preview the chosen paper again."""
        desk, paper = self._desk, self.choices.papers.paper
        self._kit.work.run(
            lambda: (paper, subjects.list_paper_subjects(desk, paper)),
            lambda read: self._on_read(*read),
        )
        self._count_copies()

    @property
    def copies(self) -> CopyList:
        """The list of copies that are out; made on first use."""
        if self._copies is None:
            self._copies = CopyList(self._kit, self._desk)
            self._parts.addWidget(self._copies)
        return self._copies

    def choose_plan(self, rid: bytes, paper: PaperName = PaperName.TRAVELLERS_SHEET) -> None:
        """Choose a paper and its subject; the language becomes the client's first."""
        self.choices.choose_paper(paper)
        self.choices.choose_subject(rid)
        self.read()

    def save(self, path: Path) -> None:
        """Make the paper and save it as `path`; the ledger counts it as printed."""
        desk, order, excuse = self._desk, self.choices.paper_order, self.somebody_else.excuse
        self.outcome.hide()
        self._kit.work.run(
            lambda: production.save_paper(desk, order, path, excuse),
            self._on_saved,
            self._on_refused,
        )

    def print_on(self, printer: QPrinter) -> None:
        """Make the paper, enter it in the ledger, and print it on `printer`.

        The work runs on the worker's thread.
        """
        desk, order, excuse = self._desk, self.choices.paper_order, self.somebody_else.excuse
        scale = print_dialog.print_scale(printer)
        self.outcome.hide()

        def is_printed() -> bool:
            paper = production.make_paper(desk, order, excuse)
            pages = desk.rooms.papers.pictures(paper.pdf, scale)
            return print_dialog.draw_pages(printer, pages, scale)

        self._kit.work.run(is_printed, self._on_printed, self._on_refused)

    def commands(self) -> tuple[Command, ...]:
        """Return the menu commands of this page."""
        return self.preview.commands()

    # Construction

    def _connect(self) -> None:
        self.head.copies.toggled.connect(self._on_copies_toggled)
        self.choices.paper_chosen.connect(self._on_paper_chosen)
        self.choices.changed.connect(self._on_choice_changed)
        self.foot.saving.clicked.connect(self._on_save_clicked)
        self.foot.printing.clicked.connect(self._on_print_clicked)
        self.obstacles.mend_asked.connect(self._on_mend_asked)
        self.somebody_else.excused.connect(self._preview_paper)
        self._kit.hub.changed.connect(self._on_changed)
        self._kit.words.changed.connect(self._fold_choices)

    def _lay_out(self) -> None:
        """Lay the page out from the outside in.

        A widget that gets another parent passes the style change on to all its children.
        """
        page = QVBoxLayout(self)
        margin = PAGE_MARGIN
        page.setContentsMargins(margin, margin - 4, margin, margin - RESERVE)
        page.setSpacing(FIELD_GAP)
        self._parts, side, self._right = QStackedWidget(), QWidget(), QStackedWidget()
        page.addWidget(self.head)
        page.addWidget(self._parts, 1)
        halves = zip((side, self._right), _COLUMN_SHARES, strict=True)
        self._making = SideBySide(
            self._kit.theme, *halves, least=_PREVIEW_BESIDE_WIDTH, gap=_COLUMN_GAP
        )
        self._parts.addWidget(self._making)
        side.setMaximumWidth(self._choices_width)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        self._side = VerticalScrollArea()
        column.addWidget(self._side, 1)
        self._fill_side()
        column.addWidget(self.foot)
        self._right.addWidget(self.preview)
        self._right.addWidget(self.obstacles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the choices in a small window."""
        super().resizeEvent(event)
        self._fold_choices()

    @property
    def _choices_width(self) -> int:
        return self._kit.theme.scaled(_CHOICES_WIDTH)

    def _fold_choices(self) -> None:
        """Fold the choices where there is little room, in favour of the page beside them."""
        room = self.contentsRect().width() - 2 * PAGE_MARGIN - _COLUMN_GAP
        bar = self._side.verticalScrollBar().sizeHint().width()
        if not self._making.is_narrow:
            room = room * _COLUMN_SHARES[0] // sum(_COLUMN_SHARES)
        room = min(self._choices_width, room) - bar
        is_narrow = room < self.choices.papers.boxes_width
        self.choices.fold(
            is_folded=is_narrow or self.height() < self._kit.theme.scaled(_UNFOLDED_MIN_HEIGHT)
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.choices.setFocus(event.reason())

    def _fill_side(self) -> None:
        """Fill the left side with choices and results; it scrolls above the buttons."""
        part = QWidget()
        part.setProperty("ground", "none")
        self._side.setWidget(part)
        column = QVBoxLayout(part)
        edge = RESERVE
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.choices)
        answers = QVBoxLayout()
        answers.setContentsMargins(edge, 0, edge, edge)
        answers.setSpacing(FIELD_GAP)
        column.addLayout(answers, 1)
        answers.addWidget(self.ready)
        answers.addWidget(self.somebody_else)
        answers.addWidget(self.outcome)
        answers.addStretch(1)

    # Slots and actions

    def _preview_paper(self) -> None:
        """Preview the paper; nothing is recorded."""
        if not self.choices.is_complete:
            self._show_no_page(_CHOOSE_SUBJECT)
            return
        self._show_no_page(N_("The page is being made."))
        desk, asked, offered = self._desk, self.choices.paper_order, self.choices.kind.languages
        excuse = self.somebody_else.excuse

        def look() -> _PreviewedPaper:
            code = asked.language or production.client_language(desk, asked.subject, offered)
            order = replace(asked, language=code)
            return _PreviewedPaper(
                asked, code, production.preview_pages(desk, order, _PREVIEW_SCALE, excuse)
            )

        self._kit.work.run(look, self._on_seen, self._on_not_seen)

    def _show_no_page(self, why: Message) -> None:
        """Show why there is no page; disable printing."""
        self.preview.show_reason(why)
        self._right.setCurrentWidget(self.preview)
        self.somebody_else.reset()
        self.ready.hide()
        self.foot.set_allowed(is_allowed=False)

    def _on_read(self, paper: PaperName, found: tuple[PaperSubject, ...]) -> None:
        if paper != self.choices.papers.paper:
            return  # another was chosen meanwhile
        self.choices.set_subjects(found)
        if found or not self.choices.kind.subject:
            self._preview_paper()
        else:
            self._show_no_page(N_("There is nothing yet that this paper is made of."))

    def _on_seen(self, seen: _PreviewedPaper) -> None:
        if seen.asked != self.choices.paper_order:
            return  # something else was chosen meanwhile
        self.choices.show_language(seen.language)
        look = seen.look
        if look.obstacles:
            self._show_no_page(N_("The page can be made when nothing keeps it any more."))
            may_mend = self.choices.kind.subject == "plan"
            words = [one.words for one in look.found]
            self.obstacles.show_faults(look.obstacles, words, may_mend=may_mend)
            self._right.setCurrentWidget(self.obstacles)
            self.somebody_else.ask_about(self.choices.paper_order, look.found)
        else:
            self.preview.show_pages(look.pages)
            self.ready.show_paper(look, is_carried=self.choices.kind.is_carried)
            self.foot.set_allowed(is_allowed=True, number=look.number)
            QTimer.singleShot(0, self.ready, partial(self._side.ensureWidgetVisible, self.ready))

    def _on_not_seen(self, fault: KfdeskError) -> None:
        self._show_no_page(N_("The page cannot be made."))
        self._on_refused(fault)

    def _on_paper_chosen(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    def _on_choice_changed(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._preview_paper()

    def _on_copies_toggled(self, is_shown: bool) -> None:
        self._parts.setCurrentWidget(self.copies if is_shown else self._making)

    def _on_mend_asked(self, goal: FixTarget | None) -> None:
        if goal is None:
            self.plan_chosen.emit(self.choices.paper_order.subject)
        else:
            self.goal_chosen.emit(self.choices.paper_order.subject, goal)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the paper"), _PAPER_NAME, self.save)

    def _on_print_clicked(self) -> None:
        print_dialog.ask_printer(self, self.print_on)

    def _on_saved(self, _paper: production.Paper) -> None:
        self._kit.hub.changed.emit(frozenset({"paper_copy"}))
        self._show_outcome(
            Tone.SUCCESS,
            N_("The paper is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    def _on_printed(self, is_taken: bool) -> None:
        self._kit.hub.changed.emit(frozenset({"paper_copy"}))
        self.foot.warning.hide()  # said once; whoever prints again has read it
        if is_taken:
            self._show_outcome(
                Tone.SUCCESS,
                N_("The page has gone to the printer."),
                N_("Fetch it now; do not leave it lying there."),
            )
        else:
            self._show_outcome(
                Tone.DANGER,
                print_dialog.PRINT_REFUSED,
                N_("History counts it as printed. Check the printer, then print again."),
            )

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)

    def _show_outcome(self, tone: Tone, sentence: Message, under: Message) -> None:
        self.outcome.show_look(tone, "circle-check" if tone is Tone.SUCCESS else "circle-alert")
        self.outcome.set_message(sentence, under)
        self.outcome.show()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _PRINTED_TYPES:
            self.read()
        if "paper_copy" in types:
            self._count_copies()

    def _count_copies(self) -> None:
        desk = self._desk
        self._kit.work.run(lambda: len(list_copies(desk)), self.head.show_count)
