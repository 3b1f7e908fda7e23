# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheets still look as they were approved: small kept pictures, compared by the square.

After a wanted change look at the pages, then run this module by its name (`python -m`) to keep
the new pictures.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from tests.unit.documents.paper_samples import (
    ROOT,
    elsa,
    grace,
    long_journey,
    nina,
    press_at,
    three_legs,
)

from kfdesk.documents.press import Press
from kfdesk.documents.read_back import page_images
from kfdesk.documents.traveller.page import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.papers.order import Form

KEPT = ROOT / "tests" / "golden" / "papers"
SCALE = 0.5
SQUARE = 16
MOST_ON_AVERAGE = 1.5
MOST_IN_A_SQUARE = 20
SHEETS: dict[str, tuple[str, Callable[[], Sheet], Form]] = {
    "traveller-ru": ("ru", nina, Form.A4),
    "traveller-sv": ("sv", elsa, Form.A4),
    "traveller-en": ("en", grace, Form.A4),
    "traveller-ru-six-stops": ("ru", three_legs, Form.A4),
    "traveller-ru-long": ("ru", lambda: long_journey(8), Form.A4),
    "traveller-ru-a6fold": ("ru", nina, Form.A6_FOLD),
    "traveller-en-a6fold": ("en", grace, Form.A6_FOLD),
    "traveller-ru-a6fold-long": ("ru", lambda: long_journey(8), Form.A6_FOLD),
    "traveller-ru-large": ("ru", nina, Form.LARGE),
    "traveller-sv-large": ("sv", elsa, Form.LARGE),
}


def pictures(press: Press, code: str, sheet: Sheet, form: Form = Form.A4) -> list[Image.Image]:
    pdf = draw_traveller_sheet(sheet, press.traveller(code), press, form)
    return [
        Image.frombytes("RGB", (image.width, image.height), image.pixels).convert("L")
        for image in page_images(pdf, SCALE)
    ]


def kept(name: str) -> list[Image.Image]:
    return [Image.open(path) for path in sorted(KEPT.glob(f"{name}-p*.png"))]


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The mean difference of grey (0-255) on the page, and that of the worst square."""
    apart = ImageChops.difference(one, other)
    squares = apart.reduce(SQUARE)
    whole = apart.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    worst = squares.getextrema()[1]
    assert isinstance(whole, int)
    assert isinstance(worst, int)
    return whole, worst


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_looks_as_approved(press: Press, name: str) -> None:
    code, sample, form = SHEETS[name]
    now, before = pictures(press, code, sample(), form), kept(name)
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
def test_small_change_would_be_seen(press: Press, sheet: Sheet) -> None:
    (picture,), (approved,) = pictures(press, "ru", sheet), kept("traveller-ru")
    assert differences(picture, approved)[1] > MOST_IN_A_SQUARE


def keep_pictures() -> None:
    """Keep how the sheets look now."""
    with tempfile.TemporaryDirectory() as folder:
        press = press_at(Path(folder))
        for name, (code, sample, form) in SHEETS.items():
            for number, picture in enumerate(pictures(press, code, sample(), form), start=1):
                picture.save(KEPT / f"{name}-p{number}.png", optimize=True)


if __name__ == "__main__":
    keep_pictures()
