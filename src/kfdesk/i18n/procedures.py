# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences about procedures: versions, deadlines, clocks of steps, and faults of steps.

They say who must act and what is missing; they decide nothing.
"""

from collections.abc import Mapping
from datetime import date

from kfdesk.domain.codes.procedures import CLOCK_EVENTS, CLOCK_KINDS, PROCEDURE_ACTORS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.clocks import (
    END_EVENTS,
    ClockFault,
    ClockNote,
    Due,
    DueReason,
    NotDue,
    done_key,
)
from kfdesk.domain.procedures.steps import AnyStep, FoundFault, StepDoubt, StepFault
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.i18n.days import days_left_text
from kfdesk.i18n.language import Language
from kfdesk.i18n.message import Message
from kfdesk.i18n.phrases import field_of, localized_text, short_day_text, value_text

_ASK_FOR_PROCEDURE = N_("Nothing was imported. Ask for the procedure again, as a file of kfdesk.")

PROCEDURE_FILE_MESSAGES: Mapping[str, Message] = {
    "procedure.too_large": Message(
        N_("This file is larger than {most} megabytes, and was not opened."), _ASK_FOR_PROCEDURE
    ),
    "procedure.too_many": Message(
        N_("This procedure has more than {most} steps, and was not read to its end."),
        N_("Nothing was imported. Ask for it as several procedures."),
    ),
    "procedure.not_json": Message(N_("This file is not a procedure."), _ASK_FOR_PROCEDURE),
    "procedure.newer": Message(
        N_("This procedure was saved by a newer version of the program."),
        N_(
            "Nothing was imported. Install the newer version on this computer, then read the file "
            "again."
        ),
    ),
    "procedure.not_readable": Message(
        N_("This file cannot be read."),
        N_("Check that the USB stick is plugged in, and choose the file again."),
    ),
    "procedure.one_source": Message(
        N_("An import takes one file, or one procedure that comes with the program."),
        N_("Nothing was imported. Name one of them."),
    ),
    "procedure.not_shipped": Message(
        N_("Only these procedures come with the program: {known}."),
        N_("Nothing was imported. Choose one of them."),
    ),
    "procedure.stays": Message(
        N_("This procedure is secret, so there is no file."),
        N_("Its form shows who may see it."),
    ),
    "procedure.undecided": Message(
        N_("Something in this procedure has two values, and no one has decided which is right."),
        N_("Open it under Procedures, decide which value is right, then try again."),
    ),
    "procedure.torn": Message(
        N_("The file is not as expected at this place: {place}."),
        N_("Nothing was imported. Correct that place, or ask for the file again."),
    ),
}

_MOST_LETTERS = 60  # of a text from a record inside a sentence

_DUE_REASONS: Mapping[DueReason, str] = {
    DueReason.ROLLED: N_("moved to the next working day"),
    DueReason.PERIOD_ENDS: N_("by the last day of the period in the decision"),
    DueReason.PROLONGED: N_("extended"),
}

_CLOCK_NOTES: Mapping[ClockNote, str] = {
    ClockNote.SET_BY_HAND: N_("The beginning was entered by hand."),
    ClockNote.STARTS_LATER: N_("It begins on a day that is still to come."),
    ClockNote.WARNS_TOO_EARLY: N_("One reminder would come before the start, so it is left out."),
    ClockNote.BAD_WARNING: N_("One of the reminders is not a number of days, so it is left out."),
    ClockNote.PROLONGED_TO_NO_LATER_DAY: N_(
        "It was extended to a day that is not later, so nothing changes."
    ),
    ClockNote.EARLIER_READING: N_(
        "No decision gives the last day. It is counted with the first day; if that day does not "
        "count, it is one day later. Enter the last day from the decision."
    ),
    ClockNote.HOLIDAYS_UNKNOWN: N_(
        "Only Saturdays and Sundays are counted as days off in this country. Check its holidays."
    ),
}

_CLOCK_FAULTS: Mapping[ClockFault, str] = {
    ClockFault.NO_CLOCK: N_("No deadline"),
    ClockFault.NOT_BEGUN: N_("The time limit has not started. It waits for: {event}"),
    ClockFault.NO_DAY: N_("The time limit has not started. An exact day is missing: {event}"),
    ClockFault.UNKNOWN_EVENT: N_(
        "The time limit is not being counted: this program does not know what starts it ({event})."
    ),
    ClockFault.UNKNOWN_UNIT: N_(
        "The time limit is not being counted: this program does not know its unit ({event})."
    ),
    ClockFault.UNIT_MISSING: N_(
        "The time limit is not being counted: choose days, weeks or months."
    ),
    ClockFault.AMOUNT_MISSING: N_("The time limit is not being counted: enter its length."),
    ClockFault.AMOUNT_OUT_OF_RANGE: N_(
        "The time limit is not being counted: it must be more than 0 and at most ten years."
    ),
    ClockFault.STEP_MISSING: N_(
        "The time limit is not being counted: the step that starts it is missing."
    ),
    ClockFault.ORDER: N_(
        "The time limit is not being counted: the order of the steps goes round in a circle."
    ),
}

_STEP_FAULTS: Mapping[StepFault, str] = {
    StepFault.NO_NUMBER: N_("This step has no number."),
    StepFault.SAME_NUMBER: N_("Another step has the same number: {about}"),
    StepFault.AFTER_MISSING: N_("It comes after step {about}, which is not there."),
    StepFault.AFTER_RING: N_(
        "It comes after itself, through other steps, so it has no time limit."
    ),
    StepFault.START_MISSING: N_("Its time limit waits for step {about}, which is not there."),
    StepFault.UNKNOWN_CODE: N_("This program does not know “{about}”. A newer one may."),
    StepFault.BAD_WARNING: N_("The reminders do not fit the time limit: {about}"),
    StepFault.AMOUNT: N_("Enter its length: more than 0, at most ten years."),
    StepFault.UNIT: N_("Choose days, weeks or months."),
    StepFault.LAW_NOT_READ: N_("Not checked: it is not recorded that {about} was read."),
    StepFault.LAW_OLD: N_("{about} was read more than a year ago. Read it again."),
}

_STEP_REMEDIES: Mapping[StepFault, str] = {
    StepFault.NO_NUMBER: N_("Write a number, such as 6 or 6b."),
    StepFault.SAME_NUMBER: N_("Give one of the two another number, such as 6b."),
    StepFault.AFTER_MISSING: N_("Correct the number under “After the steps”, or add that step."),
    StepFault.AFTER_RING: N_("Take one number out of “After the steps”."),
    StepFault.START_MISSING: N_(
        "Correct the number under “Which step starts the time limit”, or add that step."
    ),
    StepFault.UNKNOWN_CODE: N_(
        "It is kept as it is. Install the newer version of the program, or choose a word from "
        "the list."
    ),
    StepFault.BAD_WARNING: N_(
        "Enter numbers of days with spaces between them, none longer than the time limit: 15 10 3."
    ),
    StepFault.AMOUNT: N_("The number is under “How long”."),
    StepFault.UNIT: N_("The choice is under “Unit”."),
    StepFault.LAW_NOT_READ: N_(
        "Read the law, then enter the day under “Law read on”, and who read it under “Law read by”."
    ),
    StepFault.LAW_OLD: N_("Then enter the new day under “Law read on”."),
}

_STEP_DOUBTS: Mapping[StepDoubt, str] = {
    StepDoubt.FREE_MOVEMENT: N_(
        "Not clear for a citizen of the EU, the EEA or Switzerland: the law says “an alien”, and "
        "no lawyer has answered this here. Ask counsel."
    ),
    StepDoubt.CITIZENSHIP: N_(
        "Not clear: the citizenship is not entered. Enter it under Person, or ask counsel."
    ),
}

_SINCE: Mapping[str, str] = {
    "opened": N_("from the beginning"),
    "step_done": N_("after step {step}"),
    "consent_given": N_("from her consent"),
    "reflection_granted": N_("from the grant of the reflection period"),
    "reflection_ends": N_("before the reflection period ends"),
    "permit_granted": N_("from the grant of the permit"),
    "permit_ends": N_("before the permit ends"),
    "investigation_opened": N_("from the beginning of the investigation"),
    "wish_stated": N_("from her wish"),
    "reception_asked": N_("from the question to the receiver"),
    "risk_done": N_("from the assessment of the risks"),
    "departed": N_("from the departure"),
    "arrived": N_("from the arrival"),
}
_PERIODS: Mapping[str, str] = {
    "reflection_ends": N_("of the reflection period"),
    "permit_ends": N_("of the permit"),
}
"""Periods of which the last day is the last day of a step, where it has no time of its own."""


def actor_name(code: object, language: Language) -> str:
    """Return who leads or stands in; a code of a newer program as it is, and nothing for none."""
    return _known(PROCEDURE_ACTORS, code, language)


def clock_kind(code: object, language: Language) -> str:
    """Return whether a deadline is one of the law, agreed or advised; nothing for none."""
    return _known(CLOCK_KINDS, code, language)


def _known(codes: Mapping[str, str], code: object, language: Language) -> str:
    said = code if isinstance(code, str) else ""
    return language.gettext(codes[said]) if said in codes else _cut(said)


def event_text(event: str, language: Language) -> str:
    """Return what starts a clock: a code of CLOCK_EVENTS, or the key that a step is done."""
    step = event.removeprefix(done_key(""))
    if step != event:
        return language.gettext(N_("step {number} is done")).format(number=_cut(step))
    return language.gettext(CLOCK_EVENTS[event]) if event in CLOCK_EVENTS else _cut(event)


def not_due_text(found: NotDue, language: Language) -> str:
    """Return why a step has no last day."""
    event = event_text(found.waits_for, language)
    within = f"{event[:1].lower()}{event[1:]}"
    return language.gettext(_CLOCK_FAULTS[found.fault]).format(event=within)


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


def step_fault_remedy(found: FoundFault, language: Language) -> str:
    """Return what somebody who may write in the procedure can do about a fault."""
    return language.gettext(_STEP_REMEDIES[found.fault])


def step_doubt_text(doubt: StepDoubt, language: Language) -> str:
    """Return why it is not clear whether a step applies, and whom to ask."""
    return language.gettext(_STEP_DOUBTS[doubt])


# --- a version, in words


def procedure_title(record: Procedure, language: Language) -> str:
    """Return the name of a procedure, or that it has none."""
    name = _word(localized_text(record.title, language))
    return name or language.gettext(N_("without a name"))


def version_text(record: Procedure, language: Language) -> str:
    """Return `version 3`, or that the version has no number."""
    version = _word(record.version)
    if not version:
        return language.gettext(N_("version without a number"))
    return language.gettext(N_("version {version}")).format(version=version)


def area_text(record: Procedure, language: Language) -> str:
    """Return the country and region where a procedure is followed; empty without both."""
    country = record.country
    named = value_text(field_of("procedure", "country"), country, language) if country else ""
    return ", ".join(one for one in (named, _word(record.region)) if one)


def in_force_text(record: Procedure, language: Language) -> str:
    """Return from when until when a version is in force; empty without a day."""
    first, last = (
        short_day_text(one, language) for one in (record.effective_from, record.effective_to)
    )
    if first and first == last:
        return first
    if first and last:
        return f"{first} – {last}"
    if first:
        return language.gettext(N_("from {day}")).format(day=first)
    return language.gettext(N_("until {day}")).format(day=last) if last else ""


def law_read_text(step: ProcedureStep, language: Language) -> str:
    """Return by whom and when the law of a step was read; empty if nobody wrote that down."""
    if not isinstance(step.law_read, date):
        return ""
    day, reader = language.short_day(step.law_read, year=True), _word(step.law_read_by)
    if not reader:
        return language.gettext(N_("read on {day}")).format(day=day)
    return language.gettext(N_("read on {day} by {name}")).format(day=day, name=reader)


# --- the clock of a step, in words


def clock_text(step: AnyStep, language: Language) -> str:
    """Return how long a step may take, and whether the law says so; empty without a clock."""
    kind = _word(step.clock)
    if not kind:
        return ""
    if isinstance(step.amount, int):
        time = _duration(step.amount, _word(step.unit), language)
    elif _word(step.event) in END_EVENTS:
        time = language.gettext("by the last day")
    else:
        time = language.gettext("at once")
        if kind == "advised":
            return time
    named = language.gettext(CLOCK_KINDS[kind]) if kind in CLOCK_KINDS else kind
    return f"{time} · {named[:1].lower()}{named[1:]}"


def since_text(step: AnyStep, language: Language) -> str:
    """Return what starts the clock of a step; empty without a clock that has a beginning."""
    event = _word(step.event)
    if not event or not _word(step.clock):
        return ""
    if event not in _SINCE:
        return event
    if event in _PERIODS and not isinstance(step.amount, int):
        return language.gettext(_PERIODS[event])
    return language.gettext(_SINCE[event]).format(step=_word(step.event_step) or "?")


def _duration(amount: int, unit: str, language: Language) -> str:
    match unit:
        case "h":
            said = language.ngettext("{count} hour", "{count} hours", amount)
        case "d":
            said = language.ngettext("{count} day", "{count} days", amount)
        case "workday":
            said = language.ngettext("{count} working day", "{count} working days", amount)
        case "wk":
            said = language.ngettext("{count} week", "{count} weeks", amount)
        case "mo":
            said = language.ngettext("{count} month", "{count} months", amount)
        case _:
            return f"{amount} {unit}".strip()
    return said.format(count=amount)


def _word(value: object) -> str:
    """Return a plain text on one line; empty without one."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def upcoming_text(number: str, who: str, days: int, language: Language) -> str:
    """Return the next deadline in a few words: its step, who acts if said, in how many days."""
    if not who:
        words = language.gettext(N_("next: {number}, {when}"))
    else:
        words = language.gettext(N_("next: {number}, {who}, {when}"))
    when = days_left_text(days, language)
    return words.format(number=_cut(number or "–", 8), who=_cut(who, 40), when=when)


def _cut(text: str, most: int = _MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()} …"
