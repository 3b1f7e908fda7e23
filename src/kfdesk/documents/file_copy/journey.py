# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey in a file copy: the timeline, the legs, and the parts below them.

Below the legs stand check-ins, documents, fallbacks, the handover and numbers to call. Short
lists stand side by side; a long list takes the whole width and continues on further pages. Code
word and alarm plan are never here: they protect only while nobody else can read them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from kfdesk.documents.file_copy.case import PrintedCase, join_texts
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    StatusMark,
    TableColumn,
    add_titles,
    begin_page,
    join_columns,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    BOLD,
    FOLD,
    GREY,
    HAIRLINE,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Box,
    Item,
    Polygon,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.itinerary import with_own_test
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.journey import Handover, HelpNumber, Leg, TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime, zone_rules
from kfdesk.i18n.places import zone_city

_AT_HAND = frozenset({"held_by_client", "held_safe", "issued"})
_UNAVAILABLE = frozenset({"expired", "lost", "taken_by_trafficker", "held_by_police"})
_PAIR_GAP = 28.0
_SHORT_PART_HEIGHT = 260.0
_NUMBER_WIDTH = 18.0

PartMaker = Callable[[PrintedCase, Composer], PaperPart]


def below_legs_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the parts below the legs."""
    if case.views(Traveller):
        yield _children_part(case, setter)
    yield from _side_by_side(case, setter, _check_ins_part, _documents_part)
    yield from _side_by_side(case, setter, _fallbacks_part, _handover_part)


def on_the_way_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield what the client carries and whom she may call: the last part of the copy."""
    yield from _side_by_side(case, setter, _help_numbers_part, _on_the_way_part)


def _side_by_side(
    case: PrintedCase, setter: Composer, one: PartMaker, other: PartMaker
) -> Iterator[PaperPart]:
    """Yield two parts side by side if both are short, else below each other."""
    half = (setter.width - _PAIR_GAP) / 2
    left = one(case, Composer(setter.form, setter.x, half))
    right = other(case, Composer(setter.form, setter.x + half + _PAIR_GAP, half))
    if max(left.height, right.height) <= _SHORT_PART_HEIGHT:
        yield PaperPart(
            join_columns(
                stack_blocks([left.head, *left.rows]), stack_blocks([right.head, *right.rows])
            )
        )
    else:
        yield one(case, setter)
        yield other(case, setter)


def _indented_table(setter: Composer, first: float, *shares: float) -> PaperTable:
    """Return a table of the composer's width whose first column is indented by `first` points."""
    left = setter.x - setter.form.margin + first
    return PaperTable(
        setter.form, share_columns(setter.form, *shares, left=left, width=setter.width - first)
    )


def _list_part(
    case: PrintedCase, setter: Composer, title: str, rows: Sequence[Block], none: str
) -> PaperPart:
    head = setter.section_heading(title)
    if not rows:
        blank = [case.blank(Style(REGULAR, setter.form.sizes.text), unsaid=none)]
        rows = _indented_table(setter, 0, 1).row([blank])
    return PaperPart(head, tuple(rows), head)


def _check_ins_part(case: PrintedCase, setter: Composer) -> PaperPart:
    table = _indented_table(setter, MARK_SIZE + 6, 30, 70)
    wanted = [
        seen
        for seen in case.legs
        if seen.record.status not in LEG_OFF and case.has(seen, "check_in")
    ]
    rows = [block for seen in wanted for block in _check_in_row(case, table, seen)]
    words = case.words
    return _list_part(case, setter, words.gettext("Check-ins"), rows, words.gettext("none is set"))


def _check_in_row(case: PrintedCase, table: PaperTable, seen: RecordView[Leg]) -> list[Block]:
    sizes, leg = table.form.sizes, seen.record
    strong, small = Style(SEMIBOLD, sizes.text), Style(REGULAR, sizes.caption, GREY)
    is_clear = isinstance(leg.check_in, ZonedTime) and "check_in" not in seen.conflicts
    time = case.text(seen, "check_in", strong)
    where = ""
    if is_clear and isinstance(leg.check_in, ZonedTime):
        time = CellText(case.clock(leg.check_in), strong)
        where = case.words.gettext("on the clock of {place}").format(
            place=zone_city(leg.check_in.zone, case.words)
        )
    number = case.words.gettext("leg {number}").format(number=leg.sequence)
    said = [CellText(join_texts([number, where]), small)]
    if case.has(seen, "check_in_status"):
        said.append(case.text(seen, "check_in_status", Style(REGULAR, sizes.note)))
    shape = StatusMark.MET if leg.check_in_status in ("made", "waived") else StatusMark.BOX
    return table.row([[time], said], shape, 0)


def _children_part(case: PrintedCase, setter: Composer) -> PaperPart:
    """Compose the children who travel, each with what the ticket and the way need."""
    words, sizes = case.words, setter.form.sizes
    titles = (
        words.gettext("Name on the ticket"), words.gettext("Date of birth"),
        words.gettext("Seat"), words.gettext("What helps on the way"),
        words.gettext("Guardian or interpreter on the way (first name)"),
    )  # fmt: skip
    keys = ("name_on_ticket", "birth_date", "seat", "needs", "cared_by")
    columns = share_columns(setter.form, 28, 17, 12, 23, 20)
    table = PaperTable(setter.form, add_titles(columns, titles))
    strong, text = Style(SEMIBOLD, sizes.text), Style(REGULAR, sizes.text)
    rows = [
        block
        for seen in case.views(Traveller)
        for block in table.row([
            [case.text(seen, key, strong if key == keys[0] else text)] for key in keys
        ])
    ]  # fmt: skip
    title = setter.section_heading(words.gettext("Children who travel with her"))
    head = stack_blocks([title, table.head()])
    return PaperPart(head, tuple(rows), head)


def _documents_part(case: PrintedCase, setter: Composer) -> PaperPart:
    table = _indented_table(setter, MARK_SIZE + 6, 1)
    rows = [
        block for seen in case.views(TravelDocument) for block in _document_row(case, table, seen)
    ]
    words = case.words
    title = words.gettext("Travel documents")
    return _list_part(case, setter, title, rows, words.gettext("none recorded"))


def _document_row(
    case: PrintedCase, table: PaperTable, seen: RecordView[TravelDocument]
) -> list[Block]:
    sizes, words, record = table.form.sizes, case.words, seen.record
    strong, small = Style(SEMIBOLD, sizes.text), Style(REGULAR, sizes.caption, GREY)
    until = case.text(seen, "valid_until", small)
    until = CellText(words.gettext("valid until: {day}").format(day=until.text), small)
    keys = [key for key in ("number", "country", "name_as_written") if case.has(seen, key)]
    facts = join_texts([_holder(case, seen), *(case.text(seen, key, small).text for key in keys)])
    is_over = isinstance(record.valid_until, date) and record.valid_until < case.about.at.date()
    shape = StatusMark.OPEN
    if record.status in _UNAVAILABLE or is_over:
        shape = StatusMark.ASIDE
    elif record.status in _AT_HAND:
        shape = StatusMark.MET
    cell = [case.text(seen, "kind", strong), case.text(seen, "status", Style(REGULAR, sizes.note))]
    return table.row([[*cell, until, *([CellText(facts, small)] if facts else [])]], shape, 0)


def _holder(case: PrintedCase, document: RecordView[TravelDocument]) -> str:
    """Return which of the listed children a document belongs to; empty for every other."""
    whose = document.record.whose
    rows = (one for one in case.views(Traveller) if one.rid.hex() == whose)
    name = next((str(one.record.name_on_ticket or "") for one in rows), "")
    return case.words.gettext("holder: {name}").format(name=name) if name else ""


def _fallbacks_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words, sizes = case.words, setter.form.sizes
    table = _indented_table(setter, _NUMBER_WIDTH, 1)
    number = Style(SEMIBOLD, sizes.text)
    rows = []
    for seen in case.legs:
        if case.has(seen, "fallback"):
            label = CellText(str(seen.record.sequence or ""), number)
            column = TableColumn(setter.x - setter.form.margin, _NUMBER_WIDTH - 4)
            both = PaperTable(setter.form, (column, *table.columns))
            rows += both.row([[label], [case.text(seen, "fallback", Style(REGULAR, sizes.text))]])
    part = _list_part(case, setter, words.gettext("If something goes wrong"), rows,
                 words.gettext("nothing recorded"))  # fmt: skip
    said = words.gettext(
        "The alarm plan and the code word are never printed. They are in the program."
    )
    notes = setter.paragraph(said, Style(REGULAR, sizes.caption, GREY), drop=5)
    return PaperPart(part.head, (*part.rows, *notes), part.again)


def _handover_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words, plan = case.words, case.first(Plan)
    handovers = case.views(Handover)
    seen: RecordView[Any] | None = handovers[-1] if handovers else None
    text = Style(REGULAR, setter.form.sizes.text)
    facts = [
        (
            words.gettext("Handed over by"),
            case.text(seen, "given_by", text, case.words.gettext("no one yet")),
        ),
        (
            words.gettext("Received by"),
            case.text(seen, "received_by", text, words.gettext("no one yet")),
        ),
        (words.gettext("Where"), case.text(seen, "place", text, words.gettext("not yet"))),
        (words.gettext("When"), case.text(seen, "happened", text, words.gettext("not yet"))),
    ]
    if seen is None:
        facts = [
            (
                words.gettext("Company"),
                case.text(plan, "escort", text, words.gettext("no one yet")),
            ),
            (
                words.gettext("Received by"),
                case.text(plan, "receiver", text, words.gettext("no one yet")),
            ),
            *facts[2:],
        ]
    for key, label in (("result", words.gettext("Outcome")), ("items", words.gettext("Things"))):
        if case.has(seen, key):
            facts.append((label, case.text(seen, key, text)))
    return _labelled(setter, words.gettext("Handover"), facts)


def _help_numbers_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words, sizes = case.words, setter.form.sizes
    strong, small = Style(SEMIBOLD, sizes.phone), Style(REGULAR, sizes.caption, GREY)
    table, rows = _indented_table(setter, 0, 1), []
    for seen in case.views(HelpNumber):
        said = case.text(seen, "number", strong)
        cell = [replace(said, text=dialled_groups(said.text))]
        if case.has(seen, "hours"):
            cell.append(case.text(seen, "hours", Style(REGULAR, sizes.note)))
        tried = words.gettext("last test call: {day}")
        called = case.text(with_own_test(seen), "called", small, words.gettext("never"))
        cell.append(CellText(tried.format(day=called.text), small))
        rows += table.row([cell])
    return _list_part(case, setter, words.gettext("Numbers that she may call"), rows,
                 words.gettext("none recorded"))  # fmt: skip


def _on_the_way_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words, plan = case.words, case.first(Plan)
    text = Style(REGULAR, setter.form.sizes.text)
    facts = [
        (words.gettext("Company"), case.text(plan, "escort_kind", text)),
        (words.gettext("Needs"), case.text(plan, "special_needs", text)),
        (words.gettext("Reminders"), case.text(plan, "reminders", text)),
        (words.gettext("Luggage"), case.text(plan, "luggage", text)),
    ]
    return _labelled(setter, words.gettext("With her on the way"), facts)


def _labelled(setter: Composer, title: str, facts: Sequence[tuple[str, CellText]]) -> PaperPart:
    """Compose rows of a grey label and its value."""
    head = setter.section_heading(title)
    return PaperPart(head, tuple(setter.labelled_rows(facts)), head)


# --- timeline

ONE_HOUR = timedelta(hours=1)
LONGEST_SINGLE_STRIP = 36 * ONE_HOUR
_MARGIN = ONE_HOUR
_NAME_WIDTH = 76.0
_CLOCK_HEIGHT = 14.5
_BAR_HEIGHT = 19.0
_MARKS_HEIGHT = 13.0
_LABEL_HEIGHT = 12.0


@dataclass(frozen=True, slots=True)
class TimelineLeg:
    """A leg with both its times: its number, its vehicle, and its places."""

    number: int
    name: str
    departs: ZonedTime
    arrives: ZonedTime
    places: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """A part of the journey that is drawn on one strip; both ends are in UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether an instant lies on the strip."""
        return self.start <= at <= self.end


def timeline_part(case: PrintedCase, setter: Composer) -> PaperPart:
    """Compose the timeline with its legend, or a sentence if there is nothing to draw."""
    words, style = case.words, Style(REGULAR, setter.form.sizes.text)
    rides = list(_timeline_legs(case))
    title = words.gettext("Timeline")
    if not rides:
        text = words.gettext("No leg has both a departure and an arrival time yet.")
        return PaperPart(
            setter.section_heading(title), tuple(setter.paragraph(text, style, drop=5))
        )
    drawing = _TimelineDrawing(case, setter, rides, _check_in_times(case))
    strips = [drawing.strip(span) for span in _split_to_spans(rides)]
    head = setter.section_heading(title, words.gettext("to scale, on each place’s own clock"))
    return PaperPart(head, (*strips, *drawing.legend()), setter.section_heading(title))


def _timeline_legs(case: PrintedCase) -> Iterator[TimelineLeg]:
    for seen in case.legs:
        leg, style = seen.record, Style(REGULAR, 1)
        if leg.status in LEG_OFF or not isinstance(leg.departs, ZonedTime):
            continue
        if not isinstance(leg.arrives, ZonedTime) or leg.arrives.utc < leg.departs.utc:
            continue
        keys = ("mode", "carrier")
        name = " ".join(case.text(seen, key, style).text for key in keys if case.has(seen, key))
        places = tuple(
            case.text(seen, key, style).text if case.has(seen, key) else ""
            for key in ("from_place", "to_place")
        )
        number = leg.sequence if isinstance(leg.sequence, int) else 0
        yield TimelineLeg(number, name, leg.departs, leg.arrives, (places[0], places[1]))


def _check_in_times(case: PrintedCase) -> list[datetime]:
    times = (seen.record.check_in for seen in case.legs if seen.record.status not in LEG_OFF)
    return [time.utc for time in times if isinstance(time, ZonedTime)]


def _rules_at_start(rides: Sequence[TimelineLeg]) -> tzinfo:
    """Return the rules of the zone in which the journey begins."""
    departs = min((ride.departs for ride in rides), key=lambda time: time.utc)
    return zone_rules(departs.zone, departs.offset)


def _split_to_spans(rides: Sequence[TimelineLeg]) -> Iterator[TimelineSpan]:
    """Yield one span with an hour's margin, or one a day by the first place's clock."""
    start = min(ride.departs.utc for ride in rides)
    end = max(ride.arrives.utc for ride in rides)
    if end - start <= LONGEST_SINGLE_STRIP:
        yield TimelineSpan(start - _MARGIN, end + _MARGIN)
        return
    zone = _rules_at_start(rides)
    day = start.astimezone(zone).replace(hour=0, minute=0, tzinfo=None)
    while day.replace(tzinfo=zone).astimezone(UTC) < end:
        after = day + timedelta(days=1)
        span = TimelineSpan(*(time.replace(tzinfo=zone).astimezone(UTC) for time in (day, after)))
        if any(ride.departs.utc < span.end and span.start < ride.arrives.utc for ride in rides):
            yield span
        day = after


@dataclass(frozen=True, slots=True)
class _TimelineDrawing:
    """Draws the strips of one journey, each as wide as the composer's column."""

    case: PrintedCase
    setter: Composer
    rides: Sequence[TimelineLeg]
    check_ins: Sequence[datetime]

    def strip(self, span: TimelineSpan) -> Block:
        """Draw one strip: the clocks, the marks, the bars and the place labels."""
        rides = [r for r in self.rides if r.departs.utc < span.end and span.start < r.arrives.utc]
        zones = list(dict.fromkeys(z for r in rides for z in (r.departs.zone, r.arrives.zone)))
        clocks = len(zones) * _CLOCK_HEIGHT
        y = 8.0
        items: list[Item] = [Box(self._left, y, self._width, clocks, 0, 0.7, HAIRLINE)]
        for place, zone in enumerate(zones):
            items += self._clock(span, zone, y + (place + 0.5) * _CLOCK_HEIGHT)
        marks = y + clocks + 3
        bars = marks + _MARKS_HEIGHT
        items += self._midnights(span, zones[0], (marks, bars + _BAR_HEIGHT + 3))
        items.append(
            Rule(self._left, bars + _BAR_HEIGHT / 2, across=self._width, stroke=1, colour=FOLD)
        )
        items += self._day(span, bars + _BAR_HEIGHT / 2)
        for at in self.check_ins:
            if span.holds(at):
                items += _check_in_mark(self._x(span, at), marks + 2)
        for ride in rides:
            items += self._bar(span, ride, bars)
        labels, lowest = self._labels(span, rides, bars + _BAR_HEIGHT + 2)
        return Block((*items, *labels), lowest + 8)

    def legend(self) -> Iterator[Block]:
        """Yield the meaning of the marks, and the legs that are not drawn."""
        words, sizes = self.case.words, self.setter.form.sizes
        style = Style(REGULAR, sizes.caption, GREY)
        if self.check_ins:
            text = words.gettext("check-in")
            y = 10.0
            line = TextLine(text, style, self._left + 12, y, self._width - 12)
            yield Block((*_check_in_mark(self._left + 4, y - 7), line), y + 5)
        drawn = {ride.number for ride in self.rides}
        numbers = [str(leg.record.sequence) for leg in self.case.legs
                   if leg.record.sequence not in drawn]  # fmt: skip
        if numbers:
            text = words.gettext(
                "Not on the timeline, because a time is missing or the leg was not taken: {numbers}"
            )
            text = text.format(numbers=", ".join(numbers))
            yield from self.setter.paragraph(text, style, drop=2)

    @property
    def _left(self) -> float:
        return self.setter.x + _NAME_WIDTH

    @property
    def _width(self) -> float:
        return self.setter.width - _NAME_WIDTH

    def _x(self, span: TimelineSpan, at: datetime) -> float:
        share = (at - span.start) / (span.end - span.start)
        return self._left + self._width * min(max(share, 0.0), 1.0)

    def _clock(self, span: TimelineSpan, zone: str, middle: float) -> Iterator[Item]:
        """Yield a zone's name and its hours at their places; midnight is bold."""
        small = self.setter.form.sizes.smallest
        strong, quiet = Style(BOLD, small), Style(REGULAR, small, GREY)
        y = middle + 0.36 * small
        name = Style(SEMIBOLD, small)
        city = self._place(zone)
        fits = width_of(city, name) <= _NAME_WIDTH - 4
        style = name if fits else Style(SEMIBOLD, small * (_NAME_WIDTH - 4) / width_of(city, name))
        yield TextLine(city, style, self.setter.x, y, _NAME_WIDTH - 3)
        rules, step = zone_rules(zone), 3
        at = span.start.replace(minute=0, second=0, microsecond=0)
        while at <= span.end:
            hour = at.astimezone(rules).hour
            x = self._x(span, at)
            if not hour % step and at.astimezone(rules).minute == 0:
                face = quiet if hour else strong
                text = f"{hour:02}"
                wide = width_of(text, face)
                if self._left + wide / 2 <= x <= self._left + self._width - wide / 2:
                    yield TextLine(text, face, x - wide / 2, y, wide)
            at += timedelta(minutes=30)

    def _place(self, zone: str) -> str:
        """Return the last named place whose clocks show this zone's time."""
        ends = [
            end
            for ride in self.rides
            for end in zip((ride.departs, ride.arrives), ride.places, strict=True)
        ]
        named = [place for moment, place in ends if moment.zone == zone and place]
        return named[-1] if named else zone_city(zone, self.case.words)

    def _day(self, span: TimelineSpan, middle: float) -> Iterator[Item]:
        """Yield the day of a strip if each day has its own strip."""
        if (
            span.end - span.start > LONGEST_SINGLE_STRIP
            or len(list(_split_to_spans(self.rides))) == 1
        ):
            return
        zone = _rules_at_start(self.rides)
        day = (span.start + timedelta(hours=12)).astimezone(zone).date()
        words, small = self.case.words, self.setter.form.sizes.smallest
        text = f"{words.weekday(day)} {words.short_day(day)}"
        y = middle + 0.36 * small
        yield TextLine(text, Style(BOLD, small), self.setter.x, y, _NAME_WIDTH - 3)

    def _midnights(
        self, span: TimelineSpan, zone: str, between: tuple[float, float]
    ) -> Iterator[Item]:
        rules = zone_rules(zone)
        at = span.start.replace(minute=0, second=0, microsecond=0)
        while at < span.end:
            local = at.astimezone(rules)
            if at > span.start and not local.hour and not local.minute:
                top, foot = between
                yield Rule(self._x(span, at), top, down=foot - top, stroke=0.8, colour=FOLD)
            at += timedelta(minutes=30)

    def _bar(self, span: TimelineSpan, ride: TimelineLeg, y: float) -> Iterator[Item]:
        left, right = self._x(span, ride.departs.utc), self._x(span, ride.arrives.utc)
        wide = max(right - left, 3)
        style = Style(SEMIBOLD, self.setter.form.sizes.smallest, WHITE)
        named = f"{ride.number}  {ride.name}" if ride.number else ride.name
        for text in (named, str(ride.number or "")):
            if text and width_of(text, style) + 10 <= wide:
                yield Box(left, y, wide, _BAR_HEIGHT, min(3, wide / 2), 0, fill=PETROL)
                yield TextLine(
                    text, style, left + 5, y + _BAR_HEIGHT / 2 + 0.36 * style.size, wide - 5
                )
                return
        yield Box(left, y + 2, wide, _BAR_HEIGHT - 4, min(3, wide / 2), 1.6, PETROL, WHITE)

    def _labels(
        self, span: TimelineSpan, rides: Sequence[TimelineLeg], top: float
    ) -> tuple[list[Item], float]:
        """Return each place with its time below its bar, and the lowest edge used.

        The labels take as many rows as they need.
        """
        style = Style(SEMIBOLD, self.setter.form.sizes.smallest)
        ends: list[float] = []
        items: list[Item] = []
        for at, text in self._stops(span, rides):
            wide = width_of(text, style)
            x = min(max(self._x(span, at) - wide / 2, self._left), self._left + self._width - wide)
            x = max(x, self.setter.x)
            row = next((n for n, end in enumerate(ends) if x >= end), len(ends))
            ends[row : row + 1] = [x + wide + 8]
            items.append(TextLine(text, style, x, top + (row + 1) * _LABEL_HEIGHT, wide))
        return items, top + len(ends) * _LABEL_HEIGHT

    def _stops(
        self, span: TimelineSpan, rides: Sequence[TimelineLeg]
    ) -> Iterator[tuple[datetime, str]]:
        """Yield time and place; an arrival and the next departure there are one."""
        words = self.case.words
        stops: list[tuple[datetime, str, list[str]]] = []
        for ride in sorted(rides, key=lambda ride: ride.departs.utc):
            for moment, place in zip((ride.departs, ride.arrives), ride.places, strict=True):
                if not span.holds(moment.utc):
                    continue
                if stops and stops[-1][1] == place and ride.departs is moment:
                    stops[-1][2].append(words.clock(moment.wall))
                else:
                    stops.append((moment.utc, place, [words.clock(moment.wall)]))
        for at, place, times in stops:
            yield at, f"{place} {'–'.join(times)}".strip()


def _check_in_mark(x: float, y: float) -> Iterator[Item]:
    """Draw the mark of a check-in, a triangle that points down to its time."""
    yield Polygon(x, y, ((-4.5, 0), (4.5, 0), (0, 7.5)), INK)


_UNDER_WAY = frozenset({"departed", "arrived"})
_MOST_PLACES = 4


# --- legs


def journey_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the parts of the page down to the legs; `below_legs_parts` yields the rest."""
    head = setter.page_heading(
        case.words.gettext("The journey"), _route_text(case), _days_text(case)
    )
    yield begin_page(head, timeline_part(case, setter))
    yield _legs_part(case, setter)


def _route_text(case: PrintedCase) -> str:
    places: list[str] = []
    for seen in case.legs:
        for key in ("from_place", "to_place"):
            place = case.text(seen, key, Style(REGULAR, 1)).text if case.has(seen, key) else ""
            if place and (not places or places[-1] != place):
                places.append(place)
    if len(places) > _MOST_PLACES:
        places = [places[0], "…", places[-1]]
    return " – ".join(places) or case.words.gettext("No legs yet")


def _days_text(case: PrintedCase) -> str:
    moments = [
        moment
        for seen in case.legs
        if seen.record.status not in LEG_OFF
        for moment in (seen.record.departs, seen.record.arrives)
        if isinstance(moment, ZonedTime)
    ]
    if not moments:
        return ""
    first, last = (pick(moments, key=lambda m: m.utc).wall.date() for pick in (min, max))
    return case.words.days(first, last)


def _legs_part(case: PrintedCase, setter: Composer) -> PaperPart:
    words = case.words
    titles = (
        words.gettext("Departure"), words.gettext("Arrival"), words.gettext("Means of travel"),
        words.gettext("Met by"), words.gettext("Status"),
    )  # fmt: skip
    title, note = words.gettext("Legs"), words.gettext("each time on its own place’s clock")
    columns = share_columns(setter.form, 24, 24, 20, 18, 25, gap=9, left=MARK_SIZE + 6)
    last = columns[-1]
    columns[-1] = TableColumn(last.x + MARK_SIZE + 5, last.width - MARK_SIZE - 5)
    table = PaperTable(setter.form, add_titles(columns, titles))
    rows = [block for seen in case.legs for block in _leg_row(case, table, seen)]
    if not rows:
        style = Style(REGULAR, setter.form.sizes.text)
        rows = setter.paragraph(words.gettext("No legs yet"), style, drop=5)
        return PaperPart(setter.section_heading(title), tuple(rows))
    head = stack_blocks([setter.section_heading(title, note), table.head()])
    return PaperPart(head, tuple(rows), head)


def leg_mark(status: str) -> StatusMark:
    """Return the mark of a leg: a check mark only once it has left."""
    if status in _UNDER_WAY:
        return StatusMark.MET
    return StatusMark.NONE if status in LEG_OFF else StatusMark.OPEN


def _leg_row(case: PrintedCase, table: PaperTable, seen: RecordView[Leg]) -> list[Block]:
    sizes = table.form.sizes
    strong, small = Style(SEMIBOLD, sizes.time), Style(REGULAR, sizes.caption, GREY)
    text = Style(REGULAR, sizes.text)
    shape = leg_mark(str(seen.record.status))
    meets = [case.text(seen, "met_by", text)]
    if seen.record.alone is True:
        meets = [CellText(case.words.gettext("no one, by her choice"), text)]
    mode = [case.text(seen, "mode", Style(SEMIBOLD, sizes.text))]
    cells = [
        [*_time_texts(case, seen, "departs", strong), *_place_texts(case, seen, "from", small),
         *_actual_time(case, seen, "departed", small)],
        [*_time_texts(case, seen, "arrives", strong), *_place_texts(case, seen, "to", small),
         *_actual_time(case, seen, "arrived", small)],
        [*mode, *_present_fields(case, seen, ("carrier", "booking_reference"), small)],
        [*meets, *_present_fields(case, seen, ("sign", "onward"), small)],
        [case.text(seen, "status", Style(REGULAR, sizes.note))],
    ]  # fmt: skip
    rows = table.row(cells, shape, 4)
    return [_numbered(table, seen, rows[0]), *rows[1:]]


def _numbered(table: PaperTable, seen: RecordView[Leg], row: Block) -> Block:
    """Add the leg's number in a disc before its row."""
    number = seen.record.sequence
    if not isinstance(number, int) or number < 1:
        return row
    return join_columns(row, table.number(number))


def _time_texts(case: PrintedCase, seen: RecordView[Leg], key: str, style: Style) -> list[CellText]:
    value = getattr(seen.record, key)
    if not isinstance(value, ZonedTime) or key in seen.conflicts:
        return [case.text(seen, key, style)]
    return [CellText(case.clock(value), style)]


def _place_texts(
    case: PrintedCase, seen: RecordView[Leg], end: str, style: Style
) -> list[CellText]:
    keys = [key for key in (f"{end}_place", f"{end}_stop") if case.has(seen, key)]
    said = join_texts([case.text(seen, key, style).text for key in keys], ", ")
    return [CellText(said, style)] if said else [case.blank(style)]


def _actual_time(
    case: PrintedCase, seen: RecordView[Leg], key: str, style: Style
) -> list[CellText]:
    value = getattr(seen.record, key)
    if not isinstance(value, ZonedTime):
        return []
    message = {
        "departed": case.words.gettext("left {time}"),
        "arrived": case.words.gettext("arrived {time}"),
    }[key]
    return [CellText(message.format(time=case.clock(value)), style)]


def _present_fields(
    case: PrintedCase, seen: RecordView[Leg], keys: Sequence[str], style: Style
) -> list[CellText]:
    """Return those of the fields that have a value, one a line."""
    return [case.text(seen, key, style) for key in keys if case.has(seen, key)]
