# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: bundles and cards as services ask for them, over writer and reader.

Knows the order of bundles only as values that pass through; whether one is due, or its sender
trusted, is decided by the services.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kfdesk.bundle import card as cards
from kfdesk.bundle.container import Outgoing, Place, Reading, Segment, SegmentKind, Terms
from kfdesk.bundle.container import Partner as Addressee
from kfdesk.bundle.keys import DeskKeys
from kfdesk.bundle.manifest import Ack, Manifest
from kfdesk.bundle.notices import MAX_NOTICES, pack_notices, unpack_notices
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.records import counts_of, pack_records, unpack_records
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.desk.exchange import (
    Acknowledgement,
    Card,
    Envelope,
    Identity,
    Load,
    Made,
    Route,
    Taken,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import SCHEMA
from kfdesk.domain.rows import Row

_GENERATION = 1
_OLDEST_READER = 1


class BundleFiles:
    """Makes and reads exchange files and cards."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def card(self, identity: Identity) -> bytes:
        """Our card, signed by ourselves."""
        holder = cards.Holder(identity.organisation, identity.name, identity.device, _GENERATION)
        return cards.make_card(holder, _keys(identity))

    def read_card(self, data: bytes) -> Card:
        """The card in `data`. Raises KfdeskError `card.damaged`."""
        read = cards.read_card(data)
        return Card(read.org_id, read.org_name, read.sign_key, read.device_id)

    def digits(self, ours: bytes, theirs: bytes) -> str:
        """Sixty digits over two cards, the same on both sides."""
        return cards.verification_digits(cards.read_card(ours), cards.read_card(theirs))

    def make(
        self, route: Route, envelope: Envelope, load: Load, note: Callable[[bytes], None]
    ) -> Made:
        """A bundle of a load; `note` hears its digest before it gets its name."""
        partner = cards.read_card(route.partner.card)
        got = envelope.acknowledged
        outgoing = Outgoing(
            bundle_id=self._random(16),
            partner=Addressee(partner.sign_key, partner.age_keys),
            place=Place(envelope.epoch, envelope.sequence, envelope.previous),
            terms=Terms(_GENERATION, SCHEMA, _OLDEST_READER),
            hlc=envelope.hlc,
            ack=Ack(got.epoch, got.contiguous, got.missing),
            audit_head=envelope.audit_head,
            segments=_segments(load),
        )
        written = write_bundle(route.folder, outgoing, _keys(route.identity), note)
        return Made(written.path, written.digest)

    def read(self, path: Path, identity: Identity, partners: Mapping[bytes, bytes]) -> Taken:
        """A bundle for us, proved whole; `partners` maps sign keys to organisations.

        Raises KfdeskError `bundle.…`, `bundle.missing` where the file cannot be opened.
        """
        collected = _Collector()
        reading = Reading(_keys(identity), partners.keys(), SCHEMA)
        try:
            with path.open("rb") as source:
                incoming = read_bundle(source, reading, collected)
        except OSError:
            raise KfdeskError("bundle.missing") from None
        manifest = incoming.manifest
        if counts_of(collected.rows) != (manifest.counts.records, manifest.counts.writes):
            raise KfdeskError("bundle.torn", why="counts")
        organisation = partners[manifest.sender]
        rows, notices = tuple(collected.rows), tuple(collected.notices)
        return Taken(organisation, incoming.digest, _envelope(manifest), rows, notices)


class _Collector:
    """Keeps what a bundle brings while it is read; it counts only once it is whole."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.notices: list[Row] = []

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Nothing to prepare."""

    def take(self, segment: Segment) -> None:
        """Keep the rows of a segment; this version of the program makes no other kinds."""
        if segment.kind is SegmentKind.RECORDS:
            _extend(self.rows, unpack_records(segment.raw))
        elif segment.kind is SegmentKind.NOTICES:
            _extend(self.notices, unpack_notices(segment.raw))
            if len(self.notices) > MAX_NOTICES:
                raise KfdeskError("bundle.too_large", why="notices")


def _extend(kept: list[Row], rows: Sequence[Row]) -> None:
    if kept and rows and rows[0].rid <= kept[-1].rid:
        raise KfdeskError("bundle.torn", why="records_order")
    kept.extend(rows)


def _segments(load: Load) -> Iterator[Segment]:
    yield from pack_records(load.disclosed)
    yield from pack_notices(load.notices)


def _keys(identity: Identity) -> DeskKeys:
    return DeskKeys(identity.sign_seed, identity.age_secret)


def _envelope(manifest: Manifest) -> Envelope:
    return Envelope(
        manifest.epoch,
        manifest.seq,
        manifest.previous,
        manifest.hlc,
        Acknowledgement(manifest.ack.epoch, manifest.ack.contiguous, manifest.ack.missing),
        manifest.audit_head,
    )
