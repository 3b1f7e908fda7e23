# SPDX-License-Identifier: GPL-3.0-or-later
"""Another's plan: its code, why it is shut, and the reason with which it can be opened tonight.

Nothing of the plan is shown before. Where one's roles do not allow it, there is nothing to fill in.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.policy import reasons
from kfdesk.services.policy.reasons import LockedPlan
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.rights_views.outside import WHOM_TO_ASK
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty

_WIDTH = 640
_NOTICE = (
    N_("It stays open for reading until the notebook is locked. It cannot be printed."),
    N_("Her story, notes and documents stay covered."),
    N_("What happens on her journey can be written down; all else is only read."),
    N_("The reason is kept with the plan, and its owner is told."),
)


class Locked(QWidget):
    """The page. `opened` carries the plan's id, `closed` asks to go back to the list."""

    opened = Signal(bytes)
    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self._may = desk.may(Right.OPEN_WITH_REASON)
        self._code = Label(kit, style=Type.DISPLAY)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", Look.QUIET)
        self.back.clicked.connect(self.closed)
        self.reason = TextEntry()
        self.field = Field(kit, N_("Why must you read it now?"), self.reason)
        self.open_button = Button(kit, N_("Open"), "eye", Look.PRIMARY)
        self.open_button.clicked.connect(self.open_now)
        self.reason.returnPressed.connect(self.open_now)
        self.reason.textEdited.connect(lambda _typed: self.field.say_nothing())
        self._lay_out()
        if self._may:
            kit.work.run(lambda: reasons.look_at_locked(desk, rid), self._on_read, self._on_refused)

    def open_now(self) -> None:
        """Open the plan with the reason that is typed."""
        desk, rid, reason = self._desk, self._rid, self.reason.text()
        if not reason.strip():
            self.field.say_wrong(N_("Write in a few words why. Its owner will see them."))
            self.reason.setFocus()
            return
        self._kit.work.run(
            lambda: reasons.open_with_reason(desk, rid, reason), self._on_opened, self._on_refused
        )

    def place(self) -> str:
        """Where one is: the plan's id, in no section."""
        return f"{self._rid.hex()}/"

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hand the keyboard to where one goes on."""
        (self.reason if self._may else self.back).setFocus(event.reason())

    def _lay_out(self) -> None:
        card = Card()
        under = N_("Somebody else answers for it.") if self._may else WHOM_TO_ASK
        card.body.addWidget(Empty(self._kit, "lock", N_("This plan is another's"), under))
        card.setMaximumWidth(_WIDTH)
        if self._may:
            self._fill(card)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._code)
        column.addWidget(card)
        column.addStretch(1)

    def _fill(self, card: Card) -> None:
        card.body.addSpacing(8)
        card.body.addWidget(self.field)
        for sentence in _NOTICE:
            card.body.addWidget(Label(self._kit, sentence, Type.SMALL, Tone.MUTED).wrapped())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.open_button)
        card.body.addLayout(foot)

    def _on_read(self, plan: LockedPlan) -> None:
        self._code.show_text(plan.code or "–")

    def _on_opened(self, changes: Changes) -> None:
        self._kit.hub.changed.emit(changes.types)
        self.opened.emit(self._rid)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._kit.hub.failed.emit(fault)
        self.closed.emit()
