# SPDX-License-Identifier: GPL-3.0-or-later
"""Places are found however they are written, and offered in the languages the list has."""

from pathlib import Path

import pytest

from kfdesk.i18n.places import MOST_PLACES, Places

FILE = Path(__file__).parents[3] / "resources" / "places" / "places.tsv"
PLACES = Places(FILE)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stockh", "Stockholm"),
        ("gote", "Gothenburg"),
        ("Göteb", "Gothenburg"),
        ("Гетеборг", "Gothenburg"),
        ("псков", "Pskov"),
        ("sankt pet", "Saint Petersburg"),
        ("санкт петербург", "Saint Petersburg"),
        ("Питер", "Saint Petersburg"),
        ("ABO", "Turku"),
        ("arn", "Stockholm-Arlanda Airport"),
        ("narva", "Narva"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(typed: str, name: str) -> None:
    assert name in [place.names["en"] for place in PLACES.find(typed)]


def test_the_larger_of_two_places_comes_first_and_a_whole_name_before_both() -> None:
    assert PLACES.find("mos")[0].names["en"] == "Moscow"
    assert PLACES.find("riga")[0].names["en"] == "Riga"


def test_a_place_knows_its_country_and_its_clock() -> None:
    place = PLACES.find("kaliningrad")[0]
    assert (place.country, place.zone) == ("RU", "Europe/Kaliningrad")


def test_a_place_is_named_in_the_language_asked_for_or_else_in_english() -> None:
    place = PLACES.find("moskva")[0]
    assert [place.name(code) for code in ("ru", "sv", "en", "lv")] == [
        *("Москва", "Moskva", "Moscow", "Moscow"),
    ]


def test_spelling_of_unknown_language_finds_a_place_but_is_not_its_name() -> None:
    place = next(place for place in PLACES.find("Митава") if place.country == "LV")
    assert place.names == {"en": "Jelgava"}


@pytest.mark.parametrize("typed", ["", " ", "s", "qqqq", "-"])
def test_too_little_or_nothing_known_finds_nothing(typed: str) -> None:
    assert PLACES.find(typed) == ()


def test_no_more_places_are_offered_than_one_can_take_in() -> None:
    assert len(PLACES.find("sa")) == MOST_PLACES


def test_the_list_is_read_only_when_somebody_looks(tmp_path: Path) -> None:
    places = Places(tmp_path / "none.tsv")
    assert places.find("s") == ()
    with pytest.raises(FileNotFoundError):
        places.find("stockholm")


def test_the_list_is_small_and_names_its_source() -> None:
    assert FILE.stat().st_size < 400_000
    source = FILE.with_name("SOURCE.txt").read_text(encoding="utf-8")
    for owner in ("GeoNames", "airportsdata", "searoute", "licence"):
        assert owner in source
