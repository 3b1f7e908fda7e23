# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Travel of a plan: the legs, what is prepared for them, and the day of travel.

The section only joins and connects its parts, which are created below the timeline while the
window is idle. It loads the journey with its findings and alarms after each change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.disclosure import Channel
from kfdesk.domain.schema import N_, DataGroup
from kfdesk.i18n.language import Language
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import (
    JourneyStatus,
    LegEvent,
    read_journey,
    replace_leg,
    replacement_leg_values,
)
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList
from kfdesk.ui.pages.plan.journey import (
    current_leg,
    is_travel_tracked,
    journey_readers_text,
    last_travel_day,
    legs_not_arrived_before,
)
from kfdesk.ui.pages.plan.leg_findings import (
    OpenPointsPanel,
    field_findings,
    find_open_points,
    journey_gaps,
)
from kfdesk.ui.pages.plan.legs import LegsPanel, scroll_to_widget
from kfdesk.ui.pages.plan.travel_day import AlarmPanel, TravelDayCard
from kfdesk.ui.pages.plan.travel_parts import (
    DepartureChecklist,
    HelpNumberList,
    JourneyCard,
    SafetyCard,
    TravelCompanyCard,
    handover_listing,
    travel_document_listing,
)
from kfdesk.ui.plan_sections import MissingItem, PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import EmptyState, FlowBox
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip

_MIN_HEAD_WIDTH = 760  # pixels at 100 %; below it, the buttons of the heading show only icons


class TravelSection(PlanSection):
    """The section with the journey; parts below the timeline are created when idle."""

    safety: SafetyCard
    numbers: HelpNumberList
    documents: RecordList
    company: TravelCompanyCard
    checklist: DepartureChecklist
    handovers: RecordList

    key = "travel"
    label = N_("Travel")
    types = frozenset({"leg", "help_number", "travel_document", "handover", "plan"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._journey = JourneyStatus()
        self._offers = FormOptions()
        self.readers = Chip(kit, Tone.MUTED, "eye")
        self.up = Button(kit, N_("Move up"), "chevron-up", ButtonLook.QUIET)
        self.down = Button(kit, N_("Move down"), "chevron-down", ButtonLook.QUIET)
        self.add = Button(kit, N_("Leg"), "plus").bind_key("Ins")
        kit.translator.bind(self.add.setAccessibleName, N_("Add a leg"))
        self.alarm = AlarmPanel(kit)
        self.legs = LegsPanel(kit, desk)
        self.table, self.editor = self.legs.table, self.legs.editor
        self._day: TravelDayCard | None = None
        self.journey = JourneyCard(kit)
        self.timeline = self.journey.line
        self.open_points = OpenPointsPanel(kit)
        self._cards: list[SafetyCard | TravelCompanyCard | DepartureChecklist] = []
        self._making = self._make_cards()
        self._lay_out()
        self._listen()

    def show_plan(self, page: PlanPage) -> None:
        """Show the journey of this plan."""
        self._page, self._offers = page, self._make_options(page)
        self.run_incrementally(self._show_parts(page))

    def _show_parts(self, page: PlanPage) -> Iterator[None]:
        """Show the parts that exist, then create the rest."""
        desk, rid, is_shut = self.desk, page.plan.rid, is_plan_read_only(page)
        self.kit.worker.run(lambda: read_journey(desk, rid), self._on_journey_read)
        self._show_head(page, is_shut=is_shut)
        self.legs.show_plan(page, self._offers, is_read_only=is_shut)
        self._show_day()
        yield
        self.journey.show_legs(page.legs)
        for card in self._cards:
            card.show_plan(page, is_read_only=is_shut)
        for records in self.lists:
            self._show_list(records, page)
        for _ in self._making:
            yield
        self._show_findings()

    def _make_cards(self) -> Iterator[None]:
        """Create the parts below the timeline in tab order."""
        kit, desk = self.kit, self.desk
        _before_the_rest = (
            self.day
        )  # created first: when it hides, the focus goes to the next widget created
        yield
        self.safety = SafetyCard(kit, desk)
        self._add_card(self.safety)
        self.add_form(self.safety.form)
        yield
        self.numbers = HelpNumberList(kit, desk)
        self._add_record_list(self.numbers)
        yield
        self.documents = RecordList(kit, desk, travel_document_listing(self._last_day))
        self._add_record_list(self.documents)
        yield
        self.company = TravelCompanyCard(kit, desk, self._offers)
        self.column.addWidget(self.company)
        yield from self.company.form.form.build_incrementally()
        self._add_card(self.company)
        self.add_form(self.company.form)
        yield
        self.checklist = DepartureChecklist(kit, desk)
        self.checklist.help_asked.connect(lambda kind: self.help_asked.emit((kind, None, None)))
        self._add_card(self.checklist)
        yield
        self.handovers = RecordList(kit, desk, handover_listing())
        self._add_record_list(self.handovers)

    def _add_card(self, card: SafetyCard | TravelCompanyCard | DepartureChecklist) -> None:
        self._cards.append(card)
        self.column.addWidget(card)
        if self._page is not None:
            card.show_plan(self._page, is_read_only=is_plan_read_only(self._page))

    def _add_record_list(self, records: RecordList) -> None:
        self.add_list(records)
        records.opened.connect(self._show_findings)
        if self._page is not None:
            self._show_list(records, self._page)

    @property
    def day(self) -> TravelDayCard:
        """The card that records events on the way; hidden outside the time of travel."""
        if self._day is None:
            self._day = TravelDayCard(self.kit, self.desk)
            self._day.leg_asked.connect(self.replace_missed_leg)
            self._day.hide()
            self.legs.below.addWidget(self._day)
        return self._day

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the number of gaps as the fact."""
        gaps = len(page.gaps)
        fill = (Completion.PART if gaps else Completion.DONE) if page.legs else Completion.EMPTY
        return SectionProgress(
            fill, (lambda language: _gap_count_text(gaps, language)) if gaps else ""
        )

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return the gaps of the journey, record by record."""
        return journey_gaps(page)

    @property
    def open_forms(self) -> Sequence[RecordForm]:
        """The open forms, with that of the open leg first."""
        leg = self.editor.form
        return (*((leg,) if leg is not None else ()), *super().open_forms)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a record, or move the focus to its field; return whether it is here."""
        return self.legs.open_leg(rid, key) or super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; return whether it belongs here."""
        if record_type == "leg":
            self.legs.add()
            return True
        return super().begin_record(record_type)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft; return whether it belongs here."""
        return self.legs.resume_draft(draft) or super().resume_draft(draft)

    def commands(self) -> Sequence[Command]:
        """Return the commands of the journey."""
        legs = self.legs
        is_open = self.add.isVisibleTo(self)
        edit = (
            Command(N_("Add a leg"), legs.add, "Ins", "plus", menu="edit"),
            Command(N_("Move the leg up"), lambda: legs.move_leg(-1), "Ctrl+Up", menu="edit"),
            Command(N_("Move the leg down"), lambda: legs.move_leg(1), "Ctrl+Down", menu="edit"),
            Command(N_("Put the leg in the bin"), legs.put_in_bin, "Del", menu="edit"),
        )
        turn = Command(
            N_("From the table to the timeline and back"),
            self.toggle_timeline_focus,
            "Alt+T",
            menu="go",
        )
        arrive = Command(
            N_("She has arrived"), self.record_arrival, "Alt+A", "circle-check", menu="edit"
        )
        return (*(edit if is_open else ()), *((arrive,) if self._may_record_events() else ()), turn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the buttons of the heading as icons in a narrow window."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.kit.theme.scaled(_MIN_HEAD_WIDTH)
        for button in (self.up, self.down):
            button.set_bare(is_bare=is_narrow)
        self.readers.setVisible(not is_narrow)

    # Layout

    def _lay_out(self) -> None:
        title = self.column.takeAt(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        if title is not None and (words := title.widget()) is not None:
            head.addWidget(words)
        head.addStretch(1)
        head.addWidget(FlowBox(self.readers, self.up, self.down, self.add))
        self.column.addLayout(head)
        self._empty = EmptyState(
            self.kit, "route", N_("No journey yet"), N_("Add the first leg: from where, to where.")
        )
        for part in (self.alarm, self._empty, self.legs, self.journey, self.open_points):
            self.column.addWidget(part)

    def _listen(self) -> None:
        self.add.clicked.connect(self.legs.add)
        self.up.clicked.connect(lambda: self.legs.move_leg(-1))
        self.down.clicked.connect(lambda: self.legs.move_leg(1))
        self.legs.chosen.connect(self._show_day)
        self.legs.opened.connect(self._show_findings)
        self.editor.decision_asked.connect(self.decision_asked)
        self.timeline.stepped.connect(self._on_stepped)
        self.open_points.asked.connect(self._on_point_asked)
        self.alarm.leg_asked.connect(self.replace_missed_leg)
        self.alarm.leg_chosen.connect(self._on_leg_chosen)
        QShortcut(QKeySequence("Alt+T"), self, self.toggle_timeline_focus)
        QShortcut(QKeySequence("Alt+A"), self, self.record_arrival)

    # Actions

    def toggle_timeline_focus(self) -> None:
        """Move the focus to the table, or from the table to the timeline."""
        goal = self.timeline if self.table.hasFocus() else self.table
        goal.setFocus()
        scroll_to_widget(goal)

    def record_arrival(self) -> None:
        """Record that the client has arrived with the current leg."""
        leg = current_leg(self._page.legs) if self._page is not None else None
        if leg is not None and self._may_record_events():
            self.legs.select_leg(leg.rid)
            self.day.record_event(LegEvent.ARRIVED)

    def replace_missed_leg(self, rid: bytes) -> None:
        """Create and open a new leg that replaces a missed one."""
        page = self._page
        missed = next((leg for leg in page.legs if leg.rid == rid), None) if page else None
        if missed is None:
            return
        desk, values = self.desk, replacement_leg_values(missed)
        self.kit.worker.run(lambda: replace_leg(desk, rid, values), self._on_replaced)

    # Display

    def _make_options(self, page: PlanPage) -> FormOptions:
        """Return the options of every form here.

        Texts are also wanted in the languages that the receiver reads.
        """
        made = plan_form_options(self.kit, page, self.desk)
        return replace(
            made, languages=tuple(dict.fromkeys((*made.languages, *self._journey.reads)))
        )

    def _show_list(self, records: RecordList, page: PlanPage) -> None:
        records.offers = self._offers
        views = page.case.all_views(records.listing.record_type)
        records.show_records(views, page.plan.rid, is_read_only=is_plan_read_only(page))

    def _show_head(self, page: PlanPage, *, is_shut: bool) -> None:
        names = [
            share.name
            for share in page.shares
            if share.channel is Channel.BUNDLE and DataGroup.TRAVEL in share.groups
        ]
        self.readers.set_message(lambda language: journey_readers_text(names, language))
        self.add.setVisible(not is_shut)
        for button in (self.up, self.down):
            button.setVisible(len(page.legs) > 1 and not is_shut)
        self.journey.setVisible(bool(page.legs))
        self._empty.setVisible(not page.legs)

    def _may_record_events(self) -> bool:
        """Return whether travel is tracked and the user may record its events."""
        page = self._page
        return page is not None and self._journey.may_watch and is_travel_tracked(page)

    def _show_day(self) -> None:
        leg, page = self.legs.current, self._page
        if page is None or leg is None or not self._may_record_events():
            if self._day is not None:
                self._day.hide()
            return
        number = next(n for n, one in enumerate(page.legs, start=1) if one.rid == leg.rid)
        now = current_leg(page.legs)
        is_current = now is not None and now.rid == leg.rid
        before = legs_not_arrived_before(page.legs, leg.rid)
        self.day.show_leg(number, leg, before, is_current=is_current)
        self.day.show()

    def _show_findings(self) -> None:
        """Show the findings of the checks beside the fields of every open form."""
        page, wanted = self._page, self._offers.languages
        if page is None:
            return
        self.legs.show_journey(self._journey, wanted)
        for records in self.lists:
            rid = records.form.rid if records.form is not None else None
            if records.form is not None and rid is not None:
                records.form.form.show_findings(field_findings(page, self._journey, rid, wanted))
        found = field_findings(page, self._journey, page.plan.rid, wanted)
        for card in self._cards:
            if isinstance(card, TravelCompanyCard):
                card.form.form.show_findings(found)

    def _last_day(self) -> date | None:
        return last_travel_day(self._page.legs) if self._page is not None else None

    # Event handlers

    def _on_journey_read(self, journey: JourneyStatus) -> None:
        if self._page is None:
            return
        self._journey = journey
        self._show_day()
        self._offers = self._make_options(self._page)
        for records in self.lists:
            records.offers = self._offers
        self.legs.set_form_options(self._offers)
        self.alarm.show_alarms(journey.alarms, self._page.legs, may_add=self._page.may_edit)
        self.open_points.show_points(find_open_points(self._page, journey))
        self._show_findings()

    def _on_stepped(self, by: int) -> None:
        legs = self._page.legs if self._page is not None else ()
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(legs):
            self.legs.select_leg(legs[row].rid)

    def _on_point_asked(self, record_type: str, rid: bytes | None, key: str) -> None:
        if record_type == "client":
            self.step_asked.emit("person", "")
        elif rid is None or not self.open_record(rid, key):
            self.begin_record(record_type)

    def _on_leg_chosen(self, rid: bytes) -> None:
        self.legs.select_leg(rid)
        self.table.setFocus()
        scroll_to_widget(self.day)

    def _on_replaced(self, rid: bytes) -> None:
        kit, desk = self.kit, self.desk
        types = frozenset({"leg"})

        def take_back() -> None:
            kit.worker.run(
                lambda: delete_record(desk, rid), lambda _: kit.events.changed.emit(types)
            )

        self.legs.open_later(rid, "departs")
        kit.events.changed.emit(types)
        kit.notify(N_("A new leg stands in for the missed one."), take_back)


def _gap_count_text(count: int, language: Language) -> str:
    return language.ngettext("{count} gap", "{count} gaps", count).format(count=count)
