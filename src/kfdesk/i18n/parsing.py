# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing of what people type: countries, languages, phone numbers, search words, days and times.

A search word matches the directory codes whose names or synonyms begin with it. Countries and
languages match in every language of the window, other codes in the current one. Phone numbers
become E.164. Knows no record.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, date, time
from functools import cache, lru_cache
from itertools import chain

import phonenumbers
from babel import Locale
from babel.dates import get_month_names
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from kfdesk.domain.codes.core import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import bare_words, strip_marks
from kfdesk.domain.values import PartialDate, shift_day
from kfdesk.i18n.language import CLIENT_LANGUAGES, PROGRAM_LANGUAGES, Language
from kfdesk.i18n.weekdays import WeekdayReading, days_by_weekday, strip_around, weekday_of

# --- countries and languages

NAME_LANGUAGES = (
    "en", "sv", "ru", "et", "lv", "lt", "fi", "pl", "de", "uk", "nb", "da", "fr", "es", "it", "ro",
)  # fmt: skip
"""The languages in which a list may name countries and languages; a package needs their data."""
_OTHER_COUNTRY_NAMES: Mapping[str, str] = {
    "usa": "US", "u s a": "US", "united states of america": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "russian federation": "RU", "российская федерация": "RU",
    "czech republic": "CZ", "turkey": "TR", "macedonia": "MK", "vatican": "VA", "holland": "NL",
    "belorussia": "BY", "vitryssland": "BY", "moldavien": "MD", "ryska federationen": "RU",
}  # fmt: skip
"""Names in use that CLDR does not have."""


def country_code(text: str) -> str:
    """Return the code of a country given by name or code; empty if unknown."""
    code = text.strip().upper()
    return code if code in COUNTRIES else _country_codes().get(_fold_name(text), "")


def country_name(code: str) -> str:
    """Return the English name of a country for other programs; empty for no code."""
    return str(Locale.parse("en").territories.get(code, code))


def language_code(text: str) -> str:
    """Return the code of a known language given by name or code; empty if unknown.

    A remark in brackets is ignored.
    """
    word = text.partition("(")[0].strip()
    code = word.lower().partition("-")[0]
    return code if code in LANGUAGES else _language_codes().get(_fold_name(word), "")


@cache
def _country_codes() -> Mapping[str, str]:
    found = {_fold_name(name): code for name, code in _OTHER_COUNTRY_NAMES.items()}
    for spoken in NAME_LANGUAGES:
        names = Locale.parse(spoken).territories
        found |= {_fold_name(names[code]): code for code in COUNTRIES if code in names}
    return found


@cache
def _language_codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for spoken in NAME_LANGUAGES:
        names = Locale.parse(spoken).languages
        found |= {_fold_name(names[code]): code for code in LANGUAGES if code in names}
    return found


def _fold_name(text: str) -> str:
    return " ".join(strip_marks(text).replace(".", " ").replace("-", " ").split())


# --- phone numbers

_CACHE_SIZE = 20_000


@lru_cache(_CACHE_SIZE)
def to_e164(typed: str, country: str = "") -> str:
    """Return the number in E.164; empty if it cannot be one.

    `country` is its default country, such as its organisation's; a number with + needs none.
    """
    found = _parse_number(typed, country)
    return phonenumbers.format_number(found, PhoneNumberFormat.E164) if found is not None else ""


@lru_cache(_CACHE_SIZE)
def to_dialled(typed: str, country: str, caller: str) -> str:
    """Return the number as it is dialled in the country `caller`, or as typed if unknown."""
    found = _parse_number(typed, country)
    if found is None:
        return typed
    if caller and phonenumbers.country_code_for_region(caller) == found.country_code:
        return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL)


def national_digits(typed: str) -> str:
    """Return the digits after the country code of a number with +, or of its beginning.

    Return an empty string for any other number.
    """
    found = _parse_number(typed, "")
    if found is not None:
        return str(found.national_number)
    digits = "".join(sign for sign in typed if sign.isdecimal())
    is_abroad = typed.strip().startswith("+")
    return next((digits[n:] for n in (1, 2, 3) if is_abroad and _is_calling_code(digits[:n])), "")


def _is_calling_code(digits: str) -> bool:
    """Return whether these digits are a complete country calling code."""
    return digits.isdecimal() and int(digits) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def _parse_number(typed: str, country: str) -> PhoneNumber | None:
    try:
        found = phonenumbers.parse(typed.replace("(0)", ""), country or None)
    except NumberParseException:
        return None
    return found if phonenumbers.is_possible_number(found) else None


# --- search words

FEWEST_LETTERS = 3
"""The fewest letters of a search word: two letters begin too many names of countries."""

_SYNONYMS: Mapping[tuple[str, str], str] = {
    ("services", "shelter"): """
        refuge safehouse crisis centre kvinnojour tjejjour kvinnohus skyddat boende härbärge
        приют убежище кризисный центр шелтер""",
    ("services", "helpline"): """
        hotline phone line jour jourtelefon stödlinje hjälptelefon горячая линия телефон доверия""",
    ("services", "housing"): "apartment flat rent bostad lägenhet hyra жильё квартира",
    ("services", "safety"): "protection police skydd polis безопасность защита полиция",
    ("services", "basic_needs"): "food clothes mat kläder еда одежда питание",
    ("services", "health_physical"): """
        doctor nurse hospital clinic dentist gynaecologist läkare sjukvård vård klinik tandläkare
        врач больница клиника медицина гинеколог""",
    ("services", "health_mental"): """
        psychologist therapist counselling trauma psykolog terapeut samtal kurator
        психолог психотерапевт консультация""",
    ("services", "legal"): """
        lawyer attorney law counsel advokat jurist målsägandebiträde адвокат юрист право""",
    ("services", "civil_documents"): """
        passport papers visa embassy consulate pass papper ambassad konsulat
        паспорт документы виза посольство консульство""",
    ("services", "family"): "children mother barn mamma семья дети мать",
    ("services", "education"): "school course skola kurs utbildning школа курсы учёба",
    ("services", "vocational"): "training apprentice yrkesutbildning praktik профессия обучение",
    ("services", "employment"): "job work jobb arbete arbetsförmedling работа вакансии",
    ("services", "economic"): "debt money loan skuld pengar ekonomi долги деньги",
    ("services", "repatriation"): "return home journey återvändande hemresa återresa возвращение",
    ("services", "reception_of_returnees"): "reintegration återintegrering реинтеграция",
    ("populations", "girls"): "children barn flickor дети девочки",
    ("populations", "boys"): "children barn pojkar дети мальчики",
    ("populations", "lgbti"): "gay lesbian trans hbtq hbtqi лгбт",
}
_CODE_LISTS = {"services": SERVICES, "populations": POPULATIONS, "networks": NETWORKS}


Meaning = tuple[str, str]


def search_meanings(word: str, language: Language) -> tuple[Meaning, ...]:
    """Return the fields and codes with a name or synonym that begins with a folded word."""
    if len(word) < FEWEST_LETTERS:
        return ()
    known = _meaning_index(language)
    found: dict[Meaning, None] = {}
    for place in range(bisect_left(known, (word, ("", ""))), len(known)):
        said, meant = known[place]
        if not said.startswith(word):
            break
        found[meant] = None
    return tuple(found)


@cache
def _meaning_index(language: Language) -> list[tuple[str, Meaning]]:
    """Return every word that has a meaning, sorted."""
    labels = ((language.gettext(label), (key, code))
              for key, codes in _CODE_LISTS.items() for code, label in codes.items())  # fmt: skip
    named = chain(
        ((text, meant) for meant, text in _SYNONYMS.items()), _country_and_language_names(), labels
    )
    return sorted({(word, meant) for text, meant in named for word in bare_words(text)
                   if len(word) >= FEWEST_LETTERS})  # fmt: skip


def _country_and_language_names() -> Iterator[tuple[str, Meaning]]:
    """Yield countries and languages with their names."""
    for spoken in PROGRAM_LANGUAGES:
        locale = Locale.parse(spoken)
        for key, names, codes in (
            ("country", locale.territories, COUNTRIES),
            ("languages", locale.languages, LANGUAGES),
        ):
            yield from ((names[code], (key, code)) for code in codes if code in names)


# --- days, times and numbers

_DATE_PARTS = re.compile(r"\d+|[^\W\d_]+")
_ABOUT = frozenset(
    ("about", "ca", "circa", "omkring", "cirka", "runt", "okolo", "около", "примерно")
)
_FILLING = frozenset(("den", "of", "the", "g", "г", "года", "год", "году", "i", "in", "в",
                      "e", "a", "st", "nd", "rd", "th"))  # fmt: skip
_FEWEST_MONTH_LETTERS = 3  # letters that identify a month
_YEAR_DIGITS = 4  # digits
_CLOCK = re.compile(
    r"(?:(?:kl|klo|kell|at|в)[.\s]+|kl)?(\d{1,2})(?:[:.\s]?(\d\d))?(?:\s?[hч]\.?)?", re.ASCII
)
_WHOLE_NUMBER = re.compile(r"[-−+]?\d{1,16}", re.ASCII)  # a field holds no larger one
_DAYS_AWAY: Mapping[str, int] = {
    **dict.fromkeys(("today", "idag", "dag", "сегодня", "tana"), 0),
    **dict.fromkeys(("tomorrow", "imorgon", "morgon", "завтра", "homme"), 1),
    **dict.fromkeys(("overmorgon", "послезавтра", "ulehomme"), 2),
    **dict.fromkeys(("yesterday", "igar", "gar", "вчера", "eile"), -1),
}
"""Words for days near today, folded. The *i* of Swedish *i dag* is a filling word."""


def parse_day(typed: str, today: date | None = None) -> date | PartialDate | None:
    """Parse a typed day, or a month or year alone; return None if it is unclear.

    `12.12.2026`, `2026-12-12` and `12 декабря 2026` are days. `2026`, `12.2026`, `maj 2026` and
    `about 2026-05` are partial dates. With `today`, `tomorrow` is a day, and `4/12` or `den 4 dec`
    is the nearest such day. The day stands before the month in all languages of the window.
    A text with a weekday is a day only if `read_weekday` is sure.
    """
    reading = read_weekday(typed, today)
    if reading is not None:
        return reading.days[0] if reading.is_sure else None
    words = _date_words(typed)
    is_about = any(word in _ABOUT for word in words)
    return _day_of([word for word in words if word not in _ABOUT], today, is_about=is_about)


def read_weekday(typed: str, today: date | None = None) -> WeekdayReading | None:
    """Read a text with one weekday: the days that it may mean; return None if it has none.

    Beside a date the weekday must fit: the form asks about one that does not.
    """
    words = _date_words(typed)
    named = [one for one in words if weekday_of(one) is not None and _parse_month(one) is None]
    if len(named) != 1:
        return None
    weekday = weekday_of(named[0])
    assert weekday is not None
    rest = [word for word in words if word != named[0]]
    if any(word.isdecimal() for word in rest):
        found = _day_of(strip_around(rest), today, is_about=False)
        return WeekdayReading((found,) if isinstance(found, date) else (), weekday)
    days = days_by_weekday(weekday, named[0], rest, today) if today is not None else ()
    return WeekdayReading(days, weekday)


def _date_words(typed: str) -> list[str]:
    words = _DATE_PARTS.findall(strip_marks(typed).replace("~", " about "))
    return [word for word in words if word not in _FILLING]


def _day_of(parts: list[str], today: date | None, *, is_about: bool) -> date | PartialDate | None:
    if today is not None and not is_about:
        near = _day_without_year(parts, today)
        if near is not None:
            return near
    numbers = _date_numbers(parts)
    if numbers is None:
        return None
    year, *rest = numbers
    try:
        if len(rest) == 2 and not is_about:
            return date(year, *rest)
        if len(rest) <= 1:
            return PartialDate("-".join((f"{year:04}", *(f"{month:02}" for month in rest))))
    except (ValueError, KfdeskError):
        return None
    return None


def _day_without_year(parts: Sequence[str], today: date) -> date | None:
    """Return the day that was said from today, or by day and month alone; None if there is none."""
    if len(parts) == 1 and parts[0] in _DAYS_AWAY:
        return shift_day(today, _DAYS_AWAY[parts[0]])
    digits = [part for part in parts if part.isdecimal()]
    if len(parts) != 2 or not digits or max(map(len, digits)) >= _YEAR_DIGITS:
        return None
    is_named = len(digits) == 1
    month = _parse_month(next(one for one in parts if one not in digits)) if is_named else None
    found = month if is_named else int(digits[1])
    return _nearest_day(int(digits[0]), found, today) if found is not None else None


def _nearest_day(day: int, month: int, today: date) -> date | None:
    """Return the nearest such day; of two that are as near the one to come."""
    found = []
    for year in range(max(today.year - 1, MINYEAR), min(today.year + 1, MAXYEAR) + 1):
        with suppress(ValueError):
            found.append(date(year, month, day))
    return min(found, key=lambda one: (abs(one - today), one < today), default=None)


def parse_clock(typed: str) -> time | None:
    """Parse a typed time of day: `17:00`, `17.00`, `kl 17`, `1700`, `9`; None if it is none."""
    match = _CLOCK.fullmatch(typed.strip().casefold())
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        return None


def parse_number(typed: str) -> int | None:
    """Parse a typed whole number, with or without spaces between its thousands."""
    bare = "".join(typed.split())
    return int(bare.replace("−", "-")) if _WHOLE_NUMBER.fullmatch(bare) else None


def _date_numbers(parts: list[str]) -> tuple[int, ...] | None:
    """Return year, month and day as far as they were given, in either order."""
    months = [_parse_month(part) for part in parts if not part.isdecimal()]
    digits = [part for part in parts if part.isdecimal()]
    if None in months or len(months) > 1 or not 0 < len(digits) + len(months) <= 3:
        return None
    if sum(len(part) == _YEAR_DIGITS for part in digits) != 1:
        return None
    if max(map(len, digits)) > _YEAR_DIGITS:
        return None
    if len(digits[0]) == _YEAR_DIGITS:
        before, year = digits[1:], digits[0]
    elif len(digits[-1]) == _YEAR_DIGITS:
        before, year = digits[-2::-1], digits[-1]
    else:
        return None
    found = [month for month in months if month is not None]
    return (int(year), *found, *map(int, before))


def _parse_month(word: str) -> int | None:
    """Return the only month that begins with the word, or None.

    The names in the program's whole languages come before those of others.
    """
    if len(word) < _FEWEST_MONTH_LETTERS:
        return None
    for codes in (PROGRAM_LANGUAGES, CLIENT_LANGUAGES):
        found = {number for name, number in _months(codes).items() if name.startswith(word)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


@cache
def _months(codes: tuple[str, ...]) -> Mapping[str, int]:
    return {
        strip_marks(name).rstrip("."): number
        for code in codes
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, code).items()
    }
