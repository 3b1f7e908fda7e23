# SPDX-License-Identifier: GPL-3.0-or-later
"""Where texts stand on a finished page: what belongs together is together, and nothing overlaps.

A reader finds the hour of a place by looking to its left; so does this.
"""

from collections.abc import Callable
from itertools import combinations

import pytest
from pypdfium2 import PdfDocument
from tests.unit.documents.companion_samples import journey, many_legs
from tests.unit.documents.paper_samples import (
    RESOURCES,
    ROOT,
    abroad,
    elsa,
    grace,
    long_journey,
    nina,
    nina_in_two,
    placed_texts,
    three_legs,
)

from kfdesk.documents.escort.layout import draw_escort_sheet
from kfdesk.documents.layout.style import A6
from kfdesk.documents.traveller.content import TravellerSheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import with_second_language
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat

Box = tuple[str, float, float, float, float]
FORMS = (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE)
SHEETS: list[tuple[str, Callable[[], TravellerSheet]]] = [
    ("ru", nina),
    ("sv", elsa),
    ("en", grace),
    ("ru", three_legs),
    ("ru", lambda: long_journey(12)),
    ("bg", lambda: abroad("bg")),
    ("ro", lambda: abroad("ro")),
    ("uk", lambda: abroad("uk")),
]
BESIDE = {PaperFormat.A4: 5.0, PaperFormat.A6_FOLD: 4.0, PaperFormat.LARGE: 7.0}
"""How far the middle of a place may stand above or below that of its hour, in points."""


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages and the traveller's."""
    return Typesetter(RESOURCES, ROOT / "translations")


def boxes(pdf: bytes, page: int) -> list[Box]:
    """Each piece of text of a page with left, bottom, right and top, in points."""
    document = PdfDocument(pdf)
    text = document[page].get_textpage()
    rects = [text.get_rect(number) for number in range(text.count_rects())]
    found = [(text.get_text_bounded(*rect).strip(), *rect) for rect in rects]
    document.close()
    return [box for box in found if box[0]]


def overlapping(found: list[Box]) -> list[tuple[str, str]]:
    """Return the pairs of texts that overlap by more than 1.5 points."""
    apart = 1.5
    return [
        (one[0], other[0])
        for one, other in combinations(found, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > apart
        and min(one[4], other[4]) - max(one[2], other[2]) > apart
    ]


def pages_of(pdf: bytes) -> int:
    return len(placed_texts(pdf))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("code", "sample"), SHEETS)
def test_every_hour_stands_to_the_left_of_its_place(
    whole: Typesetter, code: str, sample: Callable[[], TravellerSheet], form: PaperFormat
) -> None:
    sheet, words = sample(), whole.client(code)
    pages = placed_texts(draw_traveller_sheet(sheet, words, whole, form))
    pieces = [(number, *piece) for number, page in enumerate(pages) for piece in page]
    for stop in sheet.stops:
        hour = words.clock(stop.moment)
        pairs = [
            (x, there)
            for page, text, x, y in pieces
            if text == hour
            for on, place, there, height in pieces
            if on == page and place == stop.place and abs(height - y) <= BESIDE[form]
        ]
        assert any(0 < there - x < A6.width for x, there in pairs), stop.place


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("code", "sample"), SHEETS)
def test_no_text_of_her_sheet_covers_another(
    whole: Typesetter, code: str, sample: Callable[[], TravellerSheet], form: PaperFormat
) -> None:
    pdf = draw_traveller_sheet(sample(), whole.client(code), whole, form)
    for page in range(pages_of(pdf)):
        assert overlapping(boxes(pdf, page)) == []


@pytest.mark.parametrize("form", FORMS)
def test_second_language_covers_nothing(whole: Typesetter, form: PaperFormat) -> None:
    two = nina_in_two()
    assert two.beside is not None
    sheet = with_second_language(two, two.beside, form)
    pdf = draw_traveller_sheet(sheet, whole.client("ru"), whole, form)
    for page in range(pages_of(pdf)):
        assert overlapping(boxes(pdf, page)) == []


@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.LARGE])
@pytest.mark.parametrize("code", ["en", "sv", "ru"])
def test_no_text_of_the_companions_sheet_covers_another(
    whole: Typesetter, code: str, form: PaperFormat
) -> None:
    words = whole.client(code)
    for sheet in (journey(code), many_legs(12)):
        pdf = draw_escort_sheet(sheet, words, whole, form)
        for page in range(pages_of(pdf)):
            assert overlapping(boxes(pdf, page)) == []


@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.LARGE])
def test_companion_finds_the_hour_beside_its_place(whole: Typesetter, form: PaperFormat) -> None:
    sheet, carried = journey("en"), whole.client("en")
    pdf = draw_escort_sheet(sheet, carried, whole, form)
    pieces = [piece for page in placed_texts(pdf) for piece in page]
    for leg in sheet.legs:
        for end in (leg.start, leg.end):
            hours = [(x, y) for text, x, y in pieces if text == carried.clock(end.moment)]
            places = [(x, y) for text, x, y in pieces if text == end.place]
            assert any(
                x < there and abs(y - height) <= 6 for x, y in hours for there, height in places
            ), end.place


def test_covering_text_would_be_seen() -> None:
    one: Box = ("Рига", 10, 10, 60, 22)
    assert overlapping([one, ("Псков", 40, 12, 90, 24)]) == [("Рига", "Псков")]
    assert overlapping([one, ("Псков", 61, 10, 90, 22), ("Дно", 10, 23, 60, 35)]) == []
