# SPDX-License-Identifier: GPL-3.0-or-later
"""The stage of a plan: its state, or what was recorded of the journey since.

A state changes by a step of the workflow, whose conditions may be open. What somebody recorded is
true all the same: a client whose departure is recorded is on her way, also in a plan that is still
a draft. Lists, heads, Today and alarms go by the stage.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.values import ZonedTime

TRAVELLING, ARRIVED = "travelling", "arrived"
RECORDED_STATES = (TRAVELLING, ARRIVED)
"""States that follow from what is recorded of the journey, in order."""
WATCHED_STATES = frozenset({"travel_ready", TRAVELLING})
HOME_STATES = frozenset({ARRIVED, "reintegrating", "follow_up"})
"""States in which she has arrived: nothing on the way is awaited any more."""
BEGUN = frozenset({"departed", "arrived"})
BEFORE_ARRIVAL = frozenset(
    {"draft", "assessing", "decision_ready", "approved", "travel_ready", TRAVELLING}
)


class TravelledLeg(Protocol):
    """A leg as far as its progress depends on it: a record, or a line of a list."""

    @property
    def status(self) -> object:
        """Its status, a code of LEG_STATUS or None."""

    @property
    def departs(self) -> object:
        """The departure, a ZonedTime if that is known."""

    @property
    def arrives(self) -> object:
        """The arrival, a ZonedTime if that is known."""


def is_answered(leg: TravelledLeg, received: datetime | None) -> bool:
    """Return whether a leg is over because somebody has received her since it was to leave."""
    if received is None:
        return False
    return not isinstance(leg.departs, ZonedTime) or leg.departs.utc <= received


def next_leg_index(legs: Sequence[TravelledLeg], received: datetime | None = None) -> int | None:
    """Return the place of the leg that is travelled, else of the next one, or None at the end."""
    last = max((n for n, leg in enumerate(legs) if leg.status in BEGUN), default=-1)
    if last >= 0 and legs[last].status == "departed" and not is_answered(legs[last], received):
        return last
    ahead = (n for n in range(last + 1, len(legs)) if legs[n].status not in LEG_OFF)
    return next((n for n in ahead if not is_answered(legs[n], received)), None)


def is_watched(state: str | None, stage: str) -> bool:
    """Return whether alarms are raised: by the state, by the stage, or while they are torn.

    Arriving at the last stop ends no alarm by itself: somebody must receive her.
    """
    return state is None or state in WATCHED_STATES or stage == TRAVELLING


def recorded_stage(
    state: str, legs: Sequence[TravelledLeg], received: datetime | None = None
) -> str:
    """Return the state, or the later stage that the legs and the handover tell of.

    A state that says that the journey is over, or will not be, stands.
    """
    if state not in BEFORE_ARRIVAL:
        return state
    has_begun = any(leg.status in BEGUN for leg in legs)
    if next_leg_index(legs, received) is not None:  # a handover answers nothing that comes later
        return TRAVELLING if has_begun else state
    return ARRIVED if has_begun or received is not None else state
