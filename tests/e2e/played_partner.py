# SPDX-License-Identifier: GPL-3.0-or-later
"""The receiver's desk in a played case: a store of its own, which answers by real files.

It is worked by its services, because only one window is played. It knows nothing of the other
desk but what came in a file; what is its own word it writes itself.
"""

from pathlib import Path

from tests.integration.course_samples import WHO, SetClock

from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots


class Partner:
    """The receiver's desk; every call must be made on the worker of the window that is played."""

    def __init__(self, folder: Path, name: str, ours: Session, clock: SetClock) -> None:
        machine = Environment(clock=clock, cost=key_slots.MIN_COST)
        self._desk = store_lifecycle.create_store(folder / "theirs", name, WHO, machine)
        self._ours = ours.identity.organisation
        self.post = folder / "post"
        self.post.mkdir()
        self.card = folder / "theirs.card"
        partners.save_own_card(self._desk, self.card)
        partners.add_partner(
            self._desk, partners.our_card(ours), PartnerTerms(is_third_country=False)
        )

    def reads_digits(self) -> str:
        """Return the sixty digits as read over the telephone, and verify ours there."""
        digits = partners.verification_digits(self._desk, self._ours)
        partners.verify_partner(self._desk, self._ours, digits)
        return digits

    def takes_newest(self) -> None:
        """Take the newest file that came."""
        came = max(self.post.glob("*.age"), key=lambda path: path.stat().st_mtime_ns)
        transfer.import_bundle(self._desk, came, transfer.review_bundle(self._desk, came))

    def weighs(self, plan: bytes) -> Path:
        """Take what came, weigh the risks, and answer with a file."""
        self.takes_newest()
        story.assess_risks(self._desk, plan)
        answers = self.post / "answers"
        answers.mkdir()
        return transfer.send_bundle(self._desk, plan, self._ours, answers).path

    def close(self) -> None:
        """Close the store."""
        self._desk.store.close()
