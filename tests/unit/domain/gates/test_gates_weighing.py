# SPDX-License-Identifier: GPL-3.0-or-later
"""Risks line by line: what must be answered and agreed, and what makes a weighing void."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion
from tests.unit.domain.gates.gate_samples import (
    A_CHILD,
    LINES,
    TODAY,
    ago,
    answer,
    gate,
    line,
    part,
    seen,
)
from tests.unit.domain.gates.test_gates_people import approval

from kfdesk.domain.codes.risk import RISK_CATEGORY, TRIGGER_EVENT
from kfdesk.domain.records.risk import RiskEvent
from kfdesk.domain.risk import RiskLevel
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import fields_of
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.domain.workflow.decision import assessment_lines, joint_ratings
from kfdesk.domain.workflow.gates import FieldLocation, GateAnswer, GateReason

GRAVE: dict[str, Value] = {
    "answer": "found", "likelihood": "certain", "severity": "severe",
}  # fmt: skip
HELPED: dict[str, Value] = {
    **GRAVE, "likelihood_after": "unlikely", "severity_after": "serious",
    "mitigation_status": "agreed",
}  # fmt: skip
BARE = dict.fromkeys(LINES)


def theirs(category: str, **values: Value) -> Row:
    return line(category, "their risks", make.PARTNER, **values)


@pytest.mark.parametrize("category", [c for c in RISK_CATEGORY if c != "child_specific"])
def test_our_own_weighing_answers_every_category(category: str) -> None:
    found = gate("risk_assessed", seen({f"risk/{category}": None}))
    where = FieldLocation("risk_assessment", "unanswered", make.named_id("our risks"))
    assert (found.why, found.where) == (GateReason.QUESTIONS_OPEN, where)
    assert (
        gate("risk_assessed", seen({f"risk/{category}": {"answer": None}})).why
        is GateReason.QUESTIONS_OPEN
    )


def test_category_for_children_is_asked_where_a_child_travels() -> None:
    without = {"risk/child_specific": None}
    assert answer("risk_assessed", seen(without)) is GateAnswer.MET
    child = {**without, "relationship": A_CHILD}
    assert gate("risk_assessed", seen(child)).why is GateReason.QUESTIONS_OPEN


def test_our_own_conclusion_without_lines_does_not_count_any_more() -> None:
    for code in ("risk_assessed", "conclusion_allows", "risk_fresh"):
        assert gate(code, seen(BARE)).why is GateReason.QUESTIONS_OPEN


def test_lines_answer_the_question_of_how_many_are_open_but_a_number_that_was_given_holds() -> None:
    assert answer("risk_assessed", seen({"our risks": {"unanswered": None}})) is GateAnswer.MET
    for count in (1, MissingAnswer.UNKNOWN):
        spoilt = {"our risks": {"unanswered": count}}
        assert gate("risk_assessed", seen(spoilt)).why is GateReason.QUESTIONS_OPEN


def test_partners_weighing_without_lines_counts_as_before_and_one_line_asks_for_all() -> None:
    assert answer("risk_assessed", seen()) is GateAnswer.MET
    one = theirs("health", answer="nothing_found")
    assert gate("risk_assessed", seen(None, one)).why is GateReason.QUESTIONS_OPEN
    every = [theirs(category, answer="nothing_found") for category in RISK_CATEGORY]
    assert answer("risk_assessed", seen(None, *every)) is GateAnswer.MET


def test_nobody_answers_in_anothers_weighing() -> None:
    forged = line("health", custodian=make.PARTNER)
    s = seen({"risk/health": None}, forged)
    assert gate("risk_assessed", s).why is GateReason.QUESTIONS_OPEN
    assert forged.rid not in {one.rid for risk in s.risks for one in assessment_lines(risk, s)}


def test_line_in_the_bin_leaves_its_category_open() -> None:
    gone = with_deletion(part("risk/health"))
    assert gate("risk_assessed", seen({"risk/health": None}, gone)).why is GateReason.QUESTIONS_OPEN


# the worse of both


def test_worse_of_both_decides_in_each_category() -> None:
    every = [theirs(category, answer="nothing_found") for category in RISK_CATEGORY]
    every[0] = theirs("trafficker_network", **GRAVE, mitigation_status="agreed")
    s = seen({"risk/travel": HELPED}, *every)
    found = {one.category: one for one in joint_ratings(s) if one.before.level}
    assert {c: one.before.level for c, one in found.items()} == {
        "trafficker_network": RiskLevel.VERY_HIGH, "travel": RiskLevel.VERY_HIGH,
    }  # fmt: skip
    assert found["travel"].after.level is RiskLevel.MODERATE
    stopped = gate("conclusion_allows", s)
    assert (stopped.why, stopped.where) == (
        GateReason.STILL_VERY_HIGH, FieldLocation("risk_line", "likelihood_after", every[0].rid),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({**HELPED, "mitigation_status": None}, GateReason.MEASURE_NOT_AGREED),
        ({**HELPED, "mitigation_status": "proposed"}, GateReason.MEASURE_NOT_AGREED),
        ({**HELPED, "mitigation_status": "failed"}, GateReason.MEASURE_NOT_AGREED),
        ({"answer": "not_known"}, GateReason.MEASURE_NOT_AGREED),
        ({"answer": "not_known", "mitigation_status": "agreed"}, None),
        (HELPED, None),
        ({**HELPED, "mitigation_status": "in_place"}, None),
        ({"answer": "found", "likelihood": "possible", "severity": "serious"}, None),
    ],
)
def test_measure_against_a_high_risk_must_be_agreed(
    values: dict[str, Value], why: GateReason | None
) -> None:
    assert gate("measures_agreed", seen({"risk/health": values})).why is why


def test_high_risk_asks_for_a_measure_whatever_the_conclusions_say() -> None:
    mild = {"conclusion": "return_possible"}
    both: dict[str, Any] = {"our risks": mild, "their risks": mild}
    assert answer("measures_agreed", seen(both)) is GateAnswer.NOT_APPLICABLE
    assert answer("measures_agreed", seen({**both, "risk/health": HELPED})) is GateAnswer.MET
    high = seen({**both, "risk/health": GRAVE})
    assert gate("measures_agreed", high).why is GateReason.MEASURE_NOT_AGREED


def test_approval_older_than_a_line_does_not_count() -> None:
    newer = make.changed(part("risk/health"), {"measure_by": "Nord"}, make.signature(minute=5))
    found = gate("second_person", seen({"risk/health": None}, newer))
    assert found.why is GateReason.RISK_IS_NEWER
    again = seen({"risk/health": None, "decision": None}, newer, approval(minute=6))
    assert answer("second_person", again) is GateAnswer.MET


# what makes a weighing void


def event(minute: int = 2, custodian: bytes = make.OURS, **values: Value) -> Row:
    whole = {**make.FILLED["risk_event"], "happened": ago(hours=1), **values}
    bare = make.row("risk_event", {}, custodian=custodian)
    return make.changed(bare, whole, make.signature("EV, Nordhuset", minute))


@pytest.mark.parametrize("custodian", [make.OURS, make.PARTNER, make.THIRD])
@pytest.mark.parametrize("kind", TRIGGER_EVENT)
def test_event_makes_what_was_weighed_before_it_void(kind: str, custodian: bytes) -> None:
    s = seen(None, event(kind=kind, custodian=custodian))
    for code in ("risk_assessed", "conclusion_allows", "risk_fresh"):
        assert gate(code, s).why is GateReason.SOMETHING_HAPPENED


def test_weighing_after_the_day_of_the_event_holds_and_one_of_that_day_if_it_came_later() -> None:
    before = event(happened=ago(days=5))
    assert answer("risk_assessed", seen(None, before)) is GateAnswer.MET  # weighed four days ago
    same_day = {"our risks": {"done": TODAY}, "their risks": {"done": TODAY}}
    assert gate("risk_assessed", seen(same_day, event())).why is GateReason.SOMETHING_HAPPENED
    anew = [
        make.changed(part(name, {"done": TODAY}), {"conclusion": "return_possible_with_measures"},
                     make.signature(minute=9))
        for name in same_day
    ]  # fmt: skip
    later = seen(dict.fromkeys(same_day), *anew, event())
    assert answer("risk_assessed", later) is GateAnswer.MET


@pytest.mark.parametrize("happened", [None, MissingAnswer.UNKNOWN])
def test_event_of_unknown_time_counts_from_when_it_was_written(happened: Value) -> None:
    assert gate("risk_assessed", seen(None, event(happened=happened))).why is not None
    earlier = event(-5, happened=happened)
    assert answer("risk_assessed", seen(None, earlier)) is GateAnswer.MET


def test_event_that_is_said_to_lie_ahead_counts_from_today() -> None:
    ahead = event(happened=make.at(20, 9))
    assert gate("risk_assessed", seen(None, ahead)).why is GateReason.SOMETHING_HAPPENED
    tomorrow = {"done": TODAY + timedelta(days=1)}
    assert (
        gate("risk_assessed", seen({"our risks": tomorrow}, ahead)).why is GateReason.IN_THE_FUTURE
    )


def test_event_in_the_bin_makes_nothing_void() -> None:
    assert answer("risk_assessed", seen(None, with_deletion(event()))) is GateAnswer.MET


def test_event_says_what_and_when_and_no_more() -> None:
    assert [field.key for field in fields_of(RiskEvent)] == ["kind", "happened", "account"]
