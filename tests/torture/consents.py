# SPDX-License-Identifier: GPL-3.0-or-later
"""A consent over time: withdrawn, narrowed, given again, with files lost and late, and restores.

Nothing of hers is taken where her withdrawal is known, and no history loses a change. Half of the
trials have a sender of an older program, which does not wait after a restore.
"""

import random
from collections.abc import Callable

import pytest
from tests.integration.consent_story import STEPS, play
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World

from kfdesk.services.exchange import outbox, transfer
from kfdesk.services.exchange.import_policy import ImportPolicy

_MOST_STEPS = 20
_LOST = ("we write", "ours is lost", "she tells us no", "ours comes", "theirs comes")
_LATE = ("we write", "ours is late", "she tells us no", "ours comes", "a late one arrives")
_RESTORED = (
    "we back up", "she tells us no", "ours comes", "theirs comes", "we restore", "we write",
    "ours comes",
)  # fmt: skip

Rule = tuple[object, str]
_KEEPS_BACK: Rule = (outbox, "is_consent_withdrawn")
_KEEPS_OUT: Rule = (ImportPolicy, "_has_withdrawn")
_WAITS: Rule = (transfer, "is_quiet")


def _chosen(rng: random.Random) -> tuple[str, ...]:
    return tuple(rng.choices(sorted(STEPS), k=rng.randrange(4, _MOST_STEPS)))


def _trial(draw: Callable[[random.Random], tuple[str, ...]], *without: Rule) -> Trial:
    """Return a trial of a history; the rules named are taken away."""

    def trial(world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            for where, name in without:
                patch.setattr(where, name, lambda *_: False)
            ours, theirs, intruded = play(draw(rng), world.scratch())
        if intruded:
            return Seen("taken", "something of hers was taken after she had withdrawn")
        return Seen("whole", "" if ours == theirs else "a history of a consent lost a change")

    return trial


HARNESSES = (
    joined(
        "a consent withdrawn and given again",
        [
            (_trial(_chosen), _trial(lambda _: _LOST, _KEEPS_BACK)),
            (_trial(_chosen), _trial(lambda _: _LATE, _KEEPS_OUT)),
            (_trial(_chosen, _WAITS), _trial(lambda _: _RESTORED, _WAITS, _KEEPS_OUT)),
        ],
        Size(3, 60, 3_000),
    ),
)
