# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes into an exchange file and what comes out: the values of writer and reader.

`writer.write_bundle(folder, outgoing, keys)` makes a file from an Outgoing; `reader.read_bundle(
source, reading, taker)` hands the parts of a file to a Taker, one at a time. Both follow
FORMAT.md. Nothing here knows what stands inside a segment: records, orders and cards are bytes
to this module, so that a fault in their meaning can never weaken the checks of the container.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from kfdesk.bundle.keys import DeskKeys
from kfdesk.bundle.manifest import Ack, Counts, Manifest

MAGIC = b"KFBNDL1\n"
SIGNED_PREFIX = b"kfdesk-bundle-v1\0"
NO_COUNTS = Counts(0, 0, 0, 0)


class SegmentKind(IntEnum):
    """The kinds of segment that version 1 knows (FORMAT.md, "Segments")."""

    RECORDS = 1
    ERASURES = 2
    CARDS = 3
    CHUNKS = 4
    RESENDS = 5
    NOTICES = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bundle: 1 byte to 4 MiB of raw content.

    `counts` is what this segment adds to the manifest's counts. Only the writer reads it; a
    segment that was read carries NO_COUNTS, and its taker counts what it finds.
    """

    kind: SegmentKind
    raw: bytes
    counts: Counts = NO_COUNTS


@dataclass(frozen=True, slots=True)
class Partner:
    """The one partner a bundle is for: its sign key and the age keys of its 1 to 8 devices."""

    sign_key: bytes
    age_keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a bundle in its direction's row: see FORMAT.md, "Sequence".

    `seq` starts at 1 in each epoch; `previous` is the SHA-256 of the manifest before this one,
    32 zero bytes for the first.
    """

    epoch: bytes
    seq: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What the sender says of itself: card generation, schema, the oldest schema able to read."""

    card_generation: int
    schema: int
    min_reader: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything a bundle says, apart from what the writer works out by itself.

    `bundle_id` is 16 random bytes, `hlc` UTC milliseconds << 16 | counter, `audit_head` the
    SHA-256 at the end of the audit chain. `segments` is read once, one segment at a time.
    """

    bundle_id: bytes
    partner: Partner
    place: Place
    terms: Terms
    hlc: int
    ack: Ack
    audit_head: bytes
    segments: Iterable[Segment]


@dataclass(frozen=True, slots=True)
class Written:
    """A finished, verified file. `digest` (SHA-256 of the manifest) is the next `previous`."""

    path: Path
    size: int
    digest: bytes
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Reading:
    """What a desk needs to read a file.

    `known` holds the sign keys (32 bytes) whose bundles may be read; `schema` is the newest
    schema this program knows; `former_age_secrets` are age secrets that were rotated away and
    may still open bundles on their way, and so may `former_sign_keys` still be named in them as
    the recipient's. `expected` is the manifest digest that an earlier pass
    found: with it, a file that says anything else is refused.
    """

    keys: DeskKeys
    known: Container[bytes]
    schema: int
    former_age_secrets: tuple[bytes, ...] = ()
    former_sign_keys: tuple[bytes, ...] = ()
    expected: bytes | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that passed every check of the container. `digest`: SHA-256 of the manifest."""

    manifest: Manifest
    digest: bytes
    size: int


class Taker(Protocol):
    """Receives a bundle's parts while the file is read; what it raises leaves `read_bundle`.

    Until `read_bundle` returns, the file may still turn out torn: a taker that writes must be
    able to undo all of it.
    """

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Take the manifest; its signature, recipients and limits are checked."""

    def take(self, segment: Segment) -> None:
        """Take the next segment, in the order of the manifest; its hash and length are checked."""
