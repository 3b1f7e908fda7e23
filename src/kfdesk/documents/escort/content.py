# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of the escort's sheet: legs, reminders and calls, and its sentences.

It is made of disclosed records; a text that is missing reads as empty. Knows no page.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kfdesk.documents.traveller.content import (
    Greeter,
    Ride,
    Transfer,
    build_transfer,
    clock_change_between,
    find_emergency_number,
    required_time,
    sequence_number,
)
from kfdesk.documents.typesetting import (
    disclosed_records,
    localized_line,
    localized_lines,
    one_line,
)
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.itinerary import EmergencyNumber
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import HelpNumber, Traveller
from kfdesk.domain.records.journey import Leg as LegRecord
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language


@dataclass(frozen=True, slots=True)
class LegEnd:
    """One end of a leg: the local time there, its time zone, place and stop."""

    moment: datetime
    zone: str
    place: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EscortLeg:
    """A leg with its number in the plan; `onward` is the way to the next leg."""

    number: int
    start: LegEnd
    end: LegEnd
    ride: Ride
    clock_change: timedelta | None = None
    meets: Greeter | None = None
    onward: Transfer | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder; `time` is empty if the line does not begin with one.

    `place` says on whose clock the time is, empty if no place of the journey stands behind it.
    """

    time: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class CallRecipient:
    """The person who answers a number: a first name, possibly empty."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class CheckInCall:
    """A check-in call: its time, the time zone, and whether the leg is over by then.

    `met` is the first name of the person who has met the travellers.
    """

    moment: datetime
    zone: str
    is_after_arrival: bool
    met: str = ""


@dataclass(frozen=True, slots=True)
class EscortSheet:
    """The whole sheet; `calls` are in order, and `answering` lists whom to call first."""

    days: tuple[date, date]
    ticket_names: tuple[str, ...]
    languages: tuple[str, ...]
    legs: tuple[EscortLeg, ...]
    needs: tuple[str, ...]
    reminders: tuple[Reminder, ...]
    calls: tuple[CheckInCall, ...]
    answering: tuple[CallRecipient, ...]
    emergency: EmergencyNumber | None
    is_draft: bool = False


_STARTS_WITH_TIME = re.compile(r"(\d{1,2}:\d\d)[\s,–-]*(.*)")
_BEHIND_PLACE = re.compile(r"[\s,:;.–-]*")


def build_escort_sheet(what: Disclosed, language: str) -> EscortSheet:
    """Build the sheet from what was disclosed, in a language (ISO 639-1).

    The travellers that were disclosed for it are the children who travel along.
    """
    client, plans = disclosed_records(what, Client)[0], disclosed_records(what, Plan)
    found = sorted(disclosed_records(what, LegRecord), key=sequence_number)
    numbers = sorted(disclosed_records(what, HelpNumber), key=sequence_number)
    legs = tuple(_escort_leg(leg, place, language) for place, leg in enumerate(found, start=1))
    places = {end.place for leg in legs for end in (leg.start, leg.end)} - {""}
    return EscortSheet(
        days=(legs[0].start.moment.date(), legs[-1].end.moment.date()),
        ticket_names=(
            one_line(client.name_on_ticket),
            *(one_line(row.name_on_ticket) for row in disclosed_records(what, Traveller)),
        ),
        languages=client.languages if isinstance(client.languages, tuple) else (),
        legs=legs,
        needs=tuple(line for plan in plans for line in localized_lines(plan.travel_help, language)),
        reminders=tuple(
            _reminder(line, places)
            for plan in plans
            for line in localized_lines(plan.reminders, language)
        ),
        calls=tuple(_check_in_calls(found, language)),
        answering=tuple(
            CallRecipient(
                localized_line(one.answered_by, language), dialled_groups(one_line(one.number))
            )
            for one in numbers
        ),
        emergency=find_emergency_number(
            plans, [end.zone for leg in legs for end in (leg.start, leg.end)]
        ),
    )


def _escort_leg(leg: LegRecord, place: int, language: str) -> EscortLeg:
    departs, arrives = required_time(leg.departs), required_time(leg.arrives)
    name, sign = localized_line(leg.met_by, language), localized_line(leg.sign, language)
    start = localized_line(leg.from_place, language), localized_line(leg.from_stop, language)
    end = localized_line(leg.to_place, language), localized_line(leg.to_stop, language)
    return EscortLeg(
        number=leg.sequence if isinstance(leg.sequence, int) else place,
        start=LegEnd(departs.wall, departs.zone, *start),
        end=LegEnd(arrives.wall, arrives.zone, *end),
        ride=Ride(one_line(leg.mode), one_line(leg.carrier), arrives.utc - departs.utc),
        clock_change=clock_change_between(departs, arrives),
        meets=None if leg.alone is True else Greeter(name, sign),
        onward=build_transfer(leg, language),
    )


def _check_in_calls(legs: list[LegRecord], language: str) -> Iterator[CheckInCall]:
    """Yield the check-in calls in their order."""
    due = [(leg.check_in, leg) for leg in legs if isinstance(leg.check_in, ZonedTime)]
    for check_in, leg in sorted(due, key=lambda one: one[0].utc):
        is_after = check_in.utc >= required_time(leg.arrives).utc
        met = "" if leg.alone is True or not is_after else localized_line(leg.met_by, language)
        yield CheckInCall(check_in.wall, check_in.zone, is_after, met)


def _reminder(line: str, places: Collection[str]) -> Reminder:
    """Return a line as its time, the place behind the time, and the rest."""
    found = _STARTS_WITH_TIME.fullmatch(line)
    if not found:
        return Reminder("", line)
    time, text = found[1], found[2]
    for place in sorted(places, key=len, reverse=True):
        named, behind = text[: len(place)], text[len(place) :]
        if named.casefold() == place.casefold() and not behind[:1].isalnum():
            return Reminder(time, _BEHIND_PLACE.sub("", behind, count=1), named)
    return Reminder(time, text)


def escort_title(words: Language) -> str:
    """Return the name of the paper."""
    return words.gettext("Travel plan · companion")


def travel_with_caption(words: Language, count: int) -> str:
    """Return the caption above the traveller's name, or above several names."""
    return words.ngettext(
        "You travel with (name as on the ticket)", "You travel with (names as on the tickets)",
        count,
    )  # fmt: skip


def speaks_caption(words: Language) -> str:
    """Return the caption above the traveller's languages."""
    return words.gettext("Speaks")


def language_list(words: Language, codes: tuple[str, ...]) -> str:
    """Return the languages by name."""
    return words.listing([words.language(code) for code in codes])


def page_number(words: Language, number: int, total: int) -> str:
    """Return the page number: `1 of 2`."""
    return words.gettext("{number} of {total}").format(number=number, total=total)


def route_heading(words: Language) -> str:
    """Return the heading of the legs."""
    return words.gettext("Route")


def route_columns(words: Language) -> tuple[str, str, str, str]:
    """Return the column titles of the legs."""
    return (
        words.gettext("Local time"),
        words.gettext("From – to"),
        words.gettext("Transport"),
        words.gettext("Who meets, sign"),
    )


def needs_heading(words: Language) -> str:
    """Return the heading of what helps on the way."""
    return words.gettext("On the way")


def reminders_heading(words: Language) -> str:
    """Return the heading of the reminders."""
    return words.gettext("Reminders on request")


def only_remind_note(words: Language) -> str:
    """Return the note that the reminded things stay with the traveller."""
    return words.gettext("The things stay with the traveller. Only remind.")


def calls_heading(words: Language) -> str:
    """Return the heading of the calls."""
    return words.gettext("Whom to call, and when")


def calls_columns(words: Language) -> tuple[str, str, str, str]:
    """Return the column titles of the calls."""
    return (
        words.gettext("When"),
        words.gettext("Write or say"),
        words.pgettext("whom a call goes to", "To"),
        words.gettext("Number"),
    )


def call_message(words: Language, call: CheckInCall) -> str:
    """Return what to write or say at a call."""
    on_board, met, arrived = _call_messages(words)
    if not call.is_after_arrival:
        return on_board
    return met.format(name=call.met) if call.met else arrived


def _call_messages(words: Language) -> tuple[str, str, str]:
    return (
        words.gettext("“On board, all well”"),
        words.gettext("“{name} has met us”"),
        words.gettext("“Arrived, all well”"),
    )


def late_row(words: Language) -> tuple[str, str]:
    """Return the case that something goes wrong, and what to say then."""
    return (
        words.gettext("30 min late, or connection missed"),
        words.gettext("where you are; stay together"),
    )


def unanswered_row(words: Language) -> tuple[str, str]:
    """Return the case that nobody answers, and what to say to the next person."""
    return words.gettext("No answer in 10 min"), words.gettext("the same")


def call_after_emergency(words: Language, sheet: EscortSheet) -> str:
    """Return whom to call after the emergency number."""
    name = sheet.answering[0].name if sheet.answering else ""
    named, nameless = _call_after_emergency_texts(words)
    return named.format(name=name) if name else nameless


def _call_after_emergency_texts(words: Language) -> tuple[str, str]:
    return words.gettext("Then call {name}."), words.gettext("Then call the first number above.")


def tear_up_note(words: Language) -> str:
    """Return the request to tear up the sheet after the journey."""
    return words.gettext("Please tear up after the journey.")


def escort_sentences(words: Language) -> Iterator[str]:
    """Yield all fixed sentences of the sheet; the leak check allows them."""
    yield from (escort_title(words), speaks_caption(words), page_number(words, 1, 1))
    yield from (travel_with_caption(words, count) for count in (1, 2, 5))
    yield from (route_heading(words), *route_columns(words))
    yield from (needs_heading(words), reminders_heading(words), only_remind_note(words))
    yield from (calls_heading(words), *calls_columns(words), *_call_messages(words))
    yield from (
        *late_row(words),
        *unanswered_row(words),
        *_call_after_emergency_texts(words),
        tear_up_note(words),
    )
