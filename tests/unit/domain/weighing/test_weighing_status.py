# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of an assessment: nothing is said to be found or not before it was answered."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates import gate_samples
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import FOR_CHILDREN, RISK_CATEGORY
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

ALL, GROWN = 11, 10  # the themes with the one for a child, and without it
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
    assert counts(status()) == (RiskState.NOT_ANSWERED, 0, GROWN)
    assert counts(status(has_children=True)) == (RiskState.NOT_ANSWERED, 0, ALL)
    assert len(RISK_CATEGORY) == ALL


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


def test_theme_is_answered_when_all_of_it_is() -> None:
    begun = line("travel", answer=None, absent=("document_tells",), present=("transit_unmet",))
    assert status(begun).answered == 0
    assert status(begun, line("health")).answered == 1
    done = line("travel", theme_answer="nothing")
    again = make.row(
        "risk_line", {"category": "travel", "answer": None, "absent": ("document_tells",)},
        rid=make.named_id("again"),
    )  # fmt: skip
    assert status(done).answered == 1
    assert status(done, again).answered == 0  # of two lines the lesser counts


@pytest.mark.parametrize(
    "values",
    [
        {"answer": "not_known"},
        {"answer": "not_known", "theme_answer": "not_known"},
        {"answer": "nothing_found", "theme_answer": "not_known"},
        {"answer": "nothing_found", "theme_answer": "x_newer"},
        {"answer": "x_newer"},
    ],
)
def test_what_is_not_known_is_named_and_is_no_answer(values: dict[str, Any]) -> None:
    for is_own in (True, False):
        found = status(*whole("health"), line("health", **values), is_own=is_own)
        assert (found.answered, found.asked, found.unknown) == (9, GROWN, ("health",))
        assert (found.is_complete, found.level) == (True, RiskLevel.HIGH)


def test_theme_with_something_is_high_while_its_questions_are_open() -> None:
    begun = status(line("health", answer=None, theme_answer="something"))
    assert (begun.state, begun.level, begun.answered, begun.unknown) == (
        RiskState.FOUND, RiskLevel.HIGH, 0, (),
    )  # fmt: skip


def test_nothing_found_needs_every_category_and_a_childs_where_a_child_travels() -> None:
    assert counts(status(*whole())) == (RiskState.NOTHING_FOUND, GROWN, GROWN)
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
    unsure = status(*whole("health"), line("health", answer="not_known"), is_own=False)
    both = joint_status([done, unsure])
    assert both is not None
    assert both.unknown == ("health",)  # what one side does not know is not known
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
    assert decision.assessment_status(ours, case, THEM).asked == GROWN
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
