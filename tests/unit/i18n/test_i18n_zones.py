# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones are found by cities and countries, and their clocks are right when they are changed."""

from datetime import date, datetime, time
from pathlib import Path

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.i18n.places import NEAR_ZONES, Places, find_zones, offset_name, offsets_at, zone_name

ROOT = Path(__file__).parents[3]
PLACES = Places(ROOT / "resources" / "places" / "places.tsv")
AUTUMN = (2026, 10, 25)
SPRING = (2027, 3, 28)


def wall(*parts: int) -> datetime:
    """Return a wall-clock time."""
    year, month, day, hour, minute = parts
    return datetime.combine(date(year, month, day), time(hour, minute))


def speaking(code: str) -> Language:
    return Language(code, ROOT / "translations")


@pytest.mark.parametrize(
    ("zone", "hour", "offsets"),
    [
        ("Europe/Stockholm", 2, (120, 60)),
        ("Europe/Riga", 3, (180, 120)),
        ("Europe/Sofia", 3, (180, 120)),
        ("Europe/Helsinki", 3, (180, 120)),
        ("Europe/Kyiv", 3, (180, 120)),
        ("Europe/Stockholm", 1, (120,)),
        ("Europe/Stockholm", 3, (60,)),
        ("Europe/Kaliningrad", 2, (120,)),
        ("Europe/Moscow", 3, (180,)),
    ],
)
def test_the_night_in_october_has_an_hour_twice_where_clocks_are_put_back(
    zone: str, hour: int, offsets: tuple[int, ...]
) -> None:
    assert offsets_at(wall(*AUTUMN, hour, 30), zone) == offsets


@pytest.mark.parametrize(
    ("zone", "hour", "offsets"),
    [
        ("Europe/Stockholm", 2, ()),
        ("Europe/Riga", 3, ()),
        ("Europe/Sofia", 3, ()),
        ("Europe/Stockholm", 1, (60,)),
        ("Europe/Stockholm", 3, (120,)),
        ("Europe/Riga", 2, (120,)),
        ("Europe/Kaliningrad", 2, (120,)),
        ("Europe/Kaliningrad", 3, (120,)),
        ("Europe/Moscow", 2, (180,)),
    ],
)
def test_the_night_in_march_leaves_an_hour_out_where_clocks_are_put_forward(
    zone: str, hour: int, offsets: tuple[int, ...]
) -> None:
    assert offsets_at(wall(*SPRING, hour, 30), zone) == offsets


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(KfdeskError, match=r"field\.no_such_zone"):
        offsets_at(wall(*AUTUMN, 2, 30), "Europe/Nowhere")


def test_nothing_typed_offers_the_near_clocks() -> None:
    assert tuple(clock.zone for clock in find_zones("", speaking("sv"), PLACES)) == NEAR_ZONES


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("stock", "Europe/Stockholm"),
        ("Lettland", "Europe/Riga"),
        ("Латвия", "Europe/Riga"),
        ("latvia", "Europe/Riga"),
        ("Київ", "Europe/Kyiv"),
        ("киев", "Europe/Kyiv"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("luxemb", "Europe/Luxembourg"),
    ],
)
def test_a_clock_is_found_by_city_or_country_in_any_language(typed: str, zone: str) -> None:
    assert find_zones(typed, speaking("sv"), PLACES)[0].zone == zone


def test_a_clock_is_found_by_a_place_that_shares_it() -> None:
    (clock, *_) = find_zones("pskov", speaking("sv"), PLACES)
    assert (clock.zone, clock.place) == ("Europe/Moscow", "Pskov, Ryssland")
    assert find_zones("pskov", speaking("sv"), None) == ()


@pytest.mark.parametrize(
    ("code", "name"), [("en", "Kyiv, Ukraine"), ("sv", "Kiev, Ukraina"), ("ru", "Киев, Украина")]
)
def test_a_zone_has_its_city_and_country_as_its_name(code: str, name: str) -> None:
    assert zone_name("Europe/Kyiv", speaking(code)) == name


def test_a_zone_without_a_country_has_its_own_name() -> None:
    assert zone_name("Mars/Olympus_Mons", speaking("en")) == "Olympus Mons"


@pytest.mark.parametrize(
    ("minutes", "name"), [(180, "UTC+3"), (0, "UTC+0"), (-210, "UTC−3:30"), (345, "UTC+5:45")]
)
def test_an_offset_is_written_with_its_sign(minutes: int, name: str) -> None:
    assert offset_name(minutes) == name


def test_every_zone_of_the_list_of_places_is_one_that_clocks_know() -> None:
    lines = (ROOT / "resources" / "places" / "places.tsv").read_text(encoding="utf-8").splitlines()
    zones = {line.split("\t")[3] for line in lines[1:]}
    for zone in zones:
        assert offsets_at(wall(2026, 11, 24, 12, 0), zone)
