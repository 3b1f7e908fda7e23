# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan that one may only read says of itself, above its sections.

It is not one's own, or was opened with a reason; then some of it is covered, and that is said, so
that nobody takes a covered field for an empty one.
"""

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Banner

_READ = N_("You can read this plan, but not change it.")
_HELD = N_("This plan must be kept as it is, and is only read. Why stands under Keeping.")
_WATCHED = N_(
    "You can read this plan. Under Travel you can write down what happens on the way, nothing else."
)
_COVERED = N_("Her story, notes and documents are covered. They look empty, but they may not be.")


class ReadingNote(Banner):
    """The banner; hidden in a plan that one may change."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, Tone.INFO, "eye")
        self._desk = desk
        self.hide()

    def show_plan(self, page: PlanPage) -> None:
        """Say what holds for this plan."""
        is_opened = page.plan.rid in self._desk.opened
        read = _HELD if is_held(page.plan.row) else _READ
        self.tell(_WATCHED if is_opened else read, _COVERED if page.covered else "")
        self.setVisible(not page.may_edit)
