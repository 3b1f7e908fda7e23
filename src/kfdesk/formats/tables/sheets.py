# SPDX-License-Identifier: GPL-3.0-or-later
"""XLSX: the first sheet that has rows, read as texts, and never more than fits.

How large it unpacks is looked at before anything is unpacked; the reader takes its XML by a parser
that expands nothing. A formula counts as what it showed when it was saved.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time

import defusedxml  # noqa: F401 - makes sure that openpyxl finds it
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_ENTRIES, MOST_UNPACKED, ReadAs, Reading
from kfdesk.formats.tables.reading import MOST_COLUMNS, Row, read_rows

_TORN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError,
    IndexError, AttributeError, TypeError, SyntaxError,
)  # fmt: skip
"""What the reader raises on a file that is broken in its own ways."""

_UNDERSCORE = "_x005F_"  # as it is said where a text looks like a sign that XML cannot say


def read_sheet(data: bytes, how: ReadAs) -> Reading:
    """The entries of a workbook. Raises KfdeskError `contacts.…`."""
    refuse_bombs(data)
    return read_rows(_rows(data), how, "xlsx", is_sure=True)


def refuse_bombs(data: bytes) -> None:
    """Refuse an archive that would unpack to more than fits, by what it says of itself.

    Python's reader gives no more than an archive says. Raises KfdeskError `contacts.bomb` or
    `contacts.torn`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile:
        raise KfdeskError("contacts.torn") from None
    if unpacked > MOST_UNPACKED:
        raise KfdeskError("contacts.bomb")


def _rows(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has any, as they are asked for."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        rows = (_filled(sheet) for sheet in book.worksheets)
        first, there = next(((row, rest) for rest in rows for row in rest), (None, None))
        if first is not None and there is not None:
            yield first
            yield from there
    except KfdeskError:
        raise
    except _TORN:
        raise KfdeskError("contacts.torn") from None


def _filled(sheet: object) -> Iterator[Row]:
    for number, cells in enumerate(_values(sheet), start=1):
        if number > MOST_ENTRIES + 1:
            raise KfdeskError("contacts.too_many", most=MOST_ENTRIES)
        if any(cells):
            yield number, cells


def _values(sheet: object) -> Iterator[Sequence[str]]:
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)  # type: ignore[attr-defined]
    for row in rows:
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        yield texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value).replace(_UNDERSCORE, "_")
