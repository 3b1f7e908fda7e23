# SPDX-License-Identifier: GPL-3.0-or-later
"""A second person's word: asked for by one, given by another.

A request and an approval are two records, each written once and never changed, so that whose word
it is can be told from the record itself. A partner's person may give it at the partner's desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.domain.desk.users import Right, fold
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates import risks
from kfdesk.domain.gates.approving import DECISION, OVERRIDE
from kfdesk.domain.gates.situation import Situation, initials_of, last_written
from kfdesk.domain.gates.table import OVERRIDABLE
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.rows import Row, View, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY, writes_of
from kfdesk.services.course.situations import moment_now, read_situation
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.plans import list_plans
from kfdesk.services.policy.access import READING, require_editing
from kfdesk.services.writing.records import found, put_new


@dataclass(frozen=True, slots=True)
class Request:
    """What waits for a second person: which plan, for what, asked for by whom."""

    plan: bytes
    kind: str
    gate: str
    asked_by: str


def ask_approval(
    desk: Desk, plan_rid: bytes, kind: str, gate: str = "", reason: str = ""
) -> Changes:
    """Ask for the decision, or for a gate to be set aside.

    Raises KfdeskError `approval.not_possible` for a gate that nobody may set aside,
    `plan.read_only`, `record.missing` or `record.deleted`.
    """
    values: dict[str, Value] = {"asked_by": desk.user, "reason": reason or None}
    require_editing(desk, found(desk, plan_rid))
    with desk.store.transaction():
        read_situation(desk, plan_rid)
        return _put(desk, plan_rid, _what(kind, gate) | values)


def approve(desk: Desk, plan_rid: bytes, kind: str, gate: str = "", reason: str = "") -> Changes:
    """Give the decision, or set a gate aside with a reason, for whoever asked last.

    Where nobody asked, the last who moved the plan counts as having asked. Raises KfdeskError
    `user.not_allowed`, `approval.same_person` for who asked or moved the plan last,
    `approval.no_reason`, `approval.not_possible`, `plan.read_only`, `record.missing` or
    `record.deleted`.
    """
    desk.require(Right.APPROVE)
    what = _what(kind, gate)
    if kind == OVERRIDE and not reason.strip():
        raise KfdeskError("approval.no_reason")
    with desk.store.transaction():
        s = read_situation(desk, plan_rid)
        mover = s.mover_before(desk.milliseconds) or initials_of(
            writes_of(s.plan.row.state)[0].author
        )
        asked = next((seen.record.asked_by for seen in _requests(s, kind, gate)), mover)
        is_ours = s.ours == desk.identity.organisation
        if is_ours and fold(desk.user) in {fold(str(asked)), fold(mover)}:
            raise KfdeskError("approval.same_person")
        given = moment_now(desk)
        by: dict[str, Value] = {"given_by": desk.user, "given": given, "asked_by": asked}
        values = what | by | {"reason": reason or None}
        return _put(desk, plan_rid, values, _newest_known(s, kind, gate))


def requests(desk: Desk) -> tuple[Request, ...]:
    """What waits for a second person at this desk, in all plans."""
    desk.require(*READING)
    waiting: list[Request] = []
    for line in list_plans(desk):
        s = read_situation(desk, line.rid)
        for seen in s.approvals:
            record = seen.record
            if record.given is None and isinstance(record.kind, str) and not _is_given(s, seen):
                asked = Request(line.rid, record.kind, str(record.gate or ""), str(record.asked_by))
                waiting.append(asked)
    return tuple(dict.fromkeys(waiting))


def _what(kind: str, gate: str) -> dict[str, Value]:
    is_whole = kind == DECISION and not gate
    if not is_whole and not (kind == OVERRIDE and gate in OVERRIDABLE):
        raise KfdeskError("approval.not_possible")
    return {"kind": kind, "gate": gate or None}


def _put(desk: Desk, plan_rid: bytes, values: dict[str, Value], after: int = 0) -> Changes:
    row = Row(desk.new_id(), "approval", plan_rid, desk.identity.organisation, EMPTY)
    done = put_new(desk, row, wire_changes("approval", values), after)
    return Changes(done.types, done.rids | {plan_rid})


def _newest_known(s: Situation, kind: str, gate: str) -> int:
    """When the newest was written of what the word rests on, in milliseconds.

    Another desk's clock may be ahead of ours, and still we have read what it wrote.
    """
    asked = (last_written(seen.row) for seen in _requests(s, kind, gate))
    weighed = (risks.last_touched(risk, s) for risk in risks.counting(s))
    return max((*asked, *weighed), default=0)


def _requests(s: Situation, kind: str, gate: str) -> Iterator[View[Approval]]:
    """Who asked for this, the newest first."""
    newest = sorted(s.approvals, key=lambda seen: last_written(seen.row), reverse=True)
    for seen in newest:
        record = seen.record
        is_this = (record.kind, record.gate or "") == (kind, gate)
        if is_this and record.given is None and isinstance(record.asked_by, str):
            yield seen


def _is_given(s: Situation, request: View[Approval]) -> bool:
    return any(
        seen.record.given is not None
        and (seen.record.kind, seen.record.gate) == (request.record.kind, request.record.gate)
        and last_written(seen.row) >= last_written(request.row)
        for seen in s.approvals
    )
