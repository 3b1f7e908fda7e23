# SPDX-License-Identifier: GPL-3.0-or-later
"""What services need of the store's books: the trail, who got what, partners, files that passed.

Protocols only, as in `ports.py`; the store hands in the real ones.
"""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import Protocol

from kfdesk.domain.desk.content import Chunk
from kfdesk.domain.desk.erasure import Part, Standing
from kfdesk.domain.desk.exchange import Direction, Level, Mark, Partner, Taking
from kfdesk.domain.desk.log import Entry, Event, Kind
from kfdesk.domain.desk.users import User
from kfdesk.domain.rows import Row

Ids = tuple[bytes, ...]
"""Ids of writes of one field."""


class Books(Protocol):
    """The store's ledgers; writing belongs inside the store's transaction."""

    def log(self, event: Event) -> None:
        """Append to the audit chain."""

    def log_all(self, events: Iterable[Event]) -> None:
        """Append many events to the audit chain."""

    def audit_head(self) -> bytes:
        """The hash of the newest audit entry."""

    def newest_entry(self) -> int | None:
        """When the newest audit entry was written: milliseconds since 1970, UTC."""

    def events(
        self, before: int | None, limit: int, kind: Kind | None = None
    ) -> tuple[tuple[int, Event], ...]:
        """Audit entries with their numbers, newest first, at most `limit`, below `before`.

        Of one kind, or of all.
        """

    def was_viewed(self, user: str, rid: bytes, since: int) -> bool:
        """Whether among the newest entries is one that this user looked at this record then."""

    def verify(self) -> tuple[str, ...]:
        """`audit:` with the number of the first entry that breaks the chain, else nothing."""

    def enter(self, entries: Iterable[Entry]) -> None:
        """Write down what went to whom."""

    def entries(self, recipient: bytes, channel: str | None = None) -> tuple[Entry, ...]:
        """What this recipient was given, by one channel or by all, oldest first."""

    def about(self, rids: Iterable[bytes]) -> tuple[Entry, ...]:
        """What of these records went to anybody, oldest first."""

    def unanswered(self, recipient: bytes, channel: str, out: Sequence[str]) -> tuple[bytes, ...]:
        """The records entered by one channel since the last entry by one of the channels `out`."""

    def given(self, recipient: bytes, channel: str, rids: Sequence[bytes]) -> frozenset[bytes]:
        """Those of these records of which a recipient was ever given something by a channel."""

    def lacking(
        self,
        recipient: bytes,
        channel: str,
        rids: Collection[bytes],
        writes: Callable[[bytes], Mapping[str, Ids]],
    ) -> frozenset[bytes]:
        """Those of these records with a write that a recipient has not said to have.

        `writes` says which a record has, by key; one that was never given lacks all of them.
        """

    def under_way(self, recipient: bytes, channel: str, epoch: bytes) -> frozenset[bytes]:
        """The records that are in a file of an epoch which a recipient has not said to have."""

    def is_among(self, target: bytes, channel: str, rids: Container[bytes]) -> bool:
        """Whether all records that were entered with a file are among these."""

    def holders(self, rids: Iterable[bytes]) -> frozenset[tuple[bytes, bytes]]:
        """Which of these records were given to whom, by a file or on paper."""

    def recipients(self, consent: bytes) -> frozenset[bytes]:
        """Who was ever given something under a consent."""

    def set_partner(self, partner: Partner) -> None:
        """Keep a partner, new or changed."""

    def partners(self) -> tuple[Partner, ...]:
        """All partners, by name."""

    def set_user(self, user: User) -> None:
        """Keep a user, new or changed."""

    def users(self) -> tuple[User, ...]:
        """All who open the store or did, by initials."""

    def mark(self, mark: Mark) -> None:
        """Note that a bundle was made or taken."""

    def marks(self, organisation: bytes, direction: Direction) -> tuple[Mark, ...]:
        """The bundles made for or taken from a partner, oldest first."""

    def acknowledge(self, targets: Sequence[bytes]) -> None:
        """Note that these bundles of ours have arrived."""

    def forget_acknowledged(self, targets: Sequence[bytes]) -> None:
        """Note that these bundles of ours are not there after all."""

    def acknowledged(self) -> frozenset[bytes]:
        """The digests of our bundles that have arrived."""


class Levels(Protocol):
    """How far the records were looked at for whom; writing belongs inside a transaction."""

    def number(self) -> int:
        """The number of the newest change of a record."""

    def of(self, recipient: bytes, rid: bytes) -> Level | None:
        """How far a recipient was looked at, around a plan, or in all where `rid` is empty."""

    def keep(self, level: Level) -> None:
        """Keep how far a recipient was looked at, in the place of what was kept."""

    def drop(self, recipient: bytes) -> None:
        """Keep no more how far a recipient was looked at."""

    def since(self, number: int) -> frozenset[bytes]:
        """The records that were changed after a number, and all that stand below them."""


class Takings(Protocol):
    """The files that were taken and can be taken back; writing belongs inside a transaction."""

    def begin(self, taking: Taking) -> None:
        """The rows of a file are going to be written."""

    def keep(self, digest: bytes, before: Iterable[tuple[Row, bytes | None]]) -> None:
        """Keep how records were before a file changes them."""

    def end(self, digest: bytes, records: int) -> None:
        """All of the file is written."""

    def forget(self) -> None:
        """None of the files can be taken back any more."""

    def open(self) -> tuple[Taking, ...]:
        """The files that can still be taken back, the newest first."""

    def rows(self, taking: Taking) -> Iterable[Row]:
        """The records that a file touched, as they are now."""

    def take_back(self, taking: Taking) -> frozenset[bytes]:
        """Put everything back as it was before a file; returns the ids of its records."""


class Orders(Protocol):
    """Erasure orders and withdrawals that are kept; writing belongs inside a transaction."""

    def enter(self, direction: Direction, standings: Iterable[Standing]) -> None:
        """Keep orders, in the place of those that were kept under the same ids."""

    def standing(self, direction: Direction) -> tuple[Standing, ...]:
        """All orders of ours, or all that came, the oldest first."""

    def carry(
        self, direction: Direction, partner: bytes, ids: Iterable[bytes], target: bytes
    ) -> None:
        """Note which file for a partner was the newest that held these orders or receipts."""

    def mark_writes(self, rid: bytes, part: Part, milliseconds: int) -> None:
        """Note that these writes were erased."""

    def erased_writes(self) -> Mapping[bytes, frozenset[tuple[int, bytes]]]:
        """The writes that were erased, by record."""

    def keep_notice(self, notice: Row, recipient: bytes) -> None:
        """Keep a withdrawal that somebody must still be told, whatever becomes of the consent."""

    def kept_notices(self) -> Sequence[tuple[Row, bytes]]:
        """The withdrawals that were kept, each with whom to tell."""

    def drop_notice(self, rid: bytes, recipient: bytes) -> None:
        """Somebody knows of a withdrawal that was kept."""


class Contents(Protocol):
    """The contents of attachments; writing belongs inside the store's transaction."""

    def keep(self, rid: bytes, data: bytes, step: Callable[[int, int], None]) -> None:
        """Keep the content of a new record.

        Raises KfdeskError `attachment.too_large` or `attachment.no_room`.
        """

    def together(self) -> int:
        """How many bytes all contents have."""

    def sizes(self) -> Mapping[bytes, int]:
        """How many bytes the content of each record has that has any here."""

    def parts(self, rid: bytes) -> Iterable[bytes]:
        """The parts of a content, in their order, one in memory at a time."""

    def add(self, chunk: Chunk) -> None:
        """Keep one part of a content that is on its way.

        Raises KfdeskError `attachment.no_room`.
        """

    def digest(self, rid: bytes) -> str | None:
        """The SHA-256 of what is kept, in hex; None if nothing is, empty if a part is missing."""

    def drop(self, rid: bytes) -> None:
        """Keep the content of a record no more."""

    def read(self, rid: bytes, digest: str) -> bytes:
        """The content of a record, proved by its SHA-256.

        Raises KfdeskError `attachment.elsewhere`, `attachment.damaged` or `store.damaged`.
        """
