# SPDX-License-Identifier: GPL-3.0-or-later
"""What one chooses for a paper: whose plan, which paper, and the paper's language.

The paper's language is apart from the window's. While none is chosen it is the first that she
speaks, which only a service knows. No plan is chosen beforehand.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.plans import PlanLine
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.words import Message

_SHRINKS = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class Choices(QWidget):
    """The three choices. `plan_chosen` and `language_chosen` follow a person's choice."""

    plan_chosen = Signal()
    language_chosen = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._lines: Sequence[PlanLine] = ()
        self._wanted = ""  # a plan may be chosen before the list of plans is there
        self.plan = Choice(kit)
        self.paper = Choice(kit)
        self.language = Choice(kit)
        for choice in (self.plan, self.paper, self.language):
            choice.setSizeAdjustPolicy(_SHRINKS)
        self._offer()
        self._lay_out()
        self.plan.chosen.connect(self._on_plan_chosen)
        self.language.chosen.connect(self.language_chosen)

    @property
    def rid(self) -> bytes:
        """The id of the chosen plan; empty if none is."""
        return bytes.fromhex(self.plan.key)

    @property
    def code(self) -> str:
        """The chosen language; empty while it is the first that she speaks."""
        return self.language.key

    def offer_plans(self, lines: Sequence[PlanLine]) -> None:
        """Offer these plans; the chosen one stays so if it is among them."""
        self._lines = lines
        nothing: list[tuple[str, Message]] = [("", N_("No plan chosen"))]
        self.plan.offer(nothing + [(line.rid.hex(), _named(line)) for line in lines], self._wanted)

    def choose_plan(self, rid: bytes) -> None:
        """Choose a plan, now or when the plans are there, without a signal."""
        self._wanted = rid.hex()
        self.offer_plans(self._lines)
        self.language.setCurrentIndex(-1)

    def show_language(self, code: str) -> None:
        """Show which language it has become."""
        self.language.setCurrentIndex(PROGRAM_LANGUAGES.index(code))

    def _offer(self) -> None:
        self.paper.offer([("travellers_sheet", N_("Traveller's sheet, for the client"))])
        names = {one.code: one.name for one in self._kit.words.offered}
        self.language.offer([(code, _said(names[code])) for code in PROGRAM_LANGUAGES])
        self.language.setCurrentIndex(-1)
        self._kit.words.bind(self.language.setPlaceholderText, N_("The first she speaks"))
        self.offer_plans(())

    def _lay_out(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(tokens.FIELD_GAP)
        pair.addWidget(Field(self._kit, N_("Paper"), self.paper), 3)
        pair.addWidget(Field(self._kit, N_("Language of the paper"), self.language), 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(Field(self._kit, N_("Plan"), self.plan))
        column.addLayout(pair)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.plan.setFocus(event.reason())

    def _on_plan_chosen(self, key: str) -> None:
        self._wanted = key
        self.language.setCurrentIndex(-1)
        self.plan_chosen.emit()


def _said(name: str) -> Message:
    return lambda _: name


def _named(line: PlanLine) -> Message:
    return _said(f"{line.code} · {line.alias}" if line.alias else line.code or "–")
