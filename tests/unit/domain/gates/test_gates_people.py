# SPDX-License-Identifier: GPL-3.0-or-later
"""Who counts as a child, whose consent counts for one, and whose approval counts at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion
from tests.unit.domain.gates.gate_samples import A_CHILD, TODAY, ago, answer, gate, line, part, seen

from kfdesk.domain.codes.case import AGE_BAND, GATES
from kfdesk.domain.codes.risk import RISK_CATEGORY
from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import Row
from kfdesk.domain.values import MissingAnswer, PartialDate, Value
from kfdesk.domain.workflow.decision import (
    CHILD_GATES_TO_DECIDE,
    CHILD_GATES_TO_LEAVE,
    child_travellers,
    companions,
)
from kfdesk.domain.workflow.gates import CaseContext, GateAnswer, GateReason, build_case_context
from kfdesk.domain.workflow.table import OVERRIDABLE_GATES, STATE_GATES, gates_before

CHILD = {"relationship": A_CHILD, "traveller": {}, "travel_document": {}}
CHILD_CODES = {"guardian_named", "child_heard", "family_assessed", "best_interests"}
TO_LEAVE_CODES = CHILD_CODES | {"guardian_order", "takeover_written"}
NO_AGE = {"birth_date": None, "age_band": None, "age_disputed": None}


def is_child(**values: Value) -> bool:
    return bool(child_travellers(seen({"client": {**NO_AGE, **values}})))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),  # nobody knows
        ({"birth_date": MissingAnswer.UNKNOWN, "age_band": MissingAnswer.DECLINED}, True),
        ({"birth_date": date(2008, 11, 24)}, False),  # eighteen today
        ({"birth_date": date(2008, 11, 25)}, True),  # tomorrow
        ({"birth_date": PartialDate("2008-10")}, False),
        ({"birth_date": PartialDate("2008-11")}, True),  # perhaps not before the end of the month
        ({"birth_date": PartialDate("2008")}, True),
        ({"birth_date": PartialDate("2007")}, False),
        ({"age_band": "age_18_20"}, False),
        ({"age_band": "age_9_17"}, True),
        ({"age_band": "x_about_seventeen"}, True),
        ({"birth_date": date(1990, 1, 1), "age_band": "age_9_17"}, True),
        ({"birth_date": date(1990, 1, 1), "age_band": MissingAnswer.UNKNOWN}, False),
        ({"age_band": "age_24_26", "age_disputed": True}, True),
        ({"age_band": "age_24_26", "age_disputed": MissingAnswer.UNKNOWN}, True),
        ({"age_band": "age_24_26", "age_disputed": False}, False),
    ],
)
def test_in_doubt_everybody_is_a_child(values: dict[str, Value], expected: bool) -> None:
    assert is_child(**values) is expected


def test_every_band_that_begins_below_eighteen_is_a_childs() -> None:
    young = {band for band in AGE_BAND if is_child(age_band=band)}
    assert young == {"age_0_8", "age_9_17"}


def torn(name: str, key: str, *values: Value) -> Row:
    """One part with a field that two desks wrote apart."""
    before = part(name)
    one, two = (
        make.changed(before, {key: value}, make.signature(author, minute))
        for minute, (author, value) in enumerate(zip(("EV", "ОМ"), values, strict=True), start=2)
    )
    return replace(before, state=merge_states(one.state, two.state))


def test_age_in_conflict_makes_a_child() -> None:
    both = torn("client", "birth_date", date(1990, 1, 1), date(2012, 1, 1))
    assert child_travellers(seen({"client": None}, both)) != ()


@pytest.mark.parametrize(
    ("travels", "expected"), [(True, 1), (False, 0), (None, 0), (MissingAnswer.UNKNOWN, 1)]
)
def test_companion_travels_unless_it_is_known_that_she_does_not(
    travels: Value, expected: int
) -> None:
    s = seen({"relationship": {"travels_with": travels}})
    assert len(companions(s)) == expected


def test_companion_that_two_desks_disagree_about_travels() -> None:
    assert len(companions(seen(None, torn("relationship", "travels_with", *(False, None))))) == 1


def test_deleted_companion_does_not_count() -> None:
    row = part("relationship", A_CHILD)
    gone = make.changed(row, {}, make.signature(minute=4))
    assert len(companions(seen(None, gone))) == 1
    assert companions(seen(None, with_deletion(row))) == ()


@pytest.mark.parametrize("target", ["decision_ready", "approved", "travel_ready", "travelling"])
def test_child_that_joins_later_is_met_by_its_gates_at_every_step_before_she_leaves(
    target: str,
) -> None:
    found = gates_before(target, seen(CHILD))
    expected = TO_LEAVE_CODES if target in ("travel_ready", "travelling") else CHILD_CODES
    assert {g.code for g in found if g.is_open} == expected
    where = {g.where.type for g in found if g.is_open and g.where is not None}
    assert where == {"child_papers"}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"given_by": "client"}, GateReason.GUARDIAN_MUST_CONSENT),
        ({"given_by": "guardian", "assent": None}, GateReason.NOT_YES),
        ({"given_by": "guardian", "assent": False}, GateReason.NOT_YES),
        ({"given_by": "guardian", "assent": True}, None),
        ({"given_by": "guardian", "assent": MissingAnswer.UNKNOWN}, None),
    ],
)
def test_childs_consent_is_its_guardians_and_its_own(
    values: dict[str, Value], why: GateReason | None
) -> None:
    s = seen({"client": {"age_band": "age_9_17"}, "ours agreed": values})
    assert gate("consent_case_management", s).why is why


# whose approval counts


def decided(s: CaseContext) -> Any:
    found = gate("second_person", s)
    return found.why or found.answer


def approval(minute: int = 0, custodian: bytes = make.OURS, **values: Value) -> Row:
    whole = {**make.FILLED["approval"], "gate": None, "ends": None, **values}
    return replace(
        make.changed(
            make.row("approval", {}, rid=make.named_id("late"), custodian=custodian),
            whole, make.signature("AU, Nordhuset", minute),
        )
    )  # fmt: skip


def test_partners_person_may_approve() -> None:
    row = approval(custodian=make.PARTNER, given_by="PP")  # another house's PP is another person
    assert decided(seen({"decision": None}, row)) is GateAnswer.MET


def test_approval_of_a_third_organisation_is_not_believed() -> None:
    row = approval(custodian=make.THIRD)
    assert decided(seen({"decision": None}, row)) is GateReason.NOBODY_APPROVED


def test_approval_older_than_a_weighing_does_not_count() -> None:
    newer = make.changed(
        part("their risks"), {"unanswered": 0}, make.signature("ОМ, Дом у реки", 5)
    )
    s = seen({"their risks": None}, newer)
    assert decided(s) is GateReason.RISK_IS_NEWER
    again = seen({"their risks": None, "decision": None}, newer, approval(minute=6))
    assert decided(again) is GateAnswer.MET


def moved(minute: int, author: str, source: str, target: str, **values: Value) -> Row:
    """Return the record of a step, taken so many minutes after NOW by the desk's clock."""
    whole = {"from_state": source, "to_state": target, "taken_by": author, **values}
    row = make.row("transition", {}, rid=make.named_id(f"step {minute}"))
    return make.changed(row, whole, make.signature(f"{author}, Nordhuset", minute))


def test_last_who_moved_the_plan_does_not_approve_it() -> None:
    steps = moved(3, "au", "assessing", "decision_ready")
    assert decided(seen({"decision": None}, steps, approval(minute=4))) is GateReason.SAME_PERSON


def test_approver_may_move_the_plan_afterwards_and_the_approval_holds() -> None:
    steps = (
        moved(3, "EV", "assessing", "decision_ready"),
        moved(5, "AU", "decision_ready", "approved"),
    )
    assert decided(seen({"decision": None}, *steps, approval(minute=4))) is GateAnswer.MET


def test_what_was_weighed_and_decided_before_the_plan_went_back_is_void() -> None:
    back = moved(1, "EV", "approved", "assessing", happened=ago(minutes=0))
    s = seen(
        {"decision": {"given": ago(hours=1)}, "plan": {"decision_signed": date(2026, 11, 20)}}, back
    )
    assert decided(s) is GateReason.BEFORE_IT_WENT_BACK
    assert gate("risk_assessed", s).why is GateReason.BEFORE_IT_WENT_BACK
    assert gate("client_signed", s).why is GateReason.BEFORE_IT_WENT_BACK
    today = {"done": TODAY}
    anew = seen(
        {"our risks": today, "their risks": today, "plan": {"decision_signed": TODAY}}, back
    )
    assert answer("risk_assessed", anew) is GateAnswer.MET
    assert answer("client_signed", anew) is GateAnswer.MET


def test_newest_weighing_of_a_side_counts_and_one_without_a_day_counts_as_newest() -> None:
    worse = part("risk_assessment", {"conclusion": "return_not_safe", "done": date(2026, 11, 21)})
    lines = [line(category, "risk_assessment") for category in RISK_CATEGORY]
    assert gate("conclusion_allows", seen(None, worse, *lines)).why is GateReason.CONCLUSION_FORBIDS
    older = part("risk_assessment", {"conclusion": "return_not_safe", "done": date(2026, 11, 1)})
    assert answer("conclusion_allows", seen(None, older)) is GateAnswer.MET
    no_day = part("risk_assessment", {"done": None})
    assert gate("risk_assessed", seen(None, no_day)).why is GateReason.MISSING


# what may be set aside

SPOILT: dict[str, dict[str, Any]] = {
    "interpreter_used": {"plan": {"interpreter_used": None}},
    "needs_assessed": {"plan": {"needs_assessed": None}},
    "check_ins_set": {"leg": {"check_in": None}},
    "reintegration_agreed": {"plan": {"reintegration_agreed": None}},
    "follow_up_scheduled": {"plan": {"follow_up_set": None}},
    "receipts_in": {"plan": {"receipts_in": None}},
}


def override(code: str, **values: Any) -> Row:
    return approval(kind="override", gate=code, **values)


@pytest.mark.parametrize("code", sorted(SPOILT))
def test_second_person_sets_a_gate_aside(code: str) -> None:
    assert answer(code, seen(SPOILT[code])) is GateAnswer.NOT_MET
    assert answer(code, seen(SPOILT[code], override(code))) is GateAnswer.OVERRIDDEN


def test_only_these_six_can_be_set_aside() -> None:
    assert set(SPOILT) == OVERRIDABLE_GATES
    nothing = build_case_context((make.row("client", {}), make.row("plan", {})), make.NOW)
    overrides = (override(code) for code in GATES)
    rows_ = [replace(row, rid=make.named_id(f"over {n}")) for n, row in enumerate(overrides)]
    s = build_case_context((make.row("client", {}), make.row("plan", {}), *rows_), make.NOW)
    for target in STATE_GATES:
        for before, after in zip(
            gates_before(target, nothing), gates_before(target, s), strict=True
        ):
            is_other = after.code not in OVERRIDABLE_GATES
            assert (before.answer == after.answer) is is_other


@pytest.mark.parametrize(
    "values",
    [
        {"given_by": "PP"},
        {"given_by": None},
        {"given": None},
        {"asked_by": None},
        {"ends": ago(minutes=1)},
        {"ends": MissingAnswer.UNKNOWN},
        {"custodian": make.THIRD},
    ],
)
def test_override_that_does_not_count_leaves_the_gate_open(values: dict[str, Any]) -> None:
    s = seen(SPOILT["needs_assessed"], override("needs_assessed", **values))
    assert answer("needs_assessed", s) is GateAnswer.NOT_MET


def test_gates_for_children_and_the_conclusion_cannot_be_set_aside() -> None:
    codes = {check(seen()).code for check in CHILD_GATES_TO_LEAVE}
    assert codes == TO_LEAVE_CODES
    assert {check(seen()).code for check in CHILD_GATES_TO_DECIDE} == CHILD_CODES
    assert not (codes | {"conclusion_allows", "risk_fresh", "second_person"}) & OVERRIDABLE_GATES


def test_nothing_holds_up_the_way_back() -> None:
    bare = build_case_context(
        (make.row("client", {}), make.row("plan", {"state": "travel_ready"})), make.NOW
    )
    assert gates_before("assessing", bare) == ()
    assert all(g.is_open for g in gates_before("travelling", bare))


@pytest.mark.parametrize(
    ("status", "expected"),
    [("in_progress", GateAnswer.MET), ("completed", GateAnswer.MET),
     ("offered", GateAnswer.NOT_MET),
     ("declined", GateAnswer.NOT_MET), ("x_new", GateAnswer.NOT_MET), (None, GateAnswer.NOT_MET)],
)  # fmt: skip
def test_services_run_by_their_own_records(status: str | None, expected: GateAnswer) -> None:
    changes = {"plan": {"services_running": None}, "service": {"status": status}}
    assert answer("services_running", seen(changes)) is expected


def test_times_are_set_by_the_contacts_themselves_without_anybody_ticking_it() -> None:
    without = {"plan": {"follow_up_set": None}}
    assert answer("follow_up_scheduled", seen(without)) is GateAnswer.NOT_MET
    assert answer("follow_up_scheduled", seen({**without, "follow_up": {}})) is GateAnswer.MET
    undated = {**without, "follow_up": {"due": None}}
    assert answer("follow_up_scheduled", seen(undated)) is GateAnswer.NOT_MET
