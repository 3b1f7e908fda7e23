# SPDX-License-Identifier: GPL-3.0-or-later
"""The records segment: rows as FORMAT.md writes them, in segments of at most 4 MiB.

Nothing is packed that `disclose()` has not granted. What comes back is proved canonical and
within the limits, not yet believed: whether a sender may write it is the services' to say.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import overload

import msgspec

from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.items.lists import portions
from kfdesk.bundle.manifest import Counts
from kfdesk.domain.desk.exchange import Sent
from kfdesk.domain.disclosure import Disclosed, DisclosedRow
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_BYTES
from kfdesk.domain.packed import count_in
from kfdesk.domain.rows import ID_BYTES, Row
from kfdesk.domain.writes import (
    MOST_DEAD,
    State,
    Write,
    count_writes,
    dead_of,
    encode,
    is_canonical,
    live_of,
)

MAX_FIELDS = 256
MAX_SIBLINGS = 32
MAX_DEAD = MOST_DEAD
_QUICK = 1  # the level of packing that costs least


class Item(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """A record as it travels, of which only the head is read.

    Nothing in it leads back to it, so no cycle is looked for.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    state: msgspec.Raw


_decoder = msgspec.msgpack.Decoder(list[Item], strict=True)
_encoder = msgspec.msgpack.Encoder()


def pack_records(what: Disclosed) -> Iterator[Segment]:
    """The segments that carry what was disclosed, by record id as it stands there.

    That order hides which record was written first.
    """
    for items, raw in portions(map(_item, what.rows)):
        writes = sum(count_in(bytes(item.state)) for item in items)
        yield Segment(SegmentKind.RECORDS, raw, Counts(len(items), writes, 0, 0))


def items_of(rows: Iterable[Row]) -> Iterator[Item]:
    """Rows as they travel, sorted by id."""
    return (
        Item(row.rid, row.type, row.parent, row.custodian, msgspec.Raw(encode(row.state)))
        for row in sorted(rows, key=lambda row: row.rid)
    )


def unpack_records(raw: bytes) -> tuple[Row, ...]:
    """The rows of one segment. Raises KfdeskError `bundle.torn` or `bundle.too_large`."""
    return tuple(sent.row for sent in unpack_sent(raw)[0])


def unpack_sent(
    raw: bytes, known: Callable[[Sequence[Sent]], Collection[bytes]] = lambda _rows: ()
) -> tuple[Sequence[Sent], int]:
    """The records of one segment, and how many writes they hold.

    `known` says, by their ids, which of them were proved before in these very bytes: of those
    nothing but the head is read. Raises KfdeskError `bundle.torn` or `bundle.too_large`.
    """
    rows = _heads(raw)
    proved = known(rows)
    fresh = [sent for sent in rows if sent.rid not in proved] if proved else rows
    for sent in fresh:
        if encode(sent.row.state) != sent.packed or not is_canonical(sent.row.state):
            raise KfdeskError("bundle.torn", why="records_not_canonical")
    if not all(one.rid < next_one.rid for one, next_one in pairwise(rows)):
        raise KfdeskError("bundle.torn", why="records_order")
    for sent in rows:
        ids = (sent.rid, sent.custodian, sent.parent if sent.parent is not None else sent.rid)
        if any(len(value) != ID_BYTES for value in ids):
            raise KfdeskError("bundle.torn", why="record_id")
    for sent in fresh:
        if not _is_small(sent):
            _check_limits(sent.row.state)
    old = sum(count_in(sent.packed) for sent in rows if sent.rid in proved)
    return rows, old + sum(count_writes(sent.row.state) for sent in fresh)


def _item(given: DisclosedRow) -> Item:
    state = msgspec.Raw(given.packed)
    return Item(given.rid, given.type, given.parent, given.custodian, state)


def _heads(raw: bytes) -> list[Sent]:
    """The records of one segment, whose heads and array have their one form."""
    try:
        items = _decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="records") from None
    if _encoder.encode(items) != raw:
        raise KfdeskError("bundle.torn", why="records_not_canonical")
    return [Sent(i.rid, i.type, i.parent, i.custodian, bytes(i.state)) for i in items]


class PackedRows(Sequence[Sent]):
    """The rows of a large file, packed as they came and unpacked again as they are walked through.

    They were proved when they came. One part of them is in memory at a time.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[bytes, int]] = []

    def add(self, raw: bytes, count: int) -> None:
        """Keep the rows of one more segment."""
        self._parts.append((zlib.compress(raw, _QUICK), count))

    def __len__(self) -> int:
        return sum(count for _, count in self._parts)

    def __iter__(self) -> Iterator[Sent]:
        for packed, _ in self._parts:
            yield from _heads(zlib.decompress(packed))

    @overload
    def __getitem__(self, place: int) -> Sent: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Sent, ...]: ...
    def __getitem__(self, place: int | slice) -> Sent | tuple[Sent, ...]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return next(islice(self, range(len(self))[place], None))


def _is_small(sent: Sent) -> bool:
    """Whether a look is enough: few writes, nothing replaced, and no room for a large value."""
    state = sent.row.state
    is_few = state.dead is None and count_writes(state) <= MAX_SIBLINGS
    return is_few and len(sent.packed) <= MAX_BYTES


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
