# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: the journey above the fold, help below it.

It is set as airily as one page allows. A journey that does not fit goes on on further sheets of
six stops; the help stays on the first. Nothing is cut and no stop is split. Knows the order of
the parts: how a stop or a phone is set stands in the neighbours, and so do the other forms.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item, lowered
from kfdesk.documents.drawing.type_scale import A4, Format
from kfdesk.documents.press import Press
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.flow import FOOT, SHEET_STOPS, RailSetter, how_many, placed
from kfdesk.documents.traveller.fold import fold_pages
from kfdesk.documents.traveller.head import Head, HeadSetter, fold_marks
from kfdesk.documents.traveller.help import NARROW, WIDE, HelpSetter, Room, Section
from kfdesk.documents.traveller.large import large_pages
from kfdesk.documents.traveller.rail import CLOSE, ROOMY, Air, Block, StopSetter
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Form
from kfdesk.i18n.language import Language

_ABOVE_FOLD = 4.0
_BELOW_FOLD = 13.5
_HELP_GAP = 14.0
_LUGGAGE_EXTRA = 24.0
_RUN_IN = 40.0
_ONE_PAGE: tuple[tuple[Air, Room, bool], ...] = (
    (ROOMY, WIDE, True),
    (ROOMY, NARROW, True),
    (CLOSE, WIDE, True),
    (CLOSE, NARROW, True),
    (CLOSE, NARROW, False),
)
"""How a page is tried: the stops' air, the help's room, and whether the fold is respected."""


Pages = Iterator[list[Item]]


def draw_traveller_sheet(
    sheet: Sheet, words: Language, press: Press, form: Form = Form.A4
) -> bytes:
    """The sheet as a PDF, in the language of `words` (its domain is `traveller`).

    The same sheet gives the same bytes. Raises `documents.no_letter` (`letter`) where the fonts
    lack a letter, `documents.too_wide` (`letters`) where a single word is wider than its place,
    and `documents.too_much` where help and luggage do not leave room for a stop.
    """
    canvas = PageCanvas(A4, words.code, press.icon)
    for page in _FORMS[form](sheet, words, press):
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
        head = self._head.named(self.sheet.ticket_names, self._days())
        fold = self.form.fold
        if is_above_fold:
            top = fold + _BELOW_FOLD
            tops = placed(blocks, (head.y, fold - _ABOVE_FOLD), gap)
        else:
            top = below.highest
            room = head.y, top - _HELP_GAP
            tops = placed(blocks, room, gap, fold) or placed(blocks, room, gap)
        if tops is None or top > below.highest:
            return None
        return [*self._marked(head), *self._rail.rail(blocks, tops), *below.at(top)]

    def _several_pages(self) -> Iterator[list[Item]]:
        parts, stops, done = list(self._parts()), self.sheet.stops, 0
        for number, part in enumerate(parts, start=1):
            first, top = part.blocks[0], part.tops[0]
            number_of = traveller_words.sheet_number(self.words, number, len(parts))
            if number == 1:
                facts = f"{self._days()} · {number_of}"
                page = self._marked(self._head.named(self.sheet.ticket_names, facts))
                page += self._lower_half().at(self.form.fold + _BELOW_FOLD)
            else:
                days = self.words.days(first.stop.moment.date(), part.blocks[-1].stop.moment.date())
                page = self._later_head(f"{days} · {number_of}").items
                page += self._rail.run_in(stops[done - 1], first, top)
            page += self._rail.rail(part.blocks, part.tops)
            done += len(part.blocks)
            if done < len(stops):
                where = traveller_words.continued(self.words, number + 1)
                page += self._rail.run_out(part.blocks[-1], part.tops[-1], stops[done], where)
            yield page

    def _parts(self) -> Iterator[_Part]:
        """The stops shared out: above the fold of the first sheet, then whole sheets."""
        blocks, roomy, gap = self._blocks(CLOSE), self._blocks(ROOMY), CLOSE.stop
        room = self._head.named(self.sheet.ticket_names, "").y, self.form.fold - FOOT - _ABOVE_FOLD
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
            room = self._later_head("").y + _RUN_IN, self.form.bottom - FOOT

    @property
    def _second(self) -> Language | None:
        beside = self.sheet.beside
        return self.press.traveller(beside.speaks) if beside else None

    @property
    def _rail(self) -> RailSetter:
        return RailSetter(self.words, self.form)

    def _blocks(self, air: Air) -> list[Block]:
        return StopSetter(self.words, self.form, air, self._second).blocks(self.sheet)

    def _lower_half(self) -> _Help:
        """The help of a first sheet whose journey goes on elsewhere."""
        for room in (WIDE, NARROW):
            below = self._help(room)
            if self.form.fold + _BELOW_FOLD <= below.highest:
                return below
        raise KfdeskError("documents.too_much")

    def _help(self, room: Room) -> _Help:
        setter = HelpSetter(self.words, self.form, room, self._second)
        calls = setter.calls(self.sheet, self.press.traveller)
        return _Help(calls, setter.luggage(self.sheet), room.luggage, self.form.bottom)

    def _days(self) -> str:
        return self.words.days(*self.sheet.days)

    @property
    def _head(self) -> HeadSetter:
        return HeadSetter(self.words, self.form, "luggage", self._second)

    def _later_head(self, facts: str) -> Head:
        return self._head.line(traveller_words.title(self.words), facts)

    def _marked(self, head: Head) -> list[Item]:
        return [*head.items, *fold_marks(self.form)]


def _a4_pages(sheet: Sheet, words: Language, press: Press) -> Pages:
    return _Setter(sheet, words, press, A4).pages()


_FORMS: Mapping[Form, Callable[[Sheet, Language, Press], Pages]] = {
    Form.A4: _a4_pages,
    Form.A6_FOLD: fold_pages,
    Form.LARGE: large_pages,
}
