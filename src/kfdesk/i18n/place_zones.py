# SPDX-License-Identifier: GPL-3.0-or-later
"""The time zones of a place as people type it: `Tallinn, D-terminalen`, `TALLINN`, `в Таллинне`.

A place is found at the beginning of the text, or as a part between commas, by letters, then by
sound in any alphabet, then without the ending of a case. Two places in one text give the zones of
both, so that a person is asked. Nothing here decides for a place that may lie in two zones.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kfdesk.domain.names import bare_letters, sound_key
from kfdesk.i18n.places import NEAR_ZONES, country_names, read_place_keys, zone_cities, zones_in

_WORD = re.compile(r"[^\W_]+(?:['’ʹʼ`´][^\W_]+)*")
_COMMA, _BOTH = "comma", "both"
_SEPARATORS = ((_BOTH, "–—/→>+&\\"), (_COMMA, ",;()|:.\n\t"))
_JOINERS = frozenset({"och", "and", "и", "ja", "to", "till", "до", "kuni", "und", "bis", "nach"})
_LEADING = frozenset({"i", "in", "в", "во", "till", "to", "из", "from", "fran", "at", "г", "port"})
_CASE_ENDINGS = ("st", "lt", "om", "em", "s", "l")
_BY_NAME_ONLY = frozenset({"Europe/Simferopol"})
"""Zones that a named place may have, but that no country is asked about."""
_VOWELS = "aeiouy"
_MIN_STEM = 4
_MOST_WORDS = 5
_NAMES = 3
"""The names of a place come first among its keys: English, Swedish, Russian."""
_SAMPLES = tuple(datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 4, 7, 10))


class _Entry(NamedTuple):
    """A place of the list: its country and zone."""

    country: str
    zone: str


_Entries = tuple[_Entry, ...]
_Index = Mapping[str, _Entries]
"""Places by the words of a name, with a space between them. One place has one tuple everywhere."""


class _Typed(NamedTuple):
    """A typed word in three spellings, and what separates it from the word before."""

    letters: str
    sound: str
    before: str


class PlaceZones:
    """The zones of the places of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def zones_of_place(self, typed: str, countries: Collection[str] = ()) -> tuple[str, ...]:
        """Return the zones of a typed place: several to choose from, none if it is unknown.

        Of places with one name, those in a country that the text names count, else those in
        `countries`, if there are any.
        """
        words = _split(typed)
        named = frozenset(_named_countries(words))
        found: dict[str, None] = {}
        for entries in self._places_in(words):
            near = [one for one in entries if one.country in (named or countries)]
            found |= dict.fromkeys(_distinct_clocks(one.zone for one in near or entries))
        if not found:
            for country in named:
                found |= dict.fromkeys(self.zones_of_country(country))
        return tuple(found)

    def prepare(self) -> None:
        """Read the list of places in all spellings: 0.2 s, which the first typed place had."""
        _stems(self._path)

    def zones_of_country(self, country: str) -> tuple[str, ...]:
        """Return the zones of a country (ISO 3166-1), each clock once."""
        return _country_zones(country)

    def _places_in(self, words: Sequence[_Typed]) -> Iterator[_Entries]:
        """Yield what each place that the text names may be.

        A part between commas is a place only if all of it is a name, by its letters: a quay may
        sound like a town.
        """
        start = next((n for n, word in enumerate(words) if word.letters not in _LEADING), 0)
        entries, end = self._match(words, start)
        if entries:
            yield entries
        for place in range(max(end, start + 1), len(words)):
            before = words[place].before
            if place < end or not before:
                continue
            entries, after = self._match(words, place, may_sound=before == _BOTH)
            is_whole = after == len(words) or bool(words[after].before)
            if entries and (before == _BOTH or is_whole):
                yield entries
                end = after

    def _match(
        self, words: Sequence[_Typed], start: int, *, may_sound: bool = True
    ) -> tuple[_Entries, int]:
        """Return the places with the longest name at a word, by the strictest way that finds any.

        Also return the number of the word after the name.
        """
        found = _longest(words, start, _letters_of, _index(self._path))
        if not found[0] and may_sound:
            found = _longest(words, start, _sound_of, _sounds(self._path))
        if not found[0] and may_sound:
            found = _longest(words, start, _stem_of, _stems(self._path))
        return found


def _letters_of(word: _Typed) -> str:
    return word.letters


def _sound_of(word: _Typed) -> str:
    return word.sound


def _stem_of(word: _Typed) -> str:
    """Return the stem of a typed word; a short one in Latin letters is no declined name."""
    is_long = len(word.letters) > _MIN_STEM or not word.letters.isascii()
    return _stem(word.sound) if is_long else word.sound


def _longest(
    words: Sequence[_Typed], start: int, way: Callable[[_Typed], str], index: _Index
) -> tuple[_Entries, int]:
    """Return the places with the longest name at a word, and the number of the word after it.

    A name of fewer than four letters counts only alone and by its letters: `New York` is not in a
    town `Nev`.
    """
    for end in range(min(len(words), start + _MOST_WORDS), start, -1):
        found = index.get(" ".join(map(way, words[start:end])))
        is_long = sum(len(word.letters) for word in words[start:end]) >= _MIN_STEM
        is_whole = end == len(words) or bool(words[end].before)
        if found and (is_long or (is_whole and way is _letters_of)):
            return found, end
    return (), start


def _split(typed: str) -> tuple[_Typed, ...]:
    """Return the words of a text, each with the separator before it; a joining word is one."""
    found: list[_Typed] = []
    last, pending, typed = 0, "", unicodedata.normalize("NFC", typed)
    for match in _WORD.finditer(typed):
        between = typed[last : match.start()]
        last = match.end()
        is_first_of_two = between.strip() == "-" and between != "-"
        kinds = (kind for kind, signs in _SEPARATORS if not set(signs).isdisjoint(between))
        before = pending or (_BOTH if is_first_of_two else next(kinds, ""))
        before = before or ("hyphen" if between == "-" else "")
        letters = "".join(bare_letters(match.group()))
        pending = ""
        if found and letters in _JOINERS:
            pending = _BOTH
        elif letters:
            found.append(_Typed(letters, sound_key(match.group()), before if found else ""))
    return tuple(found)


def _named_countries(words: Sequence[_Typed]) -> Iterator[str]:
    """Yield each country that stands in the text by its name, of one word or more."""
    letters = tuple(word.letters for word in words)
    known = country_names()
    for start in range(len(letters)):
        for end in range(start + 1, min(len(letters), start + 3) + 1):
            if letters[start:end] in known:
                yield known[letters[start:end]]


def _stem(sound: str) -> str:
    """Return a word's sound without the ending of a case: `talina`, `talinas` and `talin`."""
    bare = sound.rstrip(_VOWELS)
    for ending in _CASE_ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _MIN_STEM:
            bare = bare.removesuffix(ending).rstrip(_VOWELS)
            break
    return bare if len(bare) >= _MIN_STEM - 1 else sound


@lru_cache(maxsize=2)
def _index(path: Path) -> _Index:
    """Return the places by the words of each of their names; a name beats other spellings."""
    names: dict[str, _Entries] = {}
    spellings: dict[str, _Entries] = {}
    for country, zone, keys in read_place_keys(path):
        place = (_Entry(country, zone),)
        for number, name in enumerate(keys):
            if name:
                _add(names if number < _NAMES else spellings, name, place)
    for zone in NEAR_ZONES:  # their cities in the other languages of the window
        country, cities = zone_cities(zone)
        place = (_Entry(country, zone),)
        for city in cities:
            _add(names, " ".join(bare_letters(city)), place)
    return {**spellings, **names}


def _add(index: dict[str, _Entries], name: str, places: _Entries) -> None:
    """Add places to those of a name, each once."""
    known = index.get(name)
    if known is None:
        index[name] = places
    elif not set(places) <= set(known):
        index[name] = tuple(dict.fromkeys((*known, *places)))


@lru_cache(maxsize=2)
def _sounds(path: Path) -> _Index:
    """Return the places by the sounds of their names."""
    return _rekeyed(_index(path), sound_key, 1)


@lru_cache(maxsize=2)
def _stems(path: Path) -> _Index:
    """Return the places by the stems of their names."""
    return _rekeyed(_sounds(path), _stem, _MIN_STEM - 1)


def _rekeyed(index: _Index, way: Callable[[str], str], least: int) -> _Index:
    """Return an index by other words, without names that have a word of fewer letters."""
    found: dict[str, _Entries] = {}
    for name, places in index.items():
        words = name.split()
        if all(len(word) >= least for word in words):
            _add(found, " ".join(map(way, words)), places)
    return found


@cache
def _country_zones(country: str) -> tuple[str, ...]:
    return _distinct_clocks(zone for zone in zones_in(country) if zone not in _BY_NAME_ONLY)


def _distinct_clocks(zones: Iterable[str]) -> tuple[str, ...]:
    """Return the zones without those whose clocks show the same as an earlier one's."""
    found: dict[tuple[object, ...], str] = {}
    order = sorted(set(zones), key=lambda one: (one not in NEAR_ZONES, one[:6] != "Europe", one))
    for zone in order:
        try:
            rules = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        found.setdefault(tuple(at.astimezone(rules).utcoffset() for at in _SAMPLES), zone)
    return tuple(found.values())
