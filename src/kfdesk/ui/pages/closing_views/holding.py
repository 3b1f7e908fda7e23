# SPDX-License-Identifier: GPL-3.0-or-later
"""Restricting a plan instead of erasing it: it is only read, and the reason stands on it.

A court that asks for it, or a claim of hers, may need what is written. Who may do so is asked by
the service; who may not sees that and why it is restricted.
"""

from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held
from kfdesk.services.keeping.retention import hold, lift
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.records import Done
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card


class HoldCard(Card):
    """The card."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan = b""
        self.head(kit, N_("Restrict instead of erasing"), "lock")
        self.banner = Banner(kit, Tone.INFO, "lock")
        self.under = Label(
            kit,
            N_("If a court, an authority or a claim of hers needs it, the plan stays as it is: it "
               "can be read, and neither changed nor erased. What a partner's file brings is put "
               "beside it, and what was replaced before is kept, too."),
            tone=Tone.MUTED,
        ).wrapped()  # fmt: skip
        self.entry = TextEntry()
        self.reason = Field(kit, N_("Why it must be kept"), self.entry)
        self.restrict = Button(kit, N_("Restrict this plan"), "lock")
        self.restrict.clicked.connect(self._on_restrict)
        self.lift = Button(kit, N_("Lift the restriction"), "undo-2")
        self.lift.clicked.connect(self._on_lift)
        row = QHBoxLayout()
        row.addWidget(self.restrict)
        row.addWidget(self.lift)
        row.addStretch(1)
        for part in (self.banner, self.under, self.reason):
            self.body.addWidget(part)
        self.body.addLayout(row)

    def show_plan(self, page: PlanPage) -> None:
        """Show whether this plan is restricted, and why."""
        reason, may = page.plan.record.legal_hold, self._desk.may(Right.LEGAL_HOLD)
        shut = is_held(page.plan.row)
        why = reason if isinstance(reason, str) else ""
        self._plan = page.plan.rid
        self.banner.tell(N_("This plan is restricted: it is only read."), lambda _: why)
        self.banner.setVisible(shut)
        self.reason.setVisible(may and not shut)
        self.restrict.setVisible(may and not shut)
        self.lift.setVisible(may and shut)

    def _on_restrict(self) -> None:
        desk, plan, reason = self._desk, self._plan, self.entry.text()
        failed = self._kit.hub.failed.emit
        self._kit.work.run(lambda: hold(desk, plan, reason), self._on_done, failed)

    def _on_lift(self) -> None:
        desk, plan = self._desk, self._plan
        self._kit.work.run(lambda: lift(desk, plan), self._on_done, self._kit.hub.failed.emit)

    def _on_done(self, done: Done) -> None:
        self.entry.clear()
        self._kit.hub.changed.emit(done.types)
