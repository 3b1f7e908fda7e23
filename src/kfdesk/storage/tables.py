# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a store: one for each record type, made from its description, and a few more.

A new field becomes a column by itself; everything else that changes is a numbered step under
`PRAGMA user_version`, each in one transaction with its number. A store newer than this program
is refused. Knows no writes and no merging.
"""

from collections.abc import Callable
from datetime import date
from itertools import chain

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Number, YesNo
from kfdesk.domain.records.registry import TYPES, RecordType
from kfdesk.storage.driver import Connection
from kfdesk.storage.searching.shape import make_index

VERSION = 5
_FIRST_DAY = date(1970, 1, 1).toordinal()  # history counts its days from here

_FIRST = (
    """CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT""",
    """CREATE TABLE place (rid BLOB PRIMARY KEY, type TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE history (
    rid BLOB NOT NULL, fid INTEGER NOT NULL, wid BLOB NOT NULL, day INTEGER NOT NULL,
    hlc INTEGER NOT NULL, author TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (rid, fid, wid)) STRICT, WITHOUT ROWID""",
    """CREATE INDEX history_day ON history (day)""",
    """CREATE TABLE disclosure (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, rid BLOB NOT NULL, type TEXT NOT NULL,
    recipient BLOB NOT NULL, channel TEXT NOT NULL, consents BLOB NOT NULL,
    writes BLOB NOT NULL, target BLOB NOT NULL) STRICT""",
    """CREATE INDEX disclosure_recipient ON disclosure (recipient, channel)""",
    """CREATE INDEX disclosure_rid ON disclosure (rid)""",
    """CREATE TABLE partner (
    organisation BLOB PRIMARY KEY, name TEXT NOT NULL, card BLOB NOT NULL,
    sign_key BLOB NOT NULL UNIQUE, state TEXT NOT NULL, is_third_country INTEGER NOT NULL,
    has_transfer_tool INTEGER NOT NULL, reads TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mark (
    organisation BLOB NOT NULL, direction TEXT NOT NULL, epoch BLOB NOT NULL,
    sequence INTEGER NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (organisation, direction, epoch, sequence)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE acknowledged (target BLOB PRIMARY KEY) STRICT, WITHOUT ROWID""",
    """CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL, action TEXT NOT NULL,
    rid BLOB, keys TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'append only'); END""",
    """CREATE TRIGGER audit_no_loss BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'append only'); END""",
)

_DRAFTS_USERS_ERASURES_ATTACHMENTS = (
    """CREATE TABLE draft (
    rid BLOB NOT NULL, user TEXT NOT NULL, type TEXT NOT NULL, parent BLOB, at INTEGER NOT NULL,
    seen BLOB NOT NULL, changes BLOB NOT NULL, PRIMARY KEY (rid, user)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE user (
    initials TEXT PRIMARY KEY, slot BLOB NOT NULL, roles TEXT NOT NULL, added INTEGER NOT NULL,
    removed INTEGER) STRICT, WITHOUT ROWID""",
    """CREATE TABLE erasure (
    rid BLOB PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE chunk (
    id INTEGER PRIMARY KEY, rid BLOB NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL,
    UNIQUE (rid, part)) STRICT""",
)
_EXCHANGE = (
    """ALTER TABLE mark ADD COLUMN previous BLOB""",
    """ALTER TABLE mark ADD COLUMN hlc INTEGER NOT NULL DEFAULT 0""",
    """CREATE TABLE taking (
    digest BLOB PRIMARY KEY, organisation BLOB NOT NULL, at INTEGER NOT NULL,
    records INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    entry INTEGER NOT NULL, sent INTEGER NOT NULL, acknowledged BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE taking_row (
    digest BLOB NOT NULL, rid BLOB NOT NULL, type TEXT NOT NULL, took BLOB, state BLOB NOT NULL,
    PRIMARY KEY (digest, rid)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE erasure_order (
    direction TEXT NOT NULL, partner BLOB NOT NULL, id BLOB NOT NULL, rid BLOB NOT NULL,
    what BLOB, reason TEXT NOT NULL, deadline INTEGER NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, settled INTEGER, target BLOB,
    PRIMARY KEY (direction, partner, id)) STRICT, WITHOUT ROWID""",
    """CREATE INDEX erasure_order_rid ON erasure_order (rid)""",
    """CREATE TABLE erased_write (
    rid BLOB NOT NULL, fid INTEGER NOT NULL, wid BLOB NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (rid, fid, wid)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE kept_notice (
    rid BLOB NOT NULL, recipient BLOB NOT NULL, parent BLOB NOT NULL, custodian BLOB NOT NULL,
    state BLOB NOT NULL, PRIMARY KEY (rid, recipient)) STRICT, WITHOUT ROWID""",
)
_OWN_LAPTOPS = ("""ALTER TABLE partner ADD COLUMN is_own INTEGER NOT NULL DEFAULT 0""",)
_LEVELS = (
    """CREATE TABLE level (
    recipient BLOB NOT NULL, rid BLOB NOT NULL, shown BLOB NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (recipient, rid)) STRICT, WITHOUT ROWID""",
    """CREATE INDEX disclosure_target ON disclosure (target)""",
)
_STEPS = (_FIRST, _DRAFTS_USERS_ERASURES_ATTACHMENTS, _EXCHANGE, _OWN_LAPTOPS, _LEVELS)
"""What each version added, from version 1 on. A step that was released never changes."""
_TORN = "flags != '[]'"
IS_TORN = f"{_TORN} AND 1 = ?"
"""Which records have a field in conflict; asked in these very words, the index answers it."""


def create_tables(connection: Connection) -> None:
    """Make all tables of this version in a new, empty store, in one transaction."""
    records = (statement for described in TYPES.values() for statement in _record_table(described))
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*chain.from_iterable(_STEPS), *records):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
    make_index(connection)


def is_behind(connection: Connection) -> bool:
    """Whether a program of today would change the tables of this store."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version < VERSION or any(
        _missing(connection, each) or _unindexed(connection, each) for each in TYPES.values()
    )


def prepare_tables(connection: Connection, fill: Callable[[str], None]) -> None:
    """Bring an opened store to this version and add the columns of new fields.

    Each step is one transaction together with its number. A new field may have values already,
    from a partner with a newer program: `fill` is called with each record type that got columns,
    in the same transaction. Raises KfdeskError `store.newer` for a store that a newer program has
    written.
    """
    version = refuse_newer(connection)
    for number in range(version + 1, VERSION + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in _STEPS[number - 1]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    missing = {name: _missing(connection, described) for name, described in TYPES.items()}
    if any(missing.values()):
        connection.execute("BEGIN IMMEDIATE")
        for name, statements in missing.items():
            for statement in statements:
                connection.execute(statement)
            if statements:
                fill(name)
        connection.execute("COMMIT")
    for described in TYPES.values():
        for statement in _unindexed(connection, described):
            connection.execute(statement)
    make_index(connection)


def refuse_newer(connection: Connection) -> int:
    """The version of an opened store; raises KfdeskError `store.newer` for one we do not know."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise KfdeskError("store.newer")
    return version


def column(key: str) -> str:
    """The quoted column of a field; the prefix keeps fields apart from the row's own columns."""
    return f'"f_{key}"'


def day_cell(day: date) -> int:
    """A day as history counts it."""
    return day.toordinal() - _FIRST_DAY


def day_of(cell: int) -> date:
    """The day that history has counted."""
    return date.fromordinal(cell + _FIRST_DAY)


def _record_table(described: RecordType) -> list[str]:
    name = described.name
    fields = "".join(f", {column(key)} {_affinity(described, key)}" for key in described.fields)
    table = (
        f"CREATE TABLE record_{name} (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, "
        f"n INTEGER NOT NULL, parent BLOB, custodian BLOB NOT NULL, flags TEXT NOT NULL, "
        f"took BLOB, state BLOB NOT NULL{fields}) STRICT"
    )
    by_number = f"CREATE INDEX record_{name}_n ON record_{name} (n)"
    return [table, by_number, *_later_indexes(name).values()]


def _later_indexes(name: str) -> dict[str, str]:
    """The indexes that came after the first stores, by their names.

    Of what stands below a record, so that the ids of a large plan are read without its records;
    and of the few with a field in conflict, which are looked for whenever plans are.
    """
    return {
        f"record_{name}_below": f"CREATE INDEX record_{name}_below ON record_{name} (parent, rid)",
        f"record_{name}_torn": (
            f"CREATE INDEX record_{name}_torn ON record_{name} (rid) WHERE {_TORN}"
        ),
    }


def _unindexed(connection: Connection, described: RecordType) -> list[str]:
    """What makes the indexes that a table made by an older program lacks, and drops what it had."""
    name = described.name
    present = {row[1] for row in connection.execute(f"PRAGMA index_list(record_{name})")}
    lacking = [make for index, make in _later_indexes(name).items() if index not in present]
    former = f"record_{name}_parent"  # by the parent alone
    return [*lacking, *([f"DROP INDEX {former}"] if former in present else ())] if present else []


def _missing(connection: Connection, described: RecordType) -> list[str]:
    name = described.name
    present = {row[1] for row in connection.execute(f"PRAGMA table_info(record_{name})")}
    if not present:
        return _record_table(described)
    return [
        f"ALTER TABLE record_{name} ADD COLUMN {column(key)} {_affinity(described, key)}"
        for key in described.fields
        if column(key).strip('"') not in present
    ]


def holds_numbers(described: RecordType, key: str) -> bool:
    """Whether a field's column takes numbers alone: an answer without one stands in `state`."""
    return isinstance(described.fields[key].kind, Number | YesNo)


def _affinity(described: RecordType, key: str) -> str:
    return "INTEGER" if holds_numbers(described, key) else "TEXT"
