# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the lock: clipboard guard, lock reasons, resume state and capture blocker.

A copied text is marked so that clipboard histories do not keep it. It is cleared after 20
seconds, or at once when the window is hidden, locked or closed, if it is still ours. The
resume state passes from the locked process to the next one; it holds nothing of the store.
Where the system can, every window is hidden from screenshots. This module opens and closes
no store.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.translator import Message

# --- The clipboard

CLIPBOARD_SECONDS = 20
_CLIPBOARD = QClipboard.Mode.Clipboard
_SELECTION = QClipboard.Mode.Selection
_WINDOWS_FORMAT = 'application/x-qt-windows-mime;value="{}"'
_WINDOWS_FALSE = b"\0\0\0\0"
_PRIVACY_HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    _WINDOWS_FORMAT.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS_FORMAT.format("CanIncludeInClipboardHistory"): _WINDOWS_FALSE,
    _WINDOWS_FORMAT.format("CanUploadToCloudClipboard"): _WINDOWS_FALSE,
    "org.nspasteboard.ConcealedType": b"1",
}


def concealed_mime_data(text: str) -> QMimeData:
    """Return the text with the marks of every desktop that forbid keeping it."""
    data = QMimeData()
    data.setText(text)
    for name, value in _PRIVACY_HINTS.items():
        data.setData(name, value)
    return data


def copy_to_clipboard(text: str) -> None:
    """Copy a text; it is cleared automatically. There is no other way to copy."""
    QGuiApplication.clipboard().setMimeData(concealed_mime_data(text), _CLIPBOARD)


class ClipboardGuard(QObject):
    """A guard that clears what this program put into the clipboard, while the program runs."""

    def __init__(
        self, board: QClipboard, is_ours: Callable[[QClipboard], bool] = QClipboard.ownsClipboard
    ) -> None:
        """Watch `board`; `is_ours` says whether this process wrote its contents."""
        super().__init__()
        self._board = board
        self._is_ours = is_ours
        self._text = ""
        self._data: QMimeData | None = None
        self._timer = QTimer(self, singleShot=True, interval=CLIPBOARD_SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        board.dataChanged.connect(self._on_data_changed)
        board.selectionChanged.connect(self._on_selection_changed)

    def clear(self) -> None:
        """Remove our text, unless somebody has copied something else meanwhile."""
        self._timer.stop()
        text, self._text = self._text, ""
        is_still_there = bool(text) and (
            self._is_ours(self._board) or self._board.text(_CLIPBOARD) == text
        )
        if self._data is not None and isValid(self._data):
            self._data.clear()
        self._data = None
        if is_still_there:
            self._board.clear(_CLIPBOARD)

    def _on_data_changed(self) -> None:
        if not self._is_ours(self._board):
            return  # not ours; a clipboard history may have replaced ours: see `clear`
        if not self._board.text(_CLIPBOARD):
            return  # it was cleared: there may be no MIME data
        data = self._board.mimeData(_CLIPBOARD)
        if not data.hasFormat("x-kde-passwordManagerHint"):
            self._board.setMimeData(concealed_mime_data(data.text()), _CLIPBOARD)
            return  # this signals a new change
        self._data = data
        self._text = data.text()
        self._timer.start()

    def _on_selection_changed(self) -> None:
        if self._board.ownsSelection():
            self._board.clear(_SELECTION)


# --- Lock reasons and the resume state

BY_KEY = "key"
FOR_IDLENESS = "idle"
FOR_SLEEP = "sleep"
WITH_SESSION = "session"
FOR_KEYS = "keys"
FOR_DATA_KEY = "data_key"
NO_DATA_KEY = "no_data_key"
AFTER_CRASH = "crash"


@dataclass(frozen=True, slots=True)
class ResumeState:
    """Reason and time (seconds since 1970, UTC) of a lock, and how the window stood.

    `is_cut` says that a job had not ended and was stopped with the process. `left` has the names of
    folders that a wipe has left, one a line.
    """

    why: str = BY_KEY
    minutes: int = 0
    at: int = 0
    drafts: int = 0
    is_cut: bool = False
    language: str = ""
    geometry: str = ""
    is_minimised: bool = False
    is_active: bool = True
    left: str = ""

    def to_dict(self) -> dict[str, str | int]:
        """Return the state as names and values, to pass it to the next process."""
        return asdict(self)


def read_resume_state(told: Mapping[str, Any]) -> ResumeState | None:
    """Return the state that the last process passed, or None if it does not fit."""
    found = {field.name: told.get(field.name) for field in fields(ResumeState)}
    fits = all(type(found[field.name]) is type(field.default) for field in fields(ResumeState))
    return ResumeState(**found) if fits else None  # type: ignore[arg-type]


_REASON_ICONS = {
    BY_KEY: "lock",
    FOR_IDLENESS: "clock",
    FOR_SLEEP: "lock",
    WITH_SESSION: "lock",
    FOR_KEYS: "key-round",
    FOR_DATA_KEY: "key-round",
    NO_DATA_KEY: "circle-alert",
    AFTER_CRASH: "circle-alert",
}
_REASON_TEXTS = {
    BY_KEY: N_("Someone locked the program by hand"),
    FOR_SLEEP: N_("The computer went to sleep, so the program locked itself"),
    WITH_SESSION: N_("The computer's screen was locked, so the program locked itself"),
    FOR_KEYS: N_("The exchange keys are new, so the program locked itself"),
    FOR_DATA_KEY: N_("Everything was rewritten with a new data key, so the program locked itself"),
    AFTER_CRASH: N_("The program stopped by itself, so the database was closed"),
    NO_DATA_KEY: N_("The disk refused the new data key. Everything is as it was: try again"),
}
_CUT = N_(
    "Work in progress could not finish and was stopped. Check whether it has to be done again."
)


@dataclass(frozen=True, slots=True)
class LockInfo:
    """Time and reason of a lock, the idle minutes before it, and what happened to work.

    That is how many drafts wait, and whether a job was stopped.
    """

    at: datetime
    minutes: int | None = None
    drafts: int = 0
    why: str = ""
    is_cut: bool = False

    @property
    def icon(self) -> str:
        """The icon of the reason."""
        return _REASON_ICONS.get(self.why, "clock" if self.minutes else "lock")

    @property
    def reason(self) -> Message:
        """The sentence about the reason."""
        if self.minutes:
            return self._idle
        return _REASON_TEXTS.get(self.why, _REASON_TEXTS[BY_KEY])

    @property
    def work_message(self) -> Message:
        """The sentences about a job that was stopped and the drafts; empty if there is neither."""
        return self._work if self.is_cut or self.drafts else ""

    def _idle(self, language: Language) -> str:
        minutes = self.minutes or 0
        return language.ngettext(
            "No input for {minutes} minute, so the program locked itself",
            "No input for {minutes} minutes, so the program locked itself",
            minutes,
        ).format(minutes=minutes)

    def _work(self, language: Language) -> str:
        said = [language.gettext(_CUT)] if self.is_cut else []
        return " ".join((*said, self._kept(language)) if self.drafts else said)

    def _kept(self, language: Language) -> str:
        return language.plural(
            "{count} draft is kept and opens again with the database",
            "{count} drafts are kept and open again with the database",
            self.drafts,
        )


# --- Screen capture

_CAPTURE_BLACK = 0x01  # WDA_MONITOR
_EXCLUDE_FROM_CAPTURE = 0x11  # WDA_EXCLUDEFROMCAPTURE, since Windows 10 version 2004
_SHARING_NONE = 0  # NSWindowSharingNone

ProtectWindow = Callable[[int], bool]
"""Protect the window with this native handle, and return whether the system accepted."""


class CaptureSupport(Enum):
    """A system's means against screen capture, as a sentence."""

    UNSEEN = N_("Screenshots and shared screens do not show this window.")
    ASKED = N_(
        "This program asks macOS to leave its window out of screenshots. "
        "Newer ways to record the screen may show it all the same."
    )
    NOTHING = N_(
        "On this system any program can take pictures of the screen. "
        "Hide the window before you share your screen."
    )


def capture_support(platform: str = sys.platform) -> CaptureSupport:
    """Return what a platform can do, by Python's name for it."""
    return {"win32": CaptureSupport.UNSEEN, "darwin": CaptureSupport.ASKED}.get(
        platform, CaptureSupport.NOTHING
    )


class CaptureBlocker(QObject):
    """An event filter that protects every window when it appears, including menus and dialogs."""

    def __init__(self, app: QApplication, protect: ProtectWindow) -> None:
        super().__init__(app)
        self._protect = protect
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Protect each window when it is shown or gets a new native handle; consume nothing."""
        is_new = event.type() in (QEvent.Type.Show, QEvent.Type.WinIdChange)
        if is_new and isinstance(watched, QWidget) and watched.isWindow():
            handle = watched.windowHandle()
            if handle is not None:
                self._protect(int(handle.winId()))
        return False


def block_screen_capture(app: QApplication) -> CaptureBlocker | None:
    """Protect all windows from now on, if the platform can. Return None if it cannot."""
    ways: dict[str, ProtectWindow] = {"win32": _exclude_on_windows, "darwin": _exclude_on_macos}
    way = ways.get(sys.platform)
    return CaptureBlocker(app, way) if way is not None else None


def _exclude_on_windows(window: int) -> bool:
    library: Any = getattr(ctypes, "windll", None)
    handle = ctypes.c_void_p(window)
    asked = library.user32.SetWindowDisplayAffinity
    return bool(asked(handle, _EXCLUDE_FROM_CAPTURE)) or bool(asked(handle, _CAPTURE_BLACK))


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
    send(window, set_sharing, _SHARING_NONE)
    return True
