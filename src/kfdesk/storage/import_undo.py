# SPDX-License-Identifier: GPL-3.0-or-later
"""The undo of an import: the former rows of every table that it changed.

Of records the former states are kept. New ones are recognised by their change numbers, which one
import assigned in one run. A later change gives a row another number, so a missing number means
that it is too late to undo. Of the other tables each changed row is kept as it was before and
after, as the content hash reports it. An undo puts back what is still as the import left it. What
somebody has changed since stays, and a later import that changed it learns the former row.

Which writes were undone is noted, so that they do not come back unseen with the sender's next file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from kfdesk.domain.exchange import Direction, ImportRecord
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import decode_trusted, encode_state, live_writes
from kfdesk.domain.rows import Row
from kfdesk.storage.content_hash import ContentHash
from kfdesk.storage.disclosures import NEWEST
from kfdesk.storage.driver import Connection, translated_errors
from kfdesk.storage.row_codec import row_cells, upsert_statement

_IMPORT_COLUMNS = "digest, organisation, at, records, first, last, entry, sent, acknowledged"
_MAX_UNDOABLE = 20  # imports; to undo more, restore a backup
_PROVENANCE = "received_write"
_RECORD_TABLES = ("place", "chunk", "history", _PROVENANCE)
_JOURNALED = (
    "acknowledged", "erased_write", "erasure", "erasure_order", "kept_notice", "level", "partner",
    "received_write", "setting", "undone_write",
)  # fmt: skip
"""Tables besides records, the sequence and the ledger; an import may change any row of them."""
_GROWING = frozenset({"audit_latest", "counter"})
"""Settings that only grow, with every save."""

_Cells = tuple[object, ...]
_encode, _decode = msgspec.msgpack.encode, msgspec.msgpack.Decoder(tuple).decode


class _Journal:
    """The rows of some tables, before and after what is written while it listens."""

    def __init__(self, connection: Connection) -> None:
        self._keys = {
            name: [
                place
                for place, column in enumerate(_columns(connection, name))
                if column in _primary_key(connection, name)
            ]
            for name in _JOURNALED
        }
        self._rows: dict[tuple[str, bytes], tuple[_Cells | None, _Cells | None]] = {}
        self.changed_records = set[bytes]()
        """Records that were here before: of new ones the undo drops whose file brought them."""

    def note(self, sign: int, row: _Cells) -> None:
        """Note a row (table, then cells) that was added (1) or removed (-1)."""
        name, cells = str(row[0]), row[1:]
        places = self._keys.get(name)
        if places is None:
            return
        if sign > 0 and name == _PROVENANCE and cells[0] not in self.changed_records:
            return
        key = _encode([cells[place] for place in places])
        before, _ = self._rows.get((name, key), (cells if sign < 0 else None, None))
        self._rows[name, key] = (before, cells if sign > 0 else None)

    def changed(self) -> Iterator[tuple[str, bytes, bytes | None, bytes | None]]:
        """Yield table, key, and the row before and after, of each row that differs now."""
        for (name, key), (before, after) in self._rows.items():
            is_growing = name == "setting" and (after or before or ("",))[0] in _GROWING
            if before != after and not is_growing:
                yield name, key, _packed(before), _packed(after)


def _packed(cells: _Cells | None) -> bytes | None:
    return None if cells is None else _encode(cells)


def _columns(connection: Connection, name: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({name})").fetchall()]


def _primary_key(connection: Connection, name: str) -> list[str]:
    rows = connection.execute(f"PRAGMA table_info({name})").fetchall()
    return [row[1] for row in rows if row[5]]


class ImportUndoLog:
    """The undoable imports, on the store's connection; write inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(
        self, connection: Connection, content: ContentHash, next_number: Callable[[], int]
    ) -> None:
        self._connection = connection
        self._content = content
        self._next_number = next_number
        self._journal: _Journal | None = None

    def begin(self, taking: ImportRecord) -> None:
        """Begin an import, before its rows are written."""
        first = self._next_number()
        self._journal = _Journal(self._connection)
        self._content.listener = self._journal.note
        self._connection.execute(
            f"INSERT INTO taking ({_IMPORT_COLUMNS}) VALUES (?, ?, ?, 0, ?, ?, 0, 0, ?)",
            (
                taking.digest, taking.organisation, taking.milliseconds, first, first,
                msgspec.msgpack.encode(taking.acknowledged),
            ),
        )  # fmt: skip

    def keep(self, digest: bytes, before: Iterable[tuple[Row, bytes | None]]) -> None:
        """Save the state of records before the import changes them; the first state saved counts.

        Records that the import itself created are skipped.
        """
        (first,) = self._connection.execute(
            "SELECT first FROM taking WHERE digest = ?", (digest,)
        ).fetchone()
        for row, took in before:
            if self._journal is not None:
                self._journal.changed_records.add(row.rid)
            (number,) = self._connection.execute(
                f"SELECT n FROM record_{row.type} WHERE rid = ?", (row.rid,)
            ).fetchone()
            if number < first:
                self._connection.execute(
                    "INSERT OR IGNORE INTO taking_row VALUES (?, ?, ?, ?, ?)",
                    (digest, row.rid, row.type, took, encode_state(row.state)),
                )

    def end(self, digest: bytes, records: int) -> None:
        """End an import; every later change prevents its undo."""
        self._connection.execute(
            "UPDATE taking SET last = ?, records = ?, entry = ?, sent = ? WHERE digest = ?",
            (self._next_number(), records, *self._sent_so_far(), digest),
        )
        assert self._journal is not None  # `begin` comes first
        self._content.listener = None
        self._connection.executemany(
            "INSERT INTO taking_cell VALUES (?, ?, ?, ?, ?)",
            [(digest, *cells) for cells in self._journal.changed()],
        )
        self._forget(
            "SELECT digest FROM taking ORDER BY last DESC LIMIT -1 OFFSET ?", (_MAX_UNDOABLE,)
        )

    def forget(self) -> None:
        """Make all imports permanent."""
        self._forget("SELECT digest FROM taking", ())

    def forget_one(self, digest: bytes) -> None:
        """Make one import permanent."""
        self._forget("SELECT digest FROM taking WHERE digest = ?", (digest,))

    @translated_errors()
    def open(self) -> tuple[ImportRecord, ...]:
        """Return the imports that can still be undone, the newest first."""
        rows = self._connection.execute(
            "SELECT digest, organisation, at, records, acknowledged, first, last FROM taking "
            "WHERE entry = ? AND sent = ? ORDER BY last DESC",
            self._sent_so_far(),
        ).fetchall()
        return tuple(
            ImportRecord(digest, organisation, at, records, _unpack_digests(acknowledged))
            for digest, organisation, at, records, acknowledged, first, last in rows
            if self._is_untouched(records, first, last)
        )

    def rows(self, taking: ImportRecord) -> Iterator[Row]:
        """Yield the records that an import changed, as they are now."""
        first, last = self._range(taking)
        for name in RECORD_TYPES:
            touched = self._connection.execute(
                f"SELECT rid, parent, custodian, state FROM record_{name} WHERE n > ? AND n < ?",
                (first, last),
            )
            for rid, parent, custodian, state in touched:
                yield Row(rid, name, parent, custodian, decode_trusted(state))

    def undo_import(self, taking: ImportRecord) -> frozenset[bytes]:
        """Undo an import: restore everything as it was before; return the ids of its records."""
        first, last = self._range(taking)
        before = self._before(taking.digest)
        self._note_undone(taking, before)
        touched = {name: self._rids(name, first, last) for name in RECORD_TYPES}
        for name, rids in touched.items():
            self._drop(name, [rid for rid in rids if rid not in before])
        for row, took in before.values():
            self._connection.execute(
                upsert_statement(row.type), row_cells(row, self._next_number(), took)
            )
            self._connection.executemany(
                "DELETE FROM history WHERE rid = ? AND fid = ? AND wid = ?",
                [(row.rid, write.fid, write.wid) for write in live_writes(row.state)],
            )
        self._restore_cells(taking.digest)
        self._forget_order(taking)
        return frozenset(rid for rids in touched.values() for rid in rids)

    @translated_errors()
    def undone(self, organisation: bytes) -> Mapping[bytes, frozenset[tuple[int, bytes]]]:
        """Return the writes of an organisation's files that were undone, by record."""
        found: dict[bytes, set[tuple[int, bytes]]] = {}
        rows = "SELECT rid, fid, wid FROM undone_write WHERE organisation = ?"
        for rid, fid, wid in self._connection.execute(rows, (organisation,)):
            found.setdefault(rid, set()).add((fid, wid))
        return {rid: frozenset(pairs) for rid, pairs in found.items()}

    def accept(self, organisation: bytes, rids: Iterable[bytes]) -> None:
        """Note that these records of an organisation's file were taken again, after a look."""
        waiting = "SELECT 1 FROM undone_write WHERE organisation = ? LIMIT 1"
        if self._connection.execute(waiting, (organisation,)).fetchone() is None:
            return
        self._connection.executemany(
            "DELETE FROM undone_write WHERE organisation = ? AND rid = ?",
            [(organisation, rid) for rid in rids],
        )

    def _note_undone(
        self, taking: ImportRecord, before: Mapping[bytes, tuple[Row, bytes | None]]
    ) -> None:
        """Note the live writes that the undone file had brought."""
        for row in self.rows(taking):
            pairs = {write[:2] for write in live_writes(row.state)}
            if row.rid in before:
                pairs -= {write[:2] for write in live_writes(before[row.rid][0].state)}
            self._connection.executemany(
                "INSERT OR IGNORE INTO undone_write VALUES (?, ?, ?, ?)",
                [(taking.organisation, row.rid, *pair) for pair in sorted(pairs)],
            )

    def _restore_cells(self, digest: bytes) -> None:
        """Put back each row of other tables that is as the import left it."""
        cells = self._connection.execute(
            "SELECT name, key, before, after FROM taking_cell WHERE digest = ?", (digest,)
        ).fetchall()
        wheres = {
            name: " AND ".join(f"{one} = ?" for one in _primary_key(self._connection, name))
            for name in _JOURNALED
        }
        for name, key, before, after in cells:
            where = wheres[name]
            values = _decode(key)
            found = self._connection.execute(f"SELECT * FROM {name} WHERE {where}", values)
            if _packed(found.fetchone()) != after:
                self._connection.execute(
                    "UPDATE taking_cell SET before = ? "
                    "WHERE name = ? AND key = ? AND before IS ? AND digest != ?",
                    (before, name, key, after, digest),
                )
                continue
            self._connection.execute(f"DELETE FROM {name} WHERE {where}", values)
            if before is not None:
                row = _decode(before)
                marks = ", ".join("?" * len(row))
                self._connection.execute(f"INSERT INTO {name} VALUES ({marks})", row)

    def _range(self, taking: ImportRecord) -> tuple[int, int]:
        found = self._connection.execute(
            "SELECT first, last FROM taking WHERE digest = ?", (taking.digest,)
        )
        first, last = found.fetchone()
        return first, last

    def _forget_order(self, taking: ImportRecord) -> None:
        for statement in (
            f"DELETE FROM mark WHERE digest = ? AND direction = '{Direction.IN}'",
            "DELETE FROM disclosure WHERE target = ?",
            "DELETE FROM taking_row WHERE digest = ?",
            "DELETE FROM taking_cell WHERE digest = ?",
            "DELETE FROM taking WHERE digest = ?",
        ):
            self._connection.execute(statement, (taking.digest,))
        self._connection.execute(
            "DELETE FROM acknowledged WHERE target IN "
            "(SELECT digest FROM mark WHERE organisation = ? AND direction = ?)",
            (taking.organisation, Direction.OUT),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO acknowledged VALUES (?)",
            [(target,) for target in taking.acknowledged],
        )

    def _before(self, digest: bytes) -> dict[bytes, tuple[Row, bytes | None]]:
        kept = self._connection.execute(
            "SELECT rid, type, took, state FROM taking_row WHERE digest = ?", (digest,)
        ).fetchall()
        return {rid: (self._row(rid, name, state), took) for rid, name, took, state in kept}

    def _row(self, rid: bytes, record_type: str, state: bytes) -> Row:
        parent, custodian = self._connection.execute(
            f"SELECT parent, custodian FROM record_{record_type} WHERE rid = ?", (rid,)
        ).fetchone()
        return Row(rid, record_type, parent, custodian, decode_trusted(state))

    def _drop(self, record_type: str, rids: list[bytes]) -> None:
        for table in (f"record_{record_type}", *_RECORD_TABLES):
            self._connection.executemany(
                f"DELETE FROM {table} WHERE rid = ?", [(rid,) for rid in rids]
            )

    def _is_untouched(self, records: int, first: int, last: int) -> bool:
        """Return whether each row still has its number and no record was added below it."""
        touched = {rid for name in RECORD_TYPES for rid in self._rids(name, first, last)}
        return len(touched) == records and touched.isdisjoint(self._parents_since(last))

    def _rids(self, record_type: str, first: int, last: int) -> list[bytes]:
        rows = self._connection.execute(
            f"SELECT rid FROM record_{record_type} WHERE n > ? AND n < ?", (first, last)
        )
        return [rid for (rid,) in rows]

    def _parents_since(self, last: int) -> Iterator[bytes]:
        for name in RECORD_TYPES:
            rows = self._connection.execute(
                f"SELECT parent FROM record_{name} WHERE n > ? AND parent IS NOT NULL", (last,)
            )
            yield from (parent for (parent,) in rows)

    def _sent_so_far(self) -> tuple[int, int]:
        """Return what changes with any disclosure: its newest ledger id and the bundles sent."""
        (entry,) = self._connection.execute(NEWEST).fetchone()
        (sent,) = self._connection.execute(
            "SELECT count(*) FROM mark WHERE direction = ?", (Direction.OUT,)
        ).fetchone()
        return entry, sent

    def _forget(self, which: str, values: tuple[int | bytes, ...]) -> None:
        digests = self._connection.execute(which, values).fetchall()
        for table in ("taking_cell", "taking_row", "taking"):
            self._connection.executemany(f"DELETE FROM {table} WHERE digest = ?", digests)


def _unpack_digests(packed: bytes) -> tuple[bytes, ...]:
    return msgspec.msgpack.decode(packed, type=tuple[bytes, ...])
