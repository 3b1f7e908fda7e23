# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ago somebody made sure of an entry, and how far it may be relied on since.

Source of the limit: code list 11, `stale` is what nobody has checked for twelve months; HSDS asks
for the same day (`assured_date`). A day of which only the month or the year is known counts from
its beginning. Window and paper both ask here. Pure.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.values import About, Value

STALE_MONTHS = 12


class Freshness(StrEnum):
    """How an entry stands."""

    FRESH = "fresh"
    STALE = "stale"
    UNCHECKED = "unchecked"


def freshness(entry: Organisation, today: date) -> Freshness:
    """How an entry stands today; what is said to be unverified is so whatever its day."""
    months = months_since(entry.checked, today)
    if months is None or entry.verification == "unverified":
        return Freshness.UNCHECKED
    return Freshness.STALE if months >= STALE_MONTHS else Freshness.FRESH


def fresh_since(today: date) -> date:
    """The earliest day of a check that is not stale today."""
    return months_before(today, STALE_MONTHS) + timedelta(days=1)


def months_since(checked: Value, today: date) -> int | None:
    """Whole months since the last check; None where it never was, or nobody knows when."""
    if isinstance(checked, About):
        year, _, month = checked.text.partition("-")
        day = date(int(year), int(month or 1), 1)
    elif isinstance(checked, date):
        day = checked
    else:
        return None
    months = (today.year - day.year) * 12 + today.month - day.month
    return max(0, months - (today.day < day.day))


def months_before(today: date, months: int) -> date:
    """The day so many months ago; in a shorter month its last."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
