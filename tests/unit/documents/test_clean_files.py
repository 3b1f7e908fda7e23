# SPDX-License-Identifier: GPL-3.0-or-later
"""Every carried paper as a file: what it says of itself, its fonts, and the text that is in it.

Read by three programs beside the one that drew it; poppler's where it is installed.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.unit.documents.companion_samples import journey
from tests.unit.documents.paper_samples import (
    RESOURCES,
    ROOT,
    abroad,
    at,
    elsa,
    grace,
    nina,
    nina_in_two,
    squeezed,
)

from kfdesk.documents.escort.layout import draw_escort_sheet
from kfdesk.documents.receipt import ArrivalReceipt, draw_receipt
from kfdesk.documents.traveller.content import TravellerSheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import with_second_language
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperFormat

PDFFONTS, PDFTOTEXT = shutil.which("pdffonts"), shutil.which("pdftotext")
ALPHABETS = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя ЪЬЮЯЩ",
    "en": "abcdefghijklmnopqrstuvwxyz “well” – don’t",
    "ro": "ăâîșț ĂÂÎȘȚ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя ЁЪЫЭ «№»",
    "sv": "åäö ÅÄÖ é ”väl” –",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя ҐЄІЇ ’",
}
NEIGHBOURS = "ł ž ų š ć ń ő ģ ķ ļ ņ ē ū ū į ė õ ü ß ў"
WAYS: dict[str, Callable[[], TravellerSheet]] = {
    "ru": nina,
    "sv": elsa,
    "en": grace,
    **{code: (lambda code=code: abroad(code)) for code in ("bg", "ro", "uk")},  # type: ignore[misc]
}
RECEIPT = ArrivalReceipt(at(12, 13, 20, 15), "", "arrival", "Maria", "Olga", ("1 × №",))


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages and the traveller's."""
    return Typesetter(RESOURCES, ROOT / "translations")


def papers(press: Typesetter) -> Iterator[tuple[str, str, bytes]]:
    """Each carried paper in each of its languages and forms: its name, its language, the file."""
    for code, sample in WAYS.items():
        for form in (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE):
            pdf = draw_traveller_sheet(sample(), press.client(code), press, form)
            yield f"traveller {code} {form}", code, pdf
    for form in (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE):
        two = nina_in_two()
        assert two.beside is not None
        sheet = with_second_language(two, two.beside, form)
        pdf = draw_traveller_sheet(sheet, press.client("ru"), press, form)
        yield f"traveller in two {form}", "ru", pdf
    for code in ("sv", "en", "ru"):
        words = press.client(code)
        for form in (PaperFormat.A4, PaperFormat.LARGE):
            pdf = draw_escort_sheet(journey(code), words, press, form)
            yield f"companion {code} {form}", code, pdf
        yield f"receipt {code}", code, draw_receipt(RECEIPT, press.client(code), press)


@pytest.fixture(scope="module")
def made(whole: Typesetter) -> list[tuple[str, str, bytes]]:
    return list(papers(whole))


def test_files_are_the_same_bytes_again(
    whole: Typesetter, made: list[tuple[str, str, bytes]]
) -> None:
    again = {name: pdf for name, _, pdf in papers(whole)}
    assert len(again) == len(made)
    assert [name for name, _, pdf in made if again[name] != pdf] == []


def test_files_say_nothing_of_themselves_but_their_language(
    made: list[tuple[str, str, bytes]],
) -> None:
    for name, code, pdf in made:
        reader = PdfReader(BytesIO(pdf))
        told = {
            key: value
            for key, value in (reader.metadata or {}).items()
            if value and "Date" not in key and key != "/Trapped"
        }
        assert told == {}, name
        assert str(reader.root_object["/Lang"]) == code, name
        assert reader.xmp_metadata is None, name
        assert "/AcroForm" not in reader.root_object, name
        assert not list(reader.attachments), name


def test_dates_of_files_are_the_same_for_everybody(made: list[tuple[str, str, bytes]]) -> None:
    dates = {
        str(value)
        for _, _, pdf in made
        for key, value in (PdfReader(BytesIO(pdf)).metadata or {}).items()
        if "Date" in key
    }
    assert len(dates) == 1
    assert "2026" not in dates.pop()


def test_files_hold_text_and_strokes_only(made: list[tuple[str, str, bytes]]) -> None:
    for name, _, pdf in made:
        assert b"Helvetica" not in pdf, name
        for page in PdfReader(BytesIO(pdf)).pages:
            assert not list(page.images), name
            assert "/Annots" not in page, name
            assert "/XObject" not in str(page["/Resources"]), name
        assert "■" not in squeezed(page_texts(pdf)), name


def test_two_readers_find_the_same_words(made: list[tuple[str, str, bytes]]) -> None:
    for name, _, pdf in made:
        by_pypdf = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        assert sorted(squeezed(page_texts(pdf))) == sorted(squeezed(by_pypdf)), name


@pytest.mark.parametrize("code", ALPHABETS)
def test_every_letter_of_a_language_comes_back_as_it_was_written(
    whole: Typesetter, code: str
) -> None:
    alphabet = ALPHABETS[code]
    words = [alphabet[at : at + 8] for at in range(0, len(alphabet), 8)]
    letters = " ".join([*words, NEIGHBOURS])
    stops = nina().stops
    sheet = replace(nina(), stops=(replace(stops[0], detail=letters), *stops[1:]))
    for form in (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE):
        pdf = draw_traveller_sheet(sheet, whole.client(code), whole, form)
        assert squeezed(letters) in squeezed(page_texts(pdf)).replace("\ufffe", "")


@pytest.mark.skipif(PDFFONTS is None, reason="pdffonts (poppler) is not installed")
def test_poppler_finds_every_font_embedded_and_subset(
    made: list[tuple[str, str, bytes]], tmp_path: Path
) -> None:
    file = tmp_path / "paper.pdf"
    for name, _, pdf in made:
        file.write_bytes(pdf)
        listed = subprocess.run([str(PDFFONTS), file], capture_output=True, text=True, check=True)
        fonts = listed.stdout.splitlines()[2:]
        assert fonts, name
        for font in fonts:
            assert re.match(r"[A-Z]{6}\+NotoSans-", font), name
            assert re.search(r" yes yes yes +\d+ +0$", font), name


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler) is not installed")
def test_poppler_reads_the_same_words(made: list[tuple[str, str, bytes]], tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    for name, _, pdf in made:
        file.write_bytes(pdf)
        read = subprocess.run(
            [str(PDFTOTEXT), "-enc", "UTF-8", file, "-"], capture_output=True, check=True
        )
        text = read.stdout.decode("utf-8").replace("\x0c", "")
        assert sorted(squeezed([text])) == sorted(squeezed(page_texts(pdf))), name
