# SPDX-License-Identifier: GPL-3.0-or-later
"""Scopes: which records a file is about, before disclosure decides what of them may go.

A file for a partner holds cases, the directory entries that these name, and what the networks
share. A file for our own laptop holds everything. A partner with an older program does not know
the newest record types: what it cannot keep waits here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from kfdesk.domain.authority import (
    FIGURE_TYPES,
    OWNER_ANSWER,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    is_directory_type,
    is_network_type,
)
from kfdesk.domain.consent import Recipient
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.figures.rounds import is_open_round
from kfdesk.domain.kinds import ReferenceKind, is_reference
from kfdesk.domain.network import Circle, left_networks, may_receive, shared_networks
from kfdesk.domain.network_work import WORK_HEADS, WORK_TYPES
from kfdesk.domain.records.registry import NESTED_TYPES, RECORD_TYPES
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session

_CLIENT_CHILD_TYPES = frozenset({"consent", "relationship"})
"""Children of a client that belong to every case."""
_IDS_PER_PORTION = 500  # records that are checked together
_LOOKUPS_PER_HEAD = 16  # more lookups than this cost more than to list all below a head


class RecordScope(Protocol):
    """Records that belong together."""

    def rids(self) -> frozenset[bytes]:
        """Return the ids of all of them."""

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Return those of these ids that belong to the scope."""


class CaseScope:
    """The scope of some plans: for each, exactly the rows that `case_of` reads.

    Ids that were listed once are kept: make a new scope after a change.
    """

    def __init__(self, desk: Session, plans: Iterable[Row]) -> None:
        self._tree = desk.store.tree
        heads = [(plan.parent or b"", plan.rid) for plan in plans]
        under: dict[bytes, Collection[str]] = {}
        for client, plan in heads:
            under |= {client: _CLIENT_CHILD_TYPES, plan: RECORD_TYPES}
            under |= dict.fromkeys(self._tree.children((plan,), NESTED_TYPES), RECORD_TYPES)
        self._heads = frozenset(rid for pair in heads for rid in pair)
        self._under: Mapping[bytes, Collection[str]] = under
        self._listed: frozenset[bytes] | None = None

    def rids(self) -> frozenset[bytes]:
        """Return the ids of all rows of these cases."""
        if self._listed is None:
            each = (self._tree.children((above,), types) for above, types in self._under.items())
            self._listed = self._heads.union(*each)
        return self._listed

    def naming(self) -> frozenset[bytes]:
        """Return the ids of those rows that refer to other records."""
        return self._heads | self._tree.with_values(self._under, _CASE_REFERENCES)

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Return those of these ids that belong to these cases."""
        if self._listed is not None or len(rids) > _LOOKUPS_PER_HEAD * len(self._heads):
            return self.rids().intersection(rids)
        return frozenset(
            rid
            for rid, (name, above) in self._tree.standing(rids).items()
            if rid in self._heads or (above and name in self._under.get(above, ()))
        )


def scopes_of_cases(desk: Session, plans: Iterable[Row]) -> "Mapping[bytes, FixedScope]":
    """Return for each of these plans the scope that `CaseScope` has of it, all listed at once."""
    tree, clients = desk.store.tree, {plan.rid: plan.parent or b"" for plan in plans}
    hers = tree.below(set(clients.values()), _CLIENT_CHILD_TYPES)
    parts = tree.below(clients)
    nested = tree.below(clients, NESTED_TYPES)
    deeper = tree.below(rid for heads in nested.values() for rid in heads)
    return {
        plan: FixedScope(
            {client, plan}.union(
                hers.get(client, ()),
                parts.get(plan, ()),
                *(deeper.get(head, ()) for head in nested.get(plan, ())),
            )
        )
        for plan, client in clients.items()
    }


class FullScope:
    """The scope of all records in the store."""

    def __init__(self, desk: Session) -> None:
        self._tree = desk.store.tree

    def rids(self) -> frozenset[bytes]:
        """Return the ids of all records."""
        return frozenset(self._tree.rids())

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Return those of these ids that are in the store."""
        return frozenset(rid for part in id_portions(rids) for rid in self._tree.standing(part))


def id_portions(rids: Iterable[bytes]) -> Iterator[Sequence[bytes]]:
    """Yield the ids in order, one portion at a time."""
    wanted = sorted(rids)
    for begin in range(0, len(wanted), _IDS_PER_PORTION):
        yield wanted[begin : begin + _IDS_PER_PORTION]


def consents_in(desk: Session, among: RecordScope) -> tuple[Row, ...]:
    """Return the consents in a scope, sorted by id; the states of no others are read."""
    ours = among.of([one.rid for one in desk.store.tree.cells("consent", ("recipient",))])
    return tuple(row for _, (row, _) in sorted(desk.store.kept(ours).items()))


class UnionScope:
    """The scope of all records of several scopes."""

    def __init__(self, *scopes: RecordScope) -> None:
        self._scopes = scopes

    def rids(self) -> frozenset[bytes]:
        """Return the ids of all of them."""
        return frozenset[bytes]().union(*(one.rids() for one in self._scopes))

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Return those of these ids that belong to one of the scopes."""
        return frozenset[bytes]().union(*(one.of(rids) for one in self._scopes))


class FixedScope:
    """The scope of records that are listed beforehand.

    `above` are records above these that are looked at, but do not go.
    """

    def __init__(self, rids: Iterable[bytes], above: Iterable[bytes] = ()) -> None:
        self._rids = frozenset(rids)
        self._all = self._rids.union(above)

    def rids(self) -> frozenset[bytes]:
        """Return the ids of all of them."""
        return self._rids

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Return those of these ids that are listed, or stand above those."""
        return self._all.intersection(rids)


# --- entries that a case names

_ENTRY_TYPES = ("organisation", "contact")
_REFERENCES: Mapping[str, tuple[str, ...]] = {
    name: keys
    for name, described in RECORD_TYPES.items()
    if (keys := tuple(k for k, f in described.fields.items() if isinstance(f.kind, ReferenceKind)))
}
_CASE_REFERENCES = {
    name: keys for name, keys in _REFERENCES.items()
    if not is_directory_type(name) and not is_network_type(name)
}  # fmt: skip


def named_entries(
    desk: Session, case: "CaseScope", recipient: Recipient, consents: Sequence[Row]
) -> FixedScope:
    """Return our directory entries that the part of a case names which may go to a recipient.

    A person brings along the organisation that it works for, an organisation its telephones. What
    a withheld field names is not among them, nor is our own entry: a partner has our card. Whether
    an entry may go is decided by its class.
    """
    rows = with_ancestors(desk, case.naming(), case)
    basis = desk.disclosure_basis(consents)
    goes = disclose(tuple(rows.values()), recipient, Channel.BUNDLE, basis)
    found: dict[bytes, Row] = {}
    wanted = _references_in(goes)
    while wanted:
        fresh = {rid: row for rid, (row, _) in desk.store.kept(wanted - found.keys()).items()
                 if row.type in _ENTRY_TYPES and row.custodian == basis.own != rid}  # fmt: skip
        found |= fresh
        people = [row for row in fresh.values() if row.type == "contact"]
        wanted = _references_in(disclose(people, recipient, Channel.BUNDLE, basis)) - found.keys()
    houses = [rid for rid, row in found.items() if row.type == "organisation"]
    return FixedScope(found.keys() | desk.store.tree.children(houses, ("phone",)))


def _references_in(goes: Disclosed) -> frozenset[bytes]:
    """Return the ids in the reference fields that are disclosed."""
    found: set[bytes] = set()
    for given in goes.rows:
        by_id, keys = RECORD_TYPES[given.type].by_id, _REFERENCES.get(given.type, ())
        wanted = {key for key in keys if key in given.grants}
        for write in live_writes(given.row.state) if wanted else ():
            described = by_id.get(write.fid)
            if described is not None and described.key in wanted and is_reference(write.value):
                found.add(bytes.fromhex(str(write.value)))
    return frozenset(found)


# --- what networks share

COMMON_RECORDS = b"common records\0\0"
"""The scope of a watermark about what networks share."""


def common_scope(desk: Session, organisation: bytes) -> FixedScope:
    """Return our records about no client that may concern a partner.

    They are the directory if a network shares it with the partner, the networks that it is a
    member of or has left, the work of networks, procedures, the book, figures, sums in which it
    takes part, and suggestions about its entries or ours. Disclosure decides what of them goes.
    """
    own, tree = desk.identity.organisation, desk.store.tree
    circles, former = desk.members()
    ours = tree.of_custodian(("network",), own)
    found: set[bytes] = set()
    if may_receive(circles, organisation, "directory"):
        entries = tree.of_custodian(_ENTRY_TYPES, own)
        found |= entries | tree.children(entries, ("phone", "entry_check"))
    networks = shared_networks(circles, organisation) & ours
    found |= networks | tree.children(networks, ("membership",))
    left = left_networks(former, organisation) & ours
    left |= tree.children(left, ("membership",))
    found |= desk.store.ledger.given(organisation, Channel.BUNDLE, sorted(left))
    found |= _written_together(desk, organisation)
    found |= (work := _work_for(desk, circles, organisation))
    if may_receive(circles, organisation, "figures"):
        found |= tree.of_custodian(tuple(FIGURE_TYPES), own)
    found |= (sums := _own_sums(desk, circles, organisation))
    theirs = tree.of_custodian((*_ENTRY_TYPES, "phone"), organisation)
    answered = tree.of_custodian(("suggestion",), organisation)
    above = {up for _, up in tree.standing(answered).values() if up is not None}
    above |= tree.of_custodian((*TOGETHER_HEADS,), organisation)
    above |= _above_work(desk, work)
    above |= {up for _, up in tree.standing(sums).values() if up is not None}
    return FixedScope(found | answered | tree.children(theirs, ("suggestion",)), theirs | above)


def _work_for(
    desk: Session, circles: Mapping[bytes, Circle], organisation: bytes
) -> frozenset[bytes]:
    """Return the work of networks that concerns a partner.

    It is ours, what other members made in our networks, and the decisions of others that are said
    to be done.
    """
    answers = _answers_for(desk, organisation)
    if not may_receive(circles, organisation, "network_work"):
        return answers
    own, tree = desk.identity.organisation, desk.store.tree
    heads = tree.of_custodian(WORK_HEADS, own)
    ours = heads | tree.children(heads, _WORK_PARTS)
    led = tree.of_custodian(("network",), own)
    led &= {rid for rid, circle in circles.items() if organisation in circle.members}
    direct = tree.children(led, WORK_HEADS)
    made = direct | tree.children(direct, WORK_HEADS)
    made |= tree.children(made, _WORK_PARTS)
    return answers | ours | (made - tree.of_custodian(WORK_TYPES, organisation))


_WORK_PARTS = frozenset(WORK_TYPES) - set(WORK_HEADS)


def _answers_for(desk: Session, organisation: bytes) -> frozenset[bytes]:
    """Return the decisions that are said to be done, and that a partner made or coordinates.

    What the partner itself has said is not news to it.
    """
    name, key = OWNER_ANSWER
    fid, own = RECORD_TYPES[name].ids[key], desk.identity.organisation
    others = [one for one in desk.store.tree.cells(name, (key,)) if one.custodian != own]
    said = {one.rid for one in others if one.wires != (None,) or one.flags != "[]"}
    given = desk.store.ledger.given(organisation, Channel.BUNDLE, [one.rid for one in others])
    return frozenset(
        rid
        for rid, (row, _) in desk.store.kept(said | given).items()  # it may be taken back
        for senders in (desk.store.received.senders(rid),)
        if any(
            write.fid == fid and senders.get(write[:2]) != organisation
            for write in live_writes(row.state)
        )
    )


def _own_sums(
    desk: Session, circles: Mapping[bytes, Circle], organisation: bytes
) -> frozenset[bytes]:
    """Return our sums that a partner takes part in, our shares for it, and parts for its sums.

    Of a round that is over only our own word about it goes.
    """
    own, tree, name = desk.identity.organisation, desk.store.tree, organisation.hex()
    today = desk.adapters.clock.now().date()
    rows = {row.rid: row for row in desk.store.rows("sum_round")}
    begun = {one for one, row in rows.items() if is_open_round(row, circles, today)}
    theirs = {one for one in begun if rows[one].custodian == organisation}
    to_all = (one for one in tree.cells("sum_round", ("members",)) if name in str(one.wires[0]))
    shares = (one for one in tree.cells("sum_share", ("to",)) if one.wires[0] == name)
    parts = (one for one in tree.cells("sum_part", ("asked",)) if one.parent in theirs)
    below = (one for one in (*shares, *parts) if one.parent in begun)
    return frozenset(one.rid for one in (*to_all, *below) if one.custodian == own)


def _above_work(desk: Session, work: Collection[bytes]) -> frozenset[bytes]:
    """Return the networks, and projects of others, above records of the work."""
    found: set[bytes] = set()
    wanted = frozenset(work)
    while wanted:
        above = {up for _, up in desk.store.tree.standing(wanted).values() if up is not None}
        wanted = frozenset(above - found - set(work))
        found |= wanted
    return frozenset(found)


def _written_together(desk: Session, organisation: bytes) -> frozenset[bytes]:
    """Return our procedures and articles with their parts, and our words in the partner's.

    The custodian passes on what each member wrote in it. So two members who are no partners of
    each other read the same.
    """
    own, tree = desk.identity.organisation, desk.store.tree
    ours = tree.of_custodian((*TOGETHER_HEADS,), own)
    theirs = tree.of_custodian((*TOGETHER_HEADS,), organisation)
    written = theirs | tree.children(theirs, (*TOGETHER_PARTS,))
    return (
        ours
        | tree.children(ours, (*TOGETHER_PARTS,))
        | frozenset(rid for rid in written if _has_other_writes(desk, rid, organisation))
    )


def _has_other_writes(desk: Session, rid: bytes, organisation: bytes) -> bool:
    """Return whether a record has a write that no file of this organisation brought."""
    row, senders = desk.store.row(rid), desk.store.received.senders(rid)
    return row is not None and any(
        senders.get(write[:2]) != organisation for write in live_writes(row.state)
    )


# --- record types that a partner's program does not know

_FIRST_SCHEMA = 4
"""The schema of the first programs that told it; every type up to it is known everywhere."""
TYPE_SINCE: Mapping[str, int] = {
    name: min(field.since for field in described.fields.values())
    for name, described in RECORD_TYPES.items()
}


def partner_schema(desk: Session, organisation: bytes) -> int | None:
    """Return the schema of a partner's newest known program; None before its first file."""
    known = desk.store.setting(f"schema.{organisation.hex()}")
    return int.from_bytes(known, "big") if known else None


def record_partner_schema(desk: Session, organisation: bytes, schema: int) -> None:
    """Record which record types a partner knows; call inside a transaction.

    If it has learned new types, what was sent of these before does not count: its older program
    did not keep it, although it acknowledged the file.
    """
    known = partner_schema(desk, organisation)
    if known is not None and schema <= known:
        return
    floor = desk.store.ledger.last_entry().to_bytes(8, "big")
    desk.store.set_setting(f"schema.{organisation.hex()}", schema.to_bytes(2, "big"))
    since = known or _FIRST_SCHEMA
    for version in range(since + 1, schema + 1):
        desk.store.set_setting(f"schema_floor.{version}.{organisation.hex()}", floor)
    learned = {name for name, version in TYPE_SINCE.items() if since < version <= schema}
    if any(any(desk.store.tree.cells(name, ())) for name in learned):
        desk.store.levels.drop(organisation)  # what it has already is looked at once more


def entries_that_count(desk: Session, organisation: bytes, record_type: str) -> int:
    """Return the number of the last disclosure of a type that the partner could not keep."""
    version = TYPE_SINCE[record_type]
    if version <= _FIRST_SCHEMA:
        return 0
    if not is_known_there(record_type, partner_schema(desk, organisation)):
        return desk.store.ledger.last_entry()
    return int.from_bytes(
        desk.store.setting(f"schema_floor.{version}.{organisation.hex()}") or b"", "big"
    )


def is_known_there(record_type: str, schema: int | None) -> bool:
    """Return whether a partner's program knows a record type; yes if nothing is known of it."""
    return schema is None or TYPE_SINCE[record_type] <= schema


# --- looking up


def with_ancestors(
    desk: Session, rids: Collection[bytes], among: RecordScope
) -> Mapping[bytes, Row]:
    """Return records and their ancestors, as far as these are in the scope."""
    rows: dict[bytes, Row] = {}
    while rids:
        fresh = {rid: row for rid, (row, _) in desk.store.kept(rids).items()}
        rows |= fresh
        above = {row.parent for row in fresh.values() if row.parent is not None}
        rids = among.of(above - rows.keys())
    return rows
