# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ago an entry was checked, also where only the month or the year is known."""

from datetime import date, timedelta

import pytest
from tests.support import make

from kfdesk.domain.directory import (
    Freshness,
    fresh_since,
    freshness_of,
    months_before,
    months_since,
)
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

TODAY = date(2026, 11, 24)


def organisation(**values: Value) -> Organisation:
    return view(make.row("organisation", values), Organisation).record


@pytest.mark.parametrize(
    ("checked", "months"),
    [
        (date(2026, 11, 24), 0), (date(2026, 10, 25), 0), (date(2026, 10, 24), 1),
        (date(2025, 11, 24), 12), (date(2025, 11, 25), 11), (date(2027, 1, 1), 0),
        (PartialDate("2025-11"), 12), (PartialDate("2025"), 22), (None, None),
        (MissingAnswer.UNKNOWN, None),
    ],
)  # fmt: skip
def test_months_are_whole_ones(checked: Value, months: int | None) -> None:
    assert months_since(checked, TODAY) == months


def test_day_before_months_is_a_day_of_that_month() -> None:
    assert months_before(TODAY, 12) == date(2025, 11, 24)
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


@pytest.mark.parametrize(
    ("checked", "how"),
    [
        (date(2026, 11, 24), Freshness.FRESH),
        (date(2025, 11, 25), Freshness.FRESH),
        (date(2025, 11, 24), Freshness.STALE),
        (PartialDate("2026-06"), Freshness.FRESH),
        (PartialDate("2025-11"), Freshness.STALE),  # it may have been on the first
        (PartialDate("2026"), Freshness.FRESH),
        (PartialDate("2025"), Freshness.STALE),
        (None, Freshness.UNCHECKED),
        (MissingAnswer.UNKNOWN, Freshness.UNCHECKED),
    ],
)
def test_check_is_good_for_a_year(
    checked: date | PartialDate | MissingAnswer | None, how: Freshness
) -> None:
    assert freshness_of(organisation(checked=checked), TODAY) is how


def test_entry_that_is_said_to_be_unverified_is_unchecked_whatever_its_day() -> None:
    entry = organisation(checked=TODAY, verification="unverified")
    assert freshness_of(entry, TODAY) is Freshness.UNCHECKED


@pytest.mark.parametrize("today", [TODAY, date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 31)])
def test_list_of_what_is_stale_and_the_word_beside_an_entry_agree_to_the_day(today: date) -> None:
    first = fresh_since(today)
    assert freshness_of(organisation(checked=first), today) is Freshness.FRESH
    before = first - timedelta(days=1)
    assert freshness_of(organisation(checked=before), today) is Freshness.STALE
