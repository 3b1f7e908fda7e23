# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a program or library of Linux asks for, and takes a foreign search path out of it.

Of the ELF format (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html) only the dynamic
section of 64-bit little-endian files is read, which is all that a package here holds.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from steps import SetupError

ORIGIN = "$ORIGIN"  # the folder of the file itself

DEPENDENCY = re.compile(r"lib(?!python).+\.so\.\d.*")
"""The name of a library that only others load; Python's is loaded by the starter itself."""

_MAGIC = b"\x7fELF\2\1"
_PROGRAM, _DYNAMIC = struct.Struct("<IIQQQQQQ"), struct.Struct("<QQ")
_NEED, _VERSION = struct.Struct("<HHIII"), struct.Struct("<IHHII")
_LOAD, _IS_DYNAMIC = 1, 2
_NULL, _NEEDED, _STRINGS, _RPATH, _RUNPATH = 0, 1, 5, 15, 29
_NEEDS, _NEEDS_COUNT = 0x6FFFFFFE, 0x6FFFFFFF
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Parts that a file asks the loader for.

    `needed` are names of libraries, `paths` the folders that it has them looked for in, `glibc` the
    oldest C library that has every symbol, or (0, 0).
    """

    needed: tuple[str, ...]
    paths: tuple[str, ...]
    glibc: Version

    @property
    def foreign_paths(self) -> tuple[str, ...]:
        """The search paths that do not begin at the file itself."""
        return tuple(path for path in self.paths if not path.startswith(ORIGIN))


def is_binary(path: Path) -> bool:
    """Say whether a file is a program or a library of this kind."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_asked(path: Path) -> Asked:
    """Return what a file asks for. Raise SetupError for one that is torn."""
    data = path.read_bytes()
    try:
        tags = list(_dynamic(data))
        at = _offset(data, _first(tags, _STRINGS, 0))
        needed = tuple(_text(data, at + value) for tag, value in tags if tag == _NEEDED)
        joined = [_text(data, at + value) for tag, value in tags if tag in (_RPATH, _RUNPATH)]
        found = [match for name in _versions(data, tags, at) if (match := _GLIBC.match(name))]
    except (struct.error, ValueError):
        raise SetupError(f"a binary could not be read: {path.name}") from None
    paths = tuple(filter(None, ":".join(joined).split(":")))
    return Asked(needed, paths, max([(int(one[1]), int(one[2])) for one in found], default=(0, 0)))


def drop_foreign_paths(path: Path) -> bool:
    """Take the search paths out of a file that do not begin at itself; say whether there were any.

    Raise SetupError for a file that is torn, or whose path begins at itself and elsewhere too.
    """
    asked = read_asked(path)
    if not asked.foreign_paths:
        return False
    if asked.foreign_paths != asked.paths:
        raise SetupError(f"{path.name} searches {asked.foreign_paths[0]}, too: build it elsewhere")
    data = bytearray(path.read_bytes())
    kept = [pair for pair in _dynamic(bytes(data)) if pair[0] not in (_RPATH, _RUNPATH)]
    begin, size = _segment(bytes(data))
    table = b"".join(_DYNAMIC.pack(*pair) for pair in kept)
    data[begin : begin + size] = table.ljust(size, b"\0")
    path.write_bytes(data)
    return True


def _programs(data: bytes) -> Iterator[tuple[int, ...]]:
    (begin,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for at in range(count):
        yield _PROGRAM.unpack_from(data, begin + at * size)


def _segment(data: bytes) -> tuple[int, int]:
    """Return place and size of the dynamic section; nothing of a file that is linked whole."""
    for kind, _, offset, _, _, size, *_ in _programs(data):
        if kind == _IS_DYNAMIC:
            return offset, size
    return 0, 0


def _dynamic(data: bytes) -> Iterator[tuple[int, int]]:
    begin, size = _segment(data)
    for at in range(begin, begin + size, _DYNAMIC.size):
        tag, value = _DYNAMIC.unpack_from(data, at)
        if tag == _NULL:
            return
        yield tag, value


def _offset(data: bytes, address: int) -> int:
    """Return where in the file an address of the loaded program stands."""
    for kind, _, offset, begin, _, size, *_ in _programs(data):
        if kind == _LOAD and begin <= address < begin + size:
            return int(offset + address - begin)
    return 0


def _first(tags: list[tuple[int, int]], wanted: int, other: int) -> int:
    return next((value for tag, value in tags if tag == wanted), other)


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode("ascii")


def _versions(data: bytes, tags: list[tuple[int, int]], strings: int) -> Iterator[str]:
    """Yield the names of the versions of symbols that a file asks of its libraries."""
    count = _first(tags, _NEEDS_COUNT, 0)
    at = _offset(data, _first(tags, _NEEDS, 0)) if count else 0
    for _ in range(count):
        _, versions, _, first, further = _NEED.unpack_from(data, at)
        one = at + first
        for _ in range(versions):
            *_, name, after = _VERSION.unpack_from(data, one)
            yield _text(data, strings + name)
            one += after
        at += further
