# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever two sides write: the worse is never milder than either, and unknown is never low."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.make import named_id, row

from kfdesk.domain.codes.risk import (
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_ANSWER,
    RISK_CATEGORY,
    SEVERITY,
)
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    RiskLevel,
    RiskRating,
    highest_level,
    is_line_open,
    rate_line,
    required_categories,
    unanswered_categories,
    worst_by_category,
)
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import MissingAnswer


def one_of(codes: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, MissingAnswer.UNKNOWN, "x_newer", *codes))


@st.composite
def lines(draw: st.DrawFn) -> list[RecordView[RiskLine]]:
    """Return some lines, as any desk may have written them."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        values = {
            "category": draw(st.sampled_from((*RISK_CATEGORY, "x_newer"))),
            "answer": draw(one_of(RISK_ANSWER)),
            "likelihood": draw(one_of(LIKELIHOOD)),
            "severity": draw(one_of(SEVERITY)),
            "likelihood_after": draw(one_of(LIKELIHOOD)),
            "severity_after": draw(one_of(SEVERITY)),
            "mitigation_status": draw(one_of(MITIGATION_STATUS)),
        }
        found.append(view(row("risk_line", values, rid=named_id(f"line {number}")), RiskLine))
    return found


def level(judged: RiskRating) -> int:
    return judged.level or 0


@given(lines())
def test_worse_is_as_grave_as_the_gravest_line_of_its_category(
    found: list[RecordView[RiskLine]],
) -> None:
    for one in worst_by_category(found):
        same = [w for w in map(rate_line, found) if w.category == one.category]
        assert level(one.before) == max(level(w.before) for w in same)
        assert level(one.after) == max(level(w.after) for w in same)


@given(lines(), st.randoms())
def test_order_in_which_lines_come_changes_nothing_of_what_is_counted(
    found: list[RecordView[RiskLine]], random: Any
) -> None:
    mixed = list(found)
    random.shuffle(mixed)

    def said(given_lines: list[RecordView[RiskLine]]) -> list[tuple[str, object, object]]:
        return [
            (w.category, w.before.weight, w.after.weight) for w in worst_by_category(given_lines)
        ]

    assert sorted(said(found), key=str) == sorted(said(mixed), key=str)
    assert unanswered_categories(found, has_children=True) == unanswered_categories(
        mixed, has_children=True
    )


@given(lines(), lines())
def test_another_sides_lines_never_make_a_category_milder(
    ours: list[RecordView[RiskLine]], theirs: list[RecordView[RiskLine]]
) -> None:
    together = {one.category: one for one in worst_by_category([*ours, *theirs])}
    for one in worst_by_category(ours):
        assert level(together[one.category].before) >= level(one.before)
        assert level(together[one.category].after) >= level(one.after)


@given(lines())
def test_only_an_answer_makes_a_risk_lower_than_high(found: list[RecordView[RiskLine]]) -> None:
    for line in found:
        one = rate_line(line)
        if line.record.answer == "nothing_found":
            assert (one.before.level, one.after.level) == (None, None)
        elif line.record.answer != "found" or one.before.cell is None:
            assert level(one.before) >= RiskLevel.HIGH
            if line.record.answer != "found":
                assert level(one.after) >= RiskLevel.HIGH


@given(lines(), st.booleans())
def test_open_categories_are_those_without_a_whole_answer(
    found: list[RecordView[RiskLine]], has_children: bool
) -> None:
    wanted = required_categories(has_children=has_children)
    open_ones = unanswered_categories(found, has_children=has_children)
    assert set(open_ones) <= set(wanted)
    for category in set(wanted) - set(open_ones):
        own = [line for line in found if line.record.category == category]
        assert own
        assert not any(is_line_open(line) for line in own)


@given(lines())
def test_gravest_of_all_is_the_gravest_of_the_worse(found: list[RecordView[RiskLine]]) -> None:
    everything = highest_level(rate_line(line).before for line in found)
    assert highest_level(one.before for one in worst_by_category(found)) == everything
