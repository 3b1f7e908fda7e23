# SPDX-License-Identifier: GPL-3.0-or-later
"""The Documents section of a plan: scans, photos and texts that are kept in the store.

The user adds a file in a file dialog or by drag and drop. A refused file is reported in a banner,
and nothing is added. The viewer replaces the list. The service decides what a file is and what
of it is stored.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.case import Attachment
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import add_attachment_file, remove_attachment
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.attachments import DocumentList, DocumentViewer, document_title
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_open
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.plan_sections import PlanSection, SectionProgress
from kfdesk.ui.record_views import run_with_undo, undo_change
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.build import extend
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.worker import JobProgress

_ATTACHMENT_KEYS = ("title", "kind")
_DropEvent = QDragEnterEvent | QDragMoveEvent | QDropEvent


class DocumentsSection(PlanSection):
    """The section with the documents of a plan."""

    key = "documents"
    label = N_("Documents")
    types = frozenset({"attachment"})
    icon = "paperclip"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._plan: bytes | None = None
        self._views: tuple[RecordView[Attachment], ...] = ()
        self._is_read_only = False
        self._looked_at = b""
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.dropping = Banner(kit, Tone.INFO, "plus").hidden()
        self.dropping.set_message(N_("Drop the file here."))
        self.shelf = DocumentList(kit)
        self.form = self.add_form(
            RecordForm(
                kit,
                desk,
                "attachment",
                Form(kit, "attachment", _ATTACHMENT_KEYS, rows=(_ATTACHMENT_KEYS,)),
            )
        )
        self.editor = self._make_editor()
        self.viewer = DocumentViewer(kit, desk)
        for part in (self.outcome, self.dropping, self.shelf, self.editor, self.viewer):
            extend(self.column, part)
        self.setAcceptDrops(True)
        self.shelf.add_asked.connect(self._on_add_asked)
        self.shelf.chosen.connect(self._on_chosen)
        self.viewer.closed.connect(self._on_viewer_closed)
        self.form.saved.connect(lambda _done: self.close_editor())
        self.form.closed.connect(self.close_editor)

    def show_plan(self, page: PlanPage, *, is_read_only: bool = False) -> None:
        """Show the documents of this plan; read-only, they can only be viewed."""
        is_read_only = is_read_only or not page.may_edit
        self._plan, self._is_read_only = page.plan.rid, is_read_only
        self._views = page.views(Attachment)
        self.shelf.show_documents(self._views, is_read_only=is_read_only)
        here = {one.rid: one for one in self._views}
        if self.viewer.rid is not None and self.viewer.rid not in here:
            self.viewer.close_document()
        if self.editor.isVisibleTo(self) and self.form.rid in here:
            self.form.show_view(here[self.form.rid])
        elif self.editor.isVisibleTo(self):
            self.close_editor()

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return the number of documents; done with at least one."""
        count = len(page.views(Attachment))
        return SectionProgress(
            Completion.DONE if count else Completion.EMPTY,
            lambda language: _document_count_text(count, language) if count else "",
        )

    def add_files(self, paths: list[Path]) -> None:
        """Add files to the plan one after the other."""
        self.outcome.hide()
        for path in paths:
            self._add(path)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Edit name and kind of a document; return whether it is here and can be edited."""
        one = self._found(rid)
        if one is None or self._is_read_only or (key and key not in _ATTACHMENT_KEYS):
            return False
        self.viewer.close_document()
        self.form.show_view(one)
        self.editor.show()
        self.form.form.focus_on(key or _ATTACHMENT_KEYS[0])
        return True

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft of name and kind; return whether it belongs here."""
        is_ours = draft.line.type == "attachment" and self.open_record(draft.line.rid)
        return is_ours and self.form.resume_draft(draft)

    def close_editor(self) -> None:
        """Close the editor and save its values as a draft."""
        self.form.save_draft()
        self.editor.hide()
        self.shelf.focus_on("edit", self.form.rid or b"")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and nothing else."""
        if self._dropped_files(event):
            event.setDropAction(Qt.DropAction.CopyAction)  # a move would delete the original
            event.accept()
            self.dropping.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dropping.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropping.hide()
        paths = self._dropped_files(event)
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.add_files(paths)

    def _make_editor(self) -> CardFrame:
        card = CardFrame()
        close = Button(self.kit, N_("Close"), look=ButtonLook.QUIET, on=self.close_editor)
        card.add_heading(self.kit, N_("Name and kind"), "pencil").addWidget(close)
        extend(card.body, self.form)
        card.hide()
        return card

    def _dropped_files(self, event: _DropEvent) -> list[Path]:
        """Return the dropped files if they can be added; remote URLs cannot."""
        urls = event.mimeData().urls()
        may = not self._is_read_only and self._plan is not None and self.shelf.isVisible()
        if not may or not all(url.isLocalFile() for url in urls):
            return []
        return [Path(url.toLocalFile()) for url in urls]

    def _found(self, rid: bytes) -> RecordView[Attachment] | None:
        return next((one for one in self._views if one.rid == rid), None)

    def _add(self, path: Path) -> None:
        plan, desk, course = self._plan, self.desk, JobProgress()
        if plan is None or self._is_read_only:
            return
        self.kit.worker.run(
            lambda: add_attachment_file(desk, plan, path, course),
            self._on_added,
            self._on_refused,
            title=N_("Adding a document…"),
            cancel=course,
        )

    def _on_add_asked(self) -> None:
        self.outcome.hide()
        ask_open(self.kit, self, N_("Add the file"), "", lambda path: self.add_files([path]))

    def _on_added(self, done: Saved) -> None:
        kit, desk = self.kit, self.desk
        kit.events.changed.emit(done.types)
        kit.notify(
            N_("Added. The file itself is still where it was."),
            lambda: undo_change(kit, desk, done),
        )

    def _on_refused(self, fault: KfdeskError) -> None:
        is_calm = fault.code == "work.cancelled"
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.show_fault(fault)

    def _on_chosen(self, act: str, rid: bytes) -> None:
        one = self._found(rid)
        if one is None:
            return
        self.outcome.hide()
        if act == "view":
            self.close_editor()
            self.shelf.hide()
            self._looked_at = rid
            self.viewer.show_document(rid, document_title(one, self.kit.translator.language))
        elif act == "edit":
            self.open_record(rid)
        else:
            desk = self.desk
            run_with_undo(
                self.kit, desk, lambda: remove_attachment(desk, rid), N_("Put in the bin.")
            )

    def _on_viewer_closed(self, had_keys: bool) -> None:
        self.shelf.show()
        if had_keys:
            self.shelf.focus_on("view", self._looked_at)


def _document_count_text(count: int, language: Language) -> str:
    return language.plural("{count} document", "{count} documents", count)
