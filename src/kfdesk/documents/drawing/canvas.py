# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts items onto the pages of a PDF. The only place where a letter is drawn.

`_line` is the one text function: it refuses a letter without a glyph, text wider than its box and
text off the page, so that no paper leaves with a hole. The PDF says nothing about itself: no
title, no author, no program, fixed dates, and the same bytes for the same items.
"""

import math
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from typing import Any, cast

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from kfdesk.documents.drawing.icons import SQUARE, Step
from kfdesk.documents.drawing.items import (
    Dot,
    Frame,
    Item,
    Line,
    Panel,
    Ring,
    Rule,
    Shape,
    Symbol,
    Turned,
)
from kfdesk.documents.drawing.text_fit import checked, wide, width_of
from kfdesk.documents.drawing.type_scale import (
    ASCENT,
    DESCENT,
    MILLIMETRE,
    REGULAR,
    TINT,
    Format,
)

UNPRINTABLE = 5 * MILLIMETRE
ICON_STROKE = 2.0
BAR = 4.6
_CORNER = 5.0
_DOTTED = (0.01, 6.4)
_ROUND = 1


class OffPageError(Exception):
    """Text was placed where it cannot be printed, which is a bug: places are worked out before."""


class PageCanvas:
    """The pages of one paper in the language `language` (ISO 639-1), drawn item by item."""

    def __init__(self, form: Format, language: str, icon: Callable[[str], Iterable[Step]]) -> None:
        self._form = form
        self._icon = icon
        self._file = BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=(form.width, form.height),
            invariant=1,
            lang=language,
            # Otherwise Helvetica stands in every page's resources, and is not embedded.
            initialFontName=cast(Any, REGULAR),
        )
        for silence in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer"):
            getattr(self._canvas, f"set{silence}")("")

    def put(self, items: Iterable[Item]) -> None:
        """Draw the items in their order.

        Raises `documents.no_letter`, `documents.too_wide` or OffPageError.
        """
        for item in items:
            match item:
                case Line():
                    self._line(item)
                case Turned():
                    self._turned(item)
                case Symbol():
                    self._symbol(item)
                case Panel():
                    self._panel(item)
                case Frame():
                    self._frame(item)
                case Rule():
                    self._rule(item)
                case Shape():
                    self._shape(item)
                case Dot() | Ring():
                    self._circle(item)

    def end_page(self) -> None:
        """Finish the page; what is put afterwards stands on the next."""
        self._canvas.showPage()

    def pdf(self) -> bytes:
        """The finished PDF."""
        self._canvas.save()
        return self._file.getvalue()

    def _up(self, y: float) -> float:
        return self._form.height - y

    def _line(self, line: Line) -> None:
        style = line.style
        text = checked(line.text, style.face)
        width = wide(text, style, line.width)
        left = line.x if line.align == "left" else line.x + line.width - width
        top, foot = line.y - ASCENT * style.size, line.y + DESCENT * style.size
        self._check_place((left, top), (left + width, foot))
        self._canvas.setFont(style.face, style.size)
        self._canvas.setFillColor(_ink(style.colour))
        self._canvas.drawString(left, self._up(line.y), text)

    def _turned(self, turned: Turned) -> None:
        style = turned.style
        text = checked(turned.text, style.face)
        half, rise = width_of(text, style) / 2, style.cap_height / 2
        angle = math.radians(turned.degrees)
        across = half * abs(math.cos(angle)) + rise * abs(math.sin(angle))
        down = half * abs(math.sin(angle)) + rise * abs(math.cos(angle))
        self._check_place(
            (turned.x - across, turned.y - down), (turned.x + across, turned.y + down)
        )
        self._canvas.saveState()
        self._canvas.translate(turned.x, self._up(turned.y))
        self._canvas.rotate(turned.degrees)
        self._canvas.setFont(style.face, style.size)
        self._canvas.setFillColor(_ink(style.colour))
        self._canvas.drawString(-half, -rise, text)
        self._canvas.restoreState()

    def _check_place(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        """Refuse text whose left top or right bottom lies where nothing can be printed."""
        across = first[0] >= UNPRINTABLE and last[0] <= self._form.width - UNPRINTABLE
        down = first[1] >= UNPRINTABLE and last[1] <= self._form.height - UNPRINTABLE
        if not (across and down):
            raise OffPageError

    def _symbol(self, symbol: Symbol) -> None:
        scale = symbol.size / SQUARE
        path = self._canvas.beginPath()
        for kind, points in self._icon(symbol.name):
            _trace(
                path,
                kind,
                [
                    number
                    for x, y in points
                    for number in (symbol.x + scale * x, self._up(symbol.y + scale * y))
                ],
            )
        self._pen(symbol.colour, ICON_STROKE * scale)
        self._canvas.drawPath(path, stroke=1, fill=0)

    def _panel(self, panel: Panel) -> None:
        self._canvas.setFillColor(_ink(TINT))
        corner = panel.x, self._up(panel.y + panel.height)
        self._canvas.roundRect(*corner, panel.width, panel.height, _CORNER, stroke=0, fill=1)
        self._canvas.setFillColor(_ink(panel.colour))
        self._canvas.rect(*corner, BAR, panel.height, stroke=0, fill=1)

    def _frame(self, frame: Frame) -> None:
        self._pen(frame.colour, frame.stroke)
        if frame.fill:
            self._canvas.setFillColor(_ink(frame.fill))
        drawn = {"stroke": int(frame.stroke > 0), "fill": int(bool(frame.fill))}
        corner = frame.x, self._up(frame.y + frame.height)
        if frame.radius:
            self._canvas.roundRect(*corner, frame.width, frame.height, frame.radius, **drawn)
        else:
            self._canvas.rect(*corner, frame.width, frame.height, **drawn)

    def _shape(self, shape: Shape) -> None:
        path = self._canvas.beginPath()
        for number, (across, down) in enumerate(shape.corners):
            point = [shape.x + across, self._up(shape.y + down)]
            _trace(path, "L" if number else "M", point)
        path.close()
        self._pen(shape.colour, shape.stroke)
        self._canvas.setFillColor(_ink(shape.colour))
        is_outline = shape.stroke > 0
        self._canvas.drawPath(path, stroke=int(is_outline), fill=int(not is_outline))

    def _circle(self, circle: Dot | Ring) -> None:
        centre = circle.x, self._up(circle.y)
        if isinstance(circle, Ring):
            self._pen(circle.colour, circle.stroke)
            self._canvas.circle(*centre, circle.radius, stroke=1, fill=0)
        else:
            self._canvas.setFillColor(_ink(circle.colour))
            self._canvas.circle(*centre, circle.radius, stroke=0, fill=1)

    def _rule(self, rule: Rule) -> None:
        self._pen(rule.colour, rule.stroke)
        if rule.is_dotted:
            self._canvas.setDash(*_DOTTED)
        else:
            self._canvas.setLineCap(0)
        self._canvas.line(
            rule.x, self._up(rule.y), rule.x + rule.across, self._up(rule.y + rule.down)
        )
        self._canvas.setDash()

    def _pen(self, colour: str, stroke: float) -> None:
        self._canvas.setStrokeColor(_ink(colour))
        self._canvas.setLineWidth(stroke)
        self._canvas.setLineCap(_ROUND)
        self._canvas.setLineJoin(_ROUND)


@cache
def _ink(colour: str) -> Color:
    """The colour `#RRGGBB`; the library reads one anew each time that it is given as text."""
    return HexColor(colour)


def _trace(path: PDFPathObject, kind: str, numbers: list[float]) -> None:
    match kind:
        case "M":
            path.moveTo(*numbers)
        case "L":
            path.lineTo(*numbers)
        case "C":
            path.curveTo(*numbers)
        case _:
            path.close()
