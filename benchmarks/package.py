# SPDX-License-Identifier: GPL-3.0-or-later
"""The built package: how large it is, and how soon it answers against the source tree.

Once both print their list of commands and end, once both come to their first window on a screen,
each round in a process of its own. What has not been built has no rows; `make package` builds it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Row, ratio, timed
from benchmarks.screen import can_look, own_screen, until_shown

DIST = Path(__file__).resolve().parents[1] / "dist"
SOURCE = (sys.executable, "-m", "kfdesk")
_MEGABYTE = 1e6


def rows(dist: Path = DIST, source: Sequence[str] = SOURCE) -> list[Row]:
    """Size of folder and Debian package, and the start of the built program against `source`."""
    found = sizes(dist)
    if not found:
        return []
    program = [str(dist / "notebook" / "notebook")]
    found.append(_answers(program, source))
    return [*found, _shows(program, source)] if can_look() else found


def sizes(dist: Path) -> list[Row]:
    """Size of the folder, and of the newest Debian package if there is one."""
    folder = dist / "notebook"
    if not folder.is_dir():
        return []
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    found = [_size("package: the folder", files, "≤ 150 MB")]
    built = sorted(dist.glob("notebook_*.deb"))
    return [*found, _size("package: .deb", built[-1:], "≤ 50 MB")] if built else found


def _answers(program: Sequence[str], source: Sequence[str]) -> Row:
    name = "package: start → --help, built ÷ source tree"
    ours, theirs = [*program, "--help"], [*source, "--help"]
    return ratio(name, lambda: _run(ours), lambda: _run(theirs), "≤ 1.50")


def _shows(program: Sequence[str], source: Sequence[str]) -> Row:
    """Of a laptop that knows neither: both come to the first run."""
    name = "package: start → window on a screen, built ÷ source tree"
    with own_screen() as display, tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}
        environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        environment["XDG_STATE_HOME"] = os.devnull  # a run that was killed is not told of
        return ratio(
            name,
            lambda: until_shown(program, "Notebook", environment),
            lambda: until_shown(source, "Notebook", environment),
            "≤ 1.50",
        )


def _size(name: str, files: list[Path], goal: str) -> Row:
    return Row(name, (sum(path.stat().st_size for path in files) / _MEGABYTE,), goal, "MB")


def _run(command: Sequence[str]) -> float:
    return timed(lambda: subprocess.run(command, capture_output=True, check=True))
