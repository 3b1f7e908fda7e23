# SPDX-License-Identifier: GPL-3.0-or-later
"""Text fitting: text is measured, shrunk slightly or broken into lines, never cut.

Widths come from the registered fonts. A letter that a font lacks is an error here, because
the PDF library would silently print a black box. `TextColumn` stacks texts from the top down.
Errors hold no text of a record.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from typing import Literal, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kfdesk.documents.layout.right_to_left import as_drawn, has_arabic
from kfdesk.documents.layout.style import ARABIC_FACES, Item, Style, Symbol, TextLine
from kfdesk.domain.errors import KfdeskError

MOST_SHRINKING = 0.88
SMALLEST_SIZE = 9.0
LINE_SPACING = 1.28
ICON_GAP = 7.0
INVISIBLE_CATEGORY = "Cf"
_ROUNDING = 0.01
_HYPHEN = re.compile(r"(?<=-)(?=.)")


def width_of(text: str, style: Style) -> float:
    """Return the width of the text in points. Raise `documents.no_letter` (`letter`)."""
    runs = runs_of(check_letters(text, style.face), style.face)
    return float(sum(pdfmetrics.stringWidth(run, face, style.size) for face, run in runs))


def runs_of(text: str, face: str) -> Sequence[tuple[str, str]]:
    """Return a text from `check_letters` in the order in which it is drawn, each part's face first.

    It is one part, as it is, but for Arabic letters, which have a face of their own.
    """
    if not has_arabic(text):
        return ((face, text),)
    own = _letters_of_face(face)
    parts = groupby(as_drawn(text), lambda sign: face if sign in own else ARABIC_FACES[face])
    return tuple((each, "".join(signs)) for each, signs in parts)


def check_letters(text: str, face: str) -> str:
    """Return the text in composed letters (NFC), without invisible characters.

    Raise KfdeskError `documents.no_letter` (`letter`) for the first letter that the face lacks,
    line ends included.
    """
    composed = unicodedata.normalize("NFC", text)
    if _letters_of_face(face).issuperset(composed):
        return composed
    seen = [letter for letter in composed if unicodedata.category(letter) != INVISIBLE_CATEGORY]
    known = _letters_of_face(face)
    if has_arabic(composed):
        known |= _letters_of_face(ARABIC_FACES[face])
    for letter in as_drawn("".join(seen)):
        if letter not in known:
            raise KfdeskError("documents.no_letter", letter=unicodedata.normalize("NFKC", letter))
    return "".join(seen)


@cache
def _letters_of_face(face: str) -> frozenset[str]:
    """Return every visible letter of the face."""
    font = pdfmetrics.getFont(face)
    assert isinstance(font, TTFont)
    letters = map(chr, font.face.charToGlyph)
    return frozenset(each for each in letters if unicodedata.category(each) != INVISIBLE_CATEGORY)


def wrap_text(text: str, style: Style, width: float) -> list[str]:
    """Wrap the text to lines no wider than `width`; a line end counts as a space.

    A wider word is broken after its hyphens. Raise KfdeskError `documents.too_wide` (`letters`)
    if that does not help.
    """
    lines: list[str] = []
    for word in text.split():
        is_wide = width_of(word, style) > width + _ROUNDING
        for number, piece in enumerate(_HYPHEN.split(word) if is_wide else [word]):
            joined = f"{lines[-1]}{'' if number else ' '}{piece}" if lines else piece
            if lines and width_of(joined, style) <= width + _ROUNDING:
                lines[-1] = joined
            else:
                lines.append(check_width(piece, style, width))
    return lines


def wrap_anywhere(text: str, style: Style, width: float) -> list[str]:
    """Wrap as `wrap_text` does, but break a word that is wider than a line anywhere."""
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


def wrap_by_phrase(text: str, style: Style, width: float) -> list[str]:
    """Wrap as `wrap_text` does, but break after commas if that costs no line."""
    lines: list[str] = []
    text = " ".join(text.split())
    for phrase in text.replace(", ", ",\n").split("\n"):
        joined = f"{lines[-1]} {phrase}" if lines else phrase
        if lines and width_of(joined, style) <= width + _ROUNDING:
            lines[-1] = joined
        else:
            lines.append(phrase)
    by_word = wrap_text(text, style, width)
    is_narrow = all(width_of(line, style) <= width + _ROUNDING for line in lines)
    return lines if is_narrow and len(lines) <= len(by_word) else by_word


def check_width(text: str, style: Style, width: float) -> str:
    """Return the text if it is no wider than `width`. Raise `documents.too_wide`."""
    checked_width(text, style, width)
    return text


def checked_width(text: str, style: Style, most: float) -> float:
    """Return the width of the text, at most `most` points. Raise `documents.too_wide`."""
    width = width_of(text, style)
    if width > most + _ROUNDING:
        raise KfdeskError("documents.too_wide", letters=len(text))
    return width


def fit_text(
    text: str, style: Style, width: float, smallest: float = SMALLEST_SIZE
) -> tuple[list[str], Style]:
    """Fit the text on one line, up to 12 % smaller; else wrap it at full size.

    The text is never smaller than `smallest`, the smallest size of its paper. If a word is too
    wide at full size, the lines are small. Raise KfdeskError `documents.too_wide`.
    """
    text = " ".join(text.split())
    least = min(style.size, max(MOST_SHRINKING * style.size, smallest))
    small = replace(style, size=least)
    if width_of(text, small) <= width:
        fits = int(10 * style.size * width / max(width_of(text, style), 1)) / 10
        return [text], replace(style, size=max(least, min(style.size, fits)))
    if all(width_of(word, style) <= width for word in text.split()):
        return wrap_text(text, style, width), style
    return wrap_text(text, small, width), small


# --- columns of text


class LineIcon(NamedTuple):
    """An icon before a line, level with its capitals; `size` in points."""

    name: str
    size: float
    colour: str
    gap: float = ICON_GAP


@dataclass(slots=True)
class TextColumn:
    """A column of lines below each other; `y` is the last baseline, or the column's top.

    `smallest` is the smallest size to which a name or a heading may shrink.
    """

    x: float
    width: float
    align: Literal["left", "right"] = "left"
    y: float = 0
    items: list[Item] = field(default_factory=list)
    smallest: float = SMALLEST_SIZE

    def add(self, text: str, style: Style, drop: float, *, sign: LineIcon | None = None) -> None:
        """Add text wrapped to the column, its first line `drop` points below the last.

        Raise KfdeskError `documents.no_letter` or `documents.too_wide`.
        """
        self._lines(wrap_by_phrase(text, style, self.width), style, drop, sign)

    def add_fitted(
        self, text: str, style: Style, drop: float, *, sign: LineIcon | None = None
    ) -> None:
        """Add a name or a heading, which shrinks slightly before it wraps."""
        lines, small = fit_text(text, style, self.width, self.smallest)
        self._lines(lines, small, drop, sign)

    def add_beside(self, text: str, style: Style, drop: float) -> None:
        """Add text behind the last line if it fits there, else on a line of its own.

        The column is aligned left.
        """
        last = self.items[-1] if self.items else None
        if isinstance(last, TextLine) and last.y == self.y:
            taken = last.x - self.x + width_of(last.text, last.style) + 0.8 * style.size
            room = self.width - taken
            if width_of(text, style) <= room:
                self.items.append(TextLine(text, style, self.x + taken, self.y, room))
                return
        self.add(text, style, drop)

    def _lines(self, lines: list[str], style: Style, drop: float, sign: LineIcon | None) -> None:
        for number, text in enumerate(lines):
            self.y += drop if not number else LINE_SPACING * style.size
            line = TextLine(text, style, self.x, self.y, self.width, self.align)
            if sign and not number:
                self.items.append(_icon_before(line, sign))
            self.items.append(line)


def _icon_before(line: TextLine, sign: LineIcon) -> Symbol:
    left = line.x
    if line.align == "right":
        left += line.width - width_of(line.text, line.style)
    top = line.y - (line.style.cap_height + sign.size) / 2
    return Symbol(sign.name, left - sign.size - sign.gap, top, sign.size, sign.colour)
