# SPDX-License-Identifier: GPL-3.0-or-later
"""Every gate once open and once shut: what blocks it, why, and where it is mended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import (
    A_CHILD,
    OUTSIDE,
    SAFE_COUNTRY,
    TODAY,
    Changes,
    ago,
    ahead,
    answer,
    day,
    gate,
    seen,
)
from tests.unit.domain.gates.gate_samples import part as part_of

from kfdesk.domain.codes.case import GATES
from kfdesk.domain.itinerary import OTHER_CLOCK, SheetFinding
from kfdesk.domain.registers import merge_states
from kfdesk.domain.values import MissingAnswer
from kfdesk.domain.workflow.decision import CHILD_GATES_TO_LEAVE
from kfdesk.domain.workflow.gates import FieldLocation, GateAnswer, GateReason
from kfdesk.domain.workflow.table import STATE_GATES, gates_before

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LATER = ahead(hours=1)


def plan(**values: Any) -> dict[str, Any]:
    return {"plan": values}


def child(**values: Any) -> dict[str, Any]:
    """Return a child that travels along, with its papers."""
    return {
        "relationship": A_CHILD, "traveller": {}, "travel_document": {}, "child_papers": values
    }  # fmt: skip


CHILD: dict[str, Any] = child()

# gate, what is spoilt, why it is not met, and the field to mend
BLOCKED: list[tuple[str, Changes, GateReason, str]] = [
    ("consent_case_management", {"ours agreed": None}, GateReason.NO_CONSENT, "purpose"),
    ("consent_case_management", {"ours agreed": {"withdrawn": ago(hours=1)}},
     GateReason.CONSENT_WITHDRAWN, "withdrawn"),
    ("consent_case_management", {"ours agreed": {"expires": YESTERDAY}},
     GateReason.CONSENT_ENDED, "expires"),
    ("consent_case_management", {"ours agreed": {"recipient": make.PARTNER.hex()}},
     GateReason.NO_CONSENT, "purpose"),
    ("consent_case_management", {"ours agreed": {"form": "vital_interests"}},
     GateReason.NO_CONSENT, "form"),
    ("wish_recorded", plan(wish=None), GateReason.MISSING, "wish"),
    ("wish_recorded", plan(wish_stated=None), GateReason.MISSING, "wish_stated"),
    ("wish_recorded", plan(wish_stated=LATER), GateReason.IN_THE_FUTURE, "wish_stated"),
    ("interpreter_used", plan(interpreter_used=False), GateReason.NOT_YES, "interpreter_used"),
    ("interpreter_used", plan(interpreter_used=None), GateReason.MISSING, "interpreter_used"),
    ("interpreter_used", plan(interpreter_used=None) | {"client": {"needs_interpreter": None}},
     GateReason.MISSING, "needs_interpreter"),
    ("options_explained", plan(alternatives_explained=False), GateReason.NOT_YES,
     "alternatives_explained"),
    ("risk_assessed", {"our risks": None}, GateReason.OURS_MISSING, "conclusion"),
    ("risk_assessed", {"their risks": None}, GateReason.THEIRS_MISSING, "conclusion"),
    ("risk_assessed", {"their risks": {"done": None}}, GateReason.MISSING, "done"),
    ("risk_assessed", {"their risks": {"done": TOMORROW}}, GateReason.IN_THE_FUTURE, "done"),
    ("risk_assessed", {"our risks": {"valid_until": YESTERDAY}}, GateReason.OUT_OF_DATE,
     "valid_until"),
    ("risk_assessed", {"our risks": {"done": day(1).replace(month=10), "valid_until": None}},
     GateReason.OUT_OF_DATE, "valid_until"),
    ("risk_assessed", {"their risks": {"unanswered": 1}}, GateReason.QUESTIONS_OPEN, "unanswered"),
    ("risk_assessed", {"their risks": {"unanswered": None}}, GateReason.QUESTIONS_OPEN,
     "unanswered"),
    ("risk_assessed", {"their risks": {"conclusion": None}}, GateReason.MISSING, "conclusion"),
    ("needs_assessed", plan(needs_assessed=None), GateReason.MISSING, "needs_assessed"),
    ("needs_assessed", plan(needs_assessed=MissingAnswer.UNKNOWN), GateReason.MISSING,
     "needs_assessed"),
    ("reception_asked", {"reception": None}, GateReason.NOT_ASKED, "asked"),
    ("reception_asked", {"reception": {"asked": None}}, GateReason.NOT_ASKED, "asked"),
    ("legal_checked", plan(legal_checked=None), GateReason.MISSING, "legal_checked"),
    ("legal_checked", {"law": {"must_be_present": True}}, GateReason.HEARING, "must_be_present"),
    ("legal_checked", {"law": {"must_be_present": None}}, GateReason.HEARING, "must_be_present"),
    ("legal_checked", {"law": {"decision": "granted", "lapses_on_leaving": True}},
     GateReason.CLAIM_LOST, "lapses_on_leaving"),
    ("legal_checked", {"law": {"decision": None, "lapses_on_leaving": None}},
     GateReason.CLAIM_LOST, "lapses_on_leaving"),
    ("guardian_named", child(guardian=None), GateReason.MISSING, "guardian"),
    ("child_heard", child(childs_view_heard=None), GateReason.MISSING, "childs_view_heard"),
    ("family_assessed", child(family_assessed=None), GateReason.MISSING, "family_assessed"),
    ("family_assessed", child(family_assessment_result="unclear"),
     GateReason.RESULT_UNCLEAR, "family_assessment_result"),
    ("best_interests", child(bid_decided=None), GateReason.MISSING, "bid_decided"),
    ("best_interests", child(bid_decision="bid_against"),
     GateReason.NOT_IN_FAVOUR, "bid_decision"),
    ("best_interests", child(bid_decided=day(1).replace(month=11)),
     GateReason.BEFORE_IT_WAS_KNOWN, "bid_decided"),
    ("guardian_order", child(guardian_order=" "), GateReason.MISSING, "guardian_order"),
    ("guardian_order", child(custody_contested=None), GateReason.MISSING, "custody_contested"),
    ("guardian_order", child(custody_contested=True, custody_contested_by=None),
     GateReason.MISSING, "custody_contested_by"),
    ("guardian_order", child(custody_contested=True, custody_court=None),
     GateReason.MISSING, "custody_court"),
    ("guardian_order", child(custody_contested=True, custody_day=None),
     GateReason.MISSING, "custody_day"),
    ("takeover_written", child(takeover_by_authority=None), GateReason.MISSING,
     "takeover_by_authority"),
    ("takeover_written", child(takeover_authority=None), GateReason.MISSING, "takeover_authority"),
    ("conclusion_allows", {"their risks": {"conclusion": "return_not_safe"}},
     GateReason.CONCLUSION_FORBIDS, "conclusion"),
    ("conclusion_allows", {"our risks": {"conclusion": "postpone"}},
     GateReason.CONCLUSION_FORBIDS, "conclusion"),
    ("conclusion_allows", {"our risks": {"conclusion": None}}, GateReason.MISSING, "conclusion"),
    ("conclusion_allows", {"our risks": {"valid_until": YESTERDAY}},
     GateReason.OUT_OF_DATE, "valid_until"),
    ("measures_agreed", {"their risks": {"measures_agreed": False}},
     GateReason.NOT_YES, "measures_agreed"),
    ("measures_agreed", {"their risks": None}, GateReason.MISSING, "conclusion"),
    ("second_person", {"decision": None}, GateReason.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"given_by": None}}, GateReason.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"given_by": "pp"}}, GateReason.SAME_PERSON, "given_by"),
    ("second_person", {"decision": {"kind": "override"}}, GateReason.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"ends": ago(hours=1)}}, GateReason.TOO_OLD, "given_by"),
    ("client_signed", plan(decision_signed=None), GateReason.MISSING, "decision_signed"),
    ("client_signed", plan(decision_language="sv"), GateReason.OTHER_LANGUAGE, "decision_language"),
    ("client_signed", {"client": {"languages": None}}, GateReason.OTHER_LANGUAGE,
     "decision_language"),
    ("consent_to_receiver", {"theirs agreed": None}, GateReason.NO_CONSENT, "purpose"),
    ("consent_to_receiver", {"theirs agreed": {"recipient": make.THIRD.hex()}},
     GateReason.NO_CONSENT, "purpose"),
    ("third_country", {"theirs agreed": {"transfer_tool": "none"}},
     GateReason.NO_GROUND, "transfer_tool"),
    ("third_country", {"theirs agreed": {"transfer_tool": None}}, GateReason.NO_GROUND,
     "transfer_tool"),
    ("third_country", {"theirs agreed": {"warned": None}}, GateReason.NOT_WARNED, "warned"),
    ("third_country", {"theirs agreed": {"language": "sv"}}, GateReason.OTHER_LANGUAGE, "language"),
    ("third_country", {"theirs agreed": None}, GateReason.NO_CONSENT, "purpose"),
    ("third_country",
     plan(third_country_explained=None) | {"theirs agreed": {"transfer_tool": "scc_46"}},
     GateReason.MISSING, "third_country_explained"),
    ("reception_confirmed", {"reception": {"status": "asked"}}, GateReason.NOT_CONFIRMED, "status"),
    ("reception_confirmed", {"reception": {"received_by": None}}, GateReason.MISSING,
     "received_by"),
    ("reception_confirmed", {"reception": {"organisation": make.THIRD.hex()}},
     GateReason.NOT_CONFIRMED, "status"),
    ("documents_valid", {"passport": None}, GateReason.TOO_FEW_DOCUMENTS, "kind"),
    ("documents_valid", {"passport": {"kind": "visa_transit"}}, GateReason.TOO_FEW_DOCUMENTS,
     "kind"),
    ("documents_valid", {"passport": {"status": "lost"}}, GateReason.TOO_FEW_DOCUMENTS, "status"),
    ("documents_valid", {"passport": {"valid_until": day(12)}}, GateReason.DOCUMENT_ENDS,
     "valid_until"),
    ("documents_valid", {"relationship": A_CHILD}, GateReason.NOT_LISTED, "person"),
    ("documents_valid", {"relationship": A_CHILD, "traveller": {}}, GateReason.NO_OWN_DOCUMENT,
     "kind"),
    ("documents_valid", child() | {"travel_document": {"status": "lost"}},
     GateReason.TOO_FEW_DOCUMENTS, "status"),
    ("documents_valid", child() | {"passport": None}, GateReason.TOO_FEW_DOCUMENTS, "kind"),
    ("legs_booked", {"leg": None, "second leg": None}, GateReason.NO_LEGS, "sequence"),
    ("legs_booked", {"leg": {"status": "missed"}, "second leg": {"status": "cancelled"}},
     GateReason.NO_LEGS, "sequence"),
    ("legs_booked", {"second leg": {"status": "planned"}}, GateReason.NOT_BOOKED, "status"),
    ("legs_booked", {"second leg": {"arrives": None}}, GateReason.MISSING, "arrives"),
    ("legs_booked", {"second leg": {"met_by": None, "meeter": None}}, GateReason.NOBODY_MEETS,
     "met_by"),
    ("legs_booked", {"second leg": {"alone": True}, **CHILD}, GateReason.CHILD_ALONE, "alone"),
    ("check_ins_set", {"second leg": {"check_in": None}}, GateReason.MISSING, "check_in"),
    ("check_ins_set", {"leg": None, "second leg": None}, GateReason.NO_LEGS, "sequence"),
    ("escort_set", plan(escort_kind=None), GateReason.MISSING, "escort_kind"),
    ("escort_set", plan(escort=None), GateReason.MISSING, "escort"),
    ("escort_set", plan(escort_kind="none_wanted") | CHILD,
     GateReason.ESCORT_OBLIGATORY, "escort_kind"),
    ("fit_to_travel", plan(fit_to_travel_needed=None), GateReason.MISSING, "fit_to_travel_needed"),
    ("fit_to_travel", plan(fit_to_travel_until=None), GateReason.MISSING, "fit_to_travel_until"),
    ("fit_to_travel", plan(fit_to_travel_until=make.at(13, 12)),
     GateReason.ENDS_TOO_EARLY, "fit_to_travel_until"),
    ("paper_checked", plan(wants_paper=None), GateReason.MISSING, "wants_paper"),
    ("wish_fresh", plan(wish_reconfirmed=ago(hours=49)), GateReason.TOO_OLD, "wish_reconfirmed"),
    ("wish_fresh", plan(wish_reconfirmed=LATER), GateReason.IN_THE_FUTURE, "wish_reconfirmed"),
    ("wish_fresh", plan(wish="client_undecided"), GateReason.WISH_IS_ANOTHER, "wish"),
    ("risk_fresh", plan(risk_read=ago(hours=73)), GateReason.TOO_OLD, "risk_read"),
    ("risk_fresh", {"their risks": {"conclusion": "return_not_safe"}},
     GateReason.CONCLUSION_FORBIDS, "conclusion"),
    ("risk_fresh", {"decision": None}, GateReason.NOBODY_APPROVED, "given_by"),
    ("departure_recorded", {"leg": {"departed": None}}, GateReason.NOT_RECORDED, "departed"),
    ("departure_recorded", {"leg": {"departed": LATER}}, GateReason.NOT_RECORDED, "departed"),
    ("departure_recorded", {"leg": None, "second leg": None}, GateReason.NO_LEGS, "sequence"),
    ("arrival_confirmed", {"handover": None}, GateReason.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"happened": LATER}}, GateReason.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"result": "not_arrived", "confirmed_by_client": None}},
     GateReason.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"place": "transit", "confirmed_by_client": False}},
     GateReason.NOT_RECORDED, "result"),
    ("reintegration_agreed", plan(reintegration_agreed=None),
     GateReason.MISSING, "reintegration_agreed"),
    ("services_running", plan(services_running=False), GateReason.NOT_YES, "services_running"),
    ("follow_up_scheduled", plan(follow_up_set=None), GateReason.MISSING, "follow_up_set"),
    ("closure_reason", plan(closure_reason=None), GateReason.MISSING, "closure_reason"),
    ("last_risk_read", plan(last_risk_read=TOMORROW), GateReason.IN_THE_FUTURE, "last_risk_read"),
    ("client_told", plan(told_what_is_kept=None), GateReason.MISSING, "told_what_is_kept"),
    ("retention_set", plan(retention_until=None), GateReason.MISSING, "retention_until"),
    ("retention_set", plan(retention_until=YESTERDAY), GateReason.IN_THE_PAST, "retention_until"),
    ("receipts_in", plan(receipts_in=False), GateReason.NOT_YES, "receipts_in"),
]  # fmt: skip

# what makes a gate not concern the plan
BESIDE: list[tuple[str, Changes]] = [
    ("interpreter_used", plan(interpreter_used=None) | {"client": {"needs_interpreter": False}}),
    ("measures_agreed", {"our risks": {"conclusion": "return_possible"},
                         "their risks": {"conclusion": "return_possible"}}),
    ("fit_to_travel", plan(fit_to_travel_needed=False)),
    ("paper_checked", plan(wants_paper="no_paper")),
]  # fmt: skip

# what lets a gate pass by another way than the sample's
ALSO_MET: list[tuple[str, Changes]] = [
    ("legal_checked", {"law": None}),
    ("legal_checked", {"law": {"next_hearing": ago(days=3), "must_be_present": True}}),
    ("legs_booked", {"second leg": {"met_by": None, "meeter": None, "alone": True}}),
    ("legs_booked", {"second leg": {"met_by": None}}),
    ("escort_set", plan(escort_kind="none_wanted", escort=None)),
    ("arrival_confirmed", {"handover": {"confirmed_by_client": None}}),
    ("arrival_confirmed", {"handover": {"result": None}}),
    ("wish_recorded", plan(wish="client_undecided")),
    ("family_assessed", child(family_assessment_result="not_safe")),
    ("risk_assessed", {"our risks": {"valid_until": None}}),
    ("documents_valid", CHILD),
]  # fmt: skip


def test_every_gate_has_its_place_and_no_other() -> None:
    asked = {g.code for target in STATE_GATES for g in gates_before(target, seen())}
    assert asked == set(GATES)


@pytest.mark.parametrize("target", STATE_GATES)
def test_whole_plan_passes_every_gate(target: str) -> None:
    assert [g.code for g in gates_before(target, seen()) if g.is_open] == []


@pytest.mark.parametrize("target", STATE_GATES)
def test_whole_plan_with_a_child_passes_every_gate(target: str) -> None:
    gates = gates_before(target, seen(CHILD))
    assert [g.code for g in gates if g.answer is not GateAnswer.MET] == []


@pytest.mark.parametrize(("code", "spoilt", "why", "key"), BLOCKED)
def test_gate_is_not_met_and_says_why_and_where(
    code: str, spoilt: Changes, why: GateReason, key: str
) -> None:
    found = gate(code, seen(spoilt))
    assert found.where is not None
    assert (found.answer, found.why, found.where.key) == (GateAnswer.NOT_MET, why, key)


def test_every_gate_is_blocked_by_something_here() -> None:
    assert {code for code, *_ in BLOCKED} == set(GATES)


@pytest.mark.parametrize(("code", "changes"), BESIDE)
def test_gate_does_not_concern_this_plan(code: str, changes: Changes) -> None:
    assert answer(code, seen(changes)) is GateAnswer.NOT_APPLICABLE


@pytest.mark.parametrize(("code", "changes"), ALSO_MET)
def test_gate_is_met_another_way(code: str, changes: Changes) -> None:
    assert answer(code, seen(changes)) is GateAnswer.MET


@pytest.mark.parametrize("code", ["consent_to_receiver", "third_country", "reception_confirmed"])
def test_plan_without_a_receiver_waits(code: str) -> None:
    found = gate(code, seen(receiver=None))
    assert (found.why, found.where and found.where.key) == (GateReason.NO_RECEIVER, "receiver")


def test_without_a_receiver_nobodys_assessment_is_awaited() -> None:
    found = gate("risk_assessed", seen({"their risks": None}, receiver=None))
    assert (found.why, found.where and found.where.key) == (GateReason.NO_RECEIVER, "receiver")


def test_receiver_of_which_no_country_is_known_may_be_outside_the_eea() -> None:
    nowhere = replace(OUTSIDE, is_third_country=None)
    found = gate("third_country", seen(receiver=nowhere))
    assert (found.why, found.where and found.where.key) == (GateReason.MISSING, "country")


def test_third_country_gate_does_not_concern_a_receiver_inside_the_eea() -> None:
    spoilt = {"theirs agreed": {"transfer_tool": None}, "plan": {"third_country_explained": None}}
    assert answer("third_country", seen(spoilt, receiver=SAFE_COUNTRY)) is GateAnswer.NOT_APPLICABLE


def test_paper_with_a_fault_blocks() -> None:
    found = gate("paper_checked", seen(paper=(SheetFinding("missing", "leg", "departs", 2),)))
    assert (found.why, found.where and found.where.key) == (GateReason.PAPER_HAS_FAULTS, "departs")


@pytest.mark.parametrize(
    ("code", "part", "key", "other"),
    [
        ("wish_recorded", "plan", "wish", "client_undecided"),
        ("options_explained", "plan", "alternatives_explained", False),
        ("interpreter_used", "plan", "interpreter_used", False),
        ("risk_assessed", "their risks", "conclusion", "postpone"),
        ("consent_to_receiver", "theirs agreed", "expires", day(30)),
        ("reception_confirmed", "reception", "status", "no_answer"),
        ("documents_valid", "passport", "valid_until", day(31)),
        ("second_person", "decision", "given_by", "BO"),
        ("legal_checked", "law", "lapses_on_leaving", True),
        ("legs_booked", "leg", "departs", make.at(12, 9)),
    ],
)  # fmt: skip
def test_field_in_conflict_leaves_the_gate_open(code: str, part: str, key: str, other: Any) -> None:
    torn = part_of(part)
    one = make.changed(torn, {key: other}, make.signature("EV, Nordhuset", 2))
    two = make.changed(torn, {key: None}, make.signature("ОМ, Дом у реки", 3))
    both = replace(torn, state=merge_states(one.state, two.state))
    assert gate(code, seen({part: None}, both)).is_open


def test_nobody_is_asked_for_a_child_where_there_is_none() -> None:
    s = seen()
    codes = {check(s).code for check in CHILD_GATES_TO_LEAVE}
    assert {answer(code, s) for code in codes} == {GateAnswer.NOT_APPLICABLE}
    assert len(codes) == 6


def test_warning_heard_before_an_explicit_consent_is_not_asked_for_again() -> None:
    asked = {"plan": {"third_country_explained": None}}
    assert answer("third_country", seen(asked)) is GateAnswer.MET
    for warned in (None, MissingAnswer.UNKNOWN, ahead(hours=1)):
        unheard = asked | {"theirs agreed": {"warned": warned}}
        assert gate("third_country", seen(unheard)).why is GateReason.NOT_WARNED


def test_contract_is_a_ground_for_a_third_country_without_a_warning() -> None:
    agreed = {"theirs agreed": {"transfer_tool": "scc_46", "warned": None}}
    assert answer("third_country", seen(agreed)) is GateAnswer.MET


def test_reception_of_which_two_organisations_are_named_confirms_nothing() -> None:
    s = seen()
    torn = replace(s.receptions[0], conflicts=frozenset({"organisation"}))
    found = gate("reception_confirmed", replace(s, receptions=(torn, *s.receptions[1:])))
    assert (found.why, found.where and found.where.key) == (GateReason.UNDECIDED, "organisation")


@pytest.mark.parametrize("number", [1, 2, 3, None])
def test_time_by_the_clocks_of_another_place_keeps_its_leg_open(number: int | None) -> None:
    found = SheetFinding(OTHER_CLOCK, "leg", "arrives", number)
    s = seen(paper=(SheetFinding("missing", "leg", "mode", 1), found))
    told = gate("legs_booked", s)
    if number not in {1, 2}:  # a leg that is not here
        assert told.answer is GateAnswer.MET
        return
    assert told.why is GateReason.OTHER_CLOCK
    assert told.where == FieldLocation("leg", "arrives", s.legs[number - 1].rid)
