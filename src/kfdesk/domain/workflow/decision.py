# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates before the decision: wish, consents, risk assessments, children, and approval.

Both organisations assess the risk, and the worse of the two counts. The custodian of the
record tells whose it is. A report that we wrote down for a receiver counts only if the
receiver has no assessment of its own. The newest assessment counts. One without a known
date, or in conflict, counts as the newest and blocks the gate.

Our own assessment answers every category by its lines. A reported one, or one from an
older program, may have none. Then its conclusion and its number of open questions
decide.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from kfdesk.domain.accounts import fold_initials
from kfdesk.domain.codes.case import ASSESSMENT_RESULT, TOLD_BY_WAY
from kfdesk.domain.codes.core import WISH
from kfdesk.domain.consent import (
    VITAL_INTERESTS,
    ConsentDefect,
    WithheldReason,
    invalidity_reason,
    is_child,
)
from kfdesk.domain.consent import validity_defects as missing_of
from kfdesk.domain.records.case import Approval, LegalStatus
from kfdesk.domain.records.client import ChildPapers, Consent
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.risk import (
    CategoryRating,
    RiskLevel,
    RiskStatus,
    joint_status,
    rate_line,
    risk_status,
    unanswered_categories,
    worst_by_category,
)
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import MissingAnswer, ZonedTime, shift_day
from kfdesk.domain.workflow.gates import (
    CaseContext,
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

_DEFECT_REASONS = {
    ConsentDefect.CHILD: GateReason.GUARDIAN_MUST_CONSENT,
    ConsentDefect.ASSENT: GateReason.NOT_YES,
}
_ENDED_REASONS = {
    WithheldReason.EXPIRED: GateReason.CONSENT_ENDED,
    WithheldReason.WITHDRAWN: GateReason.CONSENT_WITHDRAWN,
}


# --- consents and wish


@dataclass(frozen=True, slots=True)
class ConsentMatch:
    """The valid consent that was found, or the gate with the reason why it is not met."""

    consent: RecordView[Consent] | None
    fault: Gate | None


def find_consent(s: CaseContext, code: str, fits: Callable[[Consent], bool]) -> ConsentMatch:
    """Find a consent that fits and is valid; if none is valid, report the first one's fault."""
    faults = []
    for seen in s.consents:
        if not seen.conflicts and not fits(seen.record):
            continue
        fault = _consent_fault(s, code, seen)
        if fault is None:
            return ConsentMatch(seen, None)
        faults.append(fault)
    if faults:
        return ConsentMatch(None, faults[0])
    return ConsentMatch(
        None, gate_missing_record(code, GateReason.NO_CONSENT, "consent", "purpose")
    )


def _consent_fault(s: CaseContext, code: str, seen: RecordView[Consent]) -> Gate | None:
    if seen.conflicts:
        return gate_not_met(code, GateReason.UNDECIDED, seen, min(seen.conflicts))
    consent = seen.record
    if consent.form == VITAL_INTERESTS:
        return gate_not_met(code, GateReason.NO_CONSENT, seen, "form")
    shut = invalidity_reason(seen, s.client, s.at)
    if shut is WithheldReason.INCOMPLETE:
        key, lack = missing_of(consent, is_childs=is_child(s.client, s.at.date()))[0]
        return gate_not_met(
            code, _DEFECT_REASONS.get(lack, GateReason.CONSENT_INCOMPLETE), seen, key
        )
    if shut is not None:
        key = "withdrawn" if shut is WithheldReason.WITHDRAWN else "expires"
        return gate_not_met(code, _ENDED_REASONS.get(shut, GateReason.NO_CONSENT), seen, key)
    return None


def consent_case_management(s: CaseContext) -> Gate:
    """Check for the client's consent that this organisation manages her case."""
    found = find_consent(
        s,
        "consent_case_management",
        lambda c: c.purpose == "case_management" and c.recipient == s.ours.hex(),
    )
    return found.fault or gate_met("consent_case_management")


def wish_recorded(s: CaseContext) -> Gate:
    """Check that the client's own wish is recorded, whatever it is, and when she said it."""
    plan = s.plan.record
    faults = {
        "wish": None if plan.wish in WISH else GateReason.MISSING,
        "wish_stated": fault_unless_done(plan.wish_stated, s.at),
    }
    return gate_from_faults("wish_recorded", s.plan, faults)


def interpreter_used(s: CaseContext) -> Gate:
    """Check that an interpreter was used, unless the client is known to need none."""
    code = "interpreter_used"
    needs = s.client.record.needs_interpreter
    if s.plan.record.interpreter_used is True:
        return gate_met(code)
    if needs is False:
        return gate_not_applicable(code)
    if needs is not True:
        return gate_not_met(code, GateReason.MISSING, s.client, "needs_interpreter")
    return gate_not_met(
        code,
        fault_unless_yes(s.plan.record.interpreter_used) or GateReason.NOT_YES,
        s.plan,
        "interpreter_used",
    )


def options_explained(s: CaseContext) -> Gate:
    """Check that all options were explained, including staying."""
    why = fault_unless_yes(s.plan.record.alternatives_explained)
    return gate_from_faults("options_explained", s.plan, {"alternatives_explained": why})


# --- children

FieldFaults = Mapping[str, GateReason | None]

_EMPTY_PAPERS = ChildPapers(**dict.fromkeys(RECORD_TYPES["child_papers"].fields))


def child_travellers(s: CaseContext) -> tuple[RecordView[Any], ...]:
    """Return the travellers of the plan that count as children, the client first."""
    travellers: tuple[RecordView[Any], ...] = (s.client, *companions(s))
    return tuple(person for person in travellers if is_child(person, s.at.date()))


def companions(s: CaseContext) -> tuple[RecordView[Any], ...]:
    """Return those who travel with the client, or may do so."""
    return s.party.companions


def papers_of_child(child: RecordView[Any], s: CaseContext) -> RecordView[ChildPapers] | None:
    """Return a child's newest papers; never those that another organisation wrote."""
    named = child.rid.hex()
    ours = (p for p in s.child_papers if p.row.custodian == s.ours and p.record.child == named)
    return max(ours, key=lambda papers: (last_written(papers.row), papers.rid), default=None)


def child_gates(child: RecordView[Any], s: CaseContext) -> tuple[Gate, ...]:
    """Return the result of each gate for one child, in the order of its papers."""
    return tuple(_gate_of_child(code, child, s) for code in _CHILD_FAULTS)


def _gate_of_child(code: str, child: RecordView[Any], s: CaseContext) -> Gate:
    papers, faults = papers_of_child(child, s), _CHILD_FAULTS[code]
    if papers is None:
        return gate_missing_record(
            code, GateReason.MISSING, "child_papers", next(iter(faults(_EMPTY_PAPERS, s)))
        )
    return gate_from_faults(code, papers, faults(papers.record, s))


def _gate_for_all(code: str, s: CaseContext) -> Gate:
    """Return the gate of the first child that does not meet it; met if all children do."""
    found = [_gate_of_child(code, child, s) for child in child_travellers(s)]
    if not found:
        return gate_not_applicable(code)
    return next((gate for gate in found if gate.is_open), gate_met(code))


def _family_faults(papers: ChildPapers, s: CaseContext) -> FieldFaults:
    result = papers.family_assessment_result
    is_clear = result in ASSESSMENT_RESULT and result != "unclear"
    return {
        "family_assessed": fault_unless_done(papers.family_assessed, s.at),
        "family_assessment_result": None if is_clear else GateReason.RESULT_UNCLEAR,
    }


def _best_interests_faults(papers: ChildPapers, s: CaseContext) -> FieldFaults:
    in_favour = papers.bid_decision == "bid_in_favour"
    return {
        "bid_decided": fault_unless_done(papers.bid_decided, s.at) or _decided_too_early(papers),
        "bid_decision": None if in_favour else GateReason.NOT_IN_FAVOUR,
    }


def _custody_faults(papers: ChildPapers, s: CaseContext) -> FieldFaults:
    """Return what keeps custody from being clear; one that is contested needs a court's word."""
    faults: FieldFaults = {"guardian_order": fault_unless_filled(papers.guardian_order)}
    if papers.custody_contested is False:
        return faults
    if papers.custody_contested is not True:
        return {**faults, "custody_contested": GateReason.MISSING}
    return {
        **faults,
        "custody_contested_by": fault_unless_filled(papers.custody_contested_by),
        "custody_court": fault_unless_filled(papers.custody_court),
        "custody_day": fault_unless_done(papers.custody_day, s.at),
    }


def _takeover_faults(papers: ChildPapers, s: CaseContext) -> FieldFaults:
    return {
        "takeover_authority": fault_unless_filled(papers.takeover_authority),
        "takeover_by_authority": fault_unless_done(papers.takeover_by_authority, s.at),
    }


def _decided_too_early(papers: ChildPapers) -> GateReason | None:
    days = (papers.childs_view_heard, papers.family_assessed)
    known = [day for day in days if isinstance(day, date)]
    decided = papers.bid_decided
    is_early = isinstance(decided, date) and any(decided < day for day in known)
    return GateReason.BEFORE_IT_WAS_KNOWN if is_early else None


_CHILD_FAULTS: Mapping[str, Callable[[ChildPapers, CaseContext], FieldFaults]] = {
    "guardian_named": lambda papers, _: {"guardian": fault_unless_filled(papers.guardian)},
    "child_heard": lambda papers, s: {
        "childs_view_heard": fault_unless_done(papers.childs_view_heard, s.at)
    },
    "family_assessed": _family_faults,
    "best_interests": _best_interests_faults,
    "guardian_order": _custody_faults,
    "takeover_written": _takeover_faults,
}

CHILD_GATES = frozenset(_CHILD_FAULTS)
"""The codes of all gates of a child."""

CHILD_GATES_TO_DECIDE = tuple(
    partial(_gate_for_all, code)
    for code in ("guardian_named", "child_heard", "family_assessed", "best_interests")
)
"""The gates of a child before a decision and at every later step until departure."""

CHILD_GATES_TO_LEAVE = (
    *CHILD_GATES_TO_DECIDE,
    *(partial(_gate_for_all, code) for code in ("guardian_order", "takeover_written")),
)
"""The gates before departure, with what the border and the receiving authority require."""

NO_CHILD = "children"
"""Stands for all gates of a child, where none travels."""


def fold_child_gates(gates: Sequence[Gate]) -> tuple[Gate, ...]:
    """Return the gates to show, with one in the place of all that concern a child if none does."""
    of_child = [gate for gate in gates if gate.code in CHILD_GATES]
    if not of_child or any(gate.answer is not GateAnswer.NOT_APPLICABLE for gate in of_child):
        return tuple(gates)
    others = (gate for gate in gates if gate.code not in CHILD_GATES)
    return (*others, Gate(NO_CHILD, GateAnswer.NOT_APPLICABLE))


ASSESSMENT_VALIDITY = timedelta(days=30)
CONCLUSION_SEVERITY = (
    "return_possible",
    "return_possible_with_measures",
    "postpone",
    "return_not_safe",
)
ALLOWED_CONCLUSIONS = frozenset(CONCLUSION_SEVERITY[:2])

# --- risk assessments

RiskAssessmentView = RecordView[RiskAssessment]


def latest_assessments(
    s: CaseContext,
) -> tuple[RiskAssessmentView | None, RiskAssessmentView | None]:
    """Return the assessment that counts of our side, and of the receiver's side."""
    return _newest_assessment(_own_assessments(s, s.ours)), _newest_assessment(
        _receiver_assessments(s)
    )


def is_reported(risk: RiskAssessmentView) -> bool:
    """Return whether an assessment was reported by another organisation and written down here."""
    named = risk.record.organisation
    return isinstance(named, str) and named != risk.row.custodian.hex()


def unusable_report(s: CaseContext) -> RiskAssessmentView | None:
    """Return a report of the receiver that does not count, as it has its own installation."""
    theirs = s.receiver
    return (
        _newest_assessment(_reported_assessments(s, theirs.organisation))
        if theirs and theirs.has_own_desk
        else None
    )


def present_assessments(s: CaseContext) -> Iterator[RiskAssessmentView]:
    """Yield those of the two assessments that exist."""
    yield from (risk for risk in latest_assessments(s) if risk is not None)


def assessment_lines(risk: RiskAssessmentView, s: CaseContext) -> tuple[RecordView[RiskLine], ...]:
    """Return the lines of an assessment by its own custodian; others cannot add lines."""
    whose = (risk.rid, risk.row.custodian)
    return tuple(one for one in s.risk_lines if (one.row.parent, one.row.custodian) == whose)


def joint_ratings(s: CaseContext) -> tuple[CategoryRating, ...]:
    """Return the worse of both sides in each category that a side has a line for."""
    return worst_by_category(
        line for risk in present_assessments(s) for line in assessment_lines(risk, s)
    )


def may_assess(s: CaseContext, organisation: bytes) -> bool:
    """Return whether an assessment by this organisation counts: the custodian's, the receiver's."""
    return organisation == s.ours or (
        s.receiver is not None and s.receiver.organisation == organisation
    )


def assessment_status(risk: RiskAssessmentView, s: CaseContext, organisation: bytes) -> RiskStatus:
    """Return the status of an assessment as `organisation` knows it.

    Only the custodian of the plan knows whether a child travels: another organisation answers
    the questions for a child, and cannot expect them of others.
    """
    is_own = risk.row.custodian == organisation and not is_reported(risk)
    has_children = bool(child_travellers(s)) if s.ours == organisation else is_own
    return risk_status(assessment_lines(risk, s), has_children=has_children, is_own=is_own)


def joint_risk_status(s: CaseContext, organisation: bytes) -> RiskStatus | None:
    """Return the status of the assessments that count; None if there are none."""
    return joint_status(assessment_status(risk, s, organisation) for risk in present_assessments(s))


def is_assessed(s: CaseContext, organisation: bytes) -> bool:
    """Return whether this organisation has nothing left to do about the risks.

    The custodian of the plan needs both assessments, another organisation its own.
    """
    if s.ours == organisation:
        return not risk_assessed(s).is_open
    own = [r for r in present_assessments(s) if r.row.custodian == organisation]
    return bool(own) and all(assessment_fault(risk, s) is None for risk in own)


def assessment_last_written(risk: RiskAssessmentView, s: CaseContext) -> int:
    """Return when an assessment or a line of it was last written, in ms since 1970, UTC."""
    return max(map(last_written, (risk.row, *(line.row for line in assessment_lines(risk, s)))))


def assessment_last_day(record: RiskAssessment) -> date | None:
    """Return the last day on which an assessment counts: as it says, else after thirty days."""
    if record.valid_until is None and isinstance(record.done, date):
        return shift_day(record.done, ASSESSMENT_VALIDITY.days)
    return record.valid_until if isinstance(record.valid_until, date) else None


def has_open_questions(risk: RiskAssessmentView, s: CaseContext) -> bool:
    """Return whether the assessment has an unanswered question."""
    count, lines = risk.record.unanswered, assessment_lines(risk, s)
    has_count = isinstance(count, int) and not isinstance(count, bool)
    if lines or (risk.row.custodian == s.ours and not is_reported(risk)):
        still_open = unanswered_categories(lines, has_children=bool(child_travellers(s)))
        return bool(still_open) or (count is not None and not (has_count and count == 0))
    return not (has_count and count == 0)


def worse_assessment(s: CaseContext) -> RiskAssessmentView | None:
    """Return the assessment with the worse conclusion; None unless both sides have one."""
    found = list(present_assessments(s))
    if len(found) < len(latest_assessments(s)) or any(
        r.record.conclusion not in CONCLUSION_SEVERITY for r in found
    ):
        return None
    return max(found, key=lambda risk: CONCLUSION_SEVERITY.index(str(risk.record.conclusion)))


def assessment_fault(risk: RiskAssessmentView, s: CaseContext) -> tuple[str, GateReason] | None:
    """Return the key and the fault of one assessment, taken by itself."""
    record, today = risk.record, s.at.date()
    if risk.conflicts:
        return min(risk.conflicts), GateReason.UNDECIDED
    if is_reported(risk) and (found := _report_fault(record, s)) is not None:
        return found
    if not isinstance(record.done, date):
        return "done", GateReason.MISSING
    if record.done > today:
        return "done", GateReason.IN_THE_FUTURE
    if s.sent_back_at is not None and record.done < s.sent_back_at.wall.date():
        return "done", GateReason.BEFORE_IT_WENT_BACK
    if (last := assessment_last_day(record)) is None or last < today:
        return "valid_until", GateReason.OUT_OF_DATE
    if is_invalidated(risk, s):
        return "done", GateReason.SOMETHING_HAPPENED
    if has_open_questions(risk, s):
        return "unanswered", GateReason.QUESTIONS_OPEN
    return None if record.conclusion in CONCLUSION_SEVERITY else ("conclusion", GateReason.MISSING)


def is_invalidated(risk: RiskAssessmentView, s: CaseContext) -> bool:
    """Return whether an event since the assessment changes the risks."""
    return any(_invalidates(event, risk, s) for event in s.risk_events)


def _invalidates(event: RecordView[RiskEvent], risk: RiskAssessmentView, s: CaseContext) -> bool:
    """Return whether the assessment is older than the event.

    On the same day the times of writing decide.
    """
    happened, done = event.record.happened, risk.record.done
    if isinstance(happened, ZonedTime) and isinstance(done, date):
        day = min(happened.wall.date(), s.at.date())
        if done != day:
            return done < day
    return assessment_last_written(risk, s) <= last_written(event.row)


def _report_fault(record: RiskAssessment, s: CaseContext) -> tuple[str, GateReason] | None:
    """Return a fault if it is unknown who reported the assessment, how, or when."""
    told = fault_unless_done(record.told, s.at)
    if fault_unless_filled(record.told_by) is not None:
        return "told_by", GateReason.MISSING
    if record.told_way not in TOLD_BY_WAY:
        return "told_way", GateReason.MISSING
    return ("told", told) if told is not None else None


def _receiver_assessments(s: CaseContext) -> Iterator[RiskAssessmentView]:
    if s.receiver is None or s.receiver.organisation == s.ours:
        return
    yield from _own_assessments(s, s.receiver.organisation)
    if not s.receiver.has_own_desk:
        yield from _reported_assessments(s, s.receiver.organisation)


def _own_assessments(s: CaseContext, organisation: bytes) -> Iterator[RiskAssessmentView]:
    """Yield an organisation's own assessments."""
    return (r for r in s.risks if r.row.custodian == organisation and not is_reported(r))


def _reported_assessments(s: CaseContext, organisation: bytes) -> Iterator[RiskAssessmentView]:
    """Yield what we have written down as reported by another organisation."""
    name = organisation.hex()
    ours = (r for r in s.risks if r.row.custodian == s.ours and is_reported(r))
    return (r for r in ours if r.record.organisation == name)


def _newest_assessment(risks: Iterable[RiskAssessmentView]) -> RiskAssessmentView | None:
    return max(risks, key=assessment_age, default=None)


def assessment_age(risk: RiskAssessmentView) -> tuple[date, int, bytes]:
    """Return a sort key for the newest assessment; one without a known date is the newest."""
    done = risk.record.done
    return (done if isinstance(done, date) else date.max, last_written(risk.row), risk.rid)


DECISION, OVERRIDE = "decision", "override"
_AGREED = frozenset({"agreed", "in_place"})
_TO_RECEIVE = frozenset({"reception_and_reintegration", "case_management"})


# --- decision


def conclusion_allows(s: CaseContext) -> Gate:
    """Check that the worse conclusion allows the return and both assessments still count.

    Nobody can override this. In no category may a side see a very high risk that remains
    after all measures.
    """
    code = "conclusion_allows"
    for found in present_assessments(s):
        if (fault := assessment_fault(found, s)) is not None:
            return gate_not_met(code, fault[1], found, fault[0])
    risk = worse_assessment(s)
    if risk is None:
        return gate_missing_record(code, GateReason.MISSING, "risk_assessment", "conclusion")
    if risk.record.conclusion not in ALLOWED_CONCLUSIONS:
        return gate_not_met(code, GateReason.CONCLUSION_FORBIDS, risk, "conclusion")
    for one in joint_ratings(s):
        if one.after.level is RiskLevel.VERY_HIGH:
            return gate_not_met(code, GateReason.STILL_VERY_HIGH, one.line, "likelihood_after")
    return gate_met(code)


def measures_agreed(s: CaseContext) -> Gate:
    """Check that measures are agreed wherever a side asks for them or sees a high risk."""
    code = "measures_agreed"
    worst = worse_assessment(s)
    if worst is None:
        return gate_missing_record(code, GateReason.MISSING, "risk_assessment", "conclusion")
    high = [
        one
        for risk in present_assessments(s)
        for one in map(rate_line, assessment_lines(risk, s))
        if one.is_high
    ]
    for one in high:
        if one.line.record.mitigation_status not in _AGREED:
            return gate_not_met(code, GateReason.MEASURE_NOT_AGREED, one.line, "mitigation_status")
    asking = [r for r in present_assessments(s) if r.record.conclusion != CONCLUSION_SEVERITY[0]]
    for risk in asking:
        if (why := fault_unless_yes(risk.record.measures_agreed)) is not None:
            return gate_not_met(code, why, risk, "measures_agreed")
    return gate_met(code) if asking or high else gate_not_applicable(code)


# --- approval


def second_person(s: CaseContext) -> Gate:
    """Check that a second person decided, after the newest assessments of both sides."""
    code = "second_person"
    known = max((assessment_last_written(risk, s) for risk in present_assessments(s)), default=0)
    faults = []
    for approval in (seen for seen in s.approvals if seen.record.kind == DECISION):
        why = approval_fault(approval, s)
        if why is None and last_written(approval.row) < known:
            why = GateReason.RISK_IS_NEWER
        if why is None:
            return gate_met(code)
        faults.append(gate_not_met(code, why, approval, "given_by"))
    told = [
        gate for gate in faults if gate.why is not GateReason.NOBODY_APPROVED
    ]  # a request says less
    return (
        told
        or faults
        or [gate_missing_record(code, GateReason.NOBODY_APPROVED, "approval", "given_by")]
    )[-1]


def client_signed(s: CaseContext) -> Gate:
    """Check that the client signed, in her language, since the plan was last sent back.

    Where there is no text in that language, an interpreter must have read it to her.
    """
    plan, spoken = s.plan.record, s.client.record.languages
    signed = fault_unless_done(plan.decision_signed, s.at)
    if isinstance(plan.decision_signed, date) and s.sent_back_at is not None:
        is_void = plan.decision_signed < s.sent_back_at.wall.date()
        signed = signed or (GateReason.BEFORE_IT_WENT_BACK if is_void else None)
    is_hers = isinstance(spoken, tuple) and plan.decision_language in spoken
    is_read = s.texts is None or plan.decision_language in s.texts or plan.interpreter_used is True
    faults = {
        "decision_signed": signed,
        "decision_language": None if is_hers else GateReason.OTHER_LANGUAGE,
        "interpreter_used": None if is_read else GateReason.NOT_READ_ALOUD,
    }
    return gate_from_faults("client_signed", s.plan, faults)


def consent_to_receiver(s: CaseContext) -> Gate:
    """Check for the client's consent to share with the receiver that the plan names."""
    code = "consent_to_receiver"
    found = _receiver_consent(s, code)
    if found is None:
        return gate_not_met(code, GateReason.NO_RECEIVER, s.plan, "receiver")
    return found.fault or gate_met(code)


def third_country(s: CaseContext) -> Gate:
    """Check the ground for transfer and the warning for a receiver outside the EU and EEA.

    An explicit consent was given after the warning, so nothing is explained a second time.
    """
    code = "third_country"
    if s.receiver is None:
        return gate_not_met(code, GateReason.NO_RECEIVER, s.plan, "receiver")
    if s.receiver.is_third_country is None:
        return gate_missing_record(code, GateReason.MISSING, "organisation", "country")
    if not s.receiver.is_third_country:
        return gate_not_applicable(code)
    found = _receiver_consent(s, code)
    if found is None or found.consent is None:
        return (found and found.fault) or gate_missing_record(
            code, GateReason.NO_CONSENT, "consent", "purpose"
        )
    consent, spoken = found.consent.record, s.client.record.languages
    if not isinstance(consent.transfer_tool, str) or consent.transfer_tool == "none":
        return gate_not_met(code, GateReason.NO_GROUND, found.consent, "transfer_tool")
    if consent.transfer_tool == "explicit_consent_49_1_a":
        if fault_unless_done(consent.warned, s.at) is not None:
            return gate_not_met(code, GateReason.NOT_WARNED, found.consent, "warned")
        if not isinstance(spoken, tuple) or consent.language not in spoken:
            return gate_not_met(code, GateReason.OTHER_LANGUAGE, found.consent, "language")
        return gate_met(code)
    why = fault_unless_done(s.plan.record.third_country_explained, s.at)
    return gate_from_faults(code, s.plan, {"third_country_explained": why})


def apply_override(gate: Gate, s: CaseContext) -> Gate:
    """Return the gate as overridden if a valid approval overrides it; else return it as it is."""
    for approval in s.approvals:
        record = approval.record
        if (
            record.kind == OVERRIDE
            and record.gate == gate.code
            and approval_fault(approval, s) is None
        ):
            return Gate(gate.code, GateAnswer.OVERRIDDEN)
    return gate


def approval_fault(approval: RecordView[Approval], s: CaseContext) -> GateReason | None:
    """Return why an approval does not count; None if it counts."""
    record = approval.record
    if approval.conflicts:
        return GateReason.UNDECIDED
    if not isinstance(record.given_by, str) or not isinstance(record.given, ZonedTime):
        return GateReason.NOBODY_APPROVED
    believed = {s.ours} | ({s.receiver.organisation} if s.receiver else set())
    if approval.row.custodian not in believed:
        return GateReason.NOBODY_APPROVED
    if record.given.utc > s.at:
        return GateReason.IN_THE_FUTURE
    if _has_ended(record, s):
        return GateReason.TOO_OLD
    if s.sent_back_at is not None and record.given.utc < s.sent_back_at.utc:
        return GateReason.BEFORE_IT_WENT_BACK
    if not isinstance(record.asked_by, str):
        return GateReason.NOBODY_APPROVED
    return _four_eyes_fault(approval, s) if approval.row.custodian == s.ours else None


def _four_eyes_fault(approval: RecordView[Approval], s: CaseContext) -> GateReason | None:
    """Return a fault if the approver is also the one who asked or who moved the plan."""
    record, mover = approval.record, s.last_mover(last_written(approval.row))
    others = {fold_initials(str(record.asked_by)), fold_initials(mover)}
    return GateReason.SAME_PERSON if fold_initials(str(record.given_by)) in others else None


def _has_ended(record: Approval, s: CaseContext) -> bool:
    if record.ends is None:
        return False
    return not isinstance(record.ends, ZonedTime) or record.ends.utc <= s.at


def _receiver_consent(s: CaseContext, code: str) -> ConsentMatch | None:
    if s.receiver is None:
        return None
    name = s.receiver.organisation.hex()
    return find_consent(
        s,
        code,
        lambda c: (
            c.recipient == name
            and c.purpose in _TO_RECEIVE
            and isinstance(c.groups, tuple)
            and DataGroup.IDENTITY in c.groups
        ),
    )


_CLOSED_MATTERS = frozenset({"ended", "refused"})


# --- assessment


def risk_assessed(s: CaseContext) -> Gate:
    """Check that both sides have assessed the risks, still in date, with no open question."""
    code = "risk_assessed"
    for risk, why in zip(
        latest_assessments(s),
        (GateReason.OURS_MISSING, GateReason.THEIRS_MISSING),
        strict=True,
    ):
        if risk is None:
            return _no_assessment(code, why, s)
        if (found := assessment_fault(risk, s)) is not None:
            return gate_not_met(code, found[1], risk, found[0])
    return gate_met(code)


def needs_assessed(s: CaseContext) -> Gate:
    """Check that the client's needs were assessed."""
    why = fault_unless_done(s.plan.record.needs_assessed, s.at)
    return gate_from_faults("needs_assessed", s.plan, {"needs_assessed": why})


def reception_asked(s: CaseContext) -> Gate:
    """Check that an organisation was asked to receive the client."""
    code = "reception_asked"
    for reception in s.receptions:
        named = fault_unless_filled(reception.record.organisation)
        if named is None and fault_unless_done(reception.record.asked, s.at) is None:
            return gate_met(code)
    if s.receptions:
        return gate_not_met(code, GateReason.NOT_ASKED, s.receptions[0], "asked")
    return gate_missing_record(code, GateReason.NOT_ASKED, "reception", "asked")


def legal_checked(s: CaseContext) -> Gate:
    """Check that no hearing requires the client and that no claim lapses when she leaves."""
    code = "legal_checked"
    for matter in s.legal:
        found = _matter_fault(matter, s)
        if found is not None:
            return gate_not_met(code, found[1], matter, found[0])
    why = fault_unless_done(s.plan.record.legal_checked, s.at)
    return gate_from_faults(code, s.plan, {"legal_checked": why})


def _no_assessment(code: str, why: GateReason, s: CaseContext) -> Gate:
    if why is GateReason.THEIRS_MISSING and s.receiver is None:
        return gate_not_met(code, GateReason.NO_RECEIVER, s.plan, "receiver")
    told = unusable_report(s) if why is GateReason.THEIRS_MISSING else None
    if told is not None:
        return gate_not_met(code, GateReason.HAS_OWN_DESK, told, "organisation")
    return gate_missing_record(code, why, "risk_assessment", "conclusion")


def _matter_fault(matter: RecordView[LegalStatus], s: CaseContext) -> tuple[str, GateReason] | None:
    record = matter.record
    if matter.conflicts:
        return min(matter.conflicts), GateReason.UNDECIDED
    if isinstance(record.next_hearing, MissingAnswer):
        return "next_hearing", GateReason.HEARING
    is_ahead = isinstance(record.next_hearing, ZonedTime) and record.next_hearing.utc >= s.at
    if is_ahead and record.must_be_present is not False:
        return "must_be_present", GateReason.HEARING
    if record.decision not in _CLOSED_MATTERS and record.lapses_on_leaving is not False:
        return "lapses_on_leaving", GateReason.CLAIM_LOST
    return None
