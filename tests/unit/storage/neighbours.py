# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands beside a store and must not change when something is moved or destroyed there."""

import shutil
from collections.abc import Iterable
from pathlib import Path

NEAR_NAMES = (
    "2", "-angel", " (copy)", "-2", ".old", "-beforehand", "-before2", ".before",
    "-2026-11-24", "-2026-11-24-140", "-2026-11-24-14055", "-2026-11-24-1405-1",
    "-2026-11-24-1405-02", "-2026-11-24-1405-mine", "-2026-11-24-1405.part", "2-2026-11-24-1405",
    "\N{FULLWIDTH DIGIT TWO}", "-\N{ARABIC-INDIC DIGIT TWO}026-11-24-1405", "-2026-11-24-1405\n",
    "-former", ".former2", ".former-mine", ".former-1", ".formerly", ".former.former",
    ".parts", ".part2", "-checked.part", "-check.parts", "-look2.part", "-part", ".work",
    ".part.works", ".part.work.part", "-check", "-look",
)  # fmt: skip
"""Ends of names that a person may give, each close to one that the program makes."""
OWN_NAMES = (
    "-2026-11-24-1405", "-2026-11-24-1405-2", "-2026-11-24-1405-10", ".former", ".former-2",
    ".part", "-check.part", "-look.part",
)  # fmt: skip
"""Ends of names that the program makes for stores beside a store."""

Files = dict[Path, bytes | None]


def files_of(places: Iterable[Path]) -> Files:
    """Return all below these folders, with the bytes of files."""
    below = (path for place in places for path in (place, *place.rglob("*")))
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(below)}


def put_beside(folder: Path, like: Path, ends: Iterable[str]) -> list[Path]:
    """Copy the store `like` beside `folder` under its name with each of these ends."""
    names = (folder.with_name(f"{folder.name}{end}") for end in ends)
    return [Path(shutil.copytree(like, name)) for name in names]
