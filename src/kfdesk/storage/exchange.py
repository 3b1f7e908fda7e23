# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of the exchange: watermarks, erasure orders, and what an import can undo.

A watermark tells up to which change a partner has a plan's records. An order to a
partner stays until it is answered. For the undo of an import, the former states of
changed rows are kept, and its sequence data. New rows are recognised by their change
numbers, which one import assigned in one run. A later change gives a row another
number, so a missing number means that it is too late to undo.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from struct import Struct

import msgspec

from kfdesk.domain.exchange import (
    Direction,
    ErasedWrite,
    ErasureOrder,
    ErasureOrderState,
    ImportRecord,
    Provenance,
    RecordPart,
    TrackedErasureOrder,
    Watermark,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import WID_BYTES, decode_trusted, encode_state, live_writes
from kfdesk.domain.rows import Row
from kfdesk.storage.disclosures import NEWEST
from kfdesk.storage.driver import Connection, placeholders, portions, translated_errors
from kfdesk.storage.row_codec import row_cells, upsert_statement
from kfdesk.storage.tables import cell_to_day, day_to_cell

# --- watermarks


class Watermarks:
    """The watermarks of a store; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @translated_errors()
    def number(self) -> int:
        """Return the number of the newest change of a record."""
        newest = " UNION ALL ".join(
            f"SELECT max(n) AS n FROM record_{name}" for name in RECORD_TYPES
        )
        (found,) = self._connection.execute(f"SELECT max(n) FROM ({newest})").fetchone()
        return int(found or 0)

    @translated_errors()
    def of(self, recipient: bytes, rid: bytes) -> Watermark | None:
        """Return the watermark of a recipient for a plan, or for all if `rid` is empty."""
        found = self._connection.execute(
            f"SELECT {_LEVEL_COLUMNS} FROM level WHERE recipient = ? AND rid = ?", (recipient, rid)
        ).fetchone()
        return _level_from_cells(found) if found else None

    @translated_errors()
    def of_recipient(self, recipient: bytes) -> Mapping[bytes, Watermark]:
        """Return all watermarks of a recipient, by plan."""
        rows = self._connection.execute(
            f"SELECT {_LEVEL_COLUMNS} FROM level WHERE recipient = ?", (recipient,)
        )
        return {row[1]: _level_from_cells(row) for row in rows}

    def keep(self, *levels: Watermark) -> None:
        """Save watermarks in place of the former ones."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO level ({_LEVEL_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (one.recipient, one.rid, one.shown, one.number, *_days_to_cells(one.settled))
                for one in levels
            ],
        )

    def drop(self, recipient: bytes) -> None:
        """Keep no more how far a recipient was looked at: what it was sent is not there."""
        self._connection.execute("DELETE FROM level WHERE recipient = ?", (recipient,))

    @translated_errors()
    def changed(self, number: int) -> frozenset[bytes]:
        """Return the records changed after a number."""
        rows = self._connection.execute(
            " UNION ALL ".join(
                f"SELECT rid FROM record_{name} WHERE n > ?1" for name in RECORD_TYPES
            ),
            (number,),
        )
        return frozenset(rid for (rid,) in rows)

    @translated_errors()
    def newest(self, rids: Iterable[bytes]) -> Mapping[bytes, int]:
        """Return the number of the newest change of each of these records or of one above it.

        What stands above counts if it is among them.
        """
        found: dict[bytes, tuple[int, bytes | None]] = {}
        for part in portions(rids):
            marks = placeholders(part)
            types = f"SELECT DISTINCT type FROM place WHERE rid IN ({marks})"
            for (name,) in self._connection.execute(types, part).fetchall():
                query = f"SELECT rid, n, parent FROM record_{name} WHERE rid IN ({marks})"
                rows = self._connection.execute(query, part)
                found.update((rid, (number, above)) for rid, number, above in rows)
        return {rid: max(_numbers_up(rid, found)) for rid in found}


def _numbers_up(
    rid: bytes | None, found: Mapping[bytes, tuple[int, bytes | None]]
) -> Iterator[int]:
    """Yield the numbers of a record and of those above it; parents may form a cycle."""
    passed: set[bytes] = set()
    while rid is not None and rid in found and rid not in passed:
        passed.add(rid)
        number, rid = found[rid]
        yield number


_LEVEL_COLUMNS = "recipient, rid, shown, number, first, last"


def _level_from_cells(row: tuple[bytes, bytes, bytes, int, int | None, int | None]) -> Watermark:
    recipient, rid, shown, number, first, last = row
    days = None if first is None or last is None else (cell_to_day(first), cell_to_day(last))
    return Watermark(recipient, rid, shown, number, days)


def _days_to_cells(days: tuple[date, date] | None) -> tuple[int | None, int | None]:
    return (None, None) if days is None else (day_to_cell(days[0]), day_to_cell(days[1]))


_ORDER_COLUMNS = "partner, id, rid, what, reason, deadline, at, state, settled, target"


# --- erasure orders


class ErasureOrders:
    """Erasure orders and untold withdrawals; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, direction: Direction, standings: Iterable[TrackedErasureOrder]) -> None:
        """Save orders in place of those with the same ids."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO erasure_order (direction, {_ORDER_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(direction, *_order_cells(one)) for one in standings],
        )

    @translated_errors()
    def standing(self, direction: Direction) -> tuple[TrackedErasureOrder, ...]:
        """Return all orders in one direction, the oldest first."""
        rows = self._connection.execute(
            f"SELECT {_ORDER_COLUMNS} FROM erasure_order "
            "WHERE direction = ? ORDER BY at, partner, id",
            (direction,),
        )
        return tuple(_order_from_cells(row) for row in rows)

    def set_target(
        self, direction: Direction, partner: bytes, ids: Iterable[bytes], target: bytes
    ) -> None:
        """Record the newest file for a partner that contains these orders or receipts."""
        self._connection.executemany(
            "UPDATE erasure_order SET target = ? WHERE direction = ? AND partner = ? AND id = ?",
            [(target, direction, partner, one) for one in ids],
        )

    # writes that were erased

    def mark_writes(
        self, rid: bytes, part: RecordPart, milliseconds: int, orderer: bytes = b""
    ) -> None:
        """Record that these writes were erased, so that they are never imported again.

        `orderer` is who asked for it while the record was not here: that counts only if it is
        the custodian of the record that comes later.
        """
        self._connection.executemany(
            "INSERT OR IGNORE INTO erased_write VALUES (?, ?, ?, ?, ?)",
            [(rid, fid, wid, orderer, milliseconds) for fid, wid in write_pairs(part)],
        )

    @translated_errors()
    def erased_writes(self) -> Mapping[bytes, frozenset[ErasedWrite]]:
        """Return the erased writes by record."""
        found: dict[bytes, set[ErasedWrite]] = {}
        columns = "rid, fid, wid, orderer"
        for rid, *write in self._connection.execute(f"SELECT {columns} FROM erased_write"):
            found.setdefault(rid, set()).add(ErasedWrite(*write))
        return {rid: frozenset(writes) for rid, writes in found.items()}

    # withdrawals of who was erased

    def keep_notice(self, notice: Row, recipient: bytes) -> None:
        """Save a withdrawal that a recipient must still be told, even if the consent is erased."""
        assert notice.parent is not None
        self._connection.execute(
            "INSERT OR REPLACE INTO kept_notice VALUES (?, ?, ?, ?, ?)",
            (notice.rid, recipient, notice.parent, notice.custodian, encode_state(notice.state)),
        )

    @translated_errors()
    def kept_notices(self) -> Sequence[tuple[Row, bytes]]:
        """Return the saved withdrawals, each with its recipient."""
        rows = self._connection.execute(
            "SELECT rid, recipient, parent, custodian, state FROM kept_notice ORDER BY rid"
        )
        return [
            (Row(rid, "consent", parent, custodian, decode_trusted(state)), recipient)
            for rid, recipient, parent, custodian, state in rows
        ]

    def drop_notice(self, rid: bytes, recipient: bytes) -> None:
        """Delete a saved withdrawal that the recipient now knows."""
        self._connection.execute(
            "DELETE FROM kept_notice WHERE rid = ? AND recipient = ?", (rid, recipient)
        )


def write_pairs(part: RecordPart) -> list[tuple[int, bytes]]:
    """Return the (field id, write id) pairs of a record part."""
    return [(fid, ids[i : i + 8]) for fid, ids in part for i in range(0, len(ids), 8)]


def _order_cells(one: TrackedErasureOrder) -> tuple[bytes | str | int | None, ...]:
    order = one.order
    what = msgspec.msgpack.encode(order.part) if order.part is not None else None
    head = (one.partner, order.id, order.rid, what, order.reason, order.deadline, order.hlc)
    return (*head, one.state, one.settled, one.target or None)


def _order_from_cells(
    row: tuple[bytes, bytes, bytes, bytes | None, str, int, int, str, int | None, bytes | None],
) -> TrackedErasureOrder:
    partner, order, rid, what, reason, deadline, hlc, state, settled, target = row
    part = msgspec.msgpack.decode(what, type=RecordPart) if what is not None else None
    kept = ErasureOrder(order, rid, part, reason, deadline, hlc)
    return TrackedErasureOrder(kept, partner, ErasureOrderState(state), settled, target or b"")


# --- provenance

_WRITE = Struct(f">H{WID_BYTES}s")


class ReceivedWrites:
    """Mark which partner's file brought a write; use it inside the store's transaction.

    The author's name in a write is what its sender wrote there; this is what was signed.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, sender: bytes, writes: Mapping[bytes, Iterable[tuple[int, bytes]]]) -> None:
        """Record that these writes, by record, came in a file of `sender`."""
        packed = {
            rid: b"".join(_WRITE.pack(*pair) for pair in sorted(pairs))
            for rid, pairs in writes.items()
        }
        for part in portions(packed):
            for rid, before in self._connection.execute(
                f"SELECT rid, writes FROM received_write WHERE sender = ? "
                f"AND rid IN ({placeholders(part)})",
                (sender, *part),
            ):
                packed[rid] = before + packed[rid]
        self._connection.executemany(
            "INSERT OR REPLACE INTO received_write VALUES (?, ?, ?)",
            [(rid, sender, some) for rid, some in packed.items()],
        )

    def rename(self, rid: bytes, ids: Mapping[tuple[int, bytes], bytes]) -> None:
        """Give writes of a record other ids, whoever sent them."""
        rows = self._connection.execute(
            "SELECT sender, writes FROM received_write WHERE rid = ?", (rid,)
        ).fetchall()
        for sender, writes in rows:
            pairs = [(fid, ids.get((fid, wid), wid)) for fid, wid in _WRITE.iter_unpack(writes)]
            self._connection.execute(
                "UPDATE received_write SET writes = ? WHERE rid = ? AND sender = ?",
                (b"".join(_WRITE.pack(*pair) for pair in sorted(pairs)), rid, sender),
            )

    def all(self) -> Iterator[Provenance]:
        """Yield who sent which writes, sorted by record and sender."""
        with translated_errors():  # round the reading itself, which begins when somebody asks
            rows = self._connection.execute(
                "SELECT rid, sender, writes FROM received_write ORDER BY rid, sender"
            )
            for rid, sender, writes in rows:
                yield Provenance(rid, sender, frozenset(_WRITE.iter_unpack(writes)))

    @translated_errors()
    def senders(self, rid: bytes) -> Mapping[tuple[int, bytes], bytes]:
        """Return who sent each write of a record that came in a file: its first sender counts."""
        rows = self._connection.execute(
            "SELECT sender, writes FROM received_write WHERE rid = ? ORDER BY sender", (rid,)
        )
        return {
            (fid, wid): sender for sender, writes in rows for fid, wid in _WRITE.iter_unpack(writes)
        }


_IMPORT_COLUMNS = "digest, organisation, at, records, first, last, entry, sent, acknowledged"
_MAX_UNDOABLE = 20  # imports; to undo more, restore a backup
_RECORD_TABLES = ("place", "chunk", "history")


# --- import undo


class ImportUndoLog:
    """The undoable imports, on the store's connection; write inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, next_number: Callable[[], int]) -> None:
        self._connection = connection
        self._next_number = next_number

    def begin(self, taking: ImportRecord) -> None:
        """Begin an import, before its rows are written."""
        first = self._next_number()
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
        self._forget_order(taking)
        return frozenset(rid for rids in touched.values() for rid in rids)

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
        for table in ("taking_row", "taking"):
            self._connection.executemany(f"DELETE FROM {table} WHERE digest = ?", digests)


def _unpack_digests(packed: bytes) -> tuple[bytes, ...]:
    return msgspec.msgpack.decode(packed, type=tuple[bytes, ...])
