# SPDX-License-Identifier: GPL-3.0-or-later
"""Transit of a client in any of her plans: while she is on her way, nothing of her is erased.

The domain decides what counts as being on the way. Nothing here erases, and none of it asks for
rights: the services that erase have done so.
"""

from collections.abc import Mapping
from dataclasses import replace

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.registers import DELETION, drop_fields
from kfdesk.domain.rows import Row
from kfdesk.domain.workflow.transit import Transit, find_transit
from kfdesk.services.core.authorization import client_above
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import Case, case_context_of, case_of

_TRANSIT_FAULTS: Mapping[Transit, str] = {
    Transit.DEPARTED: "erasure.departed",
    Transit.SHOULD_HAVE_LEFT: "erasure.should_have_left",
    Transit.ALARM: "erasure.alarm",
    Transit.DANGER: "erasure.danger",
}


def transit_of(desk: Session, client: bytes) -> Transit | None:
    """Return why a client is on her way, by her id; None if she is not.

    A plan in the bin counts as well: she travels all the same.
    """
    plans = (one for one in desk.store.children(client) if one.type == "plan")
    found = (find_transit(case_context_of(desk, _whole_case(desk, plan))) for plan in plans)
    return next((why for why in found if why is not None), None)


def _whole_case(desk: Session, plan: Row) -> Case:
    """Return the case of a plan as if neither it nor its client were in the bin."""
    case = case_of(desk, plan)
    client, head = (
        replace(row, state=drop_fields(row.state, frozenset({DELETION})))
        for row in (case.client, case.plan)
    )
    return replace(case, client=client, plan=head)


def require_at_rest(desk: Session, row: Row) -> None:
    """Require that the client above a record is not on her way.

    Raise KfdeskError `erasure.departed`, `erasure.should_have_left`, `erasure.alarm` or
    `erasure.danger`.
    """
    client = client_above(desk, row)
    why = transit_of(desk, client.rid) if client is not None else None
    if why is not None:
        raise transit_fault(why)


def transit_fault(why: Transit) -> KfdeskError:
    """Return the refusal to erase a client who is on her way."""
    return KfdeskError(_TRANSIT_FAULTS[why])
