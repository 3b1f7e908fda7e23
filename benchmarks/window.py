# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on a full store: how long it takes to come to each page, and how long it stands still.

A heartbeat beats every four milliseconds; the longest time beyond that between two beats is how
long nobody is answered. One that beat as often as the loop turns would take Python's lock from the
worker. Each step is taken once, as a person comes to a page for the first time. What a page has
left behind is deleted between the steps, as it is at a person's.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.desks import MACHINE, WHO, fill
from benchmarks.measure import Row, timed
from kfdesk import app, store_lifecycle
from kfdesk.domain.errors import KfdeskError
from kfdesk.services import today
from kfdesk.services.plans.plans import list_plans
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.program import Program
from kfdesk.ui.theme import Scheme

PLANS, LEGS, NOTES = 300, 40, 300
_BEAT = 4  # milliseconds
_SETTLED = 3  # turns of the loop in which nothing happens any more


class Heart:
    """Beats with the event loop, and keeps the longest pause in milliseconds.

    `busiest` is the most processor time that this thread has used between two beats.
    """

    def __init__(self) -> None:
        self.longest = self.busiest = self._worked = 0.0
        self._last = QElapsedTimer()
        self._timer = QTimer(interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def listen(self) -> None:
        """Begin anew."""
        self.longest = self.busiest = 0.0
        self._worked = time.thread_time()
        self._last.start()
        self._timer.start()

    def stop(self) -> None:
        """Beat no more; the pause that is under way counts."""
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        self.longest = max(self.longest, self._last.nsecsElapsed() / 1e6 - _BEAT)
        worked, self._worked = self._worked, time.thread_time()
        self.busiest = max(self.busiest, (self._worked - worked) * 1000)
        self._last.start()


def rows() -> list[Row]:
    """Return rows for the list services, each page, each section of the largest plan, a theme."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        fill(folder, PLANS, LEGS, NOTES)
        found = [*_services(folder)]
        with opened(folder) as program:
            return [*found, *_walk(program)]


def _services(folder: Path) -> Iterator[Row]:
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    for name, job in (
        (f"list {PLANS} plans", lambda: list_plans(desk)),
        (f"read the day of {PLANS} plans", lambda: today.read_today(desk)),
    ):
        job()
        yield Row(name, tuple(timed(job) * 1000 for _ in range(5)), "≤ 100 ms, on the worker", "ms")
    desk.store.close()


@contextmanager
def opened(folder: Path) -> Iterator[Program]:
    """Yield a program whose window shows the store in `folder`, unlocked as a person does."""
    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    setting = app.window_settings(folder, "sv", MACHINE)
    program = Program(qt, replace(setting, keep=lambda *_: None, scheme=Scheme.LIGHT))
    program.window.resize(1280, 800)
    program.window.show()
    door = program.door
    door.initials.setText(WHO.initials)
    door.passphrase.line.setText(WHO.passphrase)
    settle(program)
    door.button.click()
    turn_until(lambda: program.shell is not None)
    settle(program)
    yield program
    program.close()
    program.window.close()


def _walk(program: Program) -> Iterator[Row]:
    shell = program.shell
    assert shell is not None
    for key in list(shell.rail.items):
        yield _step(program, f"place {key}", partial(shell.go_to, key))
    shell.go_to("plans")
    plans = shell.page
    assert isinstance(plans, PlansPage)
    largest = max(plans.listing.lines, key=lambda line: len(line.legs)).rid
    yield _step(program, f"a plan with {LEGS} legs", partial(plans.open_plan, largest))
    page = plans.plan
    assert page is not None
    for section in page.parts:
        yield _step(program, f"section {section}", partial(page.go_to, section))
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        yield _step(program, f"all pages {scheme.value}", partial(program.kit.set_theme, scheme))
    yield _step(program, "all pages in Russian", partial(program.kit.set_language, "ru"))


def _step(program: Program, name: str, act: Callable[[], object]) -> Row:
    """One thing a person does, and for how long the window answers nobody until it rests."""
    heart = Heart()
    heart.listen()
    act()
    settle(program)
    heart.stop()
    return Row(f"window stands still: {name}", (heart.longest,), "≤ 50 ms", "ms")


def settle(program: Program) -> None:
    """Until the worker rests, the hidden are dressed, and everything that was queued is done."""
    for _ in range(_SETTLED):
        turn_until(lambda: not program.kit.worker.is_busy and program.kit.theme.is_applied)
        for _turn in range(_SETTLED):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def turn_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Do what comes in until something is so. Raises KfdeskError where it never is.

    The window sleeps between, as it does at a person's: to look every so often would take Python's
    lock from the worker that is waited for.
    """
    end = QTimer(singleShot=True, interval=round(seconds * 1000))
    end.start()
    while not is_so():
        if not end.isActive():
            raise KfdeskError("work.cancelled")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
