# SPDX-License-Identifier: GPL-3.0-or-later
"""What is fuzzed takes its seeds, all that was ever found, and any bytes made of them.

Coverage guides the fuzzer itself, which `tests/torture` runs; here the same aims are tried without
it, so that they are tried on every machine.
"""

import random
from collections.abc import Iterator

import pytest
from tests.fuzz import parsers, whole_files
from tests.fuzz.target import Target
from tests.torture import forgeries
from tests.torture.fuzzing import NAMES

ROUNDS = 120
TARGETS = (*parsers.TARGETS, *whole_files.TARGETS)
by_target = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)


def mutated(target: Target, rounds: int) -> Iterator[bytes]:
    """Yield inputs made of seeds, the same in every run."""
    rng, seeds = random.Random(target.name), target.seeds()
    workings = (forgeries.swap, forgeries.duplicate, forgeries.append, forgeries.leave_out)
    for _ in range(rounds):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randrange(3)):
            data[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0x90, 0xCC, 0xDC, 0xFF))
        yield rng.choice(workings)(bytes(data), rng) if len(data) > 2048 else bytes(data)


@by_target
def test_target_finds_nothing_in_its_seeds_nor_in_what_was_ever_found(target: Target) -> None:
    seeds = target.seeds()
    assert seeds
    for data in (*seeds, *target.found, b"", b"\0", b"\xff" * 40):
        target.aim(data)


@by_target
def test_target_finds_nothing_in_what_is_made_of_its_seeds(target: Target) -> None:
    tried = 0
    for data in mutated(target, ROUNDS // 4 if target.name == "file" else ROUNDS):
        target.aim(data)
        tried += 1
    assert tried


def test_every_target_has_a_row_of_its_own() -> None:
    assert tuple(target.name for target in TARGETS) == NAMES
