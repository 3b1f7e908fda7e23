# SPDX-License-Identifier: GPL-3.0-or-later
"""The list before leaving: what the records prove equals the gates and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import A_CHILD, TODAY, ago, ahead, day, gate, seen

from kfdesk.domain.codes.case import DEPARTURE_CHECK
from kfdesk.domain.workflow.departure import proven_checks
from kfdesk.domain.workflow.gates import GateAnswer, GateReason

BY_HAND = {"onward", "alarm_plan", "money", "medication", "luggage", "phone", "authorities"}
SAME = {
    "wish": "wish_fresh", "risk": "risk_fresh", "fit_to_travel": "fit_to_travel",
    "documents": "documents_valid", "reception": "reception_confirmed",
    "check_ins": "check_ins_set", "papers": "paper_checked", "hearings": "legal_checked",
}  # fmt: skip
VISA: dict[str, Any] = {"kind": "visa_transit", "status": "held_by_client"}


def test_seven_points_are_left_to_a_person_and_a_visa_that_nobody_recorded() -> None:
    proven = proven_checks(seen(), make.OURS)
    assert set(DEPARTURE_CHECK) - set(proven) == BY_HAND | {"transit_visa"}
    assert list(proven) == [code for code in DEPARTURE_CHECK if code in proven]
    assert {one.answer for code, one in proven.items() if code != "child"} == {GateAnswer.MET}
    assert proven["child"].answer is GateAnswer.NOT_APPLICABLE
    assert all(one.code == code for code, one in proven.items())


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"plan": {"wish_reconfirmed": ago(hours=49)}}, {"wish"}),
        ({"plan": {"wish_reconfirmed": ahead(hours=1)}}, {"wish"}),
        ({"plan": {"risk_read": None}}, {"risk"}),
        ({"plan": {"fit_to_travel_needed": None}}, {"fit_to_travel"}),
        ({"plan": {"wants_paper": None}}, {"papers"}),
        ({"plan": {"legal_checked": None}}, {"hearings"}),
        ({"law": {"next_hearing": ahead(days=2), "must_be_present": True}}, {"hearings"}),
        ({"passport": {"status": "lost"}}, {"documents"}),
        ({"reception": {"status": "asked"}}, {"reception"}),
        ({"leg": {"check_in": None}}, {"check_ins"}),
        ({"leg": {"met_by": None, "meeter": None}}, {"meeters"}),
        ({"leg": {"status": "planned"}}, set()),
        ({"leg": None, "second leg": None}, {"meeters", "check_ins"}),
        ({"child": None, "relationship": A_CHILD}, {"documents", "child"}),
    ],
)
def test_point_opens_with_its_gate_and_leads_where_the_gate_leads(
    changes: dict[str, Any], lost: set[str]
) -> None:
    s = seen(changes)
    proven = proven_checks(s, make.OURS)
    assert {code for code, one in proven.items() if one.is_open} == lost
    for code in lost & set(SAME):
        assert (proven[code].why, proven[code].where) == (
            gate(SAME[code], s).why, gate(SAME[code], s).where,
        )  # fmt: skip
    assert all(proven[code].where is not None for code in lost)


def test_name_that_is_not_on_the_ticket_opens_the_documents_though_the_gate_is_met() -> None:
    s = seen({
        "client": {"name_on_ticket": "NINA SHCHERBAKOVA"},
        "passport": {"name_as_written": "NINA VYMYSLOVA"},
    })  # fmt: skip
    found = proven_checks(s, make.OURS)["documents"]
    assert gate("documents_valid", s).answer is GateAnswer.MET
    assert (found.answer, found.why) == (GateAnswer.NOT_MET, GateReason.OTHER_NAME)
    assert found.where is not None
    assert found.where.key == "name_as_written"


def test_gate_that_a_second_person_set_aside_stays_so_in_the_list() -> None:
    aside = {**make.FILLED["approval"], "kind": "override", "gate": "check_ins_set", "ends": None}
    row = make.row("approval", aside, rid=make.named_id("aside"), parent=make.PLAN)
    s = seen({"leg": {"check_in": None}}, row)
    assert gate("check_ins_set", s).answer is GateAnswer.OVERRIDDEN
    assert proven_checks(s, make.OURS)["check_ins"].answer is GateAnswer.OVERRIDDEN


@pytest.mark.parametrize(
    ("visa", "answer"),
    [
        ({"valid_until": day(31)}, GateAnswer.MET),
        ({"valid_until": day(31), "status": "requested"}, GateAnswer.NOT_MET),
        ({"valid_until": day(31), "status": "expired"}, GateAnswer.NOT_MET),
        ({"valid_until": TODAY - timedelta(days=1)}, None),
        ({"valid_until": None}, None),
    ],
)
def test_visa_on_record_is_proven_or_left_to_a_person(
    visa: dict[str, Any], answer: GateAnswer | None
) -> None:
    found = proven_checks(seen(None, *seen_visa(visa)), make.OURS).get("transit_visa")
    assert (found and found.answer) is answer


def seen_visa(values: dict[str, Any]) -> tuple[Any, ...]:
    """One transit visa as a row."""
    return (
        make.row(
            "travel_document", {**VISA, **values}, rid=make.named_id("visa"), parent=make.PLAN
        ),
    )


def test_part_of_the_records_at_another_desk_proves_nothing() -> None:
    assert proven_checks(seen(), make.PARTNER) == {}
