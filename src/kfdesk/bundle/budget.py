# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget of one file: what it may still hold, asked before the work that it would cost.

The manifest announces some numbers, and "Totals" of FORMAT.md limits all of them. A reader counts
what a segment holds before it builds or sorts anything of it. So a hostile file costs no more
than one segment beyond what an honest one may hold.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import asdict

from kfdesk.bundle.container import BundleCounts, Manifest, SegmentKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_COUNTERSIGNATURES,
    MAX_FILE_CHUNKS,
    MAX_FILE_NOTICES,
    MAX_FILE_SAVES,
    MAX_FILE_SUPERSEDED,
    MAX_FILE_WRITES,
    MAX_KEY_ITEMS,
    MAX_MESSAGES_RAW,
    MAX_ORDERED_WRITES,
    MAX_ORDERS,
    MAX_PROVENANCE,
    MAX_PROVENANCE_WRITES,
    MAX_RECORDS_RAW,
)

_LIMITED_KINDS = frozenset(SegmentKind) - {SegmentKind.CHUNKS}


class Limit(NamedTuple):
    """The most of something that a file may hold, and the word of the reader if there are more."""

    why: str
    most: int


class FileBudget:
    """Counts of what was found in a file, against its manifest and the limits of the format."""

    def __init__(self, manifest: Manifest) -> None:
        """Raise KfdeskError `bundle.too_large` for a manifest that announces too much."""
        sizes = Counter[int]()
        for one in manifest.segments:
            sizes[one.kind] += one.raw
        _check_announced(manifest.counts, sizes)
        self._announced: Mapping[str, int] = asdict(manifest.counts)
        self._found = Counter[str]()
        self._limits: Mapping[str, Limit] = {
            "saves": Limit("saves", MAX_FILE_SAVES),
            "superseded": Limit("superseded", MAX_FILE_SUPERSEDED),
            "saves of notices": Limit("saves", MAX_FILE_SAVES),
            "superseded of notices": Limit("superseded", MAX_FILE_SUPERSEDED),
            "notices": Limit("notices", MAX_FILE_NOTICES),
            "orders": Limit("orders", MAX_ORDERS),
            "writes of orders": Limit("orders", MAX_ORDERED_WRITES),
            "cards": Limit("cards", MAX_KEY_ITEMS),
            "resends": Limit("resends", MAX_KEY_ITEMS),
            "countersignatures": Limit("countersignatures", MAX_COUNTERSIGNATURES),
            "provenance": Limit("provenance", MAX_PROVENANCE),
            "writes of provenance": Limit("provenance", MAX_PROVENANCE_WRITES),
        }

    def spend(self, what: str, count: int) -> None:
        """Count some more. Raise KfdeskError if there are more than announced or allowed.

        That is `bundle.too_large`, or `bundle.torn` for more than the manifest says.
        """
        self._found[what] += count
        limit = self._limits.get(what)
        if limit is not None and self._found[what] > limit.most:
            raise KfdeskError("bundle.too_large", why=limit.why)
        if what in self._announced and self._found[what] > self._announced[what]:
            raise KfdeskError("bundle.torn", why="counts")

    def check_complete(self, *names: str) -> None:
        """Raise KfdeskError `bundle.torn` unless as many were found as the manifest says."""
        if any(self._found[name] != self._announced[name] for name in names):
            raise KfdeskError("bundle.torn", why="counts")


def _check_announced(counts: BundleCounts, sizes: Mapping[int, int]) -> None:
    """Check what a manifest says of the file's content, in numbers and in bytes of each kind."""
    if counts.writes > MAX_FILE_WRITES:
        raise KfdeskError("bundle.too_large", why="writes")
    if counts.erasures > MAX_ORDERS:
        raise KfdeskError("bundle.too_large", why="orders")
    if counts.chunks > MAX_FILE_CHUNKS:
        raise KfdeskError("bundle.too_large", why="chunks")
    for kind, size in sizes.items():
        most = MAX_RECORDS_RAW if kind == SegmentKind.RECORDS else MAX_MESSAGES_RAW
        if kind in _LIMITED_KINDS and size > most:
            raise KfdeskError("bundle.too_large", why="raw_kind")
