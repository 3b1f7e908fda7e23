# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the records of this store were looked at for whom, and what has changed since.

A number of the store's one counter of changes, and a digest that is somebody else's to read: what
decides who may have what is not known here.
"""

from collections.abc import Collection

from kfdesk.domain.desk.exchange import Level
from kfdesk.domain.records.registry import TYPES
from kfdesk.storage.driver import Connection, reading

_PORTION = 400  # ids asked for at once


class Levels:
    """The levels of a store; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @reading()
    def number(self) -> int:
        """The number of the newest change of a record."""
        found = max(
            self._connection.execute(f"SELECT coalesce(max(n), 0) FROM record_{name}").fetchone()[0]
            for name in TYPES
        )
        return int(found)

    @reading()
    def of(self, recipient: bytes, rid: bytes) -> Level | None:
        """How far a recipient was looked at, around a plan, or in all where `rid` is empty."""
        found = self._connection.execute(
            "SELECT recipient, rid, shown, number FROM level WHERE recipient = ? AND rid = ?",
            (recipient, rid),
        ).fetchone()
        return Level(*found) if found else None

    def keep(self, level: Level) -> None:
        """Keep how far a recipient was looked at, in the place of what was kept."""
        self._connection.execute(
            "INSERT OR REPLACE INTO level VALUES (?, ?, ?, ?)",
            (level.recipient, level.rid, level.shown, level.number),
        )

    @reading()
    def since(self, number: int) -> frozenset[bytes]:
        """The records that were changed after a number, and all that stand below them."""
        fresh = {
            rid
            for name in TYPES
            for (rid,) in self._connection.execute(
                f"SELECT rid FROM record_{name} WHERE n > ?", (number,)
            )
        }
        found = set(fresh)
        while fresh:
            fresh = self._below(fresh) - found
            found |= fresh
        return frozenset(found)

    def _below(self, rids: Collection[bytes]) -> set[bytes]:
        wanted, found = sorted(rids), set[bytes]()
        for begin in range(0, len(wanted), _PORTION):
            portion = wanted[begin : begin + _PORTION]
            marks = ", ".join("?" * len(portion))
            for name in TYPES:
                rows = f"SELECT rid FROM record_{name} WHERE parent IN ({marks})"
                found.update(rid for (rid,) in self._connection.execute(rows, portion))
        return found
