# SPDX-License-Identifier: GPL-3.0-or-later
"""Import review: what a file would do, the user's decisions about it, and its undo.

An undo restores all rows and the sequence as they were before the import. It is no save:
what the file brought is gone, not replaced, and the file can be imported again. It is
possible until somebody changes one of its records, or anything leaves this store, because
nothing sent or printed can be called back. A file that withdraws a consent is never undone.
The audit log keeps both the import and its undo.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import is_directory_type
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    ErasureOrder,
    ErasureOrderState,
    FileEffect,
    FileFinding,
    FileIssue,
    ImportRecord,
    ReceivedBundle,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deleted, superseded_ids, writes_by_field
from kfdesk.domain.rows import FieldVersion, Row, encode_changes, seen_writes, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core.authorization import held_plans, is_under_hold, require_editing
from kfdesk.services.core.records import check_changed_record, put_changed, require_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.merge import RowMerge
from kfdesk.services.exchange.partners import find_partner
from kfdesk.services.exchange.received_notices import ReportedWithdrawal

_CALM = frozenset(
    {FileIssue.MISSING, FileIssue.LATE, FileIssue.HISTORY_BEFORE, FileIssue.LAPTOP_REVOKED}
)
"""Findings that the order of files alone causes, or a restore that was announced.

That a laptop of ours is revoked counts at once: Today asks a person to decide about it.
"""


@dataclass(frozen=True, slots=True)
class ImportReview:
    """Effects of a bundle, before anything is written.

    `before` has our rows that change. `erased` are among the refused, because they were erased
    here. `told` are the accepted withdrawal notices, including known ones; `untold` counts
    those not accepted. `findings` come from its sequence number and its keys. `orders` are its
    erasure orders, each with its outcome. `kept` counts changed rows under a legal hold, of
    which nothing is replaced. `kept_out` counts refused rows that were erased here, `unwritable`
    those of which no finding says more than that the sender may not write them. `waiting` are the
    safety fields that wait for a decision, by record; an empty key is a deletion that is asked
    for. `deletions` counts records that go to the bin. `confirmed` counts our files that it newly
    confirms, `answers` our erasure orders that it answers. If `erases` is False, orders to erase
    wait as requests.
    """

    taken: ReceivedBundle
    partner: str
    new: Sequence[Row]
    changed: tuple[Row, ...]
    conflicts: int
    refused: int
    before: Mapping[bytes, Row] = field(default_factory=dict)
    erased: frozenset[bytes] = frozenset()
    told: tuple[ReportedWithdrawal, ...] = ()
    untold: int = 0
    findings: tuple[FileFinding, ...] = ()
    orders: tuple[tuple[ErasureOrder, ErasureOrderState], ...] = ()
    kept: int = 0
    kept_out: int = 0
    unwritable: int = 0
    waiting: Mapping[bytes, frozenset[str]] = field(default_factory=dict)
    deletions: int = 0
    confirmed: int = 0
    answers: int = 0
    erases: bool = True

    @property
    def needs_look(self) -> bool:
        """True if a person must look at it alone: it is not taken together with others."""
        is_odd = any(one.finding not in _CALM or one.records for one in self.findings)
        is_strict = self.orders or self.waiting or self.deletions or self.kept
        return bool(is_odd or is_strict or self.refused > self.kept_out)

    @property
    def erased_by_order(self) -> frozenset[bytes]:
        """The records of which something is erased here, by order of their custodian."""
        return frozenset(
            order.rid for order, state in self.orders if state is ErasureOrderState.DONE
        )

    @property
    def requests(self) -> int:
        """The number of orders that people must decide, because the sender is not the custodian."""
        return sum(state is ErasureOrderState.OPEN for _, state in self.orders)

    @property
    def ordered_ahead(self) -> int:
        """The number of records that are not here and that the sender orders to be kept out."""
        return len(
            {order.rid for order, state in self.orders if state is ErasureOrderState.NOT_HERE}
        )

    @property
    def effects(self) -> Mapping[FileEffect, int]:
        """The effects besides its records and issues, with counts; for preview and history."""
        return {
            FileEffect.CONFIRMED: self.confirmed,
            FileEffect.ANSWERED: self.answers,
            FileEffect.ORDERED_AHEAD: self.ordered_ahead,
            FileEffect.KEPT_OUT: self.kept_out,
            FileEffect.REFUSED: self.refused - self.kept_out,
            FileEffect.UNTOLD: self.untold,
        }

    @property
    def new_withdrawals(self) -> tuple[ReportedWithdrawal, ...]:
        """The withdrawals that were not known here."""
        return tuple(one for one in self.told if one.is_new)


FieldRef = tuple[bytes, str]
"""A field of a record: its id and the field's key."""


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A third value, neither ours nor theirs, that a person has typed."""

    value: Value


Decision = bytes | TypedValue
"""The value to keep: the write with this id, or what was typed."""

Decisions = Mapping[FieldRef, Decision]
"""The decision for each field that was decided."""

NO_DECISIONS: Decisions = {}


@dataclass(frozen=True, slots=True)
class ConflictChoice:
    """A field that both sides changed: their values, and what both replaced, if one write was."""

    before: FieldVersion | None
    ours: tuple[FieldVersion, ...]
    theirs: tuple[FieldVersion, ...]

    @property
    def versions(self) -> tuple[FieldVersion, ...]:
        """All versions, ours first."""
        return (*self.ours, *self.theirs)


def conflict_choices(desk: Session, ours: Row, becomes: Row) -> Mapping[str, ConflictChoice]:
    """Return, by key, the fields of our row that will be in conflict in the merged row.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    after, known = view_any(becomes), view_any(ours)
    fields, live = RECORD_TYPES[ours.type].ids, writes_by_field(ours.state)
    choices = {}
    for key in sorted(after.conflicts - known.conflicts):
        own = {write.wid for write in live.get(fields[key], ())}
        versions = after.versions[key]
        mine = tuple(one for one in versions if one.wid in own)
        others = tuple(one for one in versions if one.wid not in own)
        choices[key] = ConflictChoice(_common_ancestor(desk, becomes, key), mine, others)
    return choices


def apply_decisions(desk: Session, decisions: Decisions) -> None:
    """Save what was chosen or typed; call inside the transaction of the import.

    Raise KfdeskError `user.not_allowed`, `record.…` or `plan.read_only`; then nothing is
    imported.
    """
    for rid in sorted({rid for rid, _ in decisions}):
        row = require_record(desk, rid)
        values = dict(_decided_values(row, decisions))
        require_editing(desk, row, values)
        changes = encode_changes(row.type, values)
        check_changed_record(desk, row, changes)
        put_changed(desk, row, changes, seen_writes(row))


def _decided_values(row: Row, decisions: Decisions) -> Iterator[tuple[str, Value]]:
    versions = view_any(row).versions
    for (rid, key), decision in decisions.items():
        if rid != row.rid:
            continue
        if isinstance(decision, TypedValue):
            yield key, decision.value
        else:
            yield from ((key, one.value) for one in versions.get(key, ()) if one.wid == decision)


def _common_ancestor(desk: Session, row: Row, key: str) -> FieldVersion | None:
    """Return the newest value that we had in this field and that both sides replaced."""
    described = RECORD_TYPES[row.type]
    fid = described.ids[key]
    dead = superseded_ids(row.state)
    old = [
        one for one in desk.store.history(row.rid)
        if one.fid == fid and (one.fid, one.wid) in dead
    ]  # fmt: skip
    if not old:
        return None
    last = old[-1]
    value = described.fields[key].kind.decode(last.value)
    return FieldVersion(value, last.author, last.milliseconds, last.wid)


# --- undo


@dataclass(frozen=True, slots=True)
class UndoableImport:
    """An import that can be undone: from whom, when, and how many records it touched."""

    digest: bytes
    organisation: bytes
    partner: str
    milliseconds: int
    records: int


def list_undoable_imports(desk: Session) -> tuple[UndoableImport, ...]:
    """Return the imports that can be undone, newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return tuple(
        UndoableImport(
            one.digest, one.organisation, find_partner(desk, one.organisation).name,
            one.milliseconds, one.records,
        )
        for one in desk.store.takings.open()
    )  # fmt: skip


def undo_import(desk: Session, digest: bytes) -> Changes:
    """Restore everything as it was before a file was imported; it can be imported again.

    Raise KfdeskError `user.not_allowed`, `exchange.not_undoable` if one of its records was
    changed since, anything has left the store, or the file is not known, or `plan.held` if one
    of them is under a legal hold; then nothing is changed.
    """
    desk.require(Right.IMPORT_BUNDLE)
    with desk.store.transaction():
        found = {one.digest: one for one in desk.store.takings.open()}
        if digest not in found:
            raise KfdeskError("exchange.not_undoable")
        rows = tuple(desk.store.takings.rows(found[digest]))
        if held_plans(desk) and any(is_under_hold(desk, row) for row in rows):
            raise KfdeskError("plan.held")
        rids = desk.store.takings.undo_import(found[digest])
        desk.log_all(Action.IMPORT_UNDONE, ((rid, ()) for rid in sorted(rids)))
        desk.log(Action.IMPORT_UNDONE, found[digest].organisation)
    types = {row.type for row in rows}
    return Changes(frozenset(types | {"partner", "disclosure"}), rids)


def begin_undo_record(desk: Session, taken: ReceivedBundle) -> None:
    """Begin the undo record of a file that will be imported; inside a transaction."""
    had = desk.store.ledger.acknowledged_by(taken.organisation)
    record = ImportRecord(taken.digest, taken.organisation, desk.milliseconds, 0, had)
    desk.store.takings.begin(record)


def save_rows_for_undo(desk: Session, taken: ReceivedBundle, rids: Iterable[bytes]) -> None:
    """Save these records as they are before the import; inside the same transaction."""
    desk.store.takings.keep(taken.digest, desk.store.kept(rids).values())


def end_undo_record(desk: Session, taken: ReceivedBundle, records: int, *, is_final: bool) -> None:
    """Close the undo record of a file with its count of records; in the same transaction.

    A file that is final has none: its undo would make a withdrawn consent valid again.
    """
    if is_final:
        desk.store.takings.forget_one(taken.digest)
    else:
        desk.store.takings.end(taken.digest, records)


def bin_phones_of_others(
    desk: Session, taken: ReceivedBundle, portion: Sequence[RowMerge]
) -> list[Row]:
    """Put telephones that somebody else had sent for a new entry, before it came, into the bin.

    Behind the entry they are refused. Return them as they are now.
    """
    new = {
        one.sent.rid: one.sent.row.custodian
        for one in portion
        if one.ours is None and one.becomes is not None and is_directory_type(one.becomes.type)
    }
    own = desk.identity.organisation
    wrong = [
        row for row, _ in desk.store.kept(desk.store.search.numbers(new)).values()
        if row.custodian not in (new[row.parent or b""], own) and not is_deleted(row.state)
    ]  # fmt: skip
    save_rows_for_undo(desk, taken, (row.rid for row in wrong))
    for row in wrong:
        put_changed(desk, row, {DELETION: 1}, seen_writes(row), Action.DELETE)
    return wrong
