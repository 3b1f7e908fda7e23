# SPDX-License-Identifier: GPL-3.0-or-later
"""References: the row that a field names, and the organisation behind it.

A reference is the id of a record in hexadecimal digits. It asks no right: the calling service does.
"""

from kfdesk.domain.kinds import is_missing_answer
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.rows import Row, view
from kfdesk.services.core.session import Session


def referenced_row(desk: Session, reference: object) -> Row | None:
    """Return the row that a reference names; None if it is missing."""
    if not isinstance(reference, str) or is_missing_answer(reference):
        return None
    return desk.store.row(bytes.fromhex(reference))


def referenced_organisation(desk: Session, reference: object) -> Row | None:
    """Return the organisation that a reference names, or that of the contact; None if missing."""
    row = referenced_row(desk, reference)
    if row is not None and row.type == "contact":
        row = referenced_row(desk, view(row, Contact).record.organisation)
    return row if row is not None and row.type == "organisation" else None
