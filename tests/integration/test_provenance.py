# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose file brought a value: another laptop of ours shows it as the one that took the file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, THIRD, WHO, Trio, hostile_trio
from tests.support.forging import written_ids
from tests.support.laptops import SetUp, make_house, pass_on

from kfdesk.demo import people
from kfdesk.domain.exchange import ControlMessages, Provenance
from kfdesk.domain.registers import live_writes
from kfdesk.services.core.history import read_record_history
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.exchange.provenance import provenance_for

VALUE = "19, Exempelbuss"


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def laptops(trio: Trio, tmp_path: Path) -> Iterator[list[Session]]:
    """Our laptop, which exchanges files with partners, and two others of the house."""
    how = SetUp(WHO, MACHINE, PartnerTerms(is_third_country=False))
    (tmp_path / "house").mkdir()
    made = make_house(tmp_path / "house", trio.ours, 3, how)
    yield made
    for desk in made[1:]:
        desk.store.close()


def sender_of(desk: Session, rid: bytes, value: str = VALUE) -> str:
    (line,) = [one for one in read_record_history(desk, rid).lines if one.value == value]
    return line.sender


def test_laptop_that_never_met_the_partner_shows_whose_file_it_was(
    trio: Trio, laptops: list[Session], tmp_path: Path
) -> None:
    change_record(trio.ours, trio.legs[0], {"carrier": "ours"})
    mine = f"{people.INITIALS}, {trio.ours.identity.name}"
    row = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": VALUE}, author=mine)
    trio.take(trio.forger(trio.bad).file([row]))
    one, two, three = laptops
    pass_on(one, two, tmp_path / "house")
    pass_on(two, three, tmp_path / "house")  # it passes on what it was told
    for desk in laptops:
        assert sender_of(desk, trio.legs[0]) == people.SAFE_HOUSE
        assert desk.store.verify() == ()


def test_what_came_to_a_laptop_before_keeps_its_own_provenance(
    trio: Trio, laptops: list[Session], tmp_path: Path
) -> None:
    one, two, _ = laptops
    pass_on(one, two, tmp_path / "house")
    row = two.store.row(trio.legs[0])
    assert row is not None
    said = Provenance(row.rid, trio.third.identity.organisation, written_ids(row))
    forger = replace(trio.forger(one), against=two)
    path = forger.file([trio.row(trio.legs[0])], ControlMessages(provenance=(said,)))
    trio.take(path, two)
    assert two.store.received.senders(row.rid) == {}


def test_partner_says_nothing_of_whose_file_it_was(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    row = forger.changed(trio.row(trio.legs[0]), {"carrier": VALUE})
    writes = frozenset(write[:2] for write in live_writes(row.state))
    said = Provenance(row.rid, trio.third.identity.organisation, writes)
    trio.take(forger.file([row], ControlMessages(provenance=(said,))))
    assert sender_of(trio.ours, trio.legs[0]) == people.SAFE_HOUSE != THIRD


def test_partners_are_not_told_whose_file_it_was(trio: Trio) -> None:
    row = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": VALUE})
    trio.take(trio.forger(trio.bad).file([row]))
    partner = partners.find_partner(trio.ours, trio.bad.identity.organisation)
    goes = transfer.prepare_bundle(trio.ours, trio.plan, partner.organisation).may
    assert goes.rows
    assert provenance_for(trio.ours, partner, goes) == ()
    assert len(list(trio.ours.store.received.all())) == 1
