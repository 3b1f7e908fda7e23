# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Travel on a real plan of a real store, with a clock that stands where it is put.

Keys go where the keyboard is, as a person's do; letters of any alphabet are typed as they come.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.integration.course_samples import Walk, walked
from tests.support.windows import settle, show

from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, view
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import load_case
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.travel import TravelSection

T = TypeVar("T")
NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Trip:
    """A plan's page in a window, at its section Travel; `told` are the outcomes, in order."""

    def __init__(self, kit: UiContext, qtbot: QtBot, walk: Walk, plan: bytes) -> None:
        self.kit, self.walk, self.plan = kit, walk, plan
        self._qtbot = qtbot
        self.told: list[Notification] = []
        kit.events.told.connect(self.told.append)
        self.page = PlanView(kit, walk.ours, plan)
        self.page.resize(1080, 740)
        self.page.go_to("travel")
        show(qtbot, self.page)
        self.rest()

    @property
    def travel(self) -> TravelSection:
        """The section."""
        part = self.page.parts["travel"]
        assert isinstance(part, TravelSection)
        return part

    def run(self, function: Callable[[], T]) -> T:
        """Return what `function` returns on the worker."""
        return on_worker(self.kit, self._qtbot, function)

    def rest(self) -> None:
        """Wait until the worker has nothing to do and everything is laid out."""
        settle(self._qtbot, self.kit)
        for _ in range(3):
            QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key in the focused widget, and wait for its effects."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifiers)
        self.rest()

    def type(self, text: str) -> None:
        """Letters, where the keyboard is."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                focus = QApplication.focusWidget()
                assert focus is not None
                QApplication.sendEvent(focus, QKeyEvent(kind, 0, NONE, letter))

    def unfold(self, *names: str) -> None:
        """Open folded cards of the section."""
        for name in names:
            self.travel.unfold(name)
        self.rest()

    def leg_menu(self, row: int) -> dict[str, QAction]:
        """Open the menu of a leg as its button does; return its actions by event, or by words."""
        self.travel.table.selectRow(row)
        self.rest()
        self.travel.record.click()
        actions = [one for one in self.travel.menu.actions() if not one.isSeparator()]
        return {str(one.data() or one.text()): one for one in actions}

    def record(self, row: int, what: LegEvent) -> None:
        """Record an event by the menu of a leg."""
        action = self.leg_menu(row)[what]
        assert action.isEnabled()
        self.travel.menu.close()
        self.page.activateWindow()  # without a window manager nobody does when a menu has closed
        self.rest()
        action.trigger()
        self.rest()

    def take_back(self) -> None:
        """Undo what was told last."""
        undo = self.told[-1].undo
        assert undo is not None
        undo()
        self.rest()

    def legs(self) -> list[RecordView[Leg]]:
        """Return the plan's legs as the store has them, in order."""
        case = self.run(lambda: load_case(self.walk.ours, self.plan))
        return list(case.views(Leg, "leg"))

    def leg_record(self, rid: bytes) -> Any:
        """Return a leg's record."""
        return next(leg.record for leg in self.legs() if leg.rid == rid)

    def record_of(self, number: int) -> Any:
        """Return the record of one of the two first legs."""
        return self.leg_record(self.walk.legs[number])

    def plan_record(self) -> Plan:
        """Return the plan as the store has it."""
        return view(self.run(lambda: load_case(self.walk.ours, self.plan)).plan, Plan).record

    def ways(self) -> list[str]:
        """Return the cells of the first column of the table."""
        model = self.travel.table.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def on_worker(kit: UiContext, qtbot: QtBot, function: Callable[[], T]) -> T:
    """Return what `function` returns on the kit's worker."""
    results: list[T] = []
    kit.worker.run(function, results.append)
    qtbot.waitUntil(lambda: bool(results))
    return results[0]


@contextmanager
def walking(
    kit: UiContext,
    qtbot: QtBot,
    folder: Path,
    state: str,
    further: Callable[[Walk], object] | None = None,
) -> Iterator[Walk]:
    """Two desks, opened on the worker, and a plan that has come to `state`, and `further`.

    The worker opens the partner's desk, too, whoever asks for it first: a store is used by the
    thread that has opened it, and by no other.
    """
    context = walked(folder, state, further)
    walk = on_worker(kit, qtbot, context.__enter__)

    def open_theirs() -> Session:
        if threading.current_thread() is not threading.main_thread():
            return walk.open_theirs()
        return on_worker(kit, qtbot, walk.open_theirs)

    yield replace(walk, open_theirs=open_theirs)
    settle(qtbot, kit)
    kit.worker.run(lambda: context.__exit__(None, None, None))
    settle(qtbot, kit)
