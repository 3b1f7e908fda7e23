# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet in quarters: one A4 page that is folded twice, print inwards, to A6.

Above stands the journey, below help and the words to show; the luggage follows the journey or
stands where there is room. A long journey goes on on further sheets, six stops each, a quarter
after the other; the help stays on the first. No stop is split. Knows no letter.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kfdesk.documents.drawing.items import Item, Rule, lowered, moved
from kfdesk.documents.drawing.type_scale import A4, A6, A6_HELP, FOLD
from kfdesk.documents.press import Press
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.flow import FOOT, SHEET_STOPS, RailSetter, how_many, placed
from kfdesk.documents.traveller.head import Head, HeadSetter, fold_marks
from kfdesk.documents.traveller.help import NARROW, WIDE, HelpSetter, Room, Section
from kfdesk.documents.traveller.rail import CLOSE, ROOMY, Air, Block, StopSetter
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language

_QUARTERS = ((0.0, 0.0), (A6.width, 0.0), (0.0, A6.height), (A6.width, A6.height))
_JOURNEY, _CALLS, _CARD = 2, 2, 3
"""How many quarters of the first sheet the journey has, and where the help stands."""
_AIRY = Room(first=2.1, next=3.1, box=4.2, tick=2.2, luggage=28)
_SNUG = replace(NARROW, first=1.85, tick=1.87)
_LUGGAGE_GAP = 24.0
_RUN_IN = 30.0
_NOTHING = Section((), 0)
_MOST_SHEETS = 88
"""A number of sheets as wide as any: the head is measured before they are counted."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The stops of one quarter, and where they stand."""

    blocks: Sequence[Block]
    tops: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Quarter:
    """A quarter of sheet `number`, its place there, and how far down it may be written on."""

    number: int
    place: int
    end: float = A6.bottom

    @property
    def is_first(self) -> bool:
        """Whether the journey begins in it."""
        return (self.number, self.place) == (1, 0)


@dataclass(frozen=True, slots=True)
class _Lower:
    """What stands below the fold of the first sheet, by quarter, and beside the journey."""

    quarters: tuple[list[Item], list[Item]]
    beside: Section


def fold_pages(sheet: Sheet, words: Language, press: Press) -> Iterator[list[Item]]:
    """The items of each page.

    Raises `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    setter = _Setter(sheet, words, press)
    for number, parts in enumerate(sheets := setter.shared(), start=1):
        page = [*_folds(), *setter.journey(sheets, number)]
        if number == 1:
            page += setter.below(parts)
        yield page


def _folds() -> list[Item]:
    """Where the page is folded, so lightly that a worn fold does not hide a word."""
    return [
        *fold_marks(A4),
        Rule(0, A4.fold, across=A4.width, stroke=0.5, colour=FOLD, is_dotted=True),
        Rule(A4.width / 2, 0, down=A4.height, stroke=0.5, colour=FOLD, is_dotted=True),
    ]


def _arrives(blocks: Sequence[Block], count: int) -> bool:
    """Sorts first the places to break where the last vehicle has been left."""
    return blocks[count - 1].stop.ride is not None


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets one sheet in one language."""

    sheet: Sheet
    words: Language
    press: Press

    def shared(self) -> list[list[_Part]]:
        """The stops of each sheet, by quarter: on one sheet if they can be."""
        end = A6.bottom - self._luggage().height - _LUGGAGE_GAP
        for air in (ROOMY, CLOSE):
            for ends in ((A6.bottom, end), (A6.bottom, A6.bottom)):
                if parts := self._on_one_sheet(air, ends):
                    return [parts]
        return list(self._sheets())

    def journey(self, sheets: Sequence[Sequence[_Part]], number: int) -> Iterator[Item]:
        """The quarters of the journey on sheet `number`."""
        before = [part for parts in sheets[: number - 1] for part in parts]
        done = sum(len(part.blocks) for part in before)
        for place, part in enumerate(sheets[number - 1]):
            head = self._head(part.blocks, _Quarter(number, place), len(sheets))
            items = [*head.items, *self._rail.rail(part.blocks, part.tops)]
            if done:
                items += self._rail.run_in(self.sheet.stops[done - 1], part.blocks[0], part.tops[0])
            done += len(part.blocks)
            if done < len(self.sheet.stops):
                is_last = place + 1 == len(sheets[number - 1])
                items += self._run_out(part, done, number + 1 if is_last else 0, place)
            yield from moved(items, *_QUARTERS[place])

    def below(self, parts: Sequence[_Part]) -> Iterator[Item]:
        """Help, words to show and luggage, on the first sheet."""
        lower = self._lower(parts)
        for items, quarter in zip(lower.quarters, (_CALLS, _CARD), strict=True):
            yield from moved(items, *_QUARTERS[quarter])
        top = A6.bottom - lower.beside.height if len(parts) > 1 else A6.margin
        yield from moved(lowered(lower.beside.items, top), *_QUARTERS[1])

    # the journey

    def _on_one_sheet(self, air: Air, ends: tuple[float, float]) -> list[_Part] | None:
        """All stops in the quarters above the fold, shared after an arrival if that can be."""
        blocks = self._blocks(air)
        if len(blocks) > SHEET_STOPS:
            return None
        first, rest = _Quarter(1, 0, ends[0]), _Quarter(1, 1, ends[1])
        for count in sorted(range(1, len(blocks) + 1), key=lambda c: (_arrives(blocks, c), -c)):
            parts = [
                self._part(blocks[:count], first, air.stop, FOOT if count < len(blocks) else 0),
                self._part(blocks[count:], rest, air.stop) if count < len(blocks) else None,
            ]
            if parts[0] and (parts[1] or count == len(blocks)):
                return [part for part in parts if part]
        return None

    def _sheets(self) -> Iterator[list[_Part]]:
        """The stops shared out to as many sheets as are needed."""
        rest, number = self._blocks(CLOSE), 1
        while rest:
            parts: list[_Part] = []
            for place in range(_JOURNEY if number == 1 else len(_QUARTERS)):
                limit = SHEET_STOPS - sum(len(part.blocks) for part in parts)
                if rest and limit:
                    parts.append(self._next(rest, _Quarter(number, place), limit))
                    rest = rest[len(parts[-1].blocks) :]
            yield parts
            number += 1

    def _next(self, rest: list[Block], quarter: _Quarter, limit: int) -> _Part:
        """The next stops, as many as the quarter takes."""
        whole = self._part(rest, quarter, CLOSE.stop) if len(rest) <= limit else None
        if whole:
            return whole
        room = self._room(rest[:1], quarter, FOOT)
        for count in range(how_many(rest, room, CLOSE.stop, limit=limit), 0, -1):
            if part := self._part(rest[:count], quarter, CLOSE.stop, FOOT):
                return part
        raise KfdeskError("documents.too_much")

    def _part(
        self, blocks: list[Block], quarter: _Quarter, gap: float, foot: float = 0
    ) -> _Part | None:
        tops = placed(blocks, self._room(blocks, quarter, foot), gap)
        return _Part(blocks, tops) if tops else None

    def _room(self, blocks: Sequence[Block], quarter: _Quarter, foot: float) -> tuple[float, float]:
        head = self._head(blocks, quarter, _MOST_SHEETS)
        return head.y + (0 if quarter.is_first else _RUN_IN), quarter.end - foot

    def _blocks(self, air: Air) -> list[Block]:
        return StopSetter(self.words, A6, air, self._second).blocks(self.sheet)

    def _run_out(self, part: _Part, done: int, sheet: int, place: int) -> list[Item]:
        """The way to the next stop: on `sheet` if it is another, else in the next quarter."""
        if sheet:
            where = traveller_words.continued(self.words, sheet)
        elif place % 2:
            where = traveller_words.continued_below(self.words)
        else:
            where = traveller_words.continued_beside(self.words)
        return self._rail.run_out(part.blocks[-1], part.tops[-1], self.sheet.stops[done], where)

    def _head(self, blocks: Sequence[Block], quarter: _Quarter, total: int) -> Head:
        heads, days = HeadSetter(self.words, A6, second=self._second), self._days(blocks)
        if quarter.place:
            ends = dict.fromkeys((blocks[0].stop.place, blocks[-1].stop.place))
            return heads.line(" – ".join(ends), days)
        number_of = traveller_words.sheet_number(self.words, quarter.number, total)
        if not quarter.is_first:
            return heads.line(traveller_words.title(self.words), f"{days} · {number_of}")
        whole = self.words.days(*self.sheet.days, year=False)
        facts = f"{whole} · {number_of}" if total > 1 else whole
        return heads.named(self.sheet.ticket_names, facts)

    def _days(self, blocks: Sequence[Block]) -> str:
        first, last = (block.stop.moment.date() for block in (blocks[0], blocks[-1]))
        if first == last:
            return self.words.day(first, weekday=True)
        return self.words.days(first, last, year=False)

    @property
    def _second(self) -> Language | None:
        beside = self.sheet.beside
        return self.press.traveller(beside.speaks) if beside else None

    @property
    def _rail(self) -> RailSetter:
        return RailSetter(self.words, A6)

    # what stands below it

    def _luggage(self) -> Section:
        return HelpSetter(self.words, A6, _SNUG, self._second).luggage(self.sheet, columns=1)

    def _lower(self, parts: Sequence[_Part]) -> _Lower:
        """The help as airily as goes, with the luggage where the journey leaves no room for it."""
        luggage = self._luggage()
        if self._has_room_beside(parts, luggage):
            return _Lower((self._quarter(self._calls), self._quarter(self._words)), luggage)
        for shares in ((luggage, _NOTHING), (_NOTHING, luggage)):
            try:
                calls = self._quarter(self._calls, shares[0])
                return _Lower((calls, self._quarter(self._words, shares[1])), _NOTHING)
            except KfdeskError as fault:
                too_much = fault
        raise too_much

    def _has_room_beside(self, parts: Sequence[_Part], luggage: Section) -> bool:
        if len(parts) < _JOURNEY:
            return luggage.height <= A6.bottom - A6.margin
        part, is_whole = parts[1], sum(len(p.blocks) for p in parts) == len(self.sheet.stops)
        foot = part.tops[-1] + part.blocks[-1].below
        return is_whole and foot + _LUGGAGE_GAP <= A6.bottom - luggage.height

    def _calls(self, setter: HelpSetter) -> Section:
        return setter.phones(self.sheet, A6_HELP.margin, A6_HELP.measure)

    def _words(self, setter: HelpSetter) -> Section:
        speaking, left = self.press.traveller, A6_HELP.margin
        return setter.card(self.sheet, speaking, left, A6_HELP.measure)

    def _quarter(
        self, part: Callable[[HelpSetter], Section], luggage: Section = _NOTHING
    ) -> list[Item]:
        """A quarter of help with the luggage below, as airily as goes."""
        for room in (_AIRY, WIDE, NARROW):
            section = part(HelpSetter(self.words, A6_HELP, room, self._second))
            low = A6.margin + section.height + (_LUGGAGE_GAP if luggage.height else 0)
            if low + luggage.height <= A6.bottom:
                return [*lowered(section.items, A6.margin), *lowered(luggage.items, low)]
        raise KfdeskError("documents.too_much")
