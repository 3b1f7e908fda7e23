# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's sheet: eight short sentences with drawings, and whom to call; a page for each child.

It is for a child who travels along and wants a sheet, and for whoever finds the child alone. It
names nobody but the child and, by the first name, who looks after the child on the way. Nothing
shows where the journey goes. Knows no store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kfdesk.documents.layout.canvas import PageCanvas, PathStep
from kfdesk.documents.layout.style import (
    A6,
    BOLD,
    INK,
    REGULAR,
    SEMIBOLD,
    Item,
    Rule,
    Style,
    Symbol,
)
from kfdesk.documents.layout.text import LINE_SPACING, TextColumn, wrap_text
from kfdesk.documents.traveller.content import HeadComposer, sequence_number
from kfdesk.documents.traveller.pictograms import PICTOGRAMS, pictogram
from kfdesk.documents.typesetting import (
    Typesetter,
    disclosed_records,
    localized_line,
    missing_texts,
    one_line,
)
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.journey import HelpNumber, Traveller
from kfdesk.i18n.language import Language

# --- content


@dataclass(frozen=True, slots=True)
class ChildSheet:
    """One child's page: the name as on the ticket, who looks after the child, numbers to call.

    `carer` is a first name, empty if nobody is named.
    """

    name: str
    carer: str
    phones: tuple[str, ...]


def build_child_sheets(what: Disclosed, language: str) -> tuple[ChildSheet, ...]:
    """Build a page for each traveller that was disclosed, in a language (ISO 639-1)."""
    numbers = sorted(disclosed_records(what, HelpNumber), key=sequence_number)
    phones = tuple(dialled_groups(one_line(one.number)) for one in numbers)
    return tuple(
        ChildSheet(one_line(row.name_on_ticket), localized_line(row.cared_by, language), phones)
        for row in disclosed_records(what, Traveller)
    )


# --- sentences

CHILD_SENTENCES: Mapping[str, str] = {
    "journey": N_("I am going on a journey."),
    "together": N_("A grown-up travels with me and looks after me."),
    "meal": N_("On the way I may eat, drink and sleep."),
    "say": N_("If I need something or do not feel well, I say so."),
    "bear": N_("I may bring something that I like."),
    "crowd": N_("Where there are many people, I hold hands."),
    "wait": N_("If I cannot see my grown-up, I stay where I am and wait."),
    "call": N_("I show this paper, and someone calls for me."),
}
"""The sentences by their drawings, in the order of the page; a child says them."""

_WITH_NAME = N_("{name} travels with me and looks after me.")


def child_title(words: Language) -> str:
    """Return the name of the paper."""
    return words.gettext(N_("My journey"))


def call_request(words: Language) -> str:
    """Return the line above the numbers, for whoever reads the paper."""
    return words.gettext(N_("Please call this number"))


def child_sentences(words: Language, carer: str) -> Iterator[tuple[str, str]]:
    """Yield the drawings with their sentences; the second one names the carer if there is one."""
    for drawing, sentence in CHILD_SENTENCES.items():
        if drawing == "together" and carer:
            yield drawing, words.gettext(_WITH_NAME).format(name=carer)
        else:
            yield drawing, words.gettext(sentence)


def child_sheet_texts(words: Language) -> Iterator[str]:
    """Yield the fixed sentences of the paper, which the carry check allows."""
    helper = replace(words, code=_HELPER_LANGUAGE)
    yield from (child_title(words), call_request(words), call_request(helper))
    yield from (sentence for _, sentence in child_sentences(words, ""))
    yield words.gettext(_WITH_NAME).format(name="")


# --- layout and PDF

_SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
"""The type sizes of the sentences that are tried: the first that fits the page counts."""
_TEXT_LEFT = 35.0
_PITCH = 2.6
"""From one sentence to the next at least, by the type size."""
_ROW_GAP = 3.5
_HELPER_LANGUAGE = "en"


def make_child_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheets of all children as a PDF, in the ordered language.

    Raise KfdeskError `documents.…` if the texts do not fit, and `paper.incomplete` if a finished
    page lacks a name, a sentence or a number.
    """
    words, sheets = press.client(order.language), build_child_sheets(what, order.language)
    pdf = draw_child_sheets(sheets, words, press, is_draft=about.is_draft)
    if not sheets or missing_texts(pdf, _facts(sheets, words)):
        raise KfdeskError("paper.incomplete")
    return pdf


def draw_child_sheets(
    sheets: Sequence[ChildSheet], words: Language, press: Typesetter, *, is_draft: bool = False
) -> bytes:
    """Draw a page for each child; the same sheets give the same bytes.

    Raise KfdeskError `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """

    def drawing(name: str) -> list[PathStep]:
        return pictogram(name) if name in PICTOGRAMS else press.icon(name)

    canvas = PageCanvas(A6, words.code, drawing)
    helper = press.client(_HELPER_LANGUAGE)
    for sheet in sheets:
        canvas.put(_largest_page(sheet, words, helper, is_draft=is_draft))
        canvas.end_page()
    return canvas.pdf()


def _largest_page(
    sheet: ChildSheet, words: Language, helper: Language, *, is_draft: bool
) -> list[Item]:
    for size in _SIZES:
        page = _PageComposer(words, helper, size)
        if page.set(sheet, is_draft=is_draft) <= A6.bottom:
            return page.items
    raise KfdeskError("documents.too_much")


class _PageComposer:
    """Composes one page from top to bottom, with sentences of one size in points."""

    def __init__(self, words: Language, helper: Language, size: float) -> None:
        self._words, self._helper = words, helper
        self._style = Style(REGULAR, size)
        self.items: list[Item] = []

    def set(self, sheet: ChildSheet, *, is_draft: bool) -> float:
        """Compose the page and return its lower edge."""
        head = HeadComposer(self._words, A6, is_draft=is_draft).line(child_title(self._words), "")
        name = TextColumn(A6.margin, A6.measure, y=head.y)
        name.add_fitted(sheet.name, Style(BOLD, A6.sizes.place), 1.25 * A6.sizes.place)
        self.items = [*head.items, *name.items]
        y = name.y + 8
        for drawing, sentence in child_sentences(self._words, sheet.carer):
            y = self._row(drawing, sentence, y)
        return self._foot(sheet.phones, y + 2)

    def _row(self, drawing: str, sentence: str, y: float) -> float:
        """Add a drawing with its sentence beside it, in the middle; return the lower edge."""
        style = self._style
        lines = len(wrap_text(sentence, style, A6.measure - _TEXT_LEFT))
        leading = LINE_SPACING * style.size
        pitch = max(_PITCH * style.size, lines * leading + _ROW_GAP)
        drawn = _PITCH * style.size - _ROW_GAP
        text = TextColumn(A6.margin + _TEXT_LEFT, A6.measure - _TEXT_LEFT)
        text.y = y + (pitch - (lines - 1) * leading - style.cap_height) / 2
        text.add(sentence, style, style.cap_height)
        top = y + (pitch - drawn) / 2
        self.items += [Symbol(drawing, A6.margin, top, drawn, INK), *text.items]
        return y + pitch

    def _foot(self, phones: Sequence[str], y: float) -> float:
        """Add the request in both languages, and the numbers; return the lower edge."""
        asked = dict.fromkeys((call_request(self._words), call_request(self._helper)))
        foot = TextColumn(A6.margin, A6.measure, y=y)
        for request in asked:
            foot.add(request, Style(SEMIBOLD, A6.sizes.note), 1.4 * A6.sizes.note)
        phone = Style(BOLD, A6.sizes.heading)
        for number in phones:
            foot.add(number, phone, 1.28 * phone.size)
        self.items += [Rule(A6.margin, y, across=A6.measure), *foot.items]
        return foot.y + 1


def _facts(sheets: Sequence[ChildSheet], words: Language) -> Iterator[str]:
    for sheet in sheets:
        yield sheet.name
        yield from (sentence for _, sentence in child_sentences(words, sheet.carer))
        yield from sheet.phones
