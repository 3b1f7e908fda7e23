# SPDX-License-Identifier: GPL-3.0-or-later
"""Heads of pages and sections, facts with their labels, lines to sign on, plain paragraphs.

Each is a block of one width, in one size of paper. Knows no record and no sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kfdesk.documents.cabinet.blocks import Block
from kfdesk.documents.cabinet.marks import SIZE, Mark, mark
from kfdesk.documents.cabinet.table import PITCH, Column, Text
from kfdesk.documents.drawing.items import Item, Line, Rule
from kfdesk.documents.drawing.text_fit import fitted, width_of, wrapped_anywhere
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)

_NOTE_GAP = 16.0
_UNDER = 6.5
_AFTER = 3.0


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets parts in one size of paper, in a column from `x` (of the page) on."""

    form: Format
    x: float
    width: float

    def head(self, title: str, note: str = "") -> Block:
        """A section's heading, a note on the right, a rule below."""
        sizes = self.form.sizes
        style, small = Style(BOLD, sizes.heading), Style(REGULAR, sizes.note, GREY)
        lines = _fitted(title, style, self.width)
        items: list[Item] = []
        y = sizes.heading - 0.286 * sizes.heading
        for number, (text, face) in enumerate(lines):
            y += PITCH * face.size if number else 0
            items.append(Line(text, face, self.x, y, self.width))
        last, face = lines[-1]
        room = self.width - width_of(last, face) - _NOTE_GAP
        notes = wrapped_anywhere(note, small, self.width) if note else []
        if note and width_of(note, small) <= room:
            items.append(Line(note, small, self.x, y, self.width, "right"))
        else:
            for text in notes:
                y += PITCH * small.size
                items.append(Line(text, small, self.x, y, self.width))
        y += _UNDER
        items.append(Rule(self.x, y, across=self.width, stroke=1.1))
        return Block(tuple(items), y + _AFTER)

    def page_head(self, above: str, title: str, note: str = "") -> Block:
        """The name of a page: what it is of, its title large, a fact on the right."""
        sizes = self.form.sizes
        strong = Style(SEMIBOLD, sizes.heading)
        quiet = Style(REGULAR, sizes.title, GREY)
        y = 0.72 * sizes.title if above else -0.45 * sizes.name
        items: list[Item] = []
        for number, text in enumerate(wrapped_anywhere(above, quiet, self.width)):
            y += PITCH * quiet.size if number else 0
            items.append(Line(text, quiet, self.x, y, self.width))
        room = self.width - (width_of(note, strong) + _NOTE_GAP if note else 0)
        if room < self.width / 2:
            room = self.width
        for number, (text, face) in enumerate(_fitted(title, Style(BOLD, sizes.name), room)):
            y += (1.15 if number else 1.2) * face.size
            items.append(Line(text, face, self.x, y, self.width))
        if note and room < self.width:
            items.append(Line(note, strong, self.x, y, self.width, "right"))
        elif note:
            for text in wrapped_anywhere(note, strong, self.width):
                y += 1.5 * strong.size
                items.append(Line(text, strong, self.x, y, self.width))
        return Block(tuple(items), y + 0.3 * sizes.name)

    def facts(self, facts: Sequence[tuple[str, Text]], columns: Sequence[Column]) -> Block:
        """Labels in grey, each with its value below, side by side."""
        sizes = self.form.sizes
        label = Style(REGULAR, sizes.caption, GREY)
        items: list[Item] = []
        height = 0.0
        for (title, value), column in zip(facts, columns, strict=True):
            x, y = self.form.margin + column.x, 0.72 * label.size
            for number, text in enumerate(wrapped_anywhere(title, label, column.width)):
                y += PITCH * label.size if number else 0
                items.append(Line(text, label, x, y, column.width))
            for text in wrapped_anywhere(value.text, value.style, column.width) or [""]:
                y += 1.36 * value.style.size
                items.append(Line(text, value.style, x, y, column.width))
            if value.is_blank:
                items.append(Rule(x, y + 3.2, across=column.width, stroke=0.6))
            height = max(height, y)
        return Block(tuple(items), height + 5)

    def paragraph(
        self, text: str, style: Style, drop: float = 0, align: Literal["left", "right"] = "left"
    ) -> list[Block]:
        """Lines of text, a block each, so that a long text goes on on another page."""
        blocks = []
        for number, line in enumerate(wrapped_anywhere(text, style, self.width)):
            above = drop if not number else 0
            y = above + style.size
            item = Line(line, style, self.x, y, self.width, align)
            blocks.append(Block((item,), above + PITCH * style.size))
        return blocks

    def legend(self, shapes: Sequence[tuple[Mark, str]]) -> Block:
        """What shapes mean, on one line where that fits."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        x, y = self.x, 14.0
        items: list[Item] = []
        for shape, text in shapes:
            wide = SIZE + 5 + width_of(text, style)
            if x > self.x and x + wide > self.x + self.width:
                x, y = self.x, y + 1.6 * style.size
            items += mark(shape, x, y - 0.36 * style.size, SIZE - 2)
            items.append(Line(text, style, x + SIZE + 3, y, wide))
            x += wide + 22
        return Block(tuple(items), y + 4)

    def signatures(
        self, who: Sequence[Sequence[Text]], room: float, per_row: int = 3, date: str = ""
    ) -> Block:
        """Lines to sign on, `room` points above each, with what stands below.

        `date` stands on the right of the last line of each.
        """
        small = Style(REGULAR, self.form.sizes.caption, GREY)
        aside = width_of(date, small) + 8 if date else 0
        items: list[Item] = []
        height, gap = 0.0, 20.0
        width = (self.width - gap * (per_row - 1)) / per_row
        for first in range(0, len(who), per_row):
            top, lowest = height + room, height + room
            for place, texts in enumerate(who[first : first + per_row]):
                x, y = self.x + place * (width + gap), top + 3
                items.append(Rule(x, top, across=width, stroke=0.9))
                for piece in texts:
                    for text in wrapped_anywhere(piece.text, piece.style, width - aside) or [""]:
                        y += 1.34 * piece.style.size
                        items.append(Line(text, piece.style, x, y, width))
                items.append(Line(date, small, x, y, width, "right"))
                lowest = max(lowest, y)
            height = lowest + 4
        return Block(tuple(items), height)


def _fitted(text: str, style: Style, width: float) -> list[tuple[str, Style]]:
    """A heading in lines, a little smaller if that spares one; a wide word goes on below."""
    if any(width_of(word, style) > width for word in text.split()):
        return [(line, style) for line in wrapped_anywhere(text, style, width)]
    lines, small = fitted(text, style, width)
    return [(line, small) for line in lines] or [("", style)]
