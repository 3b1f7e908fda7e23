# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences about procedures: deadlines, clocks that have not begun, and faults of steps.

They say who must act and what is missing; they decide nothing.
"""

from collections.abc import Mapping
from datetime import date

from kfdesk.domain.codes.procedures import CLOCK_EVENTS
from kfdesk.domain.procedures.clocks import (
    ClockFault,
    ClockNote,
    Due,
    DueReason,
    NotDue,
    done_key,
)
from kfdesk.domain.procedures.steps import FoundFault, StepFault
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language

_MOST_LETTERS = 60  # of a text from a record inside a sentence

_DUE_REASONS: Mapping[DueReason, str] = {
    DueReason.ROLLED: N_("moved to the next working day"),
    DueReason.PERIOD_ENDS: N_("by the last day of the period in the decision"),
    DueReason.PROLONGED: N_("prolonged"),
}

_CLOCK_NOTES: Mapping[ClockNote, str] = {
    ClockNote.SET_BY_HAND: N_("The beginning was entered by hand."),
    ClockNote.STARTS_LATER: N_("It begins on a day that is still to come."),
    ClockNote.WARNS_TOO_EARLY: N_("A reminder would come before the beginning: it is left out."),
    ClockNote.BAD_WARNING: N_("One of the reminders is no number of days: it is left out."),
    ClockNote.PROLONGED_TO_NO_LATER_DAY: N_(
        "It was prolonged to a day that is not later: that changes nothing."
    ),
}

_CLOCK_FAULTS: Mapping[ClockFault, str] = {
    ClockFault.NO_CLOCK: N_("No deadline"),
    ClockFault.NOT_BEGUN: N_("The clock has not begun: {event}"),
    ClockFault.NO_DAY: N_("The clock has not begun, because the exact day is missing: {event}"),
    ClockFault.UNKNOWN_EVENT: N_("No clock: this program does not know what starts it ({event})."),
    ClockFault.UNKNOWN_UNIT: N_("No clock: this program does not know its unit ({event})."),
    ClockFault.UNIT_MISSING: N_("No clock: choose days, weeks or months."),
    ClockFault.AMOUNT_MISSING: N_("No clock: enter how long."),
    ClockFault.AMOUNT_OUT_OF_RANGE: N_("No clock: the time must be more than 0, up to ten years."),
    ClockFault.STEP_MISSING: N_("No clock: the step that starts it is missing."),
    ClockFault.ORDER: N_("No clock: the order of the steps goes round in a circle."),
}

_STEP_FAULTS: Mapping[StepFault, str] = {
    StepFault.NO_NUMBER: N_("This step has no number."),
    StepFault.SAME_NUMBER: N_("Another step has the same number: {about}"),
    StepFault.AFTER_MISSING: N_("It comes after step {about}, which is not there."),
    StepFault.AFTER_RING: N_("It comes after itself, through other steps: its clock is off."),
    StepFault.START_MISSING: N_("Its clock waits for step {about}, which is not there."),
    StepFault.UNKNOWN_CODE: N_("This program does not know “{about}”. A newer one may."),
    StepFault.BAD_WARNING: N_("The reminders do not fit the time: {about}"),
    StepFault.AMOUNT: N_("Enter how long: more than 0, up to ten years."),
    StepFault.UNIT: N_("Choose days, weeks or months."),
    StepFault.LAW_NOT_READ: N_("Not checked: nobody wrote down that {about} was read."),
    StepFault.LAW_OLD: N_("{about} was read more than a year ago. Read it again."),
}


def event_text(event: str, language: Language) -> str:
    """Return what starts a clock: a code of CLOCK_EVENTS, or the key that a step is done."""
    step = event.removeprefix(done_key(""))
    if step != event:
        return language.gettext(N_("step {number} is not done")).format(number=_cut(step))
    return language.gettext(CLOCK_EVENTS[event]) if event in CLOCK_EVENTS else _cut(event)


def not_due_text(found: NotDue, language: Language) -> str:
    """Return why a step has no last day."""
    event = event_text(found.waits_for, language)
    return language.gettext(_CLOCK_FAULTS[found.fault]).format(event=event)


def days_left_text(days: int, language: Language) -> str:
    """Return how far a day is away: today, in so many days, so many days ago."""
    if not days:
        return language.gettext(N_("today"))
    if days > 0:
        return language.ngettext("in {count} day", "in {count} days", days).format(count=days)
    words = language.ngettext("{count} day ago", "{count} days ago", -days)
    return words.format(count=-days)


def last_day_text(found: Due, today: date, language: Language) -> str:
    """Return the last day, with its year if it is not this one; of hours the hour and the zone."""
    day = language.day(found.last_day, year=found.last_day.year != today.year, weekday=True)
    if found.moment is None:
        return day
    hour = language.clock(found.moment.wall)
    return f"{day} {hour} {language.zone_name(found.moment.zone, found.moment.wall)}"


def due_notes(found: Due, language: Language) -> str:
    """Return why a last day is what it is; empty if it was simply counted."""
    said = [language.gettext(_CLOCK_NOTES[note]) for note in found.notes]
    if found.because in _DUE_REASONS:
        said.insert(0, language.gettext(_DUE_REASONS[found.because]))
    return " · ".join(said)


def due_text(found: Due | NotDue, today: date, language: Language) -> str:
    """Return one line: the last day and how far it is away, or why there is none."""
    if isinstance(found, NotDue):
        return not_due_text(found, language)
    left = days_left_text(found.days_left(today), language)
    return f"{last_day_text(found, today, language)} · {left}"


def step_fault_text(found: FoundFault, language: Language) -> str:
    """Return what is wrong with a step, and what to do."""
    return language.gettext(_STEP_FAULTS[found.fault]).format(about=_cut(found.about))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS].rstrip()} …"
