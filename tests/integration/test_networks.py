# SPDX-License-Identifier: GPL-3.0-or-later
"""Common records travel among the members of a network, and to nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import add_member, begin_network, send
from tests.integration.pair_samples import refusal

from kfdesk.demo import people
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.plans import open_plan


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def add_house(desk: Session, name: str, seen_by: str, number: str = "") -> bytes:
    values: dict[str, Value] = {"name": name, "country": "SE", "confidentiality": seen_by}
    house = create_record(desk, Organisation, values)
    if number:
        create_record(desk, Phone, {"number": number, "confidentiality": seen_by}, house)
    return house


def fault(sender: Session, receiver: Session) -> str:
    parcel = transfer.prepare_common(sender, receiver.identity.organisation)
    return parcel.fault.code if parcel.fault is not None else ""


def name_at(desk: Session, rid: bytes) -> object:
    row = desk.store.row(rid)
    return view_any(row).record.name if row is not None else None


# --- what travels


def test_members_get_what_its_class_lets_and_no_more(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    public = add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    circle = add_house(trio.ours, "Cirkelhuset", "circle", "+46 8 000 00 02")
    secret = add_house(trio.ours, "Gömda huset", "secret", "+46 8 000 00 03")
    path = send(trio, trio.ours, trio.bad)
    review = trio.take(path, trio.bad)
    assert review.findings == ()
    assert name_at(trio.bad, public) == "Öppna huset"
    assert name_at(trio.bad, circle) == "Cirkelhuset"
    assert trio.bad.store.row(secret) is None
    numbers = {view(row, Phone).record.number for row in trio.bad.store.rows("phone")}
    assert {"+46 8 000 00 01", "+46 8 000 00 02"} <= numbers
    assert "+46 8 000 00 03" not in numbers
    (line,) = networks.list_networks(trio.bad)
    assert not line.is_ours
    assert [member.view.record.role for member in line.members] == ["member"]
    assert fault(trio.ours, trio.third) == "exchange.nothing_new"


def test_only_what_changed_comes_next(trio: Trio) -> None:
    trio.take(trio.forger(trio.bad).file())  # which tells what its program knows
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    trio.take(trio.forger(trio.bad).file())
    assert not transfer.prepare_common(trio.ours, trio.bad.identity.organisation).goes.rows
    change_record(trio.ours, house, {"hours": "Mo-Fr 09:00-17:00"})
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert [given.rid for given in parcel.goes.rows] == [house]


def test_case_file_brings_what_changed_in_common(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    post = trio.post
    path = transfer.send_bundle(trio.ours, trio.plan, trio.bad.identity.organisation, post).path
    trio.take(path, trio.bad)
    assert name_at(trio.bad, house) == "Öppna huset"


def test_contact_person_who_was_not_asked_stays(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    values: dict[str, Value] = {"given_name": "Påhittad", "confidentiality": "circle"}
    asked = create_record(trio.ours, Contact, values | {"may_be_shared": True})
    unasked = create_record(trio.ours, Contact, values)
    refused = create_record(trio.ours, Contact, values | {"may_be_shared": False})
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    gone = {given.rid for given in parcel.goes.rows if given.type == "contact"}
    assert gone == {asked}
    why = {kept.rid: kept.reason for kept in parcel.may.withheld if kept.key == "given_name"}
    assert {why[unasked], why[refused]} == {WithheldReason.NOT_ASKED}


# --- entries that a plan names


def test_entry_that_the_plan_names_comes_along(trio: Trio) -> None:
    house = add_house(trio.ours, "Mötande huset", "partners_only", "+46 8 000 00 04")
    hidden = add_house(trio.ours, "Gömda huset", "secret")
    change_record(trio.ours, trio.plan, {"escort": _person(trio.ours, house).hex()})
    withheld: dict[str, Value] = {"referring_organisation": hidden.hex()}
    change_record(trio.ours, trio.plan, withheld)
    parcel = transfer.prepare_bundle(trio.ours, trio.plan, trio.bad.identity.organisation)
    named = {given.rid: given.type for given in parcel.goes.rows if given.rid in parcel.named}
    assert sorted(named.values()) == ["contact", "organisation", "phone"]
    assert hidden not in named
    post = trio.post
    path = transfer.send_bundle(trio.ours, trio.plan, trio.bad.identity.organisation, post).path
    trio.take(path, trio.bad)
    assert name_at(trio.bad, house) == "Mötande huset"


def _person(desk: Session, house: bytes, seen_by: str = "partners_only") -> bytes:
    values: dict[str, Value] = {
        "given_name": "Påhittad", "organisation": house.hex(), "confidentiality": seen_by,
        "may_be_shared": True,
    }  # fmt: skip
    return create_record(desk, Contact, values)


# --- who decides about a network


def test_membership_that_ended_ends_what_follows(trio: Trio) -> None:
    network = begin_network(trio.ours)
    yesterday = trio.ours.adapters.clock.now().date() - timedelta(days=1)
    add_member(trio.ours, network, trio.bad, ends=yesterday)
    add_house(trio.ours, "Cirkelhuset", "circle")
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"


def test_partner_cannot_make_us_share_by_a_network_of_its_own(trio: Trio) -> None:
    house = add_house(trio.ours, "Cirkelhuset", "circle")
    begin_network(trio.bad, trio.ours)
    trio.take(send(trio, trio.bad, trio.ours))
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"
    (line,) = networks.list_networks(trio.ours)
    networks.share_in_network(trio.ours, line.view.rid, ("directory", "figures"))
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert house in {given.rid for given in parcel.goes.rows}


def test_network_that_shares_more_later_gets_no_more_of_ours(trio: Trio) -> None:
    add_house(trio.ours, "Cirkelhuset", "circle")
    network = begin_network(trio.bad, trio.ours, shares=("network_work",))
    trio.take(send(trio, trio.bad, trio.ours))
    networks.share_in_network(trio.ours, network, ("network_work", "directory"))
    change_record(trio.bad, network, {"shares": ("network_work", "directory")})
    trio.take(send(trio, trio.bad, trio.ours))
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"


def test_membership_of_somebody_elses_making_is_refused(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third)
    add_house(trio.ours, "Cirkelhuset", "circle")
    forger = trio.forger(trio.bad)
    own = trio.bad.identity.organisation
    joined = forger.written("membership", {"organisation": own.hex()}, parent=network)
    in_our_name = forger.written(
        "membership", {"organisation": own.hex()}, parent=network,
        custodian=trio.ours.identity.organisation,
    )  # fmt: skip
    for row in (joined, in_our_name):
        review = trio.take(forger.file((row,)))
        assert trio.ours.store.row(row.rid) is None
        assert review.refused == 1
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"
    review = transfer.review_bundle(trio.ours, forger.file((joined,)))
    assert {one.finding for one in review.findings} == {FileIssue.NOT_OF_NETWORK}


def test_membership_and_network_of_ours_are_changed_by_nobody_else(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.third)
    forger = trio.forger(trio.bad)
    before = trio.ours.store.digest()
    mine = (trio.row(network), *trio.ours.store.rows("membership"))
    for row in mine:
        values: dict[str, Value] = {"ends": None, "begins": None}
        trio.take(forger.file((forger.changed(row, values),)))
        trio.take(forger.file((forger.deleted(row),)))
    assert trio.ours.store.digest() == before


def test_partner_is_told_that_it_cannot_write_anothers_network(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert refusal(lambda: add_member(trio.bad, network, trio.third)).code == "record.not_ours"
    assert (
        refusal(lambda: change_record(trio.bad, network, {"shares": ("directory",)})).code
        == "record.not_ours"
    )


# --- suggestions


def test_suggestion_goes_to_the_owner_and_comes_back_as_its_value(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    networks.suggest_change(trio.bad, house, "hours", "Mo-Fr 08:00-16:00", "Så står det.")
    assert name_at(trio.ours, house) == "Öppna huset"
    trio.take(send(trio, trio.bad, trio.ours))
    (line,) = networks.list_suggestions(trio.ours)
    assert line.is_ours_to_decide
    assert line.by == people.SAFE_HOUSE
    networks.take_suggestion(trio.ours, line.view.rid)
    assert (
        refusal(lambda: networks.decline_suggestion(trio.ours, line.view.rid)).code
        == "suggestion.decided"
    )
    review = trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert review.conflicts == 0
    there = trio.bad.store.row(house)
    assert there is not None
    assert view(there, Organisation).record.hours == "Mo-Fr 08:00-16:00"
    assert networks.list_suggestions(trio.bad) == ()


def test_suggestion_about_a_third_organisations_entry_is_refused(trio: Trio) -> None:
    forger = trio.forger(trio.bad)
    third = trio.third.identity.organisation
    row = forger.written("suggestion", {"key": "hours", "value": "never"}, parent=third)
    review = trio.take(forger.file((row,)))
    assert review.refused == 1
    assert trio.ours.store.row(row.rid) is None


def test_own_entry_needs_no_suggestion(trio: Trio) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    assert (
        refusal(lambda: networks.suggest_change(trio.ours, house, "hours", "9-17")).code
        == "suggestion.own_entry"
    )
    assert (
        refusal(
            lambda: networks.suggest_change(
                trio.ours, trio.bad.identity.organisation, "address", "Påhittade gatan 1"
            )
        ).code
        == "field.unknown"
    )


def test_wrong_number_of_a_partners_entry_is_suggested_and_taken(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public", "+46 8 000 00 01")
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    (number,) = (row.rid for row in trio.bad.store.rows("phone") if row.parent == house)
    networks.suggest_change(trio.bad, number, "number", "+46 8 000 00 02", "Det gick till fel.")
    trio.take(send(trio, trio.bad, trio.ours))
    (line,) = networks.list_suggestions(trio.ours)
    assert (line.name, line.now) == ("Öppna huset", "+46 8 000 00 01")
    networks.take_suggestion(trio.ours, line.view.rid)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert view(trio.row(number), Phone).record.number == "+46 8 000 00 02"
    there = trio.bad.store.row(number)
    assert there is not None
    assert view(there, Phone).record.number == "+46 8 000 00 02"


@pytest.mark.parametrize(("key", "value"), [("country", "Estland"), ("contact_risk", "9")])
def test_code_that_nobody_knows_is_not_suggested(trio: Trio, key: str, value: str) -> None:
    partner = trio.bad.identity.organisation
    found = refusal(lambda: networks.suggest_change(trio.ours, partner, key, value))
    assert (found.code, found.data["field"]) == ("field.kind_mismatch", f"organisation.{key}")
    assert networks.suggest_change(trio.ours, partner, "country", "EE")


@pytest.mark.parametrize(("key", "value"), [("country", "Estland"), ("contact_risk", "9")])
def test_suggested_nonsense_of_a_partner_changes_nothing(trio: Trio, key: str, value: str) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    forger = trio.forger(trio.bad)
    row = forger.written("suggestion", {"key": key, "value": value}, parent=house)
    trio.take(forger.file((row,)))
    before = trio.row(house)
    assert refusal(lambda: networks.take_suggestion(trio.ours, row.rid)).code.startswith("field.")
    assert trio.row(house) == before
    networks.decline_suggestion(trio.ours, row.rid)
    assert networks.list_suggestions(trio.ours) == ()


def test_suggested_value_that_the_field_does_not_take_is_refused(trio: Trio) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    forger = trio.forger(trio.bad)
    row = forger.written("suggestion", {"key": "email", "value": "a\u202eb"[:1]}, parent=house)
    odd = forger.written("suggestion", {"key": "state", "value": "x"}, parent=house)
    trio.take(forger.file(sorted((row, odd), key=lambda one: one.rid)))
    assert refusal(lambda: networks.take_suggestion(trio.ours, odd.rid)).code == "field.unknown"


# --- names of clients, older programs


def test_client_in_the_text_of_a_network_stops_the_file(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad)
    code = view_any(trio.ours.store.rows("client")[0]).record.code
    change_record(trio.ours, network, {"purpose": people.localized(f"Om {code}", code, code)})
    assert refusal(lambda: send(trio, trio.ours, trio.bad)).code == "exchange.names_another"


def test_older_program_gets_the_new_types_once_it_knows_them(
    trio: Trio, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    monkeypatch.setattr("kfdesk.bundle.files.SCHEMA_VERSION", 4)
    trio.take(trio.forger(trio.bad).file())
    monkeypatch.undo()
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert {given.type for given in parcel.goes.rows} == {"organisation"}
    assert parcel.too_new == {"network": 1, "membership": 1}
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert name_at(trio.bad, house) == "Öppna huset"
    trio.take(trio.forger(trio.bad).file())
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert {given.type for given in parcel.goes.rows} == {"network", "membership"}
    assert parcel.too_new == {}


def test_what_an_older_program_acknowledged_and_dropped_comes_again(
    trio: Trio, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_network(trio.ours, trio.bad)
    path = send(trio, trio.ours, trio.bad)
    trio.take(path, trio.bad)
    monkeypatch.setattr("kfdesk.bundle.files.SCHEMA_VERSION", 4)  # it took the file as program 4
    trio.take(trio.forger(trio.bad).file())
    monkeypatch.undo()
    trio.take(trio.forger(trio.bad).file())  # and writes now as program 5
    parcel = transfer.prepare_common(trio.ours, trio.bad.identity.organisation)
    assert {given.type for given in parcel.goes.rows} == {"network", "membership"}


def test_fault_says_what_is_missing(trio: Trio) -> None:
    with pytest.raises(KfdeskError) as refused:
        send(trio, trio.ours, trio.bad)
    assert refused.value.code == "exchange.nothing_new"


def test_secret_entry_that_a_plan_names_reads_as_known_to_its_owner(trio: Trio) -> None:
    hidden = _person(trio.ours, add_house(trio.ours, "Gömda huset", "secret"), "secret")
    change_record(trio.ours, trio.plan, {"escort": hidden.hex()})
    post = trio.post
    path = transfer.send_bundle(trio.ours, trio.plan, trio.bad.identity.organisation, post).path
    trio.take(path, trio.bad)
    assert trio.bad.store.row(hidden) is None
    choices = open_plan(trio.bad, trio.plan).choices
    assert (hidden.hex(), people.HOUSE) in choices.elsewhere
    named = {
        value
        for row in trio.bad.store.rows("plan")
        for value in (view_any(row).record.escort, view_any(row).record.receiver)
        if value is not None
    }
    known = dict((*choices.organisations, *choices.contacts, *choices.elsewhere))
    assert named <= known.keys()
