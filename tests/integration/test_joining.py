# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation typed before its card came is joined with the partner; nothing of it is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Reception, Referral
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view, view_any
from kfdesk.services.core.records import change_record, create_record, require_record, undo_all
from kfdesk.services.directory.duplicates import find_local_entry, merge_organisations
from kfdesk.services.directory.entries import list_directory
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.retention import set_legal_hold


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path) as begun:
        yield begun


class Typed:
    """Text that was written of the partner before its card came."""

    def __init__(self, walk: Walk) -> None:
        desk = self.desk = walk.ours
        values = {"name": people.SAFE_HOUSE.upper(), "address": "Påhittade gatan 1"}
        self.house = create_record(desk, Organisation, values)
        self.partner = walk.partner
        named = {"organisation": self.house.hex()}
        client = create_record(desk, Client, {"code": "sippa-12"})
        self.consent = create_record(
            desk, Consent, {"recipient": self.house.hex(), "purpose": "referral_service"}, client
        )
        self.plan = create_record(
            desk, Plan, {"state": "draft", "receiver": self.house.hex()}, client
        )
        self.reception = create_record(desk, Reception, named, self.plan)
        self.referral = create_record(desk, Referral, named, self.plan)
        self.contact = create_record(desk, Contact, {"given_name": "Olga", **named})
        self.phone = create_record(desk, Phone, {"number": "+7 000 555-01-17"}, self.house)

    def record(self, rid: bytes) -> Any:
        return view_any(require_record(self.desk, rid)).record

    def names(self) -> set[str]:
        """Return whom all the records name."""
        return {
            self.record(self.consent).recipient,
            self.record(self.plan).receiver,
            *(self.record(r).organisation for r in (self.reception, self.referral, self.contact)),
        }

    def phones(self, house: bytes) -> set[str]:
        rows = (row for row in self.desk.store.children(house) if row.type == "phone")
        seen = (view(row, Phone) for row in rows)
        return {str(one.record.number) for one in seen if not one.is_deleted}


@pytest.fixture
def typed(made: Walk) -> Typed:
    return Typed(made)


def test_what_named_the_typed_one_names_the_partner_and_is_taken_back_together(
    typed: Typed,
) -> None:
    before = typed.desk.store.digest()
    twin = find_local_entry(typed.desk, typed.partner)
    assert twin is not None
    assert twin.view.rid == typed.house
    joined = merge_organisations(typed.desk, typed.house, typed.partner)
    assert joined.left == 0
    assert typed.names() == {typed.partner.hex()}
    assert "+7 000 555-01-17" in typed.phones(typed.partner)
    assert typed.record(typed.partner).address == "Påhittade gatan 1"
    assert typed.house not in {entry.view.rid for entry in list_directory(typed.desk)}
    assert find_local_entry(typed.desk, typed.partner) is None
    undo_all(typed.desk, joined.done)
    assert typed.names() == {typed.house.hex()}
    assert typed.phones(typed.house) == {"+7 000 555-01-17"}
    assert typed.record(typed.partner).address is None
    assert typed.house in {entry.view.rid for entry in list_directory(typed.desk)}
    assert typed.desk.store.digest() != before  # nothing is unwritten
    typed.desk.store.verify()


def test_consent_that_named_the_typed_one_opens_a_file_to_the_partner(made: Walk) -> None:
    desk = made.ours
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE})
    name = made.partner.hex()
    theirs = [r for r in made.of("consent") if view(r, Consent).record.recipient == name]
    for row in theirs:
        change_record(desk, row.rid, {"recipient": house.hex()})
    with pytest.raises(KfdeskError):
        transfer.send_bundle(desk, made.plan, made.partner, made.post)
    merge_organisations(desk, house, made.partner)
    assert transfer.send_bundle(desk, made.plan, made.partner, made.post).path.exists()


def test_value_in_conflict_waits_for_its_decision(typed: Typed) -> None:
    desk = typed.desk
    change_record(desk, typed.plan, {"receiver": None}, seen=())
    joined = merge_organisations(desk, typed.house, typed.partner)
    assert joined.left == 1
    assert "receiver" in view_any(require_record(desk, typed.plan)).conflicts


def test_plan_that_must_be_kept_goes_on_naming_the_typed_one(typed: Typed) -> None:
    set_legal_hold(typed.desk, typed.plan, "Rättegång")
    joined = merge_organisations(typed.desk, typed.house, typed.partner)
    assert joined.left == 3
    assert typed.record(typed.plan).receiver == typed.house.hex()
    assert typed.record(typed.consent).recipient == typed.partner.hex()


def test_only_a_typed_one_is_joined_and_only_with_anothers(typed: Typed) -> None:
    ours = typed.desk.identity.organisation
    for one, other, code in (
        (typed.partner, typed.house, "record.not_ours"),
        (ours, typed.partner, "record.not_ours"),
        (typed.house, ours, "record.not_ours"),
        (typed.plan, typed.partner, "record.missing"),
    ):
        with pytest.raises(KfdeskError) as fault:
            merge_organisations(typed.desk, one, other)
        assert fault.value.code == code
