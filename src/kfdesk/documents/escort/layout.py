# SPDX-License-Identifier: GPL-3.0-or-later
"""The layout of the escort's sheet: the legs, what helps on the way, whom to call.

Rows continue on a further page below a repeated heading. The calls stay together if one
page can hold them. This module knows the order of the parts; `RowComposer` composes each
row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kfdesk.documents.escort.content import (
    CallRecipient,
    EscortLeg,
    EscortSheet,
    LegEnd,
    Reminder,
    build_escort_sheet,
    call_after_emergency,
    call_message,
    calls_columns,
    calls_heading,
    escort_title,
    language_list,
    late_row,
    needs_heading,
    only_remind_note,
    page_number,
    reminders_heading,
    route_columns,
    route_heading,
    speaks_caption,
    tear_up_note,
    travel_with_caption,
    unanswered_row,
)
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.style import (
    A4,
    BOLD,
    FOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Dot,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
    TypeSizes,
    move_down,
)
from kfdesk.documents.layout.text import LineIcon, TextColumn, width_of
from kfdesk.documents.traveller import content
from kfdesk.documents.traveller.content import (
    HeadComposer,
    SheetHead,
    SheetSection,
    Transfer,
)
from kfdesk.documents.traveller.stops import MODE_ICONS, ONWARD_ICON
from kfdesk.documents.typesetting import (
    Typesetter,
    missing_texts,
)
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.language import Language

_WHITE = "#FFFFFF"
_ROW_PADDING = 7.0
_COLUMN_GAP = 10.0
_BAR_INSET = 8.0
_TICK_BOX = 1.15


@dataclass(frozen=True, slots=True)
class EscortLayout:
    """The columns of legs and of calls, in points from the left margin.

    A text whose column begins where another column begins stands in that column, below the
    other text.
    """

    form: PageFormat
    times: float
    places: float
    by: float
    meets: float
    calls: tuple[float, float, float, float]

    @property
    def is_narrow(self) -> bool:
        """True if vehicle and meeting stand below the places."""
        return self.by <= self.places


USUAL_LAYOUT = EscortLayout(
    replace(
        A4,
        sizes=TypeSizes(
            emergency=28, time=15.5, name=21, phone=12, place=11.5, heading=13.5, title=14,
            phrase=11, text=11, note=10, caption=9, smallest=9,
        ),
    ),
    times=28, places=134, by=292, meets=408, calls=(20, 162, 314, 396),
)  # fmt: skip
LARGE_LAYOUT = EscortLayout(
    replace(
        A4,
        sizes=TypeSizes(
            emergency=36, time=21, name=26, phone=15, place=16, heading=18, title=16,
            phrase=14, text=14, note=13, caption=13, smallest=13,
        ),
    ),
    times=32, places=182, by=182, meets=182, calls=(26, 192, 350, 350),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowComposer:
    """Composes rows in the reader's language."""

    words: Language
    layout: EscortLayout

    # the legs

    def route_head(self) -> SheetSection:
        """Compose the heading and the column titles of the legs."""
        layout = self.layout
        lefts = (layout.times, layout.places, layout.by, layout.meets)
        texts = route_columns(self.words)
        heading = route_heading(self.words)
        return self._table_head(heading, lefts, texts)

    def leg(self, leg: EscortLeg) -> SheetSection:
        """Compose a leg: its times and places, its vehicle, and who meets."""
        layout, sizes = self.layout, self.form.sizes
        first, second = Style(BOLD, sizes.time).cap_height, 1.35 * sizes.time
        times = self._column(layout.times, layout.places - layout.times - 2 * _BAR_INSET)
        places = self._column(layout.places, self._width_of_places)
        by, meets = places, places
        self._time(times, leg.start, first)
        self._place(places, leg.start, first)
        if not layout.is_narrow:
            by = self._column(layout.by, layout.meets - layout.by - _COLUMN_GAP)
            meets = self._column(layout.meets, self.form.measure - layout.meets)
        self._vehicle(by, leg, first)
        times.y = max(times.y, places.y)
        places.y = times.y
        middle = times.y + second
        self._time(times, leg.end, second)
        if leg.clock_change is not None:
            change = content.clock_change_text(self.words, leg.clock_change)
            times.add(change, Style(SEMIBOLD, sizes.caption), 1.2 * sizes.caption)
        self._place(places, leg.end, second)
        self._meeting(meets, leg, first)
        if leg.onward:
            icon = MODE_ICONS.get(leg.onward.mode or "", ONWARD_ICON)
            onward = LineIcon(icon, 1.1 * sizes.note, PETROL)
            drop = 1.5 * sizes.note
            style = Style(REGULAR, sizes.note)
            parts = _onward_texts(leg.onward, self.words)
            room = meets.width - onward.size - onward.gap
            if width_of(" · ".join(parts), style) <= room:
                parts = [" · ".join(parts)]
            self._marked(meets, "\n".join(parts), style, drop, onward)
        columns = {id(column): column for column in (times, places, by, meets)}.values()
        items = [item for column in columns for item in column.items]
        bar_x = self.form.margin + layout.places - _BAR_INSET
        items += [
            *self._number(leg.number, _ROW_PADDING + first / 2),
            Rule(bar_x, _ROW_PADDING, down=middle - _ROW_PADDING, stroke=2, colour=PETROL),
        ]
        return self._row(items, max(column.y for column in columns))

    @property
    def _width_of_places(self) -> float:
        layout = self.layout
        end = self.form.measure if layout.is_narrow else layout.by - _COLUMN_GAP
        return end - layout.places

    def _time(self, column: TextColumn, end: LegEnd, drop: float) -> None:
        sizes = self.form.sizes
        column.add(self.words.clock(end.moment), Style(BOLD, sizes.time), drop)
        small = Style(REGULAR, sizes.caption, GREY)
        day = content.day_text(self.words, end.moment)
        column.add_fitted(day, small, 1.35 * sizes.caption)
        zone = content.zone_text(self.words, end.zone, end.moment)
        column.add_fitted(zone, small, 1.2 * sizes.caption)

    def _place(self, column: TextColumn, end: LegEnd, drop: float) -> None:
        sizes = self.form.sizes
        column.add_fitted(end.place, Style(BOLD, sizes.place), drop)
        if end.detail:
            column.add(end.detail, Style(REGULAR, sizes.text), 1.3 * sizes.text)

    def _vehicle(self, column: TextColumn, leg: EscortLeg, first: float) -> None:
        sizes = self.form.sizes
        sign = LineIcon(MODE_ICONS.get(leg.ride.mode, ONWARD_ICON), 1.3 * sizes.text, PETROL)
        drop = 1.5 * sizes.text if self.layout.is_narrow else first
        way = content.way_text(self.words, leg.ride)
        self._marked(column, way, Style(SEMIBOLD, sizes.text, PETROL), drop, sign)

    def _meeting(self, column: TextColumn, leg: EscortLeg, first: float) -> None:
        sizes = self.form.sizes
        drop = 1.6 * sizes.text if self.layout.is_narrow else first
        if leg.meets is None:
            sign = LineIcon(MODE_ICONS["on_foot"], 1.3 * sizes.text, PETROL)
            nobody = content.alone_text(self.words)
            self._marked(column, nobody, Style(SEMIBOLD, sizes.text), drop, sign)
            return
        person = LineIcon("user", 1.3 * sizes.text, PETROL)
        self._marked(column, leg.meets.name, Style(BOLD, sizes.place), drop, person)
        indent = person.size + person.gap
        below = TextColumn(column.x + indent, column.width - indent, y=column.y)
        below.add(leg.meets.sign, Style(REGULAR, sizes.text), 1.3 * sizes.text)
        column.items += below.items
        column.y = below.y

    def _marked(
        self, column: TextColumn, text: str, style: Style, drop: float, sign: LineIcon
    ) -> None:
        """Add lines of text behind an icon at the left edge of the column."""
        indent = sign.size + sign.gap
        line = TextColumn(
            column.x + indent, column.width - indent, y=column.y, smallest=column.smallest
        )
        first, *others = text.split("\n")
        line.add(first, style, drop, sign=sign)
        for other in others:
            line.add(other, style, 1.3 * style.size)
        column.items += line.items
        column.y = line.y

    def _number(self, number: int, y: float) -> list[Item]:
        sizes = self.form.sizes
        style = Style(BOLD, sizes.note, _WHITE)
        text, radius = str(number), 0.9 * sizes.note
        x = self.form.margin + radius
        wide = width_of(text, style)
        return [
            Dot(x, y, radius, PETROL),
            TextLine(text, style, x - wide / 2, y + style.cap_height / 2, wide),
        ]

    # on the way

    def needs(self, sheet: EscortSheet) -> SheetSection:
        """Compose what helps on the way beside the reminders; empty without both."""
        width = (self.form.measure - 3 * _COLUMN_GAP) / 2
        columns: list[TextColumn] = []
        if sheet.needs:
            heading = needs_heading(self.words)
            columns.append(self._headed(heading, 0, width))
            self._bullets(columns[-1], sheet.needs)
        if sheet.reminders:
            heading = reminders_heading(self.words)
            columns.append(self._headed(heading, len(columns) * (width + 3 * _COLUMN_GAP), width))
            self._reminders(columns[-1], sheet.reminders)
        items = [item for column in columns for item in column.items]
        return SheetSection(tuple(items), max((column.y + 4 for column in columns), default=0))

    def _bullets(self, column: TextColumn, lines: Sequence[str]) -> None:
        text = self.form.sizes.text
        for line in lines:
            inner = TextColumn(column.x + text, column.width - text, y=column.y)
            inner.add(line, Style(REGULAR, text), 1.6 * text)
            middle = inner.items[0].y - 0.36 * text
            column.items += [*inner.items, Dot(column.x + 3, middle, 0.2 * text, INK)]
            column.y = inner.y

    def _reminders(self, column: TextColumn, lines: Sequence[Reminder]) -> None:
        """Add the reminders: each text behind its time and place, or below if it is long."""
        sizes = self.form.sizes
        strong, style = Style(BOLD, sizes.place), Style(REGULAR, sizes.text)
        sign = LineIcon("clock", 1.3 * sizes.text, PETROL)
        left, drop = column.x + sign.size + sign.gap, 1.6 * sizes.text
        for line in lines:
            text = TextColumn(left, column.x + column.width - left, y=column.y)
            when = " ".join(filter(None, (line.time, line.place)))
            if when:
                text.add(when, strong, drop, sign=sign)
                if line.text:
                    text.add_beside(line.text, style, 1.3 * sizes.text)
            else:
                text.add(line.text, style, drop, sign=sign)
            column.items += text.items
            column.y = text.y
        note = Style(REGULAR, sizes.note, GREY)
        column.add(only_remind_note(self.words), note, 1.7 * sizes.note)

    # the calls

    def calls_head(self) -> SheetSection:
        """Compose the heading and the column titles of the calls."""
        texts = calls_columns(self.words)
        heading = calls_heading(self.words)
        return self._table_head(heading, self.layout.calls, texts)

    def calls(self, sheet: EscortSheet) -> list[SheetSection]:
        """Compose a row for each call, and one or two for emergencies."""
        rows = []
        first = sheet.answering[0] if sheet.answering else None
        for call in sheet.calls:
            day = content.day_text(self.words, call.moment)
            when = f"{day} {self.words.clock(call.moment)}"
            zone = content.zone_text(self.words, call.zone, call.moment)
            said = call_message(self.words, call)
            rows.append(self._call((when, zone, said), first))
        late, where = late_row(self.words)
        rows.append(self._call((late, "", where), first))
        if len(sheet.answering) > 1:
            nobody, same = unanswered_row(self.words)
            rows.append(self._call((nobody, "", same), sheet.answering[1]))
        return rows

    def _call(self, said: tuple[str, str, str], to: CallRecipient | None) -> SheetSection:
        (when, zone, what), sizes, lefts = said, self.form.sizes, self.layout.calls
        ends = [*lefts[1:], self.form.measure + _COLUMN_GAP]
        if lefts[2] == lefts[3]:
            ends[2] = ends[3]
        columns = [
            self._column(left, end - left - _COLUMN_GAP)
            for left, end in zip(lefts, ends, strict=True)
        ]
        text, bold = Style(REGULAR, sizes.phrase), Style(BOLD, sizes.phrase)
        drop = bold.cap_height
        columns[0].add(when, bold, drop)
        if zone:
            columns[0].add(zone, Style(REGULAR, sizes.caption, GREY), 1.25 * sizes.caption)
        columns[1].add(what, text, drop)
        if to:
            if to.name:
                columns[2].add_fitted(to.name, bold, drop)
            if lefts[2] == lefts[3]:
                columns[3].y = columns[2].y
                drop = 1.3 * sizes.phone if to.name else drop
            columns[3].add_fitted(to.number, Style(BOLD, sizes.phone), drop)
        side = _TICK_BOX * sizes.text
        middle = _ROW_PADDING + bold.cap_height / 2
        tick = Box(self.form.margin, middle - side / 2, side, side, 2, 0.9)
        items = [item for column in columns for item in column.items]
        return self._row([tick, *items], max(column.y for column in columns))

    def emergency(self, sheet: EscortSheet) -> SheetSection:
        """Compose the framed emergency number, and whom to call then; may be empty."""
        if sheet.emergency is None:
            return SheetSection((), 0)
        sizes, (number, country) = self.form.sizes, sheet.emergency
        digits, strong = Style(BOLD, sizes.emergency), Style(SEMIBOLD, sizes.text)
        wide = width_of(number, digits)
        text = self._column(wide + 34, self.form.measure - wide - 44)
        text.y = 10.0
        said = " ".join(content.emergency_sentences(self.words, number, country))
        text.add(said, strong, strong.cap_height)
        then = call_after_emergency(self.words, sheet)
        text.add(then, Style(REGULAR, sizes.text), 1.4 * sizes.text)
        height = max(text.y + 11, 1.25 * sizes.emergency)
        frame = Box(self.form.margin, 0, self.form.measure, height, 6, 1.6)
        baseline = height / 2 + digits.cap_height / 2
        large = TextLine(number, digits, self.form.margin + 15, baseline, wide)
        return SheetSection((frame, large, *text.items), height)

    def tear_up(self) -> SheetSection:
        """Compose the request to tear up the sheet after the journey."""
        column = self._column(0, self.form.measure)
        column.y = 0.0
        note = Style(REGULAR, self.form.sizes.note, GREY)
        column.add(tear_up_note(self.words), note, note.cap_height)
        return SheetSection(tuple(column.items), column.y + 4)

    # what they share

    @property
    def form(self) -> PageFormat:
        """The page format with its type sizes."""
        return self.layout.form

    def _headed(self, heading: str, left: float, width: float) -> TextColumn:
        style = Style(BOLD, self.form.sizes.heading)
        column = self._column(left, width)
        column.y = 0.0
        column.add_fitted(heading, style, style.cap_height)
        column.y += 8
        column.items.append(Rule(column.x, column.y, across=width))
        return column

    def _table_head(
        self, heading: str, lefts: Sequence[float], texts: Sequence[str]
    ) -> SheetSection:
        column = self._headed(heading, 0, self.form.measure)
        small = Style(SEMIBOLD, self.form.sizes.caption, GREY)
        baseline = column.y + 1.6 * small.size
        shown: dict[float, str] = {}
        for left, text in zip(lefts, texts, strict=True):
            shown.setdefault(left, text)
        ends = [*list(shown)[1:], self.form.measure + _COLUMN_GAP]
        foot = baseline
        for (left, text), end in zip(shown.items(), ends, strict=True):
            cell = self._column(left, end - left - _COLUMN_GAP)
            cell.y = baseline - small.size
            cell.add_fitted(text, small, small.size)
            column.items += cell.items
            foot = max(foot, cell.y)
        return self._row(column.items, foot, pad=0.7 * small.size)

    def _row(self, items: Sequence[Item], foot: float, pad: float = _ROW_PADDING) -> SheetSection:
        height = foot + pad
        light = Rule(self.form.margin, height, across=self.form.measure, stroke=0.8, colour=FOLD)
        return SheetSection((*items, light), height)

    def _column(
        self, left: float, width: float, align: Literal["left", "right"] = "left"
    ) -> TextColumn:
        form = self.form
        return TextColumn(
            form.margin + left, width, align, y=_ROW_PADDING, smallest=form.sizes.smallest
        )


_SECTION_GAP = 14.0
_GAP_BELOW_HEAD = 16.0
_NAME_SHARE = 0.62
_WIDEST_PAGE_NUMBER = 88
"""The widest page number: the head is measured before the pages are counted."""


def draw_escort_sheet(
    sheet: EscortSheet,
    words: Language,
    press: Typesetter,
    form: PaperFormat = PaperFormat.A4,
) -> bytes:
    """Draw the sheet as a PDF; the same sheet gives the same bytes.

    Raise KfdeskError `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    layout = LARGE_LAYOUT if form is PaperFormat.LARGE else USUAL_LAYOUT
    setter = _EscortComposer(sheet, RowComposer(words, layout))
    canvas = PageCanvas(layout.form, words.code, press.icon)
    for page in setter.pages():
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


@dataclass(slots=True)
class _SectionFlow:
    """Places sections below each other, between the `top` of a page and its `bottom`."""

    first: float
    top: float
    bottom: float
    pages: list[list[Item]] = field(default_factory=lambda: [[]])
    y: float = 0.0

    def __post_init__(self) -> None:
        self.y = self.first

    def put(self, section: SheetSection, gap: float = 0) -> None:
        """Place a section, on a new page if this one lacks the space.

        Raise KfdeskError `documents.too_much` if no page has the space.
        """
        if not section.items:
            return
        self.make_room(section.height + gap)
        self.y += gap if self.y > self.top and self.pages[-1] else 0
        self.pages[-1] += move_down(section.items, self.y)
        self.y += section.height

    def make_room(self, height: float) -> bool:
        """Begin a new page if this one lacks the space; return whether it did."""
        if self.y + height <= self.bottom:
            return False
        if self.top + height > self.bottom:
            raise KfdeskError("documents.too_much")
        self.pages.append([])
        self.y = self.top
        return True

    def table(self, head: SheetSection, rows: Sequence[SheetSection], gap: float) -> None:
        """Place rows below a heading, which is repeated on each further page."""
        self.make_room(gap + head.height + rows[0].height)
        self.put(head, gap)
        for row in rows:
            if self.y + row.height > self.bottom:
                self.make_room(head.height + row.height)
                self.put(head)
            self.put(row)


@dataclass(frozen=True, slots=True)
class _EscortComposer:
    """Composes one sheet."""

    sheet: EscortSheet
    rows: RowComposer

    def pages(self) -> Iterator[list[Item]]:
        """Yield the items of each page."""
        pages = self._body()
        for number, items in enumerate(pages, start=1):
            head = self._head(number, len(pages))
            yield [*head.items, *items]

    def _body(self) -> list[list[Item]]:
        sheet, rows = self.sheet, self.rows
        bottom = rows.form.bottom
        first, later = (
            self._head(1, _WIDEST_PAGE_NUMBER).y,
            self._head(2, _WIDEST_PAGE_NUMBER).y + _GAP_BELOW_HEAD,
        )
        flow = _SectionFlow(first, later, bottom)
        flow.table(rows.route_head(), [rows.leg(leg) for leg in sheet.legs], 0)
        flow.put(rows.needs(sheet), _SECTION_GAP)
        head, calls = rows.calls_head(), rows.calls(sheet)
        last = [rows.emergency(sheet), rows.tear_up()]
        together = head.height + sum(part.height + _SECTION_GAP for part in last)
        together += sum(row.height for row in calls)
        if later + together <= bottom and flow.y + _SECTION_GAP + together > bottom:
            flow.make_room(_SECTION_GAP + together if flow.y > later else together)
        flow.table(head, calls, _SECTION_GAP)
        for part in last:
            flow.put(part, _SECTION_GAP)
        return flow.pages

    def _head(self, number: int, total: int) -> SheetHead:
        words, form = self.rows.words, self.rows.form
        facts = words.days(*self.sheet.days)
        if total > 1:
            facts = f"{facts} · {page_number(words, number, total)}"
        heads = HeadComposer(words, form, "luggage", is_draft=self.sheet.is_draft)
        head = heads.line(escort_title(words), facts)
        return self._named(head) if number == 1 else head

    def _named(self, head: SheetHead) -> SheetHead:
        """Add the traveller's name on the left and the languages on the right."""
        words, form = self.rows.words, self.rows.form
        sizes, names, half = form.sizes, self.sheet.ticket_names, _NAME_SHARE * form.measure
        small = sizes.smallest
        left = TextColumn(form.margin, half - 12, y=head.y, smallest=small)
        right = TextColumn(form.margin + half, form.measure - half, y=head.y, smallest=small)
        caption, drop = Style(REGULAR, sizes.caption, GREY), 1.8 * sizes.caption
        left.add(travel_with_caption(words, len(names)), caption, drop)
        left.add_fitted(words.listing(names), Style(BOLD, sizes.name), 1.2 * sizes.name)
        if self.sheet.languages:
            right.add(speaks_caption(words), caption, drop)
            spoken = language_list(words, self.sheet.languages)
            right.add(spoken, Style(SEMIBOLD, sizes.text), 1.6 * sizes.text)
        y = max(left.y, right.y) + _SECTION_GAP
        return SheetHead([*head.items, *left.items, *right.items], y)


def make_escort_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the escort's sheet as a PDF, in the ordered language and form.

    Raise KfdeskError `documents.…` if the texts do not fit, and `paper.incomplete` if the
    finished pages lack a time, a place, a number or a line of what helps.
    """
    words = press.client(order.language)
    sheet = replace(build_escort_sheet(what, order.language), is_draft=about.is_draft)
    pdf = draw_escort_sheet(sheet, words, press, order.form)
    if missing_texts(pdf, escort_facts(sheet, words)):
        raise KfdeskError("paper.incomplete")
    return pdf


def escort_facts(sheet: EscortSheet, words: Language) -> Iterator[str]:
    """Yield every text that must be on the sheet, as often as it must be there."""
    if sheet.is_draft:
        yield content.draft_mark(words).upper()
    yield from sheet.ticket_names
    yield from map(words.language, sheet.languages)
    for leg in sheet.legs:
        yield from _leg_facts(leg, words)
    yield from sheet.needs
    for reminder in sheet.reminders:
        yield " ".join(filter(None, (reminder.time, reminder.place)))
        yield reminder.text
    for call in sheet.calls:
        yield words.clock(call.moment)
        yield call_message(words, call)
    for answering in sheet.answering[:2]:
        yield answering.number
        yield answering.name
    if sheet.emergency:
        yield sheet.emergency.number


def _leg_facts(leg: EscortLeg, words: Language) -> Iterator[str]:
    for end in (leg.start, leg.end):
        yield from _end_facts(end, words)
    yield content.way_text(words, leg.ride)
    if leg.onward:
        yield from _onward_texts(leg.onward, words)
    if leg.meets:
        yield leg.meets.name
        yield leg.meets.sign
    else:
        yield content.alone_text(words)


def _onward_texts(onward: Transfer, words: Language) -> list[str]:
    """Return the way onward, and its minutes if they are known: `Car with Anna`, `25 min`."""
    spans = [words.duration(onward.duration)] if onward.duration else []
    return [content.way_text(words, onward), *spans]


def _end_facts(end: LegEnd, words: Language) -> Iterator[str]:
    yield words.clock(end.moment)
    yield content.day_text(words, end.moment)
    yield content.zone_text(words, end.zone, end.moment)
    yield end.place
    yield end.detail
