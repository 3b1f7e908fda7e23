# SPDX-License-Identifier: GPL-3.0-or-later
"""Up to which day the calendar changes nothing of what consents open: no day before it differs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import make
from tests.support.make import consent, partner
from tests.support.samples import examples

from kfdesk.domain.consent import majority_day
from kfdesk.domain.exchange import Watermark
from kfdesk.domain.grants import ConsentGrants, grants_for, grants_last_until
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

NOW, TODAY = make.NOW, make.NOW.date()
_NEAR = st.integers(-120, 120).map(lambda days: TODAY + timedelta(days))
_BORN = st.one_of(
    st.none(),
    st.just(MissingAnswer.UNKNOWN),
    _NEAR.map(lambda day: _years_before(day, 18)),
    st.sampled_from(("2008", "2008-11", "2008-12", "2009-01")).map(PartialDate),
    st.just(date(2008, 2, 29)),
)
_GIVEN = st.one_of(st.none(), st.tuples(_NEAR, st.integers(0, 23)))
_EXPIRES = st.one_of(st.none(), _NEAR)
_CONSENTS = st.lists(
    st.tuples(_GIVEN, _EXPIRES, st.sampled_from(("written", "vital_interests"))), max_size=3
)


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))


def _client(born: Value) -> Row:
    return make.row("client", {"code": "tulpan-47", "birth_date": born})


def _consent(number: int, terms: tuple[Any, date | None, str]) -> Row:
    begun, expires, form = terms
    if begun is None:
        return consent(f"consent {number}", expires=expires, form=form, given=None)
    wall = datetime.combine(begun[0], time()) + timedelta(hours=begun[1])
    given_at = ZonedTime(wall, "Europe/Stockholm", 60)
    return consent(f"consent {number}", expires=expires, form=form, given=given_at)


def _granted(client: Row, consents: list[Row], at: datetime) -> tuple[object, ...]:
    views = [view(one, Consent) for one in consents]
    found: ConsentGrants = grants_for(client, partner(), views, at)
    return found.groups, found.shut, found.standing


@settings(max_examples=examples(400), deadline=None)
@given(_BORN, _CONSENTS, st.integers(-11, 12), st.integers(0, 200))
def test_nothing_changes_before_the_day_whatever_the_time_zone(
    born: Value, terms: list[tuple[Any, date | None, str]], hours: int, begins: int
) -> None:
    client, consents = _client(born), [_consent(*one) for one in enumerate(terms)]
    at = NOW + timedelta(days=begins - 100)
    last = grants_last_until(client, [view(one, Consent) for one in consents], at)
    here = _granted(client, consents, at)
    assert last >= at.date()
    zone = timezone(timedelta(hours=hours))
    for days in range(1, 230):
        day = at.date() + timedelta(days)
        if day > last:
            break
        noon = datetime.combine(day, NOW.timetz())
        elsewhere = datetime.combine(day, NOW.time(), zone)
        assert _granted(client, consents, noon) == here
        assert _granted(client, consents, elsewhere) == here


def test_without_a_client_or_a_date_the_calendar_changes_nothing() -> None:
    assert grants_last_until(None, (), NOW) == date.max
    assert grants_last_until(_client(MissingAnswer.UNKNOWN), (), NOW) == date.max
    torn = view(consent(given=None), Consent)
    assert grants_last_until(_client(None), (torn,), NOW) == date.max


def test_last_day_is_two_before_a_consent_ends() -> None:
    given_at = ZonedTime(datetime.combine(date(2026, 11, 1), time(12)), "Europe/Stockholm", 60)
    agreed = view(consent(given=given_at, expires=date(2026, 12, 20)), Consent)
    assert grants_last_until(_client(None), (agreed,), NOW) == date(2026, 12, 19)
    near = datetime(2026, 12, 21, 12, tzinfo=UTC)
    assert grants_last_until(_client(None), (agreed,), near) == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("born", "grown"),
    [
        (date(2008, 5, 3), date(2026, 5, 3)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2010, 12, 31), date(2028, 12, 31)),
        (date(1992, 2, 29), date(2010, 3, 1)),
        (date(1994, 2, 28), date(2012, 2, 28)),
        (PartialDate("2008"), date(2027, 1, 1)),
        (PartialDate("2008-05"), date(2026, 6, 1)),
        (PartialDate("2008-12"), date(2027, 1, 1)),
        (date(9990, 1, 1), date.max),
        (None, None),
        (MissingAnswer.UNKNOWN, None),
    ],
)
def test_day_of_age_counts_the_youngest_that_somebody_can_be(
    born: object, grown: date | None
) -> None:
    assert majority_day(born) == grown


def test_watermark_is_settled_on_its_days_alone() -> None:
    level = Watermark(b"partner", b"plan", b"digest", 7)
    assert not level.is_settled(TODAY)
    settled = replace(level, settled=(TODAY, TODAY + timedelta(2)))
    days = (TODAY + timedelta(days) for days in range(-1, 4))
    assert [settled.is_settled(day) for day in days] == [False, True, True, True, False]
