# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted store: one row per record, its columns and `state` in one transaction.

`Store` is what the services hold; `Drafts` are half-filled forms. Columns are derived
from `state` in one place, so that lists only read columns and `verify` can derive them
again. Every change takes the next number of one counter. The store knows rows and
ledgers, not consents or gates. One connection, used by one thread.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import RecordPart
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import Write, decode_trusted, drop_writes, encode_state, live_writes
from kfdesk.domain.rows import Row, StoredDraft, check_row
from kfdesk.storage import driver, key_slots, tables
from kfdesk.storage.attachments import AttachmentContents
from kfdesk.storage.backup import Backups
from kfdesk.storage.content_hash import ContentHash
from kfdesk.storage.driver import Connection, placeholders, portions, translated_errors
from kfdesk.storage.erasure import Erasures
from kfdesk.storage.exchange import (
    ErasureOrders,
    ReceivedWrites,
    Watermarks,
    write_pairs,
)
from kfdesk.storage.figures import CountedClients
from kfdesk.storage.import_undo import ImportUndoLog
from kfdesk.storage.key_slots import SlotFile
from kfdesk.storage.ledger import Ledger
from kfdesk.storage.recovery.rebuild import StoreRecovery
from kfdesk.storage.rollback import RollbackGuard
from kfdesk.storage.row_codec import (
    RecordTree,
    derived_cells,
    find_record_problems,
    insert_statement,
    row_cells,
    upsert_statement,
)
from kfdesk.storage.search import DirectoryIndex

_DRAFT_COLUMNS = "rid, user, type, parent, at, seen, changes"
# --- drafts

_DraftCells = tuple[bytes, str, str, bytes | None, int, bytes, bytes]


class Drafts:
    """The drafts, on the store's connection; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, draft: StoredDraft) -> None:
        """Save a draft in place of this user's earlier draft of the same record."""
        seen = msgspec.msgpack.encode(sorted(draft.seen))
        changes = msgspec.msgpack.encode((draft.values, draft.typed))
        self._connection.execute(
            f"INSERT INTO draft ({_DRAFT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (rid, user) DO UPDATE SET at = excluded.at, seen = excluded.seen, "
            "changes = excluded.changes",
            (
                draft.rid, draft.user, draft.type, draft.parent, draft.milliseconds, seen,
                changes,
            ),
        )  # fmt: skip

    def rename_seen(self, rid: bytes, ids: Mapping[tuple[int, bytes], bytes]) -> None:
        """Let the drafts of a record have seen writes under other ids."""
        for draft in self._select("rid = ?", (rid,)):
            seen = frozenset((fid, ids.get((fid, wid), wid)) for fid, wid in draft.seen)
            self.keep(replace(draft, seen=seen))

    @translated_errors()
    def one(self, rid: bytes, user: str) -> StoredDraft | None:
        """Return this user's draft of a record, or None."""
        return next(iter(self._select("rid = ? AND user = ?", (rid, user))), None)

    @translated_errors()
    def of_user(self, user: str) -> tuple[StoredDraft, ...]:
        """Return all drafts of a user, the newest first."""
        return tuple(self._select("user = ?", (user,)))

    def drop(self, rid: bytes, user: str) -> None:
        """Delete this user's draft of a record, if there is one."""
        self._connection.execute("DELETE FROM draft WHERE rid = ? AND user = ?", (rid, user))

    def erase(self, rid: bytes) -> None:
        """Delete all drafts of a record, and of new records below it."""
        self._connection.execute("DELETE FROM draft WHERE rid = ? OR parent = ?", (rid, rid))

    def _select(self, where: str, values: tuple[bytes | str, ...]) -> Iterable[StoredDraft]:
        rows = self._connection.execute(
            f"SELECT {_DRAFT_COLUMNS} FROM draft WHERE {where} ORDER BY at DESC, rid", values
        )
        return [_draft(row) for row in rows]


def _draft(row: _DraftCells) -> StoredDraft:
    rid, user, record_type, parent, at, seen, changes = row
    pairs = msgspec.msgpack.decode(seen, type=tuple[tuple[int, bytes], ...])
    values, typed = msgspec.msgpack.decode(changes, type=tuple[dict[str, Wire], dict[str, str]])
    return StoredDraft(rid, user, record_type, parent, at, frozenset(pairs), values, typed)


# --- records

_decoder = msgspec.msgpack.Decoder(Wire)  # of a value in history
_FORMER_SALTS = "former_salts"


class Store:
    """An open store. All writing happens inside `transaction()`."""

    def __init__(self, connection: driver.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.content = ContentHash(connection, path)
        self.ledger = Ledger(connection, lambda: self.content.short)
        self.drafts = Drafts(connection)
        self.tree = RecordTree(connection)
        self.counted = CountedClients(connection)
        self.erasures = Erasures(connection, self.tree, self.counted)
        self.contents = AttachmentContents(connection)
        self.backups = Backups(connection, path, self.content, self.slots)
        self.orders = ErasureOrders(connection)
        self.levels = Watermarks(connection)
        self.received = ReceivedWrites(connection)
        self.takings = ImportUndoLog(connection, self.content, self._next_number)
        self.search = DirectoryIndex(connection, self.kept)
        self.rescue = StoreRecovery(connection)
        self._today: Callable[[], date] | None = None
        self._number: int | None = None
        self._then: Callable[[], None] = lambda: None
        self._is_closed = False
        with suppress(driver.DatabaseError):  # a damaged store is told of when it is used
            self.content.attach()
        self.anchors: RollbackGuard | None = None
        """Its rollback anchors outside the store; None if it is not protected."""
        self.write_slots: Callable[[SlotFile], None] = partial(key_slots.write_slots, path.parent)
        """The function that writes the slots beside it; of an opened store it also notes them."""
        self.opened_slots: SlotFile | None = None
        """The slots that opened it, until it has noted any: a copy from an older program."""
        self.is_upgraded = False
        """True if its tables were upgraded when it was opened."""
        self.had_torn_pages = False
        """True if free pages were torn by a power cut, and were written again at opening."""

    def on_close(self, then: Callable[[], None]) -> None:
        """Set the callback that runs once the store is closed."""
        self._then = then

    def set_calendar(self, today: Callable[[], date]) -> None:
        """Set the function that returns the local date, which dates replaced values.

        Without it a store uses the newest timestamp of the record.
        """
        self._today = today

    def close(self) -> None:
        """Close the connection; SQLCipher wipes its key. A closed store stays closed."""
        if self._is_closed:
            return
        if self.anchors is not None:
            self.anchors.keep()
        with suppress(driver.DatabaseError):
            self.content.keep()  # if something was written outside of a transaction
        self._connection.close()
        self._is_closed = True
        self._then()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a transaction: all or nothing.

        Raise KfdeskError `store.disk` if the disk refuses, `store.damaged`, or `store.closed`
        if a lock came first; `store.done` if the disk refused after all of it was written. A
        violated table constraint is a bug and passes unchanged.
        """
        if self._is_closed:
            raise KfdeskError("store.closed")
        assert not self._connection.in_transaction  # an inner one could not be undone by itself
        before, is_ending = self.content.state, False
        try:
            self.content.follow()
            before = self.content.state
            self.content.before_writing()
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self.search.follow()
            self._keep_number()
            self.content.keep()
            is_ending = True
            self._connection.execute("COMMIT")
            self.content.after_writing()
        except BaseException as error:
            written, is_ours = self.content.state, isinstance(error, driver.IntegrityError)
            self.content.restore(before)
            if self._connection.in_transaction:  # after a full disk SQLite has rolled back itself
                self._connection.execute("ROLLBACK")
            if isinstance(error, driver.DatabaseError) and not is_ours:
                if is_ending and self.content.is_written(written, before):
                    self.content.restore(written)
                    raise KfdeskError("store.done") from None
                raise driver.translate_error(error) from None
            raise
        finally:
            self._number = None
            self.content.listener = None
        if self.anchors is not None:
            self.anchors.follow()

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        return self._path.parent

    # records

    @driver.translated_errors()
    def row(self, rid: bytes) -> Row | None:
        """Return the record with this id, or None."""
        found = self._connection.execute("SELECT type FROM place WHERE rid = ?", (rid,)).fetchone()
        rows = self._select(found[0], "rid = ?", rid) if found else ()
        return rows[0] if rows else None

    def rows(self, record_type: str) -> tuple[Row, ...]:
        """Return all records of a type, sorted by id."""
        return self._select(record_type, "1 = ?", 1)

    def rows_after(self, record_type: str, rid: bytes, count: int) -> tuple[Row, ...]:
        """Return at most `count` records of a type after the id `rid`, sorted by id."""
        return self._select(record_type, "rid > ?", rid, f"rid LIMIT {int(count)}")

    def rows_below(self, record_type: str, rid: bytes) -> tuple[Row, ...]:
        """Return the records of a type whose parent is `rid`, in the order of their ids."""
        return self._select(record_type, "parent = ?", rid)

    def rows_beneath(self, record_type: str, above: Iterable[bytes]) -> tuple[Row, ...]:
        """Return the records of a type below any of these; those below one lie together."""
        return tuple(
            row
            for part in portions(above)
            for row in self._select(
                record_type, f"parent IN ({placeholders(part)})", part, "parent, rid"
            )
        )

    def children(self, rid: bytes) -> tuple[Row, ...]:
        """Return all records of every type whose parent is `rid`."""
        return tuple(row for name in RECORD_TYPES for row in self._select(name, "parent = ?", rid))

    def conflicted_rows(self) -> tuple[Row, ...]:
        """Return all records of every type with a field in conflict."""
        return tuple(
            row for name in RECORD_TYPES for row in self._select(name, tables.HAS_CONFLICT, 1)
        )

    def put(self, row: Row, *, took: bytes | None = None) -> None:
        """Save a new or changed row: columns, state, history of replaced values, and a number.

        `took` is the digest of the state last imported from a bundle, if an import changed it.
        """
        self.put_all(((row, took),))

    def put_all(self, rows: Iterable[tuple[Row, bytes | None]]) -> None:
        """Save many rows, each with its `took`, as `put` saves one; no record occurs twice."""
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
            statement = upsert_statement(record_type) if is_known else insert_statement(record_type)
            self._connection.executemany(
                statement, (row_cells(row, self._next_number(), took) for row, took in some)
            )
        self._connection.executemany(
            "INSERT OR IGNORE INTO place VALUES (?, ?)",
            [(row.rid, row.type) for row, _ in wanted if row.rid not in known],
        )

    def erase_writes(self, row: Row, part: RecordPart) -> None:
        """Erase live or superseded writes of a record; their ids stay superseded."""
        pairs = write_pairs(part)
        bare = replace(row, state=drop_writes(row.state, frozenset(pairs)))
        self._connection.execute(
            upsert_statement(row.type), row_cells(bare, self._next_number(), took=None)
        )
        self._connection.executemany(
            "DELETE FROM history WHERE rid = ? AND fid = ? AND wid = ?",
            [(row.rid, fid, wid) for fid, wid in pairs],
        )
        for table in ("draft", "taking_row"):
            self._connection.execute(f"DELETE FROM {table} WHERE rid = ?", (row.rid,))

    def rename_writes(self, rid: bytes, ids: Mapping[tuple[int, bytes], bytes]) -> None:
        """Give writes of a record other ids in its history and provenance; in a transaction."""
        self._connection.executemany(
            "UPDATE OR REPLACE history SET wid = ? WHERE rid = ? AND fid = ? AND wid = ?",
            [(wid, rid, *pair) for pair, wid in ids.items()],
        )
        self.received.rename(rid, ids)

    def put_rewritten(self, row: Row, ids: Mapping[tuple[int, bytes], bytes]) -> None:
        """Save a row of which some writes were written again under other ids; in a transaction.

        The earlier ones leave nothing in the history, and drafts have seen the new ones.
        """
        self.put(row)
        self._connection.executemany(
            "DELETE FROM history WHERE rid = ? AND fid = ? AND wid = ?",
            [(row.rid, *pair) for pair in ids],
        )
        self.drafts.rename_seen(row.rid, ids)

    @driver.translated_errors()
    def kept(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[Row, bytes | None]]:
        """Return those of these records that are here, each with its `took`."""
        columns = "rid, parent, custodian, took, state"
        return {
            rid: (Row(rid, name, parent, custodian, decode_trusted(state)), took)
            for name, (rid, parent, custodian, took, state) in self._cells(columns, rids)
        }

    @driver.translated_errors()
    def received_digests(self, rids: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Return the `took` digests of those of these records that have one."""
        cells = (cells for _, cells in self._cells("rid, took", rids))
        return {rid: took for rid, took in cells if took is not None}

    def history(self, rid: bytes) -> tuple[Write, ...]:
        """Return the replaced values of a record, oldest first."""
        return tuple(self.replaced(rid))

    @driver.translated_errors()
    def replaced(self, rid: bytes) -> Mapping[Write, date]:
        """Return the replaced values of a record, oldest first, with the local date of each."""
        rows = self._connection.execute(
            "SELECT fid, wid, hlc, author, value, day FROM history WHERE rid = ? ORDER BY hlc, wid",
            (rid,),
        )
        return {
            Write(fid, wid, hlc, author, _decoder.decode(value)): tables.cell_to_day(day)
            for fid, wid, hlc, author, value, day in rows
        }

    def prune_history(self, before: date, kept: Iterable[bytes] = ()) -> int:
        """Delete values replaced before a date, except of the records `kept`; return the count.

        Call it inside a transaction. Their ids stay superseded, so nothing comes back.
        """
        names = msgspec.json.encode([rid.hex().upper() for rid in kept]).decode()
        gone = self._connection.execute(
            "DELETE FROM history WHERE day < ? "
            "AND hex(rid) NOT IN (SELECT value FROM json_each(?))",
            (tables.day_to_cell(before), names),
        )
        return gone.rowcount

    @driver.translated_errors()
    def changed_since(self, number: int) -> int:
        """Return how many records have changed since the change counter stood at `number`."""
        counts = (
            self._connection.execute(
                f"SELECT count(*) FROM record_{name} WHERE n > ?", (number,)
            ).fetchone()[0]
            for name in RECORD_TYPES
        )
        return sum(counts)

    @driver.translated_errors()
    def oldest_history(self) -> date | None:
        """Return the first date in the history of replaced values."""
        (day,) = self._connection.execute("SELECT min(day) FROM history").fetchone()
        return None if day is None else tables.cell_to_day(day)

    # settings

    @driver.translated_errors()
    def setting(self, key: str) -> bytes | None:
        """Return a value of the store itself, such as our keys; None if it is not set."""
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

    def slots(self) -> SlotFile:
        """Return the slots that this store knows, which its owners have made.

        The files beside an open store are written, never read: anybody can put others there.
        Raise KfdeskError `store.not_a_store` if it was not opened by slots.
        """
        kept = self.setting(key_slots.SLOTS_SETTING)
        known = key_slots.decode_slots(kept) if kept is not None else self.opened_slots
        if known is None:
            raise KfdeskError("store.not_a_store")
        return known

    def former_salts(self) -> frozenset[bytes]:
        """Return the salts of the files that this store was in under former data keys."""
        joined, size = self.setting(_FORMER_SALTS) or b"", driver.SALT_BYTES
        return frozenset(joined[i : i + size] for i in range(0, len(joined), size))

    def note_former(self, salt: bytes) -> None:
        """Note the salt of the file that this store was in until now. Raise KfdeskError."""
        with self.transaction():
            self.set_setting(_FORMER_SALTS, b"".join(sorted({*self.former_salts(), salt})))

    def note_slots(self, file: SlotFile) -> None:
        """Note the slots that open this store, so that older ones are known as such.

        Inside a transaction they are noted with the rest of it.
        """
        with nullcontext() if self._connection.in_transaction else self.transaction():
            self.set_setting(key_slots.SLOTS_SETTING, key_slots.encode_slots(file))

    # the whole

    def verify(
        self, step: Callable[[int, int], None] | None = None, *, is_short: bool = False
    ) -> tuple[str, ...]:
        """Return short codes for what is wrong with the store; empty if nothing is.

        Check the pages. If they are intact, check every `state`, the columns against it, the
        contents of attachments, the audit chain, the anchors, and all rows by the content hash.
        The short form leaves out the cipher's own check, which nothing can stop while it lasts,
        and whatever the content hash covers. `step` gets the number of parts done, often, and
        may stop the check by raising. Raise KfdeskError `store.closed` if a lock came first.
        """
        if self._is_closed:
            raise KfdeskError("store.closed")
        tell = step or (lambda _done, _of: None)
        done, parts = 0, len(RECORD_TYPES) + 3
        check = driver.check_tables if is_short else driver.check_pages
        found: list[str] = []
        try:
            with driver.interruptible(self._connection, lambda: tell(done, parts)):
                damage = check(self._connection, self._path)
                if damage:
                    return tuple(f"pages:{line}" for line in damage)
                for done, name in enumerate(RECORD_TYPES, start=1):
                    tell(done, parts)
                    found += find_record_problems(self._connection, name)
                if not is_short:
                    done = parts - 2
                    found += self.contents.find_problems(lambda: tell(done, parts))
                    found += self.ledger.verify()
                done = parts - 1
                tell(done, parts)
                found += () if found else self.content.find_problems()  # which would follow
                found += self.anchors.find_problems() if self.anchors is not None else ()
        except driver.DatabaseError:  # a page that is whole by itself, and does not fit the others
            found.append("pages:unreadable")
        return tuple(found)

    def rebuild(self, record_type: str) -> None:
        """Derive the columns of all records of a type again; call it inside a transaction.

        A record with a value that is not of its field's kind keeps its columns, and `verify`
        reports it. Another program may have written such a value before this one knew the
        field.
        """
        for row in self.rows(record_type):
            with suppress(KfdeskError):
                check_row(row)
                cells = derived_cells(row)
                updates = ", ".join(f"{name} = ?" for name in cells)
                self._connection.execute(
                    f"UPDATE record_{record_type} SET {updates} WHERE rid = ?",
                    [*cells.values(), row.rid],
                )

    def digest(self) -> bytes:
        """Return a digest of all records, to prove that nothing was changed."""
        whole = sha256()
        for name in RECORD_TYPES:
            for row in self.rows(name):
                whole.update(
                    row.rid + (row.parent or b"") + row.custodian + encode_state(row.state)
                )
        return whole.digest()

    @driver.translated_errors()
    def _select(
        self,
        record_type: str,
        where: str,
        value: bytes | int | str | list[bytes],
        order: str = "+rid",
    ) -> tuple[Row, ...]:
        found = self._connection.execute(
            f"SELECT rid, parent, custodian, state FROM record_{record_type} "
            f"WHERE {where} ORDER BY {order}",
            value if isinstance(value, list) else (value,),
        )
        return tuple(
            Row(rid, record_type, parent, custodian, decode_trusted(state))
            for rid, parent, custodian, state in found
        )

    def _cells(self, columns: str, rids: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
        """Yield columns of those of these records that are here, each row with its type."""
        for part in portions(rids):
            marks = placeholders(part)
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
        day = tables.day_to_cell(self._today() if self._today is not None else _newest_day(row))
        self._connection.executemany(
            "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (row.rid, w.fid, w.wid, day, w.hlc, w.author, msgspec.msgpack.encode(w.value))
                for w in writes
            ],
        )


def _replaced(before: Row, after: Row) -> tuple[Write, ...]:
    kept = set(live_writes(after.state))
    return tuple(write for write in live_writes(before.state) if write not in kept)


def _newest_day(row: Row) -> date:
    newest = max((write.milliseconds for write in live_writes(row.state)), default=0)
    return datetime.fromtimestamp(newest / 1000, tz=UTC).date()
