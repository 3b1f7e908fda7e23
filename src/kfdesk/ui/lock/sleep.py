# SPDX-License-Identifier: GPL-3.0-or-later
"""Sleep detection: compare a clock that counts while the computer sleeps with one that does not.

A laptop that slept must be locked, even if the system sent no signal. This module knows no
window.
"""

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

SLEEP_CHECK_SECONDS = 1.0
"""The interval between checks."""


_CLOCK_TOLERANCE = 2.0  # seconds; the two clocks are not read at exactly the same time


_WALL_CLOCK_JUMP = 60.0  # seconds; no window blocks for so long


_WINDOWS_TICKS_PER_SECOND = 10_000_000  # Windows counts in units of 100 ns


ClockFunction = Callable[[], float]


ClockPair = tuple[ClockFunction, ClockFunction]


class SleepDetector:
    """A detector of sleep. `pair` is the clock that counts sleep and the clock that does not."""

    def __init__(self, pair: ClockPair | None, wall: ClockFunction = time.time) -> None:
        self._pair = pair
        self._wall = wall
        self.start()

    def start(self) -> None:
        """Start counting from now."""
        self._seen = self._wall()
        self._ahead = self._gap()

    def has_slept(self) -> bool:
        """Return whether the computer slept since the last check."""
        seen, ahead = self._seen, self._ahead
        self.start()
        return (
            self._ahead - ahead > _CLOCK_TOLERANCE
            or self._seen - seen > SLEEP_CHECK_SECONDS + _WALL_CLOCK_JUMP
        )

    def _gap(self) -> float:
        if self._pair is None:
            return 0.0
        always, awake = self._pair
        return always() - awake()


def clock_pair(platform: str = sys.platform) -> ClockPair | None:
    """Return the system's two clocks, or None if it has no such pair."""
    if platform == "win32":
        return _windows_pair()
    always = getattr(time, "CLOCK_BOOTTIME", None)
    awake = getattr(time, "CLOCK_MONOTONIC", None)
    if platform == "darwin":
        always = getattr(time, "CLOCK_MONOTONIC_RAW", None)
        awake = getattr(time, "CLOCK_UPTIME_RAW", None)
    if always is None or awake is None:
        return None
    return (lambda: time.clock_gettime(always)), (lambda: time.clock_gettime(awake))


def _windows_pair() -> ClockPair | None:
    """Return the clocks `GetTickCount64` (counts sleep) and `QueryUnbiasedInterruptTime`."""
    library: Any = getattr(ctypes, "windll", None)
    if library is None:
        return None
    kernel = library.kernel32
    kernel.GetTickCount64.restype = ctypes.c_ulonglong

    def always() -> float:
        return float(kernel.GetTickCount64()) / 1000

    def awake() -> float:
        parts = ctypes.c_ulonglong()
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(parts))
        return parts.value / _WINDOWS_TICKS_PER_SECOND

    return always, awake
