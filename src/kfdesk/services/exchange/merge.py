# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge: which data of a partner's file is accepted, and how it changes our records.

Nothing here writes. A partner may write records that it is custodian of, and answer where
it may. It cannot move a record, disclose another's client, or fill a field until nothing
more can be sent. A withdrawal is accepted from both parties of a consent, because it can
only stop sharing. In a plan under a legal hold, a partner's values are added beside ours
and replace nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import overload

from kfdesk.domain.consent import (
    CHILD_TRAVELLER_KEYS,
    PERSON_TYPES,
    is_withdrawal_notice,
    stops_being_child_traveller,
)
from kfdesk.domain.disclosure import acceptable_part
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ReceivedBundle, ReceivedRow
from kfdesk.domain.records.client import Consent
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
    count_superseded,
    count_writes,
    drop_fields,
    drop_writes,
    encode_state,
    fold_equal_writes,
    merge_beside,
    merge_states,
    state_extent,
)
from kfdesk.domain.rows import ID_BYTES, Row, check_row, view, view_any
from kfdesk.services.core.authorization import held_plans, plan_above
from kfdesk.services.core.session import ProgressCallback, Session

ROWS_PER_PORTION = 500  # records read and written at once
_MAX_AHEAD = 48 * 3600 * 1000  # milliseconds; a write with a time further ahead is refused
_HLC_BITS = 16
_ROOM = StateExtent(
    MAX_FIELDS - 64, MAX_LIVE_WRITES - 8, MAX_SUPERSEDED_IDS - 64, MAX_RECORD_BYTES // 4 * 3
)
"""How far a partner may fill a record. The rest is left to us, to save and to send."""
_FEW_WRITES, _FEW_SUPERSEDED = 24, 150  # a record with no more is within all of these


@dataclass(frozen=True, slots=True)
class ReportedWithdrawal:
    """A withdrawal in a file: the consent before and after.

    `before` is None if the consent is not here. `is_ours`: we are the consent's custodian, and
    the client withdrew it at the partner.
    """

    after: Row
    before: Row | None
    is_ours: bool

    @property
    def is_new(self) -> bool:
        """True if it changes anything here."""
        return self.before is None or encode_state(self.before.state) != encode_state(
            self.after.state
        )


@dataclass(frozen=True, slots=True)
class RowMerge:
    """A row as sent, our row, and the merged row; None if the sent row is refused.

    `is_kept`: our row is under a legal hold, and what was sent is added beside it.
    """

    sent: ReceivedRow
    ours: Row | None
    becomes: Row | None
    is_kept: bool = False

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
        self._clients: Mapping[bytes, bytes] | None = None
        self._held: frozenset[bytes] | None = None
        self._erased = desk.store.orders.erased_writes()
        self._latest = (desk.milliseconds + _MAX_AHEAD) << _HLC_BITS

    def load_portion(self, rows: Sequence[ReceivedRow]) -> None:
        """Read our rows of these records, except those that were received before."""
        self._taken_before = received_before(self._desk, self._taken.organisation, rows)
        self._ours = self._desk.store.kept(
            sent.rid for sent in rows if sent.rid not in self._taken_before
        )

    def was_received(self, sent: ReceivedRow) -> bool:
        """Return whether exactly this was received from this sender, and is unchanged since."""
        return sent.rid in self._taken_before

    def merge(self, row: Row, *, is_checked: bool = False) -> tuple[Row | None, Row | None]:
        """Return our row and the merged row, which is None if this sender may not write it.

        `is_checked`: the same file was reviewed before, so its values need no second check.
        Raise KfdeskError `field.…` or `bundle.from_the_future`.
        """
        ours, _ = self._ours.get(row.rid, (None, None))
        if row.rid in self._erased:
            row = replace(row, state=drop_writes(row.state, self._erased[row.rid]))
        is_moved = _is_moved(ours, row)
        both = merge_states(ours.state, row.state) if ours is not None and not is_moved else None
        if ours is not None and both == ours.state:
            return ours, ours  # it adds nothing: our own data coming back, or theirs again
        allowed = _acceptable_row(self._taken, row) if row.type in RECORD_TYPES else None
        if allowed is None or is_moved or self._discloses_others(row):
            return ours, None
        if not is_checked:
            _check_received(allowed, self._latest)
        if ours is None:
            empty = replace(allowed, state=EMPTY_STATE)
            is_taken = self._taken.is_own or _within_limit(empty, allowed.state) is not None
            return None, allowed if is_taken else None
        if self.is_held(ours):
            allowed = replace(allowed, state=drop_fields(allowed.state, frozenset({DELETION})))
            return ours, _within_limit(ours, merge_beside(ours.state, allowed.state))
        if both is None or allowed.state is not row.state:
            both = merge_states(ours.state, allowed.state)
        after = _within_limit(ours, fold_equal_writes(both))
        return ours, self._keep_child_status(ours, allowed, after)

    def is_held(self, ours: Row) -> bool:
        """Return whether our row is in a plan under a legal hold: the sender replaces nothing.

        This does not apply to our own laptops: what they send is our own data.
        """
        if self._held is None:
            plans = () if self._taken.is_own else held_plans(self._desk)
            self._held = frozenset(plan.rid for plan in plans)
        plan = plan_above(self._desk, ours) if self._held else None
        return plan is not None and plan.rid in self._held

    def _keep_child_status(self, ours: Row, row: Row, after: Row | None) -> Row | None:
        """Return the merged row; a partner's file never turns a child into an adult here.

        That would pass the gates for children. Only the client's custodian may write it.
        """
        is_own = self._taken.organisation == ours.custodian
        if after is None or is_own or ours.type not in PERSON_TYPES:
            return after
        today = self._desk.adapters.clock.now().date()
        if not stops_being_child_traveller(view_any(ours), view_any(after), today):
            return after
        ids = RECORD_TYPES[ours.type].ids
        hiding = frozenset(ids[key] for key in CHILD_TRAVELLER_KEYS if key in ids) | {DELETION}
        return _merge_row(ours, replace(row, state=drop_fields(row.state, hiding)))

    def _discloses_others(self, row: Row) -> bool:
        """Return whether it is a consent about a client that the sender is not custodian of.

        Accepted, it would let a partner disclose our client to itself or to others.
        """
        if row.type != "consent" or self._taken.is_own:
            return False
        above = row.parent or b""
        ours, sender = self._desk.store.row(above), self._taken.organisation
        if self._clients is None:
            rows = self._taken.rows
            self._clients = {one.rid: one.custodian for one in rows if one.type == "client"}
        custodian = ours.custodian if ours is not None else self._clients.get(above)
        return (custodian, row.custodian) != (sender, sender)


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
    erased: Collection[bytes],
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
            if sent.rid in erased:
                yield RowMerge(sent, None, None)
            elif not merger.was_received(sent):
                ours, becomes = merger.merge(sent.row, is_checked=is_checked)
                is_kept = ours is not None and becomes is not ours and merger.is_held(ours)
                yield RowMerge(sent, ours, becomes, is_kept)


def evaluate_notice(
    desk: Session, taken: ReceivedBundle, notice: Row, fresh: Mapping[bytes, Row]
) -> ReportedWithdrawal | None:
    """Return what a notice does; None if its sender is no party of the consent.

    `fresh` are rows that the same file creates. A consent that is not here is withdrawn in
    advance, on the word of its custodian. Raise KfdeskError `field.…` or
    `bundle.from_the_future`.
    """
    assert is_withdrawal_notice(notice)
    ours = fresh.get(notice.rid) or desk.store.row(notice.rid)
    if _is_moved(ours, notice) or taken.organisation not in _consent_parties(notice, ours):
        return None
    _check_received(notice, (desk.milliseconds + _MAX_AHEAD) << _HLC_BITS)
    after = notice if ours is None else _merge_row(ours, notice)
    if after is None:
        return None
    return ReportedWithdrawal(after, ours, notice.custodian == desk.identity.organisation)


def _consent_parties(notice: Row, ours: Row | None) -> frozenset[bytes]:
    """Return the organisations that are parties of a consent, by our own data."""
    if ours is None:
        return frozenset({notice.custodian})
    seen = view(ours, Consent)
    versions = (version.value for version in seen.versions.get("recipient", ()))
    named = {one for one in (seen.record.recipient, *versions) if isinstance(one, str)}
    return frozenset({ours.custodian, *map(bytes.fromhex, named)})


def _merge_row(ours: Row, row: Row) -> Row | None:
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


def _is_moved(ours: Row | None, row: Row) -> bool:
    """Return whether type, parent or custodian differ; they never change, so refuse the row."""
    if ours is None:
        return False
    return (ours.type, ours.parent, ours.custodian) != (row.type, row.parent, row.custodian)


def _check_received(row: Row, latest: int) -> None:
    check_row(row)
    if any(save.hlc > latest for save in row.state.saves):
        raise KfdeskError("bundle.from_the_future")
