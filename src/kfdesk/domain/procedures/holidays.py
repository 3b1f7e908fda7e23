# SPDX-License-Identifier: GPL-3.0-or-later
"""Rest days: on which days nothing needs to be done that a law or an agreement asks for.

Swedish holidays follow the Act on public holidays (1989:253), Easter the Gregorian rule. The
Act on computing statutory time (1930:173) treats Saturdays and the eves of Midsummer, Christmas
and the New Year like holidays. Of other countries only Saturdays and Sundays are known here.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

RestDays = Callable[[date], bool]
"""True if a day is a rest day: a Saturday, a Sunday or a holiday."""

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year (1583 to 9999), by the Gregorian rule (Meeus, Jones, Butcher).

    Its letters are those of the published rule.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def swedish_holidays(year: int) -> frozenset[date]:
    """Return the Swedish holidays of a year, and the three eves that count like them."""
    easter = easter_sunday(year)
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    midsummer = _saturday_from(date(year, 6, 20))
    return frozenset(
        {
            *(date(year, month, day) for month, day in fixed),
            *(easter + timedelta(days=days) for days in (-2, 0, 1, 39, 49)),
            midsummer - _ONE_DAY,
            midsummer,
            _saturday_from(date(year, 10, 31)),
        }
    )


def is_swedish_rest_day(day: date) -> bool:
    """Return whether a day is a Saturday, a Sunday or a holiday in Sweden."""
    return is_weekend(day) or day in swedish_holidays(day.year)


def is_weekend(day: date) -> bool:
    """Return whether a day is a Saturday or a Sunday: all that is known of other countries."""
    return day.weekday() >= _SATURDAY


def rest_days_of(country: object) -> RestDays:
    """Return the rest days of a country (ISO 3166-1)."""
    return is_swedish_rest_day if country == "SE" else is_weekend


def are_holidays_known(country: object) -> bool:
    """Return whether the holidays of a country are computed here; else a paper must say so."""
    return country == "SE"


def next_working_day(day: date, is_rest_day: RestDays) -> date:
    """Return the day itself if it is a working day, else the next one."""
    while is_rest_day(day) and day < date.max:
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int, is_rest_day: RestDays) -> date:
    """Return the working day that is `count` working days after a day, which does not count."""
    while count > 0 and day < date.max:
        day += _ONE_DAY
        count -= not is_rest_day(day)
    return day


def _saturday_from(first: date) -> date:
    """Return the Saturday in the week that begins with a day."""
    return first + timedelta(days=(_SATURDAY - first.weekday()) % 7)
