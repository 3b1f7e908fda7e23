# SPDX-License-Identifier: GPL-3.0-or-later
"""How much a try at a passphrase may cost on this machine: about a second, measured, not guessed.

A quick machine pays more passes, a slow one less memory; never more than a quarter of what memory
there is, never less than the floor. The clock is handed in.
"""

from collections.abc import Callable

from nacl import pwhash

from kfdesk.storage.slots import DEFAULT, FLOOR, Cost

LEAST_SECONDS, MOST_SECONDS = 0.8, 1.5
_MOST_PASSES = 16


def measure(clock: Callable[[], float]) -> float:
    """Seconds that one derivation at the floor takes here, by a clock that only runs on."""
    began = clock()
    pwhash.argon2id.kdf(64, b"measured", bytes(16), opslimit=FLOOR.passes, memlimit=FLOOR.memory)
    return clock() - began


def affordable(memory_of_machine: int) -> Cost:
    """The default cost, capped at a quarter of the machine's memory (bytes), not below FLOOR."""
    return Cost(DEFAULT.passes, max(FLOOR.memory, min(DEFAULT.memory, memory_of_machine // 4)))


def fitting(seconds_at_floor: float, memory_of_machine: int) -> Cost:
    """The cost that takes about a second where the floor takes `seconds_at_floor`."""

    def takes(passes: int, memory: int) -> float:
        return seconds_at_floor * (passes * memory) / (FLOOR.passes * FLOOR.memory)

    passes, memory = FLOOR.passes, affordable(memory_of_machine).memory
    while takes(passes, memory) > MOST_SECONDS and memory > FLOOR.memory:
        memory = max(FLOOR.memory, memory // 2)
    while takes(passes, memory) < LEAST_SECONDS and passes < _MOST_PASSES:
        passes += 1
    return Cost(passes, memory)
