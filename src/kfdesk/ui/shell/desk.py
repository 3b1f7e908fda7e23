# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk: what the window shows once the store is open: top bar, rail, and one page at a time.

Places are handed in as a list; a page is made on the first visit and kept. The desk knows no page
by name: adding a place is one line where the list is made.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.topbar import TopBar
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.widgets.rail import Place, Rail
from kfdesk.ui.widgets.toast import Toast


class Desk(QWidget):
    """Bar, rail and pages. The first place is shown at once."""

    hide_asked = Signal()
    lock_asked = Signal()

    def __init__(self, kit: Kit, places: Sequence[Place]) -> None:
        super().__init__()
        self._kit = kit
        self._places = {place.key: place for place in places}
        self._pages: dict[str, QWidget] = {}
        self.bar = TopBar(kit)
        self.bar.hide_asked.connect(self.hide_asked)
        self.bar.lock_asked.connect(self.lock_asked)
        self.rail = Rail(kit, places)
        self.rail.chosen.connect(self.go_to)
        self._stack = QStackedWidget()
        self.toast = Toast(kit, self._stack)
        self.fault = self._make_fault()
        kit.hub.failed.connect(self.fault.tell_fault)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.fault)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(row, 1)
        self.go_to(places[0].key)

    @property
    def page(self) -> QWidget | None:
        """The page on view."""
        return self._stack.currentWidget()

    def go_to(self, key: str) -> None:
        """Show the page of a place."""
        self.rail.show_current(key)
        if key not in self._pages:
            self._pages[key] = self._places[key].make(self._kit)
            self._stack.addWidget(self._pages[key])
        self._stack.setCurrentWidget(self._pages[key])
        self.setFocusProxy(self._pages[key])
        self._pages[key].setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A narrow window keeps its room for the page."""
        super().resizeEvent(event)
        self.rail.set_narrow(is_narrow=self.width() < tokens.NARROW_WINDOW)

    def _make_fault(self) -> Banner:
        banner = Banner(self._kit, Tone.DANGER, "circle-alert")
        close = Button(self._kit, N_("Close"), "x", Look.QUIET).bared()
        close.clicked.connect(banner.hide)
        banner.act(close)
        banner.hide()
        return banner
