# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: a foreign file in, something inert out; and a page of it as it is shown.

What a file is, its content says and never its name. Everything that is not on the list is refused.
A new kind is one more branch here and a module beside. Memory alone is used; no record is known.
"""

from kfdesk.documents.attachments import pdfs, pictures, texts
from kfdesk.domain.desk.content import Content, MediaType, Sight
from kfdesk.domain.errors import KfdeskError


class Attached:
    """What can be attached, and how it looks."""

    def make_inert(self, data: bytes) -> Content:
        """What is kept of a file: a picture drawn anew; a PDF or a text as it is.

        Raises KfdeskError `attachment.unsupported` for everything else, `attachment.broken`,
        `attachment.locked`, `attachment.many_pages`, `attachment.several_pages`,
        `attachment.too_many_pixels` or `attachment.too_large`.
        """
        if pictures.format_of(data) is not None:
            return pictures.drawn_anew(data)
        if pdfs.is_pdf(data):
            pdfs.check_pdf(data)
            return Content(MediaType.PDF, data)
        if texts.is_plain_text(data):
            return Content(MediaType.TEXT, data)
        raise KfdeskError("attachment.unsupported")

    def show(self, data: bytes, number: int, width: int) -> Sight:
        """Page `number`, from 0, of what `make_inert` has returned, `width` pixels wide or less.

        It is looked at again: a record that says something else about it is not believed. Raises
        KfdeskError `attachment.not_shown`.
        """
        if pictures.format_of(data) is not None:
            return pictures.picture_sight(data, width)
        if pdfs.is_pdf(data):
            return pdfs.pdf_sight(data, number, width)
        return texts.text_sight(data, number)
