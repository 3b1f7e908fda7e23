# SPDX-License-Identifier: GPL-3.0-or-later
"""Old answers come to what they came to, and no answer to a theme makes a risk lower unseen."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.make import named_id, row

from kfdesk.domain.codes.risk import CATEGORY_ITEMS, LIKELIHOOD, RISK_ANSWER, RISK_ITEM, SEVERITY
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    MatrixCell,
    RiskItem,
    RiskLevel,
    ThemeAnswer,
    contradicting_items,
    has_answer,
    is_answer_too_low,
    is_line_open,
    items_on_line,
    line_answer,
    line_fields,
    matrix_cell,
    rate_line,
    risk_status,
)
from kfdesk.domain.rows import RecordView, view
from kfdesk.i18n.language import Language
from kfdesk.system.paths import translations_folder

CATEGORIES = st.sampled_from(tuple(CATEGORY_ITEMS))
ANSWERS = st.builds(RiskItem, st.sampled_from(ItemAnswer))
RATINGS = st.fixed_dictionaries(
    {
        "likelihood": st.sampled_from((None, "x_newer", *LIKELIHOOD)),
        "severity": st.sampled_from((None, "x_newer", *SEVERITY)),
    }
)
GRAVITY = ("nothing_found", "found", "not_known")


@st.composite
def answered(draw: st.DrawFn) -> tuple[str, dict[str, RiskItem]]:
    category = draw(CATEGORIES)
    return category, {item: draw(ANSWERS) for item in CATEGORY_ITEMS[category]}


def written(category: str, values: dict[str, Any]) -> RecordView[RiskLine]:
    return view(row("risk_line", values | {"category": category}, rid=named_id("l")), RiskLine)


def themed(
    category: str, items: dict[str, RiskItem], theme: ThemeAnswer, rating: dict[str, Any]
) -> RecordView[RiskLine]:
    values = line_fields(items, theme) | rating | {"theme_answer": theme.value}
    return written(category, values)


def level(line: RecordView[RiskLine]) -> int:
    return rate_line(line).before.level or 0


# What programs without themes wrote; the rules as they were then


def former_answer(items: dict[str, RiskItem]) -> str | None:
    answers = {item.answer for item in items.values()}
    if ItemAnswer.OPEN in answers:
        return None
    if ItemAnswer.NOT_KNOWN in answers:
        return "not_known"
    return "found" if ItemAnswer.SO in answers else "nothing_found"


def former_level(answer: str | None, cell: MatrixCell | None) -> RiskLevel | None:
    if answer == "nothing_found":
        return None
    if cell is None:
        return RiskLevel.HIGH
    return cell.level if answer == "found" else max(RiskLevel.HIGH, cell.level)


@given(answered(), RATINGS)
def test_old_answers_come_to_what_they_came_to(
    asked: tuple[str, dict[str, RiskItem]], rating: dict[str, Any]
) -> None:
    category, items = asked
    fields = line_fields(items)
    old = written(category, fields | rating)
    cell = matrix_cell(rating["likelihood"], rating["severity"])
    answer = former_answer(items)
    assert fields["answer"] == answer
    assert items_on_line(category, old.record) == items  # without loss, both ways
    assert line_fields(items_on_line(category, old.record)) == fields
    rated = rate_line(old)
    assert (rated.before.level, rated.before.cell) == (
        former_level(answer, cell), None if answer == "nothing_found" else cell,
    )  # fmt: skip
    is_rated = rating["likelihood"] is not None and rating["severity"] is not None
    assert is_line_open(old) == (answer is None or (answer == "found" and not is_rated))
    assert has_answer(old) == (answer is not None or cell is not None)


@given(st.sampled_from((None, "x_newer", *RISK_ANSWER)), RATINGS)
def test_line_of_a_partner_who_keeps_its_items_is_what_it_was(
    answer: str | None, rating: dict[str, Any]
) -> None:
    cell = matrix_cell(rating["likelihood"], rating["severity"])
    sent = written("health", {"answer": answer} | rating)
    assert rate_line(sent).before.level == former_level(answer, cell)


@pytest.mark.parametrize("item", RISK_ITEM)
def test_yes_to_any_question_means_danger(item: str) -> None:
    category = next(name for name, items in CATEGORY_ITEMS.items() if item in items)
    items = dict.fromkeys(CATEGORY_ITEMS[category], RiskItem(ItemAnswer.NOT_SO))
    no = written(category, line_fields(items))
    yes = written(category, line_fields(items | {item: RiskItem(ItemAnswer.SO)}))
    assert (level(no), level(yes)) == (0, RiskLevel.HIGH)


# Themes


@given(answered(), RATINGS)
def test_theme_that_is_not_known_is_never_lower_than_high_nor_than_the_other_answers(
    asked: tuple[str, dict[str, RiskItem]], rating: dict[str, Any]
) -> None:
    category, items = asked
    unknown = themed(category, items, ThemeAnswer.NOT_KNOWN, rating)
    assert level(unknown) >= RiskLevel.HIGH
    for theme in (ThemeAnswer.NOTHING, ThemeAnswer.SOMETHING):
        assert level(unknown) >= level(themed(category, items, theme, rating))
    status = risk_status([unknown], has_children=True, is_own=True)
    assert (status.answered, status.unknown) == (0, (category,))


@given(answered(), RATINGS, st.sampled_from(ThemeAnswer), st.sampled_from((None, *RISK_ANSWER)))
def test_gravest_of_theme_items_and_answer_counts(
    asked: tuple[str, dict[str, RiskItem]],
    rating: dict[str, Any],
    theme: ThemeAnswer,
    answer: str | None,
) -> None:
    """Whatever older programs and two desks left in one line, `answer` may say something else."""
    category, items = asked
    found = themed(category, items, theme, rating | {"answer": answer})
    comes_to = line_answer(found.record)
    given_answers = {item.answer for item in items.values()}
    if comes_to is None:
        assert answer is None
        return
    rank = GRAVITY.index(comes_to)
    assert answer is not None
    assert rank >= GRAVITY.index(answer)
    assert rank >= tuple(ThemeAnswer).index(theme)
    assert rank >= (2 if ItemAnswer.NOT_KNOWN in given_answers else ItemAnswer.SO in given_answers)


@given(
    answered(), RATINGS, st.sampled_from((None, "x_newer", *ThemeAnswer)),
    st.sampled_from((None, "x_newer", *RISK_ANSWER)),
)  # fmt: skip
def test_what_a_partner_sees_is_never_lower_than_what_we_see(
    asked: tuple[str, dict[str, RiskItem]],
    rating: dict[str, Any],
    theme: str | None,
    answer: str | None,
) -> None:
    """A partner has the overall answer alone, unless it stays here for saying too little."""
    category, items = asked
    held = line_fields(items) | rating | {"theme_answer": theme, "answer": answer}
    here = written(category, held)
    sent = None if is_answer_too_low(here.record) else answer
    there = written(category, rating | {"answer": sent})
    if theme is not None:  # what has no theme is what it was
        assert level(there) >= level(here)
        assert is_line_open(there) or not is_line_open(here) or contradicting_items(here.record)
    status = risk_status([there], has_children=True, is_own=False)
    assert status.answered == 0 or line_answer(here.record) in ("nothing_found", "found")


@given(answered(), RATINGS)
def test_nothing_is_said_of_a_theme_only_where_no_question_says_more(
    asked: tuple[str, dict[str, RiskItem]], rating: dict[str, Any]
) -> None:
    category, items = asked
    nothing = themed(category, items, ThemeAnswer.NOTHING, rating)
    says_more = {ItemAnswer.SO, ItemAnswer.NOT_KNOWN} & {one.answer for one in items.values()}
    assert (rate_line(nothing).before.level is None) == (not says_more)
    assert items_on_line(category, nothing.record) == items  # no answer is made up


# The words

_DENIALS = {
    "en": r"\b(no|not|none|never|cannot|nobody|no one|nothing)\b",
    "sv": r"\b(ingen|inget|inga|inte|ej|aldrig|icke)\b",
    "ru": r"\b(не|ни|нет|никто|никого|никакой|ничего)\b",
    "et": r"\b(ei|pole|mitte|keegi ei|ükski)\b",
}


@pytest.mark.parametrize("code", _DENIALS)
def test_no_question_holds_a_denial(code: str) -> None:
    words = Language(code, translations_folder())
    said = {item: words.gettext(label) for item, label in RISK_ITEM.items()}
    assert not {i: t for i, t in said.items() if re.search(_DENIALS[code], t.lower())}
    assert re.search(_DENIALS[code], {"en": "No bed", "sv": "Ingen plats", "ru": "Нет места",
                                      "et": "Kohta ei ole"}[code].lower())  # fmt: skip
