# SPDX-License-Identifier: GPL-3.0-or-later
"""What a try at a passphrase costs here: about a second, within what the machine has."""

from itertools import count

import pytest

from kfdesk.storage import calibration
from kfdesk.storage.slots import DEFAULT, FLOOR, Cost

MIB = 2**20
PLENTY = 2**34


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
    assert calibration.affordable(machine) == Cost(DEFAULT.passes, memory)


@pytest.mark.parametrize(
    ("seconds", "machine", "cost"),
    [
        (0.25, PLENTY, DEFAULT),  # the default takes a second
        (0.1, PLENTY, Cost(6, DEFAULT.memory)),  # quick: more passes
        (0.001, PLENTY, Cost(16, DEFAULT.memory)),  # however quick
        (0.6, PLENTY, Cost(3, 128 * MIB)),  # slow: less memory
        (9.0, PLENTY, FLOOR),  # however slow
        (0.25, 2**28, Cost(10, FLOOR.memory)),  # little memory: more passes
    ],
)
def test_cost_fits_the_machine(seconds: float, machine: int, cost: Cost) -> None:
    assert calibration.fitting(seconds, machine) == cost


@pytest.mark.parametrize("hundredths", range(1, 400, 7))
@pytest.mark.parametrize("machine", [0, 2**28, 2**29, 2**33])
def test_cost_stays_between_floor_and_bounds(hundredths: int, machine: int) -> None:
    seconds = hundredths / 100
    cost = calibration.fitting(seconds, machine)
    assert FLOOR.passes <= cost.passes <= 16
    assert FLOOR.memory <= cost.memory <= max(FLOOR.memory, machine // 4)
    takes = seconds * cost.passes * cost.memory / (FLOOR.passes * FLOOR.memory)
    assert takes <= 1.5 or cost == FLOOR


def test_measuring_takes_the_clock_that_it_is_handed() -> None:
    ticks = count(step=7)
    assert calibration.measure(lambda: next(ticks)) == 7
