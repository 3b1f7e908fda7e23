# SPDX-License-Identifier: GPL-3.0-or-later
"""Each time of a journey is told by the clocks of its place, or it is a missing item."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest

from kfdesk.domain.itinerary import OTHER_CLOCK, SheetFinding
from kfdesk.domain.local_times import JourneyPlaces, is_clock_of
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.values import Translation, ZonedTime

STOCKHOLM, TALLINN, RIGA, MOSCOW = (
    "Europe/Stockholm", "Europe/Tallinn", "Europe/Riga", "Europe/Moscow",
)  # fmt: skip


class Atlas:
    """Three towns and three countries."""

    def zones_of_place(self, typed: str, countries: Collection[str] = ()) -> tuple[str, ...]:
        assert set(countries) <= {"SE", "EE", "RU"}
        known = {"Stockholm": STOCKHOLM, "Tallinn": TALLINN, "Riga": RIGA}
        return tuple(zone for name, zone in known.items() if name in typed)

    def prepare(self) -> None:
        """Nothing is read."""

    def zones_of_country(self, country: str) -> tuple[str, ...]:
        return {"SE": (STOCKHOLM,), "EE": (TALLINN,), "RU": (MOSCOW, "Asia/Omsk")}.get(country, ())


def said(*names: str) -> tuple[Translation, ...]:
    return tuple(Translation(code, name) for code, name in zip(("sv", "en"), names, strict=False))


def at(hour: int, zone: str) -> ZonedTime:
    return ZonedTime.at(datetime.fromisoformat(f"2026-12-05T{hour:02}:00"), zone)


def leg(start: str, end: str, zones: tuple[str, str] = (STOCKHOLM, STOCKHOLM), **more: Any) -> Leg:
    times: dict[str, Any] = {"departs": at(8, zones[0]), "arrives": at(10, zones[1])}
    return bare(**{"from_place": said(start), "to_place": said(end), **times, **more})


def bare(**values: Any) -> Leg:
    """Return a leg of these values alone."""
    return Leg(**values)


def faults(*legs: Leg, countries: tuple[str, str] = ("", "")) -> list[SheetFinding]:
    return list(JourneyPlaces(legs, Atlas(), *countries).other_clocks())


def other(key: str, number: int = 1) -> SheetFinding:
    return SheetFinding(OTHER_CLOCK, "leg", key, number)


def test_terminal_in_tallinn_by_the_clock_of_stockholm_is_found() -> None:
    assert faults(leg("Stockholm", "Tallinn, D-terminalen")) == [other("arrives")]
    assert faults(leg("Stockholm", "Tallinn, D-terminalen", (STOCKHOLM, TALLINN))) == []
    assert faults(leg("Tallinn", "Tallinn", (STOCKHOLM, STOCKHOLM))) == [
        other("departs"), other("arrives"),
    ]  # fmt: skip


def test_zone_whose_clocks_show_the_same_is_the_clock_of_the_place() -> None:
    assert faults(leg("Stockholm", "Tallinn", (STOCKHOLM, RIGA))) == []
    assert faults(leg("Stockholm", "Tallinn", (STOCKHOLM, MOSCOW))) == [other("arrives")]
    summer = ZonedTime.at(datetime.fromisoformat("2026-07-05T10:00"), "Europe/Kaliningrad")
    assert faults(leg("Tallinn", "Stockholm", (TALLINN, STOCKHOLM), arrives=summer)) == []


def test_unknown_place_has_the_country_at_the_end_of_the_journey() -> None:
    way = leg("Stockholm", "Byn")
    assert faults(way, countries=("SE", "EE")) == [other("arrives")]
    assert faults(way, countries=("SE", "")) == []
    assert faults(way, countries=("SE", "RU")) == [other("arrives")]
    omsk = leg("Stockholm", "Byn", (STOCKHOLM, "Asia/Omsk"))
    assert faults(omsk, countries=("SE", "RU")) == []  # one of the country's several clocks
    start = leg("Byn", "Tallinn", (TALLINN, TALLINN))
    assert faults(start, countries=("SE", "EE")) == [other("departs")]
    assert faults(leg("Byn", "Hamnen", (MOSCOW, MOSCOW))) == []  # nothing is known of either


def test_unknown_place_in_the_middle_has_the_clock_of_the_connection_there() -> None:
    legs = (leg("Stockholm", "Hamnen"), leg("Tallinn, buss", "Riga", (TALLINN, RIGA)))
    assert faults(*legs) == [other("arrives", 1)]
    back = (
        leg("Stockholm", "Riga", (STOCKHOLM, RIGA)),
        leg("Hamnen", "Tallinn", (STOCKHOLM, RIGA)),
    )
    assert faults(*back) == [other("departs", 2)]
    between = (leg("Stockholm", "Hamnen"), leg("Kajen", "Tallinn", (STOCKHOLM, TALLINN)))
    assert faults(*between, countries=("SE", "EE")) == []  # it may lie in a third country
    assert faults(leg("Byn", "Hamnen"), leg("Kajen", "Byn"), countries=("EE", "EE")) == [
        other(key, number) for number in (1, 2) for key in ("departs", "arrives")
    ]


def test_legs_that_are_off_neither_count_nor_connect() -> None:
    off = leg("Tallinn", "Tallinn", status="cancelled")
    assert faults(off) == []
    legs = (leg("Stockholm", "Hamnen"), off, leg("Stockholm", "Stockholm"))
    assert faults(*legs) == []
    assert faults(leg("Stockholm", "Byn"), off, countries=("SE", "EE")) == [other("arrives", 1)]


def test_two_places_in_one_text_let_either_clock_pass_and_no_third() -> None:
    ways = [leg("Stockholm", "Stockholm–Tallinn", (STOCKHOLM, zone))
            for zone in (STOCKHOLM, TALLINN, MOSCOW)]  # fmt: skip
    assert [faults(way) for way in ways] == [[], [], [other("arrives")]]


def test_place_is_known_by_any_of_its_languages() -> None:
    way = leg("Stockholm", "")
    second = bare(arrives=way.arrives, to_place=said("Rewal", "Tallinn"))
    assert faults(second) == [other("arrives")]
    assert faults(bare(arrives=at(10, STOCKHOLM))) == []
    assert faults(bare(to_place=said("Tallinn"))) == []


@pytest.mark.parametrize(
    ("text", "zone", "is_right"),
    [
        ("2026-10-25T02:30", STOCKHOLM, True),  # shown twice
        ("2026-03-29T02:30", STOCKHOLM, True),  # never shown
        ("2026-12-05T10:00", "No/Such", False),
    ],
)
def test_clock_at_the_edges_of_summer_time(text: str, zone: str, is_right: bool) -> None:
    wall = datetime.fromisoformat(text)
    for offset in (60, 120) if is_right else (60,):
        assert is_clock_of(ZonedTime(wall, "Europe/Oslo", offset), (zone,)) is is_right
    assert not is_clock_of(ZonedTime(wall, "Europe/Moscow", 180), (zone,))
    assert is_clock_of(ZonedTime(wall, zone, 60), (zone,))
