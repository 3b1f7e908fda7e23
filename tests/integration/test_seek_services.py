# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for a contact on a real store: by any spelling, by what it does, with an error in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from tests.support.stores import new_desk

from kfdesk import app
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.search import (
    DirectoryQuery,
    find_same_name,
    read_result_page,
    result_position,
    search_directory,
)
from kfdesk.storage import key_slots

WHO = Credentials("EV", "sex helt vanliga ord till prov")


@dataclass(frozen=True)
class Kept:
    desk: Session
    tartu: bytes
    person: bytes

    def names(self, typed: str = "", spoken: str = "en", **more: object) -> list[str]:
        """Return the names of what is found, our own desk left out."""
        asked = DirectoryQuery(typed, **more)  # type: ignore[arg-type]
        found = search_directory(self.desk, asked, app.language(spoken))
        lines = read_result_page(self.desk, found.ids)
        return [line.name for line in lines if not line.is_ours]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    desk = new_desk(tmp_path / "store", "Nordhuset", WHO, Environment(cost=key_slots.MIN_COST))
    tartu = create_record(desk, Organisation, {
        "name": "Tartu Naiste Tugikeskus", "country": "EE", "city": "Tartu",
        "services": ("shelter",), "languages": ("et", "ru"), "checked": date(2026, 11, 1),
    })  # fmt: skip
    create_record(desk, Organisation, {
        "name": "Łódź Prawo", "country": "PL", "services": ("legal",), "languages": ("pl",),
    })  # fmt: skip
    create_record(desk, Organisation, {"name": "1177 Vårdguiden", "country": "SE"})
    create_record(desk, Phone, {"number": "+372 555 01 72"}, parent=tartu)
    values = {"given_name": "Ольга", "family_name": "Щербакова", "organisation": tartu.hex()}
    person = create_record(desk, Contact, values)
    yield Kept(desk, tartu, person)
    desk.store.close()


@pytest.mark.parametrize(
    "typed", ["Shcherbakova", "Sjtjerbakova", "Щербакова", "olga scherb", "Щербкова", "Shcerbakova"]
)
def test_person_is_found_in_every_spelling_and_with_one_error(kept: Kept, typed: str) -> None:
    assert kept.names(typed) == ["Ольга Щербакова"]


@pytest.mark.parametrize("typed", ["lodz", "Łódź", "LODZ PRAWO", "Lofz", "prwao"])
def test_marks_and_one_error_do_not_hide_a_house(kept: Kept, typed: str) -> None:
    assert kept.names(typed) == ["Łódź Prawo"]


def test_only_where_nothing_fits_is_what_is_like_it_shown(kept: Kept) -> None:
    found = search_directory(kept.desk, DirectoryQuery("tartu"), app.language("en"))
    assert not found.is_near
    near = search_directory(kept.desk, DirectoryQuery("tarty"), app.language("en"))
    assert (near.is_near, list(near.ids)) == (True, list(found.ids))
    assert not search_directory(kept.desk, DirectoryQuery("xyzzyx"), app.language("en")).is_near


@pytest.mark.parametrize("typed", ["+372 555", "0055501", "555-01-72", "(372) 5550172"])
def test_number_is_found_in_any_grouping(kept: Kept, typed: str) -> None:
    assert kept.names(typed) == ["Tartu Naiste Tugikeskus"]


def test_number_that_is_a_name_is_found_by_it(kept: Kept) -> None:
    assert kept.names("1177") == ["1177 Vårdguiden"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("advokat", "Łódź Prawo"), ("адвокат", "Łódź Prawo"), ("lawyer", "Łódź Prawo"),
        ("польша", "Łódź Prawo"), ("polsk", "Łódź Prawo"), ("legal poland", "Łódź Prawo"),
    ],
)  # fmt: skip
def test_house_is_found_by_what_it_does_and_where_in_other_words(
    kept: Kept, typed: str, name: str
) -> None:
    assert kept.names(typed) == [name]


def test_services_are_found_by_the_windows_words(kept: Kept) -> None:
    both = ["Tartu Naiste Tugikeskus", "Ольга Щербакова"]
    assert kept.names("приют", "ru") == both[::-1]
    assert kept.names("kvinnojour", "sv") == both
    assert kept.names("estland tugi", "sv") == both


def test_list_is_narrowed_by_codes_and_by_the_day_of_the_check(kept: Kept) -> None:
    house = "Tartu Naiste Tugikeskus"
    assert kept.names(codes=(("country", "EE"), ("type", "organisation"))) == [house]
    assert kept.names(codes=(("languages", "pl"),)) == ["Łódź Prawo"]
    assert kept.names(since=date(2026, 10, 1)) == [house, "Ольга Щербакова"]
    assert kept.names(before=date(2026, 10, 1)) == ["1177 Vårdguiden", "Łódź Prawo"]


def test_order_and_number_are_of_the_whole_directory(kept: Kept) -> None:
    found = search_directory(kept.desk, DirectoryQuery(), app.language("sv"))
    assert (len(found.ids), found.count) == (5, 5)
    assert result_position(kept.desk, found, kept.person) == 4
    assert result_position(kept.desk, found, b"x" * 16) is None
    few = search_directory(kept.desk, DirectoryQuery(), app.language("sv"), 2)
    assert list(few.ids) == list(found.ids[:2])


def test_name_alike_is_one_of_another_entry_of_the_kind(kept: Kept) -> None:
    (line,) = find_same_name(kept.desk, "organisation", b"", "naiste TARTU tugikeskus")
    assert line.rid == kept.tartu
    assert find_same_name(kept.desk, "organisation", kept.tartu, "Tartu Naiste Tugikeskus") == ()
    assert find_same_name(kept.desk, "contact", b"", "Olga Shcherbakova", "Annat hus") == ()
    assert find_same_name(kept.desk, "organisation", b"", "") == ()
    assert find_same_name(kept.desk, "organisation", b"", "Tartu") == ()


def test_what_went_into_the_bin_is_not_on_a_page(kept: Kept) -> None:
    found = search_directory(kept.desk, DirectoryQuery("olga"), app.language("en"))
    delete_record(kept.desk, kept.person)
    assert read_result_page(kept.desk, found.ids) == ()


def test_who_reads_no_contacts_finds_none(kept: Kept) -> None:
    desk = replace(kept.desk, roles=frozenset({Role.STATISTICS_READER}))
    with pytest.raises(KfdeskError):
        search_directory(desk, DirectoryQuery("tartu"), app.language("en"))


@pytest.mark.parametrize(
    "typed", ["+7 811 255", "8 811 255", "+7 (8112) 55", "8112 55-50", "88112555", "+78112555017"]
)
def test_russian_number_is_found_from_here_and_from_there(kept: Kept, typed: str) -> None:
    for name, number in (("Hus hemma", "8 (8112) 55-50-17"), ("Hus borta", "+7 8112 555017")):
        house = create_record(kept.desk, Organisation, {"name": name, "country": "RU"})
        create_record(kept.desk, Phone, {"number": number}, parent=house)
    assert kept.names(typed) == ["Hus borta", "Hus hemma"]
