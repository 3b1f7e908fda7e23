# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own keys, made anew, and by which of them each partner knows us.

A new key to encrypt to is taken over by partners without anybody being asked. A new signing key is
not: until a partner has compared its digits we sign for it with the one that it knows, and that
it knows the new one it shows by its own next file.
"""

import json
from dataclasses import replace

from kfdesk.domain.desk.exchange import Identity, Revocation, Taken
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.writes import stamp
from kfdesk.services.desk import FORMER, FORMER_SEEDS, GENERATION, Desk

_MOST_FORMER = 3  # older keys on a card, beside the present one
_KEY_BYTES = 32
_REVOKED, _KNOWN = "warn_of", "known_by"


def renew_keys(desk: Desk) -> Desk:
    """The desk with a new key to encrypt to; partners learn it by the next file to each.

    What is under way to the former keys is still opened. The signing key stays, so no digits are
    compared again. Raises KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    with desk.store.transaction():
        return _renewed(desk, desk.identity)


def renew_signing(desk: Desk, *, is_stolen: bool) -> Desk:
    """The desk with new keys of both kinds; each partner compares the digits of the new card.

    `is_stolen`: the old one may be in other hands, so partners take nothing more under it as soon
    as they hear of it. Raises KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    identity, present = desk.identity, desk.rooms.bundles.sign_keys(desk.identity)[0]
    seeds = (identity.sign_seed, *identity.former_seeds)[:_MOST_FORMER]
    fresh = replace(identity, sign_seed=desk.rooms.random(_KEY_BYTES), former_seeds=seeds)
    with desk.store.transaction():
        for partner in desk.store.ledger.partners():
            if not desk.store.setting(_known(partner.organisation)):
                desk.store.set_setting(_known(partner.organisation), present)
        if is_stolen:
            note_revoked(desk, present)
        desk.store.set_setting("sign_seed", fresh.sign_seed)
        desk.store.set_setting(FORMER_SEEDS, b"".join(seeds))
        return _renewed(desk, fresh)


def known_by(desk: Desk, organisation: bytes) -> bytes:
    """The public signing key by which a partner knows us; a new partner has our newest card."""
    keys = desk.rooms.bundles.sign_keys(desk.identity)
    known = desk.store.setting(_known(organisation))
    return known if known in keys else keys[0]


def is_known(desk: Desk, organisation: bytes) -> bool:
    """Whether a partner knows us by our present signing key."""
    return known_by(desk, organisation) == desk.rooms.bundles.sign_keys(desk.identity)[0]


def signing_for(desk: Desk, organisation: bytes) -> Identity:
    """Our identity as a partner knows it: with the signing key that it will believe."""
    identity = desk.identity
    place = desk.rooms.bundles.sign_keys(identity).index(known_by(desk, organisation))
    return replace(identity, sign_seed=(identity.sign_seed, *identity.former_seeds)[place])


def note_known(desk: Desk, taken: Taken) -> None:
    """Note by which key a partner's file names us; inside a transaction. Never an older one."""
    keys, before = desk.rooms.bundles.sign_keys(desk.identity), known_by(desk, taken.organisation)
    if taken.recipient in keys[: keys.index(before)]:
        desk.store.set_setting(_known(taken.organisation), taken.recipient)


def was_met_before(desk: Desk, organisation: bytes) -> bool:
    """Whether our card was made anew since we met this partner."""
    return bool(desk.store.setting(_met(organisation)))


def offered_by(organisation: bytes) -> str:
    """The setting in which a card with another signing key waits, that a partner has sent."""
    return f"offered_card.{organisation.hex()}"


def revoked_keys(desk: Desk) -> list[Revocation]:
    """The signing keys of which partners are to be told that they must not be trusted."""
    kept = json.loads(desk.store.setting(_REVOKED) or b"[]")
    return [Revocation(bytes.fromhex(key), hlc) for key, hlc in kept]


def note_revoked(desk: Desk, sign_key: bytes) -> None:
    """Tell partners, each by the next file, that a key must not be trusted; in a transaction."""
    revoked = revoked_keys(desk)
    if all(one.sign_key != sign_key for one in revoked):
        fresh = Revocation(sign_key, stamp(desk.milliseconds))
        told = [(one.sign_key.hex(), one.hlc) for one in (*revoked, fresh)]
        desk.store.set_setting(_REVOKED, json.dumps(told).encode())


def _renewed(desk: Desk, identity: Identity) -> Desk:
    former = (identity.age_secret, *identity.former_secrets)[:_MOST_FORMER]
    fresh = replace(
        identity,
        age_secret=desk.rooms.random(_KEY_BYTES),
        former_secrets=former,
        generation=identity.generation + 1,
    )
    for partner in desk.store.ledger.partners():
        desk.store.set_setting(_met(partner.organisation), b"\1")
    desk.store.set_setting("age_secret", fresh.age_secret)
    desk.store.set_setting(FORMER, b"".join(former))
    desk.store.set_setting(GENERATION, fresh.generation.to_bytes(4, "big"))
    desk.log(Action.KEYS, identity.organisation)
    return replace(desk, identity=fresh)


def _known(organisation: bytes) -> str:
    return f"{_KNOWN}.{organisation.hex()}"


def _met(organisation: bytes) -> str:
    return f"met_before.{organisation.hex()}"
