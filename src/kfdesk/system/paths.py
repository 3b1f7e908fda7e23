# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are: the program's own files, and the folder where stores are kept.

The folder's name is neutral: somebody who looks over a shoulder sees a notebook. Beside a program
on a stick lies a file `portable.flag`: then store and settings lie beside it, too, and nothing
stays on the computer.
"""

import sys
from pathlib import Path

import platformdirs

FLAG = "portable.flag"
_NEUTRAL = "notebook"
_BUILD = "build.txt"


def root() -> Path:
    """The folder with the program's own files."""
    bundled = getattr(sys, "_MEIPASS", None)  # where a frozen program unpacks its files
    return Path(bundled) if bundled else Path(__file__).resolve().parents[3]


def resources() -> Path:
    """The folder with fonts, icons and word lists."""
    return root() / "resources"


def words(code: str) -> tuple[str, ...]:
    """The list of words that passphrases in a language are drawn from."""
    return tuple((resources() / "words" / f"{code}.txt").read_text(encoding="utf-8").split())


def translations() -> Path:
    """The folder with the catalogues."""
    return root() / "translations"


def build() -> str:
    """What this package was built from; empty where the program runs from its source."""
    try:
        return (root() / _BUILD).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def carried() -> Path | None:
    """The folder beside a program on a stick in which everything is kept; None without a flag."""
    beside = root()
    if getattr(sys, "frozen", False):
        beside = Path(sys.executable).resolve().parent
        inside = [folder for folder in beside.parents if folder.suffix == ".app"]
        beside = inside[-1].parent if inside else beside
    return beside / "data" if (beside / FLAG).is_file() else None


def default_store() -> Path:
    """The folder of the store that opens when none is named."""
    beside = carried()
    return (beside or Path(platformdirs.user_data_dir(_NEUTRAL, appauthor=False))) / "store"


def state() -> Path:
    """The folder in which this computer remembers what it saw last of each store."""
    beside = carried()
    return (beside or Path(platformdirs.user_state_dir(_NEUTRAL, appauthor=False))) / "seen"


def settings() -> Path:
    """The folder of the settings."""
    return carried() or Path(platformdirs.user_config_dir(_NEUTRAL, appauthor=False))
