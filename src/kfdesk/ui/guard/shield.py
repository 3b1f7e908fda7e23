# SPDX-License-Identifier: GPL-3.0-or-later
"""The shield: asks the system to leave our windows out of pictures and recordings of the screen.

Windows does so, or paints them black where it is old; macOS may, though newer ways to record look
past it; other systems have no such wish to give. What can be had here is said in the settings, and
nobody is promised more.
"""

import ctypes
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.marks import N_

_BLACK = 0x01  # WDA_MONITOR
_UNSEEN = 0x11  # WDA_EXCLUDEFROMCAPTURE, since Windows 10 version 2004
_SHARED_WITH_NOBODY = 0  # NSWindowSharingNone

Protect = Callable[[int], bool]
"""Protects a window by the number that the system gave it; whether the system agreed."""


class Promise(Enum):
    """What this system can do, as a sentence."""

    UNSEEN = N_("Screenshots and shared screens do not show this window.")
    ASKED = N_(
        "This program asks macOS to leave its window out of screenshots. "
        "Newer ways to record the screen may show it all the same."
    )
    NOTHING = N_(
        "On this system any program can take pictures of the screen. "
        "Hide the window before you share your screen."
    )


def promise(platform: str = sys.platform) -> Promise:
    """What a platform, by Python's name for it, can do."""
    return {"win32": Promise.UNSEEN, "darwin": Promise.ASKED}.get(platform, Promise.NOTHING)


class Shield(QObject):
    """Protects every window of the program as it comes on the screen, menus and dialogs too."""

    def __init__(self, app: QApplication, protect: Protect) -> None:
        super().__init__(app)
        self._protect = protect
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See each window come, or come anew; take nothing."""
        is_new = event.type() in (QEvent.Type.Show, QEvent.Type.WinIdChange)
        if is_new and isinstance(watched, QWidget) and watched.isWindow():
            handle = watched.windowHandle()
            if handle is not None:
                self._protect(int(handle.winId()))
        return False


def raise_shield(app: QApplication) -> Shield | None:
    """Protect all windows from now on, where the platform has a way."""
    ways: dict[str, Protect] = {"win32": _exclude_on_windows, "darwin": _exclude_on_macos}
    way = ways.get(sys.platform)
    return Shield(app, way) if way is not None else None


def _exclude_on_windows(window: int) -> bool:
    library: Any = getattr(ctypes, "windll", None)
    handle = ctypes.c_void_p(window)
    asked = library.user32.SetWindowDisplayAffinity
    return bool(asked(handle, _UNSEEN)) or bool(asked(handle, _BLACK))


def _exclude_on_macos(view: int) -> bool:
    objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
    objc.sel_registerName.restype = ctypes.c_void_p
    ask_window = ctypes.c_void_p(objc.sel_registerName(b"window"))
    set_sharing = ctypes.c_void_p(objc.sel_registerName(b"setSharingType:"))
    send = objc.objc_msgSend
    send.restype, send.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_void_p)
    window = send(view, ask_window)
    if not window:
        return False
    send.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
    send(window, set_sharing, _SHARED_WITH_NOBODY)
    return True
