# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ago an entry was checked, also where only the month or the year is known."""

from datetime import date, timedelta

import pytest
from tests.support import make

from kfdesk.domain.directory import (
    Freshness,
    check_alarm,
    fresh_since,
    freshness_of,
    index_terms_of,
    last_checked,
    months_before,
    months_since,
    newest_right,
)
from kfdesk.domain.records.directory import EntryCheck, Organisation
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

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


# checks


def check(outcome: str | None, day: int | None = 1) -> EntryCheck:
    when = ZonedTime.parse(f"2026-10-{day:02}T12:00+02:00[Europe/Stockholm]") if day else None
    return EntryCheck(when=when, how="call", outcome=outcome, by=None)


@pytest.mark.parametrize(
    ("checks", "day"),
    [
        ((), None),
        ((check("right", 3), check("corrected", 5), check("not_reached", 9)), date(2026, 10, 5)),
        ((check("closed_down", 9), check(None, 9), check("right", None)), None),
    ],
)
def test_day_of_the_newest_check_that_found_it_right(
    checks: tuple[EntryCheck, ...], day: date | None
) -> None:
    assert newest_right(checks) == day


@pytest.mark.parametrize(
    ("entered", "found_right", "last"),
    [
        (date(2026, 10, 4), date(2026, 10, 5), date(2026, 10, 5)),
        (date(2026, 10, 6), date(2026, 10, 5), date(2026, 10, 6)),
        (PartialDate("2026"), date(2026, 10, 5), date(2026, 10, 5)),
        (PartialDate("2027"), date(2026, 10, 5), PartialDate("2027")),
        (None, date(2026, 10, 5), date(2026, 10, 5)),
        (date(2026, 10, 4), None, date(2026, 10, 4)),
        (None, None, None),
    ],
)
def test_later_of_the_entered_day_and_that_of_a_check_counts(
    entered: Value, found_right: date | None, last: Value
) -> None:
    entry = organisation(checked=entered)
    assert last_checked(entry, found_right) == last
    terms = index_terms_of(
        view_any(make.row("organisation", {"name": "Huset", "checked": entered})), None, (),
        () if found_right is None else (check("right", found_right.day),),
    )  # fmt: skip
    assert terms.checked == (getattr(last, "text", None) or (str(last) if last else ""))


def test_check_of_a_partner_makes_an_entry_fresh() -> None:
    assert freshness_of(organisation(), TODAY, date(2026, 10, 1)) is Freshness.FRESH
    assert freshness_of(organisation(), TODAY, date(2025, 10, 1)) is Freshness.STALE


@pytest.mark.parametrize(
    ("outcomes", "alarm"),
    [
        ((), ""),
        (("right",), ""),
        (("closed_down", "right"), "closed_down"),
        (("right", "closed_down"), ""),
        (("not_reached", "not_reached"), ""),
        (("not_reached", "not_reached", "not_reached", "right"), "not_reached"),
        (("not_reached", "not_reached", "right", "not_reached"), ""),
        (("not_reached", "not_reached", None), ""),
    ],
)
def test_three_vain_checks_or_a_closed_house_warn(
    outcomes: tuple[str | None, ...], alarm: str
) -> None:
    assert check_alarm([check(one) for one in outcomes]) == alarm
