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
from kfdesk.ui.numbered_pictures import NUMBERED_PICTURES
from kfdesk.ui.shell.help import (
    CHAPTER_PICTURES,
    CHAPTERS,
    NUMBERS,
    Chapter,
    picture_file,
    read_chapters,
)
from manual import manual_pictures


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Create a page for each picture, named as the gallery names its files."""
    folder = tmp_path / "pages"
    folder.mkdir()
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    image.fill(0x1A5876)
    for picture in manual_pictures.pictured(folder):
        image.save(str(picture.page))
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
    each = len(CHAPTER_PICTURES) + len(NUMBERED_PICTURES)
    assert len(made) == len(PROGRAM_LANGUAGES) * each
    assert size == sum(path.stat().st_size for path in made)
    whole = {path for path in made if path.stem in CHAPTER_PICTURES}
    assert {QImage(str(path)).width() for path in whole} == {manual_pictures.WIDTH}
    assert {QImage(str(path)).width() for path in {*made} - whole} == {640}  # as it was taken


USERS = ("first_steps", "coordinator", "partner")  # who read them with the program before them


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("chapter", USERS)
def test_chapter_of_a_user_names_each_number_of_its_pictures_in_order(
    language: str, chapter: str
) -> None:
    text = (ROOT / "resources" / "help" / language / f"{chapter}.md").read_text(encoding="utf-8")
    named = [
        "".join(sign for sign in line if sign in NUMBERS)
        for line in text.splitlines()
        if any(sign in NUMBERS for sign in line)
    ]
    pictures = [each for each in NUMBERED_PICTURES if each.chapter == chapter]
    assert len(pictures) >= 3
    assert [each.number for each in pictures] == [*range(1, len(pictures) + 1)]
    assert named == [NUMBERS[: each.places] for each in pictures]


def test_only_chapters_with_numbered_pictures_name_numbers() -> None:
    pictured = {each.chapter for each in NUMBERED_PICTURES}
    files = (ROOT / "resources" / "help").rglob("*.md")
    named = {file.stem for file in files if set(NUMBERS) & set(file.read_text(encoding="utf-8"))}
    assert named == pictured == set(USERS)


def test_numbers_are_read_only_where_all_pictures_of_the_chapter_are(
    pages: Path, tmp_path: Path
) -> None:
    manual = Path(shutil.copytree(ROOT / "resources" / "help", tmp_path / "help"))
    shutil.rmtree(manual / "pictures", ignore_errors=True)

    def partner() -> Chapter:
        (found,) = (each for each in read_chapters(manual, "ru") if each.key == "partner")
        return found

    plain = partner()
    assert (plain.numbered, set(NUMBERS) & set(plain.text)) == ((), set())
    assert "раньше, Ваше и их." in plain.text
    manual_pictures.make(pages, manual)
    assert [path.name for path in partner().numbered] == [
        "partner-1.png", "partner-2.png", "partner-3.png",
    ]  # fmt: skip
    assert "раньше ①, Ваше ② и их ③." in partner().text
    picture_file(manual, "ru", "partner-2").unlink()
    assert partner() == plain


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

SOME = 15  # the door, today and the plans, in each language, with two numbered pictures
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
    assert {"today-sv-light.png", "first_steps-1-ru-light.png"} <= first.keys()
    assert {"plans-ru-light.png", "first_steps-4-en-light.png"} <= first.keys()
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
