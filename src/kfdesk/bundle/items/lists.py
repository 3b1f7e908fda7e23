# SPDX-License-Identifier: GPL-3.0-or-later
"""The form that all segments share: one canonical msgpack array of items, in their order.

Knows no kind of item; how many of them a file may hold, and what they say, is checked beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import msgspec

from kfdesk.bundle.manifest import MAX_RAW
from kfdesk.domain.errors import KfdeskError

T = TypeVar("T")
_TARGET = MAX_RAW // 4  # well below the limit; one item above it stands alone
_FEW, _SHORT = 16, 65_536  # from so many items on, an array's head is longer
_encoder = msgspec.msgpack.Encoder()


def portions(items: Iterable[T]) -> Iterator[tuple[list[T], bytes]]:
    """Items in their order, in portions that each fit into a segment, with the raw content."""
    kept: list[T] = []
    encoded: list[bytes] = []
    size = 0
    for item in items:
        one = _encoder.encode(item)
        if kept and size + len(one) > _TARGET:
            yield kept, _array(encoded)
            kept, encoded, size = [], [], 0
        kept.append(item)
        encoded.append(one)
        size += len(one)
    if kept:
        yield kept, _array(encoded)


def unpacked(raw: bytes, decoder: "msgspec.msgpack.Decoder[list[T]]", why: str) -> list[T]:
    """The items of one segment. Raises KfdeskError `bundle.torn` unless they are canonical."""
    try:
        items = decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why=why) from None
    if _encoder.encode(items) != raw:
        raise KfdeskError("bundle.torn", why=why)
    return items


def check_order(places: Sequence[bytes], why: str) -> None:
    """Refuse items whose places do not ascend. Raises KfdeskError `bundle.torn`."""
    if not all(before < after for before, after in pairwise(places)):
        raise KfdeskError("bundle.torn", why=why)


def encoded(item: object) -> bytes:
    """One item in msgpack."""
    return _encoder.encode(item)


def _array(items: Sequence[bytes]) -> bytes:
    count = len(items)
    if count < _FEW:
        head = bytes([0x90 | count])
    elif count < _SHORT:
        head = b"\xdc" + count.to_bytes(2, "big")
    else:
        head = b"\xdd" + count.to_bytes(4, "big")
    return head + b"".join(items)
