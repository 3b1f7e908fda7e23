# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops on the traveller's sheet, each as a block, and the line that joins them.

The line is solid where a vehicle leaves and dotted for a transfer. If a journey continues
on another sheet, the line runs out of the last dot and names the next time; there it runs
into the first dot. A second language may stand beside the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Dot,
    Item,
    PageFormat,
    Panel,
    Rule,
    Style,
    Symbol,
    move_down,
)
from kfdesk.documents.layout.text import ICON_GAP, LineIcon, TextColumn, width_of
from kfdesk.documents.traveller import content
from kfdesk.documents.traveller.content import Ride, Transfer, TravellerSheet, TravelStop
from kfdesk.i18n.language import Language

MODE_ICONS = {
    "air": "plane",
    "rail": "train-front",
    "ferry": "ship",
    "coach": "bus",
    "car": "car",
    "taxi": "car",
    "on_foot": "footprints",
}
ONWARD_ICON = "arrow-right"
CARD_OVERHANG = 8.0
_CARD_INSET = 14.5
_COLUMN_GAP = 8.0
_AROUND_CARD, _CLOSE_AROUND_CARD = (0.6, 0.35), (0.45, 0.25)
"""The room above and below a card among the texts, as multiples of the type size."""


# --- stops


@dataclass(frozen=True, slots=True)
class StopSpacing:
    """The spacing of stops: drops as multiples of the type size, `stop` in points.

    `note` is the drop within a stop's times and `way` the drop to the vehicle. `stop` is the
    least space between two stops.
    """

    note: float
    way: float
    stop: float


ROOMY_SPACING = StopSpacing(note=1.36, way=1.75, stop=12)
CLOSE_SPACING = StopSpacing(note=1.2, way=1.45, stop=5)
TIGHT_STOPS = StopSpacing(note=1.15, way=1.32, stop=3)


@dataclass(frozen=True, slots=True)
class StopBlock:
    """A stop ready to be placed: its items relative to the top of its time.

    `above` and `below` are its extent from there; `dot` is the drop to the dot on the line.
    """

    stop: TravelStop
    items: tuple[Item, ...]
    above: float
    below: float
    dot: float


@dataclass(frozen=True, slots=True)
class StopComposer:
    """Composes stops in one language, on one paper size, with one spacing.

    With a `second` language its texts are repeated small and grey behind or below the stop's.
    """

    words: Language
    form: PageFormat
    air: StopSpacing
    second: Language | None = None

    def blocks(self, sheet: TravellerSheet) -> list[StopBlock]:
        """Compose all stops of a sheet. Raise as `block` does."""
        others = sheet.beside.stops if sheet.beside else (None,) * len(sheet.stops)
        return [self.block(*pair) for pair in zip(sheet.stops, others, strict=True)]

    def block(self, stop: TravelStop, other: TravelStop | None = None) -> StopBlock:
        """Compose the stop, with `other`, the same stop in the second language.

        Raise KfdeskError `documents.no_letter` or `documents.too_wide`.
        """
        card, card_height = self._card(stop, other)
        times = self._times(stop)
        if self.form.columns.is_card_below:
            above, bottom = 0.0, 0.0
            places = self._places((stop, other), (card, card_height))
            items = (*times.items, *places.items)
        else:
            above = CARD_OVERHANG if card else 0.0
            bottom = card_height - above
            places = self._places((stop, other), card_bottom=bottom)
            items = (*move_down(card, -above), *times.items, *places.items)
        tail = 0.3 * self.form.sizes.text
        below = max(times.y + tail, places.y + tail, bottom)
        return StopBlock(stop, items, above, below, self._dot)

    @property
    def _dot(self) -> float:
        return Style(BOLD, self.form.sizes.time).cap_height / 2

    def _times(self, stop: TravelStop) -> TextColumn:
        sizes, air = self.form.sizes, self.air
        column = self._column(0, self.form.columns.time, "right")
        column.add(self.words.clock(stop.moment), Style(BOLD, sizes.time), 2 * self._dot)
        day = content.day_text(self.words, stop.moment)
        column.add_fitted(day, Style(REGULAR, sizes.note), air.note * sizes.note)
        zone = content.zone_text(self.words, stop.zone, stop.moment)
        column.add_fitted(zone, Style(REGULAR, sizes.caption), air.note * sizes.caption)
        return column

    def _places(
        self,
        both: tuple[TravelStop, TravelStop | None],
        card: tuple[list[Item], float] = ([], 0.0),
        *,
        card_bottom: float = 0,
    ) -> TextColumn:
        """Compose the place and how the journey continues, with `card` between them."""
        stop, other = both
        sizes, columns = self.form.sizes, self.form.columns
        whole = self.form.measure - columns.text
        beside = columns.card - columns.text - _COLUMN_GAP if card_bottom > 0 else whole
        column = self._column(columns.text, beside)
        place = Style(BOLD, sizes.place)
        column.add_fitted(stop.place, place, self._dot + place.cap_height / 2)
        if stop.detail:
            column.add(stop.detail, Style(REGULAR, sizes.text), 1.42 * sizes.text)
        if other:
            self._again(column, ", ".join(place_in_second(stop, other)))
        if stop.clock_change is not None:
            self._clock_change(column, stop.clock_change)
        items, height = card
        if items:
            above, below = _CLOSE_AROUND_CARD if self.second else _AROUND_CARD
            column.y += above * sizes.text
            column.items += move_down(items, column.y)
            column.y += height + below * sizes.text
        taken = stop.ride or stop.transfer
        if taken:
            is_below_card = column.y + (self.air.way - 1) * sizes.text > card_bottom
            again = (other.ride or other.transfer) if other else None
            self._way(column, (taken, again), whole if is_below_card else beside)
        return column

    def _clock_change(self, column: TextColumn, change: timedelta) -> None:
        """Add how to set one's watch."""
        size = self.form.sizes.caption
        watch, indent = LineIcon("watch", 1.3 * size, INK, gap=4), 1.7 * size
        least = self.form.sizes.smallest
        line = TextColumn(column.x + indent, column.width - indent, y=column.y, smallest=least)
        said, style = content.clock_change_text(self.words, change), Style(SEMIBOLD, size)
        line.add_fitted(said, style, 1.36 * size, sign=watch)
        if self.second:
            self._again(line, content.clock_change_text(self.second, change))
        column.items += line.items
        column.y = line.y

    def _again(self, column: TextColumn, *texts: str) -> None:
        """Add texts in the second language, small and grey, behind the last line if they fit."""
        style = Style(REGULAR, self.form.sizes.smallest, GREY)
        for text in filter(None, texts):
            column.add_beside(text, style, 1.3 * style.size)

    def _way(
        self, column: TextColumn, both: tuple[Ride | Transfer, Ride | Transfer | None], width: float
    ) -> None:
        """Add the vehicle or the transfer, its duration on the same line or the next."""
        taken, again = both
        size = self.form.sizes.text
        style, inset = Style(SEMIBOLD, size, PETROL), 1.85 * size
        line = TextColumn(column.x + inset, width - inset, y=column.y)
        icon = MODE_ICONS.get(taken.mode or "", ONWARD_ICON)
        sign = LineIcon(icon, 1.36 * size, PETROL)
        parts = [content.way_text(self.words, taken)]
        if taken.duration:
            parts.append(self.words.duration(taken.duration))
        if width_of(" · ".join(parts), style) <= line.width:
            parts = [" · ".join(parts)]
        line.add(parts[0], style, self.air.way * size, sign=sign)
        for part in parts[1:]:
            line.add(part, Style(REGULAR, size), 1.3 * size)
        if self.second and again:
            self._again(line, way_in_second(self.words, self.second, taken, again))
        column.items += line.items
        column.y = line.y

    def _card(self, stop: TravelStop, other: TravelStop | None) -> tuple[list[Item], float]:
        """Compose who meets, or that nobody does, in a frame; also return its height."""
        if not (stop.meets or stop.alone):
            return [], 0.0
        sizes, form = self.form.sizes, self.form
        left, width = form.margin + form.columns.card, form.measure - form.columns.card
        icon = 1.4 * sizes.note
        inner, indent = width - _CARD_INSET - ICON_GAP, icon + ICON_GAP
        text = self._column(form.columns.card + _CARD_INSET + indent, inner - indent)
        strong = Style(SEMIBOLD, sizes.text)
        if stop.meets:
            person = LineIcon("user", icon, PETROL)
            label = content.meets_you(self.words)
            text.add_fitted(label, Style(REGULAR, sizes.note), 1.75 * sizes.note, sign=person)
            text.x, text.width = left + _CARD_INSET, inner
            text.add_fitted(stop.meets.name, Style(BOLD, sizes.place), 1.2 * sizes.place)
            text.add(stop.meets.sign, strong, 1.3 * sizes.text)
        else:
            steps = LineIcon(MODE_ICONS["on_foot"], icon, PETROL)
            label = content.alone_text(self.words)
            text.add_fitted(label, strong, 1.75 * sizes.text, sign=steps)
        if self.second and other:
            self._again(text, meeting_in_second(self.second, other))
        height = text.y + 0.7 * sizes.text
        return [Panel(left, 0, width, height), *text.items], height

    def _column(
        self, left: float, width: float, align: Literal["left", "right"] = "left"
    ) -> TextColumn:
        form = self.form
        return TextColumn(form.margin + left, width, align, smallest=form.sizes.smallest)


def place_in_second(stop: TravelStop, other: TravelStop) -> tuple[str, ...]:
    """Return place and stop in the second language, without the parts that read the same in both.

    A part ends at a comma: the name in `Rīgas autoosta, plattform 4` stands there already.
    """
    own = {*stop.place.split(", "), *stop.detail.split(", ")}
    texts = (
        ", ".join(part for part in text.split(", ") if part not in own)
        for text in (other.place, other.detail)
    )
    return tuple(filter(None, texts))


def way_in_second(
    words: Language, second: Language, taken: Ride | Transfer, again: Ride | Transfer
) -> str:
    """Return how the journey continues in the second language, if that differs."""
    text = content.way_text(second, again)
    return text if text != content.way_text(words, taken) else ""


def meeting_in_second(second: Language, other: TravelStop) -> str:
    """Return who meets, or that nobody does, in the second language."""
    if other.meets:
        return f"{content.meets_you(second)}: {other.meets.name}, {other.meets.sign}"
    return content.alone_text(second)


SHEET_STOPS = 6
CONTINUES_ICON = "arrow-right"
MOST_EXTRA_GAP, LEAST_EXTRA_GAP = 56, 20
"""The most points between stops beyond the least: on a whole journey, and on a part of one."""
_DOT, _SOLID, _DOTTED = 0.316, 0.156, 0.104
_RUN_IN_LENGTH = 20.0
_BREAK_CANDIDATES = 3
_CARD_GAP = 2.0


# --- places of the stops


def run_out_height(form: PageFormat) -> float:
    """Return the height of the line to the next sheet or quarter, below the last stop."""
    return min(34.0, 2.2 * form.sizes.text) if form.columns.is_card_below else 34.0


def place_blocks(
    blocks: Sequence[StopBlock],
    room: tuple[float, float],
    gap: float,
    fold: float | None = None,
    most: int = MOST_EXTRA_GAP,
) -> list[float] | None:
    """Return the tops of the blocks between two heights, or None if they do not fit.

    They are spaced as widely as possible, at least `gap` and at most `gap + most` apart. No
    block crosses the `fold`.
    """
    start, end = room
    for extra in range(most, -1, -1):
        tops = _stack_tops(blocks, start, gap + extra, fold)
        if tops[-1] + blocks[-1].below <= end:
            return tops
    return None


def _stack_tops(
    blocks: Sequence[StopBlock], start: float, gap: float, fold: float | None
) -> list[float]:
    tops: list[float] = []
    top = start
    for block in blocks:
        if tops:
            top += max(0.0, block.above + _CARD_GAP - gap)
        if fold and top - block.above < fold < top + block.below:
            top = fold + gap + block.above
        tops.append(top)
        top += block.below + gap
    return tops


def count_fitting(
    blocks: Sequence[StopBlock],
    room: tuple[float, float],
    gap: float,
    fold: float | None = None,
    limit: int = SHEET_STOPS,
) -> int:
    """Return how many blocks this sheet takes when others follow; 0 if none fits.

    `limit` is the maximum. Of the last few break points, one after an arrival is preferred, and
    among these one where a new day begins.
    """
    most = 0
    while most < min(limit, len(blocks)) and place_blocks(blocks[: most + 1], room, gap, fold):
        most += 1
    if most == len(blocks):
        return most
    return max(
        range(max(1, most - _BREAK_CANDIDATES + 1), most + 1),
        key=lambda count: (
            blocks[count - 1].stop.ride is None,
            blocks[count - 1].stop.moment.date() < blocks[count].stop.moment.date(),
            count,
        ),
        default=0,
    )


# --- line


@dataclass(frozen=True, slots=True)
class TimelineComposer:
    """Joins placed blocks by a line, in one language, on one paper size.

    Dots and lines scale with the type size of the times.
    """

    words: Language
    form: PageFormat

    def rail(self, blocks: Sequence[StopBlock], tops: Sequence[float]) -> list[Item]:
        """Return the blocks at their places, with their dots and the lines between."""
        centres = [top + block.dot for block, top in zip(blocks, tops, strict=True)]
        items: list[Item] = [
            self._line(block.stop, upper, lower - upper)
            for block, (upper, lower) in zip(blocks, pairwise(centres), strict=False)
        ]
        items += [Dot(self._x, centre, self._dot, PETROL) for centre in centres]
        for block, top in zip(blocks, tops, strict=True):
            items += move_down(block.items, top)
        return items

    def run_in(self, before: TravelStop, first: StopBlock, top: float) -> list[Item]:
        """Return the line into the first dot from the stop on the sheet before."""
        return [
            self._line(
                before, top + first.dot - _RUN_IN_LENGTH - self._dot, _RUN_IN_LENGTH + self._dot
            )
        ]

    def run_out(self, last: StopBlock, top: float, after: TravelStop, where: str) -> list[Item]:
        """Return the line out of the last dot, with the time of the stop `after`.

        `where` says where that stop is printed.
        """
        sizes, columns = self.form.sizes, self.form.columns
        foot, drop = top + last.below, run_out_height(self.form) - 8
        time = TextColumn(self.form.margin, columns.time, "right", y=foot)
        time.add(self.words.clock(after.moment), Style(SEMIBOLD, sizes.title, GREY), drop)
        goes_on = TextColumn(self.form.margin + columns.text, self.form.measure, y=foot)
        style = Style(REGULAR, sizes.text, GREY)
        goes_on.add(where, style, drop)
        arrow = Symbol(
            CONTINUES_ICON,
            goes_on.x + width_of(where, style) + sizes.text,
            goes_on.y - style.cap_height / 2 - sizes.text / 2,
            sizes.text,
            GREY,
        )
        dot = top + last.dot
        return [self._line(last.stop, dot, time.y - dot), *time.items, *goes_on.items, arrow]

    @property
    def _x(self) -> float:
        return self.form.margin + self.form.columns.rail

    @property
    def _time(self) -> float:
        return self.form.sizes.time

    @property
    def _dot(self) -> float:
        return _DOT * self._time

    def _line(self, stop: TravelStop, y: float, down: float) -> Rule:
        if stop.ride:
            return Rule(self._x, y, down=down, stroke=_SOLID * self._time, colour=PETROL)
        stroke = _DOTTED * self._time
        return Rule(self._x, y, down=down, stroke=stroke, colour=PETROL, is_dotted=True)
