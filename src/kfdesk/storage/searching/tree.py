# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the records of a store stand: below which other, by their ids alone.

No record is read for it, so that it costs little of a plan with many. What may be done with those
below, and what a plan's case is, is not known here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from kfdesk.domain.records.registry import TYPES
from kfdesk.storage.driver import Connection, reading

_PORTION = 400  # ids asked for at once


class Tree:
    """Which record stands below which. Raises KfdeskError `store.damaged` for a bad page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @reading()
    def rids(self) -> tuple[bytes, ...]:
        """The ids of all records, in their order."""
        return tuple(rid for (rid,) in self._connection.execute("SELECT rid FROM place"))

    @reading()
    def standing(self, rids: Iterable[bytes]) -> Mapping[bytes, tuple[str, bytes | None]]:
        """The type of each of these records that is here, and the id of the one above it."""
        found: dict[bytes, tuple[str, bytes | None]] = {}
        for part, marks in _portions(rids):
            types = self._connection.execute(
                f"SELECT DISTINCT type FROM place WHERE rid IN ({marks})", part
            ).fetchall()
            for (name,) in types:
                rows = f"SELECT rid, parent FROM record_{name} WHERE rid IN ({marks})"
                found.update((rid, (name, up)) for rid, up in self._connection.execute(rows, part))
        return found

    @reading()
    def children(self, above: Iterable[bytes], types: Collection[str] = TYPES) -> frozenset[bytes]:
        """The ids of all records, or of those of some types, that stand right below these."""
        return frozenset(
            rid
            for part, marks in _portions(above)
            for name in types
            for (rid,) in self._connection.execute(
                f"SELECT rid FROM record_{name} WHERE parent IN ({marks})", part
            )
        )

    def family(self, rids: Iterable[bytes]) -> frozenset[bytes]:
        """These records and everything under them, children of children included."""
        fresh = frozenset(rids)
        found = set(fresh)
        while fresh:
            fresh = self.children(fresh) - found
            found |= fresh
        return frozenset(found)


def _portions(rids: Iterable[bytes]) -> Iterator[tuple[list[bytes], str]]:
    """The ids in order, in lists of at most `_PORTION`, with as many marks."""
    wanted = sorted(rids)
    for begin in range(0, len(wanted), _PORTION):
        part = wanted[begin : begin + _PORTION]
        yield part, ", ".join("?" * len(part))
