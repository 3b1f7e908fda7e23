# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Rehabilitation of a plan: her aims, the services for them, and the paper of both.

The support plan is printed for two signatures; it is made by the print centre like every paper.
"""

from dataclasses import replace

from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.support import Goals, Services, aim_words
from kfdesk.ui.pages.plan_page.section import PlanSection, State
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill

_OPEN = frozenset({None, "planned", "in_progress"})


class SupportSection(PlanSection):
    """Aims and services."""

    key = "support"
    label = N_("Rehabilitation")
    types = frozenset({"goal", "service"})
    icon = "sprout"

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        under = N_("The support plan is printed from this for her signature and yours: see Print.")
        self.column.addWidget(Label(kit, under, Type.SMALL, Tone.MUTED).wrapped())
        self.goals, self.services = Goals(kit, desk), Services(kit, desk)
        self.goals.help_asked.connect(self.help_asked)
        self.add_list(self.goals)
        self.add_list(self.services)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's aims and services."""
        is_shut = not page.may_edit or is_read_only(page.plan.record.state)
        language = self.kit.words.language
        offers = offers_of(self.kit, page, self.desk)
        aims = [(one.rid.hex(), aim_words(one, language)) for one in page.case.all_views("goal")]
        self.goals.offers = offers
        self.services.offers = replace(offers, references={**offers.references, "goal": aims})
        self.goals.show_page(page, is_read_only=is_shut)
        self.services.show_page(page, is_read_only=is_shut)

    @staticmethod
    def state(page: PlanPage) -> State:
        """How many aims are open."""
        count = sum(one.record.status in _OPEN for one in page.case.all_views("goal"))
        return State(Fill.EMPTY, (lambda _: str(count)) if count else "")
