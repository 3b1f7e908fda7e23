# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be kept by law although somebody wants it erased: a plan's field says so.

Two desks that differ about it are as one that says yes, until people have decided.
"""

from kfdesk.domain.rows import Row, view_any
from kfdesk.services.desk import Desk

_HOLD = "legal_hold"


def is_held(row: Row) -> bool:
    """Whether a record says that it must be kept."""
    seen = view_any(row)
    why = getattr(seen.record, _HOLD, None)
    return _HOLD in seen.conflicts or (isinstance(why, str) and bool(why.strip()))


def is_held_above(desk: Desk, row: Row) -> bool:
    """Whether a record, one above it, or a plan of the client above it must be kept."""
    above: Row | None = row
    passed: set[bytes] = set()
    while above is not None and above.rid not in passed:
        if is_held(above):
            return True
        passed.add(above.rid)
        if above.type == "client":
            return any(map(is_held, desk.store.children(above.rid)))
        above = desk.store.row(above.parent) if above.parent is not None else None
    return False
