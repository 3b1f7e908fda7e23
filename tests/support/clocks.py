# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that a test sets by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class SetClock:
    """A clock that stands where it was put. `leap` is how far it moved since the start."""

    time: datetime = datetime(2026, 12, 1, 12, tzinfo=UTC)
    leap: timedelta = timedelta()

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return self.leap
