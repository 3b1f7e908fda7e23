# SPDX-License-Identifier: GPL-3.0-or-later
"""History: what was done, and the bin; behind both, the values of one record.

The page only turns between its views; each reads for itself when it comes into view.
"""

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.bin import Bin
from kfdesk.ui.pages.history_views.trail import Trail
from kfdesk.ui.pages.history_views.versions import RecordValues
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label

_TABS = (("trail", N_("What was done")), ("bin", N_("Bin")))


class History(QWidget):
    """The page."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.trail = Trail(kit, desk)
        self._bin: Bin | None = None
        self._values: RecordValues | None = None
        self._shown: Trail | Bin | RecordValues = self.trail
        self.tabs = Segmented(kit, _TABS)
        kit.words.bind(self.tabs.setAccessibleName, N_("History"))
        self.tabs.choose("trail")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.trail)
        self._lay_out()
        self.tabs.chosen.connect(self.go_to)
        self.trail.record_chosen.connect(self.open_record)

    @property
    def bin(self) -> Bin:
        """The bin; it is made when somebody looks into it."""
        if self._bin is None:
            self._bin = Bin(self._kit, self._desk)
            self._bin.record_chosen.connect(self.open_record)
            self._stack.addWidget(self._bin)
        return self._bin

    @property
    def values(self) -> RecordValues:
        """The values of one record; made for the first that is opened."""
        if self._values is None:
            self._values = RecordValues(self._kit, self._desk)
            self._values.closed.connect(self._on_closed)
            self._stack.addWidget(self._values)
        return self._values

    def focusInEvent(self, _event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Give the keyboard to the list on view; with a focus proxy Tab would go round in it."""
        self._shown.table.setFocus()

    def go_to(self, key: str) -> None:
        """Show what was done (`trail`), or the `bin`."""
        self.tabs.choose(key)
        self._show(self.trail if key == "trail" else self.bin)

    def open_record(self, rid: bytes) -> None:
        """Show the values of one record."""
        self.values.open(rid)
        self._show(self.values)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(self._kit, N_("History"), Type.DISPLAY))
        head.addStretch(1)
        head.addWidget(self.tabs)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin - tokens.RESERVE)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _show(self, view: Trail | Bin | RecordValues) -> None:
        self._shown = view
        self._stack.setCurrentWidget(view)
        view.table.setFocus()

    def _on_closed(self) -> None:
        self.go_to(self.tabs.key)
