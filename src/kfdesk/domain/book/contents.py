# SPDX-License-Identifier: GPL-3.0-or-later
"""The book as a whole in one language, as files and papers have it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BookChapter:
    """An article as it stands in a book. `language` is its text's, which may be another.

    `is_other_language`: the book's language lacks it, so that the original stands here.
    `is_draft`: it is not adopted as it stands.
    """

    slug: str
    language: str
    title: str
    summary: str
    body: str
    depth: int = 0
    kind: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    is_other_language: bool = False
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class BookContents:
    """A book: its language, its name, its edition, and its chapters in order.

    `words` are the sentences of the book itself in its language, by their English text.
    """

    language: str
    title: str
    edition: str
    dated: date
    licence: str
    chapters: tuple[BookChapter, ...]
    words: "BookWords"


@dataclass(frozen=True, slots=True)
class BookWords:
    """What a book says itself, in its language."""

    contents: str
    sources: str
    original: str
    draft: str
    made: str
