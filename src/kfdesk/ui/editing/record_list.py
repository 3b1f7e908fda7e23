# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of one type under another: each in a few words, one of them open to be edited.

A section of a page says which type and fields, and how a record is put in words; opening, adding,
putting into the bin and coming back to a draft are the same everywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayoutItem, QVBoxLayout, QWidget

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, view
from kfdesk.domain.schema import N_
from kfdesk.domain.writes import EMPTY
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.writing import records
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.editing.turns import Turns
from kfdesk.ui.editing.waiting import Values, WaitingDrafts
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, below, clear, line
from kfdesk.ui.words import Message

_AT_FIRST = 8  # lines that are made at once; more are hardly seen before one scrolls


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in a few words: a title, a second line, and perhaps a fact as a chip.

    `text` is what stands there at length, where that is worth reading without opening it.
    """

    title: str
    under: str = ""
    tone: Tone = Tone.MUTED
    icon: str = ""
    fact: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows: its type and fields, its words, and how a record is summed up.

    `mark` makes what stands before a record's words, where that is more than the icon. `may_add`
    is False where new ones come in by another way. `takes` says which drafts belong here, where
    two lists have one type.
    """

    record_type: str
    keys: Sequence[str]
    title: Message
    icon: str
    add: Message
    empty: Message
    sum_up: Callable[[View[Any], Language], Summary]
    rows: Sequence[Sequence[str]] = ()
    starts_with: Callable[[], dict[str, Any]] = field(default=dict)
    beside: Callable[[View[Any]], Sequence[Button]] = field(default=lambda _: ())
    mark: Callable[[View[Any]], QWidget] | None = None
    may_add: bool = True
    takes: Callable[[Values], bool] = field(default=lambda _: True)


class RecordList(Card):
    """A card with the records. `opened` carries the id of the one that is being edited."""

    opened = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk, listing: Listing) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.listing = listing
        self.offers = Offers()
        self._parent: bytes | None = None
        self._views: tuple[View[Any], ...] = ()
        self._is_read_only = False
        self.form: RecordForm | None = None
        self._turns = Turns(self)
        self._lines: dict[bytes, Button] = {}
        self.marks: dict[bytes, QWidget] = {}
        self._parts: dict[bytes, QWidget] = {}
        head = self.head(kit, listing.title, listing.icon)
        self.add_button = Button(kit, listing.add, "plus", Look.TONAL).bared()
        self.add_button.clicked.connect(self.begin)
        head.addWidget(self.add_button)
        self.add_button.setVisible(listing.may_add)
        self._none = Label(kit, listing.empty, tone=Tone.MUTED).wrapped()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._editor = QVBoxLayout()
        self.waiting = WaitingDrafts(kit, desk, listing.record_type, listing.takes)
        self.waiting.continued.connect(self.go_on)
        self.body.addWidget(self._none)
        self.body.addWidget(self.waiting)
        self.body.addLayout(self._column)
        self.body.addLayout(self._editor)
        kit.words.follow(self, self._show_lines)

    @property
    def lines(self) -> Mapping[bytes, Button]:
        """The buttons that open the records, all of them made."""
        self._turns.finish()
        return self._lines

    def show_records(
        self, views: Sequence[View[Any]], parent: bytes, *, is_read_only: bool = False
    ) -> None:
        """Show these records; new ones belong under `parent`."""
        is_same = (self._views, self._is_read_only) == (tuple(views), is_read_only)
        self._views, self._parent = tuple(views), parent
        self._is_read_only = is_read_only
        self.add_button.setVisible(self.listing.may_add and not is_read_only)
        if self.listing.may_add:
            self.waiting.look_under(parent)
        if not is_same:
            self._show_lines()
        if self.form is not None:
            mine = next((one for one in views if one.rid == self.form.rid), None)
            if mine is not None:
                self.form.show_view(mine)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open one of the records to be edited, at a field; whether it is here."""
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

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with the draft of a record of this list; whether it is one."""
        is_ours = draft.line.type == self.listing.record_type
        is_ours = is_ours and self.listing.takes(draft.form.values)
        if not is_ours or (draft.line.is_new and draft.line.parent != self._parent):
            return False
        if not draft.line.is_new:
            return self.open_record(draft.line.rid)
        self._begin(draft.line.rid, draft)
        return True

    def close_form(self) -> None:
        """Put the editor away; what was typed in it is a draft."""
        if self.form is not None:
            self.form.keep()
            had_focus = self._editor_has_focus
            clear(self._editor)
            rid, self.form = self.form.rid, None
            self.waiting.leave_out(None)
            self._show_lines()
            if had_focus:
                self.lines.get(rid or b"", self.add_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc puts the editor away, and nothing else is left by it then."""
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self.close_form()
        else:
            super().keyPressEvent(event)

    @property
    def _editor_has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        parts = (self._editor.itemAt(place) for place in range(self._editor.count()))
        return focus is not None and any(_holds(part, focus) for part in parts)

    def _begin(self, rid: bytes, draft: OpenDraft | None) -> None:
        if self._parent is None or self._is_read_only:
            return
        name = self.listing.record_type
        row = Row(rid, name, self._parent, self._desk.identity.organisation, EMPTY)
        form = self._open_form()
        starts = self.listing.starts_with() if draft is None else None
        self.waiting.leave_out(rid)
        form.begin(view(row, TYPES[name].cls), draft, starts)
        form.form.focus_on(self.listing.keys[0])
        self.opened.emit(rid)

    def _open_form(self) -> RecordForm:
        self.close_form()
        listing = self.listing
        fields = Form(self._kit, listing.record_type, listing.keys, self.offers, listing.rows)
        form = RecordForm(self._kit, self._desk, listing.record_type, fields)
        form.saved.connect(lambda _done: self.close_form())
        form.closed.connect(self.close_form)
        self._editor.addWidget(line())
        self._editor.addSpacing(12)
        self._editor.addWidget(form)
        form.show()  # a layout would show it later, and it is to take the keyboard now
        self._editor.addLayout(self._make_foot(form))
        self.form = form
        self._show_lines()
        return form

    def _make_foot(self, form: RecordForm) -> QHBoxLayout:
        close = Button(self._kit, N_("Close"), look=Look.QUIET)
        close.clicked.connect(self.close_form)
        bin_button = Button(self._kit, N_("Put in the bin"), "trash-2", Look.QUIET)
        bin_button.clicked.connect(lambda: self._put_in_bin(form.rid))
        self._bin_button = bin_button
        row = QHBoxLayout()
        row.addWidget(bin_button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _show_lines(self) -> None:
        """Show the records anew; who was in one of them by keyboard stays there."""
        is_first = not self._parts
        held = _held_by(self._parts), _held_by(self.marks)
        clear(self._column)
        self._lines, self.marks, self._parts = {}, {}, {}
        self._none.setVisible(not self._views and self.form is None)
        self._turns.begin(self._make_lines())
        if not is_first:  # a page that is scrolled must not become short for a moment
            self._turns.finish()
        within, marked = held
        if within is not None:
            again = self.marks.get(marked or b"") or self.lines.get(within)
            (again or self.add_button).setFocus()

    def _make_lines(self) -> Iterator[None]:
        """Make the lines; in a long list those beyond the first as the window finds time."""
        open_rid = self.form.rid if self.form is not None else None
        for number, one in enumerate(self._views):
            if number:
                self._column.addWidget(line())
            part = self._parts[one.rid] = self._make_line(one, is_open=one.rid == open_rid)
            self._column.addWidget(part)
            if number >= _AT_FIRST:
                yield

    def _make_line(self, one: View[Any], *, is_open: bool) -> QWidget:
        said = self.listing.sum_up(one, self._kit.words.language)
        title = Label(self._kit, style=Type.STRONG if is_open else Type.BUTTON).wrapped()
        title.show_text(said.title)
        texts = [title]
        if said.text:
            texts.append(Label(self._kit).wrapped())
            texts[-1].show_text(said.text)
        if said.under:
            texts.append(Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped())
            texts[-1].show_text(said.under)
        words = below(*texts)
        row = Flow(self._make_mark(one), words, gap=12, fills=words)
        if one.conflicts:
            said = replace(said, tone=Tone.WARNING, icon="git-merge", fact=self._torn())
        if said.fact:
            chip = Chip(self._kit, said.tone, said.icon)
            chip.show_text(said.fact)
            row.add(chip)
        if not self._is_read_only:
            for button in (*self.listing.beside(one), self._make_edit(one, said.title)):
                row.add(button)
            for button in self._more_buttons(one):
                row.add(button)
        part = below(row)
        part.setContentsMargins(0, 8, 0, 8)
        return part

    def _more_buttons(self, _one: View[Any]) -> Sequence[Button]:
        """What else can be done with a record, after it is edited."""
        return ()

    def _make_mark(self, one: View[Any]) -> QWidget:
        if self.listing.mark is None:
            return Icon(self._kit, self.listing.icon)
        mark = self.marks[one.rid] = self.listing.mark(one)
        mark.setEnabled(not self._is_read_only)
        return mark

    def _make_edit(self, one: View[Any], title: str) -> Button:
        edit = Button(self._kit, N_("Edit"), "pencil", Look.QUIET)
        name = N_("Edit: {title}")
        self._kit.words.bind(edit.setAccessibleName, name, title=lambda _: title)
        edit.clicked.connect(lambda: self.open_record(one.rid))
        self._lines[one.rid] = edit
        return edit

    def _torn(self) -> str:
        return self._kit.words.say(N_("two values, not decided"))

    def _put_in_bin(self, rid: bytes | None) -> None:
        if rid is None or all(one.rid != rid for one in self._views):
            if self.form is not None:
                self.form.discard()
            return
        desk = self._desk
        self.close_form()
        do(self._kit, desk, lambda: records.delete_record(desk, rid), N_("Put in the bin."))


def _holds(item: QLayoutItem | None, focus: QWidget) -> bool:
    """Whether a part of a layout is, or holds, the widget with the keyboard."""
    if item is None:
        return False
    part, inner = item.widget(), item.layout()
    if part is not None:
        return part is focus or part.isAncestorOf(focus)
    return inner is not None and any(
        _holds(inner.itemAt(place), focus) for place in range(inner.count())
    )


def _held_by(parts: Mapping[bytes, QWidget]) -> bytes | None:
    """The record whose part has the keyboard, or holds what has it."""
    focus = QApplication.focusWidget()
    if focus is None:
        return None
    held = (rid for rid, part in parts.items() if part is focus or part.isAncestorOf(focus))
    return next(held, None)
