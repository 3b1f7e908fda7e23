# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving a network is told: whoever is a member no longer learns it with the next file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import (
    NAME,
    WAYS,
    add_member,
    begin_network,
    delete_the_network,
    end_it,
    end_the_network,
    meet,
    membership_of,
    send,
)
from tests.integration.pair_samples import refusal

from kfdesk.domain.network import Circle
from kfdesk.domain.records.directory import Network, Organisation
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def circle_at(desk: Session, network: bytes) -> Circle | None:
    return desk.circles().get(network)


def what_goes(sender: Session, receiver: Session) -> dict[str, list[str]]:
    """Return the keys that a file would carry, by type."""
    parcel = transfer.prepare_common(sender, receiver.identity.organisation)
    return {given.type: sorted(given.grants) for given in parcel.goes.rows}


@pytest.mark.parametrize("leave", WAYS)
def test_whoever_left_learns_it_with_the_next_file(
    trio: Trio, leave: Callable[[Trio, bytes], None]
) -> None:
    network = meet(trio)
    assert circle_at(trio.bad, network) is not None
    leave(trio, network)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert circle_at(trio.bad, network) is None


@pytest.mark.parametrize("leave", WAYS)
def test_nothing_more_than_the_end_is_told(
    trio: Trio, leave: Callable[[Trio, bytes], None]
) -> None:
    network = meet(trio)
    change_record(trio.ours, network, {"purpose": NAME})
    leave(trio, network)
    create_record(trio.ours, Organisation, {"name": "Nytt hus", "confidentiality": "circle"})
    told = what_goes(trio.ours, trio.bad)
    assert told.keys() <= {"network", "membership"}
    assert set(told.get("network", ())) <= {"begins", "ends", "confidentiality"}
    assert set(told.get("membership", ())) <= {"begins", "ends", "organisation"}


def test_other_members_learn_it_as_well(trio: Trio) -> None:
    network = meet(trio)
    end_it(trio, network)
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    circle = circle_at(trio.third, network)
    assert circle is not None
    assert circle == circle_at(trio.ours, network)


def test_an_end_that_has_arrived_is_not_told_again(trio: Trio) -> None:
    network = meet(trio)
    trio.take(send_answer(trio), trio.ours)  # from now on their program is known
    end_it(trio, network)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert what_goes(trio.ours, trio.bad) != {}
    trio.take(send_answer(trio), trio.ours)
    assert what_goes(trio.ours, trio.bad) == {}


def send_answer(trio: Trio) -> Path:
    """Give the former member something to send, so that its file confirms ours."""
    begin_network(trio.bad, trio.ours)
    return send(trio, trio.bad, trio.ours)


def test_a_network_that_a_partner_never_knew_is_not_named_to_it(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third)
    add_member(trio.ours, network, trio.bad)
    end_it(trio, network)
    assert what_goes(trio.ours, trio.bad) == {}


@pytest.mark.parametrize("leave", WAYS)
def test_whoever_comes_back_gets_everything_again(
    trio: Trio, leave: Callable[[Trio, bytes], None]
) -> None:
    network = meet(trio)
    leave(trio, network)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    if leave in (end_the_network, delete_the_network):
        network = begin_network(trio.ours, trio.third)
    add_member(trio.ours, network, trio.bad)
    house = create_record(
        trio.ours, Organisation, {"name": "Nytt hus", "confidentiality": "circle"}
    )
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert circle_at(trio.bad, network) == circle_at_as_member(trio, network)
    assert trio.bad.store.row(house) is not None
    seen = trio.bad.store.row(network)
    assert seen is not None
    assert view(seen, Network).record.title == NAME


def circle_at_as_member(trio: Trio, network: bytes) -> Circle | None:
    """Return the circle as a member has it that has not said what it shares there."""
    circle = circle_at(trio.ours, network)
    seen = trio.bad.store.row(network)
    said = view(seen, Network).record.we_share if seen is not None else None
    shares = frozenset(said) if isinstance(said, tuple) else frozenset[str]()
    return Circle(circle.members, shares, circle.since) if circle is not None else None


def test_a_membership_stays_that_of_its_organisation(trio: Trio) -> None:
    network = meet(trio)
    rid = membership_of(trio, network, trio.bad)
    other = create_record(trio.ours, Organisation, {"name": "Annat hus"})
    for value in (other.hex(), None):
        fault = refusal(lambda value=value: change_record(trio.ours, rid, {"organisation": value}))
        assert fault.code == "membership.fixed"
    change_record(trio.ours, rid, {"organisation": trio.bad.identity.organisation.hex()})
