# SPDX-License-Identifier: GPL-3.0-or-later
"""The top bar: menus, quick find, progress, Hide and Lock.

Hide is always there and never covered. The bar emits requests; the window hides and the
store is locked elsewhere. In a narrow window first the keys and then the words of the
buttons disappear, and nothing is cut.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import HIDE_KEY, LOCK_KEY
from kfdesk.ui.shell.menus import FIND_KEY, MenuBar
from kfdesk.ui.shell.quick_find import FIND_FIELD_WIDTH, QuickFindField
from kfdesk.ui.shell.window import BusyIndicator
from kfdesk.ui.widgets.buttons import Button, ButtonLook

_LEAST_FOR_FIND = 180


_NARROWEST_FIND = 76


_LEAST_FOR_BUSY = 84


_BAR_MARGINS = 28


class TopBar(QWidget):
    """The bar at the top of the window."""

    hide_asked = Signal()
    lock_asked = Signal()
    room_changed = Signal()

    def __init__(self, kit: UiContext, menus: MenuBar) -> None:
        super().__init__()
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.menus = menus
        self.field = QuickFindField(kit, FIND_KEY)
        self.field.installEventFilter(self)
        self.busy = BusyIndicator(kit)
        self.busy.turned.connect(self.room_changed)
        self.hiding = Button(kit, N_("Hide"), "eye-off", ButtonLook.TONAL).show_key(HIDE_KEY)
        self.hiding.clicked.connect(self.hide_asked)
        self.locking = Button(kit, N_("Lock"), "lock").show_key(LOCK_KEY)
        self.locking.clicked.connect(self.lock_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 1)
        row.setSpacing(0)
        self._left = QWidget()
        inner = QHBoxLayout(self._left)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(menus)
        inner.addStretch(1)
        row.addWidget(self._left, 3)
        row.addWidget(self.field)
        row.addWidget(self.busy, 2)
        for button in (self.hiding, self.locking):
            row.addWidget(button)
        self.setMinimumHeight(max(tokens.TOP_BAR, self.hiding.sizeHint().height() + 9))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.words.changed.connect(self._fit)

    def free_area(self) -> QRect:
        """Return the unused area between menus and Hide; it is empty while quick find is in use.

        The progress and its Cancel button keep their place.
        """
        if self.field.hasFocus():
            return QRect()
        left = self._left.x() + self.menus.sizeHint().width() + tokens.GRID
        right = (self.busy if self.busy.title else self.hiding).x() - tokens.GRID
        return QRect(QPoint(left, 0), QPoint(right, self.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Announce another free area when the focus enters or leaves quick find."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.room_changed.emit()
        return bool(super().eventFilter(watched, event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Drop the keys if space is scarce, then the word of Lock, then the word of Hide."""
        for step in range(4):
            self.hiding.show_key(HIDE_KEY if step < 1 else "")
            self.locking.show_key(LOCK_KEY if step < 1 else "")
            self.locking.set_bare(is_bare=step >= 2)
            self.hiding.set_bare(is_bare=step >= 3)
            room = self.width() - _BAR_MARGINS - self._width_of(self.hiding, self.locking)
            if self._width_of(self.menus) + _LEAST_FOR_FIND + _LEAST_FOR_BUSY <= room:
                break
        wished = min(FIND_FIELD_WIDTH, room - self._width_of(self.menus) - _LEAST_FOR_BUSY)
        self.field.setFixedWidth(max(_NARROWEST_FIND, wished))
        left = room - self.field.width() - _LEAST_FOR_BUSY
        self._left.setMinimumWidth(max(0, min(self._width_of(self.menus), left)))

    @staticmethod
    def _width_of(*parts: QWidget) -> int:
        return sum(part.sizeHint().width() for part in parts)
