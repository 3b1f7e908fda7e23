# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks (XLSX), read and written as tables of one sheet; those of contacts as entries.

A sheet is read row by row within limits. Every written cell is a text, so that none can become
a formula. This module alone knows the libraries of workbooks, which take long to load.
"""

import io
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any, BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

import defusedxml  # noqa: F401 - makes sure that openpyxl finds it
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from xlsxwriter.utility import xl_col_to_name

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    MAX_ENTRIES,
    MAX_LEFT_OUT,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.rows import ExportedEntry
from kfdesk.formats.tables import (
    BROKEN_ARCHIVE,
    MOST_COLUMNS,
    MOST_ROWS,
    read_archive,
    read_rows,
    table_rows,
)
from kfdesk.formats.titles import NumberedRow, find_titles, is_sheet_of_contacts

_MOST_SHEETS = 200  # that are read for contacts
_BOOK = "xl/workbook.xml"
_BROKEN = (*BROKEN_ARCHIVE, InvalidFileException)
_STRICT = b"http://purl.oclc.org/ooxml/"

_BLOCK = 2**20
_ROW_HEAD = 20  # bytes; a longer prefix of the name is nobody's
_ROW = re.compile(rb"<(?:[A-Za-z0-9]{1,13}:)?row[\s/>]")
_ESCAPED_SIGN = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 part 1, 22.9.2.19


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of an open workbook that has any text."""

    title: str
    source: Any

    def rows(self) -> Iterator[NumberedRow]:
        """Yield its rows from the first one on, on demand."""
        return _rows(self.source)


@contextmanager
def opened_sheets(data: bytes) -> Iterator[tuple[Sheet, ...]]:
    """Open the sheets of a workbook that have any text; there is at least one.

    Raise KfdeskError `contacts.…`; the rows do so too, for what breaks while they are read.
    """
    with warnings.catch_warnings():  # openpyxl's warnings may show values
        warnings.simplefilter("ignore")
        if _STRICT in read_archive(data, {_BOOK}).get(_BOOK, b""):
            raise KfdeskError("contacts.other_kind", kind="Strict Open XML")
        try:
            _check_row_count(data)
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = tuple(Sheet(one.title, one) for one in book.worksheets)
        except _BROKEN:
            raise KfdeskError("contacts.torn") from None
        filled = tuple(one for one in sheets if any(islice(one.rows(), 1)))
        if not filled:
            raise KfdeskError("contacts.nothing_inside")
        yield filled


def _check_row_count(data: bytes) -> None:
    """Raise KfdeskError `contacts.too_many` for more rows than a sheet has, blank ones too.

    openpyxl walks through a sheet twice, and needs far longer for a row than this.
    """
    left = MOST_ROWS
    with ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            with archive.open(part) as source:
                rest = b""
                while block := source.read(_BLOCK):
                    left -= len(_ROW.findall(rest + block))
                    rest = block[-_ROW_HEAD:] if not _ROW.search(block[-_ROW_HEAD:]) else b""
                    if left < 0:
                        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)


def read_xlsx(data: bytes, how: ParseOptions) -> ParsedFile:
    """Read the entries of all sheets that have the titles of contacts; others are left out by name.

    A workbook without any such sheet is read from its first one. The columns that somebody chose
    hold for the sheets with the same titles as the first one. Raise KfdeskError `contacts.…`.
    """
    with opened_sheets(data) as sheets:
        lists = [one for one in sheets if is_sheet_of_contacts(one.rows())] or [sheets[0]]
        parts = [read_rows(lists[0].rows(), how, "xlsx", is_sure=True)]
        titles = [one.title for one in parts[0].columns]
        for sheet in lists[1:_MOST_SHEETS]:
            head, _ = find_titles(sheet.rows())
            own = how if list(head.titles) == titles else replace(how, columns=())
            parts.append(_read_below(sheet, own))
        others = (one.title for one in sheets if one not in lists[:_MOST_SHEETS])
        return _joined(parts, others)


def _joined(parts: Sequence[ParsedFile], others: Iterable[str]) -> ParsedFile:
    """Return the entries of all sheets, with the columns of the first one."""
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)
    for part in parts:
        entries.extend(part.entries)
        broken.extend(part.broken)
        if len(entries) + len(broken) > MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    left_out = (*others, *(text for part in parts for text in part.left_out))[:MAX_LEFT_OUT]
    return replace(parts[0], entries=entries.kept, broken=broken.kept, left_out=left_out)


def _read_below(sheet: Sheet, how: ParseOptions) -> ParsedFile:
    """Read a further sheet; one with titles alone has no entries."""
    try:
        return read_rows(sheet.rows(), how, "xlsx", is_sure=True)
    except KfdeskError as fault:
        if fault.code != "contacts.nothing_inside":
            raise
        return ParsedFile()


def _rows(sheet: Any) -> Iterator[NumberedRow]:
    """Yield the rows of a sheet that have text, on demand. Raise KfdeskError `contacts.torn`."""
    with ExitStack() as opened:
        try:
            parsed = iter(_parser(sheet, opened).parse())
        except _BROKEN:
            raise KfdeskError("contacts.torn") from None
        while (row := _next_row(parsed)) is not None:
            number, cells = row
            texts = {cell["column"]: _text(cell["value"]) for cell in cells}
            filled = {place: text for place, text in texts.items() if text.strip()}
            if filled:
                yield number, _row_texts(filled)


def _parser(sheet: Any, opened: ExitStack) -> WorkSheetParser:
    """Return openpyxl's parser of a sheet, whose source is closed with `opened`.

    openpyxl's own `iter_rows` makes every cell before a far one, and trusts the stated size of
    the sheet. Its parser yields only what stands in the file.
    """
    book = sheet.parent
    source = opened.enter_context(sheet._get_source())  # noqa: SLF001 - it has no public name
    return WorkSheetParser(
        source, sheet._shared_strings, data_only=True, epoch=book.epoch,  # noqa: SLF001
        date_formats=book._date_formats,  # noqa: SLF001
        timedelta_formats=book._timedelta_formats,  # noqa: SLF001
    )  # fmt: skip


def _next_row(parsed: Iterator[tuple[int, Any]]) -> tuple[int, Any] | None:
    """Return what openpyxl reads next; None at the end. Raise KfdeskError `contacts.torn`."""
    try:
        return next(parsed, None)
    except _BROKEN:
        raise KfdeskError("contacts.torn") from None


def _row_texts(filled: Mapping[int, str]) -> list[str]:
    """Return the texts of a row from its first column on; those of far columns come at the end."""
    far = [filled[place] for place in sorted(filled) if place > MOST_COLUMNS]
    last = MOST_COLUMNS if far else max(filled)
    return [*(filled.get(place, "") for place in range(1, last + 1)), *far]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return _ESCAPED_SIGN.sub(lambda found: chr(int(found[1], 16)), str(value))


# --- writing

_COLUMN_WIDTH = 24
_XLSX_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
_EXTENT = re.compile(rb'<dimension ref="[^"]*"/>')  # the extent of the titles alone; it is optional
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as a workbook."""
    write_sheet(table_rows(entries), file)


def write_sheet(table: Iterable[Sequence[str]], file: BinaryIO) -> None:
    """Write a workbook of one sheet, the titles first, that says neither who made it nor when.

    XlsxWriter would keep every cell in memory or in unencrypted temporary files. So it writes a
    workbook of the titles only, and the rows are inserted one by one at its end.
    """
    rows = iter(table)
    titled = io.BytesIO()
    _write_titles(next(rows), titled)
    with ZipFile(titled) as made, ZipFile(file, "w") as book:
        for part in made.infolist():
            before, end, after = made.read(part).partition(b"</sheetData>")
            with book.open(part, "w") as to:
                to.write(_EXTENT.sub(b"", before))
                to.writelines(_xml_row(*each) for each in enumerate(rows if end else (), start=2))
                to.write(end + after)


def _write_titles(titles: Sequence[str], file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"author": "", "comments": "", "created": _XLSX_CREATED})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, _COLUMN_WIDTH)
    sheet.write_row(0, 0, titles, book.add_format({"bold": True}))
    book.close()


def _xml_row(number: int, row: Sequence[str]) -> bytes:
    """Return a row of a sheet whose cells are texts (ECMA-376 part 1, 18.3.1.73)."""
    cells = (
        f'<c r="{xl_col_to_name(place)}{number}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_escape_cell(cell)}</t></is></c>'
        for place, cell in enumerate(row)
        if cell
    )
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _escape_cell(cell: str) -> str:
    """Return a text escaped for XML (ECMA-376 part 1, 22.9.2.19)."""
    return escape(_NOT_IN_XML.sub(lambda sign: f"_x{ord(sign[0]):04X}_", cell))
