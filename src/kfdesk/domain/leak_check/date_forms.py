# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates in any notation: any order, month names, two or four digits for the year.

A date that is known only to the month is searched as that month with its year, also
inside a full date. A year alone is not searched: it stands in every travel date and
identifies nobody. The caller passes the month names, in any number of languages. No
secrets here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise, permutations, product, takewhile

from kfdesk.domain.leak_check.spelling import (
    Token,
    is_cyrillic,
    look_alike_readings,
    spellings,
)

_FILLERS = 3
"""Letters of words between the parts of a date: `г.`, `th`, `den`, `of`."""


_ORDINAL = re.compile(r"(\d{1,2})[^\W\d_]{1,2}")


_SPLIT = {8: ((4, 2, 2), (2, 2, 4)), 6: ((2, 2, 2),)}


_APART = sorted({way for sizes in product((1, 2), (1, 2), (2, 4)) for way in permutations(sizes)})


_APART_MONTH = ((1, 4), (2, 4), (4, 1), (4, 2))
"""The lengths in which single digits in a row may form a date, or a month with its year."""


_SHORTEST_NAME = 3


_YEAR, _JOINED, _DECEMBER = 4, 6, 12


_MONTH_CACHE_SIZE = 16_384


_MAX_MONTH_PIECES = 9
"""Letters of the longest month name; each may stand in a cell of its own."""


_CASES = ("е", "ю", "у", "і", "ем", "ом")
"""Endings of month names in grammatical cases that calendars do not use."""


_ENDS = ("", "ь", "я", "и")
"""Endings that calendars use: `март`, `июнь`, `червня`, `май`."""


def month_forms(months: Mapping[str, int]) -> dict[str, int]:
    """Return month names with Latin spellings and case forms: `iyune`, `aprel`, `maja`.

    `months` maps normalized names to their numbers from 1.
    """
    found = dict(months)
    for name, number in months.items():
        if is_cyrillic(name):
            stem = next((name[: -len(end)] for end in _ENDS[1:] if name.endswith(end)), name)
            for form in (name, *(stem + end for end in (*_CASES, *_ENDS))):
                for spelt in spellings(form):
                    found.setdefault(spelt, number)
    return found


def find_dates(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[tuple[date, str]]:
    """Yield the dates that the tokens may mean, each with its text on the page."""
    for token in found:
        if token.text.isdigit():
            for sizes in _SPLIT.get(len(token.text), ()):
                yield from ((day, token.raw) for day in _dates(_cut_digits(token.text, sizes)))
    for cut, raw in _spaced_digits(found, _APART):
        yield from ((day, raw) for day in _dates(cut))
    for read in _token_readings(found):
        yield from _dates_in_words(read, months)


def _dates_in_words(
    found: Sequence[Token], months: Mapping[str, int]
) -> Iterator[tuple[date, str]]:
    """Yield the dates whose parts are separate words."""
    parts = [_strip_ordinal(token) for token in _join_month_names(found, months)]
    parts = [token for token in parts if _is_date_part(token, months)]
    for place in range(len(parts) - 2):
        row = parts[place : place + 3]
        named = [_month_of_token(token, months) for token in row]
        raw = " ".join(token.raw for token in row)
        if sum(month is not None for month in named) <= 1:
            texts = [
                f"m{month}" if month else token.text
                for token, month in zip(row, named, strict=True)
            ]
            yield from ((day, raw) for day in _dates(texts))


def find_months(
    found: Sequence[Token], months: Mapping[str, int]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the (year, month) pairs that the tokens may mean, each with its text.

    The year has four digits, as in `6.2019`, `2019-06-03`, `201906`, `в июне 2019 г.`; two
    digits could also be an hour.
    """
    for token in found:
        if token.text.isdigit() and len(token.text) == _JOINED:
            for month, year in ((token.text[:2], token.text[2:]), (token.text[4:], token.text[:4])):
                yield from (((int(year), one), token.raw) for one in _month_numbers(month, months))
    for cut, raw in _spaced_digits(found, _APART_MONTH):
        yield from ((pair, raw) for pair in _months_of(cut[0], cut[1], months))
    for read in _token_readings(found):
        whole = _join_month_names(read, months)
        for first, second in pairwise(token for token in whole if _is_date_part(token, months)):
            raw = f"{first.raw} {second.raw}"
            yield from ((pair, raw) for pair in _months_of(first.text, second.text, months))


def _months_of(one: str, other: str, months: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield the months that two texts may mean, whichever of them is the year."""
    for month, year in ((one, other), (other, one)):
        if year.isdigit() and len(year) == _YEAR:
            yield from ((int(year), number) for number in _month_numbers(month, months))


def _split_single_digits(found: Sequence[Token]) -> Iterator[tuple[bool, list[Token]]]:
    """Yield the tokens in runs: single digits in a row, or everything else."""
    for is_apart, run in groupby(found, lambda each: len(each.text) == 1 and each.text.isdigit()):
        yield is_apart, list(run)


def _spaced_digits(
    found: Sequence[Token], ways: Sequence[tuple[int, ...]]
) -> Iterator[tuple[list[str], str]]:
    """Yield rows of single digits, cut in each of these ways: `0 3 . 0 6 . 2 0 1 9`."""
    for is_apart, run in _split_single_digits(found):
        for place in range(len(run)) if is_apart else ():
            for sizes in ways:
                row = run[place : place + sum(sizes)]
                if len(row) == sum(sizes):
                    digits = "".join(token.text for token in row)
                    yield _cut_digits(digits, sizes), " ".join(token.raw for token in row)


def _token_readings(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens as they are, and with rows of single digits joined to numbers."""
    yield found
    runs = list(_split_single_digits(found))
    if any(is_apart and len(run) > 1 for is_apart, run in runs):
        yield [token for each in runs for token in _join_run(*each)]


def _join_run(is_apart: bool, run: list[Token]) -> list[Token]:
    if not is_apart or len(run) == 1:
        return run
    text, raw = "".join(token.text for token in run), " ".join(token.raw for token in run)
    return [run[0]._replace(text=text, raw=raw)]


def _join_month_names(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[Token]:
    """Yield the tokens, with the pieces of a split month name joined: `ию ня`, `и ю н я`."""
    place = 0
    while place < len(found):
        count = next(_month_name_lengths(found[place : place + _MAX_MONTH_PIECES], months), 1)
        parts = found[place : place + count]
        text, raw = ("".join(part.text for part in parts), " ".join(part.raw for part in parts))
        yield parts[0]._replace(text=text, raw=raw) if count > 1 else parts[0]
        place += count


def _month_name_lengths(found: Sequence[Token], months: Mapping[str, int]) -> Iterator[int]:
    """Yield how many leading tokens may form one month name, the largest number first."""
    letters = list(takewhile(lambda token: token.text.isalpha(), found))
    if letters and _month_of_token(letters[0], months) is None:
        for count in range(len(letters), 1, -1):
            if _month_by_name("".join(token.text for token in letters[:count]), months) is not None:
                yield count


def _month_numbers(text: str, months: Mapping[str, int]) -> Iterator[int]:
    """Yield the number of the month, 1 to 12, that a text names; nothing for another text."""
    is_number = text.isdigit() and len(text) <= len(str(_DECEMBER))
    number = int(text) if is_number else _month_by_name(text, months)
    if number is not None and 1 <= number <= _DECEMBER:
        yield number


def _strip_ordinal(token: Token) -> Token:
    """Return an ordinal such as `3rd` or `3го` as the token `3`."""
    found = _ORDINAL.fullmatch(token.text)
    return token._replace(text=found.group(1)) if found else token


def _is_date_part(token: Token, months: Mapping[str, int]) -> bool:
    if token.text.isdigit():
        return len(token.text) in (1, 2, 4)
    return len(token.text) > _FILLERS or _month_of_token(token, months) is not None


def _month_of_token(token: Token, months: Mapping[str, int]) -> int | None:
    return _month_by_name(token.text, months)


def _month_by_name(text: str, months: Mapping[str, int]) -> int | None:
    """Return the month of a name, also in another case: `июне`, `августом`, `червні`."""
    if len(text) < _SHORTEST_NAME:
        return None
    return next((months[form] for form in _month_readings(text) if form in months), None)


@lru_cache(maxsize=_MONTH_CACHE_SIZE)
def _month_readings(text: str) -> tuple[str, ...]:
    return tuple(form for read in look_alike_readings(text) for form in _uninflected(read))


def _uninflected(text: str) -> Iterator[str]:
    yield text
    stems = [text[: -len(end)] for end in _CASES if text.endswith(end)]
    yield from (stem + end for stem in stems for end in _ENDS if len(stem) >= len("ма"))


def _cut_digits(digits: str, sizes: Sequence[int]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(digits[at : at + size])
        at += size
    return found


def _dates(texts: Sequence[str]) -> Iterator[date]:
    """Yield the dates of three parts in any order; a named month is never year or day."""
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
