# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact list: organisations by country, in a table whose heads are said again on each page.

No row is split. Each says when somebody last made sure of it, by a shape and a word, and the list
says by what it was chosen. Knows no store and no consent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from kfdesk.documents.cabinet.blocks import Block, Part, pages_of, stacked
from kfdesk.documents.cabinet.frame import bottom, foot
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Column, Table, Text, across, titled
from kfdesk.documents.directory.entries import Entry, entries_of
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Item, Line
from kfdesk.documents.drawing.text_fit import chips, width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    CABINET,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    TINT,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.documents.reading import text_of
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.listing.freshness import Freshness, freshness
from kfdesk.domain.lists.directory_codes import SERVICES
from kfdesk.domain.papers import about
from kfdesk.domain.papers.order import Filter, Order
from kfdesk.domain.schema import N_
from kfdesk.domain.values import About
from kfdesk.i18n.language import Language

_FORM = CABINET
_SIZES = CABINET.sizes
_SHARES = (30, 21, 10, 21, 18)
_ASIDE = SIZE + 6
"""Room for the shape before the day of the last check."""
_BAND, _FACTS = 20.0, 24.0
_EDGE, _APART = 8.0, 18.0
_MOST_COUNTRIES = 8
_PLAIN, _QUIET = Style(REGULAR, _SIZES.note), Style(REGULAR, _SIZES.note, GREY)
_STRONG, _NOTED = Style(SEMIBOLD, _SIZES.text), Style(BOLD, _SIZES.caption)
_MARKS: Mapping[Freshness, Mark] = {
    Freshness.FRESH: Mark.MET,
    Freshness.STALE: Mark.STALE,
    Freshness.UNCHECKED: Mark.UNKNOWN,
}
_MEANINGS: Mapping[Freshness, str] = {
    Freshness.FRESH: N_("checked within a year"),
    Freshness.STALE: N_("older than a year: call first"),
    Freshness.UNCHECKED: N_("not checked"),
}


def make_contact_list(order: Order, what: Disclosed, around: about.About, press: Press) -> bytes:
    """The list as a PDF, in the language that was ordered; the same bytes for the same entries.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter.
    """
    words = press.program(order.language)
    made = _List(words, around, entries_of(what, words))
    pages = pages_of(list(made.parts(order.filter)), _FORM.margin, bottom(_FORM))
    canvas = PageCanvas(_FORM, order.language, press.icon)
    said = words.gettext("For the desk. No protected entries, no addresses of shelters.")
    for number, page in enumerate(pages, start=1):
        counted = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *foot(said, counted, _FORM)])
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _List:
    """The entries, the reader's language, and the day."""

    words: Language
    around: about.About
    entries: Sequence[Entry]

    def parts(self, asked: Filter) -> Iterator[Part]:
        """The head, a part for each country, and what the shapes mean."""
        setter = Setter(_FORM, _FORM.margin, _FORM.measure)
        words = self.words
        day = words.day(self.around.at.date(), year=True)
        head = setter.page_head("", words.gettext("Contact list"), day)
        yield Part(stacked([head, _facts(list(self._chosen(asked)))], 4))
        table = Table(_FORM, _columns(
            words.gettext("Organisation"), words.gettext("Helps with"), words.gettext("Languages"),
            words.gettext("Telephone and hours"), words.gettext("Checked"),
        ))  # fmt: skip
        for number, (country, group) in enumerate(groupby(self._by_country(), _country)):
            theirs = list(group)
            name = words.country(country) if country else words.gettext("Other")
            titles, band = table.head(), _band(name, len(theirs))
            again = stacked([titles, band], 2)
            rows = tuple(block for entry in theirs for block in self._row(entry, table))
            yield Part(band if number else again, rows, again, titles, gap=10)
        shown = {self._freshness(entry) for entry in self.entries}
        shapes = [(_MARKS[one], words.gettext(_MEANINGS[one])) for one in Freshness if one in shown]
        if shapes:
            yield Part(setter.legend(shapes), gap=6)

    def _chosen(self, asked: Filter) -> Iterator[tuple[str, str]]:
        """By what the entries were chosen, and how many there are."""
        words = self.words
        countries = sorted({entry.country for entry in self.entries} - {""})
        yield words.gettext("Selection"), words.gettext("open entries")
        if asked.country:
            yield words.gettext("Country"), words.country(asked.country)
        elif 0 < len(countries) <= _MOST_COUNTRIES:
            yield words.gettext("Country"), " ".join(countries)
        if asked.service:
            yield (
                words.gettext("Helps with"),
                words.gettext(SERVICES.get(asked.service, asked.service)),
            )
        if asked.spoken:
            yield words.gettext("Speaks"), words.language(asked.spoken)
        yield words.gettext("Number of entries"), str(len(self.entries))

    def _by_country(self) -> list[Entry]:
        def named(entry: Entry) -> tuple[bool, str]:
            return not entry.country, self.words.country(entry.country) if entry.country else ""

        return sorted(self.entries, key=named)

    def _row(self, entry: Entry, table: Table) -> list[Block]:
        record, how = entry.record, self._freshness(entry)
        under = filter(None, (text_of(record.city), *entry.people))
        name = [Text(entry.name, _STRONG), *(Text(one, _QUIET) for one in under)]
        services = record.services if isinstance(record.services, tuple) else ()
        helps = " · ".join(self._service(one).lower() for one in services)
        style = Style(REGULAR, _SIZES.caption) if how is Freshness.FRESH else _NOTED
        cells = [
            name,
            [Text(helps, _PLAIN)] if helps else [],
            [Text(" ".join(entry.languages), _PLAIN)] if entry.languages else [],
            list(_calls(entry)) or [Text("–", _QUIET)],
            [Text(self._checked(entry), style)],
        ]
        return table.row(cells, _MARKS[how], len(cells) - 1)

    def _service(self, code: str) -> str:
        return self.words.gettext(SERVICES.get(code, code))

    def _checked(self, entry: Entry) -> str:
        checked = entry.record.checked
        if self._freshness(entry) is Freshness.UNCHECKED:
            return self.words.gettext("not yet")
        if isinstance(checked, date):
            return self.words.short_day(checked, year=True)
        return self.words.about(checked.text) if isinstance(checked, About) else ""

    def _freshness(self, entry: Entry) -> Freshness:
        return freshness(entry.record, self.around.at.date())


def _calls(entry: Entry) -> Iterator[Text]:
    """Its telephones with their hours; the house's hours where no telephone has its own."""
    for one in entry.numbers:
        yield Text(one.number, _STRONG)
        if one.hours:
            yield Text(one.hours, _QUIET)
    if entry.hours and not any(one.hours for one in entry.numbers):
        yield Text(entry.hours, _QUIET)


def _columns(*titles: str) -> list[Column]:
    """The table's columns, with room for a shape before the last."""
    *others, last = titled(across(_FORM, *_SHARES), titles)
    last = replace(last, x=last.x + _ASIDE, width=last.width - _ASIDE)
    return [*others, last]


def _country(entry: Entry) -> str:
    return entry.country


def _facts(facts: Sequence[tuple[str, str]]) -> Block:
    """Labels with their values on a tint, in as many lines as they need."""
    label, value = Style(REGULAR, _SIZES.note, GREY), Style(SEMIBOLD, _SIZES.note, INK)
    left, right = _FORM.margin + _EDGE, _FORM.right - _EDGE
    x, y = left, _FACTS / 2 + label.cap_height / 2
    lines: list[Item] = []
    for title, said in facts:
        first, second = width_of(title, label) + 5, width_of(said, value)
        if x > left and x + first + second > right:
            x, y = left, y + 1.5 * label.size
        lines += [Line(title, label, x, y, first), Line(said, value, x + first, y, second)]
        x += first + second + _APART
    height = y + _FACTS / 2 - label.cap_height / 2
    ground = Frame(_FORM.margin, 0, _FORM.measure, height, 4, 0, fill=TINT)
    return Block((ground, *chips(lines), *lines), height + 6)


def _band(name: str, count: int) -> Block:
    """The head of a country, with how many of it stand on the list."""
    x, width = _FORM.margin, _FORM.measure
    strong, small = Style(BOLD, _SIZES.heading - 1, PETROL), Style(SEMIBOLD, _SIZES.note, PETROL)
    y = _BAND / 2 + strong.cap_height / 2
    lines = (
        Line(name, strong, x + _EDGE, y, width - 60),
        Line(str(count), small, x, y, width - _EDGE, "right"),
    )
    return Block((Frame(x, 0, width, _BAND, 0, 0, fill=TINT), *chips(lines), *lines), _BAND)
