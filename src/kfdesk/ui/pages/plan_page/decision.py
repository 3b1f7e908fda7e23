# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Decision of a plan: where it stands, what is open before the next step, and why.

Shows the state's line with its conditions on top and, below, the records that they rest on. What a
step needs is the gates' matter; here each condition leads to the field where it is mended.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kfdesk.domain.gates.gate import Gate, Where, Why
from kfdesk.domain.gates.states import REOPENED, is_read_only
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views import facts
from kfdesk.ui.pages.plan_page.decision_views.children import ChildrenCard
from kfdesk.ui.pages.plan_page.decision_views.facts import FactsCard
from kfdesk.ui.pages.plan_page.decision_views.listings import Matters, Receptions, Referrals
from kfdesk.ui.pages.plan_page.decision_views.standing import Standing, read_standing
from kfdesk.ui.pages.plan_page.decision_views.step import StepCard
from kfdesk.ui.pages.plan_page.decision_views.taken import TakenCard, last_road_state
from kfdesk.ui.pages.plan_page.decision_views.ways import WaysCard
from kfdesk.ui.pages.plan_page.risk_views.below import TOLD
from kfdesk.ui.pages.plan_page.section import Missing, PlanSection, State
from kfdesk.ui.pages.shown import state_word
from kfdesk.ui.widgets.paint import Fill

NEXT_STEP = "transition"
"""Led to by this type one comes to the conditions of the next step."""

_DIRECTORY = frozenset({"organisation", "contact"})
_CARDS = (facts.DECISION, facts.AFTER, facts.CLOSING)


class DecisionSection(PlanSection):
    """The decision, from the first talk to the last."""

    key = "decision"
    label = N_("Decision")
    types = frozenset(
        {
            "plan", "child_papers", "reception", "legal_status", "referral", "approval", NEXT_STEP,
        }
    )  # fmt: skip

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._is_asked = False
        self._is_reading = False
        self.step = StepCard(kit, desk)
        self.step.mend_asked.connect(self._on_mend_asked)
        self.step.acted.connect(self._on_acted)
        self.column.addWidget(self.step)
        self.ways = WaysCard(kit)
        self.ways.way_chosen.connect(self._on_way_chosen)
        self.column.addWidget(self.ways)
        self._making = self._make_fields()
        self.cards = {one.title: FactsCard(kit, desk, one) for one in _CARDS}
        for card in self.cards.values():
            card.made.connect(self.add_form)
        self.column.addWidget(self.cards[facts.DECISION.title])
        self.children_card = ChildrenCard(kit, desk)
        self.receptions = Receptions(kit, desk)
        self.matters = Matters(kit, desk)
        self.referrals = Referrals(kit, desk)
        self.taken = TakenCard(kit)
        self._lay_out()

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's records, and read where it stands."""
        self._page, self._is_reading = page, True
        self.in_turns(self._show_records(page))

    @staticmethod
    def state(page: PlanPage) -> State:
        """The plan's state is the fact; complete is what has ended."""
        state = str(page.plan.record.state or "draft")
        fill = Fill.EMPTY if state == "draft" else Fill.DONE if state in REOPENED else Fill.PART
        return State(fill, partial(state_word, state))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """Nothing of its own: what a step lacks is said by its conditions, and by "Check"."""
        return ()

    def _focus_control(self) -> None:
        """Give the keyboard to the first control here, where nothing is open."""
        first = self.first_control()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """Lead to what is open before the next step."""
        self.begin_record(NEXT_STEP)

    def begin_record(self, record_type: str) -> bool:
        """As in any section; of a step itself, lead to what is open before it."""
        if record_type == "child_papers":
            return self.children_card.begin()
        if record_type != NEXT_STEP:
            return super().begin_record(record_type)
        self._is_asked = True
        self._focus_open()
        return True

    def _show_records(self, page: PlanPage) -> Iterator[None]:
        """Show what there is, and make the rest."""
        desk, offers = self.desk, offers_of(self.kit, page, self.desk)
        self.kit.work.run(lambda: read_standing(desk, page), partial(self._on_read, page))
        is_shut = not page.may_edit or is_read_only(page.plan.record.state)
        for card in self.cards.values():
            card.show_plan(page)
        for records in self.lists:
            records.offers = offers
        self.receptions.show_page(page, is_read_only=is_shut)
        self.referrals.show_page(page, is_read_only=is_shut)
        self.taken.show_plan(page)
        for _ in self._making:
            yield

    def _make_fields(self) -> Iterator[None]:
        """Make the fields of the cards, in the order which is that of Tab, too."""
        for card in self.cards.values():
            if self._page is not None:
                yield from card.make(self._page)
                card.show_plan(self._page)
            yield

    def _lay_out(self) -> None:
        self.column.addWidget(self.children_card)
        self.lists.append(self.children_card.papers)
        for records in (self.receptions, self.matters, self.referrals):
            self.add_list(records)
        for one in (facts.AFTER, facts.CLOSING):
            self.column.addWidget(self.cards[one.title])
        self.column.addWidget(self.taken)

    def _on_read(self, page: PlanPage, standing: Standing) -> None:
        if page is not self._page:
            return
        self._is_reading = False
        course = standing.course
        is_shut = not page.may_edit or course.is_read_only
        self.step.show_standing(page, standing, last_road_state(page))
        self.children_card.show_page(page, standing.children, is_read_only=is_shut)
        hearings = {
            notice.where.rid or b""
            for notice in course.notices
            if notice.code == "hearing_during_the_journey"
        }
        self.matters.show_page(page, hearings, is_read_only=is_shut)
        for one in (facts.AFTER, facts.CLOSING):
            self.cards[one.title].setVisible(course.state in one.states)
        self.ways.show_course(course, may_act=course.is_ours and page.may_edit)
        if self._is_asked:
            self._focus_open()

    def _focus_open(self) -> None:
        if not self._is_reading and self.isVisible():
            self._is_asked = False
            self.step.focus_open()
            focus = QApplication.focusWidget()
            if focus is None or not self.isAncestorOf(focus):
                self._focus_control()

    def _on_acted(self) -> None:
        """The question has gone, and the keyboard with it: what is to be done next takes it."""
        self._is_asked = self.isVisible()

    def _on_way_chosen(self, target: str) -> None:
        self.step.ask_way(target)

    def _on_mend_asked(self, gate: Gate) -> None:
        where = gate.where
        if where is None or self._page is None:
            return
        if where.type in _DIRECTORY:
            self.kit.tell(N_("This stands in Contacts, in the entry of the receiver."))
            return
        if where.type == "child_papers" and self.children_card.begin(gate.code):
            return
        if gate.why is Why.THEIRS_MISSING:
            self.step_asked.emit("risk", TOLD)
            return
        self.field_asked.emit(where.type, self._rid_of(where, gate.code), where.key)

    def _rid_of(self, where: Where, code: str) -> bytes | None:
        """The record to be mended: hers and the plan always are there, a paper's fault has one."""
        page = self._page
        if where.rid is not None or page is None:
            return where.rid
        known = {"client": page.client.rid, "plan": page.plan.rid}
        if code == "paper_checked" and page.gaps:
            number = page.gaps[0].sequence
            for seen in page.case.all_views(where.type):
                if getattr(seen.record, "sequence", None) == number:
                    return seen.rid
        return known.get(where.type)
