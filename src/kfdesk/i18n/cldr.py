# SPDX-License-Identifier: GPL-3.0-or-later
"""CLDR formats: how one language writes dates, times, lists and names, by Babel.

Babel takes long to import, so `language.py` imports this module with the first date.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list

from kfdesk.domain.values import zone_rules

_COMMA_AFTER_WEEKDAY = {"ru", "uk", "lt", "lv", "et", "de", "es"}
_AND = re.compile(r" و(?=[A-Za-z\u00c0-\u04ff])")
_SCRIPT = 4  # letters of a code of ISO 15924, as against two of a country
_ORDERED_BY_CLDR = {"lt", "lv", "et", "fi", "de", "es"}
"""Languages that write more than the day, the month and the year: `3. Februar`, `3 de febrero`."""


def own_name(code: str) -> str:
    """Return a language's name in itself; empty for one that CLDR does not know, as Romani."""
    try:
        return str(Locale.parse(code).get_display_name(code))
    except (UnknownLocaleError, ValueError):
        return ""


def usual_script(code: str) -> str:
    """Return the script that a language is usually written in (ISO 15924); empty if unknown."""
    likely = get_global("likely_subtags").get(code, "")
    return next((part for part in likely.split("_")[1:] if len(part) == _SCRIPT), "")


class CldrFormats:
    """The CLDR formats of one language; English is European (day first, 24 hours)."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._locale = Locale.parse("en_GB" if code == "en" else code)

    def day(self, day: date, *, year: bool, weekday: bool) -> str:
        """Return a day with the name of its month, and with the parts asked for."""
        after_weekday = ", " if self._code in _COMMA_AFTER_WEEKDAY else " "
        return self.date_by(
            day, (f"EEE'{after_weekday}'" if weekday else "") + self.day_pattern(year=year)
        )

    def day_pattern(self, *, year: bool) -> str:
        """Return the CLDR pattern of a day with the name of its month."""
        if self._code not in _ORDERED_BY_CLDR:
            return "d MMMM y" if year else "d MMMM"
        if year:
            return str(self._locale.date_formats["long"].pattern)
        return str(self._locale.datetime_skeletons["MMMMd"].pattern)

    def short_day(self, day: date, *, year: bool) -> str:
        """Return a day with the short name of its month, or a number where CLDR has that."""
        if self._code not in _ORDERED_BY_CLDR:
            return self.date_by(day, "d MMM y" if year else "d MMM")
        pattern = self._locale.datetime_skeletons["yMMMd" if year else "MMMd"].pattern
        return self.date_by(day, str(pattern))

    def numeric_day(self, day: date) -> str:
        """Return a day in figures; English readers differ in their order, so it names the month."""
        if self._code == "en":
            return self.short_day(day, year=True)
        return self.date_by(day, str(self._locale.datetime_skeletons["yMd"].pattern))

    def full_day(self, day: date) -> str:
        """Return a day with its weekday and year, both in full."""
        if self._code not in _ORDERED_BY_CLDR:
            after_weekday = "," if self._code in _COMMA_AFTER_WEEKDAY else ""
            return self.date_by(day, f"EEEE{after_weekday} d MMMM y")
        return self.date_by(day, str(self._locale.date_formats["full"].pattern))

    def stamp(self, moment: datetime) -> str:
        """Return a day and time for lists and logs."""
        return f"{self.short_day(moment.date(), year=True)} {self.time_by(moment, 'HH:mm')}"

    def date_by(self, day: date, pattern: str) -> str:
        """Return a day formatted by a CLDR pattern."""
        return str(format_date(day, pattern, locale=self._locale))

    def time_by(self, moment: datetime | time, pattern: str) -> str:
        """Return a time of day formatted by a CLDR pattern."""
        return str(format_time(moment, pattern, locale=self._locale))

    def zone_name(self, zone: str, wall: datetime) -> str:
        """Return the zone's short name at `wall` (naive local time), or an unknown zone itself."""
        rules = zone_rules(zone)
        if not isinstance(rules, ZoneInfo):
            return zone
        name = wall.replace(tzinfo=rules).tzname() or ""
        return f"UTC{name}" if name[:1] in "+-" else name

    def clock_of(self, zone: str, wall: datetime) -> str:
        """Return the zone's short name at `wall` (naive local time), and its city.

        Return the zone as it is written if nobody here knows it, and only the name if it has no
        city, as UTC.
        """
        rules, name = zone_rules(zone), self.zone_name(zone, wall)
        if not isinstance(rules, ZoneInfo):
            return name
        city = get_timezone_location(rules, locale=self._locale, return_city=True)
        is_place = "/" in rules.key and not rules.key.startswith("Etc/")
        return f"{name}, {city}" if is_place else name

    def listing(self, words: Sequence[str]) -> str:
        """Return words joined as this language joins them."""
        joined = str(format_list(list(words), locale=self._locale))
        # CLDR writes the Arabic "and" as one with a word, which in Latin letters would look odd
        return joined if self._code != "ar" else _AND.sub(" و ", joined)

    def country(self, code: str) -> str:
        """Return the name of a country, or its code if it has none."""
        return str(self._locale.territories.get(code, code))

    def language(self, code: str) -> str:
        """Return the name of a language, or its code if it has none."""
        return str(self._locale.languages.get(code, code))
