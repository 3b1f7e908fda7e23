# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan in words, and the card of those that leave the way on.

She has changed her mind, it is not safe, we cannot go on: always in reach and told calmly, each
with what follows from it. Whether a step may be taken is decided by `services.course.stages` alone,
and the question before it is the step card's. A state whose step needs words is one entry in WAYS.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.gates.gate import Answer
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.course.stages import Course, Step
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import state_word
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, line
from kfdesk.ui.words import Message


@dataclass(frozen=True, slots=True)
class Way:
    """A step in words: the line it stands on, what follows, its button and the question.

    `asks_when`: it is an event of the world, with a time of its own.
    """

    line: str
    under: str
    button: str
    asks_when: bool = False
    needs_reason: bool = False


WAYS: Mapping[str, Way] = {
    "assessing": Way(
        N_("Something is new, or has run out"),
        N_("The plan goes back to be assessed. What was weighed, signed and approved before "
           "counts no more."),
        N_("Send back"),
        needs_reason=True,
    ),
    "not_safe": Way(
        N_("The return is not safe"),
        N_("The plan ends and can only be read. Protection goes on here; a new plan can follow "
           "later."),
        N_("End as not safe"),
        needs_reason=True,
    ),
    "withdrawn": Way(
        N_("She has changed her mind"),
        N_("The plan ends and can only be read; she need not say why. Her consents stay until she "
           "withdraws them. A new plan can follow at any time."),
        N_("End at her wish"),
    ),
    "cancelled": Way(
        N_("We cannot go on with it"),
        N_("The plan stops where it is. A new plan can follow at any time."),
        N_("Cancel the plan"),
        needs_reason=True,
    ),
}  # fmt: skip
"""The steps that leave the way on, in the order in which they are offered."""

EVENTS: Mapping[str, str] = {
    "travelling": N_("When did she leave?"),
    "arrived": N_("When did she arrive?"),
}
"""Steps on the way on that are events of the world."""


def move_word(target: str) -> Message:
    """The word on the button of a step on the way on."""
    return lambda language: language.gettext(N_("Move to: {state}")).format(
        state=state_word(target, language)
    )


def next_word(target: str) -> Message:
    """The heading over the conditions of a step."""
    return lambda language: language.gettext(N_("Next: {state}")).format(
        state=state_word(target, language)
    )


def moved_word(target: str) -> Message:
    """What is said when a step was taken."""
    return lambda language: language.gettext(N_("The plan stands here: {state}.")).format(
        state=state_word(target, language)
    )


def open_words(count: int, language: Language) -> str:
    """How many conditions are open."""
    return language.ngettext(
        "{count} condition is open", "{count} conditions are open", count
    ).format(count=count)


def counted(step: Step) -> tuple[int, int]:
    """How many conditions are met or set aside, and how many there are that apply."""
    applying = [gate for gate in step.gates if gate.answer is not Answer.NOT_APPLICABLE]
    return len(applying) - len(step.open), len(applying)


def met_words(met: int, count: int, language: Language) -> str:
    """How many conditions of all are met."""
    return language.ngettext(
        "{met} of {count} condition met", "{met} of {count} conditions met", count
    ).format(met=met, count=count)


class WaysCard(Card):
    """The card. `way_chosen` carries the state that is asked for."""

    way_chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.head(kit, N_("If it does not go on like this"), "life-buoy")
        self.buttons: dict[str, Button] = {}
        self._rows: dict[str, QWidget] = {}
        self._lines: dict[str, QWidget] = {}
        for target in WAYS:
            self._lines[target] = line()
            self._rows[target] = self._make(target)
            self.body.addWidget(self._lines[target])
            self.body.addWidget(self._rows[target])

    def show_course(self, course: Course, *, may_act: bool) -> None:
        """Show the ways that there are from here, to whoever may take them."""
        there_are = {step.target for step in course.steps} if may_act else set()
        shown = [
            target for target in WAYS if target in there_are and not _is_way_on(course, target)
        ]
        for target, row in self._rows.items():
            row.setVisible(target in shown)
            self._lines[target].setVisible(target in shown[1:])
        self.setVisible(bool(shown))

    def _make(self, target: str) -> QWidget:
        way = WAYS[target]
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self._kit, way.line, Type.BUTTON).wrapped())
        words.addWidget(Label(self._kit, way.under, Type.SMALL, Tone.MUTED).wrapped())
        button = Button(self._kit, way.button)
        button.clicked.connect(lambda: self.way_chosen.emit(target))
        self.buttons[target] = button
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(button)
        return part


def _is_way_on(course: Course, target: str) -> bool:
    """Whether a step to this state is the way on from here, and stands in the step card."""
    return any(step.target == target and step.gates for step in course.steps)
