# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of a step, row by row: what is asked, whether it is met, and where it is mended.

Rows stay where they are when something was mended, so that eye and keyboard keep their place. What
a gate means is not known here: its words are those of `i18n/gates.py`.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.gates.gate import Answer, Gate, Why
from kfdesk.domain.gates.table import OVERRIDABLE
from kfdesk.domain.schema import N_
from kfdesk.i18n.gates import gate_label, gate_sentence
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import clear, line
from kfdesk.ui.words import Message

SECOND = "second_person"
_LOOKS: Mapping[Answer, tuple[Tone, str, str]] = {
    Answer.MET: (Tone.SUCCESS, "circle-check", N_("met")),
    Answer.NOT_MET: (Tone.WARNING, "circle-dashed", N_("open")),
    Answer.NOT_APPLICABLE: (Tone.MUTED, "ban", N_("does not apply")),
    Answer.OVERRIDDEN: (Tone.INFO, "shield-check", N_("set aside")),
}
_ASKED = N_("A second person is asked, and has not answered yet.")
_FROM_THEM = N_("This comes from the receiver, by an exchange file. Ask them for it.")
SPOKEN_THERE = frozenset({Why.THEIRS_MISSING, Why.HAS_OWN_DESK})
"""What a receiver with a desk of its own says there; the reason itself tells so."""


class ConditionRow(QWidget):
    """One condition. `mend_asked` leads to the field, `word_asked` asks a second person."""

    mend_asked = Signal(object)
    word_asked = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._gate: Gate | None = None
        self._icon = Icon(kit, "circle-dashed")
        self._name = Label(kit, style=Type.BUTTON).wrapped()
        self._why = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._word = Label(kit, style=Type.SMALL_STRONG)
        self.mend = Button(kit, N_("Mend"), "pencil").sized(tokens.CONTROL_COMPACT)
        self.ask = Button(kit, N_("Set aside…"), look=Look.QUIET).sized(tokens.CONTROL_COMPACT)
        self.mend.clicked.connect(lambda: self.mend_asked.emit(self._gate))
        self.ask.clicked.connect(lambda: self.word_asked.emit(self._gate))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._name)
        words.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self._tail = QWidget()
        tail = QHBoxLayout(self._tail)
        tail.setContentsMargins(0, 0, 0, 0)
        tail.addStretch(1)
        tail.addWidget(self.mend)
        row.addWidget(self.ask)
        row.addWidget(self._word)
        row.addWidget(self._tail)
        kit.words.changed.connect(self._align)
        self._align()

    def show_gate(self, gate: Gate, *, is_asked: bool, is_theirs: bool, may_act: bool) -> None:
        """Show what the gate says now.

        `is_asked`: somebody waits for a second person. `is_theirs`: only the receiver mends it.
        """
        self._gate = gate
        tone, icon, word = _LOOKS[gate.answer]
        self._icon.show_icon(icon, tone)
        self._word.tell(word)
        self._word.set_tone(tone)
        self._name.tell(partial(gate_label, gate.code))
        self._name.set_tone(Tone.PLAIN if gate.is_open else Tone.MUTED)
        self._why.tell(self._reason(gate, is_asked=is_asked, is_theirs=is_theirs))
        self._why.setVisible(gate.is_open)
        needs_word = gate.where is not None and gate.where.type == "approval"
        self.mend.setVisible(gate.is_open and may_act and not needs_word and not is_theirs)
        is_free = gate.is_open and may_act and not is_asked
        self.ask.setVisible(is_free and (needs_word or gate.code in OVERRIDABLE))
        self.ask.tell(N_("Ask a second person") if needs_word else N_("Set aside…"))
        self._name_buttons(gate)

    @property
    def stops(self) -> list[Button]:
        """The buttons one can press now, the most fitting first."""
        return [button for button in (self.mend, self.ask) if not button.isHidden()]

    def _align(self) -> None:
        """Keep the words of all rows in one column, whether or not there is a button."""
        self._tail.setFixedWidth(self.mend.sizeHint().width())

    def _reason(self, gate: Gate, *, is_asked: bool, is_theirs: bool) -> Message:
        def words(said: object) -> str:
            language = self._kit.words.language
            parts = [gate_sentence(gate, language)]
            if is_theirs and gate.why not in SPOKEN_THERE:
                parts.append(language.gettext(_FROM_THEM))
            if is_asked:
                parts = [language.gettext(_ASKED)]
            return " ".join(parts)

        return words

    def _name_buttons(self, gate: Gate) -> None:
        bind = self._kit.words.bind
        bind(
            self.mend.setAccessibleName,
            lambda language: f"{language.gettext(N_('Mend'))}: {gate_label(gate.code, language)}",
        )
        bind(
            self.ask.setAccessibleName,
            lambda language: f"{self.ask.text()}: {gate_label(gate.code, language)}",
        )


class ConditionList(QWidget):
    """All conditions of one step; arrow keys walk what is open."""

    mend_asked = Signal(object)
    word_asked = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.rows: dict[str, ConditionRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def take(self, gates: Sequence[Gate]) -> None:
        """Have a row for each of these gates, in their order; those already there stay."""
        if [gate.code for gate in gates] == list(self.rows):
            return
        clear(self._column)
        self.rows = {}
        for number, gate in enumerate(gates):
            if number:
                self._column.addWidget(line())
            row = ConditionRow(self._kit)
            row.mend_asked.connect(self.mend_asked)
            row.word_asked.connect(self.word_asked)
            self.rows[gate.code] = row
            self._column.addWidget(row)

    def focus_open(self) -> bool:
        """Give the keyboard to the first condition that is open; whether there is one."""
        stops = self._stops()
        if stops:
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(stops)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down walk the open conditions."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        here = [n for n, row in enumerate(self._open()) if any(b.hasFocus() for b in row.stops)]
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() in steps and here and is_plain:
            rows = self._open()
            there = max(0, min(len(rows) - 1, here[0] + steps[Qt.Key(event.key())]))
            rows[there].stops[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _open(self) -> list[ConditionRow]:
        return [row for row in self.rows.values() if row.stops]

    def _stops(self) -> list[Button]:
        return [stop for row in self._open() for stop in row.stops]
