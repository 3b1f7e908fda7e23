# SPDX-License-Identifier: GPL-3.0-or-later
"""A name as a ticket may write it: every way once, capitals kept, nothing for Latin letters."""

import pytest

from kfdesk.domain.leak_check.spelling import Spelling, transliterate
from kfdesk.domain.names import ticket_spellings


def ways(name: str) -> dict[Spelling, str]:
    return {one: spelt for spelt, spellings in ticket_spellings(name).items() for one in spellings}


@pytest.mark.parametrize(
    ("spelling", "spelt"),
    [
        (Spelling.PASSPORT, "Iuliia Shcherbakova"),
        (Spelling.BGN, "Yuliya Shcherbakova"),
        (Spelling.SWEDISH, "Julija Sjtjerbakova"),
        (Spelling.GERMAN, "Julija Schtscherbakowa"),
        (Spelling.POLISH, "Julija Szczerbakowa"),
    ],
)
def test_each_spelling_writes_the_name_its_way(spelling: Spelling, spelt: str) -> None:
    assert ways("Юлия Щербакова")[spelling] == spelt


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Олена Гриценко", "Olena Hrytsenko"),
        ("Наталія Згурська-Яценко", "Nataliia Zghurska-Yatsenko"),
        ("Дар\u02bcя Йосипівна Їжак", "Daria Yosypivna Yizhak"),
        ("Марія Єлисеєва", "Mariia Yelyseieva"),
        ("Андрій Юхимюк", "Andrii Yukhymiuk"),
    ],
)
def test_ukrainian_passport_has_its_own_letters(name: str, spelt: str) -> None:
    assert ways(name)[Spelling.UKRAINIAN] == spelt


def test_passport_comes_first_the_ukrainian_one_for_ukrainian_letters() -> None:
    assert next(iter(ticket_spellings("Олена Гриценко").values()))[0] is Spelling.PASSPORT
    assert next(iter(ticket_spellings("Надія Гриценко").values()))[0] is Spelling.UKRAINIAN


def test_spelling_that_writes_alike_is_offered_once_and_capitals_stay() -> None:
    found = ticket_spellings("НИНА Вымыслова")
    assert [*found] == ["NINA Vymyslova", "NYNA Vymyslova", "NINA Wymyslowa"]
    assert found["NINA Wymyslowa"] == (Spelling.GERMAN, Spelling.POLISH)
    assert ways("Я ли")[Spelling.PASSPORT] == "Ia li"


def test_latin_letters_stay_and_a_latin_name_has_nothing_to_be_respelt() -> None:
    assert "Nina Vymyslova" in ticket_spellings("Nina Вымыслова")
    assert ticket_spellings("Nina Vymyslova") == {}


def test_library_spelling_is_known_and_not_offered() -> None:
    assert transliterate("Щ", Spelling.ISO_9) == "s"
    assert Spelling.ISO_9 not in ways("Щербакова")
