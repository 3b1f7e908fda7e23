# SPDX-License-Identifier: GPL-3.0-or-later
"""A text of an article as a file has it: front matter, and the text below it.

Values only: `formats/book_files.py` reads and writes them.
"""

from dataclasses import dataclass
from datetime import date

MAX_FILES = 2_000
MAX_FILE_BYTES = 96 * 1024
MAX_FIELD_LENGTH = 2_000
"""Letters of one line of the front matter, but for what is text: that ends with the file."""
MAX_SOURCES = 1_000
MAX_POSITION = 1_000_000


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A text in one language with what the file says of its article.

    `sources` has one source to a line: what, web address and the day it was read. `odd` names the
    parts of the front matter that were left out.
    """

    slug: str
    language: str
    title: str
    summary: str = ""
    body: str = ""
    above: str = ""
    position: int | None = None
    kind: str = ""
    audience: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    opened_from: tuple[str, ...] = ()
    original: str = ""
    licence: str = ""
    review_by: date | None = None
    sources: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
