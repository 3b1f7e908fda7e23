# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge: which data of a partner's file is accepted, and how it changes our records.

Nothing here writes. A partner may write records that it is custodian of, and answer where
it may. It cannot move a record, disclose another's client, or fill a field until nothing
more can be sent. A withdrawal is accepted from both parties of a consent, because it can
only stop sharing. In a plan under a legal hold, a partner's values are added beside ours
and replace nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, overload

from kfdesk.domain.authority import (
    PLAN_PARTS,
    TOGETHER,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    acceptable_part,
    answer_part,
    answered_fields,
    danger_fields,
    delete_desk_fields,
    false_write_id,
    fields_to_decide,
    is_common_type,
    is_network_type,
    is_open_to_members,
    mark_undecided,
    merge_owned,
    merge_waiting,
    names_organisation,
    others_part,
)
from kfdesk.domain.consent import (
    CHILD_TRAVELLER_KEYS,
    PERSON_TYPES,
    is_withdrawn,
    stops_being_child_traveller,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ReceivedBundle, ReceivedRow, erased_pairs
from kfdesk.domain.network_work import is_work
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    MAX_FIELDS,
    MAX_LIVE_WRITES,
    MAX_RECORD_BYTES,
    MAX_SUPERSEDED_IDS,
    RecordState,
    StateExtent,
    Write,
    count_superseded,
    count_writes,
    drop_fields,
    drop_writes,
    fold_equal_writes,
    is_deleted,
    live_field_ids,
    live_writes,
    merge_beside,
    merge_states,
    rename_writes,
    state_extent,
    superseded_ids,
)
from kfdesk.domain.rows import ID_BYTES, Row, check_row, view_any
from kfdesk.domain.stamps import is_ahead
from kfdesk.services.core.authorization import held_plans, plan_above
from kfdesk.services.core.session import ProgressCallback, Session
from kfdesk.services.exchange.import_policy import (
    OUTSIDE_NETWORK,
    ImportPolicy,
    Refusal,
    is_moved,
    may_keep_out,
)

ROWS_PER_PORTION = 500  # records read and written at once
_ROOM = StateExtent(
    MAX_FIELDS - 64, MAX_LIVE_WRITES - 8, MAX_SUPERSEDED_IDS - 64, MAX_RECORD_BYTES // 4 * 3
)
"""The limit to which a partner may fill a record. The rest is left to us, to save and to send."""
_FEW_WRITES, _FEW_SUPERSEDED = 24, 150  # a record with no more is within all of these


class MergeResult(NamedTuple):
    """Our row, and the merged row, which is None if the sent row is refused.

    `waiting` are the fields in which the sender's values wait for a decision; the deletion is
    one of them. `renamed` has another id for each write that somebody else had brought under an
    id of the sender's own.
    """

    ours: Row | None
    becomes: Row | None
    refusal: Refusal | None = None
    waiting: frozenset[int] = frozenset()
    renamed: Mapping[tuple[int, bytes], bytes] = {}


@dataclass(frozen=True, slots=True)
class RowMerge:
    """A row as sent, our row, and the merged row; None if the sent row is refused.

    `is_kept`: our row is under a legal hold, and what was sent is added beside it. `waiting` and
    `renamed` are as in `MergeResult`.
    """

    sent: ReceivedRow
    ours: Row | None
    becomes: Row | None
    is_kept: bool = False
    refusal: Refusal | None = None
    waiting: frozenset[int] = frozenset()
    renamed: Mapping[tuple[int, bytes], bytes] = field(default_factory=dict)

    @property
    def withdraws(self) -> bool:
        """True if it withdraws a consent that was valid here; no undo may reopen that."""
        before, after = self.ours, self.becomes
        if before is None or after is None or after.type != "consent":
            return False
        return is_withdrawn(after) and not is_withdrawn(before)

    @property
    def is_changed(self) -> bool:
        """True if the merge changes a row that was here."""
        ours, becomes = self.ours, self.becomes
        return ours is not None and becomes is not None and becomes.state != ours.state


def received_digest(sender: bytes, sent: ReceivedRow) -> bytes:
    """Return a digest (16 bytes) of a state that this sender sent, to keep with the record.

    The sender is part of it: what one sender may not write, another with the same state may.
    """
    return blake2b(sent.packed, digest_size=16, key=sender).digest()


def received_before(desk: Session, sender: bytes, rows: Sequence[ReceivedRow]) -> frozenset[bytes]:
    """Return those records that were received in the same state from this sender before.

    They have not changed since. Joining is monotone, so importing them again changes nothing.
    """
    took = desk.store.received_digests(sent.rid for sent in rows)
    return frozenset(
        sent.rid
        for sent in rows
        if sent.rid in took and took[sent.rid] == received_digest(sender, sent)
    )


class ImportMerger:
    """Merges a file's rows with ours, by portions: call `load_portion` before the others."""

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk = desk
        self._taken = taken
        self._ours: Mapping[bytes, tuple[Row, bytes | None]] = {}
        self._taken_before: frozenset[bytes] = frozenset()
        self._sent_together: Mapping[bytes, Row] | None = None
        self._held: frozenset[bytes] | None = None
        self._policy = ImportPolicy(desk, taken)
        self._erased = desk.store.orders.erased_writes()
        self._now = desk.milliseconds

    def load_portion(self, rows: Sequence[ReceivedRow]) -> None:
        """Read our rows of these records, except those that were received before."""
        self._taken_before = received_before(self._desk, self._taken.organisation, rows)
        self._ours = self._desk.store.kept(
            sent.rid for sent in rows if sent.rid not in self._taken_before
        )

    def was_received(self, sent: ReceivedRow) -> bool:
        """Return whether exactly this was received from this sender, and is unchanged since."""
        return sent.rid in self._taken_before

    def merge(self, row: Row, *, is_checked: bool = False) -> MergeResult:
        """Return our row and the merged row, or why this sender may not write it.

        `is_checked`: the same file was reviewed before, so its values need no second check.
        Raise KfdeskError `field.…` or `bundle.from_the_future`.
        """
        ours, _ = self._ours.get(row.rid, (None, None))
        if row.rid in self._erased:
            pairs = erased_pairs(self._erased[row.rid], row.custodian)
            row = replace(row, state=drop_writes(row.state, pairs))
        renamed = self._false_writes(ours, row)
        refusal = None if renamed else self._refusal(ours, row)
        is_same = ours is not None and not is_moved(ours, row) and _adds_nothing(ours, row)
        is_told = renamed or refusal is Refusal.CHANGED_WRITE or self._is_first_word(ours, row)
        if is_same and not is_told:
            return MergeResult(ours, ours)  # our own data coming back, or theirs again
        allowed = self._acceptable(ours, row) if refusal is None else None
        if allowed is None:
            return MergeResult(ours, None, refusal or Refusal.NOT_WRITABLE)
        if not is_checked:
            _check_received(allowed, self._now)
        if ours is None or not renamed:
            return self._join(ours, allowed)
        found = self._join(replace(ours, state=rename_writes(ours.state, renamed)), allowed)
        return found._replace(ours=ours, renamed=renamed)

    def _acceptable(self, ours: Row | None, row: Row) -> Row | None:
        """Return what of a row may be written here; None if nothing may."""
        is_others = not self._taken.is_own and row.custodian != self._taken.organisation
        if is_others and is_work(row.type) and not self._policy.is_passed_on(ours, row):
            return answer_part(row)
        return _acceptable_row(self._taken, row)

    def _join(self, ours: Row | None, row: Row) -> MergeResult:
        """Join a row with ours: an authority's values count, those of others stand beside."""
        is_kept = ours is not None and self.is_held(ours)
        if is_kept:
            row = replace(row, state=drop_fields(row.state, frozenset({DELETION})))
        waiting = self._waiting_fields(ours, row)
        before = ours or replace(row, state=EMPTY_STATE)
        joined = self._joined(before, row, waiting, is_kept=is_kept)
        if ours is not None:
            reduced = self._without_child_status(ours, row, joined)
            if reduced is not row:
                joined = self._joined(before, reduced, waiting, is_kept=is_kept)
        is_free = ours is None and self._taken.is_own
        becomes = joined if is_free else _within_limit(before, joined.state)
        refusal = Refusal.NOT_WRITABLE if becomes is None else None
        return MergeResult(ours, becomes, refusal, waiting & live_field_ids(row.state))

    def _joined(self, before: Row, row: Row, waiting: frozenset[int], *, is_kept: bool) -> Row:
        if is_kept:
            state = merge_beside(before.state, row.state)
        elif waiting:
            state = merge_waiting(before.state, row.state, waiting)
        elif before.state == EMPTY_STATE:
            state = row.state
        elif self._is_first_word(before, row):
            state = merge_states(others_part(before), row.state)
        elif self._is_owners(row):
            state = merge_owned(before.state, row.state, self._received(row.rid))
            if is_network_type(row.type) and is_deleted(row.state):
                state = delete_desk_fields(row.type, state)
        else:
            state = merge_states(before.state, row.state)
        if before.state != EMPTY_STATE and not is_kept:
            state = fold_equal_writes(state)
        author = f"–, {self._desk.identity.name}"
        return replace(before, state=mark_undecided(before, state, waiting, author))

    def _is_first_word(self, ours: Row | None, row: Row) -> bool:
        """Return whether a member speaks for the first time in a record that was passed on to us.

        Its word then counts in place of all that others said for it.
        """
        is_its_own = row.custodian == self._taken.organisation and not self._taken.is_own
        if ours is None or not is_its_own or not is_work(row.type):
            return False
        return row.custodian not in self._desk.store.received.senders(ours.rid).values()

    def _received(self, rid: bytes) -> frozenset[tuple[int, bytes]]:
        """Return the writes of a record that this sender's files brought before."""
        senders = self._desk.store.received.senders(rid)
        return frozenset(pair for pair, whose in senders.items()
                         if whose == self._taken.organisation)  # fmt: skip

    def _is_owners(self, row: Row) -> bool:
        """Return whether the sender owns this entry of the directory, or record of a network.

        A draft that several write together has no owner: values that differ are a conflict.
        """
        if self._taken.is_own or not is_common_type(row.type) or row.type == "suggestion":
            return False
        if row.type in TOGETHER:
            return self._authority(row) == self._taken.organisation and not self._is_open(row)
        return row.custodian == self._taken.organisation

    def _is_open(self, row: Row) -> bool:
        """Return whether members write in the head of a row, as its custodian's newest word is."""
        rid = row.rid if row.type in TOGETHER_HEADS else row.parent or b""
        head = self._heads_written_together().get(rid) or self._desk.store.row(rid)
        return head is not None and is_open_to_members(head)

    def _heads_written_together(self) -> Mapping[bytes, Row]:
        """Return the procedures and articles of the file, by id, that are not ours."""
        if self._sent_together is None:
            sent = (one for one in self._taken.rows if one.type in TOGETHER_HEADS)
            own = self._desk.identity.organisation
            self._sent_together = {one.rid: one.row for one in sent if one.custodian != own}
        return self._sent_together

    def _waiting_fields(self, ours: Row | None, row: Row) -> frozenset[int]:
        """Return the fields in which this sender's values wait; empty for the authority."""
        sender = self._taken.organisation
        if self._taken.is_own or self._authority(row) == sender or is_work(row.type):
            return frozenset()
        is_named = ours is not None and (
            self._policy.parent_custodian(row) == sender
            if row.type == "suggestion"
            else names_organisation(ours, sender)
        )
        waits = fields_to_decide(row.type, row.state, is_named=is_named)
        if ours is None:
            return waits
        return (waits | danger_fields(ours)) - answered_fields(ours, row.state, sender)

    def _authority(self, row: Row) -> bytes | None:
        """Return who decides a row's safety fields; None if its plan is not known."""
        is_part = row.type in PLAN_PARTS or row.type in TOGETHER_PARTS
        return self._policy.parent_custodian(row) if is_part else row.custodian

    def _refusal(self, ours: Row | None, row: Row) -> Refusal | None:
        """Return why a row may not be taken: by the policy, or because it changes what we know."""
        refusal = self._policy.refusal(ours, row)
        if refusal is not None or self._taken.is_own:
            return refusal
        return Refusal.CHANGED_WRITE if self._changes_known_write(ours, row) else None

    def _changes_known_write(self, ours: Row | None, row: Row) -> bool:
        """Return whether it gives the id of a write that we know to another write."""
        return any(self._changed_writes(ours, row))

    def _changed_writes(self, ours: Row | None, row: Row) -> Iterator[Write]:
        """Yield the writes that we know, and of which a row has another content."""
        if ours is None:
            return
        known = {write[:2]: write for write in live_writes(ours.state)}
        dead, sent = superseded_ids(ours.state), live_writes(row.state)
        if any(write[:2] in dead for write in sent):
            known = {write[:2]: write for write in self._desk.store.history(ours.rid)} | known
        for write in sent:
            if known.get(write[:2], write) != write:
                yield known[write[:2]]

    def _false_writes(self, ours: Row | None, row: Row) -> Mapping[tuple[int, bytes], bytes]:
        """Return another id for each write that others brought under an id of the custodian's own.

        Somebody who was given the custodian's values before us may say others under their ids. The
        custodian's word counts then. Empty unless the sender is the custodian, and all are others'.
        """
        sender = self._taken.organisation
        if ours is None or self._taken.is_own or not row.custodian == ours.custodian == sender:
            return {}
        false = tuple(self._changed_writes(ours, row))
        if not false or self._refusal(ours, row) is not Refusal.CHANGED_WRITE:
            return {}
        senders = self._desk.store.received.senders(ours.rid)
        if any(senders.get(write[:2], sender) == sender for write in false):
            return {}
        return {write[:2]: false_write_id(ours.rid, write) for write in false}

    def is_held(self, ours: Row) -> bool:
        """Return whether our row is in a plan under a legal hold: the sender replaces nothing.

        This does not apply to our own laptops: what they send is our own data.
        """
        if self._held is None:
            plans = () if self._taken.is_own else held_plans(self._desk)
            self._held = frozenset(plan.rid for plan in plans)
        plan = plan_above(self._desk, ours) if self._held else None
        return plan is not None and plan.rid in self._held

    def _without_child_status(self, ours: Row, row: Row, after: Row) -> Row:
        """Return the row without what would turn a child into an adult here.

        That would pass the gates for children. Only the client's custodian may write it.
        """
        is_own = self._taken.organisation == ours.custodian
        if is_own or ours.type not in PERSON_TYPES:
            return row
        today = self._desk.adapters.clock.now().date()
        if not stops_being_child_traveller(view_any(ours), view_any(after), today):
            return row
        ids = RECORD_TYPES[ours.type].ids
        hiding = frozenset(ids[key] for key in CHILD_TRAVELLER_KEYS if key in ids) | {DELETION}
        return replace(row, state=drop_fields(row.state, hiding))


def _acceptable_row(taken: ReceivedBundle, row: Row) -> Row | None:
    """Return what of a row may be written here; our own laptops may write everything."""
    return row if taken.is_own else acceptable_part(row, taken.organisation)


class NewRows(Sequence[Row]):
    """The rows of a file that are new here, decoded on demand from the file.

    Only their ids are stored, joined in one byte string, as a large file has many.
    """

    def __init__(self, taken: ReceivedBundle) -> None:
        self._taken = taken
        self._rids = bytearray()

    def add(self, rid: bytes) -> None:
        """Add one more new row; call in the order of the file."""
        self._rids += rid

    def __len__(self) -> int:
        return len(self._rids) // ID_BYTES

    def __iter__(self) -> Iterator[Row]:
        place = 0
        for sent in self._taken.rows:
            if self._rids.startswith(sent.rid, place):
                place += ID_BYTES
                accepted = _acceptable_row(self._taken, sent.row)
                assert accepted is not None
                yield accepted

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        return tuple(self)[place]


def merge_rows(
    desk: Session,
    taken: ReceivedBundle,
    step: ProgressCallback,
    *,
    is_checked: bool = False,
) -> Iterator[RowMerge]:
    """Yield each row of a file that brings something, with our row and the merged row.

    The merged row is None if this sender may not write it, or it was erased here. Raise
    KfdeskError as `ImportMerger.merge` does, and what `step` raises.
    """
    merger, rows, number, of = ImportMerger(desk, taken), iter(taken.rows), 0, len(taken.rows)
    while portion := list(islice(rows, ROWS_PER_PORTION)):
        merger.load_portion(portion)
        for sent in portion:
            step(number, of)
            number += 1
            if not merger.was_received(sent):
                found = merger.merge(sent.row, is_checked=is_checked)
                ours, becomes = found.ours, found.becomes
                is_kept = ours is not None and becomes is not ours and merger.is_held(ours)
                yield RowMerge(sent, ours, becomes, is_kept, *found[2:])


def rows_kept_out(
    taken: ReceivedBundle, merges: Iterable[RowMerge]
) -> Iterator[tuple[bytes, bytes]]:
    """Yield id and custodian of rows that stay out as erased, on a word that may be kept."""
    for one in merges:
        if one.refusal is Refusal.ERASED and may_keep_out(taken, one.sent):
            yield one.sent.rid, one.sent.custodian


def temporary_refusals(taken: ReceivedBundle, merges: Iterable[RowMerge]) -> frozenset[Refusal]:
    """Return why rows stay out for now: a new consent or a membership lets them in.

    Outside a network, only what the sender answers for counts: its word on others is not kept.
    """
    return frozenset(
        one.refusal
        for one in merges
        if one.refusal is Refusal.WITHDRAWN
        or (one.refusal in OUTSIDE_NETWORK and one.sent.custodian == taken.organisation)
    )


def join_row(ours: Row, row: Row) -> Row | None:
    """Return our row joined with what was sent; None if that leaves us too little space."""
    return _within_limit(ours, fold_equal_writes(merge_states(ours.state, row.state)))


def _within_limit(ours: Row, state: RecordState) -> Row | None:
    """Return our row in the merged state; None if that leaves us too little space to write.

    What is full already may stay as full as it is.
    """
    if count_writes(state) <= _FEW_WRITES and count_superseded(state) <= _FEW_SUPERSEDED:
        return replace(ours, state=state)
    after = state_extent(state)
    if any(found > most for found, most in zip(after, _ROOM, strict=True)):
        before = state_extent(ours.state)
        limits = zip(after, before, _ROOM, strict=True)
        if any(found > max(had, most) for found, had, most in limits):
            return None
    return replace(ours, state=state)


def _adds_nothing(ours: Row, row: Row) -> bool:
    return merge_states(ours.state, row.state) == ours.state


def _check_received(row: Row, milliseconds: int) -> None:
    check_row(row)
    if is_ahead(row.state, milliseconds):
        raise KfdeskError("bundle.from_the_future")
