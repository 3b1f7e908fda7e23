# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find: the records that a few typed letters lead to, the likeliest first.

What is typed is compared folded (`domain/letters`), so that every spelling of a name finds it.
The directory answers by its index at once; plans are gathered once and matched often, both in
slices. The order of what is found is the same each time. Writes nothing and logs nothing: nobody
learns what was looked for.
"""

import re
from collections.abc import Iterator, Sequence

from kfdesk.domain.letters.folding import Word, begins, fits, fold
from kfdesk.domain.listing.leads import digits_of
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.finding.entries import Entry, Hit, Kind, Slice, contacts, gather_slices
from kfdesk.services.policy.access import DIRECTORY_READING

_NUMBER = re.compile(r"[\d\s()+./-]+")
_FEWEST_DIGITS = 3
_ORDER = tuple(Kind)
_UNSEEN = 4  # the rank of what fits by something that is not shown
_AT_ONCE = 400  # entries that are compared before other work has its turn
_Placed = tuple[int, int, tuple[str, ...], bytes]


def find(desk: Desk, typed: str, limit: int, language: Language) -> tuple[Hit, ...]:
    """At most `limit` records that fit what was typed; nothing typed finds nothing.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    search, is_over = Search(Index(desk, language), typed, limit), False
    while not is_over:
        hits, is_over = search.go_on()
    return hits


class Index:
    """What was gathered so far for one search; touched by the worker's thread alone."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self._desk = desk
        self._language = language
        self._may_look = any(map(desk.may, DIRECTORY_READING))
        self._slices: Iterator[Slice] = gather_slices(desk) if self._may_look else iter(())
        self.entries: list[Entry] = []

    def read_on(self) -> bool:
        """Gather one slice more; whether there was one."""
        found = next(self._slices, None)
        self.entries.extend(found or ())
        return found is not None

    def contacts(self, typed: str, limit: int) -> Slice:
        """The entries of the directory that fit best."""
        if not self._may_look or not fold(typed):
            return ()
        return contacts(self._desk, typed, self._language, limit)


class Search:
    """One text looked for in an index, a slice at a time: other work comes in between."""

    def __init__(self, index: Index, typed: str, limit: int) -> None:
        self._index, self._typed, self._limit = index, typed, limit
        self._seen = 0
        self._found: list[tuple[_Placed, Hit]] | None = None

    def go_on(self) -> tuple[tuple[Hit, ...], bool]:
        """Look a little further: the best so far, and whether the search is over."""
        if self._found is None:
            self._found = list(_led_to(self._index.contacts(self._typed, self._limit), self._typed))
            return tuple(hit for _, hit in sorted(self._found)), False
        entries = self._index.entries
        is_over = self._seen >= len(entries) and not self._index.read_on()
        part = entries[self._seen : self._seen + _AT_ONCE]
        self._seen += len(part)
        self._found = sorted((*self._found, *_fitting(part, self._typed)))[: self._limit]
        return tuple(hit for _, hit in self._found), is_over


def _led_to(entries: Sequence[Entry], typed: str) -> Iterator[tuple[_Placed, Hit]]:
    """What the directory's index leads to fits, be it by a word that is not shown."""
    asked, digits = fold(typed), _digits(typed)
    for entry in entries:
        rank = _rank(entry, asked, digits)
        yield _place(_UNSEEN if rank is None else rank, entry), entry.hit


def _fitting(entries: Sequence[Entry], typed: str) -> Iterator[tuple[_Placed, Hit]]:
    asked, digits = fold(typed), _digits(typed)
    for entry in entries:
        rank = _rank(entry, asked, digits)
        if rank is not None:
            yield _place(rank, entry), entry.hit


def _rank(entry: Entry, asked: Sequence[Word], digits: str) -> int | None:
    """How well an entry fits, 0 best; None where it does not."""
    if begins(entry.title, asked):
        return 0
    if fits(entry.shown, asked):
        return 1
    if fits((*entry.shown, *entry.hidden), asked):
        return 2
    return 3 if digits and digits in entry.digits else None


def _place(rank: int, entry: Entry) -> _Placed:
    title = tuple(word.letters for word in entry.title)
    return rank, _ORDER.index(entry.hit.kind), title, entry.hit.rid


def _digits(typed: str) -> str:
    digits = digits_of(typed) if _NUMBER.fullmatch(typed) else ""
    return digits if len(digits) >= _FEWEST_DIGITS else ""
