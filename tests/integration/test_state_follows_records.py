# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a plan follows what is recorded of the journey, and goes back with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import START, Walk, walked
from tests.integration.pair_samples import refusal
from tests.support import make
from tests.support.endings import handover_values
from tests.support.journeys import record_leg_event

from kfdesk.demo import people
from kfdesk.domain.records.case import Transition
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import require_record, undo_all
from kfdesk.services.plans.journey import LegEvent, LegUpdate
from kfdesk.services.plans.plans import list_current_plans
from kfdesk.services.today import read_today
from kfdesk.services.workflow import move_plan, record_journey, take_back_journey


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "travel_ready") as made:
        made.clock.time = START + timedelta(days=18, hours=6)
        yield made


def steps(walk: Walk) -> list[tuple[object, object]]:
    """Return from where to where the plan has stepped, without the steps in the bin."""
    seen = [view(row, Transition) for row in walk.of("transition")]
    return [
        (one.record.from_state, one.record.to_state)
        for one in sorted(seen, key=lambda one: one.rid)
        if not one.is_deleted
    ]


def stage(walk: Walk) -> str:
    return next(one.stage for one in list_current_plans(walk.ours) if one.rid == walk.plan)


LEFT = ("travel_ready", "travelling")


def test_departure_takes_the_plan_along_and_undo_takes_both_back(ready: Walk) -> None:
    before = steps(ready)
    done = record_journey(ready.ours, [LegUpdate(ready.legs[0], LegEvent.DEPARTED)])
    assert ready.state == "travelling"
    assert sorted(steps(ready)) == sorted([*before, LEFT])
    undo_all(ready.ours, done)
    assert ready.state == "travel_ready"
    assert sorted(steps(ready)) == sorted(before)
    assert stage(ready) == "travel_ready"


def test_departure_taken_back_long_after_takes_the_state_back(ready: Walk) -> None:
    before = steps(ready)
    record_leg_event(ready.ours, ready.legs[0], LegEvent.DEPARTED)
    ready.clock.time += timedelta(hours=3)
    take_back_journey(ready.ours, ready.legs[0], LegEvent.DEPARTED)
    assert ready.state == "travel_ready"
    assert sorted(steps(ready)) == sorted(before)
    record_leg_event(ready.ours, ready.legs[0], LegEvent.DEPARTED)
    assert ready.state == "travelling"


def test_state_stays_while_a_leg_has_left(ready: Walk) -> None:
    record_leg_event(ready.ours, ready.legs[0], LegEvent.ARRIVED)
    ready.clock.time += timedelta(hours=20)
    record_leg_event(ready.ours, ready.legs[1], LegEvent.DEPARTED)
    take_back_journey(ready.ours, ready.legs[1], LegEvent.DEPARTED)
    assert ready.state == "travelling"


def test_what_happens_now_is_told_by_the_clocks_of_its_place(ready: Walk) -> None:
    for leg in ready.legs:
        record_leg_event(ready.ours, leg, LegEvent.DEPARTED)
        record_leg_event(ready.ours, leg, LegEvent.ARRIVED)
    legs = [view(require_record(ready.ours, leg), Leg).record for leg in ready.legs]
    times = [(leg.departed, leg.arrived) for leg in legs]
    assert [[at.zone for at in pair if isinstance(at, ZonedTime)] for pair in times] == [
        ["Europe/Stockholm", "Europe/Riga"],
        ["Europe/Riga", "Europe/Moscow"],
    ]


def test_missed_leg_moves_nothing(ready: Walk) -> None:
    record_leg_event(ready.ours, ready.legs[0], LegEvent.MISSED)
    assert ready.state == "travel_ready"
    assert stage(ready) == "travel_ready"


def test_plan_that_is_not_ready_keeps_its_state_and_is_on_the_way(tmp_path: Path) -> None:
    with walked(tmp_path, "approved") as walk:
        walk.clock.time = START + timedelta(days=18, hours=6)
        record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)
        assert (walk.state, stage(walk)) == ("approved", "travelling")
        today = read_today(walk.ours)
        assert {one.line.rid for one in today.travelling} == {walk.plan}
        assert today.departures == ()
        assert today.to_follow == ()


def test_partner_records_and_does_not_step_for_us(ready: Walk) -> None:
    ready.send()
    record_journey(ready.theirs, [LegUpdate(ready.legs[0], LegEvent.DEPARTED)])
    assert [one.state for one in list_current_plans(ready.theirs)] == ["travel_ready"]
    ready.answer()
    assert (ready.state, stage(ready)) == ("travel_ready", "travelling")
    (follows,) = read_today(ready.ours).to_follow
    assert (follows.line.rid, follows.target) == (ready.plan, "travelling")
    move_plan(ready.ours, ready.plan, "travelling")
    assert read_today(ready.ours).to_follow == ()


@pytest.mark.parametrize("state", ["approved", "travel_ready"])
def test_word_of_another_partner_ends_no_journey_in_any_list(tmp_path: Path, state: str) -> None:
    with walked(tmp_path, state) as walk:
        walk.clock.time = START + timedelta(days=18, hours=6)
        record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)
        walk.clock.time += timedelta(days=3)
        alarms = [one.kind for one in read_today(walk.ours).alarms]
        called: dict[str, Value] = {
            "happened": people.zoned_time(walk.clock.time), "after_days": 0, "result": "reached",
        }  # fmt: skip
        told = {"handover": handover_values(walk.clock.time), "follow_up": called}
        for kind, values in told.items():
            row = make.row(kind, values, rid=make.named_id(kind), custodian=make.THIRD)
            with walk.ours.store.transaction():
                walk.ours.store.put(replace(row, parent=walk.plan))
        assert stage(walk) == "travelling"
        assert [one.kind for one in read_today(walk.ours).alarms] == alarms != []


def test_refused_event_moves_nothing(ready: Walk) -> None:
    digest = ready.ours.store.digest()
    ahead = people.zoned_time(ready.clock.time + timedelta(hours=2))
    pair = [
        LegUpdate(ready.legs[0], LegEvent.DEPARTED),
        LegUpdate(ready.legs[1], LegEvent.DEPARTED, ahead),
    ]
    assert refusal(lambda: record_journey(ready.ours, pair)).code == "plan.in_the_future"
    assert ready.ours.store.digest() == digest


def test_whoever_may_not_record_moves_nothing(ready: Walk) -> None:
    nobody = replace(ready.ours, roles=frozenset())
    digest = ready.ours.store.digest()
    for work in (
        lambda: record_journey(nobody, [LegUpdate(ready.legs[0], LegEvent.DEPARTED)]),
        lambda: take_back_journey(nobody, ready.legs[0], LegEvent.DEPARTED),
    ):
        assert refusal(work).code == "user.not_allowed"
    assert ready.ours.store.digest() == digest
