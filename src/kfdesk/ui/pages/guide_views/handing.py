# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a guide that gives what somebody has to do to a colleague: whose, to whom, done.

Two choices among those who open this notebook, and one button. What goes over is the service's.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.users import User, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.access import users
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.handing import Handed, hand_over
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.words import Message


class HandOver(QWidget):
    """The part. `handed` follows once everything is the colleague's."""

    handed = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.leaver, self.to = Choice(kit), Choice(kit)
        self.button = Button(kit, N_("Give it to the colleague"), "user-round-check", Look.PRIMARY)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout()
        row.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(Field(kit, N_("Who leaves?"), self.leaver))
        column.addWidget(Field(kit, N_("Who takes over?"), self.to))
        column.addWidget(self.outcome)
        column.addLayout(row)
        self.setFocusProxy(self.leaver)
        for choice in (self.leaver, self.to):
            choice.chosen.connect(self._on_chosen)
        kit.work.run(lambda: users.list_users(desk), self._show_users)

    def _show_users(self, people: Sequence[User]) -> None:
        nobody: list[tuple[str, Message]] = [("", N_("Choose"))]
        names = [(user.initials, _plain(shown(user.initials))) for user in people]
        for choice in (self.leaver, self.to):
            choice.offer([*nobody, *names], "")
        self._on_chosen("")

    def _on_chosen(self, _key: str) -> None:
        leaver, to = self.leaver.key, self.to.key
        self.button.setEnabled(bool(leaver and to) and leaver != to)

    def _on_clicked(self) -> None:
        desk, leaver, to = self._desk, self.leaver.key, self.to.key
        self.button.setEnabled(False)
        self._kit.work.run(lambda: hand_over(desk, leaver, to), self._on_handed, self._on_refused)

    def _on_handed(self, done: Handed) -> None:
        self._kit.hub.changed.emit(done.types)
        self._kit.hub.drafts_changed.emit()
        self._kit.tell(lambda language: _told(done, language))
        self.handed.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.tell_fault(fault)
        self._on_chosen("")


def _told(done: Handed, language: Language) -> str:
    said = [
        language.ngettext(
            "{count} record has another name.", "{count} records have another name.", done.records
        ).format(count=done.records),
        language.ngettext(
            "{count} draft went over.", "{count} drafts went over.", done.drafts
        ).format(count=done.drafts),
    ]
    if done.kept_drafts:
        said.append(
            language.ngettext(
                "{count} draft stays, because the colleague has one of the same record.",
                "{count} drafts stay, because the colleague has one of the same record.",
                done.kept_drafts,
            ).format(count=done.kept_drafts)
        )
    return " ".join(said)


def _plain(text: str) -> Message:
    return lambda _: text
