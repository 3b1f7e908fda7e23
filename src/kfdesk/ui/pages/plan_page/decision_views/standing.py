# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a plan stands, read in one go on the worker's thread for the header and the section.

Puts together what the services of a plan's course say; it decides nothing and touches no widget.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.desk.users import Right, fold, rights_of
from kfdesk.domain.gates.approving import DECISION
from kfdesk.domain.gates.gate import Gate
from kfdesk.domain.gates.situation import Receiver, Situation, last_written
from kfdesk.domain.gates.travellers import child_gates, children, papers_of
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.records.person.child_papers import ChildPapers
from kfdesk.domain.rows import View
from kfdesk.services.access.users import list_users
from kfdesk.services.casework.journey import read_journey
from kfdesk.services.course.alarms import AlarmLine
from kfdesk.services.course.situations import read_situation
from kfdesk.services.course.stages import Course, next_steps
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage

_TO_BE_DECIDED = frozenset({"decision_ready", "approved"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a second person. `is_own`: who sits here asked, and cannot answer."""

    kind: str
    gate: str
    by: str
    reason: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Child:
    """Somebody who travels and counts as a child, with the papers and what the gates say."""

    person: View[Any]
    papers: View[ChildPapers] | None
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the plan stands, what waits for a second person, and what went wrong on the way.

    `children` are those who travel, each with what its gates say. `is_alone`: nobody else at this
    desk may approve.
    """

    course: Course
    asked: tuple[Asked, ...]
    alarms: tuple[AlarmLine, ...]
    receiver: Receiver | None
    children: tuple[Child, ...]
    may_approve: bool
    is_alone: bool

    @property
    def open_count(self) -> int:
        """How many conditions of the way on are open."""
        return len(self.course.steps[0].open) if self.course.steps else 0


def read_standing(desk: Desk, page: PlanPage) -> Standing:
    """Where the plan of this page stands now. Raises KfdeskError `record.missing`."""
    rid = page.plan.rid
    course, s = next_steps(desk, rid), read_situation(desk, rid)
    others = [user for user in list_users(desk) if user.initials != fold(desk.user)]
    return Standing(
        course=course,
        asked=tuple(dict.fromkeys(_asked(desk, s, course))),
        alarms=read_journey(desk, rid).alarms,
        receiver=s.receiver,
        children=tuple(Child(one, papers_of(one, s), child_gates(one, s)) for one in children(s)),
        may_approve=desk.may(Right.APPROVE),
        is_alone=not any(Right.APPROVE in rights_of(user.roles) for user in others),
    )


def _asked(desk: Desk, s: Situation, course: Course) -> Iterator[Asked]:
    """Requests that nobody has answered, and whose answer would still change something."""
    still_open = {gate.code for step in course.steps for gate in step.open}
    for seen in s.approvals:
        record = seen.record
        if record.given is not None or not isinstance(record.kind, str) or _is_given(s, seen):
            continue
        gate = record.gate if isinstance(record.gate, str) else ""
        matters = s.state in _TO_BE_DECIDED if record.kind == DECISION else gate in still_open
        if course.is_ours and not matters:
            continue
        by = str(record.asked_by or "")
        reason = record.reason if isinstance(record.reason, str) else ""
        yield Asked(record.kind, gate, by, reason, course.is_ours and fold(by) == fold(desk.user))


def _is_given(s: Situation, request: View[Approval]) -> bool:
    return any(
        seen.record.given is not None
        and (seen.record.kind, seen.record.gate) == (request.record.kind, request.record.gate)
        and last_written(seen.row) >= last_written(request.row)
        for seen in s.approvals
    )
