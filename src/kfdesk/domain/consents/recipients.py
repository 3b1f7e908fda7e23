# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is to receive something: a desk of our own, a partner, a person, or the client herself.

Values only. What each of them may have is decided in `disclosure.py`, never by what they are alone.
"""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """What a recipient is."""

    OWN = "own"
    PARTNER = "partner"
    PERSON = "person"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to receive: a desk of our own, a partner, a person, or the client herself.

    `rid` is the organisation's or contact's record, or the client's own. `has_transfer_tool` says
    that a third country's tool and assessment are on record. `wants_paper` is the client's wish.
    """

    who: Who
    rid: bytes | None = None
    is_verified: bool = False
    is_third_country: bool = False
    has_transfer_tool: bool = False
    wants_paper: bool = False
