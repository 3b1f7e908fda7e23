# SPDX-License-Identifier: GPL-3.0-or-later
"""One program at a time on one store.

A lock that the system itself holds and drops, so that a crash or a power cut never leaves a store
shut. It is a file of its own: closing another handle on the store would drop SQLite's locks.
"""

import os
import sys
from pathlib import Path

from kfdesk.domain.errors import KfdeskError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = "notebook.lock"


class Held:
    """The right to use a store, until `release` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let another program have the store."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def hold(folder: Path) -> Held:
    """Take the store in `folder` for this program.

    Raises KfdeskError `store.in_use` while another program has it, `store.read_only` where the
    folder cannot be written.
    """
    try:
        descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise KfdeskError("store.read_only") from None
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise KfdeskError("store.in_use") from None
    return Held(descriptor)
