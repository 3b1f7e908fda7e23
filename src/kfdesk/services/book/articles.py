# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles of the book: read them, begin one or a translation, adopt, join and delete.

Every member of an article's network writes in its texts; the ordinary services of records save
that. What counts as adopted is the custodian's word: the digest of a text as it was. A text that
somebody changed since, or that is in conflict, is not adopted.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.book.blocks import plain_lines, without_box_lines
from kfdesk.domain.book.contents import SAID_KEYS, adopted_line, is_adopted, text_order
from kfdesk.domain.book.order import TreeArticle, in_tree, make_slug
from kfdesk.domain.book.paragraphs import (
    MergePiece,
    Paragraphs,
    PieceChoice,
    count_changes,
    merge_paragraphs,
    paragraph_digests,
    split_paragraphs,
)
from kfdesk.domain.codes.core import SERVICES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import is_missing_answer
from kfdesk.domain.network import may_receive_of
from kfdesk.domain.records.book import Article, ArticleLink, ArticleText
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deleted
from kfdesk.domain.rows import RecordView, Row, column_values, encode_changes, seen_writes, view
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import (
    Saved,
    check_changed_record,
    check_custodian,
    check_new_record,
    delete_record,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.search import (
    DirectoryQuery,
    read_result_page,
    search_directory,
)

DEFAULT_CONFIDENTIALITY = "circle"
ADOPTED, DRAFT, RETIRED = "adopted", "draft", "retired"
_MOST_HELPERS = 8
HEAD_KEYS = ("title", "summary")
"""The fields of a text besides its body; each is decided as a whole."""
_MOST_FORMER = 12
"""Former values of a text that are compared with a conflict, the newest ones."""


@dataclass(frozen=True, slots=True)
class BookText:
    """A text of an article in one language.

    `is_adopted`: it says exactly what the custodian adopted. `changes` counts the paragraphs of
    the original that changed since it was translated; None for the original itself, or where
    nobody has said what it was translated from. `has_other`: the article has another text in this
    language.
    """

    view: RecordView[ArticleText]
    is_adopted: bool
    changes: int | None = None
    has_other: bool = False

    @property
    def language(self) -> str:
        """Its language (ISO 639-1); empty if it says none."""
        return text_or_empty(self.view.record.language)

    @property
    def title(self) -> str:
        """Its heading."""
        return text_or_empty(self.view.record.title)

    @property
    def summary(self) -> str:
        """The summary of the text, empty without one."""
        return text_or_empty(self.view.record.summary)

    @property
    def body(self) -> str:
        """The text in Markdown."""
        return text_or_empty(self.view.record.body)

    @property
    def is_torn(self) -> bool:
        """True if what it says is in conflict."""
        return bool(self.view.conflicts & {*SAID_KEYS})

    @property
    def is_undecided(self) -> bool:
        """True if nobody has decided what is said in this language: no paper is made of it."""
        return self.is_torn or self.has_other


@dataclass(frozen=True, slots=True)
class BookArticle:
    """An article in its place in the book, with its texts by language.

    `others` are further texts of a language that has one already, as two desks began it apart.
    """

    tree: TreeArticle
    texts: Mapping[str, BookText] = field(repr=False)
    is_ours: bool = True
    others: tuple[BookText, ...] = field(default=(), repr=False)

    @property
    def rid(self) -> bytes:
        """The article's id."""
        return self.tree.view.rid

    @property
    def record(self) -> Article:
        """The article."""
        return self.tree.view.record

    @property
    def original(self) -> BookText | None:
        """The text that the others are translated from; the first if the article does not say."""
        return self.texts.get(text_or_empty(self.record.original)) or next(
            iter(self.texts.values()), None
        )

    def text_for(self, *languages: str) -> BookText | None:
        """Return the text in the first of these languages that there is, else the original."""
        found = (self.texts[one] for one in languages if one in self.texts)
        return next(found, None) or self.original


@dataclass(frozen=True, slots=True)
class ArticleDetails:
    """An article with what stands beside it.

    `may_write`: this user may write in its texts. `twin` is the article with the same name in
    links that another desk began.
    """

    article: BookArticle
    may_write: bool
    twin: BookArticle | None = None
    custodian: str = ""


def read_book(desk: Session) -> tuple[BookArticle, ...]:
    """Return the articles that are here, in the order of the book.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    below: dict[bytes, list[RecordView[ArticleText]]] = {}
    for row in desk.store.rows("article_text"):
        if not is_deleted(row.state):
            below.setdefault(row.parent or b"", []).append(view(row, ArticleText))
    return tuple(_with_texts(desk, one, below.get(one.view.rid, ())) for one in _tree(desk))


def _tree(desk: Session) -> tuple[TreeArticle, ...]:
    """Return the articles in their order, without their texts."""
    heads = (view(row, Article) for row in desk.store.rows("article"))
    return in_tree(one for one in heads if not one.is_deleted)


def _with_own_texts(desk: Session, tree: TreeArticle) -> BookArticle:
    """Return an article with its texts, and read no others."""
    texts = (
        view(row, ArticleText)
        for row in desk.store.children(tree.view.rid)
        if row.type == "article_text" and not is_deleted(row.state)
    )
    return _with_texts(desk, tree, texts)


def _with_texts(
    desk: Session, tree: TreeArticle, texts: Iterable[RecordView[ArticleText]]
) -> BookArticle:
    is_ours = tree.view.row.custodian == desk.identity.organisation
    return _book_article(tree, texts, is_ours=is_ours)


def read_article(desk: Session, rid: bytes) -> ArticleDetails:
    """Return an article. Raise KfdeskError `user.not_allowed` or `record.missing`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    book = {one.view.rid: one for one in _tree(desk)}
    if rid not in book:
        raise KfdeskError("record.missing")
    article, twin = _with_own_texts(desk, book[rid]), book.get(book[rid].twin or b"")
    row, own = article.tree.view.row, desk.identity.organisation
    is_in = article.is_ours or may_receive_of(row, desk.circles(), own, "book")
    partners = {one.organisation: one.name for one in desk.store.ledger.partners()}
    return ArticleDetails(
        article,
        is_in and desk.may(Right.EDIT_BOOK),
        _with_own_texts(desk, twin) if twin is not None else None,
        partners.get(row.custodian, ""),
    )


def read_text(desk: Session, text: bytes) -> tuple[ArticleDetails, BookText]:
    """Return a text with its article. Raise KfdeskError as `read_article` does."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    details = read_article(desk, require_record(desk, text).parent or b"")
    article = details.article
    for one in (*article.texts.values(), *article.others):
        if one.view.rid == text:
            return details, one
    raise KfdeskError("record.missing")


def _book_article(
    tree: TreeArticle, views: Iterable[RecordView[ArticleText]], *, is_ours: bool
) -> BookArticle:
    """Return an article; of several texts in one language `text_order` says which comes first."""
    known: dict[str, RecordView[ArticleText]] = {}
    others: list[RecordView[ArticleText]] = []
    for one in text_order(tree.view, views):
        language = text_or_empty(one.record.language)
        if language in known:
            others.append(one)
        else:
            known[language] = one
    original = known.get(text_or_empty(tree.view.record.original)) or next(
        iter(known.values()), None
    )
    twice = {text_or_empty(one.record.language) for one in others}
    texts = {
        code: replace(_book_text(tree.view, known[code], original), has_other=code in twice)
        for code in sorted(known)
    }
    more = tuple(_book_text(tree.view, one, original) for one in others)
    return BookArticle(tree, texts, is_ours, more)


def _book_text(
    head: RecordView[Article],
    seen: RecordView[ArticleText],
    original: RecordView[ArticleText] | None,
) -> BookText:
    changes = None
    based = text_or_empty(seen.record.based_on).split()
    if original is not None and original.rid != seen.rid and based:
        changes = count_changes(based, _digests(original))
    return BookText(seen, is_adopted(head, seen), changes)


def _digests(seen: RecordView[ArticleText]) -> tuple[str, ...]:
    record = seen.record
    return paragraph_digests(*(text_or_empty(getattr(record, key)) for key in SAID_KEYS))


# --- writing


def begin_article(
    desk: Session, language: str, title: str, above: bytes | None = None
) -> tuple[Saved, ...]:
    """Begin an article with a text in its original language; return the saves, to be undone.

    The first save is the article's. Raise KfdeskError `field.…` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    book = read_book(desk)
    slug = make_slug(title, (one.tree.slug for one in book))
    positions = [one.record.position for one in book if isinstance(one.record.position, int)]
    values: dict[str, Value] = {
        "slug": slug, "above": above.hex() if above is not None else None,
        "position": max(positions, default=0) + 1, "kind": "chapter", "audience": ("staff",),
        "original": language, "status": DRAFT, "confidentiality": DEFAULT_CONFIDENTIALITY,
    }  # fmt: skip
    with desk.store.transaction():
        head = desk.new_row("article", None)
        first = _put(desk, head, values)
        return first, _put_text(desk, head.rid, language, {"title": title})


def begin_text(desk: Session, article: bytes, language: str) -> Saved:
    """Begin the text of an article in another language, with the original's heading.

    Raise KfdeskError `book.language_taken`, `record.missing`, `record.not_ours` or
    `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    found = read_article(desk, article).article
    if language in found.texts:
        raise KfdeskError("book.language_taken")
    original = found.original
    title = original.title if original is not None else ""
    with desk.store.transaction():
        return _put_text(desk, article, language, {"title": title})


def _put_text(desk: Session, article: bytes, language: str, values: Mapping[str, Value]) -> Saved:
    row = desk.new_row("article_text", article)
    return _put(desk, row, {"language": language, "state": DRAFT, **values})


def _put(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    changes = encode_changes(row.type, values)
    check_new_record(desk, row, changes)
    return put_new(desk, row, changes)


def mark_translated(desk: Session, text: bytes) -> Saved:
    """Note that a translation says what the original says now.

    Raise KfdeskError `book.no_original`, `record.missing`, `record.not_ours` or
    `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    row = require_record(desk, text)
    original = read_article(desk, row.parent or b"").article.original
    if original is None or original.view.rid == text:
        raise KfdeskError("book.no_original")
    changes = encode_changes("article_text", {"based_on": " ".join(_digests(original.view))})
    check_changed_record(desk, row, changes)
    with desk.store.transaction():
        return put_changed(desk, row, changes, seen_writes(row))


def adopt_text(desk: Session, text: bytes) -> Saved:
    """Adopt a text of our article as it stands, and with it the article.

    Raise KfdeskError `book.undecided` while it is in conflict or another text in its language is
    here, `book.empty`, `record.missing`, `record.not_ours` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    seen = view(require_record(desk, text), ArticleText)
    head = view(_require_ours(desk, seen.row.parent or b""), Article)
    if seen.conflicts & {*SAID_KEYS, "language"} or "adopted" in head.conflicts:
        raise KfdeskError("book.undecided")
    others = read_article(desk, head.rid).article.others
    if any(one.view.record.language == seen.record.language for one in others):
        raise KfdeskError("book.undecided")
    if not text_or_empty(seen.record.body).strip():
        raise KfdeskError("book.empty")
    line, language = adopted_line(seen.record), text_or_empty(seen.record.language)
    former = text_or_empty(head.record.adopted).splitlines()
    lines = sorted([*(one for one in former if not one.startswith(f"{language} ")), line])
    return _decide(desk, head.row, {"adopted": "\n".join(lines), "status": ADOPTED})


def set_article_status(desk: Session, article: bytes, status: str) -> Saved:
    """Say where our article stands: a code of ARTICLE_STATUS other than adopted.

    Raise KfdeskError `field.kind_mismatch`, `record.missing`, `record.not_ours` or
    `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    if status not in {DRAFT, "in_review", RETIRED}:
        raise KfdeskError("field.kind_mismatch")
    return _decide(desk, _require_ours(desk, article), {"status": status})


def delete_article(desk: Session, article: bytes) -> Saved:
    """Put an article into the bin with its texts; what stands under it stays in the book.

    Of another's article it is a proposal. Raise KfdeskError `book.undecided` while a text of it is
    in conflict, `record.missing`, `record.not_ours` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    found = read_article(desk, article).article
    if any(text.is_torn for text in (*found.texts.values(), *found.others)):
        raise KfdeskError("book.undecided")
    return delete_record(desk, article)


def _decide(desk: Session, head: Row, values: Mapping[str, Value]) -> Saved:
    with desk.store.transaction():
        return put_changed(desk, head, encode_changes("article", values), seen_writes(head))


def _require_ours(desk: Session, article: bytes) -> Row:
    row = require_record(desk, article)
    if row.type != "article" or row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    return row


# --- a text in conflict


@dataclass(frozen=True, slots=True)
class TornText:
    """A text in conflict, in pieces, with who wrote each version.

    `heads` has the heading and the summary, if they are in conflict: one open piece each. `seen`
    is what `change_record` needs to replace all versions by one. `plain` has each paragraph
    without its marks.
    """

    view: RecordView[ArticleText]
    pieces: tuple[MergePiece, ...]
    authors: tuple[str, ...]
    seen: frozenset[tuple[int, bytes]]
    heads: Mapping[str, MergePiece] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict, repr=False)

    def authors_of(self, key: str) -> tuple[str, ...]:
        """Return who wrote each version of a field."""
        return tuple(one.author for one in self.view.versions.get(key, ()))

    def readable(self, piece: MergePiece, text: Paragraphs) -> str:
        """Return paragraphs of a piece as one reads them.

        If its versions then say the same, they differ in marks alone: with marks, as written.
        """
        every = {piece.before, *(one.text for one in piece.choices)}
        said = {one: "\n\n".join(self.plain.get(part, part) for part in one) for one in every}
        return said[text] if len(set(said.values())) == len(said) else "\n\n".join(text)


def read_torn_text(desk: Session, text: bytes) -> TornText:
    """Return the versions of a text's body, merged by paragraph as far as nobody must decide.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    seen = view(require_record(desk, text), ArticleText)
    versions = seen.versions.get("body", ())
    said = [text_or_empty(one.value) for one in versions] or [text_or_empty(seen.record.body)]
    authors = tuple(one.author for one in versions)
    pieces = merge_paragraphs(_body_before(desk, seen), said)
    every = {
        part
        for piece in pieces
        for text in (piece.before, *(one.text for one in piece.choices))
        for part in text
    }
    plain = {part: _plain_paragraph(desk, part) for part in every}
    heads = {key: _head_piece(seen, key) for key in HEAD_KEYS if key in seen.conflicts}
    return TornText(seen, pieces, authors, seen_writes(seen.row), heads, plain)


def _head_piece(seen: RecordView[ArticleText], key: str) -> MergePiece:
    """Return heading or summary in conflict as a piece with a choice for each version."""
    said = [text_or_empty(one.value) for one in seen.versions[key]]
    choices = (
        PieceChoice((text,), tuple(at for at, one in enumerate(said) if one == text))
        for text in dict.fromkeys(said)
    )
    return MergePiece((), tuple(choices))


def _plain_paragraph(desk: Session, text: str) -> str:
    """Return a paragraph without its marks; as it was written if it holds too much."""
    with suppress(KfdeskError):
        return "\n".join(plain_lines(desk.adapters.book.parts(without_box_lines(text))))
    return text


def _body_before(desk: Session, seen: RecordView[ArticleText]) -> str | None:
    """Return the former body that all versions come from, as far as this desk can tell.

    A version of ours may have followed another one of ours, which the sender never had. So it is
    the former value that is nearest to what others' files brought; of equals the oldest, which
    asks more but loses nothing.
    """
    fid = RECORD_TYPES["article_text"].ids["body"]
    former = [
        write.value
        for write in desk.store.replaced(seen.rid)
        if write.fid == fid and isinstance(write.value, str) and not is_missing_answer(write.value)
    ]
    came = desk.store.received.senders(seen.rid)
    versions = seen.versions.get("body", ())
    theirs = [one for one in versions if (fid, one.wid) in came] or versions
    sides = [split_paragraphs(text_or_empty(one.value)) for one in theirs]
    return min(
        former[-_MOST_FORMER:],
        key=lambda text: sum(count_changes(split_paragraphs(text), side) for side in sides),
        default=None,
    )


# --- two articles of one name, and two texts in one language


def join_texts(desk: Session, article: bytes) -> tuple[Saved, ...]:
    """Join the texts of an article that were begun apart in one language.

    What differs becomes a conflict of the one that stays, so that nothing is lost; the others go
    to the bin, in another's article as a proposal to it. Return the saves, to be undone together.
    Raise KfdeskError `record.missing`, `record.not_ours` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    found = read_article(desk, article).article
    done: list[Saved] = []
    with desk.store.transaction():
        for text in found.others:
            done += _join_text(desk, article, text, found.texts[text.language])
            row = text.view.row
            check_custodian(desk, row)
            done.append(put_changed(desk, row, {DELETION: 1}, seen_writes(row), Action.DELETE))
    return tuple(done)


def join_articles(desk: Session, kept: bytes, gone: bytes) -> tuple[Saved, ...]:
    """Join two articles: what one has moves to the other, and the one goes to the bin.

    A text that both have in one language and that differs becomes a conflict of the kept one, so
    that nothing is lost. Return the saves, to be undone together. Raise KfdeskError
    `book.same_article`, `record.missing`, `record.not_ours` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    if kept == gone:
        raise KfdeskError("book.same_article")
    book = {one.rid: one for one in read_book(desk)}
    if kept not in book or gone not in book:
        raise KfdeskError("record.missing")
    done: list[Saved] = []
    with desk.store.transaction():
        for text in (*book[gone].texts.values(), *book[gone].others):
            twin = book[kept].texts.get(text.language)
            done += _join_text(desk, kept, text, twin)
        done += _move_references(desk, kept, gone)
        row = book[gone].tree.view.row
        check_custodian(desk, row)
        done.append(put_changed(desk, row, {DELETION: 1}, seen_writes(row), Action.DELETE))
    return tuple(done)


def _join_text(
    desk: Session, kept: bytes, text: BookText, twin: BookText | None
) -> Iterator[Saved]:
    """Put a text under the kept article, or beside the text that it has in this language."""
    record = text.view.record
    values = {key: getattr(record, key) for key in RECORD_TYPES["article_text"].fields}
    if twin is None:
        yield _put(desk, desk.new_row("article_text", kept), values)
        return
    own = {key: getattr(twin.view.record, key) for key in SAID_KEYS}
    more = {key: values[key] for key in SAID_KEYS if values[key] not in (None, own[key])}
    if more:
        row = twin.view.row
        changes = encode_changes("article_text", more)
        check_changed_record(desk, row, changes)
        yield put_changed(desk, row, changes, ())


def _move_references(desk: Session, kept: bytes, gone: bytes) -> Iterator[Saved]:
    """Let the articles and links that lead to an article lead to another, where we may write."""
    for kind, key in (("article", "above"), ("article_link", "target")):
        for row in desk.store.rows(kind):
            values = column_values(row)[0]
            if values.get(key) != gone.hex() or row.rid == kept or is_deleted(row.state):
                continue
            with suppress(KfdeskError):
                changes = encode_changes(kind, {key: kept.hex()})
                check_changed_record(desk, row, changes)
                yield put_changed(desk, row, changes, seen_writes(row))
    for row in desk.store.children(gone):
        if row.type == "article_link" and not is_deleted(row.state):
            link = view(row, ArticleLink).record
            yield _put(
                desk, desk.new_row("article_link", kept),
                {"target": link.target, "label": link.label},
            )  # fmt: skip


# --- who helps with what an article is about


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """The country and the language that somebody must have who helps; empty for any."""

    country: str = ""
    language: str = ""

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """The codes that a search of the directory asks for."""
        asked = (("country", self.country), ("languages", self.language))
        return tuple(one for one in asked if one[1])


def find_helpers(
    desk: Session, article: BookArticle, language: Language, wanted: OfferFilter
) -> tuple[EntryLine, ...]:
    """Return organisations that offer a service that the article is about, the first by name.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    tags = article.record.tags if isinstance(article.record.tags, tuple) else ()
    found: dict[bytes, EntryLine] = {}
    for service in (tag for tag in tags if tag in SERVICES):
        codes = (("type", "organisation"), ("services", service), *wanted.codes)
        ids = search_directory(desk, DirectoryQuery(codes=codes), language, _MOST_HELPERS).ids
        found |= {line.rid: line for line in read_result_page(desk, ids)}
    return tuple(found.values())[:_MOST_HELPERS]
