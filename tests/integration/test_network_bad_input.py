# SPDX-License-Identifier: GPL-3.0-or-later
"""What people and partners can enter wrongly about networks and entries, and what then happens."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import NAME, SHARED, add_member, begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.test_networks import add_house, fault

from kfdesk import app
from kfdesk.demo import people
from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.records.directory import Membership, Network, Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value
from kfdesk.i18n import messages
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.records import change_record, create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.directory.duplicates import merge_duplicates, merge_organisations
from kfdesk.services.directory.entries import list_directory, read_entry
from kfdesk.services.directory.files import export_contacts, preview_contact_import
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.partners import PartnerTerms


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


# --- a network without a coordinator


@pytest.mark.parametrize("coordinator", [None, MissingAnswer.UNKNOWN, "ab" * 16])
def test_network_without_a_known_coordinator_is_named_by_who_began_it(
    trio: Trio, coordinator: Value
) -> None:
    network = begin_network(trio.ours, trio.bad)
    change_record(trio.ours, network, {"coordinator": coordinator})
    house = add_house(trio.ours, "Cirkelhuset", "circle")
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert trio.bad.store.row(house) is not None
    (here,), (there,) = (networks.list_networks(desk) for desk in (trio.ours, trio.bad))
    assert (here.coordinator, there.coordinator) == (people.HOUSE, people.HOUSE)


def test_network_without_a_name_and_without_members_shares_nothing(trio: Trio) -> None:
    create_record(trio.ours, Network, {"shares": SHARED, "we_share": SHARED})
    add_house(trio.ours, "Cirkelhuset", "circle")
    (line,) = networks.list_networks(trio.ours)
    assert (line.members, line.coordinator) == ((), people.HOUSE)
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"


# --- an organisation that is part of itself


def part_of(desk: Session, rid: bytes, above: bytes) -> None:
    change_record(desk, rid, {"part_of": above.hex()})


def test_organisation_is_not_made_part_of_itself(trio: Trio) -> None:
    desk = trio.ours
    one, two, three = (add_house(desk, name, "public") for name in ("Ett", "Två", "Tre"))
    part_of(desk, one, two)
    part_of(desk, two, three)
    for rid, above in ((one, one), (two, one), (three, one), (three, two), (three, three)):
        assert refusal(lambda rid=rid, above=above: part_of(desk, rid, above)).code == (
            "directory.circular"
        )
    change_record(desk, three, {"city": "Orten"})
    part_of(desk, one, three)


def test_circle_of_parts_in_a_partners_file_stops_nothing(trio: Trio, tmp_path: Path) -> None:
    forger, ids = trio.forger(trio.bad), []
    for name in ("Kretsen ett", "Kretsen två", "Kretsen tre"):
        row = forger.written("organisation", {"name": name, "confidentiality": "public"})
        ids.append(row)
    rows = [
        forger.changed(row, {"part_of": ids[(place + 1) % 3].rid.hex()})
        for place, row in enumerate(ids)
    ]
    own = forger.written("organisation", {"name": "Sig själv", "confidentiality": "public"})
    rows.append(forger.changed(own, {"part_of": own.rid.hex()}))
    trio.take(forger.file(sorted(rows, key=lambda row: row.rid)))
    names = {entry.name for entry in list_directory(trio.ours)}
    assert {"Kretsen ett", "Kretsen två", "Kretsen tre", "Sig själv"} <= names
    for row in rows:
        entry = read_entry(trio.ours, row.rid)
        assert entry is not None
        assert entry.names["part_of"]
    house = add_house(trio.ours, "Del av kretsen", "public")
    assert refusal(lambda: part_of(trio.ours, ids[0].rid, ids[0].rid)).code == "directory.circular"
    part_of(trio.ours, house, ids[0].rid)
    for kind in FileKind:
        path = tmp_path / f"list.{kind}"
        export_contacts(trio.ours, kind, path)
        preview = preview_contact_import(trio.ours, {"list": path.read_bytes()}, ParseOptions())
        assert not preview.broken


def test_joining_an_organisation_with_its_own_part_makes_no_circle(trio: Trio) -> None:
    whole, part = (add_house(trio.ours, name, "public") for name in ("Hela huset", "Halva huset"))
    part_of(trio.ours, part, whole)
    merge_duplicates(trio.ours, part, whole, ())
    assert view(trio.row(part), Organisation).record.part_of is None


# --- two networks of one name


def test_two_networks_of_one_name_stay_two_until_a_person_joins_them(trio: Trio) -> None:
    ours, theirs = begin_network(trio.ours, trio.bad), begin_network(trio.bad, trio.ours)
    trio.take(send(trio, trio.bad, trio.ours))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    for desk, own, other in ((trio.ours, ours, theirs), (trio.bad, theirs, ours)):
        assert {line.view.rid for line in networks.list_networks(desk)} == {ours, theirs}
        assert networks.find_same_network(desk, own) == (other,)
    house = add_house(trio.ours, "Cirkelhuset", "circle")
    done = networks.join_networks(trio.ours, ours, theirs)
    (line,) = networks.list_networks(trio.ours)
    assert (line.view.rid, line.shares) == (theirs, frozenset())
    what = transfer.prepare_common(trio.ours, trio.bad.identity.organisation).goes
    assert house not in {given.rid for given in what.rows}  # nobody here shares in theirs yet
    networks.share_in_network(trio.ours, theirs, ("directory",))
    what = transfer.prepare_common(trio.ours, trio.bad.identity.organisation).goes
    assert house in {given.rid for given in what.rows}
    undo_all(trio.ours, done)
    assert len(networks.list_networks(trio.ours)) == 2


def test_network_of_a_partner_is_never_the_one_that_goes(trio: Trio) -> None:
    ours, theirs = begin_network(trio.ours), begin_network(trio.bad, trio.ours)
    trio.take(send(trio, trio.bad, trio.ours))
    house = add_house(trio.ours, "Öppna huset", "public")
    before = trio.ours.store.digest()
    for goes, stays, code in (
        (theirs, ours, "record.not_ours"), (ours, ours, "record.missing"),
        (ours, house, "record.missing"), (house, ours, "record.missing"),
        (ours, bytes(16), "record.missing"),
    ):  # fmt: skip
        found = refusal(lambda goes=goes, stays=stays: networks.join_networks(
            trio.ours, goes, stays))  # fmt: skip
        assert found.code == code
    assert trio.ours.store.digest() == before


def test_members_of_one_of_our_networks_are_copied_into_the_other(trio: Trio) -> None:
    goes, stays = begin_network(trio.ours, trio.bad, trio.third), begin_network(trio.ours, trio.bad)
    other = create_record(trio.ours, Network, {"title": people.localized("A", "Б", "C")})
    assert networks.find_same_network(trio.ours, goes) == (stays,)
    assert networks.find_same_network(trio.ours, other) == ()
    networks.join_networks(trio.ours, goes, stays)
    rows = trio.ours.store.rows_below("membership", stays)
    members = sorted(str(view(row, Membership).record.organisation) for row in rows)
    assert members == sorted(one.identity.organisation.hex() for one in (trio.bad, trio.third))
    assert networks.find_same_network(trio.ours, stays) == ()


# --- a membership before its network


@pytest.mark.parametrize(
    ("network", "member", "is_refused"),
    [
        (date(2000, 5, 1), date(2000, 4, 30), True),
        (date(2000, 5, 1), date(2000, 5, 1), False),
        (date(2000, 5, 1), PartialDate("1999"), True),
        (date(2000, 5, 1), PartialDate("2000"), False),
        (PartialDate("2000"), date(1999, 12, 31), True),
        (PartialDate("2000"), date(2000, 1, 1), False),
        (None, date(1900, 1, 1), False),
        (MissingAnswer.UNKNOWN, date(1900, 1, 1), False),
        (date(2000, 5, 1), None, False),
        (date(2000, 5, 1), MissingAnswer.UNKNOWN, False),
    ],
)
def test_membership_does_not_begin_before_its_network(
    trio: Trio, network: Value, member: Value, is_refused: bool
) -> None:
    rid = begin_network(trio.ours)
    change_record(trio.ours, rid, {"begins": network})
    first = add_member(trio.ours, rid, trio.third)
    attempts = (
        lambda: add_member(trio.ours, rid, trio.bad, begins=member),
        lambda: change_record(trio.ours, first, {"begins": member}),
    )
    for attempt in attempts:
        if is_refused:
            assert refusal(attempt).code == "membership.too_early"
        else:
            attempt()
    assert len(trio.ours.store.rows("membership")) == (1 if is_refused else 2)


def test_membership_gives_nothing_before_its_network_begins(trio: Trio) -> None:
    """A partner's file may say so, or the network's day may be changed later."""
    network = begin_network(trio.ours, trio.bad)
    (member,) = trio.ours.store.rows("membership")
    today = trio.ours.adapters.clock.now().date()
    change_record(trio.ours, member.rid, {"begins": today - timedelta(9)})
    add_house(trio.ours, "Cirkelhuset", "circle")
    change_record(trio.ours, network, {"begins": today + timedelta(1)})
    assert fault(trio.ours, trio.bad) == "exchange.nothing_new"
    change_record(trio.ours, network, {"begins": today})
    assert fault(trio.ours, trio.bad) == ""


# --- a member that is a twin


def test_member_entered_by_hand_counts_when_its_card_has_come(tmp_path: Path) -> None:
    with hostile_trio(tmp_path) as trio:
        ours, bad = trio.ours, trio.bad
        typed = add_house(ours, "Nya huset", "public")
        network = begin_network(ours)
        create_record(ours, Membership, {"organisation": typed.hex(), "role": "member"}, network)
        house = add_house(ours, "Cirkelhuset", "circle")
        assert fault(ours, bad) == "exchange.nothing_new"
        partners.add_partner(ours, partners.our_card(bad), PartnerTerms(is_third_country=False))
        merge_organisations(ours, typed, bad.identity.organisation)
        trio.take(send(trio, ours, bad), bad)
        assert bad.store.row(house) is not None
        (line,) = networks.list_networks(bad)
        assert line.takes_part


def test_we_are_a_member_when_the_coordinator_has_joined_its_entry_for_us(trio: Trio) -> None:
    """They entered us by hand before our card came; until they join the two we are nobody there."""
    typed = add_house(trio.bad, people.HOUSE, "public")
    network = begin_network(trio.bad, trio.third)
    values: dict[str, Value] = {"organisation": typed.hex(), "role": "member"}
    create_record(trio.bad, Membership, values, network)
    assert fault(trio.bad, trio.ours) == "exchange.nothing_new"
    merge_organisations(trio.bad, typed, trio.ours.identity.organisation)
    trio.take(send(trio, trio.bad, trio.ours))
    (line,) = networks.list_networks(trio.ours)
    assert line.takes_part
    assert people.HOUSE in {member.name for member in line.members if member.stands}


def test_joining_a_twin_changes_no_network_of_another(trio: Trio) -> None:
    """Else we would say who is a member of their network, and what may leave here by it."""
    typed = add_house(trio.ours, "Kolmas", "public")
    begin_network(trio.ours, trio.bad)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    network = begin_network(trio.bad, trio.ours)
    named: dict[str, Value] = {"organisation": typed.hex(), "role": "member"}
    membership = create_record(trio.bad, Membership, named, network)
    change_record(trio.bad, network, {"coordinator": typed.hex()})
    trio.take(send(trio, trio.bad, trio.ours))
    networks.share_in_network(trio.ours, network, SHARED)
    done = merge_organisations(trio.ours, typed, trio.third.identity.organisation)
    assert done.left == 2
    assert view(trio.row(membership), Membership).record.organisation == typed.hex()
    assert fault(trio.ours, trio.third) == "exchange.nothing_new"


# --- the sentences


@pytest.mark.parametrize("code", ["directory.circular", "membership.too_early"])
def test_each_refusal_has_a_sentence_and_a_remedy(trio: Trio, code: str) -> None:
    network = begin_network(trio.ours)
    change_record(trio.ours, network, {"begins": date(2000, 5, 1), "title": NAME})
    own = trio.ours.identity.organisation
    attempt = {
        "directory.circular": lambda: part_of(trio.ours, own, own),
        "membership.too_early": lambda: add_member(
            trio.ours, network, trio.bad, begins=date(1999, 1, 1)
        ),
    }[code]
    found = refusal(attempt)
    assert found.code == code
    said = set()
    for name in PROGRAM_LANGUAGES:
        words = app.language(name)
        said |= {messages.error_sentence(found, words), messages.error_remedy(found, words)}
    assert len(said) == 2 * len(PROGRAM_LANGUAGES)
