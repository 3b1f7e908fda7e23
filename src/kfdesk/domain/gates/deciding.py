# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates before a decision: risks, needs, reception, law. Those of a child stand apart.

Each asks the record that somebody wrote; none asks who wants to know.
"""

from kfdesk.domain.gates import risks
from kfdesk.domain.gates.gate import (
    Gate,
    Why,
    judged,
    met,
    missing,
    not_met,
    unless_done,
    unless_said,
)
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.records.case.legal_status import LegalStatus
from kfdesk.domain.rows import View
from kfdesk.domain.values import Gap, Moment

_OVER = frozenset({"ended", "refused"})


def risk_assessed(s: Situation) -> Gate:
    """Both sides have weighed the risks, in date, with no question left."""
    code = "risk_assessed"
    for risk, why in zip(risks.both(s), (Why.OURS_MISSING, Why.THEIRS_MISSING), strict=True):
        if risk is None:
            return _no_weighing(code, why, s)
        if (found := risks.fault(risk, s)) is not None:
            return not_met(code, found[1], risk, found[0])
    return met(code)


def needs_assessed(s: Situation) -> Gate:
    """Her needs were gone through."""
    why = unless_done(s.plan.record.needs_assessed, s.at)
    return judged("needs_assessed", s.plan, {"needs_assessed": why})


def reception_asked(s: Situation) -> Gate:
    """Somebody was asked to receive her."""
    code = "reception_asked"
    for reception in s.receptions:
        named = unless_said(reception.record.organisation)
        if named is None and unless_done(reception.record.asked, s.at) is None:
            return met(code)
    if s.receptions:
        return not_met(code, Why.NOT_ASKED, s.receptions[0], "asked")
    return missing(code, Why.NOT_ASKED, "reception", "asked")


def legal_checked(s: Situation) -> Gate:
    """No hearing that needs her, and nothing that is lost when she leaves."""
    code = "legal_checked"
    for matter in s.legal:
        found = _matter_fault(matter, s)
        if found is not None:
            return not_met(code, found[1], matter, found[0])
    why = unless_done(s.plan.record.legal_checked, s.at)
    return judged(code, s.plan, {"legal_checked": why})


def _no_weighing(code: str, why: Why, s: Situation) -> Gate:
    told = risks.told_in_vain(s) if why is Why.THEIRS_MISSING else None
    if told is not None:
        return not_met(code, Why.HAS_OWN_DESK, told, "organisation")
    return missing(code, why, "risk_assessment", "conclusion")


def _matter_fault(matter: View[LegalStatus], s: Situation) -> tuple[str, Why] | None:
    record = matter.record
    if matter.conflicts:
        return min(matter.conflicts), Why.UNDECIDED
    if isinstance(record.next_hearing, Gap):
        return "next_hearing", Why.HEARING
    is_ahead = isinstance(record.next_hearing, Moment) and record.next_hearing.utc >= s.at
    if is_ahead and record.must_be_present is not False:
        return "must_be_present", Why.HEARING
    if record.decision not in _OVER and record.lapses_on_leaving is not False:
        return "lapses_on_leaving", Why.CLAIM_LOST
    return None
