# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for a partner, hidden by an older look: a look that saves reading must lose nothing.

A plan is settled; then a record changes, a file is lost after all, or the calendar opens what a
consent gives. The next look must find what a look at everything finds. The controls go on trusting
the older look: whatever the day is, without the changes, and after the loss.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.integration.course_samples import Walk, walked
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World

from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import disclosure_log
from kfdesk.services.exchange.disclosure_log import _Look, list_pending
from kfdesk.services.exchange.outbox import PlanWatermarks, request_resend
from kfdesk.services.exchange.partners import find_partner
from kfdesk.storage.exchange import Watermarks

Act = Callable[[Walk, random.Random], None]
_GROWN = 6_575  # days of 18 years, and some


def _turns_of_age(walk: Walk, rng: random.Random) -> None:
    """Her consent counts from the day on which she is no child any more."""
    days = rng.randrange(4, 40)
    born = walk.clock.time.date() - timedelta(days=_GROWN - days)
    change_record(walk.ours, walk.client, {"birth_date": born, "age_band": None})
    _look(walk)
    walk.clock.time += timedelta(days=days + 1)


def _changes(walk: Walk, rng: random.Random) -> None:
    _settle(walk)
    change_record(walk.ours, rng.choice(walk.legs), {"carrier": f"{rng.random()}"})


def _loses_a_file(walk: Walk, _rng: random.Random) -> None:
    _settle(walk)
    request_resend(walk.theirs, walk.ours.identity.organisation)
    walk.answer()


def _settle(walk: Walk) -> None:
    walk.send()
    walk.answer()
    _look(walk)


def _look(walk: Walk) -> dict[bytes, int]:
    found = list_pending(walk.ours, find_partner(walk.ours, walk.partner))
    return {plan: waits.records for plan, waits in found.items()}


def _tried(act: Act) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        with TemporaryDirectory() as folder, walked(Path(folder)) as walk:
            act(walk, rng)
            quick = _look(walk)
            with pytest.MonkeyPatch.context() as bare:
                bare.setattr(_Look, "keep", lambda _: None)
                bare.setattr(Watermarks, "of_recipient", lambda *_: {})
                whole = _look(walk)
            return Seen(act.__name__, "" if quick == whole else f"hidden: {whole} is {quick}")

    return trial


def _off(act: Act, *broken: tuple[object, str, object]) -> Trial:
    def control(world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            for where, name, other in broken:
                patch.setattr(where, name, other)
            return _tried(act)(world, rng)

    return control


def _any_day(_: PlanWatermarks, kept: dict[bytes, object]) -> dict[bytes, object]:
    return {rid: one for rid, one in kept.items() if getattr(one, "settled", None) is not None}


def _nothing(*_: object) -> frozenset[bytes]:
    return frozenset()


HARNESSES = (
    joined(
        "what an older look could hide",
        [
            (_tried(_turns_of_age), _off(_turns_of_age, (PlanWatermarks, "standing", _any_day))),
            (_tried(_changes), _off(_changes, (Watermarks, "changed", _nothing))),
            (
                _tried(_loses_a_file),
                _off(
                    _loses_a_file,
                    (Watermarks, "drop", _nothing),
                    (disclosure_log, "records_under_way", _nothing),
                ),
            ),
        ],
        Size(3, 100, 5_000),
    ),
)
