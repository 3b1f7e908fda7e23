# SPDX-License-Identifier: GPL-3.0-or-later
"""The session: an open store with its identity, current user and adapters.

Every service takes a `Session` first. It carries the rights of the user, the clock, and
the helpers that each save needs: signature, new ids and rows, entries of the audit log. This
module also creates and opens sessions, and judges whether the clock is plausible. It knows
no plan, no file and no screen.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol
from zoneinfo import ZoneInfo

from kfdesk.domain.accounts import (
    ALL_ROLES,
    Credentials,
    Right,
    Role,
    User,
    fold_initials,
    format_initials,
    rights_of,
)
from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.authority import NONCE_BYTES, make_record_id
from kfdesk.domain.calendar import CalendarEntry
from kfdesk.domain.case_sheet import SheetRows
from kfdesk.domain.directory import ExportSelection, FileKind, ParsedFile, ParseOptions
from kfdesk.domain.disclosure import DisclosureBasis
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Identity
from kfdesk.domain.network import Circle, circles_of, former_members
from kfdesk.domain.network_work import transfer_tools
from kfdesk.domain.records.directory import Membership, Network, Organisation
from kfdesk.domain.records.network import Agreement
from kfdesk.domain.registers import EMPTY_STATE, WID_BYTES, WriteContext, apply_changes, next_hlc
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.schema import type_name
from kfdesk.domain.version import RELEASE_DAY

if TYPE_CHECKING:
    from kfdesk.bundle.files import BundleFiles
    from kfdesk.decoder.client import AttachmentDecoder
    from kfdesk.documents.papers import Papers
    from kfdesk.domain.local_times import PlaceLookup
    from kfdesk.formats.book_files import BookFiles
    from kfdesk.formats.procedures import ProcedureFiles
    from kfdesk.i18n.client_texts import ClientTexts
    from kfdesk.storage.keyring import Keyring
    from kfdesk.storage.store import Store
    from kfdesk.system.updates import ProgramUpdates


RandomBytes = Callable[[int], bytes]
ProgressCallback = Callable[[int, int], None]
CancelCheck = Callable[[], None]
"""Raises KfdeskError `work.cancelled` once the user has cancelled; any thread may call it."""
TestRestore = Callable[
    [Path, Credentials, Callable[[int, int], None]], tuple[Path, Mapping[str, int]]
]
IDENTITY_SETTINGS = ("organisation", "device", "sign_seed", "age_secret", "epoch")
INVITER_KEY = "inviter_key"
"""The setting with the signing key of the laptop of ours that invited this one."""
CARD_GENERATION, FORMER_SECRETS, FORMER_SEEDS = "card_generation", "former_secrets", "former_seeds"
"""Further settings, which a store has once its keys were rotated."""
_SECRET_BYTES = 32


class Clock(Protocol):
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the time now, aware, in the computer's zone."""

    def drift(self) -> timedelta:
        """Return how far the wall clock has moved from the elapsed time."""


class CalendarWriter(Protocol):
    """The writer of calendar files."""

    def __call__(
        self, entries: Iterable[CalendarEntry], made: datetime, *, rings: bool = False
    ) -> bytes:
        """Return the file, made at the time given; `rings`: each entry has a reminder."""


class Progress(Protocol):
    """Receiver of a long service's progress; it also says when to stop."""

    def step(self, done: int, of: int) -> None:
        """Report that `done` of `of` parts are done. Raise KfdeskError `work.cancelled` to stop."""


def progress_callback(progress: Progress | None) -> ProgressCallback:
    """Return the callback of `progress`; for None, one that does nothing."""
    return progress.step if progress is not None else _ignore_progress


def cancel_check(progress: Progress | None, done: int = 0, of: int = 0) -> CancelCheck:
    """Return a check that reports `done` of `of` parts to `progress` again and again."""
    return partial(progress_callback(progress), done, of)


def _ignore_progress(_done: int, _of: int) -> None:
    """Do nothing: no caller wants to know the progress."""


@dataclass(frozen=True)
class Adapters:
    """The lower layers and the environment that services use, as `app.py` puts them together."""

    bundles: "BundleFiles"
    clock: Clock
    random: RandomBytes
    load_papers: Callable[[], "Papers"] = field(repr=False)
    load_client_texts: Callable[[], "ClientTexts"] = field(repr=False)
    attached: "AttachmentDecoder" = field(repr=False)
    """Decodes attachments, each in a child without keys."""
    read_contact_files: Callable[[Mapping[str, bytes], ParseOptions, CancelCheck], ParsedFile] = (
        field(repr=False)
    )
    write_contact_file: Callable[[FileKind, Iterable[ExportSelection], BinaryIO], int] = field(
        repr=False
    )
    read_sheet: Callable[[bytes, str, CancelCheck], SheetRows] = field(repr=False)
    """Reads a table file, CSV or XLSX, in an encoding, or "" to detect it."""
    write_workbook: Callable[[Iterable[Sequence[str]], BinaryIO], None] = field(repr=False)
    """Writes rows of texts, the titles first, as a workbook."""
    write_calendar: "CalendarWriter" = field(repr=False)
    """Returns a calendar file, made at the time given."""
    procedures: "ProcedureFiles" = field(repr=False)
    """Reads and writes procedures as files."""
    book: "BookFiles" = field(repr=False)
    """Reads and writes articles of the book as files."""
    places: "PlaceLookup" = field(repr=False)
    """Knows the time zones of places and countries."""
    updates: "ProgramUpdates" = field(repr=False)
    """Checks and installs newer versions of the program."""
    keys: "Keyring | None" = field(default=None, repr=False)
    words: Callable[[str], tuple[str, ...]] = field(default=lambda _code: (), repr=False)
    """Returns the word list of a language, from which passphrases are drawn."""
    sticks: Callable[[], tuple[Path, ...]] = field(default=lambda: (), repr=False)
    """Returns the folders of the removable media that are plugged in."""
    test_restore: "TestRestore | None" = field(default=None, repr=False)
    """Restores a backup to a temporary place, verifies it and deletes the copy."""
    arrived: Callable[[], tuple[Path, ...]] = field(default=lambda: (), repr=False)
    """Returns the exchange files and cards on sticks and in the downloads folder."""

    @cached_property
    def papers(self) -> "Papers":
        """The producer of papers as PDF."""
        return self.load_papers()

    @cached_property
    def client_texts(self) -> "ClientTexts":
        """The client's papers in each language, and who has read each text."""
        return self.load_client_texts()


@dataclass(frozen=True, slots=True)
class Session:
    """An open, authenticated store: our identity, the current user, and the adapters."""

    store: "Store" = field(repr=False)
    identity: Identity
    user: str
    adapters: Adapters = field(repr=False)
    roles: frozenset[Role] = frozenset()
    opened: set[bytes] = field(default_factory=set, repr=False, compare=False)
    """Other users' plans that were opened with a reason; forgotten at the lock."""
    viewed: dict[tuple[str, bytes], int] = field(default_factory=dict, repr=False, compare=False)
    """The time at which each user's view of a record was last entered in the audit log."""

    restored: dict[tuple[int, bytes], tuple[int, bytes]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """The write by which an undo restored the value of an earlier write."""
    renamed: dict[tuple[int, bytes], tuple[int, bytes]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """The write that stands for an earlier one since the clock was confirmed."""
    confirmed: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """How far the clock had leapt, in milliseconds, when a person confirmed it (`drift`)."""

    def may(self, right: Right) -> bool:
        """Return whether the current user's roles include a right."""
        return right in _rights(self.roles)

    def require(self, *rights: Right) -> None:
        """Require one of these rights. Raise KfdeskError `user.not_allowed`."""
        if not any(map(self.may, rights)):
            raise KfdeskError("user.not_allowed", right=rights[0])

    @property
    def milliseconds(self) -> int:
        """The time now: milliseconds since 1970, UTC."""
        return int(self.adapters.clock.now().timestamp() * 1000)

    @property
    def stamp_milliseconds(self) -> int:
        """The time now for a stamp: milliseconds since 1970, UTC.

        While the clock has leapt ahead and nobody has confirmed it, time goes by what has passed.
        """
        leap = _unconfirmed_leap(self)
        return self.milliseconds - (leap if leap > _LEAP else 0)

    @property
    def signature(self) -> WriteContext:
        """The signature of a save now; its author label names user and organisation."""
        author = f"{self.user}, {self.identity.name}"
        return WriteContext(
            author, next_hlc(self.stamp_milliseconds), lambda: self.adapters.random(WID_BYTES)
        )

    def disclosure_basis(self, consents: Sequence[Row] = ()) -> DisclosureBasis:
        """Return what a disclosure is decided on now, with these consents."""
        now, own = self.adapters.clock.now(), self.identity.organisation
        circles, former = self.members()
        return DisclosureBasis(consents, now, own, circles, self.transfer_tools(), former)

    def circles(self) -> Mapping[bytes, Circle]:
        """Return the networks that we take part in today, by id."""
        return self.members()[0]

    def members(self) -> tuple[Mapping[bytes, Circle], Mapping[bytes, frozenset[bytes]]]:
        """Return the networks that we take part in today, and the former members of each network.

        Both are by the id of the network.
        """
        networks = [view(row, Network) for row in self.store.rows("network")]
        if not networks:
            return {}, {}
        own, today = self.identity.organisation, self.adapters.clock.now().date()
        members = [view(row, Membership) for row in self.store.rows("membership")]
        circles = circles_of(networks, members, today, own)
        return circles, former_members(networks, members, circles, own)

    def transfer_tools(self) -> Mapping[bytes, bool]:
        """Return for each partner with an agreement named as its transfer tool if one is in force.

        GDPR articles 44 to 46; the agreements are those of kind `data_sharing`.
        """
        today = self.adapters.clock.now().date()
        rows = self.store.rows("agreement")
        return transfer_tools((view(row, Agreement) for row in rows), today) if rows else {}

    def new_id(self) -> bytes:
        """Return a new record id, bound to us; a time-ordered one would show when a client came."""
        return make_record_id(self.identity.organisation, self.adapters.random(NONCE_BYTES))

    def new_row(self, record_type: str, parent: bytes | None, rid: bytes | None = None) -> Row:
        """Return an empty row of a new record of ours, with a new id unless `rid` is given."""
        own = self.identity.organisation
        return Row(rid or self.new_id(), record_type, parent, own, EMPTY_STATE)

    def self_and_ancestors(self, row: Row) -> Iterator[Row]:
        """Yield a record, its parent, and so on; stop where parents form a cycle."""
        above: Row | None = row
        passed: set[bytes] = set()
        while above is not None and above.rid not in passed:
            yield above
            passed.add(above.rid)
            above = self.store.row(above.parent) if above.parent is not None else None

    def log(self, action: Action, rid: bytes | None = None, keys: tuple[str, ...] = ()) -> None:
        """Append to the audit log what the current user did, to which record and fields."""
        self.log_all(action, ((rid, keys),))

    def log_all(self, action: Action, done: Iterable[tuple[bytes | None, tuple[str, ...]]]) -> None:
        """Append the same action for many records, each with its fields."""
        user, now = self.user, self.milliseconds
        self.store.ledger.log_all(AuditEvent(user, now, action, rid, keys) for rid, keys in done)


@cache
def _rights(roles: frozenset[Role]) -> frozenset[Right]:
    return rights_of(roles)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes made by a service: pages that show one of these types or records read again."""

    types: frozenset[str] = frozenset()
    rids: frozenset[bytes] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        rids = self.rids | other.rids if other.rids else self.rids  # many are not copied
        return Changes(self.types | other.types, rids)


# --- creating and opening


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """The organisation of a store: its name, and its id if it has other laptops already.

    `inviter` is the signing key of the laptop whose invitation the store is set up from.
    """

    name: str
    organisation: bytes | None = None
    inviter: bytes = b""


def create_session(store: "Store", house: OrganisationRef, user: str, rooms: Adapters) -> Session:
    """Create the session of a new store: our organisation's record, our keys and our epoch.

    Its first user holds all roles. Another laptop of an organisation writes only the name, as
    the first one did, so that the two never conflict about it.
    """
    store.set_calendar(lambda: rooms.clock.now().date())
    new = Session(
        store,
        new_identity(house.name, house.organisation, rooms.random),
        format_initials(user),
        rooms,
        ALL_ROLES,
    )
    identity = new.identity
    values = {"name": house.name}
    if house.organisation is None:
        values["confidentiality"] = "partners_only"
    changes = encode_changes(type_name(Organisation), values)
    state = apply_changes(EMPTY_STATE, changes, (), new.signature)
    with store.transaction():
        for key in IDENTITY_SETTINGS:
            store.set_setting(key, getattr(identity, key))
        if house.inviter:
            store.set_setting(INVITER_KEY, house.inviter)
        store.put(Row(identity.organisation, "organisation", None, identity.organisation, state))
        new.log(Action.KEYS)
        _add_first_user(new)
    return new


def complete_identity(
    store: "Store",
    house: OrganisationRef,
    lent: Mapping[str, bytes],
    own: Row | None,
    rooms: Adapters,
) -> None:
    """Fill in the identity that a store lacks: from `lent`, else with new keys and a bare name.

    `own` is the organisation's record from a backup. Raise KfdeskError `store.disk`.
    """
    fresh = new_identity(house.name, house.organisation, rooms.random)
    with store.transaction():
        for key in IDENTITY_SETTINGS:
            if store.setting(key) is None:
                store.set_setting(key, lent.get(key) or getattr(fresh, key))
        rid = store.setting("organisation") or b""
        if store.row(rid) is None:
            now = next_hlc(int(rooms.clock.now().timestamp() * 1000))
            by = WriteContext(house.name, now, lambda: rooms.random(WID_BYTES))
            changes = encode_changes(type_name(Organisation), {"name": house.name})
            bare = Row(rid, "organisation", None, rid, apply_changes(EMPTY_STATE, changes, (), by))
            store.put(own if own is not None and own.rid == rid else bare)


def open_session(store: "Store", user: str, rooms: Adapters) -> Session:
    """Return the session of an opened store, with the roles of its user.

    A store from before there were users has one user, who holds all roles. Raise KfdeskError
    `store.damaged` if our keys are missing, and `store.wrong_passphrase` for a user who was
    removed or never added: an old copy of the key slots still opens the store, but gives no
    session.
    """
    kept = {key: store.setting(key) for key in IDENTITY_SETTINGS}
    own = store.row(kept["organisation"] or b"")
    if own is None or not all(kept.values()):
        raise KfdeskError("store.damaged")
    zone = _zone_of(view(own, Organisation).record, rooms.places)
    rooms = replace(rooms, clock=HomeClock(rooms.clock, zone))
    store.set_calendar(lambda: rooms.clock.now().date())
    name = view(own, Organisation).record.name
    identity = _read_identity(store, str(name), {key: value or b"" for key, value in kept.items()})
    users = {one.initials: one for one in store.ledger.users()}
    if not users:
        desk = Session(store, identity, format_initials(user), rooms, ALL_ROLES)
        with store.transaction():
            _add_first_user(desk)
        return desk
    known = users.get(fold_initials(user))
    if known is None or known.removed is not None:
        raise KfdeskError("store.wrong_passphrase")
    return Session(store, identity, format_initials(user), rooms, known.roles)


class HomeClock:
    """The machine's clock, told in the organisation's zone, if it has one: its midnight counts.

    So the same day is today on each of its computers, whatever zone a computer is set to.
    """

    def __init__(self, machine: Clock, zone: str) -> None:
        self.machine: Clock = machine.machine if isinstance(machine, HomeClock) else machine
        self.zone = zone

    def now(self) -> datetime:
        """Return the time now, aware, in the organisation's zone."""
        now = self.machine.now()
        return now.astimezone(ZoneInfo(self.zone)) if self.zone else now

    def drift(self) -> timedelta:
        """Return how far the machine's clock has moved from the time passed since the start."""
        return self.machine.drift()


def follow_own_place(desk: Session) -> str:
    """Follow the zone of our own entry, which may have got another town. Return the desk's zone."""
    own, clock = desk.store.row(desk.identity.organisation), desk.adapters.clock
    if own is not None and isinstance(clock, HomeClock):
        clock.zone = _zone_of(view(own, Organisation).record, desk.adapters.places)
    return desk_zone(desk)


def _zone_of(own: Organisation, places: "PlaceLookup") -> str:
    """Return the zone of our organisation, by its town, else by its country; empty in doubt."""
    country = own.country if isinstance(own.country, str) else ""
    town = own.city if isinstance(own.city, str) else ""
    zones = places.zones_of_country(country) if country else ()
    if len(zones) != 1:  # a country of one clock needs no list of places: 0.1 s at each unlock
        zones = places.zones_of_place(town, (country,)) or zones
    return zones[0] if len(zones) == 1 else ""


def save_resume_state(desk: Session, place: str) -> None:
    """Save where this user was in the window, for `pop_resume_state`; in the store, so encrypted.

    Raise KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        desk.store.set_setting(f"resume.{desk.user}", place.encode())


def pop_resume_state(desk: Session) -> str:
    """Return and forget where this user was when the store was locked; empty if unknown.

    Raise KfdeskError `store.disk`.
    """
    kept = desk.store.setting(f"resume.{desk.user}")
    if kept:
        save_resume_state(desk, "")
    return (kept or b"").decode()


def verify_store(
    desk: Session, progress: Progress | None = None, *, is_short: bool = False
) -> None:
    """Verify the whole store, without trusting anything in it. Write nothing.

    The short form is for idle time: it can be stopped within milliseconds. Raise KfdeskError
    `store.mixed` if rows of an earlier time stand among those of today; `store.unsound` with
    everything else that differs from what was written (`found`, short codes separated by
    spaces); or `work.cancelled`.
    """
    wrong = desk.store.verify(progress.step if progress else None, is_short=is_short)
    if set(wrong) == {"mixed"}:
        raise KfdeskError("store.mixed")
    if wrong:
        raise KfdeskError("store.unsound", found=" ".join(code.replace(" ", "_") for code in wrong))


def _read_identity(store: "Store", name: str, kept: Mapping[str, bytes]) -> Identity:
    return Identity(
        kept["organisation"],
        name,
        kept["device"],
        kept["sign_seed"],
        kept["age_secret"],
        kept["epoch"],
        int.from_bytes(store.setting(CARD_GENERATION) or b"\1", "big"),
        _split_secrets(store.setting(FORMER_SECRETS) or b""),
        _split_secrets(store.setting(FORMER_SEEDS) or b""),
    )


def _split_secrets(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[i : i + _SECRET_BYTES] for i in range(0, len(joined), _SECRET_BYTES))


def _add_first_user(desk: Session) -> None:
    """Add the first user; without key slots, as in a trial, there is none to add."""
    slot = desk.adapters.keys.slot_of(desk.user) if desk.adapters.keys is not None else None
    if slot is not None:
        user = User(fold_initials(desk.user), slot, ALL_ROLES, desk.milliseconds)
        desk.store.ledger.set_user(user)


def new_identity(name: str, organisation: bytes | None, random: RandomBytes) -> Identity:
    """Return an identity with a new device, keys and epoch; without an organisation, a new one."""
    organisation = organisation or uuid.UUID(bytes=random(16), version=4).bytes
    return Identity(organisation, name, random(16), random(32), random(32), random(16))


HOME_ZONE = "Europe/Stockholm"
"""The zone of a desk whose computer names none: nobody lives by the clock of UTC."""


def desk_zone(desk: Session) -> str:
    """Return the organisation's zone: of its town or country, else the computer's, else HOME_ZONE.

    The computer's counts if it has a city.
    """
    rules = desk.adapters.clock.now().tzinfo
    zone = rules.key if isinstance(rules, ZoneInfo) else ""
    return zone if "/" in zone and not zone.startswith("Etc/") else HOME_ZONE


# --- the clock
#
# Consents expire and telephones are verified by the clock, so a wrong clock could allow what is
# forbidden. While it is in doubt, sending and printing wait until a person has confirmed it;
# reading and writing never wait.

_CONFIRMED, _DRIFT = "clock_confirmed", "drift"
_SLACK = 10 * 60 * 1000  # milliseconds; clocks are corrected by a few minutes now and then
_LEAP = 48 * 3600 * 1000  # milliseconds


def clock_doubt(desk: Session) -> str | None:
    """Return why the clock is in doubt: `before_release`, `before_audit` or `leapt`; else None.

    `leapt`: wall clock and elapsed time differ by more than 48 hours since the store was
    opened, or since a person confirmed the clock. A clock before the release may be confirmed for
    48 hours. To confirm a clock that went back settles that until it goes back again.
    """
    now = desk.milliseconds
    confirmed = int.from_bytes(desk.store.setting(_CONFIRMED) or b"", "big")
    is_confirmed = confirmed and 0 <= now - confirmed < _LEAP
    released = datetime(RELEASE_DAY.year, RELEASE_DAY.month, RELEASE_DAY.day, tzinfo=UTC)
    if now < int(released.timestamp() * 1000) - _LEAP and not is_confirmed:
        return "before_release"
    newest = desk.store.ledger.newest_entry()
    if newest is not None and now < newest - _SLACK:
        return "before_audit"
    if abs(_unconfirmed_leap(desk)) > _LEAP and not is_confirmed:
        return "leapt"
    return None


def _unconfirmed_leap(desk: Session) -> int:
    """Return how far the clock has leapt, in milliseconds, since a person confirmed it, or ever."""
    leap = int(desk.adapters.clock.drift().total_seconds() * 1000)
    return leap - desk.confirmed.get(_DRIFT, 0)


def require_plausible_clock(desk: Session) -> None:
    """Require a clock that is not in doubt.

    Raise KfdeskError `clock.before_release`, `clock.before_audit` or `clock.leapt`.
    """
    doubt = clock_doubt(desk)
    if doubt is not None:
        raise KfdeskError(f"clock.{doubt}")


def keep_confirmation(desk: Session, until: int | None) -> None:
    """Keep that a person has confirmed the clock; call inside a transaction.

    `until` is the latest time in the trail, in ms since 1970, if it lies ahead.
    """
    desk.store.set_setting(_CONFIRMED, desk.milliseconds.to_bytes(8, "big"))
    desk.log(Action.CLOCK, keys=(str(until),) if until is not None else ())
    desk.confirmed[_DRIFT] = int(desk.adapters.clock.drift().total_seconds() * 1000)
