# SPDX-License-Identifier: GPL-3.0-or-later
"""Inviting and joining by a folder: two desks that never met, and only files between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.stores import new_desk

from kfdesk import app
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.exchange import CardInfo, PartnerState
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import invitations, partners
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
HERE, THERE = PartnerTerms(is_third_country=False), PartnerTerms(is_third_country=True)


@dataclass(frozen=True)
class Two:
    ours: Session
    theirs: Session
    stick: Path


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    ours = new_desk(tmp_path / "ours", people.HOUSE, who, MACHINE)
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, who, MACHINE)
    stick = tmp_path / "stick"
    stick.mkdir()
    yield Two(ours, theirs, stick)
    ours.store.close()
    theirs.store.close()


def invited(two: Two, code: str = "ru", *, has_program: bool = True) -> Path:
    return invitations.create_invitation(
        two.ours, two.stick, app.language(code), has_program=has_program
    )


def read_card(desk: Session, data: bytes) -> CardInfo:
    return desk.adapters.bundles.read_card(data)


def test_folder_has_our_card_the_page_and_a_place_for_the_program(two: Two) -> None:
    folder = invited(two)
    assert sorted(one.name for one in folder.iterdir()) == ["card.card", "program", "read-me.html"]
    page = (folder / "read-me.html").read_text(encoding="utf-8")
    assert people.HOUSE in page
    assert 'lang="ru"' in page
    assert read_card(two.theirs, (folder / "card.card").read_bytes()).name == people.HOUSE


def test_folder_is_made_again_over_the_one_before(two: Two) -> None:
    invited(two)
    folder = invited(two, "sv", has_program=False)
    assert 'lang="sv"' in (folder / "read-me.html").read_text(encoding="utf-8")


def test_invitation_is_found_in_its_folder_and_on_the_stick(two: Two) -> None:
    folder = invited(two)
    for place in (folder, two.stick):
        found = invitations.read_invitation(place, two.theirs.adapters.bundles.read_card)
        assert (found.folder, found.name) == (folder, people.HOUSE)
        assert found.organisation == two.ours.identity.organisation


def test_place_without_an_invitation_and_a_damaged_card_are_told_apart(two: Two) -> None:
    reader = two.theirs.adapters.bundles.read_card
    assert refusal(lambda: invitations.read_invitation(two.stick, reader)).code == "invitation.none"
    (invited(two) / "card.card").write_bytes(b"KFCARD1\nnothing")
    assert refusal(lambda: invitations.read_invitation(two.stick, reader)).code == "card.damaged"


def test_both_become_partners_by_the_folder_and_the_digits_alone(two: Two) -> None:
    folder = invited(two)
    offered = invitations.accept_invitation(two.theirs, folder)
    theirs_of_us = partners.add_partner(two.theirs, offered.data, HERE)
    answer = partners.preview_card(two.ours, folder / invitations.ANSWER_FILE)
    ours_of_them = partners.add_partner(two.ours, answer.data, THERE)
    assert {theirs_of_us.state, ours_of_them.state} == {PartnerState.PENDING}
    heard = partners.verification_digits(two.theirs, theirs_of_us.organisation)
    assert heard == partners.verification_digits(two.ours, ours_of_them.organisation)
    for desk, other in ((two.ours, two.theirs), (two.theirs, two.ours)):
        partners.verify_partner(desk, other.identity.organisation, heard)
        (line,) = partners.list_partners(desk)
        assert line.partner.state is PartnerState.VERIFIED


def test_joining_keeps_nothing_before_somebody_has_said_yes(two: Two) -> None:
    invitations.accept_invitation(two.theirs, invited(two))
    assert partners.list_partners(two.theirs) == ()


def test_own_invitation_cannot_be_joined(two: Two) -> None:
    folder = invited(two)
    assert refusal(lambda: invitations.accept_invitation(two.ours, folder)).code == "card.own"
    assert not (folder / invitations.ANSWER_FILE).exists()


def test_stick_that_is_gone_or_full_is_told(two: Two) -> None:
    folder = invited(two)
    (folder / invitations.ANSWER_FILE).mkdir()
    assert refusal(lambda: invitations.accept_invitation(two.theirs, folder)).code == "store.disk"
    (two.stick / "file").write_bytes(b"")
    words = app.language("en")
    place = two.stick / "file"
    gone = refusal(lambda: invitations.create_invitation(two.ours, place, words, has_program=False))
    assert gone.code == "store.disk"


def test_nothing_on_the_stick_is_secret(two: Two) -> None:
    folder = invited(two)
    invitations.accept_invitation(two.theirs, folder)
    written = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())
    for desk in (two.ours, two.theirs):
        assert desk.identity.sign_seed not in written
        assert desk.identity.age_secret not in written
