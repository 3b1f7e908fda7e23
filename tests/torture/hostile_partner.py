# SPDX-License-Identifier: GPL-3.0-or-later
"""A verified partner that signs more than it may say: values, deletions, labels and orders.

After each file the values that decide the client's safety are as they were, or in conflict. The
control believes the sender as if it answered for every record.
"""

import random
from functools import partial
from pathlib import Path

import pytest
from tests.support.forging import Forger, broken_authority, case_rows, safety_values
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World, refusal

from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.merge import ImportMerger

_FILES = 3


def _attacked(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        ours, theirs = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
        forger, how = Forger(theirs, ours, world.post), "taken"
        before = safety_values(ours, world.short_plan)
        for _ in range(_FILES):
            path = forger.attack(case_rows(ours, world.short_plan), rng)
            how = refusal(partial(_take, ours, path)) or how
            wrong = broken_authority(before, ours, world.short_plan)
            if wrong:
                return Seen(how, f"a partner was believed: {wrong[0]}")
        return Seen(how, ", ".join(ours.store.verify()[:2]))

    def believing(world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ImportMerger, "_waiting_fields", lambda *_: frozenset())
            return trial(world, rng)

    return believing if is_wrong else trial


def _take(desk: Session, path: Path) -> None:
    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))


HARNESSES = (
    Harness(
        "a partner that says more than it may",
        _attacked(is_wrong=False), _attacked(is_wrong=True), Size(2, 60, 5_000),
    ),
)  # fmt: skip
