# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of contacts, read and written: what all have in common, CSV, and archives of tables.

The titles are the keys by which this program recognises the columns, also those of other
programs. A table is read row by row within limits. No written cell of CSV can become a formula:
such a cell gets an apostrophe. Knows no workbook.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO
from zipfile import ZipFile

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    COLUMN_KEYS,
    MAX_ENTRIES,
    MAX_LEFT_OUT,
    MAX_UNPACKED_BYTES,
    FileColumn,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.formats.rows import EntryBuilder, ExportedEntry, decode_text
from kfdesk.formats.titles import NumberedRow, TableHead, find_titles, fold_title, key_of

# --- rows

MOST_COLUMNS = 400
MOST_ROWS = 1_048_576
"""Rows of a table, blank ones too: as many as spreadsheet programs have."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of a cell that a spreadsheet reads as a formula."""

_NOTHING = frozenset({"", "-", "–", "—", "−", "n/a", "N/A"})
_SUMS = frozenset({
    "antal", "summa", "totalt", "total", "sum", "count", "всего", "итого", "kokku", "kopa", "is",
    "viso", "razem", "yhteensa", "gesamt", "summe", "suma",
})  # fmt: skip
_CELLS_OF_A_SUM = 2
MAX_TITLE_SHOWN = 60
_NAME_KEYS = frozenset({"name", "given_name", "family_name", "other_name"})
_PERSON = frozenset({"given_name", "family_name"})
_VALUE_SEPARATOR = " ::: "
_JOINED = {"name": " ", "address": ", ", "other_name": ", ", "offers": ", "}


def read_rows(
    rows: Iterable[NumberedRow], how: ParseOptions, encoding: str, *, is_sure: bool
) -> ParsedFile:
    """Read the rows of a table below the row that has the titles.

    Rows that only count, and rows without a name, are named and left out. Raise KfdeskError
    `contacts.nothing_inside` if no row follows, or `contacts.too_many`.
    """
    head, there = find_titles(rows)
    if not head.titles:
        raise KfdeskError("contacts.nothing_inside")
    keys = _keys(head, how)
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)
    samples = [""] * len(keys)
    place = head.keys.index("organisation") if head.has_blocks else None
    for number, cells in _said_rows(there, place):
        if len(entries) + len(broken) >= MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
        if is_sum_row(cells):
            broken.extend((ParseFailure(number, "sum_row"),))
            continue
        padded = _pad_row(cells, keys)
        samples = [old or cell.strip() for old, cell in zip(samples, padded, strict=True)]
        titled = zip(keys, head.titles, padded, strict=True)
        said = [(key, _noted(key, title, cell)) for key, title, cell in titled]
        draft = _row_draft(number, [*said, *_untitled(cells, keys)])
        if draft.is_named(_NAME_KEYS & set(keys)):
            entries.extend((draft.done(),))
            broken.extend(draft.faults())
        else:
            broken.extend((ParseFailure(number, "no_name"),))
    if not entries and not broken:
        raise KfdeskError("contacts.nothing_inside")
    columns = tuple(map(FileColumn, head.titles, keys, samples))
    above = tuple(text[:MAX_TITLE_SHOWN] for text in head.above[:MAX_LEFT_OUT])
    return ParsedFile(entries.kept, broken.kept, columns, encoding, is_sure, above)


def _said_rows(rows: Iterable[NumberedRow], place: int | None) -> Iterator[NumberedRow]:
    """Yield the rows that say anything; a dash says nothing.

    In the column at `place` stands the organisation of people, in the first row of its block alone:
    it holds for the rows below, down to the next one or an empty row.
    """
    house, last = "", 0
    for number, raw in rows:
        cells = ["" if is_blank_cell(cell) else cell for cell in raw]
        if not any(cells):
            continue
        if place is not None and place < len(cells):
            house = cells[place] or (house if number == last + 1 else "")
            cells[place] = house
        last = number
        yield number, cells


def is_blank_cell(cell: str) -> bool:
    """Return whether a cell says nothing: it is empty, or a dash stands for nothing."""
    return cell.strip() in _NOTHING


def is_sum_row(cells: Sequence[str]) -> bool:
    """Return whether a row only says how many there are: `Antal: 12`."""
    said = [cell.strip() for cell in cells if cell.strip()]
    is_count = len(said) == _CELLS_OF_A_SUM and said[1].replace(" ", "").isdecimal()
    return is_count and fold_title(said[0]) in _SUMS


def _noted(key: str, title: str, cell: str) -> str:
    """Return a cell of a note with its title, unless the title itself says that it is a note."""
    is_other = key == "note" and cell.strip() and key_of(title) != "note"
    return f"{title}: {cell.strip()}" if is_other else cell


def _keys(head: TableHead, how: ParseOptions) -> tuple[str, ...]:
    if len(head.titles) > MOST_COLUMNS:
        raise KfdeskError("contacts.too_wide", most=MOST_COLUMNS)
    if not set(how.columns) <= {"", *COLUMN_KEYS}:
        raise KfdeskError("contacts.unknown_column", known=", ".join(COLUMN_KEYS))
    guessed = head.keys
    return (*how.columns, *guessed[len(how.columns) :])[: len(guessed)] if how.columns else guessed


def _pad_row(cells: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return as many cells as there are columns: fill a short row, cut a long one."""
    return [*cells, *[""] * len(keys)][: len(keys)]


def _untitled(cells: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells after the last column that has a title; they are noted."""
    yield from (("note", cell) for cell in cells[len(keys) :])


def _row_draft(number: int, cells: Sequence[tuple[str, str]]) -> EntryBuilder:
    said = [(key, strip_formula_guard(cell)) for key, cell in cells if key and cell.strip()]
    is_person = any(key in _PERSON for key, _ in said)
    draft = EntryBuilder(number, "contact" if is_person else "organisation")
    for key in dict.fromkeys(key for key, _ in said):
        texts = list(_split_values(cell for own, cell in said if own == key))
        _put(draft, key, texts, is_person=is_person)
    return draft


def strip_formula_guard(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _split_values(cells: Iterable[str]) -> Iterator[str]:
    """Yield the values of cells in which Google joined several; `*` marks the preferred one."""
    for cell in cells:
        yield from (part.removeprefix("* ").strip() for part in cell.split(_VALUE_SEPARATOR))


def _put(draft: EntryBuilder, key: str, texts: Sequence[str], *, is_person: bool) -> None:
    record = "contact" if is_person else "organisation"
    own = {"name": "organisation"} if is_person else {"organisation": "name"}
    name = own.get(key, key)
    if key in {"phone", "fax"}:
        for text in texts:
            draft.numbers(text, is_called=key == "phone")
    elif key == "note" or name not in RECORD_TYPES[record].fields:
        for text in texts:
            draft.note(text)
    elif key == "country":
        for text in texts:
            draft.put_country(text)
    elif key in _JOINED:
        draft.put(name, _JOINED[key].join(dict.fromkeys(filter(None, texts))))
    else:
        for text in texts:
            draft.put(name, text)


# --- CSV

_SEPARATORS = ",;\t|"
_LONGEST_CELL = 1_000_000  # letters in a cell
_SEPARATOR_SAMPLE = 20_000
_TOLD_SEPARATOR = re.compile(
    r"""\s*(?P<quote>"?)sep=(?P<sign>\t|[^\w\s"'])(?P=quote)[^\w\r\n]*(?:\r\n|\r|\n)""",
    re.IGNORECASE,
)
"""The line by which spreadsheets tell each other the separator."""
_WORD = re.compile(r"\w")
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x19\x1b\x7f]")
"""Control characters that a text hardly ever has: no space, and no old end of a file."""
_TEXT_PER_NO_TEXT = 50  # of random bytes more than one in twelve is a control character
_PHYSICAL_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def read_csv(data: bytes, how: ParseOptions) -> ParsedFile:
    """Read the entries of a CSV file. Raise KfdeskError `contacts.…`."""
    text, encoding, is_sure = decode_text(data, how.encoding)
    most = MAX_ENTRIES + 1  # with the titles
    if sum(1 for _ in islice(csv_rows(text), most + 1)) > most:  # before any entry is made
        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    return read_rows(csv_rows(text), how, encoding, is_sure=is_sure)


def csv_rows(text: str) -> Iterator[NumberedRow]:
    """Yield the rows of a text that are not blank, with their first lines.

    Raise KfdeskError `contacts.not_text`, `contacts.not_a_table` or `contacts.too_many`.
    """
    _refuse_bytes(text.strip("\0"))
    csv.field_size_limit(_LONGEST_CELL)
    told = _TOLD_SEPARATOR.match(text)
    lines = (found[0] for found in _PHYSICAL_LINE.finditer(text, told.end() if told else 0))
    reader = csv.reader(lines, delimiter=told["sign"] if told else _separator(text))
    before = len(told[0].splitlines()) if told else 0
    first = before + 1
    for _ in range(MOST_ROWS):
        try:
            row = next(reader, None)
        except csv.Error:
            raise KfdeskError("contacts.not_a_table", line=first) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield first, row
        first = before + reader.line_num + 1
    raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)


def _refuse_bytes(text: str) -> None:
    """Raise KfdeskError `contacts.not_text` for the bytes of a file that was no text."""
    most = len(text) // _TEXT_PER_NO_TEXT
    if sum(1 for _ in islice(_NO_TEXT.finditer(text), most + 1)) > most:
        raise KfdeskError("contacts.not_text")


def _separator(text: str) -> str:
    """Return the most frequent separator in the first row with a word, outside of quotes."""
    lines = (found[0] for found in _PHYSICAL_LINE.finditer(text[:_SEPARATOR_SAMPLE]))
    head = next((line for line in lines if _WORD.search(line)), "")
    bare = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


# --- archives

BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, RuntimeError, LookupError, ValueError,
    OSError, EOFError, ArithmeticError, AttributeError, TypeError, SyntaxError, struct.error,
)  # fmt: skip
"""The errors that the readers of archives and workbooks raise on a broken file."""

_MOST_PARTS = 10_000  # files in an archive
_PART_MARK = b"PK\x01\x02"  # begins each entry of an archive's directory (APPNOTE.TXT 4.3.12)
_LOCKED = 0x1  # the flag of an encrypted file (APPNOTE.TXT 4.4.4)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The methods that OPC allows (ISO 29500-2, annex C); LZMA could ask for gigabytes of memory."""


def read_archive(data: bytes, wanted: Container[str]) -> Mapping[str, bytes]:
    """Return files of a ZIP archive by their names. Raise as `archive_names` does."""
    names = [name for name in archive_names(data) if name in wanted]
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in names}
    except BROKEN_ARCHIVE:
        raise KfdeskError("contacts.torn") from None


def archive_names(data: bytes) -> Sequence[str]:
    """Return the names of the files in a ZIP archive, which can be unpacked within the limits.

    Python's reader never unpacks more than an archive states. Raise KfdeskError `contacts.bomb`,
    `contacts.locked`, `contacts.foreign_compression` or `contacts.torn`.
    """
    if data.count(_PART_MARK) > _MOST_PARTS:
        raise KfdeskError("contacts.bomb")
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except BROKEN_ARCHIVE:
        raise KfdeskError("contacts.torn") from None
    if sum(one.file_size for one in parts) > MAX_UNPACKED_BYTES:
        raise KfdeskError("contacts.bomb")
    if any(one.flag_bits & _LOCKED for one in parts):
        raise KfdeskError("contacts.locked")
    if any(one.compress_type not in _METHODS for one in parts):
        raise KfdeskError("contacts.foreign_compression")
    return [one.filename for one in parts]


# --- writing

_EXPORTED_KEYS = (
    "name", "other_name", "given_name", "organisation", "role", "part_of", "country", "city",
    "services", "offers", "populations", "languages", "hours", "email", "website", "networks",
    "contact_risk", "actor_type", "eligibility", "fees", "application", "area", "interpretation",
    "accessibility", "alert", "round_the_clock", "case_number_needed",
)  # fmt: skip


def write_csv(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write CSV in UTF-8 with a BOM, which spreadsheets need to detect the encoding."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows([guard_formula(cell) for cell in row] for row in table_rows(entries))
    text.detach()  # flushes the text and leaves the file open


def table_rows(entries: Collection[ExportedEntry]) -> Iterator[list[str]]:
    """Yield the titles, then the cells of each entry, for a table in any format."""
    most = max((len(entry.numbers) for entry in entries), default=0)
    yield [*_EXPORTED_KEYS, *(f"phone {number + 1}" for number in range(most))]
    for entry in entries:
        yield [
            *(entry.text(key) for key in _EXPORTED_KEYS),
            *entry.numbers,
            *[""] * (most - len(entry.numbers)),
        ]


def guard_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
