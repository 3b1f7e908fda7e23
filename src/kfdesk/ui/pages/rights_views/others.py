# SPDX-License-Identifier: GPL-3.0-or-later
"""Others' plans, under one's own: a code with a lock, and the way to open it with a reason.

Not shown to whom no role allows it, and to whom nothing is shut.
"""

from PySide6.QtCore import Signal

from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.policy import reasons
from kfdesk.services.policy.reasons import LockedPlan
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (Column(N_("Plan")), Column(N_("How to open it"), stretches=True))
_HOW = N_("With a reason; its owner is told")


class Others(Card):
    """The card. `chosen` carries a plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._plans: tuple[LockedPlan, ...] = ()
        self.body.setContentsMargins(0, 14, 0, 0)
        self.head(kit, N_("Others' plans"), "lock").setContentsMargins(16, 0, 16, 4)
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("Others' plans"))
        self.table.chosen.connect(lambda row: self.chosen.emit(self._plans[row].rid))
        self.body.addWidget(self.table)
        kit.words.changed.connect(self._show_plans)
        self.hide()

    def read(self) -> None:
        """Read again what is shut."""
        desk = self._desk
        if desk.may(Right.OPEN_WITH_REASON) and not desk.may(Right.READ_ALL):
            self._kit.work.run(lambda: reasons.list_locked(desk), self._on_read)

    def _on_read(self, plans: tuple[LockedPlan, ...]) -> None:
        self._plans = plans
        self._show_plans()

    def _show_plans(self) -> None:
        how = self._kit.words.say(_HOW)
        self.table.show_rows(
            [
                (Cell(plan.code or "–", is_strong=True), Cell(how, icon="lock", tone=Tone.MUTED))
                for plan in self._plans
            ]
        )
        self.table.fit_height()
        self.setVisible(bool(self._plans))
