# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of the three desks, and the files that carry what these share."""

from datetime import timedelta
from pathlib import Path

from tests.integration.hostile_samples import Trio

from kfdesk.demo import people
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import transfer

NAME = people.localized("Uppdiktat nätverk", "Invented network", "Выдуманная сеть")
SHARED = ("directory", "network_work")


def begin_network(desk: Session, *members: Session, shares: tuple[str, ...] = SHARED) -> bytes:
    """Begin a network of a desk and these members; the desk shares all of it."""
    values: dict[str, Value] = {
        "title": NAME, "confidentiality": "circle", "shares": shares, "we_share": shares,
    }  # fmt: skip
    network = create_record(desk, Network, values)
    for member in members:
        add_member(desk, network, member)
    return network


def add_member(desk: Session, network: bytes, member: Session, **more: Value) -> bytes:
    values: dict[str, Value] = {"organisation": member.identity.organisation.hex()}
    return create_record(desk, Membership, values | {"role": "member"} | more, network)


def send(trio: Trio, sender: Session, receiver: Session) -> Path:
    return transfer.send_common(sender, receiver.identity.organisation, trio.post).path


def meet(trio: Trio) -> bytes:
    """Begin a network of the three whose list of members each of them has."""
    network = begin_network(trio.ours, trio.bad, trio.third)
    for member in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, member), member)
        networks.share_in_network(member, network, SHARED)
    return network


def end_it(trio: Trio, network: bytes) -> None:
    networks.end_membership(trio.ours, network, trio.bad.identity.organisation)


def put_it_off(trio: Trio, network: bytes) -> None:
    tomorrow = trio.ours.adapters.clock.now().date() + timedelta(days=1)
    change_record(trio.ours, membership_of(trio, network, trio.bad), {"begins": tomorrow})


def delete_it(trio: Trio, network: bytes) -> None:
    delete_record(trio.ours, membership_of(trio, network, trio.bad))


def end_the_network(trio: Trio, network: bytes) -> None:
    yesterday = trio.ours.adapters.clock.now().date() - timedelta(days=1)
    change_record(trio.ours, network, {"ends": yesterday})


def delete_the_network(trio: Trio, network: bytes) -> None:
    delete_record(trio.ours, network)


WAYS = (end_it, put_it_off, delete_it, end_the_network, delete_the_network)
"""Each way in which a membership may end."""


def membership_of(trio: Trio, network: bytes, member: Session) -> bytes:
    name = member.identity.organisation.hex()
    rows = (view(row, Membership) for row in trio.ours.store.rows_below("membership", network))
    return next(one.row.rid for one in rows if one.record.organisation == name)
