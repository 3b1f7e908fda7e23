# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards, partners and parcels between two real desks, each with a store of its own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState, ReceivedBundle, ReceivedRow
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import view
from kfdesk.domain.values import ZonedTime
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.import_review import undo_import
from kfdesk.services.exchange.merge import ImportMerger
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
OUTSIDE = PartnerTerms(is_third_country=True, reads=("ru",))


@dataclass(frozen=True)
class Pair:
    ours: Session
    theirs: Session
    post: Path

    @property
    def us(self) -> bytes:
        return self.ours.identity.organisation

    @property
    def them(self) -> bytes:
        return self.theirs.identity.organisation


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two desks that have never met."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = new_desk(tmp_path / "ours", people.HOUSE, who, MACHINE)
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, who, MACHINE)
    post = tmp_path / "post"
    post.mkdir()
    yield Pair(ours, theirs, post)
    ours.store.close()
    theirs.store.close()


def meet(pair: Pair) -> None:
    """Exchange cards by files and compare the digits."""
    for here, there, terms in (
        (pair.ours, pair.theirs, OUTSIDE),
        (pair.theirs, pair.ours, PartnerTerms(is_third_country=False)),
    ):
        path = pair.post / "card.card"
        partners.save_own_card(there, path)
        offered = partners.preview_card(here, path)
        partners.add_partner(here, offered.data, terms)
        partners.verify_partner(
            here, offered.organisation, partners.verification_digits(here, offered.organisation)
        )


def is_taken(desk: Session, taken: ReceivedBundle, sent: ReceivedRow) -> bool:
    weighing = ImportMerger(desk, taken)
    weighing.load_portion([sent])
    return weighing.was_received(sent)


def refusal(action: object) -> str:
    assert callable(action)
    with pytest.raises(KfdeskError) as refused:
        action()
    return refused.value.code


def test_saved_card_is_looked_at_before_it_is_kept(pair: Pair) -> None:
    path = pair.post / "card.card"
    partners.save_own_card(pair.theirs, path)
    offered = partners.preview_card(pair.ours, path)
    assert (offered.name, offered.organisation) == (people.SAFE_HOUSE, pair.them)
    assert not offered.is_known
    assert partners.list_partners(pair.ours) == ()
    partners.add_partner(pair.ours, offered.data, OUTSIDE)
    assert partners.preview_card(pair.ours, path).is_known


def test_own_card_damaged_card_and_missing_card_are_refused(pair: Pair) -> None:
    own, damaged = pair.post / "own.card", pair.post / "damaged.card"
    partners.save_own_card(pair.ours, own)
    damaged.write_bytes(own.read_bytes()[:-1])
    os.mkfifo(pair.post / "pipe.card")  # reading it would never end
    cases = {own: "card.own", damaged: "card.damaged", pair.post / "none": "bundle.missing"}
    cases[pair.post / "pipe.card"] = "bundle.missing"
    for path, code in cases.items():
        assert refusal(lambda path=path: partners.preview_card(pair.ours, path)) == code


def test_known_organisation_under_another_key_is_refused_before_anything_is_asked(
    pair: Pair,
) -> None:
    meet(pair)
    identity = pair.theirs.identity
    path = pair.post / "card.card"
    stranger = replace(pair.theirs, identity=replace(identity, sign_seed=bytes(32)))
    partners.save_own_card(stranger, path)
    assert refusal(lambda: partners.preview_card(pair.ours, path)) == "card.changed_keys"


def test_card_is_not_saved_where_nothing_can_be_written(pair: Pair) -> None:
    missing = pair.post / "no folder" / "card.card"
    assert refusal(lambda: partners.save_own_card(pair.ours, missing)) == "store.disk"


def test_partner_that_nothing_passed_with_was_never_sent_to(pair: Pair) -> None:
    meet(pair)
    (line,) = partners.list_partners(pair.ours)
    assert line.partner.state is PartnerState.VERIFIED
    assert (line.sent, line.received) == (None, None)


def test_sending_and_taking_show_in_the_list_of_partners(pair: Pair) -> None:
    meet(pair)
    plan, _ = story.enter_plan(pair.ours, pair.them)
    before = pair.ours.milliseconds
    made = transfer.send_bundle(pair.ours, plan, pair.them, pair.post)
    transfer.import_bundle(pair.theirs, made.path, transfer.review_bundle(pair.theirs, made.path))
    (ours,), (theirs,) = partners.list_partners(pair.ours), partners.list_partners(pair.theirs)
    assert ours.sent is not None
    assert before <= ours.sent <= pair.ours.milliseconds
    assert ours.received is None
    assert theirs.received is not None
    assert theirs.sent is None


def test_file_holds_what_was_prepared_and_preparing_writes_nothing(pair: Pair) -> None:
    meet(pair)
    plan, _ = story.enter_plan(pair.ours, pair.them)
    before = pair.ours.store.digest()
    parcel = transfer.prepare_bundle(pair.ours, plan, pair.them)
    assert pair.ours.store.digest() == before
    assert pair.ours.store.ledger.entries(pair.them) == ()
    assert parcel.fault is None
    made = transfer.send_bundle(pair.ours, plan, pair.them, pair.post)
    arrived = transfer.review_bundle(pair.theirs, made.path)
    assert {row.rid for row in arrived.new} == {given.row.rid for given in parcel.goes.rows}
    assert arrived.before == {}


def test_same_state_is_prepared_alike_and_a_change_shows(pair: Pair) -> None:
    meet(pair)
    plan, (leg, _) = story.enter_plan(pair.ours, pair.them)
    first = transfer.prepare_bundle(pair.ours, plan, pair.them)
    assert transfer.prepare_bundle(pair.ours, plan, pair.them) == first
    change_record(pair.ours, leg, {"carrier": "M/S Exempel"})
    assert transfer.prepare_bundle(pair.ours, plan, pair.them) != first


def test_withdrawn_consent_leaves_nothing_to_prepare_and_says_why(pair: Pair) -> None:
    meet(pair)
    plan, _ = story.enter_plan(pair.ours, pair.them)
    (row,) = pair.ours.store.rows("consent")
    given = view(row, Consent).record.given
    assert isinstance(given, ZonedTime)
    change_record(pair.ours, row.rid, {"withdrawn": given})
    parcel = transfer.prepare_bundle(pair.ours, plan, pair.them)
    assert parcel.fault is not None
    assert parcel.fault.code == "exchange.nothing_allowed"
    assert parcel.may.withheld
    code = refusal(lambda: transfer.send_bundle(pair.ours, plan, pair.them, pair.post))
    assert code == "exchange.nothing_allowed"
    assert list(pair.post.glob("*.age")) == []


def test_acknowledged_plan_has_nothing_new_to_prepare(pair: Pair) -> None:
    meet(pair)
    plan, (leg, _) = story.enter_plan(pair.ours, pair.them)
    made = transfer.send_bundle(pair.ours, plan, pair.them, pair.post)
    transfer.import_bundle(pair.theirs, made.path, transfer.review_bundle(pair.theirs, made.path))
    change_record(pair.theirs, leg, {"carrier": "M/S Exempel"})
    answer = transfer.send_bundle(pair.theirs, plan, pair.us, pair.post)
    reviewed = transfer.review_bundle(pair.ours, answer.path)
    assert [row.rid for row in reviewed.changed] == list(reviewed.before)
    transfer.import_bundle(pair.ours, answer.path, reviewed)
    parcel = transfer.prepare_bundle(pair.ours, plan, pair.them)
    assert {given.row.rid for given in parcel.goes.rows} <= {leg}


def test_review_holds_our_rows_as_they_were(pair: Pair) -> None:
    meet(pair)
    plan, (leg, _) = story.enter_plan(pair.ours, pair.them)
    made = transfer.send_bundle(pair.ours, plan, pair.them, pair.post)
    transfer.import_bundle(pair.theirs, made.path, transfer.review_bundle(pair.theirs, made.path))
    change_record(pair.theirs, leg, {"carrier": "M/S Exempel"})
    answer = transfer.send_bundle(pair.theirs, plan, pair.us, pair.post)
    reviewed = transfer.review_bundle(pair.ours, answer.path)
    assert reviewed.before[leg] == pair.ours.store.row(leg)
    transfer.import_bundle(pair.ours, answer.path, reviewed)
    assert reviewed.before[leg] != pair.ours.store.row(leg)


def test_what_was_taken_is_not_looked_at_again_until_it_is_touched(pair: Pair) -> None:
    meet(pair)
    plan, (leg, _) = story.enter_plan(pair.ours, pair.them)
    files = [transfer.send_bundle(pair.ours, plan, pair.them, pair.post).path for _ in range(3)]
    transfer.import_bundle(pair.theirs, files[0], transfer.review_bundle(pair.theirs, files[0]))
    row = pair.ours.store.row(leg)
    assert row is not None
    taken = transfer.review_bundle(pair.theirs, files[1]).taken
    sent = next(each for each in taken.rows if each.rid == leg)
    assert is_taken(pair.theirs, taken, sent)
    other = replace(taken, organisation=pair.theirs.new_id())
    assert not is_taken(pair.theirs, other, sent)  # another may write other fields
    again = transfer.review_bundle(pair.theirs, files[1])
    assert (again.new, again.changed, again.refused) == ((), (), 0)
    change_record(pair.theirs, leg, {"carrier": "M/S Exempel"})
    assert not is_taken(pair.theirs, taken, sent)
    before = pair.theirs.store.digest()
    transfer.import_bundle(pair.theirs, files[2], transfer.review_bundle(pair.theirs, files[2]))
    assert pair.theirs.store.digest() == before


def test_what_was_known_when_a_file_was_looked_at_is_read_if_it_is_gone_by_then(pair: Pair) -> None:
    meet(pair)
    plan, _ = story.enter_plan(pair.ours, pair.them)
    files = [transfer.send_bundle(pair.ours, plan, pair.them, pair.post).path for _ in range(2)]
    first = transfer.review_bundle(pair.theirs, files[0])
    empty = pair.theirs.store.digest()
    transfer.import_bundle(pair.theirs, files[0], first)
    full = pair.theirs.store.digest()
    again = transfer.review_bundle(pair.theirs, files[1])
    assert again.new == ()
    undo_import(pair.theirs, first.taken.digest)
    assert pair.theirs.store.digest() == empty
    transfer.import_bundle(pair.theirs, files[1], again)
    assert pair.theirs.store.digest() == full
