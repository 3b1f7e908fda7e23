# SPDX-License-Identifier: GPL-3.0-or-later
"""Paragraphs of a text: merge versions of a text by paragraph, and say what changed.

A three-way merge for any number of versions (diff3: Khanna, Kunal and Pierce, 2007), on paragraphs
in place of lines. What one version alone changed is taken; what several changed, and what somebody
took out, waits for a person. So nothing that somebody wrote vanishes by itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import NamedTuple

Paragraphs = tuple[str, ...]

_GAP = re.compile(r"\n[ \n]*\n")
MAX_PARAGRAPHS = 800
_DIGEST_BYTES = 6
_TEXT_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class MergePiece:
    """A part of the merged text: what stood before, and what the versions made of it.

    `choices` are the different texts, each with the versions that have it; one of them if nothing
    is to be decided. `versions` of a choice are places in the sequence that was merged.
    """

    before: Paragraphs
    choices: tuple["PieceChoice", ...]

    @property
    def is_open(self) -> bool:
        """True if a person has to decide."""
        return len(self.choices) > 1

    @property
    def is_changed(self) -> bool:
        """True if it is not as it was."""
        return self.is_open or self.choices[0].text != self.before


@dataclass(frozen=True, slots=True)
class PieceChoice:
    """A text of a piece, and which versions have it."""

    text: Paragraphs
    versions: tuple[int, ...]


def split_paragraphs(text: str) -> Paragraphs:
    """Return the paragraphs of a text: what stands between empty lines.

    A text of more than `MAX_PARAGRAPHS` is one paragraph: to compare it would cost too much.
    """
    found = tuple(one for one in _GAP.split(text.strip("\n ")) if one.strip())
    return found if len(found) <= MAX_PARAGRAPHS else (text,)


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as one text; the inverse of `split_paragraphs`."""
    return "\n\n".join(paragraphs)


def merge_paragraphs(before: str | None, versions: Sequence[str]) -> tuple[MergePiece, ...]:
    """Return the merged text in pieces. `before` is what all versions come from, if it is known.

    Without it, what all have in common takes its place: then a text that one version alone has is
    an addition. One version alone is its own merger.
    """
    sides = [split_paragraphs(one) for one in versions]
    base = split_paragraphs(before) if before is not None else _common_part(sides)
    pieces: list[MergePiece] = []
    at = 0
    for first, last, changes in _groups(base, sides):
        pieces += _kept_pieces(base[at:first], len(sides))
        texts = [_changed(base, first, last, changes.get(side, ())) for side in range(len(sides))]
        pieces.append(MergePiece(base[first:last], tuple(_choices(base[first:last], texts))))
        at = last
    pieces += _kept_pieces(base[at:], len(sides))
    return tuple(pieces)


def merged_text(pieces: Iterable[MergePiece], chosen: Sequence[Paragraphs]) -> str:
    """Return the text; `chosen` has the text of each open piece, in their order."""
    decided = iter(chosen)
    found: list[str] = []
    for piece in pieces:
        found += next(decided) if piece.is_open else piece.choices[0].text
    return join_paragraphs(found)


def count_changes(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many paragraphs changed, came or went between two sequences of digests."""
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(a2 - a1, b2 - b1) for tag, a1, a2, b1, b2 in found if tag != "equal")


def paragraph_digests(title: str, summary: str, body: str) -> Paragraphs:
    """Return a digest of 12 hexadecimal digits for heading, summary and each paragraph."""
    return tuple(
        blake2b(one.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
        for one in (title, summary, *split_paragraphs(body))
    )


def text_digest(language: str, title: str, summary: str, body: str) -> str:
    """Return the digest of a text of an article, as 32 hexadecimal digits; the same everywhere."""
    whole = "\0".join((language, title, summary, body)).encode("utf-8", "surrogatepass")
    return blake2b(whole, digest_size=_TEXT_DIGEST_BYTES, person=b"article text").hexdigest()


class _Change(NamedTuple):
    """A change of the base's paragraphs from `first` up to, not including, `last`."""

    first: int
    last: int
    text: Paragraphs


def _kept_pieces(base: Paragraphs, count: int) -> Iterator[MergePiece]:
    """Yield the paragraphs that all versions kept."""
    for one in base:
        yield MergePiece((one,), (PieceChoice((one,), tuple(range(count))),))


def _changes(base: Paragraphs, side: Paragraphs) -> Iterator[_Change]:
    """Yield the changes of a version; as many paragraphs for as many are changed one by one."""
    found = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    for tag, first, last, begin, end in found:
        if tag == "equal":
            continue
        if last - first == end - begin:
            for step in range(last - first):
                yield _Change(first + step, first + step + 1, (side[begin + step],))
        else:
            yield _Change(first, last, side[begin:end])


def _groups(
    base: Paragraphs, sides: Sequence[Paragraphs]
) -> Iterator[tuple[int, int, Mapping[int, Sequence[_Change]]]]:
    """Yield the parts of the base that somebody changed, with the changes of each version.

    Changes that overlap are one part, and so are additions at one place.
    """
    every = sorted(
        (one, number) for number, side in enumerate(sides) for one in _changes(base, side)
    )
    begin, end = 0, 0
    group: dict[int, list[_Change]] = {}
    for one, number in every:
        is_same_place = begin == end == one.first == one.last
        if group and not (one.first < end or is_same_place):
            yield begin, end, group
            group = {}
        if not group:
            begin = one.first
            end = one.last
        end = max(end, one.last)
        group.setdefault(number, []).append(one)
    if group:
        yield begin, end, group


def _changed(base: Paragraphs, first: int, last: int, changes: Sequence[_Change]) -> Paragraphs:
    """Return a part of the base with the changes of one version."""
    found: list[str] = []
    at = first
    for one in changes:
        found += (*base[at : one.first], *one.text)
        at = one.last
    return (*found, *base[at:last])


def _choices(before: Paragraphs, sides: Sequence[Paragraphs]) -> Iterator[PieceChoice]:
    """Yield what is to be chosen from: one text if one alone was changed, and nothing taken out."""
    by_text: dict[Paragraphs, list[int]] = {}
    for number, side in enumerate(sides):
        by_text.setdefault(side, []).append(number)
    changed = [text for text in by_text if text != before]
    is_shorter = len(by_text) > 1 and any(len(text) < len(before) for text in changed)
    if len(changed) == 1 and not is_shorter:
        by_text = {changed[0]: by_text[changed[0]]}
    elif before in by_text and len(changed) > 1:
        by_text = {text: by_text[text] for text in changed}
    for text, numbers in by_text.items():
        yield PieceChoice(text, tuple(numbers))


def _common_part(sides: Sequence[Paragraphs]) -> Paragraphs:
    """Return the paragraphs that all versions have, in their order."""
    common: Paragraphs = sides[0]
    for side in sides[1:]:
        found = SequenceMatcher(None, common, side, autojunk=False).get_matching_blocks()
        common = tuple(text for at, _, size in found for text in common[at : at + size])
    return common
