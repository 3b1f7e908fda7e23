# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of a case, searched on a page: numbers, names, sealed texts, and dates.

A name is also searched split, joined, inflected and transliterated; a number by its
last digits. Dates are read in `date_forms.py`, spellings in `spelling.py`, Arabic in `arabic.py`.
Which fields are secret is decided by `disclosure.py`; the caller passes their values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from kfdesk.domain.leak_check.arabic import is_arabic, sound_keys, sounds_alike
from kfdesk.domain.leak_check.date_forms import find_dates, find_months
from kfdesk.domain.leak_check.numerals import spelt_numbers
from kfdesk.domain.leak_check.spelling import (
    SURE_LETTERS,
    Token,
    all_spellings,
    casefold_text,
    expand_spellings,
    form_starts,
    in_leet,
    is_cyrillic,
    look_alike_readings,
    marked_words,
    normalize_word,
    reading_starts,
    spellings,
    tokenize,
    visible_text,
)
from kfdesk.domain.leak_check.wordlists import split_piece, text_of_tokens, token_windows

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


SecretRow = tuple[tuple[str, ...], Secret]
"""The words of a secret in their order, and the secret."""

_START = 4
"""Letters of the beginnings by which most words of a page are passed over quickly."""


class KeyStarts:
    """The beginnings of looked-up forms: which words of a page need not be spelt at all.

    To spell a word in every way costs much, and a page has many words and pairs of words. Of most
    words the first letters tell how every form begins. It says "maybe" of all others.
    """

    def __init__(self) -> None:
        self._starts: set[str] = set()
        self._short: set[str] = set()
        self._met: dict[tuple[str, bool], bool] = {}

    def add(self, key: str) -> None:
        """Add the beginning of a form, or a whole one; before any word is asked for."""
        self._starts.update(key[:length] for length in range(1, _START + 1))
        if len(key) < _START:
            self._short.add(key)

    def may_have(self, word: str) -> bool:
        """Return False only if no form of a word, in lower case, begins with what was added."""
        if not self._starts:
            return False
        starts, is_open = reading_starts(word), len(word) > SURE_LETTERS
        return not starts or any(self._has_start(one, is_open) for one in starts)

    def _has_start(self, start: str, is_open: bool) -> bool:
        asked = start, is_open
        if asked not in self._met:
            self._met[asked] = any(self._begins(form, is_open) for form in form_starts(start))
        return self._met[asked]

    def _begins(self, form: str, is_open: bool) -> bool:
        """Return whether a form, or one that is longer if `is_open`, may begin with a key."""
        if any(form[:length] in self._short for length in range(1, _START)):
            return True
        return (len(form) >= _START or is_open) and form[:_START] in self._starts


@dataclass(frozen=True, slots=True)
class SecretIndex:
    """A search index of all secrets."""

    rows: dict[str, list[SecretRow]] = field(default_factory=dict)
    runs: dict[str, Secret] = field(default_factory=dict)
    numbers: dict[str, Secret] = field(default_factory=dict)
    phones: dict[str, Secret] = field(default_factory=dict)
    days: dict[date, Secret] = field(default_factory=dict)
    months: dict[tuple[int, int], Secret] = field(default_factory=dict)
    initials: dict[str, Secret] = field(default_factory=dict)
    heads: dict[str, set[int]] = field(default_factory=dict)
    """The beginnings of runs and their lengths, to skip most positions quickly."""
    met: dict[str, Sequence[SecretRow]] = field(default_factory=dict)
    """Cached lookups: most words of a paper occur often."""
    row_starts: KeyStarts = field(default_factory=KeyStarts)
    plain_numbers: KeyStarts = field(default_factory=KeyStarts)
    """Beginnings of numbers without a digit: a word without one is no other number."""
    in_arabic: dict[str, list[SecretRow]] = field(default_factory=dict)
    """The secrets in Arabic letters, by the consonants of their first word."""
    as_in_arabic: dict[str, list[SecretRow]] = field(default_factory=dict)
    """All secrets as they would be written in Arabic."""
    not_yet_in_arabic: list[SecretRow] = field(default_factory=list)
    """Those that are added to them with the first Arabic word that is met."""

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
        tokens = tokenize(visible_text(secret.text))
        self._add_words(tuple(token.marked for token in tokens), secret)
        read = spelt_numbers(tokens)
        if read is not None:
            self._add_words(tuple(token.marked for token in read), secret)

    def _add_words(self, own: tuple[str, ...], secret: Secret) -> None:
        if not own or (len(own) == 1 and len(own[0]) < 2):
            return
        for form in spellings(own[0]):
            self.rows.setdefault(_stem(form), []).append((own, secret))
            self.row_starts.add(_stem(form))
        self._add_arabic(own, secret)
        for run in dict.fromkeys(map("".join, zip(*map(all_spellings, own), strict=True))):
            least = _LONG if run.isalpha() or run.isdigit() else _HEAD
            if len(run) >= least:
                self._add_run(_stem(run)[:_RUN], secret)

    def _add_arabic(self, own: tuple[str, ...], secret: Secret) -> None:
        """Note a text as it would be written in Arabic, also with its words joined."""
        for row in dict.fromkeys((own, ("".join(own),))):
            self.not_yet_in_arabic.append((row, secret))
            if is_arabic(row[0]):
                _add_sounds(self.in_arabic, (row, secret))

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
        words = marked_words(secret.text)
        if any(word.isalpha() and len(word) >= _NAME for word in words):
            self._add_arabic(words, secret)
        joined = "".join(words)
        for form in spellings(joined):
            if len(form) >= _SHORTEST_NUMBER:
                self.numbers[form] = secret
                if not _has_digit(form):
                    self.plain_numbers.add(form)
            if len(form) >= _LONG_NUMBER:
                self._add_run(form, secret)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to look for."""
        return not (self.rows or self.numbers or self.phones or self.initials or self.days
                    or self.months)  # fmt: skip

    def find(self, found: Sequence[Token], months: Mapping[str, int]) -> Iterator[SecretMatch]:
        """Yield the secrets among the tokens, also with signs for letters and numbers in words."""
        for read in filter(None, (found, in_leet(found))):
            yield from self._in_tokens(read, months)
            numbered = spelt_numbers(read)
            if numbered is not None:
                yield from self._in_tokens(numbered, months)

    def _in_tokens(
        self, found: Sequence[Token], months: Mapping[str, int]
    ) -> Iterator[SecretMatch]:
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
        yield from self._in_sounds(found, place)
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

    def _in_sounds(self, found: Sequence[Token], place: int) -> Iterator[SecretMatch]:
        """Yield secrets that are written in Arabic here, or in the record, and not in the other."""
        for row, secret in self._sounding(found[place].marked):
            here = found[place : place + len(row)]
            rest = zip(row[1:], here[1:], strict=False)
            if len(here) == len(row) and all(sounds_alike(own, at.marked) for own, at in rest):
                yield SecretMatch(secret, text_of_tokens(here))
        for parts in token_windows(found, place) if is_arabic(found[place].marked) else ():
            for row, secret in self._sounding("".join(part.marked for part in parts)):
                if len(row) == 1 and len(row[0]) >= _NAME:
                    yield SecretMatch(secret, text_of_tokens(parts))

    def _sounding(self, word: str) -> Iterator[SecretRow]:
        """Yield the rows whose first word this word may be, if one of the two is Arabic."""
        known = self.in_arabic
        if is_arabic(word):
            known = self.as_in_arabic
            for row in self.not_yet_in_arabic:
                _add_sounds(known, row)
            self.not_yet_in_arabic.clear()
        for key in sound_keys(word) if known else ():
            yield from (row for row in known.get(key, ()) if sounds_alike(row[0][0], word))

    def _rows_of(self, word: str) -> Sequence[SecretRow]:
        """Return the rows whose first word this word may be."""
        if not self.row_starts.may_have(word):
            return ()
        if word not in self.met:
            self.met[word] = tuple(self._look_up(word))
        return self.met[word]

    def _look_up(self, word: str) -> Iterator[SecretRow]:
        seen: set[SecretRow] = set()
        for form in _respellings(word):
            for cut in range(min(_LONGEST_ENDING, len(form) - 1) + 1):
                for row, secret in self.rows.get(form[: len(form) - cut], ()):
                    if (row, secret) not in seen and _is_word(row[0], word):
                        seen.add((row, secret))
                        yield row, secret

    def _in_pieces(self, parts: Sequence[Token]) -> Iterator[SecretMatch]:
        joined = "".join(split_piece(part.marked) for part in parts)
        is_spaced = all(len(part.text) == 1 for part in parts)
        is_name = [part.is_capital for part in parts] == [True] + [False] * (len(parts) - 1)
        least = 1 if is_spaced else _NAME - 1 if is_name else _NAME
        for row, secret in self._rows_of(joined):
            if len(row) == 1 and len(row[0]) >= least:
                yield SecretMatch(secret, text_of_tokens(parts))

    def _number(self, parts: Sequence[Token]) -> Iterator[SecretMatch]:
        joined = "".join(part.marked for part in parts)
        if not self.numbers or not (_has_digit(joined) or self.plain_numbers.may_have(joined)):
            return
        for form in _respellings(joined):
            if form in self.numbers:
                yield SecretMatch(self.numbers[form], text_of_tokens(parts))

    def _in_run(self, found: Sequence[Token]) -> Iterator[SecretMatch]:
        """Yield long texts and numbers anywhere in the page without its spaces."""
        for run in _page_runs(found) if self.runs else ():
            for start in range(len(run) - _HEAD + 1):
                sizes = self.heads.get(run[start : start + _HEAD])
                for size in sorted(sizes) if sizes else ():
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


def _add_sounds(known: dict[str, list[SecretRow]], row: SecretRow) -> None:
    for key in sound_keys(row[0][0]):
        known.setdefault(key, []).append(row)


def _page_runs(found: Sequence[Token]) -> Iterator[str]:
    """Yield the page without spaces: in all spellings and with look-alikes in either alphabet."""
    plain = "".join(token.marked for token in found)
    read = [look_alike_readings(token.text) for token in found]
    ways = [
        "".join(ways[0] for ways in read),
        "".join(next(filter(str.isascii, ways[1:]), ways[0]) for ways in read),
        "".join(next(filter(is_cyrillic, ways[1:]), ways[0]) for ways in read),
    ]
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


def _has_digit(text: str) -> bool:
    return not text.isalpha() and any(map(str.isdigit, text))


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
