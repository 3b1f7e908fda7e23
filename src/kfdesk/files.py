# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to write a file so that neither a power cut nor a pulled stick leaves half of it.

A new file is written beside its place, flushed, and then renamed. The rename is the point of no
return: what fails after it is passed over, for the new file already stands there. A lock keeps
other programs away meanwhile. What the files are, the callers know; this module must not.
"""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_UNFLUSHABLE = (errno.EINVAL, errno.ENOTSUP)  # said of folders by some sticks and shares
UNFINISHED_SUFFIX = ".part"
UNFINISHED_LINK_SUFFIX = ".new"


def flush(file: IO[bytes] | IO[str]) -> None:
    """Flush an open file to the medium. Raise OSError."""
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Flush a folder's directory entries, if the system can. Raise OSError if the disk fails."""
    if hasattr(os, "O_DIRECTORY"):  # a folder cannot be flushed on Windows
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _UNFLUSHABLE:
                raise
        finally:
            os.close(descriptor)


def flush_file(file: Path) -> None:
    """Flush a file that was written, and drop it from the system's cache where that can be.

    Who reads it after that reads what is on the medium, and notices a stick that has lost it.
    """
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
        drop_cache(opened)


def drop_cache(file: IO[bytes]) -> None:
    """Drop a flushed file from the system's cache, if the system can."""
    if hasattr(os, "posix_fadvise"):  # neither Windows nor macOS has it
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# --- names


def make_folders(folder: Path, mode: int = 0o777) -> None:
    """Create a folder and those above it that are missing, and flush the names. Raise OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for one in reversed(missing):
        _flush_names(one.parent, is_final=True)


def replace_file(
    path: Path,
    write: Callable[[BinaryIO], object],
    before: Callable[[], None] = lambda: None,
    *,
    beside: Path | None = None,
    is_final: bool = True,
) -> None:
    """Write a file beside `path`, flush it, call `before`, and let it take the place of `path`.

    `beside` is where it is written, if not under the usual name. Raise OSError, or whatever `write`
    and `before` raise; then `path` is as it was. The flush of the names is treated as by `move`.
    """
    beside = beside or path.with_name(f"{path.name}{UNFINISHED_SUFFIX}")
    try:
        with beside.open("wb") as file:
            write(file)
            flush(file)
        before()
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink()  # already renamed if all went well
    _flush_names(path.parent, is_final=is_final)


def replace_link(link: Path, target: Path) -> None:
    """Let a symbolic link lead elsewhere, by one rename. Raise OSError; then it is as it was."""
    beside = link.with_name(f"{link.name}{UNFINISHED_LINK_SUFFIX}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
    _flush_names(link.parent, is_final=True)


def move(source: Path, target: Path, *, is_final: bool = True) -> Path:
    """Rename a file or folder whose bytes are flushed, and flush the names; return `target`.

    Raise OSError; then it is where it was. If this is not `is_final`, because the caller can take
    it back, a failed flush of the names is raised, too; then it is at `target`.
    """
    source.rename(target)
    _flush_names(target.parent, is_final=is_final)
    return target


def _flush_names(folder: Path, *, is_final: bool) -> None:
    try:
        flush_folder(folder)
    except OSError:
        if not is_final:
            raise


# --- locks


class FileLock:
    """The lock on a file, until `release` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Release the lock for other programs; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):  # a lost disk holds no lock
                os.close(descriptor)

    @property
    def is_removed(self) -> bool:
        """Return whether the locked file has been removed meanwhile. Raise OSError."""
        return self._descriptor is None or os.fstat(self._descriptor).st_nlink == 0


def lock_file(path: Path) -> FileLock | None:
    """Lock a file for this program; create it if there is none.

    Return None while another program holds it. A disk that knows no locks grants each. Raise
    OSError if the file cannot be opened for writing.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        os.close(descriptor)
        return None
    except OSError:  # this disk knows no locks
        pass
    return FileLock(descriptor)
