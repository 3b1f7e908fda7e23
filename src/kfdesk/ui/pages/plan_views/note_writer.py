# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a note is written: a few lines, what kind it is, and Ctrl with Enter.

When and by whom is said by the note itself once it is saved. What is typed is a draft at once, and
the next who opens this plan with the same initials goes on with it.
"""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from kfdesk.domain.records.case.note import Note
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import N_
from kfdesk.domain.writes import EMPTY
from kfdesk.services.casework import parts
from kfdesk.services.casework.notes import save_note
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.lines import TextEditor
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.panel import Card

_KEYS = ("content", "kind")
_SAVE_KEYS = ("Ctrl+Return", "Ctrl+Enter")  # the second is the one beside the digits


class NoteWriter(Card):
    """The card; `form` holds the note that is being written."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: bytes | None = None
        self.head(kit, N_("Write a note"), "pencil")
        self.form = RecordForm(kit, desk, "note", Form(kit, "note", _KEYS))
        self.form.saving = save_note
        self.form.save_button.show_key(_SAVE_KEYS[0])
        self.form.saved.connect(lambda _done: self._begin_again())
        self.form.closed.connect(self._begin_again)
        content = cast("TextEditor", self.form.form.editors["content"])
        kit.words.bind(content.area.setPlaceholderText, N_("What was talked of or seen"))
        for editor in self.form.form.editors.values():
            editor.answers.hide()
        self.body.addSpacing(4)
        self.body.addWidget(self.form)
        for keys in _SAVE_KEYS:
            heard = QShortcut(QKeySequence(keys), self)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            heard.activated.connect(self.form.save)

    def show_plan(self, plan: bytes) -> None:
        """Write notes of this plan; one that was begun before is taken up."""
        if self._plan == plan:
            return
        self._plan = plan
        self._begin(None)
        desk = self._desk
        self._kit.work.run(lambda: parts.new_ones(desk, "note", plan), self._on_found)

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a note that was begun; whether it is one of this plan."""
        line = draft.line
        if line.type != "note" or not line.is_new or line.parent != self._plan:
            return False
        if line.rid != self.form.rid:
            self.form.keep()
            self._begin(draft)
        self.form.form.focus_on(_KEYS[0])
        return True

    def _begin(self, draft: OpenDraft | None) -> None:
        rid = draft.line.rid if draft is not None else self._desk.new_id()
        row = Row(rid, "note", self._plan, self._desk.identity.organisation, EMPTY)
        self.form.begin(view(row, Note), draft)

    def _begin_again(self) -> None:
        self._begin(None)
        self.form.form.focus_on(_KEYS[0])

    def _on_found(self, waiting: tuple[OpenDraft, ...]) -> None:
        if waiting and not self.form.form.has_changes:
            self._begin(waiting[0])
