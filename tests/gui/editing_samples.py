# SPDX-License-Identifier: GPL-3.0-or-later
"""A record's form, and a list of records, on a real store: as a page joins them, without the page.

What the worker does is done before a test looks. Other people's writing is the store's own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import change_record, require_record
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm

Stage = Callable[..., QWidget]
NONE = Qt.KeyboardModifier.NoModifier
BOOKING = ("carrier", "booking_reference", "departs")


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    focus = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def type_in(form: RecordForm, key: str, text: str) -> None:
    """Type into a field in place of what stands there, in any alphabet."""
    form.form.focus_on(key)
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_on(text)


def type_on(text: str) -> None:
    """Type where the cursor is, in any alphabet."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            focus = QApplication.focusWidget()
            assert focus is not None
            QApplication.sendEvent(focus, QKeyEvent(kind, 0, NONE, letter))


class Heard:
    """Messages of a window: outcomes, faults, changes, and that drafts were counted anew."""

    def __init__(self, kit: UiContext) -> None:
        self.told: list[Notification] = []
        self.failed: list[KfdeskError] = []
        self.changed: list[frozenset[str]] = []
        self.drafts = 0
        kit.events.told.connect(self.told.append)
        kit.events.failed.connect(self.failed.append)
        kit.events.changed.connect(self.changed.append)
        kit.events.drafts_changed.connect(self._count)

    @property
    def words(self) -> list[str]:
        """Return what was said, in its order."""
        return [str(outcome.message) for outcome in self.told]

    def take_back(self) -> None:
        """Undo what was said last."""
        undo = self.told[-1].undo
        assert undo is not None
        undo()

    def _count(self) -> None:
        self.drafts += 1


class Bench:
    """A desk, and forms of its first leg on a stage."""

    def __init__(self, kit: UiContext, qtbot: QtBot, desk: OpenDesk, stage: Stage) -> None:
        self.kit, self.qtbot, self.open, self.stage = kit, qtbot, desk, stage
        self.desk, self.leg, self.plan = desk.desk, desk.legs[0], desk.plan
        self.heard = Heard(kit)

    def rest(self) -> None:
        """Wait until the worker has nothing to do."""
        self.open.rest()

    def form(self, keys: tuple[str, ...] = BOOKING, record_type: str = "leg") -> RecordForm:
        """Return a form of some fields, not on view yet."""
        return RecordForm(self.kit, self.desk, record_type, Form(self.kit, record_type, keys))

    def shown(self, keys: tuple[str, ...] = BOOKING) -> RecordForm:
        """Return a form on view that shows the leg."""
        form = self.form(keys)
        self.stage(form)
        form.show_view(self.read())
        self.rest()
        return form

    def read(self, rid: bytes | None = None, record_type: str = "leg") -> RecordView[Any]:
        """Return a record as the store has it."""
        row = self.open.run(lambda: require_record(self.desk, rid or self.leg))
        return view(row, RECORD_TYPES[record_type].cls)

    def has(self, rid: bytes) -> bool:
        """Return whether the store has the record."""
        return self.open.run(lambda: [self.desk.store.row(rid)]) != [None]

    def write(self, **values: Value) -> None:
        """Somebody else writes in the leg."""
        self.open.run(lambda: change_record(self.desk, self.leg, values))

    def blank(self, record_type: str = "leg") -> RecordView[Any]:
        """Return the view of a record that does not exist yet, under the plan."""
        organisation = self.desk.identity.organisation
        row = Row(self.desk.new_id(), record_type, self.plan, organisation, EMPTY_STATE)
        return view(row, RECORD_TYPES[record_type].cls)

    def draft(self, rid: bytes | None = None) -> OpenDraft | None:
        """Return the draft of a record, if there is one."""
        found_drafts = self.open.run(lambda: [drafts.read_draft(self.desk, rid or self.leg)])
        return found_drafts[0]

    def held(self, rid: bytes | None = None) -> Mapping[str, Value]:
        """Return the values of the draft; empty if there is none."""
        draft = self.draft(rid)
        return dict(draft.form.values) if draft is not None else {}

    def typed(self, rid: bytes | None = None) -> Mapping[str, str]:
        """Return the unparsed texts of the draft, as they were typed."""
        draft = self.draft(rid)
        return dict(draft.form.typed) if draft is not None else {}
