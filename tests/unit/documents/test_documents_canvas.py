# SPDX-License-Identifier: GPL-3.0-or-later
"""The canvas draws what it is given, or refuses; its PDF says nothing about itself."""

import sys
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.paper_samples import page_images

from kfdesk.documents.layout.canvas import OffPageError, PageCanvas
from kfdesk.documents.layout.style import (
    A4,
    BOLD,
    INK,
    PETROL,
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
    move_down,
)
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.errors import KfdeskError

TEXT = Style(REGULAR, 12.5)


def canvas(press: Typesetter) -> PageCanvas:
    return PageCanvas(A4, "ru", press.icon)


def drawn(press: Typesetter, *items: Item) -> bytes:
    page = canvas(press)
    page.put(items)
    page.end_page()
    return page.pdf()


def darkness(pdf: bytes, box: tuple[int, int, int, int]) -> int:
    """Return how many of the page's points in a box from left top to right bottom are not white."""
    image = page_images(pdf, 1)[0]
    pixels = image.tobytes()
    left, top, right, bottom = box
    rows = [
        pixels[3 * (y * image.width + left) : 3 * (y * image.width + right)]
        for y in range(top, bottom)
    ]
    return sum(row[at : at + 3] != b"\xff\xff\xff" for row in rows for at in range(0, len(row), 3))


def test_line_is_drawn_where_it_stands(press: Typesetter) -> None:
    pdf = drawn(press, TextLine("Жёлтый ў ł ž ų ș ț ї ґ å", TEXT, 60, 100, 200))
    assert page_texts(pdf) == ["Жёлтый ў ł ž ų ș ț ї ґ å"]
    assert darkness(pdf, (55, 88, 260, 106)) > 100
    assert darkness(pdf, (0, 0, 595, 86)) == darkness(pdf, (0, 106, 595, 841)) == 0


def test_line_on_the_right_ends_at_its_edge(press: Typesetter) -> None:
    pdf = drawn(press, TextLine("17:00", Style(BOLD, 25), 60, 100, 200, "right"))
    assert darkness(pdf, (60, 70, 180, 110)) == 0
    assert darkness(pdf, (181, 70, 260, 110)) > 100


def test_missing_glyph_is_refused_on_the_page_too(press: Typesetter) -> None:
    with pytest.raises(KfdeskError, match="no_letter"):
        drawn(press, TextLine("☐ паспорт", TEXT, 60, 100, 200))


def test_text_wider_than_its_box_is_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError, match="too_wide"):
        drawn(press, TextLine("Rīgas pasažieru osta", TEXT, 60, 100, 60))


@pytest.mark.parametrize(
    ("x", "y"), [(5, 100), (520, 100), (60, 20), (60, 830), (-100, 100), (60, 2000)]
)
def test_text_off_the_page_is_refused(press: Typesetter, x: float, y: float) -> None:
    with pytest.raises(OffPageError):
        drawn(press, TextLine("Rīgas pasažieru osta", TEXT, x, y, 300))


@pytest.mark.parametrize(
    "item",
    [
        Symbol("ship", 100, 100, 20, PETROL),
        Panel(100, 100, 20, 20),
        Box(100, 100, 20, 20, 3, 1.5),
        Rule(100, 110, across=20, colour=INK),
        Rule(110, 100, down=20, is_dotted=True),
        Dot(110, 110, 8, PETROL),
        Ring(110, 110, 8, 1.5),
        Polygon(110, 100, ((0, 0), (9, 9), (-9, 9))),
        Polygon(110, 100, ((0, 0), (9, 9), (-9, 9)), PETROL, 1.5),
        Box(100, 100, 20, 20, 0, 0, fill=PETROL),
        RotatedText("o", TEXT, 110, 110, 56),
    ],
    ids=lambda item: type(item).__name__,
)
def test_every_item_leaves_ink_in_its_place_only(press: Typesetter, item: Item) -> None:
    pdf = drawn(press, item)
    assert darkness(pdf, (97, 97, 123, 123)) > 5
    assert darkness(pdf, (0, 0, 595, 96)) == darkness(pdf, (0, 124, 595, 841)) == 0
    assert darkness(drawn(press, *move_down([item], 50)), (97, 147, 123, 173)) > 5


def test_outline_is_empty_within_and_what_is_filled_is_not(press: Typesetter) -> None:
    within = (108, 108, 112, 112)
    assert darkness(drawn(press, Ring(110, 110, 8, 1.5)), within) == 0
    assert darkness(drawn(press, Dot(110, 110, 8, PETROL)), within) == 16
    assert darkness(drawn(press, Box(100, 100, 20, 20, 3, 1.5)), within) == 0
    assert darkness(drawn(press, Box(100, 100, 20, 20, 0, 0, fill=PETROL)), within) == 16


def test_turned_text_stands_around_its_middle_and_is_read(press: Typesetter) -> None:
    pdf = drawn(press, RotatedText("В ДОРОГУ НЕ БРАТЬ", Style(BOLD, 40), 297, 420, 56))
    assert page_texts(pdf) == ["В ДОРОГУ НЕ БРАТЬ"]
    rising = darkness(pdf, (297, 150, 500, 420)), darkness(pdf, (100, 420, 297, 690))
    assert min(rising) > 10 * max(darkness(pdf, (100, 150, 290, 400)), 50)


def test_turned_text_off_the_page_is_refused(press: Typesetter) -> None:
    with pytest.raises(OffPageError):
        drawn(
            press,
            RotatedText("В ДОРОГУ НЕ БРАТЬ, В ДОРОГУ НЕ БРАТЬ", Style(BOLD, 60), 297, 420, 56),
        )


def test_unknown_icon_is_a_fault_at_once(press: Typesetter) -> None:
    with pytest.raises(OSError, match="unicorn"):
        drawn(press, Symbol("unicorn", 100, 100, 20, PETROL))


def test_pdf_says_nothing_about_itself(press: Typesetter) -> None:
    reader = PdfReader(BytesIO(drawn(press, TextLine("Рига", TEXT, 60, 100, 200))))
    information = {key: str(value) for key, value in (reader.metadata or {}).items()}
    dates = {information.pop("/CreationDate"), information.pop("/ModDate")}
    assert dates == {"D:20000101000000+00'00'"}
    assert information.pop("/Trapped") == "/False"
    assert set(information.values()) == {""}
    assert reader.xmp_metadata is None


def test_pdf_names_its_language(press: Typesetter) -> None:
    reader = PdfReader(BytesIO(drawn(press, TextLine("Рига", TEXT, 60, 100, 200))))
    assert str(reader.root_object["/Lang"]) == "ru"


def test_pages_follow_one_another(press: Typesetter) -> None:
    page = canvas(press)
    for text in ("Рига", "Псков"):
        page.put([TextLine(text, TEXT, 60, 100, 200)])
        page.end_page()
    assert page_texts(page.pdf()) == ["Рига", "Псков"]


def test_library_draws_with_its_compiled_functions(press: Typesetter) -> None:
    drawn(press, TextLine("text", TEXT, 60, 60, 200))
    assert "_rl_accel" in sys.modules
