# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation with its telephones and contact persons, as lists and cards say it.

What was not disclosed is not there, and is not counted either. Knows no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.documents.reading import text_of, views
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.organisation import Organisation
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.hours import hours_text
from kfdesk.i18n.said.values import told_text


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone, when it answers, and in which languages (their codes)."""

    number: str
    hours: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An organisation as it was disclosed, with what stands under it."""

    record: Organisation
    name: str
    hours: str
    """When its door is open, in the language of the paper where that can be told."""
    numbers: tuple[Number, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """Its ISO 3166-1 code, empty where it is not known."""
        return text_of(self.record.country)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are spoken there or at any of its telephones, each once."""
        house = self.record.languages if isinstance(self.record.languages, tuple) else ()
        phones = (code for one in self.numbers for code in one.languages)
        return tuple(dict.fromkeys((*house, *phones)))


def entries_of(what: Disclosed, words: Language) -> list[Entry]:
    """The organisations that have a name, in the order of their names."""
    numbers = _numbers(what, words)
    people = _people(what)
    found = [
        Entry(
            seen.record,
            name,
            hours_text(text_of(seen.record.hours), words),
            tuple(numbers.get(seen.rid, ())),
            tuple(people.get(seen.rid.hex(), ())),
        )
        for seen in views(what, Organisation)
        if (name := text_of(seen.record.name))
    ]
    return sorted(found, key=lambda entry: entry.name.casefold())


def _numbers(what: Disclosed, words: Language) -> Mapping[bytes | None, list[Number]]:
    found: dict[bytes | None, list[Number]] = {}
    for seen in views(what, Phone):
        record = seen.record
        spoken = record.languages if isinstance(record.languages, tuple) else ()
        if text_of(record.number):
            number = Number(text_of(record.number), told_text(record.hours, words), spoken)
            found.setdefault(seen.row.parent, []).append(number)
    return found


def _people(what: Disclosed) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seen in views(what, Contact):
        name, house = text_of(seen.record.given_name), text_of(seen.record.organisation)
        if name and house:
            found.setdefault(house, []).append(name)
    return found
