# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion's sheet: the legs, what helps on the way, whom to call.

Rows go on on a further page under a repeated head; the calls stay together where one page can
hold them. Knows the order of the parts: how a row is set stands in `rows.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kfdesk.documents.companion import words as companion_words
from kfdesk.documents.companion.rows import LARGE, USUAL, RowSetter
from kfdesk.documents.companion.sheet import Sheet
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item, lowered
from kfdesk.documents.drawing.text_fit import Stack
from kfdesk.documents.drawing.type_scale import BOLD, GREY, REGULAR, SEMIBOLD, Style
from kfdesk.documents.press import Press
from kfdesk.documents.traveller.head import Head, HeadSetter
from kfdesk.documents.traveller.help import Section
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Form
from kfdesk.i18n.language import Language

_BETWEEN = 16.0
_UNDER_HEAD = 16.0
_SPEAKS = 0.62
_MOST_PAGES = 88
"""A number of pages as wide as any: the head is measured before they are counted."""


def draw_companions_sheet(
    sheet: Sheet, language: tuple[Language, Language], press: Press, form: Form = Form.A4
) -> bytes:
    """The sheet as a PDF; `language` is the reader's with the program's words and the traveller's.

    The same sheet gives the same bytes. Raises `documents.no_letter`, `documents.too_wide` or
    `documents.too_much`.
    """
    layout = LARGE if form is Form.LARGE else USUAL
    setter = _Setter(sheet, RowSetter(*language, layout))
    canvas = PageCanvas(layout.form, language[0].code, press.icon)
    for page in setter.pages():
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


@dataclass(slots=True)
class _Flow:
    """Sections one below the other, between the `top` of a page and its `bottom`."""

    first: float
    top: float
    bottom: float
    pages: list[list[Item]] = field(default_factory=lambda: [[]])
    y: float = 0.0

    def __post_init__(self) -> None:
        self.y = self.first

    def put(self, section: Section, gap: float = 0) -> None:
        """Place a section, on a new page if this one has no room for it.

        Raises `documents.too_much` where no page has.
        """
        if not section.items:
            return
        self.make_room(section.height + gap)
        self.y += gap if self.y > self.top and self.pages[-1] else 0
        self.pages[-1] += lowered(section.items, self.y)
        self.y += section.height

    def make_room(self, height: float) -> bool:
        """Begin a new page where this one has less room than that; whether it did."""
        if self.y + height <= self.bottom:
            return False
        if self.top + height > self.bottom:
            raise KfdeskError("documents.too_much")
        self.pages.append([])
        self.y = self.top
        return True

    def table(self, head: Section, rows: Sequence[Section], gap: float) -> None:
        """Place rows under a head, which is repeated on each further page."""
        self.make_room(gap + head.height + rows[0].height)
        self.put(head, gap)
        for row in rows:
            if self.y + row.height > self.bottom:
                self.make_room(head.height + row.height)
                self.put(head)
            self.put(row)


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets one sheet."""

    sheet: Sheet
    rows: RowSetter

    def pages(self) -> Iterator[list[Item]]:
        """The items of each page."""
        pages = self._body()
        for number, items in enumerate(pages, start=1):
            head = self._head(number, len(pages))
            yield [*head.items, *items]

    def _body(self) -> list[list[Item]]:
        sheet, rows = self.sheet, self.rows
        bottom = rows.form.bottom
        first, later = self._head(1, _MOST_PAGES).y, self._head(2, _MOST_PAGES).y + _UNDER_HEAD
        flow = _Flow(first, later, bottom)
        flow.table(rows.route_head(), [rows.leg(leg) for leg in sheet.legs], 0)
        flow.put(rows.needs(sheet), _BETWEEN)
        head, calls = rows.calls_head(), rows.calls(sheet)
        last = [rows.emergency(sheet), rows.tear_up()]
        together = head.height + sum(part.height + _BETWEEN for part in last)
        together += sum(row.height for row in calls)
        if later + together <= bottom and flow.y + _BETWEEN + together > bottom:
            flow.make_room(_BETWEEN + together if flow.y > later else together)
        flow.table(head, calls, _BETWEEN)
        for part in last:
            flow.put(part, _BETWEEN)
        return flow.pages

    def _head(self, number: int, total: int) -> Head:
        words, carried, form = self.rows.words, self.rows.carried, self.rows.form
        facts = carried.days(*self.sheet.days)
        if total > 1:
            facts = f"{facts} · {companion_words.sheet_number(words, number, total)}"
        heads = HeadSetter(carried, form, "luggage")
        head = heads.line(companion_words.title(words), facts)
        return self._named(head) if number == 1 else head

    def _named(self, head: Head) -> Head:
        """The traveller's name on the left, the languages on the right."""
        words, carried, form = self.rows.words, self.rows.carried, self.rows.form
        sizes, names, half = form.sizes, self.sheet.ticket_names, _SPEAKS * form.measure
        small = sizes.smallest
        left = Stack(form.margin, half - 12, y=head.y, smallest=small)
        right = Stack(form.margin + half, form.measure - half, y=head.y, smallest=small)
        caption, drop = Style(REGULAR, sizes.caption, GREY), 1.8 * sizes.caption
        left.add(companion_words.name_caption(words, len(names)), caption, drop)
        left.add_fitted(carried.listing(names), Style(BOLD, sizes.name), 1.2 * sizes.name)
        if self.sheet.languages:
            right.add(companion_words.languages_caption(words), caption, drop)
            spoken = companion_words.languages(words, self.sheet.languages)
            right.add(spoken, Style(SEMIBOLD, sizes.text), 1.6 * sizes.text)
        y = max(left.y, right.y) + _BETWEEN
        return Head([*head.items, *left.items, *right.items], y)
