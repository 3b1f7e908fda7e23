# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rating comes to, what is not known, and which of two lines is the worse."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import (
    CATEGORY_ITEMS,
    FOR_CHILDREN,
    LIKELIHOOD,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_LEVEL,
    SEVERITY,
)
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    MatrixCell,
    RiskLevel,
    category_number,
    highest_level,
    is_line_open,
    level_for_score,
    matrix_cell,
    rate_line,
    required_categories,
    unanswered_categories,
    worst_by_category,
)
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import MissingAnswer, Value

RATED: dict[str, Any] = {"answer": "found", "likelihood": "likely", "severity": "severe"}


def seen(category: str = "health", **values: Any) -> RecordView[RiskLine]:
    return view(line(category, **values), RiskLine)


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ((1, 2, 3, 4), RiskLevel.LOW),
        ((5, 6, 8, 9), RiskLevel.MODERATE),
        ((10, 12, 15), RiskLevel.HIGH),
        ((16, 20, 25), RiskLevel.VERY_HIGH),
    ],
)
def test_scores_fall_into_four_levels(scores: tuple[int, ...], level: RiskLevel) -> None:
    assert {level_for_score(score) for score in scores} == {level}
    assert level.code in RISK_LEVEL


def test_every_pair_of_answers_has_its_cell() -> None:
    cells = [matrix_cell(one, two) for one, two in product(LIKELIHOOD, SEVERITY)]
    assert [cell and (cell.likelihood, cell.severity) for cell in cells] == list(
        product(range(1, 6), range(1, 6))
    )
    assert MatrixCell(4, 5).score == 20


@pytest.mark.parametrize("half", [None, MissingAnswer.UNKNOWN, "x_new"])
def test_half_a_rating_has_no_cell(half: Value) -> None:
    assert matrix_cell(half, "minor") is None
    assert matrix_cell("rare", half) is None


def test_lists_hold_eleven_categories_and_each_item_once() -> None:
    assert len(RISK_CATEGORY) == 11
    assert CATEGORY_ITEMS.keys() == RISK_CATEGORY.keys()
    assert len(RISK_ITEM) == sum(map(len, CATEGORY_ITEMS.values())) == 68


def test_what_is_not_known_counts_as_high_until_it_is_cleared() -> None:
    mild: dict[str, Any] = {"answer": "not_known", "likelihood": "rare", "severity": "minor"}
    after: dict[str, Any] = {
        "likelihood_after": "rare",
        "severity_after": "minor",
        "mitigation_status": "in_place",
    }
    one = rate_line(seen(**mild, **after))
    assert one.before.level is one.after.level is RiskLevel.HIGH
    assert one.before.cell == MatrixCell(1, 1)
    grave: dict[str, Any] = {"answer": "not_known", "likelihood": "certain", "severity": "severe"}
    assert rate_line(seen(**grave)).before.level is RiskLevel.VERY_HIGH
    assert rate_line(seen(**{**mild, "answer": "found"})).before.level is RiskLevel.LOW


@pytest.mark.parametrize(
    "values",
    [
        {"answer": None},
        {"answer": "found"},
        {"answer": "found", "likelihood": "rare", "severity": MissingAnswer.UNKNOWN},
        {"answer": "x_newer_answer"},
    ],
)
def test_what_nobody_has_rated_counts_as_high(values: dict[str, Any]) -> None:
    one = rate_line(seen(**values))
    assert (one.before.level, one.after.level, one.before.cell) == (
        RiskLevel.HIGH, RiskLevel.HIGH, None,
    )  # fmt: skip
    assert one.is_high


def test_where_nothing_was_found_there_is_no_risk_whatever_was_rated_before() -> None:
    one = rate_line(seen(**{**RATED, "answer": "nothing_found"}))
    assert (one.before.level, one.before.cell, one.is_high) == (None, None, False)


def test_measure_lowers_the_risk_unless_it_failed_or_was_not_rated() -> None:
    after: dict[str, Any] = {"likelihood_after": "rare", "severity_after": "severe"}
    assert rate_line(seen(**RATED, **after)).after.level is RiskLevel.LOW
    failed = rate_line(seen(**RATED, **after, mitigation_status="failed"))
    assert failed.after == failed.before
    half = rate_line(seen(**RATED, likelihood_after="rare"))
    assert half.after == half.before
    assert half.before.level is RiskLevel.VERY_HIGH


def test_line_in_conflict_is_open_and_high() -> None:
    torn = replace(seen(answer="nothing_found"), conflicts=frozenset({"measure"}))
    assert is_line_open(torn)
    assert rate_line(torn).before.level is RiskLevel.HIGH


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"answer": None}, True),
        ({"answer": MissingAnswer.UNKNOWN}, True),
        ({"answer": "nothing_found"}, False),
        ({"answer": "not_known"}, False),
        ({"answer": "found"}, True),
        ({"answer": "found", "likelihood": "rare"}, True),
        (RATED, False),
        ({**RATED, "severity": MissingAnswer.UNKNOWN}, False),
    ],
)
def test_line_is_open_until_it_is_answered_and_rated(
    values: dict[str, Any], expected: bool
) -> None:
    assert is_line_open(seen(**values)) is expected


def test_category_for_children_is_asked_only_where_there_is_a_child() -> None:
    assert set(required_categories(has_children=True)) - set(
        required_categories(has_children=False)
    ) == {FOR_CHILDREN}
    lines = [seen(category) for category in RISK_CATEGORY if category != FOR_CHILDREN]
    assert unanswered_categories(lines, has_children=False) == ()
    assert unanswered_categories(lines, has_children=True) == (FOR_CHILDREN,)


def test_category_with_one_open_line_waits_though_another_is_answered() -> None:
    lines = [seen(category) for category in RISK_CATEGORY]
    assert unanswered_categories([*lines, seen("travel", answer=None)], has_children=True) == (
        "travel",
    )
    assert unanswered_categories([], has_children=True) == tuple(RISK_CATEGORY)


def test_worse_of_both_is_taken_before_and_after_each_by_itself() -> None:
    ours = seen("health", **RATED, likelihood_after="rare", severity_after="minor")
    theirs = seen("health", answer="found", likelihood="likely", severity="some",
                  likelihood_after="possible", severity_after="some")  # fmt: skip
    found = worst_by_category([seen("travel"), ours, theirs])
    assert [(one.number, one.category) for one in found] == [(6, "health"), (7, "travel")]
    assert found[0].before.cell == MatrixCell(4, 4)
    assert found[0].after.cell == MatrixCell(3, 2)
    assert highest_level(one.before for one in found) is RiskLevel.VERY_HIGH
    assert highest_level(one.before for one in found[1:]) is None


def test_category_of_a_newer_program_comes_last_and_still_counts() -> None:
    new = view(make.row("risk_line", {"category": "x_new", **RATED}), RiskLine)
    blank = view(make.row("risk_line", {}), RiskLine)
    assert category_number("x_new") == 12
    assert [one.category for one in worst_by_category([new, blank, seen()])] == [
        "health",
        "x_new",
        "",
    ]
    assert rate_line(blank).before.level is RiskLevel.HIGH
