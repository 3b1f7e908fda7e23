# SPDX-License-Identifier: GPL-3.0-or-later
"""All papers behind one class, `Papers`, and what the leak check needs to know of them.

For the check a finished PDF is read back by another library than the one that drew it. The word
lists are files below `resources`, and a new language is a file there. What is allowed or secret
is decided elsewhere. A new paper is one line in `_MAKERS`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

from kfdesk.documents import receipt
from kfdesk.documents.authority_letter import make_authority_letter
from kfdesk.documents.book.sheets import make_cards, make_leaflet, make_poster
from kfdesk.documents.book.whole import make_book
from kfdesk.documents.consent_form import make_consent_form
from kfdesk.documents.directory import make_contact_card, make_contact_list
from kfdesk.documents.disclosure_log import make_disclosure_log
from kfdesk.documents.duty_sheet import make_duty_sheet
from kfdesk.documents.escort.content import escort_sentences
from kfdesk.documents.escort.layout import make_escort_sheet
from kfdesk.documents.figures.report import make_figure_table, make_year_report
from kfdesk.documents.file_copy.overview import make_file_copy
from kfdesk.documents.layout.right_to_left import has_arabic
from kfdesk.documents.network_papers import make_meeting_paper, make_members, make_network_news
from kfdesk.documents.office_papers import draw_breach_note, draw_recovery_sheets
from kfdesk.documents.procedures.matrix import make_who_does_what
from kfdesk.documents.procedures.run_sheet import make_cooperation_sheet
from kfdesk.documents.procedures.sheet import make_procedure_sheet
from kfdesk.documents.receipt import make_receipt
from kfdesk.documents.support_plan import make_support_plan
from kfdesk.documents.traveller.child_sheet import child_sheet_texts, make_child_sheet
from kfdesk.documents.traveller.content import traveller_sentences
from kfdesk.documents.traveller.sheet import make_traveller_sheet
from kfdesk.documents.typesetting import (
    PlacedLine,
    Typesetter,
    page_pngs,
    page_text,
    page_texts,
    placed_lines,
)
from kfdesk.documents.week_sheet import make_week_sheet
from kfdesk.domain.book.blocks import ReadBody, plain_parts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.check import PageEvidence, ReferenceLists, normalize_places
from kfdesk.domain.leak_check.date_forms import month_forms
from kfdesk.domain.leak_check.wordlists import StemIndex, read_stems
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.language import CLIENT, SHEET_LANGUAGES, Language
from kfdesk.i18n.phrases import calendar_words, language_and_country_names, month_names
from kfdesk.i18n.places import Places

# --- for the leak check

_TEXT_AND_LINES = {pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH}
_ACTION_MARKS = (b"/OpenAction", b"/JavaScript", b"/Launch", b"/EmbeddedFile")
"""PDF names for actions and embedded files, which the page reader does not report."""

_FIXED_TEXTS = ("112", "UTC")
_PAPER_SENTENCES: Mapping[PaperName, Callable[[Language], Iterable[str]]] = {
    PaperName.CHILDS_SHEET: child_sheet_texts,
    PaperName.ESCORTS_SHEET: escort_sentences,
    PaperName.HANDOVER_RECEIPT: receipt.receipt_sentences,
}
"""The sentences of a paper beside those of the traveller's sheet."""
_ROW_TOLERANCE = 3.0
"""Points by which two texts in one row may differ in height."""


def read_evidence(pdf: bytes) -> PageEvidence:
    """Read a finished PDF: each page's text in two orders, and all other objects.

    The text is read in drawing order and by rows. Everything that is neither text nor line is
    reported as strange.
    """
    document = PdfDocument(pdf)
    try:
        pages = tuple(_texts_of_page(page) for page in document)
        strange = [*_strange_in_file(document)]
        if any(mark in pdf for mark in _ACTION_MARKS):
            strange.append((0, "script"))
        for number, page in enumerate(document, start=1):
            strange += [(number, what) for what in _strange_on_page(page)]
    finally:
        document.close()
    return PageEvidence(pages, tuple(dict.fromkeys(strange)))


class LeakCheckLists:
    """The leak check's word lists, places and months, read once, and catalogue texts."""

    def __init__(self, resources: Path, translations: Path) -> None:
        self._resources = resources
        self._translations = translations

    @property
    def lists(self) -> ReferenceLists:
        """The lists of words, places and months. Raises OSError if a file is missing."""
        return _read_lists(self._resources)

    def catalogue(self, order: PaperRequest) -> frozenset[str]:
        """Return all texts that a paper may contain by itself.

        These are its own sentences, the traveller's sentences, and CLDR's names and calendar words.
        """
        found = set(_FIXED_TEXTS)
        for code in filter(None, (order.language, order.beside)):
            found.update(calendar_words(code), language_and_country_names(code))
            if order.paper in _PAPER_SENTENCES:
                found.update(
                    _PAPER_SENTENCES[order.paper](Language(code, self._translations, CLIENT))
                )
        return frozenset(found | _traveller_sentences(self._translations))


@lru_cache(maxsize=1)
def _read_lists(resources: Path) -> ReferenceLists:
    files = sorted((resources / "carry").glob("*.tsv"))
    stems = [stem for file in files for stem in read_stems(file.read_text(encoding="utf-8"))]
    names = Places(resources / "places" / "places.tsv").all_names()
    months = month_names(file.stem for file in files)
    return ReferenceLists(StemIndex.of(stems), normalize_places(names), month_forms(months))


@lru_cache(maxsize=1)
def _traveller_sentences(translations: Path) -> frozenset[str]:
    """Return the traveller's sentences in all languages.

    The language card shows several languages. What other papers of hers say is not allowed.
    """
    spoken = (Language(code, translations, CLIENT) for code in SHEET_LANGUAGES)
    return frozenset(said for words in spoken for said in traveller_sentences(words))


def _texts_of_page(page: PdfPage) -> tuple[str, ...]:
    text = page.get_textpage()
    rows = _placed_rows(text) if has_arabic(str(text.get_text_range())) else _text_rows(text)
    return tuple(dict.fromkeys((page_text(text), "\n".join(rows))))


def _placed_rows(text: PdfTextPage) -> Iterator[str]:
    """Yield the same for a page in Arabic, by the places of the signs."""

    def row(line: PlacedLine) -> int:
        return round(-line.height / _ROW_TOLERANCE)

    inside = sorted(placed_lines(text), key=lambda line: (row(line), -line.right))
    for _, lines in groupby(inside, row):
        yield " ".join(line.text for line in lines)


def _text_rows(text: PdfTextPage) -> Iterator[str]:
    """Yield the text row by row as a reader sees it, independent of the drawing order."""
    found = []
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        piece = str(text.get_text_bounded(left, bottom, right, top)).strip()
        found.append((round(-(bottom + top) / 2 / _ROW_TOLERANCE), left, piece))
    row: list[str] = []
    last = None
    for height, _, piece in sorted(found):
        if row and height != last:
            yield " ".join(row)
            row = []
        last = height
        row.append(piece)
    yield " ".join(row)


def _strange_on_page(page: PdfPage) -> Iterator[str]:
    for drawn in page.get_objects():
        if drawn.type not in _TEXT_AND_LINES:
            yield "picture"
    if pdfium.FPDFPage_GetAnnotCount(page):
        yield "annotation"


def _strange_in_file(document: PdfDocument) -> Iterator[tuple[int, str]]:
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


# --- all papers

PaperMaker = Callable[[PaperRequest, Disclosed, PrintContext, Typesetter], bytes]

_MAKERS: Mapping[PaperName, PaperMaker] = {
    PaperName.TRAVELLERS_SHEET: make_traveller_sheet,
    PaperName.ESCORTS_SHEET: make_escort_sheet,
    PaperName.HANDOVER_RECEIPT: make_receipt,
    PaperName.FILE_COPY: make_file_copy,
    PaperName.CONSENT_FORM: make_consent_form,
    PaperName.DUTY_SHEET: make_duty_sheet,
    PaperName.CONTACT_LIST: make_contact_list,
    PaperName.CONTACT_CARD: make_contact_card,
    PaperName.SUPPORT_PLAN: make_support_plan,
    PaperName.DISCLOSURE_LOG: make_disclosure_log,
    PaperName.PROCEDURE_SHEET: make_procedure_sheet,
    PaperName.WHO_DOES_WHAT: make_who_does_what,
    PaperName.COOPERATION_SHEET: make_cooperation_sheet,
    PaperName.AUTHORITY_LETTER: make_authority_letter,
    PaperName.CHILDS_SHEET: make_child_sheet,
    PaperName.AGENDA: make_meeting_paper,
    PaperName.MINUTES: make_meeting_paper,
    PaperName.MEMBERS: make_members,
    PaperName.NETWORK_NEWS: make_network_news,
    PaperName.WEEK_SHEET: make_week_sheet,
    PaperName.BOOK: make_book,
    PaperName.LEAFLET: make_leaflet,
    PaperName.CARD: make_cards,
    PaperName.POSTER: make_poster,
    PaperName.STAFF_CARD: make_cards,
    PaperName.FIGURE_TABLE: make_figure_table,
    PaperName.YEAR_REPORT: make_year_report,
}


class Papers:
    """Makes papers, with the fonts and catalogues of the given folders.

    `read_body` reads the texts of the book.
    """

    def __init__(
        self, resources: Path, translations: Path, read_body: ReadBody = plain_parts
    ) -> None:
        self._folders = (resources, translations)
        self._read_body = read_body

    @cached_property
    def _press(self) -> Typesetter:
        return Typesetter(*self._folders, self._read_body)

    @cached_property
    def _carried(self) -> LeakCheckLists:
        return LeakCheckLists(*self._folders)

    def make(self, order: PaperRequest, what: Disclosed, about: PrintContext) -> bytes:
        """Make the paper as a PDF from what was disclosed for it.

        Raise KfdeskError `documents.…` if the texts do not fit, and `paper.incomplete` if the
        finished pages lack a required text.
        """
        return _MAKERS[order.paper](order, what, about, self._press.about(about.pronoun))

    def key_sheets(self, sheets: Sequence[Sequence[str]], words: Language) -> bytes:
        """Make the sheets of a recovery key as a PDF, in the language of `words`.

        `words` is the program's catalogue. Raise KfdeskError `documents.…`, and `paper.incomplete`
        if a page lacks a group.
        """
        pdf = draw_recovery_sheets(sheets, words, self._press)
        for groups, text in zip(sheets, page_texts(pdf), strict=True):
            signs = "".join(text.split())
            if any(group not in signs for group in groups):
                raise KfdeskError("paper.incomplete")
        return pdf

    def report_note(self, words: Language) -> bytes:
        """Make the breach note for the authority as a PDF.

        Raise KfdeskError `documents.…`.
        """
        return draw_breach_note(words, self._press)

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Return each page as a PNG, at `scale` pixels to a point, made in memory."""
        return page_pngs(pdf, scale)

    def evidence(self, pdf: bytes) -> PageEvidence:
        """Read a finished paper for the leak check."""
        return read_evidence(pdf)

    def lists(self) -> ReferenceLists:
        """Return the leak check's lists of words, places and months."""
        return self._carried.lists

    def catalogue(self, order: PaperRequest) -> frozenset[str]:
        """Return all texts that a paper may contain by itself."""
        return self._carried.catalogue(order)
