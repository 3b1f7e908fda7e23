# SPDX-License-Identifier: GPL-3.0-or-later
"""The card on the page of the day that tells what partners have told us: withdrawals, until seen.

Reads by itself, so that the page of the day need only make room for it.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import READING
from kfdesk.services.sharing import notices
from kfdesk.services.sharing.notices import Heard
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.notice_views.telling import Withdrawn, told_banner
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Card, clear


class HeardCard(Card):
    """The card; hidden while there is nothing to tell. `chosen` carries a plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        head = self.head(kit, N_("Consent withdrawn"), "ban", Tone.DANGER)
        self.seen = Button(kit, N_("I have seen this"), "check", Look.QUIET)
        self.seen.clicked.connect(self._on_seen_clicked)
        head.addWidget(self.seen)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.GRID)
        self.body.addLayout(self._lines)
        self.plans: list[Button] = []
        self.hide()

    def read(self) -> None:
        """Read again what there is to tell."""
        desk = self._desk
        if any(map(desk.may, READING)):
            self._kit.work.run(lambda: notices.read_heard(desk), self._on_read)

    def _on_read(self, heard: tuple[Heard, ...]) -> None:
        clear(self._lines)
        self.plans = []
        for one in heard:
            shown = Withdrawn(one.code, one.withdrawn, one.effects, one.is_ours)
            banner = told_banner(self._kit, one.partner, shown)
            if one.plan is not None:
                banner.act(self._plan_button(one.plan))
            self._lines.addWidget(banner)
        self.setVisible(bool(heard))

    def _plan_button(self, plan: bytes) -> Button:
        button = Button(self._kit, N_("Open the plan"), "clipboard-list")
        button.clicked.connect(lambda: self.chosen.emit(plan))
        self.plans.append(button)
        return button

    def _on_seen_clicked(self) -> None:
        desk = self._desk
        self._kit.work.run(lambda: notices.note_heard_seen(desk), self._on_noted)

    def _on_noted(self, _nothing: None) -> None:
        self.read()
        self._kit.hub.changed.emit(frozenset({"disclosure"}))
