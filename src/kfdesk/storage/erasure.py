# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasure: delete records for good, and list what was erased (ids, times, reasons).

All tables lose the rows with an erased record's id. The exceptions hold ids only and
are needed later: the disclosure ledger, the audit trail, the list itself, erasure
orders to partners, and withdrawals that partners do not know yet.

Deleted bytes are overwritten at once (`secure_delete`). `vacuum` then rewrites the
file, so that no free page and no slack keeps any. The search index keeps words of
deleted rows until it is optimized, so `vacuum` does that first. The list is part of every
backup and is applied again after a restore. Each entry names the custodian of its record, and
who said so. Only people take an entry back, by hand or by the undo of the file that brought it.
"""

from collections.abc import Iterable
from dataclasses import replace

from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.exchange import REASON_ORDERED
from kfdesk.storage.driver import (
    Connection,
    DatabaseError,
    placeholders,
    portions,
    translate_error,
    translated_errors,
)
from kfdesk.storage.figures import CountedClients
from kfdesk.storage.row_codec import RecordTree

KEPT_TABLES = frozenset(
    {"disclosure", "sent", "audit", "erasure", "erasure_order", "erased_write", "kept_notice"}
)
"""Tables with record ids that stay when a record is erased."""
_ENTRY_COLUMNS = "rid, at, reason, custodian, sender, file"


class Erasures:
    """The erasures of a store; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, tree: RecordTree, counted: CountedClients) -> None:
        self._connection = connection
        self._tree = tree
        self._counted = counted

    @translated_errors()
    def rids(self) -> frozenset[bytes]:
        """Return the ids of all records that were ever erased."""
        return frozenset(row[0] for row in self._connection.execute("SELECT rid FROM erasure"))

    @translated_errors()
    def entries(self) -> tuple[ErasureEntry, ...]:
        """Return the whole list of erasures."""
        rows = self._connection.execute(f"SELECT {_ENTRY_COLUMNS} FROM erasure ORDER BY rid, at")
        return tuple(ErasureEntry(*row) for row in rows)

    @translated_errors()
    def is_empty(self) -> bool:
        """Return whether nothing is on the list."""
        return not self._connection.execute("SELECT 1 FROM erasure LIMIT 1").fetchall()

    @translated_errors()
    def entries_among(self, rids: Iterable[bytes]) -> tuple[ErasureEntry, ...]:
        """Return the entries of these ids."""
        return tuple(
            ErasureEntry(*row)
            for part in portions(rids)
            for row in self._connection.execute(
                f"SELECT {_ENTRY_COLUMNS} FROM erasure WHERE rid IN ({placeholders(part)})", part
            ).fetchall()
        )

    @translated_errors()
    def said_since(self, milliseconds: int, reason: str) -> tuple[ErasureEntry, ...]:
        """Return the entries that stand on a partner's word, for a reason and from a time on."""
        rows = self._connection.execute(
            f"SELECT {_ENTRY_COLUMNS} FROM erasure WHERE at >= ? AND reason = ? AND sender != x''",
            (milliseconds, reason),
        )
        return tuple(ErasureEntry(*row) for row in rows)

    def reach(self, erased: ErasureEntry) -> frozenset[bytes]:
        """Return the ids that go with an erasure: the record's and of everything below it.

        For a partner's order it is the record alone: what stands below it may be ours.
        """
        is_alone = erased.reason == REASON_ORDERED
        return frozenset((erased.rid,)) if is_alone else self._tree.family((erased.rid,))

    def erase(self, erased: ErasureEntry) -> frozenset[bytes]:
        """Erase a record and what goes with it (see `reach`); return their ids.

        A record that is not here is listed all the same. Each is listed with its own custodian.
        """
        is_alone = erased.reason == REASON_ORDERED
        rids = self.reach(erased)
        whose = self._tree.custodians(rids)
        for table in self._tables_with("rid"):
            self._delete(table, "rid", rids)
        if not is_alone:
            self._delete("draft", "parent", rids)
        self._counted.forget(rids)
        known = self.rids() if rids - whose.keys() else frozenset()
        self.mark(
            replace(erased, rid=rid, custodian=whose.get(rid, erased.custodian))
            for rid in rids if rid in whose or rid not in known
        )  # fmt: skip
        return rids

    def mark(self, entries: Iterable[ErasureEntry]) -> None:
        """Add erasures to the list; existing entries keep their time and reason."""
        self._connection.executemany(
            f"INSERT OR IGNORE INTO erasure ({_ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (one.rid, one.milliseconds, one.reason, one.custodian, one.sender, one.file)
                for one in entries
            ],
        )

    @translated_errors()
    def entries_of(self, rid: bytes) -> tuple[ErasureEntry, ...]:
        """Return the entries of one id; two organisations may each have had a record under it."""
        rows = self._connection.execute(
            f"SELECT {_ENTRY_COLUMNS} FROM erasure WHERE rid = ?", (rid,)
        )
        return tuple(ErasureEntry(*row) for row in rows)

    def remove_false(self, rid: bytes) -> None:
        """Delete a record that stands under an id of somebody else, and list nothing."""
        for table in self._tables_with("rid"):
            self._delete(table, "rid", (rid,))

    def take_back(self, entry: ErasureEntry) -> None:
        """Remove an entry from the list, so that its record may come again."""
        self._connection.execute(
            "DELETE FROM erasure WHERE rid = ? AND custodian = ?", (entry.rid, entry.custodian)
        )

    def vacuum(self) -> None:
        """Rewrite the whole file without erased data; call it outside a transaction.

        Raise KfdeskError `store.disk` if there is no room for it. Then the store is intact, and
        deleted data is overwritten all the same.
        """
        try:
            self._connection.execute("INSERT INTO lead (lead) VALUES ('optimize')")
            self._connection.execute("VACUUM")
        except DatabaseError as error:
            raise translate_error(error) from None

    def _tables_with(self, column: str) -> list[str]:
        """Return the tables, also of later versions, that have a record id in a column."""
        names = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return [
            name
            for (name,) in names
            if name not in KEPT_TABLES
            and any(
                row[1] == column
                for row in self._connection.execute(f'PRAGMA table_info("{name}")').fetchall()
            )
        ]

    def _delete(self, table: str, column: str, rids: Iterable[bytes]) -> None:
        self._connection.executemany(
            f'DELETE FROM "{table}" WHERE {column} = ?', [(rid,) for rid in sorted(rids)]
        )
