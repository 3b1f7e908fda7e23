# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own laptops: a card in our organisation's name counts only if one of ours countersigned it.

Another laptop of ours gets everything and is believed in everything, so sixty digits alone do not
make a card our own. A laptop that invites another puts a ticket on the stick, a secret that is
valid once. The card that answers it is countersigned here. A laptop that was set up from an
invitation countersigns the card that invited it. What a laptop has verified it countersigns for
its other laptops, by file. Only a laptop that is verified here, or this one, can countersign.
"""

import json
from collections.abc import Iterator

from kfdesk.domain.exchange import (
    CardInfo,
    Countersignature,
    Identity,
    Partner,
    PartnerState,
    ReceivedBundle,
)
from kfdesk.services.core.session import INVITER_KEY, Session
from kfdesk.services.exchange.message_policy import vouched_laptops

TICKET_BYTES = 32
_TICKETS_SETTING = "laptop_tickets"
MAX_TICKETS = 8  # open invitations; the oldest ticket ends with a new one
_TICKET_DAYS = 30
_DAY = 86_400_000  # milliseconds
_KEY_BYTES, _DAY_BYTES = 32, 4


# --- tickets


def issue_ticket(desk: Session) -> bytes:
    """Return a new ticket, valid once and for 30 days, for one other laptop of ours."""
    ticket = desk.adapters.random(TICKET_BYTES)
    kept = [*_tickets(desk), (ticket, desk.milliseconds)][-MAX_TICKETS:]
    with desk.store.transaction():
        _keep_tickets(desk, kept)
    return ticket


def end_tickets(desk: Session) -> None:
    """End all tickets: an older store does not know which were answered; in a transaction."""
    _keep_tickets(desk, [])


def _answered_ticket(desk: Session, card: bytes, proof: bytes) -> bytes:
    """Return the open ticket that this card answers; empty if there is none."""
    valid = (one for one, at in _tickets(desk) if desk.milliseconds - at <= _TICKET_DAYS * _DAY)
    is_answer = desk.adapters.bundles.is_answer
    return next((ticket for ticket in valid if proof and is_answer(card, proof, ticket)), b"")


def _tickets(desk: Session) -> list[tuple[bytes, int]]:
    kept = json.loads(desk.store.setting(_TICKETS_SETTING) or b"[]")
    return [(bytes.fromhex(ticket), at) for ticket, at in kept]


def _keep_tickets(desk: Session, tickets: list[tuple[bytes, int]]) -> None:
    stored = [(ticket.hex(), at) for ticket, at in tickets]
    desk.store.set_setting(_TICKETS_SETTING, json.dumps(stored).encode())


# --- countersignatures


def is_countersigned(desk: Session, device: bytes, card: bytes) -> bool:
    """Return whether this very card was countersigned by us, or by a verified laptop of ours."""
    kept = desk.store.setting(_countersigned_setting(device)) or b""
    signer, rest = kept[:_KEY_BYTES], kept[_KEY_BYTES:]
    day, signature = int.from_bytes(rest[:_DAY_BYTES], "big"), rest[_DAY_BYTES:]
    bundles = desk.adapters.bundles
    ours = {*bundles.sign_keys(desk.identity), *(one.sign_key for one in _verified_laptops(desk))}
    return signer in ours and bundles.is_countersigned(signer, card, day, signature)


def can_be_own(desk: Session, read: CardInfo, card: bytes, proof: bytes) -> bool:
    """Return whether a card of our organisation is that of another laptop of ours.

    It is countersigned, or answers an open ticket, or invited us when this laptop was set up.
    """
    return (
        is_countersigned(desk, read.device, card)
        or bool(_answered_ticket(desk, card, proof))
        or _is_inviter(desk, read)
    )


def countersign_own(desk: Session, read: CardInfo, card: bytes, proof: bytes) -> None:
    """Countersign a card that may be our own, and end its ticket; inside a transaction."""
    if is_countersigned(desk, read.device, card):
        return
    used = _answered_ticket(desk, card, proof)
    if used:
        _keep_tickets(desk, [one for one in _tickets(desk) if one[0] != used])
    elif _is_inviter(desk, read):
        desk.store.set_setting(INVITER_KEY, b"")
    signer, day = desk.adapters.bundles.sign_keys(desk.identity)[0], desk.milliseconds // _DAY
    signature = desk.adapters.bundles.countersign(desk.identity, card, day)
    _keep_countersignature(desk, read.device, signer, Countersignature(card, "", day, signature))


def make_countersignatures(
    desk: Session, recipient: Partner, signer: Identity
) -> Iterator[Countersignature]:
    """Yield our countersignature over each other laptop that we have verified.

    Only another laptop of ours gets any. `signer` is our identity as the recipient knows it.
    """
    if not recipient.is_own or recipient.state is not PartnerState.VERIFIED:
        return
    day = desk.milliseconds // _DAY
    for one in _verified_laptops(desk):
        if one.organisation != recipient.organisation:
            signature = desk.adapters.bundles.countersign(signer, one.card, day)
            yield Countersignature(one.card, one.name, day, signature)


def new_laptops(desk: Session, taken: ReceivedBundle) -> Iterator[tuple[Partner, Countersignature]]:
    """Yield the laptops that another one of ours countersigns and that are not verified here.

    Each comes as the pending partner that it becomes. A card of another organisation, a signature
    that does not hold, and a laptop that is suspended or revoked here are left out. Write nothing.
    """
    known = {one.organisation: one for one in desk.store.ledger.partners()}
    sender = known.get(taken.organisation)
    if sender is None or not taken.is_own or sender.state is not PartnerState.VERIFIED:
        return
    for read, one in vouched_laptops(desk, taken, sender.sign_key):
        before = known.get(read.device)
        if before is None or _is_renewed(desk, before, one.card, read):
            name = before.name if before is not None else one.name
            partner = Partner(
                read.device, name, one.card, read.sign_key, PartnerState.PENDING, is_own=True
            )
            if all(other.sign_key != read.sign_key or other is before for other in known.values()):
                yield partner, one


def import_countersignatures(desk: Session, taken: ReceivedBundle) -> None:
    """Add the laptops that another one of ours countersigns, as pending; in a transaction."""
    sender = {one.organisation: one.sign_key for one in desk.store.ledger.partners()}
    for partner, one in new_laptops(desk, taken):
        desk.store.ledger.set_partner(partner)
        _keep_countersignature(desk, partner.organisation, sender[taken.organisation], one)


def _keep_countersignature(
    desk: Session, device: bytes, signer: bytes, one: Countersignature
) -> None:
    kept = signer + one.day.to_bytes(_DAY_BYTES, "big") + one.signature
    desk.store.set_setting(_countersigned_setting(device), kept)


def _is_renewed(desk: Session, before: Partner, card: bytes, read: CardInfo) -> bool:
    """Return whether a card takes the place of a pending laptop's, or countersigns it first."""
    if before.state is not PartnerState.PENDING or not before.is_own:
        return False
    if card == before.card:
        return not is_countersigned(desk, read.device, card)
    return read.generation > desk.adapters.bundles.read_card(before.card).generation


def _is_inviter(desk: Session, read: CardInfo) -> bool:
    return read.sign_key == desk.store.setting(INVITER_KEY)


def _verified_laptops(desk: Session) -> list[Partner]:
    verified = PartnerState.VERIFIED
    return [one for one in desk.store.ledger.partners() if one.is_own and one.state is verified]


def _countersigned_setting(device: bytes) -> str:
    return f"countersigned.{device.hex()}"
