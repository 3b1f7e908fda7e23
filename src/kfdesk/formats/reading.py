# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kind of file it is, by what is in it, and then its reader.

A new format is a reader and one line here. Knows nothing of what becomes of the entries.
"""

from collections.abc import Mapping

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_BYTES, MOST_ENTRIES, ReadAs, Reading
from kfdesk.formats.cards.reading import read_cards
from kfdesk.formats.hsds import reading as hsds
from kfdesk.formats.hsds import tables
from kfdesk.formats.letters import decoded
from kfdesk.formats.tables.commas import read_csv
from kfdesk.formats.tables.sheets import read_sheet

_HEAD = 4096
_SHEET = b"xl/"


def read(files: Mapping[str, bytes], how: ReadAs) -> Reading:
    """What is in a file, or in several that belong together as the tables of HSDS do.

    Raises KfdeskError `contacts.…`.
    """
    if sum(map(len, files.values())) > MOST_BYTES:
        raise KfdeskError("contacts.too_large", most=MOST_BYTES // 2**20)
    if len(files) > 1:
        wanted = {name: data for name, data in files.items() if tables.is_table(name)}
        return hsds.read_tables(tables.tables_of_files(wanted, how.encoding))
    (data,) = files.values()
    reading = _read_one(data, how)
    if not reading.entries and not reading.broken:
        raise KfdeskError("contacts.nothing_inside")
    if len(reading.entries) > MOST_ENTRIES:
        raise KfdeskError("contacts.too_many", most=MOST_ENTRIES)
    return reading


def _read_one(data: bytes, how: ReadAs) -> Reading:
    if not data.strip(b"\0 \t\r\n"):
        raise KfdeskError("contacts.nothing_inside")
    if data.startswith(b"PK"):
        if _SHEET in data:
            return read_sheet(data, how)
        found = tables.files_of_archive(data)
        return hsds.read_tables(tables.tables_of_files(found, how.encoding))
    head = data[:_HEAD].replace(b"\0", b"").upper()
    if b"BEGIN:VCARD" in head or b"END:VCARD" in head:
        return read_cards(data, how.encoding)
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"["):
        text, encoding, is_sure = decoded(data, how.encoding)
        found_tables = hsds.read_tables(tables.tables_of_json(text))
        return Reading(found_tables.entries, found_tables.broken, (), encoding, is_sure)
    return read_csv(data, how)
