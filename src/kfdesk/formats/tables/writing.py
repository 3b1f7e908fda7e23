# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of contacts to hand on: CSV, and XLSX with one sheet.

Titles are the keys by which the columns are known again. No cell can be taken for a formula: in
CSV one that begins like it gets a stroke before it, in XLSX every cell is a text.
"""

import csv
import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from kfdesk.formats.outgoing import Outgoing
from kfdesk.formats.tables.reading import FORMULA

_KEYS = (
    "name", "other_name", "given_name", "organisation", "role", "part_of", "country", "city",
    "services", "offers", "populations", "languages", "hours", "email", "website", "networks",
    "contact_risk",
)  # fmt: skip
_WIDTH = 24


def write_csv(entries: Sequence[Outgoing]) -> bytes:
    """The entries as CSV in UTF-8 with its mark, which spreadsheets need to read the letters."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in _rows(entries))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_sheet(entries: Sequence[Outgoing]) -> bytes:
    """The entries as a workbook, which says neither who made it nor when."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"author": "", "comments": ""})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    rows = list(_rows(entries))
    sheet.set_column(0, len(rows[0]) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, bold if number == 0 else None)
    book.close()
    return data.getvalue()


def _rows(entries: Sequence[Outgoing]) -> Iterator[list[str]]:
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
