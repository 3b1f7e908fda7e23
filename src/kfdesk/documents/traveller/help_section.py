# SPDX-License-Identifier: GPL-3.0-or-later
"""The help on the traveller's sheet: whom to call, words to show, and luggage to count.

The numbers stand in the order in which to call them. Knows no page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kfdesk.documents.layout.style import (
    BOLD,
    CAP_HEIGHT,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Box,
    Dot,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
    move_down,
)
from kfdesk.documents.layout.text import TextColumn, width_of
from kfdesk.documents.traveller.content import (
    HelpPhone,
    Phrase,
    SheetSection,
    TravellerSheet,
    card_heading,
    emergency_sentences,
    help_heading,
    language_card,
    luggage_heading,
    nobody_there,
)
from kfdesk.i18n.language import Language

HELP_COLUMN_GAP = 34.0
_RULE_DROP = 8.0
_LUGGAGE_BOX = 1.256
_INDENT_RATIO = 1.275
_EMERGENCY_PADDING = 15.7


# --- help


@dataclass(frozen=True, slots=True)
class HelpSpacing:
    """The spacing of the help: drops as multiples of the type size.

    `first` is the drop below a heading's rule, and `next` the drop between phones and between
    phrases. `box` is the space above the emergency box, and `tick` the drop from one piece of
    luggage to the next. `luggage` is the space above the luggage, in points.
    """

    first: float
    next: float
    box: float
    tick: float
    luggage: float


WIDE_SPACING = HelpSpacing(first=1.7, next=2.0, box=1.85, tick=2.45, luggage=22)
NARROW_SPACING = HelpSpacing(first=1.35, next=1.45, box=1.0, tick=1.75, luggage=14)
TIGHT_SPACING = HelpSpacing(first=1.15, next=1.1, box=0.5, tick=1.55, luggage=9)
"""For two languages or three legs: it still keeps one number apart from the next."""


@dataclass(frozen=True, slots=True)
class HelpComposer:
    """Composes the help in one language, on one paper size, with one spacing.

    With a `second` language its texts are repeated small and grey behind or below.
    """

    words: Language
    form: PageFormat
    room: HelpSpacing
    second: Language | None = None

    def calls(self, sheet: TravellerSheet, speaking: Callable[[str], Language]) -> SheetSection:
        """Compose the numbers to call on the left and the language card on the right.

        `speaking` returns the language of a code with its phrases. Raise KfdeskError
        `documents.no_letter` or `documents.too_wide`.
        """
        whole = TextColumn(self.form.margin, self.form.measure, smallest=self.form.sizes.smallest)
        self._nobody_there(whole, CAP_HEIGHT)
        top = whole.y + self.form.sizes.text
        width = (self.form.measure - HELP_COLUMN_GAP) / 2
        left = self._phones(sheet, self._heading(help_heading, self.form.margin, width))
        right = self.card(sheet, speaking, self.form.right - width, width)
        items = move_down((*left.items, *right.items), top)
        return SheetSection((*whole.items, *items), top + max(left.height, right.height))

    def phones(self, sheet: TravellerSheet, x: float, width: float) -> SheetSection:
        """Compose what to do if nobody comes, the numbers, and the emergency box.

        Raise as `calls` does.
        """
        column = self._heading(help_heading, x, width)
        self._nobody_there(column, 1.5)
        return self._phones(sheet, column)

    def _phones(self, sheet: TravellerSheet, column: TextColumn) -> SheetSection:
        others = sheet.beside.phones if sheet.beside else sheet.phones
        for number, both in enumerate(zip(sheet.phones, others, strict=True), start=1):
            self._phone(column, *both, number)
        if sheet.emergency:
            self._emergency(column, sheet.emergency, sheet.emergency_country)
        return self._section(column)

    def card(
        self, sheet: TravellerSheet, speaking: Callable[[str], Language], x: float, width: float
    ) -> SheetSection:
        """Compose the language card: words to show. Raise as `calls` does."""
        column = self._heading(card_heading, x, width)
        for number, phrase in enumerate(language_card(self.words, sheet, speaking)):
            self._phrase(column, phrase, is_first=not number)
        return self._section(column)

    def luggage(self, sheet: TravellerSheet, columns: int = 2) -> SheetSection:
        """Compose a box to tick before each piece, in columns; empty without luggage."""
        pieces, again = sheet.luggage, sheet.beside.luggage if sheet.beside else ()
        if not pieces:
            return SheetSection((), 0)
        text = self.form.sizes.text
        heading = luggage_heading
        whole = self._heading(heading, self.form.margin, self.form.measure)
        width = (self.form.measure - (columns - 1) * HELP_COLUMN_GAP) / columns
        lefts = [self.form.margin + place * (width + HELP_COLUMN_GAP) for place in range(columns)]
        for row in range(0, len(pieces), columns):
            drop = (self.room.first if not row else self.room.tick) * text
            top, lowest = whole.y + drop, whole.y
            for place, (piece, x) in enumerate(
                zip(pieces[row : row + columns], lefts, strict=False), start=row
            ):
                column = TextColumn(x + self._indent, width - self._indent, y=whole.y)
                column.add(piece, Style(REGULAR, text), drop)
                if place < len(again):
                    self._again(column, again[place], piece)
                whole.items += [self._tick(x, top), *column.items]
                lowest = max(lowest, column.y)
            whole.y = lowest
        return SheetSection(tuple(whole.items), whole.y + 0.2 * text)

    @property
    def _indent(self) -> float:
        """The indent of text behind an icon or a box."""
        return _INDENT_RATIO * self.form.sizes.phone

    def _section(self, column: TextColumn) -> SheetSection:
        return SheetSection(tuple(column.items), column.y + 0.3 * self.form.sizes.text)

    def _tick(self, x: float, baseline: float) -> Box:
        middle = baseline - Style(REGULAR, self.form.sizes.text).cap_height / 2
        side = _LUGGAGE_BOX * self.form.sizes.text
        return Box(x, middle - side / 2, side, side, 2, 0.9)

    def _heading(self, said: Callable[[Language], str], x: float, width: float) -> TextColumn:
        style = Style(BOLD, self.form.sizes.heading)
        column = TextColumn(x, width, smallest=self.form.sizes.smallest)
        column.add_fitted(said(self.words), style, style.cap_height)
        if self.second:
            self._heading_again(column, said(self.second))
        column.y += _RULE_DROP
        column.items.append(Rule(x, column.y, across=width))
        return column

    def _heading_again(self, column: TextColumn, text: str) -> None:
        """Add a heading in the second language on the same line, or below if full."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        taken = max(
            width_of(item.text, item.style) for item in column.items if isinstance(item, TextLine)
        )
        room = column.width - taken - style.size
        if width_of(text, style) <= room:
            left = column.x + column.width - room
            column.items.append(TextLine(text, style, left, column.y, room, "right"))
        else:
            column.add(text, style, 1.4 * style.size)

    def _again(self, column: TextColumn, text: str, own: str) -> None:
        """Add the text in the second language if it differs, behind the first if it fits."""
        style = Style(REGULAR, self.form.sizes.smallest, GREY)
        if text != own:
            column.add_beside(text, style, 1.3 * style.size)

    def _nobody_there(self, column: TextColumn, drop: float) -> None:
        """Add what to do if nobody is there, `drop` type sizes below the last line."""
        text = self.form.sizes.text
        column.add(nobody_there(self.words), Style(BOLD, text), drop * text)
        if self.second:
            self._again(column, nobody_there(self.second), "")

    def _phone(self, column: TextColumn, phone: HelpPhone, other: HelpPhone, place: int) -> None:
        """Add a telephone with its place in the order of calling, and who answers."""
        sizes = self.form.sizes
        drop = self.room.first if place == 1 else self.room.next
        lines = self._indented(column)
        lines.add_fitted(phone.number, Style(BOLD, sizes.phone), drop * sizes.phone)
        first = next(item for item in lines.items if isinstance(item, TextLine))
        column.items += self._disc(place, column.x, first)
        if phone.facts:
            lines.add(phone.facts, Style(REGULAR, sizes.text), 1.5 * sizes.text)
            self._again(lines, other.hours, phone.hours)
        column.items += lines.items
        column.y = lines.y

    def _disc(self, place: int, x: float, line: TextLine) -> list[Item]:
        """Compose a number in a disc at `x`, level with a line."""
        style = Style(BOLD, 0.8 * self.form.sizes.text, WHITE)
        radius, text = 0.85 * style.size, str(place)
        middle, wide = line.y - line.style.cap_height / 2, width_of(text, style)
        left = x + radius - wide / 2
        return [
            Dot(x + radius, middle, radius, PETROL),
            TextLine(text, style, left, middle + style.cap_height / 2, wide),
        ]

    def _emergency(self, column: TextColumn, number: str, country: str) -> None:
        """Add a frame with the large number and its explanation beside it."""
        sizes = self.form.sizes
        digits, words = Style(BOLD, sizes.emergency), Style(SEMIBOLD, sizes.text)
        wide = width_of(number, digits)
        text = TextColumn(
            column.x + _EMERGENCY_PADDING + wide + 25, column.width - _EMERGENCY_PADDING - wide - 30
        )
        for sentence in emergency_sentences(self.words, number, country):
            text.add(sentence, words, 1.36 * sizes.text)
        height = max(text.y + 1.15 * sizes.text, 1.3 * sizes.emergency)
        top = column.y + self.room.box * sizes.text
        middle = top + height / 2
        first = 1.36 * sizes.text - words.cap_height
        column.items += [
            Box(column.x, top, column.width, height, 6, 1.6),
            TextLine(
                number, digits, column.x + _EMERGENCY_PADDING, middle + digits.cap_height / 2, wide
            ),
            *move_down(text.items, middle - (first + text.y) / 2),
        ]
        column.y = top + height
        if self.second:
            again = " ".join(emergency_sentences(self.second, number, country))
            style = Style(REGULAR, sizes.smallest, GREY)
            column.add(again, style, 1.4 * style.size)

    def _phrase(self, column: TextColumn, phrase: Phrase, *, is_first: bool) -> None:
        sizes = self.form.sizes
        drop = self.room.first * 1.2 if is_first else self.room.next * 1.35
        column.add(phrase.own, Style(REGULAR, sizes.note, GREY), drop * sizes.note)
        label = Style(SEMIBOLD, sizes.smallest, GREY)
        for code, text in phrase.shown:
            lines = self._indented(column)
            lines.add_fitted(text, Style(BOLD, sizes.phrase), 1.32 * sizes.phrase)
            height = lines.items[0].y
            column.items += [
                TextLine(code.upper(), label, column.x, height, self._indent),
                *lines.items,
            ]
            column.y = lines.y

    def _indented(self, column: TextColumn) -> TextColumn:
        left, smallest = self._indent, self.form.sizes.smallest
        return TextColumn(column.x + left, column.width - left, y=column.y, smallest=smallest)
