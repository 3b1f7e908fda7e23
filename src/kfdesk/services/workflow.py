# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflow: transitions of a plan through the gates with their evidence, and approvals.

A transition is one transaction: read the plan again, check every gate, and write the state
together with the transition record. When it happened and when it was recorded are two
times. Before `travel_ready`, the carry check runs on the traveller's sheet; so this module
stands above the papers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Approval, Transition
from kfdesk.domain.registers import DELETION, EMPTY_STATE, live_writes
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes
from kfdesk.domain.values import Value, ZonedTime, text_or_empty
from kfdesk.domain.workflow import decision
from kfdesk.domain.workflow.alarms import PlanWarning, plan_warnings, stage_of
from kfdesk.domain.workflow.decision import DECISION, OVERRIDE
from kfdesk.domain.workflow.gates import (
    DRAFT,
    NEXT_STATES,
    REOPENABLE_STATES,
    CaseContext,
    Gate,
    GateAnswer,
    author_initials,
    is_allowed_step,
    is_read_only,
    last_written,
)
from kfdesk.domain.workflow.stages import BEGUN, RECORDED_STATES, TRAVELLING
from kfdesk.domain.workflow.table import OVERRIDABLE_GATES, gates_before
from kfdesk.services.core.authorization import LEG_EVENT_KEYS, may_edit_now, require_editing
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.papers.kinds import paper_texts
from kfdesk.services.papers.production import check_paper, client_language
from kfdesk.services.plans.journey import (
    AlarmLine,
    LegEvent,
    LegUpdate,
    alarms_in,
    put_leg_events,
    put_taken_back,
)
from kfdesk.services.plans.plans import checked_event_time, read_case_context, zoned_now

# --- approvals

_DECISION_STATES = frozenset({"decision_ready", "approved"})


def request_approval(
    desk: Session, plan_rid: bytes, kind: str, gate: str = "", reason: str = ""
) -> Changes:
    """Request approval of the decision, or of overriding a gate.

    Raise KfdeskError `approval.not_possible` for a gate that nobody may override,
    `plan.read_only`, `record.missing` or `record.deleted`.
    """
    values: dict[str, Value] = {"asked_by": desk.user, "reason": reason or None}
    require_editing(desk, require_record(desk, plan_rid))
    with desk.store.transaction():
        read_case_context(desk, plan_rid)
        return _put_approval(desk, plan_rid, _approval_subject(kind, gate) | values)


def approve(desk: Session, plan_rid: bytes, kind: str, gate: str = "", reason: str = "") -> Changes:
    """Approve the decision, or override a gate with a reason, for whoever asked last.

    If nobody asked, the last person who moved the plan counts as having asked. Raise
    KfdeskError `user.not_allowed`, `approval.same_person` for whoever asked or moved the plan
    last, `approval.no_reason`, `approval.not_possible`, `plan.read_only`, `record.missing` or
    `record.deleted`.
    """
    desk.require(Right.APPROVE)
    what = _approval_subject(kind, gate)
    if kind == OVERRIDE and not reason.strip():
        raise KfdeskError("approval.no_reason")
    with desk.store.transaction():
        s = read_case_context(desk, plan_rid)
        mover = s.last_mover(desk.milliseconds) or author_initials(
            live_writes(s.plan.row.state)[0].author
        )
        asked = next((seen.record.asked_by for seen in _requests_for(desk, s, kind, gate)), mover)
        is_ours = s.ours == desk.identity.organisation
        if is_ours and fold_initials(desk.user) in {
            fold_initials(str(asked)),
            fold_initials(mover),
        }:
            raise KfdeskError("approval.same_person")
        given = zoned_now(desk)
        by: dict[str, Value] = {"given_by": desk.user, "given": given, "asked_by": asked}
        values = what | by | {"reason": reason or None}
        return _put_approval(desk, plan_rid, values, _newest_basis(desk, s, kind, gate))


def _approval_subject(kind: str, gate: str) -> dict[str, Value]:
    is_whole = kind == DECISION and not gate
    if not is_whole and not (kind == OVERRIDE and gate in OVERRIDABLE_GATES):
        raise KfdeskError("approval.not_possible")
    return {"kind": kind, "gate": gate or None}


def _put_approval(
    desk: Session, plan_rid: bytes, values: dict[str, Value], after: int = 0
) -> Changes:
    row = desk.new_row("approval", plan_rid)
    done = put_new(desk, row, encode_changes("approval", values), after)
    return Changes(done.types, done.rids | {plan_rid})


def _newest_basis(desk: Session, s: CaseContext, kind: str, gate: str) -> int:
    """Return the newest time, in milliseconds, of the records that an approval is based on.

    Another computer's clock may be ahead of ours, yet we have read what it wrote.
    """
    asked = (last_written(seen.row) for seen in _requests_for(desk, s, kind, gate))
    assessed = (
        decision.assessment_last_written(risk, s) for risk in decision.present_assessments(s)
    )
    return max((*asked, *assessed), default=0)


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """A pending request for approval; `is_own`: the current user asked and cannot approve."""

    kind: str
    gate: str
    by: str
    reason: str
    is_own: bool


def read_pending_approvals(desk: Session, plan_rid: bytes) -> tuple[PendingApproval, ...]:
    """Return the requests in a plan whose answer would still change something.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    s = read_case_context(desk, plan_rid)
    return _pending_approvals(desk, s, _workflow_of(desk, s))


def _pending_approvals(
    desk: Session, s: CaseContext, course: "PlanWorkflow"
) -> tuple[PendingApproval, ...]:
    return tuple(dict.fromkeys(_pending_requests(desk, s, course)))


def _pending_requests(
    desk: Session, s: CaseContext, course: "PlanWorkflow"
) -> Iterator[PendingApproval]:
    still_open = {gate.code for step in course.steps for gate in step.open}
    for seen in _requests(desk, s):
        record = seen.record
        if not isinstance(record.kind, str) or _is_given(s, seen):
            continue
        gate = record.gate if isinstance(record.gate, str) else ""
        matters = s.state in _DECISION_STATES if record.kind == DECISION else gate in still_open
        if course.is_ours and not matters:
            continue
        by = str(record.asked_by or "")
        is_own = course.is_ours and fold_initials(by) == fold_initials(desk.user)
        yield PendingApproval(record.kind, gate, by, text_or_empty(record.reason), is_own)


def _is_given(s: CaseContext, request: RecordView[Approval]) -> bool:
    believed = {request.row.custodian, s.ours, s.receiver.organisation if s.receiver else b""}
    return any(
        seen.record.given is not None
        and seen.row.custodian in believed
        and (seen.record.kind, seen.record.gate) == (request.record.kind, request.record.gate)
        and last_written(seen.row) >= last_written(request.row)
        for seen in s.approvals
    )


def _requests(desk: Session, s: CaseContext) -> Iterator[RecordView[Approval]]:
    """Yield the requests of the organisation that answers for the plan, and of ours.

    A third one could ask in the name of somebody here.
    """
    asks = {s.ours, desk.identity.organisation}
    for seen in s.approvals:
        if seen.record.given is None and seen.row.custodian in asks:
            yield seen


def _requests_for(
    desk: Session, s: CaseContext, kind: str, gate: str
) -> Iterator[RecordView[Approval]]:
    """Yield the requests for this approval, the newest first."""
    newest = sorted(_requests(desk, s), key=lambda seen: last_written(seen.row), reverse=True)
    for seen in newest:
        record = seen.record
        is_this = (record.kind, record.gate or "") == (kind, gate)
        if is_this and isinstance(record.asked_by, str):
            yield seen


# --- transitions that follow what was recorded


def record_journey(desk: Session, news: Sequence[LegUpdate]) -> tuple[Saved, ...]:
    """Record events of legs, and let the state of the plan follow, in one transaction.

    Undoing all the saves takes the state back as well. Raise as `put_leg_events` does.
    """
    row = require_record(desk, news[0].leg)
    require_editing(desk, row, LEG_EVENT_KEYS)
    with desk.store.transaction():
        return (*put_leg_events(desk, news), *_follow_records(desk, row.parent or b""))


def take_back_journey(desk: Session, leg: bytes, what: LegEvent) -> tuple[Saved, ...]:
    """Take back an event of a leg, and the step that it led to; raise as `put_taken_back`."""
    row = require_record(desk, leg)
    require_editing(desk, row, LEG_EVENT_KEYS)
    with desk.store.transaction():
        done = put_taken_back(desk, leg, what)
        s = read_case_context(desk, row.parent or b"")
        back = _step_to_take_back(s) if may_edit_now(desk, s.plan.row) else None
        if back is None:
            return (done,)
        state = encode_changes("plan", {"state": str(back.record.from_state)})
        return (
            done,
            put_changed(desk, back.row, {DELETION: 1}, seen_writes(back.row), Action.DELETE),
            put_changed(desk, s.plan.row, state, seen_writes(s.plan.row)),
        )


def step_recorded(desk: Session, s: CaseContext) -> str | None:
    """Return the state that follows from what was recorded and may be taken now; else None."""
    state, stage = s.state, stage_of(s)
    if state is None or state == stage or s.ours != desk.identity.organisation:
        return None
    ahead = next((one for one in NEXT_STATES.get(state, ()) if one in RECORDED_STATES), None)
    if ahead is None or any(gate.is_open for gate in gates_before(ahead, s)):
        return None
    return ahead if may_edit_now(desk, s.plan.row) else None


def _follow_records(desk: Session, plan: bytes) -> tuple[Saved, ...]:
    """Take the steps that were recorded, inside a transaction: each leads one state on."""
    done: list[Saved] = []
    s = read_case_context(desk, plan)
    while (target := step_recorded(desk, s)) is not None:
        done += _put_step(desk, s, target, {"happened": zoned_now(desk)})
        s = read_case_context(desk, plan)
    return tuple(done)


def _step_to_take_back(s: CaseContext) -> RecordView[Transition] | None:
    """Return the step to *travelling* if no leg has left after all; None if there is none."""
    if s.state != TRAVELLING or any(leg.record.status in BEGUN for leg in s.legs):
        return None
    steps = [one for one in s.transitions if one.row.custodian == s.ours]
    newest = max(steps, key=lambda one: (last_written(one.row), one.rid), default=None)
    return newest if newest is not None and newest.record.to_state == TRAVELLING else None


# --- transitions

_COPIED_TO_NEXT_PLAN = ("from_country", "to_country", "to_place", "owner")


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """A transition that the plan's state allows, and the results of its gates now."""

    target: str
    gates: tuple[Gate, ...]

    @property
    def may_be_taken(self) -> bool:
        """True if all gates are met."""
        return not self.open

    @property
    def open(self) -> tuple[Gate, ...]:
        """The gates that are not met."""
        return tuple(gate for gate in self.gates if gate.is_open)


@dataclass(frozen=True, slots=True)
class PlanWorkflow:
    """A plan's state and its transitions. `state` is None while it is in conflict.

    The transition forward comes first in `steps`. Only the organisation that answers for a plan
    moves it.
    """

    state: str | None
    steps: tuple[WorkflowStep, ...]
    is_ours: bool
    is_read_only: bool
    may_reopen: bool
    notices: tuple[PlanWarning, ...]


def _workflow_of(desk: Session, s: CaseContext) -> PlanWorkflow:
    """Return the plan's state, and every transition from there with its gates."""
    targets = NEXT_STATES.get(s.state or "", ())
    return PlanWorkflow(
        state=s.state,
        steps=tuple(WorkflowStep(target, gates_before(target, s)) for target in targets),
        is_ours=s.ours == desk.identity.organisation,
        is_read_only=is_read_only(s.state),
        may_reopen=s.state in REOPENABLE_STATES,
        notices=plan_warnings(s),
    )


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Standing of a plan now: what its gates read, its transitions, its requests and alarms."""

    context: CaseContext
    course: PlanWorkflow
    asked: tuple[PendingApproval, ...]
    alarms: tuple[AlarmLine, ...]


def read_standing(desk: Session, plan_rid: bytes) -> PlanStanding:
    """Return where a plan stands, from one reading of its records.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    s = read_case_context(desk, plan_rid)
    course = _workflow_of(desk, s)
    return PlanStanding(s, course, _pending_approvals(desk, s, course), alarms_in(desk, s))


def move_plan(
    desk: Session, plan_rid: bytes, target: str, happened: ZonedTime | None = None, reason: str = ""
) -> Changes:
    """Move a plan to the state `target`; `happened` is when this became true, None for now.

    Raise KfdeskError `plan.gate_open` with the codes of the gates that are not met,
    `plan.no_such_step`, `plan.undecided` while the state is in conflict, `plan.not_ours` for
    another organisation's plan, `plan.in_the_future`, `record.missing` or `record.deleted`.
    Before `travel_ready`, also raise what the carry check finds on the finished traveller's
    sheet, `paper.carry_…`.
    """
    s = read_case_context(desk, plan_rid)
    require_editing(desk, s.plan.row)
    when = checked_event_time(desk, happened)
    _check_step(desk, s, target)
    gates = gates_before(target, s)
    still_open = [gate.code for gate in gates if gate.is_open]
    if still_open:
        raise KfdeskError("plan.gate_open", target=target, gates=",".join(still_open))
    if target == "travel_ready" and s.plan.record.wants_paper == "wants_paper":
        _check_sheet(desk, plan_rid)  # before the transaction: a hit is logged, and then refused
    with desk.store.transaction():
        step, done = _put_step(desk, s, target, {"happened": when, "reason": reason or None})
        return Changes(done.types | step.types, done.rids | step.rids)


def _put_step(
    desk: Session, s: CaseContext, target: str, told: dict[str, Value]
) -> tuple[Saved, Saved]:
    """Write the transition record and the state, inside a transaction."""
    row = desk.new_row("transition", s.plan.rid)
    evidence = _evidence(desk, s, target, gates_before(target, s)) | told
    step = put_new(desk, row, encode_changes("transition", evidence))
    changes = encode_changes("plan", {"state": target})
    return step, put_changed(desk, s.plan.row, changes, seen_writes(s.plan.row))


def reopen_plan(desk: Session, plan_rid: bytes) -> bytes:
    """Create a plan, in draft, that follows an ended one, which stays as it is; return its id.

    Raise KfdeskError `plan.no_such_step` for one that has not ended, `plan.not_ours`,
    `record.missing` or `record.deleted`.
    """
    with desk.store.transaction():
        s = read_case_context(desk, plan_rid)
        require_editing(desk, s.plan.row)
        if s.state not in REOPENABLE_STATES:
            raise KfdeskError("plan.no_such_step")
        if s.ours != desk.identity.organisation:
            raise KfdeskError("plan.not_ours")
        values: dict[str, Value] = {
            key: getattr(s.plan.record, key) for key in _COPIED_TO_NEXT_PLAN
        }
        values |= {"state": DRAFT, "previous": plan_rid.hex(), "opened": s.at.date()}
        new = Row(desk.new_id(), "plan", s.client.rid, s.ours, EMPTY_STATE)
        put_new(desk, new, encode_changes("plan", values))
        return new.rid


def _check_sheet(desk: Session, plan_rid: bytes) -> None:
    """Run the carry check on the traveller's sheet; leave names of other people to the printing.

    She may carry one that an interpreter has read to her: then it is the English one.
    """
    try:
        code = client_language(desk, plan_rid, tuple(paper_texts(desk, PaperName.TRAVELLERS_SHEET)))
    except KfdeskError as fault:
        if fault.code != "paper.no_text":
            raise
        code = "en"
    found = check_paper(desk, PaperRequest(PaperName.TRAVELLERS_SHEET, plan_rid, code)).found
    for one in sorted(found, key=lambda one: (one.page, one.field)):
        if not one.may_be_somebody_else:
            raise one.fault


def _check_step(desk: Session, s: CaseContext, target: str) -> None:
    if s.ours != desk.identity.organisation:
        raise KfdeskError("plan.not_ours")
    if s.state is None:
        raise KfdeskError("plan.undecided")
    if not is_allowed_step(s.state, target):
        raise KfdeskError("plan.no_such_step")


def _evidence(
    desk: Session, s: CaseContext, target: str, gates: tuple[Gate, ...]
) -> dict[str, Value]:
    def codes(answer: GateAnswer) -> Value:
        return tuple(gate.code for gate in gates if gate.answer is answer) or None

    return {
        "from_state": s.state,
        "to_state": target,
        "taken_by": desk.user,
        "met": codes(GateAnswer.MET),
        "not_applicable": codes(GateAnswer.NOT_APPLICABLE),
        "overridden": codes(GateAnswer.OVERRIDDEN),
    }
