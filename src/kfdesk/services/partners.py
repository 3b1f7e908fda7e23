# SPDX-License-Identifier: GPL-3.0-or-later
"""The desks we exchange with: our card, theirs, and the check over the telephone.

A partner receives nothing before its sixty digits were read over a known number.
"""

from dataclasses import dataclass, replace

from kfdesk.domain.desk.exchange import Partner, PartnerState
from kfdesk.domain.desk.log import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, wire_changes
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services.desk import Changes, Desk


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a partner apart from its keys: where it is and what it reads."""

    is_third_country: bool
    has_transfer_tool: bool = False
    reads: tuple[str, ...] = ()


def our_card(desk: Desk) -> bytes:
    """Our card, to be given to a partner."""
    return desk.rooms.bundles.card(desk.identity)


def add_partner(desk: Desk, card: bytes, terms: Terms) -> Partner:
    """Keep a partner's card; it stays pending until its digits are verified.

    The same card again changes nothing.

    Raises KfdeskError `card.damaged`, `card.own`, or `card.changed_keys` where the organisation
    is known under another signing key.
    """
    read = desk.rooms.bundles.read_card(card)
    if read.organisation == desk.identity.organisation:
        raise KfdeskError("card.own")
    known = {partner.organisation: partner for partner in desk.store.ledger.partners()}
    if read.organisation in known:
        if known[read.organisation].card != card:
            raise KfdeskError("card.changed_keys")
        return known[read.organisation]
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
    """The partner with this organisation. Raises KfdeskError `partner.unknown`."""
    for partner in desk.store.ledger.partners():
        if partner.organisation == organisation:
            return partner
    raise KfdeskError("partner.unknown")


def digits(desk: Desk, organisation: bytes) -> str:
    """The sixty digits to read over the telephone; the other side sees the same."""
    return desk.rooms.bundles.digits(our_card(desk), find_partner(desk, organisation).card)


def verify_partner(desk: Desk, organisation: bytes, heard: str) -> Changes:
    """Note that the digits `heard` over a known number are ours; from now on it may receive.

    Raises KfdeskError `card.other_digits`; then nothing is changed.
    """
    if "".join(heard.split()) != "".join(digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    partner = replace(find_partner(desk, organisation), state=PartnerState.VERIFIED)
    with desk.store.transaction():
        desk.store.ledger.set_partner(partner)
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))
