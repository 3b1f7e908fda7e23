# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a passphrase is typed back, and the box to tick when it is on paper.

Nothing can be marked in the line, so nothing can be cut, copied, dragged, or left in the desktop's
clipboard of marked text; a keyboard on the screen is asked not to learn the words.
"""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.words import Message

_BOX = 18
_GAP = 9
_WORDS_AT = tokens.RESERVE + _BOX + _GAP


class TypedBack(TextEntry):
    """A line of words that goes nowhere but into the program."""

    def __init__(self) -> None:
        super().__init__(tokens.CONTROL_LARGE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.selectionChanged.connect(self.deselect)


class Tick(QCheckBox):
    """A box with its sentence."""

    def __init__(self, kit: Kit, message: Message) -> None:
        super().__init__()
        self._kit = kit
        self.setFont(kit.theme.font(Type.BODY))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setText, message)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ring, box and sentence."""
        return self._size(paint.width(self.text(), self.font()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The sentence is never cut; it breaks into lines."""
        return self._size(paint.longest_word(self.text(), self.font()))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """What the lines need."""
        lines = paint.lines_height(self.text(), self.font(), width - _WORDS_AT - tokens.RESERVE + 1)
        return max(_BOX + 2 * tokens.RESERVE, round(lines) + tokens.RESERVE)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _size(self, words: float) -> QSize:
        width = _WORDS_AT + round(words) + 1 + tokens.RESERVE
        one_line = self.heightForWidth(tokens.ANY)
        return QSize(width, max(one_line, self.minimumHeight()))

    def hitButton(self, at: QPoint) -> bool:  # noqa: N802
        """Box and sentence can be clicked, but not the empty rest of the row."""
        return at.x() < self.sizeHint().width()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Box, ring, check, sentence."""
        theme = self._kit.theme
        colours = theme.colours
        painter = QPainter(self)
        gap = tokens.RESERVE
        box = QRectF(gap, round((self.height() - _BOX) / 2), _BOX, _BOX)
        if not self.isEnabled():
            paint.box(painter, box, 4, colours.sunken, colours.line)
            if self.isChecked():
                paint.check(painter, box, colours.text_muted)
        elif self.isChecked():
            fill = colours.accent_hover if self.underMouse() else colours.accent
            paint.box(painter, box, 4, fill)
            paint.check(painter, box, colours.accent_text)
        else:
            line = colours.accent_hover if self.underMouse() else colours.control
            paint.box(painter, box, 4, colours.surface, line)
        if self.hasFocus():
            paint.ring(painter, box.adjusted(-gap, -gap, gap, gap), 4 + gap, colours.focus)
        words = QRectF(_WORDS_AT, 0, self.width() - _WORDS_AT, self.height())
        ink = colours.text if self.isEnabled() else colours.text_muted
        paint.lines(painter, words, self.text(), self.font(), ink)
