# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the records of this store were looked at for whom, and what has changed since.

A number of the store's one counter of changes, and a digest that is somebody else's to read: what
decides who may have what is not known here.
"""

from kfdesk.domain.desk.exchange import Level
from kfdesk.domain.records.registry import TYPES
from kfdesk.storage.driver import Connection, reading
from kfdesk.storage.searching.tree import Tree


class Levels:
    """The levels of a store; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, tree: Tree) -> None:
        self._connection = connection
        self._tree = tree

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

    def drop(self, recipient: bytes) -> None:
        """Keep no more how far a recipient was looked at: what it was sent is not there."""
        self._connection.execute("DELETE FROM level WHERE recipient = ?", (recipient,))

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
        return self._tree.family(fresh)
