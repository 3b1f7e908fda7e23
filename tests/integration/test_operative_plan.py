# SPDX-License-Identifier: GPL-3.0-or-later
"""The cooperation that comes with the program, from the suspicion to the follow-up."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.integration.run_samples import WHY, days_ago, prefixes, step_named, today, told

from kfdesk.domain.procedures.clocks import ClockFault, Due, DueReason, NotDue
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.case import LegalStatus, Reception
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.registers import encode_state
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import LocalizedText, Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import files, procedures, runs
from kfdesk.services.procedures.deadlines import list_run_deadlines
from kfdesk.services.today import read_today
from kfdesk.storage.row_codec import RecordTree
from kfdesk.storage.store import Store

STOCKHOLM = "stockholm-region"
ADULT: dict[str, Value] = {"birth_date": date(1990, 1, 1), "age_disputed": False}


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def shipped(desk: Session, name: str = STOCKHOLM) -> bytes:
    """Put a procedure that comes with the program in force; return its id."""
    seen = files.preview_procedure(desk, files.shipped_procedure(desk, name))
    done = files.import_procedure(desk, seen)
    procedures.activate_procedure(desk, done.procedure)
    return done.procedure


def enter(trio: Trio, **values: Value) -> bytes:
    return create_record(trio.ours, LegalStatus, values, trio.plan)


def grant(trio: Trio, days_left: int) -> bytes:
    """Enter a reflection period that ends in so many days."""
    last = today(trio.ours) + timedelta(days_left)
    begins = last - timedelta(30)
    return enter(trio, kind="reflection", decision="granted", begins=begins, ends=last)


def make_adult(trio: Trio) -> None:
    change_record(trio.ours, trio.row(trio.plan).parent or b"", ADULT)


def make_child(trio: Trio) -> None:
    change_record(trio.ours, trio.row(trio.plan).parent or b"", {"birth_date": date(2015, 1, 1)})


# --- 1: a granted reflection period


@pytest.mark.parametrize(
    ("left", "is_told", "is_near", "is_urgent"),
    [(31, False, False, False), (15, True, False, False), (10, True, True, False),
     (3, True, True, False), (0, True, True, True), (-9, True, True, True)],
)  # fmt: skip
def test_today_speaks_of_the_reflection_period_until_it_is_settled(
    trio: Trio, left: int, *, is_told: bool, is_near: bool, is_urgent: bool
) -> None:
    make_adult(trio)
    runs.start_run(trio.ours, trio.plan, shipped(trio.ours))
    matter = grant(trio, left)
    found = read_today(trio.ours).deadlines
    assert [(one.deadline.is_near, one.deadline.is_urgent) for one in found] == (
        [(is_near, is_urgent)] if is_told else []
    )
    assert "6a" not in prefixes(trio.ours)  # the same day is told once
    change_record(trio.ours, matter, {"decision": "ended"})
    assert read_today(trio.ours).deadlines == ()


# --- 2: who alone can prolong it


def test_longer_reflection_period_is_offered_where_an_investigation_is(trio: Trio) -> None:
    make_adult(trio)
    desk, run = trio.ours, runs.start_run(trio.ours, trio.plan, shipped(trio.ours))
    grant(trio, 15)
    (line,) = read_today(desk).deadlines
    assert (line.asks_to_prolong, line.is_investigated) == (True, False)
    assert "6b" not in prefixes(desk)
    assert "6b" not in {one.view.record.prefix for one in runs.propose_more_steps(desk, run)}
    enter(trio, kind="injured_party")
    (line,) = read_today(desk).deadlines
    assert (line.asks_to_prolong, line.is_investigated) == (True, True)
    offered = {one.view.record.prefix: one.view.rid for one in runs.propose_more_steps(desk, run)}
    assert {"6b", "8", "9"} <= offered.keys()
    runs.add_steps(desk, run, [offered["6b"]])
    assert "6b" in prefixes(desk)
    assert step_named(desk, trio.plan, "6b").view.record.lead == "head_of_investigation"
    assert "6b" not in {one.view.record.prefix for one in runs.propose_more_steps(desk, run)}
    again = refusal(lambda: runs.add_steps(desk, run, [offered["6b"]]))
    assert again.code == "procedure.no_steps"
    runs.close_run(desk, run)
    closed = refusal(lambda: runs.add_steps(desk, run, [offered["8"]]))
    assert closed.code == "cooperation.closed"


@pytest.mark.parametrize("left", [16, -1])
def test_who_can_prolong_it_is_said_while_that_can_still_be_done(trio: Trio, left: int) -> None:
    grant(trio, left)
    assert [one.asks_to_prolong for one in read_today(trio.ours).deadlines] == [False]


def test_steps_are_added_by_whoever_answers_for_the_run(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    run = forger.written("cooperation", {"opened": days_ago(trio.ours, 1)}, parent=trio.plan)
    trio.take(forger.file((run,)))
    assert runs.propose_more_steps(trio.ours, run.rid) == ()
    error = refusal(lambda: runs.add_steps(trio.ours, run.rid, ()))
    assert error.code == "record.not_ours"
    for odd in (trio.plan.hex(), "00" * 16):
        begun = forger.written("cooperation", {"procedure": odd}, parent=trio.plan)
        trio.take(forger.file((begun,)))
        assert runs.propose_more_steps(trio.ours, begun.rid) == ()


# --- 3: a child


def test_reports_last_day_is_counted_and_not_moved(trio: Trio) -> None:
    make_child(trio)
    runs.start_run(trio.ours, trio.plan, shipped(trio.ours))
    waits = step_named(trio.ours, trio.plan, "4b")
    assert waits.due == NotDue(ClockFault.NOT_BEGUN, "step_done:4")
    report = step_named(trio.ours, trio.plan, "4").view.rid
    runs.finish_step(trio.ours, report, days_ago(trio.ours, 8))
    found = step_named(trio.ours, trio.plan, "4b").due
    assert isinstance(found, Due)
    assert found.last_day == today(trio.ours) + timedelta(6)
    assert (found.because, found.kind) == (DueReason.COUNTED, "statutory")
    law = [one.step.prefix for one in told(trio.ours) if one.due.kind == "statutory"]
    assert law == ["4b"]
    assert prefixes(trio.ours)[0] == "4b"  # the law's deadlines first


# --- 6: bound to its version, and where the procedure is gone


def test_run_is_read_from_its_copies_where_its_procedure_is_gone(trio: Trio) -> None:
    desk, head = trio.ours, shipped(trio.ours)
    make_child(trio)
    run = runs.start_run(desk, trio.plan, head)
    before = prefixes(desk)
    kept = [encode_state(row.state) for row in desk.store.rows_below("cooperation_step", run)]
    with desk.store.transaction():
        for row in (trio.row(head), *desk.store.rows_below("procedure_step", head)):
            desk.store._connection.execute(
                f"DELETE FROM record_{row.type} WHERE rid = ?", (row.rid,)
            )
    assert prefixes(desk) == before
    assert runs.propose_more_steps(desk, run) == ()
    found = runs.read_run(desk, trio.plan)
    assert found is not None
    assert found.view.record.version == "1"
    after = [encode_state(row.state) for row in desk.store.rows_below("cooperation_step", run)]
    assert after == kept


# --- 7: no name of a client


def test_no_step_that_comes_with_the_program_or_that_a_run_copies_names_anybody(
    trio: Trio,
) -> None:
    desk = trio.ours
    for name in files.shipped_procedures(desk):
        shipped(desk, name)
    runs.start_run(desk, trio.plan, procedures.list_procedures(desk)[0].view.rid)
    client = view(trio.row(trio.row(trio.plan).parent or b""), Client).record
    names = [str(one) for one in (client.code, client.alias, client.given_name,
                                  client.family_name) if one]  # fmt: skip
    assert len(names) >= 3
    for kind in ("procedure", "procedure_step", "cooperation", "cooperation_step"):
        rows = desk.store.rows(kind)
        assert rows
        for row in rows:
            said = repr(view_any(row).record)
            assert [one for one in names if one in said] == []


# --- 8: the whole run


def test_whole_run_from_the_suspicion_to_the_follow_up(trio: Trio) -> None:
    """Records prove some steps without a word; the rest is said, in order or with a reason."""
    desk, plan = trio.ours, trio.plan
    make_adult(trio)
    enter(trio, kind="injured_party", begins=today(desk))
    run = runs.start_run(desk, plan, shipped(desk))
    found = runs.read_run(desk, plan)
    assert found is not None
    said = " ".join(one.prefix for one in found.steps)
    assert said == "1 2 3 5 6 6a 6b 7 8 9 10 11 12 13 14 15 16"

    def is_done(prefix: str) -> bool:
        return step_named(desk, plan, prefix).state == "completed"

    def finish(prefix: str, because: LocalizedText = ()) -> None:
        runs.finish_step(desk, step_named(desk, plan, prefix).view.rid, None, because)

    early = refusal(lambda: finish("5"))
    assert early.code == "step.out_of_order"
    for prefix in ("1", "2", "5"):
        finish(prefix)
    assert refusal(lambda: finish("3")).code == "step.has_proof"
    assert is_done("8")
    applied = enter(trio, kind="reflection", decision="applied")
    assert is_done("6")
    last = today(desk) + timedelta(12)
    change_record(desk, applied, {"decision": "granted", "ends": last,
                                  "begins": last - timedelta(30)})  # fmt: skip
    assert {"6b", "7"} <= {*prefixes(desk), "7"}
    assert step_named(desk, plan, "6b").due == step_named(desk, plan, "6a").due
    finish("7", WHY)
    runs.skip_step(desk, step_named(desk, plan, "6b").view.rid, WHY)
    enter(trio, kind="permit", decision="applied")
    assert is_done("9")
    finish("6a", WHY)
    finish("10")
    change_record(desk, plan, {"wish": "client_wishes_to_return", "wish_stated": days_ago(desk, 1),
                               "programme": "iom_amp"})  # fmt: skip
    assert [is_done(each) for each in ("11", "12", "13")] == [True, True, False]
    asked: dict[str, Value] = {"status": "asked", "asked": days_ago(desk, 6)}
    reception = create_record(desk, Reception, asked, plan)
    assert "13" in prefixes(desk)
    change_record(desk, reception, {"status": "confirmed", "answered": days_ago(desk, 0)})
    assert is_done("13")
    risk: dict[str, Value] = {"conclusion": "travel_is_acceptable", "done": today(desk)}
    create_record(desk, RiskAssessment, risk, plan)
    create_record(desk, Handover, {"result": "received", "happened": days_ago(desk, 0)}, plan)
    change_record(desk, plan, {"reintegration_agreed": today(desk)})
    create_record(desk, FollowUp, {"result": "reached", "happened": days_ago(desk, 0)}, plan)
    assert [is_done(each) for each in ("14", "15", "16")] == [True, True, True]
    left = runs.read_run(desk, plan)
    assert left is not None
    assert [one.prefix for one in left.steps if not one.is_settled] == (
        [] if is_done("3") else ["3"]
    )
    runs.close_run(desk, run)
    assert told(desk) == ()


# --- 9: many plans


def test_number_of_readings_does_not_grow_with_the_plans(
    trio: Trio, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, readings = trio.ours, list[str]()
    head = shipped(desk)
    for where, name in (
        *((Store, each) for each in ("rows", "rows_below", "children", "row", "kept")),
        (RecordTree, "cells"),
    ):
        monkeypatch.setattr(where, name, counted(getattr(where, name), readings))

    def count(plans: dict[bytes, bytes]) -> int:
        readings.clear()
        assert list_run_deadlines(desk, plans)
        return len(readings)

    plans = {trio.plan: trio.row(trio.plan).parent or b""}
    runs.start_run(desk, trio.plan, head)
    one = count(plans)
    run = begin_many(desk, head, 12)
    assert count(plans | run) == one
    assert len({found.plan for found in list_run_deadlines(desk, plans | run)}) == 13


def counted(function: Callable[..., Any], calls: list[str]) -> Callable[..., Any]:
    """Return the function, which enters its name in `calls` each time."""

    def call(*args: Any) -> Any:
        calls.append(function.__name__)
        return function(*args)

    return call


def begin_many(desk: Session, head: bytes, count: int) -> dict[bytes, bytes]:
    """Begin a run in so many new plans; return the plans with their clients."""
    found: dict[bytes, bytes] = {}
    for number in range(count):
        client = create_record(desk, Client, {"code": f"prov-{number}"})
        plan = create_record(desk, Plan, {}, client)
        runs.start_run(desk, plan, head)
        found[plan] = client
    return found
