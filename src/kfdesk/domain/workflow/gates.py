# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: their results, the allowed steps between states, and the case context they look at.

The context is built from rows, so that a gate sees exactly what the store holds. Deleted
records are left out, and a field in conflict reads None. The custodian of a record tells
whose statement it is. The gates themselves are in `decision.py` and `travel.py`, their
order in `table.py`. No store here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.records.aftercare import FollowUp, Service
from kfdesk.domain.records.case import Approval, LegalStatus, Reception, Transition
from kfdesk.domain.records.client import ChildPapers, Client, Consent, Relationship
from kfdesk.domain.records.journey import Handover, Leg, TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.registers import live_writes, writes_by_field
from kfdesk.domain.rows import RecordView, Row, view, view_fields, view_order
from kfdesk.domain.schema import type_name
from kfdesk.domain.travellers import TravelParty
from kfdesk.domain.values import MissingAnswer, ZonedTime

# --- results of a gate


class GateAnswer(StrEnum):
    """The result of a gate."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OVERRIDDEN = "overridden"


class GateReason(StrEnum):
    """Reason why a gate is not met. Appended to; each reason has its message."""

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
    NOT_READ_ALOUD = "not_read_aloud"
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
    OTHER_NAME = "other_name"
    NOT_IN_HAND = "not_in_hand"
    NOT_LISTED = "not_listed"
    NO_OWN_DOCUMENT = "no_own_document"
    WHOSE_DOCUMENT = "whose_document"
    OTHER_CLOCK = "other_clock"


@dataclass(frozen=True, slots=True)
class FieldLocation:
    """The field to fix, by record type and key; `rid` is None if a record must be created."""

    type: str
    key: str
    rid: bytes | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's result; `why` and `where` are set if it is not met."""

    code: str
    answer: GateAnswer
    why: GateReason | None = None
    where: FieldLocation | None = None

    @property
    def is_open(self) -> bool:
        """True if something must still be done before the step."""
        return self.answer is GateAnswer.NOT_MET


def gate_met(code: str) -> Gate:
    """Return a gate that is met."""
    return Gate(code, GateAnswer.MET)


def gate_not_applicable(code: str) -> Gate:
    """Return a gate that does not concern this plan."""
    return Gate(code, GateAnswer.NOT_APPLICABLE)


def gate_missing_record(code: str, why: GateReason, record_type: str, key: str) -> Gate:
    """Return a gate that is not met, for which no record exists yet."""
    return Gate(code, GateAnswer.NOT_MET, why, FieldLocation(record_type, key))


def gate_not_met(code: str, why: GateReason, seen: RecordView[Any], key: str) -> Gate:
    """Return a gate that is not met because of this field; a conflict must be resolved first."""
    reason = GateReason.UNDECIDED if key in seen.conflicts else why
    return Gate(code, GateAnswer.NOT_MET, reason, FieldLocation(seen.row.type, key, seen.rid))


def gate_from_faults(
    code: str, seen: RecordView[Any], faults: Mapping[str, GateReason | None]
) -> Gate:
    """Return a gate that is met if no field has a fault, or not met by the first fault."""
    for key, why in faults.items():
        if why is not None:
            return gate_not_met(code, why, seen, key)
    return gate_met(code)


def fault_unless_done(value: object, at: datetime) -> GateReason | None:
    """Return what is wrong with the date or time at which something was done; else None."""
    if isinstance(value, ZonedTime):
        return GateReason.IN_THE_FUTURE if value.utc > at else None
    if isinstance(value, date):
        return GateReason.IN_THE_FUTURE if value > at.date() else None
    return GateReason.MISSING


def fault_unless_yes(value: object) -> GateReason | None:
    """Return what is wrong with an answer that must be yes; else None."""
    if value is True:
        return None
    return GateReason.MISSING if value is None else GateReason.NOT_YES


def fault_unless_filled(value: object) -> GateReason | None:
    """Return what is wrong with a field that must be filled; else None."""
    if isinstance(value, str):
        return None if value.strip() else GateReason.MISSING
    return GateReason.MISSING if value is None or isinstance(value, MissingAnswer) else None


DRAFT = "draft"

# --- steps between states

READ_ONLY_STATES = frozenset({"closed", "withdrawn", "not_safe"})
"""States that are final; to continue, a new plan names the earlier one."""

REOPENABLE_STATES = READ_ONLY_STATES | {"cancelled"}
"""Plans that a new one may follow."""

_AWAY = ("withdrawn", "cancelled")

NEXT_STATES: Mapping[str, tuple[str, ...]] = {
    "draft": ("assessing", *_AWAY),
    "assessing": ("decision_ready", "not_safe", *_AWAY),
    "decision_ready": ("approved", "not_safe", *_AWAY),
    "approved": ("travel_ready", "assessing", *_AWAY),
    "travel_ready": ("travelling", "assessing", *_AWAY),
    "travelling": ("arrived", *_AWAY),
    "arrived": ("reintegrating", *_AWAY),
    "reintegrating": ("follow_up", *_AWAY),
    "follow_up": ("closed", *_AWAY),
    "cancelled": ("withdrawn",),
    "closed": (),
    "withdrawn": (),
    "not_safe": (),
}
"""The allowed steps from each state, the way forward first."""

APPROVED_STATES = frozenset(
    {"approved", "travel_ready", "travelling", "arrived", "reintegrating", "follow_up", "closed"}
)
"""States in which the return is approved; a state of a newer program is not known to be one."""

STATES_WITH_WAY_BACK = frozenset({"approved", "travel_ready"})
"""States that go back to assessing after a new risk or an expired assessment."""


def is_allowed_step(state: str, target: str) -> bool:
    """Return whether the step exists."""
    return target in NEXT_STATES.get(state, ())


def is_way_back(state: str, target: str) -> bool:
    """Return whether the step gives up a decision; no gate ever blocks it."""
    return state in STATES_WITH_WAY_BACK and target == "assessing"


def is_read_only(state: object) -> bool:
    """Return whether a plan in this state is never changed again."""
    return state in READ_ONLY_STATES


R = TypeVar("R")


# --- case context


@dataclass(frozen=True, slots=True)
class Receiver:
    """The receiving organisation in the plan, and whether it is in a third country.

    `is_third_country` is None if that is unknown. A receiver with its own installation
    speaks for itself. For another one, reports by telephone or on paper may be written down
    here.
    """

    organisation: bytes
    is_third_country: bool | None
    has_own_desk: bool = True


@dataclass(frozen=True, slots=True)
class CaseContext:
    """A plan as the gates see it at `at` (aware; its date is the local date).

    `paper` lists what keeps the traveller's sheet from being printed. `texts` are the languages
    (ISO 639-1) in which there is a text to sign; None if that is not known.
    """

    client: RecordView[Client]
    plan: RecordView[Plan]
    relationships: tuple[RecordView[Relationship], ...]
    consents: tuple[RecordView[Consent], ...]
    legs: tuple[RecordView[Leg], ...]
    travellers: tuple[RecordView[Traveller], ...]
    documents: tuple[RecordView[TravelDocument], ...]
    handovers: tuple[RecordView[Handover], ...]
    legal: tuple[RecordView[LegalStatus], ...]
    receptions: tuple[RecordView[Reception], ...]
    risks: tuple[RecordView[RiskAssessment], ...]
    risk_lines: tuple[RecordView[RiskLine], ...]
    risk_events: tuple[RecordView[RiskEvent], ...]
    child_papers: tuple[RecordView[ChildPapers], ...]
    approvals: tuple[RecordView[Approval], ...]
    transitions: tuple[RecordView[Transition], ...]
    follow_ups: tuple[RecordView[FollowUp], ...]
    services: tuple[RecordView[Service], ...]
    receiver: Receiver | None
    paper: tuple[SheetFinding, ...]
    at: datetime
    texts: frozenset[str] | None = None

    @property
    def ours(self) -> bytes:
        """The organisation that is the plan's custodian."""
        return self.plan.row.custodian

    @property
    def arrival_writers(self) -> frozenset[bytes]:
        """The organisations that say whether she has arrived: the custodian and the receiver."""
        receiver = [self.receiver.organisation] if self.receiver is not None else []
        return frozenset([self.ours, *receiver])

    @property
    def party(self) -> TravelParty:
        """The travellers and their documents."""
        return TravelParty(self.client, self.relationships, self.travellers, self.documents)

    @property
    def state(self) -> str | None:
        """The plan's state; None while it is in conflict."""
        if "state" in self.plan.conflicts:
            return None
        state = self.plan.record.state
        return state if isinstance(state, str) else "draft"

    @property
    def sent_back_at(self) -> ZonedTime | None:
        """The time at which the plan was last sent back; earlier assessments are void."""
        times = [
            step.record.happened
            for step in self.transitions
            if is_way_back(str(step.record.from_state), str(step.record.to_state))
            and isinstance(step.record.happened, ZonedTime)
        ]
        return max(times, key=lambda time: time.utc, default=None)

    def last_mover(self, milliseconds: int) -> str:
        """Return the initials of who had last moved the plan at that time; at first its author."""
        steps = [
            step
            for step in self.transitions
            if step.row.custodian == self.ours and last_written(step.row) <= milliseconds
        ]
        if steps:
            newest = max(steps, key=lambda step: (last_written(step.row), step.rid))
            return str(newest.record.taken_by or "")
        writes = writes_by_field(self.plan.row.state).get(RECORD_TYPES["plan"].ids["state"], ())
        return author_initials(writes[0].author) if writes and not self.transitions else ""


def build_case_context(
    rows: Sequence[Row],
    at: datetime,
    receiver: Receiver | None = None,
    paper: Sequence[SheetFinding] = (),
    fields: Mapping[str, Sequence[str]] | None = None,
) -> CaseContext:
    """Return the context of the one client and the one plan among `rows`.

    Of the record types in `fields` these fields alone are read, for lists of many plans.
    """

    def read(cls: type[R]) -> tuple[RecordView[R], ...]:
        return _views(rows, cls, (fields or {}).get(type_name(cls)))

    (client,), (plan,) = read(Client), read(Plan)
    return CaseContext(
        client=client,
        plan=plan,
        relationships=read(Relationship),
        consents=read(Consent),
        legs=tuple(sorted(read(Leg), key=view_order)),
        travellers=read(Traveller),
        documents=read(TravelDocument),
        handovers=read(Handover),
        legal=read(LegalStatus),
        receptions=tuple(one for one in read(Reception) if _may_answer(one, plan.row.custodian)),
        risks=read(RiskAssessment),
        risk_lines=read(RiskLine),
        risk_events=read(RiskEvent),
        child_papers=read(ChildPapers),
        approvals=read(Approval),
        transitions=read(Transition),
        follow_ups=read(FollowUp),
        services=read(Service),
        receiver=receiver,
        paper=tuple(paper),
        at=at,
    )


def _may_answer(reception: RecordView[Reception], custodian: bytes) -> bool:
    """Return whether a reception counts: the plan's custodian asks, who is named answers.

    So no third organisation confirms in a record of its own that another one receives her.
    """
    whose = reception.row.custodian
    return whose == custodian or reception.record.organisation == whose.hex()


def author_initials(author: str) -> str:
    """Return the initials in a write's author label, which names person and organisation."""
    return author.partition(",")[0]


def last_written(row: Row) -> int:
    """Return when the newest live write of a row was made, in ms since 1970, UTC."""
    return max((write.milliseconds for write in live_writes(row.state)), default=0)


def _views(
    rows: Sequence[Row], cls: type[R], keys: Sequence[str] | None
) -> tuple[RecordView[R], ...]:
    of_type = (row for row in rows if row.type == type_name(cls))
    views = (view(row, cls) if keys is None else view_fields(row, cls, keys) for row in of_type)
    return tuple(seen for seen in views if not seen.is_deleted)
