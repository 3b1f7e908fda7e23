# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of one article for others: a leaflet to fold, cards to cut, and a poster.

Their text is the article's, nothing added but its sources and licence. The type shrinks as far as
it can still be read; a text that is longer is refused, never cut.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kfdesk.documents.book.content import one_article
from kfdesk.documents.book.flow import FlowSetter, FlowSizes
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import Block, stack_blocks
from kfdesk.documents.layout.style import (
    A4,
    FOLD,
    GREY,
    MILLIMETRE,
    PETROL,
    Item,
    PageFormat,
    Rule,
    move_items,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.book.blocks import BookHeading, BookList, BookPart, Span
from kfdesk.domain.book.contents import BookChapter
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import PrintContext

# --- leaflet

LEAFLET_FORM = replace(A4, width=A4.height, height=A4.width, margin=9 * MILLIMETRE)
_PANELS = 3
_PANEL = LEAFLET_FORM.width / _PANELS
_PANEL_EDGE = 9 * MILLIMETRE
_LEAFLET_SIZES = FlowSizes(11, 14, 12, 9)
_LEAFLET_SCALES = (1.3, 1.2, 1.1, 1.0, 0.95, 0.9, 0.86, 0.82)


def make_leaflet(
    order: PaperRequest, what: Disclosed, _about: PrintContext, press: Typesetter
) -> bytes:
    """Make a leaflet of two sides with three panels each, folded like a letter.

    Outside stand, from the left, the flap, the back and the front. The text runs through the three
    panels inside and ends on the flap. Raise KfdeskError `paper.book_too_long`,
    `paper.book_no_text` or `documents.no_letter`.
    """
    article = one_article(order, what)
    parts = press.read_body(article.body)
    for scale in _LEAFLET_SCALES:
        sizes = _LEAFLET_SIZES.scaled(scale)
        setter = FlowSetter(0, _PANEL - 2 * _PANEL_EDGE, sizes)
        panels = _filled(list(setter.all_blocks(parts)), LEAFLET_FORM.height - 2 * _PANEL_EDGE)
        if len(panels) <= _PANELS + (scale <= 1):
            return _drawn_leaflet(order, article, panels, sizes, press)
    raise KfdeskError("paper.book_too_long")


def _drawn_leaflet(
    order: PaperRequest,
    article: BookChapter,
    panels: Sequence[Sequence[Item]],
    sizes: FlowSizes,
    press: Typesetter,
) -> bytes:
    empty: Sequence[Item] = ()
    inside = [*panels[:_PANELS], *[empty] * _PANELS][:_PANELS]
    flap = panels[_PANELS] if len(panels) > _PANELS else empty
    canvas = PageCanvas(LEAFLET_FORM, order.language, press.icon)
    for side in ((flap, _back(article, sizes), _front(article, sizes)), inside):
        for place, panel in enumerate(side):
            canvas.put(move_items(panel, place * _PANEL + _PANEL_EDGE, _PANEL_EDGE))
        for place in (1, 2):
            canvas.put(_fold_marks(place * _PANEL))
        canvas.end_page()
    return canvas.pdf()


def _front(article: BookChapter, sizes: FlowSizes) -> list[Item]:
    """Compose the front: the heading, and what the article says in short."""
    setter = FlowSetter(0, _PANEL - 2 * _PANEL_EDGE, sizes)
    title = stack_blocks(setter.lines((Span(article.title, is_strong=True),), 0, 24))
    under = stack_blocks(setter.lines((Span(article.summary),), 8, sizes.heading))
    whole = stack_blocks([title, under])
    top = LEAFLET_FORM.height * 0.26
    bar = Rule(0, top - 18, across=44, stroke=4, colour=PETROL)
    return [bar, *(replace(item, y=item.y + top) for item in whole.items)]


def _back(article: BookChapter, sizes: FlowSizes) -> list[Item]:
    """Compose the back: sources and licence, at its foot."""
    small = replace(sizes, text=8.2)
    setter = FlowSetter(0, _PANEL - 2 * _PANEL_EDGE, small, GREY)
    said = (*article.sources, article.licence)
    whole = stack_blocks(block for one in said if one for block in setter.lines((Span(one),), 4))
    top = LEAFLET_FORM.height - 2 * _PANEL_EDGE - whole.height
    if top < 0:
        raise KfdeskError("paper.book_too_long")
    return [replace(item, y=item.y + top) for item in whole.items]


def _fold_marks(x: float) -> Iterator[Item]:
    for y in (0.0, LEAFLET_FORM.height - 3 * MILLIMETRE):
        yield Rule(x, y, down=3 * MILLIMETRE, stroke=0.5, colour=FOLD)


def _filled(blocks: Sequence[Block], height: float) -> list[list[Item]]:
    """Distribute blocks to columns of a height; space above the first line of each is kept."""
    columns: list[list[Item]] = [[]]
    y = 0.0
    for block in blocks:
        if y + block.height > height + 0.01 and columns[-1]:
            columns.append([])
            y = 0.0
        if block.height > height + 0.01:
            raise KfdeskError("paper.book_too_long")
        columns[-1] += move_items(block.items, 0, y)
        y += block.height
    return columns


# --- cards

CARD_WIDTH, CARD_HEIGHT = 85 * MILLIMETRE, 54 * MILLIMETRE
CARDS_ACROSS, CARDS_DOWN = 2, 5
_CARD_EDGE = 4.5 * MILLIMETRE
_MARK = 4 * MILLIMETRE
_CARD_SIZES = FlowSizes(9.6, 11, 10, 8)
_CARD_SCALES = (1.0, 0.93, 0.87, 0.8, 0.75, 0.7)
_SMALLEST_ON_ONE_SIDE = 0.87
"""With smaller type than this a text goes to the back of the card, too."""
_CARD_SIDES = 2


def make_cards(
    order: PaperRequest, what: Disclosed, _about: PrintContext, press: Typesetter
) -> bytes:
    """Make ten cards of 85 by 54 mm on A4, with marks at their corners, and their backs if needed.

    All ten are the same, so the backs fit however the sheet is turned. Raise KfdeskError
    `paper.book_too_long`, `paper.book_no_text` or `documents.no_letter`.
    """
    article = one_article(order, what)
    sides = _card_sides(article, press.read_body(article.body))
    left = (A4.width - CARDS_ACROSS * CARD_WIDTH) / 2
    top = (A4.height - CARDS_DOWN * CARD_HEIGHT) / 2
    canvas = PageCanvas(A4, order.language, press.icon)
    for side in sides:
        canvas.put(_cut_marks(left, top))
        for place in range(CARDS_ACROSS * CARDS_DOWN):
            row, column = divmod(place, CARDS_ACROSS)
            corner = left + column * CARD_WIDTH + _CARD_EDGE, top + row * CARD_HEIGHT + _CARD_EDGE
            canvas.put(move_items(side, *corner))
        canvas.end_page()
    return canvas.pdf()


def _card_sides(article: BookChapter, parts: Sequence[BookPart]) -> list[list[Item]]:
    """Return the sides of a card: one if its type stays large enough, else two."""
    tried = [
        _filled(
            _card_blocks(article, parts, _CARD_SIZES.scaled(scale)), CARD_HEIGHT - 2 * _CARD_EDGE
        )
        for scale in _CARD_SCALES
    ]
    for sides, scale in zip(tried, _CARD_SCALES, strict=True):
        if len(sides) == 1 and scale >= _SMALLEST_ON_ONE_SIDE:
            return sides
    for sides in tried:
        if len(sides) <= _CARD_SIDES:
            return sides
    raise KfdeskError("paper.book_too_long")


def _card_blocks(article: BookChapter, parts: Sequence[BookPart], sizes: FlowSizes) -> list[Block]:
    """Compose a card's text line by line, and each short point of a list as one.

    So no point begins on the front and ends on the back.
    """
    width, most = CARD_WIDTH - 2 * _CARD_EDGE, (CARD_HEIGHT - 2 * _CARD_EDGE) / 2
    setter = FlowSetter(0, width, sizes)
    found = list(setter.lines((Span(article.title, is_strong=True),), 0, sizes.heading * 1.2))
    before: list[BookPart] = []
    for part in _points_apart(parts):
        if not isinstance(part, BookList):
            before.append(part)
            continue
        head = [before.pop()] if before and isinstance(before[-1], BookHeading) else []
        blocks = list(setter.all_blocks([*head, part]))
        whole = stack_blocks(blocks)
        found += setter.all_blocks(before)
        found += [whole] if whole.height <= most else blocks
        before = []
    found += setter.all_blocks(before)
    return found


def _points_apart(parts: Sequence[BookPart]) -> Iterator[BookPart]:
    for part in parts:
        if isinstance(part, BookList):
            yield from (BookList((item,)) for item in part.items)
        else:
            yield part


def _cut_marks(left: float, top: float) -> Iterator[Item]:
    """Yield short lines outside the cards, where to cut."""
    right, bottom = left + CARDS_ACROSS * CARD_WIDTH, top + CARDS_DOWN * CARD_HEIGHT
    for column in range(CARDS_ACROSS + 1):
        x = left + column * CARD_WIDTH
        yield Rule(x, top - _MARK, down=_MARK - 1, stroke=0.5, colour=GREY)
        yield Rule(x, bottom + 1, down=_MARK - 1, stroke=0.5, colour=GREY)
    for row in range(CARDS_DOWN + 1):
        y = top + row * CARD_HEIGHT
        yield Rule(left - _MARK, y, across=_MARK - 1, stroke=0.5, colour=GREY)
        yield Rule(right + 1, y, across=_MARK - 1, stroke=0.5, colour=GREY)


def _all_lines(
    article: BookChapter, parts: Sequence[BookPart], width: float, sizes: FlowSizes
) -> list[Block]:
    """Compose heading and text, line by line; what the article is in short is for who finds it."""
    setter = FlowSetter(0, width, sizes)
    title = setter.lines((Span(article.title, is_strong=True),), 0, sizes.heading * 1.2)
    return [*title, *setter.all_blocks(parts)]


def _fitted(
    article: BookChapter,
    parts: Sequence[BookPart],
    width: float,
    height: float,
    every: Sequence[FlowSizes],
) -> list[Item]:
    """Return heading and text in the largest type in which they fit.

    Raise KfdeskError `paper.book_too_long`.
    """
    for sizes in every:
        whole = stack_blocks(_all_lines(article, parts, width, sizes))
        if whole.height <= height:
            return list(whole.items)
    raise KfdeskError("paper.book_too_long")


# --- poster

A3 = replace(A4, width=A4.height, height=2 * A4.width)
_POSTER_FORMS: dict[PaperFormat, PageFormat] = {PaperFormat.A4: A4, PaperFormat.A3: A3}
_POSTER_SIZES = FlowSizes(24, 34, 28, 18)
_POSTER_SCALES = (1.0, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6, 0.55, 0.5)
_POSTER_EDGE = 16 * MILLIMETRE


def make_poster(
    order: PaperRequest, what: Disclosed, _about: PrintContext, press: Typesetter
) -> bytes:
    """Make a poster of one page, in the largest type that fits.

    Raise KfdeskError `paper.book_too_long`, `paper.book_no_text` or `documents.no_letter`.
    """
    article = one_article(order, what)
    form = _POSTER_FORMS[order.form]
    by = form.width / A4.width
    sizes = [_POSTER_SIZES.scaled(one * by) for one in _POSTER_SCALES]
    foot = FlowSetter(0, form.width - 2 * _POSTER_EDGE, replace(sizes[-1], text=8.5 * by), GREY)
    said = (*article.sources, article.licence)
    below = stack_blocks(block for one in said if one for block in foot.lines((Span(one),), 2))
    room = form.height - 2 * _POSTER_EDGE - 20 - below.height
    items = _fitted(
        article, press.read_body(article.body), form.width - 2 * _POSTER_EDGE, room, sizes
    )
    canvas = PageCanvas(form, order.language, press.icon)
    canvas.put([Rule(_POSTER_EDGE, _POSTER_EDGE - 8, across=70 * by, stroke=6, colour=PETROL)])
    canvas.put(move_items(items, _POSTER_EDGE, _POSTER_EDGE + 6))
    canvas.put(move_items(below.items, _POSTER_EDGE, form.height - _POSTER_EDGE - below.height))
    canvas.end_page()
    return canvas.pdf()
