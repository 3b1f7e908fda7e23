# SPDX-License-Identifier: GPL-3.0-or-later
"""What people type for a day, a time of day or a number, read as they mean it.

Read leniently in every language of the program, and never guessed: a year of two digits or a day
without a year is no answer, because a wrong day is worse than a question. Knows no window.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache

from babel.dates import get_month_names

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.letters.folding import simple
from kfdesk.domain.values import About
from kfdesk.i18n.language import PROGRAM_LANGUAGES

_PARTS = re.compile(r"\d+|[^\W\d_]+")
_ABOUT = frozenset(
    ("about", "ca", "circa", "omkring", "cirka", "runt", "okolo", "около", "примерно")
)
_FILLING = frozenset(("den", "of", "the", "g", "г", "года", "год", "году", "i", "in", "в"))
_SHORTEST = 3  # letters of a month that tell it from the others
_YEAR = 4  # digits
_CLOCK = re.compile(r"(\d{1,2})(?:[:.\s]?(\d\d))?", re.ASCII)
_NUMBER = re.compile(r"[-−+]?\d+", re.ASCII)


def read_day(typed: str) -> date | About | None:
    """The day, or the month or year alone, that was typed; None if it cannot be told.

    `12.12.2026`, `2026-12-12`, `12 декабря 2026` are days; `2026`, `12.2026`, `maj 2026`,
    `about 2026-05` are About. None stands for anything else.
    """
    words = _PARTS.findall(simple(typed).replace("~", " about "))
    is_about = any(word in _ABOUT for word in words)
    parts = [word for word in words if word not in _ABOUT and word not in _FILLING]
    numbers = _numbers(parts)
    if numbers is None:
        return None
    year, *rest = numbers
    try:
        if len(rest) == 2 and not is_about:
            return date(year, *rest)
        if len(rest) <= 1:
            return About("-".join((f"{year:04}", *(f"{month:02}" for month in rest))))
    except (ValueError, KfdeskError):
        return None
    return None


def read_clock(typed: str) -> time | None:
    """The time of day that was typed: `17:00`, `17.00`, `1700`, `9`; None if it is none."""
    match = _CLOCK.fullmatch(typed.strip())
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        return None


def read_number(typed: str) -> int | None:
    """The whole number that was typed, with or without spaces between its thousands."""
    bare = "".join(typed.split())
    return int(bare.replace("−", "-")) if _NUMBER.fullmatch(bare) else None


def _numbers(parts: list[str]) -> tuple[int, ...] | None:
    """Year, month and day as far as they were given, from either order."""
    months = [_month(part) for part in parts if not part.isdecimal()]
    digits = [part for part in parts if part.isdecimal()]
    if None in months or len(months) > 1 or not 0 < len(digits) + len(months) <= 3:
        return None
    if sum(len(part) == _YEAR for part in digits) != 1:
        return None
    if len(digits[0]) == _YEAR:
        before, year = digits[1:], digits[0]
    elif len(digits[-1]) == _YEAR:
        before, year = digits[-2::-1], digits[-1]
    else:
        return None
    found = [month for month in months if month is not None]
    return (int(year), *found, *map(int, before))


def _month(word: str) -> int | None:
    """The month that a word begins, if it can be but one."""
    if len(word) < _SHORTEST:
        return None
    found = {number for name, number in _months().items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else None


@cache
def _months() -> Mapping[str, int]:
    return {
        simple(name).rstrip("."): number
        for code in PROGRAM_LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, code).items()
    }
