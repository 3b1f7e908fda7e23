# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Plans: the list of plans, the intake of a new client, or one open plan.

It switches between them and knows nothing of what they show. A plan that the user may not read
is shown as locked.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.access import LockedPlanPage
from kfdesk.ui.pages.intake import IntakePage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan_list import PlanList, move_to_bin
from kfdesk.ui.plan_sections import FixTarget, HelpRequest
from kfdesk.ui.widgets.navigation import Page

_NEW_PLACE = "new"


class PlansPage(Page, QStackedWidget):
    """The list, one plan, or a plan being entered.

    `help_asked` carries the step of a plan for which somebody in the directory is needed,
    `entry_asked` the id of an entry in it, `send_asked` the id of a plan to send, `paper_asked`
    a paper to print and the id of the record that it is about, `article_asked` the id of an
    article of the book.
    """

    help_asked = Signal(object)
    entry_asked = Signal(bytes)
    send_asked = Signal(bytes)
    print_asked = Signal()
    paper_asked = Signal(object, bytes)
    article_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.plan: PlanView | None = None
        self.intake: IntakePage | None = None
        self._locked: LockedPlanPage | None = None
        self.listing = PlanList(kit, desk)
        self.listing.chosen.connect(self.open_plan)
        self.listing.new_asked.connect(self.begin_plan)
        self.listing.drafts.continued.connect(lambda line: self.begin_plan(line.rid))
        self.listing.send_asked.connect(self.send_asked)
        self.addWidget(self.listing)

    @property
    def pronoun(self) -> Pronoun:
        """The pronoun of the client of the plan on view."""
        return self.plan.pronoun if self.plan is not None else super().pronoun

    def open_plan(
        self,
        rid: bytes,
        draft: OpenDraft | None = None,
        *,
        section: str = "",
        goal: FixTarget | None = None,
    ) -> None:
        """Show one plan in place of the list.

        It opens in a section, at a field, or resumes a draft.
        """
        self._close_page()
        self.plan = view = PlanView(self._kit, self._desk, rid)
        view.closed.connect(self.show_list)
        view.locked.connect(lambda: self.show_locked(rid))
        view.other_asked.connect(self.open_plan)
        view.print_asked.connect(self.print_asked)
        view.paper_asked.connect(self.paper_asked)
        view.article_asked.connect(self.article_asked)
        view.help_asked.connect(self.help_asked)
        view.entry_asked.connect(self.entry_asked)
        view.return_to(section)
        if draft is not None:
            view.resume_draft(draft)
        if goal is not None:
            view.jump_to_fix(goal)
        self._show_page(view)

    def return_to_step(self, step: HelpRequest, entry: EntryLine | None) -> None:
        """Go back to a step of a plan, and enter the found entry there, if any."""
        plan = bytes.fromhex(self.plan.place().partition("/")[0]) if self.plan else b""
        if plan != step.plan:
            self.open_plan(step.plan, section=step.section)
        if entry is not None and self.plan is not None:
            self.plan.fill_in_entry(step, entry)

    def show_locked(self, rid: bytes) -> None:
        """Show that a plan belongs to somebody else, and how to open it."""
        self._close_page()
        self._locked = page = LockedPlanPage(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.opened.connect(self.open_plan)
        self._show_page(page)

    def begin_plan(self, rid: bytes | None = None) -> None:
        """Begin a plan in place of the list, or resume the draft `rid` of one."""
        if self.intake is not None and rid in (None, self.intake.rid):
            self.intake.setFocus()
            return
        self._close_page()
        self.intake = page = IntakePage(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.begun.connect(self._on_begun)
        self._show_page(page)

    def show_list(self) -> None:
        """Go back to the list."""
        self.setCurrentWidget(self.listing)
        self._close_page()
        self.listing.setFocus()

    def place(self) -> str:
        """Return the place: empty for the list, else the plan's id and its section."""
        if self.intake is not None:
            return f"{_NEW_PLACE}/{self.intake.rid.hex()}"
        page = self.plan or self._locked
        return page.place() if page is not None else ""

    def return_to(self, place: str) -> None:
        """Open the plan and the section that `place` names, or the plan being entered."""
        first, _, second = place.partition("/")
        if first == _NEW_PLACE:
            self.begin_plan(bytes.fromhex(second))
            return
        self.open_plan(bytes.fromhex(first))
        if self.plan is not None:
            self.plan.return_to(second)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands for menus and the key overview: of the plan, or of the list."""
        if self.plan is None:
            return self.listing.commands() if self.currentWidget() is self.listing else ()
        rid = bytes.fromhex(self.plan.place().partition("/")[0])
        away = partial(move_to_bin, self._kit, self._desk, (rid,))
        binned = Command(N_("Put the plan in the bin"), away, icon="trash-2", menu="edit")
        return (*self.plan.commands(), binned)

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        return self.plan.panes() if self.plan is not None else self.listing.panes()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to what is on view."""
        page = self.currentWidget()
        if page is not None:
            page.setFocus(event.reason())

    def _show_page(self, page: QWidget) -> None:
        self.setCurrentIndex(self.addWidget(page))
        page.setFocus()

    def _on_begun(self, rid: bytes) -> None:
        self.open_plan(rid)
        if self.plan is not None:
            self.plan.focus_next_step()

    def _close_page(self) -> None:
        for page in (self.plan, self.intake, self._locked):
            if page is not None:
                self.removeWidget(page)
                page.deleteLater()
        self.plan = self.intake = self._locked = None
