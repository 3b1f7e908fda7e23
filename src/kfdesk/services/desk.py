# SPDX-License-Identifier: GPL-3.0-or-later
"""The open desk: what every service works with, and the report of what it changed.

A Desk is handed to each service; there is no other way to a store. It holds no record.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from kfdesk.domain.desk.exchange import Identity
from kfdesk.domain.desk.log import Action, Event
from kfdesk.domain.desk.users import (
    ALL_ROLES,
    Credentials,
    Right,
    Role,
    User,
    fold,
    rights_of,
    shown,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.domain.listing.listed import ReadAs, Reading
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import Row, view, wire_changes
from kfdesk.domain.schema import type_name
from kfdesk.domain.writes import EMPTY, WID_BYTES, Signature, amend, stamp

if TYPE_CHECKING:
    from kfdesk.bundle.exchange import BundleFiles
    from kfdesk.documents.attachments.attached import Attached
    from kfdesk.documents.papers import Papers
    from kfdesk.storage.keyring import Keyring
    from kfdesk.storage.store import Store

Random = Callable[[int], bytes]
TestRestore = Callable[
    [Path, Credentials, Callable[[int, int], None]], tuple[Path, Mapping[str, int]]
]
IDENTITY = ("organisation", "device", "sign_seed", "age_secret", "epoch")
GENERATION, FORMER, FORMER_SEEDS = "card_generation", "former_secrets", "former_seeds"
"""Settings beside these, which a store has once its keys were made anew."""
_SECRET_BYTES = 32


class Clock(Protocol):
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the time now: aware, in the local time zone."""

    def drift(self) -> timedelta:
        """Return how far the wall clock has moved away from the time that passed."""


class Progress(Protocol):
    """Receives the progress of a long service, and can cancel it."""

    def step(self, done: int, of: int) -> None:
        """Report that `done` of `of` parts are done. Raise KfdeskError `work.cancelled`."""


@dataclass(frozen=True)
class Rooms:
    """The adapters and the environment, as the composition root puts them together.

    What takes long to import comes as a function `load_…` and is loaded at its first use.
    """

    bundles: "BundleFiles"
    clock: Clock
    random: Random
    load_papers: Callable[[], "Papers"] = field(repr=False)
    load_attached: Callable[[], "Attached"] = field(repr=False)
    read_contact_files: Callable[[Mapping[str, bytes], ReadAs], Reading] = field(repr=False)
    write_contact_file: Callable[[FileKind, Iterable[Part], BinaryIO], int] = field(repr=False)
    keys: "Keyring | None" = field(default=None, repr=False)
    words: Callable[[str], tuple[str, ...]] = field(default=lambda _code: (), repr=False)
    """The list of words of a language, to draw passphrases from."""
    sticks: Callable[[], tuple[Path, ...]] = field(default=lambda: (), repr=False)
    """The removable media that are plugged in, by their folders."""
    test_restore: "TestRestore | None" = field(default=None, repr=False)
    """Restores a backup to the side, checks all of it and deletes the copy."""
    arrived: Callable[[], tuple[Path, ...]] = field(default=lambda: (), repr=False)
    """The exchange files and cards that lie on sticks and among the downloads."""

    @cached_property
    def papers(self) -> "Papers":
        """What makes papers as PDF."""
        return self.load_papers()

    @cached_property
    def attached(self) -> "Attached":
        """What reads and shows attachments."""
        return self.load_attached()


@dataclass(frozen=True, slots=True)
class Desk:
    """An open store, who we are, who sits before it, and the rooms that services use."""

    store: "Store" = field(repr=False)
    identity: Identity
    user: str
    rooms: Rooms = field(repr=False)
    roles: frozenset[Role] = frozenset()
    opened: set[bytes] = field(default_factory=set, repr=False, compare=False)
    """Others' plans that were opened with a reason; forgotten with the desk, at the lock."""
    viewed: dict[tuple[str, bytes], int] = field(default_factory=dict, repr=False, compare=False)
    """When who looked at what, as it was entered last in the audit trail."""

    def may(self, right: Right) -> bool:
        """Whether the roles of who sits here allow something."""
        return right in _rights(self.roles)

    def require(self, *rights: Right) -> None:
        """Go no further without one of these rights. Raises KfdeskError `user.not_allowed`."""
        if not any(map(self.may, rights)):
            raise KfdeskError("user.not_allowed", right=rights[0])

    @property
    def milliseconds(self) -> int:
        """Now: milliseconds since 1970, UTC."""
        return int(self.rooms.clock.now().timestamp() * 1000)

    @property
    def signature(self) -> Signature:
        """Who saves now. The author label names person and house, as a conflict shows it."""
        author = f"{self.user}, {self.identity.name}"
        return Signature(author, stamp(self.milliseconds), lambda: self.rooms.random(WID_BYTES))

    def new_id(self) -> bytes:
        """A fresh record id: UUIDv4, because a time-ordered one would show when she came."""
        return uuid.UUID(bytes=self.rooms.random(16), version=4).bytes

    def upwards(self, row: Row) -> Iterator[Row]:
        """A record, what it stands under, and so on; a ring of parents ends where it closes."""
        above: Row | None = row
        passed: set[bytes] = set()
        while above is not None and above.rid not in passed:
            yield above
            passed.add(above.rid)
            above = self.store.row(above.parent) if above.parent is not None else None

    def log(self, action: Action, rid: bytes | None = None, keys: tuple[str, ...] = ()) -> None:
        """Append to the audit chain what was done, by whom, to which fields."""
        self.log_all(action, ((rid, keys),))

    def log_all(self, action: Action, done: Iterable[tuple[bytes | None, tuple[str, ...]]]) -> None:
        """Append that the same was done to many records, each with its fields."""
        user, now = self.user, self.milliseconds
        self.store.ledger.log_all(Event(user, now, action, rid, keys) for rid, keys in done)


@dataclass(frozen=True, slots=True)
class House:
    """Whose desk is founded: by its name, and for another laptop of a house by its id as well."""

    name: str
    organisation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a service changed: pages that show one of these types or records read again."""

    types: frozenset[str] = frozenset()
    rids: frozenset[bytes] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        rids = self.rids | other.rids if other.rids else self.rids  # many are not copied
        return Changes(self.types | other.types, rids)


@cache
def _rights(roles: frozenset[Role]) -> frozenset[Right]:
    return rights_of(roles)


def found_desk(store: "Store", house: House, user: str, rooms: Rooms) -> Desk:
    """A desk in a new store: our organisation's record, our keys and our epoch are made.

    Whoever makes it holds all roles. Another laptop of a house writes its name alone, as the first
    one did, so that the two are never in conflict about it.
    """
    store.count_days_by(lambda: rooms.clock.now().date())
    new = Desk(store, _fresh(house, rooms.random), shown(user), rooms, ALL_ROLES)
    identity = new.identity
    values = {"name": house.name}
    if house.organisation is None:
        values["confidentiality"] = "partners_only"
    changes = wire_changes(type_name(Organisation), values)
    state = amend(EMPTY, changes, (), new.signature)
    with store.transaction():
        for key in IDENTITY:
            store.set_setting(key, getattr(identity, key))
        store.put(Row(identity.organisation, "organisation", None, identity.organisation, state))
        new.log(Action.KEYS)
        _enter_first(new)
    return new


def complete_house(
    store: "Store", house: House, lent: Mapping[str, bytes], own: Row | None, rooms: Rooms
) -> None:
    """Give a store what it lacks to be a desk's: what is `lent`, else new keys and a bare name.

    `own` is the house's record as a backup has it. Raises KfdeskError `store.disk`.
    """
    fresh = _fresh(house, rooms.random)
    with store.transaction():
        for key in IDENTITY:
            if store.setting(key) is None:
                store.set_setting(key, lent.get(key) or getattr(fresh, key))
        rid = store.setting("organisation") or b""
        if store.row(rid) is None:
            now = stamp(int(rooms.clock.now().timestamp() * 1000))
            by = Signature(house.name, now, lambda: rooms.random(WID_BYTES))
            changes = wire_changes(type_name(Organisation), {"name": house.name})
            bare = Row(rid, "organisation", None, rid, amend(EMPTY, changes, (), by))
            store.put(own if own is not None and own.rid == rid else bare)


def open_desk(store: "Store", user: str, rooms: Rooms) -> Desk:
    """The desk in an opened store, with the roles that its user holds.

    A store from before there were users has one, who holds all roles. Raises KfdeskError
    `store.damaged` if the desk's keys are missing, and `store.wrong_passphrase` for one who was
    removed or never entered: an old copy of the slots still opens the store, but not the desk.
    """
    kept = {key: store.setting(key) for key in IDENTITY}
    own = store.row(kept["organisation"] or b"")
    if own is None or not all(kept.values()):
        raise KfdeskError("store.damaged")
    store.count_days_by(lambda: rooms.clock.now().date())
    name = view(own, Organisation).record.name
    identity = _identity(store, str(name), {key: value or b"" for key, value in kept.items()})
    users = {one.initials: one for one in store.ledger.users()}
    if not users:
        desk = Desk(store, identity, shown(user), rooms, ALL_ROLES)
        with store.transaction():
            _enter_first(desk)
        return desk
    known = users.get(fold(user))
    if known is None or known.removed is not None:
        raise KfdeskError("store.wrong_passphrase")
    return Desk(store, identity, shown(user), rooms, known.roles)


def keep_place(desk: Desk, place: str) -> None:
    """Keep where this user was in the window, for `take_place`; inside the store, so encrypted.

    Raises KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        desk.store.set_setting(f"resume.{desk.user}", place.encode())


def take_place(desk: Desk) -> str:
    """Where this user was when the store was locked, once; empty if that is not known.

    Raises KfdeskError `store.disk`.
    """
    kept = desk.store.setting(f"resume.{desk.user}")
    if kept:
        keep_place(desk, "")
    return (kept or b"").decode()


def check_desk(desk: Desk, progress: Progress | None = None) -> None:
    """Read the whole store, and believe nothing. Writes nothing.

    Raises KfdeskError `store.unsound` with all that is not as it was written (`found`, short codes
    with spaces between them), or `work.cancelled`.
    """
    wrong = desk.store.verify(progress.step if progress else None)
    if wrong:
        raise KfdeskError("store.unsound", found=" ".join(code.replace(" ", "_") for code in wrong))


def _identity(store: "Store", name: str, kept: Mapping[str, bytes]) -> Identity:
    return Identity(
        kept["organisation"],
        name,
        kept["device"],
        kept["sign_seed"],
        kept["age_secret"],
        kept["epoch"],
        int.from_bytes(store.setting(GENERATION) or b"\1", "big"),
        _secrets(store.setting(FORMER) or b""),
        _secrets(store.setting(FORMER_SEEDS) or b""),
    )


def _secrets(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[i : i + _SECRET_BYTES] for i in range(0, len(joined), _SECRET_BYTES))


def _enter_first(desk: Desk) -> None:
    """Enter the first user; without slots, as in a trial, there is nobody to enter."""
    slot = desk.rooms.keys.slot_of(desk.user) if desk.rooms.keys is not None else None
    if slot is not None:
        user = User(fold(desk.user), slot, ALL_ROLES, desk.milliseconds)
        desk.store.ledger.set_user(user)


def _fresh(house: House, random: Random) -> Identity:
    organisation = house.organisation or uuid.UUID(bytes=random(16), version=4).bytes
    return Identity(organisation, house.name, random(16), random(32), random(32), random(16))
