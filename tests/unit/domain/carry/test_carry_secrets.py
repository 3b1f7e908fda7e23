# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is found in every disguise, and nothing else is."""

from datetime import date

import pytest
from tests.unit.domain.carry.carry_samples import SPELT, disguised

from kfdesk.domain.leak_check.date_forms import find_dates, month_forms
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind, digit_runs
from kfdesk.domain.leak_check.spelling import (
    all_spellings,
    back_transliterate,
    expand_spellings,
    look_alike_readings,
    normalize_text,
    normalize_word,
    spellings,
    tokenize,
    visible_text,
)

ISO = 3

MONTHS = {normalize_word(name): number for name, number in {
    "июня": 6, "июнь": 6, "juni": 6, "june": 6, "мая": 5, "май": 5, "may": 5, "червня": 6,
    "август": 8,
}.items()}  # fmt: skip


def found(text: str, *secrets: Secret) -> list[tuple[SecretKind, str]]:
    hits = SecretIndex.of(secrets).find(tokenize(visible_text(text)), MONTHS)
    return [(hit.secret.sort, hit.words) for hit in hits]


NAMES = ("Щербакова", "Цветкова", "Хабаров", "Юлия", "Наталья", "Zhavoronkova", "Lindqvist")
TEXTS = ("Дом у реки", "Ring Eva, sedan Olga", "Строгановская ул. 15")


@pytest.mark.parametrize("name", NAMES)
def test_name_is_found_in_every_disguise(name: str) -> None:
    for way, text in disguised(name).items():
        if way in SPELT:
            text = text.capitalize()  # noqa: PLW2901 - a short one needs its capital
        assert found(f"xx {text} 12", Secret(SecretKind.NAME, name)), (way, text)


@pytest.mark.parametrize("name", NAMES)
def test_name_in_one_spelling_is_found_in_every_other(name: str) -> None:
    for secret in spellings(name):
        for text in set(spellings(name)) - {normalize_word(all_spellings(name)[ISO])}:
            said = text.capitalize()
            if secret != all_spellings(name)[ISO]:  # it has one letter for three sounds
                assert found(said, Secret(SecretKind.NAME, secret)), (secret, said)


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_found_in_every_disguise(text: str) -> None:
    for way, said in disguised(text).items():
        assert found(f"xx {said} 12", Secret(SecretKind.SEALED, text)), (way, said)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Щербакова", "Щербаковой|Щербакову|щербаковы"),
        ("Ольга", "Ольги|Ольге|Ольгу|Ольгой"),
        ("Достоевский", "Достоевского|Достоевскому|Dostojevskijs|Dostoyevskiy"),
        ("Мария", "Марии|Марией|Марию"),
        ("Анна", "Анны|Анной|Annas"),
        ("Lindqvist", "Lindqvists|Lindqvistin"),
        ("Lyktgården", "Lyktgaarden|LYKTGARDENS"),
        ("Алёна", "Alyona|Алены|Aljonu"),
    ],
)
def test_name_is_found_inflected(name: str, forms: str) -> None:
    for form in forms.split("|"):
        assert found(form, Secret(SecretKind.NAME, name)), form


def test_other_name_with_the_same_beginning_is_none() -> None:
    for name, other in (("Мария", "Марина"), ("Анна", "Аннуитет"), ("Карин", "Каринский")):
        assert found(other, Secret(SecretKind.NAME, name)) == []


def test_short_name_counts_with_a_capital_alone_and_a_sealed_word_without() -> None:
    assert found("ли", Secret(SecretKind.NAME, "Ли")) == []
    assert found("Ли", Secret(SecretKind.NAME, "Ли")) == [(SecretKind.NAME, "Ли")]
    assert found("зонт", Secret(SecretKind.SEALED, "зонт")) == [(SecretKind.SEALED, "зонт")]
    assert found("А н н а", Secret(SecretKind.NAME, "Анна"))
    assert found("я", Secret(SecretKind.NAME, "Я"), Secret(SecretKind.NAME, " ")) == []


def test_row_of_words_is_found_only_whole() -> None:
    secret = Secret(SecretKind.NAME, "Дом у реки")
    assert found("В доме у реки", secret) == [(SecretKind.NAME, "доме у реки")]
    assert found("дом у моря, дом", secret) == []


def test_number_is_found_however_it_is_divided_and_whatever_it_looks_like() -> None:
    secret = Secret(SecretKind.NUMBER, "HX 20417")
    for text in ("HX20417", "hx-204-17", "H X 2 0 4 1 7", "НХ 20417", "ref.HX20417b"):
        assert found(text, secret), text
    assert found("HX 20418", secret) == []
    assert set(found("AB 12", Secret(SecretKind.NUMBER, "AB 12"))) == {(SecretKind.NUMBER, "AB 12")}
    assert found("1 2 3", Secret(SecretKind.NUMBER, "123")) == []  # too short to tell anything


def test_telephone_is_found_by_its_last_digits() -> None:
    secret = Secret(SecretKind.PHONE, "+46 70-174 06 33")
    for text in ("070 174 06 33", "0046701740633", "70-\n174-\n0633", "tel 7 0 1 7 4 0 6 3 3 svar"):
        assert found(text, secret), text
    assert found("070 174 06 34", secret) == []
    assert found("12345", Secret(SecretKind.PHONE, "12345")) == []


def test_initials_stand_as_they_are_signed() -> None:
    assert found("möter EV", Secret(SecretKind.INITIALS, "EV")) == [(SecretKind.INITIALS, "EV")]
    assert found("ev Evas EVA", Secret(SecretKind.INITIALS, "EV")) == []


@pytest.mark.parametrize(
    "text",
    [
        "3.6.2019", "03/06/2019", "2019-06-03", "6/3/19", "20190603", "03062019", "030619",
        "3 июня 2019 г.", "3rd of June 2019", "June 3, 2019", "den 3 juni 19", "3 6 2019",
    ],
)  # fmt: skip
def test_day_is_found_in_every_order(text: str) -> None:
    secret = Secret(SecretKind.DAY, "2019-06-03")
    assert found(f"xx {text} yyyy", secret), text


@pytest.mark.parametrize(
    "text",
    [
        "0 3 . 0 6 . 2 0 1 9", "0 3 .\r\n0 6 . 2 0 1 9", "3 . 6 . 2 0 1 9", "2 0 1 9 - 0 6 - 0 3",
        "0 3 0 6 1 9", "0 3 июня 2 0 1 9", "3 июня 2\r\n0 1 9",
    ],
)  # fmt: skip
def test_day_is_found_digit_by_digit(text: str) -> None:
    assert found(f"xx {text} yyyy", Secret(SecretKind.DAY, "2019-06-03")), text


@pytest.mark.parametrize("text", ["0 6 . 2 0 1 9", "2 0 1 9 - 0 6", "6 2 0 1 9", "июнь 2 0 1 9"])
def test_month_is_found_digit_by_digit(text: str) -> None:
    assert found(f"xx {text} yyyy", Secret(SecretKind.DAY, "2019-06")), text


def test_digits_that_stand_one_by_one_are_no_day_by_themselves() -> None:
    for text in ("1 2 3 4 5 6 7 8", "3 6", "2 0 1 9", "0 4 . 0 6 . 2 0 1 9"):
        assert found(text, Secret(SecretKind.DAY, "2019-06-03")) == [], text


def test_day_that_is_another_is_not_found() -> None:
    secret = Secret(SecretKind.DAY, "2019-06-03")
    for text in (
        "4.6.2019",
        "3 мая 2019",
        "3 июня",
        "3 июня мая",
        "2019 2019 3",
        "31 31 31",
        "3 kommer 6 2019",
    ):
        assert found(text, secret) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "6.2019", "06/2019", "2019-06", "201906", "062019", "июнь 2019", "в июне 2019 г.",
        "June of 2019", "juni 2019", "у червні 2019", "2019, июню", "3.6.2019", "2019-06-03",
        "ию\ufffe\r\nнь 2019", "6\r\n2019", "13 June 2019", "июнем 2019",
    ],
)  # fmt: skip
def test_month_of_a_day_that_is_known_no_better_is_found(text: str) -> None:
    secret = Secret(SecretKind.DAY, "2019-06")
    assert found(f"xx {text} yyyy", secret), text


def test_other_month_year_alone_and_hours_are_not_that_month() -> None:
    secret = Secret(SecretKind.DAY, "2019-06")
    for text in ("2019", "5.2019", "июнь", "июнь 2018", "мае 2019", "06:20 19", "6 19", "г 2019",
                 "2019 2019", "132019", "16 20190"):  # fmt: skip
        assert found(text, secret) == [], text
    assert found("в мае 2019", Secret(SecretKind.DAY, "2019-05"))
    assert found("августом 2019", Secret(SecretKind.DAY, "2019-08"))


def test_days_of_a_page_are_read_with_both_centuries() -> None:
    days = {day for day, _ in find_dates(tokenize("1 2 03"), {})}
    assert {date(1903, 2, 1), date(2003, 2, 1), date(2001, 2, 3)} <= days


FORMS = month_forms(MONTHS | {"апрель": 4})


@pytest.mark.parametrize(
    "text",
    [
        "3 iyunya 2019", "3 ijunja 2019", "3 IIUNIA 2019", "v iyune 3, 2019", "3 ию ня 2019",
        "3 и ю н я 2019", "3 ju ne 2019", "2019, 3 июнем",
    ],
)  # fmt: skip
def test_day_is_found_in_other_letters_and_in_pieces(text: str) -> None:
    secrets = SecretIndex.of([Secret(SecretKind.DAY, "2019-06-03")])
    hits = list(secrets.find(tokenize(visible_text(f"xx {text} yyyy")), FORMS))
    assert [hit.secret.sort for hit in hits], text


def test_month_is_known_in_latin_letters_and_every_case() -> None:
    assert {FORMS[name] for name in ("iyun", "iiune", "iyunem", "juni", "ijunja")} == {6}
    assert {FORMS[name] for name in ("maya", "mai", "mae")} == {5}
    assert FORMS["aprele"] == 4
    assert "marta" not in FORMS


def test_pieces_that_make_no_month_stay_apart() -> None:
    secrets = SecretIndex.of([Secret(SecretKind.DAY, "2019-06-03")])
    assert list(secrets.find(tokenize(visible_text("3 ил ня 2019")), FORMS)) == []


@pytest.mark.parametrize("text", ["ФРЖЦ", "Ф Р Ж Ц", "ФР ЖЦ", "FRZHTS", "FRZJTS", "ФPЖЦ"])
def test_acronym_is_found_in_pieces_and_respelt(text: str) -> None:
    assert found(f"спросить {text} завтра", Secret(SecretKind.INITIALS, "ФРЖЦ")), text


def test_acronym_in_small_letters_or_of_two_is_only_itself() -> None:
    assert found("фржц frzhts", Secret(SecretKind.INITIALS, "ФРЖЦ")) == []
    assert found("Е В ЕV", Secret(SecretKind.INITIALS, "ЕВ")) == []


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_texts_alike_the_one_that_may_stand_nowhere_counts(*, is_first: bool) -> None:
    text = "тихая комната без чужих"
    loose, strict = (
        Secret(SecretKind.SEALED, text, frozenset({"x"})),
        Secret(SecretKind.SEALED, text),
    )
    secrets = SecretIndex.of([loose, strict] if is_first else [strict, loose])
    hits = list(secrets.find(tokenize(visible_text("тихая ком ната без чужих")), {}))
    assert strict in {hit.secret for hit in hits}


def test_digits_with_letters_between_them_are_apart() -> None:
    assert list(digit_runs(tokenize("12 34 a 56"))) == ["1234", "56"]
    assert list(digit_runs(tokenize("12 a"))) == ["12"]


def test_letters_are_compared_without_what_is_not_seen() -> None:
    assert normalize_word("Ёлка Ål ŁÓDŹ Й") == "елка al lodz и"
    assert visible_text("при\u00ad\r\nют d\u200be\u0301 ٣ O'Neil ３") == "приют dé 3 ONeil 3"
    assert normalize_text("  Sankt-Peterburg,  C ") == "sankt peterburg c"


def test_word_of_two_alphabets_is_read_in_both() -> None:
    assert "shelter" in look_alike_readings(normalize_word("shеltеr"))
    assert "приют" in look_alike_readings(normalize_word("пpиют"))
    assert "police" in look_alike_readings("p0l1ce")
    assert list(look_alike_readings("1203")) == ["1203"]


def test_latin_word_is_heard_in_cyrillic_too() -> None:
    assert "цветкова" in back_transliterate("zwetkowa")
    assert "хабаров" in back_transliterate("chabarov")
    assert back_transliterate("å1") == ()
    assert "shcherbakova" in expand_spellings("schtscherbakowa")
    assert expand_spellings("приют") == spellings("приют")


def test_code_without_a_digit_is_found_and_no_other_word() -> None:
    code = Secret(SecretKind.NUMBER, "QX-BZ")
    assert found("bokning QX BZ", code)
    assert found("bokning qxbz", code)
    assert found("bokning QX BA", code) == []
