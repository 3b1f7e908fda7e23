# SPDX-License-Identifier: GPL-3.0-or-later
"""Places and time zones: found by a typed name, in the languages of their file.

The file of places is read at the first search, never at the start, and in one go, because the
window waits for it. A place is only a suggestion: what a person typed is kept in any case.
Knows no record and no window.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, get_global

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import FoldedWord, bare_letters, fold_words, strip_marks
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language

MOST_PLACES = 8
_FEWEST_PLACE_LETTERS = 2  # letters before anything is suggested
_WORD_SEPARATORS = "-–—/(),.'’"


# --- places


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its names by language (always with English), country code and time zone.

    `spellings` only help to find it; their language is unknown.
    """

    kind: str
    names: dict[str, str]
    country: str
    zone: str
    spellings: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return its name in a language, else the English one."""
        return self.names.get(language) or self.names["en"]


class Places:
    """The places of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, typed: str, limit: int = MOST_PLACES) -> tuple[Place, ...]:
        """Return places with a name or spelling that begins with the typed text.

        Whole names come before parts of names, and larger places first. Case, accents and hyphens
        are ignored.
        """
        wanted = _fold_places(typed)
        if len(wanted) < _FEWEST_PLACE_LETTERS:
            return ()
        ranks = ((_match_rank(keys, wanted), line) for line, keys in _read_places(self._path))
        found = [pair for pair in ranks if pair[0] < _NO_MATCH]
        found.sort(key=lambda pair: pair[0])  # stable: the order of the file, which is by size
        return tuple(_parse_place(line) for _, line in found[:limit])

    def all_names(self) -> Iterator[str]:
        """Yield every name and spelling, to distinguish places from other words."""
        for line, _ in _read_places(self._path):
            place = _parse_place(line)
            yield from place.names.values()
            yield from place.spellings


_NO_MATCH = 3


def _match_rank(keys: str, wanted: str) -> int:
    """Return how well one of the keys, which stand between bars, matches the text.

    0 is a whole name, 1 its beginning, 2 the beginning of a later word, `_MISSED` nothing.
    """
    if f"|{wanted}" in keys:
        return 0 if f"|{wanted}|" in keys else 1
    return 2 if f" {wanted}" in keys else _NO_MATCH


def _fold_places(text: str) -> str:
    """Return the text folded, with single spaces between words and none at an end."""
    bare = strip_marks(text)
    for sign in _WORD_SEPARATORS:
        bare = bare.replace(sign, " ")
    while "  " in bare:
        bare = bare.replace("  ", " ")
    for end in "|\t\n":
        bare = bare.replace(f" {end}", end).replace(f"{end} ", end)
    return bare.strip(" ")


def read_place_keys(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield country, zone and folded names of each place: the first _NAMES, then spellings."""
    for line, keys in _read_places(path):
        _, _, country, zone, _ = line.split("\t", 4)
        yield country, zone, keys[1:-1].split("|")


@lru_cache(maxsize=2)
def _read_places(path: Path) -> tuple[tuple[str, str], ...]:
    """Read the lines of a file, each with the keys of its names, folded all at once.

    A line has the kind, the English name, country, zone, the Swedish and the Russian name, and
    spellings between bars.
    """
    text = path.read_text(encoding="utf-8").removesuffix("\n")
    lines, bare = (each.split("\n")[1:] for each in (text, _fold_places(text)))
    return tuple((line, _search_keys(keys)) for line, keys in zip(lines, bare, strict=True))


def _search_keys(line: str) -> str:
    _, name, _, _, *others = line.split("\t")
    return "|".join(("", name, *others, ""))


def _parse_place(line: str) -> Place:
    kind, name, country, zone, sv, ru, spellings = line.split("\t")
    names = {"en": name, "sv": sv, "ru": ru}
    known = {code: one for code, one in names.items() if one}
    return Place(kind, known, country, zone, tuple(spellings.split("|")) if spellings else ())


# --- time zones

NEAR_ZONES = (
    "Europe/Stockholm", "Europe/Helsinki", "Europe/Tallinn", "Europe/Riga", "Europe/Vilnius",
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Minsk", "Europe/Kyiv", "Europe/Warsaw",
    "Europe/Berlin", "Europe/Copenhagen", "Europe/Oslo", "Europe/Bucharest", "Europe/Chisinau",
    "Europe/Sofia", "Europe/Istanbul",
)  # fmt: skip
"""The zones of the most frequent journeys; others are found by typing."""

MOST_ZONES = 12
_WINDOWS = (*PROGRAM_LANGUAGES, "et")  # Estonian is begun
_COUNTRY_LETTERS = 2
_OLD_NAMES = {"Europe/Kyiv": "Europe/Kiev"}  # as CLDR still files them
_UNKNOWN_COUNTRY = "ZZ"
_NO_TERRITORY = "001"  # the territory of zones that are no place


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A suggested zone: its IANA name, and the place if it was found by one."""

    zone: str
    place: str = ""


def zone_name(zone: str, language: Language) -> str:
    """Return a zone's city and country, `Riga, Lettland`, or its own name if unknown."""
    country = _zone_territories().get(zone, _NO_TERRITORY)
    city = _city(zone, language.code)
    return city if country == _NO_TERRITORY else f"{city}, {language.country(country)}"


def zone_city(zone: str, language: Language) -> str:
    """Return the city of a zone: `Рига`."""
    return _city(zone, language.code)


def zone_cities(zone: str) -> tuple[str, tuple[str, ...]]:
    """Return the country of a zone, and its city in the languages of the window."""
    return zone_country(zone), tuple(dict.fromkeys(_city(zone, code) for code in _WINDOWS))


def zones_in(country: str) -> tuple[str, ...]:
    """Return the zones of a country (ISO 3166-1)."""
    return tuple(zone for zone, code in _zone_territories().items() if code == country)


@cache
def country_names() -> dict[tuple[str, ...], str]:
    """Return the countries (ISO 3166-1) by the words of their names, as `names.bare_letters`."""
    return {
        bare_letters(name): code
        for language in _WINDOWS
        for code, name in _locale(language).territories.items()
        if len(code) == _COUNTRY_LETTERS and code.isalpha() and code in _countries_with_zones()
    }


@cache
def _countries_with_zones() -> frozenset[str]:
    return frozenset(_zone_territories().values())


def zone_country(zone: str) -> str:
    """Return the country (ISO 3166-1) of a zone; empty if it has none."""
    known = _zone_territories()
    country = known.get(zone) or known.get(_OLD_NAMES.get(zone, ""), _UNKNOWN_COUNTRY)
    return "" if country == _UNKNOWN_COUNTRY else country


def find_zones(typed: str, language: Language, places: Places | None) -> tuple[ZoneChoice, ...]:
    """Find zones by city, country or zone name, the near ones first; then by place.

    If nothing is typed, return those of NEAR.
    """
    wanted = fold_words(typed)
    if not wanted:
        return tuple(map(ZoneChoice, NEAR_ZONES))
    zones = [*NEAR_ZONES, *sorted(_zone_territories().keys() - set(NEAR_ZONES))]
    found = [
        ZoneChoice(zone) for zone in zones if _matches(wanted, _zone_words(zone, language.code))
    ]
    for place in places.find(typed) if places else ():
        if all(clock.zone != place.zone or clock.place for clock in found):
            country = language.country(place.country)
            found.append(ZoneChoice(place.zone, f"{place.name(language.code)}, {country}"))
    return tuple(found[:MOST_ZONES])


def offsets_at(wall: datetime, zone: str) -> tuple[int, ...]:
    """Return the offsets from UTC in minutes at which `zone` shows `wall` (naive).

    There are two in the repeated hour of autumn, the earlier first, and none in the skipped
    hour of spring. Raise KfdeskError `field.no_such_zone`.
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
    """Return an offset as text: `UTC+3`, `UTC+5:30`, `UTC−4`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def _matches(wanted: tuple[FoldedWord, ...], words: tuple[FoldedWord, ...]) -> bool:
    return all(any(word.begins_with(typed) for word in words) for typed in wanted)


@cache
def _zone_words(zone: str, code: str) -> tuple[FoldedWord, ...]:
    """Return all words that find a zone, in the program's languages."""
    country = _zone_territories()[zone]
    codes = {*PROGRAM_LANGUAGES, code}
    names = [_city(zone, each) for each in codes]
    names += [str(_locale(each).territories.get(country, country)) for each in codes]
    return fold_words(zone.replace("/", " ").replace("_", " "), *names)


def _city(zone: str, code: str) -> str:
    known = _locale(code).time_zones
    filed = known.get(zone) or known.get(_OLD_NAMES.get(zone, "")) or {}
    return str(filed.get("city") or zone.rpartition("/")[2].replace("_", " "))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code == "en" else code)


@cache
def _zone_territories() -> dict[str, str]:
    return {
        zone: country
        for zone, country in get_global("zone_territories").items()
        if country != _NO_TERRITORY
    }
