# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing records for good, and the list of what was erased: ids, times and reasons, no content.

Whatever has a record's id loses its rows, but for the tables that hold ids alone and must answer
later: what went to whom, the audit trail, the list itself, what partners are asked to erase, and
the withdrawals that they have not heard of yet. Deleted bytes are
overwritten at once (`secure_delete`); `squeeze` then rewrites the file, so that no free page and
no slack keeps any. The list never shrinks, travels in every backup and is applied again on
restore. The words of the index outlive their rows until it is put together anew, so that comes
first. Knows no person and no reason's meaning.
"""

from collections.abc import Iterable

from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.erasure import ORDERED
from kfdesk.storage.driver import Connection, DatabaseError, fault_of, reading
from kfdesk.storage.searching.tree import Tree

KEPT = frozenset({"disclosure", "audit", "erasure", "erasure_order", "erased_write", "kept_notice"})
"""Tables with ids of records that stay when a record is erased."""


class Erasures:
    """The erasures of a store; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, tree: Tree) -> None:
        self._connection = connection
        self._tree = tree

    @reading()
    def rids(self) -> frozenset[bytes]:
        """The ids of all that was ever erased."""
        return frozenset(row[0] for row in self._connection.execute("SELECT rid FROM erasure"))

    @reading()
    def entries(self) -> tuple[Erased, ...]:
        """The whole list."""
        rows = self._connection.execute("SELECT rid, at, reason FROM erasure ORDER BY rid")
        return tuple(Erased(*row) for row in rows)

    def erase(self, erased: Erased) -> frozenset[bytes]:
        """Erase a record and everything under it; returns their ids.

        One that is not there is marked all the same, and what nobody has is taken from nobody. What
        a partner has asked for is that record alone: what stands under it may be ours.
        """
        is_alone = erased.reason == ORDERED
        rids = frozenset((erased.rid,)) if is_alone else self._tree.family((erased.rid,))
        for table in self._holding("rid"):
            self._delete(table, "rid", rids)
        if not is_alone:
            self._delete("draft", "parent", rids)
        self.mark(Erased(rid, erased.milliseconds, erased.reason) for rid in rids)
        return rids

    def mark(self, entries: Iterable[Erased]) -> None:
        """Note what was erased; what stands there already keeps its time and reason."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO erasure VALUES (?, ?, ?)",
            [(each.rid, each.milliseconds, each.reason) for each in entries],
        )

    def squeeze(self) -> None:
        """Rewrite the whole file, so that nothing erased is left in it; outside a transaction.

        Raises KfdeskError `store.disk` where there is no room for it; then the store is whole and
        what was deleted is overwritten all the same.
        """
        try:
            self._connection.execute("INSERT INTO lead (lead) VALUES ('optimize')")
            self._connection.execute("VACUUM")
        except DatabaseError as error:
            raise fault_of(error) from None

    def _holding(self, column: str) -> list[str]:
        """The tables, of this version and of later ones, that have a record's id in a column."""
        names = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return [
            name
            for (name,) in names
            if name not in KEPT
            and any(
                row[1] == column
                for row in self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
            )
        ]

    def _delete(self, table: str, column: str, rids: Iterable[bytes]) -> None:
        self._connection.executemany(
            f'DELETE FROM "{table}" WHERE {column} = ?', [(rid,) for rid in sorted(rids)]
        )
