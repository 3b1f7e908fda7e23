# SPDX-License-Identifier: GPL-3.0-or-later
"""The payload of a bundle: what its segments hold, as FORMAT.md defines it.

Each kind has a function that packs it in segments of at most 4 MiB, and one that unpacks
a segment: records, contents of attachments, cards and revocations, requests to send
again, erasure orders, withdrawal notices. Only what `disclose()` granted is packed. What
is unpacked is checked for canonical form and limits. Whether the sender may write it is
decided by the services.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, pairwise
from typing import Annotated, TypeVar, overload

import msgspec

from kfdesk.bundle.card import MAX_CARD, is_card_name
from kfdesk.bundle.container import MAX_RAW, BundleCounts, Segment, SegmentKind
from kfdesk.domain.attachments import CHUNK_BYTES, MAX_CONTENT_BYTES, AttachmentChunk
from kfdesk.domain.audit import NO_AUDIT_HEAD, AuditHead, AuditReport
from kfdesk.domain.consent import RecipientKind, WithdrawalNotice, is_withdrawal_notice
from kfdesk.domain.disclosure import Disclosed, DisclosedRow
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_PROVENANCE,
    MAX_PROVENANCE_WRITES,
    Countersignature,
    ErasureOrder,
    ErasureOutcome,
    ErasureReceipt,
    KeyRevocation,
    Provenance,
    ReceivedRow,
    RecordPart,
    ResendRequest,
)
from kfdesk.domain.kinds import MAX_VALUE_BYTES
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    FID_BYTES,
    MAX_FIELDS,
    MAX_LIVE_WRITES,
    MAX_RECORD_BYTES,
    MAX_SUPERSEDED_IDS,
    WID_BYTES,
    RecordState,
    SaveOutline,
    Write,
    count_live_writes,
    count_writes,
    encode_state,
    fold_equal_writes,
    is_canonical,
    writes_by_field,
)
from kfdesk.domain.rows import ID_BYTES, Row

T = TypeVar("T")
# --- lists of items

_SEGMENT_TARGET = MAX_RAW // 4  # well below the limit; one item above it stands alone
_FIXARRAY_LIMIT, _ARRAY16_LIMIT = 16, 65_536  # from so many items on, an array's head is longer
_SHORT_ARRAYS = frozenset(bytes([0x90 | count]) for count in range(_FIXARRAY_LIMIT))
_item_encoder = msgspec.msgpack.Encoder()
Spend = Callable[[str, int], None]
"""Counts some more of something in a file; it raises KfdeskError if that is too much."""


def pack_portions(items: Iterable[T]) -> Iterator[tuple[list[T], bytes]]:
    """Yield the items in portions that each fit into a segment, with their encoded content."""
    kept: list[T] = []
    encoded: list[bytes] = []
    size = 0
    for item in items:
        one = _item_encoder.encode(item)
        if kept and size + len(one) > _SEGMENT_TARGET:
            yield kept, _array_bytes(encoded)
            kept, encoded, size = [], [], 0
        kept.append(item)
        encoded.append(one)
        size += len(one)
    if kept:
        yield kept, _array_bytes(encoded)


def decode_items(raw: bytes, decoder: "msgspec.msgpack.Decoder[list[T]]", why: str) -> list[T]:
    """Return the items of one segment. Raise KfdeskError `bundle.torn` unless canonical."""
    try:
        items = decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why=why) from None
    if _item_encoder.encode(items) != raw:
        raise KfdeskError("bundle.torn", why=why)
    return items


def announced_items(raw: bytes) -> int:
    """Return the number of items that a segment's array says it holds, before it is decoded.

    Whether the array tells the truth is checked then. What is no array has none.
    """
    size = {b"\xdc": 2, b"\xdd": 4}.get(raw[:1], 0)
    is_short = raw[:1] in _SHORT_ARRAYS
    return raw[0] & 15 if is_short else int.from_bytes(raw[1 : 1 + size], "big")


def no_budget(_what: str, _count: int) -> None:
    """Count nothing: for what was counted before, or comes from ourselves."""


def check_ascending(places: Sequence[bytes], why: str) -> None:
    """Raise KfdeskError `bundle.torn` unless the sort keys ascend."""
    if not all(before < after for before, after in pairwise(places)):
        raise KfdeskError("bundle.torn", why=why)


def encode_item(item: object) -> bytes:
    """Return one item in msgpack."""
    return _item_encoder.encode(item)


def _array_bytes(items: Sequence[bytes]) -> bytes:
    count = len(items)
    if count < _FIXARRAY_LIMIT:
        head = bytes([0x90 | count])
    elif count < _ARRAY16_LIMIT:
        head = b"\xdc" + count.to_bytes(2, "big")
    else:
        head = b"\xdd" + count.to_bytes(4, "big")
    return head + b"".join(items)


# --- contents of attachments

MAX_CHUNKS = MAX_CONTENT_BYTES // CHUNK_BYTES
_DIGEST = "digest"


class _ChunkItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    rid: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    part: Annotated[int, msgspec.Meta(ge=0, lt=MAX_CHUNKS)]
    data: Annotated[bytes, msgspec.Meta(min_length=1, max_length=CHUNK_BYTES)]


_chunk_decoder = msgspec.msgpack.Decoder(list[_ChunkItem], strict=True)


def pack_chunks(what: Disclosed, content: Callable[[bytes], Iterable[bytes]]) -> Iterator[Segment]:
    """Yield the segments with the content of disclosed attachments.

    `content` gives the parts of a record's content, or none if the content is not here.
    Content goes to other laptops of the same organisation and to nobody else, whatever was
    disclosed.
    """
    if what.recipient.who is not RecipientKind.OWN:
        return
    items = (
        _ChunkItem(given.rid, part, data)
        for given in what.rows
        if given.type == "attachment" and _DIGEST in given.grants
        for part, data in enumerate(content(given.rid))
    )
    for some, raw in pack_portions(items):
        yield Segment(SegmentKind.CHUNKS, raw, BundleCounts(0, 0, 0, len(some)))


class ChunkUnpacker:
    """The chunks of one file, segment by segment, checked for order and completeness."""

    def __init__(self) -> None:
        self.count = 0
        self._last: _ChunkItem | None = None

    def unpack(self, raw: bytes) -> Iterator[AttachmentChunk]:
        """Yield the chunks of the next segment. Raise KfdeskError `bundle.torn`."""
        for item in decode_items(raw, _chunk_decoder, "chunks"):
            if not self._may_follow(item):
                raise KfdeskError("bundle.torn", why="chunks_order")
            self._last = item
            self.count += 1
            yield AttachmentChunk(item.rid, item.part, item.data)

    def _may_follow(self, item: _ChunkItem) -> bool:
        last = self._last
        if last is not None and last.rid == item.rid:
            return item.part == last.part + 1 and len(last.data) == CHUNK_BYTES
        return item.part == 0 and (last is None or last.rid < item.rid)


# --- cards, revocations and requests

_RevokedTime = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_SequenceNumber = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class _CardItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=1):
    card: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_CARD)]


class _RevokedItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=2):
    sign_key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    hlc: _RevokedTime


class _ResendItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    epoch: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    first: _SequenceNumber
    last: _SequenceNumber


_card_decoder = msgspec.msgpack.Decoder(list[_CardItem | _RevokedItem], strict=True)
_resend_decoder = msgspec.msgpack.Decoder(list[_ResendItem], strict=True)


def pack_cards(cards: Sequence[bytes], revoked: Sequence[KeyRevocation]) -> Iterator[Segment]:
    """Yield the segment with new cards and revocations."""
    items: list[_CardItem | _RevokedItem] = [_CardItem(card) for card in cards]
    items += [_RevokedItem(one.sign_key, one.hlc) for one in revoked]
    for _, raw in pack_portions(sorted(items, key=encode_item)):
        yield Segment(SegmentKind.CARDS, raw)


def unpack_cards(raw: bytes) -> tuple[list[bytes | KeyRevocation], list[bytes]]:
    """Return the cards and revocations of one segment, and the sort key of each.

    Raise KfdeskError `bundle.torn`.
    """
    items = decode_items(raw, _card_decoder, "cards")
    places = [encode_item(item) for item in items]
    check_ascending(places, "cards_order")
    values = [
        one.card if isinstance(one, _CardItem) else KeyRevocation(one.sign_key, one.hlc)
        for one in items
    ]
    return values, places


def pack_resends(resends: Sequence[ResendRequest]) -> Iterator[Segment]:
    """Yield the segment that asks for files to be sent again."""
    items = [_ResendItem(one.epoch, one.first, one.last) for one in resends]
    for _, raw in pack_portions(sorted(items, key=_resend_place)):
        yield Segment(SegmentKind.RESENDS, raw)


def unpack_resends(raw: bytes) -> tuple[list[ResendRequest], list[bytes]]:
    """Return the requests of one segment, and the sort key of each.

    Raise KfdeskError `bundle.torn`.
    """
    items = decode_items(raw, _resend_decoder, "resends")
    if any(item.first > item.last for item in items):
        raise KfdeskError("bundle.torn", why="resends")
    places = [_resend_place(item) for item in items]
    check_ascending(places, "resends_order")
    return [ResendRequest(item.epoch, item.first, item.last) for item in items], places


def _resend_place(item: _ResendItem) -> bytes:
    return item.epoch + item.first.to_bytes(8, "big") + item.last.to_bytes(8, "big")


# --- countersignatures


class _CountersignatureItem(
    msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True
):
    card: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_CARD)]
    name: str
    day: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]


_countersignature_decoder = msgspec.msgpack.Decoder(list[_CountersignatureItem], strict=True)


def pack_countersignatures(countersigned: Sequence[Countersignature]) -> Iterator[Segment]:
    """Yield the segment with countersignatures."""
    items = [
        _CountersignatureItem(one.card, one.name, one.day, one.signature) for one in countersigned
    ]
    for _, raw in pack_portions(sorted(items, key=encode_item)):
        yield Segment(SegmentKind.COUNTERSIGNATURES, raw)


def unpack_countersignatures(raw: bytes) -> tuple[list[Countersignature], list[bytes]]:
    """Return the countersignatures of one segment, and the sort key of each.

    Raise KfdeskError `bundle.torn`.
    """
    items = decode_items(raw, _countersignature_decoder, "countersignatures")
    if not all(is_card_name(item.name) for item in items):
        raise KfdeskError("bundle.torn", why="countersignatures")
    places = [encode_item(item) for item in items]
    check_ascending(places, "countersignatures_order")
    return [Countersignature(one.card, one.name, one.day, one.signature) for one in items], places


# --- audit chains


class _AuditItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    number: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    seen: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    seen_hash: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


_audit_decoder = msgspec.msgpack.Decoder(list[_AuditItem], strict=True)


def pack_audit(report: AuditReport | None) -> Iterator[Segment]:
    """Yield the segment that says what its sender knows of both audit chains."""
    if report is not None:
        item = _AuditItem(report.number, report.seen.number, report.seen.digest)
        yield Segment(SegmentKind.AUDIT, encode_item([item]))


def unpack_audit(raw: bytes) -> AuditReport:
    """Return what a file says of audit chains. Raise KfdeskError `bundle.torn`."""
    items = decode_items(raw, _audit_decoder, "audit")
    if len(items) != 1:
        raise KfdeskError("bundle.torn", why="audit")
    seen = AuditHead(items[0].seen, items[0].seen_hash)
    if not seen.number and seen != NO_AUDIT_HEAD:
        raise KfdeskError("bundle.torn", why="audit")
    return AuditReport(items[0].number, seen)


# --- provenance

_WRITE_BYTES = 2 + WID_BYTES
_RecordId = Annotated[bytes, msgspec.Meta(min_length=ID_BYTES, max_length=ID_BYTES)]


class _ProvenanceItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    rid: _RecordId
    sender: _RecordId
    writes: Annotated[bytes, msgspec.Meta(min_length=_WRITE_BYTES)]


_provenance_decoder = msgspec.msgpack.Decoder(list[_ProvenanceItem], strict=True)


def pack_provenance(every: Iterable[Provenance]) -> Iterator[Segment]:
    """Yield the segments that say whose files had brought writes, as many as a file may hold."""
    items = (
        _ProvenanceItem(
            one.rid,
            one.sender,
            b"".join(fid.to_bytes(2, "big") + wid for fid, wid in sorted(one.writes)),
        )
        for one in _within_limits(every)
    )
    for _, raw in pack_portions(items):
        yield Segment(SegmentKind.PROVENANCE, raw)


def _within_limits(every: Iterable[Provenance]) -> Iterator[Provenance]:
    left = MAX_PROVENANCE_WRITES
    for one in islice(every, MAX_PROVENANCE):
        left -= len(one.writes)
        if left < 0:
            return
        yield one


def unpack_provenance(raw: bytes, spend: Spend = no_budget) -> tuple[list[Provenance], list[bytes]]:
    """Return the provenance in one segment, and the sort key of each item.

    Raise KfdeskError `bundle.torn`, and what `spend` raises for the writes that it names.
    """
    items = decode_items(raw, _provenance_decoder, "provenance")
    spend("writes of provenance", sum(len(item.writes) for item in items) // _WRITE_BYTES)
    found = []
    for item in items:
        starts = range(0, len(item.writes), _WRITE_BYTES)
        each = [item.writes[start : start + _WRITE_BYTES] for start in starts]
        if len(item.writes) % _WRITE_BYTES or each != sorted(set(each)):
            raise KfdeskError("bundle.torn", why="provenance")
        writes = frozenset((int.from_bytes(one[:2], "big"), one[2:]) for one in each)
        found.append(Provenance(item.rid, item.sender, writes))
    places = [item.rid + item.sender for item in items]
    check_ascending(places, "provenance_order")
    return found, places


# --- erasure orders

MAX_ORDER_FIELDS = 256
MAX_ORDER_WRITES = 1_024  # of one field
_Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
_OrderTime = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Reason = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,32}$")]
_Fid = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
_Ids = Annotated[bytes, msgspec.Meta(min_length=WID_BYTES, max_length=MAX_ORDER_WRITES * WID_BYTES)]
_Part = Annotated[
    tuple[tuple[_Fid, _Ids], ...], msgspec.Meta(min_length=1, max_length=MAX_ORDER_FIELDS)
]


class _OrderItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=1):
    id: _Id
    rid: _Id
    part: _Part | None
    reason: _Reason
    deadline: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
    hlc: _OrderTime


class _ReceiptItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=2):
    id: _Id
    outcome: Annotated[int, msgspec.Meta(ge=1, le=max(ErasureOutcome).value)]
    hlc: _OrderTime


_ErasureItem = _OrderItem | _ReceiptItem
_order_decoder = msgspec.msgpack.Decoder(list[_ErasureItem], strict=True)


def pack_orders(
    orders: Sequence[ErasureOrder], receipts: Sequence[ErasureReceipt]
) -> Iterator[Segment]:
    """Yield the segments with orders and receipts: orders first, each kind sorted by id."""
    items: list[_ErasureItem] = [
        _OrderItem(one.id, one.rid, one.part, one.reason, one.deadline, one.hlc)
        for one in sorted(orders, key=lambda order: order.id)
    ]
    items += [
        _ReceiptItem(one.id, one.outcome, one.hlc)
        for one in sorted(receipts, key=lambda receipt: receipt.id)
    ]
    for some, raw in pack_portions(items):
        yield Segment(SegmentKind.ERASURES, raw, BundleCounts(0, 0, len(some), 0))


def unpack_orders(
    raw: bytes, spend: Spend = no_budget
) -> tuple[list[ErasureOrder | ErasureReceipt], list[bytes]]:
    """Return the orders and receipts of one segment, and the sort key of each.

    Raise KfdeskError `bundle.torn`, and what `spend` raises for the writes that orders name.
    """
    items = decode_items(raw, _order_decoder, "orders")
    parts = (item.part for item in items if isinstance(item, _OrderItem))
    ids = sum(len(ids) for part in parts for _, ids in part or ())
    spend("writes of orders", ids // WID_BYTES)
    places = [_order_place(item) for item in items]
    check_ascending(places, "orders_order")
    return [_order_value(item) for item in items], places


def _order_place(item: _ErasureItem) -> bytes:
    return (b"\1" if isinstance(item, _OrderItem) else b"\2") + item.id


def _order_value(item: _ErasureItem) -> ErasureOrder | ErasureReceipt:
    if isinstance(item, _ReceiptItem):
        return ErasureReceipt(item.id, ErasureOutcome(item.outcome), item.hlc)
    _check_part(item.part)
    return ErasureOrder(item.id, item.rid, item.part, item.reason, item.deadline, item.hlc)


def _check_part(part: RecordPart | None) -> None:
    if part is None:
        return
    fids = [fid for fid, _ in part]
    is_ordered = fids == sorted(set(fids)) and all(_is_sorted(ids) for _, ids in part)
    if not is_ordered:
        raise KfdeskError("bundle.torn", why="orders")


def _is_sorted(ids: bytes) -> bool:
    each = [ids[i : i + WID_BYTES] for i in range(0, len(ids), WID_BYTES)]
    return not len(ids) % WID_BYTES and each == sorted(set(each))


# --- records

MAX_RECORD_FIELDS = MAX_FIELDS
MAX_SIBLINGS = MAX_LIVE_WRITES
MAX_SUPERSEDED = MAX_SUPERSEDED_IDS
_SMALL = 11 * MAX_RECORD_FIELDS  # bytes; a field takes at least eleven, a superseded id eight
_COMPRESSION_LEVEL = 1  # the fastest level of zlib


class RecordItem(
    msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False
):
    """A record in a bundle. Only its head is decoded; the state stays encoded.

    It cannot be part of a reference cycle, so the garbage collector skips it (`gc`).
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    state: msgspec.Raw


class _RecordOutline(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A record of which only the ids of its writes are decoded, to count them."""

    rid: msgspec.Raw
    type: msgspec.Raw
    parent: msgspec.Raw
    custodian: msgspec.Raw
    state: tuple[tuple[SaveOutline, ...], tuple[tuple[msgspec.Raw, bytes], ...] | None]


_outline_decoder = msgspec.msgpack.Decoder(list[_RecordOutline], strict=True)
_record_decoder = msgspec.msgpack.Decoder(list[RecordItem], strict=True)
_record_encoder = msgspec.msgpack.Encoder()


def pack_records(what: Disclosed) -> Iterator[Segment]:
    """Yield the segments with the disclosed records, sorted by record id.

    That order hides which record was written first.
    """
    for items, raw in pack_portions(map(_record_item, what.rows)):
        writes = sum(count_live_writes(bytes(item.state)) for item in items)
        yield Segment(SegmentKind.RECORDS, raw, BundleCounts(len(items), writes, 0, 0))


def record_items(rows: Iterable[Row]) -> Iterator[RecordItem]:
    """Yield rows in their bundle form, sorted by id."""
    return (
        RecordItem(
            row.rid, row.type, row.parent, row.custodian, msgspec.Raw(encode_state(row.state))
        )
        for row in sorted(rows, key=lambda row: row.rid)
    )


def spend_records(raw: bytes, spend: Spend, of: str = "") -> None:
    """Count the records of one segment and what stands in them, before they are checked.

    Raise KfdeskError `bundle.torn` for what is no list of records, and what `spend` raises.
    """
    spend(of or "records", announced_items(raw))
    items: list[_RecordOutline] = []
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        items = _outline_decoder.decode(raw)
    if len(items) != announced_items(raw):
        unpack_received(raw)  # it is no list of records, and this says why
    saves = [item.state[0] for item in items if item.state[0]]
    dead = [item.state[1] for item in items if item.state[1]]
    kind = f" of {of}" if of else ""
    spend(f"saves{kind}", sum(map(len, saves)))
    spend(f"superseded{kind}", sum(len(ids) for each in dead for _, ids in each) // WID_BYTES)
    spend(f"writes{kind}", sum(len(one.fids) for each in saves for one in each) // FID_BYTES)


def unpack_records(raw: bytes) -> tuple[Row, ...]:
    """Return the rows of a segment. Raise KfdeskError `bundle.torn` or `bundle.too_large`."""
    return tuple(sent.row for sent in unpack_received(raw))


def unpack_received(
    raw: bytes, known: Callable[[Sequence[ReceivedRow]], Collection[bytes]] = lambda _rows: ()
) -> Sequence[ReceivedRow]:
    """Return the records of one segment.

    `known` returns the ids of those that were checked before in exactly these bytes. Of
    those only the head is read. Raise KfdeskError `bundle.torn` or `bundle.too_large`.
    """
    rows = _decode_heads(raw)
    for sent in rows:
        if len(sent.packed) > MAX_RECORD_BYTES:
            raise KfdeskError("bundle.too_large", why="record")
    proved = known(rows)
    fresh = [sent for sent in rows if sent.rid not in proved] if proved else rows
    large: list[RecordState] = []
    for sent in fresh:
        state = sent.row.state
        writes = count_writes(state)
        if writes > MAX_RECORD_FIELDS * MAX_SIBLINGS:
            raise KfdeskError("bundle.too_large", why="siblings")
        if encode_state(state) != sent.packed or not is_canonical(state):
            raise KfdeskError("bundle.torn", why="records_not_canonical")
        if not _is_small(sent.packed, writes, has_dead=state.dead is not None):
            large.append(state)
    if not all(one.rid < next_one.rid for one, next_one in pairwise(rows)):
        raise KfdeskError("bundle.torn", why="records_order")
    for sent in rows:
        above = sent.rid if sent.parent is None else sent.parent
        if not len(sent.rid) == len(sent.custodian) == len(above) == ID_BYTES:
            raise KfdeskError("bundle.torn", why="record_id")
    for state in large:
        _check_limits(state)
    return rows


def _record_item(given: DisclosedRow) -> RecordItem:
    is_small = _is_small(given.packed, count_live_writes(given.packed))
    state = msgspec.Raw(given.packed if is_small else _readable_state(given))
    return RecordItem(given.rid, given.type, given.parent, given.custodian, state)


def _readable_state(given: DisclosedRow) -> bytes:
    """Return the state as every reader takes it; equal values are folded if there are too many.

    Raise KfdeskError `exchange.field_too_full` or `exchange.record_too_full`.
    """
    state, known = given.row.state, RECORD_TYPES[given.type].by_id
    if max(map(len, writes_by_field(state).values()), default=0) > MAX_SIBLINGS:
        state = fold_equal_writes(state)
    try:
        _check_limits(state)
    except KfdeskError as excess:
        fid = excess.data.get("fid")
        if isinstance(fid, int) and fid in known:
            field = f"{given.type}.{known[fid].key}"
            raise KfdeskError("exchange.field_too_full", field=field) from None
        raise KfdeskError("exchange.record_too_full") from None
    packed = encode_state(state)
    if len(packed) > MAX_RECORD_BYTES:
        raise KfdeskError("exchange.record_too_full")
    return packed


def _decode_heads(raw: bytes) -> list[ReceivedRow]:
    """Return the records of one segment; check that heads and array are canonical."""
    try:
        items = _record_decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="records") from None
    if _record_encoder.encode(items) != raw:
        raise KfdeskError("bundle.torn", why="records_not_canonical")
    return [ReceivedRow(i.rid, i.type, i.parent, i.custodian, bytes(i.state)) for i in items]


class CompressedRows(Sequence[ReceivedRow]):
    """The rows of a large file, kept compressed and decompressed while they are iterated.

    They were checked when they were read. One part of them is in memory at a time.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[bytes, int]] = []

    def add(self, raw: bytes, count: int) -> None:
        """Add the rows of one more segment."""
        self._parts.append((zlib.compress(raw, _COMPRESSION_LEVEL), count))

    def __len__(self) -> int:
        return sum(count for _, count in self._parts)

    def segments(self) -> Iterator[bytes]:
        """Yield the content of each segment."""
        return (zlib.decompress(packed) for packed, _ in self._parts)

    def __iter__(self) -> Iterator[ReceivedRow]:
        for raw in self.segments():
            yield from _decode_heads(raw)

    @overload
    def __getitem__(self, place: int) -> ReceivedRow: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ReceivedRow, ...]: ...
    def __getitem__(self, place: int | slice) -> ReceivedRow | tuple[ReceivedRow, ...]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return next(islice(self, range(len(self))[place], None))


def _is_small(packed: bytes, writes: int, *, has_dead: bool = True) -> bool:
    """Return whether the limits hold at a glance: few live writes and few bytes."""
    return writes <= MAX_SIBLINGS and len(packed) <= (_SMALL if has_dead else MAX_VALUE_BYTES)


def _check_limits(state: RecordState) -> None:
    """Raise KfdeskError `bundle.too_large` with the id of the field (`fid`), if it is one."""
    dead = {fid: len(ids) // WID_BYTES for fid, ids in state.dead or ()}
    live = writes_by_field(state)
    if len(live.keys() | dead.keys()) > MAX_RECORD_FIELDS:
        raise KfdeskError("bundle.too_large", why="fields")
    for fid, writes in live.items():
        if len(writes) > MAX_SIBLINGS:
            raise KfdeskError("bundle.too_large", why="siblings", fid=fid)
        if any(_encoded_size(write) > MAX_VALUE_BYTES for write in writes):
            raise KfdeskError("bundle.too_large", why="value", fid=fid)
    if any(count > MAX_SUPERSEDED for count in dead.values()):
        raise KfdeskError("bundle.too_large", why="dead")


def _encoded_size(write: Write) -> int:
    return len(_record_encoder.encode(write.value))


# --- withdrawal notices


def pack_notices(notices: Sequence[WithdrawalNotice]) -> Iterator[Segment]:
    """Yield the segments with these notices, sorted by the ids of the consents."""
    for _, raw in pack_portions(record_items(notice.row for notice in notices)):
        yield Segment(SegmentKind.NOTICES, raw)


def unpack_notices(raw: bytes) -> tuple[Row, ...]:
    """Return the notices of a segment. Raise KfdeskError `bundle.torn` or `bundle.too_large`."""
    rows = unpack_records(raw)
    if not all(map(is_withdrawal_notice, rows)):
        raise KfdeskError("bundle.torn", why="notice")
    return rows
