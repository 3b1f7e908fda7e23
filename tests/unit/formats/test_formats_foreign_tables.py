# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS of other programs and versions: its names of tables, what is noted, what is left out."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

import pytest

from kfdesk.domain.directory import ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files

Rows = Mapping[str, str]
HOUSE = "id,name\n1,Huset\n"
OLD = {
    "organization": HOUSE,
    "location": "id,organization_id,name\n2,1,Huset\n",
    "service": "id,organization_id,name,description\n3,1,Råd,Alla dagar\n",
    "service_at_location": "id,service_id,location_id\n4,3,2\n",
    "phone": "id,organization_id,number\n5,1,08-1\n",
    "contact": "id,organization_id,name,email\n6,1,Karin P,\n7,1,,a@example.org\n",
    "physical_address": "id,location_id,address_1,city,region,state_province,country\n"
                        "8,2,Gatan 1,Umeå,Norr,AC,SE\n",
    "postal_address": "id,location_id,address_1,city,country\n9,2,Box 1,Luleå,SE\n",
    "regular_schedule": "id,location_id,weekday,opens_at,closes_at\n10,2,Monday,09:00,17:00\n",
    "language": "id,location_id,language\n11,2,Swedish\n",
}  # fmt: skip
"""The tables of HSDS 1.1; 2.0 calls them by their plurals."""
PLURAL = {
    "physical_address": "physical_addresses", "postal_address": "postal_addresses",
    "service_at_location": "services_at_location",
}  # fmt: skip


def singular(name: str) -> str:
    return name


def plural(name: str) -> str:
    return PLURAL.get(name, f"{name}s")


def capital(name: str) -> str:
    return name.upper()


def in_archive(files: Rows) -> Mapping[str, bytes]:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"export/{name}.csv", text)
            archive.writestr(f"__MACOSX/export/._{name}.csv", b"\0\5\x16\7")
    return {"list.zip": data.getvalue()}


def in_folder(files: Rows) -> Mapping[str, bytes]:
    return {f"{name}.csv": text.encode() for name, text in files.items()}


def objects(text: str) -> list[dict[str, str]]:
    titles, *rows = (line.split(",") for line in text.splitlines())
    return [dict(zip(titles, row, strict=True)) for row in rows]


def in_json(files: Rows) -> Mapping[str, bytes]:
    return {"list": json.dumps({name: objects(text) for name, text in files.items()}).encode()}


def in_named_json(files: Rows) -> Mapping[str, bytes]:
    return in_json({f"{name}.csv": text for name, text in files.items()})


def read(files: Mapping[str, bytes]) -> ParsedFile:
    return read_contact_files(files, ParseOptions())


def one(value: object) -> ParsedFile:
    return read({"list": json.dumps(value).encode()})


@pytest.mark.parametrize("pack", [in_archive, in_folder, in_json, in_named_json])
@pytest.mark.parametrize("named", [singular, plural, capital])
def test_tables_are_known_by_the_names_of_every_version(
    pack: Callable[[Rows], Mapping[str, bytes]], named: Callable[[str], str]
) -> None:
    reading = read(pack({named(name): text for name, text in OLD.items()}))
    house, karin, mail = reading.entries
    assert (reading.broken, reading.left_out) == ((), ())
    assert house.numbers == ("08-1",)
    assert house.values == {
        "name": "Huset", "address": "Gatan 1, Norr, AC", "city": "Umeå", "country": "SE",
        "hours": "Mo 09:00-17:00", "languages": ("sv",), "offers": "Råd",
        "note": "Box 1\nLuleå\nRåd: Alla dagar",
    }  # fmt: skip
    assert (karin.values["given_name"], karin.values["organisation"]) == ("Karin", "Huset")
    assert (mail.name, mail.values["email"]) == ("a@example.org", "a@example.org")


def test_tables_and_columns_that_are_not_read_are_named() -> None:
    files = {
        "organizations": "id,name,legal_status,tax_id\n1,Huset,Förening,\n",
        "funding": "id,source\n1,Staten\n", "taxonomy": "",
    }  # fmt: skip
    for pack in (in_archive, in_folder):
        assert read(pack(files)).left_out == ("funding.csv", "organization.legal_status")
    reading = one([{"id": "1", "name": "Huset", "website": "", "funding": [{"source": "x"}]},
                   {"id": "2", "colour": "red"}])  # fmt: skip
    assert reading.left_out == ("funding", "id, colour")


def test_names_of_what_is_left_out_are_few_and_short() -> None:
    house = {"id": "1", "name": "Huset", "website": ""}
    many = {f"list {n} {'x' * 900}": ["y"] for n in range(900)}
    left = one([{**house, **many, **{f"cell {n}": "y" for n in range(900)}}]).left_out
    assert len(left) == 20
    assert max(map(len, left)) <= 60


def test_an_organisation_of_nothing_but_a_text_is_one_and_a_taxonomy_is_none() -> None:
    bare = {"id": "1", "name": "Huset", "description": "Ett hus"}
    (entry,) = one([bare]).entries
    assert entry.values == {"name": "Huset", "note": "Ett hus"}
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_inside"):
        one([{**bare, "version": "1", "uri": "x"}])


def test_who_an_organisation_is_part_of_stands_in_its_row() -> None:
    rows = "id,name,parent_organization_id\n1,Huset,\n2,Jouren,1\n3,Borta,9\n"
    entries = read(in_folder({"organizations": rows, "phones": "id\n"})).entries
    assert [entry.values.get("part_of") for entry in entries] == [None, "Huset", None]


@pytest.mark.parametrize(
    ("cells", "hours", "note"),
    [
        ({"freq": "WEEKLY", "byday": "MO,TU"}, "Mo-Tu 09:00-12:00", None),
        ({"freq": "MONTHLY", "byday": "MO"}, None, "MONTHLY MO 09:00-12:00"),
        ({"byday": "1MO"}, None, "1MO 09:00-12:00"),
        ({"weekday": "3"}, None, "3 09:00-12:00"),
        ({"freq": "WEEKLY", "interval": "2", "byday": "MO"}, None, "WEEKLY 2 MO 09:00-12:00"),
        ({"byday": "MO", "description": "Ring först"}, "Mo 09:00-12:00", "Ring först"),
    ],
)
def test_hours_are_those_of_each_week_or_a_note(
    cells: dict[str, str], hours: str | None, note: str | None
) -> None:
    schedule = {"opens_at": "09:00", "closes_at": "12:00", **cells}
    place = {"id": "2", "name": "Huset", "schedules": [schedule]}
    (entry,) = one([{"id": "1", "name": "Huset", "website": "", "locations": [place]}]).entries
    assert (entry.values.get("hours"), entry.values.get("note")) == (hours, note)


@pytest.mark.parametrize(
    "value",
    ["", "{", "[" * 9000, "[]", '"x"', '{"name": "Annat"}', '{"confidentiality": "public"}',
     '{"address": "Gatan"}', '{"checked": "2026"}', '{"note": "x"}', '{"__class__": 1}'],
)  # fmt: skip
def test_our_own_mark_sets_nothing_that_a_list_may_not(value: str) -> None:
    mark = {"link_id": "1", "link_type": "kfdesk", "link_entity": "organization", "value": value}
    (entry,) = one([{"id": "1", "name": "Huset", "website": "", "attributes": [mark]}]).entries
    assert entry.values == {"name": "Huset"}


def test_our_own_mark_holds_values_of_any_json_kind() -> None:
    said = {
        "city": ["a", 1],
        "services": "shelter",
        "networks": [None, "global"],
        "hours": {"a": 1},
    }
    mark = {"link_id": "1", "link_type": "kfdesk", "link_entity": "nothing",
            "value": json.dumps(said)}  # fmt: skip
    house = {"id": "1", "name": "Huset", "website": "", "attributes": [mark]}
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_inside"):
        one([house])
    mark["link_entity"] = "organization"
    (entry,) = one([house]).entries
    assert (entry.values["services"], entry.values["networks"]) == (("shelter",), ("global",))


@pytest.mark.parametrize("text", ["\ud800", "Hus\udfffet", "\ufffe"])
def test_halves_of_letters_are_no_more_than_missing(text: str) -> None:
    house = {"id": text, "name": f"Huset{text}", "website": "", "x" + text: [text]}
    (entry,) = one([house] * 2).entries
    assert entry.name.startswith("Huset")
