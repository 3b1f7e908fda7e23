# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entry here is probably the one that stands in somebody's list, and how they differ.

The same number, the same e-mail, or the same name at the same place make a twin; what to do about
it a person decides. Of what a partner answers for only the telephones are ours to add to. Reads
no store: it is handed the directory.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.letters.folding import fold, simple
from kfdesk.domain.listing.listed import NAMED, Listed
from kfdesk.domain.values import Value
from kfdesk.i18n.listing.phones import e164
from kfdesk.services.directory import DirectoryEntry

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


class Directory:
    """The directory by what its entries are known."""

    def __init__(self, entries: Iterable[DirectoryEntry]) -> None:
        self._by_mark: dict[_Mark, list[DirectoryEntry]] = defaultdict(list)
        self._houses: dict[_Mark, list[DirectoryEntry]] = defaultdict(list)
        for entry in entries:
            for mark in _marks(entry.type, _values_of(entry), _numbers_of(entry)):
                self._by_mark[mark].append(entry)
            if entry.type == "organisation":
                self._houses[name_mark(entry.name)].append(entry)

    def twin(self, listed: Listed) -> Twin | None:
        """The likeliest twin: one that lacks nothing, else the first by name, number, e-mail."""
        found: dict[bytes, Twin] = {}
        for mark in _marks(listed.type, listed.values, listed.numbers):
            for entry in self._by_mark.get(mark, ()):
                if entry.view.rid not in found:
                    different = tuple(differences(listed, entry))
                    found[entry.view.rid] = Twin(entry, Likeness(mark[0]), different)
        order = list(Likeness)
        ranked = sorted(
            found.values(),
            key=lambda one: (bool(one.differences), order.index(one.likeness), one.entry.view.rid),
        )
        return ranked[0] if ranked else None

    def house(self, name: str) -> bytes | None:
        """The organisation of a name, however it is written; of several the first."""
        found = self._houses.get(name_mark(name), ())
        return found[0].view.rid if found else None


def name_mark(name: str) -> _Mark:
    """A name as it is compared: its words in bare letters, in whatever order."""
    return tuple(sorted(word.letters for word in fold(name)))


def differences(listed: Listed, entry: DirectoryEntry) -> Iterator[Difference]:
    """What the file says and the entry does not."""
    ours = _values_of(entry)
    for key, value in listed.values.items():
        if not entry.is_theirs and not _is_said(ours.get(key), value):
            yield Difference(key, ours.get(key), value)
    country = str(ours.get("country") or listed.values.get("country") or "")
    known = {_number(one, country) for one in _numbers_of(entry)}
    new = tuple(one for one in listed.numbers if _number(one, country) not in known)
    if new:
        yield Difference(NUMBERS, tuple(_numbers_of(entry)), new)


def _is_said(ours: Value, theirs: Value) -> bool:
    if isinstance(theirs, tuple):
        return isinstance(ours, tuple) and set(theirs) <= set(ours)
    if isinstance(ours, str) and isinstance(theirs, str):
        return simple(theirs) in simple(ours) if "\n" in ours else simple(theirs) == simple(ours)
    return ours == theirs


def _values_of(entry: DirectoryEntry) -> Mapping[str, Value]:
    """The values of an entry as a file would say them: what it refers to by name."""
    record, named = entry.view.record, NAMED[entry.type]
    keys = {key for key in type(record).__dataclass_fields__ if key not in entry.names}
    values = {key: getattr(record, key) for key in keys}
    return values | {named: entry.names.get(named) or None}


def _numbers_of(entry: DirectoryEntry) -> list[str]:
    own = getattr(entry.view.record, "phone", None)
    numbers = [own, *(seen.record.number for seen in entry.phones)]
    return [one for one in numbers if isinstance(one, str)]


def _marks(record_type: str, values: Mapping[str, Value], numbers: Iterable[str]) -> list[_Mark]:
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


def _number(typed: str, country: str) -> str:
    return e164(typed, country) or "".join(sign for sign in typed if sign.isalnum())
