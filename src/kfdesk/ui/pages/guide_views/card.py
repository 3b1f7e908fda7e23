# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that leads to the guides: a laptop is lost, a colleague leaves, one moves or travels.

A guide that is under way says so, and goes on. What a guide does is not known here.
"""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.keeping.errands import Errand
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.guide_views.words import ERRANDS
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card, line


class GuidesCard(Card):
    """The guides. `asked` carries which errand."""

    asked = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: dict[Errand, Button] = {}
        self.head(kit, N_("When something happens"), "life-buoy")
        for errand in ERRANDS:
            self.body.addWidget(line())
            self.body.addLayout(self._row(errand))

    def show_courses(self, under_way: Collection[Errand]) -> None:
        """Say of which there is something left to do."""
        for errand, button in self.buttons.items():
            button.tell(N_("Go on…") if errand in under_way else N_("Begin…"))

    def _row(self, errand: Errand) -> QHBoxLayout:
        kit, said = self._kit, ERRANDS[errand]
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(kit, said.title, Type.STRONG).wrapped())
        words.addWidget(Label(kit, said.when, Type.SMALL, Tone.MUTED).wrapped())
        button = Button(kit, N_("Begin…"))
        kit.words.bind(button.setAccessibleName, said.title)
        button.clicked.connect(lambda: self.asked.emit(errand))
        self.buttons[errand] = button
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, -tokens.RESERVE, 8)
        row.setSpacing(12)
        row.addWidget(Icon(kit, said.icon), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(button)
        return row
