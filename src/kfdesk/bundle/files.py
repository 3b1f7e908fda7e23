# SPDX-License-Identifier: GPL-3.0-or-later
"""Bundle files and key cards as the services use them, on top of writer and reader.

`BundleFiles` writes a Payload as a bundle and reads one as a ReceivedBundle. The
sequence of bundles passes through as values only. The services decide whether a bundle
is due and whether its sender is trusted.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from kfdesk.bundle import card as cards
from kfdesk.bundle.budget import FileBudget
from kfdesk.bundle.card import DeskKeys, age_key_of
from kfdesk.bundle.container import (
    Ack,
    IncomingBundle,
    Manifest,
    OutgoingBundle,
    ReaderContext,
    Segment,
    SegmentKind,
    SenderVersions,
    SequencePosition,
)
from kfdesk.bundle.container import BundleRecipient as Addressee
from kfdesk.bundle.payload import (
    ChunkUnpacker,
    CompressedRows,
    announced_items,
    pack_audit,
    pack_cards,
    pack_chunks,
    pack_countersignatures,
    pack_notices,
    pack_orders,
    pack_provenance,
    pack_records,
    pack_resends,
    spend_records,
    unpack_audit,
    unpack_cards,
    unpack_countersignatures,
    unpack_notices,
    unpack_orders,
    unpack_provenance,
    unpack_received,
    unpack_resends,
)
from kfdesk.bundle.reader import read_bundle
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.attachments import AttachmentChunk
from kfdesk.domain.audit import AuditReport
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_KEY_ITEMS,
    NO_HOOKS,
    Acknowledgement,
    CardInfo,
    ControlMessages,
    Countersignature,
    Destination,
    Envelope,
    ErasureOrder,
    ErasureReceipt,
    FindKnownRows,
    Identity,
    KeyRevocation,
    Partner,
    PartnerState,
    Payload,
    Provenance,
    ReadHooks,
    ReceivedBundle,
    ReceivedRow,
    ResendRequest,
    WrittenBundle,
    no_known_rows,
)
from kfdesk.domain.records.registry import SCHEMA_VERSION
from kfdesk.domain.rows import Row

T = TypeVar("T")
_OLDEST_READER = 1
UNPACKED_LIMIT = 8 * 1024**2  # bytes of records; the records of a larger file are kept compressed


class BundleFiles:
    """Makes and reads bundle files and key cards."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def card(self, identity: Identity) -> bytes:
        """Return our own card, signed with our key."""
        holder = cards.CardHolder(
            identity.organisation, identity.name, identity.device, identity.generation
        )
        former = tuple(age_key_of(secret) for secret in identity.former_secrets)
        return cards.make_card(holder, _keys(identity), former)

    def sign_keys(self, identity: Identity) -> tuple[bytes, ...]:
        """Return our public signing keys, the current one first."""
        seeds = (identity.sign_seed, *identity.former_seeds)
        return tuple(DeskKeys(seed, identity.age_secret).sign_key for seed in seeds)

    def read_card(self, data: bytes) -> CardInfo:
        """Return the card in `data`. Raise KfdeskError `card.damaged`."""
        read = cards.read_card(data)
        return CardInfo(read.org_id, read.org_name, read.sign_key, read.generation, read.device_id)

    def answer(self, identity: Identity, ticket: bytes) -> bytes:
        """Return our card with the proof that we know the ticket of an invitation."""
        return cards.answer_ticket(self.card(identity), ticket)

    def split_answer(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the card in an answer to a ticket, and its proof; a bare card has none."""
        return cards.split_answer(data)

    def is_answer(self, card: bytes, proof: bytes, ticket: bytes) -> bool:
        """Return whether the proof shows that the maker of this card knows the ticket."""
        return cards.is_answer(card, proof, ticket)

    def countersign(self, identity: Identity, card: bytes, day: int) -> bytes:
        """Return our signature over the card of another laptop of ours."""
        return cards.countersign(_keys(identity), card, day)

    def is_countersigned(self, signer: bytes, card: bytes, day: int, signature: bytes) -> bool:
        """Return whether the holder of the signing key has countersigned this card."""
        return cards.is_countersigned(signer, card, day, signature)

    def digits(self, ours: bytes, theirs: bytes) -> str:
        """Return the sixty digits over two cards; they are the same on both sides."""
        return cards.verification_digits(cards.read_card(ours), cards.read_card(theirs))

    def make(
        self, route: Destination, envelope: Envelope, load: Payload, note: Callable[[bytes], None]
    ) -> WrittenBundle:
        """Write a bundle; call `note` with its digest before the file gets its final name."""
        partner = cards.read_card(route.partner.card)
        got = envelope.acknowledged
        outgoing = OutgoingBundle(
            bundle_id=self._random(16),
            partner=Addressee(partner.sign_key, partner.age_keys),
            place=SequencePosition(envelope.epoch, envelope.sequence, envelope.previous),
            terms=SenderVersions(route.identity.generation, SCHEMA_VERSION, _OLDEST_READER),
            hlc=envelope.hlc,
            ack=Ack(got.epoch, got.contiguous, got.missing),
            audit_head=envelope.audit_head,
            segments=_segments(load, envelope.epoch),
        )
        written = write_bundle(route.folder, outgoing, _keys(route.identity), note)
        return WrittenBundle(written.path, written.digest)

    def read(
        self,
        path: Path,
        identity: Identity,
        partners: Mapping[bytes, Partner],
        known: FindKnownRows = no_known_rows,
        hooks: ReadHooks = NO_HOOKS,
    ) -> ReceivedBundle:
        """Return a bundle for us that passed all checks; `partners` are keyed by signing key.

        Records that are `known` are read only up to their head. Raise KfdeskError `bundle.…`,
        or `bundle.missing` if the file cannot be opened, and what `hooks` raise.
        """
        collected = _Collector(partners, known, hooks)
        incoming = self._read(path, identity, collected)
        manifest = incoming.manifest
        return ReceivedBundle(
            partners[manifest.sender].organisation,
            incoming.digest,
            _envelope(manifest),
            collected.rows,
            tuple(collected.notices),
            collected.dealings(manifest),
            is_own=partners[manifest.sender].is_own,
            recipient=manifest.recipient,
            schema=manifest.schema,
        )

    def reread_chunks(
        self,
        path: Path,
        identity: Identity,
        partners: Mapping[bytes, Partner],
        keep: Callable[[AttachmentChunk], None],
    ) -> bytes:
        """Read a bundle again, pass each attachment chunk to `keep` and return the digest.

        If the digest is the same, all that is signed is the same, and the first reading still
        holds. Raise what `read` raises, and what `keep` raises.
        """
        return self._read(path, identity, _ChunkReader(partners, keep)).digest

    def _read(
        self, path: Path, identity: Identity, taker: "_Collector | _ChunkReader"
    ) -> IncomingBundle:
        reading = ReaderContext(
            _keys(identity),
            taker.partners.keys(),
            SCHEMA_VERSION,
            former_age_secrets=identity.former_secrets,
            former_sign_keys=self.sign_keys(identity)[1:],
        )
        try:
            if not path.is_file():  # a pipe or a device would never end
                raise KfdeskError("bundle.missing")
            with path.open("rb") as source:
                return read_bundle(source, reading, taker)
        except OSError:
            raise KfdeskError("bundle.missing") from None


class _SenderCheck:
    """A handler that refuses suspended and revoked senders before it reads anything else."""

    def __init__(self, partners: Mapping[bytes, Partner], hooks: ReadHooks = NO_HOOKS) -> None:
        self.partners = partners
        self._hooks = hooks
        self._steps, self._of = 0, 0
        self._chunks = ChunkUnpacker()

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Raise KfdeskError if the sender is suspended or revoked, or the file not admitted."""
        sender = self.partners[manifest.sender]
        if sender.state is PartnerState.SUSPENDED:
            raise KfdeskError("bundle.sender_suspended", why="sender")
        if sender.state is PartnerState.REVOKED:
            raise KfdeskError("bundle.sender_revoked", why="sender")
        self._hooks.admit(sender.organisation, _envelope(manifest), digest)
        kinds = [one.kind for one in manifest.segments]
        self._records_to_come = kinds.count(SegmentKind.RECORDS)
        self._of = len(kinds) + self._records_to_come  # which are counted first and checked then
        self.budget = FileBudget(manifest)

    def _step(self) -> None:
        self._hooks.step(self._steps, self._of)
        self._steps += 1

    def _next_chunks(self, raw: bytes) -> Iterator[AttachmentChunk]:
        self.budget.spend("chunks", announced_items(raw))
        return self._chunks.unpack(raw)


class _ChunkReader(_SenderCheck):
    """A handler that passes on attachment chunks only; the rest was kept at the first reading."""

    def __init__(
        self, partners: Mapping[bytes, Partner], keep: Callable[[AttachmentChunk], None]
    ) -> None:
        super().__init__(partners)
        self._keep_chunk = keep

    def take(self, segment: Segment) -> None:
        """Pass on the chunks of a segment, one after the other."""
        if segment.kind is SegmentKind.CHUNKS:
            for chunk in self._next_chunks(segment.raw):
                self._keep_chunk(chunk)


class _Collector(_SenderCheck):
    """A handler that collects the content of a bundle; it is valid only once the file is whole."""

    def __init__(
        self, partners: Mapping[bytes, Partner], known: FindKnownRows, hooks: ReadHooks
    ) -> None:
        super().__init__(partners, hooks)
        self._known, self._sender = known, b""
        self._rows: list[ReceivedRow] = []
        self._unchecked: list[bytes] = []
        self._packed: CompressedRows | None = None
        self.notices: list[Row] = []
        self._orders: list[ErasureOrder | ErasureReceipt] = []
        self._cards: list[bytes | KeyRevocation] = []
        self._resends: list[ResendRequest] = []
        self._countersigned: list[Countersignature] = []
        self._audit: AuditReport | None = None
        self._provenance: list[Provenance] = []
        self._last: dict[SegmentKind, bytes] = {}

    def open(self, manifest: Manifest, digest: bytes) -> None:
        """Check the sender, store who it is, and decide whether to compress the records."""
        super().open(manifest, digest)
        self._sender = self.partners[manifest.sender].organisation
        size = sum(one.raw for one in manifest.segments if one.kind == SegmentKind.RECORDS)
        self._packed = CompressedRows() if size > UNPACKED_LIMIT else None

    def take(self, segment: Segment) -> None:
        """Collect the content of a segment; attachment chunks are only checked."""
        self._step()
        kind, raw, spend = segment.kind, segment.raw, self.budget.spend
        match kind:
            case SegmentKind.RECORDS:
                self._count_rows(raw)
            case SegmentKind.NOTICES:
                spend_records(raw, spend, "notices")
                _extend_rows(self.notices, unpack_notices(raw))
            case SegmentKind.ERASURES:
                spend("orders", announced_items(raw))
                self._keep(kind, self._orders, unpack_orders(raw, spend), "orders")
                spend("erasures", announced_items(raw))
            case SegmentKind.CARDS:
                spend("cards", announced_items(raw))
                self._keep(kind, self._cards, unpack_cards(raw), "cards")
            case SegmentKind.CHUNKS:
                deque(self._next_chunks(raw), maxlen=0)
            case SegmentKind.COUNTERSIGNATURES:
                spend("countersignatures", announced_items(raw))
                found = unpack_countersignatures(raw)
                self._keep(kind, self._countersigned, found, "countersignatures")
            case SegmentKind.AUDIT:
                if self._audit is not None or announced_items(raw) > 1:
                    raise KfdeskError("bundle.torn", why="audit")
                self._audit = unpack_audit(raw)
            case SegmentKind.PROVENANCE:
                spend("provenance", announced_items(raw))
                found_here = unpack_provenance(raw, spend)
                self._keep(kind, self._provenance, found_here, "provenance")
            case _:  # resends: there is no other kind
                spend("resends", announced_items(raw))
                self._keep(kind, self._resends, unpack_resends(raw), "resends")

    def dealings(self, manifest: Manifest) -> ControlMessages:
        """Return the control messages after the whole file was read.

        Raise KfdeskError `bundle.torn` if the counts differ from those of the manifest.
        """
        self.budget.check_complete("records", "writes", "erasures", "chunks")
        return ControlMessages(
            tuple(one for one in self._orders if isinstance(one, ErasureOrder)),
            tuple(one for one in self._orders if isinstance(one, ErasureReceipt)),
            tuple(one for one in self._cards if isinstance(one, bytes)),
            tuple(one for one in self._cards if isinstance(one, KeyRevocation)),
            tuple(one for one in self._resends if one.epoch != manifest.epoch),
            tuple((o.first, o.last) for o in self._resends if o.epoch == manifest.epoch),
            tuple(self._countersigned),
            self._audit,
            tuple(self._provenance),
        )

    @property
    def rows(self) -> Sequence[ReceivedRow]:
        """The rows. Those of a large file are compressed, so that it needs little memory."""
        return tuple(self._rows) if self._packed is None else self._packed

    def _count_rows(self, raw: bytes) -> None:
        """Count what a segment of records holds; after the last one, check them all.

        A count takes a small part of the time of a check, so no file costs more than its budget.
        """
        spend_records(raw, self.budget.spend)
        if self._packed is None:
            self._unchecked.append(raw)
        else:
            self._packed.add(raw, announced_items(raw))
        self._records_to_come -= 1
        if self._records_to_come == 0:
            self.budget.check_complete("records", "writes")
            self._check_rows()

    def _check_rows(self) -> None:
        last = b""
        for raw in self._unchecked if self._packed is None else self._packed.segments():
            self._step()
            rows = unpack_received(raw, lambda rows: self._known(self._sender, rows))
            if rows and rows[0].rid <= last:
                raise KfdeskError("bundle.torn", why="records_order")
            last = rows[-1].rid if rows else last
            if self._packed is None:
                self._rows.extend(rows)
        self._unchecked.clear()

    def _keep(
        self, kind: SegmentKind, kept: list[T], found: tuple[list[T], list[bytes]], what: str
    ) -> None:
        values, places = found
        if places and places[0] <= self._last.get(kind, b""):
            raise KfdeskError("bundle.torn", why=f"{what}_order")
        self._last[kind] = places[-1] if places else self._last.get(kind, b"")
        kept.extend(values)


def _extend_rows(kept: list[Row], rows: Sequence[Row]) -> None:
    if kept and rows and rows[0].rid <= kept[-1].rid:
        raise KfdeskError("bundle.torn", why="records_order")
    kept.extend(rows)


def _segments(load: Payload, epoch: bytes) -> Iterator[Segment]:
    """Yield the segments of a file: erasures come before the records that stay."""
    dealings = load.dealings
    yield from pack_cards(dealings.cards, dealings.revoked)
    made_good = (ResendRequest(epoch, first, last) for first, last in dealings.made_good)
    yield from pack_resends((*dealings.resends, *made_good)[:MAX_KEY_ITEMS])
    yield from pack_orders(dealings.orders, dealings.receipts)
    yield from pack_records(load.disclosed)
    yield from pack_notices(load.notices)
    yield from pack_chunks(load.disclosed, load.content)
    yield from pack_countersignatures(dealings.countersigned)
    yield from pack_audit(dealings.audit)
    yield from pack_provenance(dealings.provenance)


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
