# SPDX-License-Identifier: GPL-3.0-or-later
"""The finished traveller's sheet: made in one or two languages, and its facts read back.

A page that lacks a stop, a time or a number is not handed out. `drawing` lays it out.
"""

from collections.abc import Iterator
from dataclasses import replace

from kfdesk.documents.traveller import content
from kfdesk.documents.traveller.content import TravellerSheet, TravelStop, build_traveller_sheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.stops import place_in_second
from kfdesk.documents.typesetting import Typesetter, missing_texts
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.language import Language


def missing_facts(pdf: bytes, sheet: TravellerSheet, words: Language) -> list[str]:
    """Return the facts that the finished sheet lacks; empty is good.

    It looks for each name, time, day, zone, clock change, place, vehicle, meeting and number,
    as often as the sheet has it. The caller refuses a paper that lacks something, and must not
    log the values.
    """
    return missing_texts(pdf, [*_sheet_facts(sheet, words), *_second_language_facts(sheet)])


def _sheet_facts(sheet: TravellerSheet, words: Language) -> Iterator[str]:
    if sheet.is_draft:
        yield content.draft_mark(words).upper()
    yield from sheet.ticket_names
    for stop in sheet.stops:
        yield from _stop_facts(stop, words)
    for phone in sheet.phones:
        yield phone.number
        yield phone.name
        yield phone.hours
    yield content.nobody_there(words)
    yield sheet.emergency
    yield from sheet.luggage


def _stop_facts(stop: TravelStop, words: Language) -> Iterator[str]:
    yield words.clock(stop.moment)
    yield content.day_text(words, stop.moment)
    yield content.zone_text(words, stop.zone, stop.moment)
    yield stop.place
    yield stop.detail
    if stop.clock_change is not None:
        yield content.clock_change_text(words, stop.clock_change)
    taken = stop.ride or stop.transfer
    if taken:
        yield content.way_text(words, taken)
        yield words.duration(taken.duration) if taken.duration else ""
    if stop.meets:
        yield stop.meets.name
        yield stop.meets.sign
    elif stop.alone:
        yield content.alone_text(words)


def _second_language_facts(sheet: TravellerSheet) -> Iterator[str]:
    """Yield the facts that the sheet repeats in the second language, each once.

    What reads the same in both languages is printed once, so it is no fact of the second.
    """
    if sheet.beside is None:
        return
    facts: dict[str, None] = {}
    for stop, other in zip(sheet.stops, sheet.beside.stops, strict=True):
        facts |= dict.fromkeys(place_in_second(stop, other))
        facts |= {other.meets.sign: None} if other.meets else {}
    hours = [(one.hours, other.hours)
             for one, other in zip(sheet.phones, sheet.beside.phones, strict=True)]  # fmt: skip
    pieces = zip(sheet.luggage, sheet.beside.luggage, strict=False)
    yield from facts | {again: None for own, again in (*hours, *pieces) if own != again}


def make_traveller_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheet as a PDF, in the ordered languages and form.

    Raise KfdeskError `documents.…` if the texts do not fit, and `paper.incomplete` if the
    finished page lacks a stop, a time or a number.
    """
    words = press.traveller(order.language)
    sheet = replace(build_traveller_sheet(what, words), is_draft=about.is_draft)
    if order.beside:
        beside = build_traveller_sheet(what, press.traveller(order.beside))
        sheet, pdf = draw_in_two_languages((sheet, beside), words, press, order.form)
    else:
        pdf = draw_traveller_sheet(sheet, words, press, order.form)
    if missing_facts(pdf, sheet, words):
        raise KfdeskError("paper.incomplete")
    return pdf


def draw_in_two_languages(
    sheets: tuple[TravellerSheet, TravellerSheet],
    words: Language,
    press: Typesetter,
    form: PaperFormat,
) -> tuple[TravellerSheet, bytes]:
    """Return the sheet of both languages, hers first, and its PDF.

    The luggage is repeated if there is room. Raise KfdeskError `documents.…`.
    """
    sheet, beside = sheets
    whole = replace(sheet, beside=beside)
    try:
        return whole, draw_traveller_sheet(whole, words, press, form)
    except KfdeskError as fault:
        less = with_second_language(sheet, beside, form)
        if fault.code != "documents.too_much" or less == whole:
            raise
    return less, draw_traveller_sheet(less, words, press, form)


def with_second_language(
    sheet: TravellerSheet, beside: TravellerSheet, form: PaperFormat
) -> TravellerSheet:
    """Return the sheet with a second language.

    The folded form repeats no luggage: where the journey is long there is no space.
    """
    if form is PaperFormat.A6_FOLD:
        beside = replace(beside, luggage=())
    return replace(sheet, beside=beside)
