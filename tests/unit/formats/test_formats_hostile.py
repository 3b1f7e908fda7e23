# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that would fill the memory, run formulas or break off are refused or bounded."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from kfdesk.domain.directory import (
    MAX_LIST_BYTES,
    MAX_TEXT_LENGTH,
    MAX_UNPACKED_BYTES,
    ParsedFile,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.tables import MOST_COLUMNS

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Huset\r\n%b\r\nEND:VCARD\r\n"


def one(data: bytes, how: ParseOptions | None = None) -> ParsedFile:
    return read_contact_files({"list": data}, how or ParseOptions())


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), part)
    return data.getvalue()


def sheet(rows: list[list[object]]) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return data.getvalue()


def refused(make: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as caught:
        make()
    return caught.value.code


def test_a_picture_of_ten_megabytes_in_one_line_is_passed_over() -> None:
    photo = b"PHOTO;ENCODING=b:" + b"A" * 10_000_000
    tracemalloc.start()
    (entry,) = one(CARD % photo).entries
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert entry.name == "Huset"
    assert peak < 80_000_000


@pytest.mark.parametrize("line", [b"NOTE:" + b"x" * 3_000_000, b"NOTE:" + b"\xc3\xa5" * 300_000])
def test_a_long_note_is_cut(line: bytes) -> None:
    (entry,) = one(CARD % line).entries
    assert len(str(entry.values["note"])) == MAX_TEXT_LENGTH


@pytest.mark.slow
def test_a_card_of_a_million_lines_ends() -> None:
    (entry,) = one(CARD % b"\r\n".join([b"X-A:1"] * 300_000)).entries
    assert entry.name == "Huset"


def test_what_unpacks_to_more_than_fits_is_not_unpacked() -> None:
    bomb = archive(xl__workbook_xml=b"<x/>", xl__a_xml=b"\0" * (MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < MAX_LIST_BYTES
    assert refused(lambda: one(bomb)) == "contacts.bomb"
    tables = archive(organizations=b"\0" * (MAX_UNPACKED_BYTES + 1))
    assert refused(lambda: one(tables)) == "contacts.bomb"


def test_xml_that_doubles_itself_is_not_expanded() -> None:
    laughs = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    good = sheet([["name"], ["Huset"]])
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, laughs if name == "xl/workbook.xml" else old.read(name))
    assert refused(lambda: one(data.getvalue())) == "contacts.torn"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_half_a_workbook_is_damaged(share: float) -> None:
    data = sheet([["name"], ["Huset"]])
    assert refused(lambda: one(data[: int(len(data) * share)])) == "contacts.torn"


def test_half_a_json_is_damaged_and_so_is_one_without_end() -> None:
    assert refused(lambda: one(b'[{"id": "1", "name": "Hus')) == "contacts.torn"
    assert refused(lambda: one(b"[" * 200_000)) == "contacts.torn"


def test_a_file_of_more_than_fits_is_refused() -> None:
    assert refused(lambda: one(b"name\n" + b"a" * MAX_LIST_BYTES)) == "contacts.too_large"


def test_more_entries_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"name\n" + b"a\n" * 100_001
    assert refused(lambda: one(rows)) == "contacts.too_many"
    monkeypatch.setattr("kfdesk.formats.vcard.MAX_ENTRIES", 3)
    assert refused(lambda: one(b"BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n" * 2)) == (
        "contacts.too_many"
    )


def test_more_columns_than_fit_are_refused() -> None:
    wide = ",".join(["name"] * (MOST_COLUMNS + 1)).encode()
    assert refused(lambda: one(wide + b"\na\n")) == "contacts.too_wide"


def test_a_quote_that_is_never_closed_is_no_table() -> None:
    assert refused(lambda: one(b'name\n"' + b"a" * 1_100_000)) == "contacts.not_a_table"


@pytest.mark.parametrize("data", [b"", b"\0\0\0\0", b"name,city\n", b" \r\n", b"{}", b"[]"])
def test_a_file_without_contacts_says_so(data: bytes) -> None:
    assert refused(lambda: one(data)) == "contacts.nothing_inside"


def test_cells_of_a_workbook_are_texts_whatever_they_were() -> None:
    data = sheet([
        ["Namn", "Telefon", "Anteckningar"],
        ["Huset", 84650040, True],
        [],
        ["=1+1", "'+46 8 465 004 01", 1.5],
    ])  # fmt: skip
    first, second = one(data).entries
    assert (first.line, first.numbers, first.values["note"]) == (2, ("84650040",), "true")
    assert (second.line, second.numbers, second.values["note"]) == (
        4, ("+46 8 465 004 01",), "1.5",
    )  # fmt: skip
    assert second.name in ("0", "=1+1")  # what the formula showed


def test_no_byte_of_a_card_can_break_its_neighbour() -> None:
    whole = CARD % b"TEL:+46 8 465 004 01"
    for number in range(256):
        torn = CARD % (b"NOTE;ENCODING=QUOTED-PRINTABLE:=" + bytes([number]) * 3 + b"=")
        names = [entry.name for entry in one(torn + whole + whole).entries]
        assert names.count("Huset") >= 2, number


def noise(size: int) -> bytes:
    """Return bytes that are no text, the same in every run."""
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", [120, 4_000])
@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"name,city\n",
        b"BEGIN\n",
        b"MZ",
        b"GIF89a",
        b"\x7fELF",
        b"\0\0\0\x18ftyp",
    ],
)
def test_bytes_that_are_no_text_are_not_offered_as_a_table(size: int, head: bytes) -> None:
    data = head + noise(size)
    assert refused(lambda: one(data)) == "contacts.not_text"
    assert refused(lambda: one(data, ParseOptions("koi8-r"))) == "contacts.not_text"
    assert refused(lambda: one(archive(**{"services.csv": data}))) == "contacts.not_text"


@pytest.mark.parametrize(
    "mark", [b"{", b"[", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"%PDF-"]
)
def test_bytes_that_begin_like_a_list_are_refused_with_a_sentence(mark: bytes) -> None:
    known = {"contacts.torn", "contacts.not_these_letters", "contacts.other_kind"}
    assert refused(lambda: one(mark + noise(3_000))) in known


def test_bytes_among_the_tables_of_a_folder_are_refused() -> None:
    files = {"organizations.csv": b"id,name\n1,Huset\n", "services.csv": noise(2_000)}
    with pytest.raises(KfdeskError, match="not_text"):
        read_contact_files(files, ParseOptions())


@pytest.mark.parametrize(
    "data",
    [
        b"name,city\r\nHuset,Lund\r\n\x1a",  # as DOS ends a file
        b"name,phone\nHuset,1\x0b2\x1d3\n",  # as FileMaker writes several values
        b"name,city\nHuset,Lund\n\0\0",
        "name,city\nДом,Псков\n".encode("cp866"),
        "name,city\n\uf0e8Huset,Lund\n".encode(),  # an icon of a web page
        b"name,note\nHuset," + b"x" * 60 + b"\x02\n",
    ],
)
def test_texts_with_few_strange_characters_are_still_read(data: bytes) -> None:
    assert len(one(data).entries) == 1


def test_rows_are_counted_before_entries_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pytest.fail
    monkeypatch.setattr("kfdesk.formats.tables._row_draft", lambda *_: made("an entry was made"))
    monkeypatch.setattr("kfdesk.formats.tables.MAX_ENTRIES", 3)
    assert refused(lambda: one(b"name\n" + b"a\n" * 4)) == "contacts.too_many"


def test_as_many_rows_as_fit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kfdesk.formats.tables.MAX_ENTRIES", 3)
    assert len(one(b"name\n" + b"a\n" * 3).entries) == 3


def test_cards_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made = pytest.fail
    monkeypatch.setattr("kfdesk.formats.vcard.MAX_ENTRIES", 3)
    card = b"BEGIN:VCARD\nFN:a\nEND:VCARD\n"
    assert len(one(card * 3).entries) == 3
    monkeypatch.setattr("kfdesk.formats.vcard._split_cards", lambda *_: made("a card was read"))
    assert refused(lambda: one(card * 4)) == "contacts.too_many"


@pytest.mark.parametrize("blank", [b",\n", b"\n", b"a,\n"])
def test_blank_rows_of_a_table_have_an_end_as_well(
    monkeypatch: pytest.MonkeyPatch, blank: bytes
) -> None:
    monkeypatch.setattr("kfdesk.formats.tables.MOST_ROWS", 50)
    assert one(b"name,city\n" + blank * 30 + b"a,b\n").entries
    assert refused(lambda: one(b"name,city\n" + blank * 60 + b"a,b\n")) == "contacts.too_many"


def test_rows_of_a_workbook_are_counted_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row: list[object] = ["Huset"]
    data = sheet([["name"], *[row] * 40])
    monkeypatch.setattr("kfdesk.formats.workbooks._BLOCK", 64)  # so that rows lie across blocks
    monkeypatch.setattr("kfdesk.formats.workbooks.MOST_ROWS", 41)
    assert len(one(data).entries) == 40
    monkeypatch.setattr("kfdesk.formats.workbooks.MOST_ROWS", 40)
    opened = lambda *_, **__: pytest.fail("it was opened")  # noqa: E731
    monkeypatch.setattr("kfdesk.formats.workbooks.load_workbook", opened)
    assert refused(lambda: one(data)) == "contacts.too_many"
