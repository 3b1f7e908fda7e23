# SPDX-License-Identifier: GPL-3.0-or-later
"""The copies of papers that are out: numbered as they are made, and crossed off when they are not.

A copy is a record of its own beside the ledger: the ledger says what was disclosed, this says
where the sheet of paper is. Knows nothing of what stands on it.
"""

from dataclasses import dataclass

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.lists.paper_codes import COPY_STATE
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.case.paper_copy import PaperCopy
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import Row, View, seen_in, view, wire_changes
from kfdesk.domain.values import Moment
from kfdesk.domain.writes import EMPTY, is_deleted
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.papers.prepared import subject_row
from kfdesk.services.policy.access import may_read, require_working
from kfdesk.services.writing.records import Done, found, put_changed, put_new

OUT = "out"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy, and the code of the client whom it is about; empty for a list of contacts."""

    view: View[PaperCopy]
    code: str


def next_number(desk: Desk, order: Order) -> int:
    """The number of the copy that is made next, from 1."""
    return 1 + sum(
        (copy.record.paper, copy.record.subject) == (order.paper, order.subject.hex())
        for copy in _copies_at(desk, home_of(desk, order))
    )


def enter_copy(desk: Desk, order: Order, way: str) -> Changes:
    """Keep that a copy was made, in which `way` it left; belongs inside a transaction."""
    values = {
        "paper": order.paper.value,
        "subject": order.subject.hex() or None,
        "number": next_number(desk, order),
        "language": order.language,
        "form": order.form.value,
        "way": way,
        "made": moment_now(desk),
        "made_by": desk.user,
        "state": OUT,
    }
    home = home_of(desk, order)
    row = Row(desk.new_id(), "paper_copy", home, desk.identity.organisation, EMPTY)
    return put_new(desk, row, wire_changes("paper_copy", values))


def list_copies(desk: Desk) -> tuple[Copy, ...]:
    """All copies that are out of what one may read, those made last on top.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.PRINT_INTERNAL, Right.PRINT_CARRIED)
    out = [
        copy
        for copy in (view(row, PaperCopy) for row in desk.store.rows("paper_copy"))
        if copy.record.state == OUT and not copy.is_deleted and may_read(desk, copy.row)
    ]
    return tuple(Copy(copy, _code(desk, copy.row)) for copy in sorted(out, key=_made, reverse=True))


def settle_copy(desk: Desk, rid: bytes, state: str) -> Done:
    """Say what became of a copy: a code of COPY_STATE.

    Raises KfdeskError `field.kind_mismatch`, `record.missing` or `user.not_allowed`.
    """
    with desk.store.transaction():
        row = found(desk, rid)
        require_working(desk, row, Right.PRINT_INTERNAL, Right.PRINT_CARRIED)
        if state not in COPY_STATE:
            raise KfdeskError("field.kind_mismatch")
        changes = wire_changes("paper_copy", {"state": state})
        return put_changed(desk, row, changes, seen_in(row))


def home_of(desk: Desk, order: Order) -> bytes:
    """What a copy is kept under: its plan or organisation, of a consent the client; else we."""
    if not order.subject:
        return desk.identity.organisation
    row = subject_row(desk, order.subject)
    return row.parent if row.type == "consent" and row.parent is not None else row.rid


def _copies_at(desk: Desk, home: bytes) -> list[View[PaperCopy]]:
    rows = (row for row in desk.store.children(home) if row.type == "paper_copy")
    return [view(row, PaperCopy) for row in rows if not is_deleted(row.state)]


def _made(copy: View[PaperCopy]) -> tuple[float, bytes]:
    made = copy.record.made
    return (made.utc.timestamp() if isinstance(made, Moment) else 0.0, copy.rid)


def _code(desk: Desk, row: Row) -> str:
    above = next((one for one in desk.upwards(row) if one.type == "client"), None)
    code = view(above, Client).record.code if above is not None else None
    return code if isinstance(code, str) else ""
