# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may receive what. Every paper and every bundle goes through `disclose()`.

There is no second place that knows any of this: no roles of partners, no lists of allowed fields.
`level` and `to` of a field are read here and nowhere else. Default is deny: what no standing
consent opens, for this recipient and purpose, stays.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache

from kfdesk.domain.consents import sight
from kfdesk.domain.consents.above import Above
from kfdesk.domain.consents.opening import Opened, Verdicts, opening
from kfdesk.domain.consents.purposes import PURPOSES as PURPOSES
from kfdesk.domain.consents.purposes import SHAREABLE
from kfdesk.domain.consents.recipients import Recipient as Recipient
from kfdesk.domain.consents.recipients import Who as Who
from kfdesk.domain.consents.standing import DEFAULT_DAYS as DEFAULT_DAYS
from kfdesk.domain.consents.standing import VITAL_INTERESTS as VITAL_INTERESTS
from kfdesk.domain.consents.standing import Reason as Reason
from kfdesk.domain.consents.standing import last_day as last_day
from kfdesk.domain.consents.standing import why_shut as why_shut
from kfdesk.domain.packed import Packed, Value, ids_in
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, columns, view
from kfdesk.domain.schema import Field, Group, Level
from kfdesk.domain.writes import (
    DELETION,
    decode_own,
    encode,
    fids_of,
    is_deleted,
    narrow,
    without,
)

OWN_WORD = frozenset({"approval", "transition", "risk_assessment", "risk_line", "child_papers"})
"""Records that nobody writes but the organisation that answers for them."""

OWN_FIELDS = frozenset({("plan", "state")})
"""Fields of the same sort, in records that others may write in: record type and key."""


class Channel(StrEnum):
    """The way by which data leaves."""

    BUNDLE = "bundle"
    DESK_PAPER = "desk_paper"
    CARRIED = "carried"


# The highest level that a way may carry. S5 never leaves, anywhere.
CEILING: Mapping[Channel, Level] = {
    Channel.BUNDLE: Level.S4,
    Channel.DESK_PAPER: Level.S4,
    Channel.CARRIED: Level.S2,
}


class Withheld(Value, frozen=True):
    """A field that has a value and does not go, with the reason."""

    rid: bytes
    type: str
    key: str
    reason: Reason


class DisclosedRow(Value, frozen=True):
    """A row narrowed to what may go; `grants` names for each key the consent that opened it.

    `packed` is its state as `encode` makes it, which is how it leaves; a file is made of it unread.
    `is_deleted`: what may go is in the bin.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    packed: bytes
    is_deleted: bool
    grants: Mapping[str, bytes | None]

    @classmethod
    def of(cls, row: Row, grants: Mapping[str, bytes | None]) -> "DisclosedRow":
        """A row that was narrowed already."""
        state, head = row.state, (row.rid, row.type, row.parent, row.custodian)
        return cls(*head, encode(state), is_deleted(state), grants)

    def __repr__(self) -> str:
        """Which of its fields go, and nothing of what they say."""
        return f"DisclosedRow({self.rid.hex()}, {self.type}, {', '.join(self.grants)})"

    @property
    def row(self) -> Row:
        """The row as it can be read; made anew each time."""
        return Row(self.rid, self.type, self.parent, self.custodian, decode_own(self.packed))

    @property
    def writes(self) -> Mapping[str, tuple[bytes, ...]]:
        """The ids of the writes that go, by key; those of a deletion by the empty key."""
        live, ids = ids_in(self.packed), TYPES[self.type].ids
        gone = {"": live[DELETION]} if DELETION in live else {}
        return gone | {key: live.get(ids[key], ()) for key in self.grants}


_SEAL = object()


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may go to one recipient by one channel, by record id. Only `disclose()` makes one."""

    recipient: Recipient
    channel: Channel
    rows: Sequence[DisclosedRow]
    withheld: Sequence[Withheld]
    seal: InitVar[object]  # not kept, so that `replace` cannot carry it to another's rows

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of which something goes, in the order of the groups."""
        present = {TYPES[given.type].fields[key].to for given in self.rows for key in given.grants}
        return tuple(group for group in Group if group in present)

    @property
    def openings(self) -> Mapping[Group, frozenset[bytes] | Reason]:
        """By which consents each group goes that one can open, or why none of it does."""
        found: dict[Group, frozenset[bytes] | Reason] = {}
        for one in self.withheld:
            found.setdefault(TYPES[one.type].fields[one.key].to, one.reason)
        for given in self.rows:
            for key, consent in given.grants.items():
                group = TYPES[given.type].fields[key].to
                before = found.get(group)
                others = before if isinstance(before, frozenset) else frozenset()
                found[group] = others | ({consent} if consent else frozenset())
        return {group: found[group] for group in Group if group in SHAREABLE and group in found}

    def only(self, keys: Mapping[str, frozenset[str]]) -> "Disclosed":
        """The part of it that a paper with these keys, by record type, contains."""
        kept = (_only(row, keys.get(row.type, frozenset())) for row in self.rows)
        withheld = (w for w in self.withheld if w.key in keys.get(w.type, ()))
        return _made(self, (row for row in kept if row.grants), withheld)

    def only_rows(self, rids: Container[bytes]) -> "Disclosed":
        """The part of it about these records."""
        rows = (given for given in self.rows if given.rid in rids)
        return _made(self, rows, (w for w in self.withheld if w.rid in rids))


def disclose(
    rows: Sequence[Row],
    recipient: Recipient,
    channel: Channel,
    consents: Sequence[Row],
    at: datetime,
) -> Disclosed:
    """What of `rows` may go to `recipient` by `channel` at `at` (aware; its date is the desk's).

    `rows` hold the client and plan above each child row, so that whose data it is can be told; a
    row whose client is not among them stays, and so does a telephone without its organisation.
    `consents` are all consents the desk has.
    """
    parents = {row.rid: row for row in rows}
    views = [view(row, Consent) for row in sorted(consents, key=lambda row: row.rid)]
    opened: dict[bytes | None, Opened] = {}
    given: list[DisclosedRow] = []
    withheld: list[Withheld] = []
    above = Above(parents)
    for row in sorted(rows, key=lambda row: row.rid):
        if above.is_deleted(row):
            continue
        client = above.client(row)
        rid = client.rid if client else None
        if rid not in opened:
            opened[rid] = opening(client, recipient, views, at)
        classes = sight.classes_of(row, parents)
        grants, kept = _decide(row, recipient, channel, opened[rid], classes)
        withheld.extend(kept)
        if grants:
            given.append(DisclosedRow.of(_narrowed(row, grants), grants))
    return Disclosed(recipient, channel, tuple(given), tuple(withheld), _SEAL)


def joined(first: Disclosed, others: Iterable[Disclosed]) -> Disclosed:
    """Parts of what goes to one recipient by one channel, in the order of their records."""
    rows = Packed(DisclosedRow, first.rows, _size)
    kept = Packed(Withheld, first.withheld, _size)
    for part in others:
        rows.extend(part.rows)
        kept.extend(part.withheld)
    return replace(first, rows=rows.kept, withheld=kept.kept, seal=_SEAL)


def _size(one: DisclosedRow | Withheld) -> int:
    return len(one.packed) if isinstance(one, DisclosedRow) else 0


def receivable(row: Row, sender: bytes) -> Row | None:
    """What of a row from a partner's bundle may be written here; None if nothing.

    Fields that stay at the desk are ours alone. An entry of the directory, and what is somebody's
    own word, is written by the organisation that answers for it, and so is a plan's state.
    """
    if row.custodian != sender and (is_directory(row.type) or row.type in OWN_WORD):
        return None
    keys = tuple(TYPES[row.type].fields)
    fids = _kept_here(row.type, keys, is_own=row.custodian == sender)
    state = without(row.state, fids)
    return row if state is row.state else replace(row, state=state)


@cache
def _kept_here(record_type: str, keys: tuple[str, ...], *, is_own: bool) -> frozenset[int]:
    """The fields of a type that nobody else writes, or only who answers for the record."""
    described = TYPES[record_type]
    kept = {described.ids[key] for key in keys if described.fields[key].to is Group.DESK}
    if not is_own:
        kept |= {described.ids[key] for kind, key in OWN_FIELDS if kind == record_type}
    return frozenset(kept)


@cache
def is_directory(record_type: str) -> bool:
    """Whether records of a type are entries of the directory, and so nobody's plan."""
    return any(f.to is Group.DIRECTORY for f in TYPES[record_type].fields.values())


def groups_of(record_type: str, keys: Iterable[str]) -> frozenset[Group]:
    """The groups of data that fields of a record belong to."""
    return frozenset(f.to for key, f in TYPES[record_type].fields.items() if key in set(keys))


def covered_keys(record_type: str) -> frozenset[str]:
    """The fields that read as covered, at the desk too, for who may not see what is sensitive."""
    return frozenset(key for key, f in TYPES[record_type].fields.items() if f.level >= Level.S3)


def secret_keys(record_type: str) -> frozenset[str]:
    """The fields whose values stand on no carried paper but their own."""
    return frozenset(key for key, f in TYPES[record_type].fields.items() if f.level >= Level.S2)


def _made(like: Disclosed, rows: Iterable[DisclosedRow], kept: Iterable[Withheld]) -> Disclosed:
    given, withheld = Packed(DisclosedRow, rows, _size), Packed(Withheld, kept, _size)
    return replace(like, rows=given.kept, withheld=withheld.kept, seal=_SEAL)


def _only(given: DisclosedRow, keys: frozenset[str]) -> DisclosedRow:
    grants = {key: consent for key, consent in given.grants.items() if key in keys}
    return DisclosedRow.of(_narrowed(given.row, grants), grants)


def _narrowed(row: Row, keys: Iterable[str]) -> Row:
    state = narrow(row.state, _fids(row.type, tuple(keys)))
    return row if state is row.state else replace(row, state=state)


@lru_cache(maxsize=1024)
def _fids(record_type: str, keys: tuple[str, ...]) -> frozenset[int]:
    """The fields of a type with these keys, and its deletion: that goes with whatever goes."""
    ids = TYPES[record_type].ids
    return frozenset({DELETION, *(ids[key] for key in keys)})


def _decide(
    row: Row,
    recipient: Recipient,
    channel: Channel,
    opened: Opened,
    classes: tuple[object, ...],
) -> tuple[Mapping[str, bytes | None], list[Withheld]]:
    if channel is not Channel.BUNDLE and is_deleted(row.state):
        return {}, []
    torn = columns(row)[1] if channel is Channel.CARRIED else frozenset()
    shape = (row.type, tuple([save.fids for save in row.state.saves]), classes, torn)
    found = opened.decided.get(shape)
    if found is None:
        live = fids_of(row.state)
        fields = [f for fid, f in TYPES[row.type].by_id.items() if fid in live]
        way = (recipient, channel)
        found = _sorted_out({f.key: _verdict(f, row, way, opened, classes) for f in fields}, torn)
        if all(f.to is not Group.PARTIES for f in fields):  # those depend on the very record
            opened.decided[shape] = found
    grants, shut = found
    return grants, [Withheld(row.rid, row.type, key, why) for key, why in shut.items()]


def _sorted_out(verdicts: Mapping[str, Reason | bytes | None], torn: frozenset[str]) -> Verdicts:
    grants, shut = dict[str, bytes | None](), dict[str, Reason]()
    for key, verdict in verdicts.items():
        if isinstance(verdict, Reason):
            shut[key] = verdict
        elif key in torn:
            shut[key] = Reason.CONFLICT
        else:
            grants[key] = verdict
    return grants, shut


def _verdict(
    described: Field,
    row: Row,
    way: tuple[Recipient, Channel],
    opened: Opened,
    classes: tuple[object, ...],
) -> Reason | bytes | None:
    """The consent that lets a field go, None if it goes without one, or why it stays."""
    recipient, channel = way
    if described.level is Level.S5 or described.level > CEILING[channel]:
        return Reason.LEVEL
    if recipient.who is Who.OWN and channel is not Channel.CARRIED:
        return None
    if described.to is Group.DESK:
        return Reason.DESK
    if recipient.who is Who.PARTNER and not recipient.is_verified:
        return Reason.UNVERIFIED
    if described.to is Group.DIRECTORY:
        may_see = sight.may_see(classes, is_partner=recipient.who is Who.PARTNER)
        return None if may_see else Reason.SECRET
    if recipient.who is Who.CLIENT:
        is_hers = recipient.rid is not None and opened.client == recipient.rid
        return None if is_hers and recipient.wants_paper else Reason.NO_CONSENT
    if described.to is Group.PARTIES:
        return _parties(row, recipient, opened)
    if described.to in opened.groups:
        return opened.groups[described.to]
    return opened.shut.get(described.to, Reason.NO_CONSENT)


def _parties(row: Row, recipient: Recipient, opened: Opened) -> Reason | bytes | None:
    is_open = row.rid in opened.standing and row.custodian != recipient.rid
    return row.rid if is_open else Reason.NO_CONSENT
