# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of a journey: what of it is planned, expected next, has happened, or is late.

Only what somebody recorded has happened. A booked leg is planned; a time that has passed without
a record is late while the journey is watched, and not recorded otherwise. Once somebody has
received her, nothing before that is late or awaited any more: it is over, without a time of its
own. The events of a leg are recorded from 24 hours before it leaves, because a wrong click weeks
before would write history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import (
    ARRIVAL_GRACE,
    CHECK_IN_GRACE,
    DEPARTURE_GRACE,
    due_time,
)
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.domain.workflow.stages import (
    BEGUN,
    HOME_STATES,
    WATCHED_STATES,
    TravelledLeg,
    is_answered,
    next_leg_index,
)

RECORDING_OPENS = timedelta(hours=24)
"""The time before the departure of a leg from which its events can be recorded."""


class TravelStatus(StrEnum):
    """Knowledge of a departure, an arrival or a check-in."""

    PLANNED = "planned"
    EXPECTED = "expected"
    HAPPENED = "happened"
    LATE = "late"
    UNRECORDED = "unrecorded"
    OVER = "over"
    """It is over, as a later record tells; nobody recorded when it was."""


@dataclass(frozen=True, slots=True)
class LegProgress:
    """The status of a leg's departure, its arrival and its check-in; None: none is wanted.

    `is_current`: the client travels on this leg, or it is the next one.
    """

    departure: TravelStatus
    arrival: TravelStatus
    check_in: TravelStatus | None
    is_current: bool = False


def is_tracked(state: object, legs: Sequence[TravelledLeg]) -> bool:
    """Return whether a journey is watched, by the state of its plan or of one of its legs."""
    has_begun = any(leg.status in {"departed", "missed"} for leg in legs)
    is_over = is_read_only(state) or state in HOME_STATES
    return not is_over and (state in WATCHED_STATES or has_begun)


def current_leg_index(
    legs: Sequence[TravelledLeg], state: object = None, received: datetime | None = None
) -> int | None:
    """Return the place of the leg that is travelled, else of the next one, or None at the end.

    `received` is when somebody received her; in a state after the arrival there is none.
    """
    return None if state in HOME_STATES else next_leg_index(legs, received)


def journey_progress(
    legs: Sequence[TravelledLeg], state: object, at: datetime, received: datetime | None = None
) -> tuple[LegProgress, ...]:
    """Return the progress of each leg of a plan in this state, at an instant (aware).

    `received` is when somebody received her at the end of the journey, if that was recorded.
    """
    tracked, current = is_tracked(state, legs), current_leg_index(legs, state, received)
    last_begun = max((n for n, leg in enumerate(legs) if leg.status in BEGUN), default=-1)
    is_home = state in HOME_STATES or (received is not None and current is None)
    found = []
    for place, leg in enumerate(legs):
        clock = _LegClock(
            leg, at, is_tracked=tracked, is_near=place == current and _is_near(leg, legs, at),
            is_passed=place < last_begun,
            is_over=is_home or is_answered(leg, received),
        )  # fmt: skip
        parts = (clock.departure(), clock.arrival(), clock.check_in())
        found.append(LegProgress(*parts, is_current=place == current))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _LegClock:
    """A leg at an instant; `is_near`: it is the current one, and its recording is open.

    `is_over`: she has been received since.
    """

    leg: TravelledLeg
    at: datetime
    is_tracked: bool
    is_near: bool
    is_passed: bool
    is_over: bool

    def departure(self) -> TravelStatus:
        if self.leg.status in BEGUN:
            return TravelStatus.HAPPENED
        return self._movement(self.leg.departs, DEPARTURE_GRACE, is_next=self.is_near)

    def arrival(self) -> TravelStatus:
        if self.leg.status == "arrived":
            return TravelStatus.HAPPENED
        has_left = self.leg.status == "departed"
        return self._movement(self.leg.arrives, ARRIVAL_GRACE, is_next=has_left)

    def check_in(self) -> TravelStatus | None:
        due = getattr(self.leg, "check_in", None)
        told = getattr(self.leg, "check_in_status", None)
        if told == "made":
            return TravelStatus.HAPPENED
        if told in {"missed_alarm", "late"}:
            return TravelStatus.OVER if self.is_over else TravelStatus.LATE
        if told == "waived" or self.leg.status in LEG_OFF or not isinstance(due, ZonedTime):
            return None
        is_next = self.is_near or self.leg.status in BEGUN
        return self._by_time(due, CHECK_IN_GRACE, is_next=is_next)

    def _movement(self, due: object, grace: timedelta, *, is_next: bool) -> TravelStatus:
        if not self.is_over and (self.is_passed or self.leg.status in LEG_OFF):
            return TravelStatus.UNRECORDED
        return self._by_time(due, grace, is_next=is_next)

    def _by_time(self, due: object, grace: timedelta, *, is_next: bool) -> TravelStatus:
        if self.is_over:
            return TravelStatus.OVER
        is_over = isinstance(due, ZonedTime) and due.utc + grace < self.at
        if is_over:
            return TravelStatus.LATE if self.is_tracked else TravelStatus.UNRECORDED
        return TravelStatus.EXPECTED if is_next and self.is_tracked else TravelStatus.PLANNED


# --- when events may be recorded


def recording_opens(leg: RecordView[Leg]) -> datetime | None:
    """Return from when the events of a leg are recorded; None if its departure is not known."""
    departs = due_time(leg, "departs")
    return departs - RECORDING_OPENS if departs is not None else None


def is_recording_open(leg: RecordView[Leg], legs: Sequence[RecordView[Leg]], at: datetime) -> bool:
    """Return whether the events of a leg among `legs` may be recorded at an instant (aware).

    Without a known departure they may once the journey has begun.
    """
    opens = recording_opens(leg)
    if leg.record.status in BEGUN:
        return True
    if opens is None:
        return _has_begun([one.record for one in legs])
    return opens <= at


def _is_near(leg: TravelledLeg, legs: Sequence[TravelledLeg], at: datetime) -> bool:
    if not isinstance(leg.departs, ZonedTime):
        return _has_begun(legs)
    return leg.status in BEGUN or leg.departs.utc - RECORDING_OPENS <= at


def _has_begun(legs: Sequence[TravelledLeg]) -> bool:
    return any(leg.status in BEGUN or leg.status == "missed" for leg in legs)
