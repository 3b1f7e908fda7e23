# SPDX-License-Identifier: GPL-3.0-or-later
"""The travel day on a real store: alarms on top of Today, whom to call, and what happened."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.course_samples import START, Walk, walked
from tests.support.journeys import record_leg_event

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.risk import RiskEvent
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.journey import (
    CallRole,
    LegEvent,
    read_alarms,
    replace_leg,
)
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.today import read_today


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "travelling") as begun:
        begun.clock.time += timedelta(hours=1)  # since the first leg has left, at 18:00
        yield begun


def leg(walk: Walk, number: int) -> Leg:
    row = walk.ours.store.row(walk.legs[number - 1])
    assert row is not None
    return view(row, Leg).record


def kinds(walk: Walk) -> list[tuple[str, int | None]]:
    return [(alarm.kind.value, alarm.number) for alarm in read_alarms(walk.ours)]


def test_journey_as_agreed_is_quiet(walk: Walk) -> None:
    assert read_alarms(walk.ours) == ()
    assert read_today(walk.ours).alarms == ()


def test_missed_check_in_stands_on_top_of_today_with_whom_to_call(walk: Walk) -> None:
    meeter = {"given_name": "Anna", "phone": "+371 20 000 000", "confidentiality": "secret"}
    change_record(
        walk.ours, walk.legs[0],
        {"meeter": create_record(walk.ours, Contact, meeter).hex(), "fallback": "Vänta i kaféet."},
    )  # fmt: skip
    for number, is_safe in (("+7 000 555-01-18", True), ("+7 000 555-01-19", False)):
        values: dict[str, Value] = {"number": number, "is_safe": is_safe}
        create_record(walk.ours, Phone, values, parent=walk.partner)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED)
    walk.clock.time = START + timedelta(days=19)  # 12:00; she should have called at 09:45

    before = read_today(walk.ours)
    (alarm,) = before.alarms
    assert (alarm.kind, alarm.leg, alarm.number) == (
        AlarmKind.CHECK_IN_MISSED, walk.legs[0], 1,
    )  # fmt: skip
    calls = [(call.role, call.number) for call in alarm.calls]
    assert calls == [
        (CallRole.MEETS_HER, "+371 20 000 000"),
        (CallRole.HELP_NUMBER, "+46 70-174 06 15"),
        (CallRole.HELP_NUMBER, "+7 000 555-01-17"),
        (CallRole.RECEIVER, "+7 000 555-01-18"),
    ]
    assert (alarm.fallback, alarm.alarm_plan[:8]) == ("Vänta i kaféet.", "Ring Eva")
    assert "Vänta" not in repr(alarm)
    assert "555" not in repr(alarm)

    record_leg_event(walk.ours, walk.legs[0], LegEvent.CHECK_IN)
    after = read_today(walk.ours)
    assert after.alarms == ()
    assert after.count == before.count - 1


def test_meeter_without_a_number_is_named_as_on_the_leg(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=19)
    calls = read_alarms(walk.ours)[0].calls
    assert [bool(call.number) for call in calls] == [True] * (len(calls) - 1) + [False]
    last = calls[-1]
    assert (last.role, last.met_by[0].text) == (CallRole.MEETS_HER, "Anna")


def test_missed_leg_rewinds_nothing_and_a_new_leg_ends_the_alarm(walk: Walk) -> None:
    record_leg_event(walk.ours, walk.legs[1], LegEvent.MISSED)
    assert kinds(walk) == [("leg_missed", 2)]
    old = leg(walk, 2)
    assert isinstance(old.departs, ZonedTime)
    departs = ZonedTime.at(old.departs.wall + timedelta(hours=6), people.RIGA)
    new = replace_leg(walk.ours, walk.legs[1], {"departs": departs, "status": "booked"})
    row = walk.ours.store.row(new)
    assert row is not None
    assert (row.parent, view(row, Leg).record.sequence) == (walk.plan, 2)
    assert kinds(walk) == []
    assert walk.state == "travelling"


def test_what_happened_is_kept_apart_from_when_it_was_written(walk: Walk) -> None:
    earlier = people.zoned_time(walk.clock.time - timedelta(minutes=40))
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED, earlier)
    assert (leg(walk, 1).status, leg(walk, 1).arrived) == ("arrived", earlier)
    later = people.zoned_time(walk.clock.time + timedelta(minutes=5))
    with pytest.raises(KfdeskError) as fault:
        record_leg_event(walk.ours, walk.legs[1], LegEvent.DEPARTED, later)
    assert fault.value.code == "plan.in_the_future"


def test_withdrawn_reception_is_an_alarm(walk: Walk) -> None:
    change_record(walk.ours, walk.one("reception").rid, {"status": "declined_referred_on"})
    assert kinds(walk) == [("reception_withdrawn", None)]


def test_arrived_plan_is_watched_no_more(walk: Walk) -> None:
    walk.to("arrived")
    assert read_alarms(walk.ours) == ()


def test_only_a_leg_is_replaced(walk: Walk) -> None:
    values: dict[str, Any] = {}
    with pytest.raises(KfdeskError) as fault:
        replace_leg(walk.ours, walk.plan, values)
    assert fault.value.code == "record.missing"


def test_what_the_partner_hears_on_the_way_is_an_alarm_until_the_risks_are_read_again(
    walk: Walk,
) -> None:
    assert AlarmKind.SOMETHING_HAPPENED not in {one.kind for one in read_today(walk.ours).alarms}
    walk.send()
    create_record(walk.theirs, RiskEvent, {"kind": "new_threat"}, parent=walk.plan)
    walk.answer()
    (alarm,) = [
        one for one in read_today(walk.ours).alarms if one.kind is AlarmKind.SOMETHING_HAPPENED
    ]
    assert (alarm.line.rid, alarm.leg, alarm.since is None) == (walk.plan, None, False)
    assert CallRole.HELP_NUMBER in {call.role for call in alarm.calls}
    walk.clock.time += timedelta(minutes=5)
    change_record(walk.ours, walk.plan, {"risk_read": zoned_now(walk.ours)})
    assert AlarmKind.SOMETHING_HAPPENED not in {one.kind for one in read_alarms(walk.ours)}
