# SPDX-License-Identifier: GPL-3.0-or-later
"""The two weighings of the risks, ours and the receiver's, and the worse of both.

Each organisation writes its own, so whose it is says the record's custodian. Only of a receiver
without a desk of its own counts what it has told and our side has written down. The newest counts;
one whose day nobody knows, or that is in conflict, counts as the newest and holds the gate.

Our own weighing answers every category by its lines. One that another has told, or that came from
an older program, may have none: then its conclusion and its count of open questions must do.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kfdesk.domain.gates.gate import Why, unless_done, unless_said
from kfdesk.domain.gates.situation import Situation, last_written
from kfdesk.domain.gates.travellers import children
from kfdesk.domain.lists.case_codes import TOLD_BY_WAY
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.risk.risk_event import RiskEvent
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment
from kfdesk.domain.weighing.levels import Weighed, unanswered, worse

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


def lines_of(risk: Risk, s: Situation) -> tuple[View[RiskLine], ...]:
    """The lines of a weighing, by who answers for it; nobody adds to another's."""
    whose = (risk.rid, risk.row.custodian)
    return tuple(one for one in s.risk_lines if (one.row.parent, one.row.custodian) == whose)


def worse_of_both(s: Situation) -> tuple[Weighed, ...]:
    """The worse of both sides in each category that one of them has a line for."""
    return worse(line for risk in counting(s) for line in lines_of(risk, s))


def last_touched(risk: Risk, s: Situation) -> int:
    """When a weighing or a line of it was last written: milliseconds since 1970, UTC."""
    return max(map(last_written, (risk.row, *(line.row for line in lines_of(risk, s)))))


def last_day(record: RiskAssessment) -> date | None:
    """The last day on which a weighing counts: as it says, else thirty days after it was done."""
    if record.valid_until is None and isinstance(record.done, date):
        return record.done + VALID
    return record.valid_until if isinstance(record.valid_until, date) else None


def has_open_questions(risk: Risk, s: Situation) -> bool:
    """Whether a question of it waits for an answer."""
    count, lines = risk.record.unanswered, lines_of(risk, s)
    has_count = isinstance(count, int) and not isinstance(count, bool)
    if lines or (risk.row.custodian == s.ours and not is_told(risk)):
        still_open = unanswered(lines, has_children=bool(children(s)))
        return bool(still_open) or (count is not None and not (has_count and count == 0))
    return not (has_count and count == 0)


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
    if (last := last_day(record)) is None or last < today:
        return "valid_until", Why.OUT_OF_DATE
    if is_void(risk, s):
        return "done", Why.SOMETHING_HAPPENED
    if has_open_questions(risk, s):
        return "unanswered", Why.QUESTIONS_OPEN
    return None if record.conclusion in SEVERITY else ("conclusion", Why.MISSING)


def is_void(risk: Risk, s: Situation) -> bool:
    """Whether something has happened since that changes the risks."""
    return any(_makes_void(event, risk, s) for event in s.risk_events)


def _makes_void(event: View[RiskEvent], risk: Risk, s: Situation) -> bool:
    """Whether it was weighed before this happened, or, on the same day, before it was known."""
    happened, done = event.record.happened, risk.record.done
    if isinstance(happened, Moment) and isinstance(done, date):
        day = min(happened.wall.date(), s.at.date())
        if done != day:
            return done < day
    return last_touched(risk, s) <= last_written(event.row)


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
    return max(risks, key=age, default=None)


def age(risk: Risk) -> tuple[date, int, bytes]:
    """By which the newest is told; one whose day nobody knows is the newest."""
    done = risk.record.done
    return (done if isinstance(done, date) else date.max, last_written(risk.row), risk.rid)
