# SPDX-License-Identifier: GPL-3.0-or-later
"""A mother and her child on one journey: whose documents, who hears of it, and who may say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.support.make import sheet

from kfdesk.demo import people
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client, Consent, Relationship
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import is_deletion_requested
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, Translation, Value
from kfdesk.domain.workflow.gates import GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import list_copies, make_paper, paper_refusals
from kfdesk.services.plans.plans import load_case, read_case_context

TRAVEL, FAMILY = DataGroup.TRAVEL, DataGroup.CHILDREN_FAMILY
TYPES = frozenset({"traveller", "travel_document", "relationship"})


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def add_child(desk: Session, plan: bytes, name: str = "ALVA VYMYSLOVA") -> dict[str, bytes]:
    """Let a child travel along, with a row and a passport; return the three records."""
    client = load_case(desk, plan).client.rid
    values: dict[str, Value] = {
        "given_name": name.split()[0].title(), "kind": "child", "travels_with": True,
        "age_band": "age_0_8",
    }  # fmt: skip
    child = create_record(desk, Relationship, values, client)
    row = create_record(
        desk, Traveller, {"person": child.hex(), "name_on_ticket": name, "seat": "12 B"}, plan
    )
    now = desk.adapters.clock.now()
    passport = {**people.passport_values(now), "name_as_written": name, "whose": row.hex()}
    document = create_record(desk, TravelDocument, passport, plan)
    return {"relationship": child, "traveller": row, "travel_document": document}


def document_gate(desk: Session, plan: bytes) -> GateReason | None:
    gates = gates_before("travel_ready", read_case_context(desk, plan))
    return next(one.why for one in gates if one.code == "documents_valid")


def agree(trio: Trio, *groups: DataGroup) -> None:
    """Let the client agree that B gets these groups, and nothing else."""
    for row in load_case(trio.ours, trio.plan).consents:
        delete_record(trio.ours, row.rid)
    now, partner = trio.ours.adapters.clock.now(), trio.bad.identity.organisation
    values = {**people.reception_consent(now, partner.hex()), "groups": groups}
    create_record(trio.ours, Consent, values, trio.row(trio.plan).parent)


def pass_on(trio: Trio, here: Session, there: Session) -> None:
    to = there.identity.organisation
    trio.take(transfer.send_bundle(here, trio.plan, to, trio.post).path, there)


def types_at(desk: Session) -> set[str]:
    return {name for name in TYPES if desk.store.rows(name)}


def test_mothers_two_documents_do_not_make_up_for_the_childs(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    now = desk.adapters.clock.now()
    for kind in ("passport", "national_id"):
        create_record(desk, TravelDocument, {**people.passport_values(now), "kind": kind}, plan)
    assert document_gate(desk, plan) is None
    child = add_child(desk, plan)
    assert document_gate(desk, plan) is None
    delete_record(desk, child["travel_document"])
    assert document_gate(desk, plan) is GateReason.WHOSE_DOCUMENT
    delete_record(desk, child["traveller"])
    assert document_gate(desk, plan) is GateReason.NOT_LISTED
    change_record(desk, child["relationship"], {"travels_with": False})
    assert document_gate(desk, plan) is None


def test_partner_of_the_journey_alone_hears_of_no_child(trio: Trio) -> None:
    add_child(trio.ours, trio.plan)
    hers: dict[str, Value] = {"person": load_case(trio.ours, trio.plan).client.rid.hex()}
    create_record(trio.ours, Traveller, {**hers, "seat": "12 A"}, trio.plan)
    now = trio.ours.adapters.clock.now()
    create_record(trio.ours, TravelDocument, people.passport_values(now), trio.plan)
    agree(trio, DataGroup.IDENTITY, DataGroup.CONTACT, TRAVEL)
    pass_on(trio, trio.ours, trio.bad)
    (traveller,), (document,) = (trio.bad.store.rows(name)
                                 for name in ("traveller", "travel_document"))  # fmt: skip
    assert view(traveller, Traveller).record.seat == "12 A"
    assert view(document, TravelDocument).record.whose is None
    assert trio.bad.store.rows("relationship") == ()
    assert b"ALVA" not in b"".join(repr(row).encode() for row in (traveller, document))


def test_travellers_go_round_and_come_back_the_same(trio: Trio) -> None:
    child = add_child(trio.ours, trio.plan)
    agree(trio, DataGroup.IDENTITY, DataGroup.CONTACT, TRAVEL, FAMILY)
    pass_on(trio, trio.ours, trio.bad)
    for name, rid in child.items():
        there = trio.bad.store.row(rid)
        assert there is not None, name
    sent = view(trio.bad.store.rows("traveller")[0], Traveller).record
    assert (sent.person, sent.name_on_ticket) == (child["relationship"].hex(), "ALVA VYMYSLOVA")
    party = load_case(trio.bad, trio.plan).party
    (document,) = (one for one in party.documents if one.record.whose is not None)
    holder = party.holder_of(document)
    assert holder is not None
    assert holder.rid == child["relationship"]
    before = trio.ours.store.digest()
    pass_on(trio, trio.bad, trio.ours)
    assert trio.ours.store.digest() == before


def test_partner_puts_nobody_on_her_journey_and_takes_nobody_off(trio: Trio) -> None:
    """A row of its own, a changed one and a deletion: each waits for a person of ours."""
    child, forger = add_child(trio.ours, trio.plan), trio.forger(trio.bad)
    for custodian in (None, trio.ours.identity.organisation):
        row = forger.written(
            "traveller",
            {"person": child["relationship"].hex(), "name_on_ticket": "EVIL NAME"},
            parent=trio.plan, custodian=custodian,
        )  # fmt: skip
        trio.take(forger.file((row,)))
        kept = trio.ours.store.row(row.rid)
        assert kept is None or view_any(kept).conflicts >= {"person", "name_on_ticket"}
    ours = trio.row(child["traveller"])
    trio.take(forger.file((forger.changed(ours, {"name_on_ticket": "EVIL NAME"}),)))
    trio.take(forger.file((forger.deleted(ours),)))
    after = trio.row(child["traveller"])
    seen = view(after, Traveller)
    assert not seen.is_deleted
    assert is_deletion_requested(after.state)
    assert "name_on_ticket" in seen.conflicts
    assert seen.record.person == child["relationship"].hex()


def test_older_program_gets_travellers_once_it_knows_them(
    trio: Trio, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_child(trio.ours, trio.plan)
    agree(trio, DataGroup.IDENTITY, DataGroup.CONTACT, TRAVEL, FAMILY)
    monkeypatch.setattr("kfdesk.bundle.files.SCHEMA_VERSION", 4)
    trio.take(trio.forger(trio.bad).file())
    monkeypatch.undo()
    pass_on(trio, trio.ours, trio.bad)
    assert types_at(trio.bad) == {"travel_document", "relationship"}
    trio.take(trio.forger(trio.bad).file())
    pass_on(trio, trio.ours, trio.bad)
    assert types_at(trio.bad) == TYPES


# --- her sheet


def obstacles(desk: Session, plan: bytes, language: str = "sv") -> list[tuple[str, str]]:
    return [
        (one.code, str(one.data.get("field", "")))
        for one in paper_refusals(desk, sheet(plan, language))
    ]


def words_on(desk: Session, plan: bytes) -> str:
    text = " ".join(page_texts(make_paper(desk, sheet(plan, "sv")).pdf))
    return " ".join(text.split())


def test_her_sheet_names_the_child_who_travels_by_the_ticket(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    change_record(desk, plan, {"wants_paper": "wants_paper"})
    assert obstacles(desk, plan) == []
    child = add_child(desk, plan)
    assert obstacles(desk, plan) == []
    said = words_on(desk, plan)
    assert "ALVA VYMYSLOVA" in said
    assert "Namn som på biljetterna" in said
    change_record(desk, child["traveller"], {"name_on_ticket": None})
    assert obstacles(desk, plan) == [("paper.missing", "traveller.name_on_ticket")]
    delete_record(desk, child["traveller"])
    assert obstacles(desk, plan) == [("paper.missing", "traveller.name_on_ticket")]
    change_record(desk, child["relationship"], {"travels_with": False})
    assert obstacles(desk, plan) == []
    assert "ALVA" not in words_on(desk, plan)


@pytest.mark.parametrize("along", [False, None, MissingAnswer.UNKNOWN])
def test_row_alone_puts_nobody_on_the_paper_and_the_name_stays_refused(
    trio: Trio, along: Value
) -> None:
    desk, plan = trio.ours, trio.plan
    child = add_child(desk, plan, "PELAGEYA STAYSHOME")
    change_record(desk, child["relationship"], {"travels_with": along})
    assert "PELAGEYA" not in words_on(desk, plan)
    for told in ("Pelageya", "Пелагея", "STAYSHOME"):
        met = people.localized(told, told, told)
        change_record(desk, trio.legs[0], {"sign": met})
        assert [code for code, _ in obstacles(desk, plan)] == ["paper.carry_name"], told


def test_grown_companion_is_not_named_on_her_sheet(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    friend = add_child(desk, plan, "VERA VUXEN")
    change_record(desk, friend["relationship"], {"age_band": "age_30_38", "kind": "other"})
    assert "VUXEN" not in words_on(desk, plan)
    change_record(desk, friend["relationship"], {"age_disputed": True})
    assert "VERA VUXEN" in words_on(desk, plan)  # in doubt she counts as a child, and travels


def test_child_of_another_client_is_refused_even_if_it_travels(trio: Trio) -> None:
    """It travels with another, so it has no business on this paper."""
    desk = trio.ours
    other = create_record(desk, Client, {"code": "sparv-12"})
    theirs = create_record(desk, Plan, {}, other)
    add_child(desk, theirs, "TIMOFEJ ANNAN")
    change_record(desk, trio.legs[0], {"sign": people.localized("Timofej", "Тимофей", "Timofej")})
    assert [code for code, _ in obstacles(desk, trio.plan)] == ["paper.carry_name"]
    add_child(desk, trio.plan, "TIMOFEJ ANNAN")
    change_record(desk, trio.legs[0], {"sign": people.localized("gul", "жёлтый", "yellow")})
    assert obstacles(desk, trio.plan) == []  # a name on a ticket may be anybody's


def test_undecided_traveller_keeps_the_sheet_until_somebody_decides(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    child = add_child(desk, plan)
    forger = trio.forger(trio.bad)
    other = forger.changed(trio.row(child["traveller"]), {"person": trio.plan.hex()})
    trio.take(forger.file((other,)))
    assert ("paper.conflict", "traveller.person") in obstacles(desk, plan)


# --- the child's sheet


def child_sheet(plan: bytes, language: str = "sv") -> PaperRequest:
    return PaperRequest(PaperName.CHILDS_SHEET, plan, language, PaperFormat.A6)


def childs_obstacles(trio: Trio, language: str = "sv") -> list[tuple[str, str]]:
    found = paper_refusals(trio.ours, child_sheet(trio.plan, language))
    return [(one.code, str(one.data.get("field", ""))) for one in found]


def test_child_gets_a_sheet_if_one_is_wanted_and_only_then(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    wanted = [("paper.missing", "traveller.own_sheet")]
    assert childs_obstacles(trio) == wanted
    child = add_child(desk, plan)
    assert childs_obstacles(trio) == wanted
    change_record(desk, child["traveller"], {"own_sheet": True})
    assert childs_obstacles(trio) == []
    text = " ".join(page_texts(make_paper(desk, child_sheet(plan)).pdf)[0].split())
    assert "ALVA VYMYSLOVA" in text
    assert "En vuxen reser med mig" in text
    assert "NINA" not in text
    assert "Riga" not in text
    change_record(desk, child["relationship"], {"travels_with": False})
    assert childs_obstacles(trio) == wanted


def test_childs_sheet_refuses_what_is_missing_and_names_it(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    child = add_child(desk, plan)
    only_swedish = (Translation("sv", "Karin"),)
    change_record(desk, child["traveller"], {"own_sheet": True, "cared_by": only_swedish})
    assert childs_obstacles(trio) == []
    assert childs_obstacles(trio, "et") == [("paper.not_in_language", "traveller.cared_by")]
    change_record(desk, child["traveller"], {"name_on_ticket": " ", "cared_by": None})
    assert childs_obstacles(trio) == [("paper.missing", "traveller.name_on_ticket")]
    change_record(desk, child["traveller"], {"name_on_ticket": "ALVA VYMYSLOVA"})
    change_record(desk, plan, {"wants_paper": "no_paper"})
    assert childs_obstacles(trio) == [("paper.not_wanted", "")]
    change_record(desk, plan, {"wants_paper": "wants_paper"})
    for row in desk.store.children(plan):
        if row.type == "help_number":
            change_record(desk, row.rid, {"number": "020-12 34 56"})
    fields = {field for _, field in childs_obstacles(trio)}
    assert fields == {"help_number.number", "help_number.called"}


def test_surname_of_who_looks_after_the_child_is_refused(trio: Trio) -> None:
    desk, plan = trio.ours, trio.plan
    child = add_child(desk, plan)
    create_record(desk, Contact, {"given_name": "Karin", "family_name": "Berdnikova"})
    named = people.localized("Karin Berdnikova", "Карин Бердникова", "Karin Berdnikova")
    change_record(desk, child["traveller"], {"own_sheet": True, "cared_by": named})
    assert childs_obstacles(trio) == [("paper.carry_name", "traveller.cared_by")]
    first = people.localized("Karin", "Карин", "Karin")
    change_record(desk, child["traveller"], {"cared_by": first})
    assert childs_obstacles(trio) == []


def test_childs_sheet_before_the_approval_is_a_draft(trio: Trio) -> None:
    child = add_child(trio.ours, trio.plan)
    change_record(trio.ours, child["traveller"], {"own_sheet": True})
    make_paper(trio.ours, child_sheet(trio.plan))
    (copy,) = list_copies(trio.ours)
    assert (copy.view.record.paper, copy.is_draft) == ("childs_sheet", True)


@pytest.mark.parametrize("name", ["ดอกไม้ VYMYSLOVA", "ALVA نور", "아름", "አለም"])
def test_letter_that_no_font_has_keeps_each_familys_paper_back(trio: Trio, name: str) -> None:
    """A hollow square for a name would be taken for a false ticket at the gate."""
    desk, plan = trio.ours, trio.plan
    child = add_child(desk, plan)
    change_record(desk, child["traveller"], {"own_sheet": True})
    leg = next(row for row in desk.store.children(plan) if row.type == "leg")
    sign = view_any(leg).record.sign
    attacks: list[tuple[bytes, dict[str, Value], PaperRequest]] = [
        (child["traveller"], {"name_on_ticket": name}, child_sheet(plan)),
        (child["traveller"], {"name_on_ticket": name}, sheet(plan, "sv")),
        (child["traveller"], {"cared_by": people.localized(name, name, name)}, child_sheet(plan)),
        (leg.rid, {"sign": people.localized(name, name, name)}, sheet(plan, "sv")),
    ]
    for rid, values, order in attacks:
        change_record(desk, rid, values)
        with pytest.raises(KfdeskError, match=r"documents\.no_letter"):
            make_paper(desk, order)
        back = {"name_on_ticket": "ALVA VYMYSLOVA", "cared_by": None}
        change_record(desk, rid, {"sign": sign} if rid == leg.rid else back)
    assert list_copies(desk) == ()
    make_paper(desk, child_sheet(plan))
