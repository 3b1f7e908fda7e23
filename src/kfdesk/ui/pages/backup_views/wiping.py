# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that leaves nothing on this computer: before a border, or before it is given away.

It says what is lost and what is not, and asks for the passphrase, so that no slip does it. What
happens to the window afterwards is decided where the store was opened.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.wiping import wipe_store
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card

_WIDTH = 440
_ABOUT = (
    N_("Before a border, or before the computer is given away: carry no notebook with you."),
    N_(
        "The keys of the store are overwritten first, then its files are removed, with those from "
        "before a restore. Nobody opens it here again, with no passphrase and no recovery key."
    ),
    N_(
        "Backups stay, and open it on another computer. What was written since the last one is "
        "lost. A disk may keep remains that only an old copy of the keys could make readable."
    ),
)


class WipeCard(Card):
    """The card. `wiped` carries whether every file is gone; the store is closed by then."""

    wiped = Signal(bool)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.passphrase = SecretEntry(kit)
        self.passphrase.setMaximumWidth(_WIDTH)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.field = Field(kit, N_("Your passphrase"), self.passphrase)
        self.button = Button(kit, N_("Destroy the store on this computer"), "trash-2", Look.DANGER)
        self.button.setEnabled(False)
        self.button.clicked.connect(self._on_clicked)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self.fault.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setSpacing(tokens.FIELD_GAP)
        self.head(self._kit, N_("Leave nothing on this computer"), "trash-2")
        for sentence in _ABOUT:
            self.body.addWidget(Label(self._kit, sentence, tone=Tone.MUTED).wrapped())
        self.body.addWidget(self.fault)
        self.body.addWidget(self.field)
        row = QHBoxLayout()
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.button)
        row.addStretch(1)
        self.body.addLayout(row)

    def _on_edited(self) -> None:
        self.field.say_nothing()
        self.button.setEnabled(bool(self.passphrase.text()))

    def _on_clicked(self) -> None:
        typed, desk = self.passphrase.text(), self._desk
        self.passphrase.clear()
        self.button.setEnabled(False)
        self.fault.hide()
        self._kit.work.run(lambda: wipe_store(desk, typed), self.wiped.emit, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        if fault.code == "store.wrong_passphrase":
            self.field.say_wrong(N_("This passphrase is not right. Check the keyboard language."))
            self.passphrase.line.setFocus()
            return
        self.fault.tell_fault(fault)
        self.fault.show()
