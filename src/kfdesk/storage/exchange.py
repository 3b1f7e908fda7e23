# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of the exchange: watermarks, erasure orders, and whose file brought a write.

A watermark tells up to which change a partner has a plan's records. An order to a
partner stays until it is answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from struct import Struct

import msgspec

from kfdesk.domain.exchange import (
    Direction,
    ErasedWrite,
    ErasureOrder,
    ErasureOrderState,
    Provenance,
    RecordPart,
    TrackedErasureOrder,
    Watermark,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import WID_BYTES, decode_trusted, encode_state
from kfdesk.domain.rows import Row
from kfdesk.storage.driver import Connection, placeholders, portions, translated_errors
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
