# SPDX-License-Identifier: GPL-3.0-or-later
"""What the place of a file in its row says of the desk that sent it, or of our own.

Values only; `services/sharing/order.py` finds them, `i18n/faults/bundles.py` has their sentences.
"""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What a person must know of a file before it is taken."""

    MISSING = "missing"
    LATE = "late"
    RESTORED = "restored"
    TWO_STORES = "two_stores"
    AHEAD_OF_US = "ahead_of_us"
    NEW_CARD = "new_card"
    OTHER_CARD = "other_card"
    KEY_REVOKED = "key_revoked"
    ADVICE = "advice"
    SENT_AGAIN = "sent_again"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, with the numbers of files that it is about, if it is about any."""

    finding: Finding
    numbers: tuple[int, ...] = ()
