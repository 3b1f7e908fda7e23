# SPDX-License-Identifier: GPL-3.0-or-later
"""The attack on figures: what a stranger can work out from releases with pencil and paper.

It subtracts tables from each other and from earlier releases, and computes bounds of cells that
are not published: by the shuttle algorithm (Buzzigoli and Giusti, 1999) from all tables, and for
two tables in closed form (Fréchet). Nothing here knows a client: it sees what everybody may see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from math import prod

from kfdesk.domain.figures.cells import Axis, CellKey, FigureTable, marginal
from kfdesk.domain.figures.ladders import coarser_category
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import tells_small_groups

MAX_ATOMS = 4_096
"""Cells of a joint table up to which all tables are bounded together."""
_ROUNDS = 60
_WHOLE = "in_care"
"""The population that holds all others of the same period."""


class FindingKind(StrEnum):
    """The ways to find a small group."""

    PUBLISHED = "published"
    REST = "rest"
    BOUNDS = "bounds"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class FigureFinding:
    """A group of 1 to k-1 clients that can be worked out: how, where, and between which bounds.

    `release` is the number of the other release, for a difference.
    """

    kind: FindingKind
    axes: tuple[Axis, ...]
    key: CellKey
    low: int
    high: int
    release: int = 0


@dataclass(frozen=True, slots=True)
class ReleasedFigures:
    """A release as everybody may know it. `total` is None if it says "fewer than k"."""

    number: int
    population: str
    period: FigurePeriod
    total: int | None
    tables: tuple[FigureTable, ...]
    least: int


def attack_release(
    release: ReleasedFigures, others: Iterable[ReleasedFigures] = ()
) -> tuple[FigureFinding, ...]:
    """Return every group of 1 to k-1 clients that the release gives away, alone or with others."""
    found = [
        *_small_cells(release),
        *_bounded_cells(release),
        *_differences(release, tuple(others)),
    ]
    return tuple(dict.fromkeys(found))


def _is_small(low: int, high: int, least: int) -> bool:
    """Return whether bounds tell that there is a group, and that it is small."""
    return low > 0 and high < least


def _small_cells(release: ReleasedFigures) -> Iterator[FigureFinding]:
    for table in release.tables:
        for key, count in table.cells.items():
            rest = table.total - count
            if _is_small(count, count, release.least):
                yield FigureFinding(FindingKind.PUBLISHED, table.axes, key, count, count)
            if _is_small(rest, rest, release.least):
                yield FigureFinding(FindingKind.REST, table.axes, key, rest, rest)


# --- bounds


def shuttle_bounds(
    sums: Sequence[tuple[Sequence[int], int]], size: int, most: int, rounds: int = _ROUNDS
) -> list[tuple[int, int]]:
    """Return lower and upper bounds of cells 0 to `size` that add up as `sums` say.

    Each sum has the places of its cells and their value; no cell is below 0 or above `most`. The
    bounds go to and fro until none moves, or for so many rounds.
    """
    low, high = [0] * size, [most] * size
    for _ in range(rounds):
        is_moved = False
        for places, value in sums:
            lows, highs = sum(low[p] for p in places), sum(high[p] for p in places)
            for place in places:
                up = min(high[place], value - (lows - low[place]))
                down = max(low[place], value - (highs - high[place]))
                if up < high[place] or down > low[place]:
                    is_moved = True
                    lows, highs = lows + down - low[place], highs + up - high[place]
                    low[place], high[place] = down, up
        if not is_moved:
            break
    return list(zip(low, high, strict=True))


def _bounded_cells(release: ReleasedFigures) -> Iterator[FigureFinding]:
    for one, other in combinations(release.tables, 2):
        yield from _pair_bounds(one, other, release.least)
    yield from _joint_bounds(release)


def _pair_bounds(one: FigureTable, other: FigureTable, least: int) -> Iterator[FigureFinding]:
    """Yield the small cells of two tables together, by Fréchet's bounds where they meet."""
    shared = _shared_axes(one, other)
    inside, beside = marginal(one, shared), marginal(other, shared)
    if inside is None or beside is None:
        return
    near: dict[CellKey, list[CellKey]] = {}
    for key in other.cells:
        near.setdefault(_coarse(other, key, shared), []).append(key)
    for key, count in one.cells.items():
        place = _coarse(one, key, shared)
        whole = inside[place]
        for beyond in near.get(place, ()):
            low, high = max(0, count + other.cells[beyond] - whole), min(count, other.cells[beyond])
            if _is_small(low, high, least):
                axes = (*one.axes, *other.axes)
                yield FigureFinding(FindingKind.BOUNDS, axes, (*key, *beyond), low, high)


def _shared_axes(one: FigureTable, other: FigureTable) -> tuple[Axis, ...]:
    """Return the variables of both, on the coarser of their two steps."""
    levels = dict(other.axes)
    return tuple((name, max(level, levels[name])) for name, level in one.axes if name in levels)


def _coarse(table: FigureTable, key: CellKey, axes: Iterable[Axis]) -> CellKey:
    places = {name: (place, level) for place, (name, level) in enumerate(table.axes)}
    return tuple(coarser_category(n, places[n][1], to, key[places[n][0]]) for n, to in axes)


def _joint_bounds(release: ReleasedFigures) -> Iterator[FigureFinding]:
    """Yield the small cells of all tables together, and of each table that leaves cells out."""
    sets = [release.tables, *((table,) for table in release.tables if table.hidden)]
    for tables in sets:
        atoms = _atoms(tables)
        if not atoms or release.total is None:
            continue
        axes = tuple(axis for table in tables for axis in table.axes)
        sums = list(_sums(tables, atoms, release.total))
        for atom, (low, high) in zip(
            atoms, shuttle_bounds(sums, len(atoms), release.total), strict=True
        ):
            if _is_small(low, high, release.least):
                key = tuple(part for cell in atom for part in cell)
                yield FigureFinding(FindingKind.BOUNDS, axes, key, low, high)


_Atom = tuple[CellKey, ...]
"""One cell of each table, which fit together."""


def _atoms(tables: Sequence[FigureTable]) -> list[_Atom]:
    """Return the ways in which one cell of each table fits; none if there are too many."""
    keys = [[*table.cells, *sorted(table.hidden)] for table in tables]
    if not tables or prod(map(len, keys)) > MAX_ATOMS:
        return []
    pairs = [
        (a, b, _shared_axes(tables[a], tables[b])) for a, b in combinations(range(len(tables)), 2)
    ]
    return [
        atom
        for atom in product(*keys)
        if all(
            _coarse(tables[a], atom[a], axes) == _coarse(tables[b], atom[b], axes)
            for a, b, axes in pairs
        )
    ]


def _sums(
    tables: Sequence[FigureTable], atoms: Sequence[_Atom], total: int
) -> Iterator[tuple[Sequence[int], int]]:
    yield range(len(atoms)), total
    for place, table in enumerate(tables):
        held: dict[CellKey, list[int]] = {}
        for number, atom in enumerate(atoms):
            held.setdefault(atom[place], []).append(number)
        for key, count in table.cells.items():
            yield held.get(key, []), count
        if table.hidden:
            yield [n for key in table.hidden for n in held.get(key, [])], table.rest


# --- differences between releases


def _differences(
    release: ReleasedFigures, others: Sequence[ReleasedFigures]
) -> Iterator[FigureFinding]:
    """Yield the small differences between nested releases, and those to a sum of parts."""
    for other in others:
        if _is_inside(other, release):
            yield from _subtract(release, (other,), release.least, other.number)
        elif _is_inside(release, other):
            yield from _subtract(other, (release,), release.least, other.number)
    parts = [
        one for one in others
        if one.population == release.population != _WHOLE and _is_inside(one, release)
    ]  # fmt: skip
    for count in range(2, min(len(parts), 4) + 1):
        for some in combinations(parts, count):
            if not any(a.period.overlaps(b.period) for a, b in combinations(some, 2)):
                yield from _subtract(release, some, release.least, some[-1].number)
                yield from _narrow(release, some)


def _narrow(whole: ReleasedFigures, parts: Sequence[ReleasedFigures]) -> Iterator[FigureFinding]:
    """Yield what a total tells of parts that fill its period and say "fewer than k"."""
    days = sum((one.period.last - one.period.first).days + 1 for one in parts)
    is_filled = days == (whole.period.last - whole.period.first).days + 1
    known = [one.total for one in parts if one.total is not None]
    small, rest = len(parts) - len(known), (whole.total or 0) - sum(known)
    if is_filled and tells_small_groups(rest, small, whole.least):
        low = rest - (small - 1) * (whole.least - 1)
        number = parts[-1].number
        yield FigureFinding(FindingKind.DIFFERENCE, (), (), low, whole.least - 1, number)


def are_related(one: tuple[str, FigurePeriod], other: tuple[str, FigurePeriod]) -> bool:
    """Return whether two releases, by population and period, tell something of each other.

    They do if the periods overlap and the population is the same, or one holds all others.
    """
    is_one_wide = one[0] == other[0] or _WHOLE in (one[0], other[0])
    return is_one_wide and one[1].overlaps(other[1])


def _is_inside(one: ReleasedFigures, other: ReleasedFigures) -> bool:
    is_within = other.period.first <= one.period.first and one.period.last <= other.period.last
    return is_within and other.population in (one.population, _WHOLE)


def _subtract(
    whole: ReleasedFigures, parts: Sequence[ReleasedFigures], least: int, number: int
) -> Iterator[FigureFinding]:
    totals = [one.total for one in (whole, *parts)]
    known = [total for total in totals if total is not None]
    if len(known) < len(totals):
        return
    left = known[0] - sum(known[1:])
    if _is_small(abs(left), abs(left), least):
        yield FigureFinding(FindingKind.DIFFERENCE, (), (), abs(left), abs(left), number)
    for tables in product(whole.tables, *(one.tables for one in parts)):
        for axes in _common_axes(tables):
            sums = [marginal(table, axes) for table in tables]
            for key, count in _difference(sums).items():
                if _is_small(abs(count), abs(count), least):
                    size = abs(count)
                    yield FigureFinding(FindingKind.DIFFERENCE, axes, key, size, size, number)


def _common_axes(tables: Sequence[FigureTable]) -> Iterator[tuple[Axis, ...]]:
    """Yield each choice of variables that all tables have, on the coarsest of their steps."""
    levels = [dict(table.axes) for table in tables]
    names = [name for name in tables[0].variables if all(name in each for each in levels)]
    for count in range(1, len(names) + 1):
        for some in combinations(names, count):
            yield tuple((name, max(each[name] for each in levels)) for name in some)


def _difference(sums: Sequence[Mapping[CellKey, int] | None]) -> Mapping[CellKey, int]:
    """Return the first sums less the others; empty if one of them is not known."""
    known = [one for one in sums if one is not None]
    if len(known) < len(sums):
        return {}
    left = Counter(known[0])
    for one in known[1:]:
        left.subtract(one)
    return left
