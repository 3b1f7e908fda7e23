# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of the print centre: its name, and the way to the copies that are out and back.

It counts; which copies they are, the list knows.
"""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label


class Head(QWidget):
    """The heading and the button."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._count = 0
        self.copies = Button(kit, N_("Copies out"), "files", Look.QUIET)
        self.copies.setCheckable(True)
        self.copies.toggled.connect(self._on_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(kit, N_("Print"), Type.DISPLAY))
        row.addStretch(1)
        row.addWidget(self.copies)

    def show_count(self, count: int) -> None:
        """Say how many copies are out."""
        self._count = count
        self._on_toggled()

    def _on_toggled(self) -> None:
        self.copies.tell(N_("Back to printing") if self.copies.isChecked() else self._counted)

    def _counted(self, language: Language) -> str:
        words = language.ngettext("{count} copy out", "{count} copies out", self._count)
        return words.format(count=self._count)
