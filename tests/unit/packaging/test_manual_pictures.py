# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the manual: made of the pages of now, small, and never kept beside the source."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from tests.architecture.tree import ROOT

from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.ui.shell.help import CHAPTER_PICTURES, CHAPTERS, picture_file, read_chapters
from manual import manual_pictures


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Create a page for each picture, named as the gallery names its files."""
    folder = tmp_path / "pages"
    folder.mkdir()
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    image.fill(0x1A5876)
    for page, _, _ in manual_pictures.pictured(folder):
        image.save(str(page))
    return folder


def test_each_pictured_chapter_has_a_small_picture_in_each_language(
    pages: Path, tmp_path: Path
) -> None:
    manual = tmp_path / "help"
    stale = picture_file(manual, "sv", "gone")
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"of a program that no longer is")
    size = manual_pictures.make(pages, manual)
    made = sorted((manual / "pictures").rglob("*.png"))
    assert len(made) == len(PROGRAM_LANGUAGES) * len(CHAPTER_PICTURES)
    assert size == sum(path.stat().st_size for path in made)
    assert {QImage(str(path)).width() for path in made} == {manual_pictures.WIDTH}


def test_chapters_beside_the_pictures_stay_as_they_are(pages: Path, tmp_path: Path) -> None:
    manual = Path(shutil.copytree(ROOT / "resources" / "help", tmp_path / "help"))
    chapters = sorted(manual.rglob("*.md"))
    assert chapters
    for _ in range(2):
        manual_pictures.make(pages, manual)
        assert sorted(manual.rglob("*.md")) == chapters


def test_page_that_was_not_taken_is_missed(pages: Path, tmp_path: Path) -> None:
    (pages / "today-ru-light.png").unlink()
    with pytest.raises(ValueError, match="today-ru-light"):
        manual_pictures.make(pages, tmp_path / "help")


def test_chapters_that_are_pictured_are_those_of_the_manual(tmp_path: Path) -> None:
    assert set(CHAPTER_PICTURES) <= set(CHAPTERS)
    for chapter in read_chapters(ROOT / "resources" / "help", "sv"):
        assert chapter.picture is None or chapter.key in CHAPTER_PICTURES


def test_no_picture_is_kept_beside_the_source() -> None:
    kept = subprocess.run(
        ["git", "ls-files", "resources/help/*.png"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert kept.stdout == ""
