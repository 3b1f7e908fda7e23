# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards that say that they are a laptop of ours, though none of ours has countersigned them.

Each comes with somebody who reads out the right digits. None becomes a partner that gets what only
our own laptops get. The control believes every such card.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World, refusal

from kfdesk.domain.exchange import Identity, PartnerState
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import own_laptops, partners
from kfdesk.services.exchange.partners import PartnerTerms

_INSIDE = PartnerTerms(is_third_country=False)

Forging = Callable[[Session, Identity, random.Random], bytes]


def bare(desk: Session, stranger: Identity, _rng: random.Random) -> bytes:
    """Return a valid card under our organisation's id."""
    return desk.adapters.bundles.card(stranger)


def wrong_ticket(desk: Session, stranger: Identity, rng: random.Random) -> bytes:
    """Return the answer to a ticket that was guessed."""
    return desk.adapters.bundles.answer(stranger, rng.choice((bytes(32), rng.randbytes(32))))


def used_ticket(desk: Session, stranger: Identity, rng: random.Random) -> bytes:
    """Return the answer to a ticket that another laptop has answered."""
    ticket = own_laptops.issue_ticket(desk)
    honest = _invented(desk, rng)
    partners.add_partner(desk, desk.adapters.bundles.answer(honest, ticket), _INSIDE)
    return desk.adapters.bundles.answer(stranger, ticket)


def ended_ticket(desk: Session, stranger: Identity, _rng: random.Random) -> bytes:
    """Return the answer to a ticket of which too many newer ones were made."""
    tickets = [own_laptops.issue_ticket(desk) for _ in range(own_laptops.MAX_TICKETS + 1)]
    return desk.adapters.bundles.answer(stranger, tickets[0])


def other_card(desk: Session, stranger: Identity, rng: random.Random) -> bytes:
    """Return the proof of an honest laptop before the card of the stranger."""
    card = desk.adapters.bundles.card(stranger)
    honest = desk.adapters.bundles.answer(_invented(desk, rng), own_laptops.issue_ticket(desk))
    return honest[: -len(desk.adapters.bundles.split_answer(honest)[0])] + card


def changed_bit(desk: Session, stranger: Identity, rng: random.Random) -> bytes:
    """Return an answer with one bit of its proof changed."""
    answer = bytearray(desk.adapters.bundles.answer(stranger, own_laptops.issue_ticket(desk)))
    answer[8 + rng.randrange(32)] ^= 1 << rng.randrange(8)
    return bytes(answer)


def trial_of(forge: Forging) -> Trial:
    """Return a trial in which somebody tries to become a laptop of ours by such a card."""

    def trial(world: World, rng: random.Random) -> Seen:
        desk = world.opened(world.copy(world.ours))
        stranger = _invented(desk, rng)
        data = forge(desk, stranger, rng)
        how = refusal(lambda: _tried(desk, data, stranger)) or "taken"
        known = {one.organisation: one for one in desk.store.ledger.partners()}
        found = known.get(stranger.device)
        is_ours = found is not None and found.state is PartnerState.VERIFIED
        return Seen(how, "a stranger is a laptop of ours" if is_ours else "")

    return trial


def _tried(desk: Session, data: bytes, stranger: Identity) -> None:
    partners.add_partner(desk, data, _INSIDE)
    heard = partners.verification_digits(desk, stranger.device)
    partners.verify_partner(desk, stranger.device, heard)


def _invented(desk: Session, rng: random.Random) -> Identity:
    """Return a laptop that says that it is one of ours."""
    seed, secret = rng.randbytes(32), rng.randbytes(32)
    return replace(desk.identity, device=rng.randbytes(16), sign_seed=seed, age_secret=secret)


def _believing(world: World, rng: random.Random) -> Seen:
    """Believe every card, as before: the control."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partners, "is_countersigned", lambda *_: True)
        return trial_of(bare)(world, rng)


_FORGERIES: tuple[Forging, ...] = (
    bare, wrong_ticket, used_ticket, ended_ticket, other_card, changed_bit,
)  # fmt: skip


def _any_card(world: World, rng: random.Random) -> Seen:
    forge = rng.choice(_FORGERIES)
    seen = trial_of(forge)(world, rng)
    return Seen(f"{forge.__name__}: {seen.how}", seen.wrong)


HARNESSES = (
    Harness("cards that say they are our own laptop", _any_card, _believing, Size(3, 60, 2_000)),
)
