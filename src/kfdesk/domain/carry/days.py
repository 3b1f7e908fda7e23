# SPDX-License-Identifier: GPL-3.0-or-later
"""Days as they may be written: in any order, with names of months, with two or four digits.

A day that is known to its month alone is looked for as that month with its year, in a whole date,
too. A bare year is not: it stands in every date of the journey and tells of nobody. The names of
months are handed in, in as many languages as there are. Knows no secret.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, permutations

from kfdesk.domain.carry.letters import Token

_FILLERS = 3
"""Letters of what may stand between the parts of a day: `г.`, `th`, `den`, `of`."""
_ORDINAL = re.compile(r"(\d{1,2})[^\W\d_]{1,2}")
_SPLIT = {8: ((4, 2, 2), (2, 2, 4)), 6: ((2, 2, 2),)}
_SHORTEST_NAME = 3
_YEAR, _JOINED, _DECEMBER = 4, 6, 12
_CASES = ("е", "ю", "у", "і", "ем", "ом")
"""Endings of a month's name in cases that calendars do not write."""
_ENDS = ("", "ь", "я", "и")
"""Endings in those that they do: `март`, `июнь`, `червня`, `май`."""


def days_in(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[tuple[date, str]]:
    """The days that the tokens may mean, each with how it stands there."""
    for token in found:
        if token.text.isdigit():
            for sizes in _SPLIT.get(len(token.text), ()):
                yield from ((day, token.raw) for day in _days(_cut(token.text, sizes)))
    parts = [_cardinal(token) for token in found]
    parts = [token for token in parts if _counts(token, months)]
    for place in range(len(parts) - 2):
        row = parts[place : place + 3]
        named = [_month(token, months) for token in row]
        raw = " ".join(token.raw for token in row)
        if sum(month is not None for month in named) <= 1:
            texts = [
                f"m{month}" if month else token.text
                for token, month in zip(row, named, strict=True)
            ]
            yield from ((day, raw) for day in _days(texts))


def months_in(
    found: Sequence[Token], months: Mapping[str, int]
) -> Iterator[tuple[tuple[int, int], str]]:
    """The months that the tokens may mean, each a year of four digits and 1 to 12, and its words.

    `6.2019`, `2019-06-03`, `201906`, `в июне 2019 г.`; a year of two digits is an hour as well.
    """
    for token in found:
        if token.text.isdigit() and len(token.text) == _JOINED:
            for month, year in ((token.text[:2], token.text[2:]), (token.text[4:], token.text[:4])):
                yield from (((int(year), one), token.raw) for one in _numbered(month, months))
    for first, second in pairwise(token for token in found if _counts(token, months)):
        raw = f"{first.raw} {second.raw}"
        for month, year in ((first.text, second.text), (second.text, first.text)):
            if year.isdigit() and len(year) == _YEAR:
                yield from (((int(year), one), raw) for one in _numbered(month, months))


def _numbered(text: str, months: Mapping[str, int]) -> Iterator[int]:
    """The number of a month, from 1 to 12, that a text names; nothing for another text."""
    is_number = text.isdigit() and len(text) <= len(str(_DECEMBER))
    number = int(text) if is_number else _named(text, months)
    if number is not None and 1 <= number <= _DECEMBER:
        yield number


def _cardinal(token: Token) -> Token:
    """`3rd` and `3го` as 3."""
    found = _ORDINAL.fullmatch(token.text)
    return token._replace(text=found.group(1)) if found else token


def _counts(token: Token, months: Mapping[str, int]) -> bool:
    if token.text.isdigit():
        return len(token.text) in (1, 2, 4)
    return len(token.text) > _FILLERS or _month(token, months) is not None


def _month(token: Token, months: Mapping[str, int]) -> int | None:
    return _named(token.text, months)


def _named(text: str, months: Mapping[str, int]) -> int | None:
    """The month of a name, in another case, too: `июне`, `августом`, `червні`."""
    if len(text) < _SHORTEST_NAME:
        return None
    stems = [text[: -len(end)] for end in _CASES if text.endswith(end)]
    forms = (text, *(stem + end for stem in stems for end in _ENDS if len(stem) >= len("ма")))
    return next((months[form] for form in forms if form in months), None)


def _cut(digits: str, sizes: Sequence[int]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(digits[at : at + size])
        at += size
    return found


def _days(texts: Sequence[str]) -> Iterator[date]:
    """The days of three parts in any order; a month that is named is no other part."""
    for year, month, day in permutations(texts):
        is_named = month.startswith("m")
        if not (year.isdigit() and day.isdigit() and (is_named or month.isdigit())):
            continue
        if len(day) > 2 or (not is_named and len(month) > 2):
            continue
        for full in (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year)):
            try:
                yield date(full, int(month.removeprefix("m")), int(day))
            except ValueError:
                continue
