# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS 3.0 as tables: the same as its JSON, taken apart into CSV files in one archive.

Each table has the columns of the standard that we have anything to say in; a row says by an id
under whom it stands. The archive tells neither who made it nor when.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Mapping
from typing import Any, BinaryIO

from kfdesk.domain.packed import Packed
from kfdesk.formats.hsds.writing import houses_of
from kfdesk.formats.outgoing import Outgoing
from kfdesk.formats.tables.writing import neutral

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
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
Cells = Mapping[str, Any]


def write_tables(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write the entries as an archive of tables."""
    tables = {name: Packed(list[str], [[*columns]]) for name, columns in _COLUMNS.items()}
    _take(tables, "organizations", houses_of(entries), {})
    with zipfile.ZipFile(file, "w") as archive:
        for name, rows in tables.items():
            one = zipfile.ZipInfo(f"{name}.csv", _FIRST_DAY)
            one.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(one, "w") as part, io.TextIOWrapper(part, "utf-8", newline="") as to:
                csv.writer(to).writerows(rows)


def _take(
    tables: Mapping[str, Packed[list[str]]], name: str, rows: Iterable[Cells], above: Cells
) -> None:
    """Take rows with all that stands within them, each linked to what it stands in."""
    for row in rows:
        cells = {**row, **above}
        tables[name].extend([[neutral(str(cells.get(key, ""))) for key in _COLUMNS[name]]])
        link = {f"{name.removesuffix('s')}_id": row["id"]}
        for key in _COLUMNS.keys() & row.keys():
            _take(tables, key, row[key], link)
