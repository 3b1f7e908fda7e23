# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing the process by a fresh one, because a closed store leaves copies of rows in memory.

On POSIX it keeps its number and only its image changes; elsewhere a new one is started and this
one ends. What the next process must know goes by its environment, where other users of the
machine cannot read it, and is taken out of there at once; it holds no content of a store.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

VARIABLE = "NOTEBOOK_RENEWED"
_FRESH_BOOTLOADER = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}  # a package is to unpack itself anew


def told() -> Mapping[str, Any]:
    """What the process before this one had to say, once; nothing where there was none."""
    try:
        found = json.loads(os.environ.pop(VARIABLE, ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def command(
    executable: str, original: Sequence[str], given: Sequence[str], *, is_packed: bool
) -> list[str]:
    """What starts the same program again, without what was given to it: that is told.

    `original` is the interpreter's whole command line, `given` the program's own, its name first.
    """
    if is_packed:
        return [executable]
    return [executable, *original[1 : len(original) - len(given) + 1]]


def begin_beside(arguments: Sequence[str]) -> None:
    """Start the same program once more, with these arguments, and go on with this one.

    Raises OSError where the program is no longer there.
    """
    is_packed = bool(getattr(sys, "frozen", False))
    again = command(sys.executable, sys.orig_argv, sys.argv, is_packed=is_packed)
    around = os.environ | (_FRESH_BOOTLOADER if is_packed else {})
    subprocess.Popen([*again, *arguments], env=around)  # noqa: S603 - our own program


def renew(words: Mapping[str, str | int]) -> NoReturn:
    """Let the same program begin anew in place of this one, and tell it `words`.

    Raises OSError where the program is no longer there.
    """
    is_packed = bool(getattr(sys, "frozen", False))
    again = command(sys.executable, sys.orig_argv, sys.argv, is_packed=is_packed)
    around = os.environ | {VARIABLE: json.dumps(words)} | (_FRESH_BOOTLOADER if is_packed else {})
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":
        subprocess.Popen(again, env=around)  # noqa: S603 - our own program
        os._exit(0)
    os.execve(again[0], again, around)  # noqa: S606
