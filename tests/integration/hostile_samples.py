# SPDX-License-Identifier: GPL-3.0-or-later
"""Three real desks that trust each other, and what one of them can sign against the others.

Ours is the house that is attacked. B is a partner with valid keys and a narrow consent, C a third
organisation. A forged file holds any rows and control messages; it is signed with B's real key.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.stores import copied, unlock

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.exchange import (
    ControlMessages,
    Destination,
    Direction,
    Envelope,
    Payload,
    SequenceMark,
)
from kfdesk.domain.registers import EMPTY_STATE, WriteContext, apply_changes, next_hlc
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.exchange.sequence import next_envelope
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

    def written(
        self,
        by: Session,
        record_type: str,
        values: Mapping[str, Value],
        *,
        parent: bytes | None = None,
        custodian: bytes | None = None,
        rid: bytes | None = None,
        author: str = "",
    ) -> Row:
        """Return a new row as a forger writes it; it is by `by` unless other names are given."""
        whose = custodian or by.identity.organisation
        sign = by.signature
        context = WriteContext(author or sign.author, sign.hlc, sign.new_wid)
        state = apply_changes(EMPTY_STATE, encode_changes(record_type, values), (), context)
        return Row(rid or make_record_id(whose, os.urandom(8)), record_type, parent, whose, state)

    def changed(self, by: Session, row: Row, values: Mapping[str, Value], author: str = "") -> Row:
        """Return a row with new values, by somebody who has seen all that stood there."""
        sign = by.signature
        later = next_hlc(by.milliseconds, max((save.hlc for save in row.state.saves), default=0))
        context = WriteContext(author or sign.author, later, sign.new_wid)
        changes = encode_changes(row.type, values)
        state = apply_changes(row.state, changes, seen_writes(row), context)
        return Row(row.rid, row.type, row.parent, row.custodian, state)

    def forge(
        self,
        by: Session,
        rows: Iterable[Row] = (),
        to: Session | None = None,
        dealings: ControlMessages = NOTHING_SAID,
    ) -> Path:
        """Return a file with these rows, signed by `by`; nothing that a desk would check is."""
        there = (to or self.ours).identity.organisation
        partner = partners.find_partner(by, there)
        own = Recipient(RecipientKind.OWN, there, is_verified=True)
        what = disclose(tuple(rows), own, Channel.BUNDLE, by.disclosure_basis())
        load = Payload(what, dealings=dealings)
        route = Destination(by.identity, partner, self.post)
        envelope = next_envelope(by, partner)

        def record(digest: bytes) -> None:
            with by.store.transaction():
                by.store.ledger.mark(_mark(there, envelope, digest, by.milliseconds))

        return by.adapters.bundles.make(route, envelope, load, record).path

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


def _mark(organisation: bytes, envelope: Envelope, digest: bytes, at: int) -> SequenceMark:
    return SequenceMark(
        organisation, Direction.OUT, envelope.epoch, envelope.sequence, digest, at,
        envelope.previous, envelope.hlc,
    )  # fmt: skip


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
