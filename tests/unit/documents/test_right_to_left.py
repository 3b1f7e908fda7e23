# SPDX-License-Identifier: GPL-3.0-or-later
"""Arabic lines: joined, drawn from the right, and read back as they were written."""

import re
import unicodedata
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from tests.unit.i18n.po_files import CLIENT_CATALOGUES, entries, language_of, texts

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.right_to_left import (
    DRAWN_FORMS,
    LEFT_OUT,
    as_drawn,
    as_read,
    has_arabic,
)
from kfdesk.documents.layout.style import (
    A4,
    BOLD,
    REGULAR,
    Box,
    Dot,
    Item,
    Panel,
    Polygon,
    Ring,
    RotatedText,
    Rule,
    Style,
    Symbol,
    TextLine,
    mirror_items,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.documents.typesetting import Typesetter, missing_texts, page_texts, placed_lines
from kfdesk.domain.errors import KfdeskError

LINES = [
    "العبارة M/S Havsörn · 16 س 30 د", "الحافلة 17، Exempelbuss", "الاتصال: +46 70 174 06 15",
    "17–18 ديسمبر 2026", "NINA VYMYSLOVA و ALVA VYMYSLOVA", "Värtahamnen، محطة العبارات",
    "الساعة 17:00 في Riga", "Anna، وشاح أصفر", "المقعد 12 B", "Олга، مظلة زرقاء", "رصيف 4-5",
    "لا أحد هناك؟", "112", "الساعة ١٢:٣٠", "الرقم +46 70 174، مجانا", "12+ سنة",
    "مسودة · ЧЕРНОВИК: ЕЩЁ НЕ ОДОБРЕНО", "الأسماء · Имена, как в билетах", "رقم ٠٧٠ ١٧٤",
]  # fmt: skip
WORDS = Style(REGULAR, 14)
SIGNS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة،؛؟ 0123456789ABcdÅöЖд:/-.·–"


def ways(line: str) -> str:
    """Return a line as the page has it: composed, and without short vowels."""
    return LEFT_OUT.sub("", unicodedata.normalize("NFC", line))


def drawn(*lines: str, language: str = "ar", face: str = REGULAR) -> bytes:
    canvas = PageCanvas(A4, language, lambda _: ())
    canvas.put(
        TextLine(line, Style(face, 14), A4.margin, 80 + 30 * at, A4.measure)
        for at, line in enumerate(lines)
    )
    canvas.end_page()
    return canvas.pdf()


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("سفر", "ﺳﻔﺮ"), ("دار", "ﺩﺍﺭ"), ("لا", "ﻻ"), ("بلا", "ﺑﻼ"), ("الأمتعة", "ﺍﻷﻣﺘﻌﺔ"),
        ("ماء", "ﻣﺎﺀ"), ("شيء", "ﺷﻲﺀ"), ("پ", "ﭖ"),
    ],
)  # fmt: skip
def test_letters_are_joined_by_their_neighbours(word: str, forms: str) -> None:
    assert as_drawn(word)[::-1] == forms
    assert set(forms) <= DRAWN_FORMS
    assert as_read(as_drawn(word)) == word


@pytest.mark.parametrize("line", LINES)
def test_names_times_and_numbers_stay_whole_in_a_line(line: str) -> None:
    for part in (
        "M/S Havsörn",
        "ЧЕРНОВИК: ЕЩЁ НЕ ОДОБРЕНО",
        "Имена, как в билетах",
        "Exempelbuss",
        "+46 70 174 06 15",
        "VYMYSLOVA",
        "17:00",
        "12 B",
    ):
        assert (part in as_drawn(line)) is (part in line)
    assert as_read(as_drawn(line)) == line


def test_line_begins_at_the_right_and_brackets_turn() -> None:
    assert as_drawn("17–18 ب (أ)") == "(ﺃ) ﺏ 18–17"
    assert as_drawn("Riga (Lettland) 12") == "Riga (Lettland) 12"
    assert as_read("Riga (Lettland) 12") == "Riga (Lettland) 12"
    assert not has_arabic("Riga 12")


@given(st.text(alphabet=SIGNS, max_size=40))
def test_every_line_is_turned_back(line: str) -> None:
    assume(not re.search(" [:.]", line))  # nobody types that, and it would be no paper
    assert as_read(as_drawn(line)) == line


@pytest.mark.parametrize("face", [REGULAR, BOLD])
def test_finished_page_is_read_back_as_it_was_written(press: Typesetter, face: str) -> None:
    (path,) = (path for path in CLIENT_CATALOGUES if language_of(path) == "ar")
    said = [text for entry in entries(path) for text in texts(entry)]
    short = [text for text in said if width_of(text, Style(face, 14)) < A4.measure]
    assert len(short) > 230
    assert missing_texts(drawn(*LINES, face=face), LINES) == []
    for at in range(0, len(short), 20):
        pdf = drawn(*short[at : at + 20], face=face)
        assert missing_texts(pdf, short[at : at + 20]) == []
    assert missing_texts(drawn(*LINES), ["العبارة M/S Havsjö"]) == ["العبارة M/S Havsjö"]


def test_short_vowels_are_left_out_and_not_missed(press: Typesetter) -> None:
    pdf = drawn("العبّارة، مِقعدٌ هادئ")
    assert missing_texts(pdf, ["العبّارة، مِقعدٌ هادئ"]) == []
    assert page_texts(pdf) == ["العبارة، مقعد هادئ"]
    assert missing_texts(drawn("ﺳﻔﺮ Riga"), ["ﺳﻔﺮ Riga", "سفر Riga"]) == []  # forms, as copied


def test_two_columns_are_two_lines_the_right_one_first(press: Typesetter) -> None:
    canvas = PageCanvas(A4, "ar", lambda _: ())
    canvas.put([
        TextLine("خطة السفر", WORDS, 60, 90, 200), TextLine("17 ديسمبر", WORDS, 330, 90, 200),
    ])  # fmt: skip
    canvas.end_page()
    with PdfDocument(BytesIO(canvas.pdf())) as document:
        lines = list(placed_lines(document[0].get_textpage()))
    assert [line.text for line in lines] == ["خطة السفر", "17 ديسمبر"]
    assert lines[0].right > lines[1].right


@pytest.mark.parametrize("language", ["sv", "en", "ru", "et"])
def test_arabic_letters_are_on_no_page_of_another_language(
    press: Typesetter, language: str
) -> None:
    for text in ("نور", "Riga نور", "Anna (وشاح)"):
        with pytest.raises(KfdeskError, match=r"documents\.no_letter") as refused:
            drawn(text, language=language)
        assert has_arabic(str(refused.value.data["letter"]))


@pytest.mark.parametrize("text", ["ไทย", "שלום", "漢", "ڕێگا", "ትግ ب"])
def test_letter_that_no_face_has_is_refused(press: Typesetter, text: str) -> None:
    with pytest.raises(KfdeskError, match=r"documents\.no_letter"):
        drawn(text)


def test_watermark_is_drawn_in_arabic(press: Typesetter) -> None:
    canvas = PageCanvas(A4, "ar", lambda _: ())
    canvas.put([RotatedText("مسودة", WORDS, 300, 400, 40)])
    canvas.end_page()
    assert has_arabic(page_texts(canvas.pdf())[0])


def test_every_item_changes_sides_and_comes_back() -> None:
    items: list[Item] = [
        TextLine("a", WORDS, 10, 20, 30), TextLine("a", WORDS, 10, 20, 30, "right"),
        Symbol("arrow-right", 10, 20, 12, "#000"), Symbol("bus", 10, 20, 12, "#000"),
        Box(10, 20, 30, 40, 2, 1), Rule(10, 20, across=30), Rule(10, 20, down=30),
        Dot(10, 20, 2, "#000"), Ring(10, 20, 2, 1), Polygon(10, 20, ((0, 0), (5, 5))),
        RotatedText("a", WORDS, 10, 20, 30),
    ]  # fmt: skip
    turned = list(mirror_items(items, 100))
    assert [item.x for item in turned] == [60, 60, 78, 78, 60, 90, 90, 90, 90, 90, 90]
    assert turned[2] == Symbol("arrow-left", 78, 20, 12, "#000")
    assert list(mirror_items(turned, 100)) == items
    (panel,) = mirror_items([Panel(10, 20, 30, 40)], 100)
    assert panel == Panel(60, 20, 30, 40, is_mirrored=True)
