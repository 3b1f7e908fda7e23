# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact card: one organisation ten times on a page, each 85 by 55 mm, to cut out.

It says no country's flag, no sign and no purpose: a name, telephones, hours, languages. Knows no
store and no consent.
"""

from collections.abc import Iterator

from kfdesk.documents.directory.entries import Entry, entries_of
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Item, Rule
from kfdesk.documents.drawing.text_fit import Stack
from kfdesk.documents.drawing.type_scale import (
    A4,
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
from kfdesk.domain.papers.order import Order
from kfdesk.i18n.language import Language

WIDTH, HEIGHT = 85 * MILLIMETRE, 55 * MILLIMETRE
COLUMNS, ROWS = 2, 5
_PADDING = 5 * MILLIMETRE
_NAME, _PHONE = Style(BOLD, 12), Style(SEMIBOLD, 13)
_SMALL = Style(REGULAR, 8.5, GREY)


def make_contact_card(order: Order, what: Disclosed, _about: About, press: Press) -> bytes:
    """The page of cards as a PDF, in the language that was ordered.

    Raises KfdeskError `documents.no_letter` or `documents.too_wide`, `documents.too_much` for more
    than a card holds, and `paper.nothing_listed` where nothing of the entry may be shown.
    """
    words = press.program(order.language)
    entry = next(iter(entries_of(what, words)), None)
    if entry is None:
        raise KfdeskError("paper.nothing_listed")
    canvas = PageCanvas(A4, order.language, press.icon)
    left, top = (A4.width - COLUMNS * WIDTH) / 2, (A4.height - ROWS * HEIGHT) / 2
    for place in range(COLUMNS * ROWS):
        row, column = divmod(place, COLUMNS)
        canvas.put(_card(entry, words, left + column * WIDTH, top + row * HEIGHT))
    canvas.end_page()
    return canvas.pdf()


def _card(entry: Entry, words: Language, x: float, y: float) -> Iterator[Item]:
    yield Frame(x, y, WIDTH, HEIGHT, 0, 0.5, colour=FOLD)
    stack = Stack(x + _PADDING, WIDTH - 2 * _PADDING, y=y + _PADDING)
    stack.add_fitted(entry.name, _NAME, _NAME.size)
    if entry.people:
        stack.add(words.listing(entry.people), _SMALL, 12)
    stack.y += 6
    stack.items.append(Rule(stack.x, stack.y, across=stack.width, stroke=0.6, colour=FOLD))
    for one in entry.numbers:
        stack.add_fitted(one.number, _PHONE, 19)
        if one.hours:
            stack.add(one.hours, _SMALL, 11)
    if entry.languages:
        stack.add(words.listing([words.language(code) for code in entry.languages]), _SMALL, 15)
    if stack.y > y + HEIGHT - 6:
        raise KfdeskError("documents.too_much")
    yield from stack.items
