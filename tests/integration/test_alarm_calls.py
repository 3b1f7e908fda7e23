# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms on a real store at the edge of their grace, and whom they say to call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal
from tests.support.journeys import record_leg_event

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, Value, ZonedTime
from kfdesk.domain.workflow.alarms import ARRIVAL_GRACE, CHECK_IN_GRACE, DEPARTURE_GRACE
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
    undo_all,
)
from kfdesk.services.plans.journey import (
    AlarmLine,
    CallRole,
    LegEvent,
    LegUpdate,
    read_alarms,
)
from kfdesk.services.plans.plans import load_case
from kfdesk.services.workflow import move_plan, read_standing, record_journey

MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "travelling") as begun:
        yield begun


def leg(walk: Walk, number: int) -> Leg:
    return view(require_record(walk.ours, walk.legs[number - 1]), Leg).record


def put_clock(walk: Walk, at: datetime) -> None:
    """Put the desk's clock there; each look moves it by a millisecond, which is taken off."""
    walk.clock.time = at.astimezone(ZoneInfo(people.STOCKHOLM)) - MILLISECOND


def raised(walk: Walk, at: datetime) -> list[tuple[str, int | None]]:
    """Return the alarms at that time."""
    put_clock(walk, at - 20 * MILLISECOND)  # the service looks at the clock a few times
    return [(alarm.kind.value, alarm.number) for alarm in read_alarms(walk.ours)]


def only(walk: Walk, after: datetime) -> AlarmLine:
    """Return the one alarm at that time."""
    put_clock(walk, after)
    (alarm,) = read_alarms(walk.ours)
    return alarm


def late_check_in(walk: Walk) -> AlarmLine:
    """Return the alarm of a missed check-in; the client has arrived, so nothing else is wrong."""
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED, people.zoned_time(walk.clock.time))
    due = leg(walk, 1).check_in
    assert isinstance(due, ZonedTime)
    return only(walk, due.utc + timedelta(hours=1))


# the edge of the grace


def test_arrival_is_waited_for_until_its_grace_is_over(walk: Walk) -> None:
    change_record(walk.ours, walk.legs[0], {"check_in": None})
    due = leg(walk, 1).arrives
    assert isinstance(due, ZonedTime)
    assert raised(walk, due.utc + ARRIVAL_GRACE) == []
    assert raised(walk, due.utc + ARRIVAL_GRACE + timedelta(seconds=1)) == [("not_arrived", 1)]


def test_departure_is_waited_for_until_its_grace_is_over(walk: Walk) -> None:
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED, people.zoned_time(walk.clock.time))
    record_leg_event(walk.ours, walk.legs[0], LegEvent.CHECK_IN)
    due = leg(walk, 2).departs
    assert isinstance(due, ZonedTime)
    assert raised(walk, due.utc + DEPARTURE_GRACE) == []
    late = raised(walk, due.utc + DEPARTURE_GRACE + timedelta(seconds=1))
    assert late == [("not_departed", 2)]


def test_call_is_waited_for_until_its_grace_is_over_and_may_be_waived(walk: Walk) -> None:
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED, people.zoned_time(walk.clock.time))
    due = leg(walk, 1).check_in
    assert isinstance(due, ZonedTime)
    over = due.utc + CHECK_IN_GRACE + timedelta(seconds=1)
    assert raised(walk, due.utc + CHECK_IN_GRACE) == []
    assert raised(walk, over) == [("check_in_missed", 1)]
    record_leg_event(walk.ours, walk.legs[0], LegEvent.CHECK_IN_WAIVED)
    assert raised(walk, over) == []


def test_alarms_of_a_plan_in_the_bin_are_not_heard_until_it_is_back(walk: Walk) -> None:
    alarm = late_check_in(walk)
    delete_record(walk.ours, walk.plan)
    assert read_alarms(walk.ours) == ()
    restore_record(walk.ours, walk.plan)
    assert [one.kind for one in read_alarms(walk.ours)] == [alarm.kind]


def test_journey_that_was_given_up_is_watched_no_more(walk: Walk) -> None:
    late_check_in(walk)
    move_plan(walk.ours, walk.plan, "withdrawn")
    assert read_alarms(walk.ours) == ()
    assert read_standing(walk.ours, walk.plan).alarms == ()


def test_alarms_of_one_plan_are_those_of_all_that_are_its(walk: Walk) -> None:
    late_check_in(walk)
    alarms = read_standing(walk.ours, walk.plan).alarms
    mine = [(one.kind, one.leg, one.since) for one in alarms]
    assert mine == [(one.kind, one.leg, one.since) for one in read_alarms(walk.ours)]


# whom to call


def roles(alarm: AlarmLine) -> list[tuple[CallRole, str]]:
    return [(call.role, call.number) for call in alarm.calls]


def test_telephone_of_the_receiver_is_named_only_while_it_is_safe_and_there(walk: Walk) -> None:
    alarm = late_check_in(walk)
    assert CallRole.RECEIVER not in [role for role, _ in roles(alarm)]
    numbers: dict[str, Value] = {
        "+7 000 555-01-11": True, "+7 000 555-01-12": False, "+7 000 555-01-13": None,
        "+7 000 555-01-14": MissingAnswer.UNKNOWN,
    }  # fmt: skip
    rids = {
        number: create_record(walk.ours, Phone, {"number": number, "is_safe": is_safe},
                              parent=walk.partner)
        for number, is_safe in numbers.items()
    }  # fmt: skip
    create_record(walk.ours, Phone, {"is_safe": True}, parent=walk.partner)  # has no number
    (again,) = read_alarms(walk.ours)
    theirs = [(role, number) for role, number in roles(again) if role is CallRole.RECEIVER]
    assert theirs == [(CallRole.RECEIVER, "+7 000 555-01-11")]
    delete_record(walk.ours, rids["+7 000 555-01-11"])
    (last,) = read_alarms(walk.ours)
    assert CallRole.RECEIVER not in [role for role, _ in roles(last)]


def test_help_number_that_is_empty_or_in_the_bin_is_not_called(walk: Walk) -> None:
    alarm = late_check_in(walk)
    before = [number for role, number in roles(alarm) if role is CallRole.HELP_NUMBER]
    views = load_case(walk.ours, walk.plan).views(HelpNumber, "help_number")
    change_record(walk.ours, views[0].rid, {"number": MissingAnswer.UNKNOWN})
    delete_record(walk.ours, views[1].rid)
    (again,) = read_alarms(walk.ours)
    after = [number for role, number in roles(again) if role is CallRole.HELP_NUMBER]
    assert after == before[2:]


def test_who_meets_her_is_called_at_the_number_of_the_directory(walk: Walk) -> None:
    values: dict[str, Value] = {"given_name": "Anna", "phone": "+371 20 000 000"}
    anna = create_record(walk.ours, Contact, values)
    change_record(walk.ours, walk.legs[0], {"meeter": anna.hex()})
    assert roles(late_check_in(walk))[0] == (CallRole.MEETS_HER, "+371 20 000 000")
    change_record(walk.ours, anna, {"phone": None})
    (again,) = read_alarms(walk.ours)
    assert roles(again)[0][0] is CallRole.HELP_NUMBER
    assert roles(again)[-1] == (CallRole.MEETS_HER, "")
    assert again.calls[-1].met_by


def test_nobody_is_called_for_a_leg_on_which_nobody_meets_her(walk: Walk) -> None:
    change_record(walk.ours, walk.legs[0], {"meeter": None, "met_by": None})
    assert CallRole.MEETS_HER not in [role for role, _ in roles(late_check_in(walk))]


def test_name_of_what_is_no_person_is_not_called(walk: Walk) -> None:
    change_record(walk.ours, walk.legs[0], {"meeter": walk.partner.hex(), "met_by": None})
    assert CallRole.MEETS_HER not in [role for role, _ in roles(late_check_in(walk))]


def test_nothing_of_her_stands_in_what_an_alarm_prints(walk: Walk) -> None:
    change_record(walk.ours, walk.legs[0], {"fallback": "Kanariefågel 4711"})
    alarm = late_check_in(walk)
    assert alarm.fallback == "Kanariefågel 4711"
    for secret in ("Kanariefågel", "tulpan", "+46", "Ring Eva"):
        assert secret not in repr(alarm)


# who may hear it, and what is written


def test_who_reads_no_plans_hears_no_alarm(walk: Walk) -> None:
    late_check_in(walk)
    keeper = replace(walk.ours, roles=frozenset({Role.ADMINISTRATOR}), user="QQ")
    assert refusal(lambda: read_alarms(keeper)).code == "user.not_allowed"
    assert refusal(lambda: read_standing(keeper, walk.plan)).code == "user.not_allowed"


@pytest.mark.parametrize(
    ("event", "key", "value"),
    [
        (LegEvent.MISSED, "status", "missed"),
        (LegEvent.DEPARTED, "status", "departed"),
        (LegEvent.ARRIVED, "status", "arrived"),
        (LegEvent.CHECK_IN, "check_in_status", "made"),
        (LegEvent.CHECK_IN_MISSED, "check_in_status", "missed_alarm"),
        (LegEvent.CHECK_IN_WAIVED, "check_in_status", "waived"),
    ],
)
def test_what_happens_to_a_leg_is_written_in_its_field(
    walk: Walk, event: LegEvent, key: str, value: str
) -> None:
    record_leg_event(walk.ours, walk.legs[1], event)
    assert getattr(leg(walk, 2), key) == value


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (LegEvent.MISSED, "missed"),
        (LegEvent.CHECK_IN, "checked_in"),
        (LegEvent.CHECK_IN_MISSED, "checked_in"),
    ],
)
def test_when_a_leg_was_missed_or_a_check_in_was_or_failed_is_kept_apart_from_its_entry(
    walk: Walk, event: LegEvent, key: str
) -> None:
    earlier = people.zoned_time(walk.clock.time - timedelta(minutes=40))
    record_leg_event(walk.ours, walk.legs[1], event, earlier)
    assert getattr(leg(walk, 2), key) == earlier


def test_what_was_said_of_the_legs_before_is_written_with_it_and_taken_back_together(
    walk: Walk,
) -> None:
    now = people.zoned_time(walk.clock.time)
    before = LegUpdate(walk.legs[0], LegEvent.ARRIVED, now)
    done = record_journey(walk.ours, (before, LegUpdate(walk.legs[1], LegEvent.DEPARTED, now)))
    assert (leg(walk, 1).arrived, leg(walk, 2).departed) == (now, now)
    undo_all(walk.ours, done)
    assert (leg(walk, 1).arrived, leg(walk, 2).departed) == (None, None)
    later = people.zoned_time(walk.clock.time + timedelta(hours=1))
    fault = refusal(
        lambda: record_journey(
            walk.ours, (before, LegUpdate(walk.legs[1], LegEvent.DEPARTED, later))
        )
    )
    assert fault.code == "plan.in_the_future"
    assert leg(walk, 1).arrived is None


@pytest.mark.parametrize("event", LegEvent)
def test_nothing_happens_to_a_leg_ahead_of_its_time(walk: Walk, event: LegEvent) -> None:
    digest = walk.ours.store.digest()
    later = people.zoned_time(walk.clock.time + timedelta(hours=1))
    fault = refusal(lambda: record_leg_event(walk.ours, walk.legs[1], event, later))
    assert fault.code == "plan.in_the_future"
    assert walk.ours.store.digest() == digest
