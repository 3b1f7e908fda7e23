# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of invented procedures, at real desks."""

from datetime import date, timedelta

from tests.integration.hostile_samples import Trio

from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import view
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.procedures import procedures, runs
from kfdesk.services.today import StepDeadline, read_today

WHY = (Translation("sv", "Nämnden bad om det"),)
TITLE = (Translation("sv", "Påhittad samverkan"),)
Step = dict[str, Value]
LAW: Step = {
    "prefix": "4b", "lead": "social_board", "event": "opened", "amount": 14, "unit": "d",
    "clock": "statutory", "warn": "14 3 1", "prolong": WHY,
}  # fmt: skip
ADVISED: Step = {
    "prefix": "6", "lead": "social_board", "event": "opened", "amount": 3, "unit": "d",
    "clock": "advised", "warn": "3",
}  # fmt: skip


def in_force(desk: Session, *steps: Step) -> bytes:
    """Enter a procedure with these steps and put it in force; return its id."""
    values: Step = {
        "title": TITLE, "status": "draft", "version": "3", "confidentiality": "circle",
        "country": "SE",
    }  # fmt: skip
    head = create_record(desk, Procedure, values)
    for step in steps:
        create_record(desk, ProcedureStep, {"title": TITLE} | step, head)
    procedures.activate_procedure(desk, head)
    return head


def begin(desk: Session, plan: bytes, *steps: Step) -> bytes:
    """Begin a run of a procedure with these steps; return its id."""
    return runs.start_run(desk, plan, in_force(desk, *steps))


def step_named(desk: Session, plan: bytes, prefix: str) -> RunStep:
    run = runs.read_run(desk, plan)
    assert run is not None
    return next(one for one in run.steps if one.prefix == prefix)


def told(desk: Session) -> tuple[StepDeadline, ...]:
    return read_today(desk).steps


def prefixes(desk: Session) -> list[str]:
    return [one.step.prefix for one in told(desk)]


def today(desk: Session) -> date:
    return desk.adapters.clock.now().date()


def days_ago(desk: Session, days: int) -> ZonedTime:
    now = zoned_now(desk)
    return ZonedTime.at(now.wall - timedelta(days=days), now.zone)


def run_record(trio: Trio, rid: bytes) -> Cooperation:
    return view(trio.row(rid), Cooperation).record


def step_record(trio: Trio, rid: bytes) -> CooperationStep:
    return view(trio.row(rid), CooperationStep).record
