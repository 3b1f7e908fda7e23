# SPDX-License-Identifier: GPL-3.0-or-later
"""What one types in within a form: a line, and an area that grows with its text.

Whatever is typed, pasted or dropped is made fit to keep at once: no control sign and no sign that
turns the reading direction ever stands there. They carry no label and judge nothing.
"""

from math import ceil

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from kfdesk.domain.kinds import cleaned_text
from kfdesk.ui import tokens
from kfdesk.ui.widgets.entry import TextEntry

_MOST_LINES = 8
_FRAME = 4  # border and padding, above and below together


def fit(text: str) -> str:
    """The text without signs that may not be kept; spaces at its ends stay while one types."""
    return cleaned_text(f"|{text}|")[1:-1]


class Line(TextEntry):
    """A line of text; `typed` after a person changed it."""

    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self._on_text_edited)

    def show_text(self, text: str) -> None:
        """Show a text, without `typed`. The cursor stays where one writes."""
        at = self.cursorPosition()
        self.setText(text)
        if self.hasFocus():
            self.setCursorPosition(at)

    def _on_text_edited(self, text: str) -> None:
        fitting = fit(text).replace("\n", " ")
        if fitting != text:
            at = self.cursorPosition() - (len(text) - len(fitting))
            self.setText(fitting)
            self.setCursorPosition(max(0, at))
        self.typed.emit()


class Area(QPlainTextEdit):
    """A text that grows by lines; `typed` after a person changed it.

    As a single line it takes no line breaks, and Enter is left to the page.
    """

    typed = Signal()

    def __init__(self, *, lines: int = 1) -> None:
        super().__init__()
        self._least = lines
        self._is_loading = False
        self._is_single = lines == 1
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)
        self._fit_height()

    def show_text(self, text: str) -> None:
        """Show a text, without `typed`; one with line breaks keeps them.

        What is typed is shown anew whenever it is saved: the cursor stays where one writes, and
        what undo takes back next is the saving.
        """
        at = self.textCursor().position()
        self._is_loading = True
        self.setPlainText(text)
        self._is_loading = False
        if self.hasFocus():
            cursor = self.textCursor()
            cursor.setPosition(min(at, len(text)))
            self.setTextCursor(cursor)
        self._is_single = self._least == 1 and "\n" not in text

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Paste and drop plain text alone, made fit to keep."""
        self.insertPlainText(self._fitting(source.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter in a single line is the page's."""
        is_break = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._is_single and is_break:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self._fit_height()

    def _on_text_changed(self) -> None:
        self._fit_height()
        if self._is_loading:
            return
        text = self.toPlainText()
        fitting = self._fitting(text)
        if fitting != text:
            at = self.textCursor().position() - (len(text) - len(fitting))
            self._replace(fitting, max(0, at))
        self.typed.emit()

    def _replace(self, text: str, at: int) -> None:
        """Put `text` in place of all, so that it can be undone, and the cursor at `at`."""
        self._is_loading = True
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)
        self._is_loading = False

    def _fitting(self, text: str) -> str:
        fitting = fit(text)
        return fitting.replace("\n", " ") if self._is_single else fitting

    def _fit_height(self) -> None:
        needed = round(self.document().size().height())
        lines = max(self._least, min(_MOST_LINES, needed))
        margin = round(self.document().documentMargin())
        words = ceil(lines * QFontMetricsF(self.font()).lineSpacing())
        height = max(tokens.CONTROL, words + 2 * margin + _FRAME)
        self.setViewportMargins(0, (height - words - 2 * margin - _FRAME) // 2, 0, 0)
        is_long = needed > _MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_long else policy.ScrollBarAlwaysOff
        )
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)
