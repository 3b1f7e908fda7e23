# SPDX-License-Identifier: GPL-3.0-or-later
"""Days as they may be written: in any order, with names of months, with two or four digits.

A day that is known to its month alone is looked for as that month with its year, in a whole date,
too. A bare year is not: it stands in every date of the journey and tells of nobody. The names of
months are handed in, in as many languages as there are. Knows no secret.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise, permutations, product, takewhile

from kfdesk.domain.carry.letters import Token, is_cyrillic, readings
from kfdesk.domain.carry.spelling import spellings

_FILLERS = 3
"""Letters of what may stand between the parts of a day: `г.`, `th`, `den`, `of`."""
_ORDINAL = re.compile(r"(\d{1,2})[^\W\d_]{1,2}")
_SPLIT = {8: ((4, 2, 2), (2, 2, 4)), 6: ((2, 2, 2),)}
_APART = sorted({way for sizes in product((1, 2), (1, 2), (2, 4)) for way in permutations(sizes)})
_APART_MONTH = ((1, 4), (2, 4), (4, 1), (4, 2))
"""How digits that stand one by one may belong together: to a whole day, to a month of a year."""
_SHORTEST_NAME = 3
_YEAR, _JOINED, _DECEMBER = 4, 6, 12
_REMEMBERED = 16_384
_MOST_PIECES = 9
"""Letters of the longest name of a month, each of which may stand in a cell of its own."""
_CASES = ("е", "ю", "у", "і", "ем", "ом")
"""Endings of a month's name in cases that calendars do not write."""
_ENDS = ("", "ь", "я", "и")
"""Endings in those that they do: `март`, `июнь`, `червня`, `май`."""


def month_forms(months: Mapping[str, int]) -> dict[str, int]:
    """Names of months in Latin letters, too, in every case and spelling: `iyune`, `aprel`, `maja`.

    `months` has their names as they are compared, with their numbers from 1.
    """
    found = dict(months)
    for name, number in months.items():
        if is_cyrillic(name):
            stem = next((name[: -len(end)] for end in _ENDS[1:] if name.endswith(end)), name)
            for form in (name, *(stem + end for end in (*_CASES, *_ENDS))):
                for spelt in spellings(form):
                    found.setdefault(spelt, number)
    return found


def days_in(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[tuple[date, str]]:
    """The days that the tokens may mean, each with how it stands there."""
    for token in found:
        if token.text.isdigit():
            for sizes in _SPLIT.get(len(token.text), ()):
                yield from ((day, token.raw) for day in _days(_cut(token.text, sizes)))
    for cut, raw in _apart(found, _APART):
        yield from ((day, raw) for day in _days(cut))
    for read in _readings(found):
        yield from _in_words(read, months)


def _in_words(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[tuple[date, str]]:
    """The days of which each part is a word of its own."""
    parts = [_cardinal(token) for token in _whole(found, months)]
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
    for cut, raw in _apart(found, _APART_MONTH):
        yield from ((pair, raw) for pair in _months_of(cut[0], cut[1], months))
    for read in _readings(found):
        whole = _whole(read, months)
        for first, second in pairwise(token for token in whole if _counts(token, months)):
            raw = f"{first.raw} {second.raw}"
            yield from ((pair, raw) for pair in _months_of(first.text, second.text, months))


def _months_of(one: str, other: str, months: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """The months that two texts may mean, whichever of them is the year."""
    for month, year in ((one, other), (other, one)):
        if year.isdigit() and len(year) == _YEAR:
            yield from ((int(year), number) for number in _numbered(month, months))


def _one_by_one(found: Sequence[Token]) -> Iterator[tuple[bool, list[Token]]]:
    """The tokens in runs: of digits that stand one by one, or of all else."""
    for is_apart, run in groupby(found, lambda each: len(each.text) == 1 and each.text.isdigit()):
        yield is_apart, list(run)


def _apart(
    found: Sequence[Token], ways: Sequence[tuple[int, ...]]
) -> Iterator[tuple[list[str], str]]:
    """Digits that stand one by one, cut in each of these ways: `0 3 . 0 6 . 2 0 1 9`."""
    for is_apart, run in _one_by_one(found):
        for place in range(len(run)) if is_apart else ():
            for sizes in ways:
                row = run[place : place + sum(sizes)]
                if len(row) == sum(sizes):
                    digits = "".join(token.text for token in row)
                    yield _cut(digits, sizes), " ".join(token.raw for token in row)


def _readings(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens as they stand, and with digits that stand one by one as numbers."""
    yield found
    runs = list(_one_by_one(found))
    if any(is_apart and len(run) > 1 for is_apart, run in runs):
        yield [token for each in runs for token in _together(*each)]


def _together(is_apart: bool, run: list[Token]) -> list[Token]:
    if not is_apart or len(run) == 1:
        return run
    text, raw = "".join(token.text for token in run), " ".join(token.raw for token in run)
    return [run[0]._replace(text=text, raw=raw)]


def _whole(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[Token]:
    """The tokens, but the pieces of a month's name as one: `ию ня`, `и ю н я`."""
    place = 0
    while place < len(found):
        count = next(_pieces(found[place : place + _MOST_PIECES], months), 1)
        parts = found[place : place + count]
        text, raw = ("".join(part.text for part in parts), " ".join(part.raw for part in parts))
        yield parts[0]._replace(text=text, raw=raw) if count > 1 else parts[0]
        place += count


def _pieces(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[int]:
    """How many tokens from the first on are pieces of a month's name, the most first."""
    letters = list(takewhile(lambda token: token.text.isalpha(), found))
    if letters and _month(letters[0], months) is None:
        for count in range(len(letters), 1, -1):
            if _named("".join(token.text for token in letters[:count]), months) is not None:
                yield count


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
    return next((months[form] for form in _forms(text) if form in months), None)


@lru_cache(maxsize=_REMEMBERED)
def _forms(text: str) -> tuple[str, ...]:
    return tuple(form for read in readings(text) for form in _uninflected(read))


def _uninflected(text: str) -> Iterator[str]:
    yield text
    stems = [text[: -len(end)] for end in _CASES if text.endswith(end)]
    yield from (stem + end for stem in stems for end in _ENDS if len(stem) >= len("ма"))


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
