# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ago an entry was checked, also where only the month or the year is known."""

from datetime import date

import pytest

from kfdesk.domain.listing.freshness import months_before, months_since
from kfdesk.domain.values import About, Gap, Value

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("checked", "months"),
    [
        (date(2026, 11, 24), 0), (date(2026, 10, 25), 0), (date(2026, 10, 24), 1),
        (date(2025, 11, 24), 12), (date(2025, 11, 25), 11), (date(2027, 1, 1), 0),
        (About("2025-11"), 12), (About("2025"), 22), (None, None), (Gap.UNKNOWN, None),
    ],
)  # fmt: skip
def test_months_are_whole_ones(checked: Value, months: int | None) -> None:
    assert months_since(checked, TODAY) == months


def test_day_before_months_is_a_day_of_that_month() -> None:
    assert months_before(TODAY, 12) == date(2025, 11, 24)
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
