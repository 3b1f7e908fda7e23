# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle writer: pack, sign, encrypt, save, read back, then give the final name.

The segments are iterated once, one at a time. They are packed into an encrypted
`container.Spool`, because the signed manifest comes before them and contains their
hashes. The writer cannot decrypt what it wrote, since a bundle has no stanza for its
sender. It verifies that the disk holds exactly the bytes that were encrypted. Which
records may leave is decided earlier.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from kfdesk.bundle import age
from kfdesk.bundle.age import MAX_FILE, MAX_HEADER
from kfdesk.bundle.card import DeskKeys
from kfdesk.bundle.container import (
    BUNDLE_MAGIC,
    MANIFEST_FORMAT,
    MAX_RAW,
    MAX_RAW_TOTAL,
    MAX_RECORDS,
    MAX_SEGMENTS,
    NO_COUNTS,
    SIGNED_PREFIX,
    BundleCounts,
    Manifest,
    OutgoingBundle,
    Segment,
    SegmentEntry,
    SegmentKind,
    Spool,
    WrittenFile,
    manifest_digest,
    pack_segment,
    padded_length,
    read_manifest,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import MAX_FILE_WRITES
from kfdesk.files import drop_cache, flush, move

_BLOCK = 1024 * 1024
_CHUNK = 65_536
_TAG = 16
_NAME_LENGTH = 13
_PART_NAME = re.compile(rf"[a-z2-7]{{{_NAME_LENGTH}}}\.part")
_LEFT_SECONDS = 600  # no sending writes nothing for so long


def write_bundle(
    folder: Path,
    outgoing: OutgoingBundle,
    keys: DeskKeys,
    note: Callable[[bytes], None] = lambda digest: None,
) -> WrittenFile:
    """Write `<13 random base32>.age` into `folder` and return what was written.

    After an error no file remains under a final name. `note` is called with the manifest's
    digest when the bytes are verified on the disk and before the file gets its name. A
    caller that records the bundle there never has a file that its ledger does not know.

    Raise KfdeskError `bundle.too_large` above a limit of FORMAT.md (the caller splits),
    `bundle.not_written` if the disk fails, and `bundle.not_named` if it fails after `note`. Raise
    ValueError for values that no bundle may hold. Exceptions of `outgoing.segments` pass
    unchanged.
    """
    with Spool(folder) as spool:
        entries, counts = _pack_all(outgoing.segments, spool)
        manifest = _manifest(outgoing, keys, entries, counts)
        start = _signed_start(manifest, keys)
        digest = manifest_digest(manifest.to_bytes())
        length = len(start) + sum(entry.packed for entry in entries)
        padding = padded_length(length) - length
        _check_size(length + padding)
        plaintext = _BlockReader(chain((start,), spool, _zeros(padding)))
        with _disk_faults():
            part, size = _write_part(folder, plaintext, outgoing.partner.age_keys)
        path = _publish(part, lambda: note(digest))
    return WrittenFile(path, size, digest, manifest)


def _pack_all(
    segments: Iterable[Segment], spool: Spool
) -> tuple[tuple[SegmentEntry, ...], BundleCounts]:
    entries: list[SegmentEntry] = []
    counts = NO_COUNTS
    raw = packed = 0
    for segment in segments:
        entry = _pack(segment, spool)
        entries.append(entry)
        counts = _add_counts(counts, segment.counts)
        raw, packed = raw + entry.raw, packed + entry.packed
        _check_totals(len(entries), raw, counts)
        _check_size(packed)
    return tuple(entries), counts


def _pack(segment: Segment, spool: Spool) -> SegmentEntry:
    if not 1 <= len(segment.raw) <= MAX_RAW:
        raise ValueError("a segment holds 1 byte to 4 MiB")
    packed = pack_segment(segment.raw)
    with _disk_faults():
        spool.add(packed)
    kind = SegmentKind(segment.kind).value
    return SegmentEntry(kind, len(segment.raw), len(packed), hashlib.sha256(packed).digest())


def _add_counts(one: BundleCounts, other: BundleCounts) -> BundleCounts:
    return BundleCounts(
        one.records + other.records,
        one.writes + other.writes,
        one.erasures + other.erasures,
        one.chunks + other.chunks,
    )


def _check_totals(segments: int, raw: int, counts: BundleCounts) -> None:
    if segments > MAX_SEGMENTS:
        raise KfdeskError("bundle.too_large", why="segments")
    if raw > MAX_RAW_TOTAL:
        raise KfdeskError("bundle.too_large", why="raw_total")
    if counts.records > MAX_RECORDS:
        raise KfdeskError("bundle.too_large", why="records")
    if counts.writes > MAX_FILE_WRITES:
        raise KfdeskError("bundle.too_large", why="writes")


def _check_size(plaintext: int) -> None:
    """Check the file size: the plaintext, a tag per 64 KiB chunk, the header and a nonce."""
    tags = (plaintext // _CHUNK + 1) * _TAG
    if plaintext + tags + MAX_HEADER + _TAG > MAX_FILE:
        raise KfdeskError("bundle.too_large", why="file")


def _manifest(
    outgoing: OutgoingBundle,
    keys: DeskKeys,
    entries: tuple[SegmentEntry, ...],
    counts: BundleCounts,
) -> Manifest:
    place, terms = outgoing.place, outgoing.terms
    manifest = Manifest(
        format=MANIFEST_FORMAT,
        bundle_id=outgoing.bundle_id,
        sender=keys.sign_key,
        generation=terms.card_generation,
        recipient=outgoing.partner.sign_key,
        age_keys=tuple(sorted(outgoing.partner.age_keys)),
        epoch=place.epoch,
        seq=place.seq,
        previous=place.previous,
        hlc=outgoing.hlc,
        schema=terms.schema,
        min_reader=terms.min_reader,
        ack=outgoing.ack,
        audit_head=outgoing.audit_head,
        counts=counts,
        segments=entries,
    )
    _check_readable(manifest)
    return manifest


def _check_readable(manifest: Manifest) -> None:
    """Raise ValueError if our own reader would refuse the manifest: an error of the caller."""
    try:
        read_manifest(manifest.to_bytes())
    except KfdeskError as refused:
        raise ValueError("no reader would take this manifest") from refused


def _signed_start(manifest: Manifest, keys: DeskKeys) -> bytes:
    encoded = manifest.to_bytes()
    signature = keys.sign(SIGNED_PREFIX + encoded)
    return BUNDLE_MAGIC + len(encoded).to_bytes(4, "big") + encoded + signature


def _zeros(count: int) -> Iterator[bytes]:
    while count:
        block = min(count, _CHUNK)
        yield bytes(block)
        count -= block


class _BlockReader:
    """A plaintext made of blocks that is read in pieces of any size."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._block = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        if not self._block:
            self._block = memoryview(next(self._blocks, b""))
        piece = bytes(self._block[:size])
        self._block = self._block[size:]
        return piece


class _HashingWriter:
    """A file being written, with the SHA-256 and the number of its bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._file.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)


def _write_part(
    folder: Path, plaintext: _BlockReader, recipients: Sequence[bytes]
) -> tuple[Path, int]:
    """Write, flush and verify a file without a final name; return its path and size."""
    name = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()[:_NAME_LENGTH]
    part = folder / f"{name}.part"
    with contextlib.ExitStack() as undo:
        undo.callback(_discard, part)
        with part.open("xb") as file:
            _discard_left(folder, part)
            written = _HashingWriter(file)
            age.encrypt(plaintext, written, recipients)
            flush(file)
        _verify_written(part, written)
        undo.pop_all()
    return part, written.size


def _publish(part: Path, note: Callable[[], None]) -> Path:
    """Give the file its final name after `note` succeeded; return the path."""
    path = part.with_suffix(".age")
    with contextlib.ExitStack() as undo:
        undo.callback(_discard, part)
        undo.callback(_discard, path)
        try:
            note()
            move(part, path, is_final=False)
        except OSError:
            raise KfdeskError("bundle.not_named", why="disk") from None
        except KfdeskError as fault:
            if fault.code != "store.done":
                raise
            raise KfdeskError("bundle.not_named", why="note") from None
        undo.pop_all()
    return path


def _verify_written(part: Path, written: _HashingWriter) -> None:
    found = hashlib.sha256()
    with part.open("rb", buffering=0) as file:
        drop_cache(file)
        while block := file.read(_BLOCK):
            found.update(block)
    if found.digest() != written.sha256.digest():
        raise KfdeskError("bundle.not_written", why="read_back")


def _discard_left(folder: Path, fresh: Path) -> None:
    """Remove what a killed sending left behind: nobody has written there for ten minutes."""
    with contextlib.suppress(OSError):
        now = fresh.stat().st_mtime
        for path in folder.glob("*.part"):
            if _PART_NAME.fullmatch(path.name) and now - path.lstat().st_mtime > _LEFT_SECONDS:
                _discard(path)


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk_faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = "disk_full" if error.errno == errno.ENOSPC else "disk"
        raise KfdeskError("bundle.not_written", why=why) from None
