# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview of a paper, and what stands below it: obstacles, its check, a leak override.

`PagePreview` shows one page as an image and knows no paper. `PrintObstacles` lists what prevents
the paper and leads to the fields. `ReadyBanner` says that the paper was read back and what it
leaves out. With `LeakOverrideCard` a second person confirms that a name is somebody else's.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QWidget

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.check import LeakFinding, LeakOverride
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.services.papers.production import PaperPreview
from kfdesk.ui.attachments import FIT_WIDTH, ZOOM_FACTORS, PictureView
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.plan_sections import FixTarget, fix_target_of
from kfdesk.ui.record_views import WITHHELD_REASONS
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CONTROL_COMPACT, GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    CENTRE,
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    fill,
    filled,
    grown,
    muted,
    panel,
    plural,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import LabelledField, PassphraseEntry, TextEntry
from kfdesk.ui.widgets.layout import Badge, Banner, CardFrame, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Chip, Icon, Label, bind_tooltip

# --- The page as an image

LARGER_KEY, SMALLER_KEY, FIT_KEY = "Ctrl++", "Ctrl+-", "Ctrl+Alt+0"
_ZOOM_KEYS = {LARGER_KEY: 1, "Ctrl+=": 1, SMALLER_KEY: -1, FIT_KEY: 0}
"""`=` also enlarges: on many keyboards it is the plus key without Shift."""
_MIN_PREVIEW = 240
_PREVIEW_MARGIN = 12


class PagePreview(QFrame):
    """The preview: one page, its number, and the buttons for other pages and sizes."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self._kit = kit
        self._pages: Sequence[bytes] = ()
        self.number = 0
        self._zoom = FIT_WIDTH
        self._name = Label(kit, N_("Preview"), TextStyle.HEADING)
        self._which = Chip(kit)
        self.back = Button(kit, N_("Previous page"), "chevron-left").bared()
        self.forth = Button(kit, N_("Next page"), "chevron-right").bared()
        self.smaller = Button(kit, N_("Smaller"), "minus").bared()
        self.larger = Button(kit, N_("Larger"), "plus").bared()
        self.fit = Button(kit, N_("Fit to width"), "arrow-left-right").bared()
        self.page = PictureView(kit)
        self._reason = muted(kit)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._nothing = self._make_nothing()
        self._lay_out()
        self._listen()
        self.show_reason(N_("Choose a plan to see the preview."))

    def bind_page_keys(self, page: QWidget) -> None:
        """Let Page Up and Page Down read on in the paper, wherever in `page` the focus is."""
        for key, by in ((Qt.Key.Key_PageUp, -1), (Qt.Key.Key_PageDown, 1)):
            turned = QShortcut(QKeySequence(key), page, partial(self.read_on, by))
            turned.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def read_on(self, by: int) -> None:
        """Scroll the page up or down, at its end turn to the next one."""
        bar = self.page.area.verticalScrollBar()
        end = bar.maximum() if by > 0 else bar.minimum()
        number = self.number + by
        if bar.value() != end:
            bar.setValue(bar.value() + by * bar.pageStep())
        elif self._pages and 0 <= number < len(self._pages):
            self._show_page(number)
            bar.setValue(bar.minimum() if by > 0 else bar.maximum())

    def show_pages(self, pngs: Sequence[bytes]) -> None:
        """Show the first of these pages."""
        self._pages = pngs
        self._nothing.hide()
        self.page.show()
        self._column.activate()  # the page takes the width that is there
        self._show_page(0)

    def show_reason(self, message: Message) -> None:
        """Show why there is no page, and release the pictures."""
        self._pages = ()
        self.page.release()
        for part in (self._which, *self._buttons, self.page):
            part.hide()
        self._name.show()
        self._reason.set_message(message)
        self._nothing.show()

    def zoom(self, steps: int) -> None:
        """Show the page larger or smaller; 0 fits it to the panel."""
        self._zoom = min(max(0, self._zoom + steps), len(ZOOM_FACTORS) - 1) if steps else FIT_WIDTH
        self._fit()

    def commands(self) -> tuple[Command, ...]:
        """Return the zoom commands for menus and the key overview."""
        return (
            Command(N_("Larger"), partial(self.zoom, 1), LARGER_KEY, "plus", menu="view"),
            Command(N_("Smaller"), partial(self.zoom, -1), SMALLER_KEY, "minus", menu="view"),
            Command(
                N_("Fit to width"), partial(self.zoom, 0), FIT_KEY, "arrow-left-right",
                menu="view",
            ),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page to the panel's width."""
        super().resizeEvent(event)
        self._column.activate()
        self._fit()

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self._pages)

    @property
    def _has_room(self) -> bool:
        """True if the panel's title fits beside the page number and the buttons."""
        shown = [part for part in (self._which, *self._buttons) if not part.isHidden()]
        words = self._name.sizeHint().width() + 2 * GRID
        room = self.width() - 2 * _PREVIEW_MARGIN - sum(part.sizeHint().width() for part in shown)
        return not self._pages or words <= room

    @property
    def _buttons(self) -> tuple[Button, ...]:
        return (self.back, self.forth, self.smaller, self.larger, self.fit)

    def _show_page(self, number: int) -> None:
        self.number = number
        count = len(self._pages)
        self.page.show_image(QImage.fromData(self._pages[number]), self.page.available_width)
        self._which.set_message(
            N_("Page {number} of {count}"), number=lambda _: number + 1, count=lambda _: count
        )
        bind_tooltip(self._kit, self._which, lambda _: self._which.text())
        self._which.show()
        for button, is_there in ((self.back, number > 0), (self.forth, number + 1 < count)):
            button.setVisible(count > 1)
            button.setEnabled(is_there)
        self._kit.translator.bind(self.page.area.setAccessibleName, self._accessible_page)
        self._fit()

    def _fit(self) -> None:
        """Set the page's width, and enable the buttons that apply."""
        self.page.set_page_width(round(self.page.available_width * ZOOM_FACTORS[self._zoom]))
        for button in (self.smaller, self.larger, self.fit):
            button.setVisible(bool(self._pages))
        self._name.setVisible(self._has_room)
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom + 1 < len(ZOOM_FACTORS))
        self.fit.setEnabled(self._zoom != FIT_WIDTH)

    def _accessible_page(self, language: Language) -> str:
        preview = language.gettext(N_("Preview"))
        return f"{preview}, {self._which.text()}" if self._pages else preview

    def _make_nothing(self) -> QWidget:
        badge = Badge(self._kit, "printer", is_round=True)
        return panel(column(STRETCH, aligned(badge, CENTRE), self._reason, STRETCH, gap=12))

    def _lay_out(self) -> None:
        head = row(self._name, GRID, self._which, STRETCH, *self._buttons)
        edges = (_PREVIEW_MARGIN, 12, _PREVIEW_MARGIN, _PREVIEW_MARGIN)
        parts = (head, grown(self.page), grown(self._nothing))
        self._column = column(*parts, gap=GRID, margins=edges, on=self)
        self.setMinimumWidth(_MIN_PREVIEW)

    def _listen(self) -> None:
        self.back.clicked.connect(self._on_back_clicked)
        self.forth.clicked.connect(self._on_forth_clicked)
        for button, steps in ((self.smaller, -1), (self.larger, 1), (self.fit, 0)):
            button.clicked.connect(partial(self.zoom, steps))
        for keys, steps in _ZOOM_KEYS.items():
            QShortcut(QKeySequence(keys), self, partial(self.zoom, steps))

    def _on_back_clicked(self) -> None:
        self._show_page(self.number - 1)

    def _on_forth_clicked(self) -> None:
        self._show_page(self.number + 1)


# --- Obstacles

_MIN_LINES_HEIGHT = 76
_BUTTON_ALIGNMENT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_WORDS_INDENT = MEDIUM + 10
_NARROW_PANEL = 420
"""Pixels below which a sentence and its button stand below each other."""


class PrintObstacles(CardFrame):
    """Obstacles to a paper, one line each, under a heading that counts them.

    `fix_asked` carries the FixTarget in the plan where one is fixed, or None for the plan
    alone.
    """

    fix_asked = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._count = text(kit, style=TextStyle.HEADING)
        self.open_plan = Button(
            kit, N_("Open the plan"), "clipboard-list", ButtonLook.QUIET, on=self._on_plan_clicked
        )
        self.fixes: list[Button] = []
        self._sides: list[QBoxLayout] = []
        self._first: FixTarget | None = None
        self._lines = column(gap=6, margins=(16, 12, 16, 12))
        sign = Icon(kit, "triangle-alert", Tone.WARNING)
        head = row(sign, grown(self._count), self.open_plan, gap=9, margins=(16, 6, 8, 6))
        fill(self.body, head, make_hairline(), grown(self._make_scroll()))

    def show_faults(
        self, faults: Sequence[KfdeskError], words: Sequence[str] = (), *, may_fix: bool = False
    ) -> None:
        """Show a line for each fault, with the words on the page that caused it, if any.

        With `may_fix`, for a plan's paper, buttons lead to where a line is fixed.
        """
        clear_layout(self._lines)
        self.fixes, self._sides = [], []
        self._first = next(filter(None, map(fix_target_of, faults)), None)
        self.open_plan.setVisible(may_fix)
        self._count.set_message(
            plural(
                "Cannot be printed yet: {count} problem",
                "Cannot be printed yet: {count} problems",
                len(faults),
            )
        )
        for place, fault in enumerate(faults):
            extend(self._lines, self._make_line(fault, fix_target_of(fault) if may_fix else None))
            if place < len(words):
                extend(self._lines, self._make_words(words[place]))
            after = faults[place + 1] if place + 1 < len(faults) else None
            if after is None or self._remedy_text(after) != self._remedy_text(fault):
                extend(self._lines, self._make_remedy(fault))
        extend(self._lines, STRETCH)
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
        return self._kit.faults(fault, self._kit.translator.language)[1]

    def _on_plan_clicked(self) -> None:
        self.fix_asked.emit(self._first)

    def _make_scroll(self) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(panel(self._lines))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_MIN_LINES_HEIGHT)
        self._kit.translator.bind(scroll.setAccessibleName, N_("Why it cannot be printed yet"))
        return scroll

    def _make_line(self, fault: KfdeskError, goal: FixTarget | None) -> QHBoxLayout:
        faults = self._kit.faults
        side = row(grown(text(self._kit, lambda language: faults(fault, language)[0])), gap=2)
        if goal is not None:
            extend(side, aligned(self._make_field_button(fault, goal), _BUTTON_ALIGNMENT))
        self._sides.append(side)
        sign = Icon(self._kit, "circle-alert", Tone.WARNING, MEDIUM)
        # beside a button the words are in the middle of its height
        return row(sign if goal is not None else aligned(sign, TOP), grown(side), gap=10)

    def _make_field_button(self, fault: KfdeskError, goal: FixTarget) -> Button:
        """Make the button that leads to the field; its accessible name says which."""
        asked = partial(self.fix_asked.emit, goal)
        way = Button(self._kit, N_("Fix"), look=ButtonLook.QUIET, on=asked)
        way.with_height(CONTROL_COMPACT).with_end_icon("chevron-right")
        faults, name = self._kit.faults, N_("Fix: {what}")
        self._kit.translator.bind(
            way.setAccessibleName, name, what=lambda language: faults(fault, language)[0]
        )
        self.fixes.append(way)
        return way

    def _make_words(self, words: str) -> QHBoxLayout:
        said = text(self._kit, filled(N_("The page says: {words}"), words=words), TextStyle.STRONG)
        return row(grown(said), margins=(_WORDS_INDENT, 0, 0, 0))

    def _make_remedy(self, fault: KfdeskError) -> QHBoxLayout:
        faults = self._kit.faults
        remedy = muted(self._kit, lambda language: faults(fault, language)[1], TextStyle.SMALL)
        return row(grown(remedy), margins=(_WORDS_INDENT, 0, 0, 8))


# --- The check of the paper

_DRAFT_TITLE = N_("This is a draft: the return is not approved yet.")
_DRAFT_UNDER = N_("The page says so. It is not counted as handed out.")


class ReadyBanner(Banner):
    """The banner that a paper is ready, what to know before it leaves, and what it leaves out."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.SUCCESS, "shield-check")
        self.hide()

    def show_paper(self, look: PaperPreview, *, is_carried: bool) -> None:
        """Say that nothing prevents printing, and what is left out."""
        faults, pages = self._kit.faults, len(look.pages)
        checked = N_("Border check: no listed words found.")
        ready = checked if is_carried else N_("Ready to print.")

        def under(language: Language) -> str:
            drafted = [language.gettext(_DRAFT_UNDER), language.gettext(ready)]
            parts = [
                *(drafted if look.is_draft else ()),
                *(" ".join(faults(warning, language)) for warning in look.warnings),
                _read_back_text(pages, language) if is_carried else "",
                _left_out_text(look.withheld, language),
            ]
            return " ".join(filter(None, parts))

        is_calm = not (look.is_draft or look.warnings)
        self.show_look(
            *((Tone.SUCCESS, "shield-check") if is_calm else (Tone.WARNING, "triangle-alert"))
        )
        self.set_message(_DRAFT_TITLE if look.is_draft else ready, under)
        self.show()


def _read_back_text(count: int, language: Language) -> str:
    return language.plural(
        "{count} page was checked; nothing is missing on it. Read it yourself, too.",
        "{count} pages were checked; nothing is missing on them. Read them yourself, too.",
        count,
    )


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
    return language.gettext(N_("Not included: {fields}.")).format(fields=language.listing(named))


# --- Leak override


class LeakOverrideCard(CardFrame):
    """A second person confirms that a name on a page to carry is somebody else's.

    The card asks for initials, passphrase and reason. The service decides what may be overridden,
    and whether these two people may do it. The passphrase is dropped with every answer, the reason
    with the page. `excused` reports that `excuse` now lets the names pass.
    """

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
        self.why = LabelledField(kit, N_("Why it is someone else"), self.reason)
        self.agree = Button(kit, N_("It is someone else"), "user-round-check", ButtonLook.SECONDARY)
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

    @task
    async def submit(self) -> None:
        """Submit what is typed, or show beside its field what is missing."""
        asked = (
            (self.who, self.initials, N_("Who is the second person?")),
            (self.word, self.passphrase, N_("Only the second person may type it.")),
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
            excuse = await call(self._kit, production.override_names, desk, order, second, reason)
            self.reset()
            self.excuse = excuse
            self._kit.events.changed.emit(frozenset({"approval"}))
            self.excused.emit()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        faults = self._kit.faults
        self.word.show_error(lambda language: " ".join(faults(fault, language)))
        self.passphrase.setFocus()

    def _lay_out(self, kit: UiContext) -> None:
        sentence = N_(
            "A second person who may approve can confirm this. It is valid for this page only."
        )
        parts = (
            Label(kit, N_("Is it someone else's name?"), TextStyle.HEADING),
            muted(kit, sentence, TextStyle.SMALL),
            *(self.who, self.word, self.why),
            row(STRETCH, self.agree),
        )
        for part in parts:
            extend(self.body, part)
