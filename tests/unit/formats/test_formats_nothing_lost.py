# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list says is kept in a field or a note, or said to be left out; and each cost is bounded.

Costs are counted in bytes and steps that are taken, not in seconds.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kfdesk.domain.directory import MAX_TEXT_LENGTH, ParsedContact, ParsedFile, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats import vcard
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.rows import EntryBuilder

HEAD = "BEGIN:VCARD\nVERSION:3.0\n"


def one(data: bytes | str, how: ParseOptions | None = None) -> ParsedFile:
    content = data if isinstance(data, bytes) else data.encode()
    return read_contact_files({"list": content}, how or ParseOptions())


def card(*lines: str) -> ParsedFile:
    return one(HEAD + "\n".join(lines) + "\nEND:VCARD\n")


def only(reading: ParsedFile) -> ParsedContact:
    (entry,) = reading.entries
    return entry


def notes(reading: ParsedFile) -> list[str]:
    return str(only(reading).values.get("note", "")).split("\n")


# cards


def test_patronymic_and_titles_are_noted_with_the_whole_name() -> None:
    reading = card("N:Выдумова;Анна;Петровна;доктор;мл.", "FN:Анна Выдумова")
    assert (only(reading).values["given_name"], only(reading).values["family_name"]) == (
        "Анна", "Выдумова",
    )  # fmt: skip
    assert notes(reading) == ["доктор Анна Петровна Выдумова мл."]


@pytest.mark.parametrize("blank", ["\u200b", "\u00ad\u2060", "\u2800", "\u3164\u3164"])
def test_name_that_shows_nothing_is_none(blank: str) -> None:
    assert [lost.reason for lost in one(f"name,city\n{blank},Riga\nHuset,Riga").broken] == [
        "no_name"
    ]
    assert [lost.reason for lost in card(f"FN:{blank}").broken] == ["no_name"]
    assert only(one(f"name,email\n{blank},a@example.org\n")).name == "a@example.org"


def test_another_full_name_is_noted_and_the_same_one_is_not() -> None:
    assert notes(card("N:Påhittad;Karin", "FN:Kajsa på jouren")) == ["Kajsa på jouren"]
    assert notes(card("N:Påhittad;Karin", "FN:Påhittad\\, Karin", "N:Annan;Eva")) == ["Annan Eva"]


@pytest.mark.parametrize("named", [("N:Påhittad;Karin",), ("X-ABShowAs:COMPANY",)])
def test_departments_and_other_organisations_are_noted(named: tuple[str, ...]) -> None:
    reading = card(*named, "ORG:Huset;Jour;Natt", "ORG:Andra huset")
    assert notes(reading) == ["Jour, Natt", "Andra huset"]


def test_every_address_and_all_its_parts_are_kept() -> None:
    second = "ADR:;;Gatan 2;Orten;;;Sverige"
    reading = card("KIND:org", "FN:Huset", "ADR:Box 1;;Gatan 1;Orten;Länet;123;Sverige", second)
    values = only(reading).values
    assert (values["address"], values["city"]) == ("Gatan 1, Box 1, Länet, 123", "Orten")
    assert notes(reading) == ["Gatan 2, Orten, Sverige"]


@pytest.mark.parametrize("kind", ["org", "individual"])
def test_further_values_of_each_property_are_noted(kind: str) -> None:
    lines = (
        "NICKNAME:Kallad", "NICKNAME:Också", "URL:https://a.example", "URL:https://b.example",
        "EMAIL:a@example.org", "EMAIL:b@example.org", "TITLE:Chef", "ROLE:Jurist", "ROLE:Tolk",
        "CATEGORIES:shelter,Okänd", "IMPP:xmpp:a@example.org", "X-TELEGRAM:@kontakt",
        "LABEL:Gatan 3", "NOTE:Ring", "LANG:ru", "X-KFDESK-OFFERS:Råd", "TEL:" + "1" * 101,
    )  # fmt: skip
    reading = card(f"KIND:{kind}", "FN:Huset", *lines)
    entry = only(reading)
    said = repr(dict(entry.values))
    for line in lines:
        text = line.partition(":")[2]
        assert all(part in said for part in text.split(",")) or kind == "individual", line
    for text in ("Också", "b@example.org", "Tolk", "Okänd", "@kontakt", "Gatan 3", "1" * 101):
        assert text in said
    assert entry.numbers == ()


def test_what_has_no_place_is_named_and_technical_lines_are_not() -> None:
    reading = card(
        "FN:Huset", "ORG:Huset", "BDAY:1970-01-01", "PHOTO;ENCODING=b:" + "A" * 80, "UID:1",
        "REV:2026", "GEO:59;18", "X-EGEN:1", "item1.X-ABLabel:x", "X-KFDESK-HOURS:24/7",
    )  # fmt: skip
    assert reading.left_out == ("BDAY", "GEO", "PHOTO", "X-EGEN")


def test_not_more_names_than_a_person_reads_are_said_to_be_left_out() -> None:
    assert len(card("FN:Huset", *(f"X-N{n}:1" for n in range(90))).left_out) == 20
    assert card("FN:Huset", f"X-{'A' * 9000}:1", "X-Ж:1").left_out == ()


@pytest.mark.parametrize(
    ("data", "type_", "key"),
    [
        (HEAD + "EMAIL:a@example.org\nTEL:1\nEND:VCARD\n", "contact", "given_name"),
        (HEAD + "N:;;;;\nFN:\nEMAIL:a@example.org\nEND:VCARD\n", "contact", "given_name"),
        (HEAD + "KIND:org\nEMAIL:a@example.org\nEND:VCARD\n", "organisation", "name"),
        ("name,email\n,a@example.org\n", "organisation", "name"),
        ("First Name,Last Name,E-mail 1 - Value\n,,a@example.org\n", "organisation", "name"),
    ],
)
def test_who_has_an_e_mail_address_alone_is_called_by_it(data: str, type_: str, key: str) -> None:
    entry = only(one(data))
    assert (entry.type, entry.values[key], entry.values["email"]) == (
        type_, "a@example.org", "a@example.org",
    )  # fmt: skip


def test_a_telephone_alone_is_named_as_broken() -> None:
    assert [(one.line, one.reason) for one in card("TEL:1").broken] == [(1, "no_name")]


@pytest.mark.parametrize("name", ["idna", "undefined", "unicode_escape", "punycode", "rot13", "ä"])
def test_encodings_that_are_none_of_letters_are_passed_over(name: str) -> None:
    data = f"{HEAD}FN;CHARSET={name}:Huset \\d\nEND:VCARD\n".encode()
    assert only(one(data)).name == "Huset \\d"


def test_marks_in_the_middle_of_joined_cards_are_no_letters() -> None:
    whole = f"\ufeff{HEAD}FN:Huset\nEND:VCARD\n" * 3
    assert [entry.name for entry in one(whole).entries] == ["Huset"] * 3


def test_all_values_of_a_file_decide_its_code_page_together() -> None:
    names = ("Šiauliai", "Klaipėda", "Moterų krizių centras", "Panevėžys", "visą parą")
    lines = "".join(f"{HEAD}FN:{name}\nEND:VCARD\n" for name in names).encode("cp1257")
    reading = one(lines)
    assert [entry.name for entry in reading.entries] == list(names)
    assert (reading.encoding, reading.is_sure) == ("cp1257", False)


# costs


@pytest.mark.slow  # the next one counts what it costs
def test_a_hundred_thousand_telephones_and_notes_are_each_kept_once() -> None:
    numbers = [f"+46{n:08}" for n in range(100_000)]
    lines = [f"TEL:{number}" for number in numbers]
    reading = card("FN:Huset", *lines, *lines)
    assert only(reading).numbers == tuple(numbers)


class Counted(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("add", ["note", "number"])
def test_each_text_is_compared_with_few_others(add: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kfdesk.formats.rows.clean_text", lambda text: Whole(text.strip()))
    Counted.compared = 0
    draft = EntryBuilder(1, "organisation")
    for number in range(2_000):
        getattr(draft, add)(f"text {number}")
    assert Counted.compared < 20_000


class Whole(Counted):
    """A counted text that stays one when its ends are stripped."""

    __slots__ = ()

    def strip(self, _chars: str | None = None, /) -> "Whole":
        return self


def test_a_head_of_many_parameters_is_looked_through_once() -> None:
    line = next(iter(vcard.read_vcard_lines(b"TEL" + b";a=1;c" * 8_000 + b":1", "")))
    assert isinstance(line, vcard.VcardLine)
    assert (line.name, len(line.params["a"]), len(line.params["type"])) == ("TEL", 8_000, 8_000)
    assert vcard._PARTS.findall('TEL;X="a;b";y') == ["TEL", 'X="a;b"', "y"]


def test_the_head_of_a_long_value_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = [0]

    class Line(bytes):
        __slots__ = ()

        def partition(self, sep: Any, /) -> tuple[bytes, bytes, bytes]:
            looked[0] += 1
            return bytes.partition(self, sep)

        def __getitem__(self, key: Any, /) -> Any:
            return Line(bytes.__getitem__(self, key))

    def split(data: bytes) -> Iterator[bytes]:
        yield from map(Line, re.split(rb"\n", data))

    monkeypatch.setattr(vcard, "_split", split)
    list(vcard._unfold(b"NOTE;" + b"a" * 900 + b"\n" + b" =\n" * 5_000))
    assert looked[0] < 5


def test_a_text_that_is_cut_is_said() -> None:
    reading = card("FN:Huset", "NOTE:" + "x" * (MAX_TEXT_LENGTH + 1))
    assert [(one.line, one.reason) for one in reading.broken] == [(1, "cut")]
    table = one("name,note\nHuset,kort\nMaja," + "x" * (MAX_TEXT_LENGTH + 1))
    assert [(one.line, one.reason) for one in table.broken] == [(3, "cut")]


# tables


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "first",
    ["sep={0}", "SEP={0}", '"sep={0}"', "sep={0}{0}{0}", "\ufeffsep={0}", "\ufeff\ufeffsep={0}"],
)
@pytest.mark.parametrize("sign", [";", ",", "\t", "|", "^", ":"])
def test_the_line_that_says_the_separator_is_no_title(end: str, first: str, sign: str) -> None:
    rows = (first.format(sign), f"name{sign}city", f"Huset{sign}Orten")
    for encoding in ("utf-8", "utf-16-le"):
        entry = only(one(end.join(rows).encode(encoding)))
        assert (entry.line, entry.values) == (3, {"name": "Huset", "city": "Orten"})


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", ";;\n", '"";\n\n', "  ;\t\n", "\ufeff\n"])
def test_blank_lines_before_the_titles_are_passed_over(blank: str) -> None:
    entry = only(one(f"{blank}name;city\nHuset, nya;Orten\n"))
    assert (entry.name, entry.values["city"]) == ("Huset, nya", "Orten")
    assert entry.line == len(blank.splitlines()) + 2


@pytest.mark.parametrize(
    "encoding",
    ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_a_mark_of_the_encoding_is_no_letter(encoding: str) -> None:
    for text in ("name,city\nДом,Псков\n", "\ufeffname,city\nДом,Псков\n"):
        reading = one(text.encode(encoding))
        assert (only(reading).values, reading.is_sure) == ({"name": "Дом", "city": "Псков"}, True)
        named = one(text.encode(encoding), ParseOptions(encoding))
        assert only(named).values == {"name": "Дом", "city": "Псков"}


@pytest.mark.parametrize("name", ["idna", "undefined", "rot13", "a\0b", "zlib", "os", "x" * 999])
def test_an_encoding_that_cannot_be_meant_is_refused(name: str) -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.not_these_letters"):
        one(b"name\nHus\xe5\n", ParseOptions(name))


def test_all_countries_and_code_words_of_a_row_are_kept() -> None:
    reading = one("name,country,work country,languages,languages 2,services\nA,SE,FI,sv,ru,Annat\n")
    entry = only(reading)
    assert (entry.values["country"], entry.values["languages"]) == ("SE", ("sv", "ru"))
    assert notes(reading) == ["FI", "Annat"]


def test_columns_cannot_be_taken_for_what_no_list_may_set() -> None:
    for key in ("confidentiality", "verification", "front_door", "checked", "__class__"):
        with pytest.raises(KfdeskError, match=r"contacts\.unknown_column"):
            one("name,x\nHuset,y\n", ParseOptions(columns=("name", key)))
