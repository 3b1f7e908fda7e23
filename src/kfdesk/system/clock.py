# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's clock, in the desk's own zone."""

from datetime import UTC, datetime


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time now, aware, in the zone the machine is set to."""
        return datetime.now(tz=UTC).astimezone()
