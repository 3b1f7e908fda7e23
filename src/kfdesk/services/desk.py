# SPDX-License-Identifier: GPL-3.0-or-later
"""The open desk: what every service works with, and the report of what it changed.

A Desk is handed to each service; there is no other way to a store. It holds no record.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from kfdesk.domain.desk.exchange import Identity
from kfdesk.domain.desk.log import Action, Event
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import Row, view, wire_changes
from kfdesk.domain.schema import type_name
from kfdesk.domain.writes import EMPTY, WID_BYTES, Signature, amend, stamp
from kfdesk.services.ports import Bundles, Clock, Papers, Store

Random = Callable[[int], bytes]
_IDENTITY = ("organisation", "device", "sign_seed", "age_secret", "epoch")


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms below and the machine, as `app.py` puts them together."""

    bundles: Bundles
    papers: Papers
    clock: Clock
    random: Random


@dataclass(frozen=True, slots=True)
class Desk:
    """An open store, who we are, who sits before it, and the rooms that services use."""

    store: Store = field(repr=False)
    identity: Identity
    user: str
    rooms: Rooms = field(repr=False)

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

    def log(self, action: Action, rid: bytes | None = None, keys: tuple[str, ...] = ()) -> None:
        """Append to the audit chain what was done, by whom, to which fields."""
        self.store.ledger.log(Event(self.user, self.milliseconds, action, rid, keys))


@dataclass(frozen=True, slots=True)
class Changes:
    """What a service changed: pages that show one of these types or records read again."""

    types: frozenset[str] = frozenset()
    rids: frozenset[bytes] = frozenset()

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.types | other.types, self.rids | other.rids)


def found_desk(store: Store, name: str, user: str, rooms: Rooms) -> Desk:
    """A desk in a new store: our organisation's record, our keys and our epoch are made."""
    new = Desk(store, _fresh(name, rooms.random), user, rooms)
    identity = new.identity
    values = {"name": name, "confidentiality": "partners_only"}
    changes = wire_changes(type_name(Organisation), values)
    state = amend(EMPTY, changes, (), new.signature)
    with store.transaction():
        for key in _IDENTITY:
            store.set_setting(key, getattr(identity, key))
        store.put(Row(identity.organisation, "organisation", None, identity.organisation, state))
        new.log(Action.KEYS)
    return new


def open_desk(store: Store, user: str, rooms: Rooms) -> Desk:
    """The desk in an opened store. Raises KfdeskError `store.damaged` if its keys are missing."""
    kept = {key: store.setting(key) for key in _IDENTITY}
    own = store.row(kept["organisation"] or b"")
    if own is None or not all(kept.values()):
        raise KfdeskError("store.damaged")
    name = view(own, Organisation).record.name
    identity = Identity(name=str(name), **{key: value or b"" for key, value in kept.items()})
    return Desk(store, identity, user, rooms)


def _fresh(name: str, random: Random) -> Identity:
    organisation = uuid.UUID(bytes=random(16), version=4).bytes
    return Identity(organisation, name, random(16), random(32), random(32), random(16))
