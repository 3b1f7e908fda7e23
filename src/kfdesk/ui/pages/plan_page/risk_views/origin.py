# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing from where an answer about a risk comes, and how sure it is.

The source stays chosen from one item to the next, because in one talk they all have the same; how
sure it is belongs to each item alone. Saves nothing.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.lists.risk_codes import CONFIDENCE, RISK_SOURCE
from kfdesk.domain.schema import N_
from kfdesk.domain.weighing.items import Item
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field

_NOT_SAID = ("", N_("Not said"))


class OriginRow(QWidget):
    """The two choices for the item that is marked; `chosen` says that a person chose."""

    chosen = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.from_where, self.how_sure = Choice(kit), Choice(kit)
        self._last = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for asks, choice in (
            (N_("Where this answer comes from"), self.from_where),
            (N_("How sure it is"), self.how_sure),
        ):
            row.addWidget(Field(kit, asks, choice), 1)
            choice.chosen.connect(self._on_chosen)
        self.show_item(Item())

    @property
    def source(self) -> str | None:
        """The code of the source that is chosen."""
        return self.from_where.key or None

    @property
    def confidence(self) -> str | None:
        """The code of how sure it is."""
        return self.how_sure.key or None

    def show_item(self, item: Item) -> None:
        """Show an item's; of one that nobody has answered the source that was chosen last."""
        _show(self.from_where, RISK_SOURCE, item.source or self._last)
        _show(self.how_sure, CONFIDENCE, item.confidence or "")

    def _on_chosen(self, _key: str) -> None:
        self._last = self.from_where.key
        self.chosen.emit()


def _show(choice: Choice, codes: Mapping[str, str], code: str) -> None:
    """Only what is another one: a person may be typing in it."""
    if choice.count() == 0 or choice.key != code:
        choice.offer((_NOT_SAID, *codes.items()), code)
