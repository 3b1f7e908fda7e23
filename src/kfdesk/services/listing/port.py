# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory needs of the rooms below, and no more; `app.py` hands in the real ones.

Protocols only, beside `services/ports.py`, which has no room left for them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import BinaryIO, Protocol

from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.domain.listing.leads import Sought
from kfdesk.domain.listing.listed import ReadAs, Reading


class Search(Protocol):
    """The index of the directory, which knows entries by numbers."""

    def ids(self, sought: Sought, most: int = -1) -> Sequence[int]:
        """The numbers of the entries that are looked for, in their order; at most `most`."""

    def led(self, asked: Sequence[Sought], most: int) -> Sequence[Sequence[bytes]]:
        """The records that each of these leads to, at most `most` of each."""

    def count(self) -> int:
        """How many entries there are."""

    def rids(self, ids: Collection[int]) -> Sequence[bytes]:
        """The records behind numbers, in the same order."""

    def id_of(self, rid: bytes) -> int | None:
        """The number of an entry; None if it is not listed."""

    def codes(self, key: str) -> Sequence[str]:
        """The codes of a field that entries have, in small letters."""

    def naming(self, record_type: str, keys: Sequence[str], rid: bytes) -> Sequence[bytes]:
        """The records that may name another in one of these fields."""

    def numbers(self, rids: Iterable[bytes]) -> Sequence[bytes]:
        """The telephones that stand below these records."""


class Formats(Protocol):
    """Readers and writers of other people's files."""

    def read(self, files: Mapping[str, bytes], how: ReadAs) -> Reading:
        """What is in a file, or in several that belong together; in memory alone.

        Raises KfdeskError `contacts.…`.
        """

    def write(self, kind: FileKind, parts: Iterable[Part], file: BinaryIO) -> int:
        """Write what was disclosed of the directory; returns how many entries that is."""
