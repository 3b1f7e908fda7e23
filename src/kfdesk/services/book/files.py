# SPDX-License-Identifier: GPL-3.0-or-later
"""The book as files: a folder of Markdown in and out, one HTML file, an EPUB, and what is shipped.

An import adds articles and texts that are not here. A text that is here in that language is never
replaced: what the file says stands beside it, as a conflict, if the user wants it at all. What is
here as the file says is not written. `formats` knows how the files are written.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TypeGuard

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.book.blocks import check_body
from kfdesk.domain.book.contents import BookContents, book_chapters, edition_lines
from kfdesk.domain.book.files import MAX_FILE_BYTES, MAX_FILES, MAX_POSITION, ArticleFile
from kfdesk.domain.book.paragraphs import paragraph_digests
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import CodeKind, CodeSetKind
from kfdesk.domain.records.book import Edition
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.values import LocalizedText, Translation, Value, text_or_empty
from kfdesk.i18n.book import BOOK_TITLE, book_words
from kfdesk.i18n.language import Language
from kfdesk.services.book.articles import (
    DEFAULT_CONFIDENTIALITY,
    DRAFT,
    RETIRED,
    BookArticle,
    BookText,
    read_book,
)
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import (
    Saved,
    check_changed_record,
    check_new_record,
    put_changed,
    put_new,
)
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Changes, Session

SUFFIX = ".md"
_NO_ARTICLE = "README"
_UNDER = "under"
_EXPORTED = frozenset({"public", "partners_only", "circle"})
"""The classes of articles that somebody may hand to others as a file."""
_ORIGINALS = ("en", "sv", "ru")
"""The original of an article whose files say none: the first of these that it has."""


class FileState(StrEnum):
    """The outcomes that an import can have for a file."""

    NEW = "new"
    NEW_LANGUAGE = "new_language"
    SAME = "same"
    BESIDE = "beside"
    """The article is here with another text in this language."""
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of an import: its name, what became of it, and what is wrong in it."""

    name: str
    state: FileState
    file: ArticleFile | None = field(default=None, repr=False)
    fault: KfdeskError | None = None
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BookPreview:
    """A preview of an import, file by file. Nothing was written."""

    lines: tuple[FileLine, ...]

    def count(self, *states: FileState) -> int:
        """Return how many files have one of these states."""
        return sum(one.state in states for one in self.lines)

    @property
    def brings_something(self) -> bool:
        """True if an import would add an article or a text."""
        return self.count(FileState.NEW, FileState.NEW_LANGUAGE) > 0


@dataclass(frozen=True, slots=True)
class BookImport(Changes):
    """The saves of an import, to be undone together, and how many texts it added."""

    done: Sequence[Saved] = field(default=(), repr=False)
    texts: int = 0


# --- reading


def shipped_book(desk: Session) -> Mapping[str, bytes]:
    """Return the articles that come with the program, as files by name.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    try:
        return desk.adapters.book.shipped()
    except OSError:
        return {}


def read_book_folder(folder: Path) -> Mapping[str, bytes]:
    """Return the files of a folder that can be articles, by name; not of folders inside it.

    A file that is too large is cut, so that reading it says so. Raise KfdeskError
    `book.not_readable`, `book.no_articles` or `book.too_many_files` (`most`).
    """
    try:
        paths = [
            one for one in sorted(folder.iterdir())
            if one.suffix.lower() == SUFFIX and one.stem.upper() != _NO_ARTICLE
        ]  # fmt: skip
        if len(paths) > MAX_FILES:
            raise KfdeskError("book.too_many_files", most=MAX_FILES)
        found: dict[str, bytes] = {}
        for path in paths:
            if path.is_file():  # a pipe or a device would never end
                with path.open("rb") as file:
                    found[path.name] = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise KfdeskError("book.not_readable") from None
    if not found:
        raise KfdeskError("book.no_articles")
    return found


def preview_book(desk: Session, files: Mapping[str, bytes]) -> BookPreview:
    """Return what importing these files would do. Write nothing.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    here = {one.tree.slug: one for one in read_book(desk)}
    lines = [_line(desk, name, data, here) for name, data in files.items()]
    ringed = _in_rings([one.file for one in lines if one.file is not None], here)
    return BookPreview(
        tuple(
            replace(one, file=replace(one.file, above=""), odd=(*one.odd, _UNDER))
            if one.file is not None and one.file.slug in ringed
            else one
            for one in lines
        )
    )


def _in_rings(files: Iterable[ArticleFile], here: Container[str]) -> frozenset[str]:
    """Return the new articles that would stand under themselves, directly or through others."""
    above: dict[str, str] = {}
    for one in files:
        if one.above and one.slug not in here:
            above.setdefault(one.slug, one.above)
    found = set()
    for slug in above:
        at, passed = above[slug], set[str]()
        while at in above and at != slug and at not in passed:
            passed.add(at)
            at = above[at]
        if at == slug:
            found.add(slug)
    return frozenset(found)


def _line(desk: Session, name: str, data: bytes, here: Mapping[str, BookArticle]) -> FileLine:
    try:
        file = desk.adapters.book.read(name, data)
        if file.language not in LANGUAGES:
            raise KfdeskError("book.unknown_language")
        check_body(file.body)
        encode_changes("article_text", _text_values(file))
        encode_changes("article", _article_values(file))
    except KfdeskError as fault:
        return FileLine(name, FileState.TORN, fault=fault)
    odd = (*file.odd, *_unknown_codes(file))
    article = here.get(file.slug)
    if article is None:
        return FileLine(name, FileState.NEW, file, odd=odd)
    text = article.texts.get(file.language)
    if text is None:
        return FileLine(name, FileState.NEW_LANGUAGE, file, odd=odd)
    is_same = _texts(stored_file(article, text, here.values())) == _texts(file)
    return FileLine(name, FileState.SAME if is_same else FileState.BESIDE, file, odd=odd)


def _texts(file: ArticleFile) -> tuple[str, str, str]:
    return file.title, file.summary, file.body


def _unknown_codes(file: ArticleFile) -> Iterator[str]:
    """Yield codes that no list knows; they are kept."""
    values = _article_values(file)
    for key in ("kind", "audience", "tags", "opened_from", "original"):
        kind, value = RECORD_TYPES["article"].fields[key].kind, values.get(key)
        if isinstance(kind, CodeKind | CodeSetKind):
            codes = value if isinstance(value, tuple) else (value,)
            yield from (str(one) for one in codes if one and one not in kind.codes)


# --- the import


def import_book(
    desk: Session, preview: BookPreview, seen_by: str = DEFAULT_CONFIDENTIALITY,
    *, with_beside: bool = False,
) -> BookImport:  # fmt: skip
    """Add what a preview says is new, as drafts of ours; return the saves, to be undone.

    `with_beside` puts the texts that differ beside those that are here, as conflicts. Raise
    KfdeskError `field.…`, `record.not_ours` or `user.not_allowed`; then nothing was added.
    """
    desk.require(Right.EDIT_BOOK)
    if seen_by not in CONFIDENTIALITY:
        raise KfdeskError("field.kind_mismatch", field="article.confidentiality")
    files = [one.file for one in preview.lines if one.file and one.state is not FileState.SAME]
    states = {id(one.file): one.state for one in preview.lines}
    with desk.store.transaction():
        heads = {one.tree.slug: one for one in read_book(desk)}
        rids = {slug: one.rid for slug, one in heads.items()}
        done: list[Saved] = []
        texts = 0
        rows = {
            slug: desk.new_row("article", None)
            for slug in dict.fromkeys(one.slug for one in files) if slug not in rids
        }  # fmt: skip
        rids |= {slug: row.rid for slug, row in rows.items()}
        for slug, row in rows.items():
            group = [one for one in files if one.slug == slug]
            done.append(_put(desk, row, _head_values(group, seen_by, rids)))
        for file in files:
            if states[id(file)] is FileState.BESIDE and not with_beside:
                continue
            saved = _put_file(desk, rids[file.slug], file, heads.get(file.slug), files)
            done += saved
            texts += len(saved)
    return BookImport(frozenset({"article", "article_text"}), done=tuple(done), texts=texts)


def _head_values(
    group: Sequence[ArticleFile], seen_by: str, rids: Mapping[str, bytes]
) -> Mapping[str, Value]:
    """Return the values of a new article: those of its original, and the sources of all.

    `rids` are the articles that it may stand under, by name.
    """
    said = {one.language: one for one in group}
    told = next((one.original for one in group if one.original in said), "")
    first = said.get(told) or next((said[code] for code in _ORIGINALS if code in said), group[0])
    sources: LocalizedText = tuple(
        Translation(one.language, "\n".join(one.sources)) for one in said.values() if one.sources
    )
    values = dict(_article_values(first)) | {"original": first.language, "status": DRAFT}
    above = next((rids[one.above] for one in group if one.above in rids), None)
    values["above"] = above.hex() if above is not None else None
    return {**values, "sources": sources or None, "confidentiality": seen_by}


def _article_values(file: ArticleFile) -> Mapping[str, Value]:
    values: dict[str, Value] = {
        "slug": file.slug, "position": file.position, "kind": file.kind,
        "audience": file.audience, "tags": file.tags, "opened_from": file.opened_from,
        "original": file.original, "licence": file.licence, "review_by": file.review_by,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value not in (None, "", ())}


def _text_values(file: ArticleFile) -> Mapping[str, Value]:
    values: dict[str, Value] = {
        "language": file.language, "title": file.title or None, "summary": file.summary or None,
        "body": file.body or None,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not None}


def _put_file(
    desk: Session,
    article: bytes,
    file: ArticleFile,
    head: BookArticle | None,
    files: Sequence[ArticleFile],
) -> list[Saved]:
    """Put a text under its article, or beside the text that is there."""
    twin = head.texts.get(file.language) if head is not None else None
    if twin is not None:
        changes = encode_changes("article_text", {**_text_values(file), "language": file.language})
        row = twin.view.row
        check_changed_record(desk, row, changes)
        return [put_changed(desk, row, changes, ())]
    values = dict(_text_values(file)) | {"state": DRAFT}
    original = next(
        (one for one in files if one.slug == file.slug and one.language == _first(files, file)),
        None,
    )
    if head is None and original is not None and original is not file:
        values["based_on"] = " ".join(paragraph_digests(*_texts(original)))
    return [_put(desk, desk.new_row("article_text", article), values)]


def _first(files: Sequence[ArticleFile], file: ArticleFile) -> str:
    """Return the language of the original of a file's article among these files."""
    group = [one for one in files if one.slug == file.slug]
    said = [one.language for one in group]
    told = next((one.original for one in group if one.original in said), "")
    return told or next((code for code in _ORIGINALS if code in said), said[0])


def _put(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    changes = encode_changes(row.type, values)
    check_new_record(desk, row, changes)
    return put_new(desk, row, changes)


# --- the export


def stored_file(
    article: BookArticle, text: BookText, book: Iterable[BookArticle] = ()
) -> ArticleFile:
    """Return a text as a file has it; `book` are the articles that it may stand under."""
    record = article.record
    slugs = {one.rid.hex(): one.tree.slug for one in book}
    sources = record.sources if isinstance(record.sources, tuple) else ()
    lines = next((one.text for one in sources if one.language == text.language), "")
    audience, tags, places, position, review = (
        getattr(record, key) for key in ("audience", "tags", "opened_from", "position", "review_by")
    )
    return ArticleFile(
        slug=article.tree.slug,
        language=text.language,
        title=" ".join(text.title.split()),
        summary=" ".join(text.summary.split()),
        body="\n".join(one.rstrip() for one in text.body.split("\n")).strip("\n"),
        above=slugs.get(text_or_empty(record.above), ""),
        position=position if _is_place(position) else None,
        kind=text_or_empty(record.kind),
        audience=audience if isinstance(audience, tuple) else (),
        tags=tags if isinstance(tags, tuple) else (),
        opened_from=places if isinstance(places, tuple) else (),
        original=text_or_empty(record.original),
        licence=" ".join(text_or_empty(record.licence).split()),
        review_by=review if type(review) is date else None,
        sources=tuple(" ".join(one.split()) for one in lines.split("\n") if one.strip()),
    )


def _is_place(position: object) -> TypeGuard[int]:
    """Return whether a file can name this place; another is left out."""
    return isinstance(position, int) and 0 <= position <= MAX_POSITION


def export_folder(desk: Session, folder: Path, language: str = "") -> int:
    """Save the book as files of Markdown in a folder that is empty or new; return their number.

    All languages, or one. A text in conflict, and an article that only this house or its partners
    may see, stop it: no file is without them in silence. Raise KfdeskError `book.undecided`,
    `book.stays`, `book.nothing`, `book.folder_taken`, `store.disk` or `user.not_allowed`.
    """
    desk.require(Right.PRINT_INTERNAL)
    book = _book_to_export(desk)
    files = [
        stored_file(one, text, book)
        for one in book
        for text in one.texts.values()
        if language in ("", text.language)
    ]
    if not files:
        raise KfdeskError("book.nothing")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise KfdeskError("book.folder_taken")
        for file in files:
            name = f"{file.slug}.{file.language}{SUFFIX}"
            (folder / name).write_bytes(desk.adapters.book.write(file))
    except OSError:
        raise KfdeskError("store.disk") from None
    with desk.store.transaction():
        desk.log(Action.SAVE_BOOK)
    return len(files)


class BookFormat(StrEnum):
    """The forms of the book as one file, by the endings of their names."""

    HTML = "html"
    EPUB = "epub"


def export_file(
    desk: Session, path: Path, form: BookFormat, words: Language, beside: str = ""
) -> int:
    """Save the book in the language of `words` as one file; return how many articles it has.

    `beside` is the language of articles that lack it; without one these are left out, and the
    file says so. Raise KfdeskError as `export_folder` does.
    """
    desk.require(Right.PRINT_INTERNAL)
    contents = book_contents(_book_to_export(desk), words, beside, desk.adapters.clock.now().date())
    if not contents.chapters:
        raise KfdeskError("book.nothing")
    make = desk.adapters.book.whole_html if form is BookFormat.HTML else desk.adapters.book.epub
    save_file(desk, path, make(contents), lambda: desk.log(Action.SAVE_BOOK))
    return len(contents.chapters)


def _book_to_export(desk: Session) -> tuple[BookArticle, ...]:
    """Return the articles in use, if all of them may go and nothing in them is undecided."""
    book = tuple(one for one in read_book(desk) if one.record.status != RETIRED)
    if any(one.record.confidentiality not in _EXPORTED for one in book):
        raise KfdeskError("book.stays")
    if any(text.is_undecided for one in book for text in one.texts.values()):
        raise KfdeskError("book.undecided")
    return book


# --- the book as a whole


def book_contents(
    book: Sequence[BookArticle], words: Language, beside: str, today: date
) -> BookContents:
    """Return the book in the language of `words`, as files have it."""
    texts = (text.view for one in book for text in one.texts.values())
    heads = (one.tree.view for one in book if one.texts)
    chapters, left_out = book_chapters(heads, texts, words.code, beside)
    licences = ", ".join(dict.fromkeys(one.licence for one in chapters if one.licence))
    said = book_words(words, today, len(chapters), left_out)
    title = words.gettext(BOOK_TITLE)
    return BookContents(words.code, title, "", today, licences, chapters, said)


# --- editions


def make_edition(desk: Session, words: Language, number: str = "") -> Saved:
    """Keep the book in the language of `words` as an edition to be cited; return the save.

    Without a `number` it is the year with the next number in it: `2026:2`.

    Every chapter must be adopted as it stands. Raise KfdeskError `book.nothing`,
    `book.not_all_adopted` (`count`), `book.undecided` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_BOOK)
    book = [one for one in read_book(desk) if one.record.status != RETIRED]
    views = [text.view for one in book for text in one.texts.values()]
    chapters, _ = book_chapters((one.tree.view for one in book), views, words.code, "")
    if not chapters:
        raise KfdeskError("book.nothing")
    if any(text.is_undecided for one in book for text in one.texts.values()):
        raise KfdeskError("book.undecided")
    drafts = sum(one.is_draft for one in chapters)
    if drafts:
        raise KfdeskError("book.not_all_adopted", count=drafts)
    values: dict[str, Value] = {
        "title": (Translation(words.code, words.gettext(BOOK_TITLE)),),
        "number": number or _next_number(desk), "language": words.code,
        "dated": desk.adapters.clock.now().date(),
        "contents": "\n".join(edition_lines(chapters)), "made_by": desk.user,
        "confidentiality": DEFAULT_CONFIDENTIALITY,
    }  # fmt: skip
    row = desk.new_row("edition", None)
    with desk.store.transaction():
        return put_new(desk, row, encode_changes("edition", values))


def _next_number(desk: Session) -> str:
    year = desk.adapters.clock.now().year
    taken = {view(row, Edition).record.number for row in desk.store.rows("edition")}
    return next(name for at in count(1) if (name := f"{year}:{at}") not in taken)
