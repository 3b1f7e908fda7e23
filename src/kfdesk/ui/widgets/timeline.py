# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey as a line: stops in order, what lies between them, and what is still open.

Filled is settled, a ring with a sign is open, dashed is not yet met. It takes finished words: the
page says them in the window's language. The same facts are its accessible text. A journey too
long for one line goes on in the next, which begins with the stop where the last one ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.ui import icons
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint

_RADIUS = 11
_LINE_TOP = 40
_WORDS_TOP = 57
_LEADING = 18
_ROW = 112
_GAP = 20
_ABOVE_GAP = 40
_MODE_ROOM = 30
_STROKE = 3


class Mark(Enum):
    """The sign of a stop."""

    SETTLED = "settled"
    OPEN = "open"
    AHEAD = "ahead"
    CROSSING = "crossing"


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way, with up to two lines below it; `icon` is the sign of an open one."""

    place: str
    time: str = ""
    note: str = ""
    mark: Mark = Mark.AHEAD
    icon: str = "triangle-alert"
    tone: Tone = Tone.MUTED


@dataclass(frozen=True, slots=True)
class Stretch:
    """The way from one stop to the next; `weight` is its share of the line, such as hours."""

    above: str = ""
    icon: str = ""
    tone: Tone = Tone.MUTED
    weight: float = 1.0

    @property
    def is_dashed(self) -> bool:
        """Whether it is drawn as not yet settled."""
        return self.tone is not Tone.SUCCESS


class _Hand(NamedTuple):
    """How a line of words is written."""

    style: Type
    ink: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """Stops that stand on one line, with the centre of each."""

    stops: tuple[Stop, ...]
    stretches: tuple[Stretch, ...]
    centres: tuple[float, ...]


class Timeline(QWidget):
    """Paints a journey of one stop or more."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._stops: tuple[Stop, ...] = ()
        self._stretches: tuple[Stretch, ...] = ()
        self._lines: tuple[_Line, ...] = ()
        self._widths: tuple[float, ...] = ()
        self._above: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_journey(self, stops: Sequence[Stop], stretches: Sequence[Stretch]) -> None:
        """Show stops and the stretches between them, one fewer."""
        self._stops, self._stretches = tuple(stops), tuple(stretches)
        small = self._font(Type.SMALL)
        self._widths = tuple(map(self._width, self._stops))
        self._above = tuple(paint.width(one.above, small) for one in self._stretches)
        self.setAccessibleName("; ".join(_spoken(self._stops, self._stretches)))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Stretches first, stops over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, line in enumerate(self._lines):
            painter.save()
            painter.translate(0, number * _ROW)
            for stretch, (left, right) in zip(line.stretches, pairwise(line.centres), strict=True):
                self._paint_stretch(painter, stretch, left, right)
            for place, stop in enumerate(line.stops):
                self._paint_stop(painter, line, place, stop)
            painter.restore()

    def _arrange(self) -> None:
        lines = []
        first = 0
        while first < len(self._stops):
            last = self._last_that_fits(first)
            lines.append(self._line(first, last))
            first = last if last < len(self._stops) - 1 else len(self._stops)
        self._lines = tuple(lines)
        self.setFixedHeight(max(1, len(lines)) * _ROW)
        self.update()

    def _last_that_fits(self, first: int) -> int:
        last = first
        while last + 1 < len(self._stops):
            if sum(self._least(first, last + 1)) > self._room(last + 1):
                break
            last += 1
        return max(last, min(first + 1, len(self._stops) - 1))

    def _room(self, last: int) -> float:
        end = max(_RADIUS, self._widths[last] / 2)
        return self.width() - _RADIUS - end - 1

    def _least(self, first: int, last: int) -> list[float]:
        """The least distance between the centres of neighbours."""
        found = []
        for place in range(first, last):
            here, there = self._widths[place : place + 2]
            left = here - _RADIUS if place == first else here / 2
            words = left + there / 2 + _GAP
            above = self._above[place] + _ABOVE_GAP
            found.append(max(words, above, 2 * _RADIUS + 2 * _MODE_ROOM))
        return found

    def _line(self, first: int, last: int) -> _Line:
        least = self._least(first, last)
        stretches = self._stretches[first:last]
        rest = max(0.0, self._room(last) - sum(least))
        total = sum(stretch.weight for stretch in stretches) or 1.0
        centres = [float(_RADIUS)]
        for stretch, width in zip(stretches, least, strict=True):
            centres.append(centres[-1] + width + rest * stretch.weight / total)
        whole = tuple(round(centre) + 0.0 for centre in centres)
        return _Line(self._stops[first : last + 1], stretches, whole)

    def _paint_stretch(
        self, painter: QPainter, stretch: Stretch, left: float, right: float
    ) -> None:
        theme = self._kit.theme
        ink = stretch.tone.ink(theme.colours)
        pen = QPen(QColor(ink), _STROKE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if stretch.is_dashed:
            pen.setDashPattern([3.6, 2.4])
        painter.setPen(pen)
        middle = (left + right) / 2
        start, end = left + _RADIUS, right - _RADIUS
        half = _MODE_ROOM / 2 if stretch.icon else 0
        painter.drawLine(QPointF(start, _LINE_TOP), QPointF(middle - half, _LINE_TOP))
        painter.drawLine(QPointF(middle + half, _LINE_TOP), QPointF(end, _LINE_TOP))
        if stretch.icon:
            mode = theme.colours.text_muted if stretch.tone is Tone.SUCCESS else ink
            theme.icons.paint(painter, stretch.icon, mode, _square(middle, icons.LARGE))
        area = QRectF(left, 2, right - left, _LEADING)
        self._write(painter, area, stretch.above, _Hand(Type.SMALL, theme.colours.text_muted))

    def _paint_stop(self, painter: QPainter, line: _Line, place: int, stop: Stop) -> None:
        centre = line.centres[place]
        self._paint_mark(painter, stop, centre)
        colours = self._kit.theme.colours
        width = self._width(stop)
        left = 0.0 if place == 0 else min(centre - width / 2, self.width() - width)
        row = QRectF(left, _WORDS_TOP, width, _LEADING)
        is_left = place == 0
        self._write(painter, row, stop.place, _Hand(Type.STRONG, colours.text, is_left))
        row.translate(0, _LEADING)
        if stop.time:
            self._write(painter, row, stop.time, _Hand(Type.SMALL, colours.text, is_left))
            row.translate(0, _LEADING - 2)
        note = _Hand(Type.SMALL, stop.tone.ink(colours), is_left)
        self._write(painter, row, stop.note, note)

    def _paint_mark(self, painter: QPainter, stop: Stop, centre: float) -> None:
        theme = self._kit.theme
        colours = theme.colours
        disc = _square(centre, 2 * _RADIUS)
        if stop.mark is Mark.SETTLED:
            paint.disc(painter, theme, disc.adjusted(1, 1, -1, -1), paint.Fill.DONE)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.surface))
        painter.drawEllipse(disc)
        if stop.mark is Mark.CROSSING:
            ink = stop.tone.ink(colours)
            theme.icons.paint(painter, stop.icon, ink, _square(centre, icons.LARGE))
            return
        is_open = stop.mark is Mark.OPEN
        ink = colours.warning if is_open else colours.control
        painter.setBrush(QColor(colours.warning_soft if is_open else colours.surface))
        painter.setPen(QPen(QColor(ink), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if is_open:
            theme.icons.paint(painter, stop.icon, ink, _square(centre, icons.SMALL))

    def _write(self, painter: QPainter, area: QRectF, text: str, hand: _Hand) -> None:
        flag = Qt.AlignmentFlag.AlignLeft if hand.is_left else Qt.AlignmentFlag.AlignHCenter
        painter.setFont(self._font(hand.style))
        painter.setPen(QColor(hand.ink))
        painter.drawText(area, flag | Qt.AlignmentFlag.AlignVCenter, text)

    def _width(self, stop: Stop) -> float:
        small = self._font(Type.SMALL)
        return max(
            paint.width(stop.place, self._font(Type.STRONG)),
            paint.width(stop.time, small),
            paint.width(stop.note, small),
        )

    def _font(self, style: Type) -> QFont:
        return self._kit.theme.font(style)


def _square(centre: float, side: float) -> QRectF:
    return QRectF(round(centre - side / 2), _LINE_TOP - side / 2, side, side)


def _spoken(stops: Sequence[Stop], stretches: Sequence[Stretch]) -> list[str]:
    said = []
    for place, stop in enumerate(stops):
        said.append(", ".join(part for part in (stop.place, stop.time, stop.note) if part))
        if place < len(stretches) and stretches[place].above:
            said.append(stretches[place].above)
    return said
