# SPDX-License-Identifier: GPL-3.0-or-later
"""Events, proofs and facts of a plan, read from its records: nothing is typed twice.

What starts a clock, what shows that a step is done, and which steps apply. A field in conflict
says nothing here, so that nothing acts on it. What is not known counts on the careful side: who
may be a child counts as a child, and a step that may apply is proposed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.codes.world import EEA
from kfdesk.domain.consent import counts_as_traveller, invalidity_reason, is_child
from kfdesk.domain.deadlines import careful_day, reflection_end
from kfdesk.domain.procedures.clocks import EventTime, done_key
from kfdesk.domain.procedures.steps import CaseFacts, StepDoubt, prefix_of
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import PartialDate, ZonedTime, text_or_empty
from kfdesk.domain.workflow.gates import CaseContext

R = TypeVar("R")
EVENT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "client": ("birth_date", "age_band", "age_disputed", "citizenship"),
    "plan": (
        "wish", "wish_stated", "needs_assessed", "programme", "decision_signed",
        "reintegration_agreed",
    ),
    "leg": ("sequence", "status", "departed", "arrived"),
}  # fmt: skip
"""All that starts clocks and proves steps in records that have many other fields."""
_NOT_EU = frozenset({"IS", "LI", "NO"})
_EU = EEA - _NOT_EU
_MAY_MOVE_FREELY = EEA | {"CH"}
"""Countries whose citizens may stay without a permit, so that "without a permit" says nothing."""
_CLOSED = frozenset({"refused", "ended"})
DONE = "completed"
SETTLED_STATES = frozenset({DONE, "cancelled", "not_applicable"})
"""States in which nothing is to be done in a step any more."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The record that shows that a step is done, and when that was; None if it does not say."""

    type: str
    rid: bytes
    at: EventTime | None = None


# --- what starts a clock


def events_of(
    case: CaseContext, run: Cooperation, steps: Iterable[RecordView[CooperationStep]]
) -> Mapping[str, EventTime]:
    """Return when each event of a plan happened that its records tell (codes of CLOCK_EVENTS)."""
    found = {
        "opened": run.opened,
        "consent_given": _first_consent(case),
        "reflection_granted": _granted_on(case, "reflection"),
        "reflection_ends": _last_day(case, "reflection"),
        "permit_granted": _granted_on(case, "permit"),
        "permit_ends": _last_day(case, "permit"),
        "investigation_opened": _investigation_began(case),
        "wish_stated": case.plan.record.wish_stated,
        "reception_asked": _newest([one.record.asked for one in _first_of(case.receptions, case)]),
        "risk_done": _newest([one.record.done for one in _first_of(case.risks, case)]),
        "departed": _departed(case),
        "arrived": _arrived(case),
    }
    for seen in steps:
        done = done_at(seen.record, case)
        if done is not None:
            found[done_key(prefix_of(seen.record))] = done
    return {event: at for event, at in found.items() if isinstance(at, EventTime)}


def done_at(step: CooperationStep, case: CaseContext) -> EventTime | None:
    """Return when a step was done, by a person's word or by its proof; None if it was not."""
    if step.state == DONE and isinstance(step.done, ZonedTime):
        return step.done
    proof = proof_of(step, case)
    return proof.at if proof is not None else None


def _first_of(records: Iterable[RecordView[R]], case: CaseContext) -> list[RecordView[R]]:
    """Return the records of whoever answers for the plan; those of others only without any.

    So a partner's record starts a clock, and moves none of ours.
    """
    everything = list(records)
    whose = case.plan.row.custodian
    return [one for one in everything if one.row.custodian == whose] or everything


def _granted(case: CaseContext, kind: str) -> list[RecordView[LegalStatus]]:
    matters = [one for one in case.legal if one.record.kind == kind]
    return _first_of((one for one in matters if one.record.decision == "granted"), case)


def _granted_on(case: CaseContext, kind: str) -> EventTime | None:
    return _newest([one.record.begins for one in _granted(case, kind)])


def _last_day(case: CaseContext, kind: str) -> EventTime | None:
    """Return the last day of a granted period: as decided, or of a reflection as the law says.

    Of two days that nobody has decided between the earlier counts.
    """
    known = [day for one in _granted(case, kind) if (day := careful_day(one, "ends")) is not None]
    if known:
        return max(known)
    begins = _granted_on(case, kind)
    if kind != "reflection" or not isinstance(begins, date):
        return begins if isinstance(begins, PartialDate) else None
    return reflection_end(begins)


def is_reflection_end_computed(case: CaseContext) -> bool:
    """Return whether no decision tells the last day of a reflection period that was granted."""
    granted = _granted(case, "reflection")
    return bool(granted) and all(careful_day(one, "ends") is None for one in granted)


def is_investigation_open(matters: Iterable[RecordView[LegalStatus]]) -> bool:
    """Return whether the client is an injured party in a matter that is not over."""
    return any(
        one.record.kind == "injured_party" and one.record.decision not in _CLOSED
        and not one.is_deleted for one in matters
    )  # fmt: skip


def _investigation_began(case: CaseContext) -> EventTime | None:
    matters = [one for one in case.legal if one.record.kind == "injured_party"
               and one.record.decision not in _CLOSED]  # fmt: skip
    return _newest([one.record.begins for one in _first_of(matters, case)])


def _first_consent(case: CaseContext) -> EventTime | None:
    """Return when the client first gave a consent that stands today."""
    valid = [
        one.record.given for one in case.consents
        if invalidity_reason(one, case.client, case.at) is None
    ]  # fmt: skip
    times = [given for given in valid if isinstance(given, ZonedTime)]
    return min(times, key=lambda given: given.utc, default=None)


def _departed(case: CaseContext) -> EventTime | None:
    times = [leg.record.departed for leg in case.legs if leg.record.status not in LEG_OFF]
    told = [one for one in times if isinstance(one, ZonedTime)]
    return min(told, key=lambda one: one.utc, default=None)


def _arrived(case: CaseContext) -> EventTime | None:
    legs = [leg.record for leg in case.legs if leg.record.status not in LEG_OFF]
    return legs[-1].arrived if legs and isinstance(legs[-1].arrived, ZonedTime) else None


def _newest(times: Iterable[object]) -> EventTime | None:
    """Return the latest day or time; a partial date only if there is nothing else."""
    told = [one for one in times if isinstance(one, EventTime)]
    exact = [one for one in told if not isinstance(one, PartialDate)]
    return max(exact, key=_day_of) if exact else next(iter(told), None)


def _day_of(at: date | ZonedTime) -> tuple[date, float]:
    return (at.wall.date(), at.utc.timestamp()) if isinstance(at, ZonedTime) else (at, 0)


# --- what shows that a step is done


def proof_of(step: CooperationStep, case: CaseContext) -> Proof | None:
    """Return the record that shows that a step is done; None if none does, or none could."""
    found = _PROOFS.get(text_or_empty(step.proof))
    return found(step, case) if found is not None else None


def lacks_consent(step: CooperationStep, case: CaseContext) -> bool:
    """Return whether a step needs a consent of the client that does not stand today."""
    return isinstance(step.needs_consent, str) and _consent(step, case) is None


def _of_plan(key: str) -> Callable[[CooperationStep, CaseContext], Proof | None]:
    """Return what finds a day or time in a field of the plan."""

    def find(_step: CooperationStep, case: CaseContext) -> Proof | None:
        at = getattr(case.plan.record, key)
        return Proof("plan", case.plan.rid, at) if isinstance(at, EventTime) else None

    return find


def _of_matter(
    kind: str, *decisions: str | None
) -> Callable[[CooperationStep, CaseContext], Proof | None]:
    """Return what finds a legal matter of a kind with one of these outcomes."""

    def find(_step: CooperationStep, case: CaseContext) -> Proof | None:
        matters = [one for one in case.legal
                   if one.record.kind == kind and one.record.decision in decisions]  # fmt: skip
        begins = matters[-1].record.begins if matters else None
        at = begins if isinstance(begins, EventTime) else None
        return Proof("legal_status", matters[-1].rid, at) if matters else None

    return find


def _consent(step: CooperationStep, case: CaseContext) -> Proof | None:
    for one in case.consents:
        is_asked = step.needs_consent in (None, one.record.purpose)
        if is_asked and invalidity_reason(one, case.client, case.at) is None:
            assert isinstance(one.record.given, ZonedTime)
            return Proof("consent", one.rid, one.record.given)
    return None


def _wish(_step: CooperationStep, case: CaseContext) -> Proof | None:
    plan, at = case.plan.record, case.plan.record.wish_stated
    is_told = isinstance(plan.wish, str) and isinstance(at, ZonedTime)
    return (
        Proof("plan", case.plan.rid, at if isinstance(at, ZonedTime) else None) if is_told else None
    )


def _risk(_step: CooperationStep, case: CaseContext) -> Proof | None:
    told = [one for one in case.risks if isinstance(one.record.conclusion, str)]
    done = [one for one in told if isinstance(one.record.done, date)]
    newest = max(done, key=lambda one: str(one.record.done), default=None)
    at = newest.record.done if newest is not None else None
    return Proof("risk_assessment", newest.rid, at) if newest and isinstance(at, date) else None


def _guardian(_step: CooperationStep, case: CaseContext) -> Proof | None:
    papers = case.child_papers
    if papers and all(text_or_empty(one.record.guardian).strip() for one in papers):
        return Proof("child_papers", papers[0].rid)
    return None


def _programme(_step: CooperationStep, case: CaseContext) -> Proof | None:
    chosen = case.plan.record.programme
    return Proof("plan", case.plan.rid) if isinstance(chosen, str) and chosen != "none" else None


def _reception(*statuses: str) -> Callable[[CooperationStep, CaseContext], Proof | None]:
    def find(_step: CooperationStep, case: CaseContext) -> Proof | None:
        for one in case.receptions:
            if one.record.status in statuses:
                at = one.record.answered if statuses == ("confirmed",) else one.record.asked
                return Proof("reception", one.rid, at if isinstance(at, ZonedTime) else None)
        return None

    return find


def _journey(
    happened: Callable[[CaseContext], EventTime | None],
) -> Callable[[CooperationStep, CaseContext], Proof | None]:
    def find(_step: CooperationStep, case: CaseContext) -> Proof | None:
        at = happened(case)
        return Proof("leg", case.legs[0].rid, at) if at is not None else None

    return find


def _handover(_step: CooperationStep, case: CaseContext) -> Proof | None:
    for one in case.handovers:
        if one.record.result == "received":
            at = one.record.happened
            return Proof("handover", one.rid, at if isinstance(at, ZonedTime) else None)
    return None


def _follow_up(_step: CooperationStep, case: CaseContext) -> Proof | None:
    for one in case.follow_ups:
        if isinstance(one.record.happened, ZonedTime) and one.record.result == "reached":
            return Proof("follow_up", one.rid, one.record.happened)
    return None


_PROOFS: Mapping[str, Callable[[CooperationStep, CaseContext], Proof | None]] = {
    "consent": _consent,
    "wish": _wish,
    "needs": _of_plan("needs_assessed"),
    "risk": _risk,
    "reflection_applied": _of_matter("reflection", "applied", "granted", "ended"),
    "reflection_granted": _of_matter("reflection", "granted", "ended"),
    "permit_applied": _of_matter("permit", "applied", "granted", "ended"),
    "permit_granted": _of_matter("permit", "granted", "ended"),
    "investigation": _of_matter("injured_party", None, "applied", "granted", "ended"),
    "guardian": _guardian,
    "programme": _programme,
    "reception_asked": _reception("asked", "confirmed"),
    "reception_confirmed": _reception("confirmed"),
    "decision": _of_plan("decision_signed"),
    "departed": _journey(_departed),
    "arrived": _journey(_arrived),
    "handover": _handover,
    "reintegration": _of_plan("reintegration_agreed"),
    "follow_up": _follow_up,
}


# --- which steps apply


def facts_of(case: CaseContext, country: object = None) -> CaseFacts:
    """Return the codes of STEP_APPLIES that hold for a plan, or may hold; `country` has the law.

    Whoever has a reflection period has no permit to stay yet: its steps apply all the more. What no
    counsel has answered leaves nobody out: the Aliens Act (2005:716, 5:15) says "an alien", and a
    citizen of the EEA may move freely without a permit.
    """
    today = case.at.date()
    along = [one for one in case.relationships if counts_as_traveller(one)]
    found = {"child" if is_child(case.client, today) else "adult"}
    if any(is_child(one, today) for one in along):
        found.add("child")
    wish = case.plan.record.wish
    if wish != "client_wishes_to_stay":
        found.add("wants_return")
    if wish != "client_wishes_to_return":
        found.add("stays")
    if is_investigation_open(case.legal):
        found.add("investigation_open")
    unclear = dict(_facts_of_citizenship(case, country, found))
    return CaseFacts(frozenset(found), unclear)


def _facts_of_citizenship(
    case: CaseContext, country: object, found: set[str]
) -> Iterator[tuple[str, StepDoubt]]:
    """Add what citizenship and permits say; yield the codes of which it is not clear."""
    countries = case.client.record.citizenship
    known = set(countries) if isinstance(countries, tuple) else set[str]()
    has_permit = bool(_granted(case, "permit"))
    if not known:
        codes = ("eu_citizen", "third_country", *(() if has_permit else ("no_permit",)))
        yield from ((code, StepDoubt.CITIZENSHIP) for code in codes)
        return
    if known & _EU:
        found.add("eu_citizen")
    if known - _EU:
        found.add("third_country")
    if has_permit or country in known:
        return
    if known & _MAY_MOVE_FREELY:
        yield "no_permit", StepDoubt.FREE_MOVEMENT
    else:
        found.add("no_permit")
