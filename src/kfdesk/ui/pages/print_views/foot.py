# SPDX-License-Identifier: GPL-3.0-or-later
"""The foot of the print centre: save and print, and what to know about printers that are shared.

Only the buttons and the warning: what they do, and when they may be pressed, the page says.
"""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label


class Foot(QWidget):
    """Two buttons, and above them a warning that stands there until something was printed."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.warning = self._make_warning()
        self.saving = Button(kit, N_("Save PDF…"), "file-down")
        self.printing = Button(kit, N_("Print…"), "printer", Look.PRIMARY).answer_key("Ctrl+P")
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.saving)
        buttons.addStretch(1)
        buttons.addWidget(self.printing)
        buttons.addSpacing(-tokens.RESERVE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        column.addWidget(self.warning)
        column.addLayout(buttons)

    def allow(self, *, is_allowed: bool, number: int = 0) -> None:
        """Whether there is a page that may be saved and printed, and which copy it would be."""
        self.saving.setEnabled(is_allowed)
        self.printing.setEnabled(is_allowed)
        words = N_("Print copy {number}…") if number else N_("Print…")
        self.printing.tell(words, number=lambda _: number)

    def _make_warning(self) -> QWidget:
        warning = QWidget()
        words = N_("A shared printer may keep a copy of the page.")
        row = QHBoxLayout(warning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING, icons.MEDIUM))
        row.addWidget(Label(self._kit, words, Type.SMALL, Tone.WARNING).wrapped(), 1)
        return warning
