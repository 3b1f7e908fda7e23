# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be kept as it is, although somebody wants it changed or erased: a plan says so.

The one place that reads a hold. Two desks that differ about it are as one that says yes, until
people have decided. What is above a record is asked of the store; nothing here writes or refuses.
"""

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import live_of
from kfdesk.services.desk import Desk

_HOLD = TYPES["plan"].ids["legal_hold"]


def is_held(row: Row) -> bool:
    """Whether a record is a plan that must be kept; a conflict about it is a reason to keep it."""
    writes = live_of(row.state).get(_HOLD, ()) if row.type == "plan" else ()
    return any(isinstance(write.value, str) and write.value.strip() for write in writes)


def held_plans(desk: Desk) -> tuple[Row, ...]:
    """All plans that must be kept."""
    return tuple(filter(is_held, desk.store.rows("plan")))


def plan_above(desk: Desk, row: Row) -> Row | None:
    """The plan that a record is or belongs to; None for what is the client's, or nobody's."""
    return next((one for one in desk.upwards(row) if one.type == "plan"), None)


def is_held_above(desk: Desk, row: Row) -> bool:
    """Whether a record belongs to a plan that must be kept, or to a client who has one."""
    above = tuple(desk.upwards(row))
    clients = (one for one in above if one.type == "client")
    plans = (one for client in clients for one in desk.store.children(client.rid))
    return any(map(is_held, (*above, *plans)))
