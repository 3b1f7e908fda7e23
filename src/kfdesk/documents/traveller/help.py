# SPDX-License-Identifier: GPL-3.0-or-later
"""The lower half of the traveller's sheet: numbers to call, words to show, luggage to count.

Each part is worked out as a Section whose height is known before it is placed. Knows neither the
journey nor how a letter is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kfdesk.documents.drawing.items import Frame, Item, Line, Rule, lowered
from kfdesk.documents.drawing.text_fit import Sign, Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.sheet import Phone, Sheet
from kfdesk.documents.traveller.words import Phrase
from kfdesk.i18n.language import Language

COLUMN_GAP = 34.0
_RULE_DROP = 8.0
_TICK = 1.256
_INDENT = 1.275
_PAD = 15.7


@dataclass(frozen=True, slots=True)
class Room:
    """How close the section is set: drops as multiples of the type size.

    `first` is the drop below a heading's rule, `next` that between phones and between phrases,
    `box` the space above the emergency box, `tick` the drop from one piece of luggage to the next;
    `luggage` is the space above the luggage, in points.
    """

    first: float
    next: float
    box: float
    tick: float
    luggage: float


WIDE = Room(first=1.7, next=2.0, box=1.85, tick=2.45, luggage=22)
NARROW = Room(first=1.35, next=1.45, box=1.0, tick=1.75, luggage=14)


@dataclass(frozen=True, slots=True)
class Section:
    """Items from the top of a heading's capitals, and their whole height."""

    items: tuple[Item, ...]
    height: float


@dataclass(frozen=True, slots=True)
class HelpSetter:
    """Sets the sections in one language, on one size of paper, at one closeness.

    With a `second` language what stands beside the sheet stands small and grey below.
    """

    words: Language
    form: Format
    room: Room
    second: Language | None = None

    def calls(self, sheet: Sheet, speaking: Callable[[str], Language]) -> Section:
        """Numbers to call on the left, the language card on the right.

        `speaking` gives the language of a code with its phrases. Raises `documents.no_letter` or
        `documents.too_wide`.
        """
        width = (self.form.measure - COLUMN_GAP) / 2
        left = self.phones(sheet, self.form.margin, width)
        right = self.card(sheet, speaking, self.form.right - width, width)
        return Section((*left.items, *right.items), max(left.height, right.height))

    def phones(self, sheet: Sheet, x: float, width: float) -> Section:
        """Numbers to call, and the box with the emergency number. Raises as `calls` does."""
        column = self._heading(traveller_words.help_heading, x, width)
        others = sheet.beside.phones if sheet.beside else sheet.phones
        for number, both in enumerate(zip(sheet.phones, others, strict=True)):
            self._phone(column, *both, is_first=not number)
        if sheet.emergency:
            self._emergency(column, sheet.emergency, sheet.emergency_country)
        return self._section(column)

    def card(
        self, sheet: Sheet, speaking: Callable[[str], Language], x: float, width: float
    ) -> Section:
        """The language card: words to show. Raises as `calls` does."""
        column = self._heading(traveller_words.card_heading, x, width)
        for number, phrase in enumerate(traveller_words.phrases(self.words, sheet, speaking)):
            self._phrase(column, phrase, is_first=not number)
        return self._section(column)

    def luggage(self, sheet: Sheet, columns: int = 2) -> Section:
        """A box to tick before each piece, in columns; nothing where there is no luggage."""
        pieces, again = sheet.luggage, sheet.beside.luggage if sheet.beside else ()
        if not pieces:
            return Section((), 0)
        text = self.form.sizes.text
        heading = traveller_words.luggage_heading
        whole = self._heading(heading, self.form.margin, self.form.measure)
        width = (self.form.measure - (columns - 1) * COLUMN_GAP) / columns
        lefts = [self.form.margin + place * (width + COLUMN_GAP) for place in range(columns)]
        for row in range(0, len(pieces), columns):
            drop = (self.room.first if not row else self.room.tick) * text
            top, lowest = whole.y + drop, whole.y
            for place, (piece, x) in enumerate(
                zip(pieces[row : row + columns], lefts, strict=False), start=row
            ):
                column = Stack(x + self._indent, width - self._indent, y=whole.y)
                column.add(piece, Style(REGULAR, text), drop)
                if place < len(again):
                    self._below(column, again[place], piece)
                whole.items += [self._tick(x, top), *column.items]
                lowest = max(lowest, column.y)
            whole.y = lowest
        return Section(tuple(whole.items), whole.y + 0.4 * text)

    @property
    def _indent(self) -> float:
        """How far text stands behind an icon or a box."""
        return _INDENT * self.form.sizes.phone

    def _section(self, column: Stack) -> Section:
        return Section(tuple(column.items), column.y + 0.3 * self.form.sizes.text)

    def _tick(self, x: float, baseline: float) -> Frame:
        middle = baseline - Style(REGULAR, self.form.sizes.text).cap_height / 2
        side = _TICK * self.form.sizes.text
        return Frame(x, middle - side / 2, side, side, 2, 0.9)

    def _heading(self, said: Callable[[Language], str], x: float, width: float) -> Stack:
        style = Style(BOLD, self.form.sizes.heading)
        column = Stack(x, width, smallest=self.form.sizes.smallest)
        column.add_fitted(said(self.words), style, style.cap_height)
        if self.second:
            self._again(column, said(self.second))
        column.y += _RULE_DROP
        column.items.append(Rule(x, column.y, across=width))
        return column

    def _again(self, column: Stack, text: str) -> None:
        """A heading in the second language: at the end of its line, or below where that is full."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        taken = max(
            width_of(item.text, item.style) for item in column.items if isinstance(item, Line)
        )
        room = column.width - taken - style.size
        if width_of(text, style) <= room:
            left = column.x + column.width - room
            column.items.append(Line(text, style, left, column.y, room, "right"))
        else:
            column.add(text, style, 1.4 * style.size)

    def _below(self, column: Stack, text: str, own: str) -> None:
        """What is said in the second language, where it reads otherwise than in hers."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        if text != own:
            column.add(text, style, 1.4 * style.size)

    def _phone(self, column: Stack, phone: Phone, other: Phone, *, is_first: bool) -> None:
        sizes = self.form.sizes
        drop = self.room.first if is_first else self.room.next
        lines = self._indented(column)
        icon = 0.9 * sizes.phone
        sign = Sign("phone", icon, PETROL, self._indent - icon)
        lines.add_fitted(phone.number, Style(BOLD, sizes.phone), drop * sizes.phone, sign=sign)
        if phone.hours:
            lines.add(phone.hours, Style(REGULAR, sizes.text), 1.6 * sizes.text)
            self._below(lines, other.hours, phone.hours)
        column.items += lines.items
        column.y = lines.y

    def _emergency(self, column: Stack, number: str, country: str) -> None:
        """The number large in a frame, what it is beside it, both in the middle of its height."""
        sizes = self.form.sizes
        digits, words = Style(BOLD, sizes.emergency), Style(SEMIBOLD, sizes.text)
        wide = width_of(number, digits)
        text = Stack(column.x + _PAD + wide + 25, column.width - _PAD - wide - 30)
        for sentence in traveller_words.emergency(self.words, number, country):
            text.add(sentence, words, 1.36 * sizes.text)
        height = max(text.y + 1.15 * sizes.text, 1.3 * sizes.emergency)
        top = column.y + self.room.box * sizes.text
        middle = top + height / 2
        first = 1.36 * sizes.text - words.cap_height
        column.items += [
            Frame(column.x, top, column.width, height, 6, 1.6),
            Line(number, digits, column.x + _PAD, middle + digits.cap_height / 2, wide),
            *lowered(text.items, middle - (first + text.y) / 2),
        ]
        column.y = top + height

    def _phrase(self, column: Stack, phrase: Phrase, *, is_first: bool) -> None:
        sizes = self.form.sizes
        drop = self.room.first * 1.2 if is_first else self.room.next * 1.35
        column.add(phrase.own, Style(REGULAR, sizes.note, GREY), drop * sizes.note)
        label = Style(SEMIBOLD, sizes.smallest, GREY)
        for code, text in phrase.shown:
            lines = self._indented(column)
            lines.add_fitted(text, Style(BOLD, sizes.phrase), 1.32 * sizes.phrase)
            height = lines.items[0].y
            column.items += [
                Line(code.upper(), label, column.x, height, self._indent),
                *lines.items,
            ]
            column.y = lines.y

    def _indented(self, column: Stack) -> Stack:
        left, smallest = self._indent, self.form.sizes.smallest
        return Stack(column.x + left, column.width - left, y=column.y, smallest=smallest)
