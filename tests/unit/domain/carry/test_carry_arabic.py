# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is found in Arabic letters, too, and a secret in Arabic letters in others."""

import pytest
from tests.unit.domain.carry.carry_samples import found_in
from tests.unit.domain.carry.test_carry_secrets import found

from kfdesk.domain.leak_check.arabic import (
    arabic_sounds,
    consonants,
    is_arabic,
    sounds_alike,
    written_sounds,
)
from kfdesk.domain.leak_check.numerals import spelt_numbers
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.spelling import tokenize, visible_text

NAMES = {
    "Vymyslova": "فيميسلوفا", "Вымыслова": "فيميسلوفا", "Щербакова": "شيرباكوفا",
    "Чернова": "تشيرنوفا", "Жукова": "جوكوفا", "Хабаров": "خاباروف", "Цветкова": "تسفيتكوفا",
    "Johansson": "يوهانسون", "Sjöberg": "شوبيرغ", "Lindqvist": "ليندكفيست", "Karin": "كارين",
    "Wiśniewska": "فيشنيفسكا", "Nordhuset": "نوردهوسيت", "Hassan": "حسن", "Fatima": "فاطمة",
    "Фатима": "فاطمه", "Nina": "نينا", "Eva": "إيفا", "Olga": "أولغا", "Omar": "عمر", "Nour": "نور",
}  # fmt: skip
"""Names as they are written in Arabic."""

HARMLESS = (
    "محطة الحافلات، المدخل الرئيسي|جواز السفر والتذاكر في غلاف|حقيبة ظهر سوداء واحدة|وشاح أصفر|"
    "هاتف وشاحن ونقود|الرصيف 4|ليلا ونهارا|من 8 إلى 22 بتوقيت موسكو|مقاعد هادئة"
)


def name(text: str) -> Secret:
    return Secret(SecretKind.NAME, text)


@pytest.mark.parametrize("own", NAMES)
def test_name_is_found_in_arabic_and_back(own: str) -> None:
    arabic = NAMES[own]
    for text in (arabic, f"و{arabic}", f"لـ{arabic}", f"xx، {arabic}."):
        assert found(text, name(own)), text
    assert found(own, name(arabic))
    with_vowels = arabic[0] + "\u064e" + arabic[1:-1] + "\u064f" + arabic[-1]
    assert found(with_vowels, name(own))


def test_words_of_a_sheet_are_no_names() -> None:
    secrets = [name(own) for own in NAMES]
    for text in HARMLESS.split("|"):
        assert found(text, *secrets) == [], text


@pytest.mark.parametrize(
    "text", ["نينا فيميسلوفا", "نينافيميسلوفا", "نينا فيميس لوفا", "بنينا فيميسلوفا"]
)
def test_whole_name_is_found_joined_and_apart(text: str) -> None:
    assert found(text, name("Nina Vymyslova"), name("Vymyslova"))


@pytest.mark.parametrize(
    "word",
    [
        "الشرطة",
        "الشرطه",
        "والشُّرْطَةِ",
        "الشـرطة",
        "ﺍﻟﺸﺮﻃﺔ",
        "ا ل ش ر ط ة",
        "الاستغلال",
        "مستشفي",
        "تحقیق",
    ],
)
def test_listed_word_is_found_as_it_may_be_typed(word: str) -> None:
    assert found_in(f"رصيف {word} 4")


def test_first_name_alone_is_no_whole_name() -> None:
    assert found("نينا", name("Nina Vymyslova")) == []
    assert found("نينا كارينا", name("Nina Vymyslova")) == []
    assert found("ني نا", name("Nina")) == []  # too short to be found in pieces


def test_address_code_and_telephone_are_found_in_arabic() -> None:
    address = Secret(SecretKind.SEALED, "Storgatan 12")
    for text in ("ستورغاتان 12", "ستورغاتان ١٢", "ستورغاتان اثناعشر"):
        assert found(text, address), text
    assert found("ستورغاتان 13", address) == []
    assert found("تولبان 47", Secret(SecretKind.NUMBER, "tulpan-47"))
    assert found("٠٧٠١٧٤٠٦١٥", Secret(SecretKind.PHONE, "+46 70 174 06 15"))
    assert found("رقم 4711", Secret(SecretKind.NUMBER, "4711"))


def test_latin_page_without_arabic_secrets_asks_for_no_sounds() -> None:
    index = SecretIndex.of([name("Nina"), name("Vymyslova")])
    assert list(index.find(tokenize("Karin and Olga"), {})) == []
    assert index.as_in_arabic == {}
    assert list(index.find(tokenize("كارين"), {})) == []
    assert index.as_in_arabic != {}
    assert index.not_yet_in_arabic == []


def test_short_name_is_compared_with_its_vowels() -> None:
    assert sounds_alike("Nina", "نينا")
    assert not sounds_alike("Mona", "من")  # "from", on every sheet
    assert sounds_alike("Omar", "عمر")
    assert not sounds_alike("Nina", "كارينا")
    assert not sounds_alike("Eva", "في")


def test_sounds_of_a_word() -> None:
    assert is_arabic("Nنa")
    assert not is_arabic("Nina 12 ...")
    assert arabic_sounds("والنور") == ("-ln-r", "n-r")
    assert written_sounds("نور") == frozenset(arabic_sounds("نور"))
    assert written_sounds("47") == {"47"}
    assert written_sounds("漢") == frozenset()
    assert "fmslf" in {consonants(way) for way in written_sounds("Vymyslova")}


@pytest.mark.parametrize(
    ("text", "read"),
    [("calle dieciséis", "16"), ("número veinte uno", "21"), ("رقم خمسة", "5"), ("ثلاثون", "30")],
)
def test_number_in_words_is_read_in_spanish_and_arabic(text: str, read: str) -> None:
    numbers = spelt_numbers(tokenize(visible_text(text)))
    assert numbers is not None
    assert read in [token.text for token in numbers]
