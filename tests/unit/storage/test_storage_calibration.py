# SPDX-License-Identifier: GPL-3.0-or-later
"""What a try at a passphrase costs here: about a second, within what the machine has."""

from itertools import count, product

import pytest
from tests.unit.storage.store_samples import FULL_DEFAULT as DEFAULT
from tests.unit.storage.store_samples import FULL_FLOOR as FLOOR

from kfdesk.storage import key_slots
from kfdesk.storage.key_slots import KdfCost

MIB = 2**20
PLENTY = 2**34


@pytest.fixture(autouse=True)
def _in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reckon with what the program asks for, and not with what tests pay."""
    monkeypatch.setattr(key_slots, "MIN_COST", FLOOR)
    monkeypatch.setattr(key_slots, "DEFAULT_COST", DEFAULT)


@pytest.mark.parametrize(
    ("machine", "memory"),
    [
        (0, FLOOR.memory),
        (2**28, FLOOR.memory),
        (2**29, 2**27),
        (2**30, DEFAULT.memory),
        (2**40, DEFAULT.memory),
    ],
)
def test_cost_takes_a_quarter_of_the_memory_at_most(machine: int, memory: int) -> None:
    assert key_slots.affordable_cost(machine) == KdfCost(DEFAULT.passes, memory)


@pytest.mark.parametrize(
    ("seconds", "machine", "cost"),
    [
        (0.25, PLENTY, DEFAULT),  # the default takes a second
        (0.1, PLENTY, KdfCost(6, DEFAULT.memory)),  # quick: more passes
        (0.001, PLENTY, KdfCost(16, DEFAULT.memory)),  # however quick
        (0.6, PLENTY, KdfCost(3, 128 * MIB)),  # slow: less memory
        (9.0, PLENTY, FLOOR),  # however slow
        (0.25, 2**28, KdfCost(10, FLOOR.memory)),  # little memory: more passes
    ],
)
def test_cost_fits_the_machine(seconds: float, machine: int, cost: KdfCost) -> None:
    assert key_slots.choose_cost(seconds, machine) == cost


def test_cost_stays_between_floor_and_bounds() -> None:
    tried = product(range(1, 400, 7), (0, 2**28, 2**29, 2**33))
    assert [each for each in tried if not is_bounded(each[0] / 100, each[1])] == []


def is_bounded(seconds: float, machine: int) -> bool:
    cost: KdfCost = key_slots.choose_cost(seconds, machine)
    takes: float = seconds * cost.passes * cost.memory / (FLOOR.passes * FLOOR.memory)
    return (
        FLOOR.passes <= cost.passes <= 16
        and FLOOR.memory <= cost.memory <= max(FLOOR.memory, machine // 4)
        and (takes <= 1.5 or cost == FLOOR)
    )


def test_measuring_takes_the_clock_that_it_is_handed() -> None:
    ticks = count(step=7)
    assert key_slots.measure_kdf(lambda: next(ticks)) == 7
