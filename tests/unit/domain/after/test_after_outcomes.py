# SPDX-License-Identifier: GPL-3.0-or-later
"""How she fares: a course for each area with its gaps, and when somebody must look at once."""

from datetime import date
from typing import Any

import pytest
from tests.support.make import at, changed, named_id, row, signature

from kfdesk.domain.aftercare import (
    follow_up_day,
    is_unsafe_to_contact,
    newest_concern,
    score_of,
    score_series,
    scored_follow_ups,
    sort_follow_ups,
)
from kfdesk.domain.codes.case import SCORE
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import ZonedTime


def contact(day: int, **values: Any) -> RecordView[FollowUp]:
    """Return a contact that was to be on a day of December, and perhaps was."""
    whole = {"due": date(2026, 12, day), **values}
    return view(row("follow_up", whole, rid=named_id(f"contact {day}")), FollowUp)


def housed(code: str) -> FollowUp:
    values: dict[str, Any] = {"housing": code}
    return FollowUp(**values)


def test_scale_has_five_steps_and_ten_areas() -> None:
    assert (len(SCORE), len(AREAS)) == (5, 10)
    assert [score_of(housed(code), "housing") for code in SCORE] == [0, 1, 2, 3, 4]


def test_word_from_a_newer_desk_is_no_score() -> None:
    assert score_of(housed("x_later"), "housing") is None


def test_contacts_stand_in_the_order_of_when_they_were() -> None:
    early, late = contact(20, happened=at(3, 9)), contact(5)
    undated = view(row("follow_up", {}, rid=named_id("undated")), FollowUp)
    assert sort_follow_ups((undated, late, early)) == (early, late, undated)


def test_course_keeps_the_gap_where_an_area_was_not_asked() -> None:
    views = (
        contact(1, housing="poor", income="none"),
        contact(8),
        contact(9, income="fair"),
        contact(20, housing="good"),
    )
    found = {course.area: course for course in score_series(views)}
    assert found["housing"].scores == (1, None, 3)
    assert found["income"].scores == (0, 2, None)
    assert (found["housing"].latest, found["income"].latest) == (3, 2)
    assert found["legal"].latest is None
    assert len(scored_follow_ups(views)) == 3


@pytest.mark.parametrize("answer", ["yes", "suspected"])
def test_newest_word_that_she_is_exploited_again_is_a_reason_to_look(answer: str) -> None:
    bad = contact(8, result="reached", exploitation_again=answer)
    assert newest_concern((contact(1, result="reached"), bad, contact(20))) == bad


def test_where_it_is_not_safe_to_contact_her_somebody_must_look() -> None:
    unsafe = contact(8, result="unsafe_to_contact")
    assert newest_concern((unsafe,)) == unsafe


def test_what_is_over_by_the_newest_contact_is_no_reason_any_more() -> None:
    bad = contact(8, exploitation_again="yes")
    assert newest_concern((bad, contact(15, result="reached", exploitation_again="no"))) is None
    assert newest_concern((contact(15),)) is None
    assert newest_concern(()) is None


def torn(key: str, *values: str) -> RecordView[FollowUp]:
    """Return a contact in which two desks have written different answers."""
    bare = row("follow_up", {"due": date(2026, 12, 8)}, rid=named_id("torn"))
    ours = changed(bare, {key: values[0]}, signature(minute=1))
    return view(changed(ours, {key: values[1]}, signature("KP, Дом у реки", 2), bare), FollowUp)


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("exploitation_again", ("yes", "no")),
        ("exploitation_again", ("no", "suspected")),
        ("result", ("unsafe_to_contact", "reached")),
    ],
)
def test_of_two_answers_that_differ_the_one_that_tells_danger_counts(
    key: str, values: tuple[str, str]
) -> None:
    one = torn(key, *values)
    assert key in one.conflicts
    assert newest_concern((contact(1, result="reached"), one)) == one
    assert is_unsafe_to_contact(one) is (key == "result")


def test_contact_that_lies_ahead_ends_no_concern() -> None:
    bad = contact(8, exploitation_again="yes")
    on, far = follow_up_day(bad.record), ZonedTime.parse("2099-01-01T09:00+01:00[Europe/Oslo]")
    assert newest_concern((bad, contact(20, result="reached")), on) == bad
    assert newest_concern((bad, contact(9, result="reached", happened=far)), on) == bad
    assert newest_concern((bad, contact(9, result="reached")), on) is None
    danger = contact(20, exploitation_again="yes")
    assert newest_concern((contact(8, result="reached"), danger), on) == danger
