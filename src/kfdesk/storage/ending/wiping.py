# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a store unreadable for good: its key slots first, then whatever else lies in the folder.

Once both copies of the slots are overwritten, the rest is noise to whoever has no older copy of
them; removing it is an extra that may fail. What this program itself has kept beside the store,
such as the one from before a restore, opens with the same passphrases and goes with it. An SSD may
keep what was overwritten: nothing here can know that, and nothing here says otherwise.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import slots
from kfdesk.storage.backups.before import folder_before
from kfdesk.storage.backups.settling import FORMER
from kfdesk.storage.driver import FILE

_KEYS = (*slots.NAMES, *slots.UNFINISHED)
_OURS = Path(FILE).stem


def wipe(folder: Path, random: slots.Random) -> bool:
    """Destroy the slots of the closed store in `folder`, then the store; whether all is gone.

    Raises KfdeskError `store.disk` where a copy of the slots could not be overwritten: then a
    store may still open, and the rest is left as it is.
    """
    return _destroy([folder, *_kept_beside(folder)], folder.parent, random)


def wipe_former(folder: Path, random: slots.Random) -> bool:
    """Destroy what is beside a store that has a new data key; whether there was any, and is gone.

    That is the store under the key before, and what was kept of it before an upgrade: both hold
    nothing that the store itself does not. What the disk refuses is left for another time.
    """
    names = re.compile(rf"{re.escape(folder.name)}{re.escape(FORMER)}(?:-\d+)?")
    former = [path for path in folder.parent.iterdir() if names.fullmatch(path.name)]
    if not former:
        return False
    before = [place for place in _kept_beside(folder) if place.parent == folder_before(folder)]
    try:
        return _destroy([*former, *before], folder.parent, random)
    except KfdeskError:
        return False


def _destroy(places: list[Path], around: Path, random: slots.Random) -> bool:
    """Overwrite and remove the slots in all of these, then the rest of the stores there."""
    try:
        for name in (place / name for place in places for name in _KEYS):
            _overwrite(name, random)
    except OSError:
        raise KfdeskError("store.disk") from None
    left = [file for place in places for file in _files(place)]
    for file in left:
        with suppress(OSError):
            file.unlink()
    emptied = {*places, *(place.parent for place in places)} - {around}
    for place in sorted(emptied, reverse=True):  # what lies inside another first
        with suppress(OSError):  # with files of others in it a folder stays
            place.rmdir()
    return not any(file.exists() for file in left)


def _kept_beside(folder: Path) -> Iterator[Path]:
    """The folders with slots that restores and upgrades have left beside the store."""
    for beside in sorted(folder.parent.iterdir()):
        if beside != folder and beside.name.startswith(folder.name) and beside.is_dir():
            inside = (place for place in beside.iterdir() if place.is_dir())
            yield from (place for place in (beside, *inside) if _has_keys(place))


def _has_keys(place: Path) -> bool:
    return any((place / name).exists() for name in _KEYS)


def _files(place: Path) -> list[Path]:
    with suppress(OSError):
        return [file for file in place.iterdir() if file.name.startswith(_OURS) and file.is_file()]
    return []


def _overwrite(file: Path, random: slots.Random) -> None:
    """Write noise over a file in its place, flush it, and remove it, if it is there."""
    with suppress(FileNotFoundError):
        with file.open("r+b") as held:
            held.write(random(max(1, file.stat().st_size)))
            held.flush()
            os.fsync(held.fileno())
        file.unlink()
