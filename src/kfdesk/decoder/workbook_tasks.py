# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives in the child process: contact files that may be workbooks.

Imported in the child alone. It answers as `contact_tasks` does.
"""

from collections.abc import Iterator

from kfdesk.decoder import contact_tasks
from kfdesk.formats.workbooks import read_xlsx


def read(request: bytes) -> Iterator[object]:
    """Yield columns and encoding, then entries and failures in portions."""
    return contact_tasks.answer(request, read_xlsx)
