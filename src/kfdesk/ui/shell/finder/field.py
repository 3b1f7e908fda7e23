# SPDX-License-Identifier: GPL-3.0-or-later
"""The field of quick find: a line with its sign and the key that leads to it.

Arrows, Enter and Esc are told to who shows the results; the cursor never leaves the line. In a
narrow window it is a sign alone until it is used. Knows nothing of what is found.
"""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets import paint

WIDTH = 300
_LEFT = 34
_RIGHT = 10
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -6,
    Qt.Key.Key_PageDown: 6,
}


class FindField(QLineEdit):
    """The line."""

    stepped = Signal(int)
    entered = Signal()
    escaped = Signal()
    left = Signal()

    def __init__(self, kit: Kit, keys: str) -> None:
        super().__init__()
        self._kit = kit
        self._keys = keys
        self.setProperty("ground", "find")
        self.setMaxLength(100)
        self.setMinimumHeight(max(tokens.CONTROL, self.fontMetrics().height() + 12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDTH)
        self._hint = ""
        kit.words.bind(self._take_hint, N_("Find anything"))
        kit.words.bind(self.setAccessibleName, N_("Find anything"))
        kit.words.bind(
            self.setAccessibleDescription,
            N_("Plans by code or name, contacts, telephone numbers, places and commands"),
        )
        self.textChanged.connect(self._on_text_changed)
        self._on_text_changed("")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the picture has it."""
        return QSize(WIDTH, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The sign and a few letters."""
        return QSize(_LEFT + 40, self.minimumHeight())

    def event(self, event: QEvent) -> bool:
        """Esc is for this field while it has the cursor, whatever else would hear it."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk, open or leave; everything else is typed."""
        if event.key() in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The key is no longer needed: typing may use its room."""
        super().focusInEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Going elsewhere ends the search."""
        super().focusOutEvent(event)
        self._fit()
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The key is shown where there is room."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The line as the style sheet has it, the sign, the key."""
        super().paintEvent(event)
        theme = self._kit.theme
        painter = QPainter(self)
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(10, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, "search", theme.colours.text_muted, square)
        if self._shows_key:
            width = paint.hint_width(theme, self._keys)
            high = paint.hint_height(theme)
            area = QRectF(
                self.width() - width - _RIGHT, round((self.height() - high) / 2), width, high
            )
            inks = (theme.colours.text_muted, theme.colours.line)
            paint.hint(painter, theme, area, self._keys, inks)

    @property
    def _shows_key(self) -> bool:
        words = paint.width(self._hint, self.font())
        room = self.width() - _LEFT - 2 * _RIGHT - paint.hint_width(self._kit.theme, self._keys)
        return not self.text() and not self.hasFocus() and room > words

    def _on_text_changed(self, _text: str) -> None:
        self._fit()

    def _take_hint(self, hint: str) -> None:
        self._hint = hint
        self._fit()

    def _fit(self) -> None:
        """Where the hint has no room, the pointer finds it."""
        has_room = paint.width(self._hint, self.font()) < self.width() - _LEFT - _RIGHT
        self.setPlaceholderText(self._hint if has_room else "")
        self.setToolTip("" if has_room else self._hint)
        self.setTextMargins(_LEFT - 9, 0, 0, 0)
        self.update()
