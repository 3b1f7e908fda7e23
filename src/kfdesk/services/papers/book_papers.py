# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of the book: their rows, what prevents them, and what should be known before.

There are three classes. What is for the desk shows drafts, marked. What is for everybody shows a
public article as its custodian adopted it. What is for clients is that, and its finished page is
checked as a paper that is carried: every card for clients, and a leaflet or poster of an article
that has clients among its readers. This module draws nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

from kfdesk.domain.book.contents import (
    PAPER_KINDS_APART,
    SAID_KEYS,
    BookChapter,
    book_chapters,
    is_adopted,
)
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.book import Article, ArticleLink, ArticleText
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import text_or_empty
from kfdesk.services.core.session import Session
from kfdesk.services.papers.inputs import PaperInputs

_RETIRED = "retired"
_NAMED = frozenset({"public", "partners_only", "circle"})
"""The classes of organisations that the index of the book names."""


def gather_book(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the book, or an article with those under it. It stays here. Raise `record.missing`."""
    rows, ours = _rows(desk, order), desk.identity.organisation
    names = {}
    for row in rows:
        target = view(row, ArticleLink).record.target if row.type == "article_link" else None
        entry = desk.store.row(bytes.fromhex(target)) if isinstance(target, str) else None
        if entry is not None and entry.type == "organisation" and not is_deleted(entry.state):
            record = view(entry, Organisation).record
            if record.confidentiality in _NAMED:
                names[entry.rid.hex()] = text_or_empty(record.name)
    return PaperInputs(rows, (), Recipient(RecipientKind.OWN, ours), ours, names)


def book_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if there is nothing to print, and one if a text is in conflict."""
    rows = _rows(desk, order)
    chapters, _ = _chapters(rows, order)
    if not chapters:
        yield KfdeskError("book.nothing")
    texts = _texts(rows)
    spoken = {(one.row.parent, text_or_empty(one.record.language)) for one in texts}
    is_torn = any(text.conflicts & {*SAID_KEYS, "language"} for text in texts)
    if is_torn or len(spoken) < len(texts):
        yield KfdeskError("book.undecided")


def book_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield how many articles are left out, stand in another language, or are drafts."""
    chapters, left_out = _chapters(_rows(desk, order), order)
    if left_out:
        yield KfdeskError("paper.book_left_out", count=left_out)
    others = sum(one.is_other_language for one in chapters)
    if others:
        yield KfdeskError("paper.book_other_language", count=others)
    drafts = sum(one.is_draft for one in chapters)
    if drafts:
        yield KfdeskError("paper.book_drafts", count=drafts)


def gather_article(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather one article with its texts. Raise KfdeskError `record.missing`.

    If clients are among its readers, its finished page is checked, whatever paper it is.
    """
    ours, head = desk.identity.organisation, view(_head(desk, order.subject), Article)
    rows = tuple(_with_texts(desk, (head.row,)))
    readers = head.record.audience
    is_theirs = (isinstance(readers, tuple) and "client" in readers) or "audience" in head.conflicts
    recipient = Recipient(RecipientKind.OWN, ours)
    return PaperInputs(rows, (), recipient, ours, is_for_clients=is_theirs)


def public_article_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what keeps an article from being printed for others, in this language."""
    head = view(_head(desk, order.subject), Article)
    is_public = head.record.confidentiality == "public"
    if not is_public or "confidentiality" in head.conflicts:
        yield KfdeskError("paper.book_not_public")
    texts = [
        one for one in _texts(_with_texts(desk, (head.row,)))
        if text_or_empty(one.record.language) == order.language
    ]  # fmt: skip
    if not texts:
        yield KfdeskError("paper.book_no_text")
    elif any(one.conflicts & {*SAID_KEYS} for one in texts) or len(texts) > 1:
        yield KfdeskError("book.undecided")
    elif not is_adopted(head, texts[0]):
        yield KfdeskError("paper.book_not_adopted")


def staff_card_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield the same, and a fault if clients are among the readers: their card is checked."""
    head = view(_head(desk, order.subject), Article)
    readers = head.record.audience
    if not isinstance(readers, tuple) or "client" in readers or "audience" in head.conflicts:
        yield KfdeskError("paper.book_for_clients")
    yield from public_article_obstacles(desk, order)


def _chapters(rows: tuple[Row, ...], order: PaperRequest) -> tuple[tuple[BookChapter, ...], int]:
    heads = [view(row, Article) for row in rows if row.type == "article"]
    return book_chapters(
        heads, _texts(rows), order.language, order.beside, is_whole=not order.subject
    )


def _texts(rows: Iterable[Row]) -> list[RecordView[ArticleText]]:
    return [view(row, ArticleText) for row in rows if row.type == "article_text"]


def _head(desk: Session, article: bytes) -> Row:
    row = desk.store.row(article)
    if row is None or row.type != "article" or is_deleted(row.state):
        raise KfdeskError("record.missing")
    return row


def _rows(desk: Session, order: PaperRequest) -> tuple[Row, ...]:
    """Return the articles in use with their texts, links and the editions of the book."""
    heads = [row for row in desk.store.rows("article") if not is_deleted(row.state)]
    if order.subject:
        return tuple(_with_texts(desk, _with_those_under(_head(desk, order.subject), heads)))
    used = [
        row for row in heads
        if (record := view(row, Article).record).status != _RETIRED
        and record.kind not in PAPER_KINDS_APART
    ]  # fmt: skip
    editions = (row for row in desk.store.rows("edition") if not is_deleted(row.state))
    return (*_with_texts(desk, used), *editions)


def _with_those_under(head: Row, heads: Sequence[Row]) -> list[Row]:
    """Return an article and all that stand under it, however deep, each once."""
    above = {row.rid: text_or_empty(view(row, Article).record.above) for row in heads}
    found, fresh = {head.rid}, {head.rid}
    while fresh:
        names = {rid.hex() for rid in fresh}
        fresh = {rid for rid, name in above.items() if name in names} - found
        found |= fresh
    return [row for row in heads if row.rid in found]


def _with_texts(desk: Session, heads: Iterable[Row]) -> Iterator[Row]:
    for head in heads:
        yield head
        for row in desk.store.children(head.rid):
            if row.type in ("article_text", "article_link") and not is_deleted(row.state):
                yield row
