# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks: who is a member today, and what the members may have of each other.

A network is a row of its custodian, who alone writes its memberships. It counts at this desk
only as far as people here agreed to share in it (`Network.we_share`). So no partner can make us
a member of anything, or widen what leaves here. Whatever is unclear counts as no: a field in
conflict, a day that cannot be read, a membership of somebody else's making.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.rows import RecordView, Row, column_values
from kfdesk.domain.values import PartialDate


@dataclass(frozen=True, slots=True)
class Circle:
    """The members of a network today, and the sorts of records that we let them have.

    `since` has the first day of each member that joined later: it sees nothing older of the
    network's work. Who is not in it sees all.
    """

    members: frozenset[bytes]
    shares: frozenset[str]
    since: Mapping[bytes, date] = field(default_factory=dict)


def circles_of(
    networks: Iterable[RecordView[Network]],
    memberships: Iterable[RecordView[Membership]],
    today: date,
    own: bytes,
) -> Mapping[bytes, Circle]:
    """Return the networks that we take part in today, by id; `own` is our organisation.

    A network's custodian is always a member. Our own membership must stand like everybody's.
    """
    members: dict[bytes, dict[bytes, date]] = {}
    heads = {one.row.rid: one for one in networks if is_open(one, today)}
    for membership in memberships:
        network = heads.get(membership.row.parent or b"")
        if network is None or membership.row.custodian != network.row.custodian:
            continue
        organisation = membership.record.organisation
        is_plain = isinstance(organisation, str) and "organisation" not in membership.conflicts
        if is_plain and is_open(membership, today):
            whose = members.setdefault(network.row.rid, {})
            member = bytes.fromhex(str(organisation))
            whose[member] = min(_first_day_seen(membership), whose.get(member, date.max))
    found: dict[bytes, Circle] = {}
    for rid, network in heads.items():
        of_network = members.get(rid, {}) | {network.row.custodian: date.min}
        all_members = frozenset(of_network)
        shares = _codes(network, "shares") & _codes(network, "we_share")
        if own in all_members:
            since = {one: first for one, first in of_network.items() if first > date.min}
            found[rid] = Circle(all_members, shares, since)
    return found


def former_members(
    networks: Iterable[RecordView[Network]],
    memberships: Iterable[RecordView[Membership]],
    circles: Mapping[bytes, Circle],
    own: bytes,
) -> Mapping[bytes, frozenset[bytes]]:
    """Return by network whom a membership names, although it is not in a circle with us today.

    It or we have left, or the network has ended. A membership in the bin counts: it was one.
    `own` is our organisation.
    """
    heads = {one.row.rid: one.row.custodian for one in networks}
    named: dict[bytes, set[bytes]] = {rid: set() for rid in heads}
    for membership in memberships:
        organisation, rid = membership.record.organisation, membership.row.parent or b""
        if heads.get(rid) == membership.row.custodian and isinstance(organisation, str):
            named[rid].add(bytes.fromhex(organisation))
    nobody = Circle(frozenset(), frozenset())
    return {rid: frozenset(named[rid] - circles.get(rid, nobody).members - {own}) for rid in named}


def left_networks(former: Mapping[bytes, Set[bytes]], organisation: bytes) -> frozenset[bytes]:
    """Return the networks of which an organisation is a former member."""
    return frozenset(rid for rid, those in former.items() if organisation in those)


def shared_networks(circles: Mapping[bytes, Circle], organisation: bytes) -> frozenset[bytes]:
    """Return the networks in which an organisation and we are members today."""
    return frozenset(rid for rid, one in circles.items() if organisation in one.members)


def may_receive(circles: Mapping[bytes, Circle], organisation: bytes | None, sort: str) -> bool:
    """Return whether an organisation shares a network with us that lets it have this sort."""
    return any(
        organisation in circle.members and sort in circle.shares for circle in circles.values()
    )


def may_receive_of(
    head: Row, circles: Mapping[bytes, Circle], organisation: bytes | None, sort: str
) -> bool:
    """Return whether the network that a record names in `network` lets an organisation have it.

    A record that names none goes to the members of every network of ours that shares its sort.
    """
    newest, torn = column_values(head)
    network = newest.get("network")
    if network is not None:
        circles = {rid: one for rid, one in circles.items() if rid.hex() == network}
    return "network" not in torn and may_receive(circles, organisation, sort)


def _first_day_seen(seen: RecordView[Membership]) -> date:
    """Return the first day whose work a member sees: all, if the coordinator has said so."""
    if seen.record.from_start is True:
        return date.min
    return last_possible_day(seen.record.begins, date.min)


def begins_too_early(membership: Membership, network: Network) -> bool:
    """Return whether a membership begins before its network does, whatever a partial day means."""
    return last_possible_day(membership.begins, date.max) < first_possible_day(
        network.begins, date.min
    )


def is_open(seen: RecordView[Network] | RecordView[Membership], today: date) -> bool:
    """Return whether a network or membership exists today: begun, not ended, not deleted."""
    if seen.is_deleted or seen.conflicts & {"begins", "ends"}:
        return False
    begins = last_possible_day(seen.record.begins, date.min)
    return begins <= today <= first_possible_day(seen.record.ends, date.max)


def first_possible_day(value: object, without: date) -> date:
    """Return the first day that a value may mean; `without` if it is no day."""
    if isinstance(value, PartialDate):
        year, _, month = value.text.partition("-")
        return date(int(year), int(month or 1), 1)
    return value if isinstance(value, date) else without


def last_possible_day(value: object, without: date) -> date:
    """Return the last day that a value may mean; `without` if it is no day."""
    if isinstance(value, PartialDate):
        year, _, month = value.text.partition("-")
        return date(int(year), int(month or 12), monthrange(int(year), int(month or 12))[1])
    return value if isinstance(value, date) else without


def _codes(seen: RecordView[Network], key: str) -> frozenset[str]:
    value = getattr(seen.record, key)
    is_plain = isinstance(value, tuple) and key not in seen.conflicts
    return frozenset(value) if is_plain else frozenset()
