# SPDX-License-Identifier: GPL-3.0-or-later
"""Weekdays as people write them in the languages of the window: `fre`, `на пятницу`, `next Monday`.

A weekday alone is the coming one, with *next* that of the next week. Where two days can be meant,
both are returned, for the form to ask: on a Friday `Friday`, on a Thursday `next Friday`.
Knows no record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.dates import get_day_names

from kfdesk.domain.names import strip_marks
from kfdesk.domain.values import shift_day

_LANGUAGES = ("en", "sv", "ru", "et")
_BACK = "s"  # `i fredags` is the last Friday
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("",), "sv": ("", "en", _BACK), "et": ("", "l", "ks", "al", "aks"),
}  # fmt: skip
"""What may follow the whole name; Russian changes the end of the name itself."""
_RUSSIAN_ENDS = ("а", "я", "у", "ю", "ы", "и", "е", "ом", "ем", "ье", "ья", "ью")
_FEWEST_LETTERS = 3
_AROUND = frozenset(
    ("on", "pa", "this", "coming", "nu", "kommande", "на", "во", "эту", "этот", "это")
)
_NEXT = frozenset(
    ("next", "nasta", "следующии", "следующую", "следующее", "следующая", "jargmine", "jargmisel")
)
_LAST = frozenset(
    ("last", "forra", "прошлыи", "прошлую", "прошлое", "прошлая", "eelmine", "eelmisel")
)
_WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class WeekdayReading:
    """A text with a weekday: the days that it may mean, and the weekday (0 is Monday)."""

    days: tuple[date, ...]
    weekday: int

    @property
    def is_sure(self) -> bool:
        """True if one day is meant, and it is that weekday."""
        return len(self.days) == 1 and self.days[0].weekday() == self.weekday


def weekday_of(word: str) -> int | None:
    """Return the weekday that a folded word names or begins (0 is Monday), or None."""
    found = {number for said, number, language in _names() if _is_named(word, said, language)}
    return found.pop() if len(found) == 1 else None


def strip_around(words: Sequence[str]) -> list[str]:
    """Return the words without those that only lead to a weekday, such as `on`."""
    return [word for word in words if word not in _AROUND]


def days_by_weekday(
    weekday: int, said: str, around: Sequence[str], today: date
) -> tuple[date, ...]:
    """Return the days that a weekday without a date may mean; none if other words stand there.

    `said` is the word that names it, `around` are the others, all of them folded.
    """
    if not set(around) <= _AROUND | _NEXT | _LAST:
        return ()
    now = today.weekday()
    ahead, back = (weekday - now) % _WEEK, (now - weekday) % _WEEK
    if _says_back(said):
        steps: tuple[int, ...] = (-(back or _WEEK),)
    elif _NEXT.intersection(around):
        steps = (ahead, ahead + _WEEK) if weekday > now else (ahead or _WEEK,)
    elif _LAST.intersection(around):
        steps = (-back, -back - _WEEK) if weekday < now else (-(back or _WEEK),)
    else:
        steps = (ahead,) if ahead else (0, _WEEK)
    return tuple(shift_day(today, step) for step in steps)


def _says_back(word: str) -> bool:
    return any(said + _BACK == word for said, _, language in _names() if language == "sv")


def _is_named(word: str, said: str, language: str) -> bool:
    if not language:  # an abbreviation
        return word == said
    if len(word) >= _FEWEST_LETTERS and said.startswith(word):
        return True
    if language == "ru":
        stem = said.rstrip("аеья")
        return word.startswith(stem) and word[len(stem) :] in _RUSSIAN_ENDS
    return any(word == said + ending for ending in _ENDINGS[language])


@cache
def _names() -> tuple[tuple[str, int, str], ...]:
    """Return folded names with their weekday, and the language; none for abbreviations."""
    found = []
    for code in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, "format", code).items():
                said = strip_marks(name).rstrip(".")
                if len(said) > 1:  # Estonian has single letters, which say too little
                    found.append((said, number, code if width == "wide" else ""))
    return tuple(found)
