# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to write a file so that neither a power cut nor a pulled stick leaves half of it.

A new file is written beside its place, flushed, and then renamed. The rename is the point of no
return: what fails after it is passed over, for the new file already stands there.
"""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

_UNFLUSHABLE = (errno.EINVAL, errno.ENOTSUP)  # said of folders by some sticks and shares
UNFINISHED_SUFFIX = ".part"


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


def replace_file(
    path: Path,
    write: Callable[[BinaryIO], object],
    before: Callable[[], None] = lambda: None,
) -> None:
    """Write a file beside `path`, flush it, call `before`, and let it take the place of `path`.

    Raise OSError, or whatever `write` and `before` raise; then `path` is as it was.
    """
    beside = path.with_name(f"{path.name}{UNFINISHED_SUFFIX}")
    try:
        with beside.open("wb") as file:
            write(file)
            flush(file)
        before()
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink()  # already renamed if all went well
    with suppress(OSError):
        flush_folder(path.parent)
