# SPDX-License-Identifier: GPL-3.0-or-later
"""A form: some fields of one record, each under its label, to be read and changed.

It shows what it is handed and says what a person changed; when to save, keep a draft or read again
is the page's matter, because a form knows no service. What somebody else writes meanwhile never
takes away what is being typed, and is not taken as seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import View, seen_in
from kfdesk.domain.values import Value
from kfdesk.ui import tokens
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.editors import editor_for
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.slot import Slot
from kfdesk.ui.form.special import CLOCK_OF
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Message

DRAFT_AFTER = 2000  # milliseconds without a key
NARROW = 700  # pixels at 100 %; narrower, all fields stand below one another


class Form(QWidget):
    """Editors of the fields `keys` of a record type.

    `rows` names pairs of keys that stand side by side where there is room for two columns.
    """

    edited = Signal()
    """A person changed something."""

    draft_asked = Signal()
    """Nothing was typed for two seconds, and `changes` or `unread` differ from the record."""

    view_changed = Signal()
    """A record, a newer version of it or a draft stands here, or may no more be edited."""

    decision_asked = Signal(str)
    """The conflict of this key is to be decided, where the page decides conflicts."""

    completed = Signal()
    """The last of the fields has been made."""

    _grows = False

    def __init__(
        self,
        kit: Kit,
        record_type: str,
        keys: Sequence[str],
        offers: Offers | None = None,
        rows: Sequence[Sequence[str]] = (),
    ) -> None:
        super().__init__()
        self._kit = kit
        self._type = record_type
        self._rows = {key: tuple(row) for row in rows for key in row}
        self._seen: frozenset[tuple[int, bytes]] = frozenset()
        self._is_wide: bool | None = None
        self._offers = offers or Offers()
        self._keys = tuple(keys)
        self._editors: dict[str, Editor] = {}
        self._slots: dict[str, Slot] = {}
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_AFTER)
        self._draft.timeout.connect(self._on_typing_paused)
        self._order = QTimer(self, singleShot=True, interval=0)
        self._order.timeout.connect(self._set_tab_order)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.FIELD_GAP)
        self._grid.setVerticalSpacing(tokens.FIELD_GAP)
        if not self._grows:
            self._complete()

    # The fields

    @property
    def keys(self) -> frozenset[str]:
        """The fields that stand here, or will."""
        return frozenset(self._keys)

    @property
    def is_whole(self) -> bool:
        """Whether all fields are made."""
        return len(self._slots) == len(self._keys)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editors by their keys, all of them made."""
        self._complete()
        return self._editors

    @property
    def slots(self) -> Mapping[str, Slot]:
        """The places of the editors, all of them made."""
        self._complete()
        return self._slots

    def grow(self) -> Iterator[None]:
        """Make one field at a time; who asks for the fields before gets all of them."""
        while not self.is_whole:
            key = self._keys[len(self._slots)]
            self._editors[key] = editor_for(self._kit, self._type, key, self._offers)
            readers = self._offers.readers.get(key, "")
            self._slots[key] = Slot(self._kit, self._editors[key], readers)
            self._slots[key].setParent(self)
            if self.is_whole:
                for each in self._keys:
                    self._listen(each)
                self._arrange(is_wide=self._has_room)
                self.completed.emit()
            yield

    # The record

    def show_view(self, view: View[Any]) -> None:
        """Show a record as it was just read; nothing counts as edited then."""
        self._seen = seen_in(view.row)
        self._draft.stop()
        for key, editor in self.editors.items():
            editor.show_value(getattr(view.record, key))
            self._show_conflict(key, view)
            self.slots[key].forgive()
        self.view_changed.emit()

    def refresh(self, view: View[Any], saved: Mapping[str, Value] | None = None) -> None:
        """Take a newer version of the record, without touching what is being edited.

        `saved` is what was handed to the service, where the version comes from our own saving.
        """
        kept: set[str] = set()
        for key, editor in self.editors.items():
            now = getattr(view.record, key)
            if saved is not None and key in saved:
                editor.rebase(saved[key])
            if not editor.has_changed:
                if editor.is_touched or editor.held != now:
                    editor.show_value(now)
                self.slots[key].forgive()
            elif saved is None or key not in saved:
                kept.add(key)
                if editor.held != now:
                    self.slots[key].tell_moved()
            self._show_conflict(key, view)
        held = {TYPES[self._type].ids[key] for key in kept}
        old = {pair for pair in self._seen if pair[0] in held}
        self._seen = frozenset(old | {pair for pair in seen_in(view.row) if pair[0] not in held})
        self.view_changed.emit()

    @property
    def seen(self) -> frozenset[tuple[int, bytes]]:
        """The writes that a person saw who edits here; `change_record` replaces no others."""
        return self._seen

    # What a person did

    def changes(self) -> Mapping[str, Value]:
        """The values that differ from the record, as far as they can be saved."""
        return {
            key: editor.value()
            for key, editor in self.editors.items()
            if editor.has_changed and editor.is_valid
        }

    def unread(self) -> Mapping[str, str]:
        """What was typed and is no value yet, as it stands: to be kept in a draft."""
        return {key: editor.raw() for key, editor in self.editors.items() if not editor.is_valid}

    @property
    def has_changes(self) -> bool:
        """Whether anything differs from the record, readable or not."""
        return any(editor.has_changed for editor in self._editors.values())

    def restore(
        self,
        changes: Mapping[str, Value],
        unread: Mapping[str, str] | None = None,
        seen: Iterable[tuple[int, bytes]] | None = None,
    ) -> None:
        """Put a draft back over the record that is shown; keys of other forms are left alone.

        `seen` is what its author saw of these fields: less, perhaps, than is shown now.
        """
        held = {TYPES[self._type].ids[key] for key in {*changes, *(unread or {})}}
        if seen is not None:
            rest = {pair for pair in self._seen if pair[0] not in held}
            self._seen = frozenset(rest | {pair for pair in seen if pair[0] in held})
        for key, value in changes.items():
            if key in self.editors:
                self.editors[key].enter(value)
        for key, raw in (unread or {}).items():
            if key in self.editors:
                self.editors[key].enter_raw(raw)
                self.slots[key].judge()
        self.view_changed.emit()

    # What is wrong

    def judge(self) -> str | None:
        """Tell all that is wrong now; the first key of it, for the page to lead to."""
        wrong = [key for key, editor in self.editors.items() if not editor.is_valid]
        for key in wrong:
            self.slots[key].judge()
        return wrong[0] if wrong else None

    def show_findings(self, findings: Mapping[str, Sequence[Message]]) -> None:
        """Show beside each field what a check has found about it; nothing beside the others."""
        for key, slot in self.slots.items():
            slot.show_findings(findings.get(key, ()))

    def focus_on(self, key: str) -> None:
        """Give the keyboard to a field."""
        self.editors[key].focus()

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Let all fields be only read, or be edited again."""
        for slot in self.slots.values():
            slot.set_read_only(is_read_only=is_read_only)
        self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stand in one column or two, by the room there is."""
        super().resizeEvent(event)
        if self.is_whole:
            self._arrange(is_wide=self._has_room)

    @property
    def _has_room(self) -> bool:
        return self.width() >= self._kit.theme.sized(NARROW)

    def _complete(self) -> None:
        if not self.is_whole:
            for _ in self.grow():
                pass

    def _listen(self, key: str) -> None:
        editor, slot = self.editors[key], self.slots[key]
        editor.edited.connect(self._on_edited)
        editor.stops_changed.connect(self._order.start)
        slot.decision_asked.connect(lambda: self.decision_asked.emit(key))
        timed = CLOCK_OF.get(f"{self._type}.{key}")
        if timed is not None and timed in self.editors:
            editor.zone_chosen.connect(cast("MomentEditor", self.editors[timed]).follow_zone)

    def _show_conflict(self, key: str, view: View[Any]) -> None:
        self.slots[key].show_conflict(view.versions.get(key, ()))

    def _on_edited(self) -> None:
        self._draft.start()
        self.edited.emit()

    def _on_typing_paused(self) -> None:
        if self.has_changes:
            self.draft_asked.emit()

    def _arrange(self, *, is_wide: bool) -> None:
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        while self._grid.takeAt(0) is not None:
            pass
        for row, keys in enumerate(self._lines()):
            span = 2 if len(keys) == 1 and is_wide else 1
            for column, key in enumerate(keys):
                self._grid.addWidget(self.slots[key], row, column, 1, span)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(is_wide))
        self._set_tab_order()

    def _lines(self) -> list[tuple[str, ...]]:
        """The keys line by line, as they stand now."""
        if not self._is_wide:
            return [(key,) for key in self.editors]
        return list(dict.fromkeys(self._rows.get(key, (key,)) for key in self.editors))

    def _set_tab_order(self) -> None:
        keys = [key for line in self._lines() for key in line]
        stops = [stop for key in keys for stop in self.slots[key].stops]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)


class GrowingForm(Form):
    """A form whose fields are made by `grow`, for a page that lets the window answer meanwhile.

    It is quicker where the form has its place before: whatever changes its parent tells all that
    it holds of the style.
    """

    _grows = True
