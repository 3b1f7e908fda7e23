# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: copy the store, read the copy back, compare, and only then name it.

A backup is a folder with the store and its slots, so it opens by itself with the
passphrases and the recovery key of its day. It has the store's own data key. A separate
key would have to be wrapped under that one in a third file. That would protect nothing
more, because whoever opens the slots opens the wrap, and it would be one more file to
lose.

The pages of the store are copied as they are, or only those that changed into an older
backup (`page_copy`). Then all of the copy is read from the medium and compared with the
store, byte for byte, and the HMAC of each page is checked. The structure of the tables is
checked at rest, by `Store.verify`.

SQLCipher passes the key to the attached file, so the key never returns to Python. A
backup of another store is recognised because it does not open under this key. An
attached file has its own cache: what is read back comes from the file, never from
memory.
"""

import errno
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.backup import ErasureEntry, backup_time
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.files import flush_file, flush_folder, move
from kfdesk.storage import driver, key_slots
from kfdesk.storage.content_hash import ContentHash, is_mixed
from kfdesk.storage.driver import STORE_FILE, Connection, DatabaseError
from kfdesk.storage.page_copy import (
    BACKUP_FILES,
    LOCK_FILE,
    PageChanges,
    ProgressStep,
    UnfinishedBackup,
    find_changes,
    is_equal,
    is_held,
    remove_abandoned,
)
from kfdesk.storage.store_names import (
    UNFINISHED_SUFFIX,
    Beside,
    folders_beside,
    pre_upgrade_folder,
    stage_folder,
)


def finish_interrupted(folder: Path) -> None:
    """Put the old store back into `folder` if its replacement was interrupted.

    Change nothing if the folder exists or nothing unfinished lies beside it.
    """
    if folder.exists() or not stage_folder(folder).exists():
        return
    kept = folders_beside(folder, Beside.ASIDE, Beside.FORMER)
    if kept:
        with suppress(OSError):  # then it stays aside, as after any restore
            move(max(kept, key=lambda path: path.stat().st_ctime_ns), folder)


# --- creating and listing

_INSTRUCTIONS = 20_000  # virtual machine instructions between two progress callbacks
_OF, _FOUND, _COPIED, _SOUND, _EQUAL = 100, 15, 40, 60, 85
"""Percent done: in all; after changed pages are found, copying, the page check, comparing."""
_SPARE = 2**18  # bytes, for the slots and the folders
_CORRUPT, _NOT_A_STORE = 11, 26
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_HEAD = ("user_version", "application_id", "default_cache_size")
_LASTING_TABLES = frozenset({"erasure_order", "erased_write", "kept_notice"})


class Backups:
    """The backups of one open store. Nothing here is called inside a transaction."""

    def __init__(
        self,
        connection: Connection,
        path: Path,
        content: ContentHash,
        slots: Callable[[], key_slots.SlotFile],
    ) -> None:
        """Initialize; `slots` returns those that the store knows."""
        self._connection = connection
        self._path = path
        self._content = content
        self._slots = slots

    def make(
        self, into: Path, names: Sequence[str], step: ProgressStep, older: Path | None = None
    ) -> tuple[Path, Mapping[str, int]]:
        """Create a backup in the folder `into`, under the first free one of `names`.

        `older` is a backup in it that is no longer needed. The new one is written into it where
        that is quicker, and takes its place. Return the path of the new one, and the number of
        its records by type. `step` gets the progress and stops the backup by raising. Raise
        KfdeskError `backup.exists`, `backup.inside_store`, `backup.busy` while another program
        writes one, `backup.no_room`, `backup.not_written` (unplugged, write protected),
        `backup.not_sound` if the copy differs from the store, `store.mixed` if the store does
        not match its content hash, `store.damaged` or `store.unreadable`. After an error `into`
        is as it was; only if its disk is gone, `older` may be, too.
        """
        name = self._free_name(into, names)
        is_usable = older is not None and self._is_ours(older)
        unfinished: UnfinishedBackup | None = None
        try:
            self._remove_abandoned(into)
            with self._snapshot() as source:
                changes = self._changes(source, older if is_usable else None, step)
                self._require_room(into, changes)
                unfinished = UnfinishedBackup(into / f"{name}{UNFINISHED_SUFFIX}", changes)
                begun = 0 if changes is None else _FOUND
                unfinished.write(source, partial(_step_between, step, begun, _COPIED))
            flush_file(unfinished.file)
            counts = self._prove(unfinished.file, step)
            self._add_slots(unfinished.folder)
            unfinished.finish(into / name)
        except BaseException as error:
            if unfinished is not None:
                unfinished.discard()
            if isinstance(error, DatabaseError) and driver.is_bug(error):
                raise
            if isinstance(error, OSError | DatabaseError):
                is_full = getattr(error, "errno", None) in _FULL
                raise KfdeskError("backup.no_room" if is_full else "backup.not_written") from None
            raise
        return into / name, counts

    def make_beside(self, names: Sequence[str], step: ProgressStep) -> Path:
        """Create a backup beside the store's folder, among those before upgrades; see `make`."""
        into = pre_upgrade_folder(self._path.parent)
        try:
            into.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            raise KfdeskError("backup.not_written") from None
        return self.make(into, names, step)[0]

    def export(self, file: Path, key: bytes, step: ProgressStep) -> None:
        """Write the whole store to the new file `file` under another data key, and verify it.

        Raise KfdeskError `store.no_room`, `store.disk`, `store.damaged`, `backup.not_sound` if
        the copy differs from the store, or whatever `step` raises to stop.
        """
        with suppress(OSError):
            if shutil.disk_usage(file.parent).free < self._path.stat().st_size + _SPARE:
                raise KfdeskError("store.no_room")
        try:
            with self._attached(file, key):
                self._export_into(file, step)
                for kept in _HEAD:  # sqlcipher_export does not copy these
                    (value,) = self._connection.execute(f"PRAGMA main.{kept}").fetchone()
                    self._connection.execute(f"PRAGMA copy.{kept} = {value}")
            flush_file(file)
            self._verify_copy(file, step, key)
        except (OSError, DatabaseError):  # the error does not tell which file it concerns
            is_damaged = driver.check_pages(self._connection, self._path)
            raise KfdeskError("store.damaged" if is_damaged else "store.disk") from None

    def in_folder(self, into: Path) -> tuple[Path, ...]:
        """Return the backups of this store in a folder; those of other stores are left out."""
        return tuple(path for path in named_backups(into) if self._is_ours(path))

    def is_on_same_disk(self, into: Path) -> bool:
        """Return whether a folder is on the disk of the store, so that one loss takes both.

        The system says which disk a folder is on; no, if it does not say.
        """
        with suppress(OSError):
            return into.stat().st_dev == self._path.stat().st_dev
        return False

    def remove(self, path: Path) -> bool:
        """Remove a backup and return whether it is gone; keep other files in its folder.

        A backup without other files is renamed first. If the removal is interrupted, the next
        backup clears it away. So a folder without a store never looks like a backup.
        """
        if not self._is_ours(path):
            return False
        with suppress(OSError):
            if {inside.name for inside in path.iterdir()} <= {*BACKUP_FILES, LOCK_FILE}:
                path = move(path, path.with_name(f"{path.name}{UNFINISHED_SUFFIX}"))
            for name in (*BACKUP_FILES, LOCK_FILE):
                (path / name).unlink(missing_ok=True)
            path.rmdir()
        return not (path / STORE_FILE).exists()

    def erasures_in(self, file: Path) -> tuple[ErasureEntry, ...] | None:
        """Return the erasures listed in another store with the same key; None if unreadable.

        What is listed there although it is in use there was never erased, and is left out.
        """
        try:
            with self._attached(file):
                has_list = self._connection.execute(
                    "SELECT 1 FROM copy.sqlite_schema WHERE name = 'erasure'"
                ).fetchall()
                if not has_list:
                    return ()
                has_custodian = self._connection.execute(
                    "SELECT 1 FROM pragma_table_info('erasure', 'copy') WHERE name = 'custodian'"
                ).fetchall()
                columns = "rid, at, reason" + ", custodian, sender, file" * bool(has_custodian)
                rows = self._connection.execute(
                    f"SELECT {columns} FROM copy.erasure "
                    "WHERE rid NOT IN (SELECT rid FROM copy.place)"
                )
                return tuple(ErasureEntry(*row) for row in rows.fetchall())
        except (DatabaseError, OSError):
            return None

    def copy_lasting_tables(self, file: Path) -> None:
        """Copy from another store with the same key what must outlive a restore.

        That is erasure orders in both directions, erased writes, and withdrawals that partners
        must still be told. A store that cannot be read leaves everything as it is. Of one that
        another version of the program wrote, the columns count that both have.
        """
        with suppress(DatabaseError, OSError), self._attached(file):
            for name in _LASTING_TABLES:
                ours, theirs = (self._columns(name, schema) for schema in ("main", "copy"))
                both = ", ".join(column for column in ours if column in theirs)
                if both:
                    self._connection.execute(
                        f"INSERT OR REPLACE INTO {name} ({both}) SELECT {both} FROM copy.{name}"
                    )

    def _columns(self, table: str, schema: str) -> list[str]:
        found = self._connection.execute(
            "SELECT name FROM pragma_table_info(?, ?)", (table, schema)
        )
        return [f'"{name}"' for (name,) in found.fetchall()]

    def counts(self) -> Mapping[str, int]:
        """Return the number of records of each type in the store."""
        return _counts(self._connection, "main")

    def _free_name(self, into: Path, names: Sequence[str]) -> str:
        store = self._path.parent.resolve()
        if into.resolve() == store or store in into.resolve().parents:
            raise KfdeskError("backup.inside_store")
        name = next((name for name in names if not (into / name).exists()), None)
        if name is None:
            raise KfdeskError("backup.exists")
        return name

    def _remove_abandoned(self, into: Path) -> None:
        """Remove this store's unfinished backups of an interrupted program; none was complete.

        Raise KfdeskError `backup.busy` if another program is writing one now, of whatever store.
        """
        for path in into.iterdir():
            name = path.name.removesuffix(UNFINISHED_SUFFIX)
            is_named = name != path.name and backup_time(name, None) is not None
            if not is_named or not path.is_dir() or path.is_symlink():
                continue
            if self._is_begun_here(path):
                remove_abandoned(path)
            elif is_held(path):
                raise KfdeskError("backup.busy")

    def _is_begun_here(self, part: Path) -> bool:
        """Return whether an unfinished backup is of this store, by the salt of its file, or empty.

        It may be torn, so that it does not open. Pages are copied as they are, the salt with them.
        """
        try:
            salt = driver.file_salt(part / STORE_FILE)
            return not salt or salt == driver.file_salt(self._path)
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _require_room(self, into: Path, changes: PageChanges | None) -> None:
        """Raise KfdeskError `backup.no_room` if the disk says that it has too little of it."""
        grown = self._path.stat().st_size - (changes.size if changes is not None else 0)
        if shutil.disk_usage(into).free < max(0, grown) + _SPARE:
            raise KfdeskError("backup.no_room")

    @contextmanager
    def _snapshot(self) -> Iterator[BinaryIO]:
        """Yield the store's file, which nobody can change meanwhile: SQLite's read lock is held.

        Closing a file drops all locks that this process has on it, so the lock goes first. Raise
        KfdeskError `store.damaged`, `store.unreadable` or `store.in_use`.
        """
        with self._path.open("rb") as source:
            self._connection.execute("BEGIN")
            try:
                with driver.translated_errors():
                    self._connection.execute("SELECT count(*) FROM main.sqlite_schema").fetchone()
                yield source
            finally:
                if self._connection.in_transaction:  # SQLite may have ended it after an error
                    self._connection.execute("ROLLBACK")  # nothing was written

    def _changes(
        self, source: BinaryIO, older: Path | None, step: ProgressStep
    ) -> PageChanges | None:
        """Return what must be written into the older backup; None for a new copy."""
        step(0, _OF)
        if older is None:
            return None
        return find_changes(source, older, partial(_step_between, step, 0, _FOUND))

    def _prove(self, file: Path, step: ProgressStep) -> Mapping[str, int]:
        """Read the copy from the medium and prove it; return the number of its records by type.

        Equal pages have equal HMACs, so those of the store are checked: its disk is faster.
        """
        step(_COPIED, _OF)
        try:
            with self._attached(file):
                with self._snapshot() as source:
                    compared = partial(_step_between, step, _COPIED + 1, _EQUAL)
                    is_copied = is_equal(source, file, compared)
                    if driver.check_cipher(self._connection, self._path):
                        raise KfdeskError("store.damaged")
                if not is_copied:
                    raise KfdeskError("backup.not_sound")
                with driver.interruptible(self._connection, lambda: step(_EQUAL, _OF)):
                    self._check_content()
                step(_OF - 1, _OF)
                return _counts(self._connection, "copy")
        except DatabaseError:
            raise KfdeskError("backup.not_sound") from None

    def _check_content(self) -> None:
        """Compare all rows with the content hash, unless that was done and only we wrote since.

        Raise KfdeskError `store.mixed`, for the copy is equal to the store.
        """
        if not self._content.is_proved:
            if is_mixed(self._connection, "copy"):
                raise KfdeskError("store.mixed")
            self._content.note_proof()

    def _add_slots(self, part: Path) -> None:
        """Add the key files beside the store, byte for byte if they hold what the store knows.

        So a program of before an update can read the backup that was made before it.
        """
        try:
            slots = self._slots()
            beside = key_slots.bytes_beside(self._path.parent, slots)
            key_slots.write_slots(part, slots, beside)
        except KfdeskError as fault:  # the disk's fault here, or what the store knows is damaged
            is_disk = fault.code == "store.disk"
            raise KfdeskError("backup.not_written" if is_disk else "store.damaged") from None
        flush_folder(part)

    def _export_into(self, file: Path, step: ProgressStep) -> None:
        """Write all tables into `file`, which is attached as `copy`, and report progress."""
        size = max(1, self._path.stat().st_size)
        stopped: list[BaseException] = []

        def go_on() -> int:
            done = file.stat().st_size if file.exists() else 0
            try:
                step(min(_COPIED, _COPIED * done // size), _OF)
            except BaseException as error:
                stopped.append(error)
            return len(stopped)

        self._connection.set_progress_handler(go_on, _INSTRUCTIONS)
        try:
            go_on()
            if not stopped:
                self._connection.execute("SELECT sqlcipher_export('copy')").fetchall()
        except DatabaseError as error:
            if driver.primary_code(error) in (_CORRUPT, _NOT_A_STORE):
                raise KfdeskError("store.damaged") from None
            if not stopped:
                raise
        finally:
            self._connection.set_progress_handler(None, 0)
        if stopped:
            raise stopped[0]

    def _verify_copy(self, file: Path, step: ProgressStep, key: bytes) -> None:
        """Read the export back: check its pages, compare every table, and check the content hash.

        Under another key each page is another, so the rows are compared.
        """
        step(_COPIED, _OF)
        try:
            with self._attached(file, key):
                if driver.check_pages(self._connection, file, "copy"):
                    raise KfdeskError("backup.not_sound")
                if _schema_of(self._connection, "copy") != _schema_of(self._connection, "main"):
                    raise KfdeskError("backup.not_sound")
                names = [name for name, _ in _tables(self._connection, "main")]
                for number, name in enumerate(names):
                    step(_SOUND + (_OF - _SOUND) * number // len(names), _OF)
                    if not _is_copied(self._connection, name):
                        raise KfdeskError("backup.not_sound")
                with driver.interruptible(self._connection, lambda: step(_OF - 1, _OF)):
                    if is_mixed(self._connection, "copy"):
                        raise KfdeskError("store.mixed")  # for the copy is equal to the store
        except DatabaseError:
            raise KfdeskError("backup.not_sound") from None

    def _is_ours(self, path: Path) -> bool:
        try:
            with self._attached(path / STORE_FILE):
                self._connection.execute("SELECT count(*) FROM copy.sqlite_schema").fetchall()
        except (DatabaseError, OSError):
            return False
        return True

    @contextmanager
    def _attached(self, file: Path, key: bytes | None = None) -> Iterator[None]:
        """Attach the file as `copy`, under the same key unless another is given."""
        is_new = key is not None and not file.exists()
        if (
            not is_new and file.stat().st_size < driver.PAGE_BYTES
        ):  # else it would be taken for a new one
            raise FileNotFoundError
        if key is None:
            self._connection.execute("ATTACH ? AS copy", (str(file),))
        else:
            with driver.hex_key(key) as spelt:
                self._connection.execute("ATTACH ? AS copy KEY ?", (str(file), spelt))
        try:
            driver.set_cache_size(self._connection, "copy")
            yield
        finally:
            self._connection.execute("DETACH copy")


def named_backups(into: Path) -> tuple[Path, ...]:
    """Return the folders in `into` that look like backups, by name, the newest last."""
    try:
        found = sorted(path for path in into.iterdir() if backup_time(path.name, None) is not None)
        return tuple(path for path in found if (path / STORE_FILE).is_file())
    except OSError:
        return ()


def _step_between(step: ProgressStep, begin: int, end: int, done: int, of: int) -> None:
    """Report progress of a part of the work, from `begin` to `end` percent of the whole."""
    step(begin + (end - begin) * done // max(1, of), _OF)


def _tables(connection: Connection, schema: str) -> list[tuple[str, str]]:
    """Return each table with rows, and its CREATE statement."""
    return connection.execute(
        f"SELECT name, sql FROM {schema}.sqlite_schema "
        "WHERE type = 'table' AND rootpage > 0 ORDER BY name"
    ).fetchall()


def _schema_of(connection: Connection, schema: str) -> list[tuple[object, ...]]:
    """Return all schema entries with triggers and indexes, and the values in the file header."""
    made = connection.execute(
        f"SELECT type, name, sql FROM {schema}.sqlite_schema ORDER BY type, name"
    ).fetchall()
    return [*made, *(connection.execute(f"PRAGMA {schema}.{key}").fetchone() for key in _HEAD)]


def _is_copied(connection: Connection, table: str) -> bool:
    """Return whether the copy has exactly the rows of a table, cell by cell.

    SQLite compares them, so no row is read into Python's memory.
    """
    columns = connection.execute(
        "SELECT name, pk FROM pragma_table_info(?, 'main') ORDER BY pk", (table,)
    ).fetchall()
    (has_no_rowid,) = connection.execute(
        "SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'", (table,)
    ).fetchone()
    keys = [name for name, place in columns if place] if has_no_rowid else ["rowid"]
    paired = [f'ours."{key}" = theirs."{key}"' for key in keys]
    equal = [f'ours."{name}" IS theirs."{name}"' for name, _ in columns]
    counts = connection.execute(
        f'SELECT (SELECT count(*) FROM main."{table}"), (SELECT count(*) FROM copy."{table}"), '
        f'(SELECT count(*) FROM main."{table}" AS ours JOIN copy."{table}" AS theirs '
        f"ON {' AND '.join(paired)} WHERE {' AND '.join(equal)})"
    ).fetchone()
    return len(set(counts)) == 1


def _counts(connection: Connection, schema: str) -> Mapping[str, int]:
    present = {name for name, _ in _tables(connection, schema)}  # not all in an older store
    return {
        name: connection.execute(f"SELECT count(*) FROM {schema}.record_{name}").fetchone()[0]
        for name in RECORD_TYPES
        if f"record_{name}" in present
    }


# --- before an upgrade


def back_up_before_upgrade(backups: Backups, names: Sequence[str]) -> None:
    """Back up the store, verified, under the first free one of `names`.

    Raise KfdeskError `store.damaged`, or `store.not_kept` if it cannot be backed up: then
    its tables must stay as they are.
    """
    try:
        backups.make_beside(names, lambda _done, _of: None)
    except KfdeskError as fault:
        if fault.code.startswith("backup."):
            raise KfdeskError("store.not_kept") from None
        raise
