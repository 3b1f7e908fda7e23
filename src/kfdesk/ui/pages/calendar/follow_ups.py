# SPDX-License-Identifier: GPL-3.0-or-later
"""The follow-up list: the contacts after arrival of all plans, and who makes each one.

What a contact is called and when it is due comes from `aftercare.follow_up`.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.accounts import User, format_initials
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.accounts import list_users
from kfdesk.services.core.authorization import EDIT_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import FollowUpLine, reassign_follow_ups
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    contact_text,
    plain_text,
    standing_text,
    window_text,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.build import STRETCH, extend, grown, row
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

_COLUMNS = (
    ColumnSpec(N_("Plan")), ColumnSpec(N_("Contact")), ColumnSpec(N_("Status")),
    ColumnSpec(N_("When due"), stretches=True), ColumnSpec(N_("Who")),
)  # fmt: skip


class FollowUpTable(CardFrame):
    """The follow-up contacts as a table; `opened` carries the FollowUpLine of a row."""

    opened = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._contacts: tuple[FollowUpLine, ...] = ()
        self.table = TableView(kit, _COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Contacts after arrival"))
        self.table.chosen.connect(lambda row: self.opened.emit(self._contacts[row]))
        self.who = ChoiceBox(kit)
        kit.translator.bind(self.who.setAccessibleName, N_("Who makes contact"))
        words = N_("Reassign to")
        self.give = Button(kit, words, "user", on=self._give)
        below = row(self.give, self.who, STRETCH, gap=8, margins=(12, 8, 16, 8))
        extend(self.body, grown(self.table), below)
        may = any(map(desk.may, EDIT_RIGHTS))
        self.give.setVisible(may)
        self.who.setVisible(may)
        kit.translator.changed.connect(self._show)
        kit.worker.run(lambda: list_users(desk), self._on_users_read)

    def show_contacts(self, contacts: Sequence[FollowUpLine]) -> None:
        """Show these contacts."""
        self._contacts = tuple(contacts)
        self._show()

    def _show(self) -> None:
        language = self._kit.translator.language
        rows = [_cells(one, language.about(one.line.pronoun)) for one in self._contacts]
        self.table.show_rows(rows)
        if self._contacts and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _on_users_read(self, users: Sequence[User]) -> None:
        names = dict.fromkeys(
            [format_initials(user.initials) for user in users] or [self._desk.user]
        )
        self.who.set_options([(name, partial(plain_text, name)) for name in names], self._desk.user)

    @task
    async def _give(self) -> None:
        """Give the chosen contact to somebody else; it can be undone."""
        at, owner, desk = self.table.currentIndex().row(), self.who.key, self._desk
        if 0 <= at < len(self._contacts) and owner:
            rids = (self._contacts[at].rid,)
            done = await call(self._kit, reassign_follow_ups, desk, rids, owner)
            words = N_("{who} is now responsible for this contact.")
            notify_done(self._kit, desk, done, words, who=lambda _: owner)


def _cells(one: FollowUpLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon, _ = STANDING_LOOKS[one.standing]
    return (
        TableCell(one.line.code, one.line.alias, is_strong=True),
        TableCell(contact_text(one.kind, one.after_days, language)),
        TableCell(standing_text(one.standing, language), icon=icon, tone=tone),
        TableCell(window_text(one.first, one.last, language) or "–"),
        TableCell(one.owner or "–", one.organisation, tone=Tone.PLAIN),
    )
