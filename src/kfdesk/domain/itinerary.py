# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an itinerary before it is printed: legs in order, and telephone numbers that work.

A wrong number is worse than none. A country that is uncertain counts as one without
112, and a country that is not listed has no number. No records are changed here, and no
messages are made.

Source: the short-number metadata of libphonenumber 9.0.42, country by country. Every
emergency number here is listed there as one, and as free of charge. It does not say
which service answers. That 190, 122, 110, 191 and 113 reach the police comes from
public lists of emergency numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import superseded_ids, writes_by_field
from kfdesk.domain.rows import RecordView, Row
from kfdesk.domain.values import LocalizedText, MissingAnswer, ZonedTime, text_in_language

# --- numbers that work from abroad

FREEPHONE_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "1": ("800", "833", "844", "855", "866", "877", "888"),
    "7": ("800", "804"),  # Russia and Kazakhstan
    "30": ("800",),
    "31": ("800",),
    "32": ("800",),
    "33": ("800", "801", "802", "803", "804", "805"),
    "34": ("800", "900"),
    "36": ("40", "80", "6802", "6809"),
    "39": ("800", "803"),
    "40": ("800",),
    "41": ("800",),
    "43": ("800",),
    "44": ("800", "808"),
    "45": ("80",),
    "46": ("20",),
    "47": ("800", "801"),
    "48": ("800",),
    "49": ("800",),
    "55": ("800",),
    "63": ("1800",),
    "66": ("1800",),
    "84": ("1800",),
    "86": ("800",),
    "90": ("800", "811"),
    "351": ("800", "802"),
    "352": ("800",),
    "353": ("1800",),
    "354": ("80",),
    "355": ("800",),
    "356": ("800",),
    "357": ("800",),
    "358": ("800",),
    "359": ("800", "00800"),
    "370": ("800", "802"),
    "371": ("80",),
    "372": ("800",),
    "373": ("800",),
    "374": ("800",),
    "375": ("800", "801", "803", "820"),
    "376": ("180",),
    "377": ("800", "90"),
    "380": ("800",),
    "381": ("800",),
    "382": ("80",),
    "383": ("800",),
    "385": ("80",),
    "386": ("80",),
    "387": ("80", "88"),
    "389": ("800",),
    "420": ("800",),
    "421": ("800",),
    "423": ("80",),
    "800": ("",),
    "994": ("88",),
    "995": ("800",),
    "996": ("800",),
}

_MIN_DIGITS = 8
"""Minimum digits with the country code; shorter numbers are national."""

_MAX_DIGITS = 15
"""Maximum digits of a number (ITU-T E.164)."""


def works_from_abroad(number: object) -> bool:
    """Return whether a number can be dialled from abroad: `+`, complete, and not freephone."""
    dialled = number.strip().replace("(0)", "") if isinstance(number, str) else ""
    digits = "".join(sign for sign in dialled if sign in "0123456789")
    return (
        dialled.startswith("+")
        and _MIN_DIGITS <= len(digits) <= _MAX_DIGITS
        and not _is_freephone(digits)
    )


def _is_freephone(digits: str) -> bool:
    return any(
        digits.startswith(country) and digits[len(country) :].startswith(heads)
        for country, heads in FREEPHONE_PREFIXES.items()
    )


# --- test calls

_NUMBER, _CALLED, _CALLED_BY = (
    RECORD_TYPES["help_number"].ids[key] for key in ("number", "called", "called_by")
)


def bind_test_call(
    row: Row, changes: Mapping[int, Wire], seen: Iterable[tuple[int, bytes]]
) -> Mapping[int, Wire]:
    """Return the changes of a help number with what keeps a test call and its number together.

    A test call is saved with the number that was called, so that the two have one write time
    on every desk, and a number that somebody else changes at the same time shows as a conflict.
    A changed number is saved without the test call of the number before.
    """
    if row.type != "help_number" or (_NUMBER in changes) == (_CALLED in changes):
        return changes
    known, live = frozenset(seen), writes_by_field(row.state)
    if _CALLED in changes:
        called = [one.value for one in live.get(_NUMBER, ()) if (_NUMBER, one.wid) in known]
        return {**changes, _NUMBER: called[-1]} if called else changes
    gone = {fid: None for fid in (_CALLED, _CALLED_BY) if fid in live and fid not in changes}
    return {**changes, **gone}


def with_own_test(seen: RecordView[HelpNumber]) -> RecordView[HelpNumber]:
    """Return a help number without a test call that was made to another number.

    The test call counts if it was saved together with the number. A test call of an older
    program stands alone: it counts if the number was never changed and is not newer.
    """
    if seen.record.called is None:
        return seen
    live = writes_by_field(seen.row.state)
    call, numbers = live[_CALLED][-1], live.get(_NUMBER, ())
    is_own = any((one.hlc, one.author) == (call.hlc, call.author) for one in numbers)
    was_changed = any(fid == _NUMBER for fid, _ in superseded_ids(seen.row.state))
    if is_own or (not was_changed and all(one.hlc < call.hlc for one in numbers)):
        return seen
    return replace(seen, record=replace(seen.record, called=None))


# --- findings about a sheet

OTHER_CLOCK = "other_clock"
"""The code of a finding: a time is told by the clocks of another place."""

TESTED_WITHIN = timedelta(hours=72)
REQUIRED_NUMBERS = 2
_LEG_FIELDS = ("sequence", "mode", "departs", "arrives")
_LEG_TEXTS = ("from_place", "to_place")


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """A fault in one field: record type, key, and the number of the leg or call."""

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
) -> tuple[SheetFinding, ...]:
    """Return what keeps the traveller's sheet in `language` from being printed at `at` (aware).

    `name` is the client's name on the ticket, from her record. Missed and cancelled legs
    are not on the sheet; the other legs keep their numbers.
    """
    found: list[SheetFinding] = []
    if not isinstance(name, str) or not name.strip():
        found.append(SheetFinding("missing", "client", "name_on_ticket"))
    coming = [(place, leg) for place, leg in enumerate(legs, 1) if leg.status not in LEG_OFF]
    if not coming:
        found.append(SheetFinding("missing", "leg", "sequence"))
    for place, leg in coming:
        found.extend(_leg_findings(place, leg, language))
    found.extend(_order_findings(coming))
    if len(numbers) < REQUIRED_NUMBERS:
        found.append(SheetFinding("too_few_numbers", "help_number", "number"))
    for place, number in enumerate(numbers, start=1):
        found.extend(_number_findings(place, number, language, at))
    return tuple(found)


def _leg_findings(place: int, leg: Leg, language: str) -> Iterator[SheetFinding]:
    for key in _LEG_FIELDS:
        if getattr(leg, key) is None or isinstance(getattr(leg, key), MissingAnswer):
            yield SheetFinding("missing", "leg", key, place)
    for key in _LEG_TEXTS:
        if not text_in_language(getattr(leg, key), language):
            yield SheetFinding("not_in_language", "leg", key, place)
    if leg.alone is not True:
        for key in ("met_by", "sign"):
            if not text_in_language(getattr(leg, key), language):
                yield SheetFinding("not_in_language", "leg", key, place)
    for key in ("from_stop", "to_stop", "onward"):
        if getattr(leg, key) is not None and not text_in_language(getattr(leg, key), language):
            yield SheetFinding("not_in_language", "leg", key, place)


def _order_findings(legs: Sequence[tuple[int, Leg]]) -> Iterator[SheetFinding]:
    before: ZonedTime | None = None
    for place, leg in legs:
        for key in ("departs", "arrives"):
            moment = getattr(leg, key)
            if isinstance(moment, ZonedTime):
                if before is not None and moment.utc < before.utc:
                    yield SheetFinding("before_the_one_above", "leg", key, place)
                before = moment


def _number_findings(
    place: int, number: HelpNumber, language: str, at: datetime
) -> Iterator[SheetFinding]:
    if not works_from_abroad(number.number):
        yield SheetFinding("not_dialled_from_abroad", "help_number", "number", place)
    if not text_in_language(number.hours, language):
        yield SheetFinding("not_in_language", "help_number", "hours", place)
    called = number.called
    if not isinstance(called, ZonedTime) or not at - TESTED_WITHIN <= called.utc <= at:
        yield SheetFinding("not_tested", "help_number", "called", place)


# --- reminders

_HOUR_FIRST = re.compile(r"\s*\d{1,2}:\d\d")


def has_ambiguous_reminder(
    reminders: LocalizedText | MissingAnswer | None, legs: Sequence[Leg], language: str
) -> bool:
    """Return whether a reminder names an hour but no place, on a way where the clock changes.

    `reminders` is a localized text, of which the lines in `language` count.
    """
    ends = [end for leg in legs for end in (leg.departs, leg.arrives)]
    if len({end.offset for end in ends if isinstance(end, ZonedTime)}) < 2:
        return False
    places = [
        place.casefold()
        for leg in legs
        for end in (leg.from_place, leg.to_place)
        if (place := (text_in_language(end, language) or "").strip())
    ]
    lines = (text_in_language(reminders, language) or "").casefold().splitlines()
    return any(
        _HOUR_FIRST.match(line) and not any(place in line for place in places) for line in lines
    )


# --- emergency numbers

COMMON_NUMBER = "112"
# Where 112 works free of charge from any phone: the EU, the EEA, and the neighbours that have
# adopted it. According to the source, Bosnia and Herzegovina and San Marino have not.
_WITH_112 = """
AD AL AT BE BG BY CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL
NO PL PT RO RS RU SE SI SK TR UA
"""
_ANSWERS_112 = frozenset(_WITH_112.split())
# Elsewhere the number that helps fastest: the police's, or a common one.
_LOCAL_NUMBERS: Mapping[str, str] = {
    "BA": "122",
    "BR": "190",
    "CA": "911",
    "CN": "110",
    "PH": "911",
    "TH": "191",
    "US": "911",
    "VN": "113",
}


class EmergencyNumber(NamedTuple):
    """A number, and the country where it works (ISO 3166-1); empty for the whole way."""

    number: str
    country: str = ""


def emergency_number_for(way: Iterable[str]) -> EmergencyNumber | None:
    """Return the number for a way through these countries, transit included.

    An empty code is an unknown country. If one country lacks 112, its own number is
    returned. If several do, the result is None.
    """
    others = sorted(set(way) - _ANSWERS_112)
    if not others:
        return EmergencyNumber(COMMON_NUMBER)
    if len(others) > 1 or others[0] not in _LOCAL_NUMBERS:
        return None
    return EmergencyNumber(_LOCAL_NUMBERS[others[0]], others[0])
