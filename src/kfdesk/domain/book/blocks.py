# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a text of the book, and what a text may hold.

A text is written in a small part of Markdown: headings of two levels, paragraphs, lists, tables,
quotations, boxes, emphasis, and links to other articles. The limits stand before the parser, so
that no text costs it much. `formats/markdown.py` reads a text into these parts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kfdesk.domain.book.paragraphs import split_paragraphs
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_VALUE_BYTES

MAX_BODY_BYTES = MAX_VALUE_BYTES - 16
"""The longest text of an article, 64 KiB less what a field adds to it."""
MAX_HEADINGS = 300
MAX_DEPTH = 4
"""The greatest depth to which lists and quotations may be nested."""
TABLE_COLUMNS = (2, 5)
"""The fewest and the most columns of a table."""

LINK_SCHEME = "kf:"
BOX_OPENS, BOX_ENDS = "{box}", "{/box}"

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_TABLE_RULE = re.compile(r"[ >]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?")
_NESTING = re.compile(r"(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+")
_MARK = re.compile(r">|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)")
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line in one face; `link` is the name of the article that it leads to."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    link: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BookHeading:
    """A heading of level 2 or 3."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class BookParagraph:
    """A paragraph."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class BookListItem:
    """An item of a list: its depth from 0, its number or an empty mark, and its text."""

    depth: int
    number: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class BookList:
    """A list; the lists inside it stand among its items, deeper."""

    items: tuple[BookListItem, ...]


@dataclass(frozen=True, slots=True)
class BookTable:
    """A table: its titles, and its rows with as many cells each."""

    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class BookQuote:
    """A quotation."""

    parts: tuple["BookPart", ...]


@dataclass(frozen=True, slots=True)
class BookBox:
    """Text in a frame, which must not be overlooked."""

    parts: tuple["BookPart", ...]


BookPart = BookHeading | BookParagraph | BookList | BookTable | BookQuote | BookBox


ReadBody = Callable[[str], tuple[BookPart, ...]]
"""Reads a text into its parts."""


def plain_parts(text: str) -> tuple[BookPart, ...]:
    """Return the paragraphs of a text, with its marks as they are written."""
    return tuple(BookParagraph((Span(one),)) for one in split_paragraphs(text))


def check_body(text: str) -> None:
    """Refuse a text that the book cannot show.

    Raise KfdeskError `book.too_long` (`most`, KB), `book.too_many_headings` (`most`),
    `book.wide_table` (`most`) or `book.too_deep` (`most`).
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BODY_BYTES:
        raise KfdeskError("book.too_long", most=MAX_BODY_BYTES // 1000)
    lines = text.split("\n")
    if sum(_HEADING.match(line) is not None for line in lines) > MAX_HEADINGS:
        raise KfdeskError("book.too_many_headings", most=MAX_HEADINGS)
    least, most = TABLE_COLUMNS
    for line, above in zip(lines[1:], lines, strict=False):
        if "|" in line and "|" in above and _TABLE_RULE.fullmatch(line.rstrip()):
            columns = line.strip(" >\t").strip("|").count("|") + 1
            if not least <= columns <= most:
                raise KfdeskError("book.wide_table", most=most)
    if any(_depth_of(line) > MAX_DEPTH for line in lines):
        raise KfdeskError("book.too_deep", most=MAX_DEPTH)


def _depth_of(line: str) -> int:
    """Return how deep a line may stand at most: its marks, and its indent if it is an item."""
    found = _NESTING.match(line)
    if found is None:
        return 0
    marks = len(_MARK.findall(found.group()))
    indent = len(line) - len(line.lstrip(" \t"))
    return marks + min(indent // _INDENT, 99)


def plain_text(spans: Iterable[Span]) -> str:
    """Return spans as one text without faces."""
    return "".join(one.text for one in spans)


def lines_of(parts: Iterable[BookPart]) -> Iterator[Spans]:
    """Yield each heading, paragraph, item and cell of a text, in order."""
    for part in parts:
        match part:
            case BookHeading() | BookParagraph():
                yield part.spans
            case BookList():
                yield from (item.spans for item in part.items)
            case BookTable():
                yield from (cell for line in (part.head, *part.rows) for cell in line)
            case _:
                yield from lines_of(part.parts)


def plain_lines(parts: Iterable[BookPart]) -> Iterator[str]:
    """Yield a text line by line without its marks: points have a dot, cells a line between them."""
    for part in parts:
        match part:
            case BookHeading() | BookParagraph():
                yield plain_text(part.spans)
            case BookList():
                for item in part.items:
                    yield f"{'   ' * item.depth}{item.number or '•'} {plain_text(item.spans)}"
            case BookTable():
                for line in (part.head, *part.rows):
                    yield " | ".join(map(plain_text, line))
            case _:
                yield from plain_lines(part.parts)


def without_box_lines(text: str) -> str:
    """Return a paragraph without the lines that begin or end a box; as it is if nothing is left."""
    kept = [one for one in text.split("\n") if one.strip() not in (BOX_OPENS, BOX_ENDS)]
    return "\n".join(kept) if any(one.strip() for one in kept) else text
