# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entry here is probably the one that stands in somebody's list, and how they differ.

The same number, the same e-mail, or the same name at the same place make a twin; what to do about
it a person decides. Of what a partner answers for only the telephones are ours to add to. Reads
no store: it is handed the directory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.letters.folding import bare_words, fold, simple
from kfdesk.domain.listing.leads import Sought, code_word, digit_leads
from kfdesk.domain.listing.listed import NAMED, Listed
from kfdesk.domain.values import Value
from kfdesk.i18n.listing.phones import e164, national
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry, read_entry

NUMBERS = "numbers"
"""The key under which telephones differ: they are entries below the entry."""


class Likeness(StrEnum):
    """By what a twin is known."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the file says otherwise, or that is empty here."""

    key: str
    ours: Value = field(repr=False)
    theirs: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class Twin:
    """An entry here that is probably the same, by what it is known, and what is different."""

    entry: DirectoryEntry
    likeness: Likeness
    differences: tuple[Difference, ...]


_Mark = tuple[str, ...]
_MOST_ALIKE = 200


class Directory:
    """The directory by what its entries are known, read as far as the index leads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: dict[bytes, DirectoryEntry | None] = {}

    def twin(self, listed: Listed) -> Twin | None:
        """The likeliest twin: one that lacks nothing, else the first by name, number, e-mail."""
        found: dict[bytes, Twin] = {}
        for mark in marks(listed.type, listed.values, listed.numbers):
            for entry in self._known(mark):
                if entry.rid not in found:
                    different = tuple(differences(listed, entry))
                    found[entry.rid] = Twin(entry, Likeness(mark[0]), different)
        order = list(Likeness)
        ranked = sorted(
            found.values(),
            key=lambda one: (bool(one.differences), order.index(one.likeness), one.entry.rid),
        )
        return ranked[0] if ranked else None

    def house(self, name: str) -> bytes | None:
        """The organisation of a name, however it is written; of several the first."""
        mark = name_mark(name)
        entries = self._led_to("organisation", mark) if mark else ()
        return next((one.rid for one in entries if name_mark(one.name) == mark), None)

    def _known(self, mark: _Mark) -> Iterator[DirectoryEntry]:
        """The entries that have this mark; a name without any place is that of one anywhere."""
        likeness, record_type, *words = mark
        if likeness == Likeness.NAME:
            led = self._led_to(record_type, words[: words.index("")])
        elif likeness == Likeness.PHONE:
            led = self._led_to(record_type, (), digit_leads(national(words[0])))
        else:
            led = self._led_to(record_type, bare_words(words[0]))
        for entry in led:
            is_placeless = likeness == Likeness.NAME and mark[-2:] == ("", "")
            is_named = is_placeless and name_mark(entry.name) == tuple(words[: words.index("")])
            if is_named or mark in marks(entry.type, values_of(entry), numbers_of(entry)):
                yield entry

    def _led_to(
        self, record_type: str, whole: Sequence[str], begun: tuple[str, ...] = ()
    ) -> Iterator[DirectoryEntry]:
        """The entries of a type with all these words, and one that one of `begun` begins."""
        words = (begun,) if begun else ()
        search = self._desk.store.search
        ids = search.ids(Sought(words, codes=(code_word("type", record_type), *whole)), _MOST_ALIKE)
        for rid in sorted(search.rids(ids)):
            if rid not in self._entries:
                self._entries[rid] = read_entry(self._desk, rid)
            entry = self._entries[rid]
            if entry is not None:
                yield entry


def name_mark(name: str) -> _Mark:
    """A name as it is compared: its words in bare letters, in whatever order."""
    return tuple(sorted(word.letters for word in fold(name)))


def differences(listed: Listed, entry: DirectoryEntry) -> Iterator[Difference]:
    """What the file says and the entry does not."""
    ours = values_of(entry)
    for key, value in listed.values.items():
        if not entry.is_theirs and not _is_said(ours.get(key), value):
            yield Difference(key, ours.get(key), value)
    country = str(ours.get("country") or listed.values.get("country") or "")
    known = {same_number(one, country) for one in numbers_of(entry)}
    new = tuple(one for one in listed.numbers if same_number(one, country) not in known)
    if new:
        yield Difference(NUMBERS, tuple(numbers_of(entry)), new)


def _is_said(ours: Value, theirs: Value) -> bool:
    if isinstance(theirs, tuple):
        return isinstance(ours, tuple) and set(theirs) <= set(ours)
    if isinstance(ours, str) and isinstance(theirs, str):
        return simple(theirs) in simple(ours) if "\n" in ours else simple(theirs) == simple(ours)
    return ours == theirs


def values_of(entry: DirectoryEntry) -> Mapping[str, Value]:
    """The values of an entry as a file would say them: what it refers to by name."""
    record, named = entry.view.record, NAMED[entry.type]
    keys = {key for key in type(record).__dataclass_fields__ if key not in entry.names}
    values = {key: getattr(record, key) for key in keys}
    return values | {named: entry.names.get(named) or None}


def numbers_of(entry: DirectoryEntry) -> list[str]:
    """All telephones of an entry, as they were typed."""
    own = getattr(entry.view.record, "phone", None)
    numbers = [own, *(seen.record.number for seen in entry.phones)]
    return [one for one in numbers if isinstance(one, str)]


def marks(record_type: str, values: Mapping[str, Value], numbers: Iterable[str]) -> list[_Mark]:
    """All by which an entry is known; each begins with its likeness and its type."""
    name = " ".join(
        part for key in ("name", "given_name", "family_name")
        if isinstance(part := values.get(key), str)
    )  # fmt: skip
    country, city, mail = (values.get(key) for key in ("country", "city", "email"))
    place = (str(country or ""), *name_mark(city if isinstance(city, str) else ""))
    marks: list[_Mark] = []
    if name_mark(name):
        marks.append((Likeness.NAME, record_type, *name_mark(name), "", *place))
    for one in numbers:
        dialled = e164(one, str(country or ""))
        if dialled:
            marks.append((Likeness.PHONE, record_type, dialled))
    if isinstance(mail, str) and mail:
        marks.append((Likeness.EMAIL, record_type, mail.casefold()))
    return marks


def same_number(typed: str, country: str) -> str:
    """A number as it is compared."""
    return e164(typed, country) or "".join(sign for sign in typed if sign.isalnum())
