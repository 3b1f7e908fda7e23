# SPDX-License-Identifier: GPL-3.0-or-later
"""The segments of attachment chunks: contents of documents, as FORMAT.md writes them.

Only the content of a record goes whose digest was disclosed. Whether a content is kept, and whether
it is what its record says, is the services' to say.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

import msgspec

from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.items.lists import portions, unpacked
from kfdesk.bundle.manifest import Counts
from kfdesk.domain.desk.content import MOST_BYTES, PART, Chunk
from kfdesk.domain.disclosure import Disclosed, Who
from kfdesk.domain.errors import KfdeskError

MAX_PARTS = MOST_BYTES // PART
_DIGEST = "digest"


class _Item(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    rid: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    part: Annotated[int, msgspec.Meta(ge=0, lt=MAX_PARTS)]
    data: Annotated[bytes, msgspec.Meta(min_length=1, max_length=PART)]


_decoder = msgspec.msgpack.Decoder(list[_Item], strict=True)


def pack_chunks(what: Disclosed, content: Callable[[bytes], Iterable[bytes]]) -> Iterator[Segment]:
    """The segments that carry the contents of what was disclosed.

    `content` gives the parts of a record's content, none where it is not here. They go between
    laptops of one house and to nobody else, whatever was disclosed.
    """
    if what.recipient.who is not Who.OWN:
        return
    items = (
        _Item(given.rid, part, data)
        for given in what.rows
        if given.type == "attachment" and _DIGEST in given.grants
        for part, data in enumerate(content(given.rid))
    )
    for some, raw in portions(items):
        yield Segment(SegmentKind.CHUNKS, raw, Counts(0, 0, 0, len(some)))


class ChunkOrder:
    """The chunks of one file, segment by segment, proved to stand in order and whole."""

    def __init__(self) -> None:
        self.count = 0
        self._last: _Item | None = None

    def unpack(self, raw: bytes) -> Iterator[Chunk]:
        """The chunks of the next segment. Raises KfdeskError `bundle.torn`."""
        for item in unpacked(raw, _decoder, "chunks"):
            if not self._may_follow(item):
                raise KfdeskError("bundle.torn", why="chunks_order")
            self._last = item
            self.count += 1
            yield Chunk(item.rid, item.part, item.data)

    def _may_follow(self, item: _Item) -> bool:
        last = self._last
        if last is not None and last.rid == item.rid:
            return item.part == last.part + 1 and len(last.data) == PART
        return item.part == 0 and (last is None or last.rid < item.rid)
