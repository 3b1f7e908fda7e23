# SPDX-License-Identifier: GPL-3.0-or-later
"""Children who travel, on the papers of others: the companion's sheet and the file copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.test_travellers import add_child, agree
from tests.support.make import file_copy, sheet

from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.records.client import Relationship
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import TravelDocument, Traveller
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.travellers import PartyFault, party_faults
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper, paper_refusals, preview_pages
from kfdesk.services.plans.plans import load_case

NAME = "ALVA VYMYSLOVA"
COMPANY = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        escort = create_record(met.ours, Contact, people.ESCORT)
        values: dict[str, Value] = {"escort": escort.hex(), "wants_paper": "wants_paper"}
        change_record(met.ours, met.plan, values)
        yield met


def companion(plan: bytes) -> PaperRequest:
    return PaperRequest(PaperName.ESCORTS_SHEET, plan, "sv")


def said(desk: Session, order: PaperRequest) -> str:
    return " ".join(" ".join(page_texts(make_paper(desk, order).pdf)).split())


def refusals(desk: Session, order: PaperRequest) -> list[tuple[str, str]]:
    found = paper_refusals(desk, order)
    return [(one.code, str(one.data.get("field", ""))) for one in found]


def warned(desk: Session, order: PaperRequest) -> set[str]:
    return {one.code for one in preview_pages(desk, order, 0.2).warnings}


def with_children(trio: Trio, consent: bytes) -> None:
    change_record(trio.ours, consent, {"groups": (*COMPANY, DataGroup.CHILDREN_FAMILY)})


# --- the companion's sheet


def test_companion_is_told_of_the_child_only_if_she_agreed(trio: Trio) -> None:
    desk, order = trio.ours, companion(trio.plan)
    consent = story.consent_to_escort(desk, trio.plan)
    assert warned(desk, order).isdisjoint({"paper.child_not_named"})
    add_child(desk, trio.plan)
    assert "ALVA" not in said(desk, order)
    assert "paper.child_not_named" in warned(desk, order)
    with_children(trio, consent)
    text = said(desk, order)
    assert f"NINA VYMYSLOVA och {NAME}" in text
    assert "Du reser med (namn som på biljetterna)" in text
    assert "12 B" not in text
    assert "paper.child_not_named" not in warned(desk, order)


@pytest.mark.parametrize("along", [False, None, MissingAnswer.UNKNOWN])
def test_child_who_stays_is_on_no_paper_of_the_companion(trio: Trio, along: Value) -> None:
    desk, order = trio.ours, companion(trio.plan)
    with_children(trio, story.consent_to_escort(desk, trio.plan))
    child = add_child(desk, trio.plan, "PELAGEYA STAYSHOME")
    change_record(desk, child["relationship"], {"travels_with": along})
    assert "PELAGEYA" not in said(desk, order)
    assert "PELAGEYA" not in said(desk, file_copy(trio.plan)).partition("Resehandlingar")[0]
    change_record(desk, trio.legs[0], {"sign": people.localized(*["Pelageya"] * 3)})
    assert [code for code, _ in refusals(desk, order)] == ["paper.carry_name"]


def test_grown_companion_of_hers_is_not_named_to_the_escort(trio: Trio) -> None:
    desk, order = trio.ours, companion(trio.plan)
    with_children(trio, story.consent_to_escort(desk, trio.plan))
    friend = add_child(desk, trio.plan, "VERA VUXEN")
    change_record(desk, friend["relationship"], {"age_band": "age_30_38", "kind": "other"})
    assert "VUXEN" not in said(desk, order)
    assert "VUXEN" not in said(desk, file_copy(trio.plan)).partition("Resehandlingar")[0]
    change_record(desk, friend["relationship"], {"age_disputed": True})
    assert "VERA VUXEN" in said(desk, order)  # in doubt she counts as a child


def test_companions_sheet_waits_for_the_childs_name_and_for_who_it_is(trio: Trio) -> None:
    desk, order = trio.ours, companion(trio.plan)
    with_children(trio, story.consent_to_escort(desk, trio.plan))
    child = add_child(desk, trio.plan)
    change_record(desk, child["traveller"], {"name_on_ticket": None})
    assert refusals(desk, order) == [("paper.missing", "traveller.name_on_ticket")]
    change_record(desk, child["traveller"], {"name_on_ticket": NAME})
    forger = trio.forger(trio.bad)
    agree(trio, DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL, DataGroup.CHILDREN_FAMILY)
    other = forger.changed(trio.row(child["traveller"]), {"person": trio.plan.hex()})
    trio.take(forger.file((other,)))
    assert ("paper.conflict", "traveller.person") in refusals(desk, order)


# --- the file copy


def test_file_copy_lists_the_children_who_travel_and_says_whose_a_document_is(trio: Trio) -> None:
    desk, order = trio.ours, file_copy(trio.plan)
    assert "Barn som reser med henne" not in said(desk, order)
    child = add_child(desk, trio.plan)
    values: dict[str, Value] = {
        "needs": ("child_seat",),
        "cared_by": people.localized(*["Karin"] * 3),
    }
    change_record(desk, child["traveller"], values)
    hers = people.passport_values(desk.adapters.clock.now())
    create_record(desk, TravelDocument, {**hers, "number": "HERS 1"}, trio.plan)
    text = said(desk, order)
    start = text.index("Barn som reser med henne")
    for word in (NAME, "12 B", "Karin"):
        assert word in text[start:]
    assert text.count(f"innehavare: {NAME}") == 1
    delete_record(desk, child["traveller"])
    text = said(desk, order)
    assert "Barn som reser med henne" not in text
    assert "innehavare" not in text


# --- the same person twice


def test_person_who_is_listed_twice_is_told_and_named_once(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    with_children(trio, story.consent_to_escort(desk, plan))
    child = add_child(desk, plan)
    again: dict[str, Value] = {"person": child["relationship"].hex(), "name_on_ticket": "ALVA VYM"}
    row = create_record(desk, Traveller, again, plan)
    found = [fault for fault, _, _ in party_faults(load_case(desk, plan).party)]
    assert PartyFault.TWICE in found
    for order in (sheet(plan, "sv"), companion(plan), file_copy(plan)):
        text = said(desk, order).partition("Resehandlingar")[0]
        assert ("ALVA VYM " in f"{text} ", NAME in text) == (True, False), order.paper
    delete_record(desk, row)
    assert NAME in said(desk, sheet(plan, "sv"))
    found = [fault for fault, _, _ in party_faults(load_case(desk, plan).party)]
    assert PartyFault.TWICE not in found


def test_two_children_are_named_once_each(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    with_children(trio, story.consent_to_escort(desk, plan))
    add_child(desk, plan)
    add_child(desk, plan, "BO VYMYSLOV")
    for order in (sheet(plan, "sv"), companion(plan)):
        text = said(desk, order)
        assert (text.count(NAME), text.count("BO VYMYSLOV")) == (1, 1)
    assert len(desk.store.rows("relationship")) == 2
    assert all(row.parent == load_case(desk, plan).client.rid
               for row in desk.store.rows(Relationship.__name__.lower()))  # fmt: skip
