# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact card: one organisation on one A6, or ten times on A4, each 85 by 55 mm, to cut out.

It says no country's flag, no sign and no purpose: a name, telephones, hours, languages. Knows no
store and no consent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.documents.directory.entries import Entry, entries_of
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Item, Rule
from kfdesk.documents.drawing.text_fit import Stack
from kfdesk.documents.drawing.type_scale import (
    A4,
    A6,
    BOLD,
    FOLD,
    GREY,
    MILLIMETRE,
    REGULAR,
    SEMIBOLD,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Form, Order
from kfdesk.i18n.language import Language

WIDTH, HEIGHT = 85 * MILLIMETRE, 55 * MILLIMETRE
COLUMNS, ROWS = 2, 5


@dataclass(frozen=True, slots=True)
class _Size:
    """How large a card is, its type, and how far below the last a line of each sort stands."""

    width: float
    height: float
    padding: float
    name: Style
    phone: Style
    small: Style
    drops: tuple[float, float, float, float]
    """Of people, a telephone, its hours, the languages."""


_TENTH = _Size(
    WIDTH,
    HEIGHT,
    5 * MILLIMETRE,
    Style(BOLD, 12),
    Style(SEMIBOLD, 13),
    Style(REGULAR, 8.5, GREY),
    (12, 19, 11, 15),
)
_WHOLE = _Size(
    A6.width,
    A6.height,
    A6.margin,
    Style(BOLD, A6.sizes.name),
    Style(SEMIBOLD, A6.sizes.phone),
    Style(REGULAR, A6.sizes.text, GREY),
    (19, 30, 16, 24),
)


def make_contact_card(order: Order, what: Disclosed, _about: About, press: Press) -> bytes:
    """The card or the page of cards as a PDF, in the language and form that were ordered.

    Raises KfdeskError `documents.no_letter` or `documents.too_wide`, `documents.too_much` for more
    than a card holds, and `paper.nothing_listed` where nothing of the entry may be shown.
    """
    words = press.program(order.language)
    entry = next(iter(entries_of(what, words)), None)
    if entry is None:
        raise KfdeskError("paper.nothing_listed")
    if order.form is Form.A6:
        canvas = PageCanvas(A6, order.language, press.icon)
        canvas.put(_card(entry, words, _WHOLE, (0, 0)))
    else:
        canvas = PageCanvas(A4, order.language, press.icon)
        for corner in _corners():
            canvas.put(
                [
                    Frame(*corner, WIDTH, HEIGHT, 0, 0.5, colour=FOLD),
                    *_card(entry, words, _TENTH, corner),
                ]
            )
    canvas.end_page()
    return canvas.pdf()


def _corners() -> Iterator[tuple[float, float]]:
    """Where the ten cards of a page begin."""
    left, top = (A4.width - COLUMNS * WIDTH) / 2, (A4.height - ROWS * HEIGHT) / 2
    for place in range(COLUMNS * ROWS):
        row, column = divmod(place, COLUMNS)
        yield left + column * WIDTH, top + row * HEIGHT


def _card(
    entry: Entry, words: Language, size: _Size, corner: tuple[float, float]
) -> Iterator[Item]:
    x, y = corner
    people, phone, hours, spoken = size.drops
    inner = size.width - 2 * size.padding
    stack = Stack(x + size.padding, inner, y=y + size.padding, smallest=size.small.size)
    stack.add_fitted(entry.name, size.name, size.name.size)
    if entry.people:
        stack.add(words.listing(entry.people), size.small, people)
    stack.y += size.name.size / 2
    stack.items.append(Rule(stack.x, stack.y, across=stack.width, stroke=0.6, colour=FOLD))
    for one in entry.numbers:
        stack.add_fitted(one.number, size.phone, phone)
        if one.hours:
            stack.add(one.hours, size.small, hours)
    if entry.hours and not any(one.hours for one in entry.numbers):
        stack.add(entry.hours, size.small, hours)
    if entry.languages:
        named = words.listing([words.language(code) for code in entry.languages])
        stack.add(named, size.small, spoken)
    if stack.y > y + size.height - 6:
        raise KfdeskError("documents.too_much")
    yield from stack.items
