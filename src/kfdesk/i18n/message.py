# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a fault: a sentence and a remedy, marked for the catalogues.

By itself, so that the messages of one subject can stand in a module of their own; which message
belongs to which code is said there. Knows no language and no fault.
"""

from dataclasses import dataclass

from kfdesk.domain.marks import N_


@dataclass(frozen=True, slots=True)
class Message:
    """What is so, and what to do."""

    sentence: str
    remedy: str


TRY_AGAIN = N_("Nothing was changed. Check the disk's free space and rights, then try again.")
