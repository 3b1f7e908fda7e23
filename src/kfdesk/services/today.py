# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desk has before it today: alarms, decisions, tasks, who travels soon, consents that end.

Reads only. Each item names the plan that it leads to; nothing here decides what is urgent but
the dates themselves.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kfdesk.domain.after.schedule import Standing
from kfdesk.domain.disclosure import last_day, why_shut
from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.records.case.task import Task
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import About, Moment
from kfdesk.services.after.follow_ups import Concern, Contact, list_concerns, list_follow_ups
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.casework.notes import last_day_of
from kfdesk.services.clock import clock_doubt
from kfdesk.services.course.alarms import AlarmLine, read_alarms
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import BackupState, backup_state
from kfdesk.services.keeping.retention import Keeping, keeping_of
from kfdesk.services.partners import DEALING, PartnerLine, list_partners
from kfdesk.services.plans import Case, list_plans, name_of, sheet_gaps
from kfdesk.services.policy.access import READING
from kfdesk.services.sharing.notices import Heard, read_heard
from kfdesk.services.writing.drafts import DraftLine, drafts

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
    partners: tuple[PartnerLine, ...] = ()
    follow_ups: tuple[Contact, ...] = ()
    concerns: tuple[Concern, ...] = ()
    keeping: tuple[Keeping, ...] = ()
    heard: tuple[Heard, ...] = ()

    @property
    def count(self) -> int:
        """How many things wait for a person."""
        cards = (
            self.alarms, self.concerns, self.to_decide, self.endings, self.drafts, self.keeping,
            self.heard,
        )  # fmt: skip
        now_due = sum(task.last <= self.on for task in self.tasks)
        now_due += len(self.follow_ups)
        return sum(map(len, cards)) + now_due + (self.doubt is not None)


def read_today(desk: Desk) -> Today:
    """The day as it stands now."""
    now = desk.rooms.clock.now()
    reads = any(map(desk.may, READING))
    lines = list_plans(desk) if reads else ()
    tasks = [*_due(desk, lines, now.date())]
    return Today(
        on=now.date(),
        to_decide=tuple(line for line in lines if line.conflicts),
        departures=tuple(_departures(desk, lines, now)),
        endings=tuple(sorted(_endings(desk, lines, now), key=lambda one: one.last)),
        doubt=clock_doubt(desk),
        drafts=drafts(desk),
        alarms=read_alarms(desk, lines) if reads else (),
        backup=backup_state(desk),
        tasks=tuple(sorted(tasks, key=lambda task: (task.last, task.line.code))),
        partners=list_partners(desk) if any(map(desk.may, DEALING)) else (),
        follow_ups=tuple(_calls(desk, lines)) if reads else (),
        concerns=list_concerns(desk, lines) if reads else (),
        keeping=tuple(sorted(keeping_of(desk, lines), key=lambda one: one.until or date.min)),
        heard=read_heard(desk) if reads else (),
    )


def _departures(desk: Desk, lines: Sequence[PlanLine], now: datetime) -> Iterator[Departure]:
    """The journeys that begin soon, or have just begun; what a sheet needs is read together."""
    soon = [one for one in lines if one.departs and now - SOON < one.departs.utc < now + 2 * SOON]
    if not soon:
        return
    rows = {row.rid: row for kind in ("client", "plan") for row in desk.store.rows(kind)}
    numbers: dict[bytes | None, list[Row]] = defaultdict(list)
    for row in desk.store.rows("help_number"):
        numbers[row.parent].append(row)
    for line in soon:
        assert line.departs is not None
        below = (*(leg.row for leg in line.legs), *numbers[line.rid])
        case = Case(rows[line.client], rows[line.rid], below, ())
        yield Departure(line, line.departs, len(sheet_gaps(desk, case)))


def _endings(desk: Desk, lines: Sequence[PlanLine], now: datetime) -> Iterator[Ending]:
    """The consents that stand and end soon, of the clients of these plans."""
    of_client, today = {line.client: line for line in lines}, now.date()
    for row in desk.store.rows("consent"):
        line = of_client.get(row.parent or b"")
        consent = view(row, Consent)
        client = desk.store.row(row.parent or b"")
        if line is None or client is None:
            continue
        is_answer = row.custodian != desk.identity.organisation
        if why_shut(consent, view(client, Client), now, is_answer=is_answer) is not None:
            continue
        last = last_day(consent.record)
        if last is not None and last - today <= SOON:
            recipient = name_of(desk, consent.record.recipient)
            yield Ending(line, recipient, last, (last - today).days)


def _due(desk: Desk, lines: Sequence[PlanLine], today: date) -> Iterator[Due]:
    """The open tasks of plans that are not over, with a day that is near or gone."""
    of_plan = {line.rid: line for line in lines if not is_read_only(line.state)}
    for row in desk.store.rows("task"):
        line, seen = of_plan.get(row.parent or b""), view(row, Task)
        task, last = seen.record, last_day_of(seen.record.due)
        if line is None or seen.is_deleted or task.state not in (None, "open") or last is None:
            continue
        if last - today <= A_WEEK:
            assert isinstance(task.due, date | About)
            yield Due(line, _text(task.title), task.due, last, _text(task.owner))


def _calls(desk: Desk, lines: Sequence[PlanLine]) -> Iterator[Contact]:
    """The contacts after an arrival that are due now or late."""
    for contact in list_follow_ups(desk, lines):
        if contact.standing in (Standing.OVERDUE, Standing.DUE):
            yield contact


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
