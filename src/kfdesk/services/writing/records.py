# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing records: new, changed, decided after a conflict, deleted, brought back.

One function, one transaction. Values come by key and are checked by their field's kind; what a
value means for a plan is not known here, and what is not written by hand is refused by the guards
of its course. Each save says what it replaced, so that it can be taken
back by another save: nothing is ever unwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kfdesk.domain.desk.log import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, columns, seen_in, wire_changes
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Value
from kfdesk.domain.writes import DELETION, EMPTY, amend, dead_of, is_deleted, live_of, stamp
from kfdesk.services.course.guards import check_changed, check_new, check_open, check_word
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.policy.access import (
    as_seen,
    hidden_keys,
    require_adding,
    require_editing,
    require_reading,
)
from kfdesk.services.policy.viewing import note_view

Seen = Iterable[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Done(Changes):
    """What one save did to one record: enough to take it back, as `undo` does.

    `wrote` are its own writes; `former` has for each of its fields what lived there before: no
    value, one, or the several of a conflict.
    """

    action: Action = Action.CHANGE
    wrote: frozenset[tuple[int, bytes]] = frozenset()
    former: Mapping[int, tuple[Wire, ...]] = field(default_factory=dict, repr=False)

    @property
    def rid(self) -> bytes:
        """The record."""
        return next(iter(self.rids))

    @property
    def type(self) -> str:
        """Its type."""
        return next(iter(self.types))

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields, by their keys."""
        return keys_of(self.type, self.former)


def create_record(
    desk: Desk, cls: type[Any], values: Mapping[str, Value], parent: bytes | None = None
) -> bytes:
    """Keep a new record of type `cls` under `parent`; returns its id.

    Our organisation answers for it, whoever answers for the parent. Raises KfdeskError `field.…`,
    `record.guarded`, `plan.read_only` or `user.not_allowed`.
    """
    return enter_record(desk, type_name(cls), values, parent).rid


def enter_record(
    desk: Desk, record_type: str, values: Mapping[str, Value], parent: bytes | None = None
) -> Done:
    """As `create_record`, and returns what was done, so that it can be undone."""
    require_adding(desk, record_type, parent)
    changes = wire_changes(record_type, values)
    row = Row(desk.new_id(), record_type, parent, desk.identity.organisation, EMPTY)
    check_new(row, changes)
    with desk.store.transaction():
        return put_new(desk, row, changes)


def change_record(
    desk: Desk, rid: bytes, values: Mapping[str, Value], seen: Seen | None = None
) -> Done:
    """Save `values` of a record as one save.

    `seen` is what the form showed when it was opened (`rows.seen_in`); what came in between is
    not replaced but becomes a conflict. Without it, what is there now counts as seen. Raises
    KfdeskError `field.…`, `record.missing`, `record.guarded`, `record.not_ours` or
    `plan.read_only`.
    """
    return change_records(desk, ((rid, values, seen),))[0]


def change_records(
    desk: Desk, changed: Iterable[tuple[bytes, Mapping[str, Value], Seen | None]]
) -> tuple[Done, ...]:
    """Save values of several records in one transaction; as `change_record` does."""
    done = []
    with desk.store.transaction():
        for rid, values, seen in changed:
            row = found(desk, rid)
            require_editing(desk, row, values)
            known = seen_in(row) if seen is None else seen
            changes = wire_changes(row.type, values)
            check_changed(desk, row, changes)
            done.append(put_changed(desk, row, changes, known))
    return tuple(done)


def delete_record(desk: Desk, rid: bytes, seen: Seen | None = None) -> Done:
    """Put a record into the bin; what stands below it stays and is hidden with it.

    It stays in view if it holds a write that is not among `seen` (as in `change_record`). Raises
    KfdeskError `record.missing`, or `record.undecided` while two values of a field wait for a
    decision: a deletion would take the newer one for good; and as `change_record` does.
    """
    with desk.store.transaction():
        row = found(desk, rid)
        require_editing(desk, row)
        check_word(desk, row)
        if columns(row)[1]:
            raise KfdeskError("record.undecided")
        known = seen_in(row) if seen is None else seen
        return put_changed(desk, row, {DELETION: 1}, known, Action.DELETE)


def restore_record(desk: Desk, rid: bytes) -> Done:
    """Take a record out of the bin, and with it what stands below. Raises `record.missing`."""
    with desk.store.transaction():
        row = found(desk, rid)
        require_editing(desk, row)
        deletions = {(fid, wid) for fid, wid in seen_in(row) if fid == DELETION}
        return put_changed(desk, row, {DELETION: None}, deletions, Action.RESTORE)


def read_record(desk: Desk, rid: bytes) -> Row:
    """The record's row, for who may read it whole.

    Raises KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = found(desk, rid)
    require_reading(desk, row)
    note_view(desk, row)
    return as_seen(row, hidden_keys(desk, row))


def found(desk: Desk, rid: bytes) -> Row:
    """The record's row, in the bin or not. Raises KfdeskError `record.missing`."""
    row = desk.store.row(rid)
    if row is None:
        raise KfdeskError("record.missing")
    return row


def is_in_bin(desk: Desk, row: Row) -> bool:
    """Whether the record is deleted, or anything above it is."""
    return any(is_deleted(above.state) for above in desk.upwards(row))


def readable(desk: Desk, rid: bytes) -> Row:
    """The record with this id, for who may read it.

    Raises KfdeskError `record.missing`, `user.not_allowed`, or `record.deleted` from the bin.
    """
    row = found(desk, rid)
    require_reading(desk, row)
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return row


def put_new(desk: Desk, row: Row, changes: Mapping[int, Wire], after: int = 0) -> Done:
    """Keep a new record; belongs inside a transaction.

    `after` are the milliseconds of what it rests on, which it is not older than, whatever the
    clock says. Raises KfdeskError `plan.read_only`.
    """
    check_open(desk, row, {})
    signature = desk.signature
    signature = replace(signature, hlc=max(signature.hlc, stamp(after)))
    kept = replace(row, state=amend(EMPTY, changes, (), signature))
    desk.store.put(kept)
    done = Done(
        frozenset({row.type}), frozenset({row.rid}), Action.CREATE, seen_in(kept),
        dict.fromkeys(changes, ()),
    )  # fmt: skip
    desk.log(Action.CREATE, row.rid, done.keys)
    return done


def put_changed(
    desk: Desk, row: Row, changes: Mapping[int, Wire], seen: Seen, action: Action = Action.CHANGE
) -> Done:
    """Save changes of a record; belongs inside a transaction.

    Raises KfdeskError `plan.read_only`.
    """
    check_open(desk, row, changes)
    row = _alive_again(desk, row, changes, frozenset(seen))
    before = live_of(row.state)
    kept = replace(row, state=amend(row.state, changes, seen, desk.signature))
    desk.store.put(kept)
    wrote = (seen_in(kept) - seen_in(row)) if changes else frozenset()
    former = {
        fid: tuple(dict.fromkeys(write.value for write in before.get(fid, ()))) for fid in changes
    }
    desk.log(action, row.rid, keys_of(row.type, changes))
    return Done(frozenset({row.type}), frozenset({row.rid}), action, wrote, former)


def _alive_again(
    desk: Desk, row: Row, changes: Mapping[int, Wire], seen: frozenset[tuple[int, bytes]]
) -> Row:
    """The row with unseen values that only their being the newest keeps alive written anew.

    A deletion leaves such values, and who saves after it was taken back would replace unseen what
    somebody wrote before it.
    """
    dead, state = dead_of(row.state), row.state
    for fid in changes.keys() - {DELETION}:
        for write in live_of(row.state).get(fid, ()):
            pair = (fid, write.wid)
            if pair in dead and pair not in seen and not is_deleted(row.state):
                state = amend(state, {fid: write.value}, (pair,), desk.signature)
    return replace(row, state=state)


def keys_of(record_type: str, fids: Iterable[int]) -> tuple[str, ...]:
    """The keys of fields by their ids; those without a field, as a deletion, are left out."""
    by_id = TYPES[record_type].by_id
    return tuple(by_id[fid].key for fid in fids if fid in by_id)
