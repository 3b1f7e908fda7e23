# SPDX-License-Identifier: GPL-3.0-or-later
"""The content hash: one number for all rows of a store, so that a page put back is noticed.

SQLCipher authenticates a page together with its place in the file, not with its age. So
somebody without any key can copy single pages of last week's file over today's, and a
withdrawn consent stands again. The hash is the sum modulo 2**256, over all rows, of
BLAKE2b(content key, (table, cells)). This is MSet-Add-Hash of Clarke et al., ASIACRYPT
2003. Why it holds: without the data key nobody knows the content key or a sum, so each row
counts as an independent random number, and two different sets of rows have the same sum
with probability 2**-256. Whoever has the data key can write anything, with any hash.

Temporary triggers report each row that is written, whoever writes it, and the sum is saved
in the same transaction with the number of commits. That number is also in the header of the
file, modulo 2**15, so that a first page that was put back alone is noticed, too. The header's
only free field is `default_cache_size`, which suggests a cache to other programs; a number
from 2**15 on does them no harm, and this program sets its own cache.

Two things are left out, because they follow from rows that are in: the columns that derive
from the `state` of a record, which `verify` derives again; and the tables of the full-text
index, which only propose records to show. SQLite's own check compares indexes with rows.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path

import msgspec

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage.driver import Connection, DatabaseError, set_cache_size

MIXED = "mixed"
"""The code of `verify` for rows of different age."""
CONTENT_SETTING, _KEY_SETTING = "content_hash", "content_key"
_NUMBER_BYTES, _SUM_BYTES, _KEY_BYTES = 8, 32, 32
_SHORT_BYTES = 16  # of the sum, in an audit entry
_PREVIOUS_BYTES = 32  # of the hash of the entry before, which the sum follows
_MODULUS: int = 1 << (8 * _SUM_BYTES)
_HEADER_BASE = 2**15  # pages of cache that the header suggests, at least
_RECORD_PREFIX, _FULL_TEXT = "record_", "lead"
_RECORD_COLUMNS = frozenset({"id", "rid", "n", "parent", "custodian", "took", "state"})
_ADDED, _REMOVED = "row_added", "row_removed"

_encode = msgspec.msgpack.encode
Random = Callable[[int], bytes]
RowDigest = Callable[[tuple[object, ...]], int]


class ContentHash:
    """The content hash of one open store. It follows what its connection writes."""

    def __init__(self, connection: Connection, file: Path | None = None) -> None:
        self._connection = connection
        self._file = file
        self._sum = 0
        self._number = 0
        self._is_changed = False
        self._attached: tuple[int, int] | None = None
        self._digest: RowDigest | None = None
        self._early: list[tuple[int, tuple[object, ...]]] = []
        self._proved: tuple[int, int, int] | None = None
        self.listener: Callable[[int, tuple[object, ...]], None] | None = None
        """Is told of each row that is added (1) or removed (-1): sign, then table and cells."""

    @property
    def is_proved(self) -> bool:
        """True if all rows were compared with the hash, and only we have written since.

        The times of the file tell of other writers: its change time cannot be set.
        """
        return self._proved is not None and self._proved == self._stamp()

    def note_proof(self) -> None:
        """Note that the rows of the file as it is now were compared with the hash."""
        self._proved = self._stamp()

    def before_writing(self) -> None:
        """Forget the proof if somebody else has written; call it before each transaction."""
        if not self.is_proved:
            self._proved = None

    def after_writing(self) -> None:
        """Note the file as we have left it; call it after each transaction."""
        if self._proved is not None:
            self._proved = self._stamp()

    @property
    def is_known(self) -> bool:
        """True if the store has a hash: not before the first one, nor while tables change."""
        kept = read_content(self._connection)
        return kept is not None and kept[1] is not None

    @property
    def short(self) -> bytes:
        """The hash of what is written so far, for an audit entry; empty if there is none yet."""
        if self._digest is None:
            return b""
        return _encode_sum(self._sum)[-_SHORT_BYTES:]

    @property
    def state(self) -> tuple[int, int, bool]:
        """The state that `restore` needs after a transaction that was rolled back."""
        return self._sum, self._number, self._is_changed

    def restore(self, state: tuple[int, int, bool]) -> None:
        """Return to the state from before a transaction."""
        self._sum, self._number, self._is_changed = state

    def is_written(self, state: tuple[int, int, bool], before: tuple[int, int, bool]) -> bool:
        """Return whether the store stands at a state after `before`, though its end was refused."""
        with suppress(DatabaseError):
            kept = read_content(self._connection)
            return state[1] != before[1] and kept is not None and kept[0] == state[1]
        return False

    def attach(self) -> None:
        """Have every row reported that is written from now on. Read nothing of the store yet."""
        self._connection.create_function(_ADDED, -1, partial(self._note, 1))
        self._connection.create_function(_REMOVED, -1, partial(self._note, -1))
        for table, columns in _hashed_tables(self._connection, "main"):
            new = f"{_ADDED}('{table}', {', '.join(f'NEW.{name}' for name in columns)})"
            old = f"{_REMOVED}('{table}', {', '.join(f'OLD.{name}' for name in columns)})"
            for event, calls, row in (
                ("INSERT", new, "NEW"), ("DELETE", old, "OLD"), ("UPDATE", f"{old}, {new}", "NEW"),
            ):  # fmt: skip
                when = f"WHEN {row}.key != '{CONTENT_SETTING}'" if table == "setting" else ""
                self._connection.execute(
                    f'CREATE TEMP TRIGGER IF NOT EXISTS "{event} {table}" AFTER {event} '
                    f'ON main."{table}" {when} BEGIN SELECT {calls}; END'
                )
        self._attached = self._versions()

    def follow(self) -> None:
        """Read the hash of the store, unless that was done since its tables changed last.

        A store without a hash, or in the middle of such a change, is not followed.
        """
        is_attached = self._attached == self._versions()
        if is_attached and self._digest is not None:
            return
        kept = read_content(self._connection)
        if kept is None or kept[1] is None:
            return
        early, self._early = self._early, []
        if not is_attached:  # the tables were changed, and the hash computed anew
            early = []
            self.attach()
        self._number, self._sum = kept[0], int.from_bytes(kept[1], "big")
        self._digest = _row_digest(_content_key(self._connection, "main"))
        self._is_changed = False
        for sign, row in early:
            self._note(sign, *row)

    def keep(self) -> None:
        """Save the hash and the next number, if rows were written since the last time.

        Call it as the last thing in a transaction.
        """
        if self._is_changed:
            self._number += 1
            self._write(_encode_sum(self._sum))
            self._is_changed = False

    def suspend(self) -> None:
        """Mark the hash as unknown, in the transaction that changes the tables.

        If the power fails before `renew`, the next opening renews it.
        """
        kept = read_content(self._connection)
        self._detach()
        if kept is not None:
            self._number = kept[0] + 1
            self._write(b"")

    def renew(self, random: Random = os.urandom) -> None:
        """Compute the hash of all rows as they are, and save it in one transaction."""
        kept = read_content(self._connection)
        self._detach()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(
            "INSERT OR IGNORE INTO setting VALUES (?, ?)", (_KEY_SETTING, random(_KEY_BYTES))
        )
        self._number = kept[0] + 1 if kept else 0
        self._sum = sum_of_rows(self._connection, "main")
        self._write(_encode_sum(self._sum))
        self._connection.execute("COMMIT")

    def find_problems(self) -> tuple[str, ...]:
        """Return `mixed` if the rows are not those that were written."""
        self.follow()
        if self._digest is None or not _has_right_header(self._connection):
            return (MIXED,)
        if sum_of_rows(self._connection, "main") != self._sum % _MODULUS:
            return (MIXED,)
        self.note_proof()
        return ()

    def _stamp(self) -> tuple[int, int, int] | None:
        """Return size and times of the store's file; None if they are not known."""
        with suppress(OSError):
            if self._file is not None:
                told = self._file.stat()
                return told.st_size, told.st_mtime_ns, told.st_ctime_ns
        return None

    def _write(self, content: bytes) -> None:
        number = self._number
        self._connection.execute(
            "INSERT INTO setting VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (CONTENT_SETTING, number.to_bytes(_NUMBER_BYTES, "big") + content),
        )
        self._connection.execute(f"PRAGMA default_cache_size = {_header_of(number)}")
        set_cache_size(self._connection)

    def _versions(self) -> tuple[int, int]:
        """Return the schema's version, and that of the temporary one, which holds the triggers."""
        (schema,) = self._connection.execute("PRAGMA main.schema_version").fetchone()
        (triggers,) = self._connection.execute("PRAGMA temp.schema_version").fetchone()
        return schema, triggers

    def _detach(self) -> None:
        """Drop the triggers of this connection, so that whoever follows begins anew."""
        names = self._connection.execute(
            "SELECT name FROM temp.sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for (name,) in names:
            self._connection.execute(f'DROP TRIGGER temp."{name}"')

    def _note(self, sign: int, *row: object) -> None:
        """Add a row to the sum, or remove it; `sign` is 1 or -1."""
        if self.listener is not None:
            self.listener(sign, row)
        if self._digest is None:
            self._early.append((sign, row))
        else:
            self._sum += sign * self._digest(row)
            self._is_changed = True


def read_content(connection: Connection, schema: str = "main") -> tuple[int, bytes | None] | None:
    """Return the number of commits and the hash; no hash while tables change, None before both."""
    found = connection.execute(
        f"SELECT value FROM {schema}.setting WHERE key = ?", (CONTENT_SETTING,)
    ).fetchone()
    if found is None:
        return None
    number, content = found[0][:_NUMBER_BYTES], bytes(found[0][_NUMBER_BYTES:])
    return int.from_bytes(number, "big"), content or None


def check_header(connection: Connection) -> None:
    """Check that header and hash are of one commit. Raise KfdeskError `store.mixed`."""
    if not _has_right_header(connection):
        raise KfdeskError("store.mixed")


def _has_right_header(connection: Connection) -> bool:
    kept = read_content(connection)
    (header,) = connection.execute("PRAGMA default_cache_size").fetchone()
    if kept is not None:
        return bool(header == _header_of(kept[0]))
    newest = connection.execute("SELECT previous FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    had_hash = newest is not None and len(newest[0]) > _PREVIOUS_BYTES
    return header < _HEADER_BASE and not had_hash


def is_mixed(connection: Connection, schema: str) -> bool:
    """Return whether the rows of the store attached as `schema` do not match its hash.

    A store without a hash, of an older program, never is.
    """
    kept = read_content(connection, schema)
    if kept is None or kept[1] is None:
        return False
    return sum_of_rows(connection, schema) != int.from_bytes(kept[1], "big")


def sum_of_rows(connection: Connection, schema: str) -> int:
    """Return the sum over all rows of a store, modulo 2**256."""
    digest = _row_digest(_content_key(connection, schema))
    total = 0
    for table, columns in _hashed_tables(connection, schema):
        where = f"WHERE key != '{CONTENT_SETTING}'" if table == "setting" else ""
        rows = connection.execute(
            f"SELECT '{table}', {', '.join(columns)} FROM {schema}.\"{table}\" {where}"
        )
        total += sum(map(digest, rows))
    return total % _MODULUS


def _hashed_tables(connection: Connection, schema: str) -> Iterable[tuple[str, list[str]]]:
    """Return each table under the hash with its quoted columns."""
    tables: dict[str, list[str]] = {}
    for table, column in connection.execute(
        f"SELECT made.name, held.name FROM {schema}.sqlite_schema AS made, "
        "pragma_table_info(made.name, ?) AS held WHERE made.type = 'table' AND made.rootpage > 0 "
        "AND made.name NOT LIKE 'sqlite_%' ORDER BY made.name, held.cid",
        (schema,),
    ):
        is_record = table.startswith(_RECORD_PREFIX)
        if table.partition("_")[0] != _FULL_TEXT and (not is_record or column in _RECORD_COLUMNS):
            tables.setdefault(table, []).append(f'"{column}"')
    return tables.items()


def _content_key(connection: Connection, schema: str) -> bytes:
    found = connection.execute(
        f"SELECT value FROM {schema}.setting WHERE key = ?", (_KEY_SETTING,)
    ).fetchone()
    return bytes(found[0])[:_KEY_BYTES] if found else b""


def _row_digest(key: bytes) -> RowDigest:
    """Return the function that hashes a table's name and the cells of one row."""
    fresh = blake2b(key=key, digest_size=_SUM_BYTES).copy

    def digest(row: tuple[object, ...]) -> int:
        one = fresh()
        one.update(_encode(row))
        return int.from_bytes(one.digest(), "big")

    return digest


def _encode_sum(total: int) -> bytes:
    return (total % _MODULUS).to_bytes(_SUM_BYTES, "big")


def _header_of(number: int) -> int:
    """Return the header's value for a number of commits."""
    return _HEADER_BASE + number % _HEADER_BASE
