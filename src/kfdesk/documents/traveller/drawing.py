# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet as a PDF: folded to A6, in large print, or on A4.

The help is always on page 2, so that it is easy to find; a long journey continues after it.
What does not fit on a page moves to the next as a whole: no stop and no part of the help is
split. Luggage that does not fit with the help stands below the end of a long journey, if
possible. `sheet` reads the finished pages back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.style import (
    A4,
    A6,
    A6_HELP,
    FOLD,
    LARGE,
    Item,
    PageFormat,
    Rule,
    move_down,
    move_items,
)
from kfdesk.documents.traveller import content
from kfdesk.documents.traveller.content import (
    HeadComposer,
    SheetHead,
    SheetSection,
    TravellerSheet,
    fold_marks,
)
from kfdesk.documents.traveller.help_section import (
    NARROW_SPACING,
    TIGHT_SPACING,
    WIDE_SPACING,
    HelpComposer,
    HelpSpacing,
)
from kfdesk.documents.traveller.stops import (
    CLOSE_SPACING,
    LEAST_EXTRA_GAP,
    ROOMY_SPACING,
    SHEET_STOPS,
    TIGHT_STOPS,
    StopBlock,
    StopComposer,
    StopSpacing,
    TimelineComposer,
    count_fitting,
    place_blocks,
    run_out_height,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language

_QUARTERS = ((0.0, 0.0), (A6.width, 0.0), (0.0, A6.height), (A6.width, A6.height))
_JOURNEY, _CALLS, _CARD = 2, 2, 3
"""The number of quarters for the journey, then the quarters of the calls and of the card."""
_WIDE_QUARTER = HelpSpacing(first=2.1, next=3.1, box=4.2, tick=2.2, luggage=28)
_NARROW_QUARTER = replace(NARROW_SPACING, first=1.85, tick=1.87)
_LUGGAGE_GAP = 24.0
_QUARTER_RUN_IN = 30.0
_TOP_SHARE = 0.3
"""The share of free room above the first stop of a quarter."""
_EMPTY_SECTION = SheetSection((), 0)
_WIDEST_SHEET_NUMBER = 88
"""The widest sheet number: the head is measured before the sheets are counted."""


@dataclass(frozen=True, slots=True)
class _QuarterStops:
    """The stops of one quarter, and their places."""

    blocks: Sequence[StopBlock]
    tops: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Quarter:
    """A quarter of sheet `number`: its place there, and its lower edge."""

    number: int
    place: int
    end: float = A6.bottom

    @property
    def is_first(self) -> bool:
        """True if the journey begins in it."""
        return (self.number, self.place) == (1, 0)


@dataclass(frozen=True, slots=True)
class _LowerHalf:
    """The parts below the fold of the first sheet, by quarter, and beside the journey."""

    quarters: tuple[list[Item], list[Item]]
    beside: SheetSection


# --- folded to quarters


def fold_pages(sheet: TravellerSheet, words: Language, press: Typesetter) -> Iterator[list[Item]]:
    """Yield the items of each page.

    Raise KfdeskError `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    setter = _FoldComposer(sheet, words, press)
    for number, parts in enumerate(sheets := setter.shared(), start=1):
        page = [*_fold_lines(), *setter.journey(sheets, number)]
        if number == 1:
            page += setter.below(parts)
        yield page


def _fold_lines() -> list[Item]:
    """Return the fold lines, so light that a worn fold does not hide a word."""
    return [
        *fold_marks(A4),
        Rule(0, A4.fold, across=A4.width, stroke=0.5, colour=FOLD, is_dotted=True),
        Rule(A4.width / 2, 0, down=A4.height, stroke=0.5, colour=FOLD, is_dotted=True),
    ]


def _splits_before_arrival(blocks: Sequence[StopBlock], count: int) -> bool:
    """Return a sort key that prefers breaks after the last vehicle was left."""
    return blocks[count - 1].stop.ride is not None


@dataclass(frozen=True, slots=True)
class _SheetComposer:
    """The sheet, its language, and what draws it: shared by the three page formats."""

    sheet: TravellerSheet
    words: Language
    press: Typesetter

    @property
    def _second(self) -> Language | None:
        beside = self.sheet.beside
        return self.press.traveller(beside.language or beside.speaks) if beside else None


@dataclass(frozen=True, slots=True)
class _FoldComposer(_SheetComposer):
    """Composes one sheet, folded twice to quarters."""

    def shared(self) -> list[list[_QuarterStops]]:
        """Return the stops of each sheet, by quarter; on one sheet if possible."""
        end = A6.bottom - self._luggage().height - _LUGGAGE_GAP
        for air in (ROOMY_SPACING, CLOSE_SPACING, TIGHT_STOPS):
            for ends in ((A6.bottom, end), (A6.bottom, A6.bottom)):
                if parts := self._on_one_sheet(air, ends):
                    return [parts]
        return list(self._sheets())

    def journey(self, sheets: Sequence[Sequence[_QuarterStops]], number: int) -> Iterator[Item]:
        """Yield the quarters of the journey on sheet `number`."""
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
            yield from move_items(items, *_QUARTERS[place])

    def below(self, parts: Sequence[_QuarterStops]) -> Iterator[Item]:
        """Yield help, words to show and luggage, on the first sheet."""
        lower = self._lower(parts)
        for items, quarter in zip(lower.quarters, (_CALLS, _CARD), strict=True):
            yield from move_items(items, *_QUARTERS[quarter])
        top = A6.bottom - lower.beside.height if len(parts) > 1 else A6.margin
        yield from move_items(move_down(lower.beside.items, top), *_QUARTERS[1])

    # the journey

    def _on_one_sheet(
        self, air: StopSpacing, ends: tuple[float, float]
    ) -> list[_QuarterStops] | None:
        """Place all stops above the fold, split after an arrival if possible.

        Return None if they do not fit.
        """
        blocks = self._blocks(air)
        if len(blocks) > SHEET_STOPS:
            return None
        first, rest, out = _Quarter(1, 0, ends[0]), _Quarter(1, 1, ends[1]), run_out_height(A6)
        for count in sorted(
            range(1, len(blocks) + 1), key=lambda c: (_splits_before_arrival(blocks, c), -c)
        ):
            parts = [
                self._part(blocks[:count], first, air.stop, out if count < len(blocks) else 0),
                self._part(blocks[count:], rest, air.stop) if count < len(blocks) else None,
            ]
            if parts[0] and (parts[1] or count == len(blocks)):
                return [part for part in parts if part]
        return None

    def _sheets(self) -> Iterator[list[_QuarterStops]]:
        """Distribute the stops to as many sheets as needed."""
        rest, number = self._blocks(CLOSE_SPACING), 1
        while rest:
            parts: list[_QuarterStops] = []
            for place in range(_JOURNEY if number == 1 else len(_QUARTERS)):
                limit = SHEET_STOPS - sum(len(part.blocks) for part in parts)
                if rest and limit:
                    parts.append(self._next(rest, _Quarter(number, place), limit))
                    rest = rest[len(parts[-1].blocks) :]
            yield parts
            number += 1

    def _next(self, rest: list[StopBlock], quarter: _Quarter, limit: int) -> _QuarterStops:
        """Return as many of the next stops as the quarter takes."""
        whole = self._part(rest, quarter, CLOSE_SPACING.stop) if len(rest) <= limit else None
        if whole:
            return whole
        room = self._room(rest[:1], quarter, run_out_height(A6))
        for count in range(count_fitting(rest, room, CLOSE_SPACING.stop, limit=limit), 0, -1):
            if part := self._part(rest[:count], quarter, CLOSE_SPACING.stop, run_out_height(A6)):
                return part
        raise KfdeskError("documents.too_much")

    def _part(
        self, blocks: list[StopBlock], quarter: _Quarter, gap: float, foot: float = 0
    ) -> _QuarterStops | None:
        start, end = self._room(blocks, quarter, foot)
        tops = place_blocks(blocks, (start, end), gap, most=LEAST_EXTRA_GAP)
        if tops is None:
            return None
        left = end - tops[-1] - blocks[-1].below
        down = left * _TOP_SHARE if quarter.is_first else 0
        return _QuarterStops(blocks, [top + down for top in tops])

    def _room(
        self, blocks: Sequence[StopBlock], quarter: _Quarter, foot: float
    ) -> tuple[float, float]:
        head = self._head(blocks, quarter, _WIDEST_SHEET_NUMBER)
        return head.y + (0 if quarter.is_first else _QUARTER_RUN_IN), quarter.end - foot

    def _blocks(self, air: StopSpacing) -> list[StopBlock]:
        return StopComposer(self.words, A6, air, self._second).blocks(self.sheet)

    def _run_out(self, part: _QuarterStops, done: int, sheet: int, place: int) -> list[Item]:
        """Return the line to the next stop, on `sheet`, or in the next quarter if 0."""
        if sheet:
            where = content.continued_on_sheet(self.words, sheet)
        elif place % 2:
            where = content.continued_below(self.words)
        else:
            where = content.continued_beside(self.words)
        return self._rail.run_out(part.blocks[-1], part.tops[-1], self.sheet.stops[done], where)

    def _head(self, blocks: Sequence[StopBlock], quarter: _Quarter, total: int) -> SheetHead:
        heads = HeadComposer(self.words, A6, second=self._second)
        marked, days = replace(heads, is_draft=self.sheet.is_draft), self._days(blocks)
        if quarter.place:
            ends = dict.fromkeys((blocks[0].stop.place, blocks[-1].stop.place))
            return heads.line(" – ".join(ends), days)
        number_of = content.sheet_count(self.words, quarter.number, total)
        if not quarter.is_first:
            return marked.line(content.traveller_title(self.words), f"{days} · {number_of}")
        whole = self.words.days(*self.sheet.days, year=False)
        facts = f"{whole} · {number_of}" if total > 1 else whole
        return marked.named(self.sheet.ticket_names, facts)

    def _days(self, blocks: Sequence[StopBlock]) -> str:
        first, last = (block.stop.moment.date() for block in (blocks[0], blocks[-1]))
        if first == last:
            return self.words.day(first, weekday=True)
        return self.words.days(first, last, year=False)

    @property
    def _rail(self) -> TimelineComposer:
        return TimelineComposer(self.words, A6)

    # the parts below the journey

    def _luggage(self) -> SheetSection:
        return HelpComposer(self.words, A6, _NARROW_QUARTER, self._second).luggage(
            self.sheet, columns=1
        )

    def _lower(self, parts: Sequence[_QuarterStops]) -> _LowerHalf:
        """Compose the help as widely as possible, with luggage that fits nowhere else."""
        luggage = self._luggage()
        if self._has_room_beside(parts, luggage):
            return _LowerHalf((self._quarter(self._calls), self._quarter(self._words)), luggage)
        for shares in ((luggage, _EMPTY_SECTION), (_EMPTY_SECTION, luggage)):
            try:
                calls = self._quarter(self._calls, shares[0])
                return _LowerHalf((calls, self._quarter(self._words, shares[1])), _EMPTY_SECTION)
            except KfdeskError as fault:
                too_much = fault
        raise too_much

    def _has_room_beside(self, parts: Sequence[_QuarterStops], luggage: SheetSection) -> bool:
        if len(parts) < _JOURNEY:
            return luggage.height <= A6.bottom - A6.margin
        part, is_whole = parts[1], sum(len(p.blocks) for p in parts) == len(self.sheet.stops)
        foot = part.tops[-1] + part.blocks[-1].below
        return is_whole and foot + _LUGGAGE_GAP <= A6.bottom - luggage.height

    def _calls(self, setter: HelpComposer) -> SheetSection:
        return setter.phones(self.sheet, A6_HELP.margin, A6_HELP.measure)

    def _words(self, setter: HelpComposer) -> SheetSection:
        speaking, left = self.press.traveller, A6_HELP.margin
        return setter.card(self.sheet, speaking, left, A6_HELP.measure)

    def _quarter(
        self, part: Callable[[HelpComposer], SheetSection], luggage: SheetSection = _EMPTY_SECTION
    ) -> list[Item]:
        """Compose a quarter of help with the luggage below, as widely as possible."""
        for room in (_WIDE_QUARTER, WIDE_SPACING, NARROW_SPACING):
            section = part(HelpComposer(self.words, A6_HELP, room, self._second))
            low = A6.margin + section.height + (_LUGGAGE_GAP if luggage.height else 0)
            if low + luggage.height <= A6.bottom:
                return [*move_down(section.items, A6.margin), *move_down(luggage.items, low)]
        raise KfdeskError("documents.too_much")


_LARGE_SPACINGS = (
    HelpSpacing(first=1.5, next=1.6, box=1.5, tick=1.9, luggage=30),
    NARROW_SPACING,
    HelpSpacing(first=1.3, next=1.25, box=0.9, tick=1.6, luggage=28),
)
_GAP_BELOW_HEAD = 22.0
_LARGE_RUN_IN = 40.0
_WIDEST_PAGE_NUMBER = 88
"""The widest page number: the head is measured before the pages are counted."""


# --- large print


@dataclass(frozen=True, slots=True)
class _PageStops:
    """The stops of one page, and their places."""

    blocks: Sequence[StopBlock]
    tops: Sequence[float]


def large_pages(sheet: TravellerSheet, words: Language, press: Typesetter) -> Iterator[list[Item]]:
    """Yield the items of each page.

    Raise KfdeskError `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    setter = _LargeComposer(sheet, words, press)
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
class _LargeComposer(_SheetComposer):
    """Composes one sheet in large print."""

    def parts(self) -> list[_PageStops]:
        """Return the stops of each page."""
        for air in (ROOMY_SPACING, CLOSE_SPACING):
            if whole := self._placed(self._blocks(air), air.stop, 0):
                return [whole]
        return list(self._several())

    def journey(
        self, part: _PageStops, done: int, at: tuple[int, int], following: int
    ) -> list[Item]:
        """Return a page of the journey with the stops of `part`.

        `done` is the number of stops before it, `following` the number of the next page.
        """
        head = self._first_head(at) if not done else self.later_head(at, part.blocks)
        items = [*head.items, *self._rail.rail(part.blocks, part.tops)]
        stops, end = self.sheet.stops, done + len(part.blocks)
        if done:
            items += self._rail.run_in(stops[done - 1], part.blocks[0], part.tops[0])
        if end < len(stops):
            where = content.continued_on_sheet(self.words, following)
            items += self._rail.run_out(part.blocks[-1], part.tops[-1], stops[end], where)
        return items

    def later_head(self, at: tuple[int, int], blocks: Sequence[StopBlock] = ()) -> SheetHead:
        """Return the head of a page after the first, with the days of its stops."""
        facts = content.sheet_count(self.words, *at)
        if blocks:
            ends = (blocks[0].stop.moment.date(), blocks[-1].stop.moment.date())
            facts = f"{self.words.days(*ends)} · {facts}"
        return self._heads.line(content.traveller_title(self.words), facts)

    def luggage_below(self, part: _PageStops) -> list[Item]:
        """Return the luggage below the last stops, or nothing if it does not fit."""
        helper = HelpComposer(self.words, LARGE, NARROW_SPACING, self._second)
        section = helper.luggage(self.sheet)
        top = part.tops[-1] + part.blocks[-1].below + NARROW_SPACING.luggage
        fits = bool(section.items) and top + section.height <= LARGE.bottom
        return list(move_down(section.items, top)) if fits else []

    def helps(self, *, has_luggage: bool = True) -> list[list[Item]]:
        """Return the help without heads: one page if a spacing allows it, else several."""
        for room in _LARGE_SPACINGS:
            pages = list(self._help(room, has_luggage=has_luggage))
            if len(pages) == 1:
                break
        return pages

    # the journey

    def _several(self) -> Iterator[_PageStops]:
        rest, is_first = self._blocks(CLOSE_SPACING), True
        while rest:
            whole = None if is_first else self._placed(rest, CLOSE_SPACING.stop, 0, is_first=False)
            if whole:
                yield whole
                return
            out = run_out_height(LARGE)
            room = self._room(rest[:1], out, is_first=is_first)
            count = count_fitting(rest, room, CLOSE_SPACING.stop)
            part = self._placed(rest[:count], CLOSE_SPACING.stop, out, is_first=is_first)
            if part is None:
                raise KfdeskError("documents.too_much")
            yield part
            rest, is_first = rest[count:], False

    def _placed(
        self, blocks: list[StopBlock], gap: float, foot: float, *, is_first: bool = True
    ) -> _PageStops | None:
        room = self._room(blocks, foot, is_first=is_first) if blocks else (0, 0)
        tops = place_blocks(blocks, room, gap) if blocks else None
        return _PageStops(blocks, tops) if tops else None

    def _room(
        self, blocks: Sequence[StopBlock], foot: float, *, is_first: bool
    ) -> tuple[float, float]:
        at = (_WIDEST_PAGE_NUMBER, _WIDEST_PAGE_NUMBER)
        top = self._first_head(at).y if is_first else self.later_head(at, blocks).y + _LARGE_RUN_IN
        return top, LARGE.bottom - foot

    def _blocks(self, air: StopSpacing) -> list[StopBlock]:
        return StopComposer(self.words, LARGE, air, self._second).blocks(self.sheet)

    def _first_head(self, at: tuple[int, int]) -> SheetHead:
        number_of = content.sheet_count(self.words, *at)
        facts = f"{self.words.days(*self.sheet.days)} · {number_of}"
        return self._heads.named(self.sheet.ticket_names, facts)

    @property
    def _heads(self) -> HeadComposer:
        return HeadComposer(self.words, LARGE, "", self._second, self.sheet.is_draft)

    @property
    def _rail(self) -> TimelineComposer:
        return TimelineComposer(self.words, LARGE)

    # the help

    def _help(self, room: HelpSpacing, *, has_luggage: bool) -> Iterator[list[Item]]:
        """Yield the parts of the help below each other, on as many pages as needed."""
        start = self.later_head((_WIDEST_PAGE_NUMBER, _WIDEST_PAGE_NUMBER)).y + _GAP_BELOW_HEAD
        page: list[Item] = []
        top = start
        for section in self._sections(room, has_luggage=has_luggage):
            if start + section.height > LARGE.bottom:
                raise KfdeskError("documents.too_much")
            if top + section.height > LARGE.bottom:
                yield page
                page, top = [], start
            page += move_down(section.items, top)
            top += section.height + room.luggage
        yield page

    def _sections(self, room: HelpSpacing, *, has_luggage: bool) -> list[SheetSection]:
        setter, left, width = (
            HelpComposer(self.words, LARGE, room, self._second),
            LARGE.margin,
            LARGE.measure,
        )
        parts = [
            setter.phones(self.sheet, left, width),
            setter.card(self.sheet, self.press.traveller, left, width),
            *([setter.luggage(self.sheet)] if has_luggage else []),
        ]
        return [part for part in parts if part.items]


_ABOVE_FOLD = 4.0
_BELOW_FOLD = 13.5
_HELP_GAP = 9.0
_LUGGAGE_EXTRA = 24.0
_A4_RUN_IN = 40.0
_ONE_PAGE_SPACINGS: tuple[tuple[StopSpacing, HelpSpacing, bool], ...] = (
    (ROOMY_SPACING, WIDE_SPACING, True),
    (ROOMY_SPACING, NARROW_SPACING, True),
    (CLOSE_SPACING, WIDE_SPACING, True),
    (CLOSE_SPACING, NARROW_SPACING, True),
    (CLOSE_SPACING, NARROW_SPACING, False),
    (CLOSE_SPACING, TIGHT_SPACING, False),
    (TIGHT_STOPS, TIGHT_SPACING, False),
)
"""The layouts that are tried: spacing of stops, space for help, whether the fold is kept."""


SheetPages = Iterator[list[Item]]


# --- A4


def draw_traveller_sheet(
    sheet: TravellerSheet, words: Language, press: Typesetter, form: PaperFormat = PaperFormat.A4
) -> bytes:
    """Draw the sheet as a PDF; `words` is the traveller's catalogue.

    The same sheet gives the same bytes. Raise KfdeskError `documents.no_letter` (`letter`) if
    the fonts lack a letter, `documents.too_wide` (`letters`) if a single word is wider than its
    place, and `documents.too_much` if help and luggage leave no space for a stop.
    """
    canvas = PageCanvas(A4, words.code, press.icon)
    for page in _PAGE_MAKERS[form](sheet, words, press):
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _A4LowerHalf:
    """The lower half, and the bottom of the page that it must not pass."""

    calls: SheetSection
    luggage: SheetSection
    gap: float
    bottom: float

    @property
    def highest(self) -> float:
        """The latest top, from the top of the page."""
        return self.bottom - self.calls.height - self.gap - self.luggage.height

    def at(self, top: float) -> list[Item]:
        """Return its items with the top at `top`, the luggage slightly lower if possible."""
        extra = min(_LUGGAGE_EXTRA, self.highest - top)
        low = top + self.calls.height + self.gap + extra
        return [*move_down(self.calls.items, top), *move_down(self.luggage.items, low)]


@dataclass(frozen=True, slots=True)
class _SheetStops:
    """The stops of one sheet, and their places."""

    blocks: list[StopBlock]
    tops: list[float]


@dataclass(frozen=True, slots=True)
class _A4Composer(_SheetComposer):
    """Composes one sheet on A4, or on the page format `form`."""

    form: PageFormat

    def pages(self) -> Iterator[list[Item]]:
        """Yield the items of each page."""
        if len(self.sheet.stops) <= SHEET_STOPS:
            for air, room, is_above_fold in _ONE_PAGE_SPACINGS:
                page = self._one_page(self._blocks(air), air.stop, self._help(room), is_above_fold)
                if page:
                    yield page
                    return
        yield from self._several_pages()

    def _one_page(
        self, blocks: list[StopBlock], gap: float, below: _A4LowerHalf, is_above_fold: bool
    ) -> list[Item] | None:
        head = self._head.named(self.sheet.ticket_names, self._days())
        fold = self.form.fold
        if is_above_fold:
            top = fold + _BELOW_FOLD
            tops = place_blocks(blocks, (head.y, fold - _ABOVE_FOLD), gap)
        else:
            top = below.highest
            room = head.y, top - _HELP_GAP
            tops = place_blocks(blocks, room, gap, fold) or place_blocks(blocks, room, gap)
        if tops is None or top > below.highest:
            return None
        return [*self._marked(head), *self._rail.rail(blocks, tops), *below.at(top)]

    def _several_pages(self) -> Iterator[list[Item]]:
        parts, stops, done = list(self._parts()), self.sheet.stops, 0
        for number, part in enumerate(parts, start=1):
            first, top = part.blocks[0], part.tops[0]
            number_of = content.sheet_count(self.words, number, len(parts))
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
                where = content.continued_on_sheet(self.words, number + 1)
                page += self._rail.run_out(part.blocks[-1], part.tops[-1], stops[done], where)
            yield page

    def _parts(self) -> Iterator[_SheetStops]:
        """Distribute the stops: above the fold of the first sheet, then whole sheets."""
        blocks, roomy, gap = (
            self._blocks(CLOSE_SPACING),
            self._blocks(ROOMY_SPACING),
            CLOSE_SPACING.stop,
        )
        room = (
            self._head.named(self.sheet.ticket_names, "").y,
            self.form.fold - run_out_height(self.form) - _ABOVE_FOLD,
        )
        fold: float | None = None
        done = 0
        while done < len(blocks):
            rest = blocks[done:]
            count = count_fitting(rest, room, gap, fold)
            most = LEAST_EXTRA_GAP
            tops = place_blocks(rest[:count], room, gap, fold, most) if count else None
            if tops is None:
                raise KfdeskError("documents.too_much")
            yield _SheetStops(rest[:count], tops)
            done += count
            blocks, gap, fold = roomy, ROOMY_SPACING.stop, self.form.fold
            room = self._later_head("").y + _A4_RUN_IN, self.form.bottom - run_out_height(self.form)

    @property
    def _rail(self) -> TimelineComposer:
        return TimelineComposer(self.words, self.form)

    def _blocks(self, air: StopSpacing) -> list[StopBlock]:
        return StopComposer(self.words, self.form, air, self._second).blocks(self.sheet)

    def _lower_half(self) -> _A4LowerHalf:
        """Return the help of a first sheet whose journey continues elsewhere."""
        for room in (WIDE_SPACING, NARROW_SPACING, TIGHT_SPACING):
            below = self._help(room)
            if self.form.fold + _BELOW_FOLD <= below.highest:
                return below
        raise KfdeskError("documents.too_much")

    def _help(self, room: HelpSpacing) -> _A4LowerHalf:
        setter = HelpComposer(self.words, self.form, room, self._second)
        calls = setter.calls(self.sheet, self.press.traveller)
        return _A4LowerHalf(calls, setter.luggage(self.sheet), room.luggage, self.form.bottom)

    def _days(self) -> str:
        return self.words.days(*self.sheet.days)

    @property
    def _head(self) -> HeadComposer:
        return HeadComposer(self.words, self.form, "luggage", self._second, self.sheet.is_draft)

    def _later_head(self, facts: str) -> SheetHead:
        return self._head.line(content.traveller_title(self.words), facts)

    def _marked(self, head: SheetHead) -> list[Item]:
        return [*head.items, *fold_marks(self.form)]


def _a4_pages(sheet: TravellerSheet, words: Language, press: Typesetter) -> SheetPages:
    return _A4Composer(sheet, words, press, A4).pages()


_PAGE_MAKERS: Mapping[PaperFormat, Callable[[TravellerSheet, Language, Typesetter], SheetPages]] = {
    PaperFormat.A4: _a4_pages,
    PaperFormat.A6_FOLD: fold_pages,
    PaperFormat.LARGE: large_pages,
}
