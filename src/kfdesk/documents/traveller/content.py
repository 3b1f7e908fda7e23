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
    FOLD,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    PageFormat,
    Rule,
    Style,
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
from kfdesk.domain.message_marks import N_
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import HelpNumber, Leg, Traveller
from kfdesk.domain.records.plan import Plan
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
class Greeter:
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
    meets: Greeter | None = None
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
        """The line of who answers, and when: `Eva · day and night, in Russian`."""
        return " · ".join(filter(None, (self.name, self.hours)))


@dataclass(frozen=True, slots=True)
class TravellerSheet:
    """The whole sheet.

    `days` are the first and last day. `emergency` is the number in the box, empty for no box,
    and `emergency_country` where it works (ISO 3166-1) if that is not everywhere on the way.
    `speaks` is the language that the traveller speaks and the card names, empty if no card has
    it, and `transit` the languages of the countries on the way, in the order of use; both ISO
    639-1. `vehicle` is the TRANSPORT_MODE that the
    second phrase asks for, empty for no such phrase. `beside` is the same journey in a second
    language, which is printed small beside or below the first. `is_draft` is printed above all.
    `language` is that of the sheet, if it is not the one that the traveller speaks.
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
    language: str = ""


# The language of signs and counters in the zone.
_LONGEST_TRANSFER = 24 * 60  # minutes; a longer one is a slip of the key, and is not printed
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
    "Europe/Madrid": "es",
}


def build_traveller_sheet(what: Disclosed, words: Language) -> TravellerSheet:
    """Build the sheet from what was disclosed, in the language of `words`.

    The travellers that were disclosed for it are the children who travel.
    """
    client, plan = disclosed_records(what, Client)[0], disclosed_records(what, Plan)
    legs = sorted(disclosed_records(what, Leg), key=sequence_number)
    numbers = sorted(disclosed_records(what, HelpNumber), key=sequence_number)
    stops = tuple(_build_stops(legs, words.code))
    emergency = find_emergency_number(plan, [stop.zone for stop in stops])
    return TravellerSheet(
        days=(stops[0].moment.date(), stops[-1].moment.date()),
        ticket_names=(
            one_line(client.name_on_ticket),
            *(one_line(row.name_on_ticket) for row in disclosed_records(what, Traveller)),
        ),
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
        language=words.code,
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
            transfer=build_transfer(leg, language) if after is not None else None,
            meets=None if leg.alone is True else Greeter(name, sign),
            alone=leg.alone is True,
        )


def build_transfer(leg: Leg, language: str) -> Transfer | None:
    """Return the way from the end of a leg to the next one; None if nothing is written."""
    text = localized_line(leg.onward, language)
    if not text:
        return None
    said = leg.onward_minutes
    minutes = said if isinstance(said, int) and 0 < said <= _LONGEST_TRANSFER else 0
    return Transfer(text, one_line(leg.onward_mode) or None, timedelta(minutes=minutes) or None)


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
    "Europe/Madrid": N_("Madrid time"),
}

I_SPEAK_TEXTS: Mapping[str, str] = {
    "en": N_("I speak English."),
    "ru": N_("I speak Russian."),
    "sv": N_("I speak Swedish."),
    "bg": N_("I speak Bulgarian."),
    "ro": N_("I speak Romanian."),
    "uk": N_("I speak Ukrainian."),
    "lt": N_("I speak Lithuanian."),
    "lv": N_("I speak Latvian."),
    "et": N_("I speak Estonian."),
    "pl": N_("I speak Polish."),
    "fi": N_("I speak Finnish."),
    "de": N_("I speak German."),
    "es": N_("I speak Spanish."),
    "ar": N_("I speak Arabic."),
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


_MOST_HOURS = 24


def traveller_sentences(words: Language) -> Iterator[str]:
    """Yield all fixed sentences of the sheet and the language's code, which the check allows."""
    tables = (VEHICLE_TEXTS, ZONE_TEXTS, I_SPEAK_TEXTS, VEHICLE_QUESTIONS)
    yield from (words.gettext(said) for table in tables for said in table.values())
    yield from (words.gettext(MAY_I_CALL), traveller_title(words), sheet_count(words, 1, 1))
    yield from (ticket_name_caption(words, count) for count in range(_MOST_HOURS))
    yield from (continued_on_sheet(words, 1), continued_beside(words), continued_below(words))
    spans = [timedelta(hours=hours) for hours in range(_MOST_HOURS)]
    for span in (*spans, timedelta(minutes=30), timedelta(hours=1, minutes=30)):
        yield from (words.duration(span), clock_change_text(words, span))
        yield clock_change_text(words, -span)
    yield from (meets_you(words), alone_text(words), help_heading(words), nobody_there(words))
    yield from (draft_mark(words), card_heading(words), luggage_heading(words), words.code)
    yield from (*emergency_sentences(words, ""), *emergency_sentences(words, COMMON_NUMBER))


_ABOVE_TITLE = 0.56
_BELOW_TITLE = 0.65
_FACTS_DROP = 1.4
_BELOW_NAMES, _BELOW_NAMES_CLOSE = 0.9, 0.65
_FOLD_MARK = 11.0
_FOLD_MARK_STROKE = 0.6


# --- head


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The items of a head, and its lower edge on the page."""

    items: list[Item]
    y: float


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Items placed from the top of a heading's capitals, with their whole height."""

    items: tuple[Item, ...]
    height: float


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
        below = (_BELOW_NAMES_CLOSE if self.second else _BELOW_NAMES) * sizes.name
        return SheetHead([*head.items, *column.items], column.y + below)

    def _draft_mark(self, title: TextColumn) -> list[Item]:
        """Compose the framed mark of a draft in each language, and move the title below it.

        It is one line wherever that fits, and small if need be: a second line could cost the
        journey a sheet.
        """
        form, sizes = self.form, self.form.sizes
        spoken = (words for words in (self.words, self.second) if words)
        marks = [draft_mark(words).upper() for words in spoken]
        joined, room = " · ".join(marks), form.measure - 1.2 * sizes.text
        fitting = (
            size for size in (sizes.text, sizes.smallest)
            if width_of(joined, Style(BOLD, size)) <= room
        )  # fmt: skip
        size = next(fitting, 0.0)
        marks, size = ([joined], size) if size else (marks, sizes.smallest)
        text = TextColumn(form.margin + 0.6 * size, room, y=title.y)
        for mark in marks:
            text.add(mark, Style(BOLD, size), 1.4 * size)
        height = text.y - title.y + 0.3 * size
        frame = Box(form.margin, title.y, form.measure, height, 3, 1.6)
        title.y += height + 0.8 * size
        return [frame, *text.items]

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
