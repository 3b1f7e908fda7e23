# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a talk: the fields of a record in steps, in the order in which one talks.

A form like any other, laid out in steps with a heading each. Beside a field there may stand one
more sentence and something to press. Which step or field is needed is said from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.slot import Slot
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Filling, Message

_SIGN = 16
_STEP_GAP = 28


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the talk: its heading, and its fields line by line."""

    title: str
    lines: Sequence[Sequence[str]]

    @property
    def keys(self) -> tuple[str, ...]:
        """Its fields, in order."""
        return tuple(key for line in self.lines for key in line)


class Place(QWidget):
    """Where a field stands: its slot, and below it what else is to be said or done."""

    def __init__(self, kit: Kit, slot: Slot) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(tokens.LABEL_GAP)
        self.column.addWidget(slot)
        self._aside = QWidget()
        self._sign = Icon(kit, "info", size=_SIGN)
        self._words = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        row = QHBoxLayout(self._aside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        self._aside.hide()
        self.column.addWidget(self._aside)
        self.column.addStretch(1)

    @property
    def said(self) -> str:
        """What stands below the field; empty if nothing does."""
        return "" if self._aside.isHidden() else self._words.text()

    def add(self, part: QWidget) -> None:
        """Put something below what is said."""
        self.column.insertWidget(self.column.count() - 1, part)

    def tell(self, message: Message, tone: Tone = Tone.MUTED, **places: Filling) -> None:
        """Say something below the field, or with an empty message nothing."""
        self._sign.show_icon("triangle-alert" if tone is Tone.WARNING else "info", tone)
        self._words.set_tone(tone)
        self._words.tell(message, **places)
        self._aside.setVisible(bool(message))


class StepPart(QWidget):
    """One step on view."""

    def __init__(self, kit: Kit, step: Step, places: Sequence[Place]) -> None:
        super().__init__()
        self.step = step
        self._places = dict(zip(step.keys, places, strict=True))
        self._title = Label(kit, style=Type.HEADING)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.FIELD_GAP)
        self._grid.setVerticalSpacing(tokens.FIELD_GAP)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(self._title)
        self.column.addLayout(self._grid)

    def show_number(self, number: int) -> None:
        """Say which step it is."""

        def words(language: Language) -> str:
            return f"{number}.  {language.gettext(self.step.title)}"

        self._title.tell(words)

    def arrange(self, *, is_wide: bool) -> None:
        """Stand in one column or in two."""
        while self._grid.takeAt(0) is not None:
            pass
        lines = self.step.lines if is_wide else [(key,) for key in self.step.keys]
        for row, keys in enumerate(lines):
            span = 2 if len(keys) == 1 and is_wide else 1
            for column, key in enumerate(keys):
                self._grid.addWidget(self._places[key], row, column, 1, span)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(is_wide))


class TalkForm(Form):
    """A form in steps."""

    _talk: Sequence[Step] = ()

    def __init__(self, kit: Kit, record_type: str, talk: Sequence[Step], offers: Offers) -> None:
        self._talk = talk
        self.parts: list[StepPart] = []
        self.places: dict[str, Place] = {}
        self._tools = kit
        lines = [line for step in talk for line in step.lines if len(line) > 1]
        keys = [key for step in talk for key in step.keys]
        super().__init__(kit, record_type, keys, offers, lines)
        self._grid.setVerticalSpacing(_STEP_GAP)
        self._number()

    def show_step(self, title: str, *, is_needed: bool) -> None:
        """Show the step with this heading, or do without it."""
        for part in self.parts:
            if part.step.title == title:
                part.setVisible(is_needed)
        self._number()

    @property
    def unasked(self) -> tuple[str, ...]:
        """The fields that are done without now."""
        return tuple(
            key
            for part in self.parts
            for key in part.step.keys
            if part.isHidden() or self.places[key].isHidden()
        )

    def show_field(self, key: str, *, is_needed: bool) -> None:
        """Show a field, or do without it."""
        self.places[key].setVisible(is_needed)

    def _arrange(self, *, is_wide: bool) -> None:
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        if not self.parts:
            self._make_parts()
        for part in self.parts:
            part.arrange(is_wide=is_wide)
        self._set_tab_order()

    def _make_parts(self) -> None:
        for row, step in enumerate(self._talk):
            places = [Place(self._tools, self.slots[key]) for key in step.keys]
            self.places |= dict(zip(step.keys, places, strict=True))
            part = StepPart(self._tools, step, places)
            self.parts.append(part)
            self._grid.addWidget(part, row, 0)

    def _number(self) -> None:
        needed = [part for part in self.parts if not part.isHidden()]
        for number, part in enumerate(needed, start=1):
            part.show_number(number)
