# SPDX-License-Identifier: GPL-3.0-or-later
"""Listed words on a page: stems in any spelling, split over cells, or joined in a row.

A list has one stem per line, with the marks that `read_stems` reads. A `StemIndex` is
built once per list and finds its stems in the tokens of a page. No secrets of a case here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from kfdesk.domain.leak_check.spelling import (
    Token,
    all_spellings,
    fold_ones,
    in_leet,
    look_alike_readings,
    marked_words,
    normalize_word,
    usual_spellings,
)

MIN_STEM_LETTERS = 5
"""Stems with fewer letters match whole words only."""


MIN_RUN_LETTERS = 8
"""Stems with at least this many letters are also searched without spaces."""


_SHOWN_AT_MOST = 60


_ROW = 5
"""Words among which a row is searched; one of them may be in two pieces."""


_FORM_CACHE_SIZE = 16_384


_LEAST = 3


_RESPELT = 6
"""Minimum letters of a Latin stem in a Cyrillic word: *полис* is no *polis*."""


class StemPosition(StrEnum):
    """The position of a stem in a word."""

    ANYWHERE = "anywhere"
    START = "start"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class ListedStem:
    """One line of a list: a word, or several words in a row that each match as a prefix."""

    parts: tuple[str, ...]
    where: StemPosition
    harmless: tuple[str, ...] = ()


def read_stems(text: str) -> tuple[ListedStem, ...]:
    """Return the stems of a file: tab-separated, with `#` comments. Raise ValueError."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            stem, where, *harmless = line.split("\t")
            others = tuple(one for part in harmless for one in part.split("|") if one)
            found.append(ListedStem(marked_words(stem), StemPosition(where), others))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class StemIndex:
    """A search index of the stems of all languages."""

    single: dict[str, list[tuple[StemPosition, frozenset[str]]]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    longest: list[int] = field(default_factory=lambda: [0])
    heads: set[str] = field(default_factory=set)
    """The beginnings of stems and runs, to skip most positions of a page quickly."""

    @classmethod
    def of(cls, stems: Iterable[ListedStem]) -> "StemIndex":
        """Build the index: each stem, and from five letters on in its six usual spellings."""
        made = cls()
        for stem in stems:
            if len(stem.parts) > 1:
                made._add_row(stem)
            else:
                made._add_single(stem)
        return made

    def _add_single(self, stem: ListedStem) -> None:
        harmless = frozenset(form for word in stem.harmless for form in usual_spellings(word))
        own = normalize_word(stem.parts[0])
        is_short = len(own) < MIN_STEM_LETTERS
        forms = (own,) if is_short else usual_spellings(stem.parts[0])
        where = StemPosition.WORD if is_short else stem.where
        for form in forms:
            if not is_short and len(form) < MIN_STEM_LETTERS:
                continue
            for one in {form, fold_ones(form)}:
                self.single.setdefault(one, []).append((where, harmless))
                self.heads.add(one[:_LEAST])
            self.longest[0] = max(self.longest[0], len(form))
            if where is not StemPosition.WORD:
                self._add_run(form)

    def _add_row(self, stem: ListedStem) -> None:
        ways = [*zip(*map(all_spellings, stem.parts), strict=True)][:-1]
        for row in dict.fromkeys(ways):
            for head in {row[0][:3], fold_ones(row[0][:3])}:
                self.rows.setdefault(head, []).append(row)
            self._add_run("".join(row))

    def _add_run(self, run: str) -> None:
        if len(run) >= MIN_RUN_LETTERS:
            self.runs.add(run)
            self.heads.add(run[:MIN_RUN_LETTERS])
            self.longest[0] = max(self.longest[0], len(run))

    def has_stem(self, word: str, across: Sequence[int] = ()) -> bool:
        """Return whether a word holds a stem.

        `across` are the seams of a word that was joined of parts. Then the stem must cover all
        seams.
        """
        return any(
            self._found(form, across, _LEAST if form in look_alike_readings(word) else _RESPELT)
            for form in (look_alike_readings(word) if across else _word_forms(word))
        )

    def _found(self, form: str, across: Sequence[int], least: int) -> bool:
        for start in range(len(form) - least + 1):
            if form[start : start + _LEAST] not in self.heads:
                continue
            for end in range(start + least, min(len(form), start + self.longest[0]) + 1):
                for where, harmless in self.single.get(form[start:end], ()):
                    is_whole = start == 0 and end == len(form)
                    is_there = where is StemPosition.ANYWHERE or (
                        where is StemPosition.START and not start
                    )
                    is_over = all(start < seam < end for seam in across)
                    if (is_whole or is_there) and is_over and not _is_harmless(form, harmless):
                        return True
        return False

    def row_length(self, found: Sequence[str]) -> int:
        """Return how many of the words, from the first, form a listed row; 0 if none."""
        for form in _word_forms(found[0]):
            for row in self.rows.get(form[:3], ()):
                if len(found) >= len(row) and _row_begins(row, found, form):
                    return len(row)
        return 0

    def spans_in(self, run: str) -> Iterator[tuple[int, int]]:
        """Yield where long stems stand in letters without spaces, as (start, end)."""
        for start in range(len(run) - MIN_RUN_LETTERS + 1):
            if run[start : start + MIN_RUN_LETTERS] not in self.heads:
                continue
            for end in range(start + MIN_RUN_LETTERS, min(len(run), start + self.longest[0]) + 1):
                if run[start:end] in self.runs:
                    yield start, end


def find_listed_words(found: Sequence[Token], listed: StemIndex) -> Iterator[str]:
    """Yield the listed words among the tokens, as they stand on the page."""
    for read in filter(None, (found, in_leet(found))):
        yield from _find_in_words(read, listed)
        yield from _find_split_words(read, listed)
        yield from _find_in_run(read, listed)


def _find_in_words(found: Sequence[Token], listed: StemIndex) -> Iterator[str]:
    for place, token in enumerate(found):
        if listed.has_stem(token.text):
            yield token.raw
        row = [other.text for other in found[place : place + _ROW]]
        for pieces, way in enumerate(_with_joined_pairs(row)):
            count = listed.row_length(way)
            if count:
                yield text_of_tokens(found[place : place + count + (pieces > 0)])
                break


def _with_joined_pairs(row: list[str]) -> Iterator[list[str]]:
    """Yield the words of a row, and the row with each two neighbours joined to one word."""
    yield row
    for at in range(len(row) - 1):
        yield [*row[:at], split_piece(row[at]) + split_piece(row[at + 1]), *row[at + 2 :]]


def _find_split_words(found: Sequence[Token], listed: StemIndex) -> Iterator[str]:
    """Yield words that are split over cells or lines, or letter by letter."""
    for place in range(len(found)):
        for parts in token_windows(found, place):
            seams, at = [], 0
            for part in parts[:-1]:
                at += len(part.text)
                seams.append(at)
            if listed.has_stem("".join(split_piece(part.text) for part in parts), seams):
                yield text_of_tokens(parts)


def _find_in_run(found: Sequence[Token], listed: StemIndex) -> Iterator[str]:
    run = "".join(token.text for token in found)
    for start, end in listed.spans_in(run):
        at, inside = 0, []
        for token in found:
            if at < end and at + len(token.text) > start:
                inside.append(token)
            at += len(token.text)
        if len(inside) > 1:
            yield text_of_tokens(inside)


def split_piece(text: str) -> str:
    """Return a token as a piece of a split word: a number is no letter there, a digit may be one.

    Else `4 Bus 17` would hold a listed word. Within a word every digit may be a letter.
    """
    if not text.isdigit() or text in _LETTER_DIGITS:
        return text
    return "_" * len(text)


_LETTER_DIGITS = frozenset("01345")


def token_windows(found: Sequence[Token], place: int) -> Iterator[Sequence[Token]]:
    """Yield what may be one split word from here: two or three tokens, or a row of short ones."""
    for count in (2, 3):
        if place + count <= len(found):
            yield found[place : place + count]
    end = place
    while end < len(found) and len(found[end].text) <= _PIECE:
        end += 1
    for stop in range(place + 4, min(end, place + _LONGEST_ROW) + 1):
        yield found[place:stop]


_PIECE = 3


_LONGEST_ROW = 14


def text_of_tokens(parts: Sequence[Token]) -> str:
    """Return tokens as they stand on the page."""
    return " ".join(part.raw for part in parts)[:_SHOWN_AT_MOST]


@lru_cache(maxsize=_FORM_CACHE_SIZE)
def _word_forms(word: str) -> tuple[str, ...]:
    """Return a word of a page in all readings, and Cyrillic words in their usual spellings."""
    return tuple(
        dict.fromkeys(form for one in look_alike_readings(word) for form in usual_spellings(one))
    )


def _row_begins(row: Sequence[str], found: Sequence[str], first: str) -> bool:
    if not _begins(first, row[0]):
        return False
    rest = zip(row[1:], found[1:], strict=False)
    return all(any(_begins(form, part) for form in _word_forms(word)) for part, word in rest)


def _begins(form: str, part: str) -> bool:
    return form.startswith(part) or ("1" in form and form.startswith(fold_ones(part)))


def _is_harmless(form: str, harmless: frozenset[str]) -> bool:
    return any(form.startswith(word) for word in harmless)
