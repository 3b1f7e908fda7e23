# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks: by which day a step must be done, and why nobody can tell where that is so.

How days are counted is one rule for all (docs/decisions/0017-clocks-count-by-one-rule.md):

- The day of the event does not count. 14 days from a report on 20 December end on 3 January.
- Weeks end on the same weekday, months on the same day of the month or on its last day.
- Working days skip rest days. Hours run as they pass, whatever a clock shows in the night on which
  summer time begins or ends.
- A last day for an act moves to the next working day where its step says so. The end of a period
  or permit never moves.
- Before the end of a period the clock counts backwards; without an amount that end is the last day.

Nothing is guessed: an event without a day starts no clock. Pure functions.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kfdesk.domain.codes.procedures import CLOCK_EVENTS, CLOCK_UNITS
from kfdesk.domain.procedures.holidays import RestDays, add_working_days, next_working_day
from kfdesk.domain.values import (
    LocalizedText,
    MissingAnswer,
    PartialDate,
    ZonedTime,
    shift_day,
    text_or_empty,
    zone_rules,
)

EventTime = date | ZonedTime | PartialDate
"""The day of an event. A partial date starts no clock."""
Events = Mapping[str, EventTime]
"""The time of each event, by its code; of a step's end by `done_key` of its number."""

END_EVENTS = frozenset({"reflection_ends", "permit_ends"})
"""Events before which a clock counts, instead of after them."""
MAX_DAYS = 3650
"""The longest clock, in days; a longer one is an error in typing."""
_MAX_AMOUNT: Mapping[str, int] = {
    "h": MAX_DAYS * 24, "d": MAX_DAYS, "workday": MAX_DAYS * 5 // 7, "wk": MAX_DAYS // 7,
    "mo": MAX_DAYS // 31,
}  # fmt: skip
_DEFAULT_WARNINGS: Mapping[object, tuple[int, ...]] = {"statutory": (10, 3)}
_OTHER_WARNINGS = (3,)
_MAX_WARNINGS = 8
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_MONTHS_A_YEAR = 12


class ClockStep(Protocol):
    """Fields that a clock reads of a step, of a procedure or of a run."""

    @property
    def event(self) -> str | MissingAnswer | None:
        """The code of what starts the clock."""

    @property
    def event_step(self) -> str | MissingAnswer | None:
        """The number of the step whose end starts the clock."""

    @property
    def amount(self) -> int | MissingAnswer | None:
        """The number of units."""

    @property
    def unit(self) -> str | MissingAnswer | None:
        """The code of the unit."""

    @property
    def clock(self) -> str | MissingAnswer | None:
        """The code of the kind of deadline."""

    @property
    def rolls(self) -> bool | MissingAnswer | None:
        """True if the last day moves to the next working day."""

    @property
    def warn(self) -> str | MissingAnswer | None:
        """The numbers of days before the end on which one is reminded."""

    @property
    def prolong(self) -> LocalizedText | MissingAnswer | None:
        """The words for who can prolong it."""


class ClockFault(StrEnum):
    """Reason why a step has no deadline that can be told."""

    NO_CLOCK = "no_clock"
    """It has none at all."""
    NOT_BEGUN = "not_begun"
    """Its event has not happened, or no record tells it."""
    NO_DAY = "no_day"
    """Its event is known to the month or year only."""
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_UNIT = "unknown_unit"
    UNIT_MISSING = "unit_missing"
    AMOUNT_MISSING = "amount_missing"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    """It is 0, negative, or longer than ten years."""
    STEP_MISSING = "step_missing"
    """No step has the number of the step that starts the clock."""
    ORDER = "order"
    """The steps that it follows make a ring, or are missing."""


class DueReason(StrEnum):
    """Reason for a last day."""

    COUNTED = "counted"
    ROLLED = "rolled"
    """It was moved to the next working day."""
    PERIOD_ENDS = "period_ends"
    """It is the end of a period, or counted back from it."""
    PROLONGED = "prolonged"


class ClockNote(StrEnum):
    """Remark for a reader beside a last day."""

    SET_BY_HAND = "set_by_hand"
    """A person set when the clock began."""
    STARTS_LATER = "starts_later"
    """The event lies in the future."""
    WARNS_TOO_EARLY = "warns_too_early"
    """A reminder would come before the clock begins; it was left out."""
    BAD_WARNING = "bad_warning"
    """A part of the reminders is no number of days; it was left out."""
    PROLONGED_TO_NO_LATER_DAY = "prolonged_to_no_later_day"
    """It was prolonged to a day that is not later, or no day; that changes nothing."""
    EARLIER_READING = "earlier_reading"
    """No decision tells when the period ends; it is counted with its first day, a day earlier."""
    HOLIDAYS_UNKNOWN = "holidays_unknown"
    """It depends on rest days, and of the country only Saturdays and Sundays are known here."""


@dataclass(frozen=True, slots=True)
class Override:
    """Entries by hand about the clock of one step in one plan."""

    began: object = None
    extended_until: object = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the last day on which the step is in time.

    `moment` is set for clocks of hours; its day is `last_day`. `kind` is a code of CLOCK_KINDS.
    `warnings` are the days before, longest first. `began` is what the clock counts from.
    """

    last_day: date
    kind: str
    warnings: tuple[int, ...]
    because: DueReason
    moment: ZonedTime | None = None
    began: date | None = None
    notes: tuple[ClockNote, ...] = ()

    def days_left(self, today: date) -> int:
        """Return the days until the last day; negative after it."""
        return (self.last_day - today).days

    def is_told(self, today: date) -> bool:
        """Return whether the first reminder has come."""
        return self.days_left(today) <= self.warnings[0]

    def is_near(self, today: date) -> bool:
        """Return whether the last reminder but one has come; a single one counts itself."""
        return self.days_left(today) <= self.warnings[-2 if len(self.warnings) > 1 else -1]


@dataclass(frozen=True, slots=True)
class NotDue:
    """No deadline, and why; `waits_for` is the event, or the step of which it waits."""

    fault: ClockFault
    waits_for: str = ""


_NOTHING_SAID = Override()


def done_key(prefix: str) -> str:
    """Return the key in `Events` that the step of this number is done."""
    return f"step_done:{prefix.strip()}"


def due(
    step: ClockStep,
    events: Events,
    is_rest_day: RestDays,
    said: Override = _NOTHING_SAID,
    today: date | None = None,
) -> Due | NotDue:
    """Return by which day a step must be done, or why that cannot be told.

    With `today` (local), an event that lies in the future is said.
    """
    fault = clock_fault(step)
    if fault is not None:
        return fault
    begins = said.began if isinstance(said.began, ZonedTime) else events.get(_event_key(step))
    counted = _counted(step, begins, is_rest_day)
    kind = text_or_empty(step.clock)
    if isinstance(counted, NotDue):
        until = said.extended_until
        if counted.fault in (ClockFault.NOT_BEGUN, ClockFault.NO_DAY) and _is_day(until):
            assert isinstance(until, date)
            warnings, notes = _warnings(step, None)
            return Due(until, kind, warnings, DueReason.PROLONGED, notes=notes)
        return counted
    last, moment, because = counted
    began = begins.wall.date() if isinstance(begins, ZonedTime) else begins
    assert isinstance(began, date)
    is_back = text_or_empty(step.event) in END_EVENTS and not isinstance(said.began, ZonedTime)
    warnings, notes = _warnings(step, None if is_back else (last - began).days)
    if isinstance(said.began, ZonedTime):
        notes = (ClockNote.SET_BY_HAND, *notes)
    if today is not None and began > today and not is_back:
        notes = (ClockNote.STARTS_LATER, *notes)
    if said.extended_until is not None:
        until = said.extended_until
        if _is_day(until) and isinstance(until, date) and until > last:
            last, moment, because = until, None, DueReason.PROLONGED
        else:
            notes = (*notes, ClockNote.PROLONGED_TO_NO_LATER_DAY)
    return Due(last, kind, warnings, because, moment, None if is_back else began, notes)


def clock_fault(step: ClockStep) -> NotDue | None:
    """Return what is wrong with the clock of a step by itself; None if it can run."""
    event, unit, amount = text_or_empty(step.event), text_or_empty(step.unit), step.amount
    if not event and not isinstance(amount, int) and not unit:
        return NotDue(ClockFault.NO_CLOCK)
    if event not in CLOCK_EVENTS:
        return NotDue(ClockFault.UNKNOWN_EVENT if event else ClockFault.NO_CLOCK, event)
    if event == "step_done" and not text_or_empty(step.event_step).strip():
        return NotDue(ClockFault.STEP_MISSING)
    if not isinstance(amount, int):
        is_end = event in END_EVENTS and not unit
        return None if is_end else NotDue(ClockFault.AMOUNT_MISSING)
    if not unit:
        return NotDue(ClockFault.UNIT_MISSING)
    if unit not in CLOCK_UNITS:
        return NotDue(ClockFault.UNKNOWN_UNIT, unit)
    if not 0 < amount <= _MAX_AMOUNT[unit]:
        return NotDue(ClockFault.AMOUNT_OUT_OF_RANGE)
    return None


def depends_on_rest_days(step: ClockStep) -> bool:
    """Return whether holidays can change the last day of a step."""
    return step.rolls is True or text_or_empty(step.unit) == "workday"


def warning_days(text: object) -> tuple[tuple[int, ...], bool]:
    """Return the days in a text such as `15 10 3`, longest first, and whether all of it was read.

    At most eight are read, each up to ten years.
    """
    words = text_or_empty(text).replace(",", " ").split()
    found = {int(word) for word in words[:_MAX_WARNINGS] if _NUMBER.fullmatch(word)}
    days = tuple(sorted((day for day in found if day <= MAX_DAYS), reverse=True))
    return days, len(days) == len(words)


def _event_key(step: ClockStep) -> str:
    event = text_or_empty(step.event)
    return done_key(text_or_empty(step.event_step)) if event == "step_done" else event


def _counted(
    step: ClockStep, begins: object, is_rest_day: RestDays
) -> tuple[date, ZonedTime | None, DueReason] | NotDue:
    """Return the last day, the moment of a clock of hours, and the reason."""
    if isinstance(begins, PartialDate):
        return NotDue(ClockFault.NO_DAY, _event_key(step))
    if not isinstance(begins, date | ZonedTime):
        return NotDue(ClockFault.NOT_BEGUN, _event_key(step))
    unit, amount = text_or_empty(step.unit), step.amount
    if unit == "h" and isinstance(begins, ZonedTime):
        assert isinstance(amount, int)
        moment = _hours_later(begins, amount)
        return moment.wall.date(), moment, DueReason.COUNTED
    day = begins.wall.date() if isinstance(begins, ZonedTime) else begins
    if text_or_empty(step.event) in END_EVENTS:
        back = _shifted(day, -amount, unit, is_rest_day) if isinstance(amount, int) else day
        return back, None, DueReason.PERIOD_ENDS
    assert isinstance(amount, int)
    last = _shifted(day, amount, unit, is_rest_day)
    rolled = next_working_day(last, is_rest_day) if step.rolls is True and unit != "h" else last
    return rolled, None, DueReason.ROLLED if rolled != last else DueReason.COUNTED


def _shifted(day: date, amount: int, unit: str, is_rest_day: RestDays) -> date:
    """Return the day that lies so many units away; hours of an event without an hour are days."""
    if unit == "mo":
        return _months_away(day, amount)
    if unit == "workday" and amount > 0:
        return add_working_days(day, amount, is_rest_day)
    if unit == "workday":  # working days before an end: counted as days that are all needed
        return _working_days_before(day, -amount, is_rest_day)
    days = {"d": amount, "wk": 7 * amount}.get(unit, amount // 24)
    return shift_day(day, days)


def _working_days_before(day: date, count: int, is_rest_day: RestDays) -> date:
    while count > 0 and day > date.min:
        day = shift_day(day, -1)
        count -= not is_rest_day(day)
    return day


def _months_away(day: date, months: int) -> date:
    """Return the same day of the month so many months away, or that month's last day."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _hours_later(start: ZonedTime, hours: int) -> ZonedTime:
    """Return the time so many hours later, as clocks in the same zone show it."""
    latest = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
    room = max(latest - start.utc, timedelta())
    then = start.utc + min(timedelta(hours=hours), room)
    shown = then.astimezone(zone_rules(start.zone, start.offset))
    offset = shown.utcoffset() or timedelta()
    return ZonedTime(
        shown.replace(tzinfo=None, fold=0), start.zone, int(offset.total_seconds()) // 60
    )


def _warnings(step: ClockStep, length: int | None) -> tuple[tuple[int, ...], tuple[ClockNote, ...]]:
    """Return the reminders, those that a clock of this many days can give, and what is wrong."""
    days, is_read = warning_days(step.warn)
    notes = () if is_read else (ClockNote.BAD_WARNING,)
    if not days:
        return _DEFAULT_WARNINGS.get(step.clock, _OTHER_WARNINGS), notes
    if length is not None and any(day > length for day in days):
        fitting = tuple(day for day in days if day <= length)
        return fitting or (max(length, 0),), (*notes, ClockNote.WARNS_TOO_EARLY)
    return days, notes


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
