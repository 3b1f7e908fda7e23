# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever was agreed: a contact is first ahead, then due, then late, and never leaves her no out.

Every day of the calendar may be the arrival; windows and answers are any that a desk can write.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.make import named_id, row

from kfdesk.domain.aftercare import (
    USUAL_CONTACTS,
    FollowUpStatus,
    contact_window,
    follow_up_status,
    newest_concern,
    propose_follow_ups,
    score_of,
    score_series,
    scored_follow_ups,
    sort_follow_ups,
)
from kfdesk.domain.codes.case import CONTACT_RESULT, EXPLOITATION_AGAIN, SCORE
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.rows import RecordView, view

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
WINDOWS = st.one_of(st.none(), st.integers(-400, 4000))
RESULTS = st.sampled_from((None, *CONTACT_RESULT, "x_new"))
SCORES = st.sampled_from((None, *SCORE, "x_new"))
AGAIN = st.sampled_from((None, *EXPLOITATION_AGAIN))
ORDER = (FollowUpStatus.PLANNED, FollowUpStatus.DUE, FollowUpStatus.OVERDUE)


def contact(**values: Any) -> FollowUp:
    return FollowUp(**values)


@st.composite
def answers(draw: st.DrawFn) -> tuple[RecordView[FollowUp], ...]:
    """Return some contacts, as desks may have written them."""
    count = draw(st.integers(0, 6))
    found = []
    for number in range(count):
        values: dict[str, Any] = {
            "due": draw(DAYS),
            "result": draw(RESULTS),
            "exploitation_again": draw(AGAIN),
            "housing": draw(SCORES),
            "legal": draw(SCORES),
        }
        found.append(view(row("follow_up", values, rid=named_id(f"c{number}")), FollowUp))
    return tuple(found)


@given(arrival=DAYS)
def test_proposals_are_all_different_days_in_order_from_the_arrival_on(arrival: date) -> None:
    found = propose_follow_ups(arrival, ())
    days = [one.due for one in found]
    assert days == sorted(set(days))
    assert days[0] == arrival
    assert [(one.due - arrival).days for one in found] == [days for days, _ in USUAL_CONTACTS]


@given(arrival=DAYS, agreed=st.sets(st.sampled_from([days for days, _ in USUAL_CONTACTS])))
def test_agreed_and_proposed_together_are_the_usual_ones_each_once(
    arrival: date, agreed: set[int]
) -> None:
    there = [contact(after_days=days) for days in agreed]
    proposed = [one.after_days for one in propose_follow_ups(arrival, there)]
    assert sorted([*agreed, *proposed]) == [days for days, _ in USUAL_CONTACTS]


@given(due=DAYS, window=WINDOWS)
def test_window_holds_its_day_and_is_as_wide_on_both_sides(due: date, window: int | None) -> None:
    found = contact_window(contact(due=due, window=window))
    assert found is not None
    first, last = found
    assert first <= due <= last
    assert due - first == last - due
    assert (last - due).days <= 366


@given(due=DAYS, window=WINDOWS, offset=st.integers(-5000, 5000))
def test_a_day_later_a_contact_is_never_less_urgent(
    due: date, window: int | None, offset: int
) -> None:
    one, day = contact(due=due, window=window), due + timedelta(offset)
    today, tomorrow = (follow_up_status(one, on) for on in (day, day + timedelta(1)))
    assert ORDER.index(today) <= ORDER.index(tomorrow)


@given(due=st.one_of(st.none(), DAYS), window=WINDOWS, on=DAYS, result=RESULTS)
def test_what_she_refuses_nobody_has_to_do(
    due: date | None, window: int | None, on: date, result: str | None
) -> None:
    one = contact(due=due, window=window, result=result, refused=True)
    assert follow_up_status(one, on) is FollowUpStatus.REFUSED


@given(views=answers())
def test_course_has_a_place_for_each_contact_in_which_something_was_said(
    views: tuple[RecordView[FollowUp], ...],
) -> None:
    told, found = scored_follow_ups(views), score_series(views)
    assert [course.area for course in found] == [*AREAS]
    assert {len(course.scores) for course in found} == {len(told)}
    for place, one in enumerate(told):
        scores = [course.scores[place] for course in found]
        assert scores == [score_of(one.record, area) for area in AREAS]
        assert any(score is not None for score in scores)


@given(views=answers())
def test_order_in_which_contacts_came_in_changes_nothing(
    views: tuple[RecordView[FollowUp], ...],
) -> None:
    turned = views[::-1]
    assert sort_follow_ups(turned) == sort_follow_ups(views)
    assert score_series(turned) == score_series(views)
    assert newest_concern(turned) == newest_concern(views)


@given(views=answers())
def test_reason_to_look_is_always_in_the_newest_contact_that_says_anything(
    views: tuple[RecordView[FollowUp], ...],
) -> None:
    found = newest_concern(views)
    heard = [
        one
        for one in sort_follow_ups(views)
        if one.record.result is not None or one.record.exploitation_again is not None
    ]
    if found is not None:
        assert found == heard[-1]
    elif heard:
        assert heard[-1].record.exploitation_again in (None, "no", "unknown")
        assert heard[-1].record.result != "unsafe_to_contact"


@pytest.mark.parametrize("code", SCORE)
def test_every_step_of_the_scale_is_known_in_every_area(code: str) -> None:
    for area in AREAS:
        assert score_of(contact(**{area: code}), area) == list(SCORE).index(code)
