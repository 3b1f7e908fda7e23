# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker: one thread that owns the store and runs one job after another.

A page passes a function and is called back in the window's thread, with the result or with
an expected fault (KfdeskError). Any other exception is a bug and goes to the crash hook.
The function must not touch a widget and returns a value. A page that was deleted meanwhile
is not called. A long job gets a JobProgress, by which it reports its progress and learns
that it is cancelled.

A job starts when the window's event handler has returned. A page that requests data while
it is being built would otherwise share Python's lock with the job, and be painted late.

A function often holds the last reference to a page. The window's thread keeps it until its
event handler has returned: deleting a widget on another thread crashes the program.

Work of the window's own thread is cut into pieces: IncrementalBuilder runs a generator in
idle time, and GcTimer collects garbage there.
"""

import gc
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.translator import Message

# --- Idle time of the window's thread

_perf_counter = time.perf_counter
_SLICE = 0.012  # seconds of work in one turn; a started piece always runs to its yield


class IncrementalBuilder(QObject):
    """A runner for one generator of small pieces of work; it ends with its parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: Iterator[None] | None = None
        self._is_at_it = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_done(self) -> bool:
        """True if no work is left."""
        return self._pieces is None

    def start(self, pieces: Iterator[None]) -> None:
        """Run the first pieces now and the rest from the event loop; replace earlier work."""
        self._pieces = pieces
        self._on_turn()

    def finish(self) -> None:
        """Run all remaining pieces now. A call from inside a piece does nothing."""
        while self._pieces is not None and not self._is_at_it:
            self._run_piece()
        self._timer.stop()

    def stop(self) -> None:
        """Drop the remaining pieces, because what they need is about to be deleted."""
        self._pieces = None
        self._timer.stop()

    def _on_turn(self) -> None:
        until = _perf_counter() + _SLICE
        while self._pieces is not None:
            self._run_piece()
            if _perf_counter() > until:
                break
        if self._pieces is not None:
            self._timer.start()

    def _run_piece(self) -> None:
        pieces = self._pieces
        assert pieces is not None
        self._is_at_it = True
        try:
            next(pieces)
        except StopIteration:
            if self._pieces is pieces:
                self._pieces = None
        finally:
            self._is_at_it = False


_GC_INTERVAL = 1000


class GcTimer(QObject):
    """A timer that replaces the automatic garbage collector until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._has_frozen = False
        gc.disable()
        self._timer = QTimer(self, interval=_GC_INTERVAL)
        self._timer.timeout.connect(self._on_time_passed)
        self._timer.start()

    def freeze(self) -> None:
        """Exclude present objects from collection: most are modules, which live to the end."""
        if not gc.get_freeze_count():
            gc.collect(1)
            gc.freeze()
            self._has_frozen = True

    def stop(self) -> None:
        """Restore the collector's earlier state."""
        self._timer.stop()
        if self._has_frozen:
            gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _on_time_passed(self) -> None:
        """Collect the oldest generation that is due, as the collector itself would."""
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > limit
        ]
        if due:
            gc.collect(max(due))


_TEXT_BLOCKS = range(48, 513, 16)  # bytes: Python's own allocator serves these sizes
_BLOCKS = 1500  # of each size; what was freed last is handed out first


def overwrite_freed_texts() -> None:
    """Overwrite the memory of texts that were freed a moment ago: some milliseconds.

    The system's allocator overwrites what it frees, as it was told to at the start. Python keeps
    small blocks for itself and does not. So all that lie free are filled with zeros once.
    """
    head = sys.getsizeof(b"")
    held = [[bytes(size - head) for _ in range(_BLOCKS)] for size in _TEXT_BLOCKS]
    held.clear()


# --- The worker's thread

T = TypeVar("T")
Deliver = Callable[[], None]


class JobProgress:
    """The progress of a long job and its cancellation, shared by both threads.

    It implements the `Progress` of the services. `share` is the done part, from 0 to 1. A job
    that `gives_way` is cancelled when another one is asked for.
    """

    def __init__(self, *, gives_way: bool = False) -> None:
        self.share = 0.0
        self.gives_way = gives_way
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next step; its unfinished writes are rolled back."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """True if the job has been asked to stop."""
        return self._cancelled.is_set()

    def step(self, done: int, of: int) -> None:
        """Record how much is done. Raise KfdeskError `work.cancelled` after `cancel`."""
        if self.is_cancelled:
            raise KfdeskError("work.cancelled")
        self.share = done / of if of else 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the worker: its title, and its progress if it can be cancelled.

    `act` is the function; the job keeps it alive until the job itself ends.
    """

    title: Message | None = None
    course: JobProgress | None = None
    act: Callable[[], Deliver] | None = field(default=None, repr=False, compare=False)


class Worker(QObject):
    """The worker thread and its queue. `began` and `rested` mark the time in which it is busy."""

    began = Signal()
    rested = Signal()
    turned = Signal()
    """Another job began; `job` returns it."""
    _ended = Signal()

    def __init__(
        self, crashed: Callable[[BaseException], None], failed: Callable[[KfdeskError], None]
    ) -> None:
        """Start the thread; `failed` gets faults that no caller handles, `crashed` gets bugs."""
        super().__init__()
        self._crashed = crashed
        self._failed = failed
        self._open = True
        self.gc_timer = GcTimer(self)
        self._under_way: deque[Job] = deque()
        self._asked: deque[Callable[[], Deliver]] = deque()
        self._soon = QTimer(self, singleShot=True, interval=0)  # fires after pending paints
        self._soon.timeout.connect(self._queue_jobs)
        self._is_wiping = False
        self._wipe_soon = QTimer(self, singleShot=True, interval=0)  # when no frame holds a text
        self._wipe_soon.timeout.connect(self._on_wipe_due)
        self.rested.connect(self._wipe_soon.start)
        self._jobs: SimpleQueue[Callable[[], Deliver] | None] = SimpleQueue()
        self._outcomes: deque[Deliver] = deque()
        self._delivering = 0
        self._loops: list[QEventLoop] = []
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run_jobs, name="vault", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """True if a job is waiting, running or delivering its result."""
        return bool(self._under_way)

    @property
    def job(self) -> Job | None:
        """The job that runs now, or None."""
        return self._under_way[0] if self._under_way else None

    def run(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[KfdeskError], None] | None = None,
        *,
        title: Message | None = None,
        cancel: JobProgress | None = None,
    ) -> None:
        """Run `function` on the worker's thread; call `done` or `failed` in this thread.

        `title` names a long job; `cancel` is the progress that `function` reports to, by which it
        can be cancelled. Jobs run in the order of the calls; one that gives way is cancelled by the
        next, or by `finish`. After `close` no job is accepted.
        """
        if not self._open:
            return
        if self._loops and cancel is not None:
            cancel.cancel()
        for job in self._under_way:
            if job.course is not None and job.course.gives_way:
                job.course.cancel()
        begun, refused = _unless_cancelled(function, cancel), failed or self._failed

        def act() -> Deliver:
            return self._run_job(begun, done, refused)

        self._under_way.append(Job(title, cancel, act))
        if len(self._under_way) == 1:
            self.began.emit()
            self.turned.emit()
        self._asked.append(act)
        self._soon.start()

    def load_once_painted(self, widget: QWidget, function: Callable[[], None]) -> None:
        """Run `function`, which imports, on the worker's thread after a widget's first painting.

        What it has imported lives to the end: the garbage collection leaves it out from then on.
        """
        _FirstPaint(widget, lambda: self.run(function, lambda _: self.gc_timer.freeze()))

    def finish(self, seconds: float) -> bool:
        """Wait until all jobs have run and delivered, and cancel those that can be cancelled.

        The window handles its events meanwhile, so that it can still be hidden. Return False if it
        takes longer than `seconds`, or `stop_waiting` ends it; the jobs then still go on.
        """
        for job in self._under_way:
            if job.course is not None:
                job.course.cancel()
        self._queue_jobs()
        if not self._is_idle:
            loop = QEventLoop()
            QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
            self._loops.append(loop)
            loop.exec()
            self._loops.remove(loop)
        return self._is_idle

    def stop_waiting(self) -> None:
        """End `finish` now."""
        for loop in self._loops:
            loop.quit()

    def wipe_once_idle(self) -> None:
        """Overwrite freed texts when the jobs of now have ended: one holds a typed passphrase."""
        self._is_wiping = True
        self._wipe_soon.start()

    def _on_wipe_due(self) -> None:
        if self._is_wiping and not self._under_way:
            self._is_wiping = False
            overwrite_freed_texts()

    def close(self) -> None:
        """Finish all jobs, then end the thread; results are no longer delivered."""
        if self._open:
            self._open = False
            self._queue_jobs()
            self._jobs.put(None)
            self._thread.join()
            self.gc_timer.stop()

    @property
    def _is_idle(self) -> bool:
        """True if no job is left but those whose receivers are being called now."""
        return len(self._under_way) <= self._delivering

    def _queue_jobs(self) -> None:
        while self._asked:
            self._jobs.put(self._asked.popleft())

    def _run_jobs(self) -> None:
        """Run one job after the other; hold no reference to a job when its end is signalled."""
        while (act := self._jobs.get()) is not None:
            self._outcomes.append(act())
            del act
            self._ended.emit()

    def _run_job(
        self,
        function: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[KfdeskError], None],
    ) -> Deliver:
        try:
            result = function()
        except KfdeskError as fault:
            told = _without_frames(fault)  # `fault` is unbound after this clause
            return lambda: _call_if_alive(failed, told)
        except Exception as bug:  # last resort: no exception may end the thread
            crash = bug
            return lambda: self._crashed(crash)
        return lambda: _call_if_alive(done, result)

    def _on_ended(self) -> None:
        deliver = self._outcomes.popleft()
        if not self._open:
            return
        self._delivering += 1
        try:
            deliver()
        finally:
            self._delivering -= 1
            self._under_way.popleft()
            (self.turned if self._under_way else self.rested).emit()
            if self._is_idle:
                self.stop_waiting()


class _FirstPaint(QObject):
    """A filter that calls `then` once, after the first painting of a widget."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget, self._then = widget, then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            QTimer.singleShot(0, self, self._then)
        return super().eventFilter(watched, event)


def _without_frames(fault: KfdeskError) -> KfdeskError:
    """Return a fault without the frames that it went through.

    A page keeps the fault as long as it shows its sentence, and a frame keeps its variables: the
    passphrase that was refused, or the record that was not saved.
    """
    fault.__traceback__ = fault.__context__ = fault.__cause__ = None
    return fault


def _unless_cancelled(function: Callable[[], T], course: JobProgress | None) -> Callable[[], T]:
    """Return the function, which does not even start if it was cancelled while it waited."""

    def begin() -> T:
        if course is not None:
            course.step(0, 0)
        return function()

    return begin


def _call_if_alive(receiver: Callable[[T], None] | None, value: T) -> None:
    owner = getattr(receiver, "__self__", None)
    is_gone = isinstance(owner, QObject) and not isValid(owner)
    if receiver is not None and not is_gone:
        receiver(value)
