# SPDX-License-Identifier: GPL-3.0-or-later
"""File locations: the program's own files, the stores, removable disks and incoming files.

The store folder has a neutral name, so that somebody who looks over a shoulder sees a
notebook. If a file `portable.flag` lies beside a program on a stick, store and settings lie
there too, and nothing stays on the computer.
"""

import getpass
import itertools
import os
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import platformdirs

if sys.platform == "win32":
    import ctypes

PORTABLE_FLAG = "portable.flag"
VERSIONS, CURRENT = "versions", "current"
"""In an installed folder that was updated: the versions' folder, and the link to one in it."""
_NEUTRAL_NAME = "notebook"
_BUILD_FILE = "build.txt"
_RESOURCES = "resources"
_INTERNAL = "_internal"
LOCK_FILE = "notebook.lock"
"""The file in a store's folder by which a program holds the store."""
_SET_ASIDE = "-before"
_MOST_BESIDE = 200  # names in that folder


def program_folder() -> Path:
    """Return the folder with the program's own files: resources, catalogues and licence.

    A wheel puts them into the package. In the source tree, and in a kit, they lie above `src`.
    """
    bundled = getattr(sys, "_MEIPASS", None)  # where a frozen program unpacks its files
    if bundled:
        return Path(bundled)
    package = Path(__file__).resolve().parents[1]
    return package if (package / _RESOURCES).is_dir() else package.parents[1]


def resources_folder() -> Path:
    """Return the folder with fonts, icons and word lists."""
    return program_folder() / _RESOURCES


def passphrase_words(code: str) -> tuple[str, ...]:
    """Return the word list for passphrases in a language, or in English if there is none."""
    lists = resources_folder() / "words"
    own = lists / f"{code}.txt"
    return tuple((own if own.is_file() else lists / "en.txt").read_text(encoding="utf-8").split())


def translations_folder() -> Path:
    """Return the folder with the catalogues."""
    return program_folder() / "translations"


def build_id() -> str:
    """Return the build identifier of this package; empty if it runs from source."""
    try:
        return (program_folder() / _BUILD_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def installed_folder() -> Path | None:
    """Return the folder that the packaged program lies in, with all its versions; else None."""
    if not getattr(sys, "frozen", False):
        return None
    beside = Path(sys.executable).resolve().parent
    root = beside.parent.parent
    is_version = beside.parent.name == VERSIONS and (root / CURRENT).is_symlink()
    return root if is_version else beside


def portable_folder() -> Path | None:
    """Return the data folder beside a portable program; None without the flag."""
    beside = installed_folder()
    inside = [folder for folder in beside.parents if folder.suffix == ".app"] if beside else []
    beside = inside[-1].parent if inside else beside or _launcher_folder()
    return beside / "data" if (beside / PORTABLE_FLAG).is_file() else None


def _launcher_folder() -> Path:
    """Return the folder in which a person sees a program that is not frozen.

    The setup file for Windows puts our files into `_internal/program`, below the launcher.
    """
    own = program_folder()
    return own.parents[1] if own.parent.name == _INTERNAL else own


def default_store() -> Path:
    """Return the folder of the store that opens if none is named."""
    beside = portable_folder()
    return (beside or Path(platformdirs.user_data_dir(_NEUTRAL_NAME, appauthor=False))) / "store"


def stores_beside(folder: Path) -> tuple[Path, ...]:
    """Return the other stores in the folder that `folder` lies in, sorted by name.

    A store that was opened once has its lock file. Copies that a restore put aside are left out.
    """
    own = folder.absolute()
    entries = itertools.islice(_folder_entries(own.parent), _MOST_BESIDE)
    paths = (Path(each.path) for each in entries if each.name != own.name)
    return tuple(sorted(path for path in paths if _is_store(path)))


def _is_store(folder: Path) -> bool:
    if folder.suffix or folder.name.endswith(_SET_ASIDE):
        return False
    try:
        return (folder / LOCK_FILE).is_file()
    except OSError:  # of somebody else, or on a disk that has gone
        return False


def state_folder() -> Path:
    """Return the folder that stores the last seen version of each store."""
    beside = portable_folder()
    return (beside or Path(platformdirs.user_state_dir(_NEUTRAL_NAME, appauthor=False))) / "seen"


def settings_folder() -> Path:
    """Return the folder of the settings."""
    return portable_folder() or Path(platformdirs.user_config_dir(_NEUTRAL_NAME, appauthor=False))


# --- removable disks

_DRIVE_REMOVABLE = 2  # the drive type of Windows


def removable_disks() -> tuple[Path, ...]:
    """Return the folders of writable removable disks, sorted by name."""
    if sys.platform == "win32":
        drives = (Path(f"{letter}:\\") for letter in string.ascii_uppercase)
        kind = ctypes.windll.kernel32.GetDriveTypeW
        return tuple(drive for drive in drives if kind(str(drive)) == _DRIVE_REMOVABLE)
    if sys.platform == "darwin":
        return mounted_below((Path("/Volumes"),))
    user = getpass.getuser()
    return mounted_below((Path("/run/media") / user, Path("/media") / user, Path("/media")))


def mounted_below(roots: Iterable[Path]) -> tuple[Path, ...]:
    """Return the writable folders just below `roots` on which a disk is mounted."""
    found: set[Path] = set()
    for root in roots:
        try:
            found.update(path for path in root.iterdir() if path.is_mount())
        except OSError:
            continue
    return tuple(sorted(path for path in found if os.access(path, os.W_OK)))


# --- incoming files

SUFFIXES = (".age", ".card")
_DEEPEST = 2  # levels of folders below the disk's root
_MOST_ENTRIES = 4_000  # names in one place
_MOST_FOUND = 200


def find_incoming_files() -> tuple[Path, ...]:
    """Return the exchange files and cards on all disks and downloads, the newest first."""
    return find_files_below((*removable_disks(), Path(platformdirs.user_downloads_dir())))


def find_files_below(places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the exchange files and cards below `places`, the newest first, each once."""
    found = {path: at for place in places for path, at in _dated_files(place)}
    return tuple(sorted(found, key=lambda path: (-found[path], path))[:_MOST_FOUND])


def _dated_files(place: Path) -> Iterator[tuple[Path, float]]:
    """Yield the files of one place with their dates, folder by folder from the top."""
    folders, looked_at = [(place, 0)], 0
    while folders:
        folder, depth = folders.pop(0)
        for entry in _folder_entries(folder):
            looked_at += 1
            if looked_at > _MOST_ENTRIES:
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


def _folder_entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the entries of a folder, until it is unreadable, as after removal of the disk."""
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return
