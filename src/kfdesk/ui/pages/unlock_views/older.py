# SPDX-License-Identifier: GPL-3.0-or-later
"""The question at the door when the store is older than one that was open at this computer.

Nothing was changed yet. To leave it shut is one key; to go on takes the passphrase once more, so
that nobody does it in passing, and is entered in the history.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.keys.pause import Pause
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card
from kfdesk.ui.words import Message

_WIDTH = 620
_PADDING = 36
_WRONG = "store.wrong_passphrase"
_UNASKED = (
    N_("If nobody has put an older store here"),
    N_(
        "Leave it shut. Somebody may have had this computer. Look for the newest backup, and ask "
        "at your desk."
    ),
)
_ON_PURPOSE = (
    N_("If it was done knowingly, as after a disk fault"),
    N_(
        "You can go on. What was written since is missing, clients erased since must be erased "
        "again, and partners may have what is no longer known here. The history will say that you "
        "went on."
    ),
)


class OlderStore(Card):
    """The card. `opened` carries the desk; `closed` follows Back and Esc."""

    opened = Signal(object)
    closed = Signal()
    restore_asked = Signal()

    def __init__(self, kit: Kit, fault: KfdeskError, go_on: Callable[[str], object]) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._fault = fault
        self._go_on = go_on
        self._is_busy = False
        self._pause = Pause(self)
        self._pause.ticked.connect(self._show)
        self._make_parts()
        self.setFixedWidth(_WIDTH)
        self.body.setContentsMargins(_PADDING, 32, _PADDING, 28)
        self.body.setSpacing(tokens.FIELD_GAP)
        self.body.addLayout(self._make_heading())
        self.body.addWidget(self._refusal)
        for title, words in (_UNASKED, _ON_PURPOSE):
            self.body.addLayout(self._make_case(title, words))
        self.body.addWidget(self._field)
        self.body.addLayout(self._make_foot())
        self._show()

    def start(self) -> None:
        """Put the keyboard where nothing happens by itself."""
        self.back.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves the store shut."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_back()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        kit = self._kit
        self._refusal = Banner(kit, Tone.DANGER, "circle-alert")
        self._refusal.hide()
        self.passphrase = SecretEntry(kit)
        self._field = Field(kit, N_("Your passphrase once more, to go on"), self.passphrase)
        self.back = Button(kit, N_("Leave it shut"), "lock", Look.PRIMARY)
        self.restore = Button(kit, N_("Restore…"), "archive")
        self.go_on = Button(kit, N_("Go on with this store"), look=Look.DANGER)
        self.back.clicked.connect(self._on_back)
        self.restore.clicked.connect(self.restore_asked)
        self.go_on.clicked.connect(self._on_go_on)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_go_on)

    def _make_heading(self) -> QHBoxLayout:
        faults, fault = self._kit.faults, self._fault
        lead = Label(self._kit, tone=Tone.MUTED).wrapped()
        lead.tell(lambda language: faults(fault, language)[0])
        words = QVBoxLayout()
        words.setSpacing(2)
        title = Label(self._kit, N_("Something is missing in this store"), Type.TITLE)
        words.addWidget(title.wrapped())
        words.addWidget(lead)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "octagon-alert"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_case(self, title: Message, words: Message) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Label(self._kit, title, Type.BUTTON).wrapped())
        column.addWidget(Label(self._kit, words, tone=Tone.MUTED).wrapped())
        return column

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.go_on)
        row.addStretch(1)
        row.addWidget(self.restore)
        row.addWidget(self.back)
        row.addSpacing(-tokens.RESERVE)
        return row

    def _show(self) -> None:
        may_try = self._pause.is_over and not self._is_busy
        self.go_on.setEnabled(may_try and bool(self.passphrase.text()))
        said: Message = N_("Go on with this store")
        self.go_on.tell(said if self._pause.is_over else self._pause.said)
        self.back.setEnabled(not self._is_busy)
        self.restore.setEnabled(not self._is_busy)
        self.passphrase.line.setReadOnly(self._is_busy)

    def _on_edited(self) -> None:
        self._refusal.hide()
        self._show()

    def _on_go_on(self) -> None:
        if not self.go_on.isEnabled():
            return
        typed = self.passphrase.text()
        self.passphrase.clear()
        self._rest(is_busy=True)
        self._kit.work.run(lambda: self._go_on(typed), self._on_opened, self._on_refused)

    def _on_opened(self, desk: object) -> None:
        self._rest(is_busy=False)
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_busy=False)
        if fault.code == _WRONG:
            self._pause.begin()
        self._refusal.tell_fault(fault)
        self.passphrase.setFocus()

    def _on_back(self) -> None:
        if not self._is_busy:
            self.passphrase.clear()
            self.closed.emit()

    def _rest(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._show()
