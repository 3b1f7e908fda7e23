# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes an exchange file: packs, signs, encrypts, saves beside, reads back, then names it.

The segments are read once and one at a time. Their packed form waits sealed (`segments.Spool`),
because the signed manifest stands before them and must name their hashes. The writer cannot
open what it wrote, since a bundle has no stanza for its sender: it proves that the disk holds
the very bytes that were encrypted. Which records may leave is decided long before this.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from kfdesk.bundle import age
from kfdesk.bundle.container import (
    MAGIC,
    NO_COUNTS,
    SIGNED_PREFIX,
    Outgoing,
    Segment,
    SegmentKind,
    Written,
)
from kfdesk.bundle.gate import MAX_FILE, MAX_HEADER
from kfdesk.bundle.keys import DeskKeys
from kfdesk.bundle.manifest import (
    FORMAT,
    MAX_RAW,
    MAX_RAW_TOTAL,
    MAX_RECORDS,
    MAX_SEGMENTS,
    Counts,
    Entry,
    Manifest,
    digest_of,
    read_manifest,
)
from kfdesk.bundle.segments import Spool, pack, padded_length
from kfdesk.domain.errors import KfdeskError

_BLOCK = 1024 * 1024
_CHUNK = 65_536
_TAG = 16
_NAME_LENGTH = 13


def write_bundle(
    folder: Path,
    outgoing: Outgoing,
    keys: DeskKeys,
    note: Callable[[bytes], None] = lambda digest: None,
) -> Written:
    """Write `<13 random base32>.age` into `folder` and return what was written.

    On any error no file remains under a final name. `note` is called with the manifest's digest
    when the bytes are proved to be on the disk and before they get their name: a caller that
    enters the bundle in its books there never has a file that its books do not know. Raises
    KfdeskError `bundle.too_large` above a limit of FORMAT.md (the caller splits) and
    `bundle.not_written` if the disk fails; ValueError for values that no bundle may hold; and
    what `outgoing.segments` raises.
    """
    with Spool(folder) as spool:
        entries, counts = _pack_all(outgoing.segments, spool)
        manifest = _manifest(outgoing, keys, entries, counts)
        start = _start(manifest, keys)
        digest = digest_of(manifest.to_bytes())
        length = len(start) + sum(entry.packed for entry in entries)
        padding = padded_length(length) - length
        _check_size(length + padding)
        plaintext = _Blocks(chain((start,), spool, _zeros(padding)))
        with _disk_faults():
            part, size = _save(folder, plaintext, outgoing.partner.age_keys)
        path = _named(part, lambda: note(digest))
    return Written(path, size, digest, manifest)


def _pack_all(segments: Iterable[Segment], spool: Spool) -> tuple[tuple[Entry, ...], Counts]:
    entries: list[Entry] = []
    counts = NO_COUNTS
    raw = packed = 0
    for segment in segments:
        entry = _pack(segment, spool)
        entries.append(entry)
        counts = _sum(counts, segment.counts)
        raw, packed = raw + entry.raw, packed + entry.packed
        _check_totals(len(entries), raw, counts)
        _check_size(packed)
    return tuple(entries), counts


def _pack(segment: Segment, spool: Spool) -> Entry:
    if not 1 <= len(segment.raw) <= MAX_RAW:
        raise ValueError("a segment holds 1 byte to 4 MiB")
    packed = pack(segment.raw)
    with _disk_faults():
        spool.add(packed)
    kind = SegmentKind(segment.kind).value
    return Entry(kind, len(segment.raw), len(packed), hashlib.sha256(packed).digest())


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.records + other.records,
        one.writes + other.writes,
        one.erasures + other.erasures,
        one.chunks + other.chunks,
    )


def _check_totals(segments: int, raw: int, counts: Counts) -> None:
    if segments > MAX_SEGMENTS:
        raise KfdeskError("bundle.too_large", why="segments")
    if raw > MAX_RAW_TOTAL:
        raise KfdeskError("bundle.too_large", why="raw_total")
    if counts.records > MAX_RECORDS:
        raise KfdeskError("bundle.too_large", why="records")


def _check_size(plaintext: int) -> None:
    """The file is the plaintext, a tag for each chunk of 64 KiB, the header and a nonce."""
    tags = (plaintext // _CHUNK + 1) * _TAG
    if plaintext + tags + MAX_HEADER + _TAG > MAX_FILE:
        raise KfdeskError("bundle.too_large", why="file")


def _manifest(
    outgoing: Outgoing, keys: DeskKeys, entries: tuple[Entry, ...], counts: Counts
) -> Manifest:
    place, terms = outgoing.place, outgoing.terms
    manifest = Manifest(
        format=FORMAT,
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
    """What our own reader would refuse is a mistake of the caller's."""
    try:
        read_manifest(manifest.to_bytes())
    except KfdeskError as refused:
        raise ValueError("no reader would take this manifest") from refused


def _start(manifest: Manifest, keys: DeskKeys) -> bytes:
    encoded = manifest.to_bytes()
    signature = keys.sign(SIGNED_PREFIX + encoded)
    return MAGIC + len(encoded).to_bytes(4, "big") + encoded + signature


def _zeros(count: int) -> Iterator[bytes]:
    while count:
        block = min(count, _CHUNK)
        yield bytes(block)
        count -= block


class _Blocks:
    """A plaintext made of blocks, read in pieces of whatever size the codec likes."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._block = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        if not self._block:
            self._block = memoryview(next(self._blocks, b""))
        piece = bytes(self._block[:size])
        self._block = self._block[size:]
        return piece


class _Digesting:
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


def _save(folder: Path, plaintext: _Blocks, recipients: Sequence[bytes]) -> tuple[Path, int]:
    """Beside, to the disk, compared: the path of a whole file that has no final name yet."""
    name = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()[:_NAME_LENGTH]
    part = folder / f"{name}.part"
    with contextlib.ExitStack() as undo:
        undo.callback(_discard, part)
        with part.open("xb") as file:
            written = _Digesting(file)
            age.encrypt(plaintext, written, recipients)
            file.flush()
            os.fsync(file.fileno())
        _check_disk(part, written)
        undo.pop_all()
    return part, written.size


def _named(part: Path, note: Callable[[], None]) -> Path:
    """The file under its final name, once `note` has let it pass."""
    path = part.with_suffix(".age")
    with contextlib.ExitStack() as undo:
        undo.callback(_discard, part)
        undo.callback(_discard, path)
        note()
        with _disk_faults():
            part.rename(path)
            _sync_folder(part.parent)
        undo.pop_all()
    return path


def _check_disk(part: Path, written: _Digesting) -> None:
    found = hashlib.sha256()
    with part.open("rb", buffering=0) as file:
        with contextlib.suppress(AttributeError):  # only Linux can be told to read the disk itself
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BLOCK):
            found.update(block)
    if found.digest() != written.sha256.digest():
        raise KfdeskError("bundle.not_written", why="read_back")


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(PermissionError):  # Windows has no handle for a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
