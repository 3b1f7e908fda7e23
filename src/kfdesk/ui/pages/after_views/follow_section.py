# SPDX-License-Identifier: GPL-3.0-or-later
"""The section After arrival of a plan: how she is reached, what was agreed, how she fares.

Where the newest contact gives reason to worry, the next steps stand on top. The partner writes
here by its files as well as who sits here.
"""

from datetime import date

from kfdesk.domain.after.schedule import standing_of
from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.contacts import Contacts
from kfdesk.ui.pages.after_views.course import CourseCard
from kfdesk.ui.pages.after_views.reach import ReachCard
from kfdesk.ui.pages.after_views.times import TimesCard
from kfdesk.ui.pages.after_views.worry import WorryCard
from kfdesk.ui.pages.plan_page.section import PlanSection, State
from kfdesk.ui.widgets.paint import Fill


class FollowUpSection(PlanSection):
    """Contacts after the arrival."""

    key = "follow_up"
    label = N_("After arrival")
    types = frozenset({"follow_up"})
    icon = "footprints"

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._client = b""
        self.worry = WorryCard(kit, desk)
        self.worry.step_asked.connect(lambda kind: self.step_asked.emit("notes", kind))
        self.reach = ReachCard(kit)
        self.reach.asked.connect(lambda key: self.field_asked.emit("client", self._client, key))
        self.times = TimesCard(kit, desk)
        self.course = CourseCard(kit)
        for card in (self.worry, self.reach, self.times, self.course):
            self.column.addWidget(card)
        self.contacts = Contacts(kit, desk)
        self.add_list(self.contacts)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's contacts."""
        is_shut = not page.may_edit or is_read_only(page.plan.record.state)
        self._client = page.client.rid
        views = page.case.all_views("follow_up")
        self.worry.show_plan(page)
        self.reach.show_plan(page)
        self.times.show_plan(page, is_shut=is_shut)
        self.contacts.offers = offers_of(self.kit, page, self.desk)
        self.contacts.show_page(page, is_read_only=is_shut)
        self.course.show_contacts(views)

    @staticmethod
    def state(page: PlanPage) -> State:
        """How many contacts are still to be made."""
        contacts = (one.record for one in page.case.all_views("follow_up"))
        count = sum(standing_of(one, date.min).is_open for one in contacts)
        return State(Fill.EMPTY, (lambda _: str(count)) if count else "")
