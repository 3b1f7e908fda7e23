# SPDX-License-Identifier: GPL-3.0-or-later
"""A store is copied to a second laptop, and both go on: what each wrote comes together again."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO
from tests.integration.pair_samples import met_pair, refusal
from tests.support.laptops import (
    SetUp,
    add_each_other,
    compare_digits,
    invite_laptop,
    make_house,
    pass_on,
)
from tests.support.stores import unlock

from kfdesk import store_lifecycle
from kfdesk.cli.commands import BUNDLE_COMMANDS
from kfdesk.demo import people
from kfdesk.domain.exchange import PartnerState, WrittenBundle
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import copied_store, invitations, partners, transfer
from kfdesk.services.exchange.epochs import begin_epoch
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.upkeep.backup import make_backup

INSIDE = PartnerTerms(is_third_country=False, name="The other laptop")


@dataclass
class Copies:
    """Our desk, a copy of its store in use on a second laptop, and a partner."""

    first: Session
    copy: Session
    theirs: Session
    plan: bytes
    leg: bytes
    post: Path

    def stick(self, inviter: Session, name: str = "stick") -> Path:
        """Return the folder of an invitation to another laptop."""
        (place := self.post / name).mkdir()
        return invite_laptop(inviter, place)

    def separate(self, name: str = "stick") -> None:
        """Give the copy keys of its own; the two laptops trust each other."""
        there = self.stick(self.first, name)
        copied_store.separate_copy(self.copy, there / invitations.LAPTOP_CARD_FILE)
        self.reopen()
        invitations.accept_invitation(self.copy, there)
        add_each_other(self.first, self.copy, there, INSIDE)
        compare_digits(self.first, self.copy)

    def reopen(self) -> None:
        """Lock and unlock the copy, as the window does after new keys."""
        self.copy.store.close()
        self.copy = unlock(self.post / "copy", WHO, MACHINE)

    def send(self, sender: Session) -> WrittenBundle:
        return transfer.send_bundle(sender, self.plan, self.theirs.identity.organisation, self.post)

    def pass_all(self) -> None:
        """Carry files between the two laptops until there is nothing new."""
        for here, there in ((self.first, self.copy), (self.copy, self.first)) * 3:
            if transfer.prepare_full_sync(here, there.identity.device).fault is None:
                pass_on(here, there, self.post)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    (folder := tmp_path / "desks").mkdir()
    with met_pair(folder) as pair:
        pair.send()
        pair.ours.store.close()
        shutil.copytree(folder / "ours", pair.post / "copy")
        first = unlock(folder / "ours", WHO, MACHINE)
        copy = unlock(pair.post / "copy", WHO, MACHINE)
        made = Copies(first, copy, pair.theirs, pair.plan, pair.legs[0], pair.post)
        yield made
        made.copy.store.close()
        first.store.close()


def _take(copies: Copies, path: Path) -> None:
    transfer.import_bundle(copies.theirs, path, transfer.review_bundle(copies.theirs, path))


def write_note(desk: Session, plan: bytes, text: str) -> bytes:
    return create_record(desk, Note, {"content": text}, plan)


def texts(desk: Session) -> set[str]:
    return {str(view(row, Note).record.content) for row in desk.store.rows("note")}


def states(desk: Session) -> dict[bytes, PartnerState]:
    return {one.partner.organisation: one.partner.state for one in partners.list_partners(desk)}


def test_what_both_wrote_comes_together(copies: Copies) -> None:
    write_note(copies.first, copies.plan, "on the first")
    write_note(copies.copy, copies.plan, "on the copy")
    change_record(copies.copy, copies.leg, {"carrier": "Ferry 12"})
    copies.separate()
    copies.pass_all()
    assert texts(copies.first) == texts(copies.copy) >= {"on the first", "on the copy"}
    for desk in (copies.first, copies.copy):
        leg = desk.store.row(copies.leg)
        assert leg is not None
        assert view(leg, Leg).record.carrier == "Ferry 12"


def test_partner_that_refused_the_first_gets_all_of_it(copies: Copies) -> None:
    write_note(copies.copy, copies.plan, "on the copy")
    change_record(copies.copy, copies.leg, {"carrier": "Ferry 12"})
    _take(copies, copies.send(copies.copy).path)
    change_record(copies.first, copies.leg, {"booking_reference": "K7"})
    refused = copies.send(copies.first).path
    assert refusal(lambda: transfer.review_bundle(copies.theirs, refused)).code == "bundle.forked"
    copies.separate()
    copies.pass_all()
    answer = transfer.send_bundle(
        copies.theirs, copies.plan, copies.first.identity.organisation, copies.post
    )
    transfer.import_bundle(
        copies.first, answer.path, transfer.review_bundle(copies.first, answer.path)
    )
    _take(copies, copies.send(copies.first).path)
    leg = copies.theirs.store.row(copies.leg)
    assert leg is not None
    record = view(leg, Leg).record
    assert (record.booking_reference, record.carrier) == ("K7", "Ferry 12")


def test_copy_sends_nothing_to_a_partner_that_does_not_know_its_keys(copies: Copies) -> None:
    copies.separate()
    them = copies.theirs.identity.organisation
    assert states(copies.copy)[them] is PartnerState.PENDING
    assert refusal(lambda: copies.send(copies.copy)).code == "exchange.nothing_allowed"
    assert states(copies.first)[them] is PartnerState.VERIFIED


def test_keys_are_those_of_a_new_laptop(copies: Copies) -> None:
    first, former = copies.first.identity, copies.copy.identity
    assert former == first
    copies.separate()
    ours = copies.copy.identity
    assert ours.organisation == first.organisation
    secrets = {former.sign_seed, former.age_secret, former.device, former.epoch}
    assert not secrets & {ours.sign_seed, ours.age_secret, ours.device, ours.epoch}
    assert (ours.generation, ours.former_secrets, ours.former_seeds) == (1, (), ())


def test_other_laptops_come_back_by_the_word_of_the_first(tmp_path: Path) -> None:
    """A third laptop numbers its files to the copy from one again, and each is taken."""
    office = store_lifecycle.create_store(tmp_path / "office", people.HOUSE, WHO, MACHINE)
    _, third = make_house(tmp_path, office, 2, SetUp(WHO, MACHINE, INSIDE))
    pass_on(third, office, tmp_path)
    pass_on(office, third, tmp_path)
    office.store.close()
    shutil.copytree(tmp_path / "office", tmp_path / "copy")
    first, copy = (unlock(tmp_path / name, WHO, MACHINE) for name in ("office", "copy"))
    pair = Copies(first, copy, third, b"", b"", tmp_path)
    pair.separate()
    device = third.identity.device
    assert states(pair.copy)[device] is PartnerState.PENDING
    for there in (pair.copy, third):
        pass_on(first, there, tmp_path)
    compare_digits(pair.copy, third)
    for here, there in ((third, pair.copy), (pair.copy, third)) * 2:
        create_record(here, Organisation, {"name": f"A house {here.identity.device.hex()}"})
        pass_on(here, there, tmp_path)
    assert names(pair.copy) == names(third)
    for desk in (first, pair.copy, third):
        desk.store.close()


def names(desk: Session) -> set[str]:
    return {str(view(row, Organisation).record.name) for row in desk.store.rows("organisation")}


def test_first_may_have_renewed_its_keys(copies: Copies) -> None:
    write_note(copies.copy, copies.plan, "on the copy")
    copies.first = partners.rotate_signing_key(copies.first, is_stolen=True)
    copies.separate()
    copies.pass_all()
    assert "on the copy" in texts(copies.first)


def test_invitation_that_we_made_ourselves_is_our_own_card(copies: Copies) -> None:
    """Also once its ticket was answered, or ended by a new epoch."""
    card = copies.stick(copies.first) / invitations.LAPTOP_CARD_FILE
    for action in (copied_store.preview_invited, copied_store.separate_copy):
        assert refusal(lambda action=action: action(copies.first, card)).code == "card.own"
    copies.separate("another")
    with copies.first.store.transaction():
        begin_epoch(copies.first)
    for stick in ("stick", "another"):
        card = copies.post / stick / invitations.INVITATION_FOLDER / invitations.LAPTOP_CARD_FILE
        code = refusal(lambda card=card: copied_store.preview_invited(copies.first, card)).code
        assert code == "card.own"


def test_card_without_a_ticket_separates_nothing(copies: Copies) -> None:
    there = copies.stick(copies.first)
    card = there / invitations.LAPTOP_CARD_FILE
    (there / invitations.TICKET_FILE).unlink()
    assert refusal(lambda: copied_store.separate_copy(copies.copy, card)).code == "card.own"
    stranger = copies.stick(copies.theirs, "theirs") / invitations.LAPTOP_CARD_FILE
    assert refusal(lambda: copied_store.separate_copy(copies.copy, stranger)).code == "card.own"


def test_inbox_shows_the_invitation_of_a_copy_and_of_nobody_else(copies: Copies) -> None:
    card = copies.stick(copies.first) / invitations.LAPTOP_CARD_FILE
    (found,) = transfer.preview_files(copies.copy, [card]).files
    assert found.card is not None
    assert (found.card.is_copy, found.card.is_known) == (True, False)
    assert transfer.preview_files(copies.first, [card]).files == ()


def test_store_restored_on_a_second_laptop_takes_the_same_road(copies: Copies) -> None:
    write_note(copies.copy, copies.plan, "lost there, kept here")
    (stick := copies.post / "backup").mkdir()
    backup = make_backup(copies.first, stick).path
    copies.copy.store.close()
    store_lifecycle.restore_store(backup, copies.post / "restored", WHO, MACHINE)
    (copies.post / "copy").rename(copies.post / "former")
    (copies.post / "restored").rename(copies.post / "copy")
    copies.copy = unlock(copies.post / "copy", WHO, MACHINE)
    write_note(copies.copy, copies.plan, "on the restored one")
    copies.separate()
    copies.pass_all()
    assert "on the restored one" in texts(copies.first)


def test_one_command_takes_new_keys_and_answers(copies: Copies) -> None:
    there = copies.stick(copies.first)
    asked = Namespace(folder=there, copied=True)
    told = BUNDLE_COMMANDS["bundle answer"](copies.copy, asked)
    assert told["organisation"] == copies.first.identity.device.hex()
    copies.reopen()
    add_each_other(copies.first, copies.copy, there, INSIDE)
    assert len(states(copies.first)) == 2
    assert refusal(lambda: BUNDLE_COMMANDS["bundle answer"](copies.first, asked)).code == "card.own"
