# SPDX-License-Identifier: GPL-3.0-or-later
"""A table file (CSV or XLSX) as rows of texts within limits, whatever it is about.

Knows no columns. A formula is never computed: of a workbook the stored result is read, in CSV it is
a text like any other.
"""

from collections.abc import Iterable
from itertools import islice

from kfdesk.domain.case_sheet import MAX_CASES, MAX_SHEET_ROWS, NumberedRow, SheetRows
from kfdesk.domain.directory import MAX_LEFT_OUT, MAX_LIST_BYTES, MAX_TEXT_LENGTH
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.detection import is_archive, is_workbook, refuse_other_formats
from kfdesk.formats.rows import decode_text
from kfdesk.formats.tables import MOST_COLUMNS, csv_rows
from kfdesk.formats.workbooks import opened_sheets

_OF_SHEETS = {
    "contacts.nothing_inside": "case_sheet.nothing",
    "contacts.not_text": "case_sheet.no_columns",
}
"""Refusals whose words are about contacts, and what stands for them here."""


def read_sheet(data: bytes, encoding: str = "") -> SheetRows:
    """Read a table file. Raise KfdeskError `case_sheet.…` or `contacts.…`."""
    try:
        return _read(data, encoding)
    except KfdeskError as fault:
        if fault.code == "contacts.too_many":
            raise KfdeskError("case_sheet.too_many", most=MAX_CASES) from None
        if fault.code not in _OF_SHEETS:
            raise
        raise KfdeskError(_OF_SHEETS[fault.code]) from None


def _read(data: bytes, encoding: str) -> SheetRows:
    if len(data) > MAX_LIST_BYTES:
        raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
    if not data.strip(b"\0 \t\r\n"):
        raise KfdeskError("case_sheet.nothing")
    if is_archive(data):
        if not is_workbook(data):
            raise KfdeskError("case_sheet.no_columns")
        with opened_sheets(data) as (first, *others):
            left_out = tuple(one.title for one in others)[:MAX_LEFT_OUT]
            return SheetRows(_within_limits(first.rows()), "xlsx", is_sure=True, left_out=left_out)
    refuse_other_formats(data)
    text, name, is_sure = decode_text(data, encoding)
    return SheetRows(_within_limits(csv_rows(text)), name, is_sure=is_sure)


def _within_limits(rows: Iterable[NumberedRow]) -> tuple[NumberedRow, ...]:
    """Return the rows; a text is cut one letter after what is taken of it, so that it is seen."""
    found: list[NumberedRow] = []
    for number, cells in islice(rows, MAX_SHEET_ROWS + 1):
        if len(cells) > MOST_COLUMNS:
            raise KfdeskError("case_sheet.too_wide", most=MOST_COLUMNS)
        found.append((number, tuple(cell[: MAX_TEXT_LENGTH + 1] for cell in cells)))
    if len(found) > MAX_SHEET_ROWS:
        raise KfdeskError("case_sheet.too_many", most=MAX_CASES)
    return tuple(found)
