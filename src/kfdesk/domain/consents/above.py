# SPDX-License-Identifier: GPL-3.0-or-later
"""What a record stands under, among rows that are at hand: whose it is, and whether it is gone.

A ring of parents ends where all of them were passed. Knows no recipient and no consent.
"""

from collections.abc import Mapping

from kfdesk.domain.rows import Row
from kfdesk.domain.writes import is_deleted


def client_of(row: Row, parents: Mapping[bytes, Row]) -> Row | None:
    """The client that a row is about; None where she is not among `parents`."""
    above: Row | None = row
    for _ in range(len(parents) + 1):
        if above is None or above.type == "client":
            break
        above = parents.get(above.parent) if above.parent is not None else None
    return above if above is not None and above.type == "client" else None


def is_below_deleted(row: Row, parents: Mapping[bytes, Row]) -> bool:
    """Whether something that a row stands under is in the bin."""
    above = parents.get(row.parent or b"")
    for _ in parents:
        if above is None or is_deleted(above.state):
            break
        above = parents.get(above.parent or b"")
    return above is not None and is_deleted(above.state)
