# SPDX-License-Identifier: GPL-3.0-or-later
"""The desks we exchange with: our card, theirs, and the check over the telephone.

A partner receives nothing before its sixty digits were read over a known number.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from kfdesk.domain.desk.exchange import Card, Direction, Partner, PartnerState
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, wire_changes
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services.desk import Changes, Desk

DEALING = (Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
_MOST = 65_536  # bytes; a card is far smaller, and nothing larger is read


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a partner apart from its keys: where it is and what it reads."""

    is_third_country: bool
    has_transfer_tool: bool = False
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner, and when it was last sent to and received from: milliseconds since 1970, UTC."""

    partner: Partner
    sent: int | None
    received: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A card that somebody gave us, proved whole, before it is kept."""

    organisation: bytes
    name: str
    data: bytes = field(repr=False)
    is_known: bool


def list_partners(desk: Desk) -> tuple[PartnerLine, ...]:
    """All partners, by name. Raises KfdeskError `user.not_allowed`."""
    desk.require(*DEALING)
    return tuple(
        PartnerLine(
            partner,
            _newest(desk, partner.organisation, Direction.OUT),
            _newest(desk, partner.organisation, Direction.IN),
        )
        for partner in desk.store.ledger.partners()
    )


def our_card(desk: Desk) -> bytes:
    """Our card, to be given to a partner. Raises KfdeskError `user.not_allowed`."""
    desk.require(*DEALING)
    return desk.rooms.bundles.card(desk.identity)


def save_card(desk: Desk, path: Path) -> None:
    """Save our card as `path`. Raises KfdeskError `store.disk` or `user.not_allowed`."""
    desk.require(*DEALING)
    try:
        path.write_bytes(our_card(desk))
    except OSError:
        raise KfdeskError("store.disk") from None


def look_at_card(desk: Desk, path: Path) -> Offered:
    """The card in a file. Writes nothing.

    Raises KfdeskError `bundle.missing` where the file cannot be opened, and as `add_partner` does.
    """
    desk.require(Right.MANAGE_KEYS)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError:
        raise KfdeskError("bundle.missing") from None
    read, known = _checked(desk, data)
    return Offered(read.organisation, read.name, data, known is not None)


def add_partner(desk: Desk, card: bytes, terms: Terms) -> Partner:
    """Keep a partner's card; it stays pending until its digits are verified.

    The same card again changes nothing.

    Raises KfdeskError `user.not_allowed`, `card.damaged`, `card.own`, or `card.changed_keys` where
    the organisation is known under another signing key.
    """
    desk.require(Right.MANAGE_KEYS)
    read, known = _checked(desk, card)
    if known is not None:
        return known
    partner = Partner(
        read.organisation,
        read.name,
        card,
        read.sign_key,
        PartnerState.PENDING,
        is_third_country=terms.is_third_country,
        has_transfer_tool=terms.has_transfer_tool,
        reads=terms.reads,
    )
    values = {"name": read.name, "confidentiality": "secret"}
    state = amend(EMPTY, wire_changes("organisation", values), (), desk.signature)
    with desk.store.transaction():
        if desk.store.row(read.organisation) is None:
            own = Row(read.organisation, "organisation", None, read.organisation, state)
            desk.store.put(own)
        desk.store.ledger.set_partner(partner)
        desk.log(Action.KEYS, read.organisation)
    return partner


def find_partner(desk: Desk, organisation: bytes) -> Partner:
    """The partner with this organisation.

    Raises KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(*DEALING)
    for partner in desk.store.ledger.partners():
        if partner.organisation == organisation:
            return partner
    raise KfdeskError("partner.unknown")


def digits(desk: Desk, organisation: bytes) -> str:
    """The sixty digits to read over the telephone; the other side sees the same.

    Raises KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.rooms.bundles.digits(our_card(desk), find_partner(desk, organisation).card)


def verify_partner(desk: Desk, organisation: bytes, heard: str) -> Changes:
    """Note that the digits `heard` over a known number are ours; from now on it may receive.

    Raises KfdeskError `user.not_allowed` or `card.other_digits`; then nothing is changed.
    """
    desk.require(Right.MANAGE_KEYS)
    if "".join(heard.split()) != "".join(digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    partner = replace(find_partner(desk, organisation), state=PartnerState.VERIFIED)
    with desk.store.transaction():
        desk.store.ledger.set_partner(partner)
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def _checked(desk: Desk, card: bytes) -> tuple[Card, Partner | None]:
    """What a card says, and the partner that it is known as."""
    read = desk.rooms.bundles.read_card(card)
    if read.organisation == desk.identity.organisation:
        raise KfdeskError("card.own")
    known = {partner.organisation: partner for partner in desk.store.ledger.partners()}
    partner = known.get(read.organisation)
    if partner is not None and partner.card != card:
        raise KfdeskError("card.changed_keys")
    return read, partner


def _newest(desk: Desk, organisation: bytes, direction: Direction) -> int | None:
    marks = desk.store.ledger.marks(organisation, direction)
    return max((mark.milliseconds for mark in marks), default=None)
