# SPDX-License-Identifier: GPL-3.0-or-later
"""Consent: recipients, what a consent may open, how long it is valid, and its withdrawal.

Four steps, in this order: who is a child, what is missing when a consent is recorded,
why a consent is not valid at a time, and how a withdrawal is written and told to other
organisations. `disclosure.py` asks only for the reason why a consent is not valid.

A withdrawal notice is the consent's record reduced to the time of withdrawal and what
the client asked for: ids and dates, nothing that the consent says. It merges as every
record does, so it may come twice, late, or before the consent. The services decide who
notifies whom.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kfdesk.domain.accounts import fold_initials
from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import keep_fields, live_values, writes_by_field
from kfdesk.domain.rows import RecordView, Row
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, PartialDate, ZonedTime, shift_day

# --- children

MAJORITY = 18
_AGE_KEYS = frozenset({"birth_date", "age_band", "age_disputed"})
PERSON_TYPES = frozenset({"client", "relationship"})
CHILD_TRAVELLER_KEYS = _AGE_KEYS | {"travels_with"}
"""The fields that decide whether a person counts as a travelling child."""


def is_child(person: RecordView[Any], on: date) -> bool:
    """Return whether a client, or a person close to her, counts as a child on that day."""
    record = person.record
    if person.conflicts & _AGE_KEYS or getattr(record, "age_disputed", None) not in (None, False):
        return True
    answers = [_is_minor_by_birth(record.birth_date, on), _is_minor_band(record.age_band)]
    known = [answer for answer in answers if answer is not None]
    return not known or any(known)


def counts_as_traveller(person: RecordView[Any]) -> bool:
    """Return whether a person travels, or nobody knows; the client always does."""
    if not hasattr(person.record, "travels_with"):
        return True
    along = person.record.travels_with
    return along is True or isinstance(along, MissingAnswer) or "travels_with" in person.conflicts


def stops_being_child_traveller(before: RecordView[Any], after: RecordView[Any], on: date) -> bool:
    """Return whether a change makes a travelling child no longer count as one."""
    was, stays = (
        not one.is_deleted and counts_as_traveller(one) and is_child(one, on)
        for one in (before, after)
    )
    return was and not stays


def _is_minor_by_birth(born: object, on: date) -> bool | None:
    grown = majority_day(born)
    return on < grown if grown is not None else None


def majority_day(born: object) -> date | None:
    """Return the first day on which a person is no child; None if the birth date says nothing.

    Of a partial date the youngest that she can be counts. Who was born on 29 February is of age
    on 1 March, because no year is a leap year 18 years after one. Beyond the calendar it is its
    last day.
    """
    if isinstance(born, date):
        year, month, day = born.year, born.month, born.day
    elif isinstance(born, PartialDate):
        text, _, number = born.text.partition("-")
        year, month, day = int(text), int(number or 12) + 1, 1
    else:
        return None
    year, month = year + MAJORITY + (month - 1) // 12, (month - 1) % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, 3, 1) if (month, day) == (2, 29) else date(year, month, day)


def _is_minor_band(band: object) -> bool | None:
    if not isinstance(band, str):
        return None
    begins = next((part for part in band.split("_") if part.isdecimal()), "0")
    return int(begins) < MAJORITY


# --- recipients and data groups

SHAREABLE_GROUPS = frozenset(DataGroup) - {
    DataGroup.DESK, DataGroup.DIRECTORY, DataGroup.COMMON, DataGroup.PARTIES,
}  # fmt: skip
"""The groups that a consent can open."""

_CORE_GROUPS = frozenset({DataGroup.IDENTITY, DataGroup.CONTACT})

PURPOSE_GROUPS: Mapping[str, frozenset[DataGroup]] = {
    "case_management": SHAREABLE_GROUPS - {DataGroup.PHOTO},
    "health_care": _CORE_GROUPS | {DataGroup.IMMEDIATE_NEEDS, DataGroup.HEALTH},
    "risk_enquiry_in_origin_country": frozenset(
        {DataGroup.IDENTITY, DataGroup.RISK_SUMMARY, DataGroup.CHILDREN_FAMILY}
    ),
    "family_contact": _CORE_GROUPS | {DataGroup.CHILDREN_FAMILY},
    "family_assessment": _CORE_GROUPS | {DataGroup.CHILDREN_FAMILY},
    "travel_booking": frozenset({DataGroup.IDENTITY, DataGroup.TRAVEL}),
    "travel_escort": _CORE_GROUPS
    | {
        DataGroup.TRAVEL,
        DataGroup.IMMEDIATE_NEEDS,
        DataGroup.HEALTH,
        DataGroup.CHILDREN_FAMILY,  # the children who travel along
    },
    "referral_service": _CORE_GROUPS | {DataGroup.IMMEDIATE_NEEDS},
    "reception_and_reintegration": SHAREABLE_GROUPS
    - {DataGroup.EXPLOITATION_HISTORY, DataGroup.LEGAL_CASE, DataGroup.PHOTO},
    "legal_representation": _CORE_GROUPS
    | {DataGroup.EXPLOITATION_HISTORY, DataGroup.LEGAL_CASE, DataGroup.TRAVEL},
    "police_report": _CORE_GROUPS
    | {
        DataGroup.EXPLOITATION_HISTORY,
        DataGroup.LEGAL_CASE,
        DataGroup.RISK_SUMMARY,
        DataGroup.COOPERATION,
    },
    "reflection_period_application": frozenset(
        {DataGroup.IDENTITY, DataGroup.LEGAL_CASE, DataGroup.COOPERATION}
    ),
    "residence_permit_application": frozenset(
        {DataGroup.IDENTITY, DataGroup.LEGAL_CASE, DataGroup.COOPERATION}
    ),
    "statistics_anonymised": frozenset(),
    "research": frozenset(),
}
"""The widest groups that a purpose can open."""


class RecipientKind(StrEnum):
    """The kind of a recipient; an organisation gets letters on paper."""

    OWN = "own"
    PARTNER = "partner"
    PERSON = "person"
    CLIENT = "client"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of data: own installation, partner, person, or the client herself.

    `rid` is the record id of the organisation, the contact or the client.
    `has_transfer_tool` says that a transfer tool and an assessment for the third country
    are on record. `wants_paper` is the client's wish. With a `purpose` only consents for this
    purpose count, or its duty (DUTIES) in place of every consent.
    """

    who: RecipientKind
    rid: bytes | None = None
    is_verified: bool = False
    is_third_country: bool = False
    has_transfer_tool: bool = False
    wants_paper: bool = False
    purpose: str = ""

    @property
    def duty(self) -> "Duty | None":
        """The duty by law under which an organisation is told, or None: consent decides."""
        is_told = self.who is RecipientKind.ORGANISATION and self.rid is not None
        return DUTIES.get(self.purpose) if is_told else None


# --- duties


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty by law to tell an authority about a child: which groups, without any consent.

    `of_child` go if the client counts as a child. If the client is the parent, `of_parent` go,
    and of the people around the client the children alone.
    """

    of_child: frozenset[DataGroup]
    of_parent: frozenset[DataGroup]


REPORT_OF_CONCERN = "report_of_concern"
DUTIES: Mapping[str, Duty] = {
    REPORT_OF_CONCERN: Duty(
        of_child=_CORE_GROUPS
        | {
            DataGroup.CHILDREN_FAMILY, DataGroup.IMMEDIATE_NEEDS, DataGroup.RISK_SUMMARY,
            DataGroup.EXPLOITATION_HISTORY,
        },
        of_parent=_CORE_GROUPS | {DataGroup.CHILDREN_FAMILY},
    )
}  # fmt: skip
"""Duties by purpose. Who works with children or in social services must report at once what makes
them believe that a child is harmed (Social Services Act, SoL 2025:400, chapter 19 section 1): who
the child is, how the child can be reached, who stands around, what is needed, and why one fears
for the child. The law asks for no more than that, so health, the legal case, the journey, plans
and photos stay. The social welfare board asks for the rest once it inquires (chapter 20)."""


# --- duration

DEFAULT_CONSENT_DAYS = 90  # a consent lasts this long unless it says otherwise (D3)
VITAL_INTERESTS = "vital_interests"
VITAL_DAYS = 2  # with the day it was decided: never more than 72 hours (D7)


def consent_last_day(consent: Consent) -> date | None:
    """Return the last valid day: 90 days after it was given unless the consent says otherwise.

    A consent in vital interests ends after VITAL_DAYS at the latest. Return None if it was
    not given, or if its end is not a date.
    """
    if not isinstance(consent.given, ZonedTime):
        return None
    is_vital = consent.form == VITAL_INTERESTS
    days = VITAL_DAYS if is_vital else DEFAULT_CONSENT_DAYS
    longest = shift_day(consent.given.wall.date(), days)
    last = consent.expires or longest
    if not isinstance(last, date):
        return None
    return min(last, longest) if is_vital else last


# --- recording: what is missing

FOR_A_CHILD = frozenset({"guardian", "both_parents", "one_parent", "court_or_authority"})
"""Those who may consent for a child, besides the child's own assent."""

EXPLICIT_CONSENT = "explicit_consent_49_1_a"
VITAL_INTERESTS_TOOL = "vital_interests_49_1_f"
MUST_EXPLAIN = frozenset(CONSENT_EXPLAINED) - {"research"}
"""The points that must be explained; anonymous use in research may be refused alone."""


class ConsentDefect(StrEnum):
    """A defect of a consent: something is missing or does not fit."""

    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    GROUPS = "groups"
    NOT_OPENED = "not_opened"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    EXPLAINED = "explained"
    TOOL = "tool"
    WARNING = "warning"
    GIVEN_BY = "given_by"
    CHILD = "child"
    GUARDIAN = "guardian"
    ASSENT = "assent"
    FORM = "form"
    GIVEN = "given"
    GIVEN_AHEAD = "given_ahead"
    LAST_DAY = "last_day"
    ENDED = "ended"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The facts beside the consent. `at` is now (aware); its date is the local date."""

    at: datetime
    is_child: bool
    is_third_country: bool = False
    has_tool: bool = False


Defects = Iterator[tuple[str, ConsentDefect]]


def recording_defects(
    consent: Consent, around: ConsentFacts
) -> tuple[tuple[str, ConsentDefect], ...]:
    """Return each field with a defect and the defect, in the order of the conversation."""
    if consent.form == VITAL_INTERESTS:
        return (*_reason_defects(consent), *_sharing_defects(consent))
    who = _giver_defects(consent, is_childs=around.is_child)
    parts = (
        _sharing_defects(consent),
        _talk_defects(consent),
        _country_defects(consent, around),
        who,
    )
    return tuple(lack for part in (*parts, _date_defects(consent, around)) for lack in part)


def validity_defects(consent: Consent, *, is_childs: bool) -> tuple[tuple[str, ConsentDefect], ...]:
    """Return what is missing of the talk and of who agreed; without it no consent counts.

    What the consent opens, to whom and for how long is checked for each field that is to
    go. A consent in vital interests needs no talk: two people decide.
    """
    if consent.form == VITAL_INTERESTS:
        return ()
    return (*_talk_defects(consent), *_giver_defects(consent, is_childs=is_childs))


def _sharing_defects(consent: Consent) -> Defects:
    if not isinstance(consent.recipient, str):
        yield "recipient", ConsentDefect.RECIPIENT
    if not isinstance(consent.purpose, str):
        yield "purpose", ConsentDefect.PURPOSE
        return
    widest = PURPOSE_GROUPS.get(consent.purpose, frozenset())
    asked = consent.groups if isinstance(consent.groups, tuple) else ()
    if widest and not asked:
        yield "groups", ConsentDefect.GROUPS
    if not widest.issuperset(asked):
        yield "groups", ConsentDefect.NOT_OPENED


def _talk_defects(consent: Consent) -> Defects:
    if not isinstance(consent.language, str):
        yield "language", ConsentDefect.LANGUAGE
    if consent.form == "oral_interpreter" and not _is_filled(consent.interpreted_by):
        yield "interpreted_by", ConsentDefect.INTERPRETER
    explained = consent.explained if isinstance(consent.explained, tuple) else ()
    if not MUST_EXPLAIN.issubset(explained):
        yield "explained", ConsentDefect.EXPLAINED


def _country_defects(consent: Consent, around: ConsentFacts) -> Defects:
    if not around.is_third_country or around.has_tool:
        return
    if consent.transfer_tool != EXPLICIT_CONSENT:
        yield "transfer_tool", ConsentDefect.TOOL
    elif not isinstance(consent.warned, ZonedTime):
        yield "warned", ConsentDefect.WARNING


def _giver_defects(consent: Consent, *, is_childs: bool) -> Defects:
    is_others = consent.given_by in FOR_A_CHILD
    if not isinstance(consent.given_by, str):
        yield "given_by", ConsentDefect.GIVEN_BY
    elif is_childs and not is_others:
        yield "given_by", ConsentDefect.CHILD
    if is_others and not _is_filled(consent.guardian):
        yield "guardian", ConsentDefect.GUARDIAN
    if is_childs and consent.assent is not True and consent.assent is not MissingAnswer.UNKNOWN:
        yield "assent", ConsentDefect.ASSENT  # unknown: too small to say
    if not isinstance(consent.form, str):
        yield "form", ConsentDefect.FORM


def _date_defects(consent: Consent, around: ConsentFacts) -> Defects:
    if not isinstance(consent.given, ZonedTime):
        yield "given", ConsentDefect.GIVEN
    elif consent.given.utc > around.at:
        yield "given", ConsentDefect.GIVEN_AHEAD
    if consent.expires is not None and not isinstance(consent.expires, date):
        yield "expires", ConsentDefect.LAST_DAY
    elif (last := consent_last_day(consent)) is not None and last < around.at.date():
        yield "expires", ConsentDefect.ENDED


def _reason_defects(consent: Consent) -> Defects:
    if not _is_filled(consent.reason):
        yield "reason", ConsentDefect.REASON


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


# --- withdrawal and notices

NOTICE_FIELDS = ("withdrawn", "withdrawal_effect")
"""The fields of a consent that a notice contains."""


def withdrawal_writes(row: Row) -> frozenset[bytes]:
    """Return the ids of the writes that withdraw a consent; empty while it is not withdrawn.

    One is enough: if versions of two organisations conflict, the withdrawal counts until
    people have decided.
    """
    writes = writes_by_field(row.state).get(RECORD_TYPES["consent"].ids["withdrawn"], ())
    return frozenset(write.wid for write in writes if write.value is not None)


def is_withdrawn(row: Row) -> bool:
    """Return whether any live write of a consent's row withdraws it."""
    withdrawn = RECORD_TYPES["consent"].ids["withdrawn"]
    return any(fid == withdrawn and value is not None for fid, value in live_values(row.state))


def is_withdrawal_notice(row: Row) -> bool:
    """Return whether a row is the notice of a withdrawal and says nothing else."""
    if row.type != "consent" or row.parent is None or not is_withdrawn(row):
        return False
    return keep_fields(row.state, _notice_field_ids()) == row.state


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """The notice of one withdrawal; `row` is the consent's, reduced to NOTICE_FIELDS."""

    row: Row

    def __post_init__(self) -> None:
        if not is_withdrawal_notice(self.row):
            raise TypeError


def withdrawal_notice(row: Row) -> WithdrawalNotice:
    """Return the notice of a withdrawn consent."""
    return WithdrawalNotice(replace(row, state=keep_fields(row.state, _notice_field_ids())))


def _notice_field_ids() -> frozenset[int]:
    return frozenset(RECORD_TYPES["consent"].ids[key] for key in NOTICE_FIELDS)


# --- validity


class WithheldReason(StrEnum):
    """Reason why a field is withheld."""

    DESK = "desk"
    LEVEL = "level"
    NO_CONSENT = "no_consent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SCOPE = "scope"
    PURPOSE = "purpose"
    TRANSFER = "transfer"
    UNVERIFIED = "unverified"
    SECRET = "secret"  # noqa: S105 - a class of the directory
    CONFLICT = "conflict"
    INCOMPLETE = "incomplete"
    NETWORK = "network"
    NOT_ASKED = "not_asked"


def invalidity_reason(
    consent: RecordView[Consent],
    client: RecordView[Client],
    at: datetime,
    *,
    is_answer: bool = False,
) -> WithheldReason | None:
    """Return why a client's consent is not valid on the day of `at`; None if it is.

    `at` is aware and in this installation's time zone: its day counts. A consent that was
    given in another time zone is dated in this zone too. A withdrawal counts even while
    organisations' versions of it conflict. `is_answer` means that the asker answers under
    the consent. It need not know the client's age, nor why two people decided for her: that
    was checked where the consent was given.
    """
    if is_withdrawn(consent.row):
        return WithheldReason.WITHDRAWN
    if consent.conflicts or consent.is_deleted:
        return WithheldReason.CONFLICT
    is_childs = not is_answer and is_child(client, at.date())
    return own_invalidity_reason(consent.record, at, is_childs=is_childs, is_answer=is_answer)


def own_invalidity_reason(
    consent: Consent, at: datetime, *, is_childs: bool = False, is_answer: bool = False
) -> WithheldReason | None:
    """Return why the consent itself is not valid on the day of `at`; None if it is.

    `at` and `is_answer` are as in `invalidity_reason`. `is_childs` says that the client
    counts as a child.
    """
    if consent.withdrawn is not None:
        return WithheldReason.WITHDRAWN
    given = consent.given
    if not isinstance(given, ZonedTime) or given.utc.astimezone(at.tzinfo).date() > at.date():
        return WithheldReason.NO_CONSENT
    if consent.form == VITAL_INTERESTS and not _is_decided_by_two(consent, is_answer=is_answer):
        return WithheldReason.NO_CONSENT
    last = consent_last_day(consent)
    if last is None:
        return WithheldReason.NO_CONSENT
    if last < at.date():
        return WithheldReason.EXPIRED
    return WithheldReason.INCOMPLETE if validity_defects(consent, is_childs=is_childs) else None


def days_of_change(consent: Consent, at: datetime) -> Iterator[date]:
    """Yield the days on which the calendar alone can change whether a consent is valid.

    They are the day it was given, in the time zone of `at`, and the day after its last.
    """
    if isinstance(consent.given, ZonedTime):
        yield consent.given.utc.astimezone(at.tzinfo).date()
    last = consent_last_day(consent)
    if last is not None:
        yield shift_day(last, 1)


def _is_decided_by_two(consent: Consent, *, is_answer: bool) -> bool:
    """Return whether two people have decided, with a reason."""
    both = (consent.decided_by, consent.second_person)
    named = [fold_initials(one) for one in both if isinstance(one, str) and one.strip()]
    is_reasoned = isinstance(consent.reason, str) and bool(consent.reason.strip())
    return len(set(named)) == len(both) and (is_reasoned or is_answer)


# --- what a consent says about a group of data


class ConsentMark(StrEnum):
    """A consent's answer about one group of data today."""

    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


_SHUT_MARKS = {
    WithheldReason.EXPIRED: ConsentMark.ENDED,
    WithheldReason.WITHDRAWN: ConsentMark.WITHDRAWN,
}


def consent_mark(consent: Consent, shut: WithheldReason | None, group: str) -> ConsentMark:
    """Return what a consent says about a group of data.

    `shut` is why the consent is not valid, None if it is. A group that its purpose cannot open is
    not granted, whatever was ticked. Nor is one of a consent that lacks something.
    """
    asked = consent.groups if isinstance(consent.groups, tuple) else ()
    if group not in asked or group not in PURPOSE_GROUPS.get(str(consent.purpose), frozenset()):
        return ConsentMark.NOT_GRANTED
    if shut is None:
        return ConsentMark.GRANTED
    return _SHUT_MARKS.get(shut, ConsentMark.NOT_GRANTED)
