# SPDX-License-Identifier: GPL-3.0-or-later
"""What a journey tells: legs of every status at every hour, with a clock that is anywhere.

Only what was recorded has happened, and no click long before the day is recorded. The controls
count a booked leg as settled, as an older program drew it, and ask for no day.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import make
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World

from kfdesk.domain.codes.case import CHECK_IN_STATUS
from kfdesk.domain.codes.core import LEG_STATUS, PLAN_STATE
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.progress import TravelStatus, is_recording_open, journey_progress

_NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
_STATUSES = (None, *LEG_STATUS)
_SAID = (None, *CHECK_IN_STATUS)
_BOOKED = {"booked", "confirmed", "departed", "arrived"}
_BEGUN = {"departed", "arrived"}


def _moment(rng: random.Random) -> ZonedTime | None:
    if rng.random() < 0.15:
        return None
    at = _NOW.replace(tzinfo=None) + timedelta(minutes=rng.randrange(-5000, 20_000))
    return ZonedTime.at(at, rng.choice(("Europe/Stockholm", "Europe/Riga", "Europe/Moscow")))


def _leg(rng: random.Random) -> RecordView[Leg]:
    values: dict[str, Any] = {key: _moment(rng) for key in ("departs", "arrives", "check_in")}
    values |= {"status": rng.choice(_STATUSES), "check_in_status": rng.choice(_SAID)}
    return view(make.row("leg", {key: one for key, one in values.items() if one}), Leg)


def _told(*, is_wrong: bool) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        legs = [_leg(rng) for _ in range(rng.randint(1, 5))]
        state = rng.choice((None, *PLAN_STATE))
        told = journey_progress([leg.record for leg in legs], state, _NOW)
        for leg, one in zip(legs, told, strict=True):
            record = leg.record
            looks = [
                (one.departure, record.status in _BEGUN),
                (one.arrival, record.status == "arrived"),
                (one.check_in, record.check_in_status == "made"),
            ]
            if is_wrong:
                looks = [(TravelStatus.HAPPENED, is_so) for _, is_so in looks
                         if record.status in _BOOKED]  # fmt: skip
            if any((look is TravelStatus.HAPPENED) is not is_so for look, is_so in looks):
                return Seen("a leg", f"{record.status} is told as {looks}")
        return Seen(f"{len(legs)} legs")

    return trial


def _recorded(*, is_wrong: bool) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        legs = [_leg(rng) for _ in range(rng.randint(1, 5))]
        leg = rng.choice(legs)
        departs, has_left = leg.record.departs, leg.record.status in _BEGUN
        is_early = isinstance(departs, ZonedTime) and departs.utc - _NOW > timedelta(days=1)
        is_open = is_wrong or is_recording_open(leg, legs, _NOW)
        is_false = is_open and is_early and not has_left
        return Seen("early" if is_early else "in time", "recorded too early" if is_false else "")

    return trial


HARNESSES = (
    Harness("what of a journey is told as happened", _told(is_wrong=False),
            _told(is_wrong=True), Size(40, 2000, 50_000)),
    Harness("events recorded before their day", _recorded(is_wrong=False),
            _recorded(is_wrong=True), Size(40, 2000, 50_000)),
)  # fmt: skip
