# SPDX-License-Identifier: GPL-3.0-or-later
"""A shelter with three laptops stays one desk: everything but drafts goes between them by files."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.laptops import SetUp, invite_laptop, make_house, set_up_laptop
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import encode_state
from kfdesk.domain.rows import view, view_any
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState, list_drafts, save_draft
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import invitations, partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans import plans
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials(people.INITIALS, people.PASSPHRASE)
NAMED = PartnerTerms(is_third_country=False, name="Bärbar dator")
INSIDE = PartnerTerms(is_third_country=False)


@dataclass(frozen=True)
class Laptops:
    """Laptops of one house that trust each other, and the stick between them."""

    desks: tuple[Session, ...]
    stick: Path

    def passes(self, here: Session, there: Session) -> bool:
        """Send all that is new from one to another; return whether there was anything."""
        if transfer.prepare_full_sync(here, there.identity.device).fault is not None:
            return False
        (made,) = transfer.send_full_sync(here, there.identity.device, self.stick)
        transfer.import_bundle(there, made.path, transfer.review_bundle(there, made.path))
        return True

    def pass_on(self, order: Iterator[tuple[Session, Session]]) -> None:
        """Files pass in this order, and then until there is nothing new."""
        for here, there in order:
            self.passes(here, there)
        for _ in range(3):
            for here, there in itertools.permutations(self.desks, 2):
                self.passes(here, there)


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Laptops]:
    first = store_lifecycle.create_store(tmp_path / "0", people.HOUSE, WHO, MACHINE)
    desks = make_house(tmp_path, first, 3, SetUp(WHO, MACHINE, NAMED))
    (tmp_path / "stick").mkdir()
    yield Laptops(tuple(desks), tmp_path / "stick")
    for desk in desks:
        desk.store.close()


def states(desk: Session) -> dict[bytes, bytes]:
    """Every record of a desk, as it is written."""
    tables = ("client", "plan", "leg", "consent", "note", "organisation", "contact", "help_number")
    return {row.rid: encode_state(row.state) for name in tables for row in desk.store.rows(name)}


def test_laptops_are_one_organisation_with_keys_of_their_own(laptops: Laptops) -> None:
    assert len({desk.identity.organisation for desk in laptops.desks}) == 1
    assert len({desk.identity.device for desk in laptops.desks}) == 3
    for desk in laptops.desks:
        lines = partners.list_partners(desk)
        assert {line.partner.is_own for line in lines} == {True}
        assert {line.partner.name for line in lines} == {"Bärbar dator"}
        assert len(desk.store.rows("organisation")) == 1


@pytest.mark.parametrize("turn", first(1, range(3)))
def test_three_laptops_come_to_the_same_in_any_order(laptops: Laptops, turn: int) -> None:
    one, two, three = laptops.desks[turn:] + laptops.desks[:turn]
    plan, legs = story.enter_plan(one, one.identity.organisation)
    create_record(one, Note, {"content": "Bara för oss."}, parent=plan)
    change_record(one, plan, {"code_word": "tranbär"})
    laptops.passes(one, two)
    change_record(two, legs[0], {"carrier": "skrevs på den andra"})
    create_record(three, Client, {"code": "vinter-21", "alias": "Lilja"})
    laptops.pass_on(iter([(three, two), (two, one), (one, three), (three, one)]))
    assert states(one) == states(two) == states(three)
    for desk in laptops.desks:
        page = plans.open_plan(desk, plan)
        assert page.conflicts == ()
        assert page.plan.record.code_word == "tranbär"
        assert {view(row, Client).record.alias for row in desk.store.rows("client")} == {
            "Lilja", people.CLIENT["alias"],
        }  # fmt: skip
        assert len(desk.store.rows("note")) == 1
        assert desk.store.verify() == ()


def test_two_who_write_the_same_field_meet_in_a_conflict_and_one_decision_ends_it(
    laptops: Laptops,
) -> None:
    one, two, _ = laptops.desks
    _, legs = story.enter_plan(one, one.identity.organisation)
    laptops.passes(one, two)
    change_record(one, legs[0], {"carrier": "här"})
    change_record(two, legs[0], {"carrier": "där"})
    laptops.pass_on(iter([(two, one)]))
    for desk in laptops.desks:
        (row,) = (row for row in desk.store.conflicted_rows() if row.rid == legs[0])
        assert {one.value for one in view_any(row).versions["carrier"]} == {"här", "där"}
    change_record(two, legs[0], {"carrier": "där"})
    laptops.pass_on(iter([]))
    for desk in laptops.desks:
        row = desk.store.row(legs[0])  # type: ignore[assignment]
        assert view(row, Leg).record.carrier == "där"


def test_draft_and_offences_stay_where_they_were_typed(laptops: Laptops) -> None:
    one, two, _ = laptops.desks
    plan, legs = story.enter_plan(one, one.identity.organisation)
    save_draft(one, legs[0], FormState("leg", {"carrier": "halvskrivet"}))
    laptops.passes(one, two)
    assert len(list_drafts(one)) == 1
    assert list_drafts(two) == ()
    parcel = transfer.prepare_full_sync(one, two.identity.device)
    reasons = {kept.reason.value for kept in parcel.may.withheld}
    assert reasons <= {"level"}
    assert plan in {row.rid for row in two.store.rows("plan")}


def test_only_what_is_new_goes_once_the_other_has_confirmed(laptops: Laptops) -> None:
    one, two, _ = laptops.desks
    _, legs = story.enter_plan(one, one.identity.organisation)
    laptops.passes(one, two)
    create_record(two, Client, {"code": "vinter-21"})
    laptops.passes(two, one)
    change_record(one, legs[0], {"carrier": "nytt"})
    goes = transfer.prepare_full_sync(one, two.identity.device).goes
    went = {given.row.type: given.row.rid for given in goes.rows}
    assert went["leg"] == legs[0]
    assert not {"plan", "help_number", "contact"} & went.keys()


def test_laptop_receives_nothing_before_its_digits_are_the_same_nor_after_it_is_lost(
    laptops: Laptops, tmp_path: Path
) -> None:
    one, two, _ = laptops.desks
    story.enter_plan(one, one.identity.organisation)
    there = invite_laptop(one, tmp_path)
    fourth = set_up_laptop(there, tmp_path / "4", WHO, MACHINE)
    card = (there / invitations.ANSWER_FILE).read_bytes()
    fourth.store.close()
    assert partners.add_partner(one, card, INSIDE).state is PartnerState.PENDING
    new, old = fourth.identity.device, two.identity.device
    partners.revoke_partner(one, old)
    for device in (new, old):
        assert transfer.prepare_full_sync(one, device).goes.rows == ()
        with suppress(FileNotFoundError):
            fault = refusal(lambda device=device: transfer.send_full_sync(
                one, device, laptops.stick))  # fmt: skip
            assert fault.code == "exchange.nothing_allowed"


def test_own_card_comes_back_as_our_own_and_a_partner_is_sent_no_everything(
    laptops: Laptops, tmp_path: Path
) -> None:
    one, *_ = laptops.desks
    own = partners.our_card(one)
    assert refusal(lambda: partners.add_partner(one, own, INSIDE)).code == "card.own"
    other = store_lifecycle.create_store(tmp_path / "other", people.SAFE_HOUSE, WHO, MACHINE)
    them = partners.add_partner(one, partners.our_card(other), INSIDE).organisation
    other.store.close()
    assert refusal(lambda: transfer.prepare_full_sync(one, them)).code == "partner.not_own"
