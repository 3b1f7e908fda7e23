# SPDX-License-Identifier: GPL-3.0-or-later
"""Attachments: only what can be shown safely is kept and drawn.

Pictures are re-encoded, so that location, camera, author, comments, colour profile, thumbnail,
further frames and trailing data are removed. PDF pages and plain text are rendered page by page.
A hostile file meets a limit before anything is decoded, and every error of a decoder becomes one
refusal. Knows no record and no path.
"""

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin
from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import FPDF_ERR_PASSWORD

from kfdesk.domain.attachments import (
    MAX_CONTENT_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    MAX_SHOWN_PIXELS,
    AttachmentContent,
    MediaType,
    RenderedPage,
)
from kfdesk.domain.errors import KfdeskError

# --- pictures

PICTURE_SIGNATURES = {
    b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile.format,
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile.format,
    b"II*\x00": TiffImagePlugin.TiffImageFile.format,
    b"MM\x00*": TiffImagePlugin.TiffImageFile.format,
}
"""The first bytes of the accepted picture formats."""

# A decoder may raise nearly any exception on a bad file. None of these is a bug of ours.
DECODER_ERRORS = (
    ArithmeticError, AttributeError, AssertionError, EOFError, LookupError, MemoryError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip
_QUALITY = 92
_WHITE_RGB = (255, 255, 255)
_TO_EIGHT_BITS = 1 / 256  # from sixteen
_ORIENTATIONS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The turn that makes a picture upright, by its EXIF orientation."""


def picture_format(data: bytes) -> str | None:
    """Return the picture's format by its signature, or None if it is no picture."""
    return next((name for head, name in PICTURE_SIGNATURES.items() if data.startswith(head)), None)


def reencode_picture(data: bytes) -> AttachmentContent:
    """Re-encode a picture: only its pixels, upright, on white.

    A JPEG stays a JPEG. All others become PNG, or JPEG where a PNG would be too large. Raise
    KfdeskError `attachment.broken`, `attachment.too_many_pixels`, `attachment.several_pages` or
    `attachment.too_large`.
    """
    kinds = (MediaType.JPEG,) if picture_format(data) == "JPEG" else (MediaType.PNG, MediaType.JPEG)
    try:
        with warnings.catch_warnings(action="ignore"), _open_picture(data) as picture:
            plain = _copy_pixels(picture)
        for kind in kinds:
            made = _encoded(plain, kind)
            if len(made) <= MAX_CONTENT_BYTES:
                return AttachmentContent(kind, made)
    except DECODER_ERRORS:
        raise KfdeskError("attachment.broken") from None
    raise KfdeskError("attachment.too_large")


def render_picture(data: bytes, width: int) -> RenderedPage:
    """Render a re-encoded picture at most `width` pixels wide, never enlarged."""
    try:
        with warnings.catch_warnings(action="ignore"), _open_picture(data) as picture:
            room = min(
                width / picture.width, (MAX_SHOWN_PIXELS / _pixel_count(picture)) ** 0.5, 1.0
            )
            size = (max(1, round(picture.width * room)), max(1, round(picture.height * room)))
            picture.draft("RGB", size)
            shown = picture.convert("RGB").resize(size, Image.Resampling.BOX)
    except DECODER_ERRORS:
        raise KfdeskError("attachment.not_shown") from None
    return RenderedPage(1, shown.width, shown.height, shown.tobytes())


def _open_picture(data: bytes) -> Image.Image:
    """Open a picture without decoding it; refuse too many pixels."""
    name = picture_format(data)
    try:
        picture = Image.open(BytesIO(data), formats=(name,) if name else ())
    except Image.DecompressionBombError:
        raise KfdeskError("attachment.too_many_pixels") from None
    if _pixel_count(picture) > MAX_PIXELS:
        raise KfdeskError("attachment.too_many_pixels")
    if name == "TIFF" and getattr(picture, "n_frames", 1) > 1:
        raise KfdeskError("attachment.several_pages")
    return picture


def _pixel_count(picture: Image.Image) -> int:
    return picture.width * picture.height


def _copy_pixels(picture: Image.Image) -> Image.Image:
    """Copy the pixels, upright and opaque, in grey or RGB, to a new picture."""
    picture.load()
    turn = _ORIENTATIONS.get(_orientation(picture))
    upright = picture if turn is None else picture.transpose(turn)
    if upright.mode.startswith("I"):
        upright = upright.convert("I").point(lambda value: value * _TO_EIGHT_BITS).convert("L")
    elif upright.has_transparency_data:
        seen = upright.convert("RGBA")
        upright = Image.new("RGB", seen.size, _WHITE_RGB)
        upright.paste(seen, mask=seen)
    elif upright.mode not in {"1", "L", "RGB"}:
        upright = upright.convert("RGB")
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    return plain


def _orientation(picture: Image.Image) -> object:
    """Return the EXIF orientation; None if the EXIF data is broken."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation)
    except DECODER_ERRORS:
        return None


def _encoded(plain: Image.Image, kind: MediaType) -> bytes:
    made = BytesIO()
    if kind is MediaType.PNG:
        plain.save(made, "PNG")
    else:
        shown = plain.convert("L") if plain.mode == "1" else plain
        shown.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


# --- PDF

_PDF_HEADER = b"%PDF-"
_HEADER_RANGE = 1024  # bytes in which readers look for the header
_SMALLEST_PAGE = 1.0  # points; a page without a size cannot be drawn


def is_pdf(data: bytes) -> bool:
    """Return whether the data begins as a PDF does."""
    return data[:_HEADER_RANGE].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(_PDF_HEADER)


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that could not be shown later.

    Raise KfdeskError `attachment.broken`, `attachment.locked` or `attachment.many_pages`.
    """
    try:
        with _open_pdf(data) as document:
            count = len(document)
            if count > MAX_PAGES:
                raise KfdeskError("attachment.many_pages")
            if not count or min(document[0].get_size()) < _SMALLEST_PAGE:
                raise KfdeskError("attachment.broken")
    except DECODER_ERRORS as error:
        is_locked = isinstance(error, PdfiumError) and error.err_code == FPDF_ERR_PASSWORD
        raise KfdeskError("attachment.locked" if is_locked else "attachment.broken") from None


def render_pdf_page(data: bytes, number: int, width: int) -> RenderedPage:
    """Render page `number` (from 0) as wide as asked, within the limit of pixels.

    Raise KfdeskError `attachment.not_shown`.
    """
    try:
        with _open_pdf(data) as document:
            document.init_forms()  # without it what was filled into a form would not be drawn
            page = document[number]
            across, down = page.get_size()
            scale = min(width / across, (MAX_SHOWN_PIXELS / (across * down)) ** 0.5)
            drawn = page.render(scale=scale).to_pil().convert("RGB")
            return RenderedPage(len(document), drawn.width, drawn.height, drawn.tobytes())
    except DECODER_ERRORS:
        raise KfdeskError("attachment.not_shown") from None


@contextmanager
def _open_pdf(data: bytes) -> Iterator[PdfDocument]:
    document = PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


# --- plain text

_PAGE_LENGTH = 20_000  # characters
_LINE_END_RANGE = 2_000  # a page may end this many characters earlier, at a line end
_BOM = "\ufeff"
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SOURCE_CODE = re.compile(r"\s*(?:<(?:!doctype|\?xml|html|svg)|\{\\rtf|%!ps)", re.IGNORECASE)


def is_plain_text(data: bytes) -> bool:
    """Return whether the data is plain text that anybody can read as it is."""
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        return False
    return (
        bool(text.strip()) and not _CONTROL_CHARACTERS.search(text) and not _SOURCE_CODE.match(text)
    )


def text_page(data: bytes, number: int) -> RenderedPage:
    """Return page `number` (from 0) of a text; a number past the end gives the last page."""
    pages = _split_pages(data.decode("utf-8", errors="replace").removeprefix(_BOM))
    return RenderedPage(len(pages), text=pages[min(number, len(pages) - 1)])


def _split_pages(text: str) -> list[str]:
    pages = []
    while len(text) > _PAGE_LENGTH:
        line = text.rfind("\n", _PAGE_LENGTH - _LINE_END_RANGE, _PAGE_LENGTH)
        end = line + 1 if line >= 0 else _PAGE_LENGTH
        pages.append(text[:end])
        text = text[end:]
    return [*pages, text]


# --- all types


class AttachmentReader:
    """Reads attachments: which types are accepted, and how a page looks."""

    def sanitize(self, data: bytes) -> AttachmentContent:
        """Return the safe content of a file: a re-encoded picture, or a PDF or text as is.

        Raise KfdeskError `attachment.unsupported` for every other type, `attachment.broken`,
        `attachment.locked`, `attachment.many_pages`, `attachment.several_pages`,
        `attachment.too_many_pixels` or `attachment.too_large`.
        """
        if picture_format(data) is not None:
            return reencode_picture(data)
        if is_pdf(data):
            check_pdf(data)
            return AttachmentContent(MediaType.PDF, data)
        if is_plain_text(data):
            return AttachmentContent(MediaType.TEXT, data)
        raise KfdeskError("attachment.unsupported")

    def show(self, data: bytes, number: int, width: int) -> RenderedPage:
        """Render page `number` (from 0) of stored content, at most `width` pixels wide.

        The type is detected again: what a record says about it is not trusted. Raise KfdeskError
        `attachment.not_shown`.
        """
        if picture_format(data) is not None:
            return render_picture(data, width)
        if is_pdf(data):
            return render_pdf_page(data, number, width)
        return text_page(data, number)
