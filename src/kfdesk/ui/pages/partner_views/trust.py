# SPDX-License-Identifier: GPL-3.0-or-later
"""Trust in a partner's card: paused, gone on with, or ended for good, which is asked twice.

`asked` carries the state that is wanted; nothing is done here.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label

SURE = N_(
    "From then on nothing of theirs is taken, and nothing is sent to them. It cannot be taken "
    "back: they need a new card, and the digits are compared again."
)


class Trust(QWidget):
    """The two or three buttons, and the question before the card is ended."""

    asked = Signal(object)

    def __init__(self, kit: Kit, state: PartnerState) -> None:
        super().__init__()
        self.suspend = Button(kit, N_("Suspend"), "ban", Look.QUIET)
        self.suspend.clicked.connect(lambda: self.asked.emit(PartnerState.SUSPENDED))
        self.resume = Button(kit, N_("Go on with them"), "check")
        self.resume.clicked.connect(lambda: self.asked.emit(PartnerState.VERIFIED))
        self.revoke = Button(kit, N_("Revoke the card…"), look=Look.QUIET)
        self.revoke.clicked.connect(self._on_revoke_clicked)
        self.choice = QWidget()
        self.choice.setLayout(_below(self.resume, self.suspend, self.revoke))
        self.sure = QWidget()
        self.now = Button(kit, N_("Revoke it now"), "octagon-alert", Look.DANGER)
        self.now.clicked.connect(lambda: self.asked.emit(PartnerState.REVOKED))
        self.leave = Button(kit, N_("Leave it as it is"), look=Look.QUIET)
        self.leave.clicked.connect(self._on_leave_clicked)
        self._ask(kit)
        self.sure.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choice)
        column.addWidget(self.sure)
        self._show_for(state)

    def _show_for(self, state: PartnerState) -> None:
        """Hide what does not fit; to show a part that has no place yet would open a window."""
        if state is not PartnerState.VERIFIED:
            self.suspend.hide()
        if state is not PartnerState.SUSPENDED:
            self.resume.hide()
        if state is PartnerState.REVOKED:
            self.hide()

    def _ask(self, kit: Kit) -> None:
        column = QVBoxLayout(self.sure)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Label(kit, SURE, Type.SMALL, Tone.MUTED).wrapped())
        column.addLayout(_below(self.now, self.leave))

    def _on_revoke_clicked(self) -> None:
        self.choice.hide()
        self.sure.show()
        self.leave.setFocus()

    def _on_leave_clicked(self) -> None:
        self.sure.hide()
        self.choice.show()
        self.revoke.setFocus()


def _below(*buttons: Button) -> QVBoxLayout:
    """The buttons one below the other: side by side they are wider than the card in Russian."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for button in buttons:
        row = QHBoxLayout()
        row.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
    return column
