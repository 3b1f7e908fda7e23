# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Decision of a plan: its state, the conditions of the next step, the history.

`NextStepCard` has the next step with its conditions and acts on it. `DecisionSection` shows the
records below that the conditions rest on. The gates define what a step needs; here each condition
leads to the field that meets it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.consent import EXPLICIT_CONSENT
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.decision import DECISION, OVERRIDE, fold_child_gates
from kfdesk.domain.workflow.gates import REOPENABLE_STATES, Gate, GateReason, Receiver
from kfdesk.domain.workflow.progress import is_recording_open, recording_opens
from kfdesk.i18n.phrases import gate_label, zoned_time_lines
from kfdesk.services.book.links import PlanArticles
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.journey import zoned_time_at
from kfdesk.services.plans.plans import PlanPage, zoned_now
from kfdesk.services.workflow import WorkflowStep, approve, move_plan, request_approval
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms import record_form
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.record_form import PlanFieldsCard
from kfdesk.ui.pages.plan.conditions import (
    ASK_COLLEAGUE,
    ASK_PARTNER,
    RECEIVER_REASONS,
    SECOND_PERSON_GATE,
    Answers,
    ConditionList,
    PendingApprovalsPanel,
    Question,
    QuestionPanel,
)
from kfdesk.ui.pages.plan.decision_parts import (
    ChildrenCard,
    LegalMatterList,
    ReceptionList,
    ReferralList,
    confirmed_receiver,
)
from kfdesk.ui.pages.plan.risk import REPORTED_ASSESSMENT
from kfdesk.ui.pages.plan.transitions import (
    ALTERNATIVE_STEPS,
    EVENT_QUESTIONS,
    AlternativeStepsCard,
    PlanStepper,
    StepHistoryCard,
    count_conditions,
    met_conditions_text,
    move_button_message,
    moved_message,
    next_step_heading,
    open_conditions_text,
    state_before_last_step,
)
from kfdesk.ui.plan_sections import (
    MissingItem,
    PendingApproval,
    PlanSection,
    PlanStatus,
    SectionProgress,
    is_plan_read_only,
    missing_for_gates,
    read_plan_status,
    record_to_correct,
)
from kfdesk.ui.record_views import run_with_undo, state_word
from kfdesk.ui.tokens import RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import extend, filled, grown, muted, panel, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Icon, Label

_RISK_TYPES = ("risk_assessment", "risk_line")
_NOT_OURS = N_("Another organisation is responsible for this plan. Its steps are taken there.")
_READ_ONLY_ROLE = N_(
    "Your role can only read this plan. Someone who may change it must take the step."
)
_UNDECIDED = N_(
    "Two organisations have given this plan a different status. Decide first which is right."
)
_ENDED = N_("This plan is closed. There are no further steps.")


class NextStepCard(CardFrame):
    """The card of the next step; `mend_asked` carries the Gate to correct, `article_asked` an id.

    `acted` reports that something was done here, before the plan is loaded again.
    """

    mend_asked = Signal(object)
    article_asked = Signal(bytes)
    acted = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid: bytes | None = None
        self._step: WorkflowStep | None = None
        self._standing: PlanStatus | None = None
        self._articles = PlanArticles()
        self.add_heading(kit, N_("Status of the plan"), "list-checks")
        self.road = PlanStepper(kit)
        self.waiting = PendingApprovalsPanel(kit)
        self.waiting.word_given.connect(self._on_word_given)
        self._next = text(kit, "", TextStyle.STRONG)
        self._count = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED)
        self.conditions = ConditionList(kit)
        self.conditions.mend_asked.connect(self.mend_asked)
        self.conditions.word_asked.connect(self._on_word_asked)
        self.conditions.article_asked.connect(self.article_asked)
        self.conditions.receiver_chosen.connect(self._on_receiver_chosen)
        self.move_button = Button(kit, "", "check", ButtonLook.PRIMARY, on=self._on_move_clicked)
        self.reason = muted(kit, "", TextStyle.SMALL)
        self.asking = QuestionPanel(kit)
        self.asking.closed.connect(self.focus_open)
        self.outcome = Banner(kit, Tone.WARNING, "triangle-alert").hidden()
        self._lay_out()

    def show_status(self, page: PlanPage, standing: PlanStatus, last: str) -> None:
        """Show the status of the plan; `last` is the state before one that is not on the line."""
        self._rid, self._standing = page.plan.rid, standing
        course = standing.course
        self.road.show_state(course.state or "draft", last)
        self.waiting.show_status(standing)
        ahead = [
            step for step in course.steps if step.target not in ALTERNATIVE_STEPS or step.gates
        ]
        self._step = step = ahead[0] if ahead else None
        gates = fold_child_gates(step.gates) if step is not None else ()
        self.conditions.show_gates(gates)
        may_act, confirmed = course.is_ours and page.may_edit, confirmed_receiver(page)
        for gate in gates:
            condition = self.conditions.rows[gate.code]
            condition.book_button.show_article(self._articles.of_gate(gate.code))
            condition.show_gate(
                gate,
                is_asked=self._is_asked(gate),
                is_theirs=_is_receivers_task(gate, page, standing),
                may_act=may_act,
            )
            opens = opening_of(gate, page, self._desk.adapters.clock.now())
            if opens is not None:
                condition.show_opening(opens)
            lacks_receiver = may_act and gate.is_open and gate.why is GateReason.NO_RECEIVER
            condition.offer_receiver(confirmed if lacks_receiver else None)
        self._show_step(step, standing, may_edit=page.may_edit)

    def show_articles(self, articles: PlanArticles) -> None:
        """Show a *?* beside each condition that the book has an article about."""
        self._articles = articles
        for code, condition in self.conditions.rows.items():
            condition.book_button.show_article(articles.of_gate(code))

    @property
    def receiver(self) -> Receiver | None:
        """The receiver that the plan names."""
        return self._standing.receiver if self._standing is not None else None

    def focus_open(self) -> None:
        """Move the focus to the next open item."""
        if self.waiting.buttons:
            self.waiting.buttons[0].setFocus()
        elif not self.conditions.focus_open() and self.move_button.isEnabled():
            self.move_button.setFocus()

    def ask_alternative(self, target: str) -> None:
        """Ask for reason and time of an alternative step."""
        way = ALTERNATIVE_STEPS[target]
        needed = frozenset({"reason"}) if way.needs_reason else frozenset()
        self.asking.show_question(
            Question(
                way.line,
                way.under,
                way.button,
                lambda answers: self._move(target, answers),
                keys=("reason", "happened"),
                starts_with={"happened": zoned_now(self._desk)},
                needed=needed,
            )
        )

    def _show_step(
        self, step: WorkflowStep | None, standing: PlanStatus, *, may_edit: bool
    ) -> None:
        course = standing.course
        for part in (self._next, self._count, self.conditions, self.move_button):
            part.setVisible(step is not None)
        if step is None:
            self.reason.set_message(_UNDECIDED if course.state is None else _ENDED)
            return
        still_open = len(step.open)
        met, count = count_conditions(step)
        self._next.set_message(next_step_heading(step.target))
        self._count.set_message(lambda language: met_conditions_text(met, count, language))
        self.move_button.set_message(move_button_message(step.target))
        self.move_button.setEnabled(step.may_be_taken and course.is_ours and may_edit)
        if not course.is_ours:
            self.reason.set_message(_NOT_OURS)
        elif not may_edit:
            self.reason.set_message(_READ_ONLY_ROLE)
        elif still_open:
            self.reason.set_message(lambda language: open_conditions_text(still_open, language))
        else:
            self.reason.set_message(N_("Every condition is met."))

    def _lay_out(self) -> None:
        extend(
            self.body,
            4,
            self.road,
            self.waiting,
            4,
            FlowBox(self._next, self._count, gap=8, fills=self._next),
            self.conditions,
            4,
            row(-RESERVE, grown(FlowBox(self.move_button, self.reason, gap=8, fills=self.reason))),
            self.outcome,
            self.asking,
        )

    def _is_asked(self, gate: Gate) -> bool:
        asked = self._standing.asked if self._standing is not None else ()
        is_decision = gate.where is not None and gate.where.type == "approval"
        return any(
            one.is_own and (is_decision if one.kind == DECISION else one.gate == gate.code)
            for one in asked
        )

    def _on_move_clicked(self) -> None:
        step = self._step
        if step is None:
            return
        if step.target not in EVENT_QUESTIONS:
            self._move(step.target, {})
            return
        target = step.target
        self.asking.show_question(
            Question(
                EVENT_QUESTIONS[target],
                "",
                move_button_message(target),
                lambda answers: self._move(target, answers),
                keys=("happened",),
                starts_with={"happened": zoned_now(self._desk)},
            )
        )

    def _on_word_asked(self, gate: Gate) -> None:
        """Ask a second person to approve the decision or to set a condition aside."""
        standing = self._standing
        is_alone = standing is not None and standing.is_alone
        if gate.code == SECOND_PERSON_GATE or (
            gate.where is not None and gate.where.type == "approval"
        ):
            self._ask(DECISION, "", {})
            return
        label = gate_label
        self.asking.show_question(
            Question(
                lambda language: language.gettext(
                    N_("Ask a second person to set this aside: {gate}")
                ).format(gate=label(gate.code, language)),
                ASK_PARTNER if is_alone else ASK_COLLEAGUE,
                N_("Ask a second person"),
                lambda answers: self._ask(OVERRIDE, gate.code, answers),
                "approval",
                ("reason",),
                needed=frozenset({"reason"}),
            )
        )

    def _on_receiver_chosen(self, organisation: str) -> None:
        """Name the organisation that has confirmed the reception as the receiver."""
        desk, rid = self._desk, self._rid or b""
        self.acted.emit()
        run_with_undo(
            self._kit,
            desk,
            lambda: change_record(desk, rid, {"receiver": organisation}),
            N_("The plan now names its receiver."),
        )

    def _on_word_given(self, asked: PendingApproval) -> None:
        """Ask for the approval; setting a condition aside needs a reason, the decision does not."""
        is_decision = asked.kind == DECISION
        title = N_("Approve the decision to return?") if is_decision else N_("Set this aside?")
        under = N_("Your initials and the time are kept with it.")
        needed = frozenset() if is_decision else frozenset({"reason"})
        self.asking.show_question(
            Question(
                title,
                under,
                N_("Approve"),
                lambda answers: self._approve(asked, answers),
                "approval",
                ("reason",),
                needed=needed,
            )
        )

    def _ask(self, kind: str, gate: str, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        reason = str(answers.get("reason") or "")
        self._do(
            lambda: request_approval(desk, rid, kind, gate, reason),
            N_("A second person has been asked."),
        )

    def _approve(self, asked: PendingApproval, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        reason = str(answers.get("reason") or "")
        self._do(
            lambda: approve(desk, rid, asked.kind, asked.gate, reason),
            N_("Approved, with your initials."),
        )

    def _move(self, target: str, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        happened, reason = answers.get("happened"), str(answers.get("reason") or "")
        when = happened if isinstance(happened, ZonedTime) else None
        self._do(lambda: move_plan(desk, rid, target, when, reason), moved_message(target))

    def _do(self, service: Callable[[], Changes], message: Message) -> None:
        kit = self._kit
        self.outcome.hide()

        def tell(done: Any) -> None:
            self.acted.emit()
            kit.events.changed.emit(done.types)
            kit.notify(message)

        kit.worker.run(service, tell, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_fault(fault)
        self.focus_open()


def opening_of(gate: Gate, page: PlanPage, at: datetime) -> ZonedTime | None:
    """Return from when the departure that a condition asks for can be recorded; None if it can."""
    if gate.code != "departure_recorded" or not gate.is_open or not page.legs:
        return None
    if any(is_recording_open(leg, page.legs, at) for leg in page.legs):
        return None
    leg = page.legs[0]
    opens = recording_opens(leg)
    if opens is None or not isinstance(leg.record.departs, ZonedTime):
        return None
    return zoned_time_at(opens, leg.record.departs.zone)


def _is_receivers_task(gate: Gate, page: PlanPage, standing: PlanStatus) -> bool:
    """Return whether only the receiver can correct it: its own risk assessment at its desk."""
    if gate.where is None or gate.where.type not in _RISK_TYPES:
        return False
    if gate.why in RECEIVER_REASONS:
        return standing.receiver is not None and standing.receiver.has_own_desk
    risks = (one for kind in _RISK_TYPES for one in page.case.all_views(kind))
    ours = page.plan.row.custodian
    return any(one.rid == gate.where.rid and one.row.custodian != ours for one in risks)


_EXPLAINED = "third_country_explained"
_WARNED = N_("Third country: explained to her before her consent to {name}, {when}")


def _warning_given(page: PlanPage) -> tuple[str, ZonedTime] | None:
    """Return to whom, and when she was warned, by a valid explicit consent to the receiver."""
    for line in page.consents:
        record = line.view.record
        is_receivers = record.recipient == page.plan.record.receiver and line.shut is None
        is_explicit = is_receivers and record.transfer_tool == EXPLICIT_CONSENT
        if is_explicit and isinstance(record.warned, ZonedTime):
            return line.recipient, record.warned
    return None


NEXT_STEP = "transition"
"""The record type that leads to the conditions of the next step."""
_DIRECTORY_TYPES = frozenset({"organisation", "contact"})
_FIELD_CARDS = (
    record_form.DECISION_FIELDS,
    record_form.AFTER_ARRIVAL_FIELDS,
    record_form.CLOSING_FIELDS,
)


_PLAN_KEYS = frozenset(key for card in _FIELD_CARDS for key in card.keys)


class DecisionSection(PlanSection):
    """The section with the workflow of a plan, from draft to closed."""

    key = "decision"
    label = N_("Decision")
    types = frozenset(
        {
            "plan", "child_papers", "reception", "legal_status", "referral", "approval", NEXT_STEP,
        }
    )  # fmt: skip

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self._is_asked = False
        self._is_reading = False
        self._wanted: tuple[bytes, str] | None = None
        self.step = NextStepCard(kit, desk)
        self.step.mend_asked.connect(self._on_mend_asked)
        self.step.acted.connect(self._on_acted)
        self.step.article_asked.connect(self.article_asked)
        extend(self.column, self.step)
        self.ways = AlternativeStepsCard(kit)
        self.ways.way_chosen.connect(self.step.ask_alternative)
        extend(self.column, self.ways)
        self._making = self._make_fields()
        self.cards = {one.title: PlanFieldsCard(kit, desk, one) for one in _FIELD_CARDS}
        for card in self.cards.values():
            card.made.connect(self.add_form)
        extend(self.column, self.cards[record_form.DECISION_FIELDS.title])
        self._warning = text(kit)
        self.warned = panel(
            row(Icon(kit, "circle-check", Tone.SUCCESS), grown(self._warning), gap=9)
        )
        extend(self.cards[record_form.DECISION_FIELDS.title].body, self.warned)
        self.children_card = ChildrenCard(kit, desk)
        self.receptions = ReceptionList(kit, desk)
        self.matters = LegalMatterList(kit, desk)
        self.referrals = ReferralList(kit, desk)
        letter = partial(self.paper_asked.emit, PaperName.AUTHORITY_LETTER)
        self.referrals.letter_asked.connect(letter)
        self.taken = StepHistoryCard(kit)
        self._lay_out()

    def show_plan(self, page: PlanPage) -> None:
        """Show the records of this plan and load its status."""
        self._page, self._is_reading = page, True
        self.run_incrementally(self._show_records(page))

    def show_articles(self, articles: PlanArticles) -> None:
        """Show a *?* beside each condition that the book has an article about, too."""
        super().show_articles(articles)
        self.step.show_articles(articles)

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the plan's state as the fact; an ended plan counts as done."""
        state = str(page.plan.record.state or "draft")
        fill = (
            Completion.EMPTY
            if state == "draft"
            else Completion.DONE
            if state in REOPENABLE_STATES
            else Completion.PART
        )
        return SectionProgress(fill, partial(state_word, state))

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[MissingItem]:
        """Return what "Check" names here, and in Contacts, to which only its list leads."""
        return missing_for_gates(page, cls.types | _DIRECTORY_TYPES, _PLAN_KEYS)

    def jump_to(self, missing: MissingItem) -> None:
        """Move the focus to what is missing, or to the conditions if no field here has it."""
        if missing.rid is None or not self.open_record(missing.rid, missing.key):
            is_begun = missing.rid is None and self.continue_record(missing.record_type)
            if not is_begun:
                self.focus_first()

    def focus_first(self) -> None:
        """Move the focus to what is open before the next step."""
        self.begin_record(NEXT_STEP)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a record, now or once the status of the plan is read, which some lists wait for.

        No field of the plan waits for it: one that is in no form here is in another section.
        """
        is_here = super().open_record(rid, key)
        waits = self._is_reading and not is_here and all(one.rid != rid for one in self.forms)
        self._wanted = (rid, key) if waits else None
        return is_here or self._wanted is not None

    def begin_record(self, record_type: str) -> bool:
        """Begin a record; for a workflow step, go to what is open before it."""
        if record_type == "child_papers":
            return self.children_card.begin()
        if record_type != NEXT_STEP:
            return super().begin_record(record_type)
        self._is_asked = True
        self._focus_open()
        return True

    def _show_records(self, page: PlanPage) -> Iterator[None]:
        """Show the widgets that exist, then create the rest."""
        desk, offers = self.desk, plan_form_options(self.kit, page, self.desk)
        self.kit.worker.run(lambda: read_plan_status(desk, page), partial(self._on_read, page))
        is_shut = is_plan_read_only(page)
        for card in self.cards.values():
            card.show_plan(page)
        self._show_warning(page)
        for records in self.lists:
            records.offers = offers
        self.receptions.show_page(page, is_read_only=is_shut)
        self.referrals.show_page(page, is_read_only=is_shut)
        self.taken.show_plan(page)
        for _ in self._making:
            yield

    def _make_fields(self) -> Iterator[None]:
        """Create the fields of the cards in tab order."""
        for card in self.cards.values():
            if self._page is not None:
                yield from card.create_fields(self._page)
                card.show_plan(self._page)
                self._show_warning(self._page)
            yield

    def _show_warning(self, page: PlanPage) -> None:
        """Show the warning that she heard before her consent as done, instead of asking again."""
        heard, plan = _warning_given(page), page.plan
        self.warned.setVisible(heard is not None)
        if heard is not None:
            name, when = heard
            words = filled(
                _WARNED, name=name, when=lambda language: " ".join(zoned_time_lines(when, language))
            )
            self._warning.set_message(words)
        record = self.cards[record_form.DECISION_FIELDS.title].record
        if record is not None:
            is_asked = heard is None or plan.record.third_country_explained is not None
            is_asked |= any(gate.where and gate.where.key == _EXPLAINED for gate in page.open_gates)
            record.form.form_rows[_EXPLAINED].setVisible(is_asked or _EXPLAINED in plan.conflicts)

    def _lay_out(self) -> None:
        extend(self.column, self.children_card)
        self.lists.append(self.children_card.papers)
        for records in (self.receptions, self.matters, self.referrals):
            self.add_list(records)
        for one in (record_form.AFTER_ARRIVAL_FIELDS, record_form.CLOSING_FIELDS):
            extend(self.column, self.cards[one.title])
        extend(self.column, self.taken)

    def _on_read(self, page: PlanPage, standing: PlanStatus) -> None:
        if page is not self._page:
            return
        self._is_reading = False
        course = standing.course
        is_shut = not page.may_edit or course.is_read_only
        self.step.show_status(page, standing, state_before_last_step(page))
        self.children_card.show_page(page, standing.children, is_read_only=is_shut)
        hearings = {
            notice.where.rid or b""
            for notice in course.notices
            if notice.code == "hearing_during_the_journey"
        }
        self.matters.show_page(page, hearings, is_read_only=is_shut)
        for one in (record_form.AFTER_ARRIVAL_FIELDS, record_form.CLOSING_FIELDS):
            card = self.cards[one.title]
            card.setVisible(card.is_due(course.state))
        self.ways.show_workflow(course, may_act=course.is_ours and page.may_edit)
        if self._is_asked:
            self._focus_open()
        if self._wanted is not None and not self.open_record(*self._wanted):
            self.focus_first()

    def _focus_open(self) -> None:
        if not self._is_reading and self.isVisible():
            self._is_asked = False
            self.step.focus_open()
            focus = QApplication.focusWidget()
            if focus is None or not self.isAncestorOf(focus):
                super().focus_first()

    def _on_acted(self) -> None:
        """Move the focus to the next open item, because the question that had it was closed."""
        self._is_asked = self.isVisible()

    def _on_mend_asked(self, gate: Gate) -> None:
        where = gate.where
        if where is None or self._page is None:
            return
        if where.type in _DIRECTORY_TYPES:
            if self.step.receiver is not None:
                self.entry_asked.emit(self.step.receiver.organisation)
            return
        if where.key == _EXPLAINED:
            record = self.cards[record_form.DECISION_FIELDS.title].record
            if record is not None:
                record.form.form_rows[_EXPLAINED].show()
        if where.type == "child_papers" and self.children_card.begin(gate.code):
            return
        if gate.why is GateReason.THEIRS_MISSING:
            self.step_asked.emit("risk", REPORTED_ASSESSMENT)
            return
        self.field_asked.emit(*record_to_correct(gate, self._page))
