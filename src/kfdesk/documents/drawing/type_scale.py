# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours, faces, sizes and margins of the papers, in points.

A size of paper is one Format, and the drawing takes every measure from it: another size is
another table here. Knows neither fonts on disk nor the papers that use it.
"""

from dataclasses import dataclass, replace

MILLIMETRE = 72 / 25.4

INK = "#17212B"
GREY = "#4C5A66"
PETROL = "#0F5563"
TINT = "#F0F4F5"
FOLD = "#C3CBD0"
HAIR = "#D9DFE3"
WATER = "#EBEEF0"
WHITE = "#FFFFFF"

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
    """Where the rail's columns begin, in points from the left margin; `time` is a width.

    A card that begins where the text does stands below it.
    """

    time: float
    rail: float
    text: float
    card: float

    @property
    def is_card_below(self) -> bool:
        """Whether who meets stands below the place, not beside it."""
        return self.card <= self.text


@dataclass(frozen=True, slots=True)
class Format:
    """A size of paper: the page, its margin, the type, and the columns of the rail."""

    width: float
    height: float
    margin: float
    sizes: Sizes
    columns: Columns = Columns(0, 0, 0, 0)

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

A6 = Format(
    width=105 * MILLIMETRE,
    height=148.5 * MILLIMETRE,
    margin=9 * MILLIMETRE,
    sizes=Sizes(
        emergency=38,
        time=19,
        name=18,
        phone=20,
        place=14,
        heading=13,
        title=10.5,
        phrase=13,
        text=10.5,
        note=9.5,
        caption=8.4,
        smallest=8.2,
    ),
    columns=Columns(time=77, rail=89, text=103, card=103),
)
"""A quarter of A4: four of them stand on a sheet that is folded twice."""

A6_HELP = replace(A6, sizes=replace(A6.sizes, phrase=14, text=12, note=11.5))
"""The quarters with help: few words, and larger."""

A5 = replace(
    A4,
    width=148 * MILLIMETRE,
    height=210 * MILLIMETRE,
    margin=14 * MILLIMETRE,
    sizes=replace(A4.sizes, place=16, heading=13, title=13.5, text=12, note=10),
)
"""Half of A4, for a paper of few lines."""

LARGE = replace(
    A4,
    sizes=Sizes(
        emergency=52,
        time=36,
        name=32,
        phone=32,
        place=26,
        heading=21,
        title=18,
        phrase=18,
        text=18,
        note=16,
        caption=14,
        smallest=13,
    ),
    columns=Columns(time=128, rail=161, text=184, card=184),
)
"""Large print on A4."""

CABINET = Format(
    width=A4.width,
    height=A4.height,
    margin=18 * MILLIMETRE,
    sizes=Sizes(
        emergency=23,
        time=11,
        name=23,
        phone=11,
        place=10.5,
        heading=12.5,
        title=12,
        phrase=10.5,
        text=10.5,
        note=9.5,
        caption=9,
        smallest=8,
    ),
)
"""What stays in the cabinet and is read at a desk."""

CABINET_LARGE = Format(
    width=A4.width,
    height=A4.height,
    margin=18 * MILLIMETRE,
    sizes=Sizes(
        emergency=28,
        time=18,
        name=26,
        phone=18,
        place=16,
        heading=18,
        title=17,
        phrase=16,
        text=16,
        note=14,
        caption=13,
        smallest=11,
    ),
)
"""The same in large print."""
