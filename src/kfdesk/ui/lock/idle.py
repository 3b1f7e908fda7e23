# SPDX-License-Identifier: GPL-3.0-or-later
"""The idle watcher: what locks or hides the window from inside: keys, idle time, and sleep.

A laptop that slept must be locked, even if the system sent no signal. So a clock that counts
while the computer sleeps is compared with one that does not. The watcher only emits signals:
it hides and locks nothing.
"""

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QGuiApplication,
    QInputEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

# --- Sleep detection

SLEEP_CHECK_SECONDS = 1.0
"""The interval between checks."""

_CLOCK_TOLERANCE = 2.0  # seconds; the two clocks are not read at exactly the same time
_WALL_CLOCK_JUMP = 60.0  # seconds; no window blocks for so long
_WINDOWS_TICKS_PER_SECOND = 10_000_000  # Windows counts in units of 100 ns

ClockFunction = Callable[[], float]
ClockPair = tuple[ClockFunction, ClockFunction]


class SleepDetector:
    """A detector of sleep. `pair` is the clock that counts sleep and the clock that does not."""

    def __init__(self, pair: ClockPair | None, wall: ClockFunction = time.time) -> None:
        self._pair = pair
        self._wall = wall
        self.start()

    def start(self) -> None:
        """Start counting from now."""
        self._seen = self._wall()
        self._ahead = self._gap()

    def has_slept(self) -> bool:
        """Return whether the computer slept since the last check."""
        seen, ahead = self._seen, self._ahead
        self.start()
        return (
            self._ahead - ahead > _CLOCK_TOLERANCE
            or self._seen - seen > SLEEP_CHECK_SECONDS + _WALL_CLOCK_JUMP
        )

    def _gap(self) -> float:
        if self._pair is None:
            return 0.0
        always, awake = self._pair
        return always() - awake()


def clock_pair(platform: str = sys.platform) -> ClockPair | None:
    """Return the system's two clocks, or None if it has no such pair."""
    if platform == "win32":
        return _windows_pair()
    always = getattr(time, "CLOCK_BOOTTIME", None)
    awake = getattr(time, "CLOCK_MONOTONIC", None)
    if platform == "darwin":
        always = getattr(time, "CLOCK_MONOTONIC_RAW", None)
        awake = getattr(time, "CLOCK_UPTIME_RAW", None)
    if always is None or awake is None:
        return None
    return (lambda: time.clock_gettime(always)), (lambda: time.clock_gettime(awake))


def _windows_pair() -> ClockPair | None:
    """Return the clocks `GetTickCount64` (counts sleep) and `QueryUnbiasedInterruptTime`."""
    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return None
    kernel = library.kernel32
    kernel.GetTickCount64.restype = ctypes.c_ulonglong

    def always() -> float:
        return float(kernel.GetTickCount64()) / 1000

    def awake() -> float:
        parts = ctypes.c_ulonglong()
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(parts))
        return parts.value / _WINDOWS_TICKS_PER_SECOND

    return always, awake


# --- The watcher

HIDE_KEY = "F12"
LOCK_KEY = "Ctrl+L"
_OTHER_HIDE_KEY = "Ctrl+Shift+H"

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NO_MATTER = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier
_HIDE_LETTERS = (Qt.Key.Key_H.value, 0x0420)
_LOCK_LETTERS = (Qt.Key.Key_L.value, 0x0414)
"""A letter, and what the same key sends on a Russian keyboard: Р and Д."""

_USER_INPUT = frozenset(
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

_INPUT_EVENTS = (QInputEvent, QInputMethodEvent)
"""Checked first on every event: reading an event's type creates an object."""

_HAS_SHORTCUTS = "hides_and_locks"
_NO_DRAG = 1_000_000  # pixels that the pointer would have to move
_USUAL_DRAG = 10  # pixels; a menu ignores a release before the pointer has moved so far


class IdleWatcher(QObject):
    """A watcher of keys and idle time, for as long as `window` exists.

    Qt's shortcuts do not reach a modal dialog, and two of them with one key stop each other while
    the menu bar is active. So the filter claims a key before the shortcuts see it
    (`ShortcutOverride`). During a drag Qt takes every key, so no drag ever begins.
    """

    hide_asked = Signal()
    lock_asked = Signal()
    idled = Signal()
    slept = Signal()
    """The computer slept, and the system sent no signal."""

    def __init__(self, window: QWidget, sleep_detector: SleepDetector | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._has_begun = False
        self._typed_into: QObject | None = None
        self._sleep_detector = sleep_detector or SleepDetector(clock_pair())
        self._pulse = QTimer(self, interval=round(SLEEP_CHECK_SECONDS * 1000))
        self._pulse.timeout.connect(self._check_sleep)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idled)
        self._add_shortcuts(window)
        self._drag_distance = min(QApplication.startDragDistance(), _USUAL_DRAG)
        QApplication.setStartDragDistance(_NO_DRAG)
        app = cast("QGuiApplication", QGuiApplication.instance())
        app.focusWindowChanged.connect(self._on_focus_moved)

    def start(self) -> None:
        """Filter the events of our windows from now on; before that only the shortcuts work.

        Call it when there is something to hide; the first modal dialog does, too. The first event
        of a class that Python has not seen makes PySide load all its classes, which would delay the
        first paint. A filter of all events of the application would take a third of the time in
        which a page is built.
        """
        if self._has_begun:
            return
        self._has_begun = True
        app = cast("QGuiApplication", QGuiApplication.instance())
        app.focusWindowChanged.connect(self._on_focus_window_changed)
        app.focusObjectChanged.connect(self._on_focus_object_changed)
        self._window.installEventFilter(self)
        for window in (self._window.windowHandle(), app.focusWindow()):
            self._on_focus_window_changed(window)
        self._on_focus_object_changed(app.focusObject())

    def set_idle_minutes(self, minutes: int) -> None:
        """Emit `idled` after so many idle minutes; 0 means never."""
        self._timer.stop()
        self._timer.setInterval(minutes * 60_000)
        if minutes:
            self._timer.start()

    def watch_for_sleep(self, *, is_asked: bool) -> None:
        """Emit `slept` when the clocks show it, for systems that do not announce sleep."""
        self._sleep_detector.start()
        if is_asked:
            self._pulse.start()
        else:
            self._pulse.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Restart the idle timer, and consume only the keys that hide and lock."""
        if not isinstance(event, _INPUT_EVENTS):
            return False
        signal = self._signal_of(event) if isinstance(event, QKeyEvent) else None
        if event.type() is QEvent.Type.ShortcutOverride and signal is not None:
            self._filter_popup()
            event.accept()  # no shortcut gets the key; it comes again as a key press
            return True
        if event.type() not in _USER_INPUT:
            return False
        if event.type() is QEvent.Type.MouseButtonPress:
            is_menu = QApplication.activePopupWidget() is not None
            QApplication.setStartDragDistance(self._drag_distance if is_menu else _NO_DRAG)
        has_slept = self._pulse.isActive() and self._check_sleep()
        if self._timer.isActive():
            self._timer.start()
        if signal is not None:
            signal.emit()
        # input on waking must not reach a page that is about to be locked
        return has_slept or signal is not None

    def _signal_of(self, event: QKeyEvent) -> SignalInstance | None:
        """Return what a key asks for. F12 hides with every modifier that is held, too."""
        key, held = event.key(), event.modifiers() & ~_NO_MATTER
        if key == Qt.Key.Key_F12 or (key in _HIDE_LETTERS and held == _CTRL | _SHIFT):
            return self.hide_asked
        return self.lock_asked if key in _LOCK_LETTERS and held == _CTRL else None

    def _filter_popup(self) -> None:
        """Filter the open menu or list: Qt sends it the key presses of the focused window."""
        popup = QApplication.activePopupWidget()
        handle = popup.windowHandle() if popup is not None else None
        if handle is not None:
            handle.installEventFilter(self)

    def _add_shortcuts(self, window: QWidget) -> None:
        asked = (
            (HIDE_KEY, self.hide_asked),
            (_OTHER_HIDE_KEY, self.hide_asked),
            (LOCK_KEY, self.lock_asked),
        )
        for keys, signal in asked:
            shortcut = QShortcut(QKeySequence(keys), window, signal.emit)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.activatedAmbiguously.connect(signal)

    def _on_focus_moved(self) -> None:
        """Give a modal dialog the shortcuts: no key that goes to a window below it is filtered."""
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return
        self.start()
        if not dialog.property(_HAS_SHORTCUTS):
            dialog.setProperty(_HAS_SHORTCUTS, "yes")
            self._add_shortcuts(dialog)

    def _on_focus_window_changed(self, window: QObject | None) -> None:
        """Filter the focused window: keys and pointer events reach it first, even under a menu."""
        for each in (window, QApplication.activeWindow()):
            if each is not None:
                each.installEventFilter(self)

    def _on_focus_object_changed(self, focus: QObject | None) -> None:
        """Filter the focused object: an input method sends its events there, not to the window."""
        if self._typed_into is not None and isValid(self._typed_into):
            self._typed_into.removeEventFilter(self)
        self._typed_into = focus
        if focus is not None:
            focus.installEventFilter(self)

    def _check_sleep(self) -> bool:
        """Return whether the computer slept since the last check, and emit `slept` if so."""
        has_slept = self._sleep_detector.has_slept()
        if has_slept:
            self.slept.emit()
        return has_slept
