# SPDX-License-Identifier: GPL-3.0-or-later
"""What services need of the rooms below, and no more; `app.py` hands in the real ones.

Protocols only. A service that needs something new says it here first.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from kfdesk.domain.desk.exchange import (
    Card,
    Direction,
    Envelope,
    Identity,
    Made,
    Mark,
    Partner,
    Route,
    Taken,
)
from kfdesk.domain.desk.log import Entry, Event
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import Write
from kfdesk.i18n.language import Language


class Clock(Protocol):
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, aware, in the desk's own zone."""

    def drift(self) -> timedelta:
        """How far the wall clock has moved away from the time that passed."""


class Books(Protocol):
    """The store's ledgers; writing belongs inside the store's transaction."""

    def log(self, event: Event) -> None:
        """Append to the audit chain."""

    def audit_head(self) -> bytes:
        """The hash of the newest audit entry."""

    def newest_entry(self) -> int | None:
        """When the newest audit entry was written: milliseconds since 1970, UTC."""

    def events(self, before: int | None, limit: int) -> tuple[tuple[int, Event], ...]:
        """Audit entries with their numbers, newest first, at most `limit`, below `before`."""

    def verify(self) -> tuple[str, ...]:
        """`audit` if the chain is broken anywhere, else nothing."""

    def enter(self, entries: Sequence[Entry]) -> None:
        """Write down what went to whom."""

    def entries(self, recipient: bytes) -> tuple[Entry, ...]:
        """What this recipient was given, oldest first."""

    def set_partner(self, partner: Partner) -> None:
        """Keep a partner, new or changed."""

    def partners(self) -> tuple[Partner, ...]:
        """All partners, by name."""

    def mark(self, mark: Mark) -> None:
        """Note that a bundle was made or taken."""

    def marks(self, organisation: bytes, direction: Direction) -> tuple[Mark, ...]:
        """The bundles made for or taken from a partner, oldest first."""

    def acknowledge(self, targets: Sequence[bytes]) -> None:
        """Note that these bundles of ours have arrived."""

    def acknowledged(self) -> frozenset[bytes]:
        """The digests of our bundles that have arrived."""


class Store(Protocol):
    """An open, encrypted store."""

    @property
    def ledger(self) -> Books:
        """The store's books."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""

    def row(self, rid: bytes) -> Row | None:
        """The record with this id, or None."""

    def rows(self, record_type: str) -> tuple[Row, ...]:
        """All records of a type."""

    def children(self, rid: bytes) -> tuple[Row, ...]:
        """All records whose parent is `rid`."""

    def put(self, row: Row, *, took: bytes | None = None) -> None:
        """Keep a new or changed row."""

    def history(self, rid: bytes) -> tuple[Write, ...]:
        """What was replaced in a record, oldest first."""

    def setting(self, key: str) -> bytes | None:
        """A value of the store itself."""

    def set_setting(self, key: str, value: bytes) -> None:
        """Set a value of the store itself."""

    def digest(self) -> bytes:
        """A digest of all records."""

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the store, in short codes."""

    def close(self) -> None:
        """Close it."""


class Bundles(Protocol):
    """Exchange files and cards."""

    def card(self, identity: Identity) -> bytes:
        """Our card, signed by ourselves."""

    def read_card(self, data: bytes) -> Card:
        """The card in `data`. Raises KfdeskError `card.damaged`."""

    def digits(self, ours: bytes, theirs: bytes) -> str:
        """Sixty digits over two cards, the same on both sides, to read over the telephone."""

    def make(
        self, route: Route, envelope: Envelope, what: Disclosed, note: Callable[[bytes], None]
    ) -> Made:
        """A bundle, written, flushed and read back.

        `note` is called with its digest before the file gets its name: a file that can be sent
        always stands in our books. Raises KfdeskError `bundle.…`; then there is no file.
        """

    def read(self, path: Path, identity: Identity, partners: Mapping[bytes, bytes]) -> Taken:
        """A bundle for us, proved whole; `partners` maps sign keys to organisations.

        Raises KfdeskError `bundle.…`. Writes nothing.
        """


class Papers(Protocol):
    """The press."""

    @property
    def sheet_keys(self) -> Mapping[str, frozenset[str]]:
        """The keys, by record type, that the traveller's sheet contains."""

    def travellers_sheet(self, what: Disclosed, words: Language) -> bytes:
        """The traveller's sheet as a PDF. Raises KfdeskError `paper.…` where it may not be made."""

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point; made in memory alone."""
