# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text that comes in as a file: UTF-8, without signs that cannot be seen, in pages.

It is kept as it is. Text that is the source of something else, such as a web page, is no text to
read and is refused. Knows no record.
"""

import re

from kfdesk.domain.desk.content import Sight

_PAGE = 20_000  # characters
_NEAR = 2_000  # how far before that a page may end, at the end of a line
_BOM = "\ufeff"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SOURCES = re.compile(r"\s*(?:<(?:!doctype|\?xml|html|svg)|\{\\rtf|%!ps)", re.IGNORECASE)


def is_plain_text(data: bytes) -> bool:
    """Whether it is text that anybody can read as it stands."""
    try:
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not _UNSEEN.search(text) and not _SOURCES.match(text)


def text_sight(data: bytes, number: int) -> Sight:
    """Page `number`, from 0, of a text; past the last it is the last."""
    pages = _pages(data.decode("utf-8", errors="replace").removeprefix(_BOM))
    return Sight(len(pages), text=pages[min(number, len(pages) - 1)])


def _pages(text: str) -> list[str]:
    pages = []
    while len(text) > _PAGE:
        line = text.rfind("\n", _PAGE - _NEAR, _PAGE)
        end = line + 1 if line >= 0 else _PAGE
        pages.append(text[:end])
        text = text[end:]
    return [*pages, text]
