# SPDX-License-Identifier: GPL-3.0-or-later
"""The book as HTML: for the reader, as one file, and as EPUB 3.

Nothing of a text becomes a mark of HTML: every text is escaped, and links lead to articles of the
book alone. An EPUB is a ZIP file of XHTML with its table of contents (W3C EPUB 3.3).
"""

import re
import zipfile
from collections.abc import Callable, Sequence
from html import escape as escape_html
from io import BytesIO
from uuid import UUID, uuid5

from kfdesk.domain.book.blocks import (
    LINK_SCHEME,
    BookBox,
    BookHeading,
    BookList,
    BookListItem,
    BookParagraph,
    BookPart,
    BookQuote,
    BookTable,
    ReadBody,
    Spans,
)
from kfdesk.domain.book.contents import BookChapter, BookContents
from kfdesk.domain.errors import KfdeskError

LinkPlace = Callable[[str], str]

_STYLE = """
body { font-family: "Noto Sans", sans-serif; line-height: 1.5; max-width: 44em; margin: 2em auto;
       padding: 0 1em; color: #14212B; }
h1, h2, h3 { line-height: 1.25; } h1 { border-bottom: 2px solid #0F5563; }
.box { border: 1px solid #4A4A4A; border-left: 6px solid #0F5563; padding: .4em 1em; }
.note { color: #4C5A66; } .sources { font-size: 90%; }
table { border-collapse: collapse; } th, td { border: 1px solid #B8C2C8; padding: .3em .6em;
       text-align: left; vertical-align: top; }
blockquote { border-left: 3px solid #B8C2C8; margin-left: 0; padding-left: 1em; }
section { page-break-before: always; break-before: page; }
"""
_SPACE = UUID("6b6f6b2d-0000-5000-8000-6b666465736b")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day of a ZIP file; the bytes say nothing of the maker

_NAVIGATION = "_nav.xhtml"
"""No article has a name with this sign."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """Return a text as XHTML; a sign that XML does not have becomes U+FFFD."""
    return escape_html(_NOT_XML.sub("\ufffd", text))


# --- a text


def parts_html(parts: Sequence[BookPart], place: LinkPlace | None = None) -> str:
    """Return parts as XHTML; `place` gives the address of an article, empty if it is not there."""
    where = place or (lambda slug: f"{LINK_SCHEME}{slug}")
    return "".join(_part(one, where) for one in parts)


def reader_html(parts: Sequence[BookPart]) -> str:
    """Return parts as HTML for Qt, which draws no frame around a division, and tables by itself."""
    framed = '<table class="box" width="100%" cellpadding="8"><tr><td>', "</td></tr></table>\n"
    lined = '<table border="1" cellspacing="0" cellpadding="5">'
    return (
        parts_html(parts)
        .replace("<table>", lined)
        .replace('<div class="box">', framed[0])
        .replace("</div>\n", framed[1])
    )


def _part(part: BookPart, where: LinkPlace) -> str:
    match part:
        case BookHeading():
            return f"<h{part.level}>{_line(part.spans, where)}</h{part.level}>\n"
        case BookParagraph():
            return f"<p>{_line(part.spans, where)}</p>\n"
        case BookList():
            return _list(part.items, where)
        case BookTable():
            return _table(part, where)
        case BookQuote():
            return f"<blockquote>{parts_html(part.parts, where)}</blockquote>\n"
        case BookBox():
            return f'<div class="box">{parts_html(part.parts, where)}</div>\n'


def _list(items: Sequence[BookListItem], where: LinkPlace, depth: int = 0) -> str:
    """Return items as lists; those that stand deeper make lists inside."""
    found, at = "", 0
    while at < len(items):
        number = items[at].number
        tag, begin = ("ol", number.rstrip(".")) if number else ("ul", "")
        found += f'<ol start="{begin}">' if begin not in ("", "1") else f"<{tag}>"
        while at < len(items) and (
            items[at].depth > depth or bool(items[at].number) is bool(number)
        ):
            is_inside = items[at].depth > depth
            said = "" if is_inside else _line(items[at].spans, where)
            first = at if is_inside else at + 1
            at = next((n for n in range(first, len(items)) if items[n].depth <= depth), len(items))
            found += f"<li>{said}{_list(items[first:at], where, depth + 1)}</li>"
        found += f"</{tag}>\n"
    return found


def _table(table: BookTable, where: LinkPlace) -> str:
    head = "".join(f"<th>{_line(cell, where)}</th>" for cell in table.head)
    rows = (
        "<tr>" + "".join(f"<td>{_line(cell, where)}</td>" for cell in one) + "</tr>"
        for one in table.rows
    )
    inside = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f"<table>{inside}</table>\n"


def _line(spans: Spans, where: LinkPlace) -> str:
    found = []
    for span in spans:
        said = escape(span.text)
        said = f"<em>{said}</em>" if span.is_emphasis else said
        said = f"<strong>{said}</strong>" if span.is_strong else said
        goal = where(span.link) if span.link else ""
        found.append(f'<a href="{escape(goal)}">{said}</a>' if goal else said)
    return "".join(found)


# --- the whole book


def write_html(contents: BookContents, read: ReadBody) -> bytes:
    """Return the book as one HTML file with its style inside."""
    known = {chapter.slug for chapter in contents.chapters}

    def where(slug: str) -> str:
        return f"#{slug}" if slug in known else ""

    chapters = "\n".join(
        f'<section id="{one.slug}" lang="{one.language}">{_chapter(one, contents, read, where)}'
        "</section>" for one in contents.chapters
    )  # fmt: skip
    entries = "".join(
        f'<li><a href="#{one.slug}">{escape(_title(one))}</a></li>' for one in contents.chapters
    )
    title = escape(contents.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{contents.language}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
        f"{_imprint(contents)}<h2>{escape(contents.words.contents)}</h2><ol>{entries}</ol>\n"
        f"{chapters}\n</body>\n</html>\n"
    ).encode()


def _imprint(contents: BookContents) -> str:
    said = (contents.edition, contents.words.made, contents.licence)
    return "".join(f'<p class="note">{escape(one)}</p>\n' for one in said if one)


def _title(chapter: BookChapter) -> str:
    """Return the heading of a chapter, else its name in links: a table of contents needs one."""
    return chapter.title.strip() or chapter.slug


def _chapter(chapter: BookChapter, contents: BookContents, read: ReadBody, where: LinkPlace) -> str:
    """Return a chapter; a text that the book cannot show stands as it was written."""
    words = contents.words
    said = [f"<h1>{escape(_title(chapter))}</h1>\n"]
    for is_so, note in (
        (chapter.is_other_language, words.original),
        (chapter.is_draft, words.draft),
    ):
        if is_so:
            said.append(f'<p class="note"><em>{escape(note)}</em></p>\n')
    if chapter.summary:
        said.append(f"<p><strong>{escape(chapter.summary)}</strong></p>\n")
    try:
        said.append(parts_html(read(chapter.body), where))
    except KfdeskError:
        said += [f"<p>{escape(one)}</p>\n" for one in chapter.body.split("\n\n")]
    if chapter.sources:
        lines = "".join(f"<li>{escape(one)}</li>" for one in chapter.sources)
        said.append(
            f'<div class="sources"><h2>{escape(words.sources)}</h2><ul>{lines}</ul></div>\n'
        )
    return "".join(said)


# --- EPUB


def write_epub(contents: BookContents, read: ReadBody) -> bytes:
    """Return the book as an EPUB 3 file; same contents, same bytes."""
    known = {chapter.slug for chapter in contents.chapters}
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        _store(packed, "mimetype", "application/epub+zip", is_packed=False)
        _store(packed, "META-INF/container.xml", _CONTAINER)
        _store(packed, "OEBPS/book.css", _STYLE)
        for chapter in contents.chapters:
            said = _chapter(chapter, contents, read, lambda s: f"{s}.xhtml" if s in known else "")
            page = _xhtml(chapter.language, _title(chapter), f"<section>{said}</section>")
            _store(packed, f"OEBPS/{chapter.slug}.xhtml", page)
        _store(packed, f"OEBPS/{_NAVIGATION}", _navigation(contents))
        _store(packed, "OEBPS/book.opf", _package(contents))
    return file.getvalue()


_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


def _store(packed: zipfile.ZipFile, name: str, text: str, *, is_packed: bool = True) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    packed.writestr(entry, text.encode("utf-8", "replace"))


def _xhtml(language: str, title: str, inside: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}"><head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="book.css"/></head><body>{inside}</body>'
        "</html>\n"
    )


def _navigation(contents: BookContents) -> str:
    entries = "".join(
        f'<li><a href="{one.slug}.xhtml">{escape(_title(one))}</a></li>'
        for one in contents.chapters
    )
    inside = (
        f"<h1>{escape(contents.title)}</h1>{_imprint(contents)}"
        f'<nav epub:type="toc" id="toc"><h2>{escape(contents.words.contents)}</h2>'
        f"<ol>{entries}</ol></nav>"
    )
    return _xhtml(contents.language, contents.title, inside)


def _package(contents: BookContents) -> str:
    names = [f"{one.slug}.xhtml" for one in contents.chapters]
    whole = "\0".join((contents.title, contents.edition, *names))
    items = "".join(
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{at}"/>' for at in range(len(names)))
    rights = f"<dc:rights>{escape(contents.licence)}</dc:rights>" if contents.licence else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{contents.language}">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{uuid5(_SPACE, whole)}</dc:identifier>'
        f"<dc:title>{escape(contents.title)}</dc:title>"
        f"<dc:language>{contents.language}</dc:language>"
        f"<dc:date>{contents.dated.isoformat()}</dc:date>{rights}"
        f'<meta property="dcterms:modified">{contents.dated.isoformat()}T00:00:00Z</meta>'
        "</metadata><manifest>"
        f'<item id="nav" href="{_NAVIGATION}" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="css" href="book.css" media-type="text/css"/>{items}</manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine></package>\n'
    )
