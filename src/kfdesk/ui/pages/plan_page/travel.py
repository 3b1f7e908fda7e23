# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Travel of a plan: the legs, what is prepared for them, and the day she leaves.

It only brings its parts together: which stands where, and which leads to which. What a part shows
and does stands in `travel_views` and `travel_day`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.disclosure import Channel
from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.schema import N_, Group
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import Journey, read_journey
from kfdesk.services.casework.legs import copied
from kfdesk.services.course.alarms import LegEvent, replace_leg
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import delete_record
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.editing.record_list import RecordList
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, State
from kfdesk.ui.pages.plan_page.travel_day.alarm import AlarmPanel
from kfdesk.ui.pages.plan_page.travel_day.bar import DayBar
from kfdesk.ui.pages.plan_page.travel_day.today import (
    is_day,
    last_day,
    not_arrived_before,
    on_the_way,
)
from kfdesk.ui.pages.plan_page.travel_views.checklist import Checklist
from kfdesk.ui.pages.plan_page.travel_views.documents import documents, handovers
from kfdesk.ui.pages.plan_page.travel_views.findings import (
    OpenPoints,
    field_findings,
    gaps_of,
    points,
)
from kfdesk.ui.pages.plan_page.travel_views.forms import CompanyCard, SafetyCard
from kfdesk.ui.pages.plan_page.travel_views.journey import JourneyCard
from kfdesk.ui.pages.plan_page.travel_views.leg_editor import reveal
from kfdesk.ui.pages.plan_page.travel_views.legs import Legs
from kfdesk.ui.pages.plan_page.travel_views.numbers import HelpNumbers
from kfdesk.ui.pages.plan_page.travel_views.said import readers_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import Empty

_WIDE = 760  # pixels at 100 %; narrower, the buttons of the head show icons alone


class TravelSection(PlanSection):
    """The journey of a plan. What stands below the line is made as the window finds time."""

    safety: SafetyCard
    numbers: HelpNumbers
    documents: RecordList
    company: CompanyCard
    checklist: Checklist
    handovers: RecordList

    key = "travel"
    label = N_("Travel")
    types = frozenset({"leg", "help_number", "travel_document", "handover", "plan"})

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._journey = Journey()
        self._offers = Offers()
        self.readers = Chip(kit, Tone.MUTED, "eye")
        self.up = Button(kit, N_("Move up"), "chevron-up", Look.QUIET)
        self.down = Button(kit, N_("Move down"), "chevron-down", Look.QUIET)
        self.add = Button(kit, N_("Leg"), "plus").answer_key("Ins")
        kit.words.bind(self.add.setAccessibleName, N_("Add a leg"))
        self.alarm = AlarmPanel(kit)
        self.legs = Legs(kit, desk)
        self.table, self.editor = self.legs.table, self.legs.editor
        self._day: DayBar | None = None
        self.journey = JourneyCard(kit)
        self.timeline = self.journey.line
        self.open_points = OpenPoints(kit)
        self._cards: list[SafetyCard | CompanyCard | Checklist] = []
        self._making = self._make_cards()
        self._lay_out()
        self._listen()

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's journey."""
        self._page, self._offers = page, self._made_offers(page)
        self.in_turns(self._show_parts(page))

    def _show_parts(self, page: PlanPage) -> Iterator[None]:
        """Show what there is, and make the rest."""
        desk, rid, is_shut = self.desk, page.plan.rid, _is_shut(page)
        self.kit.work.run(lambda: read_journey(desk, rid), self._on_journey_read)
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
        """Make what stands below the line, in the order which is that of Tab, too."""
        kit, desk = self.kit, self.desk
        _before_the_rest = self.day  # what hides in it hands the keyboard on to what was made next
        yield
        self.safety = SafetyCard(kit, desk)
        self._take_card(self.safety)
        self.add_form(self.safety.form)
        yield
        self.numbers = HelpNumbers(kit, desk)
        self._take_list(self.numbers)
        yield
        self.documents = RecordList(kit, desk, documents(self._ends))
        self._take_list(self.documents)
        yield
        self.company = CompanyCard(kit, desk, self._offers)
        self.column.addWidget(self.company)
        yield from self.company.form.form.grow()
        self._take_card(self.company)
        self.add_form(self.company.form)
        yield
        self.checklist = Checklist(kit, desk)
        self.checklist.help_asked.connect(lambda kind: self.help_asked.emit((kind, None, None)))
        self._take_card(self.checklist)
        yield
        self.handovers = RecordList(kit, desk, handovers())
        self._take_list(self.handovers)

    def _take_card(self, card: SafetyCard | CompanyCard | Checklist) -> None:
        self._cards.append(card)
        self.column.addWidget(card)
        if self._page is not None:
            card.show_plan(self._page, is_read_only=_is_shut(self._page))

    def _take_list(self, records: RecordList) -> None:
        self.add_list(records)
        records.opened.connect(self._show_findings)
        if self._page is not None:
            self._show_list(records, self._page)

    @property
    def day(self) -> DayBar:
        """What is written down on the way; hidden while she is not."""
        if self._day is None:
            self._day = DayBar(self.kit, self.desk)
            self._day.leg_asked.connect(self.replace)
            self._day.hide()
            self.legs.below.addWidget(self._day)
        return self._day

    @staticmethod
    def state(page: PlanPage) -> State:
        """How many gaps the journey has."""
        gaps = len(page.gaps)
        fill = (Fill.PART if gaps else Fill.DONE) if page.legs else Fill.EMPTY
        return State(fill, (lambda language: _gaps(gaps, language)) if gaps else "")

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """The gaps of the journey, record by record; without a leg, the first one."""
        return gaps_of(page)

    @property
    def open_forms(self) -> Sequence[RecordForm]:
        """That of the open leg, too."""
        leg = self.editor.form
        return (*((leg,) if leg is not None else ()), *super().open_forms)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Lead to a record, and to a field of it; whether it is here."""
        return self.legs.open_leg(rid, key) or super().open_record(rid, key)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; whether such ones stand here."""
        if record_type == "leg":
            self.legs.add()
            return True
        return super().begin_record(record_type)

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft; whether it belongs here."""
        return self.legs.go_on(draft) or super().go_on(draft)

    def commands(self) -> Sequence[Command]:
        """The keys of the journey."""
        legs = self.legs
        is_open = self.add.isVisibleTo(self)
        edit = (
            Command(N_("Add a leg"), legs.add, "Ins", "plus", menu="edit"),
            Command(N_("Move the leg up"), lambda: legs.shift(-1), "Ctrl+Up", menu="edit"),
            Command(N_("Move the leg down"), lambda: legs.shift(1), "Ctrl+Down", menu="edit"),
            Command(N_("Put the leg in the bin"), legs.put_in_bin, "Del", menu="edit"),
        )
        turn = Command(N_("From the table to the timeline and back"), self.turn, "Alt+T", menu="go")
        arrive = Command(N_("She has arrived"), self.arrive, "Alt+A", "circle-check", menu="edit")
        return (*(edit if is_open else ()), *((arrive,) if self._is_day() else ()), turn)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room the head shows icons."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.kit.theme.sized(_WIDE)
        for button in (self.up, self.down):
            button.set_bare(is_bare=is_narrow)
        self.readers.setVisible(not is_narrow)

    # How it is put together

    def _lay_out(self) -> None:
        title = self.column.takeAt(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        if title is not None and (words := title.widget()) is not None:
            head.addWidget(words)
        head.addStretch(1)
        head.addWidget(Flow(self.readers, self.up, self.down, self.add))
        self.column.addLayout(head)
        self._empty = Empty(
            self.kit, "route", N_("No journey yet"), N_("Add the first leg: from where, to where.")
        )
        for part in (self.alarm, self._empty, self.legs, self.journey, self.open_points):
            self.column.addWidget(part)

    def _listen(self) -> None:
        self.add.clicked.connect(self.legs.add)
        self.up.clicked.connect(lambda: self.legs.shift(-1))
        self.down.clicked.connect(lambda: self.legs.shift(1))
        self.legs.chosen.connect(self._show_day)
        self.legs.opened.connect(self._show_findings)
        self.editor.decision_asked.connect(self.decision_asked)
        self.timeline.stepped.connect(self._on_stepped)
        self.open_points.asked.connect(self._on_point_asked)
        self.alarm.leg_asked.connect(self.replace)
        self.alarm.leg_chosen.connect(self._on_leg_chosen)
        QShortcut(QKeySequence("Alt+T"), self, self.turn)
        QShortcut(QKeySequence("Alt+A"), self, self.arrive)

    # What is done here

    def turn(self) -> None:
        """Go to the table, or from it to the line."""
        goal = self.timeline if self.table.hasFocus() else self.table
        goal.setFocus()
        reveal(goal)

    def arrive(self) -> None:
        """Write down that she arrived by the leg that she is on."""
        leg = on_the_way(self._page.legs) if self._page is not None else None
        if leg is not None and self._is_day():
            self.legs.choose(leg.rid)
            self.day.write_down(LegEvent.ARRIVED)

    def replace(self, rid: bytes) -> None:
        """Make a new leg that stands in for one that was missed, and open it."""
        page = self._page
        missed = next((leg for leg in page.legs if leg.rid == rid), None) if page else None
        if missed is None:
            return
        desk, values = self.desk, copied(missed)
        self.kit.work.run(lambda: replace_leg(desk, rid, values), self._on_replaced)

    # What is shown

    def _made_offers(self, page: PlanPage) -> Offers:
        """The offers of every form here; texts are wanted in what the receiver reads, too."""
        made = offers_of(self.kit, page, self.desk)
        return replace(
            made, languages=tuple(dict.fromkeys((*made.languages, *self._journey.reads)))
        )

    def _show_list(self, records: RecordList, page: PlanPage) -> None:
        records.offers = self._offers
        views = page.case.all_views(records.listing.record_type)
        records.show_records(views, page.plan.rid, is_read_only=_is_shut(page))

    def _show_head(self, page: PlanPage, *, is_shut: bool) -> None:
        names = [
            share.name
            for share in page.shares
            if share.channel is Channel.BUNDLE and Group.TRAVEL in share.groups
        ]
        self.readers.tell(lambda language: readers_text(names, language))
        self.add.setVisible(not is_shut)
        for button in (self.up, self.down):
            button.setVisible(len(page.legs) > 1 and not is_shut)
        self.journey.setVisible(bool(page.legs))
        self._empty.setVisible(not page.legs)

    def _is_day(self) -> bool:
        """Whether things happen on the way, and who sits here may write them down."""
        page = self._page
        return page is not None and self._journey.may_watch and is_day(page)

    def _show_day(self) -> None:
        leg, page = self.legs.current, self._page
        if page is None or leg is None or not self._is_day():
            if self._day is not None:
                self._day.hide()
            return
        number = next(n for n, one in enumerate(page.legs, start=1) if one.rid == leg.rid)
        now = on_the_way(page.legs)
        is_current = now is not None and now.rid == leg.rid
        before = not_arrived_before(page.legs, leg.rid)
        self.day.show_leg(number, leg, before, is_current=is_current)
        self.day.show()

    def _show_findings(self) -> None:
        """Show beside the fields of every open form what the checks have found."""
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
            if isinstance(card, CompanyCard):
                card.form.form.show_findings(found)

    def _ends(self) -> date | None:
        return last_day(self._page.legs) if self._page is not None else None

    # What happened

    def _on_journey_read(self, journey: Journey) -> None:
        if self._page is None:
            return
        self._journey = journey
        self._show_day()
        self._offers = self._made_offers(self._page)
        for records in self.lists:
            records.offers = self._offers
        self.legs.take_offers(self._offers)
        self.alarm.show_alarms(journey.alarms, self._page.legs, may_add=self._page.may_edit)
        self.open_points.show_points(points(self._page, journey))
        self._show_findings()

    def _on_stepped(self, by: int) -> None:
        legs = self._page.legs if self._page is not None else ()
        row = self.table.currentIndex().row() + by
        if 0 <= row < len(legs):
            self.legs.choose(legs[row].rid)

    def _on_point_asked(self, record_type: str, rid: bytes | None, key: str) -> None:
        if record_type == "client":
            self.step_asked.emit("person", "")
        elif rid is None or not self.open_record(rid, key):
            self.begin_record(record_type)

    def _on_leg_chosen(self, rid: bytes) -> None:
        self.legs.choose(rid)
        self.table.setFocus()
        reveal(self.day)

    def _on_replaced(self, rid: bytes) -> None:
        kit, desk = self.kit, self.desk
        types = frozenset({"leg"})

        def take_back() -> None:
            kit.work.run(lambda: delete_record(desk, rid), lambda _: kit.hub.changed.emit(types))

        self.legs.open_later(rid, "departs")
        kit.hub.changed.emit(types)
        kit.tell(N_("A new leg stands in for the missed one."), take_back)


def _is_shut(page: PlanPage) -> bool:
    return not page.may_edit or is_read_only(page.plan.record.state)


def _gaps(count: int, language: Language) -> str:
    return language.ngettext("{count} gap", "{count} gaps", count).format(count=count)
