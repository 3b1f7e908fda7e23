# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place one can come to in the window, in one list: pages, sections, sheets and lists.

A stop brings the window there and says nothing of what should be seen; the walks judge it. A new
page, card or sheet needs a stop here: the walk says which classes of widgets it has never met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import starmap
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.travel_samples import on_worker
from tests.integration.course_samples import Walk

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.desk import Desk
from kfdesk.ui.shell.sheets.fault import FaultSheet
from kfdesk.ui.shell.window import Window

T = TypeVar("T")
_TURNS = 12
"""Wrapped words and scrolled pages find their size in the turn after the next."""


class World:
    """The window on our desk, and the partner's desk beside it."""

    def __init__(self, kit: Kit, qtbot: QtBot, walk: Walk, window: Window) -> None:
        self.kit, self.walk, self.window = kit, walk, window
        self._qtbot = qtbot
        self.shell: Desk

    def open(self, shell: Desk) -> Desk:
        """Take the inside of the window."""
        self.shell = shell
        return shell

    def rest(self) -> None:
        """Wait until the worker has nothing to do, and everything is laid out."""
        self._qtbot.waitUntil(lambda: not self.kit.work.is_busy, timeout=20000)
        for _ in range(_TURNS):
            QApplication.processEvents()

    def run(self, function: Callable[[], T]) -> T:
        """What `function` returns on the worker."""
        return on_worker(self.kit, self._qtbot, function)

    def page(self, key: str) -> Any:
        """The page of a place, on view."""
        self.shell.go_to(key)
        self.rest()
        return self.shell.page

    def section(self, key: str) -> Any:
        """A section of our plan, on view, with all that it makes as it finds time."""
        plans = self.page("plans")
        if plans.plan is None:
            plans.open_plan(self.walk.plan)
            self.rest()
        plans.plan.go_to(key)
        plans.plan.parts[key].complete()
        self.rest()
        return plans.plan.parts[key]


@dataclass(frozen=True)
class Stop:
    """A stop: what it is called, how one comes there, and what is put away before the next."""

    name: str
    go: Callable[[World], object]
    leave: Callable[[World], object] = lambda world: None


def _place(key: str) -> Stop:
    def go(world: World) -> None:
        page = world.page(key)
        if key == "plans":
            page.show_list()
            world.rest()

    return Stop(key, go)


def _section(key: str) -> Stop:
    def go(world: World) -> None:
        world.section(key)

    return Stop(f"plan/{key}", go)


def _begun(section: str, record_type: str) -> Stop:
    """A new record of a type, begun in its section."""

    def go(world: World) -> None:
        assert world.section(section).begin_record(record_type), record_type
        world.rest()

    def leave(world: World) -> None:
        for records in world.section(section).lists:
            if records.form is not None:
                records.form.discard()
        world.rest()

    return Stop(f"plan/{section}/{record_type}", go, leave)


def _sheet(name: str, show: Callable[[Desk], None]) -> Stop:
    def go(world: World) -> None:
        world.page("today")
        show(world.shell)
        world.rest()

    return Stop(f"sheet/{name}", go, lambda world: world.shell.layer.clear())


def _fault(desk: Desk) -> None:
    desk.layer.lay(FaultSheet(desk._kit, KfdeskError("store.disk")))


def _find(world: World) -> None:
    world.page("today")
    world.shell.find_anything()
    world.shell.bar.field.setText("t")
    world.rest()


SECTIONS = (
    "person",
    "consent",
    "risk",
    "decision",
    "travel",
    "support",
    "follow_up",
    "notes",
    "documents",
    "keeping",
)
BEGUN = (
    ("person", "relationship"),
    ("risk", "risk_assessment"),
    ("risk", "risk_event"),
    ("decision", "reception"),
    ("decision", "legal_status"),
    ("decision", "referral"),
    ("travel", "help_number"),
    ("travel", "travel_document"),
    ("travel", "handover"),
    ("support", "goal"),
    ("support", "service"),
    ("follow_up", "follow_up"),
    ("notes", "task"),
    ("notes", "note"),
)
SHEETS = (
    ("help", Desk.show_help),
    ("keys", Desk.show_keys),
    ("about", Desk.show_about),
    ("parts", Desk.show_parts),
    ("fault", _fault),
)
STOPS = (
    _place("today"),
    Stop("finder", _find),
    *starmap(_sheet, SHEETS),
    *map(_place, ("exchange", "print", "backup", "settings", "follow_up", "plans")),
    *map(_section, SECTIONS),
    *starmap(_begun, BEGUN),
    *map(_place, ("contacts", "history")),
)
"""In this order, because what has been opened goes on being translated with the rest."""
