# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft: what somebody has typed into a form and not saved.

Values as the store keeps them; how they are checked and when they become a record is the
services'. A draft is no change of a record: nothing merges it, and nothing sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kfdesk.domain.kinds import Wire


@dataclass(frozen=True, slots=True)
class Draft:
    """What `user` has typed about the record `rid`, which may not exist yet.

    `seen` are the writes that the form showed when it was opened. `values` are those that fit
    their fields, by key; `typed` holds, as it was typed, what does not fit yet.
    """

    rid: bytes
    user: str
    type: str
    parent: bytes | None
    milliseconds: int
    seen: frozenset[tuple[int, bytes]]
    values: Mapping[str, Wire] = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)
