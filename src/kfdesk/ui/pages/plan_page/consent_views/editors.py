# SPDX-License-Identifier: GPL-3.0-or-later
"""Editors of a consent that need more than their kind: its groups, its form, what was explained.

They are told what holds and judge nothing: which groups a purpose opens is the domain's.
"""

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Value
from kfdesk.ui.form.checks import TicksEditor
from kfdesk.ui.form.codes import ChoiceEditor, code_options
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.plan_page.consent_views.wording import SAID, say_in
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_INDENT = 31  # past box and gap of a tick
NOT_NEEDED = N_("This purpose does not need it.")


class GroupsEditor(TicksEditor):
    """A box for each group; those that the purpose cannot open are shut once it is known."""

    _is_told = False
    _widest: frozenset[str] | None = None

    def allow(self, widest: Collection[str] | None) -> None:
        """Let these groups be chosen; None while no purpose is said. What is ticked stays."""
        self._is_told = True
        self._widest = None if widest is None else frozenset(widest)
        self._shut()

    def _shut(self) -> None:
        for code, box in self.boxes.items():
            is_open = code in (self._widest or ())
            box.setEnabled(is_open or box.isChecked() or not self._is_told)
            why: Message = "" if is_open or self._widest is None else NOT_NEEDED
            self._kit.words.bind(box.setToolTip, why)
            self._kit.words.bind(box.setAccessibleDescription, why)

    def _show(self, value: Value) -> None:
        super()._show(value)
        self._shut()

    def _note(self) -> Message | None:
        if self._is_told and self._widest is None:
            return N_("Say first what it is for; then you see what that can open.")
        if self._is_told and not self._widest:
            return N_("For this purpose nothing leaves as a file or on paper.")
        return NOT_ASKED if self._read() is None else None

    def _touch(self) -> None:
        self._shut()
        super()._touch()


class FormEditor(ChoiceEditor):
    """How she agreed; what two people decide in her vital interests has its own way."""

    def _show(self, value: Value) -> None:
        options = [
            option
            for option in code_options(self.field)
            if option[0] != VITAL_INTERESTS or value == VITAL_INTERESTS
        ]
        self.choice.offer([("", NOT_ASKED), *options], value if isinstance(value, str) else "")


class ExplainedEditor(TicksEditor):
    """A box for each point, and under it what is said to her, in her language."""

    def __init__(self, kit: Kit, field: Field) -> None:
        self._sentences: dict[str, Label] = {}
        super().__init__(kit, field)

    def speak(self, code: object) -> None:
        """Show what is said to her in this language, if the program speaks it."""
        for point, label in self._sentences.items():
            label.tell(say_in(self._kit, code, SAID[point]))

    def _put(self, code: str, box: Tick) -> None:
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
        if code in SAID:
            label = Label(self._kit, SAID[code], Type.SMALL, Tone.MUTED).wrapped()
            label.setContentsMargins(_INDENT, 0, 0, 0)
            column.addWidget(label)
            self._sentences[code] = label
        self.column.addWidget(place)
