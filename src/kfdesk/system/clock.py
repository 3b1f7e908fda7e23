# SPDX-License-Identifier: GPL-3.0-or-later
"""The system clock, in the machine's own named time zone.

It reports what the machine reports; the services judge whether that is plausible. A record
stores a zone name beside a time, so the machine's zone is found by name. If the machine
knows only an offset, the zone is a near city whose clocks show the same all year.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NEAR_CITIES = (
    "Europe/Stockholm", "Europe/Helsinki", "Europe/Kaliningrad", "Europe/Moscow", "Europe/London",
    "Europe/Samara", "Asia/Yekaterinburg", "Asia/Tbilisi", "UTC",
)  # fmt: skip
_NO_CITY = frozenset({"Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "UCT", "Zulu", "Universal"})
_MONTHS = (1, 7)  # winter and summer, or summer and winter


class SystemClock:
    """The clock of this machine."""

    def __init__(self) -> None:
        self._wall = time.time()
        self._running = _boot_seconds()
        self._zone: tzinfo | None = None

    def now(self) -> datetime:
        """Return the time now, aware, in the machine's zone."""
        local = datetime.now(tz=UTC).astimezone()
        zone = self._zone
        if zone is None or local.astimezone(zone).utcoffset() != local.utcoffset():
            zone = self._zone = find_zone(Path("/etc"), os.environ.get("TZ", "")) or local.tzinfo
        return local.astimezone(zone)

    def drift(self) -> timedelta:
        """Return how far the wall clock has moved from the time passed since the start.

        Sleep counts as time passed, where the system can tell.
        """
        return timedelta(seconds=(time.time() - self._wall) - (_boot_seconds() - self._running))


def find_zone(etc: Path, told: str) -> ZoneInfo | None:
    """Return the machine's zone with its name; None if no name fits.

    `told` is the environment's setting, and below `etc` are the machine's own files. A name
    counts only if its clocks match this machine's, in summer and in winter.
    """
    for name in (*_zone_names(etc, told), *_NEAR_CITIES):
        try:
            zone = ZoneInfo("UTC" if name in _NO_CITY else name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        if all(at.astimezone(zone).utcoffset() == at.utcoffset() for at in _sample_times()):
            return zone
    return None


def _zone_names(etc: Path, told: str) -> Iterator[str]:
    """Yield the names of the machine's zone, from its settings and the `zoneinfo` link."""
    if told:
        yield told.removeprefix(":")
        return
    with suppress(OSError):
        yield str((etc / "localtime").readlink()).partition("zoneinfo/")[2]
    with suppress(OSError, ValueError):
        yield (etc / "timezone").read_text(encoding="ascii").strip()


def _sample_times() -> Iterator[datetime]:
    """Yield now, and noon of a day in winter and in summer, as this machine shows them."""
    now = datetime.now(tz=UTC).astimezone()
    yield now
    for month in _MONTHS:
        noon = time.mktime((now.year, month, 1, 12, 0, 0, 0, 1, -1))
        yield datetime.fromtimestamp(noon, tz=UTC).astimezone()


def _boot_seconds() -> float:
    """Return the seconds of a clock that nobody sets and that runs during sleep."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
