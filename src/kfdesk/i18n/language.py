# SPDX-License-Identifier: GPL-3.0-or-later
"""One language: its catalogues, and how it writes dates, times and numbers.

A Language is a value that is handed on as an argument. There is no current language here and no
installed `_`: the window keeps its own, and a paper is written in the reader's, whatever the
window speaks. Formats come in with the first date, because they weigh much. Knows no Qt, no paper
and no record.
"""

import gettext
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfdesk.i18n.formats import Formats

PROGRAM_LANGUAGES = ("sv", "en", "ru")
TRAVELLER_LANGUAGES = (*PROGRAM_LANGUAGES, "bg", "ro", "uk")
"""The languages of the traveller's sheet; the window need not speak them."""
PROGRAM = "kfdesk"
TRAVELLER = "traveller"
_NAMES = {"sv": "Svenska", "en": "English", "ru": "Русский"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language; `code` is ISO 639-1, such as `ru`, and `folder` holds the catalogues.

    The traveller's sentences are a small catalogue of their own (`domain`), so that a paper can
    speak more languages than the window. A catalogue is opened with the first message, so that a
    list of languages opens none.
    """

    code: str
    folder: Path
    domain: str = PROGRAM

    @property
    def messages(self) -> gettext.NullTranslations:
        """The catalogue, or English where the language has none."""
        return _messages(self)

    @property
    def name(self) -> str:
        """The language's name in itself: `Русский`."""
        return _NAMES.get(self.code) or self._formats.name

    @property
    def _formats(self) -> "Formats":
        return _formats(self.code)

    def gettext(self, message: str) -> str:
        """The message in this language, or itself where the catalogue has none."""
        return self.messages.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message that this language uses with `count`."""
        return self.messages.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """The message as it reads in a context, for words too short to be clear alone."""
        return self.messages.pgettext(context, message)

    def knows(self, message: str) -> bool:
        """Whether the catalogue has this message, so that a paper may say it."""
        return self.code == "en" or self.messages.gettext(message) != message

    def day(self, day: date, *, year: bool = False, weekday: bool = False) -> str:
        """A day as people write it: `12 december`, `сб, 12 декабря`, `Sat 12 December 2026`."""
        return self._formats.day(day, year=year, weekday=weekday)

    def short_day(self, day: date, *, year: bool = False) -> str:
        """A day where room is short: `12 dec.`, `12 дек.`, `12 Dec 2026`."""
        return self._formats.date_by(day, "d MMM y" if year else "d MMM")

    def about(self, text: str) -> str:
        """A day known to its month or year alone (`2026-05`, `2026`): `maj 2026`, `2026`."""
        year, _, month = text.partition("-")
        return self._formats.date_by(date(int(year), int(month), 1), "LLL y") if month else year

    def weekday(self, day: date) -> str:
        """The day of the week, short: `lör`, `сб`, `Sat`."""
        return self._formats.date_by(day, "EEE")

    def clock(self, moment: datetime | time) -> str:
        """The time of day as `HH:mm`, the same in every language."""
        return self._formats.time_by(moment, "HH:mm")

    def stamp(self, moment: datetime) -> str:
        """A day and time for lists and logs: `24 nov. 2026 14:05`."""
        return self._formats.moment_by(moment, "d MMM y HH:mm")

    def days(self, first: date, last: date, *, year: bool = True) -> str:
        """A span of days on one line: `12–13 декабря 2026`, or without the year."""
        if first == last:
            return self.day(first, year=year)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.day(last, year=year)}"
        both = year and first.year != last.year
        return f"{self.day(first, year=both)} – {self.day(last, year=year)}"

    def duration(self, span: timedelta) -> str:
        """A span of time in hours and minutes: `16 h 30 min`, `25 мин`."""
        hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
        if not hours:
            return self.gettext("{minutes} min").format(minutes=minutes)
        if not minutes:
            return self.gettext("{hours} h").format(hours=hours)
        return self.gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes)

    def clock_of(self, zone: str, wall: datetime) -> str:
        """Whose clock shows `wall` (naive): `CET, Stockholm`, `MSK, Москва`."""
        return self._formats.clock_of(zone, wall)

    def listing(self, words: Sequence[str]) -> str:
        """Words joined as this language joins them: `a, b och c`."""
        return self._formats.listing(words)

    def country(self, code: str) -> str:
        """The name of a country by its ISO 3166-1 code; an unknown code stands as it is."""
        return self._formats.country(code)

    def language(self, code: str) -> str:
        """The name of a language by its ISO 639 code; an unknown code stands as it is."""
        return self._formats.language(code)

    def full_date(self, day: date) -> str:
        """A day with its weekday and year: `tisdag 24 november 2026`."""
        return self._formats.date_by(day, "EEEE d MMMM y")


@cache
def _messages(of: Language) -> gettext.NullTranslations:
    return gettext.translation(of.domain, of.folder, languages=[of.code], fallback=True)


@cache
def _formats(code: str) -> "Formats":
    formats: Formats = importlib.import_module("kfdesk.i18n.formats").Formats(code)
    return formats
