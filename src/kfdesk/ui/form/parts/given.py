# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer that is no value, where otherwise a value stands: unknown, or not wanting to say.

It takes the place of the entry and looks like nothing one could have typed: a sunken ground, an
icon and a word. Knows no field and no value.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from kfdesk.domain.schema import N_
from kfdesk.domain.values import Gap
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.button import Button, Look

NOT_ASKED = N_("not asked")

GAP_WORDS: Mapping[Gap | None, tuple[str, str]] = {
    None: (NOT_ASKED, "circle-dashed"),
    Gap.UNKNOWN: (N_("unknown"), "circle-question-mark"),
    Gap.DECLINED: (N_("does not want to say"), "ban"),
}
"""The words and the icon of each answer that is no value."""

ANSWERS_KEY = "Alt+Down"
"""Heard by the editor of a field wherever the keyboard is in it."""

_INSET = 10
_GAP = 8


class AnswerButton(Button):
    """The small button for answers that are no value; it stays in the background until wanted."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, N_("Other answer"), "circle-dashed", Look.QUIET)
        self.show_key(ANSWERS_KEY).bared()
        self.sized(tokens.CONTROL - 2 * tokens.RESERVE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _inks(self) -> Any:
        inks = super()._inks()
        is_wanted = self.underMouse() or self.isDown()
        return inks if is_wanted else inks._replace(ink=self._colours().text_muted)


class Given(QPushButton):
    """Shows an answer. `menu_asked` when pressed; `typed` carries a letter typed on it."""

    menu_asked = Signal()
    typed = Signal(str)

    def __init__(self, kit: Kit, label: str) -> None:
        super().__init__()
        self._kit = kit
        self._icon = ""
        self.setFont(kit.theme.font(Type.BODY))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.menu_asked)
        kit.words.bind(self.setAccessibleName, label)

    def show_gap(self, gap: Gap) -> None:
        """Show this answer."""
        words, self._icon = GAP_WORDS[gap]
        self._kit.words.bind(self.setText, words)
        self._kit.words.bind(self.setAccessibleDescription, words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as a field."""
        width = paint.width(self.text(), self.font()) + icons.MEDIUM + _GAP + 2 * _INSET
        return QSize(round(width), max(tokens.CONTROL, self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Narrower than its words, if there is no room."""
        return QSize(tokens.CONTROL, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keys: the menu, back to an empty entry, or the first letter of a value."""
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.menu_asked.emit()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.typed.emit("")
        elif text.strip() and text.isprintable() and not event.modifiers() & _COMMANDS:
            self.typed.emit(text)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Ground, border, icon, word."""
        theme = self._kit.theme
        colours = theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        line = colours.text if self.underMouse() and self.isEnabled() else colours.line
        paint.box(painter, area, tokens.RADIUS_CONTROL, colours.sunken, line)
        if self.hasFocus():
            paint.ring(painter, area, tokens.RADIUS_CONTROL, colours.focus)
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(_INSET, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, self._icon, colours.text_muted, square)
        left = _INSET + icons.MEDIUM + _GAP
        words = QRectF(left, 0, self.width() - left - _INSET, self.height())
        paint.words(painter, words, self.text(), self.font(), colours.text_muted)


_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
