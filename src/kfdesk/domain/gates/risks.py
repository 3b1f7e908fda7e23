# SPDX-License-Identifier: GPL-3.0-or-later
"""The two weighings of the risks, ours and the receiver's, and the worse of both.

Each organisation writes its own, so whose it is says the record's custodian. Only of a receiver
without a desk of its own counts what it has told and our side has written down. The newest counts;
one whose day nobody knows, or that is in conflict, counts as the newest and holds the gate.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kfdesk.domain.gates.gate import Why, unless_done, unless_said
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.lists.case_codes import TOLD_BY_WAY
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.rows import View

VALID = timedelta(days=30)
SEVERITY = ("return_possible", "return_possible_with_measures", "postpone", "return_not_safe")
ALLOWED = frozenset(SEVERITY[:2])

Risk = View[RiskAssessment]


def both(s: Situation) -> tuple[Risk | None, Risk | None]:
    """The weighing that counts of our side, and that of the receiver's."""
    return _newest(_own(s, s.ours)), _newest(_of_receiver(s))


def is_told(risk: Risk) -> bool:
    """Whether it is what another organisation told, written down by the one that answers for it."""
    named = risk.record.organisation
    return isinstance(named, str) and named != risk.row.custodian.hex()


def told_in_vain(s: Situation) -> Risk | None:
    """What the receiver has told, where it must speak for itself."""
    theirs = s.receiver
    return _newest(_told(s, theirs.organisation)) if theirs and theirs.has_own_desk else None


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
    if is_told(risk) and (found := _fault_of_telling(record, s)) is not None:
        return found
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


def _fault_of_telling(record: RiskAssessment, s: Situation) -> tuple[str, Why] | None:
    """Who said it, how and when must be known."""
    told = unless_done(record.told, s.at)
    if unless_said(record.told_by) is not None:
        return "told_by", Why.MISSING
    if record.told_way not in TOLD_BY_WAY:
        return "told_way", Why.MISSING
    return ("told", told) if told is not None else None


def _of_receiver(s: Situation) -> Iterator[Risk]:
    if s.receiver is None or s.receiver.organisation == s.ours:
        return
    yield from _own(s, s.receiver.organisation)
    if not s.receiver.has_own_desk:
        yield from _told(s, s.receiver.organisation)


def _own(s: Situation, organisation: bytes) -> Iterator[Risk]:
    """An organisation's own weighings."""
    return (r for r in s.risks if r.row.custodian == organisation and not is_told(r))


def _told(s: Situation, organisation: bytes) -> Iterator[Risk]:
    """What our side has written down as told by another organisation."""
    name = organisation.hex()
    ours = (r for r in s.risks if r.row.custodian == s.ours and is_told(r))
    return (r for r in ours if r.record.organisation == name)


def _newest(risks: Iterable[Risk]) -> Risk | None:
    return max(risks, key=_age, default=None)


def _age(risk: Risk) -> tuple[date, int, bytes]:
    done = risk.record.done
    return (done if isinstance(done, date) else date.max, last_written(risk.row), risk.rid)
