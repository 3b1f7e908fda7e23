# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline of a journey: its stops in order, the stretches between them, and what is open.

Only a stop that has happened is filled and has a check mark. A ring with a clock is expected, with
an exclamation mark late, with another icon open; a ring with a dot is booked, an empty one only
planned. A dashed line is not booked yet. The sign of the ferry or bus stands in the middle of its
line; while she is on it, in a ring where she is now. The page provides finished texts in the
window's language; they are the accessible text too. A journey that is too long for one line is
drawn from top to bottom, where its texts wrap and nothing is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.ui import icons
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets import painting

_RADIUS = 11
_LINE_TOP = 32
_WORDS_TOP = 46
_LEADING, _SMALL_LEADING = 18, 16
_MARGIN = 2
_STOP_GAP = 20
_WORDS_LEFT = 2 * _RADIUS + 12  # of a stop's words beside an upright line
_ABOVE_GAP = 40
_MODE_ROOM = 30
_STROKE = 3
_WRAP = (Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere).value


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
    """A stop of the journey, with up to three lines below it; `icon` stands in a ring.

    `time` is when she comes here, at the first stop when she leaves; `leaves` is when she travels
    on. `tone` is the colour of the note, `time_tone` and `leaves_tone` those of the times.
    """

    place: str
    time: str = ""
    note: str = ""
    mark: StopMark = StopMark.PLANNED
    icon: str = "triangle-alert"
    tone: Tone = Tone.MUTED
    time_tone: Tone = Tone.PLAIN
    leaves: str = ""
    leaves_tone: Tone = Tone.PLAIN


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


class _TextLine(NamedTuple):
    """A line of text with its style and colour."""

    text: str
    style: TextStyle
    ink: str


class _StopPlace(NamedTuple):
    """The centre of a stop's mark, and the area of its words."""

    centre: QPointF
    words: QRectF


class JourneyTimeline(QWidget):
    """A widget that paints a journey of one stop or more."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._stops: tuple[JourneyStop, ...] = ()
        self._stretches: tuple[JourneyStretch, ...] = ()
        self._widths: tuple[float, ...] = ()
        self._places: tuple[_StopPlace, ...] = ()
        self._labels: tuple[QRectF, ...] = ()
        self.is_upright = False
        """True if the stops stand below one another."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_journey(
        self, stops: Sequence[JourneyStop], stretches: Sequence[JourneyStretch]
    ) -> None:
        """Show the stops, and the stretches between them (one fewer)."""
        self._stops, self._stretches = tuple(stops), tuple(stretches)
        self._widths = tuple(map(self._width, self._stops))
        self.setAccessibleName("; ".join(_spoken(self._stops, self._stretches)))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the stretches first and the stops over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = self._kit.theme.colours.text_muted
        ways = zip(self._stretches, self._labels, pairwise(self._places), strict=True)
        for stretch, label, (here, there) in ways:
            self._paint_stretch(painter, stretch, here.centre, there.centre)
            self._draw_line(painter, label, _TextLine(stretch.above, TextStyle.SMALL, muted))
        for stop, place in zip(self._stops, self._places, strict=True):
            self._paint_mark(painter, stop, place.centre)
            area = QRectF(place.words)
            for line in self._lines(stop):
                area.setHeight(self._height(line, area.width()))
                self._draw_line(painter, area, line)
                area.translate(0, area.height())

    def _arrange(self) -> None:
        least = self._least_distances()
        self.is_upright = bool(least) and sum(least) > self._room
        lowest = self._arrange_upright() if self.is_upright else self._arrange_level(least)
        self.setFixedHeight(round(lowest) + _MARGIN)
        self.update()

    @property
    def _room(self) -> float:
        """The width between the first and the last mark of a level line."""
        end = max(_RADIUS, self._widths[-1] / 2) if self._widths else 0
        return self.width() - _RADIUS - end - 1

    def _least_distances(self) -> list[float]:
        """Return the least distances between the centres of neighbours on a level line."""
        small = self._font(TextStyle.SMALL)
        found = []
        for place, ((here, there), way) in enumerate(
            zip(pairwise(self._widths), self._stretches, strict=True)
        ):
            left = here / 2 if place else here - _RADIUS
            words = left + there / 2 + _STOP_GAP
            above = painting.text_width(way.above, small) + _ABOVE_GAP
            found.append(max(words, above, 2 * _RADIUS + 2 * _MODE_ROOM))
        return found

    def _arrange_level(self, least: Sequence[float]) -> float:
        """Place the stops beside one another; return where the lowest words end."""
        rest = max(0.0, self._room - sum(least))
        total = sum(stretch.weight for stretch in self._stretches) or 1.0
        centres = [float(_RADIUS)]
        for stretch, width in zip(self._stretches, least, strict=True):
            centres.append(centres[-1] + width + rest * stretch.weight / total)
        places = []
        for number, (stop, width) in enumerate(zip(self._stops, self._widths, strict=True)):
            centre = round(centres[number]) + 0.0
            left = min(centre - width / 2, self.width() - width) if number else 0.0
            height = sum(self._height(line, width) for line in self._lines(stop))
            words = QRectF(left, _WORDS_TOP, width, height)
            places.append(_StopPlace(QPointF(centre, _LINE_TOP), words))
        self._places = tuple(places)
        self._labels = tuple(
            QRectF(here.centre.x(), 0, there.centre.x() - here.centre.x(), _SMALL_LEADING)
            for here, there in pairwise(places)
        )
        return max((place.words.bottom() for place in places), default=_WORDS_TOP)

    def _arrange_upright(self) -> float:
        """Place the stops below one another; return where the lowest words end."""
        width = max(1.0, float(self.width() - _WORDS_LEFT))
        places, labels, top = [], [], float(_MARGIN)
        for number, stop in enumerate(self._stops):
            height = sum(self._height(line, width) for line in self._lines(stop))
            centre = QPointF(_RADIUS, top + _LEADING / 2)
            places.append(_StopPlace(centre, QRectF(_WORDS_LEFT, top, width, height)))
            top += height
            if number < len(self._stretches):
                label = _TextLine(self._stretches[number].above, TextStyle.SMALL, "")
                height = max(float(_MODE_ROOM), self._height(label, width))
                labels.append(QRectF(_WORDS_LEFT, top, width, height))
                top += height
        self._places, self._labels = tuple(places), tuple(labels)
        return top

    def _paint_stretch(
        self, painter: QPainter, stretch: JourneyStretch, here: QPointF, there: QPointF
    ) -> None:
        theme = self._kit.theme
        ink = stretch.tone.ink(theme.colours)
        pen = QPen(QColor(ink), _STROKE)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if stretch.is_dashed:
            pen.setDashPattern([3.6, 2.4])
        painter.setPen(pen)
        length = (there.y() - here.y()) if self.is_upright else (there.x() - here.x())
        down, right = (1, 0) if self.is_upright else (0, 1)

        def point(away: float) -> QPointF:
            return QPointF(here.x() + right * away, here.y() + down * away)

        start, end = _RADIUS, length - _RADIUS
        half = _MODE_ROOM / 2 if stretch.icon else 0
        share = 0.5 if stretch.now is None else stretch.now
        middle = min(max(start + (end - start) * share, start + half), end - half)
        painter.drawLine(point(start), point(middle - half))
        painter.drawLine(point(middle + half), point(end))
        if stretch.icon:
            at = point(middle)
            if stretch.now is not None:
                painter.setPen(QPen(QColor(ink), 2))
                painter.setBrush(QColor(theme.colours.surface))
                painter.drawEllipse(_square(at, _MODE_ROOM))
            is_quiet = stretch.now is None and not stretch.is_dashed
            mode = theme.colours.text_muted if is_quiet else ink
            theme.icons.paint(painter, stretch.icon, mode, _square(at, icons.LARGE))

    def _paint_mark(self, painter: QPainter, stop: JourneyStop, centre: QPointF) -> None:
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

    def _lines(self, stop: JourneyStop) -> list[_TextLine]:
        """Return the words of a stop from top to bottom, without empty ones."""
        colours, small = self._kit.theme.colours, TextStyle.SMALL
        lines = (
            _TextLine(stop.place, TextStyle.STRONG, colours.text),
            _TextLine(stop.time, small, stop.time_tone.ink(colours)),
            _TextLine(stop.leaves, small, stop.leaves_tone.ink(colours)),
            _TextLine(stop.note, small, stop.tone.ink(colours)),
        )
        return [line for line in lines if line.text]

    def _draw_line(self, painter: QPainter, area: QRectF, line: _TextLine) -> None:
        is_left = self.is_upright or not area.left()
        flag = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignHCenter
        painter.setFont(self._font(line.style))
        painter.setPen(QColor(line.ink))
        wrap = _WRAP if self.is_upright else Qt.TextFlag.TextSingleLine.value
        painter.drawText(area, (flag | Qt.AlignmentFlag.AlignVCenter).value | wrap, line.text)

    def _height(self, line: _TextLine, width: float) -> float:
        """Return the height of a line of text, which wraps beside an upright line."""
        least = float(_LEADING if line.style is TextStyle.STRONG else _SMALL_LEADING)
        if not self.is_upright or not line.text:
            return least
        metrics = QFontMetricsF(self._font(line.style))
        area = metrics.boundingRect(QRectF(0, 0, width, 1e4), _WRAP, line.text)
        return max(least, area.height())

    def _width(self, stop: JourneyStop) -> float:
        return max(
            (painting.text_width(line.text, self._font(line.style)) for line in self._lines(stop)),
            default=0.0,
        )

    def _font(self, style: TextStyle) -> QFont:
        return self._kit.theme.font(style)


def _square(centre: QPointF, side: float) -> QRectF:
    return QRectF(round(centre.x() - side / 2), round(centre.y() - side / 2), side, side)


def _spoken(stops: Sequence[JourneyStop], stretches: Sequence[JourneyStretch]) -> list[str]:
    said = []
    for place, stop in enumerate(stops):
        said.append(
            ", ".join(part for part in (stop.place, stop.time, stop.leaves, stop.note) if part)
        )
        if place < len(stretches) and stretches[place].above:
            said.append(stretches[place].above)
    return said
