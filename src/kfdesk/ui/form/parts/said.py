# SPDX-License-Identifier: GPL-3.0-or-later
"""What a field says of itself: a line below it, and the versions of a conflict in its place.

Few fields ever show either, so a field makes them when they are first needed. They decide nothing:
what is to be said, and when, is the field's matter.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_, Field
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import value_text, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message

_SIGN = 16

TORN = N_("Two values, not decided.")


class Note(QWidget):
    """A line of small words with a sign before it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._sign = Icon(kit, "info", size=_SIGN)
        self.words = Label(kit, style=Type.SMALL).wrapped()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def say(self, message: Message, icon: str, tone: Tone) -> None:
        """Say a message."""
        self._sign.show_icon(icon, tone)
        self.words.set_tone(tone)
        self.words.tell(message)


class Torn(QFrame):
    """The versions of a field in conflict, and the way to decide."""

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__()
        self._kit = kit
        self._field = field
        self.decide = Button(kit, N_("Decide"), "git-merge").sized(tokens.CONTROL_COMPACT)
        self._versions = QVBoxLayout()
        self.setProperty("ground", "sunken")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(tokens.GRID)
        head = Note(kit)
        head.say(TORN, "triangle-alert", Tone.WARNING)
        column.addWidget(head)
        column.addLayout(self._versions)
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addSpacing(-tokens.RESERVE)
        foot.addWidget(self.decide)
        foot.addStretch(1)
        column.addLayout(foot)

    def show_versions(self, versions: Sequence[Version]) -> None:
        """Show these versions; without any it is hidden."""
        clear(self._versions)
        for version in versions:
            self._versions.addWidget(self._make_version(version))
        self.setVisible(bool(versions))

    def _make_version(self, version: Version) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        field = self._field
        value = Label(self._kit, style=Type.STRONG).wrapped()
        value.tell(lambda language: value_text(field, version.value, language))
        author = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        author.tell(
            lambda language: f"{version.author}, {written_at(version.milliseconds, language)}"
        )
        column.addWidget(value)
        column.addWidget(author)
        return part
