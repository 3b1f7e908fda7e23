# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of the calendar in their order, and what of them may stand in a calendar file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support import make

from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import (
    NEUTRAL_SUMMARY,
    CalendarEntry,
    CalendarItem,
    CalendarKind,
    cancellations,
    entry_of,
    entry_uid,
    item_order,
    items_between,
    journey_bars,
    numbered,
    standing_of,
)
from kfdesk.domain.values import ZonedTime

TODAY = date(2026, 11, 29)
DAY = timedelta(days=1)
KEY = bytes(32)
DONE, DUE = FollowUpStatus.DONE, FollowUpStatus.DUE
OVERDUE, PLANNED = FollowUpStatus.OVERDUE, FollowUpStatus.PLANNED


def at(wall: str, zone: str) -> ZonedTime:
    return ZonedTime.at(datetime.fromisoformat(wall), zone)


def item(name: str = "item", day: date = TODAY, **more: object) -> CalendarItem:
    kind = more.pop("kind", CalendarKind.TASK)
    standing = standing_of(day, day, TODAY, is_done=False)
    plain = CalendarItem(CalendarKind.TASK, make.named_id(name), "task", "due", day, day, day,
                         standing)  # fmt: skip
    return replace(plain, kind=kind, **more)  # type: ignore[arg-type]


def leg(name: str, first: int, last: int, plan: str = "plan", **more: object) -> CalendarItem:
    begins, ends = TODAY + first * DAY, TODAY + last * DAY
    standing = standing_of(begins, ends, TODAY, is_done=False)
    plain = {"plan": make.named_id(plan), "last": ends, "standing": standing}
    return item(name, begins, **{"kind": CalendarKind.LEG, **plain, **more})


@pytest.mark.parametrize(
    ("first", "last", "is_done", "standing"),
    [
        (-2, -1, False, OVERDUE), (-2, -1, True, DONE), (-1, 0, False, DUE), (0, 1, False, DUE),
        (1, 2, False, PLANNED),
    ],
)  # fmt: skip
def test_item_is_due_between_its_days_and_late_after_them(
    first: int, last: int, is_done: bool, standing: FollowUpStatus
) -> None:
    days = TODAY + first * DAY, TODAY + last * DAY
    assert standing_of(*days, TODAY, is_done=is_done) is standing


def test_overdue_items_stand_first_then_days_and_on_a_day_what_has_no_time() -> None:
    late, today = item("late", TODAY - DAY), item("today")
    noon = replace(item("noon"), starts=at("2026-11-29T12:00", "Europe/Riga"))
    early = replace(item("early"), starts=at("2026-11-29T09:00", "Europe/London"))
    older = item("older", TODAY - 9 * DAY, standing=DONE)
    found = sorted((noon, early, today, older, late), key=item_order)
    assert found == [late, older, today, early, noon]


def test_a_span_has_what_stands_in_it_and_journeys_that_reach_into_it() -> None:
    span = TODAY, TODAY + 6 * DAY
    before, inside, after = (
        item("a", TODAY - DAY),
        item("b", TODAY + 6 * DAY),
        item("c", span[1] + DAY),
    )
    into, out = leg("d", -2, 0), leg("e", 6, 9)
    past, later = leg("f", -4, -1), leg("g", 7, 8)
    window = item("h", TODAY - DAY, kind=CalendarKind.FOLLOW_UP, last=TODAY + DAY)
    held = item("i", TODAY - DAY, kind=CalendarKind.MEETING, last=TODAY)
    every = (before, inside, after, into, out, past, later, window, held)
    assert items_between(every, *span) == (inside, into, out, held)


def test_legs_of_a_plan_are_one_journey_unless_weeks_lie_between() -> None:
    first, second, far = leg("a", -3, -2), leg("b", 0, 1), leg("c", 20, 21)
    other = leg("d", 0, 0, plan="other", standing=DONE)
    then = leg("e", 1, 1, plan="other")
    bars = journey_bars((far, second, item("no leg"), then, first, other))
    assert [(one.rid, one.first, one.last) for one in bars] == [
        (first.rid, first.first, second.last),
        (then.rid, other.first, then.last),
        (far.rid, far.first, far.last),
    ]


def test_whose_an_item_is_depends_on_no_spelling_of_initials() -> None:
    assert item(owner="Ev").is_of("EV")
    assert not item(owner="QQ").is_of("EV")
    assert not item().is_of("")


# --- what leaves


def test_name_in_a_file_is_the_keys_and_the_kinds() -> None:
    rid = make.named_id("leg")
    name = entry_uid(KEY, CalendarKind.LEG, rid)
    assert name == entry_uid(KEY, CalendarKind.LEG, rid)
    assert name.endswith("@notebook")
    assert rid.hex() not in name
    others = {
        entry_uid(KEY, CalendarKind.CHECK_IN, rid),
        entry_uid(b"\1" * 32, CalendarKind.LEG, rid),
    }
    assert len(others | {name}) == 3
    assert entry_uid(KEY, CalendarKind.LEG, rid, has_tasks=True) == name
    task = entry_uid(KEY, CalendarKind.TASK, rid, has_tasks=True)
    assert task != entry_uid(KEY, CalendarKind.TASK, rid)


def test_entry_says_when_and_a_neutral_title() -> None:
    told = item(about=("Call the police",), code="tulpan-47")
    plain = entry_of(told, "uid", 3)
    assert plain == CalendarEntry("uid", 3, TODAY, TODAY, NEUTRAL_SUMMARY)
    assert entry_of(told, "uid", 3, has_tasks=True) == replace(plain, is_task=True)
    titled = entry_of(item(neutral_title=" Ring\n back "), "uid", 3)
    assert titled.summary == "Ring back"
    assert "Ring" not in repr(titled)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Stockholm", 1, 2), ("Europe/Tallinn", 2, 3), ("Europe/Moscow", 3, 3),
        ("Europe/London", 0, 1), ("America/New_York", -4, -4),
    ],
)  # fmt: skip
def test_hours_are_right_on_both_sides_of_the_change_of_clocks(
    zone: str, before: int, after: int
) -> None:
    left = at("2027-03-27T23:30", zone)
    arrived = at("2027-03-28T12:00", zone)
    entry = entry_of(leg("leg", 0, 1, starts=left, ends=arrived), "uid", 1)
    assert entry.starts == datetime(2027, 3, 27, 23, 30, tzinfo=UTC) - timedelta(hours=before)
    assert entry.ends == datetime(2027, 3, 28, 12, 0, tzinfo=UTC) - timedelta(hours=after)
    assert not entry.is_task
    assert entry.last_day == date(2027, 3, 28)


def test_hour_that_occurs_twice_keeps_the_offset_that_was_entered() -> None:
    second = ZonedTime.parse("2026-10-25T02:30+01:00[Europe/Stockholm]")
    entry = entry_of(item(kind=CalendarKind.CHECK_IN, starts=second), "uid", 1)
    assert entry.starts == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_arrival_before_the_departure_ends_nothing() -> None:
    left = at("2026-12-01T12:00", "Europe/Riga")
    arrived = at("2026-12-01T11:00", "Europe/Riga")
    entry = entry_of(leg("leg", 2, 2, starts=left, ends=arrived), "uid", 1)
    assert entry.ends == entry.starts == left.utc


def test_number_of_an_entry_grows_with_each_change_and_only_then() -> None:
    entry = CalendarEntry("uid", 4, TODAY, TODAY)
    first = numbered(entry, None)
    assert first.sequence == 4
    assert numbered(entry, first) == first
    moved = numbered(replace(entry, starts=TODAY + DAY, ends=TODAY + DAY), first)
    assert moved.sequence == 5
    written = numbered(replace(entry, writes=9), moved)
    assert written.sequence == 9
    renamed = numbered(replace(entry, writes=10, summary="Ring"), replace(written, sequence=12))
    assert renamed.sequence == 13


def test_what_is_gone_is_cancelled_until_it_is_long_over() -> None:
    entry = replace(CalendarEntry("uid", 4, TODAY, TODAY, "Ring"), sequence=4)
    (gone,) = cancellations((entry,), (), TODAY)
    assert (gone.uid, gone.sequence, gone.is_cancelled) == ("uid", 5, True)
    assert gone.summary == NEUTRAL_SUMMARY
    assert [*cancellations((gone,), (), TODAY + 30 * DAY)] == [gone]
    assert [*cancellations((gone,), (), TODAY + 31 * DAY)] == []
    assert [one.sequence for one in cancellations((entry,), (), TODAY, 900)] == [900]
    assert [*cancellations((entry,), {"uid"}, TODAY)] == []
    back = numbered(CalendarEntry("uid", 4, TODAY, TODAY), gone)
    assert (back.sequence, back.is_cancelled) == (6, False)
