# SPDX-License-Identifier: GPL-3.0-or-later
"""Translators get the manual as `.po` files; the chapters come back from them byte for byte."""

import shutil
from pathlib import Path

import polib
import pytest
from tests.architecture.tree import ROOT

from extract_messages import read_language, save, written
from manual.manual_texts import (
    ManualError,
    Part,
    aligned,
    bring_up,
    chapter_of,
    chapters,
    languages,
    parts_of,
    place,
    read_chapters,
    updated,
)

ENGLISH = """# Backup

Make one each week.

- **Disk**: 5 % of it is enough.
- **Key**: keep it.

1. Plug it in.
2. Wait.
"""
SWEDISH = """# Säkerhetskopia

Gör en varje vecka.

- **Disk**: 5 % räcker.
- **Nyckel**: spara den.

1. Sätt i den.
2. Vänta.
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    put(tmp_path, "en", "backup", ENGLISH)
    put(tmp_path, "sv", "backup", SWEDISH)
    bring_up(tmp_path)
    return tmp_path


def put(root: Path, language: str, key: str, text: str) -> None:
    path = root / "resources" / "help" / language / f"{key}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def file_of(root: Path, language: str) -> polib.POFile:
    return polib.pofile(str(place(root, language)), wrapwidth=100)


def said(root: Path, language: str) -> dict[str, tuple[str, bool]]:
    """Return what stands for each English text, and whether it is a guess."""
    return {entry.msgid: (entry.msgstr, entry.fuzzy) for entry in file_of(root, language)}


@pytest.mark.parametrize("language", ["sv", "ru"])
def test_chapters_that_are_shipped_come_back_from_their_file_byte_for_byte(language: str) -> None:
    made = chapters(ROOT, language)
    shipped = sorted((ROOT / "resources" / "help" / language).glob("*.md"))
    assert sorted(made) == shipped
    assert [path.name for path in shipped if path.read_text("utf-8") != made[path]] == []


def test_english_chapters_are_their_parts() -> None:
    for key, parts in read_chapters(ROOT, "en").items():
        text = (ROOT / "resources" / "help" / "en" / f"{key}.md").read_text(encoding="utf-8")
        assert chapter_of(parts) == text
        assert parts[0].lead == "# "


@pytest.mark.parametrize("language", ["sv", "ru"])
def test_files_follow_the_chapters_and_nothing_waits_for_a_translator(language: str) -> None:
    assert languages(ROOT) == ["ru", "sv"]
    text = place(ROOT, language).read_text(encoding="utf-8")
    assert text == written(updated(ROOT, language), "manual")
    waiting = [one for one in file_of(ROOT, language) if one.fuzzy or not one.msgstr]
    assert waiting == []


def test_part_is_a_title_a_paragraph_a_line_of_a_list_or_a_step() -> None:
    parts = parts_of(ENGLISH)
    assert [(part.lead, part.kind) for part in parts] == [
        ("# ", "A title"), ("\n\n", ""), ("\n\n- ", "A line of a list"),
        ("\n- ", "A line of a list"), ("\n\n1. ", "A step"), ("\n2. ", "A step"),
    ]  # fmt: skip
    assert chapter_of(parts) == ENGLISH
    assert parts[1] == Part("\n\n", "Make one each week.")


@pytest.mark.parametrize("text", ["", "# Backup", "# Backup\n\n"])
def test_chapter_that_ends_oddly_is_refused(text: str) -> None:
    with pytest.raises(ManualError, match="line break"):
        parts_of(text)


def test_second_run_changes_nothing_and_no_percentage_is_a_place_to_fill(tree: Path) -> None:
    before = place(tree, "sv").read_bytes()
    assert bring_up(tree) == []
    assert place(tree, "sv").read_bytes() == before
    assert b"python-format" not in before
    assert chapters(tree, "sv") == {tree / "resources" / "help" / "sv" / "backup.md": SWEDISH}


@pytest.mark.parametrize(
    "other", [SWEDISH.replace("\n- **Nyckel**: spara den.", ""), SWEDISH + "\nMer.\n",
              SWEDISH.replace("1. ", "- "), SWEDISH.replace("# S", "S")],
)  # fmt: skip
def test_chapter_with_other_paragraphs_than_english_is_named(tree: Path, other: str) -> None:
    put(tree, "sv", "backup", other)
    with pytest.raises(ManualError, match=r"sv/backup\.md"):
        aligned(tree, "sv")


def test_same_words_in_a_chapter_are_translated_in_one_way(tree: Path) -> None:
    put(tree, "en", "backup", "# Backup\n\nWait.\n\nWait.\n")
    put(tree, "sv", "backup", "# Säkerhetskopia\n\nVänta.\n\nDröj.\n")
    with pytest.raises(ManualError, match="in two ways"):
        bring_up(tree)


def test_english_that_changed_alone_waits_for_a_translator(tree: Path) -> None:
    put(tree, "en", "backup", ENGLISH.replace("each week", "each day"))
    complaint = "sv/backup.md: the English changed: 'Make one each day.'"
    assert bring_up(tree) == [complaint]
    (entry,) = [one for one in file_of(tree, "sv") if one.fuzzy]
    assert (entry.msgid, entry.msgstr) == ("Make one each day.", "Gör en varje vecka.")
    assert entry.comment == "The English was: Make one each week."
    assert bring_up(tree) == [complaint]  # until somebody has looked
    assert chapters(tree, "sv")[tree / "resources" / "help" / "sv" / "backup.md"] == SWEDISH


def test_translation_that_changed_too_is_done(tree: Path) -> None:
    put(tree, "en", "backup", ENGLISH.replace("each week", "each day"))
    bring_up(tree)
    put(tree, "sv", "backup", SWEDISH.replace("varje vecka", "varje dag"))
    assert bring_up(tree) == []
    assert said(tree, "sv")["Make one each day."] == ("Gör en varje dag.", False)


def test_translator_may_say_that_the_words_still_fit(tree: Path) -> None:
    put(tree, "en", "backup", ENGLISH.replace("each week", "every week"))
    bring_up(tree)
    path = place(tree, "sv")
    path.write_text(path.read_text("utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    assert bring_up(tree) == []
    assert said(tree, "sv")["Make one every week."] == ("Gör en varje vecka.", False)


def test_fourth_language_begins_in_english_and_becomes_chapters(tree: Path) -> None:
    put(tree, "en", "door", "# Backup\n\nOpen it.\n")
    put(tree, "sv", "door", "# Kopian\n\nÖppna den.\n")
    assert len(bring_up(tree, ["et"])) == 8
    assert languages(tree) == ["et", "sv"]
    catalogue = file_of(tree, "et")
    for entry in catalogue:
        entry.msgstr = {"Make one each week.": "Tehke iga nädal."}.get(entry.msgid, "")
    catalogue.save()
    save(chapters(tree, "et").items())
    assert [part.text for part in read_chapters(tree, "et")["backup"]][:2] == [
        "Backup", "Tehke iga nädal.",
    ]  # fmt: skip


def test_language_without_chapters_remembers_words_that_moved_or_changed_a_little(
    tree: Path,
) -> None:
    bring_up(tree, ["et"])
    catalogue = file_of(tree, "et")
    for entry in catalogue:
        entry.msgstr = {"Make one each week.": "Tehke iga nädal.", "Backup": "Varukoopia"}.get(
            entry.msgid, ""
        )
    catalogue.save()
    put(tree, "en", "backup", ENGLISH.replace("each week", "each week or day"))
    put(tree, "en", "door", "# Backup\n\nQuite another text.\n")
    put(tree, "sv", "door", "# Kopian\n\nEn helt annan text.\n")
    bring_up(tree)
    found = said(tree, "et")
    assert found["Make one each week or day."] == ("Tehke iga nädal.", True)
    assert {one.msgstr for one in file_of(tree, "et") if one.msgid == "Backup"} == {"Varukoopia"}
    assert found["Quite another text."] == ("", False)


def test_chapters_are_not_written_over_without_a_file(tree: Path) -> None:
    place(tree, "sv").unlink()
    with pytest.raises(ManualError, match="begin it"):
        chapters(tree, "sv")


def test_file_is_read_by_other_tools(tree: Path) -> None:
    shutil.copyfile(place(tree, "sv"), tree / "copy.po")
    assert [entry.msgctxt for entry in file_of(tree, "sv")] == ["backup"] * 6
    assert len([one for one in read_language(tree / "copy.po", "sv") if one.id]) == 6
