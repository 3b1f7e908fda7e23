# SPDX-License-Identifier: GPL-3.0-or-later
"""The habits of a window: when it locks and covers itself, as the person at the desk chose.

They hold as soon as they are chosen. Where they are kept is not known here: what was chosen is
handed in and reported out, as with the theme.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

MINUTES = (1, 3, 5, 10, 15)
"""After how many minutes of no use it may lock; never is not among them."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What is chosen, and what holds until somebody chooses."""

    lock_minutes: int = 5
    locks_with_session: bool = True
    locks_for_sleep: bool = True
    covers_when_left: bool = False


class Habits(QObject):
    """What is chosen now. `changed` follows a change of it."""

    changed = Signal()

    def __init__(self, chosen: Habit | None = None) -> None:
        super().__init__()
        self.chosen = chosen or Habit()

    def choose(self, habit: Habit) -> None:
        """Let another choice hold from now on."""
        if habit != self.chosen:
            self.chosen = habit
            self.changed.emit()
