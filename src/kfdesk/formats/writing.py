# SPDX-License-Identifier: GPL-3.0-or-later
"""What may leave of the directory, as a file of one of the kinds.

Takes only what was disclosed. A new kind is a writer and one line here.
"""

from collections.abc import Iterable
from typing import BinaryIO

from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.formats.cards.writing import write_cards
from kfdesk.formats.hsds.tabular import write_tables
from kfdesk.formats.hsds.writing import write_hsds
from kfdesk.formats.outgoing import Entries
from kfdesk.formats.tables.writing import write_csv, write_sheet

_WRITERS = {
    FileKind.VCARD: write_cards,
    FileKind.CSV: write_csv,
    FileKind.XLSX: write_sheet,
    FileKind.HSDS: write_hsds,
    FileKind.HSDS_TABLES: write_tables,
}


def write(kind: FileKind, parts: Iterable[Part], file: BinaryIO) -> int:
    """Write the file; returns how many organisations and persons have a name, and so are listed."""
    entries = Entries(parts)
    _WRITERS[kind](entries, file)
    return len(entries)
