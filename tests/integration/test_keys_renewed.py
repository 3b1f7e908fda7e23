# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that change: rotated by themselves, offered for comparing, revoked, warned of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, met_pair, refusal
from tests.support.stores import unlock

from kfdesk.bundle.card import read_card
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.exchange import (
    ControlMessages,
    Destination,
    FileIssue,
    KeyRevocation,
    PartnerState,
    Payload,
)
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms, find_partner
from kfdesk.services.exchange.sequence import next_envelope


@dataclass
class Two:
    """Our desk and theirs; `plan` is ours."""

    ours: Session
    theirs: Session
    plan: bytes
    leg: bytes
    post: Path

    @property
    def us(self) -> bytes:
        return self.ours.identity.organisation

    @property
    def them(self) -> bytes:
        return self.theirs.identity.organisation


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with met_pair(tmp_path) as pair:
        made = Two(pair.ours, pair.theirs, pair.plan, pair.legs[0], pair.post)
        send(made.ours, made.theirs, made)
        yield made


def send(here: Session, there: Session, two: Two) -> list[FileIssue]:
    file = transfer.send_bundle(here, two.plan, there.identity.organisation, two.post).path
    reviewed = transfer.review_bundle(there, file)
    transfer.import_bundle(there, file, reviewed)
    return [one.finding for one in reviewed.findings]


def word(here: Session, there: Session, dealings: ControlMessages, post: Path) -> Path:
    """Return a file from `here` that holds just these, as a program of theirs may make it."""
    partner = find_partner(here, there.identity.organisation)
    nothing = disclose((), partner.recipient, Channel.BUNDLE, here.disclosure_basis())
    envelope = next_envelope(here, partner)
    route = Destination(here.identity, partner, post)
    return here.adapters.bundles.make(
        route, envelope, Payload(nothing, (), dealings), lambda _: None
    ).path


def age_keys(desk: Session, organisation: bytes) -> tuple[bytes, ...]:
    return read_card(find_partner(desk, organisation).card).age_keys


def test_new_key_is_taken_over_by_itself_and_old_files_still_open(two: Two) -> None:
    change_record(two.theirs, two.leg, {"carrier": "under way"})
    under_way = transfer.send_bundle(two.theirs, two.plan, two.us, two.post).path
    renewed = partners.rotate_encryption_key(two.ours)
    transfer.import_bundle(renewed, under_way, transfer.review_bundle(renewed, under_way))
    before = age_keys(two.theirs, two.us)
    assert send(renewed, two.theirs, two) == [FileIssue.NEW_CARD]
    after = age_keys(two.theirs, two.us)
    assert after[1:] == before
    assert after[0] not in before
    assert find_partner(two.theirs, two.us).state is PartnerState.VERIFIED
    change_record(two.theirs, two.leg, {"carrier": "to the new key"})
    send(two.theirs, renewed, two)
    assert transfer.prepare_notices(renewed, two.them).dealings.cards == ()  # it has arrived


def test_renewed_keys_are_there_after_the_lock(two: Two, tmp_path: Path) -> None:
    renewed = partners.rotate_encryption_key(two.ours)
    two.ours.store.close()
    again = unlock(tmp_path / "ours", WHO, MACHINE)
    assert again.identity == renewed.identity
    assert again.identity.generation == 2
    assert partners.our_card(again) == partners.our_card(renewed)
    for _ in range(5):
        again = partners.rotate_encryption_key(again)
    assert len(again.identity.former_secrets) == 3
    assert read_card(partners.our_card(again)).generation == 7
    again.store.close()


def test_older_card_does_not_come_back(two: Two) -> None:
    first = partners.rotate_encryption_key(two.ours)
    second = partners.rotate_encryption_key(first)
    send(second, two.theirs, two)
    newest = find_partner(two.theirs, two.us).card
    old = ControlMessages(cards=(partners.our_card(first),))
    file = word(second, two.theirs, old, two.post)
    reviewed = transfer.review_bundle(two.theirs, file)
    assert reviewed.findings == ()
    transfer.import_bundle(two.theirs, file, reviewed)
    assert find_partner(two.theirs, two.us).card == newest


def test_card_of_somebody_else_and_damaged_cards_are_ignored(two: Two) -> None:
    cards = tuple(sorted((partners.our_card(two.theirs), b"KFCARD1\nno")))
    file = word(two.ours, two.theirs, ControlMessages(cards=cards), two.post)
    known = find_partner(two.theirs, two.us)
    reviewed = transfer.review_bundle(two.theirs, file)
    assert reviewed.findings == ()
    transfer.import_bundle(two.theirs, file, reviewed)
    assert find_partner(two.theirs, two.us) == known


def other_card(two: Two) -> tuple[Session, bytes]:
    """Our desk under another signing key, and its card."""
    identity = replace(two.ours.identity, sign_seed=two.ours.adapters.random(32))
    desk = replace(two.ours, identity=identity)
    return desk, partners.our_card(desk)


def test_card_with_another_signing_key_counts_only_when_its_digits_were_compared(
    two: Two,
) -> None:
    desk, card = other_card(two)
    file = word(two.ours, two.theirs, ControlMessages(cards=(card,)), two.post)
    assert refusal(lambda: partners.offered_digits(two.theirs, two.us)).code == "card.none_offered"
    reviewed = transfer.review_bundle(two.theirs, file)
    assert [one.finding for one in reviewed.findings] == [FileIssue.OTHER_CARD]
    transfer.import_bundle(two.theirs, file, reviewed)
    assert (
        find_partner(two.theirs, two.us).sign_key != desk.adapters.bundles.read_card(card).sign_key
    )
    assert partners.offered_card(two.theirs, two.us) == card
    wrong = refusal(lambda: partners.accept_card(two.theirs, two.us, "0" * 60))
    assert wrong.code == "card.other_digits"
    heard = desk.adapters.bundles.digits(card, partners.our_card(two.theirs))
    partners.accept_card(two.theirs, two.us, heard)
    partner = find_partner(two.theirs, two.us)
    assert (partner.card, partner.state) == (card, PartnerState.VERIFIED)
    assert partners.offered_card(two.theirs, two.us) == b""


def swap(renewed: Session, two: Two) -> None:
    """They compare the digits of our new card, and their next file shows it."""
    heard = partners.verification_digits(renewed, two.them)
    assert heard == partners.offered_digits(two.theirs, two.us)
    partners.accept_card(two.theirs, two.us, heard)
    assert transfer.prepare_notices(two.theirs, two.us).is_answer
    file = transfer.send_notices(two.theirs, two.us, two.post).path
    transfer.import_bundle(renewed, file, transfer.review_bundle(renewed, file))


def test_new_signing_key_comes_under_the_old_one_and_counts_after_the_digits(two: Two) -> None:
    old = find_partner(two.theirs, two.us).sign_key
    change_record(two.theirs, two.leg, {"carrier": "under way"})
    under_way = transfer.send_bundle(two.theirs, two.plan, two.us, two.post).path
    renewed = partners.rotate_signing_key(two.ours, is_stolen=False)
    assert not partners.knows_present_key(renewed, two.them)
    assert send(renewed, two.theirs, two) == [FileIssue.OTHER_CARD]
    assert find_partner(two.theirs, two.us).sign_key == old
    transfer.import_bundle(
        renewed, under_way, transfer.review_bundle(renewed, under_way)
    )  # names our old key
    assert not partners.knows_present_key(renewed, two.them)
    change_record(renewed, two.leg, {"carrier": "goes on meanwhile"})
    assert send(renewed, two.theirs, two) == [FileIssue.OTHER_CARD]  # until it is taken over
    swap(renewed, two)
    assert partners.knows_present_key(renewed, two.them)
    assert find_partner(two.theirs, two.us).sign_key != old
    assert transfer.prepare_notices(renewed, two.them).dealings.cards == ()
    change_record(renewed, two.leg, {"carrier": "under the new key"})
    assert send(renewed, two.theirs, two) == []
    change_record(two.theirs, two.leg, {"carrier": "to the new key"})
    assert send(two.theirs, renewed, two) == []


def test_file_of_before_the_new_key_is_refused_after_it_was_trusted(two: Two) -> None:
    change_record(two.ours, two.leg, {"carrier": "slow post"})
    slow = transfer.send_bundle(two.ours, two.plan, two.them, two.post).path
    renewed = partners.rotate_signing_key(two.ours, is_stolen=False)
    send(renewed, two.theirs, two)
    swap(renewed, two)
    assert refusal(lambda: transfer.review_bundle(two.theirs, slow)).code == "bundle.unknown_sender"
    change_record(renewed, two.leg, {"carrier": "again"})
    assert send(renewed, two.theirs, two) == []


def test_stolen_key_is_shut_out_at_once_and_the_new_one_opens_again(two: Two) -> None:
    renewed = partners.rotate_signing_key(two.ours, is_stolen=True)
    found = send(renewed, two.theirs, two)
    assert set(found) == {FileIssue.OTHER_CARD, FileIssue.KEY_REVOKED}
    assert find_partner(two.theirs, two.us).state is PartnerState.REVOKED
    change_record(two.ours, two.leg, {"carrier": "by the thief"})
    forged = transfer.send_bundle(two.ours, two.plan, two.them, two.post).path
    assert (
        refusal(lambda: transfer.review_bundle(two.theirs, forged)).code == "bundle.sender_revoked"
    )
    swap(renewed, two)
    assert find_partner(two.theirs, two.us).state is PartnerState.VERIFIED
    assert (
        refusal(lambda: transfer.review_bundle(two.theirs, forged)).code == "bundle.unknown_sender"
    )
    change_record(renewed, two.leg, {"carrier": "ours again"})
    assert FileIssue.OTHER_CARD not in send(renewed, two.theirs, two)


def test_signing_keys_are_there_after_the_lock_and_a_partner_may_be_three_behind(
    two: Two, tmp_path: Path
) -> None:
    renewed = two.ours
    for _ in range(3):
        renewed = partners.rotate_signing_key(renewed, is_stolen=False)
    two.ours.store.close()
    again = unlock(tmp_path / "ours", WHO, MACHINE)
    assert again.identity == renewed.identity
    assert len(again.identity.former_seeds) == 3
    assert send(again, two.theirs, two) == [FileIssue.OTHER_CARD]
    swap(again, two)
    assert partners.knows_present_key(again, two.them)
    again.store.close()


def test_partner_that_never_had_a_file_is_told_of_a_new_key_by_the_first(tmp_path: Path) -> None:
    with met_pair(tmp_path) as pair:
        them = pair.theirs.identity.organisation
        assert transfer.prepare_notices(pair.ours, them).dealings.cards == ()
        renewed = partners.rotate_encryption_key(pair.ours)
        file = transfer.send_notices(renewed, them, pair.post).path
        reviewed = transfer.review_bundle(pair.theirs, file)
        assert [one.finding for one in reviewed.findings] == [FileIssue.NEW_CARD]


def test_new_partner_is_met_under_the_new_key(two: Two) -> None:
    renewed = partners.rotate_signing_key(two.ours, is_stolen=False)
    identity = replace(two.theirs.identity, organisation=bytes(15) + b"\1", sign_seed=bytes(32))
    card = partners.our_card(replace(two.theirs, identity=identity))
    third = partners.add_partner(renewed, card, PartnerTerms(is_third_country=False))
    assert partners.knows_present_key(renewed, third.organisation)
    assert partners.cards_to_send(renewed, third.organisation) == ()
    assert partners.identity_for(renewed, third.organisation) == renewed.identity
    assert partners.identity_for(renewed, two.them).sign_seed == two.ours.identity.sign_seed


def test_partner_that_revokes_its_own_key_is_shut_out_at_once(two: Two) -> None:
    own = find_partner(two.theirs, two.us).sign_key
    file = word(two.ours, two.theirs, ControlMessages(revoked=(KeyRevocation(own, 1),)), two.post)
    reviewed = transfer.review_bundle(two.theirs, file)
    assert [one.finding for one in reviewed.findings] == [FileIssue.KEY_REVOKED]
    transfer.import_bundle(two.theirs, file, reviewed)
    assert find_partner(two.theirs, two.us).state is PartnerState.REVOKED
    assert refusal(lambda: partners.resume_partner(two.theirs, two.us)).code.startswith("partner.")
    change_record(two.ours, two.leg, {"carrier": "next"})
    later = transfer.send_bundle(two.ours, two.plan, two.them, two.post).path
    assert (
        refusal(lambda: transfer.review_bundle(two.theirs, later)).code == "bundle.sender_revoked"
    )


def test_what_a_partner_says_of_another_key_is_advice(two: Two) -> None:
    advice = ControlMessages(revoked=(KeyRevocation(bytes(32), 1),))
    file = word(two.ours, two.theirs, advice, two.post)
    known = two.theirs.store.ledger.partners()
    reviewed = transfer.review_bundle(two.theirs, file)
    assert [one.finding for one in reviewed.findings] == [FileIssue.ADVICE]
    transfer.import_bundle(two.theirs, file, reviewed)
    assert two.theirs.store.ledger.partners() == known


def test_revoked_partner_gets_and_gives_nothing_and_others_are_warned_on_request(
    two: Two, tmp_path: Path
) -> None:
    file = transfer.send_bundle(two.theirs, two.plan, two.us, two.post).path
    assert (
        refusal(lambda: partners.warn_partners_of(two.ours, two.them)).code == "partner.not_revoked"
    )
    partners.revoke_partner(two.ours, two.them)
    before = two.ours.store.digest()
    assert refusal(lambda: transfer.review_bundle(two.ours, file)).code == "bundle.sender_revoked"
    assert two.ours.store.digest() == before
    fault = refusal(lambda: transfer.send_bundle(two.ours, two.plan, two.them, two.post))
    assert fault.code in ("exchange.nothing_allowed", "exchange.nothing_new")
    stranger = replace(
        two.theirs,
        identity=replace(two.theirs.identity, organisation=bytes(15) + b"\1", sign_seed=bytes(32)),
    )
    third = partners.add_partner(
        two.ours, partners.our_card(stranger), PartnerTerms(is_third_country=False)
    )
    digits = partners.verification_digits(two.ours, third.organisation)
    partners.verify_partner(two.ours, third.organisation, digits)
    assert transfer.prepare_notices(two.ours, third.organisation).dealings.revoked == ()
    partners.warn_partners_of(two.ours, two.them)
    partners.warn_partners_of(two.ours, two.them)
    (warned,) = transfer.prepare_notices(two.ours, third.organisation).dealings.revoked
    assert warned.sign_key == find_partner(two.ours, two.them).sign_key
    made = transfer.send_notices(two.ours, third.organisation, two.post)
    two.ours.store.ledger.acknowledge([made.digest])
    assert transfer.prepare_notices(two.ours, third.organisation).dealings.revoked == ()
