# SPDX-License-Identifier: GPL-3.0-or-later
"""In which letters a file was written: proved, guessed, or said by a person."""

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.rows import decode_text, guess_encoding
from kfdesk.formats.vcard import to_utf8

RUSSIAN = "Кризисный центр для женщин, город Псков"
SWEDISH = "Kvinnojouren på Söder, nära kyrkan"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_letters_that_prove_themselves_are_sure(encoding: str) -> None:
    text, _, is_sure = decode_text("name,Дом\r\n".encode(encoding))
    assert (text, is_sure) == ("name,Дом\r\n", True)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (SWEDISH, "cp1252")],
)
def test_old_code_pages_are_guessed_by_their_words(text: str, encoding: str) -> None:
    assert guess_encoding(text.encode(encoding)) == encoding
    assert decode_text(text.encode(encoding)) == (text, encoding, False)


def test_what_a_person_says_counts() -> None:
    data = "Iksiński".encode("cp1250")
    assert decode_text(data, "cp1250") == ("Iksiński", "cp1250", True)


@pytest.mark.parametrize("encoding", ["utf-8", "no-such-page"])
def test_letters_that_cannot_be_meant_are_refused(encoding: str) -> None:
    with pytest.raises(KfdeskError, match=r"contacts\.not_these_letters"):
        decode_text(b"\xff\xfa\xc0", encoding)
    with pytest.raises(KfdeskError, match=r"contacts\.not_these_letters"):
        decode_text(b"\xff\xfe\x41")  # half a letter after the mark


def test_wide_cards_are_written_anew_and_others_left() -> None:
    assert to_utf8("\ufeffFN:Дом".encode("utf-16-le"), "utf-16-le") == "FN:Дом".encode()
    assert to_utf8(b"\xef\xbb\xbfFN:x", "cp1252") == b"FN:x"
    with pytest.raises(KfdeskError, match=r"contacts\.not_these_letters"):
        to_utf8(b"\0", "utf-16-le")


WORDS = {
    "cp1257": ("Krīzes centrs sievietēm", "Moterų krizių centras, Šiauliai", "Põltsamaa varjupaik"),
    "cp1250": ("Ośrodek interwencji kryzysowej, Łódź", "adăpost pentru mame cu copii"),
    "iso8859-2": ("pomoc prawna i psychologiczna, Poznań, Żywiec, Łódź, całodobowo",),
    "cp1251": ("Притулок для матері з дітьми, цілодобово", RUSSIAN),
    "cp866": (RUSSIAN,),
    "iso8859-5": (RUSSIAN,),
    "koi8-u": ("Притулок для матері з дітьми, цілодобово, Київ, Їдальня",),
    "cp850": ("Kvinnojouren på Söder är öppen dygnet runt för utsatta kvinnor i Örebro",),
}


@pytest.mark.parametrize("rows", [1, 5, 60])
@pytest.mark.parametrize(
    ("encoding", "text"), [(page, text) for page, texts in WORDS.items() for text in texts]
)
def test_lists_in_the_old_pages_of_the_region_are_read(encoding: str, text: str, rows: int) -> None:
    whole = "name;phone\r\n" + "".join(f"{text};+371 000 {n:04}\r\n" for n in range(rows))
    read, _, is_sure = decode_text(whole.encode(encoding))
    assert (read, is_sure) == (whole, False)
