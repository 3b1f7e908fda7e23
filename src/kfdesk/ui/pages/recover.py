# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that is shown to be written on paper, and typed back before it counts.

It is drawn on first use and stays the same until the user asks for another, because it may
already stand on paper. It is covered as soon as typing begins. The subclass says what kind
of secret it is: words, or the groups of a recovery key. What becomes of it is not known
here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import (
    KEY_GROUPS,
    KEY_SIGNS,
    SHEET_SIGNS,
    KeyShareSheet,
    combine_sheets,
    count_matching_groups,
    generate_key,
    has_typing_error,
    is_complete_key,
    normalize_typed,
    parse_key_or_sheets,
    read_sheet,
    spell_key,
)
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core import passphrases
from kfdesk.ui.context import UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.tokens import CONTROL_LARGE, FIELD_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import (
    CheckBox,
    LabelledField,
    NoCopyEntry,
    RetryDelay,
    TextEntry,
    WordTiles,
)
from kfdesk.ui.widgets.inputs import TileStyle as TileLook
from kfdesk.ui.widgets.layout import Badge, Banner, CardFrame, FlowBox
from kfdesk.ui.widgets.text import Icon, Label

WordLists = Callable[[str], tuple[str, ...]]
RandomSource = Callable[[int], bytes]


class SecretConfirmation(QWidget):
    """Tiles, a line to type them back, and a box to tick. `changed` follows what alters `reason`.

    All boxes stand RESERVE inside the widget: the focus ring of the check box needs that room.
    """

    changed = Signal()

    COUNT = 0
    TILES = TileLook()
    FIELD = N_("Type it back")
    COVER = SHOW = OTHERS = TICK = WHOLE = AFTER = TYPE_ALL = TICK_IT = ""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._parts: tuple[str, ...] = ()
        self._is_covered = False
        self._make_parts()
        inner = QVBoxLayout()
        inner.setContentsMargins(RESERVE, 0, RESERVE, 0)
        inner.setSpacing(0)
        inner.addWidget(self.tiles)
        inner.addSpacing(12)
        inner.addWidget(self._make_row())
        inner.addSpacing(22)
        inner.addWidget(self.field)
        inner.addSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inner)
        column.addWidget(self.tick)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.entry.setFocus(event.reason())

    @property
    def text(self) -> str:
        """The secret as it counts; empty before it is drawn and after it was dropped."""
        return " ".join(self._parts)

    @property
    def groups(self) -> tuple[str, ...]:
        """Its words or groups."""
        return self._parts

    @property
    def is_covered(self) -> bool:
        """Whether what was not typed back is hidden."""
        return self._is_covered

    @property
    def is_complete(self) -> bool:
        """Whether all was typed back."""
        return bool(self._parts) and self._is_match(self.entry.text())

    @property
    def reason(self) -> Message:
        """What is still to be done; empty if nothing is."""
        if not self.is_complete:
            return self.TYPE_ALL
        return "" if self.tick.isChecked() else self.TICK_IT

    def focus_next(self) -> None:
        """Focus the control that is still to be used."""
        (self.tick if self.is_complete else self.entry).setFocus()

    def start(self) -> None:
        """Draw the secret if there is none, and focus the line."""
        if not self._parts:
            self.draw_secret()
        self.entry.setFocus()

    def draw_secret(self) -> None:
        """Draw another secret, and begin anew."""
        self._parts = self._drawn()
        self._note.set_message(self._strength())
        self.entry.clear()
        self.tick.setChecked(False)
        self._cover(is_covered=False)

    def clear_secrets(self) -> None:
        """Drop the secret, because it is kept elsewhere now, or was not wanted."""
        self._parts = ()
        self.entry.clear()
        self.tick.setChecked(False)
        self.tiles.clear()

    def _drawn(self) -> tuple[str, ...]:
        raise NotImplementedError

    def _strength(self) -> Message:
        raise NotImplementedError

    def _is_match(self, typed: str) -> bool:
        raise NotImplementedError

    def _matching_count(self, typed: str) -> int:
        raise NotImplementedError

    def _is_mistyped(self, typed: str) -> bool:
        raise NotImplementedError

    def _progress(self, right: int, language: Language) -> str:
        raise NotImplementedError

    def _mismatch_text(self, number: int) -> Message:
        raise NotImplementedError

    def _make_parts(self) -> None:
        kit = self._kit
        self.tiles = WordTiles(kit, self.COUNT, self.TILES)
        self._note = Label(kit, style=TextStyle.SMALL_STRONG, tone=Tone.SUCCESS).wrapped()
        self.cover = Button(kit, self.COVER, "eye-off", ButtonLook.QUIET)
        self.others = Button(kit, self.OTHERS, "refresh-cw", ButtonLook.QUIET)
        self.entry = NoCopyEntry()
        self.field = LabelledField(kit, self.FIELD, self.entry)
        self.tick = CheckBox(kit, self.TICK)
        self.cover.clicked.connect(self._on_cover_clicked)
        self.others.clicked.connect(self._on_others_clicked)
        self.entry.textEdited.connect(self._on_edited)
        self.tick.toggled.connect(self.changed)

    def _make_row(self) -> FlowBox:
        sign = Icon(self._kit, "shield-check", Tone.SUCCESS, MEDIUM)
        return FlowBox(sign, self._note, self.cover, self.others, gap=6, fills=self._note)

    def _on_cover_clicked(self) -> None:
        self._cover(is_covered=not self._is_covered)
        self.entry.setFocus()

    def _on_others_clicked(self) -> None:
        self.draw_secret()
        self.entry.setFocus()

    def _on_edited(self) -> None:
        self._cover(is_covered=True)

    def _cover(self, *, is_covered: bool) -> None:
        self._is_covered = is_covered
        self.cover.set_message(self.SHOW if is_covered else self.COVER)
        self.cover.show_icon("eye" if is_covered else "eye-off")
        self._compare()

    def _compare(self) -> None:
        if not self._parts:
            return
        typed = self.entry.text()
        right = self._matching_count(typed)
        self.tiles.show_state(self._parts, right, is_covered=self._is_covered)
        if self.is_complete:
            self.field.show_note(Tone.SUCCESS, self.WHOLE)
        elif not self._is_mistyped(typed):
            self.field.show_note(Tone.MUTED, lambda language: self._progress(right, language))
        elif right == self.COUNT:
            self.field.show_error(self.AFTER)
        else:
            self.field.show_error(self._mismatch_text(right + 1))
        self.changed.emit()


class PassphraseConfirmation(SecretConfirmation):
    """The six words of a passphrase, in the window's language when they are drawn."""

    COUNT = passphrases.WORD_COUNT
    COVER = N_("Cover words")
    SHOW = N_("Show words")
    OTHERS = N_("Other words")
    TICK = N_("I have written the words on paper")
    WHOLE = N_("All six words are right.")
    AFTER = N_("There is something after the sixth word. Delete it.")
    TYPE_ALL = N_("Type all six words to go on")
    TICK_IT = N_("Tick that the words are on paper to go on")

    def __init__(self, kit: UiContext, words: WordLists, random: RandomSource) -> None:
        self._words = words
        self._random = random
        self._listed = 0
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        listed = self._words(self._kit.words.language.code)
        self._listed = len(listed)
        return passphrases.generate_passphrase(listed, self.COUNT, self._random)

    def _strength(self) -> Message:
        bits = int(passphrases.entropy_bits(self._listed, self.COUNT))
        said = N_("Strong: about {bits} bits, six random words")
        return lambda language: language.gettext(said).format(bits=bits)

    def _is_match(self, typed: str) -> bool:
        return passphrases.is_complete(typed, self._parts)

    def _matching_count(self, typed: str) -> int:
        return passphrases.count_matching_words(typed, self._parts)

    def _is_mistyped(self, typed: str) -> bool:
        return passphrases.is_off_track(typed, self._parts)

    def _progress(self, right: int, language: Language) -> str:
        return language.ngettext(
            "{count} of 6 words right. Capital letters do not matter.",
            "{count} of 6 words right. Capital letters do not matter.",
            right,
        ).format(count=right)

    def _mismatch_text(self, number: int) -> Message:
        said = N_("Word {number} is different. Look at your paper.")
        return lambda language: language.gettext(said).format(number=number)


class RecoveryKeyConfirmation(SecretConfirmation):
    """The groups of a recovery key, with its check sign at the end."""

    COUNT = KEY_GROUPS
    TILES = TileLook(
        columns=5,
        is_narrow=True,
        dots="• • • •",
        name=N_("Group {number}: {word}"),
        covered=N_("Group {number}, covered"),
    )
    FIELD = N_("Type the key back")
    COVER = N_("Cover the key")
    SHOW = N_("Show the key")
    OTHERS = N_("Another key")
    TICK = N_("The key is on paper")
    WHOLE = N_("The whole key is right.")
    AFTER = N_("There is something after the last sign. Delete it.")
    TYPE_ALL = N_("Type the whole key to go on")
    TICK_IT = N_("Tick that the key is on paper to go on")

    def __init__(self, kit: UiContext, random: RandomSource) -> None:
        self._random = random
        super().__init__(kit)

    def _drawn(self) -> tuple[str, ...]:
        return spell_key(generate_key(self._random))

    def _strength(self) -> Message:
        return N_("As strong as the store's own lock: 160 random bits")

    def _is_match(self, typed: str) -> bool:
        return is_complete_key(typed, self._parts)

    def _matching_count(self, typed: str) -> int:
        return count_matching_groups(typed, self._parts)

    def _is_mistyped(self, typed: str) -> bool:
        return has_typing_error(typed, self._parts)

    def _progress(self, right: int, language: Language) -> str:
        return language.ngettext(
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            "{count} of {all} groups right. Capital letters and spaces do not matter.",
            right,
        ).format(count=right, all=self.COUNT)

    def _mismatch_text(self, number: int) -> Message:
        said = N_("Group {number} is different. Look at your paper.")
        return lambda language: language.gettext(said).format(number=number)


_RECOVER_WIDTH = 620
_RECOVER_PADDING = 36
_WRONG_KEY_CODE = "store.wrong_passphrase"
_MISTYPED_TEXT = N_("A sign is wrong, missing or too many. Compare each group with your paper.")
_NO_PAIR_TEXT = N_("These two do not belong together. Take another of the three sheets.")


@dataclass(frozen=True, slots=True)
class RecoveryAttempt:
    """What was typed. Without a passphrase it only asks whether the key fits."""

    initials: str
    key: str = field(repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryServices:
    """The services of the card: word lists, random bytes, check a key, and open by one.

    `check` and `open` run on the worker's thread. They raise KfdeskError, with
    `store.wrong_passphrase` for whatever does not fit. What `open` returns goes out with
    `LostPassphraseCard.opened`.
    """

    words: WordLists = field(repr=False)
    random: RandomSource = field(repr=False)
    check: Callable[[RecoveryAttempt], None]
    open: Callable[[RecoveryAttempt], object]


class LostPassphraseCard(CardFrame):
    """The card. `closed` follows Back and Esc."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, kit: UiContext, rescue: RecoveryServices) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._rescue = rescue
        self._is_busy = False
        self._pause = RetryDelay(self)
        self._pause.ticked.connect(self._show)
        self._make_fields()
        self.setFixedWidth(_RECOVER_WIDTH)
        self.body.setContentsMargins(_RECOVER_PADDING - RESERVE, 32, _RECOVER_PADDING - RESERVE, 28)
        self.body.setSpacing(FIELD_GAP)
        self.body.addLayout(_inset_layout(self._make_heading(), self._fault, self._asking))
        self.body.addWidget(self.proof)
        self.body.addLayout(self._make_foot())
        self.proof.hide()
        self._show()

    @property
    def is_proving(self) -> bool:
        """Whether the key has fitted and the new words are shown."""
        return not self.proof.isHidden()

    def start(self) -> None:
        """Focus the first field."""
        self.initials.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go back on Esc; go on with Enter, wherever it is pressed."""
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
        self.initials = TextEntry(CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.key = NoCopyEntry()
        self._key_field = LabelledField(kit, N_("Recovery key, or one of its sheets"), self.key)
        self.second = NoCopyEntry()
        self._second_field = LabelledField(kit, N_("A second sheet"), self.second)
        self.proof = PassphraseConfirmation(kit, self._rescue.words, self._rescue.random)
        self._asking = QWidget()
        column = QVBoxLayout(self._asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(LabelledField(kit, N_("Initials"), self.initials))
        column.addWidget(self._key_field)
        column.addWidget(self._second_field)
        self._second_field.hide()
        self.back = Button(kit, N_("Back"), "chevron-left")
        self.next = Button(kit, N_("Next"), look=ButtonLook.PRIMARY)
        self._reason = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED).wrapped()
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
        words.addWidget(Label(self._kit, N_("Lost passphrase"), TextStyle.TITLE).wrapped())
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
    def _reason_text(self) -> Message:
        """Why the user cannot go on yet; empty if going on can be tried."""
        if self.is_proving:
            return self.proof.reason
        if not self.initials.text().strip():
            return N_("Enter your initials")
        if self._sheet is None and parse_key_or_sheets(self.key.text()) is None:
            return N_("Enter the whole recovery key")
        return "" if parse_key_or_sheets(self._typed) else N_("Enter a second sheet")

    @property
    def _sheet(self) -> KeyShareSheet | None:
        """The typed sheet, where it is one of three and not a whole key."""
        return read_sheet(self.key.text())

    @property
    def _typed(self) -> str:
        """The key as it counts."""
        key = self.key.text()
        return f"{key} {self.second.text()}" if self._sheet is not None else key

    def _show(self) -> None:
        why_not = self._reason_text
        self._lead.set_message(
            N_("These six words open the store from now on. Write them on paper.")
            if self.is_proving
            else N_("Type the recovery key from its paper. Then you get a new passphrase.")
        )
        self.next.setEnabled(not why_not and not self._is_busy and self._pause.is_over)
        self.next.set_message(N_("Open") if self.is_proving else N_("Next"))
        if self._is_busy:
            self._reason.set_message(N_("This takes a moment …"))
        else:
            self._reason.set_message(why_not if self._pause.is_over else self._pause.delay_text)
        self._kit.words.bind(self.next.setAccessibleDescription, why_not)

    def _on_edited(self) -> None:
        self._fault.hide()
        first, second = self.key.text(), self.second.text()
        is_slip = (
            _is_full(first) and self._sheet is None and parse_key_or_sheets(first) is None
        )
        _show_error(self._key_field, _MISTYPED_TEXT if is_slip else "")
        other = read_sheet(second)
        self._second_field.setVisible(self._sheet is not None)
        if self._sheet is not None and other is not None:
            is_pair = combine_sheets(self._sheet, other) is not None
            _show_error(self._second_field, "" if is_pair else _NO_PAIR_TEXT)
        else:
            _show_error(
                self._second_field,
                _MISTYPED_TEXT
                if len(normalize_typed(second)) >= SHEET_SIGNS
                else "",
            )
        self._show()

    def _on_next(self) -> None:
        if self._reason_text:
            (self.proof if self.is_proving else self._missing()).setFocus()
        elif not self._is_busy and self._pause.is_over:
            claim = RecoveryAttempt(self.initials.text().strip(), self._typed, self.proof.text)
            self._set_busy(is_busy=True)
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
        if fault.code == _WRONG_KEY_CODE:
            self._pause.record_failure()
        self._fault.show_fault(fault)
        (self.proof if self.is_proving else self.key).setFocus()

    def _on_back(self) -> None:
        if not self._is_busy:
            self._clear_secrets()
            self.closed.emit()

    def _clear_secrets(self) -> None:
        self.key.clear()
        self.second.clear()
        self.proof.clear_secrets()
        self.proof.hide()
        self._asking.show()
        self._on_edited()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        for part in (self._asking, self.proof, self.back):
            part.setEnabled(not is_busy)
        self._show()


def _inset_layout(heading: QHBoxLayout, *parts: QWidget) -> QVBoxLayout:
    """Lay out the parts in line with the confirmation, which keeps room for a focus ring."""
    column = QVBoxLayout()
    column.setContentsMargins(RESERVE, 0, RESERVE, 0)
    column.setSpacing(FIELD_GAP)
    column.addLayout(heading)
    for part in parts:
        column.addWidget(part)
    return column


def _is_full(typed: str) -> bool:
    """Return whether no sign is missing: of a key, or of a sheet, which is longer."""
    count = len(normalize_typed(typed))
    return count == KEY_SIGNS or count >= SHEET_SIGNS


def _show_error(part: LabelledField, wrong: Message) -> None:
    if wrong:
        part.show_error(wrong)
    else:
        part.clear_note()
