# SPDX-License-Identifier: GPL-3.0-or-later
"""The contents of attachments: chunks beside their records in the same encrypted file.

The record has the SHA-256 of the whole content. Content that does not match is not
returned, and `find_problems` reports it. Nothing is written outside the store, and at
most one content is in memory. Bytes and ids only.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

from kfdesk.domain.attachments import (
    CHUNK_BYTES,
    MAX_CONTENT_BYTES,
    MAX_TOTAL_BYTES,
    AttachmentChunk,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage.driver import Connection, translated_errors

ProgressStep = Callable[[int, int], None]


class AttachmentContents:
    """The contents, on the store's connection; write them inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, rid: bytes, data: bytes, step: ProgressStep) -> None:
        """Save the content of a record that has none yet; `step` is called for each chunk.

        Raise KfdeskError `attachment.too_large` or `attachment.no_room`.
        """
        if len(data) > MAX_CONTENT_BYTES:
            raise KfdeskError("attachment.too_large")
        if self.total_bytes() + len(data) > MAX_TOTAL_BYTES:
            raise KfdeskError("attachment.no_room")
        whole = memoryview(data)
        count = -(-len(data) // CHUNK_BYTES)
        for part in range(count):
            step(part, count)
            self._keep_part(rid, part, whole[part * CHUNK_BYTES : (part + 1) * CHUNK_BYTES])

    @translated_errors()
    def total_bytes(self) -> int:
        """Return the size of all contents in bytes; only row headers are read."""
        found = self._connection.execute("SELECT coalesce(sum(length(data)), 0) FROM chunk")
        return int(found.fetchone()[0])

    @translated_errors()
    def sizes(self) -> Mapping[bytes, int]:
        """Return the content size in bytes of each record that has content here."""
        return dict(self._connection.execute("SELECT rid, sum(length(data)) FROM chunk GROUP BY 1"))

    def parts(self, rid: bytes) -> Iterator[bytes]:
        """Yield the chunks of a content in order, one in memory at a time."""
        return (piece for _, piece in self._parts(rid))

    def add(self, chunk: AttachmentChunk) -> None:
        """Add one received chunk. Raise KfdeskError `attachment.no_room`."""
        if chunk.part == 0 and self.total_bytes() + MAX_CONTENT_BYTES > MAX_TOTAL_BYTES:
            raise KfdeskError("attachment.no_room")
        self._keep_part(chunk.rid, chunk.part, chunk.data)

    def drop(self, rid: bytes) -> None:
        """Delete the content of a record."""
        self._connection.execute("DELETE FROM chunk WHERE rid = ?", (rid,))

    @translated_errors()
    def read(self, rid: bytes, digest: str) -> bytes:
        """Return the content of a record, verified by its digest.

        Raise KfdeskError `attachment.elsewhere` if this store has none of it, and
        `attachment.damaged` if it does not match.
        """
        data = bytearray()
        for number, (part, piece) in enumerate(self._parts(rid)):
            if part != number or len(data) + len(piece) > MAX_CONTENT_BYTES:
                raise KfdeskError("attachment.damaged")
            data += piece
        if not data:
            raise KfdeskError("attachment.elsewhere")
        if sha256(data).hexdigest() != digest:
            raise KfdeskError("attachment.damaged")
        return bytes(data)

    def find_problems(self, tell: Callable[[], None]) -> Iterator[str]:
        """Yield a code for each content that is damaged, lost, or without a record.

        A record whose content never was here, because another store sent it, is in order.
        `tell` is called before each record.
        """
        records = self._connection.execute(
            "SELECT rid, f_digest FROM record_attachment ORDER BY +rid"
        ).fetchall()
        for rid, digest in records:
            tell()
            found = self.digest(rid)
            is_lost = found is None and digest is not None and self._was_made_here(rid)
            if is_lost or (found is not None and found != digest):
                yield _content_code(rid)
        known = {rid for rid, _ in records}
        for (rid,) in self._connection.execute("SELECT DISTINCT rid FROM chunk").fetchall():
            if rid not in known:
                yield _content_code(rid)

    @translated_errors()
    def digest(self, rid: bytes) -> str | None:
        """Return the SHA-256 of the content in hex; None if none, empty if a chunk is missing."""
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
        """Return whether the content must be here: created here, and not lost in a salvage."""
        found = self._connection.execute(
            "SELECT (SELECT action FROM audit WHERE rid = ?1 AND action IN ('create', 'salvaged') "
            "ORDER BY id DESC LIMIT 1) = 'create'",
            (rid,),
        )
        return bool(found.fetchone()[0])


def _content_code(rid: bytes) -> str:
    return f"content:{rid.hex()}"
