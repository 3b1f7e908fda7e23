# SPDX-License-Identifier: GPL-3.0-or-later
"""Days as they may be written: in any order, with names of months, with two or four digits.

The names of months are handed in, in as many languages as there are. Knows no secret.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import permutations

from kfdesk.domain.carry.letters import Token

_FILLERS = 3
"""Letters of what may stand between the parts of a day: `г.`, `th`, `den`, `of`."""
_ORDINAL = re.compile(r"(\d{1,2})[^\W\d_]{1,2}")
_SPLIT = {8: ((4, 2, 2), (2, 2, 4)), 6: ((2, 2, 2),)}
_SHORTEST_NAME = 3


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


def _cardinal(token: Token) -> Token:
    """`3rd` and `3го` as 3."""
    found = _ORDINAL.fullmatch(token.text)
    return token._replace(text=found.group(1)) if found else token


def _counts(token: Token, months: Mapping[str, int]) -> bool:
    if token.text.isdigit():
        return len(token.text) in (1, 2, 4)
    return len(token.text) > _FILLERS or _month(token, months) is not None


def _month(token: Token, months: Mapping[str, int]) -> int | None:
    return months.get(token.text) if len(token.text) >= _SHORTEST_NAME else None


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
