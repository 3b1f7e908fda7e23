# SPDX-License-Identifier: GPL-3.0-or-later
"""What should stand on a finished traveller's sheet and does not.

It sees the finished pages alone, as text, and what was meant to stand there.
"""

from collections.abc import Iterator

from kfdesk.documents.read_back import lacking
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.documents.traveller.sheet import Sheet, Stop
from kfdesk.i18n.language import Language


def missing_from(pdf: bytes, sheet: Sheet, words: Language) -> list[str]:
    """What should stand on the traveller's sheet and does not; empty is well.

    Looks for each name, time, day, zone, clock change, place, vehicle, meeting and number, as
    often as the sheet has it. The caller refuses a paper with a gap, and must not log the values.
    """
    return lacking(pdf, [*_facts(sheet, words), *_facts_beside(sheet)])


def _facts(sheet: Sheet, words: Language) -> Iterator[str]:
    yield from sheet.ticket_names
    for stop in sheet.stops:
        yield from _stop_facts(stop, words)
    for phone in sheet.phones:
        yield phone.number
        yield phone.hours
    yield sheet.emergency
    yield from sheet.luggage


def _stop_facts(stop: Stop, words: Language) -> Iterator[str]:
    yield words.clock(stop.moment)
    yield traveller_words.day(words, stop.moment)
    yield traveller_words.zone(words, stop.zone, stop.moment)
    yield stop.place
    yield stop.detail
    if stop.clock_change is not None:
        yield traveller_words.clock_change(words, stop.clock_change)
    taken = stop.ride or stop.transfer
    if taken:
        yield traveller_words.way(words, taken)
        yield words.duration(taken.duration) if taken.duration else ""
    if stop.meets:
        yield stop.meets.name
        yield stop.meets.sign
    elif stop.alone:
        yield traveller_words.alone(words)


def _facts_beside(sheet: Sheet) -> Iterator[str]:
    """What must be there in the second language too, each once: both may read the same."""
    if sheet.beside is None:
        return
    facts: dict[str, None] = {}
    for stop in sheet.beside.stops:
        facts |= dict.fromkeys((stop.place, stop.detail))
        facts |= {stop.meets.sign: None} if stop.meets else {}
    facts |= dict.fromkeys(phone.hours for phone in sheet.beside.phones)
    yield from facts | dict.fromkeys(sheet.beside.luggage)
