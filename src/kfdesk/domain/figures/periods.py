# SPDX-License-Identifier: GPL-3.0-or-later
"""Periods that figures are about: a quarter, a half or a whole year, once it is over.

No release and no client here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kfdesk.domain.errors import KfdeskError

FIRST_YEAR = 1990
_MONTHS = (3, 6, 12)


@dataclass(frozen=True, slots=True, order=True)
class FigurePeriod:
    """A quarter, half or year: its first and its last day."""

    first: date
    last: date

    def __post_init__(self) -> None:
        after = self.last + timedelta(days=1) if self.last < date.max else self.last
        months = (after.year - self.first.year) * 12 + after.month - self.first.month
        is_whole = self.first.day == after.day == 1 and months in _MONTHS
        if not is_whole or (self.first.month - 1) % months or self.first.year < FIRST_YEAR:
            raise KfdeskError("figures.period")

    @classmethod
    def parse(cls, text: str) -> "FigurePeriod":
        """Return the period of `2025`, `2025-H1` or `2025-Q3`. Raise KfdeskError `figures.period`.

        Years have four digits.
        """
        year, _, part = text.strip().upper().partition("-")
        months = {"": 12, "H": 6, "Q": 3}.get(part[:1])
        number = part[1:] or "1"
        if months is None or not year.isascii() or not year.isdecimal() or len(year) != 4:
            raise KfdeskError("figures.period")
        if number not in tuple("1234"[: 12 // months]) or (part[:1] and not part[1:]):
            raise KfdeskError("figures.period")
        return cls.starting(int(year), (int(number) - 1) * months + 1, months)

    @classmethod
    def starting(cls, year: int, month: int, months: int) -> "FigurePeriod":
        """Return the period of so many months from the first day of a month.

        Raise KfdeskError `figures.period`.
        """
        ends = month + months
        try:
            first = date(year, month, 1)
            after = date(year + (ends - 1) // 12, (ends - 1) % 12 + 1, 1)
        except ValueError:
            raise KfdeskError("figures.period") from None
        return cls(first, after - timedelta(days=1))

    @property
    def code(self) -> str:
        """The short form: `2025`, `2025-H1`, `2025-Q3`."""
        months = (self.last.month - self.first.month) + 1
        letter = {12: "", 6: "-H", 3: "-Q"}[months]
        number = str((self.first.month - 1) // months + 1) if letter else ""
        return f"{self.first.year}{letter}{number}"

    def holds(self, day: date | None) -> bool:
        """Return whether a known day lies in the period."""
        return day is not None and self.first <= day <= self.last

    def overlaps(self, other: "FigurePeriod") -> bool:
        """Return whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def require_over(self, today: date) -> None:
        """Require that the period is over. Raise KfdeskError `figures.period_open`."""
        if self.last >= today:
            raise KfdeskError("figures.period_open", until=self.last.isoformat())


def past_periods(today: date, years: int = 3) -> Iterator[FigurePeriod]:
    """Yield the periods of these years that are over: the newest year first, then its parts."""
    for year in range(today.year, max(today.year - years, FIRST_YEAR - 1), -1):
        for months in reversed(_MONTHS):
            for month in range(1, 13, months):
                period = FigurePeriod.starting(year, month, months)
                if period.last < today:
                    yield period
