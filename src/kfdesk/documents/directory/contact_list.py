# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact list: organisations by country, in a table whose heads are said again on each page.

No row is split. A place for the day on which somebody called is left to be filled in by hand.
Knows no store and no consent.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from kfdesk.documents.cabinet.blocks import Block, Part, pages_of, stacked
from kfdesk.documents.cabinet.frame import bottom, foot
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.directory.entries import Entry, entries_of
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Line
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    CABINET,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    TINT,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order
from kfdesk.i18n.language import Language

_FORM = CABINET
_SIZES = CABINET.sizes
_SHARES = (38, 14, 30, 18)
_BAND = 20.0
_BAND_GAP = 6.0


def make_contact_list(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The list as a PDF, in the language that was ordered; the same bytes for the same entries.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter.
    """
    words = press.program(order.language)
    entries = entries_of(what, words)
    pages = pages_of(list(_parts(entries, about, words)), _FORM.margin, bottom(_FORM))
    canvas = PageCanvas(_FORM, order.language, press.icon)
    said = words.gettext("For the desk. No protected entries, no addresses of shelters.")
    for number, page in enumerate(pages, start=1):
        counted = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *foot(said, counted, _FORM)])
        canvas.end_page()
    return canvas.pdf()


def _parts(entries: Sequence[Entry], about: About, words: Language) -> Iterator[Part]:
    setter = Setter(_FORM, _FORM.margin, _FORM.measure)
    day = words.day(about.at.date(), year=True)
    counted = words.ngettext("{count} organisation", "{count} organisations", len(entries))
    above = counted.format(count=len(entries))
    yield Part(setter.page_head(above, words.gettext("Contact list"), day))
    titles = (
        words.gettext("Organisation"), words.gettext("Languages"),
        words.gettext("Telephone and hours"), words.gettext("Called on"),
    )  # fmt: skip
    table = Table(_FORM, titled(across(_FORM, *_SHARES), titles))
    for number, (country, group) in enumerate(groupby(_by_country(entries, words), _country)):
        theirs = list(group)
        band = _band(words.country(country) if country else words.gettext("Other"), len(theirs))
        rows = [block for entry in theirs for block in _row(entry, table)]
        head = stacked([table.head(), band], 2) if not number else band
        yield Part(head, tuple(rows), stacked([table.head(), band], 2), gap=10)


def _by_country(entries: Sequence[Entry], words: Language) -> list[Entry]:
    def named(entry: Entry) -> tuple[bool, str]:
        return not entry.country, words.country(entry.country) if entry.country else ""

    return sorted(entries, key=named)


def _country(entry: Entry) -> str:
    return entry.country


def _band(name: str, count: int) -> Block:
    """The head of a country, with how many of it stand on the list."""
    x, width = _FORM.margin, _FORM.measure
    strong = Style(BOLD, _SIZES.heading - 1, PETROL)
    y = _BAND / 2 + strong.cap_height / 2
    items = (
        Frame(x, 0, width, _BAND, 0, 0, fill=TINT),
        Line(name, strong, x + _BAND_GAP, y, width - 60),
        Line(str(count), Style(SEMIBOLD, _SIZES.note, PETROL), x, y, width - _BAND_GAP, "right"),
    )
    return Block(items, _BAND)


def _row(entry: Entry, table: Table) -> list[Block]:
    strong, plain = Style(SEMIBOLD, _SIZES.text), Style(REGULAR, _SIZES.note)
    quiet = Style(REGULAR, _SIZES.note, GREY)
    name = [Text(entry.name, strong), *(Text(person, quiet) for person in entry.people)]
    calls = [
        piece
        for one in entry.numbers
        for piece in (Text(one.number, strong), Text(one.hours, quiet))
        if piece.text
    ]
    spoken = [Text(" ".join(entry.languages), plain)] if entry.languages else []
    blank = Text("", plain, is_blank=True)
    return table.row([name, spoken, calls or [Text("–", quiet)], [blank]])
