# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desk has before it today: alarms, decisions, tasks, who travels soon, consents that end.

Reads only. Each item names the plan that it leads to; nothing here decides what is urgent but
the dates themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kfdesk.domain.disclosure import last_day
from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.records.case.task import Task
from kfdesk.domain.values import About, Moment
from kfdesk.services.casework.notes import last_day_of
from kfdesk.services.clock import clock_doubt
from kfdesk.services.course.alarms import AlarmLine, read_alarms
from kfdesk.services.desk import Desk
from kfdesk.services.drafts import DraftLine, drafts
from kfdesk.services.keeping.backup import BackupState, backup_state
from kfdesk.services.plans import PlanLine, PlanPage, list_plans, open_plan
from kfdesk.services.policy.access import READING

SOON = timedelta(days=14)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Departure:
    """A journey that begins within two weeks, or has begun and not yet arrived."""

    line: PlanLine
    departs: Moment
    gaps: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A consent that ends within two weeks."""

    line: PlanLine
    recipient: str
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Due:
    """A task that is late, or due within a week; `last` is the last day on which it is not late."""

    line: PlanLine
    title: str
    due: date | About
    last: date
    owner: str


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the page of the day shows."""

    on: date
    to_decide: tuple[PlanLine, ...]
    departures: tuple[Departure, ...]
    endings: tuple[Ending, ...]
    doubt: str | None
    drafts: tuple[DraftLine, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    backup: BackupState = BackupState()  # noqa: RUF009 - it is frozen
    tasks: tuple[Due, ...] = ()

    @property
    def count(self) -> int:
        """How many things wait for a person."""
        cards = (self.alarms, self.to_decide, self.endings, self.drafts)
        now_due = sum(task.last <= self.on for task in self.tasks)
        return sum(map(len, cards)) + now_due + (self.doubt is not None)


def read_today(desk: Desk) -> Today:
    """The day as it stands now."""
    now = desk.rooms.clock.now()
    reads = any(map(desk.may, READING))
    lines = list_plans(desk) if reads else ()
    pages = {line.rid: open_plan(desk, line.rid) for line in lines}
    departures = [
        Departure(line, line.departs, len(pages[line.rid].gaps))
        for line in lines
        if line.departs is not None and now - SOON < line.departs.utc < now + 2 * SOON
    ]
    endings = [
        Ending(line, consent.recipient, last, (last - now.date()).days)
        for line in lines
        for consent in pages[line.rid].consents
        if consent.shut is None
        and (last := last_day(consent.view.record)) is not None
        and last - now.date() <= SOON
    ]
    tasks = [task for line in lines for task in _due(line, pages[line.rid], now.date())]
    return Today(
        on=now.date(),
        to_decide=tuple(line for line in lines if line.conflicts),
        departures=tuple(departures),
        endings=tuple(sorted(endings, key=lambda ending: ending.last)),
        doubt=clock_doubt(desk),
        drafts=drafts(desk),
        alarms=read_alarms(desk) if reads else (),
        backup=backup_state(desk),
        tasks=tuple(sorted(tasks, key=lambda task: (task.last, task.line.code))),
    )


def _due(line: PlanLine, page: PlanPage, today: date) -> Iterator[Due]:
    """The open tasks of a plan that is not over, with a day that is near or gone."""
    if is_read_only(page.plan.record.state):
        return
    for task in (seen.record for seen in page.views(Task)):
        last = last_day_of(task.due)
        if task.state in (None, "open") and last is not None and last - today <= A_WEEK:
            assert isinstance(task.due, date | About)
            yield Due(line, _text(task.title), task.due, last, _text(task.owner))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
