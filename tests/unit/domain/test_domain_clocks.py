# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks count by one documented rule, from known days, and say why there is no last day."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kfdesk.domain.deadlines import reflection_end
from kfdesk.domain.procedures.clocks import (
    ClockFault,
    ClockNote,
    Due,
    DueReason,
    Events,
    NotDue,
    Override,
    clock_fault,
    done_key,
    due,
    warning_days,
)
from kfdesk.domain.procedures.holidays import (
    add_working_days,
    are_holidays_known,
    easter_sunday,
    is_swedish_rest_day,
    is_weekend,
    next_working_day,
    rest_days_of,
    swedish_holidays,
)
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, ZonedTime

RECORD = Path(__file__).parents[3] / "docs" / "decisions" / "0017-clocks-count-by-one-rule.md"
WHY = (Translation("sv", "Synnerliga skäl"),)
SWEDEN = rest_days_of("SE")


def step(**values: Any) -> CooperationStep:
    whole: dict[str, Any] = {"event": "opened", "amount": 14, "unit": "d", "clock": "statutory"}
    return CooperationStep(**whole | values)


def moment(day: date, hour: int = 10, zone: str = "Europe/Stockholm") -> ZonedTime:
    return ZonedTime.at(datetime(day.year, day.month, day.day, hour), zone)  # noqa: DTZ001 - wall


def last_day(begins: date | ZonedTime, country: str = "SE", **values: Any) -> date:
    found = due(step(**values), {"opened": begins}, rest_days_of(country))
    assert isinstance(found, Due)
    return found.last_day


# --- the examples of the record: works means 1 and 3


@pytest.mark.parametrize(
    ("begins", "values", "ends"),
    [
        (date(2024, 12, 20), {}, date(2025, 1, 3)),
        (date(2024, 12, 23), {}, date(2025, 1, 6)),
        (date(2024, 12, 23), {"rolls": True}, date(2025, 1, 7)),
        (date(2026, 10, 31), {"amount": 4, "unit": "mo"}, date(2027, 2, 28)),
        (date(2026, 12, 23), {"amount": 5, "unit": "workday"}, date(2027, 1, 5)),
    ],
)
def test_each_example_of_the_record_holds(begins: date, values: Any, ends: date) -> None:
    assert last_day(begins, **values) == last_day(moment(begins, 23), **values) == ends
    said = re.sub(r"\s+", " ", RECORD.read_text(encoding="utf-8"))
    assert f"{ends.day} {ends:%B}" in said
    assert f"{begins.day} {begins:%B}" in said


@pytest.mark.parametrize(
    ("granted", "ends"),
    [(date(2026, 3, 1), date(2026, 3, 30)), (date(2027, 1, 30), date(2027, 2, 28)),
     (date(2026, 12, 1), date(2026, 12, 30)), (date(2028, 1, 31), date(2028, 2, 29))],
)  # fmt: skip
def test_reflection_period_warns_at_fifteen_ten_and_three_days(granted: date, ends: date) -> None:
    period = step(event="reflection_ends", amount=None, unit=None, warn="15 10 3")
    assert reflection_end(granted) == ends
    found = due(period, {"reflection_ends": ends}, SWEDEN)
    assert isinstance(found, Due)
    assert (found.last_day, found.because) == (ends, DueReason.PERIOD_ENDS)
    told = [left for left in range(40, -2, -1) if found.is_told(ends - timedelta(left))]
    near = [left for left in range(40, -2, -1) if found.is_near(ends - timedelta(left))]
    assert (max(told), max(near), min(told)) == (15, 10, -1)


def test_last_day_that_moves_says_so_and_the_end_of_a_period_never_moves() -> None:
    weekend = {"opened": date(2026, 11, 21)}  # 14 days later is a Saturday
    stays, moves = (due(step(rolls=each), weekend, SWEDEN) for each in (False, True))
    assert isinstance(stays, Due)
    assert isinstance(moves, Due)
    assert (stays.last_day, stays.because) == (date(2026, 12, 5), DueReason.COUNTED)
    assert (moves.last_day, moves.because) == (date(2026, 12, 7), DueReason.ROLLED)
    end = step(event="permit_ends", amount=None, unit=None, rolls=True)
    found = due(end, {"permit_ends": date(2026, 12, 5)}, SWEDEN)
    assert isinstance(found, Due)
    assert found.last_day == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("amount", "unit", "ends"),
    [(30, "d", date(2026, 11, 26)), (1, "mo", date(2026, 11, 26)), (2, "wk", date(2026, 12, 12)),
     (3, "workday", date(2026, 12, 21)), (48, "h", date(2026, 12, 24))],
)  # fmt: skip
def test_before_an_end_the_clock_counts_back(amount: int, unit: str, ends: date) -> None:
    back = step(event="permit_ends", amount=amount, unit=unit, warn="60 30 14")
    found = due(back, {"permit_ends": date(2026, 12, 26)}, SWEDEN, today=date(2026, 10, 1))
    assert isinstance(found, Due)
    assert (found.last_day, found.began, found.warnings) == (ends, None, (60, 30, 14))
    assert found.notes == ()


def test_hours_run_as_they_pass_over_both_nights_of_summer_time() -> None:
    for begins, ends in (
        (moment(date(2026, 3, 28), 12), "2026-03-29T13:00+02:00[Europe/Stockholm]"),
        (moment(date(2026, 10, 24), 12), "2026-10-25T11:00+01:00[Europe/Stockholm]"),
        (moment(date(2026, 3, 28), 12, "Europe/Kaliningrad"),
         "2026-03-29T12:00+02:00[Europe/Kaliningrad]"),
    ):  # fmt: skip
        found = due(step(amount=24, unit="h", rolls=True), {"opened": begins}, SWEDEN)
        assert isinstance(found, Due)
        assert str(found.moment) == ends
        assert found.last_day == found.moment.wall.date() if found.moment else False


def test_hours_of_an_event_without_an_hour_are_days() -> None:
    found = due(step(amount=36, unit="h"), {"opened": date(2026, 12, 1)}, SWEDEN)
    assert isinstance(found, Due)
    assert (found.last_day, found.moment) == (date(2026, 12, 2), None)


# --- where there is no last day


@pytest.mark.parametrize(
    ("values", "fault", "waits_for"),
    [
        ({"event": None, "amount": None, "unit": None}, ClockFault.NO_CLOCK, ""),
        ({"event": None}, ClockFault.NO_CLOCK, ""),
        ({"event": "moon"}, ClockFault.UNKNOWN_EVENT, "moon"),
        ({"event": MissingAnswer.UNKNOWN}, ClockFault.NO_CLOCK, ""),
        ({"event": "step_done", "event_step": " "}, ClockFault.STEP_MISSING, ""),
        ({"event": "step_done", "event_step": "4"}, ClockFault.NOT_BEGUN, "step_done:4"),
        ({"amount": None}, ClockFault.AMOUNT_MISSING, ""),
        ({"amount": MissingAnswer.DECLINED}, ClockFault.AMOUNT_MISSING, ""),
        ({"amount": None, "unit": "d", "event": "permit_ends"}, ClockFault.AMOUNT_MISSING, ""),
        ({"unit": None}, ClockFault.UNIT_MISSING, ""),
        ({"unit": "moon"}, ClockFault.UNKNOWN_UNIT, "moon"),
        ({"amount": 0}, ClockFault.AMOUNT_OUT_OF_RANGE, ""),
        ({"amount": -1}, ClockFault.AMOUNT_OUT_OF_RANGE, ""),
        ({"amount": 4_000}, ClockFault.AMOUNT_OUT_OF_RANGE, ""),
        ({"amount": 600, "unit": "wk"}, ClockFault.AMOUNT_OUT_OF_RANGE, ""),
        ({"event": "arrived"}, ClockFault.NOT_BEGUN, "arrived"),
    ],
)
def test_without_a_clock_the_reason_is_named(
    values: Any, fault: ClockFault, waits_for: str
) -> None:
    events: Events = {"opened": date(2026, 12, 1)}
    assert due(step(**values), events, SWEDEN) == NotDue(fault, waits_for)
    is_by_itself = fault is not ClockFault.NOT_BEGUN
    assert (clock_fault(step(**values)) is not None) is is_by_itself


def test_grant_without_an_exact_day_starts_no_clock() -> None:
    found = due(step(), {"opened": PartialDate("2026-03")}, SWEDEN)
    assert found == NotDue(ClockFault.NO_DAY, "opened")


@pytest.mark.parametrize("begins", [date.max, date.min, moment(date(9998, 12, 31))])
@pytest.mark.parametrize("unit", ["h", "d", "workday", "wk", "mo"])
@pytest.mark.parametrize("event", ["opened", "permit_ends"])
def test_ends_of_the_calendar_break_nothing(begins: Any, unit: str, event: str) -> None:
    amount = {"h": 87_600, "d": 3_650, "workday": 2_600, "wk": 520, "mo": 117}[unit]
    found = due(step(event=event, unit=unit, amount=amount, rolls=True), {event: begins}, SWEDEN)
    assert isinstance(found, Due)
    assert date.min <= found.last_day <= date.max


# --- what people wrote down


def test_beginning_by_hand_counts_before_the_records() -> None:
    said = Override(began=moment(date(2026, 12, 3)))
    found = due(step(), {"opened": date(2026, 12, 1)}, SWEDEN, said)
    assert isinstance(found, Due)
    assert (found.last_day, found.notes) == (date(2026, 12, 17), (ClockNote.SET_BY_HAND,))
    odd = due(step(), {"opened": date(2026, 12, 1)}, SWEDEN, Override(began="3 dec"))
    assert isinstance(odd, Due)
    assert (odd.last_day, odd.notes) == (date(2026, 12, 15), ())


def test_start_that_lies_in_the_future_is_said() -> None:
    found = due(step(), {"opened": date(2026, 12, 9)}, SWEDEN, today=date(2026, 12, 1))
    assert isinstance(found, Due)
    assert found.notes == (ClockNote.STARTS_LATER,)
    begun = due(step(), {"opened": date(2026, 12, 1)}, SWEDEN, today=date(2026, 12, 1))
    assert isinstance(begun, Due)
    assert begun.notes == ()


@pytest.mark.parametrize(
    ("until", "ends", "notes"),
    [
        (date(2027, 1, 1), date(2027, 1, 1), ()),
        (date(2026, 12, 15), date(2026, 12, 15), (ClockNote.PROLONGED_TO_NO_LATER_DAY,)),
        (date(2026, 1, 1), date(2026, 12, 15), (ClockNote.PROLONGED_TO_NO_LATER_DAY,)),
        (PartialDate("2027"), date(2026, 12, 15), (ClockNote.PROLONGED_TO_NO_LATER_DAY,)),
        (MissingAnswer.DECLINED, date(2026, 12, 15), (ClockNote.PROLONGED_TO_NO_LATER_DAY,)),
    ],
)
def test_only_a_later_day_prolongs(until: Any, ends: date, notes: Any) -> None:
    said = Override(extended_until=until)
    found = due(step(), {"opened": date(2026, 12, 1)}, SWEDEN, said)
    assert isinstance(found, Due)
    assert (found.last_day, found.notes) == (ends, notes)
    assert (found.because is DueReason.PROLONGED) is (not notes)


def test_day_of_a_decision_counts_where_nothing_else_is_known() -> None:
    said = Override(extended_until=date(2027, 1, 1))
    for events in ({}, {"opened": PartialDate("2026")}):
        found = due(step(), events, SWEDEN, said)
        assert isinstance(found, Due)
        assert (found.last_day, found.because) == (date(2027, 1, 1), DueReason.PROLONGED)
    assert isinstance(due(step(amount=0), {}, SWEDEN, said), NotDue)
    assert isinstance(due(step(), {}, SWEDEN, Override(extended_until=moment)), NotDue)


# --- reminders


@pytest.mark.parametrize(
    ("text", "days", "is_whole"),
    [
        ("15 10 3", (15, 10, 3), True), ("3,10, 15", (15, 10, 3), True), ("", (), True),
        (None, (), True), ("x 3", (3,), False), ("-3", (), False), ("3.5", (), False),
        ("9999", (), False), ("99999", (), False), ("1 2 3 4 5 6 7 8 9", (8, 7, 6, 5, 4, 3, 2, 1),
                                                     False), ("3 3", (3,), False),
    ],
)  # fmt: skip
def test_reminders_are_read_as_far_as_they_are_days(text: Any, days: Any, is_whole: bool) -> None:
    assert warning_days(text) == (days, is_whole)


@pytest.mark.parametrize(
    ("values", "warnings", "notes"),
    [
        ({}, (10, 3), ()),
        ({"clock": "agreed"}, (3,), ()),
        ({"clock": "holy"}, (3,), ()),
        ({"warn": "x"}, (10, 3), (ClockNote.BAD_WARNING,)),
        ({"warn": "30 3"}, (3,), (ClockNote.WARNS_TOO_EARLY,)),
        ({"warn": "30"}, (14,), (ClockNote.WARNS_TOO_EARLY,)),
    ],
)
def test_reminder_before_the_beginning_is_left_out(values: Any, warnings: Any, notes: Any) -> None:
    found = due(step(**values), {"opened": date(2026, 12, 1)}, SWEDEN)
    assert isinstance(found, Due)
    assert (found.warnings, found.notes) == (warnings, notes)
    assert found.days_left(date(2026, 12, 16)) == -1
    single = len(warnings) == 1
    assert found.is_near(found.last_day - timedelta(warnings[0])) is (single or len(warnings) == 2)


def test_key_of_a_step_that_is_done_is_its_number() -> None:
    found = due(
        step(event="step_done", event_step=" 4 "), {done_key("4"): date(2026, 12, 1)}, SWEDEN
    )
    assert isinstance(found, Due)
    assert found.last_day == date(2026, 12, 15)


# --- rest days


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2027, "03-28"),
                      (2038, "04-25"), (2285, "03-22")],
)  # fmt: skip
def test_easter_is_computed(year: int, day: str) -> None:
    assert easter_sunday(year).isoformat() == f"{year}-{day}"


def test_swedish_rest_days_of_a_year() -> None:
    found = sorted(one.isoformat()[5:] for one in swedish_holidays(2026))
    assert found == [
        "01-01", "01-06", "04-03", "04-05", "04-06", "05-01", "05-14", "05-24", "06-06", "06-19",
        "06-20", "10-31", "12-24", "12-25", "12-26", "12-31",
    ]  # fmt: skip
    assert is_swedish_rest_day(date(2026, 6, 19))
    assert not is_swedish_rest_day(date(2026, 6, 22))
    assert is_weekend(date(2026, 11, 28))


def test_of_other_countries_only_weekends_are_known() -> None:
    friday = date(2026, 6, 19)
    assert last_day(friday - timedelta(14), "EE", rolls=True) == friday
    assert last_day(friday - timedelta(14), "SE", rolls=True) == date(2026, 6, 22)
    assert [are_holidays_known(each) for each in ("SE", "EE", None)] == [True, False, False]


def test_working_days_end_with_the_calendar() -> None:
    assert add_working_days(date.max, 3, is_weekend) == date.max
    assert next_working_day(date.max, lambda _: True) == date.max
    assert add_working_days(date(2026, 12, 1), 0, is_weekend) == date(2026, 12, 1)
