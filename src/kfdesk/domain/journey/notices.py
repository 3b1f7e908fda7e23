# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not fit together in a plan, said beside its fields while it is typed.

A notice blocks neither saving nor a step: it points where somebody should look again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kfdesk.domain.gates.gate import Where
from kfdesk.domain.gates.leaving import coming
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment


@dataclass(frozen=True, slots=True)
class Notice:
    """What to look at again; `number` is that of the leg."""

    code: str
    where: Where
    number: int | None = None


def notices(s: Situation) -> tuple[Notice, ...]:
    """All that does not fit together now."""
    return (*_legs(s), *_escort(s), *_documents(s), *_hearings(s))


def _legs(s: Situation) -> Iterator[Notice]:
    before: datetime | None = None
    for number, leg in enumerate(coming(s), start=1):
        departs, arrives = _utc(leg.record.departs), _utc(leg.record.arrives)
        if departs and arrives and arrives < departs:
            yield Notice("arrives_before_departs", _at(leg, "arrives"), number)
        if departs and before and departs < before:
            yield Notice("leaves_before_the_one_above_arrives", _at(leg, "departs"), number)
        before = arrives or before


def _escort(s: Situation) -> Iterator[Notice]:
    if s.plan.record.escort == s.client.rid.hex():
        yield Notice("escort_is_the_client", _at(s.plan, "escort"))


def _documents(s: Situation) -> Iterator[Notice]:
    last, ticket = _last_day(s), s.client.record.name_on_ticket
    for paper in s.documents:
        until, name = paper.record.valid_until, paper.record.name_as_written
        if isinstance(until, date) and last is not None and until < last:
            yield Notice("document_ends_before_arrival", _at(paper, "valid_until"))
        is_hers = paper.record.kind not in {"child_passport", "birth_certificate"}
        is_told = isinstance(name, str) and isinstance(ticket, str)
        if is_hers and is_told and _letters(str(name)) != _letters(str(ticket)):
            yield Notice("name_is_not_as_on_the_ticket", _at(paper, "name_as_written"))


def _hearings(s: Situation) -> Iterator[Notice]:
    first, last = journey(s)
    for matter in s.legal:
        hearing = _utc(matter.record.next_hearing)
        if hearing and first and last and first <= hearing <= last:
            yield Notice("hearing_during_the_journey", _at(matter, "next_hearing"))


def journey(s: Situation) -> tuple[datetime | None, datetime | None]:
    """When the journey begins and ends, as far as its legs say."""
    legs = coming(s)
    starts = [time for leg in legs if (time := _utc(leg.record.departs))]
    ends = [time for leg in legs if (time := _utc(leg.record.arrives))]
    return min(starts, default=None), max(ends, default=None)


def _last_day(s: Situation) -> date | None:
    """The day on which she arrives, as the calendar there has it."""
    times = [leg.record.arrives for leg in coming(s)]
    return max((time.wall.date() for time in times if isinstance(time, Moment)), default=None)


def _letters(name: str) -> str:
    return " ".join(name.casefold().split())


def _at(seen: View[Any], key: str) -> Where:
    return Where(seen.row.type, key, seen.rid)


def _utc(moment: object) -> datetime | None:
    return moment.utc if isinstance(moment, Moment) else None
