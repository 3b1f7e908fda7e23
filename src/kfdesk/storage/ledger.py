# SPDX-License-Identifier: GPL-3.0-or-later
"""The books of a store: audit chain, what went to whom, partners, and the order of bundles.

Field names and ids, never values. The audit chain is append-only and each entry's hash covers the
one before; whoever holds the data key can rewrite it, so its head also leaves in every bundle.
"""

import json
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import msgspec

from kfdesk.domain.desk.exchange import Direction, Mark, Partner, PartnerState
from kfdesk.domain.desk.log import KINDS, Action, Entry, Event, Kind
from kfdesk.domain.desk.users import Role, User
from kfdesk.domain.disclosure import Channel
from kfdesk.storage.driver import Connection, reading
from kfdesk.storage.exchanges.entries import Ids, entry_cells, entry_of, holds

NO_HASH = bytes(32)
_LAST = 2**63 - 1  # no entry has this number
_LATEST = "audit_latest"
_NEWEST = 500  # entries; more are hardly written in the minutes that are asked about


class Ledger:
    """The books, on the store's connection; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # audit

    def log(self, event: Event) -> None:
        """Append to the audit chain."""
        self.log_all((event,))

    def log_all(self, events: Iterable[Event]) -> None:
        """Append many events, in their order; one of them is in memory at a time."""
        previous, latest = self.audit_head(), None

        def chained() -> Iterator[tuple[object, ...]]:
            nonlocal previous, latest
            for event in events:
                keys, action = _keys(event.keys), str(event.action)  # a code costs the driver more
                entry = (event.milliseconds, event.user, action, event.rid, keys)
                before, previous = previous, link(previous, entry)
                yield (*entry, before, previous)
                if latest is None or event.milliseconds > latest.milliseconds:
                    latest = event

        self._connection.executemany(
            "INSERT INTO audit (at, user, action, rid, keys, previous, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            chained(),
        )
        if latest is not None:
            self._note_latest(latest)

    def _note_latest(self, event: Event) -> None:
        """Keep the latest time of all entries, or since a person has set the clock right.

        Else the first entry under a clock that has gone back would hide that it has.
        """
        later = "excluded.value" if event.action is Action.CLOCK else "max(value, excluded.value)"
        self._connection.execute(
            f"INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = {later}",
            (_LATEST, event.milliseconds.to_bytes(8, "big")),
        )

    @reading()
    def audit_head(self) -> bytes:
        """The hash of the newest audit entry; zeros if there is none."""
        found = self._connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")
        row = found.fetchone()
        return bytes(row[0]) if row else NO_HASH

    @reading()
    def newest_entry(self) -> int | None:
        """The latest time in the audit chain, since the clock was confirmed: ms since 1970, UTC."""
        kept = self._connection.execute("SELECT value FROM setting WHERE key = ?", (_LATEST,))
        if (latest := kept.fetchone()) is not None:
            return int.from_bytes(latest[0], "big")
        found = self._connection.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        return int(found[0]) if found else None

    @reading()
    def events(
        self, before: int | None, limit: int, kind: Kind | None = None
    ) -> tuple[tuple[int, Event], ...]:
        """Audit entries with their numbers, newest first, of one kind or of all.

        At most `limit`, those with a number below `before`; None begins at the newest.
        """
        actions = [action for action, its in KINDS.items() if its is kind]
        of_kind = f"AND action IN ({', '.join('?' * len(actions))})" if actions else ""
        rows = self._connection.execute(
            "SELECT id, user, at, action, rid, keys FROM audit WHERE id < ? "
            f"{of_kind} ORDER BY id DESC LIMIT ?",
            (_LAST if before is None else before, *actions, limit),
        )
        return tuple(
            (number, Event(user, at, Action(action), rid, tuple(json.loads(keys))))
            for number, user, at, action, rid, keys in rows
        )

    @reading()
    def was_viewed(self, user: str, rid: bytes, since: int) -> bool:
        """Whether this user has looked at this record since a time (ms since 1970, UTC).

        Asks the newest entries alone; an older one than those is of no use here.
        """
        found = self._connection.execute(
            "SELECT 1 FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?) "
            "WHERE user = ? AND rid = ? AND action = ? AND at > ? LIMIT 1",
            (_NEWEST, user, rid, Action.VIEW, since),
        )
        return found.fetchone() is not None

    def verify(self) -> tuple[str, ...]:
        """`audit:` with the number of the first entry that breaks the chain, else nothing."""
        previous = NO_HASH
        rows = self._connection.execute(
            "SELECT id, at, user, action, rid, keys, previous, hash FROM audit ORDER BY id"
        )
        for number, *entry, before, digest in rows:
            if before != previous or digest != link(previous, tuple(entry)):
                return (f"audit:{number}",)
            previous = digest
        return ()

    # what went to whom

    def enter(self, entries: Iterable[Entry]) -> None:
        """Write down what went to whom; one entry is in memory at a time."""
        self._connection.executemany(
            "INSERT INTO disclosure (at, rid, type, recipient, channel, consents, writes, target) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (entry_cells(entry) for entry in entries),
        )

    @reading()
    def entries(self, recipient: bytes, channel: str | None = None) -> tuple[Entry, ...]:
        """What this recipient was given, by one channel or by all, oldest first."""
        rows = self._connection.execute(
            "SELECT rid, type, recipient, channel, consents, writes, target, at "
            "FROM disclosure WHERE recipient = ? AND channel = coalesce(?, channel) ORDER BY id",
            (recipient, channel),
        )
        return tuple(entry_of(row) for row in rows)

    @reading()
    def about(self, rids: Iterable[bytes]) -> tuple[Entry, ...]:
        """What of these records went to anybody, oldest first."""
        asked = (
            "SELECT rid, type, recipient, channel, consents, writes, target, at "
            "FROM disclosure WHERE rid = ?"
        )
        entries = (entry_of(row) for rid in rids for row in self._connection.execute(asked, (rid,)))
        return tuple(sorted(entries, key=lambda one: (one.milliseconds, one.target, one.rid)))

    @reading()
    def unanswered(self, recipient: bytes, channel: str, out: Sequence[str]) -> tuple[bytes, ...]:
        """The records entered by one channel since the last entry by one of the channels `out`."""
        marks = ", ".join("?" * len(out))
        rows = self._connection.execute(
            "SELECT DISTINCT rid FROM disclosure WHERE recipient = ? AND channel = ? AND id > "
            "(SELECT coalesce(max(id), 0) FROM disclosure "
            f"WHERE recipient = ? AND channel IN ({marks}))",
            (recipient, channel, recipient, *out),
        )
        return tuple(row[0] for row in rows)

    @reading()
    def given(self, recipient: bytes, channel: str, rids: Sequence[bytes]) -> frozenset[bytes]:
        """Those of these records of which a recipient was ever given something by a channel."""
        rows = self._connection.execute(
            "SELECT DISTINCT rid FROM disclosure "
            f"WHERE rid IN ({', '.join('?' * len(rids))}) AND +recipient = ? AND channel = ?",
            (*rids, recipient, channel),
        )
        return frozenset(row[0] for row in rows)

    @reading()
    def lacking(
        self,
        recipient: bytes,
        channel: str,
        rids: Collection[bytes],
        writes: Callable[[bytes], Mapping[str, Ids]],
    ) -> frozenset[bytes]:
        """Those of these records with a write that a recipient has not said to have.

        `writes` says which a record has; of one that was never given it is not asked.
        """
        entered: dict[bytes, list[bytes]] = {}
        for rid, given in self._connection.execute(
            f"SELECT rid, writes FROM disclosure WHERE rid IN ({', '.join('?' * len(rids))}) "
            "AND +recipient = ? AND channel = ? AND +target IN (SELECT target FROM acknowledged)",
            (*rids, recipient, channel),
        ):
            entered.setdefault(rid, []).append(given)
        had = {rid for rid, given in entered.items() if holds(given, writes(rid))}
        return frozenset(rid for rid in rids if rid not in had)

    @reading()
    def under_way(self, recipient: bytes, channel: str, epoch: bytes) -> frozenset[bytes]:
        """The records that are in a file of an epoch which a recipient has not said to have."""
        targets = self._connection.execute(
            "SELECT digest FROM mark WHERE organisation = ? AND direction = ? AND epoch = ? "
            "AND digest NOT IN (SELECT target FROM acknowledged)",
            (recipient, Direction.OUT, epoch),
        ).fetchall()
        return frozenset(rid for (target,) in targets for rid in self._held(target, channel))

    @reading()
    def is_among(self, target: bytes, channel: str, rids: Container[bytes]) -> bool:
        """Whether all records that were entered with a file are among these."""
        return all(rid in rids for rid in self._held(target, channel))

    def _held(self, target: bytes, channel: str) -> Iterator[bytes]:
        """The records that were entered with a file, one at a time."""
        held = self._connection.execute(
            "SELECT rid FROM disclosure WHERE target = ? AND channel = ?", (target, channel)
        )
        return (rid for (rid,) in held)

    @reading()
    def holders(self, rids: Iterable[bytes]) -> frozenset[tuple[bytes, bytes]]:
        """Which of these records were given to whom, by a file or on paper."""
        found: set[tuple[bytes, bytes]] = set()
        for rid in rids:
            rows = self._connection.execute(
                "SELECT DISTINCT rid, recipient FROM disclosure WHERE rid = ? "
                "AND channel IN (?, ?, ?)",
                (rid, *Channel),
            )
            found.update(rows)
        return frozenset(found)

    @reading()
    def recipients(self, consent: bytes) -> frozenset[bytes]:
        """Who was ever given something under a consent.

        An id is 16 random bytes: the list of ids that has it somewhere has it as a member.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT recipient FROM disclosure WHERE instr(consents, ?) > 0", (consent,)
        )
        return frozenset(row[0] for row in rows)

    # partners

    def set_partner(self, partner: Partner) -> None:
        """Keep a partner, new or changed. Two partners never share a signing key."""
        self._connection.execute(
            "INSERT INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (organisation) DO UPDATE SET name = excluded.name, card = excluded.card, "
            "sign_key = excluded.sign_key, state = excluded.state, "
            "is_third_country = excluded.is_third_country, "
            "has_transfer_tool = excluded.has_transfer_tool, reads = excluded.reads, "
            "is_own = excluded.is_own",
            (
                partner.organisation, partner.name, partner.card, partner.sign_key,
                partner.state, partner.is_third_country, partner.has_transfer_tool,
                json.dumps(partner.reads), partner.is_own,
            ),
        )  # fmt: skip

    @reading()
    def partners(self) -> tuple[Partner, ...]:
        """All partners, by name."""
        rows = self._connection.execute("SELECT * FROM partner ORDER BY name, organisation")
        return tuple(
            Partner(
                organisation, name, card, sign_key, PartnerState(state),
                is_third_country=bool(third), has_transfer_tool=bool(tool),
                reads=tuple(json.loads(reads)), is_own=bool(own),
            )
            for organisation, name, card, sign_key, state, third, tool, reads, own in rows
        )  # fmt: skip

    # who opens the store

    def set_user(self, user: User) -> None:
        """Keep a user, new or changed."""
        self._connection.execute(
            "INSERT INTO user (initials, slot, roles, added, removed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (initials) DO UPDATE SET slot = excluded.slot, roles = excluded.roles, "
            "added = excluded.added, removed = excluded.removed",
            (user.initials, user.slot, json.dumps(sorted(user.roles)), user.added, user.removed),
        )

    @reading()
    def users(self) -> tuple[User, ...]:
        """All who open the store or did, by initials; roles that we do not know are left out."""
        rows = self._connection.execute(
            "SELECT initials, slot, roles, added, removed FROM user ORDER BY initials"
        )
        return tuple(
            User(initials, slot, _roles(roles), added, removed)
            for initials, slot, roles, added, removed in rows
        )

    # the order of bundles

    def mark(self, mark: Mark) -> None:
        """Note that a bundle was made or taken."""
        self._connection.execute(
            "INSERT INTO mark (organisation, direction, epoch, sequence, digest, at, previous, hlc)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                mark.organisation, mark.direction, mark.epoch, mark.sequence, mark.digest,
                mark.milliseconds, mark.previous, mark.hlc,
            ),
        )  # fmt: skip

    @reading()
    def marks(self, organisation: bytes, direction: Direction) -> tuple[Mark, ...]:
        """The bundles made for or taken from a partner, oldest first."""
        rows = self._connection.execute(
            "SELECT epoch, sequence, digest, at, coalesce(previous, x''), hlc FROM mark "
            "WHERE organisation = ? AND direction = ? ORDER BY at, sequence",
            (organisation, direction),
        )
        return tuple(Mark(organisation, direction, *row) for row in rows)

    def acknowledge(self, targets: Sequence[bytes]) -> None:
        """Note that these bundles of ours, by digest, have arrived."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO acknowledged VALUES (?)", [(target,) for target in targets]
        )

    def forget_acknowledged(self, targets: Sequence[bytes]) -> None:
        """Note that these bundles of ours, by digest, are not there after all."""
        self._connection.executemany(
            "DELETE FROM acknowledged WHERE target = ?", [(target,) for target in targets]
        )

    @reading()
    def acknowledged(self) -> frozenset[bytes]:
        """The digests of our bundles that have arrived."""
        rows = self._connection.execute("SELECT target FROM acknowledged")
        return frozenset(row[0] for row in rows)


def _roles(kept: str) -> frozenset[Role]:
    return frozenset(Role(name) for name in json.loads(kept) if name in set(Role))


@lru_cache(maxsize=1024)
def _keys(keys: tuple[str, ...]) -> str:
    """Names of fields as they are kept; most records of a type have the same."""
    return json.dumps(keys) if keys else "[]"


def link(previous: bytes, entry: tuple[object, ...]) -> bytes:
    """The hash of an entry of the audit chain behind another one's."""
    return sha256(previous + msgspec.msgpack.encode(entry)).digest()
