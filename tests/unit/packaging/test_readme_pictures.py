# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of README are renewed from the gallery: each of them, whole, in all colours."""

import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtGui import QImage
from tests.architecture.tree import ROOT

from manual import readme_pictures

COLOUR = 0xFF1A5876


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """Create each page and paper that a picture is made of, named as the gallery names them."""
    folder = tmp_path / "demo"
    for source in readme_pictures.SOURCES.values():
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".pdf":
            paper = PdfDocument.new()
            paper.new_page(595, 842)
            paper.save(str(path))
        else:
            page = QImage(1280, 800, QImage.Format.Format_RGB32)
            page.fill(COLOUR)
            page.save(str(path))
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Create the folder of the pictures, with the ones of an older program."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in readme_pictures.SOURCES:
        (folder / name).write_bytes(b"of an older program")
    return folder


def test_pictures_that_readme_shows_are_those_that_are_renewed() -> None:
    shown = re.findall(r"\(docs/pictures/(\w+\.png)\)", (ROOT / "README.md").read_text("utf-8"))
    assert sorted(shown) == sorted(readme_pictures.SOURCES)
    assert sorted(path.name for path in readme_pictures.PICTURES.glob("*.png")) == sorted(shown)


def test_each_picture_is_renewed_at_its_size_and_in_its_colours(gallery: Path, kept: Path) -> None:
    size = readme_pictures.renew(gallery, kept)
    made = {path.name: QImage(str(path)) for path in kept.iterdir()}
    assert size == sum(path.stat().st_size for path in kept.iterdir())
    assert {name: (one.width(), one.height()) for name, one in made.items()} == {
        "today.png": (1280, 800), "consent.png": (1280, 800), "sheet.png": (833, 1179),
    }  # fmt: skip
    assert made["today.png"].pixel(5, 5) == COLOUR
    assert {one.depth() for one in made.values()} == {32}  # what Qt makes of 24 bits, no palette


def test_none_is_renewed_where_one_is_missing(gallery: Path, kept: Path) -> None:
    (gallery / readme_pictures.SOURCES["consent.png"]).unlink()
    with pytest.raises(ValueError, match="plan-consent"):
        readme_pictures.renew(gallery, kept)
    assert {path.read_bytes() for path in kept.iterdir()} == {b"of an older program"}
