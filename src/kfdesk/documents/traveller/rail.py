# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of the traveller's sheet as blocks: times left, places right, who meets in a card.

A block is worked out and measured before anything is drawn, so that a stop stands on one sheet
as a whole. Knows neither the rest of the sheet nor how a letter is drawn.
"""

from dataclasses import dataclass
from typing import Literal

from kfdesk.documents.drawing.items import Item, Panel, lowered
from kfdesk.documents.drawing.text_fit import SIGN_GAP, Sign, Stack, chips, width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.sheet import Ride, Sheet, Stop, Transfer
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
ONWARD = "arrow-right"
CARD_ABOVE = 8.0
_CARD_INSET = 14.5
_COLUMN_GAP = 8.0
_ABOVE_CARD, _BELOW_CARD = 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Air:
    """How close a sheet is set: drops as multiples of the type size, `stop` in points.

    `note` is the drop within a stop's times, `way` that to the vehicle, `stop` the least space
    between two stops.
    """

    note: float
    way: float
    stop: float


ROOMY = Air(note=1.36, way=1.75, stop=12)
CLOSE = Air(note=1.2, way=1.45, stop=5)


@dataclass(frozen=True, slots=True)
class Block:
    """A stop ready to be placed: its items around the top of its time.

    `above` and `below` are how far they reach from there, `dot` how far down the rail's dot is.
    """

    stop: Stop
    items: tuple[Item, ...]
    above: float
    below: float
    dot: float


@dataclass(frozen=True, slots=True)
class StopSetter:
    """Sets stops in one language, on one size of paper, at one closeness.

    With a `second` language what stands beside a stop stands small and grey below it.
    """

    words: Language
    form: Format
    air: Air
    second: Language | None = None

    def blocks(self, sheet: Sheet) -> list[Block]:
        """All stops of a sheet as blocks. Raises as `block` does."""
        others = sheet.beside.stops if sheet.beside else (None,) * len(sheet.stops)
        return [self.block(*pair) for pair in zip(sheet.stops, others, strict=True)]

    def block(self, stop: Stop, other: Stop | None = None) -> Block:
        """The stop as a block, with `other`, the same in the second language.

        Raises `documents.no_letter` or `documents.too_wide`.
        """
        card, card_height = self._card(stop, other)
        times = self._times(stop)
        if self.form.columns.is_card_below:
            above, bottom = 0.0, 0.0
            places = self._places((stop, other), (card, card_height))
            items = (*times.items, *places.items)
        else:
            above = CARD_ABOVE if card else 0.0
            bottom = card_height - above
            places = self._places((stop, other), card_bottom=bottom)
            items = (*lowered(card, -above), *times.items, *places.items)
        tail = 0.3 * self.form.sizes.text
        below = max(times.y + tail, places.y + tail, bottom)
        return Block(stop, items, above, below, self._dot)

    @property
    def _dot(self) -> float:
        return Style(BOLD, self.form.sizes.time).cap_height / 2

    def _times(self, stop: Stop) -> Stack:
        sizes, air = self.form.sizes, self.air
        column = self._column(0, self.form.columns.time, "right")
        column.add(self.words.clock(stop.moment), Style(BOLD, sizes.time), 2 * self._dot)
        day = traveller_words.day(self.words, stop.moment)
        column.add_fitted(day, Style(REGULAR, sizes.note), air.note * sizes.note)
        zone = traveller_words.zone(self.words, stop.zone, stop.moment)
        column.add_fitted(zone, Style(REGULAR, sizes.caption), air.note * sizes.caption)
        if stop.clock_change is not None:
            change = traveller_words.clock_change(self.words, stop.clock_change)
            watch = Sign("watch", 1.3 * sizes.caption, INK, gap=3)
            room = 1.52 * sizes.caption
            column.x, column.width = column.x + room, column.width - room
            style = Style(SEMIBOLD, sizes.caption)
            column.add_fitted(change, style, air.note * sizes.caption, sign=watch)
        return column

    def _places(
        self,
        both: tuple[Stop, Stop | None],
        card: tuple[list[Item], float] = ([], 0.0),
        *,
        card_bottom: float = 0,
    ) -> Stack:
        """Where the stop is and how it goes on; a `card` stands between these two."""
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
            self._below(column, *told_twice(stop, other))
        items, height = card
        if items:
            column.y += _ABOVE_CARD * sizes.text
            column.items += lowered(items, column.y)
            column.y += height + _BELOW_CARD * sizes.text
        taken = stop.ride or stop.transfer
        if taken:
            is_below_card = column.y + (self.air.way - 1) * sizes.text > card_bottom
            again = (other.ride or other.transfer) if other else None
            self._way(column, (taken, again), whole if is_below_card else beside)
        return column

    def _below(self, column: Stack, *texts: str) -> None:
        """What stands in the second language below hers: small and grey."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        for text in filter(None, texts):
            column.add(text, style, 1.3 * style.size)

    def _way(
        self, column: Stack, both: tuple[Ride | Transfer, Ride | Transfer | None], width: float
    ) -> None:
        """The vehicle or the transfer, its duration on the same line or on the next."""
        taken, again = both
        size = self.form.sizes.text
        style, inset = Style(SEMIBOLD, size, PETROL), 1.85 * size
        line = Stack(column.x + inset, width - inset, y=column.y)
        icon = MODE_ICONS.get(taken.mode or "", ONWARD)
        sign = Sign(icon, 1.36 * size, PETROL)
        parts = [traveller_words.way(self.words, taken)]
        if taken.duration:
            parts.append(self.words.duration(taken.duration))
        if width_of(" · ".join(parts), style) <= line.width:
            parts = [" · ".join(parts)]
        line.add(parts[0], style, self.air.way * size, sign=sign)
        for part in parts[1:]:
            line.add(part, Style(REGULAR, size), 1.3 * size)
        if self.second and again:
            self._below(line, way_again(self.words, self.second, taken, again))
        column.items += line.items
        column.y = line.y

    def _card(self, stop: Stop, other: Stop | None) -> tuple[list[Item], float]:
        """Who meets, or that nobody does, on a tinted ground; and how high the ground is."""
        if not (stop.meets or stop.alone):
            return [], 0.0
        sizes, form = self.form.sizes, self.form
        left, width = form.margin + form.columns.card, form.measure - form.columns.card
        icon = 1.4 * sizes.note
        inner, indent = width - _CARD_INSET - SIGN_GAP, icon + SIGN_GAP
        text = self._column(form.columns.card + _CARD_INSET + indent, inner - indent)
        strong = Style(SEMIBOLD, sizes.text)
        if stop.meets:
            person = Sign("user", icon, PETROL)
            label = traveller_words.meets_you(self.words)
            text.add_fitted(label, Style(REGULAR, sizes.note), 1.75 * sizes.note, sign=person)
            text.x, text.width = left + _CARD_INSET, inner
            text.add_fitted(stop.meets.name, Style(BOLD, sizes.place), 1.2 * sizes.place)
            text.add(stop.meets.sign, strong, 1.3 * sizes.text)
        else:
            steps = Sign(MODE_ICONS["on_foot"], icon, PETROL)
            label = traveller_words.alone(self.words)
            text.add_fitted(label, strong, 1.75 * sizes.text, sign=steps)
        if self.second and other:
            self._below(text, met_again(self.second, other))
        height = text.y + 0.7 * sizes.text
        return [Panel(left, 0, width, height), *chips(text.items), *text.items], height

    def _column(self, left: float, width: float, align: Literal["left", "right"] = "left") -> Stack:
        form = self.form
        return Stack(form.margin + left, width, align, smallest=form.sizes.smallest)


def told_twice(stop: Stop, other: Stop) -> tuple[str, ...]:
    """Place and stop in the second language where they read otherwise than in hers."""
    texts = ", ".join(filter(None, (other.place, other.detail)))
    return (texts,) if texts != ", ".join(filter(None, (stop.place, stop.detail))) else ()


def way_again(
    words: Language, second: Language, taken: Ride | Transfer, again: Ride | Transfer
) -> str:
    """How it goes on in the second language, where that reads otherwise."""
    text = traveller_words.way(second, again)
    return text if text != traveller_words.way(words, taken) else ""


def met_again(second: Language, other: Stop) -> str:
    """Who meets, or that nobody does, in the second language."""
    if other.meets:
        return f"{traveller_words.meets_you(second)}: {other.meets.name}, {other.meets.sign}"
    return traveller_words.alone(second)
