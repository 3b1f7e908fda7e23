# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that may have come for this desk: on sticks, and in the folder of downloads.

Only names and dates are looked at, never contents, and never more than a few folders deep: a stick
may be as large as a library. Links are not followed, and what cannot be read is passed over.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import platformdirs

from kfdesk.system.sticks import plugged_in

SUFFIXES = (".age", ".card")
_DEEPEST = 2  # folders below a stick's own
_MOST_LOOKED_AT = 4_000  # names in one place
_MOST_FOUND = 200


def arrived() -> tuple[Path, ...]:
    """The exchange files and cards on all sticks and among the downloads, the newest first."""
    return found_in((*plugged_in(), Path(platformdirs.user_downloads_dir())))


def found_in(places: Iterable[Path]) -> tuple[Path, ...]:
    """The exchange files and cards below `places`, the newest first; each once."""
    found = {path: at for place in places for path, at in _files(place)}
    return tuple(sorted(found, key=lambda path: (-found[path], path))[:_MOST_FOUND])


def _files(place: Path) -> Iterator[tuple[Path, float]]:
    """The files of one place with their dates, folder by folder from the top."""
    folders, looked_at = [(place, 0)], 0
    while folders:
        folder, depth = folders.pop(0)
        for entry in _entries(folder):
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT:
                return
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                    folders.append((Path(entry.path), depth + 1))
                elif entry.name.endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat().st_mtime
            except OSError:
                continue


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What is in a folder, until it can be read no further, as when a stick is pulled out."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return
