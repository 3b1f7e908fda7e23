# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines of runs, for many plans at once: one reading of each type of record, no plan opened.

Only plans that have an open run are looked at. A settled step has no deadline.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from kfdesk.domain.deadlines import LegalDeadline
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.procedures.runs import RunStep, deadline_order, open_run, read_steps
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.workflow.gates import build_case_context
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session

_PLAN_TYPES = (
    "legal_status", "reception", "risk_assessment", "leg", "handover", "follow_up", "child_papers",
)  # fmt: skip
"""What starts the clocks of a plan and proves its steps, beside the consents of its client."""
_END_KINDS = {"reflection_ends": "reflection", "permit_ends": "permit"}
_LED_BY_NOBODY_ELSE = ("client", None)


@dataclass(frozen=True, slots=True)
class RunDeadline:
    """A deadline of a step that must be told today: the plan, and the step with its last day."""

    plan: bytes
    step: RunStep
    due: Due


def list_run_deadlines(
    desk: Session, plans: Mapping[bytes, bytes], legal: Iterable[tuple[bytes, LegalDeadline]] = ()
) -> tuple[RunDeadline, ...]:
    """Return the deadlines of open runs that must be told today: statutory first, then by day.

    `plans` are the plans to look at, each with its client. What a deadline of the law in `legal`
    tells for the same plan is left out. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    runs = _open_runs(desk, plans)
    if not runs:
        return ()
    told: set[tuple[bytes, object, object]] = {
        (plan, one.matter.record.kind, one.day) for plan, one in legal if not one.is_hearing
    }
    now = desk.adapters.clock.now()
    found = [
        RunDeadline(plan, step, step.due)
        for plan, step in _steps(desk, plans, runs, now)
        if not step.is_settled and isinstance(step.due, Due) and step.due.is_told(now.date())
        and not _is_told_already(plan, step, step.due, told)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (deadline_order(one.step), one.plan)))


def _is_told_already(
    plan: bytes, step: RunStep, found: Due, told: Set[tuple[bytes, object, object]]
) -> bool:
    """Return whether a period's end is told already, and nobody else than the client must act."""
    record = step.view.record
    kind = _END_KINDS.get(str(record.event))
    is_same = kind is not None and (plan, kind, found.last_day) in told
    return is_same and record.lead in _LED_BY_NOBODY_ELSE


def _open_runs(
    desk: Session, plans: Mapping[bytes, bytes]
) -> Mapping[bytes, RecordView[Cooperation]]:
    """Return the open run of each of these plans that has one."""
    of_plan: dict[bytes, list[RecordView[Cooperation]]] = defaultdict(list)
    for row in desk.store.rows("cooperation"):
        if row.parent is not None and row.parent in plans:
            of_plan[row.parent].append(view(row, Cooperation))
    heads = desk.store.kept(of_plan)
    found = {
        plan: open_run(runs, heads[plan][0].custodian)
        for plan, runs in of_plan.items() if plan in heads
    }  # fmt: skip
    return {plan: run for plan, run in found.items() if run is not None}


def _steps(
    desk: Session,
    plans: Mapping[bytes, bytes],
    runs: Mapping[bytes, RecordView[Cooperation]],
    now: datetime,
) -> Iterator[tuple[bytes, RunStep]]:
    """Yield the steps of runs, each with its plan; read each type of record once."""
    below: dict[bytes | None, list[Row]] = defaultdict(list)
    for name in _PLAN_TYPES:
        for row in desk.store.rows(name):
            if row.parent in runs:
                below[row.parent].append(row)
    clients = {plans[plan] for plan in runs}
    for row in desk.store.rows("consent"):
        if row.parent in clients:
            below[row.parent].append(row)
    heads = desk.store.kept([*runs, *clients])
    steps = _run_steps(desk, runs)
    for plan, run in runs.items():
        of_run = steps.get(run.rid, ())
        if plan in heads and plans[plan] in heads and of_run:
            rows = (heads[plans[plan]][0], heads[plan][0], *below[plan], *below[plans[plan]])
            case = build_case_context(rows, now)
            yield from ((plan, step) for step in read_steps(case, run, of_run))


def _run_steps(
    desk: Session, runs: Mapping[bytes, RecordView[Cooperation]]
) -> Mapping[bytes, Sequence[RecordView[CooperationStep]]]:
    """Return the steps of runs, by the run's id. A step without a clock may start another's."""
    wanted = {run.rid for run in runs.values()}
    found: dict[bytes, list[RecordView[CooperationStep]]] = defaultdict(list)
    for row in desk.store.rows("cooperation_step"):
        if row.parent in wanted:
            found[row.parent].append(view(row, CooperationStep))
    return found
