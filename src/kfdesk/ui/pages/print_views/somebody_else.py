# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a second person says that a name on a carried page is somebody else's.

Asks who it is, their passphrase, and why; what may be set aside, and whether these two people
may, the service decides. The passphrase is forgotten with every answer, the word with the page.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.carry.check import Excuse, Found
from kfdesk.domain.desk.users import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.papers import excusing
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card


class SomebodyElse(Card):
    """Three fields and a button; `excused` says that `excuse` now lets the names pass."""

    excused = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._order: Order | None = None
        self.excuse: Excuse | None = None
        self.initials, self.passphrase, self.reason = TextEntry(), SecretEntry(kit), TextEntry()
        self.who = Field(kit, N_("Second person's initials"), self.initials)
        self.word = Field(kit, N_("Second person's passphrase"), self.passphrase)
        self.why = Field(kit, N_("Why it is somebody else"), self.reason)
        self.agree = Button(kit, N_("It is somebody else"), "user-round-check", Look.SECONDARY)
        self.agree.clicked.connect(self.answer)
        self.reason.returnPressed.connect(self.answer)
        self._lay_out(kit)
        self.hide()

    def ask_about(self, order: Order, found: Sequence[Found]) -> None:
        """Ask, if nothing but names was found on the paper; else there is nothing to ask."""
        self.drop()
        self._order = order
        self.setVisible(bool(found) and all(one.may_be_somebody_else for one in found))

    def drop(self) -> None:
        """Ask nothing, and let no name pass any more."""
        self.excuse = None
        self.rest()

    def rest(self) -> None:
        """Ask nothing; what was typed is forgotten."""
        self.passphrase.clear()
        self.reason.clear()
        self.hide()

    def answer(self) -> None:
        """Hand on what is typed; what is missing is said beside its field."""
        asked = (
            (self.who, self.initials, N_("Who is the second person?")),
            (self.word, self.passphrase, N_("The second person types it, nobody else.")),
            (self.why, self.reason, N_("Write in a few words how you know.")),
        )
        for field, _, _ in asked:
            field.say_nothing()
        for field, entry, sentence in asked:
            if not entry.text().strip():
                field.say_wrong(sentence)
                entry.setFocus()
                return
        second = Credentials(self.initials.text().strip(), self.passphrase.text())
        desk, order, reason = self._desk, self._order, self.reason.text()
        self.passphrase.clear()
        if order is not None:
            self._kit.work.run(
                lambda: excusing.excuse_names(desk, order, second, reason),
                self._on_excused,
                self._on_refused,
            )

    def _on_excused(self, excuse: Excuse) -> None:
        self.rest()
        self.excuse = excuse
        self._kit.hub.changed.emit(frozenset({"approval"}))
        self.excused.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self.word.say_wrong(lambda language: " ".join(faults(fault, language)))
        self.passphrase.setFocus()

    def _lay_out(self, kit: Kit) -> None:
        self.body.addWidget(Label(kit, N_("Is it somebody else's name?"), Type.HEADING))
        sentence = N_("A second person who may approve can say so. It counts for this page alone.")
        self.body.addWidget(Label(kit, sentence, Type.SMALL, Tone.MUTED).wrapped())
        for field in (self.who, self.word, self.why):
            self.body.addWidget(field)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.agree)
        self.body.addLayout(foot)
