# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts after an arrival: agreed, refused by her, handed to somebody else, listed by their day.

What was said in a contact is written in its record like any other. When one is due is a rule of
the domain; here it is asked by the desk's day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kfdesk.domain.after.outcomes import day_of, worry
from kfdesk.domain.after.schedule import Proposal, Standing, standing_of, window_of
from kfdesk.domain.desk.users import shown
from kfdesk.domain.gates.states import is_read_only
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, View, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.desk import Desk
from kfdesk.services.plans import list_plans, name_of
from kfdesk.services.policy.access import READING, as_seen, hidden_keys, require_adding
from kfdesk.services.writing.records import Done, change_record, change_records, found, put_new

_TYPE, _A_MONTH = "follow_up", timedelta(30)
_BY_ROW = (Standing.OVERDUE, Standing.DUE, Standing.PLANNED, Standing.UNDATED)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact in a list: of whose plan, how it stands today, and who makes it.

    `first` and `last` are the days between which it is in time; `owner` are initials here.
    """

    line: PlanLine
    rid: bytes
    standing: Standing
    due: date | None
    first: date | None
    last: date | None
    after_days: int | None
    kind: str
    owner: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A plan whose newest contact says that she may be in danger again, or cannot be reached.

    `on` is the day of that contact, `is_unsafe` that it is not safe to contact her.
    """

    line: PlanLine
    on: date
    is_unsafe: bool


def list_concerns(desk: Desk, lines: Sequence[PlanLine] | None = None) -> tuple[Concern, ...]:
    """Where somebody must look at once, the newest first; `lines` if they were read.

    Of a plan that is over for a month: after that somebody has decided what follows. Raises
    KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    known = list_plans(desk) if lines is None else lines
    found_here = sorted(_concerns(desk, known), key=lambda one: (one.on, one.line.code))
    return tuple(reversed(found_here))


def list_follow_ups(desk: Desk, lines: Sequence[PlanLine] | None = None) -> tuple[Contact, ...]:
    """All contacts of plans that are not over, the latest on top; `lines` if they were read.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    known = list_plans(desk) if lines is None else lines
    return tuple(sorted(_contacts(desk, known), key=_urgency))


def agree_times(desk: Desk, plan: bytes, chosen: Iterable[Proposal]) -> tuple[Done, ...]:
    """Keep the contacts that were proposed and that she agrees to, in one transaction.

    The receiver makes them, if an organisation was named; each can be changed like any record.
    Raises KfdeskError `record.missing`, `plan.read_only` or `user.not_allowed`.
    """
    require_adding(desk, _TYPE, plan)
    record = view(found(desk, plan), Plan).record
    with desk.store.transaction():
        return tuple(_agreed(desk, plan, record, each) for each in chosen)


def refuse_contact(desk: Desk, rid: bytes) -> Done:
    """Write down that she does not want a contact; nobody asks her why.

    Raises KfdeskError as `change_record`.
    """
    return change_record(desk, rid, {"refused": True, "result": "refused"})


def reassign(desk: Desk, rids: Iterable[bytes], owner: str) -> tuple[Done, ...]:
    """Let somebody here make these contacts. Raises KfdeskError as `change_record`."""
    values: dict[str, Value] = {"owner": shown(owner)}
    return change_records(desk, ((rid, values, None) for rid in rids))


def _agreed(desk: Desk, plan: bytes, record: Plan, each: Proposal) -> Done:
    values: dict[str, Value] = {
        "due": each.due,
        "window": each.window,
        "after_days": each.after_days,
        "kind": "regular" if each.after_days else "arrival",
    }
    receiver = record.receiver if isinstance(record.receiver, str) else ""
    if name_of(desk, receiver) and found(desk, bytes.fromhex(receiver)).type == "organisation":
        values["organisation"] = receiver
    if isinstance(record.owner, str):
        values["owner"] = record.owner
    row = Row(desk.new_id(), _TYPE, plan, desk.identity.organisation, EMPTY)
    return put_new(desk, row, wire_changes(_TYPE, values))


def _contacts(desk: Desk, lines: Sequence[PlanLine]) -> Iterator[Contact]:
    of_plan = {line.rid: line for line in lines if not is_read_only(line.state)}
    today = desk.rooms.clock.now().date()
    for row in desk.store.rows(_TYPE):
        line, seen = of_plan.get(row.parent or b""), view(row, FollowUp)
        if line is not None and not seen.is_deleted:
            yield _contact(desk, line, seen, today)


def _concerns(desk: Desk, lines: Sequence[PlanLine]) -> Iterator[Concern]:
    by_plan: dict[bytes, list[View[FollowUp]]] = {}
    for row in desk.store.rows(_TYPE):
        seen = view(as_seen(row, hidden_keys(desk, row)), FollowUp)
        if row.parent is not None and not seen.is_deleted:
            by_plan.setdefault(row.parent, []).append(seen)
    today = desk.rooms.clock.now().date()
    for line in lines:
        last = worry(by_plan.get(line.rid, ()))
        if last is not None:
            on = day_of(last.record)
            if not is_read_only(line.state) or today - on <= _A_MONTH:
                yield Concern(line, on, last.record.result == "unsafe_to_contact")


def _contact(desk: Desk, line: PlanLine, seen: View[FollowUp], today: date) -> Contact:
    record = seen.record
    first, last = window_of(record) or (None, None)
    return Contact(
        line=line,
        rid=seen.rid,
        standing=standing_of(record, today),
        due=record.due if isinstance(record.due, date) else None,
        first=first,
        last=last,
        after_days=record.after_days if isinstance(record.after_days, int) else None,
        kind=record.kind if isinstance(record.kind, str) else "",
        owner=record.owner if isinstance(record.owner, str) else "",
        organisation=name_of(desk, record.organisation),
    )


def _urgency(one: Contact) -> tuple[int, date, str, bytes]:
    place = _BY_ROW.index(one.standing) if one.standing in _BY_ROW else len(_BY_ROW)
    return place, one.last or date.max, one.line.code, one.rid
