# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the exchange: partners, erasure orders, the sequence of bundles, their content.

They pass between services, `bundle` and `storage`, and hold ids, dates and bytes. What may be
sent is decided by `disclosure.py`, and what is accepted by the services.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.audit import AuditReport
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import Recipient, RecipientKind, WithdrawalNotice
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.registers import decode_trusted
from kfdesk.domain.rows import Row

# --- limits of what a partner may send: the table "Limits" of bundle/FORMAT.md

HLC_BITS = 16  # of a timestamp, which is UTC milliseconds << 16 | counter
MAX_AHEAD = 48 * 3600 * 1000
"""Milliseconds by which a time in a file may lie in the future."""
MAX_NUMBERS_AHEAD = 1_024
"""Numbers by which a file may lie above the highest one that was taken of its epoch."""
MAX_EPOCHS, EPOCH_DAYS = 64, 365
"""New epochs of one sender that are taken within so many days."""
MAX_FILE_WRITES = 2_000_000
"""Live writes in the records of a file."""
MAX_FILE_SUPERSEDED = 2_000_000
"""Superseded ids in the records of a file, and as many in its notices."""
MAX_FILE_SAVES = 1_000_000
"""Saves in the records of a file, and as many in its notices."""
MAX_RECORDS_RAW = 256 * 1024**2
"""Bytes of all segments of records, unpacked."""
MAX_MESSAGES_RAW = 16 * 1024**2
"""Bytes of all segments of one other kind but attachment chunks, unpacked."""
MAX_ORDERED_WRITES = 65_536
"""Writes that the erasure orders of a file name."""
MAX_FILE_NOTICES = 4_096
"""Notices of withdrawal in a file."""
MAX_UNSEEN_WITHDRAWALS = 1_024
"""Withdrawals from a partner that nobody here has seen; with more, no further one is taken."""
MAX_UNKNOWN_CONSENTS = 1_024
"""Withdrawals kept for a partner's consents whose client is not here."""
MAX_WAITING_ORDERS = 16_384
"""Orders kept of a partner that wait for people, or for a record that is not here."""
MAX_MISSING = 64
"""Missing numbers in an acknowledgement."""
MAX_COUNTERSIGNATURES = 64
"""Countersignatures in a file."""
MAX_KEY_ITEMS = 64
"""Cards and revocations in a file, and requests to send again."""
MAX_ORDERS = 65_536
"""Erasure orders and receipts in a file."""
MAX_FILE_CHUNKS = 200_000
"""Attachment chunks in a file."""
MAX_PROVENANCE, MAX_PROVENANCE_WRITES = 65_536, 500_000
"""Records and senders in the provenance of a file, and the writes that it names."""

# --- erasure orders

REASON_BELOW_ERASED = "below"
"""The reason for records that a partner sent later below an erased one: never imported."""

ERASURE_REASONS: Mapping[ErasureReason, str] = {
    ErasureReason.CLIENT_REQUEST: N_("She asked for it"),
    ErasureReason.RETENTION_OVER: N_("The retention period is over"),
    ErasureReason.ERROR: N_("It was entered by mistake"),
    ErasureReason.LEGAL_DUTY: N_("A law or a court demands it"),
}

REASON_ORDERED = "ordered"
"""The reason for records erased by order of the organisation that is their custodian."""


class TakeBackReason(StrEnum):
    """Reason why a person takes an entry back from the list of the erased."""

    FALSE_FILE = "false_file"
    MISTAKE = "mistake"
    WANTED_AGAIN = "wanted_again"


ANSWER_DAYS = 30
"""Days that a partner has to answer an order."""

RecordPart = tuple[tuple[int, bytes], ...]
"""Writes of a record: field ids with the concatenated ids of their writes."""


class ErasureOutcome(IntEnum):
    """The other side's answer to an order to erase."""

    DONE = 1
    DECLINED = 2
    NOT_HERE = 3


class ErasureOrderState(StrEnum):
    """The state of an order: unanswered, answered, or told by telephone."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    NOT_HERE = "not_here"
    TOLD = "told"


OUTCOME_STATES: Mapping[ErasureOutcome, ErasureOrderState] = {
    ErasureOutcome.DONE: ErasureOrderState.DONE,
    ErasureOutcome.DECLINED: ErasureOrderState.DECLINED,
    ErasureOutcome.NOT_HERE: ErasureOrderState.NOT_HERE,
}


@dataclass(frozen=True, slots=True)
class ErasureOrder:
    """An order to erase a record, or only some of its writes (`part`).

    `deadline` is the last day for it, in days since 1970; 0 for none.
    """

    id: bytes
    rid: bytes
    part: RecordPart | None
    reason: str
    deadline: int
    hlc: int


class ErasedWrite(NamedTuple):
    """A write that was erased: field id, write id, and who ordered it before it came here.

    `orderer` is empty for what was erased here.
    """

    fid: int
    wid: bytes
    orderer: bytes


def erased_pairs(writes: Iterable[ErasedWrite], custodian: bytes) -> frozenset[tuple[int, bytes]]:
    """Return the writes erased from a record with this custodian: here, or by its own order.

    Anybody can order what is not here yet; the order counts only for a record of the orderer.
    """
    return frozenset(one[:2] for one in writes if one.orderer in (b"", custodian))


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """The answer to an order."""

    id: bytes
    outcome: ErasureOutcome
    hlc: int


@dataclass(frozen=True, slots=True)
class TrackedErasureOrder:
    """An order to or from one partner, with its state.

    `settled` is the time of that state (ms, UTC). `target` is the newest file that
    contained the order or its receipt.
    """

    order: ErasureOrder
    partner: bytes
    state: ErasureOrderState = ErasureOrderState.OPEN
    settled: int | None = None
    target: bytes = b""


# --- partners and key cards


class PartnerState(StrEnum):
    """Degree of trust in a partner's keys. Only a verified partner receives data."""

    PENDING = "pending"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Direction(StrEnum):
    """The direction of a bundle."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class CardInfo:
    """The content of a key card: who its maker is, and its keys.

    `generation` rises with each new card under the same signing key.
    """

    organisation: bytes
    name: str
    sign_key: bytes = field(repr=False)
    generation: int = 1
    device: bytes = b""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner: its organisation's record id, its card as received, and our trust in it.

    Another laptop of our own (`is_own`) has its device id in place of the organisation's
    id.
    """

    organisation: bytes
    name: str
    card: bytes = field(repr=False)
    sign_key: bytes = field(repr=False)
    state: PartnerState
    is_third_country: bool = False
    has_transfer_tool: bool = False
    reads: tuple[str, ...] = ()
    is_own: bool = False

    @property
    def recipient(self) -> Recipient:
        """The partner as `disclose()` sees it; an own laptop counts as own only once verified."""
        is_verified = self.state is PartnerState.VERIFIED
        return Recipient(
            RecipientKind.OWN if self.is_own and is_verified else RecipientKind.PARTNER,
            self.organisation,
            is_verified=is_verified,
            is_third_country=self.is_third_country,
            has_transfer_tool=self.has_transfer_tool,
        )


# --- sequence of bundles


@dataclass(frozen=True, slots=True)
class SequenceMark:
    """The position of a bundle in its sequence: the sender's epoch, number and manifest digest.

    `previous` is the digest of the bundle before it and `hlc` its time, both from the
    sender. They are empty and 0 for bundles recorded by an older program.
    """

    organisation: bytes
    direction: Direction
    epoch: bytes
    sequence: int
    digest: bytes
    milliseconds: int
    previous: bytes = b""
    hlc: int = 0


@dataclass(frozen=True, slots=True)
class EpochFiles:
    """Sums of the files of one epoch, to or from a partner.

    `last` is the highest number. `begun` and `newest` are the times of the earliest and the newest
    file, from their sender; `milliseconds` is when the last one was recorded. `arrived` of the
    files are acknowledged, `reached` is the highest number of these or 0.
    """

    count: int
    last: int
    begun: int
    newest: int
    milliseconds: int
    arrived: int
    reached: int


@dataclass(frozen=True, slots=True)
class Watermark:
    """A watermark: up to which change a recipient has all that it may have.

    It covers the records around the plan `rid`, or all records if `rid` is empty, up to
    change `number` of the store. It holds as long as `shown`, the digest of all that
    decides what may go, stays the same. If the recipient was known to have all of it, `settled`
    has the first and the last day on which the calendar changes nothing of that.
    """

    recipient: bytes
    rid: bytes
    shown: bytes
    number: int
    settled: tuple[date, date] | None = None

    def is_settled(self, day: date) -> bool:
        """Return whether nothing can be lacking on a day, as long as no record has changed."""
        return self.settled is not None and self.settled[0] <= day <= self.settled[1]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Bundles of the other side that one side received: all up to `contiguous` except `missing`."""

    epoch: bytes
    contiguous: int
    missing: tuple[int, ...] = ()


# --- bundles to send


@dataclass(frozen=True, slots=True)
class Identity:
    """Our own identity: organisation, device, and secret keys, which no repr shows.

    `generation` counts our cards. `former_secrets` still open bundles in transit. Partners
    that have not accepted our newest signing key still know us by a key from
    `former_seeds`.
    """

    organisation: bytes
    name: str
    device: bytes
    sign_seed: bytes = field(repr=False)
    age_secret: bytes = field(repr=False)
    epoch: bytes
    generation: int = 1
    former_secrets: tuple[bytes, ...] = field(default=(), repr=False)
    former_seeds: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The metadata of a bundle: its place in the sequence, and what its sender received."""

    epoch: bytes
    sequence: int
    previous: bytes
    hlc: int
    acknowledged: Acknowledgement
    audit_head: bytes


@dataclass(frozen=True, slots=True)
class Destination:
    """Way of a bundle: from whom, to whom, into which folder."""

    identity: Identity
    partner: Partner
    folder: Path


@dataclass(frozen=True, slots=True)
class KeyRevocation:
    """A signing key that its sender no longer trusts, and since when."""

    sign_key: bytes
    hlc: int


@dataclass(frozen=True, slots=True)
class Countersignature:
    """A laptop's signature over the card of another laptop of its organisation, and its name.

    `day` is in days since 1970. Who signed it is the sender of the file that it comes in.
    """

    card: bytes = field(repr=False)
    name: str
    day: int
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Writes of a record that another laptop of ours has from a partner's file.

    `writes` are their field ids and write ids.
    """

    rid: bytes
    sender: bytes
    writes: frozenset[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class ResendRequest:
    """A request to send again the content of files `first` to `last` of one epoch."""

    epoch: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ControlMessages:
    """The control messages of a bundle, beside records and notices: ids, keys and numbers only.

    `made_good` are runs (first, last) of the sender's own file numbers. This bundle repeats
    their content as far as it is still needed, so nobody has to wait for them. An older program
    says nothing of audit chains (`audit`). Between our own laptops, `provenance` says which
    partner's file had brought a write.
    """

    orders: tuple[ErasureOrder, ...] = ()
    receipts: tuple[ErasureReceipt, ...] = ()
    cards: tuple[bytes, ...] = field(default=(), repr=False)
    revoked: tuple[KeyRevocation, ...] = ()
    resends: tuple[ResendRequest, ...] = ()
    made_good: tuple[tuple[int, int], ...] = ()
    countersigned: tuple[Countersignature, ...] = ()
    audit: AuditReport | None = None
    provenance: tuple[Provenance, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """True if there is no message that a bundle would be made for."""
        messages = (self.orders, self.receipts, self.cards, self.revoked, self.resends)
        return not any((*messages, self.countersigned))


def _no_content(_rid: bytes) -> Iterable[bytes]:
    return ()


@dataclass(frozen=True, slots=True)
class Payload:
    """The payload of a bundle: disclosed records, withdrawal notices and control messages.

    `content` returns the parts of a disclosed attachment's content, if it is to go along.
    """

    disclosed: Disclosed
    notices: tuple[WithdrawalNotice, ...] = ()
    dealings: ControlMessages = field(default_factory=ControlMessages)
    content: Callable[[bytes], Iterable[bytes]] = _no_content


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """A bundle that was written and read back."""

    path: Path
    digest: bytes


# --- received bundles


@dataclass(slots=True)
class ReceivedRow:
    """A record as received: its head, and the exact bytes of its state.

    A record that was imported before is recognised by those bytes; only other states are
    decoded.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    packed: bytes = field(repr=False)
    _row: Row | None = field(default=None, compare=False, repr=False)

    @property
    def row(self) -> Row:
        """The record, decoded once. Raise KfdeskError `bundle.torn` for an invalid state."""
        if self._row is None:
            state = decode_trusted(self.packed)
            self._row = Row(self.rid, self.type, self.parent, self.custodian, state)
        return self._row


FindKnownRows = Callable[[bytes, Sequence[ReceivedRow]], Collection[bytes]]
"""Returns the ids of the records that were imported before from a sender, byte for byte."""


def no_known_rows(_sender: bytes, _rows: Sequence[ReceivedRow]) -> Collection[bytes]:
    """Return no ids: no record is known."""
    return ()


def is_plausible_time(hlc: int, milliseconds: int) -> bool:
    """Return whether a timestamp is not too far ahead of a time (ms since 1970, UTC)."""
    return hlc >> HLC_BITS <= milliseconds + MAX_AHEAD


def check_place(envelope: Envelope, highest: int, milliseconds: int) -> None:
    """Check time and number of a file that comes at a time (ms since 1970, UTC).

    `highest` is the highest number that was taken of its epoch, 0 for none. Raise KfdeskError
    `bundle.from_the_future` or `bundle.far_ahead`.
    """
    if not is_plausible_time(envelope.hlc, milliseconds):
        raise KfdeskError("bundle.from_the_future")
    if envelope.sequence > highest + MAX_NUMBERS_AHEAD:
        raise KfdeskError("bundle.far_ahead")


AdmitBundle = Callable[[bytes, Envelope, bytes], None]
"""Raises KfdeskError for a file that may not be taken: by sender, envelope and digest.

It is called before anything of the content is read.
"""


def admit_any(_organisation: bytes, _envelope: Envelope, _digest: bytes) -> None:
    """Admit every file."""


def _no_step(_done: int, _of: int) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class ReadHooks:
    """Calls while a file is read: `admit` at its manifest, `step` at each segment.

    `step` gets the number of segments that were read, and of all. What they raise ends the
    reading.
    """

    admit: AdmitBundle = admit_any
    step: Callable[[int, int], None] = _no_step


NO_HOOKS = ReadHooks()


@dataclass(frozen=True, slots=True)
class ReceivedBundle:
    """A bundle from a known partner that passed all checks. Nothing is written yet.

    `is_own` says that it comes from another laptop of our own. `recipient` is the signing
    key by which its sender knows us. `schema` is the version of its record descriptions.
    """

    organisation: bytes
    digest: bytes
    envelope: Envelope
    rows: Sequence[ReceivedRow]
    notices: tuple[Row, ...] = ()
    dealings: ControlMessages = field(default_factory=ControlMessages)
    is_own: bool = False
    recipient: bytes = b""
    schema: int = 0


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """An imported bundle that can be undone: from whom, when, and how many records changed.

    `acknowledged` are the digests of our bundles to this partner that had arrived before.
    """

    digest: bytes
    organisation: bytes
    milliseconds: int
    records: int
    acknowledged: tuple[bytes, ...] = ()


class FileIssue(StrEnum):
    """An issue that a person must know before a bundle is imported."""

    MISSING = "missing"
    LATE = "late"
    RESTORED = "restored"
    TWO_STORES = "two_stores"
    AHEAD_OF_US = "ahead_of_us"
    NEW_CARD = "new_card"
    OTHER_CARD = "other_card"
    KEY_REVOKED = "key_revoked"
    LAPTOP_REVOKED = "laptop_revoked"
    UNAWARE_LAPTOP = "unaware_laptop"
    ADVICE = "advice"
    SENT_AGAIN = "sent_again"
    WITHDRAWN = "withdrawn"
    CLAIMED = "claimed"
    FORGED_ID = "forged_id"
    CHANGED_WRITE = "changed_write"
    FALSE_WRITE = "false_write"
    OF_ANOTHER = "of_another"
    NOT_OF_NETWORK = "not_of_network"
    LEFT_NETWORK = "left_network"
    PASSED_ON = "passed_on"
    IN_OUR_NAME = "in_our_name"
    MEETING = "meeting"
    SAFETY = "safety"
    DELETION_ASKED = "deletion_asked"
    OWN_LAPTOP = "own_laptop"
    OUR_HISTORY = "our_history"
    HISTORY_BEFORE = "history_before"
    THEIR_HISTORY = "their_history"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """An issue, with the numbers of the files, the first of them, or the number of records.

    `names` are the organisations in whose name somebody else speaks. The history has no names.
    """

    finding: FileIssue
    numbers: tuple[int, ...] = ()
    records: int = 0
    names: tuple[str, ...] = ()


class FileEffect(StrEnum):
    """An effect of a bundle besides its records and issues; each has a count."""

    CONFIRMED = "confirmed"
    """Files of ours that it acknowledges."""
    ANSWERED = "answered"
    """Erasure orders of ours that it answers."""
    ORDERED_AHEAD = "ordered_ahead"
    """Records that are not here, and that it orders to be kept out."""
    KEPT_OUT = "kept_out"
    """Records that are not taken because they were erased here."""
    REFUSED = "refused"
    """Records that its sender may not write."""
    UNTOLD = "untold"
    """Notices of withdrawal that its sender may not give."""


_EFFECT_PREFIX = "file"


def effect_keys(
    findings: Iterable[FileFinding], effects: Mapping[FileEffect, int]
) -> tuple[str, ...]:
    """Return issues and effects as keys of an audit entry: `file.name.numbers`."""
    counts = [(one.finding.value, one.numbers or (one.records,)) for one in findings]
    counts += [(effect.value, (count,)) for effect, count in effects.items() if count]
    return tuple(
        f"{_EFFECT_PREFIX}.{name}.{','.join(map(str, numbers))}" for name, numbers in counts
    )


def read_effect_key(key: str) -> FileFinding | tuple[FileEffect, int] | None:
    """Return the issue or effect that a key of an audit entry names; None for any other key."""
    head, name, told = (*key.split("."), "", "")[:3]
    numbers = tuple(int(one) for one in told.split(",") if one.isdecimal())
    if head != _EFFECT_PREFIX or not numbers:
        return None
    if name in set(FileIssue):
        return FileFinding(FileIssue(name), numbers, numbers[0])
    return (FileEffect(name), numbers[0]) if name in set(FileEffect) else None
