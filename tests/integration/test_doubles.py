# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that stand twice in the directory are found, joined by hand, and taken apart again."""

from dataclasses import replace

import pytest
from tests.support import make

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record, delete_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory.duplicates import (
    DuplicatePair,
    find_duplicates,
    mark_distinct,
    merge_duplicates,
)
from kfdesk.services.directory.entries import DirectoryEntry, read_entry
from kfdesk.services.directory.files import PHONES_KEY, MatchReason


def house(desk: Session, name: str, *numbers: str, **values: Value) -> bytes:
    whole: dict[str, Value] = {"name": name, "country": "EE", "confidentiality": "public", **values}
    rid = create_record(desk, Organisation, whole)
    for number in numbers:
        create_record(desk, Phone, {"number": number, "confidentiality": "public"}, rid)
    return rid


def pairs(desk: Session) -> list[tuple[str, str, MatchReason]]:
    return [
        (one.twin.entry.name, one.listed.name, one.twin.likeness)
        for one in find_duplicates(desk, 99)
    ]


def the_pair(desk: Session) -> DuplicatePair:
    (one,) = find_duplicates(desk, 99)
    return one


def entry(desk: Session, rid: bytes) -> DirectoryEntry:
    found = read_entry(desk, rid)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ({"numbers": ("+372 555 0172",)}, {"numbers": ("5550172",)}, MatchReason.PHONE),
        ({"email": "Jour@example.org"}, {"email": "jour@EXAMPLE.org"}, MatchReason.EMAIL),
        ({"city": "Tartu"}, {"city": "Тарту"}, None),
        ({"city": "Tartu"}, {"city": "tartu"}, MatchReason.NAME),
    ],
)
def test_doubles_are_known_by_number_mail_or_name_and_place(
    desk: Session, one: dict[str, object], other: dict[str, object], likeness: MatchReason | None
) -> None:
    same_name = "city" in one
    for name, values in (("Kodu maja", one), ("Maja Kodu" if same_name else "Jour", other)):
        rest: dict[str, object] = dict(values)
        numbers = rest.pop("numbers", ())
        house(desk, name, *numbers, **rest)  # type: ignore[misc,arg-type]
    assert [how for _, _, how in pairs(desk)] == ([likeness] if likeness else [])


def test_one_entry_alone_one_in_the_bin_and_ours_are_no_doubles(desk: Session) -> None:
    house(desk, "Kodu", "5550172")
    gone = house(desk, "Kodu", "5550172")
    delete_record(desk, gone)
    house(desk, "Kodu", country="LV")
    assert pairs(desk) == []


def test_persons_of_one_name_who_work_elsewhere_are_two(desk: Session) -> None:
    one, other = house(desk, "Ett hus"), house(desk, "Ett annat")
    for place in (one, other, other):
        values: dict[str, Value] = {"given_name": "Anna", "organisation": place.hex()}
        create_record(desk, Contact, values)
    assert pairs(desk) == [("Anna", "Anna", MatchReason.NAME)]


def test_what_plans_name_stays_and_what_it_lacks_is_proposed(desk: Session) -> None:
    bare = house(desk, "Kodu", city="Tartu")
    full = house(desk, "Kodu", "5550172", city="tartu", email="kodu@example.org", languages=("et",))
    client = create_record(desk, Client, {"code": "tulpan-47"})
    create_record(desk, Plan, {"receiver": bare.hex()}, client)
    found = the_pair(desk)
    assert (found.twin.entry.rid, found.rid) == (bare, full)
    assert found.wanted == {"email", "languages", PHONES_KEY}
    keys = [one.key for one in found.twin.differences]
    assert sorted(keys) == ["email", "languages", PHONES_KEY]


def test_who_may_see_less_is_proposed_so_that_joining_shows_nobody_more(desk: Session) -> None:
    client = create_record(desk, Client, {"code": "tulpan-47"})
    open_ = house(desk, "Kodu", city="Tartu")
    create_record(desk, Plan, {"receiver": open_.hex()}, client)
    house(desk, "Kodu", city="Tartu", confidentiality="secret")
    found = the_pair(desk)
    assert found.twin.entry.rid == open_
    assert "confidentiality" in found.wanted
    merge_duplicates(desk, open_, found.rid, found.wanted)
    assert entry(desk, open_).view.record.confidentiality == "secret"


def test_joined_they_are_one_that_plans_and_people_name_and_it_is_taken_back(desk: Session) -> None:
    stays = house(desk, "Kodu", "5550172", city="Tartu", services=("shelter",), note="Ett")
    goes = house(desk, "Kodu", "+372 5550172", "555 0173", city="Tartu", services=("legal",),
                 note="Två", email="kodu@example.org")  # fmt: skip
    client = create_record(desk, Client, {"code": "tulpan-47"})
    plan = create_record(desk, Plan, {"receiver": goes.hex()}, client)
    person = create_record(desk, Contact, {"given_name": "Anna", "organisation": goes.hex()})
    joined = merge_duplicates(desk, stays, goes, {"services", "note", "email", PHONES_KEY})
    assert joined.left == 0
    assert read_entry(desk, goes) is None
    one = entry(desk, stays)
    record = one.view.record
    assert (record.services, record.note) == (("shelter", "legal"), "Ett\nTvå")
    assert record.email == "kodu@example.org"
    assert sorted(seen.record.number for seen in one.phones) == ["555 0173", "5550172"]
    assert [named.rid for named in one.people] == [person]
    assert [naming.plan for naming in one.namings] == [plan]
    assert find_duplicates(desk, 99) == ()
    undo_all(desk, joined.done)
    assert entry(desk, stays).view.record.services == ("shelter",)
    assert len(entry(desk, goes).phones) == 2
    row = desk.store.row(plan)
    assert row is not None
    assert view(row, Plan).record.receiver == goes.hex()
    assert desk.store.verify() == ()


def test_values_that_nobody_chose_stay(desk: Session) -> None:
    stays = house(desk, "Kodu", city="Tartu", email="old@example.org")
    goes = house(desk, "Kodu", city="Tartu", email="new@example.org", website="https://e.org")
    merge_duplicates(desk, stays, goes, {"website"})
    record = entry(desk, stays).view.record
    assert (record.email, record.website) == ("old@example.org", "https://e.org")


def test_answers_of_an_organisation_are_joined_and_a_persons_consent_is_not(desk: Session) -> None:
    stays = house(desk, "Kodu", city="Tartu", round_the_clock=False)
    goes = house(desk, "Kodu", city="Tartu", case_number_needed=False, round_the_clock=True)
    found = the_pair(desk)
    assert found.rid in (stays, goes)
    assert {one.key for one in found.twin.differences} >= {"round_the_clock"}
    merge_duplicates(desk, stays, goes, {"case_number_needed"})
    record = entry(desk, stays).view.record
    assert (record.case_number_needed, record.round_the_clock) == (False, False)
    named = {"given_name": "Anna", "family_name": "Påhittad", "organisation": stays.hex()}
    asked = create_record(desk, Contact, {**named, "may_be_shared": True})
    kept = create_record(desk, Contact, named)
    merge_duplicates(desk, kept, asked, {"may_be_shared"})
    assert entry(desk, kept).view.record.may_be_shared is None


def test_ours_and_what_is_not_there_are_refused_and_nothing_is_changed(desk: Session) -> None:
    ours, other = desk.identity.organisation, house(desk, "Kodu")
    person = create_record(desk, Contact, {"given_name": "Anna"})
    before = desk.store.digest()
    for stays, goes, code in (
        (other, ours, "directory.own"),
        (other, other, "record.missing"),
        (other, person, "record.missing"),
        (other, b"\1" * 16, "record.missing"),
    ):
        with pytest.raises(KfdeskError) as fault:
            merge_duplicates(desk, stays, goes, set())
        assert fault.value.code == code
    assert desk.store.digest() == before


def test_no_more_pairs_are_read_than_are_shown_and_it_can_be_cancelled(desk: Session) -> None:
    for number in range(6):
        house(desk, f"Kodu {number // 2}", city="Tartu")
    assert len(find_duplicates(desk, 2)) == 2
    assert len(find_duplicates(desk, 99)) == 3

    class Stop:
        def step(self, done: int, of: int) -> None:
            raise KfdeskError("work.cancelled")

    with pytest.raises(KfdeskError) as fault:
        find_duplicates(desk, 99, Stop())
    assert fault.value.code == "work.cancelled"


def test_what_a_partner_answers_for_is_not_joined_here(desk: Session) -> None:
    theirs = make_theirs(desk)
    mine = house(desk, "Kodu", city="Tartu")
    assert find_duplicates(desk, 99) == ()
    with pytest.raises(KfdeskError) as fault:
        merge_duplicates(desk, mine, theirs, set())
    assert fault.value.code == "record.not_ours"


def make_theirs(desk: Session) -> bytes:
    """Return an entry for which another organisation answers."""
    values: dict[str, Value] = {"name": "Kodu", "country": "EE", "city": "Tartu"}
    row = make.row("organisation", values, rid=make.named_id("theirs"))
    with desk.store.transaction():
        desk.store.put(replace(row, custodian=make.PARTNER))
    return row.rid


def test_two_that_were_said_to_be_two_come_last_and_can_be_one_again(desk: Session) -> None:
    rids = [house(desk, f"Kodu {number // 2}", city="Tartu") for number in range(4)]
    (first, second) = find_duplicates(desk, 99)
    mark_distinct(desk, first.twin.entry.rid, first.rid, are_two=True)
    (asked, settled) = find_duplicates(desk, 99)
    assert (asked.rid, asked.is_apart) == (second.rid, False)
    assert (settled.rid, settled.is_apart) == (first.rid, True)
    assert find_duplicates(desk, 1) == (asked,)  # what is settled takes no room from what is not
    mark_distinct(desk, first.rid, first.twin.entry.rid, are_two=False)
    assert [one.is_apart for one in find_duplicates(desk, 99)] == [False, False]
    assert {first.rid, second.rid} <= set(rids)


def test_nothing_is_remembered_of_a_pair_of_which_one_was_never_here(desk: Session) -> None:
    one, other = (house(desk, "Kodu", city="Tartu") for _ in range(2))
    gone = b"\1" * 16
    mark_distinct(desk, one, gone, are_two=True)
    mark_distinct(desk, one, other, are_two=True)
    kept = desk.store.setting("doubles.apart")
    assert kept == b"".join(sorted((one, other)))
