# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest: the signed list of what a bundle is, for whom, and what stands in it.

A manifest is one canonical msgpack array without maps (FORMAT.md, "Manifest"). Every bound is
checked here, while the bytes still come from an unknown hand; that is why this module decodes
into fixed types and never into "anything". Who signed it and who may read it is the reader's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, TypeVar

import msgspec

from kfdesk.domain.errors import KfdeskError

FORMAT = 1
MAX_MANIFEST = 262_144
MAX_RAW = 4 * 1024 * 1024
MAX_PACKED = MAX_RAW + 1024
MAX_SEGMENTS = 4_096
MAX_RAW_TOTAL = 1024 * 1024 * 1024
MAX_RECORDS = 200_000
MAX_RECIPIENTS = 8
MAX_MISSING = 64

_Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
_U8 = Annotated[int, msgspec.Meta(ge=0, le=0xFF)]
_U16 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
_U32 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
_MOST = 2**63 - 1  # what a store's integer holds
_U63 = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Seq = Annotated[int, msgspec.Meta(ge=1, le=_MOST)]
_Ordered = TypeVar("_Ordered", bytes, int)


class _Listed(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A fixed list of values, written as a msgpack array."""


class Ack(_Listed, frozen=True):
    """What the sender has of the recipient's: all up to `contiguous` but those in `missing`."""

    epoch: _Id
    contiguous: _U63
    missing: Annotated[tuple[_Seq, ...], msgspec.Meta(max_length=MAX_MISSING)]


class Counts(_Listed, frozen=True):
    """How much stands in the segments; the taker compares it with what it finds."""

    records: _U32
    writes: _U32
    erasures: _U32
    chunks: _U32


class Entry(_Listed, frozen=True):
    """One segment as the manifest names it: sizes in bytes, SHA-256 of the packed bytes."""

    kind: Annotated[int, msgspec.Meta(ge=1, le=0xFF)]
    raw: Annotated[int, msgspec.Meta(ge=1, le=MAX_RAW)]
    packed: Annotated[int, msgspec.Meta(ge=1, le=MAX_PACKED)]
    sha256: _Key


class Manifest(_Listed, frozen=True):
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
    counts: Counts
    segments: Annotated[tuple[Entry, ...], msgspec.Meta(max_length=MAX_SEGMENTS)]

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that are signed and hashed."""
        return msgspec.msgpack.encode(self)


def read_manifest(encoded: bytes) -> Manifest:
    """Return the manifest that `encoded` says, if it says it canonically and within all bounds.

    Raises KfdeskError `bundle.torn` for malformed or non-canonical bytes and
    `bundle.too_large` for totals above the limits. Proves nothing about who made it.
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


def digest_of(encoded: bytes) -> bytes:
    """Return the SHA-256 of a manifest's bytes: its name in `previous` and in the ledger."""
    return hashlib.sha256(encoded).digest()


def _check_members(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
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
