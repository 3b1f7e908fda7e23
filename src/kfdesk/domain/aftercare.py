# SPDX-License-Identifier: GPL-3.0-or-later
"""Aftercare: the schedule of contacts after arrival, their status, and the scores over time.

A contact has a due date and a window of days around it, because a shelter is busy and
the client may be away. The client can refuse each contact. A proposal becomes a record
only when it is agreed. Pure functions without a store or clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kfdesk.domain.codes.case import SCORE
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime, shift_day

# --- scores

_SCORE_SCALE = {code: place for place, code in enumerate(SCORE)}
HIGHEST_SCORE = len(SCORE) - 1
_IN_DANGER = frozenset({"yes", "suspected"})

CONCERN_PERIOD = timedelta(30)
"""A concern stands that long in a plan that ended; then somebody has decided what follows."""


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """The scores of one area over the contacts, in their order; None if no score was given."""

    area: str
    scores: tuple[int | None, ...]

    @property
    def latest(self) -> int | None:
        """The last score that was given."""
        return next((score for score in reversed(self.scores) if score is not None), None)


def follow_up_day(one: FollowUp) -> date:
    """Return the day that orders a contact: the day it happened, else its due date."""
    if isinstance(one.happened, ZonedTime):
        return one.happened.wall.date()
    return one.due if isinstance(one.due, date) else date.max


def sort_follow_ups(views: Iterable[RecordView[FollowUp]]) -> tuple[RecordView[FollowUp], ...]:
    """Return the contacts sorted by day."""
    return tuple(sorted(views, key=lambda one: (follow_up_day(one.record), one.rid)))


def scored_follow_ups(views: Iterable[RecordView[FollowUp]]) -> tuple[RecordView[FollowUp], ...]:
    """Return the contacts that have a score in at least one area."""
    return tuple(
        one
        for one in sort_follow_ups(views)
        if any(score_of(one.record, area) is not None for area in AREAS)
    )


def score_series(views: Iterable[RecordView[FollowUp]]) -> tuple[ScoreSeries, ...]:
    """Return the score series of each area over all contacts with any score."""
    told = scored_follow_ups(views)
    return tuple(
        ScoreSeries(area, tuple(score_of(one.record, area) for one in told)) for area in AREAS
    )


def score_of(one: FollowUp, area: str) -> int | None:
    """Return the score of an area, 0 to 4; None if not given or a code that we do not know."""
    value = getattr(one, area)
    return _SCORE_SCALE.get(value) if isinstance(value, str) else None


def tells_danger(result: object, exploitation_again: object) -> bool:
    """Return whether a contact with these answers says that the client may be in danger."""
    return result == "unsafe_to_contact" or exploitation_again in _IN_DANGER


def newest_concern(
    views: Iterable[RecordView[FollowUp]], on: date | None = None
) -> RecordView[FollowUp] | None:
    """Return the newest contact if the client may be in danger or cannot be reached safely.

    Of two answers that differ, one is enough. A contact that lies ahead of the day `on`, which a
    partner may have written, ends no earlier concern.
    """
    known = [
        one
        for one in sort_follow_ups(views)
        if _says_danger(one) or (_is_answered(one) and not _is_ahead(one.record, on))
    ]
    return known[-1] if known and _says_danger(known[-1]) else None


def is_unsafe_to_contact(one: RecordView[FollowUp]) -> bool:
    """Return whether a contact says, or one of two answers in conflict, that no one may call."""
    return any(tells_danger(answer, None) for answer in _answers(one, "result"))


def _answers(one: RecordView[FollowUp], key: str) -> tuple[object, ...]:
    """Return the answer in a field; all of them in a conflict."""
    return tuple(each.value for each in one.versions.get(key, ())) or (getattr(one.record, key),)


def _says_danger(one: RecordView[FollowUp]) -> bool:
    again = _answers(one, "exploitation_again")
    return is_unsafe_to_contact(one) or any(tells_danger(None, answer) for answer in again)


def _is_answered(one: RecordView[FollowUp]) -> bool:
    told = (*_answers(one, "result"), *_answers(one, "exploitation_again"))
    return any(answer is not None for answer in told)


def _is_ahead(record: FollowUp, on: date | None) -> bool:
    return on is not None and follow_up_day(record) > shift_day(on, 1)  # in another time zone


# --- schedule

USUAL_CONTACTS = ((0, 1), (2, 1), (7, 2), (30, 5), (90, 10), (180, 14), (365, 30))
"""Days after the arrival, each with its window of days before and after."""

_RECEIVED = frozenset({"received", "received_with_remarks"})
_AT_THE_END = frozenset({"arrival", "door"})
_CONCLUDED = frozenset({"reached", "refused"})


class FollowUpStatus(StrEnum):
    """The status of a contact on a day."""

    OVERDUE = "overdue"
    DUE = "due"
    PLANNED = "planned"
    UNDATED = "undated"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """True if somebody still has to make the contact."""
        return self not in (FollowUpStatus.DONE, FollowUpStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class FollowUpProposal:
    """A proposed contact, due `after_days` days after the arrival."""

    after_days: int
    due: date
    window: int


def arrival_day(handovers: Iterable[Handover], legs: Sequence[Leg]) -> date | None:
    """Return the day on which the client arrived or is to arrive; None if not known."""
    met = [
        handover.happened.wall.date()
        for handover in handovers
        if isinstance(handover.happened, ZonedTime)
        and (
            handover.confirmed_by_client is True
            or (handover.result in _RECEIVED and handover.place in _AT_THE_END)
        )
    ]
    if met:
        return min(met)
    for leg in reversed([leg for leg in legs if leg.status not in LEG_OFF]):
        for moment in (leg.arrived, leg.arrives):
            if isinstance(moment, ZonedTime):
                return moment.wall.date()
    return None


def propose_follow_ups(arrival: date, standing: Iterable[FollowUp]) -> tuple[FollowUpProposal, ...]:
    """Return the usual contacts after an arrival that do not exist yet."""
    there = {one.after_days for one in standing}
    return tuple(
        FollowUpProposal(days, shift_day(arrival, days), window)
        for days, window in USUAL_CONTACTS
        if days not in there
    )


def contact_window(one: FollowUp) -> tuple[date, date] | None:
    """Return the first and last day of a contact's window; None without an exact due date."""
    if not isinstance(one.due, date):
        return None
    days = one.window if isinstance(one.window, int) else 0
    around = min(max(days, 0), 366)
    return shift_day(one.due, -around), shift_day(one.due, around)


def follow_up_status(one: FollowUp, on: date) -> FollowUpStatus:
    """Return the status of a contact on a day. An unsuccessful attempt leaves it to be done."""
    if one.refused is True or one.result == "refused" or one.method == "none_by_wish":
        return FollowUpStatus.REFUSED
    if one.result in _CONCLUDED:
        return FollowUpStatus.DONE
    window = contact_window(one)
    if window is None:
        return FollowUpStatus.UNDATED
    first, last = window
    if on > last:
        return FollowUpStatus.OVERDUE
    return FollowUpStatus.DUE if on >= first else FollowUpStatus.PLANNED
