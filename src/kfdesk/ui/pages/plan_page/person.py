# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Person of a plan: who she is, as far as she wanted it written down.

Shows which fields and in which order; labels and words of values come from their description.
"""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card

_PERSON = (
    "code",
    "alias",
    "given_name",
    "family_name",
    "name_on_ticket",
    "birth_date",
    "languages",
    "safe_contact",
)
_DECISION = ("wish", "wish_stated", "from_country", "to_country", "to_place", "wants_paper")


class PersonSection(QWidget):
    """The person, and what she wants."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.person = Facts(kit, _PERSON)
        self.decision = Facts(kit, _DECISION)
        about, wish = Card(), Card()
        about.body.addWidget(self.person)
        wish.head(kit, N_("What she wants"), "user")
        wish.body.addWidget(self.decision)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("Person"), Type.TITLE))
        column.addWidget(about)
        column.addWidget(wish)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's person."""
        self.person.show_record(page.client)
        self.decision.show_record(page.plan)
