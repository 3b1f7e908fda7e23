# SPDX-License-Identifier: GPL-3.0-or-later
"""Work away from the window: one thread that owns the vault and does one thing after another.

A page hands over a function and is called back in the window's thread, with the result or with
the world's fault (KfdeskError). Everything else is our bug and goes to the crash hook. The
function must not touch a widget; what it returns is a value. A page that has gone meanwhile is
not called. Long work is given a Course, by which it tells how far it is and is told to stop.
A job begins once the window's turn is over: a page that asks for something while it is made would
share Python's lock with what it asked for, and stand unpainted for as long again.

What was handed over often holds a page, and may be the last to do so. The window's thread keeps it
until its turn is over: a widget that ends on another thread takes the program with it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.sweep import Sweep
from kfdesk.ui.words import Message

T = TypeVar("T")
Deliver = Callable[[], None]


class Course:
    """How far a long job is, and whether it is to go on; both threads look at it.

    It is the `Progress` that services ask for. `share` is the part done, from 0 to 1.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next step; what it began to write is taken back."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody has asked it to stop."""
        return self._cancelled.is_set()

    def step(self, done: int, of: int) -> None:
        """Tell how much is done. Raises KfdeskError `work.cancelled` once it is to stop."""
        if self.is_cancelled:
            raise KfdeskError("work.cancelled")
        self.share = done / of if of else 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """What is being done, for those who wait: its title, and its course if it can be stopped.

    `act` is the work itself, which ends no earlier than this.
    """

    title: Message | None = None
    course: Course | None = None
    act: Callable[[], Deliver] | None = field(default=None, repr=False, compare=False)


class Work(QObject):
    """The worker thread's desk. `began` and `rested` say when there is something to wait for."""

    began = Signal()
    rested = Signal()
    turned = Signal()
    """Another job has begun: see `job`."""
    _ended = Signal()

    def __init__(
        self,
        crashed: Callable[[BaseException], None],
        failed: Callable[[KfdeskError], None],
    ) -> None:
        """`failed` hears faults that nobody asked for, `crashed` hears bugs."""
        super().__init__()
        self._crashed = crashed
        self._failed = failed
        self._open = True
        self.sweep = Sweep(self)
        self._under_way: deque[Job] = deque()
        self._asked: deque[Callable[[], Deliver]] = deque()
        self._soon = QTimer(self, singleShot=True, interval=0)  # after what is to be painted
        self._soon.timeout.connect(self._hand_over)
        self._jobs: SimpleQueue[Callable[[], Deliver] | None] = SimpleQueue()
        self._outcomes: deque[Deliver] = deque()
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._labour, name="vault", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a job is waiting, running or on its way back."""
        return bool(self._under_way)

    @property
    def job(self) -> Job | None:
        """What is being done now, if anything is."""
        return self._under_way[0] if self._under_way else None

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[KfdeskError], None] | None = None,
        *,
        title: Message | None = None,
        cancel: Course | None = None,
    ) -> None:
        """Run `function` on the worker's thread; `done` or `failed` follow in this thread.

        `title` says what is done, if it takes long; `cancel` is the course that `function` steps
        along, by which it can be stopped. Jobs run in the order in which they were handed over.
        After `close` nothing is taken.
        """
        if not self._open:
            return
        begun, refused = _begun(function, cancel), failed or self._failed

        def act() -> Deliver:
            return self._outcome(begun, done, refused)

        self._under_way.append(Job(title, cancel, act))
        if len(self._under_way) == 1:
            self.began.emit()
            self.turned.emit()
        self._asked.append(act)
        self._soon.start()

    def finish(self, seconds: float) -> bool:
        """Wait until everything that was handed over has run; what can be stopped is stopped.

        Returns False if it took longer than `seconds`, and then still goes on.
        """
        for job in self._under_way:
            if job.course is not None:
                job.course.cancel()
        is_done = threading.Event()
        self.run(is_done.set)
        self._hand_over()
        return is_done.wait(seconds)

    def close(self) -> None:
        """Finish what was handed over, then end the thread; results are no longer delivered."""
        if self._open:
            self._open = False
            self._hand_over()
            self._jobs.put(None)
            self._thread.join()
            self.sweep.stop()

    def _hand_over(self) -> None:
        while self._asked:
            self._jobs.put(self._asked.popleft())

    def _labour(self) -> None:
        """Do one after another; nothing of it is held here when its end is told."""
        while (act := self._jobs.get()) is not None:
            self._outcomes.append(act())
            del act
            self._ended.emit()

    def _outcome(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[KfdeskError], None],
    ) -> Deliver:
        try:
            result = function()
        except KfdeskError as fault:
            told = fault  # `fault` itself ends with this clause
            return lambda: _call(failed, told)
        except Exception as bug:  # the worker's edge: nothing may end its thread
            crash = bug
            return lambda: self._crashed(crash)
        return lambda: _call(done, result)

    def _on_ended(self) -> None:
        deliver = self._outcomes.popleft()
        if not self._open:
            return
        try:
            deliver()
        finally:
            self._under_way.popleft()
            (self.turned if self._under_way else self.rested).emit()


def _begun(function: Callable[[], T], course: Course | None) -> Callable[[], T]:
    """The function, which does not even begin if it was stopped while it waited."""

    def begin() -> T:
        if course is not None:
            course.step(0, 0)
        return function()

    return begin


def _call(receiver: Callable[[T], None] | None, value: T) -> None:
    owner = getattr(receiver, "__self__", None)
    is_gone = isinstance(owner, QObject) and not isValid(owner)
    if receiver is not None and not is_gone:
        receiver(value)
