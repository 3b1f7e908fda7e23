# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of an assessment: nothing is said to be found or not before it was answered."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates import gate_samples
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import CATEGORY_ITEMS, FOR_CHILDREN, RISK_CATEGORY
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    RiskLevel,
    RiskState,
    RiskStatus,
    has_answer,
    joint_status,
    risk_status,
)
from kfdesk.domain.rows import Row, view
from kfdesk.domain.workflow import decision

ALL = sum(map(len, CATEGORY_ITEMS.values()))
CHILDRENS = len(CATEGORY_ITEMS[FOR_CHILDREN])
RATED: dict[str, Any] = {"answer": "found", "likelihood": "likely", "severity": "severe"}
US, THEM = make.OURS, make.PARTNER


def status(*rows: Row, has_children: bool = False, is_own: bool = True) -> RiskStatus:
    views = [view(row, RiskLine) for row in rows]
    return risk_status(views, has_children=has_children, is_own=is_own)


def whole(*but: str, **values: Any) -> list[Row]:
    """Lines in which nothing was found, without some categories."""
    return [line(one, **values) for one in RISK_CATEGORY if one not in {FOR_CHILDREN, *but}]


def counts(of: RiskStatus) -> tuple[RiskState, int, int]:
    return of.state, of.answered, of.asked


def test_nothing_is_answered_before_anything_was() -> None:
    assert counts(status()) == (RiskState.NOT_ANSWERED, 0, ALL - CHILDRENS)
    assert counts(status(has_children=True)) == (RiskState.NOT_ANSWERED, 0, ALL)
    assert ALL - CHILDRENS == 62


@pytest.mark.parametrize(
    "begun",
    [
        [line("travel", answer=None)],
        [line("travel", answer=None, absent=("document_tells",))],
        [line("travel", answer=None, present=("transit_unmet",))],
        whole("travel"),
        [*whole("travel"), line("travel", answer=None, absent=("document_tells",))],
        [*whole(), line("x_new", answer=None)][1:],
        whole("health", likelihood=None),
    ],
)
def test_part_of_the_answers_never_says_that_nothing_was_found(begun: list[Row]) -> None:
    ours, theirs = status(*begun), status(*begun, is_own=False)
    assert ours.state is RiskState.NOT_ANSWERED
    assert theirs.state is RiskState.NOT_SENT
    assert 0 <= ours.answered < ours.asked


def test_answers_are_counted_item_by_item_in_what_is_open() -> None:
    begun = line("travel", answer=None, absent=("document_tells",), present=("transit_unmet",))
    assert status(begun).answered == 2
    assert status(begun, line("health")).answered == 2 + len(CATEGORY_ITEMS["health"])
    again = make.row(
        "risk_line", {"category": "travel", "answer": None, "absent": ("document_tells",)},
        rid=make.named_id("again"),
    )  # fmt: skip
    assert status(begun, again).answered == 1  # of two lines the lesser counts


def test_nothing_found_needs_every_category_and_a_childs_where_a_child_travels() -> None:
    assert counts(status(*whole())) == (RiskState.NOTHING_FOUND, 62, 62)
    assert status(*whole(), has_children=True).state is RiskState.NOT_ANSWERED
    assert status(*whole(), is_own=False).state is RiskState.NOTHING_FOUND


def test_level_is_that_of_what_says_something() -> None:
    found = status(line("health", **RATED))
    assert (found.state, found.level, found.is_complete) == (
        RiskState.FOUND, RiskLevel.VERY_HIGH, False,
    )  # fmt: skip
    assert status(line("health", answer="not_known")).level is RiskLevel.HIGH
    assert status(line("health", answer=None, likelihood="rare", severity="minor")).level
    assert not has_answer(view(line("health", answer=None, likelihood="rare"), RiskLine))


def test_both_together_are_complete_only_when_each_is() -> None:
    done, begun = status(*whole()), status(line("travel", answer=None))
    sent, kept = status(*whole(), is_own=False), status(is_own=False)
    grave = status(*whole("health"), line("health", **RATED), is_own=False)
    assert joint_status(()) is None
    assert joint_status([done, sent]) == done
    for first, second, state in (
        (done, kept, RiskState.NOT_SENT),
        (begun, kept, RiskState.NOT_ANSWERED),
        (begun, sent, RiskState.NOT_ANSWERED),
        (begun, grave, RiskState.FOUND),
        (done, grave, RiskState.FOUND),
    ):
        for pair in ([first, second], [second, first]):
            joint = joint_status(pair)
            assert joint is not None
            assert joint.state is state
    half = joint_status([begun, grave])
    assert half is not None
    assert (half.level, half.answered, half.is_complete) == (RiskLevel.VERY_HIGH, 0, False)


# As an organisation knows it


def test_custodian_of_the_plan_expects_a_childs_answers_of_both_and_a_partner_of_itself() -> None:
    case = gate_samples.seen({"client": {"birth_date": None, "age_band": None}})
    ours, theirs = decision.latest_assessments(case)
    assert ours is not None
    assert theirs is not None
    assert decision.assessment_status(ours, case, US).asked == ALL
    assert decision.assessment_status(theirs, case, US).asked == ALL
    assert decision.assessment_status(theirs, case, THEM).asked == ALL
    assert decision.assessment_status(ours, case, THEM).asked == 62
    assert decision.assessment_status(ours, case, THEM).is_own is False


def test_partner_who_got_no_answers_is_told_so() -> None:
    case = gate_samples.seen(dict.fromkeys((*gate_samples.LINES, "their risks")))
    joint = decision.joint_risk_status(case, THEM)
    assert joint is not None
    assert joint.state is RiskState.NOT_SENT
    at_ours = decision.joint_risk_status(case, US)
    assert at_ours is not None
    assert at_ours.state is RiskState.NOT_ANSWERED
    nobody = gate_samples.seen(dict.fromkeys(("our risks", "their risks")))
    assert decision.joint_risk_status(nobody, US) is None


def test_only_the_custodian_and_the_receiver_assess() -> None:
    case = gate_samples.seen()
    assert decision.may_assess(case, US)
    assert decision.may_assess(case, THEM)
    assert not decision.may_assess(case, make.named_id("a third"))
    assert not decision.may_assess(gate_samples.seen(receiver=None), THEM)


def test_risks_are_assessed_for_us_when_both_did_and_for_a_partner_when_it_did() -> None:
    case = gate_samples.seen()
    assert decision.is_assessed(case, US)
    assert not decision.is_assessed(gate_samples.seen({"their risks": None}), US)
    assert not decision.is_assessed(gate_samples.seen({"their risks": None}), THEM)
    assert not decision.is_assessed(gate_samples.seen({"their risks": {"conclusion": None}}), THEM)
    assert decision.is_assessed(gate_samples.seen({"our risks": {"conclusion": None}}), THEM)
