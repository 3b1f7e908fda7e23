# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a passphrase is typed back, and the box to tick when it is on paper.

Nothing can be marked in the line, so nothing can be cut, copied, dragged, or left in the desktop's
clipboard of marked text; a keyboard on the screen is asked not to learn the words.
"""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.words import Message

_BOX = 18
_GAP = 9


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
        gap = tokens.RESERVE
        width = gap + _BOX + _GAP + round(paint.width(self.text(), self.font())) + 1 + gap
        return QSize(width, max(_BOX + 2 * gap, self.fontMetrics().height() + gap))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The sentence is never cut."""
        return self.sizeHint()

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
        words = QRectF(box.right() + _GAP, 0, self.width(), self.height())
        ink = colours.text if self.isEnabled() else colours.text_muted
        paint.words(painter, words, self.text(), self.font(), ink)
