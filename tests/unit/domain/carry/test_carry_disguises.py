# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in look-alike letters, in signs for letters, and with numbers in words."""

import sys
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from tests.unit.domain.carry.carry_samples import ROOT, found_in

import make_look_alikes
from kfdesk.domain.leak_check.look_alikes import CAPITAL, SMALL
from kfdesk.domain.leak_check.numerals import spelt_numbers
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.spelling import in_leet, look_alike_readings, tokenize, visible_text

INDEX = SecretIndex.of(
    [
        Secret(SecretKind.SEALED, "Storgatan 12"),
        Secret(SecretKind.SEALED, "Строгановская ул. 15"),
        Secret(SecretKind.SEALED, "Ögatan 5"),
        Secret(SecretKind.SEALED, "Lilla Nygatan tjugofyra"),
        Secret(SecretKind.PHONE, "+46 70-174 06 33"),
        Secret(SecretKind.NUMBER, "180016"),
        Secret(SecretKind.DAY, "2019-06-03"),
        Secret(SecretKind.NAME, "Гульнара"),
        Secret(SecretKind.NAME, "Lindqvist"),
    ]
)
FOUND = {
    "Storgatan 12": (
        "Stor-gatan nr 12|Storgatan tolv|Stor gatan nummer tolv|Stor-gatan n:r 12|Storgatan twelve|"
        "Storgatan, hus 12|Storgatan № 12|storgatan двенадцать|Storgatan zwölf|STORGATAN TOLV|"
        "St0rg@tan 12|$torgatan tolv|Sтоrgаtаn 12|ᏚtᎾrgatan 12|ѕtоrgаtаn 12|Storgatan dwanaście|"
        "Storgatan kaksitoista|Storgatan divpadsmit|Storgatan doisprezece"
    ),
    "Строгановская ул. 15": (
        "Строгановская ул., д. пятнадцать|Строгановская ул., дом № 15|Строгановской ул. 15|"
        "Строгановская ул., дом пятнадцатый|Strogan0vskaya ul. 15|Строгановская ул. fifteen"
    ),
    "Ögatan 5": "Ö-gatan nr 5|Ögatan fem|Oegatan five",
    "Lilla Nygatan tjugofyra": (
        "Lilla Nygatan 24|Lilla Nygatan twenty-four|Lilla Nygatan nr 24|"
        "Lilla Nygatan двадцать четыре|Lilla Nygatan vierundzwanzig"
    ),
    "+46 70-174 06 33": (
        "noll sju noll ett sju fyra noll sex tre tre|"
        "ноль семь ноль один семь четыре ноль шесть три три|"
        "zero seven zero one seven four zero six thirty three"
    ),
    "180016": "один восемь ноль ноль один шесть|одна восемь ноль ноль одна шесть|18 00 sexton",
    "2019-06-03": "tre juni 2019|3 juni 2019|three juni 2019",
    "Гульнара": "ɢᴜʟɴᴀʀᴀ|6u1n4r4|Gu1nara|Ԍulnara|ᏀulnᎪra|Гyльнapa|Гульհара",
    "Lindqvist": "L1ndqv1st|ʟɪɴᴅqᴠɪsᴛ|Lindqvi$t|Ꮮindqvist|L!ndqvist",
}


@pytest.mark.parametrize("secret", FOUND)
def test_secret_is_found_in_each_disguise(secret: str) -> None:
    missed = [
        text
        for text in FOUND[secret].split("|")
        if secret not in {m.secret.text for m in INDEX.find(tokenize(text_of(text)), {"juni": 6})}
    ]
    assert missed == []


def text_of(text: str) -> str:
    return visible_text(f"xx {text} yy")


@pytest.mark.parametrize(
    "text",
    [
        "Storgatan 13", "Storgatan tretton", "en gata, tolv hus", "12 nr Storgatan", "Гультяй",
        "en röd väska, två biljetter", "одна красная сумка", "vagn nummer tolv", "noll",
        "Стой! Поезд 12.", "sol@example.org", "€ 50", "a!b", "20 kr",
    ],
)  # fmt: skip
def test_other_numbers_and_signs_are_no_secret(text: str) -> None:
    assert [m.words for m in INDEX.find(tokenize(text_of(text)), {"juni": 6})] == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("tjugo tre", "23"), ("hundra tolv", "112"), ("tjugo noll", "20 0"),
        ("hundra hundra", "100 100"), ("gatan nr 5", "gatan 5"), ("gatan n r 5", "gatan 5"),
        ("nr 5", None), ("gatan nr x", None), ("gatan nr", None), ("gatan n r x 5", None),
        ("ʙʀᴀ ᴛᴏʟᴠ", "ʙʀᴀ 12"), ("x", None), ("ᏴᎡᎪ", None), ("zwo", "2"), ("пятью", "5"),
        ("dreiundzwanzig", "23"),
    ],
)  # fmt: skip
def test_numbers_are_read_and_what_stands_before_them_is_left_out(
    text: str, read: str | None
) -> None:
    found = spelt_numbers(tokenize(visible_text(text)))
    shown = " ".join(token.text for token in found) if found is not None else None
    assert shown == read


def test_words_with_signs_are_read_once_more_in_their_place() -> None:
    found = tokenize("an p0l!ce $helter sol@nordhuset.org")
    words = [token.text for token in found]
    assert words == ["an", "p0l", "ce", "helter", "sol", "nordhuset", "org", "p0lice", "shelter"]
    read = in_leet(found)
    assert read is not None
    assert [token.text for token in read] == ["an", "p0lice", "shelter", "sol", "nordhuset", "org"]
    assert in_leet(tokenize("an old shelter")) is None
    assert found_in("an old p0l!ce stat!on") != []


def test_long_row_of_digits_has_few_readings() -> None:
    assert len(look_alike_readings("a1b6" * 40)) < 12
    assert len(look_alike_readings("п1р6" * 40)) < 12


def test_every_letter_of_the_papers_is_latin_cyrillic_or_arabic() -> None:
    """So a page cannot show a word in Armenian, Cherokee or small capital letters."""
    scripts = {
        unicodedata.name(chr(number)).split()[0]
        for path in (ROOT / "resources" / "fonts").glob("*.ttf")
        for number in TTFont(path).getBestCmap()
        if unicodedata.category(chr(number)) in ("Ll", "Lu", "Lt", "Lo")
        and number not in range(0x2100, 0x2150)  # signs made of letters
    }
    assert scripts <= {"LATIN", "CYRILLIC", "FEMININE", "MASCULINE", "MICRO", "ARABIC"}


def test_table_is_what_the_script_makes() -> None:
    looks = {"Տ": "S", "Ꭺ": "A", "ս": "u"}
    small, capital = make_look_alikes.tables(lambda sign: looks.get(sign, sign))
    assert "ս" in small["u"]
    assert "Ꭺ" in small["a"]
    assert "տ" in capital["s"]
    assert "ᴘ" in small["p"]
    flat = [sign for table in (SMALL, CAPITAL) for signs in table.values() for sign in signs]
    assert len(flat) > 300
    assert not any(sign.isascii() or "\u0430" <= sign <= "\u045f" for sign in flat)
    assert (
        Path(sys.modules[SecretIndex.__module__].__file__ or "").with_name("look_alikes.py")
        == make_look_alikes.TARGET
    )
