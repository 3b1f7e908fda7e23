# SPDX-License-Identifier: GPL-3.0-or-later
"""What one types or chooses in: a line of text, a passphrase, one of several.

They carry no label and no error; those stand round them in a Field. A passphrase cannot be
copied, is covered until asked for, and tells when Caps Lock seems to be on.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from kfdesk.domain.marks import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.words import Message

_LEAST = 160
_AROUND = 12
"""Left and right of what stands in a field: border and padding of the style sheet."""
_ARROW = icons.MEDIUM + 10


class TextEntry(QLineEdit):
    """A line of text."""

    def __init__(self, height: int = tokens.CONTROL) -> None:
        super().__init__()
        self.setMinimumHeight(max(height, self.fontMetrics().height() + 12))

    def setPlaceholderText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Take the hint; where it is cut, the pointer finds it whole."""
        super().setPlaceholderText(text)
        self._tell_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may cut the hint."""
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        hint = self.placeholderText()
        is_cut = self.fontMetrics().horizontalAdvance(hint) > self.width() - 2 * _AROUND
        self.setToolTip(hint if is_cut else "")


class _Covered(QLineEdit):
    """A line that tells whether Caps Lock is on, as far as its keys show."""

    caps_lock_changed = Signal(bool)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._is_caps_on: bool | None = None
        self.cover(is_covered=True)
        self.setMinimumHeight(max(tokens.CONTROL_LARGE, self.fontMetrics().height() + 16))

    def cover(self, *, is_covered: bool) -> None:
        """Show bullets, larger than letters so that they can be counted, or the words."""
        self.setFont(self._kit.theme.font(Type.TITLE if is_covered else Type.BODY))
        self.setEchoMode(QLineEdit.EchoMode.Password if is_covered else QLineEdit.EchoMode.Normal)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Learn from each letter, and from the key itself."""
        if event.key() == Qt.Key.Key_CapsLock and self._is_caps_on is not None:
            self._learn(not self._is_caps_on)
        else:
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._learn(caps_lock_by(event.text(), is_shifted=is_shifted))
        super().keyPressEvent(event)

    def _learn(self, is_on: bool | None) -> None:
        if is_on is not None and is_on != self._is_caps_on:
            self._is_caps_on = is_on
            self.caps_lock_changed.emit(is_on)


class SecretEntry(QWidget):
    """A passphrase with a button that uncovers it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.line = _Covered(kit)
        self.caps_lock_changed = self.line.caps_lock_changed
        self.cover = Button(kit, N_("Show"), "eye").sized(tokens.CONTROL_LARGE)
        self.cover.clicked.connect(self._on_show_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GRID - tokens.RESERVE)
        row.addWidget(self.line, 1)
        row.addWidget(self.cover)
        row.addSpacing(-tokens.RESERVE)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def clear(self) -> None:
        """Empty and cover it again."""
        self.line.clear()
        self._cover(is_covered=True)

    def _on_show_clicked(self) -> None:
        self._cover(is_covered=self.line.echoMode() is QLineEdit.EchoMode.Normal)
        self.line.setFocus()

    def _cover(self, *, is_covered: bool) -> None:
        self.line.cover(is_covered=is_covered)
        self.cover.tell(N_("Show") if is_covered else N_("Cover"))
        self.cover.show_icon("eye" if is_covered else "eye-off")


class Choice(QComboBox):
    """One of several; each option is a key with a message. `chosen` carries the key."""

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._options: tuple[tuple[str, Message], ...] = ()
        self._has_list = False
        self.setMinimumHeight(max(tokens.CONTROL, self.fontMetrics().height() + 12))
        kit.words.changed.connect(self._on_language_changed)
        self.activated.connect(self._on_activated)
        self.currentTextChanged.connect(self._tell_whole)

    @property
    def key(self) -> str:
        """The key of what is chosen; empty if nothing is."""
        place = self.currentIndex()
        return self._options[place][0] if place >= 0 else ""

    def offer(self, options: Sequence[tuple[str, Message]], key: str = "") -> None:
        """Offer options, with `key` chosen."""
        self._options = tuple(options)
        self.clear()
        self.addItems([self._kit.words.say(message) for _, message in options])
        keys = [option for option, _ in options]
        self.setCurrentIndex(keys.index(key) if key in keys else 0)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Make the list when it is first opened: it would slow the start, and may never be."""
        if not self._has_list:
            self._has_list = True
            self.setItemDelegate(QStyledItemDelegate(self))
        super().showPopup()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Rather cut, and whole in the list, than wider than the page."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._kit.theme.sized(_LEAST)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may cut the words."""
        super().resizeEvent(event)
        self._tell_whole()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The wheel scrolls the page; it never changes an answer by accident."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The field as the style sheet has it, with our arrow."""
        super().paintEvent(event)
        colours = self._kit.theme.colours
        ink = colours.text if self.isEnabled() else colours.text_muted
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(self.width() - icons.MEDIUM - 10, top, icons.MEDIUM, icons.MEDIUM)
        self._kit.theme.icons.paint(QPainter(self), "chevron-down", ink, square)

    def _tell_whole(self) -> None:
        """Where the words are cut, the pointer finds them whole."""
        words = self.currentText()
        room = self.width() - 2 * _AROUND - _ARROW
        self.setToolTip(words if self.fontMetrics().horizontalAdvance(words) > room else "")

    def _on_activated(self, _place: int) -> None:
        self.chosen.emit(self.key)

    def _on_language_changed(self) -> None:
        for place, (_, message) in enumerate(self._options):
            self.setItemText(place, self._kit.words.say(message))


def caps_lock_by(typed: str, *, is_shifted: bool) -> bool | None:
    """Whether Caps Lock is on, judged by one typed letter; None if it does not show."""
    if len(typed) != 1 or typed.upper() == typed.lower():
        return None
    return typed.isupper() is not is_shifted
