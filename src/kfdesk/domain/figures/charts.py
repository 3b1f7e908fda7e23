# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts by what they may show: counts of our own, estimates of others, or registered cases.

The three are types of their own and cannot be mixed: a count chart takes counts from safe tables
alone, an estimate chart estimates alone. So nobody reads a guess as if it had been counted. A
chart is words and numbers; `drawing` says where its marks go.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import CellKey, FigureTable
from kfdesk.domain.records.figures import Estimate
from kfdesk.domain.values import text_or_empty

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years that an estimate can be about."""

SafeCount = NewType("SafeCount", int)
"""A number of clients from a safe table."""


class ChartForm(StrEnum):
    """The forms of a chart of counts."""

    BARS = "bars"
    STACKED = "stacked"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class CountRow:
    """A row of counts: one for each series of its chart."""

    label: str
    counts: tuple[SafeCount, ...]


@dataclass(frozen=True, slots=True)
class CountChart:
    """Counts of our own. `series` are the names of the parts of each row; of one part, none."""

    title: str
    rows: tuple[CountRow, ...]
    series: tuple[str, ...] = ()
    form: ChartForm = ChartForm.BARS

    def __post_init__(self) -> None:
        _check_parts(self.rows, CountRow)


@dataclass(frozen=True, slots=True)
class EstimateRange:
    """An estimate of others: at least and at most, which are the same for a single number."""

    label: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class EstimateChart:
    """Estimates of others; never a count."""

    title: str
    ranges: tuple[EstimateRange, ...]

    def __post_init__(self) -> None:
        _check_parts(self.ranges, EstimateRange)


@dataclass(frozen=True, slots=True)
class RegisteredCases:
    """A number of cases in a register of others: a row of its own kind."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class RegisteredChart:
    """Registered cases of others; neither estimates nor counts of ours."""

    title: str
    cases: tuple[RegisteredCases, ...]

    def __post_init__(self) -> None:
        _check_parts(self.cases, RegisteredCases)


Chart = CountChart | EstimateChart | RegisteredChart
CategoryName = Callable[[str, str], str]
"""Returns the name of a category of a variable in the language of the reader."""


def _check_parts(parts: Iterable[object], kind: type[object]) -> None:
    if not all(isinstance(part, kind) for part in parts):
        raise TypeError("counts, estimates and registered cases never stand in one chart")


def count_chart(table: FigureTable, title: str, name: CategoryName) -> CountChart | None:
    """Return the chart of a table: bars for one variable, else parts by the last one.

    A table that leaves groups out has none: its bars would not add up.
    """
    if table.hidden or not table.cells:
        return None
    *before, last = table.variables
    if not before:
        rows = tuple(
            CountRow(name(last, key[0]), (SafeCount(count),)) for key, count in by_size(table)
        )
        return CountChart(title, rows)
    parts = sorted({key[-1] for key in table.cells}, key=lambda part: name(last, part))
    heads: dict[CellKey, None] = dict.fromkeys(key[:-1] for key in sorted(table.cells))
    rows = tuple(
        CountRow(
            ", ".join(name(each, part) for each, part in zip(before, head, strict=True)),
            tuple(SafeCount(table.cells.get((*head, part), 0)) for part in parts),
        )
        for head in heads
    )
    return CountChart(title, rows, tuple(name(last, part) for part in parts), ChartForm.STACKED)


def by_size(table: FigureTable) -> list[tuple[CellKey, int]]:
    """Return the cells of a table, the largest first."""
    return sorted(table.cells.items(), key=lambda cell: (-cell[1], cell[0]))


def course_chart(totals: Mapping[str, int], title: str) -> CountChart:
    """Return a line of safe totals, by the name of their period."""
    rows = tuple(CountRow(label, (SafeCount(count),)) for label, count in totals.items())
    return CountChart(title, rows, (), ChartForm.LINES)


def estimate_chart(
    estimates: Sequence[Estimate], title: str, label: Callable[[Estimate], str]
) -> EstimateChart:
    """Return the chart of what is estimated; registered cases, and what cannot be, are left out."""
    ranges = []
    for one in estimates:
        numbers = _numbers(one)
        if numbers and not is_registered(one) and _can_be(one):
            ranges.append(EstimateRange(label(one), min(numbers), max(numbers)))
    return EstimateChart(title, tuple(ranges))


def registered_chart(
    estimates: Sequence[Estimate], title: str, label: Callable[[Estimate], str]
) -> RegisteredChart:
    """Return the chart of registered cases; estimates, and what cannot be, are left out."""
    cases = [
        RegisteredCases(label(one), one.point)
        for one in estimates
        if is_registered(one) and isinstance(one.point, int) and _can_be(one)
    ]
    return RegisteredChart(title, tuple(cases))


def is_registered(estimate: Estimate) -> bool:
    """Return whether a number was counted in a register, not estimated."""
    return text_or_empty(estimate.method) == "registered"


def check_numbers(estimate: Estimate) -> None:
    """Refuse numbers that cannot be. Raise KfdeskError `estimate.bounds` or `estimate.year`."""
    numbers = _numbers(estimate)
    if numbers != sorted(numbers) or any(number < 0 for number in numbers):
        raise KfdeskError("estimate.bounds")
    years = [n for n in (estimate.year_from, estimate.year_to) if isinstance(n, int)]
    if years != sorted(years) or any(not FIRST_YEAR <= year <= LAST_YEAR for year in years):
        raise KfdeskError("estimate.year")


def _can_be(estimate: Estimate) -> bool:
    """Return whether the numbers of an estimate can be: a partner may write any."""
    try:
        check_numbers(estimate)
    except KfdeskError:
        return False
    return True


def _numbers(estimate: Estimate) -> list[int]:
    """Return at least, about and at most, as far as they are said."""
    said = (estimate.low, estimate.point, estimate.high)
    return [number for number in said if isinstance(number, int)]
