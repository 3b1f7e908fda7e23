# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that come in are drawn anew: the pixels stay, and nothing else of the file.

Place, camera, author, comments, colour profile, thumbnails, further frames, what lies under a
transparent pixel and what follows the end of the picture are all gone. A hostile file meets a
limit before anything is decoded, and whatever the decoder makes of it is one refusal. No record
and no place on a disk is known here.
"""

import struct
import warnings
import zlib
from io import BytesIO

from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

from kfdesk.domain.desk.content import (
    MOST_BYTES,
    MOST_PIXELS,
    MOST_SHOWN,
    Content,
    MediaType,
    Sight,
)
from kfdesk.domain.errors import KfdeskError

HEADS = {
    b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile.format,
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile.format,
    b"II*\x00": TiffImagePlugin.TiffImageFile.format,
    b"MM\x00*": TiffImagePlugin.TiffImageFile.format,
}
"""How the pictures that can be taken begin."""

# A decoder fed with a bad file may raise nearly anything; none of it is a bug of ours.
HOSTILE = (
    ArithmeticError, AttributeError, AssertionError, EOFError, LookupError, MemoryError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip
_QUALITY = 92
_WHITE = (255, 255, 255)
_TO_EIGHT_BITS = 1 / 256  # from sixteen
_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by what its camera says."""


def format_of(data: bytes) -> str | None:
    """The picture's format by how it begins, or None for what is no picture."""
    return next((name for head, name in HEADS.items() if data.startswith(head)), None)


def drawn_anew(data: bytes) -> Content:
    """The picture with its pixels alone, upright, on white.

    A JPEG stays one; all others become PNG, or JPEG where a PNG would be too large. Raises
    KfdeskError `attachment.broken`, `attachment.too_many_pixels`, `attachment.several_pages` or
    `attachment.too_large`.
    """
    kinds = (MediaType.JPEG,) if format_of(data) == "JPEG" else (MediaType.PNG, MediaType.JPEG)
    try:
        with warnings.catch_warnings(action="ignore"), _opened(data) as picture:
            plain = _plain(picture)
        for kind in kinds:
            made = _encoded(plain, kind)
            if len(made) <= MOST_BYTES:
                return Content(kind, made)
    except HOSTILE:
        raise KfdeskError("attachment.broken") from None
    raise KfdeskError("attachment.too_large")


def picture_sight(data: bytes, width: int) -> Sight:
    """A picture that was drawn anew, at most `width` pixels wide; never larger than it is."""
    try:
        with warnings.catch_warnings(action="ignore"), _opened(data) as picture:
            room = min(width / picture.width, (MOST_SHOWN / _count(picture)) ** 0.5, 1.0)
            size = (max(1, round(picture.width * room)), max(1, round(picture.height * room)))
            picture.draft("RGB", size)
            shown = picture.convert("RGB").resize(size, Image.Resampling.BOX)
    except HOSTILE:
        raise KfdeskError("attachment.not_shown") from None
    return Sight(1, shown.width, shown.height, shown.tobytes())


def _opened(data: bytes) -> Image.Image:
    """The picture, not decoded yet, if it is one and has not too many pixels."""
    name = format_of(data)
    try:
        picture = Image.open(BytesIO(data), formats=(name,) if name else ())
    except Image.DecompressionBombError:
        raise KfdeskError("attachment.too_many_pixels") from None
    if _count(picture) > MOST_PIXELS:
        raise KfdeskError("attachment.too_many_pixels")
    if name == "TIFF" and getattr(picture, "n_frames", 1) > 1:
        raise KfdeskError("attachment.several_pages")
    return picture


def _count(picture: Image.Image) -> int:
    return picture.width * picture.height


def _plain(picture: Image.Image) -> Image.Image:
    """Upright and opaque, in grey or RGB, in a new picture that has nothing from the old file."""
    picture.load()
    turn = _TURNS.get(_orientation(picture))
    upright = picture if turn is None else picture.transpose(turn)
    if upright.mode.startswith("I"):
        upright = upright.convert("I").point(lambda value: value * _TO_EIGHT_BITS).convert("L")
    elif upright.has_transparency_data:
        seen = upright.convert("RGBA")
        upright = Image.new("RGB", seen.size, _WHITE)
        upright.paste(seen, mask=seen)
    elif upright.mode not in {"1", "L", "RGB"}:
        upright = upright.convert("RGB")
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    return plain


def _orientation(picture: Image.Image) -> object:
    """How the camera was held; a picture whose camera data is broken stands as it is."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation)
    except HOSTILE:
        return None


def _encoded(plain: Image.Image, kind: MediaType) -> bytes:
    made = BytesIO()
    if kind is MediaType.PNG:
        plain.save(made, "PNG")
    else:
        shown = plain.convert("L") if plain.mode == "1" else plain
        shown.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
