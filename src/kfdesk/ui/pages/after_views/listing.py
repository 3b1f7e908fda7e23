# SPDX-License-Identifier: GPL-3.0-or-later
"""All contacts in one table, what is late first; the chosen one can be given to somebody else.

Who opens the store is offered; an own initial that left stands in the record until it is changed.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.desk.users import User, shown
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.access.users import list_users
from kfdesk.services.after.follow_ups import Contact, reassign
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import EDITING
from kfdesk.services.writing.records import Done
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import (
    LOOKS,
    contact_words,
    standing_words,
    window_words,
)
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.words import Message

_COLUMNS = (
    Column(N_("Plan")), Column(N_("Contact")), Column(N_("State")),
    Column(N_("In time"), stretches=True), Column(N_("Who")),
)  # fmt: skip


class ContactTable(Card):
    """The table. `opened` carries the Contact of a line."""

    opened = Signal(object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._contacts: tuple[Contact, ...] = ()
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("Contacts after the arrival"))
        self.table.chosen.connect(lambda row: self.opened.emit(self._contacts[row]))
        self.who = Choice(kit)
        kit.words.bind(self.who.setAccessibleName, N_("Who makes contact"))
        self.give = Button(kit, N_("Give the chosen contact to"), "user")
        self.give.clicked.connect(self._on_give_clicked)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.give)
        row.addWidget(self.who)
        row.addStretch(1)
        self.body.addWidget(self.table)
        self.body.addLayout(row)
        may = any(map(desk.may, EDITING))
        self.give.setVisible(may)
        self.who.setVisible(may)
        kit.words.changed.connect(self._show)
        kit.work.run(lambda: list_users(desk), self._on_users_read)

    def show_contacts(self, contacts: Sequence[Contact]) -> None:
        """Show these contacts."""
        self._contacts = tuple(contacts)
        self._show()

    def _show(self) -> None:
        language = self._kit.words.language
        self.table.show_rows([_cells(one, language) for one in self._contacts])
        self.table.fit_height()
        if self._contacts and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _on_users_read(self, users: Sequence[User]) -> None:
        names = dict.fromkeys([shown(user.initials) for user in users] or [self._desk.user])
        self.who.offer([(name, _as_it_is(name)) for name in names], self._desk.user)

    def _on_give_clicked(self) -> None:
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self._contacts) or not self.who.key:
            return
        desk, rid, owner = self._desk, self._contacts[row].rid, self.who.key
        self._kit.work.run(lambda: reassign(desk, (rid,), owner), self._on_given)

    def _on_given(self, done: Sequence[Done]) -> None:
        owner = self.who.key
        tell_done(self._kit, self._desk, done, N_("{who} makes this contact now."),
                  who=lambda _: owner)  # fmt: skip


def _as_it_is(name: str) -> Message:
    return lambda _: name


def _cells(one: Contact, language: Language) -> tuple[Cell, ...]:
    tone, icon, _ = LOOKS[one.standing]
    return (
        Cell(one.line.code, one.line.alias, is_strong=True),
        Cell(contact_words(one.kind, one.after_days, language)),
        Cell(standing_words(one.standing, language), icon=icon, tone=tone),
        Cell(window_words(one.first, one.last, language) or "–"),
        Cell(one.owner or "–", one.organisation, tone=Tone.PLAIN),
    )
