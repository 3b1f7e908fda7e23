# SPDX-License-Identifier: GPL-3.0-or-later
"""What a section of a plan is: a part of the page that shows a plan and says how far it has come.

A new section is one module with a class of this shape and one line in `view.py`. Sections know
nothing of each other; each reads again what the page hands it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.editing.record_form import RecordForm
from kfdesk.ui.editing.record_list import RecordList
from kfdesk.ui.editing.turns import Turns
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.words import Message


@dataclass(frozen=True, slots=True)
class State:
    """How far a section has come, and one short fact about it."""

    fill: Fill
    fact: Message = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is missing: a field of a record, or a record of a type, or just the section.

    Without `rid` it is a record to be begun; without a type, what stands first in the section.
    """

    record_type: str = ""
    rid: bytes | None = None
    key: str = ""


class PlanSection(QWidget):
    """A section; `decision_asked` leads to a conflict, `step_asked` to a section and its field.

    `field_asked` leads to a record's field, wherever it stands: record type, id or None, key.
    `help_asked` leads to who can help with a step: `plan_views.wanted.Meant`.
    """

    decision_asked = Signal()
    help_asked = Signal(object)
    step_asked = Signal(str, str)
    field_asked = Signal(str, object, str)

    key: ClassVar[str]
    label: ClassVar[str]
    types: ClassVar[frozenset[str]] = frozenset()
    """The record types whose conflicts and drafts belong here."""

    icon: ClassVar[str] = ""
    """Stands in place of how far it has come, in a section in which nothing has to be said."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self.kit = kit
        self.desk = desk
        self._turns = Turns(self)
        self._is_whole = False
        kit.hub.lock_began.connect(self._turns.stop)
        self.lists: list[RecordList] = []
        self.forms: list[RecordForm] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(tokens.CARD_GAP)
        self.column.addWidget(Label(kit, self.label, Type.TITLE))

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan, now and after every change."""
        raise NotImplementedError

    def complete(self) -> None:
        """Make now what would be made as the window finds time, for who needs all of it."""
        self._turns.finish()

    def in_turns(self, pieces: Iterator[None]) -> None:
        """Do this piece by piece while the window answers; once all has been made, at once."""
        self._turns.begin(self._to_the_end(pieces))
        if self._is_whole:
            self._turns.finish()

    def _to_the_end(self, pieces: Iterator[None]) -> Iterator[None]:
        yield from pieces
        self._is_whole = True

    @staticmethod
    def state(page: PlanPage) -> State:
        """How far the section has come in this plan."""
        raise NotImplementedError

    @classmethod
    def missing(cls, page: PlanPage) -> Sequence[Missing]:
        """What is missing here, in the order in which one would ask for it."""
        is_complete = bool(cls.icon) or cls.state(page).fill is Fill.DONE
        return () if is_complete else (Missing(),)

    def lead_to(self, missing: Missing) -> None:
        """Lead to what is missing."""
        if missing.rid is not None:
            self.open_record(missing.rid, missing.key)
        elif not missing.record_type or not self.begin_record(missing.record_type):
            self.focus_first()

    def commands(self) -> Sequence[Command]:
        """What can be done here by key, for menus and the sheet of keys."""
        return ()

    def focus_first(self) -> None:
        """Give the keyboard to the first control that can be seen here."""
        first = self.first_control()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_control(self) -> QWidget | None:
        """The first control that can be seen here."""
        return next(
            (
                part
                for part in self.findChildren(QWidget)
                if part.focusPolicy() & Qt.FocusPolicy.TabFocus
                if part.isVisibleTo(self) and part.isEnabled()
            ),
            None,
        )

    def add_form(self, form: RecordForm) -> RecordForm:
        """Take a form in, so that drafts and conflicts find it."""
        self.forms.append(form)
        form.form.decision_asked.connect(lambda _key: self.decision_asked.emit())
        return form

    def add_list(self, records: RecordList) -> RecordList:
        """Take a list of records in, so that drafts find it."""
        self.lists.append(records)
        self.column.addWidget(records)
        return records

    @property
    def open_forms(self) -> Sequence[RecordForm]:
        """The forms that stand here now, those of lists first."""
        listed = (each.form for each in self.lists)
        return (*(form for form in listed if form is not None), *self.forms)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Lead to a record, and to a field of it; whether it is here."""
        for form in self.forms:
            if form.rid == rid and (not key or key in form.form.editors):
                if key:
                    form.form.focus_on(key)
                return True
        return any(records.open_record(rid, key) for records in self.lists)

    def begin_record(self, record_type: str) -> bool:
        """Begin a new record of a type; whether such ones stand here."""
        found = next((one for one in self.lists if one.listing.record_type == record_type), None)
        if found is not None:
            found.begin()
        return found is not None

    def go_on(self, draft: OpenDraft) -> bool:
        """Go on with a draft; whether it belongs here."""
        if any(records.go_on(draft) for records in self.lists):
            return True
        taken = [form.take_draft(draft) for form in reversed(self.forms)]  # the first has the keys
        return any(taken)


class Sections(Mapping[str, PlanSection]):
    """The sections of a page by their keys; each is made when it is first asked for, and whole.

    `begun` gives one that may still be at it. `built` are those that were made, in the order in
    which they stand.
    """

    def __init__(
        self, kinds: Sequence[type[PlanSection]], make: Callable[[type[PlanSection]], PlanSection]
    ) -> None:
        self._kinds = {kind.key: kind for kind in kinds}
        self._make = make
        self._made: dict[str, PlanSection] = {}

    def __getitem__(self, key: str) -> PlanSection:
        section = self.begun(key)
        section.complete()
        return section

    def begun(self, key: str) -> PlanSection:
        """A section as far as it has come."""
        if key not in self._made:
            self._made[key] = self._make(self._kinds[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @property
    def built(self) -> Mapping[str, PlanSection]:
        """Those that were made, in the order in which they stand."""
        return {key: self._made[key] for key in self._kinds if key in self._made}


def filled(values: Sequence[object]) -> Fill:
    """How far something has come by how many of its values are known."""
    known = [value is not None for value in values]
    if known and all(known):
        return Fill.DONE
    return Fill.PART if any(known) else Fill.EMPTY
