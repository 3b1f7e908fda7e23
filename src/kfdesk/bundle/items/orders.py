# SPDX-License-Identifier: GPL-3.0-or-later
"""The segment of erasure orders and their receipts, as FORMAT.md writes them.

Ids, codes and days; nothing of what is to be erased. Whether an order is carried out is the
services' to say.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.items.lists import check_order, portions, unpacked
from kfdesk.bundle.manifest import Counts
from kfdesk.domain.desk.erasure import Order, Outcome, Part, Receipt
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.writes import WID_BYTES

MAX_ORDERS = 65_536
MAX_FIELDS = 256
MAX_WRITES = 1_024  # of one field
_Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
_Time = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Reason = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,32}$")]
_Fid = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
_Ids = Annotated[bytes, msgspec.Meta(min_length=WID_BYTES, max_length=MAX_WRITES * WID_BYTES)]
_Part = Annotated[tuple[tuple[_Fid, _Ids], ...], msgspec.Meta(min_length=1, max_length=MAX_FIELDS)]


class _OrderItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=1):
    id: _Id
    rid: _Id
    part: _Part | None
    reason: _Reason
    deadline: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
    hlc: _Time


class _ReceiptItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=2):
    id: _Id
    outcome: Annotated[int, msgspec.Meta(ge=1, le=max(Outcome).value)]
    hlc: _Time


_Item = _OrderItem | _ReceiptItem
_decoder = msgspec.msgpack.Decoder(list[_Item], strict=True)


def pack_orders(orders: Sequence[Order], receipts: Sequence[Receipt]) -> Iterator[Segment]:
    """The segments that carry orders and receipts, sorted by what they are and by order."""
    items: list[_Item] = [
        _OrderItem(one.id, one.rid, one.part, one.reason, one.deadline, one.hlc)
        for one in sorted(orders, key=lambda order: order.id)
    ]
    items += [
        _ReceiptItem(one.id, one.outcome, one.hlc)
        for one in sorted(receipts, key=lambda receipt: receipt.id)
    ]
    for some, raw in portions(items):
        yield Segment(SegmentKind.ERASURES, raw, Counts(0, 0, len(some), 0))


def unpack_orders(raw: bytes) -> tuple[list[Order | Receipt], list[bytes]]:
    """What one segment holds, and the place of each item in the order of all.

    Raises KfdeskError `bundle.torn`.
    """
    items = unpacked(raw, _decoder, "orders")
    places = [_place(item) for item in items]
    check_order(places, "orders_order")
    return [_value(item) for item in items], places


def _place(item: _Item) -> bytes:
    return (b"\1" if isinstance(item, _OrderItem) else b"\2") + item.id


def _value(item: _Item) -> Order | Receipt:
    if isinstance(item, _ReceiptItem):
        return Receipt(item.id, Outcome(item.outcome), item.hlc)
    _check_part(item.part)
    return Order(item.id, item.rid, item.part, item.reason, item.deadline, item.hlc)


def _check_part(part: Part | None) -> None:
    if part is None:
        return
    fids = [fid for fid, _ in part]
    is_ordered = fids == sorted(set(fids)) and all(_is_ordered(ids) for _, ids in part)
    if not is_ordered:
        raise KfdeskError("bundle.torn", why="orders")


def _is_ordered(ids: bytes) -> bool:
    each = [ids[i : i + WID_BYTES] for i in range(0, len(ids), WID_BYTES)]
    return not len(ids) % WID_BYTES and each == sorted(set(each))
