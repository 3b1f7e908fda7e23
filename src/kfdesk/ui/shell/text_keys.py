# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of the window that win over those of a text field that has the focus.

It knows neither the keys nor what they do.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox)


class TextKeys(QObject):
    """Lets keys of the window win over those that a text field has of its own.

    On Linux Ctrl+E, for one, goes to the end of a line; a focused field would keep it.
    """

    def __init__(self, window: QWidget, keys: Sequence[str]) -> None:
        super().__init__(window)
        self._window = window
        self._keys = frozenset(QKeySequence(one).toString() for one in keys)
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the field from claiming such a key; the shortcut of the window gets it."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
            return False
        if QKeySequence(event.keyCombination()).toString() not in self._keys:
            return False
        event.ignore()
        return True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now if isinstance(now, _TEXT_FIELDS) else None
        if self._watched is not None and self._window.isAncestorOf(self._watched):
            self._watched.installEventFilter(self)
