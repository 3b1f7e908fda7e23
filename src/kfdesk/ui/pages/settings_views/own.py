# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that pages about keys share: one's own passphrase, asked again, and roles to tick.

The passphrase opens the store's key for the one act it is asked for; it is taken out of the field
when it is used. After three wrong tries each further one has to wait longer.
"""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.users import Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.keys.pause import Pause
from kfdesk.ui.pages.settings_views.words import ROLES
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

WRONG = "store.wrong_passphrase"
CARD_WIDTH = 700
_UNDER_TICK = 33


class OwnPassphrase(QWidget):
    """The field. `changed` follows what alters `reason`, `finished` is Enter in it."""

    changed = Signal()
    finished = Signal()

    def __init__(self, kit: Kit, label: Message) -> None:
        super().__init__()
        self._kit = kit
        self.entry = SecretEntry(kit)
        self.field = Field(kit, label, self.entry)
        self.pause = Pause(self)
        self.pause.ticked.connect(self.changed)
        self.entry.line.textEdited.connect(self._on_edited)
        self.entry.line.returnPressed.connect(self.finished)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
        column.addWidget(self.field)
        self.setFocusProxy(self.entry)

    @property
    def reason(self) -> Message:
        """What is still to be done; empty if nothing is."""
        if not self.pause.is_over:
            return self.pause.said
        return "" if self.entry.text() else N_("Enter the passphrase that you use now")

    def take(self) -> str:
        """What was typed; the field is empty afterwards."""
        typed = self.entry.text()
        self.entry.clear()
        return typed

    def is_said_of(self, fault: KfdeskError) -> bool:
        """Whether the fault was about it; then that is said beside it."""
        if fault.code != WRONG:
            return False
        self.field.say_wrong(N_("This passphrase is not right. Check the keyboard language."))
        self.pause.begin()
        self.entry.setFocus()
        return True

    def _on_edited(self) -> None:
        if self.pause.is_over:
            self.field.say_nothing()
        self.changed.emit()


class RoleTicks(QWidget):
    """All roles with what they mean, to be ticked."""

    changed = Signal()

    def __init__(self, kit: Kit, held: Collection[Role] = ()) -> None:
        super().__init__()
        self.ticks = {role: Tick(kit, label) for role, (label, _) in ROLES.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for role, (_, meaning) in ROLES.items():
            tick = self.ticks[role]
            tick.setChecked(role in held)
            tick.toggled.connect(self.changed)
            kit.words.bind(tick.setAccessibleDescription, meaning)
            under = QHBoxLayout()
            under.setContentsMargins(_UNDER_TICK, 0, tokens.RESERVE, 4)
            under.addWidget(Label(kit, meaning, Type.SMALL, Tone.MUTED).wrapped())
            column.addWidget(tick)
            column.addLayout(under)
        self.setFocusProxy(self.ticks[Role.SHELTER_WORKER])

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles that are ticked."""
        return frozenset(role for role, tick in self.ticks.items() if tick.isChecked())


def inset(*parts: QWidget) -> QVBoxLayout:
    """Boxes line up with those of parts that keep room for a ring round themselves."""
    column = QVBoxLayout()
    column.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
    column.setSpacing(tokens.GRID)
    for part in parts:
        column.addWidget(part)
    return column
