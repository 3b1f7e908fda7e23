# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals of the system that ask the program to end, as at a log-out: it ends in order.

Without a handler the process would just be gone: the store would not be closed, and the next start
would tell of a crash. Python runs a handler only between its own instructions, so a socket wakes
Qt's loop. Windows has no such signals; there Qt closes the windows when the session ends.
"""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

NAMES = ("SIGTERM", "SIGHUP", "SIGINT")
_MOST_BYTES = 64


class EndSignals(QObject):
    """Calls `end` once one of the signals has come, until `forget`."""

    def __init__(self, end: Callable[[], object]) -> None:
        super().__init__()
        self._end = end
        self._waking, self._woken = socket.socketpair()
        for side in (self._waking, self._woken):
            side.settimeout(0)
        self._notifier = QSocketNotifier(self._woken.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._before_fd = signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        self._numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
        self._before = [signal.signal(number, _do_nothing) for number in self._numbers]

    def forget(self) -> None:
        """Let the signals do again what they did before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in zip(self._numbers, self._before, strict=True):
            signal.signal(number, handler)
        self._waking.close()
        self._woken.close()

    def _on_woken(self) -> None:
        came = set(self._woken.recv(_MOST_BYTES))
        if came & set(self._numbers):
            self._end()


def _do_nothing(_number: int, _frame: object) -> None:
    """Let the signal wake the loop, which ends the program."""
