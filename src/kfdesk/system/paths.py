# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are: the program's own files, and the folder where stores are kept.

The folder's name is neutral: somebody who looks over a shoulder sees a notebook.
"""

import sys
from pathlib import Path

import platformdirs

_NEUTRAL = "notebook"


def _root() -> Path:
    bundled = getattr(sys, "_MEIPASS", None)  # where a frozen program unpacks its files
    return Path(bundled) if bundled else Path(__file__).resolve().parents[3]


def resources() -> Path:
    """The folder with fonts, icons and word lists."""
    return _root() / "resources"


def words(code: str) -> tuple[str, ...]:
    """The list of words that passphrases in a language are drawn from."""
    return tuple((resources() / "words" / f"{code}.txt").read_text(encoding="utf-8").split())


def translations() -> Path:
    """The folder with the catalogues."""
    return _root() / "translations"


def default_store() -> Path:
    """The folder of the store that opens when none is named."""
    return Path(platformdirs.user_data_dir(_NEUTRAL, appauthor=False)) / "store"


def state() -> Path:
    """The folder in which this computer remembers what it saw last of each store."""
    return Path(platformdirs.user_state_dir(_NEUTRAL, appauthor=False)) / "seen"
