# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real desks in one process that know each other, with a plan of the first between them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.stores import copied, unlock

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials(people.INITIALS, people.PASSPHRASE)


@dataclass(frozen=True)
class Pair:
    """Our desk and theirs, our plan and its legs, and the folder between."""

    ours: Session
    theirs: Session
    plan: bytes
    legs: tuple[bytes, bytes]
    post: Path

    def send(self) -> None:
        """Ours sends the plan and theirs takes it."""
        self._pass(self.ours, self.theirs)

    def answer(self) -> None:
        """Theirs sends back what it changed and ours takes it."""
        self._pass(self.theirs, self.ours)

    def _pass(self, here: Session, there: Session) -> None:
        made = transfer.send_bundle(here, self.plan, there.identity.organisation, self.post)
        transfer.import_bundle(there, made.path, transfer.review_bundle(there, made.path))


@contextmanager
def met_pair(folder: Path) -> Iterator[Pair]:
    """Two desks after their digits were compared; both stores are closed afterwards."""
    plan, legs = copied(met_pair, folder, _meet)
    ours, theirs = (unlock(folder / name, WHO, MACHINE) for name in ("ours", "theirs"))
    yield Pair(ours, theirs, plan, legs, folder / "post")
    ours.store.close()
    theirs.store.close()


def _meet(folder: Path) -> tuple[bytes, tuple[bytes, bytes]]:
    ours = store_lifecycle.create_store(folder / "ours", people.HOUSE, WHO, MACHINE)
    theirs = store_lifecycle.create_store(folder / "theirs", people.SAFE_HOUSE, WHO, MACHINE)
    for one, other in ((ours, theirs), (theirs, ours)):
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=True))
    for one, other in ((ours, theirs), (theirs, ours)):
        organisation = other.identity.organisation
        partners.verify_partner(one, organisation, partners.verification_digits(one, organisation))
    (folder / "post").mkdir()
    plan, legs = story.enter_plan(ours, theirs.identity.organisation)
    ours.store.close()
    theirs.store.close()
    return plan, legs


def refusal(action: object) -> KfdeskError:
    """Return the fault by which `action` is refused."""
    assert callable(action)
    with pytest.raises(KfdeskError) as refused:
        action()
    return refused.value
