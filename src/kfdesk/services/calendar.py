# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar of a desk: one list of everything that has a day, over all plans.

Each kind of item is a source in `_SOURCES`: it reads one type of record once and yields items. A
new kind is a new source. The list has what the current user may read, as the list of plans has it:
own plans, all with the right to, and those opened with a reason. Reads only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import CalendarItem, CalendarKind, item_order, standing_of
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.deadlines import legal_days
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.network import CaseConference, Meeting
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view_fields
from kfdesk.domain.values import ZonedTime, shift_day, text_or_empty, zone_rules
from kfdesk.domain.workflow.alarms import (
    ARRIVAL_GRACE,
    CHECK_IN_DONE,
    CHECK_IN_GRACE,
    DEPARTURE_GRACE,
)
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import list_follow_ups
from kfdesk.services.plans.case import last_day_due
from kfdesk.services.plans.dates import (
    list_ending_consents,
    list_legal_matters,
    list_open_tasks,
    running_plans,
)
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import list_current_plans, name_of
from kfdesk.services.procedures.deadlines import list_run_deadlines

CALENDAR_TYPES = frozenset(
    {
        "client", "plan", "leg", "follow_up", "task", "legal_status", "consent", "cooperation",
        "cooperation_step", "organisation", "network", "membership", "project", "meeting",
        "case_conference",
    }
)  # fmt: skip
"""Records that an item can come from, or that say whose it is and whether it is over."""
_LEG_KEYS = (
    "departs", "arrives", "check_in", "check_in_status", "status", "from_place", "to_place",
)  # fmt: skip
_ENTRY_KEYS = ("name", "checked", "checked_by", "verification")
_CHECKED_EACH = 365  # days from one check of an entry to the next
_AFTER_TRAVEL = frozenset({"arrived", "reintegrating", "follow_up"})


@dataclass(frozen=True, slots=True)
class Calendar:
    """All items, overdue ones first, then by day; and how many records have no day yet, by kind."""

    on: date
    items: tuple[CalendarItem, ...] = ()
    undated: Mapping[CalendarKind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The plans that every source reads: all that the user may read, and those not ended."""

    desk: Session
    now: datetime
    today: date
    lines: tuple[PlanLine, ...]
    running: Mapping[bytes, PlanLine]
    undated: dict[CalendarKind, int]

    def on(self, kind: CalendarKind, at: tuple[bytes, str, str], day: date) -> CalendarItem:
        """Return an item of one day; `at` is its record, the record's type and the field."""
        standing = standing_of(day, day, self.today, is_done=False)
        return CalendarItem(kind, *at, day, day, day, standing)

    def today_at(self, at: ZonedTime) -> date:
        """Return the day that it is now where a time is: by that day it is over or ahead."""
        return self.now.astimezone(zone_rules(at.zone)).date()

    def is_past(self, at: object, grace: timedelta) -> bool:
        """Return whether a time has passed, and the grace that its alarm gives, too."""
        return isinstance(at, ZonedTime) and at.utc + grace < self.now


def _of_plan(line: PlanLine, item: CalendarItem) -> CalendarItem:
    """Return the item with its plan; it is the plan's owner's if it names nobody."""
    owner = item.owner or line.owner
    return replace(
        item, plan=line.rid, code=line.code, alias=line.alias, owner=owner, pronoun=line.pronoun
    )


def read_calendar(desk: Session) -> Calendar:
    """Return all items that the current user may see. Raise KfdeskError `user.not_allowed`."""
    desk.require(*READ_RIGHTS)
    lines = list_current_plans(desk)
    now = desk.adapters.clock.now()
    today = now.date()
    scope = _Scope(desk, now, today, lines, running_plans(lines), defaultdict(int))
    items = sorted((one for source in _SOURCES for one in source(scope)), key=item_order)
    return Calendar(today, tuple(items), dict(scope.undated))


# --- sources


def _follow_ups(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the follow-ups, also those that were made or refused."""
    for one in list_follow_ups(scope.desk, scope.lines):
        if one.due is None or one.first is None or one.last is None:
            scope.undated[CalendarKind.FOLLOW_UP] += one.standing.is_open
            continue
        item = CalendarItem(
            CalendarKind.FOLLOW_UP, one.rid, "follow_up", "due", one.due, one.first, one.last,
            one.standing, owner=one.owner, about=(one.kind, one.after_days, one.organisation),
        )  # fmt: skip
        yield _of_plan(one.line, item)


def _legs(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the legs that are travelled, and the check-ins on the way."""
    for line in scope.running.values():
        is_over = line.state in _AFTER_TRAVEL
        for one in line.legs:
            leg = view_fields(one.row, Leg, _LEG_KEYS).record
            if leg.status not in LEG_OFF:
                found = (*_check_in(scope, one.row.rid, leg), *_leg(scope, one.row.rid, leg))
                for item in found:
                    standing = FollowUpStatus.DONE if is_over else item.standing
                    about = (leg.from_place, leg.to_place)
                    yield _of_plan(line, replace(item, standing=standing, about=about))


def _leg(scope: _Scope, rid: bytes, leg: Leg) -> Iterator[CalendarItem]:
    times = [at for at in (leg.departs, leg.arrives) if isinstance(at, ZonedTime)]
    if not times:
        scope.undated[CalendarKind.LEG] += 1
        return
    first = times[0].wall.date()
    last = max(first, times[-1].wall.date())
    today = scope.today_at(times[-1])
    standing = standing_of(first, last, today, is_done=leg.status == "arrived")
    if (leg.status != "departed" and scope.is_past(leg.departs, DEPARTURE_GRACE)) or scope.is_past(
        leg.arrives, ARRIVAL_GRACE
    ):
        standing = _late(standing)
    item = scope.on(CalendarKind.LEG, (rid, "leg", "departs"), first)
    yield replace(item, last=last, standing=standing, starts=times[0], ends=times[-1])


def _check_in(scope: _Scope, rid: bytes, leg: Leg) -> Iterator[CalendarItem]:
    if isinstance(leg.check_in, ZonedTime):
        day = leg.check_in.wall.date()
        is_done = leg.check_in_status in CHECK_IN_DONE
        standing = standing_of(day, day, scope.today, is_done=is_done)
        if scope.is_past(leg.check_in, CHECK_IN_GRACE):
            standing = _late(standing)
        item = scope.on(CalendarKind.CHECK_IN, (rid, "leg", "check_in"), day)
        yield replace(item, starts=leg.check_in, standing=standing)
    elif leg.check_in is not None:
        scope.undated[CalendarKind.CHECK_IN] += 1


def _late(standing: FollowUpStatus) -> FollowUpStatus:
    """Return how something open stands whose time of day has passed."""
    return FollowUpStatus.OVERDUE if standing.is_open else standing


def _tasks(scope: _Scope) -> Iterator[CalendarItem]:
    for line, seen in list_open_tasks(scope.desk, scope.lines):
        task, day = seen.record, last_day_due(seen.record.due)
        if day is None:
            scope.undated[CalendarKind.TASK] += 1
            continue
        item = scope.on(CalendarKind.TASK, (seen.rid, "task", "due"), day)
        item = replace(
            item, owner=text_or_empty(task.owner), about=(text_or_empty(task.title),),
            neutral_title=text_or_empty(task.neutral_title),
        )  # fmt: skip
        yield _of_plan(line, item)


def _legal(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the last days of periods and permits, and the hearings."""
    for line, matters in list_legal_matters(scope.desk, scope.lines):
        for one in legal_days(matters, scope.today):
            matter, about = one.matter.record, (text_or_empty(one.matter.record.kind),)
            if one.is_hearing:
                at = (one.matter.rid, "legal_status", "next_hearing")
                item = scope.on(CalendarKind.HEARING, at, one.day)
                when = matter.next_hearing if isinstance(matter.next_hearing, ZonedTime) else None
                item = replace(item, starts=when)
            else:
                at = (one.matter.rid, "legal_status", "ends")
                item = scope.on(CalendarKind.LAW, at, one.day)
            yield _of_plan(line, replace(item, about=about))


def _steps(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the deadlines of the cooperations, without those that the law tells already."""
    told = [
        (line.rid, one)
        for line, matters in list_legal_matters(scope.desk, scope.lines)
        for one in legal_days(matters, scope.today)
    ]
    clients = {rid: line.client for rid, line in scope.running.items()}
    for one in list_run_deadlines(scope.desk, clients, told, lambda _due: True):
        at = (one.step.view.rid, "cooperation_step", "state")
        item = scope.on(CalendarKind.STEP, at, one.due.last_day)
        about = (one.step.prefix, one.step.view.record.title)
        item = replace(item, starts=one.due.moment, about=about)
        yield _of_plan(scope.running[one.plan], item)


def _consents(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the valid consents of clients with a running plan, on their last days."""
    for line, consent, day in list_ending_consents(scope.desk, [*scope.running.values()]):
        item = scope.on(CalendarKind.CONSENT, (consent.rid, "consent", "expires"), day)
        about = (name_of(scope.desk, consent.record.recipient),)
        yield _of_plan(line, replace(item, about=about))


def _entries(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the next check of each entry of ours that is a member of a network of ours."""
    desk = scope.desk
    own = desk.identity.organisation
    members = {one for circle in desk.circles().values() for one in circle.members} - {own}
    for row, _ in desk.store.kept(members).values():
        if row.custodian != own or is_deleted(row.state):
            continue
        entry = view_fields(row, Organisation, _ENTRY_KEYS).record
        checked = last_day_due(entry.checked)
        if checked is None or entry.verification == "unverified":
            scope.undated[CalendarKind.ENTRY] += 1
            continue
        at = (row.rid, "organisation", "checked")
        item = scope.on(CalendarKind.ENTRY, at, shift_day(checked, _CHECKED_EACH))
        who = text_or_empty(entry.checked_by)
        yield replace(item, owner=who, about=(text_or_empty(entry.name),))


def _meetings(scope: _Scope) -> Iterator[CalendarItem]:
    """Yield the meetings of our networks and projects, which are nobody's own, and conferences."""
    desk = scope.desk
    above: dict[bytes, bytes] = {network: network for network in desk.circles()}
    for row in desk.store.rows("project"):
        is_alone = row.parent is None and row.custodian == desk.identity.organisation
        if not is_deleted(row.state) and (is_alone or row.parent in above):
            above[row.rid] = row.parent or b""
    for row in desk.store.rows_beneath("meeting", above):
        record = view_fields(row, Meeting, ("starts", "ends", "title")).record
        for item in _meeting(scope, row, record.starts, record.ends):
            yield replace(item, network=above[row.parent or b""], about=(record.title,))
    for row in desk.store.rows_beneath("case_conference", scope.running):
        held = view_fields(row, CaseConference, ("starts", "ends")).record
        for item in _meeting(scope, row, held.starts, held.ends):
            yield _of_plan(scope.running[row.parent or b""], item)


def _meeting(scope: _Scope, row: Row, starts: object, ends: object) -> Iterator[CalendarItem]:
    """Yield a meeting, unless it is in the bin or has no time; it is done when it is over.

    One that ends on a later day is under way until then.
    """
    if is_deleted(row.state):
        return
    if not isinstance(starts, ZonedTime):
        scope.undated[CalendarKind.MEETING] += 1
        return
    day, end = starts.wall.date(), ends if isinstance(ends, ZonedTime) else None
    last = max(day, end.wall.date()) if end is not None else day
    item = scope.on(CalendarKind.MEETING, (row.rid, row.type, "starts"), day)
    today = scope.today_at(end or starts)
    standing = standing_of(day, last, today, is_done=last < today)
    yield replace(item, last=last, starts=starts, ends=end, standing=standing)


_SOURCES: Sequence[Callable[[_Scope], Iterator[CalendarItem]]] = (
    _follow_ups, _legs, _tasks, _legal, _steps, _consents, _entries, _meetings,
)  # fmt: skip
"""The sources of the items."""
