# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as federations and authorities keep them: rows in the file are entries, or are named."""

from collections.abc import Sequence
from io import BytesIO

import openpyxl
import pytest

from kfdesk.domain.directory import ParsedContact, ParsedFile, ParseOptions
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.rows import split_numbers
from kfdesk.formats.titles import find_titles, guess_columns, is_sheet_of_contacts

Table = Sequence[object]


def workbook(**sheets: Table) -> bytes:
    """Return a workbook with these sheets, by their names."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(data: bytes, columns: tuple[str, ...] = ()) -> ParsedFile:
    return read_contact_files({"list": data}, ParseOptions(columns=columns))


def faults(found: ParsedFile) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in found.broken]


COUNTY = [
    ["Jourer i Exempelbygden"], [], ["Jour", "Kommun", "Telefon dagtid", "Kontaktperson"],
    ["Jouren Ett", "Umeå", "090-12 34 56", "Anna P"],
    ["Jouren Två", "Lycksele", "0950-12 34 5 / 070-123 45 67", "–"], [], ["Antal:", 2],
]  # fmt: skip


def test_each_sheet_with_contacts_is_read_and_all_else_is_named() -> None:
    read_me = [["Medlemslista 2026"], ["Delas inte utanför förbundet"]]
    found = read(workbook(Läsmig=read_me, Väst=COUNTY, Öst=COUNTY))
    assert [one.name for one in found.entries] == ["Jouren Ett", "Jouren Två"] * 2
    assert faults(found) == [(7, "sum_row")] * 2
    assert found.left_out == ("Läsmig", "Jourer i Exempelbygden", "Jourer i Exempelbygden")
    first, second = list(found.entries)[:2]
    assert (first.values["city"], first.numbers) == ("Umeå", ("090-12 34 56",))
    assert first.values.get("note") is None, "nobody has said what becomes of that column"
    assert second.numbers == ("0950-12 34 5", "070-123 45 67")


def test_chosen_columns_hold_for_sheets_with_the_same_titles_alone() -> None:
    other = [["Ort", "Jour"], ["Visby", "Jouren Tre"]]
    found = read(workbook(a=COUNTY, b=other), ("name", "city", "phone", "note"))
    notes = [one.values.get("note") for one in found.entries]
    assert notes == ["Kontaktperson: Anna P", None, None]
    assert [one.values["city"] for one in found.entries] == ["Umeå", "Lycksele", "Visby"]


def test_workbook_without_known_titles_is_read_from_its_first_sheet() -> None:
    found = read(workbook(a=[["Aaa", "Bbb"], ["x", "y"]], b=[["Ccc"], ["z"]]))
    assert faults(found) == [(2, "no_name")]
    assert found.left_out == ("b",)


def test_two_rows_of_titles_are_read_as_one() -> None:
    rows = [
        ["Verksamhet", "", "Telefon", "", "Adress", ""],
        ["Namn", "Typ", "Dag", "Natt", "Gata", "Ort"],
        ["Boendet", "boende", 8123400, 707770000, "hemlig", "Stockholm"],
    ]
    found = read(workbook(a=rows))
    assert [one.key for one in found.columns] == [
        "name", "offers", "phone", "phone", "address", "city",
    ]  # fmt: skip
    (entry,) = found.entries
    assert (entry.name, entry.numbers) == ("Boendet", ("8123400", "707770000"))
    assert faults(found) == [(3, "lost_zero")]


@pytest.mark.parametrize(
    ("number", "is_marked"),
    [
        (8123400, True), ("08-123 400", False), ("+468123400", False), (112, False),
        (116006, False), ("114 14", False), ("8 123 400", False), (46812340011, False),
    ],
)  # fmt: skip
def test_only_a_number_that_may_have_lost_its_zero_is_marked(
    number: object, is_marked: bool
) -> None:
    found = read(workbook(a=[["Namn", "Telefon"], ["Huset", number]]))
    assert [one.reason for one in found.broken] == ["lost_zero"] * is_marked
    assert len(found.entries) == 1


def test_people_stand_below_their_organisation() -> None:
    rows = [
        ["Organisation", "Namn", "Roll", "Mobil"], ["Nätverket", "Anna", "jurist", "070-1234567"],
        [None, "Bo", "tolk", "070-1234568"], [], [None, "Cia", "tolk", "070-1234569"],
        ["Huset", "Dan", "tolk", None],
    ]  # fmt: skip
    found = read(workbook(a=rows))
    assert [
        (one.type, one.values["given_name"], one.values.get("organisation"))
        for one in found.entries
    ] == [
        ("contact", "Anna", "Nätverket"), ("contact", "Bo", "Nätverket"), ("contact", "Cia", None),
        ("contact", "Dan", "Huset"),
    ]  # fmt: skip


def test_list_without_names_asks_which_column_names_them() -> None:
    text = "E-post,Ort,Tel\nx1@example.test,Malmö,040-12 34 56\n-,Lund,046-12 34 56\n".encode()
    found = read(text)
    assert not found.entries
    assert faults(found) == [(2, "no_name"), (3, "no_name")]
    assert [one.key for one in found.columns] == ["email", "city", "phone"]
    (entry,) = read(text, ("name", "city", "phone")).entries
    assert entry.name == "x1@example.test", "a person has said so"
    named = read(b"Namn,E-post\n,x1@example.test\n")
    assert isinstance(named.entries[0], ParsedContact)
    assert named.entries[0].name == "x1@example.test", "an address book has people without a name"


@pytest.mark.parametrize("dash", ["-", "–", "—", " – ", "n/a"])
def test_dash_says_nothing(dash: str) -> None:
    found = read(f"Namn,Ort,Telefon\n{dash},Lund,046-1\nHuset,{dash},{dash}\n".encode())
    assert faults(found) == [(2, "no_name")]
    (entry,) = found.entries
    assert (entry.values, entry.numbers) == ({"name": "Huset"}, ())


@pytest.mark.parametrize(
    ("cells", "is_sum"),
    [
        (["Antal:", "12"], True), (["", "Summa", "", "1 200"], True), (["Total", "12"], True),
        (["Antal", ""], False), (["Antal:", "Umeå"], False), (["Antal:", "12", "x"], False),
        (["Jouren Totalt", "12"], False),
    ],
)  # fmt: skip
def test_row_that_only_counts_is_no_contact(cells: list[str], is_sum: bool) -> None:
    found = read(workbook(a=[["Namn", "Ort", "Telefon", "Land"], cells, ["Huset", "Ystad"]]))
    assert ("sum_row" in {one.reason for one in found.broken}) is is_sum


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("020-50 50 00 070-123 45 00", [("020-50 50 00", ""), ("070-123 45 00", "")]),
        ("08-12 34 56 / 070-123 45 67", [("08-12 34 56", ""), ("070-123 45 67", "")]),
        ("+371 61234567; +371 21234567", [("+371 61234567", ""), ("+371 21234567", "")]),
        ("8 (8112) 12-34-56, 8 921 123-45-67",
         [("8 (8112) 12-34-56", ""), ("8 921 123-45-67", "")]),
        ("+372 5123456 (E–R 9–17), 1492 (ööpäev läbi)",
         [("+372 5123456", "E–R 9–17"), ("1492", "ööpäev läbi")]),
        ("08-123 45 67, ankn 12", [("08-123 45 67", "ankn 12")]),
        ("08-123 45 67 eller 112", [("08-123 45 67", ""), ("112", "")]),
        ("0046 70-123 45 67", [("0046 70-123 45 67", "")]),
        ("+46 (0)8 123 45 67", [("+46 (0)8 123 45 67", "")]),
        ("(08) 123 45 67", [("(08) 123 45 67", "")]), ("fråga Anna", [("fråga Anna", "")]),
        ("", []), (" / ", []),
    ],
)  # fmt: skip
def test_numbers_of_one_cell_are_told_apart(cell: str, numbers: list[tuple[str, str]]) -> None:
    assert list(split_numbers(cell)) == numbers


@pytest.mark.parametrize(
    "titles",
    [
        "Jour;Kommun;Jourtelefon;Mejl;Språk", "Asutus;Linn;Telefon;Meil;Keeled",
        "Iestāde;Novads;Tālrunis;E-pasts;Valodas",
        "Įstaiga;Savivaldybė;Telefonas;El. paštas;Kalbos",
        "Placówka;Miejscowość;Telefon;E-mail;Języki", "Järjestö;Kunta;Puh.;S-posti;Kielet",
        "Einrichtung;Wohnort;Telefon;E-Mail;Language", "Учреждение;Город;Тел.;Эл. почта;Языки",
    ],
)  # fmt: skip
def test_titles_of_the_countries_around_the_baltic_are_known(titles: str) -> None:
    keys = ("name", "city", "phone", "email", "languages")
    assert guess_columns(titles.split(";")) == keys


def test_titles_are_looked_for_at_the_top_alone() -> None:
    rows = [(number, ("x", "y")) for number in range(1, 40)]
    titled = (40, ("Namn", "Telefon"))
    head, below = find_titles([*rows, titled])
    assert (head.titles, len(list(below))) == (("x", "y"), 39)
    assert not is_sheet_of_contacts([*rows, titled])
    head, below = find_titles([rows[0], titled, *rows])
    assert (head.titles, head.above, len(list(below))) == (("Namn", "Telefon"), ("x", "y"), 39)
