# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented desks and bundles, and a builder that can break every rule the writer keeps.

`Draft` puts a plaintext together byte by byte from plain lists, so that a test can change one
thing and leave the rest right. Nothing here knows a record: segments hold invented bytes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from kfdesk.bundle import age
from kfdesk.bundle.card import DeskKeys
from kfdesk.bundle.container import (
    BUNDLE_MAGIC,
    SIGNED_PREFIX,
    Ack,
    BundleCounts,
    BundleReceiver,
    BundleRecipient,
    IncomingBundle,
    Manifest,
    OutgoingBundle,
    ReaderContext,
    Segment,
    SegmentKind,
    SenderVersions,
    SequencePosition,
    pack_segment,
    padded_length,
)
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner as KnownPartner
from kfdesk.domain.exchange import PartnerState

SCHEMA = 7


def bytes_for(name: str, size: int = 32) -> bytes:
    """Bytes that look random and are the same in every run."""
    return hashlib.shake_128(name.encode()).digest(size)


def keys_for(name: str) -> DeskKeys:
    return DeskKeys(bytes_for(f"{name} seed"), bytes_for(f"{name} age"))


ALDER = keys_for("alder house")  # sends
BIRCH = keys_for("birch house")  # receives
CEDAR = keys_for("cedar house")  # neither


def outgoing(segments: Iterable[Segment] = (), **changes: Any) -> OutgoingBundle:
    """Return a proper bundle from Alder to Birch."""
    plain = OutgoingBundle(
        bundle_id=bytes_for("bundle id", 16),
        partner=BundleRecipient(BIRCH.sign_key, (BIRCH.age_key,)),
        place=SequencePosition(bytes_for("epoch", 16), 1, bytes(32)),
        terms=SenderVersions(card_generation=3, schema=SCHEMA, min_reader=SCHEMA - 1),
        hlc=1_700_000_000_000 << 16,
        ack=Ack(bytes(16), 0, ()),
        audit_head=bytes_for("audit head"),
        segments=segments,
    )
    return replace(plain, **changes)


def some_segments() -> tuple[Segment, ...]:
    """One of each kind: easy to pack, hard to pack, of one byte."""
    return (
        Segment(SegmentKind.RECORDS, b"\x90" * 5000, BundleCounts(2, 30, 0, 0)),
        Segment(SegmentKind.ERASURES, b"\x91", BundleCounts(0, 0, 1, 0)),
        Segment(SegmentKind.CARDS, bytes_for("cards", 300)),
        Segment(SegmentKind.CHUNKS, bytes_for("chunk", 70_000), BundleCounts(0, 0, 0, 1)),
        Segment(SegmentKind.RESENDS, b"\x90"),
    )


def birch_reads(**changes: Any) -> ReaderContext:
    """Return what Birch needs to read a file; it knows Alder."""
    return replace(ReaderContext(BIRCH, frozenset({ALDER.sign_key}), SCHEMA), **changes)


@dataclass
class Collector(BundleReceiver):
    """Keeps all it is given."""

    manifest: Manifest | None = None
    digest: bytes = b""
    segments: list[Segment] = field(default_factory=list)

    def open(self, manifest: Manifest, digest: bytes) -> None:
        self.manifest = manifest
        self.digest = digest

    def take(self, segment: Segment) -> None:
        self.segments.append(segment)


def read(data: bytes, reading: ReaderContext | None = None) -> tuple[IncomingBundle, Collector]:
    """Read a whole file."""
    taker = Collector()
    return read_bundle(io.BytesIO(data), reading or birch_reads(), taker), taker


def refusal(work: Callable[[], object]) -> tuple[str, str | int]:
    """Return the code and the reason with which `work` is refused."""
    try:
        work()
    except KfdeskError as error:
        return error.code, error.data["why"]
    raise AssertionError("nothing was refused")


def refusal_of(data: bytes, reading: ReaderContext | None = None) -> tuple[str, str | int]:
    """Return the code and the reason with which a file is refused."""
    return refusal(lambda: read(data, reading))


def written(folder: Path, segments: Iterable[Segment] = ()) -> bytes:
    """Return the bytes of a file that our writer made."""
    return write_bundle(folder, outgoing(segments), ALDER).path.read_bytes()


@dataclass(frozen=True)
class Part:
    """A segment as the manifest will name it, true or not."""

    kind: int
    raw: int
    packed: bytes


def part(kind: int, raw: bytes) -> Part:
    """Return an honest part of any kind, known or not."""
    return Part(kind, len(raw), pack_segment(raw))


@dataclass
class Draft:
    """A plaintext in parts, each of which a test may spoil.

    The changes run in the order of the fields: the manifest's members as a plain list, the packed
    segments, the manifest's bytes, the signature, the whole. What comes later does not mend what
    came before, except that the signature is always made over the changed manifest.
    """

    magic: bytes = BUNDLE_MAGIC
    parts: Sequence[Part] = ()
    signer: DeskKeys = ALDER
    signed_prefix: bytes = SIGNED_PREFIX
    change_members: Callable[[list[Any]], None] = lambda members: None
    change_packed: Callable[[list[bytes]], object] = lambda packed: None
    change_manifest: Callable[[bytes], bytes] = lambda encoded: encoded
    change_signature: Callable[[bytes], bytes] = lambda signature: signature
    change_plaintext: Callable[[bytes], bytes] = lambda plaintext: plaintext
    length: int | None = None

    def plaintext(self) -> bytes:
        packed = [part.packed for part in self.parts]
        members = self._members()
        self.change_members(members)
        self.change_packed(packed)
        encoded = self.change_manifest(msgspec.msgpack.encode(members))
        signature = self.change_signature(self.signer.sign(self.signed_prefix + encoded))
        length = len(encoded) if self.length is None else self.length
        start = self.magic + length.to_bytes(4, "big") + encoded + signature
        whole = start + b"".join(packed)
        return self.change_plaintext(whole.ljust(padded_length(len(whole)), b"\0"))

    def file(self, recipients: Sequence[bytes] = (BIRCH.age_key,)) -> bytes:
        return sealed(self.plaintext(), recipients)

    def _members(self) -> list[Any]:
        entries = [
            [part.kind, part.raw, len(part.packed), hashlib.sha256(part.packed).digest()]
            for part in self.parts
        ]
        return [
            1,
            bytes_for("bundle id", 16),
            ALDER.sign_key,
            3,
            BIRCH.sign_key,
            [BIRCH.age_key],
            bytes_for("epoch", 16),
            1,
            bytes(32),
            1_700_000_000_000 << 16,
            SCHEMA,
            SCHEMA - 1,
            [bytes(16), 0, []],
            bytes_for("audit head"),
            [0, 0, 0, 0],
            entries,
        ]


def sealed(plaintext: bytes, recipients: Sequence[bytes] = (BIRCH.age_key,)) -> bytes:
    """Return the age file of a plaintext."""
    target = io.BytesIO()
    age.encrypt(io.BytesIO(plaintext), target, recipients)
    return target.getvalue()


def opened(data: bytes, keys: DeskKeys = BIRCH) -> bytes:
    """Return the plaintext of an age file."""
    target = io.BytesIO()
    age.decrypt(io.BytesIO(data), target, [keys.age_secret])
    return target.getvalue()


def header_of(data: bytes) -> bytes:
    """Return the header of an age file, MAC line included."""
    mac = data.index(b"\n--- ") + 1
    return data[: data.index(b"\n", mac) + 1]


def known(
    keys: DeskKeys, organisation: bytes, state: PartnerState = PartnerState.VERIFIED
) -> dict[bytes, KnownPartner]:
    """Return the one partner whose files are read, by its signing key."""
    return {keys.sign_key: KnownPartner(organisation, "Alder", b"", keys.sign_key, state)}
