# SPDX-License-Identifier: GPL-3.0-or-later
"""The two cards of Settings about who can open this notebook: its people, and its recovery key.

They show and ask; what follows is the page's. Who may not let others in sees the list and may
change their own passphrase, no more.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.desk.users import User, fold, shown
from kfdesk.domain.marks import N_
from kfdesk.services.access.users import Recovery
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.settings_views.words import day_text, roles_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line


class PeopleCard(Card):
    """The people. `roles_asked` carries whose."""

    add_asked = Signal()
    passphrase_asked = Signal()
    roles_asked = Signal(object)

    def __init__(self, kit: Kit, own: str, *, may_manage: bool) -> None:
        super().__init__()
        self._kit = kit
        self._own = fold(own)
        self._may_manage = may_manage
        self.changes: dict[str, Button] = {}
        self.add = Button(kit, N_("Add a person…"), "plus")
        self.passphrase = Button(kit, N_("Change your passphrase…"), "key-round")
        self.add.clicked.connect(self.add_asked)
        self.passphrase.clicked.connect(self.passphrase_asked)
        if not may_manage:  # to show it before it stands in the page would be a window
            self.add.hide()
        self.head(kit, N_("People who open this notebook"), "user")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        foot = QHBoxLayout()
        foot.setContentsMargins(-tokens.RESERVE, 4, 0, 0)
        foot.setSpacing(2)
        foot.addWidget(self.passphrase)
        foot.addWidget(self.add)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_users(self, users: Sequence[User]) -> None:
        """Show these."""
        clear(self._rows)
        self.changes = {}
        for user in users:
            self._rows.addWidget(line())
            self._rows.addLayout(self._row(user))

    def _row(self, user: User) -> QHBoxLayout:
        kit = self._kit
        name = Label(kit, style=Type.STRONG)
        name.show_text(shown(user.initials))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name)
        if user.initials == self._own:
            chip = Chip(kit, Tone.ACCENT)
            chip.tell(N_("You"))
            head.addWidget(chip)
        head.addStretch(1)
        roles = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        roles.tell(lambda language: roles_text(user.roles, language))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addLayout(head)
        words.addWidget(roles)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, -tokens.RESERVE, 8)
        row.setSpacing(12)
        row.addWidget(Icon(kit, "user"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if self._may_manage:
            row.addWidget(self._make_change(user))
        return row

    def _make_change(self, user: User) -> Button:
        change = Button(self._kit, N_("Change…"))
        self._kit.words.bind(
            change.setAccessibleName,
            N_("Change the roles of {initials}"),
            initials=lambda _: shown(user.initials),
        )
        change.clicked.connect(lambda: self.roles_asked.emit(user))
        self.changes[user.initials] = change
        return change


class RecoveryCard(Card):
    """The recovery key: whether there is one, and the way to a new one."""

    make_asked = Signal()

    def __init__(self, kit: Kit, *, may_manage: bool) -> None:
        super().__init__()
        self._state = Label(kit, style=Type.STRONG).wrapped()
        self._under = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.make = Button(kit, N_("Make a recovery key…"), "life-buoy")
        self.make.clicked.connect(self.make_asked)
        if not may_manage:  # to show it before it stands in the page would be a window
            self.make.hide()
        self.head(kit, N_("Recovery key"), "life-buoy")
        self.body.addWidget(self._state)
        self.body.addWidget(self._under)
        foot = QHBoxLayout()
        foot.setContentsMargins(-tokens.RESERVE, 4, 0, 0)
        foot.addWidget(self.make)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_recovery(self, found: Recovery) -> None:
        """Show whether there is one, and since when."""
        made = found.made
        if not found.is_made:
            self._state.tell(N_("There is none."))
        elif made is None:
            self._state.tell(N_("There is one."))
        else:
            said = N_("There is one, made on {day}.")
            shared = N_("There is one on three sheets, made on {day}. Any two of them open.")
            self._state.tell(
                shared if found.is_shared else said, day=lambda language: day_text(made, language)
            )
        self._under.tell(
            N_("With it anybody who is on the list above sets a new passphrase after losing one.")
            if found.is_made
            else N_("If nobody knows their passphrase any more, everything here is lost.")
        )
        self.make.tell(
            N_("Make a new recovery key…") if found.is_made else N_("Make a recovery key…")
        )
