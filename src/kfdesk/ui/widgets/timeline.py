# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of a journey: its stops in order, the stretches between them, and what is open.

Only a stop that has happened is filled and has a check mark. A ring with a clock is expected, with
an exclamation mark late, with another icon open; a ring with a dot is booked, an empty one only
planned. A dashed line is not booked yet. The sign of the ferry or bus stands in the middle of its
line; while she is on it, in a ring where she is now. The page provides finished texts in the
window's language; they are the accessible text too. A journey that is too long for one line
continues on the next, which begins with the last stop of the line before.
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
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets import painting

_RADIUS = 11
_LINE_TOP = 40
_WORDS_TOP = 57
_LEADING = 18
_ROW = 112
_WORDS = 3 * _LEADING  # the height of a stop's words
_STOP_GAP = 20
_ABOVE_GAP = 40
_MODE_ROOM = 30
_STROKE = 3


class StopMark(Enum):
    """The mark of a stop."""

    HAPPENED = "happened"
    EXPECTED = "expected"
    LATE = "late"
    OPEN = "open"
    BOOKED = "booked"
    PLANNED = "planned"
    UNRECORDED = "unrecorded"
    CROSSING = "crossing"


_RING_TONES = {
    StopMark.EXPECTED: Tone.INFO,
    StopMark.LATE: Tone.DANGER,
    StopMark.OPEN: Tone.WARNING,
    StopMark.UNRECORDED: Tone.MUTED,
}
"""The tones of rings with an icon; the others are drawn in the colour of controls."""


@dataclass(frozen=True, slots=True)
class JourneyStop:
    """A stop of the journey, with up to two lines below it; `icon` stands in a ring.

    `tone` is the colour of the note, `time_tone` that of the time.
    """

    place: str
    time: str = ""
    note: str = ""
    mark: StopMark = StopMark.PLANNED
    icon: str = "triangle-alert"
    tone: Tone = Tone.MUTED
    time_tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class JourneyStretch:
    """The way from one stop to the next; `weight` is its share of the line, such as hours.

    `now` is the share of the way that is travelled, if she is on it.
    """

    above: str = ""
    icon: str = ""
    tone: Tone = Tone.MUTED
    weight: float = 1.0
    now: float | None = None

    @property
    def is_dashed(self) -> bool:
        """True if it is drawn as not booked."""
        return self.tone in (Tone.WARNING, Tone.MUTED)


class _LineStyle(NamedTuple):
    """The style, colour and alignment of a text line."""

    style: TextStyle
    ink: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class _TimelineRow:
    """The stops on one line, with the centre of each.

    `is_tight` means that the words of its two stops are below one another.
    """

    stops: tuple[JourneyStop, ...]
    stretches: tuple[JourneyStretch, ...]
    centres: tuple[float, ...]
    is_tight: bool = False

    @property
    def height(self) -> int:
        """Height of the line with the words below it, in pixels."""
        return _ROW + self.is_tight * _WORDS


class JourneyTimeline(QWidget):
    """A widget that paints a journey of one stop or more."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._stops: tuple[JourneyStop, ...] = ()
        self._stretches: tuple[JourneyStretch, ...] = ()
        self._lines: tuple[_TimelineRow, ...] = ()
        self._widths: tuple[float, ...] = ()
        self._above: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_journey(
        self, stops: Sequence[JourneyStop], stretches: Sequence[JourneyStretch]
    ) -> None:
        """Show the stops, and the stretches between them (one fewer)."""
        self._stops, self._stretches = tuple(stops), tuple(stretches)
        small = self._font(TextStyle.SMALL)
        self._widths = tuple(map(self._width, self._stops))
        self._above = tuple(painting.text_width(one.above, small) for one in self._stretches)
        self.setAccessibleName("; ".join(_spoken(self._stops, self._stretches)))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the stretches first and the stops over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._lines:
            for stretch, (left, right) in zip(line.stretches, pairwise(line.centres), strict=True):
                self._paint_stretch(painter, stretch, left, right)
            for place, stop in enumerate(line.stops):
                self._paint_stop(painter, line, place, stop)
            painter.translate(0, line.height)

    def _arrange(self) -> None:
        lines = []
        first = 0
        while first < len(self._stops):
            last = self._last_that_fits(first)
            lines.append(self._line(first, last))
            first = last if last < len(self._stops) - 1 else len(self._stops)
        self._lines = tuple(lines)
        self.setFixedHeight(sum(line.height for line in lines) or _ROW)
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
        """Return the least distances between the centres of neighbouring stops."""
        found = []
        for place in range(first, last):
            here, there = self._widths[place : place + 2]
            left = here - _RADIUS if place == first else here / 2
            words = left + there / 2 + _STOP_GAP
            above = self._above[place] + _ABOVE_GAP
            found.append(max(words, above, 2 * _RADIUS + 2 * _MODE_ROOM))
        return found

    def _line(self, first: int, last: int) -> _TimelineRow:
        least = self._least(first, last)
        stretches = self._stretches[first:last]
        is_tight = sum(least) > self._room(last)
        if is_tight:  # of two stops, whose words do not fit beside one another
            least = [max(self._room(last), 2.0 * _RADIUS + _MODE_ROOM)]
        rest = max(0.0, self._room(last) - sum(least))
        total = sum(stretch.weight for stretch in stretches) or 1.0
        centres = [float(_RADIUS)]
        for stretch, width in zip(stretches, least, strict=True):
            centres.append(centres[-1] + width + rest * stretch.weight / total)
        whole = tuple(round(centre) + 0.0 for centre in centres)
        return _TimelineRow(self._stops[first : last + 1], stretches, whole, is_tight)

    def _paint_stretch(
        self, painter: QPainter, stretch: JourneyStretch, left: float, right: float
    ) -> None:
        theme = self._kit.theme
        ink = stretch.tone.ink(theme.colours)
        pen = QPen(QColor(ink), _STROKE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if stretch.is_dashed:
            pen.setDashPattern([3.6, 2.4])
        painter.setPen(pen)
        start, end = left + _RADIUS, right - _RADIUS
        half = _MODE_ROOM / 2 if stretch.icon else 0
        share = 0.5 if stretch.now is None else stretch.now
        middle = min(max(start + (end - start) * share, start + half), end - half)
        painter.drawLine(QPointF(start, _LINE_TOP), QPointF(middle - half, _LINE_TOP))
        painter.drawLine(QPointF(middle + half, _LINE_TOP), QPointF(end, _LINE_TOP))
        if stretch.icon:
            if stretch.now is not None:
                painter.setPen(QPen(QColor(ink), 2))
                painter.setBrush(QColor(theme.colours.surface))
                painter.drawEllipse(_square(middle, _MODE_ROOM))
            is_quiet = stretch.now is None and not stretch.is_dashed
            mode = theme.colours.text_muted if is_quiet else ink
            theme.icons.paint(painter, stretch.icon, mode, _square(middle, icons.LARGE))
        area = QRectF(left, 2, right - left, _LEADING)
        self._draw_line(
            painter, area, stretch.above, _LineStyle(TextStyle.SMALL, theme.colours.text_muted)
        )

    def _paint_stop(
        self, painter: QPainter, line: _TimelineRow, place: int, stop: JourneyStop
    ) -> None:
        centre = line.centres[place]
        self._paint_mark(painter, stop, centre)
        colours = self._kit.theme.colours
        width = self._width(stop)
        left = 0.0 if place == 0 else min(centre - width / 2, self.width() - width)
        lower = _WORDS if line.is_tight and place else 0
        row = QRectF(left, _WORDS_TOP + lower, width, _LEADING)
        is_left = place == 0
        self._draw_line(
            painter, row, stop.place, _LineStyle(TextStyle.STRONG, colours.text, is_left)
        )
        row.translate(0, _LEADING)
        if stop.time:
            time = _LineStyle(TextStyle.SMALL, stop.time_tone.ink(colours), is_left)
            self._draw_line(painter, row, stop.time, time)
            row.translate(0, _LEADING - 2)
        note = _LineStyle(TextStyle.SMALL, stop.tone.ink(colours), is_left)
        self._draw_line(painter, row, stop.note, note)

    def _paint_mark(self, painter: QPainter, stop: JourneyStop, centre: float) -> None:
        theme = self._kit.theme
        colours = theme.colours
        disc = _square(centre, 2 * _RADIUS)
        if stop.mark is StopMark.HAPPENED:
            painting.draw_disc(
                painter, theme, disc.adjusted(1, 1, -1, -1), painting.Completion.DONE
            )
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.surface))
        painter.drawEllipse(disc)
        if stop.mark is StopMark.CROSSING:
            ink = stop.tone.ink(colours)
            theme.icons.paint(painter, stop.icon, ink, _square(centre, icons.LARGE))
            return
        tone = _RING_TONES.get(stop.mark)
        ink = tone.ink(colours) if tone is not None else colours.control
        painter.setBrush(QColor(tone.ground(colours) if tone is not None else colours.surface))
        painter.setPen(QPen(QColor(ink), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if tone is not None:
            theme.icons.paint(painter, stop.icon, ink, _square(centre, icons.SMALL))
        elif stop.mark is StopMark.BOOKED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawEllipse(_square(centre, _RADIUS))

    def _draw_line(self, painter: QPainter, area: QRectF, text: str, hand: _LineStyle) -> None:
        flag = Qt.AlignmentFlag.AlignLeft if hand.is_left else Qt.AlignmentFlag.AlignHCenter
        painter.setFont(self._font(hand.style))
        painter.setPen(QColor(hand.ink))
        painter.drawText(area, flag | Qt.AlignmentFlag.AlignVCenter, text)

    def _width(self, stop: JourneyStop) -> float:
        small = self._font(TextStyle.SMALL)
        return max(
            painting.text_width(stop.place, self._font(TextStyle.STRONG)),
            painting.text_width(stop.time, small),
            painting.text_width(stop.note, small),
        )

    def _font(self, style: TextStyle) -> QFont:
        return self._kit.theme.font(style)


def _square(centre: float, side: float) -> QRectF:
    return QRectF(round(centre - side / 2), _LINE_TOP - side / 2, side, side)


def _spoken(stops: Sequence[JourneyStop], stretches: Sequence[JourneyStretch]) -> list[str]:
    said = []
    for place, stop in enumerate(stops):
        said.append(", ".join(part for part in (stop.place, stop.time, stop.note) if part))
        if place < len(stretches) and stretches[place].above:
            said.append(stretches[place].above)
    return said
