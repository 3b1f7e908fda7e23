# SPDX-License-Identifier: GPL-3.0-or-later
"""Every gate once open and once shut: what blocks it, why, and where it is mended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests import make
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

from kfdesk.domain.checks import Finding
from kfdesk.domain.gates.gate import Answer, Why
from kfdesk.domain.gates.table import BEFORE, gates_before
from kfdesk.domain.gates.travellers import TO_LEAVE
from kfdesk.domain.lists.case_codes import GATES
from kfdesk.domain.values import Gap
from kfdesk.domain.writes import join

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LATER = ahead(hours=1)


def plan(**values: Any) -> dict[str, Any]:
    return {"plan": values}


def child(**values: Any) -> dict[str, Any]:
    """A child that travels along, with its papers."""
    return {"relationship": A_CHILD, "travel_document": {}, "child_papers": values}


CHILD: dict[str, Any] = child()

# gate, what is spoilt, why it is not met, and the field to mend
BLOCKED: list[tuple[str, Changes, Why, str]] = [
    ("consent_case_management", {"ours agreed": None}, Why.NO_CONSENT, "purpose"),
    ("consent_case_management", {"ours agreed": {"withdrawn": ago(hours=1)}},
     Why.CONSENT_WITHDRAWN, "withdrawn"),
    ("consent_case_management", {"ours agreed": {"expires": YESTERDAY}},
     Why.CONSENT_ENDED, "expires"),
    ("consent_case_management", {"ours agreed": {"recipient": make.PARTNER.hex()}},
     Why.NO_CONSENT, "purpose"),
    ("consent_case_management", {"ours agreed": {"form": "vital_interests"}},
     Why.NO_CONSENT, "form"),
    ("wish_recorded", plan(wish=None), Why.MISSING, "wish"),
    ("wish_recorded", plan(wish_stated=None), Why.MISSING, "wish_stated"),
    ("wish_recorded", plan(wish_stated=LATER), Why.IN_THE_FUTURE, "wish_stated"),
    ("interpreter_used", plan(interpreter_used=False), Why.NOT_YES, "interpreter_used"),
    ("interpreter_used", plan(interpreter_used=None), Why.MISSING, "interpreter_used"),
    ("interpreter_used", plan(interpreter_used=None) | {"client": {"needs_interpreter": None}},
     Why.MISSING, "needs_interpreter"),
    ("options_explained", plan(alternatives_explained=False), Why.NOT_YES,
     "alternatives_explained"),
    ("risk_assessed", {"our risks": None}, Why.OURS_MISSING, "conclusion"),
    ("risk_assessed", {"their risks": None}, Why.THEIRS_MISSING, "conclusion"),
    ("risk_assessed", {"their risks": {"done": None}}, Why.MISSING, "done"),
    ("risk_assessed", {"their risks": {"done": TOMORROW}}, Why.IN_THE_FUTURE, "done"),
    ("risk_assessed", {"our risks": {"valid_until": YESTERDAY}}, Why.OUT_OF_DATE, "valid_until"),
    ("risk_assessed", {"our risks": {"done": day(1).replace(month=10), "valid_until": None}},
     Why.OUT_OF_DATE, "valid_until"),
    ("risk_assessed", {"their risks": {"unanswered": 1}}, Why.QUESTIONS_OPEN, "unanswered"),
    ("risk_assessed", {"their risks": {"unanswered": None}}, Why.QUESTIONS_OPEN, "unanswered"),
    ("risk_assessed", {"their risks": {"conclusion": None}}, Why.MISSING, "conclusion"),
    ("needs_assessed", plan(needs_assessed=None), Why.MISSING, "needs_assessed"),
    ("needs_assessed", plan(needs_assessed=Gap.UNKNOWN), Why.MISSING, "needs_assessed"),
    ("reception_asked", {"reception": None}, Why.NOT_ASKED, "asked"),
    ("reception_asked", {"reception": {"asked": None}}, Why.NOT_ASKED, "asked"),
    ("legal_checked", plan(legal_checked=None), Why.MISSING, "legal_checked"),
    ("legal_checked", {"law": {"must_be_present": True}}, Why.HEARING, "must_be_present"),
    ("legal_checked", {"law": {"must_be_present": None}}, Why.HEARING, "must_be_present"),
    ("legal_checked", {"law": {"decision": "granted", "lapses_on_leaving": True}},
     Why.CLAIM_LOST, "lapses_on_leaving"),
    ("legal_checked", {"law": {"decision": None, "lapses_on_leaving": None}},
     Why.CLAIM_LOST, "lapses_on_leaving"),
    ("guardian_named", child(guardian=None), Why.MISSING, "guardian"),
    ("child_heard", child(childs_view_heard=None), Why.MISSING, "childs_view_heard"),
    ("family_assessed", child(family_assessed=None), Why.MISSING, "family_assessed"),
    ("family_assessed", child(family_assessment_result="unclear"),
     Why.RESULT_UNCLEAR, "family_assessment_result"),
    ("best_interests", child(bid_decided=None), Why.MISSING, "bid_decided"),
    ("best_interests", child(bid_decision="bid_against"),
     Why.NOT_IN_FAVOUR, "bid_decision"),
    ("best_interests", child(bid_decided=day(1).replace(month=11)),
     Why.BEFORE_IT_WAS_KNOWN, "bid_decided"),
    ("guardian_order", child(guardian_order=" "), Why.MISSING, "guardian_order"),
    ("takeover_written", child(takeover_by_authority=None), Why.MISSING, "takeover_by_authority"),
    ("takeover_written", child(takeover_authority=None), Why.MISSING, "takeover_authority"),
    ("conclusion_allows", {"their risks": {"conclusion": "return_not_safe"}},
     Why.CONCLUSION_FORBIDS, "conclusion"),
    ("conclusion_allows", {"our risks": {"conclusion": "postpone"}},
     Why.CONCLUSION_FORBIDS, "conclusion"),
    ("conclusion_allows", {"our risks": {"conclusion": None}}, Why.MISSING, "conclusion"),
    ("conclusion_allows", {"our risks": {"valid_until": YESTERDAY}},
     Why.OUT_OF_DATE, "valid_until"),
    ("measures_agreed", {"their risks": {"measures_agreed": False}},
     Why.NOT_YES, "measures_agreed"),
    ("measures_agreed", {"their risks": None}, Why.MISSING, "conclusion"),
    ("second_person", {"decision": None}, Why.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"given_by": None}}, Why.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"given_by": "pp"}}, Why.SAME_PERSON, "given_by"),
    ("second_person", {"decision": {"kind": "override"}}, Why.NOBODY_APPROVED, "given_by"),
    ("second_person", {"decision": {"ends": ago(hours=1)}}, Why.TOO_OLD, "given_by"),
    ("client_signed", plan(decision_signed=None), Why.MISSING, "decision_signed"),
    ("client_signed", plan(decision_language="sv"), Why.OTHER_LANGUAGE, "decision_language"),
    ("client_signed", {"client": {"languages": None}}, Why.OTHER_LANGUAGE, "decision_language"),
    ("consent_to_receiver", {"theirs agreed": None}, Why.NO_CONSENT, "purpose"),
    ("consent_to_receiver", {"theirs agreed": {"recipient": make.THIRD.hex()}},
     Why.NO_CONSENT, "purpose"),
    ("third_country", {"theirs agreed": {"transfer_tool": "none"}},
     Why.NO_GROUND, "transfer_tool"),
    ("third_country", {"theirs agreed": {"transfer_tool": None}}, Why.NO_GROUND, "transfer_tool"),
    ("third_country", {"theirs agreed": {"warned": None}}, Why.NOT_WARNED, "warned"),
    ("third_country", {"theirs agreed": {"language": "sv"}}, Why.OTHER_LANGUAGE, "language"),
    ("third_country", {"theirs agreed": None}, Why.NO_CONSENT, "purpose"),
    ("third_country", plan(third_country_explained=None), Why.MISSING, "third_country_explained"),
    ("reception_confirmed", {"reception": {"status": "asked"}}, Why.NOT_CONFIRMED, "status"),
    ("reception_confirmed", {"reception": {"received_by": None}}, Why.MISSING, "received_by"),
    ("reception_confirmed", {"reception": {"organisation": make.THIRD.hex()}},
     Why.NOT_CONFIRMED, "status"),
    ("documents_valid", {"passport": None}, Why.TOO_FEW_DOCUMENTS, "kind"),
    ("documents_valid", {"passport": {"kind": "visa_transit"}}, Why.TOO_FEW_DOCUMENTS, "kind"),
    ("documents_valid", {"passport": {"status": "lost"}}, Why.TOO_FEW_DOCUMENTS, "status"),
    ("documents_valid", {"passport": {"valid_until": day(12)}}, Why.DOCUMENT_ENDS, "valid_until"),
    ("documents_valid", {"relationship": A_CHILD}, Why.TOO_FEW_DOCUMENTS, "kind"),
    ("legs_booked", {"leg": None, "second leg": None}, Why.NO_LEGS, "sequence"),
    ("legs_booked", {"leg": {"status": "missed"}, "second leg": {"status": "cancelled"}},
     Why.NO_LEGS, "sequence"),
    ("legs_booked", {"second leg": {"status": "planned"}}, Why.NOT_BOOKED, "status"),
    ("legs_booked", {"second leg": {"arrives": None}}, Why.MISSING, "arrives"),
    ("legs_booked", {"second leg": {"met_by": None, "meeter": None}}, Why.NOBODY_MEETS, "met_by"),
    ("legs_booked", {"second leg": {"alone": True}, **CHILD}, Why.CHILD_ALONE, "alone"),
    ("check_ins_set", {"second leg": {"check_in": None}}, Why.MISSING, "check_in"),
    ("check_ins_set", {"leg": None, "second leg": None}, Why.NO_LEGS, "sequence"),
    ("escort_set", plan(escort_kind=None), Why.MISSING, "escort_kind"),
    ("escort_set", plan(escort=None), Why.MISSING, "escort"),
    ("escort_set", plan(escort_kind="none_wanted") | CHILD,
     Why.ESCORT_OBLIGATORY, "escort_kind"),
    ("fit_to_travel", plan(fit_to_travel_needed=None), Why.MISSING, "fit_to_travel_needed"),
    ("fit_to_travel", plan(fit_to_travel_until=None), Why.MISSING, "fit_to_travel_until"),
    ("fit_to_travel", plan(fit_to_travel_until=make.at(13, 12)),
     Why.ENDS_TOO_EARLY, "fit_to_travel_until"),
    ("paper_checked", plan(wants_paper=None), Why.MISSING, "wants_paper"),
    ("wish_fresh", plan(wish_reconfirmed=ago(hours=49)), Why.TOO_OLD, "wish_reconfirmed"),
    ("wish_fresh", plan(wish_reconfirmed=LATER), Why.IN_THE_FUTURE, "wish_reconfirmed"),
    ("wish_fresh", plan(wish="client_undecided"), Why.WISH_IS_ANOTHER, "wish"),
    ("risk_fresh", plan(risk_read=ago(hours=73)), Why.TOO_OLD, "risk_read"),
    ("risk_fresh", {"their risks": {"conclusion": "return_not_safe"}},
     Why.CONCLUSION_FORBIDS, "conclusion"),
    ("risk_fresh", {"decision": None}, Why.NOBODY_APPROVED, "given_by"),
    ("departure_recorded", {"leg": {"departed": None}}, Why.NOT_RECORDED, "departed"),
    ("departure_recorded", {"leg": {"departed": LATER}}, Why.NOT_RECORDED, "departed"),
    ("departure_recorded", {"leg": None, "second leg": None}, Why.NO_LEGS, "sequence"),
    ("arrival_confirmed", {"handover": None}, Why.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"happened": LATER}}, Why.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"result": "not_arrived", "confirmed_by_client": None}},
     Why.NOT_RECORDED, "result"),
    ("arrival_confirmed", {"handover": {"place": "transit", "confirmed_by_client": False}},
     Why.NOT_RECORDED, "result"),
    ("reintegration_agreed", plan(reintegration_agreed=None),
     Why.MISSING, "reintegration_agreed"),
    ("services_running", plan(services_running=False), Why.NOT_YES, "services_running"),
    ("follow_up_scheduled", plan(follow_up_set=None), Why.MISSING, "follow_up_set"),
    ("closure_reason", plan(closure_reason=None), Why.MISSING, "closure_reason"),
    ("last_risk_read", plan(last_risk_read=TOMORROW), Why.IN_THE_FUTURE, "last_risk_read"),
    ("client_told", plan(told_what_is_kept=None), Why.MISSING, "told_what_is_kept"),
    ("retention_set", plan(retention_until=None), Why.MISSING, "retention_until"),
    ("retention_set", plan(retention_until=YESTERDAY), Why.IN_THE_PAST, "retention_until"),
    ("receipts_in", plan(receipts_in=False), Why.NOT_YES, "receipts_in"),
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
    asked = {g.code for target in BEFORE for g in gates_before(target, seen())}
    assert asked == set(GATES)


@pytest.mark.parametrize("target", BEFORE)
def test_whole_plan_passes_every_gate(target: str) -> None:
    assert [g.code for g in gates_before(target, seen()) if g.is_open] == []


@pytest.mark.parametrize("target", BEFORE)
def test_whole_plan_with_a_child_passes_every_gate(target: str) -> None:
    gates = gates_before(target, seen(CHILD))
    assert [g.code for g in gates if g.answer is not Answer.MET] == []


@pytest.mark.parametrize(("code", "spoilt", "why", "key"), BLOCKED)
def test_gate_is_not_met_and_says_why_and_where(
    code: str, spoilt: Changes, why: Why, key: str
) -> None:
    found = gate(code, seen(spoilt))
    assert found.where is not None
    assert (found.answer, found.why, found.where.key) == (Answer.NOT_MET, why, key)


def test_every_gate_is_blocked_by_something_here() -> None:
    assert {code for code, *_ in BLOCKED} == set(GATES)


@pytest.mark.parametrize(("code", "changes"), BESIDE)
def test_gate_does_not_concern_this_plan(code: str, changes: Changes) -> None:
    assert answer(code, seen(changes)) is Answer.NOT_APPLICABLE


@pytest.mark.parametrize(("code", "changes"), ALSO_MET)
def test_gate_is_met_another_way(code: str, changes: Changes) -> None:
    assert answer(code, seen(changes)) is Answer.MET


@pytest.mark.parametrize("code", ["consent_to_receiver", "third_country", "reception_confirmed"])
def test_plan_without_a_receiver_waits(code: str) -> None:
    found = gate(code, seen(receiver=None))
    assert (found.why, found.where and found.where.key) == (Why.NO_RECEIVER, "receiver")


def test_receiver_of_which_no_country_is_known_may_be_outside_the_eea() -> None:
    nowhere = replace(OUTSIDE, is_third_country=None)
    found = gate("third_country", seen(receiver=nowhere))
    assert (found.why, found.where and found.where.key) == (Why.MISSING, "country")


def test_third_country_gate_does_not_concern_a_receiver_inside_the_eea() -> None:
    spoilt = {"theirs agreed": {"transfer_tool": None}, "plan": {"third_country_explained": None}}
    assert answer("third_country", seen(spoilt, receiver=SAFE_COUNTRY)) is Answer.NOT_APPLICABLE


def test_paper_with_a_fault_blocks() -> None:
    found = gate("paper_checked", seen(paper=(Finding("missing", "leg", "departs", 2),)))
    assert (found.why, found.where and found.where.key) == (Why.PAPER_HAS_FAULTS, "departs")


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
    both = replace(torn, state=join(one.state, two.state))
    assert gate(code, seen({part: None}, both)).is_open


def test_nobody_is_asked_for_a_child_where_there_is_none() -> None:
    s = seen()
    codes = {check(s).code for check in TO_LEAVE}
    assert {answer(code, s) for code in codes} == {Answer.NOT_APPLICABLE}
    assert len(codes) == 6


def test_contract_is_a_ground_for_a_third_country_without_a_warning() -> None:
    agreed = {"theirs agreed": {"transfer_tool": "scc_46", "warned": None}}
    assert answer("third_country", seen(agreed)) is Answer.MET


def test_reception_of_which_two_organisations_are_named_confirms_nothing() -> None:
    s = seen()
    torn = replace(s.receptions[0], conflicts=frozenset({"organisation"}))
    found = gate("reception_confirmed", replace(s, receptions=(torn, *s.receptions[1:])))
    assert (found.why, found.where and found.where.key) == (Why.UNDECIDED, "organisation")
