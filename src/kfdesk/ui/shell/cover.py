# SPDX-License-Identifier: GPL-3.0-or-later
"""The cover: a blank sheet over the whole window, for when somebody comes in.

It says nothing but the program's neutral name and how to go on, and stays after the window comes
back, until the person at the desk takes it away.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.button import Button


class Cover(QWidget):
    """Lies over `window`, hidden until `lay`; `lifted` is sent when it is taken away."""

    lifted = Signal()

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(window)
        self._kit = kit
        self._focus: QWidget | None = None
        self.button = Button(kit, N_("Go on"), "notebook-text")
        self.button.clicked.connect(self.lift)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setFocusProxy(self.button)
        window.installEventFilter(self)
        self.hide()

    def lay(self) -> None:
        """Cover the window, painted before this returns."""
        if self.isVisible():
            return
        self._focus = self.window().focusWidget()
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()
        self.button.setFocus()
        self.repaint()

    def lift(self) -> None:
        """Show again what was there, with the cursor where it was."""
        self.hide()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None
        self.lifted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as the window."""
        if watched is self.window() and event.type() is QEvent.Type.Resize:
            self.setGeometry(self.window().rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Blank."""
        QPainter(self).fillRect(self.rect(), QColor(self._kit.theme.colours.window))
