# SPDX-License-Identifier: GPL-3.0-or-later
"""A place for which none of one's roles is made: it says so, calmly, and whom to ask.

Stands in for the page, so that nobody is led to a fault. Which roles a place needs is said where
the places are listed.
"""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.words import Message

NOT_YOURS = N_("Your roles do not include this")
WHOM_TO_ASK = N_("Settings shows who can change roles at this desk.")


class Outside(QWidget):
    """The page, under the title of the one that it stands for."""

    def __init__(self, kit: Kit, title: Message) -> None:
        super().__init__()
        card = Card()
        card.body.addWidget(Empty(kit, "lock", NOT_YOURS, WHOM_TO_ASK))
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, title, Type.DISPLAY))
        column.addWidget(card)
        column.addStretch(1)
