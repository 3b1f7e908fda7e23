# SPDX-License-Identifier: GPL-3.0-or-later
"""The trail: which steps there are, which are done, and where one stands.

It is read, not clicked: Back and Next lead through the steps. It knows only their names.
"""

from collections.abc import Sequence
from itertools import chain

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.words import Message

_DISC = 26
_GAP = 10
_LINE = 28


class Trail(QWidget):
    """The steps side by side."""

    def __init__(self, kit: Kit, names: Sequence[Message]) -> None:
        super().__init__()
        self._kit = kit
        self._names = tuple(names)
        self._stops = [_Stop(kit, number, name) for number, name in enumerate(names, 1)]
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        ways = [_Way(kit, stop) for stop in self._stops[1:]]
        row.addWidget(
            Flow(self._stops[0], *chain(*zip(ways, self._stops[1:], strict=True)), gap=12)
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def stand_at(self, place: int) -> None:
        """Show that all steps before `place`, counted from 0, are done."""
        for number, stop in enumerate(self._stops):
            stop.is_done, stop.is_current = number < place, number == place
        self.update()
        name = self._names[place]
        self._kit.words.bind(
            self.setAccessibleName,
            N_("Step {number} of {count}: {name}"),
            number=lambda _: place + 1,
            count=lambda _: len(self._stops),
            name=lambda _: self._kit.words.say(name),
        )
        for child in self.findChildren(QWidget):
            child.update()


class _Stop(QLabel):
    """One step: its disc and its word."""

    def __init__(self, kit: Kit, number: int, name: Message) -> None:
        super().__init__()
        self._kit = kit
        self._number = str(number)
        self.is_done = False
        self.is_current = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setText, name)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the word when it is the strong one."""
        width = paint.width(self.text(), self._kit.theme.font(Type.STRONG))
        high = max(_DISC, round(paint.height(self._kit.theme.font(Type.STRONG)))) + 4
        return QSize(_DISC + _GAP + round(width) + 1, high)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Done: a filled disc; here: a strong ring and word; ahead: a thin ring."""
        theme = self._kit.theme
        painter = QPainter(self)
        disc = QRectF(0, (self.height() - _DISC) / 2, _DISC, _DISC)
        if self.is_done:
            paint.box(painter, disc, _DISC / 2, theme.colours.accent)
            square = disc.adjusted(5, 5, -5, -5)
            theme.icons.paint(painter, "check", theme.colours.accent_text, square)
        else:
            self._paint_number(painter, disc)
        font = theme.font(Type.STRONG if self.is_current else Type.BODY)
        ink = theme.colours.text if self.is_current else theme.colours.text_muted
        word = QRectF(disc.right() + _GAP, 0, self.width(), self.height())
        paint.words(painter, word, self.text(), font, ink)

    def _paint_number(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._kit.theme.colours
        ink = colours.accent if self.is_current else colours.text_muted
        line = colours.accent if self.is_current else colours.control
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(line), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(ink))
        painter.setFont(self._kit.theme.font(Type.SMALL_STRONG))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, self._number)


class _Way(QWidget):
    """The line that leads to a step."""

    def __init__(self, kit: Kit, stop: _Stop) -> None:
        super().__init__()
        self._kit = kit
        self._stop = stop
        self.setFixedSize(_LINE, 2)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Walked or not yet."""
        colours = self._kit.theme.colours
        is_walked = self._stop.is_done or self._stop.is_current
        ink = QColor(colours.accent if is_walked else colours.line)
        QPainter(self).fillRect(self.rect(), ink)
