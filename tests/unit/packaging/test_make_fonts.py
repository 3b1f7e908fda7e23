# SPDX-License-Identifier: GPL-3.0-or-later
"""The faces in `resources/fonts`: every letter we write, even digits, names that Qt reads."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from tests.support.samples import first

from kfdesk.documents.layout.right_to_left import as_drawn
from make_fonts import ARABIC_FACES, ARABIC_LETTERS, FACES, cut_face, make_fonts

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
LIMIT = 1_000_000

ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "sv": "åäöé",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "et": "šžõäöü",
    "lv": "āčēģīķļņšūž",
    "lt": "ąčęėįšųūž",
    "fi": "åäöšž",
    "pl": "ąćęłńóśźż",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "ro": "ăâîșțşţ",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяʼ",
    "de": "äöüßẞ",
    "neighbours": "æøþðőűčďěňřťůýçğıİñàèêëïôœ",
}
SIGNS = "0123456789 \u00a0\u202f.,:;!?…-–—‐−'’‘\"“”„«»()[]/&%‰№§°·•+±×=<>@#*_|~€£$©™"
WEIGHTS = {
    "NotoSans-Regular.ttf": ("Noto Sans", "Regular", 400),
    "NotoSans-Italic.ttf": ("Noto Sans", "Italic", 400),
    "NotoSans-Medium.ttf": ("Noto Sans", "Medium", 500),
    "NotoSans-SemiBold.ttf": ("Noto Sans", "SemiBold", 600),
    "NotoSans-Bold.ttf": ("Noto Sans", "Bold", 700),
}


def lacking(face: str, wanted: str) -> str:
    with TTFont(FONTS / face) as font:
        known = font.getBestCmap()
    return "".join(sign for sign in wanted if ord(sign) not in known)


@pytest.mark.parametrize("face", sorted(FACES))
def test_face_has_every_letter_and_sign_that_we_write(face: str) -> None:
    letters = "".join(ALPHABETS.values())
    assert lacking(face, letters + letters.upper() + SIGNS) == ""


@pytest.mark.parametrize("face", sorted(FACES))
def test_digits_of_a_face_are_of_one_width(face: str) -> None:
    with TTFont(FONTS / face) as font:
        names, widths = font.getBestCmap(), font["hmtx"].metrics
        assert len({widths[names[ord(digit)]][0] for digit in "0123456789"}) == 1


@pytest.mark.parametrize("face", first(1, sorted(FACES)))
def test_face_kerns_and_places_accents(face: str) -> None:
    with TTFont(FONTS / face) as font:
        kept = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
    assert {"kern", "mark"} <= kept


@pytest.mark.parametrize("face", sorted(FACES))
def test_face_is_known_by_its_family_style_and_weight(face: str) -> None:
    with TTFont(FONTS / face) as font:
        family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
        style = font["name"].getDebugName(17) or font["name"].getDebugName(2)
        assert (family, style, font["OS/2"].usWeightClass) == WEIGHTS[face]


def test_faces_together_are_small_and_stand_beside_their_licence() -> None:
    assert sum((FONTS / face).stat().st_size for face in FACES) < LIMIT
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum((FONTS / face).stat().st_size for face in ARABIC_FACES) < LIMIT / 10
    assert {path.name for path in FONTS.iterdir()} == {*FACES, *ARABIC_FACES, "OFL.txt"}


@pytest.mark.parametrize("face", ARABIC_FACES)
def test_arabic_face_has_each_form_in_which_a_letter_is_drawn(face: str) -> None:
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة،؛؟"
    drawn = as_drawn(letters + " ".join(letters) + " ببب ققق لا الأ پپ چچ ژ گگ")
    assert lacking(face, drawn.replace(" ", "")) == ""


@pytest.mark.slow
def test_cutting_an_arabic_face_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once.ttf", "again.ttf"):
        cut_face(FONTS / ARABIC_FACES[0], tmp_path / name, ARABIC_LETTERS)
    assert (tmp_path / "once.ttf").read_bytes() == (tmp_path / "again.ttf").read_bytes()


@pytest.mark.slow
def test_cutting_again_gives_the_same_bytes(tmp_path: Path) -> None:
    face = FONTS / "NotoSans-Regular.ttf"
    cut_face(face, tmp_path / "once.ttf")
    cut_face(face, tmp_path / "again.ttf")
    assert (tmp_path / "once.ttf").read_bytes() == (tmp_path / "again.ttf").read_bytes()


def test_package_without_a_face_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_fonts(tmp_path / "package", tmp_path / "fonts")
