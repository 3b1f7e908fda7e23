# SPDX-License-Identifier: GPL-3.0-or-later
"""The book on paper: title, imprint, contents with page numbers, chapters, sources and index.

It is for the desk. Each chapter begins a page. The contents are composed after the chapters, as
only these know their pages; their own length depends on the number of lines alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kfdesk.documents.book.content import PrintedBook, read_book, tag_name
from kfdesk.documents.book.flow import FlowSetter, FlowSizes
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import Block, PaperPart, paginate, stack_blocks
from kfdesk.documents.layout.style import (
    A4,
    A5,
    BOLD,
    GREY,
    HAIRLINE,
    MILLIMETRE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Item,
    PageFormat,
    Rule,
    Style,
    Symbol,
    TextLine,
)
from kfdesk.documents.layout.text import width_of, wrap_anywhere
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.book.blocks import BookHeading, ReadBody, Span
from kfdesk.domain.book.contents import BookChapter
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.book import BOOK_TITLE, book_words
from kfdesk.i18n.language import Language

_FORMS = {
    PaperFormat.A5: (replace(A5, margin=15 * MILLIMETRE), FlowSizes(9.6, 13, 11, 8.4)),
    PaperFormat.A4: (replace(A4, margin=24 * MILLIMETRE), FlowSizes(10.8, 15.5, 12.5, 9.4)),
}
_HEAD = 13 * MILLIMETRE  # from the top of the page to the running head
_TOP, _FOOT = 20 * MILLIMETRE, 16 * MILLIMETRE
_NUMBER_ROOM = 34.0


def make_book(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the book as a PDF, in the ordered language; same articles, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `book.…` for a text
    with more than the book can show.
    """
    words = press.program(order.language)
    said = read_book(order, what, about, words)
    maker = _BookMaker(*_FORMS[order.form], words, press.read_body)
    pages = maker.pages(said, about)
    canvas = PageCanvas(maker.form, order.language, press.icon)
    for page in pages:
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the contents or of the index: its words, how far it is set in, and its pages."""

    text: str
    depth: int
    pages: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class _BookMaker:
    """Composes the pages of a book in one form and language."""

    form: PageFormat
    sizes: FlowSizes
    words: Language
    read: ReadBody

    def pages(self, said: PrintedBook, about: PrintContext) -> list[list[Item]]:
        """Return the items of each page."""
        own = book_words(self.words, about.at.date(), len(said.chapters), said.left_out)
        chapters = [self._paginated(list(self._chapter(one, said))) for one in said.chapters]
        count = len(self._lines_on_pages(own.contents, self._contents(said.chapters, [])))
        starts, at = [], 2 + count
        for pages in chapters:
            starts.append(at + 1)
            at += len(pages)
        contents = self._lines_on_pages(own.contents, self._contents(said.chapters, starts))
        index = list(self._index(said, starts))
        title = self.words.gettext("Index")
        last = self._lines_on_pages(title, index) if index else []
        heads = [own.contents] * count
        heads += [one.title for one, pages in zip(said.chapters, chapters, strict=True)
                  for _ in pages]  # fmt: skip
        heads += [title] * len(last)
        body = [*contents, *(page for pages in chapters for page in pages), *last]
        framed = (
            [*self._frame(head, number), *page]
            for number, (head, page) in enumerate(zip(heads, body, strict=True), start=3)
        )
        return [self._title_page(said), self._imprint(said, own.made, about), *framed]

    # parts

    def _chapter(self, one: BookChapter, said: PrintedBook) -> Iterator[PaperPart]:
        """Yield a chapter: its heading with its marks, its text, its sources."""
        form, own = self.form, book_words(self.words, date.min, 0, 0)
        setter = FlowSetter(form.margin, form.measure, self.sizes)
        signs = ((one.is_other_language, own.original), (one.is_draft, own.draft))
        marks = [text for is_so, text in signs if is_so]
        size = self.sizes.heading * 1.35
        head = [*setter.lines((Span(one.title, is_strong=True),), 0, size)]
        head += [block for text in marks for block in self._mark(text)]
        if one.summary:
            head += setter.lines((Span(one.summary, is_strong=True),), 0.5 * self.sizes.text)
        yield PaperPart(stack_blocks(head), gap=0)
        yield from setter.parts(self.read(one.body))
        names = said.names.get(one.rid, ())
        for title, lines in ((own.sources, one.sources), (self._offers_heading(), names)):
            if lines:
                small = FlowSetter(
                    form.margin, form.measure, replace(self.sizes, text=self.sizes.small)
                )
                heading = stack_blocks(setter.heading(BookHeading(3, (Span(title),))))
                above = 0.3 * self.sizes.small
                rows = [block for text in lines for block in small.lines((Span(text),), above)]
                yield PaperPart(heading, tuple(rows), gap=0)

    def _offers_heading(self) -> str:
        return self.words.gettext("Who offers this here")

    def _mark(self, text: str) -> Iterator[Block]:
        """Compose a mark over a chapter: a sign and a sentence, line by line."""
        size, form = self.sizes.small, self.form
        style = Style(SEMIBOLD, size, GREY)
        for number, line in enumerate(wrap_anywhere(text, style, form.measure - 2 * size)):
            items: list[Item] = [
                TextLine(line, style, form.margin + 1.6 * size, 1.5 * size, form.measure)
            ]
            if not number:
                items.append(Symbol("triangle-alert", form.margin, 0.62 * size, size, GREY))
            yield Block(tuple(items), 1.7 * size if not number else 1.35 * size)

    def _contents(self, chapters: Sequence[BookChapter], starts: Sequence[int]) -> list[_Line]:
        numbers = [str(one) for one in starts] or ["0"] * len(chapters)
        return [
            _Line(one.title, one.depth, number, is_strong=not one.depth)
            for one, number in zip(chapters, numbers, strict=True)
        ]

    def _index(self, said: PrintedBook, starts: Sequence[int]) -> Iterator[_Line]:
        """Yield what the chapters are about and whom they name, with the pages of these."""
        found: dict[str, set[int]] = {}
        for one, page in zip(said.chapters, starts, strict=True):
            terms = {tag_name(tag, self.words) for tag in one.tags} | {*said.names.get(one.rid, ())}
            terms |= {one.title} if one.kind == "glossary" else set()
            for term in filter(None, terms):
                found.setdefault(term, set()).add(page)
        for term in sorted(found, key=str.casefold):
            yield _Line(term, 0, ", ".join(map(str, sorted(found[term]))))

    # pages

    def _paginated(self, parts: Sequence[PaperPart]) -> list[list[Item]]:
        return paginate(parts, _TOP, self.form.height - _FOOT - 6)

    def _lines_on_pages(self, title: str, lines: Sequence[_Line]) -> list[list[Item]]:
        setter = FlowSetter(self.form.margin, self.form.measure, self.sizes)
        head = stack_blocks(
            setter.lines((Span(title, is_strong=True),), 0, self.sizes.heading * 1.35)
        )
        rows = tuple(self._row(one) for one in lines)
        return self._paginated([PaperPart(head, rows, gap=0)])

    def _row(self, line: _Line) -> Block:
        form, size = self.form, self.sizes.text
        style = Style(SEMIBOLD if line.is_strong else REGULAR, size)
        inset = min(line.depth, 4) * 1.2 * size
        pages = Style(REGULAR, size)
        number = wrap_anywhere(line.pages, pages, form.measure / 2) or [""]
        room = max(_NUMBER_ROOM, max(width_of(one, pages) for one in number) + 8)
        texts = wrap_anywhere(line.text, style, form.measure - inset - room) or [""]
        items: list[Item] = []
        y = 0.55 * size
        for place in range(max(len(texts), len(number))):
            y += 1.35 * size if place else size
            if place < len(texts):
                items.append(TextLine(texts[place], style, form.margin + inset, y, form.measure))
            if place < len(number):
                items.append(TextLine(number[place], pages, form.margin, y, form.measure, "right"))
        return Block(tuple(items), y + 0.4 * size)

    def _frame(self, head: str, number: int) -> Iterator[Item]:
        """Yield the running head and the page number."""
        form, small = self.form, Style(REGULAR, self.sizes.small, GREY)
        title = self.words.gettext(BOOK_TITLE)
        room = form.measure - width_of(title, small) - 20
        yield TextLine(title, small, form.margin, _HEAD, form.measure)
        yield TextLine(_shortened(head, small, room), small, form.margin, _HEAD, form.measure,
                       "right")  # fmt: skip
        yield Rule(form.margin, _HEAD + 5, across=form.measure, stroke=0.6, colour=HAIRLINE)
        page = Style(SEMIBOLD, self.sizes.small, GREY)
        yield TextLine(str(number), page, form.margin, form.height - _FOOT + 12, form.measure,
                       "right")  # fmt: skip

    def _title_page(self, said: PrintedBook) -> list[Item]:
        form = self.form
        y = form.height * 0.3
        items: list[Item] = [Rule(form.margin, y - 44, across=48, stroke=4, colour=PETROL)]
        style = Style(BOLD, self.sizes.heading * 2.1)
        for line in wrap_anywhere(self.words.gettext(BOOK_TITLE), style, form.measure):
            items.append(TextLine(line, style, form.margin, y, form.measure))
            y += 1.2 * style.size
        quiet = Style(REGULAR, self.sizes.lower, GREY)
        for text in (said.edition, self.words.language(self.words.code)):
            for line in wrap_anywhere(text, quiet, form.measure):
                items.append(TextLine(line, quiet, form.margin, y + 4, form.measure))
                y += 1.5 * quiet.size
        return items

    def _imprint(self, said: PrintedBook, made: str, about: PrintContext) -> list[Item]:
        """Return the page that says which edition this is, in which language, on what terms."""
        words, form = self.words, self.form
        edition = said.edition or words.gettext("Working copy: not an edition to be cited.")
        day = words.day(about.at.date(), year=True)
        copy = words.gettext("Not about any client. Copy no. {copy}, {day} by {name}.")
        drafts = sum(one.is_draft for one in said.chapters)
        others = sum(one.is_other_language for one in said.chapters)
        lines = [edition, made]
        if drafts:
            text = words.ngettext(
                "{count} article is a draft.", "{count} articles are drafts.", drafts
            )
            lines.append(text.format(count=drafts))
        if others:
            text = words.ngettext(
                "{count} article is in another language.",
                "{count} articles are in another language.", others,
            )  # fmt: skip
            lines.append(text.format(count=others))
        if said.licences:
            lines.append(words.gettext("Licence: {name}").format(name=said.licences))
        lines.append(copy.format(copy=about.number, day=day, name=about.by))
        setter = FlowSetter(form.margin, form.measure, replace(self.sizes, text=self.sizes.small))
        blocks = [block for one in lines for block in setter.lines((Span(one),), 5)]
        whole = stack_blocks(blocks)
        top = form.height - _FOOT - whole.height
        return [replace(item, y=item.y + top) for item in whole.items]


def _shortened(text: str, style: Style, room: float) -> str:
    """Return a title as long as it fits a running head; it stands in full over its chapter."""
    if width_of(text, style) <= room:
        return text
    words = text.split()
    while words and width_of(f"{' '.join(words)} …", style) > room:
        words.pop()
    return f"{' '.join(words)} …"
