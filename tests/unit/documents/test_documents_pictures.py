# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers still look as they were approved: small kept pictures, compared by the square.

After a wanted change look at the pages, then run this module by its name (`python -m`) to keep
the new pictures.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageColor
from pypdfium2 import PdfDocument
from tests.unit.documents import cabinet_samples, consent_samples, directory_samples
from tests.unit.documents.companion_samples import journey
from tests.unit.documents.paper_samples import (
    ROOT,
    at,
    elsa,
    grace,
    long_journey,
    nina,
    nina_in_two,
    page_images,
    press_at,
    three_legs,
)

from kfdesk.documents.escort.layout import draw_escort_sheet
from kfdesk.documents.receipt import ArrivalReceipt, draw_receipt
from kfdesk.documents.traveller.content import TravellerSheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat

KEPT = ROOT / "tests" / "golden" / "papers"
SCALE = 0.5
SQUARE = 16
MOST_ON_AVERAGE = 1.5
MOST_IN_A_SQUARE = 20


def sheet_of(
    code: str, make: Callable[[], TravellerSheet], form: PaperFormat = PaperFormat.A4
) -> Callable[[Typesetter], bytes]:
    return lambda press: draw_traveller_sheet(make(), press.client(code), press, form)


def companions(code: str, form: PaperFormat = PaperFormat.A4) -> Callable[[Typesetter], bytes]:
    return lambda press: draw_escort_sheet(journey(code), press.client(code), press, form)


ARRIVAL = ArrivalReceipt(
    at(12, 13, 20, 15), "coach station, main entrance", "", "Maria", "Olga",
    ("1 suitcase, blue", "1 backpack, black", "1 passport", "1 telephone with charger"),
)  # fmt: skip
PAPERS: dict[str, Callable[[Typesetter], bytes]] = {
    "traveller-ru": sheet_of("ru", nina),
    "traveller-sv": sheet_of("sv", elsa),
    "traveller-en": sheet_of("en", grace),
    "traveller-ru-six-stops": sheet_of("ru", three_legs),
    "traveller-ru-long": sheet_of("ru", lambda: long_journey(8)),
    "traveller-ru-a6fold": sheet_of("ru", nina, PaperFormat.A6_FOLD),
    "traveller-en-a6fold": sheet_of("en", grace, PaperFormat.A6_FOLD),
    "traveller-ru-a6fold-long": sheet_of("ru", lambda: long_journey(8), PaperFormat.A6_FOLD),
    "traveller-ru-large": sheet_of("ru", nina, PaperFormat.LARGE),
    "traveller-sv-large": sheet_of("sv", elsa, PaperFormat.LARGE),
    "traveller-ru-sv": sheet_of("ru", nina_in_two),
    "companion-en": companions("en"),
    "companion-ru": companions("ru"),
    "companion-sv-large": companions("sv", PaperFormat.LARGE),
    "receipt-en": lambda press: draw_receipt(ARRIVAL, press.client("en"), press),
    "file-copy-sv": lambda press: cabinet_samples.drawn(press, cabinet_samples.whole(), "sv"),
    "file-copy-ru": lambda press: cabinet_samples.drawn(press, cabinet_samples.whole(), "ru"),
    "consent-ru": lambda press: consent_samples.drawn(press, consent_samples.reception()),
    "consent-sv-large": lambda press: consent_samples.drawn(
        press, consent_samples.reception(), "sv", PaperFormat.LARGE
    ),
    "consent-en-child": lambda press: consent_samples.drawn(press, consent_samples.blank(), "en"),
    "contacts-sv": lambda press: directory_samples.listed(press, "sv"),
    "contacts-ru": lambda press: directory_samples.listed(press, "ru"),
    "contacts-en-long": lambda press: directory_samples.listed(
        press, "en", directory_samples.HOUSES * 3
    ),
    "cards-ru": lambda press: directory_samples.cards(press, "ru"),
    "card-sv": lambda press: directory_samples.cards(press, "sv", PaperFormat.A6),
    "file-copy-en-empty": lambda press: cabinet_samples.drawn(press, cabinet_samples.empty(), "en"),
}


@cache
def paper(press: Typesetter, name: str) -> bytes:
    """Return a paper, drawn once."""
    return PAPERS[name](press)


def pictures(pdf: bytes) -> list[Image.Image]:
    return [image.convert("L") for image in page_images(pdf, SCALE)]


def kept(name: str) -> list[Image.Image]:
    return [Image.open(path) for path in sorted(KEPT.glob(f"{name}-p*.png"))]


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Return the mean grey difference (0-255) of the page, and that of the worst square."""
    apart = ImageChops.difference(one, other)
    squares = apart.reduce(SQUARE)
    whole = apart.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    worst = squares.getextrema()[1]
    assert isinstance(whole, int)
    assert isinstance(worst, int)
    return whole, worst


@pytest.mark.parametrize("name", PAPERS)
def test_paper_looks_as_approved(press: Typesetter, name: str) -> None:
    now, before = pictures(paper(press, name)), kept(name)
    assert len(now) == len(before)
    for picture, approved in zip(now, before, strict=True):
        average, worst = differences(picture, approved)
        assert average <= MOST_ON_AVERAGE
        assert worst <= MOST_IN_A_SQUARE


@pytest.mark.parametrize(
    "sheet",
    [
        replace(nina(), ticket_names=("NINA PRIDUMANOVA",)),
        replace(nina(), emergency=""),
        replace(nina(), luggage=nina().luggage[:3]),
        replace(nina(), stops=(*nina().stops[:3], replace(nina().stops[3], meets=None))),
    ],
    ids=["name", "emergency", "luggage", "meeting"],
)
def test_small_change_would_be_seen(press: Typesetter, sheet: TravellerSheet) -> None:
    drawn = sheet_of("ru", lambda: sheet)(press)
    (picture,), (approved,) = pictures(drawn), kept("traveller-ru")
    assert differences(picture, approved)[1] > MOST_IN_A_SQUARE


TINTS = {ImageColor.getrgb(colour) for colour in ("#F0F4F5", "#EBEEF0", "#E6EBED", "#B9C5CA")}
"""Greys on which a printer of black dots strews its dots."""


@pytest.mark.parametrize("name", PAPERS)
def test_no_letter_stands_on_a_tint(press: Typesetter, name: str) -> None:
    pdf = paper(press, name)
    document = PdfDocument(pdf)
    for page, picture in zip(document, page_images(pdf, 2), strict=True):
        text, height = page.get_textpage(), page.get_height()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            middle = height - (bottom + top) / 2
            for x in (left - 1, right + 1):
                ground = picture.getpixel((round(2 * x), round(2 * middle)))
                assert ground not in TINTS, text.get_text_bounded(left, bottom, right, top)


def keep_pictures() -> None:
    """Keep how the papers look now."""
    with tempfile.TemporaryDirectory() as folder:
        press = press_at(Path(folder))
        for name, drawn in PAPERS.items():
            for number, picture in enumerate(pictures(drawn(press)), start=1):
                picture.save(KEPT / f"{name}-p{number}.png", optimize=True)


if __name__ == "__main__":
    keep_pictures()
