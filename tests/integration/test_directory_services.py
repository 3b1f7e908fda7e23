# SPDX-License-Identifier: GPL-3.0-or-later
"""Directory, history and the look at a paper, on a real store; looking leaves nothing behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.domain.desk.log import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.organisation import Organisation
from kfdesk.services.desk import Desk
from kfdesk.services.directory import list_directory
from kfdesk.services.history import is_whole, read_history
from kfdesk.services.papers import (
    her_language,
    look_at_sheet,
    make_travellers_sheet,
    obstacles,
    preview_travellers_sheet,
)
from kfdesk.services.records import change_record, create_record
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials

RUSSIAN = app.travellers_language("ru")
PNG = b"\x89PNG\r\n"


@dataclass(frozen=True)
class Set:
    desk: Desk
    house: bytes
    plan: bytes
    legs: tuple[bytes, bytes]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Set]:
    machine = app.Machine(cost=slots.FLOOR)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    desk = app.create_store(tmp_path / "store", people.HOUSE, who, machine)
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
    assert is_whole(made.desk)
    connection = made.desk.store._connection  # type: ignore[attr-defined]
    connection.execute("DROP TRIGGER audit_no_change")
    connection.execute("UPDATE audit SET user = 'XX' WHERE id = 2")
    assert not is_whole(made.desk)


def test_record_that_is_not_here_is_told_without_type(made: Set) -> None:
    made.desk.log(Action.IMPORT, bytes(16))
    newest = read_history(made.desk).lines[0]
    assert (newest.has_record, newest.type, newest.code) == (True, "", "")


# the look at a paper


def test_preview_leaves_no_entry_and_is_the_paper_that_is_printed(made: Set) -> None:
    head, store = made.desk.store.ledger.audit_head(), made.desk.store.digest()
    seen = preview_travellers_sheet(made.desk, made.plan, RUSSIAN)
    look = look_at_sheet(made.desk, made.plan, RUSSIAN, 1.0)
    assert made.desk.store.ledger.audit_head() == head
    assert made.desk.store.digest() == store
    assert made.desk.store.ledger.entries(client_of(made)) == ()
    assert look.obstacles == ()
    assert look.pages[0].startswith(PNG)
    assert make_travellers_sheet(made.desk, made.plan, RUSSIAN).digest == seen.digest
    assert made.desk.store.ledger.audit_head() != head


def test_preview_is_refused_for_what_the_paper_is_refused_for(made: Set) -> None:
    change_record(made.desk, made.legs[1], {"carrier": "18, Exempelbuss"}, ())
    for make in (preview_travellers_sheet, make_travellers_sheet):
        with pytest.raises(KfdeskError) as refused:
            make(made.desk, made.plan, RUSSIAN)
        assert refused.value.code == "paper.conflict"
    look = look_at_sheet(made.desk, made.plan, RUSSIAN, 1.0)
    assert [fault.code for fault in look.obstacles] == ["paper.conflict"]
    assert look.pages == ()


def test_all_obstacles_are_told_and_a_torn_field_is_not_called_empty_too(made: Set) -> None:
    change_record(made.desk, made.plan, {"wants_paper": None})
    change_record(made.desk, made.legs[0], {"mode": None, "carrier": None})
    other = {"arrives": people.legs(made.desk.rooms.clock.now())[1]["departs"]}
    change_record(made.desk, made.legs[1], other, ())
    found = obstacles(made.desk, made.plan, RUSSIAN)
    assert [(fault.code, fault.data) for fault in found] == [
        ("paper.wish_not_recorded", {}),
        ("paper.conflict", {"field": "leg.arrives"}),
        ("paper.missing", {"field": "leg.mode", "number": 1}),
    ]


def test_paper_speaks_the_first_of_her_languages_that_is_offered(made: Set) -> None:
    assert her_language(made.desk, made.plan, ("sv", "en", "ru")) == "ru"
    assert her_language(made.desk, made.plan, ("sv", "en")) == "en"
    change_record(made.desk, client_of(made), {"languages": ("uk",)})
    assert her_language(made.desk, made.plan, ("sv", "en", "ru")) == "en"


def test_plan_without_a_wish_is_not_shown_as_a_page(made: Set) -> None:
    change_record(made.desk, made.plan, {"wants_paper": "no_paper"})
    look = look_at_sheet(made.desk, made.plan, RUSSIAN, 1.0)
    assert [fault.code for fault in look.obstacles] == ["paper.not_wanted"]
