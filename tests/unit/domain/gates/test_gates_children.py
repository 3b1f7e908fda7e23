# SPDX-License-Identifier: GPL-3.0-or-later
"""Each child has papers of its own, and nobody's word stands in for one of them."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion
from tests.unit.domain.gates.gate_samples import A_CHILD, TODAY, gate, part, seen
from tests.unit.domain.gates.test_gates_people import override, torn

from kfdesk.domain.consent import counts_as_traveller, stops_being_child_traveller
from kfdesk.domain.records.client import Client, Relationship
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value
from kfdesk.domain.workflow.decision import (
    CHILD_GATES_TO_LEAVE,
    NO_CHILD,
    child_gates,
    child_travellers,
    fold_child_gates,
    papers_of_child,
)
from kfdesk.domain.workflow.gates import (
    CaseContext,
    FieldLocation,
    GateAnswer,
    GateReason,
    gate_met,
    gate_not_applicable,
)
from kfdesk.domain.workflow.table import STATE_GATES, gates_before

CODES = (
    "guardian_named", "child_heard", "family_assessed", "best_interests", "guardian_order",
    "takeover_written",
)  # fmt: skip
SECOND = make.named_id("second child")


def second(**values: Value) -> Row:
    """Another child that travels along."""
    whole = {**make.FILLED["relationship"], **A_CHILD, **values}
    return make.row("relationship", whole, rid=SECOND)


def papers(child: bytes = SECOND, name: str = "more papers", **values: Value) -> Row:
    whole = {**make.FILLED["child_papers"], "child": child.hex(), **values}
    return make.row("child_papers", whole, rid=make.named_id(name))


def two_children(*more: Row) -> CaseContext:
    """Return a case with two children, of whom the first has all its papers."""
    return seen({"relationship": A_CHILD, "child_papers": {}}, second(), *more)


def open_codes(s: CaseContext) -> set[str]:
    return {check(s).code for check in CHILD_GATES_TO_LEAVE if check(s).is_open}


def test_papers_of_one_child_are_not_anothers() -> None:
    assert open_codes(two_children()) == set(CODES)
    assert open_codes(two_children(papers())) == set()
    assert open_codes(two_children(papers(child=make.HER))) == set(CODES)


def test_gates_of_a_child_are_one_where_none_travels() -> None:
    others = (gate_met("escort_set"), gate_met("legs_booked"))
    none = tuple(map(gate_not_applicable, CODES))
    assert [one.code for one in fold_child_gates((others[0], *none, others[1]))] == [
        "escort_set", "legs_booked", NO_CHILD
    ]  # fmt: skip
    assert fold_child_gates(others) == others
    mixed = (*others, gate_met(CODES[0]), *none[1:])
    assert fold_child_gates(mixed) == mixed


def test_gate_leads_to_the_field_of_the_child_that_lacks_it() -> None:
    found = gate("family_assessed", two_children(papers(family_assessment_result="unclear")))
    where = FieldLocation("child_papers", "family_assessment_result", make.named_id("more papers"))
    assert (found.why, found.where) == (GateReason.RESULT_UNCLEAR, where)
    none = gate("takeover_written", two_children())
    assert none.where == FieldLocation("child_papers", "takeover_authority")


def test_page_is_told_gate_by_gate_what_each_child_lacks() -> None:
    s = two_children(papers(guardian=None, takeover_by_authority=MissingAnswer.UNKNOWN))
    first, other = child_travellers(s)
    assert [g.code for g in child_gates(first, s)] == list(CODES)
    assert {g.answer for g in child_gates(first, s)} == {GateAnswer.MET}
    missing = {g.code for g in child_gates(other, s) if g.is_open}
    assert missing == {"guardian_named", "takeover_written"}


def test_client_who_is_a_child_has_papers_too() -> None:
    young = {"client": {"age_band": "age_9_17", "birth_date": None}}
    assert open_codes(seen(young)) == set(CODES)
    assert open_codes(seen(young, papers(child=make.HER))) == set()


@pytest.mark.parametrize(
    "age",
    [
        {"birth_date": None, "age_band": None},
        {"birth_date": MissingAnswer.UNKNOWN, "age_band": MissingAnswer.DECLINED},
        {"birth_date": PartialDate("1990"), "age_band": None, "age_disputed": True},
        {
            "birth_date": PartialDate("1990"),
            "age_band": None,
            "age_disputed": MissingAnswer.UNKNOWN,
        },
        {"birth_date": PartialDate("1990"), "age_band": "age_9_17"},
        {"birth_date": None, "age_band": "x_from_15"},
    ],
)
def test_companion_of_unknown_or_disputed_age_is_a_child(age: dict[str, Value]) -> None:
    travels = {"travels_with": True, "age_disputed": False}
    assert open_codes(seen({"relationship": {**travels, **age}})) == set(CODES)


def test_grown_companion_needs_no_papers_of_a_child() -> None:
    grown = {"travels_with": True, "birth_date": PartialDate("1990"), "age_band": "age_30_38"}
    assert open_codes(seen({"relationship": grown})) == set()


def test_what_stood_in_the_plan_before_is_nobodys_paper_now() -> None:
    s = seen({"relationship": A_CHILD})  # the plan's retired fields are filled
    assert s.plan.record.guardian == "Ingen Påhittad"
    assert open_codes(s) == set(CODES)


@pytest.mark.parametrize("custodian", [make.PARTNER, make.THIRD])
def test_partner_cannot_bring_a_childs_papers(custodian: bytes) -> None:
    theirs = make.row("child_papers", custodian=custodian)
    assert open_codes(seen({"relationship": A_CHILD}, theirs)) == set(CODES)


def test_newest_papers_count_and_those_in_the_bin_do_not() -> None:
    newer = make.changed(papers(name="newer"), {"guardian": None}, make.signature(minute=5))
    s = two_children(papers(), newer)
    assert open_codes(s) == {"guardian_named"}
    counted = papers_of_child(child_travellers(s)[1], s)
    assert counted is not None
    assert counted.rid == newer.rid
    assert open_codes(two_children(papers(), with_deletion(newer))) == set()


def test_papers_that_two_desks_wrote_apart_hold_the_gate() -> None:
    both = torn("child_papers", "guardian", "En Påhittad", "En Uppdiktad")
    found = gate("guardian_named", seen({"relationship": A_CHILD}, both))
    assert (found.why, found.where and found.where.key) == (GateReason.UNDECIDED, "guardian")


@pytest.mark.parametrize("custodian", [make.OURS, make.PARTNER])
@pytest.mark.parametrize("code", [*CODES, "escort_set", "legs_booked", "conclusion_allows"])
def test_no_approval_sets_a_childs_gate_aside(code: str, custodian: bytes) -> None:
    spoilt: dict[str, Any] = {
        "relationship": A_CHILD, "plan": {"escort_kind": "none_wanted"},
        "second leg": {"alone": True}, "our risks": {"conclusion": "return_not_safe"},
    }  # fmt: skip
    s = seen(spoilt, override(code, custodian=custodian))
    asked = [g for target in STATE_GATES for g in gates_before(target, s) if g.code == code]
    assert {g.answer for g in asked} == {GateAnswer.NOT_MET}


GROWN: dict[str, Value] = {"birth_date": PartialDate("1990"), "age_band": "age_30_38"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (A_CHILD, {**A_CHILD, **GROWN}, True),
        (A_CHILD, {**A_CHILD, "travels_with": False}, True),
        (A_CHILD, {**A_CHILD, "travels_with": MissingAnswer.UNKNOWN}, False),
        (A_CHILD, {**A_CHILD, "given_name": "Bo"}, False),
        ({**A_CHILD, **GROWN}, A_CHILD, False),
        ({**A_CHILD, "travels_with": False}, {**A_CHILD, **GROWN}, False),
    ],
)
def test_child_is_unmade_by_an_age_or_by_staying(
    before: dict[str, Value], after: dict[str, Value], expected: bool
) -> None:
    one, two = (
        view(part("relationship", {"age_disputed": False, **values}), Relationship)
        for values in (before, after)
    )
    assert stops_being_child_traveller(one, two, TODAY) is expected


def test_child_is_unmade_by_the_bin_and_a_client_by_her_age_alone() -> None:
    child = part("relationship", A_CHILD)
    gone = view(with_deletion(child), Relationship)
    assert stops_being_child_traveller(view(child, Relationship), gone, TODAY)
    young, grown = (
        view(part("client", {"age_band": band, "birth_date": None}), Client)
        for band in ("age_9_17", "age_24_26")
    )
    assert counts_as_traveller(young)
    assert stops_being_child_traveller(young, grown, TODAY)
    assert not stops_being_child_traveller(grown, young, TODAY)
