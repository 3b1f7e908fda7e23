# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates in any notation: any order, month names, two or four digits for the year.

A date that is known only to the month is searched as that month with its year, also
inside a full date. A year alone is not searched: it stands in every travel date and
identifies nobody. The caller passes the month names, in any number of languages. No
secrets here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise, permutations, product, takewhile

from kfdesk.domain.leak_check.spelling import (
    Token,
    all_spellings,
    casefold_text,
    expand_spellings,
    is_cyrillic,
    look_alike_readings,
    marked_words,
    normalize_word,
    spellings,
    text_of_tokens,
    token_windows,
)

_FILLERS = 3
"""Letters of words between the parts of a date: `г.`, `th`, `den`, `of`."""
_ORDINAL = re.compile(r"(\d{1,2})[^\W\d_]{1,2}")
_SPLIT = {8: ((4, 2, 2), (2, 2, 4)), 6: ((2, 2, 2),)}
_APART = sorted({way for sizes in product((1, 2), (1, 2), (2, 4)) for way in permutations(sizes)})
_APART_MONTH = ((1, 4), (2, 4), (4, 1), (4, 2))
"""How single digits in a row may form a date, or a month with its year."""
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


_LONG = 8
"""Minimum letters of a name or text that is searched without spaces."""
_RUN = 40
"""Letters of the beginning of a long text that are searched."""
_LONG_NUMBER = 6
_HEAD = 6
"""Minimum letters of every run: a text of eight loses two at its ending."""
_SHORTEST_NUMBER = 4
PHONE_DIGITS = 8
"""The last digits by which telephone numbers are compared, whatever the prefix."""
_SHORTEST_PHONE = 6
_LONGEST_ENDING = 4
_ACRONYM, _MAX_ACRONYM_PIECES = 3, 6
"""Minimum letters of an acronym found split or transliterated; its maximum pieces."""
_NAME = 5
"""Minimum letters of a name that is found without a capital and split."""


class SecretKind(StrEnum):
    """The kind of a secret: how it is searched, and which remedy is offered."""

    NAME = "name"
    """The name of a person or organisation; somebody else may have it too."""
    INITIALS = "initials"
    SEALED = "sealed"
    NUMBER = "number"
    PHONE = "phone"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Secret:
    """One value that must not be on the paper; `passes` are the fields that may show it.

    A NAME or SEALED text of several words is found as a row. A DAY is in ISO 8601, or year
    and month if no more is known.
    """

    sort: SecretKind
    text: str
    passes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SecretMatch:
    """A secret that was found, and its text on the page."""

    secret: Secret
    words: str


@dataclass(frozen=True, slots=True)
class SecretIndex:
    """A search index of all secrets."""

    rows: dict[str, list[tuple[tuple[str, ...], Secret]]] = field(default_factory=dict)
    runs: dict[str, Secret] = field(default_factory=dict)
    numbers: dict[str, Secret] = field(default_factory=dict)
    phones: dict[str, Secret] = field(default_factory=dict)
    days: dict[date, Secret] = field(default_factory=dict)
    months: dict[tuple[int, int], Secret] = field(default_factory=dict)
    initials: dict[str, Secret] = field(default_factory=dict)
    heads: dict[str, set[int]] = field(default_factory=dict)
    """The beginnings of runs and their lengths, to skip most positions quickly."""
    met: dict[str, Sequence[tuple[tuple[str, ...], Secret]]] = field(default_factory=dict)
    """Cached lookups: most words of a paper occur often."""

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "SecretIndex":
        """Build the index, with each secret in the part for its kind."""
        made = cls()
        for secret in secrets:
            match secret.sort:
                case SecretKind.NUMBER:
                    made._add_number(secret)
                case SecretKind.PHONE:
                    digits = digits_in_text(secret.text)
                    if len(digits) >= _SHORTEST_PHONE:
                        made.phones[digits[-PHONE_DIGITS:]] = secret
                case SecretKind.DAY:
                    made._add_day(secret)
                case SecretKind.INITIALS:
                    made._add_initials(secret)
                case _:
                    made._add_text(secret)
        return made

    def _add_text(self, secret: Secret) -> None:
        own = marked_words(secret.text)
        if not own or (len(own) == 1 and len(own[0]) < 2):
            return
        for form in spellings(own[0]):
            self.rows.setdefault(_stem(form), []).append((own, secret))
        for run in map("".join, zip(*map(all_spellings, own), strict=True)):
            if len(run) >= _LONG:
                self._add_run(_stem(run)[:_RUN], secret)

    def _add_run(self, run: str, secret: Secret) -> None:
        """Add a run; of two equal runs keep the secret that fewer fields may show."""
        before = self.runs.get(run)
        if before is None or len(secret.passes) < len(before.passes):
            self.runs[run] = secret
            self.heads.setdefault(run[:_HEAD], set()).add(len(run))

    def _add_initials(self, secret: Secret) -> None:
        text = secret.text.strip()
        self.initials[text] = secret
        for form in spellings(casefold_text(text)) if len(text) >= _ACRONYM else ():
            self.initials.setdefault(form.upper(), secret)

    def _add_day(self, secret: Secret) -> None:
        if len(secret.text) == len("2019-06"):
            year, month = map(int, secret.text.split("-"))
            self.months[year, month] = secret
        else:
            self.days[date.fromisoformat(secret.text)] = secret

    def _add_number(self, secret: Secret) -> None:
        joined = "".join(marked_words(secret.text))
        for form in spellings(joined):
            if len(form) >= _SHORTEST_NUMBER:
                self.numbers[form] = secret
            if len(form) >= _LONG_NUMBER:
                self._add_run(form, secret)

    def find(self, found: Sequence[Token], months: Mapping[str, int]) -> Iterator[SecretMatch]:
        """Yield the secrets among the tokens."""
        for place in range(len(found)):
            yield from self._from(found, place)
        yield from self._in_run(found)
        yield from self._phones(found)
        for day, raw in find_dates(found, months) if self.days else ():
            if day in self.days:
                yield SecretMatch(self.days[day], raw)
        for month, raw in find_months(found, months) if self.months else ():
            if month in self.months:
                yield SecretMatch(self.months[month], raw)

    def _from(self, found: Sequence[Token], place: int) -> Iterator[SecretMatch]:
        token = found[place]
        yield from self._initials(found, place)
        for row, secret in self._rows_of(token.marked):
            rest = found[place + 1 : place + len(row)]
            if len(rest) != len(row) - 1 or not all(
                _is_word(word, other.marked) for word, other in zip(row[1:], rest, strict=True)
            ):
                continue
            if len(row) > 1 or len(row[0]) >= _NAME or token.is_capital or _is_sealed(secret):
                yield SecretMatch(secret, text_of_tokens(found[place : place + len(row)]))
        for parts in token_windows(found, place):
            yield from self._in_pieces(parts)
        for count in range(1, 5):
            yield from self._number(found[place : place + count])

    def _initials(self, found: Sequence[Token], place: int) -> Iterator[SecretMatch]:
        """Yield matches of initials, and of acronyms in pieces or with look-alike letters."""
        if found[place].raw in self.initials:
            yield SecretMatch(self.initials[found[place].raw], found[place].raw)
        capitals = list(takewhile(_is_capital, found[place : place + _MAX_ACRONYM_PIECES]))
        for count in range(1, len(capitals) + 1):
            parts = capitals[:count]
            for way in look_alike_readings("".join(part.text for part in parts)):
                secret = self.initials.get(way.upper())
                if secret is not None and len(secret.text.strip()) >= _ACRONYM:
                    yield SecretMatch(secret, text_of_tokens(parts))

    def _rows_of(self, word: str) -> Sequence[tuple[tuple[str, ...], Secret]]:
        """Return the rows whose first word this word may be."""
        if word not in self.met:
            self.met[word] = tuple(self._look_up(word))
        return self.met[word]

    def _look_up(self, word: str) -> Iterator[tuple[tuple[str, ...], Secret]]:
        seen: set[tuple[tuple[str, ...], Secret]] = set()
        for form in _respellings(word):
            for cut in range(min(_LONGEST_ENDING, len(form) - 1) + 1):
                for row, secret in self.rows.get(form[: len(form) - cut], ()):
                    if (row, secret) not in seen and _is_word(row[0], word):
                        seen.add((row, secret))
                        yield row, secret

    def _in_pieces(self, parts: Sequence[Token]) -> Iterator[SecretMatch]:
        joined = "".join(part.marked for part in parts)
        is_spaced = all(len(part.text) == 1 for part in parts)
        is_name = [part.is_capital for part in parts] == [True] + [False] * (len(parts) - 1)
        least = 1 if is_spaced else _NAME - 1 if is_name else _NAME
        for row, secret in self._rows_of(joined):
            if len(row) == 1 and len(row[0]) >= least:
                yield SecretMatch(secret, text_of_tokens(parts))

    def _number(self, parts: Sequence[Token]) -> Iterator[SecretMatch]:
        for form in _respellings("".join(part.marked for part in parts)):
            if form in self.numbers:
                yield SecretMatch(self.numbers[form], text_of_tokens(parts))

    def _in_run(self, found: Sequence[Token]) -> Iterator[SecretMatch]:
        """Yield long texts and numbers anywhere in the page without its spaces."""
        for run in _page_runs(found) if self.runs else ():
            for start in range(len(run) - _HEAD + 1):
                for size in sorted(self.heads.get(run[start : start + _HEAD], ())):
                    secret = self.runs.get(run[start : start + size])
                    if secret is not None:
                        yield SecretMatch(secret, run[start : start + size])

    def _phones(self, found: Sequence[Token]) -> Iterator[SecretMatch]:
        for digits in digit_runs(found):
            for start in range(len(digits)):
                for size in range(_SHORTEST_PHONE, PHONE_DIGITS + 1):
                    secret = self.phones.get(digits[start : start + size])
                    if secret is not None:
                        yield SecretMatch(secret, digits[start : start + size])


def _page_runs(found: Sequence[Token]) -> Iterator[str]:
    """Yield the page without spaces: in all spellings and with look-alikes in either alphabet."""
    plain = "".join(token.marked for token in found)
    read = [list(look_alike_readings(token.text)) for token in found]
    ways = ["".join(ways[min(place, len(ways) - 1)] for ways in read) for place in (0, 1, 2)]
    yield from dict.fromkeys((*spellings(plain), *ways))


def digit_runs(found: Sequence[Token]) -> Iterator[str]:
    """Yield digits that follow each other with no letter between them."""
    run = ""
    for token in found:
        if token.text.isdigit():
            run += token.text
        elif run:
            yield run
            run = ""
    if run:
        yield run


def digits_in_text(text: str) -> str:
    """Return the digits of a text."""
    return "".join(sign for word in marked_words(text) for sign in word if sign.isdigit())


def _is_capital(token: Token) -> bool:
    return token.raw.isupper()


def _is_sealed(secret: Secret) -> bool:
    return secret.sort is SecretKind.SEALED


@lru_cache(maxsize=8192)
def _respellings(word: str) -> tuple[str, ...]:
    """Return a word of a page in every reading and spelling."""
    ways = (word, *look_alike_readings(normalize_word(word)))
    return tuple(dict.fromkeys(form for one in ways for form in expand_spellings(one)))


def _is_word(word: str, other: str) -> bool:
    """Return whether a word of a page is this word, inflected or transliterated."""
    own = spellings(word)
    return any(_is_inflection(mine, form) for form in _respellings(other) for mine in own)


def _is_inflection(own: str, form: str) -> bool:
    if form == own:
        return True
    stem = _stem(own)
    if form.startswith(own) and form[len(own) :] in NAME_ENDINGS:
        return len(own) >= 3
    return len(stem) >= 3 and form.startswith(stem) and form[len(stem) :] in NAME_ENDINGS


def _stem(form: str) -> str:
    """Return the form without the final vowels of its ending; a short one loses at most one."""
    most = 2 if len(form) > _NAME else 1 if len(form) > 3 else 0
    stem = form
    for _ in range(most):
        if stem[-1] in _VOWELS:
            stem = stem[:-1]
    return stem


_VOWELS = "аеиоуыэюяьіaeiouyj"
_RUSSIAN = (
    "а я ы и е у ю о ь й ой ою ей ею ем ом ым им ия ии ию ие ая ую ое ые ых их ого его ому ему "
    "ами ями ам ям ах ях ов ев ова еві ові єві ій ої ії ю ьо та ът ят"
)
_LATIN = (
    "s n en et t as es is us os ens ets a e i o u y ai ei ui ie ia iu ga le ta da st sta "
    "lle lta lla ssa sse ksi ile iga m om em am im ou owi owie ul ului ilor"
)
NAME_ENDINGS = frozenset(
    form for ending in _RUSSIAN.split() for form in spellings(ending)
) | frozenset(_LATIN.split())
"""Endings of case and number in the languages of the lists; Russian transliterated."""
