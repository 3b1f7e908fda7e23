# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and cards of contacts: what any verified partner may see of the directory, and no more.

They lie on desks and are handed on, so that who holds one may not be known: nobody gets a secret
entry, nor what stays at the desk. How they look is not known here.
"""

from collections.abc import Iterator

from kfdesk.domain.disclosure import Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.rows import Row, view
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered


def gather_entries(desk: Desk, order: Order) -> Gathered:
    """The organisations that were ordered, with their telephones and contact persons."""
    anybody = Recipient(Who.PARTNER, None, is_verified=True)
    return Gathered(tuple(_rows(desk, order)), (), anybody, desk.identity.organisation)


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """An entry that is in the bin has no card, and an empty list is no paper."""
    if not any(row.type == "organisation" for row in _rows(desk, order)):
        yield KfdeskError("paper.nothing_listed")


def _rows(desk: Desk, order: Order) -> Iterator[Row]:
    wanted = (order.subject,) if order.subject else order.only
    kept = frozenset(wanted)
    for rid in wanted:
        row = desk.store.row(rid)
        if row is not None and row.type == "organisation" and not is_deleted(row.state):
            yield row
            yield from (one for one in desk.store.children(rid) if one.type == "phone")
    for row in desk.store.rows("contact"):
        organisation = view(row, Contact).record.organisation
        is_theirs = isinstance(organisation, str) and bytes.fromhex(organisation) in kept
        if is_theirs and not is_deleted(row.state):
            yield row
