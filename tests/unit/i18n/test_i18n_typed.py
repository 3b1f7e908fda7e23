# SPDX-License-Identifier: GPL-3.0-or-later
"""What people type for days, times and numbers is read as they mean it, and never guessed."""

from datetime import date, time

import pytest

from kfdesk.domain.values import PartialDate
from kfdesk.i18n.parsing import parse_clock, parse_day, parse_number

DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "3.12.2026",
        "03/12/2026",
        "3 12 2026",
        "2026-12-03",
        "3 December 2026",
        "3 dec. 2026",
        "den 3 december 2026",
        "3 декабря 2026",
        "3 декабря 2026 г.",
        "3 дек. 2026",
        "December 3, 2026",
        " 3.12.2026 ",
    ],
)
def test_a_day_is_read_in_every_usual_form(typed: str) -> None:
    assert parse_day(typed) == DAY


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2026", "2026"),
        ("12.2026", "2026-12"),
        ("2026-12", "2026-12"),
        ("maj 2026", "2026-05"),
        ("мая 2026", "2026-05"),
        ("май 2026", "2026-05"),
        ("about 2026-05", "2026-05"),
        ("около 1999 года", "1999"),
        ("~1999", "1999"),
        ("ca 1999", "1999"),
    ],
)
def test_a_month_or_a_year_alone_is_about_when(typed: str, text: str) -> None:
    assert parse_day(typed) == PartialDate(text)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "soon", "12.12", "3 dec", "12.12.26", "31.2.2026", "2026-13", "ma 2026"),
        *("1.2.3.2026", "2026 2027", "about 3.12.2026", "12.2026.3", "0000", "20261203"),
    ],
)
def test_what_could_be_another_day_is_no_day(typed: str) -> None:
    assert parse_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("17:00", time(17)),
        ("17.05", time(17, 5)),
        ("1705", time(17, 5)),
        ("905", time(9, 5)),
        ("9", time(9)),
        (" 9 05 ", time(9, 5)),
        ("24:00", None),
        ("17:60", None),
        ("5 pm", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_or_refused(typed: str, read: time | None) -> None:
    assert parse_clock(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7", 7), ("-3", -3), ("−3", -3), ("1 200", 1200), ("7,5", None), ("two", None), ("", None)],
)
def test_a_whole_number_is_read_or_refused(typed: str, read: int | None) -> None:
    assert parse_number(typed) == read


@pytest.mark.parametrize("digits", ["9" * 17, "9" * 400, "9" * 5_000, "9" * 60_000])
def test_digits_without_end_are_no_number_and_no_day(digits: str) -> None:
    assert parse_number(digits) is None
    assert parse_number(f"-{digits}") is None
    for typed in (f"{digits}.12.2026", f"2026-{digits}-1", f"2026-1-{digits}", digits):
        assert parse_day(typed) is None
