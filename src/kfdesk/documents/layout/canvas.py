# SPDX-License-Identifier: GPL-3.0-or-later
"""The canvas draws items onto the pages of a PDF. Only this module draws text.

`_line` is the only text function. It refuses a letter without a glyph, text wider than its
box and text off the page, so that no paper has a gap. The PDF has no metadata (title,
author, program), fixed dates, and the same bytes for the same items. Icons are SVG files, read
here as strokes.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any, Literal, cast
from xml.etree import ElementTree

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from kfdesk.documents.layout.right_to_left import has_arabic
from kfdesk.documents.layout.style import (
    ASCENT,
    DESCENT,
    MILLIMETRE,
    REGULAR,
    Box,
    Dot,
    Item,
    PageFormat,
    Panel,
    Polygon,
    Ring,
    RotatedText,
    Rule,
    Style,
    Symbol,
    TextLine,
    mirror_items,
)
from kfdesk.documents.layout.text import check_letters, checked_width, runs_of, width_of
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import RIGHT_TO_LEFT

Point = tuple[float, float]
PathStep = tuple[str, tuple[Point, ...]]
"""`M`, `L` and `C` with their points, and `Z` without, all absolute in a square of 24 units."""

ICON_SQUARE = 24.0
_NUMBER = r"[-+]?(?:\d*\.\d+|\d+\.?)"
_ARC = re.compile(
    rf"({_NUMBER})[\s,]*{_NUMBER}[\s,]*{_NUMBER}[\s,]*([01])[\s,]*([01])[\s,]*"
    rf"({_NUMBER})[\s,]*({_NUMBER})"
)
_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_QUARTER = math.pi / 2
_POINTS = {"M": 1, "L": 1, "S": 2, "C": 3}


# --- icons and paths


def read_icon(svg: str) -> list[PathStep]:
    """Return the strokes of an icon. Raise ValueError for an unsupported shape."""
    steps: list[PathStep] = []
    for element in ElementTree.fromstring(svg):  # noqa: S314 - the program's own file
        shape = element.tag.rpartition("}")[2]
        if shape not in _SHAPES:
            raise ValueError(shape)
        steps += _SHAPES[shape](element.attrib)
    return steps


def read_path(path: str) -> list[PathStep]:
    """Return the strokes of an SVG path's `d`. Raise ValueError for an unknown command."""
    pen = _Pen()
    for command, numbers in _COMMAND.findall(path):
        pen.draw(command, numbers)
    return pen.steps


class _Pen:
    """The state while a path is read: the position, the figure's start, the last control point."""

    def __init__(self) -> None:
        self.steps: list[PathStep] = []
        self.at: Point = (0, 0)
        self.began: Point = (0, 0)

    def draw(self, command: str, text: str) -> None:
        kind, is_relative = command.upper(), command.islower()
        if kind == "Z":
            self._add("Z")
            self.at = self.began
        elif kind == "A":
            for radius, large, sweep, x, y in _ARC.findall(text):
                end = self._point(float(x), float(y), is_relative)
                for curve in arc_curves(self.at, end, float(radius), (large == "1", sweep == "1")):
                    self._add("C", *curve)
        elif kind in "HV":
            for number in _parse_numbers(text):
                self._add("L", self._along(kind, number, is_relative))
        elif kind in _POINTS:
            self._segments(kind, _parse_numbers(text), is_relative)
        else:
            raise ValueError(command)

    def _segments(self, kind: str, numbers: list[float], is_relative: bool) -> None:
        length = 2 * _POINTS[kind]
        for first in range(0, len(numbers), length):
            pairs = numbers[first : first + length]
            points = [
                self._point(x, y, is_relative) for x, y in zip(pairs[::2], pairs[1::2], strict=True)
            ]
            if kind == "S":
                points.insert(0, self._mirrored())
            self._add("C" if kind == "S" else kind, *points)
            kind = "L" if kind == "M" else kind

    def _add(self, kind: str, *points: Point) -> None:
        self.steps.append((kind, points))
        if points:
            self.at = points[-1]
        if kind == "M":
            self.began = self.at

    def _point(self, x: float, y: float, is_relative: bool) -> Point:
        return (self.at[0] + x, self.at[1] + y) if is_relative else (x, y)

    def _along(self, kind: str, number: float, is_relative: bool) -> Point:
        x, y = self.at
        if kind == "H":
            return (x + number if is_relative else number), y
        return x, (y + number if is_relative else number)

    def _mirrored(self) -> Point:
        kind, points = self.steps[-1]
        if kind != "C":
            return self.at
        return 2 * self.at[0] - points[1][0], 2 * self.at[1] - points[1][1]


def _parse_numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(_NUMBER, text)]


def arc_curves(
    start: Point, end: Point, radius: float, flags: tuple[bool, bool]
) -> Iterator[tuple[Point, Point, Point]]:
    """Yield a circular arc as curves of at most a quarter turn.

    `flags` are SVG's large-arc and sweep flags. A radius too small for the distance is
    enlarged, as SVG demands.
    """
    (x1, y1), (x2, y2), (is_large, is_sweep) = start, end, flags
    half = math.dist(start, end) / 2
    if not half:
        return
    radius = max(radius, half)
    height = math.sqrt(radius**2 - half**2) * (1 if is_large != is_sweep else -1)
    centre = (
        (x1 + x2) / 2 - height * (y2 - y1) / (2 * half),
        (y1 + y2) / 2 + height * (x2 - x1) / (2 * half),
    )
    first = math.atan2(y1 - centre[1], x1 - centre[0])
    turn = (math.atan2(y2 - centre[1], x2 - centre[0]) - first) % math.tau
    turn = turn if is_sweep else turn - math.tau
    count = math.ceil(abs(turn) / _QUARTER - 1e-9)
    angles = [first + turn * part / count for part in range(count + 1)]
    for begin, finish in pairwise(angles):
        yield _curve(centre, radius, begin, finish)


def _curve(centre: Point, radius: float, begin: float, finish: float) -> tuple[Point, Point, Point]:
    handle = radius * 4 / 3 * math.tan((finish - begin) / 4)

    def on_circle(angle: float, along: float) -> Point:
        x = centre[0] + radius * math.cos(angle) - along * math.sin(angle)
        return x, centre[1] + radius * math.sin(angle) + along * math.cos(angle)

    return on_circle(begin, handle), on_circle(finish, -handle), on_circle(finish, 0)


def _circle(given: Mapping[str, str]) -> list[PathStep]:
    x, y, r = (float(given[name]) for name in ("cx", "cy", "r"))
    return read_path(f"M{x - r} {y}a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0Z")


def _line_steps(given: Mapping[str, str]) -> list[PathStep]:
    return read_path("M{x1} {y1}L{x2} {y2}".format(**given))


def _polyline(given: Mapping[str, str]) -> list[PathStep]:
    return read_path("M" + given["points"])


def _rectangle(given: Mapping[str, str]) -> list[PathStep]:
    x, y, width, height, r = (
        float(given.get(name, 0)) for name in ("x", "y", "width", "height", "rx")
    )
    across, down, turn = width - 2 * r, height - 2 * r, f"a{r} {r} 0 0 1"
    return read_path(
        f"M{x + r} {y}h{across}{turn} {r} {r}v{down}{turn} {-r} {r}"
        f"h{-across}{turn} {-r} {-r}v{-down}{turn} {r} {-r}Z"
    )


_SHAPES: Mapping[str, Callable[[Mapping[str, str]], list[PathStep]]] = {
    "path": lambda given: read_path(given["d"]),
    "circle": _circle,
    "line": _line_steps,
    "polyline": _polyline,
    "rect": _rectangle,
}


UNPRINTABLE_MARGIN = 5 * MILLIMETRE
ICON_STROKE = 2.0
PANEL_BAR = 4.6
_PANEL_CORNER = 5.0
_PANEL_STROKE = 1.5
_OUTLINE = 0.8
"""The stroke of outlined letters, in points."""
_DOT_PATTERN = (0.01, 6.4)
_ROUND_CAP = 1


# --- pages


class OffPageError(Exception):
    """An attempt to draw text outside the printable area, which is a bug in a layout."""


class PageCanvas:
    """The pages of one paper in `language` (ISO 639-1), drawn item by item."""

    def __init__(
        self, form: PageFormat, language: str, icon: Callable[[str], Iterable[PathStep]]
    ) -> None:
        self._form = form
        self._icon = icon
        self._is_mirrored = language in RIGHT_TO_LEFT
        self._file = BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=(form.width, form.height),
            invariant=1,
            lang=language,
            # Otherwise every page refers to Helvetica, which is not embedded.
            initialFontName=cast(Any, REGULAR),
        )
        for silence in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer"):
            getattr(self._canvas, f"set{silence}")("")

    def put(self, items: Iterable[Item]) -> None:
        """Draw the items in their order; mirrored where the language is read from the right.

        Raise KfdeskError `documents.no_letter` or `documents.too_wide`, or OffPageError.
        """
        width = self._form.width
        for item in mirror_items(items, width) if self._is_mirrored else items:
            match item:
                case TextLine():
                    self._line(item)
                case RotatedText():
                    self._turned(item)
                case Symbol():
                    self._symbol(item)
                case Panel():
                    self._panel(item)
                case Box():
                    self._frame(item)
                case Rule():
                    self._rule(item)
                case Polygon():
                    self._shape(item)
                case Dot() | Ring():
                    self._circle(item)

    def end_page(self) -> None:
        """Finish the page; further items go to the next one."""
        self._canvas.showPage()

    def pdf(self) -> bytes:
        """Return the finished PDF."""
        self._canvas.save()
        return self._file.getvalue()

    def _up(self, y: float) -> float:
        return self._form.height - y

    def _line(self, line: TextLine) -> None:
        style = line.style
        text = self._checked(line.text, style)
        width = checked_width(text, style, line.width)
        left = line.x if line.align == "left" else line.x + line.width - width
        top, foot = line.y - ASCENT * style.size, line.y + DESCENT * style.size
        self._check_place((left, top), (left + width, foot))
        self._runs(text, style, (left, self._up(line.y)))

    def _checked(self, text: str, style: Style) -> str:
        """Return the text with its letters checked; Arabic ones stand on a mirrored page alone."""
        if has_arabic(text) and not self._is_mirrored:
            raise KfdeskError("documents.no_letter", letter=next(filter(has_arabic, text)))
        return check_letters(text, style.face)

    def _runs(
        self, text: str, style: Style, corner: Point, mode: Literal[0, 1] | None = None
    ) -> None:
        left, up = corner
        for face, run in runs_of(text, style.face):
            self._canvas.setFont(face, style.size)
            self._canvas.setFillColor(_colour(style.colour))
            self._canvas.drawString(left, up, run, mode=mode)
            left += pdfmetrics.stringWidth(run, face, style.size)

    def _turned(self, turned: RotatedText) -> None:
        style = turned.style
        text = self._checked(turned.text, style)
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
        self._pen(style.colour, _OUTLINE)
        self._runs(text, style, (-half, -rise), mode=0 if turned.is_filled else 1)
        self._canvas.restoreState()

    def _check_place(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        """Refuse text whose top left or bottom right corner is not printable."""
        across = first[0] >= UNPRINTABLE_MARGIN and last[0] <= self._form.width - UNPRINTABLE_MARGIN
        down = first[1] >= UNPRINTABLE_MARGIN and last[1] <= self._form.height - UNPRINTABLE_MARGIN
        if not (across and down):
            raise OffPageError

    def _symbol(self, symbol: Symbol) -> None:
        scale = symbol.size / ICON_SQUARE
        path = self._canvas.beginPath()
        for kind, points in self._icon(symbol.name):
            _add_to_path(
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
        corner = panel.x, self._up(panel.y + panel.height)
        self._pen(panel.colour, _PANEL_STROKE)
        self._canvas.roundRect(*corner, panel.width, panel.height, _PANEL_CORNER, stroke=1, fill=0)
        self._canvas.setFillColor(_colour(panel.colour))
        bar = panel.x + panel.width - PANEL_BAR if panel.is_mirrored else panel.x
        self._canvas.rect(bar, corner[1], PANEL_BAR, panel.height, stroke=0, fill=1)

    def _frame(self, frame: Box) -> None:
        self._pen(frame.colour, frame.stroke)
        if frame.fill:
            self._canvas.setFillColor(_colour(frame.fill))
        drawn = {"stroke": int(frame.stroke > 0), "fill": int(bool(frame.fill))}
        corner = frame.x, self._up(frame.y + frame.height)
        if frame.radius:
            self._canvas.roundRect(*corner, frame.width, frame.height, frame.radius, **drawn)
        else:
            self._canvas.rect(*corner, frame.width, frame.height, **drawn)

    def _shape(self, shape: Polygon) -> None:
        path = self._canvas.beginPath()
        for number, (across, down) in enumerate(shape.corners):
            point = [shape.x + across, self._up(shape.y + down)]
            _add_to_path(path, "L" if number else "M", point)
        path.close()
        self._pen(shape.colour, shape.stroke)
        self._canvas.setFillColor(_colour(shape.colour))
        is_outline = shape.stroke > 0
        self._canvas.drawPath(path, stroke=int(is_outline), fill=int(not is_outline))

    def _circle(self, circle: Dot | Ring) -> None:
        centre = circle.x, self._up(circle.y)
        if isinstance(circle, Ring):
            self._pen(circle.colour, circle.stroke)
            self._canvas.circle(*centre, circle.radius, stroke=1, fill=0)
        else:
            self._canvas.setFillColor(_colour(circle.colour))
            self._canvas.circle(*centre, circle.radius, stroke=0, fill=1)

    def _rule(self, rule: Rule) -> None:
        self._pen(rule.colour, rule.stroke)
        if rule.is_dotted:
            self._canvas.setDash(*_DOT_PATTERN)
        else:
            self._canvas.setLineCap(0)
        self._canvas.line(
            rule.x, self._up(rule.y), rule.x + rule.across, self._up(rule.y + rule.down)
        )
        self._canvas.setDash()

    def _pen(self, colour: str, stroke: float) -> None:
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.setLineWidth(stroke)
        self._canvas.setLineCap(_ROUND_CAP)
        self._canvas.setLineJoin(_ROUND_CAP)


@cache
def _colour(colour: str) -> Color:
    """Return the colour `#RRGGBB`; cached, because the library parses text each time."""
    return HexColor(colour)


def _add_to_path(path: PDFPathObject, kind: str, numbers: list[float]) -> None:
    match kind:
        case "M":
            path.moveTo(*numbers)
        case "L":
            path.lineTo(*numbers)
        case "C":
            path.curveTo(*numbers)
        case _:
            path.close()
