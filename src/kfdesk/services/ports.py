# SPDX-License-Identifier: GPL-3.0-or-later
"""What services need of the rooms below, and no more; `app.py` hands in the real ones.

Protocols only. A service that needs something new says it here first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from kfdesk.domain.carry.check import Evidence, Lists
from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.content import Chunk, Content, Sight
from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.desk.erasure import Part
from kfdesk.domain.desk.exchange import (
    Card,
    Envelope,
    Identity,
    Known,
    Load,
    Made,
    Partner,
    Route,
    Taken,
)
from kfdesk.domain.desk.users import Credentials
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import Write
from kfdesk.i18n.language import Language
from kfdesk.services.books import Books, Contents, Levels, Orders, Takings
from kfdesk.services.listing.port import Search


class Clock(Protocol):
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, aware, in the desk's own zone."""

    def drift(self) -> timedelta:
        """How far the wall clock has moved away from the time that passed."""


class Progress(Protocol):
    """Where a long service tells how far it is, and is told to stop."""

    def step(self, done: int, of: int) -> None:
        """So many parts are done. Raises KfdeskError `work.cancelled` where it is to stop."""


class Drafts(Protocol):
    """What was typed and not saved; writing belongs inside the store's transaction."""

    def keep(self, draft: Draft) -> None:
        """Keep a draft, in place of this user's earlier one of the same record."""

    def one(self, rid: bytes, user: str) -> Draft | None:
        """This user's draft of a record, or None."""

    def of_user(self, user: str) -> tuple[Draft, ...]:
        """All drafts of a user, the newest first."""

    def drop(self, rid: bytes, user: str) -> None:
        """Forget this user's draft of a record."""

    def erase(self, rid: bytes) -> None:
        """Forget what anybody has typed about a record, or about new ones under it."""


class Tree(Protocol):
    """Where the records stand, by their ids alone."""

    def rids(self) -> tuple[bytes, ...]:
        """The ids of all records, in their order."""

    def standing(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[str, bytes | None]]:
        """The type of each of these records that is here, and the id of the one above it."""

    def children(self, above: Iterable[bytes], types: Collection[str] = ...) -> frozenset[bytes]:
        """The ids of all records, or of those of some types, that stand right below these."""

    def family(self, rids: Iterable[bytes]) -> frozenset[bytes]:
        """These records and everything under them, children of children included."""


class Erasures(Protocol):
    """What was erased for good; writing belongs inside the store's transaction."""

    def rids(self) -> frozenset[bytes]:
        """The ids of all that was ever erased."""

    def entries(self) -> tuple[Erased, ...]:
        """The whole list."""

    def erase(self, erased: Erased) -> frozenset[bytes]:
        """Erase a record and everything under it; returns their ids."""

    def mark(self, entries: Iterable[Erased]) -> None:
        """Note what was erased."""

    def squeeze(self) -> None:
        """Rewrite the whole file, so that nothing erased is left in it; not in a transaction."""


class Backups(Protocol):
    """Backups of this store; never inside a transaction."""

    def make(
        self, into: Path, names: Sequence[str], step: Callable[[int, int], None]
    ) -> tuple[Path, Mapping[str, int]]:
        """A backup, written, read back and compared, under the first free name.

        Returns where it is, and how many records of each type it has. Raises KfdeskError
        `backup.…`, `store.damaged` or `work.cancelled`; then nothing new is in the folder.
        """

    def export(self, file: Path, key: bytes, step: Callable[[int, int], None]) -> None:
        """The whole store in a new file, under another data key, read back and compared."""

    def in_folder(self, into: Path) -> tuple[Path, ...]:
        """The backups of this store in a folder."""

    def remove(self, path: Path) -> bool:
        """Remove a backup of this store; whether it is gone."""

    def counts(self) -> Mapping[str, int]:
        """How many records of each type the store has."""


class Shelf(Protocol):
    """Where backups are put, and what proves that they open."""

    def sticks(self) -> tuple[Path, ...]:
        """The sticks that are plugged in, by their folders."""

    def drill(
        self, backup: Path, who: Credentials, step: Callable[[int, int], None]
    ) -> tuple[Path, Mapping[str, int]]:
        """Restore a backup to the side, check all of it, and throw the copy away.

        Returns which backup it was, and how many records of each type. Raises KfdeskError
        `backup.…`, `store.…` or `work.cancelled`.
        """


class Store(Protocol):
    """An open, encrypted store."""

    @property
    def search(self) -> Search:
        """The index of the directory."""

    @property
    def ledger(self) -> Books:
        """The store's books."""

    @property
    def orders(self) -> Orders:
        """What is to be erased elsewhere, and here."""

    @property
    def levels(self) -> Levels:
        """How far the records were looked at for whom."""

    @property
    def takings(self) -> Takings:
        """The files that can be taken back."""

    @property
    def drafts(self) -> Drafts:
        """The store's drafts."""

    @property
    def tree(self) -> Tree:
        """Where the records stand."""

    @property
    def erasures(self) -> Erasures:
        """The store's erasures."""

    @property
    def contents(self) -> Contents:
        """The contents of the store's attachments."""

    @property
    def backups(self) -> Backups:
        """The store's backups."""

    def count_days_by(self, today: Callable[[], date]) -> None:
        """Have `today` say on which day something is replaced."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""

    def row(self, rid: bytes) -> Row | None:
        """The record with this id, or None."""

    def rows(self, record_type: str) -> tuple[Row, ...]:
        """All records of a type."""

    def rows_after(self, record_type: str, rid: bytes, count: int) -> tuple[Row, ...]:
        """At most `count` records of a type after the id `rid`, in the order of their ids."""

    def children(self, rid: bytes) -> tuple[Row, ...]:
        """All records whose parent is `rid`."""

    def torn(self) -> tuple[Row, ...]:
        """All records with a field in conflict, of every type."""

    def put(self, row: Row, *, took: bytes | None = None) -> None:
        """Keep a new or changed row."""

    def put_all(self, rows: Iterable[tuple[Row, bytes | None]]) -> None:
        """Keep many rows, each with its `took`."""

    def forget_writes(self, row: Row, part: Part) -> None:
        """Erase writes of a record, living or replaced."""

    def kept(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[Row, bytes | None]]:
        """Those of these records that are here, each with its `took`."""

    def tooks(self, rids: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """The digests that `put` was last given with those of these records that have one."""

    def history(self, rid: bytes) -> tuple[Write, ...]:
        """What was replaced in a record, oldest first."""

    def replaced(self, rid: bytes) -> Mapping[Write, date]:
        """What was replaced in a record, oldest first, and on which day of this desk."""

    def prune_history(self, before: date, kept: Iterable[bytes] = ()) -> int:
        """Forget what was replaced before a day, but in `kept`; returns how many values went."""

    def oldest_history(self) -> date | None:
        """The first day on which something was replaced that history still has."""

    def setting(self, key: str) -> bytes | None:
        """A value of the store itself."""

    def set_setting(self, key: str, value: bytes) -> None:
        """Set a value of the store itself."""

    def digest(self) -> bytes:
        """A digest of all records."""

    def verify(self, step: Callable[[int, int], None] | None = None) -> tuple[str, ...]:
        """What is wrong with the store, in short codes; `step` hears how much is checked."""

    def close(self) -> None:
        """Close it."""


class Keys(Protocol):
    """The key slots beside the store: who can open it.

    The data key is not kept: each act opens it again, by a passphrase or the recovery key. Raises
    KfdeskError `store.wrong_passphrase`, `store.not_a_store` or `store.disk`.
    """

    def slot_of(self, initials: str) -> bytes | None:
        """The id of somebody's slot, or None."""

    def has_recovery(self) -> bool:
        """Whether a recovery key was made."""

    def prove(self, who: Credentials) -> None:
        """Whether somebody's passphrase opens the store; nothing is kept of it."""

    def add(self, by: Credentials, new: Credentials) -> bytes:
        """Let somebody in, opened by one who is in already. Returns the new slot's id."""

    def change(self, who: Credentials, passphrase: str) -> None:
        """Give somebody another passphrase, opened by the present one."""

    def remove(self, slot: bytes) -> None:
        """Let somebody in no more."""

    def set_recovery(self, by: Credentials, code: bytes) -> None:
        """Keep a recovery key; it takes the place of the one before."""

    def regain(self, code: bytes, new: Credentials) -> None:
        """Give somebody who has a slot another passphrase, opened by the recovery key."""

    def rekey(
        self,
        people: Sequence[Credentials],
        export: Callable[[Path, bytes, Callable[[int, int], None]], None],
        leave: Callable[[Store], None],
        step: Callable[[int, int], None],
    ) -> bool:
        """Put the store under a new data key; `leave` closes the old one. Whether it is so now."""

    def wipe(self) -> bool:
        """Make the store unreadable for good, once it is closed; whether all of it is gone."""


class Bundles(Protocol):
    """Exchange files and cards."""

    def card(self, identity: Identity) -> bytes:
        """Our card, signed by ourselves."""

    def sign_keys(self, identity: Identity) -> tuple[bytes, ...]:
        """Our public signing keys, the present one first."""

    def read_card(self, data: bytes) -> Card:
        """The card in `data`. Raises KfdeskError `card.damaged`."""

    def digits(self, ours: bytes, theirs: bytes) -> str:
        """Sixty digits over two cards, the same on both sides, to read over the telephone."""

    def make(
        self, route: Route, envelope: Envelope, load: Load, note: Callable[[bytes], None]
    ) -> Made:
        """A bundle, written, flushed and read back.

        `note` is called with its digest before the file gets its name: a file that can be sent
        always stands in our books. Raises KfdeskError `bundle.…`; then there is no file.
        """

    def read(
        self, path: Path, identity: Identity, partners: Mapping[bytes, Partner], known: Known
    ) -> Taken:
        """A bundle for us, proved whole; of what is `known` nothing but the head is read.

        `partners` are by their sign keys. Raises KfdeskError `bundle.…`. Writes nothing.
        """

    def read_again(
        self,
        path: Path,
        identity: Identity,
        partners: Mapping[bytes, Partner],
        keep: Callable[[Chunk], None],
    ) -> bytes:
        """The digest of a bundle that was read before, proved whole as then.

        `keep` is given each part of a document on the way. Raises as `read`, and what `keep` does.
        """


class Papers(Protocol):
    """The press."""

    def keys(self, paper: PaperName) -> Mapping[str, frozenset[str]]:
        """The keys, by record type, that a paper contains."""

    def make(self, order: Order, what: Disclosed, about: About) -> bytes:
        """A paper as a PDF. Raises KfdeskError `paper.…` or `documents.…` where it cannot be."""

    def key_sheets(self, sheets: Sequence[Sequence[str]], words: Language) -> bytes:
        """Sheets of a recovery key, given by their groups, as a PDF. Raises as `make` does."""

    def report_note(self, words: Language) -> bytes:
        """The note for the data protection authority as a PDF. Raises as `make` does."""

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point; made in memory alone."""

    def evidence(self, pdf: bytes) -> Evidence:
        """A finished paper as another reader sees it, for the carry check."""

    def lists(self) -> Lists:
        """What the carry check knows of words, places and months."""

    def catalogue(self, order: Order) -> frozenset[str]:
        """All texts that a paper may say by itself, in its languages."""


class Attached(Protocol):
    """Foreign files: recognised, made inert, and shown as pixels or text; in memory alone."""

    def make_inert(self, data: bytes) -> Content:
        """What is kept of a file: a picture drawn anew; a PDF or a text as it is.

        Raises KfdeskError `attachment.…` for everything else.
        """

    def show(self, data: bytes, number: int, width: int) -> Sight:
        """Page `number`, from 0, `width` pixels wide or less.

        Raises KfdeskError `attachment.not_shown`.
        """
