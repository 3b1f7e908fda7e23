# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks of the messages for the catalogues: `packaging/extract_messages.py` finds them by these.

Apart from the records, whose descriptions take them from here, so that the unlock page is painted
before any record is described.
"""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


def for_client(message: str) -> str:
    """Mark a message that the program says and that also stands on a paper of the client."""
    return message
