# SPDX-License-Identifier: GPL-3.0-or-later
"""How old the last verified backup is, in a sentence; on Today, with the way to the page.

Calm while all is well, amber after three days, red after seven or where there is none.
"""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.desk.backup import Age
from kfdesk.domain.marks import N_
from kfdesk.services.keeping.backup import BackupState
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.words import Message

LOOKS: Mapping[Age, tuple[Tone, str]] = {
    Age.FRESH: (Tone.SUCCESS, "shield-check"),
    Age.OLD: (Tone.WARNING, "triangle-alert"),
    Age.OVERDUE: (Tone.DANGER, "octagon-alert"),
    Age.NONE: (Tone.DANGER, "octagon-alert"),
}


def age_words(state: BackupState) -> Message:
    """`Last verified backup: 3 days ago`."""
    days = state.days
    if days is None:
        return N_("There is no backup yet")
    if not days:
        return N_("Last verified backup: today")
    return lambda language: language.ngettext(
        "Last verified backup: {count} day ago", "Last verified backup: {count} days ago", days
    ).format(count=days)


def risk_words(state: BackupState) -> Message:
    """What that means; empty while all is well."""
    if state.age is Age.NONE:
        return N_("If this computer is lost or breaks, everything in it is lost.")
    if state.age in (Age.OLD, Age.OVERDUE):
        return N_("What was written since then is on this computer alone.")
    return ""


class BackupLine(QWidget):
    """The line on Today. `asked` leads to the page."""

    asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.banner = Banner(kit, Tone.SUCCESS, "shield-check")
        self.button = Button(kit, N_("Backup…"), "archive", Look.QUIET)
        self.button.clicked.connect(self.asked)
        self.banner.act(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.banner)
        self.hide()

    def show_state(self, state: BackupState) -> None:
        """Say how old it is."""
        self.banner.show_look(*LOOKS[state.age])
        self.banner.tell(age_words(state), risk_words(state))
        self.show()
