# SPDX-License-Identifier: GPL-3.0-or-later
"""Row codec: the cells of a record's table row, derived from its `state`, and the record tree.

Cells are derived only here, so that `verify` can derive them again and compare. The
record's description defines the fields. No transactions here.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from json.encoder import encode_basestring
from typing import NamedTuple

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION_ID,
    decode_state,
    decode_trusted,
    encode_state,
    is_deleted,
    is_deletion_requested,
    newest_values,
)
from kfdesk.domain.rows import Row, check_row, conflicting_keys
from kfdesk.storage import driver, tables
from kfdesk.storage.driver import Connection, placeholders, portions, translated_errors

# --- cells

DELETION_FLAG = ""
"""Stands among a record's fields in conflict while its deletion is only asked for."""

CellValue = bytes | int | str | None
_OWN_COLUMNS = ("rid", "n", "parent", "custodian", "took", "state", "flags")


def derived_cells(row: Row) -> Mapping[str, int | str | None]:
    """Return the cells that follow from a row's `state`, by column."""
    return dict(zip(("flags", *_columns(row.type)), _iter_derived(row), strict=True))


def row_cells(row: Row, number: int, took: bytes | None) -> tuple[CellValue, ...]:
    """Return all cells of a row, in the order of the statements below."""
    own = (row.rid, number, row.parent, row.custodian, took, encode_state(row.state))
    return (*own, *_iter_derived(row))


def insert_statement(record_type: str) -> str:
    """Return the statement that inserts a new row."""
    return _insert_sql(record_type, _columns(record_type))


def upsert_statement(record_type: str) -> str:
    """Return the statement that inserts a row or replaces the existing one."""
    return _upsert_sql(record_type, _columns(record_type))


@cache
def _insert_sql(record_type: str, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * (len(_OWN_COLUMNS) + len(names)))
    return (
        f"INSERT INTO record_{record_type} ({', '.join((*_OWN_COLUMNS, *names))}) VALUES ({marks})"
    )


@cache
def _upsert_sql(record_type: str, names: tuple[str, ...]) -> str:
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*_OWN_COLUMNS[1:], *names))
    return f"{_insert_sql(record_type, names)} ON CONFLICT (rid) DO UPDATE SET {updates}"


def _iter_derived(row: Row) -> Iterator[int | str | None]:
    newest, several = newest_values(row.state)
    torn = conflicting_keys(row) if several else frozenset[str]()
    torn |= {DELETION_FLAG} if is_deletion_requested(row.state) else frozenset()
    yield _conflict_flags(torn) if torn else "[]"
    for fid, is_number in _column_fields(row.type, tuple(RECORD_TYPES[row.type].ids.values())):
        wire = newest.get(fid)
        if isinstance(wire, tuple):
            wire = f"[{', '.join(map(encode_basestring, wire))}]"
        yield None if is_number and isinstance(wire, str) else wire


def _columns(record_type: str) -> tuple[str, ...]:
    return tuple(map(tables.column_name, RECORD_TYPES[record_type].fields))


@cache
def _column_fields(record_type: str, fids: tuple[int, ...]) -> tuple[tuple[int, bool], ...]:
    """Return for each field its id, and whether its column holds only numbers."""
    described = RECORD_TYPES[record_type]
    return tuple(
        (fid, tables.is_number_column(described, described.by_id[fid].key)) for fid in fids
    )


def _conflict_flags(torn: frozenset[str]) -> str:
    return json.dumps(sorted(torn))


def find_record_problems(connection: driver.Connection, record_type: str) -> Iterator[str]:
    """Yield short codes for what is wrong with the records of a type."""
    keys = ("flags", *RECORD_TYPES[record_type].fields)
    names = ("flags", *map(tables.column_name, RECORD_TYPES[record_type].fields))
    stored = connection.execute(
        f"SELECT rid, custodian, state, {', '.join(names)} FROM record_{record_type}"
    )
    for rid, custodian, state, *cells in stored:
        try:
            row = Row(rid, record_type, None, custodian, decode_state(state))
            check_row(row)
        except KfdeskError:
            yield f"state:{record_type}"
            continue
        expected = derived_cells(row)
        for key, name, cell in zip(keys, names, cells, strict=True):
            if cell != expected[name]:
                yield f"column:{record_type}.{key}"
    yield from _misplaced_records(connection, record_type)


def _misplaced_records(connection: driver.Connection, record_type: str) -> Iterator[str]:
    """Yield a code if `place` and the table of a type do not list the same records."""
    (wrong,) = connection.execute(
        f"SELECT (SELECT count(*) FROM record_{record_type} WHERE rid NOT IN "
        f"(SELECT rid FROM place WHERE type = ?1)) + (SELECT count(*) FROM place "
        f"WHERE type = ?1 AND rid NOT IN (SELECT rid FROM record_{record_type}))",
        (record_type,),
    ).fetchone()
    if wrong:
        yield f"place:{record_type}"


# --- tree of records


class RecordCells(NamedTuple):
    """Some cells of a record: `flags` is the list of its keys in conflict, as JSON.

    The cell of a field in conflict is its newest value. A deleted record keeps its cells.
    """

    rid: bytes
    parent: bytes | None
    custodian: bytes
    flags: str
    wires: tuple[int | str | None, ...]


class RecordTree:
    """The hierarchy of records. Methods raise KfdeskError `store.damaged` for a bad page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @translated_errors()
    def rids(self) -> tuple[bytes, ...]:
        """Return the ids of all records in order."""
        return tuple(rid for (rid,) in self._connection.execute("SELECT rid FROM place"))

    @translated_errors()
    def standing(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[str, bytes | None]]:
        """Return the type and the parent id of each of these records that is here."""
        found: dict[bytes, tuple[str, bytes | None]] = {}
        for part in portions(rids):
            marks = placeholders(part)
            types = self._connection.execute(
                f"SELECT DISTINCT type FROM place WHERE rid IN ({marks})", part
            ).fetchall()
            for (name,) in types:
                rows = f"SELECT rid, parent FROM record_{name} WHERE rid IN ({marks})"
                found.update((rid, (name, up)) for rid, up in self._connection.execute(rows, part))
        return found

    @translated_errors()
    def custodians(self, rids: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Return the custodian of each of these records that is here."""
        found: dict[bytes, bytes] = {}
        for part in portions(rids):
            marks = placeholders(part)
            types = self._connection.execute(
                f"SELECT DISTINCT type FROM place WHERE rid IN ({marks})", part
            ).fetchall()
            for (name,) in types:
                rows = f"SELECT rid, custodian FROM record_{name} WHERE rid IN ({marks})"
                found.update(self._connection.execute(rows, part))
        return found

    @translated_errors()
    def children(
        self, above: Iterable[bytes], types: Collection[str] = RECORD_TYPES
    ) -> frozenset[bytes]:
        """Return the ids of the records, of all or some types, directly below these."""
        return frozenset(
            rid
            for part in portions(above)
            for name in types
            for (rid,) in self._connection.execute(
                f"SELECT rid FROM record_{name} WHERE parent IN ({placeholders(part)})", part
            )
        )

    @translated_errors()
    def below(
        self, above: Iterable[bytes], types: Collection[str] = RECORD_TYPES
    ) -> Mapping[bytes, Collection[bytes]]:
        """Return by parent the ids of the records directly below these; nothing if there are none.

        It asks once for each type, however many parents there are.
        """
        found: dict[bytes, list[bytes]] = {}
        for part in portions(above):
            for name in types:
                for rid, up in self._connection.execute(
                    f"SELECT rid, parent FROM record_{name} WHERE parent IN ({placeholders(part)})",
                    part,
                ):
                    found.setdefault(up, []).append(rid)
        return found

    @translated_errors()
    def of_custodian(self, types: Iterable[str], custodian: bytes) -> frozenset[bytes]:
        """Return the ids of the records of these types that an organisation answers for."""
        return frozenset(
            rid
            for name in types
            for (rid,) in self._connection.execute(
                f"SELECT rid FROM record_{name} WHERE custodian = ?", (custodian,)
            )
        )

    @translated_errors()
    def with_values(
        self, above: Iterable[bytes], fields: Mapping[str, Sequence[str]]
    ) -> frozenset[bytes]:
        """Return the children of these records that have a value in one of their fields.

        `fields` holds for each record type the fields to look at. A field in conflict counts.
        """
        found: set[bytes] = set()
        for part in portions(above):
            marks = placeholders(part)
            for name, keys in fields.items():
                filled = " OR ".join(f"{tables.column_name(key)} IS NOT NULL" for key in keys)
                rows = self._connection.execute(
                    f"SELECT rid FROM record_{name} WHERE parent IN ({marks}) "
                    f"AND ({filled} OR flags != '[]')",
                    part,
                )
                found.update(rid for (rid,) in rows)
        return frozenset(found)

    def cells(
        self,
        record_type: str,
        keys: Sequence[str],
        above: Iterable[bytes] | None = None,
        among: Iterable[bytes] | None = None,
    ) -> Iterator[RecordCells]:
        """Yield some fields of the records of a type, without reading their states.

        They are fields of numbers, yes or no, and single texts. `above`: only of the records
        below these. `among`: only of these records.
        """
        names = "".join(f", {tables.column_name(key)}" for key in keys)
        query = f"SELECT rid, parent, custodian, flags{names} FROM record_{record_type}"
        column, wanted = ("parent", above) if among is None else ("rid", among)
        for part in [None] if wanted is None else portions(wanted):
            where = "" if part is None else f" WHERE {column} IN ({placeholders(part)})"
            with translated_errors():  # round the reading itself, which begins when somebody asks
                rows = self._connection.execute(query + where, part or ()).fetchall()
            for rid, parent, custodian, flags, *wires in rows:
                yield RecordCells(rid, parent, custodian, flags, tuple(wires))

    @translated_errors()
    def deleted(self, record_type: str, above: Iterable[bytes] | None = None) -> frozenset[bytes]:
        """Return the ids of the records of a type that are in the bin.

        `above`: only of the records below these. A state has the bytes of the field's id if it
        holds a deletion; no other state is decoded.
        """
        query = f"SELECT rid, state FROM record_{record_type} WHERE instr(state, ?)"
        found: set[bytes] = set()
        for part in [None] if above is None else portions(above):
            where = "" if part is None else f" AND parent IN ({placeholders(part)})"
            rows = self._connection.execute(query + where, (DELETION_ID, *(part or ())))
            found.update(rid for rid, state in rows if is_deleted(decode_trusted(state)))
        return frozenset(found)

    def line(self, rids: Iterable[bytes]) -> frozenset[bytes]:
        """Return those of these records that are here, and all records above them."""
        found, fresh = set[bytes](), frozenset(rids)
        while fresh:
            standing = self.standing(fresh)
            found |= standing.keys()
            fresh = frozenset(up for _, up in standing.values() if up is not None) - found
        return frozenset(found)

    def family(self, rids: Iterable[bytes]) -> frozenset[bytes]:
        """Return these records and all their descendants."""
        fresh = frozenset(rids)
        found = set(fresh)
        while fresh:
            fresh = self.children(fresh) - found
            found |= fresh
        return frozenset(found)
