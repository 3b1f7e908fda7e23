# SPDX-License-Identifier: GPL-3.0-or-later
"""How disclosed records become what stands on the companion's sheet.

What was not disclosed is not there: without her consent to health neither needs nor reminders
are. Knows no page and no font.
"""

import re
from collections.abc import Iterator

from kfdesk.documents.companion.sheet import Answering, Call, End, Leg, Reminder, Sheet
from kfdesk.documents.reading import lines_of, records, text_of, told_of
from kfdesk.documents.traveller.records import (
    clock_change,
    emergency_of,
    in_sequence,
    moment_of,
)
from kfdesk.documents.traveller.sheet import Meeting, Ride
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg as LegRecord
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Moment

_AT_A_TIME = re.compile(r"(\d{1,2}:\d\d)[\s,–-]*(.*)")


def sheet_of(what: Disclosed, language: str) -> Sheet:
    """What stands on the sheet, from what was disclosed, in a language (ISO 639-1)."""
    client, plans = records(what, Client)[0], records(what, Plan)
    found = sorted(records(what, LegRecord), key=in_sequence)
    numbers = sorted(records(what, HelpNumber), key=in_sequence)
    legs = tuple(_leg(leg, place, language) for place, leg in enumerate(found, start=1))
    return Sheet(
        days=(legs[0].start.moment.date(), legs[-1].end.moment.date()),
        ticket_names=(text_of(client.name_on_ticket),),
        languages=client.languages if isinstance(client.languages, tuple) else (),
        legs=legs,
        needs=tuple(line for plan in plans for line in lines_of(plan.travel_help, language)),
        reminders=tuple(
            _reminder(line) for plan in plans for line in lines_of(plan.reminders, language)
        ),
        calls=tuple(_calls(found, language)),
        answering=tuple(
            Answering(told_of(one.answered_by, language), text_of(one.number)) for one in numbers
        ),
        emergency=emergency_of(plans, [end.zone for leg in legs for end in (leg.start, leg.end)]),
    )


def _leg(leg: LegRecord, place: int, language: str) -> Leg:
    departs, arrives = moment_of(leg.departs), moment_of(leg.arrives)
    name, sign = told_of(leg.met_by, language), told_of(leg.sign, language)
    start = told_of(leg.from_place, language), told_of(leg.from_stop, language)
    end = told_of(leg.to_place, language), told_of(leg.to_stop, language)
    return Leg(
        number=leg.sequence if isinstance(leg.sequence, int) else place,
        start=End(departs.wall, departs.zone, *start),
        end=End(arrives.wall, arrives.zone, *end),
        ride=Ride(text_of(leg.mode), text_of(leg.carrier), arrives.utc - departs.utc),
        clock_change=clock_change(departs, arrives),
        meets=None if leg.alone is True else Meeting(name, sign),
        onward=told_of(leg.onward, language),
    )


def _calls(legs: list[LegRecord], language: str) -> Iterator[Call]:
    """The check-ins in their order."""
    due = [(leg.check_in, leg) for leg in legs if isinstance(leg.check_in, Moment)]
    for check_in, leg in sorted(due, key=lambda one: one[0].utc):
        is_after = check_in.utc >= moment_of(leg.arrives).utc
        met = "" if leg.alone is True or not is_after else told_of(leg.met_by, language)
        yield Call(check_in.wall, check_in.zone, is_after, met)


def _reminder(line: str) -> Reminder:
    found = _AT_A_TIME.fullmatch(line)
    return Reminder(found[1], found[2]) if found else Reminder("", line)
