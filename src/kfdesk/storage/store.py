# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted store: one row a record, its columns and its `state` in one transaction.

Columns are derived from `state`, here and nowhere else, so that lists cost what columns cost and
`verify` can rebuild them. Every change takes the next number of one counter. Knows rows and
ledgers, never what a consent or a gate means; one connection, used by one thread.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from kfdesk.domain.desk.erasure import Part
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, check_row
from kfdesk.domain.writes import Write, decode_own, encode, without_writes, writes_of
from kfdesk.storage import driver, tables
from kfdesk.storage.anchors.anchor import Anchors
from kfdesk.storage.backups.writing import Backups
from kfdesk.storage.cells import cells_of, derived, inserting, replacing, wrong_records
from kfdesk.storage.contents.parts import Contents
from kfdesk.storage.drafts import Drafts
from kfdesk.storage.ending.erasing import Erasures
from kfdesk.storage.exchanges.levels import Levels
from kfdesk.storage.exchanges.orders import Orders, pairs_of
from kfdesk.storage.exchanges.takings import Takings
from kfdesk.storage.ledger import Ledger
from kfdesk.storage.salvaging.rescue import Rescue
from kfdesk.storage.searching.search import Search
from kfdesk.storage.searching.tree import Tree

_PORTION = 400  # ids asked for at once
_decoder = msgspec.msgpack.Decoder(Wire)  # of a value in history


class Store:
    """An open store. All writing happens inside `transaction()`."""

    def __init__(self, connection: driver.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.ledger = Ledger(connection)
        self.drafts = Drafts(connection)
        self.tree = Tree(connection)
        self.erasures = Erasures(connection, self.tree)
        self.contents = Contents(connection)
        self.backups = Backups(connection, path)
        self.orders = Orders(connection)
        self.levels = Levels(connection, self.tree)
        self.takings = Takings(connection, self._next_number)
        self.search = Search(connection, self.kept)
        self.rescue = Rescue(connection)
        self._today: Callable[[], date] | None = None
        self._number: int | None = None
        self._then: Callable[[], None] = lambda: None
        self._is_closed = False
        self.anchors: Anchors | None = None
        """What is kept of it outside, where it is watched for being older than it was."""
        self.is_upgraded = False
        """Whether its tables were brought to this program's when it was opened."""

    def when_closed(self, then: Callable[[], None]) -> None:
        """Have `then` called once the store is closed."""
        self._then = then

    def count_days_by(self, today: Callable[[], date]) -> None:
        """Have `today` say on which day, by this desk's own calendar, something is replaced.

        A store that nobody has told goes by the newest stamp of the record.
        """
        self._today = today

    def close(self) -> None:
        """Close the connection; SQLCipher wipes its key. What is closed already stays so."""
        if self._is_closed:
            return
        if self.anchors is not None:
            self.anchors.keep()
        self._connection.close()
        self._is_closed = True
        self._then()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises KfdeskError `store.disk` where the disk refuses, `store.damaged`.

        `store.closed` where a lock was quicker. What breaks a rule of the tables is a bug of ours
        and comes out as it is.
        """
        if self._is_closed:
            raise KfdeskError("store.closed")
        assert not self._connection.in_transaction  # an inner one could not be undone by itself
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self.search.follow()
            self._keep_number()
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:  # after a full disk SQLite has rolled back itself
                self._connection.execute("ROLLBACK")
            is_ours = isinstance(error, driver.IntegrityError)
            if isinstance(error, driver.DatabaseError) and not is_ours:
                raise driver.fault_of(error) from None
            raise
        finally:
            self._number = None
        if self.anchors is not None:
            self.anchors.follow()

    # records

    @driver.reading()
    def row(self, rid: bytes) -> Row | None:
        """The record with this id, or None."""
        found = self._connection.execute("SELECT type FROM place WHERE rid = ?", (rid,)).fetchone()
        rows = self._select(found[0], "rid = ?", rid) if found else ()
        return rows[0] if rows else None

    def rows(self, record_type: str) -> tuple[Row, ...]:
        """All records of a type, in the order of their ids."""
        return self._select(record_type, "1 = ?", 1)

    def rows_after(self, record_type: str, rid: bytes, count: int) -> tuple[Row, ...]:
        """At most `count` records of a type after the id `rid`, in the order of their ids."""
        return self._select(record_type, "rid > ?", rid, f"rid LIMIT {int(count)}")

    def children(self, rid: bytes) -> tuple[Row, ...]:
        """All records whose parent is `rid`, of every type."""
        return tuple(row for name in TYPES for row in self._select(name, "parent = ?", rid))

    def torn(self) -> tuple[Row, ...]:
        """All records with a field in conflict, of every type."""
        return tuple(row for name in TYPES for row in self._select(name, tables.IS_TORN, 1))

    def put(self, row: Row, *, took: bytes | None = None) -> None:
        """Keep a new or changed row: columns, state, history of what it replaces, a number.

        `took` is the digest of the state last taken from a bundle, if that is what changed it.
        """
        self.put_all(((row, took),))

    def put_all(self, rows: Iterable[tuple[Row, bytes | None]]) -> None:
        """Keep many rows, each with its `took`, as `put` does one; no record stands there twice."""
        wanted = sorted(rows, key=lambda one: one[0].rid)
        known = self.kept(row.rid for row, _ in wanted)
        many: dict[tuple[str, bool], list[tuple[Row, bytes | None]]] = {}
        for row, took in wanted:
            after = row
            if row.rid in known:
                before, _ = known[row.rid]
                if before.type != row.type:
                    raise KfdeskError("bundle.torn", why="record_type_changed")
                self._keep_history(row, _replaced(before, row))
                after = replace(row, parent=before.parent, custodian=before.custodian)
            many.setdefault((row.type, row.rid in known), []).append((after, took))
        for (record_type, is_known), some in many.items():
            statement = replacing(record_type) if is_known else inserting(record_type)
            self._connection.executemany(
                statement, (cells_of(row, self._next_number(), took) for row, took in some)
            )
        self._connection.executemany(
            "INSERT OR IGNORE INTO place VALUES (?, ?)",
            [(row.rid, row.type) for row, _ in wanted if row.rid not in known],
        )

    def forget_writes(self, row: Row, part: Part) -> None:
        """Erase writes of a record, living or replaced; their ids stay among the dead."""
        pairs = pairs_of(part)
        bare = replace(row, state=without_writes(row.state, frozenset(pairs)))
        self._connection.execute(
            replacing(row.type), cells_of(bare, self._next_number(), took=None)
        )
        self._connection.executemany(
            "DELETE FROM history WHERE rid = ? AND fid = ? AND wid = ?",
            [(row.rid, fid, wid) for fid, wid in pairs],
        )
        for table in ("draft", "taking_row"):
            self._connection.execute(f"DELETE FROM {table} WHERE rid = ?", (row.rid,))

    @driver.reading()
    def kept(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[Row, bytes | None]]:
        """The records with these ids that are here, each with what `took` says of it."""
        columns = "rid, parent, custodian, took, state"
        return {
            rid: (Row(rid, name, parent, custodian, decode_own(state)), took)
            for name, (rid, parent, custodian, took, state) in self._cells(columns, rids)
        }

    @driver.reading()
    def tooks(self, rids: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """The digests that `put` was last given with those of these records that have one."""
        cells = (cells for _, cells in self._cells("rid, took", rids))
        return {rid: took for rid, took in cells if took is not None}

    def history(self, rid: bytes) -> tuple[Write, ...]:
        """What was replaced in a record, oldest first."""
        return tuple(self.replaced(rid))

    @driver.reading()
    def replaced(self, rid: bytes) -> Mapping[Write, date]:
        """What was replaced in a record, oldest first, and on which day of this desk."""
        rows = self._connection.execute(
            "SELECT fid, wid, hlc, author, value, day FROM history WHERE rid = ? ORDER BY hlc, wid",
            (rid,),
        )
        return {
            Write(fid, wid, hlc, author, _decoder.decode(value)): tables.day_of(day)
            for fid, wid, hlc, author, value, day in rows
        }

    def prune_history(self, before: date, kept: Iterable[bytes] = ()) -> int:
        """Forget what was replaced before a day, but in `kept`; returns how many values went.

        Belongs inside a transaction. Their ids stay among the dead, so nothing comes back.
        """
        names = msgspec.json.encode([rid.hex().upper() for rid in kept]).decode()
        gone = self._connection.execute(
            "DELETE FROM history WHERE day < ? "
            "AND hex(rid) NOT IN (SELECT value FROM json_each(?))",
            (tables.day_cell(before), names),
        )
        return gone.rowcount

    @driver.reading()
    def changed_since(self, number: int) -> int:
        """How many records have changed since the counter of changes stood at `number`."""
        counts = (
            self._connection.execute(
                f"SELECT count(*) FROM record_{name} WHERE n > ?", (number,)
            ).fetchone()[0]
            for name in TYPES
        )
        return sum(counts)

    @driver.reading()
    def oldest_history(self) -> date | None:
        """The first day on which something was replaced that history still has."""
        (day,) = self._connection.execute("SELECT min(day) FROM history").fetchone()
        return None if day is None else tables.day_of(day)

    # settings

    @driver.reading()
    def setting(self, key: str) -> bytes | None:
        """A value of the store itself, such as our keys; None if it is not set."""
        found = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,))
        row = found.fetchone()
        return bytes(row[0]) if row else None

    def set_setting(self, key: str, value: bytes) -> None:
        """Set a value of the store itself."""
        self._connection.execute(
            "INSERT INTO setting VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    # the whole

    def verify(self, step: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        """What is wrong with the store, in short codes; empty if nothing is.

        Checks the pages; if they are whole, then every `state`, the columns against it, the
        contents of attachments, the audit chain, and what is kept of the store outside of it.
        `step` hears how many of its parts are done, and may end it by raising.
        """
        tell = step or (lambda _done, _of: None)
        parts = len(TYPES) + 3
        damage = driver.check_pages(self._connection, self._path)
        if damage:
            return tuple(f"pages:{line}" for line in damage)
        found: list[str] = []
        for number, name in enumerate(TYPES, start=1):
            tell(number, parts)
            found += wrong_records(self._connection, name)
        found += self.contents.wrong(lambda: tell(parts - 2, parts))
        tell(parts - 1, parts)
        watched = self.anchors.wrong() if self.anchors is not None else ()
        return (*found, *self.ledger.verify(), *watched)

    def rebuild(self, record_type: str) -> None:
        """Derive the columns of all records of a type again; belongs inside a transaction.

        A record with a value that is not of its field's kind, such as another program may have
        written before this one knew the field, keeps its columns; `verify` names it.
        """
        for row in self.rows(record_type):
            with suppress(KfdeskError):
                check_row(row)
                cells = derived(row)
                updates = ", ".join(f"{name} = ?" for name in cells)
                self._connection.execute(
                    f"UPDATE record_{record_type} SET {updates} WHERE rid = ?",
                    [*cells.values(), row.rid],
                )

    def digest(self) -> bytes:
        """A digest of all records, for proving that nothing was changed."""
        whole = sha256()
        for name in TYPES:
            for row in self.rows(name):
                whole.update(row.rid + (row.parent or b"") + row.custodian + encode(row.state))
        return whole.digest()

    @driver.reading()
    def _select(
        self, record_type: str, where: str, value: bytes | int | str, order: str = "+rid"
    ) -> tuple[Row, ...]:
        found = self._connection.execute(
            f"SELECT rid, parent, custodian, state FROM record_{record_type} "
            f"WHERE {where} ORDER BY {order}",
            (value,),
        )
        return tuple(
            Row(rid, record_type, parent, custodian, decode_own(state))
            for rid, parent, custodian, state in found
        )

    def _cells(self, columns: str, rids: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
        """Columns of these records as far as they are here, each row with its type."""
        for part in _portions(rids):
            marks = ", ".join("?" * len(part))
            types = self._connection.execute(
                f"SELECT DISTINCT type FROM place WHERE rid IN ({marks})", part
            ).fetchall()
            for (name,) in types:
                rows = f"SELECT {columns} FROM record_{name} WHERE rid IN ({marks})"
                for cells in self._connection.execute(rows, part):
                    yield name, cells

    def _next_number(self) -> int:
        if self._number is None:
            self._number = int.from_bytes(self.setting("counter") or b"", "big")
        self._number += 1
        number = self._number
        if not self._connection.in_transaction:  # which would keep it once, at its end
            self._keep_number()
        return number

    def _keep_number(self) -> None:
        if self._number is not None:
            self.set_setting("counter", self._number.to_bytes(8, "big"))
            self._number = None

    def _keep_history(self, row: Row, writes: Sequence[Write]) -> None:
        if not writes:
            return
        day = tables.day_cell(self._today() if self._today is not None else _newest_day(row))
        self._connection.executemany(
            "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row.rid, w.fid, w.wid, day, w.hlc, w.author, msgspec.msgpack.encode(w.value))
                for w in writes
            ],
        )


def _replaced(before: Row, after: Row) -> tuple[Write, ...]:
    kept = set(writes_of(after.state))
    return tuple(write for write in writes_of(before.state) if write not in kept)


def _newest_day(row: Row) -> date:
    newest = max((write.milliseconds for write in writes_of(row.state)), default=0)
    return datetime.fromtimestamp(newest / 1000, tz=UTC).date()


def _portions(rids: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The ids in order, in lists of at most `_PORTION`."""
    wanted = sorted(rids)
    for begin in range(0, len(wanted), _PORTION):
        yield wanted[begin : begin + _PORTION]
