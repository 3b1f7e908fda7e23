# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own laptops: a card in our organisation's name counts only if one of ours countersigned it.

Another laptop of ours gets everything and is believed in everything, so sixty digits alone do not
make a card our own. A laptop that invites another puts a ticket on the stick, a secret that is
valid once. The card that answers it is countersigned here. A laptop that was set up from an
invitation countersigns the card that invited it. What a laptop has verified it countersigns for
its other laptops, by file. Only a laptop that is verified here, or this one, can countersign.

Who revokes a laptop of ours does it for the whole house. Every other laptop hears of it by the next
file, and suspends it at once: a thief may say it of an honest laptop, so a person decides the rest.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from kfdesk.domain.audit import Action
from kfdesk.domain.exchange import (
    HLC_BITS,
    CardInfo,
    Countersignature,
    Identity,
    KeyRevocation,
    Partner,
    PartnerState,
    ReceivedBundle,
)
from kfdesk.services.core.session import INVITER_KEY, Session
from kfdesk.services.exchange.message_policy import revoked_keys_of_others, vouched_laptops
from kfdesk.services.exchange.revocations import (
    forget_revoked_key,
    is_revoked_key,
    record_revoked_key,
    record_unknown_key,
)

TICKET_BYTES = 32
_TICKETS_SETTING = "laptop_tickets"
MAX_TICKETS = 8  # open invitations; the oldest ticket ends with a new one
_TICKET_DAYS = 30
_ISSUED_SETTING, _MAX_ISSUED, _DIGEST_BYTES = "tickets_issued", 256, 16
_DAY = 86_400_000  # milliseconds
_KEY_BYTES, _DAY_BYTES, _TIME_BYTES = 32, 4, 8


# --- tickets


def issue_ticket(desk: Session) -> bytes:
    """Return a new ticket, valid once and for 30 days, for one other laptop of ours."""
    ticket = desk.adapters.random(TICKET_BYTES)
    kept = [*_tickets(desk), (ticket, desk.milliseconds)][-MAX_TICKETS:]
    issued = [*_issued_tickets(desk), _digest_of(ticket)][-_MAX_ISSUED:]
    with desk.store.transaction():
        _keep_tickets(desk, kept)
        desk.store.set_setting(_ISSUED_SETTING, b"".join(issued))
    return ticket


def end_tickets(desk: Session) -> None:
    """End all tickets: an older store does not know which were answered; in a transaction."""
    _keep_tickets(desk, [])


def has_issued(desk: Session, ticket: bytes) -> bool:
    """Return whether this store issued a ticket, be it open, answered or ended."""
    is_open = any(one == ticket for one, _ in _tickets(desk))
    return is_open or _digest_of(ticket) in _issued_tickets(desk)


def _issued_tickets(desk: Session) -> list[bytes]:
    kept = desk.store.setting(_ISSUED_SETTING) or b""
    return [kept[at : at + _DIGEST_BYTES] for at in range(0, len(kept), _DIGEST_BYTES)]


def _digest_of(ticket: bytes) -> bytes:
    return sha256(ticket).digest()[:_DIGEST_BYTES]


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

    It is countersigned, or answers an open ticket, or invited us when this laptop was set up. No
    card is under a key that was revoked.
    """
    return not is_revoked_key(desk, read.sign_key) and (
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
        if is_revoked_key(desk, read.sign_key):
            continue
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


# --- revocations


def revoke_card(desk: Session, partner: Partner, since: int) -> None:
    """Revoke a partner's card for good; inside a transaction.

    If it is a laptop of ours, the others hear of it. Laptops that it alone countersigned and that
    were verified here `since` that time (HLC) wait for their digits again.
    """
    desk.store.ledger.set_partner(replace(partner, state=PartnerState.REVOKED))
    desk.log(Action.KEYS, partner.organisation)
    if partner.is_own:
        said = KeyRevocation(partner.sign_key, since)
        record_revoked_key(desk, said)
        _reopen_countersigned(desk, said)


def revoked_laptops(
    desk: Session, taken: ReceivedBundle
) -> Iterator[tuple[Partner, KeyRevocation]]:
    """Yield the laptops of ours that another one of ours revokes, and that are trusted here.

    The sender itself is not among them, nor one that waits for a person after such a word.
    """
    known = {one.sign_key: one for one in desk.store.ledger.partners() if one.is_own}
    for said in _revoked_in_house(desk, taken):
        partner = known.get(said.sign_key)
        if partner is None or partner.state is PartnerState.REVOKED:
            continue
        if partner.state is not PartnerState.SUSPENDED or not is_revoked_key(desk, said.sign_key):
            yield partner, said


def import_revocations(desk: Session, taken: ReceivedBundle) -> None:
    """Believe what another laptop of ours says of revoked keys; inside a transaction.

    A verified laptop is suspended. A pending one is revoked, because whoever resumes a suspended
    one compares no digits. A key of nobody here is kept: its card can no longer become our own.
    """
    for said in _revoked_in_house(desk, taken):
        if not is_revoked_key(desk, said.sign_key):
            desk.store.set_setting(_teller_setting(said.sign_key), taken.organisation)
    for partner, said in list(revoked_laptops(desk, taken)):
        if partner.state is PartnerState.PENDING:
            revoke_card(desk, partner, said.hlc)
            continue
        desk.store.ledger.set_partner(replace(partner, state=PartnerState.SUSPENDED))
        desk.log(Action.KEYS, partner.organisation)
        record_revoked_key(desk, said)
        _reopen_countersigned(desk, said)
    known = {one.sign_key for one in desk.store.ledger.partners()}
    known.update(desk.adapters.bundles.sign_keys(desk.identity))
    for said in _revoked_in_house(desk, taken):
        if said.sign_key not in known:
            record_unknown_key(desk, said)


def resume_laptop(desk: Session, partner: Partner) -> None:
    """Stop telling that a laptop's key was revoked; inside a transaction."""
    if partner.is_own:
        forget_revoked_key(desk, partner.sign_key)
        desk.store.set_setting(_teller_setting(partner.sign_key), b"")


def record_verified(desk: Session, partner: Partner) -> None:
    """Record when people compared the digits of a laptop of ours; inside a transaction."""
    if partner.is_own:
        now = desk.milliseconds.to_bytes(_TIME_BYTES, "big")
        desk.store.set_setting(_verified_setting(partner.organisation), now)


def is_doubted(desk: Session, partner: Partner) -> bool:
    """Return whether a laptop of ours waits for a person because another one has revoked it."""
    is_suspended = partner.is_own and partner.state is PartnerState.SUSPENDED
    return is_suspended and is_revoked_key(desk, partner.sign_key)


def shut_out_laptops(desk: Session, sender: Partner) -> list[Partner]:
    """Return the revoked laptops of ours, also those in doubt, of which a laptop is to be told.

    Whoever told us first knows it.
    """
    if not sender.is_own:
        return []
    return [
        one
        for one in desk.store.ledger.partners()
        if one.is_own and one.sign_key != sender.sign_key
        if one.state in (PartnerState.REVOKED, PartnerState.SUSPENDED)
        if is_revoked_key(desk, one.sign_key)
        if desk.store.setting(_teller_setting(one.sign_key)) != sender.organisation
    ]


def _revoked_in_house(desk: Session, taken: ReceivedBundle) -> tuple[KeyRevocation, ...]:
    """Return the keys of others that another laptop of ours revokes; of a partner none."""
    if not taken.is_own:
        return ()
    keys = {one.organisation: one.sign_key for one in desk.store.ledger.partners()}
    return revoked_keys_of_others(taken, keys[taken.organisation])


def _reopen_countersigned(desk: Session, said: KeyRevocation) -> None:
    """Ask for the digits again of laptops that were verified by a word that counts no more.

    The word is the countersignature of the revoked laptop, or of one that waits because of it.
    Laptops that were verified before it was revoked stay: people had compared their digits then.
    """
    since, lost = said.hlc >> HLC_BITS, {said.sign_key}
    waiting = [one for one in _verified_laptops(desk) if _verified_at(desk, one) >= since]
    while fallen := [one for one in waiting if _countersigner(desk, one) in lost]:
        for one in fallen:
            desk.store.ledger.set_partner(replace(one, state=PartnerState.PENDING))
            desk.log(Action.KEYS, one.organisation)
            lost.add(one.sign_key)
            waiting.remove(one)


def _countersigner(desk: Session, partner: Partner) -> bytes:
    return (desk.store.setting(_countersigned_setting(partner.organisation)) or b"")[:_KEY_BYTES]


def _verified_at(desk: Session, partner: Partner) -> int:
    """Return when the digits were compared here (ms, UTC): 0 if it was before this was kept."""
    return int.from_bytes(desk.store.setting(_verified_setting(partner.organisation)) or b"", "big")


def _verified_setting(device: bytes) -> str:
    return f"verified_at.{device.hex()}"


def _teller_setting(sign_key: bytes) -> str:
    return f"revocation_from.{sign_key.hex()}"
