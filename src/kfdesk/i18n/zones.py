# SPDX-License-Identifier: GPL-3.0-or-later
"""Time zones as people know them: by a city and a country, and by what their clocks show.

Weighs as much as the tables of CLDR that it reads, so only pages that are loaded later import it.
Knows no record, no window and no current language.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, get_global

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.letters.folding import Word, fold
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.i18n.places import Places

NEAR = (
    "Europe/Stockholm", "Europe/Helsinki", "Europe/Tallinn", "Europe/Riga", "Europe/Vilnius",
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Minsk", "Europe/Kyiv", "Europe/Warsaw",
    "Europe/Berlin", "Europe/Copenhagen", "Europe/Oslo", "Europe/Bucharest", "Europe/Chisinau",
    "Europe/Sofia", "Europe/Istanbul",
)  # fmt: skip
"""The clocks of the journeys that are made most; the others are found by typing."""

LIMIT = 12
_OLD_NAMES = {"Europe/Kyiv": "Europe/Kiev"}  # as CLDR still files them
_UNKNOWN = "ZZ"
_NOWHERE = "001"  # the territory of zones that are no place


@dataclass(frozen=True, slots=True)
class Clock:
    """A zone as it is offered: its IANA name and, if it was found by a place, that place."""

    zone: str
    place: str = ""


def zone_name(zone: str, language: Language) -> str:
    """The city and country of a zone: `Riga, Lettland`; the name itself if nobody knows it."""
    country = _territories().get(zone, _NOWHERE)
    city = _city(zone, language.code)
    return city if country == _NOWHERE else f"{city}, {language.country(country)}"


def city_of(zone: str, language: Language) -> str:
    """The city of a zone: `Рига`."""
    return _city(zone, language.code)


def country_of(zone: str) -> str:
    """The country (ISO 3166-1) whose clocks show a zone; empty if it is nobody's."""
    known = _territories()
    country = known.get(zone) or known.get(_OLD_NAMES.get(zone, ""), _UNKNOWN)
    return "" if country == _UNKNOWN else country


def find_clocks(typed: str, language: Language, places: Places | None) -> tuple[Clock, ...]:
    """Clocks by city, country or zone name, the near ones first; then by any other place.

    With nothing typed, those of NEAR.
    """
    wanted = fold(typed)
    if not wanted:
        return tuple(map(Clock, NEAR))
    zones = [*NEAR, *sorted(_territories().keys() - set(NEAR))]
    found = [Clock(zone) for zone in zones if _is_meant(wanted, _words(zone, language.code))]
    for place in places.find(typed) if places else ():
        if all(clock.zone != place.zone or clock.place for clock in found):
            country = language.country(place.country)
            found.append(Clock(place.zone, f"{place.name(language.code)}, {country}"))
    return tuple(found[:LIMIT])


def offsets_at(wall: datetime, zone: str) -> tuple[int, ...]:
    """The offsets from UTC, in minutes, with which clocks in `zone` show `wall` (naive).

    Two in the hour that a clock lives twice, the earlier first; none in the hour that spring
    leaves out. Raises KfdeskError `field.no_such_zone`.
    """
    try:
        rules = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise KfdeskError("field.no_such_zone") from None
    found: list[int] = []
    for fold_ in (0, 1):
        aware = wall.replace(tzinfo=rules, fold=fold_)
        back = aware.astimezone(UTC).astimezone(rules).replace(tzinfo=None, fold=0)
        offset = int((aware.utcoffset() or timedelta()).total_seconds()) // 60
        if back == wall and offset not in found:
            found.append(offset)
    return tuple(found)


def offset_name(minutes: int) -> str:
    """An offset as it is written: `UTC+3`, `UTC+5:30`, `UTC−4`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def _is_meant(wanted: tuple[Word, ...], words: tuple[Word, ...]) -> bool:
    return all(any(word.begins_with(typed) for word in words) for typed in wanted)


@cache
def _words(zone: str, code: str) -> tuple[Word, ...]:
    """All words that a zone may be looked for by, in the program's languages."""
    country = _territories()[zone]
    codes = {*PROGRAM_LANGUAGES, code}
    names = [_city(zone, each) for each in codes]
    names += [str(_locale(each).territories.get(country, country)) for each in codes]
    return fold(zone.replace("/", " ").replace("_", " "), *names)


def _city(zone: str, code: str) -> str:
    known = _locale(code).time_zones
    filed = known.get(zone) or known.get(_OLD_NAMES.get(zone, "")) or {}
    return str(filed.get("city") or zone.rpartition("/")[2].replace("_", " "))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code == "en" else code)


@cache
def _territories() -> dict[str, str]:
    return {
        zone: country
        for zone, country in get_global("zone_territories").items()
        if country != _NOWHERE
    }
