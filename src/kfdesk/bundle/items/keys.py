# SPDX-License-Identifier: GPL-3.0-or-later
"""The segments about keys and about files: new cards, revoked keys, requests to send again.

A card in a file is the same card that lies on a stick. Whom it is trusted for, and what is sent
again, is the services' to say.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from kfdesk.bundle.card import MAX_CARD
from kfdesk.bundle.container import Segment, SegmentKind
from kfdesk.bundle.items.lists import check_order, encoded, portions, unpacked
from kfdesk.domain.desk.exchange import Resend, Revocation
from kfdesk.domain.errors import KfdeskError

MAX_ITEMS = 64
_Time = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class _CardItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=1):
    card: Annotated[bytes, msgspec.Meta(min_length=1, max_length=MAX_CARD)]


class _RevokedItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, tag=2):
    sign_key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    hlc: _Time


class _ResendItem(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    epoch: Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
    first: _Number
    last: _Number


_card_decoder = msgspec.msgpack.Decoder(list[_CardItem | _RevokedItem], strict=True)
_resend_decoder = msgspec.msgpack.Decoder(list[_ResendItem], strict=True)


def pack_cards(cards: Sequence[bytes], revoked: Sequence[Revocation]) -> Iterator[Segment]:
    """The segment that carries new cards and revocations."""
    items: list[_CardItem | _RevokedItem] = [_CardItem(card) for card in cards]
    items += [_RevokedItem(one.sign_key, one.hlc) for one in revoked]
    for _, raw in portions(sorted(items, key=encoded)):
        yield Segment(SegmentKind.CARDS, raw)


def unpack_cards(raw: bytes) -> tuple[list[bytes | Revocation], list[bytes]]:
    """The cards and revocations of one segment, with the place of each.

    Raises KfdeskError `bundle.torn`.
    """
    items = unpacked(raw, _card_decoder, "cards")
    places = [encoded(item) for item in items]
    check_order(places, "cards_order")
    values = [
        one.card if isinstance(one, _CardItem) else Revocation(one.sign_key, one.hlc)
        for one in items
    ]
    return values, places


def pack_resends(resends: Sequence[Resend]) -> Iterator[Segment]:
    """The segment that asks for numbers to be sent again."""
    items = [_ResendItem(one.epoch, one.first, one.last) for one in resends]
    for _, raw in portions(sorted(items, key=_resend_place)):
        yield Segment(SegmentKind.RESENDS, raw)


def unpack_resends(raw: bytes) -> tuple[list[Resend], list[bytes]]:
    """The requests of one segment, with the place of each. Raises KfdeskError `bundle.torn`."""
    items = unpacked(raw, _resend_decoder, "resends")
    if any(item.first > item.last for item in items):
        raise KfdeskError("bundle.torn", why="resends")
    places = [_resend_place(item) for item in items]
    check_order(places, "resends_order")
    return [Resend(item.epoch, item.first, item.last) for item in items], places


def _resend_place(item: _ResendItem) -> bytes:
    return item.epoch + item.first.to_bytes(8, "big") + item.last.to_bytes(8, "big")
