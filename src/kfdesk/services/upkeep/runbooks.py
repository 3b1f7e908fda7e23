# SPDX-License-Identifier: GPL-3.0-or-later
"""Runbooks: the progress of a user in the steps of an incident, and the work of a leaving user.

The state is kept in the store. So it survives the lock that a new key brings, and is in the
backup from which a new laptop begins. This module knows no steps; of their actions it has
only those that no other module has: to reassign work, and to list whose data was on a laptop.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kfdesk.domain.accounts import Right, fold_initials, format_initials
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted, writes_by_field
from kfdesk.domain.rows import Row
from kfdesk.domain.runbooks import Runbook, RunbookProgress, RunbookStep, runbook_progress
from kfdesk.services.accounts import list_users
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.plans import list_plans

_RUNBOOK_RIGHTS = (Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
_EVENTS_PER_READ = 200


def list_runbooks(desk: Session) -> tuple[RunbookProgress, ...]:
    """Return the runbooks that are in progress. Raise KfdeskError `user.not_allowed`."""
    desk.require(*_RUNBOOK_RIGHTS)
    return tuple(
        course for each in Runbook if (course := _runbook_progress(desk, each)) is not None
    )


def start_runbook(desk: Session, runbook: Runbook) -> RunbookProgress:
    """Start a runbook, or continue it if it was started. Raise as `list_runbooks` does."""
    desk.require(*_RUNBOOK_RIGHTS)
    if _read_runbook_state(desk, runbook) is None:
        newest = next(iter(desk.store.ledger.events(None, 1)), None)
        _write_runbook_state(desk, runbook, newest[0] if newest else 0, ())
    found = _runbook_progress(desk, runbook)
    assert found is not None  # it was just started
    return found


def complete_runbook_step(desk: Session, runbook: Runbook, step: RunbookStep) -> None:
    """Record that a step was done, or is not needed. Raise as `list_runbooks` does."""
    desk.require(*_RUNBOOK_RIGHTS)
    kept = _read_runbook_state(desk, runbook)
    if kept is not None:
        began, ticked = kept
        _write_runbook_state(desk, runbook, began, (*ticked, step))


def close_runbook(desk: Session, runbook: Runbook) -> None:
    """Close a runbook, finished or not. Raise as `list_runbooks` does."""
    desk.require(*_RUNBOOK_RIGHTS)
    with desk.store.transaction():
        desk.store.set_setting(_runbook_setting(runbook), b"")


def _runbook_progress(desk: Session, runbook: Runbook) -> RunbookProgress | None:
    kept = _read_runbook_state(desk, runbook)
    if kept is None:
        return None
    began, ticked = kept
    return runbook_progress(runbook, ticked, _actions_since(desk, began))


def _actions_since(desk: Session, began: int) -> Iterator[tuple[int, Action]]:
    """Yield the actions in the audit log since then; key changes only of our own keys."""
    before: int | None = None
    while events := desk.store.ledger.events(before, _EVENTS_PER_READ):
        for number, event in events:
            if number <= began:
                return
            is_ours = event.rid == desk.identity.organisation
            if event.action is not Action.KEYS or is_ours:
                yield number, event.action
        before = events[-1][0]


def _read_runbook_state(
    desk: Session, runbook: Runbook
) -> tuple[int, tuple[RunbookStep, ...]] | None:
    data = desk.store.setting(_runbook_setting(runbook))
    if not data:
        return None
    began, ticked = json.loads(data)
    return began, tuple(RunbookStep(each) for each in ticked if each in set(RunbookStep))


def _write_runbook_state(
    desk: Session, runbook: Runbook, began: int, ticked: tuple[RunbookStep, ...]
) -> None:
    with desk.store.transaction():
        kept = json.dumps((began, sorted(set(ticked)))).encode()
        desk.store.set_setting(_runbook_setting(runbook), kept)


def _runbook_setting(runbook: Runbook) -> str:
    return f"errand.{runbook}"


# --- a user who leaves, and a laptop that is lost

_OWNED_TYPES = ("plan", "task", "follow_up", "goal")
_FINISHED_STATES = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class ReassignmentResult(Changes):
    """Reassigned records and drafts, and drafts kept because the other had their own."""

    records: int = 0
    drafts: int = 0
    kept_drafts: int = 0


@dataclass(frozen=True, slots=True)
class AffectedParties:
    """People whose data was on a laptop: partners by name, clients by their case codes."""

    partners: tuple[str, ...]
    clients: tuple[str, ...]


def reassign_work(desk: Session, leaver: str, to: str) -> ReassignmentResult:
    """Reassign a leaving user's open work to another user; repeating it does no harm.

    Records under a legal hold, or of ended plans, keep their owner. Raise KfdeskError
    `user.not_allowed`, `user.unknown`, or as `change_record` does.
    """
    desk.require(Right.EDIT_ALL)
    known = {user.initials for user in list_users(desk)}
    if fold_initials(to) not in known or fold_initials(to) == fold_initials(leaver):
        raise KfdeskError("user.unknown")
    changed = [row for row in _open_work_of(desk, leaver) if _reassign_record(desk, row, to)]
    drafts = desk.store.drafts
    waiting, moved = drafts.of_user(format_initials(leaver)), 0
    with desk.store.transaction():
        for draft in waiting:
            if drafts.one(draft.rid, format_initials(to)) is None:
                drafts.keep(replace(draft, user=format_initials(to)))
                drafts.drop(draft.rid, draft.user)
                moved += 1
    types, rids = {row.type for row in changed}, {row.rid for row in changed}
    return ReassignmentResult(
        frozenset(types), frozenset(rids), len(rids), moved, len(waiting) - moved
    )


def list_affected_parties(desk: Session) -> AffectedParties:
    """Return whose data is in this store, as far as the current user may read it.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.READ_ALL, Right.READ_OWN)
    partners = desk.store.ledger.partners()
    names = {one.name for one in partners if not one.is_own and one.state is PartnerState.VERIFIED}
    codes = {line.code for line in list_plans(desk)}
    return AffectedParties(tuple(sorted(names)), tuple(sorted(codes)))


def _open_work_of(desk: Session, who: str) -> list[Row]:
    return [
        row for name in _OWNED_TYPES for row in desk.store.rows(name)
        if not is_deleted(row.state) and _is_owned_by(row, who) and not _is_finished(row)
    ]  # fmt: skip


def _is_owned_by(row: Row, who: str) -> bool:
    described = RECORD_TYPES[row.type]
    writes = writes_by_field(row.state).get(described.ids["owner"], ())
    return any(
        isinstance(one.value, str) and fold_initials(one.value) == fold_initials(who)
        for one in writes
    )


def _is_finished(row: Row) -> bool:
    """Return whether a task is done, or a follow-up made: these keep their owner."""
    ids, living = RECORD_TYPES[row.type].ids, writes_by_field(row.state)
    if row.type == "task":
        return any(one.value in _FINISHED_STATES for one in living.get(ids["state"], ()))
    return row.type == "follow_up" and any(one.value for one in living.get(ids["result"], ()))


def _reassign_record(desk: Session, row: Row, to: str) -> bool:
    try:
        change_record(desk, row.rid, {"owner": format_initials(to)})
    except KfdeskError as refused:
        if refused.code not in {"plan.read_only", "plan.held"}:
            raise
        return False
    return True
