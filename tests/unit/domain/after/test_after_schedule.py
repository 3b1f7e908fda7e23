# SPDX-License-Identifier: GPL-3.0-or-later
"""When she is contacted after an arrival: proposed, in its window, late, refused by her."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.make import MOSCOW, at

from kfdesk.domain.aftercare import (
    USUAL_CONTACTS,
    FollowUpStatus,
    arrival_day,
    contact_window,
    follow_up_status,
    propose_follow_ups,
)
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.values import MissingAnswer, PartialDate

ARRIVED = date(2026, 12, 13)


def contact(**values: Any) -> FollowUp:
    return FollowUp(**values)


def leg(**values: Any) -> Leg:
    return Leg(**values)


WEEK = contact(due=ARRIVED + timedelta(7), window=2, after_days=7)


def handed(**values: Any) -> Handover:
    return Handover(**{"happened": at(13, 8), "place": "arrival", "result": "received", **values})


def test_usual_contacts_are_those_of_the_list() -> None:
    assert [days for days, _ in USUAL_CONTACTS] == [0, 2, 7, 30, 90, 180, 365]
    assert all(window <= days + 1 for days, window in USUAL_CONTACTS)


def test_each_proposal_has_its_day_counted_from_the_arrival() -> None:
    proposed = propose_follow_ups(ARRIVED, ())
    assert [one.after_days for one in proposed] == [days for days, _ in USUAL_CONTACTS]
    assert [one.due for one in proposed[:3]] == [date(2026, 12, 13), date(2026, 12, 15),
                                                date(2026, 12, 20)]  # fmt: skip
    assert proposed[-1].due == date(2027, 12, 13)


def test_what_is_there_is_not_proposed_again_even_on_another_day() -> None:
    moved = replace(WEEK, due=date(2026, 12, 28))
    assert 7 not in {one.after_days for one in propose_follow_ups(ARRIVED, (moved,))}


def test_arrival_is_when_she_was_received_where_she_was_going() -> None:
    elsewhere = handed(happened=at(12, 8), place="transit")
    assert arrival_day((elsewhere, handed()), ()) == ARRIVED


def test_arrival_is_when_she_says_so_herself() -> None:
    said = handed(place="onward", result=None, confirmed_by_client=True)
    assert arrival_day((said,), ()) == ARRIVED


@pytest.mark.parametrize("values", [{"happened": None}, {"result": "not_arrived"}])
def test_handover_without_hour_or_in_vain_is_no_arrival(values: dict[str, Any]) -> None:
    assert arrival_day((handed(**values),), ()) is None


def test_without_handover_the_last_leg_counts_and_what_happened_before_what_is_planned() -> None:
    planned = leg(arrives=at(13, 9, 0, MOSCOW))
    late = replace(planned, arrived=at(14, 1, 0, MOSCOW))
    assert arrival_day((), (leg(), planned)) == ARRIVED
    assert arrival_day((), (late,)) == date(2026, 12, 14)
    assert arrival_day((), (planned, replace(late, status="missed"))) == ARRIVED
    assert arrival_day((), (planned, leg())) == ARRIVED
    assert arrival_day((), ()) is None


def test_window_is_as_wide_before_as_after() -> None:
    assert contact_window(WEEK) == (date(2026, 12, 18), date(2026, 12, 22))
    assert contact_window(replace(WEEK, window=None)) == (WEEK.due, WEEK.due)
    assert contact_window(replace(WEEK, window=-3)) == (WEEK.due, WEEK.due)


@pytest.mark.parametrize("due", [None, PartialDate("2026-12"), MissingAnswer.UNKNOWN])
def test_without_an_exact_day_there_is_no_window(due: Any) -> None:
    assert contact_window(replace(WEEK, due=due)) is None
    assert follow_up_status(replace(WEEK, due=due), ARRIVED) is FollowUpStatus.UNDATED


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (17, FollowUpStatus.PLANNED),
        (18, FollowUpStatus.DUE),
        (22, FollowUpStatus.DUE),
        (23, FollowUpStatus.OVERDUE),
    ],
)
def test_contact_is_due_in_its_window_and_late_after_it(day: int, standing: FollowUpStatus) -> None:
    assert follow_up_status(WEEK, date(2026, 12, day)) is standing


@pytest.mark.parametrize(
    "values", [{"refused": True}, {"result": "refused"}, {"method": "none_by_wish"}]
)
def test_what_she_refuses_is_never_late(values: dict[str, Any]) -> None:
    standing = follow_up_status(replace(WEEK, **values), date(2027, 6, 1))
    assert standing is FollowUpStatus.REFUSED
    assert not standing.is_open


def test_contact_that_was_made_is_done_and_one_in_vain_is_still_to_be_made() -> None:
    later = date(2027, 6, 1)
    assert not follow_up_status(replace(WEEK, result="reached"), later).is_open
    for result in ("not_reached", "unsafe_to_contact", "x_new"):
        assert follow_up_status(replace(WEEK, result=result), later) is FollowUpStatus.OVERDUE
    assert FollowUpStatus.OVERDUE.is_open
