# SPDX-License-Identifier: GPL-3.0-or-later
"""What a record stands under, among rows that are at hand: whose it is, and whether it is gone.

A ring of parents ends where all of them were passed. Knows no recipient and no consent.
"""

from collections.abc import Iterator, Mapping

from kfdesk.domain.rows import Row
from kfdesk.domain.writes import is_deleted


class Above:
    """What rows stand under, among `rows`, looked up once for all that stand under the same."""

    def __init__(self, rows: Mapping[bytes, Row]) -> None:
        self._rows = rows
        self._found: dict[bytes | None, tuple[bool, Row | None]] = {None: (False, None)}

    def client(self, row: Row) -> Row | None:
        """The client that a row is about; None where she is not among the rows."""
        return row if row.type == "client" else self._look(row.parent)[1]

    def is_deleted(self, row: Row) -> bool:
        """Whether something that a row stands under is in the bin."""
        return self._look(row.parent)[0]

    def _look(self, parent: bytes | None) -> tuple[bool, Row | None]:
        if parent not in self._found:
            line = tuple(self._line(parent))
            client = next((one for one in line if one.type == "client"), None)
            self._found[parent] = any(is_deleted(one.state) for one in line), client
        return self._found[parent]

    def _line(self, rid: bytes | None) -> Iterator[Row]:
        for _ in self._rows:
            above = self._rows.get(rid) if rid is not None else None
            if above is None:
                break
            yield above
            rid = above.parent
