# SPDX-License-Identifier: GPL-3.0-or-later
"""Table files in the child process: read one, and answer with its rows in portions.

Imported in the child alone. Knows no columns.
"""

from collections.abc import Iterator
from itertools import islice

import msgspec

from kfdesk.formats.sheets import read_sheet

_PORTION = 100


def read(request: bytes) -> Iterator[object]:
    """Yield the encoding, whether it is certain and what is left out, then the rows."""
    data, encoding = msgspec.msgpack.decode(request, type=tuple[bytes, str])
    found = read_sheet(data, encoding)
    yield found.encoding, found.is_sure, found.left_out
    rows = iter(found.rows)
    while portion := tuple(islice(rows, _PORTION)):
        yield portion
