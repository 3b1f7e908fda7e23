# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one plan: its header, the navigation between its sections, and the open section.

`PlanView` loads the plan on the worker's thread, again after every change that it shows, and
keeps section and scroll position. It creates a section when it is first opened, and leads to
records, gaps and conflicts. A new section is one entry in `_SECTION_TYPES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun, pronoun_of
from kfdesk.domain.rows import FieldVersion
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.i18n.language import Language
from kfdesk.services.book.links import PlanArticles, read_plan_articles
from kfdesk.services.core import records
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.plans import plans
from kfdesk.services.plans.plans import Conflict, DeletionRequest, PlanPage
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.translated import focus_language
from kfdesk.ui.pages.access import ReadOnlyBanner
from kfdesk.ui.pages.aftercare.follow_up import FollowUpSection
from kfdesk.ui.pages.aftercare.support import SupportSection
from kfdesk.ui.pages.exchange.conflicts import (
    ConflictCard,
    DeletionCard,
    ProposalCard,
    proposed_records,
    undecided_text,
)
from kfdesk.ui.pages.plan.consents import ConsentSection
from kfdesk.ui.pages.plan.cooperation import CooperationSection
from kfdesk.ui.pages.plan.decision import NEXT_STEP, DecisionSection
from kfdesk.ui.pages.plan.documents import DocumentsSection
from kfdesk.ui.pages.plan.header import PlanHeader
from kfdesk.ui.pages.plan.notes import NotesSection
from kfdesk.ui.pages.plan.person import PersonSection
from kfdesk.ui.pages.plan.retention import RetentionSection
from kfdesk.ui.pages.plan.risk import RiskSection
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.plan_sections import (
    ANY_TOPIC,
    FixTarget,
    HelpRequest,
    HelpTopic,
    MissingItem,
    PlanSection,
    SectionMap,
    fill_in_directory_entry,
    help_request_in,
)
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, RESERVE, SECTIONS, TextStyle, Tone
from kfdesk.ui.translator import ClientTranslator, Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, panel, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, clear_layout, make_scroll_area
from kfdesk.ui.widgets.navigation import SectionEntry, SectionList
from kfdesk.ui.widgets.painting import Completion

# --- Focus

_FOCUS_MARGIN = 72  # pixels around a widget that is scrolled to
_VIEWPORT_FRACTION = 3  # a widget from outside the view gets 1/3 of the viewport around it
_LAYOUT_TURNS = 5  # turns of the event loop until a new widget has its place at the latest


class FocusScroller(QObject):
    """A helper that scrolls an area to the focused widget."""

    def __init__(self, scroll: QScrollArea) -> None:
        super().__init__(scroll)
        self._scroll = scroll
        self._held: QWidget | None = None
        self._top: int | None = None
        self._turns = 0
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._on_grown)
        bar.actionTriggered.connect(self._on_scrolled)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def hold(self) -> None:
        """Keep the widget visible that has the focus now."""
        self._follow(QApplication.focusWidget())
        self._on_grown()

    def _follow(self, focus: QWidget | None) -> None:
        self._held, self._top = (focus if self._has(focus) else None), None

    def _has(self, part: QWidget | None) -> bool:
        inside = self._scroll.widget()
        return part is not None and inside is not None and inside.isAncestorOf(part)

    def _scroll_to(self, part: QWidget) -> None:
        """Scroll to a widget; one from outside the view gets space around it.

        The same applies if new content above has moved it, so that the result does not depend on
        how far the page was laid out at first.
        """
        seen = self._scroll.viewport()
        top, height = part.mapTo(seen, QPoint()).y(), seen.height()
        is_out = top >= height or top + part.height() <= 0
        if is_out or self._top not in (None, top):
            at = part.mapTo(seen, part.rect().center()) + self._scrolled()
            margin = min(height // _VIEWPORT_FRACTION + part.height() // 2, height // 2)
            self._scroll.ensureVisible(at.x(), at.y(), 0, margin)
        else:
            self._scroll.ensureWidgetVisible(part, 0, _FOCUS_MARGIN)
        self._top = part.mapTo(seen, QPoint()).y()

    def _scrolled(self) -> QPoint:
        across, down = self._scroll.horizontalScrollBar(), self._scroll.verticalScrollBar()
        return QPoint(across.value(), down.value())

    def _on_grown(self) -> None:
        held = self._held
        if held is None or held is not QApplication.focusWidget():
            return
        if self._turns and not _is_laid_out(held):
            return  # there is another turn
        if held.rect().contains(held.mapFromGlobal(QCursor.pos())):
            self._held = None  # a second click must not hit something else
        else:
            self._scroll_to(held)

    def _on_scrolled(self) -> None:
        """Stop following the focus, because the user wants to see something else."""
        self._held = None

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to the focused widget once new widgets are laid out.

        What is clicked stays under the pointer. A menu that is open while the page is deleted gives
        the focus back afterwards.
        """
        if not isValid(self._scroll):
            return
        is_clicked = QApplication.mouseButtons() is not Qt.MouseButton.NoButton
        self._follow(None if is_clicked else now)
        if self._held is not None:
            self._turns = _LAYOUT_TURNS
            QTimer.singleShot(0, self._held, self._on_turn)

    def _on_turn(self) -> None:
        """Scroll once the focused widget has its place, or after some turns of the event loop."""
        self._turns -= 1
        held = self._held
        if held is None or self._turns <= 0 or _is_laid_out(held):
            self._turns = 0
            self._on_grown()
        else:
            QTimer.singleShot(0, held, self._on_turn)


def _is_laid_out(part: QWidget) -> bool:
    """Return whether a widget lies within all around it; a new one does not yet."""
    around = part.parentWidget()
    while around is not None and not isinstance(around.parentWidget(), QScrollArea):
        if not around.rect().contains(part.geometry()):
            return False
        part, around = around, around.parentWidget()
    return True


# --- The prompt for a consent

_CONSENT_SECTION = "consent"


class ConsentPrompt(Banner):
    """A banner that leads to the first consent of a plan.

    `asked` carries the section to open and the type of record to begin.
    """

    asked = Signal(str, str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.INFO, "file-check")
        self.button = Button(kit, N_("Go to consent"), look=ButtonLook.TONAL).with_end_icon(
            "arrow-right"
        )
        self.button.clicked.connect(lambda: self.asked.emit(_CONSENT_SECTION, _CONSENT_SECTION))
        self.set_action(self.button)
        self.set_message(
            N_("Next: her consent to case management."),
            N_("Until she agrees, nothing about her is shared."),
        )
        self.hide()

    def show_plan(self, page: PlanPage, section: str) -> None:
        """Show the banner if a consent comes next and another section is open."""
        is_next = page.may_edit and not page.consents and not is_read_only(page.plan.record.state)
        self.setVisible(is_next and section != _CONSENT_SECTION)


# --- Navigation

GAP_KEY = "F8"
_SECTION_SHORTCUTS = {"Ctrl+PgUp": -1, "Ctrl+PgDown": 1, "Alt+Up": -1, "Alt+Down": 1}


class SectionNavigation(QWidget):
    """The list of sections; `bar` replaces it above the page while the window is narrow.

    `chosen` carries the key of a section, `gap_asked` asks for the next gap.
    """

    chosen = Signal(str)
    gap_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._is_narrow = False
        self._keys: list[str] = []
        self.current = ""
        self.list = SectionList(kit)
        self.list.chosen.connect(self.chosen)
        self.choice = ChoiceBox(kit)
        self.choice.chosen.connect(self.chosen)
        kit.translator.bind(self.choice.setAccessibleName, N_("Part of the plan"))
        self.gaps = tuple(self._make_gap_button() for _ in range(2))
        extend(self.list.foot, self.gaps[0])
        self.bar = self._make_bar()
        column(self.list, on=self)
        self.setProperty("ground", "column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(kit.theme.scaled(SECTIONS))

    def show_sections(self, sections: Sequence[SectionEntry], gaps: int) -> None:
        """Show these sections, and whether there is a gap to go to."""
        self._keys = [section.key for section in sections]
        self.list.show_sections(sections)
        self.choice.set_options(
            [(each.key, _section_label(each, self._kit)) for each in sections], self.current
        )
        for button in self.gaps:
            button.setEnabled(gaps > 0)
            button.set_message(N_("Next missing item") if gaps else N_("Nothing is missing"))

    def show_current(self, key: str) -> None:
        """Mark the open section."""
        self.current = key
        self.list.show_current(key)
        if self.choice.key != key:
            self.choice.setCurrentIndex(self._keys.index(key))

    def step(self, by: int) -> None:
        """Move down by some sections, or up if negative, and stop at the ends."""
        place = self._keys.index(self.current) + by if self.current in self._keys else 0
        if self._keys:
            self.chosen.emit(self._keys[max(0, min(len(self._keys) - 1, place))])

    def bind_shortcuts(self, page: QWidget) -> None:
        """Add shortcuts to a page that move between the sections."""
        for keys, by in _SECTION_SHORTCUTS.items():
            heard = QShortcut(QKeySequence(keys), page)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(partial(self.step, by))

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Replace the list with the bar above the page in a narrow window, and back."""
        self._is_narrow = is_narrow
        self.setVisible(not is_narrow)
        self.bar.setVisible(is_narrow)

    @property
    def pane(self) -> QWidget:
        """The list or the bar, whichever is visible."""
        return self.bar if self._is_narrow else self

    def focus_target(self) -> QWidget | None:
        """Return the widget that gets the focus for the open section."""
        return self.choice if self._is_narrow else self.list.items.get(self.current)

    def _make_gap_button(self) -> Button:
        button = Button(self._kit, N_("Next missing item")).with_end_icon("arrow-right")
        button.bind_key(GAP_KEY)
        button.clicked.connect(self.gap_asked)
        return button

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row(
            grown(self.choice),
            self.gaps[1],
            gap=8,
            margins=(20, 12, PAGE_MARGIN - RESERVE, 0),
            on=bar,
        )
        bar.hide()
        return bar


def _section_label(section: SectionEntry, kit: UiContext) -> Message:
    def say(language: Language) -> str:
        fact = kit.translator.translate(section.fact)
        word = language.gettext(section.label)
        return f"{word} – {fact}" if fact else word

    return say


# --- The page

_SECTION_TYPES: tuple[type[PlanSection], ...] = (
    PersonSection,
    ConsentSection,
    RiskSection,
    DecisionSection,
    CooperationSection,
    TravelSection,
    SupportSection,
    FollowUpSection,
    NotesSection,
    DocumentsSection,
    RetentionSection,
)
"""The sections in the order of the navigation."""

_MIN_CONTENT_HEIGHT = 100  # pixels of a section at 100 %; with less, the page around it scrolls
_OTHER_TYPES = frozenset({"partner", "organisation", "contact"})
_ARTICLE_TYPES = frozenset({"article", "article_link", "procedure_step"})


class PlanView(QWidget):
    """The page of one plan; `closed` leads back to the list, `other_asked` to another plan.

    `locked` reports that the user may not read this plan. `help_asked` carries the step for which
    somebody in the directory is wanted, `entry_asked` the id of an entry in it. `print_asked` leads
    to the print centre, `paper_asked` to a paper there: which, and the id of what it is
    about. `article_asked` leads to an article of the book.
    """

    closed = Signal()
    entry_asked = Signal(bytes)
    help_asked = Signal(object)
    paper_asked = Signal(object, bytes)
    article_asked = Signal(bytes)
    locked = Signal()
    other_asked = Signal(bytes)
    print_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session, rid: bytes) -> None:
        super().__init__()
        self._translator = ClientTranslator(kit.translator, self)
        self._kit = kit = replace(kit, translator=self._translator)
        self._desk = desk
        self._rid = rid
        self._page: PlanPage | None = None
        self._then: Callable[[], None] | None = None
        self._section = ""
        self._stale: set[str] = set()
        self._gaps: list[tuple[str, MissingItem]] = []
        self._gap: tuple[str, MissingItem] | None = None
        self._articles = PlanArticles()
        self._types = _OTHER_TYPES.union(*(section.types for section in _SECTION_TYPES))
        self.header = PlanHeader(kit, desk, rid)
        self.header.back.clicked.connect(self.closed)
        self.header.check_asked.connect(lambda: self.jump_to(NEXT_STEP, None, ""))
        self.header.other_asked.connect(self.other_asked)
        self.header.help_asked.connect(self._on_help_asked)
        self.header.fix_asked.connect(self.jump_to_fix)
        self.header.print_asked.connect(self.print_asked)
        self.header.alarms_changed.connect(self.read)
        self.parts = SectionMap(_SECTION_TYPES, self._make_part)
        self.sections = SectionNavigation(kit)
        self.next_step = ConsentPrompt(kit)
        self.reading = ReadOnlyBanner(kit, desk)
        self.conflicts: list[ConflictCard] = []
        self.proposals: list[ProposalCard] = []
        self.deletions: list[DeletionCard] = []
        self._cards = column(gap=CARD_GAP)
        self._placeholders: dict[int, QWidget] = {}
        self._reserved: dict[int, int] = {}
        self._card_count = 0
        self._lay_out()
        self._listen()
        self.read()
        self._read_articles()

    @property
    def pronoun(self) -> Pronoun:
        """The pronoun of the client."""
        return self._translator.language.pronoun

    def read(self) -> None:
        """Load the plan again on the worker's thread."""
        self._kit.worker.run(
            lambda: plans.open_plan(self._desk, self._rid), self._on_read, self._on_load_failed
        )

    def go_to(self, key: str) -> None:
        """Show a section; before the plan is loaded, choose the first one to show."""
        has_left, self._section = key != self._section, key
        if self._page is None:
            return
        if key in self._stale:
            self._stale.discard(key)
            self.parts.get_incomplete(key).show_plan(self._page)
        focus = QApplication.focusWidget()
        was_here = focus is not None and self._body.isAncestorOf(focus)
        self.sections.show_current(key)
        self.header.alarms.set_suppressed(is_told_below=key == TravelSection.key)
        here = self.parts.get_incomplete(key)
        for part in self.parts.built.values():
            part.setVisible(part is here)
        for card in self.conflicts:
            card.setVisible(self._section_key_of(card.conflict.type) == key)
        for proposal in self.proposals:
            proposal.setVisible(self._section_key_of(proposal.first.type) == key)
        for deletion in self.deletions:
            deletion.setVisible(self._section_key_of(deletion.request.type) == key)
        self.next_step.show_plan(self._page, key)
        if has_left:
            self._drop_placeholders()
            self._scroll.verticalScrollBar().setValue(0)
            target = self.sections.focus_target()
            if was_here and target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    def resume_draft(self, draft: OpenDraft) -> None:
        """Resume a draft of this plan, now or as soon as the plan is loaded."""
        self._when_loaded(partial(self._open_draft, draft))

    def focus_next_step(self) -> None:
        """Move the focus to the next step of a new plan once it is loaded."""
        self._when_loaded(self.next_step.button.setFocus)

    def jump_to_fix(self, goal: FixTarget) -> None:
        """Go to the field that prevents a paper, now or as soon as the plan is loaded."""
        self._when_loaded(partial(self._jump_to_fix, goal))

    def fill_in_entry(self, step: HelpRequest, entry: EntryLine) -> None:
        """Enter a directory entry in the field of a step; the user saves it there."""
        self.go_to(step.section)
        self._when_loaded(lambda: fill_in_directory_entry(self.parts[step.section], step, entry))

    def go_to_gap(self) -> None:
        """Go to the gap after the one visited last, else to the first from this section on."""
        if not self._gaps:
            return
        if self._gap in self._gaps:
            place = self._gaps.index(self._gap) + 1
        else:
            keys = [kind.key for kind in _SECTION_TYPES]
            here = keys.index(self._section)
            later = (n for n, gap in enumerate(self._gaps) if keys.index(gap[0]) >= here)
            place = next(later, 0)
        self._gap = self._gaps[place % len(self._gaps)]
        section, missing = self._gap
        self.go_to(section)
        self.parts[section].jump_to(missing)

    def jump_to(self, record_type: str, rid: bytes | None, key: str) -> None:
        """Go to the field of a record; without a record, begin one of the type."""
        for kind in _SECTION_TYPES:
            if record_type not in kind.types:
                continue
            self.go_to(kind.key)
            part = self.parts[kind.key]
            if part.open_record(rid, key) if rid else part.continue_record(record_type):
                return

    def place(self) -> str:
        """Return the place to return to after a lock: the plan's id and the section."""
        return f"{self._rid.hex()}/{self._section}"

    def return_to(self, section: str) -> None:
        """Show a section if it exists, also before the plan is loaded."""
        if section in self.parts:
            self.go_to(section)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the page, those of the open section first."""
        return (
            *self.parts.get_incomplete(self._section).commands(),
            Command(N_("Save all changes"), self._save_all, "Ctrl+S", "check", menu="edit"),
            Command(N_("Next missing item"), self.go_to_gap, GAP_KEY, "arrow-right", menu="edit"),
            *self.header.commands(),
        )

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        """Return the panes that F6 visits, each with the widget that gets the focus."""
        ways = (self.sections.pane, self.sections.focus_target())
        part = self.parts.get_incomplete(self._section) if self._section else None
        return (ways, (self._scroll, part.first_control() if part is not None else None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list on Esc and save everything on Ctrl+S."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.matches(QKeySequence.StandardKey.Save):
            self._save_all()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the entry of the open section."""
        super().focusInEvent(event)
        self._pass_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the sections as a choice above the page in a narrow window."""
        super().resizeEvent(event)
        self.sections.set_narrow(is_narrow=self._kit.theme.is_narrow(self.window().width()))
        self._pass_focus()

    def _listen(self) -> None:
        self.sections.chosen.connect(self.go_to)
        self.sections.gap_asked.connect(self.go_to_gap)
        self.next_step.asked.connect(self._on_step_asked)
        self._kit.events.changed.connect(self._on_changed)
        self.sections.bind_shortcuts(self)
        self._in_view = FocusScroller(self._scroll)

    def _lay_out(self) -> None:
        right = column(self.header.notes, self.sections.bar, grown(self._make_contents()))
        self._body = QWidget()
        row(self.sections, grown(right), on=self._body)
        column(self.header, grown(self._body), on=self)

    def _make_contents(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        self._places = column(gap=CARD_GAP)
        column(
            self.reading,
            self.next_step,
            self._cards,
            self._places,
            STRETCH,
            gap=CARD_GAP,
            margins=(20, 16, PAGE_MARGIN, PAGE_MARGIN),
            on=page,
        )
        self._scroll = make_scroll_area(page, self._kit.theme.scaled(_MIN_CONTENT_HEIGHT))
        return self._scroll

    def _make_part(self, kind: type[PlanSection]) -> PlanSection:
        """Create a section when it is first opened."""
        part = kind(self._kit, self._desk)
        part.decision_asked.connect(self._on_decision_asked)
        part.step_asked.connect(self._on_step_asked)
        part.field_asked.connect(self.jump_to)
        part.help_asked.connect(self._on_help_asked)
        part.entry_asked.connect(self.entry_asked)
        part.paper_asked.connect(self.paper_asked)
        part.article_asked.connect(self.article_asked)
        part.show_articles(self._articles)
        part.hide()
        extend(self._places, part)
        return part

    def _read_articles(self) -> None:
        """Read on the worker which articles the sections lead to."""
        if any(map(self._desk.may, DIRECTORY_READ_RIGHTS)):
            self._kit.worker.run(lambda: read_plan_articles(self._desk), self._on_articles_read)

    def _on_articles_read(self, articles: PlanArticles) -> None:
        self._articles = articles
        for part in self.parts.built.values():
            part.show_articles(articles)

    def _on_read(self, page: PlanPage) -> None:
        is_first, self._page = self._page is None, page
        self._translator.speak_of(pronoun_of(page.client.record.gender))
        self._stale = set(self.parts)
        self._gaps = [(kind.key, one) for kind in _SECTION_TYPES for one in kind.missing(page)]
        self.header.show_plan(page)
        self.reading.show_plan(page)
        self.sections.show_sections(
            [self._section_entry(page, kind) for kind in _SECTION_TYPES], len(self._gaps)
        )
        self._show_conflicts(page)
        self.go_to(self._section or ("travel" if page.legs else "person"))
        if is_first:
            self._pass_focus()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _when_loaded(self, then: Callable[[], None]) -> None:
        if self._page is None:
            self._then = then
        else:
            then()

    def _jump_to_fix(self, goal: FixTarget) -> None:
        home = self._section_key_of(goal.record_type)
        if goal.is_torn or not goal.key:
            self.go_to(home)
            self.parts[home].focus_first()
            self._on_decision_asked((goal.record_type, goal.key))
        elif self._page is not None:
            self.jump_to(goal.record_type, goal.rid_in(self._page), goal.key)
            focus_language(self.focusWidget(), goal.language)
        self._in_view.hold()

    def _pass_focus(self) -> None:
        """Pass the focus from the page to the entry of the open section."""
        target = self.sections.focus_target()
        if target is not None and self.hasFocus():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_load_failed(self, fault: KfdeskError) -> None:
        """Close the page, because the plan is in the bin, erased or not readable for the user."""
        if fault.code == "user.not_allowed":
            self.locked.emit()
            return
        if fault.code == "record.deleted":
            self._kit.notify(N_("This plan is in the bin."))
        elif fault.code != "record.missing":  # erased: who did it has been told
            self._kit.events.failed.emit(fault)
        self.closed.emit()

    def _open_draft(self, draft: OpenDraft) -> None:
        for kind in _SECTION_TYPES:
            if draft.line.type not in kind.types:
                continue
            self.go_to(kind.key)
            if self.parts[kind.key].resume_draft(draft):
                return

    def _section_key_of(self, record_type: str) -> str:
        """Return the key of the first section that shows records of a type."""
        return next(
            (kind.key for kind in _SECTION_TYPES if record_type in kind.types),
            _SECTION_TYPES[0].key,
        )

    def _section_entry(self, page: PlanPage, kind: type[PlanSection]) -> SectionEntry:
        """Return the navigation entry of a section; its fact is a waiting conflict, if any."""
        state = kind.state(page)
        open_types = [*(c.type for c in page.conflicts), *(d.type for d in page.deletions)]
        waiting = sum(self._section_key_of(one) == kind.key for one in open_types)
        fill = Completion.PART if waiting else state.fill
        fact = partial(undecided_text, waiting) if waiting else state.fact
        has_gaps = fill is Completion.PART and (not kind.icon or waiting)
        tone = Tone.WARNING if has_gaps else Tone.MUTED
        tone = Tone.DANGER if state.is_danger and not waiting else tone
        return SectionEntry(kind.key, kind.label, fill, kind.icon, fact, tone)

    def _show_conflicts(self, page: PlanPage) -> None:
        clear_layout(self._cards)
        self.conflicts = []
        self.proposals = [self._make_proposal(some) for some in proposed_records(page.conflicts)]
        self.deletions = [self._make_deletion(one) for one in page.deletions]
        for part in (*self.proposals, *self.deletions):
            extend(self._cards, part)
        proposed = {card.first.rid for card in self.proposals}
        for conflict in page.conflicts:
            if conflict.rid in proposed:
                continue
            card = ConflictCard(self._kit, conflict, self._desk.identity.name)
            card.decided.connect(partial(self._on_decided, card))
            extend(self._cards, card)
            self.conflicts.append(card)
        self._add_placeholders()

    def _add_placeholders(self) -> None:
        """Add a placeholder for each card that was just decided, so that no button comes there.

        A second click there would decide the next conflict, or record an event.
        """
        if self._cards.count() + len(self._reserved) != self._card_count:
            self._reserved.clear()  # something came, or came back: there is nothing to keep
        self._placeholders = {}
        for place, height in sorted(self._reserved.items()):
            told = muted(self._kit, N_("Decided."), TextStyle.SMALL)
            placeholder = self._placeholders[place] = panel(row(told, STRETCH))
            placeholder.setFixedHeight(height)
            self._cards.insertWidget(place, placeholder)
        self._card_count = self._cards.count()

    def _drop_placeholders(self) -> None:
        for placeholder in self._placeholders.values():
            self._cards.removeWidget(placeholder)
            placeholder.hide()
            placeholder.deleteLater()
        self._card_count -= len(self._placeholders)
        self._placeholders, self._reserved = {}, {}

    def _make_proposal(self, conflicts: Sequence[Conflict]) -> ProposalCard:
        card, desk, first = ProposalCard(self._kit, conflicts, {}), self._desk, conflicts[0]
        card.taken.connect(
            lambda values: self._save_decision(
                card, lambda: records.change_record(desk, first.rid, values, first.seen)
            )
        )
        card.declined.connect(
            lambda: self._save_decision(
                card, lambda: records.delete_record(desk, first.rid, first.seen)
            )
        )
        return card

    def _make_deletion(self, asked: DeletionRequest) -> DeletionCard:
        card, desk = DeletionCard(self._kit, asked), self._desk
        card.agreed.connect(
            lambda: self._save_decision(
                card, lambda: records.delete_record(desk, asked.rid, asked.seen)
            )
        )
        card.kept.connect(
            lambda: self._save_decision(card, lambda: records.restore_record(desk, asked.rid))
        )
        return card

    def _save_decision(self, card: QWidget, save: Callable[[], Saved]) -> None:
        self._reserved[self._cards.indexOf(card)] = card.height()
        run_with_undo(self._kit, self._desk, save, N_("Decided."))

    def _on_decision_asked(self, field: tuple[str, str] | None = None) -> None:
        """Move the focus to the first conflict of this section, or to that of a field."""
        for card in self.conflicts:
            torn = (card.conflict.type, card.conflict.key)
            if not card.isHidden() and field in (None, torn):
                self._scroll.ensureWidgetVisible(card)
                card.buttons[0].setFocus()
                return

    def _on_step_asked(self, section: str, record_type: str) -> None:
        self.go_to(section)
        if record_type:
            self.parts[section].continue_record(record_type)

    def _on_help_asked(self, meant: HelpTopic = ANY_TOPIC) -> None:
        if self._page is not None:
            self.help_asked.emit(help_request_in(self.parts[self._section], self._page, meant))

    def _on_decided(self, card: QWidget, conflict: Conflict, version: FieldVersion) -> None:
        self._reserved[self._cards.indexOf(card)] = card.height()
        desk, values = self._desk, {conflict.key: version.value}

        def save() -> Saved:
            return records.change_record(desk, conflict.rid, values, conflict.seen)

        run_with_undo(self._kit, desk, save, N_("Decided. Papers use this value now."))

    def _save_all(self) -> None:
        """Save every form of the plan that has changes, or say that there is none."""
        open_forms = [form for part in self.parts.built.values() for form in part.open_forms]
        changed = [form for form in open_forms if form.form.has_changes]
        for form in changed:
            form.save()
        if not changed:
            self._kit.notify(N_("There is nothing to save."))

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & self._types:
            self.read()
        if types & _ARTICLE_TYPES:
            self._read_articles()
