# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours, faces, sizes and margins of the papers, in points.

A size of paper is one Format, and the drawing takes every measure from it: another size is
another table here. Knows neither fonts on disk nor the papers that use it.
"""

from dataclasses import dataclass

MILLIMETRE = 72 / 25.4

INK = "#17212B"
GREY = "#4C5A66"
PETROL = "#0F5563"
TINT = "#F0F4F5"
FOLD = "#C3CBD0"

REGULAR = "NotoSans-Regular"
ITALIC = "NotoSans-Italic"
SEMIBOLD = "NotoSans-SemiBold"
BOLD = "NotoSans-Bold"
FACES = (REGULAR, ITALIC, SEMIBOLD, BOLD)

CAP_HEIGHT = 0.714
ASCENT = 1.0
DESCENT = 0.25


@dataclass(frozen=True, slots=True)
class Style:
    """Face, size in points and colour of a piece of text."""

    face: str
    size: float
    colour: str = INK

    @property
    def cap_height(self) -> float:
        """The height of a capital letter in points."""
        return CAP_HEIGHT * self.size


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes in points, from the largest to the smallest that stands on the paper."""

    emergency: float
    time: float
    name: float
    phone: float
    place: float
    heading: float
    title: float
    phrase: float
    text: float
    note: float
    caption: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the rail's columns begin, in points from the left margin; `time` is a width."""

    time: float
    rail: float
    text: float
    card: float


@dataclass(frozen=True, slots=True)
class Format:
    """A size of paper: the page, its margin, the type, and the columns of the rail."""

    width: float
    height: float
    margin: float
    sizes: Sizes
    columns: Columns

    @property
    def right(self) -> float:
        """The right edge of what may be written on."""
        return self.width - self.margin

    @property
    def bottom(self) -> float:
        """The lower edge of what may be written on, from the top of the page."""
        return self.height - self.margin

    @property
    def measure(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def fold(self) -> float:
        """Where the page is folded, from its top."""
        return self.height / 2


A4 = Format(
    width=210 * MILLIMETRE,
    height=297 * MILLIMETRE,
    margin=15 * MILLIMETRE,
    sizes=Sizes(
        emergency=37,
        time=25,
        name=23,
        phone=20,
        place=17,
        heading=15,
        title=14,
        phrase=13.5,
        text=12.5,
        note=11.5,
        caption=10.5,
        smallest=9,
    ),
    columns=Columns(time=92, rail=112, text=133, card=326),
)
