# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of the traveller's sheet: its stops, its sentences, its head and its help.

Every fixed text of the sheet comes from here, in a given language, from a catalogue of its own
(`traveller.po`). Some are agreed texts and must not vary. Sentences have no grammatical gender.
A new zone, vehicle or spoken language is one line in its table. Knows no page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from kfdesk.documents.layout.style import (
    BOLD,
    CAP_HEIGHT,
    FOLD,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Box,
    Dot,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
    move_down,
)
from kfdesk.documents.layout.text import ICON_GAP, LineIcon, TextColumn, width_of
from kfdesk.documents.typesetting import (
    disclosed_records,
    localized_line,
    localized_lines,
    one_line,
)
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import COMMON_NUMBER, EmergencyNumber, emergency_number_for
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime, zone_rules
from kfdesk.i18n.language import Language
from kfdesk.i18n.places import zone_country

# --- content


@dataclass(frozen=True, slots=True)
class Ride:
    """The vehicle that leaves from a stop.

    `mode` is a code of TRANSPORT_MODE, `carrier` the name and number as on ticket and board.
    """

    mode: str
    carrier: str
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """The way between two vehicles, as one whole phrase (`Car with Anna`).

    `mode` only selects the icon; without it the icon is an arrow.
    """

    text: str
    mode: str | None = None
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The person who meets the traveller: a first name and a neutral sign."""

    name: str
    sign: str


@dataclass(frozen=True, slots=True)
class TravelStop:
    """One dot on the line: time, place, and how the journey continues.

    A place where one vehicle is left and another taken is two stops. `moment` is the local time
    at the stop, without an offset; `zone` is its IANA name. `clock_change` is how far the
    traveller's clock changes since the stop before: zero for another zone with the same hour,
    None if there is nothing to say. `alone` says that nobody comes, as was agreed.
    """

    moment: datetime
    zone: str
    place: str
    detail: str = ""
    clock_change: timedelta | None = None
    ride: Ride | None = None
    transfer: Transfer | None = None
    meets: Meeting | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class HelpPhone:
    """A tested number as it is dialled from abroad, its hours, its language, and who answers.

    `name` is a first name, empty if nobody said one.
    """

    number: str
    hours: str
    name: str = ""

    @property
    def facts(self) -> str:
        """Who answers, and when: `Eva · day and night, in Russian`."""
        return " · ".join(filter(None, (self.name, self.hours)))


@dataclass(frozen=True, slots=True)
class TravellerSheet:
    """The whole sheet.

    `days` are the first and last day. `emergency` is the number in the box, empty for no box,
    and `emergency_country` where it works (ISO 3166-1) if that is not everywhere on the way.
    `speaks` is the language that the traveller speaks and the card names, and `transit` the languages of the countries
    on the way, in the order of use; both ISO 639-1. `vehicle` is the TRANSPORT_MODE that the
    second phrase asks for, empty for no such phrase. `beside` is the same journey in a second
    language, which is printed small beside or below the first. `is_draft` is printed above all.
    """

    days: tuple[date, date]
    ticket_names: tuple[str, ...]
    stops: tuple[TravelStop, ...]
    phones: tuple[HelpPhone, ...]
    emergency: str
    speaks: str
    transit: tuple[str, ...] = ()
    vehicle: str = ""
    luggage: tuple[str, ...] = ()
    emergency_country: str = ""
    beside: "TravellerSheet | None" = None
    is_draft: bool = False


# The language of signs and counters in the zone.
_ZONE_LANGUAGES = {
    "Europe/Stockholm": "sv",
    "Europe/Helsinki": "fi",
    "Europe/Tallinn": "et",
    "Europe/Riga": "lv",
    "Europe/Vilnius": "lt",
    "Europe/Warsaw": "pl",
    "Europe/Berlin": "de",
    "Europe/Moscow": "ru",
    "Europe/Kaliningrad": "ru",
    "Europe/Sofia": "bg",
    "Europe/Bucharest": "ro",
    "Europe/Chisinau": "ro",
    "Europe/Kyiv": "uk",
}


def build_traveller_sheet(what: Disclosed, words: Language) -> TravellerSheet:
    """Build the sheet from what was disclosed, in the language of `words`."""
    client, plan = disclosed_records(what, Client)[0], disclosed_records(what, Plan)
    legs = sorted(disclosed_records(what, Leg), key=sequence_number)
    numbers = sorted(disclosed_records(what, HelpNumber), key=sequence_number)
    stops = tuple(_build_stops(legs, words.code))
    emergency = find_emergency_number(plan, [stop.zone for stop in stops])
    return TravellerSheet(
        days=(stops[0].moment.date(), stops[-1].moment.date()),
        ticket_names=(one_line(client.name_on_ticket),),
        stops=stops,
        phones=tuple(
            HelpPhone(
                dialled_groups(one_line(n.number)),
                localized_line(n.hours, words.code),
                localized_line(n.answered_by, words.code),
            )
            for n in numbers
        ),
        emergency=emergency.number if emergency else "",
        emergency_country=emergency.country if emergency else "",
        speaks=_spoken_language(client, words.code),
        transit=_transit_languages(stops, words.code),
        vehicle=one_line(legs[min(1, len(legs) - 1)].mode),
        luggage=localized_lines(plan[0].luggage, words.code) if plan else (),
    )


def _spoken_language(client: Client, own: str) -> str:
    """Return the first language of the client that the card can name, else the paper's own.

    The answer is empty if the client speaks only others.
    """
    if not isinstance(client.languages, tuple) or not client.languages:
        return own
    return next((code for code in client.languages if code in I_SPEAK_TEXTS), "")


def _build_stops(legs: list[Leg], language: str) -> Iterator[TravelStop]:
    following: list[Leg | None] = [*legs[1:], None]
    for leg, after in zip(legs, following, strict=True):
        departs, arrives = required_time(leg.departs), required_time(leg.arrives)
        span = arrives.utc - departs.utc
        yield TravelStop(
            departs.wall,
            departs.zone,
            localized_line(leg.from_place, language),
            localized_line(leg.from_stop, language),
            ride=Ride(one_line(leg.mode), one_line(leg.carrier), span),
        )
        name, sign = localized_line(leg.met_by, language), localized_line(leg.sign, language)
        yield TravelStop(
            arrives.wall,
            arrives.zone,
            localized_line(leg.to_place, language),
            localized_line(leg.to_stop, language),
            clock_change=clock_change_between(departs, arrives),
            transfer=_build_transfer(leg, language) if after is not None else None,
            meets=None if leg.alone is True else Meeting(name, sign),
            alone=leg.alone is True,
        )


def _build_transfer(leg: Leg, language: str) -> Transfer | None:
    text = localized_line(leg.onward, language)
    return Transfer(text) if text else None


def clock_change_between(departs: ZonedTime, arrives: ZonedTime) -> timedelta | None:
    """Return how far the clock changes between two times; None within one zone."""
    if departs.zone == arrives.zone:
        return None
    return timedelta(minutes=arrives.offset - departs.offset)


def _transit_languages(stops: tuple[TravelStop, ...], own: str) -> tuple[str, ...]:
    """Return the languages of the places between the first and the last, each once."""
    ends = {_ZONE_LANGUAGES.get(stops[0].zone), _ZONE_LANGUAGES.get(stops[-1].zone), own, "en"}
    spoken = (_ZONE_LANGUAGES.get(stop.zone) for stop in stops)
    return tuple(dict.fromkeys(code for code in spoken if code and code not in ends))


def find_emergency_number(plans: Iterable[Plan], zones: Iterable[str]) -> EmergencyNumber | None:
    """Return the emergency number for the plan's countries and the zones on the way.

    Return None if a country is not known.
    """
    named = [one_line(code) for plan in plans for code in (plan.from_country, plan.to_country)]
    return (
        emergency_number_for([*named, *map(zone_country, zones)]) if all(named) and named else None
    )


def sequence_number(record: Any) -> int:
    """Return the sequence number of a leg or telephone, as a sort key; 0 without one."""
    return record.sequence if isinstance(record.sequence, int) else 0


def required_time(value: object) -> ZonedTime:
    """Return a required time. Raise KfdeskError `paper.incomplete` without one."""
    if not isinstance(value, ZonedTime):
        raise KfdeskError("paper.incomplete")
    return value


CARD_LANGUAGES = 2
_HOUR = timedelta(hours=1)

VEHICLE_TEXTS: Mapping[str, str] = {
    "air": N_("Flight {carrier}"),
    "rail": N_("Train {carrier}"),
    "ferry": N_("Ferry {carrier}"),
    "coach": N_("Bus {carrier}"),
    "car": N_("Car {carrier}"),
    "taxi": N_("Taxi {carrier}"),
    "on_foot": N_("On foot {carrier}"),
}

ZONE_TEXTS: Mapping[str, str] = {
    "Europe/Stockholm": N_("Stockholm time"),
    "Europe/Helsinki": N_("Helsinki time"),
    "Europe/Tallinn": N_("Tallinn time"),
    "Europe/Riga": N_("Riga time"),
    "Europe/Vilnius": N_("Vilnius time"),
    "Europe/Warsaw": N_("Warsaw time"),
    "Europe/Kaliningrad": N_("Kaliningrad time"),
    "Europe/Moscow": N_("Moscow time"),
    "Europe/Minsk": N_("Minsk time"),
    "Europe/Kyiv": N_("Kyiv time"),
    "Europe/Berlin": N_("Berlin time"),
    "Europe/Copenhagen": N_("Copenhagen time"),
    "Europe/Oslo": N_("Oslo time"),
    "Europe/London": N_("London time"),
    "Europe/Sofia": N_("Sofia time"),
    "Europe/Bucharest": N_("Bucharest time"),
    "Europe/Chisinau": N_("Chisinau time"),
}

I_SPEAK_TEXTS: Mapping[str, str] = {
    "en": N_("I speak English."),
    "ru": N_("I speak Russian."),
    "sv": N_("I speak Swedish."),
    "bg": N_("I speak Bulgarian."),
    "ro": N_("I speak Romanian."),
    "uk": N_("I speak Ukrainian."),
}

VEHICLE_QUESTIONS: Mapping[str, str] = {
    "air": N_("Where is this gate, please?"),
    "rail": N_("Where is this train, please?"),
    "ferry": N_("Where is this ferry, please?"),
    "coach": N_("Where is this bus, please?"),
}

MAY_I_CALL = N_("May I make a phone call?")


# --- sentences


class Phrase(NamedTuple):
    """One phrase of the language card: the traveller's, and translations by language code."""

    own: str
    shown: tuple[tuple[str, str], ...]


def traveller_title(words: Language) -> str:
    """Return the name of the paper."""
    return words.gettext("Travel plan")


def ticket_name_caption(words: Language, count: int) -> str:
    """Return the caption above the name, or above several names."""
    return words.ngettext("Name as on the ticket", "Names as on the tickets", count)


def sheet_count(words: Language, number: int, total: int) -> str:
    """Return the sheet's number: `1 of 2`."""
    return words.gettext("{number} of {total}").format(number=number, total=total)


def continued_on_sheet(words: Language, number: int) -> str:
    """Return the sheet on which the line continues."""
    return words.gettext("continues on sheet {number}").format(number=number)


def continued_beside(words: Language) -> str:
    """Return the note that the line continues in the next column to the right."""
    return words.gettext("continues on the right")


def continued_below(words: Language) -> str:
    """Return the note that the line continues in the row below."""
    return words.gettext("continues below")


def day_text(words: Language, moment: datetime) -> str:
    """Return the day at a stop, with its weekday."""
    return words.day(moment.date(), weekday=True)


def zone_text(words: Language, name: str, moment: datetime) -> str:
    """Return the name of a zone's time; for an unlisted zone its offset from UTC."""
    if name in ZONE_TEXTS:
        return words.gettext(ZONE_TEXTS[name])
    offset = moment.replace(tzinfo=zone_rules(name)).utcoffset() or timedelta()
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    sign = "−" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def clock_change_text(words: Language, change: timedelta) -> str:
    """Return how to set one's watch, as a sentence: `Set your watch 1 hour forward`."""
    if not change:
        return words.gettext("Leave your watch as it is")
    hours, rest = divmod(abs(change), _HOUR)
    if rest:
        return (
            words.gettext("Set your watch {span} forward")
            if change > timedelta()
            else words.gettext("Set your watch {span} back")
        ).format(span=words.duration(abs(change)))
    return (
        words.ngettext(
            "Set your watch {hours} hour forward", "Set your watch {hours} hours forward", hours
        )
        if change > timedelta()
        else words.ngettext(
            "Set your watch {hours} hour back", "Set your watch {hours} hours back", hours
        )
    ).format(hours=hours)


def way_text(words: Language, taken: Ride | Transfer) -> str:
    """Return how the journey continues from a stop: `Ferry M/S Havsörn`, `Car with Anna`.

    An unknown mode, written by a newer program, is left out; the carrier is named.
    """
    if isinstance(taken, Transfer):
        return taken.text
    return (
        words.gettext(VEHICLE_TEXTS.get(taken.mode, "{carrier}"))
        .format(carrier=taken.carrier)
        .strip()
    )


def meets_you(words: Language) -> str:
    """Return the caption above the name of the person who meets the traveller."""
    return words.gettext("Meets you")


def alone_text(words: Language) -> str:
    """Return the note that nobody comes to this change, as was agreed."""
    return words.gettext("Change on your own")


def help_heading(words: Language) -> str:
    """Return the heading of the telephone numbers."""
    return words.gettext("Need help? Call")


def nobody_there(words: Language) -> str:
    """Return what to do if nobody is there to meet the traveller."""
    return words.gettext("Nobody there? Stay inside and call.")


def draft_mark(words: Language) -> str:
    """Return the mark of a sheet that was printed before the return was approved."""
    return words.gettext("Draft: return not approved yet")


def emergency_sentences(words: Language, number: str, country: str = "") -> list[str]:
    """Return what the emergency number is and where it works, sentence by sentence.

    Only 112 is known to be free of charge.
    """
    if number != COMMON_NUMBER:
        where = [words.country(country)] if country else []
        return [words.gettext("Emergency number."), *where]
    text = words.gettext("Emergency. Free of charge from any phone.")
    return text.replace(". ", ".\n").split("\n")


def card_heading(words: Language) -> str:
    """Return the heading of the language card."""
    return words.gettext("Show these words")


def language_card(
    words: Language, sheet: TravellerSheet, speaking: Callable[[str], Language]
) -> list[Phrase]:
    """Return the language card: each phrase in the traveller's language and in others.

    The others are English and the languages of the way, at most two. A language whose catalogue
    lacks a phrase does not show it. A phrase without any translation is left out.
    """
    messages = [I_SPEAK_TEXTS.get(sheet.speaks), VEHICLE_QUESTIONS.get(sheet.vehicle), MAY_I_CALL]
    codes = dict.fromkeys(code for code in ("en", *sheet.transit) if code != words.code)
    others = [speaking(code) for code in list(codes)[:CARD_LANGUAGES]]
    card = []
    for message in filter(None, messages):
        shown = tuple((to.code, to.gettext(message)) for to in others if to.knows(message))
        if shown:
            card.append(Phrase(words.gettext(message), shown))
    return card


def luggage_heading(words: Language) -> str:
    """Return the heading of the luggage."""
    return words.gettext("Luggage – count it at each change")


_ABOVE_TITLE = 0.56
_BELOW_TITLE = 0.65
_FACTS_DROP = 1.4
_FOLD_MARK = 11.0
_FOLD_MARK_STROKE = 0.6


# --- head


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The items of a head, and its lower edge on the page."""

    items: list[Item]
    y: float


@dataclass(frozen=True, slots=True)
class HeadComposer:
    """Composes heads in one language, on one paper size; `icon` stands before the title.

    If there is a `second` language, the caption above the names is repeated in it. The mark of a
    draft stands above the title.
    """

    words: Language
    form: PageFormat
    icon: str = ""
    second: Language | None = None
    is_draft: bool = False

    def line(self, title: str, facts: str) -> SheetHead:
        """Compose a title on the left with facts on the right, or below if too wide.

        Raise KfdeskError `documents.no_letter` or `documents.too_wide`.
        """
        style = Style(SEMIBOLD, self.form.sizes.title)
        size = 1.2 * style.size
        sign = LineIcon(self.icon, size, PETROL) if self.icon else None
        indent = size + ICON_GAP if sign else 0.0
        left = self._column(indent)
        mark = self._draft_mark(left) if self.is_draft else []
        right = TextColumn(self.form.margin, self.form.measure, "right", y=left.y)
        room = self.form.measure - width_of(facts, style) - indent - style.size
        is_beside = all(width_of(word, style) <= room for word in title.split())
        left.width = room if is_beside else left.width
        left.add_fitted(title, Style(SEMIBOLD, style.size, PETROL), style.cap_height, sign=sign)
        right.y = right.y if is_beside else left.y
        right.add(facts, style, style.cap_height if is_beside else _FACTS_DROP * style.size)
        y = max(left.y, right.y) + _BELOW_TITLE * style.size
        rule = Rule(self.form.margin, y, across=self.form.measure)
        return SheetHead([*mark, *left.items, *right.items, rule], y)

    def named(self, names: Sequence[str], facts: str) -> SheetHead:
        """Compose the head of a first sheet: title, facts, and the names as on tickets."""
        head, sizes = self.line(traveller_title(self.words), facts), self.form.sizes
        column = self._column(0)
        column.y = head.y
        spoken = filter(None, (self.words, self.second))
        caption = " · ".join(ticket_name_caption(one, len(names)) for one in spoken)
        column.add(caption, Style(REGULAR, sizes.caption, GREY), 1.66 * sizes.caption)
        name = Style(BOLD, sizes.name)
        column.add_fitted(self.words.listing(names), name, 1.26 * sizes.name)
        return SheetHead([*head.items, *column.items], column.y + 0.9 * sizes.name)

    def _draft_mark(self, title: TextColumn) -> list[Item]:
        """Compose the framed mark of a draft in each language, and move the title below it."""
        form, size = self.form, self.form.sizes.text
        text = TextColumn(form.margin + 0.6 * size, form.measure - 1.2 * size, y=title.y)
        for words in filter(None, (self.words, self.second)):
            text.add(draft_mark(words).upper(), Style(BOLD, size), 1.4 * size)
        top, height = title.y + 0.2 * size, text.y - title.y + 0.3 * size
        title.y = top + height + 0.7 * size
        return [Box(form.margin, top, form.measure, height, 3, 1.6), *text.items]

    def _column(self, indent: float) -> TextColumn:
        form, sizes = self.form, self.form.sizes
        top = form.margin - _ABOVE_TITLE * sizes.title
        width = form.measure - indent
        return TextColumn(form.margin + indent, width, y=top, smallest=sizes.smallest)


def fold_marks(form: PageFormat) -> list[Item]:
    """Return small strokes at the edges of a page that is folded twice."""
    middle, fold = form.width / 2, form.fold
    right, foot = form.width - _FOLD_MARK, form.height - _FOLD_MARK
    return [
        Rule(0, fold, across=_FOLD_MARK, stroke=_FOLD_MARK_STROKE, colour=FOLD),
        Rule(right, fold, across=_FOLD_MARK, stroke=_FOLD_MARK_STROKE, colour=FOLD),
        Rule(middle, 0, down=_FOLD_MARK, stroke=_FOLD_MARK_STROKE, colour=FOLD),
        Rule(middle, foot, down=_FOLD_MARK, stroke=_FOLD_MARK_STROKE, colour=FOLD),
    ]


HELP_COLUMN_GAP = 34.0
_RULE_DROP = 8.0
_LUGGAGE_BOX = 1.256
_INDENT_RATIO = 1.275
_EMERGENCY_PADDING = 15.7


# --- help


@dataclass(frozen=True, slots=True)
class HelpSpacing:
    """The spacing of the help: drops as multiples of the type size.

    `first` is the drop below a heading's rule, and `next` the drop between phones and between
    phrases. `box` is the space above the emergency box, and `tick` the drop from one piece of
    luggage to the next. `luggage` is the space above the luggage, in points.
    """

    first: float
    next: float
    box: float
    tick: float
    luggage: float


WIDE_SPACING = HelpSpacing(first=1.7, next=2.0, box=1.85, tick=2.45, luggage=22)
NARROW_SPACING = HelpSpacing(first=1.35, next=1.45, box=1.0, tick=1.75, luggage=14)
TIGHT_SPACING = HelpSpacing(first=1.15, next=1.1, box=0.5, tick=1.55, luggage=9)
"""For two languages or three legs: it still keeps one number apart from the next."""


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Items placed from the top of a heading's capitals, with their whole height."""

    items: tuple[Item, ...]
    height: float


@dataclass(frozen=True, slots=True)
class HelpComposer:
    """Composes the help in one language, on one paper size, with one spacing.

    With a `second` language its texts are repeated small and grey behind or below.
    """

    words: Language
    form: PageFormat
    room: HelpSpacing
    second: Language | None = None

    def calls(self, sheet: TravellerSheet, speaking: Callable[[str], Language]) -> SheetSection:
        """Compose the numbers to call on the left and the language card on the right.

        `speaking` returns the language of a code with its phrases. Raise KfdeskError
        `documents.no_letter` or `documents.too_wide`.
        """
        whole = TextColumn(self.form.margin, self.form.measure, smallest=self.form.sizes.smallest)
        self._nobody_there(whole, CAP_HEIGHT)
        top = whole.y + self.form.sizes.text
        width = (self.form.measure - HELP_COLUMN_GAP) / 2
        left = self._phones(sheet, self._heading(help_heading, self.form.margin, width))
        right = self.card(sheet, speaking, self.form.right - width, width)
        items = move_down((*left.items, *right.items), top)
        return SheetSection((*whole.items, *items), top + max(left.height, right.height))

    def phones(self, sheet: TravellerSheet, x: float, width: float) -> SheetSection:
        """Compose what to do if nobody comes, the numbers, and the emergency box.

        Raise as `calls` does.
        """
        column = self._heading(help_heading, x, width)
        self._nobody_there(column, 1.5)
        return self._phones(sheet, column)

    def _phones(self, sheet: TravellerSheet, column: TextColumn) -> SheetSection:
        others = sheet.beside.phones if sheet.beside else sheet.phones
        for number, both in enumerate(zip(sheet.phones, others, strict=True), start=1):
            self._phone(column, *both, number)
        if sheet.emergency:
            self._emergency(column, sheet.emergency, sheet.emergency_country)
        return self._section(column)

    def card(
        self, sheet: TravellerSheet, speaking: Callable[[str], Language], x: float, width: float
    ) -> SheetSection:
        """Compose the language card: words to show. Raise as `calls` does."""
        column = self._heading(card_heading, x, width)
        for number, phrase in enumerate(language_card(self.words, sheet, speaking)):
            self._phrase(column, phrase, is_first=not number)
        return self._section(column)

    def luggage(self, sheet: TravellerSheet, columns: int = 2) -> SheetSection:
        """Compose a box to tick before each piece, in columns; empty without luggage."""
        pieces, again = sheet.luggage, sheet.beside.luggage if sheet.beside else ()
        if not pieces:
            return SheetSection((), 0)
        text = self.form.sizes.text
        heading = luggage_heading
        whole = self._heading(heading, self.form.margin, self.form.measure)
        width = (self.form.measure - (columns - 1) * HELP_COLUMN_GAP) / columns
        lefts = [self.form.margin + place * (width + HELP_COLUMN_GAP) for place in range(columns)]
        for row in range(0, len(pieces), columns):
            drop = (self.room.first if not row else self.room.tick) * text
            top, lowest = whole.y + drop, whole.y
            for place, (piece, x) in enumerate(
                zip(pieces[row : row + columns], lefts, strict=False), start=row
            ):
                column = TextColumn(x + self._indent, width - self._indent, y=whole.y)
                column.add(piece, Style(REGULAR, text), drop)
                if place < len(again):
                    self._again(column, again[place], piece)
                whole.items += [self._tick(x, top), *column.items]
                lowest = max(lowest, column.y)
            whole.y = lowest
        return SheetSection(tuple(whole.items), whole.y + 0.2 * text)

    @property
    def _indent(self) -> float:
        """The indent of text behind an icon or a box."""
        return _INDENT_RATIO * self.form.sizes.phone

    def _section(self, column: TextColumn) -> SheetSection:
        return SheetSection(tuple(column.items), column.y + 0.3 * self.form.sizes.text)

    def _tick(self, x: float, baseline: float) -> Box:
        middle = baseline - Style(REGULAR, self.form.sizes.text).cap_height / 2
        side = _LUGGAGE_BOX * self.form.sizes.text
        return Box(x, middle - side / 2, side, side, 2, 0.9)

    def _heading(self, said: Callable[[Language], str], x: float, width: float) -> TextColumn:
        style = Style(BOLD, self.form.sizes.heading)
        column = TextColumn(x, width, smallest=self.form.sizes.smallest)
        column.add_fitted(said(self.words), style, style.cap_height)
        if self.second:
            self._heading_again(column, said(self.second))
        column.y += _RULE_DROP
        column.items.append(Rule(x, column.y, across=width))
        return column

    def _heading_again(self, column: TextColumn, text: str) -> None:
        """Add a heading in the second language on the same line, or below if full."""
        style = Style(REGULAR, self.form.sizes.caption, GREY)
        taken = max(
            width_of(item.text, item.style) for item in column.items if isinstance(item, TextLine)
        )
        room = column.width - taken - style.size
        if width_of(text, style) <= room:
            left = column.x + column.width - room
            column.items.append(TextLine(text, style, left, column.y, room, "right"))
        else:
            column.add(text, style, 1.4 * style.size)

    def _again(self, column: TextColumn, text: str, own: str) -> None:
        """Add the text in the second language if it differs, behind the first if it fits."""
        style = Style(REGULAR, self.form.sizes.smallest, GREY)
        if text != own:
            column.add_beside(text, style, 1.3 * style.size)

    def _nobody_there(self, column: TextColumn, drop: float) -> None:
        """Add what to do if nobody is there, `drop` type sizes below the last line."""
        text = self.form.sizes.text
        column.add(nobody_there(self.words), Style(BOLD, text), drop * text)
        if self.second:
            self._again(column, nobody_there(self.second), "")

    def _phone(self, column: TextColumn, phone: HelpPhone, other: HelpPhone, place: int) -> None:
        """Add a telephone with its place in the order of calling, and who answers."""
        sizes = self.form.sizes
        drop = self.room.first if place == 1 else self.room.next
        lines = self._indented(column)
        lines.add_fitted(phone.number, Style(BOLD, sizes.phone), drop * sizes.phone)
        first = next(item for item in lines.items if isinstance(item, TextLine))
        column.items += self._disc(place, column.x, first)
        if phone.facts:
            lines.add(phone.facts, Style(REGULAR, sizes.text), 1.5 * sizes.text)
            self._again(lines, other.hours, phone.hours)
        column.items += lines.items
        column.y = lines.y

    def _disc(self, place: int, x: float, line: TextLine) -> list[Item]:
        """Compose a number in a disc at `x`, level with a line."""
        style = Style(BOLD, 0.8 * self.form.sizes.text, WHITE)
        radius, text = 0.85 * style.size, str(place)
        middle, wide = line.y - line.style.cap_height / 2, width_of(text, style)
        left = x + radius - wide / 2
        return [
            Dot(x + radius, middle, radius, PETROL),
            TextLine(text, style, left, middle + style.cap_height / 2, wide),
        ]

    def _emergency(self, column: TextColumn, number: str, country: str) -> None:
        """Add a frame with the large number and its explanation beside it."""
        sizes = self.form.sizes
        digits, words = Style(BOLD, sizes.emergency), Style(SEMIBOLD, sizes.text)
        wide = width_of(number, digits)
        text = TextColumn(
            column.x + _EMERGENCY_PADDING + wide + 25, column.width - _EMERGENCY_PADDING - wide - 30
        )
        for sentence in emergency_sentences(self.words, number, country):
            text.add(sentence, words, 1.36 * sizes.text)
        height = max(text.y + 1.15 * sizes.text, 1.3 * sizes.emergency)
        top = column.y + self.room.box * sizes.text
        middle = top + height / 2
        first = 1.36 * sizes.text - words.cap_height
        column.items += [
            Box(column.x, top, column.width, height, 6, 1.6),
            TextLine(
                number, digits, column.x + _EMERGENCY_PADDING, middle + digits.cap_height / 2, wide
            ),
            *move_down(text.items, middle - (first + text.y) / 2),
        ]
        column.y = top + height
        if self.second:
            again = " ".join(emergency_sentences(self.second, number, country))
            style = Style(REGULAR, sizes.smallest, GREY)
            column.add(again, style, 1.4 * style.size)

    def _phrase(self, column: TextColumn, phrase: Phrase, *, is_first: bool) -> None:
        sizes = self.form.sizes
        drop = self.room.first * 1.2 if is_first else self.room.next * 1.35
        column.add(phrase.own, Style(REGULAR, sizes.note, GREY), drop * sizes.note)
        label = Style(SEMIBOLD, sizes.smallest, GREY)
        for code, text in phrase.shown:
            lines = self._indented(column)
            lines.add_fitted(text, Style(BOLD, sizes.phrase), 1.32 * sizes.phrase)
            height = lines.items[0].y
            column.items += [
                TextLine(code.upper(), label, column.x, height, self._indent),
                *lines.items,
            ]
            column.y = lines.y

    def _indented(self, column: TextColumn) -> TextColumn:
        left, smallest = self._indent, self.form.sizes.smallest
        return TextColumn(column.x + left, column.width - left, y=column.y, smallest=smallest)
