# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of release: which tables about clients may be published, and how coarse.

Tables that share a variable, directly or through others, are judged on one joint table. There
every cell is 0 or at least k. Every published cell, every rest and every difference of nested
groups is then a sum of such cells, so it is 0 or at least k, too. Tables without a common
variable tell only the total of each other. Earlier releases about the same people are joined as
one more variable: who was counted in them. So nobody can subtract one release from another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product
from statistics import median
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import (
    LEAST_GROUP,
    LOWEST_GROUP,
    MAX_VARIABLES,
    MAX_VARIABLES_IN_TABLE,
    Axis,
    CellKey,
    FigureTable,
    count_cells,
    project,
)
from kfdesk.domain.figures.ladders import (
    SENSITIVE_VARIABLES,
    VARIABLES,
    ClientValues,
    top_level,
)

Universe = Mapping[bytes, ClientValues]
"""The finest categories of clients, by id."""


class JoinReason(StrEnum):
    """The reasons for which a table is coarser than asked for, or left out."""

    SMALL = "small"
    """A group would have fewer than k clients, or all of it the same sensitive category.

    Which of the two is not told: the second would tell something about everybody in the group.
    """
    EARLIER = "earlier"
    """Together with an earlier release a group would have fewer than k clients."""
    CHANGED = "changed"
    """The data behind an earlier release has changed since."""


@dataclass(frozen=True, slots=True)
class TableRequest:
    """A request to publish: the variables of each table, the least group k, and fixed rows or not.

    With fixed rows nothing is joined: small groups are left out of the one table.
    """

    tables: tuple[tuple[str, ...], ...]
    least: int = LEAST_GROUP
    has_fixed_rows: bool = False

    def check(self) -> None:
        """Raise KfdeskError `figures.least`, `figures.variables` or `figures.fixed`."""
        if self.least < LOWEST_GROUP:
            raise KfdeskError("figures.least", least=LOWEST_GROUP)
        named = {name for table in self.tables for name in table}
        is_small = all(0 < len(table) <= MAX_VARIABLES_IN_TABLE for table in self.tables)
        is_once = all(len(set(table)) == len(table) for table in self.tables)
        if not is_small or not is_once or len(named) > MAX_VARIABLES or named - set(VARIABLES):
            raise KfdeskError("figures.variables", most=MAX_VARIABLES_IN_TABLE)
        if self.has_fixed_rows and len(self.tables) != 1:
            raise KfdeskError("figures.fixed")

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables, in the order in which they are named."""
        return tuple(dict.fromkeys(name for table in self.tables for name in table))


@dataclass(frozen=True, slots=True)
class EarlierRelease:
    """A release about some of the same people: who is known to be counted in it, and its tables.

    `missing` are clients that it counted and who have been erased since. Releases of the same
    `population` are judged together. With `is_small` it says "fewer than k", and nothing else.
    """

    population: str
    members: frozenset[bytes]
    tables: tuple[FigureTable, ...]
    missing: int = 0
    median: int | None = None
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class JoinedVariable:
    """A variable that is coarser than asked for: its step, and why. On the last it is left out."""

    variable: str
    level: int
    reason: JoinReason

    @property
    def is_left_out(self) -> bool:
        """True if the variable stands in no table."""
        return self.level >= top_level(self.variable)


@dataclass(frozen=True, slots=True)
class SafeFigures:
    """Figures that may be published. `total` is None for 1 to k-1 clients: fewer than k.

    `median` is in weeks, of a duration that the population has (FIGURE_DURATIONS); None if it has
    none, or if too few are known.
    """

    total: int | None
    tables: tuple[FigureTable, ...] = ()
    joined: tuple[JoinedVariable, ...] = ()
    least: int = LEAST_GROUP
    median: int | None = None


_Family = tuple[EarlierRelease, ...]
"""Earlier releases of one population."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Variables that are judged on one joint table, with each family that shares one of them.

    Each family comes with the axes of its releases that this one does not have. `shut` are
    variables that an earlier release does not allow any more, and why.
    """

    variables: tuple[str, ...]
    families: tuple[tuple[_Family, tuple[Axis, ...]], ...] = (((), ()),)
    shut: Mapping[str, JoinReason] = field(default_factory=dict)


def judge_release(
    people: frozenset[bytes],
    universe: Universe,
    request: TableRequest,
    earlier: Sequence[EarlierRelease] = (),
) -> SafeFigures:
    """Return what may be published about `people`, as finely as it is safe.

    `universe` has the categories of these and of the members of `earlier`. The variable that is
    named first stays finest. Raise KfdeskError as `TableRequest.check` does, and
    `figures.difference` if not even the total may be published after the earlier releases.
    """
    request.check()
    total, least = len(people), request.least
    small = [one.members for one in earlier if one.is_small]
    earlier = [one for one in earlier if not one.is_small]
    _check_totals(people, earlier, least)
    if total >= least:
        _check_small_groups(people, earlier, small, least)
    if 0 < total < least:
        return SafeFigures(None, least=least)
    if total == 0:
        return SafeFigures(0, least=least)
    if request.has_fixed_rows:
        return _with_fixed_rows(people, universe, request, earlier)
    levels: dict[str, int] = {}
    joined: list[JoinedVariable] = []
    for group in _groups(request, universe, earlier):
        found, reasons = _safe_levels(group, people, universe, least)
        levels |= found
        joined += (
            JoinedVariable(name, found[name], reasons[name])
            for name in group.variables if found[name]
        )  # fmt: skip
    tables = _tables(people, universe, request.tables, levels)
    return SafeFigures(total, tables, tuple(joined), least)


def is_publishable(count: int, least: int = LEAST_GROUP) -> bool:
    """Return whether a group of this size may be known: none, or at least k."""
    return count == 0 or count >= least


def tells_small_groups(total: int, groups: int, least: int = LEAST_GROUP) -> bool:
    """Return whether a total tells more of groups that make it up than "fewer than k" does.

    Of two groups of fewer than 11 that are 20 together, each has 10.
    """
    return groups > 0 and total - (groups - 1) * (least - 1) > 1


def median_in_weeks(days: Sequence[int], least: int = LEAST_GROUP) -> int | None:
    """Return the median of at least k durations in days, rounded to weeks; None of fewer."""
    return round(median(days) / 7) if len(days) >= max(least, LOWEST_GROUP) else None


# --- the total, after earlier releases


def _families(earlier: Iterable[EarlierRelease]) -> tuple[_Family, ...]:
    found: dict[str, list[EarlierRelease]] = {}
    for one in earlier:
        found.setdefault(one.population, []).append(one)
    return tuple(tuple(each) for each in found.values())


def _check_totals(people: frozenset[bytes], earlier: Sequence[EarlierRelease], least: int) -> None:
    """Refuse a release whose clients differ by 1 to k-1 from those of earlier ones.

    Those that were erased since are in the earlier ones alone.
    """
    counts = [one.missing for one in earlier]
    for family in _families(earlier):
        everybody = people.union(*(one.members for one in family))
        counts += Counter(
            (client in people, *(client in one.members for one in family)) for client in everybody
        ).values()
    if not all(is_publishable(count, least) for count in counts):
        raise KfdeskError("figures.difference", least=least)


def _check_small_groups(
    people: frozenset[bytes],
    earlier: Sequence[EarlierRelease],
    small: Iterable[frozenset[bytes]],
    least: int,
) -> None:
    """Refuse a total that is made up of groups of which was said that they are fewer than k."""
    inside = {one & people for one in small} - {frozenset()}
    widest = [one for one in inside if not any(one < other for other in inside)]
    known = [one.members & people for one in earlier]
    cells: dict[tuple[bool, ...], set[bytes]] = {}
    for client in people:
        cells.setdefault(tuple(client in one for one in known), set()).add(client)
    for cell in cells.values():
        groups = [one for one in widest if one & cell]
        if cell <= frozenset().union(*groups) and tells_small_groups(len(cell), len(groups), least):
            raise KfdeskError("figures.difference", least=least)


# --- which tables are judged together


def _groups(
    request: TableRequest, universe: Universe, earlier: Sequence[EarlierRelease]
) -> Iterator[_Group]:
    linked = [frozenset(table) for table in request.tables]
    linked += (frozenset(one.variables) for release in earlier for one in release.tables)
    for names in _connected(linked):
        own = tuple(name for name in request.variables if name in names)
        near = [one for one in earlier if any(names.intersection(t.variables) for t in one.tables)]
        if own:
            families = tuple(
                (family, _other_axes(family, names.difference(own))) for family in _families(near)
            )
            yield _Group(own, families or (((), ()),), dict(_shut_variables(near, universe)))


def _other_axes(family: _Family, names: frozenset[str]) -> tuple[Axis, ...]:
    """Return the finest step of each of these variables in a family's tables."""
    found: dict[str, int] = {}
    for name, level in (axis for one in family for table in one.tables for axis in table.axes):
        if name in names:
            found[name] = min(level, found.get(name, level))
    return tuple(found.items())


def _connected(links: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return the sets of variables that hang together."""
    found: list[frozenset[str]] = []
    for link in links:
        apart = [one for one in found if not one & link]
        found = [*apart, link.union(*(one for one in found if one & link))]
    return found


def _shut_variables(
    earlier: Iterable[EarlierRelease], universe: Universe
) -> Iterator[tuple[str, JoinReason]]:
    """Yield the variables of earlier tables that would be counted in another way today.

    So are those of a table that leaves cells out: its groups cannot be compared.
    """
    for release in earlier:
        people = [universe[client] for client in sorted(release.members)]
        for table in release.tables:
            if table.hidden:
                yield from dict.fromkeys(table.variables, JoinReason.EARLIER).items()
            elif dict(table.cells) != count_cells(people, table.axes):
                yield from dict.fromkeys(table.variables, JoinReason.CHANGED).items()


# --- how coarse


def _safe_levels(
    group: _Group, people: frozenset[bytes], universe: Universe, least: int
) -> tuple[Mapping[str, int], Mapping[str, JoinReason]]:
    """Return the finest safe step of each variable of a group, and why some are coarser."""
    reasons = {name: why for name, why in group.shut.items() if name in group.variables}
    left = {name: top_level(name) for name in reasons}
    kept = [name for name in group.variables if name not in left]
    alone = _JointTable((), (), people, universe)
    joints = [_JointTable(family, axes, people, universe) for family, axes in group.families]
    found = next(
        levels
        for levels in _candidates(kept, joints, least)
        if all(joint.fault(levels, least) is None for joint in joints)
    )  # at the latest on the last steps, where nothing is shown
    for name, level in found.items():
        if level:
            finer = {**found, name: level - 1}
            why = alone.fault(finer, least)
            reasons[name] = why if why is not None else JoinReason.EARLIER
    return {**found, **left}, reasons


def _candidates(
    names: Sequence[str], joints: Sequence["_JointTable"], least: int
) -> Iterator[Mapping[str, int]]:
    """Return the steps of these variables, from what loses least to the last step of all.

    Steps on which a variable, or two of them, have a small group are never safe with others.
    """
    tops = [top_level(name) for name in names]
    possible = [
        [level for level in range(top + 1) if not _is_small(joints, {name: level}, least)]
        for name, top in zip(names, tops, strict=True)
    ]
    small = {
        (one, a, other, b)
        for one, other in combinations(range(len(names)), 2)
        for a, b in product(possible[one], possible[other])
        if len(names) > 2 and _is_small(joints, {names[one]: a, names[other]: b}, least)
    }

    def loss(levels: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        lost = sum(level / top for level, top in zip(levels, tops, strict=True))
        return round(lost, 6), levels  # of equal losses the first variable keeps most

    pairs = tuple(combinations(range(len(names)), 2))
    in_order = sorted(
        (
            levels
            for levels in product(*possible)
            if not any((a, levels[a], b, levels[b]) in small for a, b in pairs)
        ),
        key=loss,
    )
    return (dict(zip(names, levels, strict=True)) for levels in in_order)


def _is_small(joints: Iterable["_JointTable"], levels: Mapping[str, int], least: int) -> bool:
    return any(joint.has_small(levels, least) for joint in joints)


class _JointTable:
    """Clients by who counted them (this release first), their fixed cell, and their categories."""

    def __init__(
        self, family: _Family, fixed: tuple[Axis, ...], people: frozenset[bytes], universe: Universe
    ) -> None:
        sets = (people, *(one.members for one in family))
        counts = Counter(
            ((tuple(client in each for each in sets), project(universe[client], fixed)),
             universe[client])
            for client in frozenset[bytes]().union(*sets)
        )  # fmt: skip
        self._counts = tuple(counts.values())
        self._known = tuple(known for known, _ in counts)
        self._values = tuple(values for _, values in counts)
        self._columns: dict[Axis, tuple[str, ...]] = {}

    def has_small(self, levels: Mapping[str, int], least: int) -> bool:
        """Return whether some cell has 1 to k-1 clients; without a variable nothing is shown."""
        shown = _shown(levels)
        return bool(shown) and any(count < least for count in self._joint(shown).values())

    def fault(self, levels: Mapping[str, int], least: int) -> JoinReason | None:
        """Return why the joint table on these steps is not safe; None if it is."""
        shown = _shown(levels)
        if not shown:
            return None
        joint = self._joint(shown)
        is_small = any(count < least for count in joint.values())
        is_certain = has_certainty(((key[0], key[1:]) for key in joint), shown)
        return JoinReason.SMALL if is_small or is_certain else None

    def _joint(self, shown: Sequence[Axis]) -> Mapping[tuple[Any, ...], int]:
        """Return the clients of each cell by what else is known of them, and their categories."""
        found: dict[tuple[Any, ...], int] = {}
        columns = (self._known, *map(self._column, shown))
        for key, count in zip(zip(*columns, strict=True), self._counts, strict=True):
            found[key] = found.get(key, 0) + count
        return found

    def _column(self, axis: Axis) -> tuple[str, ...]:
        if axis not in self._columns:
            self._columns[axis] = tuple(project(values, (axis,))[0] for values in self._values)
        return self._columns[axis]


def _shown(levels: Mapping[str, int]) -> tuple[Axis, ...]:
    return tuple((name, level) for name, level in levels.items() if level < top_level(name))


def has_certainty(joint: Iterable[tuple[object, CellKey]], axes: Sequence[Axis]) -> bool:
    """Return whether all of some row have the same category of a sensitive variable (l < 2).

    `joint` are the cells that are not empty: what else is known of them, and their categories.
    """
    for place, (name, _) in enumerate(axes):
        if name in SENSITIVE_VARIABLES:
            rows: defaultdict[object, set[str]] = defaultdict(set)
            for known, cell in joint:
                beside = (known, cell[:place] + cell[place + 1 :])
                rows[beside].add(cell[place])
            if any(len(categories) < 2 for categories in rows.values()):
                return True
    return False


def _tables(
    people: frozenset[bytes],
    universe: Universe,
    wanted: Iterable[tuple[str, ...]],
    levels: Mapping[str, int],
) -> tuple[FigureTable, ...]:
    """Return the tables on their safe steps, each once, without variables that are left out."""
    found: dict[tuple[Axis, ...], FigureTable] = {}
    values = [universe[client] for client in people]
    for names in wanted:
        axes = tuple((name, levels[name]) for name in names if levels[name] < top_level(name))
        if axes:
            found[axes] = FigureTable(axes, dict(count_cells(values, axes)), len(people))
    return tuple(found.values())


# --- fixed rows


def _with_fixed_rows(
    people: frozenset[bytes],
    universe: Universe,
    request: TableRequest,
    earlier: Sequence[EarlierRelease],
) -> SafeFigures:
    """Return the one table with its finest rows; small groups are left out, and others with them.

    After an earlier release about the same people nothing is left out safely: no table.
    """
    axes = tuple((name, 0) for name in request.tables[0])
    cells = count_cells((universe[client] for client in people), axes)
    total, least = len(people), request.least
    reason = JoinReason.EARLIER if earlier else JoinReason.SMALL
    is_certain = has_certainty([((), key) for key in cells], axes)
    hidden = None if earlier or is_certain else hide_cells(cells, least)
    if hidden is None:
        gone = (JoinedVariable(name, top_level(name), reason) for name, _ in axes)
        return SafeFigures(total, (), tuple(gone), least)
    shown = {key: count for key, count in cells.items() if key not in hidden}
    return SafeFigures(total, (FigureTable(axes, shown, total, hidden),), (), least)


def hide_cells(cells: Mapping[CellKey, int], least: int) -> frozenset[CellKey] | None:
    """Return the cells to leave out, so that each of them may be anything from 0 to k-1 or more.

    The table tells the sum of what is left out. So at least two cells are left out, and k clients
    in them. Return None if then nothing would be left to show.
    """
    hidden = {key for key, count in cells.items() if 0 < count < least}
    others = sorted((count, key) for key, count in cells.items() if count >= least)
    while hidden and (len(hidden) < 2 or sum(cells[key] for key in hidden) < least):
        if not others:
            return None
        hidden.add(others.pop(0)[1])
    return frozenset(hidden) if others or not hidden else None
