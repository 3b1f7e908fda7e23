# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of a leg: not before their day, on the desk's clock, and taken back long after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.integration.course_samples import START, Walk, walked
from tests.integration.pair_samples import refusal
from tests.support.journeys import record_leg_event

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.services.core.records import change_record, delete_record, require_record
from kfdesk.services.core.session import HOME_ZONE, desk_zone, follow_own_place, open_session
from kfdesk.services.plans.case import create_plan
from kfdesk.services.plans.emergency_access import open_with_reason
from kfdesk.services.plans.journey import (
    LegEvent,
    LegUpdate,
    read_alarms,
    recorded_events,
)
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.today import read_today
from kfdesk.services.workflow import move_plan, record_journey, take_back_journey

OF_THE_DAY = [
    LegEvent.DEPARTED, LegEvent.ARRIVED, LegEvent.CHECK_IN, LegEvent.CHECK_IN_MISSED,
]  # fmt: skip


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "travel_ready") as made:
        yield made


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "travelling") as made:
        yield made


def leg(walk: Walk, number: int) -> Leg:
    return view(require_record(walk.ours, walk.legs[number - 1]), Leg).record


def departs(walk: Walk, number: int) -> datetime:
    moment = leg(walk, number).departs
    assert isinstance(moment, ZonedTime)
    return moment.utc


# not before their day


@pytest.mark.parametrize("event", OF_THE_DAY)
@pytest.mark.parametrize("ahead", [timedelta(hours=24, minutes=1), timedelta(days=17)])
def test_click_long_before_the_journey_writes_no_history(
    ready: Walk, event: LegEvent, ahead: timedelta
) -> None:
    ready.clock.time = (departs(ready, 1) - ahead).astimezone(ZoneInfo(people.STOCKHOLM))
    digest = ready.ours.store.digest()
    earlier = people.zoned_time(ready.clock.time - timedelta(minutes=5))
    for happened in (None, earlier):
        fault = refusal(lambda at=happened: record_leg_event(ready.ours, ready.legs[0], event, at))
        assert fault.code == "plan.too_early"
    pair = (LegUpdate(ready.legs[1], LegEvent.MISSED), LegUpdate(ready.legs[0], event))
    assert refusal(lambda: record_journey(ready.ours, pair)).code == "plan.too_early"
    assert ready.ours.store.digest() == digest


@pytest.mark.parametrize("event", OF_THE_DAY)
def test_from_a_day_before_it_is_written(ready: Walk, event: LegEvent) -> None:
    ready.clock.time = (departs(ready, 1) - timedelta(hours=24)).astimezone()
    record_leg_event(ready.ours, ready.legs[0], event)
    assert recorded_events(leg(ready, 1)) == (event,)


def test_later_leg_opens_on_its_own_day(ready: Walk) -> None:
    late = departs(ready, 1) + timedelta(days=9)
    moment = ZonedTime.at(late.replace(tzinfo=None), people.RIGA)
    change_record(ready.ours, ready.legs[1], {"departs": moment})
    ready.clock.time = departs(ready, 1).astimezone()
    record_leg_event(ready.ours, ready.legs[0], LegEvent.DEPARTED)
    again = refusal(lambda: record_leg_event(ready.ours, ready.legs[1], LegEvent.CHECK_IN))
    assert again.code == "plan.too_early"


def test_leg_without_a_time_can_be_recorded_once_she_is_on_the_way(ready: Walk) -> None:
    change_record(ready.ours, ready.legs[1], {"departs": None})
    first = refusal(lambda: record_leg_event(ready.ours, ready.legs[1], LegEvent.DEPARTED))
    assert first.code == "plan.too_early"
    ready.clock.time = departs(ready, 1).astimezone()
    record_leg_event(ready.ours, ready.legs[0], LegEvent.MISSED)
    record_leg_event(ready.ours, ready.legs[1], LegEvent.DEPARTED)
    assert leg(ready, 2).status == "departed"


def test_leg_in_the_bin_does_not_open_another(ready: Walk) -> None:
    change_record(ready.ours, ready.legs[1], {"departs": None})
    change_record(ready.ours, ready.legs[0], {"status": "departed"})
    delete_record(ready.ours, ready.legs[0])
    fault = refusal(lambda: record_leg_event(ready.ours, ready.legs[1], LegEvent.DEPARTED))
    assert fault.code == "plan.too_early"


def test_leg_can_be_missed_or_mended_by_hand_before_its_day(ready: Walk) -> None:
    record_leg_event(ready.ours, ready.legs[1], LegEvent.MISSED)
    change_record(ready.ours, ready.legs[0], {"status": "departed", "departed": None})
    assert (leg(ready, 1).status, leg(ready, 2).status) == ("departed", "missed")


@pytest.mark.parametrize("event", LegEvent)
def test_record_that_is_no_leg_has_no_events(ready: Walk, event: LegEvent) -> None:
    fault = refusal(lambda: record_leg_event(ready.ours, ready.plan, event))
    assert fault.code == "record.missing"


# taken back


def test_check_in_on_the_wrong_leg_is_taken_back_long_after_and_the_alarm_is_back(
    walk: Walk,
) -> None:
    walk.clock.time = START + timedelta(days=19)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.CHECK_IN)
    assert AlarmKind.CHECK_IN_MISSED not in {one.kind for one in read_alarms(walk.ours)}
    walk.clock.time += timedelta(hours=5)
    take_back_journey(walk.ours, walk.legs[0], LegEvent.CHECK_IN)
    assert (leg(walk, 1).check_in_status, leg(walk, 1).checked_in) == (None, None)
    assert AlarmKind.CHECK_IN_MISSED in {one.kind for one in read_alarms(walk.ours)}


def test_movements_are_taken_back_one_after_the_other_to_what_was_before(walk: Walk) -> None:
    walk.clock.time = departs(walk, 2).astimezone()
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED)
    assert recorded_events(leg(walk, 1)) == (LegEvent.ARRIVED,)
    take_back_journey(walk.ours, walk.legs[0], LegEvent.ARRIVED)
    assert (leg(walk, 1).status, leg(walk, 1).arrived) == ("departed", None)
    assert isinstance(leg(walk, 1).departed, ZonedTime)
    take_back_journey(walk.ours, walk.legs[0], LegEvent.DEPARTED)
    assert (leg(walk, 1).status, leg(walk, 1).departed) == ("booked", None)
    assert recorded_events(leg(walk, 1)) == ()


@pytest.mark.parametrize("before", ["planned", "booked", "confirmed"])
def test_status_before_comes_back(walk: Walk, before: str) -> None:
    walk.clock.time = departs(walk, 2).astimezone()
    change_record(walk.ours, walk.legs[1], {"status": before})
    record_leg_event(walk.ours, walk.legs[1], LegEvent.MISSED)
    assert recorded_events(leg(walk, 2)) == (LegEvent.MISSED,)
    take_back_journey(walk.ours, walk.legs[1], LegEvent.MISSED)
    assert (leg(walk, 2).status, leg(walk, 2).missed) == (before, None)


def test_status_that_is_not_kept_any_more_is_the_least_claim(walk: Walk) -> None:
    with walk.ours.store.transaction():
        walk.ours.store.prune_history((START + timedelta(days=90)).date())
    take_back_journey(walk.ours, walk.legs[0], LegEvent.DEPARTED)
    assert leg(walk, 1).status == "planned"


def test_plan_that_has_ended_takes_nothing_back(walk: Walk) -> None:
    move_plan(walk.ours, walk.plan, "withdrawn")
    back = refusal(lambda: take_back_journey(walk.ours, walk.legs[0], LegEvent.DEPARTED))
    assert back.code == "plan.read_only"


def test_night_shift_takes_back_what_it_may_record_and_nothing_without_a_reason(
    walk: Walk,
) -> None:
    change_record(walk.ours, walk.plan, {"owner": "EV"})
    night = replace(walk.ours, user="NN", roles=frozenset({Role.SHELTER_WORKER}))
    back = refusal(lambda: take_back_journey(night, walk.legs[0], LegEvent.DEPARTED))
    assert back.code == "user.not_allowed"
    open_with_reason(night, walk.plan, "Hon ringde")
    take_back_journey(night, walk.legs[0], LegEvent.DEPARTED)
    assert leg(walk, 1).status == "booked"


# the desk's clock


@pytest.mark.parametrize(
    ("rules", "zone"),
    [
        (UTC, HOME_ZONE),
        (ZoneInfo("UTC"), HOME_ZONE),
        (ZoneInfo("Etc/UTC"), HOME_ZONE),
        (ZoneInfo("Europe/Moscow"), "Europe/Moscow"),
    ],
)
def test_nobody_lives_by_the_clock_of_utc(walk: Walk, rules: Any, zone: str) -> None:
    instant = walk.clock.time = walk.clock.time.astimezone(rules)
    now = zoned_now(walk.ours)
    assert desk_zone(walk.ours) == now.zone == zone
    assert timedelta() <= instant - now.utc < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("entry", "zone"),
    [
        ({"country": "EE"}, "Europe/Tallinn"),
        ({"country": "RU", "city": "Псков"}, "Europe/Moscow"),
        ({"country": "UA", "city": "Donetsk"}, "Europe/Kyiv"),
        ({"country": "RU"}, "Europe/London"),  # of several clocks none is guessed
        ({"city": "Byn"}, "Europe/London"),
        ({}, "Europe/London"),
    ],
)
def test_zone_of_the_organisation_decides_and_not_that_of_the_computer(
    walk: Walk, entry: dict[str, Value], zone: str
) -> None:
    walk.clock.time = walk.clock.time.astimezone(ZoneInfo("Europe/London"))
    desk = walk.ours
    change_record(desk, desk.identity.organisation, {"country": None, "city": None, **entry})
    opened = open_session(desk.store, desk.user, desk.adapters)
    assert desk_zone(opened) == zoned_now(opened).zone == zone


@pytest.mark.parametrize("machine", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
@pytest.mark.parametrize("hour", [0, 5, 11, 13, 22, 23])
def test_midnight_of_the_computer_plays_no_part(walk: Walk, machine: str, hour: int) -> None:
    home = ZoneInfo("Europe/Stockholm")
    instant = datetime(2026, 12, 12, hour, 30, tzinfo=UTC)
    walk.clock.time = instant.astimezone(ZoneInfo(machine))
    desk = open_session(walk.ours.store, walk.ours.user, walk.ours.adapters)
    change_record(desk, desk.identity.organisation, {"country": "SE", "city": "Stockholm"})
    assert follow_own_place(desk) == desk_zone(desk) == home.key
    today = instant.astimezone(home).date()
    assert desk.adapters.clock.now().date() == zoned_now(desk).wall.date() == today
    assert read_today(desk).on == today
    plan, _ = create_plan(desk, {"alias": "Nina"})
    assert view(require_record(desk, plan), Plan).record.opened == today


def test_zone_follows_our_own_town_while_the_store_is_open(walk: Walk) -> None:
    desk = open_session(walk.ours.store, walk.ours.user, walk.ours.adapters)
    own = desk.identity.organisation
    for town, country, zone in (
        ("Tallinn", "EE", "Europe/Tallinn"),
        ("Stockholm", "SE", "Europe/Stockholm"),
    ):
        change_record(desk, own, {"country": country, "city": town})
        assert follow_own_place(desk) == zoned_now(desk).zone == zone


def test_repeated_hour_of_autumn_keeps_its_instant(walk: Walk) -> None:
    for hour in (0, 1):
        walk.clock.time = instant = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert zoned_now(walk.ours).utc == instant
