# SPDX-License-Identifier: GPL-3.0-or-later
"""Which table a row belongs to, said by its shape: no name stands beside a row in the file.

The shapes are those of the new store's own tables, so that a new table needs no second place. All
record tables begin alike; which record a row is, its writes say by the ids of their fields. What
fits no table - indices, words of the search - is made anew and not asked for here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.writes import DELETION, State, dead_of, writes_of
from kfdesk.storage.driver import Connection
from kfdesk.storage.salvaging.rows import Found, Value
from kfdesk.storage.searching.shape import NAMES

RECORD = "record"
RID = 16
_OWN = 8  # the columns that every record table begins with
_CLASSES: Mapping[str, type] = {"BLOB": bytes, "TEXT": str, "INTEGER": int}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its table declares it."""

    name: str
    holds: type
    may_be_null: bool
    may_be_absent: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: whether its rows are numbered, and its columns."""

    is_numbered: bool
    columns: tuple[Column, ...]

    def fits(self, row: Found) -> bool:
        """Whether a row can be of this table."""
        if (row.number is not None) != self.is_numbered or len(row.values) > len(self.columns):
            return False
        rest = self.columns[len(row.values) :]
        return all(map(_holds, self.columns, row.values)) and all(c.may_be_absent for c in rest)


def shapes_of(connection: Connection) -> Mapping[str, Shape]:
    """The shapes of a store's tables; of the records' tables one that stands for all."""
    tables = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%' "
    ).fetchall()
    names = {*NAMES, *(f"record_{name}" for name in TYPES)}
    found = {name: _shape(connection, name, sql) for name, sql in tables if name not in names}
    some = next(iter(TYPES))
    record = _shape(connection, f"record_{some}", "")
    return {**found, RECORD: Shape(is_numbered=True, columns=record.columns[:_OWN])}


def table_of(shapes: Mapping[str, Shape], row: Found) -> str:
    """The table of a row; empty for none of ours, or one of which nothing can be said."""
    if _is_record(shapes[RECORD], row):
        return RECORD
    return next((name for name, each in shapes.items() if name != RECORD and each.fits(row)), "")


def type_of(state: State, listed: str | None) -> str | None:
    """The type of a record: the one that most of its fields belong to, else the one `listed`."""
    fids = {write.fid for write in writes_of(state)} | {fid for fid, _ in dead_of(state)}
    known = {name: sum(fid in each.by_id for fid in fids) for name, each in TYPES.items()}
    best = max(known, key=lambda name: (known[name], name == listed))
    if not known[best] or fids <= {DELETION}:
        return listed if listed in TYPES else None
    return best


def _is_record(shape: Shape, row: Found) -> bool:
    own = row.values[: len(shape.columns)]
    if row.number is None or len(own) < 2 or (row.is_whole and len(own) < len(shape.columns)):
        return False
    is_marked = len(own) < 6 or (isinstance(own[5], str) and own[5].startswith("["))
    return (
        all(map(_holds, shape.columns, own)) and is_marked and len(_bytes(own[1])) == RID
        and (len(own) > 4 or not row.is_whole)
    )  # fmt: skip


def _shape(connection: Connection, name: str, sql: str) -> Shape:
    is_numbered = "WITHOUT ROWID" not in sql
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    return Shape(is_numbered, tuple(_column(each, is_numbered=is_numbered) for each in columns))


def _column(described: Sequence[object], *, is_numbered: bool) -> Column:
    _, name, kind, is_not_null, default, key = described
    is_number = is_numbered and kind == "INTEGER" and key == 1
    may_be_null = is_number or (not is_not_null and not key)
    return Column(
        str(name), _CLASSES[str(kind)], may_be_null, may_be_null or default is not None, is_number
    )


def _holds(column: Column, value: Value) -> bool:
    if value is None:
        return column.may_be_null
    return type(value) is column.holds and not column.is_number


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b""
