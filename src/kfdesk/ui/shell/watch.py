# SPDX-License-Identifier: GPL-3.0-or-later
"""The watch: the keys that hide and lock from anywhere, and how long nobody has used the program.

It sees what comes to a window of the program before any widget of it does, because an open menu or
dialog must neither swallow the key that hides it nor stop the clock. Shortcuts beside it find the
keys on a Cyrillic keyboard too. It only tells; the window covers itself, and the store is locked
elsewhere.
"""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QGuiApplication,
    QInputEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kfdesk.ui.guard.slumber import BEAT, Slumber, clock_pair

HIDE_KEY = "F12"
LOCK_KEY = "Ctrl+L"
_OTHER_HIDE_KEY = "Ctrl+Shift+H"
_USE = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TabletPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    )
)

_INPUT = (QInputEvent, QInputMethodEvent)
"""Asked first, of every event there is: to ask for the type of one makes an object."""


class Watch(QObject):
    """Looks at keys and at idleness, for as long as `window` exists."""

    hide_asked = Signal()
    lock_asked = Signal()
    idled = Signal()
    slept = Signal()
    """The computer slept, and nobody said so beforehand."""

    def __init__(self, window: QWidget, slumber: Slumber | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._has_begun = False
        self._typed_into: QObject | None = None
        self._slumber = slumber or Slumber(clock_pair())
        self._pulse = QTimer(self, interval=round(BEAT * 1000))
        self._pulse.timeout.connect(self._on_beat)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idled)
        asked = (
            (HIDE_KEY, self.hide_asked),
            (_OTHER_HIDE_KEY, self.hide_asked),
            (LOCK_KEY, self.lock_asked),
        )
        self._asked: dict[QKeySequence, SignalInstance] = {}
        for keys, signal in asked:
            shortcut = QShortcut(QKeySequence(keys), window, signal.emit)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            self._asked[shortcut.key()] = signal

    def begin(self) -> None:
        """Look at what comes to our windows from now on; until then the shortcuts alone answer.

        It is asked for when there is something to hide: the first event of a class that Python
        has not met makes PySide load all its classes, which would delay the first picture. Asking
        the program for all its events would take a third of the time in which a page is made.
        """
        if self._has_begun:
            return
        self._has_begun = True
        app = cast("QGuiApplication", QGuiApplication.instance())
        app.focusWindowChanged.connect(self._on_focus_window_changed)
        app.focusObjectChanged.connect(self._on_focus_object_changed)
        self._on_focus_window_changed(self._window.windowHandle())
        self._on_focus_object_changed(app.focusObject())

    def wait_for(self, minutes: int) -> None:
        """Send `idled` after so many minutes of no use; 0 is never."""
        self._timer.stop()
        self._timer.setInterval(minutes * 60_000)
        if minutes:
            self._timer.start()

    def look_for_sleep(self, *, is_asked: bool) -> None:
        """Send `slept` when the clocks tell of it: so it is noticed where nobody says it before."""
        self._slumber.begin()
        if is_asked:
            self._pulse.start()
        else:
            self._pulse.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note the use; take the keys that are ours, and let everything else pass."""
        if not isinstance(event, _INPUT) or event.type() not in _USE:
            return False
        if self._pulse.isActive() and self._has_slept():
            return True  # what was typed on waking is for no page that is about to go
        if self._timer.isActive():
            self._timer.start()
        if not isinstance(event, QKeyEvent):
            return False
        signal = self._asked.get(QKeySequence(event.keyCombination()))
        if signal is not None:
            signal.emit()
        return signal is not None

    def _on_focus_window_changed(self, window: QObject | None) -> None:
        """Keys and pointers come to the window first, also while a menu of it is open."""
        if window is not None:
            window.installEventFilter(self)

    def _on_focus_object_changed(self, focus: QObject | None) -> None:
        """An input method writes past the window, into what has the keyboard."""
        if self._typed_into is not None and isValid(self._typed_into):
            self._typed_into.removeEventFilter(self)
        self._typed_into = focus
        if focus is not None:
            focus.installEventFilter(self)

    def _on_beat(self) -> None:
        self._has_slept()

    def _has_slept(self) -> bool:
        """Whether the computer has slept since the last look; then that is told."""
        has_slept = self._slumber.has_slept()
        if has_slept:
            self.slept.emit()
        return has_slept
