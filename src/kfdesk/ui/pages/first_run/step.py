# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of the first run: heading, lead, its parts below, and what is good to know beside it.

A step knows neither its place nor its neighbours. It says whether one may go on, and why not yet.
"""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message

ADVICE_WIDTH = 288


class Hint(NamedTuple):
    """One thing that is good to know."""

    icon: str
    title: Message
    under: Message


class Step(QWidget):
    """A step. `changed` follows whatever may alter `reason`; `finished` is Enter at its end.

    `body` is filled with its parts; what keeps room for its own focus ring goes into `column`,
    which is wider by that room, so that all boxes line up.
    """

    changed = Signal()
    finished = Signal()

    name: Message = ""
    """The step's word in the trail."""

    hints: tuple[Hint, ...] = ()

    def __init__(self, kit: Kit, title: Message, lead: Message) -> None:
        super().__init__()
        self._kit = kit
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
        self.body.setSpacing(0)
        self.column.addLayout(self.body)
        self.body.addWidget(Label(kit, title, Type.TITLE).wrapped())
        self.body.addSpacing(5)
        self.body.addWidget(Label(kit, lead, tone=Tone.MUTED).wrapped())
        self.body.addSpacing(20)

    @property
    def reason(self) -> Message:
        """Why one cannot go on yet; empty if one can try."""
        return ""

    def may_go_on(self) -> bool:
        """Check what was entered; says beside the fields what is wrong, and goes there."""
        return not self.reason

    def start(self) -> None:
        """Put the keyboard where the step begins."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes on, wherever in the step it is pressed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        self.finished.emit()


class Advice(QFrame):
    """The panel of what is good to know."""

    def __init__(self, kit: Kit, hints: tuple[Hint, ...]) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self.setMinimumWidth(ADVICE_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 18, 20)
        column.setSpacing(20)
        column.addWidget(Label(kit, N_("Good to know"), Type.HEADING))
        for hint in hints:
            column.addLayout(_row(kit, hint))
        column.addStretch(1)


def _row(kit: Kit, hint: Hint) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(3)
    words.addWidget(Label(kit, hint.title, Type.STRONG).wrapped())
    words.addWidget(Label(kit, hint.under, Type.SMALL, Tone.MUTED).wrapped())
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(Icon(kit, hint.icon, Tone.ACCENT, icons.LARGE), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row
