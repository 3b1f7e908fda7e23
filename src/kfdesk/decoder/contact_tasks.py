# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact files in the child process: read one, and answer in portions.

Imported in the child alone. Knows no directory and does not check what the readers found, nor how
a workbook is read: loading that takes as long as all the rest.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Never

import msgspec

from kfdesk.domain.directory import ParseOptions
from kfdesk.formats.detection import ReadWorkbook, read_detected

_PORTION = 500


def read(request: bytes) -> Iterator[object]:
    """Answer for files of which none is a workbook."""
    return answer(request, _not_loaded)


def answer(request: bytes, read_workbook: ReadWorkbook) -> Iterator[object]:
    """Yield columns and encoding, then entries and failures in portions."""
    files, how = msgspec.msgpack.decode(request, type=tuple[dict[str, bytes], ParseOptions])
    found = read_detected(files, how, read_workbook)
    yield found.columns, found.encoding, found.is_sure, found.left_out
    entries, broken = iter(found.entries), iter(found.broken)
    while True:
        part = list(islice(entries, _PORTION)), list(islice(broken, _PORTION))
        if not any(part):
            return
        yield part


def _not_loaded(_data: bytes, _how: ParseOptions) -> Never:
    raise ValueError("an archive has its own task")
