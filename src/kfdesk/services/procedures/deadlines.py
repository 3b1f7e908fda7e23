# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines of runs, for many plans at once: one reading of each type of record, no plan opened.

Only plans that have an open run are looked at. A settled step has no deadline.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from kfdesk.domain.deadlines import LegalDeadline
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.procedures.events import EVENT_FIELDS
from kfdesk.domain.procedures.runs import RunStep, deadline_order, open_run, read_steps
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view, view_fields
from kfdesk.domain.workflow.gates import build_case_context
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session

_CASE_TYPES = (
    "consent", "legal_status", "reception", "risk_assessment", "leg", "handover", "follow_up",
    "child_papers",
)  # fmt: skip
"""The records that start the clocks of a plan and prove its steps, besides plan and client."""
_CLOCK_KEYS = (
    "prefix", "lead", "after", "event", "event_step", "amount", "unit", "clock", "rolls", "warn",
    "needs_consent", "proof", "state", "done", "began", "extended_until",
)  # fmt: skip
"""The fields that the deadline of a step depends on."""
_SHOWN_KEYS = ("title", "led_by", "person")
_END_KINDS = {"reflection_ends": "reflection", "permit_ends": "permit"}
_LED_BY_NOBODY_ELSE = ("client", None)


@dataclass(frozen=True, slots=True)
class RunDeadline:
    """A deadline of a step that must be told today: the plan, and the step with its last day.

    Of the step what it is called, who acts and its clock are read, and nothing else.
    """

    plan: bytes
    step: RunStep
    due: Due


def list_run_deadlines(
    desk: Session,
    plans: Mapping[bytes, bytes],
    legal: Iterable[tuple[bytes, LegalDeadline]] = (),
    wanted: Callable[[Due], bool] | None = None,
) -> tuple[RunDeadline, ...]:
    """Return the deadlines of open runs that must be told today: statutory first, then by day.

    `plans` are the plans to look at, each with its client. What a deadline of the law in `legal`
    tells for the same plan is left out. `wanted` chooses others than those that must be told
    today. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    of_plan = _runs_of_plans(desk, plans)
    if not of_plan:
        return ()
    told: set[tuple[bytes, object, object]] = {
        (plan, one.matter.record.kind, one.day) for plan, one in legal if not one.is_hearing
    }
    now = desk.adapters.clock.now()
    wanted = wanted or (lambda due: due.is_told(now.date()))
    found = [
        (plan, step, step.due)
        for plan, step in _steps(desk, plans, of_plan, now)
        if not step.is_settled and isinstance(step.due, Due) and wanted(step.due)
        and not _is_shown_elsewhere(plan, step, step.due, told)
    ]  # fmt: skip
    found.sort(key=lambda one: (deadline_order(one[1]), one[0]))
    whole = desk.store.kept(step.view.rid for _, step, _ in found)
    return tuple(
        RunDeadline(plan, replace(step, view=_shown(whole[step.view.rid][0])), due)
        for plan, step, due in found
    )


def _shown(row: Row) -> RecordView[CooperationStep]:
    return view_fields(row, CooperationStep, (*_CLOCK_KEYS, *_SHOWN_KEYS))


def _is_shown_elsewhere(
    plan: bytes, step: RunStep, found: Due, told: Set[tuple[bytes, object, object]]
) -> bool:
    """Return whether a period's end is told already, and nobody else than the client must act."""
    record = step.view.record
    kind = _END_KINDS.get(str(record.event))
    is_same = kind is not None and (plan, kind, found.last_day) in told
    return is_same and record.lead in _LED_BY_NOBODY_ELSE


def _runs_of_plans(
    desk: Session, plans: Mapping[bytes, bytes]
) -> Mapping[bytes, list[RecordView[Cooperation]]]:
    """Return the runs of those of these plans that have any."""
    of_plan: dict[bytes, list[RecordView[Cooperation]]] = defaultdict(list)
    for row in desk.store.rows_beneath("cooperation", plans):
        of_plan[row.parent or b""].append(view(row, Cooperation))
    return of_plan


def _steps(
    desk: Session,
    plans: Mapping[bytes, bytes],
    of_plan: Mapping[bytes, Sequence[RecordView[Cooperation]]],
    now: datetime,
) -> Iterator[tuple[bytes, RunStep]]:
    """Yield the steps of open runs, each with its plan; read each type of record once."""
    heads = desk.store.kept([*of_plan, *(plans[plan] for plan in of_plan)])
    opened = {plan: open_run(runs, heads[plan][0].custodian) for plan, runs in of_plan.items()
              if plan in heads and plans[plan] in heads}  # fmt: skip
    runs = {plan: run for plan, run in opened.items() if run is not None}
    steps = _run_steps(desk, frozenset(run.rid for run in runs.values()))
    below: dict[bytes | None, list[Row]] = defaultdict(list)
    above = {*runs, *(plans[plan] for plan in runs)}
    for name in _CASE_TYPES:
        for row in desk.store.rows_beneath(name, above):
            below[row.parent].append(row)
    for plan, run in runs.items():
        client = plans[plan]
        rows = (heads[client][0], heads[plan][0], *below[plan], *below[client])
        case = build_case_context(rows, now, fields=EVENT_FIELDS)
        yield from ((plan, step) for step in read_steps(case, run, steps.get(run.rid, ())))


def _run_steps(
    desk: Session, runs: Set[bytes]
) -> Mapping[bytes, Sequence[RecordView[CooperationStep]]]:
    """Return the steps of runs, by the run's id, with what a clock reads and nothing else.

    A step without a clock may start another's.
    """
    found: dict[bytes, list[RecordView[CooperationStep]]] = defaultdict(list)
    gone = desk.store.tree.deleted("cooperation_step", runs)
    for one in desk.store.tree.cells("cooperation_step", _CLOCK_KEYS, runs):
        record = _decoded(one.flags, one.wires)
        row = Row(one.rid, "cooperation_step", one.parent, one.custodian, EMPTY_STATE)
        is_gone = one.rid in gone
        found[one.parent or b""].append(RecordView(row, record, frozenset(), {}, is_gone))
    return found


@lru_cache(maxsize=4096)
def _decoded(flags: str, wires: tuple[int | str | None, ...]) -> CooperationStep:
    """Return a step of these cells; runs of one procedure have the same ones. Torn reads None."""
    torn, fields = json.loads(flags), RECORD_TYPES["cooperation_step"].fields
    values: dict[str, Any] = {
        key: fields[key].kind.decode(wire)
        for key, wire in zip(_CLOCK_KEYS, wires, strict=True) if key not in torn
    }  # fmt: skip
    return CooperationStep(**values)
