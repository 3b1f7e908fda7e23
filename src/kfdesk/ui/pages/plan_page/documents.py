# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Documents of a plan: scans, photos and texts that are kept in the store.

A file comes in by a question for it or by being dropped here; what cannot be kept is told in a
banner, and nothing was added then. Looking happens in the viewer, in place of the list. What a
file is and what is kept of it, the service knows.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.attachments import add_file, remove_attachment
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import Done
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.files import ask_open
from kfdesk.ui.form.form import Form
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.document_views.shelf import Shelf
from kfdesk.ui.pages.document_views.viewer import Viewer
from kfdesk.ui.pages.document_views.wording import title_text
from kfdesk.ui.pages.history_views.taking_back import do, take_back
from kfdesk.ui.pages.plan_page.section import PlanSection, State
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.work import Course

_KEYS = ("title", "kind")
_DropLike = QDragEnterEvent | QDragMoveEvent | QDropEvent


class DocumentsSection(PlanSection):
    """The documents of a plan."""

    key = "documents"
    label = N_("Documents")
    types = frozenset({"attachment"})
    icon = "paperclip"

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk)
        self._plan: bytes | None = None
        self._views: tuple[View[Attachment], ...] = ()
        self._is_read_only = False
        self._looked_at = b""
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self.dropping = Banner(kit, Tone.INFO, "plus")
        self.dropping.tell(N_("Let go, and the file is added here."))
        self.dropping.hide()
        self.shelf = Shelf(kit)
        self.form = self.add_form(
            RecordForm(kit, desk, "attachment", Form(kit, "attachment", _KEYS, rows=(_KEYS,)))
        )
        self.editor = self._make_editor()
        self.viewer = Viewer(kit, desk)
        for part in (self.outcome, self.dropping, self.shelf, self.editor, self.viewer):
            self.column.addWidget(part)
        self.setAcceptDrops(True)
        self.shelf.add_asked.connect(self._on_add_asked)
        self.shelf.chosen.connect(self._on_chosen)
        self.viewer.closed.connect(self._on_viewer_closed)
        self.form.saved.connect(lambda _done: self.close_editor())
        self.form.closed.connect(self.close_editor)

    def show_plan(self, page: PlanPage, *, is_read_only: bool = False) -> None:
        """Show this plan's documents; read-only, they can only be looked at."""
        is_read_only = is_read_only or not page.may_edit
        self._plan, self._is_read_only = page.plan.rid, is_read_only
        self._views = page.views(Attachment)
        self.shelf.show_documents(self._views, is_read_only=is_read_only)
        here = {one.rid: one for one in self._views}
        if self.viewer.rid is not None and self.viewer.rid not in here:
            self.viewer.leave()
        if self.editor.isVisibleTo(self) and self.form.rid in here:
            self.form.show_view(here[self.form.rid])
        elif self.editor.isVisibleTo(self):
            self.close_editor()

    @staticmethod
    def state(page: PlanPage) -> State:
        """How many documents there are."""
        count = len(page.views(Attachment))
        return State(
            Fill.DONE if count else Fill.EMPTY,
            lambda language: _kept(count, language) if count else "",
        )

    def add_files(self, paths: list[Path]) -> None:
        """Add files to the plan, one after the other."""
        self.outcome.hide()
        for path in paths:
            self._add(path)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open name and kind of a document to be edited; whether it is here."""
        one = self._found(rid)
        if one is None or self._is_read_only or (key and key not in _KEYS):
            return False
        self.viewer.leave()
        self.form.show_view(one)
        self.editor.show()
        self.form.form.focus_on(key or _KEYS[0])
        return True

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft of name and kind; whether it belongs here."""
        is_ours = draft.line.type == "attachment" and self.open_record(draft.line.rid)
        return is_ours and self.form.take_draft(draft)

    def close_editor(self) -> None:
        """Put the editor away; what was typed in it is a draft."""
        self.form.keep()
        self.editor.hide()
        self.shelf.focus_on("edit", self.form.rid or b"")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Files may come, nothing else."""
        if self._droppable(event):
            event.setDropAction(Qt.DropAction.CopyAction)  # never take them from where they are
            event.accept()
            self.dropping.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """They went elsewhere."""
        self.dropping.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """They are here."""
        self.dropping.hide()
        paths = self._droppable(event)
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.add_files(paths)

    def _make_editor(self) -> Card:
        card = Card()
        close = Button(self.kit, N_("Close"), look=Look.QUIET)
        close.clicked.connect(self.close_editor)
        card.head(self.kit, N_("Name and kind"), "pencil").addWidget(close)
        card.body.addWidget(self.form)
        card.hide()
        return card

    def _droppable(self, event: _DropLike) -> list[Path]:
        """The files that are dropped here, if they can be added; a page of the web cannot."""
        urls = event.mimeData().urls()
        may = not self._is_read_only and self._plan is not None and self.shelf.isVisible()
        if not may or not all(url.isLocalFile() for url in urls):
            return []
        return [Path(url.toLocalFile()) for url in urls]

    def _found(self, rid: bytes) -> View[Attachment] | None:
        return next((one for one in self._views if one.rid == rid), None)

    def _add(self, path: Path) -> None:
        plan, desk, course = self._plan, self.desk, Course()
        if plan is None or self._is_read_only:
            return
        self.kit.work.run(
            lambda: add_file(desk, plan, path, course),
            self._on_added,
            self._on_refused,
            title=N_("Adding a document…"),
            cancel=course,
        )

    def _on_add_asked(self) -> None:
        self.outcome.hide()
        ask_open(self.kit, self, N_("Add the file"), "", lambda path: self.add_files([path]))

    def _on_added(self, done: Done) -> None:
        kit, desk = self.kit, self.desk
        kit.hub.changed.emit(done.types)
        kit.tell(
            N_("Added. The file itself is still where it was."),
            lambda: take_back(kit, desk, done),
        )

    def _on_refused(self, fault: KfdeskError) -> None:
        is_calm = fault.code == "work.cancelled"
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)

    def _on_chosen(self, act: str, rid: bytes) -> None:
        one = self._found(rid)
        if one is None:
            return
        self.outcome.hide()
        if act == "view":
            self.close_editor()
            self.shelf.hide()
            self._looked_at = rid
            self.viewer.show_document(rid, title_text(one, self.kit.words.language))
        elif act == "edit":
            self.open_record(rid)
        else:
            desk = self.desk
            do(self.kit, desk, lambda: remove_attachment(desk, rid), N_("Put in the bin."))

    def _on_viewer_closed(self, had_keys: bool) -> None:
        self.shelf.show()
        if had_keys:
            self.shelf.focus_on("view", self._looked_at)


def _kept(count: int, language: Language) -> str:
    return language.ngettext("{count} document", "{count} documents", count).format(count=count)
