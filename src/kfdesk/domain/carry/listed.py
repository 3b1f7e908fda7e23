# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that stand on no carried paper, in whatever language, inflected, split or respelt.

They come from reviewed files, one a language (`resources/carry/`): a stem, where in a word it may
stand, and words that only look like it. Stems and not whole words, because only stems see
*полицейский* and *gränspolisen*; and only whole words under five letters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from kfdesk.domain.carry.letters import Token, normal, readings, words
from kfdesk.domain.carry.spelling import in_each, usual_spellings

SHORT = 5
"""Stems with fewer letters are looked for as whole words alone."""

JOINED = 8
"""Stems with so many letters are looked for in the page without its spaces too."""

_SHOWN_AT_MOST = 60
_ROW = 5
"""Words among which a row is looked for, one of which may be in two pieces."""

_REMEMBERED = 16_384
_LEAST = 3
_RESPELT = 6
"""Letters of a Latin stem that is looked for in a Cyrillic word: *полис* is no *polis*."""


class Where(StrEnum):
    """Where in a word a stem may stand."""

    ANYWHERE = "anywhere"
    START = "start"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Stem:
    """One line of a list: one word or several in a row, each a beginning but in whole words."""

    parts: tuple[str, ...]
    where: Where
    harmless: tuple[str, ...] = ()


def read_stems(text: str) -> tuple[Stem, ...]:
    """The stems of a file: tab-separated, `#` begins a remark. Raises ValueError for a bad line."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            stem, where, *harmless = line.split("\t")
            others = tuple(one for part in harmless for one in part.split("|") if one)
            found.append(Stem(words(stem), Where(where), others))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Listed:
    """The stems of all languages, ready to be looked for."""

    single: dict[str, list[tuple[Where, frozenset[str]]]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    runs: set[str] = field(default_factory=set)
    longest: list[int] = field(default_factory=lambda: [0])
    heads: set[str] = field(default_factory=set)
    """How stems and runs begin: most places of a page are passed over by a look at these."""

    @classmethod
    def of(cls, stems: Iterable[Stem]) -> "Listed":
        """The stems in their own letters, and those of five or more in the six usual spellings."""
        made = cls()
        for stem in stems:
            if len(stem.parts) > 1:
                made._add_row(stem)
            else:
                made._add_single(stem)
        return made

    def _add_single(self, stem: Stem) -> None:
        harmless = frozenset(form for word in stem.harmless for form in usual_spellings(word))
        own = normal(stem.parts[0])
        is_short = len(own) < SHORT
        forms = (own,) if is_short else usual_spellings(stem.parts[0])
        where = Where.WORD if is_short else stem.where
        for form in forms:
            if is_short or len(form) >= SHORT:
                self.single.setdefault(form, []).append((where, harmless))
                self.heads.add(form[:_LEAST])
                self.longest[0] = max(self.longest[0], len(form))
                if where is not Where.WORD:
                    self._add_run(form)

    def _add_row(self, stem: Stem) -> None:
        ways = [*zip(*map(in_each, stem.parts), strict=True)][:-1]
        for row in dict.fromkeys(ways):
            self.rows.setdefault(row[0][:3], []).append(row)
            self._add_run("".join(row))

    def _add_run(self, run: str) -> None:
        if len(run) >= JOINED:
            self.runs.add(run)
            self.heads.add(run[:JOINED])
            self.longest[0] = max(self.longest[0], len(run))

    def has_stem(self, word: str, across: Sequence[int] = ()) -> bool:
        """Whether a word holds a stem; of one joined of parts, a stem that lies over all seams."""
        return any(
            self._found(form, across, _LEAST if form in readings(word) else _RESPELT)
            for form in (readings(word) if across else _forms(word))
        )

    def _found(self, form: str, across: Sequence[int], least: int) -> bool:
        for start in range(len(form) - least + 1):
            if form[start : start + _LEAST] not in self.heads:
                continue
            for end in range(start + least, min(len(form), start + self.longest[0]) + 1):
                for where, harmless in self.single.get(form[start:end], ()):
                    is_whole = start == 0 and end == len(form)
                    is_there = where is Where.ANYWHERE or (where is Where.START and not start)
                    is_over = all(start < seam < end for seam in across)
                    if (is_whole or is_there) and is_over and not _is_harmless(form, harmless):
                        return True
        return False

    def is_row(self, found: Sequence[str]) -> int:
        """How many of the words, from the first, are a listed row; 0 where they are none."""
        for form in _forms(found[0]):
            for row in self.rows.get(form[:3], ()):
                if len(found) >= len(row) and _begin(row, found, form):
                    return len(row)
        return 0

    def spans_in(self, run: str) -> Iterator[tuple[int, int]]:
        """Where long stems stand in letters without spaces: from, to."""
        for start in range(len(run) - JOINED + 1):
            if run[start : start + JOINED] not in self.heads:
                continue
            for end in range(start + JOINED, min(len(run), start + self.longest[0]) + 1):
                if run[start:end] in self.runs:
                    yield start, end


def find_listed(found: Sequence[Token], listed: Listed) -> Iterator[str]:
    """The listed words among the tokens, as they stand on the page."""
    yield from _in_words(found, listed)
    yield from _in_seams(found, listed)
    yield from _in_run(found, listed)


def _in_words(found: Sequence[Token], listed: Listed) -> Iterator[str]:
    for place, token in enumerate(found):
        if listed.has_stem(token.text):
            yield token.raw
        row = [other.text for other in found[place : place + _ROW]]
        for pieces, way in enumerate(_mended(row)):
            count = listed.is_row(way)
            if count:
                yield shown(found[place : place + count + (pieces > 0)])
                break


def _mended(row: list[str]) -> Iterator[list[str]]:
    """The words of a row, and the same with two neighbours taken for one word in pieces."""
    yield row
    for at in range(len(row) - 1):
        yield [*row[:at], row[at] + row[at + 1], *row[at + 2 :]]


def _in_seams(found: Sequence[Token], listed: Listed) -> Iterator[str]:
    """Words that are split: over two or three cells or lines, or letter by letter."""
    for place in range(len(found)):
        for parts in windows(found, place):
            seams, at = [], 0
            for part in parts[:-1]:
                at += len(part.text)
                seams.append(at)
            if listed.has_stem("".join(part.text for part in parts), seams):
                yield shown(parts)


def _in_run(found: Sequence[Token], listed: Listed) -> Iterator[str]:
    run = "".join(token.text for token in found)
    for start, end in listed.spans_in(run):
        at, inside = 0, []
        for token in found:
            if at < end and at + len(token.text) > start:
                inside.append(token)
            at += len(token.text)
        if len(inside) > 1:
            yield shown(inside)


def windows(found: Sequence[Token], place: int) -> Iterator[Sequence[Token]]:
    """What may be one word in pieces from here on: two or three tokens, or a row of small ones."""
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


def shown(parts: Sequence[Token]) -> str:
    """Tokens as a person finds them on the page."""
    return " ".join(part.raw for part in parts)[:_SHOWN_AT_MOST]


@lru_cache(maxsize=_REMEMBERED)
def _forms(word: str) -> tuple[str, ...]:
    """A word of a page in all readings, and in the six usual spellings where it is Cyrillic."""
    return tuple(dict.fromkeys(form for one in readings(word) for form in usual_spellings(one)))


def _begin(row: Sequence[str], found: Sequence[str], first: str) -> bool:
    if not first.startswith(row[0]):
        return False
    rest = zip(row[1:], found[1:], strict=False)
    return all(any(form.startswith(part) for form in _forms(word)) for part, word in rest)


def _is_harmless(form: str, harmless: frozenset[str]) -> bool:
    return any(form.startswith(word) for word in harmless)
