# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts the data of ICU, 32 MB in Qt's library, down to what Qt asks it for: order and letters.

Qt has names of days, numbers and languages of its own; of ICU it uses the order of words and the
forms of letters. What goes are code pages, names of regions, units and currencies, and the order of
languages that nothing here is written in. The layout of the data is that of ICU's `ucmndata.h`: a
head, then a table of names and places, then the items.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path, PurePosixPath

from steps import SetupError, run

LIBRARY = "libicudata.so."

_KIND, _KIND_AT, _MAGIC = b"CmnD", 12, b"\xda\x27"
_ENTRY, _LEAST = struct.Struct("<II"), 16  # each item begins at a multiple of 16
_ALWAYS = {"root", "pool", "res_index", "ucadata"}
_TREES = {"", "coll"}
_GONE = {".cnv", ".spp", ".cfu"}
_GONE_NAMES = {"unames.icu", "cnvalias.icu"}
_TABLES = {"supplementalData", "likelySubtags", "keyTypeData", "numberingSystems", "metadata",
           "icustd", "icuver", "plurals", "pluralRanges", "dayPeriods", "genderList",
           "timezoneTypes", "zoneinfo64", "metaZones", "windowsZones"}  # fmt: skip
_SOURCE = """.section .rodata
.balign 16
.globl {symbol}
.type {symbol}, @object
{symbol}: .incbin "{data}"
.size {symbol}, .-{symbol}
.section .note.GNU-stack,"",@progbits
"""


def is_kept(name: str, languages: Collection[str]) -> bool:
    """Say whether an item of the data, such as `icudt73l/coll/sv.res`, stays for `languages`."""
    path = PurePosixPath(*PurePosixPath(name).parts[1:])
    if path.suffix in _GONE or path.name in _GONE_NAMES:
        return False
    tree = path.parent.as_posix().strip(".")
    if tree not in _TREES:
        return False
    if path.suffix != ".res" or path.stem in _ALWAYS:
        return True
    return path.stem.partition("_")[0] in languages or (not tree and path.stem in _TABLES)


def items_of(data: bytes) -> Mapping[str, bytes]:
    """Return the items of ICU's data by name, in order. Raise SetupError for other bytes."""
    try:
        table = struct.unpack_from("<H", data)[0]
        (count,) = struct.unpack_from("<I", data, table)
        entries = [_ENTRY.unpack_from(data, table + 4 + at * _ENTRY.size) for at in range(count)]
        names = [data[table + at : data.index(b"\0", table + at)].decode() for at, _ in entries]
    except (struct.error, ValueError):
        raise SetupError("the data of ICU has another layout: look at icu_data.py") from None
    places = [*(table + place for _, place in entries), len(data)]
    parts = (data[one:other] for one, other in pairwise(places))
    return dict(zip(names, parts, strict=True))


def pack(head: bytes, items: Mapping[str, bytes]) -> bytes:
    """Return ICU's data of these items; `head` is that of the whole data."""
    names = b"".join(name.encode() + b"\0" for name in items)
    first = 4 + len(items) * _ENTRY.size
    begin = first + len(names)
    table, body = bytearray(struct.pack("<I", len(items))), bytearray()
    padding = -(len(head) + begin) % _LEAST
    name_at, place = first, begin + padding
    for name, item in items.items():
        table += _ENTRY.pack(name_at, place + len(body))
        name_at += len(name.encode()) + 1
        body += item + bytes(-len(item) % _LEAST)
    return bytes(head + table + names + bytes(padding) + body)


def cut(data: bytes, languages: Collection[str]) -> bytes:
    """Return ICU's data without what nothing here asks for. Raise SetupError for other bytes."""
    items = items_of(data)
    kept = {name: item for name, item in items.items() if is_kept(name, languages)}
    return pack(data[: struct.unpack_from("<H", data)[0]], kept)


def found_in(library: bytes) -> bytes:
    """Return the data in a library of ICU. Raise SetupError if there is none."""
    begin = library.find(_KIND) - _KIND_AT
    if begin < 0 or library[begin + 2 : begin + 4] != _MAGIC:
        raise SetupError("the library of ICU holds no data: look at icu_data.py")
    return library[begin:]


def cut_libraries(folder: Path, languages: Collection[str]) -> Iterator[Path]:
    """Replace each library of ICU's data in `folder` by a smaller one, and yield it.

    Raise SetupError if it has another layout or binutils are missing.
    """
    for path in sorted(folder.rglob(f"{LIBRARY}*")):
        if not path.is_symlink():
            link(cut(found_in(path.read_bytes()), languages), path)
            yield path


def link(data: bytes, library: Path) -> None:
    """Write a library that holds nothing but ICU's data. Raise SetupError."""
    symbol = f"icudt{library.name.removeprefix(LIBRARY)}_dat"
    fault = "the data of ICU could not be linked"
    with tempfile.TemporaryDirectory() as place:
        packed, source, made = (Path(place) / name for name in ("icu.dat", "icu.s", "icu.o"))
        packed.write_bytes(data)
        source.write_text(_SOURCE.format(symbol=symbol, data=packed), encoding="utf-8")
        run(["as", "-o", str(made), str(source)], fault)
        run(["ld", "-shared", "-soname", library.name, "-o", str(library), str(made)], fault)
