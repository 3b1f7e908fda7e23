# SPDX-License-Identifier: GPL-3.0-or-later
"""The card for a lost passphrase: the recovery key opens the store, and a new passphrase is set.

First the key is checked, typed whole or as two of three sheets. Then six new words are shown
and typed back. Check and opening run on the worker's thread as services that are handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain import recovery_key
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.secret_confirmation import PassphraseConfirmation, RandomSource, WordLists
from kfdesk.ui.tokens import CONTROL_LARGE, FIELD_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import (
    WRONG_PASSPHRASE,
    LabelledField,
    NoCopyEntry,
    RetryDelay,
    TextEntry,
)
from kfdesk.ui.widgets.layout import Badge, Banner, CardFrame

_RECOVER_WIDTH = 620
_RECOVER_PADDING = 36
_MISTYPED_TEXT = N_("A character is wrong, missing or extra. Compare each group with your paper.")
_NO_PAIR_TEXT = N_("These two sheets do not belong together. Use another of the three sheets.")


@dataclass(frozen=True, slots=True)
class RecoveryAttempt:
    """Typed recovery key and passphrase. Without a passphrase the attempt only checks the key."""

    initials: str
    key: str = field(repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryServices:
    """The services of the card: word lists, random bytes, check a key, open with a key.

    `check` and `open` run on the worker's thread. They raise KfdeskError, with
    `store.wrong_passphrase` for whatever does not fit. What `open` returns goes out with
    `LostPassphraseCard.opened`.
    """

    words: WordLists = field(repr=False)
    random: RandomSource = field(repr=False)
    check: Callable[[RecoveryAttempt], None]
    open: Callable[[RecoveryAttempt], object]


class LostPassphraseCard(CardFrame):
    """The card for a lost passphrase.

    `opened` carries the session; `closed` follows Back and Esc.
    """

    opened = Signal(object)
    closed = Signal()

    def __init__(self, kit: UiContext, services: RecoveryServices) -> None:
        edge = _RECOVER_PADDING - RESERVE
        super().__init__(gap=FIELD_GAP, margins=(edge, 32, edge, 28))
        self._kit = kit
        self._services = services
        self._is_busy = False
        self._pause = RetryDelay(self)
        self._pause.ticked.connect(self._show)
        self._make_fields()
        self.setFixedWidth(_RECOVER_WIDTH)
        extend(
            self.body,
            column(
                self._make_heading(),
                self._asking,
                gap=FIELD_GAP,
                margins=(RESERVE, 0, RESERVE, 0),  # in line with the proof and its focus ring
            ),
            self.proof,
            row(self.back, grown(self._reason), self.next, gap=10),
        )
        self.proof.hide()
        self._show()

    @property
    def is_proving(self) -> bool:
        """True if the key was accepted and the new words are shown."""
        return not self.proof.isHidden()

    def start(self) -> None:
        """Focus the first field."""
        self.initials.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Esc; continue on Enter, wherever it is pressed."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_next()
        else:
            super().keyPressEvent(event)

    def _make_fields(self) -> None:
        kit = self._kit
        self.refusal = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.initials = TextEntry(CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.key = NoCopyEntry()
        self._key_field = LabelledField(kit, N_("Recovery key, or one of its sheets"), self.key)
        self.second = NoCopyEntry()
        self._second_field = LabelledField(kit, N_("A second sheet"), self.second)
        self.proof = PassphraseConfirmation(kit, self._services.words, self._services.random)
        self._asking = QWidget()
        column(
            LabelledField(kit, N_("Initials"), self.initials),
            self._key_field,
            self._second_field,
            gap=FIELD_GAP,
            on=self._asking,
        )
        self._second_field.hide()
        self.back = Button(kit, N_("Back"), "chevron-left", on=self._on_back)
        self.next = Button(kit, N_("Next"), look=ButtonLook.PRIMARY, on=self._on_next)
        self._reason = muted(kit, "", TextStyle.SMALL)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.initials.returnPressed.connect(self.key.setFocus)
        for entry in (self.initials, self.key, self.second):
            entry.textEdited.connect(self._on_edited)
        self.proof.changed.connect(self._show)

    def _make_heading(self) -> QHBoxLayout:
        self._lead = muted(self._kit)
        words = column(text(self._kit, N_("Lost passphrase"), TextStyle.TITLE), self._lead, gap=2)
        return row(aligned(Badge(self._kit, "life-buoy"), TOP), grown(words), gap=16)

    @property
    def _reason_text(self) -> Message:
        """The reason why the user cannot continue yet; empty if an attempt can be made."""
        if self.is_proving:
            return self.proof.reason
        if not self.initials.text().strip():
            return N_("Enter your initials")
        if self._sheet is None and recovery_key.parse_key_or_sheets(self.key.text()) is None:
            return N_("Enter the whole recovery key")
        return "" if recovery_key.parse_key_or_sheets(self._typed) else N_("Enter a second sheet")

    @property
    def _sheet(self) -> recovery_key.KeyShareSheet | None:
        """The typed sheet, where it is one of three and not a whole key."""
        return recovery_key.read_sheet(self.key.text())

    @property
    def _typed(self) -> str:
        """The key as it counts."""
        key = self.key.text()
        return f"{key} {self.second.text()}" if self._sheet is not None else key

    def _show(self) -> None:
        why_not = self._reason_text
        self._lead.set_message(
            N_("These six words open the database from now on. Write them on paper.")
            if self.is_proving
            else N_("Type the recovery key from its paper. Then you get a new passphrase.")
        )
        self.next.setEnabled(not why_not and not self._is_busy and self._pause.is_over)
        self.next.set_message(N_("Open") if self.is_proving else N_("Next"))
        if self._is_busy:
            self._reason.set_message(N_("This takes a moment…"))
        else:
            self._reason.set_message(why_not if self._pause.is_over else self._pause.delay_text)
        self._kit.translator.bind(self.next.setAccessibleDescription, why_not)

    def _on_edited(self) -> None:
        self.refusal.hide()
        first, second = self.key.text(), self.second.text()
        is_slip = (
            _is_full(first)
            and self._sheet is None
            and recovery_key.parse_key_or_sheets(first) is None
        )
        _show_error(self._key_field, _MISTYPED_TEXT if is_slip else "")
        other = recovery_key.read_sheet(second)
        self._second_field.setVisible(self._sheet is not None)
        if self._sheet is not None and other is not None:
            is_pair = recovery_key.combine_sheets(self._sheet, other) is not None
            _show_error(self._second_field, "" if is_pair else _NO_PAIR_TEXT)
        else:
            _show_error(
                self._second_field,
                _MISTYPED_TEXT
                if len(recovery_key.normalize_typed(second)) >= recovery_key.SHEET_SIGNS
                else "",
            )
        self._show()

    def _on_next(self) -> None:
        if self._reason_text:
            (self.proof if self.is_proving else self._missing()).setFocus()
        elif not self._is_busy and self._pause.is_over:
            claim = RecoveryAttempt(self.initials.text().strip(), self._typed, self.proof.text)
            self._set_busy(is_busy=True)
            services, work = self._services, self._kit.worker
            if self.is_proving:
                work.run(lambda: services.open(claim), self._on_opened, self._on_refused)
            else:
                work.run(lambda: services.check(claim), self._on_checked, self._on_refused)

    def _missing(self) -> QWidget:
        if not self.initials.text().strip():
            return self.initials
        return self.second if self._sheet is not None else self.key

    def _on_checked(self, _nothing: None) -> None:
        self._pause.reset()
        self._asking.hide()
        self.proof.show()
        self._set_busy(is_busy=False)
        self.proof.start()

    def _on_opened(self, desk: object) -> None:
        self._clear_secrets()
        self._set_busy(is_busy=False)
        self.opened.emit(desk)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_busy(is_busy=False)
        if fault.code == WRONG_PASSPHRASE:
            self._pause.record_failure()
        self.refusal.show_fault(fault)
        (self.proof if self.is_proving else self.key).setFocus()

    def _on_back(self) -> None:
        if not self._is_busy:
            self._clear_secrets()
            self.closed.emit()

    def _clear_secrets(self) -> None:
        self.key.clear()
        self.second.clear()
        self._kit.worker.wipe_once_idle()
        self.proof.clear_secrets()
        self.proof.hide()
        self._asking.show()
        self._on_edited()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        for part in (self._asking, self.proof, self.back):
            part.setEnabled(not is_busy)
        self._show()


def _is_full(typed: str) -> bool:
    """Return whether no sign is missing: of a key, or of a sheet, which is longer."""
    count = len(recovery_key.normalize_typed(typed))
    return count == recovery_key.KEY_SIGNS or count >= recovery_key.SHEET_SIGNS


def _show_error(part: LabelledField, wrong: Message) -> None:
    if wrong:
        part.show_error(wrong)
    else:
        part.clear_note()
