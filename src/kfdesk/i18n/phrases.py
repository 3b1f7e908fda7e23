# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts made of values: gates, warnings, alarms, field values, hours, risk items.

Each needs the value and a language and nothing else. Knows no page and no paper.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from babel import Locale

from kfdesk.domain.codes.case import GATES
from kfdesk.domain.codes.risk import CONFIDENCE, RISK_ANSWER, RISK_ITEM, RISK_LEVEL, RISK_SOURCE
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.directory import ALWAYS_OPEN, OpeningHours, parse_hours
from kfdesk.domain.kinds import CodeKind, CodeSetKind
from kfdesk.domain.leak_check.spelling import normalize_word
from kfdesk.domain.message_marks import N_, for_client
from kfdesk.domain.records.registry import RECORD_TYPES, is_question
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import RiskItem, RiskState, RiskStatus, ThemeAnswer, theme_on_line
from kfdesk.domain.schema import Field
from kfdesk.domain.values import (
    LocalizedText,
    MissingAnswer,
    PartialDate,
    Translation,
    Value,
    ZonedTime,
    text_in_language,
)
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.domain.workflow.decision import NO_CHILD
from kfdesk.domain.workflow.gates import Gate, GateReason
from kfdesk.i18n.contradictions import CONTRADICTION_SENTENCES
from kfdesk.i18n.language import Language

# --- gates, warnings and alarms

GATE_REASONS: Mapping[GateReason, str] = {
    GateReason.UNDECIDED: N_(
        "Two organisations have written different values here. Decide which one is right."
    ),
    GateReason.MISSING: N_("This is not filled in yet."),
    GateReason.NOT_YES: N_("The answer here is not yes."),
    GateReason.IN_THE_FUTURE: N_("This time is in the future."),
    GateReason.TOO_OLD: N_("This was too long ago. It must be done again."),
    GateReason.NO_CONSENT: N_("There is no valid consent for this."),
    GateReason.CONSENT_ENDED: N_("The consent for this has expired."),
    GateReason.CONSENT_WITHDRAWN: N_("She has withdrawn the consent for this."),
    GateReason.GUARDIAN_MUST_CONSENT: N_("For a child, the guardian must consent."),
    GateReason.OURS_MISSING: N_("We have not assessed the risks yet."),
    GateReason.THEIRS_MISSING: N_(
        "The receiver has not assessed the risks yet, or has not sent the assessment."
    ),
    GateReason.OUT_OF_DATE: N_("The risk assessment is no longer valid."),
    GateReason.QUESTIONS_OPEN: N_("There are risk questions without an answer."),
    GateReason.BEFORE_IT_WENT_BACK: N_(
        "This was done before the plan was sent back. It must be done again."
    ),
    GateReason.NOT_ASKED: N_("No one has been asked yet."),
    GateReason.HEARING: N_(
        "There is a hearing ahead at which she must be present, or may have to be."
    ),
    GateReason.CLAIM_LOST: N_(
        "Something is lost when she leaves, or it is not recorded that nothing is."
    ),
    GateReason.RESULT_UNCLEAR: N_("The result is missing or not clear."),
    GateReason.BEFORE_IT_WAS_KNOWN: N_(
        "It was decided before the child was heard and the family assessed."
    ),
    GateReason.NOT_IN_FAVOUR: N_("It was not decided in favour of return."),
    GateReason.CONCLUSION_FORBIDS: N_(
        "The risks do not allow the return. This cannot be set aside."
    ),
    GateReason.NOBODY_APPROVED: N_("No second person has approved it yet."),
    GateReason.SAME_PERSON: N_(
        "The person who approved this also asked for it, or moved the plan on."
    ),
    GateReason.RISK_IS_NEWER: N_("The risks have been assessed again since. Approve it again."),
    GateReason.OTHER_LANGUAGE: N_("It was not in a language that she speaks."),
    GateReason.NOT_READ_ALOUD: N_(
        "There is no text in this language. An interpreter must read it to her before she signs."
    ),
    GateReason.NO_RECEIVER: N_("The plan names no receiver."),
    GateReason.NO_GROUND: N_("No legal basis is chosen for transfer to a third country."),
    GateReason.NOT_WARNED: N_("She was not warned about the third country."),
    GateReason.NOT_CONFIRMED: N_("The receiver has not confirmed it."),
    GateReason.TOO_FEW_DOCUMENTS: N_("Not every traveller has a valid travel document."),
    GateReason.DOCUMENT_ENDS: N_("The travel document is not valid for the whole journey."),
    GateReason.NO_LEGS: N_("The journey has no legs."),
    GateReason.NOT_BOOKED: N_("This leg is not booked."),
    GateReason.OTHER_CLOCK: N_("This time is told by the clocks of another place."),
    GateReason.NOBODY_MEETS: N_("She is not met on this leg, and she has not chosen that."),
    GateReason.CHILD_ALONE: N_("A child must be met on every leg."),
    GateReason.ESCORT_OBLIGATORY: N_("A child must have company on the journey."),
    GateReason.ENDS_TOO_EARLY: N_("This expires before she has arrived."),
    GateReason.PAPER_HAS_FAULTS: N_("Something on her sheet is missing or wrong."),
    GateReason.WISH_IS_ANOTHER: N_("She does not wish to return."),
    GateReason.NOT_RECORDED: N_("Not recorded yet."),
    GateReason.IN_THE_PAST: N_("This day has already passed."),
    GateReason.HAS_OWN_DESK: N_(
        "The receiver uses this program: its own assessment must arrive in its own exchange file."
    ),
    GateReason.CONSENT_INCOMPLETE: N_("The consent is incomplete. Talk it through with her again."),
    GateReason.SOMETHING_HAPPENED: N_("Since then something has happened that changes the risks."),
    GateReason.STILL_VERY_HIGH: N_(
        "A risk is very high even with every measure in place. This cannot be set aside."
    ),
    GateReason.MEASURE_NOT_AGREED: N_("The measure against a high risk is not agreed yet."),
    GateReason.OTHER_NAME: N_("The name differs from the one on the ticket."),
    GateReason.NOT_IN_HAND: N_("The visa is not in hand yet."),
    GateReason.NOT_LISTED: N_("Someone who travels with her is not listed under Who travels."),
    GateReason.NO_OWN_DOCUMENT: N_(
        "Each traveller needs a valid document of their own, a baby too."
    ),
    GateReason.WHOSE_DOCUMENT: N_("Choose whose document this is, if it is not hers."),
}

WARNING_SENTENCES: Mapping[str, str] = {
    "arrives_before_departs": N_("She would arrive before she leaves. Check times and zones."),
    "leaves_before_the_one_above_arrives": N_("This leg departs before the one above has arrived."),
    "meeter_without_a_number": N_(
        "The person who waits here has no phone number. Choose a contact with one."
    ),
    "escort_is_the_client": N_("The client is entered as her own companion."),
    "document_ends_before_arrival": N_("This document expires before she has arrived."),
    "name_is_not_as_on_the_ticket": N_("The name differs from the one on the ticket."),
    "hearing_during_the_journey": N_("This hearing takes place during the journey."),
    "traveller_twice": N_("This person is listed twice. Put one of the two in the bin."),
    "traveller_stays": N_(
        "This person is not recorded as travelling with her, so no paper names them. "
        "Change it under Person, or put this in the bin."
    ),
    "document_of_nobody": N_("No one who travels has this document. Choose whose it is."),
    **CONTRADICTION_SENTENCES,
    "counts_as_child": N_(
        "This person's age is in doubt, so the conditions for a child apply. "
        "Answer it under Person."
    ),
}

ALARM_SENTENCES: Mapping[AlarmKind, str] = {
    AlarmKind.LEG_MISSED: N_("She missed a connection, and no replacement leg has been added."),
    AlarmKind.NOT_DEPARTED: N_("No departure is recorded, and its time has passed."),
    AlarmKind.NOT_ARRIVED: N_("No arrival is recorded, and its time has passed."),
    AlarmKind.CHECK_IN_MISSED: N_("She has not checked in."),
    AlarmKind.RECEPTION_WITHDRAWN: N_("Her reception is no longer confirmed."),
    AlarmKind.SOMETHING_HAPPENED: N_(
        "Something has happened that changes the risks. Review them under Risk."
    ),
}

GATE_REFUSALS: Mapping[str, tuple[str, str]] = {
    "record.guarded": (
        N_("This record is filled in by the program."),
        N_("Nothing was saved. Use the matching step on the plan's page."),
    ),
    "record.not_ours": (
        N_("These are another organisation's own words."),
        N_("Nothing was saved. Ask them to change it and to send it again."),
    ),
    "procedure.in_force": (
        N_("This version of the procedure is or was in force, so it can no longer be changed."),
        N_("Make the next version, and change that."),
    ),
    "procedure.no_steps": (
        N_("There is no step."),
        N_("Write at least one step, or choose one."),
    ),
    "procedure.step_faults": (
        N_("A step has no number, has the number of another step, or follows itself."),
        N_("Correct the numbers of the steps that are marked, and try again."),
    ),
    "procedure.version_taken": (
        N_("Another version of this procedure has the same number."),
        N_("Give this version another number."),
    ),
    "procedure.overlap": (
        N_("Another version of this procedure is in force on the same days."),
        N_("End that version first, or let this one begin later."),
    ),
    "procedure.not_active": (
        N_("This version of the procedure is not in force."),
        N_("Choose the version that is in force."),
    ),
    "cooperation.open": (
        N_("This plan has a cooperation that is open."),
        N_("Switch to the other version, or close the open one first."),
    ),
    "cooperation.closed": (
        N_("This cooperation is closed."),
        N_("Open it again, or write in the one that is open."),
    ),
    "cooperation.changed_since": (
        N_("Something has changed since this was shown."),
        N_("Nothing was saved. Look at it again."),
    ),
    "step.no_state": (
        N_("A step cannot be given this status in this way."),
        N_("Use the button that belongs to the status."),
    ),
    "step.in_future": (
        N_("This time has not come yet."),
        N_("Enter a time in the past."),
    ),
    "step.has_proof": (
        N_("A record shows that this step is done; it cannot be ticked by hand."),
        N_("Open the record from the step, and fill it in."),
    ),
    "step.out_of_order": (
        N_("A step that comes before this one is open."),
        N_("Write why this one is done first."),
    ),
    "step.reason_missing": (
        N_("The reason is missing."),
        N_("Write in a few words why."),
    ),
    "step.not_prolonged": (
        N_("The law sets this last day, and the procedure names no one who can extend it."),
        N_("If the law has changed, make the next version of the procedure."),
    ),
    "step.no_deadline": (
        N_("The time limit of this step has not started, so there is nothing to extend."),
        N_("Write down first what starts it."),
    ),
    "step.not_later": (
        N_("The new last day is not later than the current one."),
        N_("Enter a later day."),
    ),
    "suggestion.own_entry": (
        N_("This is our own entry: it needs no suggestion."),
        N_("Change the entry itself."),
    ),
    "suggestion.not_ours": (
        N_("Another organisation is responsible for this entry and decides about it."),
        N_("You do not need to do anything."),
    ),
    "suggestion.decided": (
        N_("This suggestion has already been decided."),
        N_("You do not need to do anything."),
    ),
    "directory.circular": (
        N_("An organisation cannot be part of itself, directly or through others."),
        N_("Nothing was saved. Choose another one, or empty the field."),
    ),
    "membership.fixed": (
        N_(
            "A membership cannot pass to another organisation. The first one would not learn that "
            "it is no longer a member."
        ),
        N_("Nothing was saved. End this membership, and add the other organisation as a member."),
    ),
    "membership.too_early": (
        N_("This membership would begin before its network."),
        N_("Nothing was saved. Change one of the two days."),
    ),
    "work.ends_early": (
        N_("This would end before it begins: {field}."),
        N_("Nothing was saved. Change one of the two times."),
    ),
    "work.negative": (
        N_("This number cannot be below zero: {field}."),
        N_("Nothing was saved. Enter the number again, or leave the field empty."),
    ),
    "work.no_currency": (
        N_("A budget needs its currency."),
        N_("Nothing was saved. Enter the currency in three letters, such as SEK or EUR."),
    ),
    "work.not_a_currency": (
        N_("A currency has three capital letters."),
        N_("Nothing was saved. Enter three letters, such as SEK or EUR."),
    ),
    "work.wrong_place": (
        N_("This cannot be added here."),
        N_(
            "Nothing was saved. A meeting about a client is a case conference: add it in her "
            "plan, under Cooperation."
        ),
    ),
    "work.not_member": (
        N_("We are not a member of this network today."),
        N_("Nothing was saved. Ask the organisation that coordinates the network."),
    ),
    "network.has_work": (
        N_("This network has meetings, agreements or projects, which would be hidden."),
        N_("Nothing was merged. Keep both, and go on in one of them."),
    ),
    "agreement.not_data_sharing": (
        N_("Only an agreement about sharing personal data can be a legal basis for sending."),
        N_("Nothing was changed. Choose that kind of agreement first."),
    ),
    "agreement.not_a_party": (
        N_("This partner has not signed the agreement."),
        N_("Nothing was changed. Add the partner to its parties, with the day it signed."),
    ),
    "field.guarded": (
        N_("This is filled in by the program: {field}."),
        N_("Nothing was saved. Use the matching step on the plan's page."),
    ),
    "plan.read_only": (
        N_("This plan is closed and can no longer be changed."),
        N_("Nothing was saved. Open a new plan that follows it."),
    ),
    "check.proven": (
        N_("The records answer this point; it cannot be ticked by hand."),
        N_("Nothing was saved. Fill in what the point leads to; then it is ticked."),
    ),
    "plan.gate_open": (
        N_("Not everything is ready for this step yet."),
        N_("The plan is unchanged. Complete the missing conditions, and try the step again."),
    ),
    "plan.no_such_step": (
        N_("This step is not possible from the plan's current status."),
        N_("The plan is unchanged. Choose one of the steps shown on its page."),
    ),
    "plan.undecided": (
        N_("Two organisations have given this plan a different status."),
        N_("The plan is unchanged. Decide first which status is right."),
    ),
    "plan.not_ours": (
        N_("Another organisation is responsible for this plan."),
        N_("The plan is unchanged. Its steps are taken there."),
    ),
    "plan.was_sent": (
        N_("This plan was sent to a partner, so it cannot go to the bin."),
        N_("The plan is unchanged. Cancel it under Decision, or erase all data under Retention."),
    ),
    "plan.was_printed": (
        N_("Papers of this plan were printed, so it cannot go to the bin."),
        N_("The plan is unchanged. Cancel it under Decision, or erase all data under Retention."),
    ),
    "plan.was_approved": (
        N_("A second person has approved this plan, so it cannot go to the bin."),
        N_("The plan is unchanged. Cancel it under Decision, or erase all data under Retention."),
    ),
    "together.same_client": (
        N_("Both plans are of the same client."),
        N_("Nothing was saved. Choose a plan of another client."),
    ),
    "together.taken": (
        N_("One of the two travels together with someone else."),
        N_("Nothing was saved. End that first, if it no longer applies."),
    ),
    "together.ended": (
        N_("One of the two plans has ended."),
        N_("Nothing was saved. Choose a plan that has not ended."),
    ),
    "plan.in_the_future": (
        N_("This time is in the future, so it cannot have happened yet."),
        N_("Nothing was saved. Check the date, the time and the time zone."),
    ),
    "plan.too_early": (
        N_("This can be recorded from 24 hours before the leg departs."),
        N_("Nothing was saved. If it has happened, enter it in the form of the leg."),
    ),
    "risk.not_receiver": (
        N_(
            "This plan does not name you as the receiver, so your assessment would not be "
            "valid yet."
        ),
        N_(
            "Nothing was saved. Ask the organisation that sent the plan to name you as the "
            "receiver, under Travel, and to send the plan again."
        ),
    ),
    "approval.same_person": (
        N_("A second person must do this: you asked for it, or moved the plan on."),
        N_("Nothing was saved. Ask someone else in your organisation, or the partner."),
    ),
    "approval.no_reason": (
        N_("A condition can be set aside only with a reason."),
        N_("Nothing was saved. Write down the reason."),
    ),
    "approval.not_possible": (
        N_("This condition cannot be set aside."),
        N_("Nothing was saved. Complete the missing condition first."),
    ),
    "consent.needs_two": (
        N_("If her life is in danger, two people decide, and not the client."),
        N_("Nothing was saved. Use the step “Danger to life (vital interests)”."),
    ),
    "consent.no_reason": (
        N_("A decision because of danger to life needs a reason."),
        N_("Nothing was saved. Write down the reason."),
    ),
    "consent.incomplete": (
        N_("This consent is not complete yet, so nothing may be shared."),
        N_("It remains a draft. Do what the notes beside the fields ask, and record it again."),
    ),
    "consent.not_vital": (
        N_("Nothing here is waiting for a second person."),
        N_("Nothing was saved. Open the plan again to see what is valid."),
    ),
}
"""Sentence and remedy of refused transitions of a plan; `messages.py` includes them."""


_NO_CHILD_TRAVELS = N_("Child conditions")


def gate_label(code: str, words: Language) -> str:
    """Return what a gate demands."""
    return words.gettext(_NO_CHILD_TRAVELS if code == NO_CHILD else GATES[code])


def gate_sentence(gate: Gate, words: Language) -> str:
    """Return why a gate is not met; empty if it is."""
    return words.gettext(GATE_REASONS[gate.why]) if gate.why is not None else ""


def warning_sentence(code: str, words: Language) -> str:
    """Return what is inconsistent."""
    return words.gettext(WARNING_SENTENCES[code])


def alarm_sentence(kind: AlarmKind, words: Language) -> str:
    """Return what an alarm is about."""
    return words.gettext(ALARM_SENTENCES[kind])


# --- words for the leak check

_WIDTHS = ("wide", "abbreviated")
_CONTEXTS = ("format", "stand-alone")


def month_names(languages: Iterable[str]) -> dict[str, int]:
    """Return month numbers by folded names, in these languages (ISO 639-1)."""
    return {
        normalize_word(name.rstrip(".")): number
        for code in languages
        for context in _CONTEXTS
        for width in _WIDTHS
        for number, name in Locale.parse(code).months[context][width].items()
        if not name[:1].isdigit()
    }


def calendar_words(code: str) -> Iterator[str]:
    """Yield the words that a language writes in dates and lists."""
    locale = Locale.parse(code)
    for context in _CONTEXTS:
        for width in _WIDTHS:
            yield from locale.months[context][width].values()
            yield from locale.days[context][width].values()
    yield from (pattern for form in locale.list_patterns.values() for pattern in form.values())
    yield from (pattern.pattern for pattern in locale.date_formats.values())


def language_and_country_names(code: str) -> Iterator[str]:
    """Yield the names of languages and countries in a language."""
    locale = Locale.parse(code)
    yield from locale.languages.values()
    yield from locale.territories.values()


# --- consents

CONSENT_EXPLANATIONS: Mapping[str, str] = {
    "agrees_to_talk": for_client(
        "You decide whether you want to talk with us. You may stop at any time."
    ),
    "purpose": for_client(
        "We ask so that we can help you with exactly this, and for nothing else."
    ),
    "use_of_data": for_client(
        "Only those you have agreed to may have it, and only what you have agreed to."
    ),
    "research": for_client(
        "If you agree, facts without your name may be used to learn how to help others. You may "
        "say no to this."
    ),
    "right_of_access": for_client(
        "You may ask at any time what is written about you and who has had it, and have it "
        "corrected."
    ),
    "how_long": for_client("We keep it only as long as we must, and then it is erased."),
    "withdrawal": for_client(
        "You may take this back at any time. You need no reason, and we go on helping you."
    ),
}
"""The explanation of each point to the client, by the codes of CONSENT_EXPLAINED."""

THIRD_COUNTRY_WARNING = (
    for_client(
        "The law of that country does not protect the information about you as the law here does."
    ),
    for_client("We cannot control what happens to it there. Authorities there may read it."),
    for_client("It may be hard to have it corrected or erased there, or to complain."),
    for_client(
        "You may say no. You may take your consent back later, but what has been sent there "
        "cannot be called back."
    ),
)
"""The warning before data goes to a third country on explicit consent alone."""


# --- hours

_MONDAY = date(2024, 1, 1)
_DAY_AND_NIGHT = N_("day and night")


def hours_text(text: str, language: Language) -> str:
    """Return `Mo-Fr 09:00-16:00` as `mån–fre 09:00–16:00`, and other text unchanged."""
    if text.strip() == ALWAYS_OPEN:
        return language.gettext(_DAY_AND_NIGHT)
    found = parse_hours(text)
    return text if found is None else ", ".join(_opening_texts(found, language))


def _opening_texts(found: Sequence[OpeningHours], language: Language) -> Iterator[str]:
    for one in found:
        days = [language.weekday(_MONDAY.replace(day=1 + day)) for day in (one.first, one.last)]
        named = days[0] if one.first == one.last else "–".join(days)
        yield f"{named} {one.opens}–{one.closes}"


# --- risk items

_SOURCE_SEPARATOR = " · "
_LEVEL_OF_PART = N_("{level} ({answered} of {asked} themes answered)")
_LEVEL_OF_UNKNOWN = N_("{level} (themes not known: {unknown})")
_LEVEL_OF_SENT = N_("{level} (not all answers were sent)")
_NOTHING_ANSWERED = N_("Not answered (0 of {asked} themes)")
_PARTLY_ANSWERED = N_("Partly answered ({answered} of {asked} themes)")
NOTHING_FOUND = N_("Nothing found")
ANSWERS_NOT_SENT = N_("Their answers were not sent")


def risk_status_text(status: RiskStatus, language: Language) -> str:
    """Return in words what the answers amount to, and how many there are if some are missing."""
    level = language.gettext(RISK_LEVEL[status.level.code]) if status.level is not None else ""
    if status.state is RiskState.FOUND:
        words = _LEVEL_OF_PART if status.is_own else _LEVEL_OF_SENT
        whole = _LEVEL_OF_UNKNOWN if status.unknown else "{level}"
        words = whole if status.is_complete else words
    elif status.state is RiskState.NOT_ANSWERED:
        words = _PARTLY_ANSWERED if status.answered else _NOTHING_ANSWERED
    else:
        words = NOTHING_FOUND if status.is_complete else ANSWERS_NOT_SENT
    return language.gettext(words).format(
        level=level,
        answered=status.answered,
        asked=status.asked,
        unknown=len(status.unknown),
    )


def item_text(name: str, language: Language) -> str:
    """Return the item's name, or an unknown code from a newer program."""
    return language.gettext(RISK_ITEM[name]) if name in RISK_ITEM else name


def origin_text(item: RiskItem, language: Language) -> str:
    """Return the source of an answer and its confidence, as far as they are given."""
    return _join_sources((item.source,), item.confidence, language)


def whole_item_text(name: str, item: RiskItem, language: Language) -> str:
    """Return the item's name with its source and confidence."""
    said, origin = item_text(name, language), origin_text(item, language)
    return f"{said} ({origin})" if origin else said


def unknown_text(line: RiskLine, language: Language) -> str:
    """Return that the theme is not known, or something in it."""
    is_whole = theme_on_line(line) is ThemeAnswer.NOT_KNOWN
    unclear = N_("The theme is not known") if is_whole else RISK_ANSWER["not_known"]
    return language.gettext(unclear)


def origins_text(line: RiskLine, language: Language) -> str:
    """Return the sources of a line's findings, and the lowest confidence."""
    sources = line.sources if isinstance(line.sources, tuple) else ()
    return _join_sources(sources, line.confidence, language)


def _join_sources(sources: Iterable[object], confidence: object, language: Language) -> str:
    labels = (*(RISK_SOURCE.get(str(one)) for one in sources), CONFIDENCE.get(str(confidence)))
    return _SOURCE_SEPARATOR.join(language.gettext(label) for label in labels if label is not None)


# --- field values

NOT_ASKED = for_client("not asked")
NOT_FILLED_IN = N_("not filled in")
_MISSING_TEXTS = {
    MissingAnswer.UNKNOWN: for_client("unknown"),
    MissingAnswer.DECLINED: for_client("does not want to say"),
}


def field_of(record_type: str, key: str) -> Field:
    """Return the description of a field."""
    return RECORD_TYPES[record_type].fields[key]


def empty_text(field: Field) -> str:
    """Return the words for no value: "not asked" only of a question to the client."""
    return NOT_ASKED if is_question(field) else NOT_FILLED_IN


def value_text(field: Field, value: Value, language: Language) -> str:
    """Return a value as text."""
    if value is None:
        return language.gettext(empty_text(field))
    if isinstance(value, MissingAnswer):
        return language.gettext(_MISSING_TEXTS[value])
    if isinstance(value, ZonedTime):
        day, clock = zoned_time_lines(value, language)
        return f"{day} ({clock})"
    if isinstance(value, date):
        return language.day(value, year=True)
    if isinstance(value, PartialDate):
        return language.gettext(for_client("about {date}")).format(date=value.text)
    if isinstance(value, bool):
        return language.gettext(N_("yes") if value else N_("no"))
    if isinstance(value, tuple):
        return _multiple_text(field, value, language)
    if isinstance(field.kind, CodeKind):
        return _code_text(field.kind, str(value), language)
    return str(value)


def short_day_text(value: object, language: Language) -> str:
    """Return a day as `29 Nov 2026`, one known to its month as `November 2026`; else nothing."""
    if isinstance(value, date):
        return language.short_day(value, year=True)
    return language.partial_date(value.text) if isinstance(value, PartialDate) else ""


def zoned_time_lines(moment: ZonedTime, language: Language) -> tuple[str, str]:
    """Return a time as two lines: `12 dec. 17:00` and `CET, Stockholm`."""
    day = f"{language.short_day(moment.wall.date())}  {language.clock(moment.wall)}"
    return day, language.clock_of(moment.zone, moment.wall)


def zoned_time_text(moment: ZonedTime, language: Language) -> str:
    """Return a time on one line, with its zone: `12 dec. 17:00 CET`."""
    day, clock = language.short_day(moment.wall.date()), language.clock(moment.wall)
    return f"{day} {clock} {language.zone_name(moment.zone, moment.wall)}"


def localized_text(told: Value, language: Language) -> str:
    """Return a localized text in the language, else in any other; empty without one."""
    if not isinstance(told, tuple):
        return ""
    wordings: LocalizedText = tuple(word for word in told if isinstance(word, Translation))
    return text_in_language(wordings, language.code, *(word.language for word in wordings)) or ""


def _multiple_text(
    field: Field, values: tuple[str, ...] | LocalizedText, language: Language
) -> str:
    if isinstance(field.kind, CodeSetKind):
        kind = field.kind
        return " · ".join(_code_text(kind, str(code), language) for code in values)
    return localized_text(values, language)


def _code_text(kind: CodeKind | CodeSetKind, code: str, language: Language) -> str:
    if kind.codes is LANGUAGES:
        return language.language(code)
    if kind.codes is COUNTRIES:
        return language.country(code)
    if code in kind.codes:
        return language.gettext(kind.codes[code])
    return language.gettext(for_client("unknown code {code}")).format(code=code)


# --- states under a narrow drawing


def track_names(words: Language) -> Sequence[str]:
    """Return the short names of a plan's states in their order; a stroke may part a word."""
    # Translators: states of a plan under a narrow drawing; a stroke shows where a word may break.
    return (
        words.pgettext("track", "Draft"),
        words.pgettext("track", "Assess|ing"),
        words.pgettext("track", "Ready for decision"),
        words.pgettext("track", "Approved"),
        words.pgettext("track", "Ready to travel"),
        words.pgettext("track", "Travelling"),
        words.pgettext("track", "Arrived"),
        words.pgettext("track", "Re|integrating"),
        words.pgettext("track", "Follow-|up"),
        words.pgettext("track", "Closed"),
    )


def broken_label(name: str, fits: Callable[[str], bool]) -> list[str]:
    """Break a short name into lines that `fits` accepts; a word breaks only at a stroke.

    A piece that no break makes short enough stays as it is.
    """
    lines: list[str] = []
    for word in name.split():
        whole = word.replace("|", "")
        if lines and fits(f"{lines[-1]} {whole}"):
            lines[-1] = f"{lines[-1]} {whole}"
        elif fits(whole):
            lines.append(whole)
        else:
            lines += _break_at_strokes(word.split("|"), fits)
    return lines


def _break_at_strokes(pieces: Sequence[str], fits: Callable[[str], bool]) -> Iterator[str]:
    line = pieces[0]
    for piece in pieces[1:]:
        if fits(f"{line}{piece}-"):
            line += piece
        else:
            yield line if line.endswith("-") else f"{line}-"
            line = piece
    yield line
