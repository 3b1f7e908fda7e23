# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop of ours is stolen: who revokes it does so for the whole house, over the next files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO
from tests.integration.pair_samples import refusal
from tests.integration.test_two_desks_go_wrong import Stopped
from tests.support.forging import Forger
from tests.support.laptops import (
    SetUp,
    add_each_other,
    compare_digits,
    invite_laptop,
    make_house,
    pass_on,
    set_up_laptop,
)

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.exchange import (
    ControlMessages,
    FileIssue,
    KeyRevocation,
    PartnerState,
    WrittenBundle,
)
from kfdesk.domain.records.directory import Organisation
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import invitations, partners, revocations, transfer
from kfdesk.services.exchange.partners import PartnerTerms, find_partner
from kfdesk.services.upkeep.backup import make_backup

INSIDE = PartnerTerms(is_third_country=False)


@dataclass
class House:
    """Three laptops of ours that trust each other: the office's, the stolen one, and another."""

    office: Session
    stolen: Session
    other: Session
    post: Path
    made: list[Session]

    def invite(self, name: str, inviter: Session) -> Session:
        """Return a further laptop; it and the one that invites it trust each other."""
        (stick := self.post / f"for {name}").mkdir()
        there = invite_laptop(inviter, stick)
        self.made.append(set_up_laptop(there, self.post / name, WHO, MACHINE))
        add_each_other(inviter, self.made[-1], there, INSIDE)
        compare_digits(inviter, self.made[-1])
        return self.made[-1]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    office = store_lifecycle.create_store(tmp_path / "office", people.HOUSE, WHO, MACHINE)
    story.enter_plan(office, office.identity.organisation)
    desks = make_house(tmp_path, office, 3, SetUp(WHO, MACHINE, INSIDE))
    for here, there in ((1, 0), (0, 1), (2, 0), (0, 2), (1, 2), (2, 1), (1, 2)):
        pass_on(desks[here], desks[there], tmp_path)
    made = House(desks[0], desks[1], desks[2], tmp_path, desks)
    yield made
    for desk in made.made:
        desk.store.close()


def state_of(desk: Session, other: Session) -> PartnerState:
    return find_partner(desk, other.identity.device).state


def revoke(desk: Session, other: Session) -> None:
    partners.revoke_partner(desk, other.identity.device)


def key_of(desk: Session) -> bytes:
    return desk.adapters.bundles.sign_keys(desk.identity)[0]


def written(here: Session, there: Session, post: Path) -> tuple[WrittenBundle, ...]:
    """Write something new, and the file with it for another laptop."""
    create_record(here, Organisation, {"name": "A house that helps"})
    return transfer.send_full_sync(here, there.identity.device, post)


def carry(here: Session, there: Session, post: Path) -> tuple[set[FileIssue], bool]:
    """Take a file of one laptop on another; return what it shows, and whether a person looks."""
    (made,) = written(here, there, post)
    review = transfer.review_bundle(there, made.path)
    transfer.import_bundle(there, made.path, review)
    return {one.finding for one in review.findings}, review.needs_look


def say(sender: Session, to: Session, key: bytes, post: Path) -> set[FileIssue]:
    """Let a laptop say that a key is revoked, whatever it knows of it; return what is shown."""
    said = ControlMessages(revoked=(KeyRevocation(key, 1),))
    path = Forger(sender, to, post).file(dealings=said)
    review = transfer.review_bundle(to, path)
    transfer.import_bundle(to, path, review)
    return {one.finding for one in review.findings}


def is_shut_out(desk: Session, other: Session, post: Path) -> bool:
    """Return whether a laptop is neither sent anything nor believed."""
    sent = refusal(lambda: transfer.send_full_sync(desk, other.identity.device, post)).code
    (file,) = written(other, desk, post)
    taken = refusal(lambda: transfer.review_bundle(desk, file.path)).code
    return (sent, taken[:14]) == ("exchange.nothing_allowed", "bundle.sender_")


# --- the word travels


def test_third_laptop_hears_by_the_next_file_and_shuts_the_stolen_one_out(house: House) -> None:
    revoke(house.office, house.stolen)
    assert state_of(house.other, house.stolen) is PartnerState.VERIFIED
    found, needs_look = carry(house.office, house.other, house.post)
    assert (found, needs_look) == ({FileIssue.LAPTOP_REVOKED}, False)
    assert state_of(house.other, house.stolen) is PartnerState.SUSPENDED
    assert is_shut_out(house.other, house.stolen, house.post)
    lines = {one.partner.organisation: one for one in partners.list_partners(house.other)}
    assert lines[house.stolen.identity.device].is_doubted
    assert not lines[house.office.identity.device].is_doubted
    revoke(house.other, house.stolen)
    assert state_of(house.other, house.stolen) is PartnerState.REVOKED
    found, _ = carry(house.office, house.other, house.post)
    assert found == set()


def test_word_goes_on_to_a_laptop_that_the_first_one_never_met(house: House) -> None:
    fourth = house.invite("fourth", house.other)
    pass_on(house.other, fourth, house.post)
    revoke(house.office, house.stolen)
    carry(house.office, house.other, house.post)
    carry(house.other, fourth, house.post)
    assert state_of(fourth, house.stolen) is PartnerState.REVOKED  # it was pending there
    fault = refusal(lambda: partners.resume_partner(fourth, house.stolen.identity.device))
    assert fault.code == "partner.not_suspended"


def test_key_of_nobody_here_is_kept_and_told_to_our_laptops_alone(house: House) -> None:
    stranger = house.invite("unknown", house.stolen)
    key, card = key_of(stranger), partners.our_card(stranger)
    assert say(house.office, house.other, key, house.post) == {FileIssue.ADVICE}
    assert say(house.office, house.other, key, house.post) == set()
    device = house.office.identity.device
    assert key in [one.sign_key for one in partners.revocations_to_send(house.other, device)]
    outside = replace(find_partner(house.other, device), is_own=False)
    assert revocations.revocations_for(house.other, outside) == []
    carry(house.stolen, house.other, house.post)  # it countersigns the card
    assert refusal(lambda: find_partner(house.other, stranger.identity.device)).code
    fault = refusal(lambda: partners.add_partner(house.other, card, INSIDE))
    assert fault.code == "card.not_countersigned"


def test_word_of_another_house_is_advice(house: House, tmp_path: Path) -> None:
    foreign = store_lifecycle.create_store(tmp_path / "foreign", "Another house", WHO, MACHINE)
    house.made.append(foreign)
    for here, there in ((house.office, foreign), (foreign, house.office)):
        partners.add_partner(here, partners.our_card(there), INSIDE)
    for here, there in ((house.office, foreign), (foreign, house.office)):
        them = there.identity.organisation
        partners.verify_partner(here, them, partners.verification_digits(here, them))
    found = say(foreign, house.office, key_of(house.stolen), house.post)
    assert found == {FileIssue.ADVICE}
    assert state_of(house.office, house.stolen) is PartnerState.VERIFIED
    assert not revocations.is_revoked_key(house.office, key_of(house.stolen))


def test_desk_that_was_put_back_hears_it_again(house: House) -> None:
    (stick := house.post / "backup").mkdir()
    backup = make_backup(house.office, stick).path
    revoke(house.office, house.stolen)
    carry(house.office, house.other, house.post)
    carry(house.other, house.office, house.post)
    house.office.store.close()
    place = house.post / "office"
    store_lifecycle.restore_store(backup, place, WHO, MACHINE)
    restored = store_lifecycle.unlock_store(place, WHO, MACHINE)
    house.made[0] = restored
    assert state_of(restored, house.stolen) is PartnerState.VERIFIED
    carry(restored, house.other, house.post)
    found, _ = carry(house.other, restored, house.post)
    assert FileIssue.LAPTOP_REVOKED in found
    assert state_of(restored, house.stolen) is PartnerState.SUSPENDED


# --- what comes by a laptop that had not heard


def test_file_of_a_laptop_that_had_not_heard_needs_a_look_once(house: House) -> None:
    revoke(house.office, house.stolen)
    unaware = ({FileIssue.UNAWARE_LAPTOP}, True)
    assert carry(house.other, house.office, house.post) == unaware
    carry(house.office, house.other, house.post)
    found, needs_look = carry(house.other, house.office, house.post)  # may bring what it took
    assert (found, needs_look) == unaware
    assert carry(house.other, house.office, house.post) == (set(), False)
    assert carry(house.office, house.other, house.post) == (set(), False)  # it had told us


# --- a thief says it of an honest laptop


def test_thief_can_suspend_an_honest_laptop_and_a_person_resumes_it(house: House) -> None:
    found = say(house.stolen, house.other, key_of(house.office), house.post)
    assert found == {FileIssue.LAPTOP_REVOKED}
    device = house.office.identity.device
    assert state_of(house.other, house.office) is PartnerState.SUSPENDED
    partners.resume_partner(house.other, device)
    assert not revocations.is_revoked_key(house.other, key_of(house.office))
    assert partners.revocations_to_send(house.other, house.stolen.identity.device) == ()
    found, _ = carry(house.other, house.office, house.post)
    assert FileIssue.ADVICE not in found
    revoke(house.office, house.stolen)
    carry(house.office, house.other, house.post)  # it had countersigned the thief's card there
    assert state_of(house.other, house.stolen) is PartnerState.REVOKED


def test_laptop_cannot_revoke_the_one_that_it_speaks_to(house: House) -> None:
    before = house.other.store.ledger.partners()
    assert say(house.stolen, house.other, key_of(house.other), house.post) == {FileIssue.ADVICE}
    assert house.other.store.ledger.partners() == before
    assert not revocations.is_revoked_key(house.other, key_of(house.other))


# --- cards that the stolen laptop countersigned


def test_card_that_only_it_countersigned_falls_and_comes_back_by_another(house: House) -> None:
    fifth = house.invite("fifth", house.stolen)
    carry(house.stolen, house.other, house.post)
    carry(house.stolen, fifth, house.post)
    compare_digits(house.other, fifth)
    revoke(house.office, house.stolen)
    carry(house.office, house.other, house.post)
    assert state_of(house.other, fifth) is PartnerState.PENDING
    assert state_of(house.other, house.office) is PartnerState.VERIFIED
    device = fifth.identity.device
    heard = partners.verification_digits(house.other, device)
    fault = refusal(lambda: partners.verify_partner(house.other, device, heard))
    assert fault.code == "card.not_countersigned"
    (stick := house.post / "again").mkdir()
    there = invite_laptop(house.other, stick)
    invitations.accept_invitation(fifth, there)
    partners.add_partner(house.other, (there / invitations.ANSWER_FILE).read_bytes(), INSIDE)
    partners.verify_partner(house.other, device, heard)
    assert state_of(house.other, fifth) is PartnerState.VERIFIED


def test_laptops_that_were_verified_before_the_theft_stay(house: House) -> None:
    """The whole house may have been set up from the one that is stolen now."""
    house.office, house.stolen = house.stolen, house.office
    tomorrow = house.office.adapters.clock.now() + timedelta(days=1)
    clock = Stopped(tomorrow)
    later = replace(house.office, adapters=replace(house.office.adapters, clock=clock))
    other = replace(house.other, adapters=later.adapters)
    partners.revoke_partner(later, house.stolen.identity.device, tomorrow.date())
    assert state_of(house.office, house.other) is PartnerState.VERIFIED
    carry(later, other, house.post)
    assert state_of(house.other, house.office) is PartnerState.VERIFIED
    assert state_of(house.other, house.stolen) is PartnerState.SUSPENDED


def test_laptops_that_were_verified_since_the_day_of_the_theft_wait_again(house: House) -> None:
    house.office, house.stolen = house.stolen, house.office
    today = house.office.adapters.clock.now().date()
    partners.revoke_partner(house.office, house.stolen.identity.device, today)
    assert state_of(house.office, house.other) is PartnerState.PENDING
