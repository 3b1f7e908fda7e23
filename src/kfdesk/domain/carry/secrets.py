# SPDX-License-Identifier: GPL-3.0-or-later
"""A store's secret values, and where one of them stands on a page.

A name is found inflected, respelt and split; a text as a row of words or without its spaces; a
number by its signs alone; a telephone by its last digits; a day in any order. Knows no store: what
is secret, and of what sort, is handed in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from kfdesk.domain.carry.days import days_in, months_in
from kfdesk.domain.carry.letters import Token, normal, readings, small, words
from kfdesk.domain.carry.listed import shown, windows
from kfdesk.domain.carry.spelling import expanded, in_each, spellings

_LONG = 8
"""Letters from which a name or text is looked for in the page without its spaces."""
_RUN = 40
"""So much of the beginning of a long text is looked for."""
_LONG_NUMBER = 6
_HEAD = 6
"""Letters that every run has at least: a text loses two of its eight at its ending."""
_SHORTEST_NUMBER = 4
PHONE = 8
"""Digits by which telephones are compared: the last ones, however the country is dialled."""
_SHORTEST_PHONE = 6
_LONGEST_ENDING = 4
_ACRONYM, _MOST_PIECES = 3, 6
"""Capitals from which an acronym is found in pieces and respelt, and into how many pieces."""
_NAME = 5
"""Letters from which a name is found without a capital and in pieces too."""


class Sort(StrEnum):
    """How a secret is looked for, which its remedy follows."""

    NAME = "name"
    """A person's or an organisation's name; somebody else may have it too."""
    INITIALS = "initials"
    SEALED = "sealed"
    NUMBER = "number"
    PHONE = "phone"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Secret:
    """One value that must not be on the paper; `passes` are the fields in which it may stand.

    A NAME or SEALED text of several words is found as a row. A DAY is written in ISO 8601,
    or as its year and month where no more is known.
    """

    sort: Sort
    text: str
    passes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A secret that was found, and how it stands there."""

    secret: Secret
    words: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """All secrets, ready to be looked for."""

    rows: dict[str, list[tuple[tuple[str, ...], Secret]]] = field(default_factory=dict)
    runs: dict[str, Secret] = field(default_factory=dict)
    numbers: dict[str, Secret] = field(default_factory=dict)
    phones: dict[str, Secret] = field(default_factory=dict)
    days: dict[date, Secret] = field(default_factory=dict)
    months: dict[tuple[int, int], Secret] = field(default_factory=dict)
    initials: dict[str, Secret] = field(default_factory=dict)
    heads: dict[str, set[int]] = field(default_factory=dict)
    """How runs begin, and how long they are: most places of a page are passed over by a look."""
    met: dict[str, Sequence[tuple[tuple[str, ...], Secret]]] = field(default_factory=dict)
    """What words of the pages were found to be: a paper says most of them often."""

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> "Secrets":
        """The secrets, each in the index of its sort."""
        made = cls()
        for secret in secrets:
            match secret.sort:
                case Sort.NUMBER:
                    made._add_number(secret)
                case Sort.PHONE:
                    digits = digits_of(secret.text)
                    if len(digits) >= _SHORTEST_PHONE:
                        made.phones[digits[-PHONE:]] = secret
                case Sort.DAY:
                    made._add_day(secret)
                case Sort.INITIALS:
                    made._add_initials(secret)
                case _:
                    made._add_text(secret)
        return made

    def _add_text(self, secret: Secret) -> None:
        own = words(secret.text)
        if not own or (len(own) == 1 and len(own[0]) < 2):
            return
        for form in spellings(own[0]):
            self.rows.setdefault(_stem(form), []).append((own, secret))
        for run in map("".join, zip(*map(in_each, own), strict=True)):
            if len(run) >= _LONG:
                self._add_run(_stem(run)[:_RUN], secret)

    def _add_run(self, run: str, secret: Secret) -> None:
        """Of two that begin alike, the one that may stand in fewer fields."""
        before = self.runs.get(run)
        if before is None or len(secret.passes) < len(before.passes):
            self.runs[run] = secret
            self.heads.setdefault(run[:_HEAD], set()).add(len(run))

    def _add_initials(self, secret: Secret) -> None:
        text = secret.text.strip()
        self.initials[text] = secret
        for form in spellings(small(text)) if len(text) >= _ACRONYM else ():
            self.initials.setdefault(form.upper(), secret)

    def _add_day(self, secret: Secret) -> None:
        if len(secret.text) == len("2019-06"):
            year, month = map(int, secret.text.split("-"))
            self.months[year, month] = secret
        else:
            self.days[date.fromisoformat(secret.text)] = secret

    def _add_number(self, secret: Secret) -> None:
        joined = "".join(words(secret.text))
        for form in spellings(joined):
            if len(form) >= _SHORTEST_NUMBER:
                self.numbers[form] = secret
            if len(form) >= _LONG_NUMBER:
                self._add_run(form, secret)

    def find(self, found: Sequence[Token], months: Mapping[str, int]) -> Iterator[Hit]:
        """Where one of them stands among the tokens."""
        for place in range(len(found)):
            yield from self._from(found, place)
        yield from self._in_run(found)
        yield from self._phones(found)
        for day, raw in days_in(found, months) if self.days else ():
            if day in self.days:
                yield Hit(self.days[day], raw)
        for month, raw in months_in(found, months) if self.months else ():
            if month in self.months:
                yield Hit(self.months[month], raw)

    def _from(self, found: Sequence[Token], place: int) -> Iterator[Hit]:
        token = found[place]
        yield from self._initials(found, place)
        for row, secret in self._rows_of(token.marked):
            rest = found[place + 1 : place + len(row)]
            if len(rest) != len(row) - 1 or not all(
                _is_word(word, other.marked) for word, other in zip(row[1:], rest, strict=True)
            ):
                continue
            if len(row) > 1 or len(row[0]) >= _NAME or token.is_capital or _is_sealed(secret):
                yield Hit(secret, shown(found[place : place + len(row)]))
        for parts in windows(found, place):
            yield from self._in_pieces(parts)
        for count in range(1, 5):
            yield from self._number(found[place : place + count])

    def _initials(self, found: Sequence[Token], place: int) -> Iterator[Hit]:
        """Initials as they are signed; an acronym in pieces and with look-alikes, too."""
        if found[place].raw in self.initials:
            yield Hit(self.initials[found[place].raw], found[place].raw)
        capitals = list(takewhile(_is_capital, found[place : place + _MOST_PIECES]))
        for count in range(1, len(capitals) + 1):
            parts = capitals[:count]
            for way in readings("".join(part.text for part in parts)):
                secret = self.initials.get(way.upper())
                if secret is not None and len(secret.text.strip()) >= _ACRONYM:
                    yield Hit(secret, shown(parts))

    def _rows_of(self, word: str) -> Sequence[tuple[tuple[str, ...], Secret]]:
        """The rows whose first word this word may be."""
        if word not in self.met:
            self.met[word] = tuple(self._look_up(word))
        return self.met[word]

    def _look_up(self, word: str) -> Iterator[tuple[tuple[str, ...], Secret]]:
        seen: set[tuple[tuple[str, ...], Secret]] = set()
        for form in _forms(word):
            for cut in range(min(_LONGEST_ENDING, len(form) - 1) + 1):
                for row, secret in self.rows.get(form[: len(form) - cut], ()):
                    if (row, secret) not in seen and _is_word(row[0], word):
                        seen.add((row, secret))
                        yield row, secret

    def _in_pieces(self, parts: Sequence[Token]) -> Iterator[Hit]:
        joined = "".join(part.marked for part in parts)
        is_spaced = all(len(part.text) == 1 for part in parts)
        is_name = [part.is_capital for part in parts] == [True] + [False] * (len(parts) - 1)
        least = 1 if is_spaced else _NAME - 1 if is_name else _NAME
        for row, secret in self._rows_of(joined):
            if len(row) == 1 and len(row[0]) >= least:
                yield Hit(secret, shown(parts))

    def _number(self, parts: Sequence[Token]) -> Iterator[Hit]:
        for form in _forms("".join(part.marked for part in parts)):
            if form in self.numbers:
                yield Hit(self.numbers[form], shown(parts))

    def _in_run(self, found: Sequence[Token]) -> Iterator[Hit]:
        """Long texts and numbers wherever they stand in the page without its spaces."""
        for run in _runs(found) if self.runs else ():
            for start in range(len(run) - _HEAD + 1):
                for size in sorted(self.heads.get(run[start : start + _HEAD], ())):
                    secret = self.runs.get(run[start : start + size])
                    if secret is not None:
                        yield Hit(secret, run[start : start + size])

    def _phones(self, found: Sequence[Token]) -> Iterator[Hit]:
        for digits in digit_runs(found):
            for start in range(len(digits)):
                for size in range(_SHORTEST_PHONE, PHONE + 1):
                    secret = self.phones.get(digits[start : start + size])
                    if secret is not None:
                        yield Hit(secret, digits[start : start + size])


def _runs(found: Sequence[Token]) -> Iterator[str]:
    """The page without its spaces: in all spellings, and with look-alikes taken either way."""
    plain = "".join(token.marked for token in found)
    read = [list(readings(token.text)) for token in found]
    ways = ["".join(ways[min(place, len(ways) - 1)] for ways in read) for place in (0, 1, 2)]
    yield from dict.fromkeys((*spellings(plain), *ways))


def digit_runs(found: Sequence[Token]) -> Iterator[str]:
    """Digits that follow each other with no letter between them."""
    run = ""
    for token in found:
        if token.text.isdigit():
            run += token.text
        elif run:
            yield run
            run = ""
    if run:
        yield run


def digits_of(text: str) -> str:
    """The digits of a text."""
    return "".join(sign for word in words(text) for sign in word if sign.isdigit())


def _is_capital(token: Token) -> bool:
    return token.raw.isupper()


def _is_sealed(secret: Secret) -> bool:
    return secret.sort is Sort.SEALED


@lru_cache(maxsize=8192)
def _forms(word: str) -> tuple[str, ...]:
    """A word of a page in every way in which it may be read and respelt."""
    ways = (word, *readings(normal(word)))
    return tuple(dict.fromkeys(form for one in ways for form in expanded(one)))


def _is_word(word: str, other: str) -> bool:
    """Whether a word of a page is this word, inflected or respelt."""
    own = spellings(word)
    return any(_fits(mine, form) for form in _forms(other) for mine in own)


def _fits(own: str, form: str) -> bool:
    if form == own:
        return True
    stem = _stem(own)
    if form.startswith(own) and form[len(own) :] in ENDINGS:
        return len(own) >= 3
    return len(stem) >= 3 and form.startswith(stem) and form[len(stem) :] in ENDINGS


def _stem(form: str) -> str:
    """The form without the vowels of its ending; a short one loses at most one."""
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
ENDINGS = frozenset(form for ending in _RUSSIAN.split() for form in spellings(ending)) | frozenset(
    _LATIN.split()
)
"""What case and number add to a name, in the languages of the lists; the Russian ones respelt."""
