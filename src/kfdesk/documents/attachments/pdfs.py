# SPDX-License-Identifier: GPL-3.0-or-later
"""PDFs that others have made: looked through when they come in, and drawn page by page in memory.

A PDF stays as it is, byte by byte: drawn or written anew it would lose signatures and what was
filled into its forms. So its own inner data, such as its author, stays in it, and the window says
so. No script runs, no link is followed, no file in it is opened. No record is known here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import FPDF_ERR_PASSWORD

from kfdesk.documents.attachments.pictures import HOSTILE
from kfdesk.domain.desk.content import MOST_PAGES, MOST_SHOWN, Sight
from kfdesk.domain.errors import KfdeskError

_HEAD = b"%PDF-"
_WITHIN = 1024  # readers look for the head so far
_LEAST = 1.0  # points; a page without a size cannot be drawn


def is_pdf(data: bytes) -> bool:
    """Whether it begins as a PDF does."""
    return data[:_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(_HEAD)


def check_pdf(data: bytes) -> None:
    """Go no further with a PDF that could not be shown later.

    Raises KfdeskError `attachment.broken`, `attachment.locked` or `attachment.many_pages`.
    """
    try:
        with _opened(data) as document:
            count = len(document)
            if count > MOST_PAGES:
                raise KfdeskError("attachment.many_pages")
            if not count or min(document[0].get_size()) < _LEAST:
                raise KfdeskError("attachment.broken")
    except HOSTILE as error:
        is_locked = isinstance(error, PdfiumError) and error.err_code == FPDF_ERR_PASSWORD
        raise KfdeskError("attachment.locked" if is_locked else "attachment.broken") from None


def pdf_sight(data: bytes, number: int, width: int) -> Sight:
    """Page `number`, from 0, as wide as asked, unless it would have too many pixels.

    Raises KfdeskError `attachment.not_shown`.
    """
    try:
        with _opened(data) as document:
            document.init_forms()  # without it what was filled into a form would not be drawn
            page = document[number]
            across, down = page.get_size()
            scale = min(width / across, (MOST_SHOWN / (across * down)) ** 0.5)
            drawn = page.render(scale=scale).to_pil().convert("RGB")
            return Sight(len(document), drawn.width, drawn.height, drawn.tobytes())
    except HOSTILE:
        raise KfdeskError("attachment.not_shown") from None


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
    document = PdfDocument(data)
    try:
        yield document
    finally:
        document.close()
