# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and warnings: what on the journey is not as agreed, or will not work.

Plans that travel are checked, and plans that should have left: a departure that nobody
recorded is itself a reason to call. An alarm changes no state. A new leg, a check-in or
a record of what happened ends it, and so does a handover that answers what was to happen
before; an event that changes the risks ends with a new reading of the risks. The service
finds whom to call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from kfdesk.domain.aftercare import home_since
from kfdesk.domain.handovers import believed
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.travellers import PartyFault, party_faults
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.contradictions import MeetingContact, find_contradictions
from kfdesk.domain.workflow.gates import CaseContext, FieldLocation, last_written
from kfdesk.domain.workflow.stages import (
    ARRIVED,
    WATCHED_STATES,
    is_answered,
    is_watched,
    recorded_stage,
)
from kfdesk.domain.workflow.travel import active_legs

DEPARTURE_GRACE = timedelta(minutes=30)
ARRIVAL_GRACE = timedelta(minutes=60)
CHECK_IN_GRACE = timedelta(minutes=30)

_NOT_DEPARTED = frozenset({None, "planned", "booked", "confirmed"})
CHECK_IN_DONE = frozenset({"made", "waived"})
_CHILDS_PAPERS = frozenset({"child_passport", "birth_certificate"})
"""Documents that are a child's, also where nobody has said whose."""


# --- alarms


class AlarmKind(StrEnum):
    """The kind of an alarm."""

    LEG_MISSED = "leg_missed"
    NOT_DEPARTED = "not_departed"
    NOT_ARRIVED = "not_arrived"
    CHECK_IN_MISSED = "check_in_missed"
    RECEPTION_WITHDRAWN = "reception_withdrawn"
    SOMETHING_HAPPENED = "something_happened"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm; `leg` is None if it concerns no leg, `since` if its time is unknown."""

    kind: AlarmKind
    leg: RecordView[Leg] | None
    since: datetime | None


def find_alarms(s: CaseContext) -> tuple[Alarm, ...]:
    """Return the current alarms, the oldest first."""
    if not is_watched(s.state, stage_of(s)):
        return ()
    found = [
        *_missed_legs(s),
        *_overdue_legs(s),
        *_missed_check_ins(s),
        *_withdrawn_reception(s),
        *_new_risk_events(s),
    ]
    return tuple(sorted(found, key=lambda alarm: (alarm.since or s.at, alarm.kind)))


def stage_of(s: CaseContext) -> str:
    """Return the stage of a plan: its state, or what was recorded of the journey since."""
    return recorded_stage(s.state or "", [leg.record for leg in s.legs], received_of(s))


def received_of(s: CaseContext) -> datetime | None:
    """Return when she was surely home, as handovers and contacts tell; None if unknown."""
    writers = s.arrival_writers
    return home_since(believed(s.handovers, writers), believed(s.follow_ups, writers), s.at)


def _unanswered_legs(s: CaseContext) -> tuple[RecordView[Leg], ...]:
    """Return the legs that no handover has answered since; a conflict silences no alarm."""
    received = received_of(s)
    if received is None:
        return s.legs
    return tuple(
        leg
        for leg in s.legs
        if not is_answered(leg.record, received)
        or any((_utc(one.value) or received) > received for one in leg.versions.get("departs", ()))
    )


def _missed_legs(s: CaseContext) -> Iterator[Alarm]:
    """Yield an alarm for each missed leg without a replacement."""
    for leg in unreplaced_legs(s):
        yield Alarm(AlarmKind.LEG_MISSED, leg, _utc(leg.record.departs))


def unreplaced_legs(s: CaseContext) -> tuple[RecordView[Leg], ...]:
    """Return the missed legs that no other leg of the same number replaces."""
    numbers = {leg.record.sequence for leg in active_legs(s)} - {None}
    missed = (leg for leg in _unanswered_legs(s) if leg.record.status == "missed")
    return tuple(leg for leg in missed if leg.record.sequence not in numbers)


def _overdue_legs(s: CaseContext) -> Iterator[Alarm]:
    legs, open_legs = active_legs(s), _unanswered_legs(s)
    for place, leg in enumerate(legs):
        went_on = any(_has_begun(later) for later in legs[place + 1 :])
        if went_on or leg.record.status == "arrived" or leg not in open_legs:
            continue
        has_left = leg.record.status == "departed"
        due = due_time(leg, "arrives" if has_left else "departs")
        grace = ARRIVAL_GRACE if has_left else DEPARTURE_GRACE
        if due is not None and due + grace < s.at:
            yield Alarm(AlarmKind.NOT_ARRIVED if has_left else AlarmKind.NOT_DEPARTED, leg, due)


def _has_begun(leg: RecordView[Leg]) -> bool:
    """Return whether a leg has begun that surely has its place in the journey.

    The number of a leg that a partner adds, or wants to move, waits for a decision. Until then it
    shows of no other leg that the journey went on.
    """
    return leg.record.sequence is not None and leg.record.status not in _NOT_DEPARTED


def _missed_check_ins(s: CaseContext) -> Iterator[Alarm]:
    open_legs = _unanswered_legs(s)
    for leg in active_legs(s):
        if leg not in open_legs:
            continue
        due, said = due_time(leg, "check_in"), leg.record.check_in_status
        if said in CHECK_IN_DONE:
            continue
        is_over = due is not None and due + CHECK_IN_GRACE < s.at
        if said == "missed_alarm" or is_over:
            yield Alarm(AlarmKind.CHECK_IN_MISSED, leg, due)


def _withdrawn_reception(s: CaseContext) -> Iterator[Alarm]:
    if stage_of(s) == ARRIVED or received_of(s) is not None:
        return
    name = s.receiver.organisation.hex() if s.receiver else ""
    theirs = [one for one in s.receptions if one.record.organisation == name]
    newest = max(theirs, key=lambda one: (last_written(one.row), one.rid), default=None)
    if newest is None:  # an early plan has asked nobody yet, so nobody has withdrawn
        if s.state is None or s.state in WATCHED_STATES:
            yield Alarm(AlarmKind.RECEPTION_WITHDRAWN, None, None)
    elif newest.record.status != "confirmed":
        yield Alarm(AlarmKind.RECEPTION_WITHDRAWN, None, _utc(newest.record.answered))


def _new_risk_events(s: CaseContext) -> Iterator[Alarm]:
    """Yield an alarm if an event was recorded after the risks were last read."""
    read = _utc(s.plan.record.risk_read)
    newest = max(s.risk_events, key=lambda one: (last_written(one.row), one.rid), default=None)
    if newest is None:
        return
    written = datetime.fromtimestamp(last_written(newest.row) / 1000, UTC)
    if read is None or read < written:
        yield Alarm(AlarmKind.SOMETHING_HAPPENED, None, _utc(newest.record.happened) or written)


def due_time(leg: RecordView[Leg], key: str) -> datetime | None:
    """Return the agreed time; the earliest if the versions of two organisations conflict.

    A conflict must not silence an alarm.
    """
    told = [version.value for version in leg.versions.get(key, ())]
    times = (_utc(value) for value in (told or [getattr(leg.record, key)]))
    return min((time for time in times if time is not None), default=None)


def _utc(moment: object) -> datetime | None:
    return moment.utc if isinstance(moment, ZonedTime) else None


# --- warnings


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """A contradiction to look at; `number` is that of the leg."""

    code: str
    where: FieldLocation
    number: int | None = None


def plan_warnings(
    s: CaseContext, contacts: Mapping[str, MeetingContact] | None = None
) -> tuple[PlanWarning, ...]:
    """Return all current contradictions; `contacts` are those who meet her, by id in digits."""
    return (
        *_leg_warnings(s), *_escort_warnings(s), *_document_warnings(s), *_traveller_warnings(s),
        *_hearing_warnings(s), *_contradiction_warnings(s, contacts or {}),
    )  # fmt: skip


def _contradiction_warnings(
    s: CaseContext, contacts: Mapping[str, MeetingContact]
) -> Iterator[PlanWarning]:
    """Yield what contradicts itself, but for birth dates, which the travellers' check tells."""
    for one in find_contradictions(s, contacts):
        if one.code != PartyFault.OTHER_BIRTH_DATE:
            yield PlanWarning(one.code, one.where, one.number)


def _leg_warnings(s: CaseContext) -> Iterator[PlanWarning]:
    before: datetime | None = None
    for number, leg in enumerate(active_legs(s), start=1):
        departs, arrives = _utc(leg.record.departs), _utc(leg.record.arrives)
        if departs and arrives and arrives < departs:
            yield PlanWarning("arrives_before_departs", _location(leg, "arrives"), number)
        if departs and before and departs < before:
            yield PlanWarning(
                "leaves_before_the_one_above_arrives", _location(leg, "departs"), number
            )
        before = arrives or before


def _escort_warnings(s: CaseContext) -> Iterator[PlanWarning]:
    if s.plan.record.escort == s.client.rid.hex():
        yield PlanWarning("escort_is_the_client", _location(s.plan, "escort"))


def _document_warnings(s: CaseContext) -> Iterator[PlanWarning]:
    last = _arrival_day(s)
    for paper in s.documents:
        until, name = paper.record.valid_until, paper.record.name_as_written
        holder = s.party.holder_of(paper)
        ticket = s.party.ticket_name(holder) if holder is not None else None
        if isinstance(until, date) and last is not None and until < last:
            yield PlanWarning("document_ends_before_arrival", _location(paper, "valid_until"))
        is_own = paper.record.whose is not None or paper.record.kind not in _CHILDS_PAPERS
        is_told = isinstance(name, str) and isinstance(ticket, str)
        if is_own and is_told and _normalized_name(str(name)) != _normalized_name(str(ticket)):
            yield PlanWarning("name_is_not_as_on_the_ticket", _location(paper, "name_as_written"))


def _traveller_warnings(s: CaseContext) -> Iterator[PlanWarning]:
    for code, seen, key in party_faults(s.party):
        yield PlanWarning(code, _location(seen, key))


def _hearing_warnings(s: CaseContext) -> Iterator[PlanWarning]:
    first, last = journey_times(s)
    for matter in s.legal:
        hearing = _utc(matter.record.next_hearing)
        if hearing and first and last and first <= hearing <= last:
            yield PlanWarning("hearing_during_the_journey", _location(matter, "next_hearing"))


def journey_times(s: CaseContext) -> tuple[datetime | None, datetime | None]:
    """Return when the journey begins and ends, as far as its legs tell."""
    legs = active_legs(s)
    starts = [time for leg in legs if (time := _utc(leg.record.departs))]
    ends = [time for leg in legs if (time := _utc(leg.record.arrives))]
    return min(starts, default=None), max(ends, default=None)


def _arrival_day(s: CaseContext) -> date | None:
    """Return the date of the last arrival in the local calendar of the place."""
    times = [leg.record.arrives for leg in active_legs(s)]
    return max((time.wall.date() for time in times if isinstance(time, ZonedTime)), default=None)


def _normalized_name(name: str) -> str:
    return " ".join(name.casefold().split())


def _location(seen: RecordView[Any], key: str) -> FieldLocation:
    return FieldLocation(seen.row.type, key, seen.rid)
