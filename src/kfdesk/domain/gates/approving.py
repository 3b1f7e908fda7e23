# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of the decision, and whose approval counts.

An approval is the word of the organisation that answers for its record: ours, or the receiver's.
It counts if whoever gave it is neither the one who asked nor, at that time, the last who had moved
the plan, and if nothing was weighed anew since.
"""

from datetime import date

from kfdesk.domain.desk.users import fold
from kfdesk.domain.gates import risks
from kfdesk.domain.gates.consents import Found, standing
from kfdesk.domain.gates.gate import (
    Answer,
    Gate,
    Why,
    judged,
    met,
    missing,
    not_applicable,
    not_met,
    unless_done,
    unless_yes,
)
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.rows import View
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Moment
from kfdesk.domain.weighing.levels import RiskLevel, weighed

DECISION, OVERRIDE = "decision", "override"
_AGREED = frozenset({"agreed", "in_place"})
_TO_RECEIVE = frozenset({"reception_and_reintegration", "case_management"})


def conclusion_allows(s: Situation) -> Gate:
    """The worse of both lets her go, and both count still. Nobody sets it aside.

    In no category may a side still see a very high risk when every measure is in place.
    """
    code = "conclusion_allows"
    for found in risks.counting(s):
        if (fault := risks.fault(found, s)) is not None:
            return not_met(code, fault[1], found, fault[0])
    risk = risks.worst(s)
    if risk is None:
        return missing(code, Why.MISSING, "risk_assessment", "conclusion")
    if risk.record.conclusion not in risks.ALLOWED:
        return not_met(code, Why.CONCLUSION_FORBIDS, risk, "conclusion")
    for one in risks.worse_of_both(s):
        if one.after.level is RiskLevel.VERY_HIGH:
            return not_met(code, Why.STILL_VERY_HIGH, one.line, "likelihood_after")
    return met(code)


def measures_agreed(s: Situation) -> Gate:
    """Where a side asks for measures, or sees a high risk, they are agreed."""
    code = "measures_agreed"
    worst = risks.worst(s)
    if worst is None:
        return missing(code, Why.MISSING, "risk_assessment", "conclusion")
    high = [
        one
        for risk in risks.counting(s)
        for one in map(weighed, risks.lines_of(risk, s))
        if one.is_high
    ]
    for one in high:
        if one.line.record.mitigation_status not in _AGREED:
            return not_met(code, Why.MEASURE_NOT_AGREED, one.line, "mitigation_status")
    asking = [r for r in risks.counting(s) if r.record.conclusion != risks.SEVERITY[0]]
    for risk in asking:
        if (why := unless_yes(risk.record.measures_agreed)) is not None:
            return not_met(code, why, risk, "measures_agreed")
    return met(code) if asking or high else not_applicable(code)


def second_person(s: Situation) -> Gate:
    """A second person has decided, knowing the newest weighing of both sides."""
    code = "second_person"
    known = max((risks.last_touched(risk, s) for risk in risks.counting(s)), default=0)
    faults = []
    for approval in (seen for seen in s.approvals if seen.record.kind == DECISION):
        why = doubt(approval, s)
        if why is None and last_written(approval.row) < known:
            why = Why.RISK_IS_NEWER
        if why is None:
            return met(code)
        faults.append(not_met(code, why, approval, "given_by"))
    told = [gate for gate in faults if gate.why is not Why.NOBODY_APPROVED]  # a request says less
    return (told or faults or [missing(code, Why.NOBODY_APPROVED, "approval", "given_by")])[-1]


def client_signed(s: Situation) -> Gate:
    """She signed, in a language that she speaks, since the plan last went back."""
    plan, spoken = s.plan.record, s.client.record.languages
    signed = unless_done(plan.decision_signed, s.at)
    if isinstance(plan.decision_signed, date) and s.went_back is not None:
        is_void = plan.decision_signed < s.went_back.wall.date()
        signed = signed or (Why.BEFORE_IT_WENT_BACK if is_void else None)
    is_hers = isinstance(spoken, tuple) and plan.decision_language in spoken
    faults = {
        "decision_signed": signed,
        "decision_language": None if is_hers else Why.OTHER_LANGUAGE,
    }
    return judged("client_signed", s.plan, faults)


def consent_to_receiver(s: Situation) -> Gate:
    """Her consent to share with the receiver that the plan names."""
    code = "consent_to_receiver"
    found = _to_receiver(s, code)
    if found is None:
        return not_met(code, Why.NO_RECEIVER, s.plan, "receiver")
    return found.fault or met(code)


def third_country(s: Situation) -> Gate:
    """A receiver outside the Union and the EEA: a ground is chosen and the risk was explained."""
    code = "third_country"
    if s.receiver is None:
        return not_met(code, Why.NO_RECEIVER, s.plan, "receiver")
    if s.receiver.is_third_country is None:
        return missing(code, Why.MISSING, "organisation", "country")
    if not s.receiver.is_third_country:
        return not_applicable(code)
    found = _to_receiver(s, code)
    if found is None or found.consent is None:
        return (found and found.fault) or missing(code, Why.NO_CONSENT, "consent", "purpose")
    consent, spoken = found.consent.record, s.client.record.languages
    if not isinstance(consent.transfer_tool, str) or consent.transfer_tool == "none":
        return not_met(code, Why.NO_GROUND, found.consent, "transfer_tool")
    if consent.transfer_tool == "explicit_consent_49_1_a":
        if unless_done(consent.warned, s.at) is not None:
            return not_met(code, Why.NOT_WARNED, found.consent, "warned")
        if not isinstance(spoken, tuple) or consent.language not in spoken:
            return not_met(code, Why.OTHER_LANGUAGE, found.consent, "language")
    why = unless_done(s.plan.record.third_country_explained, s.at)
    return judged(code, s.plan, {"third_country_explained": why})


def set_aside(gate: Gate, s: Situation) -> Gate:
    """The gate as overridden, where an approval for it counts; else as it is."""
    for approval in s.approvals:
        record = approval.record
        if record.kind == OVERRIDE and record.gate == gate.code and doubt(approval, s) is None:
            return Gate(gate.code, Answer.OVERRIDDEN)
    return gate


def doubt(approval: View[Approval], s: Situation) -> Why | None:
    """Why an approval does not count, if it does not."""
    record = approval.record
    if approval.conflicts:
        return Why.UNDECIDED
    if not isinstance(record.given_by, str) or not isinstance(record.given, Moment):
        return Why.NOBODY_APPROVED
    believed = {s.ours} | ({s.receiver.organisation} if s.receiver else set())
    if approval.row.custodian not in believed:
        return Why.NOBODY_APPROVED
    if record.given.utc > s.at:
        return Why.IN_THE_FUTURE
    if _has_ended(record, s):
        return Why.TOO_OLD
    if s.went_back is not None and record.given.utc < s.went_back.utc:
        return Why.BEFORE_IT_WENT_BACK
    if not isinstance(record.asked_by, str):
        return Why.NOBODY_APPROVED
    return _own_doubt(approval, s) if approval.row.custodian == s.ours else None


def _own_doubt(approval: View[Approval], s: Situation) -> Why | None:
    """Within one house the one who approves is another than who asked, and than who moved it."""
    record, mover = approval.record, s.mover_before(last_written(approval.row))
    others = {fold(str(record.asked_by)), fold(mover)}
    return Why.SAME_PERSON if fold(str(record.given_by)) in others else None


def _has_ended(record: Approval, s: Situation) -> bool:
    if record.ends is None:
        return False
    return not isinstance(record.ends, Moment) or record.ends.utc <= s.at


def _to_receiver(s: Situation, code: str) -> Found | None:
    if s.receiver is None:
        return None
    name = s.receiver.organisation.hex()
    return standing(
        s,
        code,
        lambda c: (
            c.recipient == name
            and c.purpose in _TO_RECEIVE
            and isinstance(c.groups, tuple)
            and Group.IDENTITY in c.groups
        ),
    )
