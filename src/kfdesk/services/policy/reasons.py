# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening another's plan with a reason, at night or when its owner cannot be reached.

The plan is open for reading until the lock, and for writing down what happens on the way. The
reason is kept as a note of the plan, the act in the audit trail, and the owner is told on their
page of the day until they have seen it. Where no role allows it, not even the code of another's
plan is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right, fold
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.situation import initials_of
from kfdesk.domain.records.case.note import Note
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY, amend, live_of, writes_of
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.policy.access import ON_WATCH, READING, may_read, owners_of
from kfdesk.services.writing.records import found, is_in_bin

OPENED = "opened"
"""The kind of the note that keeps the reason."""

_SEEN = "openings_seen"
_STATES = frozenset({"status", "check_in_status"})  # written together with when it happened


@dataclass(frozen=True, slots=True)
class LockedPlan:
    """Another's plan: its id and code, and nothing else."""

    rid: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A plan of one's own that somebody else has opened: who, when, and the reason they gave."""

    plan: bytes
    code: str
    opened_by: str
    milliseconds: int
    reason: str = field(repr=False)
    wrote: tuple[tuple[int, str], ...] = ()
    """What they wrote down of the journey since: the leg's number and the field."""


def list_locked(desk: Desk) -> tuple[LockedPlan, ...]:
    """The plans that may be opened with a reason, by code; those in the bin are left out.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.OPEN_WITH_REASON)
    if desk.may(Right.READ_ALL):
        return ()
    closed = (row for row in desk.store.rows("plan") if not may_read(desk, row))
    kept = (LockedPlan(row.rid, _code(desk, row)) for row in closed if not is_in_bin(desk, row))
    return tuple(sorted(kept, key=lambda plan: plan.code))


def look_at_locked(desk: Desk, plan: bytes) -> LockedPlan:
    """One plan that may be opened with a reason.

    Raises KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    desk.require(Right.OPEN_WITH_REASON)
    return LockedPlan(plan, _code(desk, _plan(desk, plan)))


def open_with_reason(desk: Desk, plan: bytes, reason: str) -> Changes:
    """Open another's plan for reading, until the lock.

    Also one that is closed for writing: what is written is about the reading, not the plan. Raises
    KfdeskError `user.not_allowed`, `user.no_reason`, `record.missing` or `record.deleted`; then it
    stays shut.
    """
    desk.require(Right.OPEN_WITH_REASON)
    if not reason.strip():
        raise KfdeskError("user.no_reason")
    row = _plan(desk, plan)
    if may_read(desk, row):
        return Changes()
    with desk.store.transaction():
        note = _note(desk, plan, reason)
        desk.store.put(note)
        desk.log(Action.OPEN_WITH_REASON, plan)
    desk.opened.add(plan)
    return Changes(frozenset({"plan", "note"}), frozenset({plan, note.rid}))


def read_openings(desk: Desk) -> tuple[Opening, ...]:
    """Who has opened one's own plans with a reason, the newest first, until `note_openings_seen`.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    since, me = _seen_until(desk), fold(desk.user)
    own = {row.rid: row for row in desk.store.rows("plan") if me in owners_of(row)}
    notes = [row for row in desk.store.rows("note") if row.parent in own] if own else []
    told = [_opening(desk, row, own[row.parent or b""]) for row in notes if _is_opening(row)]
    told = [one for one in told if one.milliseconds > since]
    return tuple(sorted(told, key=lambda one: -one.milliseconds))


def note_openings_seen(desk: Desk) -> None:
    """What was told so far has been seen by who sits here; the notes stay with their plans.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    with desk.store.transaction():
        desk.store.set_setting(f"{_SEEN}.{desk.user}", desk.milliseconds.to_bytes(8, "big"))


def _plan(desk: Desk, rid: bytes) -> Row:
    row = found(desk, rid)
    if row.type != "plan":
        raise KfdeskError("record.missing")
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return row


def _note(desk: Desk, plan: bytes, reason: str) -> Row:
    values: dict[str, Value] = {
        "kind": OPENED,
        "happened": moment_now(desk),
        "content": reason.strip(),
        "written_by": desk.user,
    }
    row = Row(desk.new_id(), "note", plan, desk.identity.organisation, EMPTY)
    state = amend(EMPTY, wire_changes("note", values), (), desk.signature)
    return replace(row, state=state)


def _is_opening(row: Row) -> bool:
    return view(row, Note).record.kind == OPENED


def _opening(desk: Desk, row: Row, plan: Row) -> Opening:
    note, entered = view(row, Note).record, min(each.milliseconds for each in writes_of(row.state))
    by, reason = _text(note.written_by), _text(note.content)
    wrote = tuple(_written_by(desk, plan, by, entered))
    return Opening(plan.rid, _code(desk, plan), by, entered, reason, wrote)


def _written_by(desk: Desk, plan: Row, initials: str, since: int) -> Iterator[tuple[int, str]]:
    """What somebody has written down of the journey of another's plan since they opened it."""
    keys = {fid: key for key, fid in TYPES["leg"].ids.items() if key in ON_WATCH - _STATES}
    legs = [row for row in desk.store.children(plan.rid) if row.type == "leg"]
    for row in legs:
        number = view(row, Leg).record.sequence
        for fid, key in keys.items():
            for write in live_of(row.state).get(fid, ()):
                is_theirs = fold(initials_of(write.author)) == fold(initials)
                if is_theirs and write.milliseconds >= since and write.value is not None:
                    yield number if isinstance(number, int) else 0, key


def _seen_until(desk: Desk) -> int:
    return int.from_bytes(desk.store.setting(f"{_SEEN}.{desk.user}") or b"", "big")


def _code(desk: Desk, plan: Row) -> str:
    client = desk.store.row(plan.parent or b"")
    return _text(view(client, Client).record.code) if client is not None else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
