# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's clock, in the desk's own zone.

Says what the machine says; whether that can be believed is the services' to judge.
"""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The clock of this machine."""

    def __init__(self) -> None:
        self._wall = time.time()
        self._running = _running()

    def now(self) -> datetime:
        """The time now, aware, in the zone the machine is set to."""
        return datetime.now(tz=UTC).astimezone()

    def drift(self) -> timedelta:
        """How far the wall clock has moved away from the time that passed since the start.

        Sleep counts as time that passed, where the system can tell.
        """
        return timedelta(seconds=(time.time() - self._wall) - (_running() - self._running))


def _running() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
