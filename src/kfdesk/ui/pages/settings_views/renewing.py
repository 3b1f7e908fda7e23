# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own keys made anew: what becomes new, and what partners will have to do for it.

The notebook locks itself afterwards, because everything that is open holds the former keys; what
was typed comes back with it. Whom a partner believes is decided at the partner, never here.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.parcels import own_keys
from kfdesk.ui import tokens
from kfdesk.ui.guard.note import FOR_KEYS
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.settings_views.own import inset
from kfdesk.ui.pages.settings_views.steps import KeyStep
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Option
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.words import Message

BOX, SIGNING, STOLEN = "box", "signing", "stolen"
_WHAT = {
    BOX: (
        N_("The key that files to us are encrypted with"),
        N_("Partners take it over by our next file to each. Nobody has to call."),
    ),
    SIGNING: (
        N_("The key that we sign with, too"),
        N_("Each partner calls and compares sixty digits. Until then all goes on as before."),
    ),
    STOLEN: (
        N_("Both, because the old ones may be in other hands"),
        N_("Partners take nothing more under the old key until they have compared the digits."),
    ),
}


class OwnKeysCard(Card):
    """Our keys, and the way to new ones."""

    renew_asked = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.renew = Button(kit, N_("Make new keys…"), "key-round")
        self.renew.clicked.connect(self.renew_asked)
        self.head(kit, N_("Our keys for the exchange"), "key-round")
        said = N_("By them partners know that a file is ours, and we alone can open theirs.")
        when = N_("Make them anew when a laptop is lost or somebody leaves, or else once a year.")
        self.body.addWidget(Label(kit, said).wrapped())
        self.body.addWidget(Label(kit, when, Type.SMALL, Tone.MUTED).wrapped())
        foot = QHBoxLayout()
        foot.setContentsMargins(-tokens.RESERVE, 4, 0, 0)
        foot.addWidget(self.renew)
        foot.addStretch(1)
        self.body.addLayout(foot)


class RenewKeys(KeyStep):
    """Which keys become new, with what it asks of partners; then the notebook locks itself."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        act = Button(kit, N_("Make new keys and lock"), "key-round", Look.PRIMARY)
        super().__init__(kit, desk, N_("New keys"), act)
        self.under.tell(N_("What is on its way under the former keys is still taken."))
        self.options = {key: Option(kit, *words) for key, words in _WHAT.items()}
        self._group = QButtonGroup(self)
        for option in self.options.values():
            self._group.addButton(option)
            option.toggled.connect(self.show_state)
        self._part(N_("Which keys become new?"), *self.options.values())
        after = Banner(kit, Tone.INFO, "lock")
        after.tell(
            N_("The notebook locks itself and opens again with the new keys."),
            N_("What you have typed is kept. Files to partners go on from their page as before."),
        )
        self.card.body.addLayout(inset(after))
        self.first = self.options[BOX]
        self.show_state()

    @property
    def chosen(self) -> str:
        """What is chosen; empty if nothing is."""
        return next((key for key, option in self.options.items() if option.isChecked()), "")

    @property
    def reason(self) -> Message:
        """Nothing is chosen for anybody: each answer asks something else of partners."""
        return "" if self.chosen else N_("Choose first which keys become new.")

    def service(self) -> Callable[[], object]:
        """Make them."""
        desk, chosen = self.desk, self.chosen
        if chosen == BOX:
            return lambda: own_keys.renew_keys(desk)
        return lambda: own_keys.renew_signing(desk, is_stolen=chosen == STOLEN)

    def told(self) -> Message:
        """What was done."""
        return N_("The keys are new.")

    def _on_done(self, changes: object) -> None:
        super()._on_done(changes)
        self.kit.hub.lock_asked.emit(FOR_KEYS)
