# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory needs of the room of formats, and no more; `app.py` hands in the real one.

A protocol only, beside `services/ports.py`, which has no room left for it.
"""

from collections.abc import Mapping
from typing import Protocol

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.listing.kinds import FileKind
from kfdesk.domain.listing.listed import ReadAs, Reading


class Formats(Protocol):
    """Readers and writers of other people's files."""

    def read(self, files: Mapping[str, bytes], how: ReadAs) -> Reading:
        """What is in a file, or in several that belong together; in memory alone.

        Raises KfdeskError `contacts.…`.
        """

    def write(self, kind: FileKind, what: Disclosed) -> bytes:
        """What was disclosed of the directory, as a file."""
