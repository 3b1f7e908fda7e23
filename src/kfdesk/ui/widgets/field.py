# SPDX-License-Identifier: GPL-3.0-or-later
"""A field: its label above, what one types in, and below it what is to be said about it.

An error is an icon and a sentence beside the field, never a colour alone, and it is the field's
description for those who listen. Knows nothing of what is typed in.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Filling, Message

_SIGN = 16
_SIGNS = {
    Tone.DANGER: "circle-alert",
    Tone.WARNING: "triangle-alert",
    Tone.SUCCESS: "circle-check",
    Tone.MUTED: "info",
}


class Field(QWidget):
    """A labelled entry with room for a note or an error."""

    def __init__(self, kit: Kit, message: Message, entry: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self.entry = entry
        self._target = entry.line if isinstance(entry, SecretEntry) else entry
        self._label = label = Label(kit, style=Type.LABEL, tone=Tone.MUTED).wrapped()
        label.setBuddy(self._target)
        self.ask(message)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LABEL_GAP)
        column.addWidget(label)
        column.addWidget(entry)
        self._note: QWidget | None = None

    def ask(self, message: Message) -> None:
        """Say what is asked for here."""
        self._label.tell(message)
        self._kit.words.bind(self._target.setAccessibleName, message)

    @property
    def is_wrong(self) -> bool:
        """Whether the field shows an error."""
        return bool(self._target.property("wrong"))

    def say_wrong(self, message: Message, **places: Filling) -> None:
        """Show what is wrong and what to do about it."""
        self._mark(is_wrong=True)
        self._say(Tone.DANGER, message, **places)

    def say_note(self, tone: Tone, message: Message, **places: Filling) -> None:
        """Show something worth knowing; it replaces an error."""
        self._mark(is_wrong=False)
        self._say(tone, message, **places)

    def say_nothing(self) -> None:
        """Take the note or error away."""
        self._mark(is_wrong=False)
        if self._note is not None:
            self._note.hide()
        self._target.setAccessibleDescription("")

    def _say(self, tone: Tone, message: Message, **places: Filling) -> None:
        note = self._note = self._note or self._make_note()
        self._sign.show_icon(_SIGNS[tone], tone)
        self._words.set_tone(tone)
        self._words.tell(message, **places)
        self._kit.words.bind(self._target.setAccessibleDescription, message, **places)
        note.show()

    def _mark(self, *, is_wrong: bool) -> None:
        if self.is_wrong != is_wrong:
            self._target.setProperty("wrong", is_wrong)
            self._target.style().polish(self._target)

    def _make_note(self) -> QWidget:
        """Of most fields nothing is ever said, so it is made when something is."""
        note = QWidget(self)
        self._sign = Icon(self._kit, "info", size=_SIGN)
        self._words = Label(self._kit, style=Type.SMALL).wrapped()
        row = QHBoxLayout(note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._column.addWidget(note)
        return note
