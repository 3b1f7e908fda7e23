# SPDX-License-Identifier: GPL-3.0-or-later
"""A category answered as a whole: what it comes to with its items, and which of them counts."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    RiskItem,
    RiskLevel,
    ThemeAnswer,
    contradicting_items,
    has_answer,
    is_line_open,
    is_theme_reopened,
    line_answer,
    line_fields,
    line_of_category,
    rate_line,
    theme_on_line,
)
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import MissingAnswer

SO, NOT_SO, NOT_KNOWN = (
    RiskItem(ItemAnswer.SO), RiskItem(ItemAnswer.NOT_SO), RiskItem(ItemAnswer.NOT_KNOWN),
)  # fmt: skip
NONE, ALL_NOT_SO = (
    dict.fromkeys(CATEGORY_ITEMS["travel"], RiskItem()),
    dict.fromkeys(CATEGORY_ITEMS["travel"], NOT_SO),
)


def written(theme: ThemeAnswer | None, **values: Any) -> RecordView[RiskLine]:
    held = theme.value if theme is not None else None
    return view(line("travel", theme_answer=held, **values), RiskLine)


@pytest.mark.parametrize(
    ("theme", "items", "comes_to"),
    [
        (ThemeAnswer.NOTHING, NONE, "nothing_found"),
        (ThemeAnswer.NOTHING, NONE | {"transit_unmet": NOT_SO}, "nothing_found"),
        (ThemeAnswer.NOTHING, NONE | {"transit_unmet": SO}, "found"),
        (ThemeAnswer.NOTHING, ALL_NOT_SO | {"transit_unmet": NOT_KNOWN}, "not_known"),
        (ThemeAnswer.NOT_KNOWN, NONE, "not_known"),
        (ThemeAnswer.NOT_KNOWN, ALL_NOT_SO, "not_known"),
        (ThemeAnswer.NOT_KNOWN, ALL_NOT_SO | {"transit_unmet": SO}, "not_known"),
        (ThemeAnswer.SOMETHING, NONE, None),
        (ThemeAnswer.SOMETHING, NONE | {"transit_unmet": SO}, None),
        (ThemeAnswer.SOMETHING, ALL_NOT_SO, "found"),  # in her own words
        (ThemeAnswer.SOMETHING, ALL_NOT_SO | {"transit_unmet": NOT_KNOWN}, "not_known"),
    ],
)
def test_theme_and_items_come_to_one(
    theme: ThemeAnswer, items: dict[str, RiskItem], comes_to: str | None
) -> None:
    assert line_fields(items, theme)["answer"] == comes_to


def test_nothing_in_a_theme_is_no_answer_to_its_items() -> None:
    fields = line_fields(NONE, ThemeAnswer.NOTHING)
    assert {fields[key] for key in fields if key != "answer"} == {None}


@pytest.mark.parametrize("held", ["x_newer", MissingAnswer.UNKNOWN, MissingAnswer.DECLINED])
def test_code_of_a_newer_program_counts_as_not_known(held: Any) -> None:
    record = view(line("travel", theme_answer=held), RiskLine).record
    assert theme_on_line(record) is ThemeAnswer.NOT_KNOWN
    assert line_answer(record) == "not_known"
    assert theme_on_line(None) is None


def test_line_without_a_theme_is_what_it_was() -> None:
    torn = view(line("travel", answer="nothing_found", present=("transit_unmet",)), RiskLine)
    assert line_answer(torn.record) == "nothing_found"
    assert contradicting_items(torn.record) == ()
    assert line_answer(view(line("travel", answer=MissingAnswer.UNKNOWN), RiskLine).record) is None


@pytest.mark.parametrize(
    ("values", "comes_to", "against"),
    [
        ({}, "nothing_found", ()),
        ({"absent": ("transit_unmet",)}, "nothing_found", ()),
        ({"present": ("transit_unmet",)}, "found", ("transit_unmet",)),
        ({"unclear": ("transit_unmet",)}, "not_known", ("transit_unmet",)),
        ({"present": ("x_newer",)}, "found", ("x_newer",)),
        ({"answer": "found"}, "found", ()),
        ({"answer": "x_newer"}, "x_newer", ()),
        ({"answer": None, "present": ("transit_unmet",)}, None, ("transit_unmet",)),
    ],
)
def test_gravest_counts_where_nothing_meets_a_yes(
    values: dict[str, Any], comes_to: str | None, against: tuple[str, ...]
) -> None:
    found = written(ThemeAnswer.NOTHING, **values)
    assert (line_answer(found.record), contradicting_items(found.record)) == (comes_to, against)
    if against:
        assert is_line_open(found)  # it must be rated, or answered again
        assert has_answer(found)
        assert rate_line(found).before.level is RiskLevel.HIGH
    assert contradicting_items(written(ThemeAnswer.SOMETHING, **values).record) == ()


def test_older_program_that_answers_each_item_makes_an_unknown_theme_no_nothing() -> None:
    unknown = written(ThemeAnswer.NOT_KNOWN, answer="nothing_found")
    assert rate_line(unknown).before.level is RiskLevel.HIGH
    open_again = written(ThemeAnswer.NOT_KNOWN, answer=None)
    assert is_line_open(open_again)
    assert has_answer(open_again)
    assert not has_answer(written(ThemeAnswer.NOTHING, answer=None))


@pytest.mark.parametrize(
    ("theme", "answer", "is_reopened"),
    [
        (ThemeAnswer.NOTHING, None, True),
        (ThemeAnswer.NOT_KNOWN, None, True),
        (ThemeAnswer.SOMETHING, None, False),  # its questions are open
        (ThemeAnswer.NOTHING, "nothing_found", False),
        (None, None, False),
    ],
)
def test_theme_without_its_overall_answer_was_opened_again(
    theme: ThemeAnswer | None, answer: str | None, is_reopened: bool
) -> None:
    found = written(theme, answer=answer)
    assert is_theme_reopened(found.record) == is_reopened
    assert is_line_open(found) == (answer is None)


def test_of_several_lines_an_open_one_stands_for_the_category_else_the_gravest() -> None:
    def of(name: str, **values: Any) -> RecordView[RiskLine]:
        held = {"category": "travel", "answer": "nothing_found", **values}
        return view(make.row("risk_line", held, rid=make.named_id(name)), RiskLine)

    rated = {"answer": "found", "likelihood": "rare", "severity": "minor"}
    nothing, found, unknown = of("a"), of("b", **rated), of("c", answer="not_known")
    begun, newer = of("d", answer=None), of("e", answer="x_newer")
    for lines, stands in (
        ([nothing, found], found), ([unknown, found, nothing], unknown),
        ([begun, unknown], begun), ([nothing, newer], newer),
    ):  # fmt: skip
        for order in (lines, lines[::-1]):
            chosen = line_of_category(order, "travel")
            assert chosen is not None
            assert chosen.rid == stands.rid
    assert line_of_category([nothing], "health") is None


def test_two_desks_that_answer_a_theme_are_in_conflict_and_it_is_high() -> None:
    begun = line("travel", theme_answer=None)
    one = make.changed(begun, {"theme_answer": "nothing"}, make.signature(minute=4), seen=begun)
    other = make.changed(
        one, {"theme_answer": "something"}, make.signature(author="EV, B", minute=5), seen=begun
    )
    torn = view(other, RiskLine)
    assert "theme_answer" in torn.conflicts
    assert is_line_open(torn)
    assert rate_line(torn).before.level is RiskLevel.HIGH
