# SPDX-License-Identifier: GPL-3.0-or-later
"""Painting helpers that several widgets share: boxes, the focus ring, key hints, marks and discs.

They only paint: they keep no state, translate nothing and know no page. Rectangles are in
logical pixels; colours are `#RRGGBB` of the theme.
"""

from enum import Enum
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeySequence, QPainter, QPainterPath, QPen

from kfdesk.ui import tokens
from kfdesk.ui.theme import Theme
from kfdesk.ui.tokens import TextStyle

NUMBER_SIZE, _DIGIT_SIZE = 24, 14
"""The width of a numbered disc, and of its digit, in pixels."""


_HINT_HEIGHT = 18


_HINT_PADDING = 8


_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Completion(Enum):
    """Degree of completion."""

    EMPTY = "empty"
    PART = "part"
    DONE = "done"


def draw_box(painter: QPainter, area: QRectF, radius: float, fill: str, line: str = "") -> None:
    """Draw a rounded box; `line` adds a border one pixel wide inside `area`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    if line:
        painter.setPen(QPen(QColor(line), 1))
        area = area.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area, radius, radius)


def draw_ground(painter: QPainter, area: QRectF, colour: str, corners: tuple[int, int]) -> None:
    """Draw a background; radii above 0 round its lower corners, left and right."""
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


def draw_focus_ring(painter: QPainter, area: QRectF, radius: float, colour: str) -> None:
    """Draw the focus ring just inside `area`."""
    half = tokens.RING / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colour), tokens.RING))
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)


def draw_tick(painter: QPainter, area: QRectF, colour: str) -> None:
    """Draw the accent bar at the left edge of the current row."""
    top = area.center().y() - tokens.TICK_HEIGHT / 2
    draw_box(painter, QRectF(area.left(), top, tokens.TICK_WIDTH, tokens.TICK_HEIGHT), 1.5, colour)


def draw_text(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str) -> None:
    """Draw one line of text, left and vertically centred in `area`, elided if too long."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 0.5)
    painter.drawText(area, _AT_LEFT, shown)


def draw_wrapped_text(painter: QPainter, area: QRectF, text: str, font: QFont, colour: str) -> None:
    """Draw text, left and vertically centred in `area`, wrapped if too long."""
    if text_width(text, font) <= area.width():
        draw_text(painter, area, text, font, colour)
        return
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(area, _AT_LEFT.value | Qt.TextFlag.TextWordWrap.value, text)


def wrapped_height(text: str, font: QFont, room: float) -> float:
    """Return the height of a text that is wrapped to `room` pixels."""
    if text_width(text, font) <= room:
        return text_height(font)
    area = QRectF(0, 0, room, 9999)
    return QFontMetricsF(font).boundingRect(area, Qt.TextFlag.TextWordWrap.value, text).height()


def longest_word_width(text: str, font: QFont) -> float:
    """Return the width of the longest word, below which wrapping does not help."""
    return text_width(max(text.split(), key=len, default=""), font)


def text_width(text: str, font: QFont) -> float:
    """Return the width of a line of text."""
    return QFontMetricsF(font).horizontalAdvance(text)


def text_height(font: QFont) -> float:
    """Return the height of a line of text."""
    return QFontMetricsF(font).height()


_ARROWS = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
"""The signs on the keys, in every language."""


@cache
def key_label(keys: str) -> str:
    """Return the name of a key on this desktop: `Ctrl L`, `Enter`, `Alt ↑`, in any language.

    Cached because Qt asks its translators some two hundred times for one name.
    """
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    names = native.replace("Return", "Enter").split("+")
    return " ".join(_ARROWS.get(name, name) for name in names)


def key_hint_width(theme: Theme, keys: str) -> float:
    """Return the width of a key hint."""
    return text_width(key_label(keys), theme.font(tokens.TextStyle.HINT)) + 2 * _HINT_PADDING


def key_hint_height(theme: Theme) -> int:
    """Return the height of a key hint."""
    return max(_HINT_HEIGHT, round(text_height(theme.font(tokens.TextStyle.HINT))) + 3)


def draw_key_hint(
    painter: QPainter, theme: Theme, area: QRectF, keys: str, inks: tuple[str, str]
) -> None:
    """Draw a key in a frame that fills `area`; `inks` are the colours of text and frame."""
    draw_box(painter, area, 4, "", inks[1])
    painter.setFont(theme.font(tokens.TextStyle.HINT))
    painter.setPen(QColor(inks[0]))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key_label(keys))


def draw_disc(painter: QPainter, theme: Theme, area: QRectF, fill: Completion) -> None:
    """Draw the disc that shows how far something is done; `area` is a square."""
    colours = theme.colours
    if fill is Completion.DONE:
        draw_box(painter, area, area.width() / 2, colours.accent)  # green is for safe or happened
        draw_check(painter, area, colours.accent_text)
        return
    ink = colours.warning if fill is Completion.PART else colours.text_muted
    circle = area.adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(ink), 1.5))
    painter.drawEllipse(circle)
    if fill is Completion.PART:
        painter.setBrush(QColor(ink))
        painter.drawPie(circle, 90 * 16, 180 * 16)


def draw_completion(painter: QPainter, theme: Theme, area: QRectF, fill: Completion) -> None:
    """Draw how far something is filled in; what is filled in is petrol, since green means safe."""
    if fill is not Completion.DONE:
        draw_disc(painter, theme, area, fill)
        return
    size = area.width() - 1.5
    draw_box(painter, area.adjusted(0.75, 0.75, -0.75, -0.75), size / 2, theme.colours.accent)


def draw_number(painter: QPainter, theme: Theme, at: QPointF, number: int) -> None:
    """Draw a number in a disc of NUMBER_SIZE around a point, with a line that sets it off."""
    area = QRectF(at.x() - NUMBER_SIZE / 2, at.y() - NUMBER_SIZE / 2, NUMBER_SIZE, NUMBER_SIZE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.colours.accent_text), 2))
    painter.setBrush(QColor(theme.colours.accent))
    painter.drawEllipse(area.adjusted(1, 1, -1, -1))
    font = QFont(theme.font(TextStyle.STRONG))
    font.setPixelSize(_DIGIT_SIZE)
    painter.setFont(font)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(number))


def draw_check(painter: QPainter, area: QRectF, colour: str) -> None:
    """Draw a check mark in the middle of a square."""
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
