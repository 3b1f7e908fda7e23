# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing records: new, changed, decided after a conflict. One function, one transaction.

Values come by key and are checked by their field's kind; what a value means for a plan is not
known here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kfdesk.domain.desk.log import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services.desk import Changes, Desk

Seen = Iterable[tuple[int, bytes]]


def create_record(
    desk: Desk, cls: type[Any], values: Mapping[str, Value], parent: bytes | None = None
) -> bytes:
    """Keep a new record of type `cls` under `parent`; returns its id.

    Our organisation answers for it, whoever answers for the parent. Raises KfdeskError `field.…`.
    """
    name = type_name(cls)
    state = amend(EMPTY, wire_changes(name, values), (), desk.signature)
    row = Row(desk.new_id(), name, parent, desk.identity.organisation, state)
    with desk.store.transaction():
        desk.store.put(row)
        desk.log(Action.CREATE, row.rid, tuple(values))
    return row.rid


def change_record(
    desk: Desk, rid: bytes, values: Mapping[str, Value], seen: Seen | None = None
) -> Changes:
    """Save `values` of a record as one save.

    `seen` is what the form showed when it was opened (`rows.seen_in`); what came in between is
    not replaced but becomes a conflict. Without it, what is there now counts as seen. Raises
    KfdeskError `field.…` or `record.missing`.
    """
    with desk.store.transaction():
        row = found(desk, rid)
        changes = wire_changes(row.type, values)
        known = seen_in(row) if seen is None else seen
        state = amend(row.state, changes, known, desk.signature)
        desk.store.put(replace(row, state=state))
        desk.log(Action.CHANGE, rid, tuple(values))
    return Changes(frozenset({row.type}), frozenset({rid}))


def found(desk: Desk, rid: bytes) -> Row:
    """The record's row. Raises KfdeskError `record.missing`."""
    row = desk.store.row(rid)
    if row is None:
        raise KfdeskError("record.missing")
    return row
