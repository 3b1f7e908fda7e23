# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders that the program itself makes beside a store: how it names and recognises them.

Whoever makes such a folder takes its name from here, and whoever moves, clears or destroys one
finds it here. So no other store is touched because its name begins like ours. A name alone proves
nothing: somebody else's store may be called so, too. Who destroys proves the key as well.
"""

import re
from datetime import datetime
from enum import Enum
from pathlib import Path

UNFINISHED_SUFFIX = ".part"
WORK_CARRIER, WORK_COPY = "carrier", "copy"
"""The contents of a work folder: a scratch store, and the folder of a copy of the store."""
_FORMER, _BACKUPS, _WORK = ".former", "-before", ".work"
_ANOTHER = r"(?:-(?:[2-9]|[1-9][0-9]+))?"  # as `free_path` counts


class StageUse(Enum):
    """The purpose of a store that is prepared beside another; the value ends the folder's name."""

    REPLACE = ""
    CHECK = "-check"
    EXAMINE = "-look"


class Beside(Enum):
    """The kinds of folders beside a store; the value matches what follows the store's name."""

    ASIDE = rf"-[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}-[0-9]{{4}}{_ANOTHER}"
    """A store that was replaced by a backup, or by what was salvaged of it."""
    FORMER = rf"{re.escape(_FORMER)}{_ANOTHER}"
    """The store under its former data key, until it is destroyed."""
    BACKUPS = re.escape(_BACKUPS)
    """The folder of the backups before upgrades."""
    STAGE = rf"(?:{'|'.join(use.value for use in StageUse)}){re.escape(UNFINISHED_SUFFIX)}"
    """A store that is being prepared."""
    WORK = rf"{STAGE}{re.escape(_WORK)}"
    """Scratch files of a salvage."""


def folders_beside(folder: Path, *kinds: Beside) -> list[Path]:
    """Return the folders of these kinds beside the store in `folder`, by name; links are none.

    Raise OSError.
    """
    ends = "|".join(kind.value for kind in kinds)
    name = re.compile(f"{re.escape(folder.name)}(?:{ends})")
    return sorted(
        path
        for path in folder.parent.iterdir()
        if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )


def aside_path(folder: Path, at: datetime) -> Path:
    """Return a free path beside the store for the store that is put aside at this time."""
    return _free_path(folder, f"-{at:%Y-%m-%d-%H%M}")


def former_path(folder: Path) -> Path:
    """Return a free path beside the store for it under its former data key."""
    return _free_path(folder, _FORMER)


def pre_upgrade_folder(folder: Path) -> Path:
    """Return the folder of the backups before upgrades, beside the store in `folder`."""
    return folder.with_name(f"{folder.name}{_BACKUPS}")


def stage_folder(folder: Path, use: StageUse = StageUse.REPLACE) -> Path:
    """Return the folder beside a store in which another one is prepared."""
    return folder.with_name(f"{folder.name}{use.value}{UNFINISHED_SUFFIX}")


def work_folder(stage: Path) -> Path:
    """Return the folder of the scratch files beside a stage."""
    return stage.with_name(f"{stage.name}{_WORK}")


def _free_path(folder: Path, end: str) -> Path:
    path, number = folder.with_name(f"{folder.name}{end}"), 2
    while path.exists():
        path, number = folder.with_name(f"{folder.name}{end}-{number}"), number + 1
    return path
