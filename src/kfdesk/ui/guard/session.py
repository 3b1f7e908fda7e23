# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop says of itself: that it goes to sleep, that its screen was locked.

Where there is a bus it is asked there: logind for sleep and locks, the screen savers for locks
that they make by themselves. Without one nothing is said, and nothing is wrong. A signal of
anybody's session counts: it can only lock once too often. How Windows and macOS say it stands in
the neighbours; what nobody says, the clocks tell (`slumber.py`).
"""

import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusReply,
    QDBusUnixFileDescriptor,
)

from kfdesk.ui.guard.macos_session import MacSession
from kfdesk.ui.guard.windows_session import WindowsSession

_LOGIN = "org.freedesktop.login1"
_MANAGER = f"{_LOGIN}.Manager"
_LOGIN_PATH = "/org/freedesktop/login1"
_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
_SLEEP_SLOT = SLOT("_on_sleep_prepared(bool)")
_LOCK_SLOT = SLOT("_on_session_locked()")
_SAVER_SLOT = SLOT("_on_saver_changed(bool)")
_REASON = ("sleep", "Notebook", "Notebook", "delay")


class Session(QObject):
    """Listens from the moment it is made. `is_heard` says whether anybody can tell it anything."""

    slept = Signal()
    """The computer is about to sleep."""

    locked = Signal()
    """Somebody locked the screen."""

    def __init__(self, system: QDBusConnection, session: QDBusConnection) -> None:
        super().__init__()
        self.is_heard = system.isConnected() or session.isConnected()
        self._system = system
        self._delay: QDBusUnixFileDescriptor | None = None
        if system.isConnected():
            self._listen(system, _MANAGER, "PrepareForSleep", _SLEEP_SLOT)
            self._listen(system, f"{_LOGIN}.Session", "Lock", _LOCK_SLOT)
            self._ask_for_delay()
        if session.isConnected():
            for saver in _SAVERS:
                self._listen(session, saver, "ActiveChanged", _SAVER_SLOT)

    def _listen(self, bus: QDBusConnection, interface: str, name: str, slot: str) -> None:
        bus.connect("", "", interface, name, self, slot)  # type: ignore[call-overload] # it takes str

    def _ask_for_delay(self) -> None:
        """Have the sleep wait for us, some seconds at most; a new process lets it go."""
        call = QDBusMessage.createMethodCall(_LOGIN, _LOGIN_PATH, _MANAGER, "Inhibit")
        call.setArguments(list(_REASON))
        reply = self._system.call(call, timeout=500)
        if reply.type() is QDBusMessage.MessageType.ReplyMessage:
            self._delay = QDBusReply(reply).value()

    @Slot(bool)
    def _on_sleep_prepared(self, is_beginning: bool) -> None:
        if is_beginning:
            self.slept.emit()
            self._delay = None  # whoever locks has done so by now
        else:
            self._ask_for_delay()

    @Slot()
    def _on_session_locked(self) -> None:
        self.locked.emit()

    @Slot(bool)
    def _on_saver_changed(self, is_active: bool) -> None:
        if is_active:
            self.locked.emit()


def hear_session(window: int) -> Session | WindowsSession | MacSession:
    """The desktop's session; `window` is the number that the system gave our window."""
    if sys.platform == "win32":
        return WindowsSession(window)
    if sys.platform == "darwin":
        return MacSession()
    return Session(QDBusConnection.systemBus(), QDBusConnection.sessionBus())
