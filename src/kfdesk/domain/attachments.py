# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of attachments and rendered pages: their limits, media types and bytes.

They pass between services, storage, exchange files and the decoder. This module imports nothing
of the domain, so that a decoding child starts quickly.
"""

from dataclasses import dataclass, field
from enum import StrEnum

CHUNK_BYTES = 256 * 1024
"""The size of a chunk of content in bytes."""
MAX_CONTENT_BYTES = 25 * 1024**2
MAX_TOTAL_BYTES = 2 * 1024**3
MAX_PIXELS = 50_000_000  # decoded: 200 MB; a telephone's picture has 12 to 50 million
MAX_PAGES = 500
MAX_SHOWN_PIXELS = 16_000_000  # pixels of one page on the screen


class MediaType(StrEnum):
    """The media type of a content, detected from its bytes; file names do not count."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"
    TEXT = "text/plain"

    @property
    def is_picture(self) -> bool:
        """True if it was redrawn on import, so that it holds nothing but pixels."""
        return self in {MediaType.JPEG, MediaType.PNG}


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """The content of an attachment and its media type."""

    media_type: MediaType
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentChunk:
    """One chunk of a content in transit: record id, number from 0, and bytes."""

    rid: bytes
    part: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A rendered page of a content: text, or pixels of three bytes each, rows from the top.

    `count` is the number of pages.
    """

    count: int = 1
    width: int = 0
    height: int = 0
    pixels: bytes = field(default=b"", repr=False)
    text: str | None = field(default=None, repr=False)
