# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of the three desks, and the files that carry what these share."""

from pathlib import Path

from tests.integration.hostile_samples import Trio

from kfdesk.demo import people
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
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
