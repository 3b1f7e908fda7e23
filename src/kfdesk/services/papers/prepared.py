# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper is about: a record, or one that is only a draft of who sits here.

A consent is talked through with its form on the table, before it is given; until then it is a
draft, and reads here as the record that it will be.
"""

from dataclasses import replace

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, wire_changes
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import draft_of
from kfdesk.services.writing.records import found


def subject_row(desk: Desk, rid: bytes, record_type: str = "") -> Row:
    """The record `rid`, or this user's draft of it, of a type if that is said.

    Raises KfdeskError `record.missing`.
    """
    draft = draft_of(desk, rid) if desk.store.row(rid) is None else None
    if draft is None:
        row = found(desk, rid)
    else:
        form, ours = draft.form, desk.identity.organisation
        changes = wire_changes(form.type, form.values)
        new = Row(rid, form.type, form.parent, ours, EMPTY)
        row = replace(new, state=amend(EMPTY, changes, (), desk.signature))
    if record_type and row.type != record_type:
        raise KfdeskError("record.missing")
    return row
