# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of attachments: which kinds there are, how much may be kept, and how it is shown.

Values and limits; the store keeps by them, the readers of foreign files refuse by them, and the
window says them. Knows no file and no library.
"""

from dataclasses import dataclass, field
from enum import StrEnum

PART = 256 * 1024
"""Content is kept in parts of so many bytes."""
MOST_BYTES = 25 * 1024**2
MOST_TOGETHER = 2 * 1024**3
MOST_PIXELS = 50_000_000  # decoded: 200 MB; a telephone's picture has 12 to 50 million
MOST_PAGES = 500
MOST_SHOWN = 16_000_000  # pixels of one page on the screen


class MediaType(StrEnum):
    """What a content is, found by looking at it; names of files say nothing."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"
    TEXT = "text/plain"

    @property
    def is_picture(self) -> bool:
        """Whether it was drawn anew, so that nothing but its pixels is in it."""
        return self in {MediaType.JPEG, MediaType.PNG}


@dataclass(frozen=True, slots=True)
class Content:
    """A content, and what it is."""

    media_type: MediaType
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One part of a content, on its way: whose it is, its place from 0, and its bytes."""

    rid: bytes
    part: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sight:
    """A page of a content as it is shown: pixels, three bytes each, rows from the top; or text.

    `count` is the number of pages.
    """

    count: int = 1
    width: int = 0
    height: int = 0
    pixels: bytes = field(default=b"", repr=False)
    text: str | None = field(default=None, repr=False)
