# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: the journey above the fold, help below it.

It is set as airily as one page allows. A journey that does not fit goes on on further sheets of
six stops; the help stays on the first. Nothing is cut and no stop is split. Knows the order of
the parts: how a stop or a phone is set stands in the neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item, Rule, lowered
from kfdesk.documents.drawing.text_fit import SIGN_GAP, Sign, Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    A4,
    BOLD,
    FOLD,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.flow import FOOT, SHEET_STOPS, RailSetter, how_many, placed
from kfdesk.documents.traveller.help import NARROW, WIDE, HelpSetter, Room, Section
from kfdesk.documents.traveller.rail import CLOSE, ROOMY, Air, Block, StopSetter
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language

_ABOVE_FOLD = 4.0
_BELOW_FOLD = 13.5
_HELP_GAP = 14.0
_LUGGAGE_EXTRA = 24.0
_MARK = 11.0
_RUN_IN = 40.0
_ONE_PAGE: tuple[tuple[Air, Room, bool], ...] = (
    (ROOMY, WIDE, True),
    (ROOMY, NARROW, True),
    (CLOSE, WIDE, True),
    (CLOSE, NARROW, True),
    (CLOSE, NARROW, False),
)
"""How a page is tried: the stops' air, the help's room, and whether the fold is respected."""


def draw_traveller_sheet(sheet: Sheet, words: Language, press: Press, form: Format = A4) -> bytes:
    """The sheet as a PDF, in the language of `words` (its domain is `traveller`).

    The same sheet gives the same bytes. Raises `documents.no_letter` (`letter`) where the fonts
    lack a letter, `documents.too_wide` (`letters`) where a single word is wider than its place,
    and `documents.too_much` where help and luggage do not leave room for a stop.
    """
    canvas = PageCanvas(form, words.code, press.icon)
    for page in _Setter(sheet, words, press, form).pages():
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _Help:
    """The lower half, and the bottom of the page that it must not pass."""

    calls: Section
    luggage: Section
    gap: float
    bottom: float

    @property
    def highest(self) -> float:
        """Where it may begin at the latest, from the top of the page."""
        return self.bottom - self.calls.height - self.gap - self.luggage.height

    def at(self, top: float) -> list[Item]:
        """Its items when it begins at `top`, the luggage a little lower if there is room."""
        extra = min(_LUGGAGE_EXTRA, self.highest - top)
        low = top + self.calls.height + self.gap + extra
        return [*lowered(self.calls.items, top), *lowered(self.luggage.items, low)]


@dataclass(frozen=True, slots=True)
class _Part:
    """The stops of one sheet, and where they stand."""

    blocks: list[Block]
    tops: list[float]


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets one sheet in one language on one size of paper."""

    sheet: Sheet
    words: Language
    press: Press
    form: Format

    def pages(self) -> Iterator[list[Item]]:
        """The items of each page."""
        if len(self.sheet.stops) <= SHEET_STOPS:
            for air, room, is_above_fold in _ONE_PAGE:
                page = self._one_page(self._blocks(air), air.stop, self._help(room), is_above_fold)
                if page:
                    yield page
                    return
        yield from self._several_pages()

    def _one_page(
        self, blocks: list[Block], gap: float, below: _Help, is_above_fold: bool
    ) -> list[Item] | None:
        head, start = self._first_head(self._days())
        fold = self.form.fold
        if is_above_fold:
            top = fold + _BELOW_FOLD
            tops = placed(blocks, (start, fold - _ABOVE_FOLD), gap)
        else:
            top = below.highest
            room = start, top - _HELP_GAP
            tops = placed(blocks, room, gap, fold) or placed(blocks, room, gap)
        if tops is None or top > below.highest:
            return None
        return [*head, *self._rail.rail(blocks, tops), *below.at(top)]

    def _several_pages(self) -> Iterator[list[Item]]:
        parts, stops, done = list(self._parts()), self.sheet.stops, 0
        for number, part in enumerate(parts, start=1):
            first, top = part.blocks[0], part.tops[0]
            number_of = traveller_words.sheet_number(self.words, number, len(parts))
            if number == 1:
                page, _ = self._first_head(f"{self._days()} · {number_of}")
                page += self._lower_half().at(self.form.fold + _BELOW_FOLD)
            else:
                days = self.words.days(first.stop.moment.date(), part.blocks[-1].stop.moment.date())
                page, _ = self._head(f"{days} · {number_of}")
                page += self._rail.run_in(stops[done - 1], first, top)
            page += self._rail.rail(part.blocks, part.tops)
            done += len(part.blocks)
            if done < len(stops):
                page += self._rail.run_out(
                    part.blocks[-1], part.tops[-1], (stops[done], number + 1)
                )
            yield page

    def _parts(self) -> Iterator[_Part]:
        """The stops shared out: above the fold of the first sheet, then whole sheets."""
        blocks, roomy, gap = self._blocks(CLOSE), self._blocks(ROOMY), CLOSE.stop
        room = self._first_head("")[1], self.form.fold - FOOT - _ABOVE_FOLD
        fold: float | None = None
        done = 0
        while done < len(blocks):
            rest = blocks[done:]
            count = how_many(rest, room, gap, fold)
            tops = placed(rest[:count], room, gap, fold) if count else None
            if tops is None:
                raise KfdeskError("documents.too_much")
            yield _Part(rest[:count], tops)
            done += count
            blocks, gap, fold = roomy, ROOMY.stop, self.form.fold
            room = self._head("")[1] + _RUN_IN, self.form.bottom - FOOT

    @property
    def _rail(self) -> RailSetter:
        return RailSetter(self.words, self.form)

    def _blocks(self, air: Air) -> list[Block]:
        setter = StopSetter(self.words, self.form, air)
        return [setter.block(stop) for stop in self.sheet.stops]

    def _lower_half(self) -> _Help:
        """The help of a first sheet whose journey goes on elsewhere."""
        for room in (WIDE, NARROW):
            below = self._help(room)
            if self.form.fold + _BELOW_FOLD <= below.highest:
                return below
        raise KfdeskError("documents.too_much")

    def _help(self, room: Room) -> _Help:
        setter = HelpSetter(self.words, self.form, room)
        calls = setter.calls(self.sheet, self.press.traveller)
        return _Help(calls, setter.luggage(self.sheet.luggage), room.luggage, self.form.bottom)

    def _days(self) -> str:
        return self.words.days(*self.sheet.days)

    def _first_head(self, facts: str) -> tuple[list[Item], float]:
        """Title, days, the name as on the ticket and the fold marks; where the rail begins."""
        items, y = self._head(facts)
        sizes, names = self.form.sizes, self.sheet.ticket_names
        column = Stack(self.form.margin, self.form.measure, y=y)
        caption = traveller_words.name_caption(self.words, len(names))
        column.add(caption, Style(REGULAR, sizes.caption, GREY), 1.66 * sizes.caption)
        name = Style(BOLD, sizes.name)
        column.add_fitted(self.words.listing(names), name, 1.26 * sizes.name)
        return [*items, *column.items, *self._fold_marks()], column.y + 0.9 * sizes.name

    def _head(self, facts: str) -> tuple[list[Item], float]:
        """Title on the left, `facts` on the right, a rule below; where that is."""
        style = Style(SEMIBOLD, self.form.sizes.title)
        top, icon = self.form.margin - 0.56 * style.size, 1.2 * style.size
        right = Stack(self.form.margin, self.form.measure, "right", y=top)
        right.add(facts, style, style.cap_height)
        indent = icon + SIGN_GAP
        room = self.form.measure - width_of(facts, style) - indent - style.size
        left = Stack(self.form.margin + indent, room, y=top)
        left.add_fitted(
            traveller_words.title(self.words),
            Style(SEMIBOLD, style.size, PETROL),
            style.cap_height,
            sign=Sign("luggage", icon, PETROL),
        )
        y = max(left.y, right.y) + 0.65 * style.size
        rule = Rule(self.form.margin, y, across=self.form.measure)
        return [*left.items, *right.items, rule], y

    def _fold_marks(self) -> list[Item]:
        middle, fold = self.form.width / 2, self.form.fold
        right, foot = self.form.width - _MARK, self.form.height - _MARK
        return [
            Rule(0, fold, across=_MARK, stroke=0.6, colour=FOLD),
            Rule(right, fold, across=_MARK, stroke=0.6, colour=FOLD),
            Rule(middle, 0, down=_MARK, stroke=0.6, colour=FOLD),
            Rule(middle, foot, down=_MARK, stroke=0.6, colour=FOLD),
        ]
