# SPDX-License-Identifier: GPL-3.0-or-later
"""Last days of the law and hearings are told in time, and stay until they are settled."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion

from kfdesk.domain.deadlines import LegalDeadline, earliest_day, legal_deadlines
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

TODAY = date(2026, 11, 24)


def matter(name: str = "matter", **values: Value) -> Row:
    whole: dict[str, Value] = {"kind": "reflection", "decision": "granted", **values}
    return make.row("legal_status", whole, rid=make.named_id(name))


def told(*rows: Row) -> list[LegalDeadline]:
    seen: list[RecordView[LegalStatus]] = [view(row, LegalStatus) for row in rows]
    return list(legal_deadlines(seen, TODAY))


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "is_told", "is_near", "is_urgent"),
    [
        (31, False, False, False), (30, True, False, False), (11, True, False, False),
        (10, True, True, False), (1, True, True, False), (0, True, True, True),
        (-40, True, True, True),
    ],
)  # fmt: skip
def test_end_is_told_a_month_before_and_until_it_is_settled(
    days: int, is_told: bool, is_near: bool, is_urgent: bool
) -> None:
    found = told(matter(ends=day(days)))
    assert bool(found) is is_told
    for one in found:
        assert (one.day, one.days, one.is_hearing) == (day(days), days, False)
        assert (one.is_near, one.is_urgent) == (is_near, is_urgent)


@pytest.mark.parametrize(
    ("days", "is_told", "is_near"), [(15, False, False), (14, True, False), (3, True, True)]
)
def test_hearing_is_told_two_weeks_before(days: int, is_told: bool, is_near: bool) -> None:
    at = ZonedTime.at(datetime.combine(day(days), datetime.min.time()), "Europe/Stockholm")
    found = told(matter(next_hearing=at))
    assert bool(found) is is_told
    assert all(one.is_hearing and one.is_near is is_near for one in found)


def test_granted_reflection_period_without_a_last_day_is_counted_and_says_so() -> None:
    begins = date(2026, 11, 1)
    (one,) = told(matter(begins=begins))
    assert (one.day, one.is_computed) == (date(2026, 11, 30), True)
    (decided,) = told(matter(begins=begins, ends=date(2026, 12, 1)))
    assert (decided.day, decided.is_computed) == (date(2026, 12, 1), False)
    later = matter("later", begins=day(0), ends=day(20))
    assert [one.day for one in told(matter(begins=begins), later)] == [day(20)]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "permit"}, {"kind": "injured_party"}, {"decision": "applied"},
        {"decision": None}, {"begins": PartialDate("2026-11")}, {"begins": None},
        {"decision": "refused"},
    ],
)  # fmt: skip
def test_nothing_else_is_counted_without_its_last_day(values: dict[str, Value]) -> None:
    whole: dict[str, Any] = {"begins": date(2026, 11, 1), **values}
    assert told(matter(**whole)) == []


def test_of_two_first_days_the_earlier_ends_a_period() -> None:
    row = matter(begins=date(2026, 11, 20))
    by = make.signature("AB, Дом у реки", 9)
    torn = make.changed(row, {"begins": date(2026, 11, 10)}, by, seen=matter())
    (one,) = told(torn)
    assert (one.day, one.is_computed) == (date(2026, 12, 9), True)


@pytest.mark.parametrize("outcome", ["refused", "ended"])
def test_settled_matter_is_told_no_more(outcome: str) -> None:
    assert told(matter(ends=day(3), decision=outcome)) == []


def test_period_that_is_only_applied_for_is_told_too() -> None:
    assert len(told(matter(ends=day(3), decision="applied"))) == 1
    assert len(told(matter(ends=day(3), decision=None))) == 1


def test_renewed_permit_settles_the_one_before() -> None:
    old, new = matter(ends=day(3)), matter("renewed", ends=day(200))
    assert told(old, new) == []
    for other in (
        matter("renewed", ends=day(200), decision="applied"),
        matter("renewed", ends=day(200), kind="permit"),
        matter("renewed", ends=day(2)),
        matter("renewed"),
        with_deletion(new),
    ):
        assert day(3) in [one.day for one in told(old, other)]


def test_record_of_another_organisation_settles_nothing_of_ours() -> None:
    theirs = replace(matter("renewed", ends=day(200)), custodian=make.PARTNER)
    assert [one.day for one in told(matter(ends=day(3)), theirs)] == [day(3)]
    assert told(replace(matter(ends=day(3)), custodian=make.PARTNER), theirs) == []


@pytest.mark.parametrize("other", [day(400), day(20), None])
def test_of_two_days_the_earlier_is_told_until_somebody_decides(other: date | None) -> None:
    ours, by = matter(ends=day(25)), make.signature("AB, Дом у реки", 9)
    torn = make.changed(ours, {"ends": other}, by, seen=matter())
    assert [one.day for one in told(torn)] == [day(20 if other == day(20) else 25)]


def test_of_two_hearings_the_earlier_is_told_and_of_two_outcomes_none_settles() -> None:
    first, later = (
        ZonedTime.at(datetime.combine(day(days), datetime.min.time()), "Europe/Stockholm")
        for days in (3, 90)
    )
    by = make.signature("AB, Дом у реки", 9)
    torn = make.changed(matter(next_hearing=first), {"next_hearing": later}, by, seen=matter())
    assert [one.day for one in told(torn)] == [day(3)]
    open_one = matter(ends=day(3), decision="granted")
    ended = make.changed(open_one, {"decision": "ended"}, by, seen=make.row("legal_status", {}))
    assert [one.day for one in told(ended)] == [day(3)]


def test_day_that_is_not_exact_counts_from_its_beginning() -> None:
    assert [one.day for one in told(matter(ends=PartialDate("2026-12")))] == [date(2026, 12, 1)]
    assert earliest_day(PartialDate("2027")) == date(2027, 1, 1)
    assert earliest_day(None) is None
    assert told(matter(ends=MissingAnswer.UNKNOWN, next_hearing=MissingAnswer.UNKNOWN)) == []


def test_matter_in_the_bin_is_not_told() -> None:
    assert told(with_deletion(matter(ends=day(3)))) == []
