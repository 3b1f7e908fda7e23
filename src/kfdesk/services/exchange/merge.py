# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge: which data of a partner's file is accepted, and how it changes our records.

Nothing here writes. A partner may write records that it is custodian of, and answer where
it may. It cannot move a record, disclose another's client, or fill a field until nothing
more can be sent. A withdrawal is accepted from both parties of a consent, because it can
only stop sharing. In a plan under a legal hold, a partner's values are added beside ours
and replace nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, overload

from kfdesk.domain.authority import (
    FIGURE_TYPES,
    OWNER_ANSWER,
    PLAN_PARTS,
    RUN_TYPES,
    SUM_TYPES,
    TOGETHER,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    acceptable_part,
    answer_part,
    answered_fields,
    danger_fields,
    false_write_id,
    fields_to_decide,
    is_common_type,
    is_id_of_another,
    is_network_type,
    is_open_to_members,
    is_owner,
    mark_undecided,
    merge_owned,
    merge_waiting,
    names_organisation,
    others_part,
    together_sort,
)
from kfdesk.domain.consent import (
    CHILD_TRAVELLER_KEYS,
    PERSON_TYPES,
    is_withdrawal_notice,
    is_withdrawn,
    stops_being_child_traveller,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ReceivedBundle, ReceivedRow, erased_pairs
from kfdesk.domain.figures.rounds import is_takeable
from kfdesk.domain.network import Circle, may_receive_of
from kfdesk.domain.network_work import WORK_HEADS, is_work
from kfdesk.domain.places import is_in_place, stands_alone
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.registry import RECORD_TYPES, rules_for
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
    encode_state,
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
from kfdesk.domain.rows import ID_BYTES, Row, check_row, view, view_any
from kfdesk.services.core.authorization import held_plans, plan_above
from kfdesk.services.core.session import ProgressCallback, Session

ROWS_PER_PORTION = 500  # records read and written at once
_MAX_AHEAD = 48 * 3600 * 1000  # milliseconds; a write with a time further ahead is refused
_HLC_BITS = 16
_ROOM = StateExtent(
    MAX_FIELDS - 64, MAX_LIVE_WRITES - 8, MAX_SUPERSEDED_IDS - 64, MAX_RECORD_BYTES // 4 * 3
)
"""The limit to which a partner may fill a record. The rest is left to us, to save and to send."""
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


class Refusal(StrEnum):
    """Reason why a row of a file is not taken."""

    NOT_WRITABLE = "not_writable"
    """This sender may not write it."""
    ERASED = "erased"
    """It was erased here."""
    OF_ANOTHER = "of_another"
    """A third organisation answers for it, and must send it itself."""
    CLAIMED = "claimed"
    """The sender says that it answers for a record that is here as another organisation's."""
    FORGED_ID = "forged_id"
    """The record's id is bound to another organisation than the one that it names."""
    NOT_OF_NETWORK = "not_of_network"
    """It belongs to a network or an entry that the sender does not answer for."""
    CHANGED_WRITE = "changed_write"
    """It has another value under the id of a value that is known here."""


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
        self._heads: dict[bytes, _Head | None] = {}
        self._sent_heads: Mapping[bytes, _Head] | None = None
        self._sent_together: Mapping[bytes, Row] | None = None
        self._held: frozenset[bytes] | None = None
        self._circles: Mapping[bytes, Circle] | None = None
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
        is_same = ours is not None and not _is_moved(ours, row) and _adds_nothing(ours, row)
        is_told = renamed or refusal is Refusal.CHANGED_WRITE or self._is_first_word(ours, row)
        if is_same and not is_told:
            return MergeResult(ours, ours)  # our own data coming back, or theirs again
        allowed = self._acceptable(ours, row) if refusal is None else None
        if allowed is None:
            return MergeResult(ours, None, refusal or Refusal.NOT_WRITABLE)
        if not is_checked:
            _check_received(allowed, self._latest)
        if ours is None or not renamed:
            return self._join(ours, allowed)
        found = self._join(replace(ours, state=rename_writes(ours.state, renamed)), allowed)
        return found._replace(ours=ours, renamed=renamed)

    def _acceptable(self, ours: Row | None, row: Row) -> Row | None:
        """Return what of a row may be written here; None if nothing may."""
        is_others = not self._taken.is_own and row.custodian != self._taken.organisation
        if is_others and is_work(row.type) and not self._is_passed_on(ours, row):
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
            self._parent_custodian(row) == sender
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
        return self._parent_custodian(row) if is_part else row.custodian

    def _refusal(self, ours: Row | None, row: Row) -> Refusal | None:
        """Return why a row may not be taken at all, whatever it says."""
        if self._taken.is_own:
            return Refusal.CLAIMED if _is_moved(ours, row) else None
        sender = self._taken.organisation
        if row.type not in RECORD_TYPES:
            return Refusal.NOT_WRITABLE
        if is_id_of_another(row.rid, row.custodian):
            return Refusal.FORGED_ID
        if _is_moved(ours, row):
            return Refusal.CLAIMED if row.custodian == sender else Refusal.NOT_WRITABLE
        if is_work(row.type):
            is_changed = self._changes_known_write(ours, row)
            return self._work_refusal(ours, row) or (Refusal.CHANGED_WRITE if is_changed else None)
        is_our_run = row.type in RUN_TYPES and row.custodian == self._desk.identity.organisation
        if ours is None and is_our_run:
            return Refusal.NOT_WRITABLE
        if ours is None and not self._may_begin(row):
            return Refusal.OF_ANOTHER
        if self._discloses_others(row) or self._is_below_anothers_run(row):
            return Refusal.NOT_WRITABLE
        if row.type == "phone" and self._parent_custodian(row) not in (None, row.custodian):
            return (
                Refusal.NOT_OF_NETWORK
            )  # a number below another's entry would be called as theirs
        outside = self._together_refusal(row) if row.type in TOGETHER else None
        if outside is not None or self._is_outside_network(row):
            return outside or Refusal.NOT_OF_NETWORK
        if ours is None and not self._is_in_place(row):
            return Refusal.NOT_WRITABLE
        return Refusal.CHANGED_WRITE if self._changes_known_write(ours, row) else None

    def _is_in_place(self, row: Row) -> bool:
        """Return whether a record stands where its type stands, as far as that is known."""
        head = self._head(row.parent) if row.parent is not None else None
        if row.parent is not None and head is None:
            return not stands_alone(row.type)
        return is_in_place(row.type, head.type if head is not None else None)

    def _may_begin(self, row: Row) -> bool:
        """Return whether the sender may bring a record that is not here.

        It may bring its own. It may bring back one of ours, which a restored backup lacks, if the
        whole case is ours. A third organisation's record comes from that organisation alone, but
        for what stands under the sender's own procedure or article.
        """
        sender = self._taken.organisation
        if row.custodian == sender:
            return True
        if row.type in TOGETHER_PARTS and self._parent_custodian(row) == sender:
            return True
        own = self._desk.identity.organisation
        return row.custodian == own and self._root_custodian(row) == own

    def _is_below_anothers_run(self, row: Row) -> bool:
        """Return whether a part is not of whoever answers for the run or case conference above it.

        Whoever that is adds its steps, who takes part, and what was decided.
        """
        whose = self._parent_custodian(row) if rules_for(row.type).is_of_one else None
        return whose not in (None, row.custodian)

    def _is_outside_network(self, row: Row) -> bool:
        """Return whether the sender brings a record of a network or entry that is not its own.

        A network's custodian alone says who its members are, and an organisation its own figures. A
        suggestion concerns two: whoever made it, and whoever answers for the entry.
        """
        if not is_network_type(row.type) or row.type in ("network", *TOGETHER):
            return False
        if row.type in SUM_TYPES:
            return self._is_outside_sum(row)
        sender, own = self._taken.organisation, self._desk.identity.organisation
        if row.type in FIGURE_TYPES:
            return row.custodian != sender
        answers_for = self._parent_custodian(row)
        if row.type == "suggestion":
            return {row.custodian, answers_for} != {sender, own}
        return answers_for != sender

    def _is_outside_sum(self, row: Row) -> bool:
        """Return whether a record of a sum is not the sender's own, not for us, or comes too late.

        Nobody changes or deletes a share or a part that is here, not even who made it.
        """
        if row.custodian != self._taken.organisation:
            return True
        if row.type == "sum_round":
            return row.parent is not None
        above, own = self._head(row.parent or b""), self._desk.identity.organisation
        is_known = row.rid in self._ours
        if is_known or is_deleted(row.state) or (above is not None and above.type != "sum_round"):
            return True
        head, today = self._desk.store.row(row.parent or b""), self._desk.adapters.clock.now()
        return not is_takeable(row, head, own, self._our_circles, today.date())

    @property
    def _our_circles(self) -> Mapping[bytes, Circle]:
        if self._circles is None:
            self._circles = self._desk.circles()
        return self._circles

    def _work_refusal(self, ours: Row | None, row: Row) -> Refusal | None:
        """Return why the sender may not bring a record of a network's work.

        A member brings its own meetings, agreements, projects and activities in a network that it
        and we are in, or in its own; what stands below one of these is of the same member. Whoever
        answers for the network passes on what its members made, as long as they say nothing
        themselves. That a decision is done is said by whoever has to do it.
        """
        sender, own = self._taken.organisation, self._desk.identity.organisation
        network, leader = self._network_above(row)
        is_astray = row.type not in WORK_HEADS and self._parent_custodian(row) != row.custodian
        if leader is None or is_astray:
            return Refusal.NOT_OF_NETWORK
        if row.custodian == sender:
            is_in = leader == sender or self._is_member_of(network)
            return None if is_in else Refusal.NOT_OF_NETWORK
        if self._is_passed_on(ours, row) or self._is_answer(ours, row):
            return None
        return Refusal.NOT_OF_NETWORK if row.custodian == own else Refusal.OF_ANOTHER

    def _network_above(self, row: Row) -> tuple[bytes, bytes | None]:
        """Return the network of a record of the work, and who answers for it; None if in none."""
        below, rid = row.type, row.parent or b""
        above = self._head(rid)
        while above is not None and is_in_place(below, above.type):
            if above.type == "network":
                return rid, above.custodian
            below, rid = above.type, above.parent or b""
            above = self._head(rid)
        return b"", None

    def _is_passed_on(self, ours: Row | None, row: Row) -> bool:
        """Return whether the sender passes on a member's record in its own network.

        Once a file of that member brought anything of the record, the member's word alone counts.
        """
        sender = self._taken.organisation
        if row.custodian in (sender, self._desk.identity.organisation):
            return False
        known = self._desk.store.received.senders(row.rid) if ours is not None else {}
        return self._network_above(row)[1] == sender and row.custodian not in known.values()

    def _is_answer(self, ours: Row | None, row: Row) -> bool:
        """Return whether the sender may say that a decision of another is done.

        It has to do the decision, or it answers for the network and passes this on.
        """
        if ours is None or row.type != OWNER_ANSWER[0]:
            return False
        sender = self._taken.organisation
        may = is_owner(ours, sender) or self._network_above(row)[1] == sender
        return may and answer_part(row) is not None

    def _is_member_of(self, network: bytes) -> bool:
        """Return whether the sender and we are members of a network today."""
        circle = self._our_circles.get(network)
        return circle is not None and self._taken.organisation in circle.members

    def _together_refusal(self, row: Row) -> Refusal | None:
        """Return why the sender may not write in a procedure or an article.

        It may in its own, and in our drafts and articles as a member of their network. What is in
        force stays, and so does an edition.
        """
        own, is_head = self._desk.identity.organisation, row.type in TOGETHER_HEADS
        whose = row.custodian if is_head else self._parent_custodian(row)
        if whose != own:
            return None if whose == self._taken.organisation else Refusal.NOT_OF_NETWORK
        head = self._desk.store.row(row.rid if is_head else row.parent or b"")
        circles, sender = self._desk.circles(), self._taken.organisation
        if head is None or not may_receive_of(head, circles, sender, together_sort(row.type)):
            return Refusal.NOT_OF_NETWORK
        return None if is_open_to_members(head) else Refusal.NOT_WRITABLE

    def _parent_custodian(self, row: Row) -> bytes | None:
        """Return who answers for the record above a row; None if it is not known."""
        head = self._head(row.parent or b"")
        return head.custodian if head is not None else None

    def _root_custodian(self, row: Row) -> bytes | None:
        """Return the custodian of the topmost record above a row; None if one is not known."""
        custodian, above = row.custodian, row.parent
        passed: set[bytes] = set()
        while above is not None:
            head = self._head(above)
            if head is None or above in passed:
                return None
            passed.add(above)
            custodian, above = head.custodian, head.parent
        return custodian

    def _head(self, rid: bytes) -> "_Head | None":
        """Return custodian and parent of a record: as it is here, or else as the file has it."""
        if rid not in self._heads:
            ours = self._desk.store.row(rid)
            if ours is not None:
                self._heads[rid] = _Head(ours.custodian, ours.parent, ours.type)
            else:
                self._heads[rid] = self._heads_in_file().get(rid)
        return self._heads[rid]

    def _heads_in_file(self) -> "Mapping[bytes, _Head]":
        if self._sent_heads is None:
            above = {one.parent for one in self._taken.rows}
            self._sent_heads = {
                one.rid: _Head(one.custodian, one.parent, one.type)
                for one in self._taken.rows if one.rid in above
            }  # fmt: skip
        return self._sent_heads

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

    def _discloses_others(self, row: Row) -> bool:
        """Return whether it is a consent about a client that the sender is not custodian of.

        Accepted, it would let a partner disclose our client to itself or to others.
        """
        if row.type != "consent":
            return False
        client, sender = self._head(row.parent or b""), self._taken.organisation
        return client is None or (client.custodian, row.custodian) != (sender, sender)


class _Head(NamedTuple):
    """The unchanging part of a record: who answers for it, what it belongs to, what it is."""

    custodian: bytes
    parent: bytes | None
    type: str


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
                yield RowMerge(sent, None, None, refusal=Refusal.ERASED)
            elif not merger.was_received(sent):
                found = merger.merge(sent.row, is_checked=is_checked)
                ours, becomes = found.ours, found.becomes
                is_kept = ours is not None and becomes is not ours and merger.is_held(ours)
                yield RowMerge(sent, ours, becomes, is_kept, *found[2:])


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
    above = desk.store.row(notice.parent or b"") if ours is None else None
    is_misplaced = above is not None and not is_in_place(notice.type, above.type)
    is_party = taken.organisation in _consent_parties(notice, ours)
    if is_misplaced or not is_party or _is_moved(ours, notice):
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


def _adds_nothing(ours: Row, row: Row) -> bool:
    return merge_states(ours.state, row.state) == ours.state


def _is_moved(ours: Row | None, row: Row) -> bool:
    """Return whether type, parent or custodian differ; they never change, so refuse the row."""
    if ours is None:
        return False
    return (ours.type, ours.parent, ours.custodian) != (row.type, row.parent, row.custodian)


def _check_received(row: Row, latest: int) -> None:
    check_row(row)
    if any(save.hlc > latest for save in row.state.saves):
        raise KfdeskError("bundle.from_the_future")
