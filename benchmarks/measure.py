# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring two things in alternation, and the row that says how they compare.

Knows no room of the program: a job is a function that does one round and returns its seconds.
"""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Job = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One line of the table. Without a reference the figure is in milliseconds."""

    job: str
    figures: tuple[float, ...]
    goal: str
    unit: str = "×"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line's cells: job, median, least, most, rounds, goal."""
        low, middle, high = min(self.figures), statistics.median(self.figures), max(self.figures)
        shown = [f"{value:.2f} {self.unit}" for value in (middle, low, high)]
        return (self.job, *shown, str(len(self.figures)), self.goal)


def ratio(name: str, job: Job, reference: Job, goal: str, rounds: int = 5) -> Row:
    """`job` against `reference`: one warm-up of each, then `rounds` of both in alternation."""
    pairs = repeated(lambda: (quietly(job), quietly(reference)), rounds)
    return Row(name, tuple(one / other for one, other in pairs), goal)


def absolute(name: str, job: Job, goal: str, rounds: int = 5) -> Row:
    """`job` alone, in milliseconds; a figure for the eye, never a gate."""
    job()
    return Row(name, tuple(quietly(job) * 1000 for _ in range(rounds)), goal, "ms")


def repeated(job: Callable[[], tuple[float, ...]], rounds: int) -> list[tuple[float, ...]]:
    """Return the seconds of each round's parts, in order, without the warm-up round."""
    return [job() for _ in range(rounds + 1)][1:]


def late(seconds: Sequence[float]) -> float:
    """Return the 95th percentile, never more than the longest time measured."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def worked(action: Callable[[], object]) -> float:
    """Return the seconds of processor time that an action takes, whatever else runs beside it."""
    began = time.process_time()
    action()
    return time.process_time() - began


def worked_by_child(action: Callable[[], object]) -> float:
    """Return the seconds of processor time of the children that an action starts and waits for."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def quietly(job: Job) -> float:
    """Return the seconds of one round, after a garbage collection."""
    gc.collect()
    return job()
