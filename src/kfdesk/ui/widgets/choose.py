# SPDX-License-Identifier: GPL-3.0-or-later
"""A few answers that are worth seeing at once, of which one holds.

Segmented: two to four short ones side by side; an Option is a box with a name and a line under
it. More answers go into a Choice. Arrow keys walk, as in every group of radio buttons. Knows
nothing of what is asked.
"""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Message

_INSET, _BETWEEN = 3, 2
_GAP = 6
_PADDING = 16
_DISC = 18
_LINES = 54
_WORDS_AT = _PADDING + _DISC + 12
"""Where the words of a box begin, from its left edge."""
_BESIDE = _WORDS_AT + _PADDING // 2 + 2 * tokens.RESERVE
_ABOVE, _NARROWEST = 8, 200
_WIDTHS = 8  # for so many a layout asks at most
_WRAP = Qt.TextFlag.TextWordWrap.value


class _Part(QPushButton):
    """One answer."""

    def __init__(self, kit: Kit, message: Message) -> None:
        super().__init__()
        self._kit = kit
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(kit.theme.font(Type.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setText, message)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the word and the check."""
        return self._size(paint.width(self.text(), self.font()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as its longest word: the others go on in the next line."""
        return self._size(paint.longest_word(self.text(), self.font()))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """What the lines need."""
        room = width - icons.MEDIUM - _GAP - 2 * _PADDING + 1
        high = paint.lines_height(self.text(), self.font(), room)
        return max(tokens.CONTROL - 2 * _INSET, round(high) + 8)

    def _size(self, words: float) -> QSize:
        width = words + icons.MEDIUM + _GAP + 2 * _PADDING
        return QSize(ceil(width), max(self.heightForWidth(tokens.ANY), self.minimumHeight()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The chosen one stands out by ground, line and check."""
        colours = self._kit.theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        is_lit = self.underMouse() and self.isEnabled()
        if self.isChecked():
            line = colours.accent if self.isEnabled() else colours.line
            paint.box(painter, area, 5, colours.hover if is_lit else colours.surface, line)
        elif is_lit:
            paint.box(painter, area, 5, colours.hover)
        if self.hasFocus():
            paint.ring(painter, area, 5, colours.focus)
        self._paint_word(painter, area)

    def _paint_word(self, painter: QPainter, area: QRectF) -> None:
        colours = self._kit.theme.colours
        ink = colours.accent if self.isChecked() else colours.text
        ink = ink if self.isEnabled() else colours.text_muted
        mark = icons.MEDIUM + _GAP if self.isChecked() else 0
        width = min(paint.width(self.text(), self.font()), area.width() - mark - _GAP)
        left = round(area.center().x() - (width + mark) / 2)
        if self.isChecked():
            top = round(area.center().y() - icons.MEDIUM / 2)
            square = QRectF(left, top, icons.MEDIUM, icons.MEDIUM)
            self._kit.theme.icons.paint(painter, "check", ink, square)
        word = QRectF(left + mark, 0, width, area.height())
        paint.lines(painter, word, self.text(), self.font(), ink)


class Segmented(QWidget):
    """Answers side by side; `chosen` carries the key of the one a person chose."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, options: Sequence[tuple[str, Message]]) -> None:
        super().__init__()
        self._kit = kit
        self._group = QButtonGroup(self)
        self.parts: dict[str, QPushButton] = {}
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        row.setSpacing(_BETWEEN)
        for key, message in options:
            row.addWidget(self._make_part(key, message))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one row, if it may choose."""
        return QSize(self._in_one_row, self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As wide as the widest answer."""
        least = max(part.minimumSizeHint().width() for part in self.parts.values())
        return QSize(least + 2 * _INSET, self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where one row is too long, they stand below one another."""
        way = QBoxLayout.Direction
        has_room = self.width() >= self._in_one_row
        self._row.setDirection(way.LeftToRight if has_room else way.TopToBottom)
        super().resizeEvent(event)

    @property
    def _in_one_row(self) -> int:
        hints = [part.sizeHint().width() for part in self.parts.values()]
        return sum(hints) + (len(hints) - 1) * _BETWEEN + 2 * _INSET

    @property
    def key(self) -> str:
        """The key of the answer that holds; empty if none does yet."""
        return next((key for key, part in self.parts.items() if part.isChecked()), "")

    def choose(self, key: str) -> None:
        """Let an answer hold, without `chosen`."""
        self.parts[key].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The trough."""
        colours = self._kit.theme.colours
        area = QRectF(self.rect())
        paint.box(QPainter(self), area, tokens.RADIUS_ROW, colours.sunken, colours.line)

    def _make_part(self, key: str, message: Message) -> QPushButton:
        part = _Part(self._kit, message)
        part.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(part)
        self.parts[key] = part
        return part


class Option(QRadioButton):
    """One answer in a box: its name, and a sentence under it."""

    def __init__(self, kit: Kit, name: Message, under: Message) -> None:
        super().__init__()
        self._kit = kit
        self._under = ""
        self._measured: dict[tuple[float, str, str], tuple[float, float]] = {}
        kit.words.bind(self.setText, name)
        kit.words.bind(self._tell_under, under)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Box and ring, with its words on two lines if it may choose."""
        theme = self._kit.theme
        wide = max(
            paint.width(self._under, theme.font(Type.SMALL)),
            paint.width(self.text(), theme.font(Type.STRONG)),
        )
        return QSize(round(wide) + _BESIDE, self.heightForWidth(round(wide) + _BESIDE))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as its name; the sentence under it breaks into lines."""
        wide = min(paint.width(self.text(), self._kit.theme.font(Type.STRONG)), _NARROWEST)
        return QSize(round(wide) + _BESIDE, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """A narrow one has more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """What the lines need."""
        name, under = self._heights(width - _BESIDE)
        return max(_LINES, round(name + under) + 2 * _ABOVE) + 2 * tokens.RESERVE

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _heights(self, room: float) -> tuple[float, float]:
        """How high both texts are, measured once: a layout asks for it again and again."""
        asked = (room, self.text(), self._under)
        if asked not in self._measured:
            if len(self._measured) > _WIDTHS:
                self._measured.clear()
            theme = self._kit.theme
            fonts = (theme.font(Type.STRONG), theme.font(Type.SMALL))
            name, under = (
                QFontMetricsF(font).boundingRect(QRectF(0, 0, room, 999), _WRAP, words).height()
                for font, words in zip(fonts, asked[1:], strict=True)
            )
            self._measured |= {asked: (name, under)}
        return self._measured[asked]

    def hitButton(self, _at: object) -> bool:  # noqa: N802
        """The whole box can be clicked."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Box, ring, disc, words."""
        theme = self._kit.theme
        gap = tokens.RESERVE
        painter = QPainter(self)
        area = QRectF(self.rect())
        inner = area.adjusted(gap, gap, -gap, -gap)
        fill = theme.colours.accent_soft if self.isChecked() else theme.colours.surface
        line = theme.colours.accent if self.isChecked() else theme.colours.control
        if self.underMouse() and not self.isChecked():
            fill = theme.colours.hover
        paint.box(painter, inner, tokens.RADIUS_ROW, fill, line)
        if self.hasFocus():
            paint.ring(painter, area, tokens.RADIUS_ROW + tokens.RING_GAP, theme.colours.focus)
        left = inner.left() + _PADDING
        self._paint_disc(painter, QRectF(left, inner.center().y() - _DISC / 2, _DISC, _DISC))
        left = inner.left() + _WORDS_AT
        name, under = self._heights(self.width() - _BESIDE)
        top = inner.center().y() - (name + under) / 2
        for words, style, ink, high in (
            (self.text(), Type.STRONG, theme.colours.text, name),
            (self._under, Type.SMALL, theme.colours.text_muted, under),
        ):
            painter.setFont(theme.font(style))
            painter.setPen(QColor(ink))
            painter.drawText(QRectF(left, top, self.width() - _BESIDE, high), _WRAP, words)
            top += high

    def _tell_under(self, words: str) -> None:
        self._under = words
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._kit.theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if self.isChecked() else colours.control), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if self.isChecked():
            paint.box(painter, disc.adjusted(5, 5, -5, -5), _DISC, colours.accent)
