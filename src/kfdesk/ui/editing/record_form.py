# SPDX-License-Identifier: GPL-3.0-or-later
"""A record's form on a page: what is typed becomes a draft by itself, and a record when saved.

Joins a form to the services, so that every page keeps the same promise: after two seconds, at
the lock and when one goes elsewhere the draft is in the store, and saving is never blocked by what
is missing. What is shown, and where, is the page's; which fields, the form's.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.services.casework import parts
from kfdesk.services.desk import Desk
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.services.writing.records import Done
from kfdesk.ui.editing.now import put_now
from kfdesk.ui.form.form import Form
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.taking_back import take_back
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner

Saving = Callable[[Desk, bytes, drafts.Form, parts.Keys], Done]
"""How a form is saved; `parts.save_part`, unless a page needs more than that."""

_GONE = frozenset({"record.missing", "record.deleted"})


class RecordForm(QWidget):
    """One form, its state in words, and its two buttons.

    `saved` carries the Done; `closed` says that nothing is left to be done here; `draft_found`
    that a draft waits here, for a page that shows only a part of itself.
    """

    saved = Signal(object)
    closed = Signal()
    draft_found = Signal()

    def __init__(self, kit: Kit, desk: Desk, record_type: str, form: Form) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.record_type = record_type
        self.form = form
        self._view: View[Any] | None = None
        self._rid: bytes | None = None
        self._parent: bytes | None = None
        self._saving: Mapping[str, Value] | None = None
        self._draft: OpenDraft | None = None
        self._is_kept = True
        self._is_saving = False
        self._starts: Mapping[str, Value] = {}
        self.saving: Saving = parts.save_part
        self.state = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.save_button = Button(kit, N_("Save"), "check", Look.TONAL).show_key("Ctrl+S")
        self.drop_button = Button(kit, N_("Discard changes"), "undo-2", Look.QUIET)
        self.waiting = Banner(kit, Tone.INFO, "pencil")
        self.go_on = Button(kit, N_("Continue"), "pencil", Look.TONAL)
        self.drop_draft = Button(kit, N_("Discard"), look=Look.QUIET)
        self.now: Mapping[str, Button] = {}
        self._lay_out()
        self._listen()
        self._show_buttons()
        if form.is_whole:
            self._on_completed()

    @property
    def keys(self) -> frozenset[str]:
        """The fields that stand here; other fields of the record are another form's."""
        return self.form.keys

    @property
    def rid(self) -> bytes | None:
        """The record that is edited, or the id that the new one will have."""
        return self._rid

    def show_view(self, view: View[Any]) -> None:
        """Show a record as it was just read; what is being typed into it stays."""
        is_same = self._view is not None and self._view.rid == view.rid
        self._view, self._parent = view, view.row.parent
        if is_same or self._rid == view.rid:
            self.form.refresh(view, self._saving)
        else:
            self.form.show_view(view)
            self._rid = view.rid
            self._look_for_draft(view.rid)
        self._saving = None
        self._show_buttons()

    def begin(
        self,
        blank: View[Any],
        draft: OpenDraft | None = None,
        starts: Mapping[str, Value] | None = None,
    ) -> None:
        """Begin a record that does not exist yet; `blank` has its id, its type and its parent.

        It begins with the values `starts`, unless it goes on with a draft. They alone are not
        worth a draft: nobody typed them.
        """
        self._view, self._rid, self._parent = None, blank.rid, blank.row.parent
        self._starts = starts or {}
        self._draft = self._saving = None
        self.form.show_view(blank)
        self.waiting.hide()
        self.state.tell("")
        if draft is not None:
            self._go_on_with(draft)
        elif self._starts:
            self.form.restore(self._starts)
        self._show_buttons()

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Let the fields be only read, or be edited again."""
        self.form.set_read_only(is_read_only=is_read_only)

    def take_draft(self, draft: OpenDraft) -> bool:
        """Go on with a draft of the record that is shown; whether it is one of these fields."""
        if draft.line.rid != self._rid or not self._is_ours(draft):
            return False
        self._go_on_with(draft)
        held = {*draft.form.values, *draft.form.typed}
        self.form.focus_on(next(key for key in self.form.editors if key in held))
        return True

    def keep(self) -> None:
        """Keep what is typed as a draft now. With nothing typed nothing is kept."""
        self._keep(lambda _: self._on_kept())

    def save(self) -> None:
        """Save what can be read; a field that cannot stays a draft, and is led to."""
        wrong = self.form.judge()
        if wrong is not None:
            self.form.focus_on(wrong)
        held = self._held()
        if self._is_saving:
            return
        if self._rid is None or not held.values:
            if wrong is None:
                self.closed.emit()
            return
        desk, rid, keys, saving = self._desk, self._rid, self.keys, self.saving
        self._saving, self._is_kept, self._is_saving = held.values, True, True
        self._kit.work.run(
            lambda: saving(desk, rid, held, keys),
            partial(self._on_saved),  # called also where the form has gone meanwhile
            self._on_refused,
        )

    def discard(self) -> None:
        """Go back to the record as it is; the draft goes, and can be had back by undo."""
        rid, view = self._rid, self._view
        if rid is None:
            return
        self._is_kept = True
        desk, held, keys = self._desk, self._held(), self.keys
        self._kit.work.run(
            lambda: parts.drop_part(desk, rid, held, keys),
            lambda gone: self._on_discarded(rid, gone),
        )
        if view is not None:
            self.form.show_view(view)
        self.waiting.hide()
        self._draft = None
        self.state.tell("")
        self._show_buttons()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever goes elsewhere finds a draft."""
        self.keep()
        super().hideEvent(event)

    def _keep(self, done: Callable[[None], None] | None = None) -> None:
        if self._rid is None or self._is_kept or self._is_untouched:
            return
        self._is_kept = True
        desk, rid, held, keys = self._desk, self._rid, self._held(), self.keys
        self._kit.work.run(lambda: parts.keep_part(desk, rid, held, keys), done)

    def _on_lock_began(self) -> None:
        """Keep it before the store closes; afterwards nobody is there to be told."""
        self._keep()

    @property
    def _is_untouched(self) -> bool:
        """Whether a new record holds only what it began with, and never held more."""
        is_bare = self.form.changes() == self._starts and not self.form.unread()
        return self._view is None and not self.state.text() and bool(self._starts) and is_bare

    def _held(self) -> drafts.Form:
        return drafts.Form(
            self.record_type, self.form.changes(), self.form.unread(), self._parent, self.form.seen
        )

    def _listen(self) -> None:
        self.form.completed.connect(self._on_completed)
        self.form.edited.connect(self._on_edited)
        self.form.draft_asked.connect(self.keep)
        self._kit.hub.lock_began.connect(self._on_lock_began)
        self.save_button.clicked.connect(self.save)
        self.drop_button.clicked.connect(self.discard)
        self.go_on.clicked.connect(self._on_go_on_clicked)
        self.drop_draft.clicked.connect(self.discard)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save)

    def _lay_out(self) -> None:
        self.waiting.hide()
        self.waiting.act(self.drop_draft)
        self.waiting.act(self.go_on)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 4, 0, 0)
        foot.setSpacing(8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.drop_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.waiting)
        column.addWidget(self.form)
        column.addWidget(self._foot)

    def _show_buttons(self) -> None:
        has_changes = self.form.has_changes
        self.save_button.setVisible(has_changes)
        self.drop_button.setVisible(has_changes)
        self._foot.setVisible(has_changes or bool(self.state.text()))

    def _look_for_draft(self, rid: bytes) -> None:
        self._draft = None
        self._is_kept = True
        self.waiting.hide()
        self._kit.work.run(lambda: drafts.draft_of(self._desk, rid), self._on_draft_found)

    def _go_on_with(self, draft: OpenDraft) -> None:
        """Bring the draft back; what is being typed already stays as it is."""
        self._draft = None
        self.waiting.hide()
        typed = {key for key, editor in self.form.editors.items() if editor.has_changed}
        part = parts.part_of(draft.form, self.keys - typed)
        self.form.restore(part.values, part.typed, part.seen)
        self._is_kept = not typed
        self._show_buttons()
        self._say_kept(draft.line.milliseconds)

    def _say_kept(self, milliseconds: int) -> None:
        self._foot.show()
        self.state.tell(
            N_("Draft saved {time}"), time=lambda language: written_at(milliseconds, language)
        )

    def _on_completed(self) -> None:
        self.now = put_now(self._kit, self._desk, self.record_type, self.form, self._on_now)

    def _on_now(self, key: str) -> None:
        """That something happened now is saved at once, where nothing else is being typed."""
        if (
            self._view is not None
            and self.form.changes().keys() == {key}
            and not self.form.unread()
        ):
            self.save()

    def _on_edited(self) -> None:
        """Whoever types although a draft waits goes on with it, so that neither is lost."""
        self._is_kept = False
        if self._draft is not None:
            self._go_on_with(self._draft)
        self._show_buttons()

    def _on_draft_found(self, draft: OpenDraft | None) -> None:
        if draft is None or draft.line.rid != self._rid or not self._is_ours(draft):
            return
        if self.form.has_changes:
            self._go_on_with(draft)
            return
        self._draft = draft
        self.draft_found.emit()
        when = draft.line.milliseconds
        under = N_("The record has changed since. If you go on, both values stay until one is "
                   "chosen.")  # fmt: skip
        self.waiting.tell(
            N_("Draft from {time}"),
            under if draft.line.is_outdated else "",
            time=lambda language: written_at(when, language),
        )
        self.waiting.show()

    def _is_ours(self, draft: OpenDraft) -> bool:
        """Whether the draft has anything that this form shows."""
        return bool({*draft.form.values, *draft.form.typed} & self.keys)

    def _on_go_on_clicked(self) -> None:
        if self._draft is not None:
            self.take_draft(self._draft)

    def _on_kept(self) -> None:
        """Tell that a draft waits, also where this form has gone meanwhile."""
        self._kit.hub.drafts_changed.emit()
        if isValid(self):
            self._say_kept(self._desk.milliseconds)

    def _on_saved(self, done: Done) -> None:
        kit, desk = self._kit, self._desk
        if isValid(self):
            self._is_saving = False
            self.state.tell("")
            self._show_buttons()
            self.saved.emit(done)
        kit.hub.drafts_changed.emit()
        kit.hub.changed.emit(done.types)
        kit.tell(N_("Saved."), lambda: take_back(kit, desk, done))

    def _on_refused(self, fault: KfdeskError) -> None:
        """What was typed stands; it is kept as a draft, and the fault is told.

        Where the record has gone meanwhile, the pages that show it read again.
        """
        self._saving, self._is_saving = None, False
        self._kit.hub.failed.emit(fault)
        if fault.code in _GONE:
            self._kit.hub.changed.emit(frozenset({self.record_type}))
        else:
            self._is_kept = False
            self.keep()

    def _on_discarded(self, rid: bytes, gone: drafts.Form) -> None:
        kit, desk, keys = self._kit, self._desk, self.keys
        kit.hub.drafts_changed.emit()

        def keep_again() -> None:
            kit.work.run(
                lambda: parts.keep_part(desk, rid, gone, keys),
                lambda _: self._on_kept_again(rid),
            )

        if gone.values or gone.typed:
            kit.tell(N_("Draft discarded."), keep_again)
        if self._view is None:
            self.closed.emit()

    def _on_kept_again(self, rid: bytes) -> None:
        """Tell that the draft waits again; what is typed next goes on with it."""
        self._kit.hub.drafts_changed.emit()
        if isValid(self) and self._rid == rid and self._view is not None:
            self._look_for_draft(rid)
