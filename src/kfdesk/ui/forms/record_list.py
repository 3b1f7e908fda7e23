# SPDX-License-Identifier: GPL-3.0-or-later
"""A card with records of one type: a summary of each, and a form for the one being edited.

`RecordListSpec` describes a list, so a page needs no widget code for one. A new record has
no form yet, so its draft would stay unseen: `PendingDrafts` shows such drafts, to continue or
discard. It says when a draft was typed, never its content.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayoutItem, QVBoxLayout, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.services.core import drafts, records
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.record_views import run_with_undo, written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, on_escape, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    FlowBox,
    clear_layout,
    make_hairline,
    stack_widgets,
)
from kfdesk.ui.widgets.text import Chip, Icon
from kfdesk.ui.worker import IncrementalBuilder

# --- Drafts of new records

FieldValues = Mapping[str, Value]


class PendingDrafts(QWidget):
    """The drafts of new records of one type. `continued` carries the draft to resume."""

    continued = Signal(object)

    def __init__(
        self,
        kit: UiContext,
        desk: Session,
        record_type: str,
        takes: Callable[[FieldValues], bool] = lambda _: True,
    ) -> None:
        super().__init__()
        self._takes = takes
        self._kit = kit
        self._desk = desk
        self._type = record_type
        self._parent: bytes | None = None
        self._is_asked = False
        self._open: bytes | None = None
        self._drafts: tuple[OpenDraft, ...] = ()
        self.buttons: list[Button] = []
        self._column = column(gap=GRID, on=self)
        self.hide()
        kit.events.drafts_changed.connect(self._load)

    def set_parent_record(self, parent: bytes | None) -> None:
        """Show the drafts that belong under this record, or under none, from now on."""
        if parent != self._parent or not self._is_asked:
            self._parent, self._is_asked = parent, True
            self._load()

    @property
    def newest(self) -> OpenDraft | None:
        """The newest draft, or None."""
        return next(iter(self._drafts), None)

    def exclude(self, rid: bytes | None) -> None:
        """Hide the draft of this record, because it is being edited."""
        if rid != self._open:
            self._open = rid
            self._show()

    @task
    async def _load(self) -> None:
        desk, parent = self._desk, self._parent
        if self._is_asked:
            found = await call(self._kit, drafts.new_record_drafts, desk, self._type, parent)
            waiting = tuple(draft for draft in found if self._takes(draft.form.values))
            if waiting != self._drafts:
                self._drafts = waiting
                self._show()

    def _show(self) -> None:
        clear_layout(self._column)
        self.buttons = []
        for draft in self._drafts:
            if draft.line.rid != self._open:
                extend(self._column, self._make_banner(draft))
        self.setVisible(bool(self.buttons))

    def _make_banner(self, draft: OpenDraft) -> Banner:
        when = draft.line.milliseconds
        banner = Banner(self._kit, Tone.INFO, "pencil")
        banner.set_message(
            N_("Draft from {time}, not saved yet"), time=lambda language: written_at(when, language)
        )
        drop = Button(self._kit, N_("Discard"), look=ButtonLook.QUIET)
        go_on = Button(self._kit, N_("Continue"), "pencil", ButtonLook.TONAL)
        drop.clicked.connect(lambda: self._discard(draft))
        go_on.clicked.connect(lambda: self.continued.emit(draft))
        for button in (drop, go_on):
            banner.set_action(button)
        self.buttons.append(go_on)
        return banner

    def _discard(self, draft: OpenDraft) -> None:
        kit, desk, rid = self._kit, self._desk, draft.line.rid

        def restore(gone: OpenDraft) -> None:
            kit.worker.run(
                lambda: drafts.restore_draft(desk, gone), lambda _: kit.events.drafts_changed.emit()
            )

        def report(gone: OpenDraft | None) -> None:
            kit.events.drafts_changed.emit()
            if gone is not None:
                kit.notify(N_("Draft discarded."), lambda: restore(gone))

        kit.worker.run(lambda: drafts.discard_draft(desk, rid), report)


# --- The list

_FIRST_LINES = 8  # lines built at once; further ones are below the visible part


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary of a record: a title, a second line, and optionally a fact shown as a chip.

    `text` is a longer text that is worth reading without opening the record.
    """

    title: str
    under: str = ""
    tone: Tone = Tone.MUTED
    icon: str = ""
    fact: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordListSpec:
    """The description of a record list: type, fields, words, and how to summarise a record.

    `mark` makes a widget that replaces the icon before the words of a record. `beside` makes
    buttons of a record that may be edited, `always` such of every record. `may_add` is
    False if new records come in another way. `takes` says which drafts belong to this list, if
    two lists share a type.
    """

    record_type: str
    keys: Sequence[str]
    title: Message
    icon: str
    add: Message
    empty: Message
    sum_up: Callable[[RecordView[Any], Language], Summary]
    rows: Sequence[Sequence[str]] = ()
    starts_with: Callable[[], dict[str, Any]] = field(default=dict)
    beside: Callable[[RecordView[Any]], Sequence[Button]] = field(default=lambda _: ())
    always: Callable[[RecordView[Any]], Sequence[Button]] = field(default=lambda _: ())
    mark: Callable[[RecordView[Any]], QWidget] | None = None
    may_add: bool = True
    takes: Callable[[FieldValues], bool] = field(default=lambda _: True)


class RecordList(CardFrame):
    """A card with the records. `opened` carries the id of the record that is being edited."""

    opened = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session, listing: RecordListSpec) -> None:
        super().__init__()
        on_escape(self, self.close_form, lambda: self.form is not None)
        self._kit = kit
        self._desk = desk
        self.listing = listing
        self._offers = FormOptions()
        self._parent: bytes | None = None
        self._is_filled = self._is_waiting = False
        self._views: tuple[RecordView[Any], ...] = ()
        self._is_read_only = False
        self.form: RecordForm | None = None
        self._turns = IncrementalBuilder(self)
        self._lines: dict[bytes, Button] = {}
        self.marks: dict[bytes, QWidget] = {}
        self._parts: dict[bytes, QWidget] = {}
        self.head = head = self.add_heading(kit, listing.title, listing.icon)
        self.add_button = Button(kit, listing.add, "plus", ButtonLook.TONAL, on=self.begin).bared()
        extend(head, self.add_button)
        self.add_button.setVisible(listing.may_add)
        self._none = muted(kit, listing.empty)
        self._column = column()
        self._editor = QVBoxLayout()
        self.waiting = PendingDrafts(kit, desk, listing.record_type, listing.takes)
        self.waiting.continued.connect(self.resume_draft)
        extend(self.body, self._none, self.waiting, self._column, self._editor)
        kit.translator.on_language_change(self, self._show_lines)

    @property
    def lines(self) -> Mapping[bytes, Button]:
        """The buttons that open the records; all of them are built on access."""
        self.build()
        self._turns.finish()
        return self._lines

    def build_later(self) -> None:
        """Build no line before `build`, because the list is in a folded card."""
        self._is_waiting = True

    def build(self) -> None:
        """Build the lines, if they wait for it."""
        if self._is_waiting:
            self._is_waiting = False
            self._show_lines()

    def show_records(
        self, views: Sequence[RecordView[Any]], parent: bytes | None, *, is_read_only: bool = False
    ) -> None:
        """Show these records; new records are created under `parent`, or under none."""
        is_same = (self._views, self._is_read_only) == (tuple(views), is_read_only)
        self._views, self._parent, self._is_filled = tuple(views), parent, True
        self._is_read_only = is_read_only
        self.add_button.setVisible(self.listing.may_add and not is_read_only)
        if self.listing.may_add:
            self.waiting.set_parent_record(parent)
        if not is_same:
            self._show_lines()
        if self.form is not None:
            mine = next((one for one in views if one.rid == self.form.rid), None)
            if mine is not None:
                self.form.show_view(mine)

    def show_again(self) -> None:
        """Show the same records again, because what their summaries say has changed."""
        if self._is_filled and self.form is None:
            self._show_lines()

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a record for editing, at a field. Return whether the list has it."""
        found = next((one for one in self._views if one.rid == rid), None)
        if found is None or self._is_read_only:
            return False
        form = self._open_form()
        form.show_view(found)
        form.form.focus_on(key if key in form.keys else self.listing.keys[0])
        self.opened.emit(rid)
        return True

    def begin(self) -> None:
        """Begin a new record."""
        self._begin(self._desk.new_id(), None)

    def go_on(self, resume: Callable[[OpenDraft], bool]) -> bool:
        """Go on with the new record in the form, or let `resume` open the newest draft.

        Return whether there is one.
        """
        form, draft = self.form, self.waiting.newest
        if form is not None and all(one.rid != form.rid for one in self._views):
            form.form.focus_on(self.listing.keys[0])
            return True
        return draft is not None and resume(draft)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume the draft of a record of this list. Return whether it belongs here."""
        is_ours = draft.line.type == self.listing.record_type
        is_ours = is_ours and self.listing.takes(draft.form.values)
        if not is_ours or (draft.line.is_new and draft.line.parent != self._parent):
            return False
        if not draft.line.is_new:
            return self.open_record(draft.line.rid)
        self._begin(draft.line.rid, draft)
        return True

    def close_form(self) -> None:
        """Close the editor; its input is kept as a draft."""
        if self.form is not None:
            self.form.save_draft()
            had_focus = self._editor_has_focus
            clear_layout(self._editor)
            rid, self.form = self.form.rid, None
            self.waiting.exclude(None)
            self._show_lines()
            if had_focus:
                self.lines.get(rid or b"", self.add_button).setFocus()

    @property
    def _editor_has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        parts = (self._editor.itemAt(place) for place in range(self._editor.count()))
        return focus is not None and any(_item_holds(part, focus) for part in parts)

    def _begin(self, rid: bytes, draft: OpenDraft | None) -> None:
        if not self._is_filled or self._is_read_only:
            return
        name = self.listing.record_type
        row = Row(rid, name, self._parent, self._desk.identity.organisation, EMPTY_STATE)
        form = self._open_form()
        starts = self.listing.starts_with() if draft is None else None
        self.waiting.exclude(rid)
        form.begin(view(row, RECORD_TYPES[name].cls), draft, starts)
        form.form.focus_on(self.listing.keys[0])
        self.opened.emit(rid)

    @property
    def offers(self) -> FormOptions:
        """The options that its forms offer."""
        return self._offers

    @offers.setter
    def offers(self, offers: FormOptions) -> None:
        self._offers = offers
        if self.form is not None:
            self.form.form.set_form_options(offers)

    def _open_form(self) -> RecordForm:
        self.close_form()
        listing = self.listing
        fields = Form(self._kit, listing.record_type, listing.keys, self.offers, listing.rows)
        form = RecordForm(self._kit, self._desk, listing.record_type, fields)
        self._is_waiting = False
        form.saved.connect(lambda _done: self.close_form())
        form.closed.connect(self.close_form)
        extend(self._editor, make_hairline(), 12, form)
        form.show()  # a layout would show it later, but it takes the focus now
        extend(self._editor, self._make_foot(form))
        self.form = form
        self._show_lines()
        return form

    def _make_foot(self, form: RecordForm) -> QHBoxLayout:
        close = Button(self._kit, N_("Close"), look=ButtonLook.QUIET, on=self.close_form)
        bin_button = Button(self._kit, N_("Put in the bin"), "trash-2", ButtonLook.QUIET)
        bin_button.clicked.connect(lambda: self._put_in_bin(form.rid))
        return row(bin_button, STRETCH, close, gap=8)

    def _show_lines(self) -> None:
        """Rebuild the records; keep the keyboard focus on the same record."""
        if self._is_waiting:
            return
        is_first = not self._parts
        held = _record_with_focus(self._parts), _record_with_focus(self.marks)
        if held[0] is not None:
            self.setFocus()  # or the next widget gets the focus, and the page scrolls to it
        clear_layout(self._column)
        self._lines, self.marks, self._parts = {}, {}, {}
        self._none.setVisible(not self._views and self.form is None)
        self._turns.start(self._make_lines())
        if not is_first:  # a scrolled page must not shrink for a moment
            self._turns.finish()
            self.setMinimumHeight(self.height())
            QTimer.singleShot(0, self, partial(self.setMinimumHeight, 0))
        within, marked = held
        if within is not None:
            again = self.marks.get(marked or b"") or self.lines.get(within)
            (again or self.add_button).setFocus()

    def _make_lines(self) -> Iterator[None]:
        """Build the lines; yield after each line beyond the first ones of a long list."""
        open_rid = self.form.rid if self.form is not None else None
        for number, one in enumerate(self._views):
            if number:
                extend(self._column, make_hairline())
            part = self._parts[one.rid] = self._make_line(one, is_open=one.rid == open_rid)
            extend(self._column, part)
            if number >= _FIRST_LINES:
                yield

    def _make_line(self, one: RecordView[Any], *, is_open: bool) -> QWidget:
        said = self.listing.sum_up(one, self._kit.translator.language)
        title = text(self._kit, "", TextStyle.STRONG if is_open else TextStyle.BUTTON)
        title.show_text(said.title)
        texts = [title]
        if said.text:
            texts.append(text(self._kit))
            texts[-1].show_text(said.text)
        if said.under:
            texts.append(muted(self._kit, "", TextStyle.SMALL))
            texts[-1].show_text(said.under)
        words = stack_widgets(*texts)
        row = FlowBox(self._make_mark(one), words, gap=12, fills=words)
        if one.conflicts:
            said = replace(said, tone=Tone.WARNING, icon="git-merge", fact=self._conflict_text())
        if said.fact:
            chip = Chip(self._kit, said.tone, said.icon)
            chip.show_text(said.fact)
            row.add(chip)
        for button in self.listing.always(one):
            row.add(button)
        if not self._is_read_only:
            for button in (*self.listing.beside(one), self._make_edit(one, said.title)):
                row.add(button)
            for button in self._more_buttons(one):
                row.add(button)
        part = stack_widgets(row)
        part.setContentsMargins(0, 8, 0, 8)
        return part

    def _more_buttons(self, _one: RecordView[Any]) -> Sequence[Button]:
        """Return further buttons for a record, shown after "Edit". For subclasses."""
        return ()

    def _make_mark(self, one: RecordView[Any]) -> QWidget:
        if self.listing.mark is None:
            return Icon(self._kit, self.listing.icon)
        mark = self.marks[one.rid] = self.listing.mark(one)
        mark.setEnabled(not self._is_read_only)
        return mark

    def _make_edit(self, one: RecordView[Any], title: str) -> Button:
        edit = Button(self._kit, N_("Edit"), "pencil", ButtonLook.QUIET)
        name = N_("Edit: {title}")
        self._kit.translator.bind(edit.setAccessibleName, name, title=lambda _: title)
        edit.clicked.connect(lambda: self.open_record(one.rid))
        self._lines[one.rid] = edit
        return edit

    def _conflict_text(self) -> str:
        return self._kit.translator.translate(N_("two values, not yet decided"))

    def _put_in_bin(self, rid: bytes | None) -> None:
        if rid is None or all(one.rid != rid for one in self._views):
            if self.form is not None:
                self.form.discard()
            return
        desk = self._desk
        self.close_form()
        run_with_undo(
            self._kit, desk, lambda: records.delete_record(desk, rid), N_("Put in the bin.")
        )


def _item_holds(item: QLayoutItem | None, focus: QWidget) -> bool:
    """Return whether a layout item is, or contains, the focused widget."""
    if item is None:
        return False
    part, inner = item.widget(), item.layout()
    if part is not None:
        return part is focus or part.isAncestorOf(focus)
    return inner is not None and any(
        _item_holds(inner.itemAt(place), focus) for place in range(inner.count())
    )


def _record_with_focus(parts: Mapping[bytes, QWidget]) -> bytes | None:
    """Return the record whose widget has, or contains, the keyboard focus."""
    focus = QApplication.focusWidget()
    if focus is None:
        return None
    held = (rid for rid, part in parts.items() if part is focus or part.isAncestorOf(focus))
    return next(held, None)
