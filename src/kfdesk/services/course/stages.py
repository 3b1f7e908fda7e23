# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a plan from one state to the next: the one way, through the gates, with their evidence.

A step is one transaction: the plan is read anew, every gate is asked, and the state is written
together with the record of the step. What happened and when it was entered are two times.
"""

from dataclasses import dataclass

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.gate import Answer, Gate
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.gates.states import DRAFT, NEXT, REOPENED, is_read_only, may_step
from kfdesk.domain.gates.table import gates_before
from kfdesk.domain.journey.notices import Notice, notices
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.values import Moment, Value
from kfdesk.domain.writes import EMPTY
from kfdesk.i18n.language import TRAVELLER_LANGUAGES
from kfdesk.services.course.situations import happened_or_now, read_situation
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.papers.making import check_paper, her_language
from kfdesk.services.policy.access import require_editing
from kfdesk.services.writing.records import put_changed, put_new

_KEPT = ("from_country", "to_country", "to_place", "owner")  # a new plan takes over from the old


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the plan's state has, and what its gates say now."""

    target: str
    gates: tuple[Gate, ...]

    @property
    def may_be_taken(self) -> bool:
        """Whether no gate is open to be mended any more."""
        return not self.open

    @property
    def open(self) -> tuple[Gate, ...]:
        """The gates that are not met."""
        return tuple(gate for gate in self.gates if gate.is_open)


@dataclass(frozen=True, slots=True)
class Course:
    """Where a plan stands. `state` is None while two desks have written different ones.

    `steps` has the way on first. A plan that another organisation answers for is moved there.
    """

    state: str | None
    steps: tuple[Step, ...]
    is_ours: bool
    is_read_only: bool
    may_reopen: bool
    notices: tuple[Notice, ...]


def gates_for(desk: Desk, plan_rid: bytes, target: str) -> tuple[Gate, ...]:
    """What every gate before `target` says now.

    Raises KfdeskError `record.missing` or `record.deleted`.
    """
    return gates_before(target, read_situation(desk, plan_rid))


def next_steps(desk: Desk, plan_rid: bytes) -> Course:
    """Where the plan stands, and every step from there with its gates.

    Raises KfdeskError `record.missing` or `record.deleted`.
    """
    s = read_situation(desk, plan_rid)
    targets = NEXT.get(s.state or "", ())
    return Course(
        state=s.state,
        steps=tuple(Step(target, gates_before(target, s)) for target in targets),
        is_ours=s.ours == desk.identity.organisation,
        is_read_only=is_read_only(s.state),
        may_reopen=s.state in REOPENED,
        notices=notices(s),
    )


def move_plan(
    desk: Desk, plan_rid: bytes, target: str, happened: Moment | None = None, reason: str = ""
) -> Changes:
    """Take a step. `happened` is when it was so in the world; now, if it is not said.

    Raises KfdeskError `plan.gate_open` with the codes of the gates that are open,
    `plan.no_such_step`, `plan.undecided` while the state is in conflict, `plan.not_ours` for
    another organisation's plan, `plan.in_the_future`, `record.missing` or `record.deleted`; before
    she is ready to travel also what the carry check finds on her finished sheet, `paper.carry_…`.
    """
    with desk.store.transaction():
        s = read_situation(desk, plan_rid)
        require_editing(desk, s.plan.row)
        when = happened_or_now(desk, happened)
        _check_step(desk, s, target)
        gates = gates_before(target, s)
        still_open = [gate.code for gate in gates if gate.is_open]
        if still_open:
            raise KfdeskError("plan.gate_open", target=target, gates=",".join(still_open))
        if target == "travel_ready" and s.plan.record.wants_paper == "wants_paper":
            _check_sheet(desk, plan_rid)
        step = Row(desk.new_id(), "transition", plan_rid, desk.identity.organisation, EMPTY)
        evidence = _evidence(desk, s, target, gates) | {"happened": when, "reason": reason or None}
        put_new(desk, step, wire_changes("transition", evidence))
        changes = wire_changes("plan", {"state": target})
        done = put_changed(desk, s.plan.row, changes, seen_in(s.plan.row))
        return Changes(done.types | {"transition"}, done.rids | {step.rid})


def reopen_plan(desk: Desk, plan_rid: bytes) -> bytes:
    """A new plan, in draft, that follows one which has ended; the old one stays as it is.

    Returns the new plan. Raises KfdeskError `plan.no_such_step` for one that has not ended,
    `plan.not_ours`, `record.missing` or `record.deleted`.
    """
    with desk.store.transaction():
        s = read_situation(desk, plan_rid)
        require_editing(desk, s.plan.row)
        if s.state not in REOPENED:
            raise KfdeskError("plan.no_such_step")
        if s.ours != desk.identity.organisation:
            raise KfdeskError("plan.not_ours")
        values: dict[str, Value] = {key: getattr(s.plan.record, key) for key in _KEPT}
        values |= {"state": DRAFT, "previous": plan_rid.hex(), "opened": s.at.date()}
        new = Row(desk.new_id(), "plan", s.client.rid, s.ours, EMPTY)
        put_new(desk, new, wire_changes("plan", values))
        return new.rid


def _check_sheet(desk: Desk, plan_rid: bytes) -> None:
    """Read her finished sheet back; that a name is somebody else's is said when it is printed."""
    code = her_language(desk, plan_rid, TRAVELLER_LANGUAGES)
    found = check_paper(desk, Order(PaperName.TRAVELLERS_SHEET, plan_rid, code)).found
    for one in sorted(found, key=lambda one: (one.page, one.field)):
        if not one.may_be_somebody_else:
            raise one.fault


def _check_step(desk: Desk, s: Situation, target: str) -> None:
    if s.ours != desk.identity.organisation:
        raise KfdeskError("plan.not_ours")
    if s.state is None:
        raise KfdeskError("plan.undecided")
    if not may_step(s.state, target):
        raise KfdeskError("plan.no_such_step")


def _evidence(desk: Desk, s: Situation, target: str, gates: tuple[Gate, ...]) -> dict[str, Value]:
    def said(answer: Answer) -> Value:
        return tuple(gate.code for gate in gates if gate.answer is answer) or None

    return {
        "from_state": s.state,
        "to_state": target,
        "taken_by": desk.user,
        "met": said(Answer.MET),
        "not_applicable": said(Answer.NOT_APPLICABLE),
        "overridden": said(Answer.OVERRIDDEN),
    }
