# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a store: one for each record type, made from its description, and others.

A new field becomes a column automatically. Every other change is a numbered step under
`PRAGMA user_version`, each in one transaction with its number. A store newer than this
program is refused. No writes and no merging here.
"""

from collections.abc import Callable
from datetime import date
from itertools import chain

from kfdesk.domain.authority import is_id_of_another
from kfdesk.domain.backup import CONTRADICTIONS_SETTING
from kfdesk.domain.directory import TERM_MARKS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import BooleanKind, NumberKind
from kfdesk.domain.records.registry import RECORD_TYPES, RecordType
from kfdesk.storage.content_hash import ContentHash, is_mixed
from kfdesk.storage.disclosures import move_to_small_rows
from kfdesk.storage.driver import Connection

INDEX_FORM = 4
"""The form of the index; increase it with every change of the index or its terms."""

INDEXED_TYPES = ("organisation", "contact")
_TABLES = (
    """CREATE TABLE listed (
    id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, plain TEXT NOT NULL, nordic TEXT NOT NULL,
    checked TEXT NOT NULL) STRICT""",
    "CREATE INDEX listed_plain ON listed (plain, checked)",
    "CREATE INDEX listed_nordic ON listed (nordic, checked)",
    "CREATE TABLE unlisted (rid BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
    f"""CREATE VIRTUAL TABLE lead USING fts5(words, content='', contentless_delete=1, detail=none,
    prefix='1 2 3 4 5 6', tokenize="ascii tokenchars '{TERM_MARKS}'")""",
    """CREATE TRIGGER listed_gone AFTER DELETE ON listed
    BEGIN DELETE FROM lead WHERE rowid = OLD.id; END""",
    """CREATE TRIGGER organisation_gone AFTER DELETE ON record_organisation BEGIN
    DELETE FROM listed WHERE rid = OLD.rid;
    INSERT OR IGNORE INTO unlisted
    SELECT rid FROM record_contact WHERE f_organisation = lower(hex(OLD.rid)); END""",
    """CREATE TRIGGER contact_gone AFTER DELETE ON record_contact BEGIN
    DELETE FROM listed WHERE rid = OLD.rid; END""",
    """CREATE TRIGGER phone_gone AFTER DELETE ON record_phone WHEN OLD.parent IS NOT NULL BEGIN
    INSERT OR IGNORE INTO unlisted VALUES (OLD.parent); END""",
    """CREATE TRIGGER entry_check_gone AFTER DELETE ON record_entry_check
    WHEN OLD.parent IS NOT NULL BEGIN INSERT OR IGNORE INTO unlisted VALUES (OLD.parent);
    INSERT OR IGNORE INTO unlisted
    SELECT rid FROM record_contact WHERE f_organisation = lower(hex(OLD.parent)); END""",
    "CREATE INDEX IF NOT EXISTS works_for ON record_contact (f_organisation)",
    "CREATE INDEX IF NOT EXISTS contact_torn ON record_contact (rid) WHERE flags != '[]'",
)
INDEX_TABLES = ("lead", "listed", "unlisted")
_DROP_STATEMENTS = (
    *(f"DROP TRIGGER IF EXISTS {kind}_gone" for kind in (*INDEXED_TYPES, "phone", "entry_check")),
    *(f"DROP TABLE IF EXISTS {table}" for table in INDEX_TABLES),
)


def make_index(connection: Connection) -> None:
    """Create an empty index if there is none of this form; all of it or nothing."""
    if index_number(connection, "index_form") == INDEX_FORM:
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*_DROP_STATEMENTS, *_TABLES):
        connection.execute(statement)
    set_index_number(connection, "index_form", INDEX_FORM)
    set_index_number(connection, "indexed", 0)
    connection.execute("COMMIT")


def index_number(connection: Connection, key: str) -> int:
    """Return a number that the store keeps for the index; 0 if there is none."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return int.from_bytes(row[0], "big") if row else 0


def set_index_number(connection: Connection, key: str, value: int) -> None:
    """Save a number for the index."""
    connection.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value.to_bytes(8, "big")),
    )


STORE_VERSION = 8
_VERSION_IN_HEAD = slice(60, 64)  # of the file, where SQLite keeps `user_version`
_DELETION_FLAGS = 6  # from this version on, a deletion that is asked for is among the flags
_FIRST_DAY = date(1970, 1, 1).toordinal()  # day 0 of the history

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
_AUTHORITY = (
    """CREATE TABLE received_write (
    rid BLOB NOT NULL, sender BLOB NOT NULL, writes BLOB NOT NULL,
    PRIMARY KEY (rid, sender)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE erased_write_of (
    rid BLOB NOT NULL, fid INTEGER NOT NULL, wid BLOB NOT NULL, orderer BLOB NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (rid, fid, wid, orderer)) STRICT, WITHOUT ROWID""",
    """INSERT INTO erased_write_of SELECT rid, fid, wid, x'', at FROM erased_write""",
    """DROP TABLE erased_write""",
    """ALTER TABLE erased_write_of RENAME TO erased_write""",
)
Step = tuple[str | Callable[[Connection], None], ...]
"""Statements, and functions that change the tables of a store, in one transaction."""
_SETTLED_LEVELS_AND_SMALL_ROWS: Step = (  # of a watermark that was kept, all is looked at once more
    """DROP TABLE level""",
    """CREATE TABLE level (
    recipient BLOB NOT NULL, rid BLOB NOT NULL, shown BLOB NOT NULL, number INTEGER NOT NULL,
    first INTEGER, last INTEGER, PRIMARY KEY (recipient, rid)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sent_file (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, recipient BLOB NOT NULL, target BLOB NOT NULL
    ) STRICT""",
    """CREATE INDEX sent_file_target ON sent_file (target)""",
    """CREATE INDEX sent_file_recipient ON sent_file (recipient)""",
    """CREATE TABLE sent_shape (
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, consents BLOB NOT NULL, keys BLOB NOT NULL
    ) STRICT""",
    """CREATE INDEX sent_shape_cells ON sent_shape (consents, type, keys)""",
    """CREATE TABLE sent (
    id INTEGER PRIMARY KEY, rid BLOB NOT NULL, file INTEGER NOT NULL, shape INTEGER NOT NULL,
    writes BLOB NOT NULL) STRICT""",
    """CREATE INDEX sent_rid ON sent (rid)""",
    """CREATE INDEX sent_with ON sent (file, shape)""",
    move_to_small_rows,
)


def _note_contradictions(connection: Connection) -> None:
    """Note the ids that older programs listed as erased on a file's word, or gave to another.

    They are records that are both here and listed, and consents under an id that is bound to
    another organisation. People are asked once.
    """
    listed = connection.execute(
        "SELECT rid FROM erasure WHERE rid IN (SELECT rid FROM place)"
    ).fetchall()
    tables = "SELECT 1 FROM sqlite_schema WHERE name = 'record_consent'"
    has_consents = connection.execute(tables).fetchone() is not None
    every = "SELECT rid, custodian FROM record_consent" if has_consents else "SELECT 0, 0 WHERE 0"
    false = [
        rid for rid, custodian in connection.execute(every) if is_id_of_another(rid, custodian)
    ]
    found = {rid for (rid,) in listed}.union(false)
    if found:
        connection.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)",
            (CONTRADICTIONS_SETTING, b"".join(sorted(found))),
        )


_BOUND_ERASURES: Step = (
    """CREATE TABLE erased_record (
    rid BLOB NOT NULL, custodian BLOB NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
    sender BLOB NOT NULL, file BLOB NOT NULL,
    PRIMARY KEY (rid, custodian)) STRICT, WITHOUT ROWID""",
    """INSERT INTO erased_record SELECT rid, x'', at, reason, x'', x'' FROM erasure""",
    """DROP TABLE erasure""",
    """ALTER TABLE erased_record RENAME TO erasure""",
    """CREATE TABLE taking_cell (
    digest BLOB NOT NULL, name TEXT NOT NULL, key BLOB NOT NULL, before BLOB, after BLOB,
    PRIMARY KEY (digest, name, key)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE undone_write (
    organisation BLOB NOT NULL, rid BLOB NOT NULL, fid INTEGER NOT NULL, wid BLOB NOT NULL,
    PRIMARY KEY (organisation, rid, fid, wid)) STRICT, WITHOUT ROWID""",
    _note_contradictions,
)
_STEPS: tuple[Step, ...] = (
    _FIRST,
    _DRAFTS_USERS_ERASURES_ATTACHMENTS,
    _EXCHANGE,
    _OWN_LAPTOPS,
    _LEVELS,
    _AUTHORITY,
    _SETTLED_LEVELS_AND_SMALL_ROWS,
    _BOUND_ERASURES,
)
"""The migration steps from version 1 on. A released step never changes."""
_HAS_CONFLICT = "flags != '[]'"
HAS_CONFLICT = f"{_HAS_CONFLICT} AND 1 = ?"
"""The condition for records in conflict; the index serves exactly this wording."""


def create_tables(connection: Connection) -> None:
    """Create all tables of this version in a new, empty store, in one transaction."""
    records = chain.from_iterable(map(_record_table, RECORD_TYPES.values()))
    connection.execute("BEGIN IMMEDIATE")
    for step in (*_STEPS, tuple(records)):
        _take_step(connection, step)
    connection.execute(f"PRAGMA user_version = {STORE_VERSION}")
    connection.execute("COMMIT")
    make_index(connection)
    ContentHash(connection).renew()


def needs_upgrade(connection: Connection) -> bool:
    """Return whether this program would change the tables of the store."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version < STORE_VERSION or any(
        _missing_columns(connection, each) or _index_changes(connection, each)
        for each in RECORD_TYPES.values()
    )


def _is_current(connection: Connection) -> bool:
    """Return whether neither the tables nor the index of the store need a change."""
    return index_number(connection, "index_form") == INDEX_FORM and not needs_upgrade(connection)


def upgrade_tables(connection: Connection, fill: Callable[[str], None]) -> None:
    """Upgrade an opened store to this version and add the columns of new fields.

    Each step is one transaction together with its number. A new field may already have
    values, from a partner with a newer program: `fill` is called with each record type that
    got columns, in the same transaction. Raise KfdeskError `store.newer` for a store that a
    newer program wrote, and `store.mixed` if its rows do not match its content hash.
    """
    version = check_version(connection)
    content = ContentHash(connection)
    if version == STORE_VERSION and _is_current(connection):
        if not content.is_known:
            content.renew()
        return
    if content.is_known and is_mixed(connection, "main"):
        raise KfdeskError("store.mixed")
    for number in range(version + 1, STORE_VERSION + 1):
        connection.execute("BEGIN IMMEDIATE")
        content.suspend()
        _take_step(connection, _STEPS[number - 1])
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    missing = {
        name: _missing_columns(connection, described) for name, described in RECORD_TYPES.items()
    }
    connection.execute("BEGIN IMMEDIATE")
    content.suspend()
    connection.execute("COMMIT")
    has_old_flags = version < _DELETION_FLAGS
    if has_old_flags or any(missing.values()):
        connection.execute("BEGIN IMMEDIATE")
        for name, statements in missing.items():
            for statement in statements:
                connection.execute(statement)
            if statements or has_old_flags:
                fill(name)
        connection.execute("COMMIT")
    for described in RECORD_TYPES.values():
        for statement in _index_changes(connection, described):
            connection.execute(statement)
    make_index(connection)
    if not content.is_known:
        content.renew()


def _take_step(connection: Connection, step: Step) -> None:
    for change in step:
        if isinstance(change, str):
            connection.execute(change)
        else:
            change(connection)


def check_version(connection: Connection) -> int:
    """Return the version of an opened store. Raise KfdeskError `store.newer`."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > STORE_VERSION:
        raise KfdeskError("store.newer")
    return version


def check_version_in(first_page: bytes) -> None:
    """Check the version in the head of a decrypted first page; an unread one says nothing.

    Raise KfdeskError `store.newer`.
    """
    if int.from_bytes(first_page[_VERSION_IN_HEAD], "big") > STORE_VERSION:
        raise KfdeskError("store.newer")


def column_name(key: str) -> str:
    """Return the quoted column of a field; the prefix separates it from the row's own columns."""
    return f'"f_{key}"'


def day_to_cell(day: date) -> int:
    """Return a date as the day number that history stores."""
    return day.toordinal() - _FIRST_DAY


def cell_to_day(cell: int) -> date:
    """Return the date of a day number in history."""
    return date.fromordinal(cell + _FIRST_DAY)


def _record_table(described: RecordType) -> list[str]:
    name = described.name
    fields = "".join(
        f", {column_name(key)} {_affinity(described, key)}" for key in described.fields
    )
    table = (
        f"CREATE TABLE record_{name} (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, "
        f"n INTEGER NOT NULL, parent BLOB, custodian BLOB NOT NULL, flags TEXT NOT NULL, "
        f"took BLOB, state BLOB NOT NULL{fields}) STRICT"
    )
    by_number = f"CREATE INDEX record_{name}_n ON record_{name} (n)"
    return [table, by_number, *_later_indexes(name).values()]


def _later_indexes(name: str) -> dict[str, str]:
    """Return the indexes that were added after the first release, by name.

    One lists children, so that the ids of a large plan are read without its records. One
    lists records in conflict, which are looked up whenever plans are.
    """
    return {
        f"record_{name}_below": f"CREATE INDEX record_{name}_below ON record_{name} (parent, rid)",
        f"record_{name}_torn": (
            f"CREATE INDEX record_{name}_torn ON record_{name} (rid) WHERE {_HAS_CONFLICT}"
        ),
    }


def _index_changes(connection: Connection, described: RecordType) -> list[str]:
    """Return the statements that create missing indexes and drop outdated ones."""
    name = described.name
    present = {row[1] for row in connection.execute(f"PRAGMA index_list(record_{name})")}
    lacking = [make for index, make in _later_indexes(name).items() if index not in present]
    former = f"record_{name}_parent"  # by the parent alone
    return [*lacking, *([f"DROP INDEX {former}"] if former in present else ())] if present else []


def _missing_columns(connection: Connection, described: RecordType) -> list[str]:
    name = described.name
    present = {row[1] for row in connection.execute(f"PRAGMA table_info(record_{name})")}
    if not present:
        return _record_table(described)
    return [
        f"ALTER TABLE record_{name} ADD COLUMN {column_name(key)} {_affinity(described, key)}"
        for key in described.fields
        if column_name(key).strip('"') not in present
    ]


def is_number_column(described: RecordType, key: str) -> bool:
    """Return whether a field's column holds only numbers: missing answers stay in `state`."""
    return isinstance(described.fields[key].kind, NumberKind | BooleanKind)


def _affinity(described: RecordType, key: str) -> str:
    return "INTEGER" if is_number_column(described, key) else "TEXT"
