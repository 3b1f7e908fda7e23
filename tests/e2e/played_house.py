# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer in a played case: a store in a folder, and a window that is opened and closed.

What time it is there is the play's; a bug that the window meets is kept for the end.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.e2e.player import Player
from tests.integration.course_samples import SetClock

from kfdesk import app
from kfdesk.demo import people
from kfdesk.environment import Environment
from kfdesk.storage import key_slots
from kfdesk.system import settings
from kfdesk.ui.program import Program


@dataclass
class House:
    """One computer with a store, whose window is opened and closed."""

    qtbot: QtBot
    qapp: QApplication
    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    players: list[Player] = field(default_factory=list)
    closed: int = 0
    bugs: list[BaseException] = field(default_factory=list)

    def opens(self) -> Player:
        """Open the window in the language chosen last; close the one before it."""
        self.closes()
        machine = Environment(clock=self.clock, cost=key_slots.MIN_COST)
        language = settings.read_settings(settings.settings_folder()).language or "en"
        setting = app.window_settings(self.folder / "ours", language, machine)
        program = Program(self.qapp, replace(setting, crashed=self.bugs.append))
        program.window.resize(1280, 900)
        program.window.setUpdatesEnabled(False)  # nobody looks, but for a picture
        with self.qtbot.waitActive(program.window):
            program.window.show()
            program.window.activateWindow()
        self.players.append(Player(program, self.qtbot))
        return self.players[-1]

    def closes(self) -> None:
        """Close the window that is open, if one is."""
        for player in self.players[self.closed :]:
            self.closed += 1
            player.program.close()
            player.program.window.deleteLater()  # else every new style sheet dresses it, too
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def is_at(self, time: str) -> None:
        """Let it be this time at our desk."""
        stockholm = ZoneInfo(people.STOCKHOLM)
        self.clock.time = datetime.fromisoformat(time).replace(tzinfo=stockholm)
