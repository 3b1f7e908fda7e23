# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates before she leaves: reception, documents, legs, company, health, paper, and her wish.

Legs that are missed or cancelled do not count: a new one stands in their place.
"""

from datetime import date, datetime, timedelta

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.gates.approving import conclusion_allows, second_person
from kfdesk.domain.gates.gate import (
    Answer,
    Gate,
    Where,
    Why,
    judged,
    met,
    missing,
    not_applicable,
    not_met,
    unless_done,
    unless_said,
)
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.gates.travellers import children, companions
from kfdesk.domain.lists.case_codes import ESCORT_KIND
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment

WISH_LASTS, RISK_LASTS = timedelta(hours=48), timedelta(hours=72)
_IDENTITY_PAPERS = frozenset(
    {
        "passport", "national_id", "emergency_passport", "return_certificate",
        "laissez_passer_eu", "child_passport",
    }
)  # fmt: skip
_IN_HAND = frozenset({"held_by_client", "held_safe", "issued"})
_BOOKED = frozenset({"booked", "confirmed", "departed", "arrived"})


def reception_confirmed(s: Situation) -> Gate:
    """The receiver that the plan names has said yes, and who will stand there."""
    code = "reception_confirmed"
    if s.receiver is None:
        return not_met(code, Why.NO_RECEIVER, s.plan, "receiver")
    name = s.receiver.organisation.hex()
    theirs = [r for r in s.receptions if r.record.organisation == name]
    torn = [r for r in s.receptions if "organisation" in r.conflicts]
    if torn:
        return not_met(code, Why.UNDECIDED, torn[0], "organisation")
    if not theirs:
        return missing(code, Why.NOT_CONFIRMED, "reception", "status")
    newest = max(theirs, key=lambda r: (last_written(r.row), r.rid))
    faults = {
        "status": None if newest.record.status == "confirmed" else Why.NOT_CONFIRMED,
        "received_by": unless_said(newest.record.received_by),
    }
    return judged(code, newest, faults)


def documents_valid(s: Situation) -> Gate:
    """A valid document in hand for each traveller, until she has arrived."""
    code, last = "documents_valid", _last_day(s)
    papers = [d for d in s.documents if d.record.kind in _IDENTITY_PAPERS]
    good = [d for d in papers if _is_good(d, last)]
    if len(good) >= 1 + len(companions(s)):
        return met(code)
    bad = next((d for d in papers if d not in good), None)
    if bad is None:
        return missing(code, Why.TOO_FEW_DOCUMENTS, "travel_document", "kind")
    if bad.record.status not in _IN_HAND:
        return not_met(code, Why.TOO_FEW_DOCUMENTS, bad, "status")
    return not_met(code, Why.DOCUMENT_ENDS, bad, "valid_until")


def legs_booked(s: Situation) -> Gate:
    """Each leg has its times, is booked, and somebody meets her, or nobody by her choice."""
    code = "legs_booked"
    legs = coming(s)
    if not legs:
        return missing(code, Why.NO_LEGS, "leg", "sequence")
    for leg in legs:
        gate = judged(code, leg, _leg_faults(leg.record, has_child=bool(children(s))))
        if gate.is_open:
            return gate
    return met(code)


def check_ins_set(s: Situation) -> Gate:
    """Each leg has a time at which she calls."""
    code = "check_ins_set"
    legs = coming(s)
    if not legs:
        return missing(code, Why.NO_LEGS, "leg", "sequence")
    for leg in legs:
        if not isinstance(leg.record.check_in, Moment):
            return not_met(code, Why.MISSING, leg, "check_in")
    return met(code)


def escort_set(s: Situation) -> Gate:
    """Who goes with her, or nobody by her choice; a child never goes without."""
    kind = s.plan.record.escort_kind
    if kind not in ESCORT_KIND:
        return not_met("escort_set", Why.MISSING, s.plan, "escort_kind")
    if kind == "none_wanted":
        why = Why.ESCORT_OBLIGATORY if children(s) else None
        return judged("escort_set", s.plan, {"escort_kind": why})
    return judged("escort_set", s.plan, {"escort": unless_said(s.plan.record.escort)})


def fit_to_travel(s: Situation) -> Gate:
    """A doctor's word that holds until she has arrived, where one is needed."""
    code, plan = "fit_to_travel", s.plan.record
    if plan.fit_to_travel_needed is False:
        return not_applicable(code)
    if plan.fit_to_travel_needed is not True:
        return not_met(code, Why.MISSING, s.plan, "fit_to_travel_needed")
    until = plan.fit_to_travel_until
    if not isinstance(until, Moment):
        return not_met(code, Why.MISSING, s.plan, "fit_to_travel_until")
    is_short = until.utc < last_arrival(s)
    return judged(code, s.plan, {"fit_to_travel_until": Why.ENDS_TOO_EARLY if is_short else None})


def paper_checked(s: Situation) -> Gate:
    """Her paper has no fault, or she wants none."""
    code, wish = "paper_checked", s.plan.record.wants_paper
    if wish == "no_paper":
        return not_applicable(code)
    if wish != "wants_paper":
        return not_met(code, Why.MISSING, s.plan, "wants_paper")
    if not s.paper:
        return met(code)
    first = s.paper[0]
    return Gate(code, Answer.NOT_MET, Why.PAPER_HAS_FAULTS, Where(first.type, first.key))


def wish_fresh(s: Situation) -> Gate:
    """She was asked again within 48 hours, and wants to go."""
    plan = s.plan.record
    faults = {
        "wish": None if plan.wish == "client_wishes_to_return" else Why.WISH_IS_ANOTHER,
        "wish_reconfirmed": _unless_fresh(plan.wish_reconfirmed, s, WISH_LASTS),
    }
    return judged("wish_fresh", s.plan, faults)


def risk_fresh(s: Situation) -> Gate:
    """The risks were read within 72 hours, and what was decided on them still holds."""
    code = "risk_fresh"
    why = _unless_fresh(s.plan.record.risk_read, s, RISK_LASTS)
    if why is not None:
        return not_met(code, why, s.plan, "risk_read")
    for held in (conclusion_allows(s), second_person(s)):
        if held.is_open:
            return Gate(code, held.answer, held.why, held.where)
    return met(code)


def coming(s: Situation) -> tuple[View[Leg], ...]:
    """The legs that count."""
    return tuple(leg for leg in s.legs if leg.record.status not in LEG_OFF)


def last_arrival(s: Situation) -> datetime:
    """When the last leg arrives; now, if that is not known or past."""
    times = [leg.record.arrives.utc for leg in coming(s) if isinstance(leg.record.arrives, Moment)]
    return max([*times, s.at])


def _last_day(s: Situation) -> date:
    """The day on which she arrives, as it is written there; today, if that is not known or past."""
    days = [
        arrives.wall.date()
        for leg in coming(s)
        if isinstance(arrives := leg.record.arrives, Moment)
    ]
    return max([*days, s.at.date()])


def _leg_faults(leg: Leg, *, has_child: bool) -> dict[str, Why | None]:
    is_met = unless_said(leg.met_by) is None or unless_said(leg.meeter) is None
    alone = Why.CHILD_ALONE if leg.alone is True and has_child else None
    return {
        "departs": None if isinstance(leg.departs, Moment) else Why.MISSING,
        "arrives": None if isinstance(leg.arrives, Moment) else Why.MISSING,
        "status": None if leg.status in _BOOKED else Why.NOT_BOOKED,
        "alone": alone,
        "met_by": None if is_met or leg.alone is True else Why.NOBODY_MEETS,
    }


def _is_good(document: View[TravelDocument], last: date) -> bool:
    record = document.record
    is_valid = isinstance(record.valid_until, date) and record.valid_until >= last
    return not document.conflicts and record.status in _IN_HAND and is_valid


def _unless_fresh(value: object, s: Situation, lasts: timedelta) -> Why | None:
    if not isinstance(value, Moment):
        return Why.MISSING
    return unless_done(value, s.at) or (Why.TOO_OLD if s.at - value.utc > lasts else None)
