# SPDX-License-Identifier: GPL-3.0-or-later
"""How disclosed records become what stands on the traveller's sheet.

What was not disclosed is not there. Knows no page and no font.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from kfdesk.documents.reading import lines_of, records, text_of, told_of
from kfdesk.documents.traveller.sheet import Meeting, Phone, Ride, Sheet, Stop, Transfer
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.journey.emergency import Emergency, emergency_on
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.i18n.zones import country_of

# The language on signs and at counters where clocks show this zone's time.
_SPOKEN_IN = {
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


def sheet_of(what: Disclosed, words: Language) -> Sheet:
    """What stands on the sheet, from what was disclosed, in the language of `words`."""
    client, plan = records(what, Client)[0], records(what, Plan)
    legs = sorted(records(what, Leg), key=in_sequence)
    numbers = sorted(records(what, HelpNumber), key=in_sequence)
    stops = tuple(_stops(legs, words.code))
    emergency = emergency_of(plan, [stop.zone for stop in stops])
    return Sheet(
        days=(stops[0].moment.date(), stops[-1].moment.date()),
        ticket_names=(text_of(client.name_on_ticket),),
        stops=stops,
        phones=tuple(Phone(text_of(n.number), told_of(n.hours, words.code)) for n in numbers),
        emergency=emergency.number if emergency else "",
        emergency_country=emergency.country if emergency else "",
        speaks=words.code,
        transit=_transit(stops, words.code),
        vehicle=text_of(legs[min(1, len(legs) - 1)].mode),
        luggage=lines_of(plan[0].luggage, words.code) if plan else (),
    )


def _stops(legs: list[Leg], language: str) -> Iterator[Stop]:
    following: list[Leg | None] = [*legs[1:], None]
    for leg, after in zip(legs, following, strict=True):
        departs, arrives = moment_of(leg.departs), moment_of(leg.arrives)
        span = arrives.utc - departs.utc
        yield Stop(
            departs.wall,
            departs.zone,
            told_of(leg.from_place, language),
            told_of(leg.from_stop, language),
            ride=Ride(text_of(leg.mode), text_of(leg.carrier), span),
        )
        name, sign = told_of(leg.met_by, language), told_of(leg.sign, language)
        yield Stop(
            arrives.wall,
            arrives.zone,
            told_of(leg.to_place, language),
            told_of(leg.to_stop, language),
            clock_change=clock_change(departs, arrives),
            transfer=_transfer(leg, language) if after is not None else None,
            meets=None if leg.alone is True else Meeting(name, sign),
            alone=leg.alone is True,
        )


def _transfer(leg: Leg, language: str) -> Transfer | None:
    text = told_of(leg.onward, language)
    return Transfer(text) if text else None


def clock_change(departs: Moment, arrives: Moment) -> timedelta | None:
    """How far a clock moves between two moments; None where both are on the same clock."""
    if departs.zone == arrives.zone:
        return None
    return timedelta(minutes=arrives.offset - departs.offset)


def _transit(stops: tuple[Stop, ...], own: str) -> tuple[str, ...]:
    """The languages of the places between the first and the last, each once."""
    ends = {_SPOKEN_IN.get(stops[0].zone), _SPOKEN_IN.get(stops[-1].zone), own, "en"}
    spoken = (_SPOKEN_IN.get(stop.zone) for stop in stops)
    return tuple(dict.fromkeys(code for code in spoken if code and code not in ends))


def emergency_of(plans: Iterable[Plan], zones: Iterable[str]) -> Emergency | None:
    """The emergency number of a journey by its plan's countries and the clocks on its way."""
    named = [text_of(code) for plan in plans for code in (plan.from_country, plan.to_country)]
    return emergency_on([*named, *map(country_of, zones)]) if all(named) and named else None


def in_sequence(record: Any) -> int:
    """The number by which legs and telephones follow one another."""
    return record.sequence if isinstance(record.sequence, int) else 0


def moment_of(value: object) -> Moment:
    """A moment that a paper cannot do without. Raises KfdeskError `paper.incomplete`."""
    if not isinstance(value, Moment):
        raise KfdeskError("paper.incomplete")
    return value
