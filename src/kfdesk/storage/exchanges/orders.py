# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be erased elsewhere, what others ask us to erase, and what must still be told.

Ids, codes and times, which stay when the records are gone: an order has to be answered, and a
withdrawal to be told, after nothing is left of her. Knows no trust and no meaning of a reason.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kfdesk.domain.desk.erasure import Order, OrderState, Part, Standing
from kfdesk.domain.desk.exchange import Direction
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import decode_own, encode
from kfdesk.storage.driver import Connection, reading

_COLUMNS = "partner, id, rid, what, reason, deadline, at, state, settled, target"


class Orders:
    """Orders and untold withdrawals; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enter(self, direction: Direction, standings: Iterable[Standing]) -> None:
        """Keep orders, in the place of those that were kept under the same ids."""
        self._connection.executemany(
            f"INSERT OR REPLACE INTO erasure_order (direction, {_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(direction, *_cells(one)) for one in standings],
        )

    @reading()
    def standing(self, direction: Direction) -> tuple[Standing, ...]:
        """All orders of ours, or all that came, the oldest first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM erasure_order WHERE direction = ? ORDER BY at, partner, id",
            (direction,),
        )
        return tuple(_standing(row) for row in rows)

    def carry(
        self, direction: Direction, partner: bytes, ids: Iterable[bytes], target: bytes
    ) -> None:
        """Note which file for a partner was the newest that held these orders or receipts."""
        self._connection.executemany(
            "UPDATE erasure_order SET target = ? WHERE direction = ? AND partner = ? AND id = ?",
            [(target, direction, partner, one) for one in ids],
        )

    # writes that were erased

    def mark_writes(self, rid: bytes, part: Part, milliseconds: int) -> None:
        """Note that these writes were erased: they are never taken again."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO erased_write VALUES (?, ?, ?, ?)",
            [(rid, fid, wid, milliseconds) for fid, wid in pairs_of(part)],
        )

    @reading()
    def erased_writes(self) -> Mapping[bytes, frozenset[tuple[int, bytes]]]:
        """The writes that were erased, by record."""
        found: dict[bytes, set[tuple[int, bytes]]] = {}
        for rid, fid, wid in self._connection.execute("SELECT rid, fid, wid FROM erased_write"):
            found.setdefault(rid, set()).add((fid, wid))
        return {rid: frozenset(pairs) for rid, pairs in found.items()}

    # withdrawals of who was erased

    def keep_notice(self, notice: Row, recipient: bytes) -> None:
        """Keep a withdrawal that somebody must still be told, whatever becomes of the consent."""
        assert notice.parent is not None
        self._connection.execute(
            "INSERT OR REPLACE INTO kept_notice VALUES (?, ?, ?, ?, ?)",
            (notice.rid, recipient, notice.parent, notice.custodian, encode(notice.state)),
        )

    @reading()
    def kept_notices(self) -> Sequence[tuple[Row, bytes]]:
        """The withdrawals that were kept, each with whom to tell."""
        rows = self._connection.execute(
            "SELECT rid, recipient, parent, custodian, state FROM kept_notice ORDER BY rid"
        )
        return [
            (Row(rid, "consent", parent, custodian, decode_own(state)), recipient)
            for rid, recipient, parent, custodian, state in rows
        ]

    def drop_notice(self, rid: bytes, recipient: bytes) -> None:
        """Somebody knows of a withdrawal that was kept."""
        self._connection.execute(
            "DELETE FROM kept_notice WHERE rid = ? AND recipient = ?", (rid, recipient)
        )


def pairs_of(part: Part) -> list[tuple[int, bytes]]:
    """The (field id, write id) pairs that a part names."""
    return [(fid, ids[i : i + 8]) for fid, ids in part for i in range(0, len(ids), 8)]


def _cells(one: Standing) -> tuple[bytes | str | int | None, ...]:
    order = one.order
    what = msgspec.msgpack.encode(order.part) if order.part is not None else None
    head = (one.partner, order.id, order.rid, what, order.reason, order.deadline, order.hlc)
    return (*head, one.state, one.settled, one.target or None)


def _standing(
    row: tuple[bytes, bytes, bytes, bytes | None, str, int, int, str, int | None, bytes | None],
) -> Standing:
    partner, order, rid, what, reason, deadline, hlc, state, settled, target = row
    part = msgspec.msgpack.decode(what, type=Part) if what is not None else None
    kept = Order(order, rid, part, reason, deadline, hlc)
    return Standing(kept, partner, OrderState(state), settled, target or b"")
