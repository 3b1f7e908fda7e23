# SPDX-License-Identifier: GPL-3.0-or-later
"""A message: the sentence that says what is wrong, and the remedy that says what to do.

The tables of messages are made of it. Knows no code and no language.
"""

from dataclasses import dataclass

from kfdesk.domain.message_marks import N_


@dataclass(frozen=True, slots=True)
class Message:
    """Two sentences for a user: the problem, and the remedy."""

    sentence: str
    remedy: str


TRY_AGAIN = N_(
    "Nothing was changed. Check that the disk has free space and that you may write to it, "
    "then try again."
)
