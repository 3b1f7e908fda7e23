# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows says of sleep and of locks: messages to our window, read before Qt reads them.

Our window is entered for messages about its session, which is never done unasked, and for those
about sleep, which a computer in modern standby sends only to who is entered. Which message means
what is a table, and tested; that Windows sends them to us could not be tried here.
"""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal

_KINDS = frozenset({b"windows_generic_MSG", b"windows_dispatcher_MSG"})
_POWER, _SESSION = 0x0218, 0x02B1  # WM_POWERBROADCAST, WM_WTSSESSION_CHANGE
_THIS_SESSION = 0  # NOTIFY_FOR_THIS_SESSION
_BY_WINDOW = 0  # DEVICE_NOTIFY_WINDOW_HANDLE
_SLEEP = frozenset({0x4, 0x7, 0x12})
"""PBT_APMSUSPEND, and for who has missed it PBT_APMRESUMESUSPEND and PBT_APMRESUMEAUTOMATIC."""
_LOCK = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT (another user came), WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, …_LOCK."""

SLEPT, LOCKED = "slept", "locked"


def meaning(message: int, reason: int) -> str:
    """What a message with its first parameter means to us: SLEPT, LOCKED or nothing."""
    if message == _POWER and reason in _SLEEP:
        return SLEPT
    return LOCKED if message == _SESSION and reason in _LOCK else ""


class WindowsSession(QObject):
    """Listens from the moment it is made. `is_heard` says whether Windows has agreed to tell."""

    slept = Signal()
    locked = Signal()

    def __init__(self, window: int, enter: Callable[[int], bool] | None = None) -> None:
        """`enter` has Windows tell the window with this number; the system's own way if None."""
        super().__init__()
        self._messages = _Messages(self._on_told)
        app = QCoreApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self._messages)
        self.is_heard = (enter or enter_window)(window)

    def _on_told(self, what: str) -> None:
        if what == SLEPT:
            self.slept.emit()
        elif what == LOCKED:
            self.locked.emit()


class _Messages(QAbstractNativeEventFilter):
    """Reads each message on its way to Qt, and takes none."""

    def __init__(self, told: Callable[[str], None]) -> None:
        super().__init__()
        self._told = told

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: Any
    ) -> Any:
        """See one message."""
        name = kind.data() if isinstance(kind, QByteArray) else bytes(kind)
        if name in _KINDS:
            found = wintypes.MSG.from_address(int(message))
            self._told(meaning(found.message, found.wParam or 0))
        return False, 0


def enter_window(window: int) -> bool:
    """Have Windows tell a window of its session's locks and of sleep; whether it will."""
    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return False
    handle = ctypes.c_void_p(window)
    is_told = bool(library.wtsapi32.WTSRegisterSessionNotification(handle, _THIS_SESSION))
    with suppress(AttributeError):  # it came with Windows 8
        library.user32.RegisterSuspendResumeNotification(handle, _BY_WINDOW)
    return is_told
