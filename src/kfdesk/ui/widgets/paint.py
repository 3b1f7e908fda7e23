# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes that several widgets share: boxes, the focus ring, key hints, ticks and discs.

Only painting: nothing here keeps a state, asks for a translation or knows a page. Rectangles are
in logical pixels; colours are `#RRGGBB` of the theme.
"""

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeySequence, QPainter, QPainterPath, QPen

from kfdesk.ui import tokens
from kfdesk.ui.theme import Theme

_HINT_HEIGHT = 18
_HINT_PADDING = 8
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Fill(Enum):
    """How far something is done."""

    EMPTY = "empty"
    PART = "part"
    DONE = "done"


def box(painter: QPainter, area: QRectF, radius: float, fill: str, line: str = "") -> None:
    """A rounded box; with `line` it has a border one pixel wide inside `area`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    if line:
        painter.setPen(QPen(QColor(line), 1))
        area = area.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area, radius, radius)


def ground(painter: QPainter, area: QRectF, colour: str, corners: tuple[int, int]) -> None:
    """A plain ground whose lower corners, left and right, are rounded if they are not 0."""
    left, right = corners
    if not left and not right:
        painter.fillRect(area, QColor(colour))
        return
    path = QPainterPath(area.topLeft())
    path.lineTo(area.topRight())
    path.lineTo(area.right(), area.bottom() - right)
    path.quadTo(area.bottomRight(), QPointF(area.right() - right, area.bottom()))
    path.lineTo(area.left() + left, area.bottom())
    path.quadTo(area.bottomLeft(), QPointF(area.left(), area.bottom() - left))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, QColor(colour))


def ring(painter: QPainter, area: QRectF, radius: float, colour: str) -> None:
    """The focus ring just inside `area`."""
    half = tokens.RING / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), tokens.RING))
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)


def tick(painter: QPainter, area: QRectF, colour: str) -> None:
    """The accent tick at the left edge of the current row."""
    top = area.center().y() - tokens.TICK_HEIGHT / 2
    mark = QRectF(area.left(), top, tokens.TICK_WIDTH, tokens.TICK_HEIGHT)
    box(painter, mark, 1.5, colour)


def words(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str) -> None:
    """One line of text at the left of `area`, in the middle of its height, cut with … if long."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 0.5)
    painter.drawText(area, _AT_LEFT, shown)


def lines(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str) -> None:
    """Text at the left of `area`, in the middle of its height, broken into lines where long."""
    if width(text, font) <= area.width():
        words(painter, area, text, font, colour)
        return
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(area, _AT_LEFT.value | Qt.TextFlag.TextWordWrap.value, text)


def lines_height(text: str, font: QFont, room: float) -> float:
    """The height of a text that is broken into lines `room` pixels wide."""
    if width(text, font) <= room:
        return height(font)
    area = QRectF(0, 0, room, 9999)
    return QFontMetricsF(font).boundingRect(area, Qt.TextFlag.TextWordWrap.value, text).height()


def longest_word(text: str, font: QFont) -> float:
    """The width below which not even breaking into lines helps."""
    return width(max(text.split(), key=len, default=""), font)


def width(text: str, font: QFont) -> float:
    """The width of a line of text."""
    return QFontMetricsF(font).horizontalAdvance(text)


def height(font: QFont) -> float:
    """The height of a line of text."""
    return QFontMetricsF(font).height()


def key_text(keys: str) -> str:
    """How a key is named on this desktop: `Ctrl L`, `Enter`."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "Enter").replace("+", " ")


def hint_width(theme: Theme, keys: str) -> float:
    """The width of a key hint."""
    return width(key_text(keys), theme.font(tokens.Type.HINT)) + 2 * _HINT_PADDING


def hint_height(theme: Theme) -> int:
    """The height of a key hint."""
    return max(_HINT_HEIGHT, round(height(theme.font(tokens.Type.HINT))) + 3)


def hint(painter: QPainter, theme: Theme, area: QRectF, keys: str, inks: tuple[str, str]) -> None:
    """A key in its frame, filling `area`; `inks` are the colours of the word and the frame."""
    box(painter, area, 4, "", inks[1])
    painter.setFont(theme.font(tokens.Type.HINT))
    painter.setPen(QColor(inks[0]))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key_text(keys))


def disc(painter: QPainter, theme: Theme, area: QRectF, fill: Fill) -> None:
    """The round sign of how far something is done; `area` is a square."""
    colours = theme.colours
    if fill is Fill.DONE:
        box(painter, area, area.width() / 2, colours.success)
        check(painter, area, colours.surface)
        return
    ink = colours.warning if fill is Fill.PART else colours.text_muted
    circle = area.adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(ink), 1.5))
    painter.drawEllipse(circle)
    if fill is Fill.PART:
        painter.setBrush(QColor(ink))
        painter.drawPie(circle, 90 * 16, 180 * 16)


def check(painter: QPainter, area: QRectF, colour: str) -> None:
    """A check mark in the middle of a square."""
    size = area.width()
    pen = QPen(QColor(colour), max(1.4, size / 11))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [(0.30, 0.52), (0.44, 0.66), (0.71, 0.37)]
    painter.drawPolyline(
        [QPointF(area.left() + x * size, area.top() + y * size) for x, y in points]
    )
