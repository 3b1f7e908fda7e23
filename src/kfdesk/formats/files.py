# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing a contact file of any format.

A new format is a reader that `detection` chooses, a writer and one line here.
"""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from kfdesk.domain.directory import ExportSelection, FileKind, ParsedFile, ParseOptions
from kfdesk.formats.detection import read_detected
from kfdesk.formats.hsds_export import write_hsds, write_hsds_tables
from kfdesk.formats.rows import ExportedEntries
from kfdesk.formats.tables import write_csv
from kfdesk.formats.vcard import write_vcards
from kfdesk.formats.workbooks import read_xlsx, write_xlsx


def read_contact_files(files: Mapping[str, bytes], how: ParseOptions) -> ParsedFile:
    """Read a contact file, or several that belong together. Raise KfdeskError `contacts.…`."""
    return read_detected(files, how, read_xlsx)


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
