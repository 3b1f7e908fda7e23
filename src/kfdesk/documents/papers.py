# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: papers made of what `disclose()` granted, and of nothing else.

Here stands which keys a paper contains, and how records become what is drawn. Each finished page
is read back: a paper that does not show every stop and number is refused, not handed out.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kfdesk.documents.contents import SHEET_KEYS
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import missing_from, page_pngs
from kfdesk.documents.sheet import Meeting, Phone, Ride, Sheet, Stop, Transfer
from kfdesk.documents.traveller_sheet import draw_traveller_sheet
from kfdesk.documents.traveller_words import EU_EMERGENCY
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Moment, in_language
from kfdesk.i18n.language import Language

R = TypeVar("R")

# Countries of return and transit where 112 answers, free of charge, from any phone: the European
# Union and EEA, and the neighbours that have taken the number over.
_WITH_112 = """
AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT
NL NO PL PT RO RS RU SE SI SK SM TR UA
"""
_ANSWERS_112 = frozenset(_WITH_112.split())
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
}


class Papers:
    """Makes papers, with the fonts and words of the folders handed in."""

    sheet_keys = SHEET_KEYS

    def __init__(self, resources: Path, translations: Path) -> None:
        self._folders = (resources, translations)

    @cached_property
    def _press(self) -> Press:
        return Press(*self._folders)

    def travellers_sheet(self, what: Disclosed, words: Language) -> bytes:
        """The traveller's sheet as a PDF, in the language of `words` (traveller's catalogue).

        Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where
        the finished page lacks a stop, a time or a number.
        """
        sheet = sheet_of(what, words)
        pdf = draw_traveller_sheet(sheet, words, self._press)
        if missing_from(pdf, sheet, words):
            raise KfdeskError("paper.incomplete")
        return pdf

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point; made in memory alone."""
        return page_pngs(pdf, scale)


def sheet_of(what: Disclosed, words: Language) -> Sheet:
    """What stands on the sheet, from what was disclosed, in the language of `words`."""
    client, plan = _records(what, Client)[0], _records(what, Plan)
    legs = sorted(_records(what, Leg), key=_sequence)
    numbers = sorted(_records(what, HelpNumber), key=_sequence)
    stops = tuple(_stops(legs, words.code))
    return Sheet(
        days=(stops[0].moment.date(), stops[-1].moment.date()),
        ticket_names=(_text(client.name_on_ticket),),
        stops=stops,
        phones=tuple(Phone(_text(n.number), _told(n.hours, words.code)) for n in numbers),
        emergency=EU_EMERGENCY if plan and _answers_112(plan[0]) else "",
        speaks=words.code,
        transit=_transit(stops, words.code),
        vehicle=_text(legs[min(1, len(legs) - 1)].mode),
        luggage=tuple(_told(plan[0].luggage, words.code).splitlines()) if plan else (),
    )


def _records(what: Disclosed, cls: type[R]) -> list[R]:
    name = type_name(cls)
    return [view(given.row, cls).record for given in what.rows if given.row.type == name]


def _stops(legs: list[Leg], language: str) -> Iterator[Stop]:
    following: list[Leg | None] = [*legs[1:], None]
    for leg, after in zip(legs, following, strict=True):
        departs, arrives = _moment(leg.departs), _moment(leg.arrives)
        span = arrives.utc - departs.utc
        yield Stop(
            departs.wall,
            departs.zone,
            _told(leg.from_place, language),
            _told(leg.from_stop, language),
            ride=Ride(_text(leg.mode), _text(leg.carrier), span),
        )
        name, sign = _told(leg.met_by, language), _told(leg.sign, language)
        yield Stop(
            arrives.wall,
            arrives.zone,
            _told(leg.to_place, language),
            _told(leg.to_stop, language),
            clock_change=_clock_change(departs, arrives),
            transfer=_transfer(leg, language) if after is not None else None,
            meets=None if leg.alone is True else Meeting(name, sign),
            alone=leg.alone is True,
        )


def _transfer(leg: Leg, language: str) -> Transfer | None:
    text = _told(leg.onward, language)
    return Transfer(text) if text else None


def _clock_change(departs: Moment, arrives: Moment) -> timedelta | None:
    if departs.zone == arrives.zone:
        return None
    return timedelta(minutes=arrives.offset - departs.offset)


def _transit(stops: tuple[Stop, ...], own: str) -> tuple[str, ...]:
    """The languages of the places between the first and the last, each once."""
    ends = {_SPOKEN_IN.get(stops[0].zone), _SPOKEN_IN.get(stops[-1].zone), own, "en"}
    spoken = (_SPOKEN_IN.get(stop.zone) for stop in stops)
    return tuple(dict.fromkeys(code for code in spoken if code and code not in ends))


def _answers_112(plan: Plan) -> bool:
    return plan.from_country in _ANSWERS_112 and plan.to_country in _ANSWERS_112


def _sequence(record: Any) -> int:
    return record.sequence if isinstance(record.sequence, int) else 0


def _moment(value: object) -> Moment:
    if not isinstance(value, Moment):
        raise KfdeskError("paper.incomplete")
    return value


def _told(value: object, language: str) -> str:
    return (in_language(value, language) or "") if isinstance(value, tuple) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
