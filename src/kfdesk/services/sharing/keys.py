# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that change: our card goes to partners, and what they tell of their keys and of others'.

A new key to encrypt to comes with the same signing key and is taken over by itself. A new signing
key is kept aside until its digits were compared over a known number. A partner that revokes its own
key is believed at once, because it can only shut; what it says of others is advice.
"""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from kfdesk.domain.desk.exchange import Card, Partner, PartnerState, Revocation, Taken
from kfdesk.domain.desk.log import CARD, TRUSTED, Action, Entry
from kfdesk.domain.desk.order import Finding, Found
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.parcels.own_keys import (
    is_known,
    note_known,
    note_revoked,
    offered_by,
    revoked_keys,
    was_met_before,
)
from kfdesk.services.partners import find_partner, id_of


def warn_of(desk: Desk, organisation: bytes) -> Changes:
    """Tell all other partners, each by the next file, that we trust this partner's key no more.

    It tells them that we dealt with it, so it is done by somebody's decision. Raises KfdeskError
    `user.not_allowed`, `partner.unknown`, or `partner.not_revoked`.
    """
    desk.require(Right.MANAGE_KEYS)
    partner = find_partner(desk, organisation)
    if partner.state is not PartnerState.REVOKED:
        raise KfdeskError("partner.not_revoked")
    with desk.store.transaction():
        note_revoked(desk, partner.sign_key)
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def offered_card(desk: Desk, organisation: bytes) -> bytes:
    """The card with another signing key that a partner has sent; empty if there is none.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.store.setting(offered_by(organisation)) or b""


def offered_digits(desk: Desk, organisation: bytes) -> str:
    """The sixty digits over our card and the one that was sent.

    Raises KfdeskError `user.not_allowed` or `card.none_offered`.
    """
    desk.require(Right.MANAGE_KEYS)
    card = offered_card(desk, organisation)
    if not card:
        raise KfdeskError("card.none_offered")
    return desk.rooms.bundles.digits(desk.rooms.bundles.card(desk.identity), card)


def accept_card(desk: Desk, organisation: bytes, heard: str) -> Changes:
    """Trust the card that was sent: its digits were `heard` over a known number.

    The partner is sent a file soon, so that it sees it. Raises KfdeskError `user.not_allowed`,
    `card.none_offered`, or `card.other_digits`.
    """
    desk.require(Right.MANAGE_KEYS)
    if "".join(heard.split()) != "".join(offered_digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    data = offered_card(desk, organisation)
    card = desk.rooms.bundles.read_card(data)
    with desk.store.transaction():
        known = find_partner(desk, organisation)
        name = known.name if known.is_own else card.name
        verified = PartnerState.VERIFIED
        desk.store.ledger.set_partner(
            replace(known, card=data, sign_key=card.sign_key, name=name, state=verified)
        )
        desk.store.ledger.enter([_trusting(desk, organisation, data)])
        desk.store.set_setting(offered_by(organisation), b"")
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def cards_for(desk: Desk, organisation: bytes) -> tuple[bytes, ...]:
    """Our card, if it was made anew since we met and this partner has not confirmed to have it."""
    generation = str(desk.identity.generation)
    has_newest = not was_met_before(desk, organisation) or _has_told(desk, organisation, generation)
    if has_newest and is_known(desk, organisation):
        return ()
    return (desk.rooms.bundles.card(desk.identity),)


def revoked_for(desk: Desk, organisation: bytes) -> tuple[Revocation, ...]:
    """The keys of others that this partner is still to be warned of."""
    partner = find_partner(desk, organisation)
    return tuple(
        one
        for one in revoked_keys(desk)
        if one.sign_key != partner.sign_key
        if not _has_told(desk, organisation, one.sign_key.hex())
    )


def entries_shown(desk: Desk, organisation: bytes, target: bytes) -> list[Entry]:
    """The ledger's entries for the cards and warnings of one file."""
    told = [str(desk.identity.generation)] if cards_for(desk, organisation) else []
    told += [one.sign_key.hex() for one in revoked_for(desk, organisation)]
    if not told:
        return []
    ours, now = desk.identity.organisation, desk.milliseconds
    writes: dict[str, tuple[bytes, ...]] = dict.fromkeys(told, ())
    return [Entry(ours, "organisation", organisation, CARD, (), writes, target, now)]


def findings_of(desk: Desk, taken: Taken) -> Iterator[Found]:
    """What a file says of keys, for people; writes nothing."""
    partner = find_partner(desk, taken.organisation)
    for data in taken.dealings.cards:
        card = _card_in(desk, data)
        if card is None or id_of(desk, card) != taken.organisation:
            continue
        if _is_successor(desk, partner, card):
            yield Found(Finding.NEW_CARD)
        elif card.sign_key != partner.sign_key:
            yield Found(Finding.OTHER_CARD)
    for one in taken.dealings.revoked:
        is_own = one.sign_key == partner.sign_key
        yield Found(Finding.KEY_REVOKED if is_own else Finding.ADVICE)


def take_keys(desk: Desk, taken: Taken) -> None:
    """Take over what a file says of keys, theirs and ours; inside a transaction."""
    note_known(desk, taken)
    for data in taken.dealings.cards:
        partner, card = find_partner(desk, taken.organisation), _card_in(desk, data)
        if card is None or id_of(desk, card) != taken.organisation:
            continue
        if _is_successor(desk, partner, card):
            desk.store.ledger.set_partner(replace(partner, card=data))
            desk.log(Action.KEYS, taken.organisation)
        elif card.sign_key != partner.sign_key:
            desk.store.set_setting(offered_by(taken.organisation), data)
    for one in taken.dealings.revoked:
        for partner in desk.store.ledger.partners():
            is_own = partner.organisation == taken.organisation
            if is_own and partner.sign_key == one.sign_key:
                desk.store.ledger.set_partner(replace(partner, state=PartnerState.REVOKED))
                desk.log(Action.KEYS, taken.organisation)


def _trusting(desk: Desk, organisation: bytes, card: bytes) -> Entry:
    """An entry that a file to this partner is due; it carries nothing itself."""
    ours, digest = desk.identity.organisation, sha256(card).digest()
    return Entry(ours, "organisation", organisation, TRUSTED, (), {}, digest, desk.milliseconds)


def _is_successor(desk: Desk, partner: Partner, card: Card) -> bool:
    """Whether a card takes the place of the one that is known, without anybody being asked."""
    known = desk.rooms.bundles.read_card(partner.card)
    return card.sign_key == partner.sign_key and card.generation > known.generation


def _card_in(desk: Desk, data: bytes) -> Card | None:
    try:
        return desk.rooms.bundles.read_card(data)
    except KfdeskError:
        return None


def _has_told(desk: Desk, organisation: bytes, what: str) -> bool:
    arrived = desk.store.ledger.acknowledged()
    told = desk.store.ledger.entries(organisation, CARD)
    return any(what in entry.writes and entry.target in arrived for entry in told)
