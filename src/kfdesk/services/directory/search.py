# SPDX-License-Identifier: GPL-3.0-or-later
"""Search: directory entries by words, codes or a need, networks, and quick find over everything.

The store's index finds directory entries, so that only those that are shown are read. Quick
find also covers plans, help numbers, places and notes, which it reads itself, slice by slice.
This module writes nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import SERVICES
from kfdesk.domain.directory import (
    FACETS,
    DirectoryNeed,
    SearchQuery,
    code_term,
    digit_terms,
    fuzzy_terms,
    narrow_query,
    phone_digits,
    ranked_queries,
    title_terms,
    word_terms,
)
from kfdesk.domain.names import FoldedWord, begins_joined, fold_words, matches_all, sort_order_of
from kfdesk.domain.rows import RecordView, Row, view_any
from kfdesk.domain.values import Translation
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import national_digits, search_meanings
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.core.authorization import (
    DIRECTORY_READ_RIGHTS,
    READ_RIGHTS,
    hidden_keys,
    may_read,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine, is_same_name, read_lines

_MAX_SAME_NAME = 200
_MOST_WORDS = 20  # typed words that are looked for; a pasted text may have thousands
_MOST_TYPED = 1_000  # typed letters that are taken apart; the sound of a pasted page takes seconds
_PHONE_PATTERN = re.compile(r"[\d\s()+./-]+")


@dataclass(frozen=True, slots=True)
class DirectoryQuery:
    """A directory query: typed words, and codes by the key of their field.

    `codes` may also have `type`, which is `organisation` or `contact`. `since`: entries checked
    on that day or later. `before`: entries not checked since then, or never. `need`: entries
    that offer it, the best match first; if none does, all entries in the same order. Without a
    need, they are ordered by name or, `is_by_check`, by their last check.
    """

    typed: str = field(default="", repr=False)
    codes: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    before: date | None = None
    need: DirectoryNeed | None = None
    is_by_check: bool = False
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryResult:
    """The index numbers found, in order, and the number of all entries.

    `is_near`: nothing matched exactly, these are only similar. `is_offered` is False if nobody
    offers what is needed.
    """

    ids: Sequence[int] = ()
    count: int = 0
    is_near: bool = False
    is_offered: bool = True


def search_directory(
    desk: Session, asked: DirectoryQuery, language: Language, most: int = -1
) -> DirectoryResult:
    """Return the entries that match, in the order of `language`.

    Sorted by name from the top, those whose name begins with the typed text come first.

    With `most`, return only the first of them, which is fast for any number of entries.
    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    search, asked = desk.store.search, replace(asked, typed=asked.typed[:_MOST_TYPED])
    if asked.need is not None:
        return _search_by_need(desk, asked, asked.need, language, most)
    ids = search.ids(_index_query(asked, language, is_near=False), most)
    is_near = not ids and any(_has_near_terms(word) for word in fold_words(asked.typed))
    if is_near:
        ids = search.ids(_index_query(asked, language, is_near=True), most)
    return DirectoryResult(ids, search.count(), is_near and bool(ids))


def _search_by_need(
    desk: Session, asked: DirectoryQuery, need: DirectoryNeed, language: Language, most: int
) -> DirectoryResult:
    search, today = desk.store.search, desk.adapters.clock.now().date()
    sought = replace(_index_query(asked, language, is_near=False), first=())
    ids = search.ids(narrow_query(sought, need, today), most)
    if ids:
        return DirectoryResult(ids, search.count())
    ids = search.ids(replace(sought, ranks=ranked_queries(need, today)), most)
    return DirectoryResult(ids, search.count(), is_offered=not need.services)


def read_result_page(desk: Session, ids: Sequence[int]) -> tuple[EntryLine, ...]:
    """Return the entries with these index numbers, as a list shows them."""
    return read_lines(desk, desk.store.search.rids(ids))


def result_rids(desk: Session, found: DirectoryResult) -> frozenset[bytes]:
    """Return the ids of everything that was found."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    return frozenset(desk.store.search.rids(found.ids))


def filter_codes(desk: Session) -> Mapping[str, frozenset[str]]:
    """Return the codes that entries have in each filter field, in lower case, by key."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    return {key: frozenset(desk.store.search.codes(key)) for key in FACETS}


def first_entries(desk: Session, record_type: str, most: int) -> tuple[EntryLine, ...]:
    """Return the first `most` organisations or persons by name, as choices for a field."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    sought = SearchQuery(codes=(code_term("type", record_type),))
    return read_result_page(desk, desk.store.search.ids(sought, most))


def result_position(desk: Session, found: DirectoryResult, rid: bytes) -> int | None:
    """Return the position of an entry in a search result; None if it is not in it."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    number = desk.store.search.id_of(rid)
    return found.ids.index(number) if number is not None and number in found.ids else None


def find_same_name(
    desk: Session, record_type: str, rid: bytes, name: str, works_for: str = ""
) -> tuple[EntryLine, ...]:
    """Return the other entries of a type that have the typed name, in whatever spelling.

    `rid` is the entry being edited; `works_for` refers to its organisation. Persons known to
    work for different organisations are different persons.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    words = tuple(word_terms(word) for word in fold_words(name[:_MOST_TYPED])[:_MOST_WORDS])
    if not words:
        return ()
    sought = SearchQuery(words, codes=(code_term("type", record_type),))
    lines = read_result_page(desk, desk.store.search.ids(sought, _MAX_SAME_NAME))
    return tuple(
        one
        for one in lines
        if one.rid != rid
        and is_same_name(one.name, name)
        and (not works_for or _employer_of(one) in (None, works_for))
    )


def _employer_of(line: EntryLine) -> str | None:
    employer = getattr(line.view.record, "organisation", None)
    return employer if isinstance(employer, str) else None


def _index_query(asked: DirectoryQuery, language: Language, *, is_near: bool) -> SearchQuery:
    typed, numbers = fold_words(asked.typed)[:_MOST_WORDS], _number_terms(asked.typed)
    words = tuple(tuple(_index_terms(word, language, is_near=is_near)) for word in typed)
    is_sorted = asked.is_by_check or asked.is_backwards
    if numbers:  # digits may also be a name, such as a helpline's
        words = ((*numbers, *(words[0] if len(words) == 1 else ())),)
    return SearchQuery(
        words=words,
        first=() if is_near or is_sorted else title_terms(asked.typed),
        codes=tuple(code_term(key, code) for key, code in asked.codes),
        since=asked.since.isoformat() if asked.since else "",
        before=asked.before.isoformat() if asked.before else "",
        order=sort_order_of(language.code),
        is_by_check=asked.is_by_check and asked.need is None,
        is_backwards=asked.is_backwards,
    )


def _index_terms(word: FoldedWord, language: Language, *, is_near: bool) -> Iterator[str]:
    yield from fuzzy_terms(word) if is_near else word_terms(word)
    yield from (code_term(key, code) for key, code in search_meanings(word.letters, language))


def _number_terms(typed: str) -> tuple[str, ...]:
    """Return the index terms of a typed telephone number, with and without its prefix.

    The prefix is the country's digits, or the 8 of Russia and its neighbours.
    """
    if not _PHONE_PATTERN.fullmatch(typed):
        return ()
    bare = typed.strip()
    inner = digit_terms(bare[1:]) if bare.startswith("8") else ()
    return tuple(dict.fromkeys((*digit_terms(typed), *digit_terms(national_digits(typed)), *inner)))


def _has_near_terms(word: FoldedWord) -> bool:
    return len(fuzzy_terms(word)) > len(word_terms(word))


# --- a network by its services

_MAX_PROVIDERS = 12


@dataclass(frozen=True, slots=True)
class ServiceProviders:
    """A service, the first organisations by name that offer it, and how many there are."""

    service: str
    first: tuple[EntryLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class NetworkOverview:
    """The number of organisations in a network, and their services; unoffered ones are left out."""

    count: int
    doings: tuple[ServiceProviders, ...]


def read_network(desk: Session, network: str, language: Language) -> NetworkOverview:
    """Return a network by its services. Raise KfdeskError `user.not_allowed`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    members = _member_ids(desk, network, language)
    doings = []
    for service in SERVICES:
        found = _member_ids(desk, network, language, service)
        if found:
            first = read_result_page(desk, found[:_MAX_PROVIDERS])
            doings.append(ServiceProviders(service, first, len(found)))
    return NetworkOverview(len(members), tuple(doings))


def _member_ids(
    desk: Session, network: str, language: Language, service: str = ""
) -> Sequence[int]:
    codes = [("type", "organisation"), ("networks", network)]
    codes += [("services", service)] if service else []
    return search_directory(desk, DirectoryQuery(codes=tuple(codes)), language).ids


# --- quick find: the index entries
#
# A client is found by name but shown by code and alias; only directory entries show a name. A
# record with a field in conflict is found by all values. Deleted records are left out. Plans are
# read in slices, so that other work never waits long. A new kind of hit is one more function here.

SLICE_SIZE = 30
"""Records that are read at a time: a few hundredths of a second on a slow computer."""


class HitKind(StrEnum):
    """The kind of thing that was found."""

    PLAN = "plan"
    CONTACT = "contact"
    ORGANISATION = "organisation"
    HELP_NUMBER = "help_number"
    JOURNEY = "journey"
    NOTE = "note"
    PROCEDURE = "procedure"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A search hit: `rid` is the plan or entry to open; `title` and `under` are shown."""

    kind: HitKind
    rid: bytes
    title: str
    under: str = ""
    is_secret: bool = False
    is_readable: bool = True
    """False for another user's plan, which must be opened with a reason."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A possible hit with its search words: of the title, of what is shown, and of what is not."""

    hit: SearchHit
    title: tuple[FoldedWord, ...] = field(repr=False)
    shown: tuple[FoldedWord, ...] = field(repr=False)
    hidden: tuple[FoldedWord, ...] = field(default=(), repr=False)
    digits: str = field(default="", repr=False)


IndexSlice = tuple[IndexEntry, ...]


def read_index_slices(desk: Session, language: Language) -> Iterator[IndexSlice]:
    """Yield what can be found beside contacts, a few records at a time.

    These are plans, help numbers, places, notes, procedures and articles; the last two are named
    in `language`. Only read. A note is found by those who may read it, and shown by its plan alone.
    Another user's plan is found by its code alone. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    plans: dict[bytes, IndexEntry] = {}
    if any(map(desk.may, READ_RIGHTS)):
        for rows in _row_slices(desk, "plan"):
            found = dict(_plan_entries(desk, rows))
            plans |= found
            yield tuple(found.values())
    for rows in _row_slices(desk, "help_number"):
        yield tuple(_help_number_entries(rows, plans))
    for rows in _row_slices(desk, "leg"):
        yield tuple(_place_entries(rows, plans))
    if plans:
        yield from _note_slices(desk, plans)
    for rows in _row_slices(desk, "procedure"):
        yield tuple(_procedure_entries(rows, language))
    for rows in _row_slices(desk, "article"):
        yield tuple(_article_entries(desk, rows, language))


def _row_slices(desk: Session, record_type: str) -> Iterator[Sequence[Row]]:
    last = b""
    while rows := desk.store.rows_after(record_type, last, SLICE_SIZE):
        last = rows[-1].rid
        yield rows


def _plan_entries(desk: Session, rows: Sequence[Row]) -> Iterator[tuple[bytes, IndexEntry]]:
    for plan in _alive(rows):
        above = desk.store.row(plan.row.parent or b"")
        client = view_any(above) if above is not None and above.type == "client" else None
        if client is None or client.is_deleted:
            continue
        if may_read(desk, plan.row):
            yield plan.rid, _plan_entry(plan.rid, client)
        elif desk.may(Right.OPEN_WITH_REASON):
            yield plan.rid, _locked_plan_entry(plan.rid, client)


def _plan_entry(rid: bytes, client: RecordView[Any]) -> IndexEntry:
    code, alias = _displayed_text(client, "code"), _displayed_text(client, "alias")
    names = _texts(client, "given_name", "family_name", "name_on_ticket")
    hit = SearchHit(HitKind.PLAN, rid, code or alias, alias if code else "")
    return IndexEntry(hit, fold_words(hit.title), fold_words(code, alias), fold_words(*names))


def _locked_plan_entry(rid: bytes, client: RecordView[Any]) -> IndexEntry:
    """Return the entry of another user's plan: only its code is shown and searched."""
    code = _displayed_text(client, "code")
    return IndexEntry(
        SearchHit(HitKind.PLAN, rid, code, is_readable=False), fold_words(code), fold_words(code)
    )


def _help_number_entries(
    rows: Sequence[Row], plans: Mapping[bytes, IndexEntry]
) -> Iterator[IndexEntry]:
    for seen in _alive(rows):
        plan = plans.get(seen.row.parent or b"")
        digits = " ".join(map(phone_digits, _texts(seen, "number")))
        if plan is not None and plan.hit.is_readable and digits:
            hit = SearchHit(HitKind.HELP_NUMBER, plan.hit.rid, plan.hit.title, plan.hit.under)
            yield IndexEntry(hit, (), (), digits=digits)


def _place_entries(rows: Sequence[Row], plans: Mapping[bytes, IndexEntry]) -> Iterator[IndexEntry]:
    """Yield the places of journeys, in every language in which they were written."""
    for seen in _alive(rows):
        plan = plans.get(seen.row.parent or b"")
        words = fold_words(*_localized_texts(seen, "from_place", "to_place"))
        if plan is not None and plan.hit.is_readable and words:
            yield IndexEntry(replace(plan.hit, kind=HitKind.JOURNEY), (), words)


def _note_slices(desk: Session, plans: Mapping[bytes, IndexEntry]) -> Iterator[IndexSlice]:
    """Yield the words of notes that the current user may read."""
    is_covered: dict[bytes, bool] = {}
    for rows in _row_slices(desk, "note"):
        found = []
        for seen in _alive(rows):
            parent = seen.row.parent or b""
            plan = plans.get(parent)
            if plan is None or not plan.hit.is_readable:
                continue
            if parent not in is_covered:
                is_covered[parent] = "content" in hidden_keys(desk, seen.row)
            words = () if is_covered[parent] else fold_words(*_texts(seen, "content"))
            if words:
                hit = replace(plan.hit, kind=HitKind.NOTE)
                found.append(IndexEntry(hit, (), (), words))
        yield tuple(found)


def _procedure_entries(rows: Sequence[Row], language: Language) -> Iterator[IndexEntry]:
    for seen in _alive(rows):
        title, version = (
            localized_text(seen.record.title, language),
            _displayed_text(seen, "version"),
        )
        words = fold_words(*_localized_texts(seen, "title"))
        if words:
            hit = SearchHit(HitKind.PROCEDURE, seen.rid, title, version)
            yield IndexEntry(hit, fold_words(title), words)


def _article_entries(
    desk: Session, rows: Sequence[Row], language: Language
) -> Iterator[IndexEntry]:
    """Yield the articles by their heading; they are found by their words in every language."""
    for seen in _alive(rows):
        below = (row for row in desk.store.children(seen.rid) if row.type == "article_text")
        texts = {_displayed_text(one, "language"): one for one in _alive(tuple(below))}
        shown = texts.get(language.code) or texts.get(_displayed_text(seen, "original"))
        shown = shown or next(iter(texts.values()), None)
        if shown is None:
            continue
        hit = SearchHit(
            HitKind.ARTICLE, seen.rid, _displayed_text(shown, "title"),
            _displayed_text(shown, "summary"),
        )  # fmt: skip
        words = [said for one in texts.values() for said in _texts(one, "title", "summary", "body")]
        yield IndexEntry(hit, fold_words(hit.title), fold_words(hit.title), fold_words(*words))


def directory_entries(desk: Session, typed: str, language: Language, limit: int) -> IndexSlice:
    """Return the directory entries that match best, at most `limit`."""
    found = search_directory(desk, DirectoryQuery(typed), language, limit)
    return tuple(map(_contact_entry, read_result_page(desk, found.ids)))


def _contact_entry(line: EntryLine) -> IndexEntry:
    hit = SearchHit(
        HitKind(line.type), line.rid, line.name, line.works_for, is_secret=line.is_secret
    )
    return IndexEntry(hit, fold_words(line.name), fold_words(line.name, line.works_for))


def _alive(rows: Sequence[Row]) -> Iterator[RecordView[Any]]:
    return (seen for seen in map(view_any, rows) if not seen.is_deleted)


def _localized_texts(seen: RecordView[Any], *keys: str) -> Iterator[str]:
    """Yield localized fields in all their languages, of a field in conflict all values."""
    for key in keys:
        for value in (getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))):
            if isinstance(value, tuple):
                yield from (one.text for one in value if isinstance(one, Translation))


def _displayed_text(seen: RecordView[Any], key: str) -> str:
    """Return a field as a list shows it: its value, or all values that are in conflict."""
    return " / ".join(_texts(seen, key))


def _texts(seen: RecordView[Any], *keys: str) -> tuple[str, ...]:
    values = (
        value
        for key in keys
        for value in (getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ())))
    )
    return tuple(value for value in values if isinstance(value, str))


# --- quick find: the search

_MIN_DIGITS = 3
_KIND_ORDER = tuple(HitKind)
_RANK_NOT_SHOWN = 4  # the rank of a match in words that are not shown
_ENTRIES_PER_SLICE = 400  # entries that are compared before other work may run
_SortKey = tuple[int, int, tuple[str, ...], bytes]


def quick_find(desk: Session, typed: str, limit: int, language: Language) -> tuple[SearchHit, ...]:
    """Return at most `limit` records that match the typed text; empty text finds nothing.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    search, is_over = QuickFindSearch(QuickFindIndex(desk, language), typed, limit), False
    while not is_over:
        hits, is_over = search.resume()
    return hits


class QuickFindIndex:
    """The index entries read so far for one search; only the worker's thread uses it."""

    def __init__(self, desk: Session, language: Language) -> None:
        self._desk = desk
        self._language = language
        self._may_look = any(map(desk.may, DIRECTORY_READ_RIGHTS))
        self._slices: Iterator[IndexSlice] = (
            read_index_slices(desk, language) if self._may_look else iter(())
        )
        self.entries: list[IndexEntry] = []

    def read_next_slice(self) -> bool:
        """Read one more slice; return False if there was none."""
        found = next(self._slices, None)
        self.entries.extend(found or ())
        return found is not None

    def directory_entries(self, typed: str, limit: int) -> IndexSlice:
        """Return the directory entries that match best."""
        if not self._may_look or not fold_words(typed):
            return ()
        return directory_entries(self._desk, typed, self._language, limit)


class QuickFindSearch:
    """The search for one text in an index, slice by slice: other work runs in between."""

    def __init__(self, index: QuickFindIndex, typed: str, limit: int) -> None:
        self._index, self._typed, self._limit = index, typed[:_MOST_TYPED], limit
        self._seen = 0
        self._found: list[tuple[_SortKey, SearchHit]] | None = None

    def resume(self) -> tuple[tuple[SearchHit, ...], bool]:
        """Search one slice further; return the best hits so far, and whether the search is over."""
        if self._found is None:
            self._found = list(
                _rank_directory_entries(
                    self._index.directory_entries(self._typed, self._limit), self._typed
                )
            )
            return tuple(hit for _, hit in sorted(self._found)), False
        entries = self._index.entries
        is_over = self._seen >= len(entries) and not self._index.read_next_slice()
        part = entries[self._seen : self._seen + _ENTRIES_PER_SLICE]
        self._seen += len(part)
        found = dict.fromkeys((*self._found, *_matching_entries(part, self._typed)))
        self._found = sorted(found, key=lambda one: one[0])[: self._limit]
        return tuple(hit for _, hit in self._found), is_over


def _rank_directory_entries(
    entries: Sequence[IndexEntry], typed: str
) -> Iterator[tuple[_SortKey, SearchHit]]:
    """Yield what the directory's index found as hits, even if a word matched that is not shown."""
    asked, digits = fold_words(typed), _digits(typed)
    for entry in entries:
        rank = _rank(entry, asked, digits)
        yield _sort_key(_RANK_NOT_SHOWN if rank is None else rank, entry), entry.hit


def _matching_entries(
    entries: Sequence[IndexEntry], typed: str
) -> Iterator[tuple[_SortKey, SearchHit]]:
    asked, digits = fold_words(typed), _digits(typed)
    for entry in entries:
        rank = _rank(entry, asked, digits)
        if rank is not None:
            yield _sort_key(rank, entry), entry.hit


def _rank(entry: IndexEntry, asked: Sequence[FoldedWord], digits: str) -> int | None:
    """Return how well an entry matches, 0 is best; None if it does not."""
    if begins_joined(entry.title, asked):
        return 0
    if matches_all(entry.shown, asked):
        return 1
    if matches_all((*entry.shown, *entry.hidden), asked):
        return 2
    return 3 if digits and digits in entry.digits else None


def _sort_key(rank: int, entry: IndexEntry) -> _SortKey:
    title = tuple(word.letters for word in entry.title)
    return rank, _KIND_ORDER.index(entry.hit.kind), title, entry.hit.rid


def _digits(typed: str) -> str:
    digits = phone_digits(typed) if _PHONE_PATTERN.fullmatch(typed) else ""
    return digits if len(digits) >= _MIN_DIGITS else ""
