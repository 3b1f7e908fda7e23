# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rating comes to, what is not known, and which of two lines is the worse."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from tests import make
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.lists.risk_codes import (
    FOR_CHILDREN,
    ITEMS,
    LIKELIHOOD,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_LEVEL,
    SEVERITY,
)
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import View, view
from kfdesk.domain.values import Gap, Value
from kfdesk.domain.weighing.levels import (
    Cell,
    RiskLevel,
    asked,
    cell_of,
    highest,
    is_open,
    level_of,
    number_of,
    unanswered,
    weighed,
    worse,
)

RATED: dict[str, Any] = {"answer": "found", "likelihood": "likely", "severity": "severe"}


def seen(category: str = "health", **values: Any) -> View[RiskLine]:
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
    assert {level_of(score) for score in scores} == {level}
    assert level.code in RISK_LEVEL


def test_every_pair_of_answers_has_its_cell() -> None:
    cells = [cell_of(one, two) for one, two in product(LIKELIHOOD, SEVERITY)]
    assert [cell and (cell.likelihood, cell.severity) for cell in cells] == list(
        product(range(1, 6), range(1, 6))
    )
    assert Cell(4, 5).score == 20


@pytest.mark.parametrize("half", [None, Gap.UNKNOWN, "x_new"])
def test_half_a_rating_has_no_cell(half: Value) -> None:
    assert cell_of(half, "minor") is None
    assert cell_of("rare", half) is None


def test_lists_hold_eleven_categories_and_each_item_once() -> None:
    assert len(RISK_CATEGORY) == 11
    assert ITEMS.keys() == RISK_CATEGORY.keys()
    assert len(RISK_ITEM) == sum(map(len, ITEMS.values())) == 68


def test_what_is_not_known_counts_as_high_until_it_is_cleared() -> None:
    mild: dict[str, Any] = {"answer": "not_known", "likelihood": "rare", "severity": "minor"}
    after: dict[str, Any] = {
        "likelihood_after": "rare",
        "severity_after": "minor",
        "mitigation_status": "in_place",
    }
    one = weighed(seen(**mild, **after))
    assert one.before.level is one.after.level is RiskLevel.HIGH
    assert one.before.cell == Cell(1, 1)
    grave: dict[str, Any] = {"answer": "not_known", "likelihood": "certain", "severity": "severe"}
    assert weighed(seen(**grave)).before.level is RiskLevel.VERY_HIGH
    assert weighed(seen(**{**mild, "answer": "found"})).before.level is RiskLevel.LOW


@pytest.mark.parametrize(
    "values",
    [
        {"answer": None},
        {"answer": "found"},
        {"answer": "found", "likelihood": "rare", "severity": Gap.UNKNOWN},
        {"answer": "x_newer_answer"},
    ],
)
def test_what_nobody_has_rated_counts_as_high(values: dict[str, Any]) -> None:
    one = weighed(seen(**values))
    assert (one.before.level, one.after.level, one.before.cell) == (
        RiskLevel.HIGH, RiskLevel.HIGH, None,
    )  # fmt: skip
    assert one.is_high


def test_where_nothing_was_found_there_is_no_risk_whatever_was_rated_before() -> None:
    one = weighed(seen(**{**RATED, "answer": "nothing_found"}))
    assert (one.before.level, one.before.cell, one.is_high) == (None, None, False)


def test_measure_lowers_the_risk_unless_it_failed_or_was_not_rated() -> None:
    after: dict[str, Any] = {"likelihood_after": "rare", "severity_after": "severe"}
    assert weighed(seen(**RATED, **after)).after.level is RiskLevel.LOW
    failed = weighed(seen(**RATED, **after, mitigation_status="failed"))
    assert failed.after == failed.before
    half = weighed(seen(**RATED, likelihood_after="rare"))
    assert half.after == half.before
    assert half.before.level is RiskLevel.VERY_HIGH


def test_line_in_conflict_is_open_and_high() -> None:
    torn = replace(seen(answer="nothing_found"), conflicts=frozenset({"measure"}))
    assert is_open(torn)
    assert weighed(torn).before.level is RiskLevel.HIGH


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"answer": None}, True),
        ({"answer": Gap.UNKNOWN}, True),
        ({"answer": "nothing_found"}, False),
        ({"answer": "not_known"}, False),
        ({"answer": "found"}, True),
        ({"answer": "found", "likelihood": "rare"}, True),
        (RATED, False),
        ({**RATED, "severity": Gap.UNKNOWN}, False),
    ],
)
def test_line_is_open_until_it_is_answered_and_rated(
    values: dict[str, Any], expected: bool
) -> None:
    assert is_open(seen(**values)) is expected


def test_category_for_children_is_asked_only_where_there_is_a_child() -> None:
    assert set(asked(has_children=True)) - set(asked(has_children=False)) == {FOR_CHILDREN}
    lines = [seen(category) for category in RISK_CATEGORY if category != FOR_CHILDREN]
    assert unanswered(lines, has_children=False) == ()
    assert unanswered(lines, has_children=True) == (FOR_CHILDREN,)


def test_category_with_one_open_line_waits_though_another_is_answered() -> None:
    lines = [seen(category) for category in RISK_CATEGORY]
    assert unanswered([*lines, seen("travel", answer=None)], has_children=True) == ("travel",)
    assert unanswered([], has_children=True) == tuple(RISK_CATEGORY)


def test_worse_of_both_is_taken_before_and_after_each_by_itself() -> None:
    ours = seen("health", **RATED, likelihood_after="rare", severity_after="minor")
    theirs = seen("health", answer="found", likelihood="likely", severity="some",
                  likelihood_after="possible", severity_after="some")  # fmt: skip
    found = worse([seen("travel"), ours, theirs])
    assert [(one.number, one.category) for one in found] == [(6, "health"), (7, "travel")]
    assert found[0].before.cell == Cell(4, 4)
    assert found[0].after.cell == Cell(3, 2)
    assert highest(one.before for one in found) is RiskLevel.VERY_HIGH
    assert highest(one.before for one in found[1:]) is None


def test_category_of_a_newer_program_comes_last_and_still_counts() -> None:
    new = view(make.row("risk_line", {"category": "x_new", **RATED}), RiskLine)
    blank = view(make.row("risk_line", {}), RiskLine)
    assert number_of("x_new") == 12
    assert [one.category for one in worse([new, blank, seen()])] == ["health", "x_new", ""]
    assert weighed(blank).before.level is RiskLevel.HIGH
