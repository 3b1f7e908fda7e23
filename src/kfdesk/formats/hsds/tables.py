# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS as tables of rows, whether it came as one JSON text, as CSV files or as an archive of them.

In JSON the rows stand within each other; taken apart, each says by an id under whom it stood. Of a
list one value at a time is in memory as it was read, and rows that are many are packed.
Knows the names of tables and nothing of what is in them.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_ENTRIES
from kfdesk.domain.packed import Packed
from kfdesk.formats.letters import decoded
from kfdesk.formats.tables.commas import rows_of
from kfdesk.formats.tables.reading import bare
from kfdesk.formats.tables.sheets import refuse_bombs

_TABLES: Mapping[str, str] = {
    "organizations": "organization", "services": "service", "locations": "location",
    "phones": "phone", "contacts": "contact", "addresses": "address", "addresss": "address",
    "schedules": "schedule", "regular_schedules": "schedule", "languages": "language",
    "service_at_location": "service_at_location", "service_at_locations": "service_at_location",
}  # fmt: skip
"""The names of files and of lists, with the table that they hold."""

_SINGLE = ("organization", "service", "location")
_SIGNS: Mapping[str, frozenset[str]] = {
    "service_at_location": frozenset({"service", "location"}),
    "service": frozenset({"organization", "service_at_locations", "application_process"}),
    "organization": frozenset({"legal_status", "tax_status", "locations", "services", "website"}),
    "location": frozenset({"location_type", "latitude", "addresses"}),
}
"""By what an object that stands alone in JSON is known; tried in this order."""
_SIGN = re.compile(r"[ \t\r\n]*(.?)[ \t\r\n]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: the line it begins on, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


Tables = Mapping[str, Sequence[TableRow]]


class _Gathered:
    """The rows of all tables while they are read, packed where they are many."""

    def __init__(self) -> None:
        self._rows: dict[str, Packed[TableRow]] = {}
        self._ids: dict[str, set[str]] = {}

    def count(self, table: str) -> int:
        return len(self._rows.get(table, ()))

    def add(self, table: str, line: int, cells: Mapping[str, str]) -> None:
        rows = self._rows.setdefault(table, Packed(TableRow))
        if len(rows) == MOST_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MOST_ENTRIES)
        rows.extend([TableRow(line, cells)])

    def take(self, table: str, one: Mapping[str, Any], links: Mapping[str, str]) -> None:
        """Take a row of JSON, and the rows within it, which are linked to it.

        One that stands under nothing may be said several times, and is taken once.
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
    """Whether a CSV file of this name is one of the tables that are read."""
    return name.lower().removesuffix(".csv") in _TABLES and name.lower().endswith(".csv")


def tables_of_files(files: Mapping[str, bytes], encoding: str = "") -> Tables:
    """The rows of CSV files by table. Raises KfdeskError `contacts.…`."""
    found = _Gathered()
    for name, data in files.items():
        text, _, _ = decoded(data, encoding)
        rows = rows_of(text)
        _, titles = next(rows, (0, ()))
        table = _TABLES[name.lower().removesuffix(".csv")]
        for line, cells in rows:
            if cells:
                found.add(table, line, dict(zip(titles, map(bare, cells), strict=False)))
    return found.tables()


def files_of_archive(data: bytes) -> Mapping[str, bytes]:
    """The tables in a ZIP archive. Raises KfdeskError `contacts.bomb` or `contacts.torn`."""
    refuse_bombs(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.rpartition("/")[2]: name for name in archive.namelist()}
            return {own: archive.read(name) for own, name in names.items() if is_table(own)}
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError):
        raise KfdeskError("contacts.torn") from None


def tables_of_json(text: str) -> Tables:
    """The rows of a JSON text by table. Raises KfdeskError `contacts.torn` or `….too_many`."""
    found = _Gathered()
    try:
        for whole in _values(text):
            for table, one in _tops(whole):
                found.take(table, one, {})
    except (ValueError, RecursionError):
        raise KfdeskError("contacts.torn") from None
    return found.tables()


def _values(text: str) -> Iterator[Any]:
    """The values of a JSON list, each read when it is its turn; or the value that the text is."""
    read = json.JSONDecoder().raw_decode
    sign, at = _sign(text, 0)
    if sign != "[":
        yield json.loads(text)
        return
    if _sign(text, at)[0] == "]":
        sign, at = _sign(text, at)
    while sign in {"[", ","}:
        value, at = read(text, at)
        yield value
        sign, at = _sign(text, at)
    if sign != "]" or at < len(text):
        raise ValueError


def _sign(text: str, at: int) -> tuple[str, int]:
    """The next sign that is no blank, and where what follows its blanks begins."""
    found = _SIGN.match(text, at)
    assert found is not None  # it matches nothing, too
    return found[1], found.end()


def _tops(whole: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(whole, dict) and any(str(key).endswith(".csv") for key in whole):
        for name, rows in whole.items():
            if is_table(name) and isinstance(rows, list):
                yield from ((_TABLES[name[:-4]], row) for row in rows if isinstance(row, dict))
        return
    inner = whole.get("contents", whole) if isinstance(whole, dict) else whole
    for one in inner if isinstance(inner, list) else [inner]:
        table = _table_of(one)
        if table:
            yield table, one


def _table_of(one: Any) -> str:
    """What an object is, by the names of its parts."""
    if not isinstance(one, dict):
        return ""
    return next((table for table, signs in _SIGNS.items() if _is_signed(table, signs, one)), "")


def _is_signed(table: str, signs: frozenset[str], one: Mapping[str, Any]) -> bool:
    return signs <= one.keys() if table == "service_at_location" else bool(signs & one.keys())


def _cell(value: object) -> str:
    return "" if value is None else str(value)
