# SPDX-License-Identifier: GPL-3.0-or-later
"""How far an entry of the directory may be relied on, by when somebody last made sure of it.

Numbers grow old: after a year an entry is stale (HSDS asks the same of its `assured_date`). Knows
no store and no words.
"""

from datetime import date, timedelta
from enum import StrEnum

from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.values import About

GOOD_FOR = timedelta(days=365)


class Freshness(StrEnum):
    """How an entry stands."""

    FRESH = "fresh"
    STALE = "stale"
    UNCHECKED = "unchecked"


def freshness(entry: Organisation, today: date) -> Freshness:
    """How an entry stands today; one known to its month alone was checked on the first of it."""
    day = _day(entry.checked)
    if day is None or entry.verification == "unverified":
        return Freshness.UNCHECKED
    return Freshness.STALE if today - day > GOOD_FOR else Freshness.FRESH


def _day(checked: object) -> date | None:
    if isinstance(checked, About):
        year, _, month = checked.text.partition("-")
        return date(int(year), int(month or 1), 1)
    return checked if isinstance(checked, date) else None
