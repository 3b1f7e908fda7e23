# SPDX-License-Identifier: GPL-3.0-or-later
"""Other laptops of one house, set up as people do it: by an invitation and its answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from kfdesk import app, store_lifecycle
from kfdesk.bundle.files import BundleFiles
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.exchange import CardInfo, Partner, PartnerState
from kfdesk.environment import Environment
from kfdesk.services.core.session import OrganisationRef, Session
from kfdesk.services.exchange import invitations, partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms


@dataclass(frozen=True)
class SetUp:
    """Set-up of laptops: who opens them, on which machine, and what the others call them."""

    who: Credentials
    machine: Environment
    terms: PartnerTerms


def invite_laptop(first: Session, stick: Path) -> Path:
    """Make an invitation for another laptop on a stick; return its folder."""
    return invitations.create_invitation(
        first, stick, app.language("sv"), has_program=False, is_own=True
    )


def set_up_laptop(folder: Path, place: Path, who: Credentials, machine: Environment) -> Session:
    """Set up a laptop from an invitation, and put its answer there; nothing is compared yet."""
    found = invitations.read_invitation(folder, card_reader())
    house = OrganisationRef(found.name, found.organisation, found.sign_key)
    made = store_lifecycle.create_organisation_store(place, house, who, machine)
    invitations.accept_invitation(made, folder)
    return made


def add_each_other(first: Session, other: Session, folder: Path, terms: PartnerTerms) -> None:
    """Each takes the card of the other from the invitation; the digits come later."""
    partners.add_partner(first, (folder / invitations.ANSWER_FILE).read_bytes(), terms)
    partners.add_partner(other, (folder / invitations.LAPTOP_CARD_FILE).read_bytes(), terms)


def compare_digits(here: Session, there: Session) -> None:
    """Verify each other by the digits, side by side."""
    for one, other in ((here, there), (there, here)):
        device = other.identity.device
        partners.verify_partner(one, device, partners.verification_digits(one, device))


def make_house(folder: Path, first: Session, count: int, how: SetUp) -> list[Session]:
    """Return the first laptop and `count` minus one others; all of them trust each other."""
    desks = [first]
    (post := folder / "introduced").mkdir()
    for number in range(1, count):
        stick = folder / f"stick {number}"
        stick.mkdir()
        there = invite_laptop(first, stick)
        desks.append(set_up_laptop(there, folder / str(number), how.who, how.machine))
        add_each_other(first, desks[-1], there, how.terms)
        compare_digits(first, desks[-1])
    introduce_all(desks, post)
    return desks


def trusted_laptop(first: Session, place: Path, who: Credentials, machine: Environment) -> Session:
    """Return a bare second laptop; both stores know each other as verified, without the steps."""
    house = OrganisationRef(first.identity.name, first.identity.organisation)
    other = store_lifecycle.create_organisation_store(place, house, who, machine)
    for here, there in ((first, other), (other, first)):
        card, key = partners.our_card(there), there.adapters.bundles.sign_keys(there.identity)[0]
        known = Partner(
            there.identity.device, "Kontoret", card, key, PartnerState.VERIFIED, is_own=True
        )
        with here.store.transaction():
            here.store.ledger.set_partner(known)
    return other


def introduce_all(desks: Sequence[Session], post: Path) -> None:
    """Let the first laptop, which knows all others, make them known to each other by files."""
    first, *others = desks
    for other in others:
        if len(others) > 1:
            pass_on(first, other, post)
    for here, there in combinations(others, 2):
        compare_digits(here, there)


def pass_on(here: Session, there: Session, post: Path) -> None:
    """Send everything from one laptop to another one, and take it there."""
    (made,) = transfer.send_full_sync(here, there.identity.device, post)
    transfer.import_bundle(there, made.path, transfer.review_bundle(there, made.path))


def card_reader() -> Callable[[bytes], CardInfo]:
    """Return the reader of cards, as a first run has it before there is a store."""
    return BundleFiles(bytes).read_card
