# SPDX-License-Identifier: GPL-3.0-or-later
"""A harness: one way to hurt a desk, tried many times, and a control that must be caught.

A control is the same trial on something that is wrong on purpose: a save acknowledged too early, a
reader that looks at the header alone. A row of several ways has a control for each. A harness of
which one control passes is blind, and counts as failed. Every trial has a seed of its own, made of
the run's, so that one can be played again. Knows no way of hurting anything.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.torture.world import World

BUG = "bug"


@dataclass(frozen=True, slots=True)
class Seen:
    """Outcome of one trial: the fault, if any, and how it went, for the count."""

    how: str
    wrong: str = ""


Trial = Callable[[World, random.Random], Seen]


@dataclass(frozen=True, slots=True)
class Size:
    """Number of trials: in `make test`, in `make torture`, and in its long form."""

    sample: int
    usual: int
    long: int


@dataclass(frozen=True, slots=True)
class Harness:
    """One row of the table. `absent` says why it cannot run on this machine."""

    name: str
    trial: Trial
    control: Trial
    size: Size
    absent: Callable[[], str] = lambda: ""
    further_controls: tuple[Trial, ...] = ()

    @property
    def controls(self) -> tuple[Trial, ...]:
        """All that must be caught."""
        return (self.control, *self.further_controls)


def joined(
    name: str,
    ways: Sequence[tuple[Trial, Trial]],
    size: Size,
    absent: Callable[[], str] = lambda: "",
) -> Harness:
    """Return one row of several ways; each is a trial and its control, and chance chooses."""
    trials, controls = zip(*ways, strict=True)

    def trial(world: World, rng: random.Random) -> Seen:
        chosen: Trial = rng.choice(trials)
        return chosen(world, rng)

    return Harness(name, trial, controls[0], size, absent, controls[1:])


@dataclass
class Result:
    """Outcome of a row."""

    name: str
    trials: int = 0
    seconds: float = 0.0
    absent: str = ""
    is_blind: bool = False
    how: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Return whether nothing failed and the control was caught."""
        return not self.failures and not self.is_blind


def run(harness: Harness, world: World, seed: str, numbers: Sequence[int]) -> Result:
    """Run the trials with these numbers, and the control until it is caught."""
    result = Result(harness.name, absent=harness.absent())
    if result.absent:
        return result
    began = time.monotonic()
    for number in numbers:
        seen = _tried(harness.trial, world, seed_of(seed, harness, number))
        result.trials += 1
        result.how[seen.how] += 1
        if seen.wrong:
            result.failures.append(f"{harness.name}, trial {number}: {seen.wrong}")
    result.is_blind = not is_caught(harness, world, seed)
    result.seconds = time.monotonic() - began
    return result


def is_caught(harness: Harness, world: World, seed: str, patience: int = 200) -> bool:
    """Return whether all that is wrong on purpose is noticed."""
    seeds = [f"{seed_of(seed, harness, number)}/control" for number in range(patience)]

    def is_seen(control: Trial) -> bool:
        tried = (_tried(control, world, each) for each in seeds)
        return any(seen.wrong and seen.how != BUG for seen in tried)

    return all(map(is_seen, harness.controls))


def seed_of(seed: str, harness: Harness, number: int) -> str:
    """Return the seed of one trial."""
    return f"{seed}/{harness.name}/{number}"


def _tried(trial: Trial, world: World, seed: str) -> Seen:
    """Run a trial; report an unexpected exception as a bug."""
    try:
        return trial(world, random.Random(seed))
    except Exception as bug:  # the one thing that every harness looks for
        trace = bug.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
        return Seen(BUG, f"{type(bug).__name__} in {place}: {bug}")
    finally:
        world.tidy()
