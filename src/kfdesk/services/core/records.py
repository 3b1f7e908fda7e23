# SPDX-License-Identifier: GPL-3.0-or-later
"""Records: create, change, delete, restore and undo, with the guards of every write.

One function is one transaction. Values come by key and are checked by their field's kind.
The guards refuse what only the workflow, or another organisation, may write, and writes in a
plan that is read-only or under a legal hold. Each save reports what it replaced, so that
another save can undo it: nothing is ever unwritten. This module does not know what a value
means for a plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kfdesk.domain.audit import Action
from kfdesk.domain.authority import (
    FIGURE_TYPES,
    OWN_STATEMENT_TYPES,
    OWNER_ANSWER,
    SUGGESTION_ANSWER,
    SUM_TYPES,
    TOGETHER,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    is_network_type,
    is_open_to_members,
    is_owner,
    together_sort,
)
from kfdesk.domain.book.blocks import check_body
from kfdesk.domain.book.order import is_slug
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import bind_test_call
from kfdesk.domain.kinds import Wire, is_reference
from kfdesk.domain.network import begins_too_early, may_receive_of
from kfdesk.domain.network_work import (
    WORK_HEADS,
    WorkFault,
    is_conference,
    is_work,
    work_fault,
)
from kfdesk.domain.places import is_in_place
from kfdesk.domain.pronouns import Pronoun, pronoun_of
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.cooperation import COPIED_KEYS, PINNED_KEYS
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    apply_changes,
    is_deleted,
    next_hlc,
    superseded_ids,
    writes_by_field,
)
from kfdesk.domain.risk import ITEM_KEYS
from kfdesk.domain.rows import Row, column_values, encode_changes, seen_writes, view, view_any
from kfdesk.domain.schema import DataGroup, type_name
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.domain.workflow.gates import DRAFT, is_read_only
from kfdesk.services.core.authorization import (
    LEG_EVENT_KEYS,
    client_above,
    hidden_keys,
    is_held,
    log_view,
    may_read,
    plan_above,
    require_adding,
    require_editing,
    require_reading,
    without_hidden,
)
from kfdesk.services.core.session import Changes, Session

RUN_KEYS = (
    "step", "state", "asked", "accepted", "done", "done_by", "skipped_because", "early_because",
    "began", "began_because", "extended_until", "extension_ground",
)  # fmt: skip
"""Fields of a step of the cooperation that need a reason, or follow from others."""
GUARDED_TYPES = frozenset(
    {"approval", "transition", "paper_copy", "edition", *FIGURE_TYPES, *SUM_TYPES}
)
GUARDED_KEYS = frozenset(
    {
        ("plan", "state"), ("plan", "legal_hold"), ("plan", "together_with"),
        ("consent", "decided_by"), ("consent", "second_person"),
        ("procedure", "status"), ("procedure", "adopted"), ("agreement", "covers"),
        ("article", "status"), ("article", "adopted"),
        *(("cooperation", key) for key in (*PINNED_KEYS, "closed")),
        *(("cooperation_step", key) for key in (*COPIED_KEYS, *RUN_KEYS)),
        *(("risk_line", key) for key in ITEM_KEYS),
    }
)  # fmt: skip
CLOSED_PLAN_KEYS = frozenset(
    {"closure_reason", "told_what_is_kept", "retention_until", "receipts_in", "legal_hold"}
)
"""Fields of a closed plan that are still written: how long it is kept, and why."""

CLOSED_PLAN_TYPES = frozenset({"paper_copy"})
"""Records that say nothing about the plan, so that they are written in a closed plan, too."""


SeenWrites = Iterable[tuple[int, bytes]]
"""Writes that a form showed: pairs of a field's id and a write's id."""

# --- guards


def check_new_record(desk: Session, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse a new record that only its own service, or another organisation, may write.

    Raise KfdeskError `record.guarded`, `record.not_ours`, `field.guarded`, `directory.circular`,
    `membership.fixed`, `membership.too_early` or `work.…`.
    """
    if row.type == "membership":
        check_custodian(desk, require_record(desk, row.parent or b""))
    if row.type in TOGETHER_PARTS:
        check_custodian(desk, row)
    _check_place(desk, row)
    _check_sense(desk, row, changes)
    if row.type in GUARDED_TYPES:
        raise KfdeskError("record.guarded")
    for fid, key in _guarded_keys(row.type).items():
        if changes.get(fid) not in (None, DRAFT if key in ("state", "status") else None):
            raise KfdeskError("field.guarded", field=f"{row.type}.{key}")


def check_changed_record(desk: Session, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse a change that only another service, or another organisation, may make.

    Raise KfdeskError as `check_new_record` does.
    """
    if not _is_own_decision(desk, row, changes):
        check_custodian(desk, row)
    if row.type in TOGETHER and row.custodian != desk.identity.organisation:
        ids = RECORD_TYPES[row.type].ids
        if changes.keys() & {ids[key] for key in TOGETHER[row.type]}:
            raise KfdeskError("record.not_ours")
    _check_sense(desk, row, changes)
    if row.type == "consent" and row.custodian != desk.identity.organisation:
        _check_withdrawal_stays(row, changes)
    for fid, key in _guarded_keys(row.type).items():
        if fid in changes and not _is_live_value(row, fid, changes[fid]):
            raise KfdeskError("field.guarded", field=f"{row.type}.{key}")


def _check_place(desk: Session, row: Row) -> None:
    """Refuse a new record of a network's work that stands in the wrong place.

    A meeting about a client stands in her plan, and no other record of a network does. In a
    network we write as its member, and below a record of ours. Raise KfdeskError
    `work.wrong_place`, `work.not_member` or `record.not_ours`.
    """
    if not (is_work(row.type) or is_conference(row.type)):
        return
    above = require_record(desk, row.parent) if row.parent is not None else None
    if not is_in_place(row.type, above.type if above is not None else None):
        raise KfdeskError("work.wrong_place")
    if above is None or is_conference(row.type):
        return
    if row.type not in WORK_HEADS or (above.type == "project" and above.parent is None):
        check_custodian(desk, above)
        return
    network = above if above.type == "network" else require_record(desk, above.parent or b"")
    is_ours = network.custodian == desk.identity.organisation
    if not is_ours and network.type == "network" and network.rid not in desk.circles():
        raise KfdeskError("work.not_member")


_ABOVE_KEYS = {"organisation": "part_of", "project": "part_of", "article": "above"}
"""The reference to what a record is part of, by type."""


def _check_sense(desk: Session, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse what is part of itself, ends before it begins, is before its network, or too large."""
    ids = RECORD_TYPES[row.type].ids
    above = _ABOVE_KEYS.get(row.type, "")
    if above and _is_below_itself(desk, row.rid.hex(), above, changes.get(ids[above])):
        raise KfdeskError("directory.circular" if above == "part_of" else "book.ring")
    is_ours = row.custodian == desk.identity.organisation
    if is_ours and row.type in (*WORK_HEADS, "case_conference"):
        state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
        fault = work_fault(view_any(replace(row, state=state)))
        if fault is not None:
            raise KfdeskError(_WORK_FAULTS[fault[0]], field=f"{row.type}.{fault[1]}")
    if row.type == "article":
        _check_slug(changes.get(ids["slug"]))
    body = changes.get(ids["body"]) if row.type == "article_text" else None
    if isinstance(body, str):
        check_body(body)
    if row.type == "membership" and (fid := ids["organisation"]) in changes:
        before = view(row, Membership).record.organisation
        if before is not None and changes[fid] != before:
            raise KfdeskError("membership.fixed")
    if row.type == "membership" and ids["begins"] in changes:
        state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
        after = view(replace(row, state=state), Membership).record
        network = view(require_record(desk, row.parent or b""), Network).record
        if begins_too_early(after, network):
            raise KfdeskError("membership.too_early")


_WORK_FAULTS: Mapping[WorkFault, str] = {
    WorkFault.ENDS_EARLY: "work.ends_early",
    WorkFault.NEGATIVE: "work.negative",
    WorkFault.NO_CURRENCY: "work.no_currency",
    WorkFault.NOT_A_CURRENCY: "work.not_a_currency",
}


def _check_slug(slug: Wire) -> None:
    """Refuse a name for links that no link can have."""
    if slug is not None and not (isinstance(slug, str) and is_slug(slug)):
        raise KfdeskError("book.bad_slug")


def _is_below_itself(desk: Session, own: str, key: str, above: Wire) -> bool:
    """Return whether a record would stand below itself, at any depth, by a reference field.

    A circle of others, which a partner may have written, stops nothing.
    """
    passed: set[Wire] = set()
    while is_reference(above) and above not in passed:
        if above == own:
            return True
        passed.add(above)
        entry = desk.store.row(bytes.fromhex(str(above)))
        above = getattr(view_any(entry).record, key, None) if entry is not None else None
    return False


def _check_withdrawal_stays(row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse to undo a withdrawal of a consent that another organisation answers for."""
    fid = RECORD_TYPES["consent"].ids["withdrawn"]
    if is_withdrawn(row) and changes.get(fid, "") is None:
        raise KfdeskError("record.not_ours")


def check_custodian(desk: Session, row: Row) -> None:
    """Refuse a change of a record that only the organisation answering for it may change.

    A procedure that is in force is changed by nobody, an article by every member. Raise
    KfdeskError `record.guarded`, `record.not_ours` or `procedure.in_force`.
    """
    if row.type in GUARDED_TYPES:
        raise KfdeskError("record.guarded")
    if row.type in TOGETHER:
        _check_together_writable(desk, row)
        return
    is_custodians = row.type in OWN_STATEMENT_TYPES or is_network_type(row.type)
    if is_custodians and row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")


def _check_together_writable(desk: Session, row: Row) -> None:
    """Refuse to write in a procedure that is no draft, or of a network that we are not in."""
    head = row if row.type in TOGETHER_HEADS else require_record(desk, row.parent or b"")
    if not is_open_to_members(head):
        raise KfdeskError("procedure.in_force")
    own, sort = desk.identity.organisation, together_sort(row.type)
    if head.custodian != own and not may_receive_of(head, desk.circles(), own, sort):
        raise KfdeskError("record.not_ours")


def _is_own_decision(desk: Session, row: Row, changes: Mapping[int, Wire]) -> bool:
    """Return whether a change of a network's record is ours to make, whoever wrote the record.

    These are fields that stay at this desk, the answer to a suggestion, and that a decision which
    we have to carry out is done.
    """
    described = RECORD_TYPES[row.type]
    keys = {described.by_id[fid].key for fid in changes if fid in described.by_id}
    answers = {SUGGESTION_ANSWER}
    if row.type == OWNER_ANSWER[0] and is_owner(row, desk.identity.organisation):
        answers.add(OWNER_ANSWER)
    return is_network_type(row.type) and all(
        described.fields[key].to is DataGroup.DESK or (row.type, key) in answers for key in keys
    )


def check_plan_writable(desk: Session, row: Row, changes: Mapping[int, Wire]) -> None:
    """Refuse to write in, or below, a plan that is read-only or under a legal hold.

    Events on the way may be recorded for every journey: somebody may have to call. Raise
    KfdeskError `plan.read_only` or `plan.held`.
    """
    plan = plan_above(desk, row)
    if (
        plan is None
        or row.type in CLOSED_PLAN_TYPES
        or not (is_read_only_plan(plan) or is_held(plan))
    ):
        return
    kept = {RECORD_TYPES["plan"].ids[key] for key in CLOSED_PLAN_KEYS}
    may = row.rid == plan.rid and changes.keys() <= kept
    may |= _is_leg_event(row, changes) and not is_read_only_plan(plan)
    if not may and not _resolves_conflict(row, changes):
        raise KfdeskError("plan.held" if is_held(plan) else "plan.read_only")


def is_read_only_plan(plan: Row) -> bool:
    """Return whether a plan's row is in a read-only state; in a conflict, all values must be."""
    writes = writes_by_field(plan.state).get(RECORD_TYPES["plan"].ids["state"], ())
    return bool(writes) and all(is_read_only(write.value) for write in writes)


def _is_leg_event(row: Row, changes: Mapping[int, Wire]) -> bool:
    """Return whether the changes only record what happened to a leg."""
    watched = {RECORD_TYPES["leg"].ids[key] for key in LEG_EVENT_KEYS}
    return row.type == "leg" and bool(changes) and changes.keys() <= watched


def _resolves_conflict(row: Row, changes: Mapping[int, Wire]) -> bool:
    """Return whether the changes only choose among values that are in conflict."""
    live = writes_by_field(row.state)
    return bool(changes) and all(
        len(live.get(fid, ())) > 1 and _is_live_value(row, fid, value)
        for fid, value in changes.items()
    )


def _is_live_value(row: Row, fid: int, value: Wire) -> bool:
    return value in [write.value for write in writes_by_field(row.state).get(fid, ())]


def _guarded_keys(record_type: str) -> Mapping[int, str]:
    return {RECORD_TYPES[kind].ids[key]: key for kind, key in GUARDED_KEYS if kind == record_type}


# --- saves


@dataclass(frozen=True, slots=True)
class Saved(Changes):
    """Changes that one save made to one record: enough for `undo` to revert it.

    `wrote` are its own writes. `former` has the values that each of its fields had before:
    none, one, or the several of a conflict. `replaced` are the writes that it superseded, of
    fields that were in no conflict.
    """

    action: Action = Action.CHANGE
    wrote: frozenset[tuple[int, bytes]] = frozenset()
    former: Mapping[int, tuple[Wire, ...]] = field(default_factory=dict, repr=False)
    replaced: frozenset[tuple[int, bytes]] = frozenset()

    @property
    def rid(self) -> bytes:
        """The record's id."""
        return next(iter(self.rids))

    @property
    def type(self) -> str:
        """The record's type."""
        return next(iter(self.types))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the fields that were saved."""
        return field_keys(self.type, self.former)


def create_record(
    desk: Session, cls: type[Any], values: Mapping[str, Value], parent: bytes | None = None
) -> bytes:
    """Create a record of type `cls` under `parent`; return its id.

    Our organisation is its custodian, whoever is the parent's. Raise KfdeskError `field.…`,
    `record.guarded`, `plan.read_only` or `user.not_allowed`.
    """
    return add_record(desk, type_name(cls), values, parent).rid


def add_record(
    desk: Session, record_type: str, values: Mapping[str, Value], parent: bytes | None = None
) -> Saved:
    """Create a record as `create_record` does; return what was done, so that it can be undone."""
    require_adding(desk, record_type, parent)
    changes = encode_changes(record_type, values)
    row = desk.new_row(record_type, parent)
    check_new_record(desk, row, changes)
    with desk.store.transaction():
        return put_new(desk, row, changes)


def change_record(
    desk: Session, rid: bytes, values: Mapping[str, Value], seen: SeenWrites | None = None
) -> Saved:
    """Save `values` of a record as one save.

    `seen` is what the form showed when it was opened (`rows.seen_in`). Values that arrived
    since are not replaced: the field gets a conflict. Without `seen`, everything present counts
    as seen. Raise KfdeskError `field.…`, `record.missing`, `record.guarded`, `record.not_ours`
    or `plan.read_only`.
    """
    return change_records(desk, ((rid, values, seen),))[0]


def change_records(
    desk: Session, changed: Iterable[tuple[bytes, Mapping[str, Value], SeenWrites | None]]
) -> tuple[Saved, ...]:
    """Save values of several records in one transaction; raise as `change_record` does."""
    with desk.store.transaction():
        return tuple(put_values(desk, *one) for one in changed)


def put_values(
    desk: Session, rid: bytes, values: Mapping[str, Value], seen: SeenWrites | None = None
) -> Saved:
    """Save values of a record with all guards; call inside a transaction.

    Raise KfdeskError as `change_record` does.
    """
    row = require_record(desk, rid)
    require_editing(desk, row, values)
    known = seen_writes(row) if seen is None else seen
    changes = encode_changes(row.type, values)
    check_changed_record(desk, row, changes)
    return put_changed(desk, row, changes, known)


def delete_record(desk: Session, rid: bytes, seen: SeenWrites | None = None) -> Saved:
    """Put a record into the bin; the records below it stay and are hidden with it.

    It stays visible if it has a write that is not in `seen` (as in `change_record`). Raise
    KfdeskError `record.missing`, or `record.undecided` while a field is in conflict: a deletion
    would lose the newer value for good; and as `change_record` does.
    """
    return delete_records(desk, ((rid, seen),))[0]


def delete_records(
    desk: Session, rids: Iterable[tuple[bytes, SeenWrites | None]]
) -> tuple[Saved, ...]:
    """Put several records into the bin in one transaction; raise as `delete_record` does."""
    done = []
    with desk.store.transaction():
        for rid, seen in rids:
            row = require_record(desk, rid)
            require_editing(desk, row)
            check_custodian(desk, row)
            if _has_several_values(row):
                raise KfdeskError("record.undecided")
            known = seen_writes(row) if seen is None else seen
            done.append(put_changed(desk, row, {DELETION: 1}, known, Action.DELETE))
    return tuple(done)


def _has_several_values(row: Row) -> bool:
    """Return whether a field in conflict has more than one value, an empty one not counted."""
    versions = view_any(row).versions if column_values(row)[1] else {}
    return any(sum(one.value is not None for one in some) > 1 for some in versions.values())


def restore_record(desk: Session, rid: bytes) -> Saved:
    """Take a record and all below it out of the bin. Raise KfdeskError `record.missing`."""
    return restore_records(desk, (rid,))[0]


def restore_records(desk: Session, rids: Iterable[bytes]) -> tuple[Saved, ...]:
    """Take several records out of the bin in one transaction; raise as `restore_record` does."""
    done = []
    with desk.store.transaction():
        for rid in rids:
            row = require_record(desk, rid)
            require_editing(desk, row)
            deletions = {(fid, wid) for fid, wid in seen_writes(row) if fid == DELETION}
            done.append(put_changed(desk, row, {DELETION: None}, deletions, Action.RESTORE))
    return tuple(done)


# --- reading


def read_record(desk: Session, rid: bytes) -> Row:
    """Return the record's row without the fields hidden from the current user; log the view.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = require_record(desk, rid)
    require_reading(desk, row)
    log_view(desk, row)
    return without_hidden(row, hidden_keys(desk, row))


def require_record(desk: Session, rid: bytes) -> Row:
    """Return the record's row, in the bin or not. Raise KfdeskError `record.missing`."""
    row = desk.store.row(rid)
    if row is None:
        raise KfdeskError("record.missing")
    return row


def is_in_bin(desk: Session, row: Row) -> bool:
    """Return whether the record, or any record above it, is deleted."""
    return any(is_deleted(above.state) for above in desk.self_and_ancestors(row))


def require_readable(desk: Session, rid: bytes) -> Row:
    """Return the record's row, if the current user may read it.

    Raise KfdeskError `record.missing`, `user.not_allowed`, or `record.deleted` if it is in the
    bin.
    """
    row = require_record(desk, rid)
    require_reading(desk, row)
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    return row


def client_code(desk: Session, row: Row) -> str:
    """Return the code of the client that a record is or lies under; empty if there is none.

    It is empty, too, if the current user may not read the record.
    """
    return unchecked_client_code(desk, row) if may_read(desk, row) else ""


def unchecked_client_code(desk: Session, row: Row) -> str:
    """Return that code whoever may read the record, for a list of plans that are closed to one."""
    client = client_above(desk, row)
    return text_or_empty(view(client, Client).record.code) if client is not None else ""


def client_pronoun(desk: Session, rid: bytes) -> Pronoun:
    """Return the pronoun of the client whom a record is about, for what is said about it.

    Of a record that is about no client, that is unknown, or that the user may not read, nothing
    is known.
    """
    row = desk.store.row(rid) if rid else None
    if row is None or not may_read(desk, row):
        return Pronoun.CLIENT
    client = client_above(desk, row)
    return pronoun_of(view(client, Client).record.gender if client is not None else None)


# --- writing inside a transaction


def put_new(desk: Session, row: Row, changes: Mapping[int, Wire], after: int = 0) -> Saved:
    """Write a new record; call inside a transaction.

    `after` is the time in milliseconds of what the record is based on: its own time is not
    earlier, whatever the clock says. Raise KfdeskError `plan.read_only` or `plan.held`.
    """
    check_plan_writable(desk, row, {})
    signature = desk.signature
    signature = replace(signature, hlc=max(signature.hlc, next_hlc(after)))
    kept = replace(row, state=apply_changes(EMPTY_STATE, changes, (), signature))
    desk.store.put(kept)
    done = Saved(
        frozenset({row.type}), frozenset({row.rid}), Action.CREATE, seen_writes(kept),
        dict.fromkeys(changes, ()),
    )  # fmt: skip
    desk.log(Action.CREATE, row.rid, done.keys)
    return done


def put_changed(
    desk: Session,
    row: Row,
    changes: Mapping[int, Wire],
    seen: SeenWrites,
    action: Action = Action.CHANGE,
) -> Saved:
    """Write changes of a record; call inside a transaction.

    Raise KfdeskError `plan.read_only` or `plan.held`.
    """
    seen = frozenset(seen)
    seen |= {desk.renamed[pair] for pair in seen & desk.renamed.keys()}
    changes = bind_test_call(row, changes, seen)
    check_plan_writable(desk, row, changes)
    row = _rewrite_revived_values(desk, row, changes, seen)
    before = writes_by_field(row.state)
    kept = replace(row, state=apply_changes(row.state, changes, seen, desk.signature))
    desk.store.put(kept)
    wrote = (seen_writes(kept) - seen_writes(row)) if changes else frozenset()
    former = {
        fid: tuple(dict.fromkeys(write.value for write in before.get(fid, ()))) for fid in changes
    }
    desk.log(action, row.rid, field_keys(row.type, changes))
    single = {(fid, held[0].wid) for fid, held in before.items() if len(held) == 1}
    replaced = seen & {pair for pair in single if pair[0] in changes}
    return Saved(frozenset({row.type}), frozenset({row.rid}), action, wrote, former, replaced)


def _rewrite_revived_values(
    desk: Session, row: Row, changes: Mapping[int, Wire], seen: frozenset[tuple[int, bytes]]
) -> Row:
    """Return the row with revived values written again, if they were not seen.

    A deletion leaves values that live only because they are the newest. After its undo, a save
    would replace them unseen.
    """
    dead, state = superseded_ids(row.state), row.state
    for fid in changes.keys() - {DELETION}:
        for write in writes_by_field(row.state).get(fid, ()):
            pair = (fid, write.wid)
            if pair in dead and pair not in seen and not is_deleted(row.state):
                state = apply_changes(state, {fid: write.value}, (pair,), desk.signature)
    return replace(row, state=state)


def field_keys(record_type: str, fids: Iterable[int]) -> tuple[str, ...]:
    """Return the keys of fields by their ids, without ids that are no field, as a deletion."""
    by_id = RECORD_TYPES[record_type].by_id
    return tuple(by_id[fid].key for fid in fids if fid in by_id)


# --- undo

_OPPOSITE: Mapping[Action, tuple[Action, int | None]] = {
    Action.CREATE: (Action.DELETE, 1),
    Action.DELETE: (Action.RESTORE, None),
    Action.RESTORE: (Action.DELETE, 1),
}


def undo(desk: Session, done: Saved) -> Saved:
    """Undo a save; return what that did.

    A created record goes into the bin, unless somebody else has written in it. A deleted one is
    restored. A field gets its former value or, if it was in conflict, all of them. Saves can be
    undone one after the other, the last one first. Raise
    KfdeskError `record.missing` or `user.not_allowed`.
    """
    return undo_all(desk, (done,))[0]


def undo_all(desk: Session, done: Sequence[Saved]) -> Sequence[Saved]:
    """Undo several saves in one transaction, the last one first; raise as `undo` does."""
    with desk.store.transaction():
        for one in done:
            keys = () if one.action in _OPPOSITE else one.keys
            require_editing(desk, require_record(desk, one.rid), keys)
        return CompactSequence(Saved, (_undo_save(desk, one) for one in reversed(done))).kept


def _undo_save(desk: Session, done: Saved) -> Saved:
    row = require_record(desk, done.rid)
    seen = _with_restored(desk, done.wrote)
    if done.action in _OPPOSITE:
        action, value = _OPPOSITE[done.action]
        last = desk.restored.get((DELETION, row.rid))  # an undo of a later deletion
        back = put_changed(desk, row, {DELETION: value}, seen | ({last} if last else set()), action)
        for pair in back.wrote:
            desk.restored[DELETION, row.rid] = pair
        return back
    back = _restore_values(desk, row, done, seen)
    new = dict(back.wrote)
    desk.restored.update({(fid, wid): (fid, new[fid]) for fid, wid in done.replaced if fid in new})
    return back


def _with_restored(
    desk: Session, wrote: frozenset[tuple[int, bytes]]
) -> frozenset[tuple[int, bytes]]:
    """Return the writes, and those by which later undos restored their values."""
    pairs = set(wrote)
    for pair in wrote:
        now = pair
        while now in desk.restored:
            now = desk.restored[now]
            pairs.add(now)
    return frozenset(pairs)


def _restore_values(
    desk: Session, row: Row, done: Saved, seen: frozenset[tuple[int, bytes]]
) -> Saved:
    first, *others = _restoring_saves(done.former)
    result = put_changed(desk, row, first, seen)
    for changes in others:  # a resolved conflict: written separately, to be in conflict again
        more = put_changed(desk, require_record(desk, row.rid), changes, ())
        result = replace(result, wrote=result.wrote | more.wrote)
    return result


def _restoring_saves(former: Mapping[int, tuple[Wire, ...]]) -> list[dict[int, Wire]]:
    """Return the saves that restore former values; a field without one is cleared."""
    full = {fid: values or (None,) for fid, values in former.items()}
    most = max(map(len, full.values()), default=1)
    return [
        {fid: values[place] for fid, values in full.items() if place < len(values)}
        for place in range(most)
    ]
