# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find on a real store: whom a few letters lead to, and what they never show."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.stores import new_desk

from kfdesk import app
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Right, Role
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.values import LocalizedText, MissingAnswer, Translation, Value
from kfdesk.environment import Environment
from kfdesk.services.core.authorization import hidden_keys
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.search import (
    SLICE_SIZE,
    HitKind,
    QuickFindIndex,
    QuickFindSearch,
    SearchHit,
    quick_find,
)
from kfdesk.storage import key_slots

ENGLISH = app.language("en")
MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex helt vanliga ord till prov")
NAMES = ("Shcherbakova", "Sjtjerbakova", "Щербакова", "щерб", "Nina Shcher", "shcherbakova нина")


@dataclass(frozen=True)
class Kept:
    desk: Session
    client: bytes
    plan: bytes
    contact: bytes
    house: bytes
    number: bytes

    def titles(self, typed: str, limit: int = 20) -> list[str]:
        return [hit.title for hit in quick_find(self.desk, typed, limit, ENGLISH)]

    def hits(self, typed: str) -> tuple[SearchHit, ...]:
        return quick_find(self.desk, typed, 20, ENGLISH)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    desk = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    names = {"given_name": "Нина", "family_name": "Щербакова", "name_on_ticket": "NINA SHCHER"}
    client = create_record(desk, Client, {"code": "tulpan-47", "alias": "Öla", **names})
    plan = create_record(desk, Plan, {}, parent=client)
    other = create_record(
        desk, Client, {"code": "tulpan-52", "family_name": MissingAnswer.DECLINED}
    )
    create_record(desk, Plan, {}, parent=other)
    house = create_record(desk, Organisation, {"name": "Дом у реки", "confidentiality": "secret"})
    contact = create_record(
        desk,
        Contact,
        {"given_name": "Karin", "family_name": "Tulpanova", "organisation": house.hex()},
    )
    number = create_record(desk, HelpNumber, {"number": "+46 70-174 06 15"}, parent=plan)
    yield Kept(desk, client, plan, contact, house, number)
    desk.store.close()


@pytest.mark.parametrize("typed", NAMES)
def test_her_name_in_any_spelling_finds_her_and_shows_the_code(kept: Kept, typed: str) -> None:
    (hit,) = kept.hits(typed)
    assert hit == SearchHit(HitKind.PLAN, kept.plan, "tulpan-47", "Öla")


def test_no_name_of_a_client_is_in_what_is_shown(kept: Kept) -> None:
    for typed in (*NAMES, "tulpan", "ola", "070 174"):
        for hit in kept.hits(typed):
            if hit.kind in (HitKind.PLAN, HitKind.HELP_NUMBER):
                assert "Щерб" not in repr(hit)
                assert "SHCHER" not in repr(hit)


def test_code_comes_before_names_that_begin_so_too(kept: Kept) -> None:
    assert kept.titles("tulpan") == ["tulpan-47", "tulpan-52", "Karin Tulpanova"]
    assert kept.titles("tulpan-4") == kept.titles("TULPAN 47") == ["tulpan-47"]


def test_order_is_the_same_each_time_and_the_limit_cuts_its_end(kept: Kept) -> None:
    assert kept.titles("tulpan") == kept.titles("tulpan")
    assert kept.titles("tulpan", limit=2) == ["tulpan-47", "tulpan-52"]


def test_alias_finds_her_without_its_marks(kept: Kept) -> None:
    assert kept.titles("ola") == ["tulpan-47"]


def test_directory_is_found_by_name_and_person_by_house(kept: Kept) -> None:
    assert [hit.kind for hit in kept.hits("dom reki")] == [HitKind.CONTACT, HitKind.ORGANISATION]
    (person,) = kept.hits("karin")
    assert (person.rid, person.under) == (kept.contact, "Дом у реки")


def test_secret_entry_says_that_it_is_secret(kept: Kept) -> None:
    (house,) = (hit for hit in kept.hits("dom") if hit.kind is HitKind.ORGANISATION)
    assert house.is_secret


@pytest.mark.parametrize("typed", ["+46 70-174", "070 174", "0701740615", "0046 70", "174 06"])
def test_number_leads_to_the_plan_that_has_it(kept: Kept, typed: str) -> None:
    (hit,) = kept.hits(typed)
    assert (hit.kind, hit.rid, hit.title) == (HitKind.HELP_NUMBER, kept.plan, "tulpan-47")


def told(*places: tuple[str, str]) -> LocalizedText:
    return tuple(Translation(language, text) for language, text in places)


@pytest.mark.parametrize("typed", ["Pskov", "Псков", "pskov", "Риг", "riga"])
def test_place_of_a_journey_in_any_alphabet_leads_to_its_plan_once(kept: Kept, typed: str) -> None:
    riga, pskov = told(("sv", "Riga"), ("ru", "Рига")), told(("ru", "Псков"))
    for number, (start, end) in enumerate(((riga, pskov), (pskov, riga)), start=1):
        values: dict[str, Value] = {"sequence": number, "from_place": start, "to_place": end}
        create_record(kept.desk, Leg, values, parent=kept.plan)
    hits = [hit for hit in kept.hits(typed) if hit.kind is HitKind.JOURNEY]
    assert hits == [SearchHit(HitKind.JOURNEY, kept.plan, "tulpan-47", "Öla")]


def test_word_of_a_note_leads_to_its_plan_and_shows_nothing_of_it(kept: Kept) -> None:
    note = {"content": "Hon ringde från konsulatet om passet.", "kind": "contact"}
    rid = create_record(kept.desk, Note, note, parent=kept.plan)
    (hit,) = kept.hits("konsulat")
    assert hit == SearchHit(HitKind.NOTE, kept.plan, "tulpan-47", "Öla")
    assert "konsul" not in repr(hit)
    delete_record(kept.desk, rid)
    assert kept.hits("konsulat") == ()


@pytest.mark.parametrize(
    ("role", "finds"),
    [
        (Role.CASE_MANAGER, True),
        (Role.RETURN_COORDINATOR, True),
        (Role.APPROVER, None),
        (Role.DATA_PROTECTION_LEAD, None),
        (Role.DIRECTORY_EDITOR, False),
    ],
)
def test_note_is_found_by_those_who_may_read_it(kept: Kept, role: Role, finds: bool | None) -> None:
    note = {"content": "Hon ringde från konsulatet.", "kind": "contact"}
    create_record(kept.desk, Note, note, parent=kept.plan)
    desk = replace(kept.desk, roles=frozenset({role}))
    row = kept.desk.store.rows("note")[0]
    reads = desk.may(Right.READ_ALL) and "content" not in hidden_keys(desk, row)
    assert finds in (reads, None)
    found = [hit.kind for hit in quick_find(desk, "konsulat", 9, ENGLISH)]
    assert found == ([HitKind.NOTE] if reads else [])


@pytest.mark.parametrize("typed", ["", "  ", "06", "0", "zzz", "nina petrova", "-"])
def test_what_fits_nothing_finds_nothing(kept: Kept, typed: str) -> None:
    assert kept.titles(typed) == []


def test_deleted_records_are_not_found(kept: Kept) -> None:
    delete_record(kept.desk, kept.number)
    delete_record(kept.desk, kept.contact)
    delete_record(kept.desk, kept.house)
    assert kept.titles("070 174") == kept.titles("karin") == kept.titles("dom") == []
    delete_record(kept.desk, kept.client)
    assert kept.titles("tulpan-47") == kept.titles("Щербакова") == []


def test_name_in_conflict_finds_her_by_both_versions(kept: Kept) -> None:
    change_record(kept.desk, kept.client, {"family_name": "Вымыслова"}, ())
    assert kept.titles("shcherbakova") == kept.titles("vymyslova") == ["tulpan-47"]


def test_code_in_conflict_is_shown_with_both(kept: Kept) -> None:
    change_record(kept.desk, kept.client, {"code": "sippa-12"}, ())
    (title,) = kept.titles("Щербакова")
    assert set(title.split(" / ")) == {"tulpan-47", "sippa-12"}


def test_finding_writes_nothing(kept: Kept) -> None:
    before = kept.desk.store.digest(), kept.desk.store.ledger.audit_head()
    kept.titles("Щербакова")
    assert (kept.desk.store.digest(), kept.desk.store.ledger.audit_head()) == before


# a slice at a time


def test_plans_are_read_in_slices_and_what_is_found_is_the_same(kept: Kept) -> None:
    for number in range(2 * SLICE_SIZE):
        client = create_record(kept.desk, Client, {"code": f"namn-{number}"})
        create_record(kept.desk, Plan, {}, parent=client)
    index = QuickFindIndex(kept.desk, ENGLISH)
    steps = []
    search = QuickFindSearch(index, "namn", 12)
    while not (step := search.resume())[1]:
        steps.append(len(index.entries))
    assert max(b - a for a, b in pairwise([0, *steps])) <= SLICE_SIZE
    assert len(steps) > 2
    assert step[0] == quick_find(kept.desk, "namn", 12, ENGLISH)


def test_the_directory_answers_first_and_plans_join_it(kept: Kept) -> None:
    index = QuickFindIndex(kept.desk, ENGLISH)
    quick_find(kept.desk, "tulpan", 12, ENGLISH)
    search = QuickFindSearch(index, "tulpan", 12)
    hits, is_over = search.resume()
    assert ([hit.title for hit in hits], is_over) == (["Karin Tulpanova"], False)
    while not is_over:
        hits, is_over = search.resume()
    assert [hit.title for hit in hits] == ["tulpan-47", "tulpan-52", "Karin Tulpanova"]


def test_who_reads_nothing_finds_nothing_in_an_index(kept: Kept) -> None:
    desk = replace(kept.desk, roles=frozenset({Role.STATISTICS_READER}))
    search = QuickFindSearch(QuickFindIndex(desk, ENGLISH), "tulpan", 12)
    assert (search.resume(), search.resume()) == (((), False), ((), True))


def test_procedure_is_found_in_each_of_its_languages_and_named_in_that_of_the_window(
    kept: Kept,
) -> None:
    title = (Translation("sv", "Påhittad samverkan"), Translation("en", "Invented cooperation"))
    values: dict[str, Value] = {"title": title, "version": "3", "confidentiality": "circle"}
    rid = create_record(kept.desk, Procedure, values)
    for typed in ("pahittad", "invented coop"):
        (hit,) = kept.hits(typed)
        assert hit == SearchHit(HitKind.PROCEDURE, rid, "Invented cooperation", "3")
    delete_record(kept.desk, rid)
    assert kept.hits("invented coop") == ()
