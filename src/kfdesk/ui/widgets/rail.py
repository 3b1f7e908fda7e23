# SPDX-License-Identifier: GPL-3.0-or-later
"""The rail: the places of the program down the left side, each with its key.

Adding a place is one line where the places are listed; the rail knows none by name. In a narrow
window it shows icons alone, and the words become tooltips.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Message

_MARGIN = 10
_ICON_LEFT = 16
_WORD_LEFT = 46
_PILL_HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A place: what it is called, its icon and key, and what makes its page on the first visit."""

    key: str
    label: str
    icon: str
    keys: str
    make: Callable[[Kit], QWidget]
    is_at_foot: bool = False


class Item(QPushButton):
    """A row one goes by: the current one carries a tick, a ground and a strong word."""

    def __init__(self, kit: Kit, message: Message) -> None:
        super().__init__()
        self.kit = kit
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(kit.theme.font(Type.BUTTON))
        kit.words.bind(self.setText, message)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes there, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paint_ground(self, painter: QPainter, ground: str, line: str = "") -> QRectF:
        """Paint what says hovered, current or focused; returns the area to fill."""
        colours = self.kit.theme.colours
        area = QRectF(self.rect())
        if self.isChecked():
            paint.box(painter, area, tokens.RADIUS_ROW, ground, line)
            paint.tick(painter, area, colours.accent)
        elif self.underMouse() and self.isEnabled():
            paint.box(painter, area, tokens.RADIUS_ROW, colours.hover)
        if self.hasFocus():
            paint.ring(painter, area, tokens.RADIUS_ROW, colours.focus)
        return area

    @property
    def ink(self) -> str:
        """The colour of the word."""
        colours = self.kit.theme.colours
        if not self.isEnabled():
            return colours.text_muted
        return colours.accent if self.isChecked() else colours.text


class RailItem(Item):
    """A place in the rail, perhaps with how much waits there."""

    def __init__(self, kit: Kit, place: Place) -> None:
        super().__init__(kit, place.label)
        self.place = place
        self._is_narrow = False
        self._count = 0
        kit.words.bind(
            self.setToolTip,
            lambda language: f"{language.gettext(place.label)} ({paint.key_text(place.keys)})",
        )

    def show_count(self, count: int) -> None:
        """Show how many things wait there; 0 shows nothing."""
        self._count = count
        self.setAccessibleDescription(str(count) if count else "")
        self.update()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show the icon alone."""
        self._is_narrow = is_narrow
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The row's height; the rail decides the width."""
        return QSize(tokens.RAIL_ITEM, max(tokens.RAIL_ITEM, self.fontMetrics().height() + 16))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Ground, icon, word, count."""
        theme = self.kit.theme
        painter = QPainter(self)
        area = self.paint_ground(painter, theme.colours.surface, theme.colours.line)
        top = round((area.height() - icons.LARGE) / 2)
        left = (area.width() - icons.LARGE) / 2 if self._is_narrow else _ICON_LEFT
        square = QRectF(left, top, icons.LARGE, icons.LARGE)
        theme.icons.paint(painter, self.place.icon, self.ink, square)
        if self._is_narrow:
            return
        right = self._paint_count(painter, area) if self._count else area.right() - 8
        word = QRectF(_WORD_LEFT, 0, right - _WORD_LEFT, area.height())
        paint.words(painter, word, self.text(), self._font(), self.ink)

    def _font(self) -> QFont:
        return self.kit.theme.font(Type.STRONG if self.isChecked() else Type.BUTTON)

    def _paint_count(self, painter: QPainter, area: QRectF) -> float:
        theme = self.kit.theme
        font = theme.font(Type.SMALL_STRONG)
        width = max(22.0, paint.width(str(self._count), font) + 14)
        top = (area.height() - _PILL_HEIGHT) / 2
        pill = QRectF(area.right() - 10 - width, top, width, _PILL_HEIGHT)
        is_current = self.isChecked()
        colours = theme.colours
        ground = colours.accent_soft if is_current else colours.line
        paint.box(painter, pill, _PILL_HEIGHT / 2, ground)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if is_current else colours.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(self._count))
        return pill.left() - 8


class Rail(QWidget):
    """All places; `chosen` carries the key of the one to go to."""

    chosen = Signal(str)

    def __init__(self, kit: Kit, places: Sequence[Place]) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        self.items = {place.key: self._make_item(kit, place) for place in places}
        self._column = column = QVBoxLayout(self)
        column.setSpacing(4)
        for item in self.items.values():
            if not item.place.is_at_foot:
                column.addWidget(item)
        column.addStretch(1)
        for item in self.items.values():
            if item.place.is_at_foot:
                column.addWidget(item)
        self.set_narrow(is_narrow=False)

    @property
    def current(self) -> RailItem | None:
        """The place one is in."""
        return next((item for item in self.items.values() if item.isChecked()), None)

    def show_current(self, key: str) -> None:
        """Mark the place one is in."""
        self.items[key].setChecked(True)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show icons alone, or icons and words."""
        self.setFixedWidth(tokens.RAIL_NARROW if is_narrow else self._kit.theme.sized(tokens.RAIL))
        margin = 6 if is_narrow else _MARGIN
        self._column.setContentsMargins(margin, 14, margin + 1, 14)
        for item in self.items.values():
            item.set_narrow(is_narrow=is_narrow)

    def _make_item(self, kit: Kit, place: Place) -> RailItem:
        item = RailItem(kit, place)
        self._group.addButton(item)
        item.clicked.connect(lambda: self.chosen.emit(place.key))
        QShortcut(QKeySequence(place.keys), item, item.click)
        return item
