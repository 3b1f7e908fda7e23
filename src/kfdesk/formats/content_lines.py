# SPDX-License-Identifier: GPL-3.0-or-later
"""Content lines, as vCard (RFC 6350) and iCalendar (RFC 5545) have them: escaped and folded.

For writers only. This module knows no property of either format.
"""

_FOLD_WIDTH = 75  # octets of a line, without its end


def escape_text(text: str) -> str:
    """Return a text as a value: with a backslash before what would end or split it."""
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def fold_line(line: str) -> bytes:
    """Return the line in pieces of at most 75 octets that never split a character."""
    pieces, piece = [], b""
    for letter in line:
        data = letter.encode()
        if len(piece) + len(data) > _FOLD_WIDTH:
            pieces.append(piece)
            piece = b" "
        piece += data
    return b"\r\n".join((*pieces, piece)) + b"\r\n"
