# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Keeping of a plan: until when it is kept, what holds it, and erasing her for good.

What ends a plan stands with its conditions, under Decision. Here is what comes after: a hold
restricts instead of erasing; an erasure shows before what goes, what stays and why.
"""

from PySide6.QtCore import Qt

from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.closing_views.erasing import EraseCard
from kfdesk.ui.pages.closing_views.holding import HoldCard
from kfdesk.ui.pages.plan_page.decision_views import facts
from kfdesk.ui.pages.plan_page.section import PlanSection, State
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import Card


class KeepingSection(PlanSection):
    """How long it is kept, and how it ends."""

    key = "keeping"
    label = N_("Keeping")
    icon = "archive"

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        card = Card()
        card.head(kit, N_("How long it is kept"), "calendar-clock")
        self.until = Label(kit).wrapped()
        under = N_("The day is set when the plan closes, under Decision, and she is told of it. "
                   "Today reminds of it a month before.")  # fmt: skip
        self._plan = b""
        self.set_day = Button(kit, N_("Set the day"), "calendar-clock")
        self.set_day.clicked.connect(
            lambda: self.field_asked.emit("plan", self._plan, "retention_until")
        )
        card.body.addWidget(self.until)
        card.body.addWidget(Label(kit, under, tone=Tone.MUTED).wrapped())
        card.body.addWidget(self.set_day, 0, Qt.AlignmentFlag.AlignLeft)
        self.hold = HoldCard(kit, desk)
        self.erase = EraseCard(kit, desk)
        for part in (card, self.hold, self.erase):
            self.column.addWidget(part)

    def show_plan(self, page: PlanPage) -> None:
        """Show how long this plan is kept."""
        plan, self._plan = page.plan.record, page.plan.rid
        is_led = page.may_edit and plan.state in facts.CLOSING.states
        self.set_day.setVisible(is_led)
        self.until.tell(lambda language: _until(plan, language))
        self.hold.show_plan(page)
        self.erase.show_plan(page)

    @staticmethod
    def state(page: PlanPage) -> State:
        """That it is held."""
        return State(Fill.EMPTY, N_("restricted") if is_held(page.plan.row) else "")


def _until(plan: Plan, language: Language) -> str:
    if plan.retention_until is None:
        return language.gettext(N_("No day is set yet."))
    day = value_text(field_of("plan", "retention_until"), plan.retention_until, language)
    return language.gettext(N_("Kept until {day}.")).format(day=day)
