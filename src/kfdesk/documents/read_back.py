# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a finished paper back: its text, and its pages as pictures.

This sees only the PDF, with another library than the one that drew it, so that a hole in the
drawing shows. Everything stays in memory. Knows no record and no window.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from pypdfium2 import PdfDocument

_APART = re.compile(r"[\s\ufffe-]+")
"""What a line break may add, drop or change: spaces and hyphens (U+FFFE at line ends)."""


class PageImage(NamedTuple):
    """A page as it looks: width and height in pixels, three bytes a pixel, rows from the top."""

    width: int
    height: int
    pixels: bytes


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, hidden or off the page included."""
    document = PdfDocument(pdf)
    try:
        return [str(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def page_images(pdf: bytes, scale: float) -> list[PageImage]:
    """Each page drawn at `scale` pixels to a point."""
    document = PdfDocument(pdf)
    try:
        pictures = [page.render(scale=scale).to_pil().convert("RGB") for page in document]
    finally:
        document.close()
    return [PageImage(picture.width, picture.height, picture.tobytes()) for picture in pictures]


def page_pngs(pdf: bytes, scale: float) -> list[bytes]:
    """Each page as a PNG, at `scale` pixels to a point."""
    document = PdfDocument(pdf)
    try:
        pages = [BytesIO() for _ in document]
        for page, png in zip(document, pages, strict=True):
            page.render(scale=scale).to_pil().save(png, format="PNG")
    finally:
        document.close()
    return [png.getvalue() for png in pages]


def lacking(pdf: bytes, wanted: Iterable[str]) -> list[str]:
    """What of the texts the pages do not show as often as it is wanted; empty ones are passed over.

    The caller refuses a paper that lacks something, and must not log the texts.
    """
    text = bare(" ".join(page_texts(pdf)))
    counts = Counter(filter(None, wanted))
    return [fact for fact, count in counts.items() if text.count(bare(fact)) < count]


def bare(text: str) -> str:
    """The text without what is not seen or may change at the end of a line."""
    composed = _APART.sub("", unicodedata.normalize("NFC", text))
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")
