# SPDX-License-Identifier: GPL-3.0-or-later
"""The two weighings of the risks, ours and the receiver's, and the worse of both.

Each organisation writes its own, so whose it is says the record's custodian. The newest counts; one
whose day nobody knows, or that is in conflict, counts as the newest and holds the gate.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from kfdesk.domain.gates.gate import Why
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.rows import View

VALID = timedelta(days=30)
SEVERITY = ("return_possible", "return_possible_with_measures", "postpone", "return_not_safe")
ALLOWED = frozenset(SEVERITY[:2])

Risk = View[RiskAssessment]


def both(s: Situation) -> tuple[Risk | None, Risk | None]:
    """The weighing that counts of our side, and that of the receiver's."""
    theirs = s.receiver.organisation if s.receiver else None
    return _newest(s, s.ours), (_newest(s, theirs) if theirs and theirs != s.ours else None)


def counting(s: Situation) -> Iterator[Risk]:
    """Those of the two that there are."""
    yield from (risk for risk in both(s) if risk is not None)


def worst(s: Situation) -> Risk | None:
    """The weighing with the worse conclusion; None unless both sides have given one."""
    found = list(counting(s))
    if len(found) < len(both(s)) or any(r.record.conclusion not in SEVERITY for r in found):
        return None
    return max(found, key=lambda risk: SEVERITY.index(str(risk.record.conclusion)))


def fault(risk: Risk, s: Situation) -> tuple[str, Why] | None:
    """The key and what is wrong with one weighing, by itself."""
    record, today = risk.record, s.at.date()
    if risk.conflicts:
        return min(risk.conflicts), Why.UNDECIDED
    if not isinstance(record.done, date):
        return "done", Why.MISSING
    if record.done > today:
        return "done", Why.IN_THE_FUTURE
    if s.went_back is not None and record.done < s.went_back.wall.date():
        return "done", Why.BEFORE_IT_WENT_BACK
    if (last := _last_day(record, record.done)) is None or last < today:
        return "valid_until", Why.OUT_OF_DATE
    if record.unanswered != 0 or isinstance(record.unanswered, bool):
        return "unanswered", Why.QUESTIONS_OPEN
    return None if record.conclusion in SEVERITY else ("conclusion", Why.MISSING)


def _last_day(record: RiskAssessment, done: date) -> date | None:
    last = done + VALID if record.valid_until is None else record.valid_until
    return last if isinstance(last, date) else None


def _newest(s: Situation, organisation: bytes) -> Risk | None:
    own = (risk for risk in s.risks if risk.row.custodian == organisation)
    return max(own, key=_age, default=None)


def _age(risk: Risk) -> tuple[date, int, bytes]:
    done = risk.record.done
    return (done if isinstance(done, date) else date.max, last_written(risk.row), risk.rid)
