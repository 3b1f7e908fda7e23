# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of counts, and their canonical lines: what a release keeps, prints and exports.

A table names its variables with the step of each, then one line a cell: `women|adult=14`. A cell
that is left out has `*` instead of a number. Lines are sorted, so that the same release has the
same text everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.ladders import (
    VARIABLES,
    ClientValues,
    category_at,
    coarser_category,
    is_category,
    top_level,
)

LEAST_GROUP = 11
"""No published group is smaller (k, as in the download of the CTDC)."""
LOWEST_GROUP = 5
"""A smaller k is refused, whoever asks."""
MAX_VARIABLES = 6
MAX_VARIABLES_IN_TABLE = 3
MAX_LINES = 20_000
MAX_TEXT = 16_000  # characters of canonical lines, which a record can keep and a file carry
_HIDDEN = "*"
_PLACES = {name: place for place, name in enumerate(VARIABLES)}

CellKey = tuple[str, ...]
Axis = tuple[str, int]
"""A variable and the step of its ladder."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table: its axes, its published cells, and cells that are left out.

    Together all cells are the `total` of the population.
    """

    axes: tuple[Axis, ...]
    cells: Mapping[CellKey, int]
    total: int
    hidden: frozenset[CellKey] = field(default=frozenset())

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, in the order of the axes."""
        return tuple(name for name, _ in self.axes)

    @property
    def rest(self) -> int:
        """The sum of all cells that are left out."""
        return self.total - sum(self.cells.values())


def project(values: ClientValues, axes: Iterable[Axis]) -> CellKey:
    """Return the cell of a client on these axes."""
    return tuple(category_at(name, level, values[_PLACES[name]]) for name, level in axes)


def count_cells(people: Iterable[ClientValues], axes: Sequence[Axis]) -> Counter[CellKey]:
    """Count the clients in each cell of these axes; empty cells are not there."""
    return Counter(project(values, axes) for values in people)


def marginal(table: FigureTable, axes: Sequence[Axis]) -> Mapping[CellKey, int] | None:
    """Return the sums of a table on coarser axes of its own; None if a cell is left out.

    Raise ValueError if the table has no such axis.
    """
    if table.hidden:
        return None
    at = [(table.variables.index(name), name, level) for name, level in axes]
    found: Counter[CellKey] = Counter()
    for key, count in table.cells.items():
        coarse = (coarser_category(n, table.axes[p][1], to, key[p]) for p, n, to in at)
        found[tuple(coarse)] += count
    return found


def encode_tables(tables: Iterable[FigureTable]) -> str:
    """Return the canonical lines of tables."""
    lines: list[str] = []
    for table in tables:
        lines.append("@" + "|".join(f"{name}.{level}" for name, level in table.axes))
        rows = {key: str(count) for key, count in table.cells.items()}
        rows |= dict.fromkeys(table.hidden, _HIDDEN)
        lines += [f"{'|'.join(key)}={rows[key]}" for key in sorted(rows)]
    return "\n".join(lines)


def decode_tables(text: str, total: int) -> tuple[FigureTable, ...]:
    """Return the tables of canonical lines. Raise KfdeskError `figures.unreadable`."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise KfdeskError("figures.unreadable")
    tables: list[FigureTable] = []
    at = 0
    while at < len(lines):
        axes = _decode_axes(lines[at])
        ends = next((n for n in range(at + 1, len(lines)) if lines[n][:1] == "@"), len(lines))
        tables.append(_decode_table(axes, lines[at + 1 : ends], total))
        at = ends
    return tuple(tables)


def _decode_axes(line: str) -> tuple[Axis, ...]:
    if not line.startswith("@"):
        raise KfdeskError("figures.unreadable")
    axes: list[Axis] = []
    for part in line[1:].split("|"):
        name, _, level = part.partition(".")
        if name not in _PLACES or level not in tuple("0123") or int(level) >= top_level(name):
            raise KfdeskError("figures.unreadable")
        axes.append((name, int(level)))
    if len(dict(axes)) != len(axes) or len(axes) > MAX_VARIABLES_IN_TABLE:
        raise KfdeskError("figures.unreadable")
    return tuple(axes)


def _decode_table(axes: tuple[Axis, ...], lines: Sequence[str], total: int) -> FigureTable:
    cells: dict[CellKey, int] = {}
    hidden: set[CellKey] = set()
    for line in lines:
        named, _, count = line.rpartition("=")
        key = tuple(named.split("|"))
        is_plain = len(key) == len(axes) and all(map(is_category, key))
        if not is_plain or key in cells or key in hidden:
            raise KfdeskError("figures.unreadable")
        if count == _HIDDEN:
            hidden.add(key)
        elif count.isascii() and count.isdecimal() and len(count) <= 7:
            cells[key] = int(count)
        else:
            raise KfdeskError("figures.unreadable")
    table = FigureTable(axes, cells, total, frozenset(hidden))
    if (table.rest != 0 and not hidden) or table.rest < 0:
        raise KfdeskError("figures.unreadable")
    return table
