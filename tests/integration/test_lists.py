# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of contacts are looked at, taken over in one go and taken back; nothing comes twice."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.integration.list_samples import CARDS, TABLE

from kfdesk.domain.audit import Action
from kfdesk.domain.directory import MAX_LIST_BYTES, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.values import Value
from kfdesk.i18n.parsing import to_e164
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory import files
from kfdesk.services.directory.entries import DirectoryEntry, list_directory
from kfdesk.services.directory.files import (
    PHONES_KEY,
    ContactImportPreview,
    ContactImportResult,
    ImportChoices,
    ImportStatus,
    MatchReason,
    import_contacts,
    preview_contact_import,
    read_contact_files,
)


def look(desk: Session, data: bytes, how: ParseOptions | None = None) -> ContactImportPreview:
    return preview_contact_import(desk, {"list": data}, how or ParseOptions())


def take(desk: Session, data: bytes, **choices: object) -> ContactImportResult:
    return import_contacts(desk, look(desk, data), ImportChoices(**choices))  # type: ignore[arg-type]


def by_name(desk: Session) -> Mapping[str, DirectoryEntry]:
    return {entry.name: entry for entry in list_directory(desk) if not entry.is_ours}


def numbers(entry: DirectoryEntry) -> set[str]:
    return {seen.record.number for seen in entry.phones}


def table(*rows: str) -> bytes:
    return "\n".join(("name,country,city,email,phone,note", *rows)).encode()


# looking


def test_looking_says_what_is_new_and_which_cards_cannot_be_read(desk: Session) -> None:
    before = desk.store.digest()
    preview = look(desk, CARDS)
    assert [(line.fate, line.listed.name) for line in preview.lines] == [
        (ImportStatus.NEW, "Дом у озера"),
        (ImportStatus.NEW, "Karin Påhittad"),
    ]
    assert [(one.line, one.reason) for one in preview.broken] == [(20, "no_name"), (24, "no_end")]
    assert desk.store.digest() == before


def test_columns_are_guessed_shown_and_corrected(desk: Session) -> None:
    preview = look(desk, TABLE)
    assert [column.key for column in preview.reading.columns] == [
        "name", "city", "country", "phone", "email", "languages", "note",
    ]  # fmt: skip
    assert preview.reading.columns[0].sample == "Kvinnohuset Åsen"
    corrected = look(desk, TABLE, ParseOptions(columns=("other_name", "name")))
    assert [line.listed.name for line in corrected.lines] == ["Umeå", "Tartu"]
    assert corrected.lines[1].listed.values["other_name"] == 'Naiste maja "Kodu"'


def test_letters_of_an_old_code_page_are_guessed_and_said_to_be(desk: Session) -> None:
    preview = look(desk, TABLE)
    assert (preview.reading.encoding, preview.reading.is_sure) == ("cp1252", False)
    russian = "name,city\nДом у реки,Псков\n".encode("cp1251")
    guessed = look(desk, russian)
    assert (guessed.reading.encoding, guessed.lines[0].listed.name) == ("cp1251", "Дом у реки")
    chosen = look(desk, russian, ParseOptions(encoding="cp1251"))
    assert chosen.reading.is_sure
    with pytest.raises(KfdeskError, match=r"contacts\.not_these_letters"):
        look(desk, russian, ParseOptions(encoding="utf-8"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_wide_letters_are_recognised(desk: Session, encoding: str) -> None:
    for data in (CARDS.decode().encode(encoding), "name\nДом\n".encode(encoding)):
        preview = look(desk, data)
        assert preview.reading.is_sure
        assert preview.lines[0].listed.name.startswith("Дом")


# taking


def test_what_is_taken_is_secret_unchecked_and_belongs_together(desk: Session) -> None:
    taken = take(desk, CARDS)
    assert taken.new == 2
    house, karin, lilla = (
        by_name(desk)[name] for name in ("Дом у озера", "Karin Påhittad", "Lilla huset")
    )
    record = house.view.record
    assert (record.country, record.city, record.address, record.languages) == (
        "RU", "Pskov", "Набережная 3, 180000", ("ru",),
    )  # fmt: skip
    assert (record.confidentiality, record.verification, record.checked) == (
        "secret", "unverified", None,
    )  # fmt: skip
    assert record.note == "Fax +7 811 255 01 02\nПросят звонить после девяти"
    assert numbers(house) == {"+7-811-255-01-01"}
    assert karin.works_for == "Lilla huset"
    assert (karin.view.record.phone, karin.view.record.role) == ("08-465 004 01", "Samordnare")
    assert numbers(karin) == {"08-465 004 02"}
    assert lilla.view.record.confidentiality == "secret"


def test_whoever_takes_it_says_who_may_see_it(desk: Session) -> None:
    take(desk, TABLE, seen_by="public")
    record = by_name(desk)["Kvinnohuset Åsen"].view.record
    assert (record.confidentiality, record.languages) == ("public", ("sv", "ru"))
    assert record.note == "=1+1"  # a text, and nothing that anybody counts


def test_lines_that_are_left_out_are_not_taken(desk: Session) -> None:
    assert take(desk, TABLE, left=frozenset({0})).new == 1
    assert set(by_name(desk)) == {'Naiste maja "Kodu"'}


@pytest.mark.parametrize("data", [CARDS, TABLE], ids=["cards", "table"])
def test_the_same_file_twice_adds_nothing(desk: Session, data: bytes) -> None:
    take(desk, data)
    before = desk.store.digest()
    again = look(desk, data)
    assert {line.fate for line in again.lines} == {ImportStatus.SAME}
    assert import_contacts(desk, again, ImportChoices()).done == ()
    assert desk.store.digest() == before


def test_an_entry_that_stands_twice_in_its_file_is_taken_once(desk: Session) -> None:
    row = "Huset,SE,Umeå,,+46 8 465 004 20,"
    assert take(desk, table(row, row, "Huset,SE,Luleå,,+46 8 465 004 21,")).new == 2


def test_it_can_all_be_taken_back(desk: Session) -> None:
    taken = take(desk, CARDS)
    assert len(by_name(desk)) == 3
    undo_all(desk, taken.done)
    assert by_name(desk) == {}
    assert take(desk, CARDS).new == 2  # and taken again


def test_the_trail_says_that_a_list_was_taken_and_how_much_of_it(desk: Session) -> None:
    take(desk, TABLE)
    line = read_history(desk, None, 1).lines[0]
    assert (line.action, line.keys) == (Action.TAKE_LIST, ("2", "0"))


# twins


@pytest.mark.parametrize(
    ("row", "likeness"),
    [
        ("Huset i Umea,SE,Umeå,,,Ny", MatchReason.NAME),
        ("Annat namn,SE,,,08-465 004 30,", MatchReason.PHONE),
        ("Annat namn,,,HUSET@example.org,,", MatchReason.EMAIL),
    ],
)
def test_twins_are_known_by_name_and_place_number_or_mail(
    desk: Session, row: str, likeness: MatchReason
) -> None:
    take(desk, table("Huset i Umeå,SE,Umeå,huset@example.org,+46 8 465 004 30,"))
    (line,) = look(desk, table(row)).lines
    assert line.fate is ImportStatus.TWIN
    assert line.twin is not None
    assert line.twin.likeness is likeness


def test_the_same_name_elsewhere_is_somebody_else(desk: Session) -> None:
    take(desk, table("Kvinnojouren,SE,Umeå,,,"))
    (line,) = look(desk, table("Kvinnojouren,SE,Luleå,,,")).lines
    assert line.fate is ImportStatus.NEW


def test_a_twin_is_left_alone_until_somebody_chooses(desk: Session) -> None:
    take(desk, table("Huset,SE,Umeå,gammal@example.org,+46 8 465 004 30,"))
    data = table("Huset,SE,Umeå,ny@example.org,08-465 004 30 ::: 08-465 004 31,Ring först")
    (line,) = look(desk, data).lines
    assert line.twin is not None
    assert {(one.key, one.ours, one.theirs) for one in line.twin.differences} == {
        ("email", "gammal@example.org", "ny@example.org"),
        ("note", None, "Ring först"),
        (PHONES_KEY, ("+46 8 465 004 30",), ("08-465 004 31",)),
    }
    assert take(desk, data).done == ()
    taken = take(desk, data, merged={0: frozenset({"email", PHONES_KEY})})
    assert (taken.new, taken.changed) == (0, 1)
    house = by_name(desk)["Huset"]
    assert (house.view.record.email, house.view.record.note) == ("ny@example.org", None)
    assert numbers(house) == {"+46 8 465 004 30", "08-465 004 31"}
    undo_all(desk, taken.done)
    assert by_name(desk)["Huset"].view.record.email == "gammal@example.org"


def test_codes_and_notes_of_a_twin_are_added_to_ours(desk: Session) -> None:
    values: dict[str, Value] = {
        "name": "Huset",
        "country": "SE",
        "languages": ("sv",),
        "note": "Vår anteckning",
    }
    create_record(desk, Organisation, values)
    data = b"name,country,languages,note\nHuset,SE,ru,Deras\n"
    take(desk, data, merged={0: frozenset({"languages", "note"})})
    record = by_name(desk)["Huset"].view.record
    assert (record.languages, record.note) == (("sv", "ru"), "Vår anteckning\nDeras")
    assert {line.fate for line in look(desk, data).lines} == {ImportStatus.SAME}


def test_a_twin_can_be_somebody_else_after_all(desk: Session) -> None:
    take(desk, table("Huset,SE,Umeå,,,"))
    assert take(desk, table("Huset,SE,Umeå,annan@example.org,,"), apart=frozenset({0})).new == 1
    assert sum(entry.name == "Huset" for entry in list_directory(desk)) == 2


# files


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.vcf"
    with path.open("wb") as file:
        file.truncate(MAX_LIST_BYTES + 1)
    with pytest.raises(KfdeskError, match=r"contacts\.too_large"):
        read_contact_files(path)


def test_tables_of_hsds_are_read_from_their_folder_or_by_one_of_them(tmp_path: Path) -> None:
    for name in ("organizations.csv", "phones.csv"):
        (tmp_path / name).write_text("id\n1\n")
    (tmp_path / "readme.txt").write_text("")
    for chosen in (tmp_path, tmp_path / "organizations.csv"):
        assert set(read_contact_files(chosen)) == {"organizations.csv", "phones.csv"}
    assert set(read_contact_files(tmp_path / "phones.csv")) == {"phones.csv"}


def test_what_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.not_readable"):
        read_contact_files(tmp_path / "gone.vcf")
    with pytest.raises(KfdeskError, match=r"contacts\.nothing_inside"):
        read_contact_files(tmp_path)


def test_a_name_without_any_place_is_that_of_one_here_wherever_it_is(desk: Session) -> None:
    take(desk, b"name,country,city\nEtt hus,EE,Tartu\n")
    (line,) = look(desk, b"name,country\nEtt hus,\n").lines
    assert line.fate is ImportStatus.SAME
    (other,) = look(desk, b"name,country\nEtt hus,LV\n").lines
    assert other.fate is ImportStatus.NEW


def test_what_a_list_leaves_out_and_cuts_is_said(desk: Session) -> None:
    card = b"BEGIN:VCARD\nFN:Huset\nORG:Huset\nBDAY:1970-01-01\nNOTE:" + b"x" * 5_000
    preview = look(desk, card + b"\nEND:VCARD\n")
    assert preview.reading.left_out == ("BDAY",)
    assert [(one.line, one.reason) for one in preview.broken] == [(1, "cut")]


def test_a_card_of_many_telephones_is_taken_whole_and_known_again(desk: Session) -> None:
    lines = b"".join(b"TEL:+46 8 465 %05d\n" % number for number in range(300))
    card = b"BEGIN:VCARD\nFN:Huset\nORG:Huset\n" + lines + b"END:VCARD\n"
    assert take(desk, card).new == 1
    assert len(numbers(by_name(desk)["Huset"])) == 300
    assert look(desk, card).fates == (ImportStatus.SAME,)


@pytest.mark.parametrize("is_one", [False, True], ids=["many numbers", "many spellings of one"])
def test_a_card_of_many_telephones_is_not_compared_anew_with_each_entry(
    desk: Session, monkeypatch: pytest.MonkeyPatch, is_one: bool
) -> None:
    houses, listed = 60, 400
    parsed: list[tuple[str, ...]] = []
    take(desk, table(*(f"Huset {place},SE,,,+46 8 465 00000," for place in range(houses))))

    def typed(place: int) -> str:
        spelled = f"+46 8{'-' * (1 + place // 20)}465{'-' * (1 + place % 20)}00000"
        return f"TEL:{spelled if is_one else f'+46 8 465 {place:05}'}\n"

    lines = "".join(map(typed, range(listed)))
    card = f"BEGIN:VCARD\nFN:Hemmet\nORG:Hemmet\n{lines}END:VCARD\n".encode()

    def count(*number: str) -> str:
        parsed.append(number)
        return to_e164(*number)

    monkeypatch.setattr(files, "to_e164", count)
    assert look(desk, card).fates == (ImportStatus.TWIN,)
    assert len(parsed) < 4 * (houses + listed)


def test_list_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")  # reading it would never end
    with pytest.raises(KfdeskError) as refused:
        read_contact_files(tmp_path / "pipe.csv")
    assert refused.value.code == "contacts.not_readable"
