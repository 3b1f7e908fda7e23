# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals of the system that ask the program to end, as at a log-out: it ends in order.

Without a handler the process would just be gone: the store would not be closed, and the next start
would tell of a crash. Python runs a handler only between its own instructions, so a pipe wakes
Qt's loop. A session manager, as that of Windows, asks by Qt's own signals instead.
"""

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QSessionManager

NAMES = ("SIGTERM", "SIGHUP", "SIGINT")
_MOST_BYTES = 64


class EndSignals(QObject):
    """Calls `end` once one of the signals has come, until `forget`."""

    def __init__(self, end: Callable[[], object]) -> None:
        super().__init__()
        self._end = end
        self._before: dict[int, object] = {}
        if sys.platform == "win32":
            return
        self._woken, self._waking = os.pipe()
        for side in (self._woken, self._waking):
            os.set_blocking(side, False)
        self._notifier = QSocketNotifier(self._woken, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._before_fd = signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        for number in (getattr(signal, name) for name in NAMES):
            self._before[number] = signal.signal(number, _do_nothing)

    def forget(self) -> None:
        """Let the signals do again what they did before."""
        if not self._before:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what it returned
        os.close(self._waking)
        os.close(self._woken)

    def _on_woken(self) -> None:
        if not self._before.keys().isdisjoint(os.read(self._woken, _MOST_BYTES)):
            self._end()


class SessionEnd(QObject):
    """Calls `end` when the desktop session of `app` ends, before the answer to who asks.

    The system may stop the process as soon as it has its answer. It is not to start the program
    again at the next log-in: nobody may find an unlock page on view unasked.
    """

    def __init__(self, app: QGuiApplication, end: Callable[[], object]) -> None:
        super().__init__(app)
        self._end = end
        app.commitDataRequest.connect(self.on_commit_asked)
        app.saveStateRequest.connect(self.on_state_asked)

    def on_commit_asked(self, manager: QSessionManager) -> None:
        """End the program in order: the log-out has begun."""
        self.on_state_asked(manager)
        self._end()

    def on_state_asked(self, manager: QSessionManager) -> None:
        """Keep no state for the next log-in; this is asked at the log-in, too."""
        manager.setRestartHint(QSessionManager.RestartHint.RestartNever)


def _do_nothing(_number: int, _frame: object) -> None:
    """Let the signal wake the loop, which ends the program."""
