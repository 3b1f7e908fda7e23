# SPDX-License-Identifier: GPL-3.0-or-later
"""What macOS says of sleep and of locks, asked by its C libraries alone.

IOKit tells of sleep and waits for an answer, which is given as soon as whoever listens has done
its work; the distributed notices tell of the screen's lock. Which message means what is tested;
that macOS sends them to us could not be tried here. Where a library is missing nothing is heard.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

_CAN_SLEEP, _WILL_SLEEP = 0xE0000270, 0xE0000280  # kIOMessageCanSystemSleep, …WillSleep
_SCREEN_LOCKED = b"com.apple.screenIsLocked"
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_AT_ONCE = 4  # CFNotificationSuspensionBehaviorDeliverImmediately
_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_POWER = "/System/Library/Frameworks/IOKit.framework/IOKit"

_Pointer = ctypes.c_void_p
_PowerCall = ctypes.CFUNCTYPE(None, _Pointer, ctypes.c_uint32, ctypes.c_uint32, _Pointer)
_NoticeCall = ctypes.CFUNCTYPE(None, _Pointer, _Pointer, _Pointer, _Pointer, _Pointer)


def is_sleep(message: int) -> bool:
    """Whether the computer is about to sleep, and not only asks whether it may."""
    return message == _WILL_SLEEP


def wants_answer(message: int) -> bool:
    """Whether macOS waits until it is told to go on."""
    return message in (_CAN_SLEEP, _WILL_SLEEP)


class MacSession(QObject):
    """Listens from the moment it is made. `is_heard` says whether macOS has agreed to tell."""

    slept = Signal()
    locked = Signal()

    def __init__(self, load: Callable[[str], Any] = ctypes.CDLL) -> None:
        super().__init__()
        self._port = 0
        self._on_power = _PowerCall(self._on_power_told)  # held, or the call would lead nowhere
        self._on_notice = _NoticeCall(self._on_screen_locked)
        try:
            self._foundation, self._kit = load(_FOUNDATION), load(_POWER)
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
        ask = _typed(kit.IORegisterForSystemPower, ctypes.c_uint32, *wanted)
        self._port = ask(None, ctypes.byref(queue), self._on_power, ctypes.byref(notifier))
        if not self._port:
            return
        source = _typed(kit.IONotificationPortGetRunLoopSource, _Pointer, _Pointer)(queue)
        loop = _typed(foundation.CFRunLoopGetMain, _Pointer)()
        mode = _Pointer.in_dll(foundation, "kCFRunLoopCommonModes")
        add = _typed(foundation.CFRunLoopAddSource, None, _Pointer, _Pointer, _Pointer)
        add(loop, source, mode)

    def _ask_for_notices(self) -> None:
        foundation = self._foundation
        centre = _typed(foundation.CFNotificationCenterGetDistributedCenter, _Pointer)()
        wanted = (_Pointer, ctypes.c_char_p, ctypes.c_uint32)
        name = _typed(foundation.CFStringCreateWithCString, _Pointer, *wanted)(
            None, _SCREEN_LOCKED, _UTF8
        )
        told = (_Pointer, _Pointer, _NoticeCall, _Pointer, _Pointer, ctypes.c_long)
        add = _typed(foundation.CFNotificationCenterAddObserver, None, *told)
        add(centre, None, self._on_notice, name, None, _AT_ONCE)

    def _on_power_told(self, _own: Any, _service: int, message: int, number: int | None) -> None:
        if is_sleep(message):
            self.slept.emit()
        if wants_answer(message):
            wanted = (ctypes.c_uint32, ctypes.c_long)
            answer = _typed(self._kit.IOAllowPowerChange, ctypes.c_int, *wanted)
            answer(self._port, number or 0)

    def _on_screen_locked(self, *_told: Any) -> None:
        self.locked.emit()


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of C with its types: else a pointer would be cut to 32 bits."""
    function.restype, function.argtypes = result, arguments
    return function
