# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet in large print: the journey on one page, help on the next.

The help always stands on page 2, so that it is found without looking; a long journey goes on
after it. What does not fit on a page goes on the next as a whole: no stop and no part of the help
is split. Luggage for which the help has no room stands below the end of a long journey, if it can.
Knows no letter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kfdesk.documents.drawing.items import Item, lowered
from kfdesk.documents.drawing.type_scale import LARGE
from kfdesk.documents.press import Press
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.flow import FOOT, RailSetter, how_many, placed
from kfdesk.documents.traveller.head import Head, HeadSetter
from kfdesk.documents.traveller.help import NARROW, HelpSetter, Room, Section
from kfdesk.documents.traveller.rail import CLOSE, ROOMY, Air, Block, StopSetter
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language

_ROOMS = (
    Room(first=1.5, next=1.6, box=1.5, tick=1.9, luggage=30),
    NARROW,
    Room(first=1.3, next=1.25, box=0.9, tick=1.6, luggage=28),
)
_UNDER_HEAD = 22.0
_RUN_IN = 40.0
_MOST_PAGES = 88
"""A number of pages as wide as any: the head is measured before they are counted."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The stops of one page, and where they stand."""

    blocks: Sequence[Block]
    tops: Sequence[float]


def large_pages(sheet: Sheet, words: Language, press: Press) -> Iterator[list[Item]]:
    """The items of each page.

    Raises `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    setter = _Setter(sheet, words, press)
    parts, helps = setter.parts(), setter.helps()
    luggage = setter.luggage_below(parts[-1]) if len(parts) > 1 < len(helps) else []
    if luggage:
        helps = setter.helps(has_luggage=False)
    total, done = len(parts) + len(helps), 0
    for place, part in enumerate(parts):
        number = place + 1 + (len(helps) if place else 0)
        following = max(number, len(helps) + 1) + 1
        page = setter.journey(part, done, (number, total), following)
        yield page + (luggage if part is parts[-1] else [])
        done += len(part.blocks)
        if not place:
            for second, items in enumerate(helps, start=2):
                yield [*setter.later_head((second, total)).items, *items]


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets one sheet in one language."""

    sheet: Sheet
    words: Language
    press: Press

    def parts(self) -> list[_Part]:
        """The stops of each page."""
        for air in (ROOMY, CLOSE):
            if whole := self._placed(self._blocks(air), air.stop, 0):
                return [whole]
        return list(self._several())

    def journey(self, part: _Part, done: int, at: tuple[int, int], following: int) -> list[Item]:
        """A page of the journey; `done` are the stops before it, `following` is the next page."""
        head = self._first_head(at) if not done else self.later_head(at, part.blocks)
        items = [*head.items, *self._rail.rail(part.blocks, part.tops)]
        stops, end = self.sheet.stops, done + len(part.blocks)
        if done:
            items += self._rail.run_in(stops[done - 1], part.blocks[0], part.tops[0])
        if end < len(stops):
            where = traveller_words.continued(self.words, following)
            items += self._rail.run_out(part.blocks[-1], part.tops[-1], stops[end], where)
        return items

    def later_head(self, at: tuple[int, int], blocks: Sequence[Block] = ()) -> Head:
        """The head of a page that is not the first, with the days of its stops."""
        facts = traveller_words.sheet_number(self.words, *at)
        if blocks:
            ends = (blocks[0].stop.moment.date(), blocks[-1].stop.moment.date())
            facts = f"{self.words.days(*ends)} · {facts}"
        return self._heads.line(traveller_words.title(self.words), facts)

    def luggage_below(self, part: _Part) -> list[Item]:
        """Her luggage below the last stops, if there is room for it there; else nothing."""
        helper = HelpSetter(self.words, LARGE, NARROW, self._second)
        section = helper.luggage(self.sheet)
        top = part.tops[-1] + part.blocks[-1].below + NARROW.luggage
        fits = bool(section.items) and top + section.height <= LARGE.bottom
        return list(lowered(section.items, top)) if fits else []

    def helps(self, *, has_luggage: bool = True) -> list[list[Item]]:
        """The pages of help, without their heads: one, as airily as goes, or several."""
        for room in _ROOMS:
            pages = list(self._help(room, has_luggage=has_luggage))
            if len(pages) == 1:
                break
        return pages

    # the journey

    def _several(self) -> Iterator[_Part]:
        rest, is_first = self._blocks(CLOSE), True
        while rest:
            whole = None if is_first else self._placed(rest, CLOSE.stop, 0, is_first=False)
            if whole:
                yield whole
                return
            room = self._room(rest[:1], FOOT, is_first=is_first)
            count = how_many(rest, room, CLOSE.stop)
            part = self._placed(rest[:count], CLOSE.stop, FOOT, is_first=is_first)
            if part is None:
                raise KfdeskError("documents.too_much")
            yield part
            rest, is_first = rest[count:], False

    def _placed(
        self, blocks: list[Block], gap: float, foot: float, *, is_first: bool = True
    ) -> _Part | None:
        room = self._room(blocks, foot, is_first=is_first) if blocks else (0, 0)
        tops = placed(blocks, room, gap) if blocks else None
        return _Part(blocks, tops) if tops else None

    def _room(self, blocks: Sequence[Block], foot: float, *, is_first: bool) -> tuple[float, float]:
        at = (_MOST_PAGES, _MOST_PAGES)
        top = self._first_head(at).y if is_first else self.later_head(at, blocks).y + _RUN_IN
        return top, LARGE.bottom - foot

    def _blocks(self, air: Air) -> list[Block]:
        return StopSetter(self.words, LARGE, air, self._second).blocks(self.sheet)

    def _first_head(self, at: tuple[int, int]) -> Head:
        number_of = traveller_words.sheet_number(self.words, *at)
        facts = f"{self.words.days(*self.sheet.days)} · {number_of}"
        return self._heads.named(self.sheet.ticket_names, facts)

    @property
    def _heads(self) -> HeadSetter:
        return HeadSetter(self.words, LARGE, second=self._second)

    @property
    def _second(self) -> Language | None:
        beside = self.sheet.beside
        return self.press.traveller(beside.speaks) if beside else None

    @property
    def _rail(self) -> RailSetter:
        return RailSetter(self.words, LARGE)

    # the help

    def _help(self, room: Room, *, has_luggage: bool) -> Iterator[list[Item]]:
        """The parts of the help one below the other, on as many pages as they need."""
        start = self.later_head((_MOST_PAGES, _MOST_PAGES)).y + _UNDER_HEAD
        page: list[Item] = []
        top = start
        for section in self._sections(room, has_luggage=has_luggage):
            if start + section.height > LARGE.bottom:
                raise KfdeskError("documents.too_much")
            if top + section.height > LARGE.bottom:
                yield page
                page, top = [], start
            page += lowered(section.items, top)
            top += section.height + room.luggage
        yield page

    def _sections(self, room: Room, *, has_luggage: bool) -> list[Section]:
        setter, left, width = (
            HelpSetter(self.words, LARGE, room, self._second),
            LARGE.margin,
            LARGE.measure,
        )
        parts = [
            setter.phones(self.sheet, left, width),
            setter.card(self.sheet, self.press.traveller, left, width),
            *([setter.luggage(self.sheet)] if has_luggage else []),
        ]
        return [part for part in parts if part.items]
