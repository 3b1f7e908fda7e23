# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's file, copied page by page into the folder of an unfinished backup.

SQLCipher encrypts a page under a new random IV each time it is written. So a page that was
not written since an older backup is there byte for byte, and only the others are written
into it. Nothing is remembered about the older backup: it is read and compared, so nothing
that somebody says about it can be out of date. What it held before is kept in memory until
the backup is whole, and put back if the backup is stopped or refused.

Functions on bytes; no key and no SQL. Sizes are in bytes, page numbers begin at 0.
"""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.files import FileLock, flush, flush_file, flush_folder, lock_file, move
from kfdesk.storage import key_slots
from kfdesk.storage.driver import PAGE_BYTES, STORE_FILE

ProgressStep = Callable[[int, int], None]

BACKUP_FILES = (STORE_FILE, *key_slots.SLOT_FILES)
LOCK_FILE = "notebook.lock"
"""The file by which a program holds a store, or a backup that it writes."""
MOVES_OPEN_FILES = sys.platform != "win32"  # which neither renames nor removes them
_CHUNK = 2**16
_MOST_CHANGED = 2**13  # pages: 32 MiB kept in memory; with more, a copy is written anew


@dataclass(frozen=True, slots=True)
class PageChanges:
    """An older backup, and the pages in which it differs from the store.

    `pages` has the bytes of each such page, as they are in the older backup; none where the
    store is longer. `size` is that of its store, `slots` are its other files by name.
    """

    base: Path
    pages: Mapping[int, bytes]
    size: int
    slots: Mapping[str, bytes]


def find_changes(source: BinaryIO, base: Path, step: ProgressStep) -> PageChanges | None:
    """Compare the older backup `base` with the store's file. Write nothing.

    Return None if a new copy is better: too many pages differ, the backup is not a plain folder
    with its own files, or it cannot be read or written. Raise KfdeskError `store.unreadable`,
    or whatever `step` raises.
    """
    if not _has_own_files(base):
        return None
    pages: dict[int, bytes] = {}
    try:
        with (base / STORE_FILE).open("rb+") as older:
            for number, _ours, theirs in _differing_pages(source, older, step):
                if len(pages) == _MOST_CHANGED:
                    return None
                pages[number] = theirs
            size = older.seek(0, os.SEEK_END)
        slots = {name: (base / name).read_bytes() for name in key_slots.SLOT_FILES}
    except OSError:
        return None
    return PageChanges(base, pages, size, slots)


def is_equal(source: BinaryIO, file: Path, step: ProgressStep) -> bool:
    """Return whether a file is, byte for byte, what `source` is from its beginning to its end.

    Raise OSError if the file cannot be read, KfdeskError `store.unreadable` for the source.
    """
    with file.open("rb") as copied:
        return next(_differing_pages(source, copied, step), None) is None


class UnfinishedBackup:
    """The folder of a backup that is being written, locked against other programs.

    It is a new folder or, with `changes`, the older backup under an unfinished name. Raise
    OSError, or KfdeskError `backup.busy`; then everything is as it was.
    """

    def __init__(self, folder: Path, changes: PageChanges | None) -> None:
        self.folder = folder
        self._changes = changes
        self._lock: FileLock | None = None
        if changes is None:
            folder.mkdir(mode=0o700)
        elif MOVES_OPEN_FILES:  # locked first: nobody may take it for an abandoned one
            self._lock = lock_folder(changes.base)
        try:
            if changes is not None:  # a power cut must not leave a torn one under a whole name
                move(changes.base, folder, is_final=False)
            if self._lock is None:
                self._lock = lock_folder(folder)
        except (KfdeskError, OSError):
            if changes is not None and changes.base.exists():  # not moved
                self._unlock(changes.base)
            else:
                self.discard()
            raise

    @property
    def file(self) -> Path:
        """The copy of the store in it."""
        return self.folder / STORE_FILE

    def write(self, source: BinaryIO, step: ProgressStep) -> None:
        """Write the store's file, or only those of its pages that differ.

        Raise OSError, KfdeskError `store.unreadable`, or whatever `step` raises.
        """
        size = source.seek(0, os.SEEK_END)
        if self._changes is None:
            with self.file.open("xb") as copied:
                for place, chunk in _chunks(source):
                    step(place, size)
                    copied.write(chunk)
            return
        numbers = sorted(self._changes.pages)
        with self.file.open("rb+") as copied:
            for done, number in enumerate(numbers):
                step(done, len(numbers))
                copied.seek(number * PAGE_BYTES)
                copied.write(_read_source(source, number * PAGE_BYTES, PAGE_BYTES))
            copied.truncate(size)

    def finish(self, path: Path) -> None:
        """Give the backup its name, and then release it. Raise OSError; then it has it not."""
        self._rename(path)

    def discard(self) -> None:
        """Remove it, or make it the older backup again. What a lost disk prevents is left out."""
        with suppress(OSError):
            if self._changes is not None:
                self._undo(self._changes)
                return
        with suppress(OSError):
            self._unlock(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _undo(self, changes: PageChanges) -> None:
        with self.file.open("rb+") as copied:
            for number, former in changes.pages.items():
                copied.seek(number * PAGE_BYTES)
                copied.write(former)
            copied.truncate(changes.size)
            flush(copied)
        for name, former in changes.slots.items():
            (self.folder / name).write_bytes(former)
            flush_file(self.folder / name)
        flush_folder(self.folder)
        self._rename(changes.base)

    def _rename(self, path: Path) -> None:
        """Rename it while it is locked, so that no other program clears it away meanwhile."""
        if not MOVES_OPEN_FILES:
            self._unlock(self.folder)
        move(self.folder, path)
        with suppress(OSError):  # it has its name, and a lock file that is left does no harm
            self._unlock(path)

    def _unlock(self, folder: Path) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        (folder / LOCK_FILE).unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    """Return whether a program holds a store, or is writing an unfinished backup, now."""
    if not (folder / LOCK_FILE).exists():
        return False
    try:
        lock_folder(folder).release()
    except KfdeskError:
        return True
    return False


def remove_abandoned(folder: Path) -> None:
    """Remove an unfinished backup that no program is writing. Raise KfdeskError `backup.busy`."""
    with suppress(OSError):
        lock = lock_folder(folder)
        try:
            if MOVES_OPEN_FILES:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def lock_folder(folder: Path) -> FileLock:
    """Lock an unfinished backup or a store, if its disk knows locks.

    The system releases it when the program ends, however it ends. Raise OSError, or KfdeskError
    `backup.busy` while another program holds it, or has just removed the folder.
    """
    lock = lock_file(folder / LOCK_FILE)
    if lock is None:
        raise KfdeskError("backup.busy")
    if lock.is_removed:
        lock.release()
        raise KfdeskError("backup.busy")
    return lock


def _has_own_files(base: Path) -> bool:
    """Return whether a backup has its own files alone, and shares them with no other folder.

    A link would lead the writing to another file: perhaps to the newest backup, or the store.
    """
    try:
        found = {path.name: path.lstat() for path in base.iterdir()}
    except OSError:
        return False
    is_plain = all(stat.S_ISREG(one.st_mode) and one.st_nlink == 1 for one in found.values())
    return not base.is_symlink() and is_plain and found.keys() - {LOCK_FILE} == set(BACKUP_FILES)


def _differing_pages(
    source: BinaryIO, other: BinaryIO, step: ProgressStep
) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the number and both contents of each page that differs, or that only one file has."""
    size, end = source.seek(0, os.SEEK_END), other.seek(0, os.SEEK_END)
    for place in range(0, max(size, end), _CHUNK):
        step(min(place, size), size)
        ours = _read_source(source, place, _CHUNK)
        other.seek(place)
        theirs = other.read(_CHUNK)
        if ours == theirs:
            continue
        for begin in range(0, max(len(ours), len(theirs)), PAGE_BYTES):
            one, another = ours[begin : begin + PAGE_BYTES], theirs[begin : begin + PAGE_BYTES]
            if one != another:
                yield (place + begin) // PAGE_BYTES, one, another


def _chunks(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    place = 0
    while chunk := _read_source(source, place, _CHUNK):
        yield place, chunk
        place += len(chunk)


def _read_source(source: BinaryIO, place: int, size: int) -> bytes:
    try:
        source.seek(place)
        return source.read(size)
    except OSError:
        raise KfdeskError("store.unreadable") from None
