# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a journey is: whether it has begun, which leg she is on, on which day it is over.

Read from the plan's page alone. What is not as it was agreed is an alarm, and another's matter.
"""

from collections.abc import Sequence
from datetime import date

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.journey.alarms import WATCHED
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment
from kfdesk.services.plans import PlanPage
from kfdesk.ui.pages.plan_page.travel_views.said import standing

BEFORE = frozenset({None, "planned", "booked", "confirmed"})
"""The states of a leg that has not left."""


def is_day(page: PlanPage) -> bool:
    """Whether things happen: the plan may leave or travels, or a leg says so."""
    state = page.plan.record.state
    if is_read_only(state):
        return False
    has_begun = any(leg.record.status in {"departed", "missed"} for leg in page.legs)
    return state in WATCHED or has_begun


def on_the_way(legs: Sequence[View[Leg]]) -> View[Leg] | None:
    """The leg that she is on, else the next one."""
    left = [leg for leg in standing(legs) if leg.record.status == "departed"]
    ahead = [leg for leg in standing(legs) if leg.record.status in BEFORE]
    return next(iter((*left, *ahead)), None)


def not_arrived_before(legs: Sequence[View[Leg]], rid: bytes) -> list[tuple[int, View[Leg]]]:
    """The legs before one that nobody said have arrived, with their numbers."""
    numbered = list(enumerate(legs, start=1))
    here = next(number for number, leg in numbered if leg.rid == rid)
    awaited = {leg.rid for leg in standing(legs) if leg.record.status != "arrived"}
    return [(number, leg) for number, leg in numbered[: here - 1] if leg.rid in awaited]


def last_day(legs: Sequence[View[Leg]]) -> date | None:
    """The day on which the journey is over, as far as its legs say."""
    arrivals = (leg.record.arrives for leg in standing(legs))
    times = [time for time in arrivals if isinstance(time, Moment)]
    return max(times, key=lambda time: time.utc).wall.date() if times else None
