# SPDX-License-Identifier: GPL-3.0-or-later
"""The zone of a place as people type it; in doubt two zones or none, so that a person decides."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.architecture.tree import ROOT

from kfdesk.domain.leak_check.spelling import Spelling
from kfdesk.domain.names import strip_marks, ticket_spellings
from kfdesk.i18n import place_zones
from kfdesk.i18n.place_zones import PlaceZones

ZONES = PlaceZones(ROOT / "resources" / "places" / "places.tsv")

CITIES = {
    "Europe/Stockholm": ("Stockholm", "Стокгольм", "Göteborg", "Malmö", "Trelleborg", "Nynäshamn"),
    "Europe/Helsinki": ("Helsinki", "Helsingfors", "Хельсинки", "Turku", "Турку", "Tampere"),
    "Europe/Tallinn": ("Tallinn", "Таллин", "Таллинн", "Narva", "Нарва", "Tartu", "Pärnu"),
    "Europe/Riga": ("Riga", "Rīga", "Рига", "Riia", "Daugavpils", "Liepāja", "Ventspils"),
    "Europe/Vilnius": ("Vilnius", "Вильнюс", "Kaunas", "Каунас", "Klaipėda"),
    "Europe/Moscow": ("Pskov", "Псков", "Москва", "Moskva", "Moscow", "Санкт-Петербург"),
    "Europe/Minsk": ("Minsk", "Минск"),
    "Europe/Kyiv": ("Kyiv", "Киев", "Kyjiv", "Київ"),
    "Europe/Warsaw": ("Warsaw", "Warszawa", "Варшава", "Gdańsk"),
    "Europe/Berlin": ("Berlin", "Берлин", "Hamburg"),
}
PAIRS = [(city, zone) for zone, cities in CITIES.items() for city in cities]
TAILS = (
    "", ", D-terminalen", " D", ", terminal 2", " C", " bussterminal", ", автовокзал", " (Värtan)",
    ", sadam, terminal A", " 12:30", ": kaj 5", " hamn", "\nKajen", ", улица Ленина 3", ",",
)  # fmt: skip
WAYS: tuple[Callable[[str], str], ...] = (
    str, str.upper, str.lower, str.swapcase, strip_marks,
    lambda text: unicodedata.normalize("NFD", text), lambda text: f"  {text} ",
)  # fmt: skip


@pytest.mark.parametrize(("city", "zone"), PAIRS)
def test_place_is_found_however_it_is_typed(city: str, zone: str) -> None:
    """Every pair of a city and an ending, in every case and without its marks: over 5,000 texts."""
    for tail in TAILS:
        for way in WAYS:
            typed = way(city + tail)
            assert ZONES.zones_of_place(typed) == (zone,), typed


SIGNS = ("–", " – ", "/", " / ", " → ", "-", " - ", ", ", " till ", " och ", " и ", " до ", "; ")


COMMAS = (", ", "; ", "-")


@settings(max_examples=500)
@given(one=st.sampled_from(PAIRS), two=st.sampled_from(PAIRS), sign=st.sampled_from(SIGNS))
def test_two_places_in_one_text_leave_the_choice(
    one: tuple[str, str], two: tuple[str, str], sign: str
) -> None:
    assume(two[0] != "Київ" or sign not in COMMAS)  # known by its sound alone
    found = ZONES.zones_of_place(f"{one[0]}{sign}{two[0]}")
    assert set(found) == {one[1], two[1]}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Tallinna sadam", "Europe/Tallinn"), ("Tallinnas", "Europe/Tallinn"),
        ("Tallinnast", "Europe/Tallinn"), ("Tallinns hamn", "Europe/Tallinn"),
        ("в Таллинне", "Europe/Tallinn"), ("Таллинна", "Europe/Tallinn"),
        ("из Риги", "Europe/Riga"), ("Риге", "Europe/Riga"), ("Пскова", "Europe/Moscow"),
        ("в Москву", "Europe/Moscow"), ("Москвы", "Europe/Moscow"), ("Нарвы", "Europe/Tallinn"),
        ("Вильнюса", "Europe/Vilnius"), ("i Stockholm", "Europe/Stockholm"),
        ("D-terminalen, Tallinn", "Europe/Tallinn"), ("Bussstationen (Riga)", "Europe/Riga"),
        ("Эстония", "Europe/Tallinn"), ("byn Võru, Estland", "Europe/Tallinn"),
        ("Malmoe", "Europe/Stockholm"), ("Sankt-Peterburg", "Europe/Moscow"),
        ("Tallinn, Narva mnt 5", "Europe/Tallinn"), ("Stockholm, Riga kajen", "Europe/Stockholm"),
        ("Donetsk, Ukraine", "Europe/Kyiv"), ("RIX", "Europe/Riga"),
        ("Stockholm-Arlanda", "Europe/Stockholm"), ("Владивосток", "Asia/Vladivostok"),
    ],
)  # fmt: skip
def test_declined_foreign_and_turned_round_places(typed: str, zone: str) -> None:
    assert ZONES.zones_of_place(typed) == (zone,)


@pytest.mark.parametrize(
    "typed",
    ["", " ", ",", "–", "12", "D-terminalen", "byn utanför", "New York", "Hotell Viru", "?" * 2000,
     "\x00", "a" * 5000, "till", "i", "och", "The house of Anna"],
)  # fmt: skip
def test_unknown_place_has_no_zone(typed: str) -> None:
    assert ZONES.zones_of_place(typed) == ()


def test_places_of_one_name_leave_the_choice_unless_a_country_says_it() -> None:
    assert set(ZONES.zones_of_place("Donetsk")) == {"Europe/Kyiv", "Europe/Moscow"}
    assert ZONES.zones_of_place("Donetsk", ("SE", "UA")) == ("Europe/Kyiv",)
    assert ZONES.zones_of_place("Donetsk, Russia", ("UA",)) == ("Europe/Moscow",)
    assert set(ZONES.zones_of_place("Donetsk", ("SE",))) == {"Europe/Kyiv", "Europe/Moscow"}
    assert ZONES.zones_of_place("Tallinn", ("SE",)) == ("Europe/Tallinn",)


def test_country_of_one_clock_says_it_and_one_of_several_does_not() -> None:
    for code, zone in (("SE", "Europe/Stockholm"), ("EE", "Europe/Tallinn"), ("UA", "Europe/Kyiv"),
                       ("DE", "Europe/Berlin")):  # fmt: skip
        assert ZONES.zones_of_country(code) == (zone,)
    assert len(ZONES.zones_of_country("RU")) > 8
    assert ZONES.zones_of_country("XX") == ()


@pytest.mark.parametrize("name", ["Псков", "Нарва", "Рига", "Москва", "Минск", "Гамбург"])
def test_each_transliteration_of_a_russian_name_is_the_same_place(name: str) -> None:
    expected = ZONES.zones_of_place(name)
    assert len(expected) == 1
    for spelt, ways in ticket_spellings(name).items():
        if ways != (Spelling.UKRAINIAN,):  # of a Ukrainian name only
            assert ZONES.zones_of_place(f"{spelt}, terminal") == expected, spelt


def test_prepared_list_is_not_read_again() -> None:
    place_zones._stems.cache_clear()
    ZONES.prepare()
    assert place_zones._stems.cache_info().misses == 1
    assert ZONES.zones_of_place("Nowhere that is known") == ()
    assert place_zones._stems.cache_info().misses == 1
