# SPDX-License-Identifier: GPL-3.0-or-later
"""What the child does with a contact file: read it, and answer in portions.

Imported in the child alone. Knows no directory and does not check what the readers found.
"""

from collections.abc import Iterator
from itertools import islice

import msgspec

from kfdesk.domain.directory import ParseOptions
from kfdesk.formats.files import read_contact_files

_PORTION = 500


def read(request: bytes) -> Iterator[object]:
    """Yield columns and encoding, then entries and failures in portions."""
    files, how = msgspec.msgpack.decode(request, type=tuple[dict[str, bytes], ParseOptions])
    found = read_contact_files(files, how)
    yield found.columns, found.encoding, found.is_sure, found.left_out
    entries, broken = iter(found.entries), iter(found.broken)
    while True:
        part = list(islice(entries, _PORTION)), list(islice(broken, _PORTION))
        if not any(part):
            return
        yield part
