# SPDX-License-Identifier: GPL-3.0-or-later
"""A card that says that it is another laptop of ours: only one of ours can make it one.

Digits alone do not: who can be talked into comparing digits would hand over everything.
"""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO
from tests.integration.pair_samples import refusal
from tests.integration.test_two_desks_go_wrong import Stopped
from tests.support.forging import Forger
from tests.support.laptops import (
    add_each_other,
    compare_digits,
    invite_laptop,
    pass_on,
    set_up_laptop,
)

from kfdesk import store_lifecycle
from kfdesk.cli.commands import BUNDLE_COMMANDS
from kfdesk.demo import people, story
from kfdesk.domain.exchange import (
    ControlMessages,
    Countersignature,
    FileIssue,
    Partner,
    PartnerState,
)
from kfdesk.services.core.session import OrganisationRef, Session
from kfdesk.services.exchange import invitations, own_laptops, partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.upkeep.backup import make_backup

INSIDE = PartnerTerms(is_third_country=False)


@dataclass
class House:
    """Our first laptop, one with its organisation's id that nobody invited, and a stick."""

    first: Session
    stranger: Session
    folder: Path
    made: list[Session]

    def set_up(self, name: str, inviter: Session | None = None) -> Session:
        """Set up a laptop by an invitation, known on both sides but not verified."""
        by = inviter or self.first
        stick = self.folder / f"stick {name}"
        stick.mkdir(exist_ok=True)
        there = invite_laptop(by, stick)
        other = self.open(set_up_laptop(there, self.folder / name, WHO, MACHINE))
        add_each_other(by, other, there, INSIDE)
        return other

    def open(self, desk: Session) -> Session:
        self.made.append(desk)
        return desk

    def pretend(self, name: str, organisation: bytes | None = None) -> Session:
        """Set up a store under our organisation's id, which is on each card of ours."""
        house = OrganisationRef(people.HOUSE, organisation or self.first.identity.organisation)
        place = self.folder / name
        return self.open(store_lifecycle.create_organisation_store(place, house, WHO, MACHINE))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    first = store_lifecycle.create_store(tmp_path / "first", people.HOUSE, WHO, MACHINE)
    made = House(first, first, tmp_path, [first])
    made.stranger = made.pretend("stranger")
    yield made
    for desk in made.made:
        desk.store.close()


def state_of(desk: Session, other: Session) -> PartnerState | None:
    found = {one.partner.organisation: one.partner.state for one in partners.list_partners(desk)}
    return found.get(other.identity.device)


def refused(desk: Session, card: bytes) -> str:
    return refusal(lambda: partners.add_partner(desk, card, INSIDE)).code


def is_shut_out(desk: Session, other: Session, stick: Path) -> bool:
    """Return whether a laptop neither gets anything of ours nor is believed."""
    device = other.identity.device
    code = refusal(lambda: transfer.send_full_sync(desk, device, stick)).code
    return code in ("partner.unknown", "exchange.nothing_allowed")


def plant(desk: Session, other: Session) -> Partner:
    """Put a card of another laptop among the partners, as a program before this rule did."""
    card, sign_key = partners.our_card(other), other.adapters.bundles.sign_keys(other.identity)[0]
    partner = Partner(
        other.identity.device, "Kontoret", card, sign_key, PartnerState.PENDING, is_own=True
    )
    with desk.store.transaction():
        desk.store.ledger.set_partner(partner)
    return partner


def told(sender: Session, to: Session, said: Countersignature, stick: Path) -> list[FileIssue]:
    """Take a file of `sender` that holds a countersignature; return its findings."""
    path = Forger(sender, to, stick).file(dealings=ControlMessages(countersigned=(said,)))
    review = transfer.review_bundle(to, path)
    transfer.import_bundle(to, path, review)
    return [one.finding for one in review.findings]


def signed(by: Session, card: bytes, day: int = 20_000) -> Countersignature:
    signature = by.adapters.bundles.countersign(by.identity, card, day)
    return Countersignature(card, "Kontoret", day, signature)


# --- nobody becomes a laptop of ours by digits


def test_card_with_our_organisations_id_is_refused(house: House) -> None:
    story.enter_plan(house.first, house.first.identity.organisation)
    card = partners.our_card(house.stranger)
    (path := house.folder / "a.card").write_bytes(card)
    offered = partners.preview_card(house.first, path)
    assert (offered.is_own, offered.is_unsigned, offered.is_known) == (True, True, False)
    assert refused(house.first, card) == "card.not_countersigned"
    assert state_of(house.first, house.stranger) is None
    assert is_shut_out(house.first, house.stranger, house.folder)


def test_card_that_waits_since_before_is_not_verified_by_its_digits(house: House) -> None:
    device = plant(house.first, house.stranger).organisation
    heard = partners.verification_digits(house.first, device)
    fault = refusal(lambda: partners.verify_partner(house.first, device, heard))
    assert fault.code == "card.not_countersigned"
    assert state_of(house.first, house.stranger) is PartnerState.PENDING
    assert is_shut_out(house.first, house.stranger, house.folder)


def test_laptop_that_was_verified_before_goes_on(house: House) -> None:
    known = plant(house.first, house.stranger)
    with house.first.store.transaction():
        house.first.store.ledger.set_partner(replace(known, state=PartnerState.VERIFIED))
    story.enter_plan(house.first, house.first.identity.organisation)
    assert transfer.prepare_full_sync(house.first, known.organisation).goes.rows
    assert partners.add_partner(house.first, known.card, INSIDE).state is PartnerState.VERIFIED
    partners.suspend_partner(house.first, known.organisation)
    partners.resume_partner(house.first, known.organisation)
    assert state_of(house.first, house.stranger) is PartnerState.VERIFIED


def test_revoked_laptop_does_not_come_back_by_another_card(house: House) -> None:
    other = house.set_up("other")
    compare_digits(house.first, other)
    partners.revoke_partner(house.first, other.identity.device)
    renewed = partners.rotate_signing_key(other, is_stolen=True)
    assert refused(house.first, partners.our_card(renewed)) == "card.not_countersigned"
    house.first.store.set_setting(
        partners.offered_card_setting(other.identity.device), partners.our_card(renewed)
    )
    device = other.identity.device
    heard = partners.offered_digits(house.first, device)
    fault = refusal(lambda: partners.accept_card(house.first, device, heard))
    assert fault.code == "card.not_countersigned"
    assert state_of(house.first, other) is PartnerState.REVOKED


# --- tickets


def answer(house: House, desk: Session, folder: Path) -> bytes:
    invitations.accept_invitation(desk, folder)
    return (folder / invitations.ANSWER_FILE).read_bytes()


def test_invited_laptop_is_added_and_verified_in_the_same_steps_as_ever(house: House) -> None:
    other = house.set_up("other")
    compare_digits(house.first, other)
    assert state_of(house.first, other) is state_of(other, house.first) is PartnerState.VERIFIED
    assert (
        partners.our_card(other) == partners.find_partner(house.first, other.identity.device).card
    )


def test_commands_answer_an_invitation_and_refuse_what_is_no_answer(house: House) -> None:
    there = invite_laptop(house.first, house.folder)
    card = house.folder / "a.card"
    card.write_bytes(partners.our_card(house.stranger))
    trust = partial(BUNDLE_COMMANDS["bundle trust"], house.first)
    terms = {"reads": "", "third_country": False, "transfer_tool": False, "digits": ""}
    fault = refusal(lambda: trust(Namespace(file=card, same_organisation=False, **terms)))
    assert fault.code == "card.not_countersigned"
    made = BUNDLE_COMMANDS["bundle answer"](house.stranger, Namespace(folder=there, copied=False))
    answered = Path(made["answer"])
    assert trust(Namespace(file=answered, same_organisation=False, **terms))["state"] == "pending"


def test_ticket_counts_once(house: House) -> None:
    there = invite_laptop(house.first, house.folder)
    one, two = house.pretend("one"), house.pretend("two")
    answers = [answer(house, desk, there) for desk in (one, two)]
    assert partners.add_partner(house.first, answers[0], INSIDE).state is PartnerState.PENDING
    assert refused(house.first, answers[1]) == "card.not_countersigned"
    assert partners.add_partner(house.first, answers[0], INSIDE).state is PartnerState.PENDING


@pytest.mark.parametrize("days", [30, 31])
def test_ticket_ends_after_thirty_days(house: House, days: int) -> None:
    there = invite_laptop(house.first, house.folder)
    card = answer(house, house.stranger, there)
    wanted = house.first.adapters.clock.now() + timedelta(days=days)
    clock = Stopped(wanted - timedelta(seconds=1) if days == 30 else wanted)
    desk = replace(house.first, adapters=replace(house.first.adapters, clock=clock))
    if days == 31:
        assert refused(desk, card) == "card.not_countersigned"
    else:
        assert partners.add_partner(desk, card, INSIDE).state is PartnerState.PENDING


def test_ticket_ends_when_the_store_was_put_back(house: House) -> None:
    """A backup from before the answer does not know that the ticket was used."""
    there = invite_laptop(house.first, house.folder)
    (stick := house.folder / "backup").mkdir()
    backup = make_backup(house.first, stick).path
    used = answer(house, house.pretend("honest"), there)
    partners.add_partner(house.first, used, INSIDE)
    house.first.store.close()
    place = house.folder / "first"
    store_lifecycle.restore_store(backup, place, WHO, MACHINE)
    restored = house.open(store_lifecycle.unlock_store(place, WHO, MACHINE))
    assert refused(restored, answer(house, house.stranger, there)) == "card.not_countersigned"


def test_answer_with_another_card_does_not_count(house: House) -> None:
    there = invite_laptop(house.first, house.folder)
    honest = answer(house, house.pretend("honest"), there)
    proof = honest[: len(honest) - len(partners.our_card(house.stranger))]
    for forged in (
        proof + partners.our_card(house.stranger),  # the proof of another card
        proof[:8] + bytes(32) + partners.our_card(house.stranger),
        house.stranger.adapters.bundles.answer(house.stranger.identity, b"t" * 32),
        house.stranger.adapters.bundles.answer(house.stranger.identity, bytes(32)),
    ):
        assert refused(house.first, forged) == "card.not_countersigned"
    assert partners.add_partner(house.first, honest, INSIDE).state is PartnerState.PENDING


def test_ticket_of_another_laptop_does_not_count_here(house: House) -> None:
    other = house.set_up("other")
    card = answer(house, house.stranger, invite_laptop(other, house.folder))
    assert refused(house.first, card) == "card.not_countersigned"


def test_older_program_answers_without_a_proof_and_is_refused(house: House) -> None:
    there = invite_laptop(house.first, house.folder)
    (there / invitations.TICKET_FILE).unlink()  # an older program does not look at it
    card = answer(house, house.stranger, there)
    assert card == partners.our_card(house.stranger)
    assert refused(house.first, card) == "card.not_countersigned"


def test_ninth_open_invitation_ends_the_first(house: House) -> None:
    cards = [
        answer(house, house.stranger, invite_laptop(house.first, house.folder)) for _ in range(9)
    ]
    assert refused(house.first, cards[0]) == "card.not_countersigned"
    assert partners.add_partner(house.first, cards[8], INSIDE).state is PartnerState.PENDING


def test_laptop_takes_only_the_card_that_invited_it(house: House) -> None:
    other = house.set_up("other")
    assert refused(other, partners.our_card(house.stranger)) == "card.not_countersigned"
    again = house.pretend("again", house.stranger.identity.organisation)
    assert refused(again, partners.our_card(house.first)) == "card.not_countersigned"


def test_stick_of_a_stranger_is_not_believed_by_a_laptop_of_ours(house: House) -> None:
    there = invite_laptop(house.stranger, house.folder)
    offered = invitations.accept_invitation(house.first, there)
    assert offered.is_unsigned
    assert refused(house.first, offered.data) == "card.not_countersigned"


def test_two_old_laptops_meet_by_inviting_each_other(house: House) -> None:
    """The first laptop was lost before it made them known to each other."""
    one, two = house.set_up("one"), house.set_up("two")
    for here, there in ((one, two), (two, one)):
        folder = invite_laptop(here, house.folder)
        offered = partners.preview_card(there, folder / invitations.LAPTOP_CARD_FILE)
        assert offered.is_unsigned or offered.is_known
        assert invitations.is_invitation(folder / invitations.LAPTOP_CARD_FILE)
        partners.add_partner(here, answer(house, there, folder), INSIDE)
    compare_digits(one, two)
    assert state_of(one, two) is state_of(two, one) is PartnerState.VERIFIED


# --- countersignatures by file


@pytest.fixture
def three(house: House) -> tuple[Session, Session]:
    """Two laptops that the first one has verified, and that do not know each other."""
    one, two = house.set_up("one"), house.set_up("two")
    for other in (one, two):
        compare_digits(house.first, other)
    return one, two


def test_laptop_makes_its_laptops_known_to_each_other(
    house: House, three: tuple[Session, Session]
) -> None:
    one, two = three
    pass_on(house.first, one, house.folder)
    pass_on(house.first, two, house.folder)
    assert state_of(one, two) is state_of(two, one) is PartnerState.PENDING
    assert is_shut_out(one, two, house.folder)
    compare_digits(one, two)
    assert state_of(one, two) is state_of(two, one) is PartnerState.VERIFIED


def test_countersignatures_go_until_they_are_confirmed(
    house: House, three: tuple[Session, Session]
) -> None:
    one, _ = three
    device = one.identity.device
    assert len(partners.countersignatures_to_send(house.first, device)) == 1
    pass_on(house.first, one, house.folder)
    assert len(partners.countersignatures_to_send(house.first, device)) == 1
    pass_on(one, house.first, house.folder)
    assert partners.countersignatures_to_send(house.first, device) == ()


def test_countersigned_card_can_be_added_by_hand_too(
    house: House, three: tuple[Session, Session]
) -> None:
    one, two = three
    assert refused(one, partners.our_card(two)) == "card.not_countersigned"
    plant(one, two)
    assert told(house.first, one, signed(house.first, partners.our_card(two)), house.folder) == [
        FileIssue.OWN_LAPTOP
    ]
    device = two.identity.device
    partners.verify_partner(one, device, partners.verification_digits(one, device))


@pytest.mark.parametrize("shape", ["other keys", "other day", "own", "cut", "nonsense", "older"])
def test_countersignature_holds_for_one_card_alone(
    house: House, three: tuple[Session, Session], shape: str
) -> None:
    one, two = three
    honest = signed(house.first, partners.our_card(two))
    renewed = partners.rotate_encryption_key(two)
    forged = {
        "other keys": replace(honest, card=partners.our_card(renewed)),
        "other day": replace(honest, day=honest.day + 1),
        "own": signed(house.stranger, partners.our_card(house.stranger)),
        "cut": replace(honest, signature=bytes(64)),
        "nonsense": replace(honest, card=b"KFCARD1\nnothing"),
        "older": signed(house.first, partners.our_card(one)),  # the reader's own card
    }[shape]
    assert told(house.first, one, forged, house.folder) == []
    assert len(partners.list_partners(one)) == 1


def test_card_of_another_organisation_is_not_made_ours_by_a_countersignature(
    house: House, three: tuple[Session, Session]
) -> None:
    one, _ = three
    other = house.open(
        store_lifecycle.create_store(house.folder / "b", people.SAFE_HOUSE, WHO, MACHINE)
    )
    card = partners.our_card(other)
    assert told(house.first, one, signed(house.first, card), house.folder) == []
    added = partners.add_partner(one, card, INSIDE)
    assert not added.is_own


def test_partner_cannot_countersign(house: House) -> None:
    bad = house.open(
        store_lifecycle.create_store(house.folder / "b", people.SAFE_HOUSE, WHO, MACHINE)
    )
    for one, other in ((house.first, bad), (bad, house.first)):
        partners.add_partner(one, partners.our_card(other), INSIDE)
        whose = other.identity.organisation
        partners.verify_partner(one, whose, partners.verification_digits(one, whose))
    said = signed(bad, partners.our_card(house.stranger))
    assert told(bad, house.first, said, house.folder) == []
    assert refused(house.first, partners.our_card(house.stranger)) == "card.not_countersigned"
    own = house.first.adapters.bundles.answer(house.stranger.identity, b"x" * 32)
    assert refused(house.first, own) == "card.not_countersigned"


def test_countersignature_ends_with_the_trust_in_who_gave_it(
    house: House, three: tuple[Session, Session]
) -> None:
    one, two = three
    pass_on(house.first, one, house.folder)
    partners.revoke_partner(one, house.first.identity.device)
    device = two.identity.device
    heard = partners.verification_digits(one, device)
    fault = refusal(lambda: partners.verify_partner(one, device, heard))
    assert fault.code == "card.not_countersigned"


def test_suspended_and_revoked_laptops_do_not_come_back_by_a_countersignature(
    house: House, three: tuple[Session, Session]
) -> None:
    one, two = three
    pass_on(house.first, one, house.folder)
    compare_digits_here(one, two)
    device, renewed = two.identity.device, partners.rotate_signing_key(two, is_stolen=False)
    for change, state, shown in (
        (partners.suspend_partner, PartnerState.SUSPENDED, []),
        (partners.revoke_partner, PartnerState.REVOKED, [FileIssue.UNAWARE_LAPTOP]),
    ):
        change(one, device)
        for card in (partners.our_card(two), partners.our_card(renewed)):
            assert told(house.first, one, signed(house.first, card), house.folder) == shown
        assert state_of(one, two) is state


def compare_digits_here(here: Session, there: Session) -> None:
    device = there.identity.device
    partners.verify_partner(here, device, partners.verification_digits(here, device))


def test_renewed_card_of_a_waiting_laptop_takes_the_place_of_the_old_one(
    house: House, three: tuple[Session, Session]
) -> None:
    one, two = three
    pass_on(house.first, one, house.folder)
    renewed = partners.rotate_signing_key(two, is_stolen=True)
    new, old = partners.our_card(renewed), partners.our_card(two)
    assert told(house.first, one, signed(house.first, new), house.folder) == [FileIssue.OWN_LAPTOP]
    assert told(house.first, one, signed(house.first, old), house.folder) == []
    assert partners.find_partner(one, two.identity.device).card == new


def test_sign_key_that_another_partner_has_is_left_out(
    house: House, three: tuple[Session, Session]
) -> None:
    one, _ = three
    first = house.first.identity
    twin = replace(first, device=b"d" * 16)
    card = house.first.adapters.bundles.card(twin)
    assert told(house.first, one, signed(house.first, card), house.folder) == []


def test_laptops_that_do_not_fit_into_one_file_go_in_the_next(
    house: House, three: tuple[Session, Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = three
    third = house.set_up("third")
    compare_digits(house.first, third)
    monkeypatch.setattr(partners, "MAX_COUNTERSIGNATURES", 1)
    for here, there in ((house.first, one), (one, house.first), (house.first, one)):
        pass_on(here, there, house.folder)
    assert state_of(one, two) is state_of(one, third) is PartnerState.PENDING


def test_countersignatures_go_to_no_partner(house: House, three: tuple[Session, Session]) -> None:
    other = house.open(
        store_lifecycle.create_store(house.folder / "b", people.SAFE_HOUSE, WHO, MACHINE)
    )
    partner = partners.add_partner(house.first, partners.our_card(other), INSIDE)
    assert partners.countersignatures_to_send(house.first, partner.organisation) == ()
    laptop = partners.find_partner(house.first, three[0].identity.device)
    waiting = replace(laptop, state=PartnerState.SUSPENDED)
    made = own_laptops.make_countersignatures(house.first, waiting, house.first.identity)
    assert list(made) == []
