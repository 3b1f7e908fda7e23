# SPDX-License-Identifier: GPL-3.0-or-later
"""Retention: how long a closed plan is kept, legal holds, and a preview of an erasure.

A legal hold restricts: the plan is read-only, with the reason, and is not erased. Nothing
here erases.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kfdesk.domain.accounts import Right
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import encode_changes, seen_writes, view
from kfdesk.domain.workflow.gates import REOPENABLE_STATES
from kfdesk.services.core.authorization import is_held
from kfdesk.services.core.records import Saved, put_changed, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import list_chosen_plans, name_of

RETENTION_NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """An ended plan whose retention period ends soon, has ended, or is not set."""

    line: PlanLine
    until: date | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """Preview of erasing a client: the records by type, and the partners that have some.

    `is_held`: one of the client's plans is under a legal hold.
    """

    records: Mapping[str, int] = field(default_factory=dict)
    holders: tuple[str, ...] = field(default=(), repr=False)
    is_held: bool = False


def retention_due(desk: Session) -> Iterator[RetentionLine]:
    """Yield the plans that ended and whose last day is near, past, or not set."""
    near = desk.adapters.clock.now().date() + RETENTION_NOTICE
    ended = [
        one.rid
        for one in desk.store.tree.cells("plan", ("state", "retention_until"))
        if one.wires[0] in REOPENABLE_STATES
        if one.flags != "[]" or (_day(one.wires[1]) or near) <= near
    ]
    for line in list_chosen_plans(desk, ended):
        row = require_record(desk, line.rid)
        until = view(row, Plan).record.retention_until
        last = until if isinstance(until, date) else None
        if line.state in REOPENABLE_STATES and (last or near) <= near:
            yield RetentionLine(line, last, is_held(row))


def _day(cell: int | str | None) -> date | None:
    """Return the day in a cell; None for a month, a year, a missing answer or no value."""
    value = RECORD_TYPES["plan"].fields["retention_until"].kind.decode(cell)
    return value if isinstance(value, date) else None


def set_legal_hold(desk: Session, plan: bytes, reason: str) -> Saved:
    """Place a plan under a legal hold because of `reason`: read-only, and not erased.

    Raise KfdeskError `user.not_allowed`, `record.missing` or `plan.no_reason`.
    """
    desk.require(Right.LEGAL_HOLD)
    if not reason.strip():
        raise KfdeskError("plan.no_reason")
    return _put_legal_hold(desk, plan, reason.strip())


def lift_legal_hold(desk: Session, plan: bytes) -> Saved:
    """Lift a plan's legal hold, so that it can be changed and erased again.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.LEGAL_HOLD)
    return _put_legal_hold(desk, plan, None)


def preview_erasure(desk: Session, client: bytes) -> ErasurePreview:
    """Return what erasing a client would remove, and which partners have some of it.

    Raise KfdeskError `user.not_allowed`, or `record.missing` for anything but a client here.
    """
    desk.require(Right.ERASE)
    if require_record(desk, client).type != "client":
        raise KfdeskError("record.missing")
    rids = desk.store.tree.family((client,))
    rows = [row for rid in sorted(rids) if (row := desk.store.row(rid)) is not None]
    entries = desk.store.ledger.about(rids)
    given = {one.recipient for one in entries if one.channel == Channel.BUNDLE}
    names = sorted(filter(None, (name_of(desk, one.hex()) for one in given)))
    return ErasurePreview(Counter(row.type for row in rows), tuple(names), any(map(is_held, rows)))


def _put_legal_hold(desk: Session, plan: bytes, reason: str | None) -> Saved:
    row = require_record(desk, plan)
    if row.type != "plan":
        raise KfdeskError("record.missing")
    with desk.store.transaction():
        return put_changed(
            desk, row, encode_changes("plan", {"legal_hold": reason}), seen_writes(row)
        )
