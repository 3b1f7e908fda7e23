# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes next in a plan that was just begun: her consent, before anything else is written.

Shows itself only while there is no consent at all. What later steps lack, the gates say.
"""

from PySide6.QtCore import Signal

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.schema import N_
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner

_CONSENT = "consent"


class NextStep(Banner):
    """The banner. `asked` carries the section to go to and the type of record to begin there."""

    asked = Signal(str, str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, Tone.INFO, "file-check")
        self.button = Button(kit, N_("Go to consent"), look=Look.TONAL).ended_by("arrow-right")
        self.button.clicked.connect(lambda: self.asked.emit(_CONSENT, _CONSENT))
        self.act(self.button)
        self.tell(
            N_("Next: her consent to case management."),
            N_("Until she agrees, nothing about her leaves this desk."),
        )
        self.hide()

    def show_plan(self, page: PlanPage, section: str) -> None:
        """Show it, if it is what comes next, and one is not there already."""
        is_next = page.may_edit and not page.consents and not is_read_only(page.plan.record.state)
        self.setVisible(is_next and section != _CONSENT)
