# SPDX-License-Identifier: GPL-3.0-or-later
"""Copied stores: two laptops that sign with one key, and keys of its own for one of them.

Whoever copies the folder of a store to another laptop, or restores a backup there while the first
laptop goes on, has two stores with one key. Partners refuse the files of one of them. The laptop
that goes on with the key invites the other one, as any new laptop of ours (`invitations.py`). The
other one takes keys of its own. What was written in it stays, and reaches the first by file.
"""

from dataclasses import replace
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import CardInfo, PartnerState
from kfdesk.services.core.session import (
    CARD_GENERATION,
    FORMER_SECRETS,
    FORMER_SEEDS,
    IDENTITY_SETTINGS,
    INVITER_KEY,
    Session,
    new_identity,
)
from kfdesk.services.exchange.epochs import begin_epoch
from kfdesk.services.exchange.invitations import read_ticket
from kfdesk.services.exchange.own_laptops import has_issued
from kfdesk.services.exchange.partners import OfferedCard, preview_card, read_card_file


def preview_invited(desk: Session, path: Path) -> OfferedCard:
    """Return the card in a file, also that of an invitation from a copy of this store.

    Write nothing. Raise KfdeskError as `preview_card` does.
    """
    desk.require(Right.MANAGE_KEYS)
    data = read_card_file(path)
    inviter = _inviting_copy(desk, path, data)
    if inviter is None:
        return preview_card(desk, path)
    return OfferedCard(inviter.device, inviter.name, data, is_known=False, is_copy=True)


def separate_copy(desk: Session, card: Path) -> Session:
    """Return the session with a device and keys of its own, which answers an invitation next.

    `card` is that of the inviting laptop, which keeps the former keys. No partner knows the new
    ones: each waits for its digits again. Records stay. Raise KfdeskError `user.not_allowed`,
    `bundle.missing`, `store.disk`, `card.damaged`, or `card.own` if a copy did not invite us.
    """
    desk.require(Right.MANAGE_KEYS)
    inviter = _inviting_copy(desk, card, read_card_file(card))
    if inviter is None:
        raise KfdeskError("card.own")
    former, store = desk.identity, desk.store
    fresh = new_identity(former.name, former.organisation, desk.adapters.random)
    with store.transaction():
        for key in IDENTITY_SETTINGS:
            store.set_setting(key, getattr(fresh, key))
        for key in (CARD_GENERATION, FORMER_SECRETS, FORMER_SEEDS):
            store.set_setting(key, b"")
        store.set_setting(INVITER_KEY, inviter.sign_key)
        for partner in store.ledger.partners():
            store.ledger.forget_received(partner.organisation)  # they count anew for a new laptop
            store.levels.drop(partner.organisation)
            if partner.state is not PartnerState.REVOKED:
                store.ledger.set_partner(replace(partner, state=PartnerState.PENDING))
        epoch = begin_epoch(desk)
        desk.log(Action.KEYS, former.device)
    return replace(desk, identity=replace(fresh, epoch=epoch))


def _inviting_copy(desk: Session, path: Path, data: bytes) -> CardInfo | None:
    """Return the card of an invitation that another store with our device made, or None."""
    ticket = read_ticket(path)
    if not ticket or has_issued(desk, ticket):
        return None
    read, ours = desk.adapters.bundles.read_card(data), desk.identity
    is_same = (read.organisation, read.device) == (ours.organisation, ours.device)
    return read if is_same else None
