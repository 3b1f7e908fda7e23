# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS: the tables of the Human Services Data Specification, read and written as JSON and CSV.

Each location of an organisation that has several becomes an entry of its own, which is part
of the organisation. An only location is merged with its organisation. Services stand in
their own words at the location that offers them. A row without a parent is reported and
affects no other row.
"""

import csv
import io
import json
import re
import uuid
import zipfile
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from kfdesk.domain.codes.core import POPULATIONS, SERVICES
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    MAX_ENTRIES,
    WEEKDAYS,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    format_hours,
    parse_clock_time,
    parse_hours,
    weekday_number,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text
from kfdesk.formats.rows import EntryBuilder, ExportedEntry, decode_text
from kfdesk.formats.tables import csv_rows, guard_formula, strip_formula_guard

# --- tables of a file

_TABLES: Mapping[str, str] = {
    "organizations": "organization", "services": "service", "locations": "location",
    "phones": "phone", "contacts": "contact", "addresses": "address", "addresss": "address",
    "schedules": "schedule", "regular_schedules": "schedule", "languages": "language",
    "service_at_location": "service_at_location", "service_at_locations": "service_at_location",
}  # fmt: skip
"""The names of files and lists, with the table that each holds."""

_SINGLE = ("organization", "service", "location")
_SIGNS: Mapping[str, frozenset[str]] = {
    "service_at_location": frozenset({"service", "location"}),
    "service": frozenset({"organization", "service_at_locations", "application_process"}),
    "organization": frozenset({"legal_status", "tax_status", "locations", "services", "website"}),
    "location": frozenset({"location_type", "latitude", "addresses"}),
}
"""The keys that identify a single JSON object; tried in this order."""
_SIGN = re.compile(r"[ \t\r\n]*(.?)[ \t\r\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: the line it begins on, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


Tables = Mapping[str, Sequence[TableRow]]


class _TableCollector:
    """The rows of all tables while they are read, packed if there are many."""

    def __init__(self) -> None:
        self._rows: dict[str, CompactSequence[TableRow]] = {}
        self._ids: dict[str, set[str]] = {}

    def count(self, table: str) -> int:
        return len(self._rows.get(table, ()))

    def add(self, table: str, line: int, cells: Mapping[str, str]) -> None:
        rows = self._rows.setdefault(table, CompactSequence(TableRow))
        if len(rows) == MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
        rows.extend([TableRow(line, cells)])

    def take(self, table: str, one: Mapping[str, Any], links: Mapping[str, str]) -> None:
        """Add a row of JSON, and the rows nested in it, linked to it.

        A row without a parent may be repeated, and is added once.
        """
        plain = {key: value for key, value in one.items() if not isinstance(value, dict | list)}
        cells = {**{key: _cell(value) for key, value in plain.items()}, **links}
        cells.setdefault("id", f"{table} {self.count(table)}")
        for key in _SINGLE:
            inner = one.get(key)
            if isinstance(inner, dict):
                cells[f"{key}_id"] = _cell(inner.get("id", f"{key} {self.count(key)}"))
                self.take(key, inner, {})
        ids = self._ids.setdefault(table, set())
        if links or cells["id"] not in ids:
            self.add(table, self.count(table) + 1, cells)
        ids.add(cells["id"])
        own = {f"{table}_id": cells["id"]}
        for key, value in one.items():
            if key in _TABLES and isinstance(value, list):
                for inner in value:
                    if isinstance(inner, dict):
                        self.take(_TABLES[key], inner, own)

    def tables(self) -> Tables:
        return {table: rows.kept for table, rows in self._rows.items()}


def is_table(name: str) -> bool:
    """Return whether a CSV file of this name is one of the tables that are read."""
    return _table_name(name) != ""


def _table_name(path: str) -> str:
    """Return the table that a CSV file holds by its name; empty if it is none."""
    stem, dot, end = path.lower().rpartition("/")[2].rpartition(".")
    return _TABLES.get(stem, "") if dot and end == "csv" else ""


def read_csv_tables(files: Mapping[str, bytes], encoding: str = "") -> Tables:
    """Read the rows of CSV files by table. Raise KfdeskError `contacts.…`."""
    found = _TableCollector()
    for name, data in files.items():
        text, _, _ = decode_text(data, encoding)
        rows = csv_rows(text)
        _, titles = next(rows, (0, ()))
        table = _table_name(name)
        for line, cells in rows:
            if cells:
                found.add(
                    table, line, dict(zip(titles, map(strip_formula_guard, cells), strict=False))
                )
    return found.tables()


def read_json_tables(text: str) -> Tables:
    """Read the rows of a JSON text by table.

    Raise KfdeskError `contacts.torn` or `contacts.too_many`.
    """
    found = _TableCollector()
    try:
        for whole in _json_values(text):
            for table, one in _tops(whole):
                found.take(table, one, {})
    except (ValueError, RecursionError):
        raise KfdeskError("contacts.torn") from None
    return found.tables()


def _json_values(text: str) -> Iterator[Any]:
    """Yield the values of a JSON list one at a time, or the single value of the text."""
    read = json.JSONDecoder().raw_decode
    sign, at = _next_sign(text, 0)
    if sign != "[":
        yield json.loads(text)
        return
    if _next_sign(text, at)[0] == "]":
        sign, at = _next_sign(text, at)
    while sign in {"[", ","}:
        value, at = read(text, at)
        yield value
        sign, at = _next_sign(text, at)
    if sign != "]" or at < len(text):
        raise ValueError


def _next_sign(text: str, at: int) -> tuple[str, int]:
    """Return the next character that is not blank, and the position after it."""
    found = _SIGN.match(text, at)
    assert found is not None  # the pattern also matches the empty text
    return found[1], found.end()


def _tops(whole: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(whole, dict) and any(str(key).endswith(".csv") for key in whole):
        for name, rows in whole.items():
            if is_table(name) and isinstance(rows, list):
                yield from ((_table_name(name), row) for row in rows if isinstance(row, dict))
        return
    inner = whole.get("contents", whole) if isinstance(whole, dict) else whole
    for one in inner if isinstance(inner, list) else [inner]:
        table = _table_of(one)
        if table:
            yield table, one


def _table_of(one: Any) -> str:
    """Return the table of an object, recognised by its keys."""
    if not isinstance(one, dict):
        return ""
    return next((table for table, signs in _SIGNS.items() if _is_signed(table, signs, one)), "")


def _is_signed(table: str, signs: frozenset[str], one: Mapping[str, Any]) -> bool:
    return signs <= one.keys() if table == "service_at_location" else bool(signs & one.keys())


def _cell(value: object) -> str:
    return "" if value is None else str(value)


_CHILD_TABLES = ("address", "phone", "service", "language", "schedule")
_NO_ENTRY = -1
_PORTION = 5_000  # entries that are built at once
_NOT_VOICE_TYPES = {"fax", "pager", "textphone"}
_ENDED = {"inactive", "defunct", "temporarily closed"}
_SERVICE_CODES = {label: code for code, label in SERVICES.items()}
"""Service codes by the names under which this program exports them."""


# --- reading


def read_hsds(tables: Tables) -> ParsedFile:
    """Read the entries of the tables. Raise KfdeskError `contacts.nothing_inside`."""
    found = _HsdsReader(tables)
    entries = CompactSequence(ParsedContact, found.entries())
    if not entries and not found.broken:
        raise KfdeskError("contacts.nothing_inside")
    return ParsedFile(entries.kept, found.broken.kept)


class _Parents(NamedTuple):
    """The parents of a row: one id of each table, empty without one."""

    organization: str
    location: str
    service: str
    service_at_location: str
    contact: str
    phone: str


class _HsdsReader:
    """Finds the entry of each row, then builds the entries in portions.

    Rows refer to each other in any order. So only their ids and parents are kept in memory.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ids: dict[str, str] = {}
        self.broken = CompactSequence(ParseFailure)
        self._names = {self._once(row["id"]): row["name"] for row in self._rows("organization")}
        asked = {row["phone_id"] for table in _CHILD_TABLES for row in self._rows(table)}
        self._above = {
            table: {
                self._once(row["id"]): self._stands_under(row)._replace(
                    **{"phone": "", table: ""}
                )  # prevents cycles
                for row in self._rows(table)
                if table != "phone" or row["id"] in asked
            }
            for table in ("service", "service_at_location", "phone")
        }
        self._places = self._owners()
        self._counts = Counter(self._places.values())
        self._offered: dict[str, list[str]] = {}
        for link in map(self._stands_under, self._rows("service_at_location")):
            self._offered.setdefault(link.service, []).append(link.location)
        self._count = 0
        self._numbers: Mapping[str, dict[str, int]] = {
            table: {} for table in ("organization", "location", "contact")
        }
        self._owner: dict[str, array[int]] = {}
        self._said: dict[EntryBuilder, dict[str, list[str]]] = {}
        self._hours: dict[EntryBuilder, list[tuple[int, str, str]]] = {}

    def entries(self) -> Iterator[ParsedContact]:
        """Yield the entries; at most `_PORTION` of them are built at once."""
        self._own("organization", self._number)
        self._own("location", self._number_place)
        self._own("contact", self._number)
        for table in _CHILD_TABLES:
            self._own(table, self._number_of)
        for first in range(0, self._count, _PORTION):
            yield from self._made(range(first, min(first + _PORTION, self._count)))

    def _own(self, table: str, number: Callable[[str, TableRow], int]) -> None:
        self._owner[table] = array("l", (number(table, row) for row in self._rows(table)))

    def _once(self, rid: str) -> str:
        """Return the id object that was met first, so that each id is in memory once."""
        return self._ids.setdefault(rid, rid)

    def _stands_under(self, row: TableRow) -> _Parents:
        return _Parents(*(self._once(row[f"{table}_id"]) for table in _Parents._fields))

    def _rows(self, table: str) -> Sequence[TableRow]:
        return self._tables.get(table, ())

    def _owners(self) -> Mapping[str, str]:
        """Return the organisation of each location, by its own id or a service there."""
        found = {}
        for link in map(self._stands_under, self._rows("service_at_location")):
            service = self._above["service"].get(link.service)
            if service is not None:
                found[link.location] = service.organization
        for row in self._rows("location"):
            if row["organization_id"] in self._names:
                found[self._once(row["id"])] = self._once(row["organization_id"])
        return found

    def _number(self, table: str, row: TableRow) -> int:
        """Return the number of the entry that a row begins; a repeated row gets the same."""
        if not clean_text(row["name"]):
            return self._lost(row, "no_name", table)
        rid, number = self._once(row["id"]), self._count
        if rid:
            number = self._numbers[table].setdefault(rid, number)
        self._count += number == self._count
        return number

    def _number_place(self, table: str, row: TableRow) -> int:
        house = self._places.get(row["id"], "")
        if row["organization_id"] and not house:
            return self._lost(row, "no_parent", table)
        above = self._numbers["organization"].get(house)
        if above is None or self._counts[house] > 1:
            return self._number(table, row)
        self._numbers[table][self._once(row["id"])] = above
        return above

    def _number_of(self, table: str, row: TableRow) -> int:
        above = self._stands_under(row)
        is_service = table == "service"
        own = self._of_service(row["id"], above) if is_service else self._target(above)
        return self._lost(row, "no_parent", table) if own is None else own

    def _lost(self, row: TableRow, reason: str, table: str) -> int:
        self.broken.extend([ParseFailure(row.line, reason, table)])
        return _NO_ENTRY

    def _target(self, above: _Parents) -> int | None:
        """Return the nearest entry that a row belongs to; None without one."""
        if above.phone:
            phone = self._above["phone"].get(above.phone)
            return self._target(phone) if phone is not None else None
        for table in ("location", "organization"):
            rid: str = getattr(above, table)
            own = self._numbers[table].get(rid)
            if own is not None:
                return own
        service = self._above["service"].get(above.service)
        if service is not None:
            return self._of_service(above.service, service)
        link = self._above["service_at_location"].get(above.service_at_location)
        if link is not None:
            return self._target(link)
        return self._numbers["contact"].get(above.contact)

    def _of_service(self, rid: str, above: _Parents) -> int | None:
        places = {above.location, *self._offered.get(rid, ())} - {""}
        if len(places) == 1:
            place = self._numbers["location"].get(places.pop())
            if place is not None:
                return place
        return self._numbers["organization"].get(above.organization)

    def _house_of(self, row: TableRow) -> str:
        """Return the name of the organisation above a row, at any depth."""
        above = self._stands_under(row)
        link = self._above["service_at_location"].get(above.service_at_location)
        service = self._above["service"].get((link or above).service)
        place = (link or service or above).location
        rids = (
            above.organization if above.organization in self._names else "",
            service.organization if service is not None else "",
            self._places.get(place, ""),
        )
        return self._names.get(next(filter(None, rids), ""), "")

    def _made(self, numbers: range) -> Iterator[ParsedContact]:
        """Yield the entries of these numbers, built from all their rows."""
        drafts: dict[int, EntryBuilder] = {}
        for number, row in self._of("organization", numbers):
            drafts[number] = self._house(row)
        houses = dict(drafts)
        for number, row in self._of("location", numbers):
            drafts[number] = self._place(row, houses.get(number))
        for number, row in self._of("contact", numbers):
            drafts[number] = self._person(row)
        for table, take in (
            ("address", _address), ("phone", self._phone), ("service", self._service),
            ("language", self._language), ("schedule", self._schedule),
        ):  # fmt: skip
            for number, row in self._of(table, numbers):
                take(drafts[number], row)
        yield from map(self._finished, drafts.values())
        self._said.clear()
        self._hours.clear()

    def _of(self, table: str, numbers: range) -> Iterator[tuple[int, TableRow]]:
        owned = zip(self._owner[table], self._rows(table), strict=True)
        return (each for each in owned if each[0] in numbers)

    def _house(self, row: TableRow) -> EntryBuilder:
        draft = EntryBuilder(row.line, "organisation")
        draft.put("name", row["name"])
        draft.put("other_name", row["alternate_name"])
        draft.put("email", row["email"])
        draft.put("website", row["website"] or row["url"])
        if row["description"].strip() != row["name"].strip():
            draft.note(row["description"])
        return draft

    def _place(self, row: TableRow, above: EntryBuilder | None) -> EntryBuilder:
        """Return the draft of a location: its own, or its organisation's only one."""
        draft = above or self._house(row)
        if above is not None:
            draft.put("other_name", row["name"])
            draft.put("email", row["email"])
        else:
            draft.put("part_of", self._names.get(self._places.get(row["id"], ""), ""))
        self._say(draft, "languages", row["languages"])
        return draft

    def _person(self, row: TableRow) -> EntryBuilder:
        given, _, family = row["name"].strip().rpartition(" ")
        draft = EntryBuilder(row.line, "contact")
        draft.put("given_name", given or family)
        draft.put("family_name", family if given else "")
        draft.put("role", row["title"])
        draft.put("email", row["email"])
        draft.note(row["department"])
        draft.put("organisation", self._house_of(row))
        return draft

    def _phone(self, draft: EntryBuilder, row: TableRow) -> None:
        number = row["number"].strip("\"' ")
        if row["extension"]:
            number = f"{number} ext. {row['extension']}"
        draft.number(number, is_called=(row["type"] or row["number_type"]) not in _NOT_VOICE_TYPES)

    def _service(self, draft: EntryBuilder, row: TableRow) -> None:
        ended = f" ({row['status']})" if row["status"] in _ENDED else ""
        code = "" if ended else _SERVICE_CODES.get(row["name"].strip(), "")
        if code:
            self._say(draft, "services", code)
        else:
            self._say(draft, "offers", f"{row['name'].strip()}{ended}", sign="\n")
        self._say_populations(draft, row["eligibility_description"])
        draft.put("website", row["url"])
        self._say(draft, "languages", row["languages"])

    def _say_populations(self, draft: EntryBuilder, text: str) -> None:
        """Set the populations of a service if they are our codes; else note them."""
        words = {word.strip() for word in text.split(",")}
        if words <= POPULATIONS.keys():
            self._say(draft, "populations", text)

    def _language(self, draft: EntryBuilder, row: TableRow) -> None:
        self._say(draft, "languages", row["code"] or row["name"] or row["language"])

    def _schedule(self, draft: EntryBuilder, row: TableRow) -> None:
        times = list(_times(row))
        self._hours.setdefault(draft, []).extend(times)
        if not times:
            draft.note(row["description"])

    def _say(self, draft: EntryBuilder, key: str, text: str, sign: str = ",") -> None:
        said = self._said.setdefault(draft, {}).setdefault(key, [])
        said += [one.strip() for one in text.split(sign) if one.strip()]

    def _finished(self, draft: EntryBuilder) -> ParsedContact:
        said = self._said.get(draft, {})
        if draft.type == "organisation":
            draft.put("offers", "\n".join(dict.fromkeys(said.get("offers", ()))))
            draft.put("hours", format_hours(set(self._hours.get(draft, ()))))
            for key in ("languages", "services", "populations"):
                draft.put_codes(key, said.get(key, ()))
        return draft.done()


def _times(row: TableRow) -> Iterator[tuple[int, str, str]]:
    opens, closes = parse_clock_time(row["opens_at"]), parse_clock_time(row["closes_at"])
    for word in (row["byday"] or row["weekday"]).split(","):
        day = weekday_number(word)
        if day is not None and opens and closes:
            yield day, opens, closes


def _address(draft: EntryBuilder, row: TableRow) -> None:
    if draft.type != "organisation":
        return
    lines = (row["attention"], row["address_1"], row["address_2"], row["postal_code"])
    draft.put("address", ", ".join(filter(None, (line.strip() for line in lines))))
    draft.put("city", row["city"])
    draft.put_country(row["country"])


_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://\S+")


# --- writing


def write_hsds(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as one JSON text, one organisation in memory at a time."""
    file.write(b"[")
    for number, house in enumerate(hsds_organisations(entries)):
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
    })  # fmt: skip
    return {**said, "services": [_service(one, code) for code in one.codes("services")]}


def _places(one: ExportedEntry) -> list[Mapping[str, Any]]:
    if not one.text("city"):
        return []
    place = {
        "id": _hsds_id(one, "location"), "location_type": "physical", "name": one.text("city"),
        "languages": _languages(one), "schedules": _schedules(one),
    }  # fmt: skip
    return [_without_empty(place)]


def _service(one: ExportedEntry, code: str) -> Mapping[str, Any]:
    return _without_empty({
        "id": _hsds_id(one, code), "name": SERVICES.get(code, code), "status": "active",
        "eligibility_description": ", ".join(one.codes("populations")),
        "languages": _languages(one, code),
    })  # fmt: skip


def _hsds_person(one: ExportedEntry) -> Mapping[str, Any]:
    return _without_empty({
        "id": _hsds_id(one), "name": one.name, "title": one.text("role"),
        "phones": [_phone(one, place) for place in range(len(one.numbers))],
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
    "services": ("id", "organization_id", "name", "status", "eligibility_description"),
    "locations": ("id", "location_type", "organization_id", "name"),
    "phones": ("id", "organization_id", "contact_id", "number", "type"),
    "contacts": ("id", "organization_id", "name", "title"),
    "schedules": ("id", "location_id", "freq", "byday", "description", "opens_at", "closes_at"),
    "languages": ("id", "service_id", "location_id", "code"),
}  # fmt: skip
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
HsdsCells = Mapping[str, Any]


def write_hsds_tables(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as an archive of tables."""
    tables = {name: CompactSequence(list[str], [[*columns]]) for name, columns in _COLUMNS.items()}
    _add_rows(tables, "organizations", hsds_organisations(entries), {})
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
