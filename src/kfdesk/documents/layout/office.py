# SPDX-License-Identifier: GPL-3.0-or-later
"""The layout of papers for offices: blocks, pagination, page frame, tables and headings.

A block's items are placed from its own top, so its height is known before it has a page. Blocks
are never split, and headings are repeated on the next page. `Composer` makes the usual blocks of
facts, headings and text. Knows no record and no sentence of a paper.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from kfdesk.documents.layout.style import (
    BOLD,
    FOLD,
    GREY,
    HAIRLINE,
    INK,
    MILLIMETRE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WATERMARK,
    WHITE,
    Box,
    Dot,
    Item,
    PageFormat,
    Polygon,
    Ring,
    RotatedText,
    Rule,
    Style,
    Symbol,
    TextLine,
    move_down,
)
from kfdesk.documents.layout.text import fit_text, width_of, wrap_anywhere
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import broken_label, track_names

# --- blocks and pagination


@dataclass(frozen=True, slots=True)
class Block:
    """Items placed from their own top, with their height in points."""

    items: tuple[Item, ...]
    height: float


EMPTY_BLOCK = Block((), 0)
_PAGE_HEADING_GAP = 28.0


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A heading with its rows, which pagination may distribute to several pages.

    `again` is the heading for a further page; `above` is placed over the heading where the part
    begins a page. `gap` is the space above, in points. A part that `is_whole` starts on a new
    page rather than being split, if one page can hold it.
    """

    head: Block
    rows: tuple[Block, ...] = ()
    again: Block = EMPTY_BLOCK
    above: Block = EMPTY_BLOCK
    gap: float = 16
    starts_page: bool = False
    is_whole: bool = False

    @property
    def height(self) -> float:
        """The height on one page, in points."""
        return self.head.height + sum(row.height for row in self.rows)


def stack_blocks(blocks: Iterable[Block], gap: float = 0) -> Block:
    """Join blocks to one, each below the other with `gap` points between."""
    items: list[Item] = []
    height = 0.0
    for number, block in enumerate(blocks):
        height += gap if number else 0
        items += move_down(block.items, height)
        height += block.height
    return Block(tuple(items), height)


def begin_page(heading: Block, part: PaperPart) -> PaperPart:
    """Return a part that starts a page below this heading, which never stands alone."""
    head = stack_blocks([heading, part.head], part.gap)
    return replace(part, head=head, gap=_PAGE_HEADING_GAP, starts_page=True)


def join_columns(*blocks: Block) -> Block:
    """Join blocks that already stand in columns of their own to one."""
    items = tuple(item for block in blocks for item in block.items)
    return Block(items, max((block.height for block in blocks), default=0))


def paginate(parts: Sequence[PaperPart], top: float, bottom: float) -> list[list[Item]]:
    """Distribute the parts to pages and return the items of each.

    `top` and `bottom` are heights on the page. Raise KfdeskError `documents.too_much` for a
    single row that no page can hold.
    """
    flow = _PageFlow(top, bottom)
    for part in parts:
        flow.add(part)
    return [page for page in flow.pages if page]


@dataclass(slots=True)
class _PageFlow:
    """The position of the next block."""

    top: float
    bottom: float
    pages: list[list[Item]] = field(default_factory=lambda: [[]])
    y: float = 0

    def add(self, part: PaperPart) -> None:
        first = part.head.height + (part.rows[0].height if part.rows else 0)
        is_short = part.is_whole and part.height <= self.bottom - self.top
        needed = part.height if is_short else first
        if not self.pages[-1]:
            self.y = self.top
        elif part.starts_page or self.y + part.gap + needed > self.bottom:
            self._turn()
            self._put(part.above)
        else:
            self.y += part.gap
        self._put(part.head)
        for row in part.rows:
            if self.y + row.height > self.bottom:
                self._turn()
                self._put(part.again)
            self._put(row)

    def _turn(self) -> None:
        self.pages.append([])
        self.y = self.top

    def _put(self, block: Block) -> None:
        if self.y + block.height > self.bottom + 0.01:
            raise KfdeskError("documents.too_much")
        self.pages[-1] += move_down(block.items, self.y)
        self.y += block.height


BAND_HEIGHT = 12.5 * MILLIMETRE
FRAMED_TOP = BAND_HEIGHT + 18
FOOTER_HEIGHT = 17 * MILLIMETRE
_NOTE_HEIGHT, _NOTE_SIZE = 9, 7.5
_WATERMARK_ANGLE = 56.0
_WATERMARK_SIZE = 46.0
_WATERMARK_WIDTH = 470.0


# --- frame of a page


@dataclass(frozen=True, slots=True)
class FrameTexts:
    """The texts of the frame: left and right in the band, across the page, in the footer."""

    band: str
    copy: str
    across: str
    made: str


def frame_pages(
    parts: Iterable[PaperPart], around: FrameTexts, form: PageFormat, words: Language
) -> Iterator[list[Item]]:
    """Yield the pages that these parts fill, each with its frame and its number: `page 1 of 3`.

    A part that starts a page does so unless the paper has fewer pages without that. Raise
    KfdeskError `documents.too_much` for a single row that no page can hold.
    """
    parts, bottom = [*parts], text_bottom(form)
    flowing = [replace(part, starts_page=False) for part in parts]
    ways = (paginate(each, FRAMED_TOP, bottom) for each in (parts, flowing))
    pages = min(ways, key=len)
    told = words.gettext("page {number} of {total}")
    for number, page in enumerate(pages, 1):
        below = draw_footer(around.made, told.format(number=number, total=len(pages)), form)
        across = _draw_watermark(around.across, form)  # last, or filled boxes would cut it
        yield [*_draw_band(around, form), *page, *below, *across]


def text_bottom(form: PageFormat, note: str = "") -> float:
    """Return the lower edge of the text area, above the footer and its note."""
    return form.height - FOOTER_HEIGHT - 7 - (_NOTE_HEIGHT if note else 0)


def draw_footer(
    left: str, right: str, form: PageFormat, style: Style | None = None, note: str = ""
) -> Iterator[Item]:
    """Yield the footer of a page: a text on the left and the page number on the right.

    `note` is for the desk: it stands above the line, small also in large print.
    """
    small = Style(REGULAR, form.sizes.smallest, GREY)
    number = Style(SEMIBOLD, form.sizes.smallest, GREY)
    y = form.height - FOOTER_HEIGHT
    if note:
        yield TextLine(note, Style(REGULAR, _NOTE_SIZE, GREY), form.margin, y - 4, form.measure)
    yield Rule(form.margin, y, across=form.measure, stroke=0.7, colour=HAIRLINE)
    room = form.measure - width_of(right, number) - 12
    said = style or small
    for line, text in enumerate(wrap_anywhere(left, said, room)):
        yield TextLine(text, said, form.margin, y + 13 + line * 1.25 * said.size, room)
    yield TextLine(right, number, form.margin, y + 13, form.measure, "right")


def _draw_band(around: FrameTexts, form: PageFormat) -> Iterator[Item]:
    strong = Style(BOLD, form.sizes.caption, WHITE)
    quiet = Style(SEMIBOLD, form.sizes.caption, WHITE)
    y = BAND_HEIGHT - 11
    yield Box(0, 0, form.width, BAND_HEIGHT, 0, 0, fill=INK)
    yield TextLine(around.band, strong, form.margin, y, form.measure)
    yield TextLine(around.copy, quiet, form.margin, y, form.measure, "right")


def _draw_watermark(text: str, form: PageFormat) -> Iterator[Item]:
    style = Style(BOLD, _WATERMARK_SIZE, WATERMARK)
    lines = wrap_anywhere(text, style, _WATERMARK_WIDTH)
    middle = (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        aside = (number - middle) * 1.5 * _WATERMARK_SIZE
        yield RotatedText(
            line, style, form.width / 2 + aside, form.height / 2 + 0.55 * aside, _WATERMARK_ANGLE
        )


MARK_SIZE = 13.5
_MARK_STROKE = 1.4


# --- marks


class StatusMark(StrEnum):
    """A status that has its own symbol."""

    MET = "met"
    OPEN = "open"
    ASIDE = "aside"
    NONE = "none"
    BOX = "box"
    STALE = "stale"
    UNKNOWN = "unknown"


def draw_mark(
    kind: StatusMark, x: float, middle: float, size: float = MARK_SIZE
) -> tuple[Item, ...]:
    """Draw the symbol in a square of `size` points, with the left edge `x`, around `middle`."""
    half = size / 2
    centre = x + half
    match kind:
        case StatusMark.MET:
            return (
                Dot(centre, middle, half, PETROL),
                _draw_tick(centre, middle, 0.72 * size, WHITE),
            )
        case StatusMark.OPEN:
            return (Ring(centre, middle, half - _MARK_STROKE / 2, _MARK_STROKE, INK),)
        case StatusMark.ASIDE:
            diamond = ((0, -half), (half, 0), (0, half), (-half, 0))
            stem = Rule(centre, middle - 0.26 * size, down=0.28 * size, stroke=_MARK_STROKE)
            return (
                Polygon(centre, middle, diamond, INK, _MARK_STROKE),
                stem,
                Dot(centre, middle + 0.22 * size, 0.07 * size, INK),
            )
        case StatusMark.NONE:
            return (Rule(centre - 0.3 * size, middle, across=0.6 * size, stroke=1.6, colour=GREY),)
        case StatusMark.STALE:
            return (Symbol("triangle-alert", x, middle - half, size, INK),)
        case StatusMark.UNKNOWN:
            return (Symbol("circle-question-mark", x, middle - half, size, INK),)
        case StatusMark.BOX:
            return (Box(x, middle - half, size, size, 2, 1),)


def _draw_tick(x: float, y: float, size: float, colour: str) -> Symbol:
    return Symbol("check", x - size / 2, y - size / 2, size, colour)


ROW_LINE_SPACING = 1.3
MOST_LINES_IN_BLOCK = 30
"""The most lines of a row that are kept together on a page."""
_BLANK_LINE_DROP = 3.2


# --- tables


@dataclass(frozen=True, slots=True)
class CellText:
    """A text in a cell, which begins on its own line; a blank is filled in by hand."""

    text: str
    style: Style
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The place of a column, in points from the left margin."""

    x: float
    width: float
    title: str = ""
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class _PlacedLine:
    """A line of a cell whose place is known."""

    line: TextLine
    is_blank: bool


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Composes table rows; `pad` is the space above and below a row's text, in points."""

    form: PageFormat
    columns: Sequence[TableColumn]
    pad: float = 4.4

    def head(self) -> Block:
        """Compose the column titles with a hairline below; empty if no column has a title."""
        style = Style(SEMIBOLD, self.form.sizes.smallest, GREY)
        titles = [
            [CellText(column.title, style)] if column.title else [] for column in self.columns
        ]
        return self.row(titles)[0] if any(titles) else Block((), 0)

    def row(
        self, cells: Sequence[Sequence[CellText]], shape: StatusMark | None = None, at: int = 0
    ) -> list[Block]:
        """Compose one row, as several blocks if it is very long.

        The symbol `shape` stands before column `at`.
        """
        columns = [list(self._set(*pair)) for pair in zip(self.columns, cells, strict=True)]
        height = max((len(lines) for lines in columns), default=0)
        blocks = []
        for first in range(0, max(height, 1), MOST_LINES_IN_BLOCK):
            parts = [lines[first : first + MOST_LINES_IN_BLOCK] for lines in columns]
            is_last = first + MOST_LINES_IN_BLOCK >= height
            blocks.append(self._block(parts, None if first else shape, at, is_last=is_last))
        return blocks

    def number(self, number: int) -> Block:
        """Compose a number in a disc, which stands before the first column of a row."""
        size, style = self.form.sizes.text, Style(BOLD, self.form.sizes.smallest, WHITE)
        middle = self.pad + self._lead([]) * size - 0.36 * size
        x = self.form.margin + self.columns[0].x - MARK_SIZE - 6
        text = str(number)
        wide = width_of(text, style)
        left = x + MARK_SIZE / 2 - wide / 2
        line = TextLine(text, style, left, middle + 0.36 * style.size, wide)
        return Block(
            (Dot(x + MARK_SIZE / 2, middle, max(MARK_SIZE, wide + 5) / 2, PETROL), line), 0
        )

    def _set(self, column: TableColumn, cell: Sequence[CellText]) -> Iterator[_PlacedLine]:
        x = self.form.margin + column.x
        for piece in cell:
            for text in wrap_anywhere(piece.text, piece.style, column.width) or [""]:
                line = TextLine(text, piece.style, x, 0, column.width, column.align)
                yield _PlacedLine(line, piece.is_blank)

    def _block(
        self,
        parts: Sequence[Sequence[_PlacedLine]],
        shape: StatusMark | None,
        at: int,
        *,
        is_last: bool,
    ) -> Block:
        lead = self._lead(parts)
        items: list[Item] = []
        bottom = self.pad + lead * self.form.sizes.text
        for lines in parts:
            y = self.pad
            for number, piece in enumerate(lines):
                size = piece.line.style.size
                y += lead * self.form.sizes.text if not number else ROW_LINE_SPACING * size
                items += self._placed(piece, y)
            bottom = max(bottom, y)
        if shape is not None:
            middle = self.pad + lead * self.form.sizes.text - 0.36 * self.form.sizes.text
            items += draw_mark(shape, self.form.margin + self.columns[at].x - MARK_SIZE - 6, middle)
        height = bottom + (self.pad + 0.2 * self.form.sizes.text if is_last else 0)
        if is_last:
            left = self.form.margin + min(column.x for column in self.columns)
            right = self.form.margin + max(column.x + column.width for column in self.columns)
            items.append(Rule(left, height, across=right - left, stroke=0.7, colour=HAIRLINE))
        return Block(tuple(items), height)

    def _lead(self, parts: Sequence[Sequence[_PlacedLine]]) -> float:
        """Return the drop to the first baseline by the largest first line, in text sizes."""
        sizes = [lines[0].line.style.size for lines in parts if lines]
        return max(sizes, default=self.form.sizes.text) / self.form.sizes.text

    def _placed(self, piece: _PlacedLine, y: float) -> Iterator[Item]:
        if piece.line.text:
            yield replace(piece.line, y=y)
        if piece.is_blank:
            across = piece.line.width
            yield Rule(piece.line.x, y + _BLANK_LINE_DROP, across=across, stroke=0.6, colour=INK)


def share_columns(
    form: PageFormat, *shares: float, gap: float = 10, left: float = 0, width: float = 0
) -> list[TableColumn]:
    """Return columns with these shares of `width`, or of the width right of `left`."""
    room = (width or form.measure - left) - gap * (len(shares) - 1)
    columns, x = [], left
    for share in shares:
        wide = room * share / sum(shares)
        columns.append(TableColumn(x, wide))
        x += wide + gap
    return columns


def add_titles(columns: Sequence[TableColumn], titles: Sequence[str]) -> list[TableColumn]:
    """Return the same columns with titles."""
    return [replace(column, title=title) for column, title in zip(columns, titles, strict=True)]


_NOTE_GAP = 16.0
_WIDEST_LABEL = 138.0
_RULE_GAP = 6.5
_AFTER_RULE = 3.0


# --- usual blocks


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes blocks on one paper size, in a column that begins at `x` on the page."""

    form: PageFormat
    x: float
    width: float

    def section_heading(self, title: str, note: str = "") -> Block:
        """Compose a section heading with a note on the right and a rule below."""
        sizes = self.form.sizes
        style, small = Style(BOLD, sizes.heading), Style(REGULAR, sizes.note, GREY)
        lines = _fit_heading(title, style, self.width)
        items: list[Item] = []
        y = sizes.heading - 0.286 * sizes.heading
        for number, (text, face) in enumerate(lines):
            y += ROW_LINE_SPACING * face.size if number else 0
            items.append(TextLine(text, face, self.x, y, self.width))
        last, face = lines[-1]
        room = self.width - width_of(last, face) - _NOTE_GAP
        notes = wrap_anywhere(note, small, self.width) if note else []
        if note and width_of(note, small) <= room:
            items.append(TextLine(note, small, self.x, y, self.width, "right"))
        else:
            for text in notes:
                y += ROW_LINE_SPACING * small.size
                items.append(TextLine(text, small, self.x, y, self.width))
        y += _RULE_GAP
        items.append(Rule(self.x, y, across=self.width, stroke=1.1))
        return Block(tuple(items), y + _AFTER_RULE)

    def page_heading(self, above: str, title: str, note: str = "") -> Block:
        """Compose a page heading: the subject, a large title, a fact on the right."""
        sizes = self.form.sizes
        strong = Style(SEMIBOLD, sizes.heading)
        quiet = Style(REGULAR, sizes.title, GREY)
        y = 0.72 * sizes.title if above else -0.45 * sizes.name
        items: list[Item] = []
        for number, text in enumerate(wrap_anywhere(above, quiet, self.width)):
            y += ROW_LINE_SPACING * quiet.size if number else 0
            items.append(TextLine(text, quiet, self.x, y, self.width))
        room = self.width - (width_of(note, strong) + _NOTE_GAP if note else 0)
        if room < self.width / 2:
            room = self.width
        for number, (text, face) in enumerate(_fit_heading(title, Style(BOLD, sizes.name), room)):
            y += (1.15 if number else 1.2) * face.size
            items.append(TextLine(text, face, self.x, y, self.width))
        if note and room < self.width:
            items.append(TextLine(note, strong, self.x, y, self.width, "right"))
        elif note:
            for text in wrap_anywhere(note, strong, self.width):
                y += 1.5 * strong.size
                items.append(TextLine(text, strong, self.x, y, self.width))
        return Block(tuple(items), y + 0.3 * sizes.name)

    def facts(
        self,
        facts: Sequence[tuple[str, CellText | Sequence[CellText]]],
        columns: Sequence[TableColumn],
    ) -> Block:
        """Compose facts side by side: a grey label with its value below, in one text or more."""
        sizes = self.form.sizes
        label = Style(REGULAR, sizes.caption, GREY)
        items: list[Item] = []
        height = 0.0
        for (title, said), column in zip(facts, columns, strict=True):
            values = (said,) if isinstance(said, CellText) else said
            x, y = self.form.margin + column.x, 0.72 * label.size
            for number, text in enumerate(wrap_anywhere(title, label, column.width)):
                y += ROW_LINE_SPACING * label.size if number else 0
                items.append(TextLine(text, label, x, y, column.width))
            for value in values:
                for text in wrap_anywhere(value.text, value.style, column.width) or [""]:
                    y += 1.36 * value.style.size
                    items.append(TextLine(text, value.style, x, y, column.width))
            if any(value.is_blank for value in values):
                items.append(Rule(x, y + 3.2, across=column.width, stroke=0.6))
            height = max(height, y)
        return Block(tuple(items), height + 5)

    def paragraph(
        self, text: str, style: Style, drop: float = 0, align: Literal["left", "right"] = "left"
    ) -> list[Block]:
        """Compose text as one block a line, so that a long text can break across pages."""
        blocks = []
        for number, line in enumerate(wrap_anywhere(text, style, self.width)):
            above = drop if not number else 0
            y = above + style.size
            item = TextLine(line, style, self.x, y, self.width, align)
            blocks.append(Block((item,), above + ROW_LINE_SPACING * style.size))
        return blocks

    def labelled_rows(self, facts: Sequence[tuple[str, CellText]]) -> Iterator[Block]:
        """Yield a row for each fact: its grey label, and its value beside it."""
        label, left = Style(REGULAR, self.form.sizes.caption, GREY), self.x - self.form.margin
        beside = min(0.4 * self.width, _WIDEST_LABEL)
        columns = (
            TableColumn(left, beside - 8), TableColumn(left + beside, self.width - beside)
        )  # fmt: skip
        table = PaperTable(self.form, columns, pad=3.6)
        for title, value in facts:
            yield from table.row([[CellText(title, label)], [value]])

    def legend(self, shapes: Sequence[tuple[StatusMark, str]]) -> Block:
        """Compose the legend of status symbols, on one line if it fits."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        x, y = self.x, 14.0
        items: list[Item] = []
        for shape, text in shapes:
            wide = MARK_SIZE + 5 + width_of(text, style)
            if x > self.x and x + wide > self.x + self.width:
                x, y = self.x, y + 1.6 * style.size
            items += draw_mark(shape, x, y - 0.36 * style.size, MARK_SIZE - 2)
            items.append(TextLine(text, style, x + MARK_SIZE + 3, y, wide))
            x += wide + 22
        return Block(tuple(items), y + 4)

    def signatures(
        self, who: Sequence[Sequence[CellText]], room: float, per_row: int = 3, date: str = ""
    ) -> Block:
        """Compose signature lines with `room` points above each and texts below.

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
                    for text in wrap_anywhere(piece.text, piece.style, width - aside) or [""]:
                        y += 1.34 * piece.style.size
                        items.append(TextLine(text, piece.style, x, y, width))
                items.append(TextLine(date, small, x, y, width, "right"))
                lowest = max(lowest, y)
            height = lowest + 4
        return Block(tuple(items), height)


def _fit_heading(text: str, style: Style, width: float) -> list[tuple[str, Style]]:
    """Break a heading into lines, slightly smaller if that saves a line.

    A word wider than the column is broken.
    """
    if any(width_of(word, style) > width for word in text.split()):
        return [(line, style) for line in wrap_anywhere(text, style, width)]
    lines, small = fit_text(text, style, width)
    return [(line, small) for line in lines] or [("", style)]


STATE_ORDER = (
    "draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip
_TRACK_MIDDLE = 19.0
_STATE_RADIUS = 8.0
_CURRENT_RADIUS = 11.5
_TRACK_LINE_SPACING = 1.22


# --- states of a plan


def draw_state_track(form: PageFormat, words: Language, at: int, days: Mapping[str, date]) -> Block:
    """Draw the track of a plan in state `STATE_ORDER[at]`, with the day each state began."""
    wide = form.measure / len(STATE_ORDER)
    centres = [form.margin + (place + 0.5) * wide for place in range(len(STATE_ORDER))]
    items = list(_track_line(centres, at))
    height = 0.0
    dates: list[Item] = []
    for place, (state, centre) in enumerate(zip(STATE_ORDER, centres, strict=True)):
        items += _draw_stop(centre, place, at)
        face, colour = (BOLD, None) if place == at else (REGULAR, GREY if place > at else None)
        style = Style(face, form.sizes.smallest) if colour is None else Style(
            face, form.sizes.smallest, colour
        )  # fmt: skip
        y = _TRACK_MIDDLE + _CURRENT_RADIUS + 4
        for text in _state_label(track_names(words)[place], style, wide - 3):
            y += _TRACK_LINE_SPACING * style.size
            items.append(_centred_line(text, style, centre, y))
        height = max(height, y)
        if state in days:
            small = Style(face, form.sizes.smallest, GREY)
            dates.append(_centred_line(words.short_day(days[state]), small, centre, 0))
    low = height + 1.45 * form.sizes.smallest
    items += [_line_at_height(line, low) for line in dates]
    return Block(tuple(items), (low if dates else height) + 4)


def _state_label(name: str, style: Style, width: float) -> list[str]:
    """Break the name into lines; a word breaks at a stroke, and elsewhere if it must."""
    lines = broken_label(name, lambda text: width_of(text, style) <= width)
    return [part for line in lines for part in wrap_anywhere(line, style, width)]


def _track_line(centres: Sequence[float], at: int) -> Iterator[Item]:
    first, last, here = centres[0], centres[-1], centres[at]
    yield Rule(first, _TRACK_MIDDLE, across=last - first, stroke=1.6, colour=FOLD)
    if at:
        yield Rule(first, _TRACK_MIDDLE, across=here - first, stroke=2.6, colour=PETROL)


def _draw_stop(x: float, place: int, at: int) -> Iterator[Item]:
    if place < at:
        yield Dot(x, _TRACK_MIDDLE, _STATE_RADIUS, PETROL)
        size = 1.4 * _STATE_RADIUS
        yield Symbol("check", x - size / 2, _TRACK_MIDDLE - size / 2, size, WHITE)
    elif place == at:
        yield Dot(x, _TRACK_MIDDLE, _CURRENT_RADIUS + 1, WHITE)
        yield Ring(x, _TRACK_MIDDLE, _CURRENT_RADIUS, 2, PETROL)
        yield Dot(x, _TRACK_MIDDLE, _STATE_RADIUS - 1, PETROL)
    else:
        yield Dot(x, _TRACK_MIDDLE, _STATE_RADIUS, WHITE)
        yield Ring(x, _TRACK_MIDDLE, _STATE_RADIUS, 1.4, FOLD)


def _centred_line(text: str, style: Style, x: float, y: float) -> TextLine:
    width = width_of(text, style)
    return TextLine(text, style, x - width / 2, y, width)


def _line_at_height(item: Item, y: float) -> TextLine:
    assert isinstance(item, TextLine)
    return TextLine(item.text, item.style, item.x, y, item.width)
