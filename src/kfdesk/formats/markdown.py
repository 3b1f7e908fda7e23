# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown of the book, read into parts.

The parser is markdown-it (CommonMark) with few of its rules. Marks that the book does not know
stay text: HTML, pictures, web addresses, code, headings of other levels. What a text may hold at
most is checked before (`domain/book/blocks.py`). Links are read here and not by the parser, which
would look for brackets again and again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kfdesk.domain.book.blocks import (
    BOX_ENDS,
    BOX_OPENS,
    BookBox,
    BookHeading,
    BookList,
    BookListItem,
    BookParagraph,
    BookPart,
    BookQuote,
    BookTable,
    Span,
    Spans,
    check_body,
)
from kfdesk.domain.book.order import is_slug

_RULES = ("table", "list", "heading", "blockquote", "emphasis", "escape", "newline")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(kf:([a-z0-9-]{1,80})\)")
_LEVELS = frozenset({"h2", "h3"})
_BOX = re.compile(rf"^(?:{re.escape(BOX_OPENS)}|{re.escape(BOX_ENDS)})[ \t]*$", re.MULTILINE)
_CACHED_TEXTS = 128


@lru_cache(maxsize=_CACHED_TEXTS)
def read_markdown(text: str) -> tuple[BookPart, ...]:
    """Return the parts of a text. Raise KfdeskError as `check_body` does."""
    check_body(text)
    return tuple(_boxed(text))


def _boxed(text: str) -> Iterator[BookPart]:
    """Yield the parts of a text; what stands between the lines of a box is one part.

    A box that does not end, or that ends without a beginning, is text.
    """
    marks = [(found.start(), found.end(), found.group().strip()) for found in _BOX.finditer(text)]
    at, number = 0, 0
    while number + 1 < len(marks):
        (begins, inside, opens), (ends, after, closes) = marks[number : number + 2]
        if (opens, closes) != (BOX_OPENS, BOX_ENDS):
            number += 1
            continue
        yield from _parts(text[at:begins])
        yield BookBox(tuple(_parts(text[inside:ends])))
        at, number = after, number + 2
    yield from _parts(text[at:])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "maxNesting": 40})
    return parser.enable([*_RULES])


def _parts(text: str) -> Iterator[BookPart]:
    if not text.strip():
        return
    yield from _PartReader(_parser().parse(text)).parts("")


class _PartReader:
    """Reads the tokens of the parser one after another."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def parts(self, end: str) -> Iterator[BookPart]:
        """Yield the parts up to the token of type `end`, which is passed; all without one."""
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == end:
                return
            read = _READERS.get(token.type)
            if read is not None:
                yield read(self, token)

    def heading(self, token: Token) -> BookPart:
        spans = self._spans("heading_close")
        if token.tag in _LEVELS:
            return BookHeading(int(token.tag[1]), spans)
        return BookParagraph((Span(f"{token.markup} "), *spans))

    def paragraph(self, _token: Token) -> BookPart:
        return BookParagraph(self._spans("paragraph_close"))

    def quote(self, _token: Token) -> BookPart:
        return BookQuote(tuple(self.parts("blockquote_close")))

    def whole_list(self, token: Token) -> BookPart:
        return BookList(tuple(self._items(token, 0)))

    def table(self, _token: Token) -> BookPart:
        lines: list[tuple[Spans, ...]] = []
        cells: list[Spans] = []
        while (token := self._next()).type != "table_close":
            if token.type in {"th_open", "td_open"}:
                cells.append(self._spans(token.type.replace("open", "close")))
            elif token.type == "tr_close":
                lines.append(tuple(cells))
                cells = []
        return BookTable(lines[0], tuple(lines[1:]))

    def _items(self, opened: Token, depth: int) -> Iterator[BookListItem]:
        """Yield the items of a list; a table or a quotation in an item is told as its lines."""
        is_numbered = opened.type == "ordered_list_open"
        number = int(opened.attrs.get("start", 1)) if is_numbered else 0
        while (token := self._next()).type not in {"bullet_list_close", "ordered_list_close"}:
            if token.type != "list_item_open":
                continue
            mark = f"{number}." if is_numbered else ""
            number += 1
            yield from self._item(mark, depth)

    def _item(self, mark: str, depth: int) -> Iterator[BookListItem]:
        said: list[Span] = []
        while (token := self._next()).type != "list_item_close":
            if token.type == "inline":
                said += [Span(" ")] if said else []
                said += _inline(token)
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                if said or mark:
                    yield BookListItem(depth, mark, tuple(said))
                    said, mark = [], ""
                yield from self._items(token, depth + 1)
        if said or mark:
            yield BookListItem(depth, mark, tuple(said))

    def _spans(self, end: str) -> Spans:
        found: list[Span] = []
        while (token := self._next()).type != end:
            if token.type == "inline":
                found += _inline(token)
        return tuple(found)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token


_READERS: dict[str, Callable[[_PartReader, Token], BookPart]] = {
    "heading_open": _PartReader.heading,
    "paragraph_open": _PartReader.paragraph,
    "blockquote_open": _PartReader.quote,
    "bullet_list_open": _PartReader.whole_list,
    "ordered_list_open": _PartReader.whole_list,
    "table_open": _PartReader.table,
}


def _inline(token: Token) -> Spans:
    """Return a paragraph as spans; a line end is a space, and `_` is no emphasis."""
    found: list[Span] = []
    strong = emphasis = 0
    for child in token.children or ():
        if child.markup.startswith("_") and child.nesting:
            found.append(Span(child.markup, strong > 0, emphasis > 0))
        elif child.type in {"strong_open", "strong_close"}:
            strong += child.nesting
        elif child.type in {"em_open", "em_close"}:
            emphasis += child.nesting
        else:
            said = " " if child.type in {"softbreak", "hardbreak"} else child.content
            found.append(Span(said, strong > 0, emphasis > 0))
    return tuple(_with_links(_joined(found)))


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield spans with neighbours of one face joined, without what is empty."""
    last: Span | None = None
    for one in spans:
        if last is not None and (last.is_strong, last.is_emphasis) == (
            one.is_strong,
            one.is_emphasis,
        ):
            last = Span(last.text + one.text, one.is_strong, one.is_emphasis)
            continue
        if last is not None and last.text:
            yield last
        last = one
    if last is not None and last.text:
        yield last


def _with_links(spans: Iterator[Span]) -> Iterator[Span]:
    for one in spans:
        at = 0
        for found in _LINK.finditer(one.text):
            if not is_slug(found.group(2)):
                continue
            if found.start() > at:
                yield Span(one.text[at : found.start()], one.is_strong, one.is_emphasis)
            yield Span(found.group(1), one.is_strong, one.is_emphasis, found.group(2))
            at = found.end()
        if at < len(one.text):
            yield Span(one.text[at:], one.is_strong, one.is_emphasis)
