# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate's answer: whether it is met, and if not, why not and where to mend it.

Values and the few questions that most gates ask of a field. A gate says codes, never a value and
never a sentence; `i18n/gates.py` has the sentence for each reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kfdesk.domain.rows import View
from kfdesk.domain.values import Gap, Moment


class Answer(StrEnum):
    """What a gate says."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OVERRIDDEN = "overridden"


class Why(StrEnum):
    """Why a gate is open to nobody yet. Appended to; each has its sentence."""

    UNDECIDED = "undecided"
    MISSING = "missing"
    NOT_YES = "not_yes"
    IN_THE_FUTURE = "in_the_future"
    TOO_OLD = "too_old"
    NO_CONSENT = "no_consent"
    CONSENT_ENDED = "consent_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    GUARDIAN_MUST_CONSENT = "guardian_must_consent"
    OURS_MISSING = "ours_missing"
    THEIRS_MISSING = "theirs_missing"
    OUT_OF_DATE = "out_of_date"
    QUESTIONS_OPEN = "questions_open"
    BEFORE_IT_WENT_BACK = "before_it_went_back"
    NOT_ASKED = "not_asked"
    HEARING = "hearing"
    CLAIM_LOST = "claim_lost"
    RESULT_UNCLEAR = "result_unclear"
    BEFORE_IT_WAS_KNOWN = "before_it_was_known"
    NOT_IN_FAVOUR = "not_in_favour"
    CONCLUSION_FORBIDS = "conclusion_forbids"
    NOBODY_APPROVED = "nobody_approved"
    SAME_PERSON = "same_person"
    RISK_IS_NEWER = "risk_is_newer"
    OTHER_LANGUAGE = "other_language"
    NO_RECEIVER = "no_receiver"
    NO_GROUND = "no_ground"
    NOT_WARNED = "not_warned"
    NOT_CONFIRMED = "not_confirmed"
    TOO_FEW_DOCUMENTS = "too_few_documents"
    DOCUMENT_ENDS = "document_ends"
    NO_LEGS = "no_legs"
    NOT_BOOKED = "not_booked"
    NOBODY_MEETS = "nobody_meets"
    CHILD_ALONE = "child_alone"
    ESCORT_OBLIGATORY = "escort_obligatory"
    ENDS_TOO_EARLY = "ends_too_early"
    PAPER_HAS_FAULTS = "paper_has_faults"
    WISH_IS_ANOTHER = "wish_is_another"
    NOT_RECORDED = "not_recorded"
    IN_THE_PAST = "in_the_past"
    HAS_OWN_DESK = "has_own_desk"
    CONSENT_INCOMPLETE = "consent_incomplete"
    SOMETHING_HAPPENED = "something_happened"
    STILL_VERY_HIGH = "still_very_high"
    MEASURE_NOT_AGREED = "measure_not_agreed"


@dataclass(frozen=True, slots=True)
class Where:
    """The field to mend, by record type and key; `rid` is None where a record must be made."""

    type: str
    key: str
    rid: bytes | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's answer; `why` and `where` are there if it is not met."""

    code: str
    answer: Answer
    why: Why | None = None
    where: Where | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done before the step."""
        return self.answer is Answer.NOT_MET


def met(code: str) -> Gate:
    """The gate is met."""
    return Gate(code, Answer.MET)


def not_applicable(code: str) -> Gate:
    """The gate does not concern this plan."""
    return Gate(code, Answer.NOT_APPLICABLE)


def missing(code: str, why: Why, record_type: str, key: str) -> Gate:
    """Not met, and there is no record yet to mend it in."""
    return Gate(code, Answer.NOT_MET, why, Where(record_type, key))


def not_met(code: str, why: Why, seen: View[Any], key: str) -> Gate:
    """Not met, to be mended in this field; a field in conflict must be decided first."""
    reason = Why.UNDECIDED if key in seen.conflicts else why
    return Gate(code, Answer.NOT_MET, reason, Where(seen.row.type, key, seen.rid))


def judged(code: str, seen: View[Any], faults: Mapping[str, Why | None]) -> Gate:
    """Met if no field has a fault; else not met by the first that has one, by its key."""
    for key, why in faults.items():
        if why is not None:
            return not_met(code, why, seen, key)
    return met(code)


def unless_done(value: object, at: datetime) -> Why | None:
    """What is wrong with a day, or a time, on which something was done."""
    if isinstance(value, Moment):
        return Why.IN_THE_FUTURE if value.utc > at else None
    if isinstance(value, date):
        return Why.IN_THE_FUTURE if value > at.date() else None
    return Why.MISSING


def unless_yes(value: object) -> Why | None:
    """What is wrong with a question that must be answered yes."""
    if value is True:
        return None
    return Why.MISSING if value is None else Why.NOT_YES


def unless_said(value: object) -> Why | None:
    """What is wrong with a field that must say something."""
    if isinstance(value, str):
        return None if value.strip() else Why.MISSING
    return Why.MISSING if value is None or isinstance(value, Gap) else None
