# SPDX-License-Identifier: GPL-3.0-or-later
"""A reminder names the place with its hour where the clock changes on the way."""

from datetime import datetime

import pytest
from tests.support.make import MOSCOW, RIGA, STOCKHOLM, Values, row, told

from kfdesk.domain.itinerary import has_ambiguous_reminder
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import LocalizedText, MissingAnswer, Translation, ZonedTime


def made(values: Values) -> Leg:
    return view(row("leg", values), Leg).record


def leg(to_zone: str) -> Leg:
    return made(
        {
            "from_place": told("Stockholm", "Стокгольм"),
            "departs": ZonedTime.at(datetime(2026, 12, 12, 17), STOCKHOLM),  # noqa: DTZ001
            "to_place": told("Riga", "Рига"),
            "arrives": ZonedTime.at(datetime(2026, 12, 13, 10), to_zone),  # noqa: DTZ001
        }
    )


@pytest.mark.parametrize(
    ("text", "is_ambiguous"),
    [
        ("21:00 blå ask", True),
        (" 9:00, blå ask", True),
        ("21:00 riga, blå ask", False),
        ("21:00 Riga\n9:00 blå ask", True),
        ("21:00 Stockholm\n9:00 Riga", False),
        ("efter maten", False),
        ("", False),
    ],
)
def test_hour_without_a_place_is_ambiguous_where_the_clock_changes(
    text: str, is_ambiguous: bool
) -> None:
    said = (Translation("sv", text),)
    assert has_ambiguous_reminder(said, [leg(RIGA)], "sv") is is_ambiguous
    assert has_ambiguous_reminder(said, [leg(MOSCOW)], "sv") is is_ambiguous
    assert not has_ambiguous_reminder(said, [leg(STOCKHOLM)], "sv")
    assert not has_ambiguous_reminder(said, [made({})], "sv")


@pytest.mark.parametrize("said", [None, MissingAnswer.UNKNOWN, (Translation("ru", "21:00"),)])
def test_reminder_in_another_language_or_none_is_not_ambiguous(
    said: LocalizedText | MissingAnswer | None,
) -> None:
    assert not has_ambiguous_reminder(said, [leg(RIGA)], "sv")


def test_place_without_a_text_does_not_name_every_place() -> None:
    ends = leg(RIGA)
    blank = made(
        {"departs": ends.departs, "to_place": (Translation("sv", " "),), "arrives": ends.arrives}
    )
    assert has_ambiguous_reminder((Translation("sv", "21:00 ask"),), [blank], "sv")
