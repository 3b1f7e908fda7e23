# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards, tables and HSDS read from small samples, each showing one thing that programs do."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from kfdesk.domain.directory import ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.hsds import TableRow, read_hsds
from kfdesk.formats.titles import guess_columns
from kfdesk.formats.vcard import VcardLine

HEAD = "BEGIN:VCARD\nVERSION:3.0\n"


def one(data: bytes | str, how: ParseOptions | None = None) -> ParsedFile:
    return read_contact_files(
        {"list": data if isinstance(data, bytes) else data.encode()}, how or ParseOptions()
    )


def card(*lines: str) -> ParsedFile:
    return one(HEAD + "\n".join(lines) + "\nEND:VCARD\n")


# cards


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_be_folded(end: str) -> None:
    text = (HEAD + "FN:Hus\n et\nNOTE:a\n\tb\nEND:VCARD\n").replace("\n", end)
    (entry,) = one(text).entries
    assert (entry.name, entry.values["note"]) == ("Huset", "ab")


def test_keywords_groups_and_parameters_are_read_in_any_form() -> None:
    reading = card(
        "item1.tel;type=WORK;type=pref:1", 'TEL;TYPE="home,voice":2', "TEL;CELL:3",
        "TEL;TYPE=fax:4", "fn:Huset",
    )  # fmt: skip
    (entry,) = reading.entries
    assert entry.numbers == ("1", "2", "3")
    assert entry.values["note"] == "Fax 4"


def test_what_has_no_field_is_noted_and_birthdays_are_left_out() -> None:
    (entry,) = card(
        "N:Påhittad;Karin", "BDAY:1970-01-01", "EMAIL:a@example.org", "EMAIL:b@example.org",
        "URL:https://example.org", "ADR:;;Gatan 1;Orten;;;Sverige", "ROLE:Jurist",
    ).entries  # fmt: skip
    assert entry.values == {
        "given_name": "Karin", "family_name": "Påhittad", "role": "Jurist",
        "email": "a@example.org",
        "note": "Gatan 1, Orten, Sverige\nhttps://example.org\nb@example.org",
    }  # fmt: skip


def test_who_has_only_a_full_name_is_a_person() -> None:
    (entry,) = card("FN:Karin Påhittad", "ORG:Huset;Jour").entries
    assert (entry.type, entry.values) == (
        "contact", {"given_name": "Karin Påhittad", "organisation": "Huset", "note": "Jour"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("KIND:org", "FN:Huset"),
        ("ORG:Huset",),
        ("FN:Annat", "ORG:Huset", "X-ABShowAs:COMPANY"),
    ],
)
def test_organisations_are_told_by_kind_or_by_having_no_other_name(lines: tuple[str, ...]) -> None:
    (entry,) = card(*lines).entries
    assert (entry.type, entry.name) == ("organisation", "Huset")


def test_an_organisation_without_any_name_is_named_as_broken() -> None:
    assert [one.reason for one in card("KIND:org", "TEL:1").broken] == ["no_name"]


def test_a_country_that_nobody_knows_is_noted() -> None:
    (entry,) = card("ORG:Huset", "ADR:;;;Orten;;;Atlantis").entries
    assert entry.values["note"] == "Atlantis"


def test_a_card_within_a_card_breaks_only_the_outer_one() -> None:
    reading = one(HEAD + "FN:Yttre\n" + HEAD + "FN:Inre\nEND:VCARD\n")
    assert [entry.name for entry in reading.entries] == ["Inre"]
    assert [(one.line, one.reason) for one in reading.broken] == [(1, "no_end")]


def test_a_value_is_taken_apart_only_where_its_sign_is_not_escaped() -> None:
    line = VcardLine(1, "N", {}, r"a\;b;c\\;d\,e\n")
    assert line.parts() == ["a;b", "c\\", "d,e\n"]
    assert VcardLine(1, "NOTE", {}, r"\M\N").text == "\\M\n"


# tables


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found(sign: str) -> None:
    text = sign.join(("name", "city")) + "\n" + sign.join(('"Hus, ett; två"', "Orten"))
    (entry,) = one(text).entries
    assert entry.name.startswith("Hus")
    assert entry.values["city"] == "Orten"


def test_lines_are_counted_where_cells_go_over_several() -> None:
    reading = one('name,note\n"A","ett\ntvå"\n"",x\n"B",\n')
    assert [entry.line for entry in reading.entries] == [2, 5]
    assert [(one.line, one.reason) for one in reading.broken] == [(4, "no_name")]


def test_google_joins_values_and_outlook_spreads_them() -> None:
    google = (
        "First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Value,"
        "Phone 1 - Value,Phone 2 - Value,Address 1 - Street\n"
        "Karin,P,Huset,Jurist,a@example.org ::: b@example.org,1 ::: 2,3,Gatan 1\n"
    )
    (entry,) = one(google).entries
    assert entry.numbers == ("1", "2", "3")
    assert (entry.values["organisation"], entry.values["note"]) == (
        "Huset", "b@example.org\nGatan 1",
    )  # fmt: skip
    outlook = (
        "First Name,Company,Business Phone,Mobile Phone,Business City,E-mail Address\n"
        ",Huset,1,2,Orten,a@example.org\n"
    )
    (house,) = one(outlook).entries
    assert (house.type, house.numbers, house.values["city"]) == (
        "organisation", ("1", "2"), "Orten",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        ("Имя;Фамилия;Рабочий телефон;Город (раб.)", "given_name family_name phone city"),
        ("Namn;Ort;Land;Öppettider", "name city country hours"),
        ("Nimi;Linn;Riik;Telefon", "name city country phone"),
        ("Vards;Uzvārds;Tālrunis", "given_name family_name phone"),
        ("Imię;Nazwisko;Telefon komórkowy", "given_name family_name phone"),
        ("Company;E-post", "name email"),
        ("Name;First Name;Last Name", " given_name family_name"),
        ("Färg;Storlek", " "),
    ],
)
def test_titles_are_guessed_in_many_languages(titles: str, keys: str) -> None:
    assert " ".join(guess_columns(titles.split(";"))) == keys


def test_codes_are_taken_where_they_are_codes() -> None:
    (entry,) = one('name,services,contact_risk,networks\nA,"shelter, foo",perhaps,global\n').entries
    assert entry.values == {
        "name": "A", "services": ("shelter",), "networks": ("global",),
        "note": "foo\nperhaps",
    }  # fmt: skip


# HSDS


def test_hsds_says_who_belongs_to_whom_by_standing_within() -> None:
    whole = {
        "id": "1", "name": "Huset", "website": "https://example.org",
        "locations": [
            {"id": "2", "name": "Ett", "addresses": [{"city": "Umeå", "country": "SE"}],
             "phones": [{"number": "1"}], "schedules": [{"description": "Efter avtal"}]},
            {"id": "3", "name": "Två", "languages": [{"code": "ru"}]},
        ],
        "services": [{"id": "4", "name": "Råd", "status": "inactive"}],
        "contacts": [{"name": "Karin"}, {"name": ""}],
    }  # fmt: skip
    reading = one(json.dumps([whole]))
    house, first, second, karin = reading.entries
    assert house.values["offers"] == "Råd (inactive)"
    assert (first.values["part_of"], first.values["city"], first.numbers) == (
        "Huset",
        "Umeå",
        ("1",),
    )
    assert first.values["note"] == "Efter avtal"
    assert second.values["languages"] == ("ru",)
    assert (karin.type, karin.values["organisation"]) == ("contact", "Huset")
    assert [one.reason for one in reading.broken] == ["no_name"]


def houses_in_tables(count: int) -> ParsedFile:
    return read_hsds(
        {
            "organization": [_row(n, id=f"o{n}", name=f"Hus {n}") for n in range(count)],
            "location": [_row(n, id=f"l{n}", organization_id=f"o{n}") for n in range(count)],
            "service": [_row(n, id=f"s{n}", organization_id=f"o{n}") for n in range(count)],
            "service_at_location": [
                _row(n, service_id=f"s{n}", location_id=f"l{n}") for n in range(count)
            ],
            "phone": [_row(n, service_id=f"s{n}", number=f"0{n}") for n in reversed(range(count))],
        }
    )


def houses_in_json(count: int) -> ParsedFile:
    houses = [
        {"id": f"o{n}", "name": f"Hus {n}", "website": "", "phones": [{"number": f"0{n}"}]}
        for n in range(count)
    ]
    return one(json.dumps(houses))


@pytest.mark.parametrize("houses", [houses_in_tables, houses_in_json])
def test_twice_as_many_rows_are_looked_at_twice_as_often(
    monkeypatch: pytest.MonkeyPatch, houses: Callable[[int], ParsedFile]
) -> None:
    looked, look = [0], TableRow.__getitem__

    def counted(row: TableRow, key: str) -> str:
        looked[0] += 1
        return look(row, key)

    monkeypatch.setattr(TableRow, "__getitem__", counted)
    counts = []
    for count in (40, 80):
        looked[0] = 0
        reading = houses(count)
        assert [entry.numbers for entry in reading.entries] == [(f"0{n}",) for n in range(count)]
        counts.append(looked[0])
    assert counts[1] == 2 * counts[0]


@pytest.mark.parametrize("houses", [houses_in_tables, houses_in_json])
def test_entries_that_are_made_one_by_one_are_the_same(
    monkeypatch: pytest.MonkeyPatch, houses: Callable[[int], ParsedFile]
) -> None:
    at_once = houses(20).entries
    monkeypatch.setattr("kfdesk.formats.hsds._PORTION", 3)
    assert list(houses(20).entries) == list(at_once)
    assert len(at_once) == 20


def test_houses_without_an_id_are_several_and_one_that_is_said_twice_is_one() -> None:
    rows = [
        _row(2, name="Ett"),
        _row(3, name="Två"),
        *(_row(n, id="3", name="Tre") for n in (4, 5)),
    ]
    assert [one.name for one in read_hsds({"organization": rows}).entries] == [
        "Ett",
        "Två",
        "Tre",
    ]


def test_rows_that_stand_under_themselves_are_lost_rows() -> None:
    reading = read_hsds(
        {
            "organization": [_row(2, id="1", name="Huset")],
            "service_at_location": [_row(2, id="1", service_at_location_id="1", phone_id="2")],
            "phone": [_row(2, id="1", phone_id="1"), _row(3, id="2", service_at_location_id="1")],
            "language": [_row(4, phone_id="2")],
        }
    )
    assert [(one.line, one.place) for one in reading.broken] == [
        (2, "phone"), (3, "phone"), (4, "language"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["", ",", ",]", "] x", "}", "]]"])
def test_a_list_that_ends_wrongly_is_torn(end: str) -> None:
    house = json.dumps({"id": "1", "name": "Huset", "website": ""})
    assert [entry.name for entry in one(f" [ {house} ,\n{house}\t]\n").entries] == ["Huset"]
    with pytest.raises(KfdeskError, match=r"contacts\.torn"):
        one(f"[{house}{end}")


def test_an_empty_list_has_nothing_inside() -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_inside"):
        one(" [ ] ")


def _row(line: int, **cells: str) -> TableRow:
    return TableRow(line, cells)


def test_a_service_alone_brings_its_organisation() -> None:
    service = {
        "id": "4", "name": "Råd", "status": "active", "organization": {"id": "1", "name": "Huset"},
        "phones": [{"number": "1"}],
    }  # fmt: skip
    (entry,) = one(json.dumps(service)).entries
    assert (entry.name, entry.values["offers"], entry.numbers) == ("Huset", "Råd", ("1",))


def test_tables_in_an_archive_are_read_and_lost_rows_named() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("list/organizations.csv", "id,name\n1,Huset\n2,\n")
        archive.writestr("list/phones.csv", "id,organization_id,number\n1,1,08\n2,9,09\n")
        archive.writestr("list/locations.csv", "id,organization_id,name\n1,9,Borta\n")
        archive.writestr("list/readme.txt", "x")
    reading = one(data.getvalue())
    assert [entry.name for entry in reading.entries] == ["Huset"]
    assert [(one.line, one.reason, one.place) for one in reading.broken] == [
        (3, "no_name", "organization"), (2, "no_parent", "location"), (3, "no_parent", "phone"),
    ]  # fmt: skip
