# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that lie on a page of SQLite, read by the file format alone (sqlite.org/fileformat2).

No index and no tree is asked: a page that is whole gives all rows whose content can be had, also
where the page that led to it is lost. A row that goes on over other pages gives what lies before
the first bad one. Knows storage classes, never what a table means.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.storage.salvaging.pages import USABLE, Pages

Value = None | int | float | str | bytes

_LEAF, _INNER, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
_FILE_HEADER = 100  # on the first page, before its tree
_LEAST = (USABLE - 12) * 32 // 255 - 23
_MOST = {_LEAF: USABLE - 35, _INDEX_LEAF: (USABLE - 12) * 64 // 255 - 23}
_MOST[_INDEX_INNER] = _MOST[_INDEX_LEAF]
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12
_CONTENT = USABLE - 4  # of a page that a long row goes on over
_LONGEST = 2**31


@dataclass(frozen=True, slots=True)
class Found:
    """A row: its number, None where its table has none; its values, and whether those are all."""

    number: int | None
    values: tuple[Value, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a page gives: its rows, the pages below it, and those that its rows go on over."""

    rows: tuple[Found, ...]
    below: tuple[int, ...]
    beside: tuple[int, ...]
    unread: int


def read_page(pages: Pages, number: int) -> Leaf | None:
    """What lies on a page of a tree; None for one that is bad, or no such page."""
    page = pages.page(number)
    if page is None:
        return None
    start = _FILE_HEADER if number == 1 else 0
    kind = page[start]
    if kind not in {_LEAF, _INNER, _INDEX_LEAF, _INDEX_INNER}:
        return None
    is_inner = kind in {_INNER, _INDEX_INNER}
    (count,) = struct.unpack_from(">H", page, start + 3)
    first = start + (12 if is_inner else 8)
    if first + 2 * count > USABLE:
        return None
    below = [int.from_bytes(page[start + 8 : start + 12], "big")] if is_inner else []
    rows: list[Found] = []
    beside: list[int] = []
    unread = 0
    for (cell,) in struct.iter_unpack(">H", page[first : first + 2 * count]):
        try:
            if is_inner:
                below.append(int.from_bytes(page[cell : cell + 4], "big"))
            if kind != _INNER:
                rows.append(_row(pages, page, kind, cell + 4 * is_inner, beside))
        except (ValueError, IndexError, struct.error):
            unread += 1
    return Leaf(tuple(rows), tuple(below), tuple(beside), unread)


def _row(pages: Pages, page: bytes, kind: int, place: int, beside: list[int]) -> Found:
    size, place = _varint(page, place)
    number: int | None = None
    if kind == _LEAF:
        number, place = _varint(page, place)
        number -= 2**64 if number >= 2**63 else 0
    if size > _LONGEST:
        raise ValueError
    local = size
    if size > _MOST[kind]:
        local = _LEAST + (size - _LEAST) % _CONTENT
        if local > _MOST[kind]:
            local = _LEAST
    payload = bytearray(page[place : place + local])
    if len(payload) < local:
        raise ValueError
    if local < size:
        onward = int.from_bytes(page[place + local : place + local + 4], "big")
        _follow(pages, onward, payload, size, beside)
    return Found(number, tuple(_values(bytes(payload))), is_whole=len(payload) == size)


def _follow(pages: Pages, onward: int, payload: bytearray, size: int, beside: list[int]) -> None:
    """Bring what lies on the pages that a row goes on over, as far as they are whole."""
    while len(payload) < size:
        beside.append(onward)
        page = pages.page(onward)
        if page is None:
            return
        payload += page[4 : 4 + min(_CONTENT, size - len(payload))]
        onward = int.from_bytes(page[:4], "big")


def _values(payload: bytes) -> Iterator[Value]:
    """The values of a row as far as they are there."""
    length, place = _varint(payload, 0)
    kinds: list[int] = []
    while place < length:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    for kind in kinds:
        size = _size(kind)
        if place + size > len(payload):
            return
        yield _value(kind, payload[place : place + size])
        place += size


def _size(kind: int) -> int:
    if kind >= _BLOB:
        return (kind - _BLOB) // 2
    if kind == _FLOAT:
        return 8
    return _INTEGERS.get(kind, 0)


def _value(kind: int, data: bytes) -> Value:
    if kind >= _BLOB:
        return data.decode() if kind % 2 else data
    if kind in _INTEGERS:
        return int.from_bytes(data, "big", signed=True)
    if kind == _FLOAT:
        return float(struct.unpack(">d", data)[0])
    if kind in (0, _ZERO, _ONE):
        return None if kind == 0 else kind - _ZERO
    raise ValueError


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[place + index]
        if index == 8:
            return value << 8 | byte, place + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + index + 1
    raise ValueError  # not reached
