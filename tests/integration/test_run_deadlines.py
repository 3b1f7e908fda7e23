# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines of steps on Today: told in time and once, and hidden or moved by nobody else."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.run_samples import (
    ADVISED,
    LAW,
    TITLE,
    WHY,
    Step,
    begin,
    days_ago,
    prefixes,
    step_named,
    today,
    told,
)
from tests.support.forging import Forger

from kfdesk.domain.procedures.clocks import ClockFault, Due, DueReason, NotDue
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import Row
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    restore_record,
)
from kfdesk.services.procedures import runs
from kfdesk.services.today import read_today

ENDS: Step = {
    "prefix": "6a", "lead": "client", "event": "reflection_ends", "clock": "statutory",
    "warn": "15 10 3", "prolong": WHY,
}  # fmt: skip
LONGER: Step = {**ENDS, "prefix": "6b", "lead": "head_of_investigation"}


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def reflection(trio: Trio, days_left: int) -> bytes:
    last = today(trio.ours) + timedelta(days=days_left)
    values: dict[str, Value] = {
        "kind": "reflection", "decision": "granted", "begins": last - timedelta(30), "ends": last,
    }  # fmt: skip
    return create_record(trio.ours, LegalStatus, values, trio.plan)


# --- what is told


def test_steps_are_told_with_who_acts_statutory_first(trio: Trio) -> None:
    desk = trio.ours
    begin(desk, trio.plan, ADVISED, LAW, {"prefix": "9", "lead": "police"})
    board = create_record(desk, Organisation, {"name": "Nämnden"})
    change_record(desk, step_named(desk, trio.plan, "4b").view.rid, {"led_by": board.hex()})
    law, advised = told(desk)
    assert [law.step.prefix, advised.step.prefix] == ["4b", "6"]
    assert (law.line.rid, law.who, law.days) == (trio.plan, "Nämnden", 14)
    assert law.step.view.record.title == TITLE
    assert advised.due.last_day == today(desk) + timedelta(3)
    assert (advised.who, advised.is_near, advised.is_urgent) == ("", True, False)
    assert not law.is_near


@pytest.mark.parametrize(
    ("ago", "is_told", "is_near", "is_urgent"),
    [(3, False, False, False), (4, True, False, False), (11, True, True, False),
     (13, True, True, False), (14, True, True, True), (60, True, True, True)],
)  # fmt: skip
def test_step_is_told_from_its_first_reminder_and_counts_when_it_is_near(
    trio: Trio, ago: int, is_told: bool, is_near: bool, is_urgent: bool
) -> None:
    desk = trio.ours
    begin(desk, trio.plan, {**LAW, "warn": "10 3 1"})
    before = read_today(desk).count
    runs.set_clock(desk, step_named(desk, trio.plan, "4b").view.rid, days_ago(desk, ago), WHY)
    day = read_today(desk)
    assert [(one.is_near, one.is_urgent) for one in day.steps] == (
        [(is_near, is_urgent)] if is_told else []
    )
    assert day.count - before == is_near


def test_what_is_settled_is_told_no_more(trio: Trio) -> None:
    desk = trio.ours
    run = begin(desk, trio.plan, LAW, ADVISED)
    runs.finish_step(desk, step_named(desk, trio.plan, "4b").view.rid)
    assert prefixes(desk) == ["6"]
    runs.skip_step(desk, step_named(desk, trio.plan, "6").view.rid, WHY)
    assert prefixes(desk) == []
    runs.reopen_step(desk, step_named(desk, trio.plan, "6").view.rid)
    assert prefixes(desk) == ["6"]
    runs.close_run(desk, run)
    assert prefixes(desk) == []
    runs.reopen_run(desk, run)
    delete_record(desk, run)
    assert prefixes(desk) == []


def test_step_in_the_bin_is_not_told_until_it_is_back(trio: Trio) -> None:
    desk = trio.ours
    begin(desk, trio.plan, LAW, ADVISED)
    step = step_named(desk, trio.plan, "4b").view.rid
    delete_record(desk, step)
    assert prefixes(desk) == ["6"]
    restore_record(desk, step)
    assert prefixes(desk) == ["4b", "6"]


def test_step_in_the_bin_starts_no_clock_of_another(trio: Trio) -> None:
    desk = trio.ours
    after: Step = {**ADVISED, "prefix": "7", "event": "step_done", "event_step": "3"}
    begin(desk, trio.plan, {"prefix": "3", "lead": "police"}, after)
    first = step_named(desk, trio.plan, "3").view.rid
    runs.finish_step(desk, first)
    assert prefixes(desk) == ["7"]
    delete_record(desk, first)
    assert prefixes(desk) == []
    restore_record(desk, first)
    assert prefixes(desk) == ["7"]


def test_run_of_a_plan_in_the_bin_is_not_told(trio: Trio) -> None:
    begin(trio.ours, trio.plan, LAW)
    delete_record(trio.ours, trio.plan)
    assert told(trio.ours) == ()


def test_day_of_a_period_is_told_once_unless_somebody_else_must_act(trio: Trio) -> None:
    desk = trio.ours
    begin(desk, trio.plan, ENDS, LONGER)
    reflection(trio, 12)
    (legal,) = read_today(desk).deadlines
    assert legal.deadline.days == 12
    assert prefixes(desk) == ["6b"]
    runs.prolong_step(
        desk, step_named(desk, trio.plan, "6b").view.rid, today(desk) + timedelta(14), WHY
    )
    (longer,) = told(desk)
    assert (longer.days, longer.due.because) == (14, DueReason.PROLONGED)


def test_a_day_of_another_plan_or_kind_hides_nothing(trio: Trio) -> None:
    desk = trio.ours
    begin(desk, trio.plan, {**ENDS, "event": "permit_ends"})
    reflection(trio, 5)
    last = today(desk) + timedelta(5)
    create_record(
        desk, LegalStatus, {"kind": "permit", "decision": "granted", "ends": last}, trio.plan
    )
    assert len(read_today(desk).deadlines) == 2
    assert prefixes(desk) == []
    step = step_named(desk, trio.plan, "6a").view.rid
    runs.prolong_step(desk, step, last + timedelta(1), WHY)  # another day than the law's
    assert prefixes(desk) == ["6a"]


def test_today_and_the_plan_say_the_same_days(trio: Trio) -> None:
    """The list reads few fields of each record: none that a clock needs may be missing."""
    desk, plan = trio.ours, trio.plan
    waits: list[Step] = [
        {"prefix": f"{number}", "event": event, "amount": 20, "unit": "d", "warn": "20 1"}
        for number, event in enumerate(
            ("opened", "consent_given", "reflection_granted", "permit_granted",
             "investigation_opened", "wish_stated", "reception_asked", "risk_done", "departed",
             "arrived"), 10
        )
    ]  # fmt: skip
    proofs = ("consent", "wish", "needs", "risk", "reflection_granted", "permit_applied",
              "investigation", "programme", "reception_asked", "decision", "departed", "arrived",
              "handover", "reintegration", "follow_up")  # fmt: skip
    shown: list[Step] = [
        {"prefix": f"{number}", "event": "opened", "amount": 20, "unit": "d", "proof": proof,
         "warn": "20 1"}
        for number, proof in enumerate(proofs, 30)
    ]  # fmt: skip
    after: Step = {"prefix": "60", "event": "step_done", "event_step": "31", "amount": 1,
                   "unit": "wk", "warn": "7 1", "after": "31"}  # fmt: skip
    begin(desk, plan, *waits, *shown, after, LAW, {**ADVISED, "rolls": True})
    reflection(trio, 25)
    for kind in ("permit", "injured_party"):
        create_record(desk, LegalStatus, {"kind": kind, "begins": today(desk)}, plan)
    values: dict[str, Value] = {
        "wish": "client_wishes_to_return", "wish_stated": days_ago(desk, 2),
        "decision_signed": today(desk), "programme": "avrr",
    }  # fmt: skip
    change_record(desk, plan, values)
    change_record(desk, trio.legs[0], {"departed": days_ago(desk, 1)})
    run = runs.read_run(desk, plan)
    assert run is not None
    wanted = {
        one.prefix: one.due for one in run.steps
        if not one.is_settled and isinstance(one.due, Due) and one.due.is_told(today(desk))
    }  # fmt: skip
    assert {one.step.prefix: one.due for one in told(desk)} == wanted
    assert {"11", "12", "15", "18", "60"} <= wanted.keys()
    assert {"31", "39", "40"}.isdisjoint(wanted)  # their proofs are there


# --- what is odd


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"event": "moon_is_full"}, ClockFault.UNKNOWN_EVENT),
        ({"unit": "fortnight"}, ClockFault.UNKNOWN_UNIT),
        ({"unit": None}, ClockFault.UNIT_MISSING),
        ({"amount": None}, ClockFault.AMOUNT_MISSING),
        ({"amount": 0}, ClockFault.AMOUNT_OUT_OF_RANGE),
        ({"amount": 4_000}, ClockFault.AMOUNT_OUT_OF_RANGE),
        ({"event": "step_done", "event_step": "99"}, ClockFault.STEP_MISSING),
        ({"event": "reflection_ends"}, ClockFault.NOT_BEGUN),
        ({"after": "6", "prefix": "6"}, ClockFault.ORDER),
        ({"prefix": None, "amount": 4_000}, ClockFault.AMOUNT_OUT_OF_RANGE),
    ],
)
def test_step_without_a_clock_that_can_run_is_told_in_the_plan_alone(
    trio: Trio, values: Step, fault: ClockFault
) -> None:
    """A partner's desk may be newer, or hostile: its run is read, and its neighbours are told."""
    forger = trio.forger(trio.bad)
    take_run(trio, forger, ADVISED | values, LAW | {"prefix": "8"})
    assert prefixes(trio.ours) == ["8"]
    run = runs.read_run(trio.ours, trio.plan)
    assert run is not None
    odd = next(one for one in run.steps if one.prefix != "8")
    assert isinstance(odd.due, NotDue)
    assert odd.due.fault is fault


@pytest.mark.parametrize(
    "values",
    [
        {"warn": "x"}, {"warn": "9999999"}, {"warn": "-4"}, {"warn": ""}, {"clock": "holy"},
        {"lead": "emperor"}, {"takes_part": ("emperor",)}, {"proof": "stamp"},
        {"applies": ("moon",)}, {"prefix": "6" * 300}, {"title": None}, {"after": "1 " * 4_000},
    ],
)  # fmt: skip
def test_odd_step_is_told_all_the_same(trio: Trio, values: Step) -> None:
    step = {**ADVISED, "title": TITLE} | values
    take_run(trio, trio.forger(trio.bad), step)
    (one,) = told(trio.ours)
    assert one.due.last_day == today(trio.ours) + timedelta(3)


def test_grant_at_the_end_of_the_calendar_leaves_today_as_it_is(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    for begins in (date.max, date.min, PartialDate("9999")):
        values: dict[str, Value] = {"kind": "reflection", "decision": "granted", "begins": begins}
        trio.take(forger.file((forger.written("legal_status", values, parent=trio.plan),)))
    begin(trio.ours, trio.plan, ENDS, LONGER, ADVISED)
    assert "6" in prefixes(trio.ours)


def test_start_in_the_future_is_told_with_its_own_day(trio: Trio) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    begin(desk, trio.plan, {"prefix": "4"}, {**LAW, "event": "step_done", "event_step": "4"})
    now = days_ago(desk, 0)
    later = ZonedTime.at(now.wall + timedelta(days=5), now.zone)
    row = trio.row(step_named(desk, trio.plan, "4").view.rid)
    values: dict[str, Value] = {"state": "completed", "done": later}
    trio.take(forger.file((forger.changed(row, values),)))
    found = step_named(desk, trio.plan, "4b").due
    assert isinstance(found, Due)
    assert found.last_day == today(desk) + timedelta(19)
    assert [note.value for note in found.notes] == ["starts_later"]
    assert told(desk) == ()


def test_step_done_at_the_end_of_the_calendar_leaves_today_as_it_is(trio: Trio) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    units = ("h", "d", "workday", "wk", "mo")
    waits: list[Step] = [
        {"prefix": f"1{unit}", "event": "step_done", "event_step": "1", "amount": 100, "unit": unit}
        for unit in units
    ]
    begin(desk, trio.plan, {"prefix": "1"}, ADVISED, *waits)
    for year in (9998, 2):
        at = ZonedTime.at(datetime(year, 12, 31, 23, 59), "Europe/Kaliningrad")  # noqa: DTZ001
        row = trio.row(step_named(desk, trio.plan, "1").view.rid)
        values: dict[str, Value] = {"state": "completed", "done": at}
        trio.take(forger.file((forger.changed(row, values),)))
        assert "6" in prefixes(desk)
        assert len(told(desk)) == (1 if year > 2_000 else 1 + len(units))


def test_conflict_in_a_day_to_which_it_was_prolonged_prolongs_nothing(trio: Trio) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    begin(desk, trio.plan, LAW)
    rid = step_named(desk, trio.plan, "4b").view.rid
    far: dict[str, Value] = {"extended_until": today(desk) + timedelta(3_000)}
    trio.take(forger.file((forger.changed(trio.row(rid), far),)))
    assert [one.days for one in told(desk)] == [14]
    runs.prolong_step(desk, rid, today(desk) + timedelta(15), WHY)  # decides it
    assert [one.days for one in told(desk)] == []
    trio.take(forger.file((forger.changed(trio.row(rid), far),)))
    assert [one.days for one in told(desk)] == [14]


# --- what a partner sends


def test_partners_word_on_our_matter_silences_no_deadline_of_the_law(trio: Trio) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    begin(desk, trio.plan, LONGER)
    matter = reflection(trio, 9)

    def days() -> list[int]:
        legal = [one.deadline.days for one in read_today(desk).deadlines]
        return [*legal, *(one.days for one in told(desk))]

    assert days() == [9, 9]
    far = today(desk) + timedelta(900)
    own: Step = {"kind": "reflection", "decision": "granted", "begins": far, "ends": far}
    trio.take(forger.file((forger.written("legal_status", own, parent=trio.plan),)))
    assert days() == [9, 9]
    later: Step = {"ends": far}
    trio.take(forger.file((forger.changed(trio.row(matter), later),)))
    assert days() == [9, 9]
    for key, value in (("decision", "ended"), ("kind", "other"), ("begins", far), ("ends", None)):
        trio.take(forger.file((forger.changed(trio.row(matter), {key: value}),)))
        assert days()[0] == 9, key
    trio.take(forger.file((forger.deleted(trio.row(matter)),)))
    assert days()[0] == 9


def take_run(trio: Trio, forger: Forger, *steps: Step, **head: Value) -> bytes:
    """Let the partner's own run of our plan come here; return its id."""
    values: dict[str, Value] = {
        "title": TITLE, "version": "1", "country": "SE", "opened": days_ago(trio.ours, 0),
    }  # fmt: skip
    run = forger.written("cooperation", values | head, parent=trio.plan)
    below = [forger.written("cooperation_step", step, parent=run.rid) for step in steps]
    trio.take(forger.file((run, *below)))
    return run.rid


def test_partners_run_is_told_where_we_have_none_and_hides_none_of_ours(trio: Trio) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    begin(desk, trio.plan, LAW)
    asked_by_nobody = [
        take_run(trio, forger, {"prefix": "0"}, opened=days_ago(desk, 9_000)),
        take_run(trio, forger, {"prefix": "0"}, opened=None),
        take_run(trio, forger, opened=days_ago(desk, 1)),
    ]
    assert prefixes(desk) == ["4b"]
    ours = runs.read_run(desk, trio.plan)
    assert ours is not None
    assert ours.is_ours
    assert {one.rid for one in ours.others} == set(asked_by_nobody)
    runs.close_run(desk, ours.view.rid)
    assert prefixes(desk) == []
    take_run(trio, forger, ADVISED, opened=days_ago(desk, 10_000))
    assert prefixes(desk) == ["6"]


def test_run_without_a_plan_is_told_nowhere(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    steps = ({**LAW}, {**ADVISED})
    for parent in (None, b"\x07" * 16, trio.legs[0], trio.row(trio.plan).parent):
        run = forger.written("cooperation", {"opened": days_ago(trio.ours, 0)}, parent=parent)
        below = [forger.written("cooperation_step", one, parent=run.rid) for one in steps]
        trio.take(forger.file((run, *below)))
    assert told(trio.ours) == ()


def _ring(_: Trio) -> list[Step]:
    return [{"prefix": "4", "after": "4b"}]


def _flood(_: Trio) -> list[Step]:
    return [{"prefix": "0", "lead": "anyone"} for _ in range(300)]


def _late_start(trio: Trio) -> list[Step]:
    now = days_ago(trio.ours, 0)
    far = ZonedTime.at(now.wall + timedelta(days=3_000), now.zone)
    return [{"prefix": "4", "state": "completed", "done": far}]


def _same_number(_: Trio) -> list[Step]:
    return [{"prefix": "4b", "state": "completed"}, {"prefix": "4b", "after": "4b"}]


@pytest.mark.parametrize("attack", [_ring, _flood, _late_start, _same_number])
def test_partners_step_below_our_run_moves_no_deadline_and_hides_none(
    trio: Trio, attack: Callable[[Trio], list[Step]]
) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    law = {**LAW, "event": "step_done", "event_step": "4", "after": "4"}
    run = begin(desk, trio.plan, {"prefix": "4"}, law)
    runs.finish_step(desk, step_named(desk, trio.plan, "4").view.rid)
    before = [(one.step.prefix, one.due) for one in told(desk)]
    assert [prefix for prefix, _ in before] == ["4b"]
    sent: list[Row] = [forger.written("cooperation_step", one, parent=run) for one in attack(trio)]
    review = trio.take(forger.file(sent))
    assert review.refused == len(sent)
    assert [(one.step.prefix, one.due) for one in told(desk)] == before
    found = runs.read_run(desk, trio.plan)
    assert found is not None
    assert [one.prefix for one in found.steps] == ["4", "4b"]
    with desk.store.transaction():  # as an older program would have kept them
        desk.store.put_all((row, None) for row in sent)
    assert [(one.step.prefix, one.due) for one in told(desk)] == before
