# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a closed plan is kept, what holds it longer, and what an erasure would take.

A hold restricts: the plan is only read, with the reason, and is not erased. Nothing here erases.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.states import REOPENED
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import seen_in, view, wire_changes
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import is_held
from kfdesk.services.plans import name_of
from kfdesk.services.writing.records import Done, found, put_changed

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Keeping:
    """A plan that is over, and whose last day of being kept is near, or gone, or not set."""

    line: PlanLine
    until: date | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an erasure of a client would take: how many records by type, and who else has some.

    `is_held` says that one of her plans must be kept.
    """

    records: Mapping[str, int] = field(default_factory=dict)
    holders: tuple[str, ...] = field(default=(), repr=False)
    is_held: bool = False


def keeping_of(desk: Desk, lines: Sequence[PlanLine]) -> Iterator[Keeping]:
    """Of these plans, those that are over and whose last day is near, or gone, or not set."""
    today = desk.rooms.clock.now().date()
    for line in lines:
        row = desk.store.row(line.rid) if line.state in REOPENED else None
        if row is None:
            continue
        said = view(row, Plan).record.retention_until
        until = said if isinstance(said, date) else None
        if until is None or until - today <= SOON:
            yield Keeping(line, until, is_held(row))


def hold(desk: Desk, plan: bytes, reason: str) -> Done:
    """Restrict a plan: it is only read, and not erased, because of `reason`.

    Raises KfdeskError `user.not_allowed`, `record.missing` or `plan.no_reason`.
    """
    desk.require(Right.LEGAL_HOLD)
    if not reason.strip():
        raise KfdeskError("plan.no_reason")
    return _put_hold(desk, plan, reason.strip())


def lift(desk: Desk, plan: bytes) -> Done:
    """Let a plan be written in and erased again.

    Raises KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.LEGAL_HOLD)
    return _put_hold(desk, plan, None)


def what_goes(desk: Desk, client: bytes) -> Leaving:
    """What an erasure would take, and which others have something of her.

    Raises KfdeskError `user.not_allowed`, or `record.missing` for what is no client here.
    """
    desk.require(Right.ERASE)
    if found(desk, client).type != "client":
        raise KfdeskError("record.missing")
    rids = desk.store.tree.family((client,))
    rows = [row for rid in sorted(rids) if (row := desk.store.row(rid)) is not None]
    entries = desk.store.ledger.about(rids)
    given = {one.recipient for one in entries if one.channel == Channel.BUNDLE}
    names = sorted(filter(None, (name_of(desk, one.hex()) for one in given)))
    return Leaving(Counter(row.type for row in rows), tuple(names), any(map(is_held, rows)))


def _put_hold(desk: Desk, plan: bytes, reason: str | None) -> Done:
    row = found(desk, plan)
    if row.type != "plan":
        raise KfdeskError("record.missing")
    with desk.store.transaction():
        return put_changed(desk, row, wire_changes("plan", {"legal_hold": reason}), seen_in(row))
