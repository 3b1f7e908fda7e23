# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the companion's sheet: legs, what helps on the way, and calls.

Each is a Section whose height is known before it is placed, so that no row is split. Knows no
page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kfdesk.documents.companion import words as companion_words
from kfdesk.documents.companion.sheet import Answering, End, Leg, Reminder, Sheet
from kfdesk.documents.drawing.items import Dot, Frame, Item, Line, Rule
from kfdesk.documents.drawing.text_fit import Sign, Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    A4,
    BOLD,
    FOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Sizes,
    Style,
)
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.help import Section
from kfdesk.documents.traveller.rail import MODE_ICONS, ONWARD
from kfdesk.i18n.language import Language

_WHITE = "#FFFFFF"
_PAD = 7.0
_GAP = 10.0
_BAR = 8.0
_TICK = 1.15


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of legs and of calls begin, in points from the left margin.

    What would begin where another column does stands in that column, below the other.
    """

    form: Format
    times: float
    places: float
    by: float
    meets: float
    calls: tuple[float, float, float, float]

    @property
    def is_narrow(self) -> bool:
        """Whether vehicle and meeting stand below the places."""
        return self.by <= self.places


USUAL = Layout(
    replace(
        A4,
        sizes=Sizes(
            emergency=28, time=15.5, name=21, phone=12, place=11.5, heading=13.5, title=14,
            phrase=11, text=11, note=10, caption=9, smallest=9,
        ),
    ),
    times=28, places=134, by=292, meets=408, calls=(20, 162, 314, 396),
)  # fmt: skip
LARGE = Layout(
    replace(
        A4,
        sizes=Sizes(
            emergency=36, time=21, name=26, phone=15, place=16, heading=18, title=16,
            phrase=14, text=14, note=13, caption=13, smallest=13,
        ),
    ),
    times=32, places=182, by=182, meets=182, calls=(26, 192, 350, 350),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowSetter:
    """Sets rows; `words` are the program's in the reader's language, `carried` the traveller's."""

    words: Language
    carried: Language
    layout: Layout

    # the legs

    def route_head(self) -> Section:
        """Heading and columns of the legs."""
        layout = self.layout
        lefts = (layout.times, layout.places, layout.by, layout.meets)
        texts = companion_words.route_columns(self.words)
        heading = companion_words.route_heading(self.words)
        return self._table_head(heading, lefts, texts)

    def leg(self, leg: Leg) -> Section:
        """A leg: both its times and places, its vehicle, and who meets."""
        layout, sizes = self.layout, self.form.sizes
        first, second = Style(BOLD, sizes.time).cap_height, 1.35 * sizes.time
        times = self._column(layout.times, layout.places - layout.times - 2 * _BAR)
        places = self._column(layout.places, self._width_of_places)
        by, meets = places, places
        self._time(times, leg.start, first)
        self._place(places, leg.start, first)
        if not layout.is_narrow:
            by = self._column(layout.by, layout.meets - layout.by - _GAP)
            meets = self._column(layout.meets, self.form.measure - layout.meets)
        self._vehicle(by, leg, first)
        times.y = max(times.y, places.y)
        places.y = times.y
        middle = times.y + second
        self._time(times, leg.end, second)
        if leg.clock_change is not None:
            change = traveller_words.clock_change(self.carried, leg.clock_change)
            times.add_fitted(change, Style(SEMIBOLD, sizes.caption), 1.2 * sizes.caption)
        self._place(places, leg.end, second)
        self._meeting(meets, leg, first)
        if leg.onward:
            onward = Sign(ONWARD, 1.1 * sizes.note, PETROL)
            drop = 1.5 * sizes.note
            self._marked(meets, leg.onward, Style(REGULAR, sizes.note), drop, onward)
        columns = {id(column): column for column in (times, places, by, meets)}.values()
        items = [item for column in columns for item in column.items]
        bar_x = self.form.margin + layout.places - _BAR
        items += [
            *self._number(leg.number, _PAD + first / 2),
            Rule(bar_x, _PAD, down=middle - _PAD, stroke=2, colour=PETROL),
        ]
        return self._row(items, max(column.y for column in columns))

    @property
    def _width_of_places(self) -> float:
        layout = self.layout
        end = self.form.measure if layout.is_narrow else layout.by - _GAP
        return end - layout.places

    def _time(self, column: Stack, end: End, drop: float) -> None:
        sizes = self.form.sizes
        column.add(self.carried.clock(end.moment), Style(BOLD, sizes.time), drop)
        small = Style(REGULAR, sizes.caption, GREY)
        day = traveller_words.day(self.carried, end.moment)
        column.add_fitted(day, small, 1.35 * sizes.caption)
        zone = traveller_words.zone(self.carried, end.zone, end.moment)
        column.add_fitted(zone, small, 1.2 * sizes.caption)

    def _place(self, column: Stack, end: End, drop: float) -> None:
        sizes = self.form.sizes
        column.add_fitted(end.place, Style(BOLD, sizes.place), drop)
        if end.detail:
            column.add(end.detail, Style(REGULAR, sizes.text), 1.3 * sizes.text)

    def _vehicle(self, column: Stack, leg: Leg, first: float) -> None:
        sizes = self.form.sizes
        sign = Sign(MODE_ICONS.get(leg.ride.mode, ONWARD), 1.3 * sizes.text, PETROL)
        drop = 1.5 * sizes.text if self.layout.is_narrow else first
        way = traveller_words.way(self.carried, leg.ride)
        self._marked(column, way, Style(SEMIBOLD, sizes.text, PETROL), drop, sign)

    def _meeting(self, column: Stack, leg: Leg, first: float) -> None:
        sizes = self.form.sizes
        drop = 1.6 * sizes.text if self.layout.is_narrow else first
        if leg.meets is None:
            sign = Sign(MODE_ICONS["on_foot"], 1.3 * sizes.text, PETROL)
            nobody = traveller_words.alone(self.carried)
            self._marked(column, nobody, Style(SEMIBOLD, sizes.text), drop, sign)
            return
        person = Sign("user", 1.3 * sizes.text, PETROL)
        self._marked(column, leg.meets.name, Style(BOLD, sizes.place), drop, person)
        indent = person.size + person.gap
        below = Stack(column.x + indent, column.width - indent, y=column.y)
        below.add(leg.meets.sign, Style(REGULAR, sizes.text), 1.3 * sizes.text)
        column.items += below.items
        column.y = below.y

    def _marked(self, column: Stack, text: str, style: Style, drop: float, sign: Sign) -> None:
        """Text behind an icon that stands at the column's edge."""
        indent = sign.size + sign.gap
        line = Stack(column.x + indent, column.width - indent, y=column.y, smallest=column.smallest)
        line.add(text, style, drop, sign=sign)
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
            Line(text, style, x - wide / 2, y + style.cap_height / 2, wide),
        ]

    # on the way

    def needs(self, sheet: Sheet) -> Section:
        """What helps on the way, and beside it the reminders; nothing where there is neither."""
        width = (self.form.measure - 3 * _GAP) / 2
        columns: list[Stack] = []
        if sheet.needs:
            heading = companion_words.needs_heading(self.words)
            columns.append(self._headed(heading, 0, width))
            self._bullets(columns[-1], sheet.needs)
        if sheet.reminders:
            heading = companion_words.reminders_heading(self.words)
            columns.append(self._headed(heading, len(columns) * (width + 3 * _GAP), width))
            self._reminders(columns[-1], sheet.reminders)
        items = [item for column in columns for item in column.items]
        return Section(tuple(items), max((column.y + 4 for column in columns), default=0))

    def _bullets(self, column: Stack, lines: Sequence[str]) -> None:
        text = self.form.sizes.text
        for line in lines:
            inner = Stack(column.x + text, column.width - text, y=column.y)
            inner.add(line, Style(REGULAR, text), 1.6 * text)
            middle = inner.items[0].y - 0.36 * text
            column.items += [*inner.items, Dot(column.x + 3, middle, 0.2 * text, INK)]
            column.y = inner.y

    def _reminders(self, column: Stack, lines: Sequence[Reminder]) -> None:
        sizes = self.form.sizes
        for line in lines:
            time = Style(BOLD, sizes.place)
            wide = width_of("00:00", time) + 9 if line.time else 0.0
            sign = Sign("clock", 1.3 * sizes.text, PETROL)
            left = column.x + sign.size + sign.gap
            text = Stack(left + wide, column.x + column.width - left - wide, y=column.y)
            text.add(line.text, Style(REGULAR, sizes.text), 1.75 * sizes.text,
                     sign=None if wide else sign)  # fmt: skip
            if wide:
                clock = Stack(left, wide, y=column.y)
                clock.add(line.time, time, 1.75 * sizes.text, sign=sign)
                column.items += clock.items
            column.items += text.items
            column.y = text.y
        note = Style(REGULAR, sizes.note, GREY)
        column.add(companion_words.only_remind(self.words), note, 2 * sizes.note)

    # the calls

    def calls_head(self) -> Section:
        """Heading and columns of the calls."""
        texts = companion_words.calls_columns(self.words)
        heading = companion_words.calls_heading(self.words)
        return self._table_head(heading, self.layout.calls, texts)

    def calls(self, sheet: Sheet) -> list[Section]:
        """A row for each call, and two for when something goes wrong."""
        rows = []
        first = sheet.answering[0] if sheet.answering else None
        for call in sheet.calls:
            day = traveller_words.day(self.carried, call.moment)
            when = f"{day} {self.carried.clock(call.moment)}"
            zone = traveller_words.zone(self.carried, call.zone, call.moment)
            said = companion_words.said(self.words, call)
            rows.append(self._call((when, zone, said), first))
        late, where = companion_words.late(self.words)
        rows.append(self._call((late, "", where), first))
        if len(sheet.answering) > 1:
            nobody, same = companion_words.unanswered(self.words)
            rows.append(self._call((nobody, "", same), sheet.answering[1]))
        return rows

    def _call(self, said: tuple[str, str, str], to: Answering | None) -> Section:
        (when, zone, what), sizes, lefts = said, self.form.sizes, self.layout.calls
        ends = [*lefts[1:], self.form.measure + _GAP]
        if lefts[2] == lefts[3]:
            ends[2] = ends[3]
        columns = [
            self._column(left, end - left - _GAP) for left, end in zip(lefts, ends, strict=True)
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
        side = _TICK * sizes.text
        middle = _PAD + bold.cap_height / 2
        tick = Frame(self.form.margin, middle - side / 2, side, side, 2, 0.9)
        items = [item for column in columns for item in column.items]
        return self._row([tick, *items], max(column.y for column in columns))

    def emergency(self, sheet: Sheet) -> Section:
        """The emergency number in a frame, and whom to call then; nothing where there is none."""
        if sheet.emergency is None:
            return Section((), 0)
        sizes, (number, country) = self.form.sizes, sheet.emergency
        digits, strong = Style(BOLD, sizes.emergency), Style(SEMIBOLD, sizes.text)
        wide = width_of(number, digits)
        text = self._column(wide + 34, self.form.measure - wide - 44)
        text.y = 10.0
        said = " ".join(traveller_words.emergency(self.carried, number, country))
        text.add(said, strong, strong.cap_height)
        then = companion_words.afterwards(self.words, sheet)
        text.add(then, Style(REGULAR, sizes.text), 1.4 * sizes.text)
        height = max(text.y + 11, 1.25 * sizes.emergency)
        frame = Frame(self.form.margin, 0, self.form.measure, height, 6, 1.6)
        baseline = height / 2 + digits.cap_height / 2
        large = Line(number, digits, self.form.margin + 15, baseline, wide)
        return Section((frame, large, *text.items), height)

    def tear_up(self) -> Section:
        """What becomes of the sheet."""
        column = self._column(0, self.form.measure)
        column.y = 0.0
        note = Style(REGULAR, self.form.sizes.note, GREY)
        column.add(companion_words.tear_up(self.words), note, note.cap_height)
        return Section(tuple(column.items), column.y + 4)

    # what they share

    @property
    def form(self) -> Format:
        """The page and its sizes."""
        return self.layout.form

    def _headed(self, heading: str, left: float, width: float) -> Stack:
        style = Style(BOLD, self.form.sizes.heading)
        column = self._column(left, width)
        column.y = 0.0
        column.add_fitted(heading, style, style.cap_height)
        column.y += 8
        column.items.append(Rule(column.x, column.y, across=width))
        return column

    def _table_head(self, heading: str, lefts: Sequence[float], texts: Sequence[str]) -> Section:
        column = self._headed(heading, 0, self.form.measure)
        small = Style(SEMIBOLD, self.form.sizes.caption, GREY)
        baseline = column.y + 1.6 * small.size
        shown: dict[float, str] = {}
        for left, text in zip(lefts, texts, strict=True):
            shown.setdefault(left, text)
        ends = [*list(shown)[1:], self.form.measure + _GAP]
        foot = baseline
        for (left, text), end in zip(shown.items(), ends, strict=True):
            cell = self._column(left, end - left - _GAP)
            cell.y = baseline - small.size
            cell.add_fitted(text, small, small.size)
            column.items += cell.items
            foot = max(foot, cell.y)
        return self._row(column.items, foot, pad=0.7 * small.size)

    def _row(self, items: Sequence[Item], foot: float, pad: float = _PAD) -> Section:
        height = foot + pad
        light = Rule(self.form.margin, height, across=self.form.measure, stroke=0.8, colour=FOLD)
        return Section((*items, light), height)

    def _column(self, left: float, width: float, align: Literal["left", "right"] = "left") -> Stack:
        form = self.form
        return Stack(form.margin + left, width, align, y=_PAD, smallest=form.sizes.smallest)
