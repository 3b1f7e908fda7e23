# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of all record types, with their fields by key and by id.

A new type is one entry here. Names and ids never change, so that old stores and bundles
can be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.records.aftercare import OUTCOMES, FollowUp, Goal, Service
from kfdesk.domain.records.book import Article, ArticleLink, ArticleText, Edition
from kfdesk.domain.records.case import (
    Approval,
    Attachment,
    LegalStatus,
    Note,
    PaperCopy,
    Reception,
    Referral,
    Task,
    Transition,
)
from kfdesk.domain.records.client import ChildPapers, Client, Consent, Relationship
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.directory import (
    Contact,
    EntryCheck,
    Membership,
    Network,
    Organisation,
    Phone,
    Suggestion,
)
from kfdesk.domain.records.figures import (
    Estimate,
    FigureRelease,
    Publication,
    SumPart,
    SumRound,
    SumShare,
)
from kfdesk.domain.records.journey import Handover, HelpNumber, Leg, TravelDocument, Traveller
from kfdesk.domain.records.network import (
    Activity,
    ActivityParty,
    Agreement,
    AgreementParty,
    Attendance,
    CaseConference,
    ConferenceDecision,
    ConferenceParty,
    Decision,
    Meeting,
    Project,
    ProjectParty,
)
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.rules import ALONE, Rules
from kfdesk.domain.schema import Field, field_id, fields_of, rules_of, type_name

SCHEMA_VERSION = 5  # the version that a field's `since` counts in

RECORD_CLASSES: tuple[type[Any], ...] = (
    Client, Relationship, Plan, Leg, HelpNumber, TravelDocument, Handover, Consent,
    LegalStatus, RiskAssessment, Reception, Referral, Approval, Transition, Note, Task, Attachment,
    Organisation, Contact, Phone, PaperCopy, FollowUp, Goal, Service, RiskLine, RiskEvent,
    ChildPapers, Network, Membership, Suggestion, EntryCheck, Procedure, ProcedureStep,
    Cooperation, CooperationStep, Traveller,
    Meeting, Attendance, Decision, Agreement, AgreementParty, Project, ProjectParty, Activity,
    ActivityParty, CaseConference, ConferenceParty, ConferenceDecision,
    Article, ArticleText, ArticleLink, Edition,
    FigureRelease, Estimate, Publication, SumRound, SumShare, SumPart,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record type: its name, its class, and its fields by key and by id."""

    name: str
    cls: type[Any]
    fields: Mapping[str, Field]
    by_id: Mapping[int, Field]
    ids: Mapping[str, int]
    rules: Rules


def _described(cls: type[Any]) -> RecordType:
    name = type_name(cls)
    fields = {field.key: field for field in fields_of(cls)}
    ids = {key: field_id(name, key) for key in fields}
    return RecordType(
        name, cls, fields, {ids[key]: fields[key] for key in fields}, ids, rules_of(cls)
    )


RECORD_TYPES: Mapping[str, RecordType] = {type_name(cls): _described(cls) for cls in RECORD_CLASSES}


def rules_for(record_type: str) -> Rules:
    """Return the rules of a type; those of a type that is not known allow nothing."""
    described = RECORD_TYPES.get(record_type)
    return ALONE if described is None else described.rules


def types_that(holds: Callable[[Rules], bool]) -> tuple[str, ...]:
    """Return the types whose rules are so, in the order of the registry."""
    return tuple(name for name, described in RECORD_TYPES.items() if holds(described.rules))


NESTED_TYPES = types_that(lambda rules: rules.has_parts)
"""Children of a plan that have children themselves."""


# --- Questions to the client

QUESTIONS: Mapping[str, frozenset[str]] = {
    "client": frozenset(
        {
            "given_name", "family_name", "birth_date", "languages", "safe_contact", "other_names",
            "gender", "age_band", "citizenship", "needs_interpreter", "marital_status",
            "number_of_children", "education", "identity_number", "phone",
        }
    ),
    "relationship": frozenset(RECORD_TYPES["relationship"].fields),
    "consent": frozenset(
        {
            "purpose", "recipient", "groups", "expires", "assent", "withheld",
            "withholding_reason", "withdrawal_effect",
        }
    ),
    "plan": frozenset(
        {
            "wish", "wish_stated", "wish_reconfirmed", "to_country", "luggage", "wants_paper",
            "type_of_exploitation", "methods_of_control", "immediate_needs", "health_needs",
            "escort_kind", "special_needs", "reminders", "travel_help",
        }
    ),
    "leg": frozenset({"alone"}),
    "handover": frozenset({"confirmed_by_client"}),
    "child_papers": frozenset({"childs_view"}),
    "risk_assessment": frozenset({"client_view", "measures_agreed"}),
    "risk_line": frozenset(
        {"answer", "theme_answer", "own_words", "present", "absent", "unclear", "from_her"}
    ),
    "follow_up": frozenset(
        {
            "refused", "report", "wishes",
            *(field.key for field in fields_of(FollowUp) if field.section is OUTCOMES),
        }
    ),
    "goal": frozenset({"need_level", "aim", "baseline", "target", "progress"}),
    "contact": frozenset({"may_be_shared"}),
}  # fmt: skip
"""The fields that only the client can answer, by record type; of a contact, that person.

Without a value they were not asked, and "unknown" or "does not want to say" may be her answer.
All other fields are facts that the desk looks up or decides: a carrier, a town, a note's kind.
Nobody can decline those, so without a value they are only not filled in.
"""

_QUESTIONS = frozenset(
    (RECORD_TYPES[name].fields[key].section.key, key)
    for name, keys in QUESTIONS.items()
    for key in keys
)


def is_question(field: Field) -> bool:
    """Return whether the field is a question to the client; see QUESTIONS."""
    return (field.section.key, field.key) in _QUESTIONS
