# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for entries of the directory: by what was typed, and narrowed by what is chosen.

Answers with numbers alone, of which a page at a time is read (`read_page`): however many entries
there are, no more is in memory than is on view. Where nothing fits, what is like it is looked for:
one letter wrong, missing or too much. Writes nothing and logs nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kfdesk.domain.letters.folding import Word, fold
from kfdesk.domain.letters.ordering import order_of
from kfdesk.domain.listing.leads import (
    FACETS,
    Sought,
    code_word,
    digit_leads,
    near_leads,
    title_words,
    word_leads,
)
from kfdesk.domain.listing.needs import Need, narrowed, ranks
from kfdesk.i18n.language import Language
from kfdesk.i18n.listing.phones import national
from kfdesk.i18n.listing.synonyms import meanings
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine, is_same_name, read_lines
from kfdesk.services.policy.access import DIRECTORY_READING

_MOST_ALIKE = 200
_NUMBER = re.compile(r"[\d\s()+./-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words that were typed, and codes by the key of their field.

    `codes` may also have `type`, which is `organisation` or `contact`. With `since`, entries that
    were checked on that day or later; with `before`, those that were not, or never. With `need`,
    those who offer it, who fits best first; where nobody does, all, in the same order.
    """

    typed: str = field(default="", repr=False)
    codes: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    before: date | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of what was found, in order, and how many entries there are at all.

    `is_near`: nothing fitted, and this is only like it. `is_offered` is False where nobody offers
    what is needed.
    """

    ids: Sequence[int] = ()
    count: int = 0
    is_near: bool = False
    is_offered: bool = True


def seek(desk: Desk, asked: Asked, language: Language, most: int = -1) -> Found:
    """The entries that fit, ordered for readers of `language`: names that begin so come first.

    With `most`, only the first of them, which is quick however many there are.
    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    search = desk.store.search
    if asked.need is not None:
        return _match(desk, asked, asked.need, language, most)
    ids = search.ids(_sought(asked, language, is_near=False), most)
    is_near = not ids and any(_is_inexact(word) for word in fold(asked.typed))
    if is_near:
        ids = search.ids(_sought(asked, language, is_near=True), most)
    return Found(ids, search.count(), is_near and bool(ids))


def _match(desk: Desk, asked: Asked, need: Need, language: Language, most: int) -> Found:
    search, today = desk.store.search, desk.rooms.clock.now().date()
    sought = replace(_sought(asked, language, is_near=False), first=())
    ids = search.ids(narrowed(sought, need, today), most)
    if ids:
        return Found(ids, search.count())
    ids = search.ids(replace(sought, ranks=ranks(need, today)), most)
    return Found(ids, search.count(), is_offered=not need.services)


def read_page(desk: Desk, ids: Sequence[int]) -> tuple[EntryLine, ...]:
    """The entries behind some numbers, as a list shows them."""
    return read_lines(desk, desk.store.search.rids(ids))


def rids_of(desk: Desk, found: Found) -> frozenset[bytes]:
    """The ids of all that was found."""
    desk.require(*DIRECTORY_READING)
    return frozenset(desk.store.search.rids(found.ids))


def known_codes(desk: Desk) -> Mapping[str, frozenset[str]]:
    """The codes by which the list can be narrowed, in small letters, by the key of their field."""
    desk.require(*DIRECTORY_READING)
    return {key: frozenset(desk.store.search.codes(key)) for key in FACETS}


def houses(desk: Desk, most: int) -> tuple[EntryLine, ...]:
    """The first organisations by name, to be named in a field."""
    desk.require(*DIRECTORY_READING)
    sought = Sought(codes=(code_word("type", "organisation"),))
    return read_page(desk, desk.store.search.ids(sought, most))


def place_of(desk: Desk, found: Found, rid: bytes) -> int | None:
    """Where an entry stands in what was found; None if it is not among it."""
    desk.require(*DIRECTORY_READING)
    number = desk.store.search.id_of(rid)
    return found.ids.index(number) if number is not None and number in found.ids else None


def named_alike(
    desk: Desk, record_type: str, rid: bytes, name: str, works_for: str = ""
) -> tuple[EntryLine, ...]:
    """The other entries of a type whose name is the one that was typed, however either is written.

    `rid` is the entry that is being typed; `works_for` refers to its organisation. Persons who
    are known to work for different organisations are different persons.
    """
    desk.require(*DIRECTORY_READING)
    words = tuple(word_leads(word) for word in fold(name))
    if not words:
        return ()
    sought = Sought(words, codes=(code_word("type", record_type),))
    lines = read_page(desk, desk.store.search.ids(sought, _MOST_ALIKE))
    return tuple(
        one
        for one in lines
        if one.rid != rid
        and is_same_name(one.name, name)
        and (not works_for or _house_of(one) in (None, works_for))
    )


def _house_of(line: EntryLine) -> str | None:
    house = getattr(line.view.record, "organisation", None)
    return house if isinstance(house, str) else None


def _sought(asked: Asked, language: Language, *, is_near: bool) -> Sought:
    typed, numbers = fold(asked.typed), _numbers(asked.typed)
    words = tuple(tuple(_leads(word, language, is_near=is_near)) for word in typed)
    if numbers:  # which may be a name as well, such as that of a helpline
        words = ((*numbers, *(words[0] if len(words) == 1 else ())),)
    return Sought(
        words=words,
        first=() if is_near else title_words(asked.typed),
        codes=tuple(code_word(key, code) for key, code in asked.codes),
        since=asked.since.isoformat() if asked.since else "",
        before=asked.before.isoformat() if asked.before else "",
        order=order_of(language.code),
    )


def _leads(word: Word, language: Language, *, is_near: bool) -> Iterator[str]:
    yield from near_leads(word) if is_near else word_leads(word)
    yield from (code_word(key, code) for key, code in meanings(word.letters, language))


def _numbers(typed: str) -> tuple[str, ...]:
    """What a telephone number may begin, with and without what is dialled before it.

    That is the digits of its country, or the 8 with which Russia and its neighbours begin.
    """
    if not _NUMBER.fullmatch(typed):
        return ()
    bare = typed.strip()
    inner = digit_leads(bare[1:]) if bare.startswith("8") else ()
    return tuple(dict.fromkeys((*digit_leads(typed), *digit_leads(national(typed)), *inner)))


def _is_inexact(word: Word) -> bool:
    return len(near_leads(word)) > len(word_leads(word))
