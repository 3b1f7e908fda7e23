# SPDX-License-Identifier: GPL-3.0-or-later
"""Break-glass access: open another user's plan with a reason, at night or in an emergency.

The plan is open for reading until the lock, and for recording events on the way. The reason
is saved as a note of the plan, and the access is logged. The owner sees it on the Today
page until they have confirmed it. A user without the right does not even see the code of
another's plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    EMPTY_STATE,
    apply_changes,
    is_deleted,
    live_writes,
    writes_by_field,
)
from kfdesk.domain.rows import Row, encode_changes, sibling_numbers, view
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.domain.workflow.gates import author_initials
from kfdesk.services.core.authorization import (
    LEG_EVENT_KEYS,
    READ_RIGHTS,
    may_read,
    owners_of,
    plans_of,
)
from kfdesk.services.core.records import (
    client_code,
    is_in_bin,
    require_record,
    unchecked_client_code,
)
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.plans import zoned_now

BREAK_GLASS_NOTE = "opened"
"""The kind of the note that keeps the reason."""

_SEEN_SETTING, _NUMBER_BYTES = "openings_seen", 8
_LAST = 2**63 - 1  # above every change: an older program kept the time alone
_STATUS_KEYS = frozenset({"status", "check_in_status"})  # written together with when it happened


@dataclass(frozen=True, slots=True)
class LockedPlan:
    """Another user's plan: its id and code, and nothing else."""

    rid: bytes
    code: str


@dataclass(frozen=True, slots=True)
class BreakGlassAccess:
    """An own plan that another user has opened: who, when, and the reason given."""

    plan: bytes
    code: str
    opened_by: str
    milliseconds: int
    reason: str = field(repr=False)
    wrote: tuple[tuple[int, str], ...] = ()
    """Events of the journey that they recorded since: the leg's number and the field."""


def list_locked_plans(desk: Session) -> tuple[LockedPlan, ...]:
    """Return the plans that may be opened with a reason, by code, without those in the bin.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.OPEN_WITH_REASON)
    if desk.may(Right.READ_ALL):
        return ()
    closed = (row for row in desk.store.rows("plan") if not may_read(desk, row))
    kept = (
        LockedPlan(row.rid, unchecked_client_code(desk, row))
        for row in closed
        if not is_in_bin(desk, row)
    )
    return tuple(sorted(kept, key=lambda plan: plan.code))


def read_locked_plan(desk: Session, plan: bytes) -> LockedPlan:
    """Return one plan that may be opened with a reason.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    desk.require(Right.OPEN_WITH_REASON)
    return LockedPlan(plan, unchecked_client_code(desk, _plan_row(desk, plan)))


def open_with_reason(desk: Session, plan: bytes, reason: str) -> Changes:
    """Open another user's plan for reading, until the lock.

    A plan that is read-only can be opened as well: the note is about the access, not the plan.
    Another organisation's plan belongs with her other plans, and these are opened. Raise
    KfdeskError `user.not_allowed`, `user.no_reason`, `record.missing` or `record.deleted`; then it
    stays closed.
    """
    desk.require(Right.OPEN_WITH_REASON)
    if not reason.strip():
        raise KfdeskError("user.no_reason")
    row = _plan_row(desk, plan)
    if may_read(desk, row):
        return Changes()
    opens = frozenset(one.rid for one in plans_of(desk, row))
    notes = [_reason_note(desk, one, reason) for one in sorted(opens)]
    with desk.store.transaction():
        for note in notes:
            desk.store.put(note)
            desk.log(Action.OPEN_WITH_REASON, note.parent)
    desk.opened.update(opens)
    return Changes(frozenset({"plan", "note"}), opens.union(note.rid for note in notes))


def list_break_glass_accesses(desk: Session) -> tuple[BreakGlassAccess, ...]:
    """Return who has opened the user's own plans, newest first, until `mark_accesses_seen`.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    me, (since, number) = fold_initials(desk.user), _seen_until(desk)
    own = {row.rid: row for row in desk.store.rows("plan") if me in owners_of(row)}
    notes = [row for row in desk.store.rows("note") if row.parent in own] if own else []
    later = desk.store.levels.changed(number) if notes else frozenset[bytes]()
    accesses = [
        (row.rid in later, _break_glass_access(desk, row, own[row.parent or b""]))
        for row in notes
        if view(row, Note).record.kind == BREAK_GLASS_NOTE
    ]
    fresh = (one for is_later, one in accesses if is_later or one.milliseconds > since)
    return tuple(sorted(fresh, key=lambda one: -one.milliseconds))


def mark_accesses_seen(desk: Session) -> None:
    """Record that the current user has seen these accesses; the notes stay with their plans.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    since, number = max(desk.milliseconds, _seen_until(desk)[0]), desk.store.levels.number()
    seen = b"".join(one.to_bytes(_NUMBER_BYTES, "big") for one in (since, number))
    with desk.store.transaction():
        desk.store.set_setting(f"{_SEEN_SETTING}.{desk.user}", seen)


def _plan_row(desk: Session, rid: bytes) -> Row:
    row = require_record(desk, rid)
    if row.type != "plan":
        raise KfdeskError("record.missing")
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return row


def _reason_note(desk: Session, plan: bytes, reason: str) -> Row:
    values: dict[str, Value] = {
        "kind": BREAK_GLASS_NOTE,
        "happened": zoned_now(desk),
        "content": reason.strip(),
        "written_by": desk.user,
    }
    row = desk.new_row("note", plan)
    state = apply_changes(EMPTY_STATE, encode_changes("note", values), (), desk.signature)
    return replace(row, state=state)


def _break_glass_access(desk: Session, row: Row, plan: Row) -> BreakGlassAccess:
    note = view(row, Note).record
    entered = min(each.milliseconds for each in live_writes(row.state))
    by, reason = text_or_empty(note.written_by), text_or_empty(note.content)
    wrote = tuple(_events_recorded_by(desk, plan, by, entered))
    return BreakGlassAccess(plan.rid, client_code(desk, plan), by, entered, reason, wrote)


def _events_recorded_by(
    desk: Session, plan: Row, initials: str, since: int
) -> Iterator[tuple[int, str]]:
    """Yield what a user recorded of another's journey since opening the plan."""
    keys = {
        fid: key
        for key, fid in RECORD_TYPES["leg"].ids.items()
        if key in LEG_EVENT_KEYS - _STATUS_KEYS
    }
    legs = [row for row in desk.store.children(plan.rid) if row.type == "leg"]
    numbers = sibling_numbers(view(row, Leg) for row in legs if not is_deleted(row.state))
    for row in legs:
        for fid, key in keys.items():
            for write in writes_by_field(row.state).get(fid, ()):
                is_theirs = fold_initials(author_initials(write.author)) == fold_initials(initials)
                if is_theirs and write.milliseconds >= since and write.value is not None:
                    yield numbers.get(row.rid, 0), key


def _seen_until(desk: Session) -> tuple[int, int]:
    """Return up to when (ms since 1970, UTC), and up to which change of the store, all was seen.

    A clock that was set back does not hide what was written after that change.
    """
    kept = desk.store.setting(f"{_SEEN_SETTING}.{desk.user}") or b""
    number = int.from_bytes(kept[_NUMBER_BYTES:], "big") if len(kept) > _NUMBER_BYTES else _LAST
    return int.from_bytes(kept[:_NUMBER_BYTES], "big"), number if kept else 0
