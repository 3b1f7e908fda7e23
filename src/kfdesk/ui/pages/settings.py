# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: language, colours, and when the program locks itself. Kept for this user alone.

Each holds at once; there is nothing to save. Nothing about a store or a person stands here.
"""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.release import RELEASED, VERSION
from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.theme import Scheme
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Telling

_SCHEMES = (
    (Scheme.SYSTEM.value, N_("As the computer")),
    (Scheme.LIGHT.value, N_("Light")),
    (Scheme.DARK.value, N_("Dark")),
)


class SettingsPage(QWidget):
    """The settings."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.language = Segmented(kit, [(one.code, _named(one.name)) for one in kit.words.offered])
        self.scheme = Segmented(kit, _SCHEMES)
        self.language.chosen.connect(kit.speak)
        self.scheme.chosen.connect(lambda key: kit.wear(Scheme(key)))
        kit.words.bind(self.language.setAccessibleName, N_("Language"))
        kit.words.bind(self.scheme.setAccessibleName, N_("Colours"))
        self._lay_out()
        self._show()
        kit.words.changed.connect(self._show)
        kit.theme.changed.connect(self._show)

    def _lay_out(self) -> None:
        kit = self._kit
        card = Card()
        card.body.setSpacing(tokens.FIELD_GAP)
        for label, choice in ((N_("Language"), self.language), (N_("Colours"), self.scheme)):
            part = QVBoxLayout()
            part.setSpacing(tokens.LABEL_GAP)
            part.addWidget(Label(kit, label, Type.LABEL, Tone.MUTED))
            row = QHBoxLayout()
            row.addWidget(choice)
            row.addStretch(1)
            part.addLayout(row)
            card.body.addLayout(part)
        about = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        about.tell(
            N_("Version {version}, {date}. Free software: GPL-3.0 or later."),
            version=lambda _: VERSION,
            date=lambda language: language.day(RELEASED, year=True),
        )
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("Settings"), Type.DISPLAY))
        column.addWidget(card)
        column.addWidget(about)
        column.addStretch(1)
        self.setFocusProxy(self.language)

    def _show(self) -> None:
        self.language.choose(self._kit.words.language.code)
        self.scheme.choose(self._kit.theme.scheme.value)


def _named(name: str) -> Telling:
    return lambda _: name
