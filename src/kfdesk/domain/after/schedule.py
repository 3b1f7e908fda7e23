# SPDX-License-Identifier: GPL-3.0-or-later
"""When she is contacted after an arrival: what is proposed, and how one contact stands on a day.

A contact has a day and a window round it, because a shelter is busy and she may be away. Each can
be refused by her, and none is ever made up: a proposal becomes a record only when it is agreed.
Pure: knows no store and no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.values import Moment

USUAL = ((0, 1), (2, 1), (7, 2), (30, 5), (90, 10), (180, 14), (365, 30))
"""Days after the arrival, each with its window of days before and after."""

_RECEIVED = frozenset({"received", "received_with_remarks"})
_AT_THE_END = frozenset({"arrival", "door"})
_OVER = frozenset({"reached", "refused"})


class Standing(StrEnum):
    """How a contact stands on a day."""

    OVERDUE = "overdue"
    DUE = "due"
    PLANNED = "planned"
    UNDATED = "undated"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to make contact."""
        return self not in (Standing.DONE, Standing.REFUSED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A contact that is proposed: so many days after the arrival, that is on `due`."""

    after_days: int
    due: date
    window: int


def arrival_day(handovers: Iterable[Handover], legs: Sequence[Leg]) -> date | None:
    """The day on which she arrived, or is to arrive; None while nobody can say."""
    met = [
        handover.happened.wall.date()
        for handover in handovers
        if isinstance(handover.happened, Moment)
        and (
            handover.confirmed_by_client is True
            or (handover.result in _RECEIVED and handover.place in _AT_THE_END)
        )
    ]
    if met:
        return min(met)
    for leg in reversed([leg for leg in legs if leg.status not in LEG_OFF]):
        for moment in (leg.arrived, leg.arrives):
            if isinstance(moment, Moment):
                return moment.wall.date()
    return None


def proposals(arrival: date, standing: Iterable[FollowUp]) -> tuple[Proposal, ...]:
    """The usual contacts after an arrival that are not there yet."""
    there = {one.after_days for one in standing}
    return tuple(
        Proposal(days, arrival + timedelta(days), window)
        for days, window in USUAL
        if days not in there
    )


def window_of(one: FollowUp) -> tuple[date, date] | None:
    """The first and the last day on which the contact is in time; None without an exact day."""
    if not isinstance(one.due, date):
        return None
    days = one.window if isinstance(one.window, int) else 0
    around = timedelta(min(max(days, 0), 366))
    return one.due - around, one.due + around


def standing_of(one: FollowUp, on: date) -> Standing:
    """How a contact stands on a day. One that was tried in vain is still to be made."""
    if one.refused is True or one.result == "refused" or one.method == "none_by_wish":
        return Standing.REFUSED
    if one.result in _OVER:
        return Standing.DONE
    window = window_of(one)
    if window is None:
        return Standing.UNDATED
    first, last = window
    if on > last:
        return Standing.OVERDUE
    return Standing.DUE if on >= first else Standing.PLANNED
