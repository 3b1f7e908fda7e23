# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands below the picture: our answers by category, the weighings, what has happened.

Apart from the section, because each is made as the window finds time, and whoever is led here
waits for it. They read nothing themselves.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.lists.risk_codes import RISK_CATEGORY
from kfdesk.services.casework.weighing import Risks
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.editing.record_list import RecordList
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.risk_views.answers import AnswersCard
from kfdesk.ui.pages.plan_page.risk_views.categories import CategoriesCard
from kfdesk.ui.pages.plan_page.risk_views.events import Events
from kfdesk.ui.pages.plan_page.risk_views.weighings import (
    OurWeighing,
    TheirWeighing,
    ToldWeighing,
)

TOLD = "told_weighing"
"""Begun by this name is what a receiver without a desk of its own tells."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the parts show. `is_shut`: it is only read."""

    page: PlanPage
    risks: Risks
    offers: Offers
    is_shut: bool


class Answering(QWidget):
    """Our own weighing by its categories; `opened` carries the one whose questions are on view."""

    opened = Signal(str)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._shown: Shown | None = None
        self.categories = CategoriesCard(kit)
        self.answers = AnswersCard(kit, desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(self.categories)
        column.addWidget(self.answers)
        self.categories.chosen.connect(self.open_category)
        self.answers.closed.connect(self._on_answers_closed)
        self.answers.finished.connect(self._on_category_finished)

    def show_risks(self, shown: Shown) -> None:
        """Show these; a category that is open stays open."""
        self._shown = shown
        self.categories.show_risks(shown.risks)
        self.setVisible(shown.risks.ours is not None)
        if self.answers.category:
            self._show_answers(shown, self.answers.category)

    def open_category(self, category: str) -> bool:
        """Open the questions of a category of our own weighing; whether they can be answered."""
        shown = self._shown
        if shown is None or shown.is_shut or shown.risks.ours is None:
            return False
        self._show_answers(shown, category)
        self.categories.go_to(category)
        self.answers.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit(category)
        return True

    def open_record(self, rid: bytes, key: str) -> bool:
        """Lead to a category by a line of either side, or to what our weighing leaves open."""
        risks = self._shown.risks if self._shown is not None else None
        if risks is None:
            return False
        for version in risks.versions:
            for one in version.lines:
                if one.rid == rid and one.record.category in RISK_CATEGORY:
                    return self.open_category(str(one.record.category))
        is_ours = risks.ours is not None and risks.ours.view.rid == rid
        return (
            is_ours
            and key == "unanswered"
            and bool(risks.open)
            and self.open_category(risks.open[0])
        )

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with what was typed into a category of ours."""
        self.open_record(draft.line.rid, "")
        form = self.answers.form
        return form is not None and form.take_draft(draft)

    def _show_answers(self, shown: Shown, category: str) -> None:
        ours = shown.risks.ours
        if ours is None or shown.is_shut:
            self.answers.put_away()
            return
        found = next((one for one in ours.lines if one.record.category == category), None)
        self.answers.show_category(ours.view.rid, category, found, shown.offers)

    def _on_category_finished(self) -> None:
        """Go on with the next category that waits for an answer, where there is one."""
        left = self._shown.risks.open if self._shown is not None else ()
        places = [*left, *left]
        here = self.answers.category
        after = places[places.index(here) + 1 :] if here in places else places
        following = next((one for one in after if one != here), None)
        if following is not None:
            self.open_category(following)

    def _on_answers_closed(self) -> None:
        if self.categories.isVisible():
            self.categories.table.setFocus(Qt.FocusReason.OtherFocusReason)


class Weighings(QWidget):
    """The conclusions of both sides, and what has happened since."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.ours = OurWeighing(kit, desk)
        self.theirs = TheirWeighing(kit)
        self.told = ToldWeighing(kit, desk)
        self.events = Events(kit, desk)
        self.lists: tuple[RecordList, ...] = (self.ours, self.told, self.events)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        for part in (self.ours, self.theirs, self.told, self.events):
            column.addWidget(part)

    def show_risks(self, shown: Shown) -> None:
        """Show these."""
        page, risks, is_shut = shown.page, shown.risks, shown.is_shut
        for each in self.lists:
            each.offers = shown.offers
        self.ours.show_risks(page, risks, is_read_only=is_shut)
        self.theirs.show_risks(page, risks, self._desk.identity.organisation)
        self.told.show_risks(page, risks, is_read_only=is_shut)
        events = page.case.all_views("risk_event")
        self.events.show_records(events, page.plan.rid, is_read_only=is_shut)

    def open_record(self, rid: bytes, key: str) -> bool:
        """Lead to a weighing or an event."""
        return any(each.open_record(rid, key) for each in self.lists)

    def begin(self, record_type: str) -> None:
        """Begin a weighing, ours or one that was told, or write down an event."""
        {TOLD: self.told, "risk_event": self.events}.get(record_type, self.ours).begin()

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft of one of the lists."""
        return any(each.go_on(draft) for each in self.lists)
