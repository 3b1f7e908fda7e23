# SPDX-License-Identifier: GPL-3.0-or-later
"""The toast: says what was just done, and offers to undo it, instead of asking beforehand.

For eight seconds it lies where nothing is worked with, and takes no focus: in a room that its page
names or, where that is too small, near the bottom. Erasing and sending are not for toasts; they
ask.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QHBoxLayout, QLabel, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit, Outcome
from kfdesk.ui.tokens import DARK, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.words import Filling, Message

_MILLISECONDS = 8000
_FROM_BOTTOM = 72  # above the foot of a step: never over its buttons
_LEAST_ROOM = 240  # pixels; in less, words break too often to be read in passing
_MARGINS = 24
Room = Callable[[], QRect]
"""The part of a page where nothing is worked with now; empty if there is none."""


class Toast(QWidget):
    """Floats over `page`; there is one, and a new message takes the place of the old.

    `room` says where it may lie. A click on it sends it away.
    """

    def __init__(self, kit: Kit, page: QWidget, room: Room) -> None:
        super().__init__(page)
        self._kit = kit
        self._page = page
        self._room = room
        self._undo: Callable[[], object] | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setFont(kit.theme.font(Type.BUTTON))
        self._words.setStyleSheet(f"color: {DARK.text}")
        self._button = Button(kit, N_("Undo"), look=Look.ON_TOAST).answer_key("Ctrl+Z")
        self._button.sized(tokens.CONTROL_COMPACT)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._on_undo_clicked)
        self._row = row = QHBoxLayout(self)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        page.installEventFilter(self)
        self.hide()

    @property
    def may_undo(self) -> bool:
        """Whether it is on view and offers to undo."""
        return self.isVisible() and self._undo is not None

    def undo(self) -> None:
        """Take back what it tells of, as its button does."""
        self._button.click()

    def tell(self, outcome: Outcome) -> None:
        """Say what was done, as a page has told it."""
        self.say(outcome.message, outcome.undo, **outcome.places)

    def say(
        self, message: Message, undo: Callable[[], object] | None = None, **places: Filling
    ) -> None:
        """Say what was done; `undo` takes it back."""
        self._undo = undo
        self._kit.words.bind(self._show_words, message, **places)
        self._button.setVisible(undo is not None)
        self._row.setContentsMargins(44, 2, 6 if undo else 20, 2)
        self.show()
        self.settle()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in its room."""
        if watched is self._page and event.type() is QEvent.Type.Resize and self.isVisible():
            self.settle()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click sends it away."""
        event.accept()
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """A dark ground in either theme, and a check."""
        theme = self._kit.theme
        painter = QPainter(self)
        line = theme.colours.line if theme.is_dark else ""
        paint.box(painter, QRectF(self.rect()), tokens.RADIUS_ROW, theme.colours.toast, line)
        square = QRectF(16, round((self.height() - icons.NORMAL) / 2), icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, "check", DARK.text, square)

    def settle(self) -> None:
        """Lie in the middle of the room there is now, if all of it is seen there."""
        room = self._room()
        is_in_room = room.width() >= _LEAST_ROOM and self._fit(room.width()) <= room.height()
        if not is_in_room:
            room = self._page.rect().adjusted(_MARGINS, 0, -_MARGINS, -_FROM_BOTTOM)
            self._fit(room.width())
        place = self.rect()
        place.moveCenter(room.center())
        if not is_in_room:
            place.moveBottom(room.bottom())
        self.move(place.topLeft())

    def _fit(self, width: int) -> int:
        """Be as wide as the words are, or `width` with the words in several lines; the height."""
        self._words.setWordWrap(False)
        needed = self.sizeHint()
        if needed.width() > width:
            self._words.setWordWrap(True)
            needed = QSize(width, self.heightForWidth(width))
        self.resize(needed.expandedTo(QSize(0, tokens.TOAST)))
        return self.height()

    def _show_words(self, words: str) -> None:
        """Show them, also in another language, in which they may be longer."""
        self._words.setText(words)
        self.settle()

    def _on_undo_clicked(self) -> None:
        self.hide()
        self._timer.stop()
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()
