# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof before an erasure: the user's passphrase, and initials and passphrase of a second.

The fields stand on the page of a plan and at the requests of partners. They decide nothing: the
service checks what was typed, which is dropped with every try.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.services.client_erasure import ErasureProof
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import FIELD_GAP
from kfdesk.ui.widgets.build import column
from kfdesk.ui.widgets.inputs import LabelledField, PassphraseEntry, TextEntry

_ENTRY_WIDTH = 360  # pixels at 100 %: six words need no more


class ErasureProofFields(QWidget):
    """The fields of the proof; `changed` follows what is typed, which is dropped with `clear`."""

    changed = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.own, self.passphrase = PassphraseEntry(kit), PassphraseEntry(kit)
        self.initials = TextEntry()
        self.who = LabelledField(kit, N_("Second person's initials"), self.initials)
        self.theirs = LabelledField(kit, N_("Second person's passphrase"), self.passphrase)
        self.mine = LabelledField(kit, N_("Your passphrase"), self.own)
        for entry in (self.own, self.initials, self.passphrase):
            entry.setMaximumWidth(_ENTRY_WIDTH)
        for line in (self.own.line, self.initials, self.passphrase.line):
            line.textChanged.connect(self.changed)
        column(self.who, self.theirs, self.mine, gap=FIELD_GAP, on=self)

    def ask_second(self, *, is_asked: bool) -> None:
        """Show the fields of the second person, or hide them where there can be none."""
        for field in (self.who, self.theirs):
            field.setVisible(is_asked)

    @property
    def has_own(self) -> bool:
        """True if the user's passphrase is typed."""
        return bool(self.own.text().strip())

    @property
    def has_second(self) -> bool:
        """True if the second person has typed both."""
        return bool(self.initials.text().strip() and self.passphrase.text().strip())

    def take(self) -> ErasureProof:
        """Return what was typed, and drop the passphrases."""
        second = None
        if self.has_second:
            second = Credentials(self.initials.text().strip(), self.passphrase.text())
        proof = ErasureProof(self.own.text(), second)
        self._drop_passphrases()
        return proof

    def clear(self) -> None:
        """Drop everything that was typed."""
        self.initials.clear()
        self._drop_passphrases()
        for field in (self.who, self.theirs, self.mine):
            field.clear_note()

    def show_fault(self, fault: KfdeskError) -> None:
        """Show what was refused, beside the passphrase that must be typed again."""
        faults = self._kit.faults
        self.mine.show_error(lambda language: " ".join(faults(fault, language)))
        self.own.setFocus()

    def _drop_passphrases(self) -> None:
        self.own.clear()
        self.passphrase.clear()
