# SPDX-License-Identifier: GPL-3.0-or-later
"""What was cut off between the two renames of a restore or a new key: the old store goes back.

Then no store stands under its name, the old one is kept beside, and the restored one was never
said to be there. Without this the program would begin with a first run, and a restore done once
more would not know who was erased in the old store. Light, so that the window can ask it before
it loads what opens a store; knows names alone and reads nothing.
"""

import re
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".part"
FORMER = ".former"
"""What a store under a former data key is called until it is destroyed."""
_ASIDE = rf"(?:-\d{{4}}-\d\d-\d\d-\d{{4}}|{re.escape(FORMER)})(?:-\d+)?"


def settle(folder: Path) -> None:
    """Let the store that stood in `folder` stand there again, if what replaced it was cut off so.

    Changes nothing where there is a folder of that name, or nothing unfinished beside it.
    """
    if folder.exists() or not folder.with_name(f"{folder.name}{UNFINISHED}").exists():
        return
    name = re.compile(f"{re.escape(folder.name)}{_ASIDE}")
    kept = [path for path in folder.parent.iterdir() if name.fullmatch(path.name)]
    if kept:
        with suppress(OSError):  # it stays beside, as after any restore
            max(kept, key=lambda path: path.stat().st_ctime_ns).rename(folder)
