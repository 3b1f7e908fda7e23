# SPDX-License-Identifier: GPL-3.0-or-later
"""The pane of one entry: its card for reading, or its form.

The pane switches between the two and runs the actions on the entry on view. A page or the
list beside it decides which entry that is.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import DraftLine, OpenDraft
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.directory import entries, search
from kfdesk.services.directory.entries import DirectoryEntry, EntryLine
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import Options
from kfdesk.ui.pages.directory.card import EntryCard, deletion_refusal
from kfdesk.ui.pages.directory.checks import CheckForm
from kfdesk.ui.pages.directory.duplicates import MergeOffer
from kfdesk.ui.pages.directory.entry_editor import EntryEditor
from kfdesk.ui.pages.directory.suggestions import SuggestionForm
from kfdesk.ui.record_views import undo_change
from kfdesk.ui.tokens import CARD_GAP, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, grown
from kfdesk.ui.widgets.layout import Banner


class EntryPane(QWidget):
    """The card or the form of the selected entry.

    `turned` follows a switch between them, `made` carries a new entry's id. `plan_chosen` and
    `entry_chosen` carry the id of what to open.
    """

    turned = Signal()
    made = Signal(bytes)
    plan_chosen = Signal(bytes)
    entry_chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._houses: Options = ()
        self._asked = b""
        self.editor: EntryEditor | None = None
        self.may_write = desk.may(Right.EDIT_DIRECTORY)
        self.card = EntryCard(
            kit, lambda: desk.adapters.clock.now().date(), may_write=self.may_write
        )
        self.card.plan_chosen.connect(self.plan_chosen)
        self.card.entry_chosen.connect(self.entry_chosen)
        self.card.edit_asked.connect(self.edit)
        self.card.check_asked.connect(self._on_check_asked)
        self.refused = Banner(kit, Tone.WARNING, "triangle-alert").hidden()
        self.offer = MergeOffer(kit, desk)
        self.offer.joined.connect(self.entry_chosen)
        self.suggestion = SuggestionForm(kit, desk)
        self.card.suggest_asked.connect(self._on_suggest_asked)
        self.check = CheckForm(kit, desk)
        self.suggestion.left.connect(self.card.suggest.setFocus)
        self.check.left.connect(self.card.check.setFocus)
        for part in (self.offer, self.suggestion, self.check):
            self.card.put_above(part)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.card)
        column(self.refused, grown(self._stack), gap=CARD_GAP, on=self)

    @property
    def is_editing(self) -> bool:
        """True if a form is open."""
        return self.editor is not None

    def read(self) -> None:
        """Read the entry on view again, and the organisations that can be named."""
        desk, editor = self._desk, self.editor
        self.refused.hide()
        self._kit.worker.run(
            lambda: search.first_entries(desk, "organisation", MAX_CHOICES), self._on_houses_read
        )
        if editor is not None:
            rid = editor.rid
            self._kit.worker.run(
                lambda: entries.read_entry(desk, rid), partial(self._refresh_editor, rid)
            )

    def show_rid(self, rid: bytes) -> None:
        """Show an entry once it is read."""
        desk, self._asked = self._desk, rid
        self._kit.worker.run(lambda: entries.read_entry(desk, rid), self._on_read)

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show an entry as a preview."""
        before = self.card.entry
        if before is None or before.rid != entry.rid:
            self.refused.hide()
            self.suggestion.hide()
            self.check.hide()
        self.card.show_entry(entry)
        self.offer.preview(entry)

    def _on_read(self, entry: DirectoryEntry | None) -> None:
        if entry is not None and entry.rid == self._asked:
            self.show_entry(entry)

    def _on_houses_read(self, houses: Sequence[EntryLine]) -> None:
        self._houses = [(one.rid.hex(), fixed_text(one.name or "–")) for one in houses]

    def _refresh_editor(self, rid: bytes, entry: DirectoryEntry | None) -> None:
        """Show the edited entry anew; somebody may have deleted it."""
        editor = self.editor
        if editor is None or editor.rid != rid:
            return
        if entry is not None:
            editor.show_entry(entry)
        elif not editor.is_new:
            self.close_editor()

    def edit(self) -> None:
        """Open the form for the entry on view; fields of a partner stay read-only."""
        entry = self.card.entry
        if entry is not None and self.card.may_edit:
            self._open(entry.type).show_entry(entry)

    def begin(self, record_type: str, draft: OpenDraft | None = None) -> None:
        """Begin an entry; a person gets the organisation on view as employer, unless it is ours."""
        if not self.may_write:
            return
        starts: dict[str, Value] = {}
        shown = self.card.entry
        is_house = shown is not None and shown.type == "organisation" and not shown.is_ours
        if record_type == "contact" and shown is not None and is_house and self.card.isVisible():
            starts["organisation"] = shown.view.rid.hex()
        self._open(record_type).begin(starts, draft)

    def resume_draft(self, line: DraftLine) -> None:
        """Resume a draft of the directory, in the form that it belongs to."""
        desk, rid = self._desk, line.parent if line.type == "phone" else line.rid
        self._kit.worker.run(
            lambda: entries.read_entry(desk, rid or b""), partial(self._on_drafted_read, line)
        )

    def _on_drafted_read(self, line: DraftLine, entry: DirectoryEntry | None) -> None:
        desk = self._desk
        if entry is not None:
            self._open(entry.type).show_entry(entry)
        elif line.type == "phone":
            return
        # The form looks for a draft itself when it opens; this runs after that.
        self._kit.worker.run(lambda: drafts.read_draft(desk, line.rid), self._on_draft_read)

    def close_editor(self) -> None:
        """Close the form; what was typed stays as a draft."""
        editor, self.editor = self.editor, None
        if editor is not None:
            self._stack.removeWidget(editor)
            editor.hide()
            editor.deleteLater()
            self.turned.emit()

    def put_in_bin(self) -> None:
        """Put the entry on view into the bin, or say why it stays."""
        entry = self.card.entry
        if entry is None or not self.may_write:
            return
        if entry.is_ours or entry.is_theirs or entry.open_references or entry.people:
            self._show_hindrance(entry)
            return
        desk, rid = self._desk, entry.view.rid
        self._kit.worker.run(lambda: entries.delete_entry(desk, rid), self._on_binned)

    def _show_hindrance(self, entry: DirectoryEntry) -> None:
        title = N_("It cannot be put in the bin while something refers to it.")
        if entry.is_ours:
            self.refused.set_message(
                N_("The entry of your own organisation cannot be put in the bin.")
            )
        elif entry.is_theirs:
            answers = N_("{name} is responsible for this entry, and only they can change it.")
            self.refused.set_message(answers, name=lambda _: entry.answers or "–")
        else:
            self.refused.set_message(title, lambda language: deletion_refusal(entry, language))
        self.refused.show()

    def _open(self, record_type: str) -> EntryEditor:
        self.close_editor()
        self.refused.hide()
        self.editor = editor = EntryEditor(self._kit, self._desk, record_type, self._houses)
        editor.closed.connect(self.close_editor)
        editor.saved.connect(self._on_saved)
        editor.bin_asked.connect(self.put_in_bin)
        editor.entry_chosen.connect(self._on_twin_chosen)
        self._stack.setCurrentIndex(self._stack.addWidget(editor))
        self.turned.emit()
        return editor

    def _on_draft_read(self, draft: OpenDraft | None) -> None:
        if draft is None:
            return
        if self.editor is not None and not self.editor.is_new:
            self.editor.resume_draft(draft)
        elif draft.line.is_new and draft.line.type != "phone":
            self.begin(draft.line.type, draft)

    def _on_saved(self, done: Saved) -> None:
        """Close the form; a new organisation stays open for its telephones."""
        if done.action is Action.CREATE:
            self.made.emit(done.rid)
        if done.action is not Action.CREATE or done.type != "organisation":
            self.close_editor()

    def _on_twin_chosen(self, rid: bytes) -> None:
        self.close_editor()
        self.entry_chosen.emit(rid)

    def _on_check_asked(self) -> None:
        if self.card.entry is not None:
            self.check.begin(self.card.entry)

    def _on_suggest_asked(self) -> None:
        if self.card.entry is not None:
            self.suggestion.begin(self.card.entry)

    def _on_binned(self, done: Saved) -> None:
        self.close_editor()
        self._kit.events.changed.emit(done.types)
        self._kit.notify(N_("Put in the bin."), lambda: undo_change(self._kit, self._desk, done))
