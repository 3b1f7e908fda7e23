# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of a text of the book: how it stood before, and in which editions it stands.

Former texts are kept as long as every other replaced value (`services/core/history.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kfdesk.domain.book.paragraphs import text_digest
from kfdesk.domain.records.book import Edition
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import text_or_empty
from kfdesk.services.book.articles import BookArticle, BookText
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.history import ValueLine, read_record_history
from kfdesk.services.core.session import Session

_MOST_FORMER = 12


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition that has the text; `is_same` if it stands there as it does now."""

    view: RecordView[Edition]
    is_same: bool


@dataclass(frozen=True, slots=True)
class TextVersions:
    """The former texts of an article in a language, newest first, and its editions by day."""

    former: tuple[ValueLine, ...] = field(default=(), repr=False)
    editions: tuple[EditionLine, ...] = ()


def read_versions(desk: Session, article: BookArticle, text: BookText) -> TextVersions:
    """Return how a text stood before. Raise KfdeskError `record.missing` or `user.not_allowed`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    former = (
        line
        for line in read_record_history(desk, text.view.rid).lines
        if line.key == "body" and line.replaced is not None and isinstance(line.value, str)
    )
    editions = sorted(_editions(desk, article, text), key=lambda one: str(one.view.record.dated))
    return TextVersions(tuple(former)[:_MOST_FORMER], tuple(reversed(editions)))


def _editions(desk: Session, article: BookArticle, text: BookText) -> Iterator[EditionLine]:
    title, summary = (" ".join(one.split()) for one in (text.title, text.summary))
    line = f"{article.tree.slug} {text_digest(text.language, title, summary, text.body)}"
    for row in desk.store.rows("edition"):
        seen = view(row, Edition)
        contents = text_or_empty(seen.record.contents).splitlines()
        is_in = any(one.startswith(f"{article.tree.slug} ") for one in contents)
        if is_in and seen.record.language == text.language and not is_deleted(row.state):
            yield EditionLine(seen, line in contents)
