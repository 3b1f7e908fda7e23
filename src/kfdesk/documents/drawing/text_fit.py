# SPDX-License-Identifier: GPL-3.0-or-later
"""How text finds its place: measured, shrunk a little, or broken into lines. Never cut.

Widths come from the registered fonts. A letter that a font lacks is an error here, because the
PDF library prints a black box in its place and says nothing. Errors hold no text of a record.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kfdesk.documents.drawing.items import Frame, Item, Line, Symbol
from kfdesk.documents.drawing.type_scale import WHITE, Style
from kfdesk.domain.errors import KfdeskError

SHRINK = 0.88
SMALLEST = 9.0
PITCH = 1.28
SIGN_GAP = 7.0
INVISIBLE = "Cf"
CHIP_EDGE, CHIP_TOP, CHIP_FOOT = 2.5, 0.94, 0.3
"""How far a chip goes beyond its letters: in points aside, in sizes of the type up and down."""
_ROUNDING = 0.01
_HYPHEN = re.compile(r"(?<=-)(?=.)")


def width_of(text: str, style: Style) -> float:
    """How wide the text is, in points. Raises `documents.no_letter` (`letter`)."""
    return float(pdfmetrics.stringWidth(checked(text, style.face), style.face, style.size))


def checked(text: str, face: str) -> str:
    """The text in composed letters, all of which the face has, without invisible signs.

    Raises `documents.no_letter` (`letter`) for the first that it lacks, line ends included.
    """
    composed = unicodedata.normalize("NFC", text)
    if _letters(face).issuperset(composed):
        return composed
    seen = [letter for letter in composed if unicodedata.category(letter) != INVISIBLE]
    for letter in seen:
        if letter not in _letters(face):
            raise KfdeskError("documents.no_letter", letter=letter)
    return "".join(seen)


@cache
def _letters(face: str) -> frozenset[str]:
    """Every letter that the face has and that can be seen."""
    font = pdfmetrics.getFont(face)
    assert isinstance(font, TTFont)
    letters = map(chr, font.face.charToGlyph)
    return frozenset(each for each in letters if unicodedata.category(each) != INVISIBLE)


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """The text in lines no wider than `width`, broken at spaces; a line end counts as a space.

    A word that is wider is broken after its hyphens. Raises `documents.too_wide` (`letters`)
    where that does not help.
    """
    lines: list[str] = []
    for word in text.split():
        is_wide = width_of(word, style) > width + _ROUNDING
        for number, piece in enumerate(_HYPHEN.split(word) if is_wide else [word]):
            joined = f"{lines[-1]}{'' if number else ' '}{piece}" if lines else piece
            if lines and width_of(joined, style) <= width + _ROUNDING:
                lines[-1] = joined
            else:
                lines.append(narrow(piece, style, width))
    return lines


def wrapped_anywhere(text: str, style: Style, width: float) -> list[str]:
    """As `wrapped`, but a word that is wider than a line goes on in the next, where it must."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, style) <= width + _ROUNDING:
            lines[-1] = joined
            continue
        if width_of(word, style) <= width + _ROUNDING:
            lines.append(word)
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width_of(lines[-1] + letter, style) > width + _ROUNDING:
                lines.append("")
            lines[-1] += letter
    return lines


def wrapped_by_phrase(text: str, style: Style, width: float) -> list[str]:
    """The same, broken after a comma rather than within a phrase where that costs no line."""
    lines: list[str] = []
    text = " ".join(text.split())
    for phrase in text.replace(", ", ",\n").split("\n"):
        joined = f"{lines[-1]} {phrase}" if lines else phrase
        if lines and width_of(joined, style) <= width + _ROUNDING:
            lines[-1] = joined
        else:
            lines.append(phrase)
    by_word = wrapped(text, style, width)
    is_narrow = all(width_of(line, style) <= width + _ROUNDING for line in lines)
    return lines if is_narrow and len(lines) <= len(by_word) else by_word


def narrow(text: str, style: Style, width: float) -> str:
    """The same text, which must be no wider than `width`. Raises `documents.too_wide`."""
    wide(text, style, width)
    return text


def wide(text: str, style: Style, most: float) -> float:
    """How wide the text is, in points, which must be `most` at most. Raises as `narrow` does."""
    width = width_of(text, style)
    if width > most + _ROUNDING:
        raise KfdeskError("documents.too_wide", letters=len(text))
    return width


def fitted(
    text: str, style: Style, width: float, smallest: float = SMALLEST
) -> tuple[list[str], Style]:
    """The text on one line, up to 12 % smaller if need be; else in lines of full size.

    It never goes below the `smallest` size of its paper. If a word is too wide for the full
    size, the lines are small. Raises `documents.too_wide`.
    """
    text = " ".join(text.split())
    least = min(style.size, max(SHRINK * style.size, smallest))
    small = replace(style, size=least)
    if width_of(text, small) <= width:
        fits = int(10 * style.size * width / max(width_of(text, style), 1)) / 10
        return [text], replace(style, size=max(least, min(style.size, fits)))
    if all(width_of(word, style) <= width for word in text.split()):
        return wrapped(text, style, width), style
    return wrapped(text, small, width), small


def chips(items: Iterable[Item]) -> list[Item]:
    """White grounds for the lines of text among items, to be put under them on a tint.

    A printer of black dots alone makes a tint of dots, in which small letters drown.
    """
    return [_chip(item) for item in items if isinstance(item, Line) and item.style.colour != WHITE]


def _chip(line: Line) -> Frame:
    size, wide = line.style.size, width_of(line.text, line.style)
    left = line.x if line.align == "left" else line.x + line.width - wide
    top, foot = CHIP_TOP * size, CHIP_FOOT * size
    return Frame(
        left - CHIP_EDGE, line.y - top, wide + 2 * CHIP_EDGE, top + foot, CHIP_EDGE, 0, fill=WHITE
    )


class Sign(NamedTuple):
    """An icon that stands before a line, level with its capitals; `size` in points."""

    name: str
    size: float
    colour: str
    gap: float = SIGN_GAP


@dataclass(slots=True)
class Stack:
    """Lines one below the other in a column; `y` is the last baseline, or the column's top.

    `smallest` is the least size to which a name or a heading may shrink.
    """

    x: float
    width: float
    align: Literal["left", "right"] = "left"
    y: float = 0
    items: list[Item] = field(default_factory=list)
    smallest: float = SMALLEST

    def add(self, text: str, style: Style, drop: float, *, sign: Sign | None = None) -> None:
        """Text in lines as narrow as the column, the first `drop` points below the last.

        Raises `documents.no_letter` or `documents.too_wide`.
        """
        self._lines(wrapped_by_phrase(text, style, self.width), style, drop, sign)

    def add_fitted(self, text: str, style: Style, drop: float, *, sign: Sign | None = None) -> None:
        """The same for names and headings, which become a little smaller before they break."""
        lines, small = fitted(text, style, self.width, self.smallest)
        self._lines(lines, small, drop, sign)

    def _lines(self, lines: list[str], style: Style, drop: float, sign: Sign | None) -> None:
        for number, text in enumerate(lines):
            self.y += drop if not number else PITCH * style.size
            line = Line(text, style, self.x, self.y, self.width, self.align)
            self.items.append(line)
            if sign and not number:
                self.items.append(_before(line, sign))


def _before(line: Line, sign: Sign) -> Symbol:
    left = line.x
    if line.align == "right":
        left += line.width - width_of(line.text, line.style)
    top = line.y - (line.style.cap_height + sign.size) / 2
    return Symbol(sign.name, left - sign.size - sign.gap, top, sign.size, sign.colour)
