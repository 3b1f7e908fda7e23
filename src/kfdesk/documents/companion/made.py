# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion's sheet from an order to finished pages that were read back.

A sheet that does not show every time, place and number is refused, not handed out.
"""

from collections.abc import Iterator

from kfdesk.documents.companion import words as companion_words
from kfdesk.documents.companion.page import draw_companions_sheet
from kfdesk.documents.companion.records import sheet_of
from kfdesk.documents.companion.sheet import End, Leg, Sheet
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import lacking
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order
from kfdesk.i18n.language import Language


def make_companions_sheet(order: Order, what: Disclosed, _about: About, press: Press) -> bytes:
    """The sheet as a PDF, in the language and form that were ordered.

    Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where the
    finished pages lack a time, a place, a number or a line of what helps.
    """
    language = press.program(order.language), press.traveller(order.language)
    sheet = sheet_of(what, order.language)
    pdf = draw_companions_sheet(sheet, language, press, order.form)
    if lacking(pdf, facts_of(sheet, *language)):
        raise KfdeskError("paper.incomplete")
    return pdf


def facts_of(sheet: Sheet, words: Language, carried: Language) -> Iterator[str]:
    """All that must be on the sheet, as often as it must be there."""
    yield from sheet.ticket_names
    yield from map(words.language, sheet.languages)
    for leg in sheet.legs:
        yield from _leg_facts(leg, carried)
    yield from sheet.needs
    for reminder in sheet.reminders:
        yield reminder.time
        yield reminder.text
    for call in sheet.calls:
        yield carried.clock(call.moment)
        yield companion_words.said(words, call)
    for answering in sheet.answering[:2]:
        yield answering.number
        yield answering.name
    if sheet.emergency:
        yield sheet.emergency.number


def _leg_facts(leg: Leg, carried: Language) -> Iterator[str]:
    for end in (leg.start, leg.end):
        yield from _end_facts(end, carried)
    yield traveller_words.way(carried, leg.ride)
    yield leg.onward
    if leg.meets:
        yield leg.meets.name
        yield leg.meets.sign
    else:
        yield traveller_words.alone(carried)


def _end_facts(end: End, carried: Language) -> Iterator[str]:
    yield carried.clock(end.moment)
    yield traveller_words.day(carried, end.moment)
    yield traveller_words.zone(carried, end.zone, end.moment)
    yield end.place
    yield end.detail
