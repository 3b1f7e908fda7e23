# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual: the same chapters in each language, links that lead somewhere, found words."""

import re
from pathlib import Path

import pytest

from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.system import paths
from kfdesk.ui.shell.help import (
    CHAPTERS,
    FIRST_CHAPTER,
    chapter_for_place,
    read_chapters,
    search_chapters,
)

HELP = paths.resources_folder() / "help"
_LINK = re.compile(r"\]\(([^)]*)\)")
_SHAPE = re.compile(r"(?m)^(#+ |- |\d\. )")
_KEY = re.compile(r"\b(?:F\d+|(?:Ctrl|Alt|Shift)\+\w\b|Ins\b)")


def chapter_text(language: str, key: str) -> str:
    return (HELP / language / f"{key}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_every_language_has_every_chapter_and_no_other(language: str) -> None:
    assert {file.stem for file in (HELP / language).iterdir()} == set(CHAPTERS)
    assert all(chapter.title for chapter in read_chapters(HELP, language))


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("key", CHAPTERS)
def test_chapter_begins_with_its_title_and_leads_only_to_chapters(language: str, key: str) -> None:
    text = chapter_text(language, key)
    assert text.startswith("# ")
    assert set(_LINK.findall(text)) <= set(CHAPTERS) - {key}
    assert "<" not in text


@pytest.mark.parametrize("language", [code for code in PROGRAM_LANGUAGES if code != "en"])
@pytest.mark.parametrize("key", CHAPTERS)
def test_translation_has_the_parts_the_links_and_the_keys_of_the_original(
    language: str, key: str
) -> None:
    original, translated = chapter_text("en", key), chapter_text(language, key)
    for pattern in (_SHAPE, _LINK):
        assert pattern.findall(translated) == pattern.findall(original)
    assert sorted(_KEY.findall(translated)) == sorted(_KEY.findall(original))


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_first_hour_after_an_alarm_is_short_and_numbered(language: str) -> None:
    """A shelter worker reads it at night, beside a telephone."""
    text = chapter_text(language, "first_hour")
    steps = re.findall(r"(?m)^(\d)\. \*\*", text)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert 5 <= len(steps) <= 9
    assert len(text.split()) <= 340
    assert "112" in text
    assert CHAPTERS.index("first_hour") < CHAPTERS.index("today")
    for chapter in ("travel",):
        assert "first_hour" in _LINK.findall(chapter_text(language, chapter))


@pytest.mark.parametrize(
    ("place", "chapter"),
    [
        ("today", "today"),
        ("plans", "plans"),
        ("plans/0f3c/travel", "travel"),
        ("plans/new/0f3c", "plans"),
        ("exchange", "exchange"),
        ("somewhere", FIRST_CHAPTER),
        ("", FIRST_CHAPTER),
    ],
)
def test_place_has_its_chapter(place: str, chapter: str) -> None:
    assert chapter_for_place(place) == chapter


def test_language_without_a_manual_has_the_english_one(tmp_path: Path) -> None:
    assert [chapter.text for chapter in read_chapters(HELP, "et")] == [
        chapter.text for chapter in read_chapters(HELP, "en")
    ]
    with pytest.raises(FileNotFoundError):
        read_chapters(tmp_path, "en")


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [
        ("en", "backup", "backup"),
        ("sv", "sakerhetskopia", "backup"),
        ("sv", "Skriv ut", "print"),
        ("ru", "согласие", "consent"),
        ("ru", "soglasie", "consent"),
        ("ru", "прин", "print"),
    ],
)
def test_words_lead_to_chapters_in_other_letters_too(language: str, typed: str, first: str) -> None:
    found = search_chapters(read_chapters(HELP, language), typed)
    assert first in [chapter.key for chapter in found]


def test_chapter_with_the_words_in_its_title_comes_first() -> None:
    chapters = read_chapters(HELP, "en")
    found = search_chapters(chapters, "today")
    assert found[0].key == "today"
    assert len(found) > 1
    assert search_chapters(chapters, "  ") == chapters
    assert search_chapters(chapters, "xylophone") == ()
