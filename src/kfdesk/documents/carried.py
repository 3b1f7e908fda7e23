# SPDX-License-Identifier: GPL-3.0-or-later
"""What the carry check needs of this room: a finished PDF as evidence, and what is known of words.

The PDF is read by another library than the one that drew it. The lists are files below
`resources`; a new language is a file there. What is allowed or secret is not known here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

from kfdesk.documents.companion import words as companion_words
from kfdesk.documents.receipt import words as receipt_words
from kfdesk.domain.carry.check import Evidence, Lists, place_names
from kfdesk.domain.carry.days import month_forms
from kfdesk.domain.carry.listed import Listed, read_stems
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.i18n.language import TRAVELLER, Language
from kfdesk.i18n.page_words import calendar_words, month_names, named_codes, sentences_in
from kfdesk.i18n.places import Places

_DRAWN = {pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH}
_ACTIONS = (b"/OpenAction", b"/JavaScript", b"/Launch", b"/EmbeddedFile")
"""Names by which a file acts or carries others; where the reader of pages does not look."""

_FIXED = ("112", "UTC")
_SAID: Mapping[PaperName, Callable[[Language], Iterable[str]]] = {
    PaperName.ESCORTS_SHEET: companion_words.sentences,
    PaperName.HANDOVER_RECEIPT: receipt_words.sentences,
}
"""What a paper says beside the traveller's sentences."""
_ROW = 3.0
"""Points by which two pieces of text may differ in height and still stand in one row."""


def read_evidence(pdf: bytes) -> Evidence:
    """A finished PDF: each page's text by drawing and by rows, and what is no text nor line."""
    document = PdfDocument(pdf)
    try:
        pages = tuple(_page_texts(page) for page in document)
        strange = [*_in_file(document)]
        if any(mark in pdf for mark in _ACTIONS):
            strange.append((0, "script"))
        for number, page in enumerate(document, start=1):
            strange += [(number, what) for what in _on_page(page)]
    finally:
        document.close()
    return Evidence(pages, tuple(dict.fromkeys(strange)))


class CarryLists:
    """The listed words, places and months, read once; and the texts of the catalogues."""

    def __init__(self, resources: Path, translations: Path) -> None:
        self._resources = resources
        self._translations = translations

    @property
    def lists(self) -> Lists:
        """What the check knows of the world. Raises OSError where a file is missing."""
        return _lists(self._resources)

    def catalogue(self, order: Order) -> frozenset[str]:
        """All that the paper may say by itself: its sentences, the traveller's, CLDR's words."""
        found = set(_FIXED)
        for code in filter(None, (order.language, order.beside)):
            found.update(calendar_words(code), named_codes(code))
            if order.paper in _SAID:
                found.update(_SAID[order.paper](Language(code, self._translations)))
        return frozenset(found | _sentences(self._translations))


@lru_cache(maxsize=1)
def _lists(resources: Path) -> Lists:
    files = sorted((resources / "carry").glob("*.tsv"))
    stems = [stem for file in files for stem in read_stems(file.read_text(encoding="utf-8"))]
    names = Places(resources / "places" / "places.tsv").all_names()
    months = month_names(file.stem for file in files)
    return Lists(Listed.of(stems), place_names(names), month_forms(months))


@lru_cache(maxsize=1)
def _sentences(translations: Path) -> frozenset[str]:
    """The traveller's sentences in all languages, because the language card shows several."""
    return frozenset(sentences_in(translations, TRAVELLER))


def _page_texts(page: PdfPage) -> tuple[str, ...]:
    text = page.get_textpage()
    drawn = str(text.get_text_range())
    return tuple(dict.fromkeys((drawn, "\n".join(_rows(text)))))


def _rows(text: PdfTextPage) -> Iterator[str]:
    """The text as an eye goes: row by row, whatever was drawn first."""
    found = []
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        piece = str(text.get_text_bounded(left, bottom, right, top)).strip()
        found.append((round(-(bottom + top) / 2 / _ROW), left, piece))
    row: list[str] = []
    last = None
    for height, _, piece in sorted(found):
        if row and height != last:
            yield " ".join(row)
            row = []
        last = height
        row.append(piece)
    yield " ".join(row)


def _on_page(page: PdfPage) -> Iterator[str]:
    for drawn in page.get_objects():
        if drawn.type not in _DRAWN:
            yield "picture"
    if pdfium.FPDFPage_GetAnnotCount(page):
        yield "annotation"


def _in_file(document: PdfDocument) -> Iterator[tuple[int, str]]:
    if pdfium.FPDFDoc_GetAttachmentCount(document):
        yield 0, "attachment"
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document):
        yield 0, "script"
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        yield 0, "form"
    if pdfium.FPDF_CountNamedDests(document) or any(document.get_toc()):
        yield 0, "link"
    told = document.get_metadata_dict(skip_empty=True)
    if set(told) - {"CreationDate", "ModDate", "Trapped"}:
        yield 0, "words"
