# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Procedures: the list, one version, one of its steps, two versions, or a new one.

It switches between them and knows nothing of what they show. A file that is dropped on it is
looked at before anything is taken over.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.services.core.drafts import DraftLine, OpenDraft, read_draft
from kfdesk.services.core.session import Session
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import dropped_files
from kfdesk.ui.pages.procedures.comparison import ComparisonPage
from kfdesk.ui.pages.procedures.details import ProcedurePage, ShownProcedure, read_shown
from kfdesk.ui.pages.procedures.steps import StepPage
from kfdesk.ui.pages.procedures.templates import FILE_SUFFIX, ProcedureImportPage, TemplatesPage
from kfdesk.ui.pages.procedures.version_list import PROCEDURE_TYPES, ProcedureList
from kfdesk.ui.tasks import call, task
from kfdesk.ui.widgets.layout import TaskPage
from kfdesk.ui.widgets.navigation import Page, Pane

_GONE = frozenset({"record.missing", "record.deleted"})
_ID_DIGITS = 32


class ProceduresPage(Page, QStackedWidget):
    """The place Procedures. `print_asked` carries a paper, and the id of a version to print."""

    print_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = b""
        self.shown: ShownProcedure | None = None
        """The version that is open; None while the list is on view."""
        self.listing = ProcedureList(kit, desk)
        self.details: ProcedurePage | None = None
        self.step: StepPage | None = None
        self.task: TaskPage | None = None
        self.addWidget(self.listing)
        self.listing.chosen.connect(self.open_procedure)
        self.listing.new_asked.connect(self.begin)
        kit.events.changed.connect(self._on_changed)
        self.setAcceptDrops(True)

    # what is on view

    @task
    async def open_procedure(self, rid: bytes, draft: OpenDraft | None = None) -> None:
        """Open a version, and in it a draft of its head or of a step, if one is to be resumed."""
        self._rid = rid
        shown = await self._read_shown(rid)
        if shown is None or rid != self._rid:
            return  # it has gone, or something else was opened meanwhile
        before = self.details
        self.details = self._make_details()
        self._show_procedure(shown)
        self._put(self.details)
        self._close_step()
        self._close_task()
        self._drop(before)
        if draft is not None:
            self._resume(draft)

    def show_list(self) -> None:
        """Go back to the list."""
        rid, self._rid, self.shown = self._rid, b"", None
        self.listing.select(rid)
        self._put(self.listing)
        self._close_step()
        self._close_task()
        before, self.details = self.details, None
        self._drop(before)

    def show_details(self) -> None:
        """Go back to the version that is open, or to the list."""
        if self.details is None:
            self.show_list()
            return
        step = self.step.rid if self.step is not None else None
        self._put(self.details)
        self.details.select_step(step)
        self._close_step()
        self._close_task()

    def open_step(self, rid: bytes) -> None:
        """Show a step of the open version in full."""
        if self.shown is None:
            return
        page = self.step or self._make_step()
        if page.show_step(self.shown.details, rid):
            self._put(page)
        else:
            self.show_details()

    def begin_step(self, draft: OpenDraft | None = None) -> None:
        """Begin a step of the open version, or resume the draft of a new one."""
        if self.shown is not None and self.shown.details.may_write:
            page = self.step or self._make_step()
            self._put(page)
            page.begin(self.shown.details, draft)

    def begin(self) -> None:
        """Show what a new procedure can begin with."""
        if self.listing.may_write:
            page = TemplatesPage(self._kit, self._desk)
            page.chosen.connect(self.look_at)
            self._open(page, self.show_list)

    def look_at(self, source: str | Path) -> None:
        """Show what taking over a procedure would add: one of the program's, or a file."""
        page = ProcedureImportPage(self._kit, self._desk, source)
        page.taken.connect(self.open_procedure)
        self._open(page, self.begin)

    def compare(self, rid: bytes) -> None:
        """Show a version beside another."""
        self._open(ComparisonPage(self._kit, self._desk, rid), self.show_details)

    @task
    async def resume_draft(self, line: DraftLine) -> None:
        """Resume a draft of a procedure or of a step."""
        head = line.rid if line.type == "procedure" else line.parent
        draft = await call(self._kit, read_draft, self._desk, line.rid)
        if head is not None:
            self.open_procedure(head, draft)

    # Page

    def commands(self) -> Sequence[Command]:
        part = self.currentWidget()
        if part is self.listing:
            return (*self.listing.commands(), *self._file_commands())
        if isinstance(part, ProcedurePage | StepPage):
            return part.commands()
        return ()

    def place(self) -> str:
        return self._rid.hex()

    def return_to(self, place: str) -> None:
        if len(place) == _ID_DIGITS:
            self.open_procedure(bytes.fromhex(place))

    def panes(self) -> Sequence[Pane]:
        """Return the panes that F6 visits: the filter and the list."""
        if self.currentWidget() is not self.listing:
            return ()
        return ((self.listing.search, self.listing.search), (self.listing.table, self.listing))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        part = self.currentWidget()
        if part is not None:
            part.setFocus(event.reason())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept the file of a procedure."""
        if self._dropped(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the dropped file."""
        paths = self._dropped(event)
        if paths:
            event.acceptProposedAction()
            self.look_at(paths[0])

    # parts

    def _dropped(self, event: QDropEvent) -> tuple[Path, ...]:
        paths = dropped_files(event)
        is_one = len(paths) == 1 and paths[0].suffix.lower() == FILE_SUFFIX
        return paths if is_one and self.listing.may_write else ()

    def _file_commands(self) -> tuple[Command, ...]:
        if not self.listing.may_write:
            return ()
        return (Command(N_("Procedure from a file…"), self._ask_file, icon="download"),)

    def _ask_file(self) -> None:
        self.begin()
        if isinstance(self.task, TemplatesPage):
            self.task.from_file.click()

    def _make_details(self) -> ProcedurePage:
        page = ProcedurePage(self._kit, self._desk)
        page.closed.connect(self.show_list)
        page.step_chosen.connect(self.open_step)
        page.new_asked.connect(self.begin_step)
        page.opened.connect(self.open_procedure)
        page.compare_asked.connect(self.compare)
        page.print_asked.connect(partial(self.print_asked.emit, PaperName.PROCEDURE_SHEET))
        self.addWidget(page)
        return page

    def _make_step(self) -> StepPage:
        page = self.step = StepPage(self._kit, self._desk)
        page.closed.connect(self.show_details)
        page.moved.connect(self._on_moved)
        self.addWidget(page)
        return page

    def _open(self, page: TaskPage, back: Callable[[], None]) -> None:
        before, self.task = self.task, page
        page.closed.connect(back)
        self.addWidget(page)
        self._put(page)
        self._drop(before)

    def _put(self, page: QWidget) -> None:
        """Show a part; the keyboard comes along if it was here."""
        focus = QApplication.focusWidget()
        had_focus = focus is not None and (focus is self or self.isAncestorOf(focus))
        self.setCurrentWidget(page)
        if had_focus:
            page.setFocus()

    def _close_step(self) -> None:
        before, self.step = self.step, None
        self._drop(before)

    def _close_task(self) -> None:
        before, self.task = self.task, None
        self._drop(before)

    def _drop(self, page: QWidget | None) -> None:
        """Delete a part, which keeps what was typed in it as a draft."""
        if page is not None:
            page.hide()
            self.removeWidget(page)
            page.deleteLater()

    def _show_procedure(self, shown: ShownProcedure) -> None:
        self.shown = shown
        if self.details is not None:
            self.details.show_procedure(shown)

    def _resume(self, draft: OpenDraft) -> None:
        """Show the form of a draft; the form finds the draft of a record that is there."""
        if draft.line.type == "procedure" and self.details is not None:
            self.details.about.focus_form()
        elif draft.line.is_new:
            self.begin_step(draft)
        else:
            self.open_step(draft.line.rid)

    def _on_moved(self, by: int) -> None:
        if self.shown is None or self.step is None:
            return
        rids = [one.rid for one in self.shown.details.steps]
        at = rids.index(self.step.rid) + by if self.step.rid in rids else -1
        if 0 <= at < len(rids):
            self.open_step(rids[at])

    def _on_changed(self, types: frozenset[str]) -> None:
        if self._rid and types & PROCEDURE_TYPES:
            self._read_again()

    @task
    async def _read_again(self) -> None:
        """Read the open version again, and the step that is on view."""
        rid = self._rid
        shown = await self._read_shown(rid)
        if shown is None or rid != self._rid or self.details is None:
            return
        self._show_procedure(shown)
        step = self.step
        if step is None or step.rid is None or step.is_new:
            return
        if not step.show_step(shown.details, step.rid):
            self.show_details()

    async def _read_shown(self, rid: bytes) -> ShownProcedure | None:
        """Return a version as it is now; go back to the list and return None if it has gone."""
        try:
            shown = await call(self._kit, read_shown, self._desk, rid)
        except KfdeskError as fault:
            if fault.code not in _GONE:
                raise
            shown = None
        if (shown is None or shown.details.view.is_deleted) and rid == self._rid:
            self.show_list()
            return None
        return shown
