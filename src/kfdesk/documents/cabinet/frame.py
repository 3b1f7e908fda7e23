# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around every page of a file copy: the dark band, the watermark, the foot.

They say on each sheet, by itself, that it must not travel, which copy it is, and who made it when.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.documents.drawing.items import Frame, Item, Line, Rule, Turned
from kfdesk.documents.drawing.text_fit import chips, width_of, wrapped_anywhere
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    HAIR,
    INK,
    MILLIMETRE,
    REGULAR,
    SEMIBOLD,
    WATER,
    WHITE,
    Format,
    Style,
)

BAND = 12.5 * MILLIMETRE
TOP = BAND + 18
FOOT = 17 * MILLIMETRE
_ANGLE = 56.0
_LETTERS = 46.0
_DIAGONAL = 470.0


@dataclass(frozen=True, slots=True)
class Around:
    """The words around the pages: left and right in the band, across the page, in the foot."""

    band: str
    copy: str
    across: str
    made: str


def framed(
    pages: list[list[Item]], around: Around, form: Format, counted: list[str]
) -> Iterator[list[Item]]:
    """Each page with its frame; `counted` has for each which it is: `page 1 of 3`.

    The watermark goes around the words, or a printer of dots would dirty them.
    """
    for page, number in zip(pages, counted, strict=True):
        below = foot(around.made, number, form)
        marked = [*_watermark(around.across, form), *chips(page)]
        yield [*marked, *_band(around, form), *page, *below]


def bottom(form: Format) -> float:
    """Down to where a page may be written on, above its foot."""
    return form.height - FOOT - 7


def foot(left: str, right: str, form: Format, style: Style | None = None) -> Iterator[Item]:
    """The line at the foot of a page, words on its left and its number on the right."""
    small = Style(REGULAR, form.sizes.smallest, GREY)
    number = Style(SEMIBOLD, form.sizes.smallest, GREY)
    y = form.height - FOOT
    yield Rule(form.margin, y, across=form.measure, stroke=0.7, colour=HAIR)
    room = form.measure - width_of(right, number) - 12
    said = style or small
    for line, text in enumerate(wrapped_anywhere(left, said, room)):
        yield Line(text, said, form.margin, y + 13 + line * 1.25 * said.size, room)
    yield Line(right, number, form.margin, y + 13, form.measure, "right")


def _band(around: Around, form: Format) -> Iterator[Item]:
    strong = Style(BOLD, form.sizes.caption, WHITE)
    quiet = Style(SEMIBOLD, form.sizes.caption, WHITE)
    y = BAND - 11
    yield Frame(0, 0, form.width, BAND, 0, 0, fill=INK)
    yield Line(around.band, strong, form.margin, y, form.measure)
    yield Line(around.copy, quiet, form.margin, y, form.measure, "right")


def _watermark(text: str, form: Format) -> Iterator[Item]:
    style = Style(BOLD, _LETTERS, WATER)
    lines = wrapped_anywhere(text, style, _DIAGONAL)
    middle = (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        aside = (number - middle) * 1.5 * _LETTERS
        yield Turned(line, style, form.width / 2 + aside, form.height / 2 + 0.55 * aside, _ANGLE)
