# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a finished paper back: its text, what is missing from it, and its pages as pictures.

This sees only the PDF, with another library than the one that drew it, so that a hole in the
drawing shows. Everything stays in memory. Knows no record and no window.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from pypdfium2 import PdfDocument

from kfdesk.documents import traveller_words
from kfdesk.documents.sheet import Sheet, Stop
from kfdesk.i18n.language import Language

_APART = re.compile(r"[\s\ufffe-]+")
"""What a line break may add, drop or change: spaces and hyphens (U+FFFE at line ends)."""


class PageImage(NamedTuple):
    """A page as it looks: width and height in pixels, three bytes a pixel, rows from the top."""

    width: int
    height: int
    pixels: bytes


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, hidden or off the page included."""
    document = PdfDocument(pdf)
    try:
        return [str(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def page_images(pdf: bytes, scale: float) -> list[PageImage]:
    """Each page drawn at `scale` pixels to a point."""
    document = PdfDocument(pdf)
    try:
        pictures = [page.render(scale=scale).to_pil().convert("RGB") for page in document]
    finally:
        document.close()
    return [PageImage(picture.width, picture.height, picture.tobytes()) for picture in pictures]


def page_pngs(pdf: bytes, scale: float) -> list[bytes]:
    """Each page as a PNG, at `scale` pixels to a point."""
    document = PdfDocument(pdf)
    try:
        pages = [BytesIO() for _ in document]
        for page, png in zip(document, pages, strict=True):
            page.render(scale=scale).to_pil().save(png, format="PNG")
    finally:
        document.close()
    return [png.getvalue() for png in pages]


def missing_from(pdf: bytes, sheet: Sheet, words: Language) -> list[str]:
    """What should stand on the traveller's sheet and does not; empty is well.

    Looks for each name, time, day, zone, clock change, place, vehicle, meeting and number, as
    often as the sheet has it. The caller refuses a paper with a gap, and must not log the values.
    """
    text = _bare(" ".join(page_texts(pdf)))
    wanted = Counter(filter(None, _facts(sheet, words)))
    return [fact for fact, count in wanted.items() if text.count(_bare(fact)) < count]


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


def _bare(text: str) -> str:
    """The text without what is not seen or may change at the end of a line."""
    composed = _APART.sub("", unicodedata.normalize("NFC", text))
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")
