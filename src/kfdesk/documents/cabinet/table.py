# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and rows of text: columns of one measure, hairlines between rows, heads said again.

A row that would be higher than a page goes on line by line, so that nothing is cut; a cell for an
answer that is missing has a line to write on. Knows no record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kfdesk.documents.cabinet.blocks import Block
from kfdesk.documents.cabinet.marks import SIZE, Mark, mark
from kfdesk.documents.drawing.items import Dot, Item, Line, Rule
from kfdesk.documents.drawing.text_fit import width_of, wrapped_anywhere
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    HAIR,
    INK,
    PETROL,
    SEMIBOLD,
    WHITE,
    Format,
    Style,
)

PITCH = 1.3
MOST_LINES = 30
"""Lines of a row that are kept together."""
_WRITE_ON = 3.2


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a cell, which begins on a line of its own; a blank is to be written in by hand."""

    text: str
    style: Style
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands, in points from the left margin."""

    x: float
    width: float
    title: str = ""
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class _Set:
    """A line of a cell that found its place."""

    line: Line
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Sets rows into columns. `pad` is the space above and below a row's text, in points."""

    form: Format
    columns: Sequence[Column]
    pad: float = 4.4

    def head(self) -> Block:
        """The columns' titles with a hairline below, where there are any."""
        style = Style(SEMIBOLD, self.form.sizes.smallest, GREY)
        titles = [[Text(column.title, style)] if column.title else [] for column in self.columns]
        return self.row(titles)[0] if any(titles) else Block((), 0)

    def row(
        self, cells: Sequence[Sequence[Text]], shape: Mark | None = None, at: int = 0
    ) -> list[Block]:
        """One row, as several blocks where it is very long; `shape` stands before column `at`."""
        columns = [list(self._set(*pair)) for pair in zip(self.columns, cells, strict=True)]
        height = max((len(lines) for lines in columns), default=0)
        blocks = []
        for first in range(0, max(height, 1), MOST_LINES):
            parts = [lines[first : first + MOST_LINES] for lines in columns]
            is_last = first + MOST_LINES >= height
            blocks.append(self._block(parts, None if first else shape, at, is_last=is_last))
        return blocks

    def number(self, number: int) -> Block:
        """A number in a disc, to stand before the first column of a row."""
        size, style = self.form.sizes.text, Style(BOLD, self.form.sizes.smallest, WHITE)
        middle = self.pad + self._lead([]) * size - 0.36 * size
        x = self.form.margin + self.columns[0].x - SIZE - 6
        text = str(number)
        wide = width_of(text, style)
        left = x + SIZE / 2 - wide / 2
        line = Line(text, style, left, middle + 0.36 * style.size, wide)
        return Block((Dot(x + SIZE / 2, middle, max(SIZE, wide + 5) / 2, PETROL), line), 0)

    def _set(self, column: Column, cell: Sequence[Text]) -> Iterator[_Set]:
        x = self.form.margin + column.x
        for piece in cell:
            for text in wrapped_anywhere(piece.text, piece.style, column.width) or [""]:
                line = Line(text, piece.style, x, 0, column.width, column.align)
                yield _Set(line, piece.is_blank)

    def _block(
        self, parts: Sequence[Sequence[_Set]], shape: Mark | None, at: int, *, is_last: bool
    ) -> Block:
        lead = self._lead(parts)
        items: list[Item] = []
        bottom = self.pad + lead * self.form.sizes.text
        for lines in parts:
            y = self.pad
            for number, piece in enumerate(lines):
                size = piece.line.style.size
                y += lead * self.form.sizes.text if not number else PITCH * size
                items += self._placed(piece, y)
            bottom = max(bottom, y)
        if shape is not None:
            middle = self.pad + lead * self.form.sizes.text - 0.36 * self.form.sizes.text
            items += mark(shape, self.form.margin + self.columns[at].x - SIZE - 6, middle)
        height = bottom + (self.pad + 0.2 * self.form.sizes.text if is_last else 0)
        if is_last:
            left = self.form.margin + min(column.x for column in self.columns)
            right = self.form.margin + max(column.x + column.width for column in self.columns)
            items.append(Rule(left, height, across=right - left, stroke=0.7, colour=HAIR))
        return Block(tuple(items), height)

    def _lead(self, parts: Sequence[Sequence[_Set]]) -> float:
        """The drop to the first baseline, by the largest first line, in sizes of the text."""
        sizes = [lines[0].line.style.size for lines in parts if lines]
        return max(sizes, default=self.form.sizes.text) / self.form.sizes.text

    def _placed(self, piece: _Set, y: float) -> Iterator[Item]:
        if piece.line.text:
            yield replace(piece.line, y=y)
        if piece.is_blank:
            across = piece.line.width
            yield Rule(piece.line.x, y + _WRITE_ON, across=across, stroke=0.6, colour=INK)


def across(
    form: Format, *shares: float, gap: float = 10, left: float = 0, width: float = 0
) -> list[Column]:
    """Columns from `left` on, as wide as their shares of `width`, or of what is left of it."""
    room = (width or form.measure - left) - gap * (len(shares) - 1)
    columns, x = [], left
    for share in shares:
        wide = room * share / sum(shares)
        columns.append(Column(x, wide))
        x += wide + gap
    return columns


def titled(columns: Sequence[Column], titles: Sequence[str]) -> list[Column]:
    """The same columns with their titles."""
    return [replace(column, title=title) for column, title in zip(columns, titles, strict=True)]
