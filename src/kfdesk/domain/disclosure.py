# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may receive what. Every paper and every bundle goes through `disclose()`.

There is no second place that knows any of this: no roles of partners, no lists of allowed fields.
`level` and `to` of a field are read here and nowhere else. Default is deny: what no standing
consent opens, for this recipient and purpose, stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache

from kfdesk.domain.consents import sight
from kfdesk.domain.consents.above import client_of, is_below_deleted
from kfdesk.domain.consents.purposes import PURPOSES as PURPOSES
from kfdesk.domain.consents.purposes import SHAREABLE
from kfdesk.domain.consents.standing import DEFAULT_DAYS as DEFAULT_DAYS
from kfdesk.domain.consents.standing import VITAL_INTERESTS as VITAL_INTERESTS
from kfdesk.domain.consents.standing import Reason as Reason
from kfdesk.domain.consents.standing import last_day as last_day
from kfdesk.domain.consents.standing import why_shut as why_shut
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, columns, view
from kfdesk.domain.schema import Field, Group, Level
from kfdesk.domain.values import Moment
from kfdesk.domain.writes import DELETION, fids_of, is_deleted, narrow, without

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


# Where several consents keep a group shut, the reason nearest to opening it is told: last wins.
_NEARNESS = (
    Reason.SCOPE,
    Reason.PURPOSE,
    Reason.NO_CONSENT,
    Reason.EXPIRED,
    Reason.WITHDRAWN,
    Reason.CONFLICT,
    Reason.INCOMPLETE,
    Reason.TRANSFER,
)


class Who(StrEnum):
    """What a recipient is."""

    OWN = "own"
    PARTNER = "partner"
    PERSON = "person"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to receive: a desk of our own, a partner, a person, or the client herself.

    `rid` is the organisation's or contact's record, or the client's own. `has_transfer_tool` says
    that a third country's tool and assessment are on record. `wants_paper` is the client's wish.
    """

    who: Who
    rid: bytes | None = None
    is_verified: bool = False
    is_third_country: bool = False
    has_transfer_tool: bool = False
    wants_paper: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that has a value and does not go, with the reason."""

    rid: bytes
    type: str
    key: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DisclosedRow:
    """A row narrowed to what may go; `grants` names for each key the consent that opened it."""

    row: Row
    grants: Mapping[str, bytes | None]


_SEAL = object()


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may go to one recipient by one channel. Only `disclose()` makes one."""

    recipient: Recipient
    channel: Channel
    rows: tuple[DisclosedRow, ...]
    withheld: tuple[Withheld, ...]
    seal: InitVar[object]  # not kept, so that `replace` cannot carry it to another's rows

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of which something goes, in the order of the groups."""
        present = {
            TYPES[given.row.type].fields[key].to for given in self.rows for key in given.grants
        }
        return tuple(group for group in Group if group in present)

    @property
    def openings(self) -> Mapping[Group, frozenset[bytes] | Reason]:
        """By which consents each group goes that one can open, or why none of it does."""
        found: dict[Group, frozenset[bytes] | Reason] = {}
        for one in self.withheld:
            found.setdefault(TYPES[one.type].fields[one.key].to, one.reason)
        for given in self.rows:
            for key, consent in given.grants.items():
                group = TYPES[given.row.type].fields[key].to
                before = found.get(group)
                others = before if isinstance(before, frozenset) else frozenset()
                found[group] = others | ({consent} if consent else frozenset())
        return {group: found[group] for group in Group if group in SHAREABLE and group in found}

    def only(self, keys: Mapping[str, frozenset[str]]) -> "Disclosed":
        """The part of it that a paper with these keys, by record type, contains."""
        kept = (_only(row, keys.get(row.row.type, frozenset())) for row in self.rows)
        withheld = (w for w in self.withheld if w.key in keys.get(w.type, ()))
        rows = tuple(row for row in kept if row.grants)
        return replace(self, rows=rows, withheld=tuple(withheld), seal=_SEAL)

    def only_rows(self, rids: frozenset[bytes]) -> "Disclosed":
        """The part of it about these records."""
        rows = tuple(given for given in self.rows if given.row.rid in rids)
        withheld = tuple(w for w in self.withheld if w.rid in rids)
        return replace(self, rows=rows, withheld=withheld, seal=_SEAL)


_Verdicts = tuple[Mapping[str, bytes | None], Mapping[str, Reason]]
"""The fields that go, each with its consent, and those that stay, each with the reason."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What consents open for one client: group to consent, and why the rest stays shut.

    `decided` has what was decided of a row, for the next that has the same fields.
    """

    client: bytes | None
    groups: Mapping[Group, bytes]
    shut: Mapping[Group, Reason]
    standing: frozenset[bytes]
    decided: dict[tuple[object, ...], _Verdicts] = field(default_factory=dict)


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
    opened: dict[bytes | None, _Opened] = {}
    given: list[DisclosedRow] = []
    withheld: list[Withheld] = []
    for row in sorted(rows, key=lambda row: row.rid):
        if is_below_deleted(row, parents):
            continue
        client = client_of(row, parents)
        rid = client.rid if client else None
        if rid not in opened:
            opened[rid] = _open(client, recipient, views, at)
        classes = sight.classes_of(row, parents)
        grants, kept = _decide(row, recipient, channel, opened[rid], classes)
        withheld.extend(kept)
        if grants:
            given.append(DisclosedRow(_narrowed(row, frozenset(grants)), grants))
    return Disclosed(recipient, channel, tuple(given), tuple(withheld), _SEAL)


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


def _only(given: DisclosedRow, keys: frozenset[str]) -> DisclosedRow:
    grants = {key: consent for key, consent in given.grants.items() if key in keys}
    return DisclosedRow(_narrowed(given.row, frozenset(grants)), grants)


def _narrowed(row: Row, keys: frozenset[str]) -> Row:
    ids = TYPES[row.type].ids
    return replace(row, state=narrow(row.state, frozenset({ids[k] for k in keys} | {DELETION})))


def _is_between(consent: View[Consent], client: Row, recipient: Recipient) -> bool:
    """Whether the recipient is a party: the one it names, or the one that obtained it.

    A partner answers under the consent it received its data by. A consent that the recipient
    obtained itself opens nothing of another's client, or it could open our store to itself.
    """
    if recipient.rid is None:
        return False
    if recipient.who is Who.PARTNER and consent.row.custodian == recipient.rid:
        return client.custodian == recipient.rid
    return consent.record.recipient == recipient.rid.hex()


def _open(
    client: Row | None, recipient: Recipient, consents: Iterable[View[Consent]], at: datetime
) -> _Opened:
    groups: dict[Group, bytes] = {}
    shut: dict[Group, Reason] = {}
    standing: set[bytes] = set()
    if client is None:
        return _Opened(None, groups, shut, frozenset())
    her = view(client, Client)
    for consent in consents:
        if consent.row.parent != client.rid or not _is_between(consent, client, recipient):
            continue
        is_answer = consent.row.custodian == recipient.rid
        reason = why_shut(consent, her, at, is_answer=is_answer)
        reason = reason or _transfer(consent.record, recipient)
        asked = consent.record.groups if isinstance(consent.record.groups, tuple) else ()
        widest = PURPOSES.get(str(consent.record.purpose), frozenset())
        for group in SHAREABLE:
            why = _shut(group, asked, widest, reason)
            if why is None:
                groups.setdefault(group, consent.rid)
            else:
                shut[group] = max(why, shut.get(group, why), key=_NEARNESS.index)
        if reason is None:
            standing.add(consent.rid)
    return _Opened(client.rid, groups, shut, frozenset(standing))


def _shut(
    group: Group, asked: Iterable[str], widest: frozenset[Group], reason: Reason | None
) -> Reason | None:
    if reason is Reason.CONFLICT:
        return reason
    if group not in asked:
        return Reason.SCOPE
    if group not in widest:
        return Reason.PURPOSE
    return reason


def _transfer(consent: Consent, recipient: Recipient) -> Reason | None:
    if not recipient.is_third_country or recipient.has_transfer_tool:
        return None
    if consent.form == VITAL_INTERESTS:
        return None if consent.transfer_tool == "vital_interests_49_1_f" else Reason.TRANSFER
    is_warned = isinstance(consent.warned, Moment)  # of the risk, before she agreed
    is_explicit = consent.transfer_tool == "explicit_consent_49_1_a" and is_warned
    return None if is_explicit else Reason.TRANSFER


def _decide(
    row: Row,
    recipient: Recipient,
    channel: Channel,
    opened: _Opened,
    classes: tuple[object, ...],
) -> tuple[Mapping[str, bytes | None], list[Withheld]]:
    if channel is not Channel.BUNDLE and is_deleted(row.state):
        return {}, []
    torn = columns(row)[1] if channel is Channel.CARRIED else frozenset()
    live = fids_of(row.state)
    shape = (row.type, frozenset(live), classes, torn)
    found = opened.decided.get(shape)
    if found is None:
        fields = [f for fid, f in TYPES[row.type].by_id.items() if fid in live]
        way = (recipient, channel)
        found = _sorted_out({f.key: _verdict(f, row, way, opened, classes) for f in fields}, torn)
        if all(f.to is not Group.PARTIES for f in fields):  # those depend on the very record
            opened.decided[shape] = found
    grants, shut = found
    return grants, [Withheld(row.rid, row.type, key, why) for key, why in shut.items()]


def _sorted_out(verdicts: Mapping[str, Reason | bytes | None], torn: frozenset[str]) -> _Verdicts:
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
    opened: _Opened,
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


def _parties(row: Row, recipient: Recipient, opened: _Opened) -> Reason | bytes | None:
    is_open = row.rid in opened.standing and row.custodian != recipient.rid
    return row.rid if is_open else Reason.NO_CONSENT
