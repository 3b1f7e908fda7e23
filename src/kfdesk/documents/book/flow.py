# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of a text: its parts as blocks of one line each, with several faces in a line.

A block is never split, so a text breaks between any two lines. Headings keep their next line. The
frame of a box and the rules of a table are drawn line by line, so that they break, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kfdesk.documents.layout.office import Block, PaperPart, stack_blocks
from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    HAIRLINE,
    INK,
    ITALIC,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.domain.book.blocks import (
    BookBox,
    BookHeading,
    BookList,
    BookListItem,
    BookParagraph,
    BookPart,
    BookQuote,
    BookTable,
    Span,
    Spans,
)

LINE = 1.38
"""The height of a line, in sizes of its type."""
TINT = "#F0F4F5"
_INDENT = 1.5  # of a list, in sizes
_BOX_EDGE = 0.9  # between the frame of a box and its text, in sizes
_CELL_GAP = 0.7
_MOST_LINES = 24  # of a row of a table that stay together
_LINES_APART = 4  # a text of fewer lines stays whole
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class FlowSizes:
    """The type of a text in points: its lines, its headings of two levels, and what is small."""

    text: float
    heading: float
    lower: float
    small: float

    def scaled(self, by: float) -> "FlowSizes":
        """Return the same, larger or smaller."""
        return FlowSizes(self.text * by, self.heading * by, self.lower * by, self.small * by)


Piece = tuple[str, Style]
_Word = tuple[Piece, ...]


def wrap_spans(spans: Spans, size: float, width: float, colour: str = INK) -> list[list[Piece]]:
    """Wrap a line of several faces; return for each line its texts with their styles.

    A word that is wider than a line is broken anywhere. Raise KfdeskError `documents.no_letter`.
    """
    lines: list[list[Piece]] = []
    room = 0.0
    for word in _words(spans, size, colour):
        wide = sum(width_of(text, style) for text, style in word)
        space = width_of(" ", word[0][1])
        if lines and wide + space <= room + _ROUNDING:
            lines[-1].append((" ", word[0][1]))
            lines[-1] += word
            room -= wide + space
        elif wide <= width + _ROUNDING:
            lines.append(list(word))
            room = width - wide
        else:
            lines.append([])
            room = width
            for letter, style in ((one, style) for text, style in word for one in text):
                step = width_of(letter, style)
                if step > room + _ROUNDING and lines[-1]:
                    lines.append([])
                    room = width
                lines[-1].append((letter, style))
                room -= step
    return [list(_joined(line)) for line in lines]


def _words(spans: Spans, size: float, colour: str) -> Iterator[_Word]:
    """Yield the words; a word may change its face inside."""
    word: list[Piece] = []
    for span in spans:
        style = _style(span, size, colour)
        for number, piece in enumerate(span.text.replace("\n", " ").split(" ")):
            if number and word:
                yield tuple(word)
                word = []
            if piece:
                word.append((piece, style))
    if word:
        yield tuple(word)


def _style(span: Span, size: float, colour: str) -> Style:
    ink = PETROL if span.link and colour == INK else colour
    if span.is_strong:
        return Style(BOLD if span.is_emphasis else SEMIBOLD, size, ink)
    return Style(ITALIC if span.is_emphasis else REGULAR, size, ink)


def _joined(line: Sequence[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for text, style in line:
        if last is not None and last[1] == style:
            last = last[0] + text, style
            continue
        if last is not None:
            yield last
        last = text, style
    if last is not None:
        yield last


def _kept_together(lines: Sequence[Block]) -> Iterator[Block]:
    """Yield a text with its first two lines, and its last two, joined: none stands alone."""
    if len(lines) < _LINES_APART:
        yield stack_blocks(lines)
        return
    yield stack_blocks(lines[:2])
    yield from lines[2:-2]
    yield stack_blocks(lines[-2:])


class FlowSetter:
    """Composes the parts of a text in a column that begins at `x` and is `width` wide."""

    def __init__(self, x: float, width: float, sizes: FlowSizes, colour: str = INK) -> None:
        self._x, self._width, self._sizes, self._colour = x, width, sizes, colour

    def parts(self, parts: Sequence[BookPart]) -> Iterator[PaperPart]:
        """Yield the text in parts of a page: each heading with what follows."""
        head: Block | None = None
        rows: list[Block] = []
        for one in parts:
            if isinstance(one, BookHeading):
                if head is not None or rows:
                    yield _part(head, rows)
                head, rows = stack_blocks(self.heading(one)), []
            else:
                rows += self.blocks(one)
        if head is not None or rows:
            yield _part(head, rows)

    def all_blocks(self, parts: Sequence[BookPart]) -> Iterator[Block]:
        """Yield the lines of a text; a heading is one with the line below it."""
        for part in self.parts(parts):
            if not part.rows:
                yield part.head
                continue
            yield stack_blocks([part.head, part.rows[0]])
            yield from part.rows[1:]

    def blocks(self, part: BookPart) -> Iterator[Block]:
        """Yield the lines of one part."""
        match part:
            case BookHeading():
                yield from self.heading(part)
            case BookParagraph():
                yield from _kept_together(list(self.lines(part.spans, 0.55 * self._sizes.text)))
            case BookList():
                yield from self._list(part.items)
            case BookTable():
                yield from self._table(part)
            case BookQuote():
                yield from self._set_in(part.parts)
            case BookBox():
                yield from self._box(part.parts)

    def heading(self, part: BookHeading) -> list[Block]:
        """Compose a heading, with the space above it."""
        size = self._sizes.heading if part.level < 3 else self._sizes.lower
        strong = tuple(replace(one, is_strong=True, is_emphasis=False) for one in part.spans)
        return list(self.lines(strong, 0.9 * size, size))

    def lines(
        self, spans: Spans, above: float = 0, size: float = 0, inset: float = 0
    ) -> Iterator[Block]:
        """Yield a text line by line; `above` is the space over the first."""
        size = size or self._sizes.text
        width = self._width - inset
        for number, line in enumerate(wrap_spans(spans, size, width, self._colour)):
            drop = above if not number else 0
            items = _placed(line, self._x + inset, drop + size, width)
            yield Block(tuple(items), drop + LINE * size)

    def _list(self, items: Sequence[BookListItem]) -> Iterator[Block]:
        size = self._sizes.text
        widest = max((width_of(one.number, Style(REGULAR, size)) for one in items), default=0)
        for one in items:
            step = max(_INDENT * size, widest + 0.4 * size if one.number else 0)
            inset = min(one.depth * step + step, self._width / 2)
            lines = list(self.lines(one.spans, 0.3 * size, size, inset)) or [Block((), LINE * size)]
            mark = one.number or "•"
            style = Style(REGULAR, size, self._colour)
            x = self._x + inset - width_of(mark, style) - 0.45 * size
            first = lines[0]
            line = TextLine(mark, style, x, 0.3 * size + size, width_of(mark, style))
            yield from _kept_together([Block((line, *first.items), first.height), *lines[1:]])

    def _set_in(self, parts: Sequence[BookPart]) -> Iterator[Block]:
        """Compose a quotation: set in, with a rule on its left."""
        edge = _INDENT * self._sizes.text
        inner = FlowSetter(self._x + edge, self._width - edge, self._sizes, GREY)
        for block in inner.all_blocks(parts):
            rule = Rule(self._x + edge / 2, 0, down=block.height, stroke=1.4, colour=HAIRLINE)
            yield Block((rule, *block.items), block.height)

    def _box(self, parts: Sequence[BookPart]) -> Iterator[Block]:
        """Compose a box on a tint, with a bar on its left."""
        edge = _BOX_EDGE * self._sizes.text
        inner = FlowSetter(
            self._x + 1.4 * edge, self._width - 2.4 * edge, self._sizes, self._colour
        )
        blocks = list(inner.all_blocks(parts))
        gap = Block((), 0.6 * edge)
        yield Block((), 0.7 * self._sizes.text)
        for block in (gap, *blocks, Block((), 0.9 * edge)):
            ground = Box(self._x, 0, self._width, block.height + 0.3, 0, 0, fill=TINT)
            bar = Box(self._x, 0, 3.2, block.height + 0.3, 0, 0, fill=PETROL)
            yield Block((ground, bar, *block.items), block.height)
        yield Block((), 0.4 * self._sizes.text)

    def _table(self, table: BookTable) -> Iterator[Block]:
        """Compose a table with columns of equal width, its titles strong."""
        count = len(table.head)
        gap = _CELL_GAP * self._sizes.text
        wide = (self._width - gap * (count - 1)) / count
        strong = tuple(tuple(replace(one, is_strong=True) for one in cell) for cell in table.head)
        yield Block((), 0.5 * self._sizes.text)
        for row in (strong, *table.rows):
            yield from self._row(row, wide, gap)
        yield Block((), 0.3 * self._sizes.text)

    def _row(self, row: Sequence[Spans], wide: float, gap: float) -> Iterator[Block]:
        size = self._sizes.small
        columns = [wrap_spans(cell, size, wide, self._colour) for cell in row]
        height = max((len(lines) for lines in columns), default=1)
        pad = 0.35 * size
        for first in range(0, max(height, 1), _MOST_LINES):
            items: list[Item] = []
            count = min(height - first, _MOST_LINES)
            for place, lines in enumerate(columns):
                x = self._x + place * (wide + gap)
                for number, line in enumerate(lines[first : first + _MOST_LINES]):
                    items += _placed(line, x, pad + size + number * 1.3 * size, wide)
            low = pad + max(count, 1) * 1.3 * size + pad
            items.append(Rule(self._x, low, across=self._width, stroke=0.6, colour=HAIRLINE))
            yield Block(tuple(items), low)


def _placed(line: Sequence[Piece], x: float, y: float, room: float) -> Iterator[Item]:
    """Yield the texts of a line from the left."""
    left = x
    for text, style in line:
        wide = width_of(text, style)
        if text.strip():
            yield TextLine(text, style, left, y, min(wide, room) + 0.5)
        left += wide


def _part(head: Block | None, rows: Sequence[Block]) -> PaperPart:
    if head is None:
        return PaperPart(rows[0], tuple(rows[1:]), gap=0)
    return PaperPart(head, tuple(rows), gap=0)
