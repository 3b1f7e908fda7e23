# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in when a passphrase is lost: recovery key and initials, then a new passphrase.

The new words are drawn only after the key was found to fit, so that nobody writes them down for
nothing. Whatever does not fit is answered as a wrong passphrase is. What was typed leaves this
card only on the worker's thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk import recovery, shares
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import TypedBack
from kfdesk.ui.pages.keys.pause import Pause
from kfdesk.ui.pages.keys.proof import Random, Words, WordsProof
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card
from kfdesk.ui.words import Message

_WIDTH = 620
_PADDING = 36
_WRONG = "store.wrong_passphrase"
_SLIP = N_("A sign is wrong, missing or too many. Compare each group with your paper.")
_NO_PAIR = N_("These two do not belong together. Take another of the three sheets.")


@dataclass(frozen=True, slots=True)
class Claim:
    """What was typed. Without a passphrase it is only asked whether the key fits."""

    initials: str
    key: str = field(repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rescue:
    """The means of this way in: lists of words, chance, and what tries a claim and opens by one.

    `check` and `open` run on the worker's thread and raise KfdeskError, `store.wrong_passphrase`
    for whatever does not fit; what `open` returns goes out with `Recover.opened`.
    """

    words: Words = field(repr=False)
    random: Random = field(repr=False)
    check: Callable[[Claim], None]
    open: Callable[[Claim], object]


class Recover(Card):
    """The card. `closed` follows Back and Esc."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, kit: Kit, rescue: Rescue) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._rescue = rescue
        self._is_busy = False
        self._pause = Pause(self)
        self._pause.ticked.connect(self._show)
        self._make_fields()
        self.setFixedWidth(_WIDTH)
        self.body.setContentsMargins(_PADDING - tokens.RESERVE, 32, _PADDING - tokens.RESERVE, 28)
        self.body.setSpacing(tokens.FIELD_GAP)
        self.body.addLayout(_inset(self._make_heading(), self._fault, self._asking))
        self.body.addWidget(self.proof)
        self.body.addLayout(self._make_foot())
        self.proof.hide()
        self._show()

    @property
    def is_proving(self) -> bool:
        """Whether the key has fitted and the new words are shown."""
        return not self.proof.isHidden()

    def start(self) -> None:
        """Put the keyboard where typing begins."""
        self.initials.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back; Enter goes on from wherever it is pressed."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_next()
        else:
            super().keyPressEvent(event)

    def _make_fields(self) -> None:
        kit = self._kit
        self._fault = Banner(kit, Tone.DANGER, "circle-alert")
        self._fault.hide()
        self.initials = TextEntry(tokens.CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.key = TypedBack()
        self._key_field = Field(kit, N_("Recovery key, or one of its sheets"), self.key)
        self.second = TypedBack()
        self._second_field = Field(kit, N_("A second sheet"), self.second)
        self.proof = WordsProof(kit, self._rescue.words, self._rescue.random)
        self._asking = QWidget()
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(Field(kit, N_("Initials"), self.initials))
        column.addWidget(self._key_field)
        column.addWidget(self._second_field)
        self._second_field.hide()
        self.back = Button(kit, N_("Back"), "chevron-left")
        self.next = Button(kit, N_("Next"), look=Look.PRIMARY)
        self._reason = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.back.clicked.connect(self._on_back)
        self.next.clicked.connect(self._on_next)
        self.initials.returnPressed.connect(self.key.setFocus)
        for entry in (self.initials, self.key, self.second):
            entry.textEdited.connect(self._on_edited)
        self.proof.changed.connect(self._show)

    def _make_heading(self) -> QHBoxLayout:
        self._lead = Label(self._kit, tone=Tone.MUTED).wrapped()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, N_("Lost passphrase"), Type.TITLE).wrapped())
        words.addWidget(self._lead)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Badge(self._kit, "life-buoy"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.back)
        row.addWidget(self._reason, 1)
        row.addWidget(self.next)
        return row

    @property
    def _why_not(self) -> Message:
        """Why one cannot go on yet; empty if one can try."""
        if self.is_proving:
            return self.proof.reason
        if not self.initials.text().strip():
            return N_("Enter your initials")
        if self._sheet is None and shares.read(self.key.text()) is None:
            return N_("Enter the whole recovery key")
        return "" if shares.read(self._typed) else N_("Enter a second sheet")

    @property
    def _sheet(self) -> shares.Sheet | None:
        """The sheet that was typed, where it is one of three and no whole key."""
        return shares.read_sheet(self.key.text())

    @property
    def _typed(self) -> str:
        """The key as it counts."""
        key = self.key.text()
        return f"{key} {self.second.text()}" if self._sheet is not None else key

    def _show(self) -> None:
        why_not = self._why_not
        self._lead.tell(
            N_("These six words open the store from now on. Write them on paper.")
            if self.is_proving
            else N_("Type the recovery key from its paper. Then you get a new passphrase.")
        )
        self.next.setEnabled(not why_not and not self._is_busy and self._pause.is_over)
        self.next.tell(N_("Open") if self.is_proving else N_("Next"))
        if self._is_busy:
            self._reason.tell(N_("This takes a moment …"))
        else:
            self._reason.tell(why_not if self._pause.is_over else self._pause.said)
        self._kit.words.bind(self.next.setAccessibleDescription, why_not)

    def _on_edited(self) -> None:
        self._fault.hide()
        first, second = self.key.text(), self.second.text()
        is_slip = _is_full(first) and self._sheet is None and shares.read(first) is None
        _say(self._key_field, _SLIP if is_slip else "")
        other = shares.read_sheet(second)
        self._second_field.setVisible(self._sheet is not None)
        if self._sheet is not None and other is not None:
            is_pair = shares.join(self._sheet, other) is not None
            _say(self._second_field, "" if is_pair else _NO_PAIR)
        else:
            _say(self._second_field, _SLIP if len(recovery.plain(second)) >= shares.WRITTEN else "")
        self._show()

    def _on_next(self) -> None:
        if self._why_not:
            (self.proof if self.is_proving else self._missing()).setFocus()
        elif not self._is_busy and self._pause.is_over:
            claim = Claim(self.initials.text().strip(), self._typed, self.proof.text)
            self._rest(is_busy=True)
            rescue, work = self._rescue, self._kit.work
            if self.is_proving:
                work.run(lambda: rescue.open(claim), self._on_opened, self._on_refused)
            else:
                work.run(lambda: rescue.check(claim), self._on_checked, self._on_refused)

    def _missing(self) -> QWidget:
        if not self.initials.text().strip():
            return self.initials
        return self.second if self._sheet is not None else self.key

    def _on_checked(self, _nothing: None) -> None:
        self._pause.forgive()
        self._asking.hide()
        self.proof.show()
        self._rest(is_busy=False)
        self.proof.start()

    def _on_opened(self, desk: object) -> None:
        self._forget()
        self._rest(is_busy=False)
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_busy=False)
        if fault.code == _WRONG:
            self._pause.begin()
        self._fault.tell_fault(fault)
        (self.proof if self.is_proving else self.key).setFocus()

    def _on_back(self) -> None:
        if not self._is_busy:
            self._forget()
            self.closed.emit()

    def _forget(self) -> None:
        self.key.clear()
        self.second.clear()
        self.proof.forget()
        self.proof.hide()
        self._asking.show()
        self._on_edited()

    def _rest(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        for part in (self._asking, self.proof, self.back):
            part.setEnabled(not is_busy)
        self._show()


def _inset(heading: QHBoxLayout, *parts: QWidget) -> QVBoxLayout:
    """Boxes line up with those of the proof, which keeps room for a ring round itself."""
    column = QVBoxLayout()
    column.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
    column.setSpacing(tokens.FIELD_GAP)
    column.addLayout(heading)
    for part in parts:
        column.addWidget(part)
    return column


def _is_full(typed: str) -> bool:
    """Whether nothing is missing: of a key, or of a sheet, which is longer."""
    count = len(recovery.plain(typed))
    return count == recovery.WRITTEN or count >= shares.WRITTEN


def _say(part: Field, wrong: Message) -> None:
    if wrong:
        part.say_wrong(wrong)
    else:
        part.say_nothing()
