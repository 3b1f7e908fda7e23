# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole window on a real store, whose locks are kept as notes instead of replacing pytest."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.support.stores import copied, remembering
from tests.support.windows import settle, show

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.ui.context import LockSettings
from kfdesk.ui.lock.lock import ResumeState
from kfdesk.ui.program import Program, ProgramConfig

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")


@dataclass
class Left:
    """A program, and what it left whenever it locked."""

    program: Program
    qtbot: QtBot
    notes: list[ResumeState] = field(default_factory=list)

    def open(self, initials: str = "EV") -> None:
        """Open the store as a person does."""
        door = self.program.door
        door.initials.setText(initials)
        door.passphrase.line.setText(WHO.passphrase)
        door.button.click()
        self.qtbot.waitUntil(lambda: self.program.shell is not None)
        self.rest()

    def rest(self) -> None:
        """Wait until the worker has nothing to do."""
        settle(self.qtbot, self.program.kit)


def new_store(folder: Path) -> bytes:
    """Make a store with one plan in `folder`; returns the plan's id."""

    def make(place: Path) -> bytes:
        desk = store_lifecycle.create_store(place / folder.name, people.HOUSE, WHO, MACHINE)
        plan, _ = story.enter_plan(desk, desk.identity.organisation)
        desk.store.close()
        return plan

    return copied((new_store, folder.name), folder.parent, make)


def unlock_as(folder: Path) -> Callable[[str, str], Session]:
    """Return a function that opens the store as any user, with its creator's passphrase."""

    def unlock(initials: str, passphrase: str) -> Session:
        with remembering():
            desk = store_lifecycle.unlock_store(
                folder, Credentials(WHO.initials, passphrase), MACHINE
            )
        return replace(desk, user=initials)

    return unlock


def start(
    qtbot: QtBot,
    qapp: QApplication,
    folder: Path,
    habit: LockSettings,
    kept: Callable[[LockSettings], None],
    **more: Any,
) -> Left:
    """Show the window on the store in `folder`, in English, and return it.

    `more` replaces parts of its configuration.
    """
    notes: list[ResumeState] = []
    setting: ProgramConfig = replace(
        app.window_settings(folder, "en", MACHINE),
        unlock=unlock_as(folder),
        keep=lambda *_: None,
        keep_habit=kept,
        habit=habit,
        replace=notes.append,
        **more,
    )
    program = Program(qapp, setting)
    show(qtbot, program.window)
    return Left(program, qtbot, notes)
