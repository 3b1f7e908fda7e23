# SPDX-License-Identifier: GPL-3.0-or-later
"""The small shapes that say how something stands, each unlike the others without its colour.

A shape is drawn around its middle; the word that goes with it stands beside. Knows no record.
"""

from enum import StrEnum

from kfdesk.documents.drawing.items import Dot, Frame, Item, Ring, Rule, Shape, Symbol
from kfdesk.documents.drawing.type_scale import GREY, INK, PETROL, WHITE

SIZE = 13.5
_STROKE = 1.4


class Mark(StrEnum):
    """How something stands."""

    MET = "met"
    OPEN = "open"
    ASIDE = "aside"
    NONE = "none"
    BOX = "box"
    STALE = "stale"
    UNKNOWN = "unknown"


def mark(kind: Mark, x: float, middle: float, size: float = SIZE) -> tuple[Item, ...]:
    """The shape in a square of `size` whose left edge is `x`, around the height `middle`."""
    half = size / 2
    centre = x + half
    match kind:
        case Mark.MET:
            return (Dot(centre, middle, half, PETROL), _tick(centre, middle, 0.72 * size, WHITE))
        case Mark.OPEN:
            return (Ring(centre, middle, half - _STROKE / 2, _STROKE, INK),)
        case Mark.ASIDE:
            diamond = ((0, -half), (half, 0), (0, half), (-half, 0))
            stem = Rule(centre, middle - 0.26 * size, down=0.28 * size, stroke=_STROKE)
            return (
                Shape(centre, middle, diamond, INK, _STROKE),
                stem,
                Dot(centre, middle + 0.22 * size, 0.07 * size, INK),
            )
        case Mark.NONE:
            return (Rule(centre - 0.3 * size, middle, across=0.6 * size, stroke=1.6, colour=GREY),)
        case Mark.STALE:
            return (Symbol("triangle-alert", x, middle - half, size, INK),)
        case Mark.UNKNOWN:
            return (Symbol("circle-question-mark", x, middle - half, size, INK),)
        case Mark.BOX:
            return (Frame(x, middle - half, size, size, 2, 1),)


def _tick(x: float, y: float, size: float, colour: str) -> Symbol:
    return Symbol("check", x - size / 2, y - size / 2, size, colour)
