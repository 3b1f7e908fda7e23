# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of contacts that are given away: readable by others, and without anything secret."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from kfdesk.demo import people
from kfdesk.domain.audit import Action
from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.rows import view
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import create_record, delete_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import list_directory
from kfdesk.services.directory.files import (
    MAX_PREVIEW_LINES,
    ImportChoices,
    ImportStatus,
    export_contacts,
    import_contacts,
    preview_contact_import,
)

SAMPLES = os.environ.get(
    "KFDESK_SAMPLES", Path(__file__).resolve().parents[2].parent / "shared/data"
)
SCHEMAS = Path(SAMPLES) / "hsds" / "schema"
needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schemas are not here")
SHOWN: Mapping[str, Any] = {
    "name": "Дом у озера", "other_name": "Sjöhuset", "country": "RU", "city": "Псков",
    "email": "dom@example.org", "website": "https://example.org", "services": ("shelter", "legal"),
    "offers": "Ett rum; i taget, =ja\nÄven juridik", "populations": ("women",),
    "languages": ("ru", "en"), "hours": "Mo-Fr 09:00-17:00; Sa 10:00-14:00",
    "networks": ("baltic_partners",), "contact_risk": "ask_first", "actor_type": "shelter",
    "eligibility": "Kvinnor; med, =barn\nEfter samtal", "fees": "-0 kr",
    "application": "Ring först", "area": "Псковская область", "interpretation": "Ryska, polska",
    "accessibility": "Hiss", "alert": "Stängt i juli", "round_the_clock": True,
    "case_number_needed": False,
}  # fmt: skip
HIDDEN = (
    "Hemliga gatan", "Наша записка", "Hemliga huset", "hemlig@example.org", "Efternamnet",
    "Kontaktpunkten", "+46 8 465 004 40", "+46 8 465 004 41", "+46 8 465 004 42", "Borttagna",
)  # fmt: skip


@pytest.fixture
def full(desk: Session) -> Session:
    """Return the session of a directory with one visible organisation and much that is hidden."""
    own = {"confidentiality": "partners_only"}
    secret = {"confidentiality": "secret"}
    kept = {"address": "Hemliga gatan 1", "note": "Наша записка", "checked_by": "QQ"}
    house = create_record(desk, Organisation, {**SHOWN, **kept, **own})
    hidden = create_record(
        desk, Organisation, {"name": "Hemliga huset", "email": "hemlig@example.org", **secret}
    )
    door = {"name": "Kontaktpunkten", "confidentiality": "front_door_only"}
    create_record(desk, Organisation, door)
    gone = create_record(desk, Organisation, {"name": "Borttagna", **own})
    delete_record(desk, gone)
    create_record(desk, Phone, {"number": "+7 811 255 01 01", **own}, house)
    create_record(desk, Phone, {"number": "+46 8 465 004 40", **secret}, house)
    create_record(desk, Phone, {"number": "+46 8 465 004 41", **own}, hidden)
    person: dict[str, Any] = {
        "given_name": "Анна", "family_name": "Efternamnet", "role": "Координатор",
        "phone": "+46 8 465 004 42", "may_be_shared": True, **own,
    }  # fmt: skip
    create_record(desk, Contact, {**person, "organisation": house.hex()})
    create_record(
        desk,
        Contact,
        {"given_name": "Karin", "organisation": hidden.hex(), "may_be_shared": True, **own},
    )
    return desk


def saved(desk: Session, folder: Path, kind: FileKind) -> bytes:
    path = folder / f"list.{kind}"
    export_contacts(desk, kind, path)
    return path.read_bytes()


def unpacked(data: bytes) -> str:
    """All that stands in a file, of a workbook also what is packed."""
    if not data.startswith(b"PK"):
        return data.decode().replace("\r\n ", "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("kind", FileKind)
def test_no_file_holds_a_secret_entry_or_an_address(
    full: Session, tmp_path: Path, kind: FileKind
) -> None:
    text = unpacked(saved(full, tmp_path, kind))
    assert "Дом у озера" in text
    assert [word for word in HIDDEN if word in text] == []


@pytest.mark.parametrize("kind", list(FileKind))
def test_what_is_given_away_is_read_back_without_a_difference(
    full: Session, tmp_path: Path, kind: FileKind
) -> None:
    data = saved(full, tmp_path, kind)
    preview = preview_contact_import(full, {"list": data}, ParseOptions())
    assert (preview.broken, preview.reading.left_out) == ((), ())
    fates = [(line.listed.name, line.fate) for line in preview.lines]
    assert sorted(fates) == sorted([
        (people.HOUSE, ImportStatus.SAME), ("Дом у озера", ImportStatus.SAME),
        ("Karin", ImportStatus.SAME),
        ("Анна", ImportStatus.NEW),  # her surname stays here, so nobody can tell that it is she
    ])  # fmt: skip


@pytest.mark.parametrize("kind", [FileKind.HSDS, FileKind.HSDS_TABLES])
def test_hsds_is_read_back_by_its_names_places_and_hours(
    full: Session, tmp_path: Path, kind: FileKind
) -> None:
    data = saved(full, tmp_path, kind)
    _, house, *_ = preview_contact_import(full, {"list": data}, ParseOptions()).lines
    values = house.listed.values
    assert (values["name"], values["hours"], values["languages"]) == (
        SHOWN["name"], SHOWN["hours"], SHOWN["languages"],
    )  # fmt: skip
    assert house.listed.numbers == ("+7 811 255 01 01",)


@pytest.mark.parametrize("kind", list(FileKind))
def test_no_kind_of_file_loses_what_it_has_no_place_for(
    desk: Session, tmp_path: Path, kind: FileKind
) -> None:
    own = {"confidentiality": "partners_only"}
    whole: tuple[dict[str, Any], ...] = (
        {"name": "Inga orter", "languages": ("ru", "sv"), "hours": "Ring först\nEj lördag"},
        {"name": "Inga tjänster", "populations": ("women", "girls"), "country": "EE"},
        {"name": "Egen post", "email": "inte en adress", "website": "www.example.org"},
        {"name": "Bara nät", "networks": ("global",), "contact_risk": "ask_first"},
        {"name": "=Ord", "offers": "=Ett\n-två; tre, \\fyra", "city": "Orten", "other_name": "'x"},
        {"name": "Samma", "other_name": "Samma", "city": "Samma", "offers": "Samma"},
        {"name": "Bara ord", "eligibility": "women", "fees": "Inget", "alert": "=Stängt"},
        {"name": "Trakt", "area": "Trakt", "services": ("legal",), "populations": ("men",)},
        {"name": "Bara hiss", "accessibility": "Hiss\nRamp", "case_number_needed": True},
        {"name": "Alltid", "round_the_clock": False, "actor_type": "police", "fees": "Alltid"},
    )  # fmt: skip
    for values in whole:
        part = create_record(desk, Organisation, {**values, **own})
    create_record(desk, Organisation, {"name": "Del", "part_of": part.hex(), **own})
    person: dict[str, Any] = {**own, "may_be_shared": True}
    for name in ("Anna Maria", "Eva"):
        create_record(desk, Contact, {"given_name": name, "role": "Jurist", **person})
        create_record(desk, Contact, {"given_name": name, "organisation": part.hex(), **person})
    data = saved(desk, tmp_path, kind)
    preview = preview_contact_import(desk, {"list": data}, ParseOptions())
    assert (preview.broken, preview.reading.left_out) == ((), ())
    assert {line.listed.name: line.fate for line in preview.lines if line.fate != "same"} == {}
    assert len(preview.lines) == 16


@pytest.mark.parametrize("kind", list(FileKind))
def test_new_fields_of_an_organisation_are_entered_from_the_file(
    full: Session, tmp_path: Path, kind: FileKind
) -> None:
    data = saved(full, tmp_path, kind)
    (house,) = (row for row in full.store.rows("organisation")
                if view(row, Organisation).record.name == SHOWN["name"])  # fmt: skip
    delete_record(full, house.rid)
    preview = preview_contact_import(full, {"list": data}, ParseOptions())
    import_contacts(full, preview, ImportChoices(seen_by="public"))
    (back,) = (entry.view.record for entry in list_directory(full) if entry.name == SHOWN["name"])
    assert {key: getattr(back, key) for key in SHOWN} == SHOWN
    assert back.note is None


@needs_schemas
def test_hsds_is_what_its_schemas_say(full: Session, tmp_path: Path) -> None:
    whole_list = json.loads(saved(full, tmp_path, FileKind.HSDS))
    check = validators()
    *houses, karin = whole_list
    check["contact"].validate(karin)  # her organisation is not in the list
    assert karin["name"] == "Karin"
    for house in houses:
        check["organization"].validate({k: v for k, v in house.items() if k != "services"})
        for service in house.get("services", ()):
            check["service"].validate(service)
    whole = next(house for house in houses if house["name"] == "Дом у озера")
    assert {service["name"] for service in whole["services"]} == {"Shelter", "Legal help"}
    assert all("addresses" not in place for place in whole["locations"])
    assert whole["contacts"][0]["name"] == "Анна"


@needs_schemas
def test_tables_of_hsds_have_its_columns_and_say_who_belongs_to_whom(
    full: Session, tmp_path: Path
) -> None:
    package = json.loads((SCHEMAS.parent / "datapackage.json").read_text())
    known = {
        one["path"]: {field["name"] for field in one["schema"]["fields"]}
        for one in package["resources"]
    }
    data = saved(full, tmp_path, FileKind.HSDS_TABLES)
    found: dict[str, list[dict[str, str]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist():
            rows = csv.DictReader(io.StringIO(archive.read(name).decode()))
            found[name] = list(rows)
            assert set(rows.fieldnames or ()) <= known[name]
    house = next(row for row in found["organizations.csv"] if row["name"] == SHOWN["name"])
    services = [row for row in found["services.csv"] if row["organization_id"] == house["id"]]
    assert {row["name"] for row in services} == {"Shelter", "Legal help"}
    first = services[0]["id"]
    spoken = {row["code"] for row in found["languages.csv"] if row["service_id"] == first}
    assert spoken == {"ru", "en"}
    (place,) = (row for row in found["locations.csv"] if row["organization_id"] == house["id"])
    times = [row for row in found["schedules.csv"] if row["location_id"] == place["id"]]
    assert [row["byday"] for row in times] == ["MO,TU,WE,TH,FR", "SA"]
    assert saved(full, tmp_path, FileKind.HSDS_TABLES) == data


def validators() -> Mapping[str, Draft202012Validator]:
    schemas: dict[str, Any] = {}
    for path in SCHEMAS.glob("*.json"):
        if path.name not in ("openapi.json", "compiled-tabular.json"):
            schemas[path.name] = json.loads(path.read_text())
    registry: Registry[Any] = Registry().with_resources(
        (name, DRAFT202012.create_resource(schema)) for name, schema in schemas.items()
    )
    return {
        name.removesuffix(".json"): Draft202012Validator(
            schema, registry=registry, format_checker=FormatChecker()
        )
        for name, schema in schemas.items()
    }


def test_no_cell_is_a_formula(full: Session, tmp_path: Path) -> None:
    create_record(full, Organisation, {"name": "=2+2", "confidentiality": "public"})
    rows = list(csv.reader(io.StringIO(saved(full, tmp_path, FileKind.CSV).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert "'=2+2" in cells
    assert "'+7 811 255 01 01" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    book = load_workbook(io.BytesIO(saved(full, tmp_path, FileKind.XLSX)))
    cells_of = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    kinds = {cell.data_type for cell in cells_of if cell.value}
    assert kinds == {"s"}
    assert book.properties.creator in (None, "")
    assert {book.properties.created.year, book.properties.modified.year} == {1980}


def test_only_what_was_chosen_is_given_away(full: Session, tmp_path: Path) -> None:
    chosen = {e.view.rid for e in list_directory(full) if e.name == "Дом у озера"}
    path = tmp_path / "one.vcf"
    assert export_contacts(full, FileKind.VCARD, path, chosen) == 2  # with who works there
    text = unpacked(path.read_bytes())
    assert text.count("BEGIN:VCARD") == 2
    assert people.HOUSE not in text
    line = read_history(full, None, 1).lines[0]
    assert (line.action, line.keys) == (Action.SAVE_LIST, ("vcf", "2"))


def test_a_list_of_nothing_is_no_file(full: Session, tmp_path: Path) -> None:
    secret = {e.view.rid for e in list_directory(full) if e.name == "Kontaktpunkten"}
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_to_give"):
        export_contacts(full, FileKind.CSV, tmp_path / "none.csv", secret)
    with pytest.raises(KfdeskError, match=r"store\.disk"):
        export_contacts(full, FileKind.CSV, tmp_path / "gone" / "none.csv")
    assert list(tmp_path.glob("none*")) == []


def test_cards_stay_within_their_width_and_say_their_version(full: Session, tmp_path: Path) -> None:
    lines = saved(full, tmp_path, FileKind.VCARD).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines.count(b"VERSION:4.0") == lines.count(b"BEGIN:VCARD") == 4
    assert b"KIND:individual" in lines


@pytest.mark.slow
@pytest.mark.parametrize("count", [MAX_PREVIEW_LINES + 20, 2 * MAX_PREVIEW_LINES])
def test_many_contacts_go_out_and_come_back_the_same(
    desk: Session, tmp_path: Path, count: int
) -> None:
    rows = ["name,other_name,country,city,email,phone,phone,languages,services,hours"]
    rows += [
        f"Huset nr {n},Дом {n},SE,Ort {n % 40},h{n}@example.org,+46 8 465 0{n:04},"
        f"+46 31 390 {n:04},sv;ru,shelter;legal,Mo-Fr 0{n % 9}:00-17:00"
        for n in range(count)
    ]
    files = {"list.csv": "\n".join(rows).encode()}
    taken = import_contacts(
        desk, preview_contact_import(desk, files, ParseOptions()), ImportChoices("partners_only")
    )
    assert taken.new == count
    data = saved(desk, tmp_path, FileKind.VCARD)
    back = preview_contact_import(desk, {"list.vcf": data}, ParseOptions())
    assert (back.count(ImportStatus.SAME), len(back.fates), back.broken) == (
        count + 1,
        count + 1,
        (),
    )
    assert len(back.lines) == MAX_PREVIEW_LINES
    before = preview_contact_import(desk, files, ParseOptions()).reading.entries
    after = [listed for listed in back.reading.entries if listed.name != people.HOUSE]
    assert {(repr(sorted(e.values.items())), frozenset(e.numbers)) for e in before} == {
        (repr(sorted(e.values.items())), frozenset(e.numbers)) for e in after
    }
    undo_all(desk, taken.done)
    assert [entry.name for entry in list_directory(desk)] == [people.HOUSE]
