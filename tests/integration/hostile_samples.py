# SPDX-License-Identifier: GPL-3.0-or-later
"""Three real desks that trust each other, and what one of them can sign against the others.

Ours is the house that is attacked. B is a partner with valid keys and a narrow consent, C a third
organisation. A forged file holds any rows and control messages; it is signed with B's real key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.forging import Forger
from tests.support.make import FILLED
from tests.support.stores import copied, unlock

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.exchange import (
    ControlMessages,
)
from kfdesk.domain.rows import Row
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials(people.INITIALS, people.PASSPHRASE)
THIRD = "Kolmas Koda"
NOTHING_SAID = ControlMessages()


@dataclass
class Trio:
    """Ours, B and C; our plan with its legs, which B may know by a consent for travel."""

    ours: Session
    bad: Session
    third: Session
    plan: bytes
    legs: tuple[bytes, bytes]
    post: Path

    def forger(self, by: Session) -> Forger:
        """Return a desk as one that signs what it likes against ours."""
        return Forger(by, self.ours, self.post)

    def take(self, path: Path, there: Session | None = None) -> ImportReview:
        """Look at a file and take it; return the review."""
        desk = there or self.ours
        review = transfer.review_bundle(desk, path)
        transfer.import_bundle(desk, path, review)
        return review

    def row(self, rid: bytes) -> Row:
        row = self.ours.store.row(rid)
        assert row is not None
        return row


def written(trio: Trio, name: str, above: Row | None = None) -> Row:
    """Return a new record of the bad partner with a value in each field, below another."""
    parent = above.rid if above is not None else None
    return trio.forger(trio.bad).written(name, FILLED[name], parent=parent)


def take(trio: Trio, *rows: Row) -> None:
    """Import a file of the bad partner with these records."""
    trio.take(trio.forger(trio.bad).file(rows))


@contextmanager
def hostile_trio(folder: Path) -> Iterator[Trio]:
    """Open the three desks; their stores are closed afterwards."""
    plan, legs = copied(hostile_trio, folder, _meet)
    ours, bad, third = (unlock(folder / name, WHO, MACHINE) for name in ("ours", "bad", "third"))
    yield Trio(ours, bad, third, plan, legs, folder / "post")
    for desk in (ours, bad, third):
        desk.store.close()


def _meet(folder: Path) -> tuple[bytes, tuple[bytes, bytes]]:
    names = {"ours": people.HOUSE, "bad": people.SAFE_HOUSE, "third": THIRD}
    desks = [
        store_lifecycle.create_store(folder / key, name, WHO, MACHINE)
        for key, name in names.items()
    ]
    pairs = [(one, other) for one in desks for other in desks if one is not other]
    for one, other in pairs:
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=False))
    for one, other in pairs:
        whose = other.identity.organisation
        partners.verify_partner(one, whose, partners.verification_digits(one, whose))
    (folder / "post").mkdir()
    plan, legs = story.enter_plan(desks[0], desks[1].identity.organisation)
    for desk in desks:
        desk.store.close()
    return plan, legs
