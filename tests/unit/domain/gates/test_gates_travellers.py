# SPDX-License-Identifier: GPL-3.0-or-later
"""Each traveller has a ticket and documents of their own, and what does not fit is said."""

from datetime import date
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import A_CHILD, TODAY, answer, gate, part, seen

from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.rows import Row
from kfdesk.domain.travellers import ticket_findings, ticket_rows
from kfdesk.domain.values import MissingAnswer, PartialDate
from kfdesk.domain.workflow.alarms import plan_warnings
from kfdesk.domain.workflow.gates import CaseContext, GateAnswer, GateReason

CHILD, ROW, HERS = make.named_id("relationship"), make.named_id("traveller"), make.HER.hex()
ALONG: dict[str, Any] = {"relationship": A_CHILD, "traveller": {}}
OWN: dict[str, Any] = {**ALONG, "travel_document": {"name_as_written": "ALVA VYMYSLOVA"}}
A_BOY: dict[str, Any] = {**A_CHILD, "given_name": "Bo", "kind": "child"}


def more(record_type: str, name: str, **values: Any) -> Row:
    """Return another record of a type, with some values of the sample changed."""
    whole = {**make.FILLED[record_type], **values}
    return make.row(record_type, whole, rid=make.named_id(name))


def codes(s: CaseContext) -> list[tuple[str, str, str]]:
    return [(one.code, one.where.type, one.where.key) for one in plan_warnings(s)]


def test_two_documents_of_hers_are_none_of_the_childs() -> None:
    """A mother with a passport and an identity card, and a child with nothing."""
    card = more("travel_document", "card", kind="national_id", whose=None)
    s = seen(ALONG, card)
    found = gate("documents_valid", s)
    assert (found.answer, found.why) == (GateAnswer.NOT_MET, GateReason.WHOSE_DOCUMENT)
    assert found.where is not None
    assert (found.where.type, found.where.key) == ("travel_document", "whose")
    named = seen(ALONG, more("travel_document", "card", kind="national_id", whose=ROW.hex()))
    assert answer("documents_valid", named) is GateAnswer.MET


def test_one_childs_document_is_not_the_other_childs() -> None:
    brother = more("relationship", "boy", **A_BOY)
    his = more("traveller", "his row", person=brother.rid.hex(), name_on_ticket="BO VYMYSLOV")
    assert gate("documents_valid", seen(OWN, brother)).why is GateReason.NOT_LISTED
    assert gate("documents_valid", seen(OWN, brother, his)).why is GateReason.NO_OWN_DOCUMENT
    both = more("travel_document", "his", whose=his.rid.hex(), name_as_written="BO VYMYSLOV")
    assert answer("documents_valid", seen(OWN, brother, his, both)) is GateAnswer.MET


@pytest.mark.parametrize(
    ("whose", "expected"),
    [
        (None, GateAnswer.MET),
        (make.named_id("her row").hex(), GateAnswer.MET),
        (make.named_id("nobody").hex(), GateAnswer.NOT_MET),
        (ROW.hex(), GateAnswer.NOT_MET),
    ],
)
def test_her_own_document_names_nobody_or_herself(whose: str | None, expected: GateAnswer) -> None:
    hers = more("traveller", "her row", person=HERS)
    assert answer("documents_valid", seen({"passport": {"whose": whose}}, hers)) is expected


def test_document_of_which_two_desks_say_another_holder_is_nobodys() -> None:
    row = part("passport")
    by = make.signature("AU, Annorstans", minute=5)
    first = make.changed(row, {"whose": ROW.hex()}, make.signature(minute=4))
    both = make.changed(first, {"whose": HERS}, by, seen=row)
    s = seen({"passport": None}, both)
    assert answer("documents_valid", s) is GateAnswer.NOT_MET
    assert s.party.holder_of(s.documents[0]) is None
    assert not [one for one in codes(s) if one[0] == "document_of_nobody"]


def test_her_name_on_the_ticket_is_that_of_her_own_record() -> None:
    s = seen(OWN, more("traveller", "her row", person=HERS, name_on_ticket="SOMEBODY ELSE"))
    assert s.party.ticket_name(s.client) == "NINA VYMYSLOVA"
    assert s.party.ticket_name(s.relationships[0]) == "ALVA VYMYSLOVA"
    without = seen({"relationship": A_CHILD})
    assert without.party.ticket_name(without.relationships[0]) is None


def test_name_of_each_document_is_compared_with_its_own_ticket() -> None:
    assert codes(seen(OWN)) == []
    other = {**OWN, "travel_document": {"name_as_written": "NINA VYMYSLOVA"}}
    assert codes(seen(other)) == [
        ("name_is_not_as_on_the_ticket", "travel_document", "name_as_written")
    ]
    birth = {**OWN, "travel_document": {"kind": "birth_certificate", "name_as_written": "ALVA V"}}
    assert len(codes(seen(birth))) == 1


@pytest.mark.parametrize(
    ("changes", "rows", "code", "where"),
    [
        (OWN, [more("traveller", "again")], "traveller_twice", ("traveller", "person")),
        ({**OWN, "relationship": {**A_CHILD, "travels_with": False}}, [], "traveller_stays",
         ("traveller", "person")),
        ({**OWN, "relationship": {**A_CHILD, "travels_with": MissingAnswer.UNKNOWN}}, [],
         "traveller_stays", ("traveller", "person")),
        ({"traveller": {"person": None}}, [], "traveller_stays", ("traveller", "person")),
        ({"traveller": {"person": make.named_id("nobody").hex()}}, [], "traveller_stays",
         ("traveller", "person")),
        ({**OWN, "passport": {"whose": make.named_id("gone").hex()}}, [], "document_of_nobody",
         ("travel_document", "whose")),
        ({**OWN, "relationship": {**A_CHILD, "birth_date": date(2019, 3, 1)},
          "traveller": {"birth_date": date(2019, 3, 2)}}, [], "birth_date_differs",
         ("traveller", "birth_date")),
        ({**OWN, "relationship": {"travels_with": True, "birth_date": PartialDate("1990"),
                                  "age_band": "age_30_38", "age_disputed": True}}, [],
         "counts_as_child", ("relationship", "age_disputed")),
    ],
)  # fmt: skip
def test_what_does_not_fit_among_travellers_is_said(
    changes: dict[str, Any], rows: list[Row], code: str, where: tuple[str, str]
) -> None:
    assert (code, *where) in codes(seen(changes, *rows))


def test_what_fits_is_not_spoken_of() -> None:
    same = {**OWN, "relationship": {**A_CHILD, "birth_date": date(2019, 3, 1)},
            "traveller": {"birth_date": date(2019, 3, 1)}}  # fmt: skip
    hers = more("traveller", "her row", person=HERS, birth_date=None)
    assert codes(seen(same, hers)) == []


def test_traveller_in_conflict_waits_and_is_not_called_a_stranger() -> None:
    row = part("traveller")
    first = make.changed(row, {"person": HERS}, make.signature(minute=4))
    both = make.changed(
        first, {"person": CHILD.hex()}, make.signature("AU, Annorstans", minute=5), seen=row
    )
    s = seen({"relationship": A_CHILD}, both)
    assert codes(s) == []
    assert ticket_rows(s.party, TODAY) == ()


def test_her_sheet_names_the_children_who_travel_and_nobody_else() -> None:
    grown = more("relationship", "aunt", travels_with=True, birth_date=None, age_band="age_30_38")
    hers = more("traveller", "aunt's", person=grown.rid.hex(), name_on_ticket="VERA")
    s = seen(OWN, grown, hers)
    assert [row.rid for row in ticket_rows(s.party, TODAY)] == [ROW]
    stays = seen({**OWN, "relationship": {**A_CHILD, "travels_with": False}}, grown, hers)
    assert ticket_rows(stays.party, TODAY) == ()


def test_sheet_lacks_a_childs_name_until_it_is_entered() -> None:
    lacks = [SheetFinding("missing", "traveller", "name_on_ticket")]
    bare: list[dict[str, Any]] = [
        {"relationship": A_CHILD},
        {"relationship": A_CHILD, "traveller": {"name_on_ticket": None}},
        {"relationship": A_CHILD, "traveller": {"name_on_ticket": "  "}},
    ]
    for changes in bare:
        assert list(ticket_findings(seen(changes).party, TODAY)) == lacks
    for changes in ({}, OWN, {"relationship": {**A_CHILD, "travels_with": False}}):
        assert list(ticket_findings(seen(changes).party, TODAY)) == []


def test_name_in_conflict_is_told_as_such_and_not_as_missing() -> None:
    row = part("traveller", {"name_on_ticket": None})
    first = make.changed(row, {"name_on_ticket": "ALVA"}, make.signature(minute=4))
    both = make.changed(
        first, {"name_on_ticket": "ALBA"}, make.signature("AU, Annorstans", minute=5), seen=row
    )
    s = seen({"relationship": A_CHILD}, both)
    assert list(ticket_findings(s.party, TODAY)) == []


def test_newest_row_of_a_person_counts() -> None:
    older = part("traveller")
    newer = make.changed(
        more("traveller", "again"), {"name_on_ticket": "ALVA NEW"}, make.signature(minute=9)
    )
    s = seen({"relationship": A_CHILD}, older, newer)
    assert s.party.ticket_name(s.relationships[0]) == "ALVA NEW"
