# SPDX-License-Identifier: GPL-3.0-or-later
"""Articles of the book as files: Markdown with front matter, one text in one language each.

A file is named `<slug>.<language>.md`. Its front matter stands between two lines `---`, each line
`key: value`; `source` may stand on several lines. Reading what was written gives the same text.
Knows no store and no list of codes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kfdesk.domain.book.blocks import BookPart
from kfdesk.domain.book.contents import BookContents
from kfdesk.domain.book.files import (
    MAX_FIELD_LENGTH,
    MAX_FILE_BYTES,
    MAX_POSITION,
    MAX_SOURCES,
    ArticleFile,
)
from kfdesk.domain.book.order import is_slug
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import clean_text
from kfdesk.formats.book_pages import reader_html, write_epub, write_html
from kfdesk.formats.markdown import read_markdown

SUFFIX = ".md"
_RULE = "---"
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_TITLE = "title"
_TEXTS = frozenset({_TITLE, "summary", "licence", "source"})
_MAX_CODES = 40
_MAX_ODD = 20


class BookFiles:
    """Reads and writes articles, and knows those in a folder, which come with the program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, data: bytes) -> ArticleFile:
        """Read a text of an article from a file of this name. Raise KfdeskError `book.…`."""
        return read_article(name, data)

    def write(self, article: ArticleFile) -> bytes:
        """Return the file of a text."""
        return write_article(article)

    def shipped(self) -> Mapping[str, bytes]:
        """Return the files that come with the program, by name. Raise OSError."""
        return {path.name: path.read_bytes() for path in sorted(self._folder.glob("*.*.md"))}

    def shipped_texts(self) -> frozenset[str]:
        """Return every text of the articles that come with the program. Raise OSError."""
        read = [read_article(name, data) for name, data in self.shipped().items()]
        return frozenset(
            text
            for one in read
            for text in (one.slug, one.title, one.summary, one.body, "\n".join(one.sources))
        )

    def parts(self, body: str) -> tuple[BookPart, ...]:
        """Return the parts of a text. Raise KfdeskError `book.…`."""
        return read_markdown(body)

    def html(self, body: str) -> str:
        """Return a text as HTML for the reader. Raise KfdeskError `book.…`."""
        return reader_html(read_markdown(body))

    def whole_html(self, contents: BookContents) -> bytes:
        """Return the book as one HTML file."""
        return write_html(contents, read_markdown)

    def epub(self, contents: BookContents) -> bytes:
        """Return the book as an EPUB 3 file; same contents, same bytes."""
        return write_epub(contents, read_markdown)


def file_name(article: ArticleFile) -> str:
    """Return the name of the file of a text."""
    return f"{article.slug}.{article.language}{SUFFIX}"


# --- reading


def read_article(name: str, data: bytes) -> ArticleFile:
    """Read a file.

    Raise KfdeskError `book.file_too_large` (`most`, KB), `book.not_an_article`, `book.file_torn`
    (`place`) for a wrong value, or `book.file_lies` if its name says another article or language.
    """
    if len(data) > MAX_FILE_BYTES:
        raise KfdeskError("book.file_too_large", most=MAX_FILE_BYTES // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KfdeskError("book.not_an_article") from None
    head, rule, body = _split(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not rule:
        raise KfdeskError("book.not_an_article")
    values, odd = _front_matter(head)
    article = ArticleFile(body=_clean_body(body), odd=tuple(odd[:_MAX_ODD]), **values)
    if not is_slug(article.slug):
        raise KfdeskError("book.file_torn", place="slug")
    if not _LANGUAGE.fullmatch(article.language):
        raise KfdeskError("book.file_torn", place="language")
    if name and name != file_name(article):
        raise KfdeskError("book.file_lies")
    return article


def _split(text: str) -> tuple[str, str, str]:
    """Return the front matter and the text; the rule between them is empty without any."""
    lines = text.lstrip("\n").split("\n")
    if lines[0].strip() != _RULE:
        return "", "", ""
    for at, line in enumerate(lines[1:], 1):
        if line.strip() == _RULE:
            return "\n".join(lines[1:at]), _RULE, "\n".join(lines[at + 1 :])
    return "", "", ""


def _clean_body(text: str) -> str:
    return "\n".join(line.rstrip() for line in clean_text(text).split("\n")).strip("\n")


def _front_matter(head: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values by the keys of `ArticleFile`, and the names of what is left out."""
    values: dict[str, Any] = {"slug": "", "language": "", "title": ""}
    sources: list[str] = []
    odd: list[str] = []
    passed: set[str] = set()
    for line in head.split("\n"):
        key, colon, said = line.partition(":")
        key, value = key.strip(), " ".join(clean_text(said).split())
        if not line.strip():
            continue
        if not colon or (len(value) > MAX_FIELD_LENGTH and key not in _TEXTS):
            raise KfdeskError("book.file_torn", place=clean_text(key)[:40])
        if key == "source":
            sources += [value] if value else []
        elif key not in _READERS:
            odd.append(clean_text(key)[:40])
        elif key in passed:
            raise KfdeskError("book.file_torn", place=key)
        elif value:
            name, read = _READERS[key]
            values[name] = read(value, key)
            passed.add(key)
        elif key == _TITLE:  # a text may have none yet; a file says so
            passed.add(key)
    if _TITLE not in passed:
        raise KfdeskError("book.file_torn", place=_TITLE)
    if len(sources) > MAX_SOURCES:
        raise KfdeskError("book.file_torn", place="source")
    return {**values, "sources": tuple(sources)}, odd


def _plain(value: str, _key: str) -> str:
    return value


def _codes(value: str, key: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, (one.strip() for one in value.split(",")))))
    if len(found) > _MAX_CODES:
        raise KfdeskError("book.file_torn", place=key)
    return found


def _number(value: str, key: str) -> int:
    is_plain = value.isascii() and value.isdigit() and len(value) < 9
    if not is_plain or int(value) > MAX_POSITION:
        raise KfdeskError("book.file_torn", place=key)
    return int(value)


def _day(value: str, key: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise KfdeskError("book.file_torn", place=key) from None
    if day.isoformat() != value:
        raise KfdeskError("book.file_torn", place=key)
    return day


_READERS: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "slug": ("slug", _plain),
    "language": ("language", _plain),
    "title": ("title", _plain),
    "summary": ("summary", _plain),
    "under": ("above", _plain),
    "position": ("position", _number),
    "kind": ("kind", _plain),
    "audience": ("audience", _codes),
    "tags": ("tags", _codes),
    "opened_from": ("opened_from", _codes),
    "original": ("original", _plain),
    "licence": ("licence", _plain),
    "review_by": ("review_by", _day),
}
"""The keys of the front matter, with their fields and how they are read, in their order."""

# --- writing


def write_article(article: ArticleFile) -> bytes:
    """Return the file; what an article does not have is left out. Same text, same bytes."""
    lines = [_RULE, *_head_lines(article), _RULE, "", article.body, ""]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _head_lines(article: ArticleFile) -> Iterator[str]:
    for key, (name, _) in _READERS.items():
        value = getattr(article, name)
        said = ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else (
            "" if value is None else str(value)
        )  # fmt: skip
        if said or key == _TITLE:
            yield f"{key}: {' '.join(said.split())}".rstrip()
    for source in article.sources:
        yield f"source: {' '.join(source.split())}"
