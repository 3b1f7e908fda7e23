# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who wants to find one client in released figures, with linear programs and patience.

Each trial takes some invented worlds, with one release or two about some of the same clients. In
the control the rule of release is switched off: tables go out as fine as they are asked for.
"""

import random

import pytest
from tests.support.figure_worlds import attack_world
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World

from kfdesk.domain.figures import release

_WORLDS = 8
_CONTROL_WORLDS = 25


def _trial(worlds: int, *, is_off: bool = False) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            if is_off:
                patch.setattr(release._JointTable, "fault", lambda *_: None)
                patch.setattr(release._JointTable, "has_small", lambda *_: False)
            seeds = [rng.randrange(10**9) for _ in range(worlds)]
            found = {seed: attack_world(seed, 32) for seed in seeds}
        tried = sum(one.tried > 0 for one in found.values())
        won = [seed for seed, one in found.items() if one.cells]
        how = "groups tried" if tried else "nothing to try"
        return Seen(how, f"a small group was recovered, worlds {won[:3]}" if won else "")

    return trial


HARNESSES = (
    Harness(
        "somebody who takes released figures apart",
        _trial(_WORLDS),
        _trial(_CONTROL_WORLDS, is_off=True),
        Size(3, 60, 2_000),
    ),
)
