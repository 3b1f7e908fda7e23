# SPDX-License-Identifier: GPL-3.0-or-later
"""A partner in the cooperation of our plan: no deadline of ours goes, moves or is taken over.

The law's days hang on a run and its steps. A partner answers in them; what a step says, which run
counts, and that a step is called off are decided by whoever answers for the run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.test_procedure_runs import in_force
from tests.support.make import FILLED

from kfdesk.demo import people
from kfdesk.domain.deadlines import legal_deadlines
from kfdesk.domain.records.case import LegalStatus, Reception
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.gates import Gate, Receiver
from kfdesk.domain.workflow.travel import reception_confirmed
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.plans import read_case_context, zoned_now
from kfdesk.services.procedures import runs
from kfdesk.services.procedures.deadlines import list_run_deadlines

WHY = people.localized("Ingen orsak", "No reason", "Без причины")
STEPS: tuple[dict[str, Value], ...] = (
    {"prefix": "1", "lead": "anyone"},
    {"prefix": "2", "lead": "ngo", "event": "opened", "amount": 3, "unit": "d",
     "clock": "statutory", "warn": "15", "after": "1"},
    {"prefix": "3", "lead": "ngo", "event": "opened", "amount": 9, "unit": "d",
     "clock": "advised", "warn": "15", "prolong": WHY},
)  # fmt: skip
FREE = {"state", "asked", "accepted", "done", "skipped_because", "early_because", "form_sent",
        "said"}  # fmt: skip


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def run(trio: Trio) -> bytes:
    """Return our run in our plan."""
    head = in_force(trio.ours, *STEPS)
    return runs.start_run(trio.ours, trio.plan, head)


def deadlines(trio: Trio) -> tuple[object, ...]:
    """Return the deadlines that Today tells, and the run that the plan shows, with its days."""
    received = list_run_deadlines(trio.ours, {trio.plan: trio.row(trio.plan).parent or b""})
    shown = runs.read_run(trio.ours, trio.plan)
    assert shown is not None
    days = tuple((one.view.rid, one.due, one.is_settled, one.waits_for) for one in shown.steps)
    return tuple((one.step.view.rid, one.due) for one in received), shown.view.rid, days


def steps_of(trio: Trio, run: bytes) -> dict[str, Row]:
    rows = trio.ours.store.rows_below("cooperation_step", run)
    return {str(view(row, CooperationStep).record.prefix): row for row in rows}


@pytest.mark.parametrize("whose", ["bad", "ours"])
@pytest.mark.parametrize("opened", ["1970-01-01", "2025-11-01", None])
def test_partners_run_does_not_take_the_place_of_ours(
    trio: Trio, run: bytes, whose: str, opened: str | None
) -> None:
    before, forger = deadlines(trio), trio.forger(trio.bad)
    began: dict[str, Value] = (
        {"opened": ZonedTime.at(datetime.fromisoformat(opened), "UTC")} if opened else {}
    )
    custodian = getattr(trio, whose).identity.organisation
    head = forger.written("cooperation", began | {"title": WHY}, parent=trio.plan,
                          custodian=custodian)  # fmt: skip
    step = forger.written("cooperation_step", {"prefix": "1"}, parent=head.rid, custodian=custodian)
    trio.take(forger.file([head, step]))
    assert deadlines(trio) == before


@pytest.mark.parametrize("whose", ["bad", "ours"])
@pytest.mark.parametrize(
    "values",
    [
        {"prefix": "1", "after": "2"},  # a ring with our second step, which would lose its day
        {"prefix": "2", "state": "completed"},
        {"prefix": "0", "lead": "police", "event": "opened", "clock": "statutory", "amount": 1,
         "unit": "d", "warn": "15"},
    ],
    ids=["ring", "double", "new"],
)  # fmt: skip
def test_partners_own_step_does_not_count_in_our_run(
    trio: Trio, run: bytes, whose: str, values: Mapping[str, Value]
) -> None:
    before, forger = deadlines(trio), trio.forger(trio.bad)
    custodian = getattr(trio, whose).identity.organisation
    trio.take(
        forger.file([forger.written("cooperation_step", values, parent=run, custodian=custodian)])
    )
    assert deadlines(trio) == before


@pytest.mark.parametrize("state", ["cancelled", "not_applicable"])
def test_step_that_a_partner_calls_off_waits_for_us(trio: Trio, run: bytes, state: str) -> None:
    before, forger = deadlines(trio), trio.forger(trio.bad)
    step = steps_of(trio, run)["2"]
    off = forger.changed(step, {"state": state, "skipped_because": WHY})
    trio.take(forger.file([off]))
    assert deadlines(trio) == before
    assert view_any(trio.row(step.rid)).conflicts == {"state"}
    back = forger.changed(trio.row(step.rid), {"state": "accepted"})
    trio.take(forger.file([back]))
    assert deadlines(trio) == before


def test_answer_of_a_partner_in_a_step_counts_at_once(trio: Trio, run: bytes) -> None:
    step = steps_of(trio, run)["2"]
    done = zoned_now(trio.ours)
    forger = trio.forger(trio.bad)
    trio.take(forger.file([forger.changed(step, {"state": "completed", "done": done})]))
    shown = runs.read_run(trio.ours, trio.plan)
    assert shown is not None
    assert next(one for one in shown.steps if one.prefix == "2").is_settled


@pytest.mark.parametrize("way", ["values", "deletion", "blank", "late"])
def test_nothing_that_a_run_says_is_changed_by_a_partner(trio: Trio, run: bytes, way: str) -> None:
    before, forger = deadlines(trio), trio.forger(trio.bad)
    rows = [trio.row(run), *steps_of(trio, run).values()]
    for row in rows:
        keys = RECORD_TYPES[row.type].fields.keys() - FREE
        filled = {key: FILLED[row.type][key] for key in keys if key in FILLED[row.type]}
        if way == "values":
            sent = forger.changed(row, filled)
        elif way == "deletion":
            sent = forger.deleted(row)
        elif way == "blank":
            sent = forger.changed(row, dict.fromkeys(filled))
        else:
            until = trio.ours.adapters.clock.now().date() + timedelta(days=400)
            is_step = row.type == "cooperation_step"
            sent = forger.changed(row, {"extended_until": until} if is_step else {"closed": None})
        trio.take(forger.file([sent]))
    assert not any(is_deleted(trio.row(row.rid).state) for row in rows)
    assert deadlines(trio) == before


# --- what a partner's own records prove


def told_days(trio: Trio) -> list[tuple[bytes, object]]:
    """Return the last days of the law that are told today."""
    rows = trio.ours.store.rows_below("legal_status", trio.plan)
    today = trio.ours.adapters.clock.now().date()
    return [(one.matter.rid, one.day)
            for one in legal_deadlines([view(row, LegalStatus) for row in rows], today)
            if one.matter.row.custodian == trio.ours.identity.organisation]  # fmt: skip


LATER: dict[str, Value] = {"kind": "reflection", "decision": "granted"}
STEPS_OF_LAW: tuple[dict[str, Value], ...] = (
    {"prefix": "1", "lead": "client", "proof": "reflection_granted", "event": "opened",
     "amount": 3, "unit": "d", "clock": "statutory", "warn": "15"},
    {"prefix": "2", "lead": "head_of_investigation", "event": "reflection_ends",
     "clock": "statutory", "warn": "15 10 3"},
    {"prefix": "3", "lead": "ngo", "proof": "reception_confirmed", "event": "reception_asked",
     "amount": 3, "unit": "d", "clock": "statutory", "warn": "15"},
)  # fmt: skip


@pytest.mark.parametrize("is_granted", [True, False])
def test_partners_own_legal_matter_ends_and_moves_no_deadline_of_ours(
    trio: Trio, is_granted: bool
) -> None:
    today = trio.ours.adapters.clock.now().date()
    ends: dict[str, Value] = {
        "begins": today - timedelta(days=25),
        "ends": today + timedelta(days=5),
    }
    ours: dict[str, Value] = {"kind": "reflection", "decision": "applied"}
    create_record(trio.ours, LegalStatus, LATER | ends if is_granted else ours, trio.plan)
    runs.start_run(trio.ours, trio.plan, in_force(trio.ours, *STEPS_OF_LAW))
    before, told = deadlines(trio), told_days(trio)
    forger = trio.forger(trio.bad)
    far: dict[str, Value] = {"begins": today, "ends": today + timedelta(days=900)}
    trio.take(forger.file([forger.written("legal_status", LATER | far, parent=trio.plan)]))
    assert deadlines(trio) == before
    assert told_days(trio) == told


@pytest.mark.parametrize("status", ["confirmed", "declined"])
def test_partner_does_not_answer_for_the_receiver_in_a_record_of_its_own(
    trio: Trio, status: str
) -> None:
    third, now = trio.third.identity.organisation.hex(), zoned_now(trio.ours)
    change_record(trio.ours, trio.plan, {"receiver": third})
    create_record(trio.ours, Reception, {"organisation": third, "asked": now}, trio.plan)
    runs.start_run(trio.ours, trio.plan, in_force(trio.ours, *STEPS_OF_LAW))
    before, days = gate_of(trio), deadlines(trio)
    values: dict[str, Value] = {
        "organisation": third, "status": status, "received_by": "Anna", "asked": now,
        "answered": now,
    }  # fmt: skip
    forger = trio.forger(trio.bad)
    trio.take(forger.file([forger.written("reception", values, parent=trio.plan)]))
    assert (gate_of(trio), deadlines(trio)) == (before, days)
    true = trio.forger(trio.third)
    trio.take(true.file([true.written("reception", values, parent=trio.plan)]))
    assert gate_of(trio).is_open == (status != "confirmed")


def gate_of(trio: Trio) -> Gate:
    case = replace(read_case_context(trio.ours, trio.plan), receiver=Receiver(
        trio.third.identity.organisation, is_third_country=False))  # fmt: skip
    return reception_confirmed(case)
