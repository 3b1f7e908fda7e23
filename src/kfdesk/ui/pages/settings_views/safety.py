# SPDX-License-Identifier: GPL-3.0-or-later
"""When the notebook locks and covers itself, and what this computer can do against screenshots.

Each choice holds at once. There is no "never": a desk that stays open is a desk for everybody.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.guard.habits import MINUTES, Habit
from kfdesk.ui.guard.shield import promise
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Message, Telling

_YES, _NO = "yes", "no"
_SWITCHES = (
    ("locks_with_session", N_("Lock when the computer's screen is locked")),
    ("locks_for_sleep", N_("Lock when the computer goes to sleep")),
    ("covers_when_left", N_("Cover the window when another program is in front")),
)


class Safety(Card):
    """The choices, one line each; `minutes` and `switches` are their controls."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.body.setSpacing(tokens.FIELD_GAP)
        self.minutes = Segmented(kit, [(str(count), _minutes(count)) for count in MINUTES])
        self.minutes.chosen.connect(self._on_minutes_chosen)
        self._add(N_("Lock when nobody has typed or moved the mouse for"), self.minutes)
        self.switches: dict[str, Segmented] = {}
        for key, label in _SWITCHES:
            switch = Segmented(kit, ((_YES, N_("Yes")), (_NO, N_("No"))))
            switch.chosen.connect(self._switch(key))
            self.switches[key] = switch
            self._add(label, switch)
        about = Label(kit, promise().value, Type.SMALL, Tone.MUTED).wrapped()
        self.body.addWidget(about)
        self._show()
        kit.habits.changed.connect(self._show)

    def _add(self, label: Message, choice: Segmented) -> None:
        self._kit.words.bind(choice.setAccessibleName, label)
        part = QVBoxLayout()
        part.setSpacing(tokens.LABEL_GAP)
        part.addWidget(Label(self._kit, label, Type.LABEL, Tone.MUTED).wrapped())
        row = QHBoxLayout()
        row.addWidget(choice)
        row.addStretch(1)
        part.addLayout(row)
        self.body.addLayout(part)

    def _show(self) -> None:
        habit = self._kit.habits.chosen
        nearest = min(MINUTES, key=lambda count: abs(count - habit.lock_minutes))
        self.minutes.choose(str(nearest))
        for key, switch in self.switches.items():
            switch.choose(_YES if getattr(habit, key) else _NO)

    def _on_minutes_chosen(self, key: str) -> None:
        self._choose(replace(self._kit.habits.chosen, lock_minutes=int(key)))

    def _switch(self, key: str) -> Callable[[str], None]:
        def switch(answer: str) -> None:
            chosen: dict[str, bool] = {key: answer == _YES}
            self._choose(replace(self._kit.habits.chosen, **chosen))

        return switch

    def _choose(self, habit: Habit) -> None:
        self._kit.habits.choose(habit)


def _minutes(count: int) -> Telling:
    return lambda language: language.duration(timedelta(minutes=count))
