# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of contacts to hand on: CSV, and XLSX with one sheet.

Titles are the keys by which the columns are known again. No cell can be taken for a formula: in
CSV one that begins like it gets a stroke before it, in XLSX every cell is a text.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from kfdesk.formats.outgoing import Outgoing
from kfdesk.formats.tables.reading import FORMULA

_KEYS = (
    "name", "other_name", "given_name", "organisation", "role", "part_of", "country", "city",
    "services", "offers", "populations", "languages", "hours", "email", "website", "networks",
    "contact_risk",
)  # fmt: skip
_WIDTH = 24
_FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)
_EXTENT = re.compile(rb'<dimension ref="[^"]*"/>')  # that of the titles; none need be told
_UNSAID = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")


def write_csv(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write CSV in UTF-8 with its mark, which spreadsheets need to read the letters."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in _rows(entries))
    text.detach()  # which writes what is left, and leaves the file open


def write_sheet(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write a workbook, which says neither who made it nor when.

    Its library would keep every cell in memory, or in plain files: so it makes a workbook of the
    titles alone, and the rows go in one by one where that ends.
    """
    rows = _rows(entries)
    titled = io.BytesIO()
    _write_titles(next(rows), titled)
    with ZipFile(titled) as made, ZipFile(file, "w") as book:
        for part in made.infolist():
            before, end, after = made.read(part).partition(b"</sheetData>")
            with book.open(part, "w") as to:
                to.write(_EXTENT.sub(b"", before))
                to.writelines(_row(*each) for each in enumerate(rows if end else (), start=2))
                to.write(end + after)


def _write_titles(titles: Sequence[str], file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"author": "", "comments": "", "created": _FIRST_DAY})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, _WIDTH)
    sheet.write_row(0, 0, titles, book.add_format({"bold": True}))
    book.close()


def _row(number: int, row: Sequence[str]) -> bytes:
    """A row of a sheet whose cells are texts, as ECMA-376 part 1, 18.3.1.73 has it."""
    cells = (
        f'<c r="{xl_col_to_name(place)}{number}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_escaped(cell)}</t></is></c>'
        for place, cell in enumerate(row)
        if cell
    )
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _escaped(cell: str) -> str:
    """A text in XML; what XML cannot say, and what looks like that, as 22.9.2.19 has it."""
    return escape(_UNSAID.sub(lambda sign: f"_x{ord(sign[0]):04X}_", cell))


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
