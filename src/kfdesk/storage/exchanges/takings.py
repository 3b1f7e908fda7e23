# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that were taken, as far as they can be taken back: the rows before, and the order.

New rows are known by their numbers, which one taking gave in one go; only of changed rows is kept
how they were. Who changes such a row gives it another number, so a number that is missing says
that it is too late. Knows no partner's trust and no field.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from kfdesk.domain.desk.exchange import Direction, Taking
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import decode_own, encode, writes_of
from kfdesk.storage.cells import cells_of, replacing
from kfdesk.storage.driver import Connection, reading

_COLUMNS = "digest, organisation, at, records, first, last, entry, sent, acknowledged"
_MOST = 20  # files; who wants to take back more restores a backup
_OF_RECORD = ("place", "chunk", "history")


class Takings:
    """What was taken, on the store's connection; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, next_number: Callable[[], int]) -> None:
        self._connection = connection
        self._next_number = next_number

    def begin(self, taking: Taking) -> None:
        """The rows of a file are going to be written."""
        first = self._next_number()
        self._connection.execute(
            f"INSERT INTO taking ({_COLUMNS}) VALUES (?, ?, ?, 0, ?, ?, 0, 0, ?)",
            (
                taking.digest, taking.organisation, taking.milliseconds, first, first,
                msgspec.msgpack.encode(taking.acknowledged),
            ),
        )  # fmt: skip

    def keep(self, digest: bytes, before: Iterable[tuple[Row, bytes | None]]) -> None:
        """Keep how records were before a file changes them; the first that is kept counts.

        One that the file has made itself was not there before.
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
                    (digest, row.rid, row.type, took, encode(row.state)),
                )

    def end(self, digest: bytes, records: int) -> None:
        """All of the file is written: what changes from now on stands in the way of taking back."""
        self._connection.execute(
            "UPDATE taking SET last = ?, records = ?, entry = ?, sent = ? WHERE digest = ?",
            (self._next_number(), records, *self._gone_out(), digest),
        )
        self._forget("SELECT digest FROM taking ORDER BY last DESC LIMIT -1 OFFSET ?", (_MOST,))

    def forget(self) -> None:
        """None of the files can be taken back any more."""
        self._forget("SELECT digest FROM taking", ())

    @reading()
    def open(self) -> tuple[Taking, ...]:
        """The files that can still be taken back, the newest first."""
        rows = self._connection.execute(
            "SELECT digest, organisation, at, records, acknowledged, first, last FROM taking "
            "WHERE entry = ? AND sent = ? ORDER BY last DESC",
            self._gone_out(),
        ).fetchall()
        return tuple(
            Taking(digest, organisation, at, records, _targets(acknowledged))
            for digest, organisation, at, records, acknowledged, first, last in rows
            if self._is_untouched(records, first, last)
        )

    def rows(self, taking: Taking) -> Iterator[Row]:
        """The records that a file touched, as they are now."""
        first, last = self._range(taking)
        for name in TYPES:
            touched = self._connection.execute(
                f"SELECT rid, parent, custodian, state FROM record_{name} WHERE n > ? AND n < ?",
                (first, last),
            )
            for rid, parent, custodian, state in touched:
                yield Row(rid, name, parent, custodian, decode_own(state))

    def take_back(self, taking: Taking) -> frozenset[bytes]:
        """Put everything back as it was before a file; returns the ids of its records."""
        first, last = self._range(taking)
        before = self._before(taking.digest)
        touched = {name: self._rids(name, first, last) for name in TYPES}
        for name, rids in touched.items():
            self._drop(name, [rid for rid in rids if rid not in before])
        for row, took in before.values():
            self._connection.execute(replacing(row.type), cells_of(row, self._next_number(), took))
            self._connection.executemany(
                "DELETE FROM history WHERE rid = ? AND fid = ? AND wid = ?",
                [(row.rid, write.fid, write.wid) for write in writes_of(row.state)],
            )
        self._forget_order(taking)
        return frozenset(rid for rids in touched.values() for rid in rids)

    def _range(self, taking: Taking) -> tuple[int, int]:
        found = self._connection.execute(
            "SELECT first, last FROM taking WHERE digest = ?", (taking.digest,)
        )
        first, last = found.fetchone()
        return first, last

    def _forget_order(self, taking: Taking) -> None:
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
        return Row(rid, record_type, parent, custodian, decode_own(state))

    def _drop(self, record_type: str, rids: list[bytes]) -> None:
        for table in (f"record_{record_type}", *_OF_RECORD):
            self._connection.executemany(
                f"DELETE FROM {table} WHERE rid = ?", [(rid,) for rid in rids]
            )

    def _is_untouched(self, records: int, first: int, last: int) -> bool:
        """Whether each row still has the number it got, and nothing was put under one of them."""
        touched = {rid for name in TYPES for rid in self._rids(name, first, last)}
        return len(touched) == records and touched.isdisjoint(self._parents_since(last))

    def _rids(self, record_type: str, first: int, last: int) -> list[bytes]:
        rows = self._connection.execute(
            f"SELECT rid FROM record_{record_type} WHERE n > ? AND n < ?", (first, last)
        )
        return [rid for (rid,) in rows]

    def _parents_since(self, last: int) -> Iterator[bytes]:
        for name in TYPES:
            rows = self._connection.execute(
                f"SELECT parent FROM record_{name} WHERE n > ? AND parent IS NOT NULL", (last,)
            )
            yield from (parent for (parent,) in rows)

    def _gone_out(self) -> tuple[int, int]:
        """What tells whether anything has left since: the newest entry of what went to whom, and
        how many files were made.
        """
        (entry,) = self._connection.execute(
            "SELECT coalesce(max(id), 0) FROM disclosure"
        ).fetchone()
        (sent,) = self._connection.execute(
            "SELECT count(*) FROM mark WHERE direction = ?", (Direction.OUT,)
        ).fetchone()
        return entry, sent

    def _forget(self, which: str, values: tuple[int, ...]) -> None:
        digests = self._connection.execute(which, values).fetchall()
        for table in ("taking_row", "taking"):
            self._connection.executemany(f"DELETE FROM {table} WHERE digest = ?", digests)


def _targets(packed: bytes) -> tuple[bytes, ...]:
    return msgspec.msgpack.decode(packed, type=tuple[bytes, ...])
