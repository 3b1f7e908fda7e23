# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage of a plan follows what was recorded, and a handover answers what was before it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import make
from tests.unit.domain.gates.gate_samples import ago, ahead

from kfdesk.domain.handovers import arrival_told, received_at
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.rows import view
from kfdesk.domain.workflow.progress import TravelStatus, current_leg_index, journey_progress
from kfdesk.domain.workflow.stages import is_watched, next_leg_index, recorded_stage

NOW = make.NOW
EARLY = ["draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling"]
LATER = ["arrived", "reintegrating", "follow_up", "closed", "cancelled", "withdrawn", "not_safe"]
AWAITED = {TravelStatus.LATE, TravelStatus.PLANNED, TravelStatus.EXPECTED}


def legs(*statuses: str | None, **values: Any) -> list[Leg]:
    rows = (make.row("leg", {"status": one, **values}) for one in statuses)
    return [view(row, Leg).record for row in rows]


def handed(**values: Any) -> Handover:
    """Return a handover an hour ago, by default at the door."""
    whole = {"happened": ago(hours=1), "place": "door", "result": "received", **values}
    return view(make.row("handover", whole), Handover).record


@pytest.mark.parametrize("state", EARLY)
def test_recorded_departure_and_arrival_are_stages_of_every_early_plan(state: str) -> None:
    assert recorded_stage(state, legs("booked", "booked")) == state
    assert recorded_stage(state, legs("missed", "booked")) == state
    assert recorded_stage(state, legs("departed", "booked")) == "travelling"
    assert recorded_stage(state, legs("arrived", "booked")) == "travelling"
    assert recorded_stage(state, legs("arrived", "cancelled")) == "arrived"
    assert recorded_stage(state, legs("booked", departs=ago(hours=9)), ago(hours=1).utc) == (
        "arrived"
    )
    early = legs("booked", departs=ahead(hours=9))
    assert recorded_stage(state, early, ago(hours=1).utc) == state  # it is still to come
    onward = [*legs("arrived", departs=ago(hours=9)), *early]
    assert recorded_stage(state, onward, ago(hours=1).utc) == "travelling"


@pytest.mark.parametrize("state", LATER)
def test_later_state_stands_whatever_the_legs_say(state: str) -> None:
    assert recorded_stage(state, legs("departed"), ago(hours=1).utc) == state


def test_arrival_at_the_last_stop_ends_no_watch_before_somebody_receives_her() -> None:
    assert is_watched("travelling", "arrived")
    assert is_watched("draft", "travelling")
    assert is_watched(None, "")
    assert not is_watched("draft", "arrived")
    assert not is_watched("arrived", "arrived")


def test_leg_after_the_handover_is_still_ahead() -> None:
    received = ago(hours=1).utc
    known, unknown = legs("booked", departs=ago(hours=9)), legs("booked", departs=None)
    onward = legs("booked", departs=ahead(hours=2))
    assert next_leg_index([*known, *onward], received) == 1
    assert next_leg_index([*known, *unknown], received) is None
    assert next_leg_index([*known, *onward]) == 0
    under_way = legs("departed", departs=ago(hours=9))
    assert next_leg_index([*under_way, *onward], received) == 1
    assert current_leg_index([*known, *onward], "arrived") is None


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({}, True),
        ({"place": "arrival", "result": "received_with_remarks"}, True),
        ({"place": "transit"}, False),
        ({"place": "transit", "confirmed_by_client": True}, False),
        ({"place": "onward", "result": None, "confirmed_by_client": True}, True),
        ({"result": "refused"}, False),
        ({"result": None, "place": None, "confirmed_by_client": True}, True),
        ({"happened": None}, False),
    ],
)
def test_handover_tells_of_her_arrival(values: dict[str, Any], is_told: bool) -> None:
    assert (arrival_told(handed(**{"confirmed_by_client": None, **values})) is not None) is is_told


def test_newest_handover_up_to_now_counts() -> None:
    told = [handed(happened=ago(hours=9)), handed(), handed(happened=ahead(hours=1))]
    assert received_at(told, NOW) == ago(hours=1).utc
    assert received_at([handed(happened=ahead(hours=1))], NOW) is None


_LEG = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["planned", "booked", "departed", "arrived", "missed", None]),
        "departs": st.sampled_from([None, ago(days=2), ago(hours=9), ago(hours=2)]),
        "arrives": st.sampled_from([None, ago(hours=8), ago(hours=1), ahead(hours=1)]),
        "check_in": st.sampled_from([None, ago(hours=8), ahead(hours=1)]),
        "check_in_status": st.sampled_from([None, "due", "made", "late", "missed_alarm", "waived"]),
    }
)


@given(st.lists(_LEG, max_size=4), st.sampled_from([*EARLY, "arrived", "follow_up"]))
def test_after_the_handover_nothing_of_any_journey_is_late_or_awaited(
    journey: list[dict[str, Any]], state: str
) -> None:
    records = [view(make.row("leg", one), Leg).record for one in journey]
    received = ago(hours=1).utc
    told = journey_progress(records, state, NOW, received)
    assert all({one.departure, one.arrival, one.check_in}.isdisjoint(AWAITED) for one in told)
    assert not any(one.is_current for one in told)
