# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at before a file leaves: other clients in its texts, and who can read them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.demo import people, story
from kfdesk.domain.audit import Action
from kfdesk.domain.records.client import Client
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Translation
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
)
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.outbox import Parcel
from kfdesk.services.exchange.outgoing_texts import Mention

OTHER: people.Values = {
    "code": "vinter-21", "alias": "Lilja", "given_name": "Oksana", "family_name": "Hittepåenko",
}  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


@pytest.fixture
def other(pair: Pair) -> bytes:
    """Create a second client of ours, unknown to the partner; return the id."""
    return create_record(pair.ours, Client, OTHER)


def says(pair: Pair, sv: str, ru: str = "") -> Parcel:
    """Return the parcel when the sign by which the client is met says this."""
    told = people.localized(sv, ru or "зелёная сумка", "green bag")
    change_record(pair.ours, pair.legs[1], {"sign": told})
    return parcel(pair)


def parcel(pair: Pair) -> Parcel:
    return transfer.prepare_bundle(pair.ours, pair.plan, pair.theirs.identity.organisation)


@pytest.mark.usefixtures("other")
def test_parcel_that_names_nobody_else_is_stopped_by_nothing(pair: Pair) -> None:
    assert parcel(pair).mentions == ()
    pair.send()


@pytest.mark.parametrize("words", ["Reser med Oksana", "Hittepåenkos syster", "lilja vet", "LILJA"])
def test_another_clients_name_in_a_text_stops_the_file(
    pair: Pair, other: bytes, words: str
) -> None:
    (found,) = {replace(one, words="") for one in says(pair, words).mentions}
    assert found == Mention(pair.legs[1], "leg", "sign", "", other)
    fault = refusal(pair.send)
    assert (fault.code, fault.data) == ("exchange.names_another", {"field": "leg.sign"})
    assert list(pair.post.glob("*.age")) == []


@pytest.mark.parametrize("words", ["Lilja vet", "Rosmarin vet", "Reser med Oksana"])
def test_every_name_of_a_client_in_conflict_is_found(pair: Pair, other: bytes, words: str) -> None:
    row = require_record(pair.ours, other)
    changes = encode_changes("client", {"alias": "Rosmarin"})
    state = apply_changes(row.state, changes, (), pair.theirs.signature)
    with pair.ours.store.transaction():
        pair.ours.store.put(replace(row, state=state))
    assert {one.other for one in says(pair, words).mentions} == {other}


@pytest.mark.usefixtures("other")
def test_name_is_found_in_other_letters_and_cases(pair: Pair) -> None:
    (found,) = says(pair, "grön väska", "вместе с Оксаной").mentions
    assert found.words == "Оксаной"


def test_code_is_found_and_nobody_can_say_that_it_is_somebody_elses(
    pair: Pair, other: bytes
) -> None:
    found = says(pair, "samma som vinter 21").mentions
    assert {(one.is_code, one.other) for one in found} == {(True, other)}
    them = pair.theirs.identity.organisation
    said = frozenset(found)
    fault = refusal(lambda: transfer.send_bundle(pair.ours, pair.plan, them, pair.post, said))
    assert fault.code == "exchange.names_another"


@pytest.mark.usefixtures("other")
def test_name_said_to_be_somebody_elses_goes_and_is_noted(pair: Pair) -> None:
    found = says(pair, "Oksana möter vid bussen").mentions
    them = pair.theirs.identity.organisation
    transfer.send_bundle(pair.ours, pair.plan, them, pair.post, frozenset(found))
    events = [event for _, event in pair.ours.store.ledger.events(None, 99)]
    (noted,) = (event for event in events if event.action is Action.EXCUSE_NAME)
    assert (noted.rid, noted.keys) == (pair.legs[1], ("leg.sign",))


def test_name_that_she_bears_herself_is_not_another_clients(pair: Pair) -> None:
    row = pair.ours.store.row(pair.plan)
    assert row is not None
    hers = pair.ours.store.row(row.parent or b"")
    assert hers is not None
    create_record(pair.ours, Client, {"code": "vinter-21", "given_name": "Nina"})
    change_record(pair.ours, hers.rid, {"given_name": "Nina"})
    assert says(pair, "Nina har grön väska").mentions == ()


def test_her_own_name_stops_no_file_that_holds_only_the_news(pair: Pair) -> None:
    plan = pair.ours.store.row(pair.plan)
    assert plan is not None
    change_record(pair.ours, plan.parent or b"", {"given_name": "Nina"})
    pair.send()
    pair.answer()
    change_record(pair.ours, pair.legs[1], {"sign": people.localized("Nina", "Нина", "Nina")})
    later = parcel(pair)
    assert "client" not in {given.row.type for given in later.goes.rows}
    assert later.mentions == ()


def test_code_that_two_desks_drew_alike_stops_nothing(pair: Pair) -> None:
    create_record(pair.ours, Client, {"code": people.CLIENT["code"]})
    assert parcel(pair).mentions == ()


def test_client_in_the_bin_stops_nothing(pair: Pair, other: bytes) -> None:
    assert says(pair, "Oksana möter").mentions != ()
    delete_record(pair.ours, other)
    assert parcel(pair).mentions == ()


@pytest.mark.usefixtures("other")
def test_both_versions_of_a_field_in_conflict_are_read(pair: Pair) -> None:
    pair.send()
    change_record(pair.ours, pair.legs[1], {"sign": people.localized("blå", "синяя", "blue")})
    named = people.localized("med Oksana", "зелёная", "green")
    change_record(pair.theirs, pair.legs[1], {"sign": named})
    pair.answer()
    assert {one.words for one in parcel(pair).mentions} == {"Oksana"}


def test_texts_that_a_partner_cannot_read_are_told_with_their_languages(pair: Pair) -> None:
    them = pair.theirs.identity.organisation
    assert parcel(pair).unread == ()  # what they read is not known
    known = partners.find_partner(pair.ours, them)
    pair.ours.store.ledger.set_partner(replace(known, reads=("ru",)))
    assert parcel(pair).unread == ()
    change_record(pair.ours, pair.legs[1], {"sign": (Translation("sv", "grön väska"),)})
    (found,) = parcel(pair).unread
    assert (found.rid, found.type, found.key) == (pair.legs[1], "leg", "sign")
    assert found.languages == ("sv",)
    pair.send()


def test_plain_texts_and_entries_of_the_directory_ask_for_no_language(pair: Pair) -> None:
    known = partners.find_partner(pair.ours, pair.theirs.identity.organisation)
    pair.ours.store.ledger.set_partner(replace(known, reads=("et",)))
    found = parcel(pair).unread
    assert {one.type for one in found} <= {"client", "plan", "leg", "help_number"}
    assert "carrier" not in {one.key for one in found}


def test_code_that_begins_with_another_clients_code_is_no_mention(pair: Pair) -> None:
    client = require_record(pair.ours, pair.plan).parent or b""
    short, _, long = (
        create_record(pair.ours, Client, {"code": code})
        for code in ("kod-120", "120", "kod-1204-b")
    )
    change_record(pair.ours, client, {"code": "kod-1204"})
    assert parcel(pair).mentions == ()
    pair.send()
    assert {one.other for one in says(pair, "som kod-120 sa").mentions} == {short}
    assert long in {one.other for one in says(pair, "som kod-1204-b sa").mentions}


# several plans in one file: the names are spelt once for all of them

NAMES = (
    ("Нина", "Вымыслова"), ("Nina", "Vymyslov"), ("Вымыслов", "Нинель"), ("Oksana", "Vymyslova"),
    ("Анна", "Придуманная"), ("Anna", "Pridumannaja"), ("Łucja", "Zmyślona"), ("ليلى", "خيال"),
)  # fmt: skip
WORDS = (
    "grön väska", "Нину Вымыслову", "med Vymyslov", "МамаВымысловТут", "OKSANA", "кодвинтер21",
    "vinter 22", "Anny i Łucji", "Лейла и Придуманной", "N i n e l", "xxvymyslovaxx",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_file_of_several_plans_names_whom_a_file_of_each_names(pair: Pair, seed: int) -> None:
    rng, desk = random.Random(seed), pair.ours
    them = pair.theirs.identity.organisation
    plans = [pair.plan]
    for number, (given, family) in enumerate(rng.sample(NAMES, 5)):
        plan, (leg, _) = story.enter_plan(desk, them)
        client = require_record(desk, plan).parent or b""
        change_record(
            desk, client,
            {"code": f"vinter-{20 + number}", "given_name": given, "family_name": family,
             "alias": rng.choice(NAMES)[0], "name_on_ticket": f"{given} {family}".upper()},
        )  # fmt: skip
        said = people.localized(rng.choice(WORDS), rng.choice(WORDS), rng.choice(WORDS))
        change_record(desk, leg, {"sign": said})
        plans.append(plan)
    alone = [set(transfer.prepare_bundle(desk, one, them).mentions) for one in plans]
    together = transfer.prepare_bundle(desk, tuple(plans), them).mentions
    assert set().union(*alone) <= set(together)
    assert {(one.rid, one.other) for one in together} == {
        (one.rid, one.other) for some in alone for one in some
    }
    assert any(alone)
