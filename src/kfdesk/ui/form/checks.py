# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of several codes: boxes to tick where they are few, else chips and a list.

A chip is what was chosen and takes itself away when pressed. Codes keep the order in which they
were chosen; those that no list here knows are kept among them.
"""

from functools import partial
from typing import cast

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kfdesk.domain.kinds import Codes
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value
from kfdesk.ui import tokens
from kfdesk.ui.form.codes import FEW, code_options, code_word
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.form.parts.pick import NOT_IN_LIST, Pick, matching, sorted_rows
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message

_COLUMNS = 2
_CHIPS_IN_ROW = 3


class TicksEditor(Editor):
    """Several of a few codes: a box for each."""

    _names_first = False

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__(kit, field)
        self._order: list[str] = []
        self.boxes: dict[str, Tick] = {}
        self._flow = Flow(gap=2, columns=_COLUMNS)
        self.column.addWidget(self._flow)
        for code, message in code_options(field):
            self._add(code, message)
        kit.words.bind(self._body.setAccessibleName, field.label)

    def _add(self, code: str, message: Message) -> None:
        box = Tick(self._kit, message)
        box.clicked.connect(partial(self._on_clicked, code))
        self._put(code, box)
        self.boxes[code] = box
        self._aim(*self.boxes.values())
        self._kit.words.bind(box.setAccessibleName, self._name(message))

    def _put(self, _code: str, box: Tick) -> None:
        """Give a box its place."""
        self._flow.add(box)
        box.show()

    def _show(self, value: Value) -> None:
        self._order = _codes(value)
        for code in self._order:
            if code not in self.boxes:
                self._add(code, code_word(cast("Codes", self.field.kind).codes, code))
        for code, box in self.boxes.items():
            box.setChecked(code in self._order)

    def _read(self) -> Value:
        return tuple(self._order) or None

    def _note(self) -> Message | None:
        return NOT_ASKED if self._read() is None else None

    def _on_clicked(self, code: str) -> None:
        if code in self._order:
            self._order.remove(code)
        else:
            self._order.append(code)
        self._touch()


class ChipsEditor(Editor):
    """Several of many codes: those chosen as chips, and a line to find more."""

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__(kit, field)
        self._order: list[str] = []
        self.chips: dict[str, Button] = {}
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        held = QHBoxLayout()
        held.setSpacing(0)
        held.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        held.addWidget(self._row)
        held.addStretch(1)
        self.pick = Pick(kit, self._find, lambda code, _: kit.words.say(self._word(code)))
        self.pick.chosen.connect(self._on_chosen)
        self.pick.typed.connect(self._on_changed)
        self.settled.connect(self.pick.settle)
        kit.words.bind(self.pick.setPlaceholderText, self._placeholder)
        self.column.addWidget(self.pick)
        self.column.addLayout(held)
        self._aim(self.pick)

    def _show(self, value: Value) -> None:
        self._order = _codes(value)
        self.pick.show_key("")
        self._show_chips()

    def _read(self) -> Value:
        return tuple(self._order) or None

    def _fault(self) -> Message | None:
        return NOT_IN_LIST if self.pick.is_astray else None

    def raw(self) -> str:
        """The line as it stands, and what was chosen before it."""
        return "\t".join((*self._order, self.pick.text()))

    def _show_raw(self, raw: str) -> None:
        *self._order, typed = raw.split("\t")
        self._show_chips()
        self.pick.show_key("")
        self.pick.setText(typed)

    def _begin(self, text: str) -> None:
        self.pick.insert(text)
        self.pick.typed.emit()

    def _placeholder(self, language: object) -> str:
        return self._kit.words.say(N_("Add another") if self._order else NOT_ASKED)

    def _word(self, code: str) -> Message:
        return code_word(cast("Codes", self.field.kind).codes, code)

    def _find(self, typed: str) -> list[tuple[str, str]]:
        options = [pair for pair in code_options(self.field) if pair[0] not in self._order]
        return list(matching(sorted_rows(options, self._kit), typed))

    def _on_chosen(self, code: str) -> None:
        self._order.append(code)
        self.pick.show_key("")
        self._show_chips()
        self._touch()

    def _on_chip_pressed(self, code: str) -> None:
        self._order.remove(code)
        self._show_chips()
        self.pick.setFocus()
        self._touch()

    def _show_chips(self) -> None:
        clear(self._grid)
        self.chips = {code: self._make_chip(code) for code in self._order}
        for place, chip in enumerate(self.chips.values()):
            self._grid.addWidget(chip, *divmod(place, _CHIPS_IN_ROW))
        self._row.setVisible(bool(self._order))
        self._kit.words.bind(self.pick.setPlaceholderText, self._placeholder)
        self._aim(self.pick, *self.chips.values())

    def _make_chip(self, code: str) -> Button:
        word = self._word(code)
        chip = Button(self._kit, word, look=Look.TONAL).ended_by("x")
        chip.sized(tokens.CONTROL_COMPACT - 2)
        chip.clicked.connect(partial(self._on_chip_pressed, code))
        self._kit.words.bind(
            chip.setAccessibleName,
            N_("Remove {name}"),
            name=lambda _: self._kit.words.say(word),
        )
        return chip


def codes_editor(kit: Kit, field: Field) -> Editor:
    """The editor of several codes."""
    is_long = len(cast("Codes", field.kind).codes) > FEW
    return ChipsEditor(kit, field) if is_long else TicksEditor(kit, field)


def _codes(value: Value) -> list[str]:
    return [code for code in value if isinstance(code, str)] if isinstance(value, tuple) else []
