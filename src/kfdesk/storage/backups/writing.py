# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a backup: the store copied beside, read back, compared, and only then given its name.

A backup is a folder with the store and its slots, so it opens by itself with the passphrases and
the recovery key of its day. It has the store's own data key: a key of its own would have to be
wrapped under that one in a third file, which protects nothing more, because who can open the
slots can open the wrap, and is one more file to lose. SQLCipher hands the key to the file it
attaches, so it never comes back to Python, and a foreign backup is known by not opening under it.
An attached file has a cache of its own: what is read back comes from the file, never from memory.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from kfdesk.domain.desk.backup import Erased, made_at
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.storage import driver, slots
from kfdesk.storage.backups.settling import UNFINISHED as UNFINISHED
from kfdesk.storage.driver import FILE, Connection, DatabaseError

Step = Callable[[int, int], None]

_INSTRUCTIONS = 20_000  # of SQLite's machine between two looks at whether to go on
_OF, _COPIED, _SOUND = 100, 40, 60  # what of a backup is done then
_SPARE = 2**18  # bytes, for the slots and the folders
_CORRUPT, _NOT_A_STORE, _PRIMARY = 11, 26, 0xFF
_OURS = re.compile(rf"(.+){re.escape(UNFINISHED)}")

_HEAD = ("user_version", "application_id")
_OUTLIVING = frozenset({"erasure_order", "erased_write", "kept_notice"})


class Backups:
    """The backups of one open store, of which nothing here is called inside a transaction."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def make(self, into: Path, names: Sequence[str], step: Step) -> tuple[Path, Mapping[str, int]]:
        """A backup in the folder `into`, under the first of `names` that is free.

        Returns where it is, and how many records of each type it has.

        `step` hears how much is done, and stops it by raising. Raises KfdeskError `backup.exists`,
        `backup.inside_store`, `backup.no_room`, `backup.not_written` (full, pulled out, write
        protected), `backup.not_sound` where what was written is not what is in the store, or
        `store.damaged` where the store itself cannot be read. Then nothing is left in `into`.
        """
        name = self._free_name(into, names)
        part = into / f"{name}{UNFINISHED}"
        try:
            _remove_abandoned(into)
            part.mkdir(mode=0o700)
            counts = self._write(part, step)
            part.rename(into / name)
        except BaseException as error:
            shutil.rmtree(part, ignore_errors=True)
            if isinstance(error, OSError | DatabaseError):
                raise KfdeskError("backup.not_written") from None
            raise
        with suppress(OSError):  # the backup stands; a stick may not know how to flush a folder
            flush_folder(into)
        return into / name, counts

    def export(self, file: Path, key: bytes, step: Step) -> None:
        """The whole store in the new file `file`, under another data key, read back and compared.

        Raises KfdeskError `store.no_room`, `store.disk`, `store.damaged`, `backup.not_sound` where
        what was written is not what is in the store, and whatever `step` stops it by.
        """
        with suppress(OSError):
            if shutil.disk_usage(file.parent).free < self._path.stat().st_size + _SPARE:
                raise KfdeskError("store.no_room")
        try:
            with self._attached(file, key):
                self._run(file, step, "SELECT sqlcipher_export('copy')")
                for kept in _HEAD:  # which an export leaves out
                    (value,) = self._connection.execute(f"PRAGMA main.{kept}").fetchone()
                    self._connection.execute(f"PRAGMA copy.{kept} = {value}")
            _flush(file)
            self._prove(file, step, key)
        except (OSError, DatabaseError):  # an export does not say whose page it was
            is_damaged = driver.check_pages(self._connection, self._path)
            raise KfdeskError("store.damaged" if is_damaged else "store.disk") from None

    def in_folder(self, into: Path) -> tuple[Path, ...]:
        """The backups of this store in a folder; other desks' are left out, and not touched."""
        return tuple(path for path in named_backups(into) if self._is_ours(path))

    def remove(self, path: Path) -> bool:
        """Remove a backup; whether it is gone. Other files in it are kept, and so is its folder.

        One that holds nothing else loses its name first: cut off after that, it is cleared away
        with the next backup, and at no moment does a folder without a store look like a backup.
        """
        if not self._is_ours(path):
            return False
        ours = (FILE, *slots.NAMES)
        with suppress(OSError):
            if all(inside.name in ours for inside in path.iterdir()):
                path = path.rename(path.with_name(f"{path.name}{UNFINISHED}"))
            for name in ours:
                (path / name).unlink(missing_ok=True)
            path.rmdir()
        return not (path / FILE).exists()

    def erasures_in(self, file: Path) -> tuple[Erased, ...] | None:
        """The list of erasures in another store under the same key; None if it cannot be read."""
        try:
            with self._attached(file):
                has_list = self._connection.execute(
                    "SELECT 1 FROM copy.sqlite_schema WHERE name = 'erasure'"
                ).fetchall()
                if not has_list:
                    return ()
                rows = self._connection.execute("SELECT rid, at, reason FROM copy.erasure")
                return tuple(Erased(*row) for row in rows.fetchall())
        except (DatabaseError, OSError):
            return None

    def bring_over(self, file: Path) -> None:
        """Take from another store under the same key what must outlive a restore.

        What partners are asked to erase and ask us, the writes that were erased, the withdrawals
        that are still to be told. A store that cannot be read leaves all as it is.
        """
        with suppress(DatabaseError, OSError), self._attached(file):
            names = self._connection.execute("SELECT name FROM copy.sqlite_schema").fetchall()
            for name in _OUTLIVING.intersection(name for (name,) in names):
                self._connection.execute(f"INSERT OR REPLACE INTO {name} SELECT * FROM copy.{name}")

    def counts(self) -> Mapping[str, int]:
        """How many records of each type the store has."""
        return _counts(self._connection, "main")

    def _free_name(self, into: Path, names: Sequence[str]) -> str:
        store = self._path.parent.resolve()
        if into.resolve() == store or store in into.resolve().parents:
            raise KfdeskError("backup.inside_store")
        name = next((name for name in names if not (into / name).exists()), None)
        if name is None:
            raise KfdeskError("backup.exists")
        with suppress(OSError):  # a folder that is not there is told when it is written to
            if shutil.disk_usage(into).free < self._path.stat().st_size + _SPARE:
                raise KfdeskError("backup.no_room")
        return name

    def _write(self, part: Path, step: Step) -> Mapping[str, int]:
        file = part / FILE
        self._run(file, step, "VACUUM INTO ?", str(file))
        _flush(file)
        try:
            slots.write_slots(part, slots.read_slots(self._path.parent))
        except KfdeskError as fault:  # the disk's fault here, or both our own copies are damaged
            is_disk = fault.code == "store.disk"
            raise KfdeskError("backup.not_written" if is_disk else "store.damaged") from None
        counts = self._prove(file, step)
        flush_folder(part)
        return counts

    def _run(self, file: Path, step: Step, statement: str, *given: str) -> None:
        """Run what writes one consistent copy into `file`, without free pages."""
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
                self._connection.execute(statement, given).fetchall()
        except DatabaseError as error:
            code = error.sqlite_errorcode & _PRIMARY
            if code in (_CORRUPT, _NOT_A_STORE):
                raise KfdeskError("store.damaged") from None
            if not stopped:
                raise
        finally:
            self._connection.set_progress_handler(None, 0)
        if stopped:
            raise stopped[0]

    def _prove(self, file: Path, step: Step, key: bytes | None = None) -> Mapping[str, int]:
        """Read the whole copy back: pages, then every table against the store's own."""
        step(_COPIED, _OF)
        try:
            with self._attached(file, key):
                if driver.check_pages(self._connection, file, "copy"):
                    raise KfdeskError("backup.not_sound")
                if _shape(self._connection, "copy") != _shape(self._connection, "main"):
                    raise KfdeskError("backup.not_sound")
                names = [name for name, _ in _tables(self._connection, "main")]
                for number, name in enumerate(names):
                    step(_SOUND + (_OF - _SOUND) * number // len(names), _OF)
                    if not _is_copied(self._connection, name):
                        raise KfdeskError("backup.not_sound")
                return _counts(self._connection, "copy")
        except DatabaseError:
            raise KfdeskError("backup.not_sound") from None

    def _is_ours(self, path: Path) -> bool:
        try:
            with self._attached(path / FILE):
                self._connection.execute("SELECT count(*) FROM copy.sqlite_schema").fetchall()
        except (DatabaseError, OSError):
            return False
        return True

    @contextmanager
    def _attached(self, file: Path, key: bytes | None = None) -> Iterator[None]:
        """The file as `copy` beside the store, under the same key unless one is given."""
        is_new = key is not None and not file.exists()
        if not is_new and file.stat().st_size < driver.PAGE:  # else it would be taken for a new one
            raise FileNotFoundError
        if key is None:
            self._connection.execute("ATTACH ? AS copy", (str(file),))
        else:
            with driver.digits(key) as spelt:
                self._connection.execute("ATTACH ? AS copy KEY ?", (str(file), spelt))
        try:
            yield
        finally:
            self._connection.execute("DETACH copy")


def named_backups(into: Path) -> tuple[Path, ...]:
    """The folders in `into` that are called and filled as backups are, by name, the newest last."""
    try:
        found = sorted(path for path in into.iterdir() if made_at(path.name, None) is not None)
        return tuple(path for path in found if (path / FILE).is_file())
    except OSError:
        return ()


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder, where the system can."""
    if hasattr(os, "O_DIRECTORY"):  # a folder cannot be flushed on Windows
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _flush(file: Path) -> None:
    """Flush a file that SQLite has written without flushing it."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _remove_abandoned(into: Path) -> None:
    """Remove what backups have left that were killed or lost their power; they opened for no one.

    One that another desk is writing at this moment is not told from them, and is refused there.
    """
    for path in into.iterdir():
        name = _OURS.fullmatch(path.name)
        if name is not None and made_at(name[1], None) is not None:
            shutil.rmtree(path, ignore_errors=True)


def _tables(connection: Connection, schema: str) -> list[tuple[str, str]]:
    """Each table that holds rows, and how it was made."""
    return connection.execute(
        f"SELECT name, sql FROM {schema}.sqlite_schema "
        "WHERE type = 'table' AND rootpage > 0 ORDER BY name"
    ).fetchall()


def _shape(connection: Connection, schema: str) -> list[tuple[object, ...]]:
    """Everything that is made, triggers and indices too, and what the file's head says."""
    made = connection.execute(
        f"SELECT type, name, sql FROM {schema}.sqlite_schema ORDER BY type, name"
    ).fetchall()
    return [*made, *(connection.execute(f"PRAGMA {schema}.{key}").fetchone() for key in _HEAD)]


def _is_copied(connection: Connection, table: str) -> bool:
    """Whether every row of a table stands in the copy too, cell by cell, and no other row.

    SQLite compares them itself: of what is compared nothing comes into Python's memory.
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
        for name in TYPES
        if f"record_{name}" in present
    }
