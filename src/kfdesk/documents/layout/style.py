# SPDX-License-Identifier: GPL-3.0-or-later
"""The items on a page, placed in points from its top left corner.

A paper is composed as a list of items before anything is drawn. So its height is known
while the spacing can still shrink or the text can go to another sheet. Values only: the
canvas draws them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

MILLIMETRE = 72 / 25.4

INK = "#17212B"
GREY = "#4C5A66"
PETROL = "#0F5563"
FOLD = "#C3CBD0"
HAIRLINE = "#D9DFE3"
WATERMARK = "#D3DADE"
WHITE = "#FFFFFF"

REGULAR = "NotoSans-Regular"
ITALIC = "NotoSans-Italic"
SEMIBOLD = "NotoSans-SemiBold"
BOLD = "NotoSans-Bold"
ARABIC = "NotoSansArabic-Regular"
ARABIC_BOLD = "NotoSansArabic-Bold"
FACES = (REGULAR, ITALIC, SEMIBOLD, BOLD)
ARABIC_FACES = {REGULAR: ARABIC, ITALIC: ARABIC, SEMIBOLD: ARABIC_BOLD, BOLD: ARABIC_BOLD}
"""The face of the Arabic letters beside each face."""

CAP_HEIGHT = 0.714
ASCENT = 1.0
DESCENT = 0.25


@dataclass(frozen=True, slots=True)
class Style:
    """Face, size in points and colour of a text."""

    face: str
    size: float
    colour: str = INK

    @property
    def cap_height(self) -> float:
        """The height of a capital letter in points."""
        return CAP_HEIGHT * self.size


@dataclass(frozen=True, slots=True)
class TypeSizes:
    """Type sizes in points, from the largest to the smallest on the paper."""

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
class TimelineColumns:
    """The columns of the journey's timeline, in points from the left margin.

    `time` is a width. A meeting card whose column is the text's stands below the text.
    """

    time: float
    rail: float
    text: float
    card: float

    @property
    def is_card_below(self) -> bool:
        """True if the meeting card stands below the place, not beside it."""
        return self.card <= self.text


@dataclass(frozen=True, slots=True)
class PageFormat:
    """A paper size: the page, its margin, the type sizes, and the timeline's columns."""

    width: float
    height: float
    margin: float
    sizes: TypeSizes
    columns: TimelineColumns = TimelineColumns(0, 0, 0, 0)

    @property
    def right(self) -> float:
        """The right edge of the text area."""
        return self.width - self.margin

    @property
    def bottom(self) -> float:
        """The lower edge of the text area, from the top of the page."""
        return self.height - self.margin

    @property
    def measure(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def fold(self) -> float:
        """The height of the fold, from the top of the page."""
        return self.height / 2


A4 = PageFormat(
    width=210 * MILLIMETRE,
    height=297 * MILLIMETRE,
    margin=15 * MILLIMETRE,
    sizes=TypeSizes(
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
    columns=TimelineColumns(time=92, rail=112, text=133, card=326),
)

A6 = PageFormat(
    width=105 * MILLIMETRE,
    height=148.5 * MILLIMETRE,
    margin=10 * MILLIMETRE,
    sizes=TypeSizes(
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
    columns=TimelineColumns(time=77, rail=89, text=103, card=103),
)
"""A quarter of A4: a sheet that is folded twice has four of them."""

A6_HELP = replace(A6, sizes=replace(A6.sizes, phone=26, phrase=14, text=12, note=11.5))
"""The quarters with help: fewer words in larger type."""

A5 = replace(
    A4,
    width=148 * MILLIMETRE,
    height=210 * MILLIMETRE,
    margin=14 * MILLIMETRE,
    sizes=replace(A4.sizes, place=16, heading=13, title=13.5, text=12, note=10),
)
"""Half of A4, for a short paper."""

LARGE = replace(
    A4,
    sizes=TypeSizes(
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
    columns=TimelineColumns(time=128, rail=161, text=184, card=184),
)
"""Large print on A4."""

OFFICE = PageFormat(
    width=A4.width,
    height=A4.height,
    margin=18 * MILLIMETRE,
    sizes=TypeSizes(
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
"""A4 in small type, for papers that stay in the office."""

OFFICE_LARGE = PageFormat(
    width=A4.width,
    height=A4.height,
    margin=18 * MILLIMETRE,
    sizes=TypeSizes(
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
"""Papers for the office in large print."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text on the baseline `y`, in the box from `x` to `x + width`."""

    text: str
    style: Style
    x: float
    y: float
    width: float
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Symbol:
    """An icon by name, `size` points high; `x`, `y` is its top left corner."""

    name: str
    x: float
    y: float
    size: float
    colour: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A frame with a strong bar at its left edge; it has no tint, which dots would drown."""

    x: float
    y: float
    width: float
    height: float
    colour: str = PETROL
    is_mirrored: bool = False
    """True if the bar is at the right edge."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box with rounded corners; `stroke` 0 draws no outline, an empty `fill` no fill."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    stroke: float
    colour: str = INK
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line to the right or downwards, as `across` and `down` say."""

    x: float
    y: float
    across: float = 0
    down: float = 0
    stroke: float = 1.3
    colour: str = INK
    is_dotted: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled disc around `x`, `y`."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Ring:
    """The outline of a circle around `x`, `y`, empty inside."""

    x: float
    y: float
    radius: float
    stroke: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed polygon, outlined or filled; `corners` are relative to `x`, `y`."""

    x: float
    y: float
    corners: tuple[tuple[float, float], ...]
    colour: str = INK
    stroke: float = 0
    """The width of the outline in points; 0 fills the polygon."""


@dataclass(frozen=True, slots=True)
class RotatedText:
    """A line centred at `x`, `y` and rotated upwards: outlined letters for a watermark.

    Outlined letters have no fill, so that what stands on them can be read.
    """

    text: str
    style: Style
    x: float
    y: float
    degrees: float
    is_filled: bool = False


Item = TextLine | Symbol | Panel | Box | Rule | Dot | Ring | Polygon | RotatedText


def move_down(items: Iterable[Item], by: float) -> list[Item]:
    """Return the items moved down the page by `by` points."""
    return move_items(items, 0, by)


def move_items(items: Iterable[Item], right: float, down: float) -> list[Item]:
    """Return the items moved to the right and down the page, in points."""
    return [replace(item, x=item.x + right, y=item.y + down) for item in items]


_OTHER_WAY = {"arrow-right": "arrow-left", "arrow-left": "arrow-right"}


def mirror_items(items: Iterable[Item], width: float) -> Iterator[Item]:
    """Yield the items as they stand on a page that is read from the right, `width` points wide.

    Places change sides and arrows turn. Words, times, numbers and pictures are as they were.
    """
    for item in items:
        match item:
            case TextLine():
                align: Literal["left", "right"] = "right" if item.align == "left" else "left"
                yield replace(item, x=width - item.x - item.width, align=align)
            case Panel():
                yield replace(item, x=width - item.x - item.width, is_mirrored=True)
            case Box():
                yield replace(item, x=width - item.x - item.width)
            case Symbol():
                name = _OTHER_WAY.get(item.name, item.name)
                yield replace(item, x=width - item.x - item.size, name=name)
            case Rule():
                yield replace(item, x=width - item.x, across=-item.across)
            case Polygon():
                corners = tuple((-across, down) for across, down in item.corners)
                yield replace(item, x=width - item.x, corners=corners)
            case Dot() | Ring() | RotatedText():
                yield replace(item, x=width - item.x)
