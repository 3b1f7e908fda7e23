# SPDX-License-Identifier: GPL-3.0-or-later
"""When something on the way is not as it was agreed.

Looked for in plans that travel, and in those that should have left: that nobody wrote down a
departure is itself a reason to call. An alarm rewinds nothing; a new leg, a call that is made or a
record of what happened ends it; of what changes the risks, that they are read again. Knows no
telephone: whom to call is found by the service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from kfdesk.domain.gates.leaving import coming
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment

DEPARTURE_GRACE = timedelta(minutes=30)
ARRIVAL_GRACE = timedelta(minutes=60)
CHECK_IN_GRACE = timedelta(minutes=30)
WATCHED = frozenset({"travel_ready", "travelling"})

_BEFORE = frozenset({None, "planned", "booked", "confirmed"})
_MADE = frozenset({"made", "waived"})


class Trouble(StrEnum):
    """What is not as it was agreed."""

    LEG_MISSED = "leg_missed"
    NOT_DEPARTED = "not_departed"
    NOT_ARRIVED = "not_arrived"
    CHECK_IN_MISSED = "check_in_missed"
    RECEPTION_WITHDRAWN = "reception_withdrawn"
    SOMETHING_HAPPENED = "something_happened"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One trouble; `leg` is None where it is of none, `since` where its time is not known."""

    kind: Trouble
    leg: View[Leg] | None
    since: datetime | None


def alarms(s: Situation) -> tuple[Alarm, ...]:
    """What is not as it was agreed, the longest on top."""
    if s.state is not None and s.state not in WATCHED:
        return ()
    found = [*_missed(s), *_overdue(s), *_check_ins(s), *_reception(s), *_happened(s)]
    return tuple(sorted(found, key=lambda alarm: (alarm.since or s.at, alarm.kind)))


def _missed(s: Situation) -> Iterator[Alarm]:
    """Missed legs that no other leg of the same number stands in for."""
    numbers = {leg.record.sequence for leg in coming(s)}
    for leg in s.legs:
        if leg.record.status == "missed" and leg.record.sequence not in numbers:
            yield Alarm(Trouble.LEG_MISSED, leg, _utc(leg.record.departs))


def _overdue(s: Situation) -> Iterator[Alarm]:
    legs = coming(s)
    for place, leg in enumerate(legs):
        went_on = any(later.record.status not in _BEFORE for later in legs[place + 1 :])
        if went_on or leg.record.status == "arrived":
            continue
        has_left = leg.record.status == "departed"
        due = _due(leg, "arrives" if has_left else "departs")
        grace = ARRIVAL_GRACE if has_left else DEPARTURE_GRACE
        if due is not None and due + grace < s.at:
            yield Alarm(Trouble.NOT_ARRIVED if has_left else Trouble.NOT_DEPARTED, leg, due)


def _check_ins(s: Situation) -> Iterator[Alarm]:
    for leg in coming(s):
        due, said = _due(leg, "check_in"), leg.record.check_in_status
        if said in _MADE:
            continue
        is_over = due is not None and due + CHECK_IN_GRACE < s.at
        if said == "missed_alarm" or is_over:
            yield Alarm(Trouble.CHECK_IN_MISSED, leg, due)


def _reception(s: Situation) -> Iterator[Alarm]:
    name = s.receiver.organisation.hex() if s.receiver else ""
    theirs = [one for one in s.receptions if one.record.organisation == name]
    newest = max(theirs, key=lambda one: (last_written(one.row), one.rid), default=None)
    if newest is None or newest.record.status != "confirmed":
        since = _utc(newest.record.answered) if newest is not None else None
        yield Alarm(Trouble.RECEPTION_WITHDRAWN, None, since)


def _happened(s: Situation) -> Iterator[Alarm]:
    """Something that changes the risks was written down after they were last read."""
    read = _utc(s.plan.record.risk_read)
    newest = max(s.risk_events, key=lambda one: (last_written(one.row), one.rid), default=None)
    if newest is None:
        return
    written = datetime.fromtimestamp(last_written(newest.row) / 1000, UTC)
    if read is None or read < written:
        yield Alarm(Trouble.SOMETHING_HAPPENED, None, _utc(newest.record.happened) or written)


def _due(leg: View[Leg], key: str) -> datetime | None:
    """When something was agreed for; the earliest, where two desks wrote it apart.

    A conflict must not silence an alarm.
    """
    told = [version.value for version in leg.versions.get(key, ())]
    times = (_utc(value) for value in (told or [getattr(leg.record, key)]))
    return min((time for time in times if time is not None), default=None)


def _utc(moment: object) -> datetime | None:
    return moment.utc if isinstance(moment, Moment) else None
