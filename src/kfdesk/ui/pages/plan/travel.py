# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Travel of a plan: the legs, what is prepared for them, and the day of travel.

The section only joins and connects its parts, which are created below the timeline while the
window is idle. It loads the journey with its findings and alarms after each change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from kfdesk.domain.disclosure import Channel
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.workflow.gates import Gate, GateReason
from kfdesk.i18n.language import Language
from kfdesk.services.book.links import PlanArticles
from kfdesk.services.core.drafts import OpenDraft, read_draft
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
    ShownLeg,
    is_travel_tracked,
    journey_readers_text,
    last_travel_day,
    page_legs,
)
from kfdesk.ui.pages.plan.leg_findings import (
    OpenPointsPanel,
    field_findings,
    find_open_points,
    journey_gaps,
)
from kfdesk.ui.pages.plan.legs import LegsPanel, scroll_to_widget
from kfdesk.ui.pages.plan.travel_day import AlarmPanel, NowNextCard, fill_leg_menu
from kfdesk.ui.pages.plan.travel_parts import (
    COMPANY_KEYS,
    FOLDED_PADDING,
    DepartureChecklist,
    FoldedFieldsCard,
    HelpNumberList,
    JourneyCard,
    SafetyCard,
    TravelCompanyCard,
    handover_listing,
    help_numbers_text,
    records_text,
    travel_document_listing,
)
from kfdesk.ui.pages.plan.travellers import (
    TravellerList,
    holder_name,
    holder_options,
    travellers_text,
)
from kfdesk.ui.plan_sections import (
    MissingItem,
    PlanSection,
    SectionProgress,
    is_plan_read_only,
    missing_for_gates,
    record_to_correct,
)
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.layout import EmptyState, FlowBox
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.text import Chip

_MIN_HEAD_WIDTH = 760  # pixels at 100 %; below it, the buttons of the heading show only icons
_GAP = 6  # pixels between the parts, so that the whole journey fits on one and a half screens
_FOLDED_GAP = 4
_SHEET_TYPES = ("leg", "help_number")
_UNDER_DECISION = frozenset({"child_papers", "organisation", "contact", "phone"})
_NONE_YET = {"travel_document": N_("no document yet"), "handover": N_("not yet")}


class TravelSection(PlanSection):
    """The section with the journey; the folded cards below the legs are created when idle."""

    safety: SafetyCard
    numbers: HelpNumberList
    travellers: TravellerList
    documents: RecordList
    company: TravelCompanyCard
    checklist: DepartureChecklist
    handovers: RecordList

    key = "travel"
    label = N_("Travel")
    types = frozenset({"leg", "help_number", "traveller", "travel_document", "handover", "plan"})

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._journey = JourneyStatus()
        self._offers = FormOptions()
        self.readers = Chip(kit, Tone.MUTED, "eye")
        self.alarm = AlarmPanel(kit)
        self.legs = LegsPanel(kit, desk)
        self.table, self.editor = self.legs.table, self.legs.editor
        quiet = ButtonLook.QUIET
        up, down = (partial(self.legs.move_leg, by) for by in (-1, 1))
        self.up = Button(kit, N_("Move up"), "chevron-up", quiet, up).bared()
        self.down = Button(kit, N_("Move down"), "chevron-down", quiet, down).bared()
        self.record = Button(kit, N_("This leg"), "route", quiet, self.show_leg_menu)
        self.record.with_end_icon("chevron-down")
        kit.translator.bind(self.record.setAccessibleName, N_("Record or undo for this leg"))
        self.menu = PopupMenu(self.record)
        self.add = Button(kit, N_("Leg"), "plus", on=self.legs.add).bind_key("Ins")
        kit.translator.bind(self.add.setAccessibleName, N_("Add a leg"))
        self.day = NowNextCard(kit, desk)
        self.journey = JourneyCard(kit, desk)
        self.timeline = self.journey.line
        self.open_points = OpenPointsPanel(kit)
        self._cards: list[SafetyCard | TravelCompanyCard | DepartureChecklist] = []
        self._folds: dict[str, CollapsibleCard] = {}
        self._folded = column(gap=_FOLDED_GAP)
        self._making = self._make_cards()
        self._lay_out()
        self._listen()

    def show_plan(self, page: PlanPage) -> None:
        self._page, self._offers = page, self._make_options(page)
        self.run_incrementally(self._show_parts(page))

    def _show_parts(self, page: PlanPage) -> Iterator[None]:
        """Show the parts that exist, then create the rest."""
        is_shut = is_plan_read_only(page)
        self._read_journey(page)
        self._show_head(page, is_shut=is_shut)
        self.legs.show_plan(page, self._offers, is_read_only=is_shut)
        self._show_progress()
        yield
        for card in self._cards:
            card.show_plan(page, is_read_only=is_shut)
        for records in self.lists:
            self._show_list(records, page)
        for _ in self._making:
            yield
        self._show_findings()

    def _make_cards(self) -> Iterator[None]:
        """Create the folded cards below the legs in tab order, and show them together.

        The page would be laid out and painted again for each.
        """
        kit, desk = self.kit, self.desk
        yield
        self.company = TravelCompanyCard(kit, desk)
        self._add_card(self.company, "company")
        yield
        self.numbers = HelpNumberList(kit, desk)
        self._add_record_list(self.numbers)
        yield
        self.travellers = TravellerList(kit, desk, self._last_day)
        self._add_record_list(self.travellers)
        yield
        self.documents = RecordList(
            kit, desk, travel_document_listing(self._last_day, self._holder)
        )
        self._add_record_list(self.documents)
        yield
        self.checklist = DepartureChecklist(kit, desk)
        self.checklist.help_asked.connect(lambda kind: self.help_asked.emit((kind, None, None)))
        self.checklist.record_asked.connect(self._on_record_asked)
        self._add_card(self.checklist, "checks")
        yield
        self.safety = SafetyCard(kit, desk)
        self._add_card(self.safety, "safety")
        yield
        self.handovers = RecordList(kit, desk, handover_listing())
        self._add_record_list(self.handovers)
        extend(self._folded, *self._folds.values())
        if self._page is not None:
            self._look_for_draft(self._page.plan.rid)

    def _add_card(
        self, card: SafetyCard | TravelCompanyCard | DepartureChecklist, name: str
    ) -> None:
        self._cards.append(card)
        self._folds[name] = card
        if isinstance(card, FoldedFieldsCard):
            card.made.connect(self._on_form_made)
        if self._page is not None:
            card.show_plan(self._page, is_read_only=is_plan_read_only(self._page))

    def _add_record_list(self, records: RecordList) -> None:
        spec = records.listing
        card = CollapsibleCard(self.kit, spec.title, spec.icon, FOLDED_PADDING)
        card.hold(records)
        records.build_later()
        card.content_asked.connect(records.build)
        card.open_with(records.waiting)
        self._folds[spec.record_type] = card
        self.lists.append(records)
        records.opened.connect(partial(self._on_record_opened, records))
        if self._page is not None:
            self._show_list(records, self._page)

    def unfold(self, name: str) -> None:
        """Open a folded card: `company`, `checks`, `safety`, or that of a type of record."""
        if name in self._folds:
            self._folds[name].set_open(is_open=True)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the number of gaps as the fact; done once "Check" asks nothing here."""
        gaps = len(page.gaps_ahead)
        lacks = bool(gaps or TravelSection._asked(page))
        fill = (Completion.PART if lacks else Completion.DONE) if page.legs else Completion.EMPTY
        return SectionProgress(
            fill, (lambda language: _gap_count_text(gaps, language)) if gaps else ""
        )

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return the gaps of the journey, record by record, and what "Check" names here."""
        return tuple(dict.fromkeys((*journey_gaps(page), *cls._asked(page))))

    @classmethod
    def _asked(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return what "Check" names here; the faults of the sheet are gaps of the journey."""
        asked = missing_for_gates(page, cls.types, COMPANY_KEYS)
        return [
            one
            for one in asked
            if one.rid is not None or not page.legs or one.record_type not in _SHEET_TYPES
        ]

    @property
    def open_forms(self) -> Sequence[RecordForm]:
        """The open forms, with that of the open leg first."""
        leg = self.editor.form
        return (*((leg,) if leg is not None else ()), *super().open_forms)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a record, or move the focus to its field; return whether it is here."""
        if self.legs.open_leg(rid, key):
            return True
        for records in self.lists:
            if any(one.rid == rid for one in self._views_of(records)):
                self.unfold(records.listing.record_type)
        plan = self._page.plan.rid if self._page is not None else None
        for name, card in (("company", self.company), ("safety", self.safety)):
            if plan == rid and key in card.keys:
                self.unfold(name)
        return super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; return whether it belongs here."""
        if record_type == "leg":
            self.legs.add()
            return True
        self.unfold(record_type)
        for records in self.lists:
            if record_type == "traveller" and isinstance(records, TravellerList):
                records.open_first_gap()
                return True
        return super().begin_record(record_type)

    def continue_record(self, record_type: str) -> bool:
        """Unfold the card of a type, and go on with a new record or begin one."""
        self.unfold(record_type)
        return super().continue_record(record_type)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft; return whether it belongs here."""
        self.unfold(draft.line.type)
        self._show_draft(draft)
        return self.legs.resume_draft(draft) or super().resume_draft(draft)

    def commands(self) -> Sequence[Command]:
        legs = self.legs
        is_open = self.add.isVisibleTo(self)
        edit = (
            Command(N_("Add a leg"), legs.add, "Ins", "plus", menu="edit"),
            Command(N_("Move the leg up"), lambda: legs.move_leg(-1), "Ctrl+Up", menu="edit"),
            Command(N_("Move the leg down"), lambda: legs.move_leg(1), "Ctrl+Down", menu="edit"),
            Command(N_("Put the leg in the bin"), legs.put_in_bin, "Del", menu="edit"),
        )
        turn = Command(
            N_("Switch between the table and the timeline"),
            self.toggle_timeline_focus,
            "Alt+T",
            menu="go",
        )
        arrive = Command(
            N_("She has arrived"), self.record_arrival, "Alt+A", "building-2", menu="edit"
        )
        return (*(edit if is_open else ()), *((arrive,) if self._may_record_events() else ()), turn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the buttons of the heading as icons in a narrow window."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_head()

    def show_articles(self, articles: PlanArticles) -> None:
        """Show a *?* beside the heading, which then needs more room."""
        super().show_articles(articles)
        self._fit_head()

    def _fit_head(self) -> None:
        """Leave out of the heading what would take a second row."""
        is_narrow = self.width() < self.kit.theme.scaled(_MIN_HEAD_WIDTH)
        self.record.set_bare(is_bare=is_narrow)
        self.readers.setVisible(not is_narrow)
        parts = (self._title, self.journey.span, self._buttons)
        wanted = sum(part.sizeHint().width() + _GAP for part in parts)
        self.journey.span.setVisible(not is_narrow and wanted <= self.width())

    # Layout

    def _lay_out(self) -> None:
        first = self.column.takeAt(0)
        title = first.widget() if first is not None else None
        assert title is not None
        self._title = title
        self._buttons = FlowBox(self.readers, self.record, self.up, self.down, self.add)
        self._empty = EmptyState(
            self.kit, "route", N_("No journey yet"), N_("Add the first leg: from where, to where.")
        )
        self.column.setSpacing(_GAP)
        head = row(title, self.journey.span, STRETCH, self._buttons, gap=_GAP)
        parts = (
            head, self.day, self.alarm, self._empty, self.journey, self.legs, self.open_points,
            self._folded,
        )  # fmt: skip
        for part in parts:
            extend(self.column, part)

    def _listen(self) -> None:
        self.legs.opened.connect(self._show_findings)
        self.editor.decision_asked.connect(self.decision_asked)
        self.day.handover_asked.connect(lambda: self.begin_record("handover"))
        self.timeline.stepped.connect(self._on_stepped)
        self.open_points.asked.connect(self._on_point_asked)
        self.alarm.leg_asked.connect(self.replace_missed_leg)
        self.alarm.leg_chosen.connect(self._on_leg_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_asked)
        self.kit.events.minute_passed.connect(self._show_progress)
        self.kit.translator.changed.connect(self._fit_head)
        QShortcut(QKeySequence("Alt+T"), self, self.toggle_timeline_focus)
        QShortcut(QKeySequence("Alt+A"), self, self.record_arrival)

    # Actions

    def toggle_timeline_focus(self) -> None:
        """Move the focus to the table, or from the table to the timeline."""
        goal = self.timeline if self.table.hasFocus() else self.table
        goal.setFocus()
        scroll_to_widget(goal)

    def show_leg_menu(self, at: QPoint | None = None) -> None:
        """Show what can be recorded for the leg that is chosen in the table, and taken back."""
        leg = self._shown_leg()
        if leg is None:
            return
        fill_leg_menu(self.kit, self.menu, leg, self.day)
        if leg.record.status == "missed" and self._page is not None and self._page.may_edit:
            words = self.kit.translator.translate(N_("Replacement leg"))
            self.menu.addAction(words, partial(self.replace_missed_leg, leg.view.rid))
        below = self.record.mapToGlobal(self.record.rect().bottomLeft())
        self.menu.popup(at or below)

    def record_arrival(self) -> None:
        """Record that the client has arrived with the current leg."""
        if self._may_record_events():
            self.day.record_event(LegEvent.ARRIVED)

    @task
    async def replace_missed_leg(self, rid: bytes) -> None:
        """Create and open a new leg that replaces a missed one."""
        page = self._page
        missed = next((leg for leg in page.legs if leg.rid == rid), None) if page else None
        if missed is None:
            return
        kit, desk, values = self.kit, self.desk, replacement_leg_values(missed)
        new = await call(kit, replace_leg, desk, rid, values)
        types = frozenset({"leg"})

        def take_back() -> None:
            kit.worker.run(
                lambda: delete_record(desk, new), lambda _: kit.events.changed.emit(types)
            )

        self.legs.open_later(new, "departs")
        kit.events.changed.emit(types)
        kit.notify(N_("A new leg replaces the missed one."), take_back)

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
        views, kind = self._views_of(records), records.listing.record_type
        self._offer(records)
        records.show_records(views, page.plan.rid, is_read_only=is_plan_read_only(page))
        told: Message = partial(records_text, records, views, _NONE_YET.get(kind, ""))
        if kind == "help_number":
            told = partial(help_numbers_text, views, self.desk.adapters.clock.now())
        if isinstance(records, TravellerList):
            told = partial(travellers_text, page)
        self._folds[kind].show_message(told)

    def _offer(self, records: RecordList) -> None:
        """Offer what a list's fields can refer to; a document belongs to a traveller."""
        page, offers = self._page, self._offers
        if isinstance(records, TravellerList) and page is not None:
            records.show_page(page, offers, is_read_only=is_plan_read_only(page))
        elif page is not None:
            whose = holder_options(page)
            records.offers = replace(offers, references={**offers.references, "whose": whose})

    def _holder(self, document: RecordView[Any]) -> str:
        return holder_name(self._page, document)

    def _views_of(self, records: RecordList) -> Sequence[RecordView[Any]]:
        page = self._page
        return page.case.all_views(records.listing.record_type) if page is not None else ()

    def _show_progress(self) -> None:
        """Show what the clock and the records say now; called every minute, too."""
        page = self._page
        if page is None:
            return
        legs = page_legs(page, self.desk.adapters.clock.now())
        self.legs.show_progress()
        self.journey.show_legs(legs)
        self.day.show_journey(page, legs, may_record=self._may_record_events())

    def _shown_leg(self) -> ShownLeg | None:
        """Return the leg that is chosen in the table, with its progress now."""
        page, chosen = self._page, self.legs.current
        if page is None or chosen is None:
            return None
        legs = page_legs(page, self.desk.adapters.clock.now())
        return next((leg for leg in legs if leg.view.rid == chosen.rid), None)

    def _show_head(self, page: PlanPage, *, is_shut: bool) -> None:
        names = [
            share.name
            for share in page.shares
            if share.channel is Channel.BUNDLE and DataGroup.TRAVEL in share.groups
        ]
        self.readers.set_message(lambda language: journey_readers_text(names, language))
        self._fit_head()
        self.add.setVisible(not is_shut)
        for button in (self.up, self.down):
            button.setVisible(len(page.legs) > 1 and not is_shut)
        self.record.setVisible(bool(page.legs))
        self.open_points.setVisible(bool(page.legs))
        self.journey.setVisible(bool(page.legs))
        self._empty.setVisible(not page.legs)

    def _may_record_events(self) -> bool:
        """Return whether travel is tracked and the user may record its events."""
        page = self._page
        return page is not None and self._journey.may_watch and is_travel_tracked(page)

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
        if "company" in self._folds and self.company.built is not None:
            self.company.built.form.show_findings(found)

    def _last_day(self) -> date | None:
        return last_travel_day(self._page.legs) if self._page is not None else None

    # Event handlers

    @task
    async def _read_journey(self, page: PlanPage) -> None:
        journey = await call(self.kit, read_journey, self.desk, page.plan.rid)
        if self._page is None:
            return
        could_record = self._may_record_events()
        self._journey = journey
        if self._may_record_events() != could_record:
            self._show_progress()
        self._offers = self._make_options(self._page)
        for records in self.lists:
            self._offer(records)
        self.legs.set_form_options(self._offers)
        self.alarm.show_alarms(journey.alarms, self._page.legs, may_add=self._page.may_edit)
        self.open_points.show_points(find_open_points(self._page, journey))
        self._show_findings()

    @task
    async def _look_for_draft(self, plan: bytes) -> None:
        """Open the folded card whose fields have a draft: nobody would see it there."""
        found = await call(self.kit, read_draft, self.desk, plan)
        if found is not None:
            self._show_draft(found)

    def _show_draft(self, draft: OpenDraft) -> None:
        held = {*draft.form.values, *draft.form.typed}
        plan = self._page.plan.rid if self._page is not None else None
        for name, card in (("company", self.company), ("safety", self.safety)):
            if plan == draft.line.rid and held.intersection(card.keys):
                self.unfold(name)

    def _on_form_made(self, form: RecordForm) -> None:
        self.add_form(form)
        self._show_findings()

    def _on_stepped(self, by: int) -> None:
        legs = self._page.legs if self._page is not None else ()
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(legs):
            self.legs.select_leg(legs[row].rid)

    def _on_point_asked(self, record_type: str, rid: bytes | None, key: str) -> None:
        if record_type == "client":
            self.step_asked.emit("person", "")
        elif record_type == "relationship":
            self.field_asked.emit(record_type, rid, key)
        elif rid is None or not self.open_record(rid, key):
            self.continue_record(record_type)

    def _on_record_asked(self, gate: Gate) -> None:
        """Go to what a point before leaving lacks; the papers of a child stand under Decision."""
        if self._page is None or gate.where is None:
            return
        if gate.where.type in _UNDER_DECISION:
            self.step_asked.emit("decision", "")
        elif gate.why is GateReason.THEIRS_MISSING:
            self.step_asked.emit("risk", "")
        else:
            self.field_asked.emit(*record_to_correct(gate, self._page))

    def _on_leg_chosen(self, rid: bytes) -> None:
        self.legs.select_leg(rid)
        self.table.setFocus()
        scroll_to_widget(self.table)

    def _on_menu_asked(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if index.isValid():
            self.table.selectRow(index.row())
        self.show_leg_menu(self.table.viewport().mapToGlobal(at))

    def _on_record_opened(self, records: RecordList, _rid: bytes) -> None:
        card = self._folds[records.listing.record_type]
        if not card.is_open and records.form is not None:  # begun by the button in the heading
            card.set_open(is_open=True)
            records.form.form.focus_on(records.listing.keys[0])
        self._show_findings()


def _gap_count_text(count: int, language: Language) -> str:
    return language.plural("{count} missing item", "{count} missing items", count)
