# SPDX-License-Identifier: GPL-3.0-or-later
"""The top bar: menus, quick find, what is being done, Hide and Lock.

Hide is always there and never covered. The bar asks; the window hides and the store is locked
elsewhere. In a narrow window keys and words give way, in this order, and nothing is cut.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.busy import Busy
from kfdesk.ui.shell.finder.field import WIDTH, FindField
from kfdesk.ui.shell.menu.commands import FIND_KEY
from kfdesk.ui.shell.menu.menus import Menus
from kfdesk.ui.shell.watch import HIDE_KEY, LOCK_KEY
from kfdesk.ui.widgets.button import Button, Look

_LEAST_FOR_FIND = 180
_NARROWEST_FIND = 76
_LEAST_FOR_BUSY = 84
_MARGINS = 28


class TopBar(QWidget):
    """The bar over everything."""

    hide_asked = Signal()
    lock_asked = Signal()
    room_changed = Signal()

    def __init__(self, kit: Kit, menus: Menus) -> None:
        super().__init__()
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.menus = menus
        self.field = FindField(kit, FIND_KEY)
        self.field.installEventFilter(self)
        self.busy = Busy(kit)
        self.busy.turned.connect(self.room_changed)
        self.hiding = Button(kit, N_("Hide"), "eye-off", Look.TONAL).show_key(HIDE_KEY)
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

    def room(self) -> QRect:
        """Where nothing is worked with: between menus and Hide, unless one searches there.

        What is being done, and its Cancel, keep their place.
        """
        if self.field.hasFocus():
            return QRect()
        left = self._left.x() + self.menus.sizeHint().width() + tokens.GRID
        right = (self.busy if self.busy.title else self.hiding).x() - tokens.GRID
        return QRect(QPoint(left, 0), QPoint(right, self.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Whoever comes to quick find needs its room."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.room_changed.emit()
        return bool(super().eventFilter(watched, event))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width has room for more or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave the keys away where room is scarce, then Lock's word, then Hide's."""
        for step in range(4):
            self.hiding.show_key(HIDE_KEY if step < 1 else "")
            self.locking.show_key(LOCK_KEY if step < 1 else "")
            self.locking.set_bare(is_bare=step >= 2)
            self.hiding.set_bare(is_bare=step >= 3)
            room = self.width() - _MARGINS - self._width_of(self.hiding, self.locking)
            if self._width_of(self.menus) + _LEAST_FOR_FIND + _LEAST_FOR_BUSY <= room:
                break
        wished = min(WIDTH, room - self._width_of(self.menus) - _LEAST_FOR_BUSY)
        self.field.setFixedWidth(max(_NARROWEST_FIND, wished))
        left = room - self.field.width() - _LEAST_FOR_BUSY
        self._left.setMinimumWidth(max(0, min(self._width_of(self.menus), left)))

    @staticmethod
    def _width_of(*parts: QWidget) -> int:
        return sum(part.sizeHint().width() for part in parts)
