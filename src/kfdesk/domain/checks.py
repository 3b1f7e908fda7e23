# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules across fields: what is missing or wrong before a paper may be printed.

A finding names the field and the leg or number it is about; it never blocks saving, only the
step that needs it. Pure: knows no store, no paper and no language of the window.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.journey.dialling import works_from_abroad
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.values import Gap, Moment, in_language

TESTED_WITHIN = timedelta(hours=72)
NUMBERS = 2
_LEG_FIELDS = ("sequence", "mode", "departs", "arrives")
_LEG_TEXTS = ("from_place", "to_place")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one field: its record type, key, and the number of the leg or call."""

    code: str
    type: str
    key: str
    sequence: int | None = None


def sheet_findings(
    name: object,
    legs: Sequence[Leg],
    numbers: Sequence[HelpNumber],
    language: str,
    at: datetime,
) -> tuple[Finding, ...]:
    """What keeps the traveller's sheet in `language` from being printed at `at` (aware).

    `name` is her name on the ticket, as her record has it. A leg that is missed or cancelled is
    not on it, and the others keep their numbers.
    """
    found: list[Finding] = []
    if not isinstance(name, str) or not name.strip():
        found.append(Finding("missing", "client", "name_on_ticket"))
    coming = [(place, leg) for place, leg in enumerate(legs, 1) if leg.status not in LEG_OFF]
    if not coming:
        found.append(Finding("missing", "leg", "sequence"))
    for place, leg in coming:
        found.extend(_leg_findings(place, leg, language))
    found.extend(_order_findings(coming))
    if len(numbers) < NUMBERS:
        found.append(Finding("too_few_numbers", "help_number", "number"))
    for place, number in enumerate(numbers, start=1):
        found.extend(_number_findings(place, number, language, at))
    return tuple(found)


def _leg_findings(place: int, leg: Leg, language: str) -> Iterator[Finding]:
    for key in _LEG_FIELDS:
        if getattr(leg, key) is None or isinstance(getattr(leg, key), Gap):
            yield Finding("missing", "leg", key, place)
    for key in _LEG_TEXTS:
        if not in_language(getattr(leg, key), language):
            yield Finding("not_in_language", "leg", key, place)
    if leg.alone is not True:
        for key in ("met_by", "sign"):
            if not in_language(getattr(leg, key), language):
                yield Finding("not_in_language", "leg", key, place)
    for key in ("from_stop", "to_stop", "onward"):
        if getattr(leg, key) is not None and not in_language(getattr(leg, key), language):
            yield Finding("not_in_language", "leg", key, place)


def _order_findings(legs: Sequence[tuple[int, Leg]]) -> Iterator[Finding]:
    before: Moment | None = None
    for place, leg in legs:
        for key in ("departs", "arrives"):
            moment = getattr(leg, key)
            if isinstance(moment, Moment):
                if before is not None and moment.utc < before.utc:
                    yield Finding("before_the_one_above", "leg", key, place)
                before = moment


def _number_findings(
    place: int, number: HelpNumber, language: str, at: datetime
) -> Iterator[Finding]:
    if not works_from_abroad(number.number):
        yield Finding("not_dialled_from_abroad", "help_number", "number", place)
    if not in_language(number.hours, language):
        yield Finding("not_in_language", "help_number", "hours", place)
    called = number.called
    if not isinstance(called, Moment) or not at - TESTED_WITHIN <= called.utc <= at:
        yield Finding("not_tested", "help_number", "called", place)
