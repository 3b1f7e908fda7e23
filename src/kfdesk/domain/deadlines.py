# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines: the last day of a period or permit, the next hearing, and answers that are awaited.

They count whether or not anybody works by a procedure. A day is told from some weeks before, and
stays until it is settled: a new last day or hearing, another outcome, or a newer record of the
same matter, by the same organisation, that has a later last day. Of two days that nobody has
decided between the earlier counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kfdesk.domain.records.case import LegalStatus, Referral
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import PartialDate, ZonedTime, shift_day

REFLECTION_DAYS = 30
"""The days of a reflection period (Aliens Act 2005:716, chapter 5, section 15, paragraph 2)."""
DAYS_BEFORE_END = (30, 15, 10, 3)
DAYS_BEFORE_HEARING = (14, 3, 1)
DAYS_BEFORE_ANSWER = (14, 3, 1)
_SETTLED = frozenset({"refused", "ended"})
_ANSWERED = frozenset({"accepted", "rejected", "done", "revoked"})


@dataclass(frozen=True, slots=True)
class LegalDeadline:
    """A last day or a hearing of a legal matter; `days` are left until then, negative if past.

    `is_near` says that the last reminder but one has passed; from the last day on it is urgent.
    `is_computed`: no decision tells the day, so somebody must enter it.
    """

    matter: RecordView[LegalStatus]
    day: date
    days: int
    is_hearing: bool
    is_computed: bool = False

    @property
    def is_near(self) -> bool:
        """True from ten days before an end, and from three days before a hearing."""
        return self.days <= (DAYS_BEFORE_HEARING if self.is_hearing else DAYS_BEFORE_END)[-2]

    @property
    def is_urgent(self) -> bool:
        """True on the last day and after it."""
        return self.days <= 0


def legal_deadlines(
    matters: Iterable[RecordView[LegalStatus]], today: date
) -> Iterator[LegalDeadline]:
    """Yield the deadlines of one plan's matters that must be told today, in no order."""
    for one in legal_days(matters, today):
        if one.days <= (DAYS_BEFORE_HEARING if one.is_hearing else DAYS_BEFORE_END)[0]:
            yield one


def legal_days(matters: Iterable[RecordView[LegalStatus]], today: date) -> Iterator[LegalDeadline]:
    """Yield all last days and hearings of one plan's matters that are not settled, in no order."""
    present = [one for one in matters if not one.is_deleted]
    for matter in present:
        if matter.record.decision in _SETTLED:
            continue
        last = careful_day(matter, "ends")
        computed = _computed_end(matter) if last is None else None
        day = last or computed
        if day is not None and not _is_renewed(matter, day, present):
            left = (day - today).days
            yield LegalDeadline(matter, day, left, is_hearing=False, is_computed=last is None)
        hearing = careful_day(matter, "next_hearing")
        if hearing is not None:
            yield LegalDeadline(matter, hearing, (hearing - today).days, is_hearing=True)


def reflection_end(granted: date) -> date:
    """Return the last day of a reflection period that began on a day, where no decision tells it.

    Nobody has decided whether the first day counts. Counted with it the period ends a day earlier,
    and the earlier day is the safe one.
    """
    return shift_day(granted, REFLECTION_DAYS - 1)


def _computed_end(matter: RecordView[LegalStatus]) -> date | None:
    """Return the last day of a granted reflection period as the law says; None for all else."""
    record = matter.record
    is_granted = record.kind == "reflection" and record.decision == "granted"
    begins = careful_day(matter, "begins") if is_granted else None
    is_exact = isinstance(record.begins, date) or "begins" in matter.versions
    return reflection_end(begins) if begins is not None and is_exact else None


def careful_day(seen: RecordView[Any], key: str) -> date | None:
    """Return the day in a field, the earliest of several in conflict; None without one."""
    values = [one.value for one in seen.versions.get(key, ())] or [getattr(seen.record, key)]
    return min((day for day in map(earliest_day, values) if day is not None), default=None)


def earliest_day(value: object) -> date | None:
    """Return the first day that a last day may mean; None without one. `2027-02` is 1 February."""
    if isinstance(value, date):
        return value
    if isinstance(value, ZonedTime):
        return value.wall.date()
    if isinstance(value, PartialDate):
        year, _, month = value.text.partition("-")
        return date(int(year), int(month or 1), 1)
    return None


@dataclass(frozen=True, slots=True)
class AwaitedAnswer:
    """The day by which an answer to a referral is wanted; `days` are left, negative if past."""

    referral: RecordView[Referral]
    day: date
    days: int

    @property
    def is_near(self) -> bool:
        """True from three days before the day."""
        return self.days <= DAYS_BEFORE_ANSWER[-2]

    @property
    def is_urgent(self) -> bool:
        """True on the day and after it."""
        return self.days <= 0


def awaited_answers(
    referrals: Iterable[RecordView[Referral]], today: date
) -> Iterator[AwaitedAnswer]:
    """Yield the answers of one plan that must be told today, in no order.

    One is told until it is there: an answer in words, or a status that says how it ended. While
    two desks have written different days the earlier counts, and a status that nobody has decided
    is none.
    """
    for one in referrals:
        is_answered = one.record.status in _ANSWERED or isinstance(one.record.answer, tuple)
        if one.is_deleted or is_answered or "answer" in one.conflicts:
            continue
        day = careful_day(one, "answer_by")
        if day is not None and (day - today).days <= DAYS_BEFORE_ANSWER[0]:
            yield AwaitedAnswer(one, day, (day - today).days)


def _is_renewed(
    matter: RecordView[LegalStatus], last: date, among: Iterable[RecordView[LegalStatus]]
) -> bool:
    """Return whether a granted record of the same matter runs on beyond this last day.

    A record of another organisation ends no deadline.
    """
    whose = matter.row.custodian
    for other in among:
        later = careful_day(other, "ends")
        is_same = other.rid != matter.rid and other.record.kind == matter.record.kind
        is_same = is_same and other.row.custodian == whose
        if is_same and other.record.decision == "granted" and later is not None and later > last:
            return True
    return False
