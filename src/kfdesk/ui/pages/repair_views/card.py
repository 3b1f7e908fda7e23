# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that reads the whole store, says whether it is sound, and leads to its repair if not.

The repair itself needs the store closed; it begins at a page of its own.
"""

from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk, check_desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card

_CANCELLED = "work.cancelled"


class RepairCard(Card):
    """Checks the store, and offers its repair where something is wrong."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.check = Button(kit, N_("Check the whole store"), "list-checks")
        self.repair = Button(kit, N_("Close and repair…"), "life-buoy")
        self.course = CourseLine(kit, N_("Reading the store: {share} %"))
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.act(self.repair)
        self.repair.hide()
        self.outcome.hide()
        self.check.clicked.connect(self._on_check)
        self.repair.clicked.connect(kit.hub.repair_asked)
        self.body.setSpacing(tokens.FIELD_GAP)
        self.head(kit, N_("Is this store sound?"), "life-buoy")
        self.body.addWidget(self.outcome)
        lead = N_(
            "The check reads everything and believes nothing. If something is wrong, the repair "
            "looks for the newest backup that is whole, and for what can still be read."
        )
        self.body.addWidget(Label(kit, lead, tone=Tone.MUTED).wrapped())
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID - tokens.RESERVE)
        row.addSpacing(-tokens.RESERVE)
        for part in (self.check, self.course):
            row.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)

    def forget(self) -> None:
        """Say no more what came of the last time."""
        self.outcome.hide()

    def _on_check(self) -> None:
        self.outcome.hide()
        self.check.hide()
        desk, course = self._desk, self.course.begin()
        self._kit.work.run(
            lambda: check_desk(desk, course),
            self._on_sound,
            self._on_unsound,
            title=N_("Checking the store…"),
            cancel=course,
        )

    def _on_sound(self, _nothing: object) -> None:
        self._rest()
        self.repair.hide()
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(N_("All of it is as it was written."))
        self.outcome.show()

    def _on_unsound(self, fault: KfdeskError) -> None:
        self._rest()
        is_calm = fault.code == _CANCELLED
        self.repair.setVisible(not is_calm)
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)
        self.outcome.show()

    def _rest(self) -> None:
        self.course.end()
        self.check.show()
