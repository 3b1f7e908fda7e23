# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: audit chain, disclosures, partners, users, and the sequence of bundles.

Field names and ids, never values. The audit chain is append-only, and each entry's hash
covers the entry before. Whoever holds the data key can rewrite it, so its head is also
sent in every bundle.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from itertools import islice

import msgspec

from kfdesk.domain.accounts import Role, User
from kfdesk.domain.audit import (
    ACTION_KINDS,
    ALL_ENTRIES,
    Action,
    ActionKind,
    AuditEvent,
    AuditHead,
    CountedEntries,
    DisclosureEntry,
    FileDisclosures,
)
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import (
    HLC_BITS,
    MAX_AHEAD,
    Acknowledgement,
    Direction,
    EpochFiles,
    Partner,
    PartnerState,
    SequenceMark,
)
from kfdesk.storage.disclosures import (
    COLUMNS,
    DISCLOSED,
    NEWEST,
    NEWEST_SENT,
    NO_CONSENTS,
    DisclosureTables,
    PackedWrites,
    WriteIds,
    covers_writes,
    entry_from_cells,
    packed_keys,
)
from kfdesk.storage.driver import Connection, placeholders, translated_errors

_encoder = msgspec.msgpack.Encoder()
_ids = msgspec.msgpack.Decoder(WriteIds)
_ABOVE_ALL = 2**63 - 1  # no entry has a higher number


class _FileHash:
    """The hash over the disclosures by one file, in their order.

    The audit entry of the file holds it, so that no disclosure can be changed or left out later.
    """

    def __init__(self, target: bytes) -> None:
        self._target = target
        self._count, self._hash = 0, sha256()

    def added(self, entry: DisclosureEntry) -> DisclosureEntry:
        """Add a disclosure, with everything but the file's digest, and return it."""
        what = (entry.rid, entry.type, entry.recipient, entry.consents, entry.writes)
        self._hash.update(_encoder.encode((*what, entry.milliseconds)))
        self._count += 1
        return entry

    @property
    def told(self) -> FileDisclosures:
        """Content of the audit entry of the disclosures so far."""
        return FileDisclosures(self._count, self._hash.digest(), self._target)


NO_HASH = bytes(32)
_MAX_ENTRY_ID = 2**63 - 1  # no entry has this number
_LATEST = "audit_latest"
_VIEW_LOOKBACK = 500  # entries; hardly more are written in the few minutes that matter
_MARK_CELLS = "epoch, sequence, digest, at, coalesce(previous, x''), hlc"
_FILE_TIME = f"iif(hlc >> {HLC_BITS} <= at + {MAX_AHEAD}, hlc, max(at << {HLC_BITS}, 1))"
"""The time of a file: one from the future counts as written on the day it was taken."""
_OF_PARTNER = "organisation = ?1 AND direction = ?2"
_TOLD = "epoch = ?3 AND sequence <= ?4 AND sequence NOT IN (SELECT value FROM json_each(?5))"


class Ledger:
    """The ledger, on the store's connection; write it inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, content: Callable[[], bytes] = bytes) -> None:
        """Initialize; `content` returns the content hash of all rows, for each audit entry."""
        self._connection = connection
        self._content = content

    # audit

    def log(self, event: AuditEvent) -> None:
        """Append an event to the audit chain."""
        self.log_all((event,))

    def log_all(self, events: Iterable[AuditEvent]) -> None:
        """Append many events in order, one in memory at a time."""
        previous, latest = self.audit_head(), None

        def chained() -> Iterator[tuple[object, ...]]:
            nonlocal previous, latest
            for event in events:
                keys, action = _keys_json(event.keys), str(event.action)  # StrEnum: slower
                entry = (event.milliseconds, event.user, action, event.rid, keys)
                before = previous + self._content()
                previous = chain_hash(before, entry)
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

    def _note_latest(self, event: AuditEvent) -> None:
        """Keep the latest time of all entries, or since a user confirmed the clock.

        Otherwise the first entry under a clock that was set back would hide that fact.
        """
        later = "excluded.value" if event.action is Action.CLOCK else "max(value, excluded.value)"
        self._connection.execute(
            f"INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = {later}",
            (_LATEST, event.milliseconds.to_bytes(8, "big")),
        )

    @translated_errors()
    def audit_head(self) -> bytes:
        """Return the hash of the newest audit entry; zeros if there is none."""
        found = self._connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")
        row = found.fetchone()
        return bytes(row[0]) if row else NO_HASH

    @translated_errors()
    def audit_number(self) -> int:
        """Return the number of the newest audit entry; 0 if there is none."""
        found = self._connection.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()
        return int(found[0])

    @translated_errors()
    def has_audit_entry(self, head: AuditHead) -> bool:
        """Return whether the audit chain has this entry with this hash."""
        found = self._connection.execute("SELECT hash FROM audit WHERE id = ?", (head.number,))
        row = found.fetchone()
        return row is not None and bytes(row[0]) == head.digest

    @translated_errors()
    def newest_entry(self) -> int | None:
        """Return the latest audit time since the clock was confirmed, in ms since 1970, UTC."""
        kept = self._connection.execute("SELECT value FROM setting WHERE key = ?", (_LATEST,))
        if (latest := kept.fetchone()) is not None:
            return int.from_bytes(latest[0], "big")
        found = self._connection.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        return int(found[0]) if found else None

    @translated_errors()
    def events(
        self, before: int | None, limit: int, kind: ActionKind | None = None
    ) -> tuple[tuple[int, AuditEvent], ...]:
        """Return audit entries with their numbers, newest first, of one kind or of all.

        Return at most `limit` entries with a number below `before`; None starts at the newest.
        """
        actions = [action for action, its in ACTION_KINDS.items() if its is kind]
        of_kind = f"AND action IN ({', '.join('?' * len(actions))})" if actions else ""
        rows = self._connection.execute(
            "SELECT id, user, at, action, rid, keys FROM audit WHERE id < ? "
            f"{of_kind} ORDER BY id DESC LIMIT ?",
            (_MAX_ENTRY_ID if before is None else before, *actions, limit),
        )
        return tuple(
            (number, AuditEvent(user, at, Action(action), rid, _keys(keys)))
            for number, user, at, action, rid, keys in rows
        )

    @translated_errors()
    def was_viewed(self, user: str, rid: bytes, since: int) -> bool:
        """Return whether this user viewed this record since a time (ms since 1970, UTC).

        Only the newest entries are searched; older ones do not matter here.
        """
        found = self._connection.execute(
            "SELECT 1 FROM (SELECT * FROM audit ORDER BY id DESC LIMIT ?) "
            "WHERE user = ? AND rid = ? AND action = ? AND at > ? LIMIT 1",
            (_VIEW_LOOKBACK, user, rid, Action.VIEW, since),
        )
        return found.fetchone() is not None

    def verify(self) -> tuple[str, ...]:
        """Return `audit:` with the number of the first entry that breaks the chain, if any.

        The disclosures of a file must still have the hash that its entry holds. After a salvage,
        which tells what is lost, those before it are not asked for.
        """
        previous, files = NO_HASH, dict[int, FileDisclosures]()
        rows = self._connection.execute(
            "SELECT id, at, user, action, rid, keys, previous, hash FROM audit ORDER BY id"
        )
        for number, *entry, before, digest in rows:
            if before[: len(NO_HASH)] != previous or digest != chain_hash(before, tuple(entry)):
                return (f"audit:{number}",)
            previous = digest
            if entry[2] == Action.SALVAGED:
                files.clear()
            elif entry[2] == Action.EXPORT and (told := FileDisclosures.read(_keys(entry[4]))):
                files[number] = told
        wrong = (number for number, told in files.items() if self._file_of(told.target) != told)
        return tuple(f"audit:{number}" for number in islice(wrong, 1))

    def _file_of(self, target: bytes) -> FileDisclosures:
        """Return what the disclosures by a file add up to."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM {DISCLOSED} WHERE target = ? AND channel = ? ORDER BY id",
            (target, Channel.BUNDLE.value),
        )
        whole = _FileHash(target)
        for row in rows:
            whole.added(entry_from_cells(row))
        return whole.told

    # disclosures

    def enter(self, entries: Iterable[DisclosureEntry]) -> None:
        """Record disclosures; some hundred are in memory at a time."""
        DisclosureTables(self._connection).enter(entries)

    def enter_file(self, target: bytes, entries: Iterable[DisclosureEntry]) -> FileDisclosures:
        """Record the disclosures by one file, and return what its audit entry is to say."""
        whole = _FileHash(target)
        self.enter(map(whole.added, entries))
        return whole.told

    def retract(self, target: bytes, count: int) -> None:
        """Remove the newest `count` disclosures by a paper that did not leave after all."""
        self._connection.execute(
            "DELETE FROM disclosure WHERE id IN "
            "(SELECT id FROM disclosure WHERE target = ? ORDER BY id DESC LIMIT ?)",
            (target, count),
        )

    @translated_errors()
    def entries(self, recipient: bytes, channel: str | None = None) -> tuple[DisclosureEntry, ...]:
        """Return the disclosures to a recipient by one channel or by all, oldest first."""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} "
            f"FROM {DISCLOSED} WHERE recipient = ? AND channel = coalesce(?, channel) ORDER BY id",
            (recipient, channel),
        )
        return tuple(entry_from_cells(row) for row in rows)

    @translated_errors()
    def about(self, rids: Iterable[bytes]) -> tuple[DisclosureEntry, ...]:
        """Return the disclosures of these records to anybody, oldest first."""
        asked = f"SELECT {COLUMNS} FROM {DISCLOSED} WHERE rid = ?"
        entries = (
            entry_from_cells(row) for rid in rids for row in self._connection.execute(asked, (rid,))
        )
        return tuple(sorted(entries, key=lambda one: (one.milliseconds, one.target, one.rid)))

    @translated_errors()
    def unanswered(self, recipient: bytes, channel: str, out: Sequence[str]) -> tuple[bytes, ...]:
        """Return the records entered by `channel` since the last entry by a channel of `out`.

        `channel` is none of data in files.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT rid FROM disclosure WHERE recipient = ?1 AND channel = ? AND id > "
            "max((SELECT coalesce(max(id), 0) FROM disclosure "
            f"WHERE recipient = ?1 AND channel IN ({placeholders(out)})), "
            f"? * ({NEWEST_SENT}))",
            (recipient, channel, *out, Channel.BUNDLE in out),
        )
        return tuple(row[0] for row in rows)

    @translated_errors()
    def given(self, recipient: bytes, channel: str, rids: Sequence[bytes]) -> frozenset[bytes]:
        """Return which of these records a recipient ever received by a channel."""
        rows = self._connection.execute(
            f"SELECT DISTINCT rid FROM {DISCLOSED} "
            f"WHERE rid IN ({', '.join('?' * len(rids))}) AND +recipient = ? AND channel = ?",
            (*rids, recipient, channel),
        )
        return frozenset(row[0] for row in rows)

    @translated_errors()
    def records_with_unsent_writes(
        self,
        recipient: bytes,
        channel: str,
        rids: Collection[bytes],
        writes: Callable[[bytes], Mapping[str, WriteIds]],
        counts: CountedEntries = ALL_ENTRIES,
    ) -> frozenset[bytes]:
        """Return which of these records have a write that the recipient has not acknowledged.

        `writes` returns the writes of a record. It is not called for records that the recipient
        has acknowledged nothing of.
        """
        entered: dict[bytes, list[PackedWrites]] = {}
        is_ended = cache(lambda consents: any(map(counts.is_withdrawn, _ids.decode(consents))))
        for rid, consents, *given in self._connection.execute(
            f"SELECT rid, consents, keys, writes FROM {DISCLOSED} "
            f"WHERE rid IN ({placeholders(rids)}) AND +recipient = ? AND channel = ? "
            "AND +target IN (SELECT target FROM acknowledged) AND +id > ?",
            (*rids, recipient, channel, counts.after),
        ):
            if not is_ended(consents):
                entered.setdefault(rid, []).append((given[0], given[1]))
        had = {rid for rid, given in entered.items() if covers_writes(given, writes(rid))}
        return frozenset(rid for rid in rids if rid not in had)

    @translated_errors()
    def last_entry(self) -> int:
        """Return the number of the newest disclosure; 0 if there is none."""
        return int(self._connection.execute(NEWEST).fetchone()[0])

    @translated_errors()
    def unacknowledged_records(
        self, recipient: bytes, channel: str, epoch: bytes
    ) -> frozenset[bytes]:
        """Return the records in files that the recipient has not acknowledged."""
        targets = self._connection.execute(
            "SELECT digest FROM mark WHERE organisation = ? AND direction = ? AND epoch = ? "
            "AND digest NOT IN (SELECT target FROM acknowledged)",
            (recipient, Direction.OUT, epoch),
        ).fetchall()
        return frozenset(rid for (target,) in targets for rid in self._held(target, channel))

    @translated_errors()
    def is_true_of_file(
        self, target: bytes, holds: Callable[[bytes, Collection[str], WriteIds], bool]
    ) -> bool:
        """Return whether something holds of each record that was entered with a file.

        It is asked with the record, its keys and its consents.
        """
        rows = self._connection.execute(
            f"SELECT rid, consents, keys, writes FROM {DISCLOSED} WHERE target = ? AND channel = ?",
            (target, Channel.BUNDLE),
        )
        keys_of, consents_of = cache(packed_keys), cache(_ids.decode)  # most records have the same
        return all(
            holds(rid, keys_of(keys, writes if keys is None else b""), consents_of(consents))
            for rid, consents, keys, writes in rows
        )

    def _held(self, target: bytes, channel: str) -> Iterator[bytes]:
        """Yield the records that were entered with a file."""
        held = self._connection.execute(
            f"SELECT rid FROM {DISCLOSED} WHERE target = ? AND channel = ?", (target, channel)
        )
        return (rid for (rid,) in held)

    @translated_errors()
    def holders(self, rids: Iterable[bytes]) -> frozenset[tuple[bytes, bytes]]:
        """Return which of these records were given to whom, by bundle or on paper."""
        found: set[tuple[bytes, bytes]] = set()
        for rid in rids:
            rows = self._connection.execute(
                f"SELECT DISTINCT rid, recipient FROM {DISCLOSED} WHERE rid = ? "
                "AND channel IN (?, ?, ?)",
                (rid, *Channel),
            )
            found.update(rows)
        return frozenset(found)

    @translated_errors()
    def recipients(self) -> Mapping[bytes, frozenset[bytes]]:
        """Return, by consent, everybody who ever received something under it."""
        rows = self._connection.execute(
            "SELECT recipient, consents FROM disclosure WHERE consents != ?1 "
            "UNION SELECT recipient, consents FROM (SELECT DISTINCT file, shape FROM sent) "
            "JOIN sent_file ON sent_file.id = file JOIN sent_shape ON sent_shape.id = shape "
            "WHERE consents != ?1",
            (NO_CONSENTS,),
        )
        found: dict[bytes, set[bytes]] = {}
        for recipient, consents in rows:
            for consent in _ids.decode(consents):
                found.setdefault(consent, set()).add(recipient)
        return {consent: frozenset(who) for consent, who in found.items()}

    @translated_errors()
    def given_under(self, recipient: bytes, consent: bytes) -> frozenset[bytes]:
        """Return the records that a recipient received under a consent."""
        rows = self._connection.execute(
            "SELECT rid, consents FROM disclosure WHERE recipient = ?1 AND instr(consents, ?2) "
            "UNION SELECT rid, consents FROM sent JOIN sent_shape ON sent_shape.id = shape "
            "JOIN sent_file ON sent_file.id = file WHERE recipient = ?1 AND instr(consents, ?2)",
            (recipient, consent),
        )
        return frozenset(rid for rid, consents in rows if consent in _ids.decode(consents))

    @translated_errors()
    def first_entries(
        self, recipient: bytes, channel: str, since: int, number: int = _ABOVE_ALL
    ) -> tuple[DisclosureEntry, ...]:
        """Return the first entry by a channel of each record and its writes, if made after a time.

        `since` is in ms since 1970, UTC. An entry above `number` was made after it as well,
        whatever the clock said. What was entered before and comes again is left out.
        """
        rows = self._connection.execute(
            "SELECT rid, type, recipient, channel, consents, keys, writes, target, min(at) "
            f"FROM {DISCLOSED} WHERE recipient = ? AND channel = ? "
            "GROUP BY rid, keys, writes HAVING min(at) > ? OR min(id) > ? ORDER BY min(id)",
            (recipient, channel, since, number),
        )
        return tuple(entry_from_cells(row) for row in rows)

    # partners

    def set_partner(self, partner: Partner) -> None:
        """Save a new or changed partner. Two partners never share a signing key."""
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

    @translated_errors()
    def partners(self) -> tuple[Partner, ...]:
        """Return all partners by name."""
        rows = self._connection.execute("SELECT * FROM partner ORDER BY name, organisation")
        return tuple(
            Partner(
                organisation, name, card, sign_key, PartnerState(state),
                is_third_country=bool(third), has_transfer_tool=bool(tool),
                reads=tuple(json.loads(reads)), is_own=bool(own),
            )
            for organisation, name, card, sign_key, state, third, tool, reads, own in rows
        )  # fmt: skip

    # users

    def set_user(self, user: User) -> None:
        """Save a new or changed user."""
        self._connection.execute(
            "INSERT INTO user (initials, slot, roles, added, removed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (initials) DO UPDATE SET slot = excluded.slot, roles = excluded.roles, "
            "added = excluded.added, removed = excluded.removed",
            (user.initials, user.slot, json.dumps(sorted(user.roles)), user.added, user.removed),
        )

    @translated_errors()
    def users(self) -> tuple[User, ...]:
        """Return all present and former users by initials, without unknown roles."""
        rows = self._connection.execute(
            "SELECT initials, slot, roles, added, removed FROM user ORDER BY initials"
        )
        return tuple(
            User(initials, slot, _roles(roles), added, removed)
            for initials, slot, roles, added, removed in rows
        )

    # the sequence of bundles

    def mark(self, mark: SequenceMark) -> None:
        """Record that a bundle was written or imported."""
        self._connection.execute(
            "INSERT INTO mark (organisation, direction, epoch, sequence, digest, at, previous, hlc)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                mark.organisation, mark.direction, mark.epoch, mark.sequence, mark.digest,
                mark.milliseconds, mark.previous, mark.hlc,
            ),
        )  # fmt: skip

    def forget_received(self, organisation: bytes) -> None:
        """Forget which bundles of a partner were imported, as a new laptop knows none."""
        self._connection.execute(
            f"DELETE FROM mark WHERE {_OF_PARTNER}", (organisation, Direction.IN)
        )

    @translated_errors()
    def marks(self, organisation: bytes, direction: Direction) -> tuple[SequenceMark, ...]:
        """Return the bundles written for or imported from a partner, oldest first."""
        rows = self._connection.execute(
            f"SELECT {_MARK_CELLS} FROM mark WHERE {_OF_PARTNER} ORDER BY at, sequence",
            (organisation, direction),
        )
        return tuple(SequenceMark(organisation, direction, *row) for row in rows)

    @translated_errors()
    def epochs(self, organisation: bytes, direction: Direction) -> Mapping[bytes, EpochFiles]:
        """Return the sums of the bundles written for, or imported from, a partner, by epoch.

        SQL adds them up: after ten years there are thousands.
        """
        rows = self._connection.execute(
            f"SELECT epoch, count(*), max(sequence), min({_FILE_TIME}), max({_FILE_TIME}), "
            "max(at), count(target), coalesce(max(iif(target IS NULL, 0, sequence)), 0) "
            f"FROM mark LEFT JOIN acknowledged ON target = digest WHERE {_OF_PARTNER} "
            "GROUP BY epoch",
            (organisation, direction),
        )
        return {epoch: EpochFiles(*sums) for epoch, *sums in rows}

    @translated_errors()
    def newest_epoch(self, organisation: bytes) -> bytes | None:
        """Return the epoch of the newest bundle imported from a partner; None without any."""
        found = self._connection.execute(
            f"SELECT epoch FROM mark WHERE {_OF_PARTNER} "
            f"ORDER BY {_FILE_TIME} DESC, at DESC, sequence DESC LIMIT 1",
            (organisation, Direction.IN),
        ).fetchone()
        return bytes(found[0]) if found else None

    @translated_errors()
    def newest_time(self, organisation: bytes, direction: Direction, until: int) -> int:
        """Return the newest time of a partner's bundles that is not after `until`; 0 for none.

        `until` is in ms since 1970, UTC, the time that is returned a timestamp.
        """
        (found,) = self._connection.execute(
            f"SELECT coalesce(max(hlc), 0) FROM mark WHERE {_OF_PARTNER} "
            f"AND hlc >> {HLC_BITS} <= ?3",
            (organisation, direction, until),
        ).fetchone()
        return int(found)

    @translated_errors()
    def marks_between(
        self, organisation: bytes, direction: Direction, epoch: bytes, first: int, last: int
    ) -> Mapping[int, SequenceMark]:
        """Return the bundles of an epoch that have these numbers, by number."""
        rows = self._connection.execute(
            f"SELECT {_MARK_CELLS} FROM mark "
            f"WHERE {_OF_PARTNER} AND epoch = ?3 AND sequence BETWEEN ?4 AND ?5",
            (organisation, direction, epoch, first, last),
        )
        return {row[1]: SequenceMark(organisation, direction, *row) for row in rows}

    @translated_errors()
    def unacknowledged(self, organisation: bytes, epoch: bytes) -> Mapping[int, bytes]:
        """Return the digests of our bundles of an epoch that a partner lacks, by number."""
        rows = self._connection.execute(
            f"SELECT sequence, digest FROM mark WHERE {_OF_PARTNER} AND epoch = ?3 "
            "AND digest NOT IN (SELECT target FROM acknowledged) ORDER BY sequence",
            (organisation, Direction.OUT, epoch),
        )
        return dict(rows)

    @translated_errors()
    def acknowledged_by(self, organisation: bytes) -> tuple[bytes, ...]:
        """Return the digests of our bundles for a partner that have arrived."""
        rows = self._connection.execute(
            f"SELECT digest FROM mark WHERE {_OF_PARTNER} "
            "AND digest IN (SELECT target FROM acknowledged)",
            (organisation, Direction.OUT),
        )
        return tuple(digest for (digest,) in rows)

    @translated_errors()
    def has_arrived(self, target: bytes) -> bool:
        """Return whether a bundle of ours, by digest, has arrived."""
        found = self._connection.execute("SELECT 1 FROM acknowledged WHERE target = ?", (target,))
        return found.fetchone() is not None

    @translated_errors()
    def runs_taken(self, organisation: bytes, epoch: bytes) -> tuple[tuple[int, int], ...]:
        """Return the runs of numbers, from the first to the last, that were imported of an epoch.

        There are as many as numbers are missing, however many files there are.
        """
        rows = self._connection.execute(
            "SELECT min(sequence), max(sequence) FROM (SELECT sequence, "
            "sequence - row_number() OVER (ORDER BY sequence) AS run FROM mark "
            f"WHERE {_OF_PARTNER} AND epoch = ?3) GROUP BY run ORDER BY 1",
            (organisation, Direction.IN, epoch),
        )
        return tuple(rows)

    @translated_errors()
    def taken_among(
        self, organisation: bytes, epoch: bytes, digests: Sequence[bytes]
    ) -> frozenset[bytes]:
        """Return which of these digests are of bundles of a partner's epoch that were imported."""
        rows = self._connection.execute(
            "SELECT digest FROM mark WHERE organisation = ? AND direction = ? AND epoch = ? "
            f"AND digest IN ({placeholders(digests)})",
            (organisation, Direction.IN, epoch, *digests),
        )
        return frozenset(digest for (digest,) in rows)

    @translated_errors()
    def numbers_of(self, digests: Collection[bytes]) -> Mapping[bytes, int]:
        """Return the number of each of these bundles that was imported, by digest."""
        rows = self._connection.execute(
            "SELECT digest, sequence FROM mark WHERE direction = ? "
            f"AND digest IN ({placeholders(digests)})",
            (Direction.IN, *digests),
        )
        return dict(rows)

    @translated_errors()
    def told_anew(self, organisation: bytes, told: Acknowledgement) -> tuple[bytes, ...]:
        """Return the digests of our bundles that a partner tells of and that we did not know of."""
        rows = self._connection.execute(
            f"SELECT digest FROM mark WHERE {_OF_PARTNER} AND {_TOLD} "
            "AND digest NOT IN (SELECT target FROM acknowledged)",
            _told_cells(organisation, told),
        )
        return tuple(digest for (digest,) in rows)

    @translated_errors()
    def told_no_more(
        self, organisation: bytes, told: Acknowledgement, *, of_all_epochs: bool
    ) -> tuple[bytes, ...]:
        """Return the digests of our bundles that have arrived, but not as a partner tells now.

        Only of the epoch that it tells of, or `of_all_epochs`.
        """
        rows = self._connection.execute(
            f"SELECT digest FROM mark WHERE {_OF_PARTNER} AND (?6 OR epoch = ?3) "
            f"AND NOT ({_TOLD}) AND digest IN (SELECT target FROM acknowledged)",
            (*_told_cells(organisation, told), of_all_epochs),
        )
        return tuple(digest for (digest,) in rows)

    def acknowledge(self, targets: Sequence[bytes]) -> None:
        """Record that these bundles of ours, by digest, have arrived."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO acknowledged VALUES (?)", [(target,) for target in targets]
        )

    def unacknowledge(self, targets: Sequence[bytes]) -> None:
        """Record that these bundles of ours, by digest, have not arrived after all."""
        self._connection.executemany(
            "DELETE FROM acknowledged WHERE target = ?", [(target,) for target in targets]
        )

    @translated_errors()
    def acknowledged(self) -> frozenset[bytes]:
        """Return the digests of our bundles that have arrived."""
        rows = self._connection.execute("SELECT target FROM acknowledged")
        return frozenset(row[0] for row in rows)


def _told_cells(organisation: bytes, told: Acknowledgement) -> tuple[bytes, str, bytes, int, str]:
    missing = json.dumps(sorted(told.missing))
    return (organisation, Direction.OUT, told.epoch, told.contiguous, missing)


def _roles(kept: str) -> frozenset[Role]:
    return frozenset(Role(name) for name in json.loads(kept) if name in set(Role))


def _keys(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept))


@lru_cache(maxsize=1024)
def _keys_json(keys: tuple[str, ...]) -> str:
    """Return field names as JSON; cached, because most records of a type have the same."""
    return json.dumps(keys) if keys else "[]"


def chain_hash(previous: bytes, entry: tuple[object, ...]) -> bytes:
    """Return the hash of an audit entry after `previous`.

    That is the hash of the entry before and, except in entries of older programs, the content
    hash of all rows at that moment.
    """
    return sha256(previous + msgspec.msgpack.encode(entry)).digest()
