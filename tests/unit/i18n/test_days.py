# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a moment is away: the days said are those between the two dates beside it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.tree import ROOT

from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.days import calendar_days, days_left_text, time_left_text
from kfdesk.i18n.language import Language

ENGLISH = Language("en", ROOT / "translations")
ZONES = ("Europe/Stockholm", "Europe/Tallinn", "Asia/Vladivostok", "America/New_York", "UTC")


def zoned(at: datetime, zone: str) -> ZonedTime:
    shown = at.astimezone(ZoneInfo(zone))
    offset = shown.utcoffset() or timedelta()
    return ZonedTime(shown.replace(tzinfo=None, fold=0), zone, int(offset.total_seconds()) // 60)


@given(
    at=st.integers(0, 2 * 365 * 24 * 60),
    away=st.integers(-60 * 24 * 60, 60 * 24 * 60),
    zone=st.sampled_from(ZONES),
    ours=st.sampled_from(ZONES),
)
def test_days_said_are_those_between_the_dates_printed(
    at: int, away: int, zone: str, ours: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=at)
    due = zoned(now + timedelta(minutes=away), zone)
    said = time_left_text(due, now.astimezone(ZoneInfo(ours)), ENGLISH)
    days = (due.wall.date() - now.astimezone(ZoneInfo(zone)).date()).days
    counted = re.fullmatch(r"(in )?(\d+) days?( ago)?", said)
    if abs(away) < 48 * 60:
        assert counted is None
        hours, minutes = divmod(abs(away), 60)
        assert str(hours or minutes) in said
    elif days:
        assert counted is not None
        assert int(counted.group(2)) == abs(days)
        assert bool(counted.group(1)) == (days > 0)
    assert calendar_days(due, now) == days


@pytest.mark.parametrize(
    ("now", "due", "said"),
    [
        ("2026-12-02T17:59+01:00", "2026-12-20T17:00", "in 18 days"),
        ("2026-12-02T16:59+00:00", "2026-12-20T17:00", "in 18 days"),
        ("2026-12-18T17:00+01:00", "2026-12-20T17:00", "in 2 days"),
        ("2026-12-18T17:01+01:00", "2026-12-20T17:00", "in 47 h 59 min"),
        ("2026-12-20T17:40+01:00", "2026-12-20T17:00", "40 min ago"),
        ("2026-12-22T23:00+01:00", "2026-12-20T17:00", "2 days ago"),
    ],
)
def test_below_two_days_the_hours_are_said(now: str, due: str, said: str) -> None:
    moment = ZonedTime.at(datetime.fromisoformat(due), "Europe/Stockholm")
    assert time_left_text(moment, datetime.fromisoformat(now), ENGLISH) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "in 1 day"), (18, "in 18 days"), (-1, "1 day ago"), (-3, "3 days ago")],
)
def test_days_to_a_date(days: int, said: str) -> None:
    assert days_left_text(days, ENGLISH) == said
