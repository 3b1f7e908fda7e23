# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the computer has slept, told by clocks alone: for systems that say nothing beforehand.

Two clocks that both only go forward tell it best: one goes on in sleep, one stands still. Where a
system has no such pair, the wall clock tells it between two looks that follow each other closely;
a clock that somebody sets forward looks the same and locks once too often. Knows no window.
"""

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

BEAT = 1.0
"""How often to look, in seconds."""

_NAP = 2.0  # seconds; two clocks are never read at quite the same time
_LEAP = 60.0  # seconds; so long does no window stand still
_PER_SECOND = 10_000_000  # parts of a second that Windows counts in

Clock = Callable[[], float]
Pair = tuple[Clock, Clock]


class Slumber:
    """Looks at the clocks. `pair` is the clock that goes on in sleep and the one that does not."""

    def __init__(self, pair: Pair | None, wall: Clock = time.time) -> None:
        self._pair = pair
        self._wall = wall
        self.begin()

    def begin(self) -> None:
        """Count from now."""
        self._seen = self._wall()
        self._ahead = self._gap()

    def has_slept(self) -> bool:
        """Whether the computer has slept since the last look."""
        seen, ahead = self._seen, self._ahead
        self.begin()
        return self._ahead - ahead > _NAP or self._seen - seen > BEAT + _LEAP

    def _gap(self) -> float:
        if self._pair is None:
            return 0.0
        always, awake = self._pair
        return always() - awake()


def clock_pair(platform: str = sys.platform) -> Pair | None:
    """The system's two clocks, if it has them."""
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


def _windows_pair() -> Pair | None:
    """`GetTickCount64` counts sleep, `QueryUnbiasedInterruptTime` does not."""
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
        return parts.value / _PER_SECOND

    return always, awake
