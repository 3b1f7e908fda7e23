# SPDX-License-Identifier: GPL-3.0-or-later
"""The book as a whole in one language, as files and papers have it.

No parts of a text: those are read where it is drawn or written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kfdesk.domain.book.order import TreeArticle, in_tree
from kfdesk.domain.book.paragraphs import text_digest
from kfdesk.domain.records.book import Article, ArticleText
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import text_in_language, text_or_empty

PAPER_KINDS_APART = frozenset({"leaflet", "card", "poster"})
"""Kinds of articles that are papers of their own, and no chapters."""
SAID_KEYS = ("title", "summary", "body")
"""The fields of an article's text that are its words."""


@dataclass(frozen=True, slots=True)
class BookChapter:
    """An article as it stands in a book. `language` is its text's, which may be another.

    `is_other_language`: the book's language lacks it, so that another text stands here.
    `is_draft`: it is not adopted as it stands. `rid` is the article's id.
    """

    slug: str
    language: str
    title: str
    summary: str = ""
    body: str = ""
    depth: int = 0
    kind: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licence: str = ""
    is_other_language: bool = False
    is_draft: bool = False
    rid: bytes = b""


@dataclass(frozen=True, slots=True)
class BookWords:
    """The book's own words in its language, such as the headings of its parts."""

    contents: str
    sources: str
    original: str
    draft: str
    made: str


@dataclass(frozen=True, slots=True)
class BookContents:
    """A book: its language, its name, its edition, its chapters in order, and its own words."""

    language: str
    title: str
    edition: str
    dated: date
    licence: str
    chapters: tuple[BookChapter, ...]
    words: BookWords


def adopted_line(text: ArticleText) -> str:
    """Return the line by which `Article.adopted` names a text: its language and its digest."""
    language, *said = (text_or_empty(getattr(text, key)) for key in ("language", *SAID_KEYS))
    return f"{language} {text_digest(language, said[0], said[1], said[2])}"


def is_adopted(head: RecordView[Article], text: RecordView[ArticleText]) -> bool:
    """Return whether a text says exactly what its article's custodian adopted."""
    if "adopted" in head.conflicts or text.conflicts & {"language", *SAID_KEYS}:
        return False
    return adopted_line(text.record) in text_or_empty(head.record.adopted).splitlines()


def text_order(
    head: RecordView[Article], texts: Iterable[RecordView[ArticleText]]
) -> list[RecordView[ArticleText]]:
    """Return the texts of an article in the order in which they count, the same everywhere.

    Of several in one language the one comes first that is adopted, then one of the article's
    custodian: a member's second text takes the place of none.
    """
    whose = head.row.custodian
    return sorted(
        texts, key=lambda one: (not is_adopted(head, one), one.row.custodian != whose, one.rid)
    )


def book_chapters(
    heads: Iterable[RecordView[Article]],
    texts: Iterable[RecordView[ArticleText]],
    language: str,
    beside: str,
    *,
    is_whole: bool = True,
) -> tuple[tuple[BookChapter, ...], int]:
    """Return the chapters of a book in a language, and how many articles are left out of it.

    An article that lacks the language stands in `beside`, if it has that. The whole book is
    without leaflets, cards and posters.
    """
    below: dict[bytes, list[RecordView[ArticleText]]] = {}
    for text in texts:
        below.setdefault(text.row.parent or b"", []).append(text)
    chapters: list[BookChapter] = []
    left_out = 0
    for one in in_tree(heads):
        if is_whole and one.view.record.kind in PAPER_KINDS_APART:
            continue
        found: dict[str, RecordView[ArticleText]] = {}
        for text in text_order(one.view, below.get(one.view.rid, ())):
            found.setdefault(text_or_empty(text.record.language), text)
        shown = found.get(language) or (found.get(beside) if beside else None)
        if shown is not None:
            chapters.append(_chapter(one, shown, is_other=shown.record.language != language))
        else:
            left_out += 1
    return tuple(chapters), left_out


def edition_lines(chapters: Iterable[BookChapter]) -> list[str]:
    """Return the contents of an edition: a line with the name and the digest of each text."""
    return [
        f"{one.slug} {text_digest(one.language, one.title, one.summary, one.body)}"
        for one in chapters
    ]


def _chapter(one: TreeArticle, text: RecordView[ArticleText], *, is_other: bool) -> BookChapter:
    head, said = one.view.record, text.record
    language = text_or_empty(said.language)
    told = head.sources if isinstance(head.sources, tuple) else ()
    sources = text_in_language(told, language, *(each.language for each in told)) or ""
    return BookChapter(
        one.slug,
        language,
        " ".join(text_or_empty(said.title).split()),
        " ".join(text_or_empty(said.summary).split()),
        text_or_empty(said.body),
        one.depth,
        text_or_empty(head.kind),
        tuple(map(str, head.tags)) if isinstance(head.tags, tuple) else (),
        tuple(" ".join(each.split()) for each in sources.split("\n") if each.strip()),
        text_or_empty(head.licence),
        is_other,
        not is_adopted(one.view, text),
        one.view.rid,
    )
