# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the desk can call on the day: her numbers, who meets and travels along, who receives.

Knows no page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.documents.reading import records, text_of, views
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.values import told_text


@dataclass(frozen=True, slots=True)
class Call:
    """A number, whose it is, and when it answers."""

    who: str
    number: str
    hours: str


def calls_of(what: Disclosed, about: About, words: Language) -> list[Call]:
    """The numbers: those on her paper first, then of people, then of houses."""
    return [*_hers(what, words), *_peoples(what), *_houses(what, about, words)]


def _hers(what: Disclosed, words: Language) -> Iterator[Call]:
    """The help numbers that she carries: who answers there hears from her first."""
    for one in sorted(records(what, HelpNumber), key=_order):
        if text_of(one.number):
            who = words.gettext(N_("On her paper"))
            yield Call(who, text_of(one.number), told_text(one.hours, words))


def _peoples(what: Disclosed) -> Iterator[Call]:
    for one in records(what, Contact):
        if text_of(one.phone):
            yield Call(text_of(one.given_name), text_of(one.phone), "")


def _houses(what: Disclosed, about: About, words: Language) -> Iterator[Call]:
    for seen in views(what, Phone):
        house = about.names.get((seen.row.parent or b"").hex(), "")
        if text_of(seen.record.number):
            hours = told_text(seen.record.hours, words)
            yield Call(house, text_of(seen.record.number), hours)


def _order(one: HelpNumber) -> int:
    return one.sequence if isinstance(one.sequence, int) else 0
