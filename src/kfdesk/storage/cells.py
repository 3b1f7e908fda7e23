# SPDX-License-Identifier: GPL-3.0-or-later
"""A record as the cells of its table: what follows from its `state`, and how it is written.

Cells are derived here and nowhere else, so that `verify` can derive them again and compare. Knows
no transaction; what a field means it leaves to the record's description.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from json.encoder import encode_basestring

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, check_row, torn_keys
from kfdesk.domain.writes import decode, encode, newest_of
from kfdesk.storage import driver, tables

Cell = bytes | int | str | None
_OWN = ("rid", "n", "parent", "custodian", "took", "state", "flags")


def derived(row: Row) -> Mapping[str, int | str | None]:
    """The cells of a row that follow from its `state`, by column."""
    return dict(zip(("flags", *_columns(row.type)), _derived(row), strict=True))


def cells_of(row: Row, number: int, took: bytes | None) -> tuple[Cell, ...]:
    """All cells of a row, in the order of the statements below."""
    own = (row.rid, number, row.parent, row.custodian, took, encode(row.state))
    return (*own, *_derived(row))


def inserting(record_type: str) -> str:
    """The statement that writes a row which is not there."""
    return _inserting(record_type, _columns(record_type))


def replacing(record_type: str) -> str:
    """The statement that writes a row, also in the place of the one that is there."""
    return _replacing(record_type, _columns(record_type))


@cache
def _inserting(record_type: str, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * (len(_OWN) + len(names)))
    return f"INSERT INTO record_{record_type} ({', '.join((*_OWN, *names))}) VALUES ({marks})"


@cache
def _replacing(record_type: str, names: tuple[str, ...]) -> str:
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*_OWN[1:], *names))
    return f"{_inserting(record_type, names)} ON CONFLICT (rid) DO UPDATE SET {updates}"


def _derived(row: Row) -> Iterator[int | str | None]:
    newest, several = newest_of(row.state)
    yield _flags(torn_keys(row)) if several else "[]"
    for fid, is_number in _fields(row.type, tuple(TYPES[row.type].ids.values())):
        wire = newest.get(fid)
        if isinstance(wire, tuple):
            wire = f"[{', '.join(map(encode_basestring, wire))}]"
        yield None if is_number and isinstance(wire, str) else wire


def _columns(record_type: str) -> tuple[str, ...]:
    return tuple(map(tables.column, TYPES[record_type].fields))


@cache
def _fields(record_type: str, fids: tuple[int, ...]) -> tuple[tuple[int, bool], ...]:
    """Of each field its id, and whether its column takes numbers alone."""
    described = TYPES[record_type]
    return tuple((fid, tables.holds_numbers(described, described.by_id[fid].key)) for fid in fids)


def _flags(torn: frozenset[str]) -> str:
    return json.dumps(sorted(torn))


def wrong_records(connection: driver.Connection, record_type: str) -> Iterator[str]:
    """What is wrong with the records of a type, in short codes."""
    keys = ("flags", *TYPES[record_type].fields)
    names = ("flags", *map(tables.column, TYPES[record_type].fields))
    stored = connection.execute(
        f"SELECT rid, custodian, state, {', '.join(names)} FROM record_{record_type}"
    )
    for rid, custodian, state, *cells in stored:
        try:
            row = Row(rid, record_type, None, custodian, decode(state))
            check_row(row)
        except KfdeskError:
            yield f"state:{record_type}"
            continue
        expected = derived(row)
        for key, name, cell in zip(keys, names, cells, strict=True):
            if cell != expected[name]:
                yield f"column:{record_type}.{key}"
    yield from _misplaced(connection, record_type)


def _misplaced(connection: driver.Connection, record_type: str) -> Iterator[str]:
    """Records that nothing leads to, and leads to a record that is not there."""
    (wrong,) = connection.execute(
        f"SELECT (SELECT count(*) FROM record_{record_type} WHERE rid NOT IN "
        f"(SELECT rid FROM place WHERE type = ?1)) + (SELECT count(*) FROM place "
        f"WHERE type = ?1 AND rid NOT IN (SELECT rid FROM record_{record_type}))",
        (record_type,),
    ).fetchone()
    if wrong:
        yield f"place:{record_type}"
