# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates of the journey: before departure, at arrival, and before a plan is closed.

Missed and cancelled legs do not count: a new leg replaces them.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from kfdesk.domain.codes.case import CLOSURE_REASON, ESCORT_KIND
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.handovers import believed, received_at
from kfdesk.domain.itinerary import OTHER_CLOCK
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.travellers import IN_HAND, is_valid_document
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.decision import (
    child_travellers,
    companions,
    conclusion_allows,
    second_person,
)
from kfdesk.domain.workflow.gates import (
    CaseContext,
    FieldLocation,
    Gate,
    GateAnswer,
    GateReason,
    fault_unless_done,
    fault_unless_filled,
    fault_unless_yes,
    gate_from_faults,
    gate_met,
    gate_missing_record,
    gate_not_applicable,
    gate_not_met,
    last_written,
)

_ON_THE_WAY = frozenset({"departed", "arrived"})
_BEGUN = frozenset({"in_progress", "completed"})


# --- on the way and after it


def departure_recorded(s: CaseContext) -> Gate:
    """Check that the departure of a leg is recorded with its time."""
    code = "departure_recorded"
    for leg in s.legs:
        if (
            leg.record.status in _ON_THE_WAY
            and fault_unless_done(leg.record.departed, s.at) is None
        ):
            return gate_met(code)
    if not s.legs:
        return gate_missing_record(code, GateReason.NO_LEGS, "leg", "sequence")
    return gate_not_met(code, GateReason.NOT_RECORDED, s.legs[0], "departed")


def arrival_confirmed(s: CaseContext) -> Gate:
    """Check that the client was handed over at the destination, or confirms her arrival."""
    code = "arrival_confirmed"
    if received_at(believed(s.handovers, s.arrival_writers), s.at) is not None:
        return gate_met(code)
    if s.handovers:
        return gate_not_met(code, GateReason.NOT_RECORDED, s.handovers[-1], "result")
    return gate_missing_record(code, GateReason.NOT_RECORDED, "handover", "result")


def reintegration_agreed(s: CaseContext) -> Gate:
    """Check that the reintegration plan is agreed with the client."""
    why = fault_unless_done(s.plan.record.reintegration_agreed, s.at)
    return gate_from_faults("reintegration_agreed", s.plan, {"reintegration_agreed": why})


def services_running(s: CaseContext) -> Gate:
    """Check that services run or are done, by their records or by the answer in the plan."""
    if any(one.record.status in _BEGUN for one in s.services):
        return gate_met("services_running")
    why = fault_unless_yes(s.plan.record.services_running)
    return gate_from_faults("services_running", s.plan, {"services_running": why})


def follow_up_scheduled(s: CaseContext) -> Gate:
    """Check that follow-up is scheduled, by dated contacts or by the answer in the plan."""
    if any(isinstance(one.record.due, date) for one in s.follow_ups):
        return gate_met("follow_up_scheduled")
    why = fault_unless_yes(s.plan.record.follow_up_set)
    return gate_from_faults("follow_up_scheduled", s.plan, {"follow_up_set": why})


def closure_reason(s: CaseContext) -> Gate:
    """Check that a reason for closure is given."""
    why = None if s.plan.record.closure_reason in CLOSURE_REASON else GateReason.MISSING
    return gate_from_faults("closure_reason", s.plan, {"closure_reason": why})


def last_risk_read(s: CaseContext) -> Gate:
    """Check that the risks were read a last time."""
    why = fault_unless_done(s.plan.record.last_risk_read, s.at)
    return gate_from_faults("last_risk_read", s.plan, {"last_risk_read": why})


def client_told(s: CaseContext) -> Gate:
    """Check that the client was told what is kept and until when."""
    why = fault_unless_done(s.plan.record.told_what_is_kept, s.at)
    return gate_from_faults("client_told", s.plan, {"told_what_is_kept": why})


def retention_set(s: CaseContext) -> Gate:
    """Check that the date of erasure is set."""
    until = s.plan.record.retention_until
    why = None if isinstance(until, date) else GateReason.MISSING
    if isinstance(until, date) and until < s.at.date():
        why = GateReason.IN_THE_PAST
    return gate_from_faults("retention_set", s.plan, {"retention_until": why})


def receipts_in(s: CaseContext) -> Gate:
    """Check that the partners' receipts have arrived."""
    why = fault_unless_yes(s.plan.record.receipts_in)
    return gate_from_faults("receipts_in", s.plan, {"receipts_in": why})


# --- before departure

WISH_VALIDITY, RISK_READING_VALIDITY = timedelta(hours=48), timedelta(hours=72)
_BOOKED = frozenset({"booked", "confirmed", "departed", "arrived"})


def reception_confirmed(s: CaseContext) -> Gate:
    """Check that the receiver in the plan has confirmed and named who will meet the client."""
    code = "reception_confirmed"
    if s.receiver is None:
        return gate_not_met(code, GateReason.NO_RECEIVER, s.plan, "receiver")
    name = s.receiver.organisation.hex()
    theirs = [r for r in s.receptions if r.record.organisation == name]
    torn = [r for r in s.receptions if "organisation" in r.conflicts]
    if torn:
        return gate_not_met(code, GateReason.UNDECIDED, torn[0], "organisation")
    if not theirs:
        return gate_missing_record(code, GateReason.NOT_CONFIRMED, "reception", "status")
    newest = max(theirs, key=lambda r: (last_written(r.row), r.rid))
    faults = {
        "status": None if newest.record.status == "confirmed" else GateReason.NOT_CONFIRMED,
        "received_by": fault_unless_filled(newest.record.received_by),
    }
    return gate_from_faults(code, newest, faults)


def documents_valid(s: CaseContext) -> Gate:
    """Check that each traveller has a document of their own, at hand and valid until arrival."""
    for person in (s.client, *companions(s)):
        gate = _document_gate(person, s)
        if gate.is_open:
            return gate
    return gate_met("documents_valid")


def _document_gate(person: RecordView[Any], s: CaseContext) -> Gate:
    """Return the gate of one traveller."""
    code, last, is_hers = "documents_valid", _last_arrival_day(s), person.rid == s.client.rid
    if not is_hers and s.party.row_of(person) is None:
        return gate_missing_record(code, GateReason.NOT_LISTED, "traveller", "person")
    papers = s.party.identity_papers_of(person)
    if any(is_valid_document(one, last) for one in papers):
        return gate_met(code)
    if not papers:
        hers = s.party.identity_papers_of(s.client)
        if not is_hers and len(hers) > 1:
            return gate_not_met(code, GateReason.WHOSE_DOCUMENT, hers[-1], "whose")
        why = GateReason.TOO_FEW_DOCUMENTS if is_hers else GateReason.NO_OWN_DOCUMENT
        return gate_missing_record(code, why, "travel_document", "kind")
    bad = papers[0]
    if bad.record.status not in IN_HAND:
        return gate_not_met(code, GateReason.TOO_FEW_DOCUMENTS, bad, "status")
    return gate_not_met(code, GateReason.DOCUMENT_ENDS, bad, "valid_until")


def transit_visas(s: CaseContext) -> Gate | None:
    """Check that the transit visas on record are at hand and valid until arrival.

    Return None where a person must look: no visa is recorded, or one ends on the way, which may
    be after the country that asks for it.
    """
    code, last = "transit_visa", _last_arrival_day(s)
    visas = [one for one in s.documents if one.record.kind == "visa_transit"]
    for visa in visas:
        if visa.record.status not in IN_HAND:
            return gate_not_met(code, GateReason.NOT_IN_HAND, visa, "status")
    is_proven = visas and all(is_valid_document(visa, last) for visa in visas)
    return gate_met(code) if is_proven else None


def legs_booked(s: CaseContext) -> Gate:
    """Check that each leg has local times, is booked, and has somebody to meet the client.

    She may choose to travel alone; a child may not.
    """
    gate = _each_leg("legs_booked", s, _leg_faults)
    return gate if gate.is_open else _local_times(s) or gate


def _local_times(s: CaseContext) -> Gate | None:
    """Return the gate of the first time that is told by the clocks of another place, or None."""
    for found in s.paper:
        if found.code == OTHER_CLOCK and found.sequence and found.sequence <= len(s.legs):
            leg = s.legs[found.sequence - 1]
            return gate_not_met("legs_booked", GateReason.OTHER_CLOCK, leg, found.key)
    return None


def meeters_named(s: CaseContext) -> Gate:
    """Check of each leg only that somebody meets the client, as `legs_booked` does."""
    return _each_leg("meeters", s, _meeting_faults)


def check_ins_set(s: CaseContext) -> Gate:
    """Check that each leg has a time for a check-in."""
    code = "check_ins_set"
    legs = active_legs(s)
    if not legs:
        return gate_missing_record(code, GateReason.NO_LEGS, "leg", "sequence")
    for leg in legs:
        if not isinstance(leg.record.check_in, ZonedTime):
            return gate_not_met(code, GateReason.MISSING, leg, "check_in")
    return gate_met(code)


def escort_set(s: CaseContext) -> Gate:
    """Check that an escort is named, or none by choice; a child always has one."""
    kind = s.plan.record.escort_kind
    if kind not in ESCORT_KIND:
        return gate_not_met("escort_set", GateReason.MISSING, s.plan, "escort_kind")
    if kind == "none_wanted":
        why = GateReason.ESCORT_OBLIGATORY if child_travellers(s) else None
        return gate_from_faults("escort_set", s.plan, {"escort_kind": why})
    return gate_from_faults(
        "escort_set", s.plan, {"escort": fault_unless_filled(s.plan.record.escort)}
    )


def fit_to_travel(s: CaseContext) -> Gate:
    """Check for a fit-to-travel assessment that is valid until arrival, if one is needed."""
    code, plan = "fit_to_travel", s.plan.record
    if plan.fit_to_travel_needed is False:
        return gate_not_applicable(code)
    if plan.fit_to_travel_needed is not True:
        return gate_not_met(code, GateReason.MISSING, s.plan, "fit_to_travel_needed")
    until = plan.fit_to_travel_until
    if not isinstance(until, ZonedTime):
        return gate_not_met(code, GateReason.MISSING, s.plan, "fit_to_travel_until")
    is_short = until.utc < last_arrival(s)
    return gate_from_faults(
        code, s.plan, {"fit_to_travel_until": GateReason.ENDS_TOO_EARLY if is_short else None}
    )


def paper_checked(s: CaseContext) -> Gate:
    """Check that the traveller's sheet has no fault, or that the client wants none."""
    code, wish = "paper_checked", s.plan.record.wants_paper
    if wish == "no_paper":
        return gate_not_applicable(code)
    if wish != "wants_paper":
        return gate_not_met(code, GateReason.MISSING, s.plan, "wants_paper")
    if not s.paper:
        return gate_met(code)
    first = s.paper[0]
    return Gate(
        code, GateAnswer.NOT_MET, GateReason.PAPER_HAS_FAULTS, FieldLocation(first.type, first.key)
    )


def wish_fresh(s: CaseContext) -> Gate:
    """Check that the client confirmed within 48 hours that she wants to return."""
    plan = s.plan.record
    faults = {
        "wish": None if plan.wish == "client_wishes_to_return" else GateReason.WISH_IS_ANOTHER,
        "wish_reconfirmed": _fault_unless_fresh(plan.wish_reconfirmed, s, WISH_VALIDITY),
    }
    return gate_from_faults("wish_fresh", s.plan, faults)


def risk_fresh(s: CaseContext) -> Gate:
    """Check that the risks were read within 72 hours and that the decision still holds."""
    code = "risk_fresh"
    why = _fault_unless_fresh(s.plan.record.risk_read, s, RISK_READING_VALIDITY)
    if why is not None:
        return gate_not_met(code, why, s.plan, "risk_read")
    for held in (conclusion_allows(s), second_person(s)):
        if held.is_open:
            return Gate(code, held.answer, held.why, held.where)
    return gate_met(code)


def active_legs(s: CaseContext) -> tuple[RecordView[Leg], ...]:
    """Return the legs that count: neither missed nor cancelled."""
    return tuple(leg for leg in s.legs if leg.record.status not in LEG_OFF)


def last_arrival(s: CaseContext) -> datetime:
    """Return when the last leg arrives; now, if that is unknown or past."""
    times = [
        leg.record.arrives.utc
        for leg in active_legs(s)
        if isinstance(leg.record.arrives, ZonedTime)
    ]
    return max([*times, s.at])


def _last_arrival_day(s: CaseContext) -> date:
    """Return the local date of the last arrival; today, if that is unknown or past."""
    days = [
        arrives.wall.date()
        for leg in active_legs(s)
        if isinstance(arrives := leg.record.arrives, ZonedTime)
    ]
    return max([*days, s.at.date()])


def _each_leg(
    code: str, s: CaseContext, faults_of: Callable[[Leg, bool], Mapping[str, GateReason | None]]
) -> Gate:
    """Return the gate of the first leg that has a fault; met if none has."""
    legs, has_child = active_legs(s), bool(child_travellers(s))
    if not legs:
        return gate_missing_record(code, GateReason.NO_LEGS, "leg", "sequence")
    gates = (gate_from_faults(code, leg, faults_of(leg.record, has_child)) for leg in legs)
    return next((gate for gate in gates if gate.is_open), gate_met(code))


def _leg_faults(leg: Leg, has_child: bool) -> dict[str, GateReason | None]:
    return {
        "departs": None if isinstance(leg.departs, ZonedTime) else GateReason.MISSING,
        "arrives": None if isinstance(leg.arrives, ZonedTime) else GateReason.MISSING,
        "status": None if leg.status in _BOOKED else GateReason.NOT_BOOKED,
        **_meeting_faults(leg, has_child),
    }


def _meeting_faults(leg: Leg, has_child: bool) -> dict[str, GateReason | None]:
    is_met = fault_unless_filled(leg.met_by) is None or fault_unless_filled(leg.meeter) is None
    alone = GateReason.CHILD_ALONE if leg.alone is True and has_child else None
    return {
        "alone": alone,
        "met_by": None if is_met or leg.alone is True else GateReason.NOBODY_MEETS,
    }


def _fault_unless_fresh(value: object, s: CaseContext, lasts: timedelta) -> GateReason | None:
    if not isinstance(value, ZonedTime):
        return GateReason.MISSING
    return fault_unless_done(value, s.at) or (
        GateReason.TOO_OLD if s.at - value.utc > lasts else None
    )
