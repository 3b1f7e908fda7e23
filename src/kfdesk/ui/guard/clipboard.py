# SPDX-License-Identifier: GPL-3.0-or-later
"""The clipboard: the one way by which a text leaves for it, and what takes it out again.

A copied text is marked as one that no history of copies may keep, and is gone after 20 seconds,
or at once when the desk is left, if it is still ours. That holds for what people copy out of a
field with Ctrl+C, too. What they only mark never lies ready for the middle button of the mouse.
Some desktops refuse to clear for a window that is not in front; the text itself is then emptied,
so that whoever asks for it later gets nothing.
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from shiboken6 import isValid

SECONDS = 20
_CLIPBOARD = QClipboard.Mode.Clipboard
_MARKED = QClipboard.Mode.Selection
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_NO = b"\0\0\0\0"
_HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format("CanIncludeInClipboardHistory"): _NO,
    _WINDOWS.format("CanUploadToCloudClipboard"): _NO,
    "org.nspasteboard.ConcealedType": b"1",
}


def concealed(text: str) -> QMimeData:
    """The text with every desktop's mark that it must not be kept."""
    data = QMimeData()
    data.setText(text)
    for name, value in _HINTS.items():
        data.setData(name, value)
    return data


def copy(text: str) -> None:
    """Copy a text; it goes by itself, see above. There is no other way to copy."""
    QGuiApplication.clipboard().setMimeData(concealed(text), _CLIPBOARD)


class Clipboard(QObject):
    """Looks after what this program has put into the clipboard, for as long as it runs."""

    def __init__(
        self, board: QClipboard, is_ours: Callable[[QClipboard], bool] = QClipboard.ownsClipboard
    ) -> None:
        """`is_ours` says whether what is in the clipboard came from this process."""
        super().__init__()
        self._board = board
        self._is_ours = is_ours
        self._text = ""
        self._data: QMimeData | None = None
        self._timer = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self._timer.timeout.connect(self.clear)
        board.dataChanged.connect(self._on_data_changed)
        board.selectionChanged.connect(self._on_selection_changed)

    def clear(self) -> None:
        """Take out what we put in, unless somebody has copied something else meanwhile."""
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
            return  # somebody else's; a history of copies may have taken ours over: see `clear`
        if not self._board.text(_CLIPBOARD):
            return  # it was emptied: there may be nothing at all to ask
        data = self._board.mimeData(_CLIPBOARD)
        if not data.hasFormat("x-kde-passwordManagerHint"):
            self._board.setMimeData(concealed(data.text()), _CLIPBOARD)
            return  # which has told us again
        self._data = data
        self._text = data.text()
        self._timer.start()

    def _on_selection_changed(self) -> None:
        if self._board.ownsSelection():
            self._board.clear(_MARKED)
