# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS, written: organisations with all that belongs to them, as JSON or as an archive of tables.

What HSDS has no exact place for stands in one attribute of each entry, so that this program reads
its own files without loss. No address leaves, so a town is the name of a location.
"""

import csv
import io
import json
import re
import uuid
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, BinaryIO

from kfdesk.domain.codes.core import SERVICES
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import WEEKDAYS, parse_hours
from kfdesk.formats.hsds import OWN_KEYS, OWN_MARK, SERVICE_FIELDS
from kfdesk.formats.rows import ExportedEntry
from kfdesk.formats.tables import guard_formula

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://\S+")


def write_hsds(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as one JSON text, one organisation in memory at a time."""
    file.write(b"[")
    for number, house in enumerate(chain(hsds_organisations(entries), _lone_people(entries))):
        text = json.dumps(house, ensure_ascii=False, indent=1).replace("\n", "\n ")
        file.write(f"{',' if number else ''}\n {text}".encode())
    file.write(b"\n]\n")


def hsds_organisations(entries: Collection[ExportedEntry]) -> Iterator[Mapping[str, Any]]:
    """Yield the organisations with everything nested in them, in HSDS's names."""
    people: dict[bytes | None, list[ExportedEntry]] = {}
    for one in entries:
        if one.type == "contact":
            people.setdefault(one.above, []).append(one)
    for one in entries:
        if one.type == "organisation":
            yield _hsds_organisation(one, people.get(one.rid, []))


def _lone_people(entries: Collection[ExportedEntry]) -> Iterator[Mapping[str, Any]]:
    """Yield the people whose organisation is not exported, as contacts of their own."""
    houses = {one.rid for one in entries if one.type == "organisation"}
    for one in entries:
        if one.type == "contact" and one.above not in houses:
            yield _hsds_person(one)


def _own_mark(one: ExportedEntry) -> list[Mapping[str, Any]]:
    """Return the attribute with the values that HSDS has no exact place for."""
    keys = OWN_KEYS[one.type]
    said = {key: value for key, value in one.values.items() if key in keys}
    entity = "organization" if one.type == "organisation" else "contact"
    return [{
        "id": _hsds_id(one, "attribute"), "link_id": _hsds_id(one), "link_type": OWN_MARK,
        "link_entity": entity, "value": json.dumps(said, ensure_ascii=False),
    }]  # fmt: skip


def _hsds_organisation(one: ExportedEntry, people: Sequence[ExportedEntry]) -> Mapping[str, Any]:
    said = _without_empty({
        "id": _hsds_id(one),
        "name": one.name,
        "alternate_name": one.text("other_name"),
        "description": one.text("offers") or one.name,
        "email": _matching(_MAIL, one.text("email")),
        "website": _matching(_ADDRESS, one.text("website")),
        "parent_organization_id": str(uuid.UUID(bytes=one.above)) if one.above else "",
        "phones": [_phone(one, place) for place in range(len(one.numbers))],
        "contacts": [_hsds_person(person) for person in people],
        "locations": _places(one),
        "attributes": _own_mark(one),
    })  # fmt: skip
    return {**said, "services": [_service(one, code) for code in _service_codes(one)]}


def _places(one: ExportedEntry) -> list[Mapping[str, Any]]:
    """Return the only location: the town; without a town but with access, the organisation."""
    if not one.text("city") and not one.text("accessibility"):
        return []
    access = {"id": _hsds_id(one, "accessibility"), "description": one.text("accessibility")}
    place = {
        "id": _hsds_id(one, "location"), "location_type": "physical",
        "name": one.text("city") or one.name,
        "languages": _languages(one), "schedules": _schedules(one),
        "accessibility": [access] if one.text("accessibility") else [],
    }  # fmt: skip
    return [_without_empty(place)]


def _service_codes(one: ExportedEntry) -> tuple[str, ...]:
    """Return its services; an empty one, named as the organisation, if only texts tell of them."""
    has_texts = any(one.text(key) for key in ("area", *SERVICE_FIELDS.values()))
    return one.codes("services") or (("",) if has_texts else ())


def _service(one: ExportedEntry, code: str) -> Mapping[str, Any]:
    area = {"id": _hsds_id(one, f"area {code}"), "name": one.text("area")}
    texts = {column: one.text(key) for column, key in SERVICE_FIELDS.items()}
    served = ", ".join(one.codes("populations"))
    return _without_empty({
        "id": _hsds_id(one, code or "service"), "name": SERVICES.get(code, code) or one.name,
        "status": "active", **texts,
        "eligibility_description": texts["eligibility_description"] or served,
        "languages": _languages(one, code),
        "service_areas": [area] if one.text("area") else [],
    })  # fmt: skip


def _hsds_person(one: ExportedEntry) -> Mapping[str, Any]:
    return _without_empty({
        "id": _hsds_id(one), "name": one.name, "title": one.text("role"),
        "phones": [_phone(one, place) for place in range(len(one.numbers))],
        "attributes": _own_mark(one),
    })  # fmt: skip


def _phone(one: ExportedEntry, place: int) -> Mapping[str, Any]:
    return {"id": _hsds_id(one, f"phone {place}"), "number": one.numbers[place], "type": "voice"}


def _languages(one: ExportedEntry, part: str = "") -> list[Mapping[str, Any]]:
    codes = one.codes("languages")
    return [{"id": _hsds_id(one, f"{part} language {code}"), "code": code} for code in codes]


def _schedules(one: ExportedEntry) -> list[Mapping[str, Any]]:
    """Return the opening hours by days, or as text if they were typed as text."""
    hours = one.text("hours")
    found = parse_hours(hours) if hours else ()
    if found is None:
        return [{"id": _hsds_id(one, "schedule"), "description": hours}]
    return [
        {
            "id": _hsds_id(one, f"schedule {place}"), "freq": "WEEKLY",
            "byday": ",".join(day.upper() for day in WEEKDAYS[each.first : each.last + 1]),
            "opens_at": each.opens, "closes_at": each.closes,
        }
        for place, each in enumerate(found)
    ]  # fmt: skip


def _hsds_id(one: ExportedEntry, part: str = "") -> str:
    own = uuid.UUID(bytes=one.rid)
    return str(uuid.uuid5(own, part) if part else own)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _without_empty(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in cells.items() if value}


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organizations": (
        "id", "name", "alternate_name", "description", "email", "website", "parent_organization_id",
    ),
    "services": ("id", "organization_id", "name", "status", *SERVICE_FIELDS),
    "service_areas": ("id", "service_id", "name"),
    "accessibility": ("id", "location_id", "description"),
    "locations": ("id", "location_type", "organization_id", "name"),
    "phones": ("id", "organization_id", "contact_id", "number", "type"),
    "contacts": ("id", "organization_id", "name", "title"),
    "schedules": ("id", "location_id", "freq", "byday", "description", "opens_at", "closes_at"),
    "languages": ("id", "service_id", "location_id", "code"),
    "attributes": ("id", "link_id", "link_type", "link_entity", "value"),
}  # fmt: skip
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
HsdsCells = Mapping[str, Any]


def write_hsds_tables(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as an archive of tables."""
    tables = {name: CompactSequence(list[str], [[*columns]]) for name, columns in _COLUMNS.items()}
    _add_rows(tables, "organizations", hsds_organisations(entries), {})
    _add_rows(tables, "contacts", _lone_people(entries), {})
    with zipfile.ZipFile(file, "w") as archive:
        for name, rows in tables.items():
            one = zipfile.ZipInfo(f"{name}.csv", _ZIP_EPOCH)
            one.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(one, "w") as part, io.TextIOWrapper(part, "utf-8", newline="") as to:
                csv.writer(to).writerows(rows)


def _add_rows(
    tables: Mapping[str, CompactSequence[list[str]]],
    name: str,
    rows: Iterable[HsdsCells],
    above: HsdsCells,
) -> None:
    """Add rows with everything nested in them, each linked to its parent."""
    for row in rows:
        cells = {**row, **above}
        tables[name].extend([[guard_formula(str(cells.get(key, ""))) for key in _COLUMNS[name]]])
        link = {f"{name.removesuffix('s')}_id": row["id"]}
        for key in _COLUMNS.keys() & row.keys():
            _add_rows(tables, key, row[key], link)
