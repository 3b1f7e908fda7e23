# SPDX-License-Identifier: GPL-3.0-or-later
"""A page to enter or change one estimate or one publication.

What a partner or the program has can be taken over: then it is saved as an entry of ours.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState, OpenDraft
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import (
    add_estimate,
    add_publication,
    change_estimate,
    change_publication,
    delete_figure_record,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, TaskPage

ESTIMATE_ROWS: Sequence[Sequence[str]] = (
    ("low", "high"), ("point", "unit"), ("per", "country"), ("year_from", "year_to"),
    ("method", "confidence"), ("publisher", "source_title"), ("url", "page"),
    ("published", "read_on"),
)  # fmt: skip
ESTIMATE_KEYS = ("indicator", *(key for row in ESTIMATE_ROWS for key in row), "quote", "note")
PUBLICATION_ROWS: Sequence[Sequence[str]] = (
    ("kind", "about_year"), ("creator", "publisher"), ("published", "language"),
)  # fmt: skip
PUBLICATION_KEYS = (
    "title", *(key for row in PUBLICATION_ROWS for key in row), "identifier", "abstract",
)  # fmt: skip
_Add = Callable[[Session, Mapping[str, Value]], Saved]
_Change = Callable[[Session, bytes, Mapping[str, Value]], Saved]
_SERVICES: Mapping[str, tuple[_Add, _Change]] = {
    "estimate": (add_estimate, change_estimate),
    "publication": (add_publication, change_publication),
}
_KEYS = {"estimate": ESTIMATE_KEYS, "publication": PUBLICATION_KEYS}
_ROWS = {"estimate": ESTIMATE_ROWS, "publication": PUBLICATION_ROWS}


class FigureEntryPage(TaskPage):
    """The page. With a row of ours it changes that; `values` begin a new entry of ours."""

    done = Signal()

    def __init__(
        self, kit: UiContext, desk: Session, record_type: str, title: Message, row: Row | None
    ) -> None:
        super().__init__(kit, title)
        self._desk, self._type, self._row = desk, record_type, row
        self._given: Mapping[str, Value] = {}
        self.form = Form(kit, record_type, _KEYS[record_type], rows=_ROWS[record_type])
        self.save = Button(kit, N_("Save"), "check", ButtonLook.PRIMARY, self._save)
        self.remove = Button(kit, N_("Delete"), "trash-2", on=self._delete)
        self.set_action(self.remove)
        self.set_action(self.save)
        self.remove.setVisible(row is not None)
        self.body.addWidget(CardFrame(parts=(self.form,)))
        self.body.addStretch(1)
        self.first = self.form.editors[_KEYS[record_type][0]]
        self._rid = row.rid if row is not None else desk.new_id()
        self._is_kept = True
        self.form.edited.connect(self._on_edited)
        self.form.draft_asked.connect(self.save_draft)
        self.closed.connect(self._on_closed)
        kit.events.lock_began.connect(self.save_draft)
        if row is not None:
            self.form.show_view(view_any(row))

    def take_over(self, values: Mapping[str, Value]) -> None:
        """Begin an entry of ours with these values."""
        self._given = values
        changes = encode_changes(self._type, values)
        state = apply_changes(EMPTY_STATE, changes, (), self._desk.signature)
        own = self._desk.identity.organisation
        self.form.show_view(view_any(Row(bytes(16), self._type, None, own, state)))

    def resume(self, draft: OpenDraft) -> None:
        """Go on with a draft."""
        self._rid = draft.line.rid
        self.form.restore(draft.form.values, draft.form.typed, draft.form.seen)

    def save_draft(self) -> None:
        """Keep what was typed since the last time as a draft."""
        if not self._is_kept:
            self._is_kept = True
            keep = partial(drafts.save_draft, self._desk, self._rid, self._held())
            changed = self.kit.events.drafts_changed
            self.kit.worker.run(keep, lambda _: changed.emit())

    def _held(self) -> FormState:
        values = {**self._given, **self.form.changes()}
        seen = self.form.seen_writes if self._row is not None else ()
        return FormState(self._type, values, self.form.unparsed(), None, seen)

    def _on_edited(self) -> None:
        self._is_kept = False

    def _on_closed(self) -> None:
        """Discard the draft when the page is left without saving; undo brings it back."""
        self.save_draft()
        self._is_kept = True
        kit, desk, rid = self.kit, self._desk, self._rid

        def report(gone: OpenDraft | None) -> None:
            kit.events.drafts_changed.emit()
            if gone is not None:
                kit.notify(N_("Draft discarded."), partial(restore, gone))

        def restore(gone: OpenDraft) -> None:
            changed = kit.events.drafts_changed
            kit.worker.run(partial(drafts.restore_draft, desk, gone), lambda _: changed.emit())

        kit.worker.run(partial(drafts.discard_draft, desk, rid), report)

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused."""
        self.show_fault(fault)

    @task
    async def _save(self) -> None:
        if self.form.unparsed():
            return  # each field says itself what is wrong
        values = {**self._given, **self.form.changes()}
        add, change = _SERVICES[self._type]
        if self._row is None:
            done = await call(self.kit, add, self._desk, values)
        else:
            done = await call(self.kit, change, self._desk, self._row.rid, values)
        self._finish(done, N_("Saved."))

    @task
    async def _delete(self) -> None:
        if self._row is not None:
            done = await call(self.kit, delete_figure_record, self._desk, self._row.rid)
            self._finish(done, N_("It is in the bin."))

    def _finish(self, done: Saved, message: Message) -> None:
        self._is_kept = True
        self.kit.worker.run(partial(drafts.discard_draft, self._desk, self._rid))
        notify_done(self.kit, self._desk, (done,), message)
        self.done.emit()
