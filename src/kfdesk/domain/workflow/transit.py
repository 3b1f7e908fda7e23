# SPDX-License-Identifier: GPL-3.0-or-later
"""Transit: whether a client is on her way, so that nothing about her may be erased.

She is on her way from her departure, recorded or only planned, until she has arrived at the end of
the last leg, was handed over, or confirms it herself. What two organisations say differently never
shortens the way: one word of a departure is enough, and each must say that she has arrived.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from kfdesk.domain.aftercare import CONCERN_PERIOD, follow_up_day, newest_concern
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import due_time, find_alarms, unreplaced_legs
from kfdesk.domain.workflow.gates import REOPENABLE_STATES, CaseContext, is_read_only
from kfdesk.domain.workflow.travel import arrival_confirmed

_MOVED = frozenset({"departed", "arrived"})
_LOOK_BACK = timedelta(days=7)
"""A plan that ended on the way counts that long: nobody can record an arrival in it any more."""


class Transit(StrEnum):
    """Reason why a client counts as on her way."""

    DEPARTED = "departed"
    SHOULD_HAVE_LEFT = "should_have_left"
    ALARM = "alarm"
    DANGER = "danger"


def find_transit(s: CaseContext) -> Transit | None:
    """Return why the client of a plan is on her way; None if she is not, and no alarm is open."""
    if find_alarms(s):
        return Transit.ALARM
    if _is_concerned(s):
        return Transit.DANGER
    missed = unreplaced_legs(s)
    legs = [leg for leg in s.legs if leg in missed or not _told(leg, "status") <= LEG_OFF]
    if not legs or not arrival_confirmed(s).is_open or _told(legs[-1], "status") == {"arrived"}:
        return None
    has_ended = s.state in REOPENABLE_STATES
    left = [leg for leg in legs if _has_left(leg)]
    if left and not (has_ended and s.at - _newest_departure(left, s.at) > _LOOK_BACK):
        return Transit.DEPARTED
    due = [time for leg in legs if (time := due_time(leg, "departs")) is not None]
    is_due = not has_ended and any(time <= s.at for time in due)
    return Transit.SHOULD_HAVE_LEFT if is_due else None


def _is_concerned(s: CaseContext) -> bool:
    """Return whether the newest contact after her return says that she may be in danger."""
    last = newest_concern(s.follow_ups, s.at.date())
    if last is None:
        return False
    return not is_read_only(s.state) or s.at.date() - follow_up_day(last.record) <= CONCERN_PERIOD


def _told(leg: RecordView[Leg], key: str) -> frozenset[object]:
    """Return what is said of a field, by everybody where it is in conflict."""
    versions = leg.versions.get(key, ())
    return frozenset(one.value for one in versions) or frozenset({getattr(leg.record, key)})


def _has_left(leg: RecordView[Leg]) -> bool:
    times = _told(leg, "departed") | _told(leg, "arrived")
    return bool(_told(leg, "status") & _MOVED) or any(isinstance(one, ZonedTime) for one in times)


def _newest_departure(left: list[RecordView[Leg]], at: datetime) -> datetime:
    """Return when she was last seen leaving; now, if nobody has said when."""
    told = (one for leg in left for key in ("departed", "departs") for one in _told(leg, key))
    return max((one.utc for one in told if isinstance(one, ZonedTime)), default=at)
