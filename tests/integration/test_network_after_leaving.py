# SPDX-License-Identifier: GPL-3.0-or-later
"""A member that does not know yet that it left: what it sends to the members stays out."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration import sum_samples as figures
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import (
    NAME,
    WAYS,
    add_member,
    begin_network,
    end_it,
    meet,
    membership_of,
    send,
)
from tests.support.figure_samples import YEAR, asked

from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.domain.records.network import Meeting
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.figures import sums

NUMBER: dict[str, Value] = {"number": "+46 8 5550 1234", "confidentiality": "partners_only"}
SORTS = ("directory", "procedures", "network_work")


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def house(desk: Session, confidentiality: str = "circle", **more: Value) -> bytes:
    values: dict[str, Value] = {"name": "Nytt hus", "confidentiality": confidentiality}
    return create_record(desk, Organisation, values | more)


def procedure(desk: Session, network: bytes | None, confidentiality: str = "circle") -> bytes:
    """Enter the draft of a procedure with one step."""
    values: dict[str, Value] = {
        "title": NAME, "status": "draft", "version": "1", "confidentiality": confidentiality,
        "network": network.hex() if network is not None else None,
    }  # fmt: skip
    head = create_record(desk, Procedure, values)
    create_record(desk, ProcedureStep, {"prefix": "1", "title": NAME}, head)
    return head


def findings(trio: Trio, path: Path, there: Session) -> dict[FileIssue, int]:
    return {one.finding: one.records for one in trio.take(path, there).findings}


def exchange(trio: Trio, sender: Session, receiver: Session) -> dict[FileIssue, int]:
    return findings(trio, send(trio, sender, receiver), receiver)


def ask_and_answer(trio: Trio) -> None:
    """Let the third desk send something, and take what the partner sends then."""
    house(trio.third)
    exchange(trio, trio.third, trio.bad)
    exchange(trio, trio.bad, trio.third)


def share(trio: Trio, network: bytes, *there: Session) -> None:
    """Let everybody have every sort; each member learns the network first."""
    change_record(trio.ours, network, {"shares": SORTS, "we_share": SORTS})
    for member in there:
        exchange(trio, trio.ours, member)
        networks.share_in_network(member, network, SORTS)


@pytest.mark.parametrize("leave", WAYS)
def test_what_is_for_members_stays_out_after_leaving(
    trio: Trio, leave: Callable[[Trio, bytes], None]
) -> None:
    network = meet(trio)
    leave(trio, network)
    exchange(trio, trio.ours, trio.third)
    rid = house(trio.bad)
    phone = create_record(trio.bad, Phone, NUMBER, rid)
    for there in (trio.ours, trio.third):
        assert exchange(trio, trio.bad, there)[FileIssue.LEFT_NETWORK] == 2
        assert there.store.row(rid) is there.store.row(phone) is None


def test_who_left_takes_nothing_from_the_members_who_do_not_know_it(trio: Trio) -> None:
    network = meet(trio)
    exchange(trio, trio.ours, trio.third)
    networks.end_membership(trio.ours, network, trio.third.identity.organisation)
    exchange(trio, trio.ours, trio.third)
    rid = house(trio.bad)
    assert FileIssue.LEFT_NETWORK in exchange(trio, trio.bad, trio.third)
    assert trio.third.store.row(rid) is None


@pytest.mark.parametrize("confidentiality", ["public", "partners_only"])
def test_what_is_for_every_partner_comes_after_leaving(trio: Trio, confidentiality: str) -> None:
    end_it(trio, meet(trio))
    rid = house(trio.bad, confidentiality)
    assert FileIssue.LEFT_NETWORK not in exchange(trio, trio.bad, trio.ours)
    assert trio.ours.store.row(rid) is not None


def test_change_stays_out_and_deletion_comes(trio: Trio) -> None:
    network, rid = meet(trio), house(trio.bad)
    exchange(trio, trio.bad, trio.ours)
    before = trio.row(rid)
    end_it(trio, network)
    change_record(trio.bad, rid, {"name": "Flyttat hus"})
    assert FileIssue.LEFT_NETWORK in exchange(trio, trio.bad, trio.ours)
    assert trio.row(rid) == before
    delete_record(trio.bad, rid)
    assert FileIssue.LEFT_NETWORK not in exchange(trio, trio.bad, trio.ours)
    assert trio.row(rid) != before


def test_change_that_hides_its_class_stays_out(trio: Trio) -> None:
    network, rid = meet(trio), house(trio.bad)
    exchange(trio, trio.bad, trio.ours)
    end_it(trio, network)
    row = trio.row(rid)
    forger = trio.forger(trio.bad)
    bare = forger.written("organisation", {"name": "Flyttat hus"}, rid=rid)
    phone = forger.written("phone", NUMBER, parent=rid)
    new = forger.written("organisation", {"name": "Nytt hus"})
    below = forger.written("phone", NUMBER, parent=new.rid)
    issues = findings(trio, forger.file([bare, phone, new, below]), trio.ours)
    assert issues[FileIssue.LEFT_NETWORK] == 4
    assert trio.row(rid) == row
    assert [trio.ours.store.row(one.rid) for one in (phone, new, below)] == [None] * 3


def test_widened_class_lets_an_entry_in(trio: Trio) -> None:
    network, rid = meet(trio), house(trio.bad)
    exchange(trio, trio.bad, trio.ours)
    end_it(trio, network)
    change_record(trio.bad, rid, {"name": "Flyttat hus", "confidentiality": "partners_only"})
    assert FileIssue.LEFT_NETWORK not in exchange(trio, trio.bad, trio.ours)
    assert view(trio.row(rid), Organisation).record.name == "Flyttat hus"


@pytest.mark.parametrize("confidentiality", ["public", "partners_only", "circle"])
def test_procedure_is_for_members_whatever_its_class(trio: Trio, confidentiality: str) -> None:
    network = meet(trio)
    share(trio, network, trio.bad)
    end_it(trio, network)
    head = procedure(trio.bad, network, confidentiality)
    assert exchange(trio, trio.bad, trio.ours)[FileIssue.LEFT_NETWORK] == 2
    assert trio.ours.store.row(head) is None


def test_sum_of_a_former_member_is_not_begun(trio: Trio) -> None:
    network = figures.join(trio)
    head = sums.begin_sum(
        trio.bad, network, asked(population="new_clients", period=YEAR),
        (figures.own(trio.ours), figures.own(trio.third)), figures.until(trio.bad),
    )  # fmt: skip
    end_it(trio, network)
    issues = exchange(trio, trio.bad, trio.ours)
    assert FileIssue.LEFT_NETWORK in issues
    assert trio.ours.store.row(head) is None


def test_share_of_a_former_member_stays_out_with_the_right_words(trio: Trio) -> None:
    network = figures.join(trio)
    head = figures.begin(trio, network)
    sums.answer_sum(trio.bad, head)
    end_it(trio, network)
    issues = exchange(trio, trio.bad, trio.ours)
    assert FileIssue.LEFT_NETWORK in issues
    assert FileIssue.NOT_OF_NETWORK not in issues


def test_who_comes_back_is_asked_for_what_stayed_out(trio: Trio) -> None:
    network = meet(trio)
    end_it(trio, network)
    rid = house(trio.bad)
    exchange(trio, trio.bad, trio.ours)
    add_member(trio.ours, network, trio.bad)
    exchange(trio, trio.ours, trio.bad)
    exchange(trio, trio.bad, trio.ours)
    assert trio.ours.store.row(rid) is not None


def test_another_member_asks_as_well_when_it_learns_of_the_return(trio: Trio) -> None:
    network = meet(trio)
    exchange(trio, trio.ours, trio.third)
    end_it(trio, network)
    exchange(trio, trio.ours, trio.third)
    rid = house(trio.bad)
    exchange(trio, trio.bad, trio.third)
    add_member(trio.ours, network, trio.bad)
    exchange(trio, trio.ours, trio.third)
    ask_and_answer(trio)
    assert trio.third.store.row(rid) is not None


def test_work_that_came_before_its_maker_was_known_is_asked_for(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third)
    share(trio, network, trio.third)
    add_member(trio.ours, network, trio.bad)
    share(trio, network, trio.bad)
    values: dict[str, Value] = {"title": NAME, "confidentiality": "circle"}
    rid = create_record(trio.bad, Meeting, values, network)
    assert FileIssue.NOT_OF_NETWORK in exchange(trio, trio.bad, trio.third)
    exchange(trio, trio.ours, trio.third)
    ask_and_answer(trio)
    assert trio.third.store.row(rid) is not None


def test_own_network_brings_what_is_for_its_members(trio: Trio) -> None:
    end_it(trio, meet(trio))
    begin_network(trio.bad, trio.ours)
    rid = house(trio.bad)
    assert FileIssue.LEFT_NETWORK not in exchange(trio, trio.bad, trio.ours)
    assert trio.ours.store.row(rid) is not None


def test_what_names_a_network_is_judged_by_that_network(trio: Trio) -> None:
    left, stays = meet(trio), begin_network(trio.ours, trio.bad)
    for network in (left, stays):
        share(trio, network, trio.bad)
    end_it(trio, left)
    heads: dict[str, bytes] = {}
    for name, whose in {"left": left, "stays": stays, "none": None}.items():
        heads[name] = procedure(trio.bad, whose)
    assert exchange(trio, trio.bad, trio.ours)[FileIssue.LEFT_NETWORK] == 2
    came = {name: trio.ours.store.row(rid) is not None for name, rid in heads.items()}
    assert came == {"left": False, "stays": True, "none": True}


def test_work_of_a_former_member_stays_out_with_the_right_words(trio: Trio) -> None:
    network = meet(trio)
    share(trio, network, trio.bad)
    values: dict[str, Value] = {"title": NAME, "confidentiality": "circle"}
    create_record(trio.bad, Meeting, values, network)
    end_it(trio, network)
    issues = exchange(trio, trio.bad, trio.ours)
    assert FileIssue.LEFT_NETWORK in issues
    assert FileIssue.NOT_OF_NETWORK not in issues


def test_who_joins_later_is_no_former_member(trio: Trio) -> None:
    network = meet(trio)
    tomorrow = trio.ours.adapters.clock.now().date() + timedelta(days=1)
    change_record(trio.ours, membership_of(trio, network, trio.bad), {"begins": tomorrow})
    rid = house(trio.bad)
    exchange(trio, trio.bad, trio.ours)
    change_record(trio.ours, membership_of(trio, network, trio.bad), {"begins": None})
    exchange(trio, trio.ours, trio.bad)
    exchange(trio, trio.bad, trio.ours)
    assert trio.ours.store.row(rid) is not None
