# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the stops of the traveller's sheet come to stand, and the rail that joins them.

The rail is solid where a vehicle leaves and dotted for a transfer. Where a journey goes on on
another sheet, the rail runs out of the last dot, the next time is named, and it runs into the
first dot there. Knows blocks and not what is written in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kfdesk.documents.drawing.items import Dot, Item, Rule, Symbol, lowered
from kfdesk.documents.drawing.text_fit import Stack, width_of
from kfdesk.documents.drawing.type_scale import GREY, PETROL, REGULAR, SEMIBOLD, Format, Style
from kfdesk.documents.traveller.rail import Block
from kfdesk.documents.traveller.sheet import Stop
from kfdesk.i18n.language import Language

SHEET_STOPS = 6
CONTINUES = "arrow-right"
FOOT = 34.0
MOST_EXTRA = 56
_DOT, _SOLID, _DOTTED = 0.316, 0.156, 0.104
_STUB = 20.0
_LOOK_BACK = 3
_CARD_GAP = 2.0


def placed(
    blocks: Sequence[Block], room: tuple[float, float], gap: float, fold: float | None = None
) -> list[float] | None:
    """The tops of the blocks between two heights, as airy as goes, at least `gap` apart.

    No block lies across the `fold`. None where they do not fit.
    """
    start, end = room
    for extra in range(MOST_EXTRA, -1, -1):
        tops = _flow(blocks, start, gap + extra, fold)
        if tops[-1] + blocks[-1].below <= end:
            return tops
    return None


def _flow(blocks: Sequence[Block], start: float, gap: float, fold: float | None) -> list[float]:
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


def how_many(
    blocks: Sequence[Block],
    room: tuple[float, float],
    gap: float,
    fold: float | None = None,
    limit: int = SHEET_STOPS,
) -> int:
    """How many of the blocks this sheet takes when others follow; 0 where not one fits.

    `limit` is the most.

    Of the last few places to break, one after an arrival is best, and there one where a new day
    begins.
    """
    most = 0
    while most < min(limit, len(blocks)) and placed(blocks[: most + 1], room, gap, fold):
        most += 1
    if most == len(blocks):
        return most
    return max(
        range(max(1, most - _LOOK_BACK + 1), most + 1),
        key=lambda count: (
            blocks[count - 1].stop.ride is None,
            blocks[count - 1].stop.moment.date() < blocks[count].stop.moment.date(),
            count,
        ),
        default=0,
    )


@dataclass(frozen=True, slots=True)
class RailSetter:
    """Joins placed blocks in one language, on one size of paper.

    Dots and lines are as thick as the times beside them are large.
    """

    words: Language
    form: Format

    def rail(self, blocks: Sequence[Block], tops: Sequence[float]) -> list[Item]:
        """The blocks at their places, with their dots and the lines between these."""
        centres = [top + block.dot for block, top in zip(blocks, tops, strict=True)]
        items: list[Item] = [
            self._line(block.stop, upper, lower - upper)
            for block, (upper, lower) in zip(blocks, pairwise(centres), strict=False)
        ]
        items += [Dot(self._x, centre, self._dot, PETROL) for centre in centres]
        for block, top in zip(blocks, tops, strict=True):
            items += lowered(block.items, top)
        return items

    def run_in(self, before: Stop, first: Block, top: float) -> list[Item]:
        """The rail that comes into the first dot from the stop on the sheet before."""
        return [self._line(before, top + first.dot - _STUB - self._dot, _STUB + self._dot)]

    def run_out(self, last: Block, top: float, after: Stop, where: str) -> list[Item]:
        """The rail that leaves the last dot, and the time of the stop `after`.

        `where` says where this stop is found.
        """
        sizes, columns = self.form.sizes, self.form.columns
        foot = top + last.below
        time = Stack(self.form.margin, columns.time, "right", y=foot)
        time.add(self.words.clock(after.moment), Style(SEMIBOLD, sizes.title, GREY), FOOT - 8)
        goes_on = Stack(self.form.margin + columns.text, self.form.measure, y=foot)
        style = Style(REGULAR, sizes.text, GREY)
        goes_on.add(where, style, FOOT - 8)
        arrow = Symbol(
            CONTINUES,
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

    def _line(self, stop: Stop, y: float, down: float) -> Rule:
        if stop.ride:
            return Rule(self._x, y, down=down, stroke=_SOLID * self._time, colour=PETROL)
        stroke = _DOTTED * self._time
        return Rule(self._x, y, down=down, stroke=stroke, colour=PETROL, is_dotted=True)
