# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colleague leaves goes to another; and whom the loss of a laptop concerns.

What somebody wrote keeps their name. What is still to be done gets another's: open plans, tasks,
calls after arrival, goals; and what was typed and not saved. Nobody is told by this.
"""

from dataclasses import dataclass, replace

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.desk.users import Right, fold, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import is_deleted, live_of
from kfdesk.services import plans
from kfdesk.services.access.users import list_users
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.writing.records import change_record

_OWNED = ("plan", "task", "follow_up", "goal")
_OVER = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class Handed(Changes):
    """What went over: records and drafts, and drafts that stay because the other had their own."""

    records: int = 0
    drafts: int = 0
    kept_drafts: int = 0


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose data was on a laptop: partners by name, clients by the codes of their plans."""

    partners: tuple[str, ...]
    clients: tuple[str, ...]


def hand_over(desk: Desk, leaver: str, to: str) -> Handed:
    """Give what somebody has still to do to another who opens this store; done twice, no harm.

    What must be kept as it is, or has ended, stays. Raises KfdeskError `user.not_allowed`,
    `user.unknown`, or as `change_record` does.
    """
    desk.require(Right.EDIT_ALL)
    known = {user.initials for user in list_users(desk)}
    if fold(to) not in known or fold(to) == fold(leaver):
        raise KfdeskError("user.unknown")
    changed = [row for row in _owned(desk, leaver) if _gave(desk, row, to)]
    drafts = desk.store.drafts
    hers, moved = drafts.of_user(shown(leaver)), 0
    with desk.store.transaction():
        for draft in hers:
            if drafts.one(draft.rid, shown(to)) is None:
                drafts.keep(replace(draft, user=shown(to)))
                drafts.drop(draft.rid, draft.user)
                moved += 1
    types, rids = {row.type for row in changed}, {row.rid for row in changed}
    return Handed(frozenset(types), frozenset(rids), len(rids), moved, len(hers) - moved)


def whom_it_concerns(desk: Desk) -> Concerned:
    """Whose data is in this store, as far as who sits here may read it.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.READ_ALL, Right.READ_OWN)
    partners = desk.store.ledger.partners()
    names = {one.name for one in partners if not one.is_own and one.state is PartnerState.VERIFIED}
    codes = {line.code for line in plans.list_plans(desk)}
    return Concerned(tuple(sorted(names)), tuple(sorted(codes)))


def _owned(desk: Desk, who: str) -> list[Row]:
    return [
        row for name in _OWNED for row in desk.store.rows(name)
        if not is_deleted(row.state) and _is_hers(row, who) and not _is_over(row)
    ]  # fmt: skip


def _is_hers(row: Row, who: str) -> bool:
    described = TYPES[row.type]
    writes = live_of(row.state).get(described.ids["owner"], ())
    return any(isinstance(one.value, str) and fold(one.value) == fold(who) for one in writes)


def _is_over(row: Row) -> bool:
    """A task that was done, or a call that was made, stays with who did it."""
    ids, living = TYPES[row.type].ids, live_of(row.state)
    if row.type == "task":
        return any(one.value in _OVER for one in living.get(ids["state"], ()))
    return row.type == "follow_up" and any(one.value for one in living.get(ids["result"], ()))


def _gave(desk: Desk, row: Row, to: str) -> bool:
    try:
        change_record(desk, row.rid, {"owner": shown(to)})
    except KfdeskError as refused:
        if refused.code not in {"plan.read_only", "plan.held"}:
            raise
        return False
    return True
