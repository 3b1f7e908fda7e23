# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening hours in their notation, how old a check is, and entries before they are ours."""

from datetime import date

import pytest

from kfdesk.domain.codes.core import ListFilter
from kfdesk.domain.directory import (
    OpeningHours,
    ParsedContact,
    format_hours,
    parse_clock_time,
    parse_hours,
    weekday_number,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("08:00", "08:00"),
        ("8", "08:00"),
        ("8.30", "08:30"),
        ("08:00:00", "08:00"),
        ("4:00 PM", "16:00"),
        ("3pm", "15:00"),
        ("9am", "09:00"),
        ("12 a.m.", "00:00"),
        ("12pm", "12:00"),
        ("24:00", "24:00"),
        ("13pm", ""),
        ("0am", ""),
        ("25:00", ""),
        ("12:60", ""),
        ("noon", ""),
        ("", ""),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, told: str) -> None:
    assert parse_clock_time(typed) == told


@pytest.mark.parametrize(
    ("typed", "day"), [("Monday", 0), ("MO", 0), ("su", 6), (" Th ", 3), ("", None), ("X", None)]
)
def test_days_are_read_by_their_first_letters(typed: str, day: int | None) -> None:
    assert weekday_number(typed) == day


def test_days_of_the_same_hours_are_told_together() -> None:
    week = [(day, "08:00", "17:00") for day in (0, 1, 2, 4)]
    assert format_hours([*week, (5, "10:00", "14:00"), (0, "18:00", "20:00")]) == (
        "Mo 08:00-17:00; Mo 18:00-20:00; Tu-We 08:00-17:00; Fr 08:00-17:00; Sa 10:00-14:00"
    )
    assert format_hours([]) == ""


def test_the_notation_is_read_back_and_words_are_not() -> None:
    assert parse_hours("Mo-Fr 08:00-17:00; Sa 10:00-14:00") == [
        OpeningHours(0, 4, "08:00", "17:00"),
        OpeningHours(5, 5, "10:00", "14:00"),
    ]
    assert parse_hours("weekdays, in the morning") is None


def test_an_entry_is_named_by_its_name_or_its_two_names() -> None:
    assert ParsedContact(1, "organisation", {"name": "Huset", "given_name": "x"}).name == "Huset"
    assert ParsedContact(1, "contact", {"given_name": "A", "family_name": "B"}).name == "A B"
    assert ParsedContact(1, "contact", {"family_name": "B"}).name == "B"


def test_values_of_an_entry_do_not_stand_in_its_picture() -> None:
    listed = ParsedContact(1, "contact", {"given_name": "Hemlig"}, ("+46 8 465 004 01",))
    assert "Hemlig" not in repr(listed)
    assert "465" not in repr(listed)


@pytest.mark.parametrize(
    ("asked", "passes"),
    [
        (ListFilter(), True),
        (ListFilter("EE"), True),
        (ListFilter("LV"), False),
        (ListFilter(service="legal"), True),
        (ListFilter(service="housing"), False),
        (ListFilter(spoken="ru"), True),
        (ListFilter(spoken="pl"), False),
        (ListFilter("EE", "legal", "et"), True),
        (ListFilter("EE", "legal", "pl"), False),
    ],
)
def test_filter_lets_pass_what_has_all_that_it_asks(asked: ListFilter, passes: bool) -> None:
    assert asked.matches("EE", ("legal", "family"), ("et", "ru")) is passes
