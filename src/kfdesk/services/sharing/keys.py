# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that change: our own, made anew, and what partners tell of theirs and of others.

A new key to encrypt to comes with the same signing key and is taken over by itself. A new signing
key is kept aside until its digits were compared over a known number. A partner that revokes its own
key is believed at once, because it can only shut; what it says of others is advice.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from kfdesk.domain.desk.exchange import Card, Direction, Partner, PartnerState, Revocation, Taken
from kfdesk.domain.desk.log import CARD, Action, Entry
from kfdesk.domain.desk.order import Finding, Found
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.writes import stamp
from kfdesk.services.desk import FORMER, GENERATION, Changes, Desk
from kfdesk.services.partners import find_partner

_MOST_FORMER = 3  # older keys on a card, beside the present one
_KEY_BYTES = 32
_WARNED, _OFFERED = "warn_of", "offered_card"


def renew_keys(desk: Desk) -> Desk:
    """The desk with a new key to encrypt to; partners learn it by the next file to each.

    What is under way to the former keys is still opened. The signing key stays, so no digits are
    compared again. Raises KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    identity = desk.identity
    former = (identity.age_secret, *identity.former_secrets)[:_MOST_FORMER]
    fresh = replace(
        identity,
        age_secret=desk.rooms.random(_KEY_BYTES),
        former_secrets=former,
        generation=identity.generation + 1,
    )
    with desk.store.transaction():
        desk.store.set_setting("age_secret", fresh.age_secret)
        desk.store.set_setting(FORMER, b"".join(former))
        desk.store.set_setting(GENERATION, fresh.generation.to_bytes(4, "big"))
        desk.log(Action.KEYS, identity.organisation)
    return replace(desk, identity=fresh)


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
        warned = _warned(desk)
        if all(one.sign_key != partner.sign_key for one in warned):
            fresh = Revocation(partner.sign_key, stamp(desk.milliseconds))
            told = [(one.sign_key.hex(), one.hlc) for one in (*warned, fresh)]
            desk.store.set_setting(_WARNED, json.dumps(told).encode())
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def offered_card(desk: Desk, organisation: bytes) -> bytes:
    """The card with another signing key that a partner has sent; empty if there is none.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.store.setting(f"{_OFFERED}.{organisation.hex()}") or b""


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

    Raises KfdeskError `user.not_allowed`, `card.none_offered`, or `card.other_digits`.
    """
    desk.require(Right.MANAGE_KEYS)
    if "".join(heard.split()) != "".join(offered_digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    data = offered_card(desk, organisation)
    card = desk.rooms.bundles.read_card(data)
    with desk.store.transaction():
        partner = replace(
            find_partner(desk, organisation), card=data, sign_key=card.sign_key, name=card.name,
            state=PartnerState.VERIFIED,
        )  # fmt: skip
        desk.store.ledger.set_partner(partner)
        desk.store.set_setting(f"{_OFFERED}.{organisation.hex()}", b"")
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def cards_for(desk: Desk, organisation: bytes) -> tuple[bytes, ...]:
    """Our card, if it was made anew and this partner has not confirmed to have it."""
    identity, ledger = desk.identity, desk.store.ledger
    if identity.generation == 1 or _has_told(desk, organisation, str(identity.generation)):
        return ()
    has_it = ledger.marks(organisation, Direction.OUT) or ledger.marks(organisation, Direction.IN)
    return (desk.rooms.bundles.card(identity),) if has_it else ()


def revoked_for(desk: Desk, organisation: bytes) -> tuple[Revocation, ...]:
    """The keys of others that this partner is still to be warned of."""
    partner = find_partner(desk, organisation)
    return tuple(
        one
        for one in _warned(desk)
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
        if card is None or card.organisation != taken.organisation:
            continue
        if _is_successor(desk, partner, card):
            yield Found(Finding.NEW_CARD)
        elif card.sign_key != partner.sign_key:
            yield Found(Finding.OTHER_CARD)
    for one in taken.dealings.revoked:
        is_own = one.sign_key == partner.sign_key
        yield Found(Finding.KEY_REVOKED if is_own else Finding.ADVICE)


def take_keys(desk: Desk, taken: Taken) -> None:
    """Take over what a file says of keys; inside a transaction."""
    for data in taken.dealings.cards:
        partner, card = find_partner(desk, taken.organisation), _card_in(desk, data)
        if card is None or card.organisation != taken.organisation:
            continue
        if _is_successor(desk, partner, card):
            desk.store.ledger.set_partner(replace(partner, card=data))
            desk.log(Action.KEYS, taken.organisation)
        elif card.sign_key != partner.sign_key:
            desk.store.set_setting(f"{_OFFERED}.{taken.organisation.hex()}", data)
    for one in taken.dealings.revoked:
        for partner in desk.store.ledger.partners():
            is_own = partner.organisation == taken.organisation
            if is_own and partner.sign_key == one.sign_key:
                desk.store.ledger.set_partner(replace(partner, state=PartnerState.SUSPENDED))
                desk.log(Action.KEYS, taken.organisation)


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


def _warned(desk: Desk) -> list[Revocation]:
    kept = json.loads(desk.store.setting(_WARNED) or b"[]")
    return [Revocation(bytes.fromhex(key), hlc) for key, hlc in kept]
