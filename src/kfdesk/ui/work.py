# SPDX-License-Identifier: GPL-3.0-or-later
"""Work away from the window: one thread that owns the vault and does one thing after another.

A page hands over a function and is called back in the window's thread, with the result or with
the world's fault (KfdeskError). Everything else is our bug and goes to the crash hook. The
function must not touch a widget; what it returns is a value. A page that has gone meanwhile is
not called.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.sweep import Sweep

T = TypeVar("T")
Deliver = Callable[[], None]


class Work(QObject):
    """The worker thread's desk. `began` and `rested` say when there is something to wait for."""

    began = Signal()
    rested = Signal()
    _ended = Signal(object)

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
        self._sweep = Sweep(self)
        self._under_way = 0
        self._jobs: SimpleQueue[Callable[[], Deliver] | None] = SimpleQueue()
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._labour, name="vault", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a job is waiting, running or on its way back."""
        return self._under_way > 0

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[KfdeskError], None] | None = None,
    ) -> None:
        """Run `function` on the worker's thread; `done` or `failed` follow in this thread.

        Jobs run in the order in which they were handed over. After `close` nothing is taken.
        """
        if not self._open:
            return
        self._under_way += 1
        if self._under_way == 1:
            self.began.emit()
        self._jobs.put(lambda: self._outcome(function, done, failed or self._failed))

    def close(self) -> None:
        """Finish what was handed over, then end the thread; results are no longer delivered."""
        if self._open:
            self._open = False
            self._jobs.put(None)
            self._thread.join()
            self._sweep.stop()

    def _labour(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._ended.emit(job())

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

    def _on_ended(self, deliver: Deliver) -> None:
        if not self._open:
            return
        try:
            deliver()
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.rested.emit()


def _call(receiver: Callable[[T], None] | None, value: T) -> None:
    owner = getattr(receiver, "__self__", None)
    is_gone = isinstance(owner, QObject) and not isValid(owner)
    if receiver is not None and not is_gone:
        receiver(value)
