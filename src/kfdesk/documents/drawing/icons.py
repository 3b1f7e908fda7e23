# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons read from their SVG files into strokes, so that a paper holds no picture.

It reads what the Lucide icons use and nothing more: circles, lines, polylines, rectangles, and
paths with circular arcs. Anything else raises ValueError, which is a bug of ours: the icons are
part of the program. Knows no page.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from xml.etree import ElementTree

Point = tuple[float, float]
Step = tuple[str, tuple[Point, ...]]
"""`M`, `L` and `C` with their points, and `Z` without, all absolute in a square of 24 units."""

SQUARE = 24.0
_NUMBER = r"[-+]?(?:\d*\.\d+|\d+\.?)"
_ARC = re.compile(
    rf"({_NUMBER})[\s,]*{_NUMBER}[\s,]*{_NUMBER}[\s,]*([01])[\s,]*([01])[\s,]*"
    rf"({_NUMBER})[\s,]*({_NUMBER})"
)
_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_QUARTER = math.pi / 2
_POINTS = {"M": 1, "L": 1, "S": 2, "C": 3}


def read_icon(svg: str) -> list[Step]:
    """The strokes of an icon. Raises ValueError for a shape that kfdesk does not draw."""
    steps: list[Step] = []
    for element in ElementTree.fromstring(svg):  # noqa: S314 - the program's own file
        shape = element.tag.rpartition("}")[2]
        if shape not in _SHAPES:
            raise ValueError(shape)
        steps += _SHAPES[shape](element.attrib)
    return steps


def read_path(path: str) -> list[Step]:
    """The strokes of the `d` of an SVG path. Raises ValueError for an unknown command."""
    pen = _Pen()
    for command, numbers in _COMMAND.findall(path):
        pen.draw(command, numbers)
    return pen.steps


class _Pen:
    """Follows a path: where it is, where its figure began, where the last curve pointed."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
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
                for curve in arc(self.at, end, float(radius), (large == "1", sweep == "1")):
                    self._add("C", *curve)
        elif kind in "HV":
            for number in _numbers(text):
                self._add("L", self._along(kind, number, is_relative))
        elif kind in _POINTS:
            self._segments(kind, _numbers(text), is_relative)
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


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(_NUMBER, text)]


def arc(
    start: Point, end: Point, radius: float, flags: tuple[bool, bool]
) -> Iterator[tuple[Point, Point, Point]]:
    """A circular arc as curves of at most a quarter turn; `flags` are SVG's large and sweep.

    A radius too small for the way is widened, as SVG asks.
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


def _circle(given: Mapping[str, str]) -> list[Step]:
    x, y, r = (float(given[name]) for name in ("cx", "cy", "r"))
    return read_path(f"M{x - r} {y}a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0Z")


def _line(given: Mapping[str, str]) -> list[Step]:
    return read_path("M{x1} {y1}L{x2} {y2}".format(**given))


def _polyline(given: Mapping[str, str]) -> list[Step]:
    return read_path("M" + given["points"])


def _rectangle(given: Mapping[str, str]) -> list[Step]:
    x, y, width, height, r = (
        float(given.get(name, 0)) for name in ("x", "y", "width", "height", "rx")
    )
    across, down, turn = width - 2 * r, height - 2 * r, f"a{r} {r} 0 0 1"
    return read_path(
        f"M{x + r} {y}h{across}{turn} {r} {r}v{down}{turn} {-r} {r}"
        f"h{-across}{turn} {-r} {-r}v{-down}{turn} {r} {-r}Z"
    )


_SHAPES: Mapping[str, Callable[[Mapping[str, str]], list[Step]]] = {
    "path": lambda given: read_path(given["d"]),
    "circle": _circle,
    "line": _line,
    "polyline": _polyline,
    "rect": _rectangle,
}
