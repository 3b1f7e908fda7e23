# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are dragged into the window: which they are, if they lie on this computer.

Reads nothing of them.
"""

from pathlib import Path

from PySide6.QtGui import QDropEvent


def dropped(event: QDropEvent) -> tuple[Path, ...]:
    """The files that are dragged; none unless all of them are on this computer."""
    urls = event.mimeData().urls()
    if not all(url.isLocalFile() for url in urls):
        return ()
    return tuple(Path(url.toLocalFile()) for url in urls)
