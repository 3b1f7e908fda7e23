# SPDX-License-Identifier: GPL-3.0-or-later
"""The format of a contact file: its content decides, then the reader of that format runs.

Formats that are not read are named. Who reads workbooks says how: their libraries take long to
load. Knows nothing of what becomes of the entries.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from kfdesk.domain.directory import MAX_ENTRIES, MAX_LIST_BYTES, ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats import hsds
from kfdesk.formats.rows import decode_text
from kfdesk.formats.tables import archive_names, read_archive, read_csv
from kfdesk.formats.vcard import read_vcards

ReadWorkbook = Callable[[bytes, ParseOptions], ParsedFile]

_DETECTION_BYTES = 4096
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MAC = "__MACOSX/"  # the folder in which a Mac keeps what it knows of each file
_WORKBOOK = "xl/workbook.xml"
_OTHER_ARCHIVES = {
    "xl/workbook.bin": ".xlsb", "content.xml": ".ods", "Index/Document.iwa": ".numbers",
    "word/document.xml": ".docx",
}  # fmt: skip
"""By a file that they contain: archives of other programs that are not read."""
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4
_OLE_KINDS = {
    "WordDocument": ".doc (Word 97–2003)", "PowerPoint Document": ".ppt (PowerPoint 97–2003)",
    "__properties_version1.0": ".msg (Outlook)",
}  # fmt: skip
"""By a stream that they contain: other files of the same make as an old workbook."""
_OTHER_MARKS = (
    (b"%PDF-", "PDF"), (b"{\\rtf", "RTF"), (b"\x1f\x8b", ".gz"), (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"Rar!", ".rar"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"),
    (b"\x28\xb5\x2f\xfd", ".zst"), (b"SQLite format 3", "SQLite"),
)  # fmt: skip
_MARKUP = re.compile(rb"<(?:\?xml|!doctype|html|head|body|meta|table|style)\b", re.IGNORECASE)


def read_detected(
    files: Mapping[str, bytes], how: ParseOptions, read_workbook: ReadWorkbook
) -> ParsedFile:
    """Read a contact file, or several that belong together, such as the tables of HSDS.

    Raise KfdeskError `contacts.…`.
    """
    if sum(map(len, files.values())) > MAX_LIST_BYTES:
        raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
    if len(files) > 1:
        return hsds.read_csv_tables(files, how.encoding)
    (data,) = files.values()
    reading = _read_one(data, how, read_workbook)
    if not reading.entries and not reading.broken:
        raise KfdeskError("contacts.nothing_inside")
    if len(reading.entries) > MAX_ENTRIES:
        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    return reading


def _read_one(data: bytes, how: ParseOptions, read_workbook: ReadWorkbook) -> ParsedFile:
    if not data.strip(b"\0 \t\r\n"):
        raise KfdeskError("contacts.nothing_inside")
    if is_archive(data):
        return _read_archive(data, how, read_workbook)
    refuse_other_formats(data)
    head = data[:_DETECTION_BYTES].replace(b"\0", b"").upper()
    if b"BEGIN:VCARD" in head or b"END:VCARD" in head:
        return read_vcards(data, how.encoding)
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"["):
        text, encoding, is_sure = decode_text(data, how.encoding)
        return replace(hsds.read_json_tables(text), encoding=encoding, is_sure=is_sure)
    return read_csv(data, how)


def _read_archive(data: bytes, how: ParseOptions, read_workbook: ReadWorkbook) -> ParsedFile:
    """Read a workbook, or the tables in an archive. Raise KfdeskError `contacts.…`."""
    if is_workbook(data):
        return read_workbook(data, how)
    names = archive_names(data)
    lists = [name for name in names if name.lower().endswith(".csv") and _MAC not in name]
    return hsds.read_csv_tables(read_archive(data, lists), how.encoding)


def is_archive(data: bytes) -> bool:
    """Return whether data begins as a ZIP archive does."""
    return data.startswith(_ZIP_MARKS)


def is_workbook(data: bytes) -> bool:
    """Return whether an archive is a workbook that is read here.

    Raise KfdeskError `contacts.other_kind` for that of another program, and as `archive_names`.
    """
    names = archive_names(data)
    other = next((_OTHER_ARCHIVES[name] for name in names if name in _OTHER_ARCHIVES), "")
    if other and _WORKBOOK not in names:
        raise KfdeskError("contacts.other_kind", kind=other)
    return _WORKBOOK in names


def refuse_other_formats(data: bytes) -> None:
    """Raise KfdeskError `contacts.locked` or `contacts.other_kind` for what is no list."""
    if data.startswith(_OLE_MARK):
        if _OLE_LOCKED in data:
            raise KfdeskError("contacts.locked")
        named = (kind for name, kind in _OLE_KINDS.items() if name.encode("utf-16-le") in data)
        raise KfdeskError("contacts.other_kind", kind=next(named, ".xls (Excel 97–2003)"))
    other = next((kind for mark, kind in _OTHER_MARKS if data.startswith(mark)), "")
    head = data[:_DETECTION_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if other or _MARKUP.match(head):
        raise KfdeskError("contacts.other_kind", kind=other or "HTML, XML")
