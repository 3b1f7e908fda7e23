# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures among the members of a network: who writes in a draft, and who cannot."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import add_member, begin_network, send

from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import transfer

SORTS = ("procedures",)
SAID = (Translation("sv", "Socialnämnden bedömer"),)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def network(trio: Trio) -> bytes:
    """Return our network of the three, in which all let the others have procedures."""
    begun = begin_network(trio.ours, trio.bad, trio.third, shares=SORTS)
    for there in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, there), there)
        networks.share_in_network(there, begun, SORTS)
    return begun


def draft(desk: Session, whose: bytes, *prefixes: str, **more: Value) -> tuple[bytes, ...]:
    """Enter a draft with these steps; return its id and theirs."""
    values: dict[str, Value] = {
        "title": SAID, "status": "draft", "version": "1", "network": whose.hex(),
        "confidentiality": "circle",
    }  # fmt: skip
    head = create_record(desk, Procedure, values | more)
    return head, *(add_step(desk, head, prefix) for prefix in prefixes)


def add_step(desk: Session, head: bytes, prefix: str) -> bytes:
    return create_record(desk, ProcedureStep, {"prefix": prefix, "title": SAID}, head)


def pass_on(trio: Trio, here: Session, there: Session) -> None:
    trio.take(send(trio, here, there), there)


def step(desk: Session, rid: bytes) -> ProcedureStep:
    row = desk.store.row(rid)
    assert row is not None
    return view(row, ProcedureStep).record


def conflicts(desk: Session, rid: bytes) -> frozenset[str]:
    row = desk.store.row(rid)
    assert row is not None
    return view_any(row).conflicts


def test_members_write_a_draft_apart_and_the_files_join_it(trio: Trio, network: bytes) -> None:
    head, first, second = draft(trio.ours, network, "1", "2")
    pass_on(trio, trio.ours, trio.bad)
    change_record(trio.bad, first, {"form_number": "195011"})
    change_record(trio.ours, first, {"law": "5:15"})
    third = add_step(trio.bad, head, "3")
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)
    for desk in (trio.ours, trio.bad):
        assert (step(desk, first).form_number, step(desk, first).law) == ("195011", "5:15")
        assert step(desk, third).prefix == "3"
        assert not conflicts(desk, first) | conflicts(desk, second) | conflicts(desk, head)


def test_text_written_apart_is_a_conflict_with_both_values(trio: Trio, network: bytes) -> None:
    _, first = draft(trio.ours, network, "1")
    pass_on(trio, trio.ours, trio.bad)
    change_record(trio.bad, first, {"law": "deras"})
    change_record(trio.ours, first, {"law": "vår"})
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.bad)
    for desk in (trio.ours, trio.bad):
        row = desk.store.row(first)
        assert row is not None
        found = view(row, ProcedureStep).versions
        assert {one.value for one in found["law"]} == {"deras", "vår"}


def test_custodian_passes_on_what_each_member_wrote(trio: Trio, network: bytes) -> None:
    head, first = draft(trio.ours, network, "1")
    pass_on(trio, trio.ours, trio.bad)
    change_record(trio.bad, first, {"law": "5:15"})
    new = add_step(trio.bad, head, "2")
    assert transfer.prepare_common(trio.bad, trio.third.identity.organisation).fault is not None
    pass_on(trio, trio.bad, trio.ours)
    pass_on(trio, trio.ours, trio.third)
    assert step(trio.third, first).law == "5:15"
    assert step(trio.third, new).prefix == "2"


def test_deletion_by_another_member_is_a_proposal(trio: Trio, network: bytes) -> None:
    _, first, second = draft(trio.ours, network, "1", "2")
    pass_on(trio, trio.ours, trio.bad)
    delete_record(trio.bad, first)
    pass_on(trio, trio.bad, trio.ours)
    assert not is_deleted(trio.row(first).state)
    delete_record(trio.ours, second)
    pass_on(trio, trio.ours, trio.bad)
    gone = trio.bad.store.row(second)
    assert gone is not None
    assert is_deleted(gone.state)


def test_what_its_custodian_decides_comes_from_nobody_else(trio: Trio, network: bytes) -> None:
    head, _ = draft(trio.ours, network, "1")
    forger, before = trio.forger(trio.bad), trio.row(head)
    values: dict[str, Value] = {
        "status": "active", "version": "9", "confidentiality": "public", "network": None,
        "effective_from": None, "adopted": "x",
    }  # fmt: skip
    trio.take(forger.file((forger.changed(before, values),)))
    assert trio.row(head) == before


def test_organisation_outside_the_network_writes_nothing(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third, shares=SORTS)
    head, first = draft(trio.ours, network, "1")
    forger, before = trio.forger(trio.bad), trio.ours.store.digest()
    forged = (
        forger.changed(trio.row(first), {"law": "x"}),
        forger.changed(trio.row(head), {"region": "x"}),
        forger.written("procedure_step", {"prefix": "0"}, parent=head),
        forger.written("procedure_step", {"prefix": "0"}, parent=None),
    )
    for row in forged:
        review = transfer.review_bundle(trio.ours, forger.file((row,)))
        assert {one.finding for one in review.findings} == {FileIssue.NOT_OF_NETWORK}
        trio.take(forger.file((row,)))
    assert trio.ours.store.digest() == before


def test_draft_goes_to_the_members_of_its_own_network_alone(trio: Trio) -> None:
    inner = begin_network(trio.ours, trio.third, shares=SORTS)
    wide = begin_network(trio.ours, trio.third, trio.bad, shares=("figures",))
    open_to_all = begin_network(trio.ours, trio.bad, shares=SORTS)
    head, first = draft(trio.ours, inner, "1")
    figures, _ = draft(trio.ours, wide, "1")
    secret, _ = draft(trio.ours, open_to_all, "1", confidentiality="secret")
    nameless, _ = draft(trio.ours, wide, "1", network=None)
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    gone = {given.rid for given in parcel.goes.rows}
    assert not gone & {head, first, figures, secret}
    assert nameless in gone
    parcel = transfer.prepare_common(trio.ours, trio.third.identity.organisation)
    assert {head, first} <= {given.rid for given in parcel.goes.rows}
    add_member(trio.ours, inner, trio.bad)
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert {head, first} <= {given.rid for given in parcel.goes.rows}


def test_name_of_a_client_in_a_step_stops_the_file(trio: Trio, network: bytes) -> None:
    _, first = draft(trio.ours, network, "1")
    client = trio.ours.store.row(trio.row(trio.plan).parent or b"")
    assert client is not None
    name = view_any(client).record.given_name
    change_record(trio.ours, first, {"what": (Translation("sv", f"Fråga {name}"),)})
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert [(one.type, one.key) for one in parcel.mentions] == [("procedure_step", "what")]
