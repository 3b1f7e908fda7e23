# SPDX-License-Identifier: GPL-3.0-or-later
"""One language: its catalogues, and how it writes dates, times and numbers.

A Language is a value that is passed as an argument. There is no current language here and
no installed `_`. The window keeps its own language, and a paper is written in its reader's.
The CLDR formats load with the first date, because they are slow to load. Knows no Qt, no
paper and no record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.values import zone_rules
from kfdesk.i18n.catalogue_file import CatalogueFile, catalogue_path

if TYPE_CHECKING:
    from kfdesk.i18n.cldr import CldrFormats


SOURCE_LANGUAGE = "en"
PROGRAM_LANGUAGES = ("sv", SOURCE_LANGUAGE, "ru")
"""The languages that are whole. `catalogues` finds those that the window has begun to speak."""
CLIENT_LANGUAGES = (
    *PROGRAM_LANGUAGES, "uk", "bg", "ro", "lt", "lv", "et", "pl", "fi", "de", "es",
)  # fmt: skip
"""The languages of the client's papers; the window need not speak them."""
SHEET_LANGUAGES = (*CLIENT_LANGUAGES, "ar")
"""The languages of the traveller's sheet."""
RIGHT_TO_LEFT = frozenset({"ar"})
"""Languages that are read from the right. A paper in one is mirrored, so it is its first."""
PRINTED_SCRIPTS = frozenset({"Latn", "Cyrl"})
"""The scripts that the fonts of the papers have whole (ISO 15924); Arabic they have for Arabic."""
PROGRAM = "kfdesk"
CLIENT = "client"
PRONOUNS = "pronouns"
_LANGUAGE_NAMES = {"sv": "Svenska", "en": "English", "ru": "Русский"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language; `code` is ISO 639-1, such as `ru`, and `folder` holds the catalogues.

    The client's papers have a catalogue of their own (`domain`), so that they can use more
    languages than the window. A catalogue is opened with its first message, so that a
    list of languages opens none.

    `pronoun` is that of the client of whom the texts speak. The messages say "she"; what they say
    of a man, or where nothing is known, is in a small catalogue beside (`pronouns.po`). A message
    that is not there says the same of everybody.

    `zone` is the organisation's IANA zone, by whose clocks it is said when something was written;
    empty before a store is open, when the computer's clocks must do.
    """

    code: str
    folder: Path
    domain: str = PROGRAM
    pronoun: Pronoun = Pronoun.SHE
    zone: str = ""

    def about(self, pronoun: Pronoun) -> "Language":
        """Return this language, to speak of a client with that pronoun."""
        return self if pronoun is self.pronoun else replace(self, pronoun=pronoun)

    @property
    def messages(self) -> CatalogueFile:
        """The catalogue, or English if the language has none."""
        return _messages(self.domain, self.folder, self.code)

    @property
    def name(self) -> str:
        """The language's name in itself: `Русский`; empty if nobody here knows it."""
        return _LANGUAGE_NAMES.get(self.code) or _own_name(self.code)

    @property
    def script(self) -> str:
        """The script that it is usually written in (ISO 15924): `Cyrl`; empty if unknown."""
        return _usual_script(self.code)

    @property
    def _formats(self) -> "CldrFormats":
        return _formats(self.code)

    def gettext(self, message: str) -> str:
        """Return the message in this language, or itself if the catalogue lacks it."""
        return self._said(self.messages.gettext(message), self.pronoun, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the plural form of the message that this language uses with `count`."""
        return self.messages.ngettext(one, many, count)

    def plural(self, one: str, many: str, count: int, **places: object) -> str:
        """Return that form with its placeholders filled; `{count}` is the count."""
        return self.ngettext(one, many, count).format(count=count, **places)

    def pgettext(self, context: str, message: str) -> str:
        """Return the message in a context, for words too short to be clear alone."""
        said = self.messages.pgettext(context, message)
        return self._said(said, f"{self.pronoun}|{context}", message)

    def _said(self, ordinary: str, context: str, message: str) -> str:
        """Return the message as it is said with the pronoun, else as it is said ordinarily.

        Where a language lacks the message it is said in English, with the pronoun, too. The
        client's papers speak to the client, so no pronoun is in them.
        """
        if self.pronoun is Pronoun.SHE or self.domain != PROGRAM:
            return ordinary
        code = self.code if ordinary != message else SOURCE_LANGUAGE
        said = _messages(PRONOUNS, self.folder, code).pgettext(context, message)
        return said if said != message else ordinary

    def knows(self, message: str) -> bool:
        """Return whether the catalogue has this message, so that a paper may use it."""
        return self.code == "en" or self.messages.gettext(message) != message

    def day(self, day: date, *, year: bool = False, weekday: bool = False) -> str:
        """Return a day: `12 december`, `сб, 12 декабря`, `Sat 12 December 2026`."""
        return self._formats.day(day, year=year, weekday=weekday)

    def short_day(self, day: date, *, year: bool = False) -> str:
        """Return a short day: `12 dec.`, `12 дек.`, `12 Dec 2026`."""
        return self._formats.short_day(day, year=year)

    def partial_date(self, text: str) -> str:
        """Return a day known to its month or year (`2026-05`, `2026`): `maj 2026`, `2026`."""
        year, _, month = text.partition("-")
        return self._formats.date_by(date(int(year), int(month), 1), "LLL y") if month else year

    def month(self, day: date) -> str:
        """Return the month of a day as a heading: `Ноябрь 2026`."""
        name = self._formats.date_by(day, "LLLL y")
        return name[:1].upper() + name[1:]

    def weekday(self, day: date) -> str:
        """Return the short name of the weekday: `lör`, `сб`, `Sat`."""
        return self._formats.date_by(day, "EEE")

    def clock(self, moment: datetime | time) -> str:
        """Return the time of day as `HH:mm`, the same in every language."""
        return self._formats.time_by(moment, "HH:mm")

    def stamp(self, moment: datetime) -> str:
        """Return a day and time for lists and logs: `24 nov. 2026 14:05`."""
        return self._formats.stamp(moment)

    def local_time(self, milliseconds: int) -> datetime:
        """Return a moment since 1970 (aware) by the organisation's clocks."""
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return at.astimezone(zone_rules(self.zone) if self.zone else None)

    def today(self) -> date:
        """Return the day that it is now by the organisation's clocks."""
        now = datetime.now(UTC)
        return now.astimezone(zone_rules(self.zone) if self.zone else None).date()

    def numeric_stamp(self, moment: datetime) -> str:
        """Return a day and time in figures, for narrow columns: `28.11.2026, 14:48`."""
        return f"{self._formats.numeric_day(moment.date())}, {self.clock(moment)}"

    def days(self, first: date, last: date, *, year: bool = True) -> str:
        """Return a span of days on one line: `12–13 декабря 2026`, or without the year."""
        if first == last:
            return self.day(first, year=year)
        whole = self.day(last, year=year)
        if (first.year, first.month) == (last.year, last.month):
            both = rf"{first.day}\1–{last.day}\1 "
            return re.sub(rf"\b{last.day}(\.?) ", both, whole, count=1)
        if not year or first.year != last.year:
            return f"{self.day(first, year=year)} – {whole}"
        if whole.startswith(str(last.year)):
            return f"{self.day(first, year=True)} – {self.day(last)}"
        return f"{self.day(first)} – {whole}"

    def duration(self, span: timedelta) -> str:
        """Return a span of time in hours and minutes: `16 h 30 min`, `25 мин`."""
        hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
        if not hours:
            return self.gettext("{minutes} min").format(minutes=minutes)
        if not minutes:
            return self.gettext("{hours} h").format(hours=hours)
        return self.gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes)

    def clock_of(self, zone: str, wall: datetime) -> str:
        """Return whose clock shows `wall` (naive): `CET, Stockholm`, `MSK, Москва`."""
        return self._formats.clock_of(zone, wall)

    def zone_name(self, zone: str, wall: datetime) -> str:
        """Return the zone of `wall` (naive) alone: `CET`, `MSK`."""
        return self._formats.zone_name(zone, wall)

    def listing(self, words: Sequence[str]) -> str:
        """Return words joined as this language joins them: `a, b och c`."""
        return self._formats.listing(words)

    def country(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 code, or an unknown code."""
        return self._formats.country(code)

    def language(self, code: str) -> str:
        """Return the name of a language by its ISO 639 code, or an unknown code."""
        return self._formats.language(code)

    def full_date(self, day: date) -> str:
        """Return a day with its weekday and year: `tisdag 24 november 2026`."""
        return self._formats.full_day(day)


@cache
def _messages(domain: str, folder: Path, code: str) -> CatalogueFile:
    try:
        return CatalogueFile(catalogue_path(folder, code, domain).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return CatalogueFile()


def _own_name(code: str) -> str:
    from kfdesk.i18n.cldr import own_name  # as late as the formats

    return own_name(code)


def _usual_script(code: str) -> str:
    from kfdesk.i18n.cldr import usual_script  # as late as the formats

    return usual_script(code)


@cache
def _formats(code: str) -> "CldrFormats":
    from kfdesk.i18n.cldr import CldrFormats  # the unlock page needs no date and no Babel

    return CldrFormats(code)
