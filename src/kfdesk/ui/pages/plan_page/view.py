# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan: its header, its sections down the side, and the section one is in.

Reads the plan on the worker's thread, again after every change that it shows, and keeps section
and scroll position. A section shows the plan when it is first come to. What it shows stands in its
own module.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_
from kfdesk.services import plans
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.plans import Conflict, PlanPage
from kfdesk.services.writing import records
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import Done
from kfdesk.ui import tokens
from kfdesk.ui.form.told import turn_to
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.after_views.follow_section import FollowUpSection
from kfdesk.ui.pages.after_views.support_section import SupportSection
from kfdesk.ui.pages.closing_views.section import KeepingSection
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.plan_page.conflict import ConflictCard, to_decide
from kfdesk.ui.pages.plan_page.consent import ConsentSection
from kfdesk.ui.pages.plan_page.decision import NEXT_STEP, DecisionSection
from kfdesk.ui.pages.plan_page.documents import DocumentsSection
from kfdesk.ui.pages.plan_page.header import PlanHeader
from kfdesk.ui.pages.plan_page.notes import NotesSection
from kfdesk.ui.pages.plan_page.person import PersonSection
from kfdesk.ui.pages.plan_page.risk import RiskSection
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, Sections
from kfdesk.ui.pages.plan_page.travel import TravelSection
from kfdesk.ui.pages.plan_views.goal import Goal
from kfdesk.ui.pages.plan_views.in_view import InView
from kfdesk.ui.pages.plan_views.next_step import NextStep
from kfdesk.ui.pages.plan_views.side import GAP_KEY, SectionWays
from kfdesk.ui.pages.plan_views.wanted import ANY, Meant, Step, step_in, take_into
from kfdesk.ui.pages.rights_views.reading import ReadingNote
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import clear, scrolled
from kfdesk.ui.widgets.sections import Section

_ALL: tuple[type[PlanSection], ...] = (
    PersonSection,
    ConsentSection,
    RiskSection,
    DecisionSection,
    TravelSection,
    SupportSection,
    FollowUpSection,
    NotesSection,
    DocumentsSection,
    KeepingSection,
)
"""The sections, in the order in which they stand down the side."""

_LEAST_SEEN = 100  # pixels of a section at 100 %; with less room the header scrolls, too
_OTHERS = frozenset({"partner", "organisation", "contact"})


class PlanView(QWidget):
    """The page of one plan. `closed` asks to go back to the list, `other_asked` for a plan.

    `locked` says that it is another's; `help_asked` carries the step that somebody is wanted for.
    """

    closed = Signal()
    help_asked = Signal(object)
    locked = Signal()
    other_asked = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self._page: PlanPage | None = None
        self._then: Callable[[], None] | None = None
        self._section = ""
        self._stale: set[str] = set()
        self._gaps: list[tuple[str, Missing]] = []
        self._gap: tuple[str, Missing] | None = None
        self._types = _OTHERS.union(*(section.types for section in _ALL))
        self.header = PlanHeader(kit, desk, rid)
        self.header.back.clicked.connect(self.closed)
        self.header.check_asked.connect(lambda: self.lead_to(NEXT_STEP, None, ""))
        self.header.other_asked.connect(self.other_asked)
        self.header.help_asked.connect(self._on_help_asked)
        self.header.alarms_changed.connect(self.read)
        self.parts = Sections(_ALL, self._make_part)
        self.sections = SectionWays(kit)
        self.next_step = NextStep(kit)
        self.reading = ReadingNote(kit, desk)
        self.conflicts: list[ConflictCard] = []
        self._cards = QVBoxLayout()
        self._cards.setSpacing(tokens.CARD_GAP)
        self._lay_out()
        self._listen()
        self.read()

    def read(self) -> None:
        """Read the plan again."""
        self._kit.work.run(
            lambda: plans.open_plan(self._desk, self._rid), self._on_read, self._on_unread
        )

    def go_to(self, key: str) -> None:
        """Show a section; before the plan is read, begin in it."""
        has_left, self._section = key != self._section, key
        if self._page is None:
            return
        if key in self._stale:
            self._stale.discard(key)
            self.parts.begun(key).show_plan(self._page)
        focus = QApplication.focusWidget()
        was_here = focus is not None and self._body.isAncestorOf(focus)
        self.sections.show_current(key)
        self.header.alarms.give_way(is_told_below=key == TravelSection.key)
        here = self.parts.begun(key)
        for part in self.parts.built.values():
            part.setVisible(part is here)
        for card in self.conflicts:
            card.setVisible(self._home_of(card.conflict.type) == key)
        self.next_step.show_plan(self._page, key)
        if has_left:
            self._scroll.verticalScrollBar().setValue(0)
            target = self.sections.target()
            if was_here and target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self, draft: OpenDraft) -> None:
        """Go on with a draft of this plan, now or as soon as the plan is read."""
        self._once_read(partial(self._open_draft, draft))

    def offer_next(self) -> None:
        """Once the plan is read, give the keyboard to what comes next: it was just begun."""
        self._once_read(self.next_step.button.setFocus)

    def lead_to_goal(self, goal: Goal) -> None:
        """Lead to what keeps a paper back, now or as soon as the plan is read."""
        self._once_read(partial(self._go_to_goal, goal))

    def take_entry(self, step: Step, entry: EntryLine) -> None:
        """Name an entry of the directory in a step, to be saved there."""
        self.go_to(step.section)
        self._once_read(lambda: take_into(self.parts[step.section], step, entry))

    def go_to_gap(self) -> None:
        """Lead to the first gap, or to the one after that which was led to last."""
        if not self._gaps:
            return
        if self._gap in self._gaps:
            place = self._gaps.index(self._gap) + 1
        else:
            keys = [kind.key for kind in _ALL]
            here = keys.index(self._section)
            later = (n for n, gap in enumerate(self._gaps) if keys.index(gap[0]) >= here)
            place = next(later, 0)
        self._gap = self._gaps[place % len(self._gaps)]
        section, missing = self._gap
        self.go_to(section)
        self.parts[section].lead_to(missing)

    def lead_to(self, record_type: str, rid: bytes | None, key: str) -> None:
        """Lead to a record's field; without a record, to where one is begun."""
        for kind in _ALL:
            if record_type not in kind.types:
                continue
            self.go_to(kind.key)
            part = self.parts[kind.key]
            if part.open_record(rid, key) if rid else part.begin_record(record_type):
                return

    def place(self) -> str:
        """Where one is: the plan's id and the section."""
        return f"{self._rid.hex()}/{self._section}"

    def return_to(self, section: str) -> None:
        """Begin in a section, also before the plan is read."""
        if section in self.parts:
            self.go_to(section)

    def commands(self) -> tuple[Command, ...]:
        """What can be done here by key, that of the section on view first."""
        part = self.parts.begun(self._section)
        return (
            *part.commands(),
            Command(N_("Save all changes"), self._save_all, "Ctrl+S", "check", menu="edit"),
            Command(N_("Next gap"), self.go_to_gap, GAP_KEY, "arrow-right", menu="edit"),
            *self.header.commands(),
        )

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        """The parts that one goes between by key, each with what takes the keyboard there."""
        ways = (self.sections.pane, self.sections.target())
        part = self.parts.begun(self._section) if self._section else None
        return (ways, (self._scroll, part.first_control() if part is not None else None))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back to the list, Ctrl+S saves all."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.matches(QKeySequence.StandardKey.Save):
            self._save_all()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hand the keyboard to the section one is in."""
        super().focusInEvent(event)
        self._hand_on()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a narrow window the sections are a choice above the page."""
        super().resizeEvent(event)
        self.sections.set_narrow(is_narrow=self._kit.theme.is_narrow(self.window().width()))
        self._hand_on()

    def _listen(self) -> None:
        self.sections.chosen.connect(self.go_to)
        self.sections.gap_asked.connect(self.go_to_gap)
        self.next_step.asked.connect(self._on_step_asked)
        self._kit.hub.changed.connect(self._on_changed)
        self.sections.hear_keys(self)
        self._in_view = InView(self._scroll)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.sections.bar)
        right.addWidget(self._make_contents(), 1)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sections)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._body, 1)

    def _make_contents(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, tokens.PAGE_MARGIN, tokens.PAGE_MARGIN)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(self.reading)
        column.addWidget(self.next_step)
        column.addLayout(self._cards)
        self._places = QVBoxLayout()
        self._places.setSpacing(tokens.CARD_GAP)
        column.addLayout(self._places)
        column.addStretch(1)
        self._scroll = scrolled(page, self._kit.theme.sized(_LEAST_SEEN))
        return self._scroll

    def _make_part(self, kind: type[PlanSection]) -> PlanSection:
        """A section, when it is first come to."""
        part = kind(self._kit, self._desk)
        part.decision_asked.connect(self._on_decision_asked)
        part.step_asked.connect(self._on_step_asked)
        part.field_asked.connect(self.lead_to)
        part.help_asked.connect(self._on_help_asked)
        part.hide()
        self._places.addWidget(part)
        return part

    def _on_read(self, page: PlanPage) -> None:
        is_first, self._page = self._page is None, page
        self._stale = set(self.parts)
        self._gaps = [(kind.key, one) for kind in _ALL for one in kind.missing(page)]
        self.header.show_plan(page)
        self.reading.show_plan(page)
        self.sections.show_sections([self._shown(page, kind) for kind in _ALL], len(self._gaps))
        self._show_conflicts(page)
        self.go_to(self._section or ("travel" if page.legs else "person"))
        if is_first:
            self._hand_on()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _once_read(self, then: Callable[[], None]) -> None:
        if self._page is None:
            self._then = then
        else:
            then()

    def _go_to_goal(self, goal: Goal) -> None:
        home = self._home_of(goal.record_type)
        if goal.is_torn or not goal.key:
            self.go_to(home)
            self.parts[home].focus_first()
            self._on_decision_asked((goal.record_type, goal.key))
        elif self._page is not None:
            self.lead_to(goal.record_type, goal.rid_in(self._page), goal.key)
            turn_to(self.focusWidget(), goal.language)
        self._in_view.hold()

    def _hand_on(self) -> None:
        """Hand the keyboard on, if it is here, to the way to the section one is in."""
        target = self.sections.target()
        if target is not None and self.hasFocus():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_unread(self, fault: KfdeskError) -> None:
        """The plan has gone, into the bin or for good: the list is where one goes on."""
        if fault.code == "user.not_allowed":
            self.locked.emit()
            return
        if fault.code == "record.deleted":
            self._kit.tell(N_("This plan is in the bin."))
        elif fault.code != "record.missing":  # erased for good, as whoever did it was told
            self._kit.hub.failed.emit(fault)
        self.closed.emit()

    def _open_draft(self, draft: OpenDraft) -> None:
        for kind in _ALL:
            if draft.line.type not in kind.types:
                continue
            self.go_to(kind.key)
            if self.parts[kind.key].go_on(draft):
                return

    def _home_of(self, record_type: str) -> str:
        """The first section that shows records of a type."""
        return next((kind.key for kind in _ALL if record_type in kind.types), _ALL[0].key)

    def _shown(self, page: PlanPage, kind: type[PlanSection]) -> Section:
        """The section's line; where a conflict waits in it, that is the fact to say."""
        state = kind.state(page)
        waiting = sum(self._home_of(one.type) == kind.key for one in page.conflicts)
        fill = Fill.PART if waiting else state.fill
        fact = partial(to_decide, waiting) if waiting else state.fact
        has_gaps = fill is Fill.PART and (not kind.icon or waiting)
        tone = Tone.WARNING if has_gaps else Tone.MUTED
        return Section(kind.key, kind.label, fill, kind.icon, fact, tone)

    def _show_conflicts(self, page: PlanPage) -> None:
        clear(self._cards)
        self.conflicts = []
        for conflict in page.conflicts:
            card = ConflictCard(self._kit, conflict, self._desk.identity.name)
            card.decided.connect(self._on_decided)
            self._cards.addWidget(card)
            self.conflicts.append(card)

    def _on_decision_asked(self, field: tuple[str, str] | None = None) -> None:
        """Lead to the first conflict that waits in this section, or to that of a field."""
        for card in self.conflicts:
            torn = (card.conflict.type, card.conflict.key)
            if not card.isHidden() and field in (None, torn):
                self._scroll.ensureWidgetVisible(card)
                card.buttons[0].setFocus()
                return

    def _on_step_asked(self, section: str, record_type: str) -> None:
        self.go_to(section)
        if record_type:
            self.parts[section].begin_record(record_type)

    def _on_help_asked(self, meant: Meant = ANY) -> None:
        if self._page is not None:
            self.help_asked.emit(step_in(self.parts[self._section], self._page, meant))

    def _on_decided(self, conflict: Conflict, version: Version) -> None:
        desk, values = self._desk, {conflict.key: version.value}

        def save() -> Done:
            return records.change_record(desk, conflict.rid, values, conflict.seen)

        do(self._kit, desk, save, N_("Decided. Papers use this value now."))

    def _save_all(self) -> None:
        """Save every form of the plan in which something was changed."""
        for part in self.parts.built.values():
            for form in part.open_forms:
                if form.form.has_changes:
                    form.save()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & self._types:
            self.read()
