# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV: its letters, its separator and its rows, with the number of the line each begins on.

Knows no meaning of a column: what the rows say is read where those of a workbook are.
"""

import csv
import re
from collections.abc import Iterator

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import ReadAs, Reading
from kfdesk.formats.letters import decoded
from kfdesk.formats.tables.reading import Row, read_rows

_SEPARATORS = ",;\t|"
_LONGEST = 1_000_000  # letters in a cell
_HEAD = 20_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def read_csv(data: bytes, how: ReadAs) -> Reading:
    """The entries of a CSV file. Raises KfdeskError `contacts.…`."""
    text, encoding, is_sure = decoded(data, how.encoding)
    return read_rows(rows_of(text), how, encoding, is_sure=is_sure)


def rows_of(text: str) -> Iterator[Row]:
    """The rows of a text, each with its first line. Raises KfdeskError `contacts.not_a_table`."""
    csv.field_size_limit(_LONGEST)
    lines = (found[0] for found in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=_separator(text))
    first = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise KfdeskError("contacts.not_a_table", line=first) from None
        if row is None:
            return
        yield first, row
        first = reader.line_num + 1


def _separator(text: str) -> str:
    """The sign that most often stands in the first row, outside of quotes."""
    head = text[:_HEAD].lstrip("\r\n").partition("\n")[0]
    bare = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)
