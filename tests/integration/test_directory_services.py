# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory, history and the look at a paper, on a real store; looking leaves nothing behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.support.make import sheet
from tests.support.papers import drawn_paper
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.history import is_audit_log_intact, read_history
from kfdesk.services.core.records import change_record, create_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import (
    DirectoryEntry,
    delete_entry,
    list_directory,
    list_directory_drafts,
)
from kfdesk.services.directory.search import find_same_name
from kfdesk.services.papers.production import (
    client_language,
    make_paper,
    paper_obstacles,
    preview_pages,
)
from kfdesk.storage import key_slots

PNG = b"\x89PNG\r\n"


@dataclass(frozen=True)
class Set:
    desk: Session
    house: bytes
    plan: bytes
    legs: tuple[bytes, bytes]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Set]:
    machine = Environment(cost=key_slots.MIN_COST)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    desk = new_desk(tmp_path / "store", people.HOUSE, who, machine)
    values = {"name": people.SAFE_HOUSE, "country": "RU", "confidentiality": "secret"}
    house = create_record(desk, Organisation, values)
    plan, legs = story.enter_plan(desk, house)
    yield Set(desk, house, plan, legs)
    desk.store.close()


def client_of(made: Set) -> bytes:
    plan = made.desk.store.row(made.plan)
    assert plan is not None
    assert plan.parent is not None
    return plan.parent


# the directory


def test_directory_lists_organisations_and_persons_by_name(made: Set) -> None:
    names = [entry.name for entry in list_directory(made.desk)]
    assert names == ["Karin Påhittad", people.HOUSE, people.SAFE_HOUSE]


def test_entry_knows_which_plan_names_it_and_as_what(made: Set) -> None:
    entries = {entry.name: entry for entry in list_directory(made.desk)}
    (naming,) = entries[people.SAFE_HOUSE].namings
    assert (naming.plan, naming.code) == (made.plan, "tulpan-47")
    assert naming.fields == ("plan.receiver", "consent.recipient")
    assert [one.fields for one in entries["Karin Påhittad"].namings] == [("plan.escort",)]
    assert entries[people.HOUSE].namings == ()


def test_both_values_of_a_torn_reference_name_their_entries(made: Set) -> None:
    other = create_record(made.desk, Organisation, {"name": "Uppdiktat hus"})
    change_record(made.desk, made.plan, {"receiver": other.hex()}, ())
    entries = {entry.name: entry for entry in list_directory(made.desk)}
    assert [one.fields for one in entries["Uppdiktat hus"].namings] == [("plan.receiver",)]
    assert "plan.receiver" in entries[people.SAFE_HOUSE].namings[0].fields


def test_secret_entry_is_marked_and_stays_so_while_that_is_in_conflict(made: Set) -> None:
    def secret() -> set[str]:
        return {entry.name for entry in list_directory(made.desk) if entry.is_secret}

    assert secret() == {"Karin Påhittad", people.SAFE_HOUSE}
    change_record(made.desk, made.house, {"confidentiality": "public"}, ())
    assert people.SAFE_HOUSE in secret()
    change_record(made.desk, made.house, {"confidentiality": "public"})
    assert people.SAFE_HOUSE not in secret()


def test_person_stands_with_the_name_of_her_organisation(made: Set) -> None:
    values = {"given_name": "Anna", "organisation": made.house.hex()}
    create_record(made.desk, Contact, values)
    entries = {entry.name: entry for entry in list_directory(made.desk)}
    assert entries["Anna"].works_for == people.SAFE_HOUSE
    assert entries["Karin Påhittad"].works_for == ""


def test_our_own_organisation_is_known_as_ours(made: Set) -> None:
    ours = [entry.name for entry in list_directory(made.desk) if entry.is_ours]
    assert ours == [people.HOUSE]


def test_whoever_names_an_entry_anywhere_in_a_case_is_known(made: Set) -> None:
    karin = entry_of(made, "Karin Påhittad").view.rid
    change_record(made.desk, made.plan, {"escort": None})
    change_record(made.desk, made.legs[0], {"meeter": karin.hex()})
    (naming,) = entry_of(made, "Karin Påhittad").namings
    assert (naming.plan, naming.fields) == (made.plan, ("leg.meeter",))


def test_entry_that_an_open_plan_names_stays_and_one_that_only_an_ended_plan_names_goes(
    made: Set,
) -> None:
    assert refused(made, made.house) == "directory.named"
    assert entry_of(made, people.SAFE_HOUSE).open_references
    row = made.desk.store.row(made.plan)
    assert row is not None
    changes = encode_changes("plan", {"state": "closed"})
    seen = seen_writes(row)
    with made.desk.store.transaction():
        ended = apply_changes(row.state, changes, seen, made.desk.signature)
        made.desk.store.put(replace(row, state=ended))
    assert entry_of(made, people.SAFE_HOUSE).namings
    done = delete_entry(made.desk, made.house)
    assert people.SAFE_HOUSE not in [entry.name for entry in list_directory(made.desk)]
    undo(made.desk, done)
    assert people.SAFE_HOUSE in [entry.name for entry in list_directory(made.desk)]


def test_organisation_for_which_somebody_works_stays(made: Set) -> None:
    house = create_record(made.desk, Organisation, {"name": "Uppdiktat hus"})
    person = create_record(made.desk, Contact, {"given_name": "Anna", "organisation": house.hex()})
    assert [one.rid for one in entry_of(made, "Uppdiktat hus").people] == [person]
    assert refused(made, house) == "directory.named"
    delete_entry(made.desk, person)
    delete_entry(made.desk, house)


def test_our_own_entry_and_a_partners_are_not_put_in_the_bin(made: Set) -> None:
    assert refused(made, made.desk.identity.organisation) == "directory.own"
    partner = b"p" * 16
    changes = encode_changes("organisation", {"name": "Tartu jour"})
    state = apply_changes(EMPTY_STATE, changes, (), made.desk.signature)
    with made.desk.store.transaction():
        made.desk.store.put(Row(partner, "organisation", None, partner, state))
    entry = entry_of(made, "Tartu jour")
    assert (entry.is_theirs, entry.answers) == (True, "Tartu jour")
    assert refused(made, partner) == "record.not_ours"


def test_telephones_stand_with_their_organisation_and_hide_with_it(made: Set) -> None:
    house = create_record(made.desk, Organisation, {"name": "Uppdiktat hus"})
    values = {"number": "+372 000 0142"}
    phone = create_record(made.desk, Phone, values, parent=house)
    assert [one.rid for one in entry_of(made, "Uppdiktat hus").phones] == [phone]
    delete_entry(made.desk, phone)
    assert entry_of(made, "Uppdiktat hus").phones == ()


def test_both_values_of_a_torn_name_are_said(made: Set) -> None:
    house = create_record(made.desk, Organisation, {"name": "Uppdiktat hus"})
    change_record(made.desk, house, {"name": "Uppdiktat hem"}, ())
    names = {entry.name for entry in list_directory(made.desk)}
    assert names & {"Uppdiktat hus / Uppdiktat hem", "Uppdiktat hem / Uppdiktat hus"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("uppdiktat HUS", True),
        ("hus uppdiktat", True),
        ("Uppdiktat", False),
        ("Uppdiktat hus i Kaunas", False),
        ("", False),
        ("!", False),
    ],
)
def test_twin_has_the_same_words_in_whatever_order(made: Set, typed: str, found: bool) -> None:
    house = create_record(made.desk, Organisation, {"name": "Uppdiktat hus"})
    assert bool(find_same_name(made.desk, "organisation", b"", typed)) is found
    assert find_same_name(made.desk, "organisation", house, typed) == ()


def test_drafts_of_the_directory_wait_and_others_are_not_among_them(made: Set) -> None:
    save_draft(made.desk, None, FormState("organisation", {"name": "Halvskrivet"}))
    save_draft(made.desk, None, FormState("client", {"alias": "Nina"}))
    assert [line.type for line in list_directory_drafts(made.desk)] == ["organisation"]


def entry_of(made: Set, name: str) -> DirectoryEntry:
    return next(entry for entry in list_directory(made.desk) if entry.name == name)


def refused(made: Set, rid: bytes) -> str:
    with pytest.raises(KfdeskError) as fault:
        delete_entry(made.desk, rid)
    return fault.value.code


# the history


def test_history_is_newest_first_with_type_code_and_keys_and_no_value(made: Set) -> None:
    change_record(made.desk, made.legs[0], {"carrier": "Påhittat Rederi"})
    lines = read_history(made.desk).lines
    newest = lines[0]
    assert (newest.action, newest.type, newest.code) == (Action.CHANGE, "leg", "tulpan-47")
    assert (newest.user, newest.keys) == (people.INITIALS, ("carrier",))
    assert [one.number for one in lines] == sorted((one.number for one in lines), reverse=True)
    assert lines[-1].action is Action.KEYS
    assert not lines[-1].has_record
    assert "Påhittat Rederi" not in repr(lines)


def test_every_record_under_a_client_carries_her_code_and_no_other_does(made: Set) -> None:
    codes = {one.type: one.code for one in read_history(made.desk).lines if one.has_record}
    below = dict.fromkeys(("client", "plan", "leg", "help_number", "consent"), "tulpan-47")
    assert codes == {**below, "organisation": "", "contact": ""}


def test_pages_follow_each_other_without_gap_or_overlap(made: Set) -> None:
    whole = [one.number for one in read_history(made.desk).lines]
    found, before = [], None
    while True:
        page = read_history(made.desk, before, limit=3)
        found += [one.number for one in page.lines]
        assert len(page.lines) <= 3
        if page.older is None:
            break
        before = page.older
    assert found == whole


def test_last_page_says_so_even_when_it_is_full(made: Set) -> None:
    count = len(read_history(made.desk).lines)
    assert read_history(made.desk, limit=count).older is None
    assert read_history(made.desk, limit=count - 1).older is not None


def test_events_of_the_ledger_begin_below_the_number_asked_for(made: Set) -> None:
    ledger = made.desk.store.ledger
    newest = ledger.events(None, 2)
    assert [number for number, _ in ledger.events(newest[0][0], 1)] == [newest[1][0]]
    assert ledger.events(1, 5) == ()


def test_chain_that_somebody_cut_is_not_whole(made: Set) -> None:
    assert is_audit_log_intact(made.desk)
    connection = made.desk.store._connection
    connection.execute("DROP TRIGGER audit_no_change")
    connection.execute("UPDATE audit SET user = 'XX' WHERE id = 2")
    assert not is_audit_log_intact(made.desk)


def test_record_that_is_not_here_is_told_without_type(made: Set) -> None:
    made.desk.log(Action.IMPORT, bytes(16))
    newest = read_history(made.desk).lines[0]
    assert (newest.has_record, newest.type, newest.code) == (True, "", "")


# the look at a paper


def test_preview_leaves_only_that_somebody_looked_and_is_the_paper_that_is_printed(
    made: Set,
) -> None:
    before, store = made.desk.store.ledger.events(None, 1)[0][0], made.desk.store.digest()
    seen = drawn_paper(made.desk, sheet(made.plan))
    look = preview_pages(made.desk, sheet(made.plan), 1.0)
    new = [
        event.action for number, event in made.desk.store.ledger.events(None, 9) if number > before
    ]
    assert set(new) == {Action.VIEW}
    head = made.desk.store.ledger.audit_head()
    assert made.desk.store.digest() == store
    assert made.desk.store.ledger.entries(client_of(made)) == ()
    assert look.obstacles == ()
    assert look.pages[0].startswith(PNG)
    assert make_paper(made.desk, sheet(made.plan)).digest == seen.digest
    assert made.desk.store.ledger.audit_head() != head


def test_preview_is_refused_for_what_the_paper_is_refused_for(made: Set) -> None:
    change_record(made.desk, made.legs[1], {"carrier": "18, Exempelbuss"}, ())
    with pytest.raises(KfdeskError) as refused:
        make_paper(made.desk, sheet(made.plan))
    assert refused.value.code == "paper.conflict"
    look = preview_pages(made.desk, sheet(made.plan), 1.0)
    assert [fault.code for fault in look.obstacles] == ["paper.conflict"]
    assert look.pages == ()


def test_all_obstacles_are_told_and_a_torn_field_is_not_called_empty_too(made: Set) -> None:
    change_record(made.desk, made.plan, {"wants_paper": None})
    change_record(made.desk, made.legs[0], {"mode": None, "carrier": None})
    other = {"arrives": people.leg_values(made.desk.adapters.clock.now())[1]["departs"]}
    change_record(made.desk, made.legs[1], other, ())
    found = paper_obstacles(made.desk, sheet(made.plan))
    assert [(fault.code, fault.data) for fault in found] == [
        ("paper.wish_not_recorded", {}),
        ("paper.conflict", {"field": "leg.arrives"}),
        ("paper.missing", {"field": "leg.mode", "number": 1}),
    ]


def test_paper_speaks_the_first_of_her_languages_that_is_offered(made: Set) -> None:
    assert client_language(made.desk, made.plan, ("sv", "en", "ru")) == "ru"
    assert client_language(made.desk, made.plan, ("sv", "en")) == "en"


@pytest.mark.parametrize(
    ("spoken", "code", "data"),
    [
        (("vi", "th"), "paper.no_text", {"spoken": "vi"}),
        (None, "paper.missing", {"field": "client.languages"}),
        (MissingAnswer.UNKNOWN, "paper.missing", {"field": "client.languages"}),
    ],
)
def test_paper_is_never_in_english_because_nothing_else_is_known(
    made: Set, spoken: Value, code: str, data: Mapping[str, str]
) -> None:
    change_record(made.desk, client_of(made), {"languages": spoken})
    with pytest.raises(KfdeskError) as refused:
        client_language(made.desk, made.plan, ("sv", "en", "ru"))
    assert (refused.value.code, refused.value.data) == (code, data)


def test_plan_without_a_wish_is_not_shown_as_a_page(made: Set) -> None:
    change_record(made.desk, made.plan, {"wants_paper": "no_paper"})
    look = preview_pages(made.desk, sheet(made.plan), 1.0)
    assert [fault.code for fault in look.obstacles] == ["paper.not_wanted"]
