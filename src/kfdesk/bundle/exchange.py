# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: bundles and cards as services ask for them, over writer and reader.

Knows the order of bundles only as values that pass through; whether one is due, or its sender
trusted, is decided by the services.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import TypeVar

from kfdesk.bundle import card as cards
from kfdesk.bundle.container import Incoming, Outgoing, Place, Reading, Segment, SegmentKind, Terms
from kfdesk.bundle.container import Partner as Addressee
from kfdesk.bundle.items.chunks import ChunkOrder, pack_chunks
from kfdesk.bundle.items.keys import (
    MAX_ITEMS,
    pack_cards,
    pack_resends,
    unpack_cards,
    unpack_resends,
)
from kfdesk.bundle.items.notices import MAX_NOTICES, pack_notices, unpack_notices
from kfdesk.bundle.items.orders import MAX_ORDERS, pack_orders, unpack_orders
from kfdesk.bundle.items.records import PackedRows, pack_records, unpack_sent
from kfdesk.bundle.keys import DeskKeys, age_key_of
from kfdesk.bundle.manifest import Ack, Counts, Manifest
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.desk.content import Chunk
from kfdesk.domain.desk.erasure import Order, Receipt
from kfdesk.domain.desk.exchange import (
    Acknowledgement,
    Card,
    Dealings,
    Envelope,
    Identity,
    Known,
    Load,
    Made,
    Partner,
    PartnerState,
    Resend,
    Revocation,
    Route,
    Sent,
    Taken,
    nothing_known,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import SCHEMA
from kfdesk.domain.rows import Row

T = TypeVar("T")
_OLDEST_READER = 1
LOOSE = 8 * 1024**2  # bytes of records; those of a larger file are not kept unpacked


class BundleFiles:
    """Makes and reads exchange files and cards."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def card(self, identity: Identity) -> bytes:
        """Our card, signed by ourselves."""
        holder = cards.Holder(
            identity.organisation, identity.name, identity.device, identity.generation
        )
        former = tuple(age_key_of(secret) for secret in identity.former_secrets)
        return cards.make_card(holder, _keys(identity), former)

    def sign_keys(self, identity: Identity) -> tuple[bytes, ...]:
        """Our public signing keys, the present one first."""
        seeds = (identity.sign_seed, *identity.former_seeds)
        return tuple(DeskKeys(seed, identity.age_secret).sign_key for seed in seeds)

    def read_card(self, data: bytes) -> Card:
        """The card in `data`. Raises KfdeskError `card.damaged`."""
        read = cards.read_card(data)
        return Card(read.org_id, read.org_name, read.sign_key, read.generation, read.device_id)

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
            terms=Terms(route.identity.generation, SCHEMA, _OLDEST_READER),
            hlc=envelope.hlc,
            ack=Ack(got.epoch, got.contiguous, got.missing),
            audit_head=envelope.audit_head,
            segments=_segments(load, envelope.epoch),
        )
        written = write_bundle(route.folder, outgoing, _keys(route.identity), note)
        return Made(written.path, written.digest)

    def read(
        self,
        path: Path,
        identity: Identity,
        partners: Mapping[bytes, Partner],
        known: Known = nothing_known,
    ) -> Taken:
        """A bundle for us, proved whole; `partners` are by their sign keys.

        Of records that are `known` nothing but the head is read. Raises KfdeskError `bundle.…`,
        `bundle.missing` where the file cannot be opened.
        """
        collected = _Collector(partners, known)
        incoming = self._read(path, identity, collected)
        manifest = incoming.manifest
        return Taken(
            partners[manifest.sender].organisation,
            incoming.digest,
            _envelope(manifest),
            collected.rows,
            tuple(collected.notices),
            collected.dealings(manifest),
            is_own=partners[manifest.sender].is_own,
            recipient=manifest.recipient,
        )

    def read_again(
        self,
        path: Path,
        identity: Identity,
        partners: Mapping[bytes, Partner],
        keep: Callable[[Chunk], None],
    ) -> bytes:
        """The digest of a bundle that was read before; each attachment chunk goes to `keep`.

        Where the digest is the same, so is all that is signed there, and what was read of it
        holds. Raises KfdeskError as `read` does, and what `keep` raises.
        """
        return self._read(path, identity, _Again(partners, keep)).digest

    def _read(self, path: Path, identity: Identity, taker: "_Collector | _Again") -> Incoming:
        reading = Reading(
            _keys(identity),
            taker.partners.keys(),
            SCHEMA,
            former_age_secrets=identity.former_secrets,
            former_sign_keys=self.sign_keys(identity)[1:],
        )
        try:
            with path.open("rb") as source:
                return read_bundle(source, reading, taker)
        except OSError:
            raise KfdeskError("bundle.missing") from None


class _Door:
    """Lets in who is neither suspended nor revoked, before anything of a file is looked at."""

    def __init__(self, partners: Mapping[bytes, Partner]) -> None:
        self.partners = partners
        self._chunks = ChunkOrder()

    def open(self, manifest: Manifest, _digest: bytes) -> None:
        """Refuse a sender that is suspended or revoked."""
        state = self.partners[manifest.sender].state
        if state is PartnerState.SUSPENDED:
            raise KfdeskError("bundle.sender_suspended", why="sender")
        if state is PartnerState.REVOKED:
            raise KfdeskError("bundle.sender_revoked", why="sender")


class _Again(_Door):
    """Hands out attachment chunks; all else was kept when the file was read before."""

    def __init__(self, partners: Mapping[bytes, Partner], keep: Callable[[Chunk], None]) -> None:
        super().__init__(partners)
        self._keep_chunk = keep

    def take(self, segment: Segment) -> None:
        """Pass on the chunks of a segment, one after the other."""
        if segment.kind is SegmentKind.CHUNKS:
            for chunk in self._chunks.unpack(segment.raw):
                self._keep_chunk(chunk)


class _Collector(_Door):
    """Keeps what a bundle brings while it is read; it counts only once it is whole."""

    def __init__(self, partners: Mapping[bytes, Partner], known: Known) -> None:
        super().__init__(partners)
        self._known, self._sender = known, b""
        self._rows: list[Sent] = []
        self._packed: PackedRows | None = None
        self._counts = (0, 0)
        self.notices: list[Row] = []
        self._orders: list[Order | Receipt] = []
        self._cards: list[bytes | Revocation] = []
        self._resends: list[Resend] = []
        self._last: dict[SegmentKind, bytes] = {}

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Refuse as every door does, and note who sends, and whether that is much."""
        super().open(manifest, digest)
        self._sender = self.partners[manifest.sender].organisation
        sizes = (one.raw for one in manifest.segments if one.kind == SegmentKind.RECORDS)
        self._packed = PackedRows() if sum(sizes) > LOOSE else None

    def take(self, segment: Segment) -> None:
        """Keep what a segment holds; attachment chunks are only proved."""
        raw = segment.raw
        match segment.kind:
            case SegmentKind.RECORDS:
                self._keep_rows(raw)
            case SegmentKind.NOTICES:
                _extend(self.notices, unpack_notices(raw))
                _check_count("notices", self.notices, MAX_NOTICES)
            case SegmentKind.ERASURES:
                self._keep(segment.kind, self._orders, unpack_orders(raw), "orders")
                _check_count("orders", self._orders, MAX_ORDERS)
            case SegmentKind.CARDS:
                self._keep(segment.kind, self._cards, unpack_cards(raw), "cards")
                _check_count("cards", self._cards, MAX_ITEMS)
            case SegmentKind.CHUNKS:
                deque(self._chunks.unpack(raw), maxlen=0)
            case _:  # resends: there is no other kind
                self._keep(segment.kind, self._resends, unpack_resends(raw), "resends")
                _check_count("resends", self._resends, MAX_ITEMS)

    def dealings(self, manifest: Manifest) -> Dealings:
        """What came beside records and notices, once the whole file was read."""
        found = Counts(*self._counts, len(self._orders), self._chunks.count)
        if found != manifest.counts:
            raise KfdeskError("bundle.torn", why="counts")
        return Dealings(
            tuple(one for one in self._orders if isinstance(one, Order)),
            tuple(one for one in self._orders if isinstance(one, Receipt)),
            tuple(one for one in self._cards if isinstance(one, bytes)),
            tuple(one for one in self._cards if isinstance(one, Revocation)),
            tuple(one for one in self._resends if one.epoch != manifest.epoch),
            tuple((o.first, o.last) for o in self._resends if o.epoch == manifest.epoch),
        )

    @property
    def rows(self) -> Sequence[Sent]:
        """The rows; those of a large file were packed again, so that it needs no large memory."""
        return tuple(self._rows) if self._packed is None else self._packed

    def _keep_rows(self, raw: bytes) -> None:
        rows, writes = unpack_sent(raw, lambda rows: self._known(self._sender, rows))
        last = self._last.get(SegmentKind.RECORDS, b"")
        if rows and rows[0].rid <= last:
            raise KfdeskError("bundle.torn", why="records_order")
        self._last[SegmentKind.RECORDS] = rows[-1].rid if rows else last
        self._counts = (self._counts[0] + len(rows), self._counts[1] + writes)
        if self._packed is None:
            self._rows.extend(rows)
        else:
            self._packed.add(raw, len(rows))

    def _keep(
        self, kind: SegmentKind, kept: list[T], found: tuple[list[T], list[bytes]], what: str
    ) -> None:
        values, places = found
        if places and places[0] <= self._last.get(kind, b""):
            raise KfdeskError("bundle.torn", why=f"{what}_order")
        self._last[kind] = places[-1] if places else self._last.get(kind, b"")
        kept.extend(values)


def _check_count(what: str, kept: Sized, most: int) -> None:
    if len(kept) > most:
        raise KfdeskError("bundle.too_large", why=what)


def _extend(kept: list[Row], rows: Sequence[Row]) -> None:
    if kept and rows and rows[0].rid <= kept[-1].rid:
        raise KfdeskError("bundle.torn", why="records_order")
    kept.extend(rows)


def _segments(load: Load, epoch: bytes) -> Iterator[Segment]:
    """A file's segments; what is to go comes before what is there to stay."""
    dealings = load.dealings
    yield from pack_cards(dealings.cards, dealings.revoked)
    made_good = (Resend(epoch, first, last) for first, last in dealings.made_good)
    yield from pack_resends((*dealings.resends, *made_good)[:MAX_ITEMS])
    yield from pack_orders(dealings.orders, dealings.receipts)
    yield from pack_records(load.disclosed)
    yield from pack_notices(load.notices)
    yield from pack_chunks(load.disclosed, load.content)


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
