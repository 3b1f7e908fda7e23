# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing a client for good: before, it is shown what goes, what stays, and why.

Nothing brings her back, so it is asked: the code is typed once more. What stays holds no word of
hers. Who may erase is asked by the service.
"""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.desk.erasure import REASONS, ErasureReason
from kfdesk.domain.desk.users import Right, fold
from kfdesk.domain.schema import N_
from kfdesk.i18n.findings import RECORDS
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.keeping.erasure import erase_client
from kfdesk.services.keeping.retention import Leaving, what_goes
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear
from kfdesk.ui.words import Message

_STAYS = (
    N_("That somebody was erased here, when and why. It holds no name; it keeps an old file or an "
       "old backup from bringing her back."),
    N_("Which files and papers went to whom, by numbers alone: so that partners can be asked to "
       "erase, too."),
    N_("Who did what at this desk, with the names of fields and never what stood in them: so that "
       "misuse can be found."),
    N_("Backups that were made before. They are gone after 35 days at the latest."),
)  # fmt: skip


class EraseCard(Card):
    """The card; hidden for who may not erase."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._client = b""
        self._code = ""
        self._leaving = Leaving()
        self.head(kit, N_("Erase her for good"), "trash-2")
        self.look = Button(kit, N_("Show what would go"), "eye")
        self.look.clicked.connect(self._on_look_clicked)
        self.said = QVBoxLayout()
        self.said.setSpacing(4)
        self.why = Choice(kit)
        self.why.offer([(str(reason), words) for reason, words in REASONS.items()])
        self.typed = TextEntry()
        self.typed.textChanged.connect(self._judge)
        self.reason = Field(kit, N_("Why"), self.why)
        self.code = Field(kit, N_("Type the code of the plan to erase"), self.typed)
        self.erase = Button(kit, N_("Erase for good"), "trash-2", Look.DANGER)
        self.erase.clicked.connect(self._on_erase_clicked)
        row = QHBoxLayout()
        row.addWidget(self.look)
        row.addWidget(self.erase)
        row.addStretch(1)
        self.body.addLayout(self.said)
        for part in (self.reason, self.code):
            self.body.addWidget(part)
        self.body.addLayout(row)
        self._fold(is_open=False)

    def show_plan(self, page: PlanPage) -> None:
        """Be about this plan's client; what was looked at is to be looked at again."""
        code = page.client.record.code
        self._client, self._code = page.client.rid, code if isinstance(code, str) else ""
        self.setVisible(self._desk.may(Right.ERASE))
        self._fold(is_open=False)

    def _on_look_clicked(self) -> None:
        desk, client = self._desk, self._client
        failed = self._kit.hub.failed.emit
        self._kit.work.run(lambda: what_goes(desk, client), self._on_read, failed)

    def _on_read(self, leaving: Leaving) -> None:
        self._leaving = leaving
        self._fold(is_open=True)
        self._say(N_("What goes"), Type.LABEL)
        self._say(partial(_counts, leaving))
        self._say(N_("What stays, and why"), Type.LABEL)
        for words in _STAYS:
            self._say(words)
        if leaving.holders:
            self._say(partial(_holders, leaving))
        if leaving.is_held:
            self._say(N_("One of her plans is restricted and must be kept. Nothing is erased."))
        self._judge()
        self.why.setFocus()  # the button that was pressed is gone

    def _say(self, words: Message, style: Type = Type.BODY) -> None:
        tone = Tone.MUTED if style is Type.LABEL else Tone.PLAIN
        label = Label(self._kit, style=style, tone=tone).wrapped()
        label.tell(words)
        self.said.addWidget(label)

    def _judge(self) -> None:
        is_hers = bool(self._code) and fold(self.typed.text()) == fold(self._code)
        self.erase.setEnabled(is_hers and not self._leaving.is_held)

    def _fold(self, *, is_open: bool) -> None:
        clear(self.said)
        self.typed.clear()
        self.look.setVisible(not is_open)
        for part in (self.reason, self.code, self.erase):
            part.setVisible(is_open)

    def _on_erase_clicked(self) -> None:
        desk, client, why = self._desk, self._client, ErasureReason(self.why.key)
        failed = self._kit.hub.failed.emit
        self._kit.work.run(lambda: erase_client(desk, client, why), self._on_erased, failed)

    def _on_erased(self, changes: Changes) -> None:
        self._kit.hub.changed.emit(changes.types)
        self._kit.tell(N_("Erased for good."))


def _counts(leaving: Leaving, language: Language) -> str:
    parts = (f"{language.gettext(RECORDS[name])}: {n}" for name, n in leaving.records.items())
    return " · ".join(parts)


def _holders(leaving: Leaving, language: Language) -> str:
    words = language.gettext(N_("These have something of hers; ask them to erase it, too: {names}"))
    return words.format(names=language.listing(leaving.holders))
