# SPDX-License-Identifier: GPL-3.0-or-later
"""A table in a card with buttons at its foot, or words in its place while there is nothing.

One row is always chosen, and stays so while rows come and go. Knows no record; what the buttons
do, the page says.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.panel import Card, Empty, line
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.words import Message


class TableCard(QWidget):
    """The card, or `empty`."""

    def __init__(
        self,
        kit: Kit,
        name: Message,
        columns: Sequence[Column],
        buttons: Sequence[Button],
        empty: Empty,
    ) -> None:
        super().__init__()
        self._empty = empty
        self.table = Table(kit, columns)
        kit.words.bind(self.table.setAccessibleName, name)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 6)
        foot.addStretch(1)
        for button in buttons:
            foot.addWidget(button)
        self._card = Card(padding=0)
        self._card.body.setSpacing(0)
        self._card.body.addWidget(self.table, 1)
        self._card.body.addWidget(line())
        self._card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card, 1)
        column.addWidget(empty, 1, Qt.AlignmentFlag.AlignTop)
        self._card.hide()
        empty.hide()

    @property
    def place(self) -> int:
        """Which row is chosen; -1 while there is none."""
        return self.table.currentIndex().row()

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show these rows; the chosen place stays, or is the last."""
        place = max(self.place, 0)
        self.table.show_rows([tuple(row) for row in rows])
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if rows:
            self.table.selectRow(min(place, len(rows) - 1))
