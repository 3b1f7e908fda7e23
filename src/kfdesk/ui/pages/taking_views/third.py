# SPDX-License-Identifier: GPL-3.0-or-later
"""A third value for a field that both sides have changed: neither ours nor theirs, but typed here.

A text begins with ours, so that both can be put together; anything else begins empty, and nothing
counts as decided before it is a value. A field that names a record has none: one chooses a side.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from kfdesk.domain.kinds import Reference, Text, ToldText
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Moment, Value, Wording
from kfdesk.services.sharing.deciding import Choice, Typed
from kfdesk.ui.form.editors import editor_for
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label


class ThirdValue(QWidget):
    """The editor; hidden until it is wanted. `edited` carries what was typed, None if nothing."""

    edited = Signal(object)

    def __init__(self, kit: Kit, record_type: str, field: Field, choice: Choice) -> None:
        super().__init__()
        self._begins = choice.versions[0].value if _begins_with_ours(field) else None
        self.editor = editor_for(kit, record_type, field.key, _offers(choice))
        self.editor.show_value(self._begins)
        self.editor.edited.connect(self._on_edited)
        self._fault = Label(kit, style=Type.SMALL, tone=Tone.DANGER).wrapped()
        self._fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.editor)
        column.addWidget(self._fault)
        self.hide()

    @property
    def decision(self) -> Typed | None:
        """What was typed, if it is a value."""
        value = self.editor.value() if self.editor.is_valid else None
        return Typed(value) if value is not None else None

    def begin(self) -> None:
        """Give it the keyboard, behind what stands there."""
        self.editor.focus()
        first = self.editor.stops[0]
        if isinstance(first, QPlainTextEdit):
            first.moveCursor(QTextCursor.MoveOperation.End)

    def show_value(self, value: Value) -> None:
        """Show what was typed before; while one types, what stands there stays."""
        if self.decision != Typed(value):
            self.editor.show_value(value)

    def _on_edited(self) -> None:
        fault = self.editor.fault
        self._fault.setVisible(fault is not None)
        if fault is not None:
            self._fault.tell(fault)
        self.edited.emit(self.decision)


def third_value(kit: Kit, record_type: str, field: Field, choice: Choice) -> ThirdValue | None:
    """The editor of a third value; None where only one of the two sides can be meant."""
    if isinstance(field.kind, Reference):
        return None
    return ThirdValue(kit, record_type, field, choice)


def _begins_with_ours(field: Field) -> bool:
    return isinstance(field.kind, Text | ToldText)


def _offers(choice: Choice) -> Offers:
    values = [one.value for one in choice.versions]
    zones = [one.zone for one in values if isinstance(one, Moment)]
    words = [word for one in values if isinstance(one, tuple) for word in one]
    languages = dict.fromkeys(word.language for word in words if isinstance(word, Wording))
    offers = Offers(languages=tuple(languages))
    return Offers(languages=tuple(languages), zone=zones[0]) if zones else offers
