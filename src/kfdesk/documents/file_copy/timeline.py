# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey to scale: a clock for each zone, a bar for each leg, a mark for each check-in.

A journey of up to a day and a half is one strip; a longer one has a strip for each day on which
something happens. Legs without both times have no bar, and that is said. Knows no store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kfdesk.documents.cabinet.blocks import Block, Part
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.drawing.items import Frame, Item, Line, Rule, Shape
from kfdesk.documents.drawing.text_fit import chips, width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    FOLD,
    GREY,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    TINT,
    WHITE,
    Style,
)
from kfdesk.documents.file_copy.case import Case
from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.values import Moment
from kfdesk.i18n.zones import city_of

HOUR = timedelta(hours=1)
ONE_STRIP = 36 * HOUR
_MARGIN = HOUR
_NAMES = 76.0
_CLOCK = 14.5
_BAR = 19.0
_MARKS = 13.0
_LABEL = 12.0
_LABEL_ROWS = 4


@dataclass(frozen=True, slots=True)
class Ride:
    """A leg with both its times: its number, what it is called, and where it goes."""

    number: int
    name: str
    departs: Moment
    arrives: Moment
    places: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the journey that is drawn on one strip; both ends aware, in UTC."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies on the strip."""
        return self.start <= at <= self.end


def timeline(case: Case, setter: Setter) -> Part:
    """The timeline with its legend; a sentence where there is nothing to draw."""
    words, style = case.words, Style(REGULAR, setter.form.sizes.text)
    rides = list(_rides(case))
    title = words.gettext("Timeline")
    if not rides:
        text = words.gettext("No leg has both its times yet.")
        return Part(setter.head(title), tuple(setter.paragraph(text, style, drop=5)))
    drawing = _Drawing(case, setter, rides, _check_ins(case))
    strips = [drawing.strip(span) for span in _spans(rides)]
    head = setter.head(title, words.gettext("to scale, by each place’s own clock"))
    return Part(head, (*strips, *drawing.legend()), setter.head(title))


def _rides(case: Case) -> Iterator[Ride]:
    for seen in case.legs:
        leg, style = seen.record, Style(REGULAR, 1)
        if leg.status in LEG_OFF or not isinstance(leg.departs, Moment):
            continue
        if not isinstance(leg.arrives, Moment) or leg.arrives.utc < leg.departs.utc:
            continue
        keys = ("mode", "carrier")
        name = " ".join(case.text(seen, key, style).text for key in keys if case.has(seen, key))
        places = tuple(
            case.text(seen, key, style).text if case.has(seen, key) else ""
            for key in ("from_place", "to_place")
        )
        number = leg.sequence if isinstance(leg.sequence, int) else 0
        yield Ride(number, name, leg.departs, leg.arrives, (places[0], places[1]))


def _check_ins(case: Case) -> list[datetime]:
    times = (seen.record.check_in for seen in case.legs if seen.record.status not in LEG_OFF)
    return [time.utc for time in times if isinstance(time, Moment)]


def _spans(rides: Sequence[Ride]) -> Iterator[Span]:
    """One strip from an hour before to an hour after, or a day each by the first place's clock."""
    start = min(ride.departs.utc for ride in rides)
    end = max(ride.arrives.utc for ride in rides)
    if end - start <= ONE_STRIP:
        yield Span(start - _MARGIN, end + _MARGIN)
        return
    zone = ZoneInfo(min(rides, key=lambda ride: ride.departs.utc).departs.zone)
    day = start.astimezone(zone).replace(hour=0, minute=0, tzinfo=None)
    while day.replace(tzinfo=zone).astimezone(UTC) < end:
        after = day + timedelta(days=1)
        span = Span(*(time.replace(tzinfo=zone).astimezone(UTC) for time in (day, after)))
        if any(ride.departs.utc < span.end and span.start < ride.arrives.utc for ride in rides):
            yield span
        day = after


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws strips of one journey, each as wide as the setter's column."""

    case: Case
    setter: Setter
    rides: Sequence[Ride]
    check_ins: Sequence[datetime]

    def strip(self, span: Span) -> Block:
        """The clocks, the marks, the bars and what stands below them."""
        rides = [r for r in self.rides if r.departs.utc < span.end and span.start < r.arrives.utc]
        zones = list(dict.fromkeys(z for r in rides for z in (r.departs.zone, r.arrives.zone)))
        clocks = len(zones) * _CLOCK
        y = 8.0
        items: list[Item] = [Frame(self._left, y, self._width, clocks, 0, 0, fill=TINT)]
        for place, zone in enumerate(zones):
            hours = list(self._clock(span, zone, y + (place + 0.5) * _CLOCK))
            items += [*chips(hours), *hours]
        marks = y + clocks + 3
        bars = marks + _MARKS
        items += self._midnights(span, zones[0], (marks, bars + _BAR + 3))
        items.append(Rule(self._left, bars + _BAR / 2, across=self._width, stroke=1, colour=FOLD))
        items += self._day(span, bars + _BAR / 2)
        for at in self.check_ins:
            if span.holds(at):
                items += _triangle(self._x(span, at), marks + 2)
        for ride in rides:
            items += self._bar(span, ride, bars)
        labels, lowest = self._labels(span, rides, bars + _BAR + 2)
        return Block((*items, *labels), lowest + 8)

    def legend(self) -> Iterator[Block]:
        """What the marks mean, and which legs are not drawn."""
        words, sizes = self.case.words, self.setter.form.sizes
        style = Style(REGULAR, sizes.caption, GREY)
        if self.check_ins:
            text = words.gettext("check-in")
            y = 10.0
            line = Line(text, style, self._left + 12, y, self._width - 12)
            yield Block((*_triangle(self._left + 4, y - 7), line), y + 5)
        drawn = {ride.number for ride in self.rides}
        numbers = [str(leg.record.sequence) for leg in self.case.legs
                   if leg.record.sequence not in drawn]  # fmt: skip
        if numbers:
            text = words.gettext("Not on the line, without both times or not taken: {numbers}")
            text = text.format(numbers=", ".join(numbers))
            yield from self.setter.paragraph(text, style, drop=2)

    @property
    def _left(self) -> float:
        return self.setter.x + _NAMES

    @property
    def _width(self) -> float:
        return self.setter.width - _NAMES

    def _x(self, span: Span, at: datetime) -> float:
        share = (at - span.start) / (span.end - span.start)
        return self._left + self._width * min(max(share, 0.0), 1.0)

    def _clock(self, span: Span, zone: str, middle: float) -> Iterator[Item]:
        """A zone's name, and its hours where they fall; midnight strong."""
        small = self.setter.form.sizes.smallest
        strong, quiet = Style(BOLD, small), Style(REGULAR, small, GREY)
        y = middle + 0.36 * small
        name = Style(SEMIBOLD, small)
        city = self._place(zone)
        fits = width_of(city, name) <= _NAMES - 4
        style = name if fits else Style(SEMIBOLD, small * (_NAMES - 4) / width_of(city, name))
        yield Line(city, style, self.setter.x, y, _NAMES - 3)
        rules, step = ZoneInfo(zone), 3
        at = span.start.replace(minute=0, second=0, microsecond=0)
        while at <= span.end:
            hour = at.astimezone(rules).hour
            x = self._x(span, at)
            if not hour % step and at.astimezone(rules).minute == 0:
                face = quiet if hour else strong
                text = f"{hour:02}"
                wide = width_of(text, face)
                if self._left + wide / 2 <= x <= self._left + self._width - wide / 2:
                    yield Line(text, face, x - wide / 2, y, wide)
            at += timedelta(minutes=30)

    def _place(self, zone: str) -> str:
        """Where on the way clocks show this zone's time: the last place that is named."""
        ends = [
            end
            for ride in self.rides
            for end in zip((ride.departs, ride.arrives), ride.places, strict=True)
        ]
        named = [place for moment, place in ends if moment.zone == zone and place]
        return named[-1] if named else city_of(zone, self.case.words)

    def _day(self, span: Span, middle: float) -> Iterator[Item]:
        """Which day a strip is, where each day has its own."""
        if span.end - span.start > ONE_STRIP or len(list(_spans(self.rides))) == 1:
            return
        zone = ZoneInfo(min(self.rides, key=lambda ride: ride.departs.utc).departs.zone)
        day = (span.start + timedelta(hours=12)).astimezone(zone).date()
        words, small = self.case.words, self.setter.form.sizes.smallest
        text = f"{words.weekday(day)} {words.short_day(day)}"
        y = middle + 0.36 * small
        yield Line(text, Style(BOLD, small), self.setter.x, y, _NAMES - 3)

    def _midnights(self, span: Span, zone: str, between: tuple[float, float]) -> Iterator[Item]:
        rules = ZoneInfo(zone)
        at = span.start.replace(minute=0, second=0, microsecond=0)
        while at < span.end:
            local = at.astimezone(rules)
            if at > span.start and not local.hour and not local.minute:
                top, foot = between
                yield Rule(self._x(span, at), top, down=foot - top, stroke=0.8, colour=FOLD)
            at += timedelta(minutes=30)

    def _bar(self, span: Span, ride: Ride, y: float) -> Iterator[Item]:
        left, right = self._x(span, ride.departs.utc), self._x(span, ride.arrives.utc)
        wide = max(right - left, 3)
        style = Style(SEMIBOLD, self.setter.form.sizes.smallest, WHITE)
        named = f"{ride.number}  {ride.name}" if ride.number else ride.name
        for text in (named, str(ride.number or "")):
            if text and width_of(text, style) + 10 <= wide:
                yield Frame(left, y, wide, _BAR, min(3, wide / 2), 0, fill=PETROL)
                yield Line(text, style, left + 5, y + _BAR / 2 + 0.36 * style.size, wide - 5)
                return
        yield Frame(left, y + 2, wide, _BAR - 4, min(3, wide / 2), 1.6, PETROL, WHITE)

    def _labels(self, span: Span, rides: Sequence[Ride], top: float) -> tuple[list[Item], float]:
        """Each place with its time, under where it is, in as many rows as they need."""
        style = Style(SEMIBOLD, self.setter.form.sizes.smallest)
        ends: list[float] = []
        items: list[Item] = []
        for at, text in self._stops(span, rides):
            wide = width_of(text, style)
            x = min(max(self._x(span, at) - wide / 2, self._left), self._left + self._width - wide)
            x = max(x, self.setter.x)
            row = next((n for n, end in enumerate(ends) if x >= end), len(ends))
            ends[row : row + 1] = [x + wide + 8]
            items.append(Line(text, style, x, top + (row + 1) * _LABEL, wide))
        return items, top + len(ends) * _LABEL

    def _stops(self, span: Span, rides: Sequence[Ride]) -> Iterator[tuple[datetime, str]]:
        """When and where; an arrival and the departure that follows at one place are one."""
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


def _triangle(x: float, y: float) -> Iterator[Item]:
    """A check-in: it points down to its time."""
    yield Shape(x, y, ((-4.5, 0), (4.5, 0), (0, 7.5)), INK)
