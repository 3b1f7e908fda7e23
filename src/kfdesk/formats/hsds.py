# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS: the tables of the Human Services Data Specification, read as JSON and CSV.

Each location of an organisation that has several becomes an entry of its own, which is part
of the organisation. An only location is merged with its organisation. Services stand in
their own words at the location that offers them. A row without a parent is reported and
affects no other row.
"""

import json
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kfdesk.domain.codes.core import POPULATIONS, SERVICES
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    MAX_ENTRIES,
    MAX_LEFT_OUT,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    format_hours,
    parse_clock_time,
    weekday_number,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text
from kfdesk.formats.rows import EntryBuilder, decode_text
from kfdesk.formats.tables import MOST_COLUMNS, csv_rows, strip_formula_guard

# --- tables of a file

_TABLE_NAMES: Mapping[str, str] = {
    "organization": "organization organizations",
    "service": "service services",
    "location": "location locations",
    "phone": "phone phones",
    "contact": "contact contacts",
    "address": """address addresses addresss physical_address physical_addresses postal_address
        postal_addresses mail_address mail_addresses""",
    "schedule": "schedule schedules regular_schedule regular_schedules",
    "language": "language languages",
    "service_at_location": "service_at_location service_at_locations services_at_location",
    "attribute": "attribute attributes",
    "accessibility": "accessibility accessibilities accessibility_for_disabilities",
    "service_area": "service_area service_areas",
}
_TABLES = {name: table for table, names in _TABLE_NAMES.items() for name in names.split()}
"""The names of files and lists in HSDS 1.1, 2.0 and 3.0, with the table that each holds."""

_COLUMNS_READ: Mapping[str, str] = {
    "organization": "name alternate_name email website url description",
    "location": """name alternate_name email website url description short_desc transportation
        languages location_type""",
    "contact": "name title department email",
    "address": "attention address_1 address_2 region state_province postal_code city country",
    "phone": "number extension type number_type description",
    "service": "name alternate_name status description url email languages",
    "language": "code name language note",
    "schedule": "opens_at closes_at byday weekday description freq interval",
    "service_at_location": "description",
    "attribute": "link_type link_entity value",
    "accessibility": "description details accessibility",
    "service_area": "name description",
}
_SERVICE_TEXTS = ("alternate_name", "description", "audience", "accreditations")
"""The columns of a service that are noted with its name."""
SERVICE_FIELDS: Mapping[str, str] = {
    "eligibility_description": "eligibility", "application_process": "application",
    "fees_description": "fees", "interpretation_services": "interpretation", "alert": "alert",
}  # fmt: skip
"""The columns of a service that are a field of its organisation here."""
_OLD_SERVICE_FIELDS = {"eligibility": "eligibility", "how_to_apply": "application", "fees": "fees"}
_SERVICE_COLUMNS = {*_SERVICE_TEXTS, *SERVICE_FIELDS, *_OLD_SERVICE_FIELDS}
_LONGEST_NAME = 60  # letters of such a name

_SINGLE = ("organization", "service", "location")
_SIGNS: Mapping[str, frozenset[str]] = {
    "service_at_location": frozenset({"service", "location"}),
    "service": frozenset({"organization", "service_at_locations", "application_process"}),
    "organization": frozenset({"legal_status", "tax_status", "locations", "services", "website"}),
    "location": frozenset({"location_type", "latitude", "addresses"}),
    "contact": frozenset({"title", "department"}),
}
"""The keys that identify a single JSON object; tried in this order."""
_ORGANISATION_KEYS = frozenset({
    "id", "name", "description", "alternate_name", "email", "logo", "parent_organization_id",
    "contacts", "phones", "funding", "programs", "attributes", "metadata",
})  # fmt: skip
"""The keys of an organisation that has none of its signs, as only an id, a name and a text."""
OWN_MARK = "kfdesk"
"""The `link_type` of the attribute that holds an entry as this program has it."""
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
        self.left_out: dict[str, None] = {}

    def count(self, table: str) -> int:
        return len(self._rows.get(table, ()))

    def add(self, table: str, line: int, cells: Mapping[str, str]) -> None:
        rows = self._rows.setdefault(table, CompactSequence(TableRow))
        if len(rows) == MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
        rows.extend([TableRow(line, cells)])

    def leave_out(self, name: str, value: object) -> None:
        """Remember the name of a part that is not read, if there is anything in it."""
        if value not in (None, "", b"", [], {}) and len(self.left_out) < MAX_LEFT_OUT:
            self.left_out[name[:_LONGEST_NAME]] = None

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
            elif isinstance(value, dict | list) and key not in _SINGLE:
                self.leave_out(key, value)

    def tables(self) -> Tables:
        return {table: rows.kept for table, rows in self._rows.items()}


def is_table(name: str) -> bool:
    """Return whether a CSV file of this name is one of the tables that are read."""
    return _table_name(name) != ""


def _table_name(path: str) -> str:
    """Return the table that a CSV file holds by its name; empty if it is none."""
    stem, dot, end = path.lower().rpartition("/")[2].rpartition(".")
    return _TABLES.get(stem, "") if dot and end == "csv" else ""


def read_csv_tables(files: Mapping[str, bytes], encoding: str = "") -> ParsedFile:
    """Read the entries of CSV files by table. Raise KfdeskError `contacts.…`."""
    found = _TableCollector()
    for name, data in files.items():
        if not is_table(name):
            found.leave_out(name.rpartition("/")[2], data)
            continue
        text, _, _ = decode_text(data, encoding)
        rows = csv_rows(text)
        _, titles = next(rows, (0, ()))
        table = _table_name(name)
        for line, cells in rows:
            if cells:
                found.add(
                    table, line, dict(zip(titles, map(strip_formula_guard, cells), strict=False))
                )
    return read_hsds(found.tables(), found.left_out)


def read_json_tables(text: str) -> ParsedFile:
    """Read the entries of a JSON text by table. Raise KfdeskError `contacts.…`."""
    return read_hsds(*_json_tables(text))


def _json_tables(text: str) -> tuple[Tables, Iterable[str]]:
    """Return the tables of a JSON text, and the parts that are none.

    The ids that say which rows were met are freed here, before the entries are built.
    """
    found = _TableCollector()
    try:
        for whole in _json_values(text):
            for table, one in _tops(whole, found):
                found.take(table, one, {})
    except (ValueError, RecursionError):
        raise KfdeskError("contacts.torn") from None
    return found.tables(), found.left_out


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


def _tops(whole: Any, found: _TableCollector) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects of a JSON value with their tables; leave out what is none of ours."""
    if isinstance(whole, dict) and _holds_tables(whole):
        for name, rows in whole.items():
            table = _table_name(name) or _TABLES.get(name.lower(), "")
            if not table or not isinstance(rows, list):
                found.leave_out(name, rows)
                continue
            yield from ((table, row) for row in rows if isinstance(row, dict))
        return
    inner = whole.get("contents", whole) if isinstance(whole, dict) else whole
    for one in inner if isinstance(inner, list) else [inner]:
        table = _table_of(one)
        if table:
            yield table, one
        elif isinstance(one, dict):
            found.leave_out(", ".join(map(str, one)), one)


def _holds_tables(whole: Mapping[str, Any]) -> bool:
    """Return whether the keys of an object are names of tables."""
    if any(key.lower().endswith(".csv") for key in whole):
        return True
    return "name" not in whole and any(
        key.lower() in _TABLES and isinstance(value, list) for key, value in whole.items()
    )


def _table_of(one: Any) -> str:
    """Return the table of an object, recognised by our own mark or by its keys."""
    if not isinstance(one, dict):
        return ""
    marks = one.get("attributes")
    for mark in marks if isinstance(marks, list) else ():
        if isinstance(mark, dict) and mark.get("link_type") == OWN_MARK:
            return str(_TABLES.get(str(mark.get("link_entity")), ""))
    is_bare = {"name", "description"} <= one.keys() <= _ORGANISATION_KEYS
    signed = (table for table, signs in _SIGNS.items() if _is_signed(table, signs, one))
    return next(signed, "organization" if is_bare else "")


def _is_signed(table: str, signs: frozenset[str], one: Mapping[str, Any]) -> bool:
    return signs <= one.keys() if table == "service_at_location" else bool(signs & one.keys())


def _cell(value: object) -> str:
    return "" if value is None else str(value)


_CHILD_TABLES = (
    "address", "phone", "service", "language", "schedule", "accessibility", "service_area",
)  # fmt: skip
_NO_ENTRY = -1
_PORTION = 5_000  # entries that are built at once
_NOT_VOICE_TYPES = {"fax", "pager", "textphone"}
_ENDED = {"inactive", "defunct", "temporarily closed"}
_SERVICE_CODES = {label: code for code, label in SERVICES.items()}
"""Service codes by the names under which this program exports them."""


# --- reading


def read_hsds(tables: Tables, left_out: Iterable[str] = ()) -> ParsedFile:
    """Read the entries of the tables; `left_out` are the parts of the file that are none.

    Raise KfdeskError `contacts.nothing_inside`.
    """
    found = _HsdsReader(tables)
    entries = CompactSequence(ParsedContact, found.entries())
    if not entries and not found.broken:
        raise KfdeskError("contacts.nothing_inside")
    left = sorted({*left_out, *_columns_left_out(tables)})[:MAX_LEFT_OUT]
    return ParsedFile(entries.kept, found.broken.kept, left_out=tuple(left))


def _columns_left_out(tables: Tables) -> Iterator[str]:
    """Yield the columns that have texts and are not read, as `service.wait_time`."""
    for table, rows in tables.items():
        filled: set[str] = set()
        for row in rows:
            if len(filled) < MOST_COLUMNS:
                filled.update(key for key, cell in row.cells.items() if cell)
        read = {*_COLUMNS_READ[table].split(), *(_SERVICE_COLUMNS if table == "service" else ())}
        for key in filled - read:
            if not key.endswith("id"):
                yield f"{table}.{key}"[:_LONGEST_NAME]


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
        self._own_values = {
            row["link_id"]: row["value"]
            for row in self._rows("attribute") if row["link_type"] == OWN_MARK
        }  # fmt: skip
        self._offered: dict[str, list[str]] = {}
        for link in map(self._stands_under, self._rows("service_at_location")):
            self._offered.setdefault(link.service, []).append(link.location)
        self._count = 0
        self._numbers: Mapping[str, dict[str, int]] = {
            table: {} for table in ("organization", "location", "contact")
        }
        self._owner: dict[str, array[int]] = {}
        self._said: dict[EntryBuilder, dict[str, list[str]]] = {}
        self._texts: dict[EntryBuilder, dict[str, dict[str, str]]] = {}
        self._hours: dict[EntryBuilder, list[tuple[int, str, str]]] = {}
        self._own: set[EntryBuilder] = set()
        """Entries that this program has exported, with all their values in one attribute."""

    def entries(self) -> Iterator[ParsedContact]:
        """Yield the entries; at most `_PORTION` of them are built at once."""
        self._assign("organization", self._number)
        self._assign("location", self._number_place)
        self._assign("contact", self._number)
        for table in _CHILD_TABLES:
            self._assign(table, self._number_of)
        for first in range(0, self._count, _PORTION):
            yield from self._made(range(first, min(first + _PORTION, self._count)))

    def _assign(self, table: str, number: Callable[[str, TableRow], int]) -> None:
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
        if not clean_text(row["name"]) and not clean_text(row["email"]):
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

    def _organisation_name(self, row: TableRow) -> str:
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
            drafts[number] = self._read_organisation(row)
        houses = dict(drafts)
        for number, row in self._of("location", numbers):
            drafts[number] = self._place(row, houses.get(number))
        for number, row in self._of("contact", numbers):
            drafts[number] = self._person(row)
        for table, take in (
            ("address", _address), ("phone", self._phone), ("service", self._service),
            ("language", self._language), ("schedule", self._schedule),
            ("accessibility", self._accessibility), ("service_area", self._area),
        ):  # fmt: skip
            for number, row in self._of(table, numbers):
                take(drafts[number], row)
        for draft in drafts.values():
            yield self._finished(draft)
            self.broken.extend(draft.faults())
        self._said.clear()
        self._texts.clear()
        self._hours.clear()
        self._own.clear()

    def _of(self, table: str, numbers: range) -> Iterator[tuple[int, TableRow]]:
        owned = zip(self._owner[table], self._rows(table), strict=True)
        return (each for each in owned if each[0] in numbers)

    def _read_organisation(self, row: TableRow) -> EntryBuilder:
        draft = EntryBuilder(row.line, "organisation")
        draft.put("name", row["name"])
        self._put_own(draft, row["id"])
        draft.put("other_name", row["alternate_name"])
        draft.put("email", row["email"])
        draft.put("website", row["website"])
        draft.put("website", row["url"])
        draft.put("part_of", self._names.get(row["parent_organization_id"], ""))
        if row["description"].strip() != row["name"].strip():
            draft.note(row["description"])
        return draft

    def _put_own(self, draft: EntryBuilder, rid: str) -> None:
        """Set the values that this program has exported; they say more than HSDS can."""
        try:
            said = json.loads(self._own_values.get(rid, "{}"))
        except (ValueError, RecursionError):
            said = {}
        if said:
            self._own.add(draft)
        for key, value in said.items() if isinstance(said, dict) else ():
            if key in OWN_KEYS[draft.type]:
                draft.put(key, ",".join(map(str, value)) if isinstance(value, list) else str(value))

    def _place(self, row: TableRow, above: EntryBuilder | None) -> EntryBuilder:
        """Return the draft of a location: its own, or its organisation's only one."""
        draft = above or self._read_organisation(row)
        if above is not None:
            if row["name"].strip() not in (draft.value("name"), draft.value("city")):
                draft.put("other_name", row["name"])
            draft.put("email", row["email"])
            draft.put("website", row["url"])
            draft.note(row["alternate_name"])
            draft.note(row["description"])
        else:
            draft.put("part_of", self._names.get(self._places.get(row["id"], ""), ""))
        draft.note(row["short_desc"])
        draft.note(row["transportation"])
        self._say(draft, "languages", row["languages"])
        return draft

    def _person(self, row: TableRow) -> EntryBuilder:
        given, _, family = row["name"].strip().rpartition(" ")
        draft = EntryBuilder(row.line, "contact")
        self._put_own(draft, row["id"])
        if not draft.value("given_name"):
            draft.put("given_name", given or family)
            draft.put("family_name", family if given else "")
        draft.put("role", row["title"])
        draft.put("email", row["email"])
        draft.note(row["department"])
        draft.put("organisation", self._organisation_name(row))
        return draft

    def _phone(self, draft: EntryBuilder, row: TableRow) -> None:
        number = row["number"].strip("\"' ")
        if row["extension"]:
            number = f"{number} ext. {row['extension']}"
        draft.number(number, is_called=(row["type"] or row["number_type"]) not in _NOT_VOICE_TYPES)
        if row["description"]:
            draft.note(f"{number}: {row['description']}")

    def _service(self, draft: EntryBuilder, row: TableRow) -> None:
        name = row["name"].strip()
        ended = f" ({row['status']})" if row["status"] in _ENDED else ""
        code = "" if ended else _SERVICE_CODES.get(name, "")
        if code:
            self._say(draft, "services", code)
        elif ended or name != draft.value("name"):
            self._say(draft, "offers", f"{name}{ended}", sign="\n")
        draft.put("email", row["email"])
        draft.put("website", row["url"])
        self._say(draft, "languages", row["languages"])
        eligible = row["eligibility_description"]
        is_coded = {word.strip() for word in eligible.split(",")} <= POPULATIONS.keys()
        if is_coded and draft not in self._own:
            self._say(draft, "populations", eligible)
        for column, key in (*SERVICE_FIELDS.items(), *_OLD_SERVICE_FIELDS.items()):
            if not (is_coded and column == "eligibility_description"):
                self._put_text(draft, key, row[column], name)
        for column in _SERVICE_TEXTS:
            text = row[column].strip()
            if text and text != name:
                draft.note(f"{name}: {text}")

    def _put_text(self, draft: EntryBuilder, key: str, text: str, name: str = "") -> None:
        """Remember a text of a field; several different ones stand below each other, with names."""
        if not text.strip():
            return
        if draft.type == "organisation":
            self._texts.setdefault(draft, {}).setdefault(key, {}).setdefault(text.strip(), name)
        else:
            draft.note(text)

    def _accessibility(self, draft: EntryBuilder, row: TableRow) -> None:
        parts = (row[key].strip() for key in ("accessibility", "description", "details"))
        self._put_text(draft, "accessibility", ", ".join(filter(None, parts)))

    def _area(self, draft: EntryBuilder, row: TableRow) -> None:
        parts = (row["name"].strip(), row["description"].strip())
        self._put_text(draft, "area", ", ".join(dict.fromkeys(filter(None, parts))))

    def _language(self, draft: EntryBuilder, row: TableRow) -> None:
        self._say(draft, "languages", row["code"] or row["name"] or row["language"])
        draft.note(row["note"])

    def _schedule(self, draft: EntryBuilder, row: TableRow) -> None:
        """Add weekly hours; note hours that come otherwise, and what is said of them."""
        times = list(_times(row))
        self._hours.setdefault(draft, []).extend(times)
        draft.note(row["description"])
        if not times:
            span = "-".join(filter(None, (row["opens_at"], row["closes_at"])))
            parts = (row["freq"], row["interval"], row["byday"] or row["weekday"], span)
            draft.note(" ".join(filter(None, parts)) if span else "")

    def _say(self, draft: EntryBuilder, key: str, text: str, sign: str = ",") -> None:
        said = self._said.setdefault(draft, {}).setdefault(key, [])
        said += [one.strip() for one in text.split(sign) if one.strip()]

    def _finished(self, draft: EntryBuilder) -> ParsedContact:
        said = self._said.get(draft, {})
        if draft.type == "organisation":
            draft.put("offers", "\n".join(dict.fromkeys(said.get("offers", ()))))
            draft.put("hours", format_hours(set(self._hours.get(draft, ()))))
            for key, texts in self._texts.get(draft, {}).items():
                is_one = len(texts) == 1
                lines = (text if is_one or not name else f"{name}: {text}"
                         for text, name in texts.items())  # fmt: skip
                draft.put(key, "\n".join(lines))
            for key in ("languages", "services", "populations"):
                draft.put_codes(key, said.get(key, ()))
        return draft.done()


def _times(row: TableRow) -> Iterator[tuple[int, str, str]]:
    if row["freq"] not in ("", "WEEKLY") or row["interval"] not in ("", "1"):
        return
    opens, closes = parse_clock_time(row["opens_at"]), parse_clock_time(row["closes_at"])
    for word in (row["byday"] or row["weekday"]).split(","):
        day = weekday_number(word)
        if day is not None and opens and closes:
            yield day, opens, closes


def _address(draft: EntryBuilder, row: TableRow) -> None:
    if draft.type != "organisation":
        return
    keys = ("attention", "address_1", "address_2", "region", "state_province", "postal_code")
    draft.put("address", ", ".join(filter(None, (row[key].strip() for key in keys))))
    draft.put("city", row["city"])
    draft.put_country(row["country"])


OWN_KEYS: Mapping[str, frozenset[str]] = {
    "organisation": frozenset({
        "other_name", "country", "city", "email", "website", "services", "offers", "populations",
        "languages", "hours", "networks", "contact_risk", "part_of", "actor_type", "eligibility",
        "fees", "application", "area", "interpretation", "accessibility", "alert",
        "round_the_clock", "case_number_needed",
    }),
    "contact": frozenset({"given_name", "role", "organisation"}),
}  # fmt: skip
