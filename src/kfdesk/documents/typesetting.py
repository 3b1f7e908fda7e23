# SPDX-License-Identifier: GPL-3.0-or-later
"""Typesetting of all papers: fonts, catalogues, disclosed records as text, and reading back.

A finished PDF is read back by another library than the one that drew it, so that a gap in the
drawing shows. Everything stays in memory. Knows no paper and no window.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfTextPage
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kfdesk.documents.layout.canvas import PathStep, read_icon
from kfdesk.documents.layout.right_to_left import as_letters, as_read, has_arabic
from kfdesk.documents.layout.style import ARABIC_FACES, FACES
from kfdesk.domain.book.blocks import ReadBody, plain_parts
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import MissingAnswer, Value, text_in_language
from kfdesk.i18n.language import CLIENT, PROGRAM, Language


class Typesetter:
    """The fonts and icons below `resources`, and the catalogues below `translations`.

    `read_body` reads a text of the book. Creating it raises OSError or TTFError if a font file is
    missing or broken.
    """

    def __init__(
        self, resources: Path, translations: Path, read_body: ReadBody = plain_parts
    ) -> None:
        self.read_body = read_body
        self._icons = resources / "icons"
        self._translations = translations
        self.pronoun = Pronoun.SHE
        self._read: dict[str, list[PathStep]] = {}
        known = set(pdfmetrics.getRegisteredFontNames())
        for face in dict.fromkeys((*FACES, *ARABIC_FACES.values())):
            if face not in known:
                pdfmetrics.registerFont(TTFont(face, resources / "fonts" / f"{face}.ttf"))

    def icon(self, name: str) -> list[PathStep]:
        """Return the strokes of an icon. Raise OSError if there is none of this name."""
        if name not in self._read:
            drawing = (self._icons / f"{name}.svg").read_text(encoding="utf-8")
            self._read[name] = read_icon(drawing)
        return self._read[name]

    def about(self, pronoun: Pronoun) -> "Typesetter":
        """Return a typesetter whose program's languages speak of a client with that pronoun."""
        other = copy(self)
        other.pronoun = pronoun
        return other

    def client(self, code: str) -> Language:
        """Return the language `code` with the client's catalogue, for the client's papers.

        Phrases to show to other people come from there.
        """
        return Language(code, self._translations, CLIENT)

    def program(self, code: str) -> Language:
        """Return the language `code` with the program's catalogue, for internal papers."""
        return Language(code, self._translations, PROGRAM, self.pronoun)


def read_aloud_language(order: PaperRequest, about: PrintContext) -> str:
    """Return the client's language in which an interpreter reads a paper to her (ISO 639).

    It is empty if the paper is in a language of hers, or nobody knows what she speaks.
    """
    is_hers = {order.language, order.beside} & {*about.hers}
    return "" if is_hers or not about.hers else about.hers[0]


# --- reading back

_GAP = 0.5
"""The room between two signs, in heights of their letters, after which another line begins."""
_TURNED_SIGNS = re.compile(r"[()\[\]{}<>«»‹›]")
_LAYOUT_CHARACTERS = re.compile(r"[\s\ufffe-]+")
"""Characters that a line break may change: spaces and hyphens (U+FFFE at line ends)."""


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page, including text that is hidden or off the page."""
    document = PdfDocument(pdf)
    try:
        return [page_text(page.get_textpage()) for page in document]
    finally:
        document.close()


def page_text(text: PdfTextPage) -> str:
    """Return the text of a page in its drawing order, each line as it is read.

    The library turns lines in Arabic letters around by rules of its own, so they are read by the
    places of their signs.
    """
    drawn = str(text.get_text_range())
    return "\n".join(line.text for line in placed_lines(text)) if has_arabic(drawn) else drawn


class PlacedSign(NamedTuple):
    """A sign on a page, in points: its baseline from the foot of the page, edges and size."""

    height: float
    left: float
    right: float
    size: float
    number: int
    text: str


class PlacedLine(NamedTuple):
    """A line as it is read, with its baseline from the foot of the page and its right edge."""

    height: float
    right: float
    text: str


def placed_lines(text: PdfTextPage) -> Iterator[PlacedLine]:
    """Yield the lines of a page in their drawing order, as they are read. A gap ends a line."""
    for height, signs in groupby(_placed_signs(text), lambda sign: sign.height):
        # two letters that were drawn as one sign stand at one place, the first of them first
        inside = sorted(signs, key=lambda sign: (sign.left, -sign.number))
        pieces = [[inside[0]]]
        for before, sign in pairwise(inside):
            if sign.left - before.right > _GAP * max(before.size, sign.size):
                pieces.append([])
            pieces[-1].append(sign)
        for piece in reversed(pieces):
            told = as_read("".join(sign.text for sign in piece)).strip()
            yield PlacedLine(height, piece[-1].right, told)


def _placed_signs(text: PdfTextPage) -> Iterator[PlacedSign]:
    """Yield the signs of a page in their drawing order, without those that the library adds."""
    left, up = ctypes.c_double(), ctypes.c_double()
    for number in range(text.count_chars()):
        if pdfium.FPDFText_IsGenerated(text.raw, number) != 1:
            pdfium.FPDFText_GetCharOrigin(text.raw, number, left, up)
            right = max(left.value, text.get_charbox(number, loose=True)[2])
            size = pdfium.FPDFText_GetFontSize(text.raw, number)
            sign = chr(pdfium.FPDFText_GetUnicode(text.raw, number))
            yield PlacedSign(round(up.value, 1), round(left.value, 1), right, size, number, sign)


def page_pngs(pdf: bytes, scale: float) -> list[bytes]:
    """Render each page as a PNG, at `scale` pixels to a point."""
    document = PdfDocument(pdf)
    try:
        pages = [BytesIO() for _ in document]
        for page, png in zip(document, pages, strict=True):
            page.render(scale=scale).to_pil().save(png, format="PNG")
    finally:
        document.close()
    return [png.getvalue() for png in pages]


def missing_texts(pdf: bytes, wanted: Iterable[str]) -> list[str]:
    """Return the wanted texts that the pages do not show as often as wanted.

    Empty texts are ignored. The caller refuses a paper that lacks a text, and must not log the
    texts.
    """
    pages = " ".join(page_texts(pdf))
    strip = _strip_arabic if has_arabic(pages) else strip_layout
    text = strip(pages)
    counts = Counter(filter(None, wanted))
    return [fact for fact, count in counts.items() if text.count(strip(fact)) < count]


def strip_layout(text: str) -> str:
    """Return the text without invisible characters and without what may change at a line end."""
    composed = _LAYOUT_CHARACTERS.sub("", unicodedata.normalize("NFC", text))
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")


def _strip_arabic(text: str) -> str:
    """Return the same without short vowels, and without brackets, which the library may turn."""
    return _TURNED_SIGNS.sub("", as_letters(strip_layout(text)))


# --- disclosed records as text

R = TypeVar("R")


def disclosed_records(what: Disclosed, cls: type[R]) -> list[R]:
    """Return the disclosed records of one type, by id."""
    return [seen.record for seen in disclosed_views(what, cls)]


def disclosed_views(what: Disclosed, cls: type[R]) -> list[RecordView[R]]:
    """Return the disclosed records with their conflicts, for papers that show both values."""
    name = type_name(cls)
    return [view(given.row, cls) for given in what.rows if given.type == name]


def field_values(seen: RecordView[Any], key: str) -> tuple[Value, ...]:
    """Return a field's value, or all its values if it is in conflict; nothing without an answer."""
    versions = seen.versions.get(key)
    found = [one.value for one in versions] if versions else [getattr(seen.record, key)]
    return tuple(one for one in found if one is not None and not isinstance(one, MissingAnswer))


def localized_line(value: object, language: str) -> str:
    """Return a localized text in a language (ISO 639-1) on one line; empty without one."""
    return " ".join(_localized(value, language).split())


def localized_lines(value: object, language: str) -> tuple[str, ...]:
    """Return the non-empty lines of a localized list in a language (ISO 639-1)."""
    return tuple(line.strip() for line in _localized(value, language).splitlines() if line.strip())


def one_line(value: object) -> str:
    """Return a plain text on one line; empty without one."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _localized(value: object, language: str) -> str:
    return (text_in_language(value, language) or "") if isinstance(value, tuple) else ""
