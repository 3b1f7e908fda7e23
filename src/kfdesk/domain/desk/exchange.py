# SPDX-License-Identifier: GPL-3.0-or-later
"""The other desks we exchange with, and the order of the files that pass between us.

Values only: no key material is printed by any of them, and none knows the form of a file.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kfdesk.domain.consents.withdrawal import Notice
from kfdesk.domain.desk.erasure import Order, Receipt
from kfdesk.domain.disclosure import Disclosed, Recipient, Who
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import decode_own


class PartnerState(StrEnum):
    """How far we trust a partner's keys. Only a verified one receives."""

    PENDING = "pending"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Direction(StrEnum):
    """Which way a bundle went."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Card:
    """What a desk says of itself: who it is and the keys to write to it by.

    `generation` rises with each new card under the same signing key.
    """

    organisation: bytes
    name: str
    sign_key: bytes = field(repr=False)
    generation: int = 1
    device: bytes = b""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner's desk: its organisation's record id, its card as it came, and our trust in it.

    Another laptop of our own (`is_own`) has its device's id in the place of the organisation's.
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
        """The partner as `disclose()` sees it; one of our own is that only once it is verified."""
        is_verified = self.state is PartnerState.VERIFIED
        return Recipient(
            Who.OWN if self.is_own and is_verified else Who.PARTNER,
            self.organisation,
            is_verified=is_verified,
            is_third_country=self.is_third_country,
            has_transfer_tool=self.has_transfer_tool,
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A bundle's place in the order: epoch of its sender, number, and its manifest's digest.

    `previous` is the digest of the one before it and `hlc` its time, as its sender wrote them;
    empty and 0 for one that was noted before they were kept.
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
class Level:
    """How far a recipient was looked at: all that it may have was sent or had arrived.

    Of the records around `rid`, a plan, or of all where it is empty; up to the store's `number`;
    as long as `shown`, the digest of all that decides what may go, is the same.
    """

    recipient: bytes
    rid: bytes
    shown: bytes
    number: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What one side has of the other's bundles: all up to `contiguous` but those `missing`."""

    epoch: bytes
    contiguous: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Our desk: organisation, device, and its secret keys, which no repr shows.

    `generation` counts our cards; `former_secrets` still open files that are under way. Partners
    that have not taken over our newest signing key still go by one made of `former_seeds`.
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
    """What a bundle says beside its records: its place in the order, and what we have of theirs."""

    epoch: bytes
    sequence: int
    previous: bytes
    hlc: int
    acknowledged: Acknowledgement
    audit_head: bytes


@dataclass(frozen=True, slots=True)
class Route:
    """From whom, to whom, into which folder a bundle goes."""

    identity: Identity
    partner: Partner
    folder: Path


@dataclass(frozen=True, slots=True)
class Revocation:
    """A signing key that its sender trusts no more, and since when."""

    sign_key: bytes
    hlc: int


@dataclass(frozen=True, slots=True)
class Resend:
    """Numbers of the recipient's files, of one epoch, whose content is asked for again."""

    epoch: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Dealings:
    """What passes in a file beside records and notices: ids, keys and numbers, no data.

    `made_good` are numbers of the sender's own files, first and last of each run, whose content
    stands in this file as far as it is still to come: nobody need wait for them.
    """

    orders: tuple[Order, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    cards: tuple[bytes, ...] = field(default=(), repr=False)
    revoked: tuple[Revocation, ...] = ()
    resends: tuple[Resend, ...] = ()
    made_good: tuple[tuple[int, int], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of it that a file is made for."""
        return not any((self.orders, self.receipts, self.cards, self.revoked, self.resends))


def _no_content(_rid: bytes) -> Iterable[bytes]:
    return ()


@dataclass(frozen=True, slots=True)
class Load:
    """What a bundle holds: what was disclosed, notices of withdrawals, and what else passes.

    `content` gives the parts of the content that a disclosed document has, if it is to go along.
    """

    disclosed: Disclosed
    notices: tuple[Notice, ...] = ()
    dealings: Dealings = field(default_factory=Dealings)
    content: Callable[[bytes], Iterable[bytes]] = _no_content


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was written, read back, and counts."""

    path: Path
    digest: bytes


@dataclass(slots=True)
class Sent:
    """A record as it was sent: its head, and its state in the very bytes that came.

    What was taken before is told by those bytes alone; only the rest is ever read.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    packed: bytes = field(repr=False)
    _row: Row | None = field(default=None, compare=False, repr=False)

    @property
    def row(self) -> Row:
        """The record, read once. Raises KfdeskError `bundle.torn` for what is no state."""
        if self._row is None:
            state = decode_own(self.packed)
            self._row = Row(self.rid, self.type, self.parent, self.custodian, state)
        return self._row


Known = Callable[[bytes, Sequence[Sent]], Collection[bytes]]
"""Which of some records, by their ids, were taken to the byte from an organisation before."""


def nothing_known(_sender: bytes, _rows: Sequence[Sent]) -> Collection[bytes]:
    """None of them."""
    return ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A bundle that was opened and proved whole, from a partner we know. Nothing is written yet.

    `is_own`: it comes from another laptop of our own. `recipient` is the signing key that its
    sender knows us by.
    """

    organisation: bytes
    digest: bytes
    envelope: Envelope
    rows: Sequence[Sent]
    notices: tuple[Row, ...] = ()
    dealings: Dealings = field(default_factory=Dealings)
    is_own: bool = False
    recipient: bytes = b""


@dataclass(frozen=True, slots=True)
class Taking:
    """A file that was taken and can be taken back: from whom, when, how many records it touched.

    `acknowledged` are the digests of our files to this partner that had arrived before.
    """

    digest: bytes
    organisation: bytes
    milliseconds: int
    records: int
    acknowledged: tuple[bytes, ...] = ()
