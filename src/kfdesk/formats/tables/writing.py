# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of contacts to hand on: CSV, and XLSX with one sheet.

Titles are the keys by which the columns are known again. No cell can be taken for a formula: in
CSV one that begins like it gets a stroke before it, in XLSX every cell is a text.
"""

import csv
import io
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import xlsxwriter

from kfdesk.formats.outgoing import Outgoing
from kfdesk.formats.tables.reading import FORMULA

_KEYS = (
    "name", "other_name", "given_name", "organisation", "role", "part_of", "country", "city",
    "services", "offers", "populations", "languages", "hours", "email", "website", "networks",
    "contact_risk",
)  # fmt: skip
_WIDTH = 24
_FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)


def write_csv(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write CSV in UTF-8 with its mark, which spreadsheets need to read the letters."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in _rows(entries))
    text.detach()  # which writes what is left, and leaves the file open


def write_sheet(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write a workbook, which says neither who made it nor when."""
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"author": "", "comments": "", "created": _FIRST_DAY})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_rows(entries)):
        if number == 0:
            sheet.set_column(0, len(row) - 1, _WIDTH)
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell, bold if number == 0 else None)
    book.close()


def _rows(entries: Collection[Outgoing]) -> Iterator[list[str]]:
    most = max((len(entry.numbers) for entry in entries), default=0)
    yield [*_KEYS, *(f"phone {number + 1}" for number in range(most))]
    for entry in entries:
        yield [
            *(entry.text(key) for key in _KEYS),
            *entry.numbers,
            *[""] * (most - len(entry.numbers)),
        ]


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
