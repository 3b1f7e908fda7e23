# SPDX-License-Identifier: GPL-3.0-or-later
"""What can stand on a page, placed in points from its top left corner.

A paper is worked out as a list of these before anything is drawn, so its height is known while it
can still be set closer or go on to another sheet. Values only: the canvas draws them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from kfdesk.documents.drawing.type_scale import INK, PETROL, Style


@dataclass(frozen=True, slots=True)
class Line:
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
    """A tinted ground with a strong bar at its left edge."""

    x: float
    y: float
    width: float
    height: float
    colour: str = PETROL


@dataclass(frozen=True, slots=True)
class Frame:
    """A box with rounded corners, its outline `stroke` points thick; 0 is none, as is no `fill`."""

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
    """The outline of a circle around `x`, `y`, empty within."""

    x: float
    y: float
    radius: float
    stroke: float
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed outline, or a filled one: `corners` from `x`, `y`, each to the right and down."""

    x: float
    y: float
    corners: tuple[tuple[float, float], ...]
    colour: str = INK
    stroke: float = 0
    """How thick its outline is; 0 fills it."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A line of text around `x`, `y`, turned so many degrees upwards: a watermark."""

    text: str
    style: Style
    x: float
    y: float
    degrees: float


Item = Line | Symbol | Panel | Frame | Rule | Dot | Ring | Shape | Turned


def lowered(items: Iterable[Item], by: float) -> list[Item]:
    """The same items, `by` points further down the page."""
    return moved(items, 0, by)


def moved(items: Iterable[Item], right: float, down: float) -> list[Item]:
    """The same items, so many points further to the right and down the page."""
    return [replace(item, x=item.x + right, y=item.y + down) for item in items]
