# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's clock, in the desk's own zone.

Says what the machine says; whether that can be believed is the services' to judge. A record keeps
the name of a zone beside a time, so the zone that the machine is set to is found by name; where the
machine knows only an offset, by a near city whose clocks show the same all year.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NEAR = (
    "Europe/Stockholm", "Europe/Helsinki", "Europe/Kaliningrad", "Europe/Moscow", "Europe/London",
    "Europe/Samara", "Asia/Yekaterinburg", "Asia/Tbilisi", "UTC",
)  # fmt: skip
_NO_PLACE = frozenset({"Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "UCT", "Zulu", "Universal"})
_MONTHS = (1, 7)  # winter and summer, or summer and winter


class SystemClock:
    """The clock of this machine."""

    def __init__(self) -> None:
        self._wall = time.time()
        self._running = _running()
        self._zone: tzinfo | None = None

    def now(self) -> datetime:
        """The time now, aware, in the zone the machine is set to."""
        local = datetime.now(tz=UTC).astimezone()
        zone = self._zone
        if zone is None or local.astimezone(zone).utcoffset() != local.utcoffset():
            zone = self._zone = named_zone(Path("/etc"), os.environ.get("TZ", "")) or local.tzinfo
        return local.astimezone(zone)

    def drift(self) -> timedelta:
        """How far the wall clock has moved away from the time that passed since the start.

        Sleep counts as time that passed, where the system can tell.
        """
        return timedelta(seconds=(time.time() - self._wall) - (_running() - self._running))


def named_zone(etc: Path, told: str) -> ZoneInfo | None:
    """The zone that this machine is set to, with its name; None where no name fits.

    `told` is what the environment says; below `etc` stand the machine's own files. A name counts
    only if its clocks show what this machine's show, in summer and in winter.
    """
    for name in (*_names(etc, told), *_NEAR):
        try:
            zone = ZoneInfo("UTC" if name in _NO_PLACE else name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        if all(at.astimezone(zone).utcoffset() == at.utcoffset() for at in _times()):
            return zone
    return None


def _names(etc: Path, told: str) -> Iterator[str]:
    """What the machine calls its zone, if it says so: by a link into a folder `zoneinfo`."""
    if told:
        yield told.removeprefix(":")
        return
    with suppress(OSError):
        yield str((etc / "localtime").readlink()).partition("zoneinfo/")[2]
    with suppress(OSError, ValueError):
        yield (etc / "timezone").read_text(encoding="ascii").strip()


def _times() -> Iterator[datetime]:
    """Now, and noon of a day in winter and in summer, as this machine shows them."""
    now = datetime.now(tz=UTC).astimezone()
    yield now
    for month in _MONTHS:
        noon = time.mktime((now.year, month, 1, 12, 0, 0, 0, 1, -1))
        yield datetime.fromtimestamp(noon, tz=UTC).astimezone()


def _running() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
