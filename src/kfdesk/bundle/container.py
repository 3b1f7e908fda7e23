# SPDX-License-Identifier: GPL-3.0-or-later
"""The container of a bundle: its values, the manifest, and packed segments.

`writer.write_bundle(folder, outgoing, keys)` makes a file from an OutgoingBundle.
`reader.read_bundle(source, reading, taker)` passes the segments of a file to a
BundleReceiver, one at a time. Both follow FORMAT.md. The content of a segment is opaque
here: records, orders and cards are only bytes. So a fault in their content can never
weaken the checks of the container.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
import zlib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Annotated, Protocol, TypeVar

import msgspec
from nacl import exceptions
from nacl.secret import SecretBox

from kfdesk.bundle.card import DeskKeys
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import MAX_MISSING

# --- manifest

MANIFEST_FORMAT = 1
MAX_MANIFEST = 262_144
MAX_RAW = 4 * 1024 * 1024
MAX_PACKED = MAX_RAW + 1024
MAX_SEGMENTS = 4_096
MAX_RAW_TOTAL = 1024 * 1024 * 1024
MAX_RECORDS = 200_000
MAX_RECIPIENTS = 8

_Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
_U8 = Annotated[int, msgspec.Meta(ge=0, le=0xFF)]
_U16 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
_U32 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
_MAX_INTEGER = 2**63 - 1  # what a store's integer holds
_U63 = Annotated[int, msgspec.Meta(ge=0, le=_MAX_INTEGER)]
_Seq = Annotated[int, msgspec.Meta(ge=1, le=_MAX_INTEGER)]
_Ordered = TypeVar("_Ordered", bytes, int)


class _ArrayStruct(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A fixed list of values, encoded as a msgpack array."""


class Ack(_ArrayStruct, frozen=True):
    """Files that the sender has received: all up to `contiguous` except those in `missing`."""

    epoch: _Id
    contiguous: _U63
    missing: Annotated[tuple[_Seq, ...], msgspec.Meta(max_length=MAX_MISSING)]


class BundleCounts(_ArrayStruct, frozen=True):
    """The number of items in the segments; the reader compares it with what it finds."""

    records: _U32
    writes: _U32
    erasures: _U32
    chunks: _U32


class SegmentEntry(_ArrayStruct, frozen=True):
    """One segment in the manifest: sizes in bytes, and the SHA-256 of the packed bytes."""

    kind: Annotated[int, msgspec.Meta(ge=1, le=0xFF)]
    raw: Annotated[int, msgspec.Meta(ge=1, le=MAX_RAW)]
    packed: Annotated[int, msgspec.Meta(ge=1, le=MAX_PACKED)]
    sha256: _Key


class Manifest(_ArrayStruct, frozen=True):
    """The manifest, member by member in the order of FORMAT.md."""

    format: _U8
    bundle_id: _Id
    sender: _Key
    generation: _U32
    recipient: _Key
    age_keys: Annotated[tuple[_Key, ...], msgspec.Meta(min_length=1, max_length=MAX_RECIPIENTS)]
    epoch: _Id
    seq: _Seq
    previous: _Key
    hlc: _U63
    schema: _U16
    min_reader: _U16
    ack: Ack
    audit_head: _Key
    counts: BundleCounts
    segments: Annotated[tuple[SegmentEntry, ...], msgspec.Meta(max_length=MAX_SEGMENTS)]

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that are signed and hashed."""
        return msgspec.msgpack.encode(self)


def read_manifest(encoded: bytes) -> Manifest:
    """Return the manifest in `encoded` if it is canonical and within all bounds.

    Raise KfdeskError `bundle.torn` for malformed or non-canonical bytes, and
    `bundle.too_large` for totals above the limits. The signature is not checked here.
    """
    try:
        manifest = msgspec.msgpack.decode(encoded, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise KfdeskError("bundle.torn", why="manifest") from None
    if manifest.to_bytes() != encoded:
        raise KfdeskError("bundle.torn", why="manifest_not_canonical")
    _check_members(manifest)
    _check_totals(manifest)
    return manifest


def manifest_digest(encoded: bytes) -> bytes:
    """Return the SHA-256 of a manifest, which identifies it in `previous` and in the ledger."""
    return hashlib.sha256(encoded).digest()


def _check_members(manifest: Manifest) -> None:
    if manifest.format != MANIFEST_FORMAT:
        raise KfdeskError("bundle.torn", why="manifest_format")
    if not _is_ascending(manifest.age_keys):
        raise KfdeskError("bundle.torn", why="manifest_age_keys")
    ack = manifest.ack
    if not _is_ascending((*ack.missing, ack.contiguous)):
        raise KfdeskError("bundle.torn", why="manifest_ack")


def _check_totals(manifest: Manifest) -> None:
    if sum(entry.raw for entry in manifest.segments) > MAX_RAW_TOTAL:
        raise KfdeskError("bundle.too_large", why="raw_total")
    if manifest.counts.records > MAX_RECORDS:
        raise KfdeskError("bundle.too_large", why="records")


def _is_ascending(values: Sequence[_Ordered]) -> bool:
    return all(before < after for before, after in pairwise(values))


# --- values

BUNDLE_MAGIC = b"KFBNDL1\n"
SIGNED_PREFIX = b"kfdesk-bundle-v1\0"
NO_COUNTS = BundleCounts(0, 0, 0, 0)


class SegmentKind(IntEnum):
    """The kinds of segment of version 1 (FORMAT.md, "Segments")."""

    RECORDS = 1
    ERASURES = 2
    CARDS = 3
    CHUNKS = 4
    RESENDS = 5
    NOTICES = 6
    COUNTERSIGNATURES = 129
    AUDIT = 130
    PROVENANCE = 131


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a bundle: 1 byte to 4 MiB of raw content.

    `counts` is what this segment adds to the counts of the manifest. Only the writer uses
    it. A segment that was read has NO_COUNTS, and its handler counts what it finds.
    """

    kind: SegmentKind
    raw: bytes
    counts: BundleCounts = NO_COUNTS


@dataclass(frozen=True, slots=True)
class BundleRecipient:
    """The one recipient of a bundle: its signing key and the age keys of its 1 to 8 devices."""

    sign_key: bytes
    age_keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SequencePosition:
    """The position of a bundle in the sequence of its direction (FORMAT.md, "Sequence").

    `seq` starts at 1 in each epoch. `previous` is the SHA-256 of the manifest before this
    one, or 32 zero bytes for the first.
    """

    epoch: bytes
    seq: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class SenderVersions:
    """The sender's card generation and schema, and the oldest schema that can read the file."""

    card_generation: int
    schema: int
    min_reader: int


@dataclass(frozen=True, slots=True)
class OutgoingBundle:
    """The content of a bundle to write, except what the writer computes itself.

    `bundle_id` is 16 random bytes, `hlc` is UTC milliseconds << 16 | counter, `audit_head`
    is the SHA-256 at the end of the audit chain. `segments` is iterated once, one segment
    at a time.
    """

    bundle_id: bytes
    partner: BundleRecipient
    place: SequencePosition
    terms: SenderVersions
    hlc: int
    ack: Ack
    audit_head: bytes
    segments: Iterable[Segment]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A finished and verified file. `digest` (SHA-256 of the manifest) is the next `previous`."""

    path: Path
    size: int
    digest: bytes
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """The keys and limits that are needed to read a bundle.

    `known` holds the signing keys (32 bytes) of accepted senders. `schema` is the newest
    schema that this program knows. `former_age_secrets` are rotated secrets that may still
    open bundles in transit. `former_sign_keys` may still be named in those as the
    recipient's. `expected` is the manifest digest from an earlier read: if it is given, a
    file with another digest is refused.
    """

    keys: DeskKeys
    known: Container[bytes]
    schema: int
    former_age_secrets: tuple[bytes, ...] = ()
    former_sign_keys: tuple[bytes, ...] = ()
    expected: bytes | None = None


@dataclass(frozen=True, slots=True)
class IncomingBundle:
    """A file that passed every check of the container. `digest` is the SHA-256 of its manifest."""

    manifest: Manifest
    digest: bytes
    size: int


class BundleReceiver(Protocol):
    """A handler that receives the segments of a bundle while the file is read.

    Its exceptions leave `read_bundle` unchanged. Until `read_bundle` returns, the file may
    still turn out to be damaged: a handler that writes must be able to undo all of it.
    """

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Accept the manifest; its signature, recipients and limits are already checked."""

    def take(self, segment: Segment) -> None:
        """Accept the next segment in manifest order; hash and length are already checked."""


# --- packed segments

MIN_PLAINTEXT = 32_768
SPOOL_MEMORY = 2 * 1024 * 1024
_GZIP_HEADER = bytes.fromhex("1f8b08000000000000ff")
_RAW_DEFLATE = -15
_GZIP = 31
_LEVEL = 6
_MEMORY_LEVEL = 9  # with 8, incompressible content would grow beyond the limit of a packed segment


def pack_segment(raw: bytes) -> bytes:
    """Return `raw` as one gzip member; the bytes are the same on every computer with this zlib."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY_LEVEL)
    body = deflate.compress(raw) + deflate.flush()
    check = zlib.crc32(raw).to_bytes(4, "little") + len(raw).to_bytes(4, "little")
    return _GZIP_HEADER + body + check


def unpack_segment(packed: bytes, size: int) -> bytes:
    """Return the `size` raw bytes of one gzip member that fills all of `packed`.

    Raise KfdeskError `bundle.torn` if it is anything else. Never produce more than `size` +
    1 bytes.
    """
    if not packed.startswith(_GZIP_HEADER):
        raise KfdeskError("bundle.torn", why="segment_gzip")
    inflate = zlib.decompressobj(wbits=_GZIP)
    try:
        raw = inflate.decompress(packed, size + 1)
    except zlib.error:
        raise KfdeskError("bundle.torn", why="segment_gzip") from None
    if len(raw) != size or not inflate.eof or inflate.unused_data:
        raise KfdeskError("bundle.torn", why="segment_length")
    return raw


def padded_length(length: int) -> int:
    """Return the PADMÉ length of `length`, at least 32,768: the length with padding zeros.

    PADMÉ keeps only the top bits of a length (Nikitin et al., "Reducing Metadata Leakage
    from Encrypted Files and Communication with PURBs", 2019). The padding is at most 6.25
    %.
    """
    length = max(length, MIN_PLAINTEXT)
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return (length + mask) & ~mask


class Spool:
    """A store for packed segments until the manifest that names them can be written.

    Up to `memory` bytes stay in memory. More goes to an unnamed file in `folder`, sealed
    under a key that only this object holds. So nothing that a power cut leaves there can be
    read. Iterating gives the segments; it raises OSError if the disk gives back other bytes.
    """

    def __init__(self, folder: Path, memory: int = SPOOL_MEMORY) -> None:
        self._box = SecretBox(secrets.token_bytes(SecretBox.KEY_SIZE))
        self._file = SpooledTemporaryFile(max_size=memory, dir=str(folder))  # noqa: SIM115
        self._sizes: list[int] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, _kind: object, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        for size in self._sizes:
            sealed = self._file.read(size)
            try:
                packed = self._box.decrypt(sealed)
            except (exceptions.CryptoError, ValueError):  # too short is a ValueError
                raise OSError(errno.EIO, "the disk gave back other bytes") from None
            yield packed

    def add(self, packed: bytes) -> None:
        """Add one more segment. Raise OSError if the folder is full."""
        sealed = self._box.encrypt(packed)
        self._file.write(sealed)
        self._sizes.append(len(sealed))
