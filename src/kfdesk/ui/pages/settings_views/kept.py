# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a replaced value can be looked up and brought back: a setting of the store, for all.

The card says both sides of it before anybody chooses, because one of them cannot be taken back.
Who may not decide it reads what holds, and who decides.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Telling

CHOICES = (30, 90, 180, 365)

_SHORTER = N_(
    "Shorter: what was overwritten by mistake, or by a partner\u2019s file, cannot be brought back "
    "after that. Older values go for good when this notebook is opened next."
)
_LONGER = N_(
    "Longer: what somebody has corrected since, or wished away, stays readable here. Backups keep "
    "what they have, up to 35 days more."
)


class KeptCard(Card):
    """The days that hold, the choice, and what follows from it. `days_chosen` carries the days."""

    days_chosen = Signal(int)

    def __init__(self, kit: Kit, *, may_choose: bool) -> None:
        super().__init__()
        self.head(kit, N_("Replaced values"), "history")
        self._state = Label(kit, style=Type.STRONG).wrapped()
        self.days = Segmented(kit, [(str(count), days_text(count)) for count in CHOICES])
        self.days.setEnabled(may_choose)
        kit.words.bind(self.days.setAccessibleName, N_("How long replaced values are kept"))
        self.days.chosen.connect(lambda key: self.days_chosen.emit(int(key)))
        row = QHBoxLayout()
        row.addWidget(self.days)
        row.addStretch(1)
        self.body.addWidget(self._state)
        self.body.addLayout(row)
        for said in (_SHORTER, _LONGER):
            self.body.addWidget(Label(kit, said, Type.SMALL, Tone.MUTED).wrapped())
        if not may_choose:
            said = N_("The data protection lead decides this.")
            self.body.addWidget(Label(kit, said, Type.SMALL, Tone.MUTED).wrapped())

    def show_days(self, days: int) -> None:
        """Show what holds; days that are not among the choices are only said."""
        self._state.tell(kept_text(days))
        if days in CHOICES:
            self.days.choose(str(days))


def days_text(count: int) -> Telling:
    """`180 days`."""

    def say(language: Language) -> str:
        return language.ngettext("{count} day", "{count} days", count).format(count=count)

    return say


def kept_text(count: int) -> Telling:
    """The sentence of what holds."""

    def say(language: Language) -> str:
        return language.ngettext(
            "A value that was replaced is kept for {count} day.",
            "A value that was replaced is kept for {count} days.",
            count,
        ).format(count=count)

    return say
