# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing a contact file: its content decides the format, then the reader runs.

A new format is a reader, a writer and one line here. Knows nothing of what becomes of the
entries.
"""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from kfdesk.domain.directory import (
    MAX_ENTRIES,
    MAX_LIST_BYTES,
    ExportSelection,
    FileKind,
    ParsedFile,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats import hsds
from kfdesk.formats.hsds import write_hsds, write_hsds_tables
from kfdesk.formats.rows import ExportedEntries, decode_text
from kfdesk.formats.tables import read_csv, read_xlsx, write_csv, write_xlsx
from kfdesk.formats.vcard import read_vcards, write_vcards

_DETECTION_BYTES = 4096
_XLSX_MARK = b"xl/"


def read_contact_files(files: Mapping[str, bytes], how: ParseOptions) -> ParsedFile:
    """Read a contact file, or several that belong together, such as the tables of HSDS.

    Raise KfdeskError `contacts.…`.
    """
    if sum(map(len, files.values())) > MAX_LIST_BYTES:
        raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
    if len(files) > 1:
        wanted = {name: data for name, data in files.items() if hsds.is_table(name)}
        return hsds.read_hsds(hsds.read_csv_tables(wanted, how.encoding))
    (data,) = files.values()
    reading = _read_one(data, how)
    if not reading.entries and not reading.broken:
        raise KfdeskError("contacts.nothing_inside")
    if len(reading.entries) > MAX_ENTRIES:
        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    return reading


def _read_one(data: bytes, how: ParseOptions) -> ParsedFile:
    if not data.strip(b"\0 \t\r\n"):
        raise KfdeskError("contacts.nothing_inside")
    if data.startswith(b"PK"):
        if _XLSX_MARK in data:
            return read_xlsx(data, how)
        found = hsds.read_archive(data)
        return hsds.read_hsds(hsds.read_csv_tables(found, how.encoding))
    head = data[:_DETECTION_BYTES].replace(b"\0", b"").upper()
    if b"BEGIN:VCARD" in head or b"END:VCARD" in head:
        return read_vcards(data, how.encoding)
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"["):
        text, encoding, is_sure = decode_text(data, how.encoding)
        found_tables = hsds.read_hsds(hsds.read_json_tables(text))
        return ParsedFile(found_tables.entries, found_tables.broken, (), encoding, is_sure)
    return read_csv(data, how)


_WRITERS = {
    FileKind.VCARD: write_vcards,
    FileKind.CSV: write_csv,
    FileKind.XLSX: write_xlsx,
    FileKind.HSDS: write_hsds,
    FileKind.HSDS_TABLES: write_hsds_tables,
}


def write_contact_file(kind: FileKind, parts: Iterable[ExportSelection], file: BinaryIO) -> int:
    """Write the file; return the number of organisations and persons in it.

    Entries without a name are left out.
    """
    entries = ExportedEntries(parts)
    _WRITERS[kind](entries, file)
    return len(entries)
