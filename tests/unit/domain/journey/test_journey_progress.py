# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a journey is planned, expected, late or has happened, and when it may be recorded."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import ago, ahead, seen

from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.workflow.alarms import AlarmKind, find_alarms
from kfdesk.domain.workflow.progress import (
    RECORDING_OPENS,
    LegProgress,
    TravelStatus,
    current_leg_index,
    is_recording_open,
    is_tracked,
    journey_progress,
    recording_opens,
)

PLANNED, EXPECTED, HAPPENED, LATE, UNRECORDED, OVER = TravelStatus
NOW = make.NOW
NEAR = {"departs": ahead(hours=3), "arrives": ahead(hours=9), "check_in": ahead(hours=9)}
FAR = {"departs": ahead(days=3), "arrives": ahead(days=4), "check_in": ahead(days=4)}
GONE = {"departs": ago(hours=5), "arrives": ago(hours=2), "check_in": ago(hours=2)}


def leg(**values: Any) -> RecordView[Leg]:
    return view(make.row("leg", {"status": "booked", **values}), Leg)


def progress(*legs: RecordView[Leg], state: str | None = "travelling") -> list[LegProgress]:
    return list(journey_progress([one.record for one in legs], state, NOW))


def looks(*legs: RecordView[Leg], state: str | None = "travelling") -> list[tuple[Any, ...]]:
    found = progress(*legs, state=state)
    return [(one.departure, one.arrival, one.check_in) for one in found]


@pytest.mark.parametrize("status", ["planned", "booked", "confirmed", None])
@pytest.mark.parametrize("state", ["draft", "travel_ready", "travelling"])
def test_nothing_has_happened_that_nobody_recorded(status: str | None, state: str) -> None:
    for times in (NEAR, FAR, GONE, {}):
        assert HAPPENED not in looks(leg(**times, status=status), state=state)[0]


def test_next_leg_is_expected_from_a_day_before_and_later_ones_are_planned() -> None:
    assert looks(leg(**NEAR), leg(**FAR)) == [
        (EXPECTED, PLANNED, EXPECTED), (PLANNED, PLANNED, PLANNED),
    ]  # fmt: skip
    assert looks(leg(**FAR)) == [(PLANNED, PLANNED, PLANNED)]
    assert looks(leg(**NEAR), state="draft") == [(PLANNED, PLANNED, PLANNED)]


def test_what_was_recorded_has_happened_and_the_next_is_expected() -> None:
    on_board = leg(**{**NEAR, "departs": ago(hours=1)}, status="departed")
    assert looks(on_board, leg(**FAR))[0] == (HAPPENED, EXPECTED, EXPECTED)
    there = leg(**GONE, status="arrived", check_in_status="made")
    assert looks(there, leg(**NEAR)) == [
        (HAPPENED, HAPPENED, HAPPENED), (EXPECTED, PLANNED, EXPECTED),
    ]  # fmt: skip


def test_time_that_has_passed_is_late_while_it_is_watched_and_else_not_recorded() -> None:
    assert looks(leg(**GONE)) == [(LATE, LATE, LATE)]
    assert looks(leg(**GONE), state="draft") == [(UNRECORDED, UNRECORDED, UNRECORDED)]
    assert looks(leg(**GONE), state="closed") == [(UNRECORDED, UNRECORDED, UNRECORDED)]
    assert looks(leg(**GONE, status="departed"), state="draft")[0] == (HAPPENED, LATE, LATE)


def test_leg_that_she_has_passed_is_not_late() -> None:
    passed, onward = leg(**GONE), leg(**NEAR, status="departed")
    assert looks(passed, onward)[0] == (UNRECORDED, UNRECORDED, LATE)
    assert [one.is_current for one in progress(passed, onward)] == [False, True]


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_leg_that_is_off_is_neither_expected_nor_late(status: str) -> None:
    assert looks(leg(**GONE, status=status), leg(**NEAR))[0] == (UNRECORDED, UNRECORDED, None)


@pytest.mark.parametrize(
    ("values", "look"),
    [
        ({"check_in_status": "made"}, HAPPENED),
        ({"check_in_status": "missed_alarm"}, LATE),
        ({"check_in_status": "late"}, LATE),
        ({"check_in_status": "waived"}, None),
        ({"check_in": None}, None),
        ({"check_in_status": "due"}, EXPECTED),
    ],
)
def test_check_in_is_as_it_was_said(values: dict[str, Any], look: TravelStatus | None) -> None:
    assert progress(leg(**{**NEAR, **values}))[0].check_in is look


def test_line_of_a_list_without_check_ins_has_none() -> None:
    class Line:
        status, departs, arrives = "booked", ahead(hours=3), ahead(hours=9)

    (found,) = journey_progress([Line()], "travelling", NOW)
    assert (found.departure, found.check_in) == (EXPECTED, None)


def test_current_leg_is_travelled_or_next() -> None:
    def place(*statuses: str | None) -> int | None:
        return current_leg_index([leg(status=status).record for status in statuses])

    assert place() is None
    assert place("booked", "booked") == 0
    assert place("arrived", "departed", "booked") == 1
    assert place("departed", "departed", "booked") == 1
    assert place("arrived", "missed", "booked") == 2
    assert place("arrived", "arrived") is None
    assert place("cancelled", None) == 1


def test_journey_is_watched_by_its_state_or_once_it_has_begun() -> None:
    ahead_, gone = leg().record, leg(status="departed").record
    assert is_tracked("travel_ready", [ahead_])
    assert not is_tracked("approved", [ahead_])
    assert is_tracked("approved", [gone])
    assert not is_tracked("closed", [gone])


def test_recording_opens_a_day_before_its_own_leg_leaves() -> None:
    near, far, unknown = leg(**NEAR), leg(**FAR), leg()
    assert recording_opens(near) == NEAR["departs"].utc - RECORDING_OPENS
    assert recording_opens(unknown) is None
    assert is_recording_open(near, [near, far], NOW)
    assert not is_recording_open(far, [near, far], NOW)
    assert not is_recording_open(unknown, [near, unknown], NOW)


def test_recording_needs_no_time_once_the_journey_has_begun() -> None:
    gone, missed, unknown = leg(**GONE, status="departed"), leg(status="missed"), leg()
    assert is_recording_open(unknown, [gone, unknown], NOW)
    assert is_recording_open(unknown, [missed, unknown], NOW)
    assert is_recording_open(leg(**FAR, status="departed"), [], NOW)
    assert looks(gone, unknown)[1] == (PLANNED, PLANNED, None)
    assert looks(missed, unknown)[1] == (EXPECTED, PLANNED, None)


@pytest.mark.parametrize("minutes", [-90, -61, -59, -31, -29, 0, 29, 600])
def test_alarm_and_look_say_the_same(minutes: int) -> None:
    """Play every status at every hour: an alarm of a leg is never drawn as less than late."""
    at = {key: ahead(minutes=minutes) for key in ("departs", "arrives", "check_in")}
    for status, said in product(("booked", "departed", "arrived"), (None, "made", "missed_alarm")):
        values = {**at, "status": status, "check_in_status": said}
        told = {"plan": {"state": "travelling"}, "leg": values, "second leg": {**FAR}}
        alarms = {alarm.kind for alarm in find_alarms(seen(told)) if alarm.leg is not None}
        (found, *_) = progress(leg(**values), leg(**FAR))
        for kind, look in (
            (AlarmKind.NOT_DEPARTED, found.departure), (AlarmKind.NOT_ARRIVED, found.arrival),
            (AlarmKind.CHECK_IN_MISSED, found.check_in),
        ):  # fmt: skip
            assert kind not in alarms or look is LATE, (status, said, kind)


def test_opening_is_a_whole_day() -> None:
    assert timedelta(hours=24) == RECORDING_OPENS
