# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet over the pages: raised, with a shadow, and the page behind it dimmed and at rest.

It lies inside the window, so that the cover covers it and the lock ends it with the desk, unasked.
The top bar stays free: Hide is never covered. Esc closes; the cursor goes back where it was.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message

_DIM = QColor(0, 0, 0, 96)
_EDGE = 16
_PADDING = 24


class Sheet(QDialog):
    """A sheet with a heading, a body to fill, and one primary button that closes it."""

    def __init__(self, kit: Kit, title: Message, icon: str, tone: Tone = Tone.ACCENT) -> None:
        super().__init__()
        self.kit = kit
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setProperty("ground", "raised")
        kit.words.bind(self.setAccessibleName, title)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Icon(kit, icon, tone, icons.LARGE), 0, Qt.AlignmentFlag.AlignTop)
        self.title = Label(kit, title, Type.HEADING).wrapped()
        head.addWidget(self.title, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(tokens.GRID)
        self._foot = QHBoxLayout()
        self._foot.addStretch(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, 20, _PADDING - tokens.RESERVE, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._make_scroll(), 1)
        column.addLayout(self._foot)

    def close_by(self, message: Message, icon: str = "check") -> Button:
        """Have a primary button that closes the sheet, and where keys begin."""
        button = Button(self.kit, message, icon, Look.PRIMARY)
        button.clicked.connect(self.accept)
        self._foot.addWidget(button)
        self.setFocusProxy(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Page Up and Page Down scroll what is too long; Esc closes."""
        bar = self._scroll.verticalScrollBar()
        steps = {
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_Down: bar.singleStep(),
        }
        if event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        """Tab stays in the sheet while it is open."""
        parts = [
            part
            for part in self.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()
        ]
        focus = QApplication.focusWidget()
        if focus in parts:
            parts[(parts.index(focus) + (1 if is_next else -1)) % len(parts)].setFocus(
                Qt.FocusReason.TabFocusReason
            )
        return bool(parts)

    def _make_scroll(self) -> QScrollArea:
        self._page = page = QWidget()
        page.setProperty("ground", "none")
        self._inside = column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, _PADDING - tokens.RESERVE, 0)
        column.addLayout(self.body)
        column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        return scroll

    def wish(self, room: QWidget) -> tuple[int, int]:
        """How wide and high it wants to be, no more than the room has."""
        width = min(self.maximumWidth(), room.width() - 2 * _EDGE)
        self._page.setFixedWidth(width - 2 * _PADDING + tokens.RESERVE)
        self._inside.activate()
        scroll = max(self._scroll.sizeHint().height(), self._scroll.minimumSizeHint().height())
        around = self._column.sizeHint().height() - scroll
        height = self._inside.minimumSize().height() + around
        return width, min(height, room.height() - 2 * _EDGE)


class Layer(QWidget):
    """Lies over `under`, hidden until a sheet is laid on it; `cleared` follows its closing."""

    cleared = Signal()

    def __init__(self, under: QWidget, resting: QWidget) -> None:
        """`resting` is the part of `under` that answers nothing while a sheet is open."""
        super().__init__(under)
        self._under = under
        self._resting = resting
        self._focus: QWidget | None = None
        self.sheet: Sheet | None = None
        under.installEventFilter(self)
        self.hide()

    def lay(self, sheet: Sheet) -> None:
        """Show a sheet, in place of the one that is open."""
        if self.sheet is None:
            self._focus = QApplication.focusWidget()
        self._drop()
        self.sheet = sheet
        sheet.setParent(self)
        shadow = QGraphicsDropShadowEffect(sheet)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        sheet.setGraphicsEffect(shadow)
        sheet.finished.connect(self.clear)
        sheet.kit.words.changed.connect(self._arrange)
        self._resting.setEnabled(False)
        self.setGeometry(self._under.rect())
        self.raise_()
        self.show()
        sheet.show()
        self._arrange()
        QTimer.singleShot(0, self, self._arrange)
        sheet.setFocus()

    def clear(self, _result: int = 0) -> None:
        """Close what is open, and give the keyboard back."""
        if self.sheet is None:
            return
        self._drop()
        self.hide()
        self._resting.setEnabled(True)
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None
        self.cleared.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as what it lies over."""
        if watched is self._under and event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._under.rect())
            self._arrange()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Dim what is behind."""
        QPainter(self).fillRect(QRectF(self.rect()), _DIM)

    def _arrange(self) -> None:
        """Put the sheet in the middle; wrapped words know their height in the second turn."""
        for _ in range(2):
            if self.sheet is not None:
                width, height = self.sheet.wish(self)
                left = (self.width() - width) // 2
                top = max(_EDGE, (self.height() - height) // 3)
                self.sheet.setGeometry(left, top, width, height)

    def _drop(self) -> None:
        if self.sheet is not None:
            sheet, self.sheet = self.sheet, None
            sheet.kit.words.changed.disconnect(self._arrange)
            sheet.hide()
            sheet.deleteLater()
