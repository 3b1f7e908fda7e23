# SPDX-License-Identifier: GPL-3.0-or-later
"""The session monitor: sleep and screen locks, as the operating system reports them.

Linux reports on D-Bus: logind sleep and locks, and screen savers that lock by themselves.
Windows sends messages to the window, macOS calls back. Without a reporter nothing happens,
which is no error. Signals of every session count: at worst the store locks once too often.
`idle.py` detects sleep that nobody reports.
"""

import ctypes
import sys
from collections.abc import Callable
from contextlib import suppress
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusReply, QDBusUnixFileDescriptor

# --- macOS

_CAN_SLEEP, _WILL_SLEEP = 0xE0000270, 0xE0000280  # kIOMessageCanSystemSleep, …WillSleep
_SCREEN_LOCKED = b"com.apple.screenIsLocked"
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_DELIVER_IMMEDIATELY = 4  # CFNotificationSuspensionBehaviorDeliverImmediately
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_IOKIT = "/System/Library/Frameworks/IOKit.framework/IOKit"

_Pointer = ctypes.c_void_p
_PowerCall = ctypes.CFUNCTYPE(None, _Pointer, ctypes.c_uint32, ctypes.c_uint32, _Pointer)
_NoticeCall = ctypes.CFUNCTYPE(None, _Pointer, _Pointer, _Pointer, _Pointer, _Pointer)


def is_sleep(message: int) -> bool:
    """Return whether the computer is about to sleep, and does not only ask for permission."""
    return message == _WILL_SLEEP


def wants_answer(message: int) -> bool:
    """Return whether macOS waits for our answer."""
    return message in (_CAN_SLEEP, _WILL_SLEEP)


class MacSessionMonitor(QObject):
    """A monitor of sleep and screen locks. `is_heard` says whether macOS has registered us."""

    slept = Signal()
    locked = Signal()

    def __init__(self, load: Callable[[str], Any] = ctypes.CDLL) -> None:
        super().__init__()
        self._port = 0
        self._on_power = _PowerCall(self._on_power_event)  # kept, or the callback would be freed
        self._on_notice = _NoticeCall(self._on_screen_locked)
        try:
            self._foundation, self._kit = load(_FOUNDATION), load(_IOKIT)
            self._ask_for_power()
            self._ask_for_notices()
        except (OSError, AttributeError, ValueError):
            self.is_heard = False
        else:
            self.is_heard = bool(self._port)

    def _ask_for_power(self) -> None:
        kit, foundation = self._kit, self._foundation
        queue, notifier = _Pointer(), ctypes.c_uint32()
        to_queue, to_notifier = ctypes.POINTER(_Pointer), ctypes.POINTER(ctypes.c_uint32)
        wanted = (_Pointer, to_queue, _PowerCall, to_notifier)
        ask = _with_types(kit.IORegisterForSystemPower, ctypes.c_uint32, *wanted)
        self._port = ask(None, ctypes.byref(queue), self._on_power, ctypes.byref(notifier))
        if not self._port:
            return
        source = _with_types(kit.IONotificationPortGetRunLoopSource, _Pointer, _Pointer)(queue)
        loop = _with_types(foundation.CFRunLoopGetMain, _Pointer)()
        mode = _Pointer.in_dll(foundation, "kCFRunLoopCommonModes")
        add = _with_types(foundation.CFRunLoopAddSource, None, _Pointer, _Pointer, _Pointer)
        add(loop, source, mode)

    def _ask_for_notices(self) -> None:
        foundation = self._foundation
        centre = _with_types(foundation.CFNotificationCenterGetDistributedCenter, _Pointer)()
        wanted = (_Pointer, ctypes.c_char_p, ctypes.c_uint32)
        name = _with_types(foundation.CFStringCreateWithCString, _Pointer, *wanted)(
            None, _SCREEN_LOCKED, _UTF8
        )
        told = (_Pointer, _Pointer, _NoticeCall, _Pointer, _Pointer, ctypes.c_long)
        add = _with_types(foundation.CFNotificationCenterAddObserver, None, *told)
        add(centre, None, self._on_notice, name, None, _DELIVER_IMMEDIATELY)

    def _on_power_event(self, _own: Any, _service: int, message: int, number: int | None) -> None:
        if is_sleep(message):
            self.slept.emit()
        if wants_answer(message):
            wanted = (ctypes.c_uint32, ctypes.c_long)
            answer = _with_types(self._kit.IOAllowPowerChange, ctypes.c_int, *wanted)
            answer(self._port, number or 0)

    def _on_screen_locked(self, *_told: Any) -> None:
        self.locked.emit()


def _with_types(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a C function with its types: without them ctypes cuts pointers to 32 bits."""
    function.restype, function.argtypes = result, arguments
    return function


# --- Windows

_EVENT_TYPES = frozenset({b"windows_generic_MSG", b"windows_dispatcher_MSG"})
_WM_POWER, _WM_SESSION = 0x0218, 0x02B1  # WM_POWERBROADCAST, WM_WTSSESSION_CHANGE
_THIS_SESSION = 0  # NOTIFY_FOR_THIS_SESSION
_BY_WINDOW = 0  # DEVICE_NOTIFY_WINDOW_HANDLE
_SLEEP_EVENTS = frozenset({0x4, 0x7, 0x12})
"""PBT_APMSUSPEND; if it was missed, PBT_APMRESUMESUSPEND or PBT_APMRESUMEAUTOMATIC."""
_LOCK_EVENTS = frozenset({0x2, 0x4, 0x6, 0x7})
"""WTS_CONSOLE_DISCONNECT (another user came), WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, …_LOCK."""

SLEPT, LOCKED = "slept", "locked"


def session_event(message: int, reason: int) -> str:
    """Return what a message and its first parameter mean: SLEPT, LOCKED or nothing."""
    if message == _WM_POWER and reason in _SLEEP_EVENTS:
        return SLEPT
    return LOCKED if message == _WM_SESSION and reason in _LOCK_EVENTS else ""


class WindowsSessionMonitor(QObject):
    """A monitor of sleep and locks. `is_heard` says whether Windows accepted the registration."""

    slept = Signal()
    locked = Signal()

    def __init__(self, window: int, enter: Callable[[int], bool] | None = None) -> None:
        """Register the window with this handle by `enter`, or by the Windows API if None."""
        super().__init__()
        self._messages = _MessageFilter(self._on_event)
        app = QCoreApplication.instance()
        assert app is not None
        app.installNativeEventFilter(self._messages)
        self.is_heard = (enter or register_window)(window)

    def _on_event(self, what: str) -> None:
        if what == SLEPT:
            self.slept.emit()
        elif what == LOCKED:
            self.locked.emit()


class _MessageFilter(QAbstractNativeEventFilter):
    """A native event filter that reads each message and consumes none."""

    def __init__(self, told: Callable[[str], None]) -> None:
        super().__init__()
        self._told = told

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: Any
    ) -> Any:
        name = kind.data() if isinstance(kind, QByteArray) else bytes(kind)
        if name in _EVENT_TYPES:
            found = wintypes.MSG.from_address(int(message))
            self._told(session_event(found.message, found.wParam or 0))
        return False, 0


def register_window(window: int) -> bool:
    """Register a window for locks and sleep. Return whether Windows accepted."""
    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return False
    handle = ctypes.c_void_p(window)
    is_told = bool(library.wtsapi32.WTSRegisterSessionNotification(handle, _THIS_SESSION))
    with suppress(AttributeError):  # it came with Windows 8
        library.user32.RegisterSuspendResumeNotification(handle, _BY_WINDOW)
    return is_told


# --- D-Bus

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
_INHIBIT_ARGUMENTS = ("sleep", "Notebook", "Notebook", "delay")


class DBusSessionMonitor(QObject):
    """A monitor of sleep and locks on D-Bus. `is_heard` says whether any bus is connected."""

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
            self._inhibit_sleep()
        if session.isConnected():
            for saver in _SAVERS:
                self._listen(session, saver, "ActiveChanged", _SAVER_SLOT)

    def _listen(self, bus: QDBusConnection, interface: str, name: str, slot: str) -> None:
        bus.connect("", "", interface, name, self, slot)  # type: ignore[call-overload] # it takes str

    def _inhibit_sleep(self) -> None:
        """Delay the sleep for a few seconds; a restart of the process releases the delay."""
        call = QDBusMessage.createMethodCall(_LOGIN, _LOGIN_PATH, _MANAGER, "Inhibit")
        call.setArguments(list(_INHIBIT_ARGUMENTS))
        reply = self._system.call(call, timeout=500)
        if reply.type() is QDBusMessage.MessageType.ReplyMessage:
            self._delay = QDBusReply(reply).value()

    @Slot(bool)
    def _on_sleep_prepared(self, is_beginning: bool) -> None:
        if is_beginning:
            self.slept.emit()
            self._delay = None  # the lock is complete by now
        else:
            self._inhibit_sleep()

    @Slot()
    def _on_session_locked(self) -> None:
        self.locked.emit()

    @Slot(bool)
    def _on_saver_changed(self, is_active: bool) -> None:
        if is_active:
            self.locked.emit()


# --- The monitor of this platform

SessionMonitor = DBusSessionMonitor | WindowsSessionMonitor | MacSessionMonitor


def make_session_monitor(window: int) -> SessionMonitor:
    """Return the monitor of this platform; `window` is the native handle of our window."""
    if sys.platform == "win32":
        return WindowsSessionMonitor(window)
    if sys.platform == "darwin":
        return MacSessionMonitor()
    return DBusSessionMonitor(QDBusConnection.systemBus(), QDBusConnection.sessionBus())
