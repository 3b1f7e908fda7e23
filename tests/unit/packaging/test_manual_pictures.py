# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the manual: made of the pages of now, small, and never kept beside the source.

The same tree gives the same pictures, whenever they are taken.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from tests.architecture.tree import ROOT

from kfdesk.demo import people, story
from kfdesk.domain.rows import Row
from kfdesk.domain.version import RELEASE_DAY
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.exchange import partners
from kfdesk.system.clock import SystemClock
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


# --- the same each time

SOME = 9  # pages: the door, today and the plans, in each language
TAKE = """
import sys
from itertools import islice
from pathlib import Path
from manual import manual_pictures
place = Path(sys.argv[1])
manual_pictures.set_process(place / "settings")
pages = manual_pictures.take_pages(place / "demo")
print(*(page.name for page in islice(pages, int(sys.argv[2]))), sep="\\n")
pages.close()
"""


def take(folder: Path, seed: str) -> dict[str, bytes]:
    """Take the first pages in another process, whose sets have another order; by their names."""
    around = {"PYTHONHASHSEED": seed, "TZ": ("Asia/Tbilisi", "UTC")[int(seed) % 2]}
    own = (str(ROOT / each) for each in ("src", "packaging"))
    paths = os.pathsep.join((*own, os.environ["PYTHONPATH"]))
    done = subprocess.run(
        [sys.executable, "-c", TAKE, str(folder), str(SOME)], env=os.environ | around
        | {"PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    pages = folder / "demo" / "pages"
    return {name: (pages / name).read_bytes() for name in done.stdout.splitlines()}


@pytest.mark.slow
def test_pages_that_are_taken_twice_are_the_same_bytes(tmp_path: Path) -> None:
    first, second = (take(tmp_path / seed, seed) for seed in "12")
    assert len(first) == SOME
    assert {"today-sv-light.png", "plans-ru-light.png"} <= first.keys()
    assert [name for name in first if first[name] != second.get(name)] == []


def begin_story(folder: Path) -> tuple[str, list[Row]]:
    """Begin the story, and return the partner's digits and the plan's records."""
    machine = manual_pictures.fixed_machine()
    begun = story.create_story(folder, machine, manual_pictures.partner_here(machine))
    rows = list(begun.ours.store.children(begun.plan))
    digits = partners.verification_digits(begun.ours, begun.partner)
    begun.ours.store.close()
    return digits, rows


def test_story_that_is_played_twice_has_the_same_records_and_digits(tmp_path: Path) -> None:
    first, second = begin_story(tmp_path / "one"), begin_story(tmp_path / "two")
    assert first == second
    assert len(first[1]) > 2


def test_time_of_the_pictures_is_not_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_clock: SystemClock) -> None:
        raise AssertionError

    monkeypatch.setattr(SystemClock, "now", asked)
    clock = manual_pictures.fixed_machine().clock
    first, second = clock.now(), clock.now()
    assert (first.date(), first.tzname()) == (RELEASE_DAY, "CET")
    assert (second - first).total_seconds() == 0.001
    assert not clock.drift()
    assert people.zoned_time(first) == people.zoned_time(second)
