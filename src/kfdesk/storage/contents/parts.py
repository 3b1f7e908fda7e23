# SPDX-License-Identifier: GPL-3.0-or-later
"""The contents of attachments, cut into parts beside their records, in the same encrypted file.

The record has the SHA-256 of the whole; content that does not fit it is not handed out, and
`wrong` names it. Nothing here writes outside the store, and no more than one content is ever in
memory. Knows bytes and ids, never what a content shows.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

from kfdesk.domain.desk.content import MOST_BYTES, MOST_TOGETHER, PART, Chunk
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage.driver import Connection, reading

Step = Callable[[int, int], None]


class Contents:
    """The contents, on the store's connection; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, rid: bytes, data: bytes, step: Step) -> None:
        """Keep the content of a record that has none yet; `step` hears each part.

        Raises KfdeskError `attachment.too_large` or `attachment.no_room`.
        """
        if len(data) > MOST_BYTES:
            raise KfdeskError("attachment.too_large")
        if self.together() + len(data) > MOST_TOGETHER:
            raise KfdeskError("attachment.no_room")
        whole = memoryview(data)
        count = -(-len(data) // PART)
        for part in range(count):
            step(part, count)
            self._keep_part(rid, part, whole[part * PART : (part + 1) * PART])

    @reading()
    def together(self) -> int:
        """How many bytes all contents have; reads the heads of their rows alone."""
        found = self._connection.execute("SELECT coalesce(sum(length(data)), 0) FROM chunk")
        return int(found.fetchone()[0])

    @reading()
    def sizes(self) -> Mapping[bytes, int]:
        """How many bytes the content of each record has that has any here."""
        return dict(self._connection.execute("SELECT rid, sum(length(data)) FROM chunk GROUP BY 1"))

    def parts(self, rid: bytes) -> Iterator[bytes]:
        """The parts of a content, in their order, one in memory at a time."""
        return (piece for _, piece in self._parts(rid))

    def add(self, chunk: Chunk) -> None:
        """Keep one part of a content that is on its way.

        Raises KfdeskError `attachment.no_room`.
        """
        if chunk.part == 0 and self.together() + MOST_BYTES > MOST_TOGETHER:
            raise KfdeskError("attachment.no_room")
        self._keep_part(chunk.rid, chunk.part, chunk.data)

    def drop(self, rid: bytes) -> None:
        """Keep the content of a record no more."""
        self._connection.execute("DELETE FROM chunk WHERE rid = ?", (rid,))

    @reading()
    def read(self, rid: bytes, digest: str) -> bytes:
        """The content of a record, proved by its digest.

        Raises KfdeskError `attachment.elsewhere` where this store has none of it, and
        `attachment.damaged` where it is not what was kept.
        """
        data = bytearray()
        for number, (part, piece) in enumerate(self._parts(rid)):
            if part != number or len(data) + len(piece) > MOST_BYTES:
                raise KfdeskError("attachment.damaged")
            data += piece
        if not data:
            raise KfdeskError("attachment.elsewhere")
        if sha256(data).hexdigest() != digest:
            raise KfdeskError("attachment.damaged")
        return bytes(data)

    def wrong(self, tell: Callable[[], None]) -> Iterator[str]:
        """The contents that are not what their records say, that are lost, or that have no record.

        A record whose content never was here, because another desk has sent it, is in order.
        `tell` is called before each.
        """
        records = self._connection.execute(
            "SELECT rid, f_digest FROM record_attachment ORDER BY +rid"
        ).fetchall()
        for rid, digest in records:
            tell()
            found = self.digest(rid)
            is_lost = found is None and digest is not None and self._was_made_here(rid)
            if is_lost or (found is not None and found != digest):
                yield _named(rid)
        known = {rid for rid, _ in records}
        for (rid,) in self._connection.execute("SELECT DISTINCT rid FROM chunk").fetchall():
            if rid not in known:
                yield _named(rid)

    @reading()
    def digest(self, rid: bytes) -> str | None:
        """The SHA-256 of what is kept, in hex; None if nothing is, empty if a part is missing."""
        whole, count = sha256(), 0
        for part, piece in self._parts(rid):
            if part != count:
                return ""
            whole.update(piece)
            count += 1
        return whole.hexdigest() if count else None

    def _keep_part(self, rid: bytes, part: int, data: bytes | memoryview) -> None:
        self._connection.execute(
            "INSERT INTO chunk (rid, part, data) VALUES (?, ?, ?)", (rid, part, data)
        )

    def _parts(self, rid: bytes) -> Iterator[tuple[int, bytes]]:
        rows = self._connection.execute(
            "SELECT part, data FROM chunk WHERE rid = ? ORDER BY part", (rid,)
        )
        yield from rows

    def _was_made_here(self, rid: bytes) -> bool:
        """Whether it must be here: it was made at this desk, and no salvage has told its loss."""
        found = self._connection.execute(
            "SELECT (SELECT action FROM audit WHERE rid = ?1 AND action IN ('create', 'salvaged') "
            "ORDER BY id DESC LIMIT 1) = 'create'",
            (rid,),
        )
        return bool(found.fetchone()[0])


def _named(rid: bytes) -> str:
    return f"content:{rid.hex()}"
