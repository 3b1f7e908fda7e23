# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks and archives that are damaged, locked, packed strangely or of another kind."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from kfdesk.domain.directory import ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.workbooks import opened_sheets

ROWS = (("name", "city"), ("Huset", "Orten"))
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def one(data: bytes) -> ParsedFile:
    return read_contact_files({"list": data}, ParseOptions())


def answer(data: bytes) -> str:
    """Return the code of the refusal, or an empty text if the file was read."""
    try:
        one(data)
    except KfdeskError as fault:
        return fault.code
    return ""


def workbook(*sheets: tuple[tuple[str, ...], ...], far: tuple[int, int] | None = None) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    for rows in sheets or (ROWS,):
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if far:
            page.write(*far, "Långt borta")
    book.close()
    return data.getvalue()


def tables(method: int = zipfile.ZIP_DEFLATED, **files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, text in (files or {"organizations": "id,name\n1,Huset\n"}).items():
            archive.writestr(f"{name}.csv", text)
    return data.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes], method: int = 8) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made.getvalue()


def marked(data: bytes, flags: int = 0, method: int | None = None) -> bytes:
    """Return an archive whose entries all state these flags, or this method of compression."""
    changed = bytearray(data)
    for mark, place in ((LOCAL, 6), (CENTRAL, 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= flags
            if method is not None:
                changed[at + place + 2 : at + place + 4] = method.to_bytes(2, "little")
            at = changed.find(mark, at + 4)
    return bytes(changed)


BOTH = pytest.mark.parametrize("data", [workbook(), tables()], ids=["workbook", "tables"])


@BOTH
def test_a_locked_archive_says_that_it_is_locked(data: bytes) -> None:
    assert answer(marked(data, flags=1)) == "contacts.locked"
    assert answer(marked(data, flags=1, method=99)) == "contacts.locked"  # AES of WinZip


@BOTH
@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 98])
def test_foreign_compression_is_named(data: bytes, method: int) -> None:
    assert answer(marked(data, method=method)) == "contacts.foreign_compression"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_may_ask_for_much_memory_is_not_tried(method: int) -> None:
    assert answer(tables(method)) == "contacts.foreign_compression"
    assert answer(repacked(workbook(), lambda _, part: part, method)) == (
        "contacts.foreign_compression"
    )


@BOTH
def test_no_damage_is_more_than_a_sentence(data: bytes) -> None:
    chance = random.Random(20261128)
    for _ in range(300):
        hurt = bytearray(data)
        for _ in range(chance.choice((1, 3, 10))):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        assert answer(bytes(hurt)).partition(".")[0] in ("", "contacts")
    for size in range(4, len(data), 97):
        assert answer(data[:size]) == "contacts.torn"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<", b"\xff" * 90, b"<a/>", b"<a><b></a>", b"[1]"])
def test_a_workbook_with_a_broken_part_is_read_or_damaged(part: str, content: bytes) -> None:
    data = repacked(workbook(), lambda name, old: content if name == part else old)
    assert answer(data) in ("", "contacts.torn", "contacts.nothing_inside")


def test_more_files_than_a_list_can_have_are_not_listed() -> None:
    assert answer(LOCAL + CENTRAL * 10_001) == "contacts.bomb"


@pytest.mark.parametrize("place", [(1_048_575, 0), (1_048_575, 16_383), (1, 16_383)])
def test_one_far_cell_costs_nothing_and_loses_nothing(place: tuple[int, int]) -> None:
    reading = one(workbook(far=place))
    house, *others = reading.entries
    assert (house.name, house.values["city"]) == ("Huset", "Orten")
    found = [str(house.values.get("note")), *(entry.name for entry in others)]
    rows = [(one.line, one.reason) for one in reading.broken]
    assert "Långt borta" in found or rows == [(1_048_576, "no_name")]


def test_a_row_number_beyond_all_sheets_is_no_work() -> None:
    far = repacked(workbook(), lambda _, part: part.replace(b'"A2"', b'"A999999999"').replace(
        b'<row r="2"', b'<row r="999999999"'))  # fmt: skip
    assert [entry.line for entry in one(far).entries] == [999_999_999]


def test_the_stated_size_of_a_sheet_is_not_believed() -> None:
    lying = repacked(workbook(), lambda _, part: part.replace(b'ref="A1:B2"', b'ref="A1"'))
    (entry,) = one(lying).entries
    assert entry.values["city"] == "Orten"


def test_cells_beyond_the_titles_are_noted() -> None:
    rows = (("name",), ("Huset", "Ring på"), ("Maja",))
    house, maja = one(workbook(rows)).entries
    assert (house.values["note"], maja.values) == ("Ring på", {"name": "Maja"})
    (entry,) = one(b"name,city\nHuset,Orten,Bakgatan,3 tr\n").entries
    assert entry.values["note"] == "Bakgatan\n3 tr"


def test_other_sheets_with_rows_are_named() -> None:
    reading = one(workbook((), ROWS, (), (("Kvar",),)))
    assert [entry.name for entry in reading.entries] == ["Huset"]
    assert reading.left_out == ("Sheet4",)


def test_a_workbook_that_makes_its_reader_warn_is_read() -> None:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    bare = b'<styleSheet xmlns="%b"/>' % space
    data = repacked(workbook(), lambda name, part: bare if name == "xl/styles.xml" else part)
    assert [entry.name for entry in one(data).entries] == ["Huset"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OLE + "Workbook".encode("utf-16-le"), ".xls (Excel 97–2003)"),
        (OLE + "WordDocument".encode("utf-16-le"), ".doc (Word 97–2003)"),
        (OLE + "__properties_version1.0".encode("utf-16-le"), ".msg (Outlook)"),
        (b"%PDF-1.7\n", "PDF"),
        (rb"{\rtf1\ansi Huset}", "RTF"),
        (b"\x1f\x8b\x08\x00", ".gz"),
        (b"<html><table><tr><td>name</td></tr></table>", "HTML, XML"),
        (b'\xef\xbb\xbf\r\n<?xml version="1.0"?><Workbook/>', "HTML, XML"),
        ('<?xml version="1.0"?><Workbook/>'.encode("utf-16"), "HTML, XML"),
    ],
)
def test_files_of_other_kinds_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.other_kind") as caught:
        one(data)
    assert caught.value.data == {"kind": kind}


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/workbook.bin", ".xlsb"), ("content.xml", ".ods"), ("word/document.xml", ".docx"),
        ("Index/Document.iwa", ".numbers"),
    ],
)  # fmt: skip
def test_archives_of_other_programs_are_named(part: str, kind: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(part, b"x")
    with pytest.raises(KfdeskError, match=r"contacts\.other_kind") as caught:
        one(data.getvalue())
    assert caught.value.data == {"kind": kind}


def test_a_strict_workbook_is_named() -> None:
    data = repacked(workbook(), lambda _, part: part.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"))  # fmt: skip
    with pytest.raises(KfdeskError, match=r"contacts\.other_kind") as caught:
        one(data)
    assert caught.value.data == {"kind": "Strict Open XML"}


def test_a_locked_workbook_is_no_old_one() -> None:
    assert answer(OLE + "EncryptedPackage".encode("utf-16-le")) == "contacts.locked"


def test_tables_may_mention_the_folder_of_a_workbook() -> None:
    data = tables(zipfile.ZIP_STORED, organizations="id,name,website\n1,Huset,https://x/xl/\n")
    assert [entry.name for entry in one(data).entries] == ["Huset"]


def test_a_list_may_begin_with_the_letters_of_an_archive() -> None:
    assert [entry.name for entry in one(b"PK,name\n1,Huset\n").entries] == ["Huset"]


def test_a_bug_of_the_caller_is_not_told_as_a_torn_workbook() -> None:
    def fails() -> None:
        with opened_sheets(workbook()) as sheets:
            assert list(sheets[0].rows())
            raise AttributeError("ours")

    with pytest.raises(AttributeError, match="ours"):
        fails()


def test_a_workbook_that_breaks_in_the_midst_of_its_rows_is_torn() -> None:
    whole = workbook(tuple((str(number), "x") for number in range(3)))
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as read, zipfile.ZipFile(broken, "w") as write:
        for name in read.namelist():
            part = read.read(name)
            is_sheet = name.startswith("xl/worksheets/sheet")
            write.writestr(name, part.replace(b'<row r="3"', b"<row <") if is_sheet else part)
    with opened_sheets(broken.getvalue()) as sheets:
        rows = sheets[0].rows()
        assert next(rows)[0] == 1
        with pytest.raises(KfdeskError, match=r"contacts\.torn"):
            list(rows)
