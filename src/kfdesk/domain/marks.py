# SPDX-License-Identifier: GPL-3.0-or-later
"""The mark on messages, by itself, so that a window can be named before any record is described.

Knows no language: what is marked here is translated where it is shown.
"""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a mark
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message
