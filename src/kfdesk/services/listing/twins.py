# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entry here is probably the one that stands in somebody's list, and how they differ.

The same number, the same e-mail, or the same name at the same place make a twin; what to do about
it a person decides. Of what a partner answers for only the telephones are ours to add to. Reads
no store: it is handed the directory.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.letters.folding import bare_words, letters, simple
from kfdesk.domain.listing.leads import Sought, code_word, digit_leads
from kfdesk.domain.listing.listed import NAMED, Listed
from kfdesk.domain.values import Value
from kfdesk.i18n.listing.phones import e164, national
from kfdesk.services.desk import Desk
from kfdesk.services.directory import Reachable, read_lines, read_reachable

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

    entry: Reachable
    likeness: Likeness
    differences: tuple[Difference, ...]


_Mark = tuple[str, ...]
_MOST_ALIKE = 200


class Directory:
    """The directory by what its entries are known, read as far as the index leads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def twins(self, entries: Sequence[Listed]) -> Sequence[Twin | None]:
        """Of each its likeliest twin, or None; all are asked for together.

        The likeliest is one that lacks nothing, else the first by name, number, e-mail.
        """
        known = [marks(one.type, one.values, one.numbers) for one in entries]
        alike = self._alike(dict.fromkeys(mark for some in known for mark in some))
        return [_likeliest(one, some, alike) for one, some in zip(entries, known, strict=True)]

    def house(self, name: str) -> bytes | None:
        """The organisation of a name, however it is written; of several the first."""
        mark = name_mark(name)
        led = self._led([(Likeness.NAME, "organisation", *mark, "")])[0] if mark else ()
        lines = read_lines(self._desk, sorted(led))
        return next((one.rid for one in lines if name_mark(one.name) == mark), None)

    def _alike(self, asked: Collection[_Mark]) -> Mapping[_Mark, Sequence[Reachable]]:
        """The entries that have each mark; a name without any place is that of one anywhere."""
        led = dict(zip(asked, self._led(asked), strict=True))
        rids = sorted(set().union(*led.values()))
        entries = {one.rid: one for one in read_reachable(self._desk, rids)}
        own = {rid: _marks_of(one) for rid, one in entries.items()}
        return {
            mark: [entries[rid] for rid in sorted(rids) if mark in own.get(rid, ())]
            for mark, rids in led.items()
        }

    def _led(self, asked: Collection[_Mark]) -> Sequence[Sequence[bytes]]:
        return self._desk.store.search.led([_sought(mark) for mark in asked], _MOST_ALIKE)


def _sought(mark: _Mark) -> Sought:
    """What leads to the entries that may have a mark, and to some that do not."""
    likeness, record_type, *words = mark
    kind = code_word("type", record_type)
    if likeness == Likeness.NAME:
        return Sought(codes=(*words[: words.index("")], kind))
    if likeness == Likeness.PHONE:
        begun = digit_leads(national(words[0]))
        return Sought((begun,) if begun else (), codes=(kind,))
    return Sought(codes=(*bare_words(words[0]), kind))


def _marks_of(entry: Reachable) -> frozenset[_Mark]:
    """All by which an entry here is known; its name also without its place."""
    own = marks(entry.type, values_of(entry), numbers_of(entry))
    placeless = (Likeness.NAME, entry.type, *name_mark(entry.name), "", "")
    return frozenset((*own, placeless))


def _likeliest(
    listed: Listed, known: Iterable[_Mark], alike: Mapping[_Mark, Sequence[Reachable]]
) -> Twin | None:
    found: dict[bytes, Twin] = {}
    for mark in known:
        for entry in alike[mark]:
            if entry.rid not in found:
                different = tuple(differences(listed, entry))
                found[entry.rid] = Twin(entry, Likeness(mark[0]), different)
    order = list(Likeness)
    return min(
        found.values(),
        key=lambda one: (bool(one.differences), order.index(one.likeness), one.entry.rid),
        default=None,
    )


def name_mark(name: str) -> _Mark:
    """A name as it is compared: its words in bare letters, in whatever order."""
    return tuple(sorted(letters(name)))


def differences(listed: Listed, entry: Reachable) -> Iterator[Difference]:
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


def values_of(entry: Reachable) -> Mapping[str, Value]:
    """The values of an entry as a file would say them: what it refers to by name."""
    record, named = entry.view.record, NAMED[entry.type]
    keys = {key for key in type(record).__dataclass_fields__ if key not in entry.names}
    values = {key: getattr(record, key) for key in keys}
    return values | {named: entry.names.get(named) or None}


def numbers_of(entry: Reachable) -> list[str]:
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
