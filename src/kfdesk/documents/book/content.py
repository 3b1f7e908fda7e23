# SPDX-License-Identifier: GPL-3.0-or-later
"""Content of the papers of the book: what was disclosed, as chapters in the ordered language.

No drawing and no store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kfdesk.documents.typesetting import disclosed_views
from kfdesk.domain.book.contents import BookChapter, book_chapters, edition_lines
from kfdesk.domain.codes.book import ARTICLE_TAGS
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.book import Article, ArticleLink, ArticleText, Edition
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text


@dataclass(frozen=True, slots=True)
class PrintedBook:
    """A book as its paper says it. `edition` is empty unless it is exactly an edition.

    `names` has the organisations that an article leads to, by the article's id.
    """

    chapters: tuple[BookChapter, ...]
    left_out: int
    edition: str
    names: Mapping[bytes, tuple[str, ...]]

    @property
    def licences(self) -> str:
        """The licences of its chapters, each once."""
        return ", ".join(dict.fromkeys(one.licence for one in self.chapters if one.licence))


def read_book(
    order: PaperRequest, what: Disclosed, about: PrintContext, words: Language
) -> PrintedBook:
    """Return the book of a request, whole or one article with those under it."""
    heads, texts = disclosed_views(what, Article), disclosed_views(what, ArticleText)
    is_whole = not order.subject
    chapters, left_out = book_chapters(
        heads, texts, order.language, order.beside, is_whole=is_whole
    )
    names: dict[bytes, tuple[str, ...]] = {}
    for given in what.rows:
        if given.type == "article_link" and given.parent is not None:
            target = text_or_empty(view(given.row, ArticleLink).record.target)
            name = about.names.get(target, "")
            if name:
                names[given.parent] = (*names.get(given.parent, ()), name)
    edition = _edition(disclosed_views(what, Edition), chapters, words) if is_whole else ""
    return PrintedBook(chapters, left_out, edition, names)


def one_article(order: PaperRequest, what: Disclosed) -> BookChapter:
    """Return the article of a leaflet, a card or a poster. Raise `paper.book_no_text`."""
    heads, texts = disclosed_views(what, Article), disclosed_views(what, ArticleText)
    chapters, _ = book_chapters(heads, texts, order.language, "", is_whole=False)
    if not chapters:
        raise KfdeskError("paper.book_no_text")
    return chapters[0]


def tag_name(code: str, words: Language) -> str:
    """Return the name of a tag; a code of a newer program as it is."""
    return words.gettext(ARTICLE_TAGS[code]) if code in ARTICLE_TAGS else code


def _edition(
    editions: Iterable[RecordView[Edition]], chapters: Iterable[BookChapter], words: Language
) -> str:
    """Return the name of the edition that has exactly these chapters; empty if none has."""
    lines = edition_lines(chapters)
    for one in editions:
        record = one.record
        is_same = text_or_empty(record.contents).splitlines() == lines
        if is_same and record.language == words.code:
            title, number = localized_text(record.title, words), text_or_empty(record.number)
            return " · ".join(filter(None, (title, number)))
    return ""
