# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch over a folder: every file in it that anybody opens, also from inside a library.

It asks the kernel (inotify), so it needs no tool and no rights. Only Linux has it.
"""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_OPEN = 0x20
_HEAD = struct.Struct("iIII")


class OpenedFiles:
    """The names of the files that were opened since the last question."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self) -> list[str]:
        """Return the names, in the order of opening, and forget them."""
        try:
            data = os.read(self._descriptor, 65_536)
        except BlockingIOError:
            return []
        names, place = [], 0
        while place < len(data):
            length = _HEAD.unpack_from(data, place)[3]
            place += _HEAD.size + length
            names.append(data[place - length : place].rstrip(b"\0").decode())
        return [name for name in names if name]


@contextmanager
def watched(folder: Path) -> Iterator[OpenedFiles]:
    """Watch the files that lie in a folder."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    assert descriptor >= 0, os.strerror(ctypes.get_errno())
    try:
        watch = libc.inotify_add_watch(descriptor, os.fsencode(folder), _IN_OPEN)
        assert watch >= 0, os.strerror(ctypes.get_errno())
        yield OpenedFiles(descriptor)
    finally:
        os.close(descriptor)
