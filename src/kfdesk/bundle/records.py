# SPDX-License-Identifier: GPL-3.0-or-later
"""The records segment: rows as FORMAT.md writes them, in segments of at most 4 MiB.

Nothing is packed that `disclose()` has not granted. What comes back is proved canonical and
within the limits, not yet believed: whether a sender may write it is the services' to say.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.manifest import MAX_RAW, Counts
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_BYTES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import MOST_DEAD, State, Write, canonical, count_writes, dead_of, live_of

MAX_FIELDS = 256
MAX_SIBLINGS = 32
MAX_DEAD = MOST_DEAD
_ID = 16
_TARGET = MAX_RAW // 4  # well below the limit; one record above it stands alone


class Item(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A record as it travels."""

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    state: State


_decoder = msgspec.msgpack.Decoder(list[Item], strict=True)
_encoder = msgspec.msgpack.Encoder()


def pack_records(what: Disclosed) -> Iterator[Segment]:
    """The segments that carry what was disclosed, sorted by record id (hides intake order)."""
    for items in pieces(given.row for given in what.rows):
        writes = sum(count_writes(item.state) for item in items)
        counts = Counts(len(items), writes, 0, 0)
        yield Segment(SegmentKind.RECORDS, encode_items(items), counts)


def pieces(rows: Iterable[Row]) -> Iterator[list[Item]]:
    """Rows as items sorted by id, in portions that each fit into a segment."""
    items: list[Item] = []
    size = 0
    for row in sorted(rows, key=lambda row: row.rid):
        item = Item(row.rid, row.type, row.parent, row.custodian, row.state)
        length = len(_encoder.encode(item))
        if items and size + length > _TARGET:
            yield items
            items, size = [], 0
        items.append(item)
        size += length
    if items:
        yield items


def encode_items(items: Sequence[Item]) -> bytes:
    """Items as the raw content of a segment."""
    return _encoder.encode(items)


def unpack_records(raw: bytes) -> tuple[Row, ...]:
    """The rows of one segment. Raises KfdeskError `bundle.torn` or `bundle.too_large`."""
    try:
        items = _decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="records") from None
    if _encoder.encode([_canonical(item) for item in items]) != raw:
        raise KfdeskError("bundle.torn", why="records_not_canonical")
    rids = [item.rid for item in items]
    if rids != sorted(set(rids)):
        raise KfdeskError("bundle.torn", why="records_order")
    return tuple(_row(item) for item in items)


def counts_of(rows: Iterable[Row]) -> tuple[int, int]:
    """How many records and writes there are, to compare with the manifest."""
    numbers = [count_writes(row.state) for row in rows]
    return len(numbers), sum(numbers)


def _canonical(item: Item) -> Item:
    return msgspec.structs.replace(item, state=canonical(item.state))


def _row(item: Item) -> Row:
    ids = (item.rid, item.custodian, item.parent if item.parent is not None else item.rid)
    if any(len(value) != _ID for value in ids):
        raise KfdeskError("bundle.torn", why="record_id")
    _check_limits(item.state)
    return Row(item.rid, item.type, item.parent, item.custodian, item.state)


def _check_limits(state: State) -> None:
    fields = live_of(state)
    dead: dict[int, int] = {}
    for fid, _ in dead_of(state):
        dead[fid] = dead.get(fid, 0) + 1
    if len(fields.keys() | dead.keys()) > MAX_FIELDS:
        raise KfdeskError("bundle.too_large", why="fields")
    if any(len(writes) > MAX_SIBLINGS for writes in fields.values()):
        raise KfdeskError("bundle.too_large", why="siblings")
    if any(count > MAX_DEAD for count in dead.values()):
        raise KfdeskError("bundle.too_large", why="dead")
    if any(_bytes_in(write) > MAX_BYTES for writes in fields.values() for write in writes):
        raise KfdeskError("bundle.too_large", why="value")


def _bytes_in(write: Write) -> int:
    return len(_encoder.encode(write.value))
