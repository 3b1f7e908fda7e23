# SPDX-License-Identifier: GPL-3.0-or-later
"""A language of the window comes by its catalogue alone: "beta", and English where it is silent."""

import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from tests.architecture.tree import ROOT

from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.catalogues import begun_languages, beta_text, name_in_itself
from kfdesk.i18n.language import CLIENT_LANGUAGES, PROGRAM_LANGUAGES, SHEET_LANGUAGES, Language
from kfdesk.i18n.parsing import parse_day
from kfdesk.services.papers.kinds import PAPER_KINDS

NAME = ("the name of this language, in itself", "English")
WHOLE = {f"Message {number}": "Meddelande" for number in range(8)}


def compile_into(folder: Path, code: str, said: Mapping[str, str], name: str = "") -> Path:
    """Write a catalogue of the program; empty texts are not translated yet."""
    catalogue = Catalog(locale=code, charset="utf-8")
    for message, text in said.items():
        catalogue.add(message, text)
    catalogue.add(("{count} day", "{count} days"), ("{count} päev", "{count} päeva"))
    catalogue.add(NAME[1], name, context=NAME[0])
    path = folder / code / "LC_MESSAGES" / "kfdesk.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_mo(stream, catalogue)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a whole language of ten messages and a small one that is begun."""
    compile_into(tmp_path, "sv", WHOLE, "Svenska")
    compile_into(tmp_path, "et", {"Today": "Täna", "Plans": ""}, "Eesti")
    return tmp_path


def test_language_is_begun_by_its_catalogue_alone_and_its_share_is_counted(folder: Path) -> None:
    assert begun_languages(folder) == {"et": 30}
    compile_into(folder, "fi", WHOLE, "Suomi")
    compile_into(folder, "lv", {**WHOLE, "One more": "Vēl viens"})
    assert begun_languages(folder) == {"et": 30, "fi": 100, "lv": 100}
    shutil.rmtree(folder / "et")
    assert "et" not in begun_languages(folder)


@pytest.mark.parametrize("data", [b"", b"MO", b"\xde\x12\x04\x95", bytes(28), b"x" * 4000])
def test_file_that_is_no_catalogue_begins_no_language(folder: Path, data: bytes) -> None:
    (folder / "et" / "LC_MESSAGES" / "kfdesk.mo").write_bytes(data)
    assert begun_languages(folder) == {}


def test_folder_that_is_no_language_or_that_says_nothing_is_not_offered(folder: Path) -> None:
    for code in ("ETX1", "pl", "e"):
        shutil.copytree(folder / "et", folder / code)
    (folder / "pl" / "LC_MESSAGES" / "kfdesk.mo").unlink()
    (folder / "de" / "LC_MESSAGES" / "kfdesk.mo").mkdir(parents=True)
    assert begun_languages(folder) == {"et": 30}
    assert begun_languages(folder / "nowhere") == {}
    shutil.rmtree(folder / "sv")
    assert begun_languages(folder) == {}  # nothing is whole that it could be a part of


def test_what_is_not_translated_is_english_and_numbers_have_the_languages_own_form(
    folder: Path,
) -> None:
    words = Language("et", folder)
    assert [words.gettext(one) for one in ("Today", "Plans")] == ["Täna", "Plans"]
    said = [words.ngettext("{count} day", "{count} days", count) for count in (1, 2, 21)]
    assert said == ["{count} päev", "{count} päeva", "{count} päeva"]


def test_name_is_that_of_the_catalogue_or_of_cldr(folder: Path) -> None:
    assert name_in_itself(Language("et", folder)) == "Eesti"
    assert name_in_itself(Language("sv", folder)) == "Svenska"
    assert name_in_itself(Language("en", folder)) == "English"
    assert name_in_itself(Language("fi", folder)) == "suomi"
    assert name_in_itself(Language("zz", folder)) == "zz"


def test_word_beta_and_the_share_are_said_in_the_language_of_the_window() -> None:
    swedish, english = (Language(code, ROOT / "translations") for code in ("sv", "en"))
    assert beta_text("Eesti", english) == "Eesti (beta)"
    assert beta_text("Eesti", english, 12) == "Eesti (beta, 12% translated)"
    assert beta_text("Eesti", swedish, 12) == "Eesti (beta, 12 % översatt)"


def test_no_paper_is_ever_in_a_language_that_is_only_begun() -> None:
    offered = {code for kind in PAPER_KINDS.values() for code in kind.languages}
    assert offered == set(SHEET_LANGUAGES)
    for kind in PAPER_KINDS.values():
        assert kind.languages in (PROGRAM_LANGUAGES, CLIENT_LANGUAGES, SHEET_LANGUAGES)
    for code in SHEET_LANGUAGES:
        assert (ROOT / "translations" / code / "LC_MESSAGES" / "client.po").is_file()


def test_names_are_sorted_by_the_estonian_alphabet() -> None:
    names = [
        "Zoja",
        "Ülle",
        "Taavi",
        "Õie",
        "Šura",
        "Ärni",
        "Sulev",
        "Žanna",
        "Vaike",
        "Örjan",
        "Uku",
    ]
    in_order = [
        "Sulev",
        "Šura",
        "Zoja",
        "Žanna",
        "Taavi",
        "Uku",
        "Vaike",
        "Õie",
        "Ärni",
        "Örjan",
        "Ülle",
    ]
    assert sorted(names, key=lambda name: name_sort_key(name, "et")) == in_order
    finnish = ["Öljy", "Åke", "Zeta", "Äiti"]
    in_order = ["Zeta", "Åke", "Äiti", "Öljy"]
    assert sorted(finnish, key=lambda name: name_sort_key(name, "fi")) == in_order


@pytest.mark.parametrize(
    ("typed", "day"),
    [("3. veebruar 2027", "2027-02-03"), ("24 detsember 2026", "2026-12-24"),
     ("5. maaliskuuta 2027", "2027-03-05"), ("1 märts 2027", "2027-03-01"),
     ("12 lipca 2026", "2026-07-12")],
)  # fmt: skip
def test_day_is_read_as_the_window_writes_it(typed: str, day: str) -> None:
    assert str(parse_day(typed)) == day


def test_month_of_two_languages_is_that_of_the_whole_ones() -> None:
    assert str(parse_day("1 mar 2027")) == "2027-03-01"  # in Finnish it begins November
    assert parse_day("1 ju 2027") is None


def test_day_and_time_are_written_as_the_language_writes_them() -> None:
    words = Language("et", ROOT / "translations")
    assert words.full_date(date(2026, 11, 29)) == "pühapäev, 29. november 2026"
    at = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
    assert words.stamp(at) == "24. nov 2026 14:05"
    assert words.short_day(date(2026, 11, 29)) == "29. nov"


def test_estonian_says_everything_and_stays_beta_until_a_person_makes_it_whole() -> None:
    assert begun_languages(ROOT / "translations")["et"] > 90
    words = Language("et", ROOT / "translations")
    for message in ("Today", "Plans", "Travel", "Consent", "Settings", "Lock the database"):
        assert words.gettext(message) != message
    assert words.gettext("The program speaks English") == "Programm eesti keeles"
