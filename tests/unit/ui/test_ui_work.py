# SPDX-License-Identifier: GPL-3.0-or-later
"""Work is done away from the window, one job after another, and comes back to it."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.support.samples import first

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.worker import Job, JobProgress, Worker


class Desk:
    """A worker, and everything it told."""

    def __init__(self) -> None:
        self.bugs: list[BaseException] = []
        self.faults: list[KfdeskError] = []
        self.work = Worker(self.bugs.append, self.faults.append)

    def finish(self, qtbot: QtBot) -> None:
        """Wait until nothing is under way."""
        qtbot.waitUntil(lambda: not self.work.is_busy)


class Page(QObject):
    """A page that is called back."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def _on_done(self, value: object) -> None:
        self.heard.append(value)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.work.close()


def _divide_by(value: int) -> None:
    assert 1 // value


def refuse() -> None:
    raise KfdeskError("store.disk")


def test_a_job_runs_on_the_worker_and_answers_in_the_window(desk: Desk, qtbot: QtBot) -> None:
    threads: list[int] = []
    desk.work.run(threading.get_ident, lambda ident: threads.extend((ident, threading.get_ident())))
    desk.finish(qtbot)
    worker, window = threads
    assert worker != window == threading.get_ident()


class Painted(QWidget):
    """A page that tells when it is painted."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._told.append("painted")


def test_a_job_begins_once_the_page_that_asked_is_painted(desk: Desk, qtbot: QtBot) -> None:
    received: list[str] = []
    page = Painted(received)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: bool(received))
    received.clear()
    page.update()
    desk.work.run(lambda: received.append("begun"))
    time.sleep(0.05)  # a worker that begins at once would have
    assert received == []
    desk.finish(qtbot)
    assert received == ["painted", "begun"]


def test_who_waits_without_turning_the_loop_waits_for_all_that_was_asked(desk: Desk) -> None:
    done: list[int] = []
    desk.work.run(lambda: done.append(1))
    assert desk.work.finish(9)
    assert done == [1]
    desk.work.run(lambda: done.append(2))
    desk.work.close()
    assert done == [1, 2]


def test_every_job_runs_on_the_same_thread(desk: Desk, qtbot: QtBot) -> None:
    idents: list[int] = []
    for _ in range(5):
        desk.work.run(threading.get_ident, idents.append)
    desk.finish(qtbot)
    assert len(idents) == 5
    assert len(set(idents)) == 1


def test_jobs_run_in_the_order_they_were_handed_over(desk: Desk, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(20):
        desk.work.run(partial(int, number), done.append)
    desk.finish(qtbot)
    assert done == list(range(20))


def test_the_worlds_fault_goes_to_who_asked(desk: Desk, qtbot: QtBot) -> None:
    received: list[str] = []
    desk.work.run(refuse, failed=lambda fault: received.append(fault.code))
    desk.finish(qtbot)
    assert received == ["store.disk"]
    assert not desk.faults


def test_a_fault_nobody_asked_for_goes_to_the_window(desk: Desk, qtbot: QtBot) -> None:
    desk.work.run(refuse)
    desk.finish(qtbot)
    assert [fault.code for fault in desk.faults] == ["store.disk"]


def test_a_bug_goes_to_the_crash_hook_and_the_worker_goes_on(desk: Desk, qtbot: QtBot) -> None:
    done: list[str] = []
    desk.work.run(lambda: 1 // 0)
    desk.work.run(lambda: "after", done.append)
    desk.finish(qtbot)
    assert [type(bug) for bug in desk.bugs] == [ZeroDivisionError]
    assert done == ["after"]


def test_the_window_is_told_once_when_there_is_something_to_wait_for(
    desk: Desk, qtbot: QtBot
) -> None:
    received: list[str] = []
    desk.work.began.connect(lambda: received.append("began"))
    desk.work.rested.connect(lambda: received.append("rested"))
    desk.work.run(lambda: 1, lambda _: desk.work.run(lambda: 2))
    desk.finish(qtbot)
    assert received == ["began", "rested"]


def test_a_page_that_has_gone_is_not_called(desk: Desk, qtbot: QtBot) -> None:
    page = Page()
    gate = threading.Event()
    desk.work.run(gate.wait, page._on_done)
    delete(page)
    gate.set()
    desk.finish(qtbot)
    assert page.heard == []


def test_closing_finishes_what_was_handed_over_but_calls_nobody(desk: Desk) -> None:
    saved: list[str] = []
    received: list[object] = []
    desk.work.run(lambda: saved.append("draft"), received.append)
    desk.work.close()
    QCoreApplication.processEvents()
    assert saved == ["draft"]
    assert received == []


def test_after_closing_nothing_is_taken(desk: Desk) -> None:
    desk.work.close()
    desk.work.run(refuse)
    desk.work.close()
    assert not desk.work.is_busy


def test_a_mistake_in_what_is_called_back_does_not_leave_the_worker_busy(
    desk: Desk, qtbot: QtBot
) -> None:
    with qtbot.captureExceptions() as caught:
        desk.work.run(lambda: 0, _divide_by)
        desk.finish(qtbot)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert not desk.work.is_busy


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.ring = self


def test_garbage_is_collected_in_the_windows_thread_alone(qapp: QApplication) -> None:
    gc.enable()
    desk, limits = Desk(), gc.get_threshold()
    assert not gc.isenabled()
    lost = weakref.ref(Ring())
    gc.set_threshold(1, *limits[1:])
    try:
        desk.work.gc_timer._timer.timeout.emit()
    finally:
        gc.set_threshold(*limits)
    assert lost() is None
    desk.work.close()
    assert gc.isenabled()


@pytest.fixture
def thawed() -> Iterator[None]:
    """Let nothing be frozen, as where the program starts; the run of the tests has frozen much."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.mark.usefixtures("qapp", "thawed")
def test_what_stays_to_the_end_is_spared_by_the_sweep() -> None:
    """It has taken the garbage before, and what becomes garbage afterwards is found as ever."""
    desk, kept, before = Desk(), Ring(), weakref.ref(Ring())
    desk.work.gc_timer.freeze()
    assert before() is None
    assert not any(one is kept for one in gc.get_objects())
    after = weakref.ref(Ring())
    gc.collect()
    assert after() is None
    desk.work.close()
    assert gc.get_freeze_count() == 0
    assert any(one is kept for one in gc.get_objects())


def test_what_others_have_frozen_stays_so(qapp: QApplication) -> None:
    gc.freeze()
    desk, kept = Desk(), Ring()
    desk.work.gc_timer.freeze()
    assert any(one is kept for one in gc.get_objects())
    desk.work.close()
    assert gc.get_freeze_count() > 0


class Held:
    """Something that a job holds, and that says on which thread it ended."""

    def __init__(self, ends: list[int]) -> None:
        self._ends = ends

    def hear(self, _outcome: object) -> None:
        """Receive the result of a job."""

    def __del__(self) -> None:
        self._ends.append(threading.get_ident())


def _look_and(act: Callable[[], object], _held: Held) -> None:
    act()


@pytest.mark.parametrize("act", first(1, [int, refuse]))
def test_what_was_handed_over_ends_in_the_windows_thread(
    desk: Desk, qtbot: QtBot, act: Callable[[], object]
) -> None:
    ends: list[int] = []
    for _ in range(50):
        asking, answered, refused = Held(ends), Held(ends), Held(ends)
        desk.work.run(partial(_look_and, act, asking), answered.hear, refused.hear)
        del asking, answered, refused
        desk.finish(qtbot)
    gc.collect()
    assert ends == [threading.get_ident()] * 150


def test_a_collector_found_switched_off_is_left_so(qapp: QApplication) -> None:
    gc.disable()
    Desk().work.close()
    assert not gc.isenabled()


def test_a_long_job_tells_how_far_it_is_and_stops_when_asked(desk: Desk, qtbot: QtBot) -> None:
    course, reached = JobProgress(), threading.Event()
    received: list[str] = []

    def count() -> None:
        while True:  # it ends when it is asked to, however late that is
            course.step(1, 1000)
            reached.set()

    desk.work.run(count, failed=lambda fault: received.append(fault.code), cancel=course)
    qtbot.waitUntil(reached.is_set)
    course.cancel()
    desk.finish(qtbot)
    assert received == ["work.cancelled"]
    assert course.share < 1


def test_a_job_that_was_stopped_while_it_waited_does_not_begin(desk: Desk, qtbot: QtBot) -> None:
    gate, course, begun = threading.Event(), JobProgress(), []
    received: list[str] = []
    desk.work.run(gate.wait)
    desk.work.run(
        lambda: begun.append(1), failed=lambda fault: received.append(fault.code), cancel=course
    )
    course.cancel()
    gate.set()
    desk.finish(qtbot)
    assert (begun, received) == ([], ["work.cancelled"])


def test_a_job_that_gives_way_is_stopped_by_the_next(desk: Desk, qtbot: QtBot) -> None:
    gate, course = threading.Event(), JobProgress(gives_way=True)
    received: list[str] = []

    def stand() -> None:
        while not gate.wait(0.01):
            course.step(1, 2)

    desk.work.run(stand, failed=lambda fault: received.append(fault.code), cancel=course)
    desk.work.run(lambda: 1, lambda _one: received.append("next"))
    desk.finish(qtbot)
    assert received == ["work.cancelled", "next"]


def test_what_is_being_done_is_known_while_it_is_done(desk: Desk, qtbot: QtBot) -> None:
    gate, course = threading.Event(), JobProgress()
    turns: list[object] = []
    desk.work.turned.connect(lambda: turns.append(desk.work.job and desk.work.job.title))
    desk.work.run(gate.wait, title="First", cancel=course)
    desk.work.run(lambda: 2, title="Second")
    assert desk.work.job == Job("First", course)
    gate.set()
    desk.finish(qtbot)
    assert turns == ["First", "Second"]
    assert desk.work.job is None
