# SPDX-License-Identifier: GPL-3.0-or-later
"""The sticks and other removable disks that are plugged in, where the platform tells.

Only their folders; nothing is read from them. Where it tells nothing there are none, and a person
chooses a folder by hand.
"""

import getpass
import os
import string
import sys
from collections.abc import Iterable
from pathlib import Path

if sys.platform == "win32":
    import ctypes

_REMOVABLE = 2  # what Windows calls such a drive


def plugged_in() -> tuple[Path, ...]:
    """The folders under which removable disks can be written now, in order of their names."""
    if sys.platform == "win32":
        drives = (Path(f"{letter}:\\") for letter in string.ascii_uppercase)
        kind = ctypes.windll.kernel32.GetDriveTypeW
        return tuple(drive for drive in drives if kind(str(drive)) == _REMOVABLE)
    if sys.platform == "darwin":
        return mounted_under((Path("/Volumes"),))
    user = getpass.getuser()
    return mounted_under((Path("/run/media") / user, Path("/media") / user, Path("/media")))


def mounted_under(roots: Iterable[Path]) -> tuple[Path, ...]:
    """The folders just below `roots` on which a disk is mounted that this user can write."""
    found: set[Path] = set()
    for root in roots:
        try:
            found.update(path for path in root.iterdir() if path.is_mount())
        except OSError:
            continue
    return tuple(sorted(path for path in found if os.access(path, os.W_OK)))
