# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of the index, and the triggers by which what is gone leaves it.

All of it is derived from records: an index of another form is thrown away and made anew, so it
needs no numbered step. Knows no word.
"""

from kfdesk.domain.listing.leads import MARKS
from kfdesk.storage.driver import Connection

FORM = 2
"""How entries are indexed; whoever changes it, or what leads to an entry, takes the next number."""

KINDS = ("organisation", "contact")
_TABLES = (
    """CREATE TABLE listed (
    id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, plain TEXT NOT NULL, nordic TEXT NOT NULL,
    checked TEXT NOT NULL) STRICT""",
    "CREATE INDEX listed_plain ON listed (plain, checked)",
    "CREATE INDEX listed_nordic ON listed (nordic, checked)",
    "CREATE TABLE unlisted (rid BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
    f"""CREATE VIRTUAL TABLE lead USING fts5(words, content='', contentless_delete=1, detail=none,
    prefix='1 2 3 4 5 6', tokenize="ascii tokenchars '{MARKS}'")""",
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
    "CREATE INDEX IF NOT EXISTS works_for ON record_contact (f_organisation)",
    "CREATE INDEX IF NOT EXISTS contact_torn ON record_contact (rid) WHERE flags != '[]'",
)
NAMES = ("lead", "listed", "unlisted")
_GONE = (
    *(f"DROP TRIGGER IF EXISTS {kind}_gone" for kind in (*KINDS, "phone")),
    *(f"DROP TABLE IF EXISTS {table}" for table in NAMES),
)


def make_index(connection: Connection) -> None:
    """Make an empty index where there is none of this form; all of it, or nothing."""
    if number(connection, "index_form") == FORM:
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*_GONE, *_TABLES):
        connection.execute(statement)
    keep_number(connection, "index_form", FORM)
    keep_number(connection, "indexed", 0)
    connection.execute("COMMIT")


def number(connection: Connection, key: str) -> int:
    """A number that the store keeps for the index; 0 if there is none."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return int.from_bytes(row[0], "big") if row else 0


def keep_number(connection: Connection, key: str, value: int) -> None:
    """Keep a number for the index."""
    connection.execute(
        "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value.to_bytes(8, "big")),
    )
