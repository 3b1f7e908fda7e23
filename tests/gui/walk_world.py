# SPDX-License-Identifier: GPL-3.0-or-later
"""What the walk goes through: a window, our desk behind it and the partner's beside it.

It can bring a page or a section on view and wait until all is laid out. Which stops there are
stands in `walk_stops.py`; what is wrong at one is judged in `walk_judge.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.travel_samples import on_worker
from tests.integration.course_samples import Walk
from tests.support.windows import settle

from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.shell.session_view import SessionView as Shell
from kfdesk.ui.shell.session_view import make_session_view
from kfdesk.ui.shell.window import Window

T = TypeVar("T")
P = TypeVar("P", bound=QWidget)
_LATE = timedelta(days=3)
_TURNS = 12
"""Wrapped words and scrolled pages find their size in the turn after the next."""


class World:
    """The window, and what it may show.

    `other` is the plan of a client who is home already, `begun` one that was just begun.
    """

    def __init__(self, kit: UiContext, qtbot: QtBot, walk: Walk) -> None:
        self.kit, self.walk, self.window = kit, walk, Window(kit)
        self._qtbot = qtbot
        self._shell: Shell | None = None
        self.other = self.begun = b""

    @property
    def shell(self) -> Shell:
        """The inside of the window on our desk, opened when it is first asked for."""
        if self._shell is None:
            self.sit(self.walk.ours)
        assert self._shell is not None
        return self._shell

    def sit(self, desk: Session) -> None:
        """Let somebody sit down before the window, whose desk this is."""
        self._shell = make_session_view(self.kit, desk)
        self.put(self._shell)

    def put(self, page: QWidget) -> None:
        """Show a page of a window without an open desk."""
        self.window.show_page(page)
        page.setFocus()
        self.rest()

    def inside(self, kind: type[P]) -> P:
        """Return the visible widget of a class."""
        return next(part for part in self.window.findChildren(kind) if part.isVisible())

    def next_pane(self) -> None:
        """Press F6, where it is heard."""
        if self._shell is not None:
            self._shell.next_pane()

    def rest(self) -> None:
        """Wait until the worker has nothing to do, and everything is laid out."""
        settle(self._qtbot, self.kit)
        if not self.window.isActiveWindow():
            self.window.activateWindow()  # offscreen it loses that with a page that has gone
        for _ in range(_TURNS):
            QApplication.processEvents()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that takes a moment on purpose."""
        self._qtbot.waitUntil(is_so)
        self.rest()

    def run(self, function: Callable[[], T]) -> T:
        """Return what `function` returns on the worker."""
        return on_worker(self.kit, self._qtbot, function)

    def page(self, key: str) -> Any:
        """Show the page of a place, and return it."""
        self.shell.go_to(key)
        self.rest()
        return self.shell.page

    @property
    def plan_view(self) -> Any:
        """The plan that is open in the place Plans."""
        return self.page("plans").plan

    def section(self, key: str, plan: bytes | None = None) -> Any:
        """Show a section of our plan, or of another, completely built. Return it."""
        plans, wanted = self.page("plans"), plan or self.walk.plan
        if plans.plan is None or not plans.plan.place().startswith(wanted.hex()):
            plans.open_plan(wanted)
            self.rest()
        plans.plan.go_to(key)
        plans.plan.parts[key].complete()
        self.rest()
        return plans.plan.parts[key]

    def travel(self) -> None:
        """Set the journey under way and late."""
        self.run(lambda: self.walk.to("travelling"))
        self.walk.clock.time += _LATE
        self.kit.events.changed.emit(frozenset({"plan", "leg"}))
        self.rest()


@dataclass(frozen=True)
class Stop:
    """A stop: what it is called, how one comes there, and what is put away before the next."""

    name: str
    go: Callable[[World], object]
    leave: Callable[[World], object] = lambda world: None
