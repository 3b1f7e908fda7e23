# SPDX-License-Identifier: GPL-3.0-or-later
"""The chapters of the manual: which there are, which one a page has, which ones have words.

A chapter is a file `resources/help/<language>/<key>.md`, whose first line is its title. To add
one, write it in each language under the same name, and put its key into CHAPTERS where it is to
stand; a test compares the languages. A page of the window gets its chapter by the key of its
place. Nothing here draws, and nothing knows a store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.letters.folding import Word, fits, fold

CHAPTERS = (
    "first_steps", "coordinator", "partner", "today", "plans", "person", "consent", "risk",
    "decision", "travel", "support", "follow_up", "notes", "documents", "keeping", "contacts",
    "exchange", "print", "history", "backup", "special_days", "repair", "settings", "door",
    "withdrawal", "promises",
)  # fmt: skip
FIRST = CHAPTERS[0]
PICTURED: Mapping[str, str] = {
    "today": "today",
    "plans": "plans",
    "person": "plan-person",
    "consent": "plan-consent",
    "risk": "plan-risk",
    "decision": "plan-decision",
    "travel": "plan-travel",
    "support": "plan-after-support",
    "follow_up": "plan-after-follow_up",
    "notes": "plan-notes",
    "contacts": "contacts",
    "exchange": "exchange",
    "print": "print",
    "backup": "backup",
    "settings": "settings",
    "door": "unlock",
}
"""Chapters that show a page, and how the gallery calls it."""
_PICTURES = "pictures"
_OTHERWISE = "en"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its key, its title, its whole text in Markdown, and its words, folded.

    `picture` is a file that shows its page, where the program was packaged with pictures.
    """

    key: str
    title: str
    text: str
    words: tuple[Word, ...]
    picture: Path | None = None


def read_chapters(folder: Path, language: str) -> tuple[Chapter, ...]:
    """The manual in a language, in order; English where it was not written in that language."""
    spoken = folder / language
    if not spoken.is_dir():
        spoken = folder / _OTHERWISE
    return tuple(_read(spoken / f"{key}.md", key) for key in CHAPTERS)


def picture_file(folder: Path, language: str, key: str) -> Path:
    """Where the picture of a chapter lies in a manual, in a language, if it has been made."""
    return folder / _PICTURES / language / f"{key}.png"


def chapter_at(place: str) -> str:
    """The key of the chapter about a place of the desk, which may go on into a section of a plan.

    `place` is what the desk says of where one is, such as `plans/<id>/travel`.
    """
    parts = place.split("/")
    return next((part for part in reversed(parts) if part in CHAPTERS), FIRST)


def chapters_with(chapters: Sequence[Chapter], typed: str) -> tuple[Chapter, ...]:
    """The chapters in which each typed word begins a word; all where nothing was typed.

    Those come first that have it in the title.
    """
    looked_for = fold(typed)
    if not looked_for:
        return tuple(chapters)
    found = [chapter for chapter in chapters if fits(chapter.words, looked_for)]
    return tuple(sorted(found, key=lambda chapter: not fits(fold(chapter.title), looked_for)))


def _read(file: Path, key: str) -> Chapter:
    text = file.read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ").strip()
    picture = picture_file(file.parents[1], file.parent.name, key)
    return Chapter(key, title, text, fold(text), picture if picture.is_file() else None)
